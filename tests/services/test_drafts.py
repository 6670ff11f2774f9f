"""A draft is saved field by field: two windows never overwrite each other, and nothing that was typed is lost."""

from datetime import timedelta
from fractions import Fraction

import pytest
from conftest_services import AUTHORITY, DATES, figures, institution_actor, officer_of, open_live_round

from hatchmark.db.models import Draft, Evidence, Extension, LedgerEntry, Submission
from hatchmark.domain.entering import LONGEST_KEPT, Typed
from hatchmark.domain.permissions import Actor, Role
from hatchmark.domain.scheme import FigureStatus
from hatchmark.domain.workflow import Stage
from hatchmark.services import drafts, preliminary_reviews, submissions
from hatchmark.services.drafts import Change
from hatchmark.services.previews import Known, preview_of
from hatchmark.services.refusals import NotAllowedError, OutdatedError, UnsoundError

AT = DATES["submission_closes_at"] - timedelta(days=2)


def opened(live, serial=1, *, at=AT):
    papers = drafts.open_papers(live.entries[serial].pk, actor=institution_actor(live.entries[serial]), at=at)
    assert papers is not None
    return papers


def change(code, value, *, was="", status="reported", was_status="reported"):
    return Change(code=code, status=status, value=value, was_status=was_status, was_value=was)


def save(papers, *changes, at=AT):
    return drafts.save_draft(papers=papers, changes=changes, actor=institution_actor(papers.entry), at=at)


def typed(live, serial=1, *, at=AT):
    return {
        code: each.typed.value
        for code, each in drafts.fields_of(opened(live, serial, at=at)).items()
        if not each.typed.is_blank
    }


def fill(live, serial=1, *, at=AT, **values):
    """Type a whole form, `0` unless named otherwise."""
    papers = opened(live, serial, at=at)
    stored = drafts.fields_of(papers)
    changes = [
        change(
            code,
            each["value"],
            was=stored[code].typed.value,
            was_status=stored[code].typed.status,
        )
        for code, each in figures(**values).items()
        if code in papers.editable
    ]
    return save(papers, *changes, at=at)


def hand_in(live, serial=1, *, at=AT, seen=None, signed_by="示例负责人"):
    entry = live.entries[serial]
    return submissions.hand_in(
        entry=entry,
        seen=seen if seen is not None else seen_of(live, serial, at=at),
        signed_by=signed_by,
        actor=institution_actor(entry),
        at=at,
    )


def seen_of(live, serial=1, *, at=AT):
    return drafts.contents_of(opened(live, serial, at=at), last={}).seen


def lines(act):
    return LedgerEntry.objects.filter(act=act).count()


# ---- saving -----------------------------------------------------------------------------------------------


def test_what_is_typed_is_kept_as_it_was_typed_readable_or_not(live_round_at):
    live = live_round_at(Stage.SUBMISSION)

    saved = save(opened(live), change("area", "12,5O0"), change("tenants", "１２３"), change("fund", "3万"))

    assert saved.saved == ("area", "tenants", "fund")
    assert (saved.version, saved.conflicts, saved.refused) == (1, {}, {})
    assert typed(live) == {"area": "12,5O0", "tenants": "１２３", "fund": "3万"}
    assert Draft.objects.get().saved_by == "demo-i01"
    # A draft is no official act.
    assert LedgerEntry.objects.exclude(act__in=["open_round", "open_submission"]).count() == 0


def test_two_windows_that_change_different_fields_both_keep_theirs(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    one, other = opened(live), opened(live)

    save(one, change("area", "100"))
    saved = save(other, change("tenants", "7"))

    assert (saved.saved, saved.conflicts) == (("tenants",), {})
    assert typed(live) == {"area": "100", "tenants": "7"}


def test_one_field_changed_in_two_windows_stays_as_the_first_and_comes_back_with_who_and_when(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    save(opened(live), change("area", "1"))
    one, other = opened(live), opened(live)
    later = AT + timedelta(minutes=5)

    save(one, change("area", "2", was="1"), at=later)
    saved = save(other, change("area", "3", was="1"), change("staff", "4"))

    conflict = saved.conflicts["area"]
    assert (conflict.typed, conflict.by, conflict.at) == (Typed(value="2"), "示例1号孵化器", later)
    assert saved.saved == ("staff",)
    assert typed(live) == {"area": "2", "staff": "4"}
    # Whoever saw the other's value and keeps the own says so by naming it.
    assert save(opened(live), change("area", "3", was="2")).conflicts == {}
    assert typed(live)["area"] == "3"


def test_a_status_that_changed_is_a_conflict_too(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    one, other = opened(live), opened(live)

    save(one, change("overseas", "", status="not_applicable"))
    saved = save(other, change("overseas", "", status="absent"))

    assert saved.conflicts["overseas"].typed == Typed(status="not_applicable")


def test_a_save_repeated_after_a_lost_answer_changes_nothing(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    papers = opened(live)
    save(papers, change("area", "100"))

    again = save(papers, change("area", "100"))
    fresh = save(opened(live), change("area", "100"))

    assert [(each.saved, each.conflicts) for each in (again, fresh)] == [((), {})] * 2
    assert Draft.objects.get().version == 1


def test_a_field_that_cannot_be_kept_is_named_and_the_others_are_saved(live_round_at):
    live = live_round_at(Stage.SUBMISSION)

    saved = save(
        opened(live),
        change("area", "9" * (LONGEST_KEPT + 1)),
        change("staff", "1\x00"),
        change("mentors", "1", status="maybe"),
        change("nonsense", "1"),
        change("tenants", "7"),
    )

    assert saved.refused == {
        "area": "too_long",
        "staff": "control",
        "mentors": "status",
        "nonsense": "not_editable",
    }
    assert typed(live) == {"tenants": "7"}


def test_the_last_second_is_saved_and_the_next_is_refused_with_the_draft_kept(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    closes_at = DATES["submission_closes_at"]
    save(opened(live, at=closes_at), change("area", "100"), at=closes_at)
    late = closes_at + timedelta(seconds=1)

    papers = opened(live, at=late)
    with pytest.raises(NotAllowedError, match="the window closed at"):
        save(papers, change("area", "200", was="100"), at=late)

    assert papers.editable == ()
    assert typed(live) == {"area": "100"}


def test_an_extension_of_its_own_keeps_the_form_open(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    late = DATES["submission_closes_at"] + timedelta(hours=1)
    extension = {"deadline": "submission_closes_at", "until": late, "reason": "示例", "granted_at": AT}
    Extension.objects.create(round=live.round, entry=live.entries[1], granted_by="dep-1", **extension)

    assert save(opened(live, at=late), change("area", "1"), at=late).saved == ("area",)
    assert opened(live, 2, at=late).editable == ()


@pytest.mark.parametrize(
    "stranger",
    [
        Actor(code="x", name="示例", role=Role.INSTITUTION, unit="demo-i02", authority=AUTHORITY),
        Actor(code="x", name="示例", role=Role.INSTITUTION, unit="demo-i01", authority="other"),
        officer_of("示例市"),
        Actor(code="dep-1", name="示例", role=Role.DEPARTMENT, unit="示例厅", authority=AUTHORITY),
    ],
)
def test_nobody_else_sees_a_draft(live_round_at, stranger):
    live = live_round_at(Stage.SUBMISSION)
    save(opened(live), change("area", "100"))

    assert drafts.open_papers(live.entries[1].pk, actor=stranger, at=AT) is None


def test_saving_costs_three_queries_however_much_is_typed(live_round_at, django_assert_num_queries):
    live = live_round_at(Stage.SUBMISSION)
    save(opened(live), change("area", "100"))

    for changes in ([change("staff", "1")], [change("staff", "2", was="1"), change("tenants", "3")]):
        with django_assert_num_queries(3):
            save(opened(live), *changes)


def test_a_roster_saved_first_does_not_hide_what_was_handed_in(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    live.submit(1, at=AT, area="100")
    papers = opened(live)

    draft = drafts.draft_to_change(papers, actor=institution_actor(papers.entry), at=AT)

    assert draft.figures["area"]["value"] == "100"
    assert drafts.draft_to_change(opened(live), actor=institution_actor(papers.entry), at=AT).pk == draft.pk


def test_last_year_is_what_was_approved_for_the_same_qualification(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    submission = live.submit(1, at=AT, area="100", tenants="7")
    Submission.objects.filter(pk=submission.pk).update(state="approved")
    refused = live.submit(2, at=AT, area="100")
    Submission.objects.filter(pk=refused.pk).update(state="refused")
    scheme = opened(live).scheme
    this_year = {entry.serial: entry for entry in open_live_round(year=2026).entries.all()}

    found = drafts.last_year_of(this_year[1], scheme)

    assert drafts.last_year_of(live.entries[1], scheme) == {}
    assert drafts.last_year_of(this_year[2], scheme) == {}
    assert (found["area"], found["tenants"], found["staff"]) == (Fraction(100), Fraction(7), Fraction(0))


# ---- handing in -------------------------------------------------------------------------------------------


def test_a_draft_is_handed_in_as_it_was_seen_and_is_no_draft_any_more(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    fill(live, area="12,500", overseas="2")

    submission = hand_in(live)

    assert (submission.version, submission.state, submission.signed_by) == (1, "submitted", "示例负责人")
    # What is frozen is the number, as a scheme reads it.
    assert submission.figures["area"] == {"unit": "m²", "status": "reported", "value": "12500"}
    assert Draft.objects.count() == 0
    assert typed(live)["area"] == "12500"


def test_a_status_without_a_value_hands_in_none(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    fill(live)
    save(opened(live), change("overseas", "3", was="0", status="not_applicable"))

    assert hand_in(live).figures["overseas"] == {"unit": "项", "status": "not_applicable", "value": ""}


def test_the_same_handed_in_again_gives_the_same_version_even_after_the_deadline(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    fill(live)
    seen = seen_of(live)
    first = hand_in(live, seen=seen)

    again = hand_in(live, seen=seen, at=DATES["submission_closes_at"] + timedelta(hours=1))

    assert (again.pk, Submission.objects.count(), lines("submit")) == (first.pk, 1, 1)


def test_the_retry_of_another_is_not_answered(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    fill(live)
    seen = seen_of(live)
    hand_in(live, seen=seen)

    with pytest.raises(NotAllowedError, match="acts for institution demo-i02"):
        submissions.hand_in(
            entry=live.entries[1],
            seen=seen,
            signed_by="示例",
            actor=institution_actor(live.entries[2]),
            at=AT,
        )


def test_a_draft_that_changed_since_it_was_shown_is_not_signed_unseen(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    fill(live)
    seen = seen_of(live)
    save(opened(live), change("area", "9", was="0"))

    with pytest.raises(OutdatedError, match="has changed since it was shown"):
        hand_in(live, seen=seen)

    assert (Submission.objects.count(), typed(live)["area"]) == (0, "9")


def test_the_second_of_two_windows_that_hand_in_gets_the_version_of_the_first(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    fill(live)
    seen = seen_of(live)

    versions = [hand_in(live, seen=seen).version for _ in range(2)]

    assert (versions, lines("submit")) == ([1, 1], 1)


@pytest.mark.parametrize(("after", "stored"), [(0, 1), (1, 0)])
def test_the_last_second_counts_and_one_second_later_keeps_the_draft(live_round_at, after, stored):
    live = live_round_at(Stage.SUBMISSION)
    fill(live)
    seen = seen_of(live)
    at = DATES["submission_closes_at"] + timedelta(seconds=after)

    if stored:
        hand_in(live, seen=seen, at=at)
    else:
        with pytest.raises(NotAllowedError, match="the window closed at"):
            hand_in(live, seen=seen, at=at)

    assert (Submission.objects.count(), Draft.objects.count()) == (stored, 1 - stored)


@pytest.mark.parametrize("value", ["", "3万", "-1", "1e5"])
def test_what_cannot_be_read_or_cannot_be_is_not_handed_in(live_round_at, value):
    live = live_round_at(Stage.SUBMISSION)
    fill(live, area=value)

    with pytest.raises(UnsoundError, match="area cannot be handed in as it stands"):
        hand_in(live)


def test_figures_that_contradict_one_another_can_be_handed_in(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    fill(live, tenants="5", firms_ip="6")

    contents = drafts.contents_of(opened(live), last={})

    assert [note.rule for note in contents.warnings] == ["relation"]
    assert hand_in(live).version == 1


@pytest.mark.parametrize("name", ["", "   ", "示" * 101, "示\x00例"])
def test_somebody_answers_for_it_by_name(live_round_at, name):
    live = live_round_at(Stage.SUBMISSION)
    fill(live)

    with pytest.raises(UnsoundError, match="name"):
        hand_in(live, signed_by=name)


def evidence(live, **changes):
    facts = {
        "entry": live.entries[1],
        "key": "k1",
        "name": "示例.pdf",
        "size": 3,
        "received": 3,
        "digest": "a" * 64,
        "figure": "area",
        "uploaded_by": "demo-i01",
        "uploaded_at": AT,
    }
    return Evidence.objects.create(**(facts | changes))


def test_a_version_names_its_evidence_inside_the_digest(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    fill(live)
    bare = seen_of(live)
    evidence(live)
    evidence(live, key="k2", removed_at=AT)
    evidence(live, key="k3", purpose="sealed_form")

    with pytest.raises(OutdatedError):
        hand_in(live, seen=bare)
    submission = hand_in(live)

    assert submission.evidence == [
        {"name": "示例.pdf", "digest": "a" * 64, "size": 3, "figure": "area", "media_type": ""}
    ]


def test_a_file_that_has_not_come_in_whole_is_not_left_behind_silently(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    fill(live)
    evidence(live, received=1, digest="")

    with pytest.raises(UnsoundError, match="area cannot be handed in"):
        hand_in(live)


# ---- withdrawing and correcting ---------------------------------------------------------------------------


def test_what_was_withdrawn_stands_in_the_form_again(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    fill(live, area="100")
    hand_in(live)

    submissions.withdraw(entry=live.entries[1], actor=institution_actor(live.entries[1]), at=AT)

    assert typed(live)["area"] == "100"
    assert hand_in(live).version == 2


def returned(live, *fields, opinion="示例：请核对"):
    entry = live.entries[1]
    return preliminary_reviews.return_fields(
        entry=entry,
        fields=list(fields),
        opinion=opinion,
        actor=officer_of(entry.channel),
        at=REVIEW,
    )


REVIEW = DATES["preliminary_review_closes_at"] - timedelta(days=3)


def test_only_what_was_returned_can_be_typed_and_the_rest_stays_word_for_word(live_round_at):
    live = live_round_at(Stage.PRELIMINARY_REVIEW)
    returned(live, "area", "fund")
    papers = opened(live, at=REVIEW)

    saved = save(papers, change("area", "77", was="0"), change("tenants", "5", was="0"), at=REVIEW)
    submission = hand_in(live, at=REVIEW)

    assert papers.editable == ("area", "fund")
    assert (saved.saved, saved.refused) == (("area",), {"tenants": "not_editable"})
    assert {code: each["value"] for code, each in submission.figures.items() if each["value"] != "0"} == {
        "area": "77"
    }
    assert (submission.version, lines("correct")) == (2, 1)


def test_a_draft_begun_before_the_return_bears_on_what_was_returned_alone(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    for serial in live.entries:
        live.submit(serial, at=AT)
    save(opened(live), change("area", "5", was="0"), change("tenants", "6", was="0"))
    live.close_stage("submission_closes_at")
    returned(live, "area")

    assert drafts.fields_of(opened(live, at=REVIEW))["tenants"].typed.value == "0"
    submission = hand_in(live, at=REVIEW)

    assert (submission.figures["area"]["value"], submission.figures["tenants"]["value"]) == ("5", "0")


def test_a_version_that_is_being_reviewed_or_was_approved_or_refused_is_not_typed_over(live_round_at):
    live = live_round_at(Stage.PRELIMINARY_REVIEW)
    waiting = opened(live, at=REVIEW).editable
    live.approve(2)
    preliminary_reviews.refuse(entry=live.entries[3], opinion="示例", actor=officer_of("示例盟"), at=REVIEW)
    Extension.objects.create(
        round=live.round,
        deadline="submission_closes_at",
        until=REVIEW,
        reason="示例",
        granted_by="dep-1",
        granted_at=AT,
    )

    assert waiting == ()
    assert (
        opened(live, at=REVIEW).editable != ()
    )  # the extension opens it, and closes nothing that is settled
    assert opened(live, 2, at=REVIEW).editable == ()
    assert opened(live, 3, at=REVIEW).editable == ()
    with pytest.raises(UnsoundError, match="was refused by the preliminary review"):
        live.submit(3, at=REVIEW)


def test_within_an_extension_a_returned_version_is_corrected_and_not_replaced(live_round_at):
    live = live_round_at(Stage.PRELIMINARY_REVIEW)
    returned(live, "area")
    Extension.objects.create(
        round=live.round,
        deadline="submission_closes_at",
        until=REVIEW,
        reason="示例",
        granted_by="dep-1",
        granted_at=AT,
    )

    with pytest.raises(UnsoundError, match="correct what was returned"):
        live.submit(1, at=REVIEW, tenants="9")


# ---- the preview ------------------------------------------------------------------------------------------


def test_the_preview_scores_what_is_filled_in_and_names_what_is_not_known(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    save(opened(live), change("area", "8000"), change("fund", "3万"))
    papers = opened(live)
    readings = drafts.contents_of(papers, last={}).readings

    preview = preview_of(papers, readings)

    assert (preview.points, preview.full) == (400, 400)
    assert preview.lines["site_area"] is Known.SCORED
    assert {Known.EXPERTS, Known.UNFILLED} == set(preview.open)
    marks = sum(each.full_marks for each in (*papers.scheme.indicators, *papers.scheme.expert_items))
    assert preview.full + sum(preview.open.values()) == marks
    assert papers.entry.scorecards.count() == 0


def test_a_word_for_nothing_is_scored_as_the_scheme_says(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    save(opened(live), change("area", "", status=FigureStatus.ABSENT.value))
    papers = opened(live)

    preview = preview_of(papers, drafts.contents_of(papers, last={}).readings)

    assert (preview.lines["site_area"], preview.points, preview.full) == (Known.SCORED, 0, 400)
