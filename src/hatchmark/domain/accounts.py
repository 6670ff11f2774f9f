"""What must an account be like: its password, how long it stays signed in, which roles one person may hold?

Numbers and separations follow what classified protection (等保三级, GB/T 22239-2019) asks of identity: a password of
some length and mix that is changed from time to time, locked after failures, signed out when idle, and three
administrators apart from one another.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from hatchmark.domain.permissions import ADMINISTRATORS, SCOPES, Role, Scope

PASSWORD_LENGTH = 10
PASSWORD_SORTS = 3
PASSWORD_AGE = timedelta(days=90)
IDLE = timedelta(minutes=30)
FAILURES_BEFORE_LOCK = 5
LOCKED_FOR = timedelta(minutes=30)
INVITATION_VALID = timedelta(days=7)

_SORTS = (
    (re.compile(r"[a-z]"), "small letters"),
    (re.compile(r"[A-Z]"), "capital letters"),
    (re.compile(r"[0-9]"), "digits"),
    (re.compile(r"[^A-Za-z0-9]"), "other signs"),
)
_USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,59}")


def password_faults(password: str, *, known: Iterable[str] = ()) -> list[str]:
    """Return what stands against a password: codes `short`, `few_sorts`, `known`, in this order.

    `known` are words that others know of the account (username, e-mail, name): none may be in it.
    """
    faults = []
    if len(password) < PASSWORD_LENGTH:
        faults.append("short")
    if sum(bool(pattern.search(password)) for pattern, _ in _SORTS) < PASSWORD_SORTS:
        faults.append("few_sorts")
    lower = password.lower()
    if any(len(word) >= 3 and word.lower() in lower for word in known):
        faults.append("known")
    return faults


def password_is_old(set_at: datetime | None, *, at: datetime) -> bool:
    """Say whether a password has to be changed before anything else; one whose age nobody knows is old."""
    return set_at is None or at - set_at > PASSWORD_AGE


def username_fault(username: str) -> str:
    """Return why something cannot be a username, or an empty string."""
    if _USERNAME.fullmatch(username):
        return ""
    return "3 to 60 letters, digits, dots, hyphens or underscores, beginning with a letter or digit"


def needs_unit(role: Role) -> bool:
    """Say whether an account of the role acts for a unit: an institution or a channel."""
    return SCOPES[role] in (Scope.INSTITUTION, Scope.CHANNEL)


def needs_authority(role: Role) -> bool:
    """Say whether an account of the role acts under an authority: all but administrators of the installation."""
    return role not in ADMINISTRATORS


def against_holding(role: Role, held: Iterable[Role]) -> str:
    """Return why a person who holds `held` may not hold `role` as well, or an empty string.

    Administrators are apart from each other and from the evaluation; and nobody judges what they hand in, or the
    other way round: whoever acts for an institution holds no other role.
    """
    for other in held:
        if other is role and role not in ADMINISTRATORS:
            continue
        if other is role:
            return f"this person is {role} already"
        if role in ADMINISTRATORS or other in ADMINISTRATORS:
            return f"an administrator holds no other role; this person is {other}"
        if Role.INSTITUTION in (role, other):
            return f"whoever acts for an institution judges none; this person is {other}"
    return ""
