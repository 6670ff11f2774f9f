from datetime import date, datetime, timedelta, timezone

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatchmark.domain.deadlines import (
    NoCalendarError,
    calendar_years,
    close_of_window,
    is_working_day,
    load_calendar,
    next_working_day,
    parse_calendar,
    working_days,
)

DAYS = [date(2024, 1, 1) + timedelta(days=offset) for offset in range(366 + 365 + 365)]


def test_working_days_are_those_of_an_independent_calendar_day_by_day():
    assert (DAYS[0], DAYS[-1]) == (date(2024, 1, 1), date(2026, 12, 31))
    ours = [day for day in DAYS if is_working_day(day)]
    theirs = [day for day in DAYS if chinese_calendar.is_workday(day)]
    assert ours == theirs


@pytest.mark.parametrize(
    ("year", "number"),
    [(2024, "国办发明电〔2023〕7号"), (2025, "国办发明电〔2024〕12号"), (2026, "国办发明电〔2025〕7号")],
)
def test_each_calendar_names_its_notice(year: int, number: str):
    assert load_calendar(year).number == number


def test_the_years_have_no_gap():
    assert calendar_years() == [2024, 2025, 2026]


@pytest.mark.parametrize(
    ("opened_on", "working_days", "closes_on"),
    [
        (
            date(2025, 5, 7),
            5,
            date(2025, 5, 13),
        ),  # the department's own notice: 7 to 13 May, five working days
        (date(2025, 5, 1), 5, date(2025, 5, 12)),  # posted on a holiday: the count begins on the 6th
        (date(2025, 9, 28), 1, date(2025, 9, 28)),  # a Sunday worked in exchange is day 1
        (date(2025, 9, 27), 1, date(2025, 9, 28)),  # a free Saturday is not
        (date(2025, 9, 30), 2, date(2025, 10, 9)),  # across the National Day holidays
        (date(2025, 12, 31), 2, date(2026, 1, 4)),  # across the turn of the year
        (date(2024, 2, 9), 2, date(2024, 2, 18)),  # across the Spring Festival to a worked Sunday
    ],
)
def test_a_window_closes_with_the_last_second_of_its_last_working_day(
    opened_on: date, working_days: int, closes_on: date
):
    china = timezone(timedelta(hours=8))
    closes_at = close_of_window(opened_on, working_days)

    assert closes_at == datetime(closes_on.year, closes_on.month, closes_on.day, 23, 59, 59, tzinfo=china)
    assert closes_at.isoformat() == f"{closes_on}T23:59:59+08:00"


def test_a_window_without_working_days_is_refused():
    with pytest.raises(ValueError, match="a window of 0 working days never opens"):
        close_of_window(date(2025, 5, 7), 0)


@pytest.mark.parametrize(
    ("opened_on", "year"), [(date(2026, 12, 31), 2027), (date(2027, 3, 1), 2027), (date(2023, 12, 29), 2023)]
)
def test_a_year_without_its_notice_is_refused_with_the_file_to_add(opened_on: date, year: int):
    with pytest.raises(
        NoCalendarError, match=f"no official working days for {year} .*data/calendars/{year}.toml"
    ):
        close_of_window(opened_on, 5)


@given(opened_on=st.sampled_from(DAYS[:-60]), working_days=st.integers(1, 20))
def test_exactly_the_given_number_of_working_days_lies_in_a_window(opened_on: date, working_days: int):
    closes_on = close_of_window(opened_on, working_days).date()

    inside = [opened_on + timedelta(days=offset) for offset in range((closes_on - opened_on).days + 1)]
    assert sum(map(is_working_day, inside)) == working_days
    assert is_working_day(closes_on)


@pytest.mark.parametrize(
    ("holidays", "makeup_workdays", "message"),
    [
        ([("示例节", 5, 3)], [], "示例节 from 2025-01-05 to 2025-01-03 is no period of 2025"),
        ([("示例节", 1, 3), ("示例二节", 3, 4)], [], "2025-01-03 is in 示例节 and in 示例二节"),
        ([("示例节", 1, 1)], [2], "2025-01-02 cannot be worked in exchange"),
        ([("示例节", 4, 4)], [4], "2025-01-04 cannot be worked in exchange"),
    ],
)
def test_a_calendar_that_contradicts_itself_is_refused(
    holidays: list[tuple[str, int, int]], makeup_workdays: list[int], message: str
):
    content = {
        "year": 2025,
        "number": "示例〔2024〕1号",
        "holiday": [
            {"title": title, "first": date(2025, 1, first), "last": date(2025, 1, last)}
            for title, first, last in holidays
        ],
        "makeup_workdays": [date(2025, 1, day) for day in makeup_workdays],
    }
    with pytest.raises(ValueError, match=message):
        parse_calendar(content)


def test_working_days_are_counted_with_both_ends_and_makeup_days():
    # 2026: 15 to 23 February is free, Saturday the 14th and Saturday the 28th are worked.
    assert working_days(date(2026, 2, 13), date(2026, 2, 28)) == 2 + 5
    assert working_days(date(2026, 2, 28), date(2026, 2, 28)) == 1
    assert working_days(date(2026, 3, 1), date(2026, 3, 1)) == 0
    assert working_days(date(2026, 3, 2), date(2026, 3, 1)) == 0
    with pytest.raises(NoCalendarError, match="2027"):
        working_days(date(2026, 12, 30), date(2027, 1, 4))


def test_the_next_working_day_is_the_day_itself_or_the_first_after_a_holiday():
    assert next_working_day(date(2026, 3, 2)) == date(2026, 3, 2)
    assert next_working_day(date(2026, 10, 1)) == date(2026, 10, 8)
    with pytest.raises(NoCalendarError, match="2027"):
        next_working_day(date(2027, 1, 1))
