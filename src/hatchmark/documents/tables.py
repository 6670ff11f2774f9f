"""Read a table of text cells from a .csv or .xlsx that nobody vouches for.

Everything is text: what a cell means is for the reader of the table to say. A file is bounded in every
direction before anything is built from it. An .xlsx is looked through first (zip, XML, merged cells, errors,
formulas), and only the parts that were looked through are packed anew and given to calamine, in memory: what
calamine opens is what was checked, whatever the file's own zip directory claims.
"""

import csv
import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from xml.parsers import expat

import python_calamine

from hatchmark.domain.folder_errors import FolderError, Place

LARGEST_CSV = 20 * 1024 * 1024
LARGEST_XLSX = 10 * 1024 * 1024
LARGEST_UNZIPPED = 100 * 1024 * 1024
HIGHEST_RATIO = 200
RATIO_COUNTS_FROM = 1024 * 1024
MOST_ENTRIES = 1_000
DEEPEST_XML = 64
MOST_ROWS = 200_000
MOST_COLUMNS = 200
MOST_CELLS = 3_000_000
MOST_TEXT = 50_000_000
LONGEST_CELL = 2_000
MOST_FINDINGS = 10_000

SUFFIXES = (".csv", ".xlsx")

_BOM_UTF8 = b"\xef\xbb\xbf"
_BOM_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CHUNK = 64 * 1024
_LONGEST_EXACT = 15
"""Excel keeps so many digits of a number and turns the rest into zeros."""

_ERROR_VALUES = frozenset({
    "#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#FIELD!",
    "#BLOCKED!", "#GETTING_DATA", "#CONNECT!", "#UNKNOWN!",
})  # fmt: skip
_SAVE_AS_UTF8 = "save it as 'CSV UTF-8' in Excel or WPS"


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row with at least one filled cell. `number` counts as a spreadsheet does: the header is row 1."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """The text of one table. `file` is the name errors use."""

    file: str
    header: tuple[str, ...]
    rows: tuple[TableRow, ...]

    def place(self, row: int) -> Place:
        """Return where a row stands."""
        return Place(self.file, row)


def read_table(path: Path, *, file: str) -> Table:
    """Read a .csv or .xlsx by its ending; raise FolderError, with `file` as its name, for anything unusable."""
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        return parse_xlsx(read_limited(path, file=file, limit=LARGEST_XLSX), file=file)
    if suffix == ".csv":
        return parse_csv(read_limited(path, file=file, limit=LARGEST_CSV), file=file)
    raise FolderError(
        Place(file), value=path.suffix, problem="is no table", remedy=f"give a {' or '.join(SUFFIXES)}"
    )


def read_limited(path: Path, *, file: str, limit: int) -> bytes:
    """Read a whole file that must not be larger than `limit` bytes, nor empty."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(limit + 1)
    except OSError as error:
        raise FolderError(
            Place(file), problem=f"cannot be read ({error.strerror})", remedy="give a readable file"
        ) from error
    if len(raw) > limit:
        raise FolderError(
            Place(file),
            value=f"{path.stat().st_size} bytes",
            problem=f"is larger than the {_megabytes(limit)} that are read",
            remedy="split it, or remove what does not belong in it",
        )
    if not raw:
        raise FolderError(
            Place(file, 1),
            value="0 bytes",
            problem="the file is empty",
            remedy="write its header and rows into it",
        )
    return raw


def _megabytes(size: int) -> str:
    return f"{size / (1024 * 1024):g} MB"


# ---- cell by cell -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SpoiltCell:
    """A cell whose content is lost or was never there: what it shows, and by which rule it cannot be used.

    Rules: `digits` (a number that lost its last ones), `time`, `error_value`, `formula` (never computed), `merged`,
    `long_cell`, `unprintable`.
    """

    text: str
    rule: str


Grid = tuple[tuple[str | SpoiltCell, ...], ...]
"""Every cell of a sheet, from its first row and column, whatever stands there."""


def read_grid(raw: bytes, *, file: str) -> Grid:
    """Read a .csv or .xlsx, by the ending of its name, without giving up at a bad cell: each is told where it stands.

    Raises FolderError for what makes the file as a whole unusable.
    """
    suffix = Path(file).suffix.lower()
    if not raw:
        raise FolderError(
            Place(file), value="0 bytes", problem="the file is empty", remedy="write rows into it"
        )
    limit = LARGEST_XLSX if suffix == ".xlsx" else LARGEST_CSV
    if len(raw) > limit:
        raise FolderError(
            Place(file),
            value=f"{len(raw)} bytes",
            problem=f"is larger than the {_megabytes(limit)} that are read",
            remedy="split it, or remove what does not belong in it",
        )
    if suffix == ".xlsx":
        return _grid_of_xlsx(raw, file=file)
    if suffix == ".csv":
        records = csv_records(io.StringIO(decode_text(raw, file=file), newline=""), file=file)
        return tuple(tuple(_told(cell) for cell in record) for record in _bounded(records, file=file))
    raise FolderError(
        Place(file), value=suffix, problem="is no table", remedy=f"give a {' or '.join(SUFFIXES)}"
    )


def _bounded(records: Iterator[list[str]], *, file: str) -> Iterator[list[str]]:
    left = MOST_CELLS
    for number, record in enumerate(records, start=1):
        if number > MOST_ROWS:
            raise _too_many_rows(file, number)
        if len(record) > MOST_COLUMNS:
            raise _too_many_columns(file, len(record))
        left -= len(record)
        if left < 0:
            raise _too_many_cells(file, number)
        yield record


def _grid_of_xlsx(raw: bytes, *, file: str) -> Grid:
    look, cells = _looked_through(raw, file=file)
    found = {(each.row, each.column): each for each in look.findings}
    for row, column in found:
        # An empty formula at the edge is no cell for the reader; it has its place all the same.
        cells.extend([] for _ in range(row + 1 - len(cells)))
        cells[row].extend("" for _ in range(column + 1 - len(cells[row])))
    grid = []
    for row, values in enumerate(cells):
        told: list[str | SpoiltCell] = []
        for column, value in enumerate(values):
            finding = found.get((row, column))
            cell = _cell_of(value)
            if finding is not None and isinstance(cell, str):
                cell = SpoiltCell(
                    cell or (finding.value if finding.rule == "error_value" else ""), finding.rule
                )
            told.append(cell)
        grid.append(tuple(told))
    return tuple(grid)


def _cell_of(value: "CellValue") -> str | SpoiltCell:
    try:
        return _told(_text_of(value, Place(""), ""))
    except FolderError as error:
        return SpoiltCell(error.value or "", "digits" if isinstance(value, int | float) else "time")


def _told(text: str) -> str | SpoiltCell:
    if len(text) > LONGEST_CELL:
        return SpoiltCell(text[:LONGEST_CELL], "long_cell")
    if text.strip() in _ERROR_VALUES:
        return SpoiltCell(text.strip(), "error_value")
    return text if is_sound_cell(text) else SpoiltCell(text, "unprintable")


# ---- text -------------------------------------------------------------------------------------------------


def decode_text(raw: bytes, *, file: str) -> str:
    """Decode UTF-8 (with or without byte-order mark), UTF-16 with one, or GB18030; raise FolderError otherwise."""
    if raw.startswith(_BOM_UTF8):
        text = _decode(raw, "utf-8-sig", file=file)
    elif (encoding := _BOM_UTF16.get(raw[:2])) is not None:
        text = _decode(raw[2:], encoding, file=file)
    else:
        text = _decode_unmarked(raw, file=file)
    if (at := text.find("\0")) >= 0:
        raise FolderError(
            Place(file, text.count("\n", 0, at) + 1),
            value="NUL",
            problem="holds NUL bytes, as binary files and UTF-16 without its byte-order mark do",
            remedy=_SAVE_AS_UTF8,
        )
    return text


def _decode(raw: bytes, encoding: str, *, file: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise _undecodable(
            raw,
            error,
            f"are no character in {error.encoding}, which its byte-order mark announces",
            file=file,
        ) from error


def _decode_unmarked(raw: bytes, *, file: str) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        # A UTF-8 file with one spoilt byte often decodes as GB18030 too, into other characters: nobody would
        # notice. So a text that is Chinese nearly throughout as UTF-8 is taken for UTF-8, and the byte named.
        lenient = raw.decode("utf-8", errors="replace")
        chinese = sum("一" <= character <= "鿿" for character in lenient)
        if chinese > 10 * lenient.count("�"):
            raise _undecodable(
                raw, error, "are no character in UTF-8, in which nearly all of it is written", file=file
            ) from error
    try:
        return raw.decode("gb18030")
    except UnicodeDecodeError as error:
        raise _undecodable(
            raw, error, "are a character neither in UTF-8 nor in GB18030", file=file
        ) from error


def _undecodable(raw: bytes, error: UnicodeDecodeError, how: str, *, file: str) -> FolderError:
    before = raw[: error.start]
    spoilt = raw[error.start : min(error.end, error.start + 4)].hex(" ")
    return FolderError(
        Place(file, before.count(b"\n") + 1),
        value=f"bytes {spoilt or 'none'} at {error.start}",
        problem=f"these bytes {how}",
        remedy=_SAVE_AS_UTF8,
    )


# ---- csv --------------------------------------------------------------------------------------------------


def parse_csv(raw: bytes, *, file: str) -> Table:
    """Read the bytes of a .csv: comma-separated, quotes as Excel writes them."""
    text = decode_text(raw, file=file)
    if not text.strip():
        raise FolderError(
            Place(file, 1), value="", problem="the file is empty", remedy="write its header and rows into it"
        )
    return _table(csv_records(io.StringIO(text, newline=""), file=file), file=file)


def csv_records(stream: io.TextIOBase, *, file: str) -> Iterator[list[str]]:
    """Yield the records of a .csv, the header first; raise FolderError where its quotation marks do not pair up."""
    reader = csv.reader(stream, strict=True)
    number = 0
    while True:
        number += 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "field limit" in str(error):
                raise _too_long(Place(file, number), None, csv.field_size_limit() + 1) from error
            raise FolderError(
                Place(file, number),
                value=_line_of(stream, reader.line_num),
                problem="its quotation marks do not pair up",
                remedy='close each " that opens a cell, and write "" for one inside it',
            ) from error
        if number == 1:
            _check_separator(record, file=file)
        yield record


def _line_of(stream: io.TextIOBase, number: int) -> str:
    stream.seek(0)
    return next((line for index, line in enumerate(stream, start=1) if index == number), "").strip()


def _check_separator(header: list[str], *, file: str) -> None:
    for separator, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and separator in header[0]:
            raise FolderError(
                Place(file, 1),
                value=header[0],
                problem=f"its columns are separated by {name}",
                remedy="separate them by commas: save it as 'CSV UTF-8 (comma delimited)'",
            )


# ---- from records to a table ------------------------------------------------------------------------------


def _table(records: Iterator[Sequence[str]], *, file: str) -> Table:
    header = [cell.strip() for cell in next(records, ())]
    while header and not header[-1]:
        header.pop()
    check_header(header, file=file)
    rows: list[TableRow] = []
    left = MOST_CELLS
    for number, record in enumerate(records, start=2):
        if number > MOST_ROWS:
            raise _too_many_rows(file, number)
        left -= len(record)
        if left < 0:
            raise _too_many_cells(file, number)
        row = table_row(Place(file, number), header, record)
        if row is not None:
            rows.append(row)
    return Table(file, tuple(header), tuple(rows))


def within_limits(header: Sequence[str], rows: Iterator[TableRow], *, file: str) -> Table:
    """Return a table of rows that come one by one; raise FolderError for more than a table may have."""
    kept: list[TableRow] = []
    for row in rows:
        if row.number > MOST_ROWS:
            raise _too_many_rows(file, row.number)
        if (len(kept) + 1) * len(header) > MOST_CELLS:
            raise _too_many_cells(file, row.number)
        kept.append(row)
    return Table(file, tuple(header), tuple(kept))


def check_header(header: Sequence[str], *, file: str) -> None:
    """Raise FolderError for a header with too many columns, or with one that has no name of its own."""
    place = Place(file, 1)
    if not header:
        raise FolderError(
            place,
            value="",
            problem="the first row names no column",
            remedy="write the column names into row 1",
        )
    if len(header) > MOST_COLUMNS:
        raise _too_many_columns(file, len(header))
    for index, name in enumerate(header):
        _check_cell(place, _letters(index), name)
        if not name:
            raise FolderError(
                place,
                column=_letters(index),
                value="",
                problem="this column has no name",
                remedy="name or delete it",
            )
        if name in header[:index]:
            raise FolderError(
                place,
                column=_letters(index),
                value=name,
                problem="two columns bear this name",
                remedy="keep one of them",
            )


def table_row(place: Place, header: Sequence[str], record: Sequence[str]) -> TableRow | None:
    """Return a row by the names of its columns, None for one without a filled cell; raise FolderError for a bad one."""
    cells = [cell.strip() for cell in record]
    while len(cells) > len(header) and not cells[-1]:
        cells.pop()
    if not any(cells):
        return None
    for index, cell in enumerate(cells):
        _check_cell(place, header[index] if index < len(header) else _letters(index), cell)
    if len(cells) != len(header):
        raise FolderError(
            place,
            column=header[len(cells)] if len(cells) < len(header) else _letters(len(header)),
            value=cells[-1] if len(cells) > len(header) else "",
            problem=f"the row has {len(cells)} cells, the header {len(header)}",
            remedy='give one cell for each column, and put a cell that holds a comma in quotation marks (")',
        )
    return TableRow(place.row, MappingProxyType(dict(zip(header, cells, strict=True))))


def is_sound_cell(cell: str) -> bool:
    """Say whether a cell holds text that somebody may have meant."""
    try:
        _check_cell(Place(""), "", cell)
    except FolderError:
        return False
    return True


def _check_cell(place: Place, column: str, cell: str) -> None:
    if len(cell) > LONGEST_CELL:
        raise _too_long(place, column, len(cell), cell)
    if cell in _ERROR_VALUES:
        raise _error_value(place, column, cell)
    for character in cell:
        if character == "\ufffd" or (character < " " and character not in "\t\n\r") or character == "\x7f":
            raise FolderError(
                place,
                column=column,
                value=cell,
                problem="holds a character that stands for lost or binary data",
                remedy="type the cell anew",
            )


def _letters(index: int) -> str:
    """Return the letters of a column as a spreadsheet shows them: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _too_long(place: Place, column: str | None, length: int, cell: str | None = None) -> FolderError:
    return FolderError(
        place,
        column=column,
        value=f"{length} characters" if cell is None else cell,
        problem=f"the cell has {'at least ' if cell is None else ''}{length} characters, more than {LONGEST_CELL}",
        remedy="shorten it; look whether a quotation mark is missing",
    )


def _error_value(place: Place, column: str, value: str) -> FolderError:
    return FolderError(
        place,
        column=column,
        value=value,
        problem="the spreadsheet could not compute this cell",
        remedy="mend its formula, or type the value itself",
    )


def _too_many_rows(file: str, number: int) -> FolderError:
    return FolderError(
        Place(file, number), problem=f"has more than {MOST_ROWS} rows", remedy="split it or delete empty rows"
    )


def _too_many_columns(file: str, count: int) -> FolderError:
    return FolderError(
        Place(file, 1),
        column=_letters(count - 1),
        value=f"{count} columns",
        problem=f"has more than {MOST_COLUMNS} columns",
        remedy="delete those that do not belong in it",
    )


def _too_many_cells(file: str, number: int) -> FolderError:
    return FolderError(
        Place(file, number),
        problem=f"has more than {MOST_CELLS} cells",
        remedy="delete rows and columns that do not belong in it",
    )


# ---- xlsx: the zip ----------------------------------------------------------------------------------------

_REMEDY_SAVE_AGAIN = "open it in Excel or WPS and save it again as .xlsx, or give a .csv"


def parse_xlsx(raw: bytes, *, file: str) -> Table:
    """Read the first sheet of an .xlsx after looking through everything that is read of it."""
    look, cells = _looked_through(raw, file=file)
    if look.finding is not None:
        # Found by its coordinates; named by its column, now that the header is known.
        raise look.finding.error(file, [cell.strip() for cell in next(_texts(cells, file=file), ())])
    return _table(_texts(cells, file=file), file=file)


def _looked_through(raw: bytes, *, file: str) -> tuple["_SheetLook", list[list["CellValue"]]]:
    if raw.startswith(OLE):
        raise FolderError(
            Place(file),
            value="an OLE file",
            problem="is an old .xls or is protected by a password, whatever its name says",
            remedy="save it as .xlsx without a password",
        )
    if not raw.startswith(_ZIP):
        raise FolderError(
            Place(file),
            value=f"bytes {raw[:4].hex(' ')}",
            problem="is no .xlsx: it does not begin as a zip file does",
            remedy=_REMEDY_SAVE_AGAIN,
        )
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = _Parts(archive, file=file, packed=len(raw))
            workbook = _Workbook.read(parts, file=file)
            sheet = parts.read(workbook.sheet_part)
            strings = parts.read(workbook.strings_part) if workbook.strings_part else b""
            styles = parts.read(workbook.styles_part) if workbook.styles_part else b""
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
    ) as error:
        if isinstance(error, FolderError):
            raise
        raise FolderError(
            Place(file),
            value=str(error) or type(error).__name__,
            problem="is damaged: its zip cannot be unpacked",
            remedy=_REMEDY_SAVE_AGAIN,
        ) from error
    lengths = _string_lengths(strings, file=file)
    _walk_xml(styles, lambda *_: None, file=file)
    look = _SheetLook(lengths=lengths, file=file)
    look.through(sheet)
    return look, _cells_of(_packed(sheet, strings, styles, date1904=workbook.date1904), file=file)


class _Parts:
    """The parts of an .xlsx, each unpacked through a counter: the sizes that its directory claims are not trusted."""

    def __init__(self, archive: zipfile.ZipFile, *, file: str, packed: int) -> None:
        self._archive = archive
        self._file = file
        self._packed = packed
        self._unpacked = 0
        self._infos: dict[str, zipfile.ZipInfo] = {}
        entries = archive.infolist()
        if len(entries) > MOST_ENTRIES:
            raise self._bomb(f"{len(entries)} entries", f"holds more than {MOST_ENTRIES} entries")
        claimed = sum(entry.file_size for entry in entries)
        if claimed > LARGEST_UNZIPPED:
            raise self._bomb(
                f"{claimed} bytes unpacked", f"would unpack to more than {_megabytes(LARGEST_UNZIPPED)}"
            )
        if claimed > RATIO_COUNTS_FROM and claimed > HIGHEST_RATIO * packed:
            raise self._bomb(
                f"{claimed} bytes unpacked", f"would unpack to over {HIGHEST_RATIO} times its size"
            )
        for entry in entries:
            name = entry.filename
            if name.startswith("/") or "\\" in name or ".." in name.split("/"):
                raise self._bomb(name, "holds an entry whose path leads out of it")
            if name in self._infos:
                raise self._bomb(name, "holds two entries of one name")
            self._infos[name] = entry

    def __contains__(self, name: str) -> bool:
        return name in self._infos

    def read(self, name: str) -> bytes:
        """Unpack one part, as far as the budget of the whole file goes."""
        entry = self._infos.get(name)
        if entry is None:
            raise FolderError(
                Place(self._file),
                value=name,
                problem="is no whole workbook: this part is missing",
                remedy=_REMEDY_SAVE_AGAIN,
            )
        if entry.flag_bits & 0x1 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise self._bomb(name, "holds an entry that is encrypted or packed in an unusual way")
        unpacked = bytearray()
        with self._archive.open(entry) as stream:
            while chunk := stream.read(_CHUNK):
                unpacked += chunk
                self._unpacked += len(chunk)
                if self._unpacked > LARGEST_UNZIPPED or (
                    self._unpacked > RATIO_COUNTS_FROM and self._unpacked > HIGHEST_RATIO * self._packed
                ):
                    raise self._bomb(name, f"unpacks to more than {_megabytes(self._unpacked)}")
        return bytes(unpacked)

    def _bomb(self, value: str, problem: str) -> FolderError:
        return FolderError(Place(self._file), value=value, problem=problem, remedy=_REMEDY_SAVE_AGAIN)


def _packed(sheet: bytes, strings: bytes, styles: bytes, *, date1904: bool) -> bytes:
    """Pack the parts that were looked through into a workbook of one sheet, and nothing else."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts = [("worksheets/sheet1.xml", "worksheet", sheet)]
    if strings:
        parts.append(("sharedStrings.xml", "sharedStrings", strings))
    if styles:
        parts.append(("styles.xml", "styles", styles))
    relations = "".join(
        f'<Relationship Id="r{index}" Type="{office}/{kind}" Target="{name}"/>'
        for index, (name, kind, _) in enumerate(parts)
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="r0" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}/relationships">{relations}</Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{office}"><workbookPr date1904="{int(date1904)}"/>'
            '<sheets><sheet name="1" sheetId="1" r:id="r0"/></sheets></workbook>',
        )
        for name, _, content in parts:
            archive.writestr(f"xl/{name}", content)
    return packed.getvalue()


# ---- xlsx: the XML ----------------------------------------------------------------------------------------

Start = Callable[[str, dict[str, str]], None]


def _walk_xml(
    raw: bytes,
    start: Start,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
    *,
    file: str,
) -> None:
    """Stream XML with local names only. A document type declaration, and with it every entity, is refused."""
    if not raw:
        return
    parser = expat.ParserCreate(namespace_separator=" ")
    depth = 0

    def refuse(*_: object) -> None:
        raise FolderError(
            Place(file),
            value="<!DOCTYPE",
            problem="holds a document type declaration, which no spreadsheet program writes",
            remedy=_REMEDY_SAVE_AGAIN,
        )

    def started(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST_XML:
            raise FolderError(
                Place(file),
                value=f"{depth} levels",
                problem="holds XML nested deeper than any workbook is",
                remedy=_REMEDY_SAVE_AGAIN,
            )
        start(_local(name), {_local(key): value for key, value in attributes.items()})

    def ended(name: str) -> None:
        nonlocal depth
        depth -= 1
        if end is not None:
            end(_local(name))

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = started
    parser.EndElementHandler = ended
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(raw, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        if isinstance(error, FolderError):
            raise
        raise FolderError(
            Place(file), value=str(error), problem="its XML is damaged", remedy=_REMEDY_SAVE_AGAIN
        ) from error


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


@dataclass(slots=True)
class _Workbook:
    """Where the first sheet, the strings and the styles of a workbook lie."""

    sheet_part: str = ""
    strings_part: str = ""
    styles_part: str = ""
    date1904: bool = False

    @classmethod
    def read(cls, parts: _Parts, *, file: str) -> "_Workbook":
        """Find the first worksheet in the order of the tabs."""
        sheets: list[str] = []
        found = cls()

        def workbook_element(name: str, attributes: dict[str, str]) -> None:
            if name == "sheet":
                sheets.append(attributes.get("id", ""))
            elif name == "workbookPr":
                found.date1904 = attributes.get("date1904", "") in ("1", "true")

        _walk_xml(parts.read("xl/workbook.xml"), workbook_element, file=file)
        targets: dict[str, tuple[str, str]] = {}

        def relation(name: str, attributes: dict[str, str]) -> None:
            if name == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "")
                part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
                targets[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], part)

        _walk_xml(parts.read("xl/_rels/workbook.xml.rels"), relation, file=file)
        for kind, part in targets.values():
            if kind == "sharedStrings" and part in parts:
                found.strings_part = part
            elif kind == "styles" and part in parts:
                found.styles_part = part
        worksheets = [targets[each][1] for each in sheets if targets.get(each, ("", ""))[0] == "worksheet"]
        if not worksheets:
            raise FolderError(
                Place(file), value="no sheet", problem="holds no worksheet", remedy=_REMEDY_SAVE_AGAIN
            )
        found.sheet_part = worksheets[0]
        return found


def _string_lengths(raw: bytes, *, file: str) -> list[int]:
    """Return the length of each shared string: calamine copies it for each cell that names it."""
    lengths: list[int] = []

    def start(name: str, _attributes: dict[str, str]) -> None:
        if name == "si":
            lengths.append(0)

    def text(characters: str) -> None:
        if lengths:
            lengths[-1] += len(characters)

    _walk_xml(raw, start, text=text, file=file)
    return lengths


@dataclass(frozen=True, slots=True)
class _SheetFinding:
    """Something in a sheet that calamine would not tell, by its coordinates (from 0)."""

    rule: str
    row: int
    column: int
    value: str
    problem: str
    remedy: str

    def error(self, file: str, header: Sequence[str]) -> FolderError:
        named = header[self.column] if self.column < len(header) and self.row > 0 else ""
        return FolderError(
            Place(file, self.row + 1),
            column=named or _letters(self.column),
            value=self.value,
            problem=self.problem,
            remedy=self.remedy,
        )


_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_CELL_TYPES = frozenset({"", "n", "s", "str", "inlineStr", "b", "e", "d"})


@dataclass(slots=True)
class _SheetLook:
    """Look through a sheet: bound its extent and text, and find what calamine passes over in silence."""

    lengths: list[int]
    file: str
    finding: _SheetFinding | None = None
    findings: list[_SheetFinding] = field(default_factory=list)
    _row: int = -1
    _column: int = -1
    _widest: int = 0
    _cells: int = 0
    _text: int = 0
    _type: str = ""
    _formula: bool = False
    _value: list[str] | None = None
    _has_value: bool = False
    _inline: bool = False
    _open: list[str] = field(default_factory=list)

    def through(self, raw: bytes) -> None:
        """Look at every cell; raise FolderError where a limit is passed."""
        _walk_xml(raw, self._start, self._end, self._characters, file=self.file)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self._start_row(attributes.get("r"))
        elif name == "c":
            self._start_cell(attributes)
        elif name == "f":
            self._formula = True
        elif name == "v":
            self._value = []
            self._has_value = True
        elif name == "is":
            self._inline = True
        elif name == "mergeCell":
            self._merged(attributes.get("ref", ""))

    def _start_row(self, number: str | None) -> None:
        if number is None:
            self._row += 1
        else:
            if not (number.isascii() and number.isdigit() and len(number) <= 7):
                raise self._damaged(number)
            self._row = int(number) - 1
        self._column = -1
        if self._row >= MOST_ROWS:
            raise _too_many_rows(self.file, self._row + 1)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            self._row, self._column = self._coordinates(reference)
        if self._column >= MOST_COLUMNS:
            raise _too_many_columns(self.file, self._column + 1)
        if self._row >= MOST_ROWS:
            raise _too_many_rows(self.file, self._row + 1)
        # calamine lays out the whole rectangle: two cells far apart cost as much as all those between.
        self._widest = max(self._widest, self._column + 1)
        self._cells += 1
        if self._cells > MOST_CELLS or self._widest * (self._row + 1) > MOST_CELLS:
            raise _too_many_cells(self.file, self._row + 1)
        self._type = attributes.get("t", "")
        if self._type not in _CELL_TYPES:
            raise self._damaged(self._type)
        self._formula = False
        self._has_value = False
        self._inline = False
        self._value = None

    def _coordinates(self, reference: str) -> tuple[int, int]:
        match = _REFERENCE.fullmatch(reference)
        if match is None or int(match[2]) == 0:
            raise self._damaged(reference)
        column = 0
        for letter in match[1].upper():
            column = column * 26 + ord(letter) - ord("A") + 1
        return int(match[2]) - 1, column - 1

    def _damaged(self, value: str) -> FolderError:
        return FolderError(
            Place(self.file, max(self._row, 0) + 1),
            value=value,
            problem="its sheet is damaged: such a cell cannot be",
            remedy=_REMEDY_SAVE_AGAIN,
        )

    def _characters(self, text: str) -> None:
        if self._value is not None:
            self._value.append(text)
        if self._value is not None or self._inline:
            self._count_text(len(text))

    def _count_text(self, length: int) -> None:
        self._text += length
        if self._text > MOST_TEXT:
            raise FolderError(
                Place(self.file, self._row + 1),
                value=f"{self._text} characters",
                problem=f"its cells hold more than {MOST_TEXT} characters",
                remedy="split it, or remove what does not belong in it",
            )

    def _end(self, name: str) -> None:
        if name == "is":
            self._inline = False
            self._has_value = True
        elif name == "c":
            self._end_cell("".join(self._value or ()))

    def _end_cell(self, value: str) -> None:
        self._value = None
        if self._type == "e":
            error = value or "an error"
            self._find(
                "error_value",
                error,
                "the spreadsheet could not compute this cell",
                "mend its formula, or type the value",
            )
        elif self._type == "s":
            if not (
                value.isascii() and value.isdigit() and len(value) < 9 and int(value) < len(self.lengths)
            ):
                raise self._damaged(value)
            self._count_text(self.lengths[int(value)])
        # A formula whose result is an empty text is stored as type str with an empty value.
        if self._formula and not (self._has_value and (value or self._type in ("str", "inlineStr"))):
            self._find(
                "formula",
                "a formula",
                "holds a formula without its stored value: no spreadsheet program ever computed it",
                "open the file in Excel or WPS and save it, or type the value itself",
            )

    def _merged(self, reference: str) -> None:
        row, column = self._coordinates(reference.partition(":")[0])
        # Merged cells come after the cells in the file, yet they shift what all of those mean: named first.
        self.finding = _SheetFinding(
            "merged",
            row,
            column,
            reference,
            "these cells are merged, so that most of them are empty",
            "unmerge them and fill each cell",
        )
        self._keep(self.finding)

    def _find(self, rule: str, value: str, problem: str, remedy: str) -> None:
        found = _SheetFinding(rule, self._row, self._column, value, problem, remedy)
        self.finding = self.finding or found
        self._keep(found)

    def _keep(self, found: _SheetFinding) -> None:
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(found)


# ---- xlsx: the cells --------------------------------------------------------------------------------------

CellValue = object


def _cells_of(raw: bytes, *, file: str) -> list[list[CellValue]]:
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
        sheet = workbook.get_sheet_by_index(0)
        # The empty area above and left stays, so that row and column numbers are those of the file.
        return [list(row) for row in sheet.to_python(skip_empty_area=False)]
    except BaseException as error:
        # A panic in the compiled reader is no Exception; an interrupt of the user is no panic.
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        raise FolderError(
            Place(file), value=str(error), problem="is no readable workbook", remedy=_REMEDY_SAVE_AGAIN
        ) from error


def _texts(cells: list[list[CellValue]], *, file: str) -> Iterator[list[str]]:
    if not any(value not in ("", None) for row in cells for value in row):
        raise FolderError(
            Place(file, 1),
            value="",
            problem="the first sheet is empty",
            remedy="write header and rows into it",
        )
    header: list[str] = []
    for number, row in enumerate(cells, start=1):
        texts = [
            _text_of(value, Place(file, number), header[index] if index < len(header) else _letters(index))
            for index, value in enumerate(row)
        ]
        if number == 1:
            header = [text.strip() or _letters(index) for index, text in enumerate(texts)]
        yield texts


def _text_of(value: CellValue, place: Place, column: str) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return _number_text(value, place, column)
        case datetime():
            return value.date().isoformat() if value.time() == time.min else value.isoformat()
        case date():
            return value.isoformat()
        case _:
            raise FolderError(
                place,
                column=column,
                value=str(value),
                problem="is a time of day or a duration",
                remedy="format the cell as text and write what is meant",
            )


def _number_text(value: float, place: Place, column: str) -> str:
    """Return the digits that the spreadsheet keeps: 5.0 is 5, and 0.1 + 0.2 is 0.3 as the sheet shows it."""
    exact = Decimal(format(value, f".{_LONGEST_EXACT}g"))
    if not exact.is_finite() or abs(exact) >= 10**_LONGEST_EXACT:
        raise FolderError(
            place,
            column=column,
            value=str(value),
            problem=f"is kept as a number of more than {_LONGEST_EXACT} digits, so its last digits are lost",
            remedy="format the cell as text, then type the value again",
        )
    if exact == exact.to_integral_value():
        return str(int(exact))
    return format(exact.normalize(), "f")
