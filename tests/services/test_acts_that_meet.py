"""Two officers with one button, objects seen before they changed, and the states that an act must not leave behind."""

from datetime import timedelta

import pytest
from conftest_services import (
    DATES,
    FIRST,
    INSPECTOR,
    INTEGRITY,
    PUBLIC,
    SECOND,
    expert_actor,
    figures,
    institution_actor,
    officer_of,
    open_live_round,
    register_row,
)

from hatchmark.db.models import Assignment, Entry, LedgerEntry, Objection, PublicNotice, ResultNotice, Round
from hatchmark.domain.outcomes import Decision, EntryKey, Grade, Mode, Outcome
from hatchmark.domain.permissions import Actor, Role
from hatchmark.domain.round_folder import ExpertRow
from hatchmark.domain.workflow import Stage
from hatchmark.services import (
    determination,
    expert_reviews,
    follow_up,
    integrity,
    objections,
    preliminary_reviews,
    public,
    public_notice,
    publication,
    rounds,
    spot_checks,
    submissions,
)
from hatchmark.services.papers import workings_of
from hatchmark.services.refusals import NotAllowedError, OutdatedError, UnsoundError
from hatchmark.services.results import results_of

KEY = EntryKey("incubator", 1)


def lines(act: str) -> int:
    return LedgerEntry.objects.filter(act=act).count()


# ---- what was seen before it changed ----------------------------------------------------------------------


def test_an_entry_opened_before_its_stage_was_closed_takes_no_act_of_that_stage(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    seen = Entry.objects.select_related("round").get(pk=live.entries[1].pk)
    live.close_stage("submission_closes_at")

    with pytest.raises(OutdatedError, match="has left the stage submission"):
        submissions.submit(
            entry=seen,
            figures=figures(),
            roster=[],
            signed_by="示例",
            actor=institution_actor(live.entries[1]),
            at=DATES["call_at"],
        )

    assert live.entries[1].submissions.count() == 0


def test_a_conflict_declared_elsewhere_stops_the_sheet_of_whoever_had_it_open(live_round_at):
    live = live_round_at(Stage.EXPERT_REVIEW)
    assignment = live.assign(1, live.experts[0])
    seen = Assignment.objects.get(pk=assignment.pk)
    expert_reviews.declare_conflict(
        assignment=assignment,
        conflict="adviser",
        actor=expert_actor(live.experts[0]),
        at=DATES["expert_review_closes_at"],
    )

    with pytest.raises(NotAllowedError, match="has a conflict with this entry: adviser"):
        live.score(seen)

    assert lines("score") == 0


def test_a_draw_seen_before_it_was_made_is_not_made_again(live_round_at):
    live = live_round_at(Stage.SPOT_CHECK)
    at = DATES["expert_review_closes_at"]
    later = at + timedelta(hours=1)
    draw = spot_checks.commit_frame(
        evaluation_round=live.round, kind="incubator", count=1, actor=FIRST, at=at
    )
    seen = live.round.draws.get()
    chosen = spot_checks.draw_spot_checks(draw=draw, key="1./", key_known_at=later, actor=FIRST, at=later)

    with pytest.raises(UnsoundError, match="was drawn already"):
        spot_checks.draw_spot_checks(draw=seen, key="2./", key_known_at=later, actor=SECOND, at=later)

    draw.refresh_from_db()
    assert (draw.key, draw.chosen) == ("1./", chosen)


def lodge(live, serial: int = 1, **changes) -> Objection:
    facts = {"objector": "示例公民", "objector_type": "person", "contact": "示例电话", "grounds": "示例理由"}
    return objections.lodge_objection(
        entry=live.entries[serial], **(facts | changes), actor=PUBLIC, at=DATES["public_notice_at"]
    )


def rule(
    objection: Objection, ruling: str, *, at=DATES["public_notice_at"], actor=FIRST, **correction
) -> None:
    objections.rule_objection(
        objection=objection, ruling=ruling, reason="示例", actor=actor, at=at, **correction
    )


def test_an_objection_seen_before_it_was_ruled_on_is_not_ruled_on_again(live_round_at):
    live = live_round_at(Stage.PUBLIC_NOTICE)
    objection = lodge(live)
    seen = Objection.objects.get(pk=objection.pk)
    rule(objection, "rejected")

    with pytest.raises(UnsoundError, match="was ruled rejected already"):
        rule(seen, "upheld", actor=SECOND)

    assert Objection.objects.get().ruling == "rejected"


def test_a_switch_seen_before_it_was_turned_off_is_not_turned_again(live_round_at):
    live = cancelled_and_published(live_round_at)
    officer, at = officer_of("示例市"), DATES["follow_up_closes_at"]
    seen = Entry.objects.select_related("qualification").get(pk=live.entries[1].pk)
    follow_up.deregister(entry=live.entries[1], switch="leave_management", note="", actor=officer, at=at)

    with pytest.raises(UnsoundError, match="was done already"):
        follow_up.deregister(entry=seen, switch="leave_management", note="", actor=officer, at=at)


# ---- done twice -------------------------------------------------------------------------------------------


def test_what_is_done_once_is_refused_the_second_time_in_words(live_round_at):
    live = live_round_at(Stage.EXPERT_REVIEW)
    assignment = live.assign(1, live.experts[0])
    live.score(assignment)

    with pytest.raises(UnsoundError, match="expert-1 has this file already"):
        live.assign(1, live.experts[0])
    with pytest.raises(UnsoundError, match="was signed already"):
        live.score(assignment)


def test_a_frame_is_fixed_once(live_round_at):
    live = live_round_at(Stage.SPOT_CHECK)
    facts = {"evaluation_round": live.round, "kind": "incubator", "actor": FIRST}
    spot_checks.commit_frame(**facts, count=1, at=DATES["expert_review_closes_at"])

    with pytest.raises(UnsoundError, match="is fixed already"):
        spot_checks.commit_frame(**facts, count=2, at=DATES["expert_review_closes_at"])


def test_a_frame_that_nothing_was_drawn_from_keeps_the_stage_open(live_round_at):
    live = live_round_at(Stage.SPOT_CHECK)
    spot_checks.commit_frame(
        evaluation_round=live.round,
        kind="incubator",
        count=1,
        actor=FIRST,
        at=DATES["expert_review_closes_at"],
    )

    with pytest.raises(UnsoundError, match="nothing was drawn from it"):
        live.close_stage("spot_check_closes_at")


def test_nothing_is_confirmed_when_nothing_waits(live_round_at):
    live = scored(live_round_at)
    at = DATES["determined_at"]
    propose(live, actor=FIRST)
    determination.confirm_decisions(evaluation_round=live.round, actor=SECOND, at=at)

    with pytest.raises(UnsoundError, match="no decision waiting for confirmation"):
        determination.confirm_decisions(evaluation_round=live.round, actor=SECOND, at=at)

    assert lines("confirm_decisions") == 1


# ---- who may, and by whose word ---------------------------------------------------------------------------


def test_an_expert_cannot_declare_a_conflict_of_the_register_away(live_round_at):
    live = live_round_at(Stage.EXPERT_REVIEW)
    expert = live.experts[0]
    expert.employer = "示例1号运营有限公司"
    expert.save()
    assignment = live.assign(1, expert)

    for word in ("", "adviser"):
        with pytest.raises(UnsoundError, match=r"is no conflict|is on record already"):
            expert_reviews.declare_conflict(
                assignment=assignment,
                conflict=word,
                actor=expert_actor(expert),
                at=DATES["expert_review_closes_at"],
            )

    assert Assignment.objects.get().conflict == "same_unit"


@pytest.mark.parametrize(
    ("scores", "reason"),
    [
        ({}, "has no score"),
        ({"invented": 100}, "has no expert item 'invented'"),
        ({"all": 99_999}, "must lie between 0 and"),
        ({"all": -1}, "must lie between 0 and"),
    ],
)
def test_a_sheet_holds_every_item_within_its_marks(live_round_at, scores, reason):
    from hatchmark.schemes.loader import shipped

    live = live_round_at(Stage.EXPERT_REVIEW)
    assignment = live.assign(1, live.experts[0])
    items = [item.code for item in shipped("nmg/incubator-2020").expert_items]
    sheet = dict.fromkeys(items, scores["all"]) if "all" in scores else scores

    with pytest.raises(UnsoundError, match=reason):
        expert_reviews.score(
            assignment=assignment,
            scores=sheet,
            actor=expert_actor(live.experts[0]),
            at=DATES["expert_review_closes_at"],
        )


def test_an_expert_of_another_round_is_not_assigned(live_round_at):
    live = live_round_at(Stage.EXPERT_REVIEW)
    other = open_live_round(year=2026).experts.create(code="expert-x", name="示例", employer="示例大学")

    with pytest.raises(UnsoundError, match="list of another round"):
        live.assign(1, other)


def test_experts_are_listed_by_an_act_that_does_not_name_them(live_round_at):
    live = live_round_at(Stage.EXPERT_REVIEW)
    row = ExpertRow(expert="e-9", name="示例某某", employer="示例某大学", region="", specialty="")
    facts = {"evaluation_round": live.round, "at": DATES["preliminary_review_closes_at"]}

    with pytest.raises(NotAllowedError, match="needs the role department"):
        expert_reviews.list_experts(**facts, experts=[row], actor=INSPECTOR)
    expert_reviews.list_experts(**facts, experts=[row], actor=FIRST)
    with pytest.raises(UnsoundError, match="e-9 would stand on the list of experts twice"):
        expert_reviews.list_experts(**facts, experts=[row], actor=FIRST)

    assert LedgerEntry.objects.get(act="list_experts").details == {"experts": ["e-9"]}


def test_two_officers_confirm_each_the_proposals_of_the_other(live_round_at):
    live = scored(live_round_at)
    at = DATES["determined_at"]
    for serial, actor in ((1, FIRST), (2, SECOND), (3, SECOND)):
        determination.propose_decision(entry=live.entries[serial], human=None, actor=actor, at=at)

    assert determination.confirm_decisions(evaluation_round=live.round, actor=FIRST, at=at) == 2
    with pytest.raises(UnsoundError, match="incubator:1 has no decision that two persons made"):
        give_notice(live)
    assert determination.confirm_decisions(evaluation_round=live.round, actor=SECOND, at=at) == 1


def test_a_proposal_that_was_replaced_is_not_confirmed(live_round_at):
    live = scored(live_round_at)
    at = DATES["determined_at"]
    act = {"key": KEY, "mode": Mode.EVALUATED, "outcome": Outcome.GRADED, "reason": "示例理由"}
    propose(live, actor=FIRST)
    determination.propose_decision(
        entry=live.entries[1], human=Decision(**act, grade=Grade.GOOD), actor=SECOND, at=at
    )

    determination.confirm_decisions(evaluation_round=live.round, actor=SECOND, at=at)
    with pytest.raises(UnsoundError, match="incubator:1 has no decision that two persons made"):
        give_notice(live)
    determination.confirm_decisions(evaluation_round=live.round, actor=FIRST, at=at)

    assert [(each.version, each.confirmed_by) for each in live.entries[1].decisions.all()] == [
        (1, ""),
        (2, "dep-1"),
    ]


def test_the_ledger_keeps_the_whole_of_a_decision(live_round_at):
    live = scored(live_round_at)
    deferred = Decision(
        key=KEY,
        mode=Mode.DEFERRED,
        outcome=Outcome.DEFERRED,
        year=2026,
        as_kind="incubator",
        reason="示例理由",
        note="示例附注",
    )

    determination.propose_decision(
        entry=live.entries[1], human=deferred, actor=FIRST, at=DATES["determined_at"]
    )

    details = LedgerEntry.objects.get(act="propose_decision").details
    assert (details["year"], details["as_kind"], details["note"]) == (2026, "incubator", "示例附注")


def test_entries_carried_from_each_other_are_not_confirmed(live_round_at):
    live = scored(live_round_at)
    at = DATES["determined_at"]
    for serial, source in ((1, 2), (2, 1)):
        carried = Decision(
            key=EntryKey("incubator", serial),
            mode=Mode.CARRIED,
            outcome=Outcome.CARRIED,
            carried_from=EntryKey("incubator", source),
            reason="示例理由",
        )
        determination.propose_decision(entry=live.entries[serial], human=carried, actor=FIRST, at=at)
    determination.propose_decision(entry=live.entries[3], human=None, actor=FIRST, at=at)

    with pytest.raises(UnsoundError, match="carried entries point at each other"):
        determination.confirm_decisions(evaluation_round=live.round, actor=SECOND, at=at)
    with pytest.raises(UnsoundError, match="incubator:9 is no entry of this round"):
        determination.propose_decision(
            entry=live.entries[3],
            human=Decision(
                key=EntryKey("incubator", 3),
                mode=Mode.CARRIED,
                outcome=Outcome.CARRIED,
                carried_from=EntryKey("incubator", 9),
                reason="示例理由",
            ),
            actor=FIRST,
            at=at,
        )


# ---- papers that would stop the round later ---------------------------------------------------------------


def test_a_submission_holds_every_figure_that_is_asked_for_and_no_other(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    whole = figures()
    without_area = {code: figure for code, figure in whole.items() if code != "area"}
    unreadable = whole | {"area": {"unit": "m²", "status": "reported", "value": "many"}}
    unknown = whole | {"invented": {"unit": "", "status": "reported", "value": "1"}}

    for wrong, reason in (
        (without_area, "area not there"),
        (unreadable, "'area'"),
        (unknown, "invented not"),
    ):
        with pytest.raises(UnsoundError, match=reason):
            submissions.submit(
                entry=live.entries[1],
                figures=wrong,
                roster=[],
                signed_by="示例",
                actor=institution_actor(live.entries[1]),
                at=DATES["call_at"],
            )


def test_figures_that_cannot_be_are_returned_and_not_approved(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    live.submit(1, area="-5")
    live.close_stage("submission_closes_at")

    with pytest.raises(UnsoundError, match="cannot be below 0"):
        live.approve(1)
    preliminary_reviews.return_fields(
        entry=live.entries[1],
        fields=["area"],
        opinion="请核对",
        actor=officer_of("示例市"),
        at=DATES["preliminary_review_closes_at"],
    )


def test_a_finding_corrects_a_figure_that_is_there_by_a_value_that_can_be(live_round_at):
    live = live_round_at(Stage.SPOT_CHECK)
    at = DATES["expert_review_closes_at"]
    later = at + timedelta(hours=1)
    draw = spot_checks.commit_frame(
        evaluation_round=live.round, kind="incubator", count=3, actor=FIRST, at=at
    )
    spot_checks.draw_spot_checks(draw=draw, key="1./", key_known_at=later, actor=FIRST, at=later)

    for finding, figure, value, reason in (
        ("corected", "area", "1", "is no finding"),
        ("corrected", "", "", "names its figure"),
        ("confirmed", "area", "1", "names its figure"),
        ("corrected", "invented", "1", "'invented' is no figure"),
        ("corrected", "area", "many", "'area'"),
        ("corrected", "area", "-1", "cannot be below 0"),
    ):
        with pytest.raises(UnsoundError, match=reason):
            spot_checks.record_finding(
                entry=live.entries[1],
                inspectors=["insp-1", "insp-2"],
                finding=finding,
                figure=figure,
                found_value=value,
                note="",
                actor=INSPECTOR,
                at=later,
            )


def test_a_key_is_used_when_it_is_known(live_round_at):
    live = live_round_at(Stage.SPOT_CHECK)
    at = DATES["expert_review_closes_at"]
    draw = spot_checks.commit_frame(
        evaluation_round=live.round, kind="incubator", count=1, actor=FIRST, at=at
    )

    with pytest.raises(UnsoundError, match="after this draw"):
        spot_checks.draw_spot_checks(
            draw=draw, key="1./", key_known_at=at + timedelta(days=1), actor=FIRST, at=at
        )


def test_a_severity_nobody_knows_does_not_pass_in_silence(live_round_at):
    live = live_round_at(Stage.INTEGRITY_REVIEW)

    with pytest.raises(UnsoundError, match="'Severe' is unknown; write one of minor, severe"):
        integrity.record_integrity_hit(
            entry=live.entries[1],
            subject_type="institution",
            subject="示例",
            source="示例名单",
            severity="Severe",
            detail="",
            actor=INTEGRITY,
            at=DATES["integrity_review_closes_at"],
        )


# ---- stages that end with a document ----------------------------------------------------------------------


def test_a_list_that_nobody_decided_is_not_posted(live_round_at):
    live = live_round_at(Stage.DETERMINATION)

    with pytest.raises(UnsoundError, match="incubator:1 has no decision that two persons made"):
        give_notice(live)

    assert PublicNotice.objects.count() == 0


@pytest.mark.parametrize(
    ("stage", "act"), [(Stage.DETERMINATION, "give_public_notice"), (Stage.PUBLIC_NOTICE, "publish")]
)
def test_a_stage_that_ends_with_a_document_is_not_closed_without_it(live_round_at, stage, act):
    live = live_round_at(stage)

    with pytest.raises(UnsoundError, match=f"{act} issues a document"):
        live.close_stage("published_at")

    assert Round.objects.get().stage == stage


# ---- objections after the others were published -----------------------------------------------------------


def test_an_objection_needs_a_name_to_be_admitted(live_round_at):
    live = live_round_at(Stage.PUBLIC_NOTICE)
    objection = lodge(live, objector="", contact="示例电话")

    with pytest.raises(UnsoundError, match="recorded and not admitted"):
        rule(objection, "upheld")


def test_an_upheld_objection_names_a_figure_that_can_be_corrected(live_round_at):
    live = live_round_at(Stage.PUBLIC_NOTICE)
    objection = lodge(live)

    for figure, value in (("invented", "1"), ("area", ""), ("area", "many")):
        with pytest.raises(UnsoundError, match=f"'{figure}'"):
            rule(objection, "upheld", figure=figure, corrected_value=value)


def test_a_correction_that_nobody_decided_on_withholds_its_institution(live_round_at):
    live = live_round_at(Stage.PUBLIC_NOTICE)
    objection = lodge(live, 1)
    rule(objection, "upheld", figure="area", corrected_value="20000")

    publication.publish(evaluation_round=live.round, actor=FIRST, at=DATES["published_at"])

    assert LedgerEntry.objects.get(act="publish").details["withheld"] == ["incubator:1"]


def test_a_withheld_institution_is_ruled_on_and_published_later(live_round_at):
    live = live_round_at(Stage.PUBLIC_NOTICE)
    lodge(live, 2)
    publication.publish(evaluation_round=live.round, actor=FIRST, at=DATES["published_at"])
    live.reload()
    later = DATES["published_at"] + timedelta(days=3)
    objection = live.entries[2].objections.get()
    first_notice = public.published_notice("demo", 2025)

    rule(objection, "upheld", at=later, figure="area", corrected_value="20000")
    determination.rescore(objection=objection, actor=SECOND, at=later)

    assert public.published_notice("demo", 2025) == first_notice
    shown = public.published_results("demo", 2025)[1]
    assert sorted(workings_of(live.round, shown)) == ["incubator:1", "incubator:3"]
    with pytest.raises(UnsoundError, match="was scored already"):
        determination.rescore(objection=objection, actor=SECOND, at=later)
    with pytest.raises(NotAllowedError, match="nobody is on record as the first person"):
        publication.correct_publication(evaluation_round=live.round, actor=SECOND, at=later)
    publication.prepare_correction(evaluation_round=live.round, reason="异议已办结", actor=SECOND, at=later)
    with pytest.raises(NotAllowedError, match="a second person has to confirm"):
        publication.correct_publication(evaluation_round=live.round, actor=SECOND, at=later)
    publication.correct_publication(evaluation_round=live.round, actor=FIRST, at=later)

    shown = public.published_results("demo", 2025)[1]
    assert [row.key.serial for row in shown.rows] == [1, 2, 3]
    assert sorted(workings_of(live.round, shown)) == ["incubator:1", "incubator:2", "incubator:3"]


def test_a_correction_is_prepared_anew_when_a_decision_changed_since(live_round_at):
    live = live_round_at(Stage.PUBLIC_NOTICE)
    for serial in (1, 2):
        lodge(live, serial)
    publication.publish(evaluation_round=live.round, actor=FIRST, at=DATES["published_at"])
    live.reload()
    later = DATES["published_at"] + timedelta(days=3)
    rule(live.entries[1].objections.get(), "rejected", at=later)
    publication.prepare_correction(evaluation_round=live.round, reason="示例", actor=FIRST, at=later)
    rule(live.entries[2].objections.get(), "rejected", at=later)

    with pytest.raises(OutdatedError, match="prepare it anew"):
        publication.correct_publication(evaluation_round=live.round, actor=SECOND, at=later)
    publication.prepare_correction(evaluation_round=live.round, reason="示例", actor=FIRST, at=later)
    publication.correct_publication(evaluation_round=live.round, actor=SECOND, at=later)

    assert ResultNotice.objects.count() == 2


def test_an_accepted_rectification_is_not_handed_in_or_accepted_again(live_round_at):
    live = live_round_at(Stage.FOLLOW_UP)
    entry, at = live.entries[1], DATES["follow_up_closes_at"]
    own, officer = institution_actor(entry), officer_of("示例市")
    follow_up.hand_in_rectification(entry=entry, note="", actor=own, at=at)
    follow_up.accept_rectification(entry=entry, note="", actor=officer, at=at)

    with pytest.raises(UnsoundError, match="was accepted already"):
        follow_up.hand_in_rectification(entry=entry, note="", actor=own, at=at + timedelta(days=1))
    with pytest.raises(UnsoundError, match="was accepted already"):
        follow_up.accept_rectification(entry=entry, note="", actor=officer, at=at + timedelta(days=1))


# ---- helpers ----------------------------------------------------------------------------------------------


def scored(live_round_at):
    live = live_round_at(Stage.DETERMINATION)
    determination.score_round(
        evaluation_round=live.round, without=frozenset(), actor=FIRST, at=DATES["determined_at"]
    )
    return live


def propose(live, *, actor: Actor, human: Decision | None = None) -> None:
    assert actor.role is Role.DEPARTMENT
    for entry in live.entries.values():
        determination.propose_decision(
            entry=entry,
            human=human if human and human.key.serial == entry.serial else None,
            actor=actor,
            at=DATES["determined_at"],
        )


def give_notice(live) -> PublicNotice:
    return public_notice.give_public_notice(
        evaluation_round=live.round, working_days=5, actor=FIRST, at=DATES["public_notice_at"]
    )


CANCELLED = Decision(key=KEY, mode=Mode.EVALUATED, outcome=Outcome.DISQUALIFIED, reason="示例理由")


def cancelled_and_published(live_round_at):
    live = scored(live_round_at)
    propose(live, actor=FIRST, human=CANCELLED)
    determination.confirm_decisions(evaluation_round=live.round, actor=SECOND, at=DATES["determined_at"])
    give_notice(live)
    publication.publish(evaluation_round=live.round, actor=FIRST, at=DATES["published_at"])
    rounds.close_stage(evaluation_round=live.round, actor=FIRST, at=DATES["published_at"])
    live.reload()
    return live


# ---- the register -----------------------------------------------------------------------------------------


def test_a_cancellation_that_a_correction_lifts_leaves_the_register_from_that_day(live_round_at):
    from datetime import date

    from hatchmark.db.models import Decision as DecisionRow
    from hatchmark.services.register import as_of

    live = cancelled_and_published(live_round_at)
    later = DATES["published_at"] + timedelta(days=30)
    # No act lifts a decision yet: the row stands for the one that will.
    DecisionRow.objects.create(
        entry=live.entries[1],
        version=2,
        mode="evaluated",
        outcome="graded",
        grade="unqualified",
        reason="示例",
        proposed_by="dep-1",
        confirmed_by="dep-2",
        confirmed_at=later,
    )
    publication.prepare_correction(evaluation_round=live.round, reason="复核", actor=FIRST, at=later)
    publication.correct_publication(evaluation_round=live.round, actor=SECOND, at=later)

    states = {
        day: as_of(day)[0].state
        for day in (date(2025, 7, 13), date(2025, 7, 14), date(2025, 8, 12), date(2025, 8, 13))
    }
    assert list(states.values()) == ["active", "disqualified", "disqualified", "active"]
    assert public.institution("demo", "demo-i01").qualifications[0].ended_by == ""
    assert results_of(live.round).rows[0].grade is Grade.UNQUALIFIED


@pytest.mark.django_db
def test_two_qualifications_of_one_institution_do_not_rename_each_other():
    from datetime import date

    from hatchmark.services.register import as_of

    both = [
        register_row(1, "示例市"),
        register_row(
            1,
            "示例市",
            key=EntryKey("makerspace", 1),
            name="示例1号众创空间",
            operators=("示例1号众创有限公司",),
        ),
    ]
    kinds = {"incubator": "nmg/incubator-2020", "makerspace": "nmg/makerspace-2020"}
    for year in (2025, 2026):
        open_live_round(register=both, year=year, schemes=kinds)

    for day in (date(2025, 6, 30), date(2026, 6, 30)):
        assert {(each.names, each.operators, each.certain) for each in as_of(day)} == {
            (
                ("示例1号孵化器", "示例1号众创空间"),
                ("示例1号运营有限公司", "示例1号众创有限公司"),
                True,
            )
        }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("recognised_in", "day", "note"),
    [
        (None, "2024-12-31", "date not known to the day: recognition"),
        (None, "2025-01-01", ""),
        ("2020", "2020-06-30", "date not known to the day: recognition"),
        ("2020", "2021-01-01", ""),
    ],
)
def test_nothing_is_sure_of_a_qualification_before_anybody_knew_of_it(recognised_in, day, note):
    from datetime import date

    from hatchmark.services.register import as_of

    open_live_round(register=[register_row(1, "示例市", recognised_in=recognised_in)])

    [standing] = as_of(date.fromisoformat(day))

    assert (standing.note, standing.certain) == (note, not note)
