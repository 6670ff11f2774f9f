"""A round from the call to locked approvals, through the pages alone: six institutions, two channels, one department.

One story, in the order of its days. Nobody in it touches anything but a browser; the rows are looked at when it is
over.
"""

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from begin_before_any_round import CHANNELS, INSTITUTIONS
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from hatchmark.domain.credit_codes import check_character
from hatchmark.services.demonstration import PASSWORD

YEAR = 2026
PIECE = 4 * 1024 * 1024
REPORT = "示例审计报告.pdf"
SAVED = re.compile("草稿已保存")
BY_EXCEL, RETURNED, LATE, ABSENT, DEFERRED, BROKEN_OFF = INSTITUTIONS
CHANNEL_OF = dict(zip(INSTITUTIONS, ["ch-01"] * 3 + ["ch-02"] * 3, strict=True))

# Every figure that the form asks for, in its unit; what is not here is typed as 0.
FIGURES = {
    "area": "12000",
    "area_firms": "9000",
    "area_public": "1500",
    "staff": "20",
    "staff_professional": "16",
    "fund": "5000",
    "tenants": "3",
    "graduates": "1",
    "graduates_total": "9",
    "firms_financed": "1",
    "firms_ip": "3",
    "firms_tech": "2",
    "firms_income": "5700",
    "firms_income@last": "5000",
    "mentors": "12",
    "platforms": "2",
    "events": "24",
    "income": "3200",
    "income_service": "1800",
    "radiation": "2",
    "honours": "1",
}


class Town:
    """Everybody at a browser of their own, at one site whose clock somebody sets."""

    def __init__(self, browser: Browser, site: str, pictures: Path) -> None:
        self.browser = browser
        self.site = site
        self.pictures = pictures
        self.contexts: dict[str, BrowserContext] = {}

    def at(self, username: str) -> Page:
        """A window of this person, on the to-do page; signed in with the password where nobody is yet."""
        if username not in self.contexts:
            self.contexts[username] = self.browser.new_context(
                viewport={"width": 1280, "height": 900}, locale="zh-CN", base_url=self.site
            )
            self.contexts[username].set_default_timeout(20_000)
        page = self.contexts[username].new_page()
        page.goto("/work/")
        if page.locator("#id_login").count():
            page.fill("#id_login", username)
            page.fill("#id_password", PASSWORD)
            page.locator("form:has(#id_login) button[type=submit]").click()
            page.wait_for_url("**/work/")
        return page

    def it_is(self, moment: str) -> None:
        """Set the clock of the site, on its page."""
        page = self.at("dep-1")
        page.get_by_role("link", name="调整演示时间").click()
        page.fill("#moment", moment)
        page.get_by_role("button", name="拨到这一时刻").first.click()
        expect(page.locator("#moment")).to_have_value(moment)
        page.close()

    def picture(self, page: Page, name: str, *, height: int = 900) -> None:
        """Leave a picture of the upper part of a page, `height` pixels of it, for a person to look at."""
        page.set_viewport_size({"width": 1280, "height": height})
        page.evaluate("window.scrollTo(0, 0)")
        page.screenshot(path=self.pictures / f"round-{name}.png")
        page.set_viewport_size({"width": 1280, "height": 900})

    def close(self) -> None:
        for context in self.contexts.values():
            context.close()


@pytest.fixture
def town(browser: Browser, site_before_any_round: tuple[str, Path], picture: Path) -> Iterator[Town]:
    made = Town(browser, site_before_any_round[0], picture.parent)
    # Whoever waits for a page waits for a server that others' tests keep busy too.
    expect.set_options(timeout=20_000)
    yield made
    expect.set_options(timeout=5_000)
    made.close()


@pytest.fixture
def database(site_before_any_round: tuple[str, Path]) -> Path:
    return site_before_any_round[1]


def told(page: Page) -> Locator:
    """What the page says was done."""
    return page.locator(".hm-told")


# ---- the department ----------------------------------------------------------------------------------------


def open_the_round(town: Town) -> None:
    page = town.at("dep-1")
    page.get_by_role("link", name="年度评价").first.click()
    page.get_by_role("link", name=f"启动{YEAR}年度评价").click()
    page.get_by_label("科技企业孵化器").select_option("nmg/incubator-2020")
    # Nothing is chosen by itself; no makerspace takes part this year.
    expect(page.get_by_label("众创空间")).to_have_value("")
    page.locator("#f-vocabulary").select_option("nmg-2021")
    page.locator("#f-submission_closes_at").fill(f"{YEAR}-03-31")
    page.locator("#f-preliminary_review_closes_at").fill(f"{YEAR}-04-17")
    page.get_by_label("依据文件").fill("示例评价办法 | 示例〔2026〕1号")
    page.get_by_label("主送单位").fill("\n".join(CHANNELS.values()))
    page.get_by_role("button", name="生成名单").click()

    for code, name in INSTITUTIONS.items():
        channel = CHANNELS[CHANNEL_OF[code]]
        page.locator("#new_name").fill(name)
        page.locator("#new_operators").fill(f"{name}运营有限公司")
        page.locator("#new_channel").fill(channel)
        page.locator("#new_channel_type").select_option("league_city")
        page.locator("#new_reason").fill("示例：新认定")
        page.get_by_role("button", name="补列", exact=True).click()
        expect(page.locator(".hm-due-list")).to_contain_text(name)
    expect(page.locator(".hm-total")).to_contain_text("6 家机构应评，涉及2个主管部门")
    page.get_by_label(f"请输入年度 {YEAR} 确认").fill(str(YEAR))
    page.get_by_role("button", name=f"启动{YEAR}年度评价").click()
    expect(told(page)).to_contain_text(f"已启动{YEAR}年度评价，6家机构列入名单")
    page.close()


def go_to_the_board(town: Town) -> Page:
    page = town.at("dep-1")
    page.locator(".hm-task").filter(has_text=f"{YEAR}年度评价").get_by_role("link").click()
    expect(page.locator("h1")).to_have_text(f"{YEAR}年度评价进度")
    return page


def move_on_to(town: Town, stage: str) -> Page:
    page = go_to_the_board(town)
    page.get_by_role("link", name=f"进入{stage}").click()
    page.get_by_label(f"请输入年度 {YEAR} 确认").fill(str(YEAR))
    page.get_by_role("button", name=f"进入{stage}").click()
    expect(told(page)).to_contain_text(f"已进入{stage}")
    return page


def grant_more_time(town: Town, institution: str, until: str) -> None:
    page = go_to_the_board(town)
    page.get_by_role("link", name=INSTITUTIONS[institution]).first.click()
    page.get_by_role("link", name="为该机构延长期限").click()
    expect(page.locator("#f-entry option:checked")).to_contain_text(INSTITUTIONS[institution])
    page.locator("#f-deadline").select_option("submission_closes_at")
    page.locator("#f-until").fill(until)
    page.locator("#f-reason").fill("示例：财务软件故障")
    page.get_by_role("button", name="延长期限").click()
    expect(told(page)).to_contain_text(f"{INSTITUTIONS[institution]}：期限延至")
    page.close()


def grant_the_deferral(town: Town, institution: str) -> None:
    page = town.at("dep-1")
    page.locator(".hm-task").filter(has_text="1件申请待答复").get_by_role("link").click()
    page.get_by_role("link", name=INSTITUTIONS[institution]).click()
    expect(page.locator("main")).to_contain_text("该机构本年度不参加评价")
    page.locator("#f-reason").fill("示例：同意")
    page.get_by_role("button", name="同意", exact=True).click()
    expect(page.locator("main")).to_contain_text("同意")
    page.close()


# ---- an institution ----------------------------------------------------------------------------------------


def go_to_the_form(town: Town, institution: str) -> Page:
    page = town.at(institution)
    page.locator(".hm-task").filter(has_text=INSTITUTIONS[institution]).get_by_role("link").click()
    expect(page.locator("h1")).to_have_text(f"{YEAR}年度申报材料")
    return page


def papers(page: Page, what: str) -> None:
    """Go from the form to the roster, or to the evidence."""
    page.get_by_role("link", name=what).first.click()
    expect(page.locator("h1")).to_contain_text(what)


def field(page: Page, code: str) -> Locator:
    return page.locator(f'[name="value.{code}"]')


def fill_in(page: Page, **changes: str) -> None:
    """Type every figure, and wait until the page says that it is saved."""
    codes = [
        name.removeprefix("value.")
        for name in page.locator(".hm-value").evaluate_all("all => all.map(each => each.name)")
    ]
    assert set(FIGURES) <= set(codes)
    for code in codes:
        field(page, code).fill({**FIGURES, **changes}.get(code, "0"))
    expect(page.locator("#checks")).to_contain_text(f"已填{len(codes)}项，共{len(codes)}项")
    expect(page.locator("#saved")).to_have_text(SAVED)


def hand_in(page: Page, version: int) -> None:
    page.get_by_role("link", name="核对并提交").click()
    page.get_by_label("填报负责人").fill("示例李某")
    page.get_by_label("本单位承诺").check()
    page.get_by_role("button", name=f"提交第{version}版").click()
    expect(page.locator("h1")).to_have_text("接收回执")
    expect(told(page)).to_contain_text(f"第{version}版已提交")


def credit_code(number: int) -> str:
    body = f"91150100MA{number:07}"
    return body + check_character(body)


def roster_rows() -> list[dict[str, Any]]:
    common = {"状态": "在孵", "高新技术企业": "否", "科技型中小企业": "是", "获得投融资": "否"}
    tenants = [
        {
            **common,
            "企业名称": f"示例在孵{n}号科技有限公司",
            "统一社会信用代码": credit_code(n),
            "成立日期": "2024-05-24",
            "入驻日期": "2024-12-09",
            "有效知识产权数": n,
            "营业收入": "1900",
            "从业人员": 10 + n,
            "科技型中小企业": "是" if n < 3 else "否",
            "获得投融资": "是" if n == 1 else "否",
        }
        for n in (1, 2, 3)
    ]
    graduate = {
        **common,
        "企业名称": "示例毕业科技有限公司",
        "统一社会信用代码": credit_code(9),
        "状态": "毕业",
        "成立日期": "2022-05-24",
        "入驻日期": "2022-12-09",
        "毕业日期": "2025-11-20",
        "有效知识产权数": 4,
        "营业收入": "8800",
        "从业人员": 40,
    }
    return [*tenants, graduate]


def write_sheet(path: Path, rows: list[dict[str, Any]]) -> None:
    """Fill in the downloaded template below its example, as somebody at Excel would."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    heads = {str(cell.value).split("（")[0].strip(" *"): cell.column for cell in sheet[1] if cell.value}
    for number, row in enumerate(rows, start=3):
        for head, value in row.items():
            column = next(place for name, place in heads.items() if name.startswith(head))
            sheet.cell(row=number, column=column, value=value)
    book.save(path)


def roster_by_excel_with_three_bad_cells(page: Page, folder: Path) -> None:
    papers(page, "企业名单")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载空白模板").click()
    sheet = folder / "名单.xlsx"
    waiting.value.save_as(sheet)
    good = roster_rows()
    bad = [dict(row) for row in good]
    bad[0]["统一社会信用代码"] = good[0]["统一社会信用代码"][:-1]
    bad[1]["入驻日期"] = "去年"
    bad[2]["营业收入"] = "190万元"
    write_sheet(sheet, bad)

    page.get_by_role("link", name="从Excel导入").click()
    page.set_input_files("#file", sheet)
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_role("alert")).to_contain_text("文件里有3处需要改正，什么都没有保存")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载标注好的表格").click()
    marked = folder / "标注.xlsx"
    waiting.value.save_as(marked)
    book = openpyxl.load_workbook(marked)
    commented = {
        cell.value for row in book.worksheets[0].iter_rows(min_row=2) for cell in row if cell.comment
    }
    assert commented == {bad[0]["统一社会信用代码"], "去年", "190万元"}

    mended = {
        bad[0]["统一社会信用代码"]: good[0]["统一社会信用代码"],
        "去年": good[1]["入驻日期"],
        "190万元": good[2]["营业收入"],
    }
    for row in book.worksheets[0].iter_rows(min_row=2):
        for cell in row:
            if cell.value in mended:
                cell.value = mended[cell.value]
    book.save(marked)
    page.set_input_files("#file", marked)
    page.get_by_role("button", name="上传并检查").click()
    expect(page.locator(".hm-change-counts")).to_contain_text(re.compile(r"新增\s*4\s*修改\s*0\s*移出\s*0"))
    page.get_by_role("button", name="确认保存").click()
    expect(told(page)).to_contain_text("已导入：新增4家，修改0家，移出0家。")


def upload_that_breaks_off_and_goes_on(town: Town, institution: str, page: Page, path: Path) -> None:
    """The third piece never arrives, the window is closed; another day the same file is chosen again, and goes on."""
    papers(page, "佐证材料")
    sent: list[int] = []

    def lose_from_the_third_on(route: Route) -> None:
        if route.request.method != "PUT":
            route.continue_()
            return
        sent.append(int(route.request.headers["upload-offset"]))
        if len(sent) > 2:
            route.abort()
        else:
            route.continue_()

    page.route("**/evidence/*/content", lose_from_the_third_on)
    page.set_input_files("#file", path)
    page.get_by_role("button", name="上传").click()
    expect(page.locator(".hm-upload-lost")).to_contain_text("连接中断，正在重试")
    address = page.url
    page.close(run_before_unload=False)
    assert sent[:3] == [0, PIECE, 2 * PIECE]

    again = town.at(institution)
    again.goto(address)
    row = again.get_by_role("row").filter(has_text=path.name)
    expect(row).to_contain_text("未传完：8.0 MB，共12 MB")
    again.set_input_files("#file", path)
    again.get_by_role("button", name="上传").click()
    expect(row).to_contain_text("尚未提交", timeout=30_000)
    with again.expect_download() as waiting:
        row.get_by_role("link", name="下载").click()
    assert waiting.value.path().read_bytes() == path.read_bytes()
    again.close()


def one_draft_in_two_windows(town: Town, institution: str) -> None:
    """What is typed in either window is there afterwards, in both."""
    one, other = go_to_the_form(town, institution), go_to_the_form(town, institution)
    field(one, "area").fill("11111")
    expect(one.locator("#saved")).to_have_text(SAVED)
    field(other, "mentors").fill("7")
    expect(other.locator("#saved")).to_have_text(SAVED)
    field(one, "staff").fill("21")
    expect(one.locator("#saved")).to_have_text(SAVED)
    for window in (one, other):
        window.reload()
        expect(field(window, "area")).to_have_value("11111")
        expect(field(window, "mentors")).to_have_value("7")
        expect(field(window, "staff")).to_have_value("21")
        window.close()


def ask_to_be_deferred(town: Town, institution: str) -> None:
    page = town.at(institution)
    page.get_by_role("link", name="申请", exact=True).click()
    page.get_by_role("link", name=f"申请暂缓{YEAR}年度评价").click()
    page.locator("#f-reason").fill("示例：场地改造，暂停运营")
    page.get_by_role("button", name="提交申请").click()
    expect(told(page)).to_contain_text("申请已提交，等待科技厅答复")
    page.close()


# ---- a channel ---------------------------------------------------------------------------------------------


def go_to_the_queue(town: Town, officer: str) -> Page:
    page = town.at(officer)
    page.get_by_role("link", name="初审", exact=False).first.click()
    if page.locator(".hm-task").count():
        page.locator(".hm-task").get_by_role("link").first.click()
    expect(page.locator("h1")).to_contain_text(str(YEAR))
    return page


def go_to_the_review(town: Town, institution: str) -> Page:
    page = go_to_the_queue(town, CHANNEL_OF[institution])
    page.get_by_role("link", name=INSTITUTIONS[institution], exact=True).click()
    expect(page.locator("h1")).to_have_text(INSTITUTIONS[institution])
    return page


def explain_every_flag(page: Page) -> int:
    """Say a word to each flag that wants one; approval is not offered before that. Return how many there were."""
    said = 0
    while (forms := page.locator(".hm-flag-open .hm-flag-form")).count():
        left = forms.count()
        expect(page.locator("#decide").get_by_role("button", name="通过", exact=True)).to_be_disabled()
        forms.first.get_by_label("情况说明").fill("示例：已向机构核实，数据无误")
        forms.first.get_by_role("button", name="保存说明").click()
        expect(told(page)).to_contain_text("说明已保存")
        expect(forms).to_have_count(left - 1)
        said += 1
    return said


def approve(page: Page, name: str) -> None:
    explain_every_flag(page)
    page.locator("#decide").get_by_role("button", name="通过", exact=True).click()
    expect(told(page)).to_contain_text(f"已通过：{name}")


def rows_of(database: Path, question: str, *values: object) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as read:
        return read.execute(question, values).fetchall()


def the_round_is_called(town: Town) -> None:
    open_the_round(town)
    waiting = town.at(BY_EXCEL)
    expect(waiting.locator(".hm-task-waiting")).to_contain_text(INSTITUTIONS[BY_EXCEL])
    waiting.close()
    move_on_to(town, "材料申报").close()


def papers_are_handed_in(town: Town, tmp_path: Path) -> None:
    """10 March: they fill in, and hand in."""
    town.it_is(f"{YEAR}-03-10T10:00")
    page = go_to_the_form(town, BY_EXCEL)
    form = page.url
    roster_by_excel_with_three_bad_cells(page, tmp_path)
    page.goto(form)
    fill_in(page)
    hand_in(page, 1)
    town.picture(page, "receipt")
    page.close()

    page = go_to_the_form(town, RETURNED)
    fill_in(page, area="11000", income="32000")
    town.picture(page, "form", height=1000)
    hand_in(page, 1)
    page.close()

    report = tmp_path / REPORT
    report.write_bytes((b"%PDF-1.7\n" + b"".join(bytes([n]) * PIECE for n in (1, 2, 3)))[: 3 * PIECE - 100])
    page = go_to_the_form(town, BROKEN_OFF)
    upload_that_breaks_off_and_goes_on(town, BROKEN_OFF, page, report)
    one_draft_in_two_windows(town, BROKEN_OFF)
    page = go_to_the_form(town, BROKEN_OFF)
    fill_in(page, area="11111", staff="21", mentors="7", tenants="4")
    hand_in(page, 1)
    page.close()

    ask_to_be_deferred(town, DEFERRED)
    grant_the_deferral(town, DEFERRED)
    page = town.at(DEFERRED)
    expect(page.locator(".hm-task")).to_contain_text("已同意暂缓")
    page.close()


def one_gets_more_time(town: Town) -> None:
    """30 March: one cannot be ready in time, and gets more time."""
    town.it_is(f"{YEAR}-03-30T16:00")
    grant_more_time(town, LATE, f"{YEAR}-04-08")


def the_last_hour_is_not_cut_off(town: Town) -> None:
    """31 March, an hour before midnight: nobody's last hour is cut off."""
    town.it_is(f"{YEAR}-03-31T23:00")
    page = go_to_the_board(town)
    expect(page.locator(".hm-now")).to_contain_text("申报窗口开放至")
    expect(page.get_by_role("link", name="进入初审")).to_have_count(0)
    page.close()


def the_window_closes_and_the_review_begins(town: Town) -> None:
    """1 April: the window has closed for all but one."""
    town.it_is(f"{YEAR}-04-01T09:00")
    page = move_on_to(town, "初审")
    expect(page.locator(".hm-now")).to_contain_text("进入下一环节前")
    town.picture(page, "board", height=1100)
    page.close()
    page = go_to_the_form(town, ABSENT)
    expect(page.locator(".hm-note").first).to_contain_text("已过截止时间")
    expect(page.locator(".hm-value")).to_have_count(0)
    page.close()

    page = go_to_the_queue(town, "ch-02")
    page.get_by_role("link", name="请说明未参加原因").click()
    page.get_by_label("原因").fill("示例：已停止运营，正在办理注销")
    page.get_by_role("button", name="保存原因").click()
    expect(told(page)).to_contain_text(f"已说明{INSTITUTIONS[ABSENT]}未参加的原因")
    page.close()

    page = go_to_the_queue(town, "ch-01")
    town.picture(page, "queue")
    expect(page.locator("main")).not_to_contain_text(INSTITUTIONS[BROKEN_OFF])
    page.close()
    page = go_to_the_review(town, BY_EXCEL)
    expect(page.locator("#roster")).to_contain_text("4")
    approve(page, INSTITUTIONS[BY_EXCEL])
    page.close()
    page = go_to_the_review(town, RETURNED)
    town.picture(page, "review", height=1200)
    page.get_by_label("退回孵化器总收入").check()
    page.get_by_label("退回原因").fill("示例：总收入与审计报告不符，请核对单位")
    page.get_by_role("button", name="退回补正").click()
    expect(told(page)).to_contain_text(f"已退回{INSTITUTIONS[RETURNED]}的1项数据")
    page.close()
    page = go_to_the_review(town, BROKEN_OFF)
    expect(page.locator("#evidence")).to_contain_text(REPORT)
    assert explain_every_flag(page) > 0
    approve(page, INSTITUTIONS[BROKEN_OFF])
    page.close()


def the_returned_figure_is_corrected(town: Town) -> None:
    """2 April: just the returned figure is corrected."""
    town.it_is(f"{YEAR}-04-02T09:00")
    page = town.at(RETURNED)
    town.picture(page, "to-do", height=600)
    expect(page.locator(".hm-task").first).to_contain_text("材料被退回")
    page.close()
    page = go_to_the_form(town, RETURNED)
    expect(page.locator(".hm-returned")).to_contain_text("总收入与审计报告不符")
    assert page.locator(".hm-value").evaluate_all("all => all.map(each => each.name)") == ["value.income"]
    field(page, "income").fill("3200")
    expect(page.locator("#saved")).to_have_text(SAVED)
    hand_in(page, 2)
    page.close()


def one_is_late_and_in_time(town: Town) -> Page:
    """8 April: the last day of the extension. Return a window of the form that is left open."""
    town.it_is(f"{YEAR}-04-08T22:00")
    page = go_to_the_form(town, LATE)
    expect(page.locator(".hm-due")).to_contain_text(re.compile(r"还剩11\d分钟"))
    fill_in(page, area="12500", income="2900")
    hand_in(page, 1)
    page.close()
    left_open = go_to_the_form(town, LATE)
    expect(field(left_open, "area")).to_be_visible()
    return left_open


def the_channel_approves_both(town: Town, tmp_path: Path) -> None:
    """The channel approves both together, with its sealed letter."""
    for institution in (RETURNED, LATE):
        page = go_to_the_review(town, institution)
        explain_every_flag(page)
        page.close()
    page = go_to_the_queue(town, "ch-01")
    for institution in (RETURNED, LATE):
        page.get_by_label(f"选择{INSTITUTIONS[institution]}").check()
    page.get_by_role("button", name="通过所选机构").click()
    letter = tmp_path / "示例推荐函.pdf"
    letter.write_bytes(b"%PDF-1.7\n%%EOF\n")
    page.set_input_files("#letter", letter)
    page.get_by_role("button", name="确认通过2家").click()
    expect(told(page)).to_contain_text("已通过2家机构")
    page.close()


def approval_locks(town: Town, left_open: Page) -> None:
    """Approval locks: for the window that was open meanwhile, and for every other."""
    field(left_open, "area").fill("99999")
    expect(left_open.locator("main")).to_contain_text("材料已通过初审并锁定，不能再修改")
    left_open.close(run_before_unload=False)
    for institution in (BY_EXCEL, RETURNED, LATE, BROKEN_OFF):
        page = go_to_the_form(town, institution)
        expect(page.locator(".hm-note").first).to_contain_text("材料已通过初审并锁定，不能再修改")
        expect(page.locator(".hm-value")).to_have_count(0)
        expect(page.get_by_role("link", name="核对并提交")).to_have_count(0)
        page.close()


def the_department_closes_the_review(town: Town) -> None:
    """The department closes the preliminary review."""
    page = move_on_to(town, "专家评审")
    counted = page.locator(".hm-board-counts").first
    heads = counted.locator("thead th").all_inner_texts()
    cells = counted.locator("tbody tr").first.locator("th, td").all_inner_texts()
    assert dict(zip(heads[1:], cells[1:], strict=True)) == {
        "未提交": "0",
        "已提交，待初审": "0",
        "退回补正": "0",
        "初审通过": "4",
        "初审未通过": "0",
        "同意暂缓": "1",
        "未参加": "1",
        "合计": "6",
    }
    page.close()


def what_is_on_record(database: Path, report: Path) -> None:
    """What the database holds when it is over."""
    states = rows_of(
        database,
        "select i.code, s.version, s.state from db_submission s join db_entry e on s.entry_id = e.id "
        "join db_qualification q on e.qualification_id = q.id join db_institution i on q.institution_id = i.id "
        "order by i.code, s.version",
    )
    assert states == [
        (BY_EXCEL, 1, "approved"),
        (RETURNED, 1, "superseded"),
        (RETURNED, 2, "approved"),
        (LATE, 1, "approved"),
        (BROKEN_OFF, 1, "approved"),
    ]
    [(roster,)] = rows_of(database, "select roster from db_submission order by id limit 1")
    assert [row["enterprise"] for row in json.loads(roster)] == [row["企业名称"] for row in roster_rows()]
    [(digest, received)] = rows_of(database, "select digest, received from db_evidence")
    assert (digest, received) == (hashlib.sha256(report.read_bytes()).hexdigest(), 3 * PIECE - 100)
    assert rows_of(database, "select count(*) from db_absence") == [(1,)]
    assert rows_of(database, "select deadline from db_extension") == [("submission_closes_at",)]
    assert rows_of(database, "select what, ruling from db_request") == [("deferral", "granted")]
    acts = [act for (act,) in rows_of(database, "select act from db_ledgerentry order by sequence")]
    assert acts.count("approve") == 4
    assert {
        "open_round",
        "extend_deadline",
        "rule_deferral",
        "explain_absence",
        "return_fields",
        "correct",
    } <= set(acts)
    assert acts[-1] == "close_preliminary_review"
    [(stage,)] = rows_of(database, "select stage from db_round")
    assert stage == "expert_review"


def test_six_institutions_and_two_channels_from_the_call_to_locked_approvals(
    town: Town, database: Path, tmp_path: Path
):
    the_round_is_called(town)
    papers_are_handed_in(town, tmp_path)
    one_gets_more_time(town)
    the_last_hour_is_not_cut_off(town)
    the_window_closes_and_the_review_begins(town)
    the_returned_figure_is_corrected(town)
    left_open = one_is_late_and_in_time(town)
    the_channel_approves_both(town, tmp_path)
    approval_locks(town, left_open)
    the_department_closes_the_review(town)
    what_is_on_record(database, tmp_path / REPORT)
