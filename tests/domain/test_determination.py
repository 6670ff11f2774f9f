import pytest

from hatchmark.domain.determination import (
    Correction,
    decide,
    effective_figures,
    proposed_decision,
    severe_breach,
    takes_part,
)
from hatchmark.domain.outcomes import Decision, EntryKey, Grade, Mode, Outcome

KEY = EntryKey("incubator", 1)
HANDED_IN = {
    "tenants": {"unit": "家", "status": "reported", "value": "50"},
    "graduates": {"unit": "家", "status": "absent", "value": ""},
}


def test_a_later_correction_replaces_an_earlier_one():
    found = Correction(figure="tenants", value="48", source="现场抽查")
    upheld = Correction(figure="tenants", value="49", source="异议成立")

    assert effective_figures(HANDED_IN, [found, upheld]) == {
        "tenants": {"unit": "家", "status": "reported", "value": "49", "corrected_by": "异议成立"},
        "graduates": {"unit": "家", "status": "absent", "value": ""},
    }
    assert HANDED_IN["tenants"]["value"] == "50"


def test_a_corrected_missing_figure_is_reported():
    [figure] = [
        effective_figures(HANDED_IN, [Correction(figure="graduates", value="3", source="现场抽查")])[
            "graduates"
        ]
    ]

    assert figure == {"unit": "家", "status": "reported", "value": "3", "corrected_by": "现场抽查"}


def test_a_correction_of_a_figure_nobody_asked_for_is_refused():
    with pytest.raises(KeyError, match="turnover"):
        effective_figures(HANDED_IN, [Correction(figure="turnover", value="1", source="现场抽查")])


@pytest.mark.parametrize(
    ("states", "part"),
    [
        (["approved"], True),
        (["superseded", "approved"], True),
        (["refused"], False),
        (["withdrawn"], False),
        ([], False),
    ],
)
def test_only_an_approved_submission_takes_part(states, part):
    assert takes_part(states) is part


def test_one_severe_hit_is_a_severe_breach():
    assert severe_breach(["minor", "severe"])
    assert not severe_breach(["minor", "minor"])


def test_rules_alone_give_the_scheme_grade():
    assert proposed_decision(KEY, absent=False, grade=Grade.GOOD) == Decision(
        key=KEY, mode=Mode.EVALUATED, outcome=Outcome.GRADED, grade=Grade.GOOD
    )
    assert proposed_decision(KEY, absent=True, grade=Grade.UNQUALIFIED) == Decision(
        key=KEY, mode=Mode.ABSENT, outcome=Outcome.ABSENT, grade=Grade.UNQUALIFIED
    )


def test_a_human_act_without_a_grade_keeps_the_proposed_one():
    proposed = proposed_decision(KEY, absent=False, grade=Grade.UNQUALIFIED)
    human = Decision(key=KEY, mode=Mode.EVALUATED, outcome=Outcome.PILOT_CANCELLED, reason="试点期满未达标")

    decision, deviates = decide(proposed, human)

    assert (decision.grade, deviates) == (Grade.UNQUALIFIED, False)


def test_another_grade_than_the_proposed_one_is_a_deviation():
    proposed = proposed_decision(KEY, absent=False, grade=Grade.QUALIFIED)
    human = Decision(
        key=KEY, mode=Mode.EVALUATED, outcome=Outcome.GRADED, grade=Grade.UNQUALIFIED, reason="重大事故"
    )

    assert decide(proposed, human) == (human, True)


def test_a_cancelled_qualification_leaves_no_grade():
    proposed = proposed_decision(KEY, absent=False, grade=Grade.UNQUALIFIED)
    human = Decision(key=KEY, mode=Mode.EVALUATED, outcome=Outcome.DISQUALIFIED, reason="连续两次不合格")

    assert decide(proposed, human) == (human, False)
