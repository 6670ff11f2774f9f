"""What a list holds is what the act on each single object allows: the two answers come from one table."""

import pytest
from conftest_services import (
    CALL_AT,
    FIRST,
    INSPECTOR,
    INTEGRITY,
    PUBLIC,
    institution_actor,
    officer_of,
    open_live_round,
)

from hatchmark.domain.permissions import RULES, SCOPES, Actor, Role, Scope, Subject, may
from hatchmark.domain.workflow import Stage
from hatchmark.services.reach import entries_for, rounds_for

READING = [
    "read_entry",
    "read_submission",
    "read_draft",
    "read_evidence",
    "read_flags",
    "read_queue",
    "read_board",
]


def actors(live) -> list[Actor]:
    entries = list(live.entries.select_related("round__authority", "qualification__institution"))
    return [
        FIRST,
        INSPECTOR,
        INTEGRITY,
        PUBLIC,
        *(institution_actor(entry) for entry in entries),
        officer_of("示例市"),
        officer_of("示例盟"),
        officer_of("别处"),
        Actor(code="dep-9", name="", role=Role.DEPARTMENT, authority="elsewhere"),
        Actor(code="nobody", name="", role=Role.INSTITUTION, authority="demo"),
        Actor(code="aud-1", name="", role=Role.AUDIT_ADMIN),
    ]


@pytest.mark.parametrize("act", READING)
def test_a_list_holds_exactly_what_may_be_seen_one_by_one(db, act):
    live = open_live_round()
    entries = list(live.entries.select_related("round__authority", "qualification__institution"))
    seen = 0
    for actor in actors(live):
        listed = set(entries_for(actor, act).values_list("pk", flat=True))
        single = {
            entry.pk
            for entry in entries
            if may(
                actor,
                act,
                Subject(
                    authority="demo",
                    institution=entry.qualification.institution.code,
                    channel=entry.channel,
                ),
                stage=Stage(live.stage),
                at=CALL_AT,
            )
        }
        assert listed == single, actor
        seen += len(listed)
    assert seen > 0, "somebody sees something, or nothing was shown to be hidden"


def test_a_round_is_seen_by_whoever_has_an_entry_in_it_and_no_past_one_by_anybody(db):
    live = open_live_round()

    assert list(rounds_for(FIRST, "read_board")) == [live]
    assert list(rounds_for(officer_of("示例盟"), "read_queue")) == [live]
    assert list(rounds_for(officer_of("别处"), "read_queue")) == []
    assert list(rounds_for(FIRST, "read_queue")) == []
    type(live).objects.update(past=True)
    assert list(rounds_for(FIRST, "read_board")) == []


def test_every_act_of_reading_papers_is_narrowed_by_a_scope():
    roles = {role for act in READING for role in RULES[act].roles}

    assert all(SCOPES[role] is not Scope.EVERYTHING for role in roles)
