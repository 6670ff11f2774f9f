"""What did the register say on a given day, and how sure is that?

Dates of the field are often partial ("2020") or bounds ("2021 or later"). A question about a day inside
such a span has no sure answer, and the answer says so instead of guessing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_MONTHS = 12


class Certainty(StrEnum):
    """How sure a statement about a day is."""

    SURE = "sure"
    POSSIBLE = "possible"


def span_of(partial: str) -> tuple[date, date]:
    """Return the first and last day that a partial date ("2020", "2020-07", "2020-07-15") can mean.

    Raises ValueError for anything else.
    """
    parts = partial.split("-")
    if (
        not 1 <= len(parts) <= 3
        or not all(part.isascii() and part.isdigit() for part in parts)
        or len(parts[0]) != 4
    ):
        raise ValueError(f"'{partial}' is no date; write 2020, 2020-07 or 2020-07-15")
    year = int(parts[0])
    if len(parts) == 1:
        return date(year, 1, 1), date(year, _MONTHS, 31)
    month = int(parts[1])
    if len(parts) == 2:
        following = date(year + month // _MONTHS, month % _MONTHS + 1, 1)
        return date(year, month, 1), date.fromordinal(following.toordinal() - 1)
    day = date(year, month, int(parts[2]))
    return day, day


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Something that held from `since` to `until` (partial dates; empty: open or unknown on that side)."""

    value: str
    since: str = ""
    until: str = ""


def standing(periods: Iterable[Period], on: date) -> list[tuple[str, Certainty]]:
    """Return the values that held on a day, each with its certainty, in the order given."""
    found: list[tuple[str, Certainty]] = []
    for period in periods:
        begins = span_of(period.since) if period.since else (date.min, date.min)
        ends = span_of(period.until) if period.until else (date.max, date.max)
        if begins[0] <= on <= ends[1]:
            sure = begins[1] <= on < ends[0]
            found.append((period.value, Certainty.SURE if sure else Certainty.POSSIBLE))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that ended a state: on a day, or (`on` None) not before the first day of year `not_before`."""

    name: str
    on: date | None
    not_before: int | None = None


ENDS_QUALIFICATION = ("disqualified", "pilot_cancelled")
RESTORES_QUALIFICATION = "restored"


def qualification_state(events: Sequence[Event], on: date) -> tuple[str, Certainty]:
    """Return `active` or the event that ended the qualification, as of a day. `events` come in their order.

    A cancellation without a published date is possible from the first day of its bound on, and never sure. A
    correction restores from its day on; until then the register did say that the qualification had ended.
    """
    state = ("active", Certainty.SURE)
    for event in events:
        if event.on is not None and event.on > on:
            continue
        if event.on is None and event.not_before is not None and on.year < event.not_before:
            continue
        certainty = Certainty.SURE if event.on is not None else Certainty.POSSIBLE
        if event.name in ENDS_QUALIFICATION:
            state = (event.name, certainty)
        elif event.name == RESTORES_QUALIFICATION:
            state = ("active", certainty)
    return state
