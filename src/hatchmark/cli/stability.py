"""`hatchmark stability`: how firmly does each grade stand, if an expert were left out or a point different?"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from hatchmark.cli.scheme import open_scheme
from hatchmark.cli.score import complain, heading, roster_of
from hatchmark.cli.whatif import verdict_words
from hatchmark.documents.printable import shown
from hatchmark.documents.score_tables import read_score_table
from hatchmark.domain.folder_errors import FolderError
from hatchmark.domain.scheme import Scheme, points_text
from hatchmark.domain.sensitivity import Stability, Trial, stabilities
from hatchmark.engines.reference import score_table

_TRIALS = {"leave_out_expert": "去掉专家", "plus_one": "加一分", "minus_one": "减一分"}


def execute(args: argparse.Namespace) -> int:
    """Print how firmly each grade stands."""
    scheme = open_scheme(args.scheme).scheme
    try:
        table = read_score_table(Path(args.data), scheme=scheme, roster=roster_of(args))
    except FolderError as error:
        return complain("stability", error)
    found = stabilities(scheme, table.entries, table.experts, score=score_table)
    if args.json:
        document = {
            "scheme": scheme.code,
            "digest": scheme.digest,
            "provenance": scheme.provenance.value,
            "entries": [each.as_document() for each in found],
        }
        print(json.dumps(document, ensure_ascii=False, indent=1))
        return 0
    for line in _lines(scheme, found):
        print(shown(line))
    return 0


def _lines(scheme: Scheme, found: tuple[Stability, ...]) -> Iterator[str]:
    yield from heading(scheme)
    unstable = [each for each in found if each.flips]
    yield f"等次会变 would flip：{len(unstable)} / {len(found)}（✓ 不变 stays，✗ 会变 would change）"
    for each in found:
        yield (
            f"  {'✗' if each.flips else '✓'} {each.id}：{verdict_words(scheme, each.verdict)}"
            f"，距上一等次 up {_margin(each.up)}，高出本等次线 down {_margin(each.down)}"
        )
        for trial in each.flips:
            yield f"      {_trial_words(scheme, trial)}：{verdict_words(scheme, trial.verdict)}"


def _margin(margin: int | None) -> str:
    return "—" if margin is None else points_text(margin)


def _trial_words(scheme: Scheme, trial: Trial) -> str:
    titles = {item.code: item.title for item in scheme.expert_items}
    return (
        f"{_TRIALS[trial.what]} {trial.which}{f'（{titles[trial.which]}）' if trial.which in titles else ''}"
    )
