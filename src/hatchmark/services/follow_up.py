"""后续: rectification handed in and accepted, and deregistration with its three separate switches."""

from datetime import datetime

from django.db import transaction

from hatchmark.db.models import Entry, Obligation, QualificationEvent
from hatchmark.domain.obligations import ObligedTo
from hatchmark.domain.permissions import Actor, Subject
from hatchmark.services.ledger import record
from hatchmark.services.permissions import hold, require
from hatchmark.services.refusals import UnsoundError

SWITCHES = {
    "leave_management": "in_management",
    "leave_evaluation": "in_evaluation",
    "leave_statistics": "in_statistics",
}


def _subject(entry: Entry) -> Subject:
    return Subject(
        past=entry.round.past, institution=entry.qualification.institution.code, channel=entry.channel
    )


def _duty(entry: Entry, act: ObligedTo) -> Obligation:
    duty = entry.obligations.filter(act=act.value).first()
    if duty is None:
        raise UnsoundError(f"{entry} has no obligation to {act}; the result notice gave it none")
    return duty


@transaction.atomic
def hand_in_rectification(*, entry: Entry, note: str, actor: Actor, at: datetime) -> None:
    """Hand in the rectification report that an unqualified institution owes."""
    hold(entry.round)
    require(actor, "hand_in_rectification", _subject(entry), evaluation_round=entry.round, at=at)
    duty = _duty(entry, ObligedTo.RECTIFY)
    if duty.done_at is not None:
        raise UnsoundError(f"{entry}: the rectification was accepted already")
    duty.handed_in_at = at
    duty.save(update_fields=["handed_in_at"])
    record(
        actor,
        "hand_in_rectification",
        subject=str(entry),
        details={"note": note},
        evaluation_round=entry.round,
        at=at,
    )


@transaction.atomic
def accept_rectification(*, entry: Entry, note: str, actor: Actor, at: datetime) -> None:
    """Accept a rectification that was handed in; taking part again stays owed."""
    hold(entry.round)
    require(actor, "accept_rectification", _subject(entry), evaluation_round=entry.round, at=at)
    duty = _duty(entry, ObligedTo.RECTIFY)
    if duty.handed_in_at is None:
        raise UnsoundError(f"{entry} has handed in no rectification that could be accepted")
    if duty.done_at is not None:
        raise UnsoundError(f"{entry}: the rectification was accepted already")
    duty.done_at = at
    duty.save(update_fields=["done_at"])
    record(
        actor,
        "accept_rectification",
        subject=str(entry),
        details={"note": note},
        evaluation_round=entry.round,
        at=at,
    )


@transaction.atomic
def deregister(*, entry: Entry, switch: str, note: str, actor: Actor, at: datetime) -> None:
    """Turn off one of the three switches; the obligation is done when all three are off.

    今后不再: none of them turns on again by itself.
    """
    hold(entry.round)
    require(actor, "deregister", _subject(entry), evaluation_round=entry.round, at=at)
    if switch not in SWITCHES:
        raise UnsoundError(f"'{switch}' is no switch; write one of {', '.join(SWITCHES)}")
    duty = _duty(entry, ObligedTo.DEREGISTER)
    qualification = entry.qualification
    qualification.refresh_from_db(fields=list(SWITCHES.values()))
    field = SWITCHES[switch]
    if not getattr(qualification, field):
        raise UnsoundError(f"{entry}: {switch} was done already")
    setattr(qualification, field, False)
    qualification.save(update_fields=[field])
    QualificationEvent.objects.create(
        qualification=qualification, event=switch, happened_at=at, round=entry.round, reason=note
    )
    if not (qualification.in_management or qualification.in_evaluation or qualification.in_statistics):
        duty.done_at = at
        duty.save(update_fields=["done_at"])
    record(
        actor,
        "deregister",
        subject=str(entry),
        details={"switch": switch, "note": note},
        evaluation_round=entry.round,
        at=at,
    )
