"""Schemes made up for tests, small enough to work out by hand. Nothing in them is anybody's rule."""

from functools import cache

from hatchmark.domain.scheme import Scheme
from hatchmark.schemes.loader import parse_scheme

PLAIN = """
[scheme]
code = "example/plain-2025"
title = "示例评价方案"
authority = "示例自治区科学技术厅"
kind = "incubator"
year = 2025
basis = "示例"
provenance = "reconstruction"
provenance_note = "示例：为测试而编，不是任何机关的规定"
full_marks = "100"
bonus_cap = "5"
total_cap = "100"
points_places = 2
rounding = "half_up"
sub_types = ["comprehensive", "professional"]
sub_type_unstated = "comprehensive"

[missing]
absent = "no_points"
not_applicable = "full_points"
refused = "unscored"
basis = "示例"

[[figure]]
code = "firms"
title = "在孵企业"
unit = "家"
type = "integer"
minimum = "0"
maximum = "1000"
basis = "示例"

[[figure]]
code = "graduates"
title = "毕业企业"
unit = "家"
type = "integer"
minimum = "0"
maximum = "1000"
basis = "示例"

[[figure]]
code = "income"
title = "总收入"
unit = "千元"
type = "decimal"
minimum = "0"
maximum = "100000000"
last_year = true
basis = "示例"

[[figure]]
code = "prizes"
title = "奖项"
unit = "项"
type = "integer"
minimum = "0"
maximum = "100"
basis = "示例"

[[relation]]
lower = ["graduates"]
upper = ["firms"]
message = "毕业企业不能多于在孵企业"

[[group]]
code = "numbers"
title = "定量"
part = "quantitative"
full_marks = "60"
basis = "示例"

[[indicator]]
code = "size"
title = "规模"
group = "numbers"
full_marks = "20"
basis = "示例"
[indicator.by_sub_type]
comprehensive = { type = "bands", figures = ["firms"], bands = [
  { at_least = "0", points = "0" },
  { at_least = "20", points = "10" },
  { at_least = "40", points = "20" },
] }
professional = { type = "bands", figures = ["firms"], bands = [
  { at_least = "0", points = "0" },
  { at_least = "10", points = "10" },
  { at_least = "20", points = "20" },
] }

[[indicator]]
code = "rate"
title = "毕业率"
group = "numbers"
full_marks = "20"
basis = "示例"
[indicator.formula]
type = "ratio"
of = ["graduates"]
to = ["firms"]
full_at = "0.2"
show = "percent"
when_zero = "no_points"

[[indicator]]
code = "growth"
title = "收入增长"
group = "numbers"
full_marks = "20"
formula = { type = "growth", figure = "income", when_zero = "no_points", bands = [
  { at_least = "-1", points = "0" },
  { at_least = "0.1", points = "20" },
] }
basis = "示例"

[[group]]
code = "opinion"
title = "定性"
part = "qualitative"
full_marks = "40"
basis = "示例"

[[expert_item]]
code = "service"
title = "服务"
group = "opinion"
full_marks = "30"
basis = "示例"

[[expert_item]]
code = "features"
title = "特色"
group = "opinion"
full_marks = "10"
basis = "示例"

[expert_rule]
method = "mean"
minimum = 2
trim_from = 5
basis = "示例"

[[group]]
code = "bonus"
title = "加分"
part = "bonus"
full_marks = "6"
basis = "示例"

[[indicator]]
code = "prize_points"
title = "奖项加分"
group = "bonus"
full_marks = "6"
formula = { type = "per_unit", figures = ["prizes"], points_each = "2" }
basis = "示例"

[[grade]]
grade = "excellent"
at_least = "85"
basis = "示例"

[[grade]]
grade = "good"
at_least = "70"
basis = "示例"

[[grade]]
grade = "unqualified"
at_least = "0"
basis = "示例"

[absence]
grade = "unqualified"
basis = "示例"

[[veto]]
code = "false_data"
title = "虚假数据"
when = "false_data"
grade_at_most = "unqualified"
basis = "示例"
"""

PLAIN_HEADER = (
    "id,sub_type,firms,firms@status,graduates,income,income@last,prizes,"
    "service@1,service@2,features@1,features@2"
)
PLAIN_TABLE = f"""{PLAIN_HEADER}
甲,,40,,8,110,100,0,30,30,10,10
乙,professional,20,reported,2,100,100,1,20,25,5,6
丙,comprehensive,40,,8,110,100,9,30,30,10,10
丁,,,refused,0,0,0,0,30,20,10,8
"""
"""甲: 100. 乙: 20 + 10 + 0 + 22.50 + 5.50 + 2 = 60. 丙: 100 + 6, less 1 (bonus cap) and 5 (total cap). 丁: no total."""

WIDE = """
[scheme]
code = "example/wide-2025"
title = "示例综合评价方案"
authority = "示例自治区科学技术厅"
kind = "makerspace"
year = 2025
basis = "示例"
provenance = "official"
provenance_note = "示例：为测试而编"
full_marks = "100"
bonus_cap = "0"
total_cap = "100"
points_places = 1
rounding = "half_up"
sub_types = []

[missing]
absent = "no_points"
not_applicable = "no_points"
refused = "unscored"
basis = "示例"

[[figure]]
code = "area"
title = "面积"
unit = "m²"
type = "decimal"
places = 1
minimum = "0"
maximum = "100000"
source = "torch_statistics"
evidence = "房产证明"
basis = "示例"

[[figure]]
code = "events"
title = "活动"
unit = "场"
type = "integer"
minimum = "0"
maximum = "500"
basis = "示例"

[[figure]]
code = "open"
title = "对外开放"
type = "boolean"
basis = "示例"

[[figure]]
code = "founded"
title = "成立日期"
type = "date"
minimum = "2000-01-01"
maximum = "2025-12-31"
basis = "示例"

[[figure]]
code = "level"
title = "级别"
type = "category"
values = ["国家级", "自治区级"]
basis = "示例"

[roster]
title = "在孵企业名单"
unit = "家"
most_rows = 200
basis = "示例"

[[roster_field]]
code = "entered"
title = "入驻日期"
type = "date"
minimum = "2010-01-01"
maximum = "2025-12-31"
basis = "示例"

[[roster_field]]
code = "degree"
title = "学历"
type = "category"
values = ["本科", "硕士", "博士"]
optional = true
basis = "示例"

[[window]]
code = "period"
title = "评价期"
from = "2025-01-01"
to = "2025-12-31"
basis = "示例"

[[group]]
code = "numbers"
title = "定量"
part = "quantitative"
full_marks = "70"
basis = "示例"

[[group]]
code = "inner"
title = "场地"
part = "quantitative"
parent = "numbers"
full_marks = "30"
basis = "示例"

[[indicator]]
code = "space"
title = "人均面积"
group = "inner"
full_marks = "20"
formula = { type = "min_max", figures = ["area"], when_equal = "full_points" }
basis = "示例"

[[indicator]]
code = "opening"
title = "开放"
group = "inner"
full_marks = "10"
formula = { type = "yes_no", when = "open and founded < 2020-01-01" }
basis = "示例"

[[indicator]]
code = "activity"
title = "活动"
group = "numbers"
full_marks = "20"
formula = { type = "rank_share", figures = ["events"], shares = [
  { within = "0.3", points = "20" },
  { within = "1", points = "5" },
] }
basis = "示例"

[[indicator]]
code = "newcomers"
title = "当年入驻的高学历企业"
group = "numbers"
full_marks = "10"
formula = { type = "bands", value = "count(where 入驻日期 within 评价期 and 学历 in ['硕士', '博士'])", bands = [
  { at_least = "0", points = "0" },
  { at_least = "1", points = "4" },
  { at_least = "3", points = "10" },
] }
basis = "示例"

[[indicator]]
code = "level_points"
title = "级别"
group = "numbers"
full_marks = "10"
formula = { type = "by_category", figure = "level", points = [
  { value = "国家级", points = "10" },
  { value = "自治区级", points = "6" },
] }
basis = "示例"

[[group]]
code = "opinion"
title = "定性"
part = "qualitative"
full_marks = "30"
basis = "示例"

[[expert_item]]
code = "service"
title = "服务"
group = "opinion"
full_marks = "30"
basis = "示例"

[expert_rule]
method = "median"
minimum = 3
basis = "示例"

[[grade]]
grade = "excellent"
code = "top"
label = "优良"
at_least = "60"
top_share = "0.2"
basis = "示例"

[[grade]]
grade = "qualified"
at_least = "45"
basis = "示例"

[[grade]]
grade = "unqualified"
at_least = "0"
basis = "示例"

[absence]
treat = "list"
basis = "示例"

[[veto]]
code = "too_small"
title = "面积过小"
when_true = "面积 < 1 m²"
holds_when_missing = false
effect = "exclusion"
basis = "示例"
"""


@cache
def plain() -> Scheme:
    """The scheme whose entries are each scored alone."""
    return parse_scheme(PLAIN.encode(), file="plain")


@cache
def wide() -> Scheme:
    """The scheme with every type of figure, a roster, formulas over the cohort and grades by rank."""
    return parse_scheme(WIDE.encode(), file="wide")
