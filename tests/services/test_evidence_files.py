"""Files of an entry: whole or in pieces, looked at, kept once, read by whoever may, removed while unnamed."""

import errno
import hashlib
import os
from datetime import timedelta
from pathlib import Path

import pytest
from conftest_services import DATES, FIRST, institution_actor, officer_of
from media_samples import DOCX, HTML, PDF, PNG

from hatchmark.db.models import Evidence, LedgerEntry, Submission
from hatchmark.domain.evidence import Limits
from hatchmark.domain.workflow import Stage
from hatchmark.services import evidence, kept_files
from hatchmark.services.evidence import FileRefusedError, WrongOffsetError
from hatchmark.services.refusals import NotAllowedError, OutdatedError

AT = DATES["submission_closes_at"] - timedelta(days=3)
LONG = PDF + bytes(range(256)) * 40
PIECE = 4_000


class Desk:
    """An institution that uploads."""

    def __init__(self, live, serial: int = 1) -> None:
        self.live = live
        self.entry = live.entries[serial]
        self.actor = institution_actor(self.entry)

    def papers(self, at=AT):
        found = evidence.papers_for(self.entry.pk, actor=self.actor, at=at)
        assert found is not None
        return found

    def begin(self, name="报告.pdf", size=None, at=AT, **more):
        return evidence.begin_upload(
            papers=self.papers(at),
            name=name,
            size=len(LONG) if size is None else size,
            actor=self.actor,
            at=at,
            **more,
        )

    def send(self, file, offset, content, at=AT):
        return evidence.receive(
            papers=self.papers(at), file=file, offset=offset, content=content, actor=self.actor, at=at
        )

    def send_all(self, file, content, start=0):
        for offset in range(start, len(content), PIECE):
            file = self.send(file, offset, content[offset : offset + PIECE])
        return file

    def upload(self, content=PDF, name="报告.pdf", at=AT, **more):
        return evidence.take_whole(
            papers=self.papers(at),
            name=name,
            size=len(content),
            pieces=[content],
            actor=self.actor,
            at=at,
            **more,
        )

    def remove(self, file, at=AT):
        evidence.remove(papers=self.papers(at), file=file, actor=self.actor, at=at)

    def hand_in(self, at=AT) -> Submission:
        submission = self.live.submit(self.entry.serial, at=at)
        Submission.objects.filter(pk=submission.pk).update(evidence=evidence.listed(self.entry))
        return Submission.objects.get(pk=submission.pk)


@pytest.fixture
def data(settings, tmp_path) -> Path:
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture
def desk(live_round_at, data) -> Desk:
    return Desk(live_round_at(Stage.SUBMISSION))


def kept(data: Path) -> list[str]:
    return sorted(path.name for path in data.glob("files/*/*"))


def parts(data: Path) -> list[str]:
    return sorted(path.name for path in data.glob("uploads/*"))


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# ---- a file comes in --------------------------------------------------------------------------------------


def test_a_file_in_pieces_is_kept_whole_under_its_digest(desk, data):
    file = desk.send_all(desk.begin(figure="tenants"), LONG)

    assert (file.digest, file.media_type, file.received) == (digest_of(LONG), "application/pdf", len(LONG))
    path = data / "files" / file.digest[:2] / file.digest
    assert path.read_bytes() == LONG
    assert path.stat().st_mode & 0o777 == 0o600
    assert parts(data) == []
    assert evidence.listed(desk.entry) == [
        {
            "name": "报告.pdf",
            "digest": digest_of(LONG),
            "size": len(LONG),
            "figure": "tenants",
            "media_type": "application/pdf",
        }
    ]
    line = LedgerEntry.objects.get(act="add_evidence")
    assert line.details == {"digest": digest_of(LONG), "size": len(LONG), "figure": "tenants"}


def test_an_upload_goes_on_where_it_broke_off(desk):
    file = desk.send(desk.begin(), 0, LONG[:PIECE])

    again = desk.begin()

    assert (again.pk, again.received) == (file.pk, PIECE)
    assert desk.send_all(again, LONG, start=PIECE).digest == digest_of(LONG)


def test_the_same_piece_twice_is_no_harm_the_last_one_included(desk):
    file = desk.begin()
    for offset in range(0, len(LONG), PIECE):
        for _ in range(2):
            file = desk.send(file, offset, LONG[offset : offset + PIECE])

    assert file.digest == digest_of(LONG)
    assert LedgerEntry.objects.filter(act="add_evidence").count() == 1


def test_a_piece_of_another_file_is_told_apart_from_a_retry(desk):
    file = desk.send(desk.begin(), 0, LONG[:PIECE])

    with pytest.raises(WrongOffsetError) as caught:
        desk.send(file, 0, PDF + bytes(PIECE - len(PDF)))

    assert (caught.value.differs, caught.value.received) == (True, PIECE)


@pytest.mark.parametrize("offset", [PIECE - 1, PIECE + 1, len(LONG)])
def test_a_piece_that_does_not_follow_is_told_where_to_begin(desk, offset):
    file = desk.send(desk.begin(), 0, LONG[:PIECE])

    with pytest.raises(WrongOffsetError) as caught:
        desk.send(file, offset, LONG[offset : offset + PIECE] or b"x")

    assert caught.value.received == PIECE
    assert Evidence.objects.get(pk=file.pk).received == PIECE


def test_more_than_was_announced_is_not_taken(desk):
    file = desk.begin(size=10)

    with pytest.raises(WrongOffsetError):
        desk.send(file, 0, PDF)
    with pytest.raises(WrongOffsetError):
        desk.send(file, 0, b"")


def test_what_was_written_of_a_piece_that_never_counted_is_written_over(desk):
    file = desk.send(desk.begin(), 0, LONG[:PIECE])
    kept_files.write_part(file.key, offset=PIECE, content=b"half of a piece")

    assert desk.send_all(file, LONG, start=PIECE).digest == digest_of(LONG)


def test_a_break_between_the_last_piece_and_the_end_is_made_good_by_its_retry(desk, monkeypatch):
    file = desk.send(desk.begin(), 0, LONG[:-10])
    with monkeypatch.context() as broken:
        broken.setattr(evidence, "_finish", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            desk.send(file, len(LONG) - 10, LONG[-10:])
    assert evidence.listed(desk.entry) == []

    assert desk.send(file, len(LONG) - 10, LONG[-10:]).digest == digest_of(LONG)


def test_a_file_system_without_second_names_keeps_files_too(desk, data, monkeypatch):
    def refuse(*_):
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)

    file = desk.upload(LONG)

    assert (data / "files" / file.digest[:2] / file.digest).read_bytes() == LONG


def test_two_rows_of_one_content_are_one_file_on_the_disk(desk, data):
    first, second = desk.upload(name="甲.pdf"), desk.upload(name="乙.pdf", figure="tenants")

    assert kept(data) == [digest_of(PDF)]
    desk.remove(first)
    assert kept(data) == [digest_of(PDF)]
    desk.remove(second)
    assert kept(data) == []


# ---- what is not taken ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("a.html", HTML, "ending"),
        ("a.pdf", HTML, "content"),
        ("a.pdf", PNG, "content"),
        ("a.docx", DOCX[:-10], "damaged"),
        ("a.xlsx", DOCX, "content"),
        ("a.pdf", b"", "empty"),
        ("pdf", PDF, "name"),
    ],
)
def test_a_file_that_is_not_what_it_says_leaves_nothing_behind(desk, data, name, content, rule):
    before = LedgerEntry.objects.count()
    with pytest.raises(FileRefusedError) as caught:
        desk.upload(content, name=name)

    assert caught.value.rule == rule
    assert not Evidence.objects.exists()
    assert (kept(data), parts(data), LedgerEntry.objects.count()) == ([], [], before)


def test_a_disguise_is_found_at_the_first_piece(desk):
    file = desk.begin(name="a.pdf", size=10**8)

    with pytest.raises(FileRefusedError, match="not what the ending"):
        desk.send(file, 0, HTML)

    assert not Evidence.objects.exists()


def test_a_figure_that_nobody_asks_for_is_refused(desk):
    with pytest.raises(FileRefusedError) as caught:
        desk.upload(figure="nothing")

    assert caught.value.rule == "figure"


@pytest.mark.parametrize(
    ("limits", "rule"),
    [
        (Limits(file=len(PDF) - 1), "too_large"),
        (Limits(files=1), "too_many"),
        (Limits(entry=2 * len(PDF) - 1), "quota"),
        (Limits(free=10**18), "disk"),
        (Limits(form=len(PDF) - 1), "form_size"),
    ],
)
def test_a_limit_is_told_before_anything_is_taken(desk, limits, rule):
    desk.upload()

    with pytest.raises(FileRefusedError) as caught:
        desk.upload(name="b.pdf", limits=limits)

    assert caught.value.rule == rule
    assert Evidence.objects.count() == 1


def test_a_full_disk_is_told_and_what_came_before_stays(desk, monkeypatch):
    file = desk.send(desk.begin(), 0, LONG[:PIECE])

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "no space left")

    with monkeypatch.context() as patched:
        patched.setattr(kept_files, "write_part", full)
        with pytest.raises(FileRefusedError, match="disk of this installation is full"):
            desk.send(file, PIECE, LONG[PIECE : 2 * PIECE])

    assert desk.send_all(file, LONG, start=PIECE).digest == digest_of(LONG)


def test_uploads_that_were_forgotten_for_a_week_are_thrown_away_with_the_next(desk, data):
    desk.send(desk.begin(), 0, LONG[:PIECE], at=AT - timedelta(days=8))
    fresh = desk.send(desk.begin(name="b.pdf"), 0, LONG[:PIECE])

    desk.begin(name="c.pdf")

    assert parts(data) == [f"{fresh.key}.part"]
    assert sorted(Evidence.objects.values_list("name", flat=True)) == ["b.pdf", "c.pdf"]


# ---- who may, and when ------------------------------------------------------------------------------------


def test_the_last_second_is_in_time_and_one_later_is_not(desk):
    closes = DATES["submission_closes_at"]
    file = desk.send(desk.begin(at=closes), 0, LONG[:PIECE], at=closes)

    with pytest.raises(NotAllowedError, match="window closed"):
        desk.send(file, PIECE, LONG[PIECE:], at=closes + timedelta(seconds=1))
    with pytest.raises(NotAllowedError):
        desk.begin(at=closes + timedelta(seconds=1))


def test_nobody_else_adds_to_an_entry(desk):
    other = institution_actor(desk.live.entries[2])

    assert evidence.papers_for(desk.entry.pk, actor=other, at=AT) is None
    for actor in (other, officer_of(desk.entry.channel), FIRST):
        with pytest.raises(NotAllowedError):
            evidence.begin_upload(papers=desk.papers(), name="a.pdf", size=5, actor=actor, at=AT)


def test_what_was_not_handed_in_is_seen_by_its_institution_alone(desk):
    file = desk.upload()
    others = (officer_of(desk.entry.channel), FIRST)

    def seen(actor) -> tuple[int, bool]:
        found = evidence.open_evidence(desk.entry.pk, actor=actor, at=AT)
        assert found is not None
        return len(found.files), evidence.file_for(desk.entry.pk, file.key, actor=actor) is not None

    assert seen(desk.actor) == (1, True)
    assert [seen(actor) for actor in others] == [(0, False), (0, False)]
    desk.hand_in()
    assert [seen(actor) for actor in others] == [(1, True), (1, True)]


def test_another_institution_and_another_channel_see_no_such_entry(desk):
    file = desk.upload()
    desk.hand_in()

    for actor in (institution_actor(desk.live.entries[2]), officer_of("示例盟")):
        assert evidence.open_evidence(desk.entry.pk, actor=actor, at=AT) is None
        assert evidence.file_for(desk.entry.pk, file.key, actor=actor) is None


# ---- assigning and removing -------------------------------------------------------------------------------


def test_what_was_handed_in_is_kept(desk, data):
    file = desk.upload()
    desk.hand_in()

    with pytest.raises(FileRefusedError) as caught:
        desk.remove(file)

    assert caught.value.rule == "named"
    assert kept(data) == [digest_of(PDF)]


def test_the_same_file_for_another_figure_can_be_removed_after_handing_in(desk, data):
    desk.upload()
    desk.hand_in()
    twin = desk.upload(name="again.pdf", figure="tenants")

    desk.remove(twin)
    desk.remove(twin)

    assert [each["name"] for each in evidence.listed(desk.entry)] == ["报告.pdf"]
    assert kept(data) == [digest_of(PDF)]
    assert LedgerEntry.objects.filter(act="remove_evidence").count() == 1


def test_a_content_that_another_act_names_stays_on_the_disk(desk, data):
    file = desk.upload()
    LedgerEntry.objects.filter(act="open_round").update(details={"letter": {"digest": file.digest}})

    desk.remove(file)

    assert kept(data) == [digest_of(PDF)]


def test_an_upload_that_is_given_up_leaves_nothing(desk, data):
    file = desk.send(desk.begin(), 0, LONG[:PIECE])

    desk.remove(file)

    assert not Evidence.objects.exists()
    assert parts(data) == []


def test_a_piece_for_a_file_that_was_removed_is_refused(desk):
    file = desk.upload()
    desk.remove(file)

    with pytest.raises(OutdatedError, match="removed meanwhile"):
        desk.send(file, 0, PDF)


def test_a_file_is_assigned_to_a_figure_and_a_version_keeps_what_it_named(desk):
    file = desk.upload()
    submission = desk.hand_in()

    evidence.assign(papers=desk.papers(), file=file, figure="tenants", actor=desk.actor, at=AT)

    assert [each["figure"] for each in evidence.listed(desk.entry)] == ["tenants"]
    submission.refresh_from_db()
    assert [each["figure"] for each in submission.evidence] == [""]


def test_the_files_of_a_version_are_those_it_named_as_it_named_them(desk):
    file = desk.upload(figure="tenants")
    submission = desk.hand_in()
    desk.upload(PNG, name="later.png")
    evidence.assign(papers=desk.papers(), file=file, figure="", actor=desk.actor, at=AT)

    [(named, row)] = evidence.files_of_version(submission)

    assert (named["name"], named["figure"], row.key) == ("报告.pdf", "tenants", file.key)


# ---- the sealed form --------------------------------------------------------------------------------------


def test_a_scan_belongs_to_one_version_and_is_no_evidence(desk):
    submission = desk.hand_in()
    late = DATES["submission_closes_at"] + timedelta(days=1)

    scan = desk.upload(PNG, name="盖章.png", submission=submission, at=late)

    assert evidence.scans_of(submission) == [scan]
    assert evidence.listed(desk.entry) == []
    assert LedgerEntry.objects.get(act="attach_scan").details == {
        "digest": digest_of(PNG),
        "size": len(PNG),
        "version": 1,
    }
    assert evidence.file_for(desk.entry.pk, scan.key, actor=officer_of(desk.entry.channel)) == scan


def test_a_scan_is_a_picture_of_paper(desk):
    with pytest.raises(FileRefusedError) as caught:
        desk.upload(DOCX, name="a.docx", submission=desk.hand_in())

    assert caught.value.rule == "ending"


def test_after_approval_no_scan_is_attached(live_round_at, data):
    live = live_round_at(Stage.PRELIMINARY_REVIEW)
    live.approve(1)
    desk = Desk(live)
    submission = desk.entry.submissions.get()

    with pytest.raises(NotAllowedError, match="approval locks"):
        desk.upload(PNG, name="a.png", submission=submission, at=DATES["submission_closes_at"])


@pytest.mark.parametrize("text", ["", "..", "../secret_key", "A" * 64, "a" * 63])
def test_no_name_of_a_file_leads_out_of_its_folder(text, data):
    with pytest.raises(ValueError, match="is no"):
        kept_files.kept_path(text)
    with pytest.raises(ValueError, match="is no key"):
        kept_files.part_path(text)
