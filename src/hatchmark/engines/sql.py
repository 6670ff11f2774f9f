"""One scheme as SQL: typed figures in, the points of each line, total, rank and grade out, in whole numbers alone.

`compile_scheme` writes the calculation, `engines.sql_reading` the check of the cells before it. What the SQL reads:

- entries: `id`, `absent` (true or false), the columns of `Plan.figures` (value × 10^places, NULL where missing) and
  `Plan.statuses` (1 absent, 2 not applicable, 3 refused), `Plan.scores` (in the last place of a point), `Plan.facts`
  and `Plan.carried` (true or false), and `st`, the position of the sub-type from 1;
- roster: `id` and the columns of `Plan.fields`.

Names in the SQL are generated and numbers are whole; no text of a scheme or a table stands in a calculation.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, lcm
from typing import Any

from sqlglot import exp

from hatchmark.domain.expressions import SUB_TYPE, Aggregate, Expression
from hatchmark.domain.grading import absence_cut, ceiling_of
from hatchmark.domain.scheme import (
    HUNDREDTHS,
    LAST_YEAR,
    MISSING,
    Bands,
    Better,
    ByCategory,
    CarriedEffect,
    ExpertItem,
    ExpertMethod,
    Figure,
    FigureStatus,
    Formula,
    Group,
    Growth,
    Indicator,
    Linear,
    Measured,
    MinMax,
    Part,
    PerAmount,
    PerUnit,
    RankShare,
    Ratio,
    RatioToMax,
    RatioToMean,
    Rounding,
    Scheme,
    Take,
    Threshold,
    Ties,
    TooFew,
    Treatment,
    Veto,
    VetoEffect,
    YesNo,
    leaf_codes,
)
from hatchmark.domain.scoring import rounded as rounded_exactly
from hatchmark.engines.dialects import Dialect, printed
from hatchmark.engines.expressions_sql import ExpressionWriter, Steps
from hatchmark.engines.ranges import (
    Quotient,
    Test,
    TooWideError,
    Whole,
    added,
    chosen,
    column,
    compared,
    constant,
    divided,
    floored,
    greatest,
    inverted,
    is_wide,
    just_above,
    least,
    minus,
    multiplied,
    narrowed,
    plus,
    reaches,
    scaled,
    test,
    times,
)
from hatchmark.engines.sql_parts import (
    Narrow,
    ScoreAt,
    SortedScores,
    Sql,
    Wide,
    all_of,
    any_of,
    case,
    every_column,
    is_null,
    joined,
    named,
    negated,
    not_null,
    number,
    otherwise,
    select,
    table,
)

STATUS_NUMBERS = {
    FigureStatus.ABSENT: 1,
    FigureStatus.NOT_APPLICABLE: 2,
    FigureStatus.REFUSED: 3,
}
_GRAVEST_FIRST = (Treatment.UNSCORED, Treatment.NO_POINTS, Treatment.FULL_POINTS)


class NotInSqlError(ValueError):
    """A scheme that no engine in SQL can hold exactly. The message names the indicator and says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The tables that a plan is made for: the largest value of a figure without a maximum, and the most entries."""

    largest: int = 10**9
    entries: int = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureColumn:
    """A column of figures: value × 10^`places`, between `low` and `high`."""

    name: str
    figure: Figure
    places: int
    low: int
    high: int

    @property
    def is_wide(self) -> bool:
        """Say whether it is held in 128 bits."""
        return is_wide(self.low, self.high)

    @property
    def is_limited_by_plan(self) -> bool:
        """Say whether a larger value may come, for which another plan has to be made."""
        return self.figure.maximum is None

    def quotient(self) -> Quotient:
        """Return the exact value."""
        return Quotient.of(column(self.name, low=self.low, high=self.high), constant(10**self.places))


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A number of the whole table that no database can hold, to be found outside and compiled into the scheme.

    The rows that `Plan.questions` gives for its `number` go through `answered`, and all answers together to
    `compile_scheme` as `answers`.
    """

    name: str
    number: int

    @staticmethod
    def answered(rows: Iterable[Sequence[Any]]) -> "Answer":
        """Return mean, lowest and highest value from rows of denominator, sum, smallest, largest and count."""
        total, count = Fraction(0), 0
        lowest: Fraction | None = None
        highest: Fraction | None = None
        for below, above, smallest, largest, times_ in rows:
            if not times_:
                continue
            total += Fraction(int(above), int(below))
            count += int(times_)
            low, high = Fraction(int(smallest), int(below)), Fraction(int(largest), int(below))
            lowest = low if lowest is None else min(lowest, low)
            highest = high if highest is None else max(highest, high)
        nothing = Fraction(0)
        return Answer(
            mean=total / count if count else nothing, lowest=lowest or nothing, highest=highest or nothing
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a cohort of quotients is compared with."""

    mean: Fraction
    lowest: Fraction
    highest: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """The points of an indicator or expert item, NULL where not scored; `applies` None: to every sub-type."""

    points: Whole
    applies: Test | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The calculation of one scheme, with the columns that it reads."""

    scheme: Scheme
    limits: Limits
    figures: Mapping[str, FigureColumn]
    statuses: Mapping[str, str]
    scores: Mapping[str, tuple[str, ...]]
    facts: Mapping[str, str]
    carried: Mapping[str, str]
    fields: Mapping[str, FigureColumn]
    points: Mapping[str, int]
    """The columns of points in the order of the result table (`leaf_codes`), each with the most that it can be."""

    _steps: Steps
    _rows: Steps
    _joined: Mapping[int, Mapping[str, Sql]]
    _aggregates: Mapping[str, Sql]
    _looks_at_entry: tuple[str, ...]
    _questions: Mapping[str, tuple[Sql, Sql]]
    _outcome: Mapping[str, Sql]

    @property
    def needs_cohort(self) -> bool:
        """Say whether an entry's points depend on the other entries."""
        return bool(self._joined or self._questions)

    @property
    def questions(self) -> tuple[Question, ...]:
        """What has to be asked before the scheme can be compiled for good."""
        return tuple(
            Question(name=name, number=number) for number, name in enumerate(self._questions, start=1)
        )

    def quotients(self, *, entries: str, roster: str = "") -> exp.Select:
        """Return the values that questions are about, two columns for each: what `asked` reads."""
        columns = [
            named(sql, f"{part}{question.number}")
            for question in self.questions
            for part, sql in zip(("above", "below"), self._questions[question.name], strict=True)
        ]
        return self._calculation(columns, entries=entries, roster=roster)

    def asked(self, *, quotients: str) -> exp.Select | exp.Union:
        """Return one statement that asks all questions: rows of their number, and what `Question.answered` takes."""
        asked: list[exp.Select] = []
        for question in self.questions:
            above, below = exp.column(f"above{question.number}"), exp.column(f"below{question.number}")
            columns: dict[str, Sql] = {
                "question": Narrow(this=number(question.number)),
                "below": Wide(this=below),
                "total": Wide(this=exp.Sum(this=above)),
                "smallest": Wide(this=exp.Min(this=above)),
                "largest": Wide(this=exp.Max(this=above)),
                "times": exp.Count(this=above),
            }
            asked.append(
                select(
                    [named(sql, name) for name, sql in columns.items()],
                    quotients,
                    where=[not_null(above)],
                    group_by=[below],
                )
            )
        every: exp.Select | exp.Union = asked[0]
        for each in asked[1:]:
            every = exp.Union(this=every, expression=each, distinct=False)
        return every

    @property
    def passed_on(self) -> tuple[str, ...]:
        """The columns that `scored` gives."""
        return ("id", "absent", *self._outcome)

    def scored(self, *, entries: str, roster: str = "", keep: Sequence[str] = ()) -> exp.Select:
        """Return the points and the total of every entry: `passed_on`, and what is to be kept of its own columns."""
        outcome = [named(sql, name) for name, sql in self._outcome.items()]
        own = [exp.column(name) for name in ("id", "absent", *keep)]
        return self._calculation([*own, *outcome], entries=entries, roster=roster)

    def _calculation(
        self,
        wanted: Sequence[Sql],
        *,
        entries: str,
        roster: str,
    ) -> exp.Select:
        ctes: list[tuple[str, exp.Select]] = []
        start = select([every_column()], entries)
        if self._aggregates:
            ctes.extend(self._roster_ctes(entries, roster))
            sums = [named(otherwise(exp.column(name), number(0)), f"{name}s") for name in self._aggregates]
            start = select([every_column("e"), *sums], table(entries, "e"))
            joined(start, table("roster_sums", "a"), on=_same("id", "e", "a"), side="LEFT")
        ctes.append(("s0", start))
        ctes.extend(self._levels("s", self._steps.levels, self._joined))
        return select(wanted, ctes[-1][0], ctes=ctes)

    def _roster_ctes(self, entries: str, roster: str) -> list[tuple[str, exp.Select]]:
        rows = select([every_column()], roster)
        if self._looks_at_entry:
            theirs = [exp.column(name, table="e") for name in self._looks_at_entry]
            rows = select([every_column("r"), *theirs], table(roster, "r"))
            joined(rows, table(entries, "e"), on=_same("id", "e", "r"))
        ctes = [("r0", rows), *self._levels("r", self._rows.levels, {})]
        sums = [named(sql, name) for name, sql in self._aggregates.items()]
        key = exp.column("id")
        ctes.append(("roster_sums", select([key, *sums], ctes[-1][0], group_by=[key])))
        return ctes

    @staticmethod
    def _levels(
        prefix: str, levels: Sequence[Mapping[str, Sql]], over_all: Mapping[int, Mapping[str, Sql]]
    ) -> list[tuple[str, exp.Select]]:
        ctes = []
        for level in range(max(len(levels), max(over_all, default=-1) + 1)):
            before = f"{prefix}{level}"
            columns = levels[level] if level < len(levels) else {}
            query = select([every_column(), *(named(sql, name) for name, sql in columns.items())], before)
            if level in over_all:
                over = [named(sql, name) for name, sql in over_all[level].items()]
                ctes.append((f"{before}_all", select(over, before)))
                joined(query, table(f"{before}_all"), on=None)
            ctes.append((f"{prefix}{level + 1}", query))
        return ctes

    def ranked(self, *, scored: str) -> exp.Select:
        """Return for each total that is ranked: `total`, `rank`, `tied`, `ranked` (how many entries are)."""
        total, tied = exp.column("total"), exp.column("tied")
        counted = select(
            [total, named(exp.Count(this=exp.Star()), "tied")],
            scored,
            where=[not_null(total), negated(exp.column("excluded"))],
            group_by=[total],
        )
        falling = exp.Order(expressions=[exp.Ordered(this=total, desc=True, nulls_first=False)])
        so_far = exp.Window(this=exp.Sum(this=tied), order=falling)
        every = exp.Window(this=exp.Sum(this=tied))
        first = exp.Add(this=exp.Sub(this=so_far, expression=tied), expression=number(1))
        columns = [total, named(Narrow(this=first), "rank"), tied, named(Narrow(this=every), "ranked")]
        return select(columns, "counted", ctes=[("counted", counted)])

    def grade(self) -> Sql:
        """Return the position of the grade in `scheme.grades`, NULL for none.

        It reads what `scored` gives, and `rank`, `tied`, `ranked` of the total, NULL where an entry is not ranked.
        """
        return _grade(self.scheme, self.carried)

    def graded(self, *, scored: str, totals: str, keep: Sequence[str] = ()) -> exp.Select:
        """Return id, points, total, rank and the position of the grade, and what is to be kept of `scored`.

        It reads what `scored` gives, and what `ranked` gives as `totals`.
        """
        return self._graded(scored, totals, keep, before=[])

    def query(self, *, entries: str, roster: str = "") -> exp.Select:
        """Return the whole calculation as one statement: see `graded`."""
        before = [
            ("scored", self.scored(entries=entries, roster=roster)),
            ("totals", self.ranked(scored="scored")),
        ]
        return self._graded("scored", "totals", (), before=before)

    def _graded(
        self, scored: str, totals: str, keep: Sequence[str], *, before: Sequence[tuple[str, exp.Select]]
    ) -> exp.Select:
        own = all_of(_same("total", "s", "t"), negated(exp.column("excluded", table="s")))
        ranks = [exp.column(name, table="t") for name in ("rank", "tied", "ranked")]
        placed = select([every_column("s"), *ranks], table(scored, "s"))
        joined(placed, table(totals, "t"), on=own, side="LEFT")
        columns = [exp.column(name) for name in (*keep, "id", *self.points, "total", "rank")]
        return select([*columns, named(self.grade(), "grade")], "placed", ctes=[*before, ("placed", placed)])

    def text(self, dialect: Dialect, *, entries: str, roster: str = "") -> str:
        """Return `query` as a database reads it."""
        return printed(self.query(entries=entries, roster=roster), dialect)


def compile_scheme(
    scheme: Scheme,
    *,
    experts: Mapping[str, int],
    limits: Limits = Limits(),
    answers: Mapping[str, Answer] | None = None,
) -> Plan:
    """Compile a scheme for tables within `limits`; `experts` says how many columns of scores each item has.

    Where the plan has `questions`, find their answers and compile again with them: the plan counts only then.

    Raises NotInSqlError, naming the indicator, where 128 bits do not hold what it computes.
    """
    return _Compiler(scheme, experts=experts, limits=limits, answers=answers or {}).plan()


class _Compiler:
    """Compiles one scheme."""

    def __init__(
        self, scheme: Scheme, *, experts: Mapping[str, int], limits: Limits, answers: Mapping[str, Answer]
    ) -> None:
        self._scheme = scheme
        self._answers = answers
        self._questions: dict[str, tuple[Sql, Sql]] = {}
        self._limits = limits
        self._steps = Steps(prefix="v")
        self._rows = Steps(prefix="w")
        self._joined: dict[int, dict[str, Sql]] = {}
        self._aggregates: dict[str, Sql] = {}
        self._aggregated: dict[Aggregate, Quotient] = {}
        self._looks_at_entry: dict[str, None] = {}
        self._statuses: dict[str, str] = {}
        self._facts: dict[str, str] = {}
        self._figures = {
            reference: self._column(f"f{number}", asked.figure)
            for number, (reference, asked) in enumerate(scheme.asked.items(), start=1)
        }
        self._fields = {
            known.figure.code: self._column(f"q{number}", known.figure)
            for number, known in enumerate(scheme.roster.fields if scheme.roster else (), start=1)
        }
        self._scores = {
            item.code: tuple(f"x{number}_{expert}" for expert in range(1, experts.get(item.code, 0) + 1))
            for number, item in enumerate(scheme.expert_items, start=1)
        }
        self._carried = {rule.code: f"c{number}" for number, rule in enumerate(scheme.carried, start=1)}
        self._writer = ExpressionWriter(
            steps=self._steps,
            figure=self._figure,
            row_field=self._no_row,
            aggregate=self._aggregate,
        )
        self._row_writer = ExpressionWriter(
            steps=self._rows,
            figure=self._figure_of_entry,
            row_field=self._field,
            aggregate=self._no_aggregate,
        )

    def _column(self, name: str, figure: Figure) -> FigureColumn:
        places = figure.decimal_places
        highest = Fraction(self._limits.largest) if figure.maximum is None else figure.maximum
        low, high = ceil(figure.minimum * 10**places), floor(max(highest, figure.minimum) * 10**places)
        return FigureColumn(name=name, figure=figure, places=places, low=low, high=max(high, low))

    # ---- what expressions read

    def _figure(self, reference: str) -> Quotient:
        if reference == SUB_TYPE:
            count = len(self._scheme.sub_types)
            return Quotient.of(column("st", low=1, high=count), constant(1))
        return self._figures[reference].quotient()

    def _figure_of_entry(self, reference: str) -> Quotient:
        self._looks_at_entry["st" if reference == SUB_TYPE else self._figures[reference].name] = None
        return self._figure(reference)

    def _field(self, reference: str) -> Quotient:
        return self._fields[reference].quotient()

    @staticmethod
    def _no_row(reference: str) -> Quotient:
        raise AssertionError(f"{reference} is a field of a row; check() lets it stand in aggregates alone")

    @staticmethod
    def _no_aggregate(node: Aggregate) -> Quotient:
        raise AssertionError(f"{node.key} stands in an aggregate; check() lets no such tree through")

    def _aggregate(self, node: Aggregate) -> Quotient:
        if node not in self._aggregated:
            self._aggregated[node] = self._aggregated_anew(node)
        return self._aggregated[node]

    def _aggregated_anew(self, node: Aggregate) -> Quotient:
        rows = self._scheme.roster.most_rows if self._scheme.roster else 0
        there = [_is_there(self._fields[code].name) for code in node.fields]
        where = [self._row_writer.condition(node.where)] if node.where else []
        kept = _all_of([*there, *where])
        if node.op in ("count", "share"):
            count = self._summed(constant(1), kept, rows)
            if node.op == "count":
                return Quotient.of(count, constant(1))
            every = self._summed(constant(1), _all_of(there), rows)
            some = compared(">", every, constant(0))
            above = chosen([(some, count)], constant(node.empty.numerator))
            below = chosen([(some, every)], constant(node.empty.denominator))
            one = greatest(below, constant(1))
            return Quotient(above=above, below=one, low=Fraction(0), high=Fraction(1))
        if node.of is None:
            raise AssertionError("check() gives a sum what it adds")
        added_up = self._row_writer.number(node.of)
        return Quotient.of(self._summed(added_up.above, kept, rows), added_up.below)

    def _summed(self, value: Whole, where: Test, rows: int) -> Whole:
        """Add a value over the rows of an entry for which a condition holds; 0 without rows."""
        low, high = min(0, value.low * rows), max(0, value.high * rows)
        wide = is_wide(low, high)
        kept = chosen([(where, value)], constant(0))
        total = exp.Sum(this=kept.sql)
        return self._roster_column(Wide(this=total) if wide else Narrow(this=total), low, high)

    def _roster_column(self, sql: Sql, low: int, high: int) -> Whole:
        key = printed(sql, Dialect.DUCKDB)
        name = next(
            (name for name, known in self._aggregates.items() if printed(known, Dialect.DUCKDB) == key),
            f"a{len(self._aggregates) + 1}",
        )
        self._aggregates[name] = sql
        return column(f"{name}s", low=low, high=high)

    # ---- the whole scheme

    def plan(self) -> Plan:
        scheme = self._scheme
        lines: dict[str, _Line] = {}
        for indicator in scheme.indicators:
            try:
                lines[indicator.code] = self._indicator(indicator)
            except TooWideError as error:
                raise NotInSqlError(_too_wide(scheme, indicator, error)) from error
        for item in scheme.expert_items:
            lines[item.code] = self._item(item)
        total = self._total(lines)
        held = {}
        for veto in scheme.vetoes:
            try:
                held[veto.code] = self._held(veto)
            except TooWideError as error:
                raise NotInSqlError(_too_wide(scheme, veto, error)) from error
        codes = leaf_codes(scheme)
        points = {f"p{number}": lines[code].points.sql for number, code in enumerate(codes, start=1)}
        return Plan(
            scheme=scheme,
            limits=self._limits,
            figures=self._figures,
            statuses=self._statuses,
            scores=self._scores,
            facts=self._facts,
            carried=self._carried,
            fields=self._fields,
            points={
                name: max(abs(line.low), abs(line.high))
                for name, line in zip(points, (lines[code].points for code in codes), strict=True)
            },
            _steps=self._steps,
            _rows=self._rows,
            _joined=self._joined,
            _aggregates=self._aggregates,
            _looks_at_entry=tuple(self._looks_at_entry),
            _questions=self._questions,
            _outcome={
                **points,
                "total": total.sql,
                **self._of_vetoes(held),
                **{name: exp.column(name) for name in self._carried.values()},
            },
        )

    # ---- lines

    def _of_sub_types(self, sub_types: Sequence[str]) -> Test | None:
        """Return the condition that an entry is of one of these; None where every entry is."""
        every = self._scheme.sub_types
        if not every or len(sub_types) == len(every):
            return None
        positions = [number(every.index(sub_type) + 1) for sub_type in sub_types]
        return Test(sql=exp.In(this=exp.column("st"), expressions=positions))

    def _indicator(self, indicator: Indicator) -> _Line:
        alike: dict[tuple[int, int], list[str]] = {}
        for sub_type, formula in indicator.formulas.items():
            alike.setdefault((id(formula), indicator.full_marks_for(sub_type)), []).append(sub_type)
        cases: list[tuple[Test, Whole | None]] = [(_ABSENT, None)]
        otherwise: Whole | None = None
        for (_, full), sub_types in alike.items():
            points = self._points_of(indicator, indicator.formulas[sub_types[0]], sub_types, full)
            condition = self._of_sub_types(sub_types)
            if condition is None:
                otherwise = points
            else:
                cases.append((condition, points))
        points = chosen(cases, otherwise)
        group = next(group for group in self._scheme.groups if group.code == indicator.group)
        if group.part is Part.DEDUCTION:
            points = minus(constant(0), points)
        return _Line(points=self._steps.whole(points), applies=self._of_sub_types(tuple(indicator.formulas)))

    def _points_of(
        self, indicator: Indicator, formula: Formula, sub_types: Sequence[str], full: int
    ) -> Whole:
        missing = self._missing(indicator, formula, full)
        computed = self._computed(indicator, formula, sub_types, full)
        return chosen(missing, computed) if missing else computed

    def _missing(self, indicator: Indicator, formula: Formula, full: int) -> list[tuple[Test, Whole | None]]:
        """Return what counts where figures are missing, the gravest treatment first."""
        tests: dict[Treatment, list[Test]] = {treatment: [] for treatment in _GRAVEST_FIRST}
        for reference in formula.references:
            by_treatment: dict[Treatment, list[FigureStatus]] = {}
            for status in MISSING:
                by_treatment.setdefault(self._treatment(indicator, reference, status), []).append(status)
            for treatment, statuses in by_treatment.items():
                tests[treatment].append(self._is_missing(reference, statuses))
        return [(_any_of(found), _points_by(treatment, full)) for treatment, found in tests.items() if found]

    def _is_missing(self, reference: str, statuses: Sequence[FigureStatus]) -> Test:
        if len(statuses) == len(MISSING):
            return Test(sql=is_null(exp.column(self._figures[reference].name)))
        name = self._statuses.setdefault(reference, f"t{self._figures[reference].name[1:]}")
        numbers = [number(STATUS_NUMBERS[status]) for status in statuses]
        among = exp.In(this=exp.column(name), expressions=numbers)
        return Test(sql=otherwise(among, exp.false()))

    def _treatment(self, indicator: Indicator, reference: str, status: FigureStatus) -> Treatment:
        for rules in (indicator.missing, self._scheme.asked[reference].figure.missing):
            if status in rules:
                return rules[status]
        return self._scheme.missing.treatments[status]

    def _exactly(self, points: Fraction) -> Whole:
        return constant(rounded_exactly(points, scheme=self._scheme))

    def _rounded(self, value: Quotient, factor: Fraction) -> Whole:
        """Return value × factor, which is in points and never below 0, rounded by the scheme; in hundredths."""
        scheme = self._scheme
        steps = 10**scheme.points_places
        value = _not_negative(value)
        if scheme.rounding is Rounding.HALF_UP:
            double = added(scaled(value, factor * steps * 2), Quotient.constant(Fraction(1)))
            points = divided(double.above, times(double.below, constant(2)))
        else:
            points = floored(scaled(value, factor * steps))
        return times(points, constant(HUNDREDTHS // steps))

    def _rounded_up_to(
        self, value: Quotient, factor: Fraction, full: int, *, base: Fraction = Fraction(0)
    ) -> Whole:
        """Return base + value × factor, rounded, at most the full marks."""
        full_points = Fraction(full, HUNDREDTHS)
        if value.below.is_constant and factor > 0:
            # What lies beyond the full marks need not be computed: so the numbers stay small.
            edge = max(full_points - base, Fraction(0)) / factor
            most = constant(ceil(edge * value.below.low))
            value = Quotient(
                above=least(value.above, most),
                below=value.below,
                low=value.low,
                high=min(value.high, Fraction(most.low, value.below.low)),
            )
        else:
            value = self._steps.quotient(value)
        if base:
            value = _not_negative(value)
            value, factor = added(scaled(value, factor), Quotient.constant(base)), Fraction(1)
        return narrowed(least(self._rounded(value, factor), self._exactly(full_points)))

    # ---- formulas

    def _computed(self, indicator: Indicator, formula: Formula, sub_types: Sequence[str], full: int) -> Whole:
        marks = Fraction(full, HUNDREDTHS)
        match formula:
            case Ratio():
                return self._ratio(formula, full)
            case Growth():
                return self._growth(formula, full)
            case YesNo(when=when):
                met = self._writer.condition(when.root)
                return chosen([(met, self._exactly(marks))], constant(0))
            case ByCategory():
                return self._by_category(formula, full)
            case Bands(bands=bands):
                value = self._steps.quotient(self._value(formula))
                cases: list[tuple[Test, Whole | None]] = [
                    (reaches(value, band.at_least), self._exactly(band.points)) for band in bands[:0:-1]
                ]
                lowest = self._exactly(bands[0].points)
                return chosen(cases, lowest) if cases else lowest
            case Linear():
                return self._linear(formula, full)
            case PerUnit(points_each=each):
                return self._rounded_up_to(self._value(formula), each, full)
            case PerAmount(amount=amount, points_each=each, partial=partial):
                return self._rounded_up_to(*self._in_steps(self._value(formula), amount, each, partial), full)
            case Threshold():
                return self._threshold(formula, full)
            case MinMax() | RatioToMean() | RatioToMax() | RankShare():
                return self._beside(indicator, formula, sub_types, full)

    def _value(self, formula: Measured) -> Quotient:
        if formula.value is not None:
            return self._writer.number(formula.value.root)
        return self._sum(formula.figures)

    def _sum(self, references: Sequence[str]) -> Quotient:
        total = Quotient.constant(Fraction(0))
        for reference in references:
            total = added(total, self._figure(reference))
        return total

    def _ratio(self, formula: Ratio, full: int) -> Whole:
        factor = Fraction(full, HUNDREDTHS) / formula.full_at
        if formula.value is not None:
            return self._rounded_up_to(self._writer.number(formula.value.root), factor, full)
        below = self._steps.quotient(self._sum(formula.to))
        above = self._sum(formula.of)
        nothing = compared("<=", below.above, constant(0))
        divisor = below.clamped(Fraction(1, below.below.low), below.high)
        divisor = Quotient(
            above=self._steps.whole(divisor.above), below=divisor.below, low=divisor.low, high=divisor.high
        )
        quotient = multiplied(above, inverted(divisor))
        points = self._rounded_up_to(quotient, factor * formula.per, full)
        return chosen([(nothing, _points_by(formula.when_zero, full))], points)

    def _growth(self, formula: Growth, full: int) -> Whole:
        now, last = self._figure(formula.figure), self._figure(formula.figure + LAST_YEAR)
        cases: list[tuple[Test, Whole | None]] = [
            (compared("<=", last.above, constant(0)), _points_by(formula.when_zero, full))
        ]
        cases += [
            (
                # (now − last) ÷ last ≥ edge, both in the same places
                compared(
                    ">=",
                    times(now.above, constant((1 + band.at_least).denominator)),
                    times(last.above, constant((1 + band.at_least).numerator)),
                ),
                self._exactly(band.points),
            )
            for band in formula.bands[:0:-1]
        ]
        return chosen(cases, self._exactly(formula.bands[0].points))

    def _by_category(self, formula: ByCategory, full: int) -> Whole:
        if formula.figure:
            known = self._figures[formula.figure]
            position = column(known.name, low=known.low, high=known.high)
            cases: list[tuple[Test, Whole | None]] = [
                (
                    compared("=", position, constant(known.figure.values.index(value) + 1)),
                    self._exactly(points),
                )
                for value, points in formula.points.items()
            ]
            return chosen(cases, None)
        field_ = self._fields[formula.field]
        needed = (
            [field_.name, *(self._fields[code].name for code in formula.where.fields)]
            if formula.where
            else [field_.name]
        )
        where = [self._row_writer.condition(formula.where.root)] if formula.where else []
        kept = _all_of([*(_is_there(name) for name in dict.fromkeys(needed)), *where])
        common = lcm(*(points.denominator for points in formula.points.values()))
        position = column(field_.name, low=field_.low, high=field_.high)
        worth = chosen(
            [
                (
                    compared("=", position, constant(field_.figure.values.index(value) + 1)),
                    constant(int(points * common)),
                )
                for value, points in formula.points.items()
            ],
            constant(0),
        )
        rows = self._scheme.roster.most_rows if self._scheme.roster else 0
        if formula.take is Take.HIGHEST:
            best = chosen([(kept, worth)], constant(0))
            raw = self._roster_column(Narrow(this=exp.Max(this=best.sql)), 0, worth.high)
        else:
            raw = self._summed(worth, kept, rows)
        return self._rounded_up_to(Quotient.of(raw, constant(common)), Fraction(1), full)

    def _linear(self, formula: Linear, full: int) -> Whole:
        marks, value = Fraction(full, HUNDREDTHS), self._value(formula)
        start, end = formula.start, formula.end
        one, two = (value, Quotient.constant(start)) if end > start else (Quotient.constant(start), value)
        return self._rounded_up_to(added(one, two, sign=-1), marks / abs(end - start), full)

    def _in_steps(
        self, value: Quotient, step: Fraction, each: Fraction, partial: bool
    ) -> tuple[Quotient, Fraction]:
        """Return how many steps a value makes, and the points of each: whole steps, or parts too."""
        if partial:
            return value, each / step
        value = _not_negative(value)
        if not value.below.is_constant:
            value = self._steps.quotient(value)
        return Quotient.of(floored(scaled(value, 1 / step)), constant(1)), each

    def _threshold(self, formula: Threshold, full: int) -> Whole:
        value = self._steps.quotient(self._value(formula))
        above = added(value, Quotient.constant(formula.start), sign=-1)
        steps, each = self._in_steps(above, formula.step, formula.points_each, formula.partial)
        points = self._rounded_up_to(steps, each, full, base=formula.base)
        return chosen([(reaches(value, formula.start, op="<"), constant(0))], points)

    # ---- beside the others

    def _beside(
        self,
        indicator: Indicator,
        formula: MinMax | RatioToMean | RatioToMax | RankShare,
        sub_types: Sequence[str],
        full: int,
    ) -> Whole:
        members = tuple(sub_types) if indicator.varies else tuple(indicator.formulas)
        value = self._member_value(formula, members)
        if isinstance(formula, RankShare):
            return self._rank_share(formula, value)
        name = f"{indicator.code}@{','.join(members)}"
        if not value.below.is_constant:
            return self._beside_quotients(name, formula, value, full)
        try:
            return self._beside_each_other(formula, value, full)
        except TooWideError:
            return self._beside_quotients(name, formula, value, full)

    def _beside_each_other(
        self, formula: MinMax | RatioToMean | RatioToMax, value: Quotient, full: int
    ) -> Whole:
        """Compare values of one denominator with numbers of their cohort, all in one statement."""
        marks = Fraction(full, HUNDREDTHS)
        match formula:
            case RatioToMean(full_at=full_at, when_zero=when_zero):
                count = self._count(value.above)
                total = self._total_of(value.above)
                nothing, points = compared("<=", total, constant(0)), _points_by(when_zero, full)
                beside = Quotient.of(times(_raised(value.above), count), greatest(total, constant(1)))
                beside = beside.bounded(Fraction(0), Fraction(self._limits.entries))
                return chosen([(nothing, points)], self._rounded_up_to(beside, marks / full_at, full))
            case RatioToMax(when_zero=when_zero):
                highest = self._edge(value, highest=True)
                nothing, points = compared("<=", highest.above, constant(0)), _points_by(when_zero, full)
                share = multiplied(value, inverted(_at_least_one(highest))).bounded(Fraction(0), Fraction(1))
                return chosen([(nothing, points)], self._rounded_up_to(share, marks, full))
            case MinMax(better=better, when_equal=when_equal):
                lowest, highest = self._edge(value, highest=False), self._edge(value, highest=True)
                between = self._steps.quotient(added(highest, lowest, sign=-1))
                nothing, points = compared("<=", between.above, constant(0)), _points_by(when_equal, full)
                one, two = (value, lowest) if better is Better.HIGH else (highest, value)
                above = _not_negative(added(one, two, sign=-1))
                share = multiplied(above, inverted(_at_least_one(between))).bounded(Fraction(0), Fraction(1))
                return chosen([(nothing, points)], self._rounded_up_to(share, marks, full))

    def _beside_quotients(
        self, name: str, formula: MinMax | RatioToMean | RatioToMax, value: Quotient, full: int
    ) -> Whole:
        """Compare quotients with numbers of their cohort whose denominators no database holds.

        These are asked for first (`Plan.questions`) and compiled into the statement.
        """
        if name not in self._answers:
            is_wide(value.above.low * self._limits.entries, value.above.high * self._limits.entries)
            self._questions[name] = (value.above.sql, value.below.sql)
            return constant(0)
        answer = self._answers[name]
        match formula:
            case RatioToMean(full_at=full_at, when_zero=when_zero):
                if answer.mean <= 0:
                    return chosen([], _points_by(when_zero, full))
                return self._beside_number(value, answer.mean * full_at, full)
            case RatioToMax(when_zero=when_zero):
                if answer.highest <= 0:
                    return chosen([], _points_by(when_zero, full))
                return self._beside_number(value, answer.highest, full)
            case MinMax(better=better, when_equal=when_equal):
                if answer.lowest == answer.highest:
                    return chosen([], _points_by(when_equal, full))
                if better is Better.HIGH:
                    return self._on_a_line(value, answer.lowest, answer.highest, full)
                turned = Quotient(
                    above=self._steps.whole(minus(constant(0), value.above)),
                    below=value.below,
                    low=-value.high,
                    high=-value.low,
                )
                return self._on_a_line(turned, -answer.highest, -answer.lowest, full)

    def _beside_number(self, value: Quotient, end: Fraction, full: int) -> Whole:
        """Return full marks × value ÷ end, rounded, at most the full marks.

        However long `end` is: points only ask on which side of it value × (a factor of the points) lies, and there its
        neighbour among the quotients that this product can be does as well.
        """
        marks = Fraction(full, HUNDREDTHS)
        steps = 2 * marks * 10**self._scheme.points_places
        near = just_above(end, denominators=value.below.high * steps.denominator * (ceil(steps) + 1))
        try:
            return self._rounded_up_to(value, marks / near, full)
        except TooWideError:
            return self._stair(value, Fraction(0), end, marks)

    def _on_a_line(self, value: Quotient, start: Fraction, end: Fraction, full: int) -> Whole:
        """Return full marks × (value − start) ÷ (end − start), rounded, where 128 bits hold it; else step by step."""
        marks = Fraction(full, HUNDREDTHS)
        try:
            above = added(value, Quotient.constant(start), sign=-1)
            share = _not_negative(above).bounded(Fraction(0), end - start)
            return self._rounded_up_to(share, marks / (end - start), full)
        except TooWideError:
            return self._stair(value, start, end, marks)

    def _stair(self, value: Quotient, start: Fraction, end: Fraction, marks: Fraction) -> Whole:
        """Return marks × (value − start) ÷ (end − start), none below and all above, rounded by the scheme.

        Every possible number of points begins at an edge. The right one is found by halves.
        """
        scheme = self._scheme
        steps = 10**scheme.points_places
        unit = HUNDREDTHS // steps
        most = self._exactly(marks).low // unit
        half = Fraction(1, 2) if scheme.rounding is Rounding.HALF_UP else Fraction(0)

        def edge(number: int) -> Fraction:
            share = min((number - half) / (marks * steps), Fraction(1))
            return just_above(start + share * (end - start), denominators=value.below.high)

        def found(low: int, high: int) -> Whole:
            if low == high:
                return constant(low * unit)
            middle = (low + high + 1) // 2
            return chosen([(reaches(value, edge(middle)), found(middle, high))], found(low, middle - 1))

        return found(0, most)

    def _member_value(self, formula: Measured, members: Sequence[str]) -> Quotient:
        """Return the value that an entry brings into a cohort, NULL where it has no part in it."""
        outside: list[tuple[Test, Whole | None]] = [(_ABSENT, None)]
        if (inside := self._of_sub_types(members)) is not None:
            outside.append((Test(sql=negated(inside.sql)), None))
        missing = [self._is_missing(reference, MISSING) for reference in formula.references]
        if missing:
            outside.append((_any_of(missing), None))
        value = self._value(formula)
        above = self._steps.whole(chosen(outside, value.above))
        below = value.below if value.below.is_constant else self._steps.whole(chosen(outside, value.below))
        return Quotient(above=above, below=below, low=value.low, high=value.high)

    def _over_all(self, sql: Sql, *, low: int, high: int, level: int) -> Whole:
        """Return an aggregate over the table, which can be read one level later."""
        columns = self._joined.setdefault(level, {})
        key = printed(sql, Dialect.DUCKDB)
        for name, known in columns.items():
            if printed(known, Dialect.DUCKDB) == key:
                return column(name, low=low, high=high, level=level + 1)
        name = f"k{level}_{len(columns) + 1}"
        columns[name] = sql
        return column(name, low=low, high=high, level=level + 1)

    def _count(self, of: Whole) -> Whole:
        sql = exp.Count(this=of.sql)
        return self._over_all(sql, low=1, high=self._limits.entries, level=of.level)

    def _total_of(self, of: Whole) -> Whole:
        low, high = min(0, of.low * self._limits.entries), max(0, of.high * self._limits.entries)
        wide = is_wide(low, high)
        total = exp.Sum(this=of.sql)
        sql = Wide(this=total) if wide else Narrow(this=total)
        return self._over_all(sql, low=low, high=high, level=of.level)

    def _order_key(self, value: Quotient) -> Whole:
        """Return a whole number that is larger for a larger value and equal for an equal one.

        Two quotients with denominators up to D that differ do so by at least 1 ÷ D², so their floors after × D² do.
        """
        if value.below.is_constant:
            return value.above
        from_zero = _not_negative(added(value, Quotient.constant(Fraction(floor(value.low))), sign=-1))
        # As columns, because a long division may have to name them several times.
        above = self._steps.whole(times(from_zero.above, constant(value.below.high**2)))
        return self._steps.whole(divided(above, self._steps.whole(from_zero.below)))

    def _edge(self, value: Quotient, *, highest: bool) -> Quotient:
        """Return the highest or the lowest value of a cohort of values with one denominator."""
        above = value.above
        pick = exp.Max if highest else exp.Min
        edge = self._over_all(pick(this=above.sql), low=above.low, high=above.high, level=above.level)
        return Quotient(above=edge, below=value.below, low=value.low, high=value.high)

    def _rank_share(self, formula: RankShare, value: Quotient) -> Whole:
        key = self._order_key(value)
        order = exp.Ordered(this=key.sql, desc=formula.better is Better.HIGH, nulls_first=False)
        outside = case([(is_null(key.sql), number(1))], number(0))
        rank = exp.Window(
            this=exp.Anonymous(this="RANK"),
            partition_by=[outside],
            order=exp.Order(expressions=[order]),
        )
        place = self._steps.whole(Whole(sql=rank, low=1, high=self._limits.entries, level=key.level))
        count = self._count(key)
        cases: list[tuple[Test, Whole | None]] = [
            (
                compared(
                    "<=",
                    times(place, constant(band.within.denominator)),
                    times(count, constant(band.within.numerator)),
                ),
                self._exactly(band.points),
            )
            for band in formula.shares[:-1]
        ]
        last = self._exactly(formula.shares[-1].points)
        return chosen(cases, last) if cases else last

    # ---- expert items

    def _item(self, item: ExpertItem) -> _Line:
        scheme = self._scheme
        rule = scheme.expert_rule
        if rule is None:
            raise AssertionError("the loader refuses expert items without an expert rule")
        steps = 10**scheme.points_places
        evaluated = tuple(sub_type for sub_type in scheme.sub_types or ("",) if item.full_marks_for(sub_type))
        most = (
            max(item.full_marks_for(sub_type) for sub_type in scheme.sub_types or ("",)) * steps // HUNDREDTHS
        )
        scores = [column(name, low=0, high=most) for name in self._scores[item.code]]
        count = total = constant(0)
        for score in scores:
            count = plus(count, chosen([(_is_there(score.sql.name), constant(1))], constant(0)))
            known = otherwise(score.sql, number(0))
            total = plus(total, Whole(sql=known, low=0, high=most))
        count, total = self._steps.whole(count), self._steps.whole(total)
        few = compared("<", count, constant(rule.minimum))
        cases: list[tuple[Test, Whole | None]] = [(_ABSENT, None)]
        match rule.too_few:
            case TooFew.UNSCORED:
                cases.append((few, None))
            case TooFew.NO_POINTS:
                cases.append((few, constant(0)))
            case TooFew.MEAN:
                cases.append((compared("=", count, constant(0)), None))
                cases.append((few, self._mean(total, count)))
        if len(scores) < rule.minimum:
            points = chosen(cases, None)
        else:
            points = chosen(cases, self._combined(item, scores, count, total, most))
        highest = max(most, 0) * (HUNDREDTHS // steps)
        bounded = Whole(sql=points.sql, low=0, high=highest, level=points.level)
        return _Line(points=self._steps.whole(bounded), applies=self._of_sub_types(evaluated))

    def _mean(self, total: Whole, count: Whole) -> Whole:
        """Return the mean of scores in the last place of a point, rounded by the scheme; in hundredths."""
        unit = Fraction(1, 10**self._scheme.points_places)
        value = Quotient.of(total, greatest(count, constant(1)))
        return self._rounded(value, unit)

    def _combined(
        self, item: ExpertItem, scores: Sequence[Whole], count: Whole, total: Whole, most: int
    ) -> Whole:
        rule = self._scheme.expert_rule
        if rule is None:
            raise AssertionError("the loader refuses expert items without an expert rule")
        if rule.method is ExpertMethod.MEAN:
            if rule.trim_from is None or len(scores) < rule.trim_from:
                return self._mean(total, count)
            trims = self._steps.test(compared(">=", count, constant(rule.trim_from)))
            ends = [
                Whole(sql=extreme, low=0, high=most)
                for extreme in (_extreme(exp.Greatest, scores), _extreme(exp.Least, scores))
            ]
            kept = minus(minus(total, ends[0]), ends[1])
            kept = chosen([(trims, kept)], total)
            kept = Whole(sql=kept.sql, low=0, high=total.high, level=kept.level)
            left = chosen([(trims, minus(count, constant(2)))], count)
            left = Whole(sql=left.sql, low=0, high=len(scores), level=left.level)
            return self._mean(self._steps.whole(kept), self._steps.whole(left))
        ordered = self._steps.whole(
            Whole(sql=SortedScores(expressions=[score.sql for score in scores]), low=0, high=most)
        )
        if rule.method is ExpertMethod.MEDIAN:
            half = constant(2)
            lower = plus(divided(greatest(minus(count, constant(1)), constant(0)), half), constant(1))
            upper = plus(divided(count, half), constant(1))
            both = plus(_score_at(ordered, lower, most), _score_at(ordered, upper, most))
            return self._mean(both, half)
        kept = total
        for position in range(rule.trim):
            kept = minus(kept, _score_at(ordered, constant(position + 1), most))
            kept = minus(kept, _score_at(ordered, minus(count, constant(position)), most))
        kept = Whole(sql=kept.sql, low=0, high=total.high, level=kept.level)
        left = minus(count, constant(2 * rule.trim))
        return self._mean(self._steps.whole(kept), self._steps.whole(left))

    # ---- the total

    def _total(self, lines: Mapping[str, _Line]) -> Whole:
        """Return the total, NULL where a line that applies is not scored."""
        scheme = self._scheme
        leaves: tuple[Indicator | ExpertItem, ...] = (*scheme.indicators, *scheme.expert_items)
        inner: dict[str, list[Group]] = {}
        for group in scheme.groups:
            inner.setdefault(group.parent, []).append(group)

        def counted(group: Group) -> Whole:
            # As deep as the loader lets groups lie in one another, which is not deep.
            parts = [_counted(lines[leaf.code]) for leaf in leaves if leaf.group == group.code]
            parts += [counted(child) for child in inner.get(group.code, ())]
            total = constant(0)
            for part in parts:
                total = plus(total, part)
            if group.cap is None or max(abs(total.low), abs(total.high)) <= group.cap:
                return total
            return _between(self._steps.whole(total), -group.cap, group.cap)

        bonus = total = constant(0)
        for group in inner.get("", ()):
            if group.part is Part.BONUS:
                bonus = plus(bonus, counted(group))
            else:
                total = plus(total, counted(group))
        if bonus.high > scheme.bonus_cap:
            bonus = self._steps.whole(bonus)
            bonus = _between(bonus, min(bonus.low, 0), scheme.bonus_cap)
        total = self._steps.whole(plus(total, bonus))
        total = _between(total, 0, scheme.total_cap)
        return chosen([(_ABSENT, None)], total)

    # ---- vetoes

    def _held(self, veto: Veto) -> Test:
        if veto.when_true is None:
            if veto.when is None:
                raise AssertionError("a veto rests on a fact or on figures")
            return Test(sql=exp.column(self._facts.setdefault(veto.when.value, f"g{len(self._facts) + 1}")))
        holds = self._writer.condition(veto.when_true.root)
        return self._unless_missing(veto.when_true, holds, missing=veto.holds_when_missing)

    def _unless_missing(self, expression: Expression, holds: Test, *, missing: bool) -> Test:
        if not expression.references:
            return holds
        gone = _any_of([self._is_missing(reference, MISSING) for reference in expression.references])
        return test(case([(gone.sql, exp.Boolean(this=missing))], holds.sql), gone, holds)

    def _of_vetoes(self, held: Mapping[str, Test]) -> dict[str, Sql]:
        """Return whether an entry is excluded, and the position of the best grade that its vetoes leave (−1: any)."""
        scheme = self._scheme
        ceilings: dict[int, list[Sql]] = {}
        excluding = []
        for veto in scheme.vetoes:
            if veto.effect is VetoEffect.EXCLUSION:
                excluding.append(held[veto.code].sql)
            else:
                ceilings.setdefault(ceiling_of(scheme, veto), []).append(held[veto.code].sql)
        ceiling: Sql = number(-1)
        if ceilings:
            worst_first = sorted(ceilings, reverse=True)
            ceiling = case(
                [(any_of(*ceilings[position]), number(position)) for position in worst_first], ceiling
            )
        excluded: Sql = exp.false()
        if excluding:
            excluded = all_of(negated(exp.column("absent")), any_of(*excluding))
        return {"excluded": excluded, "ceiling": Narrow(this=ceiling)}


# ---- small parts ------------------------------------------------------------------------------------------

_ABSENT = Test(sql=exp.column("absent"))


def _same(name: str, one: str, two: str) -> Sql:
    return exp.EQ(this=exp.column(name, table=one), expression=exp.column(name, table=two))


def _is_there(name: str) -> Test:
    return Test(sql=not_null(exp.column(name)))


def _all_of(tests: Sequence[Test]) -> Test:
    if not tests:
        return Test(sql=exp.true())
    return test(all_of(*(each.sql for each in tests)), *tests)


def _any_of(tests: Sequence[Test]) -> Test:
    return test(any_of(*(each.sql for each in tests)), *tests)


def _points_by(treatment: Treatment, full: int) -> Whole | None:
    match treatment:
        case Treatment.UNSCORED:
            return None
        case Treatment.NO_POINTS:
            return constant(0)
        case Treatment.FULL_POINTS:
            return constant(full)


def _not_negative(value: Quotient) -> Quotient:
    return value.clamped(Fraction(0), max(value.high, Fraction(0)))


def _raised(value: Whole) -> Whole:
    return greatest(value, constant(0)) if value.low < 0 else value


def _at_least_one(value: Quotient) -> Quotient:
    """Return a quotient that is not zero; where it was, nobody looks at what is computed with it."""
    above = greatest(value.above, constant(1))
    high = max(value.high, Fraction(1))
    return Quotient(above=above, below=value.below, low=Fraction(1, value.below.high), high=high)


def _between(value: Whole, low: int, high: int) -> Whole:
    """Keep a value between two numbers; NULL stays NULL."""
    cases: list[tuple[Test, Whole | None]] = []
    if value.high > high:
        cases.append((compared(">", value, constant(high)), constant(high)))
    if value.low < low:
        cases.append((compared("<", value, constant(low)), constant(low)))
    if not cases:
        return value
    kept = chosen(cases, value)
    return Whole(
        sql=kept.sql, low=max(value.low, low), high=min(value.high, high), level=kept.level, wide=kept.wide
    )


def _counted(line: _Line) -> Whole:
    return line.points if line.applies is None else chosen([(line.applies, line.points)], constant(0))


def _extreme(kind: type[exp.Greatest] | type[exp.Least], scores: Sequence[Whole]) -> Sql:
    first, *others = (score.sql for score in scores)
    return kind(this=first, expressions=others, ignore_nulls=True)


def _score_at(scores: Whole, position: Whole, most: int) -> Whole:
    sql = ScoreAt(this=scores.sql, expression=position.sql)
    return Whole(sql=sql, low=0, high=most, level=max(scores.level, position.level))


def _called(scheme: Scheme, part: Indicator | Veto) -> str:
    what = "indicator" if isinstance(part, Indicator) else "veto"
    return f"scheme {scheme.code}: {what} '{part.code}' ({part.title})"


def _too_wide(scheme: Scheme, part: Indicator | Veto, error: TooWideError) -> str:
    remedy = "give its figures a smaller maximum or fewer places, or use --engine reference"
    return f"{_called(scheme, part)} {error}; {remedy}"


# ---- grades -----------------------------------------------------------------------------------------------


def _grade(scheme: Scheme, carried: Mapping[str, str]) -> Sql:
    worst = len(scheme.grades) - 1
    total, rank = exp.column("total"), exp.column("rank")
    reached: list[tuple[Sql, Sql]] = []
    for position, cut in enumerate(scheme.grades):
        condition: Sql = exp.GTE(this=total, expression=number(cut.at_least))
        if cut.top_share is not None:
            place: Sql = rank
            if cut.ties is Ties.EXCLUDE:
                after = exp.Add(this=rank, expression=exp.column("tied"))
                place = exp.Paren(this=exp.Sub(this=after, expression=number(1)))
            share = exp.LTE(
                this=exp.Mul(this=place, expression=number(cut.top_share.denominator)),
                expression=exp.Mul(this=exp.column("ranked"), expression=number(cut.top_share.numerator)),
            )
            condition = all_of(condition, share)
        reached.append((condition, number(position)))
    names = [cut.name for cut in scheme.grades]
    moved: Sql = Narrow(this=case(reached))
    directly: list[tuple[Sql, Sql]] = []
    for rule in scheme.carried:
        target = number(names.index(rule.grade_code))
        held = exp.column(carried[rule.code])
        if rule.effect is CarriedEffect.IS:
            directly.append((held, target))
            continue
        pick = exp.Least if rule.effect is CarriedEffect.AT_LEAST else exp.Greatest
        moved = case([(held, pick(this=moved, expressions=[target], ignore_nulls=True))], moved)
    # LEAST and GREATEST leave NULL away, but without a total there is no position to move.
    own = Narrow(this=case([*directly, (is_null(total), exp.null())], moved))
    ceiling = exp.column("ceiling")
    alone = case([(exp.EQ(this=ceiling, expression=number(worst)), number(worst))], exp.null())
    absent: Sql = exp.null()
    if (given := absence_cut(scheme)) is not None:
        absent = number(scheme.grades.index(given))
    graded = case(
        [
            (exp.column("absent"), absent),
            (exp.column("excluded"), exp.null()),
            (is_null(own), alone),
        ],
        exp.Greatest(this=own, expressions=[ceiling], ignore_nulls=True),
    )
    return Narrow(this=graded)
