"""Is a row of cells the head of a table? Known by the words for columns that the reader of notices knows."""

import re
from collections.abc import Sequence
from functools import cache

from hatchmark.documents.notice_files.characters import to_simplified
from hatchmark.domain.notice_words import load_notice_words

_NOISE = re.compile(r"[\s　 （）()【】\[\]*:：]+")
_SERIAL = re.compile(r"[（(]?(?:[0-9０-９]{1,5}|[一二三四五六七八九十百]{1,5}|[①-⑳])[)）.．、]?")
_LONGEST_HEAD = 16


@cache
def _words() -> tuple[frozenset[str], tuple[str, ...]]:
    """The words that are a head as a whole, and those that a head may end with."""
    words = {word for words in load_notice_words().layout["columns"].values() for word in words}
    return frozenset(words), tuple(word for word in words if len(word) > 1)


def is_head_word(cell: str) -> bool:
    """Whether a cell names a column: 序号, 运营机构名称, 评价\\n结果, 評價結果."""
    text = _NOISE.sub("", cell)
    if not text or len(text) > _LONGEST_HEAD:
        return False
    return _names_column(text) or _names_column(to_simplified(text))


@cache
def _names_column(text: str) -> bool:
    whole, ends = _words()
    return text in whole or text.endswith(ends)


def is_head(cells: Sequence[str]) -> bool:
    """Whether a row names the columns of a table: at least two known heads, and most of its filled cells."""
    filled = [cell for cell in cells if cell.strip()]
    known = sum(map(is_head_word, filled))
    return known >= 2 and known * 2 >= len(filled) and not any(map(is_serial, filled))


def head_position(rows: Sequence[Sequence[str]]) -> int | None:
    """Return which of the first rows is the head, None where none of them names columns."""
    return next((at for at, row in enumerate(rows[:5]) if is_head(row)), None)


def is_serial(cell: str) -> bool:
    """Whether a cell holds a number in a list, in digits or in Chinese numerals."""
    return _SERIAL.fullmatch(cell.strip()) is not None


def serial_number(cell: str) -> int | None:
    """Return the serial in a cell where it is written in digits."""
    digits = cell.strip().strip("（()）.．、")
    return int(digits) if digits.isdecimal() and len(digits) <= 5 else None


def same_row(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two rows print the same but for spaces and line breaks."""
    return [_NOISE.sub("", cell) for cell in one] == [_NOISE.sub("", cell) for cell in other]
