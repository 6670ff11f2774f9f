"""Which change of an institution has to be asked for, and can it be what somebody typed?

The kinds of change and the share from which on an area counts as changed are data (`data/changes`), with their basis.
"""

import functools
import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from importlib import resources

from hatchmark.domain.problems import Problem
from hatchmark.domain.round_folder import PartialDate

LONGEST = 200


class ChangeKind(StrEnum):
    """What of an institution changes. The stored word."""

    NAME = "name"
    OPERATOR = "operator"
    SITE = "site"
    AREA = "area"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRules:
    """What has to be reported, within how many months, and from how many per cent on an area counts as changed."""

    kinds: tuple[ChangeKind, ...]
    within_months: int
    report_basis: str
    over_percent: int
    area_basis: str


@functools.cache
def load_change_rules() -> ChangeRules:
    """Load the shipped rules."""
    file = resources.files("hatchmark.domain") / "data" / "changes" / "default.toml"
    data = tomllib.loads(file.read_text("utf-8"))
    return ChangeRules(
        kinds=tuple(ChangeKind(kind) for kind in data["kinds"]),
        within_months=data["report"]["within_months"],
        report_basis=data["report"]["basis"],
        over_percent=data["area"]["over_percent"],
        area_basis=data["area"]["basis"],
    )


def read_area(text: str) -> Fraction:
    """Read an area in m², `3200` or `3200.5`; raise ValueError for anything else, and for none at all."""
    plain = text.strip().replace(",", "").replace("，", "")
    try:
        value = Decimal(plain) if plain.isascii() else Decimal("NaN")
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value <= 0 or len(plain) > 20 or "e" in plain.casefold():
        raise ValueError(f"'{text}' is no area; write square metres, for example 3200 or 3200.5")
    return Fraction(value)


def share_of_change(old: Fraction, new: Fraction) -> Fraction:
    """Return by which share of the old area the new one differs, upwards or downwards."""
    return abs(new - old) / old


def change_problems(
    kind: ChangeKind, *, old: str, new: str, effective: str, reason: str, on: date, rules: ChangeRules
) -> list[Problem]:
    """Return what stands against a change that is reported on a day; empty when it can be ruled on."""
    found = [
        Problem(code="change_missing", about=name, text=f"{name} is empty; fill it in")
        for name, value in (("old", old), ("new", new), ("effective", effective), ("reason", reason))
        if not value.strip()
    ]
    if new.strip() and new.strip() == old.strip():
        found.append(
            Problem(code="change_none", about="new", text=f"'{new}' is what it is now; write the new one")
        )
    found += [
        Problem(
            code="too_long",
            about=name,
            text=f"{name} has {len(value)} characters; {LONGEST} are the most",
            facts={"n": len(value), "most": LONGEST},
        )
        for name, value in (("old", old), ("new", new))
        if len(value) > LONGEST
    ]
    if effective.strip() and (problem := _date_problem(effective.strip(), on)):
        found.append(problem)
    if kind is ChangeKind.AREA and old.strip() and new.strip():
        found += _area_problems(old, new, rules)
    return found


def _date_problem(effective: str, on: date) -> Problem | None:
    try:
        first = PartialDate(effective).earliest()
    except ValueError as error:
        return Problem(
            code="no_partial_date", about="effective", text=f"effective: {error}", facts={"value": effective}
        )
    if first > on:
        return Problem(
            code="change_to_come",
            about="effective",
            text=f"effective: {effective} is still to come; report a change when it has happened",
            facts={"value": effective},
        )
    return None


def _area_problems(old: str, new: str, rules: ChangeRules) -> list[Problem]:
    found = []
    areas: list[Fraction] = []
    for name, value in (("old", old), ("new", new)):
        try:
            areas.append(read_area(value))
        except ValueError as error:
            found.append(Problem(code="no_area", about=name, text=f"{name}: {error}", facts={"value": value}))
    if len(areas) == 2 and share_of_change(areas[0], areas[1]) <= Fraction(rules.over_percent, 100):
        found.append(
            Problem(
                code="area_within",
                about="new",
                text=f"the area changes by no more than {rules.over_percent} %: that is reported with the yearly "
                "figures and needs no request",
                facts={"percent": rules.over_percent},
            )
        )
    return found
