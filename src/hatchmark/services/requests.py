"""申请: an institution asks to take part a year later, or reports a change; the department rules, with its reason.

Of each thing one request is open at a time. A granted change enters the register with its history and its source; a
granted deferral is what the entry is decided to be, unless papers of it were approved all the same.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from hatchmark.db.models import Entry, Qualification, RegisterNote, Request, Round
from hatchmark.domain.changes import ChangeKind, change_problems, load_change_rules
from hatchmark.domain.outcomes import Decision, EntryKey, Mode, Outcome
from hatchmark.domain.permissions import Actor, Subject
from hatchmark.domain.problems import Problem
from hatchmark.services.deadlines import deadline_of
from hatchmark.services.handing_in import latest_submission
from hatchmark.services.ledger import record
from hatchmark.services.messages import tell_department, tell_institution
from hatchmark.services.permissions import hold, require
from hatchmark.services.refusals import FaultyError, OutdatedError
from hatchmark.services.register import change_name, change_operator
from hatchmark.services.results import key_of

DEFERRAL = "deferral"
GRANTED = "granted"
REFUSED = "refused"
LONGEST_REASON = 1000


def held_now(qualification: Qualification, kind: ChangeKind) -> tuple[str, ...]:
    """Return what the register holds now of what would change; empty for what it does not keep (site and area)."""
    institution = qualification.institution
    if kind is ChangeKind.NAME:
        return tuple(each.name for each in institution.names.filter(until=""))
    if kind is ChangeKind.OPERATOR:
        tenures = institution.tenures.select_related("operator").filter(until="")
        return tuple(each.operator.name for each in tenures)
    return ()


def _reason_problems(reason: str) -> list[Problem]:
    if not reason.strip():
        return [Problem(code="no_reason", about="reason", text="reason: say why")]
    if len(reason) > LONGEST_REASON:
        return [
            Problem(
                code="too_long",
                about="reason",
                text=f"reason: {len(reason)} characters; {LONGEST_REASON} are the most",
                facts={"n": len(reason), "most": LONGEST_REASON},
            )
        ]
    return []


def _refuse_second(qualification: Qualification, what: str) -> None:
    # Held, so that of two tabs that ask at once the second is told instead of failing.
    Qualification.objects.select_for_update().get(pk=qualification.pk)
    if qualification.requests.filter(what=what, ruling="").exists():
        raise FaultyError(
            [
                Problem(
                    code="asked_already",
                    text=f"a request about {what} waits for the department already; ask again when it has ruled",
                )
            ]
        )


@transaction.atomic
def ask_change(
    *,
    qualification: Qualification,
    kind: ChangeKind,
    old: str,
    new: str,
    effective: str,
    reason: str,
    actor: Actor,
    at: datetime,
) -> Request:
    """Report a change of name, operator, site or area. Raises FaultyError with everything that stands against it."""
    institution = qualification.institution
    subject = Subject(authority=institution.authority.code, institution=institution.code)
    require(actor, "ask_change", subject, evaluation_round=None, at=at)
    _refuse_second(qualification, kind)
    problems = change_problems(
        kind,
        old=old,
        new=new,
        effective=effective,
        reason=reason,
        on=timezone.localtime(at).date(),
        rules=load_change_rules(),
    )
    if len(reason) > LONGEST_REASON:
        problems += _reason_problems(reason)
    held = held_now(qualification, kind)
    if held and old.strip() and old.strip() not in held:
        problems.append(
            Problem(
                code="old_unknown",
                about="old",
                text=f"old: the register holds {', '.join(held)}, not '{old}'; choose one of them",
                facts={"held": "、".join(held)},
            )
        )
    if problems:
        raise FaultyError(problems)
    request = Request.objects.create(
        qualification=qualification,
        what=kind.value,
        old=old.strip(),
        new=new.strip(),
        effective=effective.strip(),
        reason=reason.strip(),
        asked_by=actor.code,
        asked_at=at,
    )
    _record(actor, "ask_change", request, evaluation_round=None, at=at)
    return request


@transaction.atomic
def ask_deferral(*, entry: Entry, as_kind: str, reason: str, actor: Actor, at: datetime) -> Request:
    """Ask to take part a year later, as `as_kind`. Raises FaultyError where it cannot be asked for."""
    evaluation_round = hold(entry.round)
    latest = latest_submission(entry)
    subject = Subject(
        institution=entry.qualification.institution.code,
        channel=entry.channel,
        approved=latest is not None and latest.state == "approved",
        window_closes_at=deadline_of(entry, "submission_closes_at"),
    )
    require(actor, "ask_deferral", subject, evaluation_round=evaluation_round, at=at)
    _refuse_second(entry.qualification, DEFERRAL)
    problems = _reason_problems(reason)
    if as_kind not in [kind.kind for kind in evaluation_round.kinds.all()]:
        problems.append(
            Problem(
                code="no_kind_of_round",
                about="as_kind",
                text=f"as_kind: '{as_kind}' is no kind of this round",
            )
        )
    problems += _deferral_problems(entry)
    if problems:
        raise FaultyError(problems)
    request = Request.objects.create(
        qualification=entry.qualification,
        entry=entry,
        what=DEFERRAL,
        new=as_kind,
        effective=str(evaluation_round.year + 1),
        reason=reason.strip(),
        asked_by=actor.code,
        asked_at=at,
    )
    _record(actor, "ask_deferral", request, evaluation_round=evaluation_round, at=at)
    return request


def _deferral_problems(entry: Entry) -> list[Problem]:
    """Return why an entry cannot be deferred: it is already, or what it handed in counts."""
    if entry.requests.filter(what=DEFERRAL, ruling=GRANTED).exists():
        return [Problem(code="deferred_already", text=f"{entry} is deferred already")]
    latest = latest_submission(entry)
    if latest is not None:
        return [
            Problem(
                code="handed_in",
                text=f"{entry} has handed in (version {latest.version}, {latest.state}); whoever takes part is not "
                "deferred: withdraw the papers first",
                facts={"version": latest.version},
            )
        ]
    return []


@transaction.atomic
def rule_deferral(*, request: Request, grant: bool, reason: str, actor: Actor, at: datetime) -> Request:
    """Grant or refuse a deferral. Granted, the institution takes part in the year after, which the result says."""
    entry = request.entry
    if entry is None or request.what != DEFERRAL:
        raise FaultyError([Problem(code="no_deferral", text="this request asks for no deferral")])
    evaluation_round = hold(entry.round)
    latest = latest_submission(entry)
    subject = Subject(
        institution=entry.qualification.institution.code,
        channel=entry.channel,
        # Approval locks the papers, which a refusal leaves as they are.
        approved=grant and latest is not None and latest.state == "approved",
    )
    require(actor, "rule_deferral", subject, evaluation_round=evaluation_round, at=at)
    problems = _reason_problems(reason) + (_deferral_problems(entry) if grant else [])
    if problems:
        raise FaultyError(problems)
    _rule(request, grant=grant, reason=reason, actor=actor, at=at)
    _record(actor, "rule_deferral", request, evaluation_round=evaluation_round, at=at)
    return request


@transaction.atomic
def rule_change(*, request: Request, grant: bool, reason: str, actor: Actor, at: datetime) -> Request:
    """Grant or refuse a reported change. Granted, it enters the register; the list of an open round stays as called.

    Raises UnsoundError where the register has changed since, so that nothing could be entered.
    """
    qualification = request.qualification
    institution = qualification.institution
    subject = Subject(authority=institution.authority.code, institution=institution.code)
    require(actor, "rule_change", subject, evaluation_round=None, at=at)
    if request.what == DEFERRAL:
        raise FaultyError(
            [Problem(code="no_change", text="this request reports no change; it asks for a deferral")]
        )
    if problems := _reason_problems(reason):
        raise FaultyError(problems)
    _rule(request, grant=grant, reason=reason, actor=actor, at=at)
    if grant:
        _enter(request, at=at)
    _record(actor, "rule_change", request, evaluation_round=None, at=at)
    return request


def _rule(request: Request, *, grant: bool, reason: str, actor: Actor, at: datetime) -> None:
    ruling = GRANTED if grant else REFUSED
    ruled = Request.objects.filter(pk=request.pk, ruling="").update(
        ruling=ruling, ruling_reason=reason.strip(), ruled_by=actor.code, ruled_at=at
    )
    if not ruled:  # two officers, one request: the second must not rule on it again
        raise OutdatedError("this request was ruled on already; open the list again")
    request.refresh_from_db(fields=["ruling", "ruling_reason", "ruled_by", "ruled_at"])


_NOTED = {ChangeKind.SITE: "场地位置", ChangeKind.AREA: "场地面积（平方米）"}


def _enter(request: Request, *, at: datetime) -> None:
    institution = request.qualification.institution
    source = f"变更申请，{timezone.localtime(at):%Y-%m-%d}同意"
    match ChangeKind(request.what):
        case ChangeKind.NAME:
            change_name(
                institution, old=request.old, new=request.new, effective=request.effective, source=source
            )
        case ChangeKind.OPERATOR:
            change_operator(
                institution, old=request.old, new=request.new, effective=request.effective, source=source
            )
        case kind:
            # The register keeps no site: what changed stands in its notes.
            text = f"{_NOTED[kind]}自{request.effective}由“{request.old}”变更为“{request.new}”"
            RegisterNote.objects.get_or_create(
                institution=institution, text=text, defaults={"source": source}
            )


def _record(
    actor: Actor, act: str, request: Request, *, evaluation_round: Round | None, at: datetime
) -> None:
    details = {
        "request": request.pk,
        "what": request.what,
        "old": request.old,
        "new": request.new,
        "effective": request.effective,
        "reason": request.reason,
    }
    if request.ruling:
        details |= {"ruling": request.ruling, "ruling_reason": request.ruling_reason}
    subject = str(request.entry) if request.entry else f"institution:{request.qualification.institution}"
    record(actor, act, subject=subject, details=details, evaluation_round=evaluation_round, at=at)
    institution = request.qualification.institution
    name = request.entry.name if request.entry else str(institution.names.last() or institution)
    what = _WHAT[request.what]
    if request.ruling:
        ruling = "同意" if request.ruling == GRANTED else "不同意"
        facts = {"name": name, "what": what, "ruling": ruling, "reason": request.ruling_reason}
        tell_institution("ruled", institution, of=evaluation_round, at=at, **facts)
    else:
        tell_department(
            "asked",
            institution.authority,
            of=evaluation_round,
            at=at,
            name=name,
            what=what,
            reason=request.reason,
        )


_WHAT = {
    "deferral": "暂缓参评",
    "name": "名称变更",
    "operator": "运营机构变更",
    "site": "场地位置变更",
    "area": "场地面积变更",
}


def granted_deferrals(evaluation_round: Round, *, entry: Entry | None = None) -> Mapping[EntryKey, Decision]:
    """Return what the entries with a granted deferral are decided to be; without those whose papers were approved."""
    requests = Request.objects.filter(entry__round=evaluation_round, what=DEFERRAL, ruling=GRANTED)
    if entry is not None:
        requests = requests.filter(entry=entry)
    requests = requests.exclude(entry__submissions__state="approved").select_related("entry")
    return {
        key_of(each.entry): Decision(
            key=key_of(each.entry),
            mode=Mode.DEFERRED,
            outcome=Outcome.DEFERRED,
            year=int(each.effective),
            as_kind=each.new,
            reason=each.ruling_reason,
        )
        for each in requests
        if each.entry is not None
    }
