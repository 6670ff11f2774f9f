"""Roster and evidence in a browser: three bad cells are mended, and an upload that breaks off goes on."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, Route, expect

PASSWORD = "Demo-Hatchmark-1"
PIECE = 4 * 1024 * 1024


@pytest.fixture
def institution(browser: Browser, site_at_submission: str, request: pytest.FixtureRequest) -> Page:
    """A page signed in as an institution that is handing in."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, locale="zh-CN", base_url=site_at_submission
    )
    request.addfinalizer(context.close)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.fill("#id_login", "demo-i03")
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="登录").first.click()
    page.wait_for_url("**/work/")
    return page


def own(page: Page, more: str) -> str:
    """Return the address of a page of this institution's papers of the year."""
    page.goto("/work/")
    found = re.search(r"/work/submissions/\d+/", page.content())
    assert found
    return found[0] + more


def report(folder: Path, pieces: int = 3) -> Path:
    """Make a file that is a PDF by its beginning and takes some pieces to send."""
    path = folder / "示例审计报告.pdf"
    line = b"%PDF-1.7\n"
    path.write_bytes(line + b"".join(bytes([n + 1]) * PIECE for n in range(pieces))[: pieces * PIECE - 100])
    return path


def watched(page: Page, stop: Callable[[int], bool]) -> list[int]:
    """Let each piece through unless `stop` says otherwise of its number, from 1; return the offsets that were sent."""
    offsets: list[int] = []

    def each(route: Route) -> None:
        if route.request.method != "PUT":
            route.continue_()
            return
        offsets.append(int(route.request.headers["upload-offset"]))
        if stop(len(offsets)):
            route.abort()
        else:
            route.continue_()

    page.route("**/evidence/*/content", each)
    return offsets


def downloaded(page: Page, name: str) -> bytes:
    row = page.get_by_role("row").filter(has_text=name)
    with page.expect_download() as waiting:
        row.get_by_role("link", name="下载").click()
    return waiting.value.path().read_bytes()


def test_three_bad_cells_come_back_with_comments_and_once_mended_are_saved(
    institution: Page, tmp_path: Path, picture: Path
):
    page = institution
    address = own(page, "roster/")
    page.goto(address)
    total = int(re.search(r"共(\d+)家", page.locator(".hm-found").inner_text())[1])  # type: ignore[index]
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载现有名单").click()
    sheet = tmp_path / "名单.xlsx"
    waiting.value.save_as(sheet)
    book = openpyxl.load_workbook(sheet)
    good = {cell: book.worksheets[0][cell].value for cell in ("C4", "E5")}
    for cell, value in {"C4": good["C4"][:-1], "E5": "去年", "L6": "190万元"}.items():
        book.worksheets[0][cell] = value
    book.save(sheet)

    page.goto(address + "import/")
    page.set_input_files("#file", sheet)
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_role("alert")).to_contain_text("文件里有3处需要改正，什么都没有保存")
    page.screenshot(path=picture, full_page=True)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载标注好的表格").click()
    marked = tmp_path / "标注.xlsx"
    waiting.value.save_as(marked)

    book = openpyxl.load_workbook(marked)
    comments = [cell.coordinate for row in book.worksheets[0] for cell in row if cell.comment]
    assert comments == ["C4", "E5", "L6"]
    for cell, value in {**good, "L6": "1905"}.items():
        book.worksheets[0][cell] = value
    book.save(marked)
    page.set_input_files("#file", marked)
    page.get_by_role("button", name="上传并检查").click()

    counts = page.locator(".hm-change-counts")
    expect(counts).to_contain_text(re.compile(rf"新增\s*0\s*修改\s*1\s*移出\s*0\s*不变\s*{total - 1}"))
    page.get_by_role("button", name="确认保存").click()
    expect(page.locator(".hm-told")).to_contain_text("已导入：新增0家，修改1家，移出0家。")
    expect(page.locator(".hm-roster tbody tr").nth(3)).to_contain_text("1,905")


def test_an_upload_whose_piece_is_lost_tries_again_by_itself(
    institution: Page, tmp_path: Path, picture: Path
):
    page, path = institution, report(tmp_path)
    page.goto(own(page, "evidence/"))
    offsets = watched(page, lambda number: number == 2)

    page.set_input_files("#file", path)
    page.get_by_role("button", name="上传").click()
    expect(page.locator(".hm-upload-lost")).to_contain_text("连接中断，正在重试")
    page.screenshot(path=picture, full_page=True)
    expect(page.locator(".hm-evidence-list")).to_contain_text(path.name, timeout=30_000)

    assert offsets == [0, PIECE, PIECE, 2 * PIECE]
    assert hashlib.sha256(downloaded(page, path.name)).digest() == hashlib.sha256(path.read_bytes()).digest()


def test_an_upload_that_was_left_in_the_middle_goes_on_when_the_file_is_chosen_again(
    institution: Page, tmp_path: Path, picture: Path
):
    page, path = institution, report(tmp_path, pieces=4)
    page.on("dialog", lambda dialog: dialog.accept())
    path = path.rename(tmp_path / "示例租赁协议.pdf")
    address = own(page, "evidence/")
    page.goto(address)
    watched(page, lambda number: number > 2)
    page.set_input_files("#file", path)
    page.get_by_role("button", name="上传").click()
    expect(page.locator(".hm-upload-lost")).to_contain_text("正在重试")
    page.goto(address)
    expect(page.get_by_role("row").filter(has_text=path.name)).to_contain_text("未传完：8.0 MB，共16 MB")
    page.screenshot(path=picture, full_page=True)
    page.unroute("**/evidence/*/content")
    offsets = watched(page, lambda number: False)

    page.set_input_files("#file", path)
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_role("row").filter(has_text=path.name)).to_contain_text("尚未提交", timeout=30_000)

    # The first and the last piece that were there are compared, the rest of the file follows.
    assert offsets == [0, PIECE, 2 * PIECE, 3 * PIECE]
    assert downloaded(page, path.name) == path.read_bytes()


def test_a_web_page_that_calls_itself_a_pdf_is_refused_beside_a_file_that_is_taken(
    institution: Page, tmp_path: Path
):
    page = institution
    good, bad = tmp_path / "示例证书.pdf", tmp_path / "不是.pdf"
    good.write_bytes(b"%PDF-1.7\n%%EOF\n")
    bad.write_text("<!DOCTYPE html><script>alert(1)</script>")
    page.goto(own(page, "evidence/"))

    page.set_input_files("#file", [good, bad])
    page.get_by_role("button", name="上传").click()

    expect(page.locator(".hm-upload-failed")).to_contain_text("“不是.pdf”的内容不是真正的 pdf 文件")
    expect(page.locator("#files-here")).to_contain_text("示例证书.pdf")
    expect(page.locator("#files-here")).not_to_contain_text("不是.pdf")
