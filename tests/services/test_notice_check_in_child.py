"""A notice is checked in a child process: the same answer as without one, and nothing of its work in this process."""

import dataclasses
import json
import sys
from pathlib import Path

import pytest

from hatchmark.documents.notice_files import limits
from hatchmark.documents.notice_files.limits import NoticeFileError, Unreadable
from hatchmark.documents.notice_files.reading import read_notice_bytes
from hatchmark.domain.published_notices import NoticeCheck, Verdict
from hatchmark.services import notice_check
from hatchmark.services.notice_answer import answer_of, check_from

CORPUS = sorted((Path(__file__).parents[1] / "notice_corpus" / "dev").glob("*.txt"))
NOTICE = (
    "关于公布2024年度众创空间考核结果的通知\n\n示例市科技局：\n\n3家众创空间考核结果为优秀。\n\n附件\n\n"
    "序号\t众创空间名称\t结果\n1\t示例甲众创空间\t优秀\n2\t示例乙众创空间\t优秀\n3\t示例丙众创空间\t合格\n"
)


@pytest.fixture
def seed() -> str:
    sys.path.insert(0, str(Path(__file__).parents[1] / "documents" / "notice_files"))
    try:
        from seed_notice import as_text
    finally:
        sys.path.pop(0)
    return as_text()


def in_this_process(raw: bytes, file: str) -> NoticeCheck:
    return notice_check.check_notice_document(read_notice_bytes(raw, file=file))


@pytest.mark.parametrize("file", CORPUS[:4], ids=lambda file: file.stem)
def test_the_child_gives_what_a_check_without_one_gives(file):
    raw = file.read_bytes()

    assert notice_check.check_notice_bytes(raw, file=file.name) == in_this_process(raw, file.name)
    assert notice_check.check_notice_file(file) == in_this_process(raw, file.name)


def test_the_child_gives_the_seed_with_its_findings_and_proposals(seed):
    check = notice_check.check_notice_bytes(seed.encode(), file="2021.txt")

    assert check == in_this_process(seed.encode(), "2021.txt")
    assert (check.verdict, len(check.claims), len(check.proposals)) == (Verdict.EXPLAINED, 15, 3)


def test_nothing_that_the_notice_says_is_worked_through_in_this_process(monkeypatch):
    """Whoever words a notice so that its claims or names take hours keeps a child busy, for ten seconds."""

    def worked(*_: object, **__: object) -> None:
        raise AssertionError("worked through in this process")

    for name in ("read_notice", "read_claims", "propose_identities", "check_of", "simplifier_of"):
        monkeypatch.setattr(notice_check, name, worked)

    assert notice_check.check_notice_bytes(NOTICE.encode(), file="n.txt").verdict is Verdict.CONTRADICTORY


def test_a_check_that_takes_too_long_ends_in_a_clear_error(monkeypatch):
    monkeypatch.setattr(limits, "SECONDS", 0)

    with pytest.raises(NoticeFileError, match=r"n\.txt: takes longer .*; give the notice") as caught:
        notice_check.check_notice_bytes(NOTICE.encode(), file="n.txt")

    assert caught.value.why is Unreadable.TOO_SLOW


@pytest.mark.parametrize(
    "text",
    [
        "9" * 100_000 + "家众创空间优秀。",
        "二" * 100_000 + "家众创空间优秀。",
        "1" + "亿" * 5_000 + "家众创空间优秀。",
    ],
    ids=["arabic", "chinese", "great"],
)
def test_a_number_of_any_length_is_no_count(text):
    raw = f"关于公布2024年度众创空间考核结果的通知\n\n示例市科技局：\n\n{text}3家众创空间考核结果为合格。\n"
    check = notice_check.check_notice_bytes(raw.encode(), file="n.txt")

    assert [claim.count for claim in check.claims] == [3]


def test_a_serial_of_any_length_is_none():
    raw = NOTICE.replace("\n2\t", f"\n{'2' * 10_000}\t")
    [table] = notice_check.check_notice_bytes(raw.encode(), file="n.txt").notice.tables

    assert [row.serial for row in table.rows] == [1, None, 3]


# ---- what a child that was taken over might answer --------------------------------------------------------------


def crossed(check: NoticeCheck) -> dict:
    return json.loads(json.dumps(answer_of(check), ensure_ascii=False))


def test_an_answer_arrives_as_it_left(seed):
    check = in_this_process(seed.encode(), "n.txt")

    assert check_from(crossed(check), "n.txt") == check


def place_of(name: str) -> int:
    return [field.name for field in dataclasses.fields(NoticeCheck)].index(name)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("verdict", "splendid"),
        ("verdict", ["consistent"]),
        ("claims", "none"),
        ("claims", [["too short"]]),
        ("findings", [{"code": "x"}]),
        ("notice", None),
        ("tallies", [{"优秀": "3"}]),
        ("tallies", [{"优秀": True}]),
        ("proposals", [7]),
    ],
)
def test_an_answer_with_a_value_of_another_type_is_none(field, value):
    answer = crossed(in_this_process(NOTICE.encode(), "n.txt"))
    answer["check"][place_of(field)] = value

    with pytest.raises((TypeError, ValueError)):
        check_from(answer, "n.txt")


def test_an_answer_about_another_file_is_none():
    with pytest.raises(ValueError, match="another file"):
        check_from(crossed(in_this_process(NOTICE.encode(), "n.txt")), "other.txt")
