"""The DuckDB engine: a TABLE file in, the result TABLE out, as large as the disk; the digits of the reference engine.

DuckDB reads the file, finds rows in which something is unusual, and computes. Rows that it does not understand are read
again by `documents.score_tables`: that reader alone says what is wrong, in its words, and nothing is written then. What it
finds to be right after all (a space around a number, 007) is written plainly to a file of our own, and read once more.
"""  # noqa: E501

import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from pathlib import Path

import duckdb
from sqlglot import exp

from hatchmark.documents.large_tables import LongTable, open_table, read_limited_start
from hatchmark.documents.parquet import (
    SUFFIX as PARQUET,
)
from hatchmark.documents.parquet import linked, literal, locked_connection, parquet_columns, write_parquet
from hatchmark.documents.score_tables import (
    ELSEWHERE,
    FACTS,
    LONGEST_ID,
    POINTS_TYPE,
    Cell,
    TableToWrite,
    check_columns,
    check_ending,
    check_roster_named,
    entry_errors,
    no_entry,
    result_header,
    result_types,
    roster_column_errors,
    roster_row_errors,
    shows_as_it_is,
    too_long_roster,
    write_table,
    written_whole,
)
from hatchmark.documents.tables import Table, check_header, is_sound_cell
from hatchmark.domain.round_folder import FolderError, FolderErrors, Place
from hatchmark.domain.scheme import MEASURED, Scheme, exact_text, parse_number, points_text
from hatchmark.engines.dialects import Dialect, printed
from hatchmark.engines.sql import Answer, FigureColumn, Limits, NotInSqlError, Plan, compile_scheme
from hatchmark.engines.sql_reading import RawColumn, RawType, read_entries, read_roster

_MOST_ENTRIES = 10**9
_LARGEST = (10**9, 10**12, 10**18, 10**24, 10**30 - 1)
"""Largest values of figures without a maximum, tried in turn: small ones are computed in 64 bits."""

_MOST_BAD_ROWS = 1_000
_MOST_THREADS = 4
_MEMORY = "2500MB"
_BATCH = 20_000
_SCAN = 1024 * 1024
_UNUSUAL = bytes(code for code in (*range(32), 34, 127) if code not in b"\t\n\r")
_LOST = "\ufffd".encode()
_UNIT = "\x1f"
_PLAIN_GRADE = re.compile("[a-z0-9_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """What was written: how many entries, and how many of each grade by the scheme's own code ("" for none)."""

    rows: int
    grades: Mapping[str, int]


def score_file(scheme: Scheme, *, data: Path, roster: Path | None = None, out: Path) -> Scored:
    """Score a TABLE (.csv, .xlsx, .parquet) and write the result TABLE by the ending of `out`.

    Raises FolderErrors that name every cell that cannot be, as the reference engine does (of very many bad rows the
    first 1,000); then nothing is written.
    """
    check_roster_named(scheme, roster, file=data.name)
    for path in (data, out, *([roster] if roster else [])):
        check_ending(path, file=path.name)
    with tempfile.TemporaryDirectory(prefix="hatchmark-") as work, written_whole(out) as to:
        folders = [Path(work), to.parent]
        threads = min(_MOST_THREADS, os.cpu_count() or 1)
        files = [data, *([roster] if roster else [])]
        with locked_connection(folders, files=files, memory=_MEMORY, threads=threads) as connection:
            source = _Source.opened(connection, data, work=folders[0], name="data")
            check_columns(Table(source.file, source.header, ()), scheme)
            rows = None
            if roster is not None:
                try:
                    rows = _Source.opened(connection, roster, work=folders[0], name="roster")
                except FolderError:
                    # The table of entries comes first: what it holds beyond reading is told before.
                    source.table_of([_MOST_ENTRIES])
                    raise
            return _Run(scheme, connection, source, rows).write(to, out)


# ---- a table that DuckDB reads ----------------------------------------------------------------------------


@dataclass(slots=True)
class _Source:
    """A TABLE with what DuckDB reads of it. `plain`: as our own plain copy, not as the file itself."""

    connection: duckdb.DuckDBPyConnection
    path: Path
    work: Path
    name: str
    file: str
    header: tuple[str, ...] = ()
    relation: str = ""
    types: tuple[RawColumn, ...] = ()
    plain: bool = False

    @classmethod
    def opened(cls, connection: duckdb.DuckDBPyConnection, path: Path, *, work: Path, name: str) -> "_Source":
        """Open a table as it is where DuckDB and Python cannot but agree on it, else as a copy."""
        found = cls(connection=connection, path=path, work=work, name=name, file=path.name)
        read_limited_start(path, file=found.file)
        if path.suffix.lower() == PARQUET:
            found._read_parquet()
        elif path.suffix.lower() != ".csv" or not found._read_csv():
            found.copy_plainly(None)
        return found

    def raw(self) -> dict[str, RawColumn]:
        """Return the columns by the header of the TABLE."""
        return dict(zip(self.header, self.types, strict=True))

    def _read_parquet(self) -> None:
        link = linked(self.path, into=self.work, name=f"{self.name}.parquet")
        columns = parquet_columns(self.connection, link, file=self.file)
        self.header = tuple(column.header for column in columns)
        check_header(self.header, file=self.file)
        kinds = {"text": RawType.TEXT, "integer": RawType.INTEGER, "decimal": RawType.DECIMAL,
                 "boolean": RawType.BOOLEAN, "date": RawType.OTHER}  # fmt: skip
        self.types = tuple(
            RawColumn(name=f"c{number}", type=kinds[column.type], places=column.places)
            for number, column in enumerate(columns)
        )
        names = ", ".join(raw.name for raw in self.types)
        cells = ", ".join(
            f"NULLIF({raw.name}, '') AS {raw.name}" if raw.type is RawType.TEXT else raw.name
            for raw in self.types
        )
        file = f"read_parquet({literal(str(link))})"
        self.relation = f"(SELECT {cells} FROM (SELECT * FROM {file}) AS t({names}))"  # noqa: S608 - own names

    def _read_csv(self) -> bool:
        """Read the file itself, where it is a plain split by commas; say whether it is."""
        with self.path.open("rb") as stream:
            first = stream.readline(_SCAN)
            if first.startswith((b"\xff\xfe", b"\xfe\xff")):
                return False
            stream.seek(0)
            rest = b""
            while part := stream.read(_SCAN):
                part = rest + part
                # Two bytes may yet belong to what follows.
                rest = part[-2:] if len(part) > 2 else b""
                if not _is_plain(part):
                    return False
            if rest.endswith(b"\r"):
                return False
        try:
            line = first.decode("utf-8-sig")
        except UnicodeDecodeError:
            return False
        header = [cell.strip() for cell in line.rstrip("\r\n").split(",")]
        if not all(header) or len(header) < 2 or len(set(header)) != len(header):
            return False
        check_header(header, file=self.file)
        self.header = tuple(header)
        link = linked(self.path, into=self.work, name=f"{self.name}.csv")
        self._as_text(link, skip=1, separator=",")
        return True

    def _as_text(self, path: Path, *, skip: int, separator: str) -> None:
        self.types = tuple(RawColumn(name=f"c{number}") for number in range(len(self.header)))
        columns = ", ".join(f"{raw.name}: 'VARCHAR'" for raw in self.types)
        self.relation = (
            f"read_csv({literal(str(path))}, columns = {{{columns}}}, header = false, skip = {skip}, "
            f"delim = {literal(separator)}, quote = '', escape = '', nullstr = '', auto_detect = false, "
            "strict_mode = true, max_line_size = 16777216)"
        )

    def copy_plainly(self, scheme: Scheme | None) -> None:
        """Write the table once more, as plainly as DuckDB needs it: as text, and where `scheme` is given each value so.

        Raises FolderError for a table that cannot be read.
        """
        table = self.rows()
        self.header = table.header
        copy = self.work / f"{self.name}.plain"
        plainly = _plainly(scheme, table.header)
        with copy.open("w", encoding="utf-8", newline="") as stream:
            for row in table.rows:
                cells = [plainly(name, row.cells[name]) for name in table.header]
                stream.write(_UNIT.join(cells).translate(_ONE_LINE) + "\n")
        self.plain = scheme is not None
        if copy.stat().st_size == 0:
            names = ", ".join(f"NULL::VARCHAR AS c{number}" for number in range(len(self.header)))
            self.types = tuple(RawColumn(name=f"c{number}") for number in range(len(self.header)))
            self.relation = f"(SELECT {names} WHERE false)"
            return
        self._as_text(copy, skip=0, separator=_UNIT)

    def rows(self) -> LongTable:
        """Read the table once more by the reader whose words all errors have."""
        return open_table(self.path, file=self.file, work=self.work)

    def table_of(self, positions: Iterable[int]) -> Table:
        """Return the rows at some positions, from 0, as a table of their own."""
        wanted, kept = set(positions), []
        table = self.rows()
        for position, row in enumerate(islice(table.rows, max(wanted, default=-1) + 1)):
            if position in wanted:
                kept.append(row)
        return Table(self.file, table.header, tuple(kept))


def _is_plain(part: bytes) -> bool:
    """Say whether commas and line ends alone divide the cells, and nothing stands in them that no cell may hold."""
    return (
        len(part.translate(None, _UNUSUAL)) == len(part)
        and part.count(b"\r") - part.endswith(b"\r") == part.count(b"\r\n")
        and _LOST not in part
    )


_ONE_LINE = str.maketrans({"\n": "\t", "\r": "\t"})


def _plainly(scheme: Scheme | None, header: Sequence[str]) -> "_Plain":
    return _Plain(scheme, header)


class _Plain:
    """Writes cells that mean the same in the same way. What cannot be stays as it is, for the reader to say so."""

    def __init__(self, scheme: Scheme | None, header: Sequence[str]) -> None:
        self._numbers: set[str] = set()
        self._words = scheme is not None
        if scheme is None:
            return
        fields = scheme.roster.fields if scheme.roster else ()
        measured = {
            *(reference for reference, asked in scheme.asked.items() if asked.figure.type in MEASURED),
            *(field.figure.code for field in fields if field.figure.type in MEASURED),
        }
        items = {item.code for item in scheme.expert_items}
        self._numbers = {
            name for name in header if name in measured or name.partition("@")[0] in items - measured
        }

    def __call__(self, name: str, cell: str) -> str:
        if not self._words or not cell:
            return cell
        if name in self._numbers:
            try:
                return exact_text(parse_number(cell))
            except ValueError:
                return cell
        if name == FACTS:
            return "|".join(word.strip() for word in cell.split("|"))
        if name == ELSEWHERE:
            return "|".join(map(_plain_pair, cell.split("|")))
        return cell


def _plain_pair(word: str) -> str:
    source, _, grade = (part.strip() for part in word.partition("="))
    # A grade that is no code is nobody's: 0 is none either.
    return f"{source}={grade if not grade or _PLAIN_GRADE.fullmatch(grade) else '0'}"


# ---- one run ----------------------------------------------------------------------------------------------


class _UnusualError(Exception):
    """Something that another plan, or a plainer copy, has to be tried for."""


class _Run:
    """Scores one file."""

    def __init__(
        self, scheme: Scheme, connection: duckdb.DuckDBPyConnection, data: _Source, roster: _Source | None
    ) -> None:
        self._scheme = scheme
        self._connection = connection
        self._data = data
        self._roster = roster
        self._columns: list[FigureColumn] = []
        self._entries = "VIEW"
        self._ranked_count = 0
        self._experts: dict[str, int] = {}
        for item in scheme.expert_items:
            self._experts[item.code] = sum(name.rpartition("@")[0] == item.code for name in data.header)

    def write(self, to: Path, out: Path) -> Scored:
        """Compute, and write the result to `to` in the format of `out`."""
        step = 0
        while True:
            try:
                plan = self._computed(Limits(largest=_LARGEST[step], entries=1))
                break
            except _UnusualError:
                open_ended = any(column.is_limited_by_plan for column in self._columns)
                if open_ended and step + 1 < len(_LARGEST):
                    step += 1
                elif not (self._data.plain and (self._roster is None or self._roster.plain)):
                    step = 0
                    self._copy_plainly()
                else:
                    raise AssertionError(
                        "a cell that both readers of tables should understand alike"
                    ) from None
        return self._write(plan, to, out)

    def _copy_plainly(self) -> None:
        self._data.copy_plainly(self._scheme)
        if self._roster is not None:
            self._roster.copy_plainly(self._scheme)

    # ---- computing

    def _ask(self, sql: exp.Expr | str) -> list[tuple[object, ...]]:
        text = sql if isinstance(sql, str) else printed(sql, Dialect.DUCKDB)
        return self._connection.execute(text).fetchall()

    def _computed(self, limits: Limits) -> Plan:
        """Put the points of all entries into the table `scored`, in the order of the file."""
        plan = self._plan(limits)
        roster_errors: list[FolderError] = []
        if self._roster is not None:
            roster_errors = roster_column_errors(
                Table(self._roster.file, self._roster.header, ()), self._scheme
            )
        # Held are entries that are looked at several times, or that a join may put into another order.
        held = self._roster is not None or plan.needs_cohort
        try:
            self._read(plan, held=held, with_roster=not roster_errors)
            if plan.needs_cohort and not roster_errors:
                # The fewer entries, the fewer bits their sums may need.
                count = _whole(self._ask("SELECT count(*) FROM entries")[0][0])
                plan = self._answered(Limits(largest=limits.largest, entries=max(count, 1)))
            if not roster_errors:
                self._score(plan, held=held)
        except (duckdb.ConversionException, duckdb.InvalidInputException) as error:
            # What DuckDB cannot read as a table: rows of other lengths, text that is no UTF-8.
            raise _UnusualError(str(error)) from error
        self._refuse_errors("entries" if roster_errors else "scored", roster_errors)
        return plan

    def _plan(self, limits: Limits, answers: Mapping[str, Answer] | None = None) -> Plan:
        try:
            plan = compile_scheme(self._scheme, experts=self._experts, limits=limits, answers=answers)
        except NotInSqlError as error:
            problem, _, remedy = str(error).partition("; ")
            raise FolderError(Place(self._data.file), problem=problem, remedy=remedy) from error
        self._columns = [*plan.figures.values(), *plan.fields.values()]
        return plan

    def _read(self, plan: Plan, *, held: bool, with_roster: bool) -> None:
        for kind, name in (("TABLE", "scored"), ("TABLE", "rows"), (self._entries, "entries")):
            self._ask(f"DROP {kind} IF EXISTS {name}")
        self._ask(f"CREATE OR REPLACE TEMP VIEW raw_data AS SELECT * FROM {self._data.relation}")  # noqa: S608
        entries = printed(read_entries(plan, self._data.raw(), relation="raw_data"), Dialect.DUCKDB)
        self._entries = "TABLE" if held else "VIEW"
        place = ", row_number() OVER () AS place" if held else ""
        self._ask(f"CREATE TEMP {self._entries} entries AS SELECT *{place} FROM ({entries})")  # noqa: S608
        if self._roster is not None and with_roster:
            self._ask(f"CREATE OR REPLACE TEMP VIEW raw_roster AS SELECT * FROM {self._roster.relation}")  # noqa: S608
            rows = printed(read_roster(plan, self._roster.raw(), relation="raw_roster"), Dialect.DUCKDB)
            self._ask(f"CREATE TEMP TABLE rows AS {rows}")

    def _answered(self, limits: Limits) -> Plan:
        """Ask what has to be known of the whole table first, and compile with the answers."""
        plan = self._plan(limits)
        answers = {
            question.name: question.answered(self._ask(question.sql))
            for question in plan.questions(entries="entries", roster="rows")
        }
        return self._plan(limits, answers) if answers else plan

    def _score(self, plan: Plan, *, held: bool) -> None:
        keep = ("flag", "place") if held else ("flag",)
        text = printed(plan.scored(entries="entries", roster="rows", keep=keep), Dialect.DUCKDB)
        columns = ", ".join(
            f"CAST({name} AS {_small(plan.points[name])}) AS {name}" if name in plan.points else name
            for name in plan.passed_on
        )
        order = " ORDER BY place" if held else ""
        self._ask(f"CREATE TEMP TABLE scored AS SELECT {columns}, flag FROM ({text}){order}")  # noqa: S608

    # ---- what is wrong

    def _refuse_errors(self, table: str, errors: list[FolderError]) -> None:
        """Raise FolderErrors for what cannot be, _UnusualError for what is only written in an unusual way."""
        (count, unusual, ids) = self._ask(
            f"SELECT count(*), count(*) FILTER (flag > 0), count(DISTINCT hash(id)) FROM {table}"  # noqa: S608
        )[0]
        wrong, of_entries = False, list[FolderError]()
        if unusual or ids != count:
            suspects, wrong = self._suspects(table)
            of_entries = entry_errors(self._data.table_of(suspects), self._scheme) if suspects else []
        if self._roster is not None and not errors:
            errors, flagged = self._errors_of_roster(self._roster)
            wrong = wrong or flagged
        errors = [*errors, *of_entries]
        if not count:
            errors.append(no_entry(self._data.file))
        if errors:
            raise FolderErrors(errors)
        if wrong:
            raise _UnusualError

    def _suspects(self, table: str) -> tuple[list[int], bool]:
        """Return the positions, from 0, of rows to look at, and whether a cell was not understood in one of them.

        An unusual id is looked at here. Of rows that bear one id, the first is among them if any is.
        """
        place = "place - 1" if table == "entries" else "row_number() OVER () - 1"
        rows = f"SELECT id, flag, {place} AS nth FROM {table}"  # noqa: S608
        found = {
            _whole(nth)
            for nth, key in self._every(f"SELECT nth, id FROM ({rows}) WHERE flag = 1 ORDER BY nth")  # noqa: S608
            if not _is_sound_id(key)
        }
        flagged = self._ask(
            f"SELECT nth FROM ({rows}) WHERE flag = 2 ORDER BY nth LIMIT {_MOST_BAD_ROWS}"  # noqa: S608
        )
        doubled = self._ask(
            f"SELECT nth FROM ({rows}) WHERE id IN (SELECT id FROM {table} GROUP BY id HAVING count(*) > 1) "  # noqa: S608
            f"ORDER BY nth LIMIT {_MOST_BAD_ROWS}"
        )
        found.update(_whole(nth) for (nth,) in (*flagged, *doubled))
        return sorted(found)[:_MOST_BAD_ROWS], bool(flagged)

    def _every(self, sql: str) -> Iterator[tuple[object, ...]]:
        """Yield the rows of an answer that may be long."""
        answer = self._connection.execute(sql)
        while rows := answer.fetchmany(_BATCH):
            yield from rows

    def _errors_of_roster(self, roster: _Source) -> tuple[list[FolderError], bool]:
        """Return what is wrong with a roster, and whether a row was flagged at all."""
        rules = self._scheme.roster
        if rules is None:
            raise AssertionError("a roster is only read for a scheme that asks for one")
        unknown = "r.id IS NULL OR NOT EXISTS (SELECT 1 FROM entries AS e WHERE e.id = r.id)"
        flagged = self._ask(
            "SELECT nth, flag, id, unknown FROM "  # noqa: S608
            f"(SELECT nth, flag, id, {unknown} AS unknown FROM "
            "(SELECT *, row_number() OVER () - 1 AS nth FROM rows) AS r) "
            f"WHERE flag = 2 OR unknown ORDER BY nth LIMIT {_MOST_BAD_ROWS}"
        )
        errors: list[FolderError] = []
        if flagged:
            table = roster.table_of(_whole(at) for at, *_ in flagged)
            known = frozenset(str(id_ or "") for _, _, id_, unknown in flagged if not unknown)
            if self._ask("SELECT 1 FROM entries WHERE id IS NULL LIMIT 1"):
                known |= {""}
            errors = roster_row_errors(table, self._scheme, known=known)
        long = self._ask(
            "SELECT id, count(*), min(nth) FROM (SELECT id, row_number() OVER () AS nth FROM rows) "  # noqa: S608
            f"GROUP BY id HAVING count(*) > {rules.most_rows} ORDER BY 3"
        )
        errors += [too_long_roster(roster.file, str(id_ or ""), _whole(rows), rules) for id_, rows, _ in long]
        return errors, any(flag == 2 for _, flag, *_ in flagged)

    # ---- writing

    def _write(self, plan: Plan, to: Path, out: Path) -> Scored:
        self._keep_ranks(plan)
        grade = printed(plan.grade(), Dialect.DUCKDB)
        names = ", ".join(literal(cut.name) for cut in self._scheme.grades)
        points = ", ".join(plan.points)
        query = (
            f"SELECT id, {points}, total, rank, list_extract([{names}], CAST({grade} AS INTEGER) + 1) AS grade "  # noqa: S608
            f"FROM ({self._ranked()})"
        )
        self._ask(f"CREATE TEMP VIEW result AS {query}")
        header = result_header(self._scheme)
        match out.suffix.lower():
            case ".csv":
                self._write_csv(plan, header, to)
            case suffix if suffix == PARQUET:
                named = zip(
                    ("id", *plan.points, "total", "rank", "grade"), header, result_types(header), strict=True
                )
                columns = ", ".join(
                    f"{_in_points(name) if kind == POINTS_TYPE else name} AS {_quoted(title)}"
                    for name, title, kind in named
                )
                write_parquet(self._connection, f"SELECT {columns} FROM result", to)  # noqa: S608
            case _:
                rows = TableToWrite(path=out, header=header, rows=self._cells(plan))
                write_table(to, rows)
        counted = self._ask("SELECT grade, count(*) FROM result GROUP BY grade")
        grades = {str(name or ""): _whole(count) for name, count in counted}
        return Scored(rows=sum(grades.values()), grades=grades)

    def _keep_ranks(self, plan: Plan) -> None:
        """Keep rank and tie of each total in lists by the total: looking up keeps the order, as a join need not."""
        self._ask(f"CREATE TEMP TABLE totals AS {printed(plan.ranked(scored='scored'), Dialect.DUCKDB)}")
        every = f"range(0, {self._scheme.total_cap + 1}) AS r(t) LEFT JOIN totals ON total = t"
        for name, column in (("places", "rank"), ("ties", "tied")):
            self._ask(f"SET VARIABLE {name} = (SELECT list({column} ORDER BY t) FROM {every})")  # noqa: S608
        self._ranked_count = _whole(self._ask("SELECT coalesce(max(ranked), 0) FROM totals")[0][0])

    def _ranked(self) -> str:
        def looked_up(name: str) -> str:
            return f"CASE WHEN excluded THEN NULL ELSE list_extract(getvariable('{name}'), total + 1) END"

        return (
            f"SELECT *, {looked_up('places')} AS rank, {looked_up('ties')} AS tied, "  # noqa: S608
            f"{self._ranked_count} AS ranked FROM scored"
        )

    def _write_csv(self, plan: Plan, header: Sequence[str], to: Path) -> None:
        """Write the same bytes as the reference: DuckDB writes lines, and the mark and line ends are put to them."""
        points = ", ".join(f"CAST({_in_points(name)} AS VARCHAR)" for name in (*plan.points, "total"))
        inside = "regexp_matches(id, '[,\"]')"
        key = f"CASE WHEN {inside} THEN '\"' || replace(id, '\"', '\"\"') || '\"' ELSE id END"
        lines = to.with_name("lines")
        self._ask(
            f"COPY (SELECT {key}, {points}, rank, grade FROM result) TO {literal(str(lines))} "  # noqa: S608
            "(FORMAT csv, HEADER false, QUOTE '', ESCAPE '', NULLSTR '')"
        )
        with lines.open("rb") as source, to.open("wb") as target:
            target.write(b"\xef\xbb\xbf" + ",".join(header).encode() + b"\r\n")
            while part := source.read(_SCAN):
                target.write(part.replace(b"\n", b"\r\n"))
        lines.unlink()

    def _cells(self, plan: Plan) -> Iterator[list[Cell]]:
        for key, *points, rank, grade in self._every("SELECT * FROM result"):
            yield [
                str(key),
                *(None if each is None else Decimal(points_text(_whole(each))) for each in points),
                None if rank is None else Decimal(_whole(rank)),
                None if grade is None else str(grade),
            ]


def _is_sound_id(key: object) -> bool:
    text = str(key or "")
    return (
        0 < len(text) <= LONGEST_ID and text == text.strip() and shows_as_it_is(text) and is_sound_cell(text)
    )


def _whole(value: object) -> int:
    """Return a whole number that DuckDB gave."""
    if not isinstance(value, int):
        raise AssertionError(f"DuckDB gave {value!r} where a whole number was asked for")
    return value


def _small(most: int) -> str:
    """Return the smallest type that holds points up to so many."""
    return "SMALLINT" if most < 2**15 else "INTEGER" if most < 2**31 else "BIGINT"


def _in_points(name: str) -> str:
    """Return hundredths as points with two places."""
    return f"CAST({name} AS DECIMAL(10, 0)) * CAST(0.01 AS DECIMAL(2, 2))"


def _quoted(name: str) -> str:
    quoted = name.replace('"', '""')
    return f'"{quoted}"'
