"""公示: post the proposed list and open the objection window, to the last second of its last working day."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from hatchmark.db.models import PublicNotice, Round
from hatchmark.domain.deadlines import close_of_window
from hatchmark.domain.permissions import Actor, Subject
from hatchmark.domain.results import canonical_json
from hatchmark.services.ledger import moment_text
from hatchmark.services.permissions import hold, require
from hatchmark.services.refusals import UnsoundError
from hatchmark.services.results import results_of
from hatchmark.services.rounds import move_on, undone_of


@transaction.atomic
def give_public_notice(
    *, evaluation_round: Round, working_days: int, actor: Actor, at: datetime
) -> PublicNotice:
    """Post the list of decisions as it stands and open the window for objections.

    Raises UnsoundError as long as an entry lacks a decision of two persons.
    """
    hold(evaluation_round)
    require(actor, "give_public_notice", Subject(), evaluation_round=evaluation_round, at=at)
    if undone := undone_of(evaluation_round):
        raise UnsoundError(f"give_public_notice: {'; '.join(undone)}")
    results = results_of(evaluation_round)
    notice = PublicNotice.objects.create(
        round=evaluation_round,
        opened_at=at,
        # The window is counted from the date printed on the notice, not from the click.
        closes_at=close_of_window(timezone.localtime(at).date(), working_days),
        document=canonical_json(results.as_document()),
        digest=results.digest,
    )
    move_on(
        evaluation_round,
        act="give_public_notice",
        actor=actor,
        at=at,
        closes_at=moment_text(notice.closes_at),
        digest=results.digest,
    )
    return notice
