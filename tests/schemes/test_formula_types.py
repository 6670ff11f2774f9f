"""Every formula type from the file to the points, with the working in words."""

from fractions import Fraction

import pytest
from scheme_builder import (
    FIGURES,
    GRADES,
    ROSTER,
    TYPED,
    USE_ALL,
    group,
    indicator,
    one_indicator,
    scheme_text,
)

from hatchmark.domain.scheme import FigureValue, Scheme, read_figure, validate_figures, validate_roster
from hatchmark.domain.scoring import EntryInputs, LineScore, Scorecard, score_entry
from hatchmark.engines.reference import score_table
from hatchmark.schemes.loader import BrokenRuleError, SchemeError, parse_scheme


def load(text: str) -> Scheme:
    return parse_scheme(text.encode(), file="x.toml")


def findings(text: str) -> list[str]:
    with pytest.raises(BrokenRuleError) as caught:
        load(text)
    return list(caught.value.problems)


def figures_of(scheme: Scheme, **values: str) -> dict[str, FigureValue]:
    """Return figures by code, those not given as 0."""
    return {
        reference: read_figure(status="absent", value="")
        if (text := values.get(reference, "0")) == "absent"
        else read_figure(status="reported", value=text, figure=asked.figure)
        for reference, asked in scheme.asked.items()
    }


def roster_of(scheme: Scheme, *rows: dict[str, str]) -> tuple[dict[str, FigureValue], ...]:
    fields = {field.figure.code: field.figure for field in scheme.roster.fields}
    return tuple(
        {code: read_figure(status="reported", value=text, figure=fields[code]) for code, text in row.items()}
        for row in rows
    )


def score(scheme: Scheme, *rows: dict[str, str], **values: str) -> Scorecard:
    figures, roster = figures_of(scheme, **values), roster_of(scheme, *rows) if rows else ()
    assert validate_figures(scheme, figures) == []
    assert validate_roster(scheme, roster) == []
    return score_entry(scheme, figures=figures, expert_scores={}, roster=roster)


def line_of(card: Scorecard, code: str = "x") -> LineScore:
    return next(line for line in card.leaves() if line.code == code)


def points(formula: str, **values: str) -> tuple[int | None, str]:
    line = line_of(score(load(one_indicator(formula)), **values))
    return line.points, line.words


# ---- one entry by itself ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "values", "expected", "words"),
    [
        (
            '{ type = "ratio", value = "income / max(tenants, 1 家)", full_at = "300" }',
            {"income": "700", "tenants": "3"},
            778,
            "指标x = 总收入（含税）÷ 在孵企业（不足 1 家的按 1 家计）"
            "（总收入（含税） 700 千元、在孵企业 3 家） ≈ 233.3333，满分线 300，"
            "得 10 × 233.3333 ÷ 300 ≈ 7.78 分（按精确值 700/3 计算）",
        ),
        (
            '{ type = "linear", value = "tenants / 2", from = "0", to = "10" }',
            {"tenants": "7"},
            350,
            "指标x = 在孵企业 ÷ 2（在孵企业 7 家） = 3.5 家，0 家至 10 家之间按比例计分，满分 10 分，"
            "得 10 ×（3.5 − 0）÷（10 − 0） = 3.50 分",
        ),
        (
            '{ type = "bands", value = "收入 / 1 千元 - 5", bands = [{ at_least = "-5", points = "0" }, '
            '{ at_least = "0", points = "10" }] }',
            {"income": "5"},
            1000,
            "指标x = 总收入（含税）÷ 1 千元 − 5（总收入（含税） 5 千元） = 0，属于“0以上”一档，得 10.00 分",
        ),
        (
            '{ type = "threshold", figures = ["tenants"], from = "50", base = "5", step = "1", points_each = "0.1" }',
            {"tenants": "57"},
            570,
            "指标x：在孵企业 57 家，达到 50 家得 5 分，每超过 1 家加 0.1 分，最多 10 分，得 5 + 7 × 0.1 = 5.70 分",
        ),
        (
            '{ type = "threshold", figures = ["tenants"], from = "50", base = "5", step = "1", points_each = "0.1" }',
            {"tenants": "49"},
            0,
            "指标x：在孵企业 49 家，达到 50 家得 5 分，每超过 1 家加 0.1 分，最多 10 分，未达起点，得 0.00 分",
        ),
        (
            '{ type = "per_amount", figures = ["income"], amount = "300", points_each = "1" }',
            {"income": "899.99"},
            200,
            "指标x：总收入（含税） 899.99 千元，每 300 千元 1 分，不足的不计，最多 10 分，得 2 × 1 = 2.00 分",
        ),
        (
            '{ type = "per_amount", figures = ["income"], amount = "300", points_each = "1", partial = true }',
            {"income": "450"},
            150,
            "指标x：总收入（含税） 450 千元，每 300 千元 1 分，不足的按比例计，最多 10 分，"
            "得（450 ÷ 300）× 1 = 1.50 分",
        ),
        (
            '{ type = "per_unit", value = "count_of(1)", points_each = "1" }'.replace(
                "count_of(1)", "tenants * 2"
            ),
            {"tenants": "9"},
            1000,
            "指标x = 在孵企业 × 2（在孵企业 9 家） = 18 家，每家 1 分，最多 10 分，"
            "18 × 1 = 18.00 分，超过上限，得 10.00 分",
        ),
        (
            '{ type = "yes_no", when = "tenants >= 15 家 and area > 100 m²" }',
            {"tenants": "15", "area": "100"},
            0,
            "指标x：在孵企业 ≥ 15 家 且 面积 > 100 m²（在孵企业 15 家、面积 100 m²），不符合，得 0.00 分",
        ),
    ],
)
def test_a_formula_gives_points_and_says_how(formula, values, expected, words):
    assert points(formula, **values) == (expected, words)


def test_a_missing_figure_inside_an_expression_is_treated_by_the_scheme():
    formula = '{ type = "per_unit", value = "max(tenants, 5 家)", points_each = "1" }'
    assert points(formula, tenants="absent") == (0, "指标x：在孵企业未填报，按方案规定不得分")


def test_typed_figures_are_read_checked_and_shown_as_people_write_them():
    formula = "{ type = 'yes_no', when = \"registered and founded < 2020-01-01 and level = '国家级'\" }"
    scheme = load(one_indicator(formula, figures=FIGURES + TYPED))
    card = score(scheme, registered="是", founded="2019-12-31", level="国家级")
    line = line_of(card)
    assert line.points == 1000
    assert "（已登记 是、成立日期 2019-12-31、级别 国家级），符合" in line.words
    [document] = [
        entry for group in card.as_document()["groups"] for entry in group["lines"] if entry["code"] == "x"
    ]
    assert [figure["value"] for figure in document["figures"]] == ["true", "2019-12-31", "国家级"]
    four = read_figure(status="reported", value="4", figure=scheme.asked["level"].figure)
    assert (four.value, scheme.asked["level"].figure.text_of(four.value)) == (Fraction(3), "4")


@pytest.mark.parametrize(
    ("code", "value", "message"),
    [
        ("registered", Fraction(2), "is true or false, and 2 is none that can be"),
        ("founded", Fraction(1), "is a date, and 0001-01-01 is none that can be"),
        ("level", Fraction(7), "is a category, and 7 is none that can be"),
        ("income", Fraction("0.001"), "has at most 2 decimal places, but 0.001 has more"),
    ],
)
def test_a_value_that_its_type_cannot_have_is_told(code, value, message):
    formula = "{ type = 'yes_no', when = \"registered and founded < 2020-01-01 and level = '国家级'\" }"
    scheme = load(one_indicator(formula, figures=FIGURES + TYPED))
    good = figures_of(scheme, registered="false", founded="2000-01-01", level="国家级")
    given = {**good, code: FigureValue(status=good[code].status, value=value)}
    [problem] = validate_figures(scheme, given)
    assert (problem.figure, message in problem.message) == (code, True)


@pytest.mark.parametrize("text", ["yes", "2024-13-01", "省级"])
def test_a_text_that_its_type_does_not_know_is_refused_with_the_choices(text):
    scheme = load(
        one_indicator(
            "{ type = 'yes_no', when = \"registered and founded < 2020-01-01 and level = '国家级'\" }",
            figures=FIGURES + TYPED,
        )
    )
    for code in ("registered", "founded", "level"):
        with pytest.raises(ValueError, match="write "):
            read_figure(status="reported", value=text, figure=scheme.asked[code].figure)


BY_DEGREE = (
    '{{ type = "by_category", field = "degree", take = "{take}", where = "entered within 评价期", points = ['
    '{{ value = "本科", points = "0.5" }}, {{ value = "硕士", points = "2" }}, {{ value = "博士", points = "3" }}] }}'
)
PEOPLE = (
    {"degree": "博士", "entered": "2024-05-01"},
    {"degree": "本科", "entered": "2024-12-31"},
    {"degree": "本科", "entered": "2024-01-01"},
    {"degree": "博士", "entered": "2025-01-01"},
    {"degree": "硕士"},
)


@pytest.mark.parametrize(("take", "expected"), [("sum", 400), ("highest", 300)])
def test_categories_of_a_roster_are_added_or_the_highest_counts(take, expected):
    scheme = load(one_indicator(BY_DEGREE.format(take=take), figures=FIGURES + ROSTER))
    line = line_of(score(scheme, *PEOPLE))
    assert line.points == expected
    assert "本科 2 × 0.5、博士 1 × 3" in line.words


def test_a_category_figure_gives_the_points_of_its_value():
    formula = (
        '{ type = "by_category", figure = "level", points = [{ value = "国家级", points = "10" }, '
        '{ value = "自治区级", points = "4.5" }, { value = "4", points = "0" }] }'
    )
    level = '[[figure]]\ncode = "level"' + TYPED.split('[[figure]]\ncode = "level"', 1)[1]
    line = line_of(score(load(one_indicator(formula, figures=FIGURES + level)), level="自治区级"))
    assert (line.points, line.words) == (450, "指标x：级别 自治区级，得 4.50 分")


def test_a_roster_is_checked_row_by_row():
    scheme = load(one_indicator(BY_DEGREE.format(take="sum"), figures=FIGURES + ROSTER))
    rows = roster_of(scheme, {"degree": "博士"}, {"entered": "2024-01-01"})
    rows = (
        *rows,
        {"degree": FigureValue(status=rows[0]["degree"].status, value=Fraction(9)), "age": rows[0]["degree"]},
    )
    found = [(problem.figure, problem.message) for problem in validate_roster(scheme, rows)]
    assert found == [
        ("roster 2.degree", "row 2 of 人才名单 has no 学历"),
        ("roster 3.age", "人才名单 has no field 'age'"),
        ("roster 3.degree", "'roster 3.degree' (学历) is a category, and 9 is none that can be"),
    ]
    assert validate_roster(scheme, rows[:1] * 501)[0].message.endswith("above the 500 that the scheme allows")
    assert validate_roster(load(one_indicator(USE_ALL)), rows)[0].message.endswith("asks for no roster")


# ---- beside the cohort ------------------------------------------------------------------------------------


def table(scheme: Scheme, **tenants: str) -> dict[str, Scorecard]:
    entries = {
        name: EntryInputs(figures=figures_of(scheme, tenants=value), expert_scores={})
        for name, value in tenants.items()
    }
    return dict(score_table(scheme, entries))


@pytest.mark.parametrize(
    ("formula", "expected", "words"),
    [
        (
            '{ type = "min_max", figures = ["tenants"], when_equal = "full_points" }',
            [0, 250, 250, 1000],
            "指标x：在孵企业 20 家，本批 4 家中最低 10、最高 50，得 10 ×（20 − 10）÷（50 − 10） = 2.50 分",
        ),
        (
            '{ type = "min_max", figures = ["tenants"], when_equal = "full_points", better = "low" }',
            [1000, 750, 750, 0],
            "指标x：在孵企业 20 家，本批 4 家中最低 10、最高 50，得 10 ×（50 − 20）÷（50 − 10） = 7.50 分",
        ),
        (
            '{ type = "ratio_to_mean", figures = ["tenants"], full_at = "1.5", when_zero = "no_points" }',
            [267, 533, 533, 1000],
            "指标x：在孵企业 20 家，本批 4 家平均 25，达到平均的 1.5 倍得满分，得 10 ×（20 ÷ 25 ÷ 1.5） ≈ 5.33 分",
        ),
        (
            '{ type = "ratio_to_max", value = "tenants * 2", when_zero = "no_points" }',
            [200, 400, 400, 1000],
            "指标x = 在孵企业 × 2（在孵企业 20 家） = 40 家，本批 4 家中最高 100，得 10 ×（40 ÷ 100） = 4.00 分",
        ),
        (
            '{ type = "rank_share", figures = ["tenants"], shares = [{ within = "0.25", points = "10" }, '
            '{ within = "0.5", points = "6" }, { within = "1", points = "1" }] }',
            [100, 600, 600, 1000],
            "指标x：在孵企业 20 家，本批 4 家中位次第 2，在前 50% 以内，得 6.00 分",
        ),
    ],
)
def test_a_cohort_formula_compares_with_the_whole_table_and_names_its_numbers(formula, expected, words):
    cards = table(load(one_indicator(formula)), a="10", b="20", c="20", d="50")
    assert [line_of(card).points for card in cards.values()] == expected
    assert line_of(cards["b"]).words == words


@pytest.mark.parametrize(
    ("formula", "value", "expected"),
    [
        ('{ type = "min_max", figures = ["tenants"], when_equal = "full_points" }', "7", 1000),
        ('{ type = "ratio_to_mean", figures = ["tenants"], full_at = "1", when_zero = "no_points" }', "0", 0),
        ('{ type = "ratio_to_max", figures = ["tenants"], when_zero = "unscored" }', "0", None),
    ],
)
def test_a_cohort_that_cannot_be_compared_has_a_stated_answer(formula, value, expected):
    cards = table(load(one_indicator(formula)), a=value, b=value)
    assert [line_of(card).points for card in cards.values()] == [expected, expected]


def test_one_entry_alone_is_told_that_a_cohort_formula_needs_the_table():
    formula = '{ type = "min_max", figures = ["tenants"], when_equal = "full_points" }'
    card = score(load(one_indicator(formula)), tenants="10")
    assert (card.total, line_of(card).points) == (None, None)
    assert "须有整表" in card.unscored[0]


def test_an_entry_that_is_absent_or_lacks_the_figure_is_not_of_the_cohort():
    scheme = load(one_indicator('{ type = "min_max", figures = ["tenants"], when_equal = "full_points" }'))
    cards = table(scheme, a="10", b="20", gone="absent")
    assert [line_of(card).points for card in cards.values()] == [0, 1000, 0]
    assert "本批 2 家" in line_of(cards["a"]).words


def test_sub_types_with_formulas_of_their_own_are_cohorts_of_their_own():
    each = '{ type = "min_max", figures = ["tenants"], when_equal = "full_points" }'
    body = group("main", '"10"') + group("rest", '"1"', part="bonus")
    body += indicator("rest", USE_ALL, '"1"', inside="rest")
    body += (
        '\n[[indicator]]\ncode = "x"\ntitle = "指标x"\ngroup = "main"\nfull_marks = "10"\nbasis = "示例"\n'
        f"[indicator.by_sub_type]\ncomprehensive = {each}\nprofessional = {each}\n"
    )
    scheme = load(scheme_text(body=body, bonus="1", cap="10", sub_types='["comprehensive", "professional"]'))
    entries = {
        name: EntryInputs(figures=figures_of(scheme, tenants=value), expert_scores={}, sub_type=sub_type)
        for name, value, sub_type in [
            ("a", "10", None),
            ("b", "20", "comprehensive"),
            ("c", "500", "professional"),
        ]
    }
    cards = dict(score_table(scheme, entries))
    assert [line_of(card).points for card in cards.values()] == [0, 1000, 1000]


# ---- what is refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        (
            '{ type = "per_unit", value = "tenants + area", points_each = "1" }',
            "x.toml:78:51: indicator 1.formula.value: tenants is in 家 and area in m²; what is added has one unit: "
            "divide, or take another figure",
        ),
        (
            '{ type = "per_unit", value = "tenants / area", points_each = "1" }',
            "divides by area, which can be zero",
        ),
        (
            '{ type = "per_unit", value = "tenants >= 1 家", points_each = "1" }',
            "gives a condition, but a number",
        ),
        ('{ type = "yes_no", when = "tenants" }', "gives a number, but a condition is needed here"),
        (
            '{ type = "threshold", figures = ["tenants"], from = "1", base = "11", step = "0", points_each = "1" }',
            "needs step and points_each above 0",
        ),
        (
            '{ type = "per_amount", figures = ["tenants"], amount = "0", points_each = "1" }',
            "needs amount and points_each above 0",
        ),
        (
            '{ type = "rank_share", figures = ["tenants"], shares = [{ within = "0.5", points = "10" }] }',
            'end with within = "1"',
        ),
        (
            '{ type = "ratio_to_max", value = "tenants - 5 家", when_zero = "no_points" }',
            "its value may be negative; write max(…, 0)",
        ),
        (
            '{ type = "bands", value = "tenants - 5 家", bands = [{ at_least = "0", points = "10" }] }',
            "leaves a gap below its first band 0: the lowest value is -5",
        ),
        (
            '{ type = "by_category", figure = "tenants", points = [{ value = "a", points = "1" }] }',
            "which is a integer; name a category",
        ),
    ],
)
def test_a_formula_that_cannot_work_is_refused_with_its_place(formula, message):
    found = findings(one_indicator(formula))
    assert any(message in finding for finding in found)
    assert all(finding.startswith("x.toml:") for finding in found)


def test_every_wrong_expression_of_a_file_is_told_at_once():
    text = one_indicator('{ type = "per_unit", value = "1 +", points_each = "1" }').replace(
        "tenants >= 0 and income >= 0", "tenants >= area"
    )
    assert [finding.split(": ")[1] for finding in findings(text)] == [
        "indicator 1.formula.value",
        "indicator 2.formula.when",
    ]


def test_columns_are_right_in_an_expression_over_several_lines():
    formula = '"""\n  tenants\n    + area"""'
    [finding] = findings(one_indicator(f'{{ type = "per_unit", value = {formula}, points_each = "1" }}'))
    assert finding.startswith("x.toml:80:7: indicator 1.formula.value: tenants is in 家 and area in m²")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('code = "tenants"', 'code = "count"', "'count' is a word of expressions; choose another code"),
        ('name = "收入"', 'name = "总 收入"', "cannot stand in an expression; write one word"),
        ('"decimal"\nplaces = 2', '"decimal"\nplaces = 7', "must lie between 0 and 6"),
        (
            'source = "torch_statistics"',
            'source = "hearsay"',
            "'hearsay' is not known here; write one of torch_",
        ),
        ('type = "integer"', 'type = "float"', "write one of integer, decimal, boolean, date, category"),
        ('unit = "家"', 'unit = "家; DROP TABLE"', "is no unit; write one word"),
        # USE_ALL uses it in an expression, whose ranges need one that is not empty.
        (
            'maximum = "10000"',
            'maximum = "-3"',
            "figure 1.maximum: of 'tenants' is -3, below the minimum 0; swap or correct them",
        ),
    ],
)
def test_a_figure_that_cannot_be_is_refused(old, new, message):
    text = one_indicator(USE_ALL)
    assert old in text
    with pytest.raises(SchemeError, match=message):
        load(text.replace(old, new, 1))


def test_a_roster_field_or_window_that_nobody_uses_or_that_cannot_be_is_told():
    text = one_indicator(USE_ALL, figures=FIGURES + ROSTER).replace('to = "2024-12-31"', 'to = "2023-12-31"')
    assert [finding.split(": ", 1)[1] for finding in findings(text)] == [
        "roster_field 1.code: 'degree' is asked for, but no expression and no by_category uses it; "
        "use it or remove it: nobody fills in a column in vain",
        "roster_field 2.code: 'entered' is asked for, but no expression and no by_category uses it; "
        "use it or remove it: nobody fills in a column in vain",
        "window 1.to: is 2023-12-31, before 2024-01-01, so it has no day; swap them",
    ]
    with pytest.raises(SchemeError, match="is a column of no roster"):
        load(
            one_indicator(
                USE_ALL,
                figures=FIGURES + ROSTER.split("[[roster_field]]", 1)[1].join(["[[roster_field]]", ""]),
            )
        )
    assert GRADES in text
