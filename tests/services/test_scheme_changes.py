"""Changing the scheme of a round in use: two persons, and only as long as nobody has handed in."""

from dataclasses import replace
from datetime import timedelta

import pytest
from conftest_services import CALL_AT, DATES, FIRST, SECOND

from hatchmark.db.models import Authority, Draft, LedgerEntry, OwnScheme, PendingAct
from hatchmark.domain.workflow import Stage
from hatchmark.schemes.loader import shipped_bytes
from hatchmark.services import scheme_changes
from hatchmark.services.refusals import FaultyError, NotAllowedError, OutdatedError
from hatchmark.services.schemes import scheme_named

pytestmark = pytest.mark.django_db

AT = CALL_AT + timedelta(days=1)
OTHER = "demo/incubator-2099"


@pytest.fixture(autouse=True)
def another_scheme(db):
    """One incubator scheme ships that rounds take; a second one is the department's own, of a later year."""
    content = shipped_bytes("nmg/incubator-2020", ending=".toml").decode()
    authority = Authority.objects.create(code="demo", name="示例自治区科学技术厅")
    OwnScheme.objects.create(
        code=OTHER, authority=authority, content=content.replace('code = "nmg/incubator-2020"', f'code = "{OTHER}"'),
        digest="d" * 64, added_by="dep-1", added_at=AT,
    )  # fmt: skip


def propose(live, **changes):
    facts = {
        "evaluation_round": live.round,
        "kind": "incubator",
        "scheme": OTHER,
        "reason": "方案有误",
        "actor": FIRST,
        "at": AT,
    }
    return scheme_changes.propose_scheme_change(**(facts | changes))


def codes(error):
    return [problem.code for problem in error.value.problems]


def test_nothing_changes_before_another_person_confirms(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    pending = propose(live)
    assert live.round.kinds.get().scheme == "nmg/incubator-2020"

    with pytest.raises(NotAllowedError, match="a second person has to confirm"):
        scheme_changes.confirm_scheme_change(pending=pending, actor=FIRST, at=AT)
    scheme_changes.confirm_scheme_change(pending=pending, actor=SECOND, at=AT)

    kind = live.round.kinds.get()
    assert (kind.scheme, kind.scheme_digest) == (OTHER, scheme_named(OTHER).digest)
    lines = LedgerEntry.objects.filter(act__endswith="scheme_change").order_by("sequence")
    assert [(line.act, line.actor, line.details["to"]) for line in lines] == [
        ("propose_scheme_change", "dep-1", OTHER), ("confirm_scheme_change", "dep-2", OTHER)
    ]  # fmt: skip


def test_two_accounts_of_one_person_are_no_two_persons(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    pending = propose(live, actor=replace(FIRST, person="示例甲本人"))

    with pytest.raises(NotAllowedError, match="accounts of one person"):
        scheme_changes.confirm_scheme_change(
            pending=pending, actor=replace(SECOND, person="示例甲本人"), at=AT
        )


def test_the_scheme_stays_where_somebody_has_handed_in(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    pending = propose(live)
    live.submit(1, at=AT)

    with pytest.raises(FaultyError) as confirming:
        scheme_changes.confirm_scheme_change(pending=pending, actor=SECOND, at=AT)
    scheme_changes.drop_scheme_change(pending=pending, actor=FIRST, at=AT)
    with pytest.raises(FaultyError) as proposing:
        propose(live)

    assert codes(confirming) == codes(proposing) == ["handed_in_under"]
    assert live.round.kinds.get().scheme == "nmg/incubator-2020"


def test_a_draft_is_kept_as_it_was_typed_and_counted(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    Draft.objects.create(entry=live.entries[1], figures={"x": "1"}, saved_at=AT, saved_by="demo-i01")
    pending = propose(live)

    scheme_changes.confirm_scheme_change(pending=pending, actor=SECOND, at=AT)

    assert Draft.objects.get().figures == {"x": "1"}
    assert LedgerEntry.objects.get(act="confirm_scheme_change").details["drafts"] == 1


def test_a_proposal_is_decided_once(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    pending = propose(live)
    scheme_changes.drop_scheme_change(pending=pending, actor=SECOND, at=AT)

    with pytest.raises(OutdatedError, match="decided already"):
        scheme_changes.confirm_scheme_change(pending=pending, actor=SECOND, at=AT)

    assert (PendingAct.objects.get().state, PendingAct.objects.get().decided_by) == ("refused", "dep-2")
    assert live.round.kinds.get().scheme == "nmg/incubator-2020"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"scheme": "nmg/incubator-2020"}, "same_scheme"),
        ({"scheme": "national/incubator-2019"}, "scheme_beyond"),
        ({"scheme": "nmg/makerspace-2020"}, "no_scheme"),
        ({"scheme": "../../etc/passwd"}, "no_scheme"),
        ({"kind": "accelerator"}, "no_kind_of_round"),
        ({"reason": " "}, "no_reason"),
    ],
)
def test_what_cannot_be_is_refused(live_round_at, changes, code):
    live = live_round_at(Stage.SUBMISSION)

    with pytest.raises(FaultyError) as error:
        propose(live, **changes)

    assert codes(error) == [code]
    assert not PendingAct.objects.exists()


def test_one_proposal_waits_at_a_time(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    propose(live)

    with pytest.raises(FaultyError) as error:
        propose(live, actor=SECOND)

    assert codes(error) == ["proposed_already"]


def test_a_scheme_in_use_stays_from_the_preliminary_review_on(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    pending = propose(live)
    live.close_stage("submission_closes_at")

    with pytest.raises(NotAllowedError, match="belongs to the stage call, submission"):
        propose(live, at=DATES["submission_closes_at"])
    pending.round.refresh_from_db()
    with pytest.raises(NotAllowedError, match="belongs to the stage call, submission"):
        scheme_changes.confirm_scheme_change(pending=pending, actor=SECOND, at=DATES["submission_closes_at"])
    scheme_changes.drop_scheme_change(pending=pending, actor=FIRST, at=DATES["submission_closes_at"])
    assert PendingAct.objects.get().state == "refused"
