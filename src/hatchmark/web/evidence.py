"""Files of an entry: sent whole by a form or in pieces by the script, listed, read as attachments alone, removed.

Also the scan of the sealed form, which belongs to one version of the submission.
"""

from datetime import datetime
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hatchmark.db.models import Evidence, Submission
from hatchmark.domain.evidence import LIMITS, Purpose, endings_for, megabytes
from hatchmark.domain.permissions import Role
from hatchmark.domain.scheme import LAST_YEAR, Scheme
from hatchmark.domain.workflow import Stage
from hatchmark.services import clock, evidence
from hatchmark.services.evidence import FileRefusedError, OpenEvidence, WrongOffsetError
from hatchmark.services.handing_in import Papers
from hatchmark.services.refusals import OutdatedError, RefusedError
from hatchmark.services.rounds import scheme_of_entry
from hatchmark.web import words
from hatchmark.web.accounts import actor_for
from hatchmark.web.addresses import address_of
from hatchmark.web.work import back, show_work, tell, time_left

OFFSET = "Upload-Offset"
"""The header of a piece: where in the file it begins, in bytes."""


def _about(papers: Papers, language: str, *, editable: bool, at: datetime) -> dict[str, Any]:
    entry, closes_at = papers.entry, papers.closes_at
    return {
        "entry": entry,
        "year": entry.round.year,
        "fictional": entry.round.fictional,
        "editable": editable,
        "due": words.moment(language, closes_at) if closes_at else "",
        "left": time_left(language, closes_at, now=at) if closes_at else "",
        "submission_address": address_of(language, "submission", entry.pk),
        "evidence_address": address_of(language, "evidence", entry.pk),
        "upload_address": address_of(language, "evidence-upload", entry.pk),
        "chunk": LIMITS.chunk,
    }


# ---- the list ---------------------------------------------------------------------------------------------


@require_safe
def files(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """The files of an entry: its institution's own, or for the others those that a version names."""
    return _show_files(request, language, pk)


def _show_files(
    request: HttpRequest,
    language: str,
    pk: int,
    *,
    why: str = "",
    status: int = 200,
) -> HttpResponse:
    actor, at = actor_for(request), clock.now()
    found = evidence.open_evidence(pk, actor=actor, at=at)
    if found is None:
        raise Http404
    own = actor.role is Role.INSTITUTION
    scheme = scheme_of_entry(found.entry)
    editable = own and bool(found.ruling)
    return show_work(
        request,
        "web/work/evidence.html",
        language,
        {
            **_about(found.papers, language, editable=editable, at=at),
            "own": own,
            "why": why,
            "closed": "" if editable or not own else _closed(language, found.papers, at=at),
            "files": [_line(found, file, scheme, language, editable=editable) for file in found.files],
            "figures": _figures(scheme, language) if editable else [],
            "limits": _limits(),
            "endings": endings_for(Purpose.EVIDENCE),
            "used": words.say(
                language, "evi_used", n=len(found.files), size=megabytes(found.size), **_limits()
            ),
        },
        status=status,
    )


def _limits() -> dict[str, str]:
    return {
        "file": megabytes(LIMITS.file),
        "entry": megabytes(LIMITS.entry),
        "files": str(LIMITS.files),
        "form": megabytes(LIMITS.form),
    }


def _closed(language: str, papers: Papers, *, at: datetime) -> str:
    closed = ""
    if papers.standing in ("approved", "refused"):
        reason = str(papers.standing)
    elif papers.closes_at is not None and at > papers.closes_at:
        reason, closed = "late", words.moment(language, papers.closes_at)
    else:
        reason = "early" if papers.entry.round.stage == Stage.CALL else "stage"
    why = words.say(language, f"evi_closed_{reason}", closed=closed)
    return words.say(language, "evi_closed", why=why)


def _line(
    found: OpenEvidence, file: Evidence, scheme: Scheme, language: str, *, editable: bool
) -> dict[str, Any]:
    pk = found.entry.pk
    return {
        "file": file,
        "size": megabytes(file.size),
        "figure": _title(scheme, file.figure, language) if file.figure else "",
        "uploaded": words.moment(language, file.uploaded_at),
        "state": _state(language, file, named=file.digest in found.named),
        "unfinished": not file.digest,
        "address": address_of(language, "evidence-file", pk, file.key) if file.digest else "",
        "act_address": address_of(language, "evidence-remove", pk, file.key) if editable else "",
    }


def _state(language: str, file: Evidence, *, named: bool) -> str:
    if not file.digest:
        return words.say(
            language,
            "evi_state_part",
            received=megabytes(file.received) if file.received else "0 MB",
            size=megabytes(file.size),
        )
    return words.say(language, "evi_state_named" if named else "evi_state_new")


def _title(scheme: Scheme, code: str, language: str) -> str:
    asked = scheme.asked.get(code)
    if asked is None:
        return code
    english = asked.figure.title_en
    if language == "en" and english:
        return words.say("en", "last_year_of", figure=english) if code.endswith(LAST_YEAR) else english
    return asked.title


def _figures(scheme: Scheme, language: str) -> list[tuple[str, str]]:
    return [(code, _title(scheme, code, language)) for code in scheme.asked]


# ---- a file comes in --------------------------------------------------------------------------------------


@require_POST
def upload(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """Take a file whole from a form; or, for the script, only what it is called and how large it is."""
    actor, at = actor_for(request), clock.now()
    papers = evidence.papers_for(pk, actor=actor, at=at)
    if papers is None:
        raise Http404
    version = request.POST.get("version", "")
    submission = _version(request, pk, version) if version else None
    figure = request.POST.get("figure", "")
    if _wants_json(request):
        return _begin(request, language, papers, figure=figure, submission=submission, at=at)
    sent = request.FILES.get("file")
    try:
        if sent is None or not sent.name:
            raise FileRefusedError("no file was chosen", rule="no_file")
        file = evidence.take_whole(
            papers=papers,
            name=sent.name,
            size=sent.size or 0,
            pieces=sent.chunks(LIMITS.chunk),
            actor=actor,
            at=at,
            figure=figure,
            submission=submission,
        )
    except RefusedError as error:
        why = _refused(language, papers, error, at=at)
        status = 422 if isinstance(error, FileRefusedError) else 409
        if submission is not None:
            return _show_scan(request, language, papers, submission, at=at, why=why, status=status)
        return _show_files(request, language, pk, why=why, status=status)
    tell(request, words.say(language, "evi_uploaded_done", name=file.name))
    if submission is not None:
        return back(request, language, "scan", pk, submission.version)
    return back(request, language, "evidence", pk)


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _version(request: HttpRequest, pk: int, version: str) -> Submission:
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 5 else 0
    found = evidence.version_for(pk, number, actor=actor_for(request))
    if found is None:
        raise Http404
    return found


def _begin(
    request: HttpRequest,
    language: str,
    papers: Papers,
    *,
    figure: str,
    submission: Submission | None,
    at: datetime,
) -> HttpResponse:
    size = request.POST.get("size", "")
    try:
        file = evidence.begin_upload(
            papers=papers,
            name=request.POST.get("name", "")[:1_000],
            size=int(size) if size.isascii() and size.isdigit() and len(size) < 16 else 0,
            actor=actor_for(request),
            at=at,
            figure=figure,
            submission=submission,
        )
    except RefusedError as error:
        return _json_refused(language, papers, error, at=at)
    return JsonResponse(
        {
            **_progress(file),
            "address": address_of(language, "evidence-chunk", papers.entry.pk, file.key),
        },
        status=201,
    )


def _progress(file: Evidence) -> dict[str, Any]:
    return {"received": file.received, "size": file.size, "finished": bool(file.digest)}


@require_http_methods(["GET", "HEAD", "PUT"])
def chunk(request: HttpRequest, language: str, pk: int, key: str) -> HttpResponse:
    """Say how much of a file has come, or take the piece that begins at `Upload-Offset`."""
    actor, at = actor_for(request), clock.now()
    papers = evidence.papers_for(pk, actor=actor, at=at)
    file = evidence.file_for(pk, key, actor=actor) if papers is not None else None
    if papers is None or file is None:
        raise Http404
    if request.method != "PUT":
        return JsonResponse(_progress(file))
    offset = request.headers.get(OFFSET, "")
    if not (offset.isascii() and offset.isdigit() and len(offset) < 16):
        return JsonResponse({"refused": f"the header {OFFSET} says where the piece begins"}, status=400)
    try:
        content = evidence.read_piece(request, length=request.headers.get("Content-Length", ""))
    except FileRefusedError as error:
        return JsonResponse({"refused": str(error)}, status=413 if error.rule == "piece" else 400)
    try:
        file = evidence.receive(
            papers=papers, file=file, offset=int(offset), content=content, actor=actor, at=at
        )
    except RefusedError as error:
        return _json_refused(language, papers, error, at=at)
    return JsonResponse(_progress(file))


def _json_refused(language: str, papers: Papers, error: RefusedError, *, at: datetime) -> HttpResponse:
    answer: dict[str, Any] = {"refused": _refused(language, papers, error, at=at)}
    status = 409
    if isinstance(error, WrongOffsetError):
        answer |= {"received": error.received, "differs": error.differs}
    elif isinstance(error, FileRefusedError):
        status = 507 if error.rule == "disk" else 422
    return JsonResponse(answer, status=status)


def _refused(language: str, papers: Papers, error: RefusedError, *, at: datetime) -> str:
    if isinstance(error, FileRefusedError):
        return words.say(language, f"evi_fault_{error.rule}", **error.facts)
    if isinstance(error, WrongOffsetError) and error.differs:
        return words.say(language, "evi_differs")
    if isinstance(error, OutdatedError):
        return words.say(language, "evi_refused_outdated")
    return _closed(language, papers, at=at)


# ---- reading, assigning, removing -------------------------------------------------------------------------


@require_safe
def download(request: HttpRequest, language: str, pk: int, key: str) -> HttpResponseBase:
    """The content of a file, as an attachment and nothing else."""
    file = evidence.file_for(pk, key, actor=actor_for(request))
    if file is None or not file.digest:
        raise Http404
    try:
        content = evidence.open_file(file)
    except evidence.FileGoneError:
        # Nothing that whoever asks did wrong or can mend: they are told what to say, and to whom.
        return show_work(request, "web/work/file_gone.html", language, {"file": file}, status=503)
    response = FileResponse(content, as_attachment=True, filename=file.name, content_type=file.media_type)
    response["Cache-Control"] = "private, no-store"
    # What is packed already is not packed again on its way: 200 MB of it would keep a worker busy for nothing.
    response["Content-Encoding"] = "identity"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, language: str, pk: int, key: str) -> HttpResponse:
    """Say which figure a file proves, or remove it."""
    actor, at = actor_for(request), clock.now()
    papers = evidence.papers_for(pk, actor=actor, at=at)
    file = evidence.file_for(pk, key, actor=actor) if papers is not None else None
    if papers is None or file is None:
        raise Http404
    if request.method != "POST":
        return _show_file(request, language, papers, file, at=at)
    try:
        if "assign" in request.POST:
            figure = request.POST.get("figure", "")
            evidence.assign(papers=papers, file=file, figure=figure, actor=actor, at=at)
            told = "evi_assigned"
        else:
            evidence.remove(papers=papers, file=file, actor=actor, at=at)
            told = "evi_removed"
    except RefusedError as error:
        why = _refused(language, papers, error, at=at)
        status = 422 if isinstance(error, FileRefusedError) else 409
        return _show_file(request, language, papers, file, at=at, why=why, status=status)
    tell(request, words.say(language, told, name=file.name))
    if file.submission is not None:
        return back(request, language, "scan", pk, file.submission.version)
    return back(request, language, "evidence", pk)


def _show_file(
    request: HttpRequest,
    language: str,
    papers: Papers,
    file: Evidence,
    *,
    at: datetime,
    why: str = "",
    status: int = 200,
) -> HttpResponse:
    scheme = scheme_of_entry(papers.entry)
    scan = file.purpose == Purpose.SEALED_FORM
    above = (
        address_of(language, "scan", papers.entry.pk, file.submission.version)
        if file.submission
        else address_of(language, "evidence", papers.entry.pk)
    )
    return show_work(
        request,
        "web/work/evidence_file.html",
        language,
        {
            **_about(papers, language, editable=True, at=at),
            "why": why,
            "file": file,
            "size": megabytes(file.size),
            "above_address": above,
            "scan": scan,
            "unfinished": not file.digest,
            "named": bool(file.digest) and file.digest in evidence.named_digests(papers.entry),
            "figures": [] if scan else _figures(scheme, language),
            "act_address": address_of(language, "evidence-remove", papers.entry.pk, file.key),
        },
        status=status,
    )


# ---- the sealed form --------------------------------------------------------------------------------------


@require_safe
def scan(request: HttpRequest, language: str, pk: int, version: int) -> HttpResponse:
    """The scans of the sealed form of one version, and the form that attaches one."""
    at = clock.now()
    papers = evidence.papers_for(pk, actor=actor_for(request), at=at)
    if papers is None:
        raise Http404
    submission = _version(request, pk, str(version))
    return _show_scan(request, language, papers, submission, at=at)


def _show_scan(
    request: HttpRequest,
    language: str,
    papers: Papers,
    submission: Submission,
    *,
    at: datetime,
    why: str = "",
    status: int = 200,
) -> HttpResponse:
    ruling = evidence.may_attach(papers, actor=actor_for(request), at=at)
    scans = evidence.scans_of(submission)
    return show_work(
        request,
        "web/work/scan.html",
        language,
        {
            **_about(papers, language, editable=bool(ruling), at=at),
            "why": why,
            "closed": "" if ruling else _closed(language, papers, at=at),
            "version": submission.version,
            "digest": submission.digest,
            "endings": endings_for(Purpose.SEALED_FORM),
            "limits": _limits(),
            "files": [
                {
                    "file": file,
                    "size": megabytes(file.size),
                    "uploaded": words.moment(language, file.uploaded_at),
                    "address": address_of(language, "evidence-file", papers.entry.pk, file.key),
                    "act_address": address_of(language, "evidence-remove", papers.entry.pk, file.key)
                    if ruling
                    else "",
                }
                for file in scans
            ],
        },
        status=status,
    )
