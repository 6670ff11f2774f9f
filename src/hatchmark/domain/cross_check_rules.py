"""Which bounds and which pairs of figures do the cross-checks use for a kind? Data of `domain/data/cross_checks`.

`kinds/KIND.toml` says what belongs to the figures of a kind, `general.toml` what holds for all. A kind without a file
is checked by the general rules alone.
"""

import functools
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from importlib import resources
from typing import Any

_FOLDER = resources.files("hatchmark.domain") / "data" / "cross_checks"


class Compare(StrEnum):
    """How a figure stands to what is counted in the roster."""

    EQUAL = "equal"
    AT_LEAST = "at_least"


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """Bounds of this year's value against last year's; a difference up to `allow` is never asked about."""

    at_least: Fraction
    at_most: Fraction
    allow: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioRule:
    """Bounds of one figure divided by another."""

    of: str
    to: str
    at_least: Fraction
    at_most: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class PairRule:
    """The sum of `lower` cannot be above the sum of `upper`."""

    lower: tuple[str, ...]
    upper: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterCount:
    """A figure that counts rows of the roster: of one status, with any of the fields set, founded in the year."""

    figure: str
    status: str
    any_of: tuple[str, ...] = ()
    founded_in_year: bool = False
    compare: Compare = Compare.EQUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterSum:
    """A figure that adds up a field of the roster, give or take the share `within`."""

    figure: str
    status: str
    field: str
    within: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRules:
    """Everything that the cross-checks of one kind are told by data. Shares and factors are plain numbers."""

    kind: str
    magnitude_within: Fraction
    powers: tuple[int, ...]
    money_units: frozenset[str]
    unit_powers: frozenset[int]
    growth: Growth
    growth_of: Mapping[str, Growth]
    last_year_within: Fraction
    statistics_within: Fraction
    copied_from: Fraction
    copied_figures: int
    copied_share: Fraction
    same_from: Fraction
    same_figures: int
    same_share: Fraction
    same_roster_share: Fraction
    same_roster_rows: int
    entry_months: int
    stay_months: int
    longest_stay_months: int
    income_per_person: Fraction
    named_rows: int
    positive: tuple[str, ...]
    ratios: tuple[RatioRule, ...]
    pairs: tuple[PairRule, ...]
    counts: tuple[RosterCount, ...]
    sums: tuple[RosterSum, ...]


@functools.cache
def check_rules(kind: str) -> CheckRules:
    """Return the rules of a kind. Raises KeyError or ValueError where a shipped file is not what it must be."""
    general = _read("general")
    own = _read("kinds", kind) if kind in kinds_with_rules() else {}
    magnitude, roster = general["magnitude"], general["roster"]
    copied, same = general["copied"], general["same_data"]
    return CheckRules(
        kind=kind,
        magnitude_within=Fraction(magnitude["within"]),
        powers=tuple(magnitude["powers"]),
        money_units=frozenset(magnitude["money_units"]),
        unit_powers=frozenset(magnitude["unit_powers"]),
        growth=_growth(general["growth"]),
        growth_of={code: _growth(each) for each in own.get("growth", []) for code in each["figures"]},
        last_year_within=Fraction(general["last_year"]["within"]),
        statistics_within=Fraction(general["statistics"]["within"]),
        copied_from=Fraction(copied["from"]),
        copied_figures=copied["at_least_figures"],
        copied_share=Fraction(copied["share"]),
        same_from=Fraction(same["from"]),
        same_figures=same["at_least_figures"],
        same_share=Fraction(same["share"]),
        same_roster_share=Fraction(same["roster_share"]),
        same_roster_rows=same["roster_rows"],
        entry_months=roster["entry_months"],
        stay_months=roster["stay_months"],
        longest_stay_months=roster["longest_stay_months"],
        income_per_person=Fraction(roster["income_per_person"]),
        named_rows=roster["named_rows"],
        positive=tuple(own.get("positive", [])),
        ratios=tuple(_ratio(each) for each in own.get("ratio", [])),
        pairs=tuple(
            PairRule(lower=tuple(each["lower"]), upper=tuple(each["upper"])) for each in own.get("logic", [])
        ),
        counts=tuple(_count(each) for each in own.get("roster_count", [])),
        sums=tuple(
            RosterSum(
                figure=each["figure"],
                status=each["status"],
                field=each["field"],
                within=Fraction(each["within"]),
            )
            for each in own.get("roster_sum", [])
        ),
    )


def kinds_with_rules() -> Sequence[str]:
    """Return the kinds that have a file of their own."""
    return sorted(entry.name.removesuffix(".toml") for entry in (_FOLDER / "kinds").iterdir())


def _read(*names: str) -> dict[str, Any]:
    return tomllib.loads(_FOLDER.joinpath(*names[:-1], f"{names[-1]}.toml").read_text("utf-8"))


def _growth(table: Mapping[str, Any]) -> Growth:
    return Growth(
        at_least=Fraction(table["at_least"]),
        at_most=Fraction(table["at_most"]),
        allow=Fraction(table["allow"]),
    )


def _ratio(table: Mapping[str, Any]) -> RatioRule:
    return RatioRule(
        of=table["of"],
        to=table["to"],
        at_least=Fraction(table["at_least"]),
        at_most=Fraction(table["at_most"]),
    )


def _count(table: Mapping[str, Any]) -> RosterCount:
    return RosterCount(
        figure=table["figure"],
        status=table["status"],
        any_of=tuple(table.get("any_of", [])),
        founded_in_year=table.get("founded_in_year", False),
        compare=Compare(table.get("compare", Compare.EQUAL)),
    )
