"""Enter a round that is over: what was published, and nothing that was not.

Its acts are recorded as done, with "papers not published": who did them, and when, nobody recorded.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from hatchmark.db.models import Decision as DecisionRow
from hatchmark.db.models import Entry, Round
from hatchmark.domain.outcomes import Decision, contradictions
from hatchmark.domain.permissions import Actor, Subject
from hatchmark.domain.workflow import Stage, transition_from
from hatchmark.services.determination import decision_details
from hatchmark.services.ledger import record
from hatchmark.services.permissions import hold, require
from hatchmark.services.refusals import UnsoundError
from hatchmark.services.rounds import move_on

PAPERS = "papers not published"


@transaction.atomic
def enter_past_stage(*, evaluation_round: Round, actor: Actor, at: datetime | None) -> None:
    """Record that the present stage was done. Window checks are skipped where no moment is known, and it says so."""
    hold(evaluation_round)
    require(
        actor, "enter_past_act", Subject(past=evaluation_round.past), evaluation_round=evaluation_round, at=at
    )
    act = transition_from(Stage(evaluation_round.stage)).act
    if act == "publish":
        raise UnsoundError("a past round is published with its result; use publish, which then moves it on")
    skipped: dict[str, Any] = {} if at else {"window_check": "skipped: no moment is known"}
    move_on(evaluation_round, act=act, actor=actor, at=at, papers=PAPERS, **skipped)


@transaction.atomic
def enter_past_decision(
    *, entry: Entry, decision: Decision, actor: Actor, at: datetime | None
) -> DecisionRow:
    """Enter one decision as it was published. Its proposer and confirmer stay unknown."""
    evaluation_round = hold(entry.round)
    require(
        actor, "enter_past_act", Subject(past=evaluation_round.past), evaluation_round=evaluation_round, at=at
    )
    if against := contradictions(decision):
        raise UnsoundError(f"{entry}: {'; '.join(against)}")
    source = decision.carried_from
    row = DecisionRow.objects.create(
        entry=entry,
        version=entry.decisions.count() + 1,
        mode=decision.mode.value,
        outcome=decision.outcome.value,
        grade=decision.grade.value if decision.grade else None,
        carried_from=evaluation_round.entries.get(kind=source.kind, serial=source.serial) if source else None,
        year=decision.year,
        as_kind=decision.as_kind or "",
        reason=decision.reason,
        note=decision.note,
        proposed_by="not published",
        confirmed_by="not published",
        confirmed_at=at,
    )
    record(
        actor,
        "enter_past_decision",
        subject=str(entry),
        # Whether a decision deviated from what a scheme proposed, nobody published.
        details=decision_details(row) | {"deviates": None, "papers": PAPERS},
        evaluation_round=evaluation_round,
        at=at,
    )
    return row
