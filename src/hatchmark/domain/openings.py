"""May a round be called with these deadlines?

A deadline lies on a working day of a year whose official calendar is known, and each comes after the one before:
whoever is told a date must be able to meet it. The later ones may stay open until they are known.
"""

from collections.abc import Mapping
from datetime import date, datetime, time

from hatchmark.domain.deadlines import (
    CHINA,
    NoCalendarError,
    calendar_years,
    is_working_day,
    next_working_day,
)
from hatchmark.domain.problems import Problem

DAY_ENDS = time(23, 59, 59)
OFFICES_CLOSE = time(18)
OFFICES_OPEN = time(9)

DEADLINES: Mapping[str, time] = {
    "submission_closes_at": DAY_ENDS,
    "preliminary_review_closes_at": OFFICES_CLOSE,
    "expert_review_closes_at": OFFICES_CLOSE,
    "spot_check_closes_at": OFFICES_CLOSE,
    "integrity_review_closes_at": OFFICES_CLOSE,
    "determined_at": OFFICES_CLOSE,
    "public_notice_at": OFFICES_OPEN,
    "published_at": OFFICES_OPEN,
    "follow_up_closes_at": OFFICES_CLOSE,
}
"""The moments that a call can name, in order, each with the time of day at which it falls. Names as in `round.toml`."""

NEEDED = ("submission_closes_at", "preliminary_review_closes_at")
"""Without these two nobody could hand in or review in time. The others bind as soon as they are named."""


def moment_of(name: str, day: date) -> datetime:
    """Return the moment of a deadline on a day, in China's time."""
    return datetime.combine(day, DEADLINES[name], tzinfo=CHINA)


def day_problem(day: date, *, about: str) -> Problem | None:
    """Return why a day cannot end a window: it is free, or no official calendar tells whether it is."""
    try:
        if is_working_day(day):
            return None
        following = next_working_day(day)
    except NoCalendarError as error:
        years = calendar_years()
        return Problem(
            code="no_calendar",
            about=about,
            text=f"{about}: {error}",
            facts={
                "year": day.year if day.year not in years else day.year + 1,
                "first": years[0],
                "last": years[-1],
            },
        )
    return Problem(
        code="free_day",
        about=about,
        text=f"{about}: {day} is no working day; the next one is {following}",
        facts={"day": day, "next": following},
    )


def deadline_problems(called_at: datetime, deadlines: Mapping[str, datetime]) -> list[Problem]:
    """Return what stands against the deadlines of a call that is made at `called_at`; empty when they can be met."""
    found = [
        Problem(code="deadline_missing", about=name, text=f"{name} is not given; name a day")
        for name in NEEDED
        if name not in deadlines
    ]
    earlier, before = "call_at", called_at
    for name in DEADLINES:
        if name not in deadlines:
            continue
        at = deadlines[name]
        if problem := day_problem(at.astimezone(CHINA).date(), about=name):
            found.append(problem)
        elif at <= before:
            found.append(
                Problem(
                    code="deadline_order",
                    about=name,
                    text=f"{name} ({at.isoformat()}) is not after {earlier} ({before.isoformat()}); choose a later day",
                    facts={"earlier": earlier, "before": before},
                )
            )
        earlier, before = name, at
    return found
