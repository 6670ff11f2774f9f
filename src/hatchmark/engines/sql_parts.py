"""The parts that statements are made of. A part is never changed once it is made, so that it can stand in many places.

Every name in them is generated and every number is a whole one: text of a scheme or a table comes in by `word` alone.
"""

from collections.abc import Sequence
from typing import ClassVar

from sqlglot import exp

Sql = exp.Expr
"""Any part of a statement."""


class FloorDivision(exp.Expression, exp.Binary):
    """A whole number ≥ 0 divided by one > 0, without the rest. Each dialect writes it in its own way.

    `wide`: done in 128 bits. `fits`: what comes out fits into 64. `long`: it may have more than 32 digits.
    """

    arg_types: ClassVar[dict[str, bool]] = {
        "this": True,
        "expression": True,
        "wide": False,
        "fits": False,
        "long": False,
    }


class Wide(exp.Unary):
    """A whole number held in 128 bits."""


class Narrow(exp.Unary):
    """A whole number held in 64 bits."""


class SortedScores(exp.Expression, exp.Func):
    """A list of whole numbers from the lowest up, NULLs last."""

    arg_types: ClassVar[dict[str, bool]] = {"expressions": True}
    is_var_len_args = True


class ScoreAt(exp.Expression, exp.Func):
    """The n-th number of a list, from 1; NULL where it has none."""

    arg_types: ClassVar[dict[str, bool]] = {"this": True, "expression": True}


def number(value: int) -> Sql:
    """Write a whole number."""
    literal: Sql = exp.Literal.number(abs(value))
    return exp.Neg(this=literal) if value < 0 else literal


def word(value: str) -> Sql:
    """Write a text, quoted by the rules of each dialect."""
    return exp.Literal.string(value)


def all_of(*parts: Sql) -> Sql:
    """Join conditions by AND; none of them is true."""
    return _joined(exp.And, parts, exp.true())


def any_of(*parts: Sql) -> Sql:
    """Join conditions by OR; none of them is false."""
    return _joined(exp.Or, parts, exp.false())


def _joined(kind: type[exp.And] | type[exp.Or], parts: Sequence[Sql], nothing: Sql) -> Sql:
    joined: Sql | None = None
    for part in parts:
        each = exp.Paren(this=part) if isinstance(part, exp.And | exp.Or) else part
        joined = each if joined is None else kind(this=joined, expression=each)
    return nothing if joined is None else joined


def negated(part: Sql) -> Sql:
    """Turn a condition round."""
    return exp.Not(this=exp.Paren(this=part))


def is_null(part: Sql) -> Sql:
    """Say whether a value is missing."""
    return exp.Is(this=part, expression=exp.null())


def not_null(part: Sql) -> Sql:
    """Say whether a value is there."""
    return exp.Not(this=is_null(part))


def case(
    branches: Sequence[tuple[Sql, Sql]], otherwise: Sql | None = None, *, of: Sql | None = None
) -> exp.Case:
    """Return the value of the first condition that holds (with `of`: of the first value that it equals)."""
    ifs = [exp.If(this=condition, true=value) for condition, value in branches]
    return exp.Case(this=of, ifs=ifs, default=otherwise)


def cast(part: Sql, kind: str) -> Sql:
    """Turn a value into another type."""
    return exp.Cast(this=part, to=exp.DataType.build(kind))


def otherwise(part: Sql, value: Sql) -> Sql:
    """Return a value, or another one where it is missing."""
    return exp.Coalesce(this=part, expressions=[value])


def named(part: Sql, name: str) -> exp.Alias:
    """Give a column its name."""
    return exp.Alias(this=part, alias=exp.to_identifier(name))


def every_column(of: str = "") -> Sql:
    """Return all columns, or those of one of two tables."""
    return exp.Column(this=exp.Star(), table=exp.to_identifier(of)) if of else exp.Star()


def table(name: str, alias: str = "") -> Sql:
    """Name a table."""
    return exp.Table(
        this=exp.to_identifier(name),
        alias=exp.TableAlias(this=exp.to_identifier(alias)) if alias else None,
    )


def select(
    columns: Sequence[Sql],
    source: str | Sql,
    *,
    where: Sequence[Sql] = (),
    group_by: Sequence[Sql] = (),
    ctes: Sequence[tuple[str, exp.Select]] = (),
) -> exp.Select:
    """Return a statement."""
    found = exp.Select(expressions=list(columns))
    found.set("from_", exp.From(this=table(source) if isinstance(source, str) else source))
    if where:
        found.set("where", exp.Where(this=all_of(*where)))
    if group_by:
        found.set("group", exp.Group(expressions=list(group_by)))
    if ctes:
        each = [
            exp.CTE(this=query, alias=exp.TableAlias(this=exp.to_identifier(name))) for name, query in ctes
        ]
        found.set("with_", exp.With(expressions=each))
    return found


def joined(found: exp.Select, other: Sql, *, on: Sql | None, side: str = "") -> exp.Select:
    """Join another table to a statement that was just made; without `on`, its one row to every row."""
    join = (
        exp.Join(this=other, on=on, side=side or None)
        if on is not None
        else exp.Join(this=other, kind="CROSS")
    )
    found.set("joins", [*(found.args.get("joins") or []), join])
    return found
