"""Which numbers does a line of a notice hold, and which of them say exactly how many?

Arabic digits of either width, with thousands separators; Chinese numerals up to 亿 (十一, 一百零五, 廿三, 〇, 两);
ranges and rounded numbers (百余, 20多, 3至5) are seen as what they are: numbers that count nothing exactly.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_DIGITS = {
    "零": 0, "〇": 0, "○": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
    "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9,
}  # fmt: skip
_TENS = {"廿": 20, "卅": 30}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_GREAT = {"万": 10_000, "亿": 100_000_000}
_CHINESE = "".join((*_DIGITS, *_TENS, *_UNITS, *_GREAT))

_ARABIC = r"\d{1,3}(?:[,，]\d{3})+(?!\d)|\d+"
_NUMBER = re.compile(
    rf"(?P<arabic>{_ARABIC})(?P<part>[.．]\d+)?(?P<great>[万亿]*)|(?P<chinese>[{_CHINESE}]+)"
)
_RANGE = re.compile(r"[-－—–~～至到]{1,2}")
_ROUNDED = re.compile(r"[余多来几]")
_MOST_DIGITS = 15
"""A longer row of digits counts nothing, and one of thousands is refused by `int`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenNumber:
    """One number and where it stands. `value` is None where it says nothing exact: a range, a fraction, 百余."""

    start: int
    end: int
    value: int | None


def chinese_value(numeral: str) -> int | None:
    """Return what a Chinese numeral says: 一百零五 → 105, 二〇二一 → 2021; None where it is no number (百十, 二三).

    Two digits side by side are a number only where all of it is digits and no 〇 is left out: 二三 is "two or
    three", 二〇二一 a year.
    """
    if all(character in _DIGITS for character in numeral):
        return _row_of_digits(numeral)
    total = 0
    for part, great in re.findall(rf"([^{''.join(_GREAT)}]*)([{''.join(_GREAT)}]?)", numeral)[:-1]:
        section = _section_value(part) if part else 0
        if section is None or (great and not part and not total):
            return None
        total = (total + section) * _GREAT[great] if great else total + section
    return total


def _row_of_digits(numeral: str) -> int | None:
    digits = [_DIGITS[character] for character in numeral]
    if len(digits) == 1:
        return digits[0]
    # 三五, 二三 are rounded; a row of four or one with 〇 is read digit by digit.
    is_row = len(digits) >= 4 or 0 in digits[1:]
    return int("".join(map(str, digits))) if is_row and len(digits) <= _MOST_DIGITS else None


def _section_value(part: str) -> int | None:
    """Return the value of a numeral below 万: 一千零二十, 一百二 (120), 廿三."""
    value, digit, last_unit = 0, None, 10_000
    for character in part:
        if character in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[character]
            continue
        unit = 10 if character in _TENS else _UNITS[character]
        # Units fall, and only 十 may go without a digit of its own: 百十 is no number.
        if unit >= last_unit or (character in _TENS and digit) or (not digit and unit != 10):
            return None
        value += _TENS.get(character) or (digit or 1) * unit
        digit, last_unit = None, unit
    spoken_short = last_unit > 10 and last_unit < 10_000 and part[-2:-1] not in "零〇○"
    return value + (digit or 0) * (last_unit // 10 if digit and spoken_short else 1)


def read_numbers(text: str) -> tuple[WrittenNumber, ...]:
    """Return every number of `text` in order. A range is one number without a value."""
    found: list[WrittenNumber] = []
    for number in _single_numbers(text):
        before = found[-1] if found else None
        if before is not None and _RANGE.fullmatch(text, before.end, number.start):
            found[-1] = WrittenNumber(start=before.start, end=number.end, value=None)
        else:
            found.append(number)
    return tuple(found)


def _single_numbers(text: str) -> Iterator[WrittenNumber]:
    for match in _NUMBER.finditer(text):
        value: int | None
        if match["arabic"]:
            digits = re.sub("[,，]", "", match["arabic"])
            value = None if match["part"] or len(digits) > _MOST_DIGITS else int(digits)
            for great in match["great"]:
                value = None if value is None else value * _GREAT[great]
        else:
            value = chinese_value(match["chinese"])
        end = match.end()
        if value is not None and value >= 10**_MOST_DIGITS:
            value = None
        if rounded := _ROUNDED.match(text, end):
            value, end = None, rounded.end()
        yield WrittenNumber(start=match.start(), end=end, value=value)
