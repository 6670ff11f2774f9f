"""`hatchmark draw`: what it reads, what it prints, what it refuses."""

from pathlib import Path

import pytest

from hatchmark.cli.main import main

# RFC 3797, section 6: a pool of 25, and the key of the numbers drawn in its worked example.
RFC_KEY = "9319./2.5.8.10.12./9.18.26.34.41.45./"
RFC_DRAWN = [17, 7, 2, 16, 25, 23, 8, 24, 19, 13]


def draw(pool: Path, *, key: str = RFC_KEY, count: int = 10, more: tuple[str, ...] = ()) -> int:
    return main(["draw", "--pool", str(pool), "--key", key, "--count", str(count), *more])


def write(folder: Path, content: bytes) -> Path:
    file = folder / "pool.txt"
    file.write_bytes(content)
    return file


def numbered(ending: str) -> bytes:
    return "".join(f"示例{number}{ending}" for number in range(1, 26)).encode()


@pytest.mark.parametrize(
    "content",
    [numbered("\n"), numbered("\n").removesuffix(b"\n"), numbered("\r\n"), b"\xef\xbb\xbf" + numbered("\n")],
    ids=["lines", "no end of line at the end", "Windows lines", "byte-order mark"],
)
def test_the_example_of_the_rfc_comes_out_in_its_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    assert draw(write(tmp_path, content)) == 0
    assert capsys.readouterr() == ("".join(f"示例{number}\n" for number in RFC_DRAWN), "")


def test_another_digest_is_another_draw_of_as_many(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pool = write(tmp_path, numbered("\n"))

    assert draw(pool, more=("--digest", "sha256")) == 0

    drawn = capsys.readouterr().out.splitlines()
    assert len(drawn) == len(set(drawn)) == 10
    assert set(drawn) <= set(numbered("\n").decode().splitlines())
    assert drawn != [f"示例{number}" for number in RFC_DRAWN]


def test_a_line_keeps_its_spaces_and_its_odd_separators(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # U+2028 ends a line for str.splitlines, but not for whoever numbered this list in an editor.
    pool = write(tmp_path, " 示例一\u2028号 \n".encode())

    assert draw(pool, count=1) == 0
    assert capsys.readouterr().out == " 示例一\u2028号 \n"


@pytest.mark.parametrize(
    ("content", "count", "problem"),
    [
        (b"a\nb\n", 3, "3 cannot be drawn of 2; draw 0 to 2"),
        (b"", 1, "1 cannot be drawn of 0; draw 0 to 0"),
        (
            b"a\n\nb\n",
            1,
            "line 2 of the frame is empty or holds a line break; give each one line",
        ),
        (b"a\nb\na\n", 1, "'a' stands twice in the frame and would have two chances; strike line 3"),
        ("示例".encode("gb18030"), 1, "byte 3 is not UTF-8; save the list as UTF-8"),
    ],
    ids=["too few", "empty file", "empty line", "twice", "GB18030"],
)
def test_a_pool_that_cannot_be_drawn_from_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, count: int, problem: str
) -> None:
    pool = write(tmp_path, content)

    assert draw(pool, count=count) == 2
    assert capsys.readouterr() == ("", f"hatchmark draw: {pool}: {problem}\n")


def test_a_draw_without_a_key_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pool = write(tmp_path, b"a\nb\n")

    assert draw(pool, key="", count=1) == 2
    assert capsys.readouterr().err == (
        f"hatchmark draw: {pool}: a draw needs a key; without one everybody could have known the result before\n"
    )


def test_a_pool_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pool = tmp_path / "none.txt"

    assert draw(pool) == 2
    assert capsys.readouterr() == (
        "",
        f"hatchmark draw: {pool}: no such file or directory; name a text file with one item a line\n",
    )
