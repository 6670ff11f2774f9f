"""What the department does: the board and the due list of a round, more time, rulings, reminders, the next stage."""

from collections import Counter
from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Schema
from pydantic import Field

from hatchmark.api.given import Code, Key, Page, Reason, Typed, Version
from hatchmark.api.operations import actor, doing, operation
from hatchmark.api.papers import RequestOut, request_out, requests_out
from hatchmark.api.work import RoundOut, round_of, round_out, standing_for
from hatchmark.db.models import Request, Round
from hatchmark.domain.calls import DueLine
from hatchmark.domain.permissions import Role
from hatchmark.domain.workflow import STAGES, Stage, transition_from
from hatchmark.services import calls, clock, extensions, messages, requests, rounds
from hatchmark.services.handing_in import Papers, papers_of
from hatchmark.services.reach import entries_for
from hatchmark.services.refusals import OutdatedError

MOST_REMINDED = messages.MOST_AT_ONCE
LONGEST_NOTE = 300


def _next_act(evaluation_round: Round) -> str:
    last = evaluation_round.stage == STAGES[-1]
    return "" if last else transition_from(Stage(evaluation_round.stage)).act


# ---- the board --------------------------------------------------------------------------------------------


class UndoneOut(Schema):
    """One thing that the stage waits for; `entry` is empty where it is about none."""

    what: str
    entry: str
    text: str


class BoardOut(Schema):
    """A round at its stage: how many stand where, the act that ends the stage, and what it waits for."""

    round: RoundOut
    counts: dict[str, int]
    by_channel: dict[str, dict[str, int]]
    next_act: str
    undone: list[UndoneOut]


@operation("GET", "/rounds/{int:round_id}/board", act="read_board", answer=BoardOut)
def board(request: HttpRequest, round_id: int) -> BoardOut:
    """How far a round is, and what its stage waits for."""
    at, who = clock.now(), actor(request)
    found = round_of(request, round_id, "read_board")
    papers = papers_of(entries_for(who, "read_entry").filter(round=found), at=at, of=found)
    by_channel: dict[str, Counter[str]] = {}
    for each in papers:
        by_channel.setdefault(each.entry.channel, Counter())[standing_for(who, each).value] += 1
    return BoardOut(
        round=round_out(found),
        counts=Counter(standing_for(who, each).value for each in papers),
        by_channel={channel: dict(counts) for channel, counts in sorted(by_channel.items())},
        next_act=_next_act(found),
        undone=[
            UndoneOut(what=each.what, entry=each.entry, text=each.text)
            for each in rounds.blocking(found, at=at, papers=papers)
        ],
    )


class DueLineOut(Schema):
    """One line of a due list with its reasons: `register`, `take_part_again:YEAR:ENTRY`, `added:WHY`."""

    kind: str
    serial: int
    institution: str
    name: str
    operators: str
    channel: str
    reasons: list[str]


class DueOut(DueLineOut):
    """Such a line, with its entry."""

    entry: int


def due_line(line: DueLine) -> DueLineOut:
    """Return a line of a due list as the interface gives it."""
    return DueLineOut(
        kind=line.key.kind,
        serial=line.key.serial,
        institution=line.institution,
        name=line.name,
        operators=line.operators_printed,
        channel=line.channel,
        reasons=calls.reasons_of(line),
    )


class DueListOut(Schema):
    """A page of the due list, of `total` lines."""

    total: int
    lines: list[DueOut]


@operation("GET", "/rounds/{int:round_id}/due", act="read_board", answer=DueListOut)
def due(
    request: HttpRequest,
    round_id: int,
    page: Page = Query(...),  # type: ignore[type-arg]  # noqa: B008
) -> DueListOut:
    """Who is due in a round, and why, as it was called."""
    found = round_of(request, round_id, "read_board")
    lines = calls.due_of(found).lines
    keys = {(kind, serial): pk for kind, serial, pk in found.entries.values_list("kind", "serial", "pk")}
    return DueListOut(
        total=len(lines),
        lines=[
            DueOut(entry=keys[line.key.kind, line.key.serial], **due_line(line).model_dump())
            for line in lines[page.rows]
        ],
    )


# ---- more time, the next stage ----------------------------------------------------------------------------


class ExtensionIn(Schema):
    """Until which day a window stays open, for one entry or, without one, for all of the round."""

    deadline: Code
    day: date
    reason: Reason
    entry: Key | None = None


class ExtensionOut(Schema):
    """The window as it ends now."""

    deadline: str
    until: datetime
    entry: int | None
    reason: str


@operation("POST", "/rounds/{int:round_id}/extensions", act="extend_deadline", answer=ExtensionOut)
def extend_deadline(
    request: HttpRequest, round_id: int, body: ExtensionIn, dry_run: bool = False
) -> ExtensionOut:
    """Give more time, to one entry or to all, at the hour at which the call let the window end."""
    who, at = actor(request), clock.now()
    found = round_of(request, round_id, "extend_deadline")
    entry = None
    if body.entry is not None:
        narrowed = entries_for(who, "extend_deadline").filter(round=found)
        entry = get_object_or_404(narrowed.select_related("round__authority"), pk=body.entry)
    until = (
        extensions.extended_to(found, body.deadline, body.day)
        if body.deadline in extensions.EXTENDABLE
        else at
    )
    extension = doing(
        lambda: extensions.extend_deadline(
            evaluation_round=found,
            entry=entry,
            name=body.deadline,
            until=until,
            reason=body.reason,
            actor=who,
            at=at,
        ),
        dry_run=dry_run,
    )
    return ExtensionOut(
        deadline=extension.deadline, until=extension.until, entry=extension.entry_id, reason=extension.reason
    )


class MoveIn(Schema):
    """The version of the round as it was looked at: whoever was slower moves nothing."""

    version: Version


def _move(request: HttpRequest, round_id: int, act: str, body: MoveIn, *, dry_run: bool) -> RoundOut:
    who, at = actor(request), clock.now()
    found = round_of(request, round_id, act)
    if found.version != body.version or _next_act(found) != act:
        raise OutdatedError(
            f"{found} is at {found.stage} (version {found.version}), which {_next_act(found) or 'nothing'} ends; "
            "open it again"
        )

    def do() -> RoundOut:
        rounds.close_stage(evaluation_round=found, actor=who, at=at)
        return round_out(found)

    return doing(do, dry_run=dry_run)


@operation("POST", "/rounds/{int:round_id}/open-submission", act="open_submission", answer=RoundOut)
def open_submission(request: HttpRequest, round_id: int, body: MoveIn, dry_run: bool = False) -> RoundOut:
    """End the call: institutions can hand in."""
    return _move(request, round_id, "open_submission", body, dry_run=dry_run)


@operation("POST", "/rounds/{int:round_id}/close-submission", act="close_submission", answer=RoundOut)
def close_submission(request: HttpRequest, round_id: int, body: MoveIn, dry_run: bool = False) -> RoundOut:
    """End the submission once its window is over: the preliminary review begins."""
    return _move(request, round_id, "close_submission", body, dry_run=dry_run)


@operation(
    "POST",
    "/rounds/{int:round_id}/close-preliminary-review",
    act="close_preliminary_review",
    answer=RoundOut,
)
def close_preliminary_review(
    request: HttpRequest, round_id: int, body: MoveIn, dry_run: bool = False
) -> RoundOut:
    """End the preliminary review, once nothing of it is undone."""
    return _move(request, round_id, "close_preliminary_review", body, dry_run=dry_run)


# ---- reminders --------------------------------------------------------------------------------------------


class WaitingOut(Schema):
    """An entry that has still to hand something in."""

    entry: int
    name: str
    channel: str
    closes_at: datetime | None


class ReminderIn(Schema):
    """Whom to remind, of those who wait, and a sentence of one's own."""

    entries: Annotated[list[Key], Field(max_length=MOST_REMINDED)]
    note: Annotated[Typed, Field(max_length=LONGEST_NOTE)] = ""


class ReminderOut(Schema):
    """How many entries, and how many accounts of theirs were told."""

    entries: int
    accounts: int


def _waiting(request: HttpRequest, found: Round, at: datetime) -> list[Papers]:
    entries = entries_for(actor(request), "send_reminders").filter(round=found).order_by("kind", "serial")
    return [papers for papers in papers_of(entries, at=at) if papers.next is Role.INSTITUTION]


@operation("GET", "/rounds/{int:round_id}/reminders", act="send_reminders", answer=list[WaitingOut])
def reminders_preview(request: HttpRequest, round_id: int) -> list[WaitingOut]:
    """Whom a reminder would go to."""
    found = round_of(request, round_id, "send_reminders")
    return [
        WaitingOut(
            entry=papers.entry.pk,
            name=papers.entry.name,
            channel=papers.entry.channel,
            closes_at=papers.closes_at,
        )
        for papers in _waiting(request, found, clock.now())
    ]


@operation("POST", "/rounds/{int:round_id}/reminders", act="send_reminders", answer=ReminderOut)
def send_reminders(
    request: HttpRequest, round_id: int, body: ReminderIn, dry_run: bool = False
) -> ReminderOut:
    """Remind exactly these; where one of them has handed in since, nobody is bothered."""
    who, at = actor(request), clock.now()
    found = round_of(request, round_id, "send_reminders")
    wanted = set(body.entries)
    chosen = [papers for papers in _waiting(request, found, at) if papers.entry.pk in wanted]
    if {papers.entry.pk for papers in chosen} != wanted:
        raise OutdatedError("not all of these still have to hand in; look at the list again")
    told = doing(
        lambda: messages.remind(
            evaluation_round=found,
            entries=[papers.entry for papers in chosen],
            due={papers.entry.pk: papers.closes_at or at for papers in chosen},
            note=body.note.strip(),
            actor=who,
            at=at,
        ),
        dry_run=dry_run,
    )
    return ReminderOut(entries=len(chosen), accounts=told)


# ---- requests ---------------------------------------------------------------------------------------------


class RequestsPage(Page):
    """Which requests: `state` is open, granted or refused; without it all, the latest first."""

    state: Code = ""


class RequestsOut(Schema):
    """A page of requests, of `total` that fit."""

    total: int
    requests: list[RequestOut]


class RulingIn(Schema):
    """Granted or not, and why."""

    grant: bool
    reason: Reason


@operation("GET", "/requests", act="read_board", answer=RequestsOut)
def all_requests(
    request: HttpRequest,
    page: RequestsPage = Query(...),  # type: ignore[type-arg]  # noqa: B008
) -> RequestsOut:
    """What institutions of the authority have asked for."""
    found = Request.objects.filter(qualification__institution__authority__code=actor(request).authority)
    if page.state:
        found = found.filter(ruling="" if page.state == "open" else page.state)
    rows = found.select_related("qualification__institution")
    return RequestsOut(total=found.count(), requests=requests_out(rows[page.rows]))


def _asked(request: HttpRequest, request_id: int) -> Request:
    narrowed = Request.objects.filter(
        qualification__institution__authority__code=actor(request).authority
    ).select_related(
        "entry__round__authority",
        "entry__qualification__institution",
        "qualification__institution__authority",
    )
    return get_object_or_404(narrowed, pk=request_id)


@operation("POST", "/requests/{int:request_id}/deferral-ruling", act="rule_deferral", answer=RequestOut)
def rule_deferral(request: HttpRequest, request_id: int, body: RulingIn, dry_run: bool = False) -> RequestOut:
    """Grant or refuse a deferral. Granted, the institution takes part in the year after."""
    who, at = actor(request), clock.now()
    asked = _asked(request, request_id)
    return request_out(
        doing(
            lambda: requests.rule_deferral(request=asked, actor=who, at=at, **body.model_dump()),
            dry_run=dry_run,
        )
    )


@operation("POST", "/requests/{int:request_id}/change-ruling", act="rule_change", answer=RequestOut)
def rule_change(request: HttpRequest, request_id: int, body: RulingIn, dry_run: bool = False) -> RequestOut:
    """Grant or refuse a reported change. Granted, it enters the register."""
    who, at = actor(request), clock.now()
    asked = _asked(request, request_id)
    return request_out(
        doing(
            lambda: requests.rule_change(request=asked, actor=who, at=at, **body.model_dump()),
            dry_run=dry_run,
        )
    )
