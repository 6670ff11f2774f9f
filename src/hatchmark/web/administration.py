"""The pages of the three administrators: accounts, mail and jobs, the ledger."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def administrators(request: HttpRequest, language: str) -> HttpResponse:
    """Not there yet."""
    raise Http404


@require_safe
def mail(request: HttpRequest, language: str) -> HttpResponse:
    """Not there yet."""
    raise Http404
