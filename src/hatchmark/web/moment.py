"""A request happens at one moment: every clock that it asks shows the same, and the database is asked once for it."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from hatchmark.services import clock

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class OneMoment:
    """Hold the clock for the length of a request."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with clock.one_moment():
            return self.get_response(request)
