"""Worked cases: the shipped schemes give what was worked out by hand, and a wrong case is found."""

from pathlib import Path

import pytest

from hatchmark.domain.scheme import Scheme
from hatchmark.schemes.cases import check_cases, load_cases, parse_cases, shipped_cases
from hatchmark.schemes.loader import SchemeError, shipped, shipped_codes

FIRST = '[[case]]\nname = "一"\nfacts = ["absent"]\n'


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return shipped("nmg/makerspace-2020")


def failures(scheme: Scheme, text: str) -> list[str]:
    return [
        str(failure) for failure in check_cases(scheme, parse_cases(text.encode(), file="x", scheme=scheme))
    ]


@pytest.mark.parametrize("code", shipped_codes())
def test_every_shipped_case_comes_out_as_worked_by_hand(code):
    assert check_cases(shipped(code)) == []


@pytest.mark.parametrize("code", ["nmg/incubator-2020", "nmg/makerspace-2020"])
def test_the_shipped_cases_reach_every_part_of_a_scheme(code):
    scheme = shipped(code)
    cases = shipped_cases(code, scheme=scheme)
    totals = {case.expected.get("total") for case in cases}
    assert len(cases) >= 6
    assert {"100.00", "0.00", "none"} <= totals
    assert any(case.status == "pilot" for case in cases)
    assert any("adjustments.bonus_cap" in case.expected for case in cases)
    counts = {len(scores) for case in cases for scores in case.inputs.expert_scores.values()}
    assert {2, 3, 4, 5} <= counts


def test_a_case_that_comes_out_otherwise_is_told(scheme):
    text = FIRST + '[case.expect]\ntotal = "60.00"\ngrade = "unqualified"\nproposals = ["disqualified"]\n'
    assert failures(scheme, text) == [
        "case '一': total should be '60.00', but is 'none'",
        "case '一': proposals should be ['disqualified'], but is []",
    ]


def test_a_case_without_all_figures_fails_by_name(scheme):
    text = '[[case]]\nname = "一"\nfigures = { area = "500" }\n[case.expect]\ntotal = "1.00"\n'
    found = failures(scheme, text)
    assert len(found) == len(scheme.asked) - 1
    assert "'workstations' (工位) is not there" in found[1]


def test_a_case_starts_from_the_inputs_of_an_earlier_one_but_not_from_its_facts(scheme):
    text = (
        FIRST
        + '[case.expect]\ngrade = "unqualified"\n[[case]]\nname = "二"\nbased_on = "一"\n[case.expect]\ntotal = "1.00"'
    )
    first, second = parse_cases(text.encode(), file="x", scheme=scheme)
    assert (first.inputs.facts.absent, second.inputs.facts.absent) == (True, False)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            FIRST + "[case.expect]\n",
            "case 1.expect: expects nothing, so it cannot fail; say what must come out",
        ),
        (FIRST, "case 1: field 'expect' is missing; give a table, for example { … }"),
        (FIRST + "[case.expect]\ntotl = '1'", "case 1.expect.totl: no field of this name is known here"),
        (
            FIRST + "[case.expect]\npoints = { nothing = '1.00' }",
            "points.nothing: is no indicator and no expert item",
        ),
        (FIRST + "based_on = '零'\n[case.expect]\ntotal = '1'", "'零' is no earlier case; write one of none"),
        (
            FIRST.replace("absent", "late") + "[case.expect]\ntotal = '1'",
            "case 1.facts: must be a list of facts; write some of absent, ",
        ),
        (
            FIRST + "figures = { area = 'many' }\n[case.expect]\ntotal = '1'",
            "figures.area: 'many' is not a plain number",
        ),
        (
            FIRST + "experts = { exp_cases = [3] }\n[case.expect]\ntotal = '1'",
            "experts.exp_cases: must be a list of numbers in quotes",
        ),
        (
            FIRST + "history = { last = 'good' }\n[case.expect]\ntotal = '1'",
            "history.last: is no year; write four digits",
        ),
        ((FIRST + "[case.expect]\ntotal = 'none'\n") * 2, "case 2.name: '一' is already the name of a case"),
    ],
)
def test_a_case_file_that_cannot_be_used_is_refused(scheme, text, message):
    with pytest.raises(SchemeError) as caught:
        parse_cases(text.encode(), file="x", scheme=scheme)
    assert message in str(caught.value)


def test_cases_beside_an_own_scheme_are_read_from_a_file(scheme, tmp_path: Path):
    path = tmp_path / "own.cases.toml"
    path.write_text(FIRST + '[case.expect]\ntotal = "none"\n', encoding="utf-8")
    assert check_cases(scheme, load_cases(path, scheme=scheme)) == []
    with pytest.raises(SchemeError, match="No such file"):
        load_cases(tmp_path / "none.toml", scheme=scheme)
