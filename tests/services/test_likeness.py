"""Names are found by what is rare in them or by their sound, and the work grows with their number alone."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hatchmark.domain.identity import LikePair
from hatchmark.services.likeness import NameLikeness

CHARACTERS = (
    "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨露结为霜金生丽水玉出昆冈"
)


def pairs(*names: str, at_least: int = 850) -> list[LikePair]:
    return list(NameLikeness().pairs_of(names, at_least=at_least))


def test_a_pair_is_measured_by_the_characters_that_both_have_in_order():
    assert pairs("示例甲乙丙丁戊己", "示例甲乙丙丁戊庚", at_least=870) == [
        LikePair(first=0, second=1, per_mille=875)
    ]
    assert pairs("示例甲乙丙丁戊己", "示例甲乙丙丁戊庚", at_least=880) == []


def test_names_that_sound_the_same_are_found_however_they_are_written():
    assert pairs("示例梦源", "事例孟缘", at_least=999) == [LikePair(first=0, second=1, per_mille=250)]


def test_equal_names_and_strangers_are_no_pairs():
    assert pairs("示例孵化器", "示例孵化器", "别的名称") == []
    assert pairs("", "a", "ab") == []


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("源", "缘", True),
        ("旗", "期", True),
        ("重", "虫", True),
        ("淘", "惠", False),
        ("A", "A", True),
        ("A", "B", False),
    ],
)
def test_two_characters_sound_alike_by_any_reading_tones_aside(one, other, alike):
    assert NameLikeness().sounds_alike(one, other) is alike


@given(st.lists(st.text(CHARACTERS, min_size=4, max_size=12), min_size=2, max_size=20, unique=True))
@settings(max_examples=60, deadline=None)
def test_each_pair_is_told_once_in_order_and_is_as_alike_as_was_asked(names):
    likeness = NameLikeness()

    found = list(likeness.pairs_of(names, at_least=700))

    assert len({(pair.first, pair.second) for pair in found}) == len(found)
    for pair in found:
        assert 0 <= pair.first < pair.second < len(names)
        assert pair.per_mille >= 700 or likeness.sounds_alike(names[pair.first][0], names[pair.second][0])


@given(
    st.text(CHARACTERS, min_size=8, max_size=14),
    st.text(CHARACTERS, min_size=1, max_size=2),
    st.lists(st.text("众创空间科技孵化器有限公司管理", min_size=8, max_size=14), max_size=40),
    st.data(),
)
@settings(max_examples=80, deadline=None)
def test_a_name_with_a_few_characters_more_is_found_among_many(name, more, others, data):
    at = data.draw(st.integers(0, len(name)))
    longer = name[:at] + more + name[at:]

    assert any(
        (pair.first, pair.second) == (0, 1)
        for pair in NameLikeness().pairs_of([name, longer, *others], at_least=850)
    )


def test_4000_names_of_2000_rows_cost_a_small_part_of_all_their_pairs():
    # Two rare characters tell each name; all else is what institutions share: place, trade, legal form.
    stems = [a + b for a, b in combinations(CHARACTERS, 2)][:1000]
    names = [
        f"示例{place}{stem}{tail}"
        for stem in stems
        for place, tail in (
            ("市甲区", "众创空间"), ("市乙区", "科技企业孵化器"), ("", "科技有限公司"), ("自治区", "创业服务有限公司"),
        )
    ]  # fmt: skip
    assert len(set(names)) == 4000
    likeness = NameLikeness()

    found = list(likeness.pairs_of(names, at_least=850))

    assert likeness.compared <= 60 * len(names)
    assert len(found) <= likeness.compared


def test_a_crowd_of_names_that_sound_alike_meets_its_neighbours_alone():
    # 原, 源, 元, 园 … in two places: 400 spellings of one sound.
    same = "元原源园圆员援缘袁垣辕猿媛芫沅爰螈橼塬羱"
    names = [f"示例{one}{other}" for one in same for other in same]
    likeness = NameLikeness()

    found = list(likeness.pairs_of(names, at_least=990))

    assert 0 < len(found) <= likeness.compared <= 40 * len(names)
