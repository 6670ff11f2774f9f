"""What a password, a username and the roles of one person must be like."""

from datetime import datetime, timedelta

import pytest

from hatchmark.domain.accounts import (
    PASSWORD_AGE,
    against_holding,
    needs_authority,
    needs_unit,
    password_faults,
    password_is_old,
    username_fault,
)
from hatchmark.domain.deadlines import CHINA
from hatchmark.domain.permissions import ADMINISTRATORS, Role

AT = datetime(2025, 3, 3, 9, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("password", "faults"),
    [
        ("Abcdefgh-1", []),
        ("abcdefgh-1", []),
        ("Abcdefg-1", ["short"]),
        ("abcdefghij", ["few_sorts"]),
        ("abcdefghi1", ["few_sorts"]),
        ("中文密码也可以Ab1", []),
        ("", ["short", "few_sorts"]),
        ("Shili-Chen-77", ["known"]),
        ("x-SHILI-CHEN-77", ["known"]),
    ],
)
def test_a_password_has_length_and_mix_and_nothing_that_others_know(password, faults):
    assert password_faults(password, known=["shili-chen", "陈", ""]) == faults


def test_a_password_is_old_after_its_time_or_where_nobody_knows_when_it_was_set():
    assert not password_is_old(AT, at=AT + PASSWORD_AGE)
    assert password_is_old(AT, at=AT + PASSWORD_AGE + timedelta(seconds=1))
    assert password_is_old(None, at=AT)


@pytest.mark.parametrize(
    ("username", "good"),
    [
        ("chen.wei", True),
        ("demo-i01", True),
        ("a" * 60, True),
        ("ab", False),
        ("a" * 61, False),
        ("-abc", False),
        ("陈伟伟", False),
        ("chen wei", False),
        ("chen\nwei", False),
    ],
)
def test_a_username_can_be_typed_anywhere(username, good):
    assert (username_fault(username) == "") is good


def test_only_institutions_and_channels_act_for_a_unit_and_only_administrators_for_no_authority():
    assert {role for role in Role if needs_unit(role)} == {Role.INSTITUTION, Role.CHANNEL}
    assert {role for role in Role if not needs_authority(role)} == ADMINISTRATORS


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
@pytest.mark.parametrize("other", [role for role in Role if role is not Role.PUBLIC])
def test_an_administrator_holds_no_other_role(role, other):
    assert against_holding(role, [other])
    assert against_holding(other, [role])


def test_whoever_hands_in_judges_nobody():
    assert against_holding(Role.CHANNEL, [Role.INSTITUTION])
    assert against_holding(Role.INSTITUTION, [Role.EXPERT])
    assert against_holding(Role.INSTITUTION, [Role.INSTITUTION]) == ""
    assert against_holding(Role.INSPECTOR, [Role.DEPARTMENT]) == ""
