"""The pages of the department: the board of a round, its due list, its deadlines."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def board(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """Not there yet."""
    raise Http404


@require_safe
def pending(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """Not there yet."""
    raise Http404
