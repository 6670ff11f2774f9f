"""How a paper lies on the page, for docx and pdf alike: widths, alignment, and where a row may break."""

from datetime import date

from hatchmark.documents.printable import printable, shown
from hatchmark.domain.notices import Annex, AnnexRow, Column, Paper, Paragraph, Quoted

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

_SHARES = {
    Column.SERIAL: 13,
    Column.KIND: 22,
    Column.NAME: 34,
    Column.OPERATORS: 34,
    Column.CHANNEL: 22,
    Column.RESULT: 24,
    Column.DUTY: 20,
    Column.YEAR: 13,
    Column.QUALIFICATION: 24,
    Column.LEAVE_MANAGEMENT: 18,
    Column.LEAVE_EVALUATION: 18,
    Column.LEAVE_STATISTICS: 18,
    Column.REASON: 42,
    Column.NOTE: 24,
    Column.MATTER: 18,
    Column.WAS: 34,
    Column.NOW: 34,
}
"""How wide a column is beside the others, in tables that are no annex of results."""

LONGEST_UNBROKEN_CELL = 150
"""A row with a longer cell may be split across pages: held together, it might fit on none."""


def widths_mm(annex: Annex) -> list[int]:
    """Return the width of each column; together they fill the text."""
    for widths in (_WIDTHS_MM, _WIDTHS_WITH_SCORE_MM):
        if set(annex.columns) == set(widths):
            return [widths[column] for column in annex.columns]
    total = sum(_SHARES[column] for column in annex.columns)
    found = [_SHARES[column] * TEXT_WIDTH_MM // total for column in annex.columns]
    # What rounding down left over goes to the widest column.
    found[found.index(max(found))] += TEXT_WIDTH_MM - sum(found)
    return found


def is_centred(column: Column) -> bool:
    """Short cells stand in the middle, names and sentences begin at the left."""
    return column not in (
        Column.NAME,
        Column.OPERATORS,
        Column.REASON,
        Column.NOTE,
        Column.WAS,
        Column.NOW,
    )


def may_break(row: AnnexRow) -> bool:
    """Tell whether a row is so high that it must be allowed to go on over the page."""
    return any(len(cell) > LONGEST_UNBROKEN_CELL for cell in row.cells)


def annex_line_lead(position: int, notice: Paper) -> str:
    """Return the number before one line of the list of annexes; a single annex has none."""
    return f"{position + 1}. " if len(notice.annexes) > 1 else ""


def addressee_line(notice: Paper) -> str:
    """Return the line of addressees with its colon; empty where a paper addresses everybody."""
    if not notice.addressees:
        return ""
    return "，".join(printable(addressee, where="addressees") for addressee in notice.addressees) + "："


def paragraph_text(paragraph: Paragraph) -> str:
    """Return a paragraph as it can be printed. Only what comes from the data has a limit of length.

    A list of serials grows with the round and is the notice's own.
    """
    return "".join(
        printable(str(part), where="paragraph") if isinstance(part, Quoted) else shown(str(part))
        for sentence in paragraph.sentences
        for part in sentence.parts
    )
