"""How fast is a table scored, beside pandas, LibreOffice and one numpy pass over the same numbers?

    .venv/bin/python benchmarks/scoring.py [ROWS …]          without ROWS: 100, 20000, 1000000 and 10000000

Every contestant scores the same rows by the same 25 indicators, is a process of its own, and is timed from its start to
its end, imports and files included; its peak memory is what the kernel counted for it. Up to 20,000 rows each runs five
times (LibreOffice twice) and its best time counts, so that all of them have their bytecode and their files in memory.

pandas and LibreOffice score in binary fractions, as they do in offices: how many of their points are wrong is printed
beside their time. LibreOffice has two workbooks: points and totals alone, and with rank and grade, as the result table
has them. numpy passes over the numbers in three ways: from a file of its own, timed like the others; and in memory,
without any file, once adding up and once computing the points.

Ratios of one run say something, seconds of one machine little.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import xlsxwriter

SIZES = (100, 20_000, 1_000_000, 10_000_000)
SEED = 20_251_125
MOST_ROWS_OF_THE_WORKBOOK = 20_000
MOST_ROWS_AS_CSV = 1_000_000
MOST_ROWS_OFTEN = 20_000
CHUNK = 1_000_000
FULL = 4
BASIS = "基准测试，示例"

Floats = dict[str, "np.ndarray[tuple[int], np.dtype[np.float64]]"]
Column = "np.ndarray[tuple[int], np.dtype[np.float64]]"


# ---- the rules, in the three languages that are compared ----------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One column: its highest value, and how many decimal places it has."""

    code: str
    highest: int
    places: int = 0
    last_year: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.code, f"{self.code}@last") if self.last_year else (self.code,)

    def toml(self) -> str:
        kind = f'type = "decimal"\nplaces = {self.places}' if self.places else 'type = "integer"'
        last = "last_year = true\n" if self.last_year else ""
        return (
            f'[[figure]]\ncode = "{self.code}"\ntitle = "{self.code}"\nunit = "家"\n{kind}\nminimum = "0"\n'
            f'maximum = "{self.highest}"\n{last}basis = "{BASIS}"\n'
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One indicator: as a scheme says it, as numpy computes it before rounding, as a cell formula without rounding."""

    formula: str
    points: Callable[[Floats], Column]
    cell: Callable[[Callable[[str], str]], str]


def bands(code: str, edges: Sequence[int]) -> Rule:
    shares = (1, 2.5, FULL)
    listed = ", ".join(
        f'{{ at_least = "{edge}", points = "{share:g}" }}'
        for edge, share in zip((0, *edges), (0, *shares), strict=True)
    )
    steps = np.array((0.0, *shares))
    return Rule(
        formula=f'{{ type = "bands", figures = ["{code}"], bands = [{listed}] }}',
        points=lambda known: steps[np.searchsorted(np.array(edges), known[code], side="right")],
        cell=lambda at: (
            f"LOOKUP({at(code)},{{{';'.join(map(str, (0, *edges)))}}},"
            f"{{{';'.join(f'{share:g}' for share in (0, *shares))}}})"
        ),
    )


def linear(code: str, low: int, high: int) -> Rule:
    return Rule(
        formula=f'{{ type = "linear", figures = ["{code}"], from = "{low}", to = "{high}" }}',
        points=lambda known: FULL * np.clip((known[code] - low) / (high - low), 0, 1),
        cell=lambda at: f"{FULL}*MAX(0,MIN(1,({at(code)}-{low})/({high}-{low})))",
    )


def ratio(of: str, to: str, full_at: str) -> Rule:
    def points(known: Floats) -> Column:
        share = np.divide(known[of], known[to], out=np.zeros_like(known[of]), where=known[to] > 0)
        return FULL * np.minimum(share / float(full_at), 1)

    return Rule(
        formula=f'{{ type = "ratio", of = ["{of}"], to = ["{to}"], full_at = "{full_at}", when_zero = "no_points" }}',
        points=points,
        cell=lambda at: f"IF({at(to)}=0,0,{FULL}*MIN(1,{at(of)}/{at(to)}/{full_at}))",
    )


def per_unit(code: str, each: str) -> Rule:
    return Rule(
        formula=f'{{ type = "per_unit", figures = ["{code}"], points_each = "{each}" }}',
        points=lambda known: np.minimum(known[code] * float(each), FULL),
        cell=lambda at: f"MIN({FULL},{at(code)}*{each})",
    )


def per_amount(code: str, amount: int, each: str) -> Rule:
    return Rule(
        formula=f'{{ type = "per_amount", figures = ["{code}"], amount = "{amount}", points_each = "{each}" }}',
        points=lambda known: np.minimum(np.floor(known[code] / amount) * float(each), FULL),
        cell=lambda at: f"MIN({FULL},INT({at(code)}/{amount})*{each})",
    )


def threshold(code: str, start: int, base: str, step: int, each: str) -> Rule:
    return Rule(
        formula=f'{{ type = "threshold", figures = ["{code}"], from = "{start}", base = "{base}", step = "{step}", '
        f'points_each = "{each}" }}',
        points=lambda known: np.where(
            known[code] < start,
            0,
            np.minimum(float(base) + np.floor((known[code] - start) / step) * float(each), FULL),
        ),
        cell=lambda at: (
            f"IF({at(code)}<{start},0,MIN({FULL},{base}+INT(({at(code)}-{start})/{step})*{each}))"
        ),
    )


def growth(code: str) -> Rule:
    def points(known: Floats) -> Column:
        now, then = known[code], known[f"{code}@last"]
        rate = np.divide(now - then, then, out=np.zeros_like(now), where=then > 0)
        return np.where(then > 0, np.select([rate >= 0.2, rate >= 0.05], [4.0, 2.0], 0.0), 0.0)

    return Rule(
        formula=f'{{ type = "growth", figure = "{code}", when_zero = "no_points", bands = ['
        '{ at_least = "-1", points = "0" }, { at_least = "0.05", points = "2" }, { at_least = "0.2", points = "4" }] }',
        points=points,
        cell=lambda at: (
            f"IF({at(f'{code}@last')}=0,0,LOOKUP(({at(code)}-{at(f'{code}@last')})/{at(f'{code}@last')},"
            "{-1;0.05;0.2},{0;2;4}))"
        ),
    )


FIGURES = (
    *(Figure(code=f"count_{number}", highest=10_000) for number in range(1, 8)),
    *(Figure(code=f"area_{number}", highest=1_000_000, places=2) for number in range(1, 6)),
    *(Figure(code=f"base_{number}", highest=20_000) for number in range(1, 7)),
    *(Figure(code=f"patents_{number}", highest=500) for number in range(1, 5)),
    Figure(code="fund_1", highest=50_000, places=2),
    Figure(code="fund_2", highest=50_000, places=2),
    Figure(code="income", highest=1_000_000, places=2, last_year=True),
)
RULES = (
    *(
        bands(f"count_{number}", (500 * number, 4_000 + 100 * number, 7_000 + 300 * number))
        for number in range(1, 7)
    ),
    *(linear(f"area_{number}", 1_000 * number, 700_000 + 13 * number) for number in range(1, 6)),
    *(ratio(f"count_{number}", f"base_{number}", f"0.{number + 3}") for number in range(1, 7)),
    *(per_unit(f"patents_{number}", f"0.0{number}") for number in range(1, 5)),
    per_amount("fund_1", 3_000, "0.3"),
    per_amount("fund_2", 1_700, "0.15"),
    threshold("count_7", 2_000, "1", 500, "0.25"),
    growth("income"),
)
COLUMNS = tuple(column for figure in FIGURES for column in figure.columns)
CUTS = ((70, "excellent"), (50, "good"), (30, "qualified"), (0, "unqualified"))


def scheme_toml() -> str:
    """Return the scheme file."""
    head = f"""[scheme]
code = "benchmark/incubator-2025"
title = "基准测试方案（示例）"
authority = "示例"
kind = "incubator"
year = 2025
basis = "{BASIS}"
provenance = "reconstruction"
provenance_note = "只为量速度，示例"
full_marks = "{FULL * len(RULES)}"
bonus_cap = "0"
total_cap = "{FULL * len(RULES)}"
points_places = 2
rounding = "half_up"
sub_types = []

[missing]
absent = "no_points"
not_applicable = "no_points"
refused = "no_points"
basis = "{BASIS}"

[absence]
basis = "{BASIS}"

[[group]]
code = "all"
title = "全部指标"
part = "quantitative"
full_marks = "{FULL * len(RULES)}"
basis = "{BASIS}"
"""
    indicators = (
        f'[[indicator]]\ncode = "i{number}"\ntitle = "指标{number}"\ngroup = "all"\nfull_marks = "{FULL}"\n'
        f'formula = {rule.formula}\nbasis = "{BASIS}"\n'
        for number, rule in enumerate(RULES, start=1)
    )
    grades = (f'[[grade]]\ngrade = "{grade}"\nat_least = "{cut}"\nbasis = "{BASIS}"\n' for cut, grade in CUTS)
    return "\n".join((head, *(figure.toml() for figure in FIGURES), *indicators, *grades))


# ---- the numbers --------------------------------------------------------------------------------------------


def write_table(rows: int, *, parquet: Path, csv: Path) -> None:
    """Write the same figures as Parquet (exact decimals) and, up to a million rows, as .csv."""
    drawn = np.random.default_rng(SEED)
    with duckdb.connect() as connection:
        types = ", ".join(
            f'"{column}" {f"DECIMAL(12,{figure.places})" if figure.places else "INTEGER"}'
            for figure in FIGURES
            for column in figure.columns
        )
        connection.execute(f"CREATE TABLE figures (id VARCHAR, {types})")
        for first in range(0, rows, CHUNK):
            count = min(CHUNK, rows - first)
            units = {
                column: drawn.integers(0, figure.highest * 10**figure.places, size=count, endpoint=True)
                for figure in FIGURES
                for column in figure.columns
            }
            batch = pd.DataFrame({"first": np.arange(first, first + count), **units})
            connection.register("batch", batch)
            chosen = ", ".join(
                f'CAST("{column}" AS DECIMAL(18,0)) * CAST(0.01 AS DECIMAL(3,2))'
                if figure.places
                else f'"{column}"'
                for figure in FIGURES
                for column in figure.columns
            )
            connection.execute(f"INSERT INTO figures SELECT 'e' || \"first\", {chosen} FROM batch")  # noqa: S608
            connection.unregister("batch")
        connection.execute(f"COPY figures TO '{parquet}' (FORMAT parquet)")
        if rows <= MOST_ROWS_AS_CSV:
            connection.execute(f"COPY figures TO '{csv}' (HEADER)")


# ---- the contestants ----------------------------------------------------------------------------------------


def score_by_pandas(data: Path, out: Path) -> None:
    """Score as an office would in pandas: float columns, rounded half up, one file in and one out."""
    table = pd.read_csv(data)
    known = {column: table[column].to_numpy(dtype=np.float64) for column in COLUMNS}
    scored = pd.DataFrame({"id": table["id"]})
    for number, rule in enumerate(RULES, start=1):
        scored[f"i{number}"] = np.floor(rule.points(known) * 100 + 0.5) / 100
    scored["total"] = scored.drop(columns="id").sum(axis=1).round(2)
    scored["rank"] = scored["total"].rank(method="min", ascending=False).astype("int64")
    edges = [cut for cut, _ in reversed(CUTS)]
    names = np.array([grade for _, grade in reversed(CUTS)])
    scored["grade"] = names[np.searchsorted(edges, scored["total"], side="right") - 1]
    scored.to_csv(out, index=False, float_format="%.2f")


def pass_by_numpy(data: Path) -> tuple[float, float]:
    """Return the seconds of adding up all numbers once, and of computing all points once, in memory, in float."""
    chosen = ", ".join(f'CAST("{column}" AS DOUBLE) AS "{column}"' for column in COLUMNS)
    with duckdb.connect() as connection:
        known = connection.execute(f"SELECT {chosen} FROM '{data}'").fetchnumpy()  # noqa: S608
    begun = time.perf_counter()
    for column in COLUMNS:
        known[column].sum()
    added = time.perf_counter() - begun
    begun = time.perf_counter()
    total = np.zeros(len(known[COLUMNS[0]]))
    for rule in RULES:
        total += np.floor(rule.points(known) * 100 + 0.5) / 100
    return added, time.perf_counter() - begun


def write_array(parquet: Path, array: Path) -> None:
    """Write all numbers as one array of numpy's own format, column after column."""
    with duckdb.connect() as connection:
        count = connection.execute(f"SELECT count(*) FROM '{parquet}'").fetchall()[0][0]  # noqa: S608
        kept = np.lib.format.open_memmap(
            array, mode="w+", dtype=np.float64, shape=(count, len(COLUMNS)), fortran_order=True
        )
        for at, column in enumerate(COLUMNS):
            chosen = f"SELECT CAST(\"{column}\" AS DOUBLE) AS x FROM '{parquet}'"  # noqa: S608
            kept[:, at] = connection.execute(chosen).fetchnumpy()["x"]
        kept.flush()


def write_workbook(data: Path, workbook: Path, *, ranked: bool) -> None:
    """Write the figures and a formula for every indicator of every row, as an official would have them in Excel.

    `ranked`: with a formula for the rank and one for the grade of each row as well.
    """
    table = pd.read_csv(data)
    first_rule = len(COLUMNS) + 1
    total_at = first_rule + len(RULES)
    total = xlsxwriter.utility.xl_col_to_name(total_at)
    edges = ";".join(str(cut) for cut, _ in reversed(CUTS))
    names = ";".join(f'"{grade}"' for _, grade in reversed(CUTS))
    letters = {column: xlsxwriter.utility.xl_col_to_name(at) for at, column in enumerate(COLUMNS, start=1)}
    with xlsxwriter.Workbook(workbook, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("示例")
        points = [f"i{number}" for number in range(1, len(RULES) + 1)]
        more = ["rank", "grade"] if ranked else []
        sheet.write_row(0, 0, ["id", *COLUMNS, *points, "total", *more])
        for at, row in enumerate(table.itertuples(index=False), start=2):
            sheet.write_row(at - 1, 0, list(row))
            for place, rule in enumerate(RULES, start=first_rule):
                cell = rule.cell(lambda column, at=at: f"{letters[column]}{at}")  # type: ignore[misc]
                sheet.write_formula(at - 1, place, f"=ROUND({cell},2)")
            first, last = (xlsxwriter.utility.xl_col_to_name(column) for column in (first_rule, total_at - 1))
            sheet.write_formula(at - 1, total_at, f"=SUM({first}{at}:{last}{at})")
            if ranked:
                every = f"{total}$2:{total}${len(table) + 1}"
                sheet.write_formula(at - 1, total_at + 1, f"=RANK({total}{at},{every})")
                sheet.write_formula(at - 1, total_at + 2, f"=LOOKUP({total}{at},{{{edges}}},{{{names}}})")


RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def libreoffice_words(soffice: str, workbook: Path, folder: Path) -> list[str]:
    """Return the command that opens a workbook, recalculates it and saves it as .csv."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(RECALCULATE, encoding="utf-8")
    return [
        soffice,
        f"-env:UserInstallation=file://{profile}",
        "--headless",
        "--convert-to",
        "csv",
        "--outdir",
        str(folder),
        str(workbook),
    ]


# ---- measuring ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One process: seconds from start to end, seconds of processors, and peak memory in MiB."""

    seconds: float
    processor: float
    mebibytes: float
    output: str = ""

    def __str__(self) -> str:
        return (
            f"{self.seconds:.2f} s ({self.processor:.2f} s of processors), {self.mebibytes:,.0f} MiB at most"
        )


# A process begins with the peak of the one that started it, so a small one starts each contestant.
STARTER = """
import json, os, subprocess, sys, time
with open(sys.argv[1], "wb") as told:
    begun = time.perf_counter()
    process = subprocess.Popen(sys.argv[2:], stdout=told, stderr=subprocess.STDOUT)
    _, status, usage = os.wait4(process.pid, 0)
    taken = time.perf_counter() - begun
print(json.dumps([os.waitstatus_to_exitcode(status), taken, usage.ru_utime + usage.ru_stime, usage.ru_maxrss]))
"""


def measure(words: Sequence[str | Path], *, folder: Path, times: int = 1) -> Run:
    """Run a command to its end, several times, and keep the quickest; raise RuntimeError where it fails."""
    told = folder / "told"
    # Bytecode is kept for all that are written in Python, whatever the environment says; it goes with the folder.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    kept["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
    found = []
    for _ in range(times):
        starter = [sys.executable, "-I", "-S", "-c", STARTER, str(told), *map(str, words)]
        answer = subprocess.run(starter, stdout=subprocess.PIPE, check=True, env=kept)
        code, seconds, processor, kilobytes = json.loads(answer.stdout)
        output = told.read_text("utf-8", errors="replace")
        if code:
            raise RuntimeError(f"{' '.join(map(str, words))} ended with {code}:\n{output}")
        found.append(Run(seconds=seconds, processor=processor, mebibytes=kilobytes / 1024, output=output))
    return min(found, key=lambda run: run.seconds)


def wrong_points(exact: Path, other: Path) -> tuple[int, int]:
    """Return how many of the points and totals of another result differ from the exact one, and how many there are."""
    names = [*(f"i{number}" for number in range(1, len(RULES) + 1)), "total"]
    ours, theirs = (pd.read_csv(path, encoding="utf-8-sig") for path in (exact, other))
    different = sum(int((~np.isclose(ours[name], theirs[name], atol=0.001)).sum()) for name in names)
    return different, len(names) * len(ours)


def score_words(scheme: Path, data: Path, out: Path, engine: str) -> list[str | Path]:
    """Return the command that scores a file into a file."""
    command = [sys.executable, "-m", "hatchmark", "score", "--engine", engine]
    return [*command, "--scheme", scheme, "--data", data, "--out", out]


def compare(rows: int, *, folder: Path) -> Iterator[str]:
    """Yield the lines of one size."""
    scheme, parquet, csv = folder / "scheme.toml", folder / "figures.parquet", folder / "figures.csv"
    scheme.write_text(scheme_toml(), encoding="utf-8")
    write_table(rows, parquet=parquet, csv=csv)
    yield f"{rows:,} rows × {len(RULES)} indicators, {len(COLUMNS)} numbers a row"
    script = [sys.executable, __file__]
    times = 5 if rows <= MOST_ROWS_OFTEN else 1
    read = csv if csv.exists() else parquet
    exact = folder / f"duckdb{read.suffix}"
    ours = measure(score_words(scheme, read, exact, "duckdb"), folder=folder, times=times)
    yield f"  duckdb, {read.suffix} to {read.suffix}: {ours}"
    if read == csv:
        pandas_out = folder / "pandas.csv"
        pandas = measure([*script, "--pandas", csv, pandas_out], folder=folder, times=times)
        wrong, all_of = wrong_points(exact, pandas_out)
        yield f"  pandas, float: {pandas}, {wrong:,} of {all_of:,} points wrong; {beside(ours, pandas)}"
        soffice = shutil.which("soffice")
        if rows <= MOST_ROWS_OF_THE_WORKBOOK and soffice:
            for ranked in (False, True):
                office = folder / f"office-{ranked}"
                workbook = folder / "workbook.xlsx"
                write_workbook(csv, workbook, ranked=ranked)
                recalculated = measure(libreoffice_words(soffice, workbook, office), folder=folder, times=2)
                wrong, all_of = wrong_points(exact, office / "workbook.csv")
                what = "with rank and grade" if ranked else "points and totals alone"
                yield (
                    f"  LibreOffice, {what}: {recalculated}, {wrong:,} of {all_of:,} points wrong; "
                    f"{beside(ours, recalculated)}"
                )
    whole = ours
    if read != parquet:
        words = score_words(scheme, parquet, folder / "whole.parquet", "duckdb")
        whole = measure(words, folder=folder, times=times)
        yield f"  duckdb, .parquet to .parquet: {whole}"
    array = folder / "figures.npy"
    write_array(parquet, array)
    from_file = measure([*script, "--numpy-file", array], folder=folder, times=times)
    yield (
        f"  numpy, from its file, adding up all numbers: {from_file} "
        f"(duckdb {whole.seconds / from_file.seconds:.1f} × as long, "
        f"{whole.processor / from_file.processor:.1f} × by processors)"
    )
    array.unlink()
    numpy_pass = measure([*script, "--numpy", parquet], folder=folder, times=times)
    added, scored = map(float, numpy_pass.output.split())
    yield (
        f"  numpy in memory: adding up all numbers {added:.3f} s (duckdb {whole.seconds / added:.1f} × as long), "
        f"all points in float {scored:.3f} s (duckdb {whole.seconds / scored:.1f} × as long)"
    )


def beside(ours: Run, theirs: Run) -> str:
    """Return how many times as fast DuckDB is, by the clock and by what both took of the processors."""
    return (
        f"duckdb is {theirs.seconds / ours.seconds:.1f} × as fast "
        f"({theirs.processor / ours.processor:.1f} × by processors)"
    )


def main() -> None:
    """Run one contestant (as a child of this program), or compare them all."""
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    words.add_argument("rows", nargs="*", type=int, default=list(SIZES))
    words.add_argument("--pandas", nargs=2, type=Path, help=argparse.SUPPRESS)
    words.add_argument("--numpy-file", type=Path, help=argparse.SUPPRESS)
    words.add_argument("--numpy", type=Path, help=argparse.SUPPRESS)
    args = words.parse_args()
    if args.pandas:
        score_by_pandas(*args.pandas)
    elif args.numpy_file:
        print(np.load(args.numpy_file).sum(axis=0))
    elif args.numpy:
        print(*pass_by_numpy(args.numpy))
    else:
        for rows in args.rows:
            with tempfile.TemporaryDirectory() as folder:
                for line in compare(rows, folder=Path(folder)):
                    print(line, flush=True)


if __name__ == "__main__":
    main()
