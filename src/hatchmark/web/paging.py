"""Fifty rows a page, on the server: what every list of the working pages does alike."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

ROWS = 50


def page_of(request: HttpRequest, rows: QuerySet[Any] | Sequence[Any]) -> Page[Any]:
    """Return the page that was asked for; the nearest one where there is none of that number."""
    return Paginator(rows, ROWS).get_page(request.GET.get("page"))


def carried(request: HttpRequest) -> str:
    """Return what else was asked for, so that the next page is one of the same list: `q=…&` or nothing."""
    query = request.GET.copy()
    query.pop("page", None)
    text = query.urlencode()
    return f"{text}&" if text else ""
