"""The reference engine: one scheme over a whole table, exactly, with the working of every number.

The other engines must agree with this one. An entry is scored from its own inputs alone, so that nobody's
figures can move another's score.
"""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from hatchmark.domain.scheme import Scheme
from hatchmark.domain.scoring import EntryInputs, Scorecard, score_entry

Key = TypeVar("Key")


def score_table(scheme: Scheme, entries: Mapping[Key, EntryInputs]) -> Iterator[tuple[Key, Scorecard]]:
    """Yield the scorecard of each entry in the order of `entries`.

    A ValueError of one entry is raised again with the entry's name in front.
    """
    for key, inputs in entries.items():
        try:
            card = score_entry(
                scheme,
                figures=inputs.figures,
                expert_scores=inputs.expert_scores,
                sub_type=inputs.sub_type,
                facts=inputs.facts,
            )
        except ValueError as error:
            raise ValueError(f"entry {key}: {error}") from error
        yield key, card
