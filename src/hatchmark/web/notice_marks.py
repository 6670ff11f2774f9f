"""Where in a notice does each finding lie? Text cut into marked and unmarked parts, rows with their findings.

A page holds so much and no more: what goes beyond is counted and said, and stands in the JSON.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from hatchmark.domain.published_notices import (
    NoticeCheck,
    NoticeClaim,
    NoticeColumn,
    NoticeFinding,
    NoticeTable,
    Severity,
)

MOST_FINDINGS = 200
MOST_PROPOSALS = 200
MOST_CLAIMS = 1_000
MOST_ROWS = 2_000
MOST_CELLS = 20_000
MOST_CHARACTERS = 200_000
MOST_LABELS = 60
MOST_REASONS = 20
LONGEST_CELL = 1_000
LONGEST_SENTENCE = 2_000
LONGEST_CLAUSE = 300
LONGEST_HEAD = 40
MOST_LINKS = 12
"""Places that one finding leads to; a run of rows is one."""

_GRAVITY = (Severity.ERROR, Severity.WARNING, Severity.INFO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A finding with its number on the page, from 1."""

    number: int
    finding: NoticeFinding


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedClaim:
    """A count of the text, with its number on the page, and the findings that rest on it."""

    number: int
    claim: NoticeClaim
    findings: tuple[Found, ...]

    @property
    def severity(self) -> str:
        """The gravest of its findings; empty where it has none."""
        return gravest(self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A stretch of a paragraph. `claims` are those whose text it is part of, `ending` those that end with it."""

    text: str
    claims: tuple[MarkedClaim, ...] = ()
    ending: tuple[MarkedClaim, ...] = ()

    @property
    def severity(self) -> str:
        """The gravest of all findings here."""
        return gravest([found for claim in self.claims for found in claim.findings])


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedRow:
    """A row of a table: its cells as (head, text, whether it is the name), and the findings that rest on it."""

    number: int
    cells: tuple[tuple[str, str, bool], ...]
    findings: tuple[Found, ...]

    @property
    def severity(self) -> str:
        """The gravest of its findings; empty where it has none."""
        return gravest(self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedTable:
    """A table of the notice. `total` counts all its rows, `hidden` those that the page leaves out for their number."""

    number: int
    label: str
    title: str
    heads: tuple[str, ...]
    tally: tuple[tuple[str, int], ...]
    labels_left_out: int
    rows: tuple[MarkedRow, ...]
    total: int
    hidden: int


def gravest(findings: Iterable[Found]) -> str:
    """Return the gravest severity of some findings, empty for none."""
    there = {found.finding.severity for found in findings}
    return next((each.value for each in _GRAVITY if each in there), "")


def findings_of(check: NoticeCheck) -> tuple[Found, ...]:
    """Return the findings, the grave ones first, each with its number."""
    ordered = sorted(check.findings, key=lambda each: _GRAVITY.index(each.severity))
    return tuple(Found(number=number, finding=each) for number, each in enumerate(ordered, start=1))


def claims_of(check: NoticeCheck, findings: Sequence[Found]) -> tuple[MarkedClaim, ...]:
    """Return the counts of the text in its order, each with its findings."""
    by_claim: dict[int, list[Found]] = {}
    for found in findings:
        for at in found.finding.claims:
            by_claim.setdefault(at, []).append(found)
    return tuple(
        MarkedClaim(number=at + 1, claim=claim, findings=tuple(by_claim.get(at, ())))
        for at, claim in enumerate(check.claims)
    )


def parts_of(paragraph: str, claims: Sequence[MarkedClaim]) -> tuple[Part, ...]:
    """Return a paragraph cut where a claim begins or ends; joined together the parts are the paragraph."""
    inside = [each for each in claims if 0 <= each.claim.start < each.claim.end <= len(paragraph)]
    cuts = sorted({0, len(paragraph)} | {at for each in inside for at in (each.claim.start, each.claim.end)})
    begins: dict[int, list[MarkedClaim]] = {}
    for each in inside:
        begins.setdefault(each.claim.start, []).append(each)
    parts: list[Part] = []
    over: list[MarkedClaim] = []
    for start, end in pairwise(cuts):
        over = [each for each in over if each.claim.end > start] + begins.get(start, [])
        parts.append(
            Part(
                text=paragraph[start:end],
                claims=tuple(over),
                ending=tuple(each for each in over if each.claim.end == end),
            )
        )
    return tuple(parts)


def tables_of(check: NoticeCheck, findings: Sequence[Found]) -> tuple[MarkedTable, ...]:
    """Return the tables. Where all of them hold more than a page does, only the rows that have findings are kept."""
    by_row: dict[tuple[int, int], list[Found]] = {}
    for found in findings:
        if found.finding.table is not None:
            for row in found.finding.rows:
                by_row.setdefault((found.finding.table, row), []).append(found)
    tables = check.notice.tables
    n_rows = sum(len(table.rows) for table in tables)
    n_cells = sum(len(row.cells) for table in tables for row in table.rows)
    whole = n_rows <= MOST_ROWS and n_cells <= MOST_CELLS
    rows_left, cells_left = MOST_ROWS, MOST_CELLS
    marked = []
    for at, (table, tally) in enumerate(zip(tables, check.tallies, strict=True)):
        rows = []
        for each in table.rows:
            own = tuple(by_row.get((at, each.number), ()))
            if (whole or own) and rows_left > 0 and cells_left >= len(each.cells):
                rows_left -= 1
                cells_left -= len(each.cells)
                rows.append(MarkedRow(number=each.number, cells=_cells(table, each.cells), findings=own))
        marked.append(
            MarkedTable(
                number=at + 1,
                label=cut(table.label, LONGEST_HEAD),
                title=cut(table.title, LONGEST_CLAUSE),
                heads=tuple(cut(head, LONGEST_HEAD) for head in table.heads),
                tally=tuple(
                    (cut(label, LONGEST_CLAUSE), n) for label, n in list(tally.items())[:MOST_LABELS]
                ),
                labels_left_out=max(0, len(tally) - MOST_LABELS),
                rows=tuple(rows),
                total=len(table.rows),
                hidden=len(table.rows) - len(rows),
            )
        )
    return tuple(marked)


def _cells(table: NoticeTable, cells: Sequence[Any]) -> tuple[tuple[str, str, bool], ...]:
    name = table.columns.index(NoticeColumn.NAME) if NoticeColumn.NAME in table.columns else -1
    return tuple(
        (
            cut(table.heads[at], LONGEST_HEAD) if at < len(table.heads) else "",
            cut(cell.text, LONGEST_CELL),
            at == name,
        )
        for at, cell in enumerate(cells)
    )


def cut(text: str, most: int) -> str:
    """Return a text, cut where it is longer than `most` characters: what is repeated must not grow with the file."""
    return text if len(text) <= most else f"{text[:most]}…"


def stretches(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Return numbers as runs of neighbours, each by its first and last."""
    found: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found
