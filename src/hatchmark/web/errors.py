"""The pages for what went wrong. They ask the database nothing, since it may be what went wrong."""

import logging

from django.http import HttpRequest, HttpResponse

from hatchmark.web.pages import show

log = logging.getLogger(__name__)


def _language(request: HttpRequest) -> str:
    return "en" if request.path_info == "/en" or request.path_info.startswith("/en/") else "zh"


def _page(request: HttpRequest, key: str, status: int) -> HttpResponse:
    return show(request, "web/error.html", _language(request), {"key": key, "status": status}, status=status)


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


def server_error(request: HttpRequest) -> HttpResponse:
    """500."""
    return _page(request, "server_error", 500)
