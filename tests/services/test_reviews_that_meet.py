"""A channel approves while the institution withdraws: one of the two is done, the other is told; on both databases."""

import sqlite3
import threading
from datetime import timedelta

import pytest
from conftest_services import DATES, LiveRound, institution_actor, officer_of
from django.db import connection, connections

from hatchmark.db.models import Entry, Extension, LedgerEntry, Submission
from hatchmark.domain.ledger import verify
from hatchmark.domain.workflow import Stage
from hatchmark.services import preliminary_reviews, submissions
from hatchmark.services.ledger import sealed_lines
from hatchmark.services.refusals import NotAllowedError, RefusedError, UnsoundError

AT = DATES["submission_closes_at"] + timedelta(days=1)


def reviewed_late(live_round_at) -> LiveRound:
    """A round in review, where the first institution has a longer window: it may still withdraw."""
    live = live_round_at(Stage.PRELIMINARY_REVIEW)
    Extension.objects.create(
        round=live.round,
        entry=live.entries[1],
        deadline="submission_closes_at",
        until=AT + timedelta(days=2),
        reason="示例",
        granted_by="dep-1",
        granted_at=AT,
    )
    live.explain_flags(1)
    return live


def seen(pk: int) -> Entry:
    return Entry.objects.select_related("round__authority", "qualification__institution").get(pk=pk)


def approve(entry: Entry) -> str:
    return preliminary_reviews.approve(
        entry=entry, opinion="同意", actor=officer_of(entry.channel), at=AT, version=1
    ).act


def withdraw(entry: Entry) -> str:
    return submissions.withdraw(entry=entry, actor=institution_actor(entry), at=AT).state


def test_an_entry_seen_before_it_was_withdrawn_is_not_approved(live_round_at):
    live = reviewed_late(live_round_at)
    open_page = seen(live.entries[1].pk)
    withdraw(live.entries[1])

    with pytest.raises(UnsoundError, match="no submission waiting for review"):
        approve(open_page)

    assert Submission.objects.get(entry=open_page).state == "withdrawn"


def test_an_entry_seen_before_it_was_approved_is_not_withdrawn(live_round_at):
    live = reviewed_late(live_round_at)
    open_page = seen(live.entries[1].pk)
    approve(live.entries[1])

    with pytest.raises(NotAllowedError, match="approval locks it"):
        withdraw(open_page)

    assert Submission.objects.get(entry=open_page).state == "approved"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("order", [(approve, withdraw), (withdraw, approve)])
def test_of_both_at_the_same_moment_exactly_one_is_done(live_round_at, tmp_path, order):
    pk = reviewed_late(live_round_at).entries[1].pk
    settings, name = connection.settings_dict, connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        # A test's database lies in memory, where connections cannot wait for one another: a copy in a file can.
        copy = sqlite3.connect(tmp_path / "copy.sqlite3")
        connection.connection.backup(copy)
        copy.close()
        name = str(tmp_path / "copy.sqlite3")
    gate = threading.Barrier(2)
    outcomes: list[object] = []

    def in_own_connection(act, *, waits: bool = True) -> None:
        connections["default"].settings_dict = {**settings, "NAME": name}
        try:
            if waits:
                gate.wait(timeout=30)
            outcomes.append(act())
        except RefusedError as error:
            outcomes.append(error)
        finally:
            connections["default"].close()

    def run(*acts, waits: bool = True) -> None:
        threads = [
            threading.Thread(target=in_own_connection, args=(act,), kwargs={"waits": waits}) for act in acts
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)

    run(*(lambda act=act: act(seen(pk)) for act in order))
    said = [each for each in outcomes if isinstance(each, str)]
    assert len(outcomes) == 2
    assert len(said) == 1

    outcomes.clear()
    run(
        lambda: (
            Submission.objects.get(entry=pk).state,
            list(LedgerEntry.objects.filter(act__in=["approve", "withdraw"]).values_list("act", flat=True)),
            verify(sealed_lines()),
        ),
        waits=False,
    )
    assert outcomes in ([("approved", ["approve"], None)], [("withdrawn", ["withdraw"], None)])
