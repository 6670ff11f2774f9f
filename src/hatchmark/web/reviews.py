"""The pages of a channel: its queue, and the preliminary review of one entry."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def queue(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """Not there yet."""
    raise Http404
