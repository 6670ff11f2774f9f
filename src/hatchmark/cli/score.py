"""`hatchmark score`: the points, total, rank and grade of every entry of a table."""

import argparse
import sys
from collections import Counter
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from hatchmark.cli.scheme import open_scheme
from hatchmark.documents.parquet import SUFFIX as PARQUET
from hatchmark.documents.score_tables import check_out, read_score_table, write_scores
from hatchmark.domain.folder_errors import FolderError, Place
from hatchmark.domain.scheme import Scheme

MOST_SHOWN = 50
LARGEST_FOR_REFERENCE = 1024 * 1024
"""Bytes of a table up to which the reference engine is as quick as DuckDB, which takes its time to begin."""


def execute(args: argparse.Namespace) -> int:
    """Score a table. 0: written; 2: something in it cannot be, every cell named, and nothing is written."""
    scheme = open_scheme(args.scheme).scheme
    data, out, roster = Path(args.data), Path(args.out), roster_of(args)
    check_out(out, inputs=[data, Path(args.scheme), *([roster] if roster else [])])
    try:
        grades = _scored(args.engine or _engine_for(data), scheme, data=data, roster=roster, out=out)
    except FolderError as error:
        return complain("score", error)
    for line in heading(scheme):
        print(line)
    counts = " + ".join(f"{grades[grade]} {grade_words(scheme, grade)}" for grade in sorted(grades))
    print(f"{sum(grades.values())} = {counts}")
    print(f"→ {out}")
    return 0


def _engine_for(data: Path) -> str:
    """Choose an engine where none is named: all of them write the same bytes."""
    large = data.suffix.lower() == PARQUET or (data.is_file() and data.stat().st_size > LARGEST_FOR_REFERENCE)
    return "duckdb" if large else "reference"


def _scored(engine: str, scheme: Scheme, *, data: Path, roster: Path | None, out: Path) -> Mapping[str, int]:
    """Write the result table; return how many entries have each grade, "" for none."""
    if engine == "duckdb":
        from hatchmark.engines.duckdb import score_file

        return score_file(scheme, data=data, roster=roster, out=out).grades
    if engine == "spark":
        if find_spec("pyspark") is None:
            raise FolderError(
                Place("--engine spark"),
                problem="Spark is not installed",
                remedy="install the extra: uv sync --inexact --extra spark, or use --engine duckdb",
            )
        from hatchmark.engines.spark import score_file as score_on_spark

        return score_on_spark(scheme, data=data, roster=roster, out=out).grades
    from hatchmark.engines.reference import score_table

    entries = read_score_table(data, scheme=scheme, roster=roster).entries
    verdicts = write_scores(out, scheme=scheme, scored=score_table(scheme, entries))
    return Counter(verdict.grade or "" for verdict in verdicts.values())


def roster_of(args: argparse.Namespace) -> Path | None:
    """Return the roster TABLE that was named, if one was."""
    return Path(args.roster) if args.roster else None


def heading(scheme: Scheme) -> list[str]:
    """Return what has to stand over every score by a scheme."""
    lines = [f"{scheme.title} [{scheme.code}]"]
    if scheme.is_reconstruction:
        lines.append(f"重构方案，非发文原文 a reconstruction: {scheme.provenance_note}")
    return lines


def grade_words(scheme: Scheme, grade: str | None) -> str:
    """Return what an official calls a grade, and its code; what is no grade of the scheme is none at all."""
    labels = {cut.name: cut.words for cut in scheme.grades}
    return f"{labels[grade]} {grade}" if grade in labels else "无等次 none"


def complain(command: str, error: FolderError) -> int:
    """Tell every error of a table, one line for each cell, and return the exit code for it."""
    for each in error.errors[:MOST_SHOWN]:
        print(f"hatchmark {command}: {each}", file=sys.stderr)
    if len(error.errors) > MOST_SHOWN:
        print(f"hatchmark {command}: and {len(error.errors) - MOST_SHOWN} more", file=sys.stderr)
    return 2
