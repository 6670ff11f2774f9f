"""How large can each whole number of a calculation become, and in how many bits is it exact?

A `Whole` is a whole number as SQL together with the lowest and highest value that it can have. Every operation works
out the bounds of its result, takes 64 bits where they do and 128 where not, and refuses what 128 bits may not hold. A
`Quotient` is one `Whole` over another, so that nothing is divided before the one rounding at the end.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor, gcd, lcm

from sqlglot import exp

from hatchmark.engines.sql_parts import FloorDivision, Narrow, Sql, Wide, case, number

NARROW = 2**63 - 1
"""The largest number of 64 bits."""

WIDE = 10**38 - 1
"""The largest number that DuckDB's HUGEINT, PostgreSQL's numeric(38) and Spark's decimal(38) all hold."""

_LONG = 10**32
"""From here on Spark's division of decimals has no room for what comes out."""


class TooWideError(ValueError):
    """A value that 128 bits may not hold. The message says how large it may become."""

    def __init__(self, bound: int) -> None:
        super().__init__(
            f"may need {bound.bit_length()} bits, more than the 126 that every engine holds exactly"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A whole number as SQL. `level`: after how many steps of a calculation it can be read. `wide`: in 128 bits."""

    sql: Sql
    low: int
    high: int
    level: int = 0
    wide: bool = False

    @property
    def is_constant(self) -> bool:
        """Say whether it is one number, whatever the figures are."""
        return isinstance(self.sql, exp.Literal | exp.Neg)

    @property
    def is_plain(self) -> bool:
        """Say whether writing it twice costs nothing: a column or a number."""
        return self.is_constant or isinstance(self.sql, exp.Column)


def constant(value: int) -> Whole:
    """Return a number that is written down."""
    _held(value, value)
    return Whole(sql=number(value), low=value, high=value, wide=abs(value) > NARROW)


def column(name: str, *, low: int, high: int, level: int = 0) -> Whole:
    """Return a column by its generated name."""
    return Whole(sql=exp.column(name), low=low, high=high, level=level, wide=_held(low, high))


def is_wide(low: int, high: int) -> bool:
    """Say whether a value between these bounds needs 128 bits; raise TooWideError where not even they do."""
    return _held(low, high)


def _held(low: int, high: int) -> bool:
    bound = max(abs(low), abs(high))
    if bound > WIDE:
        raise TooWideError(bound)
    return bound > NARROW


def _as(value: Whole, *, wide: bool) -> Sql:
    """Return the SQL of an operand in the width in which the operation is done."""
    sql = value.sql
    if wide and not value.wide and not value.is_constant:
        return Wide(this=sql)
    return exp.Paren(this=sql) if isinstance(sql, exp.Binary | exp.Neg | exp.Case) else sql


def _operation(make: Callable[..., Sql], parts: Sequence[Whole], low: int, high: int) -> Whole:
    wide = _held(low, high) or any(part.wide for part in parts)
    if all(part.is_constant for part in parts):
        if low != high:
            raise AssertionError("an operation on numbers that are written down has one result")
        return constant(low)
    return Whole(
        sql=make(*(_as(part, wide=wide) for part in parts)),
        low=low,
        high=high,
        level=max(part.level for part in parts),
        wide=wide,
    )


def plus(one: Whole, two: Whole) -> Whole:
    """Add."""
    if one.is_constant and one.low == 0:
        return two
    if two.is_constant and two.low == 0:
        return one
    return _operation(_binary(exp.Add), (one, two), one.low + two.low, one.high + two.high)


def minus(one: Whole, two: Whole) -> Whole:
    """Subtract."""
    if two.is_constant and two.low == 0:
        return one
    return _operation(_binary(exp.Sub), (one, two), one.low - two.high, one.high - two.low)


def times(one: Whole, two: Whole) -> Whole:
    """Multiply."""
    for known, other in ((one, two), (two, one)):
        if known.is_constant and known.low == 1:
            return other
    corners = [a * b for a in (one.low, one.high) for b in (two.low, two.high)]
    return _operation(_binary(exp.Mul), (one, two), min(corners), max(corners))


def divided(one: Whole, two: Whole) -> Whole:
    """Divide a number ≥ 0 by one > 0 and leave the rest away."""
    if one.low < 0 or two.low <= 0:
        raise AssertionError("only numbers from 0 on are divided, and by numbers from 1 on")
    if two.is_constant and two.low == 1:
        return one
    low, high = one.low // two.high, one.high // two.low
    wide, fits, long = one.wide or two.wide, not _held(low, high), high >= _LONG

    def make(above: Sql, below: Sql) -> Sql:
        return FloorDivision(this=above, expression=below, wide=wide, fits=fits, long=long)

    # Divided in 128 bits because of what went in; what comes out goes on in 64 where it can.
    return narrowed(_operation(make, (one, two), low, high))


def narrowed(value: Whole) -> Whole:
    """Return a value in 64 bits where its bounds allow it."""
    if value.wide and not value.is_constant and not _held(value.low, value.high):
        return replace(value, sql=Narrow(this=value.sql), wide=False)
    return value


def _binary(kind: type[exp.Binary]) -> Callable[[Sql, Sql], Sql]:
    return lambda one, two: kind(this=one, expression=two)


def least(one: Whole, two: Whole) -> Whole:
    """Return the smaller one. Neither may be NULL."""
    if one.high <= two.low:
        return one
    if two.high <= one.low:
        return two
    return _operation(_least, (one, two), min(one.low, two.low), min(one.high, two.high))


def greatest(one: Whole, two: Whole) -> Whole:
    """Return the larger one. Neither may be NULL."""
    if one.low >= two.high:
        return one
    if two.low >= one.high:
        return two
    return _operation(_greatest, (one, two), max(one.low, two.low), max(one.high, two.high))


def _least(one: Sql, two: Sql) -> Sql:
    return exp.Least(this=one, expressions=[two], ignore_nulls=True)


def _greatest(one: Sql, two: Sql) -> Sql:
    return exp.Greatest(this=one, expressions=[two], ignore_nulls=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """A condition as SQL. It is never NULL for an entry whose figures are there."""

    sql: Sql
    level: int = 0


def test(sql: Sql, *of: "Whole | Test") -> Test:
    """Return a condition that looks at some values."""
    return Test(sql=sql, level=max((part.level for part in of), default=0))


_COMPARED: dict[str, type[exp.Binary]] = {
    "=": exp.EQ,
    "!=": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}


def compared(op: str, one: Whole, two: Whole) -> Test:
    """Compare two whole numbers."""
    wide = one.wide or two.wide
    sql = _COMPARED[op](this=_as(one, wide=wide), expression=_as(two, wide=wide))
    return test(sql, one, two)


def chosen(cases: Sequence[tuple[Test, Whole | None]], otherwise: Whole | None) -> Whole:
    """Return the value of the first condition that holds, else `otherwise`; None is NULL."""
    if not cases:
        return Whole(sql=exp.null(), low=0, high=0) if otherwise is None else otherwise
    values = [value for _, value in cases] + [otherwise]
    known = [value for value in values if value is not None]
    low, high = (min(v.low for v in known), max(v.high for v in known)) if known else (0, 0)
    wide = _held(low, high) or any(value.wide for value in known)
    chooses = case(
        [(condition.sql, _branch(value, wide=wide)) for condition, value in cases],
        _branch(otherwise, wide=wide),
    )
    levels = [condition.level for condition, _ in cases] + [value.level for value in known]
    # Branches that are all written numbers would be of 32 bits.
    sql: Sql = Narrow(this=chooses) if not wide and all(value.is_constant for value in known) else chooses
    return Whole(sql=sql, low=low, high=high, level=max(levels, default=0), wide=wide)


def _branch(value: Whole | None, *, wide: bool) -> Sql:
    return exp.null() if value is None else _as(value, wide=wide)


# ---- quotients --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotient:
    """`above` ÷ `below`, `below` > 0; `low` and `high` are bounds of the value, which may be tighter than its parts."""

    above: Whole
    below: Whole
    low: Fraction
    high: Fraction

    @classmethod
    def of(cls, above: Whole, below: Whole) -> "Quotient":
        """Make a quotient whose bounds follow from its parts."""
        corners = [Fraction(a, b) for a in (above.low, above.high) for b in (below.low, below.high)]
        return cls(above=above, below=below, low=min(corners), high=max(corners))

    @classmethod
    def constant(cls, value: Fraction) -> "Quotient":
        """Make a number that is written down."""
        return cls.of(constant(value.numerator), constant(value.denominator))

    @property
    def is_constant(self) -> bool:
        """Say whether it is one number, whatever the figures are."""
        return self.above.is_constant and self.below.is_constant

    @property
    def value(self) -> Fraction:
        """The number of a constant."""
        return Fraction(self.above.low, self.below.low)

    def bounded(self, low: Fraction, high: Fraction) -> "Quotient":
        """Return it with bounds that are known to hold from elsewhere too."""
        low, high = max(low, self.low), min(high, self.high)
        least_above, most_above = self._edges(low, high)
        above = self.above
        if not above.is_constant:
            above = replace(above, low=max(above.low, least_above), high=min(above.high, most_above))
        return replace(self, above=above, low=low, high=high)

    def clamped(self, low: Fraction, high: Fraction) -> "Quotient":
        """Return it kept between bounds by the SQL itself: where they do not hold, nobody looks at the value."""
        low, high = max(low, self.low), min(high, self.high)
        least_above, most_above = self._edges(low, high)
        above = greatest(least(self.above, constant(most_above)), constant(least_above))
        return replace(self, above=above, low=low, high=high)

    def _edges(self, low: Fraction, high: Fraction) -> tuple[int, int]:
        below = self.below
        return (
            ceil(low * (below.low if low >= 0 else below.high)),
            floor(high * (below.high if high >= 0 else below.low)),
        )


def added(one: Quotient, two: Quotient, *, sign: int = 1) -> Quotient:
    """Add, or subtract with sign −1, over the smallest common denominator that is known."""
    join = plus if sign > 0 else minus
    low, high = (
        (one.low + two.low, one.high + two.high) if sign > 0 else (one.low - two.high, one.high - two.low)
    )
    if one.below.is_constant and two.below.is_constant:
        below = lcm(one.below.low, two.below.low)
        left = times(one.above, constant(below // one.below.low))
        right = times(two.above, constant(below // two.below.low))
        return Quotient.of(join(left, right), constant(below)).bounded(low, high)
    left, right = times(one.above, two.below), times(two.above, one.below)
    return Quotient.of(join(left, right), times(one.below, two.below)).bounded(low, high)


def multiplied(one: Quotient, two: Quotient) -> Quotient:
    """Multiply; factors that are known are reduced first."""
    corners = [a * b for a in (one.low, one.high) for b in (two.low, two.high)]
    above_one, below_two = _reduced(one.above, two.below)
    above_two, below_one = _reduced(two.above, one.below)
    product = Quotient.of(times(above_one, above_two), times(below_one, below_two))
    return product.bounded(min(corners), max(corners))


def _reduced(above: Whole, below: Whole) -> tuple[Whole, Whole]:
    if above.is_constant and below.is_constant and above.low:
        common = gcd(above.low, below.low)
        return constant(above.low // common), constant(below.low // common)
    return above, below


def inverted(value: Quotient) -> Quotient:
    """Turn a quotient round that is not zero and whose sign is known."""
    above, below = value.above, value.below
    if above.low <= 0 <= above.high:
        raise AssertionError("what is divided by must be known not to be zero")
    if above.high < 0:
        above, below = minus(constant(0), above), minus(constant(0), below)
        below, above = above, below
    else:
        below, above = above, below
    corners = [1 / edge for edge in (value.low, value.high) if edge]
    return Quotient.of(above, below).bounded(min(corners), max(corners))


def scaled(value: Quotient, by: Fraction) -> Quotient:
    """Multiply by a number that is written down."""
    return multiplied(value, Quotient.constant(by))


def across(one: Quotient, two: Quotient) -> tuple[Whole, Whole]:
    """Return two whole numbers that compare as the two quotients do."""
    if one.below.is_constant and two.below.is_constant:
        below = lcm(one.below.low, two.below.low)
        return (
            times(one.above, constant(below // one.below.low)),
            times(two.above, constant(below // two.below.low)),
        )
    if one.below == two.below:
        return one.above, two.above
    return times(one.above, two.below), times(two.above, one.below)


def reaches(value: Quotient, edge: Fraction, *, op: str = ">=") -> Test:
    """Compare with a number that is written down."""
    if value.below.is_constant:
        line = edge * value.below.low
        # On whole numbers an edge between two of them is the next one up (or down).
        if op in (">=", "<"):
            return compared(op, value.above, constant(ceil(line)))
        if op in ("<=", ">"):
            return compared(op, value.above, constant(floor(line)))
    return compared(op, *across(value, Quotient.constant(edge)))


def floored(value: Quotient) -> Whole:
    """Return the largest whole number that is not above a value ≥ 0."""
    return divided(value.above, value.below)


def just_above(value: Fraction, *, denominators: int) -> Fraction:
    """Return the smallest quotient from `value` on whose denominator is at most `denominators`.

    Quotients with such denominators lie on the same side of it as of `value`, however long `value` itself is.
    """
    if value.denominator <= denominators:
        return value
    # The continued fraction, as Fraction.limit_denominator walks it: both neighbours, of which it takes the nearer.
    above, below = value.numerator, value.denominator
    before, last = (0, 1), (1, 0)
    while True:
        whole = above // below
        if last[1] * whole + before[1] > denominators:
            break
        before, last = last, (before[0] + whole * last[0], before[1] + whole * last[1])
        above, below = below, above - whole * below
    times_ = (denominators - before[1]) // last[1]
    neighbour = Fraction(before[0] + times_ * last[0], before[1] + times_ * last[1])
    return max(neighbour, Fraction(*last))
