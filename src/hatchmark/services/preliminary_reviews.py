"""初审: a channel officer approves, returns named figures, or refuses, for own institutions alone."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from hatchmark.db.models import Entry, PreliminaryReview
from hatchmark.domain.permissions import Actor, Subject
from hatchmark.services.deadlines import deadline_of
from hatchmark.services.ledger import record
from hatchmark.services.permissions import hold, require
from hatchmark.services.refusals import UnsoundError
from hatchmark.services.submissions import check_sound

_STATES = {"approve": "approved", "return_fields": "returned", "refuse": "refused"}


def _review(
    act: str, *, entry: Entry, opinion: str, fields: Sequence[str], actor: Actor, at: datetime
) -> PreliminaryReview:
    hold(entry.round)
    submission = entry.submissions.exclude(state__in=["superseded", "withdrawn"]).last()
    subject = Subject(
        past=entry.round.past,
        institution=entry.qualification.institution.code,
        channel=entry.channel,
        approved=submission is not None and submission.state == "approved",
        window_closes_at=deadline_of(entry, "preliminary_review_closes_at"),
    )
    require(actor, act, subject, evaluation_round=entry.round, at=at)
    if submission is None or submission.state != "submitted":
        raise UnsoundError(f"{entry} has no submission waiting for review")
    if unknown := [code for code in fields if code not in submission.figures]:
        raise UnsoundError(
            f"{entry}: {', '.join(unknown)} is no figure of this submission; name figures it holds"
        )
    if act == "approve":
        check_sound(entry, submission)
    submission.state = _STATES[act]
    submission.save(update_fields=["state"])
    review = PreliminaryReview.objects.create(
        submission=submission,
        act="return" if act == "return_fields" else act,
        at=at,
        by=actor.code,
        fields=list(fields),
        opinion=opinion,
    )
    record(
        actor,
        act,
        subject=str(entry),
        details={
            "version": submission.version,
            "digest": submission.digest,
            "fields": list(fields),
            "opinion": opinion,
        },
        evaluation_round=entry.round,
        at=at,
    )
    return review


@transaction.atomic
def approve(*, entry: Entry, opinion: str, actor: Actor, at: datetime) -> PreliminaryReview:
    """Approve the submission, which locks it. Raises UnsoundError where its figures cannot be: return them."""
    return _review("approve", entry=entry, opinion=opinion, fields=(), actor=actor, at=at)


@transaction.atomic
def return_fields(
    *, entry: Entry, fields: Sequence[str], opinion: str, actor: Actor, at: datetime
) -> PreliminaryReview:
    """Return named figures for correction; only these may then differ."""
    if not fields:
        raise UnsoundError(f"{entry}: a return names the figures to correct; name at least one")
    return _review("return_fields", entry=entry, opinion=opinion, fields=fields, actor=actor, at=at)


@transaction.atomic
def refuse(*, entry: Entry, opinion: str, actor: Actor, at: datetime) -> PreliminaryReview:
    """Refuse the submission, with the reason. The entry then has not taken part."""
    if not opinion:
        raise UnsoundError(f"{entry}: a refusal needs its reason; write it as the opinion")
    return _review("refuse", entry=entry, opinion=opinion, fields=(), actor=actor, at=at)
