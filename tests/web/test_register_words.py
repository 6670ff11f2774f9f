"""What is only partly known is said as far as it is known."""

import pytest

from hatchmark.web.register import bound, partial_date, region_title
from hatchmark.web.working import grouped, hundredths, points


@pytest.mark.parametrize(
    ("recorded", "zh", "en"),
    [
        ("2020", "2020年", "2020"),
        ("2020-07", "2020年7月", "July 2020"),
        ("2020-07-15", "2020年7月15日", "15 July 2020"),
        ("", "", ""),
        ("not known", "not known", "not known"),
    ],
)
def test_a_partial_date_gets_no_day_that_nobody_recorded(recorded, zh, en):
    assert (partial_date(recorded, "zh"), partial_date(recorded, "en")) == (zh, en)


def test_a_bound_is_said_as_one_and_other_words_stay():
    assert bound("2021 or later", "zh") == "2021年或以后"
    assert bound("2021 or later", "en") == "2021 or later"
    assert bound("未载明", "zh") == "未载明"


@pytest.mark.parametrize(
    ("code", "zh", "en"),
    [("150781", "呼伦贝尔市", "Hulunbuir"), ("110000", "110000", "110000"), (None, "", ""), ("", "", "")],
)
def test_a_place_is_its_league_or_city_and_never_lost(code, zh, en):
    assert (region_title(code, language="zh"), region_title(code, language="en")) == (zh, en)


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("1234567.50", "1,234,567.50"),
        ("999", "999"),
        ("-1234.5", "-1,234.5"),
        ("-0.5", "-0.5"),
        ("10/3", "10/3"),
        ("0", "0"),
    ],
)
def test_numbers_are_grouped_and_never_changed(number, written):
    assert grouped(number) == written


def test_points_are_read_and_written_exactly():
    assert hundredths("82.35") == 8235
    assert hundredths("-2.00") == -200
    assert [points(8235), points(-200), points(5)] == ["82.35", "−2.00", "0.05"]
