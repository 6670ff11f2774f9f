"""Accounts: an invitation opens once, two persons make an administrator, a blocked account is out at once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from conftest_services import CALL_AT, open_live_round

from hatchmark.db.models import Account, Authority, Invitation, LedgerEntry, PendingAct
from hatchmark.domain.accounts import INVITATION_VALID
from hatchmark.domain.permissions import Actor, Role
from hatchmark.services import accounts
from hatchmark.services.accounts import Post
from hatchmark.services.refusals import NotAllowedError, OutdatedError, UnsoundError

PASSWORD = "Shanhai-2025"
SECURITY = Actor(code="sec-1", name="示例", role=Role.SECURITY_ADMIN, person="p-sec")
AUDIT = Actor(code="aud-1", name="示例", role=Role.AUDIT_ADMIN, person="p-aud")
DEPARTMENT = Actor(code="dep-1", name="示例", role=Role.DEPARTMENT, authority="demo", unit="示例厅")


@pytest.fixture
def authority(db) -> Authority:
    return open_live_round().authority


def institution_post(authority: Authority, **changes: object) -> Post:
    facts: dict[str, object] = {
        "role": Role.INSTITUTION,
        "name": "示例甲",
        "unit": "demo-i01",
        "authority": authority,
    }
    return Post(**(facts | changes))  # type: ignore[arg-type]


def invited(authority: Authority, **changes: object) -> tuple[Invitation, str]:
    return accounts.invite(post=institution_post(authority, **changes), actor=SECURITY, at=CALL_AT)


def acts() -> list[str]:
    return list(LedgerEntry.objects.order_by("sequence").values_list("act", flat=True))


def test_an_invitation_becomes_an_account_that_acts_for_its_unit(authority):
    _, code = invited(authority)

    account = accounts.accept_invitation(code=code, username="jia.01", password=PASSWORD, at=CALL_AT)

    assert accounts.actor_of(account) == Actor(
        code="jia.01",
        name="示例甲",
        role=Role.INSTITUTION,
        unit="demo-i01",
        authority="demo",
        person="jia.01",
    )
    assert account.check_password(PASSWORD)
    assert acts()[-2:] == ["invite", "accept_invitation"]
    assert code not in str(Invitation.objects.values_list("code_digest", flat=True))


@pytest.mark.parametrize("late", [timedelta(0), INVITATION_VALID])
def test_an_invitation_opens_to_its_last_moment(authority, late):
    _, code = invited(authority)

    assert accounts.accept_invitation(code=code, username="jia.01", password=PASSWORD, at=CALL_AT + late)


def test_an_invitation_that_is_used_revoked_old_or_made_up_opens_nothing_and_says_the_same(authority):
    _, used = invited(authority)
    accounts.accept_invitation(code=used, username="jia.01", password=PASSWORD, at=CALL_AT)
    revoked, revoked_code = invited(authority)
    accounts.revoke_invitation(invitation=revoked, actor=SECURITY, at=CALL_AT)
    _, old = invited(authority)
    later = CALL_AT + INVITATION_VALID + timedelta(seconds=1)

    said = set()
    for code, at in ((used, CALL_AT), (revoked_code, CALL_AT), (old, later), ("made-up", CALL_AT)):
        with pytest.raises(UnsoundError) as refused:
            accounts.accept_invitation(code=code, username="yi.02", password=PASSWORD, at=at)
        said.add(str(refused.value))

    assert said == {"this invitation is not valid (any more); ask for a new one"}
    assert Account.objects.count() == 1


@pytest.mark.parametrize(
    ("username", "password", "said"),
    [
        ("ab", PASSWORD, "cannot be a username"),
        ("JIA.01", PASSWORD, "is taken"),
        ("yi.02", "short", "密码至少10位"),
        ("shanhai", PASSWORD, "密码不得含用户名"),
    ],
)
def test_a_bad_username_or_password_leaves_the_invitation_open(authority, username, password, said):
    _, first = invited(authority)
    accounts.accept_invitation(code=first, username="jia.01", password=PASSWORD, at=CALL_AT)
    _, code = invited(authority)

    with pytest.raises(UnsoundError, match=said):
        accounts.accept_invitation(code=code, username=username, password=password, at=CALL_AT)

    assert accounts.invitation_of(code, at=CALL_AT) is not None
    assert Account.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"unit": "demo-i99"}, "no institution demo-i99"),
        ({"unit": ""}, "acts for a unit"),
        ({"authority": None}, "needs an authority"),
        ({"name": " "}, "name of somebody"),
    ],
)
def test_a_post_that_cannot_be_is_refused(authority, changes, said):
    with pytest.raises(UnsoundError, match=said):
        accounts.invite(post=replace(institution_post(authority), **changes), actor=SECURITY, at=CALL_AT)

    assert Invitation.objects.count() == 0


def test_only_the_security_administrator_invites_and_nobody_an_administrator(authority):
    with pytest.raises(NotAllowedError, match="needs the role security_admin"):
        accounts.invite(post=institution_post(authority), actor=DEPARTMENT, at=CALL_AT)
    with pytest.raises(NotAllowedError, match="made by two persons"):
        accounts.invite(post=Post(role=Role.AUDIT_ADMIN, name="示例"), actor=SECURITY, at=CALL_AT)


def test_a_person_who_acts_for_an_institution_gets_no_post_that_judges(authority):
    _, code = invited(authority, person="p-1")
    accounts.accept_invitation(code=code, username="jia.01", password=PASSWORD, at=CALL_AT)

    with pytest.raises(UnsoundError, match="judges none"):
        accounts.invite(
            post=institution_post(authority, role=Role.CHANNEL, unit="示例市", person="p-1"),
            actor=SECURITY,
            at=CALL_AT,
        )


# ---- administrators ----------------------------------------------------------------------------------------


def proposed(db=None, **changes: object) -> PendingAct:
    facts: dict[str, object] = {"role": Role.AUDIT_ADMIN, "name": "示例新审计员"}
    return accounts.propose_administrator(
        post=Post(**(facts | changes)),  # type: ignore[arg-type]
        reason="原审计员调离",
        actor=SECURITY,
        at=CALL_AT,
    )


def test_an_administrator_is_made_by_two_persons(db):
    pending = proposed()

    made = accounts.decide_administrator(pending=pending, confirm=True, actor=AUDIT, at=CALL_AT)

    assert made is not None
    account = accounts.accept_invitation(code=made[1], username="audit-2", password=PASSWORD, at=CALL_AT)
    assert (account.role, account.authority) == ("audit_admin", None)
    assert acts() == ["propose_administrator", "confirm_administrator", "invite", "accept_invitation"]


@pytest.mark.parametrize(
    ("actor", "said"),
    [
        (SECURITY, "a second person has to confirm"),
        (Actor(code="sec-2", name="", role=Role.SECURITY_ADMIN, person="p-sec"), "accounts of one person"),
        (DEPARTMENT, "needs the role"),
    ],
)
def test_the_proposer_or_the_same_person_under_another_account_cannot_confirm(db, actor, said):
    pending = proposed()

    with pytest.raises(NotAllowedError, match=said):
        accounts.decide_administrator(pending=pending, confirm=True, actor=actor, at=CALL_AT)

    assert Invitation.objects.count() == 0
    assert PendingAct.objects.get().state == "proposed"


def test_a_proposal_is_decided_once(db):
    pending = proposed()
    accounts.decide_administrator(pending=pending, confirm=False, actor=AUDIT, at=CALL_AT)

    with pytest.raises(OutdatedError):
        accounts.decide_administrator(pending=pending, confirm=True, actor=AUDIT, at=CALL_AT)

    assert Invitation.objects.count() == 0


def test_a_proposal_that_waits_is_not_made_twice(db):
    proposed()

    with pytest.raises(UnsoundError, match="proposed already"):
        proposed()


def test_the_first_three_are_invited_by_the_installation_and_never_again(db):
    names = {Role.SYSTEM_ADMIN: "示例一", Role.SECURITY_ADMIN: "示例二", Role.AUDIT_ADMIN: "示例三"}
    lost = accounts.invite_first_administrators(names=names, at=CALL_AT)
    codes = accounts.invite_first_administrators(names=names, at=CALL_AT)

    assert accounts.invitation_of(lost[Role.AUDIT_ADMIN], at=CALL_AT) is None
    accounts.accept_invitation(
        code=codes[Role.AUDIT_ADMIN], username="audit-1", password=PASSWORD, at=CALL_AT
    )
    with pytest.raises(UnsoundError, match="has accounts already"):
        accounts.invite_first_administrators(names=names, at=CALL_AT)
    with pytest.raises(UnsoundError, match="accounts already"):
        accounts.invite_first_administrators(names={Role.AUDIT_ADMIN: "示例"}, at=CALL_AT)


# ---- blocking ----------------------------------------------------------------------------------------------


def test_a_blocked_account_keeps_what_it_did_and_can_be_opened_again(authority):
    _, code = invited(authority)
    account = accounts.accept_invitation(code=code, username="jia.01", password=PASSWORD, at=CALL_AT)

    accounts.block_account(account=account, reason="离职", actor=SECURITY, at=CALL_AT)
    assert not Account.objects.get().is_active
    with pytest.raises(OutdatedError, match="blocked already"):
        accounts.block_account(account=account, reason="离职", actor=SECURITY, at=CALL_AT)
    accounts.unblock_account(account=account, reason="复职", actor=SECURITY, at=CALL_AT)

    assert Account.objects.get().is_active
    assert acts()[-2:] == ["block_account", "unblock_account"]


def test_blocking_needs_a_reason_and_the_security_administrator(authority):
    _, code = invited(authority)
    account = accounts.accept_invitation(code=code, username="jia.01", password=PASSWORD, at=CALL_AT)

    with pytest.raises(UnsoundError, match="say why"):
        accounts.block_account(account=account, reason=" ", actor=SECURITY, at=CALL_AT)
    with pytest.raises(NotAllowedError):
        accounts.block_account(account=account, reason="离职", actor=AUDIT, at=CALL_AT)

    assert Account.objects.get().is_active
