"""What in a submission does not fit: with itself, its roster, last year, the statistics return, or another entry?

A flag asks and proves nothing: each wants a word from somebody before the preliminary review approves. Its key
holds the facts it was raised on, so that a word sticks to it however often it is computed, and a changed figure asks
anew. Bounds and pairs of figures are data (`domain/cross_check_rules.py`). What an entry alone shows is
`own_flags`; what only several show together is `flags_between`.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Any

from hatchmark.domain.credit_codes import fault_of
from hatchmark.domain.cross_check_rules import CheckRules, Compare, Growth, RosterCount
from hatchmark.domain.identity import evened
from hatchmark.domain.register import span_of
from hatchmark.domain.scheme import LAST_YEAR, FigureStatus, FigureValue, Scheme, exact_text, read_figure

TENANT, GRADUATE = "tenant", "graduate"


class Check(StrEnum):
    """What a flag is about. Stored words: explanations and pages are keyed by them."""

    UNIT = "unit"
    DECIMAL = "decimal"
    LOGIC = "logic"
    YEAR_ON_YEAR = "year_on_year"
    LAST_YEAR = "last_year"
    ROSTER_COUNT = "roster_count"
    ROSTER_SUM = "roster_sum"
    CREDIT_CODE = "credit_code"
    SHARED_ENTERPRISE = "shared_enterprise"
    DUPLICATE_ROW = "duplicate_row"
    TENANT_AND_GRADUATE = "tenant_and_graduate"
    IMPOSSIBLE_DATE = "impossible_date"
    LONG_STAY = "long_stay"
    LATE_ENTRY = "late_entry"
    SAME_DATA = "same_data"
    STATISTICS = "statistics"
    MISSING = "missing"
    ZERO = "zero"
    COPIED = "copied"


class Severity(StrEnum):
    """How much a flag asks: `error` cannot be as it stands, `warning` can, `info` wants no word."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


_ERRORS = frozenset(
    {Check.LOGIC, Check.CREDIT_CODE, Check.DUPLICATE_ROW, Check.TENANT_AND_GRADUATE, Check.IMPOSSIBLE_DATE}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """One thing that does not fit. `figures` are references (`CODE`, `CODE@last`), `rows` places in the roster from 1.

    `zh` and `en` are sentences that can be sent on: they name nobody but the entry's own enterprises. Which other
    entries a flag is about stands in `others` (`incubator:3`), for whoever may know.
    """

    check: Check
    severity: Severity
    key: str
    zh: str
    en: str
    figures: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def needs_a_word(self) -> bool:
        """Whether the preliminary review waits until somebody has explained it."""
        return self.severity is not Severity.INFO


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterLine:
    """One enterprise of a roster; None is "not given". Money in 千元, dates as far as they are known."""

    enterprise: str
    credit_code: str
    status: str
    founded_on: str | None = None
    entered_on: str | None = None
    graduated_on: str | None = None
    high_tech: bool | None = None
    tech_sme: bool | None = None
    financed: bool | None = None
    valid_ip: int | None = None
    income: Fraction | None = None
    staff: int | None = None

    @property
    def identity(self) -> str:
        """What tells this enterprise from another one: its credit code, or its name where it gives none."""
        return self.credit_code or evened(self.enterprise)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPapers:
    """What one entry handed in, and what it is held against. `last` and `statistics` are None where there is none.

    `year` is the year that the figures describe.
    """

    entry: str
    year: int
    figures: Mapping[str, FigureValue]
    roster: Sequence[RosterLine]
    last: Mapping[str, FigureValue] | None = None
    statistics: Mapping[str, Fraction] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What an entry says that another could say as well: who runs it, whom it houses, its large figures."""

    entry: str
    operators: frozenset[str]
    enterprises: Mapping[str, tuple[str, str, int]]
    """Identity → name as printed, status, row from 1."""
    figures: Mapping[str, Fraction]


# ---- reading what is stored ---------------------------------------------------------------------------------


def read_line(row: Mapping[str, Any]) -> RosterLine:
    """Make a roster line from a stored row. What is no number or no date there counts as not given."""
    return RosterLine(
        enterprise=str(row.get("enterprise") or ""),
        credit_code=str(row.get("credit_code") or "").strip().upper(),
        status=str(row.get("status") or TENANT),
        founded_on=_date(row.get("founded_on")),
        entered_on=_date(row.get("entered_on")),
        graduated_on=_date(row.get("graduated_on")),
        high_tech=row.get("high_tech"),
        tech_sme=row.get("tech_sme"),
        financed=row.get("financed"),
        valid_ip=row.get("valid_ip"),
        income=_number(row.get("income")),
        staff=row.get("staff"),
    )


def read_figures(stored: Mapping[str, Mapping[str, str]]) -> dict[str, FigureValue]:
    """Make figures from what is stored; one that cannot be read is left out: other checks tell of it."""
    found = {}
    for code, figure in stored.items():
        try:
            found[code] = read_figure(
                status=figure.get("status", ""), value=figure.get("value", ""), unit=figure.get("unit", "")
            )
        except ValueError:
            continue
    return found


def _date(value: object) -> str | None:
    text = str(value or "")
    try:
        span_of(text)
    except ValueError:
        return None
    return text


def _number(value: object) -> Fraction | None:
    try:
        return None if value in (None, "") else Fraction(str(value))
    except ValueError:
        return None


# ---- one entry ----------------------------------------------------------------------------------------------


def own_flags(scheme: Scheme, rules: CheckRules, papers: EntryPapers) -> tuple[Flag, ...]:
    """Return what does not fit in the papers of one entry, figures first, then rows of its roster."""
    desk = _Desk(scheme, rules, papers)
    desk.check_last_year()
    desk.check_magnitude()
    desk.check_logic()
    desk.check_growth()
    desk.check_roster_figures()
    desk.check_statistics()
    desk.check_gaps()
    desk.check_copied()
    desk.check_rows()
    return tuple(desk.flags)


@dataclass(frozen=True, slots=True)
class _Reference:
    """What a figure is held against: the value, and where it comes from in both languages."""

    value: Fraction
    zh: str
    en: str
    figures: tuple[str, ...] = ()
    allow: Fraction = Fraction(0)


class _Desk:
    """Collects the flags of one entry. A figure whose size is in doubt is not asked about a second time."""

    def __init__(self, scheme: Scheme, rules: CheckRules, papers: EntryPapers) -> None:
        self.scheme, self.rules, self.papers = scheme, rules, papers
        self.flags: list[Flag] = []
        self.doubted: set[str] = set()
        self.reported = {
            code: given.value
            for code, given in papers.figures.items()
            if given.value is not None and code in scheme.asked
        }
        self.last = {
            code: given.value
            for code, given in (papers.last or {}).items()
            if given.value is not None and not code.endswith(LAST_YEAR)
        }
        self.tenants = [row for row in papers.roster if row.status == TENANT]

    # ---- figures

    def check_last_year(self) -> None:
        """Hold what is stated as last year's value against what was approved then."""
        for code, value in self.reported.items():
            before = self.last.get(code.removesuffix(LAST_YEAR)) if code.endswith(LAST_YEAR) else None
            if before is None or _within(value, before, self.rules.last_year_within):
                continue
            if power := self._power(value, before):
                self._misplaced(code, power, _Reference(before, "上年填报数", "last year's submission"))
                continue
            zh, en = self._name(code)
            self._flag(
                Check.LAST_YEAR,
                zh=f"{zh}填报为{self._amount(code, value)}，与上年申报材料中的{self._amount(code, before)}不一致",
                en=f"{en} is stated as {self._amount(code, value)}, but last year's submission had "
                f"{self._amount(code, before)}",
                figures=(code,),
                facts=[value, before],
            )
            self.doubted.add(code)

    def check_magnitude(self) -> None:
        """Look for values that are a power of ten away from what they are held against, or from what can be."""
        for code, value in self.reported.items():
            if code in self.doubted or not value:
                continue
            for reference in self._references(code):
                if abs(value - reference.value) <= reference.allow:
                    continue
                if power := self._power(value, reference.value):
                    self._misplaced(code, power, reference)
                    break
        for rule in self.rules.ratios:
            over, under = self.reported.get(rule.of), self.reported.get(rule.to)
            if not over or not under or self.doubted & {rule.of, rule.to}:
                continue
            ratio = over / under
            if rule.at_least <= ratio <= rule.at_most:
                continue
            (of_zh, of_en), (to_zh, to_en) = self._name(rule.of), self._name(rule.to)
            shown = f"{_rounded(ratio)} {self._unit(rule.of)}/{self._unit(rule.to)}"
            bounds = f"{_thousands(rule.at_least)}–{_thousands(rule.at_most)}"
            self._flag(
                Check.UNIT if self._is_money(rule.of) else Check.DECIMAL,
                zh=f"{of_zh}与{to_zh}之比为{shown}，超出常见范围{bounds}；疑单位或小数点有误",
                en=f"{of_en} by {to_en} is {shown}, outside the usual {bounds}; look at the unit and the point",
                figures=(rule.of, rule.to),
                facts=[over, under],
            )
            self.doubted.add(rule.of)

    def _references(self, code: str) -> Iterable[_Reference]:
        # The surest first: what the same papers add up to, what the statistics say, what was there a year ago.
        for rule in self.rules.sums:
            total = self._sum(rule.status, rule.field) if rule.figure == code else None
            if total:
                yield _Reference(total, "企业名单合计数", "the sum of the roster")
        for count in self.rules.counts:
            if count.figure == code and count.compare is Compare.EQUAL and (found := self._counted(count)):
                yield _Reference(Fraction(found), "企业名单统计数", "the count of the roster")
        told = (self.papers.statistics or {}).get(code)
        if told:
            yield _Reference(told, "火炬统计数", "the statistics return")
        if code.endswith(LAST_YEAR):
            return
        allow = self._growth(code).allow
        if before := self.last.get(code):
            yield _Reference(before, "上年填报数", "last year's submission", allow=allow)
        stated = code + LAST_YEAR
        if (before := self.reported.get(stated)) and stated not in self.doubted:
            yield _Reference(
                before, "本次填报的上年数", "the value stated for last year", (stated,), allow=allow
            )

    def _power(self, value: Fraction, reference: Fraction) -> int:
        """Return k where `value` is about 10^k times the reference, for the powers that are looked for; else 0."""
        if value <= 0 or reference <= 0:
            return 0
        for power in self.rules.powers:
            for signed in (power, -power):
                off = value / reference / Fraction(10) ** signed
                if 1 / self.rules.magnitude_within <= off <= self.rules.magnitude_within:
                    return signed
        return 0

    def _misplaced(self, code: str, power: int, reference: _Reference) -> None:
        is_unit = self._is_money(code) and abs(power) in self.rules.unit_powers
        zh, en = self._name(code)
        value = self.reported[code]
        times = _rounded(value / reference.value if power > 0 else reference.value / value)
        more_zh, more_en = ("倍", "times") if power > 0 else ("分之一", "times less than")
        size_zh = f"约为{reference.zh}{self._amount(code, reference.value)}的{times}{more_zh}"
        size_en = f"{times} {more_en} {reference.en}, {self._amount(code, reference.value)}"
        guess_zh, guess_en = self._guess(code, power, is_unit=is_unit)
        self._flag(
            Check.UNIT if is_unit else Check.DECIMAL,
            zh=f"{zh}填报为{self._amount(code, value)}，{size_zh}，{guess_zh}",
            en=f"{en} is stated as {self._amount(code, value)}, about {size_en}: {guess_en}",
            figures=(code, *reference.figures),
            facts=[value, reference.value],
        )
        self.doubted |= {code, *reference.figures}

    def _guess(self, code: str, power: int, *, is_unit: bool) -> tuple[str, str]:
        if not is_unit:
            return "疑小数点错位", "the decimal point may have slipped"
        unit = self._unit(code)
        if power > 1:
            return f"疑以元为单位填报，应为{unit}", f"it may be in yuan instead of {unit}"
        if power < 0:
            return f"疑以万元或更大单位填报，应为{unit}", f"it may be in a larger unit than {unit}"
        return f"疑两年所用单位不同，应为{unit}", f"the two may be in different units; this one is {unit}"

    def check_logic(self) -> None:
        """A part is never more than its whole: as the scheme says, and as data adds for figures of the kind."""
        pairs = [(each.lower, each.upper, each.message) for each in self.scheme.relations]
        pairs += [(each.lower, each.upper, "") for each in self.rules.pairs]
        told: set[str] = set()
        for lower, upper, message in pairs:
            low, high = self._total(lower), self._total(upper)
            if low is None or high is None or low <= high or told & set(lower):
                continue
            low_zh, low_en = self._names(lower)
            high_zh, high_en = self._names(upper)
            more = f"（{message}）" if message else ""
            self._flag(
                Check.LOGIC,
                zh=f"{low_zh}为{self._amount(lower[0], low)}，大于{high_zh}{self._amount(upper[0], high)}{more}",
                en=f"{low_en} is {self._amount(lower[0], low)}, more than {high_en}, "
                f"{self._amount(upper[0], high)}",
                figures=(*lower, *upper),
                facts=[low, high],
            )
            told |= set(lower)

    def check_growth(self) -> None:
        """Ask about jumps against last year beyond the bounds of the kind."""
        for code, value in self.reported.items():
            if code in self.doubted or code.endswith(LAST_YEAR):
                continue
            stated = code + LAST_YEAR
            before: Fraction | None = self.last.get(code)
            figures: tuple[str, ...] = (code,)
            if before is None:
                before, figures = self.reported.get(stated), (code, stated)
                if stated in self.doubted:
                    continue
            rule = self._growth(code)
            if before is None or abs(value - before) <= rule.allow:
                continue
            if before and rule.at_least <= value / before <= rule.at_most:
                continue
            zh, en = self._name(code)
            change = _percent(value, before)
            self._flag(
                Check.YEAR_ON_YEAR,
                zh=f"{zh}填报为{self._amount(code, value)}，上年为{self._amount(code, before)}，变动{change}",
                en=f"{en} is {self._amount(code, value)}; last year it was {self._amount(code, before)} "
                f"({change})",
                figures=figures,
                facts=[value, before],
            )

    def check_roster_figures(self) -> None:
        """Count and add up the roster, and hold the figures against it."""
        for rule in self.rules.counts:
            value = self.reported.get(rule.figure)
            if value is None or rule.figure in self.doubted:
                continue
            found = self._counted(rule)
            if value == found or (rule.compare is Compare.AT_LEAST and value > found):
                continue
            zh, en = self._name(rule.figure)
            self._flag(
                Check.ROSTER_COUNT,
                zh=f"{zh}填报为{self._amount(rule.figure, value)}，按企业名单统计为{found}家",
                en=f"{en} is stated as {self._amount(rule.figure, value)}; the roster counts {found}",
                figures=(rule.figure,),
                facts=[value, Fraction(found)],
            )
        for each in self.rules.sums:
            value, total = self.reported.get(each.figure), self._sum(each.status, each.field)
            if value is None or total is None or each.figure in self.doubted:
                continue
            if _within(value, total, each.within):
                continue
            zh, en = self._name(each.figure)
            self._flag(
                Check.ROSTER_SUM,
                zh=f"{zh}填报为{self._amount(each.figure, value)}，企业名单合计为{self._amount(each.figure, total)}",
                en=f"{en} is stated as {self._amount(each.figure, value)}; the roster adds up to "
                f"{self._amount(each.figure, total)}",
                figures=(each.figure,),
                facts=[value, total],
            )

    def check_statistics(self) -> None:
        """Hold the submission against the statistics return, field by field."""
        for code, told in (self.papers.statistics or {}).items():
            if code not in self.scheme.asked or code in self.doubted:
                continue
            value = self.reported.get(code)
            if value is not None and _within(value, told, self.rules.statistics_within):
                continue
            zh, en = self._name(code)
            stated_zh = f"填报为{self._amount(code, value)}" if value is not None else "未填报"
            stated_en = f"is stated as {self._amount(code, value)}" if value is not None else "is not stated"
            self._flag(
                Check.STATISTICS,
                zh=f"{zh}{stated_zh}，火炬统计年报为{self._amount(code, told)}，两者不一致",
                en=f"{en} {stated_en}; the statistics return has {self._amount(code, told)}",
                figures=(code,),
                facts=[value, told],
            )

    def check_gaps(self) -> None:
        """Ask about what was reported last year and is missing now, and about zeros that cannot be."""
        for code, before in self.last.items():
            given = self.papers.figures.get(code)
            if code not in self.scheme.asked or given is None or given.value is not None or not before:
                continue
            zh, en = self._name(code)
            self._flag(
                Check.MISSING,
                zh=f"{zh}本年未填报（{_STATUS_ZH[given.status]}），上年为{self._amount(code, before)}",
                en=f"{en} is missing this year ({given.status}); last year it was {self._amount(code, before)}",
                figures=(code,),
                facts=[None, before],
            )
        for code in self.rules.positive:
            if self.reported.get(code) == 0:
                zh, en = self._name(code)
                self._flag(
                    Check.ZERO,
                    zh=f"{zh}填报为0，不合常理",
                    en=f"{en} is stated as zero, which can hardly be",
                    figures=(code,),
                    facts=[Fraction(0)],
                )

    def check_copied(self) -> None:
        """Ask where the large figures are nearly all the same as last year's."""
        rules = self.rules
        both = [
            code
            for code, before in self.last.items()
            if code in self.reported and max(before, self.reported[code]) >= rules.copied_from
        ]
        same = [code for code in both if self.reported[code] == self.last[code]]
        if len(both) < rules.copied_figures or len(same) < rules.copied_share * len(both):
            return
        self._flag(
            Check.COPIED,
            zh=f"{len(both)}项较大的填报数据中有{len(same)}项与上年完全相同，疑沿用上年数据",
            en=f"{len(same)} of {len(both)} large figures are exactly last year's; they may have been copied",
            figures=tuple(same),
            facts=[*(self.reported[code] for code in same)],
        )

    # ---- rows of the roster

    def check_rows(self) -> None:
        """Ask about rows that are there twice, cannot be, or stay too long."""
        rows = list(enumerate(self.papers.roster, start=1))
        last_day = date(self.papers.year, 12, 31)
        twice, both, bad_codes = self._repeated(rows), self._on_both_lists(rows), []
        impossible, long_stays, late, per_person = [], [], [], []
        for number, row in rows:
            if fault_of(row.credit_code):
                bad_codes.append(number)
            if _cannot_be(row, last_day):
                impossible.append(number)
            stay = _months(row.entered_on, last_day.isoformat()) if row.status == TENANT else None
            if stay is not None and stay > self.rules.stay_months:
                long_stays.append((number, stay))
            age = _months(row.founded_on, row.entered_on)
            if age is not None and age > self.rules.entry_months:
                late.append(number)
            if row.income and row.staff and row.income / row.staff > self.rules.income_per_person:
                per_person.append(number)
        longest = self.rules.longest_stay_months
        too_long = [number for number, months in long_stays if months > longest]
        self._rows(Check.CREDIT_CODE, bad_codes, "统一社会信用代码不符合编码规则（缺失、位数不对或校验码错误）",
                   "has a credit code that cannot be (missing, wrong length or check character)")  # fmt: skip
        self._rows(Check.DUPLICATE_ROW, twice, "在名单中重复出现", "is on the roster more than once")
        self._rows(Check.TENANT_AND_GRADUATE, both, "已毕业，仍列为在孵企业",
                   "is listed as a tenant and has graduated")  # fmt: skip
        self._rows(Check.IMPOSSIBLE_DATE, impossible, "成立、入驻或毕业日期前后矛盾，或不在评价年度内",
                   "has dates that cannot be: founded, entered and graduated in order, within the year")  # fmt: skip
        self._rows(
            Check.UNIT, per_person, "人均收入过高，收入疑非千元", "has an income that is hardly in 千元"
        )
        self._rows(
            Check.LONG_STAY, too_long, f"在孵时间超过{longest}个月", f"has stayed over {longest} months"
        )
        self._rows(
            Check.LONG_STAY,
            [number for number, months in long_stays if months <= longest],
            f"在孵时间超过{self.rules.stay_months}个月",
            f"has stayed over {self.rules.stay_months} months",
            severity=Severity.INFO,
        )
        self._rows(Check.LATE_ENTRY, late, f"入驻时成立已超过{self.rules.entry_months}个月",
                   f"was older than {self.rules.entry_months} months on entry", severity=Severity.INFO)  # fmt: skip

    def _repeated(self, rows: Sequence[tuple[int, RosterLine]]) -> list[int]:
        seen: dict[tuple[str, str], int] = {}
        names: dict[tuple[str, str], int] = {}
        found = []
        for number, row in rows:
            # One credit code under two names, or one name under two codes, is one enterprise as well.
            by_code, by_name = (row.identity, row.status), (evened(row.enterprise), row.status)
            if by_code in seen or by_name in names:
                found.append(number)
            seen.setdefault(by_code, number)
            names.setdefault(by_name, number)
        return found

    def _on_both_lists(self, rows: Sequence[tuple[int, RosterLine]]) -> list[int]:
        left = {row.identity for _, row in rows if row.status == GRADUATE}
        return [
            number
            for number, row in rows
            if row.status == TENANT and (row.identity in left or row.graduated_on is not None)
        ]

    def _rows(
        self, check: Check, numbers: Sequence[int], zh: str, en: str, *, severity: Severity | None = None
    ) -> None:
        if not numbers:
            return
        named = [self.papers.roster[number - 1] for number in numbers]
        shown = self.rules.named_rows
        names_zh = "、".join(row.enterprise or "（无名称）" for row in named[:shown])
        names_en = ", ".join(row.enterprise or "(no name)" for row in named[:shown])
        if len(named) > shown:
            names_zh += f"等{len(named)}家企业"
            names_en += f" and {len(named) - shown} more"
        self._flag(
            check,
            zh=f"企业名单：{names_zh}{zh}",
            en=f"Roster: {names_en}: {'each ' if len(named) > 1 else ''}{en}",
            rows=tuple(numbers),
            facts=sorted(
                f"{row.identity}|{row.founded_on}|{row.entered_on}|{row.graduated_on}" for row in named
            ),
            severity=severity,
            about="rows" if severity is None else "rows_info",
        )

    # ---- what the checks share

    def _flag(
        self,
        check: Check,
        *,
        zh: str,
        en: str,
        facts: Sequence[Any],
        figures: tuple[str, ...] = (),
        rows: tuple[int, ...] = (),
        severity: Severity | None = None,
        about: str = "",
    ) -> None:
        self.flags.append(
            _made(
                check, zh=zh, en=en, facts=facts, figures=figures, rows=rows, severity=severity, about=about
            )
        )

    def _growth(self, code: str) -> Growth:
        return self.rules.growth_of.get(code, self.rules.growth)

    def _total(self, codes: Sequence[str]) -> Fraction | None:
        values = [self.reported.get(code) for code in codes]
        if None in values:
            return None
        return sum((value for value in values if value is not None), Fraction(0))

    def _counted(self, rule: RosterCount) -> int:
        return sum(
            row.status == rule.status
            and (not rule.any_of or any(getattr(row, name) for name in rule.any_of))
            and (not rule.founded_in_year or _year(row.founded_on) == self.papers.year)
            for row in self.papers.roster
        )

    def _sum(self, status: str, name: str) -> Fraction | None:
        """Return the sum of a field; None without rows, or where a row does not give it: then nothing adds up."""
        values = [getattr(row, name) for row in self.papers.roster if row.status == status]
        if not values or None in values:
            return None
        return sum(map(Fraction, values), Fraction(0))

    def _is_money(self, code: str) -> bool:
        return self._unit(code) in self.rules.money_units

    def _unit(self, code: str) -> str:
        asked = self.scheme.asked.get(code)
        return asked.figure.unit if asked else ""

    def _name(self, code: str) -> tuple[str, str]:
        asked = self.scheme.asked[code]
        english = asked.figure.title_en or asked.figure.code
        if code.endswith(LAST_YEAR):
            english = f"Last year's {english[:1].lower()}{english[1:]}"
        return f"“{asked.title}”", f"“{english}”"

    def _names(self, codes: Sequence[str]) -> tuple[str, str]:
        named = [self._name(code) for code in codes]
        return "与".join(zh for zh, _ in named) + ("之和" if len(codes) > 1 else ""), " plus ".join(
            en for _, en in named
        )

    def _amount(self, code: str, value: Fraction) -> str:
        return f"{_thousands(value)}{self._unit(code)}"


_STATUS_ZH = {
    FigureStatus.REPORTED: "已填报",
    FigureStatus.ABSENT: "缺报",
    FigureStatus.NOT_APPLICABLE: "不适用",
    FigureStatus.REFUSED: "拒报",
}


# ---- several entries ----------------------------------------------------------------------------------------


def claims_of(papers: EntryPapers, *, operators: Iterable[str], rules: CheckRules) -> Claims:
    """Return what of an entry's papers others could say as well. `operators`: every name or code of who runs it."""
    enterprises: dict[str, tuple[str, str, int]] = {}
    for number, row in enumerate(papers.roster, start=1):
        # An enterprise on both lists counts as a tenant: that is what cannot be in two places.
        if row.identity and (row.identity not in enterprises or row.status == TENANT):
            enterprises[row.identity] = (row.enterprise, row.status, number)
    return Claims(
        entry=papers.entry,
        operators=frozenset(name for each in operators if (name := evened(each))),
        enterprises=enterprises,
        figures={
            code: given.value
            for code, given in papers.figures.items()
            if given.value is not None and given.value >= rules.same_from
        },
    )


def flags_between(entries: Sequence[Claims], rules: CheckRules) -> dict[str, tuple[Flag, ...]]:
    """Return what does not fit between entries, by entry: one flag for each other entry, on both sides.

    Only pairs that share an enterprise or an operator are looked at, so that a round of thousands is no square.
    """
    shared: dict[tuple[str, str], list[str]] = defaultdict(list)
    by_entry = {each.entry: each for each in entries}
    for identity, housed in _grouped((name, each.entry) for each in entries for name in each.enterprises):
        for pair in _pairs(housed):
            shared[pair].append(identity)
    related = {
        pair
        for _, run in _grouped((name, each.entry) for each in entries for name in each.operators)
        for pair in _pairs(run)
    }
    found: dict[str, list[Flag]] = defaultdict(list)
    for pair in sorted(related | set(shared)):
        one, other = by_entry[pair[0]], by_entry[pair[1]]
        common = sorted(shared.get(pair, []))
        figures, roster = _used_twice(one, other, common, rules) if pair in related else ((), ())
        for mine, its in ((one, other), (other, one)):
            if figures or roster:
                found[mine.entry].append(_same_data(mine, its, figures, roster))
            if common and not roster:
                found[mine.entry].append(_shared(mine, its, common, rules))
    return {entry: tuple(flags) for entry, flags in found.items()}


def _grouped(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for key, entry in pairs:
        groups[key].append(entry)
    return [(key, sorted(set(group))) for key, group in groups.items() if len(group) > 1]


def _pairs(group: Sequence[str]) -> Iterable[tuple[str, str]]:
    return ((one, other) for place, one in enumerate(group) for other in group[place + 1 :])


def _used_twice(
    one: Claims, other: Claims, common: Sequence[str], rules: CheckRules
) -> tuple[Sequence[str], Sequence[str]]:
    """Return the figures and the enterprises that two qualifications share, each only where it is too much."""
    both = [code for code in one.figures if code in other.figures]
    same = [code for code in both if one.figures[code] == other.figures[code]]
    shorter = min(len(one.enterprises), len(other.enterprises))
    figures_too = len(same) >= rules.same_figures and len(same) >= rules.same_share * len(both)
    roster_too = len(common) >= rules.same_roster_rows and len(common) >= rules.same_roster_share * shorter
    return same if figures_too else (), common if roster_too else ()


def _same_data(mine: Claims, its: Claims, figures: Sequence[str], roster: Sequence[str]) -> Flag:
    parts = [
        (f"{len(figures)}项填报数据完全相同", f"{len(figures)} figures are the same") if figures else None,
        (f"名单中有{len(roster)}家相同企业", f"{len(roster)} enterprises are on both rosters")
        if roster
        else None,
    ]
    told = [part for part in parts if part]
    return _made(
        Check.SAME_DATA,
        zh=f"与同一运营机构的另一项资格{'，'.join(zh for zh, _ in told)}；同一数据不得重复使用",
        en=f"Another qualification of the same operator: {', '.join(en for _, en in told)}; "
        "data must not be used twice",
        figures=tuple(figures),
        rows=tuple(sorted(mine.enterprises[each][2] for each in roster)),
        others=(its.entry,),
        facts=[its.entry, *(f"{code}={exact_text(mine.figures[code])}" for code in figures), *roster],
    )


def _shared(mine: Claims, its: Claims, common: Sequence[str], rules: CheckRules) -> Flag:
    # Whoever graduated from the one may be a tenant of the other: worth knowing, and needing no word.
    at_once = [each for each in common if mine.enterprises[each][1] == its.enterprises[each][1]]
    told = at_once or list(common)
    names = [mine.enterprises[each][0] for each in told]
    more_zh = f"等{len(names)}家企业" if len(names) > rules.named_rows else ""
    more_en = f" and {len(names) - rules.named_rows} more" if len(names) > rules.named_rows else ""
    return _made(
        Check.SHARED_ENTERPRISE,
        zh=f"企业名单：{'、'.join(names[: rules.named_rows])}{more_zh}同时列入另一家参评机构的企业名单",
        en=f"Roster: {', '.join(names[: rules.named_rows])}{more_en}: also on the roster of another institution",
        rows=tuple(sorted(mine.enterprises[each][2] for each in told)),
        others=(its.entry,),
        facts=[its.entry, *told],
        severity=None if at_once else Severity.INFO,
    )


# ---- flags, numbers, dates ----------------------------------------------------------------------------------


def _made(
    check: Check,
    *,
    zh: str,
    en: str,
    facts: Sequence[Any],
    figures: tuple[str, ...] = (),
    rows: tuple[int, ...] = (),
    others: tuple[str, ...] = (),
    severity: Severity | None = None,
    about: str = "",
) -> Flag:
    subject = figures[0] if figures else (others[0] if others else about)
    ask_zh, ask_en = ("，请核对；填报无误的，请说明情况。", ". Check it; if it is right, say why.")
    if severity is Severity.INFO:
        ask_zh, ask_en = "。", "."
    return Flag(
        check=check,
        severity=severity or (Severity.ERROR if check in _ERRORS else Severity.WARNING),
        key=f"{check}:{subject}:{_digest(facts)}",
        zh=zh + ask_zh,
        en=en + ask_en,
        figures=figures,
        rows=rows,
        others=others,
    )


def _digest(facts: Sequence[Any]) -> str:
    texts = [exact_text(fact) if isinstance(fact, Fraction) else fact for fact in facts]
    return hashlib.sha256(json.dumps(texts, ensure_ascii=False).encode()).hexdigest()[:12]


def _within(value: Fraction, reference: Fraction, share: Fraction) -> bool:
    return abs(value - reference) <= share * abs(reference)


def _thousands(value: Fraction) -> str:
    text = exact_text(value)
    if "/" in text:
        return text
    whole, point, rest = text.partition(".")
    sign = "-" if whole.startswith("-") else ""
    return f"{sign}{int(whole.lstrip('-')):,}{point}{rest}"


def _rounded(value: Fraction) -> str:
    """Write a factor as people read it: whole from ten on, with one place below, two below one."""
    places = 0 if value >= 10 else 1 if value >= 1 else 2
    scaled = (abs(value) * 10**places * 2 + 1) // 2
    if not scaled and value:
        return f"<{exact_text(Fraction(1, 10**places))}"
    return _thousands(Fraction(scaled, 10**places))


def _percent(value: Fraction, before: Fraction) -> str:
    if not before:
        return "+∞" if value > 0 else "0%"
    change = (value - before) * 100 / abs(before)
    scaled = (abs(change) * 2 + 1) // 2
    return f"{'+' if change >= 0 else '-'}{scaled}%"


def _year(partial: str | None) -> int | None:
    return int(partial[:4]) if partial else None


def _cannot_be(row: RosterLine, last_day: date) -> bool:
    """Say whether the dates of a row contradict one another or the year, however the unknown parts are read."""
    order = [span_of(each) for each in (row.founded_on, row.entered_on, row.graduated_on) if each]
    if any(earlier[0] > later[1] for earlier, later in pairwise(order)):
        return True
    if any(first > last_day for first, _ in order):
        return True
    if row.status == GRADUATE:
        return row.graduated_on is None or _year(row.graduated_on) != last_day.year
    return False


def _months(since: str | None, until: str | None) -> int | None:
    """Return whole months from one partial date to another, at least: the shortest that they can mean."""
    if not since or not until:
        return None
    first, last = span_of(since)[1], span_of(until)[0]
    return (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
