"""综合评定: score by the scheme, propose by its rules, decide by two persons; a change supersedes."""

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction

from django.db import transaction

from hatchmark.db.models import Decision as DecisionRow
from hatchmark.db.models import Entry, Objection, Proposal, Round, Scorecard
from hatchmark.domain.consequences import propose
from hatchmark.domain.determination import (
    Correction,
    decide,
    effective_figures,
    proposed_decision,
    severe_breach,
    takes_part,
)
from hatchmark.domain.grading import Facts
from hatchmark.domain.obligations import judged_grade
from hatchmark.domain.outcomes import Decision, EntryKey, Grade, Mode, contradictions
from hatchmark.domain.permissions import Actor, Subject
from hatchmark.domain.scheme import FigureValue, Scheme, Status, read_figure
from hatchmark.domain.scoring import EntryInputs
from hatchmark.domain.scoring import Scorecard as Working
from hatchmark.engines.reference import score_table
from hatchmark.services.expert_reviews import valid_scores
from hatchmark.services.ledger import record
from hatchmark.services.objections import objection_number
from hatchmark.services.permissions import hold, require
from hatchmark.services.refusals import UnsoundError
from hatchmark.services.requests import granted_deferrals
from hatchmark.services.results import decision_of, decisions_of, key_of
from hatchmark.services.rounds import scheme_of, scheme_of_entry


def entry_input(entry: Entry, scheme: Scheme) -> EntryInputs:
    """Return everything that its scheme scores an entry by, as the papers stand now."""
    submission = entry.submissions.filter(state="approved").last()
    absent = not takes_part(entry.submissions.values_list("state", flat=True))
    figures: dict[str, FigureValue] = {}
    if submission is not None:
        try:
            effective = effective_figures(submission.figures, _corrections(entry))
        except KeyError as error:
            raise UnsoundError(
                f"{entry}: a correction names the figure {error}, which was never asked for"
            ) from error
        figures = {
            code: read_figure(
                status=figure["status"],
                value=figure["value"],
                unit=figure["unit"],
                source=figure.get("corrected_by", ""),
                figure=scheme.asked[code].figure if code in scheme.asked else None,
            )
            for code, figure in effective.items()
        }
    return EntryInputs(
        figures=figures,
        expert_scores={
            item: tuple(Fraction(points, 100) for points in scores)
            for item, scores in valid_scores(entry).items()
        },
        sub_type=entry.sub_type or None,
        facts=Facts(
            absent=absent,
            severe_integrity=severe_breach(entry.integrity_hits.values_list("severity", flat=True)),
        ),
    )


def _corrections(entry: Entry) -> list[Correction]:
    """Return what was corrected after the submission, in the order in which it counts."""
    found = [
        Correction(figure=check.figure, value=check.found_value, source="现场抽查")
        for check in entry.spot_checks.filter(finding="corrected")
    ]
    return found + [
        Correction(figure=objection.figure, value=objection.corrected_value, source="异议成立")
        for objection in entry.objections.filter(ruling="upheld").exclude(figure="")
    ]


def _store(entry: Entry, working: Working, *, at: datetime, cause: str) -> Scorecard:
    return Scorecard.objects.create(
        entry=entry,
        version=entry.scorecards.count() + 1,
        document=working.as_document(),
        total=working.total,
        grade=working.proposed_grade.value if working.proposed_grade else None,
        made_at=at,
        cause=cause,
    )


Histories = Mapping[int, Mapping[int, Grade | None]]
"""By qualification (its row's key), then by year: the grade it was judged by in each earlier round."""


def _histories(evaluation_round: Round) -> Histories:
    found: dict[int, dict[int, Grade | None]] = {}
    for earlier in evaluation_round.authority.rounds.filter(year__lt=evaluation_round.year).order_by("year"):
        decisions = decisions_of(earlier)
        for entry in earlier.entries.all():
            if key_of(entry) in decisions:
                own = found.setdefault(entry.qualification_id, {})
                own[earlier.year] = judged_grade(key_of(entry), decisions)
    return found


def _propose_consequences(
    entry: Entry, scheme: Scheme, grade: Grade | None, *, histories: Histories
) -> list[Proposal]:
    proposals = propose(
        scheme,
        history=histories.get(entry.qualification_id, {}),
        year=entry.round.year,
        status=Status.PILOT if entry.pilot else Status.RECOGNISED,
        grade=grade,
    )
    # A rescored entry may lose a proposal: what no longer follows from its grade is not left standing.
    entry.proposals.all().delete()
    return [
        Proposal.objects.create(
            entry=entry, outcome=proposal.outcome.value, clause=proposal.clause, words=proposal.words
        )
        for proposal in proposals
    ]


@transaction.atomic
def score_round(
    *, evaluation_round: Round, without: frozenset[EntryKey], actor: Actor, at: datetime
) -> dict[EntryKey, Scorecard]:
    """Score every entry by its kind's scheme and let the consequence rules propose.

    `without` names the entries that are judged by another result or later; those whose deferral was granted are so
    without being named. Raises UnsoundError where an
    entry cannot be scored (under the least number of expert scores): it goes back for another expert.
    """
    hold(evaluation_round)
    require(actor, "propose_decision", Subject(), evaluation_round=evaluation_round, at=at)
    without |= frozenset(granted_deferrals(evaluation_round))
    cards: dict[EntryKey, Scorecard] = {}
    proposals: dict[str, list[str]] = {}
    histories = _histories(evaluation_round)
    for kind in evaluation_round.kinds.all():
        scheme = scheme_of(kind)
        entries = {
            key_of(entry): entry
            for entry in evaluation_round.entries.filter(kind=kind.kind).select_related("qualification")
        }
        table = {key: entry_input(entry, scheme) for key, entry in entries.items() if key not in without}
        for key, working in score_table(scheme, table):
            if working.unscored and working.proposed_grade is None:
                raise UnsoundError(f"{key}: {'; '.join(working.unscored)}")
            cards[key] = _store(entries[key], working, at=at, cause="")
            found = _propose_consequences(entries[key], scheme, working.proposed_grade, histories=histories)
            if found:
                proposals[str(key)] = [proposal.outcome for proposal in found]
    record(
        actor,
        "score_round",
        subject=f"round:{evaluation_round.year}",
        details={
            "totals": {str(key): card.document["total"] for key, card in cards.items()},
            "proposals": proposals,
            "without": sorted(map(str, without)),
        },
        evaluation_round=evaluation_round,
        at=at,
    )
    return cards


def _decide(entry: Entry, human: Decision | None) -> tuple[Decision, bool]:
    key = key_of(entry)
    if human is not None and human.key != key:
        raise UnsoundError(f"{entry}: this decision is about {human.key}; decide that entry with it")
    card = entry.scorecards.last()
    deferral = granted_deferrals(entry.round, entry=entry).get(key)
    if human is None and deferral is not None:
        return deferral, False
    if card is None and (human is None or human.mode not in (Mode.CARRIED, Mode.DEFERRED)):
        raise UnsoundError(f"{entry} was not scored; score the round first")
    absent = not takes_part(entry.submissions.values_list("state", flat=True))
    proposed = proposed_decision(key, absent=absent, grade=Grade(card.grade) if card and card.grade else None)
    decision, deviates = decide(proposed, human)
    if against := contradictions(decision):
        raise UnsoundError(f"{entry}: {'; '.join(against)}")
    if (deviates or human is not None) and not decision.reason:
        raise UnsoundError(
            f"{entry}: a human act needs a reason; write it, or 'not stated' where nobody recorded it"
        )
    return decision, deviates


def _entry_of(evaluation_round: Round, key: EntryKey) -> Entry:
    entry = evaluation_round.entries.filter(kind=key.kind, serial=key.serial).first()
    if entry is None:
        raise UnsoundError(f"{key} is no entry of this round; name one that is")
    return entry


def store_decision(entry: Entry, decision: Decision, *, deviates: bool, proposed_by: str) -> DecisionRow:
    """Store a decision as the next version of its entry, unconfirmed. Runs inside the transaction of its act."""
    source = decision.carried_from
    return DecisionRow.objects.create(
        entry=entry,
        version=entry.decisions.count() + 1,
        mode=decision.mode.value,
        outcome=decision.outcome.value,
        grade=decision.grade.value if decision.grade else None,
        carried_from=_entry_of(entry.round, source) if source else None,
        year=decision.year,
        as_kind=decision.as_kind or "",
        reason=decision.reason,
        note=decision.note,
        deviates=deviates,
        proposed_by=proposed_by,
    )


def decision_details(row: DecisionRow) -> dict[str, str | int | bool | None]:
    """Return what the ledger keeps of a decision: all of it, so that none can be altered unseen."""
    return {
        "version": row.version,
        "mode": row.mode,
        "outcome": row.outcome,
        "grade": row.grade,
        "carried_from": str(row.carried_from) if row.carried_from else None,
        "year": row.year,
        "as_kind": row.as_kind,
        "note": row.note,
        "reason": row.reason,
        "deviates": row.deviates,
    }


@transaction.atomic
def propose_decision(*, entry: Entry, human: Decision | None, actor: Actor, at: datetime) -> DecisionRow:
    """Put a decision before the second official: the scheme's proposal, or a human act with its reason."""
    hold(entry.round)
    require(actor, "propose_decision", Subject(), evaluation_round=entry.round, at=at)
    decision, deviates = _decide(entry, human)
    row = store_decision(entry, decision, deviates=deviates, proposed_by=actor.code)
    record(
        actor,
        "propose_decision",
        subject=str(entry),
        details=decision_details(row),
        evaluation_round=entry.round,
        at=at,
    )
    return row


@transaction.atomic
def confirm_decisions(*, evaluation_round: Round, actor: Actor, at: datetime) -> int:
    """Confirm, as the second person, every decision that waits and that others proposed; return how many.

    A proposal that a later one replaced before anybody confirmed it stays unconfirmed.
    """
    hold(evaluation_round)
    rows = (
        DecisionRow.objects.filter(entry__round=evaluation_round)
        .select_related("entry", "carried_from")
        .order_by("entry__kind", "entry__serial", "version")
    )
    latest = {row.entry_id: row for row in rows}
    all_waiting = [row for row in latest.values() if not row.confirmed_by]
    # Where only one's own wait, the refusal names the reason.
    waiting = [row for row in all_waiting if row.proposed_by != actor.code] or all_waiting
    for row in waiting:
        require(
            actor,
            "confirm_decision",
            Subject(past=evaluation_round.past, first_person=row.proposed_by),
            evaluation_round=evaluation_round,
            at=at,
        )
    undecided = evaluation_round.entries.filter(decisions=None)
    if undecided.exists():
        names = ", ".join(map(str, undecided))
        raise UnsoundError(f"{names} have no decision to confirm; propose one for each")
    if not waiting:
        raise UnsoundError(f"{evaluation_round} has no decision waiting for confirmation")
    _check_carried({key_of(row.entry): decision_of(row) for row in latest.values()})
    DecisionRow.objects.filter(pk__in=[row.pk for row in waiting]).update(
        confirmed_by=actor.code, confirmed_at=at
    )
    record(
        actor,
        "confirm_decisions",
        subject=f"round:{evaluation_round.year}",
        details={"entries": {str(row.entry): row.version for row in waiting}},
        evaluation_round=evaluation_round,
        at=at,
    )
    return len(waiting)


def _check_carried(decisions: Mapping[EntryKey, Decision]) -> None:
    for key, decision in decisions.items():
        if decision.mode is not Mode.CARRIED:
            continue
        try:
            grade = judged_grade(key, decisions)
        except ValueError as error:
            raise UnsoundError(f"{error}; decide one of them otherwise") from error
        if grade is None:
            raise UnsoundError(f"{key} is carried from {decision.carried_from}, which bears no grade")


@transaction.atomic
def rescore(*, objection: Objection, actor: Actor, at: datetime) -> DecisionRow:
    """Score an entry anew as an upheld objection corrected it, and let a new decision supersede.

    Whoever ruled on the objection is the first person; the actor confirms as the second. A human act that
    stands (a cancellation, say) keeps standing; only what followed from the score follows anew.
    """
    entry = objection.entry
    evaluation_round = hold(entry.round)
    objection.refresh_from_db(fields=["ruling", "ruled_by", "ruling_reason", "figure", "applied_at"])
    subject = Subject(past=evaluation_round.past, first_person=objection.ruled_by)
    require(actor, "revise_decision", subject, evaluation_round=evaluation_round, at=at)
    if objection.ruling != "upheld" or not objection.figure:
        raise UnsoundError(f"{entry}: this objection corrects no figure; there is nothing to score anew")
    if objection.applied_at is not None:
        raise UnsoundError(f"{entry}: what this objection corrected was scored already")
    cause = f"异议成立：{objection.ruling_reason}"
    scheme = scheme_of_entry(entry)
    [(_, working)] = score_table(scheme, {key_of(entry): entry_input(entry, scheme)})
    _store(entry, working, at=at, cause=cause)
    histories = _histories(evaluation_round)
    proposals = _propose_consequences(entry, scheme, working.proposed_grade, histories=histories)
    standing = decisions_of(evaluation_round)[key_of(entry)]
    human = None if standing.reason == "" else standing
    decision, deviates = _decide(entry, human)
    row = store_decision(entry, decision, deviates=deviates, proposed_by=objection.ruled_by)
    row.confirmed_by = actor.code
    row.confirmed_at = at
    row.save(update_fields=["confirmed_by", "confirmed_at"])
    objection.applied_at = at
    objection.save(update_fields=["applied_at"])
    record(
        actor,
        "revise_decision",
        subject=str(entry),
        details=decision_details(row)
        | {
            "cause": cause,
            "objection": objection_number(objection),
            "prepared_by": objection.ruled_by,
            "total": working.as_document()["total"],
            "proposals": [proposal.outcome for proposal in proposals],
        },
        evaluation_round=evaluation_round,
        at=at,
    )
    return row


def not_scored(human_acts: Mapping[EntryKey, Decision]) -> frozenset[EntryKey]:
    """Return the entries that no scheme scores: they are judged by another entry's result, or later."""
    return frozenset(
        key for key, decision in human_acts.items() if decision.mode in (Mode.CARRIED, Mode.DEFERRED)
    )
