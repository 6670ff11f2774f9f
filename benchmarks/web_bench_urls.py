"""Every address of the site, and an empty one."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from hatchmark.config import urls
from hatchmark.web.security import ROUTES

ROUTES["empty"] = "read_public"


def empty(request: HttpRequest) -> HttpResponse:
    """Answer with nothing."""
    return HttpResponse("")


urlpatterns = [path("empty/", empty, name="empty"), *urls.urlpatterns]
handler400, handler403, handler404, handler500 = (
    urls.handler400,
    urls.handler403,
    urls.handler404,
    urls.handler500,
)
