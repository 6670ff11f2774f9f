"""Builds fictional schemes of one indicator, for tests of how engines compute it."""

from hatchmark.schemes.loader import parse_scheme

HEAD = """
[scheme]
code = "example/measured-2024"
title = "示例方案"
authority = "示例局"
kind = "incubator"
year = 2024
basis = "示例"
provenance = "reconstruction"
provenance_note = "示例，不是任何地方的规定"
full_marks = "{full}"
bonus_cap = "0"
total_cap = "{full}"
points_places = {places}
rounding = "{rounding}"
sub_types = []

[missing]
absent = "no_points"
not_applicable = "full_points"
refused = "unscored"
basis = "示例"

[[group]]
code = "group"
title = "组"
part = "{part}"
full_marks = "{full}"
basis = "示例"

[[grade]]
grade = "excellent"
at_least = "8"
basis = "示例"

[[grade]]
grade = "unqualified"
at_least = "0"
basis = "示例"

[absence]
grade = "unqualified"
basis = "示例"
"""

FIGURE = """
[[figure]]
code = "{code}"
title = "{code}"
unit = "个"
type = "decimal"
places = 2
minimum = "0"
{maximum}
{last_year}
basis = "示例"
"""

INDICATOR = """
[[indicator]]
code = "{code}"
title = "指标"
group = "{group}"
full_marks = "10"
formula = {formula}
basis = "示例"
"""

RELATION = """
[[relation]]
lower = ["b"]
upper = ["a", "b"]
message = "示例"
"""

DEDUCTION = """
[[group]]
code = "less"
title = "扣分"
part = "deduction"
full_marks = "10"
basis = "示例"
"""

ITEM = """
[[expert_item]]
code = "item"
title = "专家项"
group = "group"
full_marks = "10"
basis = "示例"

[expert_rule]
{rule}
basis = "示例"
"""


def measured_scheme(formula, *, maximum="1000000", last_year=False, places=2, rounding="half_up", more=""):
    """Return a scheme of two decimals, a and b, and one indicator of 10 points."""
    stated = "" if maximum is None else f'maximum = "{maximum}"'
    before = "last_year = true" if last_year else ""
    text = HEAD.format(places=places, rounding=rounding, part="quantitative", full=10)
    text += FIGURE.format(code="a", maximum=stated, last_year=before)
    text += FIGURE.format(code="b", maximum=stated, last_year="")
    text += INDICATOR.format(code="line", formula=formula, group="group") + RELATION + more
    return parse_scheme(text.encode(), file="example.toml")


def scheme_of_all(formulas, *, maximum, places=2, rounding="half_up"):
    """Return a scheme with an indicator of 10 points, i1, i2, …, for each formula over a (this year and last) and b."""
    stated = f'maximum = "{maximum}"'
    text = HEAD.format(places=places, rounding=rounding, part="quantitative", full=10 * len(formulas))
    text += FIGURE.format(code="a", maximum=stated, last_year="last_year = true")
    text += FIGURE.format(code="b", maximum=stated, last_year="") + RELATION
    text += '[[relation]]\nlower = ["a"]\nupper = ["a", "a@last"]\nmessage = "示例"\n'
    for number, formula in enumerate(formulas, start=1):
        text += INDICATOR.format(code=f"i{number}", formula=formula, group="group")
    return parse_scheme(text.encode(), file="example.toml")


def judged_scheme(rule, *, places=2, rounding="half_up"):
    """Return a scheme of one expert item of 10 points, and a deduction by a figure."""
    text = HEAD.format(places=places, rounding=rounding, part="qualitative", full=10)
    text += FIGURE.format(code="a", maximum='maximum = "10"', last_year="")
    text += (
        FIGURE.format(code="b", maximum='maximum = "10"', last_year="") + RELATION + ITEM.format(rule=rule)
    )
    text += DEDUCTION + INDICATOR.format(
        code="line", formula='{ type = "per_unit", figures = ["a"], points_each = "0.3" }', group="less"
    )
    return parse_scheme(text.encode(), file="example.toml")
