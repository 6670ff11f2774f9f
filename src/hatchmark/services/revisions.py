"""Revise a decision that was published and is wrong, without an objection: one person proposes, another confirms.

Nothing published changes by it. The correction of the notice is an act of its own (`publication`), which takes up
every decision that was revised since.
"""

from datetime import datetime

from django.db import transaction

from hatchmark.db.models import Decision as DecisionRow
from hatchmark.db.models import Entry
from hatchmark.domain.obligations import carried_chain_end
from hatchmark.domain.outcomes import Decision, contradictions
from hatchmark.domain.permissions import Actor, Subject
from hatchmark.services.determination import decision_details, store_decision
from hatchmark.services.ledger import record
from hatchmark.services.permissions import hold, require
from hatchmark.services.refusals import UnsoundError
from hatchmark.services.results import decision_of, decisions_of, key_of


@transaction.atomic
def propose_revision(*, entry: Entry, decision: Decision, actor: Actor, at: datetime) -> DecisionRow:
    """Put a revised decision with its reason before a second person; a later proposal takes its place.

    Raises UnsoundError where it contradicts itself or changes nothing.
    """
    evaluation_round = hold(entry.round)
    require(actor, "propose_revision", Subject(), evaluation_round=evaluation_round, at=at)
    key = key_of(entry)
    if decision.key != key:
        raise UnsoundError(f"{entry}: this decision is about {decision.key}; revise that entry with it")
    if not decision.reason:
        raise UnsoundError(f"{entry}: a revised decision needs its reason")
    if against := contradictions(decision):
        raise UnsoundError(f"{entry}: {'; '.join(against)}")
    standing = decisions_of(evaluation_round)
    try:
        carried_chain_end(key, standing | {key: decision})
    except ValueError as error:
        raise UnsoundError(f"{entry}: {error}") from error
    if _effect(decision) == _effect(standing[key]):
        raise UnsoundError(f"{entry}: the decision that stands says the same; there is nothing to revise")
    row = store_decision(entry, decision, deviates=True, proposed_by=actor.code)
    record(
        actor,
        "propose_revision",
        subject=str(entry),
        details=decision_details(row),
        evaluation_round=evaluation_round,
        at=at,
    )
    return row


@transaction.atomic
def confirm_revision(*, entry: Entry, actor: Actor, at: datetime) -> DecisionRow:
    """Confirm, as the second person, the revision that waits; it then stands for its entry."""
    evaluation_round = hold(entry.round)
    row = entry.decisions.select_related("entry", "carried_from").last()
    waiting = row if row is not None and not row.confirmed_by else None
    subject = Subject(past=evaluation_round.past, first_person=waiting.proposed_by if waiting else "")
    require(actor, "revise_decision", subject, evaluation_round=evaluation_round, at=at)
    if waiting is None:
        raise UnsoundError(f"{entry} has no revision that waits for a second person; propose one")
    try:
        # Another entry may have been revised since this one was proposed.
        carried_chain_end(
            key_of(entry), decisions_of(evaluation_round) | {key_of(entry): decision_of(waiting)}
        )
    except ValueError as error:
        raise UnsoundError(f"{entry}: {error}") from error
    waiting.confirmed_by, waiting.confirmed_at = actor.code, at
    waiting.save(update_fields=["confirmed_by", "confirmed_at"])
    record(
        actor,
        "revise_decision",
        subject=str(entry),
        details=decision_details(waiting) | {"cause": waiting.reason, "prepared_by": waiting.proposed_by},
        evaluation_round=evaluation_round,
        at=at,
    )
    return waiting


def _effect(decision: Decision) -> tuple[object, ...]:
    return (
        decision.mode,
        decision.outcome,
        decision.grade,
        decision.carried_from,
        decision.year,
        decision.as_kind,
        decision.note,
    )
