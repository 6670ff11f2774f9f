"""The form of a submission in a browser: saved as one types, in two windows, through a lost connection."""

import io
import re
import unicodedata
from collections.abc import Iterator

import pdfplumber
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from hatchmark.services.demonstration import PASSWORD

SAVED = re.compile("草稿已保存")
LOST = re.compile("连接中断，内容已保留，正在重试")


def sign_in(page: Page, site: str, username: str) -> None:
    page.goto(f"{site}/accounts/login/")
    page.fill("#id_login", username)
    page.fill("#id_password", PASSWORD)
    page.locator("form:has(#id_login) button[type=submit]").click()
    page.wait_for_url(re.compile("/work/"))


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    yield made
    made.close()


def open_form(context: BrowserContext, site: str, username: str) -> Page:
    """Sign in, and go where the to-do page leads."""
    page = context.new_page()
    sign_in(page, site, username)
    page.locator(".hm-task a").first.click()
    expect(page.locator("form[data-save]")).to_be_visible()
    return page


def field(page: Page, code: str):
    return page.locator(f'[name="value.{code}"]')


def test_what_is_typed_is_saved_without_a_click_and_remarked_on(
    context: BrowserContext, site_at_submission: str
):
    page = open_form(context, site_at_submission, "demo-m15")

    field(page, "income").fill("3万")
    expect(page.locator("#f-income .hm-fault")).to_contain_text("可能指不同的金额")
    field(page, "income").fill("1250万元")
    page.locator("#f-income button[data-use]").click()
    expect(page.locator("#f-income .hm-entry-beside")).to_contain_text("合1,250万元")
    expect(page.locator("#saved")).to_have_text(SAVED)

    page.reload()
    expect(field(page, "income")).to_have_value("12500")


def test_two_windows_that_type_into_one_field_choose(context: BrowserContext, site_at_submission: str):
    one = open_form(context, site_at_submission, "demo-m28")
    other = context.new_page()
    other.goto(one.url)

    field(one, "area").fill("100")
    expect(one.locator("#saved")).to_have_text(SAVED)
    field(other, "mentors").fill("3")
    field(other, "area").fill("200")
    clash = other.locator("#f-area .hm-clash")
    expect(clash).to_contain_text("100 m²")
    expect(clash).to_contain_text("200 m²")
    expect(other.locator("#saved")).to_have_text(re.compile("有改动尚未保存"))

    clash.get_by_role("button", name="保留我填写的值").click()
    expect(other.locator("#saved")).to_have_text(SAVED)
    expect(clash).to_have_count(0)
    one.reload()
    expect(field(one, "area")).to_have_value("200")
    expect(field(one, "mentors")).to_have_value("3")

    field(one, "area").fill("300")
    expect(one.locator("#saved")).to_have_text(SAVED)
    field(other, "area").fill("400")
    other.locator("#f-area .hm-clash").get_by_role("button", name="采用已保存的值").click()
    expect(field(other, "area")).to_have_value("300")
    expect(other.locator("#saved")).to_have_text(SAVED)


def test_a_lost_connection_keeps_what_is_typed_and_saves_it_later(
    context: BrowserContext, site_at_submission: str
):
    page = open_form(context, site_at_submission, "demo-m29")

    context.set_offline(True)
    field(page, "area").fill("1234")
    expect(page.locator("#lost")).to_have_text(LOST)
    field(page, "mentors").fill("5")
    expect(page.locator("#saved")).to_have_text(re.compile("有改动尚未保存"))

    context.set_offline(False)
    expect(page.locator("#lost")).to_be_hidden(timeout=30_000)
    expect(page.locator("#saved")).to_have_text(SAVED)
    page.reload()
    expect(field(page, "area")).to_have_value("1234")
    expect(field(page, "mentors")).to_have_value("5")


def test_a_lost_answer_is_no_conflict_with_oneself(context: BrowserContext, site_at_submission: str):
    page = open_form(context, site_at_submission, "demo-m75")
    lost: list[str] = []

    def lose_the_answer(route: Route) -> None:
        route.fetch()  # the server does its work, and nobody hears of it
        lost.append(route.request.url)
        route.abort()

    page.route(re.compile("/save/$"), lose_the_answer, times=1)
    field(page, "area").fill("77")
    expect(page.locator("#lost")).to_have_text(LOST)
    expect(page.locator("#saved")).to_have_text(SAVED, timeout=15_000)

    assert len(lost) == 1
    expect(page.locator(".hm-clash")).to_have_count(0)
    expect(page.locator("#lost")).to_be_hidden()


def test_leaving_asks_only_while_something_is_unsaved(context: BrowserContext, site_at_submission: str):
    page = open_form(context, site_at_submission, "demo-m77")
    asked: list[str] = []

    def stay(dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", stay)
    field(page, "area").press_sequentially("12")
    expect(page.locator("#saved")).to_have_text(SAVED)
    page.reload()
    assert asked == []

    context.set_offline(True)
    field(page, "area").press_sequentially("3")
    expect(page.locator("#lost")).to_have_text(LOST)
    context.set_offline(False)
    page.route(re.compile("/save/$"), lambda route: route.abort())
    page.reload()
    assert asked == ["beforeunload"]


def test_whoever_types_and_goes_on_at_once_loses_nothing_and_is_not_asked(
    context: BrowserContext, site_at_submission: str
):
    page = open_form(context, site_at_submission, "demo-m77")
    page.on("dialog", lambda dialog: pytest.fail(f"asked: {dialog.message}"))

    field(page, "mentors").press_sequentially("31")
    page.get_by_role("link", name="试算得分").click()

    expect(page.locator("h1")).to_have_text("试算得分")
    page.go_back()
    page.reload()
    expect(field(page, "mentors")).to_have_value("31")


def test_a_session_that_ended_goes_on_after_signing_in_elsewhere(
    context: BrowserContext, site_at_submission: str
):
    page = open_form(context, site_at_submission, "demo-m81")
    before = field(page, "area").input_value()
    context.clear_cookies()

    field(page, "area").fill("4321")
    expect(page.locator("#lost")).to_have_text(re.compile("登录已过期，内容已保留在本页"))
    sign_in(context.new_page(), site_at_submission, "demo-m81")

    expect(page.locator("#lost")).to_be_hidden(timeout=40_000)
    expect(page.locator("#saved")).to_have_text(SAVED)
    assert before != "4321"


def test_a_whole_submission_by_keyboard_ends_with_a_receipt(
    context: BrowserContext, site_at_submission: str, picture
):
    page = open_form(context, site_at_submission, "demo-m15")
    count = page.locator(".hm-value").count()
    page.locator(".hm-value").first.focus()
    for _ in range(count):
        page.keyboard.press("Control+a")
        page.keyboard.type("12")
        page.keyboard.press("Tab")  # the status
        page.keyboard.press("Tab")
        # Past the buttons that a remark may have brought, and the help of the next field, to its value.
        for _ in range(4):
            if page.evaluate("document.activeElement.matches('.hm-value, .hm-entry-side button')"):
                break
            page.keyboard.press("Tab")
    expect(page.locator("#checks")).to_contain_text(f"已填{count}项，共{count}项")
    expect(page.locator("#saved")).to_have_text(SAVED)

    page.get_by_role("link", name="核对并提交").click()
    page.get_by_label("填报负责人").focus()
    page.keyboard.type("示例李某")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_have_text("接收回执")
    expect(page.locator(".hm-told")).to_contain_text("第1版已提交")
    page.screenshot(path=picture, full_page=True)
    page.get_by_role("link", name="公开查验页").click()
    expect(page.locator("h1")).to_have_text("回执真实，版本有效")


def test_every_printed_sheet_of_a_version_bears_its_digest_and_hides_no_figure(
    context: BrowserContext, site_at_submission: str
):
    page = context.new_page()
    sign_in(page, site_at_submission, "demo-i02")
    page.get_by_role("link", name="历年材料").click()
    page.get_by_role("link", name="第1版").click()
    digest = page.locator(".hm-dl code").inner_text()
    titles = page.locator(".hm-listed tbody th").all_inner_texts()

    with pdfplumber.open(io.BytesIO(page.pdf(format="A4"))) as printed:
        sheets = ["".join((sheet.extract_text() or "").split()) for sheet in printed.pages]

    assert len(sheets) > 1
    assert all(digest in sheet for sheet in sheets)
    assert len(titles) == 25
    # Chromium prints some characters as their twins among the radicals.
    assert all(
        unicodedata.normalize("NFKC", each) in unicodedata.normalize("NFKC", "".join(sheets))
        for each in titles
    )


@pytest.mark.parametrize("width", [1280, 390])
def test_a_form_full_of_remarks_fits_its_window(
    context: BrowserContext, site_at_submission: str, width: int, picture
):
    page = open_form(context, site_at_submission, "demo-m28")
    page.set_viewport_size({"width": width, "height": 900})
    for code, text in {
        "income": "12,5O0",
        "area": "9" * 60,
        "mentors": "3万",
        "workstations": "很多很多" * 40,
    }.items():
        field(page, code).fill(text)
    expect(page.locator(".hm-entry-notes .hm-fault")).to_have_count(4)
    expect(page.locator("#checks .hm-checks li")).to_have_count(4)
    page.screenshot(path=picture, full_page=True)

    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
