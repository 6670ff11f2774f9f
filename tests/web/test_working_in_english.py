"""The working of a score in two languages: rule, sums and titles, for every scheme that ships and one that does not."""

import re
from fractions import Fraction

import pytest

from hatchmark.domain.sampling_schemes import sample_entries
from hatchmark.engines.reference import score_table
from hatchmark.schemes.loader import shipped, shipped_codes
from hatchmark.web import working


def documents_of(code):
    scheme = shipped(code)
    entries = {str(n): each.inputs for n, each in enumerate(sample_entries(scheme, rows=12, seed=7))}
    return [card.as_document() for _, card in score_table(scheme, entries)]


def view(document, language):
    english = shipped("nmg/incubator-2020").english
    return working.view_of(document, language=language, english=english, submission=None)


def number(text):
    return Fraction(text.replace("−", "-"))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("code", shipped_codes())
def test_leaves_and_caps_add_up_to_the_total_and_every_line_says_its_rule(code, language):
    totals = 0
    for document in documents_of(code):
        shown = view(document, language)
        lines = [line for group in shown["groups"] for line in group["lines"]]
        assert all(line["rule"] and line["words"] and line["basis"] for line in lines)
        if document["total"] is None:
            assert shown["leaves"] is None
            continue
        totals += 1
        moved = sum(number(each["points"]) for each in shown["adjustments"])
        assert sum(number(line["points"]) for line in lines) + moved == number(document["total"])
        assert shown["leaves"]["sum"] in shown["leaves"]["words"]
        assert document["total"] in shown["sum"]

    assert totals > 0


def test_the_sum_in_english_names_every_part_with_its_sign():
    [document] = [each for each in documents_of("recheck/incubator-2020") if each["total"]][:1]
    terms = re.fullmatch(r"Total = (.+) = ([0-9.]+)", view(document, "en")["sum"])
    signed = re.findall(r"([−+]?) ?(?:quantitative|deduction|made up to zero) ([0-9.]+)", terms[1])

    assert sum(Fraction(n) * (-1 if sign == "−" else 1) for sign, n in signed) == Fraction(terms[2])
    assert "deduction" in terms[1]


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"digest": "0" * 64}, {"code": "example/no-such-scheme"}])
def test_a_score_by_a_scheme_that_is_another_by_now_is_shown_without_its_rule(change):
    document = documents_of("nmg/incubator-2020")[0]
    shown = view({**document, "scheme": document["scheme"] | change}, "zh")

    assert {line["rule"] for group in shown["groups"] for line in group["lines"]} == {""}
    assert shown["scheme_address"] == ""
    assert shown["sum"] == document["total_words"]


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
