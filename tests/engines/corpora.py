"""Makes tables that break engines, for any scheme: ties, zeros, missing values, exact half-way roundings, edges.

A corpus is text as it stands in a file: a table and, where the scheme asks for one, a roster. It knows no engine.
`corpora(scheme)` draws small ones for hypothesis, `adversarial(scheme, rows=…, seed=…)` makes one of any size, the same
for the same seed. Every corpus is valid: the reader of the reference engine takes it without an error.
"""

import csv
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Protocol, TypeVar

import duckdb
import oracle
from hypothesis import strategies as st

from hatchmark.domain.expressions import Window
from hatchmark.domain.sampling_schemes import most_experts
from hatchmark.domain.scheme import (
    LONGEST_NUMBER,
    MEASURED,
    MISSING,
    Bands,
    Condition,
    Figure,
    FigureStatus,
    FigureType,
    FigureValue,
    Formula,
    Growth,
    Indicator,
    Linear,
    Measured,
    PerAmount,
    PerUnit,
    Ratio,
    Scheme,
    Threshold,
    exact_text,
    expert_score_problem,
    parse_number,
)
from hatchmark.domain.scoring import EntryInputs

MOST_ROWS = 40
MOST_PROFILES = 8
MOST_OF_A_ROSTER = 6
_WHERE_NO_MAXIMUM = 10**15
_SMALL = (0, 1, 2, 3, 5, 7, 8, 16, 25, 40, 64, 100, 125, 200)
_BESIDE_OTHERS = (0, 1, 3, 5, 7, 8)
"""Values whose ratios to a highest of 8 lie half-way between two hundredths."""
_MOST_CASES = 24
_SEARCHES = 120

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextTable:
    """The cells of a table as text; an empty text is an empty cell."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """What is scored: a table, and the roster of a scheme that asks for one."""

    table: TextTable
    roster: TextTable | None


# ---- files ------------------------------------------------------------------------------------------------


def write_csv(table: TextTable, path: Path) -> Path:
    """Write a table as .csv, UTF-8 with a byte-order mark as Excel writes it."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(table.header)
        writer.writerows(table.rows)
    return path


def write_parquet(table: TextTable, path: Path, *, types: Mapping[str, str] | None = None) -> Path:
    """Write a table as .parquet, an empty cell as NULL; a column is text, or of the SQL type that `types` names."""
    kinds = types or {}
    columns = ", ".join(f"{_quoted(name)} {kinds.get(name, 'VARCHAR')}" for name in table.header)
    marks = ", ".join("?" for _ in table.header)
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE made ({columns})")
        if table.rows:
            cells = [[cell or None for cell in row] for row in table.rows]
            connection.executemany(f"INSERT INTO made VALUES ({marks})", cells)  # noqa: S608 - only question marks
        connection.execute(f"COPY made TO '{str(path).replace(chr(39), chr(39) * 2)}' (FORMAT parquet)")
    return path


def write_corpus(corpus: Corpus, folder: Path, *, ending: str = ".csv") -> tuple[Path, Path | None]:
    """Write table and roster into a folder as `data` and `roster` with this ending; return their paths."""
    write = write_parquet if ending == ".parquet" else write_csv
    data = write(corpus.table, folder / f"data{ending}")
    return data, None if corpus.roster is None else write(corpus.roster, folder / f"roster{ending}")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


# ---- choosing ---------------------------------------------------------------------------------------------


class Choices(Protocol):
    """Where the choices come from: hypothesis, which can shrink them, or a seed."""

    def pick(self, options: Sequence[T]) -> T:
        """Choose one; the first is the simplest."""

    def below(self, bound: int) -> int:
        """Choose 0 to bound − 1."""


@dataclass(frozen=True, slots=True)
class _Drawn:
    draw: st.DrawFn

    def pick(self, options: Sequence[T]) -> T:
        return options[self.below(len(options))]

    def below(self, bound: int) -> int:
        return self.draw(st.integers(0, bound - 1))


@dataclass(frozen=True, slots=True)
class _Seeded:
    source: random.Random

    def pick(self, options: Sequence[T]) -> T:
        return options[self.below(len(options))]

    def below(self, bound: int) -> int:
        return self.source.randrange(bound)


# ---- what is interesting about a scheme -------------------------------------------------------------------

Case = Mapping[str, Fraction]
"""Values of some figures that together bring a formula to a place where engines differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest:
    """What breaks engines under one scheme: values of each figure, and cases of each formula by sub-type."""

    pools: Mapping[str, tuple[Fraction, ...]]
    roster_pools: Mapping[str, tuple[Fraction, ...]]
    cases: Mapping[tuple[str, str], tuple[Case, ...]]
    halves: frozenset[str]
    """Indicators of which a case lies exactly half-way between two places of a point."""


_KNOWN: dict[str, Interest] = {}


def interest_of(scheme: Scheme) -> Interest:
    """Return what is interesting about a scheme; found once for each."""
    if scheme.digest not in _KNOWN:
        _KNOWN[scheme.digest] = _find_interest(scheme)
    return _KNOWN[scheme.digest]


def step_of(figure: Figure) -> Fraction:
    """Return the distance between two neighbouring values."""
    return Fraction(1, 10**figure.decimal_places)


def allowed(figure: Figure, value: Fraction) -> bool:
    """Say whether a figure can have a value."""
    inside = figure.minimum <= value and (figure.maximum is None or value <= figure.maximum)
    return inside and (value / step_of(figure)).denominator == 1


def _pool(figure: Figure, windows: Sequence[Window]) -> tuple[Fraction, ...]:
    step, low = step_of(figure), figure.minimum
    high = low + _WHERE_NO_MAXIMUM if figure.maximum is None else figure.maximum
    found = [low, high, low + step, high - step]
    if figure.type in MEASURED:
        found += [Fraction(value) for value in (*_SMALL, -1, Fraction(1, 2), Fraction(1, 8))]
        found += [Fraction(10) + step, Fraction(10) - step]
    elif figure.type is FigureType.DATE:
        for window in windows:
            first, last = Fraction(window.first.toordinal()), Fraction(window.last.toordinal())
            found += [first, last, first - 1, last + 1]
    else:
        found += [low + offset for offset in range(int(high - low))]
    return tuple(dict.fromkeys(value for value in found if allowed(figure, value)))


def _find_interest(scheme: Scheme) -> Interest:
    pools = {reference: _pool(asked.figure, scheme.windows) for reference, asked in scheme.asked.items()}
    fields = scheme.roster.fields if scheme.roster else ()
    cases: dict[tuple[str, str], tuple[Case, ...]] = {}
    halves = set()
    source = random.Random(scheme.digest)  # noqa: S311 - a search that finds the same each time
    for indicator in scheme.indicators:
        for sub_type, formula in indicator.formulas.items():
            finder = _Finder(scheme=scheme, indicator=indicator, sub_type=sub_type, formula=formula)
            found = finder.cases(pools, source)
            cases[indicator.code, sub_type] = found
            if finder.half:
                halves.add(indicator.code)
    return Interest(
        pools=pools,
        roster_pools={f.figure.code: _pool(f.figure, scheme.windows) for f in fields},
        cases=cases,
        halves=frozenset(halves),
    )


@dataclass(slots=True, kw_only=True)
class _Finder:
    """Finds the cases of one formula: edges, their neighbours, zero denominators, exact half-way points."""

    scheme: Scheme
    indicator: Indicator
    sub_type: str
    formula: Formula
    half: bool = False

    @property
    def full(self) -> Fraction:
        return Fraction(self.indicator.full_marks_for(self.sub_type), 100)

    def figure(self, reference: str) -> Figure:
        return self.scheme.asked[reference].figure

    def cases(self, pools: Mapping[str, tuple[Fraction, ...]], source: random.Random) -> tuple[Case, ...]:
        references = self.formula.references
        if not references or isinstance(self.formula, oracle.BESIDE_OTHERS):
            return ()
        edges = list(self.edges())
        halves = [case for case in self.half_ways() if self.is_half(case)]
        for _ in range(_SEARCHES if len(halves) < 2 else 0):
            case = {reference: source.choice(pools[reference]) for reference in references}
            small = {reference: self.near(self.figure(reference), source) for reference in references}
            halves.extend(each for each in (case, small) if self.is_half(each))
        self.half = bool(halves)
        third = _MOST_CASES // 3
        unique = {tuple(sorted(case.items())): case for case in (*edges[: 2 * third], *halves[:third])}
        return tuple(unique.values())

    @staticmethod
    def near(figure: Figure, source: random.Random) -> Fraction:
        """A small value on the grid of a figure."""
        steps = min(floor(((figure.maximum or 10**9) - figure.minimum) / step_of(figure)), 400)
        return figure.minimum + source.randint(0, steps) * step_of(figure)

    def is_half(self, case: Case) -> bool:
        if not all(allowed(self.figure(reference), value) for reference, value in case.items()):
            return False
        figures = {
            reference: FigureValue(status=FigureStatus.REPORTED, value=value)
            for reference, value in case.items()
        }
        inputs = EntryInputs(figures=figures, expert_scores={}, sub_type=self.sub_type or None)
        points = oracle.exact_points(self.scheme, self.indicator, inputs)
        return (
            points is not None
            and (points * 10**self.scheme.points_places * 2).denominator == 1
            and ((points * 10**self.scheme.points_places).denominator == 2)
        )

    def put(self, references: Sequence[str], amount: Fraction) -> Iterator[Case]:
        """The cases in which the sum of these figures is `amount`: one carries it, the others are at their least."""
        for carrier in references:
            least = {other: self.figure(other).minimum for other in references if other != carrier}
            value = amount - sum(least.values(), Fraction(0))
            if allowed(self.figure(carrier), value):
                yield {**least, carrier: value}
                return

    def beside(self, references: Sequence[str], amounts: Iterable[Fraction]) -> Iterator[Case]:
        """The cases at these amounts and one step of the last place to either side."""
        step = min((step_of(self.figure(reference)) for reference in references), default=Fraction(1))
        for amount in amounts:
            for each in (amount, amount - step, amount + step):
                yield from self.put(references, floor(each / step) * step)

    def edges(self) -> Iterator[Case]:
        match self.formula:
            case Growth(figure=figure, bands=bands):
                for before in (0, 1, 2, 3, 10, 200):
                    for band in bands:
                        last = {f"{figure}@last": Fraction(before)}
                        if allowed(self.figure(figure), Fraction(before)):
                            for case in self.beside((figure,), (before * (1 + band.at_least),)):
                                yield {**last, **case}
            case Ratio(value=None, of=above, to=below, per=per, full_at=full_at):
                for divisor in map(Fraction, (0, 1, 2, 3, 7, 8, 40)):
                    for under in self.put(below, divisor):
                        moved = tuple(reference for reference in above if reference not in below)
                        for over in self.beside(moved, (divisor * full_at / per,)):
                            yield {**under, **over}
            case Measured(value=None, figures=figures):
                yield from self.beside(figures, self.turning_points())

    def turning_points(self) -> tuple[Fraction, ...]:
        """The amounts at which a formula begins, ends or takes a step."""
        match self.formula:
            case Bands(bands=bands):
                return tuple(band.at_least for band in bands)
            case Linear(start=start, end=end):
                return (start, end)
            case PerUnit(points_each=each):
                return (Fraction(0), self.full / each)
            case PerAmount(amount=amount, points_each=each):
                return (Fraction(0), amount, 2 * amount, self.full / each * amount)
            case Threshold(start=start, base=base, step=step, points_each=each):
                return (start, start + step, start + (self.full - base) / each * step)
        return ()

    def half_ways(self) -> Iterator[Case]:
        """Solve the formulas that go in proportion for points that lie half-way between two places."""
        unit = 2 * 10**self.scheme.points_places
        most = floor(self.full * unit)
        for number in range(1, most, max(2 * (most // 120), 2)):
            points = Fraction(number, unit)
            match self.formula:
                case Ratio(value=None, of=above, to=below, per=per, full_at=full_at):
                    moved = tuple(reference for reference in above if reference not in below)
                    for divisor in map(Fraction, (1, 2, 4, 5, 8, 40)):
                        for under in self.put(below, divisor):
                            for over in self.put(moved, points / self.full * full_at * divisor / per):
                                yield {**under, **over}
                case Measured(value=None, figures=figures):
                    yield from self.put(figures, self.amount_for(points))

    def amount_for(self, points: Fraction) -> Fraction:
        match self.formula:
            case Linear(start=start, end=end):
                return start + points / self.full * (end - start)
            case PerUnit(points_each=each):
                return points / each
            case PerAmount(amount=amount, points_each=each):
                return points / each * amount
            case Threshold(start=start, base=base, step=step, points_each=each):
                return start + (points - base) / each * step
            case Bands(bands=bands):
                return next((band.at_least for band in bands if band.points == points), bands[0].at_least)
        return points


# ---- tables -----------------------------------------------------------------------------------------------

MODES = ("mixed", "ties", "beside_others", "equal", "one", "extreme", "absent")
ODD_IDS = ("e{}", "{}", "示例{}", "00{}", "{}.0", 'a,"{}"', "NULL{}", "1e{}", "true {}", "2024-01-{}")


@dataclass(slots=True, kw_only=True)
class _Row:
    cells: dict[str, str]
    roster: list[dict[str, str]] = field(default_factory=list)


@st.composite
def corpora(draw: st.DrawFn, scheme: Scheme, *, odd: bool = False) -> Corpus:
    """Draw a small corpus. `odd`: numbers and ids are also written in unusual ways that the reader accepts."""
    choices = _Drawn(draw)
    maker = _Maker(scheme=scheme, choices=choices, odd=odd, mode=choices.pick(MODES))
    profiles = 1 if maker.mode in ("one", "equal") else 1 + choices.below(MOST_PROFILES)
    made = [maker.row() for _ in range(profiles)]
    count = 1 if maker.mode == "one" else 1 + choices.below(MOST_ROWS)
    rows = made[:count] + [choices.pick(made) for _ in range(count - len(made))]
    return maker.corpus(rows)


def adversarial(scheme: Scheme, *, rows: int, seed: int, odd: bool = False) -> Corpus:
    """Make a corpus of so many rows, the same for the same seed; about a third of the rows are ties."""
    source = random.Random(f"{scheme.digest} {seed}")  # noqa: S311 - made to be repeated
    choices = _Seeded(source)
    made: list[_Row] = []
    makers = [
        _Maker(scheme=scheme, choices=choices, odd=odd, mode=mode) for mode in MODES if mode != "absent"
    ]
    for _ in range(rows):
        tied = bool(made) and choices.below(3) == 0
        made.append(choices.pick(made[-200:]) if tied else choices.pick(makers).row())
    return makers[0].corpus(made)


@dataclass(slots=True, kw_only=True)
class _Maker:
    """Makes the rows of one corpus."""

    scheme: Scheme
    choices: Choices
    mode: str
    odd: bool

    def rarely(self, one_in: int) -> bool:
        return self.choices.below(one_in) == one_in - 1

    # ---- one row

    def row(self) -> _Row:
        scheme = self.scheme
        sub_type = self.choices.pick(("", *scheme.sub_types))
        facts = self.facts()
        cells = {"sub_type": sub_type, "facts": "|".join(facts), "elsewhere": self.elsewhere()}
        values = self.values(scheme.sub_type_of(sub_type))
        for reference, asked in scheme.asked.items():
            value = values[reference]
            status = ""
            if value is not None:
                status = "reported" if self.odd and self.rarely(8) else ""
            elif "absent" not in facts or self.rarely(3):
                status = self.choices.pick(MISSING).value
            cells[reference] = "" if value is None else self.written(asked.figure, value)
            cells[f"{reference}@status"] = status
        cells |= self.scores(scheme.sub_type_of(sub_type))
        return _Row(cells=cells, roster=self.roster())

    def facts(self) -> list[str]:
        if self.mode == "absent":
            return ["absent"]
        if not self.rarely(6):
            return []
        words = ["absent", *(veto.when.value for veto in self.scheme.vetoes if veto.when), *Condition]
        chosen = [self.choices.pick(words) for _ in range(1 + self.choices.below(2))]
        return list(dict.fromkeys(str(word) for word in chosen))

    def elsewhere(self) -> str:
        rules = self.scheme.carried
        if not rules or self.rarely(2):
            return ""
        stated = {}
        for source in dict.fromkeys(rule.source for rule in rules):
            known = [rule.source_grade for rule in rules if rule.source == source]
            grade = self.choices.pick(("", *known, "unknown"))
            if grade:
                stated[source] = grade
        return "|".join(f"{source}={grade}" for source, grade in stated.items())

    def values(self, sub_type: str) -> dict[str, Fraction | None]:
        """Draw values of all figures, then move some of them to cases of the formulas."""
        interest = interest_of(self.scheme)
        values: dict[str, Fraction | None] = {}
        for reference, pool in interest.pools.items():
            figure = self.scheme.asked[reference].figure
            if self.mode == "beside_others" and figure.type in MEASURED:
                pool = tuple(v for v in map(Fraction, _BESIDE_OTHERS) if allowed(figure, v)) or pool  # noqa: PLW2901
            elif self.mode == "extreme":
                pool = pool[:2]  # noqa: PLW2901
            values[reference] = self.choices.pick(pool)
        for indicator in self.scheme.indicators if self.mode not in ("beside_others", "extreme") else ():
            cases = interest.cases.get((indicator.code, sub_type), ())
            if cases and not self.rarely(3):
                values |= self.choices.pick(cases)
        self.keep_relations(values)
        one_in = 20 if self.mode in ("beside_others", "extreme") else 8
        for reference in values:
            if self.rarely(one_in):
                values[reference] = None
        return values

    def keep_relations(self, values: dict[str, Fraction | None]) -> None:
        """Lower what is above its bound; where that is not enough, leave a figure without a value."""
        for _ in range(3):
            for relation in self.scheme.relations:
                left = _sum(relation.upper, values)
                for reference in relation.lower if _sum(relation.lower, values) > left else ():
                    figure, value = self.scheme.asked[reference].figure, values[reference] or Fraction(0)
                    values[reference] = max(
                        figure.minimum, min(value, floor(left / step_of(figure)) * step_of(figure))
                    )
                    left -= values[reference] or Fraction(0)
        for relation in self.scheme.relations:
            if _sum(relation.lower, values) > _sum(relation.upper, values):
                values[relation.lower[0]] = None

    def scores(self, sub_type: str) -> dict[str, str]:
        """Scores of 0 to n experts for each item, with gaps; by pairs they lie half-way between two places."""
        columns = most_experts(self.scheme) + 1
        found = {}
        places = 10**self.scheme.points_places
        for item in self.scheme.expert_items:
            full = item.full_marks_for(sub_type) * places // 100
            few = self.rarely(6)
            for number in range(1, columns + 1):
                given = full > 0 and not self.rarely(2 if few else 8)
                near = (full, 0, 1, full - 1, full // 2, full // 2 + 1, full // 3)
                score = Fraction(self.choices.pick(near), places) if given else Fraction(0)
                score = max(score, Fraction(0))
                assert expert_score_problem(self.scheme, item=item.code, score=score) is None
                found[f"{item.code}@{number}"] = self.spelled(exact_text(score)) if given else ""
        return found

    def roster(self) -> list[dict[str, str]]:
        rules = self.scheme.roster
        if rules is None:
            return []
        pools = interest_of(self.scheme).roster_pools
        most = min(rules.most_rows, MOST_OF_A_ROSTER)
        rows = []
        for _ in range(self.choices.pick((0, 1, 2, most, self.choices.below(most + 1)))):
            row = {}
            for known in rules.fields:
                empty = known.optional and self.rarely(4)
                code = known.figure.code
                row[code] = "" if empty else self.written(known.figure, self.choices.pick(pools[code]))
            rows.append(row)
        return rows[:most]

    # ---- how a value is written

    def written(self, figure: Figure, value: Fraction) -> str:
        text = figure.text_of(value)
        if figure.type is FigureType.BOOLEAN and self.odd:
            truths = ("true", "TRUE", "是", "1") if value else ("false", "FALSE", "否", "0")
            return self.choices.pick(truths)
        return self.spelled(text) if figure.type in MEASURED else text

    def spelled(self, text: str) -> str:
        """The same number in another spelling that the reader takes."""
        if not self.odd or not self.rarely(4):
            return text
        sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
        other = self.choices.pick((f"00{digits}", f"{digits}0" if "." in digits else f"{digits}.0", digits))
        spelled = sign + other if self.choices.below(9) or parse_number(text) else f"-{other}"
        return spelled if len(spelled) <= LONGEST_NUMBER else text

    # ---- the whole

    def corpus(self, rows: Sequence[_Row]) -> Corpus:
        ids = [self.choices.pick(ODD_IDS) if self.odd else "e{}" for _ in rows]
        keys = [
            pattern.format(f"{number:02d}" if self.odd else number)
            for number, pattern in enumerate(ids, start=1)
        ]
        header = self.header(rows)
        table = tuple(
            tuple(key if name == "id" else row.cells[name] for name in header)
            for key, row in zip(keys, rows, strict=True)
        )
        return Corpus(table=TextTable(header=header, rows=table), roster=self.roster_table(keys, rows))

    def header(self, rows: Sequence[_Row]) -> tuple[str, ...]:
        """The columns; those that may be left out are left out now and then, where they say nothing."""
        stated = [name for name in rows[0].cells if name != "elsewhere" or self.scheme.carried]
        stated = [name for name in stated if name != "sub_type" or self.scheme.sub_types]
        needless = [
            name
            for name in stated
            if (name in ("sub_type", "facts", "elsewhere") or name.endswith("@status"))
            and not any(row.cells[name] for row in rows)
        ]
        left_out = set(needless) if needless and self.rarely(2) else set()
        names = [name for name in stated if name not in left_out]
        if self.odd and self.rarely(3):
            names.reverse()
        at = self.choices.below(2) if self.odd else 0
        return (*names[:at], "id", *names[at:])

    def roster_table(self, keys: Sequence[str], rows: Sequence[_Row]) -> TextTable | None:
        """The rosters of all entries; with odd tables one row of each entry after the other, not entry by entry."""
        if self.scheme.roster is None:
            return None
        names = tuple(known.figure.code for known in self.scheme.roster.fields)
        made = [
            (position, (key, *(each[name] for name in names)))
            for key, row in zip(keys, rows, strict=True)
            for position, each in enumerate(row.roster)
        ]
        if self.odd and self.rarely(2):
            made.sort(key=lambda each: each[0])
        return TextTable(header=("id", *names), rows=tuple(cells for _, cells in made))


def _sum(references: Sequence[str], values: Mapping[str, Fraction | None]) -> Fraction:
    return sum((values[reference] or Fraction(0) for reference in references), Fraction(0))
