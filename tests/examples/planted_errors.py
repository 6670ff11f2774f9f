"""Plants errors in the papers of demo-2025, so that what the cross-checks find can be counted.

The papers are those of the example. What the example does not hold is drawn here from the seed: the papers of the year
before (growth, and a little noise in counts) and the statistics return of about half the entries. Nothing here knows a
bound of the checks.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

from hatchmark.documents.round_folder import read_round_folder
from hatchmark.domain.cross_check_rules import check_rules
from hatchmark.domain.cross_checks import (
    Check,
    EntryPapers,
    Flag,
    RosterLine,
    claims_of,
    flags_between,
    own_flags,
    read_line,
)
from hatchmark.domain.scheme import LAST_YEAR, FigureStatus, FigureType, FigureValue, Scheme
from hatchmark.schemes.loader import shipped

FOLDER = Path(__file__).parents[2] / "examples" / "demo-2025"
YEAR = 2024
EACH = 10
PER_ENTRY = 2
SPARE = 5


@dataclass
class Desk:
    """The papers of one entry, while errors are planted in them."""

    entry: str
    kind: str
    scheme: Scheme
    operators: list[str]
    figures: dict[str, FigureValue]
    roster: list[RosterLine]
    last: dict[str, FigureValue] | None = None
    statistics: dict[str, Fraction] | None = None
    touched: set[str] = field(default_factory=set)

    def number(self, code: str) -> Fraction:
        """Return a reported value, 0 where it is missing."""
        given = self.figures.get(code)
        return given.value if given is not None and given.value is not None else Fraction(0)

    def set(self, code: str, value: Fraction) -> None:
        """Put another value in a figure's place."""
        self.touched.add(code)
        self.figures[code] = FigureValue(status=FigureStatus.REPORTED, value=value)

    def free(self, code: str) -> bool:
        """Whether a figure is there and no error touches it yet, nor its twin of the year before."""
        twin = code.removesuffix(LAST_YEAR) if code.endswith(LAST_YEAR) else code + LAST_YEAR
        return bool(self.number(code)) and not self.touched & {code, twin}

    def is_whole(self, code: str) -> bool:
        """Whether a figure counts."""
        return self.scheme.asked[code].figure.type is FigureType.INTEGER

    def is_money(self, code: str) -> bool:
        """Whether a figure is an amount."""
        return self.scheme.asked[code].figure.unit == "千元"

    def codes(self) -> list[str]:
        """Return the figures of this year that no error touches yet, in order."""
        return [code for code in self.scheme.asked if not code.endswith(LAST_YEAR) and self.free(code)]

    def tenants(self) -> list[int]:
        """Return the places of the tenants that no error touches yet."""
        return [
            place
            for place, row in enumerate(self.roster)
            if row.status == "tenant" and f"row {row.credit_code}" not in self.touched
        ]

    def change(self, place: int, **changes: object) -> None:
        """Change a row of the roster."""
        self.roster[place] = replace(self.roster[place], **changes)  # type: ignore[arg-type]
        self.touched.add(f"row {self.roster[place].credit_code}")


@dataclass(frozen=True)
class Planted:
    """One planted error: of which kind, where, which flags would tell of it, and about which figures."""

    kind: str
    entry: str
    checks: frozenset[Check]
    figures: frozenset[str] = frozenset()

    def found_by(self, flag: Flag) -> bool:
        """Whether a flag of this entry tells of the error."""
        return flag.check in self.checks and (not self.figures or bool(self.figures & set(flag.figures)))


def clean_world(seed: int, *, growth: tuple[int, int] = (780, 1380)) -> dict[str, Desk]:
    """Return the papers of everybody who handed in, with a drawn year before. `growth` in thousandths."""
    chance = random.Random(seed)  # noqa: S311 - a drawn test, no secret
    folder = read_round_folder(FOLDER)
    schemes = {kind.code: shipped(kind.scheme) for kind in folder.settings.kinds}
    known = {row.key for history in folder.history for row in history.register}
    before = {row.institution for history in folder.history for row in history.register}
    assert known
    desks: dict[str, Desk] = {}
    newcomers = set()
    for row in folder.register:
        key = str(row.key)
        desks[key] = Desk(key, row.key.kind, schemes[row.key.kind], [*row.operators, row.institution], {}, [])
        if row.institution not in before:
            newcomers.add(key)
    for figure in folder.figures:
        desks[str(figure.key)].figures[figure.figure] = FigureValue(status=figure.status, value=figure.value)
    for line in folder.rosters:
        shown = {name: getattr(line, name) for name in RosterLine.__dataclass_fields__}
        desks[str(line.key)].roster.append(read_line(shown))
    desks = {key: desk for key, desk in desks.items() if desk.figures}
    for key, desk in desks.items():
        if key not in newcomers:
            desk.last = _year_before(desk, chance, growth)
        if chance.random() < 0.5:
            desk.statistics = {
                code: Fraction(round(desk.number(code)))
                for code in desk.codes()
                if not code.startswith(
                    ("radiation", "honours", "overseas", "talents", "chain", "firms_in_plans")
                )
            }
    return desks


def _year_before(desk: Desk, chance: random.Random, growth: tuple[int, int]) -> dict[str, FigureValue]:
    last = {}
    for code, given in desk.figures.items():
        if code.endswith(LAST_YEAR):
            continue
        stated = desk.figures.get(code + LAST_YEAR)
        if given.value is None or (stated is not None and stated.value is not None):
            last[code] = stated if stated is not None else given
            continue
        value = given.value * 1000 / chance.randint(*growth)
        if desk.is_whole(code):
            value = Fraction(max(0, round(value) + chance.choice((-2, -1, 0, 0, 1, 2))))
        else:
            value = Fraction(round(value * 10), 10)
        last[code] = FigureValue(status=FigureStatus.REPORTED, value=value)
    if "graduates_total" in last:
        # A total over all years was this year's graduates fewer a year ago: no chance about it.
        total = desk.number("graduates_total") - desk.number("graduates")
        last["graduates_total"] = FigureValue(status=FigureStatus.REPORTED, value=total)
    return last


# ---- the errors ---------------------------------------------------------------------------------------------

Plant = Callable[[Desk, Desk, random.Random], Planted | None]
"""Plants one error in the first desk, with the second as the other party where it takes two; None: not possible."""


def _unit(desk: Desk, _other: Desk, chance: random.Random) -> Planted | None:
    codes = [code for code in desk.scheme.asked if desk.is_money(code) and desk.free(code)]
    if not codes:
        return None
    code = chance.choice(codes)
    desk.set(
        code,
        desk.number(code) * chance.choice((Fraction(1000), Fraction(1, 10), Fraction(10), Fraction(10000))),
    )
    desk.touched.add(code.removesuffix(LAST_YEAR))
    return Planted("unit", desk.entry, frozenset({Check.UNIT}), frozenset({code}))


def _decimal(desk: Desk, _other: Desk, chance: random.Random) -> Planted | None:
    codes = [code for code in desk.codes() if not desk.is_money(code) and desk.number(code) >= 10]
    if not codes:
        return None
    code = chance.choice(codes)
    value = desk.number(code) * chance.choice((Fraction(10), Fraction(10), Fraction(1, 10), Fraction(100)))
    desk.set(code, Fraction(round(value)) if desk.is_whole(code) else value)
    return Planted("decimal", desk.entry, frozenset({Check.DECIMAL}), frozenset({code}))


def _logic(desk: Desk, _other: Desk, chance: random.Random) -> Planted | None:
    relations = [
        each for each in desk.scheme.relations
        if all(desk.free(code) for code in (*each.lower, *each.upper))
    ]  # fmt: skip
    if not relations:
        return None
    relation = chance.choice(relations)
    whole = sum((desk.number(code) for code in relation.upper), Fraction(0))
    more = max(Fraction(1), Fraction(round(whole * chance.randint(20, 400), 0) // 1000))
    desk.set(relation.lower[0], whole + more)
    desk.touched |= {*relation.lower, *relation.upper}
    return Planted("logic", desk.entry, frozenset({Check.LOGIC}), frozenset({relation.lower[0]}))


_NOT_IN_ROSTER = frozenset(
    {"area", "staff", "fund", "mentors", "events", "income", "workstations", "founders", "area_firms"}
)


def _jump(desk: Desk, _other: Desk, chance: random.Random) -> Planted | None:
    if desk.last is None:
        return None
    codes = [code for code in desk.codes() if code in _NOT_IN_ROSTER and (desk.last[code].value or 0) >= 20]
    if not codes:
        return None
    code = chance.choice(codes)
    before = desk.last[code].value
    assert before is not None
    factor = Fraction(chance.choice((chance.randint(260, 500), chance.randint(20, 38))), 100)
    desk.set(code, Fraction(round(before * factor)))
    if desk.statistics and code in desk.statistics:
        # What only last year contradicts: the statistics return repeats it.
        desk.statistics[code] = desk.number(code)
    return Planted("year_on_year", desk.entry, frozenset({Check.YEAR_ON_YEAR}), frozenset({code}))


def _count(desk: Desk, _other: Desk, chance: random.Random) -> Planted | None:
    counted = ("tenants", "graduates", "firms_financed", "firms_ip", "firms_tech", "new_firms", "moved_on")
    codes = [code for code in counted if code in desk.figures and desk.free(code)]
    if not codes:
        return None
    code = chance.choice(codes)
    by = chance.randint(1, 5)
    down = desk.number(code) - by
    desk.set(code, down if chance.random() < 0.5 and down > 0 else desk.number(code) + by)
    return Planted(
        "roster_count", desk.entry, frozenset({Check.ROSTER_COUNT, Check.DECIMAL}), frozenset({code})
    )


def _sum(desk: Desk, _other: Desk, chance: random.Random) -> Planted | None:
    codes = [code for code in ("firms_income", "jobs", "ip") if desk.free(code)]
    if not codes:
        return None
    code = chance.choice(codes)
    value = desk.number(code)
    changed = Fraction(round(value * chance.choice((chance.randint(104, 160), chance.randint(60, 96))) / 100))
    desk.set(code, changed if changed != value else value + 1)
    return Planted("roster_sum", desk.entry, frozenset({Check.ROSTER_SUM}), frozenset({code}))


def _enterprise(desk: Desk, other: Desk, chance: random.Random) -> Planted | None:
    own, its = desk.tenants(), other.tenants()
    if not own or not its:
        return None
    place = chance.choice(own)
    if chance.random() < 0.3:
        code = list(desk.roster[place].credit_code)
        at = chance.randrange(8, 17)
        code[at] = chance.choice([digit for digit in "0123456789" if digit != code[at]])
        desk.change(place, credit_code="".join(code))
        return Planted("enterprise", desk.entry, frozenset({Check.CREDIT_CODE}))
    line = other.roster[chance.choice(its)]
    desk.change(place, enterprise=line.enterprise, credit_code=line.credit_code)
    other.touched.add(f"row {line.credit_code}")
    return Planted("enterprise", desk.entry, frozenset({Check.SHARED_ENTERPRISE}))


def _row(desk: Desk, _other: Desk, chance: random.Random) -> Planted | None:
    own = desk.tenants()
    if len(own) < 2:
        return None
    place, second = chance.sample(own, 2)
    row = desk.roster[place]
    which = chance.randrange(5)
    if which == 0:
        desk.change(second, enterprise=row.enterprise, credit_code=row.credit_code)
        return Planted("roster_row", desk.entry, frozenset({Check.DUPLICATE_ROW}))
    if which == 1:
        desk.change(place, graduated_on="2024-06-30")
        return Planted("roster_row", desk.entry, frozenset({Check.TENANT_AND_GRADUATE}))
    if which == 2:
        desk.change(place, entered_on=f"{YEAR - 10}-05-05", founded_on=f"{YEAR - 9}-05-05")
        return Planted("roster_row", desk.entry, frozenset({Check.IMPOSSIBLE_DATE}))
    if which == 3:
        left = [at for at, each in enumerate(desk.roster) if each.status == "graduate"]
        if left:
            at = chance.choice(left)
            desk.change(at, graduated_on=f"{YEAR - 8}-01-15")
        else:
            desk.change(place, entered_on=f"{YEAR + 2}-01-05")
        return Planted("roster_row", desk.entry, frozenset({Check.IMPOSSIBLE_DATE}))
    desk.change(place, founded_on=f"{YEAR - 8}-02-01", entered_on=f"{YEAR - 8}-09-01")
    return Planted("roster_row", desk.entry, frozenset({Check.LONG_STAY}))


def _same_operator(desk: Desk, other: Desk, chance: random.Random) -> Planted | None:
    if desk.kind == other.kind and chance.random() < 0.5:
        codes = [code for code in desk.codes() if other.free(code)]
        if len(codes) < 6:
            return None
        for code in codes:
            desk.set(code, other.number(code))
            other.touched.add(code)
    else:
        rows = [other.roster[place] for place in other.tenants()]
        own = desk.tenants()
        taken = min(len(own), (len(rows) + 1) // 2)
        if taken < 4:
            return None
        for place, row in zip(own[:taken], rows, strict=False):
            desk.change(place, enterprise=row.enterprise, credit_code=row.credit_code)
            other.touched.add(f"row {row.credit_code}")
    desk.operators.append(other.operators[0])
    return Planted("same_data", desk.entry, frozenset({Check.SAME_DATA}))


def _statistics(desk: Desk, _other: Desk, chance: random.Random) -> Planted | None:
    codes = [
        code for code in desk.codes() if desk.number(code) >= 3 and not code.startswith("firms_in_plans")
    ]
    if not codes:
        return None
    code = chance.choice(codes)
    value = desk.number(code)
    told = value * chance.choice((chance.randint(103, 160), chance.randint(60, 97))) / 100
    if desk.is_whole(code):
        told = Fraction(round(told))
        told = told if told != value else value + chance.choice((-2, -1, 1, 2))
    desk.statistics = {**(desk.statistics or {}), code: told}
    desk.touched.add(code)
    return Planted("statistics", desk.entry, frozenset({Check.STATISTICS}), frozenset({code}))


def _gap(desk: Desk, _other: Desk, chance: random.Random) -> Planted | None:
    if desk.last is None:
        return None
    which = chance.randrange(3)
    if which == 2 and len(desk.codes()) >= 15:
        for code in desk.codes():
            if desk.last[code].value:
                desk.last[code] = desk.figures[code]
        desk.touched |= set(desk.scheme.asked)
        return Planted("gap", desk.entry, frozenset({Check.COPIED}))
    codes = [code for code in desk.codes() if desk.last[code].value]
    if which == 1:
        codes = [code for code in ("area", "staff", "tenants", "workstations", "residents") if code in codes]
    if not codes:
        return None
    code = chance.choice(codes)
    if which == 1:
        desk.set(code, Fraction(0))
        return Planted("gap", desk.entry, frozenset({Check.ZERO}), frozenset({code}))
    desk.touched.add(code)
    desk.figures[code] = FigureValue(status=FigureStatus.ABSENT)
    return Planted("gap", desk.entry, frozenset({Check.MISSING}), frozenset({code}))


PLANTS: Mapping[str, Plant] = {
    "unit": _unit,
    "decimal": _decimal,
    "logic": _logic,
    "year_on_year": _jump,
    "roster_count": _count,
    "roster_sum": _sum,
    "enterprise": _enterprise,
    "roster_row": _row,
    "same_data": _same_operator,
    "statistics": _statistics,
    "gap": _gap,
}
"""The kinds of errors, each with what plants one. `gap` is the eleventh: missing, zero, or copied from last year."""


def plant(desks: Mapping[str, Desk], seed: int) -> tuple[list[Planted], set[str]]:
    """Plant ten errors of each kind, two an entry; return them, and the entries that no error touches."""
    chance = random.Random(f"plant {seed}")  # noqa: S311
    names = sorted(desks)
    dirty = chance.sample(names, len(PLANTS) * EACH // PER_ENTRY + SPARE)
    wanted = [kind for kind in PLANTS for _ in range(EACH)]
    # What rewrites many figures at once goes first, while nothing stands in its way.
    wanted.sort(key=lambda kind: kind not in ("same_data", "gap"))
    room = dict.fromkeys(dirty, PER_ENTRY)
    planted: list[Planted] = []
    for kind in wanted:
        chance.shuffle(dirty)
        # The emptiest first; where none of them can take this kind, an entry gets a third.
        for name in sorted(dirty, key=lambda name: -room[name]):
            other = desks[chance.choice([each for each in dirty if each != name])]
            if any(each.entry == name and each.kind == kind for each in planted):
                continue
            if (found := PLANTS[kind](desks[name], other, chance)) is not None:
                planted.append(found)
                room[name] -= 1
                break
        else:
            raise RuntimeError(f"nowhere left to plant an error of the kind {kind}")
    return planted, set(names) - set(dirty)


def flags_of(desks: Mapping[str, Desk]) -> dict[str, list[Flag]]:
    """Return the flags of every entry."""
    found: dict[str, list[Flag]] = {}
    claims = []
    for desk in desks.values():
        rules = check_rules(desk.kind)
        papers = EntryPapers(
            entry=desk.entry,
            year=YEAR,
            figures=desk.figures,
            roster=desk.roster,
            last=desk.last,
            statistics=desk.statistics,
        )
        found[desk.entry] = list(own_flags(desk.scheme, rules, papers))
        claims.append(claims_of(papers, operators=desk.operators, rules=rules))
    for entry, flags in flags_between(claims, check_rules("incubator")).items():
        found[entry] += flags
    return found
