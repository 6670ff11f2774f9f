"""Requests: a deferral, a change; who asks, who rules, and what comes of it."""

from datetime import datetime, timedelta

import pytest
from conftest_services import CALL_AT, DATES, FIRST, SECOND, institution_actor, officer_of

from hatchmark.db.models import LedgerEntry, Request
from hatchmark.domain.changes import ChangeKind
from hatchmark.domain.deadlines import CHINA
from hatchmark.domain.handing_in import Standing
from hatchmark.domain.workflow import Stage
from hatchmark.services import determination, requests, rounds, submissions
from hatchmark.services.handing_in import papers_of
from hatchmark.services.refusals import FaultyError, NotAllowedError, OutdatedError, UnsoundError

pytestmark = pytest.mark.django_db

AT = CALL_AT + timedelta(days=2)


def ask_deferral(live, serial=1, **changes):
    entry = live.entries[serial]
    facts = {
        "entry": entry,
        "as_kind": "incubator",
        "reason": "场地搬迁，本年度数据不完整",
        "actor": institution_actor(entry),
        "at": AT,
    }
    return requests.ask_deferral(**(facts | changes))


def ask_change(live, kind=ChangeKind.NAME, serial=1, **changes):
    entry = live.entries[serial]
    facts = {
        "qualification": entry.qualification,
        "kind": kind,
        "old": f"示例{serial}号孵化器",
        "new": "示例新名孵化器",
        "effective": "2025-01",
        "reason": "工商登记变更",
        "actor": institution_actor(entry),
        "at": AT,
    }
    return requests.ask_change(**(facts | changes))


def codes(error):
    return [problem.code for problem in error.value.problems]


# ---- deferral ----------------------------------------------------------------------------------------------


def test_a_granted_deferral_leaves_nothing_to_do_for_anybody(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    request = ask_deferral(live)

    requests.rule_deferral(request=request, grant=True, reason="情况属实", actor=FIRST, at=AT)

    papers = {each.entry.serial: each for each in papers_of(live.round.entries.all(), at=AT)}
    assert (papers[1].standing, papers[1].next) == (Standing.DEFERRED, None)
    assert papers[2].standing is Standing.NOTHING
    asked, ruled = LedgerEntry.objects.filter(act__in=["ask_deferral", "rule_deferral"]).order_by("sequence")
    assert (asked.actor, asked.details["effective"], asked.details["new"]) == (
        "demo-i01",
        "2026",
        "incubator",
    )
    assert (ruled.actor, ruled.details["ruling"], ruled.details["ruling_reason"]) == (
        "dep-1",
        "granted",
        "情况属实",
    )


def test_a_refused_deferral_changes_nothing_and_can_be_asked_for_again(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    request = ask_deferral(live)

    requests.rule_deferral(request=request, grant=False, reason="理由不充分", actor=FIRST, at=AT)

    [first, *_] = papers_of(live.round.entries.all(), at=AT)
    assert first.standing is Standing.NOTHING
    ask_deferral(live, at=AT + timedelta(hours=1))
    assert [each.ruling for each in Request.objects.order_by("pk")] == ["refused", ""]


def test_a_deferral_is_what_the_entry_is_decided_to_be(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    requests.rule_deferral(request=ask_deferral(live), grant=True, reason="情况属实", actor=FIRST, at=AT)
    for serial in (2, 3):
        live.submit(serial)
    live.close_stage("submission_closes_at")
    for serial in (2, 3):
        live.approve(serial)
    live.close_stage("preliminary_review_closes_at")
    for serial in (2, 3):
        for expert in live.experts[:3]:
            live.score(live.assign(serial, expert))
    for name in ("expert_review_closes_at", "spot_check_closes_at", "integrity_review_closes_at"):
        live.close_stage(name)
    at = DATES["determined_at"]

    cards = determination.score_round(evaluation_round=live.round, without=frozenset(), actor=FIRST, at=at)
    rows = [
        determination.propose_decision(entry=entry, human=None, actor=FIRST, at=at)
        for entry in live.entries.values()
    ]

    assert sorted(map(str, cards)) == ["incubator:2", "incubator:3"]
    assert [(row.mode, row.outcome, row.year, row.as_kind, row.reason, row.deviates) for row in rows[:1]] == [
        ("deferred", "deferred", 2026, "incubator", "情况属实", False)
    ]
    assert [row.mode for row in rows[1:]] == ["evaluated", "evaluated"]


def test_whoever_has_handed_in_is_not_deferred(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    request = ask_deferral(live, 1)
    live.submit(1, at=AT)
    live.submit(2, at=AT)

    with pytest.raises(FaultyError) as asked:
        ask_deferral(live, 2)
    with pytest.raises(FaultyError) as ruled:
        requests.rule_deferral(request=request, grant=True, reason="情况属实", actor=FIRST, at=AT)

    assert (codes(asked), codes(ruled)) == (["handed_in"], ["handed_in"])
    assert Request.objects.get().ruling == ""
    entry = live.entries[1]
    submissions.withdraw(entry=entry, actor=institution_actor(entry), at=AT)
    requests.rule_deferral(request=request, grant=True, reason="情况属实", actor=FIRST, at=AT)


def test_a_deferral_is_asked_for_to_the_last_second_of_the_window(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    closes = DATES["submission_closes_at"]

    with pytest.raises(NotAllowedError, match="the window closed at"):
        ask_deferral(live, 1, at=closes + timedelta(seconds=1))
    ask_deferral(live, 1, at=closes)


def test_one_request_of_a_sort_is_open_at_a_time(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    ask_deferral(live, 1)
    ask_change(live)

    with pytest.raises(FaultyError) as deferral:
        ask_deferral(live, 1)
    with pytest.raises(FaultyError) as change:
        ask_change(live)

    assert (codes(deferral), codes(change)) == (["asked_already"], ["asked_already"])
    ask_deferral(live, 2)


def test_of_two_officers_who_rule_the_second_is_told(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    request = ask_deferral(live)
    stale = Request.objects.get(pk=request.pk)
    requests.rule_deferral(request=request, grant=False, reason="理由不充分", actor=FIRST, at=AT)

    with pytest.raises(OutdatedError, match="ruled on already"):
        requests.rule_deferral(request=stale, grant=False, reason="情况属实", actor=SECOND, at=AT)

    assert Request.objects.get().ruled_by == "dep-1"
    assert LedgerEntry.objects.filter(act="rule_deferral").count() == 1


def test_nobody_asks_for_another_and_none_but_the_department_rules(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    other = institution_actor(live.entries[2])

    with pytest.raises(NotAllowedError, match="acts for institution demo-i02, not for demo-i01"):
        ask_deferral(live, 1, actor=other)
    with pytest.raises(NotAllowedError, match="acts for institution demo-i02, not for demo-i01"):
        ask_change(live, actor=other)
    request = ask_deferral(live, 1)
    for actor in (institution_actor(live.entries[1]), officer_of("示例市")):
        with pytest.raises(NotAllowedError, match="needs the role department"):
            requests.rule_deferral(request=request, grant=True, reason="同意", actor=actor, at=AT)


def test_approval_locks_against_a_deferral(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    request = ask_deferral(live, 1)
    live.submit(1, at=AT)
    live.close_stage("submission_closes_at")
    live.approve(1)

    request = Request.objects.get(pk=request.pk)
    at = DATES["submission_closes_at"]

    with pytest.raises(NotAllowedError, match="approval locks it"):
        requests.rule_deferral(request=request, grant=True, reason="同意", actor=FIRST, at=at)
    requests.rule_deferral(request=request, grant=False, reason="材料已通过初审", actor=FIRST, at=at)


def test_the_preliminary_review_does_not_close_over_a_request_that_nobody_ruled_on(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    ask_deferral(live, 1)
    for serial in live.entries:
        live.submit(serial, at=AT)
    live.close_stage("submission_closes_at")
    for serial in live.entries:
        live.approve(serial)

    with pytest.raises(UnsoundError, match="incubator:1 has asked to be deferred, and nobody has ruled"):
        rounds.close_stage(evaluation_round=live.round, actor=FIRST, at=DATES["preliminary_review_closes_at"])


# ---- changes -----------------------------------------------------------------------------------------------


def test_a_granted_change_of_name_enters_the_register_with_its_history(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    request = ask_change(live)

    requests.rule_change(request=request, grant=True, reason="材料齐全", actor=FIRST, at=AT)

    institution = live.entries[1].qualification.institution
    assert [(each.name, each.since, each.until, each.source) for each in institution.names.all()] == [
        ("示例1号孵化器", "", "2025-01", ""),
        ("示例新名孵化器", "2025-01", "", "变更申请，2025-03-05同意"),
    ]
    # The list of the round that is open stays as it was called.
    assert live.round.entries.get(serial=1).name == "示例1号孵化器"


def test_a_granted_change_of_operator_ends_one_tenure_and_begins_another(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    request = ask_change(live, ChangeKind.OPERATOR, old="示例1号运营有限公司", new="示例新运营公司")

    requests.rule_change(request=request, grant=True, reason="材料齐全", actor=FIRST, at=AT)

    institution = live.entries[1].qualification.institution
    assert [(each.operator.name, each.since, each.until) for each in institution.tenures.all()] == [
        ("示例1号运营有限公司", "", "2025-01"), ("示例新运营公司", "2025-01", "")
    ]  # fmt: skip


def test_a_granted_change_of_area_stands_in_the_notes(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    request = ask_change(live, ChangeKind.AREA, old="3000", new="3600.5")

    requests.rule_change(request=request, grant=True, reason="现场核查属实", actor=FIRST, at=AT)

    [note] = live.entries[1].qualification.institution.register_notes.all()
    assert (note.text, note.source) == (
        "场地面积（平方米）自2025-01由“3000”变更为“3600.5”", "变更申请，2025-03-05同意"
    )  # fmt: skip


def test_a_refused_change_enters_nothing(live_round_at):
    live = live_round_at(Stage.SUBMISSION)

    requests.rule_change(request=ask_change(live), grant=False, reason="材料不全", actor=FIRST, at=AT)

    assert [each.name for each in live.entries[1].qualification.institution.names.all()] == ["示例1号孵化器"]


@pytest.mark.parametrize(
    ("kind", "changes", "code"),
    [
        (ChangeKind.NAME, {"new": "示例1号孵化器"}, "change_none"),
        (ChangeKind.NAME, {"new": " "}, "change_missing"),
        (ChangeKind.NAME, {"reason": ""}, "change_missing"),
        (ChangeKind.NAME, {"effective": "2025-13"}, "no_partial_date"),
        (ChangeKind.NAME, {"effective": "2025/01"}, "no_partial_date"),
        (ChangeKind.NAME, {"effective": "2025-06"}, "change_to_come"),
        (ChangeKind.NAME, {"old": "示例2号孵化器"}, "old_unknown"),
        (ChangeKind.NAME, {"new": "长" * 201}, "too_long"),
        (ChangeKind.AREA, {"old": "3000", "new": "3600"}, "area_within"),
        (ChangeKind.AREA, {"old": "3000", "new": "2400"}, "area_within"),
        (ChangeKind.AREA, {"old": "3000", "new": "约四千"}, "no_area"),
        (ChangeKind.AREA, {"old": "0", "new": "4000"}, "no_area"),
        (ChangeKind.AREA, {"old": "3000", "new": "4e3"}, "no_area"),
    ],
)
def test_a_change_that_cannot_be_is_refused(live_round_at, kind, changes, code):
    live = live_round_at(Stage.SUBMISSION)

    with pytest.raises(FaultyError) as error:
        ask_change(live, kind, **changes)

    assert codes(error) == [code]
    assert not Request.objects.exists()


@pytest.mark.parametrize("new", ["3600.01", "2399.99"])
def test_an_area_is_asked_for_from_just_above_the_share_of_the_rule(live_round_at, new):
    live = live_round_at(Stage.SUBMISSION)

    ask_change(live, ChangeKind.AREA, old="3000", new=new)

    assert Request.objects.get().new == new


def test_a_change_that_the_register_has_overtaken_is_not_granted(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    request = ask_change(live)
    live.entries[1].qualification.institution.names.update(until="2024")

    with pytest.raises(UnsoundError, match="does not bear the name 示例1号孵化器 now"):
        requests.rule_change(request=request, grant=True, reason="同意", actor=FIRST, at=AT)

    assert Request.objects.get().ruling in ("", "granted")


def test_a_change_is_asked_for_at_any_stage(live_round_at):
    live = live_round_at(Stage.EXPERT_REVIEW)

    ask_change(live, at=datetime(2025, 5, 1, tzinfo=CHINA))

    assert Request.objects.get().entry is None
