"""初审: a channel officer approves, returns named figures, or refuses, for own institutions alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from hatchmark.db.models import Entry, LedgerEntry, PreliminaryReview
from hatchmark.documents.scans import LARGEST_SCAN, scan_type
from hatchmark.domain.permissions import Actor, Subject
from hatchmark.services.cross_checks import check_explained
from hatchmark.services.deadlines import deadline_of
from hatchmark.services.kept_files import digest_of_content, keep_file
from hatchmark.services.ledger import record
from hatchmark.services.messages import moment_in_words, tell_of_entry
from hatchmark.services.permissions import hold, require
from hatchmark.services.refusals import OutdatedError, faulty
from hatchmark.services.rosters import ROSTER
from hatchmark.services.rounds import scheme_of_entry
from hatchmark.services.submissions import check_sound

_STATES = {"approve": "approved", "return_fields": "returned", "refuse": "refused"}
LONGEST_OPINION = 2000
MOST_TOGETHER = 500
"""So many submissions are approved under one letter at most."""


@dataclass(frozen=True, slots=True)
class SealedLetter:
    """盖章的审核推荐函: the scan of one paper under which several submissions are approved."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class LetterNote:
    """What the ledger holds of a sealed letter: its name, and the digest under which it is kept."""

    name: str
    digest: str
    media_type: str


_TOLD = {"approve": "approved", "return_fields": "returned", "refuse": "refused"}


def _review(
    act: str,
    *,
    entry: Entry,
    opinion: str,
    fields: Sequence[str],
    actor: Actor,
    at: datetime,
    version: int | None,
    more: Mapping[str, Any] | None = None,
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
        raise faulty("nothing_to_review", f"{entry} has no submission waiting for review", name=entry.name)
    if version is not None and version != submission.version:
        raise OutdatedError(
            f"{entry} handed in version {submission.version} since version {version} was looked at; look at it first"
        )
    if len(opinion) > LONGEST_OPINION:
        raise faulty(
            "opinion_long",
            f"{entry}: the opinion has {len(opinion)} signs; shorten it to {LONGEST_OPINION}",
            n=len(opinion),
            most=LONGEST_OPINION,
        )
    if unknown := [code for code in fields if code not in submission.figures and code != ROSTER]:
        raise faulty(
            "no_figure_of_it",
            f"{entry}: {', '.join(unknown)} is no figure of this submission; name figures it holds",
            codes=", ".join(unknown)[:200],
        )
    if act == "approve":
        check_sound(entry, submission)
        check_explained(entry)
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
            **(more or {}),
        },
        evaluation_round=entry.round,
        at=at,
    )
    closes_at = subject.window_closes_at
    tell_of_entry(
        _TOLD[act],
        entry,
        at=at,
        version=submission.version,
        opinion=opinion or "（无）",
        fields="、".join(_titles(entry, fields)),
        due=moment_in_words(closes_at) if closes_at else "初审截止",
    )
    return review


def _titles(entry: Entry, fields: Sequence[str]) -> list[str]:
    asked = scheme_of_entry(entry).asked if fields else {}
    return ["企业名单" if code == ROSTER else asked[code].figure.title for code in fields]


@transaction.atomic
def approve(
    *, entry: Entry, opinion: str, actor: Actor, at: datetime, version: int | None = None
) -> PreliminaryReview:
    """Approve the submission, which locks it. `version` is the one that was looked at.

    Raises UnsoundError where its figures cannot be, or a flag has no explanation; OutdatedError for another version.
    """
    return _review("approve", entry=entry, opinion=opinion, fields=(), actor=actor, at=at, version=version)


@transaction.atomic
def approve_many(
    *,
    seen: Sequence[tuple[Entry, int]],
    opinion: str,
    letter: SealedLetter,
    actor: Actor,
    at: datetime,
) -> list[PreliminaryReview]:
    """Approve several submissions, each in the version that was seen, under one sealed letter; all of them or none.

    Each is an act with a line of its own in the ledger. Raises what `approve` raises for the first that cannot be, and
    UnsoundError where the letter is no scan, or the opinion is missing.
    """
    if not seen:
        raise faulty("nobody_chosen", "nobody was chosen; choose the submissions to approve")
    if len(seen) > MOST_TOGETHER:
        raise faulty(
            "too_many_chosen",
            f"{len(seen)} were chosen, above the {MOST_TOGETHER} of one letter; choose fewer",
            n=len(seen),
            most=MOST_TOGETHER,
        )
    if not opinion:
        raise faulty("no_opinion", "an approval of several says why; write the opinion of the letter")
    note = _note_of(letter)
    more = {
        "together": len(seen),
        "letter": {"name": note.name, "digest": note.digest, "media_type": note.media_type},
    }
    reviews = [
        _review(
            "approve", entry=entry, opinion=opinion, fields=(), actor=actor, at=at, version=version, more=more
        )
        for entry, version in seen
    ]
    # Last, and still before the acts stand: what is refused keeps no file, and no act that stands has lost its own.
    keep_file(letter.content)
    return reviews


def _note_of(letter: SealedLetter) -> LetterNote:
    try:
        media_type = scan_type(letter.content)
    except ValueError as error:
        raise faulty(
            "letter_unusable",
            f"{letter.name}: {error}",
            file=letter.name,
            most=LARGEST_SCAN // (1024 * 1024),
        ) from error
    return LetterNote(letter.name, digest_of_content(letter.content), media_type)


def letter_of(entry: Entry) -> LetterNote | None:
    """Return the sealed letter under which an entry was approved, or None."""
    line = LedgerEntry.objects.filter(round=entry.round, act="approve", subject=str(entry)).last()
    note = line.details.get("letter") if line is not None else None
    return LetterNote(note["name"], note["digest"], note["media_type"]) if note else None


@transaction.atomic
def return_fields(
    *,
    entry: Entry,
    fields: Sequence[str],
    opinion: str,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> PreliminaryReview:
    """Return named figures, or the roster, for correction; only these may then differ."""
    if not fields:
        raise faulty(
            "return_names_nothing", f"{entry}: a return names the figures to correct; name at least one"
        )
    return _review(
        "return_fields", entry=entry, opinion=opinion, fields=fields, actor=actor, at=at, version=version
    )


@transaction.atomic
def refuse(
    *, entry: Entry, opinion: str, actor: Actor, at: datetime, version: int | None = None
) -> PreliminaryReview:
    """Refuse the submission, with the reason. The entry then has not taken part."""
    if not opinion:
        raise faulty(
            "refusal_without_reason", f"{entry}: a refusal needs its reason; write it as the opinion"
        )
    return _review("refuse", entry=entry, opinion=opinion, fields=(), actor=actor, at=at, version=version)
