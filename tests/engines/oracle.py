"""What does a scheme give, read a second time: the rules of docs/reference/scheme-file.md, written down anew.

Nothing here is taken from `domain/scoring.py` or `domain/grading.py`, and nothing of them is called: two readings that
agree on random schemes and tables are worth more than one. It is plain and slow, and keeps no working.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from hatchmark.domain import expressions as ex
from hatchmark.domain.scheme import (
    Bands,
    Better,
    ByCategory,
    CarriedEffect,
    ExpertItem,
    ExpertMethod,
    ExpertRule,
    Formula,
    GradeCut,
    Group,
    Growth,
    Indicator,
    Linear,
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
)
from hatchmark.domain.scoring import EntryInputs

BESIDE_OTHERS = (MinMax, RatioToMean, RatioToMax, RankShare)
GRAVITY = (Treatment.UNSCORED, Treatment.NO_POINTS, Treatment.FULL_POINTS)
SUMS_TO = (Part.QUANTITATIVE, Part.QUALITATIVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the rules give one entry: hundredths of a point, below zero where they are taken off.

    `lines` has no key for what is not evaluated for its sub-type, and none at all for an entry that did not take part;
    None: not scored. `adjustments` hold what caps and the floor change, without the zero ones.
    """

    lines: Mapping[str, int | None]
    groups: Mapping[str, int | None]
    adjustments: Mapping[str, int]
    total: int | None
    rank: int | None
    grade: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    inputs: EntryInputs
    sub_type: str
    known: Mapping[str, Fraction]
    """Every value that was reported, and the sub-type as a category."""
    rows: tuple[Mapping[str, Fraction], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Added:
    lines: Mapping[str, int | None]
    groups: Mapping[str, int | None]
    adjustments: Mapping[str, int]
    total: int | None


def told(scheme: Scheme, table: Mapping[Hashable, EntryInputs]) -> dict[Hashable, Told]:
    """Score and grade every entry of a table."""
    entries = {key: _entry(scheme, inputs) for key, inputs in table.items()}
    cohorts = _cohorts(scheme, list(entries.values()))
    added = {
        key: _Added(lines={}, groups={}, adjustments={}, total=None)
        if entry.inputs.facts.absent
        else _add_up(scheme, entry, cohorts)
        for key, entry in entries.items()
    }
    ranked = [
        result.total
        for key, result in added.items()
        if result.total is not None and not _excluded(scheme, entries[key])
    ]
    found = {}
    for key, entry in entries.items():
        result = added[key]
        total = None if _excluded(scheme, entry) else result.total
        found[key] = Told(
            lines=result.lines,
            groups=result.groups,
            adjustments=result.adjustments,
            total=result.total,
            rank=None if total is None else _rank(total, ranked),
            grade=_grade(scheme, entry, result.total, ranked),
        )
    return found


def exact_points(
    scheme: Scheme, indicator: Indicator, inputs: EntryInputs, cohort: Sequence[Fraction] = ()
) -> Fraction | None:
    """Return the points of an indicator before they are rounded; None where a rule takes their place."""
    entry = _entry(scheme, inputs)
    formula = indicator.formulas[entry.sub_type]
    if not _needed(formula) <= set(entry.known):
        return None
    full = Fraction(indicator.full_marks_for(entry.sub_type), 100)
    given = _given(scheme, formula, full, entry, cohort)
    return None if isinstance(given, Treatment) else given


def _entry(scheme: Scheme, inputs: EntryInputs) -> _Entry:
    sub_type = (inputs.sub_type or scheme.sub_type_unstated) if scheme.sub_types else ""
    known = {name: given.value for name, given in inputs.figures.items() if given.value is not None}
    if sub_type:
        known["sub_type"] = Fraction(scheme.sub_types.index(sub_type) + 1)
    rows = tuple(
        {name: given.value for name, given in row.items() if given.value is not None} for row in inputs.roster
    )
    return _Entry(inputs=inputs, sub_type=sub_type, known=known, rows=rows)


# ---- expressions ------------------------------------------------------------------------------------------


def _worth(node: ex.Node, entry: _Entry, row: Mapping[str, Fraction]) -> Fraction:
    """The value of a checked tree; a condition is 1 or 0."""
    if isinstance(node, ex.Constant):
        return node.value
    if isinstance(node, ex.Figure):
        return entry.known[node.reference]
    if isinstance(node, ex.RosterField):
        return row[node.reference]
    if isinstance(node, ex.Conditional):
        return _worth(node.then if _worth(node.condition, entry, row) else node.otherwise, entry, row)
    if isinstance(node, ex.Aggregate):
        return _over_rows(node, entry)
    if isinstance(node, ex.Logic) and node.op != "not":
        # In the order written, so that a condition may protect what stands behind it.
        for part in node.parts:
            if (_worth(part, entry, row) != 0) == (node.op == "or"):
                return Fraction(node.op == "or")
        return Fraction(node.op == "and")
    if isinstance(node, ex.Logic):
        return Fraction(_worth(node.parts[0], entry, row) == 0)
    if isinstance(node, ex.Extreme):
        values = sorted(_worth(part, entry, row) for part in node.parts)
        return values[0] if node.op == "min" else values[-1]
    if isinstance(node, ex.Among):
        return Fraction(_worth(node.of, entry, row) in node.values)
    if isinstance(node, ex.Within):
        return Fraction(node.first <= _worth(node.of, entry, row) <= node.last)
    assert isinstance(node, ex.Arithmetic | ex.Compare), node
    left, right = _worth(node.left, entry, row), _worth(node.right, entry, row)
    difference = left - right
    match node.op:
        case "+":
            return left + right
        case "-":
            return difference
        case "*":
            return left * right
        case "/":
            return left / right
        case "=":
            return Fraction(difference == 0)
        case "!=":
            return Fraction(difference != 0)
        case "<":
            return Fraction(difference < 0)
        case "<=":
            return Fraction(difference <= 0)
        case ">":
            return Fraction(difference > 0)
        case ">=":
            return Fraction(difference >= 0)
    raise AssertionError(node.op)


def _over_rows(node: ex.Aggregate, entry: _Entry) -> Fraction:
    """Rows without a field that the aggregate uses count nowhere in it, nor among those that a share is of."""
    whole = [row for row in entry.rows if set(node.fields) <= set(row)]
    chosen = [row for row in whole if node.where is None or _worth(node.where, entry, row)]
    if node.op == "count":
        return Fraction(len(chosen))
    if node.op == "share":
        return Fraction(len(chosen), len(whole)) if whole else node.empty
    assert node.of is not None
    return sum((_worth(node.of, entry, row) for row in chosen), Fraction(0))


# ---- one line ---------------------------------------------------------------------------------------------


def _sum(references: Sequence[str], entry: _Entry) -> Fraction:
    return sum((entry.known[reference] for reference in references), Fraction(0))


def _amount(formula: object, entry: _Entry) -> Fraction:
    """The one number of a formula: an expression, or the sum of its figures."""
    value = getattr(formula, "value", None)
    return _worth(value.root, entry, {}) if value else _sum(formula.figures, entry)  # type: ignore[attr-defined]


def _needed(formula: Formula) -> set[str]:
    """Every figure that must be there, or its status counts."""
    if isinstance(formula, Growth):
        return {formula.figure, f"{formula.figure}@last"}
    if isinstance(formula, YesNo):
        return set(formula.when.references)
    if isinstance(formula, ByCategory):
        return {formula.figure} if formula.figure else set(formula.where.references if formula.where else ())
    if formula.value:
        return set(formula.value.references)
    return {*formula.of, *formula.to} if isinstance(formula, Ratio) else set(formula.figures)


def _missing(scheme: Scheme, indicator: Indicator, formula: Formula, entry: _Entry) -> Treatment | None:
    """What the missing figures of an indicator bring it, the gravest; None where none is missing."""
    found = set()
    for reference in _needed(formula) - set(entry.known):
        status = entry.inputs.figures[reference].status
        figure = scheme.asked[reference].figure
        for rules in (indicator.missing, figure.missing, scheme.missing.treatments):
            if status in rules:
                found.add(rules[status])
                break
    return next((treatment for treatment in GRAVITY if treatment in found), None)


def _rounded(points: Fraction, scheme: Scheme) -> int:
    """Hundredths of a point, kept to the places of the scheme."""
    unit = 10**scheme.points_places
    shift = Fraction(1, 2) if scheme.rounding is Rounding.HALF_UP else Fraction(0)
    return floor(points * unit + shift) * (100 // unit)


def _within(points: Fraction, full: Fraction) -> Fraction:
    return min(max(points, Fraction(0)), full)


def _whole_or_part(amount: Fraction, *, partial: bool) -> Fraction:
    return amount if partial else Fraction(floor(amount))


Given = Fraction | Treatment


def _given(
    scheme: Scheme, formula: Formula, full: Fraction, entry: _Entry, cohort: Sequence[Fraction]
) -> Given:
    """The points of a formula before they are rounded, or what a rule puts in their place."""
    match formula:
        case Ratio(value=None):
            divisor = _sum(formula.to, entry)
            if divisor == 0:
                return formula.when_zero
            return _within(full * _sum(formula.of, entry) / divisor * formula.per / formula.full_at, full)
        case Growth():
            now, before = entry.known[formula.figure], entry.known[f"{formula.figure}@last"]
            return formula.when_zero if before == 0 else _of_bands(formula.bands, (now - before) / before)
        case YesNo():
            return full if _worth(formula.when.root, entry, {}) else Fraction(0)
        case ByCategory():
            return _by_category(scheme, formula, full, entry)
    amount = _amount(formula, entry)
    match formula:
        case Bands():
            return _of_bands(formula.bands, amount)
        case Linear():
            return _within(full * (amount - formula.start) / (formula.end - formula.start), full)
        case Ratio():
            return _within(full * amount / formula.full_at, full)
        case PerUnit():
            return _within(amount * formula.points_each, full)
        case PerAmount():
            times = _whole_or_part(amount / formula.amount, partial=formula.partial)
            return _within(times * formula.points_each, full)
        case Threshold():
            if amount < formula.start:
                return Fraction(0)
            times = _whole_or_part((amount - formula.start) / formula.step, partial=formula.partial)
            return _within(formula.base + times * formula.points_each, full)
        case MinMax():
            low, high = min(cohort), max(cohort)
            if low == high:
                return formula.when_equal
            above = amount - low if formula.better is Better.HIGH else high - amount
            return full * above / (high - low)
        case RatioToMean():
            mean = sum(cohort, Fraction(0)) / len(cohort)
            return formula.when_zero if mean == 0 else _within(full * amount / mean / formula.full_at, full)
        case RatioToMax():
            return formula.when_zero if max(cohort) == 0 else _within(full * amount / max(cohort), full)
        case RankShare():
            high = formula.better is Better.HIGH
            place = 1 + sum(1 for other in cohort if (other > amount if high else other < amount))
            return next(band.points for band in formula.shares if Fraction(place, len(cohort)) <= band.within)
    raise AssertionError(formula)


def _of_bands(bands: Sequence[object], value: Fraction) -> Fraction:
    return [band.points for band in bands if value >= band.at_least][-1]  # type: ignore[attr-defined]


def _by_category(scheme: Scheme, formula: ByCategory, full: Fraction, entry: _Entry) -> Fraction:
    if formula.figure:
        values = scheme.asked[formula.figure].figure.values
        return formula.points[values[int(entry.known[formula.figure]) - 1]]
    assert scheme.roster is not None
    values = next(f.figure.values for f in scheme.roster.fields if f.figure.code == formula.field)
    fields = {formula.field, *(formula.where.fields if formula.where else ())}
    each = [
        formula.points[values[int(row[formula.field]) - 1]]
        for row in entry.rows
        if fields <= set(row) and (formula.where is None or _worth(formula.where.root, entry, row))
    ]
    return (
        max(each, default=Fraction(0))
        if formula.take is Take.HIGHEST
        else _within(sum(each, Fraction(0)), full)
    )


def _indicator(
    scheme: Scheme, indicator: Indicator, entry: _Entry, cohorts: Mapping[tuple[str, str], Sequence[Fraction]]
) -> int | None:
    formula = indicator.formulas[entry.sub_type]
    full = Fraction(indicator.full_marks_for(entry.sub_type), 100)
    treatment = _missing(scheme, indicator, formula, entry)
    given: Given = (
        treatment
        if treatment is not None
        else _given(scheme, formula, full, entry, cohorts.get(_cohort_of(indicator, entry), ()))
    )
    if given is Treatment.UNSCORED:
        return None
    if given is Treatment.NO_POINTS:
        return 0
    if given is Treatment.FULL_POINTS:
        return indicator.full_marks_for(entry.sub_type)
    assert isinstance(given, Fraction)
    return _rounded(given, scheme)


def _cohort_of(indicator: Indicator, entry: _Entry) -> tuple[str, str]:
    return (indicator.code, entry.sub_type if indicator.varies else "")


def _cohorts(scheme: Scheme, entries: Sequence[_Entry]) -> dict[tuple[str, str], list[Fraction]]:
    """What each comparing indicator compares: the values of all that take part, are scored by it and have one."""
    found: dict[tuple[str, str], list[Fraction]] = {}
    for entry in entries:
        for indicator in scheme.indicators if not entry.inputs.facts.absent else ():
            formula = indicator.formulas.get(entry.sub_type)
            if isinstance(formula, BESIDE_OTHERS) and _needed(formula) <= set(entry.known):
                found.setdefault(_cohort_of(indicator, entry), []).append(_amount(formula, entry))
    return found


def _item(scheme: Scheme, item: ExpertItem, entry: _Entry) -> int | None:
    assert scheme.expert_rule is not None
    combined = _combined(sorted(entry.inputs.expert_scores.get(item.code, ())), scheme.expert_rule)
    return None if combined is None else _rounded(combined, scheme)


def _combined(scores: Sequence[Fraction], rule: ExpertRule) -> Fraction | None:
    if len(scores) < rule.minimum:
        if rule.too_few is TooFew.NO_POINTS:
            return Fraction(0)
        return _mean(scores) if rule.too_few is TooFew.MEAN and scores else None
    if rule.method is ExpertMethod.MEDIAN:
        middle = len(scores) // 2
        return scores[middle] if len(scores) % 2 else _mean(scores[middle - 1 : middle + 1])
    if rule.method is ExpertMethod.TRIMMED:
        return _mean(scores[rule.trim : len(scores) - rule.trim])
    trims = rule.trim_from is not None and len(scores) >= rule.trim_from
    return _mean(scores[1:-1] if trims else scores)


def _mean(scores: Sequence[Fraction]) -> Fraction:
    return sum(scores, Fraction(0)) / len(scores)


# ---- groups and total -------------------------------------------------------------------------------------


def _add_up(scheme: Scheme, entry: _Entry, cohorts: Mapping[tuple[str, str], Sequence[Fraction]]) -> _Added:
    parts = {group.code: group.part for group in scheme.groups}
    lines: dict[str, int | None] = {}
    inside: dict[str, list[int | None]] = {group.code: [] for group in scheme.groups}
    for indicator in scheme.indicators:
        if indicator.full_marks_for(entry.sub_type):
            points = _indicator(scheme, indicator, entry, cohorts)
            if points is not None and parts[indicator.group] is Part.DEDUCTION:
                points = -points
            lines[indicator.code] = points
            inside[indicator.group].append(points)
    for item in scheme.expert_items:
        if item.full_marks_for(entry.sub_type):
            lines[item.code] = _item(scheme, item, entry)
            inside[item.group].append(lines[item.code])
    adjustments: dict[str, int] = {}
    groups: dict[str, int | None] = {}

    def points_of(group: Group) -> int | None:
        parts_ = [
            *inside[group.code],
            *(points_of(each) for each in scheme.groups if each.parent == group.code),
        ]
        known = [points for points in parts_ if points is not None]
        points = sum(known) if len(known) == len(parts_) else None
        if points is not None and group.cap is not None and abs(points) > group.cap:
            kept = group.cap if points > 0 else -group.cap
            adjustments[f"cap_{group.code}"] = kept - points
            points = kept
        groups[group.code] = points
        return points

    tops = [(group.part, points_of(group)) for group in scheme.groups if not group.parent]
    if any(points is None for _, points in tops):
        return _Added(lines=lines, groups=groups, adjustments=adjustments, total=None)
    plain = sum(points or 0 for part, points in tops if part in SUMS_TO)
    bonus = sum(points or 0 for part, points in tops if part is Part.BONUS)
    taken = sum(points or 0 for part, points in tops if part is Part.DEDUCTION)
    counted = min(bonus, scheme.bonus_cap)
    total = max(min(plain + counted + taken, scheme.total_cap), 0)
    changes = {
        "bonus_cap": counted - bonus,
        "total_cap": min(scheme.total_cap - (plain + counted + taken), 0),
        "total_floor": max(-(plain + counted + taken), 0),
    }
    adjustments |= {code: change for code, change in changes.items() if change}
    return _Added(lines=lines, groups=groups, adjustments=adjustments, total=total)


# ---- rank and grade ---------------------------------------------------------------------------------------


def _rank(total: int, ranked: Sequence[int]) -> int:
    return 1 + sum(1 for other in ranked if other > total)


def _holds(veto: Veto, entry: _Entry) -> bool:
    if veto.when is not None:
        return bool(getattr(entry.inputs.facts, veto.when.value))
    assert veto.when_true is not None
    if set(veto.when_true.references) - set(entry.known):
        return veto.holds_when_missing
    return _worth(veto.when_true.root, entry, {}) != 0


def _vetoes(scheme: Scheme, entry: _Entry) -> list[Veto]:
    """Those that hold. Who did not take part is judged by the rule of absence alone."""
    return [] if entry.inputs.facts.absent else [veto for veto in scheme.vetoes if _holds(veto, entry)]


def _excluded(scheme: Scheme, entry: _Entry) -> bool:
    return any(veto.effect is VetoEffect.EXCLUSION for veto in _vetoes(scheme, entry))


def _reaches(cut: GradeCut, total: int, ranked: Sequence[int]) -> bool:
    if total < cut.at_least:
        return False
    if cut.top_share is None:
        return True
    place = _rank(total, ranked)
    if cut.ties is Ties.EXCLUDE:
        place += ranked.count(total) - 1
    return Fraction(place, len(ranked)) <= cut.top_share


def _grade(scheme: Scheme, entry: _Entry, total: int | None, ranked: Sequence[int]) -> str | None:
    codes = [cut.code or cut.grade.value for cut in scheme.grades]
    if entry.inputs.facts.absent:
        rule = scheme.absence
        return None if rule.grade is None else rule.grade_code or rule.grade.value
    if _excluded(scheme, entry):
        return None
    # Places in the list of grades from here on: 0 is the best.
    worst = len(codes) - 1
    place = (
        None
        if total is None
        else next(at for at, cut in enumerate(scheme.grades) if _reaches(cut, total, ranked))
    )
    carried = [
        rule for rule in scheme.carried if entry.inputs.elsewhere.get(rule.source) == rule.source_grade
    ]
    fixed = [codes.index(rule.grade_code) for rule in carried if rule.effect is CarriedEffect.IS]
    if fixed:
        place = fixed[0]
    elif place is not None:
        for rule in carried:
            bound = codes.index(rule.grade_code)
            place = min(place, bound) if rule.effect is CarriedEffect.AT_LEAST else max(place, bound)
    ceiling = 0
    for veto in _vetoes(scheme, entry):
        allowed = veto.grade_code or veto.grade_at_most.value
        ceiling = max(ceiling, worst if veto.effect is VetoEffect.FLOOR else codes.index(allowed))
    if place is None:
        # Not even without a total can a veto leave more than one grade open, where it leaves only the worst.
        return codes[worst] if ceiling == worst else None
    return codes[max(place, ceiling)]
