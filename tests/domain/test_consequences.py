"""What the rules propose after a grade."""

import pytest

from hatchmark.domain.consequences import Proposal, propose
from hatchmark.domain.outcomes import Grade, Outcome
from hatchmark.domain.scheme import Scheme, Status
from hatchmark.schemes.loader import shipped

UNQUALIFIED, QUALIFIED = Grade.UNQUALIFIED, Grade.QUALIFIED


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return shipped("nmg/makerspace-2020")


def test_the_second_failure_in_a_row_proposes_cancellation_with_years_and_clause(scheme):
    [proposal] = propose(
        scheme, history={2024: UNQUALIFIED}, year=2025, status=Status.RECOGNISED, grade=UNQUALIFIED
    )
    assert proposal == Proposal(
        outcome=Outcome.DISQUALIFIED,
        rule="two_failures",
        clause=scheme.consequences[0].basis,
        words="2024年、2025年评价不合格：连续两次评价不合格，建议取消众创空间资格",
    )


@pytest.mark.parametrize(
    ("history", "grade", "proposed"),
    [
        ({}, UNQUALIFIED, False),
        ({2024: UNQUALIFIED}, QUALIFIED, False),
        ({2024: QUALIFIED}, UNQUALIFIED, False),
        ({2023: UNQUALIFIED, 2024: QUALIFIED}, UNQUALIFIED, False),
        ({2022: UNQUALIFIED}, UNQUALIFIED, True),  # evaluated every three years: still the one before
        ({2023: UNQUALIFIED, 2024: None}, UNQUALIFIED, True),  # deferred in 2024: no evaluation
        ({2024: UNQUALIFIED, 2023: QUALIFIED}, UNQUALIFIED, True),
        ({2026: UNQUALIFIED}, UNQUALIFIED, False),  # later than this year
        ({2025: UNQUALIFIED}, UNQUALIFIED, False),  # this year itself
        ({2024: UNQUALIFIED}, None, False),
    ],
)
def test_in_a_row_means_evaluations_that_follow_one_another(scheme, history, grade, proposed):
    found = propose(scheme, history=history, year=2025, status=Status.RECOGNISED, grade=grade)
    assert [proposal.outcome for proposal in found] == [Outcome.DISQUALIFIED] * proposed


@pytest.mark.parametrize("history", [{}, {2024: UNQUALIFIED}, {2024: Grade.EXCELLENT}])
def test_a_pilots_first_failure_proposes_the_loss_of_its_status_and_nothing_else(scheme, history):
    found = propose(scheme, history=history, year=2025, status=Status.PILOT, grade=UNQUALIFIED)
    assert [proposal.outcome for proposal in found] == [Outcome.PILOT_CANCELLED]


@pytest.mark.parametrize("grade", [Grade.EXCELLENT, Grade.GOOD, QUALIFIED])
def test_a_pilot_that_passes_gets_no_proposal(scheme, grade):
    assert propose(scheme, history={}, year=2025, status=Status.PILOT, grade=grade) == ()
