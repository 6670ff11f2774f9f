"""The one gate of every service: hold the round, ask `domain.permissions.may`, refuse with its reason."""

from dataclasses import replace
from datetime import datetime

from hatchmark.db.models import Round
from hatchmark.domain.permissions import Actor, Subject, may
from hatchmark.domain.workflow import Stage
from hatchmark.services.refusals import NotAllowedError, OutdatedError


def hold(evaluation_round: Round) -> Round:
    """Hold the round until the transaction ends, so that the acts of one round come one after another.

    Call it before a fact is read that the permission or the change depends on. Raises OutdatedError where
    the round has left the stage that the caller saw.
    """
    now = Round.objects.select_for_update().values_list("stage", "version").get(pk=evaluation_round.pk)
    if now != (evaluation_round.stage, evaluation_round.version):
        raise OutdatedError(f"{evaluation_round} has left the stage {evaluation_round.stage}; open it again")
    return evaluation_round


def require(
    actor: Actor, act: str, subject: Subject, *, evaluation_round: Round | None, at: datetime | None
) -> None:
    """Raise NotAllowedError with the reason where `actor` may not do `act` now.

    The object lies under the authority of its round; without a round the subject names the authority itself.
    """
    stage = None
    if evaluation_round is not None:
        stage = Stage(evaluation_round.stage)
        subject = replace(subject, authority=evaluation_round.authority.code)
    ruling = may(actor, act, subject, stage=stage, at=at)
    if not ruling:
        raise NotAllowedError(ruling.reason, ruling)
