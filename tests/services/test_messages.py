"""A message reaches whom it concerns, mail goes out after the act, and what failed can be sent again."""

import smtplib

import pytest
from conftest_services import AUTHORITY, CALL_AT, DATES, FIRST, open_live_round
from django.core import mail

from hatchmark.db.models import Account, LedgerEntry, Message
from hatchmark.domain.permissions import Actor, Role
from hatchmark.services import messages
from hatchmark.services.refusals import NotAllowedError, UnsoundError

SYSTEM = Actor(code="sys-1", name="示例", role=Role.SYSTEM_ADMIN)


@pytest.fixture
def live(db, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    return open_live_round()


def account(live, username: str, role: Role, unit: str = "", email: str = "", **changes: object) -> Account:
    return Account.objects.create(
        username=username,
        name="示例",
        role=role.value,
        unit=unit,
        email=email,
        authority=live.authority,
        made_at=CALL_AT,
        **changes,
    )


def test_a_message_reaches_the_accounts_of_its_institution_and_no_other(live):
    account(live, "i1", Role.INSTITUTION, "demo-i01")
    account(live, "i1b", Role.INSTITUTION, "demo-i01")
    account(live, "i1-gone", Role.INSTITUTION, "demo-i01", is_active=False)
    account(live, "i2", Role.INSTITUTION, "demo-i02")
    account(live, "ch", Role.CHANNEL, "示例市")
    entry = live.entries.get(serial=1)

    told = messages.tell_of_entry("approved", entry, at=CALL_AT, version=1)

    assert told == 2
    assert sorted(Message.objects.values_list("account__username", flat=True)) == ["i1", "i1b"]
    assert Message.objects.first().title == "2025年度申报材料初审通过"


def test_mail_goes_out_after_the_transaction_and_only_where_there_is_an_address(
    live, django_capture_on_commit_callbacks
):
    account(live, "ch1", Role.CHANNEL, "示例市", email="one@example.invalid")
    account(live, "ch2", Role.CHANNEL, "示例市")

    with django_capture_on_commit_callbacks(execute=True):
        messages.tell_of_entry("submitted", live.entries.get(serial=1), at=CALL_AT, version=1)
        assert mail.outbox == []

    assert [sent.to for sent in mail.outbox] == [["one@example.invalid"]]
    assert "示例1号孵化器提交了申报材料" in mail.outbox[0].subject
    assert dict(Message.objects.values_list("account__username", "mail")) == {"ch1": "sent", "ch2": "none"}


def test_a_mail_server_that_fails_loses_no_message_and_the_mail_can_be_sent_again(
    live, monkeypatch, django_capture_on_commit_callbacks
):
    account(live, "ch1", Role.CHANNEL, "示例市", email="one@example.invalid")

    def fails(self: object) -> int:
        raise smtplib.SMTPRecipientsRefused({"one@example.invalid": (550, b"no such user")})

    with monkeypatch.context() as patch, django_capture_on_commit_callbacks(execute=True):
        patch.setattr("django.core.mail.EmailMessage.send", fails)
        messages.tell_of_entry("submitted", live.entries.get(serial=1), at=CALL_AT, version=1)
    message = Message.objects.get()
    assert (message.mail, message.mail_tries) == ("failed", 1)
    assert "no such user" in message.mail_problem

    with pytest.raises(NotAllowedError):
        messages.retry_mail(message=message, actor=FIRST, at=CALL_AT)
    with django_capture_on_commit_callbacks(execute=True):
        messages.retry_mail(message=message, actor=SYSTEM, at=CALL_AT)

    assert Message.objects.get().mail == "sent"
    assert len(mail.outbox) == 1
    with pytest.raises(UnsoundError, match="did not fail"):
        messages.retry_mail(message=message, actor=SYSTEM, at=CALL_AT)


def test_a_mail_is_sent_once_however_often_the_queue_hands_it_out(live, django_capture_on_commit_callbacks):
    account(live, "ch1", Role.CHANNEL, "示例市", email="one@example.invalid")
    with django_capture_on_commit_callbacks(execute=True):
        messages.tell_of_entry("submitted", live.entries.get(serial=1), at=CALL_AT, version=1)

    messages.send_mail.call(Message.objects.get().pk)

    assert len(mail.outbox) == 1


def test_a_reminder_goes_to_whom_it_was_shown_for_and_leaves_one_line(live):
    account(live, "i1", Role.INSTITUTION, "demo-i01")
    account(live, "i2", Role.INSTITUTION, "demo-i02")
    entry = live.entries.get(serial=1)
    type(live).objects.update(stage="submission")
    live.refresh_from_db()

    told = messages.remind(
        evaluation_round=live,
        entries=[entry],
        due={entry.pk: DATES["submission_closes_at"]},
        note="请尽快",
        actor=FIRST,
        at=CALL_AT,
    )

    assert told == 1
    assert Message.objects.get().text == (
        "示例1号孵化器尚未提交2025年度申报材料，截止时间2025年3月31日23:59。请尽快"
    )
    assert LedgerEntry.objects.last().details["entries"] == ["incubator:1"]
    assert AUTHORITY == "demo"


def test_nobody_to_remind_is_said(live):
    type(live).objects.update(stage="submission")
    live.refresh_from_db()

    with pytest.raises(UnsoundError, match="nobody is left"):
        messages.remind(evaluation_round=live, entries=[], due={}, note="", actor=FIRST, at=CALL_AT)
