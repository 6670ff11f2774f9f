"""What do the scheme's rules propose for an institution after its grade? They propose; people decide."""

from collections.abc import Mapping
from dataclasses import dataclass

from hatchmark.domain.grading import GRADE_WORDS
from hatchmark.domain.outcomes import Grade, Outcome
from hatchmark.domain.scheme import Consequence, Measure, Scheme, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One outcome (or measure) that a rule proposes, the clause it rests on and the reason in words."""

    outcome: Outcome | Measure
    rule: str
    clause: str
    words: str
    within_months: int | None = None


def propose(
    scheme: Scheme, *, history: Mapping[int, Grade | None], year: int, status: Status, grade: Grade | None
) -> tuple[Proposal, ...]:
    """Return what the rules propose for `grade` in `year`, in the scheme's order.

    `history` holds the grade of each earlier round by year. In a row means: in evaluations that follow one
    another; a year without a grade (deferred, not due) was no evaluation and is passed over. Years that are
    not earlier than `year` are not looked at.
    """
    if grade is None:
        return ()
    earlier = [
        (past, known) for past, known in sorted(history.items(), reverse=True) if past < year and known
    ]
    evaluations = [(year, grade), *earlier]
    return tuple(
        _proposal(rule, evaluations)
        for rule in scheme.consequences
        if rule.status == status
        and len(evaluations) >= rule.times_in_a_row
        and all(known == rule.grade for _, known in evaluations[: rule.times_in_a_row])
    )


def _proposal(rule: Consequence, evaluations: list[tuple[int, Grade]]) -> Proposal:
    years = sorted(past for past, _ in evaluations[: rule.times_in_a_row])
    listed = "、".join(f"{past}年" for past in years)
    until = f"（{rule.within_months} 个月内）" if rule.within_months else ""
    return Proposal(
        outcome=rule.propose,
        rule=rule.code,
        clause=rule.basis,
        words=f"{listed}评价{GRADE_WORDS[rule.grade]}：{rule.title}{until}",
        within_months=rule.within_months,
    )
