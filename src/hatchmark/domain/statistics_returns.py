"""What does a column of the statistics return (火炬统计) mean, and what does a cell of it say?

The forms change their titles with the years, so titles are data (`domain/data/statistics`), compared without spaces,
brackets and the unit in them. An amount may be printed in another unit than ours: the head says which.
"""

import functools
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from importlib import resources

from hatchmark.domain.scheme import Figure, FigureType, exact_text, parse_number

_FOLDER = resources.files("hatchmark.domain") / "data" / "statistics"
_BRACKETS = re.compile(r"[(（\[【]([^)）\]】]*)[)）\]】]")
_BLANK = re.compile(r"[\s:：*＊]+")
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_IN_THOUSANDS = {"千元": Fraction(1), "万元": Fraction(10), "元": Fraction(1, 1000)}
_MONEY = "千元"
FORM_LABELS = ("指标名称", "指标", "项目", "统计指标")
FORM_VALUES = ("数量", "数值", "本年", "本年数", "本期", "填报值", "数据")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnTitles:
    """Which printed titles mean which figure of a kind, and which name the institution. Titles as they are compared."""

    figures: Mapping[str, str]
    names: frozenset[str]
    codes: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class BadCell:
    """A cell that cannot be taken over: where it stands as a spreadsheet shows it, what it holds, and why not."""

    row: int
    column: str
    value: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnLine:
    """What the return says of one institution: by name or code as printed, figures as exact text in our units."""

    row: int
    name: str
    code: str
    figures: Mapping[str, str]
    bad: Sequence[BadCell] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsFile:
    """A whole file. `unknown` are titles that mean no figure here; they are left aside, and named.

    `head_row` is the row that was taken as the head, as a spreadsheet counts.
    """

    lines: Sequence[ReturnLine]
    known: Sequence[str]
    unknown: Sequence[str]
    head_row: int


class ReturnProblem(ValueError):  # noqa: N818  (it says by `code` what is wrong with a file that can be read)
    """Why nobody can say what the columns of a return mean. `facts` hold what was looked for, and where."""

    def __init__(self, code: str, text: str, facts: Mapping[str, object]) -> None:
        self.code = code
        self.facts = dict(facts)
        super().__init__(text)


@functools.cache
def return_titles(kind: str) -> ReturnTitles:
    """Return the titles of a kind; raise KeyError for a kind without a file of them."""
    if kind not in kinds_with_titles():
        raise KeyError(
            f"no titles of the statistics return for '{kind}'; there are: {', '.join(kinds_with_titles())}"
        )
    data = tomllib.loads((_FOLDER / f"{kind}.toml").read_text("utf-8"))
    figures: dict[str, str] = {}
    for code, titles in data["figures"].items():
        for title in titles:
            if figures.setdefault(compared(title), code) != code:
                raise ValueError(f"statistics/{kind}.toml: '{title}' means two figures; keep one of them")
    return ReturnTitles(
        figures=figures,
        names=frozenset(map(compared, data["name_titles"])),
        codes=frozenset(map(compared, data["code_titles"])),
    )


def kinds_with_titles() -> list[str]:
    """Return the kinds whose returns can be read."""
    return sorted(entry.name.removesuffix(".toml") for entry in _FOLDER.iterdir())


def compared(title: str) -> str:
    """Return a printed title as it is compared: without brackets and what stands in them, blanks and colons."""
    return _BLANK.sub("", _BRACKETS.sub("", title))


def unit_in(title: str) -> str:
    """Return the unit that a title gives in brackets, "" where it gives none."""
    return next((found.strip() for found in _BRACKETS.findall(title) if found.strip()), "")


def read_cell(figure: Figure, title: str, text: str, *, unit: str = "") -> str:
    """Return a cell as exact text in the unit of the figure; raise ValueError with why it cannot be, "zh|en".

    `unit` is what a column of its own says; else the brackets of the title count.
    """
    plain = text.replace(",", "") if _GROUPED.fullmatch(text) else text
    try:
        value = parse_number(plain)
    except ValueError as error:
        raise ValueError("不是数字|is no number") from error
    given = unit or unit_in(title)
    if figure.unit == _MONEY and given.endswith("元"):
        if given not in _IN_THOUSANDS:
            raise ValueError(f"单位“{given}”无法换算为千元|its unit cannot be turned into 千元") from None
        value *= _IN_THOUSANDS[given]
    if value < 0 and figure.minimum >= 0:
        raise ValueError("不能为负数|cannot be negative")
    if figure.type is FigureType.INTEGER and value.denominator != 1:
        raise ValueError("应为整数|has to be a whole number")
    return exact_text(value)
