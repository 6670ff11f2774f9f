"""The page docs/how-to/import-a-notice.md does what it says: its files are typed, its commands run, output compared."""

import re
import shlex
import sys
from pathlib import Path

import pytest

from test_how_to_new_scheme import commands, pattern_of, run

PAGE = Path(__file__).parents[1] / "docs" / "how-to" / "import-a-notice.md"
BLOCK = re.compile(r"^```(text|console)(?: (\S+))?\n(.*?)^```$", re.M | re.S)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Follow the page from top to bottom in an empty folder."""
    folder: Path = tmp_path_factory.mktemp("how-to")
    # The launcher installs; here the same words go to the program that is installed already.
    launcher = folder / "hatchmark"
    launcher.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m hatchmark "$@"\n', "utf-8")
    launcher.chmod(0o755)
    for kind, file, text in BLOCK.findall(PAGE.read_text("utf-8")):
        if kind == "text":
            (folder / file).write_text(text, "utf-8")
            continue
        for command, expected in commands(text):
            printed = run(command, folder)
            assert re.fullmatch(pattern_of(expected), printed), f"$ {command}\n{printed}"
    return folder


def test_every_command_of_the_page_prints_what_it_says(folder):
    assert {"notice.txt", "decisions.csv", "register.sqlite3"} <= {path.name for path in folder.iterdir()}


def test_the_page_links_to_what_is_there():
    links = re.findall(r"\]\(([^)]+)\)", PAGE.read_text("utf-8"))

    assert links
    assert all((PAGE.parent / link).exists() for link in links)
