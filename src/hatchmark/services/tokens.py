"""Keys for programs: made by an account for itself, told once, narrowed to scopes, ended at any time."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from hatchmark.db.models import Account, ApiToken
from hatchmark.domain.permissions import Actor, Subject
from hatchmark.domain.token_scopes import LONGEST_LIFE, TokenScope
from hatchmark.services.accounts import actor_of
from hatchmark.services.ledger import record
from hatchmark.services.permissions import require
from hatchmark.services.refusals import OutdatedError, faulty

MOST_TOKENS = 20
USED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """Who stands behind a token, and what it is good for."""

    actor: Actor
    account: Account
    scopes: tuple[str, ...]
    token: int


@transaction.atomic
def make_token(
    *, account: Account, name: str, scopes: Sequence[str], valid_for: timedelta, at: datetime
) -> tuple[ApiToken, str]:
    """Make a token of an account; return it and its text, which is told once and kept nowhere.

    Raises UnsoundError for a name, scopes or a time that cannot be.
    """
    actor = actor_of(account)
    require(actor, "make_token", _own(actor), evaluation_round=None, at=at)
    if not name.strip() or len(name) > 100:
        raise faulty(
            "token_name", "give the token a name of 1 to 100 characters that says which program uses it"
        )
    if not scopes or (unknown := [scope for scope in scopes if scope not in set(TokenScope)]):
        wrong = f"{', '.join(unknown)} is no scope" if scopes else "a token needs a scope"
        raise faulty("token_scope", f"{wrong}; choose of {', '.join(TokenScope)}")
    if not timedelta(0) < valid_for <= LONGEST_LIFE:
        raise faulty("token_days", f"a token is valid for 1 to {LONGEST_LIFE.days} days", n=LONGEST_LIFE.days)
    if ApiToken.objects.filter(account=account, revoked_at=None, expires_at__gt=at).count() >= MOST_TOKENS:
        raise faulty(
            "token_many",
            f"this account has {MOST_TOKENS} tokens already; end one that is not used any more",
            n=MOST_TOKENS,
        )
    text = f"hm_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        account=account,
        digest=_digest(text),
        name=name.strip(),
        scopes=sorted(set(scopes)),
        made_at=at,
        expires_at=at + valid_for,
    )
    record(
        actor,
        "make_token",
        subject=f"token:{token.pk}",
        details={"name": token.name, "scopes": token.scopes, "days": valid_for.days},
        evaluation_round=None,
        at=at,
    )
    return token, text


@transaction.atomic
def revoke_token(*, token: ApiToken, account: Account, at: datetime) -> None:
    """End a token of one's own. Raises OutdatedError where it is ended, or is not one's own."""
    actor = actor_of(account)
    require(actor, "make_token", _own(actor), evaluation_round=None, at=at)
    if not ApiToken.objects.filter(pk=token.pk, account=account, revoked_at=None).update(revoked_at=at):
        raise OutdatedError("this token has ended already")
    record(
        actor,
        "revoke_token",
        subject=f"token:{token.pk}",
        details={"name": token.name},
        evaluation_round=None,
        at=at,
    )


def bearer_of(text: str, *, at: datetime) -> Bearer | None:
    """Return who a token stands for; None for one that is unknown, ended or too old, or of a blocked account."""
    token = (
        ApiToken.objects.select_related("account__authority")
        .filter(digest=_digest(text), revoked_at=None, expires_at__gt=at, account__is_active=True)
        .first()
    )
    if token is None:
        return None
    # Roughly, and not at every request: a write for each would be felt.
    if token.used_at is None or at - token.used_at > USED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(used_at=at)
    return Bearer(
        actor=actor_of(token.account), account=token.account, scopes=tuple(token.scopes), token=token.pk
    )


def _own(actor: Actor) -> Subject:
    """A token lies where its account does: within reach of nobody else."""
    return Subject(authority=actor.authority, institution=actor.unit, channel=actor.unit)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
