"""The pages of an institution, without a script: fill in, check, hand in, correct, withdraw, look back."""

import html
import re
from datetime import timedelta

import pytest
from conftest_services import (
    AUTHORITY,
    DATES,
    FIRST,
    figures,
    live_round_at,
    officer_of,
    open_live_round,
    register_row,
)
from django.test import Client

from hatchmark.db.models import Account, Authority, Draft, Submission
from hatchmark.domain.receipts import PLEDGE
from hatchmark.domain.workflow import Stage
from hatchmark.schemes.loader import shipped
from hatchmark.services import clock, preliminary_reviews, receipts, rounds

__all__ = ["live_round_at"]

AT = DATES["submission_closes_at"] - timedelta(days=2)
REVIEW = DATES["preliminary_review_closes_at"] - timedelta(days=3)
SCHEME = shipped("nmg/incubator-2020")


@pytest.fixture
def at(monkeypatch):
    """Return a function that sets the clock of the site."""

    def set_to(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_to(AT)
    return set_to


def visitor(role="institution", unit="demo-i01", username=None):
    account = Account.objects.create(
        username=username or f"{role}-{unit}",
        name="示例张某",
        role=role,
        unit=unit,
        authority=Authority.objects.get(code=AUTHORITY),
        made_at=AT,
        password_set_at=AT,
    )
    browser = Client(raise_request_exception=False)
    browser.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


@pytest.fixture
def live(live_round_at, at):
    return live_round_at(Stage.SUBMISSION)


def page(live, serial=1, more=""):
    return f"/work/submissions/{live.entries[serial].pk}/{more}"


def body(response):
    return html.unescape(response.content.decode())


def hidden_fields(text):
    """Return every field of the form as a browser would send it back untouched."""
    form = re.search(r'<form method="post" action="[^"]*" class="hm-entry".*?</form>', text, re.S)[0]
    sent = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*?value="([^"]*)"', form))
    for select in re.finditer(r'<select[^>]*name="([^"]+)".*?</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', select[0])
        sent[select[1]] = chosen[1] if chosen else ""
    sent.pop("csrfmiddlewaretoken", None)
    return {name: html.unescape(value) for name, value in sent.items()}


def fill(browser, address, **values):
    """Open the form, type, and save it as a browser without a script does."""
    sent = hidden_fields(browser.get(address).content.decode())
    return browser.post(address, sent | {f"value.{code}": value for code, value in values.items()})


def all_figures(**values):
    return {code: each["value"] for code, each in figures(**values).items()}


def sign(browser, address, **changes):
    seen = re.search(r'name="seen" value="([^"]+)"', browser.get(address).content.decode())
    data = {"seen": seen[1] if seen else "", "signed_by": "示例李某", "pledge": "yes"}
    return browser.post(address, data | changes)


def pointed_at(text):
    """Return every anchor that a link of the page leads to inside it, and every id that is there."""
    return set(re.findall(r'href="#([^"]+)"', text)), re.findall(r' id="([^"]+)"', text)


# ---- the form ---------------------------------------------------------------------------------------------


def test_the_form_asks_for_every_figure_with_its_unit_its_clause_and_its_status(live):
    text = body(visitor().get(page(live)))

    for code, asked in SCHEME.asked.items():
        assert f'name="value.{code}"' in text
        assert f'name="status.{code}"' in text
        assert f">{asked.title}</label>" in text
    assert text.count("没有上年数据") == 1
    assert "已填0项，共25项" in text
    assert 'value="not_applicable"' in text


def test_the_form_holds_together_for_keyboard_and_screen_reader(live):
    browser = visitor()
    fill(browser, page(live), area="3万", tenants="x")
    text = browser.post(page(live), hidden_fields(browser.get(page(live)).content.decode())).content.decode()
    anchors, ids = pointed_at(text)

    assert len(ids) == len(set(ids))
    assert anchors <= set(ids)
    labelled = set(re.findall(r'<label for="([^"]+)"', text))
    described = {each for group in re.findall(r'aria-describedby="([^"]+)"', text) for each in group.split()}
    inputs = set(re.findall(r'<input class="form-control hm-input hm-value" id="([^"]+)"', text))
    assert len(inputs) == len(SCHEME.asked)
    assert inputs <= labelled
    assert described <= set(ids)
    assert all("aria-label=" in each for each in re.findall(r"<select[^>]*hm-status[^>]*>", text))
    # Enter presses the first button of the form: it saves, and takes nobody's value.
    form = text[text.index('class="hm-entry"') :]
    assert "name=" not in re.search(r"<button[^>]*>", form)[0]
    assert 'name="use"' in form
    assert text.count("autofocus") == 1
    assert not re.search(r" style=| onclick=|<script(?! src)", text)


def test_what_is_typed_is_saved_and_shown_again(live):
    browser = visitor()

    answer = fill(browser, page(live), area="12,500", fund="5398")
    text = body(browser.get(page(live)))

    assert (answer.status_code, answer["Location"]) == (302, page(live))
    assert Draft.objects.get().figures["area"]["value"] == "12,500"
    assert 'value="12,500"' in text
    assert "合539.8万元" in text
    assert "草稿已保存" in text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("12,5O0", "混有像数字的字母"),
        ("１２３", "全角字符"),
        ("NaN", "不是一个确定的数"),
        ("1e5", "科学记数法"),
        ("-5", "不能小于0m²"),
        ("99999999", "不能大于2,000,000m²"),
        ("<b>5</b>", "“<b>5</b>”不是数字"),
        ("7" * 40, "数字有40位"),
        ("1.1234567", "小数最多6位"),
    ],
)
def test_what_cannot_be_is_told_beside_the_field_and_on_top_and_kept(live, typed, said):
    browser = visitor()

    answer = fill(browser, page(live), area=typed, staff="11")
    text = answer.content.decode()

    assert answer.status_code == 422
    assert html.escape(typed) in text
    assert body(answer).count(said) == 3  # on top, beside the field, among the checks
    assert re.search(r'<input[^>]*name="value.area"[^>]*aria-invalid="true" autofocus', text)
    assert Draft.objects.get().figures["area"]["value"] == typed
    assert Draft.objects.get().figures["staff"]["value"] == "11"


def test_ten_thousand_characters_are_shown_again_and_the_rest_is_saved(live):
    browser = visitor()
    long = "长" * 10_000

    answer = fill(browser, page(live), area=long, staff="11")
    text = body(answer)

    assert answer.status_code == 422
    assert long in text
    assert "10000个字符，超过2000个，没有存入草稿" in text
    assert {code: each["value"] for code, each in Draft.objects.get().figures.items() if each["value"]} == {
        "staff": "11"
    }


def test_a_proposed_reading_is_taken_with_one_button(live):
    browser = visitor()
    fill(browser, page(live), area="12,5O0")
    sent = hidden_fields(browser.get(page(live)).content.decode())

    answer = browser.post(page(live), sent | {"use": "area"})

    assert answer.status_code == 302
    assert Draft.objects.get().figures["area"]["value"] == "12500"


def test_two_windows_and_one_field_are_told_apart_and_a_person_chooses(live):
    one, other = visitor(username="one"), visitor(username="two")
    before = hidden_fields(other.get(page(live)).content.decode())
    fill(one, page(live), area="100")

    answer = other.post(page(live), before | {"value.area": "200", "value.staff": "3"})
    text = body(answer)

    assert answer.status_code == 422
    assert "此项已在另一窗口保存（示例张某，" in text
    assert "<dd>100 m²</dd>" in text
    assert "<dd>200 m²</dd>" in text
    stored = Draft.objects.get().figures
    assert (stored["area"]["value"], stored["staff"]["value"]) == ("100", "3")

    shown = hidden_fields(answer.content.decode())
    assert other.post(page(live), shown | {"take": "area"}).status_code == 302
    assert Draft.objects.get().figures["area"]["value"] == "100"
    assert other.post(page(live), shown | {"keep": "area"}).status_code == 302
    assert Draft.objects.get().figures["area"]["value"] == "200"


def test_last_years_value_stands_beside_the_field_with_the_difference(at, db):
    earlier = open_live_round(year=2024, register=[register_row(1, "示例市")])
    entry = earlier.entries.get()
    Submission.objects.create(
        entry=entry,
        version=1,
        state="approved",
        handed_in_at=AT,
        signed_by="示例",
        figures=figures(income="12500", tenants="40"),
        roster=[],
        digest="0" * 64,
    )
    this = open_live_round(year=2025, register=[register_row(1, "示例市")])
    this.stage = Stage.SUBMISSION.value
    this.save()
    browser, address = visitor(), f"/work/submissions/{this.entries.get().pk}/"

    fill(browser, address, income="1300", tenants="50", staff="5")
    text = body(browser.get(address))

    assert "上年12,500千元" in text
    assert "像是以万元为单位；单位应为千元" in text
    assert "改为13000" in text
    assert "较上年+10（+25.0%）" in text
    assert "较上年+5<" in text  # from nothing: no share of it can be said


# ---- saved as one types -----------------------------------------------------------------------------------


def autosave(browser, live, serial=1, **fields):
    return browser.post(
        page(live, serial, "save/"), {name.replace("__", "."): value for name, value in fields.items()}
    )


def test_the_script_saves_a_field_and_hears_what_is_to_be_said_of_it(live):
    answer = autosave(visitor(), live, value__fund="3万", status__fund="reported", was__value__fund="")
    told = answer.json()

    assert answer.status_code == 200
    assert set(told) == {"said", "fields", "parts"}
    assert (told["fields"]["fund"]["kept"], told["fields"]["fund"]["wrong"]) == (True, True)
    assert "可能指不同的金额" in told["fields"]["fund"]["notes"]
    assert "1项有误" in told["parts"]["sections"]
    assert Draft.objects.get().figures["fund"]["value"] == "3万"


def test_a_save_tells_the_whole_standing_of_the_form_and_a_reload_says_the_same(live):
    browser = visitor()
    before = body(browser.get(page(live)))
    total = len(all_figures())

    first = autosave(browser, live, value__fund="3万", status__fund="reported", was__value__fund="").json()
    second = autosave(browser, live, value__area="8000", status__area="reported", was__value__area="").json()
    after = body(browser.get(page(live)))

    assert 'id="standing">尚未申报' in before
    assert "草稿" in first["parts"]["standing"]
    assert "有1项需要改正" in first["parts"]["faults"]
    assert f"已填1项，共{total}项" in first["parts"]["checks"]
    assert f"还有{total - 2}项未填" in second["parts"]["checks"]
    for part in ("standing", "checks", "sections"):
        assert second["parts"][part].strip() in after


def test_a_save_after_handing_in_says_that_the_draft_goes_beyond_the_version(live):
    browser = visitor()
    fill(browser, page(live), **all_figures())
    sign(browser, page(live, more="hand-in/"))

    told = autosave(
        browser, live, value__area="9", status__area="reported",
        was__value__area=all_figures()["area"], was__status__area="reported",
    ).json()["parts"]  # fmt: skip

    assert "第1版" in told["standing"]
    assert "改动尚未提交" in told["changed"]


def test_the_script_hears_what_another_window_saved(live):
    browser = visitor()
    autosave(browser, live, value__area="1", was__value__area="")

    told = autosave(browser, live, value__area="2", was__value__area="").json()["fields"]["area"]

    assert (told["kept"], told["value"], told["status"]) == (False, "1", "reported")
    assert 'data-clash="theirs"' in told["notes"]


def test_the_script_hears_that_it_is_too_late(live, at):
    at(DATES["submission_closes_at"] + timedelta(seconds=1))

    answer = autosave(visitor(), live, value__area="1", was__value__area="")

    assert answer.status_code == 409
    assert answer.json() == {
        "refused": "已过截止时间：2025年3月31日（周一）23:59:59截止，本次操作在2025年4月1日（周二）00:00:00。"
    }


def test_a_save_costs_few_queries_however_many_fields_the_draft_has(live, django_assert_max_num_queries):
    browser = visitor()
    autosave(browser, live, value__area="1", was__value__area="")

    for before, now in (("1", "2"), ("2", "3")):
        # session, account, clock of the site, entry with its draft, the save, last year
        with django_assert_max_num_queries(6):
            autosave(browser, live, value__area=now, was__value__area=before)
        fill(browser, page(live), **all_figures(area=now))


# ---- the score --------------------------------------------------------------------------------------------


def test_the_preview_tells_the_working_and_what_nobody_knows_yet(live):
    browser = visitor()
    fill(browser, page(live), area="8000")

    text = body(browser.get(page(live, more="score/")))

    assert "已知部分得分 <strong>4.00</strong> <small>/ 4.00</small>" in text
    assert "由专家评分，现在未知" in text
    assert "所用数据未填或有误" in text


# ---- handing in -------------------------------------------------------------------------------------------


def test_what_is_missing_is_listed_before_anything_can_be_signed(live):
    browser = visitor()
    fill(browser, page(live), **{**all_figures(), "area": "", "fund": "0"})

    text = body(browser.get(page(live, more="hand-in/")))

    assert "有1项须先改正" in text
    assert f'href="{page(live)}#f-area"' in text
    assert 'name="seen"' not in text


def test_handing_in_gives_a_receipt(live):
    browser = visitor()
    fill(browser, page(live), **all_figures(tenants="5", firms_ip="6"))
    before = body(browser.get(page(live, more="hand-in/")))

    answer = sign(browser, page(live, more="hand-in/"))
    submission = Submission.objects.get()
    shown = body(browser.get(answer["Location"]))

    assert PLEDGE in before
    assert "拥有有效知识产权的在孵企业不能多于在孵企业" in before  # it warns, and does not block
    assert answer["Location"] == page(live, more="versions/1/receipt/")
    assert submission.signed_by == "示例李某"
    code = receipts.code_of(submission)
    for said in ("第1版已提交，回执如下。", submission.digest, code, "示例李某"):
        assert said in shown


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"signed_by": " "}, "请填写填报负责人的姓名。"),
        ({"signed_by": "示" * 101}, "姓名最多100个字符"),
        ({"pledge": ""}, "请勾选承诺后再提交。"),
    ],
)
def test_a_name_and_the_pledge_are_needed_and_what_was_typed_stays(live, changes, said):
    browser = visitor()
    fill(browser, page(live), **all_figures())

    answer = sign(browser, page(live, more="hand-in/"), **changes)
    text = body(answer)

    assert answer.status_code == 422
    assert text.count(said) == 2
    assert text.count("autofocus") == 1
    assert f'value="{changes.get("signed_by", "示例李某")}"' in text
    assert Submission.objects.count() == 0


def test_a_retry_after_a_lost_answer_leads_to_the_same_receipt(live, at):
    browser = visitor()
    fill(browser, page(live), **all_figures())
    address = page(live, more="hand-in/")
    seen = re.search(r'name="seen" value="([^"]+)"', browser.get(address).content.decode())[1]
    data = {"seen": seen, "signed_by": "示例李某", "pledge": "yes"}

    first = browser.post(address, data)
    at(DATES["submission_closes_at"] + timedelta(minutes=1))
    again = browser.post(address, data)

    assert first["Location"] == again["Location"]
    assert Submission.objects.count() == 1


@pytest.mark.parametrize(("after", "status"), [(0, 302), (1, 409)])
def test_the_last_second_counts_and_the_next_is_refused_with_the_draft_kept(live, at, after, status):
    browser = visitor()
    fill(browser, page(live), **all_figures())
    address = page(live, more="hand-in/")
    seen = re.search(r'name="seen" value="([^"]+)"', browser.get(address).content.decode())[1]

    at(DATES["submission_closes_at"] + timedelta(seconds=after))
    answer = browser.post(address, {"seen": seen, "signed_by": "示例李某", "pledge": "yes"})

    assert answer.status_code == status
    assert (Submission.objects.count(), Draft.objects.count()) == ((1, 0) if status == 302 else (0, 1))
    if status == 409:
        text = body(answer)
        assert (
            "已过截止时间：2025年3月31日（周一）23:59:59截止，本次操作在2025年4月1日（周二）00:00:00。"
            in text
        )
        assert "您的草稿已保留" in text
        assert "示例市" in text


def test_what_changed_in_another_window_is_not_signed_unseen(live):
    browser = visitor()
    fill(browser, page(live), **all_figures())
    address = page(live, more="hand-in/")
    seen = re.search(r'name="seen" value="([^"]+)"', browser.get(address).content.decode())[1]
    fill(browser, page(live), area="5")

    answer = browser.post(address, {"seen": seen, "signed_by": "示例李某", "pledge": "yes"})

    assert answer.status_code == 409
    assert "可能在另一窗口改动或提交过" in body(answer)
    assert Submission.objects.count() == 0


def test_a_change_after_handing_in_says_that_it_is_not_handed_in(live):
    browser = visitor()
    fill(browser, page(live), **all_figures())
    sign(browser, page(live, more="hand-in/"))

    fill(browser, page(live), area="5")

    assert "第1版提交之后，您又改动了草稿" in body(browser.get(page(live)))
    sign(browser, page(live, more="hand-in/"))
    assert [each.state for each in Submission.objects.order_by("version")] == ["superseded", "submitted"]


# ---- withdrawing, correcting, looking back ----------------------------------------------------------------


def test_withdrawing_asks_on_a_page_of_its_own_and_keeps_the_version(live):
    browser = visitor()
    fill(browser, page(live), **all_figures(area="5"))
    sign(browser, page(live, more="hand-in/"))

    asked = browser.get(page(live, more="withdraw/"))
    assert Submission.objects.get().state == "submitted"
    answer = browser.post(page(live, more="withdraw/"))

    assert Submission.objects.get().digest in body(asked)
    assert (answer.status_code, Submission.objects.get().state) == (302, "withdrawn")
    text = body(browser.get(page(live)))
    assert "第1版已撤回。" in text
    assert re.search(r'name="value.area"[^>]*value="5"', text)
    assert browser.post(page(live, more="withdraw/")).status_code == 409


def test_only_what_was_returned_can_be_typed_below_the_opinion(live_round_at, at):
    live = live_round_at(Stage.PRELIMINARY_REVIEW)
    at(REVIEW)
    preliminary_reviews.return_fields(
        entry=live.entries[1],
        fields=["area", "firms_income@last"],
        opinion="示例：场地面积请核对",
        actor=officer_of("示例市"),
        at=REVIEW,
    )
    browser = visitor()

    text = body(browser.get(page(live)))
    assert set(re.findall(r'name="value\.([^"]+)"', text)) == {"area", "firms_income@last"}
    assert text.index("示例：场地面积请核对") < text.index("hm-entry-field")
    forged = browser.post(
        page(live), {"value.tenants": "9", "status.tenants": "reported", "was.value.tenants": "0"}
    )
    assert forged.status_code == 422
    fill(browser, page(live), area="77")
    sign(browser, page(live, more="hand-in/"))

    latest = Submission.objects.filter(entry=live.entries[1]).latest("version")
    assert (latest.version, latest.figures["area"]["value"], latest.figures["tenants"]["value"]) == (
        2,
        "77",
        "0",
    )
    assert "这一项现在不能修改" in body(forged)


def test_what_is_locked_is_shown_and_cannot_be_typed(live_round_at, at):
    live = live_round_at(Stage.PRELIMINARY_REVIEW)
    at(REVIEW)
    live.approve(1)
    browser = visitor()

    answer = browser.get(page(live))
    text = body(answer)

    assert answer.status_code == 200
    assert "材料已通过初审并锁定" in text
    assert 'name="value.area"' not in text
    assert browser.post(page(live), {"value.area": "1", "was.value.area": "0"}).status_code == 409
    assert browser.get(page(live, more="hand-in/")).status_code == 409


def test_every_version_stays_readable_with_its_receipt(live):
    browser = visitor()
    for area in ("5", "6"):
        fill(browser, page(live), **all_figures(area=area))
        sign(browser, page(live, more="hand-in/"))

    history = body(browser.get("/work/history/"))
    first = body(browser.get(page(live, more="versions/1/")))

    assert "已被后一版取代" in history
    assert page(live, more="versions/2/receipt/") in history
    assert "5 m²" in first
    assert Submission.objects.get(version=1).digest in first
    assert "<input" not in re.sub(r'<input type="hidden" name="csrfmiddlewaretoken"[^>]*>', "", first)
    assert browser.post(page(live, more="versions/1/")).status_code == 405


@pytest.mark.parametrize("name", ["receipt.pdf", "form.pdf"])
def test_papers_come_as_attachments(live, name):
    live.submit(1, at=AT)

    answer = visitor().get(page(live, more=f"versions/1/{name}"))

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert answer.content.startswith(b"%PDF-")


def test_the_history_costs_the_same_for_one_year_and_for_many(live, django_assert_num_queries):
    browser = visitor()
    live.submit(1, at=AT)
    browser.get("/work/history/")  # the first request of a session notes when it was used
    with django_assert_num_queries(7):
        browser.get("/work/history/")
    for year in range(2026, 2036):
        for entry in open_live_round(year=year).entries.filter(serial=1):
            Submission.objects.create(
                entry=entry, version=1, state="submitted", handed_in_at=AT, signed_by="示例",
                figures={}, roster=[], digest="0" * 64,
            )  # fmt: skip

    with django_assert_num_queries(7):
        answer = browser.get("/work/history/")

    assert body(answer).count("年度申报材料</a>") == 11


# ---- who sees what ----------------------------------------------------------------------------------------

OWN_PAGES = [
    "",
    "score/",
    "hand-in/",
    "withdraw/",
    "versions/1/",
    "versions/1/receipt/",
    "versions/1/receipt.pdf",
]


@pytest.mark.parametrize("more", OWN_PAGES)
def test_a_page_of_another_is_answered_as_one_that_is_not_there(live, more):
    live.submit(2, at=AT)
    browser = visitor()

    hidden = browser.get(page(live, 2, more))
    absent = browser.get(f"/work/submissions/999999/{more}")

    assert (hidden.status_code, hidden.content) == (404, absent.content)
    assert visitor(unit="demo-i02").get(page(live, 2, more)).status_code == 200


def test_a_draft_of_another_is_not_saved(live):
    browser = visitor()

    answer = browser.post(page(live, 2, "save/"), {"value.area": "1", "was.value.area": ""})

    assert (answer.status_code, Draft.objects.count()) == (404, 0)


def test_a_channel_reads_the_version_and_never_the_draft(live):
    live.submit(1, at=AT)
    channel = visitor("channel", "示例市")

    statuses = {more: channel.get(page(live, 1, more)).status_code for more in OWN_PAGES}

    assert {more for more, status in statuses.items() if status == 200} == {
        more for more in OWN_PAGES if more.startswith("versions/")
    }


def test_whoever_is_not_signed_in_is_asked_to(live):
    answer = Client().get(page(live))

    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/accounts/login/")


# ---- the public page of a receipt -------------------------------------------------------------------------


def test_anybody_checks_a_receipt_and_learns_no_figure(live):
    submission = live.submit(1, at=AT, area="4711")
    code = receipts.code_of(submission)

    asked = Client().get("/receipts/", {"code": code.lower().replace("-", "")})
    answer = Client().get(asked["Location"])
    text = body(answer)

    assert asked["Location"] == f"/receipts/{code}/"
    assert (answer.status_code, submission.digest in text, "示例1号孵化器" in text) == (200, True, True)
    assert "回执真实，版本有效" in text
    assert "4711" not in text
    assert "示例负责人" not in text


def test_a_receipt_of_a_superseded_version_names_the_later_one(live):
    code = receipts.code_of(live.submit(1, at=AT))
    live.submit(1, at=AT, area="5")

    assert "第1版已被第2版取代。" in body(Client().get(f"/receipts/{code}/"))
    assert "superseded by version 2" in body(Client().get(f"/en/receipts/{code}/"))


@pytest.mark.parametrize("code", ["AAAAA-AAAAA-AAAAA-AAAAA-AAAAA", "nonsense", "<b>"])
def test_a_code_of_no_receipt_is_not_found(live, code):
    answer = Client().get(f"/receipts/{code}/")

    assert answer.status_code == 404
    assert "没有这个查验码的回执" in body(answer)


def test_the_call_tells_that_it_is_too_early(live_round_at, at):
    live = live_round_at(Stage.CALL)

    assert "本轮评价尚未开始接收材料" in body(visitor().get(page(live)))


def test_the_english_pages_are_complete(live):
    browser = visitor()
    fill(browser, page(live), **all_figures())
    sign(browser, page(live, more="hand-in/"))

    for more in OWN_PAGES[:-1]:
        assert browser.get("/en" + page(live, more=more)).status_code == 200
    assert "Submission of 2025" in body(browser.get("/en" + page(live)))


def test_closing_the_stage_leaves_the_draft_readable(live, at):
    browser = visitor()
    fill(browser, page(live), area="12,500")
    rounds.close_stage(
        evaluation_round=live.round, actor=FIRST, at=DATES["submission_closes_at"] + timedelta(seconds=1)
    )
    at(REVIEW)

    text = body(browser.get(page(live)))

    assert "已过截止时间" in text
    assert "12,500 m²" in text
