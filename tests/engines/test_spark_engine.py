"""The Spark engine from file to file: the words of the reference for what cannot be, and no traces."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from scheme_builder_for_engines import measured_scheme
from test_duckdb_engine import (
    BAD_CELLS,
    HEADER,
    HOSTILE,
    PER_UNIT,
    errors_of,
    reference,
    results,
    sampled,
    write,
)

from hatchmark.engines.duckdb import score_file
from hatchmark.schemes.loader import shipped

pytest.importorskip("pyspark", reason="the extra is not installed: uv sync --inexact --extra spark")
pytestmark = pytest.mark.spark


@pytest.fixture
def score(spark):
    from hatchmark.engines.spark import score_file

    def scored(scheme, data, out, roster=None):
        return score_file(scheme, data=data, roster=roster, out=out, session=spark)

    return scored


# ---- what is right, and what is not


def test_what_is_written_unusually_but_rightly_is_understood(score, tmp_path):
    """In Parquet, which Spark reads itself: ends of lines inside of cells, spaces, zeros before numbers."""
    cells = [
        ("甲\n", "7\n", None, "1.50", "reported"),
        (" 乙,丙", "007", None, "2.500000000", None),
        ('丁"号"', "-0", None, None, "refused"),
        (None, None, None, None, None),
        ("#x", "0.10", None, "4", None),
        *((key, "1", None, "1", None) for key in HOSTILE),
    ]
    data = tmp_path / "data.parquet"
    with duckdb.connect() as connection:
        connection.execute('CREATE TABLE t (id TEXT, a TEXT, "a@status" TEXT, b TEXT, "b@status" TEXT)')
        connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?)", cells)
        connection.execute(f"COPY t TO '{data}' (FORMAT parquet)")
    reference(PER_UNIT, data, tmp_path / "expected.csv")

    score(PER_UNIT, data, tmp_path / "found.csv")

    assert (tmp_path / "found.csv").read_bytes() == (tmp_path / "expected.csv").read_bytes()
    assert [row["id"] for row in results(tmp_path / "found.csv")][:5] == [
        "甲",
        "乙,丙",
        '丁"号"',
        "#x",
        HOSTILE[0],
    ]


def test_every_bad_cell_is_told_in_the_words_of_the_reference(score, tmp_path):
    rows = []
    # A cell of a broken formula ends the reading of the whole file.
    cells = [each for each in BAD_CELLS if "#REF!" not in each]
    for number, (column, cell) in enumerate(cells):
        rows.append([f"e{number}", "5", "", "2", "", ""])
        rows[-1][HEADER.index(column)] = cell
        rows += [[f"ok{number}", "5", "", "2", "", "false_data"], ["", "", "", "", "", ""]]
    rows.append(["e1", "5", "", "2", "", ""])
    scheme = measured_scheme(
        '{ type = "per_unit", figures = ["a"], points_each = "0.3" }',
        more='[[relation]]\nlower = ["b"]\nupper = ["a"]\nmessage = "示例"\n',
    )
    data = write(tmp_path / "data.csv", HEADER, rows)

    expected = errors_of(lambda: reference(scheme, data, tmp_path / "out.csv"))

    assert len(expected) > len(cells) - 3
    assert errors_of(lambda: score(scheme, data, tmp_path / "out.csv")) == expected
    assert sorted(each.name for each in tmp_path.iterdir()) == ["data.csv"]


def test_two_entries_of_one_id_are_told_where_nothing_else_is_wrong(score, tmp_path):
    rows = [[f"e{number}", "1", "2"] for number in range(300)]
    rows[200][0] = "e7"
    data = write(tmp_path / "data.csv", ["id", "a", "b"], rows)

    (expected,) = errors_of(lambda: reference(PER_UNIT, data, tmp_path / "out.csv"))

    assert ", row 202, " in expected
    assert errors_of(lambda: score(PER_UNIT, data, tmp_path / "out.csv")) == [expected]


def test_text_that_is_none_is_told_by_every_engine(score, spark, tmp_path):
    made = tmp_path / "made"
    cells = "SELECT CASE WHEN id = 7 THEN CAST(X'ff61' AS STRING) ELSE concat('e', id) END AS id, id AS a, id AS b"
    spark.sql(f"{cells} FROM range(30)").coalesce(1).write.parquet(f"file:{made}")
    (data,) = made.glob("*.parquet")

    told = [
        errors_of(lambda act=act: act(PER_UNIT, data, tmp_path / "out.csv"))
        for act in (reference, score, lambda scheme, data, out: score_file(scheme, data=data, out=out))
    ]

    problem = "holds text that is no UTF-8, or is damaged within"
    remedy = "write it anew with the program that it comes from, or give a .csv"
    assert told == [[f"{data.name}: {problem}; {remedy}"]] * 3


def test_a_bad_roster_is_told_in_the_words_of_the_reference(score, tmp_path):
    scheme = shipped("nmg/incubator-2024")
    data, roster = sampled(tmp_path, scheme, rows=5)
    with roster.open(encoding="utf-8-sig", newline="") as stream:
        header, *rows = csv.reader(stream)
    for at, (column, cell) in enumerate(
        [("id", "示例000009"), (header[2], "2023-02-29"), ("is_graduate", "vielleicht"), ("id", "")]
    ):
        rows[at][header.index(column)] = cell
    # More rows than an entry may have.
    rows += [["示例000002", *rows[4][1:]]] * (scheme.roster.most_rows + 1)
    write(roster, header, rows)
    out = tmp_path / "out.csv"

    expected = errors_of(lambda: reference(scheme, data, out, roster))

    assert len(expected) >= 4
    assert errors_of(lambda: score(scheme, data, out, roster)) == expected


def test_a_workbook_goes_in_and_comes_out(score, tmp_path):
    scheme = shipped("recheck/incubator-2020")
    data, roster = sampled(tmp_path, scheme, rows=20, ending=".xlsx")
    reference(scheme, data, tmp_path / "expected.xlsx", roster)

    scored = score(scheme, data, tmp_path / "found.xlsx", roster)

    assert (tmp_path / "found.xlsx").read_bytes() == (tmp_path / "expected.xlsx").read_bytes()
    assert scored.rows == 20
    assert sum(scored.grades.values()) == 20


def test_parquet_that_spark_cannot_unpack_is_read_all_the_same(score, tmp_path):
    data = tmp_path / "data.parquet"
    packed = "(FORMAT parquet, COMPRESSION brotli)"
    rows = "SELECT 'e' || i AS id, i AS a, i AS b FROM range(2000) AS r(i)"
    duckdb.execute(f"COPY ({rows}) TO '{data}' {packed}")
    reference(PER_UNIT, data, tmp_path / "expected.csv")

    score(PER_UNIT, data, tmp_path / "found.csv")

    assert (tmp_path / "found.csv").read_bytes() == (tmp_path / "expected.csv").read_bytes()


# ---- the process


def test_it_opens_no_page_and_listens_on_the_loopback_address_alone(spark):
    assert spark.sparkContext.uiWebUrl is None
    assert spark.conf.get("spark.sql.ansi.enabled") == "true"
    listening = _listening(spark.sparkContext._gateway.proc.pid)
    assert listening
    assert {address for address, _ in listening} <= {"0100007F", "0000000000000000FFFF00000100007F"}


def _listening(process):
    """Local addresses and ports, as the kernel writes them, on which a process waits for others."""
    sockets = set()
    for each in Path(f"/proc/{process}/fd").iterdir():
        target = str(each.readlink())
        if target.startswith("socket:["):
            sockets.add(target.removeprefix("socket:[").removesuffix("]"))
    found = set()
    for kind in ("tcp", "tcp6"):
        for line in Path(f"/proc/{process}/net/{kind}").read_text("ascii").splitlines()[1:]:
            words = line.split()
            if words[3] == "0A" and words[9] in sockets:
                found.add(tuple(words[1].split(":")))
    return found


def command(folder, *words, **environment):
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("JAVA_HOME", "JDK_JAVA"))
    }
    return subprocess.run(
        [sys.executable, "-m", "hatchmark", *map(str, words)],
        cwd=folder,
        env={**kept, "PYTHONWARNINGS": "error", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_writes_the_table_and_leaves_nothing_else(spark, tmp_path):
    scheme = shipped("recheck/incubator-2020")
    data, roster = sampled(tmp_path, scheme, rows=30)
    reference(scheme, data, tmp_path / "expected.csv", roster)
    here, temporary = tmp_path / "here", tmp_path / "temporary files"
    here.mkdir()
    temporary.mkdir()
    words = ["--scheme", scheme.code, "--data", data, "--roster", roster, "--out", "out.csv"]

    # What another Spark of this machine is set to must not reach ours.
    done = command(
        here, "score", *words, "--engine", "spark", TMPDIR=str(temporary), SPARK_HOME="/nowhere",
        SPARK_REMOTE="sc://nowhere", PYSPARK_SUBMIT_ARGS="--master nowhere pyspark-shell",
        JDK_JAVA_OPTIONS="-XX:TieredStopAtLevel=1",
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("→ out.csv\n")
    assert (here / "out.csv").read_bytes() == (tmp_path / "expected.csv").read_bytes()
    assert [each.name for each in here.iterdir()] == ["out.csv"]
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("home", [None, "/nowhere"])
def test_without_java_the_command_says_what_to_install(tmp_path, home):
    data = write(tmp_path / "data.csv", *_sample_of_a_makerspace(tmp_path))
    bare = {"PATH": str(tmp_path), **({"JAVA_HOME": home} if home else {})}

    done = command(
        tmp_path, "score", "--scheme", "nmg/makerspace-2020", "--data", data, "--out", "o.csv",
        "--engine", "spark", **bare,
    )  # fmt: skip

    where = f"in JAVA_HOME ({home})" if home else "on the search path, and JAVA_HOME is not set"
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"hatchmark score: --engine spark: Spark needs Java, and there is none {where}; install Java 17 or newer "
        "(Debian/Ubuntu: apt-get install default-jre-headless), or use --engine duckdb\n"
    )
    assert not (tmp_path / "o.csv").exists()


def test_a_java_that_does_not_start_is_told_in_its_own_words(tmp_path):
    data = write(tmp_path / "data.csv", *_sample_of_a_makerspace(tmp_path))
    old = tmp_path / "old" / "bin" / "java"
    old.parent.mkdir(parents=True)
    old.write_text(
        "#!/bin/sh\necho 'UnsupportedClassVersionError: class file version 61.0' >&2\nexit 1\n", "ascii"
    )
    old.chmod(0o755)

    done = command(
        tmp_path, "score", "--scheme", "nmg/makerspace-2020", "--data", data, "--out", "o.csv",
        "--engine", "spark", JAVA_HOME=str(old.parent.parent), PYTHONWARNINGS="",
    )  # fmt: skip

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("hatchmark score: --engine spark: Java did not start (")
    assert "UnsupportedClassVersionError" in done.stderr
    assert done.stderr.count("\n") == 1


def _sample_of_a_makerspace(folder):
    data, _ = sampled(folder, shipped("nmg/makerspace-2020"), rows=3)
    with data.open(encoding="utf-8-sig", newline="") as stream:
        header, *rows = csv.reader(stream)
    return header, rows
