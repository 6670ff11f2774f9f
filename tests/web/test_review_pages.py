"""The pages of a channel, without a script: the queue, one review, refusing, many at once, absences, statistics."""

import io
import re
from datetime import timedelta

import pytest
from conftest_services import (
    AUTHORITY,
    DATES,
    LiveRound,
    figures,
    institution_actor,
    live_round_at,
    officer_of,
    open_live_round,
    register_row,
)
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from hatchmark.db.models import (
    Absence,
    Account,
    Authority,
    Evidence,
    FlagExplanation,
    LedgerEntry,
    PreliminaryReview,
    StatisticsReturn,
    Submission,
)
from hatchmark.domain.notices import FICTIONAL
from hatchmark.domain.workflow import Stage
from hatchmark.services import clock, cross_checks, preliminary_reviews, rounds, submissions
from hatchmark.services.todo import todo_of

__all__ = ["live_round_at"]

AT = DATES["preliminary_review_closes_at"] - timedelta(days=3)
PDF = b"%PDF-1.7 letter"


@pytest.fixture(autouse=True)
def desk(monkeypatch, tmp_path):
    """The clock of the site stands in the review, and files go to a folder of the test."""
    monkeypatch.setattr(clock, "now", lambda: AT)
    monkeypatch.setattr(settings, "DATA", tmp_path)


def visitor(role="channel", unit="示例市", username=None) -> Client:
    account = Account.objects.create(
        username=username or f"{role}-{unit}"[:60],
        name="示例审核员",
        role=role,
        unit=unit,
        authority=Authority.objects.get(code=AUTHORITY),
        made_at=AT,
        password_set_at=AT,
    )
    browser = Client(raise_request_exception=True)
    browser.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


@pytest.fixture
def live(live_round_at) -> LiveRound:
    return live_round_at(Stage.PRELIMINARY_REVIEW)


@pytest.fixture
def officer(live) -> Client:
    return visitor()


def queue(live) -> str:
    return f"/work/queue/{live.round.pk}/"


def review(live, serial: int, then: str = "") -> str:
    return f"/work/reviews/{live.entries[serial].pk}/{then}"


def state(live, serial: int) -> str:
    return Submission.objects.filter(entry=live.entries[serial]).last().state


def names(page: str) -> list[str]:
    return re.findall(r"示例[0-9]+号孵化器", page)


# ---- the queue ------------------------------------------------------------------------------------------------


def test_the_queue_holds_the_own_institutions_alone(live, officer):
    page = officer.get(queue(live)).content.decode()

    assert "示例1号孵化器" in page
    assert "示例2号孵化器" in page
    assert "示例3号孵化器" not in page
    assert "2家机构中的2家" in page
    assert officer.get("/work/queue/").headers["Location"] == queue(live)


@pytest.mark.parametrize(
    "query", ["?q=示例3号", "?q=3号运营", "?kind=incubator&q=3", "?page=9", "?sort=-name"]
)
def test_no_search_order_or_page_finds_the_institution_of_another_channel(live, officer, query):
    page = officer.get(queue(live) + query).content.decode()
    file = officer.get(f"{queue(live)}queue.xlsx{query}").content

    assert "示例3号孵化器" not in page
    assert "3号运营有限公司" not in page
    cells = [str(cell) for row in load_workbook(io.BytesIO(file)).active.values for cell in row]
    assert "机构" in cells
    assert not any("3号" in cell for cell in cells)


@pytest.mark.parametrize(
    ("method", "then"),
    [
        ("get", ""), ("get", "refuse/"), ("get", "letter/"), ("post", "approve/"), ("post", "return/"),
        ("post", "refuse/"), ("post", "flags/"), ("post", "absence/"),
    ],
)  # fmt: skip
def test_anothers_entry_is_answered_like_one_that_is_not_there(live, officer, method, then):
    hidden = getattr(officer, method)(review(live, 3, then))
    absent = getattr(officer, method)(f"/work/reviews/999999/{then}")

    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert hidden.content == absent.content
    assert state(live, 3) == "submitted"


@pytest.mark.parametrize(
    ("role", "unit"), [("institution", "demo-i01"), ("department", "示例厅"), ("channel", "示例盟")]
)
def test_only_the_own_channel_opens_a_review(live, role, unit):
    browser = visitor(role, unit)

    assert browser.get(review(live, 1)).status_code == 404
    assert browser.post(review(live, 1, "approve/")).status_code == 404
    assert browser.get(f"{queue(live)}approval/?entry={live.entries[1].pk}:1").status_code in (200, 404)
    assert (
        "示例1号孵化器"
        not in browser.get(f"{queue(live)}approval/?entry={live.entries[1].pk}:1").content.decode()
    )


def test_the_queue_is_narrowed_and_ordered_on_the_server(live, officer):
    live.explain_flags(1)

    assert names(officer.get(f"{queue(live)}?flags=open").content.decode()) == ["示例2号孵化器"]
    assert set(names(officer.get(f"{queue(live)}?flags=explained").content.decode())) == {"示例1号孵化器"}
    assert names(officer.get(f"{queue(live)}?standing=approved").content.decode()) == []
    assert names(officer.get(f"{queue(live)}?sort=-serial&q=孵化器").content.decode())[0] == "示例2号孵化器"
    assert officer.get(f"{queue(live)}?sort=nonsense&standing=x&flags=y&page=0").status_code == 200


def test_excel_holds_what_the_page_is_narrowed_to_and_says_of_when(live, officer):
    answer = officer.get(f"{queue(live)}queue.xlsx?q=2号")
    rows = [list(row) for row in load_workbook(io.BytesIO(answer.content)).active.values]

    assert answer.headers["Content-Disposition"].startswith("attachment")
    title, fictional, as_it_stood, head, *lines = rows
    assert (title[0], fictional[0], as_it_stood[0][:2]) == ("2025年度初审", FICTIONAL, "数据")
    assert [line[head.index("机构")] for line in lines] == ["示例2号孵化器"]
    assert lines[0][head.index("未说明")] == 4


def test_fifty_a_page_and_as_many_queries_for_thirty_as_for_one(live_round_at):
    counts = []
    for year, many in ((2027, 1), (2028, 30), (2029, 60)):
        evaluation_round = open_live_round(
            year=year, register=[register_row(serial, "示例市") for serial in range(1, many + 1)]
        )
        own = LiveRound(round=evaluation_round, entries={}, experts=[])
        own.close_stage("call_at")
        for serial in own.entries:
            own.submit(serial, at=DATES["call_at"])
        browser = visitor(username=f"officer-{year}")
        browser.get(queue(own))
        with CaptureQueriesContext(connection) as captured:
            page = browser.get(queue(own)).content.decode()
        counts.append(len(captured))

    assert counts[0] == counts[1] == counts[2] <= 10
    assert len(set(names(page))) == 50
    assert "第1页，共2页" in page
    assert len(set(names(browser.get(f"{queue(own)}?page=2").content.decode()))) == 10


def test_the_board_of_the_review_asks_ten_questions_at_most_however_many_entries_and_flags(
    live_round_at, monkeypatch
):
    # As a server asks, which looks once whether its database is a demo's.
    monkeypatch.setattr(clock, "_is_none", True)
    monkeypatch.setattr(clock, "_remembers", True)
    counts = []
    for year, many in ((2027, 2), (2028, 60)):
        evaluation_round = open_live_round(
            year=year, register=[register_row(serial, "示例市") for serial in range(1, many + 1)]
        )
        own = LiveRound(round=evaluation_round, entries={}, experts=[])
        own.close_stage("call_at")
        for serial in own.entries:
            own.submit(serial, area=str(serial) if serial % 2 else "12000")
        own.close_stage("submission_closes_at")
        own.approve(2)
        browser = visitor(role="department", unit="示例厅", username=f"dep-{year}")
        board = f"/work/rounds/{evaluation_round.pk}/"
        browser.get(board)
        with CaptureQueriesContext(connection) as captured:
            browser.get(board)
        counts.append(len(captured))

    assert counts[0] == counts[1] <= 10
    assert {each.what for each in rounds.blocking(evaluation_round, at=AT)} == {"unreviewed_flags"}


def test_who_has_still_to_hand_in_is_told_with_the_time_left(live_round_at, monkeypatch):
    live = live_round_at(Stage.SUBMISSION)
    monkeypatch.setattr(clock, "now", lambda: DATES["submission_closes_at"] - timedelta(days=5))
    page = visitor().get(queue(live)).content.decode()

    assert "还有2家未交齐，最近的截止时间是2025年3月31日（周一）23:59（还剩5天）" in page
    assert page.count("还剩5天") == 3


# ---- one review -----------------------------------------------------------------------------------------------


def test_a_review_shows_this_year_last_year_difference_statistics_and_flags(live, officer):
    entry = live.entries[1]
    before = open_live_round(year=2024, register=[register_row(1, "示例市")])
    Submission.objects.create(
        entry=before.entries.get(), version=1, state="approved", handed_in_at=AT, signed_by="示例",
        figures=figures(area="12000"), roster=[], digest="b" * 64,
    )  # fmt: skip
    StatisticsReturn.objects.create(
        round=live.round, entry=entry, figures={"area": "11000"}, file="x", digest="c" * 64,
        imported_by="x", imported_at=AT,
    )  # fmt: skip
    Evidence.objects.create(
        entry=entry, key="k1", figure="area", name="租赁合同.pdf", size=2048, received=2048, digest="d" * 64,
        uploaded_by="x", uploaded_at=AT,
    )  # fmt: skip
    # What a version rests on is what it names: a file that came later is not shown beside it.
    Evidence.objects.create(
        entry=entry, key="k2", figure="area", name="后补.pdf", size=1, received=1, digest="e" * 64,
        uploaded_by="x", uploaded_at=AT,
    )  # fmt: skip
    named = {"name": "租赁合同.pdf", "digest": "d" * 64, "size": 2048, "figure": "area"}
    entry.submissions.filter(state="submitted").update(evidence=[named])
    page = officer.get(review(live, 1)).content.decode()

    assert "12,000" in page
    assert "−12,000（−100%）" in page
    assert "≠ 11,000" in page
    assert f'<a href="/work/submissions/{entry.pk}/evidence/k1/file" download>租赁合同.pdf</a>' in page
    assert "后补.pdf" not in page
    assert "零值" in page
    assert page.count('name="explanation"') == page.count('class="hm-flag-form"') >= 4
    assert page.count('name="fields"') == len(figures()) + 1


def test_flags_are_explained_from_the_page_and_then_it_can_be_approved(live, officer):
    entry = live.entries[1]
    assert "disabled" in officer.get(review(live, 1)).content.decode()

    for each in cross_checks.flag_states(entry):
        officer.post(review(live, 1, "flags/"), {"flag": each.flag.key, "explanation": "示例说明"})
    page = officer.get(review(live, 1)).content.decode()
    answer = officer.post(review(live, 1, "approve/"), {"version": "1", "opinion": "同意上报"})

    assert "disabled" not in page
    assert FlagExplanation.objects.count() == 4
    assert (answer.status_code, state(live, 1)) == (302, "approved")
    assert PreliminaryReview.objects.get().opinion == "同意上报"
    assert "材料已锁定" in officer.get(review(live, 1)).content.decode()


def test_the_own_institution_explains_its_flags_and_returns_to_its_page(live):
    browser = visitor("institution", "demo-i01")
    [first, *_] = cross_checks.flag_states(live.entries[1])

    answer = browser.post(review(live, 1, "flags/"), {"flag": first.flag.key, "explanation": "新址在建"})

    assert answer.headers["Location"] == f"/work/submissions/{live.entries[1].pk}/versions/1/"
    assert FlagExplanation.objects.get().role == "institution"
    other = browser.post(review(live, 2, "flags/"), {"flag": first.flag.key, "explanation": "x"})
    assert (other.status_code, FlagExplanation.objects.count()) == (404, 1)


def test_an_approval_over_open_flags_is_refused_and_loses_nothing(live, officer):
    answer = officer.post(review(live, 1, "approve/"), {"version": "1", "opinion": "我写的意见"})

    assert answer.status_code == 409
    assert "我写的意见" in answer.content.decode()
    assert (state(live, 1), LedgerEntry.objects.filter(act="approve").count()) == ("submitted", 0)


def test_figures_that_contradict_one_another_are_returned_and_no_explanation_helps(live, officer):
    entry = live.entries[1]
    values = figures(area="100", area_firms="90", area_public="20")
    entry.submissions.update(figures=values)
    live.explain_flags(1)

    shown = officer.get(f"/work/reviews/{entry.pk}/").content.decode()
    answer = officer.post(f"/work/reviews/{entry.pk}/approve/", {"version": "1", "opinion": "同意"})

    assert "说明不能代替改正，请退回有关数据" in shown
    assert re.search(r'<button class="btn btn-primary hm-button" type="submit" disabled>通过</button>', shown)
    assert "（现为110，大于100）" in answer.content.decode()
    assert state(live, 1) == "submitted"


def test_an_approval_of_another_version_than_was_looked_at_is_refused(live, officer):
    live.explain_flags(1)

    answer = officer.post(review(live, 1, "approve/"), {"version": "2", "opinion": "同意"})

    assert answer.status_code == 409
    assert "有变化" in answer.content.decode()
    assert state(live, 1) == "submitted"


def test_an_approved_entry_takes_no_correction_and_no_second_review(live, officer):
    live.approve(1)

    assert (
        officer.post(
            review(live, 1, "return/"), {"fields": ["area"], "message": "x", "version": "1"}
        ).status_code
        == 409
    )
    assert officer.post(review(live, 1, "approve/"), {"version": "1", "opinion": "x"}).status_code == 409
    assert state(live, 1) == "approved"


def test_named_fields_are_returned_with_a_message_and_the_deadline_is_shown(live, officer):
    page = officer.get(review(live, 1)).content.decode()
    assert "2025年4月18日（周五）18:00前补正（还剩3天）" in page

    nothing = officer.post(review(live, 1, "return/"), {"message": "请核对", "version": "1"})
    no_word = officer.post(review(live, 1, "return/"), {"fields": ["area"], "version": "1"})
    unknown = officer.post(review(live, 1, "return/"), {"fields": ["x"], "message": "请核对", "version": "1"})
    done = officer.post(
        review(live, 1, "return/"), {"fields": ["area", "roster"], "message": "请核对面积", "version": "1"}
    )

    assert [each.status_code for each in (nothing, no_word, unknown, done)] == [422, 422, 409, 302]
    assert "请核对" in nothing.content.decode()
    assert re.search(r'value="area" form="return" checked', no_word.content.decode())
    given = PreliminaryReview.objects.get()
    assert (given.fields, given.opinion, state(live, 1)) == (["area", "roster"], "请核对面积", "returned")


def test_refusing_is_a_page_of_its_own_that_asks_for_reason_and_name(live, officer):
    page = officer.get(review(live, 1, "refuse/")).content.decode()
    without_reason = officer.post(review(live, 1, "refuse/"), {"name": "示例1号孵化器", "version": "1"})
    wrong_name = officer.post(
        review(live, 1, "refuse/"), {"name": "示例1号", "reason": "场地无法核实", "version": "1"}
    )

    assert "涉及1家机构" in page
    assert (without_reason.status_code, wrong_name.status_code, state(live, 1)) == (422, 422, "submitted")
    assert "场地无法核实" in wrong_name.content.decode()

    officer.post(
        review(live, 1, "refuse/"), {"name": "示例1号孵化器", "reason": "场地无法核实", "version": "1"}
    )
    assert (state(live, 1), PreliminaryReview.objects.get().opinion) == ("refused", "场地无法核实")


def test_earlier_versions_are_read_and_not_acted_on(live, officer):
    entry = live.entries[1]
    preliminary_reviews.return_fields(
        entry=entry, fields=["area"], opinion="核对", actor=officer_of("示例市"), at=AT
    )
    submissions.correct(
        entry=entry, figures=figures(area="777"), signed_by="示例", actor=institution_actor(entry), at=AT
    )

    now = officer.get(review(live, 1)).content.decode()
    earlier = officer.get(f"{review(live, 1)}?version=1").content.decode()

    assert "777" in now
    assert 'id="decide"' in now
    assert "777" not in earlier
    assert 'id="decide"' not in earlier
    assert officer.get(f"{review(live, 1)}?version=9").status_code == 404


def test_whose_enterprise_it_also_is_is_told_only_within_reach(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    row = {"enterprise": "示例7号有限公司", "credit_code": "", "status": "tenant"}
    for serial in live.entries:
        entry = live.entries[serial]
        submissions.submit(
            entry=entry, figures=figures(tenants="1"), roster=[row], signed_by="示例",
            actor=institution_actor(entry), at=DATES["call_at"],
        )  # fmt: skip
    page = visitor().get(review(live, 1)).content.decode()

    assert page.count("企业重复申报") >= 2
    assert "示例2号孵化器" in page
    assert "示例3号孵化器" not in page
    assert "示例2号孵化器" not in visitor("channel", "示例盟").get(review(live, 3)).content.decode()


# ---- many at once ---------------------------------------------------------------------------------------------


def letter(content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile("推荐函.pdf", content, content_type="application/pdf")


def chosen(live, *serials: int) -> list[str]:
    return [f"{live.entries[serial].pk}:1" for serial in serials]


def test_many_are_listed_then_approved_under_the_sealed_letter(live, officer):
    live.explain_flags(1)
    live.explain_flags(2)
    address = f"{queue(live)}approval/"
    page = officer.get(address, {"entry": chosen(live, 1, 2, 3)}).content.decode()

    assert "将通过以下2家机构" in page
    assert "示例3号孵化器" not in page
    without = officer.post(address, {"entry": chosen(live, 1, 2), "opinion": "同意"})
    assert (without.status_code, state(live, 1)) == (422, "submitted")

    done = officer.post(address, {"entry": chosen(live, 1, 2), "opinion": "同意上报", "letter": letter()})
    assert (done.status_code, state(live, 1), state(live, 2), state(live, 3)) == (
        302,
        "approved",
        "approved",
        "submitted",
    )
    kept = officer.get(review(live, 1, "letter/"))
    assert (kept.content, kept.headers["Content-Disposition"][:10]) == (PDF, "attachment")
    assert visitor("channel", "示例盟").get(review(live, 1, "letter/")).status_code == 404


def test_a_list_that_changed_since_is_not_approved_in_part(live, officer):
    live.explain_flags(1)

    answer = officer.post(
        f"{queue(live)}approval/", {"entry": chosen(live, 1, 2), "opinion": "同意", "letter": letter()}
    )

    assert (answer.status_code, state(live, 1)) == (409, "submitted")
    assert "将通过以下1家机构" in answer.content.decode()


def test_a_letter_that_is_none_is_refused(live, officer):
    live.explain_flags(1)

    answer = officer.post(
        f"{queue(live)}approval/", {"entry": chosen(live, 1), "opinion": "同意", "letter": letter(b"<html>")}
    )

    assert (answer.status_code, state(live, 1)) == (409, "submitted")


# ---- a flag that comes up after the approval ------------------------------------------------------------------


def test_a_late_flag_is_shown_in_to_do_queue_and_review_and_explained_while_the_papers_stay_locked(
    live, officer
):
    live.approve(1)
    live.approve(2)
    StatisticsReturn.objects.create(
        entry=live.entries[1], round=live.round, figures={"area": "9"}, file="年报.csv", digest="a" * 64,
        imported_by="dep-1", imported_at=AT,
    )  # fmt: skip
    narrowed = f"{queue(live)}?standing=approved&flags=open"

    todo = officer.get("/work/").content.decode()
    listed = officer.get(narrowed).content.decode()
    page = officer.get(review(live, 1)).content.decode()

    assert "1家已通过的机构出现新疑点，待说明" in todo
    assert narrowed.replace("&", "&amp;") in todo
    assert set(names(listed)) == {"示例1号孵化器"}
    assert "通过后新出现，请说明" in listed
    assert "通过之后出现1条新疑点" in page
    # Only the new one has a form: what was said before stands as it was approved.
    assert page.count('name="explanation"') == 1
    assert "补充或更改说明" not in page
    assert "示例1号孵化器" in visitor("department", "").get(f"/work/rounds/{live.round.pk}/").content.decode()

    [key] = re.findall(r'name="flag" value="([^"]+)"', page)
    answer = officer.post(review(live, 1, "flags/"), {"flag": key, "explanation": "统计口径不同"})
    after = officer.get(review(live, 1)).content.decode()

    assert (answer.status_code, state(live, 1)) == (302, "approved")
    assert "通过之后出现" not in after
    assert 'name="explanation"' not in after
    assert "没有待审材料" in officer.get("/work/").content.decode()


def test_the_board_says_which_approved_entry_holds_the_stage_up(live):
    for serial in (1, 2, 3):
        live.approve(serial)
    StatisticsReturn.objects.create(
        entry=live.entries[1], round=live.round, figures={"area": "9"}, file="年报.csv", digest="a" * 64,
        imported_by="dep-1", imported_at=AT,
    )  # fmt: skip
    department = visitor("department", "")

    board = department.get(f"/work/rounds/{live.round.pk}/").content.decode()

    assert "初审已通过，此后新出现的1条疑点未说明" in board
    assert "示例1号孵化器" in board


def test_a_refusal_on_a_chinese_page_is_chinese_and_says_what_to_do(live, officer):
    live.approve(1)
    [said, *_] = cross_checks.flag_states(live.entries[1])
    form = {"flag": said.flag.key, "explanation": "再说一遍"}

    zh = officer.post(review(live, 1, "flags/"), form).content.decode()
    en = officer.post("/en" + review(live, 1, "flags/"), form).content.decode()

    assert "初审已通过，材料已锁定，不能再改动。材料确有错误的，请联系科技厅。" in zh
    assert "approval locks it" not in zh
    assert "Approval locked these papers" in en


# ---- absences -------------------------------------------------------------------------------------------------


def test_why_nothing_came_is_asked_for_and_kept(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    live.submit(2)
    live.close_stage("submission_closes_at")
    officer = visitor()
    task = [each.what for each in todo_of(officer_of("示例市"), at=AT)]

    assert task == ["review", "explain_absences"]
    assert "请说明未参加原因" in officer.get(queue(live)).content.decode()
    assert officer.post(review(live, 1, "absence/"), {"reason": ""}).status_code == 409
    officer.post(review(live, 1, "absence/"), {"reason": "停业整顿"})

    assert Absence.objects.get().reason == "停业整顿"
    assert [each.what for each in todo_of(officer_of("示例市"), at=AT)] == ["review"]


# ---- the statistics return ------------------------------------------------------------------------------------


def sheet(text: str) -> io.BytesIO:
    file = io.BytesIO(text.encode())
    file.name = "年报.csv"
    return file


def test_a_return_is_shown_first_and_kept_when_asked(live, officer):
    address = f"/work/rounds/{live.round.pk}/statistics/"
    shown = officer.post(
        address, {"kind": "incubator", "file": sheet("名称,总面积\n示例1号孵化器,5000\n示例3号孵化器,1\n")}
    ).content.decode()

    assert "对应到1家机构" in shown
    assert "1行不属于本次您可导入的机构" in shown
    assert StatisticsReturn.objects.count() == 0
    [signed] = re.findall(r'name="keep" value="([^"]+)"', shown)
    assert visitor("channel", "示例盟").post(address, {"keep": signed}).status_code == 409
    assert officer.post(address, {"keep": signed[:-2] + "xx"}).status_code == 409
    assert officer.post(address, {"keep": signed}).status_code == 302
    assert StatisticsReturn.objects.get().figures == {"area": "5000"}
    assert visitor("institution", "demo-i01").get(address).status_code == 404


def test_bad_cells_are_listed_and_nothing_can_be_kept(live, officer):
    shown = officer.post(
        f"/work/rounds/{live.round.pk}/statistics/",
        {"kind": "incubator", "file": sheet("名称,总面积\n示例1号孵化器,约五千\n")},
    ).content.decode()

    assert "约五千" in shown
    assert "不是数字" in shown
    assert 'name="keep"' not in shown


@pytest.mark.parametrize("upload", [None, "x.docx"])
def test_what_is_no_table_is_refused_in_words(live, officer, upload):
    sent = {"kind": "incubator"}
    if upload:
        sent["file"] = SimpleUploadedFile(upload, b"x")

    answer = officer.post(f"/work/rounds/{live.round.pk}/statistics/", sent)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


# ---- in English -----------------------------------------------------------------------------------------------


def test_the_pages_are_there_in_english(live, officer):
    page = officer.get(f"/en{queue(live)}").content.decode()
    one = officer.get(f"/en{review(live, 1)}").content.decode()

    assert "Waiting for review" in page
    assert "which can hardly be" in one
    assert officer.get(f"/en{review(live, 1, 'refuse/')}").status_code == 200
