"""Two databases that differ in a hidden fact answer alike, to the byte, wherever the fact is hidden.

Everybody asks for every page and file that can be asked for, and sends every form, in a world without the facts that
are hidden from them and in one with them: status, headers and body are the same. Somebody who may know of a fact gets
another answer, so that it is really there. What differs by chance (tokens of forms, session cookies) is taken out, and
nothing else is. Messages and mails are compared likewise. See two_worlds.py.
"""

import pytest
from asking_pages import Pages, addresses
from conftest_services import open_live_round
from two_worlds import (
    AFTER,
    CALL,
    FACTS,
    NOW,
    REVIEW,
    SUBMISSION,
    WHO,
    Fact,
    begin,
    count_from_one,
    make_accounts,
    put,
    taken_back,
    tell_tales,
)

from hatchmark.db.models import Account, Message, Round
from hatchmark.domain.workflow import Stage
from hatchmark.services import clock, messages
from hatchmark.services.accounts import actor_of


@pytest.fixture
def world(db, monkeypatch, tmp_path, settings) -> Round:
    """A round with three entries and an account of each role; its clock stands still."""
    settings.DATA = tmp_path
    monkeypatch.setattr(clock, "now", lambda: NOW)
    count_from_one()
    made = open_live_round()
    make_accounts(made)
    return made


def facts_of(stage: Stage) -> list[Fact]:
    return [fact for fact in FACTS if stage in fact.stages]


@pytest.mark.parametrize(
    ("stage", "language"),
    [(CALL, "en/"), (SUBMISSION, ""), (REVIEW, ""), (AFTER, "")],
)
def test_what_is_hidden_shows_nowhere_to_whom_it_is_hidden(world, stage, language):
    begin(world, stage)
    pages = Pages(world, language=language, send_forms=True)

    assert tell_tales(world, stage, pages.see, look=pages.look, facts=facts_of(stage)) == []


NEVER_ANSWERED = {
    "certificate": "opened by a code that cannot be guessed, whoever has it",
    "receipt": "likewise",
    "invitation": "likewise",
    "call-file": "no call was printed in these worlds",
    "letter": "no approval here was sealed",
    "demo-clock": "these worlds are no demonstration",
    **dict.fromkeys(
        (
            "round",
            "rows",
            "notice",
            "version",
            "correction",
            "version-file",
            "document",
            "institution",
            "scorecard",
            "what-if",
        ),
        "nothing is published yet: see test_two_worlds_of_later_stages.py",
    ),
}


def test_every_route_is_really_answered(world):
    """A route that answers everybody with 404 would tell nothing whatever it leaked."""
    answered: set[str] = set()
    for stage in (SUBMISSION, REVIEW):
        with taken_back():
            begin(world, stage)
            put([fact for fact in facts_of(stage) if not fact.alone], world, stage)
            pages = Pages(world, send_forms=True)
            pages.seek(list(WHO))
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
