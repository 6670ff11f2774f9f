"""`hatchmark scheme check`: 0 sound, 1 a rule or a worked case is broken, 2 no scheme at all."""

import shutil
from pathlib import Path

import pytest

from hatchmark.cli.main import main

SHIPPED = Path(__file__).parents[2] / "src/hatchmark/schemes/nmg"


@pytest.fixture
def scheme(tmp_path: Path) -> Path:
    """A shipped scheme and its cases, copied to where a test may alter them."""
    shutil.copy(SHIPPED / "makerspace-2020.cases.toml", tmp_path)
    return Path(shutil.copy(SHIPPED / "makerspace-2020.toml", tmp_path))


def alter(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert text.count(old) >= 1, old
    file.write_text(text.replace(old, new, 1), "utf-8")


def test_every_shipped_scheme_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    files = sorted(file for file in SHIPPED.glob("*.toml") if not file.name.endswith(".cases.toml"))
    assert files

    assert main(["scheme", "check", *map(str, files)]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert [line.partition(": OK, ")[0] for line in said.out.splitlines()] == [str(file) for file in files]


def test_a_broken_rule_is_a_finding(scheme: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = scheme.read_text("utf-8")
    head, mark, tail = text.partition("full_marks = ")
    assert mark
    scheme.write_text(f'{head}full_marks = "999"\n{tail.partition(chr(10))[2]}', "utf-8")

    assert main(["scheme", "check", str(scheme)]) == 1
    said = capsys.readouterr()
    assert said.err == ""
    assert "999" in said.out


def test_a_worked_case_that_comes_out_otherwise_is_a_finding(
    scheme: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = scheme.with_suffix(".cases.toml")
    head, mark, tail = cases.read_text("utf-8").partition("\ntotal = ")
    assert mark
    cases.write_text(f'{head}\ntotal = "0.01"\n{tail.partition(chr(10))[2]}', "utf-8")

    assert main(["scheme", "check", str(scheme)]) == 1
    said = capsys.readouterr()
    assert said.err == ""
    assert said.out.startswith(f"{cases}: case '")
    assert "total should be '0.01', but is '" in said.out


def test_a_scheme_without_cases_says_that_there_are_none(
    scheme: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scheme.with_suffix(".cases.toml").unlink()

    assert main(["scheme", "check", str(scheme)]) == 0
    assert (
        capsys.readouterr().out == f"{scheme}: OK, no worked cases beside it (makerspace-2020.cases.toml)\n"
    )


def test_several_files_give_the_highest_code(
    scheme: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    none = tmp_path / "none.toml"

    assert main(["scheme", "check", str(none), str(scheme)]) == 2
    said = capsys.readouterr()
    assert said.out.startswith(f"{scheme}: OK, ")
    assert said.err == (
        "hatchmark scheme check: none.toml: No such file or directory; name a readable .toml file\n"
    )
