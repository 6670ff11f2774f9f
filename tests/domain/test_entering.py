"""What somebody types is read, never altered: a safe reading is proposed, and what only looks wrong does not block."""

from fractions import Fraction

import pytest

from hatchmark.domain.entering import (
    LONGEST_KEPT,
    Note,
    Typed,
    blocking,
    read_form,
    read_typed,
    sections_of,
    unwritable,
)
from hatchmark.domain.scheme import FigureStatus, FigureValue
from hatchmark.schemes.loader import shipped, shipped_codes

SCHEME = shipped("nmg/incubator-2020")
INCOME = SCHEME.asked["income"]  # 千元, a decimal
TENANTS = SCHEME.asked["tenants"]  # 家, whole


def rules(asked, text, **more):
    return [(note.rule, note.proposal) for note in read_typed(asked, Typed(value=text), **more).notes]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12500", 12500),
        (" 12500 ", 12500),
        ("12,500", 12500),
        ("1,234,567.5", Fraction(2469135, 2)),
        ("0", 0),
    ],
)
def test_a_plain_number_is_read_with_separators_and_spaces_around(text, value):
    reading = read_typed(INCOME, Typed(value=text))

    assert reading.value == FigureValue(status=FigureStatus.REPORTED, value=Fraction(value), unit="千元")
    assert reading.notes == ()


@pytest.mark.parametrize(
    ("text", "rule", "proposal"),
    [
        ("12,5O0", "look_alike", "12500"),
        ("l2500", "look_alike", "12500"),
        ("１２３", "full_width", "123"),
        ("12 500", "full_width", "12500"),
        ("1，234", "full_width", "1234"),
        ("12500千元", "unit_written", "12500"),
        ("1250万元", "unit_written", "12500"),
        ("1.5亿元", "unit_written", "150000"),
        ("12500元", "unit_written", "12.5"),
        ("3万", "which_unit", ""),
        ("3万家", "other_unit", ""),
        ("1.2e4", "exponent", "12000"),
        ("1e99", "exponent", ""),
        ("NaN", "not_finite", ""),
        ("-Infinity", "not_finite", ""),
        ("1,23", "unreadable", ""),
        ("<script>alert(1)</script>", "unreadable", ""),
        ("9" * 31, "long_number", ""),
        ("约500", "unreadable", ""),
        ("很多" * 40, "unreadable", ""),
    ],
)
def test_what_is_no_number_keeps_its_text_and_is_told_with_a_safe_reading(text, rule, proposal):
    assert rules(INCOME, text) == [(rule, proposal)]
    assert read_typed(INCOME, Typed(value=text)).value is None
    assert blocking({"income": read_typed(INCOME, Typed(value=text))})


def test_a_count_has_no_unit_of_money_so_that_a_word_can_be_read():
    assert rules(TENANTS, "3万") == [("word_written", "30000")]
    assert rules(TENANTS, "49家") == [("unit_written", "49")]


@pytest.mark.parametrize(("text", "rule"), [("-5", "below"), ("20000", "above"), ("4.5", "not_whole")])
def test_a_number_that_cannot_be_is_read_and_blocks(text, rule):
    reading = read_typed(TENANTS, Typed(value=text))

    assert [(note.rule, note.blocks) for note in reading.notes] == [(rule, True)]


def test_nothing_typed_blocks_and_a_word_for_nothing_does_not():
    blank = read_typed(TENANTS, Typed(value="  "))
    absent = read_typed(TENANTS, Typed(status="absent"))

    assert [note.rule for note in blank.notes] == ["blank"]
    assert (absent.value, absent.notes) == (FigureValue(status=FigureStatus.ABSENT, unit="家"), ())


def test_a_value_left_beside_a_word_for_nothing_is_told_and_not_read():
    reading = read_typed(TENANTS, Typed(status="not_applicable", value="12"))

    assert reading.value == FigureValue(status=FigureStatus.NOT_APPLICABLE, unit="家")
    assert reading.notes == (Note(figure="tenants", rule="value_left", blocks=False, facts={"value": "12"}),)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("x" * LONGEST_KEPT, ""),
        ("x" * (LONGEST_KEPT + 1), "too_long"),
        ("1\x00", "control"),
        ("\ud800", "control"),
    ],
)
def test_what_no_database_takes_is_named(text, rule):
    assert unwritable(text) == rule


# ---- beside last year -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("13000", []),
        ("1250", [("unit_slip", "12500")]),  # typed in 万元
        ("12500000", [("unit_slip", "12500")]),  # typed in 元
        ("100000", [("far_from_last", "")]),
        ("0", [("fell_to_nothing", "")]),
    ],
)
def test_an_amount_is_held_against_last_years(text, notes):
    assert rules(INCOME, text, last=Fraction(12500)) == notes


def test_small_counts_may_jump():
    assert rules(TENANTS, "12", last=Fraction(1)) == []
    assert rules(TENANTS, "200", last=Fraction(10)) == [("far_from_last", "")]


def test_last_year_as_typed_now_is_held_against_what_was_approved_then():
    asked = SCHEME.asked["firms_income@last"]

    assert rules(asked, "900", last=Fraction(900)) == []
    assert rules(asked, "901", last=Fraction(900)) == [("last_year_differs", "900")]


def test_without_an_earlier_round_the_form_itself_says_what_last_year_was():
    typed = {"firms_income": Typed(value="1000"), "firms_income@last": Typed(value="10000")}
    readings, _ = read_form(SCHEME, typed, last={})

    assert [note.rule for note in readings["firms_income"].notes] == ["unit_slip"]


# ---- the whole form ---------------------------------------------------------------------------------------


def test_a_relation_is_told_as_soon_as_its_figures_are_there_and_does_not_block():
    typed = {"tenants": Typed(value="10"), "firms_ip": Typed(value="11")}
    readings, relations = read_form(SCHEME, typed, last={})

    assert [(note.figure, note.blocks, note.facts["low"], note.facts["high"]) for note in relations] == [
        ("firms_ip", False, "11", "10")
    ]
    assert {note.rule for note in blocking(readings)} == {"blank"}


@pytest.mark.parametrize("code", shipped_codes())
def test_every_figure_of_every_scheme_stands_in_one_section(code):
    scheme = shipped(code)
    listed = [reference for section in sections_of(scheme) for reference in section.references]

    assert sorted(listed) == sorted(scheme.asked)


def test_a_figure_for_checking_alone_stands_beside_what_it_is_held_against():
    sections = {
        reference: section.code for section in sections_of(SCHEME) for reference in section.references
    }

    assert sections["graduates_total"] == sections["graduates"]
    assert sections["firms_income@last"] == sections["firms_income"]


OPENED = shipped("recheck/incubator-2020").asked["service_started_on"]  # a day from 1980 to 2019


@pytest.mark.parametrize(
    ("text", "proposal"),
    [
        ("2015年5月1日", "2015-05-01"),
        ("2015.12.31", "2015-12-31"),
        ("２０１５／５／１", "2015-05-01"),
        ("2015 - 5 - 1", "2015-05-01"),
        ("2015年2月30日", ""),
        ("2015年5月", ""),
        ("去年", ""),
        ("5/1/2015", ""),
    ],
)
def test_a_day_as_people_write_it_is_proposed_as_the_file_has_it(text, proposal):
    assert rules(OPENED, text) == [("no_date", proposal)]


def test_a_day_that_is_written_out_needs_no_proposal():
    assert rules(OPENED, "2015-05-01") == []
