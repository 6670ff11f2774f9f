"""The cells of a TABLE as SQL: which of them can be, and what typed figures do they hold?

The strict reading here takes what is written in the plainest way (`1234.5`, `2024-01-31`). Each row gets a `flag`: 0 it
is as it should be; 1 its id is unusual, so that a person's eye, or the reader of `documents`, has to look at it; 2 a
cell is wrong, or written in a way that only that reader understands. An empty cell has to come as NULL.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor

from sqlglot import exp

from hatchmark.domain.scheme import (
    HUNDREDTHS,
    LONGEST_NUMBER,
    MEASURED,
    MISSING,
    TRUTHS,
    Condition,
    ExpertItem,
    FigureStatus,
    FigureType,
)
from hatchmark.engines.ranges import NARROW, Quotient, across, added, compared
from hatchmark.engines.sql import STATUS_NUMBERS, FigureColumn, Plan
from hatchmark.engines.sql_parts import (
    FloorDivision,
    Narrow,
    Sql,
    Wide,
    all_of,
    any_of,
    case,
    cast,
    is_null,
    named,
    negated,
    not_null,
    number,
    otherwise,
    select,
    word,
)

ID, SUB_TYPE, FACTS, ELSEWHERE, STATUS = "id", "sub_type", "facts", "elsewhere", "@status"

_MOST_DIGITS = 18
"""Digits of a decimal that databases hold in 64 bits."""

_PLAIN_ID = "^[0-9A-Za-z一-鿿][0-9A-Za-z一-鿿（）_.·-]{0,99}$"
_DATE = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
_NUMBER = "^-?[0-9]+([.][0-9]+)?$"


class RawType(StrEnum):
    """How a column of a TABLE holds its cells."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    OTHER = "other"
    """Anything whose text is what a person would write, such as a date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawColumn:
    """A column of a TABLE by its generated name. `places`: of a decimal."""

    name: str
    type: RawType = RawType.TEXT
    places: int = 0

    @property
    def sql(self) -> Sql:
        """The cell as it is."""
        return exp.column(self.name)

    @property
    def text(self) -> Sql:
        """The cell as text."""
        return self.sql if self.type is RawType.TEXT else cast(self.sql, "TEXT")


def read_entries(
    plan: Plan, raw: Mapping[str, RawColumn], *, relation: str, keep: Sequence[str] = ()
) -> exp.Select:
    """Return the entries of a TABLE as `engines.sql` reads them, with a `flag`; rows without a cell are left out.

    `raw` holds the columns of `relation` by the header of the TABLE, which was checked against the scheme; those of
    `keep` are columns of our own that go with each row.
    """
    return _EntryReader(plan, raw, keep).select(relation)


def read_roster(
    plan: Plan, raw: Mapping[str, RawColumn], *, relation: str, keep: Sequence[str] = ()
) -> exp.Select:
    """Return the rows of a roster TABLE as `engines.sql` reads them, with a `flag`."""
    reading = _Reading(raw, keep)
    optional = {
        known.figure.code: known.optional
        for known in (plan.scheme.roster.fields if plan.scheme.roster else ())
    }
    for code, field_ in plan.fields.items():
        if code not in raw:
            reading.typed.append(named(cast(exp.null(), "BIGINT"), field_.name))
            continue
        cell = _FigureCell(raw[code], field_)
        reading.add(cell)
        there = not_null(exp.column(field_.name))
        reading.sound.append(any_of(there, is_null(exp.column(cell.cell))) if optional[code] else there)
    return reading.flagged(relation)


def score_columns(raw: Mapping[str, RawColumn], item: str) -> list[RawColumn]:
    """Return the columns of an item's scores, by the number of the expert."""
    found = [
        (int(expert), known)
        for header, known in raw.items()
        for code, _, expert in [header.rpartition("@")]
        if code == item and expert.isdecimal()
    ]
    return [known for _, known in sorted(found, key=lambda each: each[0])]


class _Reading:
    """A reading in three steps: the cells as they are, typed figures within their bounds, the flag of each row."""

    def __init__(self, raw: Mapping[str, RawColumn], keep: Sequence[str]) -> None:
        self._raw = raw
        self.seen: list[exp.Alias] = [
            named(raw[ID].text, "id"),
            *(named(exp.column(name), name) for name in keep),
        ]
        self.typed: list[exp.Alias | exp.Column] = [exp.column(name) for name in ("id", *keep)]
        self.sound: list[Sql] = []

    def add(self, cell: "_FigureCell") -> None:
        """Read one cell of figures."""
        self.seen.extend(cell.seen)
        self.typed.append(cell.typed)

    def flagged(self, relation: str) -> exp.Select:
        """Return the statement."""
        filled = any_of(*(not_null(each.sql) for each in self._raw.values()))
        cells = select(self.seen, relation, where=[filled])
        columns = {each.alias_or_name: each for each in self.typed}
        columns = {**{each.alias: exp.column(each.alias) for each in self.seen}, **columns}
        values = select(list(columns.values()), "cells")
        usual = case([(_matches(exp.column("id"), _PLAIN_ID), number(0))], number(1))
        flag = case([(all_of(*self.sound), usual)], number(2))
        kept = [exp.column(each.alias_or_name) for each in self.typed]
        return select([*kept, named(flag, "flag")], "typed", ctes=[("cells", cells), ("typed", values)])


class _FigureCell:
    """One column of figures. `seen` are its columns in the first step, `typed` is the one in the second."""

    def __init__(self, raw: RawColumn, column: FigureColumn) -> None:
        self.column = column
        self.cell = f"y{column.name}"
        self._value = f"{self.cell}v"
        self._is_text = True
        self._is_inside = False
        figure, value = column.figure, exp.column(self._value)
        if figure.type in MEASURED and raw.type in (RawType.INTEGER, RawType.DECIMAL) and self._is_short:
            self._is_text = False
            scale = 10**column.places
            self._is_inside = column.low % scale == 0 and column.high % scale == 0
            read = self._of_number(raw)
        elif figure.type is FigureType.BOOLEAN and raw.type is RawType.BOOLEAN:
            self._is_text = False
            read = Narrow(this=case([(raw.sql, number(1)), (negated(raw.sql), number(0))]))
        else:
            read = self._of_text(raw.text)
        self.seen = [named(raw.sql if not self._is_text else raw.text, self.cell), named(read, self._value)]
        inside = all_of(
            exp.GTE(this=value, expression=number(column.low)),
            exp.LTE(this=value, expression=number(column.high)),
        )
        # A typed column was held to its bounds where it was read, if they are whole.
        kept: Sql = value if self._is_inside else case([(inside, value)])
        # Read in 128 bits, because more may have been written than can be: within its bounds 64 may do.
        self.typed = named(Narrow(this=kept) if self._in_wide and not column.is_wide else kept, column.name)

    @property
    def could_be(self) -> Sql:
        """Say whether the cell can be read at all, as it must be for an absent entry too; bounds aside."""
        if not self._is_text:
            return exp.true()
        if self.column.figure.type in MEASURED:
            cell = exp.column(self.cell)
            return all_of(_matches(cell, _NUMBER), _is_short_text(cell))
        return not_null(exp.column(self._value))

    @property
    def _digits(self) -> int:
        """The most digits before the point."""
        return len(str(max(abs(self.column.low), abs(self.column.high)) // 10**self.column.places))

    @property
    def _in_wide(self) -> bool:
        """Say whether what is read may pass 64 bits before its bounds are looked at."""
        return self.column.is_wide or 10 ** (self._digits + self.column.places) > NARROW

    @property
    def _is_short(self) -> bool:
        """Say whether a decimal of 38 digits holds a value × 10^places with its places."""
        return self._digits + 2 * self.column.places < 38

    def _scaled(self, value: Sql, *, is_decimal: bool) -> Sql:
        """Return a value that is surely near its bounds × 10^places, as a whole number."""
        places, scale = self.column.places, number(10**self.column.places)
        digits = self._digits + 1 + places
        if digits > _MOST_DIGITS or not (is_decimal or places):
            if is_decimal or places:
                value = exp.Mul(this=cast(value, f"DECIMAL(38, {places})"), expression=scale)
            return Wide(this=value) if self._in_wide else Narrow(this=value)
        value = cast(value, f"DECIMAL({digits}, {places})")
        if not places:
            return Narrow(this=value)
        if digits + places + 1 <= _MOST_DIGITS:
            return Narrow(this=exp.Mul(this=value, expression=scale))
        # In two parts, so that the product needs no decimals of 128 bits, which are many times slower.
        whole = exp.Floor(this=value)
        rest = cast(exp.Sub(this=value, expression=whole), f"DECIMAL({places + 1}, {places})")
        parts = exp.Mul(this=Narrow(this=whole), expression=scale)
        return exp.Add(this=parts, expression=Narrow(this=exp.Mul(this=rest, expression=scale)))

    def _of_number(self, raw: RawColumn) -> Sql:
        """Return the value of a typed column; NULL where it lies outside, or between two steps."""
        column, scale = self.column, 10**self.column.places
        near = [
            exp.GTE(this=raw.sql, expression=number(floor(Fraction(column.low, scale)))),
            exp.LTE(this=raw.sql, expression=number(ceil(Fraction(column.high, scale)))),
        ]
        if raw.places > column.places:
            near.append(exp.EQ(this=cast(raw.sql, f"DECIMAL(38, {column.places})"), expression=raw.sql))
        return case([(all_of(*near), self._scaled(raw.sql, is_decimal=raw.type is RawType.DECIMAL))])

    def _of_text(self, cell: Sql) -> Sql:
        column, figure = self.column, self.column.figure
        match figure.type:
            case FigureType.BOOLEAN:
                return _positions(cell, {**TRUTHS, "TRUE": 1, "FALSE": 0})
            case FigureType.CATEGORY:
                return _positions(cell, {value: at for at, value in enumerate(figure.values, start=1)})
            case FigureType.DATE:
                return case([(_matches(cell, _DATE), _day_number(cell))])
        sign = "-?" if column.low < 0 else ""
        fraction = f"([.][0-9]{{1,{column.places}}})?" if column.places else ""
        plain = _matches(cell, f"^{sign}[0-9]{{1,{self._digits}}}{fraction}$")
        if self._digits + column.places + 2 > LONGEST_NUMBER:
            plain = all_of(plain, _is_short_text(cell))
        scaled = self._scaled(cell, is_decimal=False) if self._is_short else self._of_digits(cell)
        return case([(plain, scaled)])

    def _of_digits(self, cell: Sql) -> Sql:
        """Return the value × 10^places of a text too long for decimals, from what stands on both sides of its point."""
        places = self.column.places
        point = exp.StrPosition(this=cell, substr=word("."))
        has_point = exp.GT(this=point, expression=number(0))
        before = exp.Substring(this=cell, start=number(1), length=exp.Sub(this=point, expression=number(1)))
        whole = Wide(this=case([(has_point, before)], cell))
        zeros = word("0" * places)
        after = exp.Substring(this=cell, start=exp.Add(this=point, expression=number(1)))
        padded = exp.Substring(
            this=exp.Paren(this=exp.DPipe(this=case([(has_point, after)], zeros), expression=zeros)),
            start=number(1),
            length=number(places),
        )
        parts = exp.Mul(this=whole, expression=number(10**places))
        rest = Wide(this=padded)
        below = exp.EQ(this=exp.Substring(this=cell, start=number(1), length=number(1)), expression=word("-"))
        return case([(below, exp.Sub(this=parts, expression=rest))], exp.Add(this=parts, expression=rest))


class _EntryReader:
    """Reads the rows of entries."""

    def __init__(self, plan: Plan, raw: Mapping[str, RawColumn], keep: Sequence[str]) -> None:
        self._plan = plan
        self._raw = raw
        self._reading = _Reading(raw, keep)

    def select(self, relation: str) -> exp.Select:
        """Return the statement."""
        reading = self._reading
        self._sub_type()
        self._facts()
        self._elsewhere()
        present: list[Sql] = []
        absent: list[Sql] = []
        common: list[Sql] = [negated(exp.column("absent"))]
        for reference, known in self._plan.figures.items():
            cell = _FigureCell(self._raw[reference], known)
            reading.add(cell)
            if_present, if_absent = self._soundness(cell, reference)
            present.append(if_present)
            absent.append(if_absent)
            common.append(not_null(exp.column(known.name)))
            if reference + STATUS in self._raw:
                common.append(is_null(exp.column(f"{cell.cell}s")))
        self._scores()
        of_figures = case(
            # Nearly every row has all its figures: there the rest is not looked at.
            [(all_of(*common), exp.true()), (exp.column("absent"), all_of(*absent))],
            all_of(*present),
        )
        reading.sound.append(of_figures)
        if relations := self._relations():
            reading.sound.append(any_of(exp.column("absent"), all_of(*relations)))
        return reading.flagged(relation)

    def _soundness(self, cell: _FigureCell, reference: str) -> tuple[Sql, Sql]:
        """Return what has to hold of a figure and its status where an entry takes part, and where it is absent."""
        reading = self._reading
        there, empty = not_null(exp.column(cell.column.name)), is_null(exp.column(cell.cell))
        status = self._raw.get(reference + STATUS)
        name = self._plan.statuses.get(reference)
        if status is None:
            if name:
                reading.typed.append(named(cast(exp.null(), "BIGINT"), name))
            return there, any_of(empty, cell.could_be)
        stated = exp.column(f"{cell.cell}s")
        reading.seen.append(named(status.text, stated.name))
        if name:
            numbers = {each.value: at for each, at in STATUS_NUMBERS.items()}
            reading.typed.append(named(_positions(stated, numbers), name))
        gone = exp.In(this=stated, expressions=[word(each.value) for each in MISSING])
        missing = all_of(empty, gone)
        reported = any_of(is_null(stated), exp.EQ(this=stated, expression=word(FigureStatus.REPORTED.value)))
        nothing = all_of(empty, is_null(stated))
        return (
            any_of(all_of(there, reported), missing),
            any_of(nothing, missing, all_of(cell.could_be, reported)),
        )

    def _relations(self) -> list[Sql]:
        """Return what has to hold between figures; one with a missing figure is not looked at."""
        found = []
        for relation in self._plan.scheme.relations:
            sides = []
            for references in (relation.lower, relation.upper):
                total = Quotient.constant(Fraction(0))
                for reference in references:
                    total = added(total, self._plan.figures[reference].quotient())
                sides.append(total)
            holds = compared("<=", *across(sides[0], sides[1]))
            found.append(otherwise(exp.Paren(this=holds.sql), exp.true()))
        return found

    def _sub_type(self) -> None:
        scheme, reading = self._plan.scheme, self._reading
        if not scheme.sub_types:
            return
        unstated = number(scheme.sub_types.index(scheme.sub_type_unstated) + 1)
        position: Sql = unstated
        if SUB_TYPE in self._raw:
            cell = self._raw[SUB_TYPE].text
            stated = [
                (exp.EQ(this=cell, expression=word(sub_type)), number(at))
                for at, sub_type in enumerate(scheme.sub_types, start=1)
            ]
            position = case([(is_null(cell), unstated), *stated])
            reading.sound.append(not_null(exp.column("st")))
        reading.seen.append(named(Narrow(this=position), "st"))
        reading.typed.append(exp.column("st"))

    def _facts(self) -> None:
        reading = self._reading
        wanted = {"absent": "absent", **self._plan.facts}
        reading.typed.extend(exp.column(name) for name in wanted.values())
        if FACTS not in self._raw:
            reading.seen.extend(named(exp.false(), name) for name in wanted.values())
            return
        cell = self._raw[FACTS].text
        reading.seen.append(named(cell, FACTS))
        reading.seen.extend(named(_holds_word(cell, fact), name) for fact, name in wanted.items())
        known = "|".join(("absent", *(condition.value for condition in Condition)))
        facts = exp.column(FACTS)
        reading.sound.append(any_of(is_null(facts), _matches(facts, f"^({known})([|]({known}))*$")))

    def _elsewhere(self) -> None:
        rules, reading = self._plan.scheme.carried, self._reading
        if not rules:
            return
        names = [self._plan.carried[rule.code] for rule in rules]
        reading.typed.extend(exp.column(name) for name in names)
        if ELSEWHERE not in self._raw:
            reading.seen.extend(named(exp.false(), name) for name in names)
            return
        cell = self._raw[ELSEWHERE].text
        reading.seen.append(named(cell, ELSEWHERE))
        for rule, name in zip(rules, names, strict=True):
            reading.seen.append(named(_holds_word(cell, f"{rule.source}={rule.source_grade}"), name))
        sources = list(dict.fromkeys(rule.source for rule in rules))
        pair = f"({'|'.join(sources)})=[a-z0-9_]+"
        stated = exp.column(ELSEWHERE)
        once = [negated(_matches(stated, f"(^|[|]){source}=.*[|]{source}=")) for source in sources]
        sound = all_of(_matches(stated, f"^{pair}([|]{pair})*$"), *once)
        reading.sound.append(any_of(is_null(stated), sound))

    def _scores(self) -> None:
        items = {item.code: item for item in self._plan.scheme.expert_items}
        for code, names in self._plan.scores.items():
            for name, raw in zip(names, score_columns(self._raw, code), strict=True):
                self._score(name, raw, items[code])

    def _score(self, name: str, raw: RawColumn, item: ExpertItem) -> None:
        scheme, reading = self._plan.scheme, self._reading
        places = scheme.points_places
        scale = 10**places
        sub_types = scheme.sub_types or ("",)
        most = [item.full_marks_for(sub_type) * scale // HUNDREDTHS for sub_type in sub_types]
        digits = len(str(max(most) // scale))
        cell, value = exp.column(f"y{name}"), exp.column(f"y{name}v")
        if raw.type in (RawType.INTEGER, RawType.DECIMAL):
            given = raw.sql
            near: list[Sql] = [
                exp.GTE(this=given, expression=number(0)),
                exp.LTE(this=given, expression=number(max(most) // scale + 1)),
            ]
            if raw.places > places:
                near.append(exp.EQ(this=cast(given, f"DECIMAL(38, {places})"), expression=given))
        else:
            given = raw.text
            fraction = f"([.][0-9]{{1,{places}}})?" if places else ""
            near = [_matches(given, f"^[0-9]{{1,{digits}}}{fraction}$")]
        exact = cast(given, f"DECIMAL({digits + 1 + places}, {places})")
        scaled = Narrow(this=exp.Mul(this=exact, expression=number(scale)))
        reading.seen.extend([named(given, cell.name), named(case([(all_of(*near), scaled)]), value.name)])
        limit: Sql = number(max(most))
        if len(set(most)) > 1:
            of_sub_type = [
                (exp.EQ(this=exp.column("st"), expression=number(at)), number(each))
                for at, each in enumerate(most, start=1)
            ]
            limit = case(of_sub_type)
        reading.typed.append(named(case([(exp.LTE(this=value, expression=limit), value)]), name))
        reading.sound.append(any_of(not_null(exp.column(name)), is_null(cell)))


# ---- small parts ------------------------------------------------------------------------------------------


def _matches(cell: Sql, pattern: str) -> Sql:
    return exp.RegexpLike(this=cell, expression=word(pattern))


def _is_short_text(cell: Sql) -> Sql:
    return exp.LTE(this=exp.Length(this=cell), expression=number(LONGEST_NUMBER))


def _positions(cell: Sql, numbers: Mapping[str, int]) -> Sql:
    return Narrow(this=case([(word(each), number(at)) for each, at in numbers.items()], of=cell))


def _holds_word(cell: Sql, fact: str) -> Sql:
    """Say whether a word stands between the | of a cell; false for an empty one."""
    framed = exp.DPipe(this=exp.DPipe(this=word("|"), expression=cell), expression=word("|"))
    place = exp.StrPosition(this=exp.Paren(this=framed), substr=word(f"|{fact}|"))
    return case([(is_null(cell), exp.false())], exp.GT(this=place, expression=number(0)))


def _day_number(cell: Sql) -> Sql:
    """Return the day number of a text of the form 2024-01-31, NULL where there is no such day."""

    def part(start: int, length: int) -> Sql:
        return Narrow(this=exp.Substring(this=cell, start=number(start), length=number(length)))

    def over(one: Sql, two: int) -> Sql:
        return FloorDivision(this=exp.Paren(this=one), expression=number(two), fits=True)

    def times(one: Sql, two: int) -> Sql:
        return exp.Mul(this=exp.Paren(this=one), expression=number(two))

    def divides(divisor: int) -> Sql:
        return exp.EQ(this=exp.Mod(this=year, expression=number(divisor)), expression=number(0))

    def is_(one: Sql, two: int) -> Sql:
        return exp.EQ(this=one, expression=number(two))

    year, month, day = part(1, 4), part(6, 2), part(9, 2)
    # Years that begin in March, so that the day which some have more comes last.
    early = over(exp.Sub(this=number(14), expression=month), 12)
    since = exp.Paren(this=exp.Sub(this=year, expression=early))
    moved = exp.Sub(this=exp.Add(this=month, expression=times(early, 12)), expression=number(3))
    months = over(exp.Add(this=times(moved, 153), expression=number(2)), 5)
    leaps = exp.Add(
        this=exp.Sub(this=over(since, 4), expression=over(since, 100)), expression=over(since, 400)
    )
    days: Sql = exp.Add(this=day, expression=months)
    for each in (times(since, 365), leaps):
        days = exp.Add(this=days, expression=each)
    is_leap = any_of(all_of(divides(4), negated(divides(100))), divides(400))
    short = exp.In(this=month, expressions=[number(each) for each in (4, 6, 9, 11)])
    impossible = any_of(
        is_(year, 0),
        all_of(is_(month, 2), exp.GT(this=day, expression=number(29))),
        all_of(is_(month, 2), is_(day, 29), negated(is_leap)),
        all_of(short, is_(day, 31)),
    )
    return case([(impossible, exp.null())], exp.Sub(this=days, expression=number(306)))
