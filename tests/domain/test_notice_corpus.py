"""Is a published notice read as a careful official reads it?

What the notices in tests/notice_corpus measure, and what they no longer do, is told in its README. The first half of
these tests holds the corpus itself to account, so that the second half, which runs the reader over it, says something.
"""

import importlib.util
import re
import sys
from collections import Counter
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from types import ModuleType

import pytest

CORPUS = Path(__file__).resolve().parents[1] / "notice_corpus"


def _load_scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("notice_corpus_scorer", CORPUS / "scorer.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


scorer = _load_scorer()
CASES = tuple(case for name in scorer.SETS for case in scorer.cases_of(name))
NAMED = [pytest.param(case, id=f"{case.path.parent.name}/{case.name}") for case in CASES]
EACH_CASE = pytest.mark.parametrize("case", NAMED)
EACH_SET = pytest.mark.parametrize("name", scorer.SETS)

TAG = re.compile(r"<(script|style)\b.*?</\1>|<[^>]+>", re.S)
LISTED = re.compile(r"^\s*[(（]?\d+[)）.、．]\s*(?=\S{0,6}示例)")
GRADE_SUFFIX = re.compile(r"[类级档等]$")


def _plain(case) -> str:
    """The text with one cell or paragraph a line."""
    if case.path.suffix == ".html":
        broken = re.sub(r"</(p|td|th|tr|li|h\d|div)>|<br\s*/?>", "\n", case.text)
        return TAG.sub("", broken)
    return case.text


def _cells(case) -> list[str]:
    return [scorer.even(cell) for line in _plain(case).split("\n") for cell in re.split(r"[\t|]", line)]


def _narrative(case) -> str:
    """The text without the lines of tables and lists of names."""
    lines = _plain(case).split("\n")
    return scorer.even("".join(line for line in lines if "\t" not in line and not LISTED.match(line)))


def _row_count(case) -> int:
    """Data rows by their serial: a line of cells or a list item that begins with a number, or an html row."""
    if case.path.suffix == ".html":
        return len(re.findall(r"<tr\b[^>]*>\s*<td\b[^>]*>\s*(?:<p>)?\s*\d+\s*<", case.text))
    serial = re.compile(r"^(?:\t?\d{1,3}\s*$|\t?\d+\t|\|?\s*\d+\s*\|)")
    return sum(bool(serial.match(line) or LISTED.match(line)) for line in case.text.split("\n"))


# ---- the corpus itself --------------------------------------------------------------------------------------


def test_each_set_holds_every_verdict_often_enough_to_measure() -> None:
    by_set = {name: Counter(min(case.verdicts) for case in scorer.cases_of(name)) for name in scorer.SETS}

    assert set(by_set) == {"dev", "held_out"}
    for verdicts in by_set.values():
        assert verdicts.total() >= 30
        assert verdicts["contradictory"] >= 10
        assert verdicts["explained"] >= 5
        assert verdicts["not_checkable"] >= 3
        assert verdicts["consistent"] >= 12


@EACH_CASE
def test_every_expected_claim_stands_in_its_notice(case) -> None:
    text = scorer.even(TAG.sub("", case.text))

    assert [claim.anchor for claim in case.claims if scorer.even(claim.anchor) not in text] == []
    assert [claim for claim in case.claims if not _names_count(claim)] == []


def _names_count(claim) -> bool:
    """Whether the number of a claim is in its anchor, in one numeral or another."""
    numerals = {str(claim.count), _chinese(claim.count)}
    if claim.count == 2:
        numerals.add("两")
    anchor = scorer.even(claim.anchor).replace("廿", "二十").replace(",", "")
    return any(numeral in anchor for numeral in numerals)


def _chinese(number: int) -> str:
    """1 to 999 in Chinese numerals."""
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(number % 1000, 100)
    tens, ones = divmod(rest, 10)
    if hundreds:
        head = digits[hundreds] + "百" + (digits[tens] + "十" if tens else "零" if ones else "")
    else:
        head = ("" if tens == 1 else digits[tens]) + "十" if tens else ""
    return head + (digits[ones] if ones else "") or "零"


@EACH_CASE
def test_the_annexes_hold_what_is_said_of_them(case) -> None:
    cells = Counter(_cells(case))
    wanted: Counter[str] = Counter()
    for table in case.tables:
        wanted.update({scorer.even(label): rows for label, rows in table.outcomes.items()})
    in_cells = {label: rows for label, rows in wanted.items() if cells[label]}

    assert {label: cells[label] for label in in_cells} == in_cells
    assert _row_count(case) == sum(table.rows for table in case.tables)


def _better_within(case, claim) -> int:
    """What is stated as a part of a claim right after it: 合格18家，其中优秀7家 prints 11 rows of 合格."""
    following = case.claims[case.claims.index(claim) + 1 :][:1]
    return sum(part.count for part in following if part.relations == {"subset"})


def _counted_by(label: str, row: str) -> bool:
    """Whether a row with the result `row` is one of those that `label` counts: 优秀 in 优秀（A类）, not 合格 in 不合格."""  # noqa: E501
    if label == "取消" and "试点" in row:
        return False
    bare = GRADE_SUFFIX.sub("", label)
    if bare in "ABCD":
        return re.search(rf"{bare}(?![A-Za-z])", row) is not None
    return re.search(rf"(?<![不基])(?<!基本){re.escape(bare)}", row) is not None


@EACH_CASE
def test_a_consistent_notice_agrees_and_a_planted_contradiction_contradicts(case) -> None:
    if case.verdicts == {"consistent"}:
        for claim in case.claims:
            if claim.relations != {"disjoint"} or claim.scopes != {"all"} or len(claim.kinds) > 1:
                continue
            rows = [
                (label, count)
                for table in case.tables
                if not claim.kinds & {""} and table.kind in claim.kinds
                for label, count in table.outcomes.items()
                if _counted_by(claim.label, scorer.even(label))
            ]
            counted = sum(count for _, count in rows)
            assert not rows or counted in (claim.count, claim.count - _better_within(case, claim)), claim
    for planted in case.planted:
        if planted.codes:
            continue
        assert planted.stated != planted.counted
        assert planted.stated in {case.claims[at].count for at in planted.claims}


@EACH_CASE
def test_everything_named_in_a_notice_is_invented(case) -> None:
    assert case.issuer is None or "示例" in case.issuer
    assert case.document_number is None or "示例" in case.document_number
    named = re.compile(r"(有限责任公司|有限公司|孵化器|众创空间|加速器|科技园|星创天地|创客空间|学院|中心)$")
    own = re.compile(
        r"(科技企业)?(名称|单位|主体|机构|孵化器|众创空间|创客空间|加速器|(大学)?科技园|星创天地)$"
    )
    cells = [cell for cell in _cells(case) if named.search(cell) and "\n" not in cell]
    in_rows = [cell for cell in cells if len(cell) > 4 and not own.fullmatch(cell)]

    assert [cell for cell in in_rows if "示例" not in cell and not _is_heading(cell)] == []


def _is_heading(cell: str) -> bool:
    return (
        re.search(r"[年度、：:。，（(]|^[一二三四五六七八九十附表]|[AB]级|类别|名称|考核|评价", cell)
        is not None
    )


def test_no_two_notices_are_worded_alike() -> None:
    def shingles(case) -> frozenset[str]:
        text = re.sub(r"[^\u4e00-\u9fff]", "", _narrative(case))
        return frozenset(text[at : at + 6] for at in range(len(text) - 5))

    by_case = [(case.name, shingles(case)) for case in CASES]
    alike = [
        (one, other)
        for (one, first), (other, second) in combinations(by_case, 2)
        if len(first & second) * 5 > len(first | second)
    ]

    assert len(by_case) >= 60
    assert alike == []


# ---- the reader over the corpus -------------------------------------------------------------------------------

ENOUGH = Fraction(98, 100)


@pytest.fixture(scope="module", params=scorer.SETS)
def score(request: pytest.FixtureRequest):
    from hatchmark.services.notice_check import check_notice_file

    return scorer.score_set(request.param, check_notice_file)


def test_claims_are_found_and_none_is_made_up(score) -> None:
    assert score.precision >= ENOUGH, scorer.misses_of(score)
    assert score.recall >= ENOUGH, scorer.misses_of(score)


def test_every_planted_contradiction_is_found_and_no_other(score) -> None:
    assert (score.planted_missed, score.false_errors) == (0, 0), scorer.misses_of(score)


def test_every_verdict_is_right(score) -> None:
    assert score.wrong_verdicts == (), scorer.misses_of(score)


def test_issuer_year_and_document_number_are_read(score) -> None:
    assert [miss for case in score.cases for miss in case.head] == [], scorer.misses_of(score)
