"""Who acts next on the papers of an entry, and by when."""

from datetime import timedelta

import pytest
from conftest_services import DATES, FIRST, officer_of

from hatchmark.db.models import Request
from hatchmark.domain.handing_in import Standing
from hatchmark.domain.permissions import Role
from hatchmark.domain.workflow import Stage
from hatchmark.services import extensions, preliminary_reviews
from hatchmark.services.deadlines import granted_in
from hatchmark.services.handing_in import papers_of

SUBMISSION_ENDS, REVIEW_ENDS = DATES["submission_closes_at"], DATES["preliminary_review_closes_at"]


def turns(live, *, at):
    found = papers_of(live.round.entries.order_by("serial"), at=at)
    return [(each.standing, each.next, each.due_at) for each in found]


def test_an_institution_has_until_its_own_window_closes_and_the_channel_until_the_review_does(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    live.submit(1, at=SUBMISSION_ENDS - timedelta(days=1))

    handed_in = (Standing.SUBMITTED, Role.CHANNEL, REVIEW_ENDS)
    assert turns(live, at=SUBMISSION_ENDS)[:2] == [
        handed_in,
        (Standing.NOTHING, Role.INSTITUTION, SUBMISSION_ENDS),
    ]
    # Too late for it: the channel says why, before the review closes.
    assert turns(live, at=SUBMISSION_ENDS + timedelta(seconds=1))[:2] == [
        handed_in,
        (Standing.NOTHING, Role.CHANNEL, REVIEW_ENDS),
    ]


def test_what_was_returned_is_due_before_the_review_closes_and_what_is_settled_is_due_nowhen(live_round_at):
    live = live_round_at(Stage.PRELIMINARY_REVIEW)
    at = SUBMISSION_ENDS + timedelta(days=2)
    live.approve(1)
    preliminary_reviews.return_fields(
        entry=live.entries[2], fields=["area"], opinion="示例意见", actor=officer_of("示例市"), at=at
    )

    assert turns(live, at=at) == [
        (Standing.APPROVED, None, None),
        (Standing.RETURNED, Role.INSTITUTION, REVIEW_ENDS),
        (Standing.SUBMITTED, Role.CHANNEL, REVIEW_ENDS),
    ]


def test_a_window_of_its_own_counts_beside_that_of_everybody_and_the_later_one_holds(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    day = timedelta(days=1)
    for entry, days in ((live.entries[1], 3), (live.entries[2], 1), (None, 2)):
        extensions.extend_deadline(
            evaluation_round=live.round, entry=entry, name="submission_closes_at", until=SUBMISSION_ENDS + days * day,
            reason="示例", actor=FIRST, at=SUBMISSION_ENDS - day,
        )  # fmt: skip

    found = papers_of(live.round.entries.order_by("serial"), at=SUBMISSION_ENDS)
    assert [each.closes_at for each in found] == [SUBMISSION_ENDS + days * day for days in (3, 2, 2)]
    assert [each.extended for each in found] == [True, True, False]


def test_several_requests_of_an_entry_are_still_one_entry(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    live.submit(1, at=SUBMISSION_ENDS - timedelta(days=1))
    for serial, ruling in ((1, "granted"), (1, ""), (2, "refused"), (2, "granted"), (3, "refused")):
        entry = live.entries[serial]
        Request.objects.create(
            qualification=entry.qualification, entry=entry, what="deferral", new="incubator", effective="2026",
            reason="示例", asked_by="x", asked_at=SUBMISSION_ENDS, ruling=ruling,
        )  # fmt: skip

    found = papers_of(live.round.entries.order_by("serial"), at=SUBMISSION_ENDS)
    assert [(each.entry.serial, each.standing, each.asks_deferral) for each in found] == [
        (1, Standing.SUBMITTED, True),
        (2, Standing.DEFERRED, False),
        (3, Standing.NOTHING, False),
    ]


def test_of_several_versions_that_would_count_the_last_does(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    live.submit(1, at=SUBMISSION_ENDS - timedelta(days=1))
    kept = live.entries[1].submissions.get()
    kept.pk, kept.version, kept.state, kept.digest = None, 2, "approved", "e" * 64
    kept.save()

    [papers] = papers_of(live.round.entries.filter(serial=1), at=SUBMISSION_ENDS)
    assert (papers.version, papers.standing, papers.digest) == (2, Standing.APPROVED, "e" * 64)


def test_a_slice_of_entries_is_refused_since_joined_rows_would_be_lost(live_round_at):
    live = live_round_at(Stage.SUBMISSION)

    with pytest.raises(ValueError, match="slice what comes back"):
        papers_of(live.round.entries.order_by("serial")[:2], at=SUBMISSION_ENDS)


def test_two_questions_whatever_the_number_and_one_less_where_the_extensions_were_read(
    live_round_at, django_assert_num_queries
):
    live = live_round_at(Stage.SUBMISSION)
    live.submit(1, at=SUBMISSION_ENDS - timedelta(days=1))
    granted = granted_in([live.round.pk])

    with django_assert_num_queries(2):
        found = papers_of(live.round.entries.all(), at=SUBMISSION_ENDS)
        assert {each.entry.round.authority.code for each in found} == {"demo"}
        assert all(each.entry.qualification.institution.code for each in found)
    with django_assert_num_queries(1):
        again = papers_of(
            live.round.entries.all(), at=SUBMISSION_ENDS, of=live.round, granted=granted, institutions=False
        )
    assert again == found
