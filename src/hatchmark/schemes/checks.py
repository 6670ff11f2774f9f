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
    Band,
    Bands,
    FigureType,
    Formula,
    Growth,
    Indicator,
    Linear,
    Part,
    PerUnit,
    Ratio,
    Scheme,
    exact_text,
    points_text,
)

_LOWEST_GROWTH = Fraction(-1)


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
        *_relations(scheme),
        *_weights(scheme),
        *_indicators(scheme),
        *_expert_items(scheme),
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
    bonus = sum(group.full_marks for group in scheme.groups if group.part is Part.BONUS)
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


def _duplicates(scheme: Scheme) -> Iterator[Problem]:
    # Indicators and expert items share one space: both are leaves of the same working.
    leaves = [("indicator", n, leaf.code) for n, leaf in enumerate(scheme.indicators, start=1)]
    leaves += [("expert_item", n, leaf.code) for n, leaf in enumerate(scheme.expert_items, start=1)]
    spaces = [
        [("figure", n, figure.code) for n, figure in enumerate(scheme.figures, start=1)],
        [("group", n, group.code) for n, group in enumerate(scheme.groups, start=1)],
        leaves,
        [("veto", n, veto.code) for n, veto in enumerate(scheme.vetoes, start=1)],
        [("grade", n, cut.grade.value) for n, cut in enumerate(scheme.grades, start=1)],
        [("consequence", n, rule.code) for n, rule in enumerate(scheme.consequences, start=1)],
    ]
    for space in spaces:
        seen: dict[str, str] = {}
        for table, position, code in space:
            if code in seen:
                name = "grade" if table == "grade" else "code"
                yield Problem(
                    place=f"{table} {position}.{name}",
                    what=f"'{code}' is already the {name} of {seen[code]}; give each its own",
                )
            seen.setdefault(code, f"{table} {position}")


def _figures(scheme: Scheme) -> Iterator[Problem]:
    formulas = [formula for indicator in scheme.indicators for formula in indicator.formulas.values()]
    used = {reference for formula in formulas for reference in formula.references}
    used |= {reference for relation in scheme.relations for reference in (*relation.lower, *relation.upper)}
    for position, figure in enumerate(scheme.figures, start=1):
        place = f"figure {position}"
        if figure.maximum is not None and figure.maximum < figure.minimum:
            yield Problem(
                place=f"{place}.maximum",
                what=f"of '{figure.code}' is {exact_text(figure.maximum)}, below the minimum "
                f"{exact_text(figure.minimum)}; swap or correct them",
            )
        if figure.type is FigureType.INTEGER:
            for name, bound in (("minimum", figure.minimum), ("maximum", figure.maximum)):
                if bound is not None and bound.denominator != 1:
                    yield Problem(
                        place=f"{place}.{name}",
                        what=f"of '{figure.code}' is {exact_text(bound)}, but the figure is an integer; "
                        "write a whole number, or type decimal",
                    )
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


def _one_unit(scheme: Scheme, references: Sequence[str]) -> str:
    units = {scheme.asked[reference].figure.unit for reference in references}
    if len(units) > 1:
        return f"adds {' and '.join(sorted(units))}; figures that are summed have one unit"
    return ""


def _relations(scheme: Scheme) -> Iterator[Problem]:
    for position, relation in enumerate(scheme.relations, start=1):
        for name, references in (("lower", relation.lower), ("upper", relation.upper)):
            if what := _unknown(scheme, references) or _one_unit(scheme, references):
                yield Problem(place=f"relation {position}.{name}", what=what)


def _weights(scheme: Scheme) -> Iterator[Problem]:
    inside: Counter[str] = Counter()
    for indicator in scheme.indicators:
        inside[indicator.group] += indicator.full_marks
    for item in scheme.expert_items:
        inside[item.group] += item.full_marks
    for position, group in enumerate(scheme.groups, start=1):
        if inside[group.code] != group.full_marks:
            yield Problem(
                place=f"group {position}.full_marks",
                what=f"of '{group.code}' is {points_text(group.full_marks)}, but its indicators and items "
                f"add up to {points_text(inside[group.code])}; make them agree",
            )
    total = sum(group.full_marks for group in scheme.groups if group.part is not Part.BONUS)
    if total != scheme.full_marks:
        yield Problem(
            place="scheme.full_marks",
            what=f"is {points_text(scheme.full_marks)}, but the groups without bonus add up to "
            f"{points_text(total)}; make them agree",
        )


def _group_problem(scheme: Scheme, group: str, *, part: Part) -> str:
    known = {known.code: known for known in scheme.groups}
    if group not in known:
        return f"'{group}' is no group; write one of {', '.join(known)}"
    if known[group].part not in (part, Part.BONUS):
        return f"'{group}' is a {known[group].part} group; put it in a {part} or bonus group"
    return ""


def _indicators(scheme: Scheme) -> Iterator[Problem]:
    for position, indicator in enumerate(scheme.indicators, start=1):
        place = f"indicator {position}"
        if what := _group_problem(scheme, indicator.group, part=Part.QUANTITATIVE):
            yield Problem(place=f"{place}.group", what=what)
        if indicator.full_marks == 0:
            yield Problem(place=f"{place}.full_marks", what="is 0; give points or remove the indicator")
        for field, formula in _formulas_by_field(indicator).items():
            for what in _formula(scheme, indicator, formula):
                yield Problem(place=f"{place}.{field}", what=f"of '{indicator.code}' {what}")


def _formulas_by_field(indicator: Indicator) -> dict[str, Formula]:
    """Return each formula once, by the field it stands in."""
    formulas = indicator.formulas
    if len({id(formula) for formula in formulas.values()}) == 1 and (len(formulas) > 1 or "" in formulas):
        return {"formula": next(iter(formulas.values()))}
    return {f"by_sub_type.{sub_type}": formula for sub_type, formula in formulas.items()}


def _formula(scheme: Scheme, indicator: Indicator, formula: Formula) -> Iterator[str]:
    if what := _unknown(scheme, formula.references):
        yield what
        return
    lowest = {reference: scheme.asked[reference].figure.minimum for reference in formula.references}
    full = Fraction(indicator.full_marks, HUNDREDTHS)
    sums = (formula.of, formula.to) if isinstance(formula, Ratio) else (formula.references,)
    yield from filter(None, (_one_unit(scheme, references) for references in sums))
    match formula:
        case Bands(bands=bands):
            yield from _bands(bands, first=sum(lowest.values(), Fraction(0)), full=full)
        case Linear(start=start, end=end):
            if start == end:
                yield f"goes from {exact_text(start)} to the same value; from and to must differ"
        case PerUnit(points_each=each):
            if each <= 0:
                yield f"gives {exact_text(each)} points each; write more than 0"
        case Ratio(per=per, full_at=full_at):
            if per <= 0 or full_at <= 0:
                yield "needs per and full_at above 0; correct them"
            yield from _never_negative(lowest)
        case Growth(bands=bands):
            yield from _never_negative(lowest)
            yield from _bands(bands, first=_LOWEST_GROWTH, full=full)


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
        if item.full_marks == 0:
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
    order = list(Grade)
    cuts = scheme.grades
    for position, (better, worse) in enumerate(pairwise(cuts), start=1):
        if order.index(better.grade) > order.index(worse.grade):
            yield Problem(
                place=f"grade {position + 1}.grade",
                what=f"'{worse.grade}' is better than '{better.grade}' above it; "
                "order grades from the best down",
            )
        if worse.at_least >= better.at_least:
            yield Problem(
                place=f"grade {position + 1}.at_least",
                what=f"cuts overlap: '{worse.grade}' from {points_text(worse.at_least)} is not below "
                f"'{better.grade}' from {points_text(better.at_least)}; lower it",
            )
        elif worse.below is not None and worse.below != better.at_least:
            what = "a gap" if worse.below < better.at_least else "an overlap"
            yield Problem(
                place=f"grade {position + 1}.below",
                what=f"{what} between '{worse.grade}' below {points_text(worse.below)} and "
                f"'{better.grade}' from {points_text(better.at_least)}; make them equal, or leave below out",
            )
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


def _consequences(scheme: Scheme) -> Iterator[Problem]:
    grades = [cut.grade for cut in scheme.grades]
    proposable = (Outcome.DISQUALIFIED, Outcome.PILOT_CANCELLED)
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
