"""What an institution does: its draft, its roster, handing in, taking back, what it asks for."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

from django.http import Http404, HttpRequest, HttpResponse
from ninja import File, Form, Schema
from ninja.files import UploadedFile
from pydantic import Field

from hatchmark.api.given import Code, Reason, Typed
from hatchmark.api.operations import actor, doing, operation
from hatchmark.api.work import FigureOut, SubmissionOut, entry_of, submission_out
from hatchmark.db.models import Entry, Request, Submission
from hatchmark.domain.changes import ChangeKind
from hatchmark.domain.entering import LONGEST_KEPT, Note, read_form
from hatchmark.domain.evidence import XLSX
from hatchmark.domain.permissions import Actor
from hatchmark.domain.receipts import PLEDGE
from hatchmark.domain.rosters import MOST_ROWS, Line, read_rows, typed_cells
from hatchmark.services import clock, drafts, receipts, requests, rosters, submissions
from hatchmark.services.drafts import Change, OpenPapers
from hatchmark.services.refusals import UnsoundError
from hatchmark.services.rosters import FaultyRowsError, OpenRoster

MOST_CHANGES = 500


# ---- the draft --------------------------------------------------------------------------------------------


class NoteOut(Schema):
    """A remark on a field: the code of its rule, what it says of this value, what to type instead."""

    figure: str
    rule: str
    blocks: bool
    facts: dict[str, str]
    proposal: str


class FieldOut(Schema):
    """A field as it was typed, readable or not."""

    title: str
    unit: str
    status: str
    value: str
    by: str
    at: datetime | None
    editable: bool
    notes: list[NoteOut]


class ReturnedOut(Schema):
    """What the channel returned: the figures (or `roster`) that may be corrected, and why."""

    fields: list[str]
    opinion: str


class DraftOut(Schema):
    """The draft of an entry. `closed` says why nothing can be changed now; it is empty where something can."""

    entry: int
    version: int
    closed: str
    closes_at: datetime | None
    returned: ReturnedOut | None
    fields: dict[str, FieldOut]


class ChangeIn(Schema):
    """One field as it is now, and what it was when it was read: it is saved only where that still stands."""

    code: Code
    status: Code = "reported"
    value: Annotated[str, Field(max_length=2 * LONGEST_KEPT)] = ""
    was_status: Code = "reported"
    was_value: Annotated[str, Field(max_length=2 * LONGEST_KEPT)] = ""


class ChangesIn(Schema):
    """The fields that changed."""

    changes: Annotated[list[ChangeIn], Field(max_length=MOST_CHANGES)]


class StandsOut(Schema):
    """What somebody else saved into a field in between."""

    status: str
    value: str
    by: str
    at: datetime | None


class SavedOut(Schema):
    """What became of a save. `conflicts` stay as they are; `refused` maps what was not stored to the rule."""

    version: int
    saved: list[str]
    conflicts: dict[str, StandsOut]
    refused: dict[str, str]


def _papers(who: Actor, entry_id: int, at: datetime) -> OpenPapers:
    found = drafts.open_papers(entry_id, actor=who, at=at)
    if found is None:
        raise Http404
    return found


def _note(note: Note) -> NoteOut:
    return NoteOut(
        figure=note.figure,
        rule=note.rule,
        blocks=note.blocks,
        facts=dict(note.facts),
        proposal=note.proposal,
    )


@operation("GET", "/entries/{int:entry_id}/draft", act="read_draft", answer=DraftOut)
def draft(request: HttpRequest, entry_id: int) -> DraftOut:
    """The draft as it was typed, with what is to be said of each field."""
    papers = _papers(actor(request), entry_id, clock.now())
    fields = drafts.fields_of(papers)
    readings, _ = read_form(
        papers.scheme,
        {code: each.typed for code, each in fields.items()},
        last=drafts.last_year_of(papers.entry, papers.scheme),
    )
    return DraftOut(
        entry=entry_id,
        version=papers.draft.version if papers.draft else 0,
        closed=papers.ruling.reason,
        closes_at=papers.closes_at,
        returned=ReturnedOut(fields=papers.returned.fields, opinion=papers.returned.opinion)
        if papers.returned
        else None,
        fields={
            code: FieldOut(
                title=papers.scheme.asked[code].title,
                unit=papers.scheme.asked[code].figure.unit,
                status=each.typed.status,
                value=each.typed.value,
                by=each.by,
                at=each.at,
                editable=code in papers.editable,
                notes=[_note(note) for note in readings[code].notes],
            )
            for code, each in fields.items()
        },
    )


@operation("PATCH", "/entries/{int:entry_id}/draft", act="save_draft", answer=SavedOut)
def save_draft(request: HttpRequest, entry_id: int, body: ChangesIn, dry_run: bool = False) -> SavedOut:
    """Save fields of the draft, each where nobody changed it in between."""
    who, at = actor(request), clock.now()
    papers = _papers(who, entry_id, at)
    changes = [Change(**each.model_dump()) for each in body.changes]
    saved = doing(
        lambda: drafts.save_draft(papers=papers, changes=changes, actor=who, at=at), dry_run=dry_run
    )
    return SavedOut(
        version=saved.version,
        saved=list(saved.saved),
        conflicts={
            code: StandsOut(status=each.typed.status, value=each.typed.value, by=each.by, at=each.at)
            for code, each in saved.conflicts.items()
        },
        refused=dict(saved.refused),
    )


# ---- handing in -------------------------------------------------------------------------------------------


class FileOut(Schema):
    """A file that a version names."""

    name: str
    digest: str
    size: int
    figure: str


class HandInOut(Schema):
    """What handing in now would freeze. `seen` names it; `blocking` stands against it, `warnings` do not."""

    seen: str
    pledge: str
    blocking: list[NoteOut]
    warnings: list[NoteOut]
    figures: dict[str, FigureOut]
    roster_rows: int
    evidence: list[FileOut]


class HandInIn(Schema):
    """Who answers for what is handed in, as it was `seen`; `pledged`: the words of the pledge hold."""

    seen: Code
    signed_by: Typed
    pledged: bool = False


class ReceiptOut(Schema):
    """The receipt on a version. `code` is what anybody can ask the public site about, at `address` where it has one."""

    version: int
    state: str
    digest: str
    code: str
    address: str
    handed_in_at: datetime
    signed_by: str


def _receipt(submission: Submission) -> ReceiptOut:
    found = receipts.receipt_of(submission)
    return ReceiptOut(
        version=submission.version,
        state=submission.state,
        digest=submission.digest,
        code=found.code,
        address=found.address or "",
        handed_in_at=submission.handed_in_at,
        signed_by=submission.signed_by,
    )


@operation("GET", "/entries/{int:entry_id}/hand-in", act="read_draft", answer=HandInOut)
def hand_in_preview(request: HttpRequest, entry_id: int) -> HandInOut:
    """What handing in now would freeze, and what stands against it."""
    papers = _papers(actor(request), entry_id, clock.now())
    contents = drafts.contents_of(papers, last=drafts.last_year_of(papers.entry, papers.scheme))
    return HandInOut(
        seen=contents.seen,
        pledge=PLEDGE,
        blocking=[_note(note) for note in contents.blocking],
        warnings=[_note(note) for note in contents.warnings],
        figures={code: FigureOut(**figure) for code, figure in contents.figures.items()},
        roster_rows=len(contents.roster),
        evidence=[FileOut(**each) for each in contents.evidence],
    )


@operation("POST", "/entries/{int:entry_id}/hand-in", act="submit", answer=ReceiptOut)
def hand_in(request: HttpRequest, entry_id: int, body: HandInIn, dry_run: bool = False) -> ReceiptOut:
    """Freeze the draft as it was seen: a version, or the correction of what was returned. The same again is one."""
    who, at = actor(request), clock.now()
    entry = entry_of(request, entry_id, "submit")
    if not body.pledged:
        raise UnsoundError(f"{entry}: nothing is handed in without the pledge; read it and send `pledged`")
    submission = doing(
        lambda: submissions.hand_in(entry=entry, seen=body.seen, signed_by=body.signed_by, actor=who, at=at),
        dry_run=dry_run,
    )
    return _receipt(submission)


@operation("POST", "/entries/{int:entry_id}/withdraw", act="withdraw", answer=SubmissionOut)
def withdraw(request: HttpRequest, entry_id: int, dry_run: bool = False) -> SubmissionOut:
    """Take back the latest version while the window is open; it stays stored, and no longer counts."""
    who, at = actor(request), clock.now()
    entry = entry_of(request, entry_id, "withdraw")
    return submission_out(doing(lambda: submissions.withdraw(entry=entry, actor=who, at=at), dry_run=dry_run))


@operation("GET", "/entries/{int:entry_id}/receipts", act="read_submission", answer=list[ReceiptOut])
def entry_receipts(request: HttpRequest, entry_id: int) -> list[ReceiptOut]:
    """The receipt on every version, the first first."""
    entry = entry_of(request, entry_id, "read_submission")
    versions = entry.submissions.select_related(
        "entry__round__authority", "entry__qualification__institution"
    )
    return [_receipt(each) for each in versions]


# ---- the roster -------------------------------------------------------------------------------------------


class RosterRow(Schema):
    """One enterprise, each cell as somebody would type it; an empty one is not given."""

    enterprise: Typed = ""
    credit_code: Typed = ""
    status: Typed = ""
    founded_on: Typed = ""
    entered_on: Typed = ""
    graduated_on: Typed = ""
    high_tech: Typed = ""
    tech_sme: Typed = ""
    financed: Typed = ""
    valid_ip: Typed = ""
    income: Typed = ""
    staff: Typed = ""


class RosterOut(Schema):
    """The roster of the draft. `seen` names it; `closed` says why it cannot be changed now."""

    seen: str
    closed: str
    rows: list[RosterRow]


class RosterFileIn(Schema):
    """The list that was `seen`, in whose place the one of the file comes."""

    seen: Code


class RosterChangesOut(Schema):
    """What a file changes, each enterprise by its name, and the list afterwards; `unknown` are heads left aside."""

    added: list[str]
    altered: list[str]
    removed: list[str]
    same: int
    unknown: list[str]
    roster: RosterOut


class RosterIn(Schema):
    """The whole list, in the place of the one that was `seen`."""

    seen: Code
    rows: Annotated[list[RosterRow], Field(max_length=MOST_ROWS)]


def _roster(who: Actor, entry_id: int, at: datetime) -> OpenRoster:
    found = rosters.open_roster(entry_id, actor=who, at=at)
    if found is None:
        raise Http404
    return found


def _roster_out(found: OpenRoster) -> RosterOut:
    return RosterOut(
        seen=found.seen,
        closed=found.ruling.reason,
        rows=[RosterRow(**typed_cells(line)) for line in found.lines],
    )


@operation("GET", "/entries/{int:entry_id}/roster", act="read_draft", answer=RosterOut)
def roster(request: HttpRequest, entry_id: int) -> RosterOut:
    """The enterprises of the draft."""
    return _roster_out(_roster(actor(request), entry_id, clock.now()))


@operation("PUT", "/entries/{int:entry_id}/roster", act="save_draft", answer=RosterOut)
def replace_roster(request: HttpRequest, entry_id: int, body: RosterIn, dry_run: bool = False) -> RosterOut:
    """Put a whole list in the place of the one that was seen; every cell that cannot be is named."""
    who, at = actor(request), clock.now()
    found = _roster(who, entry_id, at)

    def do() -> RosterOut:
        readings = read_rows(
            ((number, row.model_dump()) for number, row in enumerate(body.rows, start=1)),
            today=rosters.today(at),
        )
        if faulty := {each.number: each.faults for each in readings if each.line is None}:
            raise FaultyRowsError(f"row {next(iter(faulty))} cannot stand as it is", faulty)
        lines = [each.line for each in readings if each.line is not None]
        rosters.replace(roster=found, lines=lines, seen=body.seen, actor=who, at=at)
        return _roster_out(_roster(who, entry_id, at))

    return doing(do, dry_run=dry_run)


@operation("POST", "/entries/{int:entry_id}/roster", act="save_draft", answer=RosterChangesOut)
def import_roster(
    request: HttpRequest,
    entry_id: int,
    body: RosterFileIn = Form(...),  # type: ignore[type-arg]  # noqa: B008
    file: UploadedFile = File(...),  # type: ignore[type-arg]  # noqa: B008
    dry_run: bool = False,
) -> RosterChangesOut:
    """Put the list of a file (.xlsx or .csv, as the template) in the place of the one that was seen."""
    who, at = actor(request), clock.now()
    found = _roster(who, entry_id, at)
    reading = rosters.read_file(file.read(), name=(file.name or "")[:200], at=at)
    lines = rosters.sound_lines(reading)
    changes = rosters.changes_by(found, lines)

    def do() -> RosterOut:
        rosters.replace(roster=found, lines=lines, seen=body.seen, actor=who, at=at)
        return _roster_out(_roster(who, entry_id, at))

    return RosterChangesOut(
        added=_names(changes.added),
        altered=_names(each.after for each in changes.altered),
        removed=_names(changes.removed),
        same=changes.same,
        unknown=list(reading.unknown),
        roster=doing(do, dry_run=dry_run),
    )


def _names(lines: Iterable[Line]) -> list[str]:
    return [str(line["enterprise"]) for line in lines]


@operation("GET", "/entries/{int:entry_id}/roster/template", act="read_draft", answer=None)
def roster_template(request: HttpRequest, entry_id: int) -> HttpResponse:
    """The template (.xlsx), filled with the list as it is."""
    found = _roster(actor(request), entry_id, clock.now())
    return HttpResponse(rosters.template(found, lines=found.lines), content_type=XLSX)


# ---- what it asks for -------------------------------------------------------------------------------------


class RequestOut(Schema):
    """A request for deferral, or the report of a change, with its ruling (empty: it waits)."""

    id: int
    entry: int | None
    institution: str
    what: str
    old: str
    new: str
    effective: str
    reason: str
    asked_at: datetime
    ruling: str
    ruling_reason: str
    ruled_at: datetime | None


class DeferralIn(Schema):
    """As which kind to take part a year later, and why."""

    as_kind: Code
    reason: Reason


class ChangeOfRegisterIn(Schema):
    """What changed, from what to what, since when (`2025`, `2025-03` or `2025-03-14`), and why."""

    what: ChangeKind
    old: Typed
    new: Typed
    effective: Typed
    reason: Reason


def request_out(asked: Request) -> RequestOut:
    """Return a request as the interface gives it."""
    return RequestOut(
        id=asked.pk,
        entry=asked.entry_id,
        institution=asked.qualification.institution.code,
        what=asked.what,
        old=asked.old,
        new=asked.new,
        effective=asked.effective,
        reason=asked.reason,
        asked_at=asked.asked_at,
        ruling=asked.ruling,
        ruling_reason=asked.ruling_reason,
        ruled_at=asked.ruled_at,
    )


def requests_out(found: Iterable[Request]) -> list[RequestOut]:
    """Return requests as the interface gives them."""
    return [request_out(each) for each in found]


def _asking(request: HttpRequest, entry_id: int, act: str) -> Entry:
    entry = entry_of(request, entry_id, act)
    # The register is asked under whose authority the institution lies, which is that of its entry.
    entry.qualification.institution.authority = entry.round.authority
    return entry


@operation("POST", "/entries/{int:entry_id}/deferral", act="ask_deferral", answer=RequestOut)
def ask_deferral(request: HttpRequest, entry_id: int, body: DeferralIn, dry_run: bool = False) -> RequestOut:
    """Ask to take part a year later."""
    who, at = actor(request), clock.now()
    entry = _asking(request, entry_id, "ask_deferral")
    asked = doing(
        lambda: requests.ask_deferral(entry=entry, actor=who, at=at, **body.model_dump()), dry_run=dry_run
    )
    return request_out(asked)


@operation("POST", "/entries/{int:entry_id}/changes", act="ask_change", answer=RequestOut)
def ask_change(
    request: HttpRequest, entry_id: int, body: ChangeOfRegisterIn, dry_run: bool = False
) -> RequestOut:
    """Report a change of name, operator, site or area of the qualification that this entry is for."""
    who, at = actor(request), clock.now()
    entry = _asking(request, entry_id, "ask_change")
    asked = doing(
        lambda: requests.ask_change(
            qualification=entry.qualification,
            kind=body.what,
            old=body.old,
            new=body.new,
            effective=body.effective,
            reason=body.reason,
            actor=who,
            at=at,
        ),
        dry_run=dry_run,
    )
    return request_out(asked)


@operation("GET", "/entries/{int:entry_id}/requests", act="ask_change", answer=list[RequestOut])
def own_requests(request: HttpRequest, entry_id: int) -> list[RequestOut]:
    """What the institution has asked for its qualification, and how it was ruled, the latest first."""
    entry = entry_of(request, entry_id, "ask_change")
    return requests_out(entry.qualification.requests.select_related("qualification__institution")[:200])
