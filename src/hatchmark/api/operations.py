"""How an operation is declared: its act, who may call it, what it answers when it is refused, and how it is tried.

An operation names an act of the permission table; one that names none cannot be declared, so the server does not start.
Before its function runs, the token is looked at (401), its scopes and the reach of its role (403). What the services
refuse is told with their words: 403 not allowed, 409 somebody was faster, 422 the papers contradict themselves.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from itertools import islice
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, Throttled, ValidationError
from ninja.security import HttpBearer
from ninja.throttling import AuthRateThrottle
from pydantic import Field

from hatchmark.domain.permissions import RULES, Actor, scope_of
from hatchmark.domain.token_scopes import opens
from hatchmark.services import clock, kept_files
from hatchmark.services.evidence import FileRefusedError, WrongOffsetError
from hatchmark.services.refusals import FaultyError, NotAllowedError, OutdatedError, RefusedError
from hatchmark.services.rosters import FaultyRowsError
from hatchmark.services.tokens import Bearer, bearer_of

Function = TypeVar("Function", bound=Callable[..., Any])
Answer = TypeVar("Answer")

PREFIX = "api-"
"""Every route of the interface has a name that begins so: the policy of the pages leaves them to this module."""

PER_MINUTE = 600
THROTTLE = AuthRateThrottle(f"{PER_MINUTE}/m")


BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
"""How the description names the content of a file, in or out."""

NEXT_OFFSET = "Upload-Offset"
"""The header that tells where the next piece of an upload begins, in an answer to one that does not follow."""

MOST_FAULTS = 200
"""So many faults of what was sent are named one by one; the message says what to do about the first."""


class FaultOut(Schema):
    """One thing that cannot stand. `where` names the field, or the row and its column (`row 3: staff`)."""

    where: str
    code: str
    message: str


class Problem(Schema):
    """Why something was not answered: a code to branch on, and the sentence of the service."""

    code: str
    message: str
    faults: list[FaultOut] = Field(default_factory=list)


PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem, 429: Problem}


class Token(HttpBearer):
    """`Authorization: Bearer hm_…`"""

    def authenticate(self, request: HttpRequest, token: str) -> Bearer | None:
        """Return who stands behind the token, or None."""
        # A token has 46 signs; what is longer is none, and is not looked for.
        return bearer_of(token, at=clock.now()) if len(token) <= 100 else None


class TriedAndUndoneError(Exception):
    """Carries the answer of a dry run out of the transaction that is rolled back."""

    def __init__(self, answer: Any) -> None:
        super().__init__("dry run")
        self.answer = answer


api = NinjaAPI(
    title="孵衡 Hatchmark",
    version="1",
    description="What the working pages of institutions, channels and department can do. "
    "`dry_run=true` does everything, answers as if it were done, and leaves nothing behind.",
    docs_url=None,
    urls_namespace="api",
    auth=Token(),
    throttle=[THROTTLE],
)


def operation(
    method: str, path: str, *, act: str, answer: Any, takes_bytes: bool = False, shows_only: bool = False
) -> Callable[[Function], Function]:
    """Declare an operation: `act` is its row of the permission table, `answer` the schema of what it gives.

    `answer` is None for one that gives a file, `takes_bytes` says that its body is one; `shows_only`: what it takes is
    too much for an address, and it stores nothing. Raises ValueError for an act that the table does not hold.
    """
    if act not in RULES:
        raise ValueError(f"{method} {path}: {act} is no act of the permission table")
    more: dict[str, Any] = {"x-act": act}
    if answer is None:
        more["responses"] = {200: {"content": BYTES}}
    if takes_bytes:
        more["requestBody"] = {"required": True, "content": BYTES}
    if shows_only:
        more["x-shows-only"] = True

    def declare(function: Function) -> Function:
        @wraps(function)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            _require(bearer(request), act)
            return function(request, *args, **kwargs)

        api.api_operation(
            [method],
            path,
            response={200: answer, **PROBLEMS},
            url_name=f"{PREFIX}{function.__name__.replace('_', '-')}",
            operation_id=function.__name__,
            summary=(function.__doc__ or "").strip().partition("\n")[0],
            openapi_extra=more,
        )(guarded)
        return function

    return declare


def bearer(request: HttpRequest) -> Bearer:
    """Return who calls; the framework has authenticated before any operation runs."""
    found: Bearer = request.auth  # type: ignore[attr-defined]
    return found


def actor(request: HttpRequest) -> Actor:
    """Return who acts."""
    return bearer(request).actor


def _require(who: Bearer, act: str) -> None:
    if not opens(who.scopes, act):
        raise NotAllowedError(f"this token has no scope for {act}; make one that has")
    if scope_of(who.actor, act) is None:
        raise NotAllowedError(f"{who.actor.role} may not {act}")


def doing(do: Callable[[], Answer], *, dry_run: bool) -> Answer:
    """Do an act and return its answer; a dry run does it too, and leaves nothing behind, not on the disk either."""
    if not dry_run:
        return do()
    try:
        # The disk is put back before the rows are let go of: whoever waits for them finds it as it was.
        with transaction.atomic(), kept_files.tried():
            raise TriedAndUndoneError(do())
    except TriedAndUndoneError as tried:
        answer: Answer = tried.answer
        return answer


def _problem(
    request: HttpRequest, status: int, code: str, message: str, faults: Iterable[FaultOut] = ()
) -> HttpResponse:
    named = [fault.model_dump() for fault in islice(faults, MOST_FAULTS)]
    return api.create_response(request, {"code": code, "message": message, "faults": named}, status=status)


@api.exception_handler(NotAllowedError)
def _not_allowed(request: HttpRequest, error: NotAllowedError) -> HttpResponse:
    return _problem(request, 403, "not_allowed", str(error))


@api.exception_handler(OutdatedError)
def _outdated(request: HttpRequest, error: OutdatedError) -> HttpResponse:
    return _problem(request, 409, "outdated", str(error))


@api.exception_handler(WrongOffsetError)
def _wrong_offset(request: HttpRequest, error: WrongOffsetError) -> HttpResponse:
    fault = FaultOut(where="offset", code="differs" if error.differs else "not_next", message=str(error))
    response = _problem(request, 409, "wrong_offset", str(error), [fault])
    response[NEXT_OFFSET] = str(error.received)
    return response


@api.exception_handler(FileRefusedError)
def _file_refused(request: HttpRequest, error: FileRefusedError) -> HttpResponse:
    where = "figure" if error.rule == "figure" else "file"
    return _problem(
        request, 422, "refused", str(error), [FaultOut(where=where, code=error.rule, message=str(error))]
    )


@api.exception_handler(RefusedError)
def _refused(request: HttpRequest, error: RefusedError) -> HttpResponse:
    return _problem(request, 422, "refused", str(error))


@api.exception_handler(FaultyError)
def _faulty(request: HttpRequest, error: FaultyError) -> HttpResponse:
    faults = (FaultOut(where=each.about, code=each.code, message=each.text) for each in error.problems)
    return _problem(request, 422, "refused", str(error), faults)


@api.exception_handler(FaultyRowsError)
def _faulty_rows(request: HttpRequest, error: FaultyRowsError) -> HttpResponse:
    faults = (
        FaultOut(
            where=f"row {number}: {fault.column}",
            code=fault.rule,
            message="; ".join(
                [f"'{fault.value}'", *(f"{name} {said}" for name, said in fault.facts.items())]
            ),
        )
        for number, found in error.faults.items()
        for fault in found
    )
    return _problem(request, 422, "refused", str(error), faults)


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return _problem(request, 404, "not_found", "there is nothing here, or nothing that you may see")


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    length = request.headers.get("Content-Length", "")
    if length.isascii() and length.isdigit() and int(length) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
        # The file of such a body is read past and dropped, so that it seems to be missing.
        return _too_big(request, error)
    faults = [
        FaultOut(
            where=".".join(str(part) for part in each["loc"])[:200], code=each["type"], message=each["msg"]
        )
        for each in error.errors[:MOST_FAULTS]
    ]
    said = "; ".join(f"{fault.where}: {fault.message}" for fault in faults[:10])
    return _problem(request, 422, "invalid", said, faults)


@api.exception_handler(RequestDataTooBig)
@api.exception_handler(TooManyFieldsSent)
@api.exception_handler(TooManyFilesSent)
def _too_big(request: HttpRequest, error: Exception) -> HttpResponse:
    return _problem(request, 422, "too_big", "the body is too large; send less at once")


@api.exception_handler(MultiPartParserError)
def _no_form(request: HttpRequest, error: MultiPartParserError) -> HttpResponse:
    return _problem(
        request, 422, "invalid", f"the body is no form that can be read ({error}); send multipart/form-data"
    )


@api.exception_handler(HttpError)
def _of_the_framework(request: HttpRequest, error: HttpError) -> HttpResponse:
    match error.status_code:
        case 401:
            return _problem(
                request, 401, "no_token", "send a valid token: the header `Authorization: Bearer hm_…`"
            )
        case 400:
            return _problem(request, 422, "invalid", "the body is no JSON that can be read; send an object")
        case status:
            return _problem(request, status, "refused", str(error))


@api.exception_handler(Throttled)
def _throttled(request: HttpRequest, error: Throttled) -> HttpResponse:
    response = _problem(request, 429, "too_many", f"this token may ask {PER_MINUTE} times a minute; wait")
    if error.wait:
        response["Retry-After"] = str(int(error.wait) + 1)
    return response
