"""`hatchmark explain`: why has this entry this score? From the grade down to each figure and its clause."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from hatchmark.cli.scheme import open_scheme
from hatchmark.cli.score import complain, heading, roster_of
from hatchmark.documents.printable import shown
from hatchmark.documents.score_tables import read_score_table
from hatchmark.domain.folder_errors import FolderError
from hatchmark.domain.scheme import points_text
from hatchmark.domain.scoring import LineScore, Scorecard
from hatchmark.domain.sensitivity import Verdict, ranks
from hatchmark.engines.reference import score_table


def execute(args: argparse.Namespace) -> int:
    """Print the working of one entry. 2: the table cannot be read, or the entry is not in it."""
    scheme = open_scheme(args.scheme).scheme
    data = Path(args.data)
    try:
        entries = read_score_table(data, scheme=scheme, roster=roster_of(args)).entries
    except FolderError as error:
        return complain("explain", error)
    if args.id not in entries:
        known = "、".join(list(entries)[:3])
        print(
            f"hatchmark explain: {data.name}: no entry bears the id '{shown(args.id)}'; "
            f"write one of its column id, for example {known}",
            file=sys.stderr,
        )
        return 2
    # The whole table is scored: a rank, or a formula over all entries, needs the others.
    card, verdicts = None, {}
    for key, scored in score_table(scheme, entries):
        verdicts[key] = Verdict.of(scored)
        if key == args.id:
            card = scored
    if card is None:
        raise AssertionError("an engine gives a scorecard for every entry")
    rank = ranks(verdicts)[args.id]
    if args.json:
        document = {"id": args.id, **card.as_document(), "rank": rank, "entries": len(verdicts)}
        print(json.dumps(document, ensure_ascii=False, indent=1))
        return 0
    for line in _lines(args.id, card, rank=rank, entries=len(verdicts)):
        print(shown(line))
    return 0


def _lines(id: str, card: Scorecard, *, rank: int | None, entries: int) -> Iterator[str]:
    yield from heading(card.scheme)
    yield f"参评机构 entry：{id}" + (f"（{card.sub_type}）" if card.sub_type else "")
    yield ""
    yield f"等次 grade：{card.grade.words}"
    for basis in card.grade.basis:
        yield f"  依据：{basis}"
    yield f"总分 total：{card.total_words}"
    if rank is not None:
        yield f"名次 rank：{rank} / {entries}"
    for group in card.groups:
        points = "未得出" if group.points is None else points_text(group.points)
        yield ""
        yield f"■ {group.group.title}：{points}"
        yield f"  依据：{group.group.basis}"
        for line in group.lines:
            yield from _leaf_lines(line)
    for adjustment in card.adjustments:
        yield ""
        yield f"■ {adjustment.words}（{points_text(adjustment.points)}）"
        yield f"  依据：{adjustment.basis}"
    if card.total is not None:
        yield ""
        yield _check_words(card)


def _leaf_lines(line: LineScore) -> Iterator[str]:
    points = "未计分" if line.points is None else points_text(line.points)
    yield f"  · {line.title} [{line.code}]：{points} / {points_text(line.full_marks)}"
    yield f"      计算：{line.words}"
    for use in line.figures:
        value = use.said if use.value is None else f"{use.said} {use.unit}"
        source = f"（{use.source}）" if use.source else ""
        yield f"      数据：{use.title} [{use.reference}] = {value}{source}"
    yield f"      依据：{line.basis}"


def _check_words(card: Scorecard) -> str:
    """Add the leaves and what caps take away anew, so that the reader need not."""
    leaves = sum(line.points or 0 for line in card.leaves())
    less = sum(adjustment.points for adjustment in card.adjustments)
    if leaves + less != card.total:
        raise AssertionError(f"the leaves {leaves} and adjustments {less} do not add up to {card.total}")
    taken = f" − {points_text(-less)}" if less else ""
    return f"核对 check：各项得分之和 {points_text(leaves)}{taken} = 总分 {points_text(leaves + less)}"
