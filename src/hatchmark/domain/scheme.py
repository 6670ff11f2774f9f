"""What does a scheme (评价方案) ask for, and how many points does it give for what?

The values here hold one scheme as it was loaded and checked (`hatchmark.schemes.loader`). Every number is an
exact `Fraction` or an int of hundredths of a point; no number of any regulation stands in this module.
"""

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from hatchmark.domain.expressions import SUB_TYPE, Expression, Kind, Name, Scope, Window
from hatchmark.domain.outcomes import Grade, Outcome

HUNDREDTHS = 100
LAST_YEAR = "@last"
LONGEST_NUMBER = 30
MOST_PLACES = 6
MOST_ROWS = 100_000

_PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_PLAIN_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Part(StrEnum):
    """一级指标: what a group of indicators is measured by, and whether it counts above the full marks."""

    QUANTITATIVE = "quantitative"
    QUALITATIVE = "qualitative"
    BONUS = "bonus"
    DEDUCTION = "deduction"


OUTSIDE_FULL_MARKS = (Part.BONUS, Part.DEDUCTION)


class Provenance(StrEnum):
    """Whether a scheme is the published rule of its authority or a reconstruction of it."""

    OFFICIAL = "official"
    RECONSTRUCTION = "reconstruction"


class Rounding(StrEnum):
    """What happens to the digits behind the last place of a point."""

    HALF_UP = "half_up"
    DOWN = "down"


class FigureType(StrEnum):
    """What a figure is. Every value is held as one exact number (see `Figure.text_of`)."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    CATEGORY = "category"


MEASURED = (FigureType.INTEGER, FigureType.DECIMAL)


class FigureSource(StrEnum):
    """Where a figure comes from."""

    TORCH_STATISTICS = "torch_statistics"
    SUMMARY_REPORT = "summary_report"
    SELF_REPORT = "self_report"
    OWN_SYSTEM = "own_system"
    COMMITMENT_LETTER = "commitment_letter"
    PROOF = "proof"


class FigureStatus(StrEnum):
    """A missing figure is a value of its own, never zero by accident."""

    REPORTED = "reported"
    ABSENT = "absent"
    NOT_APPLICABLE = "not_applicable"
    REFUSED = "refused"


MISSING = (FigureStatus.ABSENT, FigureStatus.NOT_APPLICABLE, FigureStatus.REFUSED)


class Treatment(StrEnum):
    """What an indicator gets that cannot be computed. Unscored blocks the total until a person has acted."""

    NO_POINTS = "no_points"
    FULL_POINTS = "full_points"
    UNSCORED = "unscored"


class Show(StrEnum):
    """How a ratio is printed; the value itself stays exact."""

    PERCENT = "percent"
    NUMBER = "number"


class Better(StrEnum):
    """Which values of a cohort come first."""

    HIGH = "high"
    LOW = "low"


class Take(StrEnum):
    """Whether the best row of a roster counts, or all of them together."""

    HIGHEST = "highest"
    SUM = "sum"


class ExpertMethod(StrEnum):
    """How several experts' scores become one."""

    MEAN = "mean"
    MEDIAN = "median"
    TRIMMED = "trimmed"


class TooFew(StrEnum):
    """What fewer valid scores than the minimum give."""

    UNSCORED = "unscored"
    NO_POINTS = "no_points"
    MEAN = "mean"


class Ties(StrEnum):
    """Equal totals at the edge of a share: all of them are in, or all out. A grade never splits them."""

    INCLUDE = "include"
    EXCLUDE = "exclude"


class VetoEffect(StrEnum):
    """What a veto does to the grade; the total stays."""

    CAP = "cap"
    FLOOR = "floor"
    EXCLUSION = "exclusion"


class CarriedEffect(StrEnum):
    """How a grade from another kind or level bears on this one."""

    IS = "is"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class Measure(StrEnum):
    """What a rule may propose beside an outcome: the institution is evaluated again before the next round."""

    RE_EVALUATION = "re_evaluation"


class Condition(StrEnum):
    """A fact about an entry that a veto may rest on."""

    SEVERE_INTEGRITY = "severe_integrity"
    FALSE_DATA = "false_data"
    STATISTICS_MISSING = "statistics_missing"
    SAFETY_ACCIDENT = "safety_accident"
    NOT_OPERATING = "not_operating"


class Status(StrEnum):
    """资格状态 of an institution while it is evaluated."""

    RECOGNISED = "recognised"
    PILOT = "pilot"


# ---- numbers and their exact text -------------------------------------------------------------------------


def parse_number(text: str) -> Fraction:
    """Read a plain decimal number exactly; raise ValueError that says why it is none."""
    if len(text) > LONGEST_NUMBER:
        raise ValueError(f"a number of {len(text)} characters is too long; write at most {LONGEST_NUMBER}")
    if not _PLAIN_NUMBER.fullmatch(text):
        raise ValueError(
            f"'{text}' is not a plain number; write digits with at most one point, for example 1234.5"
        )
    return Fraction(text)


def exact_text(value: Fraction) -> str:
    """Return the value without any loss: `0.75` where it ends, `1/9` where it does not."""
    rest, places = value.denominator, 0
    for prime in (2, 5):
        power = 0
        while rest % prime == 0:
            rest //= prime
            power += 1
        places = max(places, power)
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    if places == 0:
        return str(value.numerator)
    digits = str(abs(value.numerator) * 10**places // value.denominator).zfill(places + 1)
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def points_text(points: int) -> str:
    """Return hundredths of a point as text with two places: 8235 is 82.35."""
    whole, rest = divmod(abs(points), HUNDREDTHS)
    return f"{'-' if points < 0 else ''}{whole}.{rest:02d}"


def as_hundredths(points: Fraction) -> int:
    """Return points that are known to have at most two places as hundredths; raise ValueError for others."""
    hundredths = points * HUNDREDTHS
    if hundredths.denominator != 1:
        raise ValueError(f"{exact_text(points)} points has more than two decimal places")
    return hundredths.numerator


# ---- figures ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureValue:
    """What was handed in for one figure. `source` names who corrected it, in words; empty: as handed in."""

    status: FigureStatus
    value: Fraction | None = None
    unit: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        if (self.status is FigureStatus.REPORTED) != (self.value is not None):
            raise ValueError(
                f"status {self.status} and value {self.value} do not go together: "
                "a reported figure has a value, a missing one has none"
            )


def read_figure(
    *, status: str, value: str, unit: str = "", source: str = "", figure: "Figure | None" = None
) -> FigureValue:
    """Make a figure's value from the texts of a file; raise ValueError that says what cannot be.

    Only with `figure` can a date, a category or a boolean in words be read; without it a value is a number.
    """
    if status not in [known.value for known in FigureStatus]:
        raise ValueError(f"'{status}' is no status of a figure; write one of {', '.join(FigureStatus)}")
    known = FigureStatus(status)
    if known is FigureStatus.REPORTED:
        if not value:
            raise ValueError("a reported figure needs a value; write it, or set the status to absent")
        number = figure.parse(value) if figure else parse_number(value)
        return FigureValue(status=known, value=number, unit=unit, source=source)
    if value:
        raise ValueError(
            f"a figure with status {status} has no value, but '{value}' stands there; empty the cell"
        )
    return FigureValue(status=known, unit=unit, source=source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """填报数据: one number that an institution is asked for."""

    code: str
    title: str
    title_en: str = ""
    unit: str
    type: FigureType
    minimum: Fraction
    maximum: Fraction | None
    last_year: bool
    missing: Mapping[FigureStatus, Treatment]
    basis: str
    name: str = ""
    places: int = MOST_PLACES
    values: tuple[str, ...] = ()
    source: FigureSource | None = None
    evidence: str = ""

    @property
    def decimal_places(self) -> int:
        """The most decimal places that a value can have."""
        return self.places if self.type is FigureType.DECIMAL else 0

    def parse(self, text: str) -> Fraction:
        """Read a value as a person writes it; raise ValueError that says why it is none.

        A boolean is held as 0 or 1, a date as its day number, a category as its position from 1.
        """
        if self.type is FigureType.BOOLEAN:
            if text in TRUTHS:
                return Fraction(TRUTHS[text])
            raise ValueError(f"'{text[:40]}' is neither true nor false; write one of {', '.join(TRUTHS)}")
        if self.type is FigureType.DATE:
            return parse_date(text)
        if self.type is FigureType.CATEGORY:
            if text in self.values:
                return Fraction(self.values.index(text) + 1)
            raise ValueError(
                f"'{text[:40]}' is no value of {self.code}; write one of {', '.join(self.values)}"
            )
        return parse_number(text)

    def text_of(self, value: Fraction) -> str:
        """Return a value as a person writes it: what `parse` reads."""
        if self.type is FigureType.BOOLEAN and value in (0, 1):
            return "true" if value else "false"
        if (
            self.type is FigureType.DATE
            and value.denominator == 1
            and 0 < value <= datetime.date.max.toordinal()
        ):
            return datetime.date.fromordinal(value.numerator).isoformat()
        if self.type is FigureType.CATEGORY and value.denominator == 1 and 0 < value <= len(self.values):
            return self.values[value.numerator - 1]
        return exact_text(value)


TRUTHS = {"true": 1, "false": 0, "是": 1, "否": 0, "1": 1, "0": 0}


def parse_date(text: str) -> Fraction:
    """Read 2024-01-31 as a day number; raise ValueError that says why it is no day."""
    try:
        if not _PLAIN_DATE.fullmatch(text):
            raise ValueError
        return Fraction(datetime.date.fromisoformat(text).toordinal())
    except ValueError as error:
        raise ValueError(f"'{text[:40]}' is no day of the calendar; write for example 2024-01-31") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterField:
    """One column of a roster. `figure` says what its values are; without `optional` every row has one."""

    figure: Figure
    optional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """名单: one row for each enterprise, person or event behind an entry."""

    title: str
    unit: str
    most_rows: int
    fields: tuple[RosterField, ...]
    basis: str


RosterRow = Mapping[str, FigureValue]
"""One row of a roster: the value of each field, by the code of the field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFigure:
    """One column that is asked for: a figure of this year, or of last year (`CODE@last`)."""

    reference: str
    title: str
    figure: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """Between figures of one entry: the sum of `lower` cannot be above the sum of `upper`."""

    lower: tuple[str, ...]
    upper: tuple[str, ...]
    message: str


# ---- formulas ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """`points` are given from `at_least` on. `below` may repeat where the next band begins."""

    at_least: Fraction
    points: Fraction
    below: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A formula of one number: the sum of `figures`, or `value` in its place."""

    figures: tuple[str, ...] = ()
    value: Expression | None = None

    @property
    def references(self) -> tuple[str, ...]:
        return self.value.references if self.value else self.figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands(Measured):
    """分档: the points of the highest band that the value reaches."""

    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear(Measured):
    """线性: nothing up to `start`, the full marks from `end` on, in proportion between them."""

    start: Fraction
    end: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """比率: sum of `of` to sum of `to`, times `per` (or `value`); in proportion up to `full_at`."""

    of: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    per: Fraction = Fraction(1)
    full_at: Fraction
    show: Show
    unit: str
    when_zero: Treatment
    value: Expression | None = None

    @property
    def references(self) -> tuple[str, ...]:
        return self.value.references if self.value else tuple(dict.fromkeys((*self.of, *self.to)))


@dataclass(frozen=True, slots=True, kw_only=True)
class PerUnit(Measured):
    """计件: so many points for each unit, up to the full marks."""

    points_each: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class PerAmount(Measured):
    """按额: so many points for each whole `amount` (`partial`: for parts of it too), up to the full marks."""

    amount: Fraction
    points_each: Fraction
    partial: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold(Measured):
    """起点加计: nothing below `start`, `base` there, for each whole `step` above it so many points more."""

    start: Fraction
    base: Fraction
    step: Fraction
    points_each: Fraction
    partial: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """增长率: (this year − last year) ÷ last year, by bands."""

    figure: str
    bands: tuple[Band, ...]
    when_zero: Treatment

    @property
    def references(self) -> tuple[str, ...]:
        return (self.figure, self.figure + LAST_YEAR)


@dataclass(frozen=True, slots=True, kw_only=True)
class YesNo:
    """是否: the full marks where the condition holds, else none."""

    when: Expression

    @property
    def references(self) -> tuple[str, ...]:
        return self.when.references


@dataclass(frozen=True, slots=True, kw_only=True)
class ByCategory:
    """分类计分: the points of a figure's value, or of the rows of a roster for which `where` holds."""

    figure: str = ""
    field: str = ""
    take: Take = Take.SUM
    where: Expression | None = None
    points: Mapping[str, Fraction]

    @property
    def references(self) -> tuple[str, ...]:
        if self.figure:
            return (self.figure,)
        return self.where.references if self.where else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MinMax(Measured):
    """极差: where the value lies between the lowest and the highest of the cohort."""

    better: Better
    when_equal: Treatment


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioToMean(Measured):
    """均值比: value ÷ mean of the cohort, in proportion up to `full_at`."""

    full_at: Fraction
    when_zero: Treatment


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioToMax(Measured):
    """最大值比: value ÷ highest of the cohort, times the full marks."""

    when_zero: Treatment


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareBand:
    """`points` for a rank ÷ number of the cohort of at most `within`."""

    within: Fraction
    points: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class RankShare(Measured):
    """位次: points by the place among the cohort; equal values share the better place."""

    better: Better
    shares: tuple[ShareBand, ...]


CohortFormula = MinMax | RatioToMean | RatioToMax | RankShare
COHORT_FORMULAS = (MinMax, RatioToMean, RatioToMax, RankShare)

Formula = (
    Bands | Linear | Ratio | PerUnit | PerAmount | Threshold | Growth | YesNo | ByCategory | CohortFormula
)


def expressions_of(formula: Formula) -> tuple[Expression, ...]:
    """Return the expressions that a formula is made of."""
    match formula:
        case Growth():
            return ()
        case YesNo(when=when):
            return (when,)
        case ByCategory(where=where):
            return (where,) if where else ()
    return (formula.value,) if formula.value else ()


# ---- the tree ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """二级指标: indicators or expert items whose points are summed."""

    code: str
    title: str
    title_en: str = ""
    part: Part
    full_marks: int
    basis: str
    parent: str = ""
    cap: int | None = None
    by_sub_type: Mapping[str, int] = field(default_factory=dict)

    def full_marks_for(self, sub_type: str) -> int:
        """Return what it gives at most to an entry of this sub-type, before its cap."""
        return self.by_sub_type.get(sub_type, self.full_marks)

    def counted_for(self, sub_type: str) -> int:
        """Return what can count from it: its full marks, or its cap."""
        full = self.full_marks_for(sub_type)
        return full if self.cap is None else min(full, self.cap)


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """三级指标: points computed from figures, by the formula of the entry's sub-type."""

    code: str
    title: str
    title_en: str = ""
    group: str
    full_marks: int
    formulas: Mapping[str, Formula]
    missing: Mapping[FigureStatus, Treatment]
    basis: str
    by_sub_type: Mapping[str, int] = field(default_factory=dict)
    """Full marks where they differ by sub-type; 0: not evaluated there, and without a formula."""
    varies: bool = False
    """Whether each sub-type has a formula of its own, and so a cohort of its own."""

    def cohort_key(self, sub_type: str) -> tuple[str, str]:
        """Return what names the cohort that an entry of this sub-type is compared with."""
        return (self.code, sub_type if self.varies else "")

    def full_marks_for(self, sub_type: str) -> int:
        """Return the full marks for an entry of this sub-type."""
        return self.by_sub_type.get(sub_type, self.full_marks)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertItem:
    """专家评分项: points given by experts."""

    code: str
    title: str
    title_en: str = ""
    group: str
    full_marks: int
    basis: str
    by_sub_type: Mapping[str, int] = field(default_factory=dict)

    def full_marks_for(self, sub_type: str) -> int:
        """Return the full marks for an entry of this sub-type; 0: not evaluated there."""
        return self.by_sub_type.get(sub_type, self.full_marks)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertRule:
    """How several experts' scores become one; what fewer than `minimum` give, `too_few` says.

    By the mean: from `trim_from` scores on, one highest and one lowest are left out; None: never. Trimmed: `trim`
    highest and `trim` lowest are left out always.
    """

    minimum: int
    trim_from: int | None
    basis: str
    method: ExpertMethod = ExpertMethod.MEAN
    trim: int = 0
    too_few: TooFew = TooFew.UNSCORED


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto:
    """一票否决: while its condition holds, the grade is `grade_at_most` or worse (or as `effect` says).

    The condition is a fact found by people (`when`), or one about figures (`when_true`).
    """

    code: str
    title: str
    title_en: str = ""
    when: Condition | None
    grade_at_most: Grade
    basis: str
    effect: VetoEffect = VetoEffect.CAP
    grade_code: str = ""
    when_true: Expression | None = None
    holds_when_missing: bool = False


GRADE_WORDS = {
    Grade.EXCELLENT: "优秀",
    Grade.GOOD: "良好",
    Grade.QUALIFIED: "合格",
    Grade.UNQUALIFIED: "不合格",
}
"""How the working names a grade that has no label of the scheme's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeCut:
    """等次分数线: the grade from `at_least` hundredths of a point on, and within `top_share` of the ranked.

    `grade` is what it counts as in results; `code` and `label` are the scheme's own.
    """

    grade: Grade
    at_least: int
    below: int | None
    basis: str
    code: str = ""
    label: str = ""
    top_share: Fraction | None = None
    ties: Ties = Ties.INCLUDE

    @property
    def name(self) -> str:
        """The code by which the scheme's own rules and tables name the grade."""
        return self.code or self.grade.value

    @property
    def words(self) -> str:
        """The label that people read."""
        return self.label or GRADE_WORDS[self.grade]


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceRule:
    """What an entry gets that was due and did not take part; None: no grade. `listed`: it is listed apart."""

    grade: Grade | None
    basis: str
    listed: bool = False
    grade_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A grade from another kind or level (`source`) that bears on the grade here."""

    code: str
    title: str
    source: str
    source_grade: str
    effect: CarriedEffect
    grade_code: str
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """What is proposed, never decided, after `grade` came `times_in_a_row` times to one of this status."""

    code: str
    title: str
    status: Status
    grade: Grade
    times_in_a_row: int
    propose: Outcome | Measure
    basis: str
    within_months: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingRule:
    """What an indicator gets whose figure is missing, by the status of the figure."""

    treatments: Mapping[FigureStatus, Treatment]
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """评价方案 of one authority, kind and year. `digest` is SHA-256 of its content, layout aside."""

    code: str
    title: str
    title_en: str = ""
    authority: str
    kind: str
    year: int
    basis: str
    provenance: Provenance
    provenance_note: str
    full_marks: int
    bonus_cap: int
    total_cap: int
    points_places: int
    rounding: Rounding
    sub_types: tuple[str, ...]
    sub_type_unstated: str
    missing: MissingRule
    figures: tuple[Figure, ...]
    relations: tuple[Relation, ...]
    groups: tuple[Group, ...]
    indicators: tuple[Indicator, ...]
    expert_items: tuple[ExpertItem, ...]
    expert_rule: ExpertRule | None
    vetoes: tuple[Veto, ...]
    grades: tuple[GradeCut, ...]
    absence: AbsenceRule
    consequences: tuple[Consequence, ...]
    digest: str
    roster: Roster | None = None
    windows: tuple[Window, ...] = ()
    carried: tuple[Carried, ...] = ()
    _asked: Mapping[str, AskedFigure] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        asked: dict[str, AskedFigure] = {}
        for figure in self.figures:
            asked[figure.code] = AskedFigure(reference=figure.code, title=figure.title, figure=figure)
            if figure.last_year:
                reference = figure.code + LAST_YEAR
                asked[reference] = AskedFigure(
                    reference=reference, title=f"上年{figure.title}", figure=figure
                )
        object.__setattr__(self, "_asked", asked)

    @property
    def asked(self) -> Mapping[str, AskedFigure]:
        """Every column that is asked for, by its reference (`CODE` or `CODE@last`), in order."""
        return self._asked

    @property
    def grades_by_rank(self) -> bool:
        """Say whether a grade depends on the rank among the whole table."""
        return any(cut.top_share is not None for cut in self.grades)

    @property
    def needs_table(self) -> bool:
        """Say whether one entry can only be scored or graded beside the others of its table."""
        formulas = (formula for indicator in self.indicators for formula in indicator.formulas.values())
        return self.grades_by_rank or any(isinstance(formula, COHORT_FORMULAS) for formula in formulas)

    def cut_named(self, code: str) -> GradeCut:
        """Return the grade with this code of the scheme's own; raise ValueError for an unknown one."""
        for cut in self.grades:
            if cut.name == code:
                return cut
        listed = ", ".join(cut.name for cut in self.grades)
        raise ValueError(f"scheme {self.code} has no grade '{code}'; write one of {listed}")

    @property
    def english(self) -> Mapping[str, str]:
        """English titles that the file gives, by `figure.CODE`, `group.CODE`, `line.CODE`, `veto.CODE`, `scheme`."""
        parts = [
            *((f"figure.{figure.code}", figure.title_en) for figure in self.figures),
            *((f"group.{group.code}", group.title_en) for group in self.groups),
            *((f"line.{indicator.code}", indicator.title_en) for indicator in self.indicators),
            *((f"line.{item.code}", item.title_en) for item in self.expert_items),
            *((f"veto.{veto.code}", veto.title_en) for veto in self.vetoes),
            ("scheme", self.title_en),
        ]
        return {name: title for name, title in parts if title}

    @property
    def is_reconstruction(self) -> bool:
        """Say whether every score by this scheme must be shown as one by a reconstructed rule."""
        return self.provenance is Provenance.RECONSTRUCTION

    def sub_type_of(self, stated: str | None) -> str:
        """Return the sub-type to score by; a scheme without sub-types scores all alike.

        Raises ValueError for a sub-type that the scheme does not know.
        """
        if not self.sub_types:
            return ""
        if not stated:
            return self.sub_type_unstated
        if stated not in self.sub_types:
            raise ValueError(
                f"scheme {self.code} knows no sub_type '{stated}'; write one of {', '.join(self.sub_types)}, "
                f"or leave it empty for {self.sub_type_unstated}"
            )
        return stated


def leaf_codes(scheme: Scheme) -> tuple[str, ...]:
    """Return the codes of indicators and expert items in the order of the working."""
    leaves: tuple[Indicator | ExpertItem, ...] = (*scheme.indicators, *scheme.expert_items)
    return tuple(leaf.code for group in scheme.groups for leaf in leaves if leaf.group == group.code)


# ---- what expressions may name ----------------------------------------------------------------------------

_KINDS = {
    FigureType.INTEGER: Kind.NUMBER,
    FigureType.DECIMAL: Kind.NUMBER,
    FigureType.BOOLEAN: Kind.CONDITION,
    FigureType.DATE: Kind.DATE,
    FigureType.CATEGORY: Kind.CATEGORY,
}


def scope_of(
    *,
    figures: Sequence[Figure],
    roster: Roster | None,
    windows: Sequence[Window],
    sub_types: Sequence[str],
) -> Scope:
    """Return every name that the expressions of a scheme may use. A name of two figures is ambiguous."""
    names: dict[str, Name] = {}
    ambiguous: set[str] = set()
    for figure in figures:
        for word in dict.fromkeys((figure.name or figure.title, figure.code)):
            # A code always means its figure; a title that happens to be the same word gives way.
            if word in names and names[word].reference != figure.code and word != figure.code:
                ambiguous.add(word)
            names[word] = _name_of(figure, figure.code)
            if figure.last_year:
                names[word + LAST_YEAR] = _name_of(figure, figure.code + LAST_YEAR)
    if sub_types:
        names[SUB_TYPE] = Name(
            reference=SUB_TYPE,
            kind=Kind.CATEGORY,
            low=Fraction(1),
            high=Fraction(len(sub_types)),
            values=tuple(sub_types),
        )
    fields = {
        word: _name_of(field.figure, field.figure.code)
        for field in (roster.fields if roster else ())
        for word in (field.figure.name or field.figure.title, field.figure.code)
    }
    return Scope(
        figures=names,
        fields=fields,
        windows={word: window for window in windows for word in (window.title, window.code)},
        ambiguous=frozenset(ambiguous - {figure.code for figure in figures}),
        roster_unit=roster.unit if roster else "",
        most_rows=roster.most_rows if roster else 0,
    )


def _name_of(figure: Figure, reference: str) -> Name:
    return Name(
        reference=reference,
        kind=_KINDS[figure.type],
        unit=figure.unit,
        low=figure.minimum,
        high=figure.maximum,
        places=figure.decimal_places,
        values=figure.values,
    )


# ---- what is wrong with the figures of an entry -----------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureProblem:
    """One thing that cannot be in what an institution handed in. `figure` is `CODE` or `CODE@last`.

    `rule` names what was broken and `facts` what it says of this value, for shells that have their own words.
    """

    figure: str
    value: str
    message: str
    remedy: str
    rule: str = field(default="", compare=False)
    facts: Mapping[str, str] = field(default_factory=dict, compare=False)


class Beyond(StrEnum):
    """What a scheme may have that a round cannot give yet, in words."""

    ROSTER = "a roster of its own fields"
    CARRIED = "grades carried from elsewhere"
    TABLE = "a formula or grade that needs the whole table"
    FIGURES = "figures that are no numbers"
    CONSEQUENCE = "a consequence that is no outcome of a round"


def beyond_a_round(scheme: Scheme) -> list[Beyond]:
    """Return what a scheme asks for that a round cannot give yet; empty when a round can use it.

    A round scores one entry anew after an objection without touching another. Whatever needs more must be refused
    when the round is called, not found missing in a score.
    """
    found = []
    if scheme.roster is not None:
        found.append(Beyond.ROSTER)
    if scheme.carried:
        found.append(Beyond.CARRIED)
    if scheme.needs_table:
        found.append(Beyond.TABLE)
    if any(consequence.propose not in tuple(Outcome) for consequence in scheme.consequences):
        found.append(Beyond.CONSEQUENCE)
    return found


def beyond_a_folder(scheme: Scheme) -> list[Beyond]:
    """Return what a round folder does not hold: what a round cannot give, and whatever is no number."""
    plain = all(figure.type in MEASURED for figure in scheme.figures)
    return [*beyond_a_round(scheme), *([] if plain else [Beyond.FIGURES])]


def validate_figures(scheme: Scheme, figures: Mapping[str, FigureValue]) -> list[FigureProblem]:
    """Return what cannot be in the figures of one entry; empty when they can be scored."""
    problems = [
        FigureProblem(
            figure=reference,
            value=_shown(value),
            message=f"scheme {scheme.code} asks for no figure '{reference}'",
            remedy=f"write one of {', '.join(scheme.asked)}, or remove it",
        )
        for reference, value in figures.items()
        if reference not in scheme.asked
    ]
    for reference, asked in scheme.asked.items():
        if reference not in figures:
            problems.append(
                FigureProblem(
                    figure=reference,
                    value="",
                    message=f"'{reference}' ({asked.title}) is not there",
                    remedy=f"give its value in {asked.figure.unit}, or its status: {', '.join(MISSING)}",
                )
            )
        else:
            problems.extend(_problems_of_one(asked, figures[reference]))
    if not problems:
        problems.extend(broken_relations(scheme, figures))
    return problems


def problems_of_figure(asked: AskedFigure, given: FigureValue) -> list[FigureProblem]:
    """Return what cannot be in one figure, whatever the others say."""
    return list(_problems_of_one(asked, given))


def validate_roster(scheme: Scheme, roster: Sequence[RosterRow]) -> list[FigureProblem]:
    """Return what cannot be in the roster of one entry. `figure` of a problem is `roster ROW.FIELD`."""
    if scheme.roster is None:
        if not roster:
            return []
        return [
            FigureProblem(
                figure="roster",
                value=f"{len(roster)} rows",
                message=f"scheme {scheme.code} asks for no roster",
                remedy="remove it",
            )
        ]
    if len(roster) > scheme.roster.most_rows:
        return [
            FigureProblem(
                figure="roster",
                value=f"{len(roster)} rows",
                message=f"{scheme.roster.title} has {len(roster)} rows, above the {scheme.roster.most_rows} "
                "that the scheme allows",
                remedy="remove rows that do not belong to it",
            )
        ]
    return [
        problem
        for position, row in enumerate(roster, start=1)
        for problem in _problems_of_row(scheme.roster, row, position)
    ]


def _problems_of_row(roster: Roster, row: RosterRow, position: int) -> Iterable[FigureProblem]:
    known = {field.figure.code: field for field in roster.fields}
    for code in row:
        if code not in known:
            yield FigureProblem(
                figure=f"roster {position}.{code[:60]}",
                value=_shown(row[code]),
                message=f"{roster.title} has no field '{code[:60]}'",
                remedy=f"write one of {', '.join(known)}, or remove it",
            )
    for code, field_ in known.items():
        given = row.get(code)
        reference = f"roster {position}.{code}"
        if given is None or given.value is None:
            if not field_.optional:
                yield FigureProblem(
                    figure=reference,
                    value="",
                    message=f"row {position} of {roster.title} has no {field_.figure.title}",
                    remedy="give its value; only an optional field may be left empty",
                )
            continue
        yield from _problems_of_one(
            AskedFigure(reference=reference, title=field_.figure.title, figure=field_.figure), given
        )


def _problems_of_one(asked: AskedFigure, given: FigureValue) -> Iterable[FigureProblem]:
    figure, name = asked.figure, f"'{asked.reference}' ({asked.title})"
    if given.unit and given.unit != figure.unit:
        yield FigureProblem(
            figure=asked.reference,
            value=given.unit,
            message=f"{name} is measured in {figure.unit}, not in {given.unit}",
            remedy=f"convert the value and write the unit {figure.unit}",
            rule="other_unit",
            facts={"given": given.unit},
        )
    value = given.value
    if value is None:
        return
    shown = _shown(given)
    if figure.type not in MEASURED:
        if value.denominator != 1 or not _in_bounds(figure, value):
            yield FigureProblem(
                figure=asked.reference,
                value=shown,
                message=f"{name} is {_KIND_WORDS[figure.type]}, and {figure.text_of(value)} is none that can be",
                remedy=_remedy_of(figure),
                rule="not_of_type",
            )
        return
    if figure.type is FigureType.INTEGER and value.denominator != 1:
        yield FigureProblem(
            figure=asked.reference,
            value=shown,
            message=f"{name} counts whole {figure.unit}, so {shown} cannot be",
            remedy="write a whole number",
            rule="not_whole",
        )
    if figure.type is FigureType.DECIMAL and (value * 10**figure.places).denominator != 1:
        yield FigureProblem(
            figure=asked.reference,
            value=shown,
            message=f"{name} has at most {figure.places} decimal places, but {shown} has more",
            remedy=f"round it to {figure.places} places as the paper behind it shows it",
            rule="too_many_places",
            facts={"places": str(figure.places)},
        )
    if value < figure.minimum:
        yield FigureProblem(
            figure=asked.reference,
            value=shown,
            message=f"{name} cannot be below {exact_text(figure.minimum)}, but is {shown}",
            remedy=f"correct it, or set its status: {', '.join(MISSING)}",
            rule="below",
            facts={"limit": exact_text(figure.minimum)},
        )
    if figure.maximum is not None and value > figure.maximum:
        yield FigureProblem(
            figure=asked.reference,
            value=shown,
            message=f"{name} cannot be above {exact_text(figure.maximum)} {figure.unit}, but is {shown}",
            remedy=f"correct it; look whether the unit is {figure.unit}",
            rule="above",
            facts={"limit": exact_text(figure.maximum)},
        )


_KIND_WORDS = {
    FigureType.BOOLEAN: "true or false",
    FigureType.DATE: "a date",
    FigureType.CATEGORY: "a category",
}


def _in_bounds(figure: Figure, value: Fraction) -> bool:
    return figure.minimum <= value and (figure.maximum is None or value <= figure.maximum)


def _remedy_of(figure: Figure) -> str:
    if figure.type is FigureType.DATE:
        latest = f" to {figure.text_of(figure.maximum)}" if figure.maximum is not None else " on"
        return f"write a day from {figure.text_of(figure.minimum)}{latest}"
    return f"write one of {', '.join(figure.values or ('true', 'false'))}"


def broken_relations(scheme: Scheme, figures: Mapping[str, FigureValue]) -> Iterable[FigureProblem]:
    """Yield the relations that do not hold, as far as all their figures are there and have a value."""
    for relation in scheme.relations:
        given = [figures.get(reference) for reference in (*relation.lower, *relation.upper)]
        if any(each is None or each.value is None for each in given):
            continue
        lower = [figures[reference].value for reference in relation.lower]
        upper = [figures[reference].value for reference in relation.upper]
        low, high = sum(filter(None, lower), Fraction(0)), sum(filter(None, upper), Fraction(0))
        if low > high:
            yield FigureProblem(
                figure=relation.lower[0],
                value=exact_text(low),
                message=f"{' + '.join(relation.lower)} is {exact_text(low)}, above "
                f"{' + '.join(relation.upper)}, which is {exact_text(high)}: {relation.message}",
                remedy=f"correct one of {', '.join((*relation.lower, *relation.upper))}",
                rule="relation",
                facts={"message": relation.message, "low": exact_text(low), "high": exact_text(high)},
            )


def _shown(given: FigureValue) -> str:
    return given.status.value if given.value is None else exact_text(given.value)


def expert_score_problem(
    scheme: Scheme, *, item: str, score: Fraction, sub_type: str | None = None
) -> str | None:
    """Say what is wrong with one expert's score, in words with the remedy; None when it can be.

    Without `sub_type` a score is held against the most that an entry of any sub-type can get.
    """
    known = {expert_item.code: expert_item for expert_item in scheme.expert_items}
    if item not in known:
        return f"scheme {scheme.code} has no expert item '{item}'; write one of {', '.join(known) or 'none'}"
    chosen = (scheme.sub_types or ("",)) if sub_type is None else (sub_type,)
    highest = Fraction(max(known[item].full_marks_for(each) for each in chosen), HUNDREDTHS)
    if not 0 <= score <= highest:
        return (
            f"the score {exact_text(score)} of '{item}' ({known[item].title}) must lie between 0 and "
            f"{exact_text(highest)}; correct it"
        )
    if (score * 10**scheme.points_places).denominator != 1:
        return (
            f"the score {exact_text(score)} of '{item}' ({known[item].title}) has more than "
            f"{scheme.points_places} decimal places; round it as the expert meant it"
        )
    return None
