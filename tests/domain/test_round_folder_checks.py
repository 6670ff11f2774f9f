"""What a folder of typed records may not say, without any file."""

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatchmark.domain.folder_errors import FolderError, FolderErrors, Place, shown
from hatchmark.domain.outcomes import Decision, EntryKey, Grade, Mode, Outcome
from hatchmark.domain.permissions import Role
from hatchmark.domain.round_folder import (
    AssignmentRow,
    ChangeOf,
    ChannelType,
    DecisionRow,
    ExpertRow,
    ExpertScoreRow,
    FigureRow,
    KindSettings,
    ObjectionRow,
    ObjectionRuling,
    ObjectorType,
    Officer,
    PartialDate,
    PreliminaryReviewRow,
    RegisterChange,
    RegisterRow,
    ReviewAct,
    RoundDates,
    RoundFolder,
    RoundSettings,
    SpotCheckSettings,
    SubmissionAct,
    SubmissionRow,
    problems,
)
from hatchmark.domain.scheme import FigureStatus, Status

I1, I2, M1 = EntryKey("incubator", 1), EntryKey("incubator", 2), EntryKey("makerspace", 1)


def moment(month: int, day: int) -> datetime:
    return datetime(2025, month, day, 9, tzinfo=UTC)


def entry(key: EntryKey, row: int, institution: str = "") -> RegisterRow:
    return RegisterRow(
        key=key,
        institution=institution or str(key),
        name="示例",
        operators_printed="示例公司",
        operators=("示例公司",),
        channel="示例市",
        channel_type=ChannelType.LEAGUE_CITY,
        status=Status.RECOGNISED,
        place=Place("register.csv", row),
    )


def graded(key: EntryKey, row: int, **other: object) -> DecisionRow:
    decision = Decision(key=key, mode=Mode.EVALUATED, outcome=Outcome.GRADED, grade=Grade.GOOD)
    return DecisionRow(decision=replace(decision, **other), place=Place("decisions.csv", row))  # type: ignore[arg-type]


def carried(key: EntryKey, row: int, source: EntryKey) -> DecisionRow:
    return graded(
        key,
        row,
        mode=Mode.CARRIED,
        outcome=Outcome.CARRIED,
        grade=None,
        carried_from=source,
        reason="not stated",
    )


PAST = RoundFolder(
    settings=RoundSettings(
        authority="示例厅",
        authority_code="demo",
        year=2021,
        past=True,
        fictional=True,
        vocabulary="nmg-2021",
        kinds=(KindSettings(code="incubator"), KindSettings(code="makerspace")),
    ),
    register=(entry(I1, 2), entry(I2, 3), entry(M1, 4)),
    decision_rows=(graded(I1, 2), graded(I2, 3), carried(M1, 4, I1)),
)

DATES = RoundDates(
    call_at=moment(3, 3),
    submission_closes_at=moment(4, 3),
    preliminary_review_closes_at=moment(4, 25),
    expert_review_closes_at=moment(5, 23),
    spot_check_closes_at=moment(6, 20),
    integrity_review_closes_at=moment(7, 4),
    determined_at=moment(7, 16),
    public_notice_at=moment(7, 21),
    published_at=moment(8, 15),
    follow_up_closes_at=moment(12, 19),
)

STAFF = (
    Officer(code="dep-1", name="示例甲", role=Role.DEPARTMENT, unit=""),
    Officer(code="dep-2", name="示例乙", role=Role.DEPARTMENT, unit=""),
    Officer(code="int-1", name="示例丙", role=Role.INTEGRITY, unit=""),
)

LIVE = replace(
    PAST,
    settings=replace(
        PAST.settings,
        year=2025,
        past=False,
        dates=DATES,
        public_notice_working_days=5,
        spot_check=SpotCheckSettings(key="1./", key_known_at=moment(5, 26), count={"incubator": 1}),
        officers=STAFF,
    ),
    decision_rows=(),
    submissions=(
        SubmissionRow(
            key=I1, act=SubmissionAct.SUBMIT, at=moment(4, 1), by="示例", place=Place("submissions.csv", 2)
        ),
    ),
    experts=(ExpertRow(expert="ex-1", name="示例", employer="示例大学", region="", specialty=""),),
    assignments=(
        AssignmentRow(
            key=I1,
            expert="ex-1",
            assigned_at=moment(4, 28),
            conflict="",
            declared_at=None,
            place=Place("assignments.csv", 2),
        ),
    ),
    expert_scores=(
        ExpertScoreRow(
            key=I1,
            expert="ex-1",
            item="cases",
            score=Fraction(2),
            at=moment(5, 7),
            place=Place("expert_scores.csv", 2),
        ),
    ),
)


def told(folder: RoundFolder) -> list[tuple[str, int | None, str | None, str | None]]:
    """Return what was found, by file, row, column and value."""
    return [(each.file, each.row, each.column, each.value) for each in problems(folder)]


def test_sound_folders_have_no_problems() -> None:
    assert problems(PAST) == []
    assert problems(LIVE) == []
    assert problems(replace(LIVE, history=(PAST,))) == []


# ---- the register and the decisions -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("register", "expected"),
    [
        pytest.param(
            (entry(I1, 2), entry(I1, 3, "other"), entry(M1, 4)),
            [("register.csv", 3, "serial", "1")],
            id="a serial twice",
        ),
        pytest.param(
            (entry(I1, 2), entry(EntryKey("incubator", 4), 3), entry(M1, 4)),
            [("register.csv", 3, "serial", "4")],
            id="a gap",
        ),
        pytest.param(
            (entry(I1, 2), entry(I2, 3, "incubator:1"), entry(M1, 4)),
            [("register.csv", 3, "institution", "incubator:1")],
            id="an institution twice in one kind",
        ),
        pytest.param(
            (entry(I1, 2), entry(I2, 3), entry(EntryKey("garage", 1), 4)),
            [("register.csv", 4, "kind", "garage")],
            id="an unknown kind",
        ),
    ],
)
def test_the_register_lists_each_entry_once_without_gap(
    register: tuple[RegisterRow, ...], expected: list[tuple[str, int, str, str]]
) -> None:
    assert told(replace(PAST, register=register)) == expected


def test_one_institution_may_take_part_as_two_kinds() -> None:
    both = (entry(I1, 2, "same"), entry(I2, 3), entry(M1, 4, "same"))

    assert problems(replace(PAST, register=both)) == []


def test_a_change_names_an_institution_of_the_register() -> None:
    change = RegisterChange(
        institution="nobody", what=ChangeOf.NOTE, old="", new="…", place=Place("register_changes.csv", 2)
    )

    assert told(replace(PAST, changes=(change,))) == [("register_changes.csv", 2, "institution", "nobody")]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(
            (graded(I1, 2), graded(I2, 3)), [("register.csv", 4, "serial", "1")], id="one is missing"
        ),
        pytest.param(
            (graded(I1, 2), graded(I2, 3), graded(I2, 4), carried(M1, 5, I1)),
            [("decisions.csv", 4, "serial", "2")],
            id="one is decided twice",
        ),
        pytest.param(
            (graded(I1, 2), graded(I2, 3), graded(M1, 4), graded(EntryKey("incubator", 3), 5)),
            [("decisions.csv", 5, "serial", "3")],
            id="an entry that is not there",
        ),
        pytest.param(
            (graded(I1, 2), graded(I2, 3), carried(M1, 4, EntryKey("incubator", 9))),
            [("decisions.csv", 4, "carried_from", "incubator:9")],
            id="carried from nothing",
        ),
        pytest.param(
            (graded(I1, 2), carried(I2, 3, M1), carried(M1, 4, I2)),
            [("decisions.csv", 3, "carried_from", "makerspace:1")],
            id="two that point at each other",
        ),
        pytest.param(
            (graded(I1, 2), carried(I2, 3, I2), carried(M1, 4, I1)),
            [("decisions.csv", 3, "carried_from", "incubator:2")],
            id="one that points at itself",
        ),
        pytest.param(
            (
                graded(I1, 2, outcome=Outcome.DISQUALIFIED, grade=None, reason="…"),
                graded(I2, 3),
                carried(M1, 4, I1),
            ),
            [("decisions.csv", 4, "carried_from", "incubator:1")],
            id="carried from one without a grade",
        ),
        pytest.param(
            (graded(I1, 2, grade=None), graded(I2, 3), graded(M1, 4)),
            [("decisions.csv", 2, "outcome", "graded")],
            id="graded without a grade",
        ),
        pytest.param(
            (graded(I1, 2, outcome=Outcome.DISQUALIFIED, grade=None), graded(I2, 3), graded(M1, 4)),
            [("decisions.csv", 2, "reason", "")],
            id="cancelled without a reason",
        ),
        pytest.param(
            (
                graded(I1, 2),
                graded(I2, 3),
                graded(
                    M1,
                    4,
                    mode=Mode.DEFERRED,
                    outcome=Outcome.DEFERRED,
                    grade=None,
                    year=2021,
                    as_kind="garage",
                    reason="not stated",
                ),
            ),
            [("decisions.csv", 4, "as_kind", "garage"), ("decisions.csv", 4, "year", "2021")],
            id="deferred to the past as an unknown kind",
        ),
    ],
)
def test_a_past_round_decides_each_entry_once_and_soundly(
    rows: tuple[DecisionRow, ...], expected: list[tuple[str, int, str, str]]
) -> None:
    assert told(replace(PAST, decision_rows=rows)) == expected


def test_a_live_decision_without_a_grade_keeps_the_proposed_one_and_needs_a_reason() -> None:
    kept = graded(I1, 2, grade=None, reason="示例理由")
    pilot = graded(I2, 3, grade=None, outcome=Outcome.PILOT_CANCELLED, reason="示例理由")
    silent = graded(M1, 4, grade=Grade.GOOD)

    assert told(replace(LIVE, decision_rows=(kept, pilot, silent))) == [("decisions.csv", 4, "reason", "")]


# ---- a live round -----------------------------------------------------------------------------------------


def with_dates(**moments: datetime) -> RoundFolder:
    return replace(LIVE, settings=replace(LIVE.settings, dates=replace(DATES, **moments)))


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        pytest.param(with_dates(determined_at=moment(7, 1)), [("dates.determined_at", "2025-07-01T09:00:00+00:00")],
                     id="determined before the integrity review ends"),
        pytest.param(with_dates(published_at=moment(7, 24)), [("dates.published_at", "2025-07-24T09:00:00+00:00")],
                     id="published while objections are open"),
        pytest.param(
            replace(LIVE, settings=replace(LIVE.settings, spot_check=SpotCheckSettings(
                key="1./", key_known_at=moment(5, 1), count={}))),
            [("spot_check.key_known_at", "2025-05-01T09:00:00+00:00")], id="the key known before the frame",
        ),
        pytest.param(replace(LIVE, settings=replace(LIVE.settings, officers=STAFF[1:])),
                     [("officer.role", "1 of the role department")], id="nobody to confirm"),
        pytest.param(replace(LIVE, settings=replace(LIVE.settings, officers=(
                *STAFF, replace(STAFF[0], place=Place("round.toml"))))),
                     [("officer.code", "dep-1")], id="an officer twice"),
    ],
)  # fmt: skip
def test_the_settings_of_a_live_round_hold_together(
    folder: RoundFolder, expected: list[tuple[str, str]]
) -> None:
    assert told(folder) == [("round.toml", None, column, value) for column, value in expected]


def test_a_year_without_official_working_days_is_told() -> None:
    later = {name: at.replace(year=2199) for name, at in DATES.in_order().items()}

    [found] = [each for each in problems(with_dates(**later)) if each.column == "dates.public_notice_at"]
    assert found.problem.startswith("its window cannot be counted: no official working days for 2199")


REVIEW = PreliminaryReviewRow(
    key=I1,
    act=ReviewAct.APPROVE,
    at=moment(4, 20),
    by="dep-1",
    fields=(),
    opinion="",
    place=Place("preliminary_reviews.csv", 2),
)
OBJECTION = ObjectionRow(
    key=I1,
    objector="示例",
    objector_type=ObjectorType.PERSON,
    contact="",
    lodged_at=moment(7, 22),
    grounds="…",
    ruling=ObjectionRuling.REJECTED,
    ruled_at=moment(7, 30),
    by="dep-1",
    ruling_reason="…",
    figure="",
    corrected_value=None,
    place=Place("objections.csv", 2),
)
CORRECTED = FigureRow(
    key=I1,
    figure="area",
    unit="",
    status=FigureStatus.REPORTED,
    value=Fraction(1),
    returned_value=Fraction(5, 2),
    place=Place("figures.csv", 2),
)
LIVE_SUBMISSION = LIVE.submissions[0]
LIVE_SCORE = LIVE.expert_scores[0]
LIVE_ASSIGNMENT = LIVE.assignments[0]


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        (replace(LIVE, submissions=(replace(LIVE_SUBMISSION, at=moment(4, 4)),)),
         [("submissions.csv", 2, "at", "2025-04-04T09:00:00+00:00")]),
        (replace(LIVE, submissions=(replace(LIVE_SUBMISSION, act=SubmissionAct.CORRECT, at=moment(4, 20)),)),
         [("submissions.csv", 2, "act", "correct")]),
        (replace(LIVE, submissions=(replace(LIVE_SUBMISSION, act=SubmissionAct.WITHDRAW),)),
         [("submissions.csv", 2, "act", "withdraw")]),
        (replace(LIVE, preliminary_reviews=(REVIEW,)), []),
        (replace(LIVE, preliminary_reviews=(replace(REVIEW, key=I2),)),
         [("preliminary_reviews.csv", 2, "at", "2025-04-20T09:00:00+00:00")]),
        (replace(LIVE, preliminary_reviews=(replace(REVIEW, by="nobody"),)),
         [("preliminary_reviews.csv", 2, "by", "nobody")]),
        (replace(LIVE, figures=(CORRECTED,)), [("figures.csv", 2, "returned_value", "2.5")]),
        (replace(LIVE, figures=(CORRECTED,),
                 preliminary_reviews=(replace(REVIEW, act=ReviewAct.RETURN, fields=("area",)),)), []),
        (replace(LIVE, experts=()),
         [("assignments.csv", 2, "expert", "ex-1"), ("expert_scores.csv", 2, "expert", "ex-1")]),
        (replace(LIVE, assignments=()), [("expert_scores.csv", 2, "expert", "ex-1")]),
        (replace(LIVE, assignments=(replace(LIVE_ASSIGNMENT, conflict="adviser", declared_at=moment(4, 29)),)),
         [("expert_scores.csv", 2, "expert", "ex-1")]),
        (replace(LIVE, assignments=(replace(LIVE_ASSIGNMENT, declared_at=moment(4, 27)),)),
         [("assignments.csv", 2, "declared_at", "2025-04-27T09:00:00+00:00")]),
        (replace(LIVE, expert_scores=(replace(LIVE_SCORE, at=moment(4, 26)),)),
         [("expert_scores.csv", 2, "at", "2025-04-26T09:00:00+00:00")]),
        (replace(LIVE, expert_scores=(LIVE_SCORE, replace(LIVE_SCORE, place=Place("expert_scores.csv", 3)))),
         [("expert_scores.csv", 3, "item", "cases")]),
        (replace(LIVE, expert_scores=(replace(LIVE_SCORE, key=EntryKey("incubator", 3)),)),
         [("expert_scores.csv", 2, "serial", "3")]),
        (replace(LIVE, objections=(OBJECTION,)), []),
        (replace(LIVE, objections=(replace(OBJECTION, ruled_at=moment(7, 21)),)),
         [("objections.csv", 2, "ruled_at", "2025-07-21T09:00:00+00:00")]),
        (replace(LIVE, objections=(replace(OBJECTION, ruled_at=moment(8, 20)),)),
         [("objections.csv", 2, "ruled_at", "2025-08-20T09:00:00+00:00")]),
    ],
)  # fmt: skip
def test_acts_of_a_live_round_come_in_their_order_and_from_known_people(
    folder: RoundFolder, expected: list[tuple[str, int, str, str]]
) -> None:
    assert told(folder) == expected


# ---- history ----------------------------------------------------------------------------------------------


def test_history_holds_earlier_rounds_of_the_same_authority_that_are_over() -> None:
    earlier = replace(PAST, settings=replace(PAST.settings, year=2025, authority_code="other"))
    live = replace(LIVE, settings=replace(LIVE.settings, year=2024))

    assert told(replace(LIVE, history=(earlier,))) == [
        ("round.toml", None, "year", "2025"),
        ("round.toml", None, "authority_code", "other"),
    ]
    assert told(replace(LIVE, history=(live,))) == [("round.toml", None, "status", "live")]


def test_an_earlier_round_is_checked_like_any_other() -> None:
    earlier = replace(PAST, decision_rows=PAST.decision_rows[:2])

    assert told(replace(LIVE, history=(earlier,))) == [("register.csv", 4, "serial", "1")]


# ---- errors and dates -------------------------------------------------------------------------------------


def test_an_error_is_one_line_of_what_is_known() -> None:
    whole = FolderError(Place("a.csv", 3), column="b", value="c", problem="is no d", remedy="write d")
    file_only = FolderError(Place("a.csv"), problem="is missing", remedy="add it")

    assert str(whole) == "a.csv, row 3, column b, value 'c': is no d; write d"
    assert str(file_only) == "a.csv: is missing; add it"
    assert whole.errors == (whole,)
    assert str(FolderErrors([whole, file_only])) == f"{whole} (and 1 more)"


@given(st.text())
def test_what_an_error_quotes_stays_on_one_visible_line(value: str) -> None:
    assert shown(value).isprintable()
    assert len(shown(value)) < 450


def test_a_partial_date_knows_its_days() -> None:
    assert (PartialDate("2020").earliest(), PartialDate("2020").latest()) == (
        date(2020, 1, 1),
        date(2020, 12, 31),
    )
    assert (PartialDate("2020-02").earliest(), PartialDate("2020-02").latest()) == (
        date(2020, 2, 1),
        date(2020, 2, 29),
    )
    day = PartialDate("2020-07-15")
    assert (day.year, day.month, day.day, day.latest()) == (2020, 7, 15, date(2020, 7, 15))
    assert (PartialDate("2020").month, PartialDate("2020-07").day) == (None, None)


@pytest.mark.parametrize(
    "text", ["", "20", "2020-7", "2020-13", "2021-02-29", "2020/07", "０２０２", "2020-07-15T00"]
)
def test_what_is_no_partial_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        PartialDate(text)
