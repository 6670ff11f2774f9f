"""Is a text written in traditional characters, and what is it in simplified ones? Nowhere else are they converted."""

from collections.abc import Callable
from functools import cache
from typing import cast

from opencc import OpenCC

from hatchmark.domain.published_notices import DocumentParagraph, NoticeDocument

_LOOKED_AT = 20_000
_ENOUGH_PER_CENT = 3


@cache
def _converter() -> Callable[[str], str]:
    return cast("Callable[[str], str]", OpenCC("t2s").convert)


def to_simplified(text: str) -> str:
    """Return a text in simplified characters; what is simplified already may change too (乾 in a name becomes 干)."""
    return text if text.isascii() else _converter()(text)


def unchanged(text: str) -> str:
    """Return the text as it is."""
    return text


def simplifier_of(document: NoticeDocument) -> Callable[[str], str]:
    """Return `to_simplified` for a document in traditional characters, and for any other what changes nothing.

    A simplified notice may hold a few characters that the conversion would alter, in names above all.
    """
    return to_simplified if is_traditional(_text_of(document)) else unchanged


def is_traditional(text: str) -> bool:
    """Whether more than a few of the Chinese characters of a text are traditional ones."""
    chinese = "".join(each for each in text[:_LOOKED_AT] if "一" <= each <= "鿿")
    simplified = to_simplified(chinese)
    if len(simplified) != len(chinese):
        return True
    changed = sum(one != other for one, other in zip(chinese, simplified, strict=True))
    return changed * 100 > len(chinese) * _ENOUGH_PER_CENT


def _text_of(document: NoticeDocument) -> str:
    texts: list[str] = []
    length = 0
    for block in document.blocks:
        for text in (
            [block.text] if isinstance(block, DocumentParagraph) else (c for r in block.rows for c in r)
        ):
            texts.append(text)
            length += len(text)
        if length > _LOOKED_AT:
            break
    return "".join(texts)
