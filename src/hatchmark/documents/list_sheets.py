"""Writes a list of a page as .xlsx: one sheet, its title and marks above, a filter row. Values in, bytes out."""

from collections.abc import Sequence
from dataclasses import dataclass

from hatchmark.documents.csv_files import FORMULA_STARTS
from hatchmark.documents.printable import printable
from hatchmark.documents.workbooks import new_workbook

_FONT = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
_A4 = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSheet:
    """A list: its title, lines above it, the heads with the width of each column in characters, and the rows.

    A whole number stays a number; every other cell is text.
    """

    title: str
    notes: tuple[str, ...]
    heads: tuple[tuple[str, int], ...]
    rows: tuple[Sequence[str | int], ...]


def list_xlsx(content: ListSheet) -> bytes:
    """Return the workbook. Same content, same bytes; no cell is a formula, whatever its text begins with."""
    stream, book = new_workbook(title=content.title, comments="；".join(content.notes))
    title = book.add_format({**_FONT, "font_size": 14, "bold": True})
    note = book.add_format(_FONT)
    head = book.add_format({**_FONT, "border": 1, "bold": True, "align": "center", "bg_color": "#E8EEF4"})
    cell = book.add_format({**_FONT, "border": 1, "text_wrap": True})
    quoted = book.add_format({**_FONT, "border": 1, "text_wrap": True, "quote_prefix": True})
    sheet = book.add_worksheet()
    sheet.set_paper(_A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.write_string(0, 0, printable(content.title, where="title"), title)
    for number, line in enumerate(content.notes, start=1):
        sheet.write_string(number, 0, printable(line, where="note"), note)
    top = len(content.notes) + 1
    for column, (text, width) in enumerate(content.heads):
        sheet.set_column(column, column, width)
        sheet.write_string(top, column, printable(text, where="head"), head)
    for row, cells in enumerate(content.rows, start=top + 1):
        for column, value in enumerate(cells):
            if isinstance(value, int):
                sheet.write_number(row, column, value, cell)
            else:
                text = printable(value, where=f"row {row + 1}")
                sheet.write_string(row, column, text, quoted if text.startswith(FORMULA_STARTS) else cell)
    sheet.freeze_panes(top + 1, 2)
    sheet.repeat_rows(top)
    sheet.autofilter(top, 0, top + max(len(content.rows), 1), len(content.heads) - 1)
    book.close()
    return stream.getvalue()
