"""The roster of tenants and graduates: by hand, row by row, or by a spreadsheet that is checked before it is saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from hatchmark.documents.roster_sheets import (
    Mark,
    PlacedFault,
    SheetReading,
    cell_name,
    marked_xlsx,
    read_sheet,
)
from hatchmark.documents.tables import Grid, SpoiltCell
from hatchmark.domain.rosters import (
    CODES,
    COLUMNS,
    MOST_ROWS,
    Changes,
    Fault,
    Line,
    identity_of,
    read_row,
    row_digest,
    typed_cells,
)
from hatchmark.domain.scheme import exact_text
from hatchmark.services import clock, rosters
from hatchmark.services.refusals import NotAllowedError, OutdatedError, RefusedError
from hatchmark.services.rosters import FaultyRowsError, OpenRoster, UnusableSheetError
from hatchmark.web import words
from hatchmark.web.accounts import actor_for
from hatchmark.web.addresses import address_of
from hatchmark.web.pages import attachment
from hatchmark.web.work import back, show_work, tell, time_left
from hatchmark.web.working import grouped

ROWS_A_PAGE = 50
LONGEST_QUERY = 100
ROW_LETTERS = 20
"""So many letters of a row's digest stand in its address: no list has two rows that share them."""

SHOWN_FAULTS = 100
SHOWN_CHANGES = 200
LONGEST_CARRIED = 1_500_000
"""Characters of a file's cells that a page carries until they are confirmed, or given back with their marks."""
CARRIED_FOR = 86_400

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FLAGS = ("high_tech", "tech_sme", "financed")
_YES_NO = (("", "roster_not_given"), ("是", "roster_yes"), ("否", "roster_no"))
_STATUSES = (("在孵", "roster_status_tenant"), ("毕业", "roster_status_graduate"))


def _open(request: HttpRequest, pk: int, at: datetime) -> OpenRoster:
    found = rosters.open_roster(pk, actor=actor_for(request), at=at)
    if found is None:
        raise Http404
    return found


def _about(roster: OpenRoster, language: str, *, at: datetime) -> dict[str, Any]:
    """Return what the head of every page of a roster shows."""
    entry, closes_at = roster.entry, roster.papers.closes_at
    return {
        "entry": entry,
        "year": entry.round.year,
        "fictional": entry.round.fictional,
        "editable": bool(roster.ruling),
        "closed": _closed(roster, language),
        "due": words.moment(language, closes_at) if closes_at else "",
        "left": time_left(language, closes_at, now=at) if closes_at else "",
        "submission_address": address_of(language, "submission", entry.pk),
        "roster_address": address_of(language, "roster", entry.pk),
        "import_address": address_of(language, "roster-import", entry.pk),
        "new_address": address_of(language, "roster-new", entry.pk),
        "template_address": address_of(language, "roster-template", entry.pk),
    }


def _closed(roster: OpenRoster, language: str) -> str:
    if not roster.reason:
        return ""
    closes_at = roster.papers.closes_at
    return words.say(
        language,
        f"roster_closed_{roster.reason}",
        closed=words.moment(language, closes_at) if closes_at else "",
    )


# ---- the list ---------------------------------------------------------------------------------------------


@require_safe
def roster(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """The list: search, status, fifty rows a page, and what it adds up to beside the form."""
    at = clock.now()
    found = _open(request, pk, at)
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    status = request.GET.get("status", "")
    wanted = [
        (number, line)
        for number, line in enumerate(found.lines, start=1)
        if (not status or line.get("status") == status) and _matches(line, query)
    ]
    last = max(1, -(-len(wanted) // ROWS_A_PAGE))
    asked = request.GET.get("page", "")
    number = min(int(asked), last) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    number = max(number, 1)
    shown = wanted[(number - 1) * ROWS_A_PAGE : number * ROWS_A_PAGE]
    return show_work(
        request,
        "web/work/roster.html",
        language,
        {
            **_about(found, language, at=at),
            "rows": [_row(found, place, line, language, at=at) for place, line in shown],
            "found": len(wanted),
            "total": len(found.lines),
            "narrowed": bool(query or status),
            "q": query,
            "status": status,
            "statuses": [(code, words.say(language, f"roster_status_{code}")) for code in _status_codes()],
            "number": number,
            "last": last,
            "back_address": _page(query, status, number - 1) if number > 1 else "",
            "on_address": _page(query, status, number + 1) if number < last else "",
            "tallies": _tallies(found, found.lines, language),
            "has_last_year": bool(rosters.last_year(found.entry)),
        },
    )


def _status_codes() -> Sequence[str]:
    return ("tenant", "graduate")


def _matches(line: Line, query: str) -> bool:
    wanted = query.casefold()
    return (
        wanted in str(line.get("enterprise") or "").casefold()
        or wanted in str(line.get("credit_code") or "").casefold()
    )


def _page(query: str, status: str, number: int) -> str:
    asked = {"q": query, "status": status, "page": str(number)}
    return f"?{urlencode({name: value for name, value in asked.items() if value})}"


def _row(found: OpenRoster, number: int, line: Line, language: str, *, at: datetime) -> dict[str, Any]:
    reading = read_row(typed_cells(line), today=rosters.today(at))
    return {
        "number": number,
        "line": line,
        "income": grouped(str(line["income"])) if line.get("income") is not None else "",
        "status": words.say(language, f"roster_status_{line['status']}") if line.get("status") else "",
        "marks": [words.say(language, f"roster_mark_{code}") for code in _FLAGS if line.get(code)],
        "faults": [_said(language, fault) for fault in reading.faults],
        "address": address_of(language, "roster-row", found.entry.pk, row_digest(line)[:ROW_LETTERS]),
    }


def _tallies(found: OpenRoster, lines: Sequence[Line], language: str) -> list[dict[str, Any]]:
    return [
        {
            "label": words.say(language, f"roster_tally_{each.tally.code}"),
            "value": grouped(exact_text(each.value)),
            "unit": each.tally.unit,
            "asked": bool(each.figure),
            "typed": grouped(each.typed)[:40] if each.typed is not None else "",
            "differs": each.differs,
        }
        for each in rosters.tallies_of(found, lines)
    ]


# ---- one row ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldLine:
    """One field of the form of a row."""

    code: str
    label: str
    unit: str
    note: str
    required: bool
    value: str
    choices: tuple[tuple[str, str], ...]
    faults: tuple[str, ...]


def _fields(language: str, cells: Mapping[str, str], faults: Sequence[Fault] = ()) -> list[FieldLine]:
    return [
        FieldLine(
            code=column.code,
            label=column.head if language == "zh" else column.head_en,
            unit=column.unit,
            note=column.note if language == "zh" else column.note_en,
            required=column.required,
            value=cells.get(column.code, ""),
            choices=_choices(language, column.code, cells.get(column.code, "")),
            faults=tuple(_said(language, fault) for fault in faults if fault.column == column.code),
        )
        for column in COLUMNS
    ]


def _choices(language: str, code: str, typed: str) -> tuple[tuple[str, str], ...]:
    if code == "status":
        offered = (("", "roster_choose"), *_STATUSES)
    elif code in _FLAGS:
        offered = _YES_NO
    else:
        return ()
    known = tuple((value, words.say(language, key)) for value, key in offered)
    return known if typed in dict(known) else (*known, (typed, typed[:40]))


def _said(language: str, fault: Fault | PlacedFault) -> str:
    return words.say(language, f"roster_fault_{fault.rule}", **fault.facts)


def _label(language: str, code: str) -> str:
    column = next((each for each in COLUMNS if each.code == code), None)
    return "" if column is None else column.head if language == "zh" else column.head_en


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """Add a row."""
    at = clock.now()
    found = _open(request, pk, at)
    if request.method != "POST":
        return _show_row(request, language, found, cells={}, was="", at=at)
    return _save(request, language, found, at=at)


@require_http_methods(["GET", "HEAD", "POST"])
def row(request: HttpRequest, language: str, pk: int, row: str) -> HttpResponse:
    """Change a row, or remove it. A row that is no longer as it was shown leads back to the list, which says so."""
    at = clock.now()
    found = _open(request, pk, at)
    if request.method == "POST":
        return (
            _remove(request, language, found, at=at)
            if "remove" in request.POST
            else _save(request, language, found, at=at)
        )
    line = next((each for each in found.lines if row_digest(each)[:ROW_LETTERS] == row), None)
    if line is None:
        tell(request, words.say(language, "roster_row_gone"))
        return back(request, language, "roster", pk)
    cells = typed_cells(line)
    faults = read_row(cells, today=rosters.today(at)).faults
    return _show_row(request, language, found, cells=cells, was=row_digest(line), at=at, faults=faults)


def _posted(request: HttpRequest) -> dict[str, str]:
    # Longer than any cell may be, and not longer than a page can show again.
    return {code: request.POST.get(code, "")[:2_000] for code in CODES}


def _save(request: HttpRequest, language: str, found: OpenRoster, *, at: datetime) -> HttpResponse:
    cells, was = _posted(request), request.POST.get("was", "")
    try:
        line = rosters.save_row(roster=found, cells=cells, was=was, actor=actor_for(request), at=at)
    except FaultyRowsError as error:
        return _show_row(
            request, language, found, cells=cells, was=was, at=at, faults=error.faults[0], status=422
        )
    except OutdatedError:
        return _clash(request, language, found.entry.pk, cells, at=at)
    except RefusedError as error:
        why = _refused(language, found, error)
        return _show_row(request, language, found, cells=cells, was=was, at=at, why=why, status=409)
    tell(request, words.say(language, "roster_row_saved", name=line["enterprise"]))
    return back(request, language, "roster-new" if "again" in request.POST else "roster", found.entry.pk)


def _clash(
    request: HttpRequest, language: str, pk: int, cells: Mapping[str, str], *, at: datetime
) -> HttpResponse:
    """Show what was typed beside what the list holds now; saving again is then meant."""
    found = _open(request, pk, at)
    reading = read_row(cells, today=rosters.today(at))
    mine = identity_of(reading.line) if reading.line else ""
    now = next((line for line in found.lines if identity_of(line) == mine), None)
    return _show_row(
        request,
        language,
        found,
        cells=cells,
        was=row_digest(now) if now else "",
        at=at,
        why=words.say(language, "roster_row_clash" if now else "roster_row_clash_gone"),
        there=_fields(language, typed_cells(now)) if now else (),
        status=409,
    )


def _remove(request: HttpRequest, language: str, found: OpenRoster, *, at: datetime) -> HttpResponse:
    cells, was = _posted(request), request.POST.get("was", "")
    line = next((each for each in found.lines if row_digest(each) == was), None)
    try:
        rosters.remove_row(roster=found, was=was, actor=actor_for(request), at=at)
    except OutdatedError:
        tell(request, words.say(language, "roster_row_gone"))
        return back(request, language, "roster", found.entry.pk)
    except RefusedError as error:
        why = _refused(language, found, error)
        return _show_row(request, language, found, cells=cells, was=was, at=at, why=why, status=409)
    tell(request, words.say(language, "roster_row_removed", name=line["enterprise"] if line else ""))
    return back(request, language, "roster", found.entry.pk)


def _refused(language: str, found: OpenRoster, error: RefusedError) -> str:
    if isinstance(error, OutdatedError):
        return words.say(language, "roster_refused_outdated")
    if not isinstance(error, NotAllowedError) and found.ruling:
        return words.say(language, "roster_refused_full", most=f"{MOST_ROWS:,}")
    return _closed(found, language)


def _show_row(
    request: HttpRequest,
    language: str,
    found: OpenRoster,
    *,
    cells: Mapping[str, str],
    was: str,
    at: datetime,
    faults: Sequence[Fault] = (),
    why: str = "",
    there: Sequence[FieldLine] = (),
    status: int = 200,
) -> HttpResponse:
    fields = _fields(language, cells, faults)
    return show_work(
        request,
        "web/work/roster_row.html",
        language,
        {
            **_about(found, language, at=at),
            "fields": fields,
            "there": there,
            "was": was,
            "why": why,
            "heading": words.say(language, "roster_row_change" if was else "roster_row_new"),
            "wrong": [field for field in fields if field.faults],
            "first_wrong": next((field.code for field in fields if field.faults), ""),
            "row_address": address_of(language, "roster-row", found.entry.pk, was[:ROW_LETTERS])
            if was
            else address_of(language, "roster-new", found.entry.pk),
        },
        status=status,
    )


# ---- the template, and the file that comes back ------------------------------------------------------------


@require_safe
def template(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """The template as .xlsx: empty, with the list as it is, or with last year's tenants."""
    found = _open(request, pk, clock.now())
    filled = request.GET.get("with", "")
    lines = {"present": found.lines, "last": rosters.last_year(found.entry)}.get(filled, ())
    return _xlsx(rosters.template(found, lines=lines), f"{found.entry.name}-企业名单.xlsx")


def _xlsx(content: bytes, name: str) -> HttpResponse:
    return attachment(content, XLSX, name, private=True)


@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """A file is read and checked; its bad cells are given back, or what it changes is shown; then it is confirmed."""
    at = clock.now()
    found = _open(request, pk, at)
    if request.method != "POST":
        return _show_import(request, language, found, at=at)
    if not found.ruling:
        return _show_import(request, language, found, at=at, status=409)
    if "confirm" in request.POST:
        return _confirm(request, language, found, at=at)
    if "marked" in request.POST:
        return _marked(request, language, found, at=at)
    return _read(request, language, found, at=at)


def _read(request: HttpRequest, language: str, found: OpenRoster, *, at: datetime) -> HttpResponse:
    upload = request.FILES.get("file")
    if upload is None or not upload.name:
        why = words.say(language, "roster_import_no_file")
        return _show_import(request, language, found, at=at, why=why, status=422)
    try:
        content = upload.read(rosters.LARGEST_FILE + 1)
        reading = rosters.read_file(content, name=upload.name, at=at)
    except UnusableSheetError as error:
        why = words.say(language, f"roster_file_{error.rule}")
        return _show_import(
            request,
            language,
            found,
            at=at,
            why=why,
            detail=str(error) if error.rule == "other" else "",
            status=422,
        )
    if reading.faults:
        return _show_faults(request, language, found, reading, at=at)
    return _show_changes(request, language, found, reading.lines, at=at, unknown=reading.unknown)


def _show_faults(
    request: HttpRequest, language: str, found: OpenRoster, reading: SheetReading, *, at: datetime
) -> HttpResponse:
    carried = _carried(request, found, {"grid": _as_document(reading.grid)})
    return show_work(
        request,
        "web/work/roster_faults.html",
        language,
        {
            **_about(found, language, at=at),
            "count": len(reading.faults),
            "faults": [
                {
                    "cell": cell_name(each.row, each.place),
                    "column": _label(language, each.column),
                    "value": each.value,
                    "words": _said(language, each),
                }
                for each in reading.faults[:SHOWN_FAULTS]
            ],
            "more": max(len(reading.faults) - SHOWN_FAULTS, 0),
            "carried": carried,
        },
        status=422,
    )


def _marked(request: HttpRequest, language: str, found: OpenRoster, *, at: datetime) -> HttpResponse:
    """Give the file back with a comment at each bad cell."""
    document = _uncarried(request, found, "grid")
    if document is None:
        why = words.say(language, "roster_import_expired")
        return _show_import(request, language, found, at=at, why=why, status=422)
    reading = read_sheet(_from_document(document), today=rosters.today(at))
    heads = [
        words.say(language, key)
        for key in ("roster_import_cell", "roster_import_value", "roster_import_fault")
    ]
    marks = [Mark(row=each.row, column=each.place, text=_said(language, each)) for each in reading.faults]
    content = marked_xlsx(reading.grid, marks, title=found.entry.name, heads=heads, head_row=reading.head_row)
    return _xlsx(content, f"{found.entry.name}-企业名单-标注.xlsx")


def _show_changes(
    request: HttpRequest,
    language: str,
    found: OpenRoster,
    lines: Sequence[Line],
    *,
    at: datetime,
    unknown: Sequence[str] = (),
    why: str = "",
    status: int = 200,
) -> HttpResponse:
    changes = rosters.changes_by(found, lines)
    carried = _carried(request, found, {"lines": [dict(line) for line in lines], "seen": found.seen})
    if not carried:
        why = words.say(language, "roster_import_too_much")
        return _show_import(request, language, found, at=at, why=why, status=422)
    return show_work(
        request,
        "web/work/roster_changes.html",
        language,
        {
            **_about(found, language, at=at),
            "why": why,
            "changes": changes,
            "counts": _counts(language, changes),
            "altered": [_altered(language, each) for each in changes.altered[:SHOWN_CHANGES]],
            "added": [_named(language, line) for line in changes.added[:SHOWN_CHANGES]],
            "removed": [_named(language, line) for line in changes.removed[:SHOWN_CHANGES]],
            "more_altered": max(len(changes.altered) - SHOWN_CHANGES, 0),
            "more_added": max(len(changes.added) - SHOWN_CHANGES, 0),
            "more_removed": max(len(changes.removed) - SHOWN_CHANGES, 0),
            "tallies": _tallies(found, lines, language),
            "before": _tallies(found, found.lines, language),
            "unknown": words.say(language, "roster_import_unknown", heads="、".join(unknown)[:300])
            if unknown
            else "",
            "becomes": len(lines),
            "carried": carried,
        },
        status=status,
    )


def _counts(language: str, changes: Changes) -> list[dict[str, Any]]:
    return [
        {"label": words.say(language, f"roster_import_{name}"), "n": n}
        for name, n in (
            ("added", len(changes.added)),
            ("altered", len(changes.altered)),
            ("removed", len(changes.removed)),
            ("same", changes.same),
        )
    ]


def _named(language: str, line: Line) -> dict[str, str]:
    return {
        "name": str(line.get("enterprise") or ""),
        "code": str(line.get("credit_code") or ""),
        "status": words.say(language, f"roster_status_{line['status']}") if line.get("status") else "",
    }


def _altered(language: str, each: Any) -> dict[str, Any]:
    before, after = typed_cells(each.before), typed_cells(each.after)
    return {
        **_named(language, each.after),
        "columns": [
            {"label": _label(language, code), "was": before[code], "now": after[code]}
            for code in each.columns
        ],
    }


def _confirm(request: HttpRequest, language: str, found: OpenRoster, *, at: datetime) -> HttpResponse:
    document = _uncarried(request, found, "lines", "seen")
    if document is None:
        why = words.say(language, "roster_import_expired")
        return _show_import(request, language, found, at=at, why=why, status=422)
    lines, seen = document["lines"], document["seen"]
    changes = rosters.changes_by(found, lines)
    try:
        rosters.replace(roster=found, lines=lines, seen=seen, actor=actor_for(request), at=at)
    except OutdatedError:
        again = _open(request, found.entry.pk, at)
        why = words.say(language, "roster_import_outdated")
        return _show_changes(request, language, again, lines, at=at, why=why, status=409)
    except FaultyRowsError:
        # Sound when it was read, and no longer: the clock of a demo went back.
        why = words.say(language, "roster_import_expired")
        return _show_import(request, language, found, at=at, why=why, status=422)
    except RefusedError as error:
        why = _refused(language, found, error)
        return _show_import(request, language, found, at=at, why=why, status=409)
    tell(
        request,
        words.say(
            language,
            "roster_import_done",
            added=len(changes.added),
            altered=len(changes.altered),
            removed=len(changes.removed),
        ),
    )
    return back(request, language, "roster", found.entry.pk)


def _show_import(
    request: HttpRequest,
    language: str,
    found: OpenRoster,
    *,
    at: datetime,
    why: str = "",
    detail: str = "",
    status: int = 200,
) -> HttpResponse:
    return show_work(
        request,
        "web/work/roster_import.html",
        language,
        {
            **_about(found, language, at=at),
            "why": why,
            "detail": detail,
            "total": len(found.lines),
            "has_last_year": bool(rosters.last_year(found.entry)),
        },
        status=status,
    )


# ---- what a page carries from one step to the next ----------------------------------------------------------
#
# Nothing is stored before it is confirmed: the page itself holds what was read, signed for this entry and account.


def _salt(request: HttpRequest, found: OpenRoster) -> str:
    return f"hatchmark.roster.{found.entry.pk}.{actor_for(request).code}"


def _carried(request: HttpRequest, found: OpenRoster, document: Mapping[str, Any]) -> str:
    """Return what a page carries; empty for more than one can carry."""
    text = signing.dumps(document, salt=_salt(request, found), compress=True)
    return text if len(text) <= LONGEST_CARRIED else ""


def _uncarried(request: HttpRequest, found: OpenRoster, *keys: str) -> Any:
    try:
        document = signing.loads(
            request.POST.get("carried", ""), salt=_salt(request, found), max_age=CARRIED_FOR
        )
    except signing.BadSignature:
        return None
    return document if set(document) == set(keys) else None


def _as_document(grid: Grid) -> list[list[Any]]:
    return [
        [[cell.text, cell.rule] if isinstance(cell, SpoiltCell) else cell for cell in row] for row in grid
    ]


def _from_document(document: Mapping[str, Any]) -> Grid:
    return tuple(
        tuple(SpoiltCell(*cell) if isinstance(cell, list) else cell for cell in row)
        for row in document["grid"]
    )
