"""How does the result TABLE get into its file? DuckDB writes it for every engine in SQL: the bytes of the reference."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import duckdb

from hatchmark.documents.parquet import SUFFIX as PARQUET
from hatchmark.documents.parquet import literal, write_parquet
from hatchmark.documents.score_tables import (
    POINTS_TYPE,
    Cell,
    TableToWrite,
    result_header,
    result_types,
    write_table,
)
from hatchmark.domain.scheme import points_text
from hatchmark.engines.file_run import Scored, whole
from hatchmark.engines.sql import Plan

_BATCH = 20_000
_SCAN = 1024 * 1024


def write_result(
    connection: duckdb.DuckDBPyConnection, plan: Plan, *, relation: str, to: Path, out: Path
) -> Scored:
    """Write the rows of a relation to `to`, in their order and in the format of `out`.

    The relation has what `Plan.graded` gives: `id`, the columns of points in hundredths, `total`, `rank`, `grade`.
    """
    names = ", ".join(literal(cut.name) for cut in plan.scheme.grades)
    columns = ", ".join(("id", *plan.points, "total", "rank"))
    grade = f"list_extract([{names}], CAST(grade AS INTEGER) + 1) AS grade"
    connection.execute(f"CREATE TEMP VIEW result AS SELECT {columns}, {grade} FROM {relation}")  # noqa: S608
    header = result_header(plan.scheme)
    match out.suffix.lower():
        case ".csv":
            _write_csv(connection, plan, header, to)
        case suffix if suffix == PARQUET:
            named = zip(
                ("id", *plan.points, "total", "rank", "grade"), header, result_types(header), strict=True
            )
            columns = ", ".join(
                f"{_in_points(name) if kind == POINTS_TYPE else name} AS {_quoted(title)}"
                for name, title, kind in named
            )
            write_parquet(connection, f"SELECT {columns} FROM result", to)  # noqa: S608
        case _:
            write_table(to, TableToWrite(path=out, header=header, rows=_cells(connection)))
    counted = connection.execute("SELECT grade, count(*) FROM result GROUP BY grade").fetchall()
    grades = {str(name or ""): whole(count) for name, count in counted}
    return Scored(rows=sum(grades.values()), grades=grades)


def _write_csv(connection: duckdb.DuckDBPyConnection, plan: Plan, header: Sequence[str], to: Path) -> None:
    """Write the same bytes as the reference: DuckDB writes lines, and the mark and line ends are put to them."""
    points = ", ".join(f"CAST({_in_points(name)} AS VARCHAR)" for name in (*plan.points, "total"))
    inside = "regexp_matches(id, '[,\"]')"
    key = f"CASE WHEN {inside} THEN '\"' || replace(id, '\"', '\"\"') || '\"' ELSE id END"
    lines = to.with_name("lines")
    connection.execute(
        f"COPY (SELECT {key}, {points}, rank, grade FROM result) TO {literal(str(lines))} "  # noqa: S608
        "(FORMAT csv, HEADER false, QUOTE '', ESCAPE '', NULLSTR '')"
    )
    with lines.open("rb") as source, to.open("wb") as target:
        target.write(b"\xef\xbb\xbf" + ",".join(header).encode() + b"\r\n")
        while part := source.read(_SCAN):
            target.write(part.replace(b"\n", b"\r\n"))
    lines.unlink()


def _cells(connection: duckdb.DuckDBPyConnection) -> Iterator[list[Cell]]:
    answer = connection.execute("SELECT * FROM result")
    while rows := answer.fetchmany(_BATCH):
        for row in rows:
            yield result_cells(row)


def result_cells(row: Sequence[object]) -> list[Cell]:
    """Return the cells of the result TABLE for an id, points and total in hundredths, a rank and a grade's name."""
    key, *points, rank, grade = row
    return [
        str(key),
        *(None if each is None else Decimal(points_text(whole(each))) for each in points),
        None if rank is None else Decimal(whole(rank)),
        None if grade is None else str(grade),
    ]


def _in_points(name: str) -> str:
    """Return hundredths as points with two places."""
    return f"CAST({name} AS DECIMAL(10, 0)) * CAST(0.01 AS DECIMAL(2, 2))"


def _quoted(name: str) -> str:
    quoted = name.replace('"', '""')
    return f'"{quoted}"'
