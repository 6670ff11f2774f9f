"""Where in a file does something stand, and what is said when it cannot be?

The errors of everything that is read from files: folders of a round, tables, schemes. They stand apart from what is
read, because every reader needs them, those of the quickest commands too.
"""

from collections.abc import Iterable
from dataclasses import dataclass

LONGEST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Place:
    """A file (relative to the folder) and a row of it; the header is row 1. Row 0: the file as a whole."""

    file: str
    row: int = 0


NOWHERE = Place("")
"""The place of a value that was made in a program and read from no file."""


def shown(value: str) -> str:
    """Return a value as an error quotes it: on one line, nothing invisible, shortened with its length."""
    quoted = value[:LONGEST_SHOWN]
    safe = "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in quoted)
    return f"'{safe}'" if len(value) <= LONGEST_SHOWN else f"'{safe}…' ({len(value)} characters)"


class FolderError(ValueError):
    """One thing that makes a folder unusable. Its text is one line: file, row, column, value, why, remedy."""

    def __init__(
        self, place: Place, *, problem: str, remedy: str, column: str | None = None, value: str | None = None
    ) -> None:
        self.file = place.file
        self.row = place.row or None
        self.column = column
        self.value = value
        self.problem = problem
        self.remedy = remedy
        super().__init__(self._line())

    def _line(self) -> str:
        where = [self.file]
        if self.row is not None:
            where.append(f"row {self.row}")
        if self.column is not None:
            where.append(f"column {self.column}")
        if self.value is not None:
            where.append(f"value {shown(self.value)}")
        return " ".join(f"{', '.join(where)}: {self.problem}; {self.remedy}".split())

    @property
    def errors(self) -> tuple["FolderError", ...]:
        """Every error that was found, this one first."""
        return (self,)

    def as_document(self) -> dict[str, str | int | None]:
        """Return the error as a JSON object."""
        value = self.value
        if value is not None and len(value) > LONGEST_SHOWN:
            value = f"{value[:LONGEST_SHOWN]}…"
        return {
            "file": self.file,
            "row": self.row,
            "column": self.column,
            "value": value,
            "problem": self.problem,
            "remedy": self.remedy,
        }


class FolderErrors(FolderError):  # noqa: N818  (the plural of FolderError)
    """Several errors of one folder. It speaks as the first of them and says how many more there are."""

    def __init__(self, errors: Iterable[FolderError], *, cut_off: bool = False) -> None:
        self._errors = tuple(errors)
        self._cut_off = cut_off
        first = self._errors[0]
        super().__init__(
            Place(first.file, first.row or 0),
            problem=first.problem,
            remedy=first.remedy,
            column=first.column,
            value=first.value,
        )

    def _line(self) -> str:
        more = len(self._errors) - 1
        return f"{super()._line()} (and {'at least ' if self._cut_off else ''}{more} more)"

    @property
    def errors(self) -> tuple[FolderError, ...]:
        return self._errors
