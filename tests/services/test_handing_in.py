"""Who acts next on the papers of an entry, and by when."""

from datetime import timedelta

from conftest_services import DATES, officer_of

from hatchmark.domain.handing_in import Standing
from hatchmark.domain.permissions import Role
from hatchmark.domain.workflow import Stage
from hatchmark.services import preliminary_reviews
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
