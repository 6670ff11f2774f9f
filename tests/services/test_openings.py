"""A round opened from the register: who is due and why, what an officer may change of it, and what is refused."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from conftest_services import FIRST, SECOND, open_live_round, register_row

from hatchmark.db.models import (
    Authority,
    Entry,
    InstitutionName,
    LedgerEntry,
    Obligation,
    Qualification,
    Round,
)
from hatchmark.documents.round_folder import read_round_folder
from hatchmark.domain.deadlines import CHINA
from hatchmark.domain.notices import Basis
from hatchmark.domain.openings import moment_of
from hatchmark.domain.outcomes import EntryKey
from hatchmark.domain.permissions import Actor, Role
from hatchmark.domain.workflow import Stage
from hatchmark.services import calls, clock, openings, register, rounds
from hatchmark.services.refusals import FaultyError, NotAllowedError, OutdatedError
from hatchmark.services.round_folder import perform

pytestmark = pytest.mark.django_db

EXAMPLES = Path(__file__).parents[2] / "examples"
AT = datetime(2026, 3, 2, 9, 30, tzinfo=CHINA)
SCHEMES = {"incubator": "nmg/incubator-2020", "makerspace": "nmg/makerspace-2020"}


def opening(**changes):
    facts = {
        "year": 2026,
        "vocabulary": "nmg-2021",
        "schemes": {"incubator": "nmg/incubator-2020"},
        "deadlines": {
            "submission_closes_at": moment_of("submission_closes_at", date(2026, 3, 31)),
            "preliminary_review_closes_at": moment_of("preliminary_review_closes_at", date(2026, 4, 17)),
        },
        "public_notice_working_days": 5,
        "addressees": ("各示例市科技局",),
        "bases": (Basis(title="示例办法", number=""),),
    }
    return openings.Opening(**(facts | changes))


def addition(**changes):
    facts = {
        "kind": "incubator",
        "institution": "",
        "name": "示例新认定孵化器",
        "operators": ("示例新运营有限公司",),
        "channel": "示例市",
        "channel_type": "league_city",
        "reason": "2025年12月新认定",
    }
    return openings.Addition(**(facts | changes))


def open_it(wanted, *, actor=FIRST, at=AT):
    shown = openings.preview(openings.ground_for(actor, at=at), wanted, at=at)
    return openings.open_from_register(wanted, seen=shown.digest, actor=actor, at=at)


def codes(error):
    return [problem.code for problem in error.value.problems]


@pytest.fixture
def followed(live_round_at):
    """The round of 2025 is published: entry 1 failed and has to take part again, entry 3 lost its qualification."""
    live = live_round_at(Stage.FOLLOW_UP)
    Obligation.objects.all().delete()
    Obligation.objects.create(entry=live.entries[1], act="take_part_again", year=2026, as_kind="incubator")
    live.entries[3].qualification.events.create(event="disqualified", round=live.round)
    return live


def test_the_due_list_comes_from_the_register_and_from_what_is_owed_with_the_reason_for_each_line(followed):
    opened = open_it(opening())

    assert [(entry.serial, entry.name, entry.due_reasons) for entry in opened.entries.all()] == [
        (1, "示例1号孵化器", ["register", "take_part_again:2025:incubator:1"]),
        (2, "示例2号孵化器", ["register"]),
    ]
    assert opened.settings["due"]["left"] == [
        {"institution": "demo-i03", "kind": "incubator", "name": "示例3号孵化器"}
    ]
    assert (opened.year, opened.stage, opened.past, opened.fictional) == (2026, "call", False, True)
    line = LedgerEntry.objects.get(act="open_round", subject="round:2026")
    assert line.details["due"] == {"incubator": 2}
    assert (line.actor, line.happened_at) == ("dep-1", AT.isoformat())


def test_the_type_of_a_channel_that_the_register_knows_is_taken_from_there(followed):
    opened = open_it(opening(added=(addition(channel_type="village"),)))

    qualification = opened.entries.get(name="示例新认定孵化器").qualification
    assert (qualification.channel, qualification.channel_type) == ("示例市", "league_city")


def test_nothing_is_stored_by_a_preview(followed):
    before = (
        Round.objects.count(),
        Entry.objects.count(),
        Qualification.objects.count(),
        LedgerEntry.objects.count(),
    )

    openings.preview(openings.ground_for(FIRST, at=AT), opening(added=(addition(),)), at=AT)

    assert before == (
        Round.objects.count(), Entry.objects.count(), Qualification.objects.count(), LedgerEntry.objects.count()
    )  # fmt: skip


def test_an_officer_leaves_out_and_adds_with_a_reason_that_is_kept(followed):
    opened = open_it(
        opening(left_out={("demo-i02", "incubator"): "2025年批次，本年度不参评"}, added=(addition(),))
    )

    assert [(entry.serial, entry.name, entry.due_reasons) for entry in opened.entries.all()] == [
        (1, "示例1号孵化器", ["register", "take_part_again:2025:incubator:1"]),
        (2, "示例新认定孵化器", ["added:2025年12月新认定"]),
    ]
    new = opened.entries.get(serial=2)
    assert (new.channel, new.qualification.channel_type, new.operators_printed) == (
        "示例市", "league_city", "示例新运营有限公司"
    )  # fmt: skip
    assert new.qualification.institution.code == "demo-i04"
    details = LedgerEntry.objects.get(act="open_round", subject="round:2026").details
    assert details["left_out"] == {"incubator demo-i02": "2025年批次，本年度不参评"}
    assert details["added"] == {"incubator demo-i04": "2025年12月新认定"}
    due = calls.due_of(opened)
    assert [(each.institution, each.reason) for each in due.left_out] == [
        ("demo-i02", "2025年批次，本年度不参评")
    ]
    assert [line.added for line in due.lines] == ["", "2025年12月新认定"]


def test_whom_an_earlier_result_obliges_cannot_be_left_out(followed):
    with pytest.raises(FaultyError) as error:
        open_it(opening(left_out={("demo-i01", "incubator"): "不参评"}))

    assert codes(error) == ["owed_stays"]
    assert not Round.objects.filter(year=2026).exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"left_out": {("demo-i02", "incubator"): " "}}, "out_without_reason"),
        ({"added": (addition(reason=""),)}, "added_without_reason"),
        ({"added": (addition(name="示例2号孵化器"),)}, "added_name"),
        ({"added": (addition(institution="demo-i02"),)}, "added_twice"),
        ({"added": (addition(institution="demo-i03", name="示例3号孵化器"),)}, "added_inactive"),
        ({"added": (addition(kind="makerspace"),)}, "added_kind"),
        ({"added": (addition(region="999999"),)}, "added_region"),
        ({"added": (addition(recognised_in="2020-13"),)}, "added_date"),
        ({"added": (addition(channel="示例新市", channel_type="village"),)}, "added_channel_type"),
        ({"added": (addition(channel="示" * 101),)}, "added_long"),
        ({"added": (addition(sub_type="x" * 41),)}, "added_long"),
        ({"schemes": {"incubator": "national/incubator-2019"}}, "scheme_beyond"),
        ({"schemes": {"incubator": "nmg/makerspace-2020"}}, "no_scheme"),
        ({"schemes": {}}, "no_scheme"),
        ({"vocabulary": "nmg-2024"}, "scheme_words"),
        ({"vocabulary": "nowhere"}, "no_vocabulary"),
        ({"public_notice_working_days": 0}, "notice_days"),
        ({"addressees": ()}, "no_addressees"),
        ({"bases": ()}, "no_bases"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(followed, changes, code):
    with pytest.raises(FaultyError) as error:
        open_it(opening(**changes))

    assert codes(error) == [code]
    assert not Round.objects.filter(year=2026).exists()
    assert not LedgerEntry.objects.filter(subject="round:2026").exists()


@pytest.mark.parametrize(
    ("day", "code", "says"),
    [
        (date(2026, 4, 5), "free_day", "2026-04-05 is no working day; the next one is 2026-04-07"),
        (date(2026, 2, 27), "deadline_order", "is not after call_at"),
        (date(2027, 3, 31), "no_calendar", "add the State Council's holiday notice for 2027"),
    ],
)
def test_a_deadline_lies_on_a_working_day_of_a_known_year_after_the_call(followed, day, code, says):
    wanted = opening(
        deadlines={
            "submission_closes_at": moment_of("submission_closes_at", day),
            "preliminary_review_closes_at": moment_of("preliminary_review_closes_at", date(2026, 12, 18)),
        }
    )

    with pytest.raises(FaultyError) as error:
        open_it(wanted)

    assert code in codes(error)
    assert says in str(error.value)


def test_a_weekend_that_is_worked_in_exchange_can_end_a_window(followed):
    saturday = date(2026, 2, 28)
    assert saturday.weekday() == 5

    problems = openings.deadline_problems(
        AT - timedelta(days=20),
        {
            "submission_closes_at": moment_of("submission_closes_at", saturday),
            "preliminary_review_closes_at": moment_of("preliminary_review_closes_at", date(2026, 3, 13)),
        },
    )

    assert problems == []


def test_what_was_seen_is_what_is_opened(followed):
    wanted = opening()
    shown = openings.preview(openings.ground_for(FIRST, at=AT), wanted, at=AT)
    followed.entries[2].qualification.events.create(event="disqualified", round=followed.round)

    with pytest.raises(OutdatedError, match="look through the list again"):
        openings.open_from_register(wanted, seen=shown.digest, actor=FIRST, at=AT)

    assert not Round.objects.filter(year=2026).exists()


def test_of_two_officers_who_open_one_round_the_second_is_told(followed):
    wanted = opening()
    shown = openings.preview(openings.ground_for(FIRST, at=AT), wanted, at=AT)
    openings.open_from_register(wanted, seen=shown.digest, actor=FIRST, at=AT)

    with pytest.raises(FaultyError) as error:
        openings.open_from_register(wanted, seen=shown.digest, actor=SECOND, at=AT)

    assert codes(error) == ["not_published"]
    assert Round.objects.filter(year=2026).count() == 1


def test_the_next_round_waits_for_the_results_of_the_one_before(live_round_at):
    live_round_at(Stage.SUBMISSION)

    with pytest.raises(FaultyError) as error:
        openings.ground_for(FIRST, at=AT)

    assert codes(error) == ["not_published"]


def test_only_the_department_opens_a_round(followed):
    channel = Actor(code="ch", name="示例", role=Role.CHANNEL, unit="示例市", authority="demo")

    with pytest.raises(NotAllowedError):
        openings.ground_for(channel, at=AT)


def test_a_granted_change_of_name_and_operator_is_what_the_next_list_prints(followed):
    institution = followed.entries[2].qualification.institution
    register.change_name(
        institution, old="示例2号孵化器", new="示例二号创新工场", effective="2025-09", source="示例批复"
    )
    register.change_operator(
        institution, old="示例2号运营有限公司", new="示例新公司", effective="2025-09", source="示例批复"
    )

    opened = open_it(opening())

    entry = opened.entries.get(serial=2)
    assert (entry.name, entry.operators_printed, entry.operators) == (
        "示例二号创新工场", "示例新公司", ["示例新公司"]
    )  # fmt: skip
    # Opening a round enters nothing that the register did not hold: the history is as the change left it.
    assert [(each.name, each.since, each.until) for each in institution.names.all()] == [
        ("示例2号孵化器", "", "2025-09"), ("示例二号创新工场", "2025-09", "")
    ]  # fmt: skip


def test_the_call_is_issued_with_every_line_and_stays_as_it_was_issued(followed):
    opened = open_it(opening(left_out={("demo-i02", "incubator"): "批次"}, added=(addition(),)))
    paper = calls.issued_call(opened)
    rows = [row.cells for annex in paper.annexes for row in annex.rows]

    assert rows == [
        (
            "1",
            "示例1号孵化器",
            "示例1号运营有限公司",
            "示例市",
            "在册资格；2025年度孵化器第1号不合格，整改后再次参加",
        ),
        ("2", "示例新认定孵化器", "示例新运营有限公司", "示例市", "补列：2025年12月新认定"),
    ]
    assert paper.issued_on == date(2026, 3, 2)
    assert paper.marks == ("演示数据，非真实",)
    InstitutionName.objects.update(name="示例改名")
    Obligation.objects.all().delete()
    assert calls.issued_call(opened) == paper


def test_an_authority_without_a_round_begins_with_whom_it_adds(db):
    Authority.objects.create(code="demo", name="示例自治区科学技术厅")

    opened = open_it(opening(year=2026, added=(addition(), addition(name="示例第二家孵化器"))))

    assert [(entry.name, entry.qualification.institution.code) for entry in opened.entries.all()] == [
        ("示例新认定孵化器", "demo-i01"), ("示例第二家孵化器", "demo-i02")
    ]  # fmt: skip
    assert calls.issued_call(opened) is None


@pytest.mark.parametrize("demonstration", [True, False])
def test_the_first_round_of_a_demo_says_that_everybody_in_it_is_invented(db, demonstration):
    Authority.objects.create(code="demo", name="示例自治区科学技术厅")
    if demonstration:
        clock.begin_demonstration(AT)

    assert open_it(opening(year=2026, added=(addition(),))).fictional is demonstration


def test_a_past_round_that_was_imported_is_followed_by_a_live_one(db):
    perform(read_round_folder(EXAMPLES / "nmg-2021"), progress=lambda *_: None)
    officer = Actor(code="nmg-1", name="经办人", role=Role.DEPARTMENT, authority="nmg")
    at = datetime(2026, 3, 2, 9, 30, tzinfo=CHINA)

    opened = open_it(opening(year=2022, schemes=SCHEMES), actor=officer, at=at)

    counts = {kind: opened.entries.filter(kind=kind).count() for kind in SCHEMES}
    # 15 less 1 cancelled, and 2 that come as incubators; 85 less 27 cancelled, 3 pilots that ended, those 2, and 1
    # carried by an incubator that failed and takes part again through it.
    assert counts == {"incubator": 16, "makerspace": 52}
    # Two makerspaces of 2021 were deferred to take part as incubators: they are due as such, on what they hold.
    as_incubators = opened.entries.filter(kind="incubator", qualification__kind="makerspace")
    assert [entry.due_reasons for entry in as_incubators.order_by("serial")] == [
        ["take_part_again:2021:makerspace:84"], ["take_part_again:2021:makerspace:85"]
    ]  # fmt: skip
    assert not opened.entries.exclude(kind="incubator").filter(
        qualification__in=as_incubators.values("qualification")
    )
    rounds.close_stage(evaluation_round=opened, actor=officer, at=at)
    assert opened.stage == "submission"


def test_a_folder_and_the_browser_open_by_the_same_act(followed):
    by_hand = open_it(opening())
    with pytest.raises(Exception, match="already has a round 2026"):
        open_live_round(year=2026, register=[register_row(1, "示例市")])

    assert by_hand.entries.get(serial=1).qualification.entries.count() == 2
    assert EntryKey("incubator", 1) in {line.key for line in calls.due_of(by_hand).lines}
