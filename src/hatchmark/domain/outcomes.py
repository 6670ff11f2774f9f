"""What can come out of an evaluation: grade, outcome, and the way an entry took part.

A grade is not an outcome. 不合格 is a grade; 取消资格 is an outcome that replaces the grade;
取消试点培育资格 is an outcome beside it. What a cell prints is a third thing (`vocabulary`).
"""

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """等次, from the best to the worst. The authority's own label is in its vocabulary."""

    EXCELLENT = "excellent"
    GOOD = "good"
    QUALIFIED = "qualified"
    UNQUALIFIED = "unqualified"


class Outcome(StrEnum):
    """结果: what the round did to the entry."""

    GRADED = "graded"
    DISQUALIFIED = "disqualified"
    PILOT_CANCELLED = "pilot_cancelled"
    CARRIED = "carried"
    DEFERRED = "deferred"
    ABSENT = "absent"


class Mode(StrEnum):
    """How an entry took part: itself, by another entry's result, not yet, or not at all."""

    EVALUATED = "evaluated"
    CARRIED = "carried"
    DEFERRED = "deferred"
    ABSENT = "absent"


NOT_STATED = "not stated"
"""The reason of an act whose reason nobody recorded. It stays unknown: it is never inferred."""


@dataclass(frozen=True, slots=True, order=True)
class EntryKey:
    """Names one entry of a round: its kind and the serial (序号) printed for it."""

    kind: str
    serial: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.serial}"

    @classmethod
    def parse(cls, text: str) -> "EntryKey":
        """Read `incubator:5`; raise ValueError for anything else."""
        kind, colon, serial = text.partition(":")
        if not (kind and colon and serial.isascii() and serial.isdigit() and int(serial) > 0):
            raise ValueError(f"'{text}' does not name an entry; write kind:serial, for example incubator:5")
        return cls(kind, int(serial))


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """综合评定 of one entry. A carried decision holds no grade of its own: it is judged by `carried_from`."""

    key: EntryKey
    mode: Mode
    outcome: Outcome
    grade: Grade | None = None
    carried_from: EntryKey | None = None
    year: int | None = None
    as_kind: str | None = None
    reason: str = ""
    note: str = ""


def contradictions(decision: Decision) -> list[str]:
    """Return what in one decision cannot be true together, in words; empty when it is sound."""
    found: list[str] = []
    graded = decision.outcome in (Outcome.GRADED, Outcome.PILOT_CANCELLED)
    if graded and decision.grade is None:
        found.append(f"outcome {decision.outcome} needs a grade")
    if decision.outcome is Outcome.DISQUALIFIED and decision.grade is not None:
        found.append("a cancelled qualification replaces the grade: leave the grade empty")
    if decision.outcome is Outcome.PILOT_CANCELLED and decision.grade not in (None, Grade.UNQUALIFIED):
        found.append("a pilot is cancelled with the grade unqualified only")
    for mode, outcome in (
        (Mode.CARRIED, Outcome.CARRIED),
        (Mode.DEFERRED, Outcome.DEFERRED),
        (Mode.ABSENT, Outcome.ABSENT),
    ):
        # An absent institution may lose its qualification for it: the one mixed pair there is.
        lost_for_absence = mode is Mode.ABSENT and decision.outcome in (
            Outcome.DISQUALIFIED,
            Outcome.PILOT_CANCELLED,
        )
        if (decision.mode is mode) != (decision.outcome is outcome) and not lost_for_absence:
            found.append(f"mode {decision.mode} and outcome {decision.outcome} do not go together")
    if (decision.mode is Mode.CARRIED) != (decision.carried_from is not None):
        found.append("carried_from belongs to mode carried, and only to it")
    if (decision.mode is Mode.DEFERRED) != (decision.year is not None and decision.as_kind is not None):
        found.append("year and as_kind belong to mode deferred, and only to it")
    return list(dict.fromkeys(found))
