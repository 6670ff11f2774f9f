"""The one gate of every service: ask `domain.permissions.may`, refuse with its reason."""

from datetime import datetime

from hatchmark.db.models import Round
from hatchmark.domain.permissions import Actor, Subject, may
from hatchmark.domain.workflow import Stage
from hatchmark.services.refusals import NotAllowedError


def require(
    actor: Actor, act: str, subject: Subject, *, evaluation_round: Round | None, at: datetime | None
) -> None:
    """Raise NotAllowedError with the reason where `actor` may not do `act` now."""
    stage = Stage(evaluation_round.stage) if evaluation_round else None
    ruling = may(actor, act, subject, stage=stage, at=at)
    if not ruling:
        raise NotAllowedError(ruling.reason)
