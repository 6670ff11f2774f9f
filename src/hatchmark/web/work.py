"""What every signed-in page has: who is signed in, the pages of the role, the demo's clock; and the to-do page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from hatchmark.domain.permissions import Actor, Role, scope_of
from hatchmark.services import clock
from hatchmark.services.messages import unread_of
from hatchmark.services.refusals import RefusedError
from hatchmark.services.todo import Task, todo_of
from hatchmark.web import words
from hatchmark.web.accounts import account_for, actor_for
from hatchmark.web.addresses import address_of
from hatchmark.web.pages import show
from hatchmark.web.problems import refusal


@dataclass(frozen=True, slots=True)
class Branch:
    """A page in the navigation of a role, and the routes that lie below it."""

    route: str
    key: str
    below: frozenset[str] = frozenset()


BRANCHES: Mapping[Role, tuple[Branch, ...]] = {
    Role.INSTITUTION: (
        Branch(
            "todo",
            "work_todo",
            frozenset({"submission", "submission-score", "submission-hand-in", "submission-withdraw"}),
        ),
        Branch("history", "work_history", frozenset({"submission-version", "submission-receipt"})),
        Branch("requests", "work_requests", frozenset({"ask-change", "ask-deferral"})),
    ),
    Role.CHANNEL: (
        Branch("todo", "work_todo"),
        Branch(
            "queues",
            "work_queue",
            frozenset(
                {"queue", "review", "approve", "return-fields", "refuse", "batch-approval", "statistics"}
            ),
        ),
    ),
    Role.DEPARTMENT: (
        Branch("todo", "work_todo"),
        Branch(
            "rounds",
            "work_rounds",
            frozenset(
                {
                    "open-round",
                    "own-schemes",
                    "board",
                    "move-on",
                    "due",
                    "deadlines",
                    "scheme-change",
                    "pending",
                    "entry",
                }
            ),
        ),
        Branch("rulings", "work_requests", frozenset({"ruling"})),
        Branch("register", "work_register", frozenset({"qualification"})),
    ),
    Role.SYSTEM_ADMIN: (
        Branch("todo", "work_todo"),
        Branch("mail", "work_mail"),
        Branch("administrators", "work_administrators"),
    ),
    Role.SECURITY_ADMIN: (
        Branch("todo", "work_todo"),
        Branch("accounts", "work_accounts", frozenset({"account", "invite"})),
        Branch("administrators", "work_administrators"),
    ),
    Role.AUDIT_ADMIN: (
        Branch("todo", "work_todo"),
        Branch("ledger", "work_ledger", frozenset({"ledger-check"})),
        Branch("administrators", "work_administrators"),
    ),
}
"""The pages of each role, in order. Only pages without an argument stand here; the others are reached from them."""


MESSAGES = Branch("messages", "work_messages")
"""Everybody has them, last in the row."""


def show_work(
    request: HttpRequest, template: str, language: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a signed-in page."""
    actor = actor_for(request)
    now = clock.now()
    name = request.resolver_match.url_name if request.resolver_match else ""
    shown = (*BRANCHES.get(actor.role, ()), MESSAGES)
    unread = unread_of(account_for(request))
    frame = {
        "actor": actor,
        "role_name": words.say(language, f"role_{actor.role}"),
        # A page that others lie below names its own way; these have none but the to-do page.
        "branch_here": next(
            (words.say(language, branch.key) for branch in shown if branch.route == name != "todo"), ""
        ),
        "branches": [
            {
                "address": address_of(language, branch.route),
                "label": words.say(language, branch.key),
                "here": name == branch.route or name in branch.below,
                "count": unread if branch is MESSAGES else 0,
            }
            for branch in shown
        ],
        "demo_clock": words.moment(language, now) if clock.is_demonstration() else "",
        "messages": messages.get_messages(request),
        "now": now,
        "may_make_tokens": scope_of(actor, "make_token") is not None,
    }
    return show(request, template, language, {**frame, **context}, status=status)


def back(request: HttpRequest, language: str, route: str, *args: Any) -> HttpResponse:
    """Lead to a page after a form did its work: loading it again does nothing twice."""
    return HttpResponseRedirect(address_of(language, route, *args))


def tell(request: HttpRequest, text: str) -> None:
    """Say on the next page that something was done."""
    messages.success(request, text)


def tell_refused(request: HttpRequest, language: str, error: RefusedError) -> None:
    """Say on the next page why something was not done."""
    messages.error(request, refusal(language, error))


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLine:
    """A task as the page shows it."""

    title: str
    address: str
    button: str
    due: str
    left: str
    overdue: bool
    waiting: bool


@require_safe
def todo(request: HttpRequest, language: str) -> HttpResponse:
    """待办: begin with what is owed, until when, and the one button for it."""
    actor, now = actor_for(request), clock.now()
    lines = [task_line(language, task, now=now) for task in todo_of(actor, at=now)]
    return show_work(
        request,
        "web/work/todo.html",
        language,
        {
            "tasks": [line for line in lines if not line.waiting],
            "waiting": [line for line in lines if line.waiting],
            "empty": words.say(language, f"todo_empty_{_sort(actor)}"),
        },
    )


def _sort(actor: Actor) -> str:
    return "administration" if actor.role.endswith("_admin") else "evaluation"


def task_line(language: str, task: Task, *, now: datetime) -> TaskLine:
    """Put a task into words."""
    facts = dict(task.facts)
    if "stage" in facts:
        facts["stage"] = words.say(language, f"stage_{facts['stage']}")
    return TaskLine(
        title=words.say(language, f"task_{task.what}", **facts),
        address=_address(language, task),
        button=words.say(language, "task_look" if task.waiting else "task_go"),
        due=words.moment(language, task.due_at) if task.due_at else "",
        left=time_left(language, task.due_at, now=now) if task.due_at else "",
        overdue=task.due_at is not None and task.due_at < now,
        waiting=task.waiting,
    )


def _address(language: str, task: Task) -> str:
    address = address_of(language, task.route, *task.address)
    return f"{address}?{urlencode(task.narrowed)}" if task.narrowed else address


def time_left(language: str, due_at: datetime, *, now: datetime) -> str:
    """Say how long is left, in the unit that matters: days, then hours, then minutes; or that it is over."""
    seconds = int((due_at - now).total_seconds())
    if seconds < 0:
        return words.say(language, "left_none")
    for size, key in ((86_400, "left_days"), (3_600, "left_hours"), (60, "left_minutes")):
        # Up to two of a unit are told in the one below: 47 hours say more than one day.
        if seconds >= 2 * size:
            return words.say(language, key, n=seconds // size)
    return words.say(language, "left_moments")
