"""Writes the annexes as .xlsx: a sheet an annex, the counts, and how they were counted. Values in, bytes out."""

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from hatchmark.documents import layout
from hatchmark.documents.csv_files import FORMULA_STARTS
from hatchmark.documents.printable import printable
from hatchmark.documents.workbooks import new_workbook
from hatchmark.domain.notices import NO_SCORE, Annex, Claim, Column, Counted, Relation, ResultNotice
from hatchmark.domain.obligations import ObligedTo
from hatchmark.domain.results import RoundResults

_WIDTHS = {
    Column.SERIAL: 6,
    Column.NAME: 40,
    Column.OPERATORS: 44,
    Column.CHANNEL: 16,
    Column.SCORE: 9,
    Column.RESULT: 28,
}
_A4 = 9
_LINE_PT = 15
_HIGHEST_ROW_PT = 409
_NOTE_WIDTHS = (14, 90)
_SHEET_NAME_LIMIT = 31
_FORBIDDEN_IN_SHEET_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_RELATIONS = {
    Relation.DISJOINT: "互不重复",
    Relation.SUBSET: "其中",
    Relation.TOTAL: "合计",
    Relation.CROSS_REFERENCE: "再次引用",
}
_DUTIES = {
    ObligedTo.RECTIFY: "整改",
    ObligedTo.TAKE_PART_AGAIN: "再次或改期参加评价",
    ObligedTo.DEREGISTER: "办理注销手续",
}


def annexes_xlsx(notice: ResultNotice, results: RoundResults) -> bytes:
    """Return the workbook: annexes, 统计, 说明. Same notice, same bytes; every cell is a value, none a formula."""
    stream, book = new_workbook(
        title=notice.title, comments="；".join(notice.marks), day=notice.issued_on or layout.NO_DATE
    )
    pen = _Pen(book, notice)
    for annex in notice.annexes:
        _annex(pen, annex, notice)
    _counts(pen, notice, results)
    _notes(pen, notice)
    book.close()
    return stream.getvalue()


class _Pen:
    """Writes cells of one workbook. Formats are made once; text that looks like a formula is marked as text."""

    def __init__(self, book: Any, notice: ResultNotice) -> None:
        base = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
        cell = {**base, "border": 1, "text_wrap": True}
        self.book = book
        self.marks = notice.marks
        self._formats = {
            name: (book.add_format(form), book.add_format({**form, "quote_prefix": True}))
            for name, form in {
                "title": {**base, "font_size": 16, "bold": True, "align": "center"},
                "note": {**base, "text_wrap": True},
                "block": {**base, "bold": True},
                "head": {**cell, "bold": True, "align": "center", "bg_color": "#E8EEF4"},
                "left": {**cell, "align": "left"},
                "centre": {**cell, "align": "center"},
                "count": {**cell, "align": "right", "num_format": "0"},
                "serial": {**cell, "align": "center", "num_format": "0"},
                "score": {**cell, "align": "right", "num_format": "0.00"},
            }.items()
        }

    def sheet(self, name: str, widths: Sequence[float]) -> Any:
        """Add a sheet set up for A4, one page wide, with the marks and the page number on each page."""
        allowed = printable(name, where="sheet name").translate(_FORBIDDEN_IN_SHEET_NAMES)
        sheet = self.book.add_worksheet(allowed[:_SHEET_NAME_LIMIT])
        for position, width in enumerate(widths):
            sheet.set_column(position, position, width)
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        # In the language of page headers & begins a command.
        marks = "  ".join(self.marks).replace("&", "&&")
        sheet.set_header(f"&C{marks}")
        sheet.set_footer("&C— &P —")
        return sheet

    def text(self, sheet: Any, row: int, column: int, text: str, form: str, *, where: str) -> None:
        """Write text as text, whatever it begins with."""
        plain, quoted = self._formats[form]
        text = printable(text, where=where)
        sheet.write_string(row, column, text, quoted if text.startswith(FORMULA_STARTS) else plain)

    def count(self, sheet: Any, row: int, column: int, number: int, form: str = "count") -> None:
        """Write a whole number."""
        sheet.write_number(row, column, number, self._formats[form][0])

    def score(self, sheet: Any, row: int, column: int, score: str) -> None:
        """Write a score as the number it is, without passing through a float."""
        number = Decimal(score)
        places = max(-int(number.as_tuple().exponent), 0)
        form = self._formats["score"][0]
        if places != 2:
            form = self.book.add_format(
                {"font_name": "宋体", "font_size": 11, "valign": "vcenter", "border": 1, "align": "right"}
                | {"num_format": f"0.{'0' * places}" if places else "0"}
            )
        sheet.write_number(row, column, number, form)

    def fit(self, sheet: Any, row: int, texts: Iterable[str], widths: Iterable[float]) -> None:
        """Make a row as high as its longest cell: not every reader does so, and lines would lie on others."""
        lines = max(_lines(text, width) for text, width in zip(texts, widths, strict=True))
        if lines > 1:
            sheet.set_row(row, min(_LINE_PT * lines, _HIGHEST_ROW_PT))

    def across(self, sheet: Any, row: int, last: int, text: str, form: str, *, height: float) -> None:
        """Write text over all columns of a sheet."""
        sheet.merge_range(row, 0, row, last, "", self._formats[form][0])
        self.text(sheet, row, 0, text, form, where="title")
        sheet.set_row(row, height)


def _annex(pen: _Pen, annex: Annex, notice: ResultNotice) -> None:
    widths = [_WIDTHS[column] for column in annex.columns]
    sheet = pen.sheet(f"{annex.label} {annex.kind_title}", widths)
    last = len(annex.heads) - 1
    pen.across(sheet, 0, last, annex.title, "title", height=30)
    top = 1
    for line in (*notice.marks, *notice.provenance_of(annex)):
        height = min(_LINE_PT * _lines(line, sum(widths)) + 3, _HIGHEST_ROW_PT)
        pen.across(sheet, top, last, line, "note", height=height)
        top += 1
    for position, head in enumerate(annex.heads):
        pen.text(sheet, top, position, head, "head", where="head")
    for offset, row in enumerate(annex.rows, start=top + 1):
        for position, (column, cell) in enumerate(zip(annex.columns, row.cells, strict=True)):
            if column is Column.SERIAL:
                pen.count(sheet, offset, position, row.key.serial, "serial")
            elif column is Column.SCORE and cell != NO_SCORE:
                pen.score(sheet, offset, position, cell)
            else:
                form = "centre" if layout.is_centred(column) else "left"
                pen.text(sheet, offset, position, cell, form, where=f"{row.key} {column}")
        pen.fit(sheet, offset, row.cells, widths)
    sheet.freeze_panes(top + 1, 0)
    sheet.repeat_rows(top)
    sheet.autofilter(top, 0, top + len(annex.rows), last)


def _counts(pen: _Pen, notice: ResultNotice, results: RoundResults) -> None:
    sheet = pen.sheet("统计", [18, 44, 14, 34, 10])
    titles = {annex.kind: annex.kind_title for annex in notice.annexes}
    printed = [
        ((titles[kind], face), n) for kind, faces in results.counts().items() for face, n in faces.items()
    ]
    labels = {claim.outcome: claim.label for claim in notice.claims if claim.counted is Counted.ROWS}
    effective = [
        ((titles[kind], labels.get(grade, grade)), n)
        for kind, grades in results.effective_counts().items()
        for grade, n in grades.items()
    ]
    owed = [
        ((titles[kind], word), n)
        for kind in titles
        for act, word in _DUTIES.items()
        if (n := sum(duty.key.kind == kind and duty.act is act for duty in results.obligations))
    ]
    claims = [(_claim_cells(claim, titles), claim.count) for claim in notice.claims]
    top = 0
    for title, heads, lines in (
        ("按结果栏所印文字", ("类别", "结果栏文字"), printed),
        ("按最终适用的等次（含以另一类结果作为本类结果的）", ("类别", "等次"), effective),
        ("后续工作", ("类别", "事项"), owed),
        ("通知正文中的各数", ("类别", "所指", "关系", "属于"), claims),
    ):
        top = _table(pen, sheet, top, title=title, heads=heads, lines=lines)


def _claim_cells(claim: Claim, titles: dict[str, str]) -> tuple[str, ...]:
    kind = titles[claim.kind] if claim.kind is not None else "各类"
    return (kind, claim.label, _RELATIONS[claim.relation], claim.within)


def _table(
    pen: _Pen,
    sheet: Any,
    top: int,
    *,
    title: str,
    heads: Sequence[str],
    lines: Iterable[tuple[tuple[str, ...], int]],
) -> int:
    """Write one block and return the row where the next may begin."""
    pen.text(sheet, top, 0, title, "block", where="统计")
    for position, head in enumerate((*heads, "家数")):
        pen.text(sheet, top + 1, position, head, "head", where="统计")
    row = top + 2
    for cells, number in lines:
        for position, cell in enumerate(cells):
            pen.text(sheet, row, position, cell, "left", where="统计")
        pen.count(sheet, row, len(cells), number)
        row += 1
    return row + 1


def _notes(pen: _Pen, notice: ResultNotice) -> None:
    sheet = pen.sheet("说明", _NOTE_WIDTHS)
    lines = [
        ("标题", notice.title),
        *(("标记", mark) for mark in notice.marks),
        *(("评价方案", line.text) for line in notice.provenance),
        *(("计数规则", sentence) for sentence in notice.counting_rule),
        ("校验值", f"结果数据 SHA-256：{notice.digest}"),
    ]
    for row, (head, text) in enumerate(lines):
        pen.text(sheet, row, 0, head, "head", where="说明")
        pen.text(sheet, row, 1, text, "left", where="说明")
        pen.fit(sheet, row, (head, text), _NOTE_WIDTHS)


def _lines(text: str, width: float) -> int:
    """Return how many lines a text takes in a column: a Chinese character is as wide as two digits."""
    taken = sum(2 if ord(character) > 0xFF else 1 for character in text)
    return max(math.ceil(taken / max(width - 1, 1)), 1)
