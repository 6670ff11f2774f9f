"""Each official act: what it leaves behind, what it refuses, and that a refusal leaves nothing."""

from datetime import timedelta

import pytest
from conftest_services import (
    CALL_AT,
    DATES,
    FIRST,
    INSPECTOR,
    INTEGRITY,
    PUBLIC,
    SCHEME,
    SECOND,
    expert_actor,
    figures,
    institution_actor,
    officer_of,
    open_live_round,
    register_row,
)

from hatchmark.db.models import LedgerEntry, ResultNotice, Submission
from hatchmark.domain.ledger import verify
from hatchmark.domain.outcomes import Decision, EntryKey, Grade, Mode, Outcome
from hatchmark.domain.workflow import STAGES, Stage
from hatchmark.services import (
    determination,
    expert_reviews,
    follow_up,
    integrity,
    objections,
    preliminary_reviews,
    publication,
    rounds,
    spot_checks,
    submissions,
)
from hatchmark.services.ledger import sealed_lines
from hatchmark.services.refusals import NotAllowedError, OutdatedError, UnsoundError
from hatchmark.services.results import results_of

SECOND_LATE = timedelta(seconds=1)


def acts() -> list[str]:
    return list(LedgerEntry.objects.order_by("sequence").values_list("act", flat=True))


# ---- the whole way ----------------------------------------------------------------------------------------


def test_a_round_goes_from_the_call_to_the_follow_up_and_its_chain_is_whole(live_round_at):
    live = live_round_at(Stage.FOLLOW_UP)

    assert live.round.stage == Stage.FOLLOW_UP
    assert verify(sealed_lines()) is None
    assert acts() == [
        "open_round",
        "open_submission",
        *["submit"] * 3,
        "close_submission",
        *[*["explain_flag"] * 4, "approve"] * 3,
        "close_preliminary_review",
        *["assign_expert", "confirm_assignments", "score"] * 9,
        "close_expert_review",
        "commit_frame",
        "draw_spot_checks",
        "record_finding",
        "close_spot_check",
        "close_integrity_review",
        "score_round",
        *["propose_decision"] * 3,
        "confirm_decisions",
        "give_public_notice",
        "publish",
        "begin_follow_up",
    ]


# ---- opening ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_round_is_opened_once():
    open_live_round()

    with pytest.raises(UnsoundError, match="already has a round 2025"):
        open_live_round()

    assert acts() == ["open_round"]


def test_whoever_last_year_obliges_is_on_the_list_with_the_reason(live_round_at):
    live = live_round_at(Stage.FOLLOW_UP)
    assert {row.grade for row in results_of(live.round).rows} == {Grade.UNQUALIFIED}

    following = open_live_round(year=2026)

    assert [entry.due_reasons for entry in following.entries.order_by("serial")] == [
        ["register", f"take_part_again:2025:incubator:{serial}"] for serial in (1, 2, 3)
    ]


def test_nobody_obliged_is_left_out(live_round_at):
    live_round_at(Stage.FOLLOW_UP)

    with pytest.raises(
        UnsoundError, match=r"earlier rounds oblige demo-i03 as incubator to take part in 2026"
    ):
        open_live_round(year=2026, register=[register_row(1, "示例市"), register_row(2, "示例市")])


# ---- submission -------------------------------------------------------------------------------------------


def test_the_last_second_counts_and_the_next_does_not(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    closes_at = DATES["submission_closes_at"]

    live.submit(1, at=closes_at)
    with pytest.raises(NotAllowedError, match="the window closed at"):
        live.submit(2, at=closes_at + SECOND_LATE)

    assert [str(submission.entry) for submission in Submission.objects.all()] == ["incubator:1"]
    assert acts().count("submit") == 1


def test_an_institution_cannot_hand_in_for_another(live_round_at):
    live = live_round_at(Stage.SUBMISSION)

    with pytest.raises(NotAllowedError, match="acts for institution demo-i02, not for demo-i01"):
        submissions.submit(
            entry=live.entries[1],
            figures=figures(),
            roster=[],
            signed_by="示例",
            actor=institution_actor(live.entries[2]),
            at=CALL_AT,
        )

    assert Submission.objects.count() == 0


def test_every_version_is_kept(live_round_at):
    live = live_round_at(Stage.SUBMISSION)

    live.submit(1, tenants="40")
    live.submit(1, tenants="41")
    submissions.withdraw(
        entry=live.entries[1], actor=institution_actor(live.entries[1]), at=DATES["submission_closes_at"]
    )
    live.submit(1, tenants="42")

    assert [
        (each.version, each.state, each.figures["tenants"]["value"])
        for each in live.entries[1].submissions.all()
    ] == [(1, "superseded", "40"), (2, "withdrawn", "41"), (3, "submitted", "42")]


def test_a_correction_touches_the_returned_figures_alone(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    live.submit(1, tenants="40")
    live.close_stage("submission_closes_at")
    entry = live.entries[1]
    at = DATES["preliminary_review_closes_at"]
    preliminary_reviews.return_fields(
        entry=entry, fields=["tenants"], opinion="请核对", actor=officer_of("示例市"), at=at
    )

    with pytest.raises(UnsoundError, match="only tenants were returned; graduates must stay"):
        submissions.correct(
            entry=entry,
            figures=figures(tenants="38", graduates="1"),
            signed_by="示例",
            actor=institution_actor(entry),
            at=at,
        )
    corrected = submissions.correct(
        entry=entry, figures=figures(tenants="38"), signed_by="示例", actor=institution_actor(entry), at=at
    )

    assert (corrected.version, corrected.figures["tenants"]["value"]) == (2, "38")
    assert acts()[-2:] == ["return_fields", "correct"]


# ---- preliminary review -----------------------------------------------------------------------------------


def test_a_channel_reviews_its_own_alone_and_approval_locks(live_round_at):
    live = live_round_at(Stage.PRELIMINARY_REVIEW)
    entry = live.entries[1]
    at = DATES["preliminary_review_closes_at"]

    with pytest.raises(NotAllowedError, match="belongs to 示例市"):
        preliminary_reviews.approve(entry=entry, opinion="", actor=officer_of("示例盟"), at=at)
    live.approve(1)
    with pytest.raises(NotAllowedError, match="approval locks it"):
        preliminary_reviews.refuse(entry=entry, opinion="改判", actor=officer_of("示例市"), at=at)

    assert entry.submissions.get().state == "approved"


def test_the_stage_does_not_close_over_a_waiting_submission(live_round_at):
    live = live_round_at(Stage.PRELIMINARY_REVIEW)
    live.approve(1)

    with pytest.raises(UnsoundError, match="incubator:2 waits for its preliminary review"):
        live.close_stage("preliminary_review_closes_at")

    assert live.round.stage == Stage.PRELIMINARY_REVIEW


# ---- expert review ----------------------------------------------------------------------------------------


def test_who_assigned_cannot_confirm(live_round_at):
    live = live_round_at(Stage.EXPERT_REVIEW)
    at = DATES["preliminary_review_closes_at"]
    expert_reviews.assign_expert(entry=live.entries[1], expert=live.experts[0], actor=FIRST, at=at)

    with pytest.raises(NotAllowedError, match="a second person has to confirm"):
        expert_reviews.confirm_assignments(evaluation_round=live.round, actor=FIRST, at=at)


def test_an_unconfirmed_assignment_opens_nothing(live_round_at):
    live = live_round_at(Stage.EXPERT_REVIEW)
    assignment = expert_reviews.assign_expert(
        entry=live.entries[1],
        expert=live.experts[0],
        actor=FIRST,
        at=DATES["preliminary_review_closes_at"],
    )

    with pytest.raises(NotAllowedError, match="is not assigned to this entry"):
        live.score(assignment)


def test_a_conflict_declared_after_scoring_takes_the_sheet_out_of_the_mean(live_round_at):
    live = live_round_at(Stage.EXPERT_REVIEW)
    sheets = [
        live.score(live.assign(1, expert), points)
        for expert, points in zip(live.experts, (100, 200, 300, 300), strict=False)
    ]
    item = shipped_item()
    assert expert_reviews.valid_scores(live.entries[1])[item] == [100, 200, 300, 300]

    expert_reviews.declare_conflict(
        assignment=sheets[0].assignment,
        conflict="adviser",
        actor=expert_actor(live.experts[0]),
        at=DATES["expert_review_closes_at"],
    )

    assert expert_reviews.valid_scores(live.entries[1])[item] == [200, 300, 300]
    assert live.entries[1].assignments.count() == 4


def shipped_item() -> str:
    from hatchmark.schemes.loader import shipped

    return shipped(SCHEME).expert_items[0].code


def test_a_conflict_in_the_register_stops_the_expert(live_round_at):
    live = live_round_at(Stage.EXPERT_REVIEW)
    expert = live.experts[0]
    expert.employer = "示例1号运营有限公司"
    expert.save()

    assignment = live.assign(1, expert)

    assert (assignment.conflict, assignment.conflict_source) == ("same_unit", "register")
    with pytest.raises(NotAllowedError, match="has a conflict with this entry: same_unit"):
        live.score(assignment)


def test_too_few_scores_send_the_file_back_for_another_expert(live_round_at):
    live = live_round_at(Stage.EXPERT_REVIEW)
    for serial in live.entries:
        for expert in live.experts[: 2 if serial == 2 else 3]:
            live.score(live.assign(serial, expert))

    with pytest.raises(
        UnsoundError, match=r"incubator:2 has 2 valid score sheets of 3; assign another expert"
    ):
        live.close_stage("expert_review_closes_at")

    live.score(live.assign(2, live.experts[3]))
    live.close_stage("expert_review_closes_at")
    assert live.round.stage == Stage.SPOT_CHECK


# ---- spot checks ------------------------------------------------------------------------------------------


def test_a_key_known_before_the_frame_was_fixed_is_refused(live_round_at):
    live = live_round_at(Stage.SPOT_CHECK)
    at = DATES["expert_review_closes_at"]
    draw = spot_checks.commit_frame(
        evaluation_round=live.round, kind="incubator", count=1, actor=FIRST, at=at
    )

    with pytest.raises(UnsoundError, match="before the frame was committed"):
        spot_checks.draw_spot_checks(draw=draw, key="1./", key_known_at=at, actor=FIRST, at=at)

    assert draw.chosen == []


def test_a_draw_is_made_once_and_findings_are_for_drawn_entries(live_round_at):
    live = live_round_at(Stage.SPOT_CHECK)
    at = DATES["expert_review_closes_at"]
    later = at + timedelta(hours=1)
    draw = spot_checks.commit_frame(
        evaluation_round=live.round, kind="incubator", count=1, actor=FIRST, at=at
    )
    [drawn] = spot_checks.draw_spot_checks(draw=draw, key="1./", key_known_at=later, actor=FIRST, at=later)

    with pytest.raises(UnsoundError, match="was drawn already"):
        spot_checks.draw_spot_checks(draw=draw, key="2./", key_known_at=later, actor=FIRST, at=later)
    other = next(entry for entry in live.entries.values() if str(entry) != drawn)
    with pytest.raises(UnsoundError, match="was not drawn"):
        spot_checks.record_finding(
            entry=other,
            inspectors=["insp-1", "insp-2"],
            finding="confirmed",
            figure="",
            found_value="",
            note="",
            actor=INSPECTOR,
            at=later,
        )


# ---- determination ----------------------------------------------------------------------------------------


def test_a_severe_breach_is_a_veto(live_round_at):
    live = live_round_at(Stage.INTEGRITY_REVIEW)
    integrity.record_integrity_hit(
        entry=live.entries[1],
        subject_type="institution",
        subject="示例1号孵化器",
        source="示例名单",
        severity="severe",
        detail="",
        actor=INTEGRITY,
        at=DATES["integrity_review_closes_at"],
    )
    live.close_stage("integrity_review_closes_at")

    cards = determination.score_round(
        evaluation_round=live.round, without=frozenset(), actor=FIRST, at=DATES["determined_at"]
    )

    vetoes = {
        str(key): [veto["code"] for veto in card.document["grade"]["vetoes"]] for key, card in cards.items()
    }
    assert vetoes == {"incubator:1": ["severe_integrity"], "incubator:2": [], "incubator:3": []}


def test_one_person_cannot_decide(live_round_at):
    live = live_round_at(Stage.DETERMINATION)
    at = DATES["determined_at"]
    determination.score_round(evaluation_round=live.round, without=frozenset(), actor=FIRST, at=at)
    for entry in live.entries.values():
        determination.propose_decision(entry=entry, human=None, actor=FIRST, at=at)

    with pytest.raises(NotAllowedError, match="a second person has to confirm"):
        determination.confirm_decisions(evaluation_round=live.round, actor=FIRST, at=at)

    assert results_of(live.round).rows == ()


def test_a_deviation_needs_a_reason_and_is_counted(live_round_at):
    live = live_round_at(Stage.DETERMINATION)
    at = DATES["determined_at"]
    determination.score_round(evaluation_round=live.round, without=frozenset(), actor=FIRST, at=at)
    key = EntryKey("incubator", 1)
    act = {"key": key, "mode": Mode.EVALUATED, "outcome": Outcome.GRADED, "grade": Grade.QUALIFIED}

    with pytest.raises(UnsoundError, match="needs a reason"):
        determination.propose_decision(entry=live.entries[1], human=Decision(**act), actor=FIRST, at=at)
    row = determination.propose_decision(
        entry=live.entries[1], human=Decision(**act, reason="示例理由"), actor=FIRST, at=at
    )

    assert (row.grade, row.deviates, row.reason) == ("qualified", True, "示例理由")


# ---- public notice and objections -------------------------------------------------------------------------


def lodge(live, serial: int = 1, *, at=None, **changes):
    facts = {
        "objector": "示例公民",
        "objector_type": "person",
        "contact": "示例电话",
        "grounds": "示例理由",
    } | changes
    return objections.lodge_objection(
        entry=live.entries[serial], **facts, actor=PUBLIC, at=at or DATES["public_notice_at"]
    )


def test_an_objection_counts_to_the_last_second_of_the_fifth_working_day(live_round_at):
    live = live_round_at(Stage.PUBLIC_NOTICE)
    closes_at = live.round.public_notice.closes_at
    assert closes_at.isoformat() == "2025-07-07T15:59:59+00:00"

    lodge(live, at=closes_at)
    with pytest.raises(NotAllowedError, match="the window closed at"):
        lodge(live, at=closes_at + SECOND_LATE)


def test_an_anonymous_objection_is_recorded_and_not_admitted(live_round_at):
    live = live_round_at(Stage.PUBLIC_NOTICE)
    objection = lodge(live, objector="", objector_type="anonymous", contact="")

    with pytest.raises(UnsoundError, match="recorded and not admitted"):
        objections.rule_objection(
            objection=objection, ruling="upheld", reason="示例", actor=FIRST, at=DATES["public_notice_at"]
        )
    objections.rule_objection(
        objection=objection, ruling="not_admitted", reason="匿名", actor=FIRST, at=DATES["public_notice_at"]
    )

    assert objection.ruling == "not_admitted"


def test_the_ledger_does_not_name_who_objected(live_round_at):
    live = live_round_at(Stage.PUBLIC_NOTICE)

    lodge(live, objector="示例举报人", contact="示例电话号码")

    line = LedgerEntry.objects.get(act="lodge_objection")
    assert "示例举报人" not in str(line.details) + line.actor + line.subject
    assert "示例电话号码" not in str(line.details)


def test_an_open_objection_withholds_its_own_institution_alone(live_round_at):
    live = live_round_at(Stage.PUBLIC_NOTICE)
    objection = lodge(live, 2)

    publication.publish(evaluation_round=live.round, actor=FIRST, at=DATES["published_at"])

    assert '"serial":2' not in ResultNotice.objects.get().document
    assert LedgerEntry.objects.get(act="publish").details["withheld"] == ["incubator:2"]
    assert objection.ruling == ""


def test_an_upheld_objection_changes_one_institution_and_keeps_what_stood(live_round_at):
    live = live_round_at(Stage.PUBLIC_NOTICE)
    before = {row.key: row.score for row in results_of(live.round).rows}
    objection = lodge(live, 1)
    at = DATES["public_notice_at"]
    objections.rule_objection(
        objection=objection,
        ruling="upheld",
        reason="凭证属实",
        figure="area",
        corrected_value="20000",
        actor=FIRST,
        at=at,
    )

    determination.rescore(objection=objection, actor=SECOND, at=at)

    after = {row.key: row.score for row in results_of(live.round).rows}
    assert [key.serial for key in before if before[key] != after[key]] == [1]
    assert live.entries[1].scorecards.count() == live.entries[1].decisions.count() == 2
    assert live.entries[2].scorecards.count() == 1


def test_rescoring_needs_two_persons(live_round_at):
    live = live_round_at(Stage.PUBLIC_NOTICE)
    objection = lodge(live, 1)
    at = DATES["public_notice_at"]
    objections.rule_objection(
        objection=objection,
        ruling="upheld",
        reason="示例",
        figure="area",
        corrected_value="20000",
        actor=FIRST,
        at=at,
    )

    with pytest.raises(NotAllowedError, match="a second person has to confirm"):
        determination.rescore(objection=objection, actor=FIRST, at=at)

    assert live.entries[1].decisions.count() == 1


# ---- publication and follow-up ----------------------------------------------------------------------------


def test_nothing_is_published_inside_the_objection_window(live_round_at):
    live = live_round_at(Stage.PUBLIC_NOTICE)

    with pytest.raises(UnsoundError, match="publish after it"):
        publication.publish(evaluation_round=live.round, actor=FIRST, at=live.round.public_notice.closes_at)

    assert ResultNotice.objects.count() == 0


def test_two_officers_and_one_button_publish_once(live_round_at):
    live = live_round_at(Stage.PUBLIC_NOTICE)
    stale = type(live.round).objects.get(pk=live.round.pk)
    publication.publish(evaluation_round=live.round, actor=FIRST, at=DATES["published_at"])

    with pytest.raises((OutdatedError, NotAllowedError)):
        publication.publish(evaluation_round=stale, actor=SECOND, at=DATES["published_at"])

    assert ResultNotice.objects.count() == 1


def test_a_correction_supersedes_and_never_overwrites(live_round_at):
    live = live_round_at(Stage.PUBLIC_NOTICE)
    objection = lodge(live, 2)
    publication.publish(evaluation_round=live.round, actor=FIRST, at=DATES["published_at"])
    first = ResultNotice.objects.get()
    later = DATES["published_at"] + timedelta(days=3)
    live.reload()
    objection = live.entries[2].objections.get()
    objections.rule_objection(objection=objection, ruling="rejected", reason="示例", actor=FIRST, at=later)
    publication.prepare_correction(evaluation_round=live.round, reason="异议已裁定", actor=FIRST, at=later)

    second = publication.correct_publication(evaluation_round=live.round, actor=SECOND, at=later)

    assert (second.version, '"serial":2' in second.document) == (2, True)
    assert ResultNotice.objects.get(version=1).document == first.document


def test_a_correction_that_corrects_nothing_is_refused(live_round_at):
    live = live_round_at(Stage.PUBLISHED)

    with pytest.raises(UnsoundError, match="nothing differs from version 1"):
        publication.prepare_correction(
            evaluation_round=live.round, reason="示例", actor=FIRST, at=DATES["published_at"]
        )


def test_a_rectification_is_accepted_only_after_it_was_handed_in(live_round_at):
    live = live_round_at(Stage.FOLLOW_UP)
    entry = live.entries[1]
    at = DATES["follow_up_closes_at"]

    with pytest.raises(UnsoundError, match="no rectification that could be accepted"):
        follow_up.accept_rectification(entry=entry, note="", actor=officer_of("示例市"), at=at)
    follow_up.hand_in_rectification(entry=entry, note="", actor=institution_actor(entry), at=at)
    follow_up.accept_rectification(entry=entry, note="", actor=officer_of("示例市"), at=at)

    assert {duty.act: duty.done_at for duty in entry.obligations.all()} == {
        "rectify": at,
        "take_part_again": None,
    }


def test_nobody_is_deregistered_without_a_decision(live_round_at):
    live = live_round_at(Stage.FOLLOW_UP)

    with pytest.raises(UnsoundError, match="has no obligation to deregister"):
        follow_up.deregister(
            entry=live.entries[1],
            switch="leave_management",
            note="",
            actor=officer_of("示例市"),
            at=DATES["follow_up_closes_at"],
        )


def test_a_cancelled_qualification_leaves_three_systems_one_by_one(live_round_at):
    live = live_round_at(Stage.DETERMINATION)
    at = DATES["determined_at"]
    determination.score_round(evaluation_round=live.round, without=frozenset(), actor=FIRST, at=at)
    cancelled = Decision(
        key=EntryKey("incubator", 1), mode=Mode.EVALUATED, outcome=Outcome.DISQUALIFIED, reason="示例理由"
    )
    for serial, entry in live.entries.items():
        determination.propose_decision(
            entry=entry, human=cancelled if serial == 1 else None, actor=FIRST, at=at
        )
    determination.confirm_decisions(evaluation_round=live.round, actor=SECOND, at=at)
    finish(live)
    entry = live.entries[1]
    officer = officer_of("示例市")
    later = DATES["follow_up_closes_at"]

    follow_up.deregister(entry=entry, switch="leave_management", note="", actor=officer, at=later)
    follow_up.deregister(entry=entry, switch="leave_evaluation", note="", actor=officer, at=later)
    assert entry.obligations.get(act="deregister").done_at is None
    follow_up.deregister(entry=entry, switch="leave_statistics", note="", actor=officer, at=later)

    assert entry.obligations.get(act="deregister").done_at == later
    with pytest.raises(UnsoundError, match="was done already"):
        follow_up.deregister(entry=entry, switch="leave_statistics", note="", actor=officer, at=later)


def finish(live) -> None:
    from hatchmark.services import public_notice

    public_notice.give_public_notice(
        evaluation_round=live.round, working_days=5, actor=FIRST, at=DATES["public_notice_at"]
    )
    publication.publish(evaluation_round=live.round, actor=FIRST, at=DATES["published_at"])
    rounds.close_stage(evaluation_round=live.round, actor=FIRST, at=DATES["published_at"])
    live.reload()


# ---- the chain --------------------------------------------------------------------------------------------


def test_a_changed_line_breaks_the_chain_at_its_place(live_round_at):
    live_round_at(Stage.PRELIMINARY_REVIEW)
    line = LedgerEntry.objects.get(sequence=3)
    LedgerEntry.objects.filter(pk=line.pk).update(details={**line.details, "version": 9})

    broken = verify(sealed_lines())

    assert broken is not None and broken.position == 3


def test_every_stage_can_be_reached(live_round_at):
    assert live_round_at(STAGES[-1]).round.stage == STAGES[-1]
