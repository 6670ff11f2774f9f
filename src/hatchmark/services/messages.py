"""Tell people what needs them: in the application at once, by mail after the act is done, and one sees what failed.

A message is made in the transaction of the act that it tells of. Mail waits until that has ended, and goes out through
the queue: an act never waits for a mail server, and a message whose mail failed is still there to be read.
"""

import smtplib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django_tasks import task

from hatchmark.db.models import Account, Authority, Entry, Institution, Message, Round
from hatchmark.domain.deadlines import CHINA
from hatchmark.domain.messages import EVENTS, written
from hatchmark.domain.permissions import Actor, Role, Subject
from hatchmark.services import clock
from hatchmark.services.ledger import record
from hatchmark.services.permissions import require
from hatchmark.services.refusals import faulty

MOST_TRIES = 5
MOST_AT_ONCE = 2000


def tell_of_entry(event: str, entry: Entry, *, at: datetime, **facts: object) -> int:
    """Tell an event of one entry to the accounts of its institution, or of its channel. Return how many."""
    kind = EVENTS[event]
    unit = entry.qualification.institution.code if kind.to is Role.INSTITUTION else entry.channel
    known = {"name": entry.name, "year": entry.round.year, **facts}
    return _tell(
        event, _accounts(entry.round.authority, kind.to, unit), known, key=entry.pk, of=entry.round, at=at
    )


def tell_institution(
    event: str, institution: Institution, *, of: Round | None, at: datetime, **facts: object
) -> int:
    """Tell an event that belongs to an institution as such. Return how many accounts were told."""
    accounts = _accounts(institution.authority, Role.INSTITUTION, institution.code)
    return _tell(event, accounts, facts, key=None, of=of, at=at)


def tell_department(
    event: str, authority: Authority, *, of: Round | None, at: datetime, **facts: object
) -> int:
    """Tell an event to the officers of the department. Return how many."""
    return _tell(event, _accounts(authority, Role.DEPARTMENT), facts, key=None, of=of, at=at)


def tell_of_opening(evaluation_round: Round, *, closes_at: datetime | None, at: datetime) -> int:
    """Tell everybody on the list, and their channels, that they may hand in now. Return how many accounts were told."""
    authority = evaluation_round.authority
    if not Account.objects.filter(authority=authority, is_active=True).exists():
        return 0
    due = moment_in_words(closes_at) if closes_at else "申报截止"
    entries = list(evaluation_round.entries.select_related("round__authority", "qualification__institution"))
    told = sum(tell_of_entry("round_opened", entry, at=at, due=due) for entry in entries)
    channels = Counter(entry.channel for entry in entries)
    for channel, n in sorted(channels.items()):
        known = {"year": evaluation_round.year, "n": n, "due": due}
        officers = _accounts(authority, Role.CHANNEL, channel)
        told += _tell(
            "round_opened_channel", officers, known, key=evaluation_round.pk, of=evaluation_round, at=at
        )
    return told


def _accounts(authority: Authority, role: Role, unit: str | None = None) -> QuerySet[Account]:
    found = Account.objects.filter(role=role.value, authority=authority, is_active=True)
    return found if unit is None else found.filter(unit=unit)


def _tell(
    event: str,
    accounts: QuerySet[Account],
    facts: Mapping[str, object],
    *,
    key: int | None,
    of: Round | None,
    at: datetime,
) -> int:
    title, text = written(EVENTS[event], facts)
    made = Message.objects.bulk_create(
        Message(
            account=account,
            round=of,
            event=event,
            title=title,
            text=text,
            link=EVENTS[event].route if key is None else f"{EVENTS[event].route}:{key}",
            made_at=at,
            mail="waiting" if account.email else "none",
        )
        for account in accounts
    )
    for message in made:
        if message.mail == "waiting":
            transaction.on_commit(partial(_enqueue, message.pk))
    return len(made)


def _enqueue(pk: int) -> None:
    send_mail.enqueue(pk)


@task()
def send_mail(pk: int) -> str:
    """Send the mail of one message, and keep what came of it. A mail that was sent is not sent again."""
    message = Message.objects.select_related("account").get(pk=pk)
    if message.mail == "sent":
        return "sent before"
    address = settings.PUBLIC_ADDRESS
    where = f"\n\n{address}/work/messages/" if address else ""
    mail = EmailMessage(message.title, f"{message.text}{where}", to=[message.account.email])
    try:
        mail.send()
    except (smtplib.SMTPException, OSError) as error:
        # What a mail server answers is not ours: kept short, shown escaped.
        _keep(message, mail="failed", mail_problem=f"{type(error).__name__}: {error}"[:400])
        return "failed"
    _keep(message, mail="sent", mail_problem="", mail_sent_at=clock.now())
    return "sent"


def _keep(message: Message, **changes: object) -> None:
    Message.objects.filter(pk=message.pk).update(mail_tries=message.mail_tries + 1, **changes)


@transaction.atomic
def retry_mail(*, message: Message, actor: Actor, at: datetime) -> None:
    """Send a failed mail again. Raises UnsoundError for one that did not fail, or failed too often."""
    require(actor, "retry_mail", Subject(), evaluation_round=None, at=at)
    if message.mail_tries >= MOST_TRIES:
        raise faulty(
            "mail_tries",
            f"this mail failed {message.mail_tries} times; tell the person another way",
            n=message.mail_tries,
        )
    if not Message.objects.filter(pk=message.pk, mail="failed").update(mail="waiting"):
        raise faulty("mail_not_failed", "this mail did not fail; it was sent, or waits to be sent")
    record(
        actor,
        "retry_mail",
        subject=f"message:{message.pk}",
        details={"event": message.event, "tries": message.mail_tries},
        evaluation_round=None,
        at=at,
    )
    transaction.on_commit(partial(_enqueue, message.pk))


def unread_of(account: Account) -> int:
    """Return how many messages of an account were not read yet."""
    return Message.objects.filter(account=account, read_at=None).count()


def mark_read(account: Account, *, at: datetime) -> int:
    """Mark every message of an account as read; return how many were new."""
    return Message.objects.filter(account=account, read_at=None).update(read_at=at)


def moment_in_words(at: datetime) -> str:
    """Write a moment as the messages have it: 2025年4月3日23:59."""
    local = at.astimezone(CHINA)
    return f"{local.year}年{local.month}月{local.day}日{local:%H:%M}"


@transaction.atomic
def remind(
    *,
    evaluation_round: Round,
    entries: Sequence[Entry],
    due: Mapping[int, datetime],
    note: str,
    actor: Actor,
    at: datetime,
) -> int:
    """Remind institutions that have handed in nothing yet; return how many accounts were told.

    `due` is by the entry's key. Raises UnsoundError for nobody, or for more than a page can have shown.
    """
    require(actor, "send_reminders", Subject(), evaluation_round=evaluation_round, at=at)
    if not entries:
        raise faulty("nobody_to_remind", "nobody is left to be reminded; open the list again")
    if len(entries) > MOST_AT_ONCE:
        raise faulty(
            "too_many_at_once",
            f"{len(entries)} at once are more than {MOST_AT_ONCE}; choose a part of them",
            n=len(entries),
            most=MOST_AT_ONCE,
        )
    told = sum(
        tell_of_entry("reminder", entry, at=at, due=moment_in_words(due[entry.pk]), note=note)
        for entry in entries
    )
    record(
        actor,
        "send_reminders",
        subject=f"round:{evaluation_round.year}",
        details={"entries": sorted(str(entry) for entry in entries), "accounts": told, "note": note},
        evaluation_round=evaluation_round,
        at=at,
    )
    return told
