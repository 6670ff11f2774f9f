"""Writes a list that somebody looked at as .xlsx: one sheet, a head, values. Text stays text, numbers count."""

import io
from collections.abc import Sequence
from datetime import datetime

import xlsxwriter

from hatchmark.documents import layout
from hatchmark.documents.csv_files import FORMULA_STARTS
from hatchmark.documents.printable import printable

_WIDEST = 60


def list_xlsx(title: str, heads: Sequence[str], rows: Sequence[Sequence[str | int]]) -> bytes:
    """Return the workbook. Same values, same bytes; what looks like a formula is marked as text."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream,
        {
            "in_memory": True,  # also what keeps the time of day out of the file
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    day = layout.NO_DATE
    book.set_properties(
        {"title": title, "created": datetime(day.year, day.month, day.day)}  # noqa: DTZ001 - taken as UTC
    )
    cell = {"font_name": "宋体", "font_size": 11, "border": 1, "text_wrap": True, "valign": "vcenter"}
    plain, quoted = book.add_format(cell), book.add_format({**cell, "quote_prefix": True})
    head = book.add_format({**cell, "bold": True, "bg_color": "#E8EEF4"})
    sheet = book.add_worksheet("1")
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(heads):
        widths = [len(str(row[column])) for row in rows]
        sheet.set_column(column, column, min(_WIDEST, 2 * max([len(name), *widths]) + 2))
        sheet.write_string(0, column, printable(name, where=name), head)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(number, column, value, plain)
            else:
                text = printable(value, where=heads[column])
                sheet.write_string(number, column, text, quoted if text.startswith(FORMULA_STARTS) else plain)
    book.close()
    return stream.getvalue()
