"""Bounds of whole numbers and quotients: never exceeded, 64 bits where they do, 128 where not, refused beyond."""

from fractions import Fraction

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scheme_builder_for_engines import measured_scheme

from hatchmark.engines.dialects import Dialect, printed
from hatchmark.engines.ranges import (
    NARROW,
    WIDE,
    Quotient,
    TooWideError,
    across,
    added,
    chosen,
    column,
    compared,
    constant,
    divided,
    greatest,
    inverted,
    just_above,
    least,
    minus,
    multiplied,
    plus,
    reaches,
    scaled,
    times,
)
from hatchmark.engines.sql import Limits, NotInSqlError, compile_scheme

CONNECTION = duckdb.connect()


def computed(value, **columns):
    """Compute a whole number in DuckDB, whose arithmetic fails loudly where it overflows."""
    types = {name: "BIGINT" if abs(each) <= NARROW else "HUGEINT" for name, each in columns.items()}
    given_ = ", ".join(f"CAST({each} AS {types[name]}) AS {name}" for name, each in columns.items())
    statement = f"SELECT {printed(value.sql, Dialect.DUCKDB)} FROM (SELECT {given_})"  # noqa: S608
    return CONNECTION.execute(statement).fetchone()[0]


bounds = st.tuples(st.integers(-(10**12), 10**12), st.integers(0, 10**12)).map(
    lambda each: (each[0], sum(each))
)


@given(st.data(), bounds, bounds, st.sampled_from(["plus", "minus", "times", "least", "greatest"]))
@settings(max_examples=60, deadline=None)
def test_every_result_lies_within_its_bounds_and_is_exact(data, one, two, name):
    operations = {
        "plus": (plus, lambda a, b: a + b),
        "minus": (minus, lambda a, b: a - b),
        "times": (times, lambda a, b: a * b),
        "least": (least, min),
        "greatest": (greatest, max),
    }
    make, truth = operations[name]
    a, b = (data.draw(st.one_of(st.sampled_from(each), st.integers(*each))) for each in (one, two))

    value = make(column("a", low=one[0], high=one[1]), column("b", low=two[0], high=two[1]))

    assert value.low <= truth(a, b) <= value.high
    assert computed(value, a=a, b=b) == truth(a, b)


@given(st.integers(0, 10**30), st.integers(1, 10**30))
@settings(max_examples=40, deadline=None)
def test_floor_division_is_exact_at_every_width(above, below):
    value = divided(column("a", low=0, high=10**30), column("b", low=1, high=10**30))

    assert computed(value, a=above, b=below) == above // below


@given(
    st.integers(-(10**6), 10**6),
    st.integers(1, 10**6),
    st.integers(-(10**6), 10**6),
    st.integers(1, 10**6),
)
@settings(max_examples=60, deadline=None)
def test_quotients_compute_and_compare_as_fractions_do(a, b, c, d):
    one = Quotient.of(column("a", low=-(10**6), high=10**6), column("b", low=1, high=10**6))
    two = Quotient.of(column("c", low=-(10**6), high=10**6), column("d", low=1, high=10**6))
    truth_one, truth_two = Fraction(a, b), Fraction(c, d)

    def value(quotient):
        found = [computed(part, a=a, b=b, c=c, d=d) for part in (quotient.above, quotient.below)]
        assert quotient.low <= Fraction(*found) <= quotient.high
        return Fraction(*found)

    assert value(added(one, two)) == truth_one + truth_two
    assert value(added(one, two, sign=-1)) == truth_one - truth_two
    assert value(multiplied(one, two)) == truth_one * truth_two
    assert value(scaled(one, Fraction(-3, 7))) == truth_one * Fraction(-3, 7)
    left, right = (computed(part, a=a, b=b, c=c, d=d) for part in across(one, two))
    assert (left < right, left == right) == (truth_one < truth_two, truth_one == truth_two)
    for edge in (truth_one, truth_one + Fraction(1, 10**9), Fraction(1, 3)):
        for op, truth in ((">=", truth_one >= edge), ("<", truth_one < edge)):
            said = chosen([(reaches(one, edge, op=op), constant(1))], constant(0))
            assert computed(said, a=a, b=b) == truth


def test_a_quotient_is_turned_round_on_both_sides_of_zero():
    below = column("b", low=1, high=9)
    for low, high, value in ((1, 9, 4), (-9, -1, -4)):
        turned = inverted(Quotient.of(column("a", low=low, high=high), below))
        parts = [computed(part, a=value, b=3) for part in (turned.above, turned.below)]
        assert Fraction(*parts) == Fraction(3, value)
        assert parts[1] > 0


def test_64_bits_then_128_then_refusal():
    a = column("a", low=0, high=2**32)
    assert [times(a, column("b", low=0, high=high)).wide for high in (2**31 - 1, 2**31)] == [False, True]

    wide = times(column("a", low=0, high=10**19), column("b", low=0, high=10**18))
    assert computed(wide, a=10**19, b=10**18) == 10**37
    assert times(column("a", low=0, high=10**19), column("b", low=0, high=10**19 - 1)).high <= WIDE
    with pytest.raises(
        TooWideError, match="may need 127 bits, more than the 126 that every engine holds exactly"
    ):
        times(column("a", low=0, high=10**19), column("b", low=0, high=10**19))


def test_what_is_narrow_again_after_a_division_goes_on_in_64_bits():
    value = divided(column("a", low=0, high=10**30), column("b", low=10**15, high=10**16))

    assert (value.low, value.high, value.wide) == (0, 10**15, False)
    assert computed(times(value, constant(3)), a=10**30, b=10**15) == 3 * 10**15


def test_a_branch_that_is_missing_stays_missing():
    value = chosen([(compared(">", column("a", low=0, high=9), constant(5)), None)], constant(7))

    assert (computed(value, a=9), computed(value, a=5)) == (None, 7)


@given(st.fractions(-1000, 1000, max_denominator=10**9), st.integers(1, 300))
@settings(max_examples=100, deadline=None)
def test_the_neighbour_above_has_no_other_quotient_before_it(value, denominators):
    near = just_above(value, denominators=denominators)

    assert near.denominator <= denominators
    # The first quotient from the value on, looked for one denominator after the other.
    assert near == min(
        Fraction(-((-value.numerator * d) // value.denominator), d) for d in range(1, denominators + 1)
    )


# ---- whole schemes


def test_a_scheme_takes_64_bits_where_its_figures_allow_it():
    formula = '{ type = "ratio", of = ["a"], to = ["b"], full_at = "0.3", when_zero = "no_points" }'

    texts = [
        compile_scheme(measured_scheme(formula, maximum=maximum), experts={}).text(
            Dialect.DUCKDB, entries="entries"
        )
        for maximum in ("1000000", "1000000000000000")
    ]

    assert ["HUGEINT" in text for text in texts] == [False, True]


def test_a_scheme_beyond_128_bits_is_refused_by_the_name_of_its_indicator():
    formula = '{ type = "ratio", of = ["a"], to = ["b"], full_at = "0.3", when_zero = "no_points" }'
    scheme = measured_scheme(formula, maximum="9" * 30)

    with pytest.raises(NotInSqlError) as refused:
        compile_scheme(scheme, experts={})

    told = str(refused.value)
    assert told.startswith("scheme example/measured-2024: indicator 'line' (指标) may need ")
    assert told.endswith("give its figures a smaller maximum or fewer places, or use --engine reference")


def test_a_figure_without_maximum_is_as_large_as_the_plan_allows():
    formula = '{ type = "per_unit", figures = ["a"], points_each = "1" }'
    scheme = measured_scheme(formula, maximum=None)

    highs = [
        compile_scheme(scheme, experts={}, limits=Limits(largest=largest)).figures["a"].high
        for largest in (10, 10**9)
    ]

    assert highs == [1000, 10**11]


def test_no_name_or_text_of_a_scheme_stands_in_its_calculation():
    formula = '{ type = "ratio", of = ["a"], to = ["b"], full_at = "0.3", when_zero = "no_points" }'
    scheme = measured_scheme(formula)

    for dialect in Dialect:
        text = compile_scheme(scheme, experts={}).text(dialect, entries="entries")
        assert text.isascii()
        assert "line" not in text
        assert "'" not in text
