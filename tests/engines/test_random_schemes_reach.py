"""What the random schemes of the engines' tests must contain, so that no rule goes without its second reading.

An engine is held to the reference, and the reference to `oracle`, on drawn schemes: a formula or rule that never comes
up there would be held to nothing.
"""

from collections import Counter
from typing import get_args

import oracle
from hypothesis import HealthCheck, Phase, given, settings
from synthetic_schemes.random_schemes import schemes

from hatchmark.domain import expressions as ex
from hatchmark.domain.scheme import (
    ByCategory,
    CarriedEffect,
    ExpertMethod,
    FigureType,
    Formula,
    Part,
    Rounding,
    Scheme,
    Take,
    Ties,
    TooFew,
    Treatment,
    VetoEffect,
    expressions_of,
)

DRAWN = 500


def drawn() -> list[Scheme]:
    found: list[Scheme] = []

    @settings(
        max_examples=DRAWN,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(schemes())
    def keep(scheme: Scheme) -> None:
        found.append(scheme)

    keep()
    return found


def nodes(node: ex.Node) -> list[ex.Node]:
    return [node, *(inner for part in ex._parts(node) for inner in nodes(part))]


def features(scheme: Scheme) -> list[object]:
    """Everything of a scheme that a reading of the rules can get wrong."""
    formulas = [formula for indicator in scheme.indicators for formula in indicator.formulas.values()]
    expressions = [each for formula in formulas for each in expressions_of(formula)]
    expressions += [veto.when_true for veto in scheme.vetoes if veto.when_true]
    parts = [node for each in expressions for node in nodes(each.root)]
    groups = scheme.groups
    return [
        *map(type, formulas),
        *(("op", type(node), getattr(node, "op", "")) for node in parts),
        *(("partial", type(formula)) for formula in formulas if getattr(formula, "partial", False)),
        *(("better", formula.better) for formula in formulas if hasattr(formula, "better")),
        *(("zero", formula.when_zero) for formula in formulas if hasattr(formula, "when_zero")),
        *(("equal", formula.when_equal) for formula in formulas if hasattr(formula, "when_equal")),
        *(("take", formula.take, formula.where is None) for formula in formulas if isinstance(formula, ByCategory)
          if formula.field),
        *(("part", group.part) for group in groups),
        *("nested" for group in groups if group.parent),
        *(("capped", bool(group.parent)) for group in groups if group.cap is not None),
        *("by sub-type" for group in groups if group.by_sub_type),
        *("varies" for indicator in scheme.indicators if indicator.varies),
        *("left out" for indicator in scheme.indicators if 0 in indicator.by_sub_type.values()),
        *(("missing", treatment) for treatment in scheme.missing.treatments.values()),
        *("override" for indicator in scheme.indicators if indicator.missing),
        *(("type", asked.figure.type) for asked in scheme.asked.values()),
        *(("rounding", scheme.rounding, scheme.points_places) for _ in (1,)),
        *(("experts", scheme.expert_rule.method) for _ in (1,) if scheme.expert_rule),
        *(("too few", scheme.expert_rule.too_few) for _ in (1,) if scheme.expert_rule),
        *("trim from" for _ in (1,) if scheme.expert_rule and scheme.expert_rule.trim_from),
        *(("veto", veto.effect, veto.when_true is None) for veto in scheme.vetoes),
        *(("carried", rule.effect) for rule in scheme.carried),
        *(("ties", cut.ties) for cut in scheme.grades if cut.top_share is not None),
        *("score and rank" for cut in scheme.grades if cut.top_share is not None and cut.at_least),
        ("grades", len(scheme.grades)),
        ("absence", scheme.absence.grade is not None, scheme.absence.listed),
        ("bonus is capped", scheme.bonus_cap > 0),
        ("total is capped", scheme.total_cap < scheme.full_marks + scheme.bonus_cap),
    ]  # fmt: skip


EXPECTED: list[object] = [
    *get_args(Formula),
    *(("op", ex.Arithmetic, op) for op in "+-*/"),
    *(("op", ex.Extreme, op) for op in ("min", "max")),
    *(("op", ex.Logic, op) for op in ("and", "or", "not")),
    *(("op", ex.Aggregate, op) for op in ("count", "sum", "share")),
    *(("op", kind, "") for kind in (ex.Conditional, ex.Among, ex.Within, ex.Figure, ex.RosterField, ex.Constant)),
    *(("part", part) for part in Part),
    *(("capped", inner) for inner in (True,)),
    *("nested", "by sub-type", "varies", "left out", "override", "score and rank", "trim from"),
    *(("missing", treatment) for treatment in Treatment),
    *(("zero", treatment) for treatment in Treatment),
    *(("equal", treatment) for treatment in Treatment),
    *(("type", kind) for kind in FigureType),
    *(("rounding", rounding, places) for rounding in Rounding for places in (0, 1, 2)),
    *(("experts", method) for method in ExpertMethod),
    *(("too few", rule) for rule in TooFew),
    *(("take", take, everywhere) for take in Take for everywhere in (True, False)),
    *(("veto", effect, by_fact) for effect in VetoEffect for by_fact in (True, False)),
    *(("carried", effect) for effect in CarriedEffect),
    *(("ties", ties) for ties in Ties),
    *(("grades", count) for count in range(2, 7)),
    *(("absence", *how) for how in ((True, False), (False, True), (False, False))),
    *(("bonus is capped", True), ("total is capped", True), ("total is capped", False)),
]  # fmt: skip


def test_the_drawn_schemes_hold_every_formula_group_grade_and_rule():
    found = Counter(feature for scheme in drawn() for feature in features(scheme))

    assert [feature for feature in EXPECTED if not found[feature]] == []


def test_the_second_reading_takes_nothing_of_the_first():
    assert oracle.__doc__
    names = {getattr(value, "__module__", "") for value in vars(oracle).values()}
    assert not {"hatchmark.domain.grading", "hatchmark.engines.reference"} & names
    # Of the module that scores only the inputs are known: they are values.
    assert {
        name
        for name, value in vars(oracle).items()
        if getattr(value, "__module__", "") == "hatchmark.domain.scoring"
    } == {"EntryInputs"}
