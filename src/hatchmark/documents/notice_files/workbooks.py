"""Reads .xlsx and .xls: every shown sheet in order, texts above and below a table as paragraphs, merged cells laid out.

calamine reads the cells; an .xlsx is looked through first, since calamine lays out whole rectangles and does not say
how a number is shown. Nothing is computed: a formula cell is read by the value that the file stores.
"""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import python_calamine

from hatchmark.documents.notice_files import limits
from hatchmark.documents.notice_files.blocks import Blocks
from hatchmark.documents.notice_files.heads import head_position, is_head
from hatchmark.documents.notice_files.limits import Unreadable, refused
from hatchmark.documents.notice_files.packages import Package, walk_xml
from hatchmark.domain.folder_errors import FolderError
from hatchmark.domain.published_notices import NoticeDocument

_SAVE_ANEW = "open it in Excel or WPS and save it anew as .xlsx"
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_DIGITS_KEPT = 15
_LARGEST_RECTANGLE = 5_000_000
"""Cells between the first and the last filled one of a sheet: calamine lays all of them out."""

_PLACES = re.compile(r"[#0?,]*\.?([0?#]*)")
_BUILT_IN = {"1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00", "9": "0%", "10": "0.00%"}


def prepare(*, file: str) -> None:
    """Nothing has to be made ready."""


def read(raw: bytes, *, file: str, format: str) -> NoticeDocument:
    """Return the texts and tables of all shown sheets, in the order of their tabs."""
    shown = _shown_formats(raw, file=file) if format == "xlsx" else {}
    blocks = Blocks(file)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
        for sheet_info in book.sheets_metadata:
            if (
                sheet_info.visible == python_calamine.SheetVisibleEnum.Visible
                and sheet_info.typ == python_calamine.SheetTypeEnum.WorkSheet
            ):
                sheet = book.get_sheet_by_name(sheet_info.name)
                _check_extent(sheet, file=file)
                _write_sheet(sheet, shown.get(sheet_info.name, {}), blocks)
    except FolderError:
        raise
    except BaseException as error:
        # A panic in the compiled reader is no Exception.
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        raise refused(file, Unreadable.DAMAGED, f"is no readable workbook ({error})", _SAVE_ANEW) from error
    return blocks.document(format=format)


def _check_extent(sheet: Any, *, file: str) -> None:
    if sheet.total_height > limits.MOST_ROWS or sheet.total_width > 16_384:
        raise refused(
            file,
            Unreadable.TOO_MUCH,
            f"sheet {sheet.name} has more than {limits.MOST_ROWS} rows",
            "give the notice and its annexes alone",
            value=f"{sheet.total_height} rows",
        )
    if sheet.height * sheet.width > _LARGEST_RECTANGLE:
        raise _far_apart(file)


def _far_apart(file: str) -> FolderError:
    return refused(
        file,
        Unreadable.TOO_MUCH,
        "a sheet has filled cells far from one another",
        "delete rows and columns that do not belong in it",
    )


# ---- one sheet -----------------------------------------------------------------------------------


def _write_sheet(sheet: Any, formats: Mapping[tuple[int, int], str], blocks: Blocks) -> None:
    """Add a sheet: rows with one filled cell before a table's head and after its end are paragraphs."""
    cells = sheet.to_python(skip_empty_area=False)
    texts = [
        [_text_of(value, formats.get((row, column))) for column, value in enumerate(values)]
        for row, values in enumerate(cells)
    ]
    merged = _lay_out_merged(texts, sheet.merged_cell_ranges or ())
    write_rows(texts, merged, blocks)


def _lay_out_merged(texts: list[list[str]], ranges: Sequence[Any]) -> set[int]:
    """Repeat what is merged over rows in each of them; return the rows that are one cell over several columns."""
    across: set[int] = set()
    for (top, left), (bottom, right) in ranges:
        if top >= len(texts) or left >= len(texts[top]):
            continue
        if right > left and top == bottom:
            across.add(top)
        for row in range(top + 1, min(bottom + 1, len(texts))):
            if left < len(texts[row]) and not texts[row][left]:
                texts[row][left] = texts[top][left]
    return across


def write_rows(rows: Sequence[Sequence[str]], merged: set[int], blocks: Blocks) -> None:
    """Add the rows of a sheet as paragraphs and tables."""
    grid: list[list[str]] = []

    def end_table() -> None:
        if len(grid) == 1 and not is_head(grid[0]):
            blocks.paragraph(" ".join(filter(None, grid[0])))
        else:
            blocks.table(grid)
        grid.clear()

    empty = 0
    for at, row in enumerate(rows):
        filled = [cell for cell in row if cell.strip()]
        if not filled:
            empty += 1
            continue
        if grid and is_head(row) and head_position(grid) is not None and empty:
            end_table()
        alone = len(filled) == 1
        inside = (
            grid and not empty and at + 1 < len(rows) and _is_row(rows[at + 1]) and not is_head(rows[at + 1])
        )
        # Where every row has one cell only, the sheet is a text; in a table such a row is the name of a group.
        if alone and not (inside and len(filled[0]) <= 60):
            end_table()
            blocks.paragraph(filled[0])
        else:
            grid.append(list(row))
        empty = 0
    end_table()


def _is_row(row: Sequence[str]) -> bool:
    return sum(bool(cell.strip()) for cell in row) > 1


# ---- the text of a cell --------------------------------------------------------------------------


def _text_of(value: object, shown_as: str | None) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return number_text(value, shown_as)
        case datetime():
            return value.date().isoformat() if value.time() == time.min else value.isoformat(sep=" ")
        case date() | time() | timedelta():
            return str(value)
        case _:
            return str(value)


def number_text(value: float, shown_as: str | None) -> str:
    """Return a number as a sheet shows it by its number format: 85, 92.50, 12%; without one by its digits."""
    exact = Decimal(format(value, f".{_DIGITS_KEPT}g"))
    if not exact.is_finite():
        return str(value)
    if shown_as is not None:
        pattern = shown_as.split(";")[0]
        percent = "%" in pattern
        number = exact * 100 if percent else exact
        places = _PLACES.search(pattern.replace('"', ""))
        wanted = len(places[1]) if places is not None else 0
        fixed = sum(each == "0" for each in places[1]) if places is not None else 0
        text = format(
            number.quantize(Decimal(1).scaleb(-wanted), ROUND_HALF_UP), ",f" if "," in pattern else "f"
        )
        if fixed < wanted and "." in text:
            kept = text.index(".") + 1 + fixed
            text = (text[:kept] + text[kept:].rstrip("0")).rstrip(".")
        return f"{text}%" if percent else text
    if exact == exact.to_integral_value():
        return str(int(exact))
    return format(exact.normalize(), "f")


# ---- what calamine does not tell -----------------------------------------------------------------


def _shown_formats(raw: bytes, *, file: str) -> dict[str, dict[tuple[int, int], str]]:
    """Look through an .xlsx; return by sheet the number formats of its numbers, by row and column from 0."""
    package = Package(raw, file=file)
    main = package.related("", "officeDocument") or "xl/workbook.xml"
    sheets: list[tuple[str, str]] = []

    def sheet_element(name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet":
            sheets.append((attributes.get("name", ""), attributes.get("id", "")))

    walk_xml(package.read(main), sheet_element, file=file)
    strings = package.related(main, "sharedStrings")
    lengths = _lengths(package.read(strings), file=file) if strings is not None else []
    styles = package.related(main, "styles")
    formats = _formats(package.read(styles), file=file) if styles is not None else []
    relations = package.relations(main)
    found = {}
    look = _Look(file=file, lengths=lengths, formats=formats)
    for name, reference in sheets:
        relation = relations.get(reference)
        if relation is not None and relation.kind == "worksheet" and relation.part in package:
            look.begin()
            walk_xml(package.read(relation.part), look.start, look.end, look.text, file=file)
            found[name] = look.shown
    return found


def _lengths(raw: bytes, *, file: str) -> list[int]:
    """Return the length of each shared string: it is copied for each cell that names it."""
    lengths: list[int] = []

    def start(name: str, _: Mapping[str, str]) -> None:
        if name == "si":
            lengths.append(0)

    def text(characters: str) -> None:
        if lengths:
            lengths[-1] += len(characters)

    walk_xml(raw, start, text=text, file=file)
    return lengths


def _formats(raw: bytes, *, file: str) -> list[str | None]:
    """Return, for each cell style, a number format that says how many places are shown; None for any other."""
    codes: dict[str, str] = {}
    styles: list[str | None] = []
    inside = False

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal inside
        if name == "numFmt":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            inside = True
        elif name == "xf" and inside:
            format_id = attributes.get("numFmtId", "0")
            code = codes.get(format_id) or _BUILT_IN.get(format_id)
            styles.append(code if code is not None and _shows_places(code) else None)

    def end(name: str) -> None:
        nonlocal inside
        inside = inside and name != "cellXfs"

    walk_xml(raw, start, end, file=file)
    return styles


def _shows_places(code: str) -> bool:
    """Whether a number format only rounds, groups and marks per cent; dates and words are read by the value."""
    return re.fullmatch(r"(?:[#0?,.]+%?_?\)?\s*;?)+(?:[-()#0?,.%_\s\\]|\[Red\])*", code) is not None


@dataclass(slots=True)
class _Look:
    """Looks through the sheets of a workbook: bounds their cells and text, and notes how numbers are shown."""

    file: str
    lengths: list[int]
    formats: list[str | None]
    shown: dict[tuple[int, int], str] = field(default_factory=dict)
    _row: int = -1
    _column: int = -1
    _top: int = 0
    _left: int = 0
    _bottom: int = 0
    _right: int = 0
    _cells: int = 0
    _text: int = 0
    _type: str = ""
    _in_value: bool = False

    def begin(self) -> None:
        """Start with another sheet."""
        self.shown = {}
        self._row = self._column = -1
        self._top = self._left = 1_048_576
        self._bottom = self._right = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Look at the beginning of an element."""
        if name == "row":
            number = attributes.get("r", "")
            self._row = int(number) - 1 if number.isdecimal() and len(number) <= 7 else self._row + 1
            self._column = -1
        elif name == "c":
            self._cell(attributes)
        elif name in ("v", "is"):
            self._in_value = True

    def end(self, name: str) -> None:
        """Look at the end of one."""
        if name in ("v", "is"):
            self._in_value = False

    def text(self, characters: str) -> None:
        """Count what the cells hold."""
        if not self._in_value:
            return
        length = len(characters)
        if (
            self._type == "s"
            and characters.isdecimal()
            and len(characters) < 9
            and int(characters) < len(self.lengths)
        ):
            length = self.lengths[int(characters)]
        self._text += length
        if self._text > limits.MOST_TEXT:
            raise refused(
                self.file,
                Unreadable.TOO_MUCH,
                f"its cells hold more than {limits.MOST_TEXT} characters",
                "give the notice and its annexes alone",
            )

    def _cell(self, attributes: Mapping[str, str]) -> None:
        reference = _REFERENCE.fullmatch(attributes.get("r", ""))
        if reference is not None:
            column = 0
            for letter in reference[1].upper():
                column = column * 26 + ord(letter) - ord("A") + 1
            self._row, self._column = int(reference[2]) - 1, column - 1
        else:
            self._column += 1
        self._cells += 1
        self._top, self._bottom = min(self._top, self._row), max(self._bottom, self._row)
        self._left, self._right = min(self._left, self._column), max(self._right, self._column)
        if (self._bottom - self._top + 1) * (self._right - self._left + 1) > _LARGEST_RECTANGLE:
            raise _far_apart(self.file)
        # Formatted cells count too: a sheet formatted down to its last row is as much to lay out.
        if self._cells > limits.MOST_CELLS or self._row >= 1_048_576:
            raise refused(
                self.file,
                Unreadable.TOO_MUCH,
                f"its sheets hold more than {limits.MOST_CELLS} cells",
                "delete rows and columns that do not belong in it",
            )
        self._type = attributes.get("t", "n")
        style = attributes.get("s", "0")
        if self._type == "n" and style.isdecimal() and len(style) < 7 and int(style) < len(self.formats):
            code = self.formats[int(style)]
            if code is not None:
                self.shown[self._row, self._column] = code
