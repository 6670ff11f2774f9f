"""The reference engine: one scheme over a whole table, exactly, with the working of every number.

The other engines must agree with this one. An entry is scored from its own inputs alone, so that nobody's figures can
move another's score, unless the scheme itself compares: by a formula over the cohort, or by grades that go by rank.
"""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from hatchmark.domain.scheme import Scheme
from hatchmark.domain.scoring import EntryInputs, Scorecard, score_together

Key = TypeVar("Key")


def score_table(scheme: Scheme, entries: Mapping[Key, EntryInputs]) -> Iterator[tuple[Key, Scorecard]]:
    """Yield the scorecard of each entry in the order of `entries`.

    A ValueError of one entry is raised again with the entry's name in front.
    """
    yield from score_together(scheme, entries)
