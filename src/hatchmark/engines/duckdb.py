"""The DuckDB engine: a TABLE file in, the result TABLE out, as large as the disk, with the digits of the reference."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from hatchmark.documents.parquet import locked_connection
from hatchmark.documents.score_tables import written_whole
from hatchmark.domain.scheme import Scheme
from hatchmark.engines.dialects import Dialect, printed
from hatchmark.engines.file_run import FileRun, Scored, check_files, open_tables, whole
from hatchmark.engines.result_files import write_result
from hatchmark.engines.sql import Plan
from hatchmark.engines.sql_reading import read_entries, read_roster
from hatchmark.engines.table_source import TableSource

_MOST_THREADS = 4
_MEMORY = "2500MB"
_BATCH = 20_000


def score_file(scheme: Scheme, *, data: Path, roster: Path | None = None, out: Path) -> Scored:
    """Score a TABLE (.csv, .xlsx, .parquet) and write the result TABLE by the ending of `out`.

    Raises FolderErrors that name every cell that cannot be, as the reference engine does (of very many bad rows the
    first 1,000); then nothing is written.
    """
    check_files(scheme, data=data, roster=roster, out=out)
    with tempfile.TemporaryDirectory(prefix="hatchmark-") as work, written_whole(out) as to:
        folders = [Path(work), to.parent]
        threads = min(_MOST_THREADS, os.cpu_count() or 1)
        files = [data, *([roster] if roster else [])]
        with locked_connection(folders, files=files, memory=_MEMORY, threads=threads) as connection:
            source, rows = open_tables(connection, scheme, data=data, roster=roster, work=folders[0])
            run = _Run(scheme, source, rows)
            plan = run.computed()
            return write_result(connection, plan, relation=run.graded(plan), to=to, out=out)


class _Run(FileRun):
    """Scores one file in DuckDB."""

    dialect = Dialect.DUCKDB
    distinct_ids = "count(DISTINCT hash(id))"

    def __init__(self, scheme: Scheme, data: TableSource, roster: TableSource | None) -> None:
        super().__init__(scheme, data, roster)
        self._connection = data.connection
        self._entries = "VIEW"
        self._held = False

    def every(self, sql: str) -> Iterator[Sequence[object]]:
        """Yield the rows of an answer, which may be long."""
        answer = self._connection.execute(sql)
        while rows := answer.fetchmany(_BATCH):
            yield from rows

    def is_unreadable(self, error: Exception) -> bool:
        """Say whether DuckDB cannot read this as a table: rows of other lengths, text that is no UTF-8."""
        return isinstance(error, duckdb.ConversionException | duckdb.InvalidInputException)

    def numbered(self, table: str) -> str:
        """Return the SQL of a table with `nth`: DuckDB keeps its rows in the order in which they came."""
        return f"SELECT *, row_number() OVER () - 1 AS nth FROM {table}"  # noqa: S608

    def read(self, plan: Plan, *, with_roster: bool) -> None:
        """Make `entries` and `rows`.

        Held are entries that are looked at several times, or that a join may put into another order.
        """
        self._held = self.roster is not None or plan.needs_cohort
        self._run("DROP VIEW IF EXISTS quotients")
        for kind, name in (("TABLE", "scored"), ("TABLE", "rows"), (self._entries, "entries")):
            self._run(f"DROP {kind} IF EXISTS {name}")
        self._run(f"CREATE OR REPLACE TEMP VIEW raw_data AS SELECT * FROM {self.data.relation}")  # noqa: S608
        entries = printed(read_entries(plan, self.data.raw(), relation="raw_data"), self.dialect)
        self._entries = "TABLE" if self._held else "VIEW"
        place = ", row_number() OVER () AS place" if self._held else ""
        self._run(f"CREATE TEMP {self._entries} entries AS SELECT *{place} FROM ({entries})")  # noqa: S608
        if self.roster is not None and with_roster:
            self._run(f"CREATE OR REPLACE TEMP VIEW raw_roster AS SELECT * FROM {self.roster.relation}")  # noqa: S608
            rows = printed(read_roster(plan, self.roster.raw(), relation="raw_roster"), self.dialect)
            self._run(f"CREATE TEMP TABLE rows AS {rows}")

    def make(self, name: str, sql: str) -> None:
        """Make a view: DuckDB computes again sooner than it keeps."""
        self._run(f"CREATE OR REPLACE TEMP VIEW {name} AS {sql}")

    def score(self, plan: Plan) -> None:
        """Make `scored`, in the order of the file."""
        keep = ("flag", "place") if self._held else ("flag",)
        text = printed(plan.scored(entries="entries", roster="rows", keep=keep), self.dialect)
        columns = ", ".join(
            f"CAST({name} AS {_small(plan.points[name])}) AS {name}" if name in plan.points else name
            for name in plan.passed_on
        )
        order = " ORDER BY place" if self._held else ""
        self._run(f"CREATE TEMP TABLE scored AS SELECT {columns}, flag FROM ({text}){order}")  # noqa: S608

    def graded(self, plan: Plan) -> str:
        """Return the relation of `Plan.graded`, in the order of the file.

        Rank and tie of each total are kept in lists by the total: looking up keeps the order, as a join need not.
        """
        self._run(f"CREATE TEMP TABLE totals AS {printed(plan.ranked(scored='scored'), self.dialect)}")
        every = f"range(0, {self.scheme.total_cap + 1}) AS r(t) LEFT JOIN totals ON total = t"
        for name, column in (("places", "rank"), ("ties", "tied")):
            self._run(f"SET VARIABLE {name} = (SELECT list({column} ORDER BY t) FROM {every})")  # noqa: S608
        ranked = whole(self.ask("SELECT coalesce(max(ranked), 0) FROM totals")[0][0])

        def looked_up(name: str) -> str:
            return f"CASE WHEN excluded THEN NULL ELSE list_extract(getvariable('{name}'), total + 1) END"

        placed = (
            f"SELECT *, {looked_up('places')} AS rank, {looked_up('ties')} AS tied, {ranked} AS ranked "  # noqa: S608
            "FROM scored"
        )
        columns = ", ".join(("id", *plan.points, "total", "rank"))
        return f"(SELECT {columns}, {printed(plan.grade(), self.dialect)} AS grade FROM ({placed}))"  # noqa: S608

    def _run(self, sql: str) -> None:
        self._connection.execute(sql)


def _small(most: int) -> str:
    """Return the smallest type that holds points up to so many."""
    return "SMALLINT" if most < 2**15 else "INTEGER" if most < 2**31 else "BIGINT"
