"""A runner of compiled schemes on PostgreSQL, to hold its dialect to the reference: file to file, as the engines go."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import psycopg

from hatchmark.documents.parquet import locked_connection
from hatchmark.documents.score_tables import TableToWrite, result_header, result_types, write_tables
from hatchmark.domain.scheme import Scheme
from hatchmark.engines.dialects import Dialect, printed
from hatchmark.engines.file_run import FileRun, check_files, open_tables
from hatchmark.engines.result_files import result_cells
from hatchmark.engines.sql import Plan
from hatchmark.engines.sql_reading import RawType, read_entries, read_roster
from hatchmark.engines.table_source import TableSource

TYPES = {
    RawType.TEXT: "TEXT",
    RawType.INTEGER: "NUMERIC(38, 0)",
    RawType.BOOLEAN: "BOOLEAN",
    RawType.OTHER: "DATE",
}


def score_on_postgresql(
    connection: psycopg.Connection, scheme: Scheme, *, data: Path, roster: Path | None, out: Path
) -> None:
    """Score a TABLE and write the result TABLE."""
    check_files(scheme, data=data, roster=roster, out=out)
    with tempfile.TemporaryDirectory() as folder:
        files = [data, *([roster] if roster else [])]
        with locked_connection([Path(folder)], files=files) as reader:
            source, rows = open_tables(reader, scheme, data=data, roster=roster, work=Path(folder))
            run = PostgresRun(scheme, source, rows, connection=connection)
            plan = run.computed()
            header = result_header(scheme)
            found = TableToWrite(path=out, header=header, rows=run.results(plan), types=result_types(header))
            write_tables([found])


class PostgresRun(FileRun):
    """Scores one file on PostgreSQL."""

    dialect = Dialect.POSTGRES

    def __init__(self, scheme, data, roster, *, connection: psycopg.Connection) -> None:
        super().__init__(scheme, data, roster)
        self._connection = connection

    def every(self, sql: str) -> Iterator[Sequence[object]]:
        yield from self._connection.execute(sql).fetchall()

    def is_unreadable(self, error: Exception) -> bool:
        return isinstance(error, duckdb.ConversionException | duckdb.InvalidInputException)

    def make(self, name: str, sql: str) -> None:
        self._connection.execute(f"DROP TABLE IF EXISTS {name}")
        self._connection.execute(f"CREATE TEMP TABLE {name} AS {sql}")

    def read(self, plan: Plan, *, with_roster: bool) -> None:
        raw = self._load(self.data, "raw_data")
        entries = read_entries(plan, raw, relation="raw_data", keep=["place"])
        self.make("entries", printed(entries, self.dialect))
        if self.roster is not None and with_roster:
            raw = self._load(self.roster, "raw_roster")
            rows = read_roster(plan, raw, relation="raw_roster", keep=["place"])
            self.make("rows", printed(rows, self.dialect))

    def score(self, plan: Plan) -> None:
        keep = ("flag", "place")
        text = printed(plan.scored(entries="entries", roster="rows", keep=keep), self.dialect)
        columns = ", ".join(
            f"CAST({name} AS BIGINT) AS {name}" if name in (*plan.points, "total") else name
            for name in (*plan.passed_on, *keep)
        )
        self.make("scored", f"SELECT {columns} FROM ({text}) AS s")  # noqa: S608

    def results(self, plan: Plan) -> Iterator[list[object]]:
        """Yield the rows of the result TABLE."""
        self.make("totals", printed(plan.ranked(scored="scored"), self.dialect))
        self.make(
            "graded", printed(plan.graded(scored="scored", totals="totals", keep=["place"]), self.dialect)
        )
        names = [cut.name for cut in plan.scheme.grades]
        for _, *row, grade in self.every("SELECT * FROM graded ORDER BY place"):
            yield result_cells([*row, None if grade is None else names[grade]])

    def _load(self, source: TableSource, name: str) -> dict:
        columns = ", ".join(
            f"{raw.name} {TYPES.get(raw.type) or f'NUMERIC(38, {raw.places})'}" for raw in source.types
        )
        self._connection.execute(f"DROP TABLE IF EXISTS {name}")
        self._connection.execute(f"CREATE TEMP TABLE {name} ({columns}, place BIGINT)")
        cells = source.connection.execute(f"SELECT * FROM {source.relation}").fetchall()  # noqa: S608
        with self._connection.cursor() as cursor, cursor.copy(f"COPY {name} FROM STDIN") as copy:
            for place, row in enumerate(cells):
                copy.write_row([*row, place])
        return source.raw()
