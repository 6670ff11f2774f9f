"""专家评审: assign, confirm by a second official, declare conflicts, score."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction

from django.db import transaction

from hatchmark.db.models import Assignment, Entry, Expert, Round, ScoreSheet
from hatchmark.domain.conflicts import CONFLICT_TITLES, computed_conflict
from hatchmark.domain.permissions import Actor, Subject
from hatchmark.domain.round_folder import ExpertRow
from hatchmark.domain.scheme import expert_score_problem
from hatchmark.services.deadlines import deadline
from hatchmark.services.ledger import record
from hatchmark.services.permissions import hold, require
from hatchmark.services.refusals import UnsoundError
from hatchmark.services.rounds import scheme_of_entry


@transaction.atomic
def list_experts(
    *, evaluation_round: Round, experts: Sequence[ExpertRow], actor: Actor, at: datetime
) -> dict[str, Expert]:
    """Put experts on the round's list; return them by code."""
    hold(evaluation_round)
    subject = Subject(past=evaluation_round.past)
    require(actor, "list_experts", subject, evaluation_round=evaluation_round, at=at)
    codes = [expert.expert for expert in experts]
    there = set(evaluation_round.experts.values_list("code", flat=True))
    if doubled := sorted({code for code in codes if code in there or codes.count(code) > 1}):
        raise UnsoundError(f"{', '.join(doubled)} would stand on the list of experts twice; name each once")
    listed = {
        expert.expert: Expert.objects.create(
            round=evaluation_round,
            code=expert.expert,
            name=expert.name,
            employer=expert.employer,
            region=expert.region,
            specialty=expert.specialty,
        )
        for expert in experts
    }
    # Names and employers of experts never appear in what is published, and the ledger is.
    record(
        actor,
        "list_experts",
        subject=f"round:{evaluation_round.year}",
        details={"experts": codes},
        evaluation_round=evaluation_round,
        at=at,
    )
    return listed


@transaction.atomic
def assign_expert(*, entry: Entry, expert: Expert, actor: Actor, at: datetime) -> Assignment:
    """Put a file before an expert, as a draft that a second official confirms.

    A conflict that the register itself shows (same employer as the operator or the channel) is recorded at once.
    """
    hold(entry.round)
    closes_at = deadline(entry.round, "expert_review_closes_at")
    require(
        actor,
        "assign_expert",
        Subject(past=entry.round.past, window_closes_at=closes_at),
        evaluation_round=entry.round,
        at=at,
    )
    if not entry.submissions.filter(state="approved").exists():
        raise UnsoundError(f"{entry} has no approved submission that an expert could judge")
    if expert.round_id != entry.round_id:
        raise UnsoundError(f"{entry}: {expert} stands on the list of another round; list the expert first")
    if entry.assignments.filter(expert=expert).exists():
        raise UnsoundError(f"{entry}: {expert} has this file already; assign another expert")
    conflict = computed_conflict(
        employer=expert.employer, institution=entry.name, operators=entry.operators, channel=entry.channel
    )
    assignment = Assignment.objects.create(
        entry=entry,
        expert=expert,
        assigned_at=at,
        assigned_by=actor.code,
        conflict=conflict or "",
        conflict_source="register" if conflict else "",
    )
    record(
        actor,
        "assign_expert",
        subject=str(entry),
        details={"expert": expert.code, "conflict": conflict or ""},
        evaluation_round=entry.round,
        at=at,
    )
    return assignment


@transaction.atomic
def confirm_assignments(*, evaluation_round: Round, actor: Actor, at: datetime) -> int:
    """Confirm, as the second person, every assignment that waits and that others made; return how many."""
    hold(evaluation_round)
    all_waiting = Assignment.objects.filter(entry__round=evaluation_round, confirmed_by="").order_by("pk")
    others = all_waiting.exclude(assigned_by=actor.code)
    # Where only one's own wait, the refusal names the reason.
    waiting = others if others.exists() else all_waiting
    names = []
    for assignment in waiting.select_related("entry", "expert"):
        subject = Subject(past=evaluation_round.past, first_person=assignment.assigned_by)
        require(actor, "confirm_assignments", subject, evaluation_round=evaluation_round, at=at)
        names.append(f"{assignment.entry}/{assignment.expert.code}")
    if not names:
        raise UnsoundError(f"{evaluation_round} has no assignment waiting for confirmation")
    waiting.update(confirmed_by=actor.code)
    record(
        actor,
        "confirm_assignments",
        subject=f"round:{evaluation_round.year}",
        details={"assignments": names},
        evaluation_round=evaluation_round,
        at=at,
    )
    return len(names)


def _subject(assignment: Assignment, closes_at: datetime | None) -> Subject:
    return Subject(
        past=assignment.entry.round.past,
        assigned_expert=assignment.expert.code if assignment.confirmed_by else "",
        conflict=assignment.conflict,
        window_closes_at=closes_at,
    )


@transaction.atomic
def declare_conflict(*, assignment: Assignment, conflict: str, actor: Actor, at: datetime) -> None:
    """Declare one's own conflict. The assignment stays on record; a sheet already signed no longer counts."""
    evaluation_round = hold(assignment.entry.round)
    assignment.refresh_from_db(fields=["confirmed_by", "conflict"])
    require(actor, "declare_conflict", _subject(assignment, None), evaluation_round=evaluation_round, at=at)
    if conflict not in CONFLICT_TITLES:
        raise UnsoundError(f"'{conflict}' is no conflict; write one of {', '.join(CONFLICT_TITLES)}")
    if assignment.conflict:
        # A declaration only ever adds: no expert may put another word over what the register shows.
        raise UnsoundError(f"{assignment}: the conflict {assignment.conflict} is on record already")
    assignment.conflict = conflict
    assignment.conflict_source = "declared"
    assignment.declared_at = at
    assignment.save(update_fields=["conflict", "conflict_source", "declared_at"])
    record(
        actor,
        "declare_conflict",
        subject=str(assignment.entry),
        details={"expert": assignment.expert.code, "conflict": conflict},
        evaluation_round=evaluation_round,
        at=at,
    )


@transaction.atomic
def score(*, assignment: Assignment, scores: Mapping[str, int], actor: Actor, at: datetime) -> ScoreSheet:
    """Sign a score sheet: hundredths of a point by item, bound to the approved version that was read."""
    entry = assignment.entry
    hold(entry.round)
    assignment.refresh_from_db(fields=["confirmed_by", "conflict"])
    closes_at = deadline(entry.round, "expert_review_closes_at")
    require(actor, "score", _subject(assignment, closes_at), evaluation_round=entry.round, at=at)
    if ScoreSheet.objects.filter(assignment=assignment).exists():
        raise UnsoundError(f"{assignment}: a score sheet was signed already; it is not signed twice")
    scheme = scheme_of_entry(entry)
    found = [
        expert_score_problem(scheme, item=item, score=Fraction(points, 100))
        for item, points in scores.items()
    ] + [
        f"'{item.code}' ({item.title}) has no score; give one"
        for item in scheme.expert_items
        if item.code not in scores
    ]
    if against := [problem for problem in found if problem]:
        raise UnsoundError(f"{assignment}: {'; '.join(against)}")
    submission = entry.submissions.get(state="approved")
    sheet = ScoreSheet.objects.create(
        assignment=assignment, submission=submission, scores=dict(scores), signed_at=at
    )
    record(
        actor,
        "score",
        subject=str(entry),
        details={"expert": assignment.expert.code, "version": submission.version, "scores": dict(scores)},
        evaluation_round=entry.round,
        at=at,
    )
    return sheet


def valid_scores(entry: Entry) -> dict[str, list[int]]:
    """Return the hundredths of each item that count: confirmed, unconflicted sheets, in order of the experts' codes."""
    sheets = ScoreSheet.objects.filter(assignment__entry=entry, assignment__conflict="").exclude(
        assignment__confirmed_by=""
    )
    found: dict[str, list[int]] = {}
    for sheet in sheets.order_by("assignment__expert__code"):
        for item, points in sheet.scores.items():
            found.setdefault(item, []).append(points)
    return found
