"""What every page of the site has: its language, its twin in the other one, its marks."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from hatchmark.web import words

LONGEST_QUERY = 2000
"""An address is carried over to the other language up to this length; nobody writes a longer one by hand."""


def show(
    request: HttpRequest, template: str, language: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a page of the site in `language`."""
    other = words.other(language)
    return render(
        request,
        template,
        {
            **context,
            "language": language,
            "html_language": words.HTML_LANGUAGE[language],
            "other_html_language": words.HTML_LANGUAGE[other],
            "home": reverse(f"{language}:home"),
            # An error page is the same to the letter whatever was asked for: it names no address.
            "other_address": _twin(request, other) if status < 400 else reverse(f"{other}:home"),
        },
        status=status,
    )


def _twin(request: HttpRequest, language: str) -> str:
    """Return the address of this page in the other language; of the first page where it has none."""
    match = request.resolver_match
    if match is None or not match.url_name:
        return reverse(f"{language}:home")
    kwargs = {name: value for name, value in match.kwargs.items() if name != "language"}
    try:
        address = reverse(f"{language}:{match.url_name}", kwargs=kwargs)
    except NoReverseMatch:
        return reverse(f"{language}:home")
    query = request.GET.urlencode()
    return f"{address}?{query}" if 0 < len(query) <= LONGEST_QUERY else address
