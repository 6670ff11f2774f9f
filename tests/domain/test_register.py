from datetime import date

import pytest

from hatchmark.domain.register import Certainty, Event, Period, qualification_state, span_of, standing


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2020", date(2020, 1, 1), date(2020, 12, 31)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("2021-12", date(2021, 12, 1), date(2021, 12, 31)),
        ("2021-07-15", date(2021, 7, 15), date(2021, 7, 15)),
    ],
)
def test_a_partial_date_means_every_day_of_its_span(text, first, last):
    assert span_of(text) == (first, last)


@pytest.mark.parametrize("text", ["", "21", "2020/07", "2020-13", "2021-02-29", "２０２０"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match=r"is no date|month must be|day is out of range"):
        span_of(text)


def test_a_change_of_a_year_is_sure_before_and_after_that_year_only():
    periods = [Period(value="旧运营机构", until="2020"), Period(value="新运营机构", since="2020")]

    assert standing(periods, date(2019, 12, 31)) == [("旧运营机构", Certainty.SURE)]
    assert standing(periods, date(2020, 6, 30)) == [
        ("旧运营机构", Certainty.POSSIBLE),
        ("新运营机构", Certainty.POSSIBLE),
    ]
    assert standing(periods, date(2021, 1, 1)) == [("新运营机构", Certainty.SURE)]


def test_a_dated_cancellation_counts_from_its_day():
    events = [
        Event(name="leave_management", on=date(2025, 9, 1)),
        Event(name="disqualified", on=date(2025, 8, 1)),
    ]

    assert qualification_state(events, date(2025, 7, 31)) == ("active", Certainty.SURE)
    assert qualification_state(events, date(2025, 8, 1)) == ("disqualified", Certainty.SURE)


def test_a_cancellation_without_a_date_is_never_sure():
    events = [Event(name="pilot_cancelled", on=None, not_before=2021)]

    assert qualification_state(events, date(2020, 12, 31)) == ("active", Certainty.SURE)
    assert qualification_state(events, date(2022, 6, 30)) == ("pilot_cancelled", Certainty.POSSIBLE)
