"""科研诚信审查: the integrity office records its hits, each with its source."""

from datetime import datetime

from django.db import transaction

from hatchmark.db.models import Entry, IntegrityHit
from hatchmark.domain.permissions import Actor, Subject
from hatchmark.domain.round_folder import IntegritySubject, Severity
from hatchmark.services.deadlines import deadline
from hatchmark.services.ledger import record
from hatchmark.services.permissions import hold, require
from hatchmark.services.refusals import UnsoundError


@transaction.atomic
def record_integrity_hit(
    *,
    entry: Entry,
    subject_type: str,
    subject: str,
    source: str,
    severity: str,
    detail: str,
    actor: Actor,
    at: datetime,
) -> IntegrityHit:
    """Record a hit on the institution, its operator or a person. What it does to the grade, the scheme says."""
    hold(entry.round)
    closes_at = deadline(entry.round, "integrity_review_closes_at")
    require(
        actor,
        "record_integrity_hit",
        Subject(past=entry.round.past, window_closes_at=closes_at),
        evaluation_round=entry.round,
        at=at,
    )
    # A word that the determination does not know would let a severe breach pass in silence.
    for value, known in ((severity, list(Severity)), (subject_type, list(IntegritySubject))):
        if value not in known:
            raise UnsoundError(f"{entry}: '{value}' is unknown; write one of {', '.join(known)}")
    hit = IntegrityHit.objects.create(
        entry=entry,
        subject_type=subject_type,
        subject=subject,
        source=source,
        severity=severity,
        found_at=at,
        detail=detail,
    )
    record(
        actor,
        "record_integrity_hit",
        subject=str(entry),
        # A person's name is no matter of the log, which outlives the file it belongs to.
        details={
            "subject_type": subject_type,
            "subject": "" if subject_type == "person" else subject,
            "source": source,
            "severity": severity,
        },
        evaluation_round=entry.round,
        at=at,
    )
    return hit
