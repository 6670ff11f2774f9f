"""When does a window that is counted in working days close?

Working days follow the yearly holiday notices of the State Council, one file a year in `data/calendars`.
A year without its notice is refused: nobody can know it, and a guess would cut somebody's rights.
"""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from importlib import resources
from typing import Any

CHINA = timezone(timedelta(hours=8), "UTC+08:00")
"""The time of the whole country, without summer time since 1991."""

_SATURDAY = 5


class NoCalendarError(LookupError):
    """The holiday notice of a year is not among the data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingCalendar:
    """One year's holidays (weekend days among them) and the weekend days that are worked in exchange."""

    year: int
    number: str
    holidays: Mapping[date, str]
    makeup_workdays: frozenset[date]


def calendar_years() -> list[int]:
    """Return the years whose official calendar ships, in order."""
    folder = resources.files("hatchmark.domain") / "data" / "calendars"
    return sorted(
        int(entry.name.removesuffix(".toml")) for entry in folder.iterdir() if entry.name.endswith(".toml")
    )


@functools.cache
def load_calendar(year: int) -> WorkingCalendar:
    """Load one year's calendar; raise NoCalendarError, naming the file to add, where there is none."""
    years = calendar_years()
    if year not in years:
        raise NoCalendarError(
            f"no official working days for {year} (there are {years[0]} to {years[-1]}); add the State "
            f"Council's holiday notice for {year} as src/hatchmark/domain/data/calendars/{year}.toml"
        )
    text = (resources.files("hatchmark.domain") / "data" / "calendars" / f"{year}.toml").read_text("utf-8")
    return parse_calendar(tomllib.loads(text))


def parse_calendar(data: Mapping[str, Any]) -> WorkingCalendar:
    """Read a calendar file's content; raise ValueError where it contradicts itself."""
    year: int = data["year"]
    holidays: dict[date, str] = {}
    for holiday in data["holiday"]:
        first, last = holiday["first"], holiday["last"]
        if first > last or first.year != year or last.year != year:
            raise ValueError(f"{year}.toml: {holiday['title']} from {first} to {last} is no period of {year}")
        for offset in range((last - first).days + 1):
            day = first + timedelta(days=offset)
            if day in holidays:
                raise ValueError(
                    f"{year}.toml: {day} is in {holidays[day]} and in {holiday['title']}; keep one"
                )
            holidays[day] = holiday["title"]
    makeup_workdays = frozenset(data["makeup_workdays"])
    for day in sorted(makeup_workdays):
        if day.year != year or day.weekday() < _SATURDAY or day in holidays:
            raise ValueError(
                f"{year}.toml: {day} cannot be worked in exchange: it is no free weekend day of {year}"
            )
    return WorkingCalendar(
        year=year, number=data["number"], holidays=holidays, makeup_workdays=makeup_workdays
    )


def is_working_day(day: date) -> bool:
    """Tell whether offices work on a day; raise NoCalendarError past the last official year."""
    calendar = load_calendar(day.year)
    if day in calendar.makeup_workdays:
        return True
    return day.weekday() < _SATURDAY and day not in calendar.holidays


def working_days(first: date, last: date) -> int:
    """Count the working days from `first` to `last`, both counted; 0 where `last` comes before `first`.

    Raises NoCalendarError past the last official year.
    """
    days = (last - first).days + 1
    return sum(is_working_day(first + timedelta(days=offset)) for offset in range(max(days, 0)))


def next_working_day(day: date) -> date:
    """Return the first working day from `day` on, itself among them; raise NoCalendarError past the last year."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def close_of_window(opened_on: date, working_days: int) -> datetime:
    """Return the last second of the `working_days`-th working day, in China's time.

    The day of posting is day 1 when it is a working day, as departments count (a notice of 7 May 2025 for 5
    working days says 7 to 13 May); posted on a free day, the window counts from the next working day.
    """
    if working_days < 1:
        raise ValueError(f"a window of {working_days} working days never opens; give 1 or more")
    day = opened_on
    left = working_days - is_working_day(day)
    while left > 0:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return datetime.combine(day, time(23, 59, 59), tzinfo=CHINA)
