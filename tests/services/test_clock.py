"""One clock for everything: the machine's, or a demo's own; and one moment for a request, however long it takes."""

from datetime import timedelta

import pytest
from conftest_services import CALL_AT
from django.utils import timezone

from hatchmark.services import clock
from hatchmark.services.refusals import UnsoundError

pytestmark = pytest.mark.django_db


def test_without_a_demo_it_is_the_machine_s_time():
    before = timezone.now()

    assert before <= clock.now() <= timezone.now()
    assert not clock.is_demonstration()
    with pytest.raises(UnsoundError, match="only the database of a demo"):
        clock.set_demonstration_clock(CALL_AT)


def test_a_demo_s_clock_begins_where_it_is_set_and_goes_on():
    clock.begin_demonstration(CALL_AT)
    first = clock.now()
    second = clock.now()

    assert CALL_AT <= first < second < CALL_AT + timedelta(minutes=5)
    assert clock.is_demonstration()
    clock.set_demonstration_clock(CALL_AT + timedelta(days=30))
    assert clock.now() >= CALL_AT + timedelta(days=30)


def test_within_one_moment_time_stands_still_and_the_database_is_asked_once(django_assert_num_queries):
    clock.begin_demonstration(CALL_AT)

    with clock.one_moment(), django_assert_num_queries(1):
        assert clock.now() == clock.now()
        assert clock.is_demonstration()

    with clock.one_moment():
        before = clock.now()
        clock.set_demonstration_clock(CALL_AT + timedelta(days=1))
        assert clock.now() >= before + timedelta(hours=23), "who sets the clock sees it"


def test_a_moment_ends_with_its_request_even_where_that_fails():
    with pytest.raises(RuntimeError), clock.one_moment():
        kept = clock.now()
        raise RuntimeError

    assert clock.now() > kept


def test_a_server_asks_until_it_has_found_no_demo(django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(clock, "_remembers", False)
    monkeypatch.setattr(clock, "_is_none", False)
    for _ in range(2):
        with django_assert_num_queries(1):
            clock.now()

    clock.serve_one_database()
    with django_assert_num_queries(1):
        clock.now()
    with django_assert_num_queries(0):
        assert not clock.is_demonstration()


def test_a_server_of_a_demo_reads_its_clock_every_time(django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(clock, "_remembers", False)
    monkeypatch.setattr(clock, "_is_none", False)
    clock.begin_demonstration(CALL_AT)
    clock.serve_one_database()

    for days in (1, 2):
        clock.set_demonstration_clock(CALL_AT + timedelta(days=days))
        with django_assert_num_queries(1):
            assert clock.now() >= CALL_AT + timedelta(days=days)
