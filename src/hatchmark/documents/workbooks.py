"""The empty workbook that every .xlsx of ours begins as: text stays text, and the same content gives the same bytes."""

import io
from datetime import date, datetime
from typing import Any

from hatchmark.documents import layout

_LONGEST_COMMENT = 255


def new_workbook(
    *, title: str = "", comments: str = "", day: date = layout.NO_DATE
) -> tuple[io.BytesIO, Any]:
    """Return a stream and an xlsxwriter workbook that writes into it when it is closed.

    `day`: when the file says that it was made; never the day of the clock.
    """
    # What makes a workbook is large, and most commands need none.
    import xlsxwriter  # noqa: PLC0415

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
    book.set_properties(
        {
            "title": title,
            "author": layout.MADE_BY,
            "comments": comments[:_LONGEST_COMMENT],
            "created": datetime(day.year, day.month, day.day),  # noqa: DTZ001 - the library takes it as UTC
        }
    )
    return stream, book
