"""The demo: who can be signed in as, and the clock that anybody may set there. In another database neither is there."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from hatchmark.db.models import Account
from hatchmark.domain.deadlines import CHINA
from hatchmark.services import clock
from hatchmark.services.demonstration import PASSWORD, moments
from hatchmark.web import words
from hatchmark.web.pages import show
from hatchmark.web.work import back, show_work

SHOWN_OF_A_ROLE = 6
"""So many accounts of a role stand on the login page; there are as many as there are institutions."""


def accounts_to_try() -> list[dict[str, Any]]:
    """Return the demo's accounts by role, with their common password; nothing in any other database."""
    if not clock.is_demonstration():
        return []
    by_role: dict[str, list[Account]] = {}
    for account in Account.objects.filter(demo=True).order_by("pk"):
        by_role.setdefault(account.role, []).append(account)
    return [
        {
            "role": f"role_{role}",
            "accounts": found[:SHOWN_OF_A_ROLE],
            "more": len(found) - SHOWN_OF_A_ROLE if len(found) > SHOWN_OF_A_ROLE else 0,
            "password": PASSWORD,
        }
        for role, found in by_role.items()
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def demo_clock(request: HttpRequest, language: str) -> HttpResponse:
    """Set the clock of the demo to a moment of its round, or to one that is typed."""
    if not clock.is_demonstration():
        raise Http404
    wrong = False
    if request.method == "POST":
        try:
            typed = datetime.fromisoformat(request.POST.get("moment", ""))
            clock.set_demonstration_clock(typed if typed.tzinfo else typed.replace(tzinfo=CHINA))
        except ValueError:
            wrong = True
        else:
            return back(request, language, "demo-clock")
    now = clock.now()
    # Whoever has signed in stays among the own pages; a visitor may look at the clock too.
    signed_in = request.user.is_authenticated
    return (show_work if signed_in else show)(
        request,
        "web/demo_clock.html",
        language,
        {
            "layout": "web/work/base.html" if signed_in else "web/base.html",
            "now": words.moment(language, now),
            "typed": f"{now.astimezone(CHINA):%Y-%m-%dT%H:%M}",
            "wrong": wrong,
            "moments": [
                {
                    "value": f"{at.astimezone(CHINA):%Y-%m-%dT%H:%M:%S}",
                    "shown": words.moment(language, at),
                    "what": words.say(language, f"moment_{name}"),
                }
                for name, at in moments()
            ],
        },
        status=422 if wrong else 200,
    )
