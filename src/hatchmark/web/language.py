"""Which language is a page in? Its address says so; the pages of accounts, which have one address, by a cookie."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

GetResponse = Callable[[HttpRequest], HttpResponseBase]

COOKIE = "language"
WITHOUT_TWIN = ("/accounts/",)
"""Addresses that are there once: frameworks look them up by name and know no second tree."""

_CODES = {"zh": "zh-hans", "en": "en"}


def is_without_twin(request: HttpRequest) -> bool:
    """Say whether a page has one address for both languages."""
    return request.path_info.startswith(WITHOUT_TWIN)


def language_of(request: HttpRequest) -> str:
    """Return `zh` or `en`."""
    path = request.path_info
    if path == "/en" or path.startswith("/en/"):
        return "en"
    if is_without_twin(request):
        asked = request.GET.get("language") or request.COOKIES.get(COOKIE, "")
        return asked if asked in _CODES else "zh"
    return "zh"


class LanguageOfThePage:
    """Speak the language of the page, in the frameworks' own texts too."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = language_of(request)
        with translation.override(_CODES[language]):
            response = self.get_response(request)
        # Kept only by somebody who chose it on a page without a twin; the public site sets no cookie.
        if is_without_twin(request) and request.GET.get("language") in _CODES:
            response.set_cookie(COOKIE, language, max_age=31_536_000, httponly=True, samesite="Lax")
        return response
