"""What a channel does: flags and the words about them, approval, return, refusal, absences."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Schema
from pydantic import Field

from hatchmark.api.given import Code, Opinion, Reason, Version
from hatchmark.api.operations import actor, doing, operation
from hatchmark.api.work import entry_of
from hatchmark.db.models import PreliminaryReview
from hatchmark.services import absences, clock, cross_checks, preliminary_reviews
from hatchmark.services.reach import entries_for

MOST_FIELDS = 500


class FlagOut(Schema):
    """One thing that does not fit. `others` are the entries it is also about, as far as they are within reach."""

    key: str
    check: str
    severity: str
    zh: str
    en: str
    figures: list[str]
    rows: list[int]
    others: list[int]
    waits: bool
    explanation: str
    explained_at: datetime | None


class WordIn(Schema):
    """What there is to say about a flag, by its key."""

    flag: Code
    explanation: Reason


class WordOut(Schema):
    """The word as it is kept."""

    flag: str
    explanation: str
    explained_at: datetime
    waiting: int


class OpinionIn(Schema):
    """The opinion on the version that was looked at."""

    version: Version
    opinion: Opinion = ""


class ReturnIn(OpinionIn):
    """The figures (or `roster`) to correct."""

    fields: Annotated[list[Code], Field(max_length=MOST_FIELDS)]


class ReviewOut(Schema):
    """What was done to which version."""

    entry: int
    version: int
    act: str
    state: str
    fields: list[str]
    opinion: str
    at: datetime


class AbsenceIn(Schema):
    """Why nothing was handed in."""

    reason: Reason


class AbsenceOut(Schema):
    """The reason as it is kept."""

    entry: int
    reason: str
    explained_at: datetime


@operation("GET", "/entries/{int:entry_id}/flags", act="read_flags", answer=list[FlagOut])
def flags(request: HttpRequest, entry_id: int) -> list[FlagOut]:
    """What does not fit in the version that counts, with what was said about it."""
    entry = entry_of(request, entry_id, "read_flags")
    states = cross_checks.flag_states(entry)
    named = {name for state in states for name in state.flag.others}
    within: dict[str, int] = {}
    if named:
        reached = entries_for(actor(request), "read_flags").filter(round=entry.round_id)
        within = {str(each): each.pk for each in reached if str(each) in named}
    return [
        FlagOut(
            key=state.flag.key,
            check=state.flag.check,
            severity=state.flag.severity,
            zh=state.flag.zh,
            en=state.flag.en,
            figures=list(state.flag.figures),
            rows=list(state.flag.rows),
            others=[within[name] for name in state.flag.others if name in within],
            waits=state.is_open,
            explanation=state.word.explanation if state.word else "",
            explained_at=state.word.explained_at if state.word else None,
        )
        for state in states
    ]


@operation("POST", "/entries/{int:entry_id}/flags", act="explain_flag", answer=WordOut)
def explain_flag(request: HttpRequest, entry_id: int, body: WordIn, dry_run: bool = False) -> WordOut:
    """Say a word about a flag; the last one holds, and every one is kept."""
    who, at = actor(request), clock.now()
    entry = entry_of(request, entry_id, "explain_flag")

    def do() -> WordOut:
        word = cross_checks.explain_flag(
            entry=entry, flag=body.flag, explanation=body.explanation, actor=who, at=at
        )
        return WordOut(
            flag=word.flag,
            explanation=word.explanation,
            explained_at=word.explained_at,
            waiting=len(cross_checks.open_flags(cross_checks.flag_states(entry))),
        )

    answer: WordOut = doing(do, dry_run=dry_run)
    return answer


def _review(review: PreliminaryReview) -> ReviewOut:
    submission = review.submission
    return ReviewOut(
        entry=submission.entry_id,
        version=submission.version,
        act=review.act,
        state=submission.state,
        fields=review.fields,
        opinion=review.opinion,
        at=review.at,
    )


@operation("POST", "/entries/{int:entry_id}/approve", act="approve", answer=ReviewOut)
def approve(request: HttpRequest, entry_id: int, body: OpinionIn, dry_run: bool = False) -> ReviewOut:
    """Approve a version, which locks it. Every flag that wants a word has one before."""
    who, at = actor(request), clock.now()
    entry = entry_of(request, entry_id, "approve")
    return _review(
        doing(
            lambda: preliminary_reviews.approve(entry=entry, actor=who, at=at, **body.model_dump()),
            dry_run=dry_run,
        )
    )


@operation("POST", "/entries/{int:entry_id}/return", act="return_fields", answer=ReviewOut)
def return_fields(request: HttpRequest, entry_id: int, body: ReturnIn, dry_run: bool = False) -> ReviewOut:
    """Return named figures, or the roster, for correction; only these may then differ."""
    who, at = actor(request), clock.now()
    entry = entry_of(request, entry_id, "return_fields")
    return _review(
        doing(
            lambda: preliminary_reviews.return_fields(entry=entry, actor=who, at=at, **body.model_dump()),
            dry_run=dry_run,
        )
    )


@operation("POST", "/entries/{int:entry_id}/refuse", act="refuse", answer=ReviewOut)
def refuse(request: HttpRequest, entry_id: int, body: OpinionIn, dry_run: bool = False) -> ReviewOut:
    """Refuse a version, with the reason as the opinion. The entry then has not taken part."""
    who, at = actor(request), clock.now()
    entry = entry_of(request, entry_id, "refuse")
    return _review(
        doing(
            lambda: preliminary_reviews.refuse(entry=entry, actor=who, at=at, **body.model_dump()),
            dry_run=dry_run,
        )
    )


@operation("POST", "/entries/{int:entry_id}/absence", act="explain_absence", answer=AbsenceOut)
def explain_absence(
    request: HttpRequest, entry_id: int, body: AbsenceIn, dry_run: bool = False
) -> AbsenceOut:
    """Say why nothing was handed in, once nothing can come any more."""
    who, at = actor(request), clock.now()
    entry = entry_of(request, entry_id, "explain_absence")
    absence = doing(
        lambda: absences.explain_absence(entry=entry, reason=body.reason, actor=who, at=at), dry_run=dry_run
    )
    return AbsenceOut(entry=entry_id, reason=absence.reason, explained_at=absence.explained_at)
