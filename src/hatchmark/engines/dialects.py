"""How does each database write what whole numbers need: floor division, 64 and 128 bits, sorted scores?"""

from collections.abc import Callable
from enum import StrEnum
from functools import cache

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect as SqlglotDialect
from sqlglot.generator import Generator

from hatchmark.engines.sql_parts import FloorDivision, Narrow, ScoreAt, SortedScores, Sql, Wide


class Dialect(StrEnum):
    """The databases that a scheme is printed for."""

    DUCKDB = "duckdb"
    POSTGRES = "postgres"
    SPARK = "spark"


_WIDE = {Dialect.DUCKDB: "HUGEINT", Dialect.POSTGRES: "NUMERIC(38, 0)", Dialect.SPARK: "DECIMAL(38, 0)"}


def printed(sql: Sql, dialect: Dialect) -> str:
    """Return a statement as a database reads it."""
    return _generator(dialect)(dialect=dialect.value).generate(sql, copy=False)


@cache
def _generator(dialect: Dialect) -> type[Generator]:
    theirs = SqlglotDialect.get_or_raise(dialect.value).generator_class
    own: dict[type[exp.Expr], Callable[..., str]] = {
        FloorDivision: lambda to, node: _division(to, node, dialect),
        Wide: lambda to, node: _wide(to, node, dialect),
        Narrow: lambda to, node: f"CAST({to.sql(node, 'this')} AS BIGINT)",
        SortedScores: lambda to, node: _sorted(to, node, dialect),
        ScoreAt: lambda to, node: _score_at(to, node, dialect),
    }
    if dialect is Dialect.SPARK:
        own[exp.RegexpLike] = _matches_in_spark
    return type(f"Hatchmark{theirs.__name__}", (theirs,), {"TRANSFORMS": {**theirs.TRANSFORMS, **own}})


def _division(to: Generator, node: exp.Expr, dialect: Dialect) -> str:
    above, below = to.sql(node, "this"), to.sql(node, "expression")
    if dialect is Dialect.DUCKDB:
        return f"({above} // {below})"
    if dialect is Dialect.POSTGRES:
        return f"DIV({above}, {below})" if node.args.get("wide") else f"({above} / {below})"
    if not node.args.get("wide"):
        return f"({above} DIV {below})"
    # DIV of decimals gives 64 bits, and wraps silently where they do not do. Without its rest the quotient is whole, so
    # the division of decimals has nothing to round, and its cast fails where it does not fit.
    quotient = f"({above} - {above} % {below}) / {below}"
    if node.args.get("fits"):
        return f"CAST({quotient} AS BIGINT)"
    quotient = f"CAST({quotient} AS {_WIDE[dialect]})"
    return _long_division(above, below, quotient) if node.args.get("long") else quotient


_PART = 10**20
"""Spark's division leaves 32 digits before the point. By 10^6 and more, 38 digits always have their quotient in them;
by less, the digits above and below 10^20 are divided apart, as by hand."""


def _long_division(above: str, below: str, simply: str) -> str:
    wide = _WIDE[Dialect.SPARK]
    upper = f"CAST(({above} - {above} % {_PART}) / {_PART} AS {wide})"
    of_upper = f"CAST(({upper} - {upper} % {below}) / {below} AS {wide})"
    lower = f"({upper} % {below} * {_PART} + {above} % {_PART})"
    of_lower = f"CAST(({lower} - {lower} % {below}) / {below} AS {wide})"
    by_hand = f"CAST({of_upper} * {_PART} + {of_lower} AS {wide})"
    return f"CASE WHEN {below} < 1000000 THEN {by_hand} ELSE {simply} END"


def _wide(to: Generator, node: exp.Expr, dialect: Dialect) -> str:
    this = to.sql(node, "this")
    if dialect is Dialect.SPARK and isinstance(node.this, exp.Sum):
        # A sum has the width of what it adds; the others add 64 bits in 128 on their own.
        this = f"SUM(CAST({to.sql(node.this, 'this')} AS {_WIDE[dialect]}))"
    return f"CAST({this} AS {_WIDE[dialect]})"


def _matches_in_spark(to: Generator, node: exp.Expr) -> str:
    pattern = node.expression.name
    if pattern.endswith("$"):
        # Java's $ also holds before a line end that comes last.
        pattern = pattern.removesuffix("$") + r"\z"
    return f"{to.sql(node, 'this')} RLIKE {to.sql(exp.Literal.string(pattern))}"


def _sorted(to: Generator, node: exp.Expr, dialect: Dialect) -> str:
    scores = to.expressions(node, flat=True)
    if dialect is Dialect.DUCKDB:
        return f"LIST_SORT([{scores}], 'ASC', 'NULLS LAST')"
    if dialect is Dialect.POSTGRES:
        return f"(SELECT ARRAY_AGG(x ORDER BY x NULLS LAST) FROM UNNEST(ARRAY[{scores}]) AS u(x))"  # noqa: S608
    return f"ARRAY_SORT(ARRAY({scores}))"


def _score_at(to: Generator, node: exp.Expr, dialect: Dialect) -> str:
    scores, position = to.sql(node, "this"), to.sql(node, "expression")
    if dialect is Dialect.DUCKDB:
        return f"{scores}[{position}]"
    if dialect is Dialect.POSTGRES:
        return f"({scores})[{position}]"
    return f"TRY_ELEMENT_AT({scores}, CAST({position} AS INT))"
