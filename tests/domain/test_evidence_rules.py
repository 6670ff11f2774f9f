"""Which files are taken: names, endings, sizes, room."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatchmark.domain.evidence import (
    LIMITS,
    LONGEST_NAME,
    Purpose,
    UnusableFileError,
    announced_type,
    check_room,
    kept_name,
    megabytes,
)

MB = 1024 * 1024
ROOM = {"size": MB, "kept": 0, "files": 0, "free": 10_000 * MB}


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("审计报告.pdf", "审计报告.pdf"),
        ("C:\\Users\\me\\证书.PDF", "证书.PDF"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("证书\u202efdp.exe.pdf", "证书fdp.exe.pdf"),
        ("a\"b'c.pdf", "a\"b'c.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie: x.pdf"),
        (" ..  a  b .pdf ", "a b.pdf"),
    ],
)
def test_a_name_is_kept_without_path_and_without_what_cannot_be_seen(name, kept):
    assert kept_name(name) == kept


@pytest.mark.parametrize("name", ["", "pdf", ".pdf", "../", "...", "\u200b.pdf", "名称", "a." + "x" * 21])
def test_a_name_of_which_nothing_is_left_is_refused(name):
    with pytest.raises(UnusableFileError, match="name"):
        kept_name(name)


@given(st.text())
def test_no_name_leads_anywhere_or_hides_anything(name):
    try:
        kept = kept_name(name)
    except UnusableFileError:
        return

    assert len(kept) <= LONGEST_NAME
    assert not set(kept) & set("/\\\r\n\0\u202e\u200f\ufeff")
    assert kept == kept.strip()
    assert not kept.startswith(".")


@pytest.mark.parametrize(
    "name", ["a.html", "a.svg", "a.exe", "a.docm", "a.xlsm", "a.zip", "a.doc", "a.pdf.js"]
)
def test_an_ending_that_is_not_taken_is_told_with_those_that_are(name):
    with pytest.raises(UnusableFileError) as caught:
        announced_type(name, Purpose.EVIDENCE)

    assert caught.value.facts == {
        "ending": name.rpartition(".")[2],
        "allowed": "pdf, jpg, jpeg, png, docx, xlsx, ofd",
    }


def test_a_scan_of_paper_is_a_pdf_or_a_picture():
    assert announced_type("a.JPG", Purpose.SEALED_FORM) == "image/jpeg"
    with pytest.raises(UnusableFileError, match="ending"):
        announced_type("a.docx", Purpose.SEALED_FORM)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"size": 0}, "empty"),
        ({"size": LIMITS.file + 1}, "too_large"),
        ({"files": LIMITS.files}, "too_many"),
        ({"kept": LIMITS.entry - MB + 1}, "quota"),
        ({"free": LIMITS.free + MB - 1}, "disk"),
    ],
)
def test_a_file_without_room_is_told_which_limit_it_meets(changes, rule):
    with pytest.raises(UnusableFileError) as caught:
        check_room(**(ROOM | changes))

    assert caught.value.rule == rule


@pytest.mark.parametrize(
    "changes",
    [
        {"size": LIMITS.file},
        {"files": LIMITS.files - 1},
        {"kept": LIMITS.entry - MB},
        {"free": LIMITS.free + MB},
    ],
)
def test_a_limit_itself_is_within(changes):
    check_room(**(ROOM | changes))


@pytest.mark.parametrize(
    ("size", "words"),
    [(1, "0.1 MB"), (MB, "1.0 MB"), (9_000_000, "8.6 MB"), (200 * MB, "200 MB"), (2048 * MB, "2 GB")],
)
def test_a_size_is_never_nothing(size, words):
    assert megabytes(size) == words
