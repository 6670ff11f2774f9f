"""Whole numbers on Spark and PostgreSQL: exact up to 38 digits; what a wrong bound lets overflow fails."""

import itertools

import pytest

from hatchmark.engines.dialects import Dialect, printed
from hatchmark.engines.ranges import NARROW, WIDE, column, divided, greatest, least, minus, plus, times
from hatchmark.engines.sql_parts import Narrow, Wide, named, select

EDGES = (
    0, 1, 2, 3, 7, 999_999, 10**6, 10**6 + 1, 2**31, NARROW, NARROW + 1, 10**19 - 1, 10**20 - 1, 10**20,
    10**31 + 7, 10**32 - 1, 10**32, 7 * 10**36 + 3, WIDE // 2, WIDE - 1, WIDE,
)  # fmt: skip
FLOOR = "floor division"
MAKES = {FLOOR: divided, "+": plus, "-": minus, "*": times, "least": least, "greatest": greatest}
TRUTHS = {
    FLOOR: lambda a, b: a // b,
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "least": min,
    "greatest": max,
}
CASES = [
    (FLOOR, (0, WIDE), (1, WIDE)),
    (FLOOR, (0, WIDE), (10**6, WIDE)),
    (FLOOR, (0, WIDE), (10**20, WIDE)),
    (FLOOR, (0, WIDE), (1, NARROW)),
    (FLOOR, (0, NARROW), (1, NARROW)),
    ("+", (0, WIDE // 2), (0, WIDE // 2)),
    ("+", (0, NARROW), (0, NARROW)),
    ("+", (0, NARROW // 2), (0, NARROW // 2)),
    ("-", (0, WIDE), (0, WIDE)),
    ("-", (0, NARROW), (0, NARROW)),
    ("*", (0, 10**19), (0, 10**19 - 1)),
    ("*", (0, NARROW), (0, NARROW)),
    ("*", (0, 2**31), (0, 2**31 - 1)),
    ("*", (0, WIDE // 7), (0, 7)),
    ("least", (0, WIDE), (0, NARROW)),
    ("greatest", (0, WIDE), (0, NARROW)),
]


def in_columns(low_high, name):
    return column(name, low=low_high[0], high=low_high[1])


def held_as(name, bounds, dialect):
    """The cell of a table of pairs in the width that a column of such bounds has."""
    cell = in_columns(bounds, name)
    return printed((Wide if cell.wide else Narrow)(this=cell.sql), dialect)


def statement(number, case, dialect):
    op, of_a, of_b = case
    value = MAKES[op](in_columns(of_a, "a"), in_columns(of_b, "b"))
    inside = f"a >= {of_a[0]} AND a <= {of_a[1]} AND b >= {of_b[0]} AND b <= {of_b[1]}"
    cells = f"{held_as('a', of_a, dialect)} AS a, {held_as('b', of_b, dialect)} AS b"
    text = "STRING" if dialect is Dialect.SPARK else "TEXT"
    return (
        f"SELECT {number} AS n, CAST(a AS {text}) AS a, CAST(b AS {text}) AS b, "  # noqa: S608
        f"CAST({printed(value.sql, dialect)} AS {text}) AS r FROM (SELECT {cells} FROM pairs WHERE {inside}) AS p"
    )


def assert_exact(ask, dialect):
    statements = [statement(number, case, dialect) for number, case in enumerate(CASES)]

    found = {(n, int(a), int(b)): int(r) for n, a, b, r in ask(" UNION ALL ".join(statements))}

    expected = {
        (number, a, b): TRUTHS[op](a, b)
        for number, (op, of_a, of_b) in enumerate(CASES)
        for a, b in itertools.product(EDGES, EDGES)
        if of_a[0] <= a <= of_a[1] and of_b[0] <= b <= of_b[1]
    }
    assert found == expected


@pytest.fixture(scope="module")
def on_spark(spark, tmp_path_factory):
    """A table of pairs in a file: what stands in the statement itself is computed before it runs, on other ways."""
    folder = tmp_path_factory.mktemp("pairs")
    pairs = ", ".join(f"({a}, {b})" for a, b in itertools.product(EDGES, EDGES))
    cells = "CAST(a AS DECIMAL(38, 0)) AS a, CAST(b AS DECIMAL(38, 0)) AS b"
    spark.sql(f"SELECT {cells} FROM VALUES {pairs} AS t(a, b)").write.parquet(f"file:{folder}/pairs")  # noqa: S608
    spark.read.parquet(f"file:{folder}/pairs").createOrReplaceTempView("pairs")
    return lambda sql: spark.sql(sql).collect()


@pytest.mark.spark
def test_spark_is_exact_to_the_edges_of_64_and_128_bits(on_spark):
    assert_exact(on_spark, Dialect.SPARK)


@pytest.mark.postgres
def test_postgresql_is_exact_to_the_edges_of_64_and_128_bits(postgresql):
    postgresql.execute("CREATE TEMP TABLE pairs (a NUMERIC(38, 0), b NUMERIC(38, 0))")
    with postgresql.cursor() as cursor:
        cursor.executemany("INSERT INTO pairs VALUES (%s, %s)", list(itertools.product(EDGES, EDGES)))

    assert_exact(lambda sql: postgresql.execute(sql).fetchall(), Dialect.POSTGRES)


SMALL, LARGE = (0, 1), (0, NARROW + 1)
WRONG_BOUNDS = [
    ("+", SMALL, SMALL, NARROW, NARROW),
    ("*", SMALL, SMALL, NARROW, NARROW),
    ("+", LARGE, LARGE, WIDE, WIDE),
    ("*", LARGE, LARGE, WIDE, WIDE),
    (FLOOR, (0, WIDE), (10**20, WIDE), WIDE, 1),
    (FLOOR, (0, WIDE // 10), (10**7, WIDE), WIDE, 1),
]


@pytest.mark.spark
@pytest.mark.parametrize("case", WRONG_BOUNDS)
def test_spark_fails_where_a_bound_was_wrong(on_spark, case):
    from pyspark.errors import ArithmeticException

    op, of_a, of_b, a, b = case
    value = MAKES[op](in_columns(of_a, "a"), in_columns(of_b, "b"))
    cells = f"{held_as('a', of_a, Dialect.SPARK)} AS a, {held_as('b', of_b, Dialect.SPARK)} AS b"
    given = f"SELECT {cells} FROM pairs WHERE a = {a} AND b = {b}"  # noqa: S608

    with pytest.raises(ArithmeticException):
        on_spark(f"SELECT {printed(value.sql, Dialect.SPARK)} AS r FROM ({given})")  # noqa: S608


@pytest.mark.spark
def test_a_sum_on_spark_is_as_wide_as_it_has_to_be_and_fails_beyond(on_spark):
    from pyspark.errors import ArithmeticException
    from sqlglot import exp

    def total(kind, of, where):
        summed = kind(this=exp.Sum(this=of))
        text = printed(select([named(summed, "s")], "cells"), Dialect.SPARK)
        cells = f"SELECT CAST(a AS BIGINT) AS n, a AS w FROM pairs WHERE {where}"  # noqa: S608
        return int(on_spark(f"WITH cells AS ({cells}) {text}")[0].s)

    narrow, wide = exp.column("n"), exp.column("w")
    largest = f"a = {NARROW}"

    assert total(Wide, narrow, largest) == NARROW * len(EDGES)
    with pytest.raises(ArithmeticException):
        total(Narrow, narrow, largest)
    with pytest.raises(ArithmeticException):
        total(Wide, wide, f"a = {WIDE}")
