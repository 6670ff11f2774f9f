"""The schemes beside the two of 2020: each says what it is a reconstruction of, and keeps to what is documented."""

from collections import Counter
from fractions import Fraction

import pytest

from hatchmark.domain.outcomes import Grade, Outcome
from hatchmark.domain.scheme import (
    COHORT_FORMULAS,
    Condition,
    Measure,
    Part,
    Provenance,
    Scheme,
    VetoEffect,
    expressions_of,
)
from hatchmark.domain.scoring import score_together
from hatchmark.domain.vocabulary import load_vocabulary
from hatchmark.schemes.cases import check_cases, shipped_cases
from hatchmark.schemes.loader import shipped, shipped_codes

NMG = "nmg/incubator-2024"
NATIONAL = "national/incubator-2019"
FUYANG = "fuyang/incubator-2022"
HUZHOU = "huzhou/makerspace-2020"
RECHECK = "recheck/incubator-2020"
NEW = [NMG, NATIONAL, FUYANG, HUZHOU, RECHECK]


def bases_of(scheme: Scheme) -> list[str]:
    ruled = [
        *(figure.basis for figure in scheme.figures),
        *(group.basis for group in scheme.groups),
        *(indicator.basis for indicator in scheme.indicators),
        *(item.basis for item in scheme.expert_items),
        *(cut.basis for cut in scheme.grades),
        *(veto.basis for veto in scheme.vetoes),
        *(rule.basis for rule in scheme.carried),
        *(rule.basis for rule in scheme.consequences),
        *(window.basis for window in scheme.windows),
    ]
    return [*ruled, scheme.absence.basis, scheme.missing.basis]


def formula_types(scheme: Scheme) -> set[str]:
    return {
        type(formula).__name__ for indicator in scheme.indicators for formula in indicator.formulas.values()
    }


def leaves_under(scheme: Scheme, *prefixes: str) -> int:
    """Count the indicators and items of the groups whose code begins with one of `prefixes`."""
    return sum(leaf.group.startswith(prefixes) for leaf in (*scheme.indicators, *scheme.expert_items))


# ---- all of them ------------------------------------------------------------------------------------------


def test_all_of_them_ship():
    assert set(NEW) < set(shipped_codes())


@pytest.mark.parametrize("code", NEW)
def test_each_says_that_it_is_a_reconstruction_and_of_what(code):
    scheme = shipped(code)
    assert scheme.code == code
    assert scheme.provenance is Provenance.RECONSTRUCTION
    assert "重构" in scheme.title
    for words in ("本方案为重构", "有据可查的只有", "均为本项目重构"):
        assert words in scheme.provenance_note


@pytest.mark.parametrize("code", [NATIONAL, FUYANG, HUZHOU, RECHECK])
def test_none_of_them_speaks_in_the_name_of_a_place(code):
    assert shipped(code).authority.startswith("示意：参照")


@pytest.mark.parametrize("code", NEW)
def test_every_basis_names_a_document_a_practice_or_the_reconstruction(code):
    known = (
        "重构：",
        "参照",
        "各地已见",
        "内科",
        "国科",
        "皖科",
        "南京市",
        "定性内容：南京市",
        "大连市",
        "火炬统计",
        "等次名称：",
    )
    known += ("类别：", "按", "2021年、2024年公布")
    assert [basis for basis in bases_of(shipped(code)) if not basis.startswith(known)] == []


@pytest.mark.parametrize("code", NEW)
def test_every_case_comes_out_as_worked_by_hand(code):
    scheme = shipped(code)
    cases = shipped_cases(code, scheme=scheme)
    assert check_cases(scheme, cases) == []
    assert len(cases) >= 8
    assert any(case.inputs.facts.absent for case in cases)
    assert {cut.name for cut in scheme.grades} <= {
        cut.name for case in cases for cut in scheme.grades if case.expected.get("grade") == cut.grade.value
    }


@pytest.mark.parametrize("code", NEW)
def test_every_leaf_earns_its_full_marks_in_some_case(code):
    # What no case reaches could be wrong without anybody knowing.
    scheme = shipped(code)
    full: set[str] = set()
    for case in shipped_cases(code, scheme=scheme):
        card = dict(score_together(scheme, dict(enumerate((case.inputs, *case.others)))))[0]
        # The points of a deduction are below zero.
        full |= {line.code for line in card.leaves() if abs(line.points or 0) == line.full_marks}
    leaves = [*scheme.indicators, *scheme.expert_items]
    assert [leaf.code for leaf in leaves if leaf.code not in full] == []


def test_together_they_use_every_formula_type_that_the_two_of_2020_do_not():
    found = set().union(*(formula_types(shipped(code)) for code in NEW))
    assert {
        "YesNo",
        "ByCategory",
        "Threshold",
        "PerAmount",
        "MinMax",
        "RatioToMean",
        "RatioToMax",
        "RankShare",
    } <= found


# ---- Inner Mongolia 2024 ----------------------------------------------------------------------------------


def test_nmg_2024_has_three_grades_and_its_vocabulary_says_the_same():
    scheme, vocabulary = shipped(NMG), load_vocabulary("nmg-2024")
    labels = {cut.grade: cut.words for cut in scheme.grades}
    assert labels == {Grade.EXCELLENT: "优秀", Grade.QUALIFIED: "合格", Grade.UNQUALIFIED: "不合格"}
    assert vocabulary.grades == labels


def test_nmg_2024_revokes_where_2021_cancelled():
    words = [
        load_vocabulary(code).face_text(
            kind="incubator", outcome=Outcome.DISQUALIFIED, grade=None, round_year=2024
        )
        for code in ("nmg-2021", "nmg-2024")
    ]
    assert words == ["取消科技企业孵化器资格", "撤销科技企业孵化器资格"]
    assert load_vocabulary("nmg-2024").channel_word == "归口管理部门"
    assert "撤销" in next(rule.title for rule in shipped(NMG).consequences if rule.times_in_a_row == 2)


def test_nmg_2024_evaluates_again_after_a_failure():
    rules = {rule.propose: (rule.times_in_a_row, rule.within_months) for rule in shipped(NMG).consequences}
    assert rules == {Measure.RE_EVALUATION: (1, 12), Outcome.DISQUALIFIED: (2, None)}


def test_nmg_2024_counts_over_its_window_of_three_years():
    scheme = shipped(NMG)
    [window] = scheme.windows
    assert (window.first.year, window.last.year) == (2021, 2023)
    counted = {
        indicator.code
        for indicator in scheme.indicators
        for formula in indicator.formulas.values()
        if any(expression.uses_roster for expression in expressions_of(formula))
    }
    assert {"tenant_count", "graduation_rate", "financed_share", "ip_share", "field_share"} <= counted


# ---- the national structure of 2019 -----------------------------------------------------------------------


def test_the_national_structure_is_7_9_5_and_2_of_105():
    scheme = shipped(NATIONAL)
    counts = [leaves_under(scheme, word) for word in ("service", "performance", "sustainability", "bonus")]
    assert counts == [7, 9, 5, 2]
    assert (scheme.full_marks, scheme.total_cap) == (100_00, 105_00)


def test_the_two_sub_types_of_the_national_structure_weigh_otherwise():
    scheme = shipped(NATIONAL)
    assert scheme.sub_types == ("comprehensive", "professional")
    leaves = [*scheme.indicators, *scheme.expert_items]
    weights = [[leaf.full_marks_for(sub_type) for leaf in leaves] for sub_type in scheme.sub_types]
    assert weights[0] != weights[1]
    assert [sum(found) for found in weights] == [105_00, 105_00]


def test_what_compares_in_the_national_structure_compares_within_the_sub_type():
    scheme = shipped(NATIONAL)
    compared = [
        indicator
        for indicator in scheme.indicators
        if isinstance(indicator.formulas["professional"], COHORT_FORMULAS)
    ]
    assert len(compared) == 7
    assert all(indicator.varies for indicator in compared)


# ---- score and rank ---------------------------------------------------------------------------------------


def test_the_fuyang_like_grade_asks_for_80_and_the_top_fifth():
    best, middle, worst = shipped(FUYANG).grades
    assert (best.label, best.at_least, best.top_share) == ("优良", 80_00, Fraction(1, 5))
    assert (middle.at_least, middle.top_share, worst.at_least) == (60_00, None, 0)


def test_the_fuyang_like_vetoes_and_the_provincial_grade():
    scheme = shipped(FUYANG)
    effects = {veto.when: (veto.effect, veto.grade_at_most) for veto in scheme.vetoes if veto.when}
    never_excellent = (VetoEffect.CAP, Grade.QUALIFIED)
    assert effects == {
        Condition.SAFETY_ACCIDENT: never_excellent,
        Condition.SEVERE_INTEGRITY: never_excellent,
    }
    [rule] = scheme.carried
    assert (rule.source, rule.source_grade, rule.effect, rule.grade_code) == (
        "provincial",
        "excellent",
        "is",
        "excellent",
    )


# ---- the makerspace card ----------------------------------------------------------------------------------


def test_the_huzhou_like_card_has_the_points_that_are_documented():
    scheme = shipped(HUZHOU)
    inner = {group.parent for group in scheme.groups if group.parent}
    counted = Counter(
        group.full_marks
        for group in scheme.groups
        if group.code not in inner and group.part is Part.QUANTITATIVE
    )
    # gather 15 + 15, technical service 10 + 10, finance 20, mentors 15, training 15
    assert counted == Counter({15_00: 4, 10_00: 2, 20_00: 1})
    assert scheme.bonus_cap == 5_00


# ---- minimum thresholds as veto ---------------------------------------------------------------------------


def test_the_re_check_vetoes_on_figures_and_a_missing_one_does_not_pass():
    vetoes = shipped(RECHECK).vetoes
    assert [veto.code for veto in vetoes] == ["too_few_firms", "too_small", "no_seed_investment"]
    assert all(veto.when_true and veto.holds_when_missing for veto in vetoes)
    assert {veto.effect for veto in vetoes} == {VetoEffect.FLOOR}
