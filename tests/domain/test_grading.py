"""From a total, vetoes and absence to a proposed grade."""

from dataclasses import replace

import pytest

from hatchmark.domain.grading import Facts, propose_grade
from hatchmark.domain.outcomes import Grade
from hatchmark.domain.scheme import AbsenceRule, Condition, Scheme, Veto
from hatchmark.schemes.loader import shipped


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return shipped("nmg/incubator-2020")


@pytest.mark.parametrize(
    ("total", "grade"),
    [
        (0, Grade.UNQUALIFIED),
        (5999, Grade.UNQUALIFIED),
        (6000, Grade.QUALIFIED),
        (7499, Grade.QUALIFIED),
        (7500, Grade.GOOD),
        (8499, Grade.GOOD),
        (8500, Grade.EXCELLENT),
        (11000, Grade.EXCELLENT),
    ],
)
def test_a_total_on_the_cut_has_the_grade_of_the_cut(scheme, total, grade):
    assert propose_grade(scheme, total=total, facts=Facts()).grade is grade


@pytest.mark.parametrize(
    ("total", "words"),
    [
        (8235, "总分 82.35 分，达到良好线 75.00 分，低于优秀线 85.00 分，为良好"),
        (8500, "总分 85.00 分，达到优秀线 85.00 分，为优秀"),
        (5999, "总分 59.99 分，低于合格线 60.00 分，为不合格"),
    ],
)
def test_the_words_name_the_cut_reached_and_the_one_above(scheme, total, words):
    proposal = propose_grade(scheme, total=total, facts=Facts())
    assert proposal.words == words
    assert len(proposal.basis) == 1


@pytest.mark.parametrize("condition", list(Condition))
def test_every_veto_of_the_scheme_takes_the_grade(scheme, condition):
    proposal = propose_grade(scheme, total=9000, facts=Facts(**{condition.value: True}))
    assert (proposal.grade, [veto.when for veto in proposal.vetoes]) == (Grade.UNQUALIFIED, [condition])
    assert proposal.words.endswith("一票否决，定为不合格")


def test_several_vetoes_are_all_named(scheme):
    facts = Facts(severe_integrity=True, not_operating=True)
    proposal = propose_grade(scheme, total=9000, facts=facts)
    assert "因严重科研失信行为、场地已停止运营，一票否决" in proposal.words


def capped(scheme: Scheme, at_most: Grade) -> Scheme:
    veto = Veto(
        code="v", title="示例情形", when=Condition.SAFETY_ACCIDENT, grade_at_most=at_most, basis="示例第一条"
    )
    return replace(scheme, vetoes=(veto,))


@pytest.mark.parametrize(
    ("total", "grade"),
    [(9000, Grade.QUALIFIED), (7600, Grade.QUALIFIED), (6000, Grade.QUALIFIED), (5000, Grade.UNQUALIFIED)],
)
def test_a_veto_may_cap_the_grade_and_never_raises_it(scheme, total, grade):
    facts = Facts(safety_accident=True)
    assert propose_grade(capped(scheme, Grade.QUALIFIED), total=total, facts=facts).grade is grade


def test_a_veto_that_changes_nothing_says_so(scheme):
    proposal = propose_grade(capped(scheme, Grade.QUALIFIED), total=5000, facts=Facts(safety_accident=True))
    assert proposal.words.endswith("；另有一票否决情形：示例情形，等次不因此改变")
    assert proposal.basis[-1] == "示例第一条"


def test_of_two_vetoes_the_harder_counts(scheme):
    mild = Veto(code="m", title="轻", when=Condition.FALSE_DATA, grade_at_most=Grade.GOOD, basis="示例")
    hard = Veto(
        code="h", title="重", when=Condition.NOT_OPERATING, grade_at_most=Grade.QUALIFIED, basis="示例"
    )
    facts = Facts(false_data=True, not_operating=True)
    for order in ((mild, hard), (hard, mild)):
        assert propose_grade(replace(scheme, vetoes=order), total=9900, facts=facts).grade is Grade.QUALIFIED


def test_without_a_total_only_a_veto_to_the_worst_grade_decides(scheme):
    facts = Facts(safety_accident=True)
    assert propose_grade(scheme, total=None, facts=Facts()).grade is None
    assert propose_grade(scheme, total=None, facts=facts).grade is Grade.UNQUALIFIED
    assert propose_grade(capped(scheme, Grade.QUALIFIED), total=None, facts=facts).grade is None


def test_absence_gives_the_grade_of_the_absence_rule_and_no_other(scheme):
    absent = Facts(absent=True, severe_integrity=True)
    assert propose_grade(scheme, total=9000, facts=absent).words == "应参评而未参评，按方案定为不合格"
    listed = replace(scheme, absence=AbsenceRule(grade=None, basis="示例"))
    proposal = propose_grade(listed, total=None, facts=absent)
    assert (proposal.grade, proposal.words) == (None, "应参评而未参评，按方案不评定等次")
