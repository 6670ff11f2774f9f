"""Change the scheme that a kind is evaluated by, after the call: proposed by one official, done when another confirms.

Only as long as nobody of the kind has handed in: what was filled in and signed under one scheme is not scored by
another. Drafts stay as they were typed; what the new scheme does not ask for is not handed in with them.
"""

from datetime import datetime

from django.db import transaction

from hatchmark.db.models import Draft, PendingAct, Round, RoundKind, Submission
from hatchmark.domain.permissions import Actor, Subject
from hatchmark.domain.problems import Problem
from hatchmark.services.ledger import record
from hatchmark.services.openings import scheme_problems
from hatchmark.services.permissions import hold, require
from hatchmark.services.refusals import FaultyError, OutdatedError
from hatchmark.services.schemes import scheme_named

ACT = "change_scheme"
LONGEST_REASON = 1000


def handed_in(kind: RoundKind) -> int:
    """Return how many entries of a kind have handed in, withdrawn versions included."""
    return (
        Submission.objects.filter(entry__round=kind.round, entry__kind=kind.kind)
        .values("entry")
        .distinct()
        .count()
    )


def drafted(kind: RoundKind) -> int:
    """Return how many entries of a kind have a draft."""
    return Draft.objects.filter(entry__round=kind.round, entry__kind=kind.kind).count()


def change_against(kind: RoundKind, scheme: str) -> list[Problem]:
    """Return what stands against scoring a kind of an open round by another scheme."""
    problems = scheme_problems(kind.kind, scheme, kind.round.vocabulary, about="scheme")
    if scheme == kind.scheme:
        problems.append(
            Problem(code="same_scheme", about="scheme", text=f"{scheme} is the scheme of this kind as it is")
        )
    if count := handed_in(kind):
        problems.append(
            Problem(
                code="handed_in_under",
                about="scheme",
                text=f"{count} institutions have handed in under {kind.scheme}; what was signed under one scheme is "
                "not scored by another: the scheme stays",
                facts={"n": count},
            )
        )
    return problems


@transaction.atomic
def propose_scheme_change(
    *, evaluation_round: Round, kind: str, scheme: str, reason: str, actor: Actor, at: datetime
) -> PendingAct:
    """Propose another scheme for a kind. Nothing changes before another person confirms."""
    hold(evaluation_round)
    require(actor, "propose_scheme_change", Subject(), evaluation_round=evaluation_round, at=at)
    of_round = evaluation_round.kinds.filter(kind=kind).first()
    if of_round is None:
        raise FaultyError(
            [Problem(code="no_kind_of_round", about="kind", text=f"'{kind}' is no kind of this round")]
        )
    problems = change_against(of_round, scheme)
    if not reason.strip():
        problems.append(
            Problem(code="no_reason", about="reason", text="reason: say why; whoever confirms has to know")
        )
    elif len(reason) > LONGEST_REASON:
        problems.append(
            Problem(
                code="too_long",
                about="reason",
                text=f"reason: {len(reason)} characters; {LONGEST_REASON} are the most",
                facts={"n": len(reason), "most": LONGEST_REASON},
            )
        )
    subject = f"scheme:{evaluation_round.authority.code}:{evaluation_round.year}:{kind}"
    if PendingAct.objects.filter(act=ACT, subject=subject, state="proposed").exists():
        problems.append(
            Problem(code="proposed_already", text="a change for this kind waits for another official already")
        )
    if problems:
        raise FaultyError(problems)
    pending = PendingAct.objects.create(
        act=ACT,
        subject=subject,
        facts={
            "kind": kind,
            "from": of_round.scheme,
            "from_digest": of_round.scheme_digest,
            "to": scheme,
            "to_digest": scheme_named(scheme).digest,
        },
        reason=reason.strip(),
        authority=evaluation_round.authority,
        round=evaluation_round,
        proposed_by=actor.code,
        proposed_by_person=actor.person,
        proposed_at=at,
    )
    record(
        actor,
        "propose_scheme_change",
        subject=subject,
        details={**pending.facts, "reason": pending.reason},
        evaluation_round=evaluation_round,
        at=at,
    )
    return pending


@transaction.atomic
def confirm_scheme_change(*, pending: PendingAct, actor: Actor, at: datetime) -> None:
    """Do what another official proposed. Raises FaultyError where somebody has handed in since."""
    evaluation_round = _round_of(pending)
    hold(evaluation_round)
    subject = Subject(first_person=pending.proposed_by, first_person_behind=pending.proposed_by_person)
    require(actor, "confirm_scheme_change", subject, evaluation_round=evaluation_round, at=at)
    facts = pending.facts
    kind = evaluation_round.kinds.get(kind=facts["kind"])
    if (kind.scheme, kind.scheme_digest) != (facts["from"], facts["from_digest"]):
        raise OutdatedError("the scheme of this kind is another one since; propose the change anew")
    if problems := change_against(kind, facts["to"]):
        raise FaultyError(problems)
    if scheme_named(facts["to"]).digest != facts["to_digest"]:
        raise OutdatedError("the proposed scheme is not the file that was proposed; propose the change anew")
    _decide(pending, "confirmed", actor=actor, at=at)
    RoundKind.objects.filter(pk=kind.pk).update(scheme=facts["to"], scheme_digest=facts["to_digest"])
    _record(pending, "confirm_scheme_change", actor=actor, at=at, drafts=drafted(kind))


@transaction.atomic
def drop_scheme_change(*, pending: PendingAct, actor: Actor, at: datetime) -> None:
    """Refuse a proposed change, or take back the own one. The scheme stays as it is."""
    evaluation_round = _round_of(pending)
    require(actor, "drop_scheme_change", Subject(), evaluation_round=evaluation_round, at=at)
    _decide(pending, "refused", actor=actor, at=at)
    _record(pending, "drop_scheme_change", actor=actor, at=at)


def _round_of(pending: PendingAct) -> Round:
    if pending.act != ACT or pending.round is None:
        raise FaultyError([Problem(code="no_scheme_change", text="this is no change of a scheme")])
    return pending.round


def _decide(pending: PendingAct, state: str, *, actor: Actor, at: datetime) -> None:
    decided = PendingAct.objects.filter(pk=pending.pk, state="proposed").update(
        state=state, decided_by=actor.code, decided_at=at
    )
    if not decided:
        raise OutdatedError("this proposal was decided already; open the list again")


def _record(pending: PendingAct, act: str, *, actor: Actor, at: datetime, **more: int) -> None:
    record(
        actor,
        act,
        subject=pending.subject,
        details={**pending.facts, "proposed_by": pending.proposed_by, **more},
        evaluation_round=pending.round,
        at=at,
    )
