"""What must one channel see to, of its own institutions and of nobody else's?

A letter is made from the rows and obligations of one channel alone: what belongs to another channel is taken away
before the first sentence is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from hatchmark.domain.notices import Annex, AnnexRow, Column, Paper, Quoted, day_words
from hatchmark.domain.obligations import Obligation, ObligedTo
from hatchmark.domain.outcomes import EntryKey
from hatchmark.domain.papers import (
    PaperFacts,
    counts_of_duties,
    counts_of_results,
    digest_line,
    make_paper,
    owing,
)
from hatchmark.domain.results import RoundResults, Row
from hatchmark.domain.templates import Template, Value
from hatchmark.domain.vocabulary import Vocabulary

SWITCHES = {
    Column.LEAVE_MANAGEMENT: "退出管理体系",
    Column.LEAVE_EVALUATION: "退出评价体系",
    Column.LEAVE_STATISTICS: "退出统计调查对象",
}
"""今后不再: the three things that a deregistered institution leaves, each by an act of its own."""

TO_DO = "待办理"


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """When the results were published, and until when the follow-up runs; None where nobody gave the day."""

    published_on: date | None
    closes_on: date | None


def channels_with_duties(results: RoundResults) -> list[str]:
    """Return the channels of which an institution owes something, in the order of their first row."""
    owed = {duty.key for duty in results.obligations}
    return list(dict.fromkeys(row.channel for row in results.rows if row.key in owed))


def of_channel(results: RoundResults, channel: str) -> RoundResults:
    """Return what of the results belongs to one channel. Raises ValueError where nothing does."""
    rows = tuple(row for row in results.rows if row.channel == channel)
    if not rows:
        raise ValueError(f"no institution of the round {results.year} belongs to '{channel}'")
    own = {row.key for row in rows}
    return replace(
        results, rows=rows, obligations=tuple(duty for duty in results.obligations if duty.key in own)
    )


def build_letter(
    results: RoundResults,
    vocabulary: Vocabulary,
    facts: PaperFacts,
    template: Template,
    *,
    channel: str,
    follow_up: FollowUp,
) -> Paper:
    """Make the letter to one channel: its rectifications and re-participations, and its deregistration list. Pure.

    Raises ValueError where the channel has no institution in the round.
    """
    own = of_channel(results, channel)
    rows = {row.key: row for row in own.rows}
    annexes = _labelled([_duties_annex(own, rows, vocabulary), _deregistration_annex(own, rows, vocabulary)])
    labels = {annex.columns: annex.label for annex in annexes}
    return make_paper(
        template,
        counts_of_results(own)
        | counts_of_duties(own)
        | {f"list:{act.value}": _names(owing(own.obligations, act), rows) for act in ObligedTo}
        | {
            "channel": (Quoted(text=channel),),
            "published": _day(follow_up.published_on),
            "follow_up_closes": _day(follow_up.closes_on),
            "duties_annex": (labels.get(_DUTY_COLUMNS, ""),),
            "deregistration_annex": (labels.get(_DEREGISTRATION_COLUMNS, ""),),
        },
        results=own,
        vocabulary=vocabulary,
        facts=facts,
        addressees=(channel,),
        annexes=annexes,
        closing=[digest_line("本函由结果数据生成，只列贵单位所属机构。结果数据的校验值", results.digest)],
    )


def _day(day: date | None) -> Value:
    return (Quoted(text=day_words(day)),) if day else ()


def _names(keys: Sequence[EntryKey], rows: dict[EntryKey, Row]) -> Value:
    return (Quoted(text="、".join(rows[key].name for key in keys)),) if keys else ()


_DUTY_COLUMNS = (
    Column.SERIAL,
    Column.KIND,
    Column.NAME,
    Column.RESULT,
    Column.DUTY,
    Column.YEAR,
    Column.QUALIFICATION,
    Column.NOTE,
)
_DEREGISTRATION_COLUMNS = (Column.SERIAL, Column.KIND, Column.NAME, Column.RESULT, *SWITCHES)


def _duties_annex(own: RoundResults, rows: dict[EntryKey, Row], vocabulary: Vocabulary) -> Annex:
    duties: dict[EntryKey, dict[ObligedTo, Obligation]] = {}
    for duty in own.obligations:
        if duty.act is not ObligedTo.DEREGISTER:
            duties.setdefault(duty.key, {})[duty.act] = duty
    return Annex(
        label="",
        kind="",
        kind_title="",
        title=f"{own.year}年度评价后应当整改、再次参加评价的机构名单",
        columns=_DUTY_COLUMNS,
        heads=("原附件序号", "类别", "机构名称", "评价结果", "应办事项", "参评年度", "参评资格", "说明"),
        rows=tuple(_duty_row(rows[key], acts, vocabulary) for key, acts in duties.items()),
    )


def _duty_row(row: Row, acts: dict[ObligedTo, Obligation], vocabulary: Vocabulary) -> AnnexRow:
    words = {ObligedTo.RECTIFY: "整改", ObligedTo.TAKE_PART_AGAIN: "参加评价"}
    again = acts.get(ObligedTo.TAKE_PART_AGAIN)
    notes = dict.fromkeys(duty.note for duty in acts.values() if duty.note)
    return AnnexRow(
        key=row.key,
        cells=(
            str(row.key.serial),
            vocabulary.kinds[row.key.kind].short,
            row.name,
            row.face_text,
            "、".join(words[act] for act in words if act in acts),
            str(again.year) if again and again.year else "",
            vocabulary.kinds[again.as_kind].title if again and again.as_kind else "",
            "；".join(notes),
        ),
    )


def _deregistration_annex(own: RoundResults, rows: dict[EntryKey, Row], vocabulary: Vocabulary) -> Annex:
    return Annex(
        label="",
        kind="",
        kind_title="",
        title=f"{own.year}年度应当办理注销手续的机构名单",
        columns=_DEREGISTRATION_COLUMNS,
        heads=("原附件序号", "类别", "机构名称", "评价结果", *SWITCHES.values()),
        rows=tuple(
            AnnexRow(
                key=key,
                cells=(
                    str(key.serial),
                    vocabulary.kinds[key.kind].short,
                    rows[key].name,
                    rows[key].face_text,
                    *([TO_DO] * len(SWITCHES)),
                ),
            )
            for key in owing(own.obligations, ObligedTo.DEREGISTER)
        ),
    )


def _labelled(annexes: Sequence[Annex]) -> tuple[Annex, ...]:
    """Drop what is empty, and number the rest where there is more than one."""
    full = [annex for annex in annexes if annex.rows]
    return tuple(
        replace(annex, label=f"附件{number}" if len(full) > 1 else "附件")
        for number, annex in enumerate(full, start=1)
    )
