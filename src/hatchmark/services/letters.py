"""后续工作的函: one letter to each channel whose institutions owe something, about those alone."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from hatchmark.db.models import LedgerEntry, Round
from hatchmark.domain.letters import FollowUp, build_letter, channels_with_duties
from hatchmark.domain.notices import Paper
from hatchmark.domain.permissions import Actor, Subject
from hatchmark.services.deadlines import deadline
from hatchmark.services.ledger import record
from hatchmark.services.permissions import hold, require
from hatchmark.services.refusals import UnsoundError
from hatchmark.services.results import published_version
from hatchmark.services.templates import facts_of, keep_templates, template_for
from hatchmark.services.vocabularies import vocabulary_of


@transaction.atomic
def send_letters(*, evaluation_round: Round, actor: Actor, at: datetime) -> list[str]:
    """Send each channel its letter on the results as published, and return the channels that get one.

    Raises UnsoundError for a past round, whose department sent its letters itself.
    """
    hold(evaluation_round)
    require(actor, "send_letters", Subject(), evaluation_round=evaluation_round, at=at)
    if evaluation_round.past:
        raise UnsoundError("the letters of a past round are its department's own; none is made afterwards")
    published = published_version(evaluation_round)
    digests = keep_templates(evaluation_round, ["letter"])
    channels = channels_with_duties(published.results)
    record(
        actor,
        "send_letters",
        subject=f"round:{evaluation_round.year}",
        details={
            "version": published.version.number,
            "digest": published.version.digest,
            "channels": channels,
            "template": digests["letter"],
        },
        evaluation_round=evaluation_round,
        at=at,
    )
    return channels


def letters_of(evaluation_round: Round) -> dict[str, Paper]:
    """Return the letters as they were last sent, by channel; none before they were."""
    sent = (
        LedgerEntry.objects.filter(round=evaluation_round, act="send_letters").order_by("-sequence").first()
    )
    if sent is None:
        return {}
    number, at = sent.details["version"], datetime.fromisoformat(sent.happened_at)
    return {
        channel: _letter(evaluation_round, channel, version=number, at=at)
        for channel in sent.details["channels"]
    }


def read_letter(*, evaluation_round: Round, channel: str, actor: Actor, at: datetime) -> Paper:
    """Return the letter to one channel: to an officer of that channel, or to the department.

    Raises UnsoundError where no letter was sent to it.
    """
    require(actor, "read_letter", Subject(channel=channel), evaluation_round=evaluation_round, at=at)
    letters = letters_of(evaluation_round)
    if channel not in letters:
        raise UnsoundError(f"no letter was sent to {channel}: none of its institutions owes anything")
    return letters[channel]


def preview_letter(evaluation_round: Round, channel: str, *, source: str | None = None) -> Paper:
    """Return the letter as it would be sent now, with `source` in the place of the template that stands."""
    published = published_version(evaluation_round)
    return _letter(evaluation_round, channel, version=published.version.number, at=None, source=source)


def _letter(
    evaluation_round: Round, channel: str, *, version: int, at: datetime | None, source: str | None = None
) -> Paper:
    published = published_version(evaluation_round, version)
    closes_at = deadline(evaluation_round, "follow_up_closes_at")
    return build_letter(
        published.results,
        vocabulary_of(evaluation_round),
        facts_of(evaluation_round, issued_at=at),
        template_for(evaluation_round, "letter", source=source),
        channel=channel,
        follow_up=FollowUp(published_on=published.version.day, closes_on=_day(closes_at)),
    )


def _day(at: datetime | None) -> date | None:
    return timezone.localtime(at).date() if at else None
