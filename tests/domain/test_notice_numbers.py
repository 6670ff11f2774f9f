"""Numbers as notices write them: what counts exactly, and what only looks as if it did."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatchmark.domain.notice_numbers import chinese_value, read_numbers


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("三", 3),
        ("两", 2),
        ("十", 10),
        ("十一", 11),
        ("二十", 20),
        ("二十三", 23),
        ("廿三", 23),
        ("卅", 30),
        ("一百零五", 105),
        ("一百一十", 110),
        ("一百二", 120),
        ("三百二十一", 321),
        ("一千零二十", 1020),
        ("一万二千", 12_000),
        ("十万", 100_000),
        ("二〇二一", 2021),
        ("一〇五", 105),
        ("叁拾", 30),
    ],
)
def test_chinese_numerals_are_read(numeral: str, value: int) -> None:
    assert chinese_value(numeral) == value


@pytest.mark.parametrize("words", ["二三", "三五", "百", "百十", "万", "一十百", "二十十"])
def test_what_is_no_single_number_has_no_value(words: str) -> None:
    assert chinese_value(words) is None


def _written(number: int) -> str:
    """A number below 10 000 in Chinese numerals, by the rules of the language."""
    digits = "零一二三四五六七八九"
    if number < 10:
        return digits[number]
    text, waiting_zero = "", False
    for unit, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += ("零" if waiting_zero else "") + digits[digit] + word
        waiting_zero = bool(text) and not digit
    return text.removeprefix("一") if 10 <= number < 20 else text


@given(st.integers(min_value=0, max_value=9999))
def test_every_number_below_ten_thousand_is_read_back(number: int) -> None:
    assert chinese_value(_written(number)) == number


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("１２家、1,234家", [("１２", 12), ("1,234", 1234)]),
        ("优秀3家,100家合格", [("3", 3), ("100", 100)]),
        ("2018,300", [("2018", 2018), ("300", 300)]),
        ("共五家", [("五", 5)]),
        ("5万家", [("5万", 50_000)]),
    ],
)
def test_exact_numbers_keep_their_place_and_value(text: str, found: list[tuple[str, int]]) -> None:
    assert [(text[n.start : n.end], n.value) for n in read_numbers(text)] == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("百余家", ["百余"]),
        ("20多家", ["20多"]),
        ("3至5家", ["3至5"]),
        ("三到五家", ["三到五"]),
        ("10—12家", ["10—12"]),
        ("22.2%", ["22.2"]),
        ("5.3亿元", ["5.3亿"]),
    ],
)
def test_ranges_and_rounded_numbers_are_one_number_without_a_value(text: str, words: list[str]) -> None:
    numbers = read_numbers(text)

    assert [text[n.start : n.end] for n in numbers] == words
    assert [n.value for n in numbers] == [None]
