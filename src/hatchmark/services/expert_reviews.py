"""专家评审: assign, confirm by a second official, declare conflicts, score."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from hatchmark.db.models import Assignment, Entry, Expert, Round, ScoreSheet
from hatchmark.domain.conflicts import computed_conflict
from hatchmark.domain.permissions import Actor, Subject
from hatchmark.services.ledger import record
from hatchmark.services.permissions import require
from hatchmark.services.refusals import UnsoundError
from hatchmark.services.rounds import deadline


@transaction.atomic
def assign_expert(*, entry: Entry, expert: Expert, actor: Actor, at: datetime) -> Assignment:
    """Put a file before an expert, as a draft that a second official confirms.

    A conflict that the register itself shows (same employer as the operator or the channel) is recorded at once.
    """
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
    """Confirm every assignment that waits for its second person; return how many."""
    waiting = Assignment.objects.filter(entry__round=evaluation_round, confirmed_by="").order_by("pk")
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
    evaluation_round = assignment.entry.round
    require(actor, "declare_conflict", _subject(assignment, None), evaluation_round=evaluation_round, at=at)
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
    closes_at = deadline(entry.round, "expert_review_closes_at")
    require(actor, "score", _subject(assignment, closes_at), evaluation_round=entry.round, at=at)
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
    """Return the hundredths of each item that count: confirmed, unconflicted sheets, in order of assignment."""
    sheets = ScoreSheet.objects.filter(assignment__entry=entry, assignment__conflict="").exclude(
        assignment__confirmed_by=""
    )
    found: dict[str, list[int]] = {}
    for sheet in sheets.order_by("assignment__expert__code"):
        for item, points in sheet.scores.items():
            found.setdefault(item, []).append(points)
    return found
