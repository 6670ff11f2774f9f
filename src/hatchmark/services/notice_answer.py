"""The form in which a check comes from the child process: lists for dataclasses, every value checked on arrival.

A child that read a file made to do harm may answer anything. What it answers is therefore never unpickled, and becomes
a `NoticeCheck` only where each value is of the type that its field declares.
"""

import dataclasses
import types
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from hatchmark.domain.published_notices import NoticeCheck


def answer_of(check: NoticeCheck) -> dict[str, Any]:
    """Return a check as a JSON object."""
    return {"check": _plain(check)}


def check_from(answer: Mapping[str, Any], file: str) -> NoticeCheck:
    """Return the check that a JSON object holds. Raises TypeError or ValueError for an object that holds none."""
    check = cast(NoticeCheck, _typed(NoticeCheck, answer["check"]))
    if check.notice.file != file:
        raise ValueError("the answer is about another file")
    return check


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return [_plain(getattr(value, field.name)) for field in dataclasses.fields(value)]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return dict(value) if isinstance(value, Mapping) else value


@cache
def _fields(kind: type) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(kind)
    return tuple((field.name, hints[field.name]) for field in dataclasses.fields(kind))


def _typed(kind: Any, plain: Any) -> Any:
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        fields = _fields(kind)
        return kind(
            **{
                name: _typed(of, each)
                for (name, of), each in zip(fields, _items(plain, len(fields)), strict=True)
            }
        )
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        [some] = [part for part in parts if part is not type(None)]
        return None if plain is None else _typed(some, plain)
    if origin is tuple:
        if parts[1:] == (Ellipsis,):
            return tuple(_typed(parts[0], each) for each in _items(plain))
        return tuple(_typed(part, each) for part, each in zip(parts, _items(plain, len(parts)), strict=True))
    if origin is Mapping:
        if type(plain) is not dict:
            raise TypeError("no mapping")
        return {_typed(parts[0], key): _typed(parts[1], value) for key, value in plain.items()}
    if issubclass(kind, Enum):
        return kind(plain)
    if type(plain) is not kind:
        raise TypeError(f"{type(plain).__name__} where {kind.__name__} is due")
    return plain


def _items(plain: Any, length: int | None = None) -> list[Any]:
    if type(plain) is not list or length not in (None, len(plain)):
        raise TypeError("no list, or one of another length")
    return plain
