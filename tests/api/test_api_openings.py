"""The next round through the interface: its ground, its whole due list, and then exactly what was previewed."""

from datetime import datetime

import pytest
from conftest_services import live_round_at

from hatchmark.db.models import LedgerEntry, Obligation, Round
from hatchmark.domain.deadlines import CHINA
from hatchmark.domain.token_scopes import TokenScope
from hatchmark.domain.workflow import Stage
from hatchmark.services import clock

__all__ = ["live_round_at"]

AT = datetime(2026, 3, 2, 9, 30, tzinfo=CHINA)
WANTED = {
    "year": 2026,
    "vocabulary": "nmg-2021",
    "schemes": {"incubator": "nmg/incubator-2020"},
    "deadlines": {"submission_closes_at": "2026-03-31", "preliminary_review_closes_at": "2026-04-17"},
    "public_notice_working_days": 5,
    "addressees": ["各示例市科技局"],
    "bases": [{"title": "示例办法"}],
}
ADDED = {
    "kind": "incubator",
    "name": "示例新认定孵化器",
    "operators": ["示例新运营有限公司"],
    "channel": "示例市",
    "reason": "示例：新认定",
}


@pytest.fixture
def live(live_round_at, settings, tmp_path) -> Round:
    """The round of 2025 is published: entry 1 has to take part again, entry 3 lost its qualification."""
    settings.DATA = tmp_path
    done = live_round_at(Stage.FOLLOW_UP)
    Obligation.objects.all().delete()
    Obligation.objects.create(entry=done.entries[1], act="take_part_again", year=2026, as_kind="incubator")
    done.entries[3].qualification.events.create(event="disqualified", round=done.round)
    clock.begin_demonstration(AT)
    return done.round


def preview(call, **changes):
    return call("dep", "POST", "/next-round/preview", WANTED | changes)


def open_it(call, seen, more="", who="dep", scopes=tuple(TokenScope), **changes):
    return call(who, "POST", f"/next-round{more}", {**WANTED, **changes, "seen": seen}, scopes=scopes)


def test_the_ground_names_what_can_be_chosen_and_why_the_rest_cannot(live, call):
    status, ground = call("dep", "GET", "/next-round")

    assert status == 200
    assert (ground["year"], ground["previous"], ground["kinds"]) == (2026, 2025, ["incubator"])
    assert "nmg/incubator-2020" in [each["code"] for each in ground["schemes"] if not each["beyond"]]
    assert {each["kind"] for each in ground["schemes"]} == {"incubator"}
    assert ground["channels"] == {"示例市": "league_city", "示例盟": "league_city"}
    assert ("nmg-2021" in ground["vocabularies"], ground["deadlines"][0]) == (True, "submission_closes_at")


def test_exactly_what_was_previewed_is_opened_tried_first_without_a_trace(live, call):
    call("dep", "GET", "/me")
    lines = LedgerEntry.objects.count()
    changes = {
        "left_out": [{"institution": "demo-i02", "kind": "incubator", "reason": "示例：停业"}],
        "added": [ADDED],
    }

    status, shown = preview(call, **changes)
    tried = open_it(call, shown["seen"], "?dry_run=true", **changes)

    assert (status, shown["problems"]) == (200, [])
    assert [(each["institution"], each["name"], each["reasons"]) for each in shown["due"]] == [
        ("demo-i01", "示例1号孵化器", ["register", "take_part_again:2025:incubator:1"]),
        ("demo-i04", "示例新认定孵化器", ["added:示例：新认定"]),
    ]
    assert [(each["institution"], each["reason"]) for each in shown["not_due"]] == [
        ("demo-i03", ""),
        ("demo-i02", "示例：停业"),
    ]
    assert shown["deadlines"]["submission_closes_at"] == "2026-03-31T23:59:59+08:00"
    assert (tried[0], tried[1]["year"], tried[1]["stage"]) == (200, 2026, "call")
    assert (Round.objects.count(), LedgerEntry.objects.count()) == (1, lines)

    done = open_it(call, shown["seen"], **changes)

    opened = Round.objects.get(year=2026)
    assert (done[0], done[1]["id"]) == (200, opened.pk)
    assert [each.name for each in opened.entries.all()] == [each["name"] for each in shown["due"]]
    assert LedgerEntry.objects.filter(act="open_round", subject="round:2026").count() == 1
    # Sent again, as after a lost answer: there is one round.
    assert open_it(call, shown["seen"], **changes)[0] in (409, 422)
    assert Round.objects.count() == 2


def test_what_changed_since_the_preview_is_not_opened(live, call):
    seen = preview(call)[1]["seen"]
    others = [
        {"public_notice_working_days": 6},
        {"addressees": ["别处"]},
        {"bases": [{"title": "别的办法"}]},
        {"deadlines": {**WANTED["deadlines"], "submission_closes_at": "2026-03-30"}},
        {"added": [ADDED]},
        {"left_out": [{"institution": "demo-i02", "kind": "incubator", "reason": "示例"}]},
    ]

    assert [open_it(call, seen, **each)[0] for each in others] == [409] * len(others)
    assert open_it(call, seen, year=2027)[0] == 409
    entry = live.entries.get(serial=2)
    entry.qualification.events.create(event="disqualified", round=live)
    assert (open_it(call, seen)[0], Round.objects.count()) == (409, 1)


def left_out(institution, reason):
    return {"left_out": [{"institution": institution, "kind": "incubator", "reason": reason}]}


def added(**changes):
    return {"added": [ADDED | changes]}


def closing(day):
    return {"deadlines": {**WANTED["deadlines"], "submission_closes_at": day}}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (
            {"deadlines": {}},
            {"submission_closes_at": "deadline_missing", "preliminary_review_closes_at": "deadline_missing"},
        ),
        (closing("2026-04-04"), {"submission_closes_at": "free_day"}),
        (closing("0001-01-01"), {"submission_closes_at": "no_calendar"}),
        ({"vocabulary": "made_up"}, {"vocabulary": "no_vocabulary"}),
        ({"addressees": [" "], "bases": []}, {"addressees": "no_addressees", "bases": "no_bases"}),
        ({"schemes": {}}, {"scheme_incubator": "no_scheme"}),
        (
            {"schemes": {**WANTED["schemes"], "made_up": "nmg/incubator-2020"}},
            {"scheme_made_up": "kind_beyond"},
        ),
        (left_out("demo-i01", "示例"), {"out_incubator_demo-i01": "owed_stays"}),
        (left_out("demo-i02", ""), {"out_incubator_demo-i02": "out_without_reason"}),
        (added(channel="示例新市"), {"add_0": "added_channel_type"}),
        (added(channel="示" * 101, channel_type="league_city"), {"add_0": "added_long"}),
        (added(operators=["示" * 150] * 3), {"add_0": "added_long"}),
        (added(level="x" * 41), {"add_0": "added_long"}),
        (added(institution="demo-i02"), {"add_0": "added_twice"}),
    ],
)
def test_what_stands_against_it_is_named_by_the_preview_and_refused_by_the_act(live, call, changes, found):
    status, shown = preview(call, **changes)
    refused = open_it(call, shown["seen"], **changes)

    assert (status, {each["where"]: each["code"] for each in shown["problems"]}) == (200, found)
    assert all(each["message"] for each in shown["problems"])
    assert (refused[0], refused[1]["faults"]) == (422, shown["problems"])
    assert Round.objects.count() == 1


def test_a_deadline_that_no_call_names_is_told_with_those_that_are(live, call):
    status, answer = preview(call, deadlines={"lunch": "2026-03-31"})

    assert (status, "name one of submission_closes_at" in answer["message"]) == (422, True)


def test_nobody_else_opens_a_round_nor_before_the_last_one_is_published(live, call):
    seen = preview(call)[1]["seen"]
    for who in ("i1", "ch"):
        assert call(who, "GET", "/next-round")[0] == 403
        assert call(who, "POST", "/next-round/preview", WANTED)[0] == 403
        assert open_it(call, seen, who=who)[0] == 403
    for scope in set(TokenScope) - {TokenScope.RUN_ROUND}:
        assert open_it(call, seen, scopes=(scope.value,))[0] == 403
    live.result_notices.all().delete()

    for refused in (call("dep", "GET", "/next-round"), preview(call), open_it(call, seen)):
        assert (refused[0], refused[1]["faults"][0]["code"]) == (422, "not_published")
    assert Round.objects.count() == 1
