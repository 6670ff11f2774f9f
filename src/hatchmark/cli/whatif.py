"""`hatchmark whatif`: whose grade changes if a weight, a cut or a formula were another? Nothing is stored."""

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hatchmark.cli.scheme import OpenedScheme, open_scheme
from hatchmark.cli.score import complain, heading, roster_of
from hatchmark.documents.printable import shown
from hatchmark.documents.score_tables import read_score_table
from hatchmark.domain.round_folder import FolderError
from hatchmark.domain.scheme import Scheme
from hatchmark.domain.sensitivity import (
    Alteration,
    GradeChange,
    PathError,
    Verdict,
    altered,
    grade_changes,
    toml_text,
)
from hatchmark.engines.reference import score_table
from hatchmark.schemes.loader import SchemeError, parse_scheme, read_toml


def execute(args: argparse.Namespace) -> int:
    """List the entries whose grade changes. 2: the path names nothing, or the changed scheme breaks a rule."""
    opened = open_scheme(args.scheme)
    try:
        changed, alterations = _changed(opened, args.settings)
    except (PathError, SchemeError) as error:
        print(f"hatchmark whatif: {opened.name}: {error}", file=sys.stderr)
        return 2
    data = Path(args.data)
    try:
        old = _verdicts(opened.scheme, data, roster_of(args), file=data.name)
        new = _verdicts(changed, data, roster_of(args), file=f"{data.name} under the changed scheme")
    except FolderError as error:
        return complain("whatif", error)
    changes = grade_changes(old, new)
    if args.json:
        print(
            json.dumps(_document(opened.scheme, alterations, old, new, changes), ensure_ascii=False, indent=1)
        )
        return 0
    for line in _lines(opened.scheme, alterations, old, new, changes):
        print(shown(line))
    return 0


def _changed(opened: OpenedScheme, settings: list[tuple[str, str]]) -> tuple[Scheme, tuple[Alteration, ...]]:
    _, document = read_toml(opened.raw, file=opened.name)
    changed, alterations = altered(document, settings)
    try:
        return parse_scheme(toml_text(changed).encode(), file="changed scheme"), alterations
    except SchemeError as error:
        # Its lines are those of a text that nobody has seen.
        problems = tuple(re.sub(r"^changed scheme(:[0-9]+)*: ", "", problem) for problem in error.problems)
        raise SchemeError(
            opened.name, tuple(f"with these settings: {problem}" for problem in problems)
        ) from error


def _verdicts(scheme: Scheme, data: Path, roster: Path | None, *, file: str) -> dict[str, Verdict]:
    entries = read_score_table(data, scheme=scheme, roster=roster, file=file).entries
    return {key: Verdict.of(card) for key, card in score_table(scheme, entries)}


def _document(
    scheme: Scheme,
    alterations: tuple[Alteration, ...],
    old: Mapping[str, Verdict],
    new: Mapping[str, Verdict],
    changes: tuple[GradeChange, ...],
) -> dict[str, Any]:
    return {
        "scheme": scheme.code,
        "digest": scheme.digest,
        "provenance": scheme.provenance.value,
        "alterations": [alteration.as_document() for alteration in alterations],
        "entries": len(old),
        "grades": {"old": _counts(old), "new": _counts(new)},
        "changed": [
            {"id": change.id, "old": change.old.as_document(), "new": change.new.as_document()}
            for change in changes
        ],
    }


def _counts(verdicts: Mapping[str, Verdict]) -> dict[str, int]:
    counts = Counter(verdict.grade or "none" for verdict in verdicts.values())
    return dict(sorted(counts.items()))


def _lines(
    scheme: Scheme,
    alterations: tuple[Alteration, ...],
    old: Mapping[str, Verdict],
    new: Mapping[str, Verdict],
    changes: tuple[GradeChange, ...],
) -> Iterator[str]:
    yield from heading(scheme)
    for alteration in alterations:
        follows = f"（随 {alteration.follows} 调整 follows）" if alteration.follows else ""
        yield f"{alteration.path}：{alteration.old} → {alteration.new}{follows}"
    yield f"等次变化 grades changed：{len(changes)} / {len(old)}"
    for change in changes:
        yield f"  {change.id}：{verdict_words(change.old)} → {verdict_words(change.new)}"
    for name, verdicts in (("原 old", old), ("新 new", new)):
        yield f"{name}：" + " + ".join(f"{n} {grade}" for grade, n in _counts(verdicts).items())


def verdict_words(verdict: Verdict) -> str:
    """Return total and grade in a few words."""
    document = verdict.as_document()
    return f"{document['total'] or '—'} {document['grade'] or 'none'}"
