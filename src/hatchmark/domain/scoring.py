"""How many points does an entry get under a scheme, and by which working?

Every number carries its figures, its formula in words, its exact value and the clause it rests on, so that
the page, the notice and an objection show the same working. Points are ints of hundredths; everything before
the one rounding, which happens at each indicator and each expert item, is an exact Fraction.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, TypeVar

from hatchmark.domain.expression_words import ExpressionWords
from hatchmark.domain.expressions import SUB_TYPE, Expression, Values, holds, holds_for, number
from hatchmark.domain.grading import Facts, GradeProposal, Standing, propose_grade
from hatchmark.domain.outcomes import Grade
from hatchmark.domain.scheme import (
    HUNDREDTHS,
    MEASURED,
    Band,
    Bands,
    Better,
    ByCategory,
    ExpertItem,
    ExpertMethod,
    ExpertRule,
    FigureStatus,
    FigureType,
    FigureValue,
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
    RosterRow,
    Rounding,
    Scheme,
    Show,
    Take,
    Threshold,
    TooFew,
    Treatment,
    YesNo,
    exact_text,
    expert_score_problem,
    points_text,
)

STATUS_WORDS = {
    FigureStatus.REPORTED: "已填报",
    FigureStatus.ABSENT: "未填报",
    FigureStatus.NOT_APPLICABLE: "不适用",
    FigureStatus.REFUSED: "拒报",
}
PART_WORDS = {
    Part.QUANTITATIVE: "定量评价",
    Part.QUALITATIVE: "定性评价",
    Part.BONUS: "加分项",
    Part.DEDUCTION: "扣分项",
}

# Where several figures of one indicator are missing, the gravest treatment counts.
_GRAVEST_FIRST = (Treatment.UNSCORED, Treatment.NO_POINTS, Treatment.FULL_POINTS)
_PERCENT_PLACES = 2
_NUMBER_PLACES = 4
_MOST_PLACES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryInputs:
    """Everything of one entry that its score may depend on. Nothing of another entry is among it.

    `elsewhere` holds the grade that it has in another kind or at another level, by the code of that.
    """

    figures: Mapping[str, FigureValue]
    expert_scores: Mapping[str, tuple[Fraction, ...]]
    sub_type: str | None = None
    facts: Facts = Facts()  # noqa: RUF009 - frozen, so shared safely
    roster: tuple[RosterRow, ...] = ()
    elsewhere: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """The values of all entries of a table that one indicator compares, from the lowest up."""

    values: tuple[Fraction, ...]

    @property
    def mean(self) -> Fraction:
        """The mean of the values."""
        return sum(self.values, Fraction(0)) / len(self.values)

    def rank(self, value: Fraction, better: Better) -> int:
        """Return the place of a value; equal values share the better place."""
        if better is Better.LOW:
            return bisect_left(self.values, value) + 1
        return len(self.values) - bisect_right(self.values, value) + 1


Cohorts = Mapping[tuple[str, str], Cohort]
"""Cohorts by `Indicator.cohort_key`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureUse:
    """One figure as the working used it."""

    reference: str
    title: str
    unit: str
    status: FigureStatus
    value: Fraction | None
    source: str
    text: str = ""
    """The value as a person writes it, where it is no number."""
    is_truth: bool = False

    @property
    def said(self) -> str:
        """The value in Chinese words, or why there is none."""
        if self.value is None:
            return STATUS_WORDS[self.status]
        if self.is_truth:
            return "是" if self.value else "否"
        return self.text or exact_text(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineScore:
    """A leaf of the working: an indicator or an expert item. `points` None: not scored, `words` says why."""

    code: str
    title: str
    group: str
    full_marks: int
    formula: Formula | None
    figures: tuple[FigureUse, ...]
    scores: tuple[Fraction, ...]
    value: Fraction | None
    value_text: str
    points: int | None
    words: str
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupScore:
    """A group with its leaves; its points are their sum and that of the groups in it, after its cap.

    None while one of them is not scored. A deduction's points are below zero.
    """

    group: Group
    lines: tuple[LineScore, ...]
    points: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """What a cap takes away from the sum of the leaves, or a floor adds to it; zero ones are not listed."""

    code: str
    points: int
    words: str
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """The whole working of one entry. leaves + adjustments = total, to the last digit."""

    scheme: Scheme
    sub_type: str
    groups: tuple[GroupScore, ...]
    adjustments: tuple[Adjustment, ...]
    total: int | None
    total_words: str
    grade: GradeProposal
    unscored: tuple[str, ...]

    @property
    def total_text(self) -> str | None:
        """The total as exact text ("82.35"), None where there is none."""
        return None if self.total is None else points_text(self.total)

    @property
    def proposed_grade(self) -> Grade | None:
        """The grade that the rules propose, None where they cannot."""
        return self.grade.grade

    def leaves(self) -> Iterator[LineScore]:
        """Yield every indicator and expert item in the scheme's order."""
        for group in self.groups:
            yield from group.lines

    def as_document(self) -> dict[str, Any]:
        """Return the working as a JSON-able document; every number in it is exact text."""
        return {
            "scheme": _scheme_document(self.scheme),
            "sub_type": self.sub_type or None,
            "groups": [_group_document(group, self.sub_type) for group in self.groups],
            "adjustments": [
                {
                    "code": adjustment.code,
                    "points": points_text(adjustment.points),
                    "words": adjustment.words,
                    "basis": adjustment.basis,
                }
                for adjustment in self.adjustments
            ],
            "total": self.total_text,
            "total_words": self.total_words,
            "grade": {
                "grade": self.grade.grade.value if self.grade.grade else None,
                **_own_label(self.grade),
                "at_least": points_text(self.grade.cut.at_least) if self.grade.cut else None,
                "vetoes": [
                    {"code": veto.code, "title": veto.title, "basis": veto.basis}
                    for veto in self.grade.vetoes
                ],
                "words": self.grade.words,
                "basis": list(self.grade.basis),
            },
            "unscored": list(self.unscored),
        }


def score_entry(
    scheme: Scheme,
    *,
    figures: Mapping[str, FigureValue],
    expert_scores: Mapping[str, tuple[Fraction, ...]],
    sub_type: str | None = None,
    facts: Facts = Facts(),  # noqa: B008 - frozen, so shared safely
    roster: Sequence[RosterRow] = (),
    elsewhere: Mapping[str, str] | None = None,
    cohorts: Cohorts | None = None,
    standing: Standing | None = None,
) -> Scorecard:
    """Score one entry. An absent entry is not scored: its grade is the one the absence rule gives.

    Expects figures that `validate_figures` found nothing wrong with. `cohorts` and `standing` come from the whole
    table (`hatchmark.engines.reference.score_table`); without them what needs the table is not scored or graded,
    and the working says so. Raises ValueError for a figure that the scheme needs and that is not there (a missing
    one has a status), for an expert score that cannot be, and for an unknown sub-type.
    """
    chosen = scheme.sub_type_of(sub_type)
    if facts.absent:
        grade = propose_grade(scheme, total=None, facts=facts)
        return Scorecard(
            scheme=scheme,
            sub_type=chosen,
            groups=(),
            adjustments=(),
            total=None,
            total_words="未参评，不计分",
            grade=grade,
            unscored=(),
        )
    _refuse_impossible_scores(scheme, expert_scores, chosen)
    entry = _Entry(
        scheme=scheme,
        figures=figures,
        expert_scores=expert_scores,
        sub_type=chosen,
        values=_values(scheme, figures, roster, chosen),
        cohorts=cohorts,
    )
    groups, caps = _score_groups(entry)
    unscored = tuple(line.words for group in groups for line in group.lines if line.points is None)
    total: int | None = None
    total_words = f"有 {len(unscored)} 项未能计分，不能得出总分"
    adjustments: tuple[Adjustment, ...] = ()
    if not unscored:
        total, total_words, adjustments = _add_up(scheme, groups)
        adjustments = (*caps, *adjustments)
    return Scorecard(
        scheme=scheme,
        sub_type=chosen,
        groups=groups,
        adjustments=adjustments,
        total=total,
        total_words=total_words,
        grade=propose_grade(
            scheme,
            total=total,
            facts=facts,
            standing=standing,
            held=_held(entry),
            elsewhere=elsewhere,
        ),
        unscored=unscored,
    )


def graded_by_rank(card: Scorecard, inputs: EntryInputs, *, standing: Standing) -> Scorecard:
    """Return the scorecard with the grade that follows once its place in the table is known."""
    held = frozenset(veto.code for veto in card.grade.vetoes)
    grade = propose_grade(
        card.scheme,
        total=card.total,
        facts=inputs.facts,
        standing=standing,
        held=held,
        elsewhere=inputs.elsewhere,
    )
    return replace(card, grade=grade)


def cohort_value(scheme: Scheme, indicator: Indicator, inputs: EntryInputs) -> Fraction | None:
    """Return what an entry brings into the cohort of an indicator; None where it has no part in it.

    An absent entry has none, nor one whose figures are missing.
    """
    if inputs.facts.absent:
        return None
    sub_type = scheme.sub_type_of(inputs.sub_type)
    formula = indicator.formulas.get(sub_type)
    if not isinstance(formula, MinMax | RatioToMean | RatioToMax | RankShare):
        return None
    values = _values(scheme, inputs.figures, inputs.roster, sub_type)
    if any(reference not in values.figures for reference in formula.references):
        return None
    return _value_of(formula, values)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One entry while it is scored."""

    scheme: Scheme
    figures: Mapping[str, FigureValue]
    expert_scores: Mapping[str, tuple[Fraction, ...]]
    sub_type: str
    values: Values
    cohorts: Cohorts | None


def _values(
    scheme: Scheme, figures: Mapping[str, FigureValue], roster: Sequence[RosterRow], sub_type: str
) -> Values:
    known = {reference: given.value for reference, given in figures.items() if given.value is not None}
    if sub_type:
        known[SUB_TYPE] = Fraction(scheme.sub_types.index(sub_type) + 1)
    rows = tuple({code: cell.value for code, cell in row.items() if cell.value is not None} for row in roster)
    return Values(figures=known, roster=rows)


def _held(entry: _Entry) -> frozenset[str]:
    """Return the codes of the vetoes on figures that hold."""
    held = set()
    for veto in entry.scheme.vetoes:
        if veto.when_true is None:
            continue
        missing = any(reference not in entry.values.figures for reference in veto.when_true.references)
        if veto.holds_when_missing if missing else holds(veto.when_true, entry.values):
            held.add(veto.code)
    return frozenset(held)


def rounded(points: Fraction, *, scheme: Scheme) -> int:
    """Round points (never negative) at the scheme's last place, by its rule; return hundredths."""
    scaled = points * _power_of_ten(scheme.points_places)
    half = Fraction(1, 2) if scheme.rounding is Rounding.HALF_UP else Fraction(0)
    last_place = HUNDREDTHS // _power_of_ten(scheme.points_places)
    return math.floor(scaled + half) * last_place


def combine_expert_scores(scores: Sequence[Fraction], *, rule: ExpertRule) -> Fraction | None:
    """Return the one score of an item by the rule's method.

    None where there are too few and the rule has no answer to it: the item goes back for another expert.
    """
    if len(scores) < rule.minimum:
        if rule.too_few is TooFew.NO_POINTS:
            return Fraction(0)
        if rule.too_few is TooFew.MEAN and scores:
            return sum(scores, Fraction(0)) / len(scores)
        return None
    kept = _kept(scores, rule=rule)
    return sum(kept, Fraction(0)) / len(kept)


def _kept(scores: Sequence[Fraction], *, rule: ExpertRule) -> list[Fraction]:
    """Return the scores whose mean counts, where there are enough."""
    ordered = sorted(scores)
    if rule.method is ExpertMethod.MEDIAN:
        return ordered[(len(ordered) - 1) // 2 : len(ordered) // 2 + 1]
    if rule.method is ExpertMethod.TRIMMED:
        return ordered[rule.trim : len(ordered) - rule.trim]
    return ordered[1:-1] if rule.trim_from is not None and len(scores) >= rule.trim_from else ordered


def _refuse_impossible_scores(
    scheme: Scheme, expert_scores: Mapping[str, tuple[Fraction, ...]], sub_type: str
) -> None:
    for item, scores in expert_scores.items():
        for score in scores:
            if problem := expert_score_problem(scheme, item=item, score=score, sub_type=sub_type):
                raise ValueError(problem)


# ---- a whole table ----------------------------------------------------------------------------------------

Key = TypeVar("Key")


def score_together(scheme: Scheme, entries: Mapping[Key, EntryInputs]) -> Iterator[tuple[Key, Scorecard]]:
    """Yield the scorecard of each entry of a table, in the order of `entries`.

    Only a scheme that compares (a formula over the cohort, grades by rank) lets one entry bear on another. A ValueError
    of one entry is raised again with the entry's name in front.
    """
    if not scheme.needs_table:
        for key, inputs in entries.items():
            yield key, _card(scheme, key, inputs, cohorts=None)
        return
    cohorts = cohorts_of(scheme, entries)
    cards = {key: _card(scheme, key, inputs, cohorts=cohorts) for key, inputs in entries.items()}
    standings = standings_of(cards) if scheme.grades_by_rank else {}
    for key, card in cards.items():
        if key in standings:
            yield key, graded_by_rank(card, entries[key], standing=standings[key])
        else:
            yield key, card


def cohorts_of(scheme: Scheme, entries: Mapping[Key, EntryInputs]) -> Cohorts:
    """Return the values of the whole table that each indicator compares with."""
    found: dict[tuple[str, str], list[Fraction]] = {}
    for key, inputs in entries.items():
        try:
            sub_type = scheme.sub_type_of(inputs.sub_type)
        except ValueError as error:
            raise ValueError(f"entry {key}: {error}") from error
        for indicator in scheme.indicators:
            value = cohort_value(scheme, indicator, inputs)
            if value is not None:
                found.setdefault(indicator.cohort_key(sub_type), []).append(value)
    return {key: Cohort(values=tuple(sorted(values))) for key, values in found.items()}


def standings_of(cards: Mapping[Key, Scorecard]) -> dict[Key, Standing]:
    """Return the place of each entry that has a total and is not excluded. Equal totals share a place."""
    ranked = {
        key: card.total for key, card in cards.items() if card.total is not None and not card.grade.excluded
    }
    pending = sum(
        card.total is None and bool(card.groups) and not card.grade.excluded for card in cards.values()
    )
    totals = sorted(ranked.values())
    standings = {}
    for key, total in ranked.items():
        first, after = bisect_left(totals, total), bisect_right(totals, total)
        standings[key] = Standing(
            rank=len(totals) - after + 1, tied=after - first, ranked=len(totals), pending=pending
        )
    return standings


def _card(scheme: Scheme, key: object, inputs: EntryInputs, *, cohorts: Cohorts | None) -> Scorecard:
    try:
        return score_entry(
            scheme,
            figures=inputs.figures,
            expert_scores=inputs.expert_scores,
            sub_type=inputs.sub_type,
            facts=inputs.facts,
            roster=inputs.roster,
            elsewhere=inputs.elsewhere,
            cohorts=cohorts,
        )
    except ValueError as error:
        raise ValueError(f"entry {key}: {error}") from error


# ---- groups and the total ---------------------------------------------------------------------------------


def _score_groups(entry: _Entry) -> tuple[tuple[GroupScore, ...], tuple[Adjustment, ...]]:
    """Score every group, the inner ones before those that they lie in."""
    scheme = entry.scheme
    lines = {group.code: _lines_of(entry, group) for group in scheme.groups}
    inner: dict[str, list[Group]] = {}
    for group in scheme.groups:
        inner.setdefault(group.parent, []).append(group)
    counted: dict[str, int | None] = {}
    caps: dict[str, Adjustment] = {}

    def count(group: Group) -> int | None:
        # As deep as the loader lets groups lie in one another, which is not deep.
        parts = [line.points for line in lines[group.code]]
        parts += [count(child) for child in inner.get(group.code, ())]
        points = [part for part in parts if part is not None]
        if len(points) != len(parts):
            counted[group.code] = None
            return None
        total = sum(points)
        if group.cap is not None and (over := abs(total) - group.cap) > 0:
            sign = -1 if total < 0 else 1
            why = f"{group.title}合计 {points_text(abs(total))} 分，超过上限 {points_text(group.cap)} 分"
            less = "扣减" if sign > 0 else "少扣"
            caps[group.code] = Adjustment(
                code=f"cap_{group.code}",
                points=-sign * over,
                words=f"{why}，{less} {points_text(over)} 分",
                basis=group.basis,
            )
            total -= sign * over
        counted[group.code] = total
        return total

    for group in inner.get("", ()):
        count(group)
    scored = tuple(
        GroupScore(group=group, lines=lines[group.code], points=counted[group.code])
        for group in scheme.groups
    )
    return scored, tuple(caps[group.code] for group in scheme.groups if group.code in caps)


def _lines_of(entry: _Entry, group: Group) -> tuple[LineScore, ...]:
    scheme = entry.scheme
    lines = [
        _score_indicator(entry, indicator, deduction=group.part is Part.DEDUCTION)
        for indicator in scheme.indicators
        if indicator.group == group.code and entry.sub_type in indicator.formulas
    ]
    for item in scheme.expert_items:
        if item.group == group.code and item.full_marks_for(entry.sub_type):
            scores = entry.expert_scores.get(item.code, ())
            lines.append(_score_item(scheme, item, scores, item.full_marks_for(entry.sub_type)))
    return tuple(lines)


def _add_up(scheme: Scheme, groups: Sequence[GroupScore]) -> tuple[int, str, tuple[Adjustment, ...]]:
    outer = [group for group in groups if not group.group.parent]
    parts = {
        part: sum(group.points or 0 for group in outer if group.group.part is part)
        for part in Part
        if any(group.group.part is part for group in outer)
    }
    words = ""
    for part, points in parts.items():
        sign = " − " if part is Part.DEDUCTION else " + " if words else ""
        words += f"{sign}{PART_WORDS[part]} {points_text(abs(points))}"
    total, adjustments = sum(parts.values()), []
    bonus = parts.get(Part.BONUS, 0)
    if (over := bonus - scheme.bonus_cap) > 0:
        why = f"加分合计 {points_text(bonus)} 分，超过上限 {points_text(scheme.bonus_cap)} 分"
        adjustments.append(_cap("bonus_cap", over, why, scheme))
        words += f" − 加分超限扣减 {points_text(over)}"
        total -= over
    if (over := total - scheme.total_cap) > 0:
        why = f"总分合计 {points_text(total)} 分，超过上限 {points_text(scheme.total_cap)} 分"
        adjustments.append(_cap("total_cap", over, why, scheme))
        words += f" − 总分超限扣减 {points_text(over)}"
        total -= over
    if total < 0:
        why = f"总分合计 {points_text(total)} 分，总分不低于零，补足 {points_text(-total)} 分"
        adjustments.append(Adjustment(code="total_floor", points=-total, words=why, basis=scheme.basis))
        words += f" + 总分不低于零补足 {points_text(-total)}"
        total = 0
    return total, f"总分 = {words} = {points_text(total)} 分", tuple(adjustments)


def _cap(code: str, over: int, words: str, scheme: Scheme) -> Adjustment:
    return Adjustment(
        code=code, points=-over, words=f"{words}，扣减 {points_text(over)} 分", basis=scheme.basis
    )


# ---- one indicator ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Computed:
    """What a formula makes of the figures: a value and exact points, or the treatment it falls back on."""

    words: str
    value: Fraction | None = None
    value_text: str = ""
    points: Fraction | None = None
    fallback: Treatment | None = None


def _score_indicator(entry: _Entry, indicator: Indicator, *, deduction: bool) -> LineScore:
    scheme = entry.scheme
    formula = indicator.formulas[entry.sub_type]
    uses = tuple(_use(scheme, reference, entry.figures, indicator) for reference in formula.references)
    full_marks = indicator.full_marks_for(entry.sub_type)
    full = Fraction(full_marks, HUNDREDTHS)
    missing = [use for use in uses if use.value is None]
    if missing:
        treatments = [_treatment(scheme, indicator, use) for use in missing]
        gravest = min(treatments, key=_GRAVEST_FIRST.index)
        which = "、".join(f"{use.title}{STATUS_WORDS[use.status]}" for use in missing)
        computed = _Computed(words=f"{indicator.title}：{which}", fallback=gravest)
        basis = f"{indicator.basis}；{scheme.missing.basis}"
    else:
        basis = indicator.basis
        computed = _compute(entry, indicator, formula, {use.reference: use for use in uses}, full)
    points, words = _points_of(computed, full, scheme)
    if deduction and points is not None:
        points = -points
        words += f"；属扣分项，扣 {points_text(-points)} 分"
    return LineScore(
        code=indicator.code,
        title=indicator.title,
        group=indicator.group,
        full_marks=full_marks,
        formula=formula,
        figures=uses,
        scores=(),
        value=computed.value,
        value_text=computed.value_text,
        points=points,
        words=words,
        basis=basis,
    )


def _use(
    scheme: Scheme, reference: str, figures: Mapping[str, FigureValue], indicator: Indicator
) -> FigureUse:
    if reference not in figures:
        raise ValueError(
            f"figure '{reference}' is not there, but indicator '{indicator.code}' of {scheme.code} needs it; "
            "give its value, or its status: absent, not_applicable, refused"
        )
    asked, given = scheme.asked[reference], figures[reference]
    spelt = given.value is not None and asked.figure.type not in MEASURED
    return FigureUse(
        reference=reference,
        title=asked.title,
        unit=asked.figure.unit,
        status=given.status,
        value=given.value,
        source=given.source,
        text=asked.figure.text_of(given.value) if spelt and given.value is not None else "",
        is_truth=asked.figure.type is FigureType.BOOLEAN,
    )


def _treatment(scheme: Scheme, indicator: Indicator, use: FigureUse) -> Treatment:
    """The rule nearest to the number counts: the indicator's, else the figure's, else the scheme's."""
    own = scheme.asked[use.reference].figure.missing
    for rules in (indicator.missing, own):
        if use.status in rules:
            return rules[use.status]
    return scheme.missing.treatments[use.status]


def _points_of(computed: _Computed, full: Fraction, scheme: Scheme) -> tuple[int | None, str]:
    if computed.fallback is Treatment.UNSCORED:
        return None, f"{computed.words}，按方案规定暂不计分，须先补正"
    if computed.fallback is Treatment.NO_POINTS:
        return 0, f"{computed.words}，按方案规定不得分"
    if computed.fallback is Treatment.FULL_POINTS:
        return int(full * HUNDREDTHS), f"{computed.words}，按方案规定得满分 {exact_text(full)} 分"
    if computed.points is None:
        raise AssertionError("a formula gives points or a fallback")
    return rounded(computed.points, scheme=scheme), computed.words


def _compute(
    entry: _Entry, indicator: Indicator, formula: Formula, uses: Mapping[str, FigureUse], full: Fraction
) -> _Computed:
    title, scheme = indicator.title, entry.scheme
    match formula:
        case Ratio():
            return _compute_ratio(entry, title, formula, uses, full)
        case Growth():
            return _compute_growth(title, formula, uses, scheme)
        case YesNo():
            return _compute_yes_no(entry, title, formula, uses, full)
        case ByCategory():
            return _compute_by_category(entry, title, formula, uses, full)
        case Bands():
            return _compute_bands(
                title, formula, _amount_of(entry, title, formula, uses, formula.bands), scheme
            )
        case Linear():
            lines = (formula.start, formula.end)
            return _compute_linear(formula, _amount_of(entry, title, formula, uses, lines), full, scheme)
        case PerUnit():
            return _compute_per_unit(formula, _amount_of(entry, title, formula, uses), full, scheme)
        case PerAmount():
            return _compute_per_amount(formula, _amount_of(entry, title, formula, uses), full, scheme)
        case Threshold():
            edge = (formula.start,)
            return _compute_threshold(formula, _amount_of(entry, title, formula, uses, edge), full, scheme)
        case MinMax() | RatioToMean() | RatioToMax() | RankShare():
            amount = _amount_of(entry, title, formula, uses)
            cohort = (entry.cohorts or {}).get(indicator.cohort_key(entry.sub_type))
            if cohort is None:
                words = f"{amount.equation}；本项与全部参评单位比较计分，须有整表"
                return _Computed(words=words, fallback=Treatment.UNSCORED)
            return _compute_beside(formula, amount, cohort, full, scheme)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Amount:
    """The number that a formula starts from, in words: `equation` says how it came about."""

    value: Fraction
    shown: str
    unit: str
    equation: str
    exact: bool = True

    @property
    def text(self) -> str:
        """The value with its unit."""
        return _with_unit(self.shown, self.unit)

    @property
    def value_text(self) -> str:
        """The value with its unit, and with a sign where digits are left out."""
        return f"{'' if self.exact else '≈ '}{self.text}"


def _value_of(formula: Measured, values: Values) -> Fraction:
    if formula.value is not None:
        return number(formula.value, values)
    return sum((values.figures[reference] for reference in formula.figures), Fraction(0))


def _amount_of(
    entry: _Entry,
    title: str,
    formula: Measured,
    uses: Mapping[str, FigureUse],
    lines: Sequence[Fraction] | Sequence[Band] = (),
) -> _Amount:
    value = _value_of(formula, entry.values)
    if formula.value is None:
        _, words, unit = _sum_of(formula.figures, uses)
        return _Amount(value=value, shown=exact_text(value), unit=unit, equation=_equation(title, words))
    edges = [line.at_least if isinstance(line, Band) else line for line in lines]
    unit = formula.value.unit
    shown, exact = _shown(value, percent=False, lines=edges)
    words = _calculation(title, formula.value, entry, uses)
    return _Amount(
        value=value,
        shown=shown,
        unit=unit,
        equation=f"{words} {'=' if exact else '≈'} {_with_unit(shown, unit)}",
        exact=exact,
    )


def _calculation(title: str, expression: Expression, entry: _Entry, uses: Mapping[str, FigureUse]) -> str:
    """Return the expression in words, with every figure and the roster that it used."""
    used = [_named(uses[reference]) for reference in expression.references]
    roster = entry.scheme.roster
    if expression.uses_roster and roster is not None:
        used.append(f"{roster.title} {len(entry.values.roster)} 行")
    among = f"（{'、'.join(used)}）" if used else ""
    return f"{title} = {ExpressionWords(scheme=entry.scheme).of(expression)}{among}"


def _with_unit(shown: str, unit: str) -> str:
    return f"{shown} {unit}" if unit else shown


def _compute_bands(title: str, formula: Bands, amount: _Amount, scheme: Scheme) -> _Computed:
    band = _band_of(formula.bands, amount.value)
    unit = f" {amount.unit}" if amount.unit else ""
    return _Computed(
        value=amount.value,
        value_text=amount.value_text,
        points=band.points,
        words=f"{amount.equation}，"
        f"{_band_words(formula.bands, band, unit=unit, show=exact_text)}，"
        f"得 {_result(band.points, scheme)}",
    )


def _compute_linear(formula: Linear, amount: _Amount, full: Fraction, scheme: Scheme) -> _Computed:
    share = (amount.value - formula.start) / (formula.end - formula.start)
    points = full * min(max(share, Fraction(0)), Fraction(1))
    start, end = exact_text(formula.start), exact_text(formula.end)
    unit = f" {amount.unit}" if amount.unit else " "
    rule = f"{start}{unit}至 {end}{unit}之间按比例计分，满分 {exact_text(full)} 分"
    if share <= 0:
        result = f"未越过起点，得 {_result(Fraction(0), scheme)}"
    elif share >= 1:
        result = f"已达满分线，得 {_result(full, scheme)}"
    else:
        share_words = f"（{amount.shown} − {start}）÷（{end} − {start}）"
        result = f"得 {exact_text(full)} ×{share_words}{_equals(points, scheme)}"
    return _Computed(
        value=amount.value,
        value_text=amount.value_text,
        points=points,
        words=f"{amount.equation}，{rule}，{result}",
    )


def _compute_ratio(
    entry: _Entry, title: str, formula: Ratio, uses: Mapping[str, FigureUse], full: Fraction
) -> _Computed:
    scheme = entry.scheme
    if formula.value is not None:
        quotient = _calculation(title, formula.value, entry, uses).removeprefix(f"{title} = ")
        value = number(formula.value, entry.values)
    else:
        above, above_shown, _ = _sum_of(formula.of, uses)
        below, below_shown, _ = _sum_of(formula.to, uses)
        factor = "" if formula.per == 1 else f" × {exact_text(formula.per)}"
        quotient = _tight(
            f"{_bracketed(above_shown, formula.of)} ÷ {_bracketed(below_shown, formula.to)}{factor}"
        )
        if below <= 0:
            return _Computed(words=f"{title} = {quotient}，除数为零，不能计算", fallback=formula.when_zero)
        value = above / below * formula.per
    percent = formula.show is Show.PERCENT
    shown, exact = _shown(value, percent=percent, lines=(formula.full_at,))
    line = _exact_percent(formula.full_at) if percent else exact_text(formula.full_at)
    unit = f" {formula.unit}" if formula.unit else ""
    points = min(full * max(value, Fraction(0)) / formula.full_at, full)
    if value >= formula.full_at:
        result = f"已达满分线，得 {_result(full, scheme)}"
    else:
        result = f"得 {exact_text(full)} × {shown} ÷ {line}{_equals(points, scheme)}"
        if not exact:
            result += f"（按精确值 {exact_text(value)} 计算）"
    return _Computed(
        value=value,
        value_text=f"{'' if exact else '≈ '}{shown}{unit}",
        points=points,
        words=f"{title} = {quotient} {'=' if exact else '≈'} {shown}{unit}，满分线 {line}{unit}，{result}",
    )


def _capped(raw: Fraction, full: Fraction, product: str, scheme: Scheme) -> str:
    return f"{product}，超过上限，得 {_result(full, scheme)}" if raw > full else f"得 {product}"


def _compute_per_unit(formula: PerUnit, amount: _Amount, full: Fraction, scheme: Scheme) -> _Computed:
    raw = max(amount.value, Fraction(0)) * formula.points_each
    each = exact_text(formula.points_each)
    result = _capped(raw, full, f"{amount.shown} × {each}{_equals(raw, scheme)}", scheme)
    return _Computed(
        value=amount.value,
        value_text=amount.value_text,
        points=min(raw, full),
        words=f"{amount.equation}，每{amount.unit or '单位'} {each} 分，最多 {exact_text(full)} 分，{result}",
    )


def _steps(value: Fraction, step: Fraction, *, partial: bool) -> Fraction:
    """Return how many steps a value makes, never below none: whole ones, or parts too."""
    steps = max(value, Fraction(0)) / step
    return steps if partial else Fraction(math.floor(steps))


def _compute_per_amount(formula: PerAmount, amount: _Amount, full: Fraction, scheme: Scheme) -> _Computed:
    steps = _steps(amount.value, formula.amount, partial=formula.partial)
    raw = steps * formula.points_each
    each = exact_text(formula.points_each)
    every = _with_unit(exact_text(formula.amount), amount.unit)
    count = f"{amount.shown} ÷ {exact_text(formula.amount)}"
    whole = "不足的按比例计" if formula.partial else "不足的不计"
    how = f"（{count}）" if formula.partial else f"{exact_text(steps)}"
    result = _capped(raw, full, f"{how} × {each}{_equals(raw, scheme)}", scheme)
    return _Computed(
        value=amount.value,
        value_text=amount.value_text,
        points=min(raw, full),
        words=f"{amount.equation}，每 {every} {each} 分，{whole}，最多 {exact_text(full)} 分，{_tight(result)}",
    )


def _compute_threshold(formula: Threshold, amount: _Amount, full: Fraction, scheme: Scheme) -> _Computed:
    start = _with_unit(exact_text(formula.start), amount.unit)
    step = _with_unit(exact_text(formula.step), amount.unit)
    base, each = exact_text(formula.base), exact_text(formula.points_each)
    rule = f"达到 {start}得 {base} 分，每超过 {step}加 {each} 分，最多 {exact_text(full)} 分"
    if amount.value < formula.start:
        points = Fraction(0)
        result = f"未达起点，得 {_result(points, scheme)}"
    else:
        steps = _steps(amount.value - formula.start, formula.step, partial=formula.partial)
        raw = formula.base + steps * formula.points_each
        points = min(raw, full)
        shown = (
            exact_text(steps) if _ends(steps, _NUMBER_PLACES) else f"{steps.numerator}/{steps.denominator}"
        )
        result = _capped(raw, full, f"{base} + {shown} × {each}{_equals(raw, scheme)}", scheme)
    return _Computed(
        value=amount.value,
        value_text=amount.value_text,
        points=points,
        words=f"{amount.equation}，{rule}，{result}",
    )


def _compute_yes_no(
    entry: _Entry, title: str, formula: YesNo, uses: Mapping[str, FigureUse], full: Fraction
) -> _Computed:
    met = holds(formula.when, entry.values)
    points = full if met else Fraction(0)
    asked = _calculation(title, formula.when, entry, uses).replace(f"{title} = ", f"{title}：", 1)
    return _Computed(
        value=Fraction(met),
        value_text="是" if met else "否",
        points=points,
        words=f"{asked}，{'符合' if met else '不符合'}，得 {_result(points, entry.scheme)}",
    )


def _compute_by_category(
    entry: _Entry, title: str, formula: ByCategory, uses: Mapping[str, FigureUse], full: Fraction
) -> _Computed:
    scheme = entry.scheme
    if formula.figure:
        use = uses[formula.figure]
        points = formula.points[use.text]
        return _Computed(
            value=points,
            value_text=use.text,
            points=points,
            words=f"{_equation(title, f'{use.title} {use.text}')}，得 {_result(points, scheme)}",
        )
    roster = scheme.roster
    if roster is None:
        raise AssertionError("the loader refuses a field of a roster that is not there")
    figure = next(known.figure for known in roster.fields if known.figure.code == formula.field)
    counts = dict.fromkeys(formula.points, 0)
    needed = (formula.field, *(formula.where.fields if formula.where else ()))
    for row in entry.values.roster:
        if all(name in row for name in needed) and (
            formula.where is None or holds_for(formula.where, entry.values, row)
        ):
            counts[figure.text_of(row[formula.field])] += 1
    found = [value for value, count in counts.items() if count]
    if formula.take is Take.HIGHEST:
        raw = max((formula.points[value] for value in found), default=Fraction(0))
        how = "只计最高一项"
    else:
        raw = sum((formula.points[value] * counts[value] for value in found), Fraction(0))
        how = "逐项相加"
    listed = "、".join(f"{value} {counts[value]} × {exact_text(formula.points[value])}" for value in found)
    only = f"（{ExpressionWords(scheme=entry.scheme).of(formula.where)}）" if formula.where else ""
    product = _result(raw, scheme)
    return _Computed(
        value=raw,
        value_text=f"{exact_text(raw)} 分",
        points=min(raw, full),
        words=f"{title}：{roster.title}{only}按{figure.title}计分，{listed or '没有一项'}，{how}，"
        f"最多 {exact_text(full)} 分，{_capped(raw, full, product, scheme)}",
    )


def _compute_beside(
    formula: MinMax | RatioToMean | RatioToMax | RankShare,
    amount: _Amount,
    cohort: Cohort,
    full: Fraction,
    scheme: Scheme,
) -> _Computed:
    """Score a value beside those of its cohort; the words name every number of the cohort that was used."""
    value, count = amount.value, len(cohort.values)
    lowest, highest = cohort.values[0], cohort.values[-1]
    fallback: Treatment | None = None
    match formula:
        case MinMax(better=better, when_equal=when_equal):
            told = f"本批 {count} 家中最低 {_brief(lowest)}、最高 {_brief(highest)}"
            if highest == lowest:
                share, fallback, how = Fraction(0), when_equal, "，各家相等，不能比较"
            elif better is Better.HIGH:
                share = (value - lowest) / (highest - lowest)
                how = f"（{amount.shown} − {_brief(lowest)}）÷（{_brief(highest)} − {_brief(lowest)}）"
            else:
                share = (highest - value) / (highest - lowest)
                how = f"（{_brief(highest)} − {amount.shown}）÷（{_brief(highest)} − {_brief(lowest)}）"
        case RatioToMean(full_at=full_at, when_zero=when_zero):
            mean = cohort.mean
            told = f"本批 {count} 家平均 {_brief(mean)}，达到平均的 {exact_text(full_at)} 倍得满分"
            if mean <= 0:
                share, fallback, how = Fraction(0), when_zero, "，平均为零，不能计算"
            else:
                share = min(value / mean / full_at, Fraction(1))
                how = f"（{amount.shown} ÷ {_brief(mean)} ÷ {exact_text(full_at)}）"
        case RatioToMax(when_zero=when_zero):
            told = f"本批 {count} 家中最高 {_brief(highest)}"
            if highest <= 0:
                share, fallback, how = Fraction(0), when_zero, "，最高为零，不能计算"
            else:
                share = value / highest
                how = f"（{amount.shown} ÷ {_brief(highest)}）"
        case RankShare(better=better, shares=shares):
            rank = cohort.rank(value, better)
            place = Fraction(rank, count)
            band = next(band for band in shares if place <= band.within)
            told = f"本批 {count} 家中位次第 {rank}，在前 {exact_text(band.within * 100)}% 以内"
            return _Computed(
                value=value,
                value_text=amount.value_text,
                points=band.points,
                words=f"{amount.equation}，{told}，得 {_result(band.points, scheme)}",
            )
    if fallback is not None:
        return _Computed(words=f"{amount.equation}，{told}{how}", fallback=fallback)
    points = full * share
    return _Computed(
        value=value,
        value_text=amount.value_text,
        points=points,
        words=f"{amount.equation}，{told}，得 {exact_text(full)} ×{how}{_equals(points, scheme)}",
    )


def _brief(value: Fraction) -> str:
    """A number of the cohort: exact where it ends, else exact as a fraction of whole numbers."""
    return exact_text(value)


def _compute_growth(title: str, formula: Growth, uses: Mapping[str, FigureUse], scheme: Scheme) -> _Computed:
    this, last = (uses[reference] for reference in formula.references)
    now, then = this.value or Fraction(0), last.value or Fraction(0)
    quotient = f"（{_named(this)} − {_named(last)}）÷ {_named(last)}"
    if then <= 0:
        return _Computed(words=f"{title} = {quotient}，上年数为零，不能计算", fallback=formula.when_zero)
    value = (now - then) / then
    band = _band_of(formula.bands, value)
    shown, exact = _shown(value, percent=True, lines=[edge.at_least for edge in formula.bands])
    return _Computed(
        value=value,
        value_text=f"{'' if exact else '≈ '}{shown}",
        points=band.points,
        words=f"{title} = {quotient} {'=' if exact else '≈'} {shown}，"
        f"{_band_words(formula.bands, band, unit='', show=_exact_percent)}，"
        f"得 {_result(band.points, scheme)}",
    )


def _sum_of(references: Sequence[str], uses: Mapping[str, FigureUse]) -> tuple[Fraction, str, str]:
    """Return the sum of figures, the sum in words and their unit."""
    chosen = [uses[reference] for reference in references]
    total = sum((use.value for use in chosen if use.value is not None), Fraction(0))
    words = " + ".join(_named(use) for use in chosen)
    return (
        total,
        f"{words} = {exact_text(total)} {chosen[0].unit}" if len(chosen) > 1 else words,
        chosen[0].unit,
    )


def _named(use: FigureUse) -> str:
    corrected = f"（{use.source}）" if use.source else ""
    return f"{use.title} {_with_unit(use.said, use.unit)}{corrected}"


def _bracketed(words: str, references: Sequence[str]) -> str:
    if len(references) == 1:
        return words
    return f"（{words.rpartition(' = ')[0]}）"


def _tight(words: str) -> str:
    """A full-width bracket brings its own space."""
    return words.replace(" （", "（").replace("） ", "）")


def _equation(title: str, shown: str) -> str:
    return shown if shown.startswith(f"{title} ") else f"{title}：{shown}"


def _band_of(bands: Sequence[Band], value: Fraction) -> Band:
    reached = [band for band in bands if value >= band.at_least]
    if not reached:
        raise ValueError(
            f"{exact_text(value)} lies below the first band; validate the figures before scoring"
        )
    return reached[-1]


def _band_words(bands: Sequence[Band], band: Band, *, unit: str, show: Callable[[Fraction], str]) -> str:
    position = bands.index(band)
    if position == len(bands) - 1:
        return f"属于“{show(band.at_least)}{unit}以上”一档"
    above = bands[position + 1]
    return f"属于“{show(band.at_least)}{unit}以上、不足 {show(above.at_least)}{unit}”一档"


# ---- expert items -----------------------------------------------------------------------------------------


def _score_item(scheme: Scheme, item: ExpertItem, scores: tuple[Fraction, ...], full_marks: int) -> LineScore:
    rule = scheme.expert_rule
    if rule is None:
        raise AssertionError("the loader refuses expert items without an expert rule")
    value = combine_expert_scores(scores, rule=rule)
    listed = "、".join(exact_text(score) for score in scores)
    given = f"有效评分 {len(scores)} 份（{listed}）" if scores else "没有有效评分"
    too_few = len(scores) < rule.minimum
    if value is None:
        points = None
        words = f"{item.title}：{given}，不足 {rule.minimum} 份，不计分，须另请专家评审"
    elif too_few and rule.too_few is TooFew.NO_POINTS:
        points = 0
        words = f"{item.title}：{given}，不足 {rule.minimum} 份，按方案规定不得分"
    else:
        kept = list(scores) if too_few else _kept(scores, rule=rule)
        how = f"不足 {rule.minimum} 份，按方案规定直接取平均" if too_few else _how(scores, kept, rule)
        added = " + ".join(exact_text(score) for score in kept)
        points = rounded(value, scheme=scheme)
        words = f"{item.title}：{given}，{how}，得（{added}）÷ {len(kept)}{_equals(value, scheme)}"
    return LineScore(
        code=item.code,
        title=item.title,
        group=item.group,
        full_marks=full_marks,
        formula=None,
        figures=(),
        scores=tuple(scores),
        value=value,
        value_text="" if value is None else _approximately(value),
        points=points,
        words=words,
        basis=f"{item.basis}；{rule.basis}",
    )


def _how(scores: Sequence[Fraction], kept: Sequence[Fraction], rule: ExpertRule) -> str:
    match rule.method:
        case ExpertMethod.MEDIAN:
            return "取中位数"
        case ExpertMethod.TRIMMED:
            return f"去掉 {rule.trim} 个最高分和 {rule.trim} 个最低分后取平均"
    return "直接取平均" if len(kept) == len(scores) else "去掉一个最高分和一个最低分后取平均"


# ---- numbers in words -------------------------------------------------------------------------------------


def _ends(value: Fraction, places: int) -> bool:
    return (value * _power_of_ten(places)).denominator == 1


def _power_of_ten(places: int) -> int:
    return int("1" + "0" * places)


def _number(value: Fraction, places: int) -> str:
    return exact_text(_half_up(value, places))


def _exact_percent(value: Fraction) -> str:
    return f"{exact_text(value * 100)}%"


def _percent(value: Fraction, places: int) -> str:
    return f"{exact_text(_half_up(value * 100, places))}%"


def _half_up(value: Fraction, places: int) -> Fraction:
    scale = _power_of_ten(places)
    whole = Fraction(math.floor(abs(value) * scale + Fraction(1, 2)), scale)
    return -whole if value < 0 else whole


def _shown(value: Fraction, *, percent: bool, lines: Sequence[Fraction]) -> tuple[str, bool]:
    """Return the value as it is printed, and whether that is exact.

    A value just beside a line that decides (a full mark, the edge of a band) is printed with so many places
    that a reader sees on which side it lies: 19.999% and not 20%.
    """
    first = _PERCENT_PLACES if percent else _NUMBER_PLACES
    show = _percent if percent else _number
    places = next(
        (
            places
            for places in range(first, _MOST_PLACES)
            if all(line == value or show(line, places) != show(value, places) for line in lines)
        ),
        _MOST_PLACES,
    )
    return show(value, places), _ends(value * 100 if percent else value, places)


def _approximately(value: Fraction) -> str:
    rounded_off = "" if _ends(value, _NUMBER_PLACES) else "≈ "
    return rounded_off + _number(value, _NUMBER_PLACES)


def _result(points: Fraction, scheme: Scheme) -> str:
    return f"{points_text(rounded(points, scheme=scheme))} 分"


def _equals(points: Fraction, scheme: Scheme) -> str:
    """Return ` = 3.33 分`, or ` ≈ 3.33 分` where the rule of rounding took something away."""
    sign = "=" if _ends(points, scheme.points_places) else "≈"
    return f" {sign} {_result(points, scheme)}"


# ---- the document -----------------------------------------------------------------------------------------


def _scheme_document(scheme: Scheme) -> dict[str, Any]:
    return {
        "code": scheme.code,
        "title": scheme.title,
        "kind": scheme.kind,
        "year": scheme.year,
        "basis": scheme.basis,
        "provenance": scheme.provenance.value,
        "provenance_note": scheme.provenance_note,
        "full_marks": points_text(scheme.full_marks),
        "bonus_cap": points_text(scheme.bonus_cap),
        "total_cap": points_text(scheme.total_cap),
        "missing_basis": scheme.missing.basis,
        "digest": scheme.digest,
    }


def _own_label(grade: GradeProposal) -> dict[str, str | int | None]:
    """What only a scheme with grades of its own or by rank has to say."""
    found: dict[str, str | int | None] = {}
    if grade.given and (grade.given.code or grade.given.label):
        found |= {"code": grade.given.name, "label": grade.given.words}
    if grade.standing:
        found |= {"rank": grade.standing.rank, "ranked": grade.standing.ranked}
    if grade.carried:
        found["carried"] = "、".join(rule.code for rule in grade.carried)
    return found


def _group_document(score: GroupScore, sub_type: str) -> dict[str, Any]:
    group = score.group
    return {
        "code": group.code,
        **({"parent": group.parent} if group.parent else {}),
        "title": group.title,
        "part": group.part.value,
        "full_marks": points_text(group.full_marks_for(sub_type)),
        **({"cap": points_text(group.cap)} if group.cap is not None else {}),
        "points": None if score.points is None else points_text(score.points),
        "basis": group.basis,
        "lines": [_line_document(line) for line in score.lines],
    }


def _line_document(line: LineScore) -> dict[str, Any]:
    return {
        "code": line.code,
        "title": line.title,
        "type": "expert_item" if line.formula is None else "indicator",
        "full_marks": points_text(line.full_marks),
        "formula": None if line.formula is None else formula_document(line.formula),
        "figures": [
            {
                "code": use.reference,
                "title": use.title,
                "unit": use.unit,
                "status": use.status.value,
                "value": use.text or (None if use.value is None else exact_text(use.value)),
                "source": use.source,
            }
            for use in line.figures
        ],
        "scores": [exact_text(score) for score in line.scores],
        "value": None if line.value is None else exact_text(line.value),
        "value_text": line.value_text,
        "points": None if line.points is None else points_text(line.points),
        "words": line.words,
        "basis": line.basis,
    }


def formula_document(formula: Formula) -> dict[str, Any]:
    """Return a formula's type and parameters, for a reader who wants another language than the words."""
    match formula:
        case Ratio():
            return _ratio_document(formula)
        case Growth(figure=figure, bands=bands, when_zero=when_zero):
            return {
                "type": "growth",
                "figure": figure,
                "bands": _bands_document(bands),
                "when_zero": when_zero.value,
            }
        case YesNo(when=when):
            return {"type": "yes_no", "when": when.text}
        case ByCategory():
            return {
                "type": "by_category",
                **({"figure": formula.figure} if formula.figure else {"field": formula.field}),
                **({} if formula.figure else {"take": formula.take.value}),
                **({"where": formula.where.text} if formula.where else {}),
                "points": {value: exact_text(points) for value, points in formula.points.items()},
            }
    return _measured_document(formula)


_OfOneNumber = (
    Bands | Linear | PerUnit | PerAmount | Threshold | MinMax | RatioToMean | RatioToMax | RankShare
)


def _ratio_document(formula: Ratio) -> dict[str, Any]:
    shown = {
        "full_at": exact_text(formula.full_at),
        "show": formula.show.value,
        "unit": formula.unit,
    }
    if formula.value is not None:
        return {"type": "ratio", "value": formula.value.text, **shown}
    return {
        "type": "ratio",
        "of": list(formula.of),
        "to": list(formula.to),
        "per": exact_text(formula.per),
        **shown,
        "when_zero": formula.when_zero.value,
    }


def _measured_document(formula: _OfOneNumber) -> dict[str, Any]:
    of = {"value": formula.value.text} if formula.value else {"figures": list(formula.figures)}
    match formula:
        case Bands(bands=bands):
            return {"type": "bands", **of, "bands": _bands_document(bands)}
        case Linear(start=start, end=end):
            return {"type": "linear", **of, "from": exact_text(start), "to": exact_text(end)}
        case PerUnit(points_each=each):
            return {"type": "per_unit", **of, "points_each": exact_text(each)}
        case PerAmount(amount=amount, points_each=each, partial=partial):
            return {
                "type": "per_amount",
                **of,
                "amount": exact_text(amount),
                "points_each": exact_text(each),
                "partial": partial,
            }
        case Threshold():
            return {
                "type": "threshold",
                **of,
                "from": exact_text(formula.start),
                "base": exact_text(formula.base),
                "step": exact_text(formula.step),
                "points_each": exact_text(formula.points_each),
                "partial": formula.partial,
            }
        case MinMax(better=better, when_equal=when_equal):
            return {"type": "min_max", **of, "better": better.value, "when_equal": when_equal.value}
        case RatioToMean(full_at=full_at, when_zero=when_zero):
            return {
                "type": "ratio_to_mean",
                **of,
                "full_at": exact_text(full_at),
                "when_zero": when_zero.value,
            }
        case RatioToMax(when_zero=when_zero):
            return {"type": "ratio_to_max", **of, "when_zero": when_zero.value}
        case RankShare(better=better, shares=shares):
            listed = [
                {"within": exact_text(band.within), "points": exact_text(band.points)} for band in shares
            ]
            return {"type": "rank_share", **of, "better": better.value, "shares": listed}


def _bands_document(bands: Sequence[Band]) -> list[dict[str, str]]:
    return [{"at_least": exact_text(band.at_least), "points": exact_text(band.points)} for band in bands]
