"""How the rows of a round are looked through: classes, search, filters, pages.

A reader's words come in through the address, so that a filtered list can be sent to somebody, printed and
bookmarked; all of it is done here, on the server.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import ClassVar, Protocol

from hatchmark.domain.outcomes import Grade, Outcome
from hatchmark.domain.results import Row
from hatchmark.web.paging import query_of, read_page, read_word

ROWS_A_PAGE = 100
NO_REGION = "none"


class ResultClass(StrEnum):
    """What a row is counted, coloured and marked as: its outcome where there is one, else its grade."""

    EXCELLENT = "excellent"
    GOOD = "good"
    QUALIFIED = "qualified"
    UNQUALIFIED = "unqualified"
    PILOT_CANCELLED = "pilot_cancelled"
    DISQUALIFIED = "disqualified"
    CARRIED = "carried"
    DEFERRED = "deferred"
    ABSENT = "absent"


class Judged(Protocol):
    """Whatever bears a result: a row of a round, a line of an institution's history."""

    @property
    def outcome(self) -> Outcome: ...

    @property
    def grade(self) -> Grade | None: ...


def class_of(row: Judged) -> ResultClass:
    """Return the class that the row's own cell belongs to."""
    if row.outcome is Outcome.GRADED and row.grade is not None:
        return ResultClass(row.grade.value)
    return ResultClass(row.outcome.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What a reader asked for. An empty text asks nothing of that kind."""

    NAMES: ClassVar = ("q", "kind", "result", "channel", "region")

    q: str = ""
    kind: str = ""
    result: str = ""
    channel: str = ""
    region: str = ""
    page: int = 1

    @classmethod
    def read(cls, parameters: Mapping[str, str]) -> "Filter":
        """Read the address. Over-long and unprintable words are shortened; a page that is no number is the first."""
        words = {name: read_word(parameters.get(name, "")) for name in cls.NAMES}
        return cls(**words, page=read_page(parameters.get("page", "")))

    @property
    def narrows(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.q or self.kind or self.result or self.channel or self.region)

    def address(self, **changes: str | int) -> str:
        """Return the query part of the address of this filter with `changes`; the page starts anew."""
        changed = replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]
        return query_of({name: getattr(changed, name) for name in self.NAMES}, page=changed.page)

    def apply(self, rows: Sequence[Row], *, region_of: Mapping[str, str]) -> list[Row]:
        """Return the rows that are asked for, in printed order. `region_of` rolls a place up to its league or city."""
        wanted = [folded(word) for word in self.q.split()]
        return [
            row
            for row in rows
            if (not self.kind or row.key.kind == self.kind)
            and (not self.result or class_of(row) == self.result)
            and (not self.channel or row.channel == self.channel)
            and (not self.region or region_of.get(row.region or "", NO_REGION) == self.region)
            and _says(row, wanted)
        ]


def folded(text: str) -> str:
    """Return a text as it is compared: full-width and half-width, upper and lower case alike, no spaces."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _says(row: Row, wanted: Sequence[str]) -> bool:
    texts = [folded(text) for text in (row.name, *row.aliases, row.operators_printed, *row.operators)]
    return all(any(word in text for text in texts) for word in wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a long list, and where the others are."""

    rows: tuple[Row, ...]
    number: int
    last: int
    total: int

    @classmethod
    def of(cls, rows: Sequence[Row], number: int, *, rows_a_page: int = ROWS_A_PAGE) -> "Page":
        """Cut the page out of the rows; a number past the end is the last page."""
        last = max(1, -(-len(rows) // rows_a_page))
        number = min(number, last)
        start = (number - 1) * rows_a_page
        return cls(
            rows=tuple(rows[start : start + rows_a_page]),
            number=number,
            last=last,
            total=len(rows),
        )
