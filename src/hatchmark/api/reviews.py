"""What a channel does: its queue, flags and the words about them, approval, return, refusal, absences."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from django.http import Http404, HttpRequest
from ninja import File, Form, Query, Schema
from ninja.files import UploadedFile
from pydantic import Field

from hatchmark.api.given import Code, Opinion, Page, Reason, Version
from hatchmark.api.operations import actor, doing, operation
from hatchmark.api.work import entry_of, round_of
from hatchmark.db.models import Entry, PreliminaryReview
from hatchmark.services import absences, clock, cross_checks, preliminary_reviews
from hatchmark.services.preliminary_reviews import MOST_TOGETHER, SealedLetter
from hatchmark.services.queues import Line, queue_of
from hatchmark.services.reach import entries_for

MOST_FIELDS = 500
Seen = Annotated[str, Field(pattern=r"^[0-9]{1,9}:[0-9]{1,9}$")]
"""An entry and the version of it that was looked at."""


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


class LineOut(Schema):
    """One entry of the queue. `flags` want a word, `open` ones have none; `seen` is empty where approval waits."""

    entry: int
    kind: str
    serial: int
    name: str
    standing: str
    version: int
    handed_in_at: datetime | None
    closes_at: datetime | None
    flags: int
    open: int
    seen: str


class QueueOut(Schema):
    """A page of the queue, of `total` lines."""

    total: int
    lines: list[LineOut]


class BatchIn(Schema):
    """Whom to approve under one letter, each as `seen` in the queue (`ENTRY:VERSION`), with one opinion on all."""

    seen: Annotated[list[Seen], Field(min_length=1, max_length=MOST_TOGETHER)]
    opinion: Opinion


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
    entry = entry_of(request, entry_id, "explain_flag")

    def do() -> WordOut:
        word = cross_checks.explain_flag(
            entry=entry, actor=actor(request), at=clock.now(), **body.model_dump()
        )
        return WordOut(
            flag=word.flag,
            explanation=word.explanation,
            explained_at=word.explained_at,
            waiting=len(cross_checks.open_flags(cross_checks.flag_states(entry))),
        )

    return doing(do, dry_run=dry_run)


# ---- the review of one entry ------------------------------------------------------------------------------


def _out(review: PreliminaryReview) -> ReviewOut:
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


def _reviewed(
    request: HttpRequest,
    entry_id: int,
    body: OpinionIn,
    *,
    act: str,
    do: Callable[..., PreliminaryReview],
    dry_run: bool,
) -> ReviewOut:
    entry = entry_of(request, entry_id, act)
    return doing(
        lambda: _out(do(entry=entry, actor=actor(request), at=clock.now(), **body.model_dump())),
        dry_run=dry_run,
    )


@operation("POST", "/entries/{int:entry_id}/approve", act="approve", answer=ReviewOut)
def approve(request: HttpRequest, entry_id: int, body: OpinionIn, dry_run: bool = False) -> ReviewOut:
    """Approve a version, which locks it. Every flag that wants a word has one before."""
    return _reviewed(request, entry_id, body, act="approve", do=preliminary_reviews.approve, dry_run=dry_run)


@operation("POST", "/entries/{int:entry_id}/return", act="return_fields", answer=ReviewOut)
def return_fields(request: HttpRequest, entry_id: int, body: ReturnIn, dry_run: bool = False) -> ReviewOut:
    """Return named figures, or the roster, for correction; only these may then differ."""
    return _reviewed(
        request, entry_id, body, act="return_fields", do=preliminary_reviews.return_fields, dry_run=dry_run
    )


@operation("POST", "/entries/{int:entry_id}/refuse", act="refuse", answer=ReviewOut)
def refuse(request: HttpRequest, entry_id: int, body: OpinionIn, dry_run: bool = False) -> ReviewOut:
    """Refuse a version, with the reason as the opinion. The entry then has not taken part."""
    return _reviewed(request, entry_id, body, act="refuse", do=preliminary_reviews.refuse, dry_run=dry_run)


@operation("POST", "/entries/{int:entry_id}/absence", act="explain_absence", answer=AbsenceOut)
def explain_absence(
    request: HttpRequest, entry_id: int, body: AbsenceIn, dry_run: bool = False
) -> AbsenceOut:
    """Say why nothing was handed in, once nothing can come any more."""
    entry = entry_of(request, entry_id, "explain_absence")

    def do() -> AbsenceOut:
        absence = absences.explain_absence(
            entry=entry, reason=body.reason, actor=actor(request), at=clock.now()
        )
        return AbsenceOut(entry=entry_id, reason=absence.reason, explained_at=absence.explained_at)

    return doing(do, dry_run=dry_run)


# ---- many under one letter --------------------------------------------------------------------------------


@operation("GET", "/rounds/{int:round_id}/queue", act="read_queue", answer=QueueOut)
def queue(
    request: HttpRequest,
    round_id: int,
    page: Page = Query(...),  # type: ignore[type-arg]  # noqa: B008
) -> QueueOut:
    """The own institutions in a round: where each stands, and what its approval waits for."""
    found = round_of(request, round_id, "read_queue")
    lines = queue_of(actor(request), found, at=clock.now())
    return QueueOut(total=len(lines), lines=[_line(each) for each in lines[page.rows]])


def _line(line: Line) -> LineOut:
    entry, papers = line.entry, line.papers
    return LineOut(
        entry=entry.pk,
        kind=entry.kind,
        serial=entry.serial,
        name=entry.name,
        standing=papers.standing.value,
        version=papers.version,
        handed_in_at=papers.handed_in_at,
        closes_at=papers.closes_at,
        flags=line.flags,
        open=line.open,
        seen=f"{entry.pk}:{papers.version}" if line.can_be_approved else "",
    )


@operation("POST", "/rounds/{int:round_id}/approvals", act="approve", answer=list[ReviewOut])
def approve_many(
    request: HttpRequest,
    round_id: int,
    body: BatchIn = Form(...),  # type: ignore[type-arg]  # noqa: B008
    letter: UploadedFile = File(...),  # type: ignore[type-arg]  # noqa: B008
    dry_run: bool = False,
) -> list[ReviewOut]:
    """Approve several submissions under one sealed letter, a scan of at most 20 MB; all of them or none."""
    seen = _seen(request, round_id, body.seen)
    sealed = SealedLetter(name=(letter.name or "letter")[:200], content=letter.read())

    def do() -> list[ReviewOut]:
        reviews = preliminary_reviews.approve_many(
            seen=seen, opinion=body.opinion.strip(), letter=sealed, actor=actor(request), at=clock.now()
        )
        return [_out(each) for each in reviews]

    return doing(do, dry_run=dry_run)


def _seen(request: HttpRequest, round_id: int, pairs: list[str]) -> list[tuple[Entry, int]]:
    """Return whom the pairs name, each once; raise Http404 where one of them is out of reach."""
    found = round_of(request, round_id, "approve")
    wanted = [tuple(map(int, each.split(":"))) for each in dict.fromkeys(pairs)]
    entries = (
        entries_for(actor(request), "approve")
        .filter(round=found)
        .select_related("round__authority", "qualification__institution")
        .in_bulk([entry for entry, _ in wanted])
    )
    if any(entry not in entries for entry, _ in wanted):
        raise Http404
    return [(entries[entry], version) for entry, version in wanted]
