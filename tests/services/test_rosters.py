"""The roster of a draft: changed row by row or by a file, never over what another window saved, only while it may."""

from datetime import timedelta

import pytest
from conftest_services import DATES, institution_actor, officer_of

from hatchmark.db.models import Draft, LedgerEntry, Submission
from hatchmark.domain.credit_codes import check_character
from hatchmark.domain.rosters import MOST_ROWS, read_row, roster_digest, row_digest, typed_cells
from hatchmark.domain.workflow import Stage
from hatchmark.services import preliminary_reviews, rosters
from hatchmark.services.refusals import NotAllowedError, OutdatedError, UnsoundError
from hatchmark.services.rosters import FaultyRowsError, UnusableSheetError

AT = DATES["submission_closes_at"] - timedelta(days=3)


def code_of(number: int) -> str:
    body = f"91150100{number:09d}"
    return body + check_character(body)


def cells_of(number: int, **changes: str) -> dict[str, str]:
    return {
        "enterprise": f"示例{number}号有限公司",
        "credit_code": code_of(number),
        "status": "在孵",
        "founded_on": "2024-05-24",
        "entered_on": "2024-12-09",
        "income": "1900",
    } | changes


def line_of(number: int, **changes: str):
    line = read_row(cells_of(number, **changes), today=rosters.today(AT)).line
    assert line is not None
    return dict(line)


class Desk:
    """An institution at work on its roster."""

    def __init__(self, live, serial: int = 1) -> None:
        self.entry = live.entries[serial]
        self.actor = institution_actor(self.entry)

    def open(self, at=AT):
        found = rosters.open_roster(self.entry.pk, actor=self.actor, at=at)
        assert found is not None
        return found

    def add(self, number: int, *, roster=None, was: str = "", at=AT, **changes: str):
        return rosters.save_row(
            roster=roster or self.open(at),
            cells=cells_of(number, **changes),
            was=was,
            actor=self.actor,
            at=at,
        )

    def replace(self, lines, *, roster=None, seen: str = "", at=AT):
        roster = roster or self.open(at)
        rosters.replace(roster=roster, lines=lines, seen=seen or roster.seen, actor=self.actor, at=at)

    @property
    def names(self) -> list[str]:
        return [line["enterprise"] for line in Draft.objects.get(entry=self.entry).roster]


@pytest.fixture
def desk(live_round_at) -> Desk:
    return Desk(live_round_at(Stage.SUBMISSION))


# ---- row by row -------------------------------------------------------------------------------------------


def test_the_first_row_begins_the_draft_and_leaves_no_line_in_the_ledger(desk):
    before = LedgerEntry.objects.count()

    desk.add(1)

    draft = Draft.objects.get(entry=desk.entry)
    assert draft.roster == [line_of(1)]
    assert (draft.figures, draft.version, draft.saved_by) == ({}, 1, desk.actor.code)
    assert LedgerEntry.objects.count() == before


def test_a_row_takes_the_place_of_the_one_that_was_shown(desk):
    for number in (1, 2, 3):
        desk.add(number)

    desk.add(2, was=row_digest(line_of(2)), income="7")

    assert Draft.objects.get(entry=desk.entry).roster == [line_of(1), line_of(2, income="7"), line_of(3)]


def test_two_windows_add_a_row_each_and_none_is_lost(desk):
    first, second = desk.open(), desk.open()

    desk.add(1, roster=first)
    desk.add(2, roster=second)

    assert desk.names == ["示例1号有限公司", "示例2号有限公司"]


def test_of_two_windows_that_change_one_row_the_second_is_told(desk):
    desk.add(1)
    first, second = desk.open(), desk.open()
    was = row_digest(line_of(1))
    desk.add(1, roster=first, was=was, income="5")

    with pytest.raises(OutdatedError, match="changed or removed in another window"):
        desk.add(1, roster=second, was=was, income="6")

    assert Draft.objects.get(entry=desk.entry).roster == [line_of(1, income="5")]


def test_a_figure_that_was_saved_meanwhile_stays(desk):
    desk.add(1)
    seen = desk.open()
    Draft.objects.filter(entry=desk.entry).update(
        figures={"tenants": {"status": "reported", "value": "1"}}, version=9
    )

    desk.add(2, roster=seen)

    draft = Draft.objects.get(entry=desk.entry)
    assert (draft.version, list(draft.figures), len(draft.roster)) == (10, ["tenants"], 2)


def test_a_save_that_another_one_overtook_is_made_again_on_what_is_there(desk, monkeypatch):
    desk.add(1)
    written = rosters._written
    overtaken = []

    def overtake(entry, draft, *args, **kwargs):
        if not overtaken:
            overtaken.append(True)
            Draft.objects.filter(pk=draft.pk).update(
                roster=[line_of(1), line_of(8)], version=draft.version + 1
            )
        return written(entry, draft, *args, **kwargs)

    monkeypatch.setattr(rosters, "_written", overtake)
    desk.add(2)

    assert desk.names == ["示例1号有限公司", "示例8号有限公司", "示例2号有限公司"]


def test_a_bad_row_is_refused_with_its_faults_and_nothing_is_saved(desk):
    with pytest.raises(FaultyRowsError) as caught:
        desk.add(1, entered_on="去年", income="多")

    assert [(fault.column, fault.rule) for fault in caught.value.faults[0]] == [
        ("entered_on", "no_date"),
        ("income", "no_number"),
    ]
    assert not Draft.objects.exists()


def test_an_enterprise_stands_on_a_list_once(desk):
    desk.add(1)
    desk.add(2)

    with pytest.raises(FaultyRowsError) as caught:
        desk.add(2, credit_code=code_of(1))
    with pytest.raises(FaultyRowsError):
        desk.add(1, was=row_digest(line_of(2)))

    assert [fault.facts for fault in caught.value.faults[0]] == [{"row": "1"}]
    assert desk.names == ["示例1号有限公司", "示例2号有限公司"]


def test_a_row_is_removed_once(desk):
    desk.add(1)
    was = row_digest(line_of(1))

    rosters.remove_row(roster=desk.open(), was=was, actor=desk.actor, at=AT)
    with pytest.raises(OutdatedError):
        rosters.remove_row(roster=desk.open(), was=was, actor=desk.actor, at=AT)

    assert desk.names == []


# ---- the whole list ---------------------------------------------------------------------------------------


def test_a_list_is_replaced_as_it_was_shown_and_a_second_time_changes_nothing(desk):
    desk.add(1)
    seen = desk.open().seen
    wanted = [line_of(2), line_of(3)]

    desk.replace(wanted, seen=seen)
    version = Draft.objects.get(entry=desk.entry).version
    desk.replace(wanted, seen=seen)

    draft = Draft.objects.get(entry=desk.entry)
    assert (draft.roster, draft.version) == (wanted, version)


def test_a_list_that_changed_since_it_was_shown_is_not_replaced(desk):
    shown = desk.open()
    desk.add(1)

    with pytest.raises(OutdatedError, match="changed in another window"):
        desk.replace([line_of(2)], roster=shown)

    assert desk.names == ["示例1号有限公司"]


def test_lines_that_cannot_be_replace_nothing(desk):
    with pytest.raises(FaultyRowsError):
        desk.replace([line_of(1), line_of(1)])
    with pytest.raises(FaultyRowsError):
        desk.replace([{**line_of(1), "credit_code": "1"}])

    assert not Draft.objects.exists()


def test_a_list_is_full_at_its_limit(desk):
    lines = [line_of(number) for number in range(MOST_ROWS)]
    with pytest.raises(UnsoundError, match="at most"):
        desk.replace([*lines, line_of(MOST_ROWS)])
    desk.replace(lines)

    with pytest.raises(UnsoundError, match="at most"):
        desk.add(MOST_ROWS)

    assert len(desk.names) == MOST_ROWS


@pytest.mark.parametrize(
    ("content", "name", "rule"),
    [
        (b"x", "a.doc", "ending"),
        (b"", "a.xlsx", "empty"),
        (bytes(rosters.LARGEST_FILE + 1), "a.xlsx", "large"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(20), "a.xlsx", "old"),
        (b"PK\x03\x04" + bytes(20), "a.xlsx", "other"),
    ],
)
def test_a_file_that_is_no_table_is_refused_by_what_it_is(content, name, rule):
    with pytest.raises(UnusableSheetError) as caught:
        rosters.read_file(content, name=name, at=AT)

    assert caught.value.rule == rule


# ---- when it may be changed -------------------------------------------------------------------------------


def test_without_a_draft_the_list_is_that_of_the_last_version(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    desk = Desk(live)
    handed_in = live.submit(1, at=AT)
    Submission.objects.filter(pk=handed_in.pk).update(roster=[line_of(1)])

    desk.add(2)

    assert desk.names == ["示例1号有限公司", "示例2号有限公司"]
    assert Submission.objects.get(pk=handed_in.pk).roster == [line_of(1)]


def test_the_window_is_open_to_its_last_second(desk):
    closes = DATES["submission_closes_at"]
    desk.add(1, at=closes)

    late = closes + timedelta(seconds=1)
    assert desk.open(late).reason == "late"
    with pytest.raises(NotAllowedError, match="window closed"):
        desk.add(2, at=late)

    assert desk.names == ["示例1号有限公司"]


def _returned(live_round_at, fields) -> Desk:
    live = live_round_at(Stage.PRELIMINARY_REVIEW)
    entry = live.entries[1]
    Submission.objects.filter(entry=entry).update(roster=[line_of(1)])
    preliminary_reviews.return_fields(
        entry=entry, fields=["tenants"], opinion="请补正", actor=officer_of(entry.channel), at=_REVIEWED
    )
    entry.submissions.last().reviews.update(fields=fields)
    return Desk(live)


_REVIEWED = DATES["submission_closes_at"] + timedelta(days=1)


def test_a_list_that_was_not_returned_stays_as_it_was_handed_in(live_round_at):
    desk = _returned(live_round_at, ["tenants"])
    Draft.objects.create(entry=desk.entry, roster=[line_of(9)], saved_at=AT, saved_by="x")

    found = desk.open(_REVIEWED)

    assert (found.reason, list(found.lines)) == ("returned", [line_of(1)])
    with pytest.raises(UnsoundError, match="not returned"):
        desk.add(2, at=_REVIEWED)


def test_a_list_that_was_returned_can_be_corrected(live_round_at):
    desk = _returned(live_round_at, ["roster"])

    desk.add(1, was=row_digest(line_of(1)), income="5", at=_REVIEWED)

    assert Draft.objects.get(entry=desk.entry).roster == [line_of(1, income="5")]


def test_approval_locks_the_list(live_round_at):
    live = live_round_at(Stage.PRELIMINARY_REVIEW)
    live.approve(1)
    desk = Desk(live)

    assert desk.open(_REVIEWED).reason == "approved"
    with pytest.raises(NotAllowedError, match="approval locks"):
        desk.add(1, at=_REVIEWED)


def test_nobody_else_has_this_list(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    desk = Desk(live)
    desk.add(1)

    for actor in (institution_actor(live.entries[2]), officer_of(desk.entry.channel)):
        assert rosters.open_roster(desk.entry.pk, actor=actor, at=AT) is None
    with pytest.raises(NotAllowedError):
        rosters.save_row(
            roster=desk.open(), cells=cells_of(2), was="", actor=institution_actor(live.entries[2]), at=AT
        )


# ---- beside the form, and last year's ---------------------------------------------------------------------


def test_what_the_list_adds_up_to_stands_beside_what_was_typed(desk):
    desk.add(1)
    desk.add(2, income="0.5")
    figures = {
        "tenants": {"status": "reported", "value": "2"},
        "firms_income": {"status": "reported", "value": "1,900"},
        "graduates": {"status": "absent", "value": ""},
        "firms_ip": {"status": "reported", "value": "两家"},
    }
    Draft.objects.filter(entry=desk.entry).update(figures=figures)
    found = desk.open()

    told = {
        each.tally.code: (str(each.value), each.typed, each.differs)
        for each in rosters.tallies_of(found, found.lines)
    }

    assert told["tenants"] == ("2", "2", False)
    assert told["income"] == ("3801/2", "1,900", True)
    assert told["graduates"] == ("0", None, False)
    assert told["with_ip"] == ("0", "两家", True)


def test_the_template_gives_back_what_it_was_filled_with(desk):
    desk.add(1)
    found = desk.open()

    reading = rosters.read_file(rosters.template(found, lines=found.lines), name="t.xlsx", at=AT)

    assert list(reading.lines) == list(found.lines)
    assert rosters.changes_by(found, reading.lines).none
    assert roster_digest(reading.lines) == found.seen
    assert typed_cells(found.lines[0])["status"] == "在孵"
