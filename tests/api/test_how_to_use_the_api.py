"""The page docs/how-to/use-the-api.md does what it says: its program runs, its commands are sent, answers compared."""

import json
import re
import shlex
import urllib.request
from pathlib import Path
from string import Template

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "use-the-api.md"
CONSOLE = re.compile(r"^```console\n\$ (.*?)\n(.*?)^```$", re.M | re.S)
PROGRAM = re.compile(r"^```python\n(.*?)^```$", re.M | re.S)


@pytest.fixture
def known(live, token_of, live_server) -> dict[str, str]:
    """Return what the page takes for given: the site, a token of an institution, its entry."""
    return {
        "HATCHMARK": live_server.url,
        "TOKEN": token_of("i1", ("read", "hand_in")),
        "ENTRY": str(live.entries.get(serial=1).pk),
    }


def send(command: str, known: dict[str, str]) -> object:
    """Do what a line with curl would, and return the answer."""
    words = shlex.split(Template(command).substitute(known))
    assert words.pop(0) == "curl"
    method, headers, body, address = "GET", {}, None, ""
    while words:
        match words.pop(0):
            case "-X":
                method = words.pop(0)
            case "-H":
                name, _, value = words.pop(0).partition(": ")
                headers[name] = value
            case "-d":
                body = words.pop(0).encode()
            case word:
                assert not address and not word.startswith("-"), word
                address = word
    request = urllib.request.Request(address, method=method, headers=headers, data=body)  # noqa: S310  (of the test)
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return json.load(answer)


def test_the_commands_answer_what_the_page_shows(known):
    lines = CONSOLE.findall(PAGE.read_text("utf-8"))

    assert len(lines) == 2
    for command, expected in lines:
        assert send(command, known) == json.loads(expected)


def test_the_program_hands_in(live, known, monkeypatch, capsys):
    from hatchmark.db.models import Submission

    for name, value in known.items():
        monkeypatch.setenv(name, value)
    [program] = PROGRAM.findall(PAGE.read_text("utf-8"))

    exec(compile(program, str(PAGE), "exec"), {})  # noqa: S102  (it is the page)

    [submission] = Submission.objects.all()
    assert re.fullmatch(r"1 submitted [0-9A-Z-]+\n", capsys.readouterr().out)
    assert (submission.figures["area"]["value"], submission.signed_by) == ("3200", "示例负责人")


def test_every_status_of_the_page_is_one_that_operations_declare():
    from hatchmark.api.operations import PER_MINUTE, PROBLEMS

    text = PAGE.read_text("utf-8")

    assert {int(status) for status in re.findall(r"^\| ([0-9]{3}) \|", text, re.M)} == set(PROBLEMS)
    assert f"more than {PER_MINUTE} requests" in text
