"""Gathers what a reader finds, in order: paragraphs that were split, tables that run over pages, and the budgets.

Every reader hands its paragraphs and grids to one `Blocks`, so that a notice comes out alike from every format.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from hatchmark.documents.notice_files import limits
from hatchmark.documents.notice_files.heads import head_position, same_row, serial_number
from hatchmark.documents.notice_files.limits import Unreadable, refused
from hatchmark.domain.published_notices import DocumentBlock, DocumentParagraph, DocumentTable, NoticeDocument

# A line break and then an indent, or an empty line, begins a paragraph although the file calls it a line of the same.
_NEW_PARAGRAPH = re.compile(r"\n(?:[ \t\u00a0]*\n|(?=[\u3000\u00a0\t]{2}|[ \u00a0]{4}))[ \t\u00a0\n]*")
_CONTINUED = re.compile(r"[（(]?(?:续|续表|表续|接上页|接上表|上接第?\d+页|續|續表)[）)]?")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f]")


@dataclass(slots=True)
class Blocks:
    """The paragraphs and tables of one file so far. `file` is the name that errors use."""

    file: str
    _found: list[str | list[list[str]]] = field(default_factory=list)
    _rows: int = 0
    _cells: int = 0
    _text: int = 0

    def paragraph(self, text: str) -> None:
        """Add a paragraph; one that holds several becomes several, an empty one none."""
        self._count_text(len(text))
        for each in _NEW_PARAGRAPH.split(_INVISIBLE.sub("", text)):
            # Spaces in front are an indent that the reader may want; line breaks in front are nothing.
            kept = each.strip("\n\r\v\f").rstrip()
            if kept.strip():
                self._found.append(kept)
        self._check_blocks()

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """Add a grid of raw cells. Rows and columns without any text are left out."""
        grid = without_empty([[_cell(cell) for cell in row] for row in rows])
        if not grid:
            return
        self._rows += len(grid)
        self._cells += sum(map(len, grid))
        for row in grid:
            self._count_text(sum(map(len, row)))
        widest = max(map(len, grid))
        for count, most, what in (
            (self._rows, limits.MOST_ROWS, "rows"),
            (self._cells, limits.MOST_CELLS, "cells"),
            (widest, limits.MOST_COLUMNS, "columns"),
        ):
            if count > most:
                raise refused(
                    self.file,
                    Unreadable.TOO_MUCH,
                    f"its tables hold more than {most} {what}",
                    "give the notice and its annexes alone",
                    value=f"{count} {what}",
                )
        self._found.append(grid)
        self._check_blocks()

    def extend(self, other: "Blocks") -> None:
        """Add all that another one gathered."""
        for block in other._found:
            if isinstance(block, str):
                self.paragraph(block)
            else:
                self.table(block)

    def flat_text(self) -> str:
        """Return all of it as the text of one cell: a line for each paragraph and row."""
        lines: list[str] = []
        for block in self._found:
            if isinstance(block, str):
                lines.append(block)
            else:
                lines.extend(" ".join(filter(None, row)) for row in block)
        return "\n".join(lines)

    def document(self, *, format: str) -> NoticeDocument:
        """Return the notice as its file holds it; raise FolderError where the file holds no text at all."""
        blocks: list[DocumentBlock] = [
            DocumentParagraph(text=block)
            if isinstance(block, str)
            else DocumentTable(rows=tuple(map(tuple, block)))
            for block in _with_tables_joined(self._found)
        ]
        if not blocks:
            raise refused(
                self.file, Unreadable.NO_TEXT, "holds no text", "give the file of the notice itself"
            )
        return NoticeDocument(file=self.file, format=format, blocks=tuple(blocks))

    def _count_text(self, length: int) -> None:
        self._text += length
        if self._text > limits.MOST_TEXT:
            raise refused(
                self.file,
                Unreadable.TOO_MUCH,
                f"holds more than {limits.MOST_TEXT} characters",
                "give the notice and its annexes alone",
                value=f"{self._text} characters",
            )

    def _check_blocks(self) -> None:
        if len(self._found) > limits.MOST_BLOCKS:
            raise refused(
                self.file,
                Unreadable.TOO_MUCH,
                f"holds more than {limits.MOST_BLOCKS} paragraphs and tables",
                "give the notice and its annexes alone",
            )


def _cell(text: str) -> str:
    lines = [line.strip() for line in _INVISIBLE.sub("", text).splitlines()]
    return "\n".join(line for line in lines if line)


def without_empty(grid: list[list[str]]) -> list[list[str]]:
    """Return a grid without the rows that hold nothing, and without the columns in which no row holds anything."""
    grid = [row for row in grid if any(row)]
    width = max(map(len, grid), default=0)
    empty = [at for at in range(width) if not any(at < len(row) and row[at] for row in grid)]
    if not empty:
        return grid
    gone = set(empty)
    return [[cell for at, cell in enumerate(row) if at not in gone] for row in grid]


# ---- tables over several pages -------------------------------------------------------------------


def _with_tables_joined(found: Sequence[str | list[list[str]]]) -> list[str | list[list[str]]]:
    joined: list[str | list[list[str]]] = []
    for at, block in enumerate(found):
        if isinstance(block, str):
            after = found[at + 1] if at + 1 < len(found) else None
            between = joined and isinstance(joined[-1], list) and isinstance(after, list)
            if between and _CONTINUED.fullmatch(block.strip()):
                continue
            joined.append(block)
            continue
        before = joined[-1] if joined else None
        if isinstance(before, list) and (rest := _continuation(before, block)) is not None:
            before.extend(rest)
        else:
            joined.append([list(row) for row in block])
    return [block if isinstance(block, str) else _without_repeated_heads(block) for block in joined]


def _continuation(before: list[list[str]], block: list[list[str]]) -> list[list[str]] | None:
    """Return the rows that carry on a table directly before them; None where they are a table of their own."""
    head_at, own_at = head_position(before), head_position(block)
    if own_at is not None:
        head = before[head_at] if head_at is not None else None
        if head is None or not same_row(head, block[own_at]):
            return None
        rows = block[:own_at] + block[own_at + 1 :]
        # The same heads and serials that start again are another list, such as the next grade's or the next kind's.
        return None if _starts_again(before, rows) else rows
    if max(map(len, before)) != max(map(len, block)):
        return None
    return None if head_at is not None and _starts_again(before, block) else block


def _starts_again(before: list[list[str]], rows: list[list[str]]) -> bool:
    first = next((number for row in rows if row and (number := serial_number(row[0])) is not None), None)
    last = next(
        (number for row in reversed(before) if row and (number := serial_number(row[0])) is not None), None
    )
    return first == 1 and last is not None and last >= 1


def _without_repeated_heads(grid: list[list[str]]) -> list[list[str]]:
    at = head_position(grid)
    if at is None:
        return grid
    return [row for position, row in enumerate(grid) if position <= at or not same_row(row, grid[at])]
