"""The pages for what went wrong. They ask the database nothing, since it may be what went wrong."""

import logging

from django.http import HttpRequest, HttpResponse

from hatchmark.web.language import language_of
from hatchmark.web.pages import show

log = logging.getLogger(__name__)


def _page(request: HttpRequest, key: str, status: int) -> HttpResponse:
    return show(
        request, "web/error.html", language_of(request), {"key": key, "status": status}, status=status
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return _page(request, "bad_request", 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: answered as 404, since nobody may learn here that something hidden is there."""
    return _page(request, "not_found", 404)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: one page for what is not there and for what is not shown, to the letter."""
    return _page(request, "not_found", 404)


def not_allowed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """405: the same answer with a page in it."""
    page = _page(request, "not_allowed", 405)
    page["Allow"] = response["Allow"]
    return page


def refused_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without the token of this site, or of a session that ended: it did nothing, and says how to go on."""
    return _page(request, "refused_form", 403)


def too_many(request: HttpRequest) -> HttpResponse:
    """429: more attempts from one address, or for one account, than anybody makes by hand."""
    return _page(request, "too_many", 429)


def server_error(request: HttpRequest) -> HttpResponse:
    """500."""
    return _page(request, "server_error", 500)
