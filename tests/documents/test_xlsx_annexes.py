"""annexes.xlsx, read back: numbers are numbers, text is text, nothing is a formula, the bytes repeat."""

import io
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from notice_samples import HOSTILE, hostile_round, live_round, past_round

from hatchmark.documents.xlsx import annexes_xlsx
from hatchmark.domain.notices import FICTIONAL, NOT_THE_ORIGINAL


def opened(made):
    return openpyxl.load_workbook(io.BytesIO(annexes_xlsx(*made)))


def table(sheet, *, top):
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=top)]


def test_there_is_a_sheet_an_annex_then_the_counts_then_the_notes():
    assert opened(past_round()).sheetnames == ["附件1 科技企业孵化器", "附件2 众创空间", "统计", "说明"]


def test_an_annex_sheet_holds_title_marks_heads_and_every_row():
    notice, results = live_round()

    sheet = opened((notice, results))["附件1 科技企业孵化器"]

    assert [row[0].value for row in sheet.iter_rows(max_row=3)] == [
        "2025年度科技企业孵化器绩效评价结果汇总表",
        FICTIONAL,
        "孵化器评价方案系重构，不是主管部门发布的方案。",
    ]
    assert table(sheet, top=4) == [
        ("序号", "孵化器名称", "运营机构名称", "地区", "得分", "评价结果"),
        (1, "示例孵化器甲", "示例孵化器甲运营", "示例市", 89.01, "良好"),
        (2, "示例孵化器乙", "示例孵化器乙运营", "示例市", 88.02, "良好"),
        (3, "示例孵化器丙", "示例孵化器丙运营", "示例市", 87.03, "不合格"),
    ]


def test_a_score_is_written_digit_by_digit():
    with zipfile.ZipFile(io.BytesIO(annexes_xlsx(*live_round()))) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()

    assert all(f"<v>{score}</v>" in sheet for score in ("89.01", "88.02", "87.03"))


def test_a_row_without_a_score_has_a_dash_and_no_zero():
    notice, results = live_round()
    annex = notice.annexes[0]
    first = replace(annex.rows[0], cells=(*annex.rows[0].cells[:4], "—", "良好"))

    sheet = opened(
        (replace(notice, annexes=(replace(annex, rows=(first,)), *notice.annexes[1:])), results)
    ).worksheets[0]

    assert sheet.cell(5, 5).value == "—"


def test_the_counts_are_numbers_and_add_up():
    made = past_round()

    rows = table(opened(made)["统计"], top=1)

    printed = rows[2 : rows.index((None,) * 5)]
    assert printed == [
        ("科技企业孵化器", "良好", 10, None, None),
        ("科技企业孵化器", "不合格", 5, None, None),
        ("众创空间", "良好", 57, None, None),
        ("众创空间", "不合格", 28, None, None),
    ]
    claims = [row for row in rows if row[2] == "互不重复"]
    assert sum(row[4] for row in claims) == sum(row[2] for row in printed) == 100
    assert ("众创空间", "办理注销手续") not in [row[:2] for row in rows]
    assert ("科技企业孵化器", "整改", 5, None, None) in rows


def test_the_notes_print_rule_marks_and_digest():
    notice, results = past_round()

    assert table(opened((notice, results))["说明"], top=1) == [
        ("标题", "2025年度科技企业孵化器绩效评价和众创空间绩效考核结果通知"),
        ("标记", NOT_THE_ORIGINAL),
        *(("计数规则", sentence) for sentence in notice.counting_rule),
        ("校验值", f"结果数据 SHA-256：{results.digest}"),
    ]


def test_no_cell_of_any_sheet_is_a_formula_or_a_link():
    made = hostile_round()
    payload = annexes_xlsx(*made)

    book = openpyxl.load_workbook(io.BytesIO(payload))

    names = [row[1] for row in table(book.worksheets[0], top=5)]
    shown = {"\t": "〔U+0009〕", "\x07": "〔U+0007〕", "\u202e": "〔U+202E〕"}
    assert names == ["".join(shown.get(c, c) for c in name) for name in HOSTILE]
    for sheet in book:
        cells = [cell for row in sheet.iter_rows() for cell in row]
        assert [cell for cell in cells if cell.data_type == "f" or cell.hyperlink] == []
    with zipfile.ZipFile(io.BytesIO(payload)) as package:
        texts = {name: package.read(name) for name in package.namelist()}
    assert [name for name, text in texts.items() if b"<f>" in text or b"<hyperlink" in text] == []
    # Edited in a spreadsheet, a text that looks like a formula stays text only with the prefix of the cell.
    first = book.worksheets[0].cell(5, 2)
    assert (first.value[0], first.quotePrefix) == ("=", True)
    assert book.worksheets[0].cell(10, 2).quotePrefix is False


def test_sheets_are_set_up_for_reading_and_for_print():
    sheet = opened(past_round())["附件2 众创空间"]

    assert sheet.freeze_panes == "A4"
    assert sheet.print_title_rows == "$3:$3"
    # One page wide is the default of the format, so it is not written out; 0 is as many pages as it takes.
    setup = sheet.page_setup
    assert (setup.paperSize, setup.fitToWidth or 1, setup.fitToHeight) == (9, 1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage is True
    assert sheet.oddHeader.center.text == NOT_THE_ORIGINAL
    assert sheet.column_dimensions["B"].width > 35


@pytest.mark.parametrize(("round_of", "created"), [(past_round, "1980-01-01"), (live_round, "2025-11-03")])
def test_two_builds_give_the_same_bytes_and_no_clock(round_of, created):
    made = round_of()

    first = annexes_xlsx(*made)

    assert annexes_xlsx(*made) == first
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {part.date_time for part in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    properties = openpyxl.load_workbook(io.BytesIO(first)).properties
    assert [str(moment) for moment in (properties.created, properties.modified)] == [
        f"{created} 00:00:00"
    ] * 2


def test_a_row_is_as_high_as_its_longest_cell_or_its_lines_would_lie_on_the_next_row():
    notice, results = live_round()
    annex = notice.annexes[0]
    first = replace(annex.rows[0], cells=(annex.rows[0].cells[0], "长" * 50, *annex.rows[0].cells[2:]))
    made = replace(notice, annexes=(replace(annex, rows=(first, *annex.rows[1:])), *notice.annexes[1:]))

    sheet = opened((made, results)).worksheets[0]

    assert sheet.row_dimensions[5].height == 45
    assert sheet.row_dimensions[6].height is None
