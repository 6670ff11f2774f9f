"""Who may read which page, and which headers does every answer carry?

Access is closed unless a row of `READERS` opens the route: a route without a row stops the start
(`routes_have_readers`), and where it starts all the same it is answered as not found.
"""

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.urls import URLPattern, URLResolver, get_resolver

from hatchmark.web.errors import not_allowed

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class Reader(StrEnum):
    """Who may read a route. The site has no accounts yet: what is on it is public, or it is not on it."""

    PUBLIC = "public"


READERS: dict[str, Reader] = {
    "home": Reader.PUBLIC,
    "round": Reader.PUBLIC,
    "rows": Reader.PUBLIC,
    "notice": Reader.PUBLIC,
    "institution": Reader.PUBLIC,
    "document": Reader.PUBLIC,
    "scorecard": Reader.PUBLIC,
    "what-if": Reader.PUBLIC,
    "schemes": Reader.PUBLIC,
    "scheme": Reader.PUBLIC,
    "scheme-file": Reader.PUBLIC,
    "version": Reader.PUBLIC,
    "correction": Reader.PUBLIC,
    "version-file": Reader.PUBLIC,
    "certificates": Reader.PUBLIC,
    "certificate": Reader.PUBLIC,
    "check-a-notice": Reader.PUBLIC,
}

# No inline script, no inline style, nothing from elsewhere. `data:` is for the arrows of Tabler's form
# fields, which its stylesheet holds as data; an image can run nothing.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class SecurityHeaders:
    """Put the headers on every answer: pages, errors, files, and what a middleware answers by itself."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response[name] = value
        if settings.SECURE_HSTS_SECONDS and request.is_secure():
            response["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
        return response


class RoutePolicy:
    """Answer a route without a row as if it were not there."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        return not_allowed(request, response) if isinstance(response, HttpResponseNotAllowed) else response

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> None:
        """Refuse what no row opens."""
        match = request.resolver_match
        if match is None or READERS.get(match.url_name or "") is not Reader.PUBLIC:
            raise Http404


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield every route under the resolver as (address pattern, name); the name is empty where it has none."""
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield address, entry.name or ""
        else:
            yield from routes(entry, address)


def routes_have_readers(app_configs: Any = None, **_: Any) -> list[CheckMessage]:
    """Django check: every route has a row that says who may read it."""
    return [
        Error(
            f"the route '/{address}' (name '{name}') has no row that says who may read it",
            hint="add its name to READERS in web/security.py",
            id="hatchmark.E001",
        )
        for address, name in routes(get_resolver())
        if name not in READERS
    ]
