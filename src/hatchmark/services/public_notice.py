"""公示: post the proposed list and open the objection window, to the last second of its last working day."""

import json
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from hatchmark.db.models import PublicNotice, Round
from hatchmark.domain.deadlines import close_of_window
from hatchmark.domain.notices import Paper
from hatchmark.domain.permissions import Actor, Subject
from hatchmark.domain.public_notice import Window, build_public_notice
from hatchmark.domain.results import canonical_json, results_from_document
from hatchmark.services.ledger import moment_text
from hatchmark.services.permissions import hold, require
from hatchmark.services.refusals import UnsoundError
from hatchmark.services.results import results_of
from hatchmark.services.rounds import move_on, undone_of
from hatchmark.services.templates import facts_of, keep_templates, template_for
from hatchmark.services.vocabularies import vocabulary_of


@transaction.atomic
def give_public_notice(
    *, evaluation_round: Round, working_days: int, actor: Actor, at: datetime
) -> PublicNotice:
    """Post the list of decisions as it stands and open the window for objections.

    Raises UnsoundError as long as an entry lacks a decision of two persons.
    """
    hold(evaluation_round)
    require(actor, "give_public_notice", Subject(), evaluation_round=evaluation_round, at=at)
    if undone := undone_of(evaluation_round, at=at):
        raise UnsoundError(f"give_public_notice: {'; '.join(undone)}")
    results = results_of(evaluation_round)
    templates = keep_templates(evaluation_round, ["public-notice"])
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
        template=templates["public-notice"],
    )
    return notice


def public_notice_paper(evaluation_round: Round, *, source: str | None = None) -> Paper | None:
    """Return the 公示 as it was given, with its window and contacts; None where none was given.

    `source` takes the place of the template that was kept, for a preview.
    """
    notice = getattr(evaluation_round, "public_notice", None)
    if notice is None:
        return None
    results = results_from_document(json.loads(notice.document))
    return build_public_notice(
        results,
        vocabulary_of(evaluation_round),
        facts_of(evaluation_round, issued_at=notice.opened_at),
        template_for(evaluation_round, "public-notice", source=source),
        window=Window(opens_on=timezone.localtime(notice.opened_at).date(), closes_at=notice.closes_at),
        scores_shown=any(row.score is not None for row in results.rows),
    )
