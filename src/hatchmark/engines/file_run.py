"""How does an engine go from a TABLE to points: which plans are tried, and who says what is wrong?

The same for every database. It reads the rows, marks those in which something is unusual, and computes. Marked rows are
read again by `documents.score_tables`: that reader alone says what is wrong, in its words, and nothing is written then.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import duckdb
from sqlglot import exp

from hatchmark.documents.score_tables import (
    LONGEST_ID,
    check_columns,
    check_ending,
    check_roster_named,
    entry_errors,
    no_entry,
    roster_column_errors,
    roster_row_errors,
    shows_as_it_is,
    too_long_roster,
)
from hatchmark.documents.tables import Table, is_sound_cell
from hatchmark.domain.folder_errors import FolderError, FolderErrors, Place
from hatchmark.domain.scheme import Scheme
from hatchmark.engines.dialects import Dialect, printed
from hatchmark.engines.sql import Answer, FigureColumn, Limits, NotInSqlError, Plan, compile_scheme
from hatchmark.engines.table_source import TableSource

_MOST_ENTRIES = 10**9
_LARGEST = (10**9, 10**12, 10**18, 10**24, 10**30 - 1)
"""Largest values of figures without a maximum, tried in turn: small ones are computed in 64 bits."""

_MOST_BAD_ROWS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """What was written: how many entries, and how many of each grade by the scheme's own code ("" for none)."""

    rows: int
    grades: Mapping[str, int]


def check_files(scheme: Scheme, *, data: Path, roster: Path | None, out: Path) -> None:
    """Raise FolderError for files that cannot be what they are named as, before one is opened."""
    check_roster_named(scheme, roster, file=data.name)
    for path in (data, out, *([roster] if roster else [])):
        check_ending(path, file=path.name)


def open_tables(
    connection: duckdb.DuckDBPyConnection, scheme: Scheme, *, data: Path, roster: Path | None, work: Path
) -> tuple[TableSource, TableSource | None]:
    """Open the table of entries and the roster; raise FolderError for what is no table, or not of this scheme."""
    source = TableSource.opened(connection, data, work=work, name="data")
    check_columns(Table(source.file, source.header, ()), scheme)
    if roster is None:
        return source, None
    try:
        return source, TableSource.opened(connection, roster, work=work, name="roster")
    except FolderError:
        # The table of entries comes first: what it holds beyond reading is told before.
        source.table_of([_MOST_ENTRIES])
        raise


class UnusualError(Exception):
    """Something that another plan, or a plainer copy, has to be tried for."""


class FileRun(ABC):
    """Scores one file. What an engine adds is how it makes its tables and how it is asked.

    Tables: `entries` and `rows` as `engines.sql_reading` gives them, and `scored`, what `Plan.scored` gives, with the
    `flag` of the row; all of them in the order of the file, or with a `place` that rises with it.
    """

    dialect: ClassVar[Dialect]

    def __init__(self, scheme: Scheme, data: TableSource, roster: TableSource | None) -> None:
        self.scheme = scheme
        self.data = data
        self.roster = roster
        self._columns: list[FigureColumn] = []
        self._experts = {
            item.code: sum(name.rpartition("@")[0] == item.code for name in data.header)
            for item in scheme.expert_items
        }

    # ---- what an engine adds

    @abstractmethod
    def every(self, sql: str) -> Iterator[Sequence[object]]:
        """Yield the rows of an answer, which may be long."""

    @abstractmethod
    def read(self, plan: Plan, *, with_roster: bool) -> None:
        """Make `entries` and, where wanted, `rows`, in place of those of another plan."""

    @abstractmethod
    def score(self, plan: Plan) -> None:
        """Make `scored`."""

    @abstractmethod
    def make(self, name: str, sql: str) -> None:
        """Make a table of the answer to a question, or a view where asking again costs less."""

    @abstractmethod
    def is_unreadable(self, error: Exception) -> bool:
        """Say whether the database failed at a cell or row that a plainer copy would let it read."""

    def numbered(self, table: str) -> str:
        """Return the SQL of a table with `nth`, the position of the row from 0."""
        return f"SELECT *, row_number() OVER (ORDER BY place) - 1 AS nth FROM {table}"  # noqa: S608

    # ---- computing

    def ask(self, sql: exp.Expr | str) -> list[Sequence[object]]:
        """Return the rows of an answer."""
        return list(self.every(sql if isinstance(sql, str) else printed(sql, self.dialect)))

    def computed(self) -> Plan:
        """Put the points of all entries into `scored`; return the plan by which it was done.

        Raises FolderErrors that name every cell that cannot be.
        """
        step = 0
        while True:
            try:
                return self._computed_within(Limits(largest=_LARGEST[step], entries=1))
            except UnusualError:
                open_ended = any(column.is_limited_by_plan for column in self._columns)
                if open_ended and step + 1 < len(_LARGEST):
                    step += 1
                elif not (self.data.plain and (self.roster is None or self.roster.plain)):
                    step = 0
                    self._copy_plainly()
                else:
                    raise AssertionError(
                        "a cell that both readers of tables should understand alike"
                    ) from None

    def _copy_plainly(self) -> None:
        self.data.copy_plainly(self.scheme)
        if self.roster is not None:
            self.roster.copy_plainly(self.scheme)

    def _computed_within(self, limits: Limits) -> Plan:
        plan = self._plan(limits)
        roster_errors: list[FolderError] = []
        if self.roster is not None:
            roster_errors = roster_column_errors(Table(self.roster.file, self.roster.header, ()), self.scheme)
        try:
            self.read(plan, with_roster=self.roster is not None and not roster_errors)
            if plan.needs_cohort and not roster_errors:
                # The fewer entries, the fewer bits their sums may need.
                count = whole(self.ask("SELECT count(*) FROM entries")[0][0])
                plan = self._answered(Limits(largest=limits.largest, entries=max(count, 1)))
            if not roster_errors:
                self.score(plan)
            self._refuse_errors("entries" if roster_errors else "scored", roster_errors)
        except Exception as error:
            if not self.is_unreadable(error):
                raise
            raise UnusualError(str(error)) from error
        return plan

    def _plan(self, limits: Limits, answers: Mapping[str, Answer] | None = None) -> Plan:
        try:
            plan = compile_scheme(self.scheme, experts=self._experts, limits=limits, answers=answers)
        except NotInSqlError as error:
            problem, _, remedy = str(error).partition("; ")
            raise FolderError(Place(self.data.file), problem=problem, remedy=remedy) from error
        self._columns = [*plan.figures.values(), *plan.fields.values()]
        return plan

    def _answered(self, limits: Limits) -> Plan:
        """Ask what has to be known of the whole table first, and compile with the answers."""
        plan = self._plan(limits)
        if not plan.questions:
            return plan
        self.make("quotients", printed(plan.quotients(entries="entries", roster="rows"), self.dialect))
        rows: dict[object, list[Sequence[object]]] = {}
        for number, *row in self.ask(plan.asked(quotients="quotients")):
            rows.setdefault(number, []).append(row)
        answers = {each.name: each.answered(rows.get(each.number, ())) for each in plan.questions}
        return self._plan(limits, answers)

    # ---- what is wrong

    def _refuse_errors(self, table: str, errors: list[FolderError]) -> None:
        """Raise FolderErrors for what cannot be, UnusualError for what is only written in an unusual way."""
        (count, unusual, ids) = self.ask(
            f"SELECT count(*), count(CASE WHEN flag > 0 THEN 1 END), {self.distinct_ids} FROM {table}"  # noqa: S608
        )[0]
        wrong, of_entries = False, list[FolderError]()
        if unusual or ids != count:
            suspects, wrong = self._suspects(table)
            of_entries = entry_errors(self.data.table_of(suspects), self.scheme) if suspects else []
        if self.roster is not None and not errors:
            errors, flagged = self._errors_of_roster(self.roster)
            wrong = wrong or flagged
        errors = [*errors, *of_entries]
        if not count:
            errors.append(no_entry(self.data.file))
        if errors:
            raise FolderErrors(errors)
        if wrong:
            raise UnusualError

    distinct_ids: ClassVar[str] = "count(DISTINCT id)"
    """How many different ids there are. Never more than there are; fewer only has them looked at more closely."""

    def _suspects(self, table: str) -> tuple[list[int], bool]:
        """Return the positions, from 0, of rows to look at, and whether a cell was not understood in one of them.

        An unusual id is looked at here. Of rows that bear one id, the first is among them if any is.
        """
        rows = f"({self.numbered(table)}) AS n"
        found = {
            whole(nth)
            for nth, key in self.every(f"SELECT nth, id FROM {rows} WHERE flag = 1 ORDER BY nth")  # noqa: S608
            if not _is_sound_id(key)
        }
        flagged = self.ask(
            f"SELECT nth FROM {rows} WHERE flag = 2 ORDER BY nth LIMIT {_MOST_BAD_ROWS}"  # noqa: S608
        )
        doubled = self.ask(
            f"SELECT nth FROM {rows} WHERE id IN (SELECT id FROM {table} GROUP BY id HAVING count(*) > 1) "  # noqa: S608
            f"ORDER BY nth LIMIT {_MOST_BAD_ROWS}"
        )
        found.update(whole(nth) for (nth,) in (*flagged, *doubled))
        return sorted(found)[:_MOST_BAD_ROWS], bool(flagged)

    def _errors_of_roster(self, roster: TableSource) -> tuple[list[FolderError], bool]:
        """Return what is wrong with a roster, and whether a row was flagged at all."""
        rules = self.scheme.roster
        if rules is None:
            raise AssertionError("a roster is only read for a scheme that asks for one")
        known_ids = "(SELECT DISTINCT id FROM entries WHERE id IS NOT NULL) AS e"
        suspects = f"LEFT JOIN {known_ids} ON r.id = e.id WHERE r.flag = 2 OR e.id IS NULL"
        errors: list[FolderError] = []
        flagged: list[Sequence[object]] = []
        if self.ask(f"SELECT 1 FROM rows AS r {suspects} LIMIT 1"):  # noqa: S608
            flagged = self.ask(
                f"SELECT nth, r.flag, r.id, e.id IS NULL FROM ({self.numbered('rows')}) AS r {suspects} "  # noqa: S608
                f"ORDER BY nth LIMIT {_MOST_BAD_ROWS}"
            )
            table = roster.table_of(whole(at) for at, *_ in flagged)
            known = frozenset(str(id_ or "") for _, _, id_, unknown in flagged if not unknown)
            if self.ask("SELECT 1 FROM entries WHERE id IS NULL LIMIT 1"):
                known |= {""}
            errors = roster_row_errors(table, self.scheme, known=known)
        most = f"GROUP BY id HAVING count(*) > {rules.most_rows}"
        if self.ask(f"SELECT 1 FROM rows {most} LIMIT 1"):  # noqa: S608
            long = self.ask(
                f"SELECT id, count(*), min(nth) FROM ({self.numbered('rows')}) AS n {most} ORDER BY min(nth)"  # noqa: S608
            )
            errors += [
                too_long_roster(roster.file, str(id_ or ""), whole(rows), rules) for id_, rows, _ in long
            ]
        return errors, any(flag == 2 for _, flag, *_ in flagged)


def _is_sound_id(key: object) -> bool:
    text = str(key or "")
    return (
        0 < len(text) <= LONGEST_ID and text == text.strip() and shows_as_it_is(text) and is_sound_cell(text)
    )


def whole(value: object) -> int:
    """Return a whole number that a database gave."""
    if not isinstance(value, int):
        raise AssertionError(f"a database gave {value!r} where a whole number was asked for")
    return value
