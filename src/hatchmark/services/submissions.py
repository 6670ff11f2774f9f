"""Submit, correct, withdraw: what an institution hands in is frozen, and every version is kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from hatchmark.db.models import Entry, Submission
from hatchmark.domain.permissions import Actor, Subject
from hatchmark.domain.results import digest_of
from hatchmark.services.ledger import record
from hatchmark.services.permissions import require
from hatchmark.services.refusals import UnsoundError
from hatchmark.services.rounds import deadline

Figures = Mapping[str, Mapping[str, str]]
Roster = Sequence[Mapping[str, Any]]


def _subject(entry: Entry, *, closes_at: datetime | None) -> Subject:
    latest = entry.submissions.last()
    return Subject(
        past=entry.round.past,
        institution=entry.qualification.institution.code,
        channel=entry.channel,
        returned=latest is not None and latest.state == "returned",
        approved=latest is not None and latest.state == "approved",
        window_closes_at=closes_at,
    )


def _freeze(entry: Entry, *, figures: Figures, roster: Roster, signed_by: str, at: datetime) -> Submission:
    version = entry.submissions.count() + 1
    content = {
        "entry": str(entry),
        "version": version,
        "figures": {code: dict(figure) for code, figure in figures.items()},
        "roster": [dict(row) for row in roster],
        "signed_by": signed_by,
    }
    return Submission.objects.create(
        entry=entry,
        version=version,
        state="submitted",
        handed_in_at=at,
        signed_by=signed_by,
        figures=content["figures"],
        roster=content["roster"],
        digest=digest_of(content),
    )


def _record(actor: Actor, act: str, submission: Submission, *, at: datetime, **more: Any) -> None:
    entry = submission.entry
    record(
        actor,
        act,
        subject=str(entry),
        details={"version": submission.version, "digest": submission.digest, **more},
        evaluation_round=entry.round,
        at=at,
    )


@transaction.atomic
def submit(
    *, entry: Entry, figures: Figures, roster: Roster, signed_by: str, actor: Actor, at: datetime
) -> Submission:
    """Hand in a version. A later one inside the window supersedes it; the earlier stays readable.

    The digest over the frozen content is the receipt.
    """
    closes_at = deadline(entry.round, "submission_closes_at")
    require(actor, "submit", _subject(entry, closes_at=closes_at), evaluation_round=entry.round, at=at)
    entry.submissions.filter(state="submitted").update(state="superseded")
    submission = _freeze(entry, figures=figures, roster=roster, signed_by=signed_by, at=at)
    _record(actor, "submit", submission, at=at)
    return submission


@transaction.atomic
def withdraw(*, entry: Entry, actor: Actor, at: datetime) -> Submission:
    """Take back the latest version while the window is open; it stays stored, and no longer counts."""
    closes_at = deadline(entry.round, "submission_closes_at")
    require(actor, "withdraw", _subject(entry, closes_at=closes_at), evaluation_round=entry.round, at=at)
    submission = entry.submissions.filter(state="submitted").last()
    if submission is None:
        raise UnsoundError(f"{entry} has handed in nothing that could be withdrawn")
    submission.state = "withdrawn"
    submission.save(update_fields=["state"])
    _record(actor, "withdraw", submission, at=at)
    return submission


@transaction.atomic
def correct(*, entry: Entry, figures: Figures, signed_by: str, actor: Actor, at: datetime) -> Submission:
    """Hand in a returned submission again: the named figures may differ, every other one stays as it was.

    Raises UnsoundError where a figure is changed that was not returned.
    """
    closes_at = deadline(entry.round, "preliminary_review_closes_at")
    require(actor, "correct", _subject(entry, closes_at=closes_at), evaluation_round=entry.round, at=at)
    returned = entry.submissions.filter(state="returned").latest("version")
    review = returned.reviews.filter(act="return").latest("pk")
    changed = sorted(
        code
        for code in set(returned.figures) | set(figures)
        if returned.figures.get(code) != (dict(figures[code]) if code in figures else None)
    )
    if beyond := [code for code in changed if code not in review.fields]:
        raise UnsoundError(
            f"{entry}: only {', '.join(review.fields)} were returned; {', '.join(beyond)} must stay"
        )
    returned.state = "superseded"
    returned.save(update_fields=["state"])
    submission = _freeze(entry, figures=figures, roster=returned.roster, signed_by=signed_by, at=at)
    _record(actor, "correct", submission, at=at, changed=changed)
    return submission
