"""Reading: who one is, what one owes, the rounds and entries within one's reach."""

from datetime import datetime

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Schema

from hatchmark.api.given import Key, Page
from hatchmark.api.operations import actor, bearer, operation
from hatchmark.db.models import Entry, Round, Submission
from hatchmark.domain.handing_in import Standing
from hatchmark.domain.permissions import Actor, Role
from hatchmark.services import clock
from hatchmark.services.deadlines import deadline
from hatchmark.services.handing_in import Papers, latest_submission, papers_of
from hatchmark.services.reach import entries_for, rounds_for
from hatchmark.services.todo import todo_of


class Me(Schema):
    """Who a token stands for."""

    username: str
    name: str
    role: str
    unit: str
    authority: str
    scopes: list[str]


class TaskOut(Schema):
    """One thing to do, or (`waiting`) to know of."""

    what: str
    route: str
    key: int | None
    due_at: datetime | None
    waiting: bool


class RoundOut(Schema):
    """A live round. `closes`: the end of each window, as it holds for everybody now."""

    id: int
    authority: str
    year: int
    stage: str
    version: int
    closes: dict[str, datetime | None]


class EntryOut(Schema):
    """One entry, with where its papers stand."""

    id: int
    round: int
    kind: str
    serial: int
    name: str
    institution: str
    channel: str
    standing: str
    next: str | None
    version: int
    digest: str
    handed_in_at: datetime | None
    closes_at: datetime | None


class EntriesOut(Schema):
    """A page of entries, of `total` that fit."""

    total: int
    entries: list[EntryOut]


class FigureOut(Schema):
    """One figure as it was handed in: exact text with its unit, or the status of a missing one."""

    unit: str
    status: str
    value: str


class SubmissionOut(Schema):
    """One frozen version."""

    version: int
    state: str
    digest: str
    handed_in_at: datetime
    signed_by: str
    figures: dict[str, FigureOut]
    roster: list[dict[str, str | int | None]]


@operation("GET", "/me", act="read_own_work", answer=Me)
def me(request: HttpRequest) -> Me:
    """Who this token stands for."""
    who = bearer(request)
    return Me(
        username=who.actor.code,
        name=who.actor.name,
        role=who.actor.role.value,
        unit=who.actor.unit,
        authority=who.actor.authority,
        scopes=list(who.scopes),
    )


@operation("GET", "/tasks", act="read_own_work", answer=list[TaskOut])
def tasks(request: HttpRequest) -> list[TaskOut]:
    """What the account owes now, the most urgent first."""
    return [
        TaskOut(
            what=task.what,
            route=task.route,
            key=task.address[0] if task.address else None,
            due_at=task.due_at,
            waiting=task.waiting,
        )
        for task in todo_of(actor(request), at=clock.now())
    ]


@operation("GET", "/rounds", act="read_own_work", answer=list[RoundOut])
def rounds(request: HttpRequest) -> list[RoundOut]:
    """The live rounds within one's reach, the latest first."""
    return [round_out(each) for each in rounds_for(actor(request), "read_entry").select_related("authority")]


def round_out(evaluation_round: Round) -> RoundOut:
    """Return a round as the interface gives it; its authority is looked at."""
    names = ("submission_closes_at", "preliminary_review_closes_at")
    return RoundOut(
        id=evaluation_round.pk,
        authority=evaluation_round.authority.code,
        year=evaluation_round.year,
        stage=evaluation_round.stage,
        version=evaluation_round.version,
        closes={name: deadline(evaluation_round, name) for name in names},
    )


class EntriesPage(Page):
    """Which entries: `limit` (at most 200) from `offset` on; `round` narrows to one."""

    round: Key | None = None


@operation("GET", "/entries", act="read_entry", answer=EntriesOut)
def entries(request: HttpRequest, page: EntriesPage = Query(...)) -> EntriesOut:  # type: ignore[type-arg]  # noqa: B008
    """The entries within one's reach, by round, kind and serial."""
    found = entries_for(actor(request), "read_entry")
    if page.round is not None:
        found = found.filter(round=page.round)
    found = found.order_by("-round__year", "kind", "serial")
    asked = found.filter(pk__in=list(found.values_list("pk", flat=True)[page.rows]))
    return EntriesOut(
        total=found.count(),
        entries=[_entry(papers, actor(request)) for papers in papers_of(asked, at=clock.now())],
    )


@operation("GET", "/entries/{int:entry_id}", act="read_entry", answer=EntryOut)
def entry(request: HttpRequest, entry_id: int) -> EntryOut:
    """One entry."""
    found = entry_of(request, entry_id, "read_entry")
    [papers] = papers_of(Entry.objects.filter(pk=found.pk), at=clock.now())
    return _entry(papers, actor(request))


def entry_of(request: HttpRequest, entry_id: int, act: str) -> Entry:
    """Return an entry within the reach of an act, or raise Http404, as for one that is not there."""
    narrowed = entries_for(actor(request), act).select_related(
        "round__authority", "qualification__institution"
    )
    return get_object_or_404(narrowed, pk=entry_id)


def round_of(request: HttpRequest, round_id: int, act: str) -> Round:
    """Return a round within the reach of an act, or raise Http404, as for one that is not there."""
    return get_object_or_404(rounds_for(actor(request), act).select_related("authority"), pk=round_id)


def standing_for(who: Actor, papers: Papers) -> Standing:
    """Return the standing as `who` may know it: a draft is nothing yet to the department."""
    drafted = papers.standing is Standing.DRAFT and who.role is Role.DEPARTMENT
    return Standing.NOTHING if drafted else papers.standing


def _entry(papers: Papers, who: Actor) -> EntryOut:
    found = papers.entry
    return EntryOut(
        id=found.pk,
        round=found.round_id,
        kind=found.kind,
        serial=found.serial,
        name=found.name,
        institution=found.qualification.institution.code,
        channel=found.channel,
        standing=standing_for(who, papers).value,
        next=papers.next.value if papers.next else None,
        version=papers.version,
        digest=papers.digest,
        handed_in_at=papers.handed_in_at,
        closes_at=papers.closes_at,
    )


@operation("GET", "/entries/{int:entry_id}/submissions", act="read_submission", answer=list[SubmissionOut])
def submissions(request: HttpRequest, entry_id: int) -> list[SubmissionOut]:
    """Every version that was handed in, the first first."""
    return [submission_out(each) for each in entry_of(request, entry_id, "read_submission").submissions.all()]


@operation(
    "GET", "/entries/{int:entry_id}/submissions/current", act="read_submission", answer=SubmissionOut | None
)
def current_submission(request: HttpRequest, entry_id: int) -> SubmissionOut | None:
    """The version that counts, or null where none does."""
    found = latest_submission(entry_of(request, entry_id, "read_submission"))
    return submission_out(found) if found else None


def submission_out(submission: Submission) -> SubmissionOut:
    """Return a version as the interface gives it."""
    return SubmissionOut(
        version=submission.version,
        state=submission.state,
        digest=submission.digest,
        handed_in_at=submission.handed_in_at,
        signed_by=submission.signed_by,
        figures={code: FigureOut(**figure) for code, figure in submission.figures.items()},
        roster=submission.roster,
    )
