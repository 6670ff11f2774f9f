"""Which of many names are alike by their characters or sound the same: rapidfuzz and pypinyin behind one interface.

Not every pair is compared: two names must share one of their rarest pairs of neighbouring characters, or sound
the same as a whole. So the work grows with the number of names and not with its square.
"""

import functools
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from pypinyin import Style, lazy_pinyin, pinyin
from rapidfuzz.distance import Indel

from hatchmark.domain.identity import LikePair

_RAREST = 6
"""How many of its rarest pairs of characters a name is looked up by."""

_CROWD = 24
"""A pair of characters that more names have than this (有限, 孵化) finds nobody."""


class NameLikeness:
    """The likeness that `domain.identity` asks for. `compared` counts the pairs compared since it was made."""

    def __init__(self) -> None:
        self.compared = 0

    def pairs_of(self, names: Sequence[str], *, at_least: int) -> Iterator[LikePair]:
        """Return the pairs of different names that are alike to `at_least` per mille, or sound the same as a whole.

        The likeness is twice the characters that both have in order, by the characters of both.
        """
        sounding = self._same_sound(names)
        for first, second in sorted(self._candidates(names) | sounding):
            self.compared += 1
            one, other = names[first], names[second]
            length = len(one) + len(other)
            per_mille = 1000 * (length - Indel.distance(one, other)) // length if length else 0
            if one != other and (per_mille >= at_least or (first, second) in sounding):
                yield LikePair(first=first, second=second, per_mille=per_mille)

    def sounds_alike(self, one: str, other: str) -> bool:
        """Whether two characters have a reading in common, tones aside; a letter or digit sounds like itself alone."""
        return bool(_readings(one) & _readings(other))

    def _candidates(self, names: Sequence[str]) -> set[tuple[int, int]]:
        grams = [{"".join(pair) for pair in pairwise(name)} for name in names]
        common = Counter(gram for each in grams for gram in each)
        holders: dict[str, list[int]] = defaultdict(list)
        for at, each in enumerate(grams):
            telling = sorted((common[gram], gram) for gram in each if 1 < common[gram] <= _CROWD)
            for _, gram in telling[:_RAREST]:
                holders[gram].append(at)
        return {pair for members in holders.values() for pair in combinations(members, 2)}

    def _same_sound(self, names: Sequence[str]) -> set[tuple[int, int]]:
        by_sound: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for at, name in enumerate(names):
            by_sound[tuple(lazy_pinyin(name))].append(at)
        # Of a crowd that sounds the same each meets its neighbour: all pairs of it would be work without end.
        return {
            pair
            for members in by_sound.values()
            for pair in (combinations(members, 2) if len(members) <= _CROWD else pairwise(members))
        }


@functools.lru_cache(maxsize=8192)
def _readings(character: str) -> frozenset[str]:
    [readings] = pinyin(character, style=Style.NORMAL, heteronym=True)
    return frozenset(readings)
