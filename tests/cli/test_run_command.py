"""`hatchmark run` as somebody at a terminal has it: what comes out, and what an altered folder changes."""

import csv
import hashlib
import json
import shutil
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"


def run(folder: Path, out: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hatchmark", "run", str(folder), "--out", str(out), *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )


def copy_of(name: str, to: Path) -> Path:
    return shutil.copytree(EXAMPLES / name, to / name)


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def write_rows(file: Path, rows: list[dict[str, str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def results(out: Path) -> dict:
    return json.loads((out / "results.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def nmg(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("nmg") / "out"
    done = run(EXAMPLES / "nmg-2021", out)
    assert done.returncode == 0, done.stderr
    assert "100 of 100 rows as published" in done.stdout
    return out


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("demo") / "out"
    done = run(EXAMPLES / "demo-2025", out)
    assert done.returncode == 0, done.stderr
    return out


# ---- the real round of 2021 -------------------------------------------------------------------------------


def test_two_runs_give_the_same_bytes(nmg, tmp_path):
    run(EXAMPLES / "nmg-2021", tmp_path / "again")

    names = sorted(file.name for file in nmg.iterdir())
    assert names == [
        "annexes.xlsx",
        "ledger.jsonl",
        "manifest.json",
        "notice.docx",
        "notice.pdf",
        "results.csv",
        "results.json",
    ]
    assert {name: (nmg / name).read_bytes() for name in names} == {
        name: (tmp_path / "again" / name).read_bytes() for name in names
    }


def test_rows_equal_the_print_in_order_and_text(nmg):
    printed = [
        (row["kind"], int(row["serial"]), row["name"], row["operators"], row["channel"], row["face_text"])
        for row in rows_of(EXAMPLES / "nmg-2021" / "published.csv")
    ]

    assert [
        (row["kind"], row["serial"], row["name"], row["operators_printed"], row["channel"], row["face_text"])
        for row in results(nmg)["rows"]
    ] == printed


def test_counts_by_face_text_and_by_grade(nmg):
    document = results(nmg)

    assert document["counts"] == {
        "incubator": {"优秀": 3, "良好": 3, "合格": 1, "不合格": 7, "取消科技企业孵化器资格": 1},
        "makerspace": {
            "优秀": 14,
            "良好": 10,
            "合格": 14,
            "不合格": 13,
            "不合格，取消试点培育资格。": 3,
            "取消众创空间资格": 27,
            "2021年以孵化器参加评价，结果为良好。": 1,
            "2021年以孵化器参加评价，结果为不合格。": 1,
            "2022年以孵化器参加评价。": 2,
        },
    }
    assert document["effective_counts"] == {
        "incubator": {"excellent": 3, "good": 3, "qualified": 1, "unqualified": 7},
        "makerspace": {"excellent": 14, "good": 11, "qualified": 14, "unqualified": 17},
    }


def test_obligations(nmg):
    owed: dict[tuple[str, str, int | None, str | None], list[int]] = {}
    for duty in results(nmg)["obligations"]:
        owed.setdefault((duty["act"], duty["kind"], duty["year"], duty["as_kind"]), []).append(duty["serial"])
    failed = [*range(39, 44), *range(45, 48), *range(49, 54)]

    assert owed == {
        ("rectify", "incubator", 2022, None): [*range(8, 15)],
        ("take_part_again", "incubator", 2022, "incubator"): [*range(8, 15)],
        ("deregister", "incubator", None, None): [15],
        ("rectify", "makerspace", 2022, None): [*failed, 83],
        ("take_part_again", "makerspace", 2022, "makerspace"): failed,
        ("take_part_again", "makerspace", 2022, "incubator"): [83, 84, 85],
        ("deregister", "makerspace", None, None): [44, 48, *range(54, 82)],
    }


def test_notes_of_obligations(nmg):
    notes = {
        (duty["act"], duty["kind"], duty["serial"]): duty["note"]
        for duty in results(nmg)["obligations"]
        if duty["note"]
    }

    assert notes == {
        ("rectify", "incubator", 9): "以自治区级科技企业孵化器资格参加评价",
        ("take_part_again", "incubator", 9): "以自治区级科技企业孵化器资格参加评价",
        ("rectify", "makerspace", 83): "随孵化器第8号整改并参加评价",
        ("take_part_again", "makerspace", 83): "随孵化器第8号整改并参加评价",
    }


def test_the_digest_is_that_of_the_document_without_it(nmg):
    document = results(nmg)
    digest = document.pop("digest")

    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == digest


def test_the_manifest_names_every_file_and_input_by_its_digest(nmg):
    manifest = json.loads((nmg / "manifest.json").read_text("utf-8"))

    assert manifest["files"] == {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(nmg.iterdir())
        if file.name != "manifest.json"
    }
    assert manifest["inputs"]["published.csv"] == (
        hashlib.sha256((EXAMPLES / "nmg-2021" / "published.csv").read_bytes()).hexdigest()
    )


def test_nothing_about_a_real_institution_is_dated_or_signed(nmg):
    lines = [json.loads(line) for line in (nmg / "ledger.jsonl").read_text("utf-8").splitlines()]

    assert {line["happened_at"] for line in lines} == {None}
    assert {line["happened_bound"] for line in lines} == {"2021 or later"}
    assert {line["actor"] for line in lines} == {"recorder"}


def test_without_the_print_only_comparison_and_manifest_differ(nmg, tmp_path):
    folder = copy_of("nmg-2021", tmp_path)
    (folder / "published.csv").unlink()

    done = run(folder, tmp_path / "out")

    assert done.returncode == 0
    assert "as published" not in done.stdout
    same = {
        file.name
        for file in nmg.iterdir()
        if (tmp_path / "out" / file.name).read_bytes() == file.read_bytes()
    }
    assert {file.name for file in nmg.iterdir()} - same == {"manifest.json"}


def test_one_changed_face_text_is_named(tmp_path):
    folder = copy_of("nmg-2021", tmp_path)
    rows = rows_of(folder / "published.csv")
    changed = next(row for row in rows if (row["kind"], row["serial"]) == ("makerspace", "20"))
    changed["face_text"] = "优秀"
    write_rows(folder / "published.csv", rows)

    done = run(folder, tmp_path / "out")

    assert done.returncode == 1
    assert "99 of 100 rows as published" in done.stdout
    assert "makerspace:20, face_text: published '优秀', computed '良好'" in done.stdout


# ---- the fictional round of 2025 --------------------------------------------------------------------------


def workings(out: Path) -> dict:
    return json.loads((out / "working.json").read_text("utf-8"))


def test_every_total_re_adds_from_its_working_to_the_last_digit(demo):
    cards = workings(demo)
    scores = {f"{row['kind']}:{row['serial']}": row["score"] for row in results(demo)["rows"]}

    added = {}
    for key, card in cards.items():
        if card["total"] is None:
            continue
        leaves = [line["points"] for group in card["groups"] for line in group["lines"]]
        added[key] = str(sum(map(Decimal, [*leaves, *(cap["points"] for cap in card["adjustments"])])))

    assert added == {key: score for key, score in scores.items() if score is not None}
    assert len(added) > 90


def test_whoever_failed_in_2024_and_fails_again_is_proposed_for_cancellation(demo):
    folder = EXAMPLES / "demo-2025"
    names = {
        (row["kind"], row["institution"]): f"{row['kind']}:{row['serial']}"
        for row in rows_of(folder / "register.csv")
    }
    history = folder / "history" / "2024"
    institutions = {
        (row["kind"], row["serial"]): row["institution"] for row in rows_of(history / "register.csv")
    }
    failed_2024 = {
        names.get((row["kind"], institutions[row["kind"], row["serial"]]))
        for row in rows_of(history / "decisions.csv")
        if row["grade"] == "unqualified" and row["outcome"] in ("graded", "absent")
    }
    pilots = {
        f"{row['kind']}:{row['serial']}"
        for row in rows_of(folder / "register.csv")
        if row["status"] == "pilot"
    }
    failed_2025 = {key for key, card in workings(demo).items() if card["grade"]["grade"] == "unqualified"}
    lines = [json.loads(line) for line in (demo / "ledger.jsonl").read_text("utf-8").splitlines()]
    [scored] = [line for line in lines if line["act"] == "score_round"]

    proposed = {key for key, outcomes in scored["details"]["proposals"].items() if "disqualified" in outcomes}

    assert proposed == (failed_2024 & failed_2025) - pilots
    assert len(proposed) >= 3


def test_the_upheld_objection_changes_one_institution_alone(demo, tmp_path):
    folder = copy_of("demo-2025", tmp_path)
    rows = rows_of(folder / "objections.csv")
    [upheld] = [row for row in rows if row["ruling"] == "upheld"]
    write_rows(folder / "objections.csv", [row for row in rows if row["ruling"] != "upheld"])

    done = run(folder, tmp_path / "out")

    assert done.returncode == 0, done.stderr
    before, after = results(tmp_path / "out")["rows"], results(demo)["rows"]
    changed = [
        (new["kind"], str(new["serial"])) for old, new in zip(before, after, strict=True) if old != new
    ]
    assert changed == [(upheld["kind"], upheld["serial"])]


def test_one_changed_figure_changes_one_working(demo, tmp_path):
    folder = copy_of("demo-2025", tmp_path)
    rows = rows_of(folder / "figures.csv")
    figure = next(
        row
        for row in rows
        if row["figure"] == "events" and row["status"] == "reported" and not row["returned_value"]
    )
    figure["value"] = str(int(figure["value"]) + 1)
    write_rows(folder / "figures.csv", rows)

    done = run(folder, tmp_path / "out")

    assert done.returncode == 0, done.stderr
    before, after = workings(demo), workings(tmp_path / "out")
    assert [key for key in before if before[key] != after[key]] == [f"{figure['kind']}:{figure['serial']}"]


def test_every_act_of_the_round_is_in_the_ledger(demo):
    acts = Counter(
        json.loads(line)["act"] for line in (demo / "ledger.jsonl").read_text("utf-8").splitlines()
    )

    assert set(acts) >= {
        "open_round",
        "submit",
        "correct",
        "withdraw",
        "approve",
        "return_fields",
        "assign_expert",
        "confirm_assignments",
        "declare_conflict",
        "score",
        "commit_frame",
        "draw_spot_checks",
        "record_finding",
        "record_integrity_hit",
        "score_round",
        "propose_decision",
        "confirm_decisions",
        "give_public_notice",
        "lodge_objection",
        "rule_objection",
        "revise_decision",
        "publish",
        "hand_in_rectification",
        "accept_rectification",
        "deregister",
    }


def test_a_refused_act_is_told_of_its_row_and_leaves_nothing(tmp_path):
    folder = copy_of("demo-2025", tmp_path)
    rows = rows_of(folder / "preliminary_reviews.csv")
    other = next(row["by"] for row in rows if row["by"] != rows[0]["by"])
    rows[0]["by"] = other
    write_rows(folder / "preliminary_reviews.csv", rows)

    done = run(folder, tmp_path / "out")

    assert done.returncode == 2
    assert len(done.stderr.splitlines()[-1:]) == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith("hatchmark run: preliminary_reviews.csv, row 2")
    assert "this institution belongs to" in last
    assert not (tmp_path / "out").exists()


def test_a_round_stopped_early_leaves_its_ledger_and_no_results(tmp_path):
    done = run(EXAMPLES / "demo-2025", tmp_path / "out", "--until", "submission")

    assert done.returncode == 0, done.stderr
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == ["ledger.jsonl", "manifest.json"]
    acts = {
        json.loads(line)["act"]
        for line in (tmp_path / "out" / "ledger.jsonl").read_text("utf-8").splitlines()
    }
    assert "submit" in acts and "approve" not in acts


def test_the_output_does_not_overwrite_the_input(tmp_path):
    folder = copy_of("nmg-2021", tmp_path)
    before = {file.name: file.read_bytes() for file in folder.iterdir()}

    done = run(folder, folder)

    assert (done.returncode, "would overwrite the input, or lie in it" in done.stderr) == (2, True)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_a_later_run_leaves_no_file_that_it_did_not_make(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    for name in ("working.json", "results.json", "my-notes.txt"):
        (out / name).write_text("from before", "utf-8")

    done = run(EXAMPLES / "demo-2025", out, "--until", "call")

    assert done.returncode == 0, done.stderr
    assert sorted(file.name for file in out.iterdir()) == ["ledger.jsonl", "manifest.json", "my-notes.txt"]


def test_an_output_that_cannot_be_is_refused_before_the_round_is_performed(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")

    done = run(EXAMPLES / "nmg-2021", tmp_path / "file" / "out")

    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        f"hatchmark run: {tmp_path / 'file' / 'out'}: {tmp_path / 'file'} is a file, not a folder; "
        "name another folder with --out"
    ]
