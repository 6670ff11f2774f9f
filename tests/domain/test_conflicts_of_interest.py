import re
from pathlib import Path

import pytest

from hatchmark.domain.conflicts import CONFLICT_TITLES, EntryFacts, MayScore, computed_conflict, may_score

ENTRY = EntryFacts(
    institution="示例众创空间", operators=("示例科技有限公司", "示例农业大学招生就业处"), channel="示例市"
)


@pytest.mark.parametrize(
    ("employer", "with_whom"),
    [
        ("示例众创空间", "参评机构“示例众创空间”"),
        ("示例科技有限公司", "运营机构“示例科技有限公司”"),
        (" 示例科技 有限公司", "运营机构“示例科技有限公司”"),
        ("示例农业大学", "运营机构“示例农业大学招生就业处”"),
        ("示例科技有限公司第一分公司", "运营机构“示例科技有限公司”"),
        ("示例市科技局", "主管部门“示例市”"),
        ("示例市教育科技局", "主管部门“示例市”"),
    ],
)
def test_who_is_employed_by_a_party_must_stand_back(employer: str, with_whom: str):
    assert may_score(employer=employer, entry=ENTRY) == MayScore(
        allowed=False,
        conflict="same_unit",
        reason=f"应当回避：所在单位“{employer}”与{with_whom}为同一单位",
    )


@pytest.mark.parametrize(
    "employer",
    [
        "示例工业大学",
        "示例市财政局",
        "示例市示例咨询有限公司",
        "示例科技股份有限公司",
        "示例",
        "示例大学",
        "",
    ],
)
def test_who_is_employed_elsewhere_may_judge(employer: str):
    assert may_score(employer=employer, entry=ENTRY) == MayScore(
        allowed=True, conflict="", reason="无应当回避的情形"
    )


def test_a_unit_of_the_supervising_university_is_the_same_unit():
    found = computed_conflict(
        employer="示例农业大学经济管理学院",
        institution="示例空间",
        operators=["示例公司"],
        channel="示例农业大学",
    )
    assert found == "same_unit"


def test_no_party_no_conflict():
    assert (
        computed_conflict(employer="示例工业大学", institution="示例空间", operators=[], channel="高校")
        is None
    )


def test_a_declared_conflict_forbids_whatever_the_register_says():
    assert may_score(employer="示例工业大学", entry=ENTRY, declared="adviser") == MayScore(
        allowed=False, conflict="adviser", reason="已申报回避：担任参评机构顾问或导师"
    )


def test_an_unknown_conflict_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="no conflict 'friendship'; there are: same_unit, relative"):
        may_score(employer="示例工业大学", entry=ENTRY, declared="friendship")


def test_the_kinds_are_those_of_the_round_folder():
    page = (Path(__file__).parents[2] / "docs" / "reference" / "round-folder.md").read_text("utf-8")
    listed = re.search(r"conflict \(empty, or (.+?)\)", page)
    assert listed is not None
    assert list(CONFLICT_TITLES) == listed[1].split(", ")
