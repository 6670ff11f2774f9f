"""What a reader asks for in the address, and the rows that it leaves."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatchmark.domain.outcomes import EntryKey, Grade, Mode, Outcome
from hatchmark.domain.results import Row
from hatchmark.web.paging import LONGEST_WORD
from hatchmark.web.results import Filter, Page, ResultClass, class_of, folded

ROW = Row(
    key=EntryKey("makerspace", 1),
    name="示例创客ＡBC空间（几字湾众创空间）",
    aliases=("几字湾众创空间",),
    operators_printed="示例甲公司（2020年变更为示例乙中心）",
    operators=("示例乙中心",),
    channel="包头市",
    region="150200",
    mode=Mode.EVALUATED,
    grade=Grade.GOOD,
    outcome=Outcome.GRADED,
    carried_from=None,
    face_text="良好",
    score="82.35",
)
OTHER = replace(
    ROW,
    key=EntryKey("incubator", 2),
    name="示例丙孵化器",
    aliases=(),
    operators_printed="示例丙公司",
    operators=("示例丙公司",),
    channel="高校",
    region=None,
    grade=None,
    outcome=Outcome.DISQUALIFIED,
    face_text="取消科技企业孵化器资格",
    score=None,
)
ROWS = (OTHER, ROW)
REGIONS = {"150200": "150200"}


@pytest.mark.parametrize(
    ("address", "left"),
    [
        ({}, ROWS),
        ({"q": "示例"}, ROWS),
        ({"q": "abc"}, (ROW,)),
        ({"q": "创客 乙中心"}, (ROW,)),
        ({"q": "创客 丙"}, ()),
        ({"q": "变更"}, (ROW,)),
        ({"q": "几 字 湾"}, (ROW,)),
        ({"kind": "incubator"}, (OTHER,)),
        ({"kind": "accelerator"}, ()),
        ({"result": "good"}, (ROW,)),
        ({"result": "disqualified"}, (OTHER,)),
        ({"channel": "高校"}, (OTHER,)),
        ({"channel": "高"}, ()),
        ({"region": "150200"}, (ROW,)),
        ({"region": "none"}, (OTHER,)),
        ({"kind": "incubator", "result": "good"}, ()),
    ],
)
def test_a_filter_leaves_exactly_the_rows_that_are_asked_for(address, left):
    assert tuple(Filter.read(address).apply(ROWS, region_of=REGIONS)) == left


def test_the_address_of_a_filter_reads_back_as_that_filter():
    wanted = Filter(
        q="创客 & 空间", kind="makerspace", result="good", channel="包头市", region="150200", page=3
    )

    from django.http import QueryDict

    assert Filter.read(QueryDict(wanted.address(page=3)[1:])) == wanted


def test_a_changed_filter_starts_on_its_first_page():
    assert Filter(q="x", page=7).address(kind="incubator") == "?q=x&kind=incubator"


@given(st.text(max_size=400))
def test_any_words_are_read_and_bounded(text):
    wanted = Filter.read({"q": text, "page": text})

    assert len(wanted.q) <= LONGEST_WORD
    assert wanted.q.isprintable()
    assert wanted.page >= 1
    assert set(wanted.apply(ROWS, region_of={})) <= set(ROWS)


def test_full_width_and_case_are_one_letter():
    assert folded("ＡＢc Ｄ") == "abcd"


@pytest.mark.parametrize(
    ("outcome", "grade", "expected"),
    [
        (Outcome.GRADED, Grade.EXCELLENT, ResultClass.EXCELLENT),
        (Outcome.PILOT_CANCELLED, Grade.UNQUALIFIED, ResultClass.PILOT_CANCELLED),
        (Outcome.DISQUALIFIED, None, ResultClass.DISQUALIFIED),
        (Outcome.CARRIED, Grade.GOOD, ResultClass.CARRIED),
        (Outcome.ABSENT, Grade.UNQUALIFIED, ResultClass.ABSENT),
    ],
)
def test_an_outcome_beside_or_instead_of_a_grade_is_a_class_of_its_own(outcome, grade, expected):
    assert class_of(replace(ROW, outcome=outcome, grade=grade)) is expected


@given(st.integers(min_value=0, max_value=450), st.integers(min_value=1, max_value=10**7))
def test_pages_cut_the_rows_without_losing_one(total, number):
    rows = [replace(ROW, key=EntryKey("makerspace", serial)) for serial in range(1, total + 1)]
    page = Page.of(rows, number)

    every = [row for each in range(1, page.last + 1) for row in Page.of(rows, each).rows]

    assert every == rows
    assert 1 <= page.number <= page.last
