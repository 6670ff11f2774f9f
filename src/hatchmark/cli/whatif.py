"""`hatchmark whatif`: whose grade changes if a weight, a cut or a formula were another? Nothing is stored."""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hatchmark.cli.scheme import open_scheme
from hatchmark.cli.score import complain, grade_words, heading, roster_of
from hatchmark.documents.printable import shown
from hatchmark.documents.score_tables import read_score_table
from hatchmark.domain.folder_errors import FolderError
from hatchmark.domain.scheme import Scheme
from hatchmark.domain.sensitivity import PathError, Verdict
from hatchmark.schemes.loader import SchemeError
from hatchmark.services.whatif import WhatIf, changed_scheme, counts_of, verdicts_of


def execute(args: argparse.Namespace) -> int:
    """List the entries whose grade changes. 2: the path names nothing, or the changed scheme breaks a rule."""
    opened = open_scheme(args.scheme)
    try:
        changed, alterations = changed_scheme(opened.raw, name=opened.name, settings=args.settings)
    except (PathError, SchemeError) as error:
        print(f"hatchmark whatif: {opened.name}: {error}", file=sys.stderr)
        return 2
    data = Path(args.data)
    try:
        answer = WhatIf(
            scheme=opened.scheme,
            changed=changed,
            alterations=alterations,
            old=_verdicts(opened.scheme, data, roster_of(args), file=data.name),
            new=_verdicts(changed, data, roster_of(args), file=f"{data.name} under the changed scheme"),
        )
    except FolderError as error:
        return complain("whatif", error)
    if args.json:
        print(json.dumps(_document(answer), ensure_ascii=False, indent=1))
        return 0
    for line in _lines(answer):
        print(shown(line))
    return 0


def _verdicts(scheme: Scheme, data: Path, roster: Path | None, *, file: str) -> Mapping[str, Verdict]:
    return verdicts_of(scheme, read_score_table(data, scheme=scheme, roster=roster, file=file).entries)


def _document(answer: WhatIf) -> dict[str, Any]:
    scheme = answer.scheme
    return {
        "scheme": scheme.code,
        "digest": scheme.digest,
        "provenance": scheme.provenance.value,
        "alterations": [alteration.as_document() for alteration in answer.alterations],
        "entries": len(answer.old),
        "grades": {"old": counts_of(answer.old), "new": counts_of(answer.new)},
        "changed": [
            {"id": change.id, "old": change.old.as_document(), "new": change.new.as_document()}
            for change in answer.changes
        ],
    }


def _lines(answer: WhatIf) -> Iterator[str]:
    yield from heading(answer.scheme)
    for alteration in answer.alterations:
        follows = f"（随 {alteration.follows} 调整 follows）" if alteration.follows else ""
        yield f"{alteration.path}：{alteration.old} → {alteration.new}{follows}"
    yield f"等次变化 grades changed：{len(answer.changes)} / {len(answer.old)}"
    for change in answer.changes:
        old, new = verdict_words(answer.scheme, change.old), verdict_words(answer.changed, change.new)
        yield f"  {change.id}：{old} → {new}"
    for name, verdicts in (("原 old", answer.old), ("新 new", answer.new)):
        counts = counts_of(verdicts).items()
        listed = [f"{n} {grade_words(answer.scheme, code)}" for code, n in counts]
        yield f"{name}：" + " + ".join(listed)


def verdict_words(scheme: Scheme, verdict: Verdict) -> str:
    """Return total and grade in a few words."""
    return f"{verdict.as_document()['total'] or '—'} {grade_words(scheme, verdict.grade)}"
