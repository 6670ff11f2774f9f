"""Accounts: an invitation is sent and taken up, an account is blocked, an administrator is made by two persons.

Whoever signs in acts as the one role of the account (`actor_of`). Nobody signs up.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import get_language

from hatchmark.db.models import Account, Authority, Institution, Invitation, PendingAct
from hatchmark.domain import accounts as rules
from hatchmark.domain.permissions import ADMINISTRATORS, Actor, Role, Subject
from hatchmark.services.ledger import record
from hatchmark.services.permissions import require
from hatchmark.services.refusals import OutdatedError, UnsoundError, faulty

FAULTS = {
    "zh": {
        "short": f"密码至少{rules.PASSWORD_LENGTH}位。",
        "few_sorts": "密码须含大写字母、小写字母、数字、其他符号中的至少三种。",
        "known": "密码不得含用户名、邮箱或姓名。",
    },
    "en": {
        "short": f"A password has at least {rules.PASSWORD_LENGTH} signs.",
        "few_sorts": "Use three of: capital letters, small letters, digits, other signs.",
        "known": "It must not contain the username, the e-mail address or the name.",
    },
}


def actor_of(account: Account) -> Actor:
    """Return who an account acts as."""
    return Actor(
        code=account.username,
        name=account.name,
        role=Role(account.role),
        unit=account.unit,
        authority=account.authority.code if account.authority else "",
        person=account.person or account.username,
    )


class PasswordRule:
    """Hands a new password to the rule of the domain; Django calls it wherever a password is set."""

    def validate(self, password: str, user: Account | None = None) -> None:
        """Raise ValidationError with everything that stands against the password."""
        known = [user.username, user.email.partition("@")[0], user.name] if user is not None else []
        if faults := rules.password_faults(password, known=known):
            raise ValidationError([_in_words()[fault] for fault in faults])

    def get_help_text(self) -> str:
        """Return the rule in words."""
        return " ".join(_in_words().values())


def _in_words() -> Mapping[str, str]:
    """Return the faults in the language that the page is in: Django asks for no other."""
    return FAULTS["en" if get_language() == "en" else "zh"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What an account is made for: a role, and the unit and authority that it is held in."""

    role: Role
    name: str
    email: str = ""
    unit: str = ""
    authority: Authority | None = None
    person: str = ""


def _check_post(post: Post) -> None:
    """Raise UnsoundError where a post cannot be: unit or authority missing or not there, or held with another."""
    if post.role is Role.PUBLIC:
        raise faulty("account_role", "an account has a role; name one of those offered (public is none)")
    if not post.name.strip():
        raise faulty("account_name", "an account bears the name of somebody; give it")
    if rules.needs_authority(post.role) != (post.authority is not None):
        lacks = post.authority is None
        wanted = "needs an authority" if lacks else "has no authority: it serves them all"
        raise faulty(
            "account_authority" if lacks else "account_no_authority", f"{post.role} {wanted}", role=post.role
        )
    if rules.needs_unit(post.role) and not post.unit:
        raise faulty("account_unit", f"{post.role} acts for a unit; name it", role=post.role)
    if (
        post.role is Role.INSTITUTION
        and not Institution.objects.filter(authority=post.authority, code=post.unit).exists()
    ):
        raise faulty(
            "account_no_institution",
            f"the register has no institution {post.unit}; name one by its code",
            unit=post.unit,
        )
    if post.email and Account.objects.filter(email__iexact=post.email).exists():
        raise faulty("account_email", "an account with this e-mail address is there already")
    if post.person:
        held = [Role(role) for role in _accounts_of(post.person).values_list("role", flat=True)]
        if against := rules.against_holding(post.role, held):
            raise faulty("account_held", against)


def _accounts_of(person: str) -> Any:
    return Account.objects.filter(Q(person=person) | Q(username=person), is_active=True)


@transaction.atomic
def invite(*, post: Post, actor: Actor, at: datetime) -> tuple[Invitation, str]:
    """Offer a post to somebody; return the invitation and its code, which is told once and kept nowhere.

    An administrator is not made so: see `propose_administrator`.
    """
    subject = Subject(role_given=post.role)
    require(actor, "invite", subject, evaluation_round=None, at=at)
    return _invite(post, actor=actor, at=at)


def _invite(post: Post, *, actor: Actor, at: datetime) -> tuple[Invitation, str]:
    _check_post(post)
    code = secrets.token_urlsafe(24)
    invitation = Invitation.objects.create(
        code_digest=_digest(code),
        name=post.name,
        email=post.email,
        role=post.role.value,
        authority=post.authority,
        unit=post.unit,
        person=post.person,
        invited_by=actor.code,
        invited_at=at,
        expires_at=at + rules.INVITATION_VALID,
    )
    record(
        actor,
        "invite",
        subject=f"invitation:{invitation.pk}",
        details={"name": post.name, "role": post.role.value, "unit": post.unit},
        evaluation_round=None,
        at=at,
    )
    return invitation, code


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def invitation_of(code: str, *, at: datetime) -> Invitation | None:
    """Return the invitation that a code opens now; None where there is none, it was used, revoked, or has expired."""
    return Invitation.objects.filter(
        code_digest=_digest(code), account=None, revoked_at=None, expires_at__gte=at
    ).first()


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, actor: Actor, at: datetime) -> None:
    """Make an invitation worthless that nobody has taken up."""
    require(actor, "invite", Subject(), evaluation_round=None, at=at)
    if not Invitation.objects.filter(pk=invitation.pk, account=None, revoked_at=None).update(revoked_at=at):
        raise OutdatedError("this invitation was taken up or revoked already")
    record(
        actor,
        "revoke_invitation",
        subject=f"invitation:{invitation.pk}",
        details={"name": invitation.name},
        evaluation_round=None,
        at=at,
    )


@transaction.atomic
def accept_invitation(*, code: str, username: str, password: str, at: datetime) -> Account:
    """Take up an invitation: the account is made, with a username and a password of one's own.

    Raises UnsoundError with what is wrong; a code that opens nothing says the same whatever the reason.
    """
    invitation = invitation_of(code, at=at)
    if invitation is None:
        raise faulty("invitation_void", "this invitation is not valid (any more); ask for a new one")
    Invitation.objects.select_for_update().get(pk=invitation.pk)
    if fault := rules.username_fault(username):
        raise faulty(
            "username", f"'{username[:60]}' cannot be a username; use {fault}", username=username[:60]
        )
    if Account.objects.filter(username__iexact=username).exists():
        raise faulty("username_taken", f"the username {username} is taken; choose another", username=username)
    post = Post(
        role=Role(invitation.role),
        name=invitation.name,
        email=invitation.email,
        unit=invitation.unit,
        authority=invitation.authority,
        person=invitation.person,
    )
    _check_post(post)
    account = _make(post, username=username, password=password, made_by=invitation.invited_by, at=at)
    if not Invitation.objects.filter(pk=invitation.pk, account=None, revoked_at=None).update(account=account):
        raise OutdatedError("this invitation was taken up or revoked already")
    record(
        actor_of(account),
        "accept_invitation",
        subject=f"account:{account.username}",
        details={"invitation": invitation.pk, "role": account.role, "unit": account.unit},
        evaluation_round=None,
        at=at,
    )
    return account


def _make(
    post: Post, *, username: str, password: str, made_by: str, at: datetime, demo: bool = False
) -> Account:
    account = Account(
        username=username,
        email=post.email,
        name=post.name,
        role=post.role.value,
        authority=post.authority,
        unit=post.unit,
        person=post.person,
        demo=demo,
        made_by=made_by,
        made_at=at,
        password_set_at=at,
    )
    try:
        PasswordRule().validate(password, account)
    except ValidationError as error:
        raise UnsoundError(" ".join(error.messages)) from error
    account.set_password(password)
    account.save()
    return account


@transaction.atomic
def invite_first_administrators(*, names: Mapping[Role, str], at: datetime) -> dict[Role, str]:
    """Invite the three administrators of a new installation; return the code of each, told once and kept nowhere.

    There is nobody yet who could confirm them. Raises UnsoundError where somebody can sign in already, or where it is
    not each of the three.
    """
    if Account.objects.exists():
        raise UnsoundError(
            "this database has accounts already; its administrators make new ones, two of them together"
        )
    if set(names) != ADMINISTRATORS:
        raise UnsoundError("name one system, one security and one audit administrator")
    # An installer who lost the codes asks again: what was told before opens nothing any more.
    Invitation.objects.filter(account=None, revoked_at=None).update(revoked_at=at)
    installer = Actor(code="installation", name="", role=Role.SYSTEM_ADMIN)
    return {
        role: _invite(Post(role=role, name=name), actor=installer, at=at)[1] for role, name in names.items()
    }


@transaction.atomic
def propose_administrator(*, post: Post, reason: str, actor: Actor, at: datetime) -> PendingAct:
    """Propose that somebody becomes an administrator. Nothing is made before another person confirms."""
    require(actor, "propose_administrator", Subject(), evaluation_round=None, at=at)
    if post.role not in ADMINISTRATORS:
        raise UnsoundError(f"{post.role} is no administrator; invite the person instead")
    if not reason.strip():
        raise faulty(
            "administrator_reason", "say why this administrator is needed: whoever confirms has to know"
        )
    _check_post(post)
    facts = {"role": post.role.value, "name": post.name, "email": post.email, "person": post.person}
    subject = f"administrator:{post.role}:{post.email or post.name}"[:200]
    if PendingAct.objects.filter(act="make_administrator", subject=subject, state="proposed").exists():
        raise faulty("administrator_waits", "this is proposed already and waits for another administrator")
    pending = PendingAct.objects.create(
        act="make_administrator",
        subject=subject,
        facts=facts,
        reason=reason,
        proposed_by=actor.code,
        proposed_by_person=actor.person,
        proposed_at=at,
    )
    record(
        actor,
        "propose_administrator",
        subject=subject,
        details={**facts, "reason": reason},
        evaluation_round=None,
        at=at,
    )
    return pending


@transaction.atomic
def decide_administrator(
    *, pending: PendingAct, confirm: bool, actor: Actor, at: datetime
) -> tuple[Invitation, str] | None:
    """Confirm or refuse a proposed administrator. Confirmed, the person gets an invitation, whose code is returned."""
    subject = Subject(first_person=pending.proposed_by, first_person_behind=pending.proposed_by_person)
    require(actor, "confirm_administrator", subject, evaluation_round=None, at=at)
    decided = PendingAct.objects.filter(pk=pending.pk, act="make_administrator", state="proposed").update(
        state="confirmed" if confirm else "refused", decided_by=actor.code, decided_at=at
    )
    if not decided:
        raise OutdatedError("this proposal was decided already; open the list again")
    record(
        actor,
        "confirm_administrator" if confirm else "refuse_administrator",
        subject=pending.subject,
        details={**pending.facts, "proposed_by": pending.proposed_by},
        evaluation_round=None,
        at=at,
    )
    if not confirm:
        return None
    facts = pending.facts
    post = Post(role=Role(facts["role"]), name=facts["name"], email=facts["email"], person=facts["person"])
    return _invite(post, actor=actor, at=at)


@transaction.atomic
def block_account(*, account: Account, reason: str, actor: Actor, at: datetime) -> None:
    """Block an account, and end every session that it has open."""
    _set_active(account, active=False, act="block_account", reason=reason, actor=actor, at=at)
    end_sessions_of(account)


@transaction.atomic
def unblock_account(*, account: Account, reason: str, actor: Actor, at: datetime) -> None:
    """Open a blocked account again."""
    _set_active(account, active=True, act="unblock_account", reason=reason, actor=actor, at=at)


def _set_active(account: Account, *, active: bool, act: str, reason: str, actor: Actor, at: datetime) -> None:
    require(actor, act, Subject(account=account.username), evaluation_round=None, at=at)
    if not reason.strip():
        raise faulty("why", "say why; it stands in the ledger")
    if not Account.objects.filter(pk=account.pk, is_active=not active).update(is_active=active):
        raise OutdatedError(f"{account.username} is {'open' if active else 'blocked'} already")
    account.is_active = active
    record(
        actor,
        act,
        subject=f"account:{account.username}",
        details={"reason": reason},
        evaluation_round=None,
        at=at,
    )


def end_sessions_of(account: Account) -> int:
    """Sign an account out everywhere; return how many sessions ended."""
    own = [
        session.pk
        for session in Session.objects.all()
        if session.get_decoded().get("_auth_user_id") == str(account.pk)
    ]
    return Session.objects.filter(pk__in=own).delete()[0]


@transaction.atomic
def note_password_change(*, account: Account, at: datetime) -> None:
    """Keep when a password was set, since it has to be changed from time to time."""
    account.password_set_at = at
    account.save(update_fields=["password_set_at"])
    record(
        actor_of(account),
        "change_password",
        subject=f"account:{account.username}",
        details={},
        evaluation_round=None,
        at=at,
    )


@transaction.atomic
def note_identity(*, account: Account, identity: str, tied: bool, at: datetime) -> None:
    """Record that an identity of the identity service was tied to an account by its holder, or is so no more."""
    record(
        actor_of(account),
        "tie_identity" if tied else "untie_identity",
        subject=f"account:{account.username}",
        details={"identity": identity},
        evaluation_round=None,
        at=at,
    )


@transaction.atomic
def note_sign_in(*, account: Account, method: str, at: datetime) -> None:
    """Record that somebody signed in, and how. Failures are kept by the lock-out."""
    # The framework wrote the machine's time there; in a demo that is another year.
    account.last_login = at
    account.save(update_fields=["last_login"])
    record(
        actor_of(account),
        "sign_in",
        subject=f"account:{account.username}",
        details={"method": method},
        evaluation_round=None,
        at=at,
    )
