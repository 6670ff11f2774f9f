"""The DuckDB engine from file to file: the bytes of the reference engine, the same words for what cannot be."""

import csv
import itertools

import duckdb
import pytest
from scheme_builder_for_engines import judged_scheme, measured_scheme

from hatchmark.documents.score_tables import (
    TableToWrite,
    read_score_table,
    roster_header,
    roster_rows,
    roster_types,
    sample_header,
    sample_rows,
    sample_types,
    write_scores,
    write_tables,
)
from hatchmark.domain.folder_errors import FolderError
from hatchmark.domain.sampling_schemes import sample_entries
from hatchmark.engines.duckdb import score_file
from hatchmark.engines.reference import score_table
from hatchmark.schemes.loader import shipped, shipped_codes


def write(path, header, rows, encoding="utf-8"):
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def sampled(folder, scheme, *, rows, seed=7, ending=".csv"):
    """Write a sample; return its table and its roster, None where the scheme has none."""

    def entries():
        return sample_entries(scheme, rows=rows, seed=seed)

    data, roster = folder / f"data{ending}", None
    header, types = sample_header(scheme), sample_types(scheme)
    tables = [TableToWrite(path=data, header=header, rows=sample_rows(scheme, entries()), types=types)]
    if rules := scheme.roster:
        roster = folder / f"roster{ending}"
        tables.append(
            TableToWrite(
                path=roster,
                header=roster_header(rules),
                rows=roster_rows(rules, entries()),
                types=roster_types(rules),
            )
        )
    write_tables(tables)
    return data, roster


def reference(scheme, data, out, roster=None):
    entries = read_score_table(data, scheme=scheme, roster=roster).entries
    return write_scores(out, scheme=scheme, scored=score_table(scheme, entries))


def assert_same(folder, scheme, data, roster=None, *, ending=".csv"):
    """Score a table by both engines; return its one result."""
    expected, found = folder / f"expected{ending}", folder / f"found{ending}"
    verdicts = reference(scheme, data, expected, roster)
    scored = score_file(scheme, data=data, roster=roster, out=found)

    if ending == ".parquet":
        # The same rows and types; how DuckDB packs them depends on where they come from.
        told = [
            (relation.fetchall(), relation.types)
            for relation in map(duckdb.read_parquet, map(str, (found, expected)))
        ]
        assert told[0] == told[1]
    else:
        assert found.read_bytes() == expected.read_bytes()
    grades = [verdict.grade or "" for verdict in verdicts.values()]
    assert scored.rows == len(grades)
    assert scored.grades == {grade: grades.count(grade) for grade in set(grades)}
    return found


def results(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def errors_of(act):
    with pytest.raises(FolderError) as refused:
        act()
    return [str(error) for error in refused.value.errors]


def assert_same_errors(folder, scheme, data, roster=None):
    """Let both engines refuse a table; return what they say, once it is known to be the same."""
    out = folder / "found.csv"
    expected = errors_of(lambda: reference(scheme, data, folder / "expected.csv", roster))
    assert errors_of(lambda: score_file(scheme, data=data, roster=roster, out=out)) == expected
    assert not out.exists()
    assert [each.name for each in folder.iterdir() if each.name.startswith(".")] == []
    return expected


# ---- the schemes that ship


@pytest.mark.parametrize("code", shipped_codes())
def test_a_sample_of_a_shipped_scheme_has_the_bytes_of_the_reference(tmp_path, code):
    scheme = shipped(code)
    data, roster = sampled(tmp_path, scheme, rows=80)

    assert_same(tmp_path, scheme, data, roster)


@pytest.mark.parametrize("code", ["huzhou/makerspace-2020", "nmg/incubator-2024", "recheck/incubator-2020"])
@pytest.mark.parametrize("ending", [".parquet", ".xlsx"])
def test_every_kind_of_file_gives_the_same_result(tmp_path, code, ending):
    scheme = shipped(code)
    data, roster = sampled(tmp_path, scheme, rows=25, ending=ending)

    assert_same(tmp_path, scheme, data, roster, ending=ending)
    assert_same(tmp_path, scheme, data, roster)


# ---- every formula


def band(*steps):
    listed = ", ".join(f'{{ at_least = "{edge}", points = "{points}" }}' for edge, points in steps)
    return f"bands = [{listed}]"


FORMULAS = {
    "bands": f'{{ type = "bands", figures = ["a"], {band((0, 0), (1, "0.5"), ("3.33", 4), (7, 10))} }}',
    "linear": '{ type = "linear", figures = ["a"], from = "1", to = "8" }',
    "linear downwards": '{ type = "linear", figures = ["a", "b"], from = "12", to = "0.7" }',
    "ratio": '{ type = "ratio", of = ["a"], to = ["a", "b"], full_at = "0.7", when_zero = "full_points" }',
    "ratio times": '{ type = "ratio", of = ["a"], to = ["b"], per = "3", full_at = "8", when_zero = "unscored" }',
    "ratio of an expression": '{ type = "ratio", value = "a / max(b, 1 个)", full_at = "0.9" }',
    "per unit": '{ type = "per_unit", figures = ["a"], points_each = "1.005" }',
    "per amount": '{ type = "per_amount", figures = ["a"], amount = "0.7", points_each = "0.55" }',
    "per part of an amount": '{ type = "per_amount", figures = ["a"], amount = "0.7", points_each = "0.55", '
    "partial = true }",
    "threshold": '{ type = "threshold", figures = ["a"], from = "2", base = "3", step = "0.3", points_each = "0.4" }',
    "threshold in parts": '{ type = "threshold", figures = ["a"], from = "2", base = "3", step = "0.3", '
    'points_each = "0.4", partial = true }',
    "growth": '{ type = "growth", figure = "a", when_zero = "full_points", '
    f"{band((-1, 0), ('-0.1', '2.5'), (0, 4), ('0.3', 10))} }}",
    "yes or no": '{ type = "yes_no", when = "a > 2 个 and (b = 3 个 or not a <= 2 * b) or a + b = 0 个" }',
    "choice": '{ type = "ratio", value = "if b > 0 个 then a / b else min(a, 3 个) / 7 个", full_at = "1.5" }',
    "extremes": '{ type = "ratio", value = "min(a / max(b, 1 个), b / max(a, 1 个), 2)", full_at = "0.9" }',
    "negative": '{ type = "per_unit", value = "(a - 2 * b) * 3 / 2 - 1 个", points_each = "0.3" }',
    "min max": '{ type = "min_max", figures = ["a"], when_equal = "full_points" }',
    "min max of the low": '{ type = "min_max", figures = ["a"], better = "low", when_equal = "no_points" }',
    "min max of quotients": '{ type = "min_max", value = "a / max(b, 1 个)", when_equal = "full_points" }',
    "ratio to mean": '{ type = "ratio_to_mean", figures = ["a", "b"], full_at = "1.3", when_zero = "unscored" }',
    "ratio to mean of quotients": '{ type = "ratio_to_mean", value = "a / max(b, 1 个)", full_at = "1.3", '
    'when_zero = "no_points" }',
    "ratio to max": '{ type = "ratio_to_max", figures = ["a"], when_zero = "full_points" }',
    "ratio to max of quotients": '{ type = "ratio_to_max", value = "a / max(b, 1 个)", when_zero = "full_points" }',
    "rank": '{ type = "rank_share", figures = ["a"], shares = [{ within = "0.2", points = "10" }, '
    '{ within = "0.5", points = "6" }, { within = "1", points = "1" }] }',
    "rank of quotients": '{ type = "rank_share", value = "a / max(b, 1 个)", better = "low", shares = '
    '[{ within = "0.3", points = "10" }, { within = "1", points = "1" }] }',
}
VALUES = ("0", "0.01", "0.99", "1", "1.5", "2", "2.3", "3", "3.33", "7", "8", "999999.99", "1000000")


def crossed(folder, *, growth=False):
    """Write every pair of values, one entry each, and every way in which one of both can be missing."""
    rows = [["", a, "", b, ""] for a, b in itertools.product(VALUES, VALUES)]
    for status in ("absent", "not_applicable", "refused"):
        rows += [["", "", status, "3", ""], ["", "3", "", "", status], ["", "", status, "", "refused"]]
    header = ["id", "a", "a@status", "b", "b@status"]
    if growth:
        header += ["a@last", "a@last@status"]
        rows = [[*row, row[3], row[4]] for row in rows]
    return write(folder / "data.csv", header, [[f"e{at}", *row[1:]] for at, row in enumerate(rows)])


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS)
@pytest.mark.parametrize(("places", "rounding"), [(2, "half_up"), (1, "down"), (0, "half_up")])
def test_a_formula_gives_the_points_of_the_reference(tmp_path, formula, places, rounding):
    growth = "growth" in formula
    scheme = measured_scheme(formula, last_year=growth, places=places, rounding=rounding)

    found = results(assert_same(tmp_path, scheme, crossed(tmp_path, growth=growth)))

    assert len({row["line"] for row in found}) > 1


@pytest.mark.parametrize(
    "formula", [each for name, each in FORMULAS.items() if "m" in name or "rank" in name]
)
def test_an_entry_beside_none_but_itself_is_scored_as_the_file_says(tmp_path, formula):
    scheme = measured_scheme(formula, last_year="growth" in formula)
    header = ["id", "a", "b", *(["a@last"] if "growth" in formula else [])]

    for value in ("0", "2.5"):
        assert_same(
            tmp_path, scheme, write(tmp_path / "data.csv", header, [["one", *[value] * (len(header) - 1)]])
        )


RULES = {
    "mean": 'method = "mean"\nminimum = 3',
    "mean without the ends": 'method = "mean"\nminimum = 2\ntrim_from = 4\ntoo_few = "mean"',
    "median": 'method = "median"\nminimum = 1\ntoo_few = "no_points"',
    "trimmed": 'method = "trimmed"\ntrim = 1\nminimum = 3\ntoo_few = "no_points"',
    "trimmed twice": 'method = "trimmed"\ntrim = 2\nminimum = 5\ntoo_few = "mean"',
}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
@pytest.mark.parametrize("rounding", ["half_up", "down"])
def test_experts_scores_are_combined_as_the_reference_does(tmp_path, rule, rounding):
    scheme = judged_scheme(rule, rounding=rounding)
    scores = ("", "0", "10", "7.25", "7.26", "3.33")
    rows = [
        [f"e{at}", "1", "1", *given]
        for at, given in enumerate(itertools.combinations_with_replacement(scores, 6))
        if at % 3 == 0
    ]
    data = write(tmp_path / "data.csv", ["id", "a", "b", *(f"item@{n}" for n in (3, 1, 2, 12, 5, 4))], rows)

    found = results(assert_same(tmp_path, scheme, data))

    assert len({row["item"] for row in found}) > 5


# ---- figures without a maximum, and what is too large


@pytest.mark.parametrize("value", ["1000000000", "1000000000000.01", "1" + "0" * 20, "9" * 30])
def test_a_figure_without_maximum_takes_what_the_reference_takes(tmp_path, value):
    scheme = measured_scheme('{ type = "per_unit", figures = ["a"], points_each = "0.001" }', maximum=None)
    data = write(tmp_path / "data.csv", ["id", "a", "b"], [["甲", value, "0"], ["乙", "1999.99", value]])

    assert_same(tmp_path, scheme, data)


def test_what_128_bits_cannot_hold_is_refused_and_says_what_to_do(tmp_path):
    formula = '{ type = "ratio", of = ["a"], to = ["b"], full_at = "0.3", when_zero = "no_points" }'
    scheme = measured_scheme(formula, maximum=None)
    data = write(tmp_path / "data.csv", ["id", "a", "b"], [["甲", "9" * 30, "1"]])

    (told,) = errors_of(lambda: score_file(scheme, data=data, out=tmp_path / "out.csv"))

    assert told.startswith("data.csv: scheme example/measured-2024: indicator 'line' (指标) may need ")
    assert told.endswith("; give its figures a smaller maximum or fewer places, or use --engine reference")
    assert not (tmp_path / "out.csv").exists()


# ---- cells as people write them

PER_UNIT = measured_scheme('{ type = "per_unit", figures = ["a"], points_each = "0.3" }')
HEADER = ["id", "a", "a@status", "b", "b@status", "facts"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_what_is_written_unusually_but_rightly_is_understood(tmp_path, encoding):
    rows = [
        [" 甲 ", "007", "", "1.50", "reported", ""],
        ["乙,丙", "\u30003\t", "", "2.500000000", "", " safety_accident |false_data"],
        ['丁"号"', "-0", "", "", "refused", ""],
        ["", "", "", "", "", ""],
        ["不 参 评", "", "", "12", "", "absent"],
        ["Ünïcödé #1", "123456789012345678901234567890", "", "", "", "absent"],
        ["#x", "0.10", "", "4", "", ""],
    ]

    found = results(assert_same(tmp_path, PER_UNIT, write(tmp_path / "data.csv", HEADER, rows, encoding)))

    assert [row["id"] for row in found] == ["甲", "乙,丙", '丁"号"', "不 参 评", "Ünïcödé #1", "#x"]


BAD_CELLS = [
    ("a", "1e3"), ("a", "1,5"), ("a", "+1"), ("a", ".5"), ("a", "5."), ("a", "1_000"), ("a", "١"), ("a", "x"),
    ("a", ""), ("a", "-1"), ("a", "1.005"), ("a", "1000000.01"), ("a", "9" * 31), ("a", "#REF!"), ("a", "absent"),
    ("b", "3"), ("a@status", "absent"), ("a@status", "gone"), ("b@status", "refused"), ("facts", "asleep"),
    ("id", ""), ("id", "乙"), ("id", "=1+1"), ("id", "x" * 101), ("id", "甲\u200b"),
]  # fmt: skip


@pytest.mark.parametrize(("column", "cell"), BAD_CELLS)
def test_a_bad_cell_is_told_in_the_words_of_the_reference(tmp_path, column, cell):
    rows = [["甲", "5", "", "2", "", ""], ["乙", "5", "", "2", "", "false_data"]]
    rows[0][HEADER.index(column)] = cell
    scheme = measured_scheme(
        '{ type = "per_unit", figures = ["a"], points_each = "0.3" }',
        more='[[relation]]\nlower = ["b"]\nupper = ["a"]\nmessage = "示例"\n' if column == "b" else "",
    )
    if column == "b":
        rows[0][1] = "2"

    assert assert_same_errors(tmp_path, scheme, write(tmp_path / "data.csv", HEADER, rows))


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (["id", "a"], ["甲", "1"]),
        (["id", "a", "b", "c"], ["甲", "1", "1", "1"]),
        (["id", "a", "b", "a"], ["甲", "1", "1", "1"]),
        (["id", "a", "b"], ["甲", "1"]),
        (["id", "a", "b"], ["甲", "1", "1", "1"]),
        (["id", "a", "b"], ["", "", ""]),
        (["id;a;b"], ["甲;1;1"]),
    ],
)
def test_a_bad_table_is_told_in_the_words_of_the_reference(tmp_path, header, row):
    assert assert_same_errors(tmp_path, PER_UNIT, write(tmp_path / "data.csv", header, [row]))


def test_every_bad_row_is_told_and_unusual_ones_are_not_among_them(tmp_path):
    rows = [[f"e{at}", " 1" if at % 2 else "1", "2"] for at in range(300)]
    for at in (3, 150, 299):
        rows[at][1] = "much"
    rows[200][0] = "e7"

    told = assert_same_errors(tmp_path, PER_UNIT, write(tmp_path / "data.csv", ["id", "a", "b"], rows))

    assert [error.split(", ")[1] for error in told] == ["row 5", "row 152", "row 202", "row 301"]


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("id", "示例000009"),
        ("founded_on", "2023-02-29"),
        ("invested", ""),
        ("is_graduate", "maybe"),
        ("id", ""),
    ],
)
def test_a_bad_roster_is_told_in_the_words_of_the_reference(tmp_path, column, cell):
    scheme = shipped("nmg/incubator-2024")
    data, roster = sampled(tmp_path, scheme, rows=5)
    with roster.open(encoding="utf-8-sig", newline="") as stream:
        header, *rows = csv.reader(stream)
    at = header.index(column) if column in header else 2
    rows[1][at] = cell
    rows[3][header.index("is_graduate")] = "vielleicht"

    assert assert_same_errors(tmp_path, scheme, data, write(roster, header, rows))


def test_a_binary_fraction_in_parquet_is_refused_by_both(tmp_path):
    data = tmp_path / "data.parquet"
    duckdb.sql("SELECT 'x' AS id, 0.1::DOUBLE AS a, 1::BIGINT AS b").write_parquet(str(data))

    assert assert_same_errors(tmp_path, PER_UNIT, data) == [
        "data.parquet, row 1, column a, value 'DOUBLE': holds binary fractions (DOUBLE), which are not exact: nobody can "  # noqa: E501
        "say which number was meant; write the column as DECIMAL with the places of the figure, or as text"
    ]


# ---- who means harm


HOSTILE = [
    "x'; DROP TABLE scored; --",
    "x') UNION SELECT 1 --",
    "x\"; ATTACH 'y.db'; --",
    "$1",
    "{0}",
    "x\\'",
    "%s",
]


def test_sql_in_ids_is_text(tmp_path):
    rows = [[key, str(at), "1"] for at, key in enumerate(HOSTILE)]

    found = results(assert_same(tmp_path, PER_UNIT, write(tmp_path / "data.csv", ["id", "a", "b"], rows)))

    assert [row["id"] for row in found] == HOSTILE


@pytest.mark.parametrize("cell", HOSTILE)
def test_sql_in_cells_and_headers_is_refused_as_any_other_text(tmp_path, cell):
    assert_same_errors(tmp_path, PER_UNIT, write(tmp_path / "data.csv", ["id", "a", "b"], [["x", cell, "1"]]))
    assert_same_errors(
        tmp_path, PER_UNIT, write(tmp_path / "data.csv", ["id", "a", "b", cell], [["x", "1", "1", ""]])
    )


@pytest.mark.parametrize("name", ["[a]*?.csv", "it's; --.csv", "*.csv", "{x}.csv"])
def test_a_files_name_is_a_name_and_no_pattern(tmp_path, name):
    (tmp_path / "other.csv").write_text("id,a,b\nother,1,1\n", "utf-8")
    data = write(tmp_path / name, ["id", "a", "b"], [["only", "1", "1"]])

    found = results(assert_same(tmp_path, PER_UNIT, data))

    assert [row["id"] for row in found] == ["only"]
