"""What does a scheme (评价方案) ask for, and how many points does it give for what?

The values here hold one scheme as it was loaded and checked (`hatchmark.schemes.loader`). Every number is an
exact `Fraction` or an int of hundredths of a point; no number of any regulation stands in this module.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from hatchmark.domain.outcomes import Grade, Outcome

HUNDREDTHS = 100
LAST_YEAR = "@last"
LONGEST_NUMBER = 30

_PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


class Part(StrEnum):
    """一级指标: what a group of indicators is measured by, and whether it counts above the full marks."""

    QUANTITATIVE = "quantitative"
    QUALITATIVE = "qualitative"
    BONUS = "bonus"


class Provenance(StrEnum):
    """Whether a scheme is the published rule of its authority or a reconstruction of it."""

    OFFICIAL = "official"
    RECONSTRUCTION = "reconstruction"


class Rounding(StrEnum):
    """What happens to the digits behind the last place of a point."""

    HALF_UP = "half_up"
    DOWN = "down"


class FigureType(StrEnum):
    """Whether a figure counts things or measures an amount."""

    INTEGER = "integer"
    DECIMAL = "decimal"


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


def read_figure(*, status: str, value: str, unit: str = "", source: str = "") -> FigureValue:
    """Make a figure's value from the texts of a file; raise ValueError that says what cannot be."""
    if status not in [known.value for known in FigureStatus]:
        raise ValueError(f"'{status}' is no status of a figure; write one of {', '.join(FigureStatus)}")
    known = FigureStatus(status)
    if known is FigureStatus.REPORTED:
        if not value:
            raise ValueError("a reported figure needs a value; write it, or set the status to absent")
        return FigureValue(status=known, value=parse_number(value), unit=unit, source=source)
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
    unit: str
    type: FigureType
    minimum: Fraction
    maximum: Fraction | None
    last_year: bool
    missing: Mapping[FigureStatus, Treatment]
    basis: str


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
class Bands:
    """分档: the points of the highest band that the sum of the figures reaches."""

    figures: tuple[str, ...]
    bands: tuple[Band, ...]

    @property
    def references(self) -> tuple[str, ...]:
        return self.figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """线性: nothing up to `start`, the full marks from `end` on, in proportion between them."""

    figures: tuple[str, ...]
    start: Fraction
    end: Fraction

    @property
    def references(self) -> tuple[str, ...]:
        return self.figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """比率: sum of `of` to sum of `to`, times `per`; in proportion up to `full_at`, the full marks."""

    of: tuple[str, ...]
    to: tuple[str, ...]
    per: Fraction
    full_at: Fraction
    show: Show
    unit: str
    when_zero: Treatment

    @property
    def references(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.of, *self.to)))


@dataclass(frozen=True, slots=True, kw_only=True)
class PerUnit:
    """计件: so many points for each unit, up to the full marks."""

    figures: tuple[str, ...]
    points_each: Fraction

    @property
    def references(self) -> tuple[str, ...]:
        return self.figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """增长率: (this year − last year) ÷ last year, by bands."""

    figure: str
    bands: tuple[Band, ...]
    when_zero: Treatment

    @property
    def references(self) -> tuple[str, ...]:
        return (self.figure, self.figure + LAST_YEAR)


Formula = Bands | Linear | Ratio | PerUnit | Growth


# ---- the tree ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """二级指标: indicators or expert items whose points are summed."""

    code: str
    title: str
    part: Part
    full_marks: int
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """三级指标: points computed from figures, by the formula of the entry's sub-type."""

    code: str
    title: str
    group: str
    full_marks: int
    formulas: Mapping[str, Formula]
    missing: Mapping[FigureStatus, Treatment]
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertItem:
    """专家评分项: points given by experts."""

    code: str
    title: str
    group: str
    full_marks: int
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertRule:
    """How several experts' scores become one; fewer than `minimum` become none.

    From `trim_from` scores on, one highest and one lowest are left out; None: never.
    """

    minimum: int
    trim_from: int | None
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto:
    """一票否决: while `when` holds, the grade is `grade_at_most` or worse."""

    code: str
    title: str
    when: Condition
    grade_at_most: Grade
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeCut:
    """等次分数线: the grade from `at_least` hundredths of a point on."""

    grade: Grade
    at_least: int
    below: int | None
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceRule:
    """What grade an entry gets that was due and did not take part; None: no grade."""

    grade: Grade | None
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """What is proposed, never decided, after `grade` came `times_in_a_row` times to one of this status."""

    code: str
    title: str
    status: Status
    grade: Grade
    times_in_a_row: int
    propose: Outcome
    basis: str


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


# ---- what is wrong with the figures of an entry -----------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureProblem:
    """One thing that cannot be in what an institution handed in. `figure` is `CODE` or `CODE@last`."""

    figure: str
    value: str
    message: str
    remedy: str


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
        problems.extend(_broken_relations(scheme, figures))
    return problems


def _problems_of_one(asked: AskedFigure, given: FigureValue) -> Iterable[FigureProblem]:
    figure, name = asked.figure, f"'{asked.reference}' ({asked.title})"
    if given.unit and given.unit != figure.unit:
        yield FigureProblem(
            figure=asked.reference,
            value=given.unit,
            message=f"{name} is measured in {figure.unit}, not in {given.unit}",
            remedy=f"convert the value and write the unit {figure.unit}",
        )
    value = given.value
    if value is None:
        return
    shown = _shown(given)
    if figure.type is FigureType.INTEGER and value.denominator != 1:
        yield FigureProblem(
            figure=asked.reference,
            value=shown,
            message=f"{name} counts whole {figure.unit}, so {shown} cannot be",
            remedy="write a whole number",
        )
    if value < figure.minimum:
        yield FigureProblem(
            figure=asked.reference,
            value=shown,
            message=f"{name} cannot be below {exact_text(figure.minimum)}, but is {shown}",
            remedy=f"correct it, or set its status: {', '.join(MISSING)}",
        )
    if figure.maximum is not None and value > figure.maximum:
        yield FigureProblem(
            figure=asked.reference,
            value=shown,
            message=f"{name} cannot be above {exact_text(figure.maximum)} {figure.unit}, but is {shown}",
            remedy=f"correct it; look whether the unit is {figure.unit}",
        )


def _broken_relations(scheme: Scheme, figures: Mapping[str, FigureValue]) -> Iterable[FigureProblem]:
    for relation in scheme.relations:
        lower = [figures[reference].value for reference in relation.lower]
        upper = [figures[reference].value for reference in relation.upper]
        if None in lower or None in upper:
            continue
        low, high = sum(filter(None, lower), Fraction(0)), sum(filter(None, upper), Fraction(0))
        if low > high:
            yield FigureProblem(
                figure=relation.lower[0],
                value=exact_text(low),
                message=f"{' + '.join(relation.lower)} is {exact_text(low)}, above "
                f"{' + '.join(relation.upper)}, which is {exact_text(high)}: {relation.message}",
                remedy=f"correct one of {', '.join((*relation.lower, *relation.upper))}",
            )


def _shown(given: FigureValue) -> str:
    return given.status.value if given.value is None else exact_text(given.value)


def expert_score_problem(scheme: Scheme, *, item: str, score: Fraction) -> str | None:
    """Say what is wrong with one expert's score, in words with the remedy; None when it can be."""
    known = {expert_item.code: expert_item for expert_item in scheme.expert_items}
    if item not in known:
        return f"scheme {scheme.code} has no expert item '{item}'; write one of {', '.join(known) or 'none'}"
    highest = Fraction(known[item].full_marks, HUNDREDTHS)
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
