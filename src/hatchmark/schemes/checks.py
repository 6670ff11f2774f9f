"""Does a scheme that reads well also hold together: weights, bands, cuts, codes, ranges?

Each finding says where it is, what cannot be, why, and what to do. All are found in one pass, so that an
author mends a file once.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from hatchmark.domain.outcomes import Grade, Outcome
from hatchmark.domain.scheme import (
    HUNDREDTHS,
    LAST_YEAR,
    MEASURED,
    OUTSIDE_FULL_MARKS,
    Band,
    Bands,
    ByCategory,
    ExpertItem,
    ExpertMethod,
    ExpertRule,
    Figure,
    FigureType,
    Formula,
    GradeCut,
    Group,
    Growth,
    Indicator,
    Linear,
    Measure,
    MinMax,
    Part,
    PerAmount,
    PerUnit,
    RankShare,
    Ratio,
    RatioToMax,
    RatioToMean,
    Scheme,
    ShareBand,
    Threshold,
    YesNo,
    exact_text,
    expressions_of,
    points_text,
)

_LOWEST_GROWTH = Fraction(-1)
_DEEPEST_GROUP = 6
_LONGEST_RING_SHOWN = 12
_FEWEST_GRADES, _MOST_GRADES = 2, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that cannot be: `place` is the table, its number and the field (`indicator 3.formula`)."""

    place: str
    what: str


def problems_of(scheme: Scheme) -> list[Problem]:
    """Return everything that does not hold together, in the order of the file; empty for a sound scheme."""
    return [
        *_head(scheme),
        *_duplicates(scheme),
        *_figures(scheme),
        *_roster(scheme),
        *_windows(scheme),
        *_relations(scheme),
        *(broken := list(_parents(scheme))),
        # Sums over groups that lie in one another in a ring would never end.
        *([] if broken else _weights(scheme)),
        *_indicators(scheme),
        *_expert_items(scheme),
        *(_expert_rule(scheme.expert_rule) if scheme.expert_rule else ()),
        *_vetoes(scheme),
        *_grades(scheme),
        *_consequences(scheme),
    ]


def _head(scheme: Scheme) -> Iterator[Problem]:
    if scheme.sub_types and scheme.sub_type_unstated not in scheme.sub_types:
        listed = ", ".join(scheme.sub_types)
        yield Problem(
            place="scheme.sub_type_unstated",
            what=f"'{scheme.sub_type_unstated}' is none of the sub_types; write one of {listed}",
        )
    bonus = max(
        sum(group.counted_for(sub_type) for group in scheme.groups if _is_outer(group, Part.BONUS))
        for sub_type in _sub_types(scheme)
    )
    if scheme.bonus_cap > bonus:
        yield Problem(
            place="scheme.bonus_cap",
            what=f"is {points_text(scheme.bonus_cap)}, but the bonus groups give at most "
            f"{points_text(bonus)}; lower it",
        )
    if not scheme.full_marks <= scheme.total_cap <= scheme.full_marks + scheme.bonus_cap:
        yield Problem(
            place="scheme.total_cap",
            what=f"is {points_text(scheme.total_cap)}, but must lie between full_marks "
            f"{points_text(scheme.full_marks)} and full_marks + bonus_cap "
            f"{points_text(scheme.full_marks + scheme.bonus_cap)}; correct it",
        )


def _sub_types(scheme: Scheme) -> tuple[str, ...]:
    return scheme.sub_types or ("",)


def _is_outer(group: Group, part: Part) -> bool:
    return group.part is part and not group.parent


def _duplicates(scheme: Scheme) -> Iterator[Problem]:
    # Indicators and expert items share one space: both are leaves of the same working.
    leaves = [("indicator", n, leaf.code) for n, leaf in enumerate(scheme.indicators, start=1)]
    leaves += [("expert_item", n, leaf.code) for n, leaf in enumerate(scheme.expert_items, start=1)]
    spaces = [
        [("figure", n, figure.code) for n, figure in enumerate(scheme.figures, start=1)],
        [("group", n, group.code) for n, group in enumerate(scheme.groups, start=1)],
        leaves,
        [("veto", n, veto.code) for n, veto in enumerate(scheme.vetoes, start=1)],
        [("grade", n, cut.name) for n, cut in enumerate(scheme.grades, start=1)],
        [("window", n, window.code) for n, window in enumerate(scheme.windows, start=1)],
        [("carried", n, rule.code) for n, rule in enumerate(scheme.carried, start=1)],
        [
            ("roster_field", n, known.figure.code)
            for n, known in enumerate(scheme.roster.fields if scheme.roster else (), start=1)
        ],
        [("consequence", n, rule.code) for n, rule in enumerate(scheme.consequences, start=1)],
    ]
    for space in spaces:
        seen: dict[str, str] = {}
        for table, position, code in space:
            if code in seen:
                name = "grade" if table == "grade" and code in list(Grade) else "code"
                yield Problem(
                    place=f"{table} {position}.{name}",
                    what=f"'{code}' is already the {name} of {seen[code]}; give each its own",
                )
            seen.setdefault(code, f"{table} {position}")


def _formulas(scheme: Scheme) -> list[Formula]:
    return [formula for indicator in scheme.indicators for formula in indicator.formulas.values()]


def _figures(scheme: Scheme) -> Iterator[Problem]:
    used = {reference for formula in _formulas(scheme) for reference in formula.references}
    used |= {reference for relation in scheme.relations for reference in (*relation.lower, *relation.upper)}
    used |= {reference for veto in scheme.vetoes if veto.when_true for reference in veto.when_true.references}
    for position, figure in enumerate(scheme.figures, start=1):
        place = f"figure {position}"
        yield from _bounds(figure, place)
        if figure.code not in used:
            yield Problem(
                place=f"{place}.code",
                what=f"'{figure.code}' is asked for, but no indicator and no relation uses it; "
                "use it or remove it: nobody reports a number in vain",
            )
        if figure.last_year and figure.code + LAST_YEAR not in used:
            yield Problem(
                place=f"{place}.last_year",
                what=f"'{figure.code}{LAST_YEAR}' is asked for, but nothing uses it; remove last_year",
            )


def _bounds(figure: Figure, place: str) -> Iterator[Problem]:
    for name, bound in (("minimum", figure.minimum), ("maximum", figure.maximum)):
        if bound is None:
            continue
        if figure.type is FigureType.INTEGER and bound.denominator != 1:
            yield Problem(
                place=f"{place}.{name}",
                what=f"of '{figure.code}' is {exact_text(bound)}, but the figure is an integer; "
                "write a whole number, or type decimal",
            )
        if figure.type is FigureType.DECIMAL and (bound * 10**figure.places).denominator != 1:
            yield Problem(
                place=f"{place}.{name}",
                what=f"of '{figure.code}' is {exact_text(bound)}, but the figure has {figure.places} places; "
                "round it, or raise places",
            )


def _roster(scheme: Scheme) -> Iterator[Problem]:
    if scheme.roster is None:
        return
    expressions = [found for formula in _formulas(scheme) for found in expressions_of(formula)]
    expressions += [veto.when_true for veto in scheme.vetoes if veto.when_true]
    used = {name for expression in expressions for name in expression.fields}
    used |= {formula.field for formula in _formulas(scheme) if isinstance(formula, ByCategory)}
    for position, known in enumerate(scheme.roster.fields, start=1):
        yield from _bounds(known.figure, f"roster_field {position}")
        if known.figure.code not in used:
            yield Problem(
                place=f"roster_field {position}.code",
                what=f"'{known.figure.code}' is asked for, but no expression and no by_category uses it; "
                "use it or remove it: nobody fills in a column in vain",
            )


def _windows(scheme: Scheme) -> Iterator[Problem]:
    for position, window in enumerate(scheme.windows, start=1):
        if window.last < window.first:
            yield Problem(
                place=f"window {position}.to",
                what=f"is {window.last.isoformat()}, before {window.first.isoformat()}, so it has no day; swap them",
            )


def _parents(scheme: Scheme) -> Iterator[Problem]:
    known = {group.code: group for group in scheme.groups}
    for position, group in enumerate(scheme.groups, start=1):
        place = f"group {position}"
        if group.cap is not None and not 0 < group.cap <= group.full_marks:
            yield Problem(
                place=f"{place}.cap",
                what=f"of '{group.code}' is {points_text(group.cap)}, but must lie above 0 and not above its "
                f"full_marks {points_text(group.full_marks)}; correct it",
            )
        seen = {group.code: None}
        parent = group.parent
        while parent and parent in known and parent not in seen:
            seen[parent] = None
            parent = known[parent].parent
        if parent and parent not in known:
            if len(seen) == 1:
                listed = ", ".join(known)
                yield Problem(place=f"{place}.parent", what=f"'{parent}' is no group; write one of {listed}")
        elif parent:
            names = list(seen)
            shown = names if len(names) <= _LONGEST_RING_SHOWN else [*names[:_LONGEST_RING_SHOWN], "…"]
            ring = " → ".join((*shown, parent))
            yield Problem(place=f"{place}.parent", what=f"makes a ring {ring}; let one of them lie in none")
        elif len(seen) > _DEEPEST_GROUP:
            yield Problem(
                place=f"{place}.parent", what=f"lies {len(seen)} levels deep; {_DEEPEST_GROUP} are the most"
            )
        if group.parent in known and known[group.parent].part is not group.part:
            yield Problem(
                place=f"{place}.part",
                what=f"of '{group.code}' is {group.part}, but it lies in '{group.parent}', which is "
                f"{known[group.parent].part}; make them agree",
            )


def _unknown(scheme: Scheme, references: Iterable[str]) -> str:
    """Say what is wrong with figure codes; empty when all are asked for."""
    for reference in references:
        if reference in scheme.asked:
            continue
        code = reference.removesuffix(LAST_YEAR)
        if code in scheme.asked:
            return f"needs '{reference}', but figure '{code}' has no last_year = true; add it there"
        return f"names the figure '{reference}', which is not there; add a [[figure]] or correct the code"
    return ""


def _not_measured(scheme: Scheme, references: Iterable[str]) -> str:
    for reference in references:
        figure = scheme.asked[reference].figure
        if figure.type not in MEASURED:
            return f"adds '{reference}', a {figure.type}; name an integer or decimal, or write an expression"
    return ""


def _one_unit(scheme: Scheme, references: Sequence[str]) -> str:
    units = {scheme.asked[reference].figure.unit for reference in references}
    if len(units) > 1:
        return f"adds {' and '.join(sorted(units))}; figures that are summed have one unit"
    return ""


def _relations(scheme: Scheme) -> Iterator[Problem]:
    for position, relation in enumerate(scheme.relations, start=1):
        for name, references in (("lower", relation.lower), ("upper", relation.upper)):
            if what := (
                _unknown(scheme, references)
                or _not_measured(scheme, references)
                or _one_unit(scheme, references)
            ):
                yield Problem(place=f"relation {position}.{name}", what=what)


def _weights(scheme: Scheme) -> Iterator[Problem]:
    found: dict[str, Problem] = {}
    for sub_type in _sub_types(scheme):
        # What is wrong for every sub-type alike is said once.
        for problem in _weights_for(scheme, sub_type):
            found.setdefault(problem.what, problem)
    yield from found.values()


def _weights_for(scheme: Scheme, sub_type: str) -> Iterator[Problem]:
    inside: Counter[str] = Counter()
    leaves: list[Indicator | ExpertItem] = [*scheme.indicators, *scheme.expert_items]
    for leaf in leaves:
        inside[leaf.group] += leaf.full_marks_for(sub_type)
    for group in scheme.groups:
        inside[group.parent] += group.counted_for(sub_type) if group.parent else 0
    parts: list[Group | Indicator | ExpertItem] = [*scheme.groups, *leaves]
    varies = any(part.by_sub_type for part in parts)
    whom = f" for {sub_type}" if varies else ""
    for position, group in enumerate(scheme.groups, start=1):
        if inside[group.code] != group.full_marks_for(sub_type):
            yield Problem(
                place=f"group {position}.full_marks",
                what=f"of '{group.code}' is {points_text(group.full_marks_for(sub_type))}{whom}, but its "
                f"indicators and items add up to {points_text(inside[group.code])}; make them agree",
            )
    total = sum(
        group.counted_for(sub_type)
        for group in scheme.groups
        if group.part not in OUTSIDE_FULL_MARKS and not group.parent
    )
    if total != scheme.full_marks:
        without = "bonus and deduction" if any(g.part is Part.DEDUCTION for g in scheme.groups) else "bonus"
        yield Problem(
            place="scheme.full_marks",
            what=f"is {points_text(scheme.full_marks)}, but the groups without {without} add up to "
            f"{points_text(total)}{whom}; make them agree",
        )


def _group_problem(scheme: Scheme, group: str, *, part: Part) -> str:
    known = {known.code: known for known in scheme.groups}
    if group not in known:
        return f"'{group}' is no group; write one of {', '.join(known)}"
    allowed = (part, Part.BONUS, Part.DEDUCTION) if part is Part.QUANTITATIVE else (part, Part.BONUS)
    if known[group].part not in allowed:
        return f"'{group}' is a {known[group].part} group; put it in a {part} or bonus group"
    return ""


def _indicators(scheme: Scheme) -> Iterator[Problem]:
    for position, indicator in enumerate(scheme.indicators, start=1):
        place = f"indicator {position}"
        if what := _group_problem(scheme, indicator.group, part=Part.QUANTITATIVE):
            yield Problem(place=f"{place}.group", what=what)
        if not any(indicator.full_marks_for(sub_type) for sub_type in _sub_types(scheme)):
            yield Problem(place=f"{place}.full_marks", what="is 0; give points or remove the indicator")
        for field, formula, full in _formulas_by_field(indicator):
            for what in dict.fromkeys(_formula(scheme, formula, Fraction(full, HUNDREDTHS))):
                yield Problem(place=f"{place}.{field}", what=f"of '{indicator.code}' {what}")


def _formulas_by_field(indicator: Indicator) -> list[tuple[str, Formula, int]]:
    """Return each formula with its field and full marks; one for all comes once for each of its full marks."""
    formulas = indicator.formulas
    if not indicator.varies and len({id(formula) for formula in formulas.values()}) == 1:
        found = {indicator.full_marks_for(sub_type): formula for sub_type, formula in formulas.items()}
        return [("formula", formula, full) for full, formula in found.items()]
    return [
        (f"by_sub_type.{sub_type}", formula, indicator.full_marks_for(sub_type))
        for sub_type, formula in formulas.items()
    ]


def _formula(scheme: Scheme, formula: Formula, full: Fraction) -> Iterator[str]:
    if what := _unknown(scheme, formula.references):
        yield what
    elif isinstance(formula, ByCategory):
        yield from _by_category(scheme, formula, full)
    elif not isinstance(formula, YesNo):
        yield from _of_numbers(scheme, formula, full)


_OfNumbers = (
    Bands
    | Linear
    | Ratio
    | PerUnit
    | PerAmount
    | Threshold
    | Growth
    | MinMax
    | RatioToMean
    | RatioToMax
    | RankShare
)


def _of_numbers(scheme: Scheme, formula: _OfNumbers, full: Fraction) -> Iterator[str]:
    value = None if isinstance(formula, Growth) else formula.value
    lowest = {reference: scheme.asked[reference].figure.minimum for reference in formula.references}
    if value is None and (wrong := list(_sums(scheme, formula))):
        yield from wrong
        return
    low = value.root.meaning.low if value else sum(lowest.values(), Fraction(0))
    match formula:
        case Bands(bands=bands):
            # Bounds of an expression are safe, not always reached: a first band that begins lower is sound too.
            yield from _bands(bands, first=min(low, bands[0].at_least) if value else low, full=full)
        case Growth(bands=bands):
            yield from _never_negative(lowest)
            yield from _bands(bands, first=_LOWEST_GROWTH, full=full)
        case RankShare(shares=shares):
            yield from _shares(shares, full)
        case Threshold():
            yield from _threshold(formula, full)
        case Linear(start=start, end=end):
            if start == end:
                yield f"goes from {exact_text(start)} to the same value; from and to must differ"
        case RatioToMean() | RatioToMax() if value is not None and low < 0:
            yield "divides by what the cohort gives, and its value may be negative; write max(…, 0)"
        case _:
            yield from _positive(formula)
            if isinstance(formula, Ratio | RatioToMean | RatioToMax) and value is None:
                yield from _never_negative(lowest)


def _sums(scheme: Scheme, formula: _OfNumbers) -> Iterator[str]:
    for references in (formula.of, formula.to) if isinstance(formula, Ratio) else (formula.references,):
        if what := _not_measured(scheme, references) or _one_unit(scheme, references):
            yield what


def _positive(formula: Formula) -> Iterator[str]:
    """Check the parameters that have to be above zero."""
    match formula:
        case PerUnit(points_each=each) if each <= 0:
            yield f"gives {exact_text(each)} points each; write more than 0"
        case PerAmount(amount=amount, points_each=each) if amount <= 0 or each <= 0:
            yield "needs amount and points_each above 0; correct them"
        case Ratio(per=per, full_at=full_at) if per <= 0 or full_at <= 0:
            yield "needs per and full_at above 0; correct them"
        case RatioToMean(full_at=full_at) if full_at <= 0:
            yield "needs full_at above 0; correct it"


def _threshold(formula: Threshold, full: Fraction) -> Iterator[str]:
    if formula.step <= 0 or formula.points_each <= 0:
        yield "needs step and points_each above 0; correct them"
    if not 0 <= formula.base <= full:
        yield f"gives a base of {exact_text(formula.base)} points; write 0 to {exact_text(full)}"


def _by_category(scheme: Scheme, formula: ByCategory, full: Fraction) -> Iterator[str]:
    if formula.field:
        known = {field.figure.code: field.figure for field in (scheme.roster.fields if scheme.roster else ())}
        if formula.field not in known:
            listed = ", ".join(known) or "none"
            yield f"names the roster field '{formula.field}', which is not there; write one of {listed}"
            return
        figure = known[formula.field]
    else:
        figure = scheme.asked[formula.figure].figure
    if figure.type is not FigureType.CATEGORY:
        yield f"gives points by '{figure.code}', which is a {figure.type}; name a category"
        return
    if set(formula.points) != set(figure.values):
        yield f"gives points for {', '.join(formula.points)}; give each of {', '.join(figure.values)} once"
    for value, points in formula.points.items():
        if not 0 <= points <= full:
            yield f"gives {exact_text(points)} points for '{value}'; write 0 to {exact_text(full)}"
    if formula.figure and max(formula.points.values()) != full:
        yield f"never gives the full marks {exact_text(full)}; let the best value give them"


def _shares(shares: Sequence[ShareBand], full: Fraction) -> Iterator[str]:
    for better, worse in pairwise(shares):
        if worse.within <= better.within:
            yield (
                f"has shares that must rise, but {exact_text(better.within)}, {exact_text(worse.within)} does not; "
                "order them from the smallest up"
            )
        if worse.points > better.points:
            yield "gives more points to a worse rank; let points fall"
    if shares[0].within <= 0 or shares[-1].within != 1:
        yield 'must begin above 0 and end with within = "1", so that every rank has points; correct it'
    if shares[0].points != full:
        yield f"never gives the full marks {exact_text(full)}; let the first share give them"
    for band in shares:
        if not 0 <= band.points <= full or (band.points * HUNDREDTHS).denominator != 1:
            yield f"gives {exact_text(band.points)} points; write 0 to {exact_text(full)} with at most two places"


def _never_negative(lowest: dict[str, Fraction]) -> Iterator[str]:
    for reference, minimum in lowest.items():
        if minimum < 0:
            yield f"divides, and '{reference}' may be negative; set its minimum to 0, or use another formula"


def _bands(bands: Sequence[Band], *, first: Fraction, full: Fraction) -> Iterator[str]:
    if bands[0].at_least != first:
        which = "leaves a gap below" if bands[0].at_least > first else "begins below the lowest value at"
        yield (
            f"{which} its first band {exact_text(bands[0].at_least)}: the lowest value is "
            f'{exact_text(first)}; begin with at_least = "{exact_text(first)}"'
        )
    for lower, upper in pairwise(bands):
        if upper.at_least <= lower.at_least:
            yield (
                f"has bands that must rise, but {exact_text(lower.at_least)}, {exact_text(upper.at_least)} "
                "does not; order them from the lowest at_least up"
            )
        elif lower.below is not None and lower.below != upper.at_least:
            what = "a gap" if lower.below < upper.at_least else "an overlap"
            yield (
                f"has {what} between below {exact_text(lower.below)} and at_least "
                f"{exact_text(upper.at_least)}; make them equal, or leave below out"
            )
    if bands[-1].below is not None:
        yield f"ends at below {exact_text(bands[-1].below)}, so larger values have no band; remove it there"
    for band in bands:
        if not 0 <= band.points <= full:
            yield f"gives {exact_text(band.points)} points in a band; write 0 to {exact_text(full)}"
        elif (band.points * HUNDREDTHS).denominator != 1:
            yield f"gives {exact_text(band.points)} points in a band; points have at most two decimal places"
    if max(band.points for band in bands) != full:
        yield f"never gives the full marks {exact_text(full)}; let the best band give them"


def _expert_items(scheme: Scheme) -> Iterator[Problem]:
    for position, item in enumerate(scheme.expert_items, start=1):
        if what := _group_problem(scheme, item.group, part=Part.QUALITATIVE):
            yield Problem(place=f"expert_item {position}.group", what=what)
        if not any(item.full_marks_for(sub_type) for sub_type in _sub_types(scheme)):
            yield Problem(
                place=f"expert_item {position}.full_marks", what="is 0; give points or remove the expert item"
            )
    rule = scheme.expert_rule
    if scheme.expert_items and rule is None:
        yield Problem(
            place="expert_item 1",
            what="is scored by experts, but there is no [expert_rule]; add how scores combine",
        )
    if rule is not None and not scheme.expert_items:
        yield Problem(
            place="expert_rule", what="combines scores of no expert item; add one or remove the rule"
        )
    if rule is not None and rule.trim_from is not None and rule.trim_from < rule.minimum:
        yield Problem(
            place="expert_rule.trim_from",
            what=f"is {rule.trim_from}, below the minimum {rule.minimum}, so it says more than it does; "
            "raise it to the minimum or above",
        )


def _expert_rule(rule: ExpertRule) -> Iterator[Problem]:
    if rule.method is ExpertMethod.TRIMMED and rule.minimum <= 2 * rule.trim:
        yield Problem(
            place="expert_rule.minimum",
            what=f"is {rule.minimum}, but {rule.trim} highest and {rule.trim} lowest are left out, so nothing may "
            f"be left; write {2 * rule.trim + 1} or more",
        )


def _vetoes(scheme: Scheme) -> Iterator[Problem]:
    grades = [cut.grade for cut in scheme.grades]
    for position, veto in enumerate(scheme.vetoes, start=1):
        if veto.grade_at_most not in grades:
            yield Problem(
                place=f"veto {position}.grade_at_most",
                what=f"'{veto.grade_at_most}' is no grade of this scheme; write one of {', '.join(grades)}",
            )
    if scheme.absence.grade is not None and scheme.absence.grade not in grades:
        yield Problem(
            place="absence.grade",
            what=f"'{scheme.absence.grade}' is no grade of this scheme; write one of {', '.join(grades)}",
        )


def _grades(scheme: Scheme) -> Iterator[Problem]:
    cuts = scheme.grades
    if not _FEWEST_GRADES <= len(cuts) <= _MOST_GRADES:
        yield Problem(
            place="grade 1",
            what=f"is one of {len(cuts)} grades; write {_FEWEST_GRADES} to {_MOST_GRADES} [[grade]] tables",
        )
    counted = Counter(cut.grade for cut in cuts)
    for position, cut in enumerate(cuts, start=1):
        if cut.top_share is not None and not 0 < cut.top_share < 1:
            yield Problem(
                place=f"grade {position}.top_share",
                what=f'is {exact_text(cut.top_share)}; write a share between 0 and 1, for example "0.2"',
            )
        if counted[cut.grade] > 1 and not cut.label:
            yield Problem(
                place=f"grade {position}.grade",
                what=f"'{cut.grade}' is what several grades count as; give each its own code and label",
            )
    for position, (better, worse) in enumerate(pairwise(cuts), start=2):
        yield from _pair(better, worse, position)
    if cuts[0].below is not None:
        yield Problem(
            place="grade 1.below", what="the best grade must reach the highest total; remove below from it"
        )
    if cuts[0].at_least > scheme.total_cap:
        yield Problem(
            place="grade 1.at_least",
            what=f"is {points_text(cuts[0].at_least)}, above total_cap {points_text(scheme.total_cap)}, "
            "so nobody can reach it; lower it",
        )
    if cuts[-1].at_least != 0:
        yield Problem(
            place=f"grade {len(cuts)}.at_least",
            what=f"leaves a gap: totals below {points_text(cuts[-1].at_least)} have no grade; "
            'let the worst grade begin at "0"',
        )
    if cuts[-1].top_share is not None:
        yield Problem(
            place=f"grade {len(cuts)}.top_share",
            what="leaves a gap: the last ranks have no grade; remove top_share from the worst grade",
        )


def _pair(better: GradeCut, worse: GradeCut, position: int) -> Iterator[Problem]:
    order = list(Grade)
    place = f"grade {position}"
    if order.index(better.grade) > order.index(worse.grade):
        yield Problem(
            place=f"{place}.grade",
            what=f"'{worse.grade}' is better than '{better.grade}' above it; order grades from the best down",
        )
    # Equal points are no overlap where the better one asks for a better rank too.
    by_rank = better.top_share is not None and (worse.top_share is None or worse.top_share > better.top_share)
    if worse.at_least > better.at_least or (worse.at_least == better.at_least and not by_rank):
        yield Problem(
            place=f"{place}.at_least",
            what=f"cuts overlap: '{worse.name}' from {points_text(worse.at_least)} is not below "
            f"'{better.name}' from {points_text(better.at_least)}; lower it",
        )
    elif worse.top_share is not None and (better.top_share is None or better.top_share > worse.top_share):
        yield Problem(
            place=f"{place}.top_share",
            what=f"'{worse.name}' asks for a better rank than '{better.name}' above it; raise it, or remove it",
        )
    elif worse.below is not None and worse.below != better.at_least:
        what = "a gap" if worse.below < better.at_least else "an overlap"
        yield Problem(
            place=f"{place}.below",
            what=f"{what} between '{worse.name}' below {points_text(worse.below)} and "
            f"'{better.name}' from {points_text(better.at_least)}; make them equal, or leave below out",
        )


def _consequences(scheme: Scheme) -> Iterator[Problem]:
    grades = [cut.grade for cut in scheme.grades]
    proposable = (Outcome.DISQUALIFIED, Outcome.PILOT_CANCELLED, Measure.RE_EVALUATION)
    for position, rule in enumerate(scheme.consequences, start=1):
        if rule.grade not in grades:
            yield Problem(
                place=f"consequence {position}.grade",
                what=f"'{rule.grade}' is no grade of this scheme; write one of {', '.join(grades)}",
            )
        if rule.propose not in proposable:
            yield Problem(
                place=f"consequence {position}.propose",
                what=f"'{rule.propose}' cannot be proposed by a rule; write one of {', '.join(proposable)}",
            )
