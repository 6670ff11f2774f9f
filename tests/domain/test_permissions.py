"""Every cell of role × stage × act is asked; what the table does not open stays closed."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from hatchmark.domain.permissions import (
    ADMINISTRATORS,
    CONDITIONS,
    RULES,
    SCOPES,
    Actor,
    Role,
    Scope,
    Subject,
    may,
    scope_of,
)
from hatchmark.domain.workflow import TRANSITIONS, Stage

CHINA = timezone(timedelta(hours=8))
CLOSES = datetime(2025, 3, 31, 23, 59, 59, tzinfo=CHINA)
BEFORE = CLOSES - timedelta(hours=1)

UNITS = {
    Role.INSTITUTION: ("demo-i01", "demo-i01"),
    Role.CHANNEL: ("officer-1", "示例市"),
    Role.EXPERT: ("expert-1", "示例大学"),
}


def actor_of(role: Role) -> Actor:
    code, unit = UNITS.get(role, (f"{role}-1", "示例厅"))
    return Actor(code=code, name="示例", role=role, unit=unit, authority="demo", person=f"person of {code}")


def subject_that_fits(act: str) -> Subject:
    """Facts under which every condition of every act holds."""
    return Subject(
        authority="demo",
        past=act == "enter_past_act",
        institution="demo-i01",
        channel="示例市",
        assigned_expert="expert-1",
        first_person="somebody-else",
        returned=True,
        figures_public=True,
        window_closes_at=CLOSES,
    )


@pytest.mark.parametrize("act", RULES)
def test_a_cell_is_open_exactly_where_the_table_opens_it(act):
    rule = RULES[act]
    cells = [(role, stage) for role in Role for stage in Stage]

    rulings = {
        (role, stage): may(actor_of(role), act, subject_that_fits(act), stage=stage, at=CLOSES)
        for role, stage in cells
    }

    assert {cell for cell, ruling in rulings.items() if ruling} == {
        (role, stage)
        for role, stage in cells
        if role in rule.roles and (not rule.stages or stage in rule.stages)
    }
    assert all(bool(ruling.reason) == (not ruling.allowed) for ruling in rulings.values())


OF_THE_INSTALLATION = {
    "read_accounts",
    "invite",
    "block_account",
    "unblock_account",
    "propose_administrator",
    "confirm_administrator",
    "read_jobs",
    "retry_mail",
    "read_ledger",
}
OF_EVERYBODY = {"read_public", "sign_in", "keep_own_account", "read_own_work"}


def test_no_administrator_holds_an_act_of_the_evaluation():
    assert {act for act, rule in RULES.items() if rule.roles & ADMINISTRATORS} == (
        OF_THE_INSTALLATION | OF_EVERYBODY
    )
    assert not any(RULES[act].roles - ADMINISTRATORS for act in OF_THE_INSTALLATION)


def test_every_move_of_a_round_has_a_rule():
    assert {transition.act for transition in TRANSITIONS} <= set(RULES)


def test_an_act_nobody_wrote_a_rule_for_is_closed():
    ruling = may(actor_of(Role.DEPARTMENT), "delete_round", Subject(), stage=Stage.CALL, at=BEFORE)

    assert ruling.reason == "no rule opens the act delete_round"


@pytest.mark.parametrize(
    ("act", "role", "stage", "change", "reason"),
    [
        (
            "submit",
            Role.INSTITUTION,
            Stage.SUBMISSION,
            {"institution": "demo-i02"},
            "demo-i01 acts for institution demo-i01, not for demo-i02",
        ),
        (
            "approve",
            Role.CHANNEL,
            Stage.PRELIMINARY_REVIEW,
            {"channel": "示例盟"},
            "officer-1 reviews for 示例市; this institution belongs to 示例盟",
        ),
        (
            "approve",
            Role.CHANNEL,
            Stage.PRELIMINARY_REVIEW,
            {"approved": True},
            "the preliminary review approved this submission; approval locks it",
        ),
        (
            "correct",
            Role.INSTITUTION,
            Stage.PRELIMINARY_REVIEW,
            {"returned": False},
            "nothing was returned for correction",
        ),
        (
            "score",
            Role.EXPERT,
            Stage.EXPERT_REVIEW,
            {"assigned_expert": "expert-2"},
            "expert expert-1 is not assigned to this entry",
        ),
        (
            "score",
            Role.EXPERT,
            Stage.EXPERT_REVIEW,
            {"conflict": "adviser"},
            "expert expert-1 has a conflict with this entry: adviser",
        ),
        (
            "confirm_decision",
            Role.DEPARTMENT,
            Stage.DETERMINATION,
            {"first_person": "department-1"},
            "department-1 did the first half; a second person has to confirm",
        ),
        (
            "confirm_decision",
            Role.DEPARTMENT,
            Stage.DETERMINATION,
            {"first_person": ""},
            "nobody is on record as the first person; there is nothing that a second could confirm",
        ),
        (
            "enter_past_act",
            Role.DEPARTMENT,
            Stage.CALL,
            {"past": False},
            "acts of a live round are done one by one, not entered afterwards",
        ),
    ],
)
def test_a_condition_refuses_with_its_reason(act, role, stage, change, reason):
    fitting = subject_that_fits(act)
    facts = {name: getattr(fitting, name) for name in Subject.__dataclass_fields__} | change
    assert may(actor_of(role), act, fitting, stage=stage, at=BEFORE)

    assert may(actor_of(role), act, Subject(**facts), stage=stage, at=BEFORE).reason == reason


def test_the_window_is_open_to_its_last_second_and_not_one_longer():
    institution = actor_of(Role.INSTITUTION)
    subject = subject_that_fits("submit")

    assert may(institution, "submit", subject, stage=Stage.SUBMISSION, at=CLOSES)
    late = may(institution, "submit", subject, stage=Stage.SUBMISSION, at=CLOSES + timedelta(seconds=1))
    assert late.reason == (
        "the window closed at 2025-03-31T23:59:59+08:00; this came at 2025-04-01T00:00:00+08:00"
    )


@pytest.mark.parametrize(
    ("act", "role", "stage"),
    [
        ("submit", Role.INSTITUTION, Stage.SUBMISSION),
        ("approve", Role.CHANNEL, Stage.PRELIMINARY_REVIEW),
        ("score", Role.EXPERT, Stage.EXPERT_REVIEW),
    ],
)
def test_two_facts_that_nobody_gave_are_no_match(act, role, stage):
    nobody = Actor(code="", name="", role=role)

    assert not may(nobody, act, Subject(returned=True), stage=stage, at=BEFORE)


def test_an_act_without_a_moment_is_for_past_rounds():
    institution, subject = actor_of(Role.INSTITUTION), subject_that_fits("submit")

    ruling = may(institution, "submit", subject, stage=Stage.SUBMISSION, at=None)

    assert ruling.reason == "an act of a live round has its moment; give it"


# ---- how far a role reaches --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "role"),
    [
        (act, role)
        for act, rule in RULES.items()
        for role in sorted(rule.roles)
        if SCOPES[role] is not Scope.EVERYTHING
    ],
)
def test_nobody_reaches_into_another_authority(act, role):
    rule, own = RULES[act], subject_that_fits(act)
    stage = min(rule.stages or {Stage.CALL}, key=list(Stage).index)
    elsewhere = replace(own, authority="elsewhere")
    assert may(actor_of(role), act, own, stage=stage, at=CLOSES)

    assert may(actor_of(role), act, elsewhere, stage=stage, at=CLOSES).reason == (
        f"{actor_of(role).code} acts under authority demo, not under elsewhere"
    )


@pytest.mark.parametrize(
    ("role", "act", "fact"),
    [
        (Role.INSTITUTION, "read_submission", {"institution": "demo-i02"}),
        (Role.CHANNEL, "read_submission", {"channel": "示例盟"}),
        (Role.EXPERT, "score", {"assigned_expert": "expert-2"}),
    ],
)
def test_a_scope_says_the_same_as_the_ruling(role, act, fact):
    own = subject_that_fits(act)
    stage = min(RULES[act].stages or {Stage.CALL}, key=list(Stage).index)

    assert scope_of(actor_of(role), act) is SCOPES[role]
    assert may(actor_of(role), act, own, stage=stage, at=CLOSES)
    assert not may(actor_of(role), act, replace(own, **fact), stage=stage, at=CLOSES)


@pytest.mark.parametrize("role", Role)
def test_an_account_without_authority_or_unit_reaches_nothing_that_has_one(role):
    nobody = Actor(code="somebody", name="", role=role)
    reached = {act for act in RULES if scope_of(nobody, act) is not None}

    of_everything = {act for act in RULES if role in RULES[act].roles}
    assert reached == (of_everything if SCOPES[role] is Scope.EVERYTHING else set())


def test_two_accounts_of_one_person_are_no_two_persons():
    subject = replace(
        subject_that_fits("confirm_decision"),
        first_person="dep-9",
        first_person_behind="person of department-1",
    )

    ruling = may(actor_of(Role.DEPARTMENT), "confirm_decision", subject, stage=Stage.DETERMINATION, at=BEFORE)

    assert ruling.reason == (
        "department-1 and dep-9 are accounts of one person; a second person has to confirm"
    )


def test_an_administrator_is_not_made_by_an_invitation():
    subject = Subject(role_given=Role.AUDIT_ADMIN)

    ruling = may(actor_of(Role.SECURITY_ADMIN), "invite", subject, stage=None, at=BEFORE)

    assert (
        ruling.reason
        == "an administrator is made by two persons: propose, and another administrator confirms"
    )


def test_nobody_blocks_the_own_account():
    admin = actor_of(Role.SECURITY_ADMIN)

    ruling = may(admin, "block_account", Subject(account=admin.code), stage=None, at=BEFORE)

    assert ruling.reason == "security_admin-1 cannot do this to the own account"


def test_submissions_are_not_closed_while_somebody_may_still_hand_in():
    department = actor_of(Role.DEPARTMENT)

    ruling = may(
        department, "close_submission", subject_that_fits("submit"), stage=Stage.SUBMISSION, at=BEFORE
    )

    assert ruling.reason == (
        "the window is open until 2025-03-31T23:59:59+08:00; nobody's last hours are cut off"
    )


def test_every_condition_of_the_table_has_its_words():
    assert {each for rule in RULES.values() for each in rule.conditions} == set(CONDITIONS)
