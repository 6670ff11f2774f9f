"""Builds small fictional scheme files that use what the shipped ones do not."""

HEAD = """
[scheme]
code = "example/everything-2024"
title = "示例方案"
authority = "示例局"
kind = "incubator"
year = 2024
basis = "示例〔2024〕1号"
provenance = "reconstruction"
provenance_note = "示例，不是任何地方的规定"
full_marks = "{full}"
bonus_cap = "{bonus}"
total_cap = "{cap}"
points_places = 2
rounding = "half_up"
sub_types = {sub_types}
{unstated}

[missing]
absent = "no_points"
not_applicable = "no_points"
refused = "no_points"
basis = "示例"
"""

FIGURES = """
[[figure]]
code = "tenants"
title = "在孵企业"
unit = "家"
type = "integer"
minimum = "0"
maximum = "10000"
source = "torch_statistics"
evidence = "在孵企业名单"
basis = "示例"

[[figure]]
code = "income"
title = "总收入（含税）"
name = "收入"
unit = "千元"
type = "decimal"
places = 2
minimum = "0"
maximum = "100000000"
basis = "示例"

[[figure]]
code = "area"
title = "面积"
unit = "m²"
type = "decimal"
minimum = "0"
maximum = "1000000"
basis = "示例"
"""

TYPED = """
[[figure]]
code = "registered"
title = "已登记"
type = "boolean"
basis = "示例"

[[figure]]
code = "founded"
title = "成立日期"
type = "date"
minimum = "1990-01-01"
maximum = "2030-12-31"
basis = "示例"

[[figure]]
code = "level"
title = "级别"
type = "category"
values = ["国家级", "自治区级", "4"]
basis = "示例"
"""

ROSTER = """
[roster]
title = "人才名单"
unit = "人"
most_rows = 500
basis = "示例"

[[roster_field]]
code = "degree"
title = "学历"
type = "category"
values = ["本科", "硕士", "博士"]
basis = "示例"

[[roster_field]]
code = "entered"
title = "入职日期"
type = "date"
minimum = "1990-01-01"
maximum = "2030-12-31"
optional = true
basis = "示例"

[[window]]
code = "period"
title = "评价期"
from = "2024-01-01"
to = "2024-12-31"
basis = "示例"
"""

GRADES = """
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

USE_ALL = '{ type = "yes_no", when = "tenants >= 0 and income >= 0 and area >= 0" }'


def group(code: str, full: str, *, part: str = "quantitative", more: str = "") -> str:
    """Return one group."""
    return (
        f'\n[[group]]\ncode = "{code}"\ntitle = "组{code}"\npart = "{part}"\nfull_marks = {full}\n{more}\n'
        'basis = "示例"\n'
    )


def indicator(code: str, formula: str, full: str = '"10"', *, inside: str = "main") -> str:
    """Return one indicator; `formula` is an inline table, or the fields after its header."""
    return (
        f'\n[[indicator]]\ncode = "{code}"\ntitle = "指标{code}"\ngroup = "{inside}"\nfull_marks = {full}\n'
        f'basis = "示例第一条"\nformula = {formula}\n'
    )


def scheme_text(
    *,
    body: str,
    figures: str = FIGURES,
    grades: str = GRADES,
    full: str = "10",
    bonus: str = "0",
    cap: str | None = None,
    sub_types: str = "[]",
) -> str:
    """Return a whole scheme file; `body` holds its groups, indicators and what else there is."""
    unstated = "" if sub_types == "[]" else 'sub_type_unstated = "comprehensive"'
    head = HEAD.format(full=full, bonus=bonus, cap=cap or full, sub_types=sub_types, unstated=unstated)
    return head + figures + body + grades


def one_indicator(formula: str, *, figures: str = FIGURES, full: str = "10", grades: str = GRADES) -> str:
    """Return a scheme of the one indicator `x`, beside one of no interest that uses the figures left over."""
    body = group("main", f'"{full}"') + group("rest", '"1"', part="bonus")
    body += indicator("x", formula, f'"{full}"') + indicator("rest", USE_ALL, '"1"', inside="rest")
    return scheme_text(body=body, figures=figures, full=full, bonus="1", grades=grades, cap=full)
