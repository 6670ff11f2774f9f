"""The pictures: parts that sum to the bar, tiles that sum to the table, numbers that are the counts."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from hatchmark.web import charts
from hatchmark.web.results import ResultClass

RESULTS = st.lists(st.sampled_from(list(ResultClass)), min_size=1, max_size=300)


@given(RESULTS)
def test_the_parts_of_a_bar_fill_it_in_the_order_of_the_classes(results):
    drawn = charts.bar(results, longest=len(results))

    assert drawn.total == len(results)
    assert [(part.result, part.count) for part in drawn.segments] == [
        (result, results.count(result)) for result in ResultClass if result in results
    ]
    ends = Fraction(0)
    for part in drawn.segments:
        assert abs(Fraction(part.x.rstrip("%")) - ends) <= Fraction(1, 50)
        ends = Fraction(part.x.rstrip("%")) + Fraction(part.width.rstrip("%"))
    assert abs(ends - 100) <= Fraction(1, 50)


def test_a_part_too_narrow_for_its_digits_carries_no_number():
    drawn = charts.bar([ResultClass.GOOD] * 2 + [ResultClass.QUALIFIED] * 98, longest=100)

    assert [(part.result, part.fits) for part in drawn.segments] == [
        (ResultClass.GOOD, False),
        (ResultClass.QUALIFIED, True),
    ]


def test_a_share_is_written_half_up_without_a_float():
    assert charts.percent(Fraction(1, 3)) == "33.33%"
    assert charts.percent(Fraction(1, 80000)) == "0.00%"
    assert charts.percent(Fraction(1, 20000)) == "0.01%"
    assert charts.percent(Fraction(1)) == "100.00%"


def test_the_largest_class_may_be_several():
    tied = [
        ResultClass.GOOD,
        ResultClass.EXCELLENT,
        ResultClass.GOOD,
        ResultClass.EXCELLENT,
        ResultClass.ABSENT,
    ]

    assert charts.largest(tied) == ([ResultClass.EXCELLENT, ResultClass.GOOD], 2)
    assert charts.largest([]) == ([], 0)


def test_only_nothing_has_no_shade_and_more_is_darker():
    assert [charts.tint(count, 19) for count in (0, 1, 5, 10, 15, 19)] == [0, 1, 1, 2, 3, 4]
    assert charts.tint(1, 1) == 1
