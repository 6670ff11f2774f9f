"""Every text of the site in its two languages. A test holds that none lacks one and none is unused.

What an authority calls a grade, a kind or its column comes from its vocabulary, never from here, except on
the English pages, which explain the code and keep the printed words beside it.
"""

from collections.abc import Mapping
from datetime import date, datetime

from hatchmark.domain.deadlines import CHINA
from hatchmark.domain.scheme import Beyond
from hatchmark.web.texts import (
    Text,
    accounts,
    administration,
    papers,
    refusals,
    requests,
    reviews,
    rounds,
    site,
    submissions,
    work,
)

HTML_LANGUAGE = {"zh": "zh-Hans", "en": "en"}
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def other(language: str) -> str:
    """Return the other language."""
    return "en" if language == "zh" else "zh"


def text(language: str, key: str) -> str:
    """Return a text as it stands in the catalogue. Raises KeyError for one that is not there."""
    found = TEXTS[key]
    return found.zh if language == "zh" else found.en


def say(language: str, key: str, **parts: object) -> str:
    """Return a text with its parts put in."""
    return text(language, key).format_map(parts)


def beyond(language: str, what: Beyond) -> str:
    """Say what a scheme has that a round cannot give."""
    return text(language, f"beyond_{what.name.lower()}")


def inside(language: str, label: str) -> str:
    """Return a label as it stands inside a sentence."""
    return label if language == "zh" else label[:1].lower() + label[1:]


def day(language: str, moment: date) -> str:
    """Write a date as its readers do: 2025年3月3日, 3 March 2025."""
    return written(language, moment.year, moment.month, moment.day)


def moment(language: str, at: datetime) -> str:
    """Write a moment to the minute, with its weekday: 2025年4月3日（周四）23:59, Thursday 3 April 2025, 23:59."""
    local = at.astimezone(CHINA)
    clock = f"{local:%H:%M}"
    if language == "zh":
        return f"{day(language, local)}（周{'一二三四五六日'[local.weekday()]}）{clock}"
    return f"{_WEEKDAYS[local.weekday()]} {day(language, local)}, {clock}"


def written(language: str, year: int, month: int, of_month: int) -> str:
    """Write a date from its numbers."""
    if language == "zh":
        return f"{year}年{month}月{of_month}日"
    return f"{of_month} {month_name(month)} {year}"


def month_name(month: int) -> str:
    """Return the English name of a month; a number that is no month stays a number."""
    return _MONTHS[month - 1] if 1 <= month <= len(_MONTHS) else str(month)


CATALOGUES = (
    site.TEXTS,
    accounts.TEXTS,
    work.TEXTS,
    submissions.TEXTS,
    papers.TEXTS,
    reviews.TEXTS,
    rounds.TEXTS,
    requests.TEXTS,
    administration.TEXTS,
    refusals.TEXTS,
)

TEXTS: Mapping[str, Text] = {key: text for each in CATALOGUES for key, text in each.items()}
"""Every text by its key. A key stands in one catalogue alone: a test holds that."""
