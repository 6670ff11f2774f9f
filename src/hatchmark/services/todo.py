"""待办: what does this person owe, until when, and where is it done?"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hatchmark.db.models import Message, PendingAct, Request, Round
from hatchmark.domain.handing_in import Standing
from hatchmark.domain.permissions import ADMINISTRATORS, Actor, Role
from hatchmark.domain.workflow import Stage
from hatchmark.services.cross_checks import late_flags_of
from hatchmark.services.deadlines import deadline
from hatchmark.services.handing_in import Papers, papers_of
from hatchmark.services.reach import entries_for, rounds_for
from hatchmark.services.rounds import undone_of

HANDING_IN = (Stage.CALL, Stage.SUBMISSION, Stage.PRELIMINARY_REVIEW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing to do: `what` is its code, `route` and `address` lead to where it is done.

    `due_at` None: no deadline. `waiting`: nothing to do now, but good to know.
    """

    what: str
    route: str
    address: tuple[Any, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    due_at: datetime | None = None
    waiting: bool = False
    narrowed: dict[str, str] = field(default_factory=dict)
    """What the list that `route` leads to is narrowed by."""


def todo_of(actor: Actor, *, at: datetime) -> Sequence[Task]:
    """Return what an actor owes now, the most urgent first; what only waits for others comes last."""
    if actor.role is Role.INSTITUTION:
        tasks = _of_institution(actor, at)
    elif actor.role is Role.CHANNEL:
        tasks = _of_channel(actor, at)
    elif actor.role is Role.DEPARTMENT:
        tasks = _of_department(actor, at)
    elif actor.role in ADMINISTRATORS:
        tasks = _of_administrator(actor)
    else:
        tasks = []
    # A task without a deadline stands behind those that have one.
    return sorted(tasks, key=lambda task: (task.waiting, task.due_at is None, task.due_at or at))


def _handing_in(actor: Actor, act: str, at: datetime) -> list[Papers]:
    entries = entries_for(actor, act).filter(round__stage__in=[stage.value for stage in HANDING_IN])
    return list(papers_of(entries.order_by("-round__year", "kind", "serial"), at=at))


def _of_institution(actor: Actor, at: datetime) -> list[Task]:
    tasks = []
    for papers in _handing_in(actor, "read_entry", at):
        entry = papers.entry
        mine = papers.next is Role.INSTITUTION and entry.round.stage != Stage.CALL
        tasks.append(
            Task(
                what=f"{papers.standing}_mine" if mine else f"{papers.standing}_seen",
                route="submission",
                address=(entry.pk,),
                facts={"name": entry.name, "year": entry.round.year, "kind": entry.kind},
                due_at=papers.closes_at if mine else None,
                waiting=not mine,
            )
        )
    return tasks


def _of_channel(actor: Actor, at: datetime) -> list[Task]:
    tasks = []
    papers = _handing_in(actor, "read_queue", at)
    late = late_flags_of(papers)
    for evaluation_round in {each.entry.round.pk: each.entry.round for each in papers}.values():
        own = [each for each in papers if each.entry.round.pk == evaluation_round.pk]
        counts = Counter(each.standing for each in own if each.next is Role.CHANNEL)
        closes_at = deadline(evaluation_round, "preliminary_review_closes_at")
        facts = {"year": evaluation_round.year}
        reviewing = evaluation_round.stage == Stage.PRELIMINARY_REVIEW
        if waiting := counts.pop(Standing.SUBMITTED, 0):
            tasks.append(
                Task(
                    what="review" if reviewing else "review_later",
                    route="queue",
                    address=(evaluation_round.pk,),
                    facts=facts | {"n": waiting},
                    due_at=closes_at if reviewing else None,
                    waiting=not reviewing,
                )
            )
        if absent := sum(counts.values()):
            tasks.append(
                Task(
                    what="explain_absences",
                    route="queue",
                    address=(evaluation_round.pk,),
                    facts=facts | {"n": absent},
                    due_at=closes_at,
                )
            )
        if approved := sum(each.entry.pk in late for each in own):
            tasks.append(
                Task(
                    what="explain_late_flags",
                    route="queue",
                    address=(evaluation_round.pk,),
                    facts=facts | {"n": approved},
                    due_at=closes_at,
                    narrowed={"standing": Standing.APPROVED.value, "flags": "open"},
                )
            )
        if not waiting and not absent and not approved:
            tasks.append(
                Task(
                    what="nothing_to_review",
                    route="queue",
                    address=(evaluation_round.pk,),
                    facts=facts,
                    waiting=True,
                )
            )
    return tasks


def _of_department(actor: Actor, at: datetime) -> list[Task]:
    tasks = []
    for evaluation_round in rounds_for(actor, "read_board").exclude(stage=Stage.FOLLOW_UP.value):
        blocking = undone_of(evaluation_round, at=at)
        tasks.append(
            Task(
                what="round_waits" if blocking else "round_ready",
                route="board",
                address=(evaluation_round.pk,),
                facts={"year": evaluation_round.year, "n": len(blocking), "stage": evaluation_round.stage},
                due_at=_end_of_stage(evaluation_round),
                waiting=bool(blocking),
            )
        )
    waiting = Request.objects.filter(
        qualification__institution__authority__code=actor.authority, ruling=""
    ).count()
    if waiting:
        tasks.append(Task(what="rule_requests", route="rulings", facts={"n": waiting}))
    tasks += [
        Task(what="confirm_act", route="pending", address=(pending.pk,), facts={"by": pending.proposed_by})
        for pending in PendingAct.objects.filter(
            authority__code=actor.authority, state="proposed", act="change_scheme"
        ).exclude(proposed_by=actor.code)
    ]
    return tasks


def _end_of_stage(evaluation_round: Round) -> datetime | None:
    return deadline(evaluation_round, f"{evaluation_round.stage}_closes_at")


def _of_administrator(actor: Actor) -> list[Task]:
    tasks = [
        Task(what="confirm_administrator", route="administrators", facts={"by": pending.proposed_by})
        for pending in PendingAct.objects.filter(act="make_administrator", state="proposed").exclude(
            proposed_by=actor.code
        )
    ]
    if actor.role is Role.SYSTEM_ADMIN and (failed := Message.objects.filter(mail="failed").count()):
        tasks.append(Task(what="mail_failed", route="mail", facts={"n": failed}))
    return tasks
