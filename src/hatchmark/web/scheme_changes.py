"""Changing the scheme of an open round: one official proposes on one page, another decides on a second."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from hatchmark.db.models import PendingAct, RoundKind
from hatchmark.domain.permissions import Subject, may
from hatchmark.domain.scheme import beyond_a_round
from hatchmark.domain.workflow import Stage
from hatchmark.schemes.loader import SchemeError
from hatchmark.services import clock, scheme_changes
from hatchmark.services.refusals import FaultyError, RefusedError
from hatchmark.services.schemes import all_schemes, scheme_named
from hatchmark.web import words
from hatchmark.web.accounts import actor_for
from hatchmark.web.addresses import address_of
from hatchmark.web.problems import Fault, faults_of, refusal
from hatchmark.web.rounds import frame_of, round_for, titles_of
from hatchmark.web.typed import typed
from hatchmark.web.work import back, show_work, tell


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """Propose another scheme for a kind of a round."""
    evaluation_round = round_for(request, pk, "propose_scheme_change")
    actor, now = actor_for(request), clock.now()
    titles = titles_of(evaluation_round, language)
    faults: list[Fault] = []
    if request.method == "POST":
        kind, _, scheme = typed(request.POST, "scheme").partition(" ")
        try:
            pending = scheme_changes.propose_scheme_change(
                evaluation_round=evaluation_round, kind=kind, scheme=scheme,
                reason=typed(request.POST, "reason"), actor=actor, at=now,
            )  # fmt: skip
        except FaultyError as error:
            faults = faults_of(language, error.problems, kinds=titles)
        except RefusedError as error:
            faults = [Fault(about="", text=refusal(language, error, kinds=titles))]
        else:
            tell(request, words.text(language, "scheme_proposed"))
            return back(request, language, "pending", pending.pk)
    kinds = list(evaluation_round.kinds.all())
    waiting = PendingAct.objects.filter(round=evaluation_round, state="proposed").first()
    return show_work(
        request,
        "web/work/scheme_change.html",
        language,
        {
            **frame_of(evaluation_round, language),
            "faults": faults,
            "kinds": [
                _kind(kind, titles[kind.kind], language, typed(request.POST, "scheme")) for kind in kinds
            ],
            "reason": typed(request.POST, "reason"),
            "open": evaluation_round.stage in (Stage.CALL, Stage.SUBMISSION),
            "stage": words.say(language, f"stage_{evaluation_round.stage}"),
            "waiting": address_of(language, "pending", waiting.pk) if waiting else "",
        },
        status=422 if faults else 200,
    )


def _kind(kind: RoundKind, title: str, language: str, chosen: str) -> dict[str, Any]:
    others = [
        scheme
        for scheme in all_schemes()
        if scheme.code != kind.scheme and scheme.kind == kind.kind and not beyond_a_round(scheme)
    ]
    return {
        "title": title,
        "scheme": _title(kind.scheme),
        "code": kind.scheme,
        "handed_in": scheme_changes.handed_in(kind),
        "options": [
            {
                "value": f"{kind.kind} {scheme.code}",
                "label": scheme.title,
                "chosen": chosen == f"{kind.kind} {scheme.code}",
            }
            for scheme in others
        ],
    }


def _title(code: str) -> str:
    try:
        return scheme_named(code).title
    except SchemeError:
        return code


@require_http_methods(["GET", "HEAD", "POST"])
def pending(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """What another official proposed: what it does, to how many, and the two buttons."""
    actor, now = actor_for(request), clock.now()
    proposed = get_object_or_404(
        PendingAct.objects.select_related("round__authority"),
        pk=pk,
        act=scheme_changes.ACT,
        authority__code=actor.authority,
    )
    if proposed.round is None:
        raise Http404
    evaluation_round = proposed.round
    titles = titles_of(evaluation_round, language)
    kind = evaluation_round.kinds.get(kind=proposed.facts["kind"])
    if request.method == "POST":
        confirm = request.POST.get("do") == "confirm"
        try:
            if confirm:
                scheme_changes.confirm_scheme_change(pending=proposed, actor=actor, at=now)
            else:
                scheme_changes.drop_scheme_change(pending=proposed, actor=actor, at=now)
        except RefusedError as error:
            messages.error(request, refusal(language, error, kinds=titles))
            return back(request, language, "pending", pk)
        tell(request, words.text(language, "scheme_changed" if confirm else "scheme_kept"))
        return back(request, language, "board", evaluation_round.pk)
    subject = Subject(
        authority=actor.authority,
        first_person=proposed.proposed_by,
        first_person_behind=proposed.proposed_by_person,
    )
    stage = Stage(evaluation_round.stage)
    waiting = proposed.state == "proposed"
    against = scheme_changes.change_against(kind, proposed.facts["to"]) if waiting else []
    ruling = may(actor, "confirm_scheme_change", subject, stage=stage, at=now)
    return show_work(
        request,
        "web/work/pending.html",
        language,
        {
            **frame_of(evaluation_round, language),
            "proposed": proposed,
            "at": words.moment(language, proposed.proposed_at),
            "kind": titles[kind.kind],
            "old": _title(proposed.facts["from"]),
            "new": _title(proposed.facts["to"]),
            "old_code": proposed.facts["from"],
            "new_code": proposed.facts["to"],
            "drafts": scheme_changes.drafted(kind),
            "handed_in": scheme_changes.handed_in(kind),
            "entries": evaluation_round.entries.filter(kind=kind.kind).count(),
            "waiting": waiting,
            "state": words.text(language, f"pending_{proposed.state}"),
            "decided_at": words.moment(language, proposed.decided_at) if proposed.decided_at else "",
            "faults": faults_of(language, against, kinds=titles),
            "can_confirm": waiting and not against and bool(ruling),
            "own": proposed.proposed_by == actor.code,
            "why_not": "" if ruling else _why_not(language, proposed, actor.code, stage),
        },
    )


def _why_not(language: str, proposed: PendingAct, code: str, stage: Stage) -> str:
    if stage not in (Stage.CALL, Stage.SUBMISSION):
        return words.say(language, "pending_too_late", stage=words.say(language, f"stage_{stage}"))
    return words.text(language, "pending_own" if proposed.proposed_by == code else "pending_one_person")
