"""Each of the twenty bad folders, and the four ways of writing a good one, at the command itself."""

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import xlsxwriter
from folder_builder import live_source, past_source
from test_bad_folders import THE_TWENTY

from hatchmark.cli.main import main

NMG = Path(__file__).resolve().parents[2] / "examples" / "nmg-2021"


def test_there_are_twenty_kinds_of_bad_folder():
    assert len(THE_TWENTY) >= 20


@pytest.mark.parametrize("bad", THE_TWENTY, ids=lambda bad: bad.name)
def test_a_bad_folder_ends_with_two_and_one_line_and_leaves_nothing(tmp_path, capfd, bad):
    source = past_source() if bad.past else live_source()
    bad.spoil(source)
    folder = source.write(tmp_path / "round")
    before = sorted(tmp_path.iterdir())

    status = main(["run", str(folder), "--out", str(tmp_path / "out")])

    captured = capfd.readouterr()
    assert (status, captured.out) == (2, "")
    assert captured.err.splitlines() == [f"hatchmark run: {bad.line}"]
    assert sorted(tmp_path.iterdir()) == before


def _as_text(folder: Path, encoding: str) -> None:
    for file in folder.glob("*.csv"):
        file.write_text(file.read_text("utf-8"), encoding, newline="")


def _as_workbooks(folder: Path) -> None:
    for file in folder.glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as handle:
            rows = list(csv.reader(handle))
        with xlsxwriter.Workbook(file.with_suffix(".xlsx")) as workbook:
            sheet = workbook.add_worksheet()
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    sheet.write_string(number, column, cell)
        file.unlink()


@pytest.mark.parametrize("form", ["utf-8-sig", "utf-16", "gb18030", "xlsx"])
def test_one_folder_in_four_forms_gives_one_result(tmp_path, form):
    folder = shutil.copytree(NMG, tmp_path / "round")
    _as_workbooks(folder) if form == "xlsx" else _as_text(folder, form)
    digests = []

    for source, out in ((NMG, "plain"), (folder, "other")):
        done = subprocess.run(
            [sys.executable, "-m", "hatchmark", "run", str(source), "--out", str(tmp_path / out)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "100 of 100 rows as published" in done.stdout
        digests.append(json.loads((tmp_path / out / "results.json").read_text("utf-8"))["digest"])

    assert digests[0] == digests[1]
