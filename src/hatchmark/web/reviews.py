"""The pages of a channel: its queue, the preliminary review of one entry, and of many under one letter."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hatchmark.db.models import Entry, Round, Submission
from hatchmark.documents.list_sheets import ListSheet, list_xlsx
from hatchmark.documents.scans import LARGEST_SCAN
from hatchmark.domain.cross_checks import Flag
from hatchmark.domain.handing_in import Standing
from hatchmark.domain.notices import FICTIONAL
from hatchmark.domain.permissions import Actor, Role, Subject, may
from hatchmark.domain.scheme import LAST_YEAR, MEASURED, FigureStatus, Scheme, exact_text, parse_number
from hatchmark.domain.vocabulary import Vocabulary
from hatchmark.domain.workflow import Stage
from hatchmark.services import absences, clock, cross_checks, evidence, preliminary_reviews
from hatchmark.services.cross_checks import FlagState
from hatchmark.services.deadlines import deadline_of
from hatchmark.services.handing_in import Papers, latest_submission, papers_of
from hatchmark.services.kept_files import kept_file
from hatchmark.services.preliminary_reviews import MOST_TOGETHER, SealedLetter
from hatchmark.services.queues import Line, queue_of
from hatchmark.services.reach import entries_for, rounds_for
from hatchmark.services.refusals import FaultyError, NotAllowedError, OutdatedError, RefusedError
from hatchmark.services.rosters import ROSTER
from hatchmark.services.rounds import scheme_of_entry
from hatchmark.services.submissions import unsound_in
from hatchmark.services.vocabularies import vocabulary_of
from hatchmark.web import words
from hatchmark.web.accounts import actor_for
from hatchmark.web.addresses import address_of
from hatchmark.web.flags import FlagView, flag_views
from hatchmark.web.pages import attachment
from hatchmark.web.problems import against, faults_of
from hatchmark.web.queue import (
    ROWS_A_PAGE,
    SORTS,
    WITH_FLAGS,
    QueueFilter,
    counts_of,
    has_late_flags,
    waits_for_word,
)
from hatchmark.web.rows import kind_title
from hatchmark.web.work import back, show_work, tell, tell_refused, time_left
from hatchmark.web.working import value_text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# ---- what pages of a channel find -----------------------------------------------------------------------------


def _round(actor: Actor, act: str, pk: int) -> Round:
    found = rounds_for(actor, act).filter(pk=pk).select_related("authority").first()
    if found is None:
        raise Http404
    return found


def _entry(actor: Actor, act: str, pk: int) -> Entry:
    found = (
        entries_for(actor, act)
        .filter(pk=pk)
        .select_related("round__authority", "qualification__institution")
        .first()
    )
    if found is None:
        raise Http404
    return found


def _papers(entry: Entry, *, at: datetime) -> Papers:
    [papers] = papers_of(Entry.objects.filter(pk=entry.pk), at=at)
    return papers


def refused_text(language: str, error: RefusedError) -> str:
    """Say why an act was not done, in the language of the page; what the act itself says stands behind it."""
    if isinstance(error, OutdatedError):
        return words.say(language, "review_outdated")
    if isinstance(error, FaultyError):
        found = [fault.text for fault in faults_of(language, error.problems)]
        reason = words.text(language, "problems_joint").join(found)
        return words.say(language, "review_unsound", reason=reason)
    if isinstance(error, NotAllowedError) and error.ruling is not None:
        return words.say(language, "review_unsound", reason=against(language, error.ruling))
    return words.say(language, "refused_otherwise", reason=str(error))


# ---- the queue ------------------------------------------------------------------------------------------------


@require_safe
def queues(request: HttpRequest, language: str) -> HttpResponse:
    """The rounds in which this channel has institutions; the only one is opened at once."""
    rounds = list(rounds_for(actor_for(request), "read_queue").select_related("authority"))
    if len(rounds) == 1:
        return back(request, language, "queue", rounds[0].pk)
    context = {
        "rounds": [
            {
                "title": words.say(language, "queue_title", year=each.year),
                "stage": words.say(language, f"stage_{each.stage}"),
                "address": address_of(language, "queue", each.pk),
            }
            for each in rounds
        ]
    }
    return show_work(request, "web/work/queues.html", language, context)


@require_safe
def queue(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """The own institutions of a channel in a round: where each stands, what it asks, what is still to come."""
    actor, now = actor_for(request), clock.now()
    evaluation_round = _round(actor, "read_queue", pk)
    vocabulary = vocabulary_of(evaluation_round)
    lines = queue_of(actor, evaluation_round, at=now)
    wanted = QueueFilter.read(request.GET)
    found = wanted.apply(lines)
    last = max(1, -(-len(found) // ROWS_A_PAGE))
    page = min(wanted.page, last)
    shown = found[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE]
    address = address_of(language, "queue", pk)
    reviewing = evaluation_round.stage == Stage.PRELIMINARY_REVIEW
    context = {
        "round": evaluation_round,
        "title": words.say(language, "queue_title", year=evaluation_round.year),
        "stage": words.say(language, f"stage_{evaluation_round.stage}"),
        "reviewing": reviewing,
        "filter": wanted,
        "address": address,
        "total": len(lines),
        "found": len(found),
        "counts": [
            {
                "standing": standing,
                "label": words.say(language, f"queue_standing_{standing}"),
                "n": n,
                "address": wanted.address(standing=standing),
                "here": wanted.standing == standing,
            }
            for standing, n in counts_of(lines).items()
        ],
        "missing": _missing(language, lines, now=now),
        "absent": sum(map(waits_for_word, lines)),
        "absent_standing": next((line.papers.standing for line in lines if waits_for_word(line)), ""),
        "open_flags": sum(line.open > 0 for line in lines if line.papers.standing is Standing.SUBMITTED),
        "late_flags": sum(map(has_late_flags, lines)),
        "fields": _fields(language, wanted, lines, vocabulary),
        "rows": [_row(language, line, vocabulary, reviewing=reviewing, now=now) for line in shown],
        "can_choose": reviewing and any(line.can_be_approved for line in shown),
        "sorts": {name: _sort_link(wanted, name) for name in SORTS},
        "xlsx": address_of(language, "queue-file", pk) + wanted.address().rstrip("?"),
        "batch": address_of(language, "batch-approval", pk),
        "statistics": address_of(language, "statistics", pk),
        "page": page,
        "last": last,
        "previous_page": wanted.address(page=page - 1) if page > 1 else "",
        "next_page": wanted.address(page=page + 1) if page < last else "",
    }
    return show_work(request, "web/work/queue.html", language, context)


def _missing(language: str, lines: Sequence[Line], *, now: datetime) -> dict[str, Any] | None:
    """Say how many have still to hand in, and how long the first of them has: whom to phone."""
    waiting = [line for line in lines if line.papers.next is Role.INSTITUTION]
    closes = [line.papers.closes_at for line in waiting if line.papers.closes_at is not None]
    if not waiting:
        return None
    first = min(closes, default=None)
    return {
        "n": len(waiting),
        "due": words.moment(language, first) if first else "",
        "left": time_left(language, first, now=now) if first else "",
    }


def _fields(
    language: str, wanted: QueueFilter, lines: Sequence[Line], vocabulary: Vocabulary
) -> list[dict[str, Any]]:
    kinds = list(dict.fromkeys(line.entry.kind for line in lines))
    choices = {
        "standing": [(str(each), words.say(language, f"queue_standing_{each}")) for each in counts_of(lines)],
        "flags": [(each, words.say(language, f"queue_flags_{each}")) for each in WITH_FLAGS],
        "kind": [(each, kind_title(each, language=language, vocabulary=vocabulary)) for each in kinds],
    }
    labels = {"standing": "queue_standing", "flags": "queue_flags", "kind": "queue_kind"}
    return [
        {
            "name": name,
            "label": words.say(language, labels[name]),
            "options": [
                {"value": value, "label": label, "chosen": getattr(wanted, name) == value}
                for value, label in options
            ],
        }
        for name, options in choices.items()
        if name != "kind" or len(kinds) > 1
    ]


def _sort_link(wanted: QueueFilter, name: str) -> dict[str, str]:
    turned = f"-{name}" if wanted.sort == name or (name == "serial" and not wanted.sort) else name
    order = {name: "ascending", f"-{name}": "descending"}.get(wanted.sort or "serial", "")
    return {"address": wanted.address(sort=turned), "order": order}


def _row(
    language: str, line: Line, vocabulary: Vocabulary, *, reviewing: bool, now: datetime
) -> dict[str, Any]:
    papers, entry = line.papers, line.entry
    waiting = papers.next is Role.INSTITUTION and papers.closes_at is not None
    return {
        "pk": entry.pk,
        "serial": entry.serial,
        "name": entry.name,
        "kind": kind_title(entry.kind, language=language, vocabulary=vocabulary),
        "operators": entry.operators_printed,
        "address": address_of(language, "review", entry.pk),
        "standing": papers.standing,
        "label": words.say(language, f"queue_standing_{papers.standing}"),
        "version": papers.version,
        "at": words.moment(language, papers.handed_in_at) if papers.handed_in_at else "",
        "flags": line.flags,
        "open": line.open,
        "choose": f"{entry.pk}:{papers.version}" if reviewing and line.can_be_approved else "",
        "due": words.moment(language, papers.closes_at) if waiting and papers.closes_at else "",
        "left": time_left(language, papers.closes_at, now=now) if waiting and papers.closes_at else "",
        "extended": papers.extended,
        "asks_why": waits_for_word(line),
        "late": has_late_flags(line),
    }


@require_safe
def queue_file(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """The queue as it is narrowed now, all pages of it, as .xlsx."""
    actor, now = actor_for(request), clock.now()
    evaluation_round = _round(actor, "read_queue", pk)
    vocabulary = vocabulary_of(evaluation_round)
    found = QueueFilter.read(request.GET).apply(queue_of(actor, evaluation_round, at=now))
    heads = (
        ("serial", 6), ("queue_name", 36), ("queue_kind", 16), ("operators", 36), ("queue_standing", 16),
        ("queue_version", 8), ("queue_handed_in", 28), ("queue_flags_count", 8), ("queue_flags_open", 8),
        ("queue_due", 28),
    )  # fmt: skip
    rows: list[Sequence[str | int]] = []
    for line in found:
        row = _row(language, line, vocabulary, reviewing=False, now=now)
        rows.append(
            [
                row["serial"],
                row["name"],
                row["kind"],
                row["operators"],
                row["label"],
                row["version"] or "",
                row["at"],
                row["flags"],
                row["open"],
                row["due"],
            ]
        )
    title = words.say(language, "queue_title", year=evaluation_round.year)
    content = ListSheet(
        title=title,
        notes=(
            *((FICTIONAL,) if evaluation_round.fictional else ()),
            words.say(language, "as_it_stood", moment=words.moment(language, now)),
        ),
        heads=tuple((words.say(language, head), width) for head, width in heads),
        rows=tuple(rows),
    )
    return attachment(list_xlsx(content), XLSX, f"{title}.xlsx", private=True)


# ---- one entry ------------------------------------------------------------------------------------------------


@require_safe
def review(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """One entry: what it handed in beside last year's, what does not fit, and what can be done about it."""
    return _review(request, language, _entry(actor_for(request), "read_queue", pk))


def _review(
    request: HttpRequest,
    language: str,
    entry: Entry,
    *,
    error: str = "",
    typed: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    actor, now = actor_for(request), clock.now()
    papers = _papers(entry, at=now)
    vocabulary, scheme = vocabulary_of(entry.round), scheme_of_entry(entry)
    typed = typed or {}
    versions = list(entry.submissions.prefetch_related("reviews").order_by("-version"))
    shown = _shown(request, versions)
    counts = shown is not None and shown.version == papers.version
    states = list(cross_checks.flag_states(entry)) if counts else []
    flags = flag_views(language, states, actor, entry, typed)
    context: dict[str, Any] = {
        "entry": entry,
        "papers": papers,
        "round": entry.round,
        "kind": kind_title(entry.kind, language=language, vocabulary=vocabulary),
        "queue": address_of(language, "queue", entry.round.pk),
        "standing": words.say(language, f"queue_standing_{papers.standing}"),
        "handed_in": words.moment(language, shown.handed_in_at) if shown else "",
        "submission": shown,
        "counts": counts,
        "flags": flags,
        "open": sum(flag.open for flag in flags),
        "error": error,
        "typed": typed,
        "versions": [_version(language, each, shown, scheme) for each in versions],
        "absence": entry.absences.last(),
        **_acts(language, entry, papers, actor, late=any(flag.open for flag in flags), now=now),
    }
    if shown is not None:
        marks = _marks(flags, states)
        context |= {
            "figures": _figures(language, entry, shown, marks=marks, chosen=typed.get("fields", [])),
            "roster": _roster(shown, states),
            "roster_marks": marks.get(ROSTER, []),
            "roster_chosen": ROSTER in typed.get("fields", []),
            "evidence": _evidence(language, entry, shown, scheme),
            "unsound": faults_of(language, unsound_in(entry, shown)) if counts else [],
            "letter": preliminary_reviews.letter_of(entry) if papers.standing is Standing.APPROVED else None,
        }
    return show_work(request, "web/work/review.html", language, context, status=status)


def _shown(request: HttpRequest, versions: Sequence[Submission]) -> Submission | None:
    """Return the version that the address asks for, or the one that counts; of none that counts, the last."""
    asked = request.GET.get("version", "")
    if asked:
        found = next((each for each in versions if str(each.version) == asked), None)
        if found is None:
            raise Http404
        return found
    counting = [each for each in versions if each.state not in ("superseded", "withdrawn")]
    return next(iter([*counting, *versions]), None)


def _acts(
    language: str, entry: Entry, papers: Papers, actor: Actor, *, late: bool, now: datetime
) -> dict[str, Any]:
    """Say what this officer may do now, by the same table that answers when it is done."""
    closes_at = deadline_of(entry, "preliminary_review_closes_at")
    subject = Subject(
        authority=entry.round.authority.code,
        institution=entry.qualification.institution.code,
        channel=entry.channel,
        approved=papers.standing is Standing.APPROVED,
        flag_after_approval=late,
        window_closes_at=closes_at,
    )

    def can(act: str) -> bool:
        return bool(may(actor, act, subject, stage=Stage(entry.round.stage), at=now))

    waiting = papers.standing is Standing.SUBMITTED
    absent = papers.standing in (Standing.NOTHING, Standing.DRAFT) and papers.next is Role.CHANNEL
    return {
        "can_approve": waiting and can("approve"),
        "can_return": waiting and can("return_fields"),
        "can_refuse": waiting and can("refuse"),
        "can_explain": can("explain_flag"),
        # What was said before the approval stays as it was approved; a flag that came up since has no word yet.
        "can_explain_again": papers.standing is not Standing.APPROVED,
        "can_say_why": (absent or papers.standing is Standing.ABSENT) and can("explain_absence"),
        "review_due": words.moment(language, closes_at) if closes_at else "",
        "review_left": time_left(language, closes_at, now=now) if closes_at else "",
        "own_due": words.moment(language, papers.closes_at) if papers.closes_at else "",
        "own_left": time_left(language, papers.closes_at, now=now) if papers.closes_at else "",
        "before_review": entry.round.stage in (Stage.CALL, Stage.SUBMISSION),
    }


def _marks(flags: Sequence[FlagView], states: Sequence[FlagState]) -> dict[str, list[FlagView]]:
    """Return which flags speak of a figure, or of the roster."""
    by_key = {state.flag.key: state.flag for state in states}
    found: dict[str, list[FlagView]] = {}
    for view in flags:
        flag: Flag = by_key[view.key]
        for code in (*flag.figures, *([ROSTER] if flag.rows else [])):
            found.setdefault(code, []).append(view)
    return found


def _figures(
    language: str,
    entry: Entry,
    shown: Submission,
    *,
    marks: Mapping[str, Sequence[FlagView]],
    chosen: Sequence[str],
) -> list[dict[str, Any]]:
    scheme = scheme_of_entry(entry)
    before = cross_checks.last_year_of(entry)
    told = getattr(entry, "statistics_return", None)
    rows = []
    for code, asked in scheme.asked.items():
        if code not in shown.figures:
            continue
        measured = asked.figure.type in MEASURED
        value = _value(shown.figures, code)
        # What was approved a year ago; where there is none, what is stated as last year's now.
        last = _value(before.figures, code.removesuffix(LAST_YEAR)) if before else None
        if last is None and not code.endswith(LAST_YEAR):
            last = _value(shown.figures, code + LAST_YEAR)
        returned = told.figures.get(code) if told else None
        statistics = parse_number(returned) if returned is not None else None
        title = asked.title if language == "zh" else asked.figure.title_en or asked.title
        if language != "zh" and code.endswith(LAST_YEAR):
            title = words.say(language, "review_stated_last", title=title)
        rows.append(
            {
                "code": code,
                "title": title,
                "unit": asked.figure.unit,
                "value": _number(value) if measured else _said(language, shown.figures, code),
                "status": "" if _is_reported(shown.figures, code) else _status(language, shown.figures, code),
                "last": _number(last)
                if measured
                else _said(language, before.figures if before else {}, code.removesuffix(LAST_YEAR))
                or _said(language, shown.figures, code + LAST_YEAR),
                "difference": _difference(value, last),
                "statistics": _number(statistics),
                "differs": None not in (value, statistics) and value != statistics,
                "marks": marks.get(code, []),
                "chosen": code in chosen,
            }
        )
    return rows


def _value(figures: Mapping[str, Mapping[str, str]], code: str) -> Fraction | None:
    """Return a number that was reported; None for everything else."""
    if not _is_reported(figures, code):
        return None
    try:
        return parse_number(figures[code]["value"])
    except ValueError:
        return None


def _is_reported(figures: Mapping[str, Mapping[str, str]], code: str) -> bool:
    return figures.get(code, {}).get("status") == FigureStatus.REPORTED


def _said(language: str, figures: Mapping[str, Mapping[str, str]], code: str) -> str:
    """Return what was reported where it is no number: a yes or no, a day, a category."""
    return value_text(language, figures[code]["value"]) if _is_reported(figures, code) else ""


def _status(language: str, figures: Mapping[str, Mapping[str, str]], code: str) -> str:
    return words.say(language, f"review_status_{figures[code]['status']}")


def _number(value: Fraction | None) -> str:
    if value is None:
        return ""
    whole, point, rest = exact_text(value).partition(".")
    sign, digits = ("−", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits):,}{point}{rest}" if digits.isdigit() else exact_text(value)


def _difference(value: Fraction | None, last: Fraction | None) -> str:
    if value is None or last is None:
        return ""
    change = value - last
    shown = f"+{_number(change)}" if change > 0 else _number(change)
    if not last or not change:
        return shown
    share = change * 100 / abs(last)
    percent = (abs(share) * 2 + 1) // 2
    return f"{shown}（{'+' if change > 0 else '−'}{percent}%）"


def _roster(shown: Submission, states: Sequence[FlagState]) -> dict[str, Any]:
    rows = shown.roster
    marked = {row for state in states if state.flag.needs_a_word for row in state.flag.rows}
    tenants = [row for row in rows if row.get("status") == "tenant"]
    counts = Counter(row.get("status") for row in rows)

    def total(name: str) -> str:
        values = [parse_number(str(row[name])) for row in tenants if row.get(name) not in (None, "")]
        return _number(sum(values, Fraction(0)))

    return {
        "n": len(rows),
        "tenants": counts["tenant"],
        "graduates": counts["graduate"],
        "tech": sum(bool(row.get("high_tech") or row.get("tech_sme")) for row in tenants),
        "financed": sum(bool(row.get("financed")) for row in tenants),
        "with_ip": sum(bool(row.get("valid_ip")) for row in tenants),
        "income": total("income"),
        "staff": total("staff"),
        "rows": [
            {
                **row,
                "number": number,
                "marked": number in marked,
                "is_graduate": row.get("status") == "graduate",
            }
            for number, row in enumerate(rows, start=1)
        ],
        "marked": len(marked),
    }


def _evidence(language: str, entry: Entry, shown: Submission, scheme: Scheme) -> list[dict[str, Any]]:
    """Return the files that this version rests on, with the figure that each proves, and its sealed scans."""
    named = [(file, row, False) for file, row in evidence.files_of_version(shown)]
    sealed = [({"name": row.name, "figure": ""}, row, True) for row in evidence.scans_of(shown)]
    return [
        {
            "name": file["name"],
            "figure": scheme.asked[file["figure"]].title if file["figure"] in scheme.asked else "",
            "sealed": is_scan,
            "size": f"{-(-row.size // 1024):,} KB",
            "digest": row.digest,
            "at": words.moment(language, row.uploaded_at),
            "address": address_of(language, "evidence-file", entry.pk, row.key),
        }
        for file, row, is_scan in [*named, *sealed]
    ]


def _field_title(language: str, code: str, scheme: Scheme) -> str:
    """Name a field that was returned as its form names it."""
    if code == ROSTER:
        return words.say(language, "review_roster")
    asked = scheme.asked.get(code)
    if asked is None:
        return code
    return asked.title if language == "zh" else asked.figure.title_en or asked.title


def _version(language: str, version: Submission, shown: Submission | None, scheme: Scheme) -> dict[str, Any]:
    return {
        "number": version.version,
        "state": words.say(language, f"review_state_{version.state}"),
        "at": words.moment(language, version.handed_in_at),
        "by": version.signed_by,
        "digest": version.digest,
        "here": shown is not None and shown.pk == version.pk,
        "reviews": [
            {
                "act": words.say(language, f"review_act_{each.act}"),
                "at": words.moment(language, each.at),
                "by": each.by,
                "opinion": each.opinion,
                "fields": words.text(language, "sub_list_comma").join(
                    _field_title(language, code, scheme) for code in each.fields
                ),
            }
            for each in version.reviews.all()
        ],
    }


# ---- acts on one entry ----------------------------------------------------------------------------------------


def _version_seen(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _refused(
    request: HttpRequest, language: str, entry: Entry, error: RefusedError, typed: Mapping[str, Any]
) -> HttpResponse:
    """Show the entry as it is now, why nothing was done, and what was typed."""
    entry = _entry(actor_for(request), "read_queue", entry.pk)
    return _review(request, language, entry, error=refused_text(language, error), typed=typed, status=409)


@require_POST
def approve(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """Approve the version that was looked at, which locks it."""
    actor = actor_for(request)
    entry = _entry(actor, "approve", pk)
    opinion = request.POST.get("opinion", "").strip()
    try:
        preliminary_reviews.approve(
            entry=entry, opinion=opinion, actor=actor, at=clock.now(), version=_version_seen(request)
        )
    except RefusedError as error:
        return _refused(request, language, entry, error, {"opinion": opinion})
    tell(request, words.say(language, "review_approved", name=entry.name))
    return back(request, language, "queue", entry.round.pk)


@require_POST
def return_fields(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """Return what was ticked, with a word about each."""
    actor = actor_for(request)
    entry = _entry(actor, "return_fields", pk)
    fields = request.POST.getlist("fields")[:MOST_TOGETHER]
    message = request.POST.get("message", "").strip()
    typed = {"fields": fields, "message": message}
    if not fields or not message:
        key = "review_return_needs_message" if fields else "review_return_needs_fields"
        return _review(request, language, entry, error=words.say(language, key), typed=typed, status=422)
    try:
        preliminary_reviews.return_fields(
            entry=entry,
            fields=fields,
            opinion=message,
            actor=actor,
            at=clock.now(),
            version=_version_seen(request),
        )
    except RefusedError as error:
        return _refused(request, language, entry, error, typed)
    tell(request, words.say(language, "review_returned", name=entry.name, n=len(fields)))
    return back(request, language, "queue", entry.round.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """A grave act: a page of its own that says what it does, and asks for the reason and the name."""
    actor, now = actor_for(request), clock.now()
    entry = _entry(actor, "refuse", pk)
    papers = _papers(entry, at=now)
    reason = request.POST.get("reason", "").strip()
    name = request.POST.get("name", "").strip()
    error, status = "", 200
    if request.method == "POST":
        if not reason or name != entry.name:
            error = words.say(language, "refusal_needs_name" if reason else "refusal_needs_reason")
            status = 422
        else:
            try:
                preliminary_reviews.refuse(
                    entry=entry, opinion=reason, actor=actor, at=now, version=_version_seen(request)
                )
            except RefusedError as refused:
                error, status = refused_text(language, refused), 409
            else:
                tell(request, words.say(language, "review_refused", name=entry.name))
                return back(request, language, "queue", entry.round.pk)
    context = {
        "entry": entry,
        "papers": papers,
        "standing": words.say(language, f"queue_standing_{papers.standing}"),
        "queue": address_of(language, "queue", entry.round.pk),
        "review": address_of(language, "review", entry.pk),
        "reason": reason,
        "name": name,
        "error": error,
        **_acts(language, entry, papers, actor, late=False, now=now),
    }
    return show_work(request, "web/work/refusal.html", language, context, status=status)


@require_POST
def explain_flag(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """Say a word to a flag: its institution or its channel."""
    actor = actor_for(request)
    entry = _entry(actor, "explain_flag", pk)
    key = request.POST.get("flag", "")[:200]
    explanation = request.POST.get("explanation", "").strip()
    own = actor.role is Role.INSTITUTION
    try:
        cross_checks.explain_flag(entry=entry, flag=key, explanation=explanation, actor=actor, at=clock.now())
    except RefusedError as error:
        if not own:
            return _refused(request, language, entry, error, {"flag": key, "explanation": explanation})
        tell_refused(request, language, error)
    else:
        tell(request, words.say(language, "flag_explained"))
    shown = latest_submission(entry)
    if own and shown is not None:
        return back(request, language, "submission-version", entry.pk, shown.version)
    return back(request, language, "submission" if own else "review", entry.pk)


@require_POST
def explain_absence(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """Say why nothing came."""
    actor = actor_for(request)
    entry = _entry(actor, "explain_absence", pk)
    reason = request.POST.get("reason", "").strip()
    try:
        absences.explain_absence(entry=entry, reason=reason, actor=actor, at=clock.now())
    except RefusedError as error:
        return _refused(request, language, entry, error, {"reason": reason})
    tell(request, words.say(language, "absence_explained", name=entry.name))
    return back(request, language, "queue", entry.round.pk)


@require_safe
def letter(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """The sealed letter under which an entry was approved, as a file to keep; never shown inside the page."""
    entry = _entry(actor_for(request), "read_submission", pk)
    note = preliminary_reviews.letter_of(entry)
    content = kept_file(note.digest) if note else None
    if note is None or content is None:
        raise Http404
    return attachment(content, note.media_type, note.name)


# ---- many at once ---------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def batch_approval(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """A grave act: say exactly whom, ask for the opinion and the sealed letter, then approve all of them or none."""
    actor, now = actor_for(request), clock.now()
    evaluation_round = _round(actor, "approve", pk)
    vocabulary = vocabulary_of(evaluation_round)
    wanted = _chosen(
        request.GET.getlist("entry") if request.method != "POST" else request.POST.getlist("entry")
    )
    lines = [line for line in queue_of(actor, evaluation_round, at=now) if line.entry.pk in wanted]
    listed = [line for line in lines if _can_be_listed(line, wanted)]
    left_out = [line for line in lines if not _can_be_listed(line, wanted)]
    opinion = request.POST.get("opinion", "").strip()
    error, status = "", 200
    if request.method == "POST":
        upload = request.FILES.get("letter")
        problem = _letter_problem(upload)
        if problem or left_out or not listed or not opinion:
            key = problem or ("batch_changed" if left_out or not listed else "batch_needs_opinion")
            error, status = words.say(language, key), 409 if key == "batch_changed" else 422
        else:
            try:
                preliminary_reviews.approve_many(
                    seen=[(line.entry, wanted[line.entry.pk]) for line in listed],
                    opinion=opinion,
                    letter=_letter(upload),
                    actor=actor,
                    at=now,
                )
            except RefusedError as refused:
                error, status = refused_text(language, refused), 409
            else:
                tell(request, words.say(language, "batch_done", n=len(listed)))
                return back(request, language, "queue", pk)
    context = {
        "round": evaluation_round,
        "queue": address_of(language, "queue", pk),
        "rows": [_row(language, line, vocabulary, reviewing=True, now=now) for line in listed],
        "left_out": [_row(language, line, vocabulary, reviewing=False, now=now) for line in left_out],
        "opinion": opinion,
        "error": error,
        "most": LARGEST_SCAN // (1024 * 1024),
    }
    return show_work(request, "web/work/batch_approval.html", language, context, status=status)


def _chosen(texts: Sequence[str]) -> dict[int, int]:
    """Return the version seen of each chosen entry; what is no such pair is nobody."""
    found = {}
    for text in texts[:MOST_TOGETHER]:
        entry, _, version = text.partition(":")
        if all(part.isascii() and part.isdigit() and len(part) < 10 for part in (entry, version)):
            found[int(entry)] = int(version)
    return found


def _can_be_listed(line: Line, wanted: Mapping[int, int]) -> bool:
    return line.can_be_approved and line.papers.version == wanted[line.entry.pk]


def _letter_problem(upload: Any) -> str:
    if upload is None:
        return "batch_needs_letter"
    return "batch_letter_large" if (upload.size or 0) > LARGEST_SCAN else ""


def _letter(upload: Any) -> SealedLetter:
    return SealedLetter(name=(upload.name or "letter")[:200], content=upload.read())
