"""What the pictures show: shares of a bar, shades of tiles, weights of a scheme. Whole numbers in, exact places out.

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


def share(part: int, whole: int) -> str:
    """Return a part of a whole as SVG writes it; a negative part as long as its positive twin, nothing of nothing."""
    return percent(Fraction(min(abs(part), whole), whole)) if whole else percent(Fraction(0))


# ---- weights ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A part of a whole with what lies in it. `marks` are hundredths of a point; `look` names its colour."""

    title: str
    marks: int
    look: str
    inner: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One rectangle. `x`, `width`, `middle` are percentages as SVG writes them, `y` and `height` pixels."""

    title: str
    marks: str
    look: str
    shade: int
    x: str
    width: str
    middle: str
    y: int
    height: int
    baseline: int
    fits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Icicle:
    """The blocks of a tree, each level under the one that holds it; every leaf reaches down to the ground."""

    height: int
    blocks: tuple[Block, ...]


LEVEL = 32
"""Pixels of one level of an icicle."""


def icicle(tops: Sequence[Node]) -> Icicle:
    """Lay a tree out: as wide as its marks, level under level. What lies in a node is drawn in its proportion."""
    depth = max((_depth(node) for node in tops), default=1)
    blocks: list[Block] = []
    total = sum(node.marks for node in tops)

    def lay(nodes: Sequence[Node], left: Fraction, width: Fraction, level: int) -> None:
        inside = sum(node.marks for node in nodes)
        for position, node in enumerate(nodes):
            part = width * node.marks / inside
            height = LEVEL if node.inner else LEVEL * (depth - level)
            marks = _marks_text(node.marks)
            blocks.append(
                Block(
                    title=node.title,
                    marks=marks,
                    look=node.look,
                    shade=position % 2 + 2 * (level > 0),
                    x=percent(left),
                    width=percent(part),
                    middle=percent(left + part / 2),
                    y=LEVEL * level,
                    height=height,
                    baseline=LEVEL * level + height // 2 + 5,
                    fits=part >= len(marks) * NARROWEST_DIGIT,
                )
            )
            if node.inner:
                lay(node.inner, left, part, level + 1)
            left += part

    if total:
        lay(tops, Fraction(0), Fraction(1), 0)
    return Icicle(height=LEVEL * depth, blocks=tuple(blocks))


def _depth(node: Node) -> int:
    return 1 + max((_depth(inner) for inner in node.inner), default=0)


def _marks_text(hundredths: int) -> str:
    whole, rest = divmod(hundredths, 100)
    return str(whole) if not rest else f"{whole}.{rest:02d}".rstrip("0")


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
