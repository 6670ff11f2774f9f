"""Two databases that differ in a hidden fact answer alike, to the byte, wherever the fact is hidden.

Everybody asks for every page and file that can be asked for, and sends every form, in a world without the facts that
are hidden from them and in one with them: status, headers and body are the same. Somebody who may know of a fact gets
another answer, so that it is really there. What differs by chance (tokens of forms, session cookies) is taken out, and
nothing else is. Messages and mails are compared likewise. See two_worlds.py.
"""

import re
from collections.abc import Iterator, Sequence
from http.cookies import SimpleCookie

import pytest
from conftest_services import open_live_round
from django.test import Client
from django.urls import URLPattern
from two_worlds import (
    AFTER,
    CALL,
    FACTS,
    NOW,
    REVIEW,
    SUBMISSION,
    WHO,
    Answers,
    Fact,
    begin,
    headers_of,
    make_accounts,
    put,
    taken_back,
    tell_tales,
    without_tokens,
)

from hatchmark.db.models import Account, Message, Qualification, Round
from hatchmark.domain.workflow import Stage
from hatchmark.services import clock, messages
from hatchmark.services.accounts import actor_of
from hatchmark.web import urls

# What a form could hold, all of it at once: a page takes what it knows.
FORM = {
    "opinion": "示例意见", "reason": "示例原因", "explanation": "示例说明", "fields": "area", "signed_by": "示例李某",
    "pledge": "yes", "seen": "1", "version": "1", "grant": "yes", "day": "2025-04-30", "confirm": "yes",
    "value.area": "12", "status.area": "reported", "was.value.area": "", "was.status.area": "reported",
    "name": "示例.pdf", "size": "3", "note": "示例", "title": "示例", "old": "示例", "new": "示例", "effective": "2025",
    "as_kind": "makerspace", "code": "示例", "username": "demo-x", "role": "channel", "unit": "示例市",
    "deadline": "submission_closes_at",
    "enterprise": "示例企业", "scopes": "read", "days": "30", "flag": "示例",
}  # fmt: skip
NO_FORM = frozenset({"demo-clock", "check-a-notice"})
"""The clock of a demonstration belongs to all who try it; the check of a notice counts how often it is asked."""


@pytest.fixture
def world(db, monkeypatch, tmp_path, settings) -> Round:
    """A round with three entries and an account of each role; its clock stands still."""
    settings.DATA = tmp_path
    monkeypatch.setattr(clock, "now", lambda: NOW)
    made = open_live_round()
    make_accounts(made)
    return made


def keys_of(name: str, world: Round) -> list[int]:
    """Return the keys that a route of this name is asked with, those of hidden rows among them."""
    if name in ("account", "token-revoke", "mail-retry", "pending", "ruling", "decide-administrator"):
        # Rows that there may be: a hidden one has the next key, and nobody may be told that it is taken.
        return sorted({*Account.objects.values_list("pk", flat=True)[:3], 1, 2, Account.objects.count() + 1})
    if name in ("ask-change", "qualification"):
        return list(Qualification.objects.values_list("pk", flat=True))
    if name.startswith(
        ("board", "queue", "batch", "statistics", "reminders", "move", "due", "call", "dead", "sch")
    ):
        return [world.pk]
    return list(world.entries.order_by("serial").values_list("pk", flat=True))


def addresses(world: Round) -> Iterator[tuple[str, str]]:
    """Yield the name and every address of each route of the pages, without the language."""
    for pattern in urls.patterns:
        assert isinstance(pattern, URLPattern)
        path, name = str(pattern.pattern), pattern.name or ""
        if "<authority:" in path or "<code:authority>" in path:
            continue  # what is published: no round here is
        for pk in keys_of(name, world) if "<int:pk>" in path else [0]:
            filled = path.replace("<int:pk>", str(pk)).replace("<int:version>", "1")
            filled = re.sub(r"<int:\w+>", "1", filled)
            filled = re.sub(r"<(str|code|slug):(key|code)>", "hiddenkey0123456789", filled)
            filled = re.sub(r"<\w+:ending>", "docx", filled)
            filled = re.sub(r"<\w+:what>", "name", filled)
            yield name, re.sub(r"<\w+:\w+>", "x", filled)
    yield from (
        ("todo", "work/?page=2"),
        ("accounts", "work/accounts/?q=hidden"),
        ("ledger", "work/ledger/?q=submit"),
        ("messages", "work/messages/?page=1"),
    )


class Pages:
    """Asks for pages, and remembers which routes anybody was answered."""

    def __init__(self, world: Round, *, language: str = "", send_forms: bool) -> None:
        self._asked = list(dict.fromkeys(addresses(world)))
        self._language = language
        self._send_forms = send_forms
        self.answered: set[str] = set()

    def look(self, usernames: Sequence[str]) -> Answers:
        """Return what each account is answered at each address."""
        return self._each(usernames, send_forms=False)

    def see(self, usernames: Sequence[str]) -> Answers:
        """Return what each account is answered at each address, and to each form."""
        return self._each(usernames, send_forms=self._send_forms)

    def _each(self, usernames: Sequence[str], *, send_forms: bool) -> Answers:
        found: Answers = {}
        for username in usernames:
            # Whoever signs in leaves a line in the ledger, which is no matter of the next.
            with taken_back():
                site = Client(raise_request_exception=True)
                if WHO[username] is not None:
                    site.force_login(
                        Account.objects.get(username=username),
                        backend="allauth.account.auth_backends.AuthenticationBackend",
                    )
                for name, path in self._asked:
                    address = f"/{self._language}{path}"
                    found[username, f"GET {address}"] = self._shown(site.get(address), name)
                    if send_forms and name not in NO_FORM:
                        found[username, f"POST {address}"] = self._sent(site, address, name)
        return found

    def _sent(self, site: Client, address: str, name: str) -> object:
        """Send a form and follow where it leads, for what is said there; the world stays as it was."""
        cookies = SimpleCookie(site.cookies.output(header=""))
        with taken_back():
            response = site.post(address, FORM)
            shown = self._shown(response, name)
            led_to = response.headers.get("Location", "")
            if led_to and "/accounts/login/" not in led_to:
                shown = (shown, self._shown(site.get(led_to), name))
        site.cookies = cookies
        return shown

    def _shown(self, response, name: str) -> object:
        # What cannot be done as it was asked (409, 422) is told by whoever may do it, and by nobody else.
        if response.status_code not in (404, 405) and "/accounts/login/" not in response.headers.get(
            "Location", ""
        ):
            self.answered.add(name)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        return (response.status_code, headers_of(response), without_tokens(body))


def facts_of(stage: Stage) -> list[Fact]:
    return [fact for fact in FACTS if stage in fact.stages]


@pytest.mark.parametrize(
    ("stage", "language", "send_forms"),
    [
        (CALL, "", False),
        (SUBMISSION, "", True),
        (SUBMISSION, "en/", False),
        (REVIEW, "", True),
        (AFTER, "", False),
    ],
)
def test_what_is_hidden_shows_nowhere_to_whom_it_is_hidden(world, stage, language, send_forms):
    begin(world, stage)
    pages = Pages(world, language=language, send_forms=send_forms)

    assert tell_tales(world, stage, pages.see, look=pages.look, facts=facts_of(stage)) == []


NEVER_ANSWERED = {
    "certificate": "opened by a code that cannot be guessed, whoever has it",
    "receipt": "likewise",
    "invitation": "likewise",
    "call-file": "no call was printed in these worlds",
    "letter": "no approval here was sealed",
    "demo-clock": "these worlds are no demonstration",
}


def test_every_route_is_really_answered(world):
    """A route that answers everybody with 404 would tell nothing whatever it leaked."""
    answered: set[str] = set()
    for stage in (SUBMISSION, REVIEW):
        with taken_back():
            begin(world, stage)
            put([fact for fact in facts_of(stage) if not fact.alone], world, stage)
            pages = Pages(world, send_forms=True)
            pages.see(list(WHO))
            answered |= pages.answered
    known = {name for name, _ in addresses(world)}

    assert sorted(known - answered) == sorted(NEVER_ANSWERED)


def test_messages_and_mails_tell_nothing_of_it(world):
    """The department reminds whoever has handed in nothing: what others are told is the same, whatever entry 2 did."""

    def told() -> dict[str, list[object]]:
        entries = [entry for entry in world.entries.all() if not entry.submissions.exists()]
        messages.remind(
            evaluation_round=world, entries=entries, due={entry.pk: NOW for entry in entries}, note="示例",
            actor=actor_of(Account.objects.get(username="dep")), at=NOW,
        )  # fmt: skip
        found: dict[str, list[object]] = {name: [] for name in WHO}
        for message in Message.objects.filter(event="reminder").select_related("account").order_by("pk"):
            found[message.account.username].append((message.title, message.text, message.mail))
        return found

    begin(world, SUBMISSION)
    with taken_back():
        without = told()
    for fact in facts_of(SUBMISSION):
        with taken_back():
            put([fact], world, SUBMISSION)
            with_it = told()
        differs = {name for name in WHO if with_it[name] != without[name]}
        assert differs == ({"i2"} if fact.name == "a submission" else set()), fact.name
