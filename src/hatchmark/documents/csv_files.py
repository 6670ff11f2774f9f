"""Writes the results as .csv for people and as .json for programs. Values in, bytes out."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from hatchmark.documents.printable import printable
from hatchmark.domain.results import RoundResults, Row
from hatchmark.domain.vocabulary import Vocabulary

COLUMNS = (
    "kind",
    "kind_title",
    "serial",
    "name",
    "aliases",
    "operators_printed",
    "operators",
    "channel",
    "region",
    "mode",
    "grade",
    "grade_label",
    "outcome",
    "carried_from",
    "face_text",
    "score",
)

# A spreadsheet takes a cell that begins so for a formula, and a formula can call a program.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def results_csv(results: RoundResults, vocabulary: Vocabulary, *, marks: Sequence[str] = ()) -> bytes:
    """Return one row per result, UTF-8 with a byte-order mark, CRLF: as Excel and WPS open it.

    The columns are those of results.json with the authority's labels beside the codes. `marks` stand in a
    last column, on every row: a row that is cut out keeps them.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    head = [*COLUMNS, "mark"] if marks else list(COLUMNS)
    writer.writerow(head)
    for row in results.rows:
        cells = [*_cells(row, vocabulary), *(["；".join(marks)] if marks else [])]
        writer.writerow(
            [
                inert(printable(cell, where=f"{row.key} {name}"))
                for cell, name in zip(cells, head, strict=True)
            ]
        )
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def _cells(row: Row, vocabulary: Vocabulary) -> list[str]:
    return [
        row.key.kind,
        vocabulary.kinds[row.key.kind].title,
        str(row.key.serial),
        row.name,
        "|".join(row.aliases),
        row.operators_printed,
        "|".join(row.operators),
        row.channel,
        row.region or "",
        row.mode.value,
        row.grade.value if row.grade else "",
        vocabulary.grades[row.grade] if row.grade else "",
        row.outcome.value,
        str(row.carried_from) if row.carried_from else "",
        row.face_text,
        row.score or "",
    ]


def inert(cell: str) -> str:
    """Return a cell that no spreadsheet runs: what begins like a formula gets an apostrophe before it."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def results_json(results: RoundResults) -> bytes:
    """Return results.json."""
    return document_json(results.as_document())


def document_json(document: Mapping[str, Any]) -> bytes:
    """Return a JSON file: keys sorted, one space of indent, characters as they are, a line end at the end."""
    return f"{json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)}\n".encode()
