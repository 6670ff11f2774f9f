"""申请: an institution's own list and forms; the department's queue, and the page on which it rules."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hatchmark.db.models import Entry, Qualification, Request
from hatchmark.domain.changes import ChangeKind, load_change_rules
from hatchmark.domain.permissions import Actor, Subject, may
from hatchmark.domain.workflow import Stage
from hatchmark.services import clock, requests
from hatchmark.services.deadlines import deadline_of
from hatchmark.services.handing_in import latest_submission
from hatchmark.services.reach import entries_for
from hatchmark.services.refusals import FaultyError, RefusedError
from hatchmark.services.vocabularies import vocabulary_of
from hatchmark.web import words
from hatchmark.web.accounts import actor_for
from hatchmark.web.addresses import address_of
from hatchmark.web.paging import Asked, page_of
from hatchmark.web.problems import Fault, faults_of, refusal
from hatchmark.web.results import folded
from hatchmark.web.rounds import titles_of
from hatchmark.web.rows import kind_title
from hatchmark.web.typed import typed
from hatchmark.web.work import back, show_work, tell

STATES = ("open", "granted", "refused")


def _own(actor: Actor) -> Any:
    """Return the qualifications of the institution that asks."""
    return (
        Qualification.objects.filter(
            institution__authority__code=actor.authority, institution__code=actor.unit
        )
        .select_related("institution__authority")
        .order_by("kind")
    )


def _title(request: Request, language: str) -> str:
    return words.say(language, f"request_{request.what}")


def _row(request: Request, language: str) -> dict[str, Any]:
    deferral = request.what == requests.DEFERRAL
    return {
        "what": _title(request, language),
        "of": _name(request),
        "change": words.say(language, "deferral_to", year=request.effective)
        if deferral
        else words.say(language, "change_from_to", old=request.old, new=request.new),
        "effective": "" if deferral else request.effective,
        "reason": request.reason,
        "asked_at": words.moment(language, request.asked_at),
        "asked_by": request.asked_by,
        "state": request.ruling or "open",
        "ruling": words.say(language, f"ruling_{request.ruling or 'open'}"),
        "ruling_reason": request.ruling_reason,
        "ruled_at": words.moment(language, request.ruled_at) if request.ruled_at else "",
        "ruled_by": request.ruled_by,
        "channel": request.qualification.channel,
        "address": address_of(language, "ruling", request.pk),
    }


def _name(request: Request) -> str:
    """Return whom a request is about, as it was called when it asked."""
    if request.entry is not None:
        return request.entry.name
    if request.what == ChangeKind.NAME:
        return request.old
    names = [each.name for each in request.qualification.institution.names.all() if not each.until]
    return names[-1] if names else request.qualification.institution.code


def _rows() -> Any:
    return Request.objects.select_related(
        "entry__round", "qualification__institution__authority"
    ).prefetch_related("qualification__institution__names")


# ---- the institution ---------------------------------------------------------------------------------------


@require_safe
def own_requests(request: HttpRequest, language: str) -> HttpResponse:
    """What this institution has asked for and how it was ruled, and what it can ask for now."""
    actor, now = actor_for(request), clock.now()
    qualifications = list(_own(actor))
    mine = _rows().filter(qualification__in=qualifications)
    waiting = {(each.qualification_id, each.what) for each in mine if not each.ruling}
    entries = entries_for(actor, "ask_deferral").filter(round__stage=Stage.SUBMISSION.value)
    deferrals = [
        {
            "name": entry.name,
            "year": entry.round.year,
            "address": address_of(language, "ask-deferral", entry.pk),
            "until": words.moment(language, closes_at)
            if (closes_at := deadline_of(entry, "submission_closes_at"))
            else "",
        }
        for entry in entries.select_related("round", "qualification")
        if (entry.qualification_id, requests.DEFERRAL) not in waiting and _may_defer(actor, entry, now)
    ]
    rules = load_change_rules()
    return show_work(
        request,
        "web/work/requests.html",
        language,
        {
            "rows": [_row(each, language) for each in mine],
            "deferrals": deferrals,
            "changes": [
                {
                    "kind": _kind_of(qualification, language),
                    "several": len(qualifications) > 1,
                    "items": [
                        {
                            "label": words.say(language, f"request_{kind}"),
                            "waits": (qualification.pk, kind.value) in waiting,
                            "address": address_of(language, "ask-change", qualification.pk, kind.value),
                        }
                        for kind in rules.kinds
                    ],
                }
                for qualification in qualifications
            ],
            "rules": rules,
        },
    )


def _kind_of(qualification: Qualification, language: str) -> str:
    key = f"kind_{qualification.kind}"
    return words.text(language, key) if key in words.TEXTS else qualification.kind


def _may_defer(actor: Actor, entry: Entry, now: Any) -> bool:
    subject = Subject(
        authority=actor.authority,
        institution=actor.unit,
        window_closes_at=deadline_of(entry, "submission_closes_at"),
    )
    return bool(may(actor, "ask_deferral", subject, stage=Stage(entry.round.stage), at=now))


@require_http_methods(["GET", "HEAD", "POST"])
def ask_change(request: HttpRequest, language: str, pk: int, what: str) -> HttpResponse:
    """Report a change of name, operator, site or area."""
    actor, now = actor_for(request), clock.now()
    qualification = get_object_or_404(_own(actor), pk=pk)
    if what not in tuple(ChangeKind):
        raise Http404
    kind = ChangeKind(what)
    held = requests.held_now(qualification, kind)
    form = {name: typed(request.POST, name) for name in ("old", "new", "effective", "reason")}
    if len(held) == 1:
        form["old"] = form["old"] or held[0]
    faults: list[Fault] = []
    if request.method == "POST":
        try:
            requests.ask_change(qualification=qualification, kind=kind, actor=actor, at=now, **form)
        except FaultyError as error:
            faults = faults_of(language, error.problems)
        except RefusedError as error:
            faults = [Fault(about="", text=refusal(language, error))]
        else:
            tell(request, words.say(language, "asked", what=words.say(language, f"request_{kind}")))
            return back(request, language, "requests")
    rules = load_change_rules()
    return show_work(
        request,
        "web/work/ask_change.html",
        language,
        {
            "title": words.say(language, f"request_{kind}"),
            "what": kind.value,
            "hint": words.say(language, f"hint_{kind}", percent=rules.over_percent, basis=rules.area_basis),
            "kind": _kind_of(qualification, language),
            "held": held,
            "typed": form,
            "faults": faults,
            "wrong": {fault.about for fault in faults},
            "rules": rules,
        },
        status=422 if faults else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def ask_deferral(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """Ask to take part a year later."""
    actor, now = actor_for(request), clock.now()
    entry = get_object_or_404(
        entries_for(actor, "ask_deferral").select_related(
            "round__authority", "qualification__institution__authority"
        ),
        pk=pk,
    )
    titles = titles_of(entry.round, language)
    form = {
        "as_kind": typed(request.POST, "as_kind", entry.kind),
        "reason": typed(request.POST, "reason"),
    }
    faults: list[Fault] = []
    if request.method == "POST":
        try:
            requests.ask_deferral(entry=entry, actor=actor, at=now, **form)
        except FaultyError as error:
            faults = faults_of(language, error.problems, kinds=titles)
        except RefusedError as error:
            faults = [Fault(about="", text=refusal(language, error))]
        else:
            tell(request, words.say(language, "asked", what=words.text(language, "request_deferral")))
            return back(request, language, "requests")
    closes_at = deadline_of(entry, "submission_closes_at")
    latest = latest_submission(entry)
    return show_work(
        request,
        "web/work/ask_deferral.html",
        language,
        {
            "entry": entry,
            "year": entry.round.year,
            "next_year": entry.round.year + 1,
            "kinds": [
                {"value": kind, "label": title, "chosen": form["as_kind"] == kind}
                for kind, title in titles.items()
            ],
            "closes": words.moment(language, closes_at) if closes_at else "",
            "handed_in": latest.version if latest else 0,
            "typed": form,
            "faults": faults,
            "wrong": {fault.about for fault in faults},
        },
        status=422 if faults else 200,
    )


# ---- the department ----------------------------------------------------------------------------------------


@require_safe
def rulings(request: HttpRequest, language: str) -> HttpResponse:
    """Every request of the authority, those that wait first."""
    actor = actor_for(request)
    asked = Asked.read(request.GET, ("q", "state", "what"))
    state, what = asked["state"] or "open", asked["what"]
    found = _rows().filter(qualification__institution__authority__code=actor.authority)
    wanted = [folded(word) for word in asked["q"].split()]
    rows = [
        row
        for each in found
        if state in ("all", each.ruling or "open") and (not what or each.what == what)
        for row in [_row(each, language)]
        if all(word in folded(f"{row['of']} {row['channel']} {row['change']}") for word in wanted)
    ]
    return show_work(
        request,
        "web/work/rulings.html",
        language,
        {
            "page": page_of(asked, rows),
            "asked": asked,
            "states": [
                {"value": each, "label": words.say(language, f"ruling_{each}"), "chosen": state == each}
                for each in (*STATES, "all")
            ],
            "whats": [
                {"value": each, "label": words.say(language, f"request_{each}"), "chosen": what == each}
                for each in (requests.DEFERRAL, *load_change_rules().kinds)
            ],
            "state": state,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def ruling(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """One request, with what granting it does, and the form to rule on it."""
    actor, now = actor_for(request), clock.now()
    asked = get_object_or_404(
        _rows().filter(qualification__institution__authority__code=actor.authority), pk=pk
    )
    faults: list[Fault] = []
    if request.method == "POST":
        rule = requests.rule_deferral if asked.what == requests.DEFERRAL else requests.rule_change
        grant = request.POST.get("do") == "grant"
        try:
            rule(request=asked, grant=grant, reason=typed(request.POST, "reason"), actor=actor, at=now)
        except FaultyError as error:
            faults = faults_of(language, error.problems)
        except RefusedError as error:
            messages.error(request, refusal(language, error))
            return back(request, language, "ruling", pk)
        else:
            done = "ruled_granted" if grant else "ruled_refused"
            tell(request, words.say(language, done, what=_title(asked, language)))
            return back(request, language, "rulings")
    deferral = asked.what == requests.DEFERRAL
    latest = latest_submission(asked.entry) if asked.entry is not None else None
    kind = ""
    if asked.entry is not None:
        vocabulary = vocabulary_of(asked.entry.round)
        if asked.new in vocabulary.kinds:
            kind = kind_title(asked.new, language=language, vocabulary=vocabulary)
    return show_work(
        request,
        "web/work/ruling.html",
        language,
        {
            "row": _row(asked, language),
            "deferral": deferral,
            "as_kind": kind,
            "held": requests.held_now(asked.qualification, ChangeKind(asked.what)) if not deferral else (),
            "effect": words.say(
                language,
                f"grants_{asked.what}",
                year=asked.effective,
                old=asked.old,
                new=asked.new,
                effective=asked.effective,
                day=words.day(language, timezone.localtime(now)),
            ),
            "handed_in": latest.version if latest else 0,
            "entry_address": address_of(language, "entry", asked.entry.pk) if asked.entry else "",
            "reason": typed(request.POST, "reason"),
            "faults": faults,
            "wrong": {fault.about for fault in faults},
        },
        status=422 if faults else 200,
    )
