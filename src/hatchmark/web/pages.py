"""What every page of the site has: its language, its twin in the other one, its marks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from hatchmark.web import words
from hatchmark.web.addresses import address_of
from hatchmark.web.language import is_without_twin, language_of

LONGEST_QUERY = 2000
"""An address is carried over to the other language up to this length; nobody writes a longer one by hand."""


LARGE_TYPE = "large_type"
"""Cookie of 关怀版; it says nothing of anybody, and holds as long as the browser keeps it."""

FORM_AGAIN = (413, 422, 429, 503)
"""Answers that show the form again, with what is to be done about it."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch of the site: the route it opens with, its name in the catalogue, and every route that lies in it."""

    route: str
    key: str
    routes: frozenset[str]


NAVIGATION = (
    Branch(
        "home",
        "branch_results",
        frozenset(
            {"home", "round", "notice", "institution", "scorecard", "what-if", "version", "correction"}
        ),
    ),
    Branch("schemes", "branch_schemes", frozenset({"schemes", "scheme"})),
    Branch("check-a-notice", "branch_check", frozenset({"check-a-notice"})),
    Branch("certificates", "branch_certificates", frozenset({"certificates", "certificate"})),
)
"""What stands on top of every page, in order."""


def show(
    request: HttpRequest, template: str, language: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a page of the site in `language`."""
    shown = status < 400 or status in FORM_AGAIN
    page = render(request, template, {**_frame(request, language, shown=shown), **context}, status=status)
    patch_vary_headers(page, ["Cookie"])  # the size of type is one: no cache on the way may mix the pages up
    return page


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: what every page has, for the pages of frameworks, which do not call `show`."""
    return _frame(request, language_of(request), shown=True) if is_without_twin(request) else {}


def _frame(request: HttpRequest, language: str, *, shown: bool) -> dict[str, Any]:
    other = words.other(language)
    return {
        "language": language,
        "html_language": words.HTML_LANGUAGE[language],
        "other_html_language": words.HTML_LANGUAGE[other],
        "home": address_of(language, "home"),
        # What is not there is answered to the letter alike, whatever was asked for: it names no address. A form
        # that is shown again with its faults keeps what was written, in the other language too.
        "other_address": _twin(request, other) if shown else address_of(other, "home"),
        "large_type": request.COOKIES.get(LARGE_TYPE) == "on",
        "this_page": _here(request, language, shown=shown),
        "navigation": _navigation(request, language, shown=shown),
    }


def _here(request: HttpRequest, language: str, *, shown: bool) -> str:
    """Return where a switch leads back to: this page; what only a form leads to has no address of its own."""
    address = request.get_full_path()
    if not shown or request.method not in ("GET", "HEAD") or len(address) > LONGEST_QUERY:
        return address_of(language, "home")
    return address


def _navigation(request: HttpRequest, language: str, *, shown: bool) -> list[dict[str, Any]]:
    match = request.resolver_match if shown else None
    name = match.url_name if match else ""
    return [
        {
            "address": address_of(language, branch.route),
            "label": words.say(language, branch.key),
            "here": name in branch.routes,
        }
        for branch in NAVIGATION
    ]


def _twin(request: HttpRequest, language: str) -> str:
    """Return the address of this page in the other language; of the first page where it has none."""
    match = request.resolver_match
    if is_without_twin(request):
        return f"{request.path}?language={language}"
    if match is None or not match.url_name:
        return address_of(language, "home")
    kwargs = {name: value for name, value in match.kwargs.items() if name != "language"}
    try:
        address = reverse(f"{language}:{match.url_name}", kwargs=kwargs)
    except NoReverseMatch:
        return address_of(language, "home")
    query = request.GET.urlencode()
    return f"{address}?{query}" if 0 < len(query) <= LONGEST_QUERY else address


def attachment(content: bytes | str, media_type: str, name: str, *, private: bool = False) -> HttpResponse:
    """Return a file to be saved, never shown in the page. `private`: no cache may keep it, on the way or after."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    if private:
        response["Cache-Control"] = "private, no-store"
    return response


@csrf_exempt
@require_POST
def large_type(request: HttpRequest, language: str) -> HttpResponse:
    """Switch 关怀版 on or off, and lead back to the page that was read.

    Its form bears no token: the token would be a cookie on every page of the public site, and no page with a cookie is
    kept. Whoever tricks a browser into it makes its type larger and no more.
    """
    there = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(there, allowed_hosts=None):
        there = address_of(language, "home")
    response = HttpResponseRedirect(there)
    if request.POST.get("to") == "on":
        response.set_cookie(LARGE_TYPE, "on", max_age=31_536_000, httponly=True, samesite="Lax")
    else:
        response.delete_cookie(LARGE_TYPE, samesite="Lax")
    return response
