"""The page docs/how-to/new-scheme.md does what it says: its blocks are typed, its commands run, its output compared."""

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[1] / "docs" / "how-to" / "new-scheme.md"
ANYTHING = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced block of the page: what to type into `file`, or commands with what they print."""

    file: str
    text: str


def blocks() -> list[Block]:
    found = re.findall(r"^```(\S+)(?: (\S+))?\n(.*?)^```$", PAGE.read_text("utf-8"), re.M | re.S)
    assert all((kind, bool(file)) in (("toml", True), ("console", False)) for kind, file, _ in found)
    return [Block(file=file, text=text) for _, file, text in found]


def commands(text: str) -> list[tuple[str, list[str]]]:
    """Split a console block into each command and the lines that are printed after it."""
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append((line.removeprefix("$ "), []))
        else:
            found[-1][1].append(line)
    return found


def pattern_of(lines: list[str]) -> str:
    """Return what the printed lines must match: … on a line of its own is any lines, within a line any text."""
    parts = [
        "(?:.*\n)*" if line == ANYTHING else re.escape(line).replace(ANYTHING, ".*") + "\n" for line in lines
    ]
    return "".join(parts)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    # The launcher installs; here the same words go to the program that is installed already.
    launcher = tmp_path / "hatchmark"
    launcher.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m hatchmark "$@"\n', "utf-8")
    launcher.chmod(0o755)
    return tmp_path


def run(command: str, folder: Path) -> str:
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=60,
        check=False,
    )
    return done.stdout.decode()


def test_every_block_of_the_page_does_what_it_says(folder):
    ran = []
    for block in blocks():
        if block.file:
            with (folder / block.file).open("a", encoding="utf-8") as file:
                file.write(f"\n{block.text}")
            continue
        for command, expected in commands(block.text):
            printed = run(command, folder)
            assert re.fullmatch(pattern_of(expected), printed), f"$ {command}\n{printed}"
            ran.append(command)
    for word in ("scheme check", "scheme show", "scheme sample", "score", "explain", "whatif"):
        assert any(command.startswith(f"./hatchmark {word} ") for command in ran)
    assert {"my.html", "my.xlsx", "scores.csv"} <= {path.name for path in folder.iterdir()}
    assert len((folder / "scores.csv").read_text("utf-8-sig").splitlines()) == 13


def test_the_page_names_only_commands_and_files_that_it_makes(folder):
    typed = {block.file for block in blocks() if block.file}
    assert typed == {"my.toml", "my.cases.toml"}
    links = re.findall(r"\]\(([^)]+)\)", PAGE.read_text("utf-8"))
    assert links
    assert all((PAGE.parent / link).exists() for link in links)
