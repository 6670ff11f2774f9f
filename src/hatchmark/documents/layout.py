"""How a notice lies on the page, for docx and pdf alike: widths, alignment, and where a row may break."""

from datetime import date

from hatchmark.documents.printable import printable, shown
from hatchmark.domain.notices import Annex, AnnexRow, Column, Paragraph, Quoted, ResultNotice

MADE_BY = "孵衡 Hatchmark"

# A file format may demand a date where the notice has none. This one says plainly that it is no date.
NO_DATE = date(1980, 1, 1)

TEXT_WIDTH_MM = 156
"""A4 less the margins of GB/T 9704-2012, 28 mm left and 26 mm right."""

_WIDTHS_MM = {
    Column.SERIAL: 11,
    Column.NAME: 46,
    Column.OPERATORS: 48,
    Column.CHANNEL: 24,
    Column.RESULT: 27,
}
_WIDTHS_WITH_SCORE_MM = {
    Column.SERIAL: 11,
    Column.NAME: 40,
    Column.OPERATORS: 42,
    Column.CHANNEL: 24,
    Column.SCORE: 15,
    Column.RESULT: 24,
}

LONGEST_UNBROKEN_CELL = 150
"""A row with a longer cell may be split across pages: held together, it might fit on none."""


def widths_mm(annex: Annex) -> list[int]:
    """Return the width of each column; together they fill the text."""
    widths = _WIDTHS_WITH_SCORE_MM if Column.SCORE in annex.columns else _WIDTHS_MM
    return [widths[column] for column in annex.columns]


def is_centred(column: Column) -> bool:
    """Short cells stand in the middle, names begin at the left."""
    return column not in (Column.NAME, Column.OPERATORS)


def may_break(row: AnnexRow) -> bool:
    """Tell whether a row is so high that it must be allowed to go on over the page."""
    return any(len(cell) > LONGEST_UNBROKEN_CELL for cell in row.cells)


def annex_line_lead(position: int, notice: ResultNotice) -> str:
    """Return the number before one line of the list of annexes; a single annex has none."""
    return f"{position + 1}. " if len(notice.annexes) > 1 else ""


def day_text(day: date) -> str:
    """2025年11月3日, as official documents write it."""
    return f"{day.year}年{day.month}月{day.day}日"


def paragraph_text(paragraph: Paragraph) -> str:
    """Return a paragraph as it can be printed. Only what comes from the data has a limit of length.

    A list of serials grows with the round and is the notice's own.
    """
    return "".join(
        printable(str(part), where="paragraph") if isinstance(part, Quoted) else shown(str(part))
        for sentence in paragraph.sentences
        for part in sentence.parts
    )
