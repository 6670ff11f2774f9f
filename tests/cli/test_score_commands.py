"""`scheme show`, `scheme sample`, `score`, `explain`, `whatif`, `stability` at the command itself."""

import csv
import json
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from example_schemes import PLAIN, PLAIN_TABLE, WIDE

from hatchmark.cli.main import main
from hatchmark.cli.score import _engine_for
from hatchmark.schemes.loader import shipped, shipped_codes


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with a scheme file and a table, which is also where commands run."""
    (tmp_path / "plain.toml").write_text(PLAIN, "utf-8")
    (tmp_path / "wide.toml").write_text(WIDE, "utf-8")
    (tmp_path / "data.csv").write_text(PLAIN_TABLE, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys, *words):
    """Run a command that must end well; return what it printed."""
    status = main([str(word) for word in words])
    said = capsys.readouterr()
    assert (status, said.err) == (0, "")
    return said.out


def refused(capsys, *words):
    """Run a command that must end with 2; return its lines on standard error."""
    status = main([str(word) for word in words])
    said = capsys.readouterr()
    assert (status, said.out) == (2, "")
    return said.err.splitlines()


def rows_of(file):
    with Path(file).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def sampled(capsys, scheme, *, rows=30, seed=1):
    """Write a sample beside, and return the words that name scheme, data and roster."""
    run(capsys, "scheme", "sample", "--scheme", scheme, "--rows", rows, "--seed", seed, "--out", "sample.csv")
    words = ["--scheme", scheme, "--data", "sample.csv"]
    return [*words, "--roster", "sample.roster.csv"] if Path("sample.roster.csv").exists() else words


# ---- sample → score → explain


@pytest.mark.parametrize("scheme", [*shipped_codes(), "plain.toml", "wide.toml"])
def test_a_sample_is_scored_and_each_score_explained_to_the_last_digit(folder, capsys, scheme):
    words = sampled(capsys, scheme, rows=20)
    run(capsys, "score", *words, "--out", "result.csv")

    results = rows_of("result.csv")
    assert len(results) == 20
    for result in results[:6]:
        document = json.loads(run(capsys, "explain", *words, "--id", result["id"], "--json"))
        leaves = {line["code"]: line["points"] for group in document["groups"] for line in group["lines"]}
        assert {code: result[code] or None for code in leaves} == leaves
        assert document["total"] == (result["total"] or None)
        assert str(document["rank"] or "") == result["rank"]
        assert all(line["basis"] for group in document["groups"] for line in group["lines"])
        if document["total"] is not None:
            added = sum(map(Fraction, leaves.values()))
            added += sum(Fraction(each["points"]) for each in document["adjustments"])
            assert added == Fraction(document["total"])


def test_ranks_in_the_result_skip_after_a_tie(folder, capsys):
    said = run(capsys, "score", "--scheme", "plain.toml", "--data", "data.csv", "--out", "out.csv")

    results = [(row["id"], row["total"], row["rank"], row["grade"]) for row in rows_of("out.csv")]
    assert results == [
        ("甲", "100.00", "1", "excellent"),
        ("乙", "60.00", "3", "unqualified"),
        ("丙", "100.00", "1", "excellent"),
        ("丁", "", "", ""),
    ]
    assert said.splitlines() == [
        "示例评价方案 [example/plain-2025]",
        "重构方案，非发文原文 a reconstruction: 示例：为测试而编，不是任何机关的规定",
        "4 = 1 无等次 none + 2 优秀 excellent + 1 不合格 unqualified",
        "→ out.csv",
    ]


def test_grades_by_rank_bear_the_schemes_own_code(folder, capsys):
    words = sampled(capsys, "wide.toml", rows=40)
    run(capsys, "score", *words, "--out", "out.csv")

    grades = [row["grade"] for row in rows_of("out.csv")]
    assert set(grades) <= {"top", "qualified", "unqualified", ""}
    assert 1 <= grades.count("top") <= 8


def test_a_workbook_gives_the_same_scores_as_a_csv(folder, capsys):
    for ending in ("csv", "xlsx"):
        run(capsys, "scheme", "sample", "--scheme", "nmg/makerspace-2020", "--rows", 10, "--seed", 4,
            "--out", f"s.{ending}")  # fmt: skip
        run(capsys, "score", "--scheme", "nmg/makerspace-2020", "--data", f"s.{ending}",
            "--out", f"{ending}.csv", "--engine", "reference")  # fmt: skip

    assert Path("csv.csv").read_bytes() == Path("xlsx.csv").read_bytes()


@pytest.mark.parametrize("scheme", ["recheck/incubator-2020", "huzhou/makerspace-2020", "wide.toml"])
def test_engines_and_kinds_of_file_give_one_result(folder, capsys, scheme):
    told = set()
    for ending in ("csv", "parquet"):
        run(capsys, "scheme", "sample", "--scheme", scheme, "--rows", 20, "--seed", 4, "--out", f"s.{ending}")
        roster = ["--roster", f"s.roster.{ending}"] if Path(f"s.roster.{ending}").exists() else []
        for engine in ("reference", "duckdb"):
            words = ["--scheme", scheme, "--data", f"s.{ending}", *roster, "--engine", engine]
            said = run(capsys, "score", *words, "--out", f"{engine}-{ending}.csv")
            told.add((said.splitlines()[-2], Path(f"{engine}-{ending}.csv").read_bytes()))

    assert len(told) == 1


@pytest.mark.parametrize(("rows", "engine"), [(5, "reference"), (4000, "duckdb")])
def test_without_a_word_large_tables_go_to_duckdb(folder, rows, engine):
    data = folder / "large.csv"
    data.write_text("x" * 300 * rows, "utf-8")

    assert _engine_for(data) == engine
    assert _engine_for(folder / "large.parquet") == "duckdb"


def test_spark_that_is_not_installed_is_told_with_what_to_do(folder, capsys, monkeypatch):
    monkeypatch.setattr("hatchmark.cli.score.find_spec", lambda name: None)

    (line,) = refused(
        capsys, "score", "--scheme", "plain.toml", "--data", "data.csv", "--out", "o.csv", "--engine", "spark"
    )

    assert line == (
        "hatchmark score: --engine spark: Spark is not installed; install the extra: uv sync --inexact --extra "
        "spark, or use --engine duckdb"
    )
    assert not (folder / "o.csv").exists()


def test_an_explanation_can_be_read(folder, capsys):
    said = run(capsys, "explain", "--scheme", "plain.toml", "--data", "data.csv", "--id", "乙")

    assert said.splitlines()[:8] == [
        "示例评价方案 [example/plain-2025]",
        "重构方案，非发文原文 a reconstruction: 示例：为测试而编，不是任何机关的规定",
        "参评机构 entry：乙（professional）",
        "",
        "等次 grade：总分 60.00 分，低于良好线 70.00 分，为不合格",
        "  依据：示例",
        "总分 total：总分 = 定量评价 30.00 + 定性评价 28.00 + 加分项 2.00 = 60.00 分",
        "名次 rank：3 / 4",
    ]
    assert "  · 毕业率 [rate]：10.00 / 20.00" in said
    assert "      数据：毕业企业 [graduates] = 2 家" in said
    assert said.splitlines()[-1] == "核对 check：各项得分之和 60.00 = 总分 60.00"


def test_caps_are_part_of_the_sum_that_is_shown(folder, capsys):
    said = run(capsys, "explain", "--scheme", "plain.toml", "--data", "data.csv", "--id", "丙")

    assert said.splitlines()[-1] == "核对 check：各项得分之和 106.00 − 6.00 = 总分 100.00"


def test_an_id_that_is_not_there_is_told(folder, capsys):
    assert refused(capsys, "explain", "--scheme", "plain.toml", "--data", "data.csv", "--id", "戊") == [
        "hatchmark explain: data.csv: no entry bears the id '戊'; write one of its column id, for example 甲、乙、丙"
    ]


# ---- what is refused leaves nothing


def test_every_bad_cell_is_a_line_and_nothing_is_written(folder, capsys):
    (folder / "data.csv").write_text(
        PLAIN_TABLE.replace("甲,,40", "甲,,x").replace("9,30,30", "9,31,30"), "utf-8"
    )
    before = sorted(folder.iterdir())

    lines = refused(capsys, "score", "--scheme", "plain.toml", "--data", "data.csv", "--out", "out.csv")

    assert lines == [
        "hatchmark score: data.csv, row 2, column firms, value 'x': 'x' is not a plain number; write digits with at "
        "most one point, for example 1234.5",
        "hatchmark score: data.csv, row 4, column service@1, value '31': the score 31 of 'service' (服务) must lie "
        "between 0 and 30; correct it",
    ]
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize("command", ["score", "explain", "whatif", "stability"])
def test_a_scheme_that_cannot_be_used_ends_with_2_and_one_line(folder, capsys, command):
    more = {
        "score": ["--out", "out.csv"],
        "explain": ["--id", "甲"],
        "whatif": ["--set", "scheme.year=2026"],
        "stability": [],
    }[command]
    (folder / "broken.toml").write_text(PLAIN.replace('at_least = "70"', 'at_least = "90"'), "utf-8")

    for scheme, says in (("broken.toml", "cuts overlap"), ("none.toml", "a scheme that ships: fuyang/")):
        (line,) = refused(capsys, command, "--scheme", scheme, "--data", "data.csv", *more)
        assert line.startswith(f"hatchmark {command}: {scheme}:")
        assert says in line
    assert not (folder / "out.csv").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            ["--out", "data.csv"],
            "data.csv: the output would overwrite the input; name another file with --out",
        ),
        (["--out", "plain.toml"], "is no table; give a .csv, .xlsx or .parquet"),
        (["--out", "no/out.csv"], "its folder is not there; make the folder, or name another"),
        (["--out", "o.csv", "--engine", "excel"], "argument --engine: invalid choice: 'excel'"),
        (["--out", "o.csv", "--roster", "data.csv"], "asks for no roster; leave --roster out"),
    ],
)
def test_unusable_words_of_score_leave_everything_as_it_was(folder, capsys, words, says):
    before = {file: file.read_bytes() for file in folder.iterdir()}

    (line,) = refused(capsys, "score", "--scheme", "plain.toml", "--data", "data.csv", *words)

    assert says.replace("'", "") in line.replace("'", "")
    assert {file: file.read_bytes() for file in folder.iterdir()} == before


# ---- whatif


def test_whatif_is_a_full_recomputation_with_the_changed_file(folder, capsys):
    words = sampled(capsys, "nmg/incubator-2020", rows=80)
    changed = (folder / "x.toml", Path(shipped_file("nmg/incubator-2020")).read_text("utf-8"))
    text = re.sub(r'(grade = "good"\nat_least = )"75"', r'\1"68"', changed[1])
    text = text.replace(
        'to = ["tenants", "graduates"], full_at = "0.2"', 'to = ["tenants", "graduates"], full_at = "0.4"'
    )
    changed[0].write_text(text, "utf-8")
    run(capsys, "score", *words, "--out", "old.csv")
    run(capsys, "score", "--scheme", "x.toml", *words[2:], "--out", "new.csv")

    said = run(
        capsys, "whatif", *words, "--json",
        "--set", "grade.good.at_least=68", "--set", "indicator.graduation_rate.formula.full_at=0.4",
    )  # fmt: skip

    document = json.loads(said)
    expected = [
        {
            "id": old["id"],
            "old": {"total": old["total"] or None, "grade": old["grade"] or None},
            "new": {"total": new["total"] or None, "grade": new["grade"] or None},
        }
        for old, new in zip(rows_of("old.csv"), rows_of("new.csv"), strict=True)
        if old["grade"] != new["grade"]
    ]
    assert document["changed"] == expected
    assert 0 < len(expected) < 80
    assert document["entries"] == 80
    assert document["digest"] == shipped("nmg/incubator-2020").digest


def shipped_file(code):
    import hatchmark.schemes.loader

    return Path(hatchmark.schemes.loader.__file__).parent / f"{code}.toml"


def test_whatif_of_a_weight_lists_what_followed_and_stores_nothing(folder, capsys):
    before = {file: file.read_bytes() for file in folder.iterdir()}

    said = run(capsys, "whatif", "--scheme", "plain.toml", "--data", "data.csv",
               "--set", "expert_item.service.full_marks=45")  # fmt: skip

    assert said.splitlines()[2:] == [
        "expert_item.service.full_marks：30 → 45",
        "group.opinion.full_marks：40 → 55（随 expert_item.service.full_marks 调整 follows）",
        "scheme.full_marks：100 → 115（随 expert_item.service.full_marks 调整 follows）",
        "scheme.total_cap：100 → 115（随 expert_item.service.full_marks 调整 follows）",
        "等次变化 grades changed：0 / 4",
        "原 old：2 优秀 excellent + 1 无等次 none + 1 不合格 unqualified",
        "新 new：2 优秀 excellent + 1 无等次 none + 1 不合格 unqualified",
    ]
    assert {file: file.read_bytes() for file in folder.iterdir()} == before


def test_whatif_names_who_changes(folder, capsys):
    said = run(
        capsys, "whatif", "--scheme", "plain.toml", "--data", "data.csv", "--set", "grade.good.at_least=60"
    )

    assert said.splitlines()[3:] == [
        "等次变化 grades changed：1 / 4",
        "  乙：60.00 不合格 unqualified → 60.00 良好 good",
        "原 old：2 优秀 excellent + 1 无等次 none + 1 不合格 unqualified",
        "新 new：2 优秀 excellent + 1 良好 good + 1 无等次 none",
    ]


@pytest.mark.parametrize(
    ("setting", "line"),
    [
        (
            "grade.best.at_least=60",
            "plain.toml: --set grade.best.at_least: 'grade' has no 'best'; write one of excellent, good, unqualified",
        ),
        (
            "grade.good.at_least=90",
            "plain.toml: with these settings: grade 2.at_least: cuts overlap: ",
        ),
        (
            "indicator.rate.formula.full_at=0",
            "plain.toml: with these settings: indicator 2.formula: of 'rate' needs per and full_at above 0; correct",
        ),
        (
            "figure.firms.maximum=30",
            "data.csv under the changed scheme, row 2, column firms, value '40': 'firms' (在孵企业) cannot be above 30",
        ),
        (
            "grade.good.at_least",
            "argument --set: 'grade.good.at_least' sets nothing; write PATH=VALUE, for example",
        ),
    ],
)
def test_a_change_that_cannot_be_is_refused(folder, capsys, setting, line):
    lines = refused(capsys, "whatif", "--scheme", "plain.toml", "--data", "data.csv", "--set", setting)

    assert lines[0].startswith(f"hatchmark whatif: {line}"), lines


# ---- stability


def test_stability_tells_margins_and_what_flips(folder, capsys):
    (folder / "data.csv").write_text(
        PLAIN_TABLE.replace("20,25,5,6", "20,30,10,10").replace(
            "professional,20,reported,2", "professional,20,,4"
        ),
        "utf-8",
    )
    document = json.loads(run(capsys, "stability", "--scheme", "plain.toml", "--data", "data.csv", "--json"))

    # 乙: 20 + 20 + 0 + 25 + 10 + 2 = 77. One expert alone is too few; ± 1 point stays good.
    second = document["entries"][1]
    none = {"total": None, "grade": None}
    assert second == {
        "id": "乙",
        "total": "77.00",
        "grade": "good",
        "up": "8.00",
        "down": "7.00",
        "stable": False,
        "flips": [
            {"what": "leave_out_expert", "which": "1", **none},
            {"what": "leave_out_expert", "which": "2", **none},
        ],
    }
    said = run(capsys, "stability", "--scheme", "plain.toml", "--data", "data.csv").splitlines()
    assert said[2] == "等次会变 would flip：3 / 4（✓ 不变 stays，✗ 会变 would change）"
    assert "  ✗ 乙：77.00 良好 good，距上一等次 up 8.00，高出本等次线 down 7.00" in said
    assert "      去掉专家 1：— 无等次 none" in said


# ---- show, sample, check


def test_show_prints_the_scheme_with_its_provenance_first(folder, capsys):
    said = run(capsys, "scheme", "show", "nmg/incubator-2020", "--html", "p.html", "--xlsx", "p.xlsx")

    assert said.startswith("来源 provenance：重构方案，非发文原文 a reconstruction, not the published text\n")
    assert "· 毕业率 [graduation_rate]\n" in said
    assert Path("p.html").read_bytes().startswith(b"<!DOCTYPE html>")
    assert Path("p.xlsx").read_bytes().startswith(b"PK")
    assert said == run(capsys, "scheme", "show", shipped_file("nmg/incubator-2020"))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--html", "p.htm"], "p.htm: does not end in .html; name it with .html, so that programs open it"),
        (["--html", "p.html", "--xlsx", "no/p.xlsx"], "no/p.xlsx: its folder is not there; make the folder"),
    ],
)
def test_show_writes_all_or_nothing(folder, capsys, words, says):
    before = sorted(folder.iterdir())

    (line,) = refused(capsys, "scheme", "show", "plain.toml", *words)

    assert line.startswith(f"hatchmark scheme show: {says}")
    assert sorted(folder.iterdir()) == before


def test_the_same_sample_words_write_the_same_bytes(folder, capsys):
    for ending in ("csv", "xlsx"):
        words = ("scheme", "sample", "--scheme", "wide.toml", "--rows", 15, "--seed", 9, "--out")
        said = run(capsys, *words, f"a.{ending}")
        run(capsys, *words, f"b.{ending}")
        assert said.splitlines() == [
            f"example/wide-2025: 15 示例 entries, seed 9 → a.{ending}",
            f"example/wide-2025: 15 示例 entries, seed 9 → a.roster.{ending}",
        ]
        assert Path(f"a.{ending}").read_bytes() == Path(f"b.{ending}").read_bytes()
        assert Path(f"a.roster.{ending}").read_bytes() == Path(f"b.roster.{ending}").read_bytes()


def test_a_shipped_code_can_be_checked(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert re.fullmatch(
        r"nmg/incubator-2020: OK, \d+ worked cases\n", run(capsys, "scheme", "check", "nmg/incubator-2020")
    )


def test_a_file_of_the_name_of_a_shipped_code_is_the_file(folder, capsys):
    (folder / "nmg").mkdir()
    (folder / "nmg/incubator-2020").write_text(PLAIN, "utf-8")

    assert "示例评价方案\n" in run(capsys, "scheme", "show", "nmg/incubator-2020")


# ---- what it loads


def test_the_commands_load_neither_django_nor_spark(folder):
    commands = [
        ["scheme", "show", "plain.toml", "--html", "p.html", "--xlsx", "p.xlsx"],
        ["scheme", "sample", "--scheme", "plain.toml", "--rows", "2", "--seed", "1", "--out", "s.csv"],
        *(
            ["score", "--scheme", "plain.toml", "--data", "data.csv", "--out", "o.xlsx", "--engine", engine]
            for engine in ("reference", "duckdb")
        ),
        ["explain", "--scheme", "plain.toml", "--data", "data.csv", "--id", "甲", "--json"],
        ["whatif", "--scheme", "plain.toml", "--data", "data.csv", "--set", "grade.good.at_least=60"],
        ["stability", "--scheme", "plain.toml", "--data", "data.csv"],
    ]
    program = (
        "import json, sys\nfrom hatchmark.cli.main import main\n"
        f"codes = [main(words) for words in {commands!r}]\n"
        "unwanted = sorted({'django', 'pyspark', 'py4j'} & {name.partition('.')[0] for name in sys.modules})\n"
        "print(json.dumps([codes, unwanted]), file=sys.stderr)"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert json.loads(done.stderr) == [[0] * len(commands), []]


def test_a_small_table_of_text_waits_for_no_database_and_no_workbook(folder):
    words = ["score", "--scheme", "plain.toml", "--data", "data.csv", "--out", "o.csv"]
    program = (
        "import json, sys\nfrom hatchmark.cli.main import main\n"
        f"code = main({words!r})\n"
        "heavy = {'django', 'duckdb', 'lark', 'sqlglot', 'xlsxwriter'}\n"
        "print(json.dumps([code, sorted(heavy & set(sys.modules))]), file=sys.stderr)"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert json.loads(done.stderr) == [0, []]
