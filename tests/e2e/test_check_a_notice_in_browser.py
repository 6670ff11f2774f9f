"""核对通知 in a browser: a dropped file, its findings beside its text; without a script, and by keyboard too."""

import json
import re
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

sys.path.insert(0, str(Path(__file__).parents[1] / "documents" / "notice_files"))
try:
    from seed_notice import as_text
finally:
    sys.path.pop(0)

WIDTHS = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.fixture(params=sorted(WIDTHS))
def window(request: pytest.FixtureRequest, browser: Browser) -> Page:
    context = browser.new_context(viewport=WIDTHS[request.param], locale="zh-CN")
    request.addfinalizer(context.close)
    return context.new_page()


def drop(page: Page, *, on: str, name: str, content: str) -> None:
    """Let a file fall on an element, as a hand does."""
    held = page.evaluate_handle(
        """([name, content]) => {
            const held = new DataTransfer();
            held.items.add(new File([content], name, {type: 'text/plain'}));
            return held;
        }""",
        [name, content],
    )
    for event in ("dragenter", "dragover", "drop"):
        page.dispatch_event(on, event, {"dataTransfer": held})


def too_wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def test_the_seed_is_dropped_and_its_marks_lead_to_findings_and_back(window: Page, site: str, picture: Path):
    said: list[str] = []
    window.on("console", lambda message: said.append(message.text))
    window.goto(f"{site}/check-a-notice/")

    drop(window, on=".hm-paste summary", name="2021.txt", content=as_text())

    expect(window.locator(".hm-verdict-word strong")).to_have_text("有差异，可以解释")
    window.screenshot(path=picture, full_page=True)
    marks = window.locator("mark.hm-claim-warning")
    assert [re.sub(r"\u2060\d+$", "", text) for text in marks.all_inner_texts()] == [
        "14家众创空间考核结果为优秀",
        "11家众创空间考核结果为良好",
        "14家众创空间考核结果为合格",
        "17家众创空间考核结果为不合格",
        "27家被取消众创空间资格",
        "2家众创空间以科技企业孵化器评价结果作为众创空间考核结果",
        "另外2家众创空间在2022年按科技企业孵化器参加评价",
    ]
    assert window.locator("mark").count() == 15

    marks.nth(1).get_by_role("link").click()
    expect(window.locator("#f1")).to_be_in_viewport()
    window.locator("#f1").get_by_role("link", name="附件2第82行").click()
    expect(window.locator("#t2r82")).to_be_in_viewport()
    expect(window.locator("#t2r82")).to_contain_text("浙江大学包头工业技术研究院众创空间")
    window.locator("#t2r83").get_by_role("link", name="第2条发现").click()
    window.locator("#f2").get_by_role("link", name="正文第9处").click()
    expect(window.locator("#c9")).to_be_in_viewport()
    assert not too_wide(window)
    assert said == []


def test_a_mark_is_reached_by_keyboard(browser: Browser, site: str):
    context = browser.new_context(viewport=WIDTHS["desk"], locale="zh-CN")
    page = context.new_page()
    page.goto(f"{site}/check-a-notice/")
    drop(page, on=".hm-drop", name="2021.txt", content=as_text())
    expect(page.locator("mark")).to_have_count(15)

    page.locator("#c6").focus()
    page.keyboard.press("Tab")
    expect(page.locator("#c7")).to_be_focused()
    expect(page.locator("#c7")).to_have_accessible_name("正文第7处，有发现")
    page.keyboard.press("Enter")
    expect(page.locator("#f1")).to_be_focused()
    context.close()


def test_without_javascript_the_same_is_found_and_its_data_are_saved(
    browser: Browser, site: str, tmp_path: Path
):
    (tmp_path / "2021.txt").write_text(as_text(), "utf-8")
    context = browser.new_context(java_script_enabled=False, viewport=WIDTHS["phone"], locale="zh-CN")
    page = context.new_page()
    page.goto(site)
    page.get_by_role("navigation", name="栏目").get_by_role("link", name="核对通知").click()

    page.get_by_label("选择通知文件").set_input_files(tmp_path / "2021.txt")
    page.get_by_role("button", name="核对", exact=True).click()

    expect(page.locator("mark")).to_have_count(15)
    with page.expect_download() as saved:
        page.get_by_role("link", name="下载核对数据（JSON）").click()
    assert json.loads(Path(saved.value.path()).read_text("utf-8"))["verdict"] == "explained"
    page.get_by_role("link", name="再核对一份").click()
    page.get_by_label("选择通知文件").set_input_files(tmp_path / "2021.txt")
    with page.expect_download() as saved:
        page.get_by_role("button", name="只要核对数据").click()
    assert json.loads(Path(saved.value.path()).read_text("utf-8"))["file"] == "2021.txt"
    context.close()


def test_a_pasted_text_is_checked(window: Page, site: str):
    window.goto(f"{site}/check-a-notice/")
    window.get_by_text("没有文件？粘贴文字").click()
    window.get_by_label("通知全文").fill(as_text())
    window.get_by_role("button", name="核对", exact=True).click()

    expect(window.locator(".hm-verdict-word strong")).to_have_text("有差异，可以解释")
    assert not too_wide(window)


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])
def test_fifty_megabytes_are_refused_by_a_page_and_not_by_a_broken_connection(
    browser: Browser, site: str, tmp_path: Path, scripts: bool
):
    with (tmp_path / "large.txt").open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    context = browser.new_context(java_script_enabled=scripts, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{site}/check-a-notice/")
    page.get_by_label("选择通知文件").set_input_files(tmp_path / "large.txt")
    if not scripts:
        page.get_by_role("button", name="核对", exact=True).click()

    expect(page.locator(".hm-drop .hm-fault")).to_contain_text("文件超过20 MB")
    context.close()


def test_what_a_file_says_is_not_run(window: Page, site: str):
    said: list[str] = []
    window.on("console", lambda message: said.append(message.text))
    window.on("dialog", lambda dialog: said.append(dialog.message))
    window.goto(f"{site}/check-a-notice/")
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    notice = f"关于公布2024年度众创空间{evil}考核结果的通知\n\n示例市科技局：\n\n3家众创空间{evil}考核结果为优秀。\n"
    drop(window, on=".hm-drop", name=f"{evil}.txt".replace("/", ""), content=notice)

    expect(window.locator(".hm-verdict")).to_be_visible()
    assert window.locator("main script, main img").count() == 0
    assert said == []
