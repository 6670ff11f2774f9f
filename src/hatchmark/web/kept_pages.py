"""The results of a round, kept as they were answered until something is published: what everybody reads on one morning.

A page of published results is a function of what is published, of its address, and of the size of type. It is answered
from memory as long as nothing of that has changed; whether it has is asked of the database each time, in one question.
Nothing that somebody signs in for is kept.
"""

import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase

from hatchmark.services.public import state_of_publication
from hatchmark.web.pages import LARGE_TYPE

GetResponse = Callable[[HttpRequest], HttpResponseBase]

KEPT = re.compile(r"(/en)?/[A-Za-z0-9][A-Za-z0-9-]{0,39}/[12][0-9]{3}/(notice/)?")
"""The page of a round and of its notice, in both languages."""

LONGEST_QUERY = 200
MOST_PAGES = 200
LARGEST_PAGE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Page:
    state: tuple[int, ...]
    content: bytes
    headers: tuple[tuple[str, str], ...]


class KeptPages:
    """Answer a page of published results from memory, where nothing was published since it was made."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self._pages: OrderedDict[tuple[object, ...], _Page] = OrderedDict()
        self._lock = Lock()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        query = request.META.get("QUERY_STRING", "")
        if request.method != "GET" or len(query) > LONGEST_QUERY or not KEPT.fullmatch(request.path_info):
            return self.get_response(request)
        request.get_host()  # a wrong name is refused here as everywhere
        key = (
            request.path_info,
            query,
            "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", ""),
            request.COOKIES.get(LARGE_TYPE) == "on",
        )
        state = state_of_publication()
        with self._lock:
            page = self._pages.get(key)
        if page is not None and page.state == state:
            return _answer(request, page)
        response = self.get_response(request)
        if isinstance(response, HttpResponse) and _may_be_kept(response):
            with self._lock:
                self._pages[key] = _Page(state, response.content, tuple(response.items()))
                self._pages.move_to_end(key)
                while len(self._pages) > MOST_PAGES:
                    self._pages.popitem(last=False)
        return response


def _may_be_kept(response: HttpResponse) -> bool:
    return response.status_code == 200 and not response.cookies and len(response.content) <= LARGEST_PAGE


def _answer(request: HttpRequest, page: _Page) -> HttpResponse:
    headers = dict(page.headers)
    known = request.META.get("HTTP_IF_NONE_MATCH", "")
    if known and known == headers.get("ETag"):
        response: HttpResponse = HttpResponseNotModified()
        kept = {name: value for name, value in headers.items() if name in ("ETag", "Vary", "Cache-Control")}
    else:
        response, kept = HttpResponse(page.content), headers
    for name, value in kept.items():
        response[name] = value
    return response
