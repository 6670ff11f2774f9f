"""公布: the result notice is a pure function of the decisions; a correction supersedes it, never overwrites."""

from datetime import datetime

from django.db import transaction
from django.db.models import Prefetch

from hatchmark.db.models import (
    Entry,
    Obligation,
    PreparedCorrection,
    PublicNotice,
    QualificationEvent,
    ResultNotice,
    Round,
)
from hatchmark.domain.corrections import build_correction
from hatchmark.domain.notices import Paper, Version
from hatchmark.domain.outcomes import EntryKey
from hatchmark.domain.permissions import Actor, Subject
from hatchmark.domain.register import ENDS_QUALIFICATION, RESTORES_QUALIFICATION
from hatchmark.domain.results import RoundResults, canonical_json
from hatchmark.services.ledger import record
from hatchmark.services.permissions import hold, require
from hatchmark.services.refusals import OutdatedError, UnsoundError
from hatchmark.services.results import blocked_entries, key_of, published_version, results_of
from hatchmark.services.rounds import move_on
from hatchmark.services.templates import facts_of, keep_templates, template_for
from hatchmark.services.vocabularies import vocabulary_of


@transaction.atomic
def publish(*, evaluation_round: Round, actor: Actor, at: datetime | None) -> ResultNotice:
    """Publish the result notice and what follows from it.

    An entry whose objection nobody has ruled on is withheld, alone; the others are published. A live round
    is published after its objection window only. `at` is None for a past round whose date is not known.
    """
    hold(evaluation_round)
    if not evaluation_round.past:
        require(actor, "publish", Subject(), evaluation_round=evaluation_round, at=at)
        closes_at = PublicNotice.objects.get(round=evaluation_round).closes_at
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
def prepare_correction(
    *, evaluation_round: Round, reason: str, actor: Actor, at: datetime
) -> PreparedCorrection:
    """Put a corrected notice, as the decisions stand now, before a second person; a later one takes its place."""
    hold(evaluation_round)
    subject = Subject(past=evaluation_round.past)
    require(actor, "prepare_correction", subject, evaluation_round=evaluation_round, at=at)
    if not reason:
        raise UnsoundError("a correction of what was published needs its reason")
    results = results_of(evaluation_round, without=blocked_entries(evaluation_round))
    latest = evaluation_round.result_notices.latest("version")
    if latest.digest == results.digest:
        raise UnsoundError(f"nothing differs from version {latest.version}; change a decision first")
    prepared, _ = PreparedCorrection.objects.update_or_create(
        round=evaluation_round,
        notice=None,
        defaults={
            "reason": reason,
            "digest": results.digest,
            "prepared_by": actor.code,
            "prepared_at": at,
        },
    )
    record(
        actor,
        "prepare_correction",
        subject=f"round:{evaluation_round.year}",
        details={"digest": results.digest, "supersedes": latest.version, "reason": reason},
        evaluation_round=evaluation_round,
        at=at,
    )
    return prepared


@transaction.atomic
def correct_publication(*, evaluation_round: Round, actor: Actor, at: datetime) -> ResultNotice:
    """Publish the correction that another person prepared, beside the notice that it supersedes.

    Raises OutdatedError where a decision changed since it was prepared.
    """
    hold(evaluation_round)
    prepared = evaluation_round.prepared_corrections.filter(notice=None).first()
    subject = Subject(past=evaluation_round.past, first_person=prepared.prepared_by if prepared else "")
    require(actor, "correct_publication", subject, evaluation_round=evaluation_round, at=at)
    if prepared is None:
        raise UnsoundError("no correction waits for a second person; prepare one")
    results = results_of(evaluation_round, without=blocked_entries(evaluation_round))
    if prepared.digest != results.digest:
        raise OutdatedError("a decision changed since this correction was prepared; prepare it anew")
    latest = evaluation_round.result_notices.latest("version")
    templates = keep_templates(evaluation_round, ["correction"])
    notice = _store(evaluation_round, results, at=at, reason=prepared.reason)
    prepared.notice = notice
    prepared.save(update_fields=["notice"])
    _bind_obligations(evaluation_round, results)
    _bind_cancellations(evaluation_round, results, at=at, reason=prepared.reason)
    record(
        actor,
        "correct_publication",
        subject=f"round:{evaluation_round.year}",
        details={
            "version": notice.version,
            "digest": notice.digest,
            "supersedes": latest.version,
            "reason": prepared.reason,
            "prepared_by": prepared.prepared_by,
            "template": templates["correction"],
        },
        evaluation_round=evaluation_round,
        at=at,
    )
    return notice


def correction_of(evaluation_round: Round, version: int, *, source: str | None = None) -> Paper:
    """Return the 更正通知 by which a version took the place of the one before it, row by row.

    `source` takes the place of the template that was kept, for a preview. Raises UnsoundError for the first
    version, which corrects nothing, and for one that is not there.
    """
    if version < 2:
        raise UnsoundError(f"version {version} of {evaluation_round} corrects nothing; name a later one")
    was, now = published_version(evaluation_round, version - 1), published_version(evaluation_round, version)
    return build_correction(
        was.results,
        now.results,
        vocabulary_of(evaluation_round),
        facts_of(evaluation_round, issued_at=now.published_at),
        template_for(evaluation_round, "correction", source=source),
        was=was.version,
        now=now.version,
        reason=now.reason,
    )


def preview_correction(evaluation_round: Round, *, source: str | None = None) -> Paper:
    """Return the 更正通知 that waits for a second person, as the decisions stand now: undated.

    Raises UnsoundError where none was prepared, and OutdatedError where a decision changed since.
    """
    prepared = evaluation_round.prepared_corrections.filter(notice=None).first()
    if prepared is None:
        raise UnsoundError("no correction waits for a second person; prepare one")
    results = results_of(evaluation_round, without=blocked_entries(evaluation_round))
    if prepared.digest != results.digest:
        raise OutdatedError("a decision changed since this correction was prepared; prepare it anew")
    was = published_version(evaluation_round)
    return build_correction(
        was.results,
        results,
        vocabulary_of(evaluation_round),
        facts_of(evaluation_round, issued_at=None),
        template_for(evaluation_round, "correction", source=source),
        was=was.version,
        now=Version(number=was.version.number + 1, day=None, digest=results.digest),
        reason=prepared.reason,
    )


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


def _bind_cancellations(
    evaluation_round: Round, results: RoundResults, *, at: datetime | None, reason: str = ""
) -> None:
    """Enter in the register which qualifications this version ends, and which it restores."""
    entries = {
        key_of(entry): entry
        for entry in evaluation_round.entries.select_related("qualification").prefetch_related(
            Prefetch("qualification__events", QualificationEvent.objects.filter(round=evaluation_round))
        )
    }
    for row in results.rows:
        qualification = entries[row.key].qualification
        said = [
            event.event
            for event in qualification.events.all()
            if event.event in (*ENDS_QUALIFICATION, RESTORES_QUALIFICATION)
        ]
        before = said[-1] if said and said[-1] != RESTORES_QUALIFICATION else ""
        now = row.outcome.value if row.outcome.value in ENDS_QUALIFICATION else ""
        if now != before:
            QualificationEvent.objects.create(
                qualification=qualification,
                event=now or RESTORES_QUALIFICATION,
                happened_at=at,
                happened_bound=evaluation_round.happened_bound if at is None else "",
                round=evaluation_round,
                reason=reason,
            )
