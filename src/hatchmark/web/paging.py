"""A list in pages of fifty, with what the reader asked for kept in the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

ROWS_A_PAGE = 50
LONGEST = 100


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
        page = parameters.get("page", "")
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1
        found = {}
        for name in names:
            value = "".join(each for each in parameters.get(name, "") if each.isprintable())
            found[name] = value[:LONGEST].strip()
        return cls(found, max(number, 1))

    @property
    def narrows(self) -> bool:
        """Whether anything is asked for, the order aside."""
        return any(value for name, value in self.words.items() if name != "sort")

    def address(self, **changes: str | int) -> str:
        """Return the query part of the address with `changes`; the page starts anew unless it is changed."""
        asked = {name: str(changes.get(name, value)) for name, value in self.words.items()}
        query = {name: value for name, value in asked.items() if value}
        if int(changes.get("page", 1)) > 1:
            query["page"] = str(changes["page"])
        return f"?{urlencode(query)}" if query else "?"


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
