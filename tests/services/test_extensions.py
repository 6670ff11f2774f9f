"""More time: for whom, until when, and that it holds to its last second."""

from datetime import date, datetime, timedelta

import pytest
from conftest_services import DATES, FIRST, institution_actor, officer_of

from hatchmark.db.models import Extension, LedgerEntry
from hatchmark.domain.deadlines import CHINA
from hatchmark.domain.workflow import Stage
from hatchmark.services import extensions
from hatchmark.services.deadlines import deadline, deadline_of
from hatchmark.services.handing_in import papers_of
from hatchmark.services.refusals import FaultyError, NotAllowedError

pytestmark = pytest.mark.django_db

CLOSES = DATES["submission_closes_at"]
AT = CLOSES - timedelta(days=1)
LATER = datetime(2025, 4, 8, 23, 59, 59, tzinfo=CHINA)


def extend(live, serial=None, **changes):
    facts = {
        "evaluation_round": live.round,
        "entry": live.entries[serial] if serial else None,
        "name": "submission_closes_at",
        "until": LATER,
        "reason": "系统停机两小时",
        "actor": FIRST,
        "at": AT,
    }
    return extensions.extend_deadline(**(facts | changes))


def test_one_entry_gets_more_time_and_no_other(live_round_at):
    live = live_round_at(Stage.SUBMISSION)

    extend(live, 1)

    assert deadline_of(live.entries[1], "submission_closes_at") == LATER
    assert deadline_of(live.entries[2], "submission_closes_at") == CLOSES
    assert deadline(live.round, "submission_closes_at") == CLOSES
    papers = papers_of(live.round.entries.all(), at=AT)
    assert [(each.closes_at, each.extended) for each in papers] == [
        (LATER, True),
        (CLOSES, False),
        (CLOSES, False),
    ]
    line = LedgerEntry.objects.get(act="extend_deadline")
    assert (line.subject, line.actor, line.details["reason"]) == ("incubator:1", "dep-1", "系统停机两小时")
    assert (line.details["from"], line.details["until"]) == (CLOSES.isoformat(), LATER.isoformat())


def test_the_whole_round_gets_more_time(live_round_at):
    live = live_round_at(Stage.SUBMISSION)

    extend(live)

    assert {each.closes_at for each in papers_of(live.round.entries.all(), at=AT)} == {LATER}
    live.submit(3, at=LATER)


def test_an_extension_holds_to_its_last_second_in_the_stage_after_too(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    extend(live, 1)
    live.close_stage("submission_closes_at")

    live.submit(1, at=LATER)
    with pytest.raises(NotAllowedError, match="the window closed at"):
        live.submit(1, at=LATER + timedelta(seconds=1))
    with pytest.raises(NotAllowedError, match="the window closed at"):
        live.submit(2, at=LATER)


def test_time_can_be_given_after_the_end_to_single_entries_alone(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    live.close_stage("submission_closes_at")
    at = CLOSES + timedelta(hours=9)

    extend(live, 2, at=at)
    with pytest.raises(FaultyError) as error:
        extend(live, at=at)

    assert [problem.code for problem in error.value.problems] == ["stage_left"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"until": CLOSES}, "until_earlier"),
        ({"until": datetime(2025, 3, 28, 23, 59, 59, tzinfo=CHINA), "at": CLOSES}, "until_past"),
        ({"until": datetime(2025, 4, 5, 23, 59, 59, tzinfo=CHINA)}, "free_day"),
        ({"until": datetime(2025, 4, 21, 23, 59, 59, tzinfo=CHINA)}, "until_beyond"),
        ({"until": datetime(2027, 4, 21, 23, 59, 59, tzinfo=CHINA)}, "no_calendar"),
        ({"reason": "  "}, "no_reason"),
        ({"reason": "长" * 1001}, "too_long"),
        ({"name": "expert_review_closes_at"}, "no_window"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(live_round_at, changes, code):
    live = live_round_at(Stage.SUBMISSION)

    with pytest.raises(FaultyError) as error:
        extend(live, 1, **changes)

    assert [problem.code for problem in error.value.problems] == [code]
    assert not Extension.objects.exists()
    assert not LedgerEntry.objects.filter(act="extend_deadline").exists()


def test_an_extension_falls_at_the_time_of_day_of_the_call(live_round_at):
    live = live_round_at(Stage.SUBMISSION)

    assert extensions.extended_to(live.round, "submission_closes_at", date(2025, 4, 8)) == LATER
    assert extensions.extended_to(live.round, "preliminary_review_closes_at", date(2025, 4, 22)).hour == 18


def test_neither_institution_nor_channel_gives_more_time(live_round_at):
    live = live_round_at(Stage.SUBMISSION)

    for actor in (institution_actor(live.entries[1]), officer_of("示例市")):
        with pytest.raises(NotAllowedError, match="needs the role department"):
            extend(live, 1, actor=actor)
    assert not Extension.objects.exists()
