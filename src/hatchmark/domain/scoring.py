"""How many points does an entry get under a scheme, and by which working?

Every number carries its figures, its formula in words, its exact value and the clause it rests on, so that
the page, the notice and an objection show the same working. Points are ints of hundredths; everything before
the one rounding, which happens at each indicator and each expert item, is an exact Fraction.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from hatchmark.domain.grading import Facts, GradeProposal, propose_grade
from hatchmark.domain.outcomes import Grade
from hatchmark.domain.scheme import (
    HUNDREDTHS,
    Band,
    Bands,
    ExpertItem,
    ExpertRule,
    FigureStatus,
    FigureValue,
    Formula,
    Group,
    Growth,
    Indicator,
    Linear,
    Part,
    PerUnit,
    Ratio,
    Rounding,
    Scheme,
    Show,
    Treatment,
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
PART_WORDS = {Part.QUANTITATIVE: "定量评价", Part.QUALITATIVE: "定性评价", Part.BONUS: "加分项"}

# Where several figures of one indicator are missing, the gravest treatment counts.
_GRAVEST_FIRST = (Treatment.UNSCORED, Treatment.NO_POINTS, Treatment.FULL_POINTS)
_PERCENT_PLACES = 2
_NUMBER_PLACES = 4
_MOST_PLACES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryInputs:
    """Everything of one entry that its score may depend on. Nothing of another entry is among it."""

    figures: Mapping[str, FigureValue]
    expert_scores: Mapping[str, tuple[Fraction, ...]]
    sub_type: str | None = None
    facts: Facts = Facts()  # noqa: RUF009 - frozen, so shared safely


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureUse:
    """One figure as the working used it."""

    reference: str
    title: str
    unit: str
    status: FigureStatus
    value: Fraction | None
    source: str


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
    """A group with its leaves; its points are their sum, or None while one of them is not scored."""

    group: Group
    lines: tuple[LineScore, ...]
    points: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """What a cap takes away from the sum of the leaves: never above zero, zero caps are not listed."""

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
            "groups": [_group_document(group) for group in self.groups],
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
) -> Scorecard:
    """Score one entry. An absent entry is not scored: its grade is the one the absence rule gives.

    Expects figures that `validate_figures` found nothing wrong with. Raises ValueError for a figure that the
    scheme needs and that is not there (a missing one has a status), for an expert score that cannot be, and
    for an unknown sub-type.
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
    _refuse_impossible_scores(scheme, expert_scores)
    groups = tuple(_score_group(scheme, group, figures, expert_scores, chosen) for group in scheme.groups)
    unscored = tuple(line.words for group in groups for line in group.lines if line.points is None)
    total: int | None = None
    total_words = f"有 {len(unscored)} 项未能计分，不能得出总分"
    adjustments: tuple[Adjustment, ...] = ()
    if not unscored:
        total, total_words, adjustments = _add_up(scheme, groups)
    return Scorecard(
        scheme=scheme,
        sub_type=chosen,
        groups=groups,
        adjustments=adjustments,
        total=total,
        total_words=total_words,
        grade=propose_grade(scheme, total=total, facts=facts),
        unscored=unscored,
    )


def rounded(points: Fraction, *, scheme: Scheme) -> int:
    """Round points (never negative) at the scheme's last place, by its rule; return hundredths."""
    scaled = points * _power_of_ten(scheme.points_places)
    half = Fraction(1, 2) if scheme.rounding is Rounding.HALF_UP else Fraction(0)
    last_place = HUNDREDTHS // _power_of_ten(scheme.points_places)
    return math.floor(scaled + half) * last_place


def combine_expert_scores(scores: Sequence[Fraction], *, rule: ExpertRule) -> Fraction | None:
    """Return the one score of an item: the mean, without one highest and one lowest where the rule trims.

    None where there are too few: the item goes back for another expert.
    """
    kept = _kept(scores, rule=rule)
    return sum(kept, Fraction(0)) / len(kept) if kept else None


def _kept(scores: Sequence[Fraction], *, rule: ExpertRule) -> list[Fraction]:
    if len(scores) < rule.minimum:
        return []
    ordered = sorted(scores)
    return ordered[1:-1] if rule.trim_from is not None and len(scores) >= rule.trim_from else ordered


def _refuse_impossible_scores(scheme: Scheme, expert_scores: Mapping[str, tuple[Fraction, ...]]) -> None:
    for item, scores in expert_scores.items():
        for score in scores:
            if problem := expert_score_problem(scheme, item=item, score=score):
                raise ValueError(problem)


# ---- groups and the total ---------------------------------------------------------------------------------


def _score_group(
    scheme: Scheme,
    group: Group,
    figures: Mapping[str, FigureValue],
    expert_scores: Mapping[str, tuple[Fraction, ...]],
    sub_type: str,
) -> GroupScore:
    lines = [
        _score_indicator(scheme, indicator, figures, sub_type)
        for indicator in scheme.indicators
        if indicator.group == group.code
    ]
    for item in scheme.expert_items:
        if item.group == group.code:
            lines.append(_score_item(scheme, item, expert_scores.get(item.code, ())))
    points = [line.points for line in lines if line.points is not None]
    return GroupScore(
        group=group, lines=tuple(lines), points=sum(points) if len(points) == len(lines) else None
    )


def _add_up(scheme: Scheme, groups: Sequence[GroupScore]) -> tuple[int, str, tuple[Adjustment, ...]]:
    parts = {
        part: sum(group.points or 0 for group in groups if group.group.part is part)
        for part in Part
        if any(group.group.part is part for group in groups)
    }
    words = " + ".join(f"{PART_WORDS[part]} {points_text(points)}" for part, points in parts.items())
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


def _score_indicator(
    scheme: Scheme, indicator: Indicator, figures: Mapping[str, FigureValue], sub_type: str
) -> LineScore:
    formula = indicator.formulas[sub_type]
    uses = tuple(_use(scheme, reference, figures, indicator) for reference in formula.references)
    full = Fraction(indicator.full_marks, HUNDREDTHS)
    missing = [use for use in uses if use.value is None]
    if missing:
        treatments = [_treatment(scheme, indicator, use) for use in missing]
        gravest = min(treatments, key=_GRAVEST_FIRST.index)
        which = "、".join(f"{use.title}{STATUS_WORDS[use.status]}" for use in missing)
        computed = _Computed(words=f"{indicator.title}：{which}", fallback=gravest)
        basis = f"{indicator.basis}；{scheme.missing.basis}"
    else:
        basis = indicator.basis
        values = {use.reference: use for use in uses}
        computed = _compute(indicator.title, formula, values, full, scheme)
    points, words = _points_of(computed, full, scheme)
    return LineScore(
        code=indicator.code,
        title=indicator.title,
        group=indicator.group,
        full_marks=indicator.full_marks,
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
    return FigureUse(
        reference=reference,
        title=asked.title,
        unit=asked.figure.unit,
        status=given.status,
        value=given.value,
        source=given.source,
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
    title: str, formula: Formula, uses: Mapping[str, FigureUse], full: Fraction, scheme: Scheme
) -> _Computed:
    match formula:
        case Bands():
            return _compute_bands(title, formula, uses, scheme)
        case Linear():
            return _compute_linear(title, formula, uses, full, scheme)
        case Ratio():
            return _compute_ratio(title, formula, uses, full, scheme)
        case PerUnit():
            return _compute_per_unit(title, formula, uses, full, scheme)
        case Growth():
            return _compute_growth(title, formula, uses, scheme)


def _compute_bands(title: str, formula: Bands, uses: Mapping[str, FigureUse], scheme: Scheme) -> _Computed:
    value, shown, unit = _sum_of(formula.figures, uses)
    band = _band_of(formula.bands, value)
    return _Computed(
        value=value,
        value_text=f"{exact_text(value)} {unit}",
        points=band.points,
        words=f"{_equation(title, shown)}，"
        f"{_band_words(formula.bands, band, unit=f' {unit}', show=exact_text)}，"
        f"得 {_result(band.points, scheme)}",
    )


def _compute_linear(
    title: str, formula: Linear, uses: Mapping[str, FigureUse], full: Fraction, scheme: Scheme
) -> _Computed:
    value, shown, unit = _sum_of(formula.figures, uses)
    share = (value - formula.start) / (formula.end - formula.start)
    points = full * min(max(share, Fraction(0)), Fraction(1))
    start, end = exact_text(formula.start), exact_text(formula.end)
    rule = f"{start} {unit}至 {end} {unit}之间按比例计分，满分 {exact_text(full)} 分"
    if share <= 0:
        result = f"未越过起点，得 {_result(Fraction(0), scheme)}"
    elif share >= 1:
        result = f"已达满分线，得 {_result(full, scheme)}"
    else:
        share_words = f"（{exact_text(value)} − {start}）÷（{end} − {start}）"
        result = f"得 {exact_text(full)} ×{share_words}{_equals(points, scheme)}"
    return _Computed(
        value=value,
        value_text=f"{exact_text(value)} {unit}",
        points=points,
        words=f"{_equation(title, shown)}，{rule}，{result}",
    )


def _compute_ratio(
    title: str, formula: Ratio, uses: Mapping[str, FigureUse], full: Fraction, scheme: Scheme
) -> _Computed:
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


def _compute_per_unit(
    title: str, formula: PerUnit, uses: Mapping[str, FigureUse], full: Fraction, scheme: Scheme
) -> _Computed:
    value, shown, unit = _sum_of(formula.figures, uses)
    raw = max(value, Fraction(0)) * formula.points_each
    each = exact_text(formula.points_each)
    product = f"{exact_text(value)} × {each}{_equals(raw, scheme)}"
    result = f"{product}，超过上限，得 {_result(full, scheme)}" if raw > full else f"得 {product}"
    return _Computed(
        value=value,
        value_text=f"{exact_text(value)} {unit}",
        points=min(raw, full),
        words=f"{_equation(title, shown)}，每{unit} {each} 分，最多 {exact_text(full)} 分，{result}",
    )


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
    value = exact_text(use.value) if use.value is not None else STATUS_WORDS[use.status]
    corrected = f"（{use.source}）" if use.source else ""
    return f"{use.title} {value} {use.unit}{corrected}"


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


def _score_item(scheme: Scheme, item: ExpertItem, scores: tuple[Fraction, ...]) -> LineScore:
    rule = scheme.expert_rule
    if rule is None:
        raise AssertionError("the loader refuses expert items without an expert rule")
    value = combine_expert_scores(scores, rule=rule)
    listed = "、".join(exact_text(score) for score in scores)
    if value is None:
        given = f"有效评分 {len(scores)} 份（{listed}）" if scores else "没有有效评分"
        points = None
        words = f"{item.title}：{given}，不足 {rule.minimum} 份，不计分，须另请专家评审"
    else:
        kept = _kept(scores, rule=rule)
        how = "直接取平均" if len(kept) == len(scores) else "去掉一个最高分和一个最低分后取平均"
        added = " + ".join(exact_text(score) for score in kept)
        points = rounded(value, scheme=scheme)
        words = (
            f"{item.title}：有效评分 {len(scores)} 份（{listed}），{how}，得（{added}）÷ {len(kept)}"
            f"{_equals(value, scheme)}"
        )
    return LineScore(
        code=item.code,
        title=item.title,
        group=item.group,
        full_marks=item.full_marks,
        formula=None,
        figures=(),
        scores=tuple(scores),
        value=value,
        value_text="" if value is None else _approximately(value),
        points=points,
        words=words,
        basis=f"{item.basis}；{rule.basis}",
    )


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


def _group_document(score: GroupScore) -> dict[str, Any]:
    group = score.group
    return {
        "code": group.code,
        "title": group.title,
        "part": group.part.value,
        "full_marks": points_text(group.full_marks),
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
                "value": None if use.value is None else exact_text(use.value),
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
        case Bands(figures=figures, bands=bands):
            return {"type": "bands", "figures": list(figures), "bands": _bands_document(bands)}
        case Linear(figures=figures, start=start, end=end):
            return {
                "type": "linear",
                "figures": list(figures),
                "from": exact_text(start),
                "to": exact_text(end),
            }
        case Ratio():
            return {
                "type": "ratio",
                "of": list(formula.of),
                "to": list(formula.to),
                "per": exact_text(formula.per),
                "full_at": exact_text(formula.full_at),
                "show": formula.show.value,
                "unit": formula.unit,
                "when_zero": formula.when_zero.value,
            }
        case PerUnit(figures=figures, points_each=each):
            return {"type": "per_unit", "figures": list(figures), "points_each": exact_text(each)}
        case Growth(figure=figure, bands=bands, when_zero=when_zero):
            return {
                "type": "growth",
                "figure": figure,
                "bands": _bands_document(bands),
                "when_zero": when_zero.value,
            }


def _bands_document(bands: Sequence[Band]) -> list[dict[str, str]]:
    return [{"at_least": exact_text(band.at_least), "points": exact_text(band.points)} for band in bands]
