"""The roster as a spreadsheet: what goes out, what comes in, and what comes back with a comment at each bad cell."""

import io
from datetime import date, datetime

import openpyxl
import pytest

from hatchmark.documents.roster_sheets import (
    Mark,
    RosterSheet,
    cell_name,
    marked_xlsx,
    read_roster_file,
    read_sheet,
    template_xlsx,
)
from hatchmark.documents.tables import LARGEST_XLSX, SpoiltCell, read_grid
from hatchmark.domain.credit_codes import check_character
from hatchmark.domain.folder_errors import FolderError
from hatchmark.domain.rosters import COLUMNS, MOST_ROWS, read_row

TODAY = date(2025, 4, 1)
HEAD = [column.title for column in COLUMNS]
HEADS = ("单元格", "内容", "问题")


def code_of(number: int) -> str:
    body = f"91150100{number:09d}"
    return body + check_character(body)


def row_of(number: int, **changes: object) -> list[object]:
    cells = {
        "enterprise": f"示例{number}号有限公司",
        "credit_code": code_of(number),
        "status": "在孵",
        "founded_on": "2024-05-24",
        "entered_on": "2024-12-09",
        "valid_ip": 3,
        "income": 1900.5,
        "staff": 17,
    } | changes
    return [cells.get(column.code, "") for column in COLUMNS]


def book_of(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(*rows: list[object]):
    return read_roster_file(book_of(*rows), file="名单.xlsx", today=TODAY)


def told(reading) -> list[tuple[str, str]]:
    return [(cell_name(each.row, each.place), each.rule) for each in reading.faults]


def opened(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content))


# ---- the template -----------------------------------------------------------------------------------------


def test_the_template_reads_back_to_the_lines_it_was_filled_with():
    lines = read(HEAD, row_of(1), row_of(2, status="毕业", graduated_on="2024-12-30", high_tech="是")).lines
    assert len(lines) == 2

    again = read_roster_file(
        template_xlsx(RosterSheet(title="示例", lines=lines)), file="t.xlsx", today=TODAY
    )

    assert again.lines == lines
    assert again.faults == ()


def test_the_empty_template_holds_an_example_that_is_no_enterprise():
    reading = read_roster_file(template_xlsx(RosterSheet(title="示例")), file="t.xlsx", today=TODAY)

    assert reading.lines == ()
    assert [each.rule for each in reading.faults] == ["no_rows"]


def test_the_template_protects_its_head_and_offers_what_can_be_chosen():
    book = opened(template_xlsx(RosterSheet(title="示例", marks=("演示数据，非真实",))))
    sheet = book.worksheets[0]

    assert book.sheetnames == ["企业名单", "填写说明"]
    assert [cell.value for cell in sheet[1]] == ["序号", *HEAD]
    assert sheet.protection.sheet
    assert sheet["B1"].protection.locked
    assert not sheet["B2"].protection.locked
    # Cells that nobody wrote yet take the format of their column, to the last one.
    free = [(each.min, each.max) for each in sheet.column_dimensions.values() if not each.protection.locked]
    assert (min(free)[0], max(free)[1]) == (1, 16_384)
    assert {
        (str(each.sqref), each.formula1)
        for each in sheet.data_validations.dataValidation
        if each.type == "list"
    } == {
        (f"{column}2:{column}{MOST_ROWS + 2}", choices)
        for column, choices in (("D", '"在孵,毕业"'), ("H", '"是,否"'), ("I", '"是,否"'), ("J", '"是,否"'))
    }
    assert "演示数据，非真实" in sheet.oddHeader.center.text


def test_the_same_content_gives_the_same_file():
    content = RosterSheet(title="示例", lines=read(HEAD, row_of(1)).lines)

    assert template_xlsx(content) == template_xlsx(content)


# ---- what comes in ----------------------------------------------------------------------------------------


def test_every_bad_cell_of_a_sheet_is_told_at_once():
    reading = read(
        HEAD,
        row_of(1),
        row_of(2, credit_code=code_of(2)[:-1] + ("0" if code_of(2)[-1] != "0" else "1")),
        row_of(3, entered_on="去年", income="190万元"),
        row_of(4, credit_code=code_of(1)),
        row_of(5, status="毕业"),
    )

    assert told(reading) == [
        ("B3", "code_check"),
        ("E4", "no_date"),
        ("K4", "unit_written"),
        ("B5", "duplicate"),
        ("F6", "graduate_undated"),
    ]
    assert [each.facts for each in reading.faults if each.rule == "duplicate"] == [{"row": "2"}]
    assert [line["enterprise"] for line in reading.lines] == ["示例1号有限公司"]


def test_a_code_that_excel_took_for_a_number_is_told_and_the_others_with_it():
    reading = read(HEAD, row_of(1, credit_code=911501000000000015), row_of(2, staff="多"))

    assert told(reading) == [("B2", "digits"), ("L3", "no_number")]


def test_formulas_without_a_value_errors_and_merged_cells_are_told_where_they_stand():
    book = openpyxl.Workbook()
    for row in (HEAD, row_of(1, income="=190*10"), row_of(2, staff="#REF!"), row_of(3), row_of(4)):
        book.active.append(row)
    book.active.merge_cells("C4:C5")
    stream = io.BytesIO()
    book.save(stream)

    reading = read_roster_file(stream.getvalue(), file="x.xlsx", today=TODAY)

    assert ("K2", "formula") in told(reading)
    assert ("L3", "error_value") in told(reading)
    assert ("C4", "merged") in told(reading)


def test_real_dates_and_numbers_of_a_spreadsheet_are_read():
    [line] = read(HEAD, row_of(1, founded_on=datetime(2024, 5, 24), income=0.1 + 0.2)).lines  # noqa: DTZ001

    assert line["founded_on"] == "2024-05-24"
    assert line["income"] == "0.3"


def test_a_file_without_a_head_a_column_or_a_row_is_told_so():
    assert told(read(["甲", "乙"], ["1", "2"])) == [("A1", "no_head")]
    assert told(read(HEAD)) == [("A1", "no_rows")]
    reading = read([*HEAD[:4], "入住时间", *HEAD[5:], "企业名称"], row_of(1))
    assert ("M1", "column_twice") in told(reading)
    assert ("A1", "column_missing") in told(reading)
    assert reading.unknown == ("入住时间",)


def test_a_list_of_more_rows_than_one_may_have_is_told_at_the_first_that_is_beyond():
    grid = (tuple(HEAD), *(tuple(map(str, row_of(number))) for number in range(1, MOST_ROWS + 2)))

    reading = read_sheet(grid, today=TODAY)

    assert told(reading) == [(f"A{MOST_ROWS + 2}", "too_many_rows")]
    assert len(reading.lines) == MOST_ROWS


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_the_encodings_that_excel_and_wps_write(encoding):
    text = "\r\n".join(",".join(map(str, row)) for row in (HEAD, row_of(1)))

    reading = read_roster_file(text.encode(encoding), file="名单.csv", today=TODAY)

    assert [line["enterprise"] for line in reading.lines] == ["示例1号有限公司"]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "a.xlsx"),
        (b"PK\x03\x04junk", "a.xlsx"),
        (b"<html>", "a.xlsx"),
        (b"a,b", "a.txt"),
        (bytes(LARGEST_XLSX + 1), "a.xlsx"),
        (b"\xff\xff\xff", "a.csv"),
    ],
)
def test_a_file_that_is_no_table_is_refused_as_a_whole(content, name):
    with pytest.raises(FolderError):
        read_grid(content, file=name)


# ---- what comes back --------------------------------------------------------------------------------------


def test_the_returned_sheet_is_what_was_sent_with_a_comment_at_each_bad_cell():
    rows = (HEAD, row_of(1), row_of(2, entered_on="去年", staff="多"))
    reading = read(*rows)
    marks = [Mark(row=each.row, column=each.place, text=f"改：{each.rule}") for each in reading.faults]

    book = opened(marked_xlsx(reading.grid, marks, title="示例", heads=HEADS, head_row=0))

    sheet = book.worksheets[0]
    comments = {cell.coordinate: cell.comment.text for row in sheet for cell in row if cell.comment}
    red = {cell.coordinate for row in sheet for cell in row if cell.fill.fgColor.rgb == "FFF8CBC6"}
    assert comments == {"E3": "改：no_date", "L3": "改：no_number"}
    assert red == set(comments)
    assert [[cell.value or "" for cell in row] for row in sheet] == [
        [str(cell) for cell in row] for row in rows
    ]
    assert [[cell.value for cell in row] for row in book.worksheets[1]] == [
        list(HEADS),
        ["E3", "去年", "改：no_date"],
        ["L3", "多", "改：no_number"],
    ]


def test_a_mended_sheet_that_came_back_is_read_again():
    reading = read(HEAD, row_of(1, entered_on="去年"))
    content = marked_xlsx(
        reading.grid, [Mark(row=1, column=4, text="改")], title="示例", heads=HEADS, head_row=0
    )
    book = opened(content)
    book.worksheets[0]["E2"] = "2024-12-09"
    stream = io.BytesIO()
    book.save(stream)

    again = read_roster_file(stream.getvalue(), file="x.xlsx", today=TODAY)

    assert again.faults == ()
    assert [line["entered_on"] for line in again.lines] == ["2024-12-09"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "＝HYPERLINK(1)", "\t=1"])
def test_no_cell_of_a_file_that_goes_out_is_a_formula(text):
    line = read_row({"enterprise": "示例", "status": "在孵", "entered_on": "2024-01"}, today=TODAY).line
    assert line is not None
    out = [
        marked_xlsx(((text, text),), [Mark(row=0, column=1, text=text)], title=text, heads=HEADS, head_row=0),
        template_xlsx(RosterSheet(title=text, lines=[{**line, "enterprise": text}])),
    ]

    for content in out:
        for sheet in opened(content).worksheets:
            cells = [cell for row in sheet for cell in row if cell.value is not None]
            assert {cell.data_type for cell in cells} <= {"s", "n"}
            begins = [cell for cell in cells if str(cell.value).startswith(("=", "+", "-", "@"))]
            assert all(cell.quotePrefix for cell in begins)


def test_a_fault_beyond_the_last_cell_of_a_row_has_its_place():
    grid = (("企业名称", "状态", "入驻日期"), ("示例",), (SpoiltCell("x", "time"), "在孵", "2024"))

    reading = read_sheet(grid, today=TODAY)
    marks = [Mark(row=each.row, column=each.place, text=each.rule) for each in reading.faults]
    sheet = opened(marked_xlsx(grid, marks, title="", heads=HEADS, head_row=0)).worksheets[0]

    assert {cell.coordinate: cell.comment.text for row in sheet for cell in row if cell.comment} == {
        "B2": "missing",
        "C2": "missing",
        "A3": "time",
    }
