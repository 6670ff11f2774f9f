"""The page docs/how-to/use-the-api.md does what it says: its program runs, its commands are sent, answers compared."""

import json
import re
import shlex
import urllib.request
from datetime import timedelta
from pathlib import Path
from string import Template
from typing import Any

import pytest
from conftest_services import DATES, figures, institution_actor, officer_of
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from media_samples import PDF

from hatchmark.db.models import Evidence, Round, Submission
from hatchmark.services import clock, cross_checks, submissions

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
    form: dict[str, Any] = {}
    while words:
        match words.pop(0):
            case "-X":
                method = words.pop(0)
            case "-H":
                name, _, value = words.pop(0).partition(": ")
                headers[name] = value
            case "-d":
                body = words.pop(0).encode()
            case "--data-binary":
                body = Path(words.pop(0).removeprefix("@")).read_bytes()
            case "-F":
                name, _, value = words.pop(0).partition("=")
                file = Path(value.removeprefix("@"))
                form[name] = SimpleUploadedFile(file.name, file.read_bytes()) if value[:1] == "@" else value
            case word:
                assert not address and not word.startswith("-"), word
                address = word
    if form:
        headers["Content-Type"], body = MULTIPART_CONTENT, encode_multipart(BOUNDARY, form)
    request = urllib.request.Request(address, method=method, headers=headers, data=body)  # noqa: S310  (of the test)
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return json.load(answer)


def section(number: int) -> str:
    """Return what stands below the heading of a step."""
    [found] = re.findall(rf"^## {number}\. .*?\n(.*?)(?=^## )", PAGE.read_text("utf-8"), re.M | re.S)
    return found


def shown(answer: object, expected: object) -> object:
    """Return an answer with `…` where the page leaves open what stands there."""
    if expected == "…":
        return "…" if answer not in ("", None) else answer
    if isinstance(answer, dict) and isinstance(expected, dict):
        return {key: shown(each, expected.get(key)) for key, each in answer.items()}
    if isinstance(answer, list) and isinstance(expected, list) and len(answer) == len(expected):
        return [shown(*each) for each in zip(answer, expected, strict=True)]
    return answer


def follow(text: str, known: dict[str, str]) -> int:
    """Send every command, compare its answer, remember what the next ones name; return how many there were."""
    lines = CONSOLE.findall(text)
    for command, expected in lines:
        answer = send(command, known)
        assert shown(answer, json.loads(expected)) == json.loads(expected), command
        if isinstance(answer, dict):
            known["KEY"] = str(answer.get("key", ""))
            known["SEEN"] = next((each["seen"] for each in answer.get("lines", ())), "")
    return len(lines)


@pytest.fixture
def papers(tmp_path, monkeypatch):
    """The files that the page sends lie where its commands are given."""
    for name in ("示例证明.pdf", "示例推荐函.pdf"):
        (tmp_path / name).write_bytes(PDF)
    monkeypatch.chdir(tmp_path)


def test_the_commands_answer_what_the_page_shows(known):
    assert follow(section(1) + section(2), known) == 2


def test_the_commands_upload_a_file(known, papers):
    assert follow(section(4), known) == 3
    assert Evidence.objects.get().digest


def test_the_commands_approve_under_a_sealed_letter(live, known, papers, token_of):
    entry = live.entries.select_related("round__authority", "qualification__institution").get(serial=1)
    submissions.submit(
        entry=entry,
        figures=figures(),
        roster=[],
        signed_by="示例负责人",
        actor=institution_actor(entry),
        at=clock.now(),
    )
    Round.objects.update(stage="preliminary_review")
    clock.set_demonstration_clock(DATES["submission_closes_at"] + timedelta(days=1))
    entry.round.refresh_from_db()
    for flag in cross_checks.open_flags(cross_checks.flag_states(entry)):
        cross_checks.explain_flag(
            entry=entry, flag=flag.key, explanation="示例说明", actor=officer_of("示例市"), at=clock.now()
        )

    commands = follow(section(5), known | {"TOKEN": token_of("ch"), "ROUND": str(live.pk)})

    assert (commands, Submission.objects.get().state) == (3, "approved")


def test_the_program_hands_in(live, known, monkeypatch, capsys):
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
