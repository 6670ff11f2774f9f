"""What is an entry decided to be, given its papers, the scheme's proposal and what people decided?

The order of truth for a figure: what was handed in, then what inspectors found on site, then what an
upheld objection corrected. A human act replaces the proposal, and counts as a deviation where it grades otherwise.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from hatchmark.domain.outcomes import Decision, EntryKey, Grade, Mode, Outcome

APPROVED = "approved"
SEVERE = "severe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A figure that was found to be otherwise; `source` says by whom, in words."""

    figure: str
    value: str
    source: str


def effective_figures(
    handed_in: Mapping[str, Mapping[str, str]], corrections: Iterable[Correction]
) -> dict[str, dict[str, str]]:
    """Return the figures that are scored: the submission's, each later correction replacing its value.

    A figure is a mapping of `unit`, `status`, `value`, and `corrected_by` where somebody corrected it.
    A correction of a figure that was never asked for raises KeyError with its code.
    """
    figures = {code: dict(figure) for code, figure in handed_in.items()}
    for correction in corrections:
        if correction.figure not in figures:
            raise KeyError(correction.figure)
        figures[correction.figure] |= {
            "status": "reported",
            "value": correction.value,
            "corrected_by": correction.source,
        }
    return figures


def takes_part(submission_states: Iterable[str]) -> bool:
    """Say whether an entry is evaluated: one approved submission is there. Otherwise it counts as absent."""
    return APPROVED in submission_states


def severe_breach(severities: Iterable[str]) -> bool:
    """Say whether the integrity review found a severe breach among its hits."""
    return SEVERE in severities


def proposed_decision(key: EntryKey, *, absent: bool, grade: Grade | None) -> Decision:
    """Return the decision that follows from rules alone. `grade` is the scheme's, absence rule included."""
    if absent:
        return Decision(key=key, mode=Mode.ABSENT, outcome=Outcome.ABSENT, grade=grade)
    return Decision(key=key, mode=Mode.EVALUATED, outcome=Outcome.GRADED, grade=grade)


def decide(proposed: Decision, human: Decision | None) -> tuple[Decision, bool]:
    """Return the decision after the human act, and whether it deviates from the proposed grade.

    An act that names no grade keeps the proposed one where its outcome bears a grade at all.
    """
    if human is None:
        return proposed, False
    if human.outcome is Outcome.DISQUALIFIED or human.mode in (Mode.CARRIED, Mode.DEFERRED):
        return replace(human, grade=None), False
    grade = human.grade or proposed.grade
    return replace(human, grade=grade), grade is not proposed.grade
