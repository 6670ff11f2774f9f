"""试算得分: what the draft would get by its figures alone, with the working. Nothing is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hatchmark.domain.entering import Reading
from hatchmark.domain.scheme import COHORT_FORMULAS, FigureStatus, FigureValue, Part, Scheme
from hatchmark.domain.scoring import LineScore, score_entry
from hatchmark.services.drafts import OpenPapers


class Known(StrEnum):
    """Whether a line can be told yet, and what it waits for."""

    SCORED = "scored"
    UNFILLED = "unfilled"
    EXPERTS = "experts"
    COHORT = "cohort"
    UNSCORED = "unscored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A working of which only some lines are known. `points` and `full` (hundredths) add up those that are.

    `document` is the working as the evaluator wrote it; `lines` says of each of its lines whether it counts here.
    `open` adds up the full marks of what is not known, by what it waits for.
    """

    document: Mapping[str, Any]
    lines: Mapping[str, Known]
    points: int
    full: int
    open: Mapping[Known, int]


def preview_of(papers: OpenPapers, readings: Mapping[str, Reading]) -> Preview:
    """Score what is filled in. A field that says nothing yet, or nothing readable, leaves its lines open."""
    scheme = papers.scheme
    unfilled = {
        code
        for code, reading in readings.items()
        if reading.value is None or any(note.blocks for note in reading.notes)
    }
    figures = {
        code: reading.value
        if reading.value is not None and code not in unfilled
        # The evaluator wants every figure; a line that uses one of these is not shown with what it got.
        else FigureValue(status=FigureStatus.ABSENT, unit=scheme.asked[code].figure.unit)
        for code, reading in readings.items()
    }
    card = score_entry(scheme, figures=figures, expert_scores={}, sub_type=papers.entry.sub_type or None)
    lines = {line.code: _known(scheme, line, unfilled) for line in card.leaves()}
    takes = {group.code for group in scheme.groups if group.part is Part.DEDUCTION}
    points = full = 0
    waiting: dict[Known, int] = {}
    for line in card.leaves():
        counted = 0 if line.group in takes else line.full_marks
        if lines[line.code] is Known.SCORED:
            points += line.points or 0
            full += counted
        else:
            waiting[lines[line.code]] = waiting.get(lines[line.code], 0) + counted
    return Preview(document=card.as_document(), lines=lines, points=points, full=full, open=waiting)


def _known(scheme: Scheme, line: LineScore, unfilled: set[str]) -> Known:
    if line.code in {item.code for item in scheme.expert_items}:
        return Known.EXPERTS
    if any(use.reference in unfilled for use in line.figures):
        return Known.UNFILLED
    if isinstance(line.formula, COHORT_FORMULAS):
        return Known.COHORT
    return Known.SCORED if line.points is not None else Known.UNSCORED
