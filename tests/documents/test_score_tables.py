"""TABLEs of figures: what is read, every cell that is refused by name, and what is written."""

import csv
import io
from fractions import Fraction

import pytest
import xlsxwriter
from example_schemes import PLAIN, PLAIN_HEADER, PLAIN_TABLE, plain, wide

from hatchmark.documents.score_tables import (
    TableToWrite,
    check_out,
    read_score_table,
    roster_header,
    roster_rows,
    sample_header,
    sample_rows,
    write_scores,
    write_tables,
)
from hatchmark.documents.tables import read_table
from hatchmark.domain.folder_errors import FolderError
from hatchmark.domain.grading import Facts
from hatchmark.domain.sampling_schemes import sample_entries
from hatchmark.domain.scheme import FigureStatus
from hatchmark.engines.reference import score_table
from hatchmark.schemes.loader import parse_scheme, shipped, shipped_codes

SCHEME = plain()


def written(tmp_path, text, name="data.csv"):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file


def errors_of(tmp_path, text, *, scheme=SCHEME, roster=None):
    """Read a table that cannot be used; return the lines of its errors."""
    named = written(tmp_path, roster, "roster.csv") if roster is not None else None
    with pytest.raises(FolderError) as refused:
        read_score_table(written(tmp_path, text), scheme=scheme, roster=named)
    return [str(error) for error in refused.value.errors]


# ---- what is read


def test_figures_statuses_scores_and_sub_types_are_read(tmp_path):
    table = read_score_table(written(tmp_path, PLAIN_TABLE), scheme=SCHEME)

    assert list(table.entries) == ["甲", "乙", "丙", "丁"]
    second, last = table.entries["乙"], table.entries["丁"]
    assert {code: given.value for code, given in second.figures.items()} == {
        "firms": 20,
        "graduates": 2,
        "income": 100,
        "income@last": 100,
        "prizes": 1,
    }
    assert second.sub_type == "professional"
    assert second.expert_scores == {"service": (20, 25), "features": (5, 6)}
    assert (last.figures["firms"].status, last.figures["firms"].value) == (FigureStatus.REFUSED, None)
    assert (last.sub_type, last.facts) == (None, Facts())
    assert table.experts["乙"] == {"service": (1, 2), "features": (1, 2)}


def test_an_expert_keeps_the_number_where_another_gave_no_score(tmp_path):
    text = PLAIN_TABLE.replace("20,25,5,6", ",25,5,")

    table = read_score_table(written(tmp_path, text), scheme=SCHEME)

    assert table.entries["乙"].expert_scores == {"service": (25,), "features": (5,)}
    assert table.experts["乙"] == {"service": (2,), "features": (1,)}


def test_facts_are_read_and_an_absent_entry_needs_no_figures(tmp_path):
    text = "\n".join(
        [
            f"{PLAIN_HEADER},facts",
            "甲,,40,,8,110,100,0,30,30,10,10,false_data",
            "乙,,,,,,,,,,,,absent | false_data",
        ]
    )

    entries = read_score_table(written(tmp_path, text), scheme=SCHEME).entries

    assert entries["甲"].facts == Facts(false_data=True)
    assert entries["乙"].facts == Facts(absent=True, false_data=True)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_a_table_as_excel_and_wps_save_it_is_the_same(tmp_path, encoding):
    plain = read_score_table(written(tmp_path, PLAIN_TABLE), scheme=SCHEME)
    file = tmp_path / "other.csv"
    file.write_bytes(PLAIN_TABLE.replace("\n", "\r\n").encode(encoding))

    assert read_score_table(file, scheme=SCHEME) == plain


def test_a_workbook_with_numbers_dates_and_truths_is_the_same(tmp_path):
    import datetime

    header = ["id", "area", "events", "open", "founded", "level", "service@1", "service@2", "service@3"]
    text = ",".join(header) + "\n7,120.5,3,true,2019-05-06,国家级,20,21.5,30\n"
    file = tmp_path / "data.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, header)
        sheet.write_row(1, 0, [7, 120.5, 3, True])
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_datetime(1, 4, datetime.datetime(2019, 5, 6), day)  # noqa: DTZ001
        sheet.write_row(1, 5, ["国家级", 20, 21.5, 30])
    roster = written(tmp_path, "id,entered,degree\n7,2025-01-01,博士\n7,2024-12-31,\n", "roster.csv")

    table = read_score_table(file, scheme=wide(), roster=roster)

    assert table == read_score_table(written(tmp_path, text), scheme=wide(), roster=roster)
    assert len(table.entries["7"].roster) == 2
    assert "degree" not in table.entries["7"].roster[1]


# ---- what is refused


def row(**cells):
    """Return the plain table with one good row in which some cells are others."""
    cells_ = ["甲", "", "40", "", "8", "110", "100", "0", "30", "30", "10", "10"]
    good = dict(zip(PLAIN_HEADER.split(","), cells_, strict=True))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(good)
    writer.writerow({**good, **cells}.values())
    return out.getvalue()


@pytest.mark.parametrize(
    ("cells", "line"),
    [
        ({"id": ""}, "column id, value '': the entry has no id; give each entry its own"),
        (
            {"id": "=cmd()"},
            "column id, value '=cmd()': a spreadsheet would not show this id as it is; begin it",
        ),
        ({"id": "甲" * 101}, "column id, value '"),
        (
            {"sub_type": "other"},
            "column sub_type, value 'other': scheme example/plain-2025 knows no sub_type",
        ),
        ({"firms": ""}, "column firms, value '': 'firms' (在孵企业) is empty; write its value, or its"),
        (
            {"firms": "", "firms@status": "none"},
            "column firms@status, value 'none': 'none' is no status of a figure; write",
        ),
        (
            {"firms@status": "absent"},
            "column firms, value '40': a figure with status absent has no value, but '40'",
        ),
        (
            {"firms": "", "firms@status": "reported"},
            "column firms, value '': a reported figure needs a value; write it",
        ),
        ({"firms": "4O"}, "column firms, value '4O': '4O' is not a plain number; write digits"),
        ({"firms": "１２"}, "column firms, value '１２': '１２' is not a plain number; write digits"),
        ({"firms": "1e9"}, "column firms, value '1e9': '1e9' is not a plain number; write digits"),
        ({"firms": "1,000"}, "column firms, value '1,000': '1,000' is not a plain number; write digits"),
        ({"firms": "nan"}, "column firms, value 'nan': 'nan' is not a plain number; write digits"),
        ({"firms": "9" * 31}, "column firms, value '9999999999999999999999999999999': a number of 31"),
        (
            {"firms": "1.5"},
            "column firms, value '1.5': 'firms' (在孵企业) counts whole 家, so 1.5 cannot be; write a whole",
        ),
        (
            {"firms": "1001"},
            "column firms, value '1001': 'firms' (在孵企业) cannot be above 1000 家, but is 1001; correct it",
        ),
        (
            {"income": "-1"},
            "column income, value '-1': 'income' (总收入) cannot be below 0, but is -1; correct it",
        ),
        (
            {"graduates": "41"},
            "column graduates, value '41': graduates is 41, above firms, which is 40: 毕业企业不能多于",
        ),
        (
            {"service@1": "30.01"},
            "column service@1, value '30.01': the score 30.01 of 'service' (服务) must lie between 0",
        ),
        ({"service@2": "abc"}, "column service@2, value 'abc': 'abc' is not a plain number; write digits"),
        (
            {"features@1": "1.234"},
            "column features@1, value '1.234': the score 1.234 of 'features' (特色) has more than 2",
        ),
        (
            {"firms": "#REF!"},
            "column firms, value '#REF!': the spreadsheet could not compute this cell; mend its formula",
        ),
    ],
    ids=lambda value: str(value)[:40] if isinstance(value, dict) else "",
)
def test_a_bad_cell_is_named_with_row_column_value_and_remedy(tmp_path, cells, line):
    (error,) = errors_of(tmp_path, row(**cells))

    assert error.startswith(f"data.csv, row 2, {line}"), error
    assert "; " in error


def test_every_bad_cell_is_named_and_not_the_first_alone(tmp_path):
    bad = (
        PLAIN_TABLE.replace("甲,,40", "甲,,x")
        .replace("乙,professional", "乙,odd")
        .replace("9,30,30", "9,31,-1")
    )

    assert [error.partition(":")[0] for error in errors_of(tmp_path, bad)] == [
        "data.csv, row 2, column firms, value 'x'",
        "data.csv, row 3, column sub_type, value 'odd'",
        "data.csv, row 4, column service@1, value '31'",
        "data.csv, row 4, column service@2, value '-1'",
    ]


def test_an_id_that_stands_twice_names_both_rows(tmp_path):
    (error,) = errors_of(tmp_path, PLAIN_TABLE.replace("丙,", "甲,"))

    assert error == (
        "data.csv, row 4, column id, value '甲': row 2 bears this id already; give each entry its own"
    )


def test_columns_that_are_missing_or_that_nobody_asked_for_are_all_named(tmp_path):
    header = PLAIN_HEADER.replace("income@last", "incone@last").replace(",features@1,features@2", "")

    assert [error.partition(":")[0] for error in errors_of(tmp_path, f"{header}\n")] == [
        "data.csv, row 1, column incone@last, value 'incone@last'",
        "data.csv, row 1, column income@last",
        "data.csv, row 1, column features@1",
    ]


@pytest.mark.parametrize(
    "name",
    [
        "name",
        "firms@last",
        "service",
        "service@0",
        "service@100",
        "service@01",
        "rate",
        "id@status",
        "Firms",
        "total",
    ],
)
def test_a_column_of_another_name_is_refused(tmp_path, name):
    lines = PLAIN_TABLE.splitlines()

    (error,) = errors_of(tmp_path, "\n".join([f"{lines[0]},{name}", *(f"{line}," for line in lines[1:])]))

    assert error.startswith(
        f"data.csv, row 1, column {name}, value '{name}': scheme example/plain-2025 asks for no "
    )


def test_facts_that_nobody_knows_are_refused(tmp_path):
    text = f"{PLAIN_HEADER},facts\n甲,,40,,8,110,100,0,30,30,10,10,cheated\n"

    assert errors_of(tmp_path, text) == [
        "data.csv, row 2, column facts, value 'cheated': 'cheated' is no fact about an entry; write absent, "
        "severe_integrity, false_data, statistics_missing, safety_accident, not_operating, with | between two"
    ]


def test_a_table_without_entries_is_refused(tmp_path):
    assert errors_of(tmp_path, f"{PLAIN_HEADER}\n") == [
        "data.csv: holds no entry; write one row for each entry"
    ]


@pytest.mark.parametrize(
    ("name", "raw", "says"),
    [
        (
            "data.parquet",
            b"PAR1",
            "is no Parquet file, or a damaged one; write it anew with the program that it comes from, or give a .csv",
        ),
        ("data.txt", b"id\n", "value '.txt': is no table; give a .csv, .xlsx or .parquet"),
        ("data.csv", b"", "the file is empty"),
        ("data.csv", b"id\0", "holds NUL bytes"),
        ("data.xlsx", b"PK\x03\x04 no zip", "data.xlsx"),
        ("data.xlsx", b"id,area\n", "is no .xlsx: it does not begin as a zip file does"),
        ("none.csv", None, "cannot be read (No such file or directory); give a readable file"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_one_line(tmp_path, name, raw, says):
    file = tmp_path / name
    if raw is not None:
        file.write_bytes(raw)

    with pytest.raises(FolderError) as refused:
        read_score_table(file, scheme=SCHEME)

    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_scheme_whose_code_is_a_column_of_every_table_is_refused(tmp_path):
    scheme = parse_scheme(PLAIN.replace('code = "rate"', 'code = "total"').encode(), file="odd")

    assert errors_of(tmp_path, PLAIN_TABLE, scheme=scheme) == [
        "example/plain-2025, value 'total': a code of the scheme is also the name of a column that every table has; "
        "give it another code in the scheme"
    ]


@pytest.mark.parametrize(
    ("service", "features", "lines"),
    [
        (
            "20",
            "20",
            [
                "data.csv, row 3, column service@2, value '25': 'service' (服务) gives at most 20 for sub_type "
                "professional; correct the score",
            ],
        ),
        (
            "40",
            "0",
            [
                f"data.csv, row 3, column features@{n}, value '{score}': 'features' (特色) gives at most 0 for "
                "sub_type professional; leave the cell empty"
                for n, score in ((1, 5), (2, 6))
            ],
        ),
    ],
)
def test_a_score_is_held_against_the_full_marks_of_the_sub_type(tmp_path, service, features, lines):
    text = PLAIN
    for item, usual, other in (("服务", "30", service), ("特色", "10", features)):
        old = f'title = "{item}"\ngroup = "opinion"\nfull_marks = '
        assert old in text
        marks = f'{{ comprehensive = "{usual}", professional = "{other}" }}'
        text = text.replace(f'{old}"{usual}"', f"{old}{marks}")
    scheme = parse_scheme(text.encode(), file="by sub-type")

    assert errors_of(tmp_path, PLAIN_TABLE, scheme=scheme) == lines


# ---- rosters

WIDE_TABLE = (
    "id,area,events,open,founded,level,service@1,service@2,service@3\na,1,2,true,2001-01-01,国家级,1,2,3\n"
)


@pytest.mark.parametrize(
    ("roster", "lines"),
    [
        (
            "id,entered,degree\nb,2025-01-01,\n",
            ["roster.csv, row 2, column id, value 'b': no entry of the table bears"],
        ),
        (
            "id,entered,degree\na,,本科\n",
            ["roster.csv, row 2, column entered, value '': 'entered' (入驻日期) is empty; "],
        ),
        (
            "id,entered,degree\na,2025-02-30,\n",
            ["roster.csv, row 2, column entered, value '2025-02-30': '2025-02-30' is no"],
        ),
        ("id,entered,degree\na,2026-01-01,\n", ["roster.csv, row 2, column entered, value '2026-01-01': "]),
        (
            "id,entered,degree\na,2025-01-01,小学\n",
            ["roster.csv, row 2, column degree, value '小学': '小学' is no value of "],
        ),
        (
            "id,degree\na,本科\n",
            ["roster.csv, row 1, column entered: 在孵企业名单 needs this column; add it"],
        ),
        (
            "id,entered,sex\na,2025-01-01,x\n",
            ["roster.csv, row 1, column sex, value 'sex': 在孵企业名单 has no such field"],
        ),
        (
            "id,entered\n" + "a,2025-01-01\n" * 201,
            ["roster.csv, column id, value 'a': has 201 rows, more than the 200"],
        ),
    ],
)
def test_a_bad_roster_is_named_by_its_own_cells(tmp_path, roster, lines):
    errors = errors_of(tmp_path, WIDE_TABLE, scheme=wide(), roster=roster)

    assert len(errors) == len(lines)
    for error, line in zip(errors, lines, strict=True):
        assert error.startswith(line), error


def test_a_roster_goes_with_a_scheme_that_asks_for_one_and_no_other(tmp_path):
    assert errors_of(tmp_path, WIDE_TABLE, scheme=wide()) == [
        "data.csv: scheme example/wide-2025 asks for a roster; name its TABLE with --roster"
    ]
    assert errors_of(tmp_path, PLAIN_TABLE, roster="id\n") == [
        "roster.csv: scheme example/plain-2025 asks for no roster; leave --roster out"
    ]


# ---- what is written


def sampled(tmp_path, scheme, ending, *, rows=40):
    """Write a sample and return its entries, the table and the roster."""
    entries = list(sample_entries(scheme, rows=rows, seed=5))
    data, roster = tmp_path / f"data{ending}", tmp_path / f"roster{ending}"
    tables = [TableToWrite(path=data, header=sample_header(scheme), rows=sample_rows(scheme, entries))]
    if scheme.roster:
        header = roster_header(scheme.roster)
        tables.append(TableToWrite(path=roster, header=header, rows=roster_rows(scheme.roster, entries)))
    write_tables(tables)
    return entries, data, roster if scheme.roster else None


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
@pytest.mark.parametrize("code", [*shipped_codes(), "plain", "wide"])
def test_a_sample_reads_back_as_it_was_drawn(tmp_path, code, ending):
    scheme = {"plain": plain, "wide": wide}[code]() if code in ("plain", "wide") else shipped(code)

    entries, data, roster = sampled(tmp_path, scheme, ending)

    table = read_score_table(data, scheme=scheme, roster=roster)
    assert list(table.entries) == [entry.id for entry in entries]
    for entry in entries:
        read = table.entries[entry.id]
        assert read.figures == entry.inputs.figures
        assert read.expert_scores == entry.inputs.expert_scores
        assert (read.sub_type, read.roster) == (entry.inputs.sub_type, entry.inputs.roster)


def test_the_result_has_points_total_rank_and_grade(tmp_path):
    entries = read_score_table(written(tmp_path, PLAIN_TABLE), scheme=SCHEME).entries

    write_scores(tmp_path / "out.csv", scheme=SCHEME, scored=score_table(SCHEME, entries))

    assert (tmp_path / "out.csv").read_bytes().decode("utf-8-sig") == (
        "id,size,rate,growth,service,features,prize_points,total,rank,grade\r\n"
        "甲,20.00,20.00,20.00,30.00,10.00,0.00,100.00,1,excellent\r\n"
        "乙,20.00,10.00,0.00,22.50,5.50,2.00,60.00,3,unqualified\r\n"
        "丙,20.00,20.00,20.00,30.00,10.00,6.00,100.00,1,excellent\r\n"
        "丁,,,0.00,25.00,9.00,0.00,,,\r\n"
    )


def test_a_workbook_holds_the_same_result_as_numbers(tmp_path):
    entries = read_score_table(written(tmp_path, PLAIN_TABLE), scheme=SCHEME).entries
    for name in ("out.csv", "out.xlsx"):
        write_scores(tmp_path / name, scheme=SCHEME, scored=score_table(SCHEME, entries))

    rows = [list(row.cells.values()) for row in read_table(tmp_path / "out.xlsx", file="x").rows]
    expected = [list(row.cells.values()) for row in read_table(tmp_path / "out.csv", file="x").rows]

    def numbers(row):
        return [Fraction(cell) if cell[:1].isdigit() else cell for cell in row]

    assert [numbers(row) for row in rows] == [numbers(row) for row in expected]


def test_the_same_cells_give_the_same_bytes(tmp_path):
    for ending in (".csv", ".xlsx"):
        _, first, _ = sampled(tmp_path, SCHEME, ending)
        bytes_ = first.read_bytes()
        _, second, _ = sampled(tmp_path, SCHEME, ending)
        assert second.read_bytes() == bytes_


def test_text_that_a_spreadsheet_would_run_is_inert(tmp_path):
    table = TableToWrite(path=tmp_path / "x.csv", header=("id", "=1+1"), rows=[["=cmd|' /C calc'!A0", None]])

    write_tables([table])

    assert (tmp_path / "x.csv").read_text("utf-8-sig").splitlines() == ["id,'=1+1", "'=cmd|' /C calc'!A0,"]


def test_a_write_that_fails_half_way_leaves_what_was_there(tmp_path):
    (tmp_path / "a.csv").write_text("old")

    def rows():
        yield ["1"]
        raise ValueError("half way")

    with pytest.raises(ValueError, match="half way"):
        write_tables(
            [
                TableToWrite(path=tmp_path / "a.csv", header=("id",), rows=[["1"]]),
                TableToWrite(path=tmp_path / "b.csv", header=("id",), rows=rows()),
            ]
        )

    assert [file.name for file in tmp_path.iterdir()] == ["a.csv"]
    assert (tmp_path / "a.csv").read_text() == "old"


def test_a_place_where_nothing_can_be_written_is_told_beforehand(tmp_path):
    data = written(tmp_path, PLAIN_TABLE)
    (tmp_path / "folder.csv").mkdir()
    told = {}
    for out in ("data.csv", "folder.csv", "none/out.csv", "out"):
        with pytest.raises(FolderError) as refused:
            check_out(tmp_path / out, inputs=[data])
        told[out] = refused.value.problem

    assert told == {
        "data.csv": "the output would overwrite the input",
        "folder.csv": "is a folder",
        "none/out.csv": "its folder is not there",
        "out": "is no table",
    }
    assert data.read_text("utf-8") == PLAIN_TABLE
