"""Whatever a round decided, the notice that we write of it is read back from its file as consistent, row for row."""

import re
from collections import Counter

import hypothesis
from hypothesis import given, settings
from hypothesis import strategies as st
from written_notices import KINDS, Written, rounds

from hatchmark.documents.docx import notice_docx
from hatchmark.documents.pdf import notice_pdf
from hatchmark.domain.notice_reading import even_out
from hatchmark.domain.notices import Column, Counted
from hatchmark.domain.outcomes import Outcome
from hatchmark.domain.published_notices import NoticeCheck, NoticeColumn, Severity, Verdict
from hatchmark.services.notice_check import check_notice_bytes

READ = {
    Column.SERIAL: NoticeColumn.SERIAL,
    Column.NAME: NoticeColumn.NAME,
    Column.OPERATORS: NoticeColumn.OPERATOR,
    Column.CHANNEL: NoticeColumn.CHANNEL,
    Column.RESULT: NoticeColumn.RESULT,
}


def bare(text: str) -> str:
    """A cell without white space, which a page may break anywhere, and in the widths of the reader."""
    return re.sub(r"\s", "", even_out(text))


def written(round_: Written) -> list[list[dict[NoticeColumn, str]]]:
    return [
        [
            {
                READ[column]: bare(cell)
                for column, cell in zip(annex.columns, row.cells, strict=True)
                if column in READ
            }
            for row in annex.rows
        ]
        for annex in round_.notice.annexes
    ]


def read(check: NoticeCheck) -> list[list[dict[NoticeColumn, str]]]:
    return [
        [
            {
                column: bare(cell.raw)
                for column in READ.values()
                if (cell := row.cell(table, column)) is not None
            }
            for row in table.rows
        ]
        for table in check.notice.tables
    ]


def assert_read_back(round_: Written, check: NoticeCheck, *, lacking: str = "") -> None:
    """`lacking` are characters that the fonts of the page do not have: it prints their code points."""
    shown = {ord(character): f"〔U+{ord(character):04X}〕" for character in lacking}
    errors = [(f.code, f.message) for f in check.findings if f.severity is not Severity.INFO]
    assert (check.verdict, errors) == (Verdict.CONSISTENT, [])
    assert read(check) == [
        [{column: cell.translate(shown) for column, cell in row.items()} for row in rows]
        for rows in written(round_)
    ]
    assert [table.kind for table in check.notice.tables] == [annex.kind for annex in round_.notice.annexes]
    # Consistent by what was checked, and not for want of anything read.
    said = [claim.count for claim in round_.notice.claims if claim.counted is Counted.ROWS]
    assert [claim.count for claim in check.claims] == said


@given(rounds())
@settings(max_examples=200, deadline=None, suppress_health_check=list(hypothesis.HealthCheck))
def test_each_of_200_random_rounds_is_read_back_from_word_as_consistent(round_):
    assert_read_back(round_, check_notice_bytes(notice_docx(round_.notice), file="notice.docx"))


@given(rounds())
@settings(max_examples=30, deadline=None, suppress_health_check=list(hypothesis.HealthCheck))
def test_random_rounds_are_read_back_from_pdf_as_consistent(round_):
    assert_read_back(round_, check_notice_bytes(notice_pdf(round_.notice), file="notice.pdf"), lacking="𠀀")


@given(rounds(st.just((60, 240))))
@settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=list(hypothesis.HealthCheck),
    phases=[phase for phase in hypothesis.Phase if phase is not hypothesis.Phase.shrink],
)
def test_a_round_of_300_rows_is_read_back_from_word_as_consistent(round_):
    assert_read_back(round_, check_notice_bytes(notice_docx(round_.notice), file="notice.docx"))


def test_the_random_rounds_hold_every_sort_of_row_and_of_size():
    """What the two tests above would mean little without."""
    found: Counter[str] = Counter()

    @given(rounds())
    @settings(
        max_examples=200,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    def look(round_):
        by_kind = {kind: sum(key.kind == kind for key in round_.decisions) for kind in KINDS}
        found.update(f"no {kind}" for kind, size in by_kind.items() if size == 0)
        found["one row"] += sum(by_kind.values()) == 1
        for outcome in {decision.outcome for decision in round_.decisions.values()}:
            found[outcome] += 1
        names = [row[NoticeColumn.NAME] for table in written(round_) for row in table]
        found["brackets"] += any("（" in name for name in names)
        found["a count in a name"] += any("10家" in name for name in names)

    look()
    rare = {what: found[what] for what in (*Outcome, "no incubator", "no makerspace", "one row",
                                           "brackets", "a count in a name") if found[what] < 5}  # fmt: skip
    assert rare == {}
