"""What was wrong in a published notice, what is right, and which notice takes the place of which?

A correction is derived from the two versions and typed by nobody: every cell that differs, every row that came or
went, every duty that was added or lifted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from hatchmark.domain.notices import (
    NO_SCORE,
    Annex,
    AnnexRow,
    Column,
    Paper,
    Quoted,
    Relation,
    Serials,
    Version,
    annex_labels,
    sentences_on_results,
)
from hatchmark.domain.obligations import ObligedTo
from hatchmark.domain.outcomes import EntryKey
from hatchmark.domain.papers import PaperFacts, counted, digest_line, make_paper, paragraph_of
from hatchmark.domain.results import RoundResults, Row
from hatchmark.domain.templates import Block, Template, Value
from hatchmark.domain.vocabulary import Vocabulary

NOT_PUBLISHED = "未公布"
"""What stands for a row that a version does not hold: its objection was not settled then."""

NO_DUTY = "无"


class Matter(StrEnum):
    """What of a row was corrected."""

    ROW = "row"
    NAME = "name"
    OPERATORS = "operators"
    CHANNEL = "channel"
    SCORE = "score"
    RESULT = "result"
    DUTIES = "duties"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One cell that differs: what was printed and what is right."""

    key: EntryKey
    name: str
    matter: Matter
    was: str
    now: str


def changes_between(old: RoundResults, new: RoundResults, vocabulary: Vocabulary) -> tuple[Change, ...]:
    """Return every difference between two versions of one round, row by row in printed order.

    Raises ValueError for versions of two rounds.
    """
    if (old.authority, old.year) != (new.authority, new.year):
        raise ValueError(f"{old.authority} {old.year} and {new.authority} {new.year} are two rounds")
    before, after = {row.key: row for row in old.rows}, {row.key: row for row in new.rows}
    order = {kind: position for position, kind in enumerate(dict.fromkeys((*new.kinds, *old.kinds)))}
    keys = sorted(before.keys() | after.keys(), key=lambda key: (order[key.kind], key.serial))
    duties_before, duties_after = _duties(old, vocabulary), _duties(new, vocabulary)
    found: list[Change] = []
    for key in keys:
        was, now = before.get(key), after.get(key)
        if was is None or now is None:
            row = was or now
            name = row.name if row else ""
            cells = [(Matter.ROW, _whole(was), _whole(now))]
        else:
            name = now.name
            cells = [
                (matter, cell, after_cell)
                for (matter, cell), (_, after_cell) in zip(_cells(was), _cells(now), strict=True)
            ]
        cells.append((Matter.DUTIES, duties_before.get(key, NO_DUTY), duties_after.get(key, NO_DUTY)))
        found += [
            Change(key=key, name=name, matter=matter, was=first, now=second)
            for matter, first, second in cells
            if first != second
        ]
    return tuple(found)


def _whole(row: Row | None) -> str:
    return row.face_text if row else NOT_PUBLISHED


def _cells(row: Row) -> list[tuple[Matter, str]]:
    return [
        (Matter.NAME, row.name),
        (Matter.OPERATORS, row.operators_printed),
        (Matter.CHANNEL, row.channel),
        (Matter.SCORE, NO_SCORE if row.score is None else row.score),
        (Matter.RESULT, row.face_text),
    ]


def _duties(results: RoundResults, vocabulary: Vocabulary) -> dict[EntryKey, str]:
    words: dict[EntryKey, list[str]] = {}
    for duty in results.obligations:
        match duty.act:
            case ObligedTo.RECTIFY:
                text = "整改"
            case ObligedTo.DEREGISTER:
                text = "办理注销手续"
            case ObligedTo.TAKE_PART_AGAIN:
                kind = vocabulary.kinds[duty.as_kind].short if duty.as_kind else ""
                text = f"以{kind}参加{duty.year}年度评价"
        words.setdefault(duty.key, []).append(text + (f"（{duty.note}）" if duty.note else ""))
    return {key: "、".join(texts) for key, texts in words.items()}


def matter_words(change: Change, vocabulary: Vocabulary) -> str:
    """Return what was corrected, in words."""
    words = vocabulary.kinds[change.key.kind]
    return {
        Matter.ROW: f"{words.result_word}结果",
        Matter.NAME: "机构名称",
        Matter.OPERATORS: "运营机构名称",
        Matter.CHANNEL: vocabulary.channel_column,
        Matter.SCORE: "得分",
        Matter.RESULT: f"{words.result_word}结果",
        Matter.DUTIES: "后续工作",
    }[change.matter]


def build_correction(
    old: RoundResults,
    new: RoundResults,
    vocabulary: Vocabulary,
    facts: PaperFacts,
    template: Template,
    *,
    was: Version,
    now: Version,
    reason: str,
) -> Paper:
    """Make the 更正通知 that names the version it corrects and says what is wrong and right. Pure.

    Raises ValueError where nothing differs, where a version is named by another digest than its own, or where
    the later one is not the later one.
    """
    changes = changes_between(old, new, vocabulary)
    if not changes:
        raise ValueError(f"nothing differs between the versions {was.number} and {now.number}")
    if (was.digest, now.digest) != (old.digest, new.digest) or was.number >= now.number:
        raise ValueError(f"{now.words} does not correct {was.words}: number or digest is another")
    labels = annex_labels(old) | annex_labels(new)
    return make_paper(
        template,
        _counts(changes, new.kinds)
        | {
            "list:changes": tuple(_lines(changes, labels, vocabulary)),
            "list:results": tuple(
                paragraph_of(sentences) for sentences in sentences_on_results(new, vocabulary).values()
            ),
            "was": (Quoted(text=was.words),),
            "now": (Quoted(text=now.words),),
            "reason": (Quoted(text=reason),) if reason else (),
        },
        results=new,
        vocabulary=vocabulary,
        facts=facts,
        addressees=facts.addressees,
        annexes=(_annex(changes, new, vocabulary),),
        closing=[
            digest_line(f"被更正的第{was.number}版结果数据的校验值", was.digest),
            digest_line(f"更正后的第{now.number}版结果数据的校验值", now.digest),
        ],
    )


def _rows_of(changes: Iterable[Change], *, kind: str | None) -> dict[str, list[EntryKey]]:
    own = [change for change in changes if kind in (None, change.key.kind)]
    added = [c.key for c in own if c.matter is Matter.ROW and c.was == NOT_PUBLISHED]
    removed = [c.key for c in own if c.matter is Matter.ROW and c.now == NOT_PUBLISHED]
    others = dict.fromkeys(c.key for c in own if c.key not in added and c.key not in removed)
    return {"changed": list(others), "added": added, "removed": removed}


def _counts(changes: Iterable[Change], kinds: Iterable[str]) -> dict[str, Value | Block]:
    every = list(changes)
    found: dict[str, Value | Block] = {}
    for kind in (None, *kinds):
        for name, of in _rows_of(every, kind=kind).items():
            found |= counted(name, of, kind=kind, relation=Relation.DISJOINT)
    return found


def _lines(changes: Iterable[Change], labels: Mapping[str, str], vocabulary: Vocabulary) -> Iterable[Value]:
    by_row: dict[EntryKey, list[Change]] = {}
    for change in changes:
        by_row.setdefault(change.key, []).append(change)
    for key, own in by_row.items():
        said = "；".join(
            f"{matter_words(change, vocabulary)}原为“{change.was}”，更正为“{change.now}”" for change in own
        )
        yield (
            labels[key.kind],
            Serials(keys=(key,)),
            Quoted(text=own[0].name),
            "：",
            Quoted(text=said),
            "。",
        )


def _annex(changes: Iterable[Change], results: RoundResults, vocabulary: Vocabulary) -> Annex:
    return Annex(
        label="附件",
        kind="",
        kind_title="",
        title=f"{results.year}年度评价结果更正对照表",
        columns=(Column.SERIAL, Column.KIND, Column.NAME, Column.MATTER, Column.WAS, Column.NOW),
        heads=("原附件序号", "类别", "机构名称", "更正事项", "原公布内容", "更正后内容"),
        rows=tuple(
            AnnexRow(
                key=change.key,
                cells=(
                    str(change.key.serial),
                    vocabulary.kinds[change.key.kind].short,
                    change.name,
                    matter_words(change, vocabulary),
                    change.was,
                    change.now,
                ),
            )
            for change in changes
        ),
    )
