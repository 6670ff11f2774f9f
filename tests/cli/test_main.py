"""The command line: which words it takes, what it loads, and how it ends."""

import argparse
import importlib
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hatchmark.cli import checks, draw
from hatchmark.cli.main import main
from hatchmark.domain.folder_errors import FolderError, Place
from hatchmark.schemes.loader import SchemeError

HELP_LOADS = """
import sys
before = set(sys.modules)
from hatchmark.cli.main import main
status = main(["--help"])
own = sys.prefix + "/lib"
new = sorted(name for name in set(sys.modules) - before)
outside = [name for name in new if "site-packages" in (getattr(sys.modules[name], "__file__", None) or "")]
import json
print(json.dumps([status, outside, [name for name in new if name.startswith("hatchmark.")]]), file=sys.stderr)
"""

COMMANDS = [
    "demo",
    "test",
    "run",
    "serve",
    "scheme",
    "score",
    "explain",
    "whatif",
    "stability",
    "notice",
    "register",
    "accounts",
    "draw",
]

STAGES_SHOWN = (
    "'call', 'submission', 'preliminary_review', 'expert_review', 'spot_check', 'integrity_review', "
    "'determination', 'public_notice', 'published', 'follow_up'"
)


def seen_by_execute(monkeypatch: pytest.MonkeyPatch, module: str, words: list[str]) -> dict[str, Any]:
    """Run the words with the module's `execute` replaced; return what it was given."""
    given: list[argparse.Namespace] = []

    def execute(args: argparse.Namespace) -> int:
        given.append(args)
        return 0

    monkeypatch.setattr(importlib.import_module(f"hatchmark.cli.{module}"), "execute", execute)
    assert main(words) == 0
    (args,) = given
    return {name: value for name, value in vars(args).items() if name not in ("module", "name")}


# ---- what it loads


def test_help_loads_nothing_but_the_standard_library_and_the_domain() -> None:
    done = subprocess.run([sys.executable, "-c", HELP_LOADS], capture_output=True, text=True, check=True)

    status, outside, own = json.loads(done.stderr)
    assert (status, outside) == (0, [])
    assert own == [
        "hatchmark.cli",
        "hatchmark.cli.main",
        "hatchmark.domain",
        "hatchmark.domain.sampling",
        "hatchmark.domain.workflow",
    ]
    assert done.stdout.startswith("usage: hatchmark [-h] [--version] COMMAND ...\n")


def test_help_lists_the_commands_that_are_there_and_no_others(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0

    listed = capsys.readouterr().out.partition("  COMMAND\n")[2].partition("\n\n")[0].splitlines()
    # What goes on over several lines is indented further.
    words = [line.split()[0] for line in listed if line.startswith("    ") and not line.startswith("     ")]
    assert words == COMMANDS


@pytest.mark.parametrize("module", [*COMMANDS[:1], "checks", *COMMANDS[2:]], ids=str)
def test_every_command_has_a_module_that_executes_it(module: str) -> None:
    assert callable(importlib.import_module(f"hatchmark.cli.{module}").execute)


def test_version_is_the_version_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    from importlib.metadata import version

    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"hatchmark {version('hatchmark')}\n"


# ---- which words it takes


@pytest.mark.parametrize(
    ("module", "words", "given"),
    [
        ("demo", ["demo"], {"until": None, "fresh": False, "no_serve": False, "port": None}),
        (
            "demo",
            ["demo", "--until", "call", "--fresh", "--no-serve", "--port", "9000"],
            {"until": "call", "fresh": True, "no_serve": True, "port": 9000},
        ),
        ("checks", ["test"], {"pytest_words": []}),
        ("checks", ["test", "--", "-k", "draw", "--", "x"], {"pytest_words": ["-k", "draw", "--", "x"]}),
        ("run", ["run", "F", "--out", "D"], {"folder": "F", "out": "D", "until": None, "database": None}),
        (
            "run",
            ["run", "--out", "D", "--database", "sqlite:///x", "F", "--until", "follow_up"],
            {"folder": "F", "out": "D", "until": "follow_up", "database": "sqlite:///x"},
        ),
        ("serve", ["serve"], {"host": "127.0.0.1", "port": None}),
        ("serve", ["serve", "--host", "::1", "--port", "1"], {"host": "::1", "port": 1}),
        ("scheme", ["scheme", "check", "a.toml", "b.toml"], {"files": ["a.toml", "b.toml"]}),
        ("scheme", ["scheme", "show", "S"], {"scheme": "S", "html": None, "xlsx": None}),
        (
            "scheme",
            ["scheme", "show", "S", "--html", "P", "--xlsx", "B"],
            {"scheme": "S", "html": "P", "xlsx": "B"},
        ),
        (
            "scheme",
            ["scheme", "sample", "--scheme", "S", "--rows", "10", "--seed", "3", "--out", "T"],
            {"scheme": "S", "rows": 10, "seed": 3, "out": "T"},
        ),
        (
            "score",
            ["score", "--scheme", "S", "--data", "D", "--out", "T"],
            {"scheme": "S", "data": "D", "roster": None, "out": "T", "engine": None},
        ),
        (
            "score",
            ["score", "--scheme", "S", "--data", "D", "--roster", "R", "--out", "T", "--engine", "reference"],
            {"scheme": "S", "data": "D", "roster": "R", "out": "T", "engine": "reference"},
        ),
        (
            "explain",
            ["explain", "--scheme", "S", "--data", "D", "--id", "I", "--json"],
            {"scheme": "S", "data": "D", "roster": None, "id": "I", "json": True},
        ),
        (
            "whatif",
            ["whatif", "--scheme", "S", "--data", "D", "--set", "a.b=1", "--set", "c = x=y"],
            {
                "scheme": "S",
                "data": "D",
                "roster": None,
                "settings": [("a.b", "1"), ("c", "x=y")],
                "json": False,
            },
        ),
        (
            "stability",
            ["stability", "--scheme", "S", "--data", "D"],
            {"scheme": "S", "data": "D", "roster": None, "json": False},
        ),
        (
            "register",
            ["register", "as-of", "2021-12-31"],
            {"date": date(2021, 12, 31), "json": False, "authority": None},
        ),
        (
            "register",
            ["register", "as-of", "2021-12-31", "--json", "--authority", "nmg"],
            {"date": date(2021, 12, 31), "json": True, "authority": "nmg"},
        ),
        (
            "draw",
            ["draw", "--pool", "P", "--key", "K", "--count", "3", "--digest", "sha256"],
            {"pool": "P", "key": "K", "count": 3, "digest": "sha256"},
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_words_reach_the_command(
    monkeypatch: pytest.MonkeyPatch, module: str, words: list[str], given: dict[str, Any]
) -> None:
    assert seen_by_execute(monkeypatch, module, words) == given


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ([], "hatchmark: the following arguments are required: COMMAND; see hatchmark --help"),
        (
            ["seal"],
            "hatchmark: argument COMMAND: invalid choice: 'seal' (choose from 'demo', 'test', 'run', 'serve', "
            "'scheme', 'score', 'explain', 'whatif', 'stability', 'notice', 'register', 'accounts', "
            "'draw'); see hatchmark --help",
        ),
        (
            ["run", "F"],
            "hatchmark run: the following arguments are required: --out; see hatchmark run --help",
        ),
        (
            ["run", "F", "--ou", "D"],
            "hatchmark run: the following arguments are required: --out; see hatchmark run --help",
        ),
        (
            ["demo", "--until", "tea"],
            f"hatchmark demo: argument --until: invalid choice: 'tea' (choose from {STAGES_SHOWN}); "
            "see hatchmark demo --help",
        ),
        (
            ["serve", "--port", "65536"],
            "hatchmark serve: argument --port: '65536' is no port; write a number from 1 to 65535; "
            "see hatchmark serve --help",
        ),
        (
            ["serve", "--port", "８０００"],
            "hatchmark serve: argument --port: '８０００' is no port; write a number from 1 to 65535; "
            "see hatchmark serve --help",
        ),
        (
            ["register", "as-of", "2021-02-30"],
            "hatchmark register as-of: argument DATE: '2021-02-30' is no day; write it as 2021-12-31; "
            "see hatchmark register as-of --help",
        ),
        (
            ["draw", "--pool", "P", "--key", "K", "--count", "-1"],
            "hatchmark draw: argument --count: '-1' is no count; write a whole number of zero or more; "
            "see hatchmark draw --help",
        ),
        (
            ["test", "extra\nline"],
            "hatchmark: unrecognized arguments: extra line; see hatchmark --help",
        ),
    ],
    ids=lambda value: " ".join(value).replace("\n", " ") if isinstance(value, list) else "",
)
def test_unusable_words_end_with_2_and_one_line(
    capsys: pytest.CaptureFixture[str], words: list[str], line: str
) -> None:
    assert main(words) == 2

    # Newer Pythons leave out the quotes around the choices.
    said = capsys.readouterr()
    assert (said.out, said.err.replace("'", "")) == ("", line.replace("'", "") + "\n")


# ---- how it ends


def fail_with(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> int:
    def execute(_args: argparse.Namespace) -> int:
        raise error

    monkeypatch.setattr(draw, "execute", execute)
    return main(["draw", "--pool", "P", "--key", "K", "--count", "1"])


@pytest.mark.parametrize("status", [0, 1, 2])
def test_the_exit_code_is_the_commands_own(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    monkeypatch.setattr(checks, "execute", lambda _args: status)

    assert main(["test"]) == status


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (
            FolderError(Place("register.csv", 3), problem="no such kind", remedy="declare it"),
            f"{FolderError(Place('register.csv', 3), problem='no such kind', remedy='declare it')}",
        ),
        (SchemeError("a.toml", ("a.toml: says 1\nand 2", "another")), "a.toml: says 1 and 2 (and 1 more)"),
    ],
    ids=["folder", "scheme"],
)
def test_unusable_input_ends_with_2_and_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception, line: str
) -> None:
    assert fail_with(monkeypatch, error) == 2
    assert capsys.readouterr() == ("", f"hatchmark draw: {line}\n")


def test_a_bad_setting_ends_with_2_and_one_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "hatchmark", "serve"],
        env={**os.environ, "LOG_LEVEL": "LOUD", "HATCHMARK_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (
        2,
        "",
        "hatchmark serve: the setting LOG_LEVEL cannot be 'LOUD'; set DEBUG, INFO, WARNING or ERROR, "
        "or leave it out for its default\n",
    )


def test_a_fault_of_the_program_is_neither_a_finding_nor_bad_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fail_with(monkeypatch, RuntimeError("a bug")) == 70

    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines()[0] == "Traceback (most recent call last):"
    assert said.err.splitlines()[-1] == "RuntimeError: a bug"


def test_an_interrupt_is_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fail_with(monkeypatch, KeyboardInterrupt()) == 130
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("lines", [3, 100_000], ids=["flushed at the end", "flushed on the way"])
def test_a_reader_that_has_enough_is_no_traceback(tmp_path: Path, lines: int) -> None:
    (tmp_path / "pool").write_text("".join(f"{number}\n" for number in range(lines)))
    count = str(min(lines, 60_000))
    read, write = os.pipe()
    os.close(read)  # whoever read is gone before the first line

    with os.fdopen(write, "w") as nobody:
        done = subprocess.run(
            [
                sys.executable,
                "-P",
                "-m",
                "hatchmark",
                "draw",
                "--key",
                "K",
                "--count",
                count,
                "--pool",
                "pool",
            ],
            cwd=tmp_path,
            stdout=nobody,
            stderr=subprocess.PIPE,
            check=False,
        )

    assert (done.returncode, done.stderr) == (141, b"")


def test_a_terminal_without_chinese_gets_escapes_instead_of_an_error() -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "hatchmark", "test", "--help"],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\\u8fd0\\u884c\\u5168\\u90e8\\u68c0\\u67e5\\u3002 Run every check" in done.stdout
