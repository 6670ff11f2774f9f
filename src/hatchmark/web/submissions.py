"""The pages of an institution: its submission, from the first figure to the receipt."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def submission(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """Not there yet."""
    raise Http404
