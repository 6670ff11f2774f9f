"""企业名单 as a spreadsheet: the template that goes out, and the sheet that comes back with a comment at each bad cell.

Values in, bytes out: the same values give the same file. No cell is a formula, whatever its text begins with.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from hatchmark.documents import layout
from hatchmark.documents.csv_files import FORMULA_STARTS
from hatchmark.documents.printable import shown
from hatchmark.documents.tables import Grid, SpoiltCell, read_grid
from hatchmark.documents.workbooks import new_workbook
from hatchmark.domain.rosters import (
    COLUMNS,
    EXAMPLE,
    FLAG_WORDS,
    LARGEST_COUNT,
    MOST_ROWS,
    STATUS_WORDS,
    Column,
    Line,
    find_head,
    read_rows,
    rows_below,
    typed_cells,
)

SHEET = "企业名单"
NOTES = "填写说明"
FAULTS = "错误清单"

_SERIAL_HEAD = "序号"
_WIDTHS = {
    "enterprise": 34,
    "credit_code": 22,
    "status": 9,
    "founded_on": 13,
    "entered_on": 13,
    "graduated_on": 13,
    "high_tech": 14,
    "tech_sme": 16,
    "financed": 12,
    "valid_ip": 18,
    "income": 16,
    "staff": 13,
}
_FLAGS = frozenset({"high_tech", "tech_sme", "financed"})
_COUNTS = frozenset({"valid_ip", "staff"})
_LAST_COLUMN = 16_383
_COMMENT_CHARACTERS = 600
_CELL_CHARACTERS = 2_000
"""What a cell of the returned sheet holds at most: as much as is read of one."""

_SHOWN_CHARACTERS = 60
_HEADS = {column.code: column.title for column in COLUMNS}

_BASE = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
_RULES = (
    "一行一家企业（团队）。带 * 的列必须填写。不要合并单元格，不要用公式。",
    f"第一行表头受保护，请勿改动；“序号”列为“{EXAMPLE}”的一行是示例，导入时不读，可以删去。",
    "日期写作 2024-05-24、2024/5/24 或 2024年5月24日；只知年月的写 2024-05。",
    "统一社会信用代码按文本填写：本表已设为文本格式，从别处粘贴时请选“只粘贴值”。",
    "营业收入的单位是千元：190万元写 1900。",
    "导入以本表为准：表中没有的企业会从名单中移出；保存之前会列出全部增、改、减，供核对。",
    f"最多{MOST_ROWS:,}行。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterSheet:
    """What a template is filled with. `title` names the entry and the year; `marks` stand in the page header."""

    title: str
    lines: Sequence[Line] = ()
    marks: tuple[str, ...] = ()


def template_xlsx(content: RosterSheet) -> bytes:
    """Return the template: the head with units, the example, the lines that are given, and a sheet of explanations."""
    stream, book = new_workbook(title=shown(content.title), comments="；".join(content.marks))
    pen = _Pen(book)
    sheet = book.add_worksheet(SHEET)
    _page(sheet, content)
    # What is protected is the head; every other cell of the sheet, and of its rows, is free.
    sheet.set_column(0, _LAST_COLUMN, None, pen.free[0])
    sheet.set_column(0, 0, 6, pen.free[0])
    for place, column in enumerate(COLUMNS, start=1):
        sheet.set_column(place, place, _WIDTHS[column.code], pen.free[0])
    sheet.set_row(0, 32)
    sheet.write_string(0, 0, _SERIAL_HEAD, pen.head[0])
    for place, column in enumerate(COLUMNS, start=1):
        sheet.write_string(0, place, column.title, pen.head[0])
        sheet.write_comment(0, place, column.note, {"author": layout.MADE_BY, "x_scale": 1.6})
    sheet.write_string(1, 0, EXAMPLE, pen.example)
    for place, column in enumerate(COLUMNS, start=1):
        sheet.write_string(1, place, column.example, pen.example)
    for row, line in enumerate(content.lines, start=2):
        sheet.write_number(row, 0, row - 1, pen.free[0])
        for place, (code, text) in enumerate(typed_cells(line).items(), start=1):
            if code in _COUNTS and text:
                sheet.write_number(row, place, int(text), pen.free[0])
            else:
                pen.text(sheet, (row, place), text, pen.free)
    for place, column in enumerate(COLUMNS, start=1):
        _validate(sheet, place, column)
    sheet.freeze_panes(1, 2)
    sheet.ignore_errors({"number_stored_as_text": f"A1:M{MOST_ROWS + 2}"})
    sheet.protect(
        "",
        {
            "format_cells": True,
            "format_columns": True,
            "format_rows": True,
            "insert_rows": True,
            "delete_rows": True,
            "sort": True,
            "autofilter": True,
        },
    )
    _explanations(book, pen, content)
    book.close()
    return stream.getvalue()


def _validate(sheet: Any, place: int, column: Column) -> None:
    below = (1, place, MOST_ROWS + 1, place)
    told = {"input_title": column.head, "input_message": column.note[:255]}
    wrong = {"error_title": column.head, "error_message": column.note[:255]}
    if column.code == "status":
        sheet.data_validation(
            *below, {"validate": "list", "source": list(STATUS_WORDS.values()), **told, **wrong}
        )
    elif column.code in _FLAGS:
        sheet.data_validation(
            *below, {"validate": "list", "source": list(FLAG_WORDS.values()), **told, **wrong}
        )
    elif column.code in _COUNTS:
        limits = {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": LARGEST_COUNT}
        sheet.data_validation(*below, {**limits, **told, **wrong})
    else:
        sheet.data_validation(*below, {"validate": "any", **told})


def _explanations(book: Any, pen: "_Pen", content: RosterSheet) -> None:
    sheet = book.add_worksheet(NOTES)
    _page(sheet, content)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 8)
    sheet.set_column(2, 2, 80)
    pen.text(sheet, (0, 0), content.title, pen.title)
    for row, rule in enumerate(_RULES, start=1):
        sheet.write_string(row, 0, f"{row}. {rule}", pen.plain)
    top = len(_RULES) + 2
    for place, head in enumerate(("列", "必填", "填什么")):
        sheet.write_string(top, place, head, pen.head[0])
    for row, column in enumerate(COLUMNS, start=top + 1):
        sheet.write_string(row, 0, column.title, pen.cell[0])
        sheet.write_string(row, 1, "是" if column.required else "", pen.cell[0])
        sheet.write_string(row, 2, column.note, pen.cell[0])


# ---- the file that comes in -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedFault:
    """What is wrong with one cell of a file; `row` and `place` count from 0. `column` is its code, or empty."""

    row: int
    place: int
    column: str
    rule: str
    value: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetReading:
    """What a file says: every cell as it stands, the lines of the rows that are sound, and every fault by its cell."""

    grid: Grid
    head_row: int
    lines: tuple[Line, ...] = ()
    faults: tuple[PlacedFault, ...] = ()
    unknown: tuple[str, ...] = ()


def read_roster_file(raw: bytes, *, file: str, today: date) -> SheetReading:
    """Read a .xlsx or .csv that somebody filled in. Raises FolderError for a file that is unusable as a whole."""
    return read_sheet(read_grid(raw, file=file), today=today)


def read_sheet(grid: Grid, *, today: date) -> SheetReading:
    """Read the cells of a roster: its head, wherever it stands in the first rows, and every row below it."""
    texts = [[_text(cell) for cell in row] for row in grid]
    head = find_head(texts)
    if head is None:
        nothing = PlacedFault(row=0, place=0, column="", rule="no_head", value=_first(texts))
        return SheetReading(grid=grid, head_row=0, faults=(nothing,))
    rows, overwritten = rows_below(texts, head)
    found: list[PlacedFault] = [
        PlacedFault(row=head.row, place=place, column="", rule="column_twice", value=texts[head.row][place])
        for place in head.twice
    ]
    found += [
        PlacedFault(
            row=head.row, place=0, column=code, rule="column_missing", value="", facts={"head": _HEADS[code]}
        )
        for code in head.missing
    ]
    found += [
        PlacedFault(row=row, place=head.serial or 0, column="", rule="example_changed", value=EXAMPLE)
        for row in overwritten
    ]
    if len(rows) > MOST_ROWS:
        row = rows[MOST_ROWS][0]
        found.append(
            PlacedFault(row=row, place=0, column="", rule="too_many_rows", facts={"most": f"{MOST_ROWS:,}"})
        )
        rows = rows[:MOST_ROWS]
    if not rows and not found:
        found.append(PlacedFault(row=head.row, place=0, column="", rule="no_rows"))
    codes = {place: code for code, place in head.places.items()}
    spoilt = {
        (row, place): cell
        for row, cells in enumerate(grid)
        for place, cell in enumerate(cells)
        if isinstance(cell, SpoiltCell) and row > head.row and place in codes
    }
    found += [
        PlacedFault(
            row=row, place=place, column=codes[place], rule=cell.rule, value=cell.text[:_SHOWN_CHARACTERS]
        )
        for (row, place), cell in spoilt.items()
    ]
    readings = read_rows(rows, today=today)
    for reading in readings:
        for fault in reading.faults:
            place = head.places.get(fault.column, 0)
            # What is lost in a cell is told once; that the rest of it is no number either helps nobody.
            if (reading.number, place) not in spoilt:
                found.append(
                    PlacedFault(
                        row=reading.number,
                        place=place,
                        column=fault.column,
                        rule=fault.rule,
                        value=fault.value,
                        facts=_in_sheet(fault.facts),
                    )
                )
    return SheetReading(
        grid=grid,
        head_row=head.row,
        lines=tuple(reading.line for reading in readings if reading.line is not None),
        faults=tuple(sorted(found, key=lambda each: (each.row, each.place))),
        unknown=tuple(text for _, text in head.unknown),
    )


def _in_sheet(facts: Mapping[str, str]) -> Mapping[str, str]:
    # The row that a second one repeats is named as the spreadsheet shows it, from 1.
    return {**facts, "row": str(int(facts["row"]) + 1)} if "row" in facts else facts


def _first(texts: Sequence[Sequence[str]]) -> str:
    return next((text.strip() for row in texts for text in row if text.strip()), "")[:_SHOWN_CHARACTERS]


# ---- the sheet that comes back ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What is wrong with one cell, in words; `row` and `column` count from 0, as in the grid."""

    row: int
    column: int
    text: str


def marked_xlsx(
    grid: Grid, marks: Sequence[Mark], *, title: str, heads: Sequence[str], head_row: int
) -> bytes:
    """Return the sheet as it was sent, each bad cell red with its comment, and a second sheet that lists them all.

    `heads` are the words over that list: cell, value, what is wrong. Cells are text as they were read: nothing of the
    file that was sent but its texts is in it.
    """
    stream, book = new_workbook(title=shown(title))
    pen = _Pen(book)
    sheet = book.add_worksheet(SHEET)
    by_cell: dict[tuple[int, int], list[str]] = {}
    for mark in marks:
        by_cell.setdefault((mark.row, mark.column), []).append(mark.text)
    widest = max((len(row) for row in grid), default=1)
    for place in range(widest):
        longest = max((len(_text(row[place])) for row in grid if place < len(row)), default=0)
        sheet.set_column(place, place, min(40, max(10, longest + 6)))
    for number, row in enumerate(grid):
        for place, cell in enumerate(row):
            if (number, place) not in by_cell:
                form = pen.head if number == head_row else pen.cell
                pen.text(sheet, (number, place), _text(cell), form)
    for (number, place), texts in sorted(by_cell.items()):
        cell = grid[number][place] if number < len(grid) and place < len(grid[number]) else ""
        pen.text(sheet, (number, place), _text(cell), pen.bad)
        comment = "\n".join(texts)[:_COMMENT_CHARACTERS]
        sheet.write_comment(number, place, comment, {"author": layout.MADE_BY, "x_scale": 2, "y_scale": 1.5})
    if grid:
        sheet.ignore_errors({"number_stored_as_text": f"A1:{cell_name(len(grid), widest)}"})
    sheet.freeze_panes(head_row + 1, 0)
    _fault_list(book, pen, grid, marks, heads)
    book.close()
    return stream.getvalue()


def cell_name(row: int, place: int) -> str:
    """Return what a spreadsheet calls a cell; row and place count from 0."""
    name: str = xl_rowcol_to_cell(row, place)
    return name


def _fault_list(book: Any, pen: "_Pen", grid: Grid, marks: Sequence[Mark], heads: Sequence[str]) -> None:
    sheet = book.add_worksheet(FAULTS)
    for place, width in enumerate((10, 30, 90)):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, heads[place], pen.head[0])
    for row, mark in enumerate(sorted(marks, key=lambda each: (each.row, each.column)), start=1):
        cell = cell_name(mark.row, mark.column)
        held = grid[mark.row] if mark.row < len(grid) else ()
        value = _text(held[mark.column]) if mark.column < len(held) else ""
        # Named by text: a link would be one more thing that a spreadsheet follows.
        sheet.write_string(row, 0, cell, pen.cell[0])
        pen.text(sheet, (row, 1), value, pen.cell)
        pen.text(sheet, (row, 2), mark.text, pen.cell)
    sheet.freeze_panes(1, 0)


def _text(cell: str | SpoiltCell) -> str:
    return cell.text if isinstance(cell, SpoiltCell) else cell


# ---- what both have ---------------------------------------------------------------------------------------


class _Pen:
    """The formats of one workbook, and text that stays text."""

    def __init__(self, book: Any) -> None:
        bordered = {**_BASE, "border": 1, "text_wrap": True, "num_format": "@"}
        free = {**_BASE, "num_format": "@", "locked": False}
        bad = {**bordered, "bg_color": "#F8CBC6", "font_color": "#7F1D1D"}
        self.plain = book.add_format(_BASE)
        # Each with its twin for text that a spreadsheet would take for a formula.
        self.title = _pair(book, {**_BASE, "font_size": 14, "bold": True})
        self.head = _pair(
            book, {**bordered, "bold": True, "align": "center", "bg_color": "#E8EEF4", "locked": True}
        )
        self.cell = _pair(book, bordered)
        self.free = _pair(book, free)
        self.bad = _pair(book, bad)
        self.example = book.add_format(
            {**free, "italic": True, "font_color": "#6B7280", "bg_color": "#F3F6FA"}
        )

    def text(self, sheet: Any, at: tuple[int, int], text: str, form: tuple[Any, Any]) -> None:
        """Write text as text, whatever it begins with; what cannot be seen is shown by its name."""
        (row, place), (plain, quoted) = at, form
        safe = shown(text)[:_CELL_CHARACTERS]
        if safe:
            sheet.write_string(row, place, safe, quoted if safe.startswith(FORMULA_STARTS) else plain)
        else:
            sheet.write_blank(row, place, None, plain)


def _pair(book: Any, form: Mapping[str, Any]) -> tuple[Any, Any]:
    return book.add_format(dict(form)), book.add_format({**form, "quote_prefix": True})


def _page(sheet: Any, content: RosterSheet) -> None:
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    marks = "  ".join(content.marks).replace("&", "&&")
    if marks:
        sheet.set_header(f"&C{marks}")
    sheet.set_footer("&C— &P —")
