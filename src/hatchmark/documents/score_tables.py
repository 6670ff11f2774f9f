"""Reads the figures of many entries from a TABLE, and writes TABLEs: .csv, .xlsx or .parquet by the ending of the name.

One row per entry: `id`, a column for each figure (`CODE`, last year's `CODE@last`), the status of a missing one in
`CODE@status`, the n-th expert's score of an item in `ITEM@n`, and, where wanted, `sub_type`, `facts` and
`elsewhere` (grades of other kinds or levels: `national=excellent`). A roster TABLE has `id` and a column for each
field, one row per enterprise. Every cell that cannot be is named, not the first one alone; a table that is written
is there whole or not at all.
"""

import csv
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from hatchmark.documents.csv_files import FORMULA_STARTS, inert
from hatchmark.documents.large_tables import open_table
from hatchmark.documents.parquet import SUFFIX as PARQUET
from hatchmark.documents.parquet import literal, locked_connection, write_parquet
from hatchmark.documents.printable import shown
from hatchmark.documents.tables import MOST_COLUMNS, SUFFIXES, Table, TableRow, read_table, within_limits
from hatchmark.domain.folder_errors import FolderError, FolderErrors, Place
from hatchmark.domain.grading import Facts
from hatchmark.domain.sampling_schemes import SampledEntry, most_experts
from hatchmark.domain.scheme import (
    HUNDREDTHS,
    MEASURED,
    MISSING,
    Condition,
    ExpertItem,
    Figure,
    FigureStatus,
    FigureType,
    FigureValue,
    Roster,
    RosterRow,
    Scheme,
    exact_text,
    expert_score_problem,
    leaf_codes,
    parse_number,
    points_text,
    read_figure,
    validate_figures,
    validate_roster,
)
from hatchmark.domain.scoring import EntryInputs, Scorecard
from hatchmark.domain.sensitivity import Verdict, ranks

ID, SUB_TYPE, FACTS, ELSEWHERE = "id", "sub_type", "facts", "elsewhere"
STATUS = "@status"
FACT_WORDS = ("absent", *(condition.value for condition in Condition))
LONGEST_ID = 100
_LARGEST_SAMPLED = 10**12
TABLE_SUFFIXES = (*SUFFIXES, PARQUET)

Cell = str | Decimal | None
"""What a written table holds: text, an exact number, or nothing."""

_EXPERT_COLUMN = re.compile(r"(?P<item>[a-z][a-z0-9_]*)@(?P<expert>[1-9][0-9]?)")
POINTS_TYPE = "DECIMAL(12, 2)"
_LONGEST_IN_A_SHEET = 15
_MOST_ROWS_OF_A_SHEET = 1_048_576


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreTable:
    """The entries of a TABLE by id, in its order. `experts` says which expert gave each score of an item."""

    entries: Mapping[str, EntryInputs]
    experts: Mapping[str, Mapping[str, tuple[int, ...]]]


# ---- reading ----------------------------------------------------------------------------------------------


def read_score_table(
    path: Path, *, scheme: Scheme, roster: Path | None = None, file: str | None = None
) -> ScoreTable:
    """Read and check a TABLE, and the roster TABLE of a scheme that asks for one.

    Raises FolderErrors that name every cell that cannot be. `file` is how errors name the TABLE, where that is not
    its own name.
    """
    name = file or path.name
    check_roster_named(scheme, roster, file=name)
    table = _read(path, file=name)
    columns = _Columns.of(table, scheme)
    rosters: Mapping[str, list[RosterRow]] = {}
    errors: list[FolderError] = []
    if scheme.roster is not None and roster is not None:
        known = frozenset(row.cells[ID] for row in table.rows)
        rosters, errors = _read_roster(_read(roster, file=roster.name), scheme, known=known)
    entries: dict[str, EntryInputs] = {}
    experts: dict[str, Mapping[str, tuple[int, ...]]] = {}
    for reader, key, inputs, given_by in _read_rows(table, columns, scheme, rosters):
        errors.extend(reader.errors)
        if not reader.errors:
            entries[key], experts[key] = inputs, given_by
    if not table.rows:
        errors.append(no_entry(table.file))
    if errors:
        raise FolderErrors(errors)
    return ScoreTable(entries=entries, experts=experts)


def no_entry(file: str) -> FolderError:
    """Return the error of a TABLE without rows."""
    return FolderError(Place(file), problem="holds no entry", remedy="write one row for each entry")


def check_columns(table: Table, scheme: Scheme) -> None:
    """Raise FolderErrors for columns that a TABLE for this scheme cannot have, or must."""
    _Columns.of(table, scheme)


def entry_errors(table: Table, scheme: Scheme) -> list[FolderError]:
    """Return what is wrong with some rows of a TABLE; of rows that bear one id, the first must be among them."""
    columns = _Columns.of(table, scheme)
    return [error for reader, *_ in _read_rows(table, columns, scheme, {}) for error in reader.errors]


def _read_rows(
    table: Table, columns: "_Columns", scheme: Scheme, rosters: Mapping[str, list[RosterRow]]
) -> Iterator[tuple["_RowReader", str, EntryInputs, Mapping[str, tuple[int, ...]]]]:
    seen: dict[str, int] = {}
    for row in table.rows:
        reader = _RowReader(row, columns, scheme, place=table.place(row.number))
        key = reader.id(seen)
        yield reader, key, *reader.inputs(rosters.get(key, ()))


def _read_roster(
    table: Table, scheme: Scheme, *, known: frozenset[str]
) -> tuple[dict[str, list[RosterRow]], list[FolderError]]:
    """Return the rows of each entry, and what is wrong with the cells."""
    rules = _rules(scheme)
    errors = roster_column_errors(table, scheme)
    if errors:
        return {}, errors
    rosters: dict[str, list[RosterRow]] = {}
    for row in table.rows:
        reader = _RosterReader(row, scheme, place=table.place(row.number), known=known)
        rosters.setdefault(row.cells[ID], []).append(reader.row())
        errors.extend(reader.errors)
    for key, rows in rosters.items():
        if len(rows) > rules.most_rows:
            errors.append(too_long_roster(table.file, key, len(rows), rules))
    return rosters, errors


def roster_column_errors(table: Table, scheme: Scheme) -> list[FolderError]:
    """Return what is wrong with the columns of a roster TABLE."""
    rules = _rules(scheme)
    fields = {field.figure.code: field for field in rules.fields}
    errors = []
    for name in table.header:
        if name != ID and name not in fields:
            errors.append(
                FolderError(
                    table.place(1),
                    column=name,
                    value=name,
                    problem=f"{rules.title} has no such field",
                    remedy=f"remove it, or correct its name: {ID}, {', '.join(fields)}",
                )
            )
    for name in (ID, *(code for code, field in fields.items() if not field.optional)):
        if name not in table.header:
            errors.append(
                FolderError(
                    table.place(1), column=name, problem=f"{rules.title} needs this column", remedy="add it"
                )
            )
    return errors


def roster_row_errors(table: Table, scheme: Scheme, *, known: frozenset[str]) -> list[FolderError]:
    """Return what is wrong with some rows of a roster TABLE; `known` are the ids of the entries that they may name."""
    errors: list[FolderError] = []
    for row in table.rows:
        reader = _RosterReader(row, scheme, place=table.place(row.number), known=known)
        reader.row()
        errors.extend(reader.errors)
    return errors


def too_long_roster(file: str, key: str, rows: int, rules: Roster) -> FolderError:
    """Return the error of an entry with more rows than a roster may have."""
    return FolderError(
        Place(file),
        column=ID,
        value=key,
        problem=f"has {rows} rows, more than the {rules.most_rows} that the scheme allows",
        remedy="remove rows that do not belong to it",
    )


def _rules(scheme: Scheme) -> Roster:
    if scheme.roster is None:
        raise AssertionError("a roster is only read for a scheme that asks for one")
    return scheme.roster


def check_roster_named(scheme: Scheme, roster: Path | None, *, file: str) -> None:
    """Raise FolderError where a roster is named for a scheme without one, or none for a scheme with one."""
    if (scheme.roster is None) != (roster is None):
        raise FolderError(
            Place(file if roster is None else roster.name),
            problem=f"scheme {scheme.code} asks for {'no' if scheme.roster is None else 'a'} roster",
            remedy="leave --roster out" if scheme.roster is None else "name its TABLE with --roster",
        )


def _read(path: Path, *, file: str) -> Table:
    check_ending(path, file=file)
    if path.suffix.lower() != PARQUET:
        return read_table(path, file=file)
    with tempfile.TemporaryDirectory(prefix="hatchmark-") as work:
        table = open_table(path, file=file, work=Path(work))
        return within_limits(table.header, table.rows, file=file)


def check_ending(path: Path, *, file: str) -> None:
    """Raise FolderError for a file that no TABLE can be by its name."""
    if path.suffix.lower() not in TABLE_SUFFIXES:
        listed = f"{', '.join(TABLE_SUFFIXES[:-1])} or {TABLE_SUFFIXES[-1]}"
        raise FolderError(Place(file), value=path.suffix, problem="is no table", remedy=f"give a {listed}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Columns:
    """Which columns of a table mean what, once its header was checked against the scheme."""

    statuses: frozenset[str]
    experts: Mapping[str, tuple[tuple[int, str], ...]]
    has_sub_type: bool
    has_facts: bool
    has_elsewhere: bool

    @classmethod
    def of(cls, table: Table, scheme: Scheme) -> "_Columns":
        refuse_reserved_codes(scheme)
        place = Place(table.file, 1)
        statuses, experts, errors = set(), dict[str, list[tuple[int, str]]](), list[FolderError]()
        items = {item.code for item in scheme.expert_items}
        for name in table.header:
            match = _EXPERT_COLUMN.fullmatch(name)
            if name in scheme.asked or name in (ID, FACTS):
                continue
            if name.endswith(STATUS) and name.removesuffix(STATUS) in scheme.asked:
                statuses.add(name)
            elif match and match["item"] in items:
                experts.setdefault(match["item"], []).append((int(match["expert"]), name))
            elif (name == SUB_TYPE and scheme.sub_types) or (name == ELSEWHERE and scheme.carried):
                continue
            else:
                errors.append(_unknown_column(place, name, scheme))
        for name in (ID, *scheme.asked):
            if name not in table.header:
                errors.append(_missing_column(place, name, scheme))
        for item in scheme.expert_items:
            if item.code not in experts:
                errors.append(
                    FolderError(
                        place,
                        column=f"{item.code}@1",
                        problem=f"no column holds the experts' scores of '{item.code}' ({item.title})",
                        remedy=f"add {item.code}@1, {item.code}@2 and so on, one for each expert",
                    )
                )
        if errors:
            raise FolderErrors(errors)
        return cls(
            statuses=frozenset(statuses),
            experts={item: tuple(sorted(columns)) for item, columns in experts.items()},
            has_sub_type=SUB_TYPE in table.header,
            has_facts=FACTS in table.header,
            has_elsewhere=ELSEWHERE in table.header,
        )


def refuse_reserved_codes(scheme: Scheme) -> None:
    """Raise FolderError for a scheme whose codes a TABLE cannot tell from its own columns."""
    for code in (*scheme.asked, *leaf_codes(scheme)):
        if code in (ID, SUB_TYPE, FACTS, ELSEWHERE, "total", "rank", "grade"):
            raise FolderError(
                Place(scheme.code),
                value=code,
                problem="a code of the scheme is also the name of a column that every table has",
                remedy="give it another code in the scheme",
            )


def _unknown_column(place: Place, name: str, scheme: Scheme) -> FolderError:
    return FolderError(
        place,
        column=name,
        value=name,
        problem=f"scheme {scheme.code} asks for no such column",
        remedy=f"remove it, or correct its name: {ID}, one of {', '.join(scheme.asked)}, CODE@status, ITEM@n"
        + (f", {SUB_TYPE}" if scheme.sub_types else "")
        + (f", {ELSEWHERE}" if scheme.carried else "")
        + f" or {FACTS}",
    )


def _missing_column(place: Place, name: str, scheme: Scheme) -> FolderError:
    what = "the name of each entry" if name == ID else f"'{name}' ({scheme.asked[name].title})"
    return FolderError(
        place,
        column=name,
        problem=f"no column holds {what}",
        remedy="add it"
        if name == ID
        else f"add it; where a value is missing, leave its cell empty and write the status in {name}{STATUS}",
    )


def _read_value(figure: Figure, cell: str, *, status: str) -> FigureValue:
    if figure.type is FigureType.BOOLEAN and cell in ("TRUE", "FALSE"):
        cell = cell.lower()  # as a spreadsheet writes it
    return read_figure(status=status or FigureStatus.REPORTED.value, value=cell, figure=figure)


class _CellReader:
    """Reads the cells of one row and keeps every error of it."""

    def __init__(self, row: TableRow, scheme: Scheme, *, place: Place) -> None:
        self.errors: list[FolderError] = []
        self._cells = row.cells
        self._scheme = scheme
        self._place = place

    def _refuse(self, column: str, value: str, message: str) -> None:
        """Keep an error whose message says what cannot be, then what to do."""
        problem, _, remedy = message.partition("; ")
        self.errors.append(
            FolderError(
                self._place, column=column, value=value, problem=problem, remedy=remedy or "correct the cell"
            )
        )


class _RosterReader(_CellReader):
    """Reads one row of a roster."""

    def __init__(self, row: TableRow, scheme: Scheme, *, place: Place, known: frozenset[str]) -> None:
        super().__init__(row, scheme, place=place)
        self._known = known

    def row(self) -> RosterRow:
        """Return the values of the row; an empty optional cell has none."""
        rules = _rules(self._scheme)
        if self._cells[ID] not in self._known:
            self._refuse(
                ID, self._cells[ID], "no entry of the table bears this id; correct it, or remove the row"
            )
        values = {}
        for field in rules.fields:
            code, cell = field.figure.code, self._cells.get(field.figure.code, "")
            if cell:
                try:
                    values[code] = _read_value(field.figure, cell, status="")
                except ValueError as error:
                    self._refuse(code, cell, str(error))
            elif not field.optional:
                self._refuse(code, cell, f"'{code}' ({field.figure.title}) is empty; write its value")
        if not self.errors:
            for problem in validate_roster(self._scheme, [values]):
                code = problem.figure.rpartition(".")[2]
                message = problem.message.replace(f"'{problem.figure}'", f"'{code}'")
                self._refuse(code, self._cells.get(code, ""), f"{message}; {problem.remedy}")
        return values


def shows_as_it_is(key: str) -> bool:
    """Say whether a spreadsheet shows an id as it is written."""
    return not key.startswith(FORMULA_STARTS) and key.isprintable()


class _RowReader(_CellReader):
    """Reads one row of figures, statuses and scores."""

    def __init__(self, row: TableRow, columns: _Columns, scheme: Scheme, *, place: Place) -> None:
        super().__init__(row, scheme, place=place)
        self._columns = columns

    def id(self, seen: dict[str, int]) -> str:
        """Return the entry's id, which `seen` must not hold yet."""
        key = self._cells[ID]
        if not key:
            self._refuse(ID, key, "the entry has no id; give each entry its own")
        elif key in seen:
            self._refuse(ID, key, f"row {seen[key]} bears this id already; give each entry its own")
        elif len(key) > LONGEST_ID:
            self._refuse(ID, key, f"the id has {len(key)} characters; write at most {LONGEST_ID}")
        elif not shows_as_it_is(key):
            self._refuse(
                ID, key, "a spreadsheet would not show this id as it is; begin it with a letter or a digit"
            )
        seen.setdefault(key, self._place.row)
        return key

    def inputs(self, roster: Sequence[RosterRow]) -> tuple[EntryInputs, Mapping[str, tuple[int, ...]]]:
        """Return what the entry handed in, and which expert gave each score."""
        facts, (sub_type, known) = self._facts(), self._sub_type()
        figures = self._figures(absent=facts.absent)
        scores, experts = self._expert_scores(known)
        if not self.errors and not facts.absent:
            for problem in validate_figures(self._scheme, figures):
                value = self._cells.get(problem.figure) or problem.value
                self._refuse(problem.figure, value, f"{problem.message}; {problem.remedy}")
        inputs = EntryInputs(
            figures=figures,
            expert_scores=scores,
            sub_type=sub_type,
            facts=facts,
            roster=tuple(roster),
            elsewhere=self._elsewhere(),
        )
        return inputs, experts

    def _facts(self) -> Facts:
        words = self._cells[FACTS].split("|") if self._columns.has_facts and self._cells[FACTS] else []
        known: dict[str, bool] = {}
        for word in (word.strip() for word in words):
            if word in FACT_WORDS:
                known[word] = True
            else:
                self._refuse(
                    FACTS,
                    self._cells[FACTS],
                    f"'{shown(word)}' is no fact about an entry; write {', '.join(FACT_WORDS)}, with | between two",
                )
        return Facts(**known)

    def _elsewhere(self) -> dict[str, str]:
        cell = self._cells[ELSEWHERE] if self._columns.has_elsewhere else ""
        sources = list(dict.fromkeys(rule.source for rule in self._scheme.carried))
        found: dict[str, str] = {}
        for word in cell.split("|") if cell else ():
            source, _, grade = (part.strip() for part in word.partition("="))
            if source not in sources or not grade or source in found:
                self._refuse(
                    ELSEWHERE,
                    cell,
                    f"'{shown(word)}' names no grade from elsewhere; write SOURCE=GRADE once for each of "
                    f"{', '.join(sources)}, with | between two",
                )
            found[source] = grade
        return found

    def _sub_type(self) -> tuple[str | None, str]:
        """Return the sub-type as stated, and the one to score by."""
        stated = self._cells[SUB_TYPE] if self._columns.has_sub_type else ""
        known = self._scheme.sub_type_unstated
        try:
            known = self._scheme.sub_type_of(stated)
        except ValueError as error:
            self._refuse(SUB_TYPE, stated, str(error))
        return stated or None, known

    def _figures(self, *, absent: bool) -> dict[str, FigureValue]:
        figures = {}
        for reference, asked in self._scheme.asked.items():
            value = self._cells[reference]
            column = reference + STATUS
            status = self._cells[column] if column in self._columns.statuses else ""
            if not value and not status:
                if not absent:
                    self._refuse(
                        reference,
                        value,
                        f"'{reference}' ({asked.title}) is empty; "
                        f"write its value, or its status in {column}: {', '.join(MISSING)}",
                    )
                continue
            try:
                figures[reference] = _read_value(asked.figure, value, status=status)
            except ValueError as error:
                wrong_status = status and status not in list(FigureStatus)
                self._refuse(
                    column if wrong_status else reference, status if wrong_status else value, str(error)
                )
        return figures

    def _expert_scores(
        self, sub_type: str
    ) -> tuple[dict[str, tuple[Fraction, ...]], dict[str, tuple[int, ...]]]:
        scores: dict[str, tuple[Fraction, ...]] = {}
        experts: dict[str, tuple[int, ...]] = {}
        for item in self._scheme.expert_items:
            given = []
            for expert, column in self._columns.experts[item.code]:
                score = self._score(item, sub_type, column)
                if score is not None:
                    given.append((expert, score))
            scores[item.code] = tuple(score for _, score in given)
            experts[item.code] = tuple(expert for expert, _ in given)
        return scores, experts

    def _score(self, item: ExpertItem, sub_type: str, column: str) -> Fraction | None:
        cell = self._cells[column]
        if not cell:
            return None
        try:
            score = parse_number(cell)
        except ValueError as error:
            self._refuse(column, cell, str(error))
            return None
        problem = expert_score_problem(self._scheme, item=item.code, score=score)
        highest = Fraction(item.full_marks_for(sub_type), HUNDREDTHS)
        if problem is None and score > highest:
            problem = (
                f"'{item.code}' ({item.title}) gives at most {exact_text(highest)} for sub_type {sub_type}; "
                f"{'correct the score' if highest else 'leave the cell empty'}"
            )
        if problem is not None:
            self._refuse(column, cell, problem)
            return None
        return score


# ---- what is written --------------------------------------------------------------------------------------


def sample_header(scheme: Scheme) -> tuple[str, ...]:
    """Return the columns of a sample: those that a TABLE for this scheme may have, without facts."""
    refuse_reserved_codes(scheme)
    header = (
        ID,
        *((SUB_TYPE,) if scheme.sub_types else ()),
        *((ELSEWHERE,) if scheme.carried else ()),
        *(name for reference in scheme.asked for name in (reference, reference + STATUS)),
        *(f"{item.code}@{n}" for item in scheme.expert_items for n in range(1, most_experts(scheme) + 1)),
    )
    if len(header) > MOST_COLUMNS:
        raise FolderError(
            Place(scheme.code),
            value=f"{len(header)} columns",
            problem=f"a sample of this scheme has more columns than the {MOST_COLUMNS} that a table may have",
            remedy="ask for fewer figures, or have fewer expert items",
        )
    return header


def sample_types(scheme: Scheme) -> tuple[str, ...]:
    """Return how Parquet holds the columns of `sample_header`."""
    kinds = {
        name: _type_of(asked.figure) if name == reference else "VARCHAR"
        for reference, asked in scheme.asked.items()
        for name in (reference, reference + STATUS)
    }
    scores = {f"{item.code}@" for item in scheme.expert_items}
    return tuple(
        POINTS_TYPE
        if f"{name.partition('@')[0]}@" in scores and name not in kinds
        else kinds.get(name, "VARCHAR")
        for name in sample_header(scheme)
    )


def _type_of(figure: Figure) -> str:
    """Return how Parquet holds a figure: whole numbers and decimals as long as they can be, else as text."""
    match figure.type:
        case FigureType.BOOLEAN:
            return "BOOLEAN"
        case FigureType.DATE:
            return "DATE"
        case FigureType.CATEGORY:
            return "VARCHAR"
    highest = Fraction(_LARGEST_SAMPLED) if figure.maximum is None else figure.maximum
    digits = max(len(str(int(abs(bound)))) for bound in (figure.minimum, highest))
    if figure.type is FigureType.INTEGER:
        return "BIGINT" if digits < len(str(2**63)) else f"DECIMAL({digits}, 0)"
    return f"DECIMAL({max(digits + figure.places, 12)}, {figure.places})"


def roster_types(rules: Roster) -> tuple[str, ...]:
    """Return how Parquet holds the columns of `roster_header`."""
    return ("VARCHAR", *(_type_of(field.figure) for field in rules.fields))


def sample_rows(scheme: Scheme, entries: Iterable[SampledEntry]) -> Iterator[list[Cell]]:
    """Yield the cells of sampled entries under `sample_header`."""
    experts = most_experts(scheme)
    for entry in entries:
        cells: list[Cell] = [entry.id]
        if scheme.sub_types:
            cells.append(entry.inputs.sub_type)
        if scheme.carried:
            carried = entry.inputs.elsewhere.items()
            cells.append("|".join(f"{source}={grade}" for source, grade in carried) or None)
        for reference, asked in scheme.asked.items():
            given = entry.inputs.figures[reference]
            cells.append(None if given.value is None else _value_cell(asked.figure, given.value))
            cells.append(None if given.status is FigureStatus.REPORTED else given.status.value)
        for item in scheme.expert_items:
            scores = entry.inputs.expert_scores[item.code]
            cells.extend(Decimal(exact_text(score)) for score in scores)
            cells.extend([None] * (experts - len(scores)))
        yield cells


def _value_cell(figure: Figure, value: Fraction) -> Cell:
    text = figure.text_of(value)
    return Decimal(text) if figure.type in MEASURED else text


def roster_header(rules: Roster) -> tuple[str, ...]:
    """Return the columns of a roster TABLE."""
    return (ID, *(field.figure.code for field in rules.fields))


def roster_rows(rules: Roster, entries: Iterable[SampledEntry]) -> Iterator[list[Cell]]:
    """Yield the cells of the rosters of sampled entries under `roster_header`."""
    for entry in entries:
        for row in entry.inputs.roster:
            cells: list[Cell] = [entry.id]
            for field in rules.fields:
                given = row.get(field.figure.code)
                value = given.value if given is not None else None
                cells.append(None if value is None else _value_cell(field.figure, value))
            yield cells


def write_scores(
    path: Path, *, scheme: Scheme, scored: Iterable[tuple[str, Scorecard]]
) -> dict[str, Verdict]:
    """Write the result table: id, the points of each indicator and item, total, rank, grade; return the verdicts.

    What could not be scored is an empty cell. Equal totals share a rank and the next rank is skipped; an entry
    without a total has none. Of each scorecard only its points are kept: its working is much larger.
    """
    refuse_reserved_codes(scheme)
    leaves = leaf_codes(scheme)
    points: dict[str, tuple[int | None, ...]] = {}
    verdicts: dict[str, Verdict] = {}
    for key, card in scored:
        given = {line.code: line.points for line in card.leaves()}
        points[key] = tuple(given.get(code) for code in leaves)
        verdicts[key] = Verdict.of(card)
    placed = ranks(verdicts)
    rows = (_score_cells(key, points[key], verdicts[key], placed[key]) for key in verdicts)
    header = result_header(scheme)
    write_tables([TableToWrite(path=path, header=header, rows=rows, types=result_types(header))])
    return verdicts


def result_header(scheme: Scheme) -> tuple[str, ...]:
    """Return the columns of the result table."""
    return (ID, *leaf_codes(scheme), "total", "rank", "grade")


def result_types(header: Sequence[str]) -> tuple[str, ...]:
    """Return how Parquet holds the columns of the result table."""
    known = {ID: "VARCHAR", "rank": "BIGINT", "grade": "VARCHAR"}
    return tuple(known.get(name, POINTS_TYPE) for name in header)


def _score_cells(key: str, points: tuple[int | None, ...], verdict: Verdict, rank: int | None) -> list[Cell]:
    return [
        key,
        *map(_points_cell, points),
        _points_cell(verdict.total),
        None if rank is None else Decimal(rank),
        verdict.grade,
    ]


def _points_cell(points: int | None) -> Cell:
    return None if points is None else Decimal(points_text(points))


# ---- writing ----------------------------------------------------------------------------------------------


def check_out(path: Path, *, inputs: Sequence[Path] = ()) -> None:
    """Raise FolderError, before anything is computed, for a place where no table can be written."""
    check_ending(path, file=str(path))
    if path.is_dir():
        raise FolderError(Place(str(path)), problem="is a folder", remedy="name a file with --out")
    if not path.absolute().parent.is_dir():
        raise FolderError(
            Place(str(path)), problem="its folder is not there", remedy="make the folder, or name another"
        )
    if path.resolve() in [each.resolve() for each in inputs]:
        raise FolderError(
            Place(str(path)),
            problem="the output would overwrite the input",
            remedy="name another file with --out",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TableToWrite:
    """A table and where it goes. Its rows are taken one after the other, so that they need not all be there.

    `types` says how Parquet holds each column (BIGINT, DECIMAL(12, 2), BOOLEAN, DATE, VARCHAR); without it, as text.
    """

    path: Path
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    types: Sequence[str] = ()


def write_tables(tables: Sequence[TableToWrite]) -> None:
    """Write tables by the ending of their names, all of them whole or none. Same cells, same bytes."""
    with ExitStack() as stack:
        for table in tables:
            to = stack.enter_context(written_whole(table.path))
            with _telling_what_cannot_be_written(table.path):
                write_table(to, table)


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Yield a place beside `path` to write to; what is there afterwards takes its name, unless something failed."""
    with _telling_what_cannot_be_written(path):
        folder = Path(tempfile.mkdtemp(prefix=".hatchmark-", dir=path.absolute().parent))
    try:
        yield folder / "table"
        with _telling_what_cannot_be_written(path):
            (folder / "table").replace(path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _telling_what_cannot_be_written(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _unwritable(path, error) from error


def write_table(to: Path, table: TableToWrite) -> None:
    """Write a table to `to`, by the ending of the name that it will bear."""
    check_ending(table.path, file=str(table.path))
    match table.path.suffix.lower():
        case ".csv":
            _write_csv(to, table.header, table.rows)
        case suffix if suffix == PARQUET:
            _write_parquet(to, table)
        case _:
            to.write_bytes(table_xlsx(table.header, table.rows, file=str(table.path)))


def _write_parquet(to: Path, table: TableToWrite) -> None:
    """Write rows by way of a text file, which DuckDB reads as it goes: no row need be held twice."""
    with tempfile.TemporaryDirectory(prefix="hatchmark-", dir=to.parent) as work:
        text = Path(work) / "table.csv"
        with text.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            for row in table.rows:
                writer.writerow(
                    [
                        "" if cell is None else f"{cell:f}" if isinstance(cell, Decimal) else cell
                        for cell in row
                    ]
                )
        types = table.types or ("VARCHAR",) * len(table.header)
        with locked_connection([Path(work), to.parent]) as connection:
            columns = ", ".join(f"c{number}: 'VARCHAR'" for number in range(len(types)))
            named = ", ".join(
                f"CAST(c{number} AS {kind}) AS {_identifier(name)}"
                for number, (name, kind) in enumerate(zip(table.header, types, strict=True))
            )
            source = (
                f"read_csv({literal(str(text))}, columns = {{{columns}}}, header = false, auto_detect = false, "
                "delim = ',', quote = '\"', escape = '\"', nullstr = '', new_line = '\\n', parallel = false)"
            )
            write_parquet(connection, f"SELECT {named} FROM {source}", to)  # noqa: S608 - quoted names


def _identifier(name: str) -> str:
    quoted = name.replace('"', '""')
    return f'"{quoted}"'


def _unwritable(path: Path, error: OSError) -> FolderError:
    return FolderError(
        Place(str(path)),
        problem=f"cannot be written ({error.strerror})",
        remedy="name a file in a folder that you may write to",
    )


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    # The mark at the beginning is what tells Excel and WPS that the file is UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow([inert(name) for name in header])
        for row in rows:
            writer.writerow([_csv_cell(cell) for cell in row])


def _csv_cell(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case Decimal():
            return f"{cell:f}"
        case str():
            return inert(shown(cell))


def table_xlsx(header: Sequence[str], rows: Iterable[Sequence[Cell]], *, file: str) -> bytes:
    """Return a workbook of one sheet: text as text, numbers as numbers with their places."""
    # What makes a workbook is large, and most tables are written as text.
    from hatchmark.documents.workbooks import new_workbook  # noqa: PLC0415

    stream, book = new_workbook()
    sheet = book.add_worksheet("1")
    head = book.add_format({"bold": True})
    quoted = book.add_format({"quote_prefix": True})
    by_places = {
        places: book.add_format({"num_format": f"0.{'0' * places}" if places else "0"})
        for places in range(16)
    }
    for column, name in enumerate(header):
        sheet.write_string(0, column, name, head)
    for number, row in enumerate(rows, start=1):
        if number >= _MOST_ROWS_OF_A_SHEET:
            raise FolderError(
                Place(file, number),
                problem="an .xlsx sheet has no more rows",
                remedy="write a .csv, or fewer rows",
            )
        for column, cell in enumerate(row):
            if isinstance(cell, Decimal):
                digits = len(cell.as_tuple().digits)
                places = max(-int(cell.as_tuple().exponent), 0)
                if digits > _LONGEST_IN_A_SHEET or places > _LONGEST_IN_A_SHEET:
                    sheet.write_string(number, column, f"{cell:f}")  # a sheet would lose its last digits
                else:
                    sheet.write_number(number, column, cell, by_places[places])
            elif cell is not None:
                text = shown(cell)
                sheet.write_string(number, column, text, quoted if text.startswith(FORMULA_STARTS) else None)
    sheet.freeze_panes(1, 1)
    book.close()
    return stream.getvalue()
