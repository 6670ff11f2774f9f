"""What does a round folder say, and what in it cannot be true together?

The values here hold one folder as it was read (`hatchmark.documents.round_folder`); each keeps the place it
came from, so that whoever finds it wrong later can still point at file and row. `problems` looks at the whole
folder: entries that name each other, acts in an order that cannot be, people nobody listed. What needs the
content of a scheme (a figure's range, an expert item's full marks) is asked of the scheme instead.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from hatchmark.domain.deadlines import CHINA, NoCalendarError, close_of_window
from hatchmark.domain.folder_errors import NOWHERE, FolderError, Place
from hatchmark.domain.outcomes import Decision, EntryKey, Grade, Outcome, contradictions
from hatchmark.domain.permissions import Role
from hatchmark.domain.register import span_of
from hatchmark.domain.scheme import FigureStatus, Status, as_hundredths, exact_text
from hatchmark.domain.vocabulary import Vocabulary

_PARTIAL_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")


# ---- dates that are not known to the day ------------------------------------------------------------------


class PartialDate(str):
    """A date as far as it is known: `2020`, `2020-07` or `2020-07-15`. It is its own, checked text."""

    __slots__ = ()

    def __new__(cls, text: str) -> "PartialDate":
        """Take the text of a partial date; raise ValueError for anything else."""
        if not _PARTIAL_DATE.fullmatch(text):
            raise ValueError(f"'{text}' is no date; write 2020, 2020-07 or 2020-07-15")
        span_of(text)  # refuses 2020-13 and 2021-02-29
        return super().__new__(cls, text)

    @property
    def year(self) -> int:
        return int(self[:4])

    @property
    def month(self) -> int | None:
        return int(self[5:7]) if len(self) > 4 else None

    @property
    def day(self) -> int | None:
        return int(self[8:]) if len(self) > 7 else None

    def earliest(self) -> date:
        """Return the first day that it can mean."""
        return span_of(self)[0]

    def latest(self) -> date:
        """Return the last day that it can mean."""
        return span_of(self)[1]


# ---- round.toml -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """One document that the round rests on."""

    title: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KindSettings:
    """One kind of the round. `scheme` is empty in a past round."""

    code: str
    scheme: str = ""
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundDates:
    """The moments of a live round, in the order in which they come."""

    call_at: datetime
    submission_closes_at: datetime
    preliminary_review_closes_at: datetime
    expert_review_closes_at: datetime
    spot_check_closes_at: datetime
    integrity_review_closes_at: datetime
    determined_at: datetime
    public_notice_at: datetime
    published_at: datetime
    follow_up_closes_at: datetime

    def in_order(self) -> dict[str, datetime]:
        """Return the moments by name, from the call to the end of the follow-up."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotCheckSettings:
    """How the entries to be checked on site are drawn. `count` is by kind."""

    key: str
    key_known_at: datetime
    count: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """Somebody who acts in a live round; `code` is what the columns `by` name."""

    code: str
    name: str
    role: Role
    unit: str
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundSettings:
    """What `round.toml` says. `happened` is the bound printed for acts of a past round without a moment.

    `words` is set for a round whose labels were read out of its own notice: they take the place of the vocabulary.
    `lines` tells where a key stands in the file (`dates.call_at` → 27), for errors that are found later.
    """

    authority: str
    authority_code: str
    year: int
    past: bool
    fictional: bool
    vocabulary: str
    words: Vocabulary | None = None
    entered_at: datetime | None = None
    happened: str = ""
    addressees: tuple[str, ...] = ()
    bases: tuple[Basis, ...] = ()
    kinds: tuple[KindSettings, ...] = ()
    dates: RoundDates | None = None
    public_notice_working_days: int | None = None
    spot_check: SpotCheckSettings | None = None
    officers: tuple[Officer, ...] = ()
    file: str = field(default="round.toml", compare=False)
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)

    def place_of(self, key: str) -> Place:
        """Return where a key stands, or the file as a whole where that is not known."""
        return Place(self.file, self.lines.get(key, 0))


# ---- the tables -------------------------------------------------------------------------------------------


class ChannelType(StrEnum):
    """What sort of body recommends and supervises an entry."""

    LEAGUE_CITY = "league_city"
    DIRECT_CITY = "direct_city"
    COUNTY = "county"
    UNIVERSITY = "university"
    RESEARCH_INSTITUTE = "research_institute"
    AFFILIATED_UNIT = "affiliated_unit"
    NOT_STATED = "not_stated"


class ChangeOf(StrEnum):
    """What a row of `register_changes` is about."""

    OPERATOR = "operator"
    NAME = "name"
    OPERATOR_ALIAS = "operator_alias"
    NOTE = "note"


class EnterpriseStatus(StrEnum):
    """在孵 or 毕业."""

    TENANT = "tenant"
    GRADUATE = "graduate"


class SubmissionAct(StrEnum):
    """What an institution does with its papers."""

    SUBMIT = "submit"
    CORRECT = "correct"
    WITHDRAW = "withdraw"


class ReviewAct(StrEnum):
    """What a channel does with a submission."""

    APPROVE = "approve"
    RETURN = "return"
    REFUSE = "refuse"


class Finding(StrEnum):
    """What inspectors found on site."""

    CONFIRMED = "confirmed"
    CORRECTED = "corrected"


class IntegritySubject(StrEnum):
    """Whom an integrity hit is about."""

    INSTITUTION = "institution"
    OPERATOR = "operator"
    PERSON = "person"


class Severity(StrEnum):
    """How grave an integrity hit is."""

    MINOR = "minor"
    SEVERE = "severe"


class ObjectorType(StrEnum):
    """Who objects."""

    UNIT = "unit"
    PERSON = "person"
    ANONYMOUS = "anonymous"


class ObjectionRuling(StrEnum):
    """What came of an objection."""

    UPHELD = "upheld"
    REJECTED = "rejected"
    NOT_ADMITTED = "not_admitted"


class FollowUpAct(StrEnum):
    """What is done after the result notice."""

    HAND_IN_RECTIFICATION = "hand_in_rectification"
    ACCEPT_RECTIFICATION = "accept_rectification"
    LEAVE_MANAGEMENT = "leave_management"
    LEAVE_EVALUATION = "leave_evaluation"
    LEAVE_STATISTICS = "leave_statistics"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRow:
    """One entry, with its institution as the register knows it at the time of the round."""

    key: EntryKey
    institution: str
    name: str
    aliases: tuple[str, ...] = ()
    operators_printed: str
    operators: tuple[str, ...]
    channel: str
    channel_type: ChannelType
    region: str | None = None
    level: str | None = None
    status: Status
    sub_type: str | None = None
    recognised_in: PartialDate | None = None
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterChange:
    """One change that is older than the round or happened in it. `effective` is empty where it is unknown."""

    institution: str
    what: ChangeOf
    old: str
    new: str
    effective: PartialDate | Literal[""] = ""
    source: str = ""
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """One row of `decisions`: the decision and where it stands."""

    decision: Decision
    place: Place = field(default=NOWHERE, compare=False)

    @property
    def key(self) -> EntryKey:
        return self.decision.key


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    """One figure as handed in; `figure` is `CODE` or `CODE@last`. Only a reported one has a value.

    `returned_value` is what was first handed in where the channel returned it and `value` corrects it.
    """

    key: EntryKey
    figure: str
    unit: str
    status: FigureStatus
    value: Fraction | None
    returned_value: Fraction | None = None
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRow:
    """One enterprise on an entry's roster. `income` is in 千元; None is "not given" everywhere."""

    key: EntryKey
    enterprise: str
    credit_code: str
    status: EnterpriseStatus
    founded_on: PartialDate | None
    entered_on: PartialDate | None
    graduated_on: PartialDate | None
    high_tech: bool | None
    tech_sme: bool | None
    financed: bool | None
    valid_ip: int | None
    income: Fraction | None
    staff: int | None
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionRow:
    """One act of an institution. `by` says in words who signed."""

    key: EntryKey
    act: SubmissionAct
    at: datetime
    by: str
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreliminaryReviewRow:
    """One act of a channel officer. `fields` are the figures that are returned."""

    key: EntryKey
    act: ReviewAct
    at: datetime
    by: str
    fields: tuple[str, ...]
    opinion: str
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertRow:
    """One expert on the list."""

    expert: str
    name: str
    employer: str
    region: str
    specialty: str
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentRow:
    """One expert given one file, and the conflict they declared, if any."""

    key: EntryKey
    expert: str
    assigned_at: datetime
    conflict: str
    declared_at: datetime | None
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertScoreRow:
    """The points one expert gave for one item."""

    key: EntryKey
    expert: str
    item: str
    score: Fraction
    at: datetime
    place: Place = field(default=NOWHERE, compare=False)

    @property
    def hundredths(self) -> int:
        """The score in hundredths of a point."""
        return as_hundredths(self.score)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotCheckRow:
    """What inspectors found. `figure` and `found_value` belong to a correction."""

    key: EntryKey
    at: datetime
    by: tuple[str, ...]
    finding: Finding
    figure: str
    found_value: Fraction | None
    note: str
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrityRow:
    """One hit of the integrity review, with its source."""

    key: EntryKey
    subject_type: IntegritySubject
    subject: str
    source: str
    severity: Severity
    found_at: datetime
    detail: str
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionRow:
    """One objection and its ruling. `figure` and `corrected_value`: what an upheld one corrects."""

    key: EntryKey
    objector: str
    objector_type: ObjectorType
    contact: str
    lodged_at: datetime
    grounds: str
    ruling: ObjectionRuling
    ruled_at: datetime
    by: str
    ruling_reason: str
    figure: str
    corrected_value: Fraction | None
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpRow:
    """One act after the result notice. `by` is an officer's code, or words where the institution acts."""

    key: EntryKey
    act: FollowUpAct
    at: datetime
    by: str
    note: str
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundFolder:
    """One round kept in a folder. `published` is no part of it: the comparison alone reads that."""

    settings: RoundSettings
    register: tuple[RegisterRow, ...]
    changes: tuple[RegisterChange, ...] = ()
    decision_rows: tuple[DecisionRow, ...] = ()
    figures: tuple[FigureRow, ...] = ()
    rosters: tuple[RosterRow, ...] = ()
    submissions: tuple[SubmissionRow, ...] = ()
    preliminary_reviews: tuple[PreliminaryReviewRow, ...] = ()
    experts: tuple[ExpertRow, ...] = ()
    assignments: tuple[AssignmentRow, ...] = ()
    expert_scores: tuple[ExpertScoreRow, ...] = ()
    spot_checks: tuple[SpotCheckRow, ...] = ()
    integrity: tuple[IntegrityRow, ...] = ()
    objections: tuple[ObjectionRow, ...] = ()
    follow_up: tuple[FollowUpRow, ...] = ()
    history: tuple["RoundFolder", ...] = ()

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """The decisions of the folder, in the order of its rows."""
        return tuple(row.decision for row in self.decision_rows)


# ---- what cannot be true together -------------------------------------------------------------------------

Keyed = (
    RegisterRow
    | DecisionRow
    | FigureRow
    | RosterRow
    | SubmissionRow
    | PreliminaryReviewRow
    | AssignmentRow
    | ExpertScoreRow
    | SpotCheckRow
    | IntegrityRow
    | ObjectionRow
    | FollowUpRow
)


def problems(folder: RoundFolder) -> list[FolderError]:
    """Return what in a folder cannot be, file by file; empty when it can be run.

    What rests on something that is wrong itself is not told: a doubled serial alone would make a hundred rows
    name no entry. It is found when the first is mended.
    """
    found = [*_settings_problems(folder.settings), *_register_problems(folder)]
    found = found or [*_decision_problems(folder), *_unknown_entries(folder), *_doubled_rows(folder)]
    if not found and folder.settings.dates is not None:
        found = _live_problems(folder, folder.settings.dates)
    for earlier in folder.history:
        found += _history_problems(folder, earlier)
    return found


def unknown_kind(key: EntryKey, place: Place, kinds: Iterable[str]) -> FolderError | None:
    """Return the error of a row whose kind the round does not declare."""
    known = list(kinds)
    if key.kind in known:
        return None
    return FolderError(
        place,
        column="kind",
        value=key.kind,
        problem="round.toml declares no such kind",
        remedy=f"write one of {', '.join(known)}, or add a [[kind]] to round.toml",
    )


def _settings_problems(settings: RoundSettings) -> Iterator[FolderError]:
    for what, coded in (("kind", settings.kinds), ("officer", settings.officers)):
        seen: set[str] = set()
        for each in coded:
            if each.code in seen:
                yield FolderError(
                    each.place,
                    column=f"{what}.code",
                    value=each.code,
                    problem=f"stands for two of [[{what}]]",
                    remedy=f"give each {what} a code of its own",
                )
            seen.add(each.code)
    if settings.dates is None:
        return
    moments = list(settings.dates.in_order().items())
    for (earlier, first), (later, second) in pairwise(moments):
        if second < first:
            yield FolderError(
                settings.place_of(f"dates.{later}"),
                column=f"dates.{later}",
                value=second.isoformat(),
                problem=f"comes before {earlier}, which is {first.isoformat()}",
                remedy=f"correct one of the two: {later} cannot be earlier than {earlier}",
            )
            return
    yield from _staff_problems(settings)
    yield from _window_problems(settings, settings.dates)
    yield from _draw_problems(settings, settings.dates)


def _staff_problems(settings: RoundSettings) -> Iterator[FolderError]:
    for role, needed, why in (
        (Role.DEPARTMENT, 2, "one prepares what another confirms"),
        (Role.INTEGRITY, 1, "somebody does the integrity review"),
    ):
        there = sum(officer.role is role for officer in settings.officers)
        if there < needed:
            yield FolderError(
                settings.place_of("officer[0]"),
                column="officer.role",
                value=f"{there} of the role {role}",
                problem=f"a live round needs {needed}: {why}",
                remedy=f'add an [[officer]] with role = "{role}"',
            )


def _window_problems(settings: RoundSettings, dates: RoundDates) -> Iterator[FolderError]:
    days = settings.public_notice_working_days
    if days is None:
        return
    try:
        closes_at = close_of_window(dates.public_notice_at.astimezone(CHINA).date(), days)
    except NoCalendarError as error:
        yield FolderError(
            settings.place_of("dates.public_notice_at"),
            column="dates.public_notice_at",
            value=dates.public_notice_at.isoformat(),
            problem=f"its window cannot be counted: {error}",
            remedy="or choose a year whose working days are known",
        )
        return
    if dates.published_at <= closes_at:
        yield FolderError(
            settings.place_of("dates.published_at"),
            column="dates.published_at",
            value=dates.published_at.isoformat(),
            problem=f"the public notice of {days} working days is open until {closes_at.isoformat()}",
            remedy="publish after its last second",
        )


def _draw_problems(settings: RoundSettings, dates: RoundDates) -> Iterator[FolderError]:
    draw = settings.spot_check
    if draw is None:
        return
    if not dates.expert_review_closes_at <= draw.key_known_at <= dates.spot_check_closes_at:
        yield FolderError(
            settings.place_of("spot_check.key_known_at"),
            column="spot_check.key_known_at",
            value=draw.key_known_at.isoformat(),
            problem="the frame is fixed first, so the key becomes known while the spot checks run: from "
            f"{dates.expert_review_closes_at.isoformat()} to {dates.spot_check_closes_at.isoformat()}",
            remedy="choose a moment between the two",
        )
    known = [kind.code for kind in settings.kinds]
    for kind in draw.count:
        if kind not in known:
            yield FolderError(
                settings.place_of("spot_check.count"),
                column="spot_check.count",
                value=kind,
                problem="is no kind of this round",
                remedy=f"write one of {', '.join(known)}",
            )


def _register_problems(folder: RoundFolder) -> Iterator[FolderError]:
    kinds = [kind.code for kind in folder.settings.kinds]
    rows: dict[EntryKey, RegisterRow] = {}
    institutions: dict[tuple[str, str], RegisterRow] = {}
    for row in folder.register:
        if error := unknown_kind(row.key, row.place, kinds):
            yield error
            continue
        if row.key in rows:
            yield FolderError(
                row.place,
                column="serial",
                value=str(row.key.serial),
                problem=f"row {rows[row.key].place.row} is {row.key} already",
                remedy="give each entry of a kind its own serial",
            )
            continue
        rows[row.key] = row
        twin = institutions.setdefault((row.key.kind, row.institution), row)
        if twin is not row:
            yield FolderError(
                row.place,
                column="institution",
                value=row.institution,
                problem=f"takes part as {row.key.kind} in row {twin.place.row} already",
                remedy="list it once for each kind, or correct the code",
            )
    yield from _serial_gaps(rows, kinds)
    known = {row.institution for row in folder.register}
    for change in folder.changes:
        if change.institution not in known:
            yield FolderError(
                change.place,
                column="institution",
                value=change.institution,
                problem="the register lists no such institution",
                remedy="correct the code, or add the institution to register",
            )


def _serial_gaps(rows: Mapping[EntryKey, RegisterRow], kinds: Iterable[str]) -> Iterator[FolderError]:
    for kind in kinds:
        serials = sorted(key.serial for key in rows if key.kind == kind)
        for expected, serial in enumerate(serials, start=1):
            if serial != expected:
                yield FolderError(
                    rows[EntryKey(kind, serial)].place,
                    column="serial",
                    value=str(serial),
                    problem=f"{kind} {expected} is missing before it",
                    remedy=f"number the entries of {kind} from 1 without gap",
                )
                break


def _decision_problems(folder: RoundFolder) -> Iterator[FolderError]:
    settings = folder.settings
    kinds = [kind.code for kind in settings.kinds]
    entries = {row.key for row in folder.register}
    rows: dict[EntryKey, DecisionRow] = {}
    for row in folder.decision_rows:
        if row.key in rows:
            yield FolderError(
                row.place,
                column="serial",
                value=str(row.key.serial),
                problem=f"row {rows[row.key].place.row} decides {row.key} already",
                remedy="keep one decision for each entry",
            )
            continue
        rows[row.key] = row
        yield from _problems_of_decision(row, settings=settings, kinds=kinds, entries=entries)
    yield from _carried_problems(rows, past=settings.past)
    if settings.past:
        decided = "decisions.csv" if not folder.decision_rows else folder.decision_rows[0].place.file
        for entry in folder.register:
            if entry.key not in rows:
                yield FolderError(
                    entry.place,
                    column="serial",
                    value=str(entry.key.serial),
                    problem=f"the round is past, and {decided} holds no decision for {entry.key}",
                    remedy=f"add the row of {entry.key} to {decided}",
                )


def _problems_of_decision(
    row: DecisionRow, *, settings: RoundSettings, kinds: list[str], entries: set[EntryKey]
) -> Iterator[FolderError]:
    decision = row.decision
    # A human act of a live round that names no grade keeps the proposed one: it may cancel a pilot, or
    # decline a proposed cancellation for a reason.
    silent = not settings.past and decision.grade is None
    if against := contradictions(
        replace(decision, grade=Grade.UNQUALIFIED)
        if silent and decision.outcome in (Outcome.GRADED, Outcome.PILOT_CANCELLED)
        else decision
    ):
        yield FolderError(
            row.place,
            column="outcome",
            value=decision.outcome.value,
            problem=", and ".join(against),
            remedy="correct mode, grade, outcome and the columns that belong to them",
        )
    if not decision.reason and (decision.outcome is not Outcome.GRADED or not settings.past):
        yield FolderError(
            row.place,
            column="reason",
            value="",
            problem=f"outcome {decision.outcome} needs a reason",
            remedy="write it, or 'not stated' where nobody recorded one",
        )
    if decision.as_kind and decision.as_kind not in kinds:
        yield FolderError(
            row.place,
            column="as_kind",
            value=decision.as_kind,
            problem="round.toml declares no such kind",
            remedy=f"write one of {', '.join(kinds)}",
        )
    if decision.year is not None and decision.year <= settings.year:
        yield FolderError(
            row.place,
            column="year",
            value=str(decision.year),
            problem=f"an entry of the round {settings.year} cannot be deferred to it or to a year before",
            remedy="give the later year in which it takes part",
        )
    source = decision.carried_from
    if source is not None and source not in entries:
        yield FolderError(
            row.place,
            column="carried_from",
            value=str(source),
            problem=f"{row.key} is carried from an entry that the register does not list",
            remedy="name an entry of this round as kind:serial",
        )


def _carried_problems(rows: Mapping[EntryKey, DecisionRow], *, past: bool) -> Iterator[FolderError]:
    in_a_ring: set[EntryKey] = set()
    for row in rows.values():
        source = row.decision.carried_from
        if source is None or row.key in in_a_ring:
            continue
        chain = [row.key]
        while source is not None and source not in chain:
            chain.append(source)
            source = rows[source].decision.carried_from if source in rows else None
        if source is not None:
            in_a_ring.update(chain)
            yield FolderError(
                row.place,
                column="carried_from",
                value=str(row.decision.carried_from),
                problem=f"{' → '.join(map(str, [*chain, source]))}: carried entries point at each other, "
                "so none of them is judged",
                remedy="let one of them be evaluated itself",
            )
            continue
        judge = rows.get(chain[-1])
        if judge is None or judge.decision.grade is not None:
            continue
        if past or judge.decision.outcome in (Outcome.DEFERRED, Outcome.DISQUALIFIED):
            yield FolderError(
                row.place,
                column="carried_from",
                value=str(row.decision.carried_from),
                problem=f"{judge.key} has no grade in this round (outcome {judge.decision.outcome}), "
                f"so {row.key} cannot be judged by it",
                remedy="name the entry whose grade counts",
            )


def _keyed_rows(folder: RoundFolder) -> Iterator[Keyed]:
    yield from folder.decision_rows
    yield from folder.figures
    yield from folder.rosters
    yield from folder.submissions
    yield from folder.preliminary_reviews
    yield from folder.assignments
    yield from folder.expert_scores
    yield from folder.spot_checks
    yield from folder.integrity
    yield from folder.objections
    yield from folder.follow_up


def _unknown_entries(folder: RoundFolder) -> Iterator[FolderError]:
    kinds = [kind.code for kind in folder.settings.kinds]
    entries = {row.key for row in folder.register}
    for row in _keyed_rows(folder):
        if error := unknown_kind(row.key, row.place, kinds):
            yield error
        elif row.key not in entries:
            yield FolderError(
                row.place,
                column="serial",
                value=str(row.key.serial),
                problem=f"the register lists no {row.key}",
                remedy="correct the serial, or add the entry to register",
            )


def _doubled_rows(folder: RoundFolder) -> Iterator[FolderError]:
    named: list[tuple[tuple[object, ...], str, str, Place]] = [
        *((("figure", row.key, row.figure), "figure", row.figure, row.place) for row in folder.figures),
        *((("expert", row.expert), "expert", row.expert, row.place) for row in folder.experts),
        *((("assigned", row.key, row.expert), "expert", row.expert, row.place) for row in folder.assignments),
        *(
            (("score", row.key, row.expert, row.item), "item", row.item, row.place)
            for row in folder.expert_scores
        ),
    ]
    first: dict[tuple[object, ...], Place] = {}
    for name, column, value, place in named:
        before = first.setdefault(name, place)
        if before is not place:
            yield FolderError(
                place,
                column=column,
                value=value,
                problem=f"row {before.row} says this already",
                remedy="keep one of the two rows",
            )


# ---- acts in the order of a live round --------------------------------------------------------------------


def _live_problems(folder: RoundFolder, dates: RoundDates) -> list[FolderError]:
    return [
        *_roster_problems(folder),
        *_submission_problems(folder, dates),
        *_expert_problems(folder, dates),
        *_act_problems(folder, dates),
        *_unknown_officers(folder),
    ]


def _order(place: Place, column: str, at: datetime, *, after: datetime, what: str) -> Iterator[FolderError]:
    """Yield the error of an act that is earlier than what it follows."""
    if at < after:
        yield FolderError(
            place,
            column=column,
            value=at.isoformat(),
            problem=f"comes before {what}, which is {after.isoformat()}",
            remedy="correct one of the two moments",
        )


def _not_late(
    place: Place, column: str, at: datetime, *, until: datetime, what: str
) -> Iterator[FolderError]:
    if at > until:
        yield FolderError(
            place,
            column=column,
            value=at.isoformat(),
            problem=f"comes after {what}, which is {until.isoformat()}",
            remedy="correct one of the two moments, or remove what came too late",
        )


def _roster_problems(folder: RoundFolder) -> Iterator[FolderError]:
    for row in folder.rosters:
        steps = (
            ("founded_on", row.founded_on),
            ("entered_on", row.entered_on),
            ("graduated_on", row.graduated_on),
        )
        given = [(name, day) for name, day in steps if day is not None]
        for (earlier, first), (later, second) in pairwise(given):
            if second.latest() < first.earliest():
                yield FolderError(
                    row.place,
                    column=later,
                    value=second,
                    problem=f"comes before {earlier}, which is {first}",
                    remedy="correct one of the two dates",
                )
        if row.graduated_on is not None and row.status is EnterpriseStatus.TENANT:
            yield FolderError(
                row.place,
                column="graduated_on",
                value=row.graduated_on,
                problem="a tenant has not graduated",
                remedy="empty the cell, or set the status to graduate",
            )


def _submission_problems(folder: RoundFolder, dates: RoundDates) -> Iterator[FolderError]:
    returned: dict[EntryKey, list[datetime]] = {}
    for review in folder.preliminary_reviews:
        if review.act is ReviewAct.RETURN:
            returned.setdefault(review.key, []).append(review.at)
    handed_in: dict[EntryKey, list[datetime]] = {}
    for row in folder.submissions:
        if row.act is not SubmissionAct.WITHDRAW:
            handed_in.setdefault(row.key, []).append(row.at)
    for row in folder.submissions:
        yield from _order(row.place, "at", row.at, after=dates.call_at, what="call_at")
        if row.act is SubmissionAct.CORRECT:
            closes_at, before = dates.preliminary_review_closes_at, returned
            yield from _not_late(
                row.place, "at", row.at, until=closes_at, what="preliminary_review_closes_at"
            )
        else:
            closes_at, before = dates.submission_closes_at, handed_in
            yield from _not_late(row.place, "at", row.at, until=closes_at, what="submission_closes_at")
        if not any(at <= row.at for at in before.get(row.key, [])):
            missing = "the return to preliminary_reviews" if before is returned else "what was submitted"
            yield FolderError(
                row.place,
                column="act",
                value=row.act.value,
                problem=f"nothing of {row.key} had been {'returned' if before is returned else 'handed in'} "
                f"by {row.at.isoformat()}",
                remedy=f"correct the moment, or add {missing}",
            )
    yield from _review_problems(folder, dates, handed_in)


def _review_problems(
    folder: RoundFolder, dates: RoundDates, handed_in: Mapping[EntryKey, list[datetime]]
) -> Iterator[FolderError]:
    returned: set[tuple[EntryKey, str]] = set()
    for review in folder.preliminary_reviews:
        place, at = review.place, review.at
        if review.act is ReviewAct.RETURN:
            returned.update((review.key, figure) for figure in review.fields)
        yield from _order(place, "at", at, after=dates.submission_closes_at, what="submission_closes_at")
        closes_at = dates.preliminary_review_closes_at
        yield from _not_late(place, "at", at, until=closes_at, what="preliminary_review_closes_at")
        if not any(submitted <= at for submitted in handed_in.get(review.key, [])):
            yield FolderError(
                place,
                column="at",
                value=at.isoformat(),
                problem=f"{review.key} had handed in nothing that could be reviewed then",
                remedy="correct the moment, or add the submission",
            )
    for row in folder.figures:
        if row.returned_value is not None and (row.key, row.figure) not in returned:
            yield FolderError(
                row.place,
                column="returned_value",
                value=exact_text(row.returned_value),
                problem=f"{row.figure} of {row.key} was never returned for correction",
                remedy="empty the cell, or name the figure in fields of preliminary_reviews",
            )


def _expert_problems(folder: RoundFolder, dates: RoundDates) -> Iterator[FolderError]:
    listed = {row.expert for row in folder.experts}
    assigned = {(row.key, row.expert): row for row in folder.assignments}
    for row in folder.assignments:
        if row.expert not in listed:
            yield _not_on_the_list(row.place, row.expert)
        yield from _order(
            row.place,
            "assigned_at",
            row.assigned_at,
            after=dates.preliminary_review_closes_at,
            what="preliminary_review_closes_at",
        )
        yield from _not_late(
            row.place,
            "assigned_at",
            row.assigned_at,
            until=dates.expert_review_closes_at,
            what="expert_review_closes_at",
        )
        if row.declared_at is not None:
            yield from _order(
                row.place, "declared_at", row.declared_at, after=row.assigned_at, what="the assignment"
            )
        elif row.conflict:
            yield FolderError(
                row.place,
                column="declared_at",
                value="",
                problem=f"the conflict {row.conflict} was declared at no moment",
                remedy="write when the expert declared it",
            )
    for score in folder.expert_scores:
        assignment = assigned.get((score.key, score.expert))
        if score.expert not in listed:
            yield _not_on_the_list(score.place, score.expert)
        elif assignment is None:
            yield FolderError(
                score.place,
                column="expert",
                value=score.expert,
                problem=f"was not assigned to {score.key}, and scores it",
                remedy="add the assignment to assignments, or remove the score",
            )
        elif assignment.conflict:
            yield FolderError(
                score.place,
                column="expert",
                value=score.expert,
                problem=f"declared the conflict {assignment.conflict} with {score.key}, and scores it",
                remedy="remove the score",
            )
        else:
            yield from _order(
                score.place, "at", score.at, after=assignment.assigned_at, what="the assignment"
            )
            yield from _not_late(
                score.place,
                "at",
                score.at,
                until=dates.expert_review_closes_at,
                what="expert_review_closes_at",
            )


def _not_on_the_list(place: Place, expert: str) -> FolderError:
    return FolderError(
        place,
        column="expert",
        value=expert,
        problem="experts lists no such expert",
        remedy="correct the code, or add the expert to experts",
    )


def _act_problems(folder: RoundFolder, dates: RoundDates) -> Iterator[FolderError]:
    draw = folder.settings.spot_check
    for check in folder.spot_checks:
        opened = draw.key_known_at if draw else dates.expert_review_closes_at
        yield from _order(check.place, "at", check.at, after=opened, what="the draw of the spot checks")
        yield from _not_late(
            check.place, "at", check.at, until=dates.spot_check_closes_at, what="spot_check_closes_at"
        )
    for hit in folder.integrity:
        yield from _not_late(
            hit.place,
            "found_at",
            hit.found_at,
            until=dates.integrity_review_closes_at,
            what="integrity_review_closes_at",
        )
    for objection in folder.objections:
        place = objection.place
        yield from _order(
            place, "lodged_at", objection.lodged_at, after=dates.public_notice_at, what="public_notice_at"
        )
        yield from _order(
            place, "ruled_at", objection.ruled_at, after=objection.lodged_at, what="the objection"
        )
        yield from _not_late(
            place, "ruled_at", objection.ruled_at, until=dates.published_at, what="published_at"
        )
    for act in folder.follow_up:
        yield from _order(act.place, "at", act.at, after=dates.published_at, what="published_at")
        yield from _not_late(
            act.place, "at", act.at, until=dates.follow_up_closes_at, what="follow_up_closes_at"
        )


def _unknown_officers(folder: RoundFolder) -> Iterator[FolderError]:
    known = {officer.code for officer in folder.settings.officers}
    acting: list[tuple[str, Place]] = [
        *((row.by, row.place) for row in folder.preliminary_reviews),
        *((code, row.place) for row in folder.spot_checks for code in row.by),
        *((row.by, row.place) for row in folder.objections),
        *(
            (row.by, row.place)
            for row in folder.follow_up
            if row.act is not FollowUpAct.HAND_IN_RECTIFICATION
        ),
    ]
    for code, place in acting:
        if code not in known:
            yield FolderError(
                place,
                column="by",
                value=code,
                problem="round.toml lists no such officer",
                remedy="correct the code, or add an [[officer]] to round.toml",
            )


# ---- earlier rounds ---------------------------------------------------------------------------------------


def _history_problems(folder: RoundFolder, earlier: RoundFolder) -> list[FolderError]:
    settings = earlier.settings
    found: list[FolderError] = []
    if not settings.past:
        found.append(
            FolderError(
                settings.place_of("status"),
                column="status",
                value="live",
                problem="an earlier round in history is over",
                remedy="write past",
            )
        )
    if settings.year >= folder.settings.year:
        found.append(
            FolderError(
                settings.place_of("year"),
                column="year",
                value=str(settings.year),
                problem=f"history holds rounds before {folder.settings.year} only",
                remedy="correct the year, or move the folder away",
            )
        )
    if settings.authority_code != folder.settings.authority_code:
        found.append(
            FolderError(
                settings.place_of("authority_code"),
                column="authority_code",
                value=settings.authority_code,
                problem=f"the round it stands behind belongs to {folder.settings.authority_code}",
                remedy="keep each authority's rounds in folders of their own",
            )
        )
    years = Counter(each.settings.year for each in folder.history)
    if years[settings.year] > 1:
        found.append(
            FolderError(
                settings.place_of("year"),
                column="year",
                value=str(settings.year),
                problem="history holds two rounds of this year",
                remedy="keep one of them",
            )
        )
    return [*found, *problems(earlier)]
