"""results.csv and results.json: whole, for people and for programs, and nothing a spreadsheet would run."""

import csv
import io
import json

import pytest
from notice_samples import HOSTILE, VOCABULARY, hostile_round, live_round, past_round

from hatchmark.documents.csv_files import COLUMNS, inert, results_csv, results_json
from hatchmark.domain.notices import FICTIONAL
from hatchmark.domain.results import digest_of, results_from_document


def read(payload):
    assert payload.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(payload.decode("utf-8-sig"), newline="")))


def test_a_row_has_codes_and_the_labels_of_the_authority():
    notice, results = live_round()

    head, first, *rest = read(results_csv(results, VOCABULARY, marks=notice.marks))

    assert dict(zip(head, first, strict=True)) == {
        "kind": "incubator",
        "kind_title": "科技企业孵化器",
        "serial": "1",
        "name": "示例孵化器甲",
        "aliases": "",
        "operators_printed": "示例孵化器甲运营",
        "operators": "示例孵化器甲",
        "channel": "示例市",
        "region": "150100",
        "mode": "evaluated",
        "grade": "good",
        "grade_label": "良好",
        "outcome": "graded",
        "carried_from": "",
        "face_text": "良好",
        "score": "89.01",
        "mark": FICTIONAL,
    }
    assert len(rest) == 8


def test_there_is_one_row_per_result_in_printed_order_and_lines_end_as_windows_wants():
    _, results = past_round()
    payload = results_csv(results, VOCABULARY)

    head, *rows = read(payload)

    assert tuple(head) == COLUMNS
    assert [(row[0], int(row[2]), row[3]) for row in rows] == [
        (row.key.kind, row.key.serial, row.name) for row in results.rows
    ]
    assert payload.count(b"\r\n") == payload.count(b"\n") == 101


def test_cells_that_look_like_formulas_are_inert():
    _, results = hostile_round()

    _, *rows = read(results_csv(results, VOCABULARY))

    shown = {"\t": "〔U+0009〕", "\x07": "〔U+0007〕", "\u202e": "〔U+202E〕"}
    names = ["".join(shown.get(c, c) for c in name) for name in HOSTILE]
    assert [row[3] for row in rows] == [f"'{n}" if n[0] in "=+-@" else n for n in names]
    assert [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_every_start_of_a_formula_is_known(start):
    assert inert(f"{start}1") == f"'{start}1"


@pytest.mark.parametrize("cell", ["", "良好", "1=1", "内蒙古+示例", "'=1"])
def test_other_cells_stay_as_they_are(cell):
    assert inert(cell) == cell


def test_json_is_the_document_in_one_fixed_form():
    _, results = past_round()

    payload = results_json(results)

    document = json.loads(payload)
    assert document == results.as_document()
    assert document["digest"] == digest_of(document)
    assert results_from_document(document) == results
    assert payload.startswith('{\n "authority": "示例自治区科学技术厅",\n "counts": {'.encode())
    assert payload.endswith(b"}\n")
    assert results_json(results) == payload
    assert list(document) == sorted(document)
