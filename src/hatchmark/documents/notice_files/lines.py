"""Which lines of a text are one paragraph, broken by whoever set it in lines of equal length?"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

_WIDEST = 120
_FEWEST = 3
_INDENT = re.compile(r"[ \t\u3000\u00a0]{2,}|\u3000")
_BEGINS = re.compile(r"\s*(?:附\s*[件表录]|[（(]?[一二三四五六七八九十]{1,3}[)）、.．]|\d{1,2}[.．、]\s*\D)")


def width_of(text: str) -> int:
    """Return how many columns a text takes: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def joined_lines(lines: Sequence[str]) -> list[str]:
    """Return paragraphs: each line one of its own, unless the text was broken into lines of equal length."""
    measure = _measure(lines)
    paragraphs: list[str] = []
    open_ = False
    for line in lines:
        text = line.rstrip()
        if not text.strip():
            open_ = False
            continue
        if open_ and not _INDENT.match(text) and not _BEGINS.match(text):
            paragraphs[-1] = together(paragraphs[-1], text.strip())
        else:
            paragraphs.append(text)
        open_ = measure is not None and width_of(text) >= measure - 3
    return paragraphs


def _measure(lines: Sequence[str]) -> int | None:
    """Return the width at which lines were broken; None where each line ends by itself."""
    widths = [width_of(line.rstrip()) for line in lines if line.strip()]
    if len(widths) < _FEWEST:
        return None
    widest = max(widths)
    if not 30 <= widest <= _WIDEST:
        return None
    full = sum(count for width, count in Counter(widths).items() if width >= widest - 3)
    return widest if full >= _FEWEST and full * 4 >= len(widths) else None


def together(one: str, other: str) -> str:
    """Join two pieces of a paragraph that a line end parted: with a space between words of letters, else without."""
    both_words = one[-1:].isascii() and one[-1:].isalnum() and other[:1].isascii() and other[:1].isalnum()
    # Digits that a line end cut in two belong together; 2021 and Word do not.
    digits = one[-1:].isdigit() and other[:1].isdigit()
    return f"{one} {other}" if both_words and not digits else f"{one}{other}"
