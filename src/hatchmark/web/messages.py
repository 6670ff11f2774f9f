"""消息: what was told to an account; and the department's reminder to those who have handed in nothing yet."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hatchmark.db.models import Message
from hatchmark.domain.permissions import Role
from hatchmark.services import clock
from hatchmark.services.handing_in import Papers, papers_of
from hatchmark.services.messages import mark_read, remind
from hatchmark.services.reach import entries_for, rounds_for
from hatchmark.services.refusals import RefusedError
from hatchmark.web import words
from hatchmark.web.accounts import account_for, actor_for
from hatchmark.web.addresses import address_of
from hatchmark.web.paging import Asked, page_of
from hatchmark.web.problems import refusal
from hatchmark.web.work import back, show_work, tell

LONGEST_NOTE = 300


@require_safe
def messages(request: HttpRequest, language: str) -> HttpResponse:
    """List what was told to this account, the newest first."""
    own = Message.objects.filter(account=account_for(request))
    page = page_of(Asked.read(request.GET, ()), own)
    return show_work(
        request,
        "web/work/messages.html",
        language,
        {
            "page": page,
            "messages_told": [
                {
                    "title": message.title,
                    "text": message.text,
                    "at": words.moment(language, message.made_at),
                    "new": message.read_at is None,
                    "address": acted_on_at(language, message),
                }
                for message in page["rows"]
            ],
            "unread": own.filter(read_at=None).count(),
        },
    )


def acted_on_at(language: str, message: Message) -> str:
    """Return where a message is acted on; empty where that page is not there (any more)."""
    route, _, key = message.link.partition(":")
    try:
        return address_of(language, route, *([int(key)] if key else [])) if route else ""
    except (NoReverseMatch, ValueError):
        return ""


@require_POST
def read_all(request: HttpRequest, language: str) -> HttpResponse:
    """Mark everything as read."""
    mark_read(account_for(request), at=clock.now())
    return back(request, language, "messages")


@require_http_methods(["GET", "HEAD", "POST"])
def reminders(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """Show whom a reminder would go to, and how many; then send it to exactly these."""
    actor, at = actor_for(request), clock.now()
    evaluation_round = get_object_or_404(rounds_for(actor, "send_reminders"), pk=pk)
    waiting = [
        papers
        for papers in papers_of(
            entries_for(actor, "send_reminders").filter(round=evaluation_round).order_by("kind", "serial"),
            at=at,
        )
        if papers.next is Role.INSTITUTION
    ]
    note, problem = request.POST.get("note", "").strip(), ""
    if request.method == "POST":
        chosen = _chosen(request, waiting)
        if len(note) > LONGEST_NOTE:
            problem = words.say(language, "reminder_long", n=LONGEST_NOTE)
        elif set(request.POST.getlist("entry")) != {str(papers.entry.pk) for papers in chosen}:
            # Somebody handed in while the list was open: it is shown anew, and nobody is bothered for nothing.
            problem = words.say(language, "reminder_changed")
        else:
            try:
                told = remind(
                    evaluation_round=evaluation_round,
                    entries=[papers.entry for papers in chosen],
                    due={papers.entry.pk: papers.closes_at or at for papers in chosen},
                    note=note,
                    actor=actor,
                    at=at,
                )
            except RefusedError as error:
                problem = refusal(language, error)
            else:
                tell(request, words.say(language, "reminder_sent", n=len(chosen), accounts=told))
                return back(request, language, "board", evaluation_round.pk)
    return show_work(
        request,
        "web/work/reminders.html",
        language,
        {
            "round": evaluation_round,
            "waiting": [
                {
                    "pk": papers.entry.pk,
                    "name": papers.entry.name,
                    "channel": papers.entry.channel,
                    "standing": words.say(language, f"standing_{papers.standing}"),
                    "due": words.moment(language, papers.closes_at) if papers.closes_at else "",
                }
                for papers in waiting
            ],
            "note": note,
            "problem": problem,
        },
        status=422 if problem else 200,
    )


def _chosen(request: HttpRequest, waiting: list[Papers]) -> list[Papers]:
    asked = set(request.POST.getlist("entry"))
    return [papers for papers in waiting if str(papers.entry.pk) in asked]
