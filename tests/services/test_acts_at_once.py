"""Acts that really happen at once, in connections of their own: on SQLite as on PostgreSQL one of them is told."""

import sqlite3
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from conftest_services import DATES, figures, institution_actor, officer_of
from django.db import connection, connections, transaction
from media_samples import PDF

from hatchmark.db.models import Draft, Entry, Evidence, Extension, LedgerEntry, Submission
from hatchmark.domain.ledger import verify
from hatchmark.domain.workflow import Stage
from hatchmark.services import drafts, evidence, kept_files, preliminary_reviews, submissions
from hatchmark.services.drafts import Change
from hatchmark.services.ledger import sealed_lines
from hatchmark.services.permissions import hold
from hatchmark.services.refusals import RefusedError

pytestmark = pytest.mark.django_db(transaction=True)

AT = DATES["submission_closes_at"] - timedelta(days=2)
REVIEW = DATES["preliminary_review_closes_at"] - timedelta(days=3)


@pytest.fixture
def at_once(tmp_path):
    """Return a function that does acts at the same moment, each in a connection of its own, then looks.

    A test's SQLite lies in memory, where one connection is shared: the acts are done on a copy of it in a file.
    """
    own = connection.settings_dict
    before = own["NAME"]

    def run(*acts: Callable[[], Any], look: Callable[[], Any]) -> tuple[list[Any], Any]:
        if connection.vendor == "sqlite":
            copy = tmp_path / "copy.sqlite3"
            with sqlite3.connect(copy) as target:
                connection.connection.backup(target)
            target.close()
            assert copy.stat().st_size > 0
            name = str(copy)
        else:
            name = before
        start = threading.Barrier(len(acts))
        outcomes: list[Any] = [None] * len(acts)

        def do(at: int, act: Callable[[], Any]) -> None:
            connections["default"].settings_dict["NAME"] = name
            start.wait(timeout=30)
            try:
                outcomes[at] = act()
            except RefusedError as error:
                outcomes[at] = error
            finally:
                connections["default"].close()

        workers = [threading.Thread(target=do, args=each) for each in enumerate(acts)]
        for each in workers:
            each.start()
        for each in workers:
            each.join(timeout=60)
        seen: list[Any] = []

        def watch() -> None:
            connections["default"].settings_dict["NAME"] = name
            try:
                seen.append(look())
            finally:
                connections["default"].close()

        watcher = threading.Thread(target=watch)
        watcher.start()
        watcher.join(timeout=60)
        own["NAME"] = before
        return outcomes, seen[0]

    return run


def opened(entry):
    return drafts.open_papers(entry.pk, actor=institution_actor(entry), at=AT)


def save(papers, code, value, *, was=""):
    change = Change(code=code, status="reported", value=value, was_status="reported", was_value=was)
    return drafts.save_draft(papers=papers, changes=[change], actor=institution_actor(papers.entry), at=AT)


def test_sixteen_windows_that_save_a_field_each_lose_nothing(live_round_at, at_once):
    live = live_round_at(Stage.SUBMISSION)
    entry = live.entries[1]
    codes = list(figures())[:16]
    windows = [(opened(entry), code) for code in codes]

    outcomes, (stored, version) = at_once(
        *(lambda papers=papers, code=code: save(papers, code, "7") for papers, code in windows),
        look=lambda: (Draft.objects.get().figures, Draft.objects.get().version),
    )

    assert [saved.conflicts for saved in outcomes] == [{}] * 16
    assert {code for code, each in stored.items() if each["value"] == "7"} == set(codes)
    assert version == 16


def test_of_two_windows_that_save_one_field_one_is_told_what_the_other_saved(live_round_at, at_once):
    live = live_round_at(Stage.SUBMISSION)
    entry = live.entries[1]
    one, other = opened(entry), opened(entry)

    outcomes, stored = at_once(
        lambda: save(one, "area", "1"),
        lambda: save(other, "area", "2"),
        look=lambda: Draft.objects.get().figures["area"]["value"],
    )

    told = [saved.conflicts["area"].typed.value for saved in outcomes if saved.conflicts]
    assert told == [stored]


def test_of_two_windows_that_hand_in_both_get_the_one_version(live_round_at, at_once):
    live = live_round_at(Stage.SUBMISSION)
    entry = live.entries[1]
    papers = opened(entry)
    changes = [
        Change(code=code, status="reported", value="0", was_status="reported", was_value="")
        for code in figures()
    ]
    drafts.save_draft(papers=papers, changes=changes, actor=institution_actor(entry), at=AT)
    seen = drafts.contents_of(opened(entry), last={}).seen

    def hand_in():
        fresh = Entry.objects.select_related("round__authority", "qualification__institution").get(
            pk=entry.pk
        )
        return submissions.hand_in(
            entry=fresh, seen=seen, signed_by="示例", actor=institution_actor(entry), at=AT
        ).version

    outcomes, (versions, lines, drafted) = at_once(
        hand_in,
        hand_in,
        look=lambda: (
            Submission.objects.filter(entry=entry).count(),
            LedgerEntry.objects.filter(act="submit").count(),
            Draft.objects.count(),
        ),
    )

    assert (outcomes, versions, lines, drafted) == ([1, 1], 1, 1, 0)


def test_of_a_channel_that_approves_and_an_institution_that_withdraws_one_is_told(live_round_at, at_once):
    live = live_round_at(Stage.PRELIMINARY_REVIEW)
    pk = live.entries[1].pk
    # Within an extension an institution may still withdraw while its channel reviews.
    Extension.objects.create(
        round=live.round,
        entry=live.entries[1],
        deadline="submission_closes_at",
        until=REVIEW,
        reason="示例",
        granted_by="dep-1",
        granted_at=AT,
    )

    def fresh():
        return Entry.objects.select_related("round__authority", "qualification__institution").get(pk=pk)

    def approve():
        entry = fresh()
        return preliminary_reviews.approve(
            entry=entry, opinion="同意", actor=officer_of(entry.channel), at=REVIEW
        ).act

    def withdraw():
        entry = fresh()
        return submissions.withdraw(entry=entry, actor=institution_actor(entry), at=REVIEW).state

    outcomes, (state, acts, chain) = at_once(
        approve,
        withdraw,
        look=lambda: (
            Submission.objects.get(entry=pk).state,
            list(LedgerEntry.objects.filter(act__in=["approve", "withdraw"]).values_list("act", flat=True)),
            verify(list(sealed_lines())),
        ),
    )

    refused = [each for each in outcomes if isinstance(each, RefusedError)]
    assert len(refused) == 1
    assert (state, acts) in [("approved", ["approve"]), ("withdrawn", ["withdraw"])]
    assert not chain


def test_a_file_whose_last_piece_comes_twice_at_once_is_kept_once(live_round_at, at_once, settings, tmp_path):
    settings.DATA = tmp_path / "data"
    entry = live_round_at(Stage.SUBMISSION).entries[1]
    actor = institution_actor(entry)
    content = PDF + bytes(4_000)
    begun = evidence.begin_upload(
        papers=evidence.papers_for(entry.pk, actor=actor, at=AT),
        name="示例.pdf",
        size=len(content),
        actor=actor,
        at=AT,
    )

    def send(start, end):
        return evidence.receive(
            papers=evidence.papers_for(entry.pk, actor=actor, at=AT),
            file=evidence.file_for(entry.pk, begun.key, actor=actor),
            offset=start,
            content=content[start:end],
            actor=actor,
            at=AT,
        )

    def trial():
        with transaction.atomic(), kept_files.tried():
            hold(Entry.objects.select_related("round__authority").get(pk=entry.pk).round)
            tried = send(2_000, len(content))
            transaction.set_rollback(True)
        return tried

    send(0, 2_000)
    outcomes, (rows, lines) = at_once(
        lambda: send(2_000, len(content)),
        lambda: send(2_000, len(content)),
        trial,
        look=lambda: (
            list(Evidence.objects.values_list("digest", flat=True)),
            LedgerEntry.objects.filter(act="add_evidence").count(),
        ),
    )

    digest = kept_files.digest_of_content(content)
    assert [each.digest for each in outcomes] == [digest] * 3
    assert (rows, lines, kept_files.kept_file(digest)) == ([digest], 1, content)
    assert list((tmp_path / "data" / "uploads").iterdir()) == []
