"""Expressions: what they mean, what is refused before any figure is known, and their exact value."""

import datetime
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hatchmark.domain.expressions import (
    DEEPEST_EXPRESSION,
    LARGEST_BITS,
    LONGEST_EXPRESSION,
    MOST_PARTS,
    Expression,
    ExpressionError,
    Kind,
    Name,
    Scope,
    Values,
    Window,
    check,
    holds,
    number,
)
from hatchmark.schemes.grammar import read_expression

WINDOW = Window(
    code="period",
    title="评价期",
    first=datetime.date(2024, 1, 1),
    last=datetime.date(2024, 12, 31),
    basis="示例",
)


def a_number(reference: str, unit: str, high: int = 10_000, places: int = 0, low: int = 0) -> Name:
    return Name(
        reference=reference,
        kind=Kind.NUMBER,
        unit=unit,
        low=Fraction(low),
        high=Fraction(high),
        places=places,
    )


FIGURES = {
    "在孵企业": a_number("tenants", "家"),
    "tenants": a_number("tenants", "家"),
    "tenants@last": a_number("tenants@last", "家"),
    "毕业企业": a_number("graduates", "家"),
    "收入": a_number("income", "千元", 10**9, 2),
    "投资": a_number("investment", "万元", 10**6, 2),
    "面积": a_number("area", "m²", 10**6, 2),
    "盈余": a_number("surplus", "千元", 10**6, 0, low=-(10**6)),
    "无限": Name(reference="endless", kind=Kind.NUMBER, unit="家"),
    "公司制": Name(reference="incorporated", kind=Kind.CONDITION, high=Fraction(1)),
    "成立": Name(reference="founded", kind=Kind.DATE, low=Fraction(700_000), high=Fraction(760_000)),
    "级别": Name(
        reference="level",
        kind=Kind.CATEGORY,
        low=Fraction(1),
        high=Fraction(2),
        values=("国家级", "自治区级"),
    ),
}
FIELDS = {
    "学历": Name(
        reference="degree",
        kind=Kind.CATEGORY,
        low=Fraction(1),
        high=Fraction(3),
        values=("本科", "硕士", "博士"),
    ),
    "入驻": Name(reference="entered", kind=Kind.DATE, low=Fraction(700_000), high=Fraction(760_000)),
    "营收": a_number("sales", "千元", 10**6, 1),
}
SCOPE = Scope(
    figures=FIGURES,
    fields=FIELDS,
    windows={"period": WINDOW, "评价期": WINDOW},
    roster_unit="家",
    most_rows=1000,
)


def day(text: str) -> Fraction:
    return Fraction(datetime.date.fromisoformat(text).toordinal())


ROSTER = (
    {"degree": Fraction(3), "entered": day("2024-01-01"), "sales": Fraction("10.5")},
    {"degree": Fraction(1), "entered": day("2024-12-31"), "sales": Fraction(20)},
    {"degree": Fraction(2), "entered": day("2025-01-01")},
)
VALUES = Values(
    figures={
        "tenants": Fraction(48),
        "tenants@last": Fraction(40),
        "graduates": Fraction(6),
        "income": Fraction("1500.25"),
        "investment": Fraction(30),
        "area": Fraction(0),
        "surplus": Fraction(-5),
        "incorporated": Fraction(1),
        "founded": day("2020-02-29"),
        "level": Fraction(2),
    },
    roster=ROSTER,
)


def checked(text: str, wants: Kind = Kind.NUMBER, scope: Scope = SCOPE) -> Expression:
    return check(read_expression(text), text=text, scope=scope, wants=wants)


def refusal(text: str, wants: Kind = Kind.NUMBER) -> tuple[int, str]:
    with pytest.raises(ExpressionError) as caught:
        checked(text, wants)
    return caught.value.at, caught.value.what


# ---- values -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("毕业企业 / max(在孵企业 + 毕业企业, 1 家)", Fraction(1, 9), ""),
        ("30 * 毕业企业 / (tenants * 0.8 + 1 家)", Fraction(180) / Fraction("39.4"), ""),
        ("tenants - tenants@last", Fraction(8), "家"),
        ("1 - 2 - 3", Fraction(-4), ""),
        ("2 + 3 * 4 / 6", Fraction(4), ""),
        ("-(2 - 5)", Fraction(3), ""),
        ("12 / 2 / 3", Fraction(2), ""),
        ("75% * 4", Fraction(3), ""),
        ("收入 + convert(投资, 千元)", Fraction("1800.25"), "千元"),
        ("convert(收入, 万元)", Fraction("150.025"), "万元"),
        ("收入 / max(面积, 10 m²)", Fraction("150.025"), "千元/m²"),
        ("min(3, 1, 2) + max(3, 1, 2)", Fraction(4), ""),
        ("clamp(tenants / 1 家, 0, 10)", Fraction(10), ""),
        ("if 面积 > 0 then 收入 / 面积 else 0", Fraction(0), "千元/m²"),
        ("if 级别 = '国家级' then 2 else if 级别 = '自治区级' then 1 else 0", Fraction(1), ""),
        ("2024-12-31 - 成立", Fraction(1767), "天"),
        ("count()", Fraction(3), "家"),
        ("count(where 学历 in ['硕士', '博士'])", Fraction(2), "家"),
        ("count(where 入驻 within 评价期)", Fraction(2), "家"),
        ("sum(营收)", Fraction("30.5"), "千元"),
        ("sum(营收 * 2 where 学历 = '博士')", Fraction(21), "千元"),
        ("share(where 营收 >= 15 千元 else 0)", Fraction(1, 2), ""),
    ],
)
def test_an_expression_has_an_exact_value_and_a_unit(text, value, unit):
    expression = checked(text)
    assert (number(expression, VALUES), expression.unit) == (value, unit)


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("在孵企业 >= 48 家 and 毕业企业 < 6 家", False),
        ("在孵企业 >= 48 家 or 毕业企业 < 6 家", True),
        ("not 公司制", False),
        ("公司制 and not false", True),
        ("成立 < 2020-03-01", True),
        ("成立 within period", False),
        ("级别 != '国家级'", True),
        ("'自治区级' = 级别", True),
        ("盈余 < 0", True),
        ("1 = 2 or 2 = 2 and 3 = 4", False),
    ],
)
def test_a_condition_holds_or_does_not(text, truth):
    assert holds(checked(text, Kind.CONDITION), VALUES) is truth


def test_an_empty_roster_has_the_share_that_the_scheme_states():
    empty = Values(figures={}, roster=())
    assert number(checked("share(where 学历 = '博士' else 50%)"), empty) == Fraction(1, 2)
    assert number(checked("count() / 1 家 + sum(营收) / 1 千元"), empty) == 0


def test_a_row_without_a_value_counts_in_no_aggregate_that_uses_the_field():
    # The third row has no 营收: one of two rows, not of three.
    assert number(checked("share(where 营收 > 15 千元 else 0)"), VALUES) == Fraction(1, 2)
    assert number(checked("count(where 营收 >= 0)"), VALUES) == 2


def test_an_expression_names_the_figures_and_fields_it_uses():
    expression = checked("收入 / max(tenants@last, 1 家) + sum(营收 where 学历 = '博士') / 1 家")
    assert expression.references == ("income", "tenants@last")
    assert set(expression.fields) == {"sales", "degree"}
    assert expression.uses_roster


# ---- what is refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "at", "what"),
    [
        ("收入 + 面积", 5, "income is in 千元 and area in m²; what is added has one unit"),
        ("收入 + 投资", 5, "write convert(investment, 千元)"),
        ("收入 - 5", 5, "income is in 千元 and 5 in no unit; what is subtracted has one unit: write 5 千元"),
        ("max(在孵企业, 1)", 10, "tenants is in 家 and 1 in no unit"),
        ("if 收入 > 5 then 1 else 0", 8, "what is compared has one unit"),
        ("if 公司制 then 收入 else 面积", 20, "what is chosen between has one unit"),
        ("convert(收入, m²)", 0, "cannot convert 千元 into m²"),
        ("convert(收入 / 1 家, 元)", 0, "cannot convert 千元/家 into 元"),
        ("毕业企业 / 在孵企业", 7, "divides by tenants, which can be zero (it lies between 0 and 10000)"),
        ("1 / (在孵企业 - 5 家)", 10, "which can be zero (it lies between -5 and 9995)"),
        ("1 / 0", 4, "which can be zero"),
        ("if 面积 >= 0 then 收入 / 面积 else 0", 21, "divides by area, which can be zero"),
        ("if 面积 > 0 then 0 else 收入 / 面积", 27, "divides by area, which can be zero"),
        ("if 面积 > 0 or 收入 > 0 then 1 / 面积 else 0", 29, "divides by area"),
        ("无限 + 1 家", 0, "'无限' has no maximum, so it is not known how large the result can be"),
        ("收人", 0, "'收人' is no name that is known here"),
        ("income", 0, "'income' is no name that is known here"),
        ("收入@last", 0, "needs last year's value of 'income', which has no last_year = true"),
        ("学历", 0, "'学历' is a field of the roster; use it inside count"),
        ("级别", 0, "gives a category, but a number is needed here"),
        ("公司制 + 1", 0, "incorporated is a condition, but a number is needed here"),
        ("if 收入 then 1 else 0", 3, "income is a number, but a condition is needed here; compare it"),
        ("if 级别 > '国家级' then 1 else 0", 6, "a category has no >"),
        ("if 级别 = '省级' then 1 else 0", 8, "'省级' is no value of level; write one of 国家级, 自治区级"),
        ("if 收入 = '高' then 1 else 0", 8, "income is a number, but '高' is a category's value"),
        ("if 成立 > 收入 then 1 else 0", 6, "compares founded, a date, with income, a number"),
        ("if 收入 within 评价期 then 1 else 0", 3, "only a date lies within a window"),
        ("if 成立 within 年度 then 1 else 0", 13, "'年度' is no window; write one of period"),
        ("2024-02-30 - 成立", 0, "2024-02-30 is no day of the calendar"),
        ("sum(count())", 4, "count stands inside another aggregate"),
        ("sum(营收 / max(营收, 1 千元))", 0, "sum adds quotients"),
        ("clamp(1, 5, 2)", 0, "which may be the wrong way round"),
        ("min(1)", 0, "min compares at least two numbers"),
        ("share(where 学历 = '博士' else 2)", 0, "a share lies between 0 and 1"),
        ("收入 + 1e9", 5, "'e9' is no unit of this scheme; write one of 家, 千元, 万元, m²"),
        (
            "收入 * 收入 * 收入 * 收入",
            0,
            f"more than the {LARGEST_BITS} within which every engine stays exact",
        ),
    ],
)
def test_what_can_go_wrong_is_refused_with_its_place(text, at, what):
    found_at, found = refusal(text)
    assert what in found
    if at:
        assert found_at == at


@pytest.mark.parametrize(
    ("text", "at", "what"),
    [
        ("", 0, "ends too early"),
        ("1 +", 3, "ends too early"),
        ("((1)", 4, "ends too early"),
        ("1 2", 2, "'2' cannot stand here"),
        ("2 ** 3", 3, "there are no powers"),
        ("2 ^ 3", 2, "there are no powers"),
        ("a.b", 1, "nothing has attributes"),
        ("收入（1）", 2, "write ( with the keyboard set to English"),
        ("收入 ÷ 2", 3, "write /"),
        ('级别 = "国家级"', 5, "write texts in single quotes"),
        ("1; 2", 1, "one expression is enough"),
        ("__import__('os')", 10, "'(' cannot stand here"),
        ("lambda: 1", 6, "':' has no meaning here"),
        ("[x for x in 1]", 0, "'[' "),
        ("if 1 = 1 then 2", 15, "ends too early"),
        ("share(where 公司制)", 15, "')' cannot stand here"),
        ("1" * 31, 0, "a number of 31 characters is too long"),
        ("+" * (LONGEST_EXPRESSION + 1), 0, f"write at most {LONGEST_EXPRESSION}"),
        ("+".join(["1"] * (MOST_PARTS // 2 + 2)), 0, "nests deeper"),
        ("-" * (DEEPEST_EXPRESSION + 1) + "1", 0, "nests deeper"),
        ("max(" + ",".join("1" * 1 for _ in range(MOST_PARTS)) + ")", 0, "has more than 200 parts"),
    ],
)
def test_what_is_no_expression_is_refused_with_its_place(text, at, what):
    found_at, found = refusal(text)
    assert what in found
    if at:
        assert found_at == at


@pytest.mark.parametrize(
    "text",
    [
        "if 面积 > 0 then 收入 / 面积 else 0",
        "if 0 < 面积 then 收入 / 面积 else 0",
        "if 面积 != 0 then 收入 / 面积 else 0",
        "if 面积 = 0 then 0 else 收入 / 面积",
        "if 面积 <= 0 then 0 else 收入 / 面积",
        "if not 面积 = 0 then 收入 / 面积 else 0",
        "if 公司制 and 面积 > 0 then 收入 / 面积 else 0",
        "if 面积 = 0 or 收入 = 0 then 0 else 收入 / 面积",
        "if 在孵企业 + 毕业企业 > 0 then 毕业企业 / (在孵企业 + 毕业企业) else 0",
        "if 面积 > 0 and 收入 / 面积 > 1 千元 / 1 m² then 1 else 0",
        "if 盈余 < 0 then 1 千元 / 盈余 else 0",
        "if count() > 0 then sum(营收) / count() else 0",
    ],
)
def test_a_condition_that_excludes_zero_allows_the_division(text):
    assert isinstance(number(checked(text), VALUES), Fraction)


def test_a_name_of_two_figures_is_refused():
    ambiguous = Scope(
        figures=FIGURES, fields={}, windows={}, ambiguous=frozenset({"收入"}), roster_unit="", most_rows=0
    )
    with pytest.raises(ExpressionError, match="'收入' names two figures; write the code"):
        checked("收入", scope=ambiguous)
    with pytest.raises(ExpressionError, match=r"the scheme has no \[roster\]; add one"):
        checked("count()", scope=ambiguous)


def test_a_keyword_ends_where_a_name_goes_on():
    names = {"iffy": a_number("iffy", "家"), "或有": a_number("maybe", "家"), "summary": a_number("s", "家")}
    scope = Scope(figures=names, fields={}, windows={})
    assert checked("iffy + 或有 + summary", scope=scope).references == ("iffy", "maybe", "s")


# ---- laws -------------------------------------------------------------------------------------------------

_LEAVES = st.sampled_from(["tenants / 1 家", "收入 / 1 千元", "盈余 / 1 千元", "2.5", "7", "0.01", "10%"])


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    two = st.tuples(inner, inner)
    return st.one_of(
        two.map(lambda pair: f"({pair[0]} + {pair[1]})"),
        two.map(lambda pair: f"({pair[0]} - {pair[1]})"),
        two.map(lambda pair: f"({pair[0]} * {pair[1]})"),
        two.map(lambda pair: f"({pair[0]} / max({pair[1]}, 1))"),
        two.map(lambda pair: f"max({pair[0]}, {pair[1]})"),
        two.map(lambda pair: f"(if {pair[0]} > {pair[1]} then {pair[0]} else -{pair[1]})"),
    )


@settings(max_examples=150, deadline=None)
@given(
    text=st.recursive(_LEAVES, _grown, max_leaves=6),
    tenants=st.integers(0, 10_000),
    income=st.decimals(0, 10**9, places=2),
    surplus=st.integers(-(10**6), 10**6),
)
def test_a_value_lies_within_its_bounds_and_its_size(text, tenants, income, surplus):
    try:
        expression = checked(text)
    except ExpressionError as error:
        assert "bits" in error.what
        return
    figures = {"tenants": Fraction(tenants), "income": Fraction(income), "surplus": Fraction(surplus)}
    value, meaning = number(expression, Values(figures=figures)), expression.root.meaning
    assert meaning.low <= value <= meaning.high
    assert (value * meaning.fixed).denominator <= meaning.divisor
    assert abs(value.numerator) <= meaning.whole
