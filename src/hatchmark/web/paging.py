"""A list in pages of fifty, with what the reader asked for kept in the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

ROWS_A_PAGE = 50
LONGEST_WORD = 100
"""Characters of a search that are looked at: the longest printed name is half as long."""


def read_word(text: str) -> str:
    """Return a word of an address: what cannot be printed stands for a space, and what is too long is cut."""
    printable = "".join(each if each.isprintable() else " " for each in text)
    return " ".join(printable.split())[:LONGEST_WORD]


def read_page(text: str) -> int:
    """Return the page that an address asks for; one that is no number is the first."""
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def query_of(words: Mapping[str, str], *, page: int = 1) -> str:
    """Return the query part of an address that asks for this and nothing else."""
    query = {name: value for name, value in words.items() if value}
    if page > 1:
        query["page"] = str(page)
    return f"?{urlencode(query)}" if query else "?"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks of a list: words by their name, and the page."""

    words: Mapping[str, str]
    page: int

    def __getitem__(self, name: str) -> str:
        return self.words[name]

    @classmethod
    def read(cls, parameters: Mapping[str, str], names: Sequence[str]) -> "Asked":
        """Read the address. A word is cut where it is too long to be one; a page that is no number is the first."""
        found = {name: read_word(parameters.get(name, "")) for name in names}
        return cls(found, read_page(parameters.get("page", "")))

    @property
    def narrows(self) -> bool:
        """Whether anything is asked for, the order aside."""
        return any(value for name, value in self.words.items() if name != "sort")

    def address(self, **changes: str | int) -> str:
        """Return the query part of the address with `changes`; the page starts anew unless it is changed."""
        asked = {name: str(changes.get(name, value)) for name, value in self.words.items()}
        return query_of(asked, page=int(changes.get("page", 1)))


def page_of(asked: Asked, rows: Sequence[Any] | QuerySet[Any]) -> dict[str, Any]:
    """Return the rows of the page that is asked for, and the way to the others. Past the last page is the last."""
    total = rows.count() if isinstance(rows, QuerySet) else len(rows)
    last = max((total + ROWS_A_PAGE - 1) // ROWS_A_PAGE, 1)
    number = min(asked.page, last)
    first = (number - 1) * ROWS_A_PAGE
    return {
        "rows": rows[first : first + ROWS_A_PAGE],
        "total": total,
        "number": number,
        "last": last,
        "previous": asked.address(page=number - 1) if number > 1 else "",
        "next": asked.address(page=number + 1) if number < last else "",
    }
