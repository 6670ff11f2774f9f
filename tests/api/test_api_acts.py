"""What programs do: each act as its page does it, tried without a trace, refused to everybody else."""

from datetime import timedelta

import pytest
from conftest_services import DATES, figures, institution_actor, officer_of
from django.core.cache import cache
from django.test import Client

from hatchmark.api.operations import PER_MINUTE, THROTTLE
from hatchmark.db.models import (
    Absence,
    Account,
    Draft,
    Extension,
    FlagExplanation,
    LedgerEntry,
    Message,
    PreliminaryReview,
    Request,
    Round,
    Submission,
)
from hatchmark.domain.permissions import RULES
from hatchmark.domain.token_scopes import ACTS, TokenScope, opens, scopes_for
from hatchmark.services import clock, cross_checks, preliminary_reviews, requests, submissions

REVIEWING_AT = DATES["submission_closes_at"] + timedelta(days=1)
KEPT = (
    Absence,
    Draft,
    Extension,
    FlagExplanation,
    LedgerEntry,
    Message,
    PreliminaryReview,
    Request,
    Round,
    Submission,
)


def everything():
    """Return every row that an act could have touched."""
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in KEPT}


def entry_of(live, serial):
    return live.entries.select_related("round__authority", "qualification__institution").get(serial=serial)


def submit(live, serial, **values):
    entry = entry_of(live, serial)
    return submissions.submit(
        entry=entry,
        figures=figures(**values),
        roster=[],
        signed_by="示例负责人",
        actor=institution_actor(entry),
        at=clock.now(),
    )


def begin_review(live, *serials):
    """Hand in for some, and go on to the preliminary review."""
    for serial in serials:
        submit(live, serial)
    Round.objects.update(stage="preliminary_review")
    live.refresh_from_db()
    clock.set_demonstration_clock(REVIEWING_AT)


def explain_flags(live, serial):
    entry = entry_of(live, serial)
    for flag in cross_checks.open_flags(cross_checks.flag_states(entry)):
        cross_checks.explain_flag(
            entry=entry,
            flag=flag.key,
            explanation="示例说明",
            actor=officer_of(entry.channel),
            at=clock.now(),
        )


def fill(call, pk, who="i1", **values):
    """Type the whole form through the interface."""
    return call(
        who,
        "PATCH",
        f"/entries/{pk}/draft",
        {"changes": [{"code": code, "value": each["value"]} for code, each in figures(**values).items()]},
    )


# ---- each act, once ---------------------------------------------------------------------------------------


def prepare_hand_in(live, call, pk):
    fill(call, pk)
    _, shown = call("i1", "GET", f"/entries/{pk}/hand-in")
    return {"seen": shown["seen"], "signed_by": "示例负责人", "pledged": True}


def prepare_flag(live, call, pk):
    begin_review(live, 1)
    _, found = call("ch", "GET", f"/entries/{pk}/flags")
    return {"flag": next(each["key"] for each in found if each["waits"]), "explanation": "示例说明"}


def prepare_approval(live, call, pk):
    begin_review(live, 1)
    explain_flags(live, 1)
    return {"version": 1, "opinion": "同意"}


def prepare_return(live, call, pk):
    begin_review(live, 1)
    return {"version": 1, "opinion": "示例：请核对", "fields": [next(iter(figures())), "roster"]}


def prepare_refusal(live, call, pk):
    begin_review(live, 1)
    return {"version": 1, "opinion": "示例：不属实"}


def prepare_absence(live, call, pk):
    begin_review(live)
    return {"reason": "示例：已停业"}


def prepare_withdrawal(live, call, pk):
    submit(live, 1)


def prepare_deferral_ruling(live, call, pk):
    entry = entry_of(live, 1)
    requests.ask_deferral(
        entry=entry, as_kind="incubator", reason="示例", actor=institution_actor(entry), at=clock.now()
    )
    return {"grant": True, "reason": "示例：同意"}


def prepare_change_ruling(live, call, pk):
    call("i1", "POST", f"/entries/{pk}/changes", CHANGE)
    return {"grant": True, "reason": "示例：同意"}


def prepare_move(stage, at):
    def prepare(live, call, pk):
        Round.objects.update(stage=stage)
        clock.set_demonstration_clock(at)
        return {"version": live.version}

    return prepare


def prepare_close_review(live, call, pk):
    begin_review(live, 1, 2, 3)
    for serial in (1, 2, 3):
        explain_flags(live, serial)
        entry = entry_of(live, serial)
        preliminary_reviews.approve(
            entry=entry, opinion="同意", actor=officer_of(entry.channel), at=clock.now()
        )
    return {"version": live.version}


def prepare_reminder(live, call, pk):
    return {"entries": [pk], "note": "示例附言"}


CHANGE = {
    "what": "name",
    "old": "示例1号孵化器",
    "new": "示例新孵化器",
    "effective": "2025-01",
    "reason": "示例：更名",
}

ACTS_DONE = {
    "submit": ("i1", "/entries/{entry}/hand-in", prepare_hand_in),
    "withdraw": ("i1", "/entries/{entry}/withdraw", prepare_withdrawal),
    "ask_deferral": (
        "i1",
        "/entries/{entry}/deferral",
        lambda *_: {"as_kind": "incubator", "reason": "示例：装修"},
    ),
    "ask_change": ("i1", "/entries/{entry}/changes", lambda *_: CHANGE),
    "explain_flag": ("ch", "/entries/{entry}/flags", prepare_flag),
    "approve": ("ch", "/entries/{entry}/approve", prepare_approval),
    "return_fields": ("ch", "/entries/{entry}/return", prepare_return),
    "refuse": ("ch", "/entries/{entry}/refuse", prepare_refusal),
    "explain_absence": ("ch", "/entries/{entry}/absence", prepare_absence),
    "extend_deadline": (
        "dep",
        "/rounds/{round}/extensions",
        lambda _live, _call, pk: {
            "deadline": "submission_closes_at",
            "day": "2025-04-03",
            "reason": "示例：停电",
            "entry": pk,
        },
    ),
    "send_reminders": ("dep", "/rounds/{round}/reminders", prepare_reminder),
    "rule_deferral": ("dep", "/requests/{request}/deferral-ruling", prepare_deferral_ruling),
    "rule_change": ("dep", "/requests/{request}/change-ruling", prepare_change_ruling),
    "open_submission": ("dep", "/rounds/{round}/open-submission", prepare_move("call", DATES["call_at"])),
    "close_submission": ("dep", "/rounds/{round}/close-submission", prepare_move("submission", REVIEWING_AT)),
    "close_preliminary_review": ("dep", "/rounds/{round}/close-preliminary-review", prepare_close_review),
}
"""Who does each act, where, and what has to be there first; it returns what is sent. Drafts follow below."""


@pytest.fixture
def ready(live, call):
    """Prepare an act; return who does it, its address and its body."""

    def make(act):
        who, path, prepare = ACTS_DONE[act]
        pk = live.entries.get(serial=1).pk
        body = prepare(live, call, pk)
        # A token leaves a line in the ledger when it is made: that is before.
        call(who, "GET", "/me")
        asked = Request.objects.first()
        return who, path.format(entry=pk, round=live.pk, request=asked.pk if asked else 0), body

    return make


@pytest.mark.parametrize("act", ACTS_DONE)
def test_an_act_is_tried_without_a_trace_and_then_done_with_a_line_in_the_ledger(ready, call, act):
    who, path, body = ready(act)
    before = everything()

    tried = call(who, "POST", f"{path}?dry_run=true", body)
    assert (tried[0], everything()) == (200, before), tried

    done = call(who, "POST", path, body)
    assert done[0] == 200, done
    assert set(done[1]) == set(tried[1])
    assert everything() != before
    assert LedgerEntry.objects.last().act == act


@pytest.mark.parametrize("act", ACTS_DONE)
def test_an_act_is_refused_to_every_other_role_and_unit_and_to_a_token_without_its_scope(ready, call, act):
    who, path, body = ready(act)
    before = everything()
    opened = {scope.value for scope in scopes_for(act)}
    known = everything()

    for other in {"i1", "i2", "ch", "ch2", "dep"} - {who}:
        # An institution may explain a flag of its own.
        if (act, other) == ("explain_flag", "i1"):
            continue
        role_may = {"i1": "institution", "i2": "institution", "ch": "channel", "ch2": "channel"}.get(
            other, "department"
        ) in RULES[act].roles
        assert call(other, "POST", path, body)[0] == (404 if role_may else 403), other
    for scope in set(TokenScope) - opened:
        status, answer = call(who, "POST", path, body, scopes=(scope.value,))
        assert (status, answer["code"]) == (403, "not_allowed")

    made = {"make_token"}
    assert [each for each in everything()["LedgerEntry"] if each["act"] not in made] == [
        each for each in known["LedgerEntry"] if each["act"] not in made
    ]
    assert {name: rows for name, rows in everything().items() if name != "LedgerEntry"} == {
        name: rows for name, rows in before.items() if name != "LedgerEntry"
    }


def test_every_act_that_a_scope_opens_is_in_the_table_and_every_act_of_an_operation_has_a_scope(db):
    description = Client().get("/api/v1/openapi.json").json()
    acts = {each["x-act"] for path in description["paths"].values() for each in path.values()}

    assert set().union(*ACTS.values()) <= set(RULES)
    assert {act for act in acts if not scopes_for(act)} == set()
    assert acts >= set(ACTS_DONE) | {"save_draft"}
    assert not opens(["everything", ""], "submit")


def test_every_operation_that_writes_can_be_tried_and_no_other(db):
    description = Client().get("/api/v1/openapi.json").json()

    for path, operations in description["paths"].items():
        for method, each in operations.items():
            asked = {parameter["name"] for parameter in each.get("parameters", [])}
            writes = method != "get" and not each.get("x-shows-only")
            assert ("dry_run" in asked) == writes, (method, path)


# ---- the draft --------------------------------------------------------------------------------------------


def test_a_draft_is_saved_field_by_field_and_what_changed_in_between_comes_back(live, call):
    pk = live.entries.get(serial=1).pk
    code, other = list(figures())[:2]
    call("i1", "PATCH", f"/entries/{pk}/draft", {"changes": [{"code": code, "value": "12"}]})

    _, saved = call(
        "i1",
        "PATCH",
        f"/entries/{pk}/draft",
        {
            "changes": [
                {"code": code, "value": "13", "was_value": "11"},
                {"code": other, "value": "七"},
                {"code": "made_up", "value": "1"},
                {"code": list(figures())[2], "value": "1\x00"},
            ]
        },
    )
    _, draft = call("i1", "GET", f"/entries/{pk}/draft")

    assert saved["saved"] == [other]
    assert saved["conflicts"][code]["value"] == "12"
    assert saved["refused"] == {"made_up": "not_editable", list(figures())[2]: "control"}
    assert (draft["version"], draft["closed"]) == (2, "")
    assert (draft["fields"][code]["value"], draft["fields"][other]["value"]) == ("12", "七")
    assert any(note["blocks"] for note in draft["fields"][other]["notes"])


def test_a_draft_is_tried_without_a_trace_and_seen_by_nobody_else(live, call):
    pk = live.entries.get(serial=1).pk

    tried = call(
        "i1",
        "PATCH",
        f"/entries/{pk}/draft?dry_run=true",
        {"changes": [{"code": next(iter(figures())), "value": "1"}]},
    )

    assert (tried[0], tried[1]["version"], Draft.objects.count()) == (200, 1, 0)
    fill(call, pk)
    assert call("i2", "GET", f"/entries/{pk}/draft")[0] == 404
    assert call("ch", "GET", f"/entries/{pk}/draft")[0] == 403
    assert call("ch", "GET", f"/entries/{pk}")[1]["standing"] == "draft"
    assert call("dep", "GET", f"/entries/{pk}")[1]["standing"] == "nothing"
    assert call("dep", "GET", f"/rounds/{live.pk}/board")[1]["counts"] == {"nothing": 3}


def test_what_was_seen_is_handed_in_once_however_often_it_is_sent(live, call):
    pk = live.entries.get(serial=1).pk
    body = prepare_hand_in(live, call, pk)
    assert call("i1", "POST", f"/entries/{pk}/hand-in", {**body, "pledged": False})[0] == 422

    first, again = (call("i1", "POST", f"/entries/{pk}/hand-in", body) for _ in range(2))

    assert first == again
    assert Submission.objects.count() == 1
    assert call("i1", "GET", f"/entries/{pk}/receipts") == (200, [first[1]])
    assert call("ch", "GET", f"/entries/{pk}/receipts") == (200, [first[1]])
    assert Client().get(f"/receipts/{first[1]['code']}/").status_code == 200


def test_a_draft_that_changed_since_it_was_seen_is_not_handed_in(live, call):
    pk = live.entries.get(serial=1).pk
    body = prepare_hand_in(live, call, pk)
    call(
        "i1",
        "PATCH",
        f"/entries/{pk}/draft",
        {"changes": [{"code": next(iter(figures())), "value": "5", "was_value": "0"}]},
    )

    status, answer = call("i1", "POST", f"/entries/{pk}/hand-in", body)

    assert (status, answer["code"], Submission.objects.count()) == (409, "outdated", 0)


def test_an_unfinished_draft_is_not_handed_in_and_says_what_stands_against_it(live, call):
    pk = live.entries.get(serial=1).pk
    _, shown = call("i1", "GET", f"/entries/{pk}/hand-in")
    body = {"seen": shown["seen"], "signed_by": "示例负责人", "pledged": True}

    assert {note["figure"] for note in shown["blocking"]} == set(figures())
    assert call("i1", "POST", f"/entries/{pk}/hand-in", body)[0] == 422


def test_after_approval_nothing_of_it_can_be_changed(live, call):
    pk = live.entries.get(serial=1).pk
    body = prepare_approval(live, call, pk)
    call("ch", "POST", f"/entries/{pk}/approve", body)
    code = next(iter(figures()))
    before = everything()["Submission"]

    refused = [
        call("i1", "PATCH", f"/entries/{pk}/draft", {"changes": [{"code": code, "value": "9"}]}),
        call("i1", "POST", f"/entries/{pk}/withdraw"),
        call("i1", "PUT", f"/entries/{pk}/roster", {"seen": "", "rows": []}),
        call("ch", "POST", f"/entries/{pk}/return", {"version": 1, "opinion": "示例", "fields": [code]}),
        call("ch", "POST", f"/entries/{pk}/refuse", {"version": 1, "opinion": "示例"}),
        call("ch", "POST", f"/entries/{pk}/approve", body),
    ]

    assert [status for status, _ in refused] == [403] * len(refused)
    assert everything()["Submission"] == before
    assert "approved" in call("i1", "GET", f"/entries/{pk}/draft")[1]["closed"]


def test_what_was_returned_is_corrected_and_everything_else_stays(live, call):
    pk = live.entries.get(serial=1).pk
    body = prepare_return(live, call, pk)
    code, other = body["fields"][0], list(figures())[1]
    call("ch", "POST", f"/entries/{pk}/return", body)

    _, draft = call("i1", "GET", f"/entries/{pk}/draft")
    _, saved = call(
        "i1",
        "PATCH",
        f"/entries/{pk}/draft",
        {"changes": [{"code": each, "value": "7", "was_value": "0"} for each in (code, other)]},
    )
    _, shown = call("i1", "GET", f"/entries/{pk}/hand-in")
    done = call(
        "i1",
        "POST",
        f"/entries/{pk}/hand-in",
        {"seen": shown["seen"], "signed_by": "示例负责人", "pledged": True},
    )

    assert draft["returned"] == {"fields": body["fields"], "opinion": body["opinion"]}
    assert (saved["saved"], saved["refused"]) == ([code], {other: "not_editable"})
    assert (done[0], done[1]["version"], LedgerEntry.objects.last().act) == (200, 2, "correct")


# ---- the roster -------------------------------------------------------------------------------------------


def test_a_roster_is_replaced_as_a_whole_and_read_back_as_it_was_typed(live, call):
    pk = live.entries.get(serial=1).pk
    row = {"enterprise": "示例企业甲", "status": "在孵", "entered_on": "2024-05", "income": "3,500.50"}
    _, before = call("i1", "GET", f"/entries/{pk}/roster")

    tried = call("i1", "PUT", f"/entries/{pk}/roster?dry_run=true", {"seen": before["seen"], "rows": [row]})
    assert (tried[0], len(tried[1]["rows"]), Draft.objects.count()) == (200, 1, 0)
    done = call("i1", "PUT", f"/entries/{pk}/roster", {"seen": before["seen"], "rows": [row]})

    assert done == tried
    _, after = call("i1", "GET", f"/entries/{pk}/roster")
    assert after == done[1]
    assert (after["rows"][0]["enterprise"], after["rows"][0]["income"]) == ("示例企业甲", "3500.5")
    # What was read goes back as it is: nothing changes.
    assert (
        call("i1", "PUT", f"/entries/{pk}/roster", {"seen": after["seen"], "rows": after["rows"]})[1] == after
    )


def test_every_cell_that_cannot_be_is_named_and_a_list_that_changed_in_between_stays(live, call):
    pk = live.entries.get(serial=1).pk
    _, before = call("i1", "GET", f"/entries/{pk}/roster")
    good = {"enterprise": "示例企业甲", "status": "在孵", "entered_on": "2024-05"}

    status, answer = call(
        "i1",
        "PUT",
        f"/entries/{pk}/roster",
        {"seen": before["seen"], "rows": [good, {**good, "enterprise": "", "staff": "十二"}, good]},
    )
    assert status == 422
    assert [(each["where"], each["code"]) for each in answer["faults"]] == [
        ("row 2: enterprise", "missing"),
        ("row 2: staff", "no_number"),
        ("row 3: enterprise", "duplicate"),
    ]

    call("i1", "PUT", f"/entries/{pk}/roster", {"seen": before["seen"], "rows": [good]})
    assert call("i1", "PUT", f"/entries/{pk}/roster", {"seen": before["seen"], "rows": []})[0] == 409


# ---- channel and department -------------------------------------------------------------------------------


def test_a_review_of_a_version_that_is_not_the_last_any_more_is_refused(live, call):
    submit(live, 1)
    begin_review(live, 1)
    pk = live.entries.get(serial=1).pk

    status, answer = call("ch", "POST", f"/entries/{pk}/refuse", {"version": 1, "opinion": "示例"})

    assert (status, answer["code"], PreliminaryReview.objects.count()) == (409, "outdated", 0)


def test_a_flag_without_a_word_stands_against_approval(live, call):
    begin_review(live, 1)
    pk = live.entries.get(serial=1).pk
    _, found = call("ch", "GET", f"/entries/{pk}/flags")
    waiting = [each["key"] for each in found if each["waits"]]

    assert waiting
    assert call("ch", "POST", f"/entries/{pk}/approve", {"version": 1, "opinion": "同意"})[0] == 422
    for key in waiting:
        _, word = call("ch", "POST", f"/entries/{pk}/flags", {"flag": key, "explanation": "示例说明"})
    assert word["waiting"] == 0
    assert call("ch", "POST", f"/entries/{pk}/approve", {"version": 1, "opinion": "同意"})[0] == 200


def test_a_round_is_moved_once_and_not_before_its_window_is_over(live, call):
    body = {"version": live.version}
    assert call("dep", "POST", f"/rounds/{live.pk}/close-submission", body)[0] == 403
    clock.set_demonstration_clock(REVIEWING_AT)
    assert call("dep", "POST", f"/rounds/{live.pk}/open-submission", body)[0] == 409

    first, second = (call("dep", "POST", f"/rounds/{live.pk}/close-submission", body) for _ in range(2))

    assert (first[0], first[1]["stage"], second[0]) == (200, "preliminary_review", 409)


def test_the_board_says_what_a_stage_waits_for_and_the_due_list_why_each_is_on_it(live, call):
    begin_review(live, 1)
    _, board = call("dep", "GET", f"/rounds/{live.pk}/board")
    _, due = call("dep", "GET", f"/rounds/{live.pk}/due?limit=2&offset=1")

    assert board["counts"] == {"submitted": 1, "nothing": 2}
    assert board["by_channel"] == {"示例市": {"submitted": 1, "nothing": 1}, "示例盟": {"nothing": 1}}
    assert board["next_act"] == "close_preliminary_review"
    assert {(each["what"], each["entry"]) for each in board["undone"]} == {
        ("unreviewed_flags", "incubator:1"),
        ("absence_unexplained", "incubator:2"),
        ("absence_unexplained", "incubator:3"),
    }
    assert due["total"] == 3
    assert [(each["serial"], each["reasons"]) for each in due["lines"]] == [
        (2, ["register"]),
        (3, ["register"]),
    ]
    assert call("dep", "GET", "/rounds/999999/board")[0] == 404


def test_whoever_has_handed_in_is_not_reminded(live, call):
    submit(live, 1)
    _, waiting = call("dep", "GET", f"/rounds/{live.pk}/reminders")
    all_of_them = [each.pk for each in live.entries.all()]

    assert [each["name"] for each in waiting] == ["示例2号孵化器", "示例3号孵化器"]
    assert call("dep", "POST", f"/rounds/{live.pk}/reminders", {"entries": all_of_them})[0] == 409
    reminded = Message.objects.filter(event="reminder")
    assert not reminded.exists()
    done = call("dep", "POST", f"/rounds/{live.pk}/reminders", {"entries": [waiting[0]["entry"]]})
    assert (done, reminded.get().account.username) == ((200, {"entries": 1, "accounts": 1}), "i2")


def test_a_trial_sends_no_mail(live, call, django_capture_on_commit_callbacks):
    Account.objects.filter(username="i1").update(email="i1@example.invalid")
    body = {"entries": [live.entries.get(serial=1).pk]}

    with django_capture_on_commit_callbacks() as tried:
        assert call("dep", "POST", f"/rounds/{live.pk}/reminders?dry_run=true", body)[0] == 200
    with django_capture_on_commit_callbacks() as done:
        assert call("dep", "POST", f"/rounds/{live.pk}/reminders", body)[0] == 200

    assert (len(tried), len(done)) == (0, 1)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("0001-01-01", "no_calendar"),
        ("2025-03-03", "until_past"),
        ("2025-03-31", "until_earlier"),
        ("2025-04-30", "until_beyond"),
        ("9999-12-31", "no_calendar"),
    ],
)
def test_a_day_that_no_window_can_end_on_is_named(live, call, day, code):
    body = {"deadline": "submission_closes_at", "day": day, "reason": "示例：停电"}

    status, answer = call("dep", "POST", f"/rounds/{live.pk}/extensions", body)

    assert (status, [(each["where"], each["code"]) for each in answer["faults"]]) == (422, [("until", code)])
    unknown = call("dep", "POST", f"/rounds/{live.pk}/extensions", {**body, "deadline": "made_up"})
    assert (unknown[0], unknown[1]["faults"][0]["code"]) == (422, "no_window")
    assert not Extension.objects.exists()


def test_a_request_is_seen_by_its_institution_and_the_department_with_its_ruling(live, call):
    pk = live.entries.get(serial=1).pk
    _, asked = call("i1", "POST", f"/entries/{pk}/changes", CHANGE)
    second = call("i1", "POST", f"/entries/{pk}/changes", CHANGE)
    assert (second[0], second[1]["faults"][0]["code"]) == (422, "asked_already")
    assert call("dep", "GET", "/requests?state=open")[1] == {"total": 1, "requests": [asked]}

    _, ruled = call(
        "dep", "POST", f"/requests/{asked['id']}/change-ruling", {"grant": False, "reason": "示例"}
    )

    assert ruled["ruling"] == "refused"
    assert call("i1", "GET", f"/entries/{pk}/requests") == (200, [ruled])
    assert call("dep", "GET", "/requests?state=open")[1]["total"] == 0
    assert (
        call("dep", "POST", f"/requests/{asked['id']}/change-ruling", {"grant": True, "reason": "示例"})[0]
        == 409
    )


# ---- what no program should send --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"null",
        b"[]",
        b'{"changes": [{"code": "\\ud800", "value": "1"}]}',
        b'{"changes": [{"code": "a", "value": "\\u0000"}]}',
        b'{"changes": ' + b"[" * 100_000,
        b'{"changes": ' + b"9" * 10_000 + b"}",
        b'{"changes": NaN}',
        b'{"changes": [' + b'{"code": "a"},' * 600 + b'{"code": "a"}]}',
        b'{"changes": [{"code": "' + b"a" * 3_000_000 + b'"}]}',
    ],
    ids=[
        "nothing", "half", "no UTF-8", "null", "a list", "half a character", "a zero", "deep", "a long number", "NaN",
        "too many", "too large",
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_read_is_refused_in_words(live, token_of, body):
    pk = live.entries.get(serial=1).pk

    response = Client().generic(
        "PATCH",
        f"/api/v1/entries/{pk}/draft",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {token_of('i1')}"},
    )

    answer = response.json()
    if response.status_code == 200:
        assert answer["saved"] == [] and answer["refused"]
    else:
        assert (response.status_code, bool(answer["message"])) == (422, True)


def test_a_token_that_asks_too_often_is_told_when_to_come_back(live, token_of, monkeypatch):
    assert THROTTLE.num_requests == PER_MINUTE
    monkeypatch.setattr(THROTTLE, "num_requests", 3)
    cache.clear()
    headers = {"Authorization": f"Bearer {token_of('i1')}"}
    assert [Client().get("/api/v1/me", headers=headers).status_code for _ in range(3)] == [200] * 3

    refused = Client().get("/api/v1/me", headers=headers)

    cache.clear()
    assert Client().get("/api/v1/me", headers=headers).status_code == 200
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many")
    assert 1 <= int(refused["Retry-After"]) <= 61


def test_without_a_token_one_is_told_what_to_send(db):
    refused = Client().get("/api/v1/me")

    assert (refused.status_code, refused.json()["code"]) == (401, "no_token")
