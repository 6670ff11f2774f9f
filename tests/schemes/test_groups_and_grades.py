"""Groups in groups, caps, deductions, sub-types, experts; grades by score, rank, veto and from elsewhere."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scheme_builder import FIGURES, GRADES, USE_ALL, group, indicator, scheme_text

from hatchmark.domain.consequences import propose
from hatchmark.domain.grading import Facts
from hatchmark.domain.outcomes import Grade, Outcome
from hatchmark.domain.scheme import FigureValue, Measure, Scheme, Status, read_figure
from hatchmark.domain.scoring import EntryInputs, Scorecard, score_entry
from hatchmark.engines.reference import score_table
from hatchmark.schemes.cases import check_cases, parse_cases
from hatchmark.schemes.loader import BrokenRuleError, SchemeError, parse_scheme

EACH = '{{ type = "per_unit", figures = ["{figure}"], points_each = "1" }}'
TENANTS, INCOME, AREA = (EACH.format(figure=figure) for figure in ("tenants", "income", "area"))


def load(text: str) -> Scheme:
    return parse_scheme(text.encode(), file="x.toml")


def findings(text: str) -> list[str]:
    with pytest.raises(BrokenRuleError) as caught:
        load(text)
    return [problem.split(": ", 1)[1] for problem in caught.value.problems]


def figures(tenants: int, income: int = 0, area: int = 0) -> dict[str, FigureValue]:
    given = {"tenants": tenants, "income": income, "area": area}
    return {code: read_figure(status="reported", value=str(value)) for code, value in given.items()}


def score(scheme: Scheme, tenants: int, income: int = 0, area: int = 0, **more: object) -> Scorecard:
    return score_entry(scheme, figures=figures(tenants, income, area), expert_scores={}, **more)


# ---- groups -----------------------------------------------------------------------------------------------

NESTED = scheme_text(
    full="25",
    bonus="0",
    body=group("main", '"25"')
    + group("inner", '"20"', more='parent = "main"\ncap = "15"')
    + group("deep", '"10"', more='parent = "inner"')
    + group("minus", '"5"', part="deduction")
    + indicator("a", TENANTS, inside="main")
    + indicator("b", TENANTS, inside="inner")
    + indicator("c", INCOME, inside="deep")
    + indicator("d", AREA, '"5"', inside="minus"),
)


def test_groups_lie_in_groups_caps_take_off_and_deductions_count_below_zero():
    card = score(load(NESTED), 10, 10, 3)
    assert [(group.group.code, group.points) for group in card.groups] == [
        ("main", 2500),
        ("inner", 1500),
        ("deep", 1000),
        ("minus", -300),
    ]
    assert [(line.code, line.points) for line in card.leaves()] == [
        ("a", 1000),
        ("b", 1000),
        ("c", 1000),
        ("d", -300),
    ]
    [cap] = card.adjustments
    assert (cap.code, cap.points) == ("cap_inner", -500)
    assert cap.words == "组inner合计 20.00 分，超过上限 15.00 分，扣减 5.00 分"
    assert card.total_words == "总分 = 定量评价 25.00 − 扣分项 3.00 = 22.00 分"
    assert next(card.leaves()).words.endswith("得 10 × 1 = 10.00 分")
    assert [*card.leaves()][-1].words.endswith("；属扣分项，扣 3.00 分")


@pytest.mark.parametrize("tenants", [0, 1, 5, 10])
@pytest.mark.parametrize("income", [0, 7, 10])
@pytest.mark.parametrize("area", [0, 2, 5])
def test_leaves_and_adjustments_add_up_to_the_total(tenants, income, area):
    card = score(load(NESTED), tenants, income, area)
    leaves = sum(line.points for line in card.leaves())
    assert leaves + sum(adjustment.points for adjustment in card.adjustments) == card.total
    assert card.total >= 0


def test_a_total_does_not_fall_below_zero():
    card = score(load(NESTED), 0, 0, 4)
    assert [(found.code, found.points) for found in card.adjustments] == [("total_floor", 400)]
    assert (card.total, card.total_words) == (
        0,
        "总分 = 定量评价 0.00 − 扣分项 4.00 + 总分不低于零补足 4.00 = 0.00 分",
    )


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        (
            'parent = "main"',
            'parent = "deep"',
            "group 2.parent: makes a ring inner → deep → inner; let one of them",
        ),
        (
            'parent = "inner"',
            'parent = "other"',
            "group 3.parent: 'other' is no group; write one of main, inner, ",
        ),
        (
            'cap = "15"',
            'cap = "21"',
            "group 2.cap: of 'inner' is 21.00, but must lie above 0 and not above its full_",
        ),
        (
            'cap = "15"',
            'cap = "12"',
            "group 1.full_marks: of 'main' is 25.00, but its indicators and items add up to 22",
        ),
        (
            'part = "deduction"',
            'part = "deduction"\nparent = "main"',
            "group 4.part: of 'minus' is deduction, but it lies",
        ),
    ],
)
def test_groups_that_do_not_fit_together_are_told(old, new, finding):
    assert old in NESTED
    assert any(found.startswith(finding) for found in findings(NESTED.replace(old, new, 1)))


MARKS = '{ comprehensive = "6", professional = "0" }'
OTHER_MARKS = '{ comprehensive = "4", professional = "10" }'
BY_SUB_TYPE = scheme_text(
    sub_types='["comprehensive", "professional"]',
    bonus="1",
    cap="10",
    body=group("main", '"10"')
    + group("rest", '"1"', part="bonus")
    + indicator("a", TENANTS, MARKS)
    + indicator("b", INCOME, OTHER_MARKS)
    + indicator("rest", USE_ALL, '"1"', inside="rest"),
)


def test_full_marks_by_sub_type_weigh_and_leave_out():
    scheme = load(BY_SUB_TYPE)
    one, two = (score(scheme, 9, 9, sub_type=sub_type) for sub_type in ("comprehensive", "professional"))
    assert [(line.code, line.full_marks, line.points) for line in one.leaves()][:2] == [
        ("a", 600, 600),
        ("b", 400, 400),
    ]
    assert [(line.code, line.full_marks, line.points) for line in two.leaves()][:1] == [("b", 1000, 900)]
    assert findings(BY_SUB_TYPE.replace('professional = "0"', 'professional = "1"')) == [
        "group 1.full_marks: of 'main' is 10.00 for professional, but its indicators and items add up to 11.00; "
        "make them agree"
    ]


def test_a_formula_may_depend_on_the_sub_type():
    value = "if sub_type = 'professional' then tenants * 2 else tenants"
    formula = f'{{ type = "per_unit", value = "{value}", points_each = "1" }}'
    scheme = load(BY_SUB_TYPE.replace(INCOME, formula, 1))
    assert next(score(scheme, 3, sub_type="professional").leaves()).points == 600


# ---- experts ----------------------------------------------------------------------------------------------

ITEM = """
[[expert_item]]
code = "judged"
title = "专家评"
group = "main"
full_marks = "10"
basis = "示例"

[expert_rule]
{rule}
basis = "示例"
"""


def judged(rule: str) -> str:
    body = group("main", '"10"', part="qualitative") + group("rest", '"1"', part="bonus")
    body += indicator("rest", USE_ALL, '"1"', inside="rest") + ITEM.format(rule=rule)
    return scheme_text(body=body, bonus="1", cap="10")


@pytest.mark.parametrize(
    ("rule", "scores", "points", "words"),
    [
        ('method = "median"\nminimum = 3', "1 9 2", 200, "取中位数，得（2）÷ 1 = 2.00 分"),
        ('method = "median"\nminimum = 3', "1 9 2 5", 350, "取中位数，得（2 + 5）÷ 2 = 3.50 分"),
        (
            'method = "trimmed"\ntrim = 2\nminimum = 5',
            "1 9 2 5 8",
            500,
            "去掉 2 个最高分和 2 个最低分后取平均，",
        ),
        ('method = "mean"\nminimum = 3', "1 9", None, "不足 3 份，不计分，须另请专家评审"),
        ('method = "mean"\nminimum = 3\ntoo_few = "no_points"', "1 9", 0, "不足 3 份，按方案规定不得分"),
        (
            'method = "median"\nminimum = 3\ntoo_few = "mean"',
            "1 4",
            250,
            "直接取平均，得（1 + 4）÷ 2 = 2.50 分",
        ),
        ('method = "mean"\nminimum = 3\ntoo_few = "mean"', "", None, "没有有效评分，不足 3 份"),
    ],
)
def test_experts_scores_combine_by_the_stated_method(rule, scores, points, words):
    scheme = load(judged(rule))
    given = tuple(Fraction(text) for text in scores.split())
    card = score_entry(scheme, figures=figures(1), expert_scores={"judged": given})
    line = next(iter(card.leaves()))
    assert (line.points, words in line.words) == (points, True)


def test_an_experts_score_is_held_against_the_full_marks_of_the_sub_type():
    text = scheme_text(
        sub_types='["comprehensive", "professional"]',
        full="6",
        body=group("main", MARKS.replace('"0"', '"6"'), part="qualitative")
        + group("rest", '"1"', part="bonus")
        + indicator("rest", USE_ALL, '"1"', inside="rest")
        + ITEM.format(rule='method = "mean"\nminimum = 1').replace(
            '"10"', '{ comprehensive = "4", professional = "6" }'
        )
        + ITEM.split("[expert_rule]", 1)[0]
        .replace("judged", "other")
        .replace('"10"', '{ comprehensive = "2", professional = "0" }'),
        grades=GRADES.replace('"8"', '"5"'),
    )
    scheme = load(text)
    given = {"judged": (Fraction(6),)}
    card = score_entry(scheme, figures=figures(1), expert_scores=given, sub_type="professional")
    assert [(line.code, line.points) for line in card.leaves()] == [("judged", 600), ("rest", 100)]
    with pytest.raises(ValueError, match=r"score 6 of 'judged' .* must lie between 0 and 4"):
        score_entry(scheme, figures=figures(1), expert_scores=given, sub_type="comprehensive")


def test_trimming_leaves_something():
    assert findings(judged('method = "trimmed"\ntrim = 2\nminimum = 4')) == [
        "expert_rule.minimum: is 4, but 2 highest and 2 lowest are left out, so nothing may be left; write 5 or more"
    ]


# ---- grades by score and rank -----------------------------------------------------------------------------

FUYANG = """
[[grade]]
code = "fine"
label = "优良"
grade = "excellent"
at_least = "80"
top_share = "0.2"
ties = "include"
basis = "示例"

[[grade]]
code = "pass"
label = "合格"
grade = "qualified"
at_least = "60"
basis = "示例"

[[grade]]
code = "fail"
label = "不合格"
grade = "unqualified"
at_least = "0"
basis = "示例"

[absence]
treat = "list"
basis = "示例"

[[veto]]
code = "small"
title = "规模不足"
when_true = "tenants < 15 家"
holds_when_missing = true
grade_at_most = "pass"
basis = "示例第八条"

[[veto]]
code = "false_data"
title = "弄虚作假"
when = "false_data"
effect = "exclusion"
basis = "示例第九条"

[[veto]]
code = "accident"
title = "安全事故"
when = "safety_accident"
effect = "floor"
basis = "示例第十条"

[[carried]]
code = "national"
title = "国家级评价优秀的直接定为优良"
source = "national"
source_grade = "a"
effect = "is"
grade = "fine"
basis = "示例第七条"

[[carried]]
code = "national_fail"
title = "国家级评价不合格的不得评优良"
source = "national"
source_grade = "d"
effect = "at_most"
grade = "pass"
basis = "示例第七条"

[[consequence]]
code = "again"
title = "六个月内复评"
status = "recognised"
grade = "unqualified"
times_in_a_row = 1
propose = "re_evaluation"
within_months = 6
basis = "示例"

[[consequence]]
code = "twice"
title = "连续两次不合格，建议取消"
status = "recognised"
grade = "unqualified"
times_in_a_row = 2
propose = "disqualified"
basis = "示例"
"""


def ranked(grades: str = FUYANG) -> str:
    body = group("main", '"100"') + group("rest", '"1"', part="bonus")
    body += indicator("x", TENANTS, '"100"') + indicator("rest", USE_ALL, '"1"', inside="rest")
    return scheme_text(body=body, full="100", bonus="0", grades=grades)


def entry(tenants: int, **more: object) -> EntryInputs:
    return EntryInputs(figures=figures(tenants), expert_scores={}, **more)


def graded(entries: dict[str, EntryInputs], text: str | None = None) -> dict[str, str | None]:
    return {key: card.grade.label for key, card in score_table(load(text or ranked()), entries)}


def test_score_and_rank_must_both_hold():
    entries = {str(n): entry(n) for n in (99, 95, 90, 85, 80, 70, 60, 59, 20, 15)}
    assert graded(entries) == {
        "99": "优良",
        "95": "优良",
        **dict.fromkeys(("90", "85", "80", "70", "60"), "合格"),
        **dict.fromkeys(("59", "20", "15"), "不合格"),
    }
    low = {str(n): entry(n) for n in (79, 70, 69, 68, 61)}
    assert set(graded(low).values()) == {"合格"}


@pytest.mark.parametrize(
    ("ties", "labels"), [("include", ["优良", "优良", "优良"]), ("exclude", ["优良", "合格", "合格"])]
)
def test_equal_totals_at_the_edge_are_all_in_or_all_out(ties, labels):
    entries = {str(n): entry(points) for n, points in enumerate([99, 95, 95, 84, 83, 82, 81, 70, 69, 68])}
    text = ranked().replace('ties = "include"', f'ties = "{ties}"')
    assert [*graded(entries, text).values()][:3] == labels


def test_the_words_of_a_grade_by_rank_name_score_place_and_share():
    entries = {str(n): entry(n) for n in (99, 95, 90, 70, 59)}
    cards = dict(score_table(load(ranked()), entries))
    assert (
        cards["99"].grade.words
        == "总分 99.00 分，位次第 1（5 家），达到优良线 80.00 分，在前 20% 以内，为优良"
    )
    assert (
        cards["95"].grade.words
        == "总分 95.00 分，位次第 2（5 家），未进入优良所限的前 20%，达到合格线 60.00 分，为合格"
    )
    document = cards["99"].as_document()["grade"]
    assert (document["grade"], document["code"], document["rank"], document["ranked"]) == (
        "excellent",
        "fine",
        1,
        5,
    )


def test_one_entry_alone_is_told_that_its_rank_needs_the_table_unless_its_score_decides():
    scheme = load(ranked())
    alone = score(scheme, 90).grade
    assert (alone.grade, alone.needs_table) == (None, True)
    assert "须与全部参评单位一并计算（整表）" in alone.words
    assert score(scheme, 70).grade.label == "合格"


def test_absent_excluded_and_unscored_entries_are_not_ranked():
    entries = {str(n): entry(n) for n in (95, 90, 85, 80, 75)}
    entries["away"] = entry(99, facts=Facts(absent=True))
    entries["liar"] = entry(100, facts=Facts(false_data=True))
    cards = dict(score_table(load(ranked()), entries))
    assert cards["95"].grade.standing.ranked == 5
    assert [cards[key].grade.words for key in ("away", "liar")] == [
        "应参评而未参评，按方案单独列出，不评定等次",
        "因弄虚作假，按方案不予评定等次，不列入位次",
    ]
    assert cards["liar"].total == 10_000


def test_a_veto_on_figures_caps_and_one_to_the_floor_fails():
    assert graded({"a": entry(99, facts=Facts(safety_accident=True))}) == {"a": "不合格"}
    small = ranked().replace("tenants < 15 家", "tenants > 15 家")
    others = {str(n): entry(n) for n in (5, 6, 7, 8)}
    cards = dict(score_table(load(small), {"a": entry(99), **others}))
    assert (cards["a"].grade.label, cards["a"].grade.words.endswith("因规模不足，一票否决，定为合格")) == (
        "合格",
        True,
    )


@pytest.mark.parametrize(("holds", "label"), [("true", "合格"), ("false", None)])
def test_a_veto_on_a_missing_figure_is_as_the_scheme_says(holds, label):
    text = (
        ranked()
        .replace("tenants < 15 家", "income > 5 千元")
        .replace("holds_when_missing = true", f"holds_when_missing = {holds}")
    )
    given = figures(99) | {"income": read_figure(status="absent", value="")}
    card = dict(score_table(load(text), {"a": EntryInputs(figures=given, expert_scores={})}))["a"]
    assert ("规模不足" in card.grade.words) is (label is not None)


def test_a_grade_from_elsewhere_decides_or_caps_and_a_veto_goes_before_it():
    entries = {
        "good": entry(10, elsewhere={"national": "a"}),
        "bad": entry(99, elsewhere={"national": "d"}),
        "vetoed": entry(90, elsewhere={"national": "a"}, facts=Facts(safety_accident=True)),
        "none": entry(20, elsewhere={"national": "b"}),
    }
    text = ranked().replace("tenants < 15 家", "tenants > 1000 家")
    assert graded(entries, text) == {"good": "优良", "bad": "合格", "vetoed": "不合格", "none": "不合格"}


def test_consequences_propose_re_evaluation_within_months_and_cancellation_after_two():
    scheme = load(ranked())
    found = propose(
        scheme,
        history={2023: Grade.UNQUALIFIED},
        year=2024,
        status=Status.RECOGNISED,
        grade=Grade.UNQUALIFIED,
    )
    assert [(proposal.outcome, proposal.within_months) for proposal in found] == [
        (Measure.RE_EVALUATION, 6),
        (Outcome.DISQUALIFIED, None),
    ]
    assert found[0].words == "2024年评价不合格：六个月内复评（6 个月内）"


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ('top_share = "0.2"', 'top_share = "20"', "grade 1.top_share: is 20; write a share between 0 and 1"),
        (
            'at_least = "60"',
            'at_least = "81"',
            "grade 2.at_least: cuts overlap: 'pass' from 81.00 is not below 'fine'",
        ),
        (
            'at_least = "0"',
            'at_least = "0"\ntop_share = "0.9"',
            "grade 3.top_share: leaves a gap: the last ranks",
        ),
        (
            'at_least = "60"',
            'at_least = "60"\ntop_share = "0.1"',
            "grade 2.top_share: 'pass' asks for a better rank",
        ),
        (
            'code = "pass"\nlabel = "合格"',
            'code = "fine"\nlabel = "合格"',
            "grade 2.code: 'fine' is already the code",
        ),
        (
            'code = "fail"\nlabel = "不合格"\ngrade = "unqualified"',
            'code = "fail"\ngrade = "qualified"',
            "grade 3.grade: ",
        ),
    ],
)
def test_grades_that_do_not_hold_together_are_told(old, new, finding):
    text = (
        ranked()
        .replace('grade_at_most = "pass"', 'grade_at_most = "fail"')
        .replace('effect = "at_most"\ngrade = "pass"', 'effect = "at_most"\ngrade = "fail"')
    )
    assert old in text
    assert any(found.startswith(finding) for found in findings(text.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'grade_at_most = "pass"',
            'grade_at_most = "qualified"',
            "'qualified' is no grade of this scheme; write one of fine, ",
        ),
        ("holds_when_missing = true\n", "", "say with holds_when_missing = true or false"),
        (
            'when = "false_data"',
            'when = "false_data"\nwhen_true = "1 = 1"',
            "when and when_true are both there; give one of the two",
        ),
        ("within_months = 6\n", "", "field 'within_months' is missing"),
        (
            'effect = "floor"',
            'effect = "floor"\ngrade_at_most = "fail"',
            "no field of this name is known here",
        ),
    ],
)
def test_a_veto_or_consequence_that_cannot_be_is_refused(old, new, message):
    assert old in ranked()
    with pytest.raises(SchemeError, match=message):
        load(ranked().replace(old, new, 1))


def test_one_grade_or_seven_are_no_grading():
    one = FUYANG[FUYANG.index('[[grade]]\ncode = "fail"') :].split("[[veto]]", 1)[0]
    assert findings(ranked(one))[0].startswith("grade 1: is one of 1 grades; write 2 to 6 [[grade]] tables")


def test_worked_cases_know_rosters_tables_labels_and_grades_from_elsewhere():
    scheme = load(ranked())
    text = """
[[case]]
name = "一"
figures = { tenants = "95", income = "0", area = "0" }
[case.expect]
grade = "none"
label = "none"

[[case]]
name = "二"
based_on = "一"
figures = { tenants = "90" }
others = ["一", "一", "一", "一"]
[case.expect]
label = "合格"
total = "90.00"

[[case]]
name = "三"
based_on = "一"
carried = { national = "a" }
[case.expect]
label = "优良"
grade = "excellent"
"""
    found = check_cases(scheme, parse_cases(text.encode(), file="x", scheme=scheme))
    assert [str(failure) for failure in found] == []
    assert FIGURES in ranked()


def six_grades() -> str:
    """Six grades: four by score and rank, one by score, and the rest."""
    cuts = [
        ("excellent", 'at_least = "90"\ntop_share = "0.1"'),
        ("excellent", 'at_least = "80"\ntop_share = "0.25"\nties = "exclude"'),
        ("good", 'at_least = "60"\ntop_share = "0.5"'),
        ("good", 'at_least = "60"\ntop_share = "0.75"'),
        ("qualified", 'at_least = "40"'),
        ("unqualified", 'at_least = "0"'),
    ]
    tables = [
        f'[[grade]]\ngrade = "{grade}"\ncode = "g{number}"\nlabel = "{number}等"\n{cut}\nbasis = "示例"\n'
        for number, (grade, cut) in enumerate(cuts, start=1)
    ]
    return "\n".join([*tables, '[absence]\ntreat = "nothing"\nbasis = "示例"\n'])


def test_six_grades_by_score_and_rank():
    entries = {str(n): entry(n) for n in (99, 98, 97, 96, 95, 94, 70, 69, 50, 10)}
    assert list(graded(entries, ranked(six_grades())).values()) == [
        *("1等", "2等", "3等", "3等", "3等", "4等", "4等", "5等", "5等", "6等"),
    ]


def test_two_grades_by_rank_alone():
    cuts = '[[grade]]\ngrade = "excellent"\ntop_share = "0.4"\nbasis = "示例"\n'
    cuts += '[[grade]]\ngrade = "unqualified"\nat_least = "0"\nbasis = "示例"\n'
    cuts += '[absence]\ntreat = "nothing"\nbasis = "示例"\n'
    cards = dict(score_table(load(ranked(cuts)), {str(n): entry(n) for n in (5, 4, 3, 2, 1)}))
    assert [card.grade.grade for card in cards.values()] == [Grade.EXCELLENT] * 2 + [Grade.UNQUALIFIED] * 3


@given(st.lists(st.integers(0, 100), min_size=1, max_size=40))
@settings(max_examples=60, deadline=None)
def test_equal_totals_never_get_two_grades_and_fewer_points_never_a_better_one(totals):
    found = graded({str(at): entry(total) for at, total in enumerate(totals)}, ranked(six_grades()))
    by_total = {}
    for at, total in enumerate(totals):
        assert by_total.setdefault(total, found[str(at)]) == found[str(at)]
    in_order = [by_total[total] for total in sorted(by_total, reverse=True)]
    assert in_order == sorted(in_order)


def test_a_grade_from_elsewhere_lifts_to_its_floor_and_no_further():
    text = ranked().replace('effect = "is"\ngrade = "fine"', 'effect = "at_least"\ngrade = "pass"')
    text = text.replace("tenants < 15 家", "tenants > 1000 家")
    entries = {
        "low": entry(10, elsewhere={"national": "a"}),
        "high": entry(99, elsewhere={"national": "a"}),
        "other": entry(11),
        **{str(n): entry(n) for n in (20, 21, 22)},
    }
    found = graded(entries, text)
    assert (found["low"], found["high"], found["other"]) == ("合格", "优良", "不合格")


@pytest.mark.parametrize(("treat", "words"), [("list", "单独列出"), ("nothing", "不评定等次")])
def test_absence_is_a_list_or_nothing_as_the_scheme_says(treat, words):
    text = ranked().replace('treat = "list"', f'treat = "{treat}"')
    card = dict(score_table(load(text), {"away": entry(99, facts=Facts(absent=True))}))["away"]
    assert (card.grade.grade, card.grade.label or None) == (None, None)
    assert words in card.grade.words


def test_a_rule_over_the_years_proposes_and_leaves_the_grade_as_it_is():
    scheme = load(ranked())
    card = dict(score_table(scheme, {"a": entry(20), "b": entry(70)}))["a"]
    before = card.as_document()
    found = propose(
        scheme,
        history={2023: Grade.UNQUALIFIED},
        year=2024,
        status=Status.RECOGNISED,
        grade=card.proposed_grade,
    )
    assert Outcome.DISQUALIFIED in [proposal.outcome for proposal in found]
    assert card.as_document() == before
    assert card.proposed_grade is Grade.UNQUALIFIED
