"""`notice import` at the command itself: a preview stores nothing, exit codes, JSON, the register that comes of it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from seed_notice import as_text

ROOT = Path(__file__).resolve().parents[2]
ANSWER = "question,subject,answer,by,reason\nsame_operator,incubator:8|makerspace:83,same,示例甲,结果相符\n"


def hatchmark(folder: Path, *words: str, database: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command in a folder; without `database` its own would be the folder's."""
    environment = os.environ | {"PYTHONUTF8": "1", "HATCHMARK_DATA": str(folder)}
    if database:
        environment["DATABASE_URL"] = database
    return subprocess.run(
        [sys.executable, "-m", "hatchmark", *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "notice.txt").write_text(as_text(), "utf-8")
    (tmp_path / "decisions.csv").write_text(ANSWER, "utf-8")
    return tmp_path


def test_the_seed_is_previewed_imported_once_and_gives_the_register_of_the_example(folder):
    own, example = f"sqlite:///{folder / 'own.sqlite3'}", f"sqlite:///{folder / 'example.sqlite3'}"
    words = ("notice", "import", "notice.txt", "--authority", "nmg", "--database", own)

    open_one = hatchmark(folder, *words, "--yes", "--json")
    ready = hatchmark(folder, *words, "--decisions", "decisions.csv", "--json")
    nothing_yet = hatchmark(folder, "register", "as-of", "2021-12-31", "--json", database=own)
    done = hatchmark(folder, *words, "--decisions", "decisions.csv", "--yes", "--json")
    again = hatchmark(folder, *words, "--decisions", "decisions.csv", "--yes", "--json")

    assert [each.returncode for each in (open_one, ready, done, again)] == [1, 0, 0, 2]
    assert [json.loads(each.stdout)["imported"] for each in (open_one, ready, done)] == [False, False, True]
    [question] = json.loads(open_one.stdout)["questions"]
    assert (question["question"], question["subject"], question["answers"]) == (
        "same_operator",
        "incubator:8|makerspace:83",
        ["same", "different"],
    )
    assert json.loads(nothing_yet.stdout) == []
    assert json.loads(ready.stdout)["changes"] == json.loads(done.stdout)["changes"]
    assert (again.stdout, len(again.stderr.splitlines())) == ("", 1)
    assert "imported before, as the round 2021" in again.stderr

    assert (
        hatchmark(
            folder, "run", str(ROOT / "examples" / "nmg-2021"), "--out", "out", "--database", example
        ).returncode
        == 0
    )
    for day in ("2019-12-31", "2020-12-31", "2021-12-31", "2022-12-31"):
        standing = [
            json.loads(hatchmark(folder, "register", "as-of", day, "--json", database=database).stdout)
            for database in (own, example)
        ]
        assert len(standing[0]) == 100
        assert standing[0] == standing[1]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["missing.txt", "--authority", "nmg"], "missing.txt: cannot be read"),
        (
            ["notice.txt", "--authority", "Nei Meng"],
            "'Nei Meng' is no code; write letters a to z, digits and hyphens",
        ),
        (["notice.txt"], "the following arguments are required: --authority"),
        (["notice.txt", "--authority", "nmg", "--year", "21"], "'21' is no year; write it as 2021"),
        (
            ["notice.txt", "--authority", "nmg", "--year", "2020"],
            "the notice is of 2021, and --year says 2020",
        ),
        (["notice.txt", "--authority", "nmg", "--decisions", "notice.txt"], "is no table; give a"),
        (
            ["text.txt", "--authority", "nmg"],
            "the notice holds no table of institutions, so there is nothing to import",
        ),
    ],
)
def test_what_cannot_be_used_ends_with_2_and_says_why(folder, words, line):
    (folder / "text.txt").write_text(
        "关于2021年度众创空间考核结果的通知\n各市科技局：\n优秀众创空间3家。\n", "utf-8"
    )

    done = hatchmark(folder, "notice", "import", *words)

    assert (done.returncode, done.stdout) == (2, "")
    assert line in done.stderr
    assert "Traceback" not in done.stderr
