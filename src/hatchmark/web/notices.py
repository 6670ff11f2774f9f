"""A result notice as a page: the sentences of the document, where a count leads to the rows it counts."""

from collections.abc import Mapping
from typing import Any

from hatchmark.domain.notices import Claim, Counted, Part, ResultNotice, Role, Sentence
from hatchmark.domain.outcomes import EntryKey
from hatchmark.domain.results import RoundResults
from hatchmark.web.results import Filter, ResultClass, class_of


def paragraphs_of(notice: ResultNotice, results: RoundResults, *, address: str) -> list[dict[str, Any]]:
    """Return the paragraphs of the notice, each a list of parts with or without an address."""
    by_rows = _filters_by_rows(results)
    return [
        {
            "heading": paragraph.role is Role.HEADING,
            "parts": [
                part
                for sentence in paragraph.sentences
                for part in _parts(sentence, by_rows=by_rows, address=address)
            ],
        }
        for paragraph in notice.paragraphs
    ]


def _parts(
    sentence: Sentence, *, by_rows: Mapping[frozenset[EntryKey], Filter], address: str
) -> list[dict[str, str]]:
    return [{"text": str(part), "address": _address(part, by_rows, address)} for part in sentence.parts]


def _address(part: Part, by_rows: Mapping[frozenset[EntryKey], Filter], address: str) -> str:
    """Return where exactly the rows of a count stand, if one list of the site shows them and no others."""
    if not isinstance(part, Claim) or part.counted is not Counted.ROWS:
        return ""
    found = by_rows.get(frozenset(part.of))
    return f"{address}{found.address()}#list" if found else ""


def _filters_by_rows(results: RoundResults) -> dict[frozenset[EntryKey], Filter]:
    found: dict[frozenset[EntryKey], Filter] = {}
    for kind in results.kinds:
        rows = results.rows_of(kind)
        for result in ResultClass:
            found[frozenset(row.key for row in rows if class_of(row) is result)] = Filter(
                kind=kind, result=result.value
            )
        found[frozenset(row.key for row in rows)] = Filter(kind=kind)
    return found
