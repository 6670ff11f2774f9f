"""Take up an invitation: whoever holds the code chooses a username and a password."""

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from hatchmark.domain.accounts import PASSWORD_LENGTH
from hatchmark.services import clock
from hatchmark.services.accounts import accept_invitation, invitation_of
from hatchmark.services.refusals import RefusedError
from hatchmark.web import words
from hatchmark.web.pages import show
from hatchmark.web.problems import refusal
from hatchmark.web.work import back

LONGEST_CODE = 100


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Show what is offered; with a username and a password, make the account and sign in."""
    at = clock.now()
    offered = invitation_of(code, at=at) if len(code) <= LONGEST_CODE else None
    if offered is None:
        # A wrong code, a used one and an old one are answered alike: none tells that it was ever right.
        return show(request, "web/invitation_void.html", language, {}, status=404)
    username, problem = request.POST.get("username", "").strip(), ""
    if request.method == "POST":
        first, second = request.POST.get("password", ""), request.POST.get("again", "")
        if first != second:
            problem = words.say(language, "invitation_differ")
        else:
            try:
                account = accept_invitation(code=code, username=username, password=first, at=at)
            except RefusedError as error:
                problem = refusal(language, error)
            else:
                login(request, account, backend="allauth.account.auth_backends.AuthenticationBackend")
                return back(request, language, "todo")
    return show(
        request,
        "web/invitation.html",
        language,
        {
            "invitation": offered,
            "role": words.say(language, f"role_{offered.role}"),
            "username": username[:60],
            "problem": problem,
            "length": PASSWORD_LENGTH,
            "until": words.moment(language, offered.expires_at),
        },
        status=422 if problem else 200,
    )
