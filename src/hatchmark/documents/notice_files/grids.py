"""Lays cells that span rows and columns out in a grid."""

from dataclasses import dataclass, field

from hatchmark.documents.notice_files import limits
from hatchmark.documents.notice_files.limits import Unreadable, refused


@dataclass(slots=True)
class Grid:
    """One table while it is read. A cell that spans rows is repeated in each of them: it holds for each.

    A cell that spans columns stands in the first of them, and the others are empty: so the columns stay in line.
    """

    file: str
    _rows: list[list[str]] = field(default_factory=list)
    _below: dict[int, tuple[int, str]] = field(default_factory=dict)
    """By column: how many more rows a cell from above reaches into, and its text."""
    _cells: int = 0

    def begin_row(self) -> None:
        """Start the next row."""
        if self._rows:
            self._fill_to_end()
        self._rows.append([])
        self._count(0)

    def cell(self, text: str, *, across: int = 1, down: int = 1) -> None:
        """Put a cell into the next free columns of the row."""
        row = self._rows[-1]
        self._fill(row)
        if len(row) + across > limits.MOST_COLUMNS:
            across = max(limits.MOST_COLUMNS - len(row), 1)
        for offset in range(across):
            shown = text if offset == 0 else ""
            if down > 1:
                self._below[len(row)] = (down - 1, shown)
            row.append(shown)
        self._count(across)

    def rows(self) -> list[list[str]]:
        """Return the grid."""
        if self._rows:
            self._fill_to_end()
        return self._rows

    def _fill(self, row: list[str]) -> None:
        while len(row) in self._below:
            left, text = self._below[len(row)]
            if left <= 1:
                del self._below[len(row)]
            else:
                self._below[len(row)] = (left - 1, text)
            row.append(text)
            self._count(1)

    def _fill_to_end(self) -> None:
        row = self._rows[-1]
        while any(column >= len(row) for column in self._below):
            if len(row) in self._below:
                self._fill(row)
            else:
                row.append("")
                self._count(1)

    def _count(self, cells: int) -> None:
        self._cells += cells
        if self._cells > limits.MOST_CELLS or len(self._rows) > limits.MOST_ROWS:
            raise refused(
                self.file,
                Unreadable.TOO_MUCH,
                f"a table holds more than {limits.MOST_ROWS} rows or {limits.MOST_CELLS} cells",
                "give the notice and its annexes alone",
            )
