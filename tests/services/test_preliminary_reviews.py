"""The preliminary review with its flags: what is explained, what approval waits for, many at once, absences."""

from datetime import timedelta

import pytest
from conftest_services import (
    DATES,
    FIRST,
    LiveRound,
    figures,
    institution_actor,
    officer_of,
    open_live_round,
    register_row,
)
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hatchmark.db.models import Absence, Entry, Extension, FlagExplanation, LedgerEntry, Submission
from hatchmark.domain.cross_checks import Check
from hatchmark.domain.ledger import verify
from hatchmark.domain.workflow import Stage
from hatchmark.services import absences, cross_checks, preliminary_reviews, rounds, submissions
from hatchmark.services.kept_files import keep_file, kept_file
from hatchmark.services.ledger import sealed_lines
from hatchmark.services.preliminary_reviews import SealedLetter, letter_of
from hatchmark.services.refusals import NotAllowedError, OutdatedError, UnsoundError
from hatchmark.services.todo import todo_of

AT = DATES["preliminary_review_closes_at"]
OFFICER = officer_of("示例市")
OTHER = officer_of("示例盟")
PDF = b"%PDF-1.7 letter"
LETTER = SealedLetter("示例推荐函.pdf", PDF)


@pytest.fixture(autouse=True)
def files_of_their_own(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "DATA", tmp_path)


def lines(act: str) -> int:
    return LedgerEntry.objects.filter(act=act).count()


def state(live: LiveRound, serial: int) -> str:
    return live.entries[serial].submissions.last().state


def enterprise(number: int, **changes):
    return {
        "enterprise": f"示例{number}号有限公司", "credit_code": "", "status": "tenant", "founded_on": None,
        "entered_on": None, "graduated_on": None, "high_tech": None, "tech_sme": None, "financed": None,
        "valid_ip": None, "income": None, "staff": None, **changes,
    }  # fmt: skip


def flags(live: LiveRound, serial: int) -> list[Check]:
    return [state.flag.check for state in cross_checks.flag_states(live.entries[serial])]


# ---- flags ----------------------------------------------------------------------------------------------------


def test_approval_waits_until_every_flag_has_a_word(live_round_at):
    live = live_round_at(Stage.PRELIMINARY_REVIEW)
    entry = live.entries[1]
    assert flags(live, 1) == [Check.ZERO] * 4

    with pytest.raises(UnsoundError, match="4 flags have no explanation"):
        preliminary_reviews.approve(entry=entry, opinion="", actor=OFFICER, at=AT)
    live.explain_flags(1)
    preliminary_reviews.approve(entry=entry, opinion="同意", actor=OFFICER, at=AT)

    assert (state(live, 1), lines("explain_flag"), lines("approve")) == ("approved", 4, 1)
    assert verify(sealed_lines()) is None


def test_institution_and_own_channel_explain_and_nobody_else(live_round_at):
    live = live_round_at(Stage.PRELIMINARY_REVIEW)
    entry = live.entries[1]
    [first, second, *_] = [each.flag.key for each in cross_checks.flag_states(entry)]

    for actor, key in ((institution_actor(entry), first), (OFFICER, second)):
        cross_checks.explain_flag(entry=entry, flag=key, explanation="示例说明", actor=actor, at=AT)
    for stranger in (OTHER, institution_actor(live.entries[2]), FIRST):
        with pytest.raises(NotAllowedError):
            cross_checks.explain_flag(entry=entry, flag=first, explanation="示例", actor=stranger, at=AT)

    assert list(FlagExplanation.objects.values_list("role", flat=True)) == ["institution", "channel"]


@pytest.mark.parametrize("explanation", ["", "  ", "长" * 1001])
def test_an_explanation_says_something_and_not_too_much(live_round_at, explanation):
    live = live_round_at(Stage.PRELIMINARY_REVIEW)
    [first, *_] = cross_checks.flag_states(live.entries[1])

    with pytest.raises(UnsoundError):
        cross_checks.explain_flag(
            entry=live.entries[1], flag=first.flag.key, explanation=explanation, actor=OFFICER, at=AT
        )

    assert lines("explain_flag") == 0


def test_a_word_holds_through_a_correction_that_leaves_its_facts_and_ends_with_them(live_round_at):
    live = live_round_at(Stage.PRELIMINARY_REVIEW)
    entry = live.entries[1]
    live.explain_flags(1)
    preliminary_reviews.return_fields(entry=entry, fields=["area"], opinion="核对面积", actor=OFFICER, at=AT)
    submissions.correct(
        entry=entry, figures=figures(area="2000"), signed_by="示例", actor=institution_actor(entry), at=AT
    )

    states = cross_checks.flag_states(entry)

    assert [(each.flag.figures, each.is_open) for each in states] == [
        (("staff",), False),
        (("tenants",), False),
        (("income",), False),
    ]
    with pytest.raises(OutdatedError, match="no longer raised"):
        cross_checks.explain_flag(
            entry=entry,
            flag=FlagExplanation.objects.first().flag,
            explanation="示例",
            actor=OFFICER,
            at=AT,
        )


def test_approval_locks_the_flags_too(live_round_at):
    live = live_round_at(Stage.PRELIMINARY_REVIEW)
    [first, *_] = cross_checks.flag_states(live.entries[1])
    live.approve(1)

    with pytest.raises(NotAllowedError, match="approval locks"):
        cross_checks.explain_flag(
            entry=live.entries[1], flag=first.flag.key, explanation="示例", actor=OFFICER, at=AT
        )


def test_one_enterprise_in_two_rosters_is_found_between_channels(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    for serial in (1, 3):
        entry = live.entries[serial]
        submissions.submit(
            entry=entry,
            figures=figures(tenants="1"),
            roster=[enterprise(7)],
            signed_by="示例",
            actor=institution_actor(entry),
            at=DATES["call_at"],
        )

    shared = [
        each.flag
        for each in cross_checks.flag_states(live.entries[1])
        if each.flag.check is Check.SHARED_ENTERPRISE
    ]

    assert [flag.others for flag in shared] == [("incubator:3",)]
    assert "示例7号有限公司" in shared[0].zh
    assert live.entries[3].name not in shared[0].zh


def test_flags_follow_what_counts_now_and_not_what_was_remembered(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    live.submit(1, at=DATES["call_at"])
    assert flags(live, 1) == [Check.ZERO] * 4

    live.submit(1, at=DATES["call_at"], area="900", staff="3", staff_professional="4", income="10")
    assert Check.LOGIC in flags(live, 1)

    submissions.withdraw(entry=live.entries[1], actor=institution_actor(live.entries[1]), at=DATES["call_at"])
    assert flags(live, 1) == []


def test_last_years_papers_of_the_same_qualification_are_what_a_year_is_held_against(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    rows = [register_row(1, "示例市")]
    before = open_live_round(register=rows, year=2024)
    Submission.objects.create(
        entry=before.entries.get(),
        version=1,
        state="approved",
        handed_in_at=DATES["call_at"] - timedelta(days=365),
        signed_by="示例",
        figures=figures(events="10", area="2000"),
        roster=[],
        digest="a" * 64,
    )
    live.submit(1, at=DATES["call_at"], events="90", area="2100", staff="5", tenants="0", income="300")

    found = {(each.flag.check, each.flag.figures) for each in cross_checks.flag_states(live.entries[1])}

    assert (Check.DECIMAL, ("events",)) in found
    assert not any("area" in codes for _, codes in found)


def test_the_stage_does_not_close_over_a_flag_without_a_word(live_round_at):
    live = live_round_at(Stage.PRELIMINARY_REVIEW)
    live.approve(2)
    live.explain_flags(3)

    undone = rounds.undone_of(live.round, at=AT)

    assert undone == [
        "incubator:1 waits for its preliminary review, and 4 of its flags have no explanation",
        "incubator:3 waits for its preliminary review",
    ]


# ---- a flag that comes up after the approval ------------------------------------------------------------------


def claim(live: LiveRound, serial: int, number: int) -> None:
    """Let an institution correct its roster, so that it lists an enterprise."""
    entry = live.entries[serial]
    preliminary_reviews.return_fields(
        entry=entry, fields=["roster"], opinion="补名单", actor=officer_of(entry.channel), at=AT
    )
    submissions.correct(
        entry=entry,
        figures=figures(),
        roster=[enterprise(number)],
        signed_by="示例",
        actor=institution_actor(entry),
        at=AT,
    )


@pytest.fixture
def approved_then_claimed(live_round_at) -> LiveRound:
    """The first is approved with an enterprise on its roster; then the third, of another channel, claims the same."""
    live = live_round_at(Stage.PRELIMINARY_REVIEW)
    claim(live, 1, 7)
    live.approve(1)
    live.approve(2)
    claim(live, 3, 7)
    live.approve(3)
    live.reload()
    return live


def late(live: LiveRound, serial: int) -> list[str]:
    found = cross_checks.open_flags(cross_checks.flag_states(live.entries[serial]))
    return [flag.key for flag in found]


def test_a_flag_that_came_up_after_the_approval_is_asked_about_before_the_stage_closes(approved_then_claimed):
    live = approved_then_claimed
    [key] = late(live, 1)

    assert rounds.undone_of(live.round, at=AT) == [
        "incubator:1 is approved, and 1 flags that came up since have no explanation"
    ]
    with pytest.raises(UnsoundError, match="came up since"):
        rounds.close_stage(evaluation_round=live.round, actor=FIRST, at=AT)
    assert [(task.what, task.facts["n"], task.narrowed) for task in todo_of(OFFICER, at=AT)] == [
        ("explain_late_flags", 1, {"standing": "approved", "flags": "open"})
    ]
    assert [task.what for task in todo_of(OTHER, at=AT)] == ["nothing_to_review"]

    cross_checks.explain_flag(
        entry=live.entries[1], flag=key, explanation="已核实：企业已迁出", actor=OFFICER, at=AT
    )

    assert [task.what for task in todo_of(OFFICER, at=AT)] == ["nothing_to_review"]
    assert state(live, 1) == "approved"
    rounds.close_stage(evaluation_round=live.round, actor=FIRST, at=AT)
    assert live.round.stage == Stage.EXPERT_REVIEW
    assert verify(sealed_lines()) is None


def test_the_approval_stays_locked_whatever_comes_up(approved_then_claimed):
    live = approved_then_claimed
    entry = live.entries[1]
    [key] = late(live, 1)
    [said, *_] = [each.flag.key for each in cross_checks.flag_states(entry) if each.word is not None]
    words = FlagExplanation.objects.count()

    # What was said before the approval is not said anew; nor does anybody but the own channel say anything.
    for actor, flag in ((OFFICER, said), (institution_actor(entry), key), (OTHER, key), (FIRST, key)):
        with pytest.raises(NotAllowedError):
            cross_checks.explain_flag(entry=entry, flag=flag, explanation="示例", actor=actor, at=AT)
    with pytest.raises(NotAllowedError, match="approval locks it"):
        submissions.withdraw(entry=entry, actor=institution_actor(entry), at=AT)
    with pytest.raises(NotAllowedError, match="approval locks it"):
        preliminary_reviews.return_fields(entry=entry, fields=["area"], opinion="x", actor=OFFICER, at=AT)

    assert (FlagExplanation.objects.count(), state(live, 1)) == (words, "approved")


def test_a_round_of_a_folder_is_asked_for_no_words_about_flags(live_round_at):
    live = live_round_at(Stage.PRELIMINARY_REVIEW)
    live.round.entered_at = AT
    live.round.save(update_fields=["entered_at"])
    live.reload()

    preliminary_reviews.approve(entry=live.entries[1], opinion="", actor=OFFICER, at=AT)

    assert state(live, 1) == "approved"


def test_flags_of_thirty_entries_cost_as_many_queries_as_of_one(live_round_at):
    one = live_round_at(Stage.SUBMISSION, register=[register_row(1, "示例市")])
    many = LiveRound(
        round=open_live_round(
            year=2026, register=[register_row(serial, "示例市") for serial in range(1, 31)]
        ),
        entries={},
        experts=[],
    )
    many.close_stage("call_at")
    counts = []
    for live in (one, many):
        for serial in live.entries:
            live.submit(serial, at=DATES["call_at"], area=str(1000 + serial))
        for _ in range(2):  # cold, then remembered
            with CaptureQueriesContext(connection) as captured:
                found = cross_checks.flag_states_of(live.round)
            counts.append(len(captured))
        assert len(found) == len(live.entries)

    assert counts == [3, 2, 3, 2]


# ---- many at once ---------------------------------------------------------------------------------------------


def ready(live: LiveRound, *serials: int) -> list[tuple[Entry, int]]:
    for serial in serials:
        live.explain_flags(serial)
    return [(live.entries[serial], 1) for serial in serials]


def test_many_are_approved_under_one_letter_each_with_its_own_line(live_round_at):
    live = live_round_at(Stage.PRELIMINARY_REVIEW)

    preliminary_reviews.approve_many(
        seen=ready(live, 1, 2), opinion="同意上报", letter=LETTER, actor=OFFICER, at=AT
    )

    assert [state(live, serial) for serial in (1, 2, 3)] == ["approved", "approved", "submitted"]
    assert lines("approve") == 2
    note = letter_of(live.entries[2])
    assert (note.name, note.media_type) == ("示例推荐函.pdf", "application/pdf")
    assert kept_file(note.digest) == PDF
    assert letter_of(live.entries[3]) is None


def test_all_of_them_or_none(live_round_at):
    live = live_round_at(Stage.PRELIMINARY_REVIEW)
    seen = ready(live, 1)

    with pytest.raises(UnsoundError, match="incubator:2: 4 flags"):
        preliminary_reviews.approve_many(
            seen=[*seen, (live.entries[2], 1)], opinion="同意", letter=LETTER, actor=OFFICER, at=AT
        )
    with pytest.raises(NotAllowedError, match="belongs to 示例盟"):
        preliminary_reviews.approve_many(
            seen=[*seen, (live.entries[3], 1)], opinion="同意", letter=LETTER, actor=OFFICER, at=AT
        )
    with pytest.raises(OutdatedError, match="handed in version 1 since version 2"):
        preliminary_reviews.approve_many(
            seen=[(live.entries[1], 2)], opinion="同意", letter=LETTER, actor=OFFICER, at=AT
        )

    assert ([state(live, serial) for serial in (1, 2, 3)], lines("approve")) == (["submitted"] * 3, 0)


def test_without_an_opinion_nobody_is_approved_together(live_round_at):
    live = live_round_at(Stage.PRELIMINARY_REVIEW)

    with pytest.raises(UnsoundError, match="write the opinion"):
        preliminary_reviews.approve_many(seen=ready(live, 1), opinion="", letter=LETTER, actor=OFFICER, at=AT)


def test_what_is_refused_keeps_no_letter(live_round_at, settings, tmp_path):
    settings.DATA = tmp_path
    live = live_round_at(Stage.PRELIMINARY_REVIEW)

    with pytest.raises(UnsoundError):
        preliminary_reviews.approve_many(
            seen=[(live.entries[1], 1)], opinion="同意", letter=LETTER, actor=OFFICER, at=AT
        )

    assert list(tmp_path.rglob("*")) == []


@pytest.mark.parametrize("content", [b"", b"<html>", b"PK\x03\x04"])
def test_a_letter_is_told_by_its_content(live_round_at, content):
    live = live_round_at(Stage.PRELIMINARY_REVIEW)

    with pytest.raises(UnsoundError, match=r"letter\.pdf"):
        preliminary_reviews.approve_many(
            seen=ready(live, 1),
            opinion="同意",
            letter=SealedLetter("letter.pdf", content),
            actor=OFFICER,
            at=AT,
        )

    assert state(live, 1) == "submitted"


def test_a_file_is_kept_once_under_what_it_holds():
    first, second = keep_file(PDF), keep_file(PDF)

    assert first == second
    assert kept_file("0" * 64) is None
    with pytest.raises(ValueError, match="no SHA-256"):
        kept_file("../../etc/passwd")


# ---- the roster is returned as a whole ------------------------------------------------------------------------


def test_a_returned_roster_may_differ_and_no_other_may(live_round_at):
    live = live_round_at(Stage.PRELIMINARY_REVIEW)
    entry = live.entries[1]
    own = {
        "entry": entry,
        "figures": figures(),
        "signed_by": "示例",
        "actor": institution_actor(entry),
        "at": AT,
    }
    preliminary_reviews.return_fields(entry=entry, fields=["area"], opinion="核对", actor=OFFICER, at=AT)
    with pytest.raises(UnsoundError, match="only area were returned; roster must stay"):
        submissions.correct(**own, roster=[enterprise(1)])
    submissions.correct(**own)

    preliminary_reviews.return_fields(entry=entry, fields=["roster"], opinion="补名单", actor=OFFICER, at=AT)
    corrected = submissions.correct(**own, roster=[enterprise(1)])

    assert [row["enterprise"] for row in corrected.roster] == ["示例1号有限公司"]
    assert LedgerEntry.objects.filter(act="correct").last().details["changed"] == ["roster"]


# ---- absences -------------------------------------------------------------------------------------------------


def without_papers(live_round_at) -> LiveRound:
    live = live_round_at(Stage.SUBMISSION)
    live.submit(2)
    live.close_stage("submission_closes_at")
    return live


def test_a_channel_says_why_nothing_came_and_the_last_word_holds(live_round_at):
    live = without_papers(live_round_at)
    late = DATES["submission_closes_at"] + timedelta(days=1)

    for reason in ("停业", "停业整顿，见附函"):
        absences.explain_absence(entry=live.entries[1], reason=reason, actor=OFFICER, at=late)

    assert Absence.objects.last().reason == "停业整顿，见附函"
    assert not any("incubator:1" in each for each in rounds.undone_of(live.round, at=late))
    assert lines("explain_absence") == 2


def test_an_absence_is_not_explained_while_something_can_come_or_did(live_round_at):
    live = without_papers(live_round_at)
    late = DATES["submission_closes_at"] + timedelta(days=1)
    Extension.objects.create(
        round=live.round,
        entry=live.entries[1],
        deadline="submission_closes_at",
        until=late + timedelta(days=3),
        reason="示例",
        granted_by="dep-1",
        granted_at=late,
    )

    with pytest.raises(UnsoundError, match="may still hand in"):
        absences.explain_absence(entry=live.entries[1], reason="停业", actor=OFFICER, at=late)
    with pytest.raises(UnsoundError, match="is not absent: its papers are submitted"):
        absences.explain_absence(entry=live.entries[2], reason="停业", actor=OFFICER, at=late)
    with pytest.raises(UnsoundError, match="write it"):
        absences.explain_absence(entry=live.entries[1], reason=" ", actor=OFFICER, at=late)
    with pytest.raises(NotAllowedError):
        absences.explain_absence(entry=live.entries[3], reason="停业", actor=OFFICER, at=late)

    assert Absence.objects.count() == 0
