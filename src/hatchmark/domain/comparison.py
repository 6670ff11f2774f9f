"""Does what was computed say the same, row by row, as what was really printed?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hatchmark.domain.outcomes import EntryKey
from hatchmark.domain.results import RoundResults, Row, printed_cell


class DifferenceKind(StrEnum):
    """How a row is not as published."""

    DIFFERENT = "different"  # a cell says something else
    MISSING = "missing"  # printed, but not computed
    EXTRA = "extra"  # computed, but not printed


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedRow:
    """One row of an annex as it was printed."""

    key: EntryKey
    name: str
    operators: str
    channel: str
    face_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One cell, or one whole row (`column` is then `row`), that differs. A side not there is empty."""

    kind: DifferenceKind
    key: EntryKey
    column: str
    published: str
    computed: str

    def __str__(self) -> str:
        if self.kind is DifferenceKind.MISSING:
            return f"{self.key}: published as '{self.published}', but not computed"
        if self.kind is DifferenceKind.EXTRA:
            return f"{self.key}: computed as '{self.computed}', but not published"
        return f"{self.key}, {self.column}: published '{self.published}', computed '{self.computed}'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """`same` rows of `total` (every row of either side, once), and each difference in row order."""

    same: int
    total: int
    differences: tuple[Difference, ...]

    @property
    def summary(self) -> str:
        """One line for people."""
        return f"{self.same} of {self.total} rows as published"


def compare(published: Iterable[PublishedRow], results: RoundResults) -> Comparison:
    """Hold the computed rows against the print.

    The layout of a cell (line breaks, runs of spaces) does not count.
    Raises ValueError where the print has one entry twice: it cannot be told which of the two is meant.
    """
    printed: dict[EntryKey, PublishedRow] = {}
    for row in published:
        if row.key in printed:
            raise ValueError(f"the published rows hold {row.key} twice; keep the one that was printed")
        printed[row.key] = row
    computed = {row.key: row for row in results.rows}
    order = {kind: place for place, kind in enumerate(results.kinds)}
    keys = sorted(
        {**printed, **computed}, key=lambda key: (order.get(key.kind, len(order)), key.kind, key.serial)
    )
    differences: list[Difference] = []
    same = 0
    for key in keys:
        found = _differences_of(key, printed.get(key), computed.get(key))
        same += not found
        differences.extend(found)
    return Comparison(same=same, total=len(keys), differences=tuple(differences))


def _differences_of(
    key: EntryKey, printed: PublishedRow | None, computed: Row | None
) -> Sequence[Difference]:
    if printed is None or computed is None:
        kind = DifferenceKind.EXTRA if printed is None else DifferenceKind.MISSING
        return [
            Difference(
                kind=kind,
                key=key,
                column="row",
                published=printed_cell(printed.name) if printed else "",
                computed=computed.name if computed else "",
            )
        ]
    pairs = (
        ("name", printed.name, computed.name),
        ("operators", printed.operators, computed.operators_printed),
        ("channel", printed.channel, computed.channel),
        ("face_text", printed.face_text, computed.face_text),
    )
    return [
        Difference(
            kind=DifferenceKind.DIFFERENT,
            key=key,
            column=column,
            published=printed_cell(theirs),
            computed=printed_cell(ours),
        )
        for column, theirs, ours in pairs
        if printed_cell(theirs) != printed_cell(ours)
    ]
