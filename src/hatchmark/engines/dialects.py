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
        Wide: lambda to, node: f"CAST({to.sql(node, 'this')} AS {_WIDE[dialect]})",
        Narrow: lambda to, node: f"CAST({to.sql(node, 'this')} AS BIGINT)",
        SortedScores: lambda to, node: _sorted(to, node, dialect),
        ScoreAt: lambda to, node: _score_at(to, node, dialect),
    }
    return type(f"Hatchmark{theirs.__name__}", (theirs,), {"TRANSFORMS": {**theirs.TRANSFORMS, **own}})


def _division(to: Generator, node: exp.Expr, dialect: Dialect) -> str:
    above, below = to.sql(node, "this"), to.sql(node, "expression")
    if dialect is Dialect.DUCKDB:
        return f"({above} // {below})"
    if dialect is Dialect.POSTGRES:
        return f"DIV({above}, {below})" if node.args.get("wide") else f"({above} / {below})"
    if node.args.get("fits"):
        return f"({above} DIV {below})"
    # DIV gives 64 bits. Without its rest the quotient is whole, so the division of decimals has nothing to round.
    return f"CAST(({above} - {above} % {below}) / {below} AS DECIMAL(38, 0))"


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
