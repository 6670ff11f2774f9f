"""The papers beside the notice that `hatchmark run` makes: which, for whom, and that each number is the rows'."""

import csv
import hashlib
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import docx
import pdfplumber
import pytest

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "examples" / "demo-2025"
ENDINGS = ("docx", "ofd", "pdf")


@pytest.fixture(scope="module")
def out(tmp_path_factory) -> Path:
    """Run the fictional round into a folder where an earlier run left papers of its own."""
    out = tmp_path_factory.mktemp("papers") / "out"
    for name in (
        "letters/示例旧盟.docx",
        "letters/mine.txt",
        "call-2019.pdf",
        "certificates/accelerator.pdf",
    ):
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text("from before", "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "hatchmark", "run", str(DEMO), "--out", str(out)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    return out


def results(out):
    return json.loads((out / "results.json").read_text("utf-8"))


def names(out):
    return sorted(file.relative_to(out).as_posix() for file in out.rglob("*") if file.is_file())


def plain(text):
    return re.sub(r"[\s\u200b]", "", text or "")


def pdf_pages(file):
    with pdfplumber.open(io.BytesIO(file.read_bytes())) as document:
        return [page.extract_text() for page in document.pages]


def tables_of(file):
    return [
        [[cell.text for cell in row.cells] for row in table.rows] for table in docx.Document(str(file)).tables
    ]


def channels_owing(out):
    owing = {(duty["kind"], duty["serial"]) for duty in results(out)["obligations"]}
    return {row["channel"] for row in results(out)["rows"] if (row["kind"], row["serial"]) in owing}


def test_the_run_makes_every_paper_of_the_round_and_leaves_none_of_an_earlier_one(out):
    letters = [f"letters/{channel}.{ending}" for channel in channels_owing(out) for ending in ENDINGS]

    assert [name for name in names(out) if name != "letters/mine.txt"] == sorted(
        [
            *("annexes.xlsx", "ledger.jsonl", "manifest.json", "notice.docx", "notice.pdf"),
            *("results.csv", "results.json", "working.json"),
            *(f"{name}.{ending}" for name in ("call-2026", "public-notice") for ending in ENDINGS),
            "notice.ofd",
            *("certificates/incubator.pdf", "certificates/makerspace.pdf"),
            *letters,
        ]
    )
    assert len(letters) >= 24
    assert (out / "letters/mine.txt").read_text("utf-8") == "from before"


def test_the_manifest_names_every_paper_by_its_digest(out):
    files = json.loads((out / "manifest.json").read_text("utf-8"))["files"]

    assert files == {
        name: hashlib.sha256((out / name).read_bytes()).hexdigest()
        for name in names(out)
        if name not in ("manifest.json", "letters/mine.txt")
    }


def test_the_letters_hold_every_duty_of_the_round_once_and_no_institution_of_another_channel(out):
    rows = {(row["kind"], row["serial"]): row for row in results(out)["rows"]}
    listed = []
    for file in sorted((out / "letters").glob("*.docx")):
        text = "\n".join(paragraph.text for paragraph in docx.Document(str(file)).paragraphs)
        cells = [cell for table in tables_of(file) for row in table for cell in row]
        others = [row["name"] for row in rows.values() if row["channel"] != file.stem]
        assert [name for name in others if name in (*cells, text)] == []
        own = {row["name"]: key for key, row in rows.items() if row["channel"] == file.stem}
        listed += [own[line[2]] for table in tables_of(file) for line in table[1:]]
        owed = [
            duty
            for duty in results(out)["obligations"]
            if rows[duty["kind"], duty["serial"]]["channel"] == file.stem
        ]
        counts = {
            act: sum(duty["act"] == act for duty in owed)
            for act in ("rectify", "take_part_again", "deregister")
        }
        said = {
            act: [int(number) for number in re.findall(rf"{words}(\d+)家", text)]
            for act, words in (
                ("rectify", "应当整改的"),
                ("take_part_again", "应当再次或改期参加评价的"),
                ("deregister", "应当办理注销手续的"),
            )
        }
        again, left = counts["take_part_again"], counts["deregister"]
        assert said == {
            "rectify": [counts["rectify"]] if again else [],
            "take_part_again": [again] if again else [],
            "deregister": [left] if left else [],
        }

    assert sorted(listed) == sorted({(duty["kind"], duty["serial"]) for duty in results(out)["obligations"]})


def test_the_pdf_of_a_letter_says_what_its_docx_says(out):
    file = max((out / "letters").glob("*.docx"), key=lambda each: len(each.read_bytes()))

    printed = plain("".join(pdf_pages(file.with_suffix(".pdf"))))

    texts = [plain(p.text) for p in docx.Document(str(file)).paragraphs if p.text]
    # A page of the one may end elsewhere than of the other: marks and page numbers stand between.
    missing = [text for text in texts if text not in re.sub(r"演示数据，非真实|—\d+—", "", printed)]
    assert missing == []


def test_the_call_lists_the_register_of_next_year(out):
    ended = {
        (row["kind"], row["serial"])
        for row in results(out)["rows"]
        if row["outcome"] in ("disqualified", "pilot_cancelled")
    }
    incubators, makerspaces = [table[1:] for table in tables_of(out / "call-2026.docx")]

    with (DEMO / "register.csv").open(encoding="utf-8-sig", newline="") as handle:
        register = list(csv.DictReader(handle))
    standing = {row["name"] for row in register if (row["kind"], int(row["serial"])) not in ended}
    lines = [*incubators, *makerspaces]
    named = {line[1] for line in lines} | {
        name for line in lines for name in re.findall("号（(.*?)）", line[4])
    }
    assert named == standing
    owed = [
        duty
        for duty in results(out)["obligations"]
        if duty["act"] == "take_part_again" and duty["year"] == 2026
    ]
    reasons = "；".join(line[4] for line in lines)
    assert len(re.findall("2025年度", reasons)) == len(owed) > 10
    text = "\n".join(paragraph.text for paragraph in docx.Document(str(out / "call-2026.docx")).paragraphs)
    assert re.findall(r"列入名单(\d+)家", text) == [str(len(incubators)), str(len(makerspaces))]
    assert {page.splitlines()[0] for page in pdf_pages(out / "call-2026.pdf")} == {
        "演示数据，非真实 拟稿，未发文"
    }


def test_every_graded_row_has_its_page_with_its_grade_and_a_code_of_its_own(out):
    grades = {"excellent": "优秀", "good": "良好", "qualified": "合格", "unqualified": "不合格"}
    codes = set()
    for kind in ("incubator", "makerspace"):
        pages = [plain(page) for page in pdf_pages(out / "certificates" / f"{kind}.pdf")]
        graded = [row for row in results(out)["rows"] if row["kind"] == kind and row["outcome"] == "graded"]
        assert len(pages) == len(graded) > 0
        for page, row in zip(pages, graded, strict=True):
            assert page.startswith("演示数据，非真实")
            assert plain(row["name"]) in page and f"评定等次为{grades[row['grade']]}。" in page
            codes.update(re.findall(r"查验码((?:[0-9A-Z]{5}-){4}[0-9A-Z]{5})", page))
    assert len(codes) == sum(row["outcome"] == "graded" for row in results(out)["rows"])
    ledger = (out / "ledger.jsonl").read_text("utf-8")
    assert [code for code in codes if code in ledger] == []


def test_the_public_notice_counts_what_was_proposed(out):
    text = "\n".join(
        paragraph.text for paragraph in docx.Document(str(out / "public-notice.docx")).paragraphs
    )
    tables = tables_of(out / "public-notice.docx")

    for table, (parts, total, addends) in zip(
        tables, re.findall(r"：(优秀.*?)。以上各类互不重复，合计(\d+)家（([0-9+]+)=\d+）", text), strict=True
    ):
        assert int(total) == len(table) - 1 == sum(map(int, addends.split("+")))
        assert re.search(r"优秀(\d+)家", parts).group(1) == str(sum(row[-1] == "优秀" for row in table))
    assert "公示自2025年7月21日起，至2025年7月25日23时59分59秒止，共5个工作日。" in text
