"""Keys for programs: an account makes them for itself, sees each once, and ends them."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST

from hatchmark.db.models import ApiToken
from hatchmark.domain.token_scopes import LONGEST_LIFE, TokenScope
from hatchmark.services import clock
from hatchmark.services.refusals import RefusedError
from hatchmark.services.tokens import make_token, revoke_token
from hatchmark.web import words
from hatchmark.web.accounts import account_for
from hatchmark.web.problems import refusal
from hatchmark.web.work import back, show_work, tell, tell_refused

DEFAULT_DAYS = 90


@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest, language: str) -> HttpResponse:
    """List the own tokens; make one, whose text is shown this once."""
    account, at = account_for(request), clock.now()
    name, scopes = request.POST.get("name", "").strip(), request.POST.getlist("scope")
    days = request.POST.get("days", str(DEFAULT_DAYS)).strip()
    problem = told = ""
    if request.method == "POST":
        try:
            _, told = make_token(
                account=account,
                name=name,
                scopes=scopes,
                # What is no number of days is as wrong as none at all.
                valid_for=timedelta(
                    days=int(days) if days.isascii() and days.isdigit() and len(days) < 6 else 0
                ),
                at=at,
            )
        except RefusedError as error:
            problem = refusal(language, error)
        else:
            name, scopes = "", []
    own = ApiToken.objects.filter(account=account)
    return show_work(
        request,
        "web/work/tokens.html",
        language,
        {
            "tokens": [
                {
                    "pk": token.pk,
                    "name": token.name,
                    "scopes": [words.say(language, f"token_scope_{scope}") for scope in token.scopes],
                    "until": words.moment(language, token.expires_at),
                    "used": words.moment(language, token.used_at) if token.used_at else "",
                    "ended": token.revoked_at is not None or token.expires_at <= at,
                }
                for token in own
            ],
            "scopes": [
                (scope.value, words.say(language, f"token_scope_{scope}"), scope.value in scopes)
                for scope in TokenScope
            ],
            "name": name,
            "days": days,
            "most_days": LONGEST_LIFE.days,
            "problem": problem,
            "told": told,
        },
        status=422 if problem else 200,
    )


@require_POST
def revoke(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """End one of the own tokens."""
    account = account_for(request)
    token = get_object_or_404(ApiToken, pk=pk, account=account)
    try:
        revoke_token(token=token, account=account, at=clock.now())
    except RefusedError as error:
        tell_refused(request, language, error)
    else:
        tell(request, words.say(language, "token_revoked"))
    return back(request, language, "tokens")
