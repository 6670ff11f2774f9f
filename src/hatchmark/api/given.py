"""What programs may send: text and counts with bounds, so that nothing reaches a service that no column can hold."""

from typing import Annotated

from ninja import Schema
from pydantic import AfterValidator, Field

from hatchmark.domain.entering import unwritable

MOST_ROWS = 200
"""So many rows a page has at most."""


def _sound(text: str) -> str:
    if unwritable(text):
        raise ValueError("holds control characters; leave them out")
    return text


Code = Annotated[str, Field(max_length=200), AfterValidator(_sound)]
"""The code of a figure, a deadline, a kind, the key of a flag."""
Typed = Annotated[str, Field(max_length=400), AfterValidator(_sound)]
"""One cell, a name, a date as somebody types it."""
Reason = Annotated[str, Field(max_length=1000), AfterValidator(_sound)]
"""A sentence or two that the ledger keeps."""
Opinion = Annotated[str, Field(max_length=2000), AfterValidator(_sound)]
"""What a review says."""
Key = Annotated[int, Field(ge=1, le=2**31 - 1)]
"""The key of a row, as an earlier answer named it."""
Version = Annotated[int, Field(ge=0, le=2**31 - 1)]
"""The number of a version that was looked at."""


class Page(Schema):
    """Which rows: `limit` (at most 200) from `offset` on."""

    offset: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    limit: Annotated[int, Field(ge=1, le=MOST_ROWS)] = 50

    @property
    def rows(self) -> slice:
        """Return them as a slice."""
        return slice(self.offset, self.offset + self.limit)
