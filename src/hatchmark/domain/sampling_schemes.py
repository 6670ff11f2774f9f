"""What could institutions hand in under a scheme? Valid random figures, the same ones for the same seed.

Every draw comes from SHA-256 of the scheme's digest, the seed and the row, so that a sample is the same on every
machine and a row is the same however many rows stand before it. Nothing drawn describes a real institution.
"""

import hashlib
import math
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from fractions import Fraction

from hatchmark.domain.scheme import (
    HUNDREDTHS,
    LAST_YEAR,
    MEASURED,
    MISSING,
    Bands,
    Figure,
    FigureStatus,
    FigureType,
    FigureValue,
    Formula,
    Growth,
    Linear,
    PerAmount,
    PerUnit,
    Ratio,
    Relation,
    RosterRow,
    Scheme,
    Threshold,
    validate_figures,
    validate_roster,
)
from hatchmark.domain.scoring import EntryInputs

_WHERE_NO_MAXIMUM = 1_000_000
_ONE_MISSING_IN = 200
_ONE_SHORT_OF_EXPERTS_IN = 50
_MOST_REPAIRS = 50
_ONE_CARRIED_IN = 8
_MOST_PLACES_DRAWN = 2
_MOST_ROSTER_ROWS = 30


class SampleError(ValueError):
    """A scheme for which no valid figures were found. The message says which rule stands in the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledEntry:
    """One made-up entry. Its id says 示例: nobody bears it."""

    id: str
    inputs: EntryInputs


def most_experts(scheme: Scheme) -> int:
    """Return the largest number of experts that a sampled entry has: enough for every rule of the scheme."""
    rule = scheme.expert_rule
    if rule is None or not scheme.expert_items:
        return 0
    return max(rule.minimum, rule.trim_from or 0, 2 * rule.trim + 1) + 1


def sample_entries(scheme: Scheme, *, rows: int, seed: int) -> Iterator[SampledEntry]:
    """Yield `rows` entries whose figures the scheme accepts.

    Raises SampleError where no valid figures are found, which a scheme whose relations contradict its ranges
    brings about.
    """
    for row in range(1, rows + 1):
        draws = Draws(f"{scheme.digest}\n{seed}\n{row}")
        stated = draws.one_of((None, *scheme.sub_types)) if scheme.sub_types else None
        sub_type = scheme.sub_type_of(stated)
        # Some institutions are better than others in everything: without it nearly all would be alike.
        quality = draws.between(1, 4)
        yield SampledEntry(
            id=f"示例{row:06d}",
            inputs=EntryInputs(
                figures=_figures(scheme, sub_type, quality, draws),
                expert_scores=_expert_scores(scheme, sub_type, quality, draws),
                sub_type=stated,
                roster=_roster(scheme, draws),
                elsewhere={
                    rule.source: rule.source_grade
                    for rule in scheme.carried
                    if draws.happens(_ONE_CARRIED_IN)
                },
            ),
        )


class Draws:
    """A row of draws without end: SHA-256 of a name and a counter, read as numbers."""

    def __init__(self, name: str) -> None:
        self._name = name.encode()
        self._counter = 0

    def below(self, bound: int) -> int:
        """Draw 0 to bound − 1, each alike: 64 bits more than needed leave no bias that could be seen."""
        value, bits = 0, bound.bit_length() + 64
        while bits > 0:
            self._counter += 1
            digest = hashlib.sha256(self._name + b"\n" + str(self._counter).encode()).digest()
            value = value << 256 | int.from_bytes(digest, "big")
            bits -= 256
        return value % bound

    def between(self, low: int, high: int) -> int:
        """Draw `low` to `high`, both included."""
        return low + self.below(high - low + 1)

    def happens(self, one_in: int) -> bool:
        """Draw whether something happens that happens once in `one_in`."""
        return self.below(one_in) == 0

    def share(self, most: Fraction, *, best_of: int = 1) -> Fraction:
        """Draw a share from nothing to `most`, in thousandths of it; the largest of several draws."""
        return most * Fraction(max(self.below(1001) for _ in range(best_of)), 1000)

    def one_of(self, choices: tuple[str | None, ...]) -> str | None:
        """Draw one of some."""
        return choices[self.below(len(choices))]


# ---- figures ----------------------------------------------------------------------------------------------


def _figures(scheme: Scheme, sub_type: str, quality: int, draws: Draws) -> dict[str, FigureValue]:
    values = {reference: _anywhere(asked.figure, scheme, draws) for reference, asked in scheme.asked.items()}
    for indicator in scheme.indicators:
        # Drawn over the whole range nearly everything would be far beyond the best band, or far below it.
        if sub_type in indicator.formulas and not draws.happens(8):
            beyond = draws.share(Fraction(4, 3), best_of=quality)
            full = Fraction(indicator.full_marks_for(sub_type), HUNDREDTHS)
            _near_what_counts(indicator.formulas[sub_type], full, beyond, values, scheme)
    for relation in _in_repair_order(scheme, values, draws):
        raise SampleError(
            f"scheme {scheme.code}: no figures were found that keep {' + '.join(relation.lower)} at or below "
            f"{' + '.join(relation.upper)}; look whether the ranges of these figures allow it"
        )
    given = {
        reference: FigureValue(status=FigureStatus.REPORTED, value=value)
        for reference, value in values.items()
    }
    for reference in given:
        if draws.happens(_ONE_MISSING_IN):
            given[reference] = FigureValue(status=MISSING[draws.below(len(MISSING))])
    if problems := validate_figures(scheme, given):
        raise SampleError(
            f"scheme {scheme.code}: no valid figures were found: {problems[0].message}; {problems[0].remedy}"
        )
    return given


def _step(figure: Figure) -> Fraction:
    return Fraction(1, int("1" + "0" * min(figure.decimal_places, _MOST_PLACES_DRAWN)))


def _highest(figure: Figure) -> Fraction:
    return figure.minimum + _WHERE_NO_MAXIMUM if figure.maximum is None else figure.maximum


def _anywhere(figure: Figure, scheme: Scheme, draws: Draws) -> Fraction:
    """Draw over the whole range; of measures every order of magnitude alike, and the ends now and then."""
    low, high = figure.minimum, _highest(figure)
    if figure.type not in MEASURED:
        if figure.type is FigureType.DATE and scheme.windows and not draws.happens(3):
            window = scheme.windows[draws.below(len(scheme.windows))]
            inside = (
                max(low, Fraction(window.first.toordinal())),
                min(high, Fraction(window.last.toordinal())),
            )
            low, high = inside if inside[0] <= inside[1] else (low, high)
        return low + draws.between(0, math.floor(high - low))
    steps = math.floor((high - low) / _step(figure))
    match draws.below(16):
        case 0:
            return low
        case 1:
            return low + steps * _step(figure)
        case _:
            reach = min(1 << draws.below(steps.bit_length() + 1), steps)
            return low + draws.between(0, reach) * _step(figure)


def _fitted(figure: Figure, value: Fraction) -> Fraction:
    """Return the value that a figure can have just at or below `value`."""
    inside = min(max(value, figure.minimum), _highest(figure))
    return figure.minimum + math.floor((inside - figure.minimum) / _step(figure)) * _step(figure)


def _near_what_counts(
    formula: Formula, full: Fraction, beyond: Fraction, values: MutableMapping[str, Fraction], scheme: Scheme
) -> None:
    """Move the figures of a formula to where its points change, up to a third beyond the full marks.

    What is computed by an expression, or beside others, is left where it was drawn.
    """
    match formula:
        case Bands(figures=figures, bands=bands):
            _share_out(figures, bands[-1].at_least * beyond, values, scheme)
        case Linear(figures=figures, start=start, end=end):
            _share_out(figures, max(start, end) * beyond, values, scheme)
        case PerUnit(figures=figures, points_each=each):
            _share_out(figures, full / each * beyond, values, scheme)
        case PerAmount(figures=figures, amount=amount, points_each=each):
            _share_out(figures, full / each * amount * beyond, values, scheme)
        case Threshold(figures=figures, start=start, base=base, step=step, points_each=each):
            _share_out(figures, (start + (full - base) / each * step) * beyond, values, scheme)
        case Ratio(of=above, to=below, per=per, full_at=full_at):
            divisor = sum((values[reference] for reference in below), Fraction(0))
            moved = tuple(reference for reference in above if reference not in below)
            _share_out(moved, divisor * full_at / per * beyond, values, scheme)
        case Growth(figure=figure, bands=bands):
            last = figure + LAST_YEAR
            growth = (1 + bands[-1].at_least) * beyond
            _share_out((figure,), values[last] * growth, values, scheme)


def _share_out(
    references: tuple[str, ...], total: Fraction, values: MutableMapping[str, Fraction], scheme: Scheme
) -> None:
    for reference in references:
        values[reference] = _fitted(scheme.asked[reference].figure, total / len(references))


def _in_repair_order(
    scheme: Scheme, values: MutableMapping[str, Fraction], draws: Draws
) -> Iterator[Relation]:
    """Move figures until every relation holds; yield one that does not after all."""
    for _ in range(_MOST_REPAIRS):
        broken = [
            relation
            for relation in scheme.relations
            if _sum(relation.lower, values) > _sum(relation.upper, values)
        ]
        if not broken:
            return
        for relation in broken:
            _repair(scheme, relation, values, draws)
    yield broken[0]


def _repair(scheme: Scheme, relation: Relation, values: MutableMapping[str, Fraction], draws: Draws) -> None:
    lowest = {reference: scheme.asked[reference].figure.minimum for reference in relation.lower}
    floor, lower, upper = (
        sum(lowest.values(), Fraction(0)),
        _sum(relation.lower, values),
        _sum(relation.upper, values),
    )
    if lower <= upper:
        return
    if floor > upper:
        for reference in relation.upper:
            missing = floor - _sum(relation.upper, values)
            if missing > 0:
                figure = scheme.asked[reference].figure
                wanted = values[reference] + math.ceil(missing / _step(figure)) * _step(figure)
                values[reference] = _fitted(figure, wanted)
        upper = _sum(relation.upper, values)
    room = draws.share(max(upper - floor, Fraction(0)))
    for reference in relation.lower:
        above = values[reference] - lowest[reference]
        kept = above * room / (lower - floor) if lower > floor else Fraction(0)
        values[reference] = _fitted(scheme.asked[reference].figure, lowest[reference] + kept)


def _sum(references: tuple[str, ...], values: Mapping[str, Fraction]) -> Fraction:
    return sum((values[reference] for reference in references), Fraction(0))


# ---- rosters and experts ----------------------------------------------------------------------------------


def _roster(scheme: Scheme, draws: Draws) -> tuple[RosterRow, ...]:
    """Draw the rows behind an entry: few or many, dates mostly in the windows that the scheme counts."""
    if scheme.roster is None:
        return ()
    rows = []
    for _ in range(draws.between(0, min(scheme.roster.most_rows, _MOST_ROSTER_ROWS))):
        row = {}
        for field in scheme.roster.fields:
            value = _anywhere(field.figure, scheme, draws)
            if not (field.optional and draws.happens(8)):
                row[field.figure.code] = FigureValue(status=FigureStatus.REPORTED, value=value)
        rows.append(row)
    if problems := validate_roster(scheme, rows):
        raise SampleError(
            f"scheme {scheme.code}: no valid roster was found: {problems[0].message}; {problems[0].remedy}"
        )
    return tuple(rows)


def _expert_scores(
    scheme: Scheme, sub_type: str, quality: int, draws: Draws
) -> dict[str, tuple[Fraction, ...]]:
    """Draw how many experts looked at the entry, and their scores: rather good ones, as experts give."""
    rule = scheme.expert_rule
    if rule is None or not scheme.expert_items:
        return {}
    experts = draws.between(rule.minimum, most_experts(scheme))
    if draws.happens(_ONE_SHORT_OF_EXPERTS_IN):
        experts = rule.minimum - 1
    places = int("1" + "0" * scheme.points_places)
    scores = {}
    for item in scheme.expert_items:
        steps = item.full_marks_for(sub_type) * places // HUNDREDTHS
        given = [max(draws.between(0, steps) for _ in range(quality)) for _ in range(experts if steps else 0)]
        scores[item.code] = tuple(Fraction(score, places) for score in given)
    return scores
