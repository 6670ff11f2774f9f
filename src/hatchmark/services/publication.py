"""公布: the result notice is a pure function of the decisions; a correction supersedes it, never overwrites."""

from datetime import datetime

from django.db import transaction

from hatchmark.db.models import Entry, Obligation, QualificationEvent, ResultNotice, Round
from hatchmark.domain.outcomes import EntryKey, Outcome
from hatchmark.domain.permissions import Actor, Subject
from hatchmark.domain.results import RoundResults, canonical_json
from hatchmark.services.ledger import record
from hatchmark.services.permissions import require
from hatchmark.services.refusals import UnsoundError
from hatchmark.services.results import blocked_entries, key_of, results_of
from hatchmark.services.rounds import move_on


@transaction.atomic
def publish(*, evaluation_round: Round, actor: Actor, at: datetime | None) -> ResultNotice:
    """Publish the result notice and what follows from it.

    An entry whose objection nobody has ruled on is withheld, alone; the others are published. A live round
    is published after its objection window only. `at` is None for a past round whose date is not known.
    """
    if not evaluation_round.past:
        require(actor, "publish", Subject(), evaluation_round=evaluation_round, at=at)
        closes_at = evaluation_round.public_notice.closes_at
        if at is None or at <= closes_at:
            raise UnsoundError(
                f"the window for objections closes at {closes_at.isoformat()}; publish after it, not at {at}"
            )
    else:
        require(actor, "enter_past_act", Subject(past=True), evaluation_round=evaluation_round, at=at)
    withheld = blocked_entries(evaluation_round)
    results = results_of(evaluation_round, without=withheld)
    notice = _store(evaluation_round, results, at=at, reason="")
    _bind_obligations(evaluation_round, results)
    _bind_cancellations(evaluation_round, results, at=at)
    move_on(
        evaluation_round,
        act="publish",
        actor=actor,
        at=at,
        version=notice.version,
        digest=notice.digest,
        withheld=sorted(str(key) for key in withheld),
    )
    return notice


@transaction.atomic
def correct_publication(
    *, evaluation_round: Round, reason: str, prepared_by: str, actor: Actor, at: datetime
) -> ResultNotice:
    """Publish a corrected notice beside the old one. A second person confirms what `prepared_by` prepared."""
    subject = Subject(past=evaluation_round.past, first_person=prepared_by)
    require(actor, "correct_publication", subject, evaluation_round=evaluation_round, at=at)
    if not reason:
        raise UnsoundError("a correction of what was published needs its reason")
    results = results_of(evaluation_round, without=blocked_entries(evaluation_round))
    latest = evaluation_round.result_notices.latest("version")
    if latest.digest == results.digest:
        raise UnsoundError(f"nothing differs from version {latest.version}; change a decision first")
    notice = _store(evaluation_round, results, at=at, reason=reason)
    _bind_obligations(evaluation_round, results)
    _bind_cancellations(evaluation_round, results, at=at)
    record(
        actor,
        "correct_publication",
        subject=f"round:{evaluation_round.year}",
        details={
            "version": notice.version,
            "digest": notice.digest,
            "supersedes": latest.version,
            "reason": reason,
            "prepared_by": prepared_by,
        },
        evaluation_round=evaluation_round,
        at=at,
    )
    return notice


def _store(
    evaluation_round: Round, results: RoundResults, *, at: datetime | None, reason: str
) -> ResultNotice:
    return ResultNotice.objects.create(
        round=evaluation_round,
        version=evaluation_round.result_notices.count() + 1,
        document=canonical_json(results.as_document()),
        digest=results.digest,
        published_at=at,
        reason=reason,
    )


def _bind_obligations(evaluation_round: Round, results: RoundResults) -> None:
    entries: dict[EntryKey, Entry] = {key_of(entry): entry for entry in evaluation_round.entries.all()}
    owed = {(obligation.key, obligation.act.value): obligation for obligation in results.obligations}
    # A correction may lift a duty; one that was already done stays as part of the history.
    for duty in Obligation.objects.filter(entry__round=evaluation_round, done_at=None).select_related(
        "entry"
    ):
        if (key_of(duty.entry), duty.act) not in owed:
            duty.delete()
    for (key, act), obligation in owed.items():
        Obligation.objects.update_or_create(
            entry=entries[key],
            act=act,
            defaults={"year": obligation.year, "as_kind": obligation.as_kind or "", "note": obligation.note},
        )


def _bind_cancellations(evaluation_round: Round, results: RoundResults, *, at: datetime | None) -> None:
    cancelled = {
        row.key: row.outcome
        for row in results.rows
        if row.outcome in (Outcome.DISQUALIFIED, Outcome.PILOT_CANCELLED)
    }
    for entry in evaluation_round.entries.select_related("qualification"):
        if outcome := cancelled.get(key_of(entry)):
            QualificationEvent.objects.get_or_create(
                qualification=entry.qualification,
                event=outcome.value,
                defaults={
                    "happened_at": at,
                    "happened_bound": evaluation_round.happened_bound if at is None else "",
                    "round": evaluation_round,
                },
            )
