"""How is a checked expression written in SQL, so that every engine finds the value that `domain.expressions` finds?

Values stay quotients of whole numbers. What is known inside a branch (`if x > 0 then …`) is enforced by the SQL itself:
the value is kept between those bounds, so that no engine fails on a branch that it looks at although it is not taken.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce
from math import ceil, floor, lcm

from sqlglot import exp

from hatchmark.domain.expressions import (
    Aggregate,
    Among,
    Arithmetic,
    Compare,
    Conditional,
    Constant,
    Extreme,
    Figure,
    Logic,
    Node,
    RosterField,
    Within,
)
from hatchmark.engines.dialects import Dialect, printed
from hatchmark.engines.ranges import (
    Quotient,
    Test,
    Whole,
    across,
    added,
    chosen,
    compared,
    constant,
    greatest,
    inverted,
    least,
    multiplied,
    test,
    times,
)
from hatchmark.engines.sql_parts import all_of, any_of, negated, number


@dataclass(slots=True)
class Steps:
    """Columns that are computed one level after the other, each shared value once.

    A column of `levels[n]` can be read from level n + 1 on; level 0 is what the steps begin with.
    """

    prefix: str
    levels: list[dict[str, exp.Expr]] = field(default_factory=list)
    _known: dict[tuple[int, str], str] = field(default_factory=dict)

    def whole(self, value: Whole) -> Whole:
        """Return the value as a column, so that it can be used several times."""
        if value.is_plain:
            return value
        name = self._column(value.sql, value.level)
        return Whole(
            sql=exp.column(name), low=value.low, high=value.high, level=value.level + 1, wide=value.wide
        )

    def test(self, condition: Test) -> Test:
        """Return the condition as a column of true and false."""
        if isinstance(condition.sql, exp.Column | exp.Boolean):
            return condition
        return Test(sql=exp.column(self._column(condition.sql, condition.level)), level=condition.level + 1)

    def quotient(self, value: Quotient) -> Quotient:
        """Return a quotient whose parts are columns."""
        return Quotient(
            above=self.whole(value.above), below=self.whole(value.below), low=value.low, high=value.high
        )

    def _column(self, sql: exp.Expr, level: int) -> str:
        key = (level, printed(sql, Dialect.DUCKDB))
        if key not in self._known:
            while len(self.levels) <= level:
                self.levels.append({})
            self._known[key] = f"{self.prefix}{len(self._known) + 1}"
            self.levels[level][self._known[key]] = sql
        return self._known[key]

    def add(self, level: int, name: str, sql: exp.Expr) -> None:
        """Add a column by its name at a level."""
        while len(self.levels) <= level:
            self.levels.append({})
        self.levels[level][name] = sql


@dataclass(slots=True)
class ExpressionWriter:
    """Writes expressions over some columns. `aggregate` gives the columns of what looks at the roster."""

    steps: Steps
    figure: Callable[[str], Quotient]
    row_field: Callable[[str], Quotient]
    aggregate: Callable[[Aggregate], Quotient]
    _written: dict[Node, Quotient] = field(default_factory=dict)

    def number(self, node: Node) -> Quotient:
        """Return the value of a node that gives a number, a date or a category."""
        if node not in self._written:
            found = self._number(node)
            low, high = node.meaning.low, node.meaning.high
            self._written[node] = found if found.is_constant else found.clamped(low, high)
        return self._written[node]

    def _number(self, node: Node) -> Quotient:
        match node:
            case Constant(value=value):
                return Quotient.constant(value)
            case Figure(reference=reference):
                return self.figure(reference)
            case RosterField(reference=reference):
                return self.row_field(reference)
            case Arithmetic(op=op, left=left, right=right):
                return self._arithmetic(op, self.number(left), self.number(right))
            case Extreme(op=op, parts=parts):
                return reduce(
                    lambda one, two: self._extreme(op, one, two), (self.number(part) for part in parts)
                )
            case Conditional(condition=condition, then=then, otherwise=otherwise):
                return self._conditional(
                    self.steps.test(self.condition(condition)), self.number(then), self.number(otherwise)
                )
            case Aggregate():
                return self.aggregate(node)
        raise AssertionError(f"{node.key} gives no number; check() lets no such tree through")

    def _arithmetic(self, op: str, one: Quotient, two: Quotient) -> Quotient:
        match op:
            case "+":
                return added(self._shared(one, two), self._shared(two, one))
            case "-":
                return added(self._shared(one, two), self._shared(two, one), sign=-1)
            case "*":
                return multiplied(one, two)
        return multiplied(one, inverted(two))

    def _shared(self, value: Quotient, other: Quotient) -> Quotient:
        """Over one denominator of its own each part stands once; across two it stands several times."""
        if value.below.is_constant and other.below.is_constant:
            return value
        return self.steps.quotient(value)

    def _extreme(self, op: str, one: Quotient, two: Quotient) -> Quotient:
        choose = min if op == "min" else max
        low, high = choose(one.low, two.low), choose(one.high, two.high)
        if one.below.is_constant and two.below.is_constant:
            below = constant(lcm(one.below.low, two.below.low))
            pick = least if op == "min" else greatest
            return Quotient.of(pick(*across(one, two)), below).bounded(low, high)
        one, two = self.steps.quotient(one), self.steps.quotient(two)
        first = self.steps.test(compared("<=" if op == "min" else ">=", *across(one, two)))
        return _either(first, one, two).bounded(low, high)

    def _conditional(self, condition: Test, then: Quotient, otherwise: Quotient) -> Quotient:
        if then.below.is_constant and otherwise.below.is_constant:
            below = lcm(then.below.low, otherwise.below.low)
            one = times(then.above, constant(below // then.below.low))
            two = times(otherwise.above, constant(below // otherwise.below.low))
            return Quotient.of(chosen([(condition, one)], two), constant(below))
        found = _either(condition, then, otherwise)
        return found.bounded(min(then.low, otherwise.low), max(then.high, otherwise.high))

    def condition(self, node: Node) -> Test:
        """Return a node that gives a condition."""
        match node:
            case Constant(value=value):
                return Test(sql=exp.Boolean(this=value != 0))
            case Figure() | RosterField():
                return compared("!=", self.number(node).above, constant(0))
            case Compare(op=op, left=left, right=right):
                return compared(op, *across(self.number(left), self.number(right)))
            case Logic(op="not", parts=(of,)):
                inner = self.condition(of)
                return test(negated(inner.sql), inner)
            case Logic(op=op, parts=parts):
                tests = [self.condition(part) for part in parts]
                join = all_of if op == "and" else any_of
                return test(join(*(each.sql for each in tests)), *tests)
            case Among(of=of, values=values):
                position = self.number(of).above
                positions = [number(int(each)) for each in values]
                return test(exp.In(this=position.sql, expressions=positions), position)
            case Within(of=of, first=first, last=last):
                day = self.steps.whole(self.number(of).above)
                after, before = (
                    compared(">=", day, constant(ceil(first))),
                    compared("<=", day, constant(floor(last))),
                )
                return test(all_of(after.sql, before.sql), after, before)
        raise AssertionError(f"{node.key} gives no condition; check() lets no such tree through")


def _either(condition: Test, one: Quotient, two: Quotient) -> Quotient:
    """Return one of two quotients whose denominators differ."""
    above = chosen([(condition, one.above)], two.above)
    below = (
        one.below
        if one.below.is_constant and two.below.is_constant and one.below.low == two.below.low
        else chosen([(condition, one.below)], two.below)
    )
    return Quotient(above=above, below=below, low=min(one.low, two.low), high=max(one.high, two.high))
