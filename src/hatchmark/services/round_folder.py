"""Perform a whole round kept in a folder: every act through its service, in order, as the right role.

The folder gives who, what and when; nothing here decides anything, and no clock is asked. What a service
refuses is told as a fault of the folder's row that asked for it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from django.db import transaction

from hatchmark.db.models import Assignment, Entry, Objection, Round
from hatchmark.domain.folder_errors import FolderError, Place
from hatchmark.domain.outcomes import EntryKey
from hatchmark.domain.permissions import Actor, Role
from hatchmark.domain.round_folder import (
    DecisionRow,
    ExpertScoreRow,
    FollowUpRow,
    IntegrityRow,
    ObjectionRow,
    Officer,
    PreliminaryReviewRow,
    RosterRow,
    RoundDates,
    RoundFolder,
    RoundSettings,
    SpotCheckRow,
    SubmissionAct,
    SubmissionRow,
)
from hatchmark.domain.scheme import exact_text
from hatchmark.domain.vocabulary import load_vocabulary
from hatchmark.domain.workflow import STAGES, Stage, reached
from hatchmark.services import (
    certificates,
    determination,
    expert_reviews,
    follow_up,
    integrity,
    letters,
    objections,
    past_rounds,
    preliminary_reviews,
    public_notice,
    publication,
    rounds,
    spot_checks,
    submissions,
)
from hatchmark.services.ledger import moment_text
from hatchmark.services.refusals import RefusedError
from hatchmark.services.results import key_of
from hatchmark.services.templates import UnusableTemplateError, check_templates_of

Progress = Callable[[int, Stage, int, int], None]
"""Called with the year, the stage, and how many of its acts are done and to do."""


def recorder(authority_code: str) -> Actor:
    """Return who enters a past round: an officer of the department, whose name its folder does not give."""
    return Actor(code="recorder", name="", role=Role.DEPARTMENT, authority=authority_code)


class _Placed(Protocol):
    @property
    def place(self) -> Place: ...


Record = TypeVar("Record", bound=_Placed)


@contextmanager
def _told_of(record: _Placed) -> Iterator[None]:
    """Turn a refusal into an error of the folder's row."""
    try:
        yield
    except RefusedError as error:
        raise FolderError(
            record.place,
            problem=str(error),
            remedy="change this row, or the one that it contradicts",
        ) from error


@dataclass(frozen=True, slots=True)
class _Stage:
    """The present stage of one performance: its entries by key, its officers, and how far it is."""

    folder: RoundFolder
    evaluation_round: Round
    entries: Mapping[EntryKey, Entry]
    progress: Progress
    stop_at: datetime | None = None

    def by_now(self, at: datetime) -> bool:
        """Say whether what happened at a moment is performed at all."""
        return self.stop_at is None or at <= self.stop_at

    def officer(self, code: str) -> Actor:
        settings = self.folder.settings
        found = next(officer for officer in settings.officers if officer.code == code)
        return _actor(found, settings.authority_code)

    def officers(self, role: Role) -> list[Actor]:
        settings = self.folder.settings
        return [
            _actor(officer, settings.authority_code) for officer in settings.officers if officer.role is role
        ]

    def each(self, stage: Stage, records: Iterable[Record], act: Callable[[Record], None]) -> None:
        """Do the act of every record, telling the progress; what is refused is told of the record's row."""
        todo = list(records)
        for done, record in enumerate(todo, start=1):
            with _told_of(record):
                act(record)
            self.progress(self.folder.settings.year, stage, done, len(todo))


def _actor(officer: Officer, authority_code: str) -> Actor:
    return Actor(
        code=officer.code,
        name=officer.name,
        role=officer.role,
        unit=officer.unit,
        authority=authority_code,
    )


def _institution(entry: Entry) -> Actor:
    code = entry.qualification.institution.code
    return Actor(
        code=code,
        name=entry.name,
        role=Role.INSTITUTION,
        unit=code,
        authority=entry.round.authority.code,
    )


def perform(
    folder: RoundFolder,
    *,
    until: Stage = STAGES[-1],
    progress: Progress,
    stop_at: datetime | None = None,
) -> Round:
    """Enter the folder's earlier rounds, then perform its own up to and with the stage `until`.

    `stop_at`: of the submissions and preliminary reviews only what happened by then, as a demo shows them half done.

    All or nothing: where a row is refused, FolderError is raised and the database is as it was before.
    """
    try:
        with transaction.atomic():
            if not folder.settings.past:
                # Before the first act: a fault of the last paper must not be told after a whole round.
                check_templates_of(
                    folder.settings.authority_code,
                    folder.settings.year,
                    kinds=load_vocabulary(folder.settings.vocabulary).kinds,
                )
            for earlier in folder.history:
                _perform_past(earlier, progress=progress)
            if folder.settings.past:
                return _perform_past(folder, progress=progress)
            return _perform_live(folder, until=until, progress=progress, stop_at=stop_at)
    except UnusableTemplateError as error:
        raise FolderError(
            Place("HATCHMARK_TEMPLATES"), problem=str(error), remedy="mend the template, or leave it out"
        ) from error
    except RefusedError as error:
        # What no single row asked for: opening a round that is there, closing a stage with something undone.
        raise FolderError(
            Place(folder.settings.file),
            problem=str(error),
            remedy="complete the folder, or name a database that does not hold this round",
        ) from error


def _open(folder: RoundFolder, *, actor: Actor) -> Round:
    settings = folder.settings
    return rounds.open_round(
        authority_code=settings.authority_code,
        authority_name=settings.authority,
        year=settings.year,
        past=settings.past,
        fictional=settings.fictional,
        vocabulary=settings.vocabulary,
        settings=_settings_document(settings),
        schemes={kind.code: kind.scheme for kind in settings.kinds},
        register=folder.register,
        changes=folder.changes,
        entered_at=settings.entered_at,
        happened_bound=settings.happened,
        actor=actor,
        at=settings.dates.call_at if settings.dates else None,
    )


def _settings_document(settings: RoundSettings) -> dict[str, Any]:
    """Return what the round keeps of `round.toml`: what its papers quote and its deadlines are read from."""
    return {
        "addressees": list(settings.addressees),
        "bases": [{"title": basis.title, "number": basis.number} for basis in settings.bases],
        "dates": {name: moment_text(at) for name, at in settings.dates.in_order().items()}
        if settings.dates
        else {},
        "public_notice_working_days": settings.public_notice_working_days,
    } | ({"words": settings.words.as_document()} if settings.words else {})


def _dates(folder: RoundFolder) -> RoundDates:
    return _given(folder.settings.dates)


Value = TypeVar("Value")


def _given(value: Value | None) -> Value:
    """Return what every live folder holds: `domain.round_folder.problems` let none pass without it."""
    if value is None:
        raise ValueError("a live folder was performed without the settings that its check demands")
    return value


def _entries(evaluation_round: Round) -> dict[EntryKey, Entry]:
    entries = {
        key_of(entry): entry
        for entry in evaluation_round.entries.select_related("qualification__institution")
    }
    for entry in entries.values():
        # One object for all of them: a stage that the round has left is left for every entry.
        entry.round = evaluation_round
    return entries


def _perform_past(folder: RoundFolder, *, progress: Progress) -> Round:
    """Enter what was published: the stages as done, papers not published; the decisions; the notice."""
    actor = recorder(folder.settings.authority_code)
    evaluation_round = _open(folder, actor=actor)
    year = folder.settings.year
    while evaluation_round.stage != Stage.DETERMINATION:
        stage = Stage(evaluation_round.stage)
        past_rounds.enter_past_stage(evaluation_round=evaluation_round, actor=actor, at=None)
        progress(year, stage, 1, 1)
    performance = _Stage(folder, evaluation_round, _entries(evaluation_round), progress)

    def act(record: DecisionRow) -> None:
        entry = performance.entries[record.key]
        past_rounds.enter_past_decision(entry=entry, decision=record.decision, actor=actor, at=None)

    performance.each(Stage.DETERMINATION, folder.decision_rows, act)
    past_rounds.enter_past_stage(evaluation_round=evaluation_round, actor=actor, at=None)
    publication.publish(evaluation_round=evaluation_round, actor=actor, at=None)
    progress(year, Stage.PUBLISHED, 1, 1)
    past_rounds.enter_past_stage(evaluation_round=evaluation_round, actor=actor, at=None)
    return evaluation_round


def _perform_live(
    folder: RoundFolder, *, until: Stage, progress: Progress, stop_at: datetime | None
) -> Round:
    settings = folder.settings
    dates = _dates(folder)
    officers = [officer for officer in settings.officers if officer.role is Role.DEPARTMENT]
    first, second = [_actor(officer, settings.authority_code) for officer in officers[:2]]
    evaluation_round = _open(folder, actor=first)
    performance = _Stage(folder, evaluation_round, _entries(evaluation_round), progress, stop_at)
    progress(settings.year, Stage.CALL, 1, 1)
    steps = (
        (Stage.SUBMISSION, _submissions, "call_at"),
        (Stage.PRELIMINARY_REVIEW, _preliminary_reviews, "submission_closes_at"),
        (Stage.EXPERT_REVIEW, _expert_reviews, "preliminary_review_closes_at"),
        (Stage.SPOT_CHECK, _spot_checks, "expert_review_closes_at"),
        (Stage.INTEGRITY_REVIEW, _integrity_review, "spot_check_closes_at"),
        (Stage.DETERMINATION, _determination, "integrity_review_closes_at"),
    )
    for stage, act, moment in steps:
        if not reached(stage, until):
            return evaluation_round
        rounds.close_stage(evaluation_round=evaluation_round, actor=first, at=dates.in_order()[moment])
        act(performance, first, second)
    if reached(Stage.PUBLIC_NOTICE, until):
        public_notice.give_public_notice(
            evaluation_round=evaluation_round,
            working_days=_given(settings.public_notice_working_days),
            actor=first,
            at=dates.public_notice_at,
        )
        _objections(performance, first, second)
    if reached(Stage.PUBLISHED, until):
        publication.publish(evaluation_round=evaluation_round, actor=first, at=dates.published_at)
        letters.send_letters(evaluation_round=evaluation_round, actor=first, at=dates.published_at)
        certificates.issue_certificates(evaluation_round=evaluation_round, actor=first, at=dates.published_at)
        progress(settings.year, Stage.PUBLISHED, 1, 1)
    if reached(Stage.FOLLOW_UP, until):
        rounds.close_stage(evaluation_round=evaluation_round, actor=first, at=dates.published_at)
        _follow_up(performance)
    return evaluation_round


@dataclass(frozen=True, slots=True)
class _HandedIn:
    """What an entry handed in, as the folder gives it: the last version's figures, and what differed before."""

    figures: dict[str, dict[str, str]]
    before_correction: dict[str, str]
    roster: list[dict[str, Any]]


def _papers(folder: RoundFolder) -> dict[EntryKey, _HandedIn]:
    papers: dict[EntryKey, _HandedIn] = defaultdict(lambda: _HandedIn({}, {}, []))
    for figure in folder.figures:
        papers[figure.key].figures[figure.figure] = {
            "unit": figure.unit,
            "status": figure.status.value,
            "value": exact_text(figure.value) if figure.value is not None else "",
        }
        if figure.returned_value is not None:
            papers[figure.key].before_correction[figure.figure] = exact_text(figure.returned_value)
    for row in folder.rosters:
        papers[row.key].roster.append(_roster_line(row))
    return papers


def _roster_line(row: RosterRow) -> dict[str, Any]:
    """Return an enterprise as the frozen submission keeps it: exact text and integers, None for "not given"."""
    return {
        "enterprise": row.enterprise,
        "credit_code": row.credit_code,
        "status": row.status.value,
        "founded_on": row.founded_on,
        "entered_on": row.entered_on,
        "graduated_on": row.graduated_on,
        "high_tech": row.high_tech,
        "tech_sme": row.tech_sme,
        "financed": row.financed,
        "valid_ip": row.valid_ip,
        "income": exact_text(row.income) if row.income is not None else None,
        "staff": row.staff,
    }


def _first_version(papers: _HandedIn) -> dict[str, dict[str, str]]:
    return {
        code: figure | {"value": papers.before_correction.get(code, figure["value"])}
        for code, figure in papers.figures.items()
    }


def _submissions(performance: _Stage, _first: Actor, _second: Actor) -> None:
    papers = _papers(performance.folder)
    acts = [each for each in performance.folder.submissions if each.act is not SubmissionAct.CORRECT]

    def act(record: SubmissionRow) -> None:
        entry = performance.entries[record.key]
        own = papers[record.key]
        if record.act == "withdraw":
            submissions.withdraw(entry=entry, actor=_institution(entry), at=record.at)
        else:
            submissions.submit(
                entry=entry,
                figures=_first_version(own),
                roster=own.roster,
                signed_by=record.by,
                actor=_institution(entry),
                at=record.at,
            )

    done = [each for each in acts if performance.by_now(each.at)]
    performance.each(Stage.SUBMISSION, sorted(done, key=lambda each: (each.at, each.key)), act)


def _preliminary_reviews(performance: _Stage, _first: Actor, _second: Actor) -> None:
    papers = _papers(performance.folder)
    corrections = [each for each in performance.folder.submissions if each.act is SubmissionAct.CORRECT]
    acts: list[SubmissionRow | PreliminaryReviewRow] = [*corrections, *performance.folder.preliminary_reviews]
    done = [each for each in acts if performance.by_now(each.at)]
    both = sorted(done, key=lambda each: (each.at, each.key))

    def act(record: SubmissionRow | PreliminaryReviewRow) -> None:
        entry = performance.entries[record.key]
        if isinstance(record, SubmissionRow):
            submissions.correct(
                entry=entry,
                figures=papers[record.key].figures,
                signed_by=record.by,
                actor=_institution(entry),
                at=record.at,
            )
            return
        actor = performance.officer(record.by)
        if record.act == "approve":
            preliminary_reviews.approve(entry=entry, opinion=record.opinion, actor=actor, at=record.at)
        elif record.act == "return":
            preliminary_reviews.return_fields(
                entry=entry, fields=record.fields, opinion=record.opinion, actor=actor, at=record.at
            )
        else:
            preliminary_reviews.refuse(entry=entry, opinion=record.opinion, actor=actor, at=record.at)

    performance.each(Stage.PRELIMINARY_REVIEW, both, act)


def _expert_reviews(performance: _Stage, first: Actor, second: Actor) -> None:
    folder, evaluation_round = performance.folder, performance.evaluation_round
    experts = expert_reviews.list_experts(
        evaluation_round=evaluation_round,
        experts=folder.experts,
        actor=first,
        at=_dates(folder).preliminary_review_closes_at,
    )
    sheets: dict[tuple[EntryKey, str], dict[str, int]] = defaultdict(dict)
    first_lines: dict[tuple[EntryKey, str], ExpertScoreRow] = {}
    for line in folder.expert_scores:
        sheets[line.key, line.expert][line.item] = line.hundredths
        first_lines.setdefault((line.key, line.expert), line)
    # A replacement is assigned after a conflict was declared: everything goes by its moment.
    steps: list[tuple[datetime, int, Any]] = [
        *((each.assigned_at, 0, each) for each in folder.assignments),
        *((each.declared_at, 2, each) for each in folder.assignments if each.conflict and each.declared_at),
        *((line.at, 3, line) for line in first_lines.values()),
    ]
    assigned: dict[tuple[EntryKey, str], Assignment] = {}

    def confirm(wave: datetime) -> None:
        expert_reviews.confirm_assignments(evaluation_round=evaluation_round, actor=second, at=wave)
        for assignment in assigned.values():
            if assignment.assigned_at == wave:
                assignment.refresh_from_db(fields=["confirmed_by"])

    ordered = sorted(steps, key=lambda step: (step[0], step[1], step[2].key, step[2].expert))
    waiting: datetime | None = None
    for done, (moment, what, record) in enumerate(ordered, start=1):
        if waiting is not None and (what != 0 or moment != waiting):
            confirm(waiting)
            waiting = None
        pair = (record.key, record.expert)
        with _told_of(record):
            if what == 0:
                assigned[pair] = expert_reviews.assign_expert(
                    entry=performance.entries[record.key],
                    expert=experts[record.expert],
                    actor=first,
                    at=moment,
                )
                waiting = moment
            elif what == 2:
                expert_reviews.declare_conflict(
                    assignment=assigned[pair],
                    conflict=record.conflict,
                    actor=_expert(assigned[pair]),
                    at=moment,
                )
            else:
                expert_reviews.score(
                    assignment=assigned[pair], scores=sheets[pair], actor=_expert(assigned[pair]), at=moment
                )
        performance.progress(folder.settings.year, Stage.EXPERT_REVIEW, done, len(ordered))
    if waiting is not None:
        confirm(waiting)


def _expert(assignment: Assignment) -> Actor:
    expert = assignment.expert
    return Actor(
        code=expert.code,
        name=expert.name,
        role=Role.EXPERT,
        unit=expert.employer,
        authority=assignment.entry.round.authority.code,
    )


def _spot_checks(performance: _Stage, first: Actor, _second: Actor) -> None:
    folder, evaluation_round = performance.folder, performance.evaluation_round
    settings = _given(folder.settings.spot_check)
    # Every frame is committed before the key is used for any: one key draws for all kinds.
    draws = [
        spot_checks.commit_frame(
            evaluation_round=evaluation_round,
            kind=kind,
            count=count,
            actor=first,
            at=_dates(folder).expert_review_closes_at,
        )
        for kind, count in settings.count.items()
    ]
    for draw in draws:
        spot_checks.draw_spot_checks(
            draw=draw,
            key=settings.key,
            key_known_at=settings.key_known_at,
            actor=first,
            at=settings.key_known_at,
        )

    def act(record: SpotCheckRow) -> None:
        spot_checks.record_finding(
            entry=performance.entries[record.key],
            inspectors=record.by,
            finding=record.finding,
            figure=record.figure,
            found_value=exact_text(record.found_value) if record.found_value is not None else "",
            note=record.note,
            actor=performance.officer(record.by[0]),
            at=record.at,
        )

    performance.each(Stage.SPOT_CHECK, sorted(folder.spot_checks, key=lambda each: (each.at, each.key)), act)


def _integrity_review(performance: _Stage, _first: Actor, _second: Actor) -> None:
    [office, *_] = performance.officers(Role.INTEGRITY)

    def act(record: IntegrityRow) -> None:
        integrity.record_integrity_hit(
            entry=performance.entries[record.key],
            subject_type=record.subject_type,
            subject=record.subject,
            source=record.source,
            severity=record.severity,
            detail=record.detail,
            actor=office,
            at=record.found_at,
        )

    found = sorted(performance.folder.integrity, key=lambda each: (each.found_at, each.key))
    performance.each(Stage.INTEGRITY_REVIEW, found, act)


def _determination(performance: _Stage, first: Actor, second: Actor) -> None:
    at = _dates(performance.folder).determined_at
    human = {record.key: record for record in performance.folder.decision_rows}
    determination.score_round(
        evaluation_round=performance.evaluation_round,
        without=determination.not_scored({key: record.decision for key, record in human.items()}),
        actor=first,
        at=at,
    )
    todo = sorted(performance.entries)
    for done, key in enumerate(todo, start=1):
        record = human.get(key)
        if record is None:
            determination.propose_decision(entry=performance.entries[key], human=None, actor=first, at=at)
        else:
            with _told_of(record):
                determination.propose_decision(
                    entry=performance.entries[key], human=record.decision, actor=first, at=at
                )
        performance.progress(performance.folder.settings.year, Stage.DETERMINATION, done, len(todo))
    determination.confirm_decisions(evaluation_round=performance.evaluation_round, actor=second, at=at)


def _objections(performance: _Stage, first: Actor, second: Actor) -> None:
    lodged: dict[ObjectionRow, Objection] = {}

    def lodge(record: ObjectionRow) -> None:
        lodged[record] = objections.lodge_objection(
            entry=performance.entries[record.key],
            objector=record.objector,
            objector_type=record.objector_type,
            contact=record.contact,
            grounds=record.grounds,
            actor=Actor(code="public", name=record.objector, role=Role.PUBLIC),
            at=record.lodged_at,
        )

    def rule(record: ObjectionRow) -> None:
        objections.rule_objection(
            objection=lodged[record],
            ruling=record.ruling,
            reason=record.ruling_reason,
            figure=record.figure,
            corrected_value=exact_text(record.corrected_value) if record.corrected_value is not None else "",
            actor=performance.officer(record.by),
            at=record.ruled_at,
        )
        if record.figure:
            determination.rescore(
                objection=lodged[record],
                actor=second if record.by != second.code else first,
                at=record.ruled_at,
            )

    records = performance.folder.objections
    steps = [(each.lodged_at, lodge, each) for each in records] + [
        (each.ruled_at, rule, each) for each in records
    ]
    for done, (_, act, record) in enumerate(sorted(steps, key=lambda step: (step[0], step[2].key)), start=1):
        with _told_of(record):
            act(record)
        performance.progress(performance.folder.settings.year, Stage.PUBLIC_NOTICE, done, len(steps))


def _follow_up(performance: _Stage) -> None:
    def act(record: FollowUpRow) -> None:
        entry = performance.entries[record.key]
        if record.act == "hand_in_rectification":
            follow_up.hand_in_rectification(
                entry=entry, note=record.note, actor=_institution(entry), at=record.at
            )
        elif record.act == "accept_rectification":
            follow_up.accept_rectification(
                entry=entry, note=record.note, actor=performance.officer(record.by), at=record.at
            )
        else:
            follow_up.deregister(
                entry=entry,
                switch=record.act,
                note=record.note,
                actor=performance.officer(record.by),
                at=record.at,
            )

    acts = sorted(performance.folder.follow_up, key=lambda each: each.at)
    performance.each(Stage.FOLLOW_UP, acts, act)
