"""Who is who: a person answers whether rows of a notice are one body; the answer is kept and not asked again."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from hatchmark.db.models import Authority, IdentityDecision
from hatchmark.domain.identity import IdentityAnswer
from hatchmark.domain.identity import IdentityDecision as KeptDecision
from hatchmark.domain.permissions import Actor, Subject
from hatchmark.domain.published_notices import IdentityProposal, ProposedLink
from hatchmark.services.ledger import record
from hatchmark.services.permissions import require
from hatchmark.services.refusals import UnsoundError

_LONGEST_KEY = 600
_LONGEST_REASON = 1000


@transaction.atomic
def decide_identity(
    *,
    authority: Authority,
    proposal: IdentityProposal,
    answer: str,
    reason: str = "",
    actor: Actor,
    at: datetime,
) -> IdentityDecision:
    """Keep what a person answered to a proposal: `same` or `different`. Nothing is merged by it.

    Another answer to the same question needs a reason and becomes a new version; the old one stays.
    Raises NotAllowedError, or UnsoundError where the answer is unknown, was given before, or changes without reason.
    """
    require(actor, "decide_identity", Subject(authority=authority.code), evaluation_round=None, at=at)
    if answer not in list(IdentityAnswer):
        raise UnsoundError(f"'{answer}' is no answer; write one of {', '.join(IdentityAnswer)}")
    if len(proposal.key) > _LONGEST_KEY:
        raise UnsoundError(
            f"the names of this proposal have {len(proposal.key)} characters together, more than {_LONGEST_KEY}; "
            "decide on fewer rows"
        )
    if len(reason) > _LONGEST_REASON:
        raise UnsoundError(f"the reason has {len(reason)} characters; shorten it to {_LONGEST_REASON}")
    # Two officers may answer at once: the authority is held, so that the second sees what the first said.
    authority = Authority.objects.select_for_update().get(pk=authority.pk)
    before = IdentityDecision.objects.filter(authority=authority, key=proposal.key).order_by("version").last()
    if before is not None and before.answer == answer:
        raise UnsoundError(
            f"{before.decided_by} answered '{answer}' already; only another answer would be new"
        )
    if before is not None and not reason:
        raise UnsoundError(
            f"{before.decided_by} answered '{before.answer}'; give the reason why it is now '{answer}'"
        )
    decision = IdentityDecision.objects.create(
        authority=authority,
        key=proposal.key,
        version=before.version + 1 if before else 1,
        what=proposal.what,
        answer=answer,
        reasons=list(proposal.reasons),
        reason=reason,
        decided_by=actor.code,
        decided_at=at,
    )
    record(
        actor,
        "decide_identity",
        subject=f"{authority.code} identity {hashlib.sha256(proposal.key.encode()).hexdigest()[:16]}",
        details={"key": proposal.key, "version": decision.version, "answer": answer, "reason": reason},
        evaluation_round=None,
        at=at,
    )
    return decision


def decisions_of(authority: Authority) -> Sequence[KeptDecision]:
    """Return the answers that hold for an authority, the last of each question, in the order they were first asked."""
    last: dict[str, IdentityDecision] = {}
    for decision in IdentityDecision.objects.filter(authority=authority).order_by("pk"):
        last[decision.key] = decision
    return [
        KeptDecision(
            key=decision.key,
            what=ProposedLink(decision.what),
            answer=IdentityAnswer(decision.answer),
            decided_by=decision.decided_by,
            decided_at=decision.decided_at,
            reason=decision.reason,
        )
        for decision in last.values()
    ]
