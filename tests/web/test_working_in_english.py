"""A formula that has no English sentence yet shows its Chinese words alone; no page fails over it."""

import re

import pytest

from hatchmark.schemes.loader import shipped
from hatchmark.web import working


def line(formula):
    return {
        "code": "mentor_ratio",
        "title": "示例指标",
        "points": "1.00",
        "full_marks": "2.00",
        "figures": [
            {
                "code": "mentors",
                "title": "创业导师",
                "value": "5",
                "status": "reported",
                "unit": "人",
                "source": "",
            }
        ],
        "scores": [],
        "words": "示例算式",
        "basis": "示例条款",
        "formula": formula,
    }


@pytest.mark.parametrize(
    "formula",
    [
        {
            "type": "threshold",
            "figures": ["mentors"],
            "from": "3",
            "base": "1",
            "step": "1",
            "points_each": "0.5",
        },
        {"type": "yes_no", "when": "创业导师 > 3 人"},
        {"type": "bands", "value": "创业导师 * 2", "bands": []},
    ],
)
def test_a_formula_without_an_english_sentence_is_left_in_chinese(formula):
    group = {
        "code": "service",
        "title": "示例组",
        "part": "quantitative",
        "points": "1.00",
        "full_marks": "2.00",
        "basis": "示例",
        "lines": [line(formula)],
    }
    document = {
        "scheme": {
            "title": "示例方案",
            "digest": "0",
            "provenance": "reconstruction",
            "provenance_note": "示例",
            "full_marks": "100.00",
            "bonus_cap": "10.00",
            "total_cap": "110.00",
        },
        "groups": [group],
        "adjustments": [],
        "total": "1.00",
        "total_words": "总分 = 1.00 分",
        "grade": {"grade": "good", "at_least": "1.00", "words": "示例", "vetoes": [], "basis": []},
        "unscored": [],
    }

    view = working.view_of(document, year=2025, kind="incubator", anchor="a", language="en", english={})

    [shown] = view["groups"][0]["lines"]
    assert (shown["english"], shown["words"]) == ("", "示例算式")


@pytest.mark.parametrize("code", ["nmg/incubator-2020", "nmg/makerspace-2020"])
def test_the_schemes_of_the_demo_have_an_english_title_for_every_part(code):
    scheme = shipped(code)

    assert set(scheme.english) == {
        "scheme",
        *(f"figure.{figure.code}" for figure in scheme.figures),
        *(f"group.{group.code}" for group in scheme.groups),
        *(f"line.{line.code}" for line in (*scheme.indicators, *scheme.expert_items)),
        *(f"veto.{veto.code}" for veto in scheme.vetoes),
    }
    assert not any(re.search(r"[\u4e00-\u9fff]", title) for title in scheme.english.values())


def test_a_title_is_shown_in_the_language_it_is_in():
    titles = working._Titles({"figure.income": "Income"})

    assert titles.of_figure({"code": "income@last", "title": "上年总收入"}) == working.Title(
        "Income, last year", "en"
    )
    assert titles.of_figure({"code": "staff", "title": "从业人员"}) == working.Title("从业人员", "zh-Hans")
