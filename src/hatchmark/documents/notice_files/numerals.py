"""How is a number written in a numbered list?"""

_DIGITS = "零一二三四五六七八九"
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
    (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_HIGHEST_ROMAN = 4000
_CIRCLED = ("decimalenclosedcircle", "decimalenclosedcirclechinese")
_CHINESE = ("japanesecounting", "ideographdigital", "taiwanesecounting", "taiwanesecountingthousand")


def numeral(number: int, format: str) -> str:
    """Return a number as a list of Word's `format` shows it; in digits where the format is none of the known."""
    lowered = format.lower()
    if lowered in _CHINESE or lowered.startswith("chinesecounting"):
        return _chinese(number)
    if lowered == "decimalfullwidth":
        return str(number).translate(_FULL_WIDTH)
    if lowered in _CIRCLED:
        return chr(0x2460 + number - 1) if 1 <= number <= 20 else str(number)
    if lowered == "decimalzero":
        return f"{number:02}"
    if lowered in ("upperletter", "lowerletter") and number >= 1:
        letter = chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter if lowered == "upperletter" else letter.lower()
    if lowered in ("upperroman", "lowerroman") and 1 <= number < _HIGHEST_ROMAN:
        roman = _roman(number)
        return roman if lowered == "upperroman" else roman.lower()
    return str(number)


def _chinese(number: int) -> str:
    if not 0 < number < 1000:
        return str(number)
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += "十" if tens == 1 and not hundreds else f"{_DIGITS[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text
