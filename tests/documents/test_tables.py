"""What a table file may be, and what is refused before anything is built from it."""

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from folder_builder import xlsx_bytes
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsx_builder import claiming_size, sheet_xml, text_cell, workbook

from hatchmark.documents import tables
from hatchmark.documents.tables import decode_text, parse_csv, parse_xlsx, read_table
from hatchmark.domain.folder_errors import FolderError


def cells_of(table: tables.Table) -> list[dict[str, str]]:
    return [dict(row.cells) for row in table.rows]


def refusal(parse, raw: bytes, file: str = "t") -> str:  # type: ignore[no-untyped-def]
    with pytest.raises(FolderError) as caught:
        parse(raw, file=file)
    return str(caught.value)


# ---- csv --------------------------------------------------------------------------------------------------


def test_rows_are_numbered_as_a_spreadsheet_shows_them() -> None:
    table = parse_csv(b'a,b\n1,"x\ny"\n\n,\n2, z \n', file="t.csv")

    assert table.header == ("a", "b")
    assert [(row.number, dict(row.cells)) for row in table.rows] == [
        (2, {"a": "1", "b": "x\ny"}),
        (5, {"a": "2", "b": "z"}),
    ]


def test_commas_and_quotes_stand_in_quoted_cells() -> None:
    assert cells_of(parse_csv(b'a,b\n"1,5","say ""x"""\n', file="t.csv")) == [{"a": "1,5", "b": 'say "x"'}]


def test_empty_columns_that_a_spreadsheet_appends_are_dropped() -> None:
    assert cells_of(parse_csv(b"a,b,,\n1,2,,\n", file="t.csv")) == [{"a": "1", "b": "2"}]


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        pytest.param(
            b"",
            "t, row 1, value '': the file is empty; write its header and rows into it",
            id="nothing at all",
        ),
        pytest.param(
            b"a;b\n1;2\n",
            "t, row 1, value 'a;b': its columns are separated by semicolons; "
            "separate them by commas: save it as 'CSV UTF-8 (comma delimited)'",
            id="semicolons",
        ),
        pytest.param(
            b"a\tb\n1\t2\n",
            "t, row 1, value 'a\\u0009b': its columns are separated by tabs; "
            "separate them by commas: save it as 'CSV UTF-8 (comma delimited)'",
            id="tabs",
        ),
        pytest.param(
            b'a,b\n1,2\n"3,4\n5,6\n',
            "t, row 3, value '5,6': its quotation marks do not pair up; "
            'close each " that opens a cell, and write "" for one inside it',
            id="an open quotation mark",
        ),
        pytest.param(
            b"a,b\n1,2,3\n",
            "t, row 2, column C, value '3': the row has 3 cells, the header 2; "
            'give one cell for each column, and put a cell that holds a comma in quotation marks (")',
            id="a comma too many",
        ),
        pytest.param(
            b"a,b\n1\n",
            "t, row 2, column b, value '': the row has 1 cells, the header 2; "
            'give one cell for each column, and put a cell that holds a comma in quotation marks (")',
            id="a cell too few",
        ),
        pytest.param(
            b"a,a\n1,2\n",
            "t, row 1, column B, value 'a': two columns bear this name; keep one of them",
            id="one name twice",
        ),
        pytest.param(
            b"a,,b\n1,2,3\n",
            "t, row 1, column B, value '': this column has no name; name or delete it",
            id="no name",
        ),
        pytest.param(
            b"a,b\n1,#REF!\n",
            "t, row 2, column b, value '#REF!': the spreadsheet could not compute this cell; "
            "mend its formula, or type the value itself",
            id="an error value",
        ),
        pytest.param(
            "a,b\n1,x\ufffd\n".encode(),
            "t, row 2, column b, value 'x\ufffd': holds a character that stands for lost or binary data; "
            "type the cell anew",
            id="a lost character",
        ),
        pytest.param(
            b"a,b\n1,\x00\n",
            "t, row 2, value 'NUL': holds NUL bytes, as binary files and UTF-16 without its byte-order mark do; "
            "save it as 'CSV UTF-8' in Excel or WPS",
            id="a NUL byte",
        ),
    ],
)
def test_a_csv_is_refused_in_one_line(raw: bytes, line: str) -> None:
    assert refusal(parse_csv, raw) == line


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_each_accepted_encoding_gives_the_same_text(encoding: str) -> None:
    assert decode_text("名称,㐀⊕·《》“”\n".encode(encoding), file="t") == "名称,㐀⊕·《》“”\n"


def test_one_spoilt_byte_in_utf8_is_named_and_not_read_as_other_characters() -> None:
    raw = bytearray("name\n内蒙古自治区科技企业孵化器绩效评价结果\n众创空间\n".encode())
    raw[8:11] = b"\xc4\xda"  # 内 became GB 2312 in an otherwise UTF-8 file
    assert raw.decode("gb18030", errors="ignore")

    assert refusal(decode_text, bytes(raw)).startswith(
        "t, row 2, value 'bytes c4 at 8': these bytes are no character in UTF-8, in which nearly all of it is written; "
    )


def test_a_mark_that_the_bytes_belie_is_told() -> None:
    assert refusal(decode_text, b"\xff\xfea").startswith(
        "t, row 1, value 'bytes 61 at 0': these bytes are no character in utf-16-le, which its byte-order mark "
    )


# ---- xlsx -------------------------------------------------------------------------------------------------


def sheet_with(*values: object) -> bytes:
    """Return a real .xlsx with the columns a, b … and one row."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        for column, value in enumerate(values):
            sheet.write(0, column, "abcdefgh"[column])
            sheet.write(1, column, value)
    return target.getvalue()


def test_numbers_are_the_digits_that_the_sheet_shows() -> None:
    raw = sheet_with(5.0, 82.35, 0.1 + 0.2, -7, 1e-6, 123456789012345)

    assert cells_of(parse_xlsx(raw, file="t")) == [
        {"a": "5", "b": "82.35", "c": "0.3", "d": "-7", "e": "0.000001", "f": "123456789012345"}
    ]


def test_days_and_moments_and_truth_values_are_texts() -> None:
    raw = sheet_with(date(2025, 7, 1), datetime(2025, 7, 1, 9, 30), True, "文字")  # noqa: DTZ001  (a sheet knows no zone)

    assert cells_of(parse_xlsx(raw, file="t")) == [
        {"a": "2025-07-01", "b": "2025-07-01T09:30:00", "c": "TRUE", "d": "文字"}
    ]


def test_a_formula_is_read_by_its_stored_value() -> None:
    formulas = '<c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>A1&amp;B1</f><v>甲</v></c>'
    formulas += '<c r="C2" t="str"><f>""</f><v></v></c>'
    header = text_cell("A1", "a") + text_cell("B1", "b") + text_cell("C1", "c")
    raw = workbook(sheet_xml(f'<row r="1">{header}</row><row r="2">{formulas}</row>'))

    assert cells_of(parse_xlsx(raw, file="t")) == [{"a": "2", "b": "甲", "c": ""}]


def test_an_identifier_that_lost_its_digits_is_refused() -> None:
    assert refusal(parse_xlsx, sheet_with("x", 915100001234567890)) == (
        "t, row 2, column b, value '9.15100001234568e+17': is kept as a number of more than 15 digits, so its last "
        "digits are lost; format the cell as text, then type the value again"
    )


def test_rows_keep_their_numbers_below_an_empty_one() -> None:
    raw = workbook(
        sheet_xml(f'<row r="1">{text_cell("A1", "a")}</row><row r="4">{text_cell("A4", "x")}</row>')
    )

    assert [(row.number, dict(row.cells)) for row in parse_xlsx(raw, file="t").rows] == [(4, {"a": "x"})]


def test_the_first_tab_is_read_and_no_other() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        for name, text in (("second made first", "x"), ("other", "y")):
            sheet = book.add_worksheet(name)
            sheet.write(0, 0, "a")
            sheet.write(1, 0, text)
            if text == "y":
                sheet.merge_range("A3:B3", "merged, and none of our business")

    assert cells_of(parse_xlsx(target.getvalue(), file="t")) == [{"a": "x"}]


ROW = f'<row r="1">{text_cell("A1", "a")}</row>'
STRINGS = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{}</t></si></sst>'


def repeated(cells: int) -> str:
    """Return many cells that name one shared string."""
    return "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, cells + 1))


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        pytest.param(b"", "t, value 'bytes ': is no .xlsx: it does not begin as a zip file does", id="empty"),
        pytest.param(
            b"kind,serial\n", "t, value 'bytes 6b 69 6e 64': is no .xlsx: it does not begin as a zip file does",
            id="a csv by another name",
        ),
        pytest.param(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100),
            "t, value 'an OLE file': is an old .xls or is protected by a password, whatever its name says",
            id="an xls by another name",
        ),
        pytest.param(
            b"PK\x03\x04" + bytes(100),
            "t, value 'File is not a zip file': is damaged: its zip cannot be unpacked",
            id="half a zip",
        ),
        pytest.param(
            workbook(sheet_xml(ROW), more={"xl/zeros": bytes(50 * 1024 * 1024)}),
            "t, value '52429573 bytes unpacked': would unpack to over 200 times its size",
            id="a bomb that says so",
        ),
        pytest.param(
            claiming_size(
                workbook(sheet_xml(ROW + f"<!--{' ' * 30_000_000}-->")), "xl/worksheets/sheet1.xml", 500
            ),
            "t, value 'Bad CRC-32 for file 'xl/worksheets/sheet…' (46 characters): is damaged: its zip cannot",
            id="a bomb that claims to be small",
        ),
        pytest.param(
            workbook(sheet_xml(ROW), more={f"xl/{number}": b"" for number in range(1_001)}),
            "t, value '1004 entries': holds more than 1000 entries",
            id="too many entries",
        ),
        pytest.param(
            workbook(sheet_xml(ROW), more={"xl/../../x": b""}),
            "t, value 'xl/../../x': holds an entry whose path leads out of it",
            id="a path out of it",
        ),
        pytest.param(
            workbook('<!DOCTYPE a [<!ENTITY b "c">]>' + sheet_xml(ROW)),
            "t, value '<!DOCTYPE': holds a document type declaration, which no spreadsheet program writes",
            id="entities",
        ),
        pytest.param(
            workbook('<!DOCTYPE a SYSTEM "b">' + sheet_xml(ROW)),
            "t, value '<!DOCTYPE': holds a document type declaration, which no spreadsheet program writes",
            id="a document type without entities",
        ),
        pytest.param(
            workbook(sheet_xml(ROW), strings='<!DOCTYPE a [<!ENTITY b "c">]>' + STRINGS.format("&b;")),
            "t, value '<!DOCTYPE': holds a document type declaration, which no spreadsheet program writes",
            id="entities among the strings",
        ),
        pytest.param(
            workbook(sheet_xml("<row>" * 100 + "</row>" * 100)),
            "t, value '65 levels': holds XML nested deeper than any workbook is",
            id="deep nesting",
        ),
        pytest.param(workbook("<worksheet>"), "t, value 'no element found: line 1, column 11': its XML is damaged",
                     id="half a sheet"),
        pytest.param(
            workbook(sheet_xml(ROW + f'<row r="1048576">{text_cell("A1048576", "x")}</row>')),
            "t, row 1048576: has more than 200000 rows",
            id="a cell in the last row",
        ),
        pytest.param(
            workbook(sheet_xml(f'<row r="1">{text_cell("XFD1", "x")}</row>')),
            "t, row 1, column XFD, value '16384 columns': has more than 200 columns",
            id="a cell in the last column",
        ),
        pytest.param(
            workbook(sheet_xml(f'{ROW}<row r="2">{text_cell("GR2", "x")}</row><row r="150000">'
                               f'{text_cell("A150000", "x")}</row>')),
            "t, row 150000: has more than 3000000 cells",
            id="two cells far apart",
        ),
        pytest.param(
            workbook(sheet_xml(repeated(1_000)), strings=STRINGS.format("x" * 60_000)),
            "t, row 834, value '50040834 characters': its cells hold more than 50000000 characters",
            id="one string many times",
        ),
        pytest.param(
            workbook(sheet_xml('<row r="1"><c r="A1" t="s"><v>7</v></c></row>')),
            "t, row 1, value '7': its sheet is damaged",
            id="a string that is not there",
        ),
        pytest.param(
            workbook(sheet_xml("")), "t, row 1, value '': the first sheet is empty", id="an empty sheet"
        ),
        pytest.param(
            workbook(sheet_xml(ROW), more={"xl/workbook.xml": b"<workbook/>"}),
            "t, value 'no sheet': holds no worksheet",
            id="no sheet",
        ),
        pytest.param(
            sheet_with("x" * 2_001), f"t, row 2, column a, value '{'x' * 40}…' (2001 characters): the cell has 2001",
            id="a long cell",
        ),
    ],
)  # fmt: skip
def test_an_xlsx_is_refused_in_one_line(raw: bytes, line: str) -> None:
    said = refusal(parse_xlsx, raw)

    assert said.startswith(line)
    assert "; " in said
    assert "\n" not in said


def test_what_is_unpacked_is_counted_whatever_the_zip_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = workbook(sheet_xml(ROW + f"<!--{'x' * 200_000}-->"))
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = tables._Parts(archive, file="t", packed=len(raw))
        monkeypatch.setattr(tables, "LARGEST_UNZIPPED", 150_000)  # lowered behind the sum of the claims

        with pytest.raises(
            FolderError, match=r"^t, value 'xl/worksheets/sheet1.xml': unpacks to more than 0\.1"
        ):
            parts.read("xl/worksheets/sheet1.xml")


# ---- limits and files -------------------------------------------------------------------------------------


def test_the_limits_are_the_documented_ones() -> None:
    assert (tables.LARGEST_CSV, tables.LARGEST_XLSX, tables.LARGEST_UNZIPPED) == (
        20 << 20,
        10 << 20,
        100 << 20,
    )
    assert (tables.MOST_ROWS, tables.MOST_COLUMNS, tables.MOST_CELLS) == (200_000, 200, 3_000_000)
    assert tables.LONGEST_CELL == 2_000


@pytest.mark.parametrize(
    ("name", "size", "line"),
    [
        ("t.csv", 20 * 1024 * 1024 + 1, "t, value '20971521 bytes': is larger than the 20 MB that are read"),
        ("t.xlsx", 10 * 1024 * 1024 + 1, "t, value '10485761 bytes': is larger than the 10 MB that are read"),
        ("t.xlsx", 0, "t, row 1, value '0 bytes': the file is empty"),
        ("t.ods", 5, "t, value '.ods': is no table"),
    ],
)
def test_a_file_is_refused_by_size_and_ending(tmp_path: Path, name: str, size: int, line: str) -> None:
    with (tmp_path / name).open("wb") as stream:
        stream.truncate(size)

    with pytest.raises(FolderError) as caught:
        read_table(tmp_path / name, file="t")

    assert str(caught.value).startswith(line)


def test_rows_and_columns_of_a_csv_are_bounded() -> None:
    assert refusal(parse_csv, b"a\n" + b"1\n" * 200_000).startswith(
        "t, row 200001: has more than 200000 rows; "
    )
    wide = ",".join(f"c{number}" for number in range(201)).encode()
    assert refusal(parse_csv, wide).startswith(
        "t, row 1, column GS, value '201 columns': has more than 200 columns; "
    )


def test_a_cell_longer_than_the_reader_takes_is_refused_as_well() -> None:
    assert refusal(parse_csv, b"a,b\n1," + b"x" * 200_000).startswith(
        "t, row 2, value '131073 characters': the cell has at least 131073 characters, more than 2000; "
    )


# ---- whatever the bytes -----------------------------------------------------------------------------------


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_csv_or_a_refusal(raw: bytes) -> None:
    try:
        table = parse_csv(raw, file="t.csv")
    except FolderError as error:
        assert "\n" not in str(error)
    else:
        assert all(tuple(row.cells) == table.header for row in table.rows)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_an_xlsx_or_a_refusal(raw: bytes) -> None:
    for spoilt in (raw, b"PK\x03\x04" + raw):
        with pytest.raises(FolderError):
            parse_xlsx(spoilt, file="t.xlsx")


GOOD = xlsx_bytes([["kind", "serial", "name"], ["incubator", "1", "示例"], ["incubator", "2", "示例二"]])


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_workbook_with_flipped_bytes_is_read_or_refused(flips: list[tuple[int, int]]) -> None:
    raw = bytearray(GOOD)
    for at, byte in flips:
        raw[at] = byte
    try:
        parse_xlsx(bytes(raw), file="t.xlsx")
    except FolderError as error:
        assert "\n" not in str(error)


PIECES = st.sampled_from([
    "<row>", "</row>", '<row r="2">', '<row r="-1">', '<c r="A1">', "<c>", "</c>", '<c r="B2" t="s">', '<c t="e">',
    '<c t="b">', '<c s="9" t="d">', "<v>", "</v>", "0", "1e999", "x", "-5", "<f>", "</f>", "<is>", "</is>", "<t>",
    "</t>", '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>', '<mergeCell ref="?"/>', "&#10;", '<c r="ZZZ9999999"/>',
    "<row/>", '<c r="A0"/>', "<c t='inlineStr'/>",
])  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=30))
def test_a_workbook_with_any_sheet_is_read_or_refused(pieces: list[str]) -> None:
    try:
        parse_xlsx(workbook(sheet_xml(ROW + "".join(pieces)), strings=STRINGS.format("x")), file="t.xlsx")
    except FolderError as error:
        assert "\n" not in str(error)
