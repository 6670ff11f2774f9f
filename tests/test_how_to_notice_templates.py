"""docs/how-to/notice-templates.md does what it says: its files are typed, its commands run, its fields are all."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import docx
import pytest

from hatchmark.domain.templates import PAPERS

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "how-to" / "notice-templates.md"
BLOCK = re.compile(r"^```(text|console)(?: (\S+))?\n(.*?)^```$", re.M | re.S)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Follow the page from top to bottom in an empty folder, comparing what each command prints."""
    folder = tmp_path_factory.mktemp("how-to")
    # The launcher installs; here the same words go to the program that is installed already.
    launcher = folder / "hatchmark"
    launcher.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m hatchmark "$@"\n', "utf-8")
    launcher.chmod(0o755)
    shutil.copytree(ROOT / "examples" / "demo-2025", folder / "examples" / "demo-2025")
    blocks = BLOCK.findall(PAGE.read_text("utf-8"))
    assert [kind for kind, _, _ in blocks] == ["text", "text", "console", "text", "console"]
    for kind, file, text in blocks:
        if kind == "text":
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(text, "utf-8")
            continue
        command, *printed = text.splitlines()
        done = subprocess.run(
            ["/bin/sh", "-c", command.removeprefix("$ ")],
            cwd=folder,
            env=os.environ | {"PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        # Progress goes to standard error as well; what the page shows is the last lines of both.
        said = [line for line in (done.stderr + done.stdout).splitlines() if line]
        shown = [line for line in printed if line != "…"]
        assert said[-len(shown) :] == shown, done.stderr
        assert (done.returncode == 0) == (kind == "console" and shown == ["→ preview"])
    return folder


def test_the_paper_of_the_page_is_made_with_its_counts_and_contact(folder):
    paper = docx.Document(str(folder / "preview" / "public-notice.docx"))

    texts = [paragraph.text for paragraph in paper.paragraphs if paragraph.text]

    assert texts[:2] == ["关于2025年度示例评价", "结果的公示"]
    assert texts[3:5] == [
        "示例自治区科学技术厅拟定优秀20家，其中孵化器3家。",
        "未参加评价的有2家。",
    ]
    assert texts[5] == "一、全部结果" and texts[6].startswith("科技企业孵化器：优秀3家、")
    assert "请在2025年7月25日23时59分59秒前提出，公示期5个工作日。" in texts
    assert "联系人：示例处长乙" in texts


def test_the_page_names_every_field_of_every_paper_with_what_it_prints():
    page = PAGE.read_text("utf-8").partition("## All fields")[2]

    sections = re.split(r"^### (\S+)\.txt — .*$", page, flags=re.M)
    tables = dict(zip(sections[1::2], sections[2::2], strict=True))

    assert {
        paper: re.findall(r"^\| `\{(\S+)\}` \| (.*?) \|$", table, re.M) for paper, table in tables.items()
    } == {
        paper: [(field.name, field.meaning + ("（独占一行）" if field.block else "")) for field in fields]
        for paper, fields in PAPERS.items()
    }
