"""What the pictures of a round show: shares of a bar, places of tiles. Whole numbers in, exact places out.

The templates draw them as SVG on the server, so that they are there without JavaScript, in print, and
under a policy that allows no inline style (decision 0003).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from hatchmark.web.results import ResultClass

NARROWEST_DIGIT = Fraction(1, 36)
"""The part of a drawing that one digit needs on the narrowest phone: 9 of 320 pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One part of a bar. `x`, `width`, `middle` are percentages of the whole drawing, as SVG writes them."""

    result: ResultClass
    count: int
    x: str
    width: str
    middle: str
    fits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One stacked bar. `width` is its share of the longest bar."""

    total: int
    segments: tuple[Segment, ...]


def bar(results: Iterable[ResultClass], *, longest: int) -> Bar:
    """Stack the counts of `results` in the order of their classes.

    A part too narrow for its digits carries no number in the picture: the table beside it does.
    """
    counts = Counter(results)
    segments: list[Segment] = []
    before = 0
    for result in ResultClass:
        count = counts[result]
        if not count:
            continue
        share = Fraction(count, longest)
        segments.append(
            Segment(
                result=result,
                count=count,
                x=percent(Fraction(before, longest)),
                width=percent(share),
                middle=percent(Fraction(2 * before + count, 2 * longest)),
                fits=share >= len(str(count)) * NARROWEST_DIGIT,
            )
        )
        before += count
    return Bar(total=before, segments=tuple(segments))


def percent(share: Fraction) -> str:
    """Return a share as SVG writes it, `12.35%`: half-up at two decimals, without a float on the way."""
    hundredths = (2 * share.numerator * 10_000 + share.denominator) // (2 * share.denominator)
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def largest(results: Sequence[ResultClass]) -> tuple[list[ResultClass], int]:
    """Return the class or, where several share the first place, the classes with the most rows, and how many."""
    counts = Counter(results)
    most = max(counts.values(), default=0)
    return [result for result in ResultClass if counts[result] == most and most], most


def tint(count: int, most: int) -> int:
    """Return the step 0 to 4 of a tile's shade: 0 for nothing and only for it, darker for more."""
    if not count:
        return 0
    return min(4, 1 + (count - 1) * 4 // most)
