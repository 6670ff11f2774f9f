"""`hatchmark score`: the points, total, rank and grade of every entry of a table."""

import argparse
import sys
from collections import Counter
from pathlib import Path

from hatchmark.cli.scheme import open_scheme
from hatchmark.documents.score_tables import check_out, read_score_table, write_scores
from hatchmark.domain.round_folder import FolderError
from hatchmark.domain.scheme import Scheme
from hatchmark.engines.reference import score_table

MOST_SHOWN = 50


def execute(args: argparse.Namespace) -> int:
    """Score a table. 0: written; 2: something in it cannot be, every cell named, and nothing is written."""
    scheme = open_scheme(args.scheme).scheme
    data, out = Path(args.data), Path(args.out)
    check_out(out, inputs=[data, Path(args.scheme), *([Path(args.roster)] if args.roster else [])])
    try:
        entries = read_score_table(data, scheme=scheme, roster=roster_of(args)).entries
    except FolderError as error:
        return complain("score", error)
    verdicts = write_scores(out, scheme=scheme, scored=score_table(scheme, entries))
    for line in heading(scheme):
        print(line)
    grades = Counter(verdict.grade for verdict in verdicts.values())
    counts = " + ".join(f"{grades[grade]} {grade or 'none'}" for grade in sorted(grades, key=str))
    print(f"{len(verdicts)} = {counts}")
    print(f"→ {out}")
    return 0


def roster_of(args: argparse.Namespace) -> Path | None:
    """Return the roster TABLE that was named, if one was."""
    return Path(args.roster) if args.roster else None


def heading(scheme: Scheme) -> list[str]:
    """Return what has to stand over every score by a scheme."""
    lines = [f"{scheme.title} [{scheme.code}]"]
    if scheme.is_reconstruction:
        lines.append(f"重构方案，非发文原文 a reconstruction: {scheme.provenance_note}")
    return lines


def complain(command: str, error: FolderError) -> int:
    """Tell every error of a table, one line for each cell, and return the exit code for it."""
    for each in error.errors[:MOST_SHOWN]:
        print(f"hatchmark {command}: {each}", file=sys.stderr)
    if len(error.errors) > MOST_SHOWN:
        print(f"hatchmark {command}: and {len(error.errors) - MOST_SHOWN} more", file=sys.stderr)
    return 2
