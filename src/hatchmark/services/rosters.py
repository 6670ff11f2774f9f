"""企业名单 of a draft: changed row by row or by a file, and never over what another window saved.

A roster is part of the draft: changing it is no official act and leaves no line in the ledger. A change names what it
was made on (a row, or the whole list, by its digest); where that stands no longer, nothing is changed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db import IntegrityError, transaction

from hatchmark.db.models import Draft, Entry, Submission
from hatchmark.documents.roster_sheets import (
    RosterSheet,
    SheetReading,
    cell_name,
    read_roster_file,
    template_xlsx,
)
from hatchmark.documents.tables import LARGEST_XLSX, OLE, SUFFIXES
from hatchmark.domain.deadlines import CHINA
from hatchmark.domain.folder_errors import FolderError
from hatchmark.domain.handing_in import Standing
from hatchmark.domain.notices import marks_of
from hatchmark.domain.permissions import Actor, Against, Ruling, may, refused
from hatchmark.domain.problems import Problem
from hatchmark.domain.rosters import (
    MOST_ROWS,
    TALLIES,
    Changes,
    Fault,
    Line,
    Tally,
    changes_between,
    identity_of,
    read_row,
    read_rows,
    roster_digest,
    row_digest,
    taken_over,
    typed_cells,
)
from hatchmark.domain.scheme import FigureStatus, Scheme, parse_number
from hatchmark.domain.workflow import Stage
from hatchmark.services.handing_in import Papers, papers_of, subject_of
from hatchmark.services.permissions import require
from hatchmark.services.reach import entries_for
from hatchmark.services.refusals import FaultyError, OutdatedError, UnsoundError
from hatchmark.services.rounds import scheme_of_entry

ROSTER = "roster"
"""What a return names besides figures: the list of enterprises as a whole."""

LARGEST_FILE = LARGEST_XLSX

TRIES = 8
"""A change that another save overtook is made again on what is there now."""


class FaultyRowsError(UnsoundError):
    """Rows that cannot be, with the faults of their cells by the number of the row."""

    def __init__(self, message: str, faults: Mapping[int, Sequence[Fault]]) -> None:
        super().__init__(message)
        self.faults = faults


class UnusableSheetError(UnsoundError):
    """A file that cannot be read as a table. `rule`: ending, empty, large, old (.xls, or with a password) or other."""

    def __init__(self, message: str, *, rule: str) -> None:
        super().__init__(message)
        self.rule = rule


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRoster:
    """The roster of one entry as its institution works on it. `seen` names the list as it stands.

    `ruling` says whether it may be changed now; `reason` is a code of why not, for pages.
    """

    papers: Papers
    scheme: Scheme
    lines: Sequence[Line]
    figures: Mapping[str, Mapping[str, str]]
    seen: str
    ruling: Ruling
    reason: str

    @property
    def entry(self) -> Entry:
        """The entry."""
        return self.papers.entry


def open_roster(pk: int, *, actor: Actor, at: datetime) -> OpenRoster | None:
    """Return the roster of an entry for its institution; None where it has no such entry."""
    found = papers_of(entries_for(actor, "read_draft").filter(pk=pk), at=at)
    if not found:
        return None
    [papers] = found
    entry = papers.entry
    draft = Draft.objects.filter(entry=entry).first()
    returned = _returned(entry) if papers.standing is Standing.RETURNED else ()
    ruling, reason = _ruling(papers, returned, actor=actor, at=at)
    latest = entry.submissions.last()
    frozen = papers.standing is Standing.RETURNED and ROSTER not in returned
    lines = latest.roster if latest and (frozen or draft is None) else draft.roster if draft else []
    figures = {**(latest.figures if latest else {}), **(draft.figures if draft else {})}
    return OpenRoster(
        papers=papers,
        scheme=scheme_of_entry(entry),
        lines=lines,
        figures=figures,
        seen=roster_digest(lines),
        ruling=ruling,
        reason=reason,
    )


def _returned(entry: Entry) -> Sequence[str]:
    returned = entry.submissions.filter(state="returned").last()
    review = returned.reviews.filter(act="return").last() if returned else None
    return review.fields if review else ()


def _ruling(papers: Papers, returned: Sequence[str], *, actor: Actor, at: datetime) -> tuple[Ruling, str]:
    ruling = may(actor, "save_draft", subject_of(papers), stage=Stage(papers.entry.round.stage), at=at)
    if not ruling:
        return ruling, _reason(papers, at=at)
    if papers.standing is Standing.REFUSED:
        return refused(Against.REFUSED, "the preliminary review refused this submission"), "refused"
    if papers.standing is Standing.RETURNED and ROSTER not in returned:
        return refused(Against.NOT_RETURNED, "the roster was not returned for correction"), "returned"
    return ruling, ""


def _reason(papers: Papers, *, at: datetime) -> str:
    if papers.standing is Standing.APPROVED:
        return "approved"
    if papers.closes_at is not None and at > papers.closes_at:
        return "late"
    return "early" if papers.entry.round.stage == Stage.CALL else "stage"


def last_year(entry: Entry) -> Sequence[Line]:
    """Return the tenants of the list that was approved for this qualification a year ago, without yearly columns."""
    approved = (
        Submission.objects.filter(
            entry__qualification=entry.qualification_id,
            entry__round__authority=entry.round.authority_id,
            entry__round__year=entry.round.year - 1,
            state="approved",
        )
        .order_by("-version")
        .first()
    )
    return taken_over(approved.roster) if approved else []


def today(at: datetime) -> date:
    """Return the day of a moment where the department is: the last one that a date of a row can name."""
    return at.astimezone(CHINA).date()


# ---- one row ----------------------------------------------------------------------------------------------


def save_row(*, roster: OpenRoster, cells: Mapping[str, str], was: str, actor: Actor, at: datetime) -> Line:
    """Add a row, or with `was` (the digest of the row as it was shown) put this one in its place; return its line.

    Raises FaultyRowsError where a cell cannot be or the enterprise is on the list already, OutdatedError where the row
    was changed or removed elsewhere.
    """
    reading = read_row(cells, today=today(at))
    if reading.line is None:
        raise FaultyRowsError("the row cannot stand as it is", {0: reading.faults})
    line = reading.line

    def change(lines: Sequence[Line]) -> list[Line]:
        place = _place_of(lines, was) if was else len(lines)
        others = [*lines[:place], *lines[place + 1 :]]
        for number, other in enumerate(others):
            if identity_of(other) == identity_of(line):
                row = number + 1 if number < place else number + 2
                column = "credit_code" if line["credit_code"] else "enterprise"
                fault = Fault(
                    column=column, rule="duplicate", value=str(line[column]), facts={"row": str(row)}
                )
                raise FaultyRowsError(f"row {row} is this enterprise already", {0: (fault,)})
        if not was and len(lines) >= MOST_ROWS:
            raise UnsoundError(f"a roster has at most {MOST_ROWS} rows; remove one before adding another")
        return [*lines[:place], line, *lines[place + 1 :]]

    _change(roster, change, actor=actor, at=at)
    return line


def remove_row(*, roster: OpenRoster, was: str, actor: Actor, at: datetime) -> None:
    """Remove the row that was shown. Raises OutdatedError where it was changed or removed elsewhere."""

    def change(lines: Sequence[Line]) -> list[Line]:
        place = _place_of(lines, was)
        return [*lines[:place], *lines[place + 1 :]]

    _change(roster, change, actor=actor, at=at)


def _place_of(lines: Sequence[Line], digest: str) -> int:
    for place, line in enumerate(lines):
        if row_digest(line) == digest:
            return place
    raise OutdatedError("this row was changed or removed in another window; open the list again")


# ---- the whole list ---------------------------------------------------------------------------------------


def read_file(content: bytes, *, name: str, at: datetime) -> SheetReading:
    """Read a file of a roster. Nothing is saved. Raises UnusableSheetError where it is unusable as a whole."""
    try:
        return read_roster_file(content, file=name, today=today(at))
    except FolderError as error:
        raise UnusableSheetError(str(error), rule=_file_rule(content, name)) from error


def sound_lines(reading: SheetReading) -> Sequence[Line]:
    """Return the lines of a file that can be taken over. Raises FaultyError with every cell that cannot."""
    if reading.faults:
        raise FaultyError(
            [
                Problem(
                    code=each.rule,
                    about=" ".join(filter(None, [cell_name(each.row, each.place), each.column])),
                    text="; ".join(
                        [f"'{each.value}'", *(f"{name} {said}" for name, said in each.facts.items())]
                    ),
                )
                for each in reading.faults
            ]
        )
    return reading.lines


def _file_rule(content: bytes, name: str) -> str:
    ending = name.rpartition(".")[2].lower()
    if f".{ending}" not in SUFFIXES:
        return "ending"
    if not content:
        return "empty"
    if len(content) > LARGEST_FILE:
        return "large"
    if ending == "xlsx" and content.startswith(OLE):
        return "old"
    return "other"


def changes_by(roster: OpenRoster, lines: Sequence[Line]) -> Changes:
    """Return what taking over these lines would change."""
    return changes_between(roster.lines, lines)


def replace(*, roster: OpenRoster, lines: Sequence[Line], seen: str, actor: Actor, at: datetime) -> None:
    """Put these lines in the place of the list that was shown (`seen`); saving them a second time changes nothing.

    Raises OutdatedError where the list was changed elsewhere since, FaultyRowsError where a line cannot be.
    """
    readings = read_rows(
        ((number, typed_cells(line)) for number, line in enumerate(lines, start=1)), today=today(at)
    )
    if faulty := {each.number: each.faults for each in readings if each.line is None}:
        raise FaultyRowsError(f"row {next(iter(faulty))} cannot stand as it is", faulty)
    if len(lines) > MOST_ROWS:
        raise UnsoundError(f"a roster has at most {MOST_ROWS} rows, and these are {len(lines)}")
    wanted = [each.line for each in readings if each.line is not None]

    def change(there: Sequence[Line]) -> list[Line]:
        if roster_digest(there) not in (seen, roster_digest(wanted)):
            raise OutdatedError("the roster was changed in another window since this was shown; look again")
        return wanted

    _change(roster, change, actor=actor, at=at)


def template(roster: OpenRoster, *, lines: Sequence[Line]) -> bytes:
    """Return the template, filled with these lines."""
    entry = roster.entry
    return template_xlsx(
        RosterSheet(
            title=f"{entry.round.year}年度 {entry.name} 在孵和毕业企业名单",
            lines=lines,
            marks=marks_of(fictional=entry.round.fictional, past=entry.round.past),
        )
    )


# ---- saving -----------------------------------------------------------------------------------------------


def _change(
    roster: OpenRoster,
    change: Callable[[Sequence[Line]], list[Line]],
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Apply a change to the list as it stands now, whatever else of the draft is saved meanwhile."""
    entry = roster.entry
    require(actor, "save_draft", subject_of(roster.papers), evaluation_round=entry.round, at=at)
    if not roster.ruling:
        raise UnsoundError(f"{entry}: {roster.ruling.reason}")
    for _ in range(TRIES):
        draft = Draft.objects.filter(entry=entry).first()
        there: Sequence[Line] = draft.roster if draft else _handed_in(entry)
        after = [dict(line) for line in change(there)]
        if after == there:
            return
        if _written(entry, draft, after, actor=actor, at=at):
            return
    raise OutdatedError(f"the draft of {entry} changes faster than this could be saved; try again")


def _handed_in(entry: Entry) -> list[dict[str, Any]]:
    latest = entry.submissions.last()
    return latest.roster if latest else []


def _written(
    entry: Entry, draft: Draft | None, lines: list[dict[str, Any]], *, actor: Actor, at: datetime
) -> bool:
    facts = {"roster": lines, "saved_at": at, "saved_by": actor.code}
    if draft is not None:
        unchanged = Draft.objects.filter(pk=draft.pk, version=draft.version)
        return bool(unchanged.update(version=draft.version + 1, **facts))
    try:
        with transaction.atomic():
            # Without figures: the form shows those of the last version until one is typed.
            Draft.objects.create(entry=entry, version=1, **facts)
    except IntegrityError:
        return False
    return True


# ---- what it adds up to -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class TallyLine:
    """A number of the list, and what was typed into the figure that says the same; None where nothing was."""

    tally: Tally
    value: Fraction
    figure: str = ""
    typed: str | None = None

    @property
    def differs(self) -> bool:
        """Whether a number was typed, and it is another one."""
        if self.typed is None:
            return False
        try:
            return parse_number(self.typed.replace(",", "")) != self.value
        except ValueError:
            return True


def tallies_of(roster: OpenRoster, lines: Sequence[Line]) -> list[TallyLine]:
    """Return what a list adds up to, each number beside the figure of the draft that says the same."""
    return [_tally_line(roster, tally, lines) for tally in TALLIES]


def _tally_line(roster: OpenRoster, tally: Tally, lines: Sequence[Line]) -> TallyLine:
    figure = next((code for code in tally.figures if code in roster.scheme.asked), "")
    typed = roster.figures.get(figure)
    given = (
        typed["value"].strip()
        if typed and typed.get("status") == FigureStatus.REPORTED and typed["value"].strip()
        else None
    )
    return TallyLine(tally=tally, value=tally.of(lines), figure=figure, typed=given)
