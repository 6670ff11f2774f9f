"""Files of an entry: announced, sent in pieces, assigned, read, removed; also the scans of the sealed form."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Annotated

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Schema
from pydantic import Field

from hatchmark.api.given import Code, Typed
from hatchmark.api.operations import Answer, actor, doing, operation
from hatchmark.api.work import entry_of
from hatchmark.db.models import Evidence, Submission
from hatchmark.services import clock, evidence
from hatchmark.services.handing_in import Papers
from hatchmark.services.permissions import hold

Bytes = Annotated[int, Field(ge=0, le=2**53)]
"""A size, or a place in a file."""


class EvidenceOut(Schema):
    """One file. `digest` is empty until the last of its `size` bytes has come; the next piece begins at `received`.

    A `named` one belongs to a version that was handed in; `version` is the one whose sealed form this is a scan of.
    """

    key: str
    name: str
    figure: str
    size: int
    received: int
    digest: str
    uploaded_at: datetime
    named: bool
    version: int | None


class ScanIn(Schema):
    """What a file is called, and how many bytes it has."""

    name: Typed
    size: Bytes


class UploadIn(ScanIn):
    """Also the figure that it proves; without one it is for the entry as a whole."""

    figure: Code = ""


class AssignIn(Schema):
    """The figure that a file proves; empty: it is for the entry as a whole."""

    figure: Code


def _out(file: Evidence, named: frozenset[str]) -> EvidenceOut:
    return EvidenceOut(
        key=file.key,
        name=file.name,
        figure=file.figure,
        size=file.size,
        received=file.received,
        digest=file.digest,
        uploaded_at=file.uploaded_at,
        named=bool(file.digest) and file.digest in named,
        version=file.submission.version if file.submission else None,
    )


def _all_out(files: Iterable[Evidence], named: frozenset[str]) -> list[EvidenceOut]:
    return [_out(each, named) for each in files]


def _one_out(file: Evidence) -> EvidenceOut:
    return _out(file, evidence.named_digests(file.entry))


def _papers(request: HttpRequest, entry_id: int, at: datetime) -> Papers:
    found = evidence.papers_for(entry_id, actor=actor(request), at=at)
    if found is None:
        raise Http404
    return found


def _file(request: HttpRequest, entry_id: int, key: str) -> Evidence:
    found = evidence.file_for(entry_id, key, actor=actor(request))
    if found is None:
        raise Http404
    return found


def _doing(papers: Papers, do: Callable[[], Answer], *, dry_run: bool) -> Answer:
    """Do an act on files; a dry run holds the round first.

    All steps of a trial are one transaction: a row held before the round, which others hold before the row, would let
    the two wait for one another.
    """

    def held() -> Answer:
        hold(papers.entry.round)
        return do()

    return doing(held if dry_run else do, dry_run=dry_run)


def _begun(
    request: HttpRequest, entry_id: int, body: ScanIn, *, submission: Submission | None, dry_run: bool
) -> EvidenceOut:
    who, at = actor(request), clock.now()
    papers = _papers(request, entry_id, at)
    return _doing(
        papers,
        lambda: _one_out(
            evidence.begin_upload(papers=papers, actor=who, at=at, submission=submission, **body.model_dump())
        ),
        dry_run=dry_run,
    )


@operation("GET", "/entries/{int:entry_id}/evidence", act="read_evidence", answer=list[EvidenceOut])
def entry_evidence(request: HttpRequest, entry_id: int) -> list[EvidenceOut]:
    """The files of an entry; for anybody but its institution, those that a version names."""
    found = evidence.open_evidence(entry_id, actor=actor(request), at=clock.now())
    if found is None:
        raise Http404
    return _all_out(found.files, found.named)


@operation("POST", "/entries/{int:entry_id}/evidence", act="add_evidence", answer=EvidenceOut)
def begin_evidence(request: HttpRequest, entry_id: int, body: UploadIn, dry_run: bool = False) -> EvidenceOut:
    """Announce a file. One that the account announced in the same words and never finished is gone on with."""
    return _begun(request, entry_id, body, submission=None, dry_run=dry_run)


@operation(
    "GET",
    "/entries/{int:entry_id}/submissions/{int:version}/scans",
    act="read_evidence",
    answer=list[EvidenceOut],
)
def scans(request: HttpRequest, entry_id: int, version: int) -> list[EvidenceOut]:
    """The scans of the sealed form of one version, as far as they have come in whole."""
    entry = entry_of(request, entry_id, "read_evidence")
    submission = get_object_or_404(entry.submissions, version=version)
    return _all_out(evidence.scans_of(submission), evidence.named_digests(entry))


@operation(
    "POST",
    "/entries/{int:entry_id}/submissions/{int:version}/scans",
    act="attach_scan",
    answer=EvidenceOut,
)
def begin_scan(
    request: HttpRequest, entry_id: int, version: int, body: ScanIn, dry_run: bool = False
) -> EvidenceOut:
    """Announce the scan of the sealed form of one version; its pieces are sent as those of any file."""
    submission = evidence.version_for(entry_id, version, actor=actor(request))
    if submission is None:
        raise Http404
    return _begun(request, entry_id, body, submission=submission, dry_run=dry_run)


@operation("GET", "/entries/{int:entry_id}/evidence/{slug:key}", act="read_evidence", answer=EvidenceOut)
def evidence_file(request: HttpRequest, entry_id: int, key: str) -> EvidenceOut:
    """One file, and how far it has come: after a break the next piece begins at `received`."""
    return _one_out(_file(request, entry_id, key))


@operation(
    "PUT",
    "/entries/{int:entry_id}/evidence/{slug:key}/content",
    act="add_evidence",
    answer=EvidenceOut,
    takes_bytes=True,
)
def send_piece(
    request: HttpRequest, entry_id: int, key: str, offset: Bytes, dry_run: bool = False
) -> EvidenceOut:
    """Send the bytes of a file from `offset` on, at most 4 MB at once. The same piece again does no harm.

    With the last one the file is looked at: what is not what its name says is thrown away and refused.
    """
    who, at = actor(request), clock.now()
    papers, file = _papers(request, entry_id, at), _file(request, entry_id, key)
    content = evidence.read_piece(request, length=request.headers.get("Content-Length", ""))
    return _doing(
        papers,
        lambda: _one_out(
            evidence.receive(papers=papers, file=file, offset=offset, content=content, actor=who, at=at)
        ),
        dry_run=dry_run,
    )


@operation("GET", "/entries/{int:entry_id}/evidence/{slug:key}/content", act="read_evidence", answer=None)
def evidence_content(request: HttpRequest, entry_id: int, key: str) -> FileResponse:
    """The content of a file that has come in whole, as an attachment."""
    file = _file(request, entry_id, key)
    response = FileResponse(
        evidence.open_file(file), as_attachment=True, filename=file.name, content_type=file.media_type
    )
    response["Cache-Control"] = "private, no-store"
    # As on the page: what is packed already is not packed again on its way.
    response["Content-Encoding"] = "identity"
    return response


@operation("PATCH", "/entries/{int:entry_id}/evidence/{slug:key}", act="add_evidence", answer=EvidenceOut)
def assign_evidence(
    request: HttpRequest, entry_id: int, key: str, body: AssignIn, dry_run: bool = False
) -> EvidenceOut:
    """Say which figure a file proves. What a version that was handed in names of it stays as it was."""
    who, at = actor(request), clock.now()
    papers, file = _papers(request, entry_id, at), _file(request, entry_id, key)

    def do() -> EvidenceOut:
        evidence.assign(papers=papers, file=file, figure=body.figure, actor=who, at=at)
        return _one_out(_file(request, entry_id, key))

    return _doing(papers, do, dry_run=dry_run)


@operation("DELETE", "/entries/{int:entry_id}/evidence/{slug:key}", act="add_evidence", answer=EvidenceOut)
def remove_evidence(request: HttpRequest, entry_id: int, key: str, dry_run: bool = False) -> EvidenceOut:
    """Remove a file that no version names, or give up one that is still coming; the answer is what it was."""
    who, at = actor(request), clock.now()
    papers, file = _papers(request, entry_id, at), _file(request, entry_id, key)
    was = _one_out(file)
    _doing(papers, lambda: evidence.remove(papers=papers, file=file, actor=who, at=at), dry_run=dry_run)
    return was
