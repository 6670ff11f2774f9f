"""The pages of the department: the list of rounds, the board of one, its due list, its deadlines, one entry."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import Count, OuterRef, Q, Subquery, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_safe

from hatchmark.db.models import Entry, Extension, LedgerEntry, PendingAct, Request, Round
from hatchmark.documents.docx import notice_docx
from hatchmark.documents.list_sheets import ListSheet, list_xlsx
from hatchmark.documents.pdf import notice_pdf
from hatchmark.domain.calls import DueLine, reason_words
from hatchmark.domain.deadlines import CHINA, NoCalendarError, working_days
from hatchmark.domain.handing_in import Standing
from hatchmark.domain.notices import FICTIONAL
from hatchmark.domain.openings import DEADLINES
from hatchmark.domain.permissions import Actor, Role, may
from hatchmark.domain.permissions import Subject as Facts
from hatchmark.domain.vocabulary import Vocabulary
from hatchmark.domain.workflow import STAGES, WITH_A_DOCUMENT, Stage, transition_from
from hatchmark.services import calls, clock, extensions, rounds
from hatchmark.services.deadlines import called, deadline, deadline_of, granted_in
from hatchmark.services.handing_in import Papers, papers_of
from hatchmark.services.reach import entries_for, rounds_for
from hatchmark.services.refusals import RefusedError
from hatchmark.services.rounds import scheme_of_entry
from hatchmark.services.todo import HANDING_IN
from hatchmark.services.vocabularies import vocabulary_of
from hatchmark.web import words
from hatchmark.web.accounts import actor_for
from hatchmark.web.addresses import address_of
from hatchmark.web.pages import attachment
from hatchmark.web.paging import Asked, page_of
from hatchmark.web.problems import faults_of, refusal
from hatchmark.web.results import folded
from hatchmark.web.rows import kind_title
from hatchmark.web.schemes import scheme_address
from hatchmark.web.typed import number, typed
from hatchmark.web.work import back, show_work, tell, time_left
from hatchmark.web.working import value_text

BLOCKING_SHOWN = 8
LEDGER_SHOWN = 30
SORTS = ("", "name", "channel", "standing", "closes")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = {
    "docx": (notice_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (notice_pdf, "application/pdf"),
}

# The lines of the ledger that a board shows. What is not named here stays away from it: a draft, for one.
ACTS_SHOWN = (
    "open_round", "open_submission", "close_submission", "close_preliminary_review", "close_expert_review",
    "close_spot_check", "close_integrity_review", "give_public_notice", "publish", "begin_follow_up", "submit",
    "withdraw", "correct", "approve", "return_fields", "refuse", "ask_deferral", "rule_deferral", "extend_deadline",
    "explain_absence", "propose_scheme_change", "confirm_scheme_change", "drop_scheme_change", "attach_scan",
)  # fmt: skip


def round_for(request: HttpRequest, pk: int, act: str = "read_board") -> Round:
    """Return a live round that whoever asks may do `act` in; 404 for any other, as if there were none."""
    return get_object_or_404(rounds_for(actor_for(request), act).select_related("authority"), pk=pk)


def titles_of(evaluation_round: Round, language: str) -> dict[str, str]:
    """Return what each kind of a round is called."""
    vocabulary = vocabulary_of(evaluation_round)
    return {
        kind.kind: kind_title(kind.kind, language=language, vocabulary=vocabulary)
        for kind in evaluation_round.kinds.all()
    }


# ---- the list of rounds ------------------------------------------------------------------------------------


@require_safe
def all_rounds(request: HttpRequest, language: str) -> HttpResponse:
    """年度评价: every round of the authority, the live ones with their stage, and the way to the next one."""
    actor, now = actor_for(request), clock.now()
    found = Round.objects.filter(authority__code=actor.authority).order_by("-year").prefetch_related("kinds")
    rows = [
        {
            "year": each.year,
            "past": each.past,
            "fictional": each.fictional,
            "kinds": words.text(language, "kinds_listed").join(titles_of(each, language).values()),
            "stage": words.say(language, f"stage_{each.stage}"),
            "address": "" if each.past else address_of(language, "board", each.pk),
            "results": address_of(language, "round", actor.authority, each.year)
            if each.stage in (Stage.PUBLISHED, Stage.FOLLOW_UP)
            else "",
        }
        for each in found
    ]
    latest = found.first()
    unpublished = latest is not None and not latest.result_notices.exists()
    return show_work(
        request,
        "web/work/rounds.html",
        language,
        {
            "rows": rows,
            "next_year": (latest.year + 1) if latest else now.astimezone(CHINA).year,
            "waits_for": latest.year if latest is not None and unpublished else 0,
        },
    )


# ---- the board ---------------------------------------------------------------------------------------------


def _stepper(evaluation_round: Round, language: str, *, blocked: bool) -> list[dict[str, str]]:
    present = STAGES.index(Stage(evaluation_round.stage))
    steps = []
    for place, stage in enumerate(STAGES):
        state = "done" if place < present else "todo"
        if place == present:
            state = "blocked" if blocked else "now"
        steps.append(
            {
                "label": words.say(language, f"stage_{stage}"),
                "state": state,
                "says": words.say(language, f"step_{state}"),
            }
        )
    return steps


_PRINTED = (
    "round", "qualification", "kind", "serial", "name", "aliases", "operators_printed", "channel",
)  # fmt: skip
"""What the board says of an entry, and all that it reads: a round has hundreds."""


def _standing(papers: Papers) -> str:
    # A draft is seen by the institution alone: to the department, nothing has been handed in.
    return (Standing.NOTHING if papers.standing is Standing.DRAFT else papers.standing).value


class Board:
    """What the board and its Excel list share: the entries of a round with their papers, as an address asks for."""

    STANDINGS = tuple(each.value for each in Standing if each is not Standing.DRAFT)

    def __init__(self, request: HttpRequest, language: str, evaluation_round: Round) -> None:
        self.language = language
        self.now = clock.now()
        self.round = evaluation_round
        self.titles = titles_of(evaluation_round, language)
        actor = actor_for(request)
        entries = entries_for(actor, "read_entry").filter(round=evaluation_round).only(*_PRINTED)
        self.granted = granted_in([evaluation_round.pk])
        positions = {kind: place for place, kind in enumerate(self.titles)}
        self.papers = sorted(
            papers_of(entries, at=self.now, of=evaluation_round, granted=self.granted, institutions=False),
            key=lambda each: (positions[each.entry.kind], each.entry.serial),
        )
        self.asked = Asked.read(request.GET, ("q", "kind", "channel", "standing", "sort"))

    @cached_property
    def end(self) -> datetime | None:
        """When the present stage ends for everybody, where the call named a day."""
        return self.granted.to_all(self.round, f"{self.round.stage}_closes_at")

    @property
    def channels(self) -> list[str]:
        """The channels of the round, as printed, in order."""
        return sorted({each.entry.channel for each in self.papers})

    def chosen(self) -> list[Papers]:
        """Return the entries that are asked for, in the order that is asked for."""
        asked, wanted = self.asked, [folded(word) for word in self.asked["q"].split()]
        found = [
            each
            for each in self.papers
            if (not asked["kind"] or each.entry.kind == asked["kind"])
            and (not asked["channel"] or each.entry.channel == asked["channel"])
            and (not asked["standing"] or _standing(each) == asked["standing"])
            and all(word in _searched(each.entry) for word in wanted)
        ]
        keys = {
            "name": lambda each: folded(each.entry.name),
            "channel": lambda each: each.entry.channel,
            "standing": lambda each: self.STANDINGS.index(_standing(each)),
            "closes": lambda each: each.due_at or datetime.max.replace(tzinfo=CHINA),
        }
        return sorted(found, key=keys[asked["sort"]]) if asked["sort"] in keys else found

    def row(self, each: Papers) -> dict[str, Any]:
        """Return an entry as a row of the list. Once the preliminary review is over, it is nobody's turn any more."""
        turn = each.next if Stage(self.round.stage) in HANDING_IN else None
        closes = words.moment(self.language, each.due_at) if each.due_at and turn else ""
        return {
            "place": f"{self.titles[each.entry.kind]} {each.entry.serial}",
            "serial": each.entry.serial,
            "kind": self.titles[each.entry.kind],
            "name": each.entry.name,
            "operators": each.entry.operators_printed,
            "channel": each.entry.channel,
            "standing": _standing(each),
            "label": words.say(self.language, f"board_{_standing(each)}"),
            "version": each.version,
            "handed_in": words.moment(self.language, each.handed_in_at) if each.handed_in_at else "",
            "closes": closes,
            "due": words.say(self.language, "todo_due", moment=closes) if closes else "",
            "extended": each.extended,
            "next": words.say(self.language, f"role_{turn}") if turn else "",
            "address": address_of(self.language, "entry", each.entry.pk),
        }

    def counts(self, of: Sequence[str], key: Any) -> list[dict[str, Any]]:
        """Count the standings by `key`, a row for each of `of` with a link to the list of each number."""
        counted = Counter((key(each), _standing(each)) for each in self.papers)
        name = "kind" if set(of) <= set(self.titles) else "channel"
        here = address_of(self.language, "board", self.round.pk)
        return [
            {
                "label": self.titles.get(each, each),
                "cells": [
                    {
                        "n": counted[each, standing],
                        # Most of a table of channels is nought, and nought leads nowhere.
                        "address": f"{here}{Asked({name: each, 'standing': standing}, 1).address()}#list"
                        if counted[each, standing]
                        else "",
                    }
                    for standing in self.STANDINGS
                ],
                "total": sum(counted[each, standing] for standing in self.STANDINGS),
            }
            for each in of
        ]


def _searched(entry: Entry) -> str:
    return folded(" ".join((entry.name, *entry.aliases, entry.operators_printed)))


def _blocking(board: Board, found: Sequence[rounds.Undone], *, all_of_it: bool = False) -> dict[str, Any]:
    by_key = {str(each.entry): each.entry for each in board.papers}
    shown = found if all_of_it else found[:BLOCKING_SHOWN]
    lines = []
    for each in shown:
        entry = by_key.get(each.entry)
        facts = {
            name: words.moment(board.language, value)
            if isinstance(value, datetime)
            else board.titles.get(str(value), value)
            for name, value in each.facts.items()
        }
        lines.append(
            {
                "text": words.say(board.language, f"undone_{each.what}", **facts)
                if f"undone_{each.what}" in words.TEXTS
                else each.text,
                "name": entry.name if entry else "",
                "address": address_of(board.language, "entry", entry.pk) if entry else "",
            }
        )
    return {"lines": lines, "total": len(found), "more": len(found) - len(shown)}


def _next_act(board: Board, actor: Actor, blocked: bool) -> dict[str, str]:
    """Return the act that leaves the stage, or why it cannot be done now."""
    stage = Stage(board.round.stage)
    if stage is STAGES[-1]:
        return {"none": words.say(board.language, "next_none")}
    move = transition_from(stage)
    target = words.say(board.language, f"stage_{move.target}")
    if move.act in WITH_A_DOCUMENT:
        return {"none": words.say(board.language, f"next_{move.act}")}
    # Only submission waits for its window; that of another stage ends nothing by itself.
    closes_at = board.end if stage is Stage.SUBMISSION else None
    subject = Facts(authority=board.round.authority.code, window_closes_at=closes_at)
    if not may(actor, move.act, subject, stage=stage, at=board.now):
        end = words.moment(board.language, closes_at) if closes_at else ""
        return {"none": words.say(board.language, "next_window", moment=end, target=target)}
    if blocked:
        return {"none": words.say(board.language, "next_blocked", target=target)}
    return {
        "label": words.say(board.language, "next_move", target=target),
        "target": target,
        "address": address_of(board.language, "move-on", board.round.pk),
    }


def frame_of(board_round: Round, language: str) -> dict[str, Any]:
    """Return what every page of a round has: its year, its marks, the way back to its board."""
    year = words.say(language, "year_of", year=board_round.year)
    return {
        "round": board_round,
        "year_title": year,
        "fictional": board_round.fictional,
        "board_address": address_of(language, "board", board_round.pk),
        "rounds_address": address_of(language, "rounds"),
    }


def _with_what_waits(request: HttpRequest) -> Any:
    """Return the rounds that a board may be asked of, with the requests and the change of scheme that wait."""
    waiting = Request.objects.filter(
        Q(entry__round=OuterRef("pk")) | Q(entry=None),
        ruling="",
        qualification__institution__authority=OuterRef("authority"),
    )
    counted = waiting.order_by().values("ruling").annotate(n=Count("pk")).values("n")
    pending = PendingAct.objects.filter(round=OuterRef("pk"), state="proposed")
    return (
        rounds_for(actor_for(request), "read_board")
        .select_related("authority")
        .prefetch_related("kinds")
        .annotate(open_requests=Coalesce(Subquery(counted), 0), pending=Subquery(pending.values("pk")[:1]))
    )


@require_safe
def board(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """The board of a round: stages, what blocks, counts, entries, and what has been done."""
    evaluation_round = get_object_or_404(_with_what_waits(request), pk=pk)
    shown = Board(request, language, evaluation_round)
    found = rounds.blocking(evaluation_round, at=shown.now, papers=shown.papers)
    actor = actor_for(request)
    end = shown.end
    page = page_of(shown.asked, shown.chosen())
    page["rows"] = [shown.row(each) for each in page["rows"]]
    return show_work(
        request,
        "web/work/board.html",
        language,
        {
            **frame_of(evaluation_round, language),
            "steps": _stepper(evaluation_round, language, blocked=bool(found)),
            "stage": words.say(language, f"stage_{evaluation_round.stage}"),
            "end": words.moment(language, end) if end else "",
            "left": time_left(language, end, now=shown.now) if end else "",
            "overdue": end is not None and end < shown.now,
            "blocking": _blocking(shown, found),
            "next": _next_act(shown, actor, bool(found)),
            "standings": [words.say(language, f"board_{each}") for each in Board.STANDINGS],
            "by_kind": shown.counts(list(shown.titles), lambda each: each.entry.kind),
            "by_channel": shown.counts(shown.channels, lambda each: each.entry.channel),
            "page": page,
            "asked": shown.asked,
            "fields": _fields(shown),
            "sorts": [
                {
                    "value": each,
                    "label": words.say(language, f"sort_{each or 'serial'}"),
                    "chosen": shown.asked["sort"] == each,
                }
                for each in SORTS
            ],
            "xlsx": address_of(language, "board-xlsx", pk) + shown.asked.address(),
            "ledger": _ledger(shown),
            "can_extend": evaluation_round.stage in (Stage.SUBMISSION, Stage.PRELIMINARY_REVIEW),
            "can_change_scheme": evaluation_round.stage in (Stage.CALL, Stage.SUBMISSION),
            "schemes": _schemes(shown),
            "call": [
                {"ending": name.upper(), "address": address_of(language, "call-file", pk, name)}
                for name in FORMATS
            ]
            if evaluation_round.settings.get(calls.DUE, {}).get("after")
            else [],
            "open_requests": evaluation_round.open_requests,
            "pending": address_of(language, "pending", evaluation_round.pending)
            if evaluation_round.pending
            else "",
        },
    )


def _fields(shown: Board) -> list[dict[str, Any]]:
    options = {
        "kind": [(kind, title) for kind, title in shown.titles.items()],
        "channel": [(channel, channel) for channel in shown.channels],
        "standing": [(each, words.say(shown.language, f"board_{each}")) for each in Board.STANDINGS],
    }
    return [
        {
            "name": name,
            "label": words.say(shown.language, f"column_{name}"),
            "options": [
                {"value": value, "label": label, "chosen": shown.asked[name] == value}
                for value, label in found
            ],
        }
        for name, found in options.items()
        if len(found) > 1
    ]


def _schemes(shown: Board) -> list[dict[str, str]]:
    return [
        {
            "kind": shown.titles[kind.kind],
            "scheme": kind.scheme,
            "digest": kind.scheme_digest[:12],
            "address": scheme_address(kind.scheme, language=shown.language),
        }
        for kind in shown.round.kinds.all()
        if kind.scheme
    ]


def _ledger(shown: Board) -> list[dict[str, Any]]:
    by_key = {str(each.entry): each.entry for each in shown.papers}
    kept = LedgerEntry.objects.filter(round=shown.round, act__in=ACTS_SHOWN).order_by("-sequence")
    # Without its details, which can be long, and its digests.
    lines = kept.only("sequence", "act", "actor", "actor_role", "subject", "happened_at", "happened_bound")
    found = []
    for line in lines[:LEDGER_SHOWN]:
        entry = by_key.get(line.subject)
        found.append(
            {
                "act": words.say(shown.language, f"done_{line.act}"),
                "actor": line.actor,
                "role": words.say(shown.language, f"role_{line.actor_role}"),
                "name": entry.name if entry else "",
                "at": words.moment(shown.language, datetime.fromisoformat(line.happened_at))
                if line.happened_at
                else line.happened_bound,
                "sequence": line.sequence,
            }
        )
    return found


@require_safe
def board_xlsx(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """The entries of the board that the address asks for, all of them, as a workbook."""
    evaluation_round = round_for(request, pk)
    shown = Board(request, language, evaluation_round)
    heads = (
        ("serial", 6), ("kind", 16), ("name", 36), ("operators", 36), ("channel", 18), ("standing", 12),
        ("version", 8), ("handed_in", 28), ("closes", 28), ("next", 16),
    )  # fmt: skip
    rows = [shown.row(each) for each in shown.chosen()]
    content = ListSheet(
        title=words.say(language, "board_title", year=evaluation_round.year),
        notes=(
            *((FICTIONAL,) if evaluation_round.fictional else ()),
            words.say(language, "as_it_stood", moment=words.moment(language, shown.now)),
        ),
        heads=tuple((words.say(language, f"column_{name}"), width) for name, width in heads),
        rows=tuple(
            [each["label"] if name == "standing" else each[name] or "" for name, _ in heads] for each in rows
        ),
    )
    return attachment(
        list_xlsx(content), XLSX, f"{evaluation_round.authority.code}-{evaluation_round.year}.xlsx"
    )


# ---- moving on ---------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def move_on(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """A grave act has a page of its own: what is affected, how many, and the year typed as confirmation."""
    evaluation_round = round_for(request, pk)
    shown = Board(request, language, evaluation_round)
    found = rounds.blocking(evaluation_round, at=shown.now, papers=shown.papers)
    offered = _next_act(shown, actor_for(request), bool(found))
    wrong = ""
    if request.method == "POST":
        if typed(request.POST, "typed").strip() != str(evaluation_round.year):
            wrong = words.say(language, "typed_wrong", year=evaluation_round.year)
        else:
            # As the page saw it: whoever was slower is told that the round has moved on, and moves nothing.
            evaluation_round.version = number(typed(request.POST, "version")) or 0
            try:
                rounds.close_stage(evaluation_round=evaluation_round, actor=actor_for(request), at=shown.now)
            except RefusedError as error:
                return _refused(request, language, pk, error)
            tell(
                request,
                words.say(language, "moved_on", stage=words.say(language, f"stage_{evaluation_round.stage}")),
            )
            return back(request, language, "board", pk)
    counts = Counter(_standing(each) for each in shown.papers)
    return show_work(
        request,
        "web/work/move_on.html",
        language,
        {
            **frame_of(evaluation_round, language),
            "next": offered,
            "stage": words.say(language, f"stage_{evaluation_round.stage}"),
            "effect": words.say(language, f"effect_{transition_from(Stage(evaluation_round.stage)).act}")
            if evaluation_round.stage != STAGES[-1]
            else "",
            "blocking": _blocking(shown, found, all_of_it=True),
            "counts": [
                {"label": words.say(language, f"board_{each}"), "n": counts[each]}
                for each in Board.STANDINGS
                if counts[each]
            ],
            "total": len(shown.papers),
            "wrong": wrong,
        },
        status=422 if wrong else 200,
    )


def _refused(request: HttpRequest, language: str, pk: int, error: RefusedError) -> HttpResponse:
    messages.error(request, refusal(language, error))
    return back(request, language, "board", pk)


# ---- the due list, and the call ----------------------------------------------------------------------------


def reasons_in(language: str, line: DueLine, vocabulary: Vocabulary) -> str:
    """Say why a line is due. In Chinese as the call prints it."""
    if language == "zh":
        return reason_words(line, vocabulary)
    found = [words.say(language, "reason_register")] if line.registered else []
    for duty in line.owed:
        key = "reason_failed" if duty.failed else "reason_deferred"
        kind = kind_title(duty.key.kind, language=language, vocabulary=vocabulary)
        said = words.say(language, key, year=duty.from_year, kind=kind, serial=duty.key.serial)
        if duty.as_kind != duty.key.kind:
            other = kind_title(duty.as_kind, language=language, vocabulary=vocabulary)
            said += words.say(language, "reason_as", kind=other)
        found.append(said)
    if line.added:
        found.append(words.say(language, "reason_added", reason=line.added))
    return "; ".join(found)


@require_safe
def due(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """应评名单 as it was called: every line with its reason, whom an officer left out, and who had left."""
    evaluation_round = round_for(request, pk)
    prefetch_related_objects([evaluation_round], "kinds")
    titles = titles_of(evaluation_round, language)
    vocabulary = vocabulary_of(evaluation_round)
    listed = calls.due_of(evaluation_round)
    numbers = {(entry.kind, entry.serial): entry.pk for entry in evaluation_round.entries.all()}
    asked = Asked.read(request.GET, ("q", "kind"))
    wanted = [folded(word) for word in asked["q"].split()]
    chosen = [
        line
        for line in listed.lines
        if (not asked["kind"] or line.key.kind == asked["kind"])
        and all(word in folded(f"{line.name} {line.operators_printed} {line.channel}") for word in wanted)
    ]
    page = page_of(asked, chosen)
    page["rows"] = [
        {
            "serial": line.key.serial,
            "kind": titles[line.key.kind],
            "name": line.name,
            "operators": line.operators_printed,
            "channel": line.channel,
            "reason": reasons_in(language, line, vocabulary),
            "marked": bool(line.owed or line.added),
            "address": address_of(language, "entry", numbers[line.key.kind, line.key.serial]),
        }
        for line in page["rows"]
    ]
    return show_work(
        request,
        "web/work/due.html",
        language,
        {
            **frame_of(evaluation_round, language),
            "page": page,
            "asked": asked,
            "kinds": [
                {
                    "value": kind,
                    "label": title,
                    "n": len(listed.of(kind)),
                    "owed": sum(bool(line.owed) for line in listed.of(kind)),
                    "added": sum(bool(line.added) for line in listed.of(kind)),
                    "chosen": asked["kind"] == kind,
                }
                for kind, title in titles.items()
            ],
            "total": len(listed.lines),
            "left_out": [
                {"kind": titles.get(each.kind, each.kind), "name": each.name, "reason": each.reason}
                for each in listed.left_out
            ],
            "left": [
                {"kind": titles.get(each.kind, each.kind), "name": each.name, "institution": each.institution}
                for each in listed.left
            ],
            "call": [
                {"ending": name.upper(), "address": address_of(language, "call-file", pk, name)}
                for name in FORMATS
            ]
            if evaluation_round.settings.get(calls.DUE, {}).get("after")
            else [],
        },
    )


@require_safe
def call_file(request: HttpRequest, language: str, pk: int, ending: str) -> HttpResponse:
    """The call as a document. A round that began with a folder, or is the first, has none."""
    evaluation_round = round_for(request, pk)
    paper = calls.issued_call(evaluation_round) if ending in FORMATS else None
    if paper is None:
        raise Http404
    make, media_type = FORMATS[ending]
    name = f"{evaluation_round.authority.code}-call-{evaluation_round.year}.{ending}"
    return attachment(make(paper), media_type, name)


# ---- deadlines ---------------------------------------------------------------------------------------------


def days_left(language: str, now: datetime, at: datetime) -> str:
    """Say how many working days there are up to a deadline, today's among them; nothing where nobody can know."""
    first, last = now.astimezone(CHINA).date(), at.astimezone(CHINA).date()
    try:
        return words.say(language, "working_days", n=working_days(first, last)) if last >= first else ""
    except NoCalendarError:
        return words.say(language, "no_calendar_short")


@require_http_methods(["GET", "HEAD", "POST"])
def deadlines(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """截止时间与延期: every deadline with weekday and working days, what was granted, and the form for more time."""
    evaluation_round = round_for(request, pk, "extend_deadline")
    now, actor = clock.now(), actor_for(request)
    sent = request.POST if request.method == "POST" else request.GET
    form = {name: typed(sent, name) for name in ("entry", "deadline", "until", "reason")}
    entries = entries_for(actor, "extend_deadline").filter(round=evaluation_round)
    problems: list[Any] = []
    if request.method == "POST":
        entry = entries.filter(pk=number(form["entry"]) or 0).first()
        if form["entry"] != "all" and entry is None:
            problems = _problems(language, "entry", "problem_no_entry")
        elif form["deadline"] not in extensions.EXTENDABLE:
            problems = _problems(language, "deadline", "problem_no_window")
        elif (day := read_day(form["until"])) is None:
            problems = _problems(language, "until", "problem_no_day")
        else:
            until = extensions.extended_to(evaluation_round, form["deadline"], day)
            try:
                extensions.extend_deadline(
                    evaluation_round=evaluation_round, entry=entry, name=form["deadline"], until=until,
                    reason=form["reason"], actor=actor, at=now,
                )  # fmt: skip
            except RefusedError as error:
                problems = _of_error(language, error)
            else:
                who = entry.name if entry else words.text(language, "everybody_of_round")
                tell(request, words.say(language, "extended", who=who, moment=words.moment(language, until)))
                return back(request, language, "deadlines", pk)
    granted = Extension.objects.filter(round=evaluation_round).select_related("entry").order_by("-pk")
    return show_work(
        request,
        "web/work/deadlines.html",
        language,
        {
            **frame_of(evaluation_round, language),
            "deadlines": _deadlines(evaluation_round, language, now),
            "granted": [
                {
                    "who": each.entry.name if each.entry else words.text(language, "everybody_of_round"),
                    "what": words.say(language, f"moment_{each.deadline}"),
                    "until": words.moment(language, each.until),
                    "reason": each.reason,
                    "by": each.granted_by,
                    "at": words.moment(language, each.granted_at),
                }
                for each in granted
            ],
            "entries": entries.order_by("kind", "serial"),
            "windows": [
                {
                    "value": name,
                    "label": words.say(language, f"moment_{name}"),
                    "chosen": form["deadline"] == name,
                }
                for name in extensions.EXTENDABLE
            ],
            "typed": form,
            "open": evaluation_round.stage in (Stage.SUBMISSION, Stage.PRELIMINARY_REVIEW),
            "faults": problems,
            "stage": words.say(language, f"stage_{evaluation_round.stage}"),
        },
        status=422 if problems else 200,
    )


def _problems(language: str, about: str, key: str) -> list[Mapping[str, str]]:
    return [{"about": about, "text": words.say(language, key, field=words.text(language, f"field_{about}"))}]


def _of_error(language: str, error: RefusedError) -> list[Any]:
    problems = getattr(error, "problems", None)
    if problems is not None:
        return faults_of(language, problems)
    return [{"about": "", "text": refusal(language, error)}]


def read_day(text: str) -> date | None:
    """Read a day as a date field sends it; None for anything else."""
    try:
        return date.fromisoformat(text.strip()) if len(text.strip()) == 10 else None
    except ValueError:
        return None


def _deadlines(evaluation_round: Round, language: str, now: datetime) -> list[dict[str, str]]:
    found = []
    for name in ("call_at", *DEADLINES):
        first = called(evaluation_round, name)
        if first is None:
            continue
        at = (deadline(evaluation_round, name) or first) if name in extensions.EXTENDABLE else first
        found.append(
            {
                "label": words.say(language, f"moment_{name}"),
                "called": words.moment(language, first),
                "at": words.moment(language, at) if at != first else "",
                "left": time_left(language, at, now=now) if at >= now else words.text(language, "left_over"),
                "days": days_left(language, now, at) if at >= now else "",
            }
        )
    return found


# ---- one entry ---------------------------------------------------------------------------------------------


@require_safe
def entry(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """One entry, read: why it is due, its deadlines, every version handed in with its figures, its requests."""
    actor, now = actor_for(request), clock.now()
    found = get_object_or_404(entries_for(actor, "read_submission"), pk=pk)
    [papers] = papers_of(entries_for(actor, "read_submission").filter(pk=pk), at=now)
    evaluation_round = papers.entry.round
    titles = titles_of(evaluation_round, language)
    vocabulary = vocabulary_of(evaluation_round)
    department = actor.role is Role.DEPARTMENT
    line = next(each for each in calls.due_of(evaluation_round).lines if str(each.key) == str(found))
    versions = list(found.submissions.order_by("-version").prefetch_related("reviews"))
    return show_work(
        request,
        "web/work/entry.html",
        language,
        {
            **(
                frame_of(evaluation_round, language)
                if department
                else {"fictional": evaluation_round.fictional}
            ),
            "department": department,
            "year_title": words.say(language, "year_of", year=evaluation_round.year),
            "entry": found,
            "kind": titles[found.kind],
            "standing": _standing(papers) if department else papers.standing.value,
            "label": words.say(language, f"board_{_standing(papers)}"),
            "due": reasons_in(language, line, vocabulary),
            "deadlines": [
                {
                    "label": words.say(language, f"moment_{name}"),
                    "at": words.moment(language, at),
                    "extended": at != called(evaluation_round, name),
                }
                for name in extensions.EXTENDABLE
                if (at := deadline_of(papers.entry, name)) is not None
            ],
            "versions": [
                {
                    "number": each.version,
                    "state": words.say(language, f"papers_{each.state}"),
                    "at": words.moment(language, each.handed_in_at),
                    "by": each.signed_by,
                    "digest": each.digest,
                    "reviews": [
                        {
                            "act": words.say(language, f"done_{_REVIEWS.get(review.act, review.act)}"),
                            "at": words.moment(language, review.at),
                            # Who of the channel it was is for the offices to know.
                            "by": "" if actor.role is Role.INSTITUTION else review.by,
                            "opinion": review.opinion,
                        }
                        for review in each.reviews.all()
                    ],
                }
                for each in versions
            ],
            "figures": _figures(papers.entry, versions[0].figures, language) if versions else [],
            "figures_of": versions[0].version if versions else 0,
            "requests": [
                {
                    "reason": each.reason,
                    "year": each.effective,
                    "kind": titles.get(each.new, each.new),
                    "ruling": words.say(language, f"ruling_{each.ruling or 'open'}"),
                    "ruling_reason": each.ruling_reason,
                    "address": address_of(language, "ruling", each.pk) if department else "",
                }
                for each in found.requests.all()
            ],
            "extend": f"{address_of(language, 'deadlines', evaluation_round.pk)}?entry={found.pk}"
            if department and evaluation_round.stage in (Stage.SUBMISSION, Stage.PRELIMINARY_REVIEW)
            else "",
        },
    )


_REVIEWS = {"return": "return_fields"}


def _figures(of: Entry, figures: Mapping[str, Mapping[str, str]], language: str) -> list[dict[str, str]]:
    """Return the figures of a version as its scheme asks for them, in its order, last year's beside this year's."""
    asked = scheme_of_entry(of).asked
    rows: dict[str, dict[str, str]] = {}
    for reference, figure in figures.items():
        if reference not in asked:
            rows[reference] = {"title": reference, "unit": figure["unit"], "now": figure["value"], "last": ""}
            continue
        of_it = asked[reference].figure
        title = of_it.title if language == "zh" or not of_it.title_en else of_it.title_en
        row = rows.setdefault(of_it.code, {"title": title, "unit": of_it.unit, "now": "", "last": ""})
        value = (
            value_text(language, figure["value"])
            if figure["status"] == "reported"
            else words.say(language, f"figure_{figure['status']}")
        )
        row["now" if reference == of_it.code else "last"] = value
    return list(rows.values())
