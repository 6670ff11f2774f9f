"""What must happen after the decisions: who rectifies, who takes part again and as what, who is deregistered.

The rules are read out of the 2021 notice: an unqualified institution rectifies and takes part again the
year after; one that leaves the register owes nothing more; a deferred one takes part when and as what it
was deferred to; a carried one owes what its grade demands, as the kind that judged it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hatchmark.domain.outcomes import Decision, EntryKey, Grade, Mode, Outcome


class ObligedTo(StrEnum):
    """The act that an obligation demands."""

    RECTIFY = "rectify"
    TAKE_PART_AGAIN = "take_part_again"
    DEREGISTER = "deregister"


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """One duty of one entry. `year` is None where the notice names none; `as_kind` where none is meant."""

    key: EntryKey
    act: ObligedTo
    year: int | None
    as_kind: str | None
    note: str


def carried_chain_end(key: EntryKey, decisions: Mapping[EntryKey, Decision]) -> EntryKey:
    """Follow `carried_from` to the entry that was really judged.

    Raises ValueError where the chain meets itself or an entry that is not there.
    """
    seen = [key]
    while (source := decisions[seen[-1]].carried_from) is not None:
        if source not in decisions:
            raise ValueError(f"{seen[-1]} is carried from {source}, which is no entry of this round")
        if source in seen:
            raise ValueError(f"{' → '.join(map(str, [*seen, source]))}: carried entries point at each other")
        seen.append(source)
    return seen[-1]


def judged_grade(key: EntryKey, decisions: Mapping[EntryKey, Decision]) -> Grade | None:
    """Return the grade an entry is judged by: its own, or that of the entry it is carried from."""
    return decisions[carried_chain_end(key, decisions)].grade


def obligations_of(
    decisions: Mapping[EntryKey, Decision], *, round_year: int, kind_short: Mapping[str, str]
) -> list[Obligation]:
    """Derive every obligation of a round from its decisions, in the order of `decisions`.

    `kind_short` gives the short title of each kind for the notes.
    """
    found: list[Obligation] = []
    for key, decision in decisions.items():
        found.extend(_of_one(key, decision, decisions, round_year=round_year, kind_short=kind_short))
    return found


def _of_one(
    key: EntryKey,
    decision: Decision,
    decisions: Mapping[EntryKey, Decision],
    *,
    round_year: int,
    kind_short: Mapping[str, str],
) -> Sequence[Obligation]:
    if decision.outcome in (Outcome.DISQUALIFIED, Outcome.PILOT_CANCELLED):
        # Deregistration removes re-participation: who has left cannot owe another round.
        return [Obligation(key=key, act=ObligedTo.DEREGISTER, year=None, as_kind=None, note=decision.note)]
    if decision.mode is Mode.DEFERRED:
        return [
            Obligation(
                key=key,
                act=ObligedTo.TAKE_PART_AGAIN,
                year=decision.year,
                as_kind=decision.as_kind,
                note=decision.note,
            )
        ]
    if judged_grade(key, decisions) is not Grade.UNQUALIFIED:
        return []
    judge = carried_chain_end(key, decisions)
    if decisions[judge].outcome in (Outcome.DISQUALIFIED, Outcome.PILOT_CANCELLED):
        return []
    note = decision.note
    if judge != key:
        through = f"随{kind_short[judge.kind]}第{judge.serial}号整改并参加评价"
        note = f"{through}；{note}" if note else through
    year = round_year + 1
    return [
        Obligation(key=key, act=ObligedTo.RECTIFY, year=year, as_kind=None, note=note),
        Obligation(key=key, act=ObligedTo.TAKE_PART_AGAIN, year=year, as_kind=judge.kind, note=note),
    ]
