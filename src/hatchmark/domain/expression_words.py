"""How does an official read an expression of a scheme, who has never seen its language?

`fund / max(tenants, 1 家)` is 孵化资金 ÷ 在孵企业（不足 1 家的按 1 家计）. The words are made from the checked tree, so
they say what is computed and not what was typed: names are titles, categories their values, windows their titles.
"""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from hatchmark.domain.expressions import (
    SUB_TYPE,
    Aggregate,
    Among,
    Arithmetic,
    Compare,
    Conditional,
    Constant,
    Expression,
    Extreme,
    Figure,
    Kind,
    Logic,
    Node,
    RosterField,
    Within,
    unit_text,
)
from hatchmark.domain.scheme import Scheme, exact_text

_CHINESE: Mapping[str, str] = {
    "brackets": "（{inner}）",
    "list": "、",
    "or": "或",
    "unit": "{number} {unit}",
    "convert": "{of}（折合{unit}）",
    "max_constant": "{of}（不足 {bound}的按 {bound}计）",
    "min_constant": "{of}（超过 {bound}的按 {bound}计）",
    "max": "{parts} 中最大的",
    "min": "{parts} 中最小的",
    "if": "{condition} 时为 {then}，否则为 {otherwise}",
    "is_true": "{name}为是",
    "is_false": "{name}为否",
    "there_is": "有{what}",
    "there_is_none": "无{what}",
    "always": "恒成立",
    "never": "恒不成立",
    "is": "{of}为{values}",
    "is_not": "{of}不为{values}",
    "in_window": "{of}在{window}内",
    "not_in_window": "{of}不在{window}内",
    "days": "{first} 至 {last} ",
    "not": "不符合{inner}",
    "and_join": " 且 ",
    "or_join": " 或 ",
    "sub_type": "参评类型",
    "count": "{roster}的{unit}数",
    "count_where": "{roster}中“{where}”的{unit}数",
    "sum": "{roster}的{of}合计",
    "sum_where": "{roster}中“{where}”的{of}合计",
    "share_where": "{roster}中“{where}”的占比（名单为空时按 {empty} 计）",
}
_ENGLISH: Mapping[str, str] = {
    "brackets": "({inner})",
    "list": ", ",
    "or": " or ",
    "unit": "{number} {unit}",
    "convert": "{of} (in {unit})",
    "max_constant": "{of} (at least {bound})",
    "min_constant": "{of} (at most {bound})",
    "max": "the largest of {parts}",
    "min": "the smallest of {parts}",
    "if": "where {condition}: {then}, else {otherwise}",
    "is_true": "{name}: yes",
    "is_false": "{name}: no",
    "there_is": "有{what}",
    "there_is_none": "无{what}",
    "always": "always",
    "never": "never",
    "is": "{of} is {values}",
    "is_not": "{of} is not {values}",
    "in_window": "{of} within {window}",
    "not_in_window": "{of} not within {window}",
    "days": "{first} to {last}",
    "not": "not {inner}",
    "and_join": " and ",
    "or_join": " or ",
    "sub_type": "sub-type",
    "count": "number of rows of {roster}",
    "count_where": "number of rows of {roster} where {where}",
    "sum": "sum of {of} over {roster}",
    "sum_where": "sum of {of} over {roster} where {where}",
    "share_where": "share of the rows of {roster} where {where} ({empty} where there are none)",
}

CHINESE, ENGLISH = "zh", "en"

_SIGNS = {
    "+": "+",
    "-": "−",
    "*": "×",
    "/": "÷",
    "=": "=",
    "!=": "≠",
    "<": "<",
    "<=": "≤",
    ">": ">",
    ">=": "≥",
}
_WHETHER_THERE_IS = "有无"
_LOOSE, _LOGIC, _SUM, _PRODUCT, _ATOM = range(5)
"""How tightly the words of a part hang together: looser ones are put in brackets inside tighter ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpressionWords:
    """Puts the expressions of one scheme into words.

    `title_of` gives the title of a figure's reference, `sub_type_of` the name of a sub-type: they may be in another
    language than the scheme was written in. Left out: as the scheme says it.
    """

    scheme: Scheme
    language: str = CHINESE
    title_of: Callable[[str], str] | None = None
    sub_type_of: Callable[[str], str] | None = None

    def of(self, expression: Expression) -> str:
        """Return the words of an expression, a calculation or a condition, so that a sentence can go on behind them."""
        return self._clean(self._tight(expression.root, _LOGIC))

    def in_brackets(self, expression: Expression) -> str:
        """Return the words of an expression so that a calculation can go on behind them."""
        return self._clean(self._tight(expression.root, _ATOM))

    def _clean(self, words: str) -> str:
        # A full-width bracket brings its own space.
        return words.replace(" （", "（").replace("） ", "）") if self.language == CHINESE else words

    def _say(self, key: str, **parts: object) -> str:
        return (_CHINESE if self.language == CHINESE else _ENGLISH)[key].format_map(parts)

    def _tight(self, node: Node, least: int) -> str:
        words, tightness = self._of(node)
        return words if tightness >= least else self._say("brackets", inner=words)

    def _of(self, node: Node) -> tuple[str, int]:
        match node:
            case Constant():
                return self._constant(node), _ATOM
            case Figure() | RosterField():
                name = self._name(node)
                is_condition = node.meaning.kind is Kind.CONDITION
                return (self._answer(name, yes=True), _SUM) if is_condition else (name, _ATOM)
            case Arithmetic():
                return self._arithmetic(node)
            case Extreme():
                return self._extreme(node), _ATOM
            case Conditional():
                condition, then = self._of(node.condition)[0], self._tight(node.then, _SUM)
                otherwise = self._tight(node.otherwise, _SUM)
                return self._say("if", condition=condition, then=then, otherwise=otherwise), _LOOSE
            case Compare():
                return self._compare(node), _SUM
            case Logic():
                return self._logic(node)
            case Among():
                return self._among(node, "is"), _SUM
            case Within():
                return self._within(node, "in_window"), _SUM
            case Aggregate():
                return self._aggregate(node), _ATOM
        raise AssertionError(f"{type(node).__name__} is no part of an expression")

    def _answer(self, name: str, *, yes: bool) -> str:
        if name.startswith(_WHETHER_THERE_IS):
            what = name.removeprefix(_WHETHER_THERE_IS)
            return self._say("there_is" if yes else "there_is_none", what=what)
        return self._say("is_true" if yes else "is_false", name=name)

    def _name(self, node: Figure | RosterField) -> str:
        roster = self.scheme.roster
        if isinstance(node, RosterField):
            titles = {field.figure.code: field.figure.title for field in (roster.fields if roster else ())}
            return titles[node.reference]
        if node.reference == SUB_TYPE:
            return self._say("sub_type")
        if self.title_of is not None:
            return self.title_of(node.reference)
        return self.scheme.asked[node.reference].title

    def _constant(self, node: Constant) -> str:
        match node.meaning.kind:
            case Kind.CONDITION:
                return self._say("always" if node.value else "never")
            case Kind.DATE:
                return datetime.date.fromordinal(int(node.value)).isoformat()
        unit = unit_text(node.meaning.unit)
        number = _number(node.value)
        return self._say("unit", number=number, unit=unit) if unit else number

    def _arithmetic(self, node: Arithmetic) -> tuple[str, int]:
        if (unit := _converted(node)) is not None:
            return self._say("convert", of=self._tight(node.left, _ATOM), unit=unit), _ATOM
        if node.op == "-" and isinstance(node.left, Constant) and node.left.value == 0:
            return f"−{self._tight(node.right, _ATOM)}", _SUM
        own = _SUM if node.op in "+-" else _PRODUCT
        # What is subtracted or divided by is bracketed where it is as loose: a − (b − c).
        right = self._tight(node.right, own + (node.op in "-/"))
        return f"{self._tight(node.left, own)} {_SIGNS[node.op]} {right}", own

    def _extreme(self, node: Extreme) -> str:
        constants = [part for part in node.parts if isinstance(part, Constant)]
        if len(node.parts) == 2 and len(constants) == 1:
            (of,) = (part for part in node.parts if part is not constants[0])
            bound = self._constant(constants[0])
            if not constants[0].meaning.unit and self.language == CHINESE:
                bound += " "
            return self._say(f"{node.op}_constant", of=self._tight(of, _ATOM), bound=bound)
        parts = self._say("list").join(self._tight(part, _SUM) for part in node.parts)
        return self._say("brackets", inner=self._say(node.op, parts=parts))

    def _compare(self, node: Compare) -> str:
        sides = [self._side(side, node) for side in (node.left, node.right)]
        return f"{sides[0]} {_SIGNS[node.op]} {sides[1]}"

    def _side(self, side: Node, node: Compare) -> str:
        other = node.right if side is node.left else node.left
        is_share = isinstance(side, Constant) and not side.meaning.unit and 0 < side.value < 1
        if is_share and isinstance(side, Constant) and not isinstance(other, Constant):
            return f"{_number(side.value * 100)}%"
        return self._tight(side, _SUM)

    def _logic(self, node: Logic) -> tuple[str, int]:
        if node.op != "not":
            join = self._say("and_join" if node.op == "and" else "or_join")
            return join.join(self._tight(part, _SUM) for part in node.parts), _LOGIC
        (of,) = node.parts
        match of:
            case Figure() | RosterField():
                return self._answer(self._name(of), yes=False), _SUM
            case Among():
                return self._among(of, "is_not"), _SUM
            case Within():
                return self._within(of, "not_in_window"), _SUM
        return self._say("not", inner=self._tight(of, _ATOM)), _SUM

    def _among(self, node: Among, key: str) -> str:
        values = [node.of.meaning.values[int(position) - 1] for position in node.values]
        if isinstance(node.of, Figure) and node.of.reference == SUB_TYPE:
            values = [self.sub_type_of(value) if self.sub_type_of else value for value in values]
        return self._say(key, of=self._of(node.of)[0], values=self._say("or").join(values))

    def _within(self, node: Within, key: str) -> str:
        first, last = (datetime.date.fromordinal(int(day)) for day in (node.first, node.last))
        known = (
            window.title for window in self.scheme.windows if (window.first, window.last) == (first, last)
        )
        window = next(known, self._say("days", first=first.isoformat(), last=last.isoformat()))
        return self._say(key, of=self._of(node.of)[0], window=window)

    def _aggregate(self, node: Aggregate) -> str:
        where = None if node.where is None else self._tight(node.where, _LOGIC)
        of = None if node.of is None else self._tight(node.of, _PRODUCT)
        key = node.op if where is None else f"{node.op}_where"
        roster = self.scheme.roster
        if roster is None:
            raise AssertionError("only a scheme with a roster has expressions about its rows")
        return self._say(
            key, roster=roster.title, unit=roster.unit, where=where, of=of, empty=_number(node.empty)
        )


def _number(value: Fraction) -> str:
    """Return an exact number with a true minus sign."""
    return exact_text(value).replace("-", "−")


def _converted(node: Arithmetic) -> str | None:
    """Return the unit into which `convert` turned a number; None for any other product."""
    unit = node.right.meaning.unit
    if (
        node.op != "*"
        or not isinstance(node.right, Constant)
        or sorted(power for _, power in unit) != [-1, 1]
    ):
        return None
    return next(name for name, power in unit if power == 1)
