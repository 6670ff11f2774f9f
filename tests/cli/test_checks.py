"""`hatchmark test`: which checks it runs, and that one failure is not hidden by those after it."""

import argparse
import re
from pathlib import Path

import pytest

from hatchmark.cli import checks
from hatchmark.cli.checks import Check, run_checks


def test_every_check_of_the_project_is_run_in_order() -> None:
    steps = checks.checks(pytest_words=["-k", "draw"])

    assert [step.name for step in steps] == ["format", "lint", "types", "imports", "migrations", "tests"]
    assert steps[-1].words == ("-m", "pytest", "-k", "draw")


def test_the_whole_is_tested_in_several_processes_that_keep_a_file_together() -> None:
    words = checks.checks()[-1].words

    assert words[:3] == ("-m", "pytest", "-n")
    assert 1 <= int(words[3]) <= 4
    assert words[4:] == ("--dist", "loadfile", "--no-loadscope-reorder")


def run_in(folder: Path, capfd: pytest.CaptureFixture[str], *steps: Check) -> tuple[int, list[str]]:
    """Run the steps; the exit code, and the lines without times."""
    status = run_checks(steps, folder=folder)
    return status, [re.sub(r" +[0-9.]+ s$", "", line) for line in capfd.readouterr().out.splitlines()]


def test_all_passed_is_0(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    where = Check(name="where", words=("-c", "import os; print(os.getcwd())"))
    what = Check(name="what", words=("-c", "import os; print(os.environ['A'])"), environment={"A": "told"})

    assert run_in(tmp_path, capfd, where, what) == (
        0,
        [
            "── where",
            str(tmp_path),
            "── what",
            "told",
            "──",
            "where       通过 passed",
            "what        通过 passed",
        ],
    )


def test_one_failure_is_1_and_the_rest_still_runs(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    bad = Check(name="bad", words=("-c", "raise SystemExit(3)"))
    good = Check(name="good", words=("-c", "print('ran')"))

    assert run_in(tmp_path, capfd, bad, good) == (
        1,
        ["── bad", "── good", "ran", "──", "bad         未通过 FAILED (3)", "good        通过 passed"],
    )


def test_outside_a_checkout_it_says_where_to_run_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(checks, "_CHECKOUT", tmp_path)

    assert checks.execute(argparse.Namespace(pytest_words=[])) == 2
    assert capsys.readouterr() == (
        "",
        f"hatchmark test: {tmp_path} is no checkout of the project; clone it and run ./hatchmark test there\n",
    )
