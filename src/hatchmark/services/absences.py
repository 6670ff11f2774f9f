"""未参加的说明: a channel says why an institution that was due handed nothing in."""

from datetime import datetime

from django.db import transaction

from hatchmark.db.models import Absence, Entry
from hatchmark.domain.handing_in import Standing
from hatchmark.domain.permissions import Actor, Role, Subject
from hatchmark.services.handing_in import papers_of
from hatchmark.services.ledger import record
from hatchmark.services.permissions import hold, require
from hatchmark.services.refusals import faulty

LONGEST_REASON = 1000


@transaction.atomic
def explain_absence(*, entry: Entry, reason: str, actor: Actor, at: datetime) -> Absence:
    """Say why nothing came. The last word holds. Raises UnsoundError while something can still come, or did."""
    hold(entry.round)
    subject = Subject(
        past=entry.round.past, institution=entry.qualification.institution.code, channel=entry.channel
    )
    require(actor, "explain_absence", subject, evaluation_round=entry.round, at=at)
    reason = reason.strip()
    if not reason:
        raise faulty("absence_empty", f"{entry}: an explanation of an absence says why; write it")
    if len(reason) > LONGEST_REASON:
        raise faulty(
            "reason_long",
            f"{entry}: the reason has {len(reason)} signs; shorten it to {LONGEST_REASON}",
            n=len(reason),
            most=LONGEST_REASON,
        )
    [papers] = papers_of(Entry.objects.filter(pk=entry.pk), at=at)
    if papers.standing not in (Standing.NOTHING, Standing.DRAFT, Standing.ABSENT):
        raise faulty(
            "not_absent", f"{entry} is not absent: its papers are {papers.standing}", name=entry.name
        )
    if papers.standing is not Standing.ABSENT and papers.next is not Role.CHANNEL:
        raise faulty(
            "may_still_hand_in",
            f"{entry} may still hand in, until {papers.closes_at:%Y-%m-%d %H:%M}; explain its absence after that",
            name=entry.name,
            until=papers.closes_at,
        )
    absence = Absence.objects.create(entry=entry, reason=reason, explained_by=actor.code, explained_at=at)
    record(
        actor,
        "explain_absence",
        subject=str(entry),
        details={"reason": reason},
        evaluation_round=entry.round,
        at=at,
    )
    return absence
