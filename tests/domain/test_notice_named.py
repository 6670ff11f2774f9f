"""Institutions that a notice names with a result: those of its tables by the letter, others by how names end."""

import pytest
from notice_values import notice

from hatchmark.domain.notice_named import NameIndex, read_named_alone, read_named_results

NAMES = ("示例甲众创空间", "示例乙众创空间", "示例丙创客汇")


def results(*paragraphs: str) -> list[tuple[str, str]]:
    return [(each.name, each.outcome) for each in read_named_results(notice(paragraphs=paragraphs), NAMES)]


@pytest.mark.parametrize(
    "sentence",
    [
        "示例甲众创空间、示例丙创客汇评定为优秀。",
        "评价为优秀的有示例甲众创空间和示例丙创客汇。",
        "优秀：示例甲众创空间、示例丙创客汇。",
        "示例甲众创空间（优秀）、示例丙创客汇（优秀）。",
    ],
)
def test_the_result_stands_behind_the_names_before_them_or_in_brackets(sentence):
    assert results(sentence) == [("示例甲众创空间", "excellent"), ("示例丙创客汇", "excellent")]


@pytest.mark.parametrize(
    "sentence",
    [
        "上年度示例甲众创空间评为优秀。",
        "示例甲众创空间连续两年评为优秀的，给予奖励。",
        "示例甲众创空间由良好提升为优秀。",
        "请示例甲众创空间向优秀的单位学习。",
    ],
)
def test_other_rounds_conditions_and_rises_give_none(sentence):
    assert results(sentence) == []


def test_each_name_has_the_result_next_to_it():
    assert results("示例甲众创空间为优秀，示例乙众创空间、示例丙创客汇为良好。") == [
        ("示例甲众创空间", "excellent"),
        ("示例乙众创空间", "good"),
        ("示例丙创客汇", "good"),
    ]


def test_names_outside_every_count_are_counted():
    value = notice(
        paragraphs=(
            "示例甲众创空间等5家评为不合格。示例乙众创空间、示例丁众创空间评为不合格，取消资格。",
            "各众创空间评为不合格的应当整改。",
        )
    )

    assert [(each.names, each.outcome) for each in read_named_alone(value)] == [(2, "unqualified")]


def test_the_longest_name_that_begins_at_a_place_counts():
    index = NameIndex(["示例甲众创", "示例甲众创空间", "短"])

    assert index.spans("见示例甲众创空间与示例甲众创") == [(1, 8), (9, 14)]
    assert not NameIndex(["短"])
