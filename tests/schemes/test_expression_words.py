"""An official reads every expression in words: titles for codes, and what a function does instead of its name."""

import re

import pytest
from scheme_builder import FIGURES, ROSTER, TYPED, USE_ALL, group, indicator, scheme_text

from hatchmark.documents.scheme_words import SchemeWords
from hatchmark.domain.expression_words import ENGLISH, ExpressionWords
from hatchmark.domain.scheme import expressions_of
from hatchmark.schemes.loader import parse_scheme, shipped, shipped_codes


def words(text: str, *, condition: bool = False, language: str = "zh", inside: bool = False) -> str:
    field, kind = ("when", "yes_no") if condition else ("value", "per_unit")
    more = "" if condition else ', points_each = "1"'
    body = group("main", '"10"') + group("rest", '"1"', part="bonus")
    body += indicator("x", f'{{ type = "{kind}", {field} = "{text}"{more} }}')
    every = USE_ALL.replace(
        "tenants >= 0",
        "registered and founded > 1990-01-01 and level = '4' and tenants >= 0 and "
        "count(where degree = '本科') >= 0 and count(where entered > 1990-01-01) >= 0",
    )
    body += indicator("rest", every, '"1"', inside="rest")
    varied = scheme_text(
        body=body,
        figures=FIGURES + TYPED + ROSTER,
        bonus="1",
        cap="10",
        sub_types='["comprehensive", "professional"]',
    )
    scheme = parse_scheme(varied.encode(), file="x.toml")
    formula = scheme.indicators[0].formulas["comprehensive"]
    (expression,) = expressions_of(formula)
    said = ExpressionWords(scheme=scheme, language=language)
    return said.in_brackets(expression) if inside else said.of(expression)


CALCULATIONS = {
    "tenants / 2": ("在孵企业 ÷ 2", "在孵企业 ÷ 2"),
    "收入 - (收入 - 5 千元)": (
        "总收入（含税） − （总收入（含税） − 5 千元）".replace(" （", "（").replace("） ", "）"),
        "总收入（含税） − (总收入（含税） − 5 千元)",
    ),
    "tenants * (2 + 1)": ("在孵企业 ×（2 + 1）", "在孵企业 × (2 + 1)"),
    "income / max(tenants, 1 家)": (
        "总收入（含税）÷ 在孵企业（不足 1 家的按 1 家计）",
        "总收入（含税） ÷ 在孵企业 (at least 1 家)",
    ),
    "min(tenants, 9 家)": ("在孵企业（超过 9 家的按 9 家计）", "在孵企业 (at most 9 家)"),
    "clamp(tenants / 2 家, 1, 3)": (
        "（在孵企业 ÷ 2 家）（超过 3 的按 3 计）（不足 1 的按 1 计）",
        "(在孵企业 ÷ 2 家) (at most 3) (at least 1)",
    ),
    "max(tenants, 3 家, 2 * tenants)": (
        "（在孵企业、3 家、2 × 在孵企业 中最大的）",
        "(the largest of 在孵企业, 3 家, 2 × 在孵企业)",
    ),
    "convert(收入, 万元)": ("总收入（含税）（折合万元）", "总收入（含税） (in 万元)"),
    "if area > 0 then income / area else 0": (
        "（面积 > 0 时为 总收入（含税）÷ 面积，否则为 0）",
        "(where 面积 > 0: 总收入（含税） ÷ 面积, else 0)",
    ),
    "count()": ("人才名单的人数", "number of rows of 人才名单"),
    "count(where 入职日期 within 评价期 and degree in ['硕士', '博士'])": (
        "人才名单中“入职日期在评价期内 且 学历为硕士或博士”的人数",
        "number of rows of 人才名单 where 入职日期 within 评价期 and 学历 is 硕士 or 博士",
    ),
    "share(where degree != '本科' else 50%)": (
        "人才名单中“学历不为本科”的占比（名单为空时按 0.5 计）",
        "share of the rows of 人才名单 where 学历 is not 本科 (0.5 where there are none)",
    ),
    "sum(tenants where degree = '博士')": (
        "人才名单中“学历为博士”的在孵企业合计",
        "sum of 在孵企业 over 人才名单 where 学历 is 博士",
    ),
    "2024-12-31 - founded": ("2024-12-31 − 成立日期", "2024-12-31 − 成立日期"),
    "-tenants + tenants": ("−在孵企业 + 在孵企业", "−在孵企业 + 在孵企业"),
}
CONDITIONS = {
    "registered": ("已登记为是", "已登记: yes"),
    "not registered and tenants >= 5 家": ("已登记为否 且 在孵企业 ≥ 5 家", "已登记: no and 在孵企业 ≥ 5 家"),
    "registered or not (tenants < 5 家 or area < 9 m²)": (
        "已登记为是 或 不符合（在孵企业 < 5 家 或 面积 < 9 m²）",
        "已登记: yes or not (在孵企业 < 5 家 or 面积 < 9 m²)",
    ),
    "tenants / 10000 家 >= 70%": ("在孵企业 ÷ 10000 家 ≥ 70%", "在孵企业 ÷ 10000 家 ≥ 70%"),
    "level in ['国家级', '4'] and sub_type = 'professional'": (
        "级别为国家级或4 且 参评类型为professional",
        "级别 is 国家级 or 4 and sub-type is professional",
    ),
    "founded within period": ("成立日期在评价期内", "成立日期 within 评价期"),
    "not founded within period": ("成立日期不在评价期内", "成立日期 not within 评价期"),
}


@pytest.mark.parametrize("text", CALCULATIONS)
def test_a_calculation_is_read_in_words(text):
    assert (words(text), words(text, language=ENGLISH)) == CALCULATIONS[text]


@pytest.mark.parametrize("text", CONDITIONS)
def test_a_condition_is_read_in_words(text):
    assert (
        words(text, condition=True),
        words(text, condition=True, language=ENGLISH),
    ) == CONDITIONS[text]


def test_inside_a_calculation_it_is_bracketed_where_it_has_to_be():
    assert words("tenants + tenants", inside=True) == "（在孵企业 + 在孵企业）"
    assert words("tenants", inside=True) == "在孵企业"


CODE = re.compile(
    r"(?<![A-Za-z])(if|then|else|where|max|min|clamp|convert|count|sum|share|within|and|or|not)(?![A-Za-z])"
)


@pytest.mark.parametrize("code", shipped_codes())
def test_no_page_of_a_shipped_scheme_shows_the_language_of_expressions(code):
    scheme = shipped(code)
    said = SchemeWords(scheme)
    sentences = [said.indicator(each) for each in scheme.indicators]
    sentences += [said.veto_condition(veto) for veto in scheme.vetoes]
    columns = [reference for reference in scheme.asked if "_" in reference]

    for sentence in sentences:
        assert not CODE.search(sentence), sentence
        assert not [column for column in columns if column in sentence], sentence


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_cohort_of_a_sub_type_is_called_one(language):
    scheme = shipped("national/incubator-2019")
    said = SchemeWords(scheme, language)
    (rank,) = (each for each in scheme.indicators if each.code == "growth_firm_rank")
    expected = "同类型参评单位" if language == "zh" else "the entries of its sub-type"
    assert expected in said.indicator(rank)
