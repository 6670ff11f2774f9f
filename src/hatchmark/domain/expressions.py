"""What does an expression of a scheme mean: of which kind, in which unit, between which bounds, with what value?

`hatchmark.schemes.grammar` reads a text into `Syntax`; `check` refuses what can go wrong (units that do not fit, a
divisor that can be zero, numbers too large for exact integers) and returns a tree in which nothing can. `number`
and `holds` evaluate that tree exactly. There are no loops and no functions of one's own, so it always ends.
"""

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor, lcm

LONGEST_EXPRESSION = 1000
MOST_PARTS = 200
DEEPEST_EXPRESSION = 64
LONGEST_LITERAL = 30
LARGEST_BITS = 96

DAYS = "天"
SUB_TYPE = "sub_type"

Unit = tuple[tuple[str, int], ...]
NO_UNIT: Unit = ()

_SCALES: tuple[Mapping[str, Fraction], ...] = (
    {"元": Fraction(1), "千元": Fraction(1000), "万元": Fraction(10_000), "亿元": Fraction(100_000_000)},
    {"m²": Fraction(1), "平方米": Fraction(1), "千平方米": Fraction(1000), "万平方米": Fraction(10_000)},
)
"""Units that convert into one another. Nothing converts by itself: 千元 + 万元 is refused."""


class ExpressionError(ValueError):
    """An expression that cannot be: `at` is the place in its text, `what` says what, why and what to write."""

    def __init__(self, at: int, what: str) -> None:
        self.at = at
        self.what = what
        super().__init__(what)


class Kind(StrEnum):
    """What an expression gives."""

    NUMBER = "a number"
    CONDITION = "a condition"
    DATE = "a date"
    CATEGORY = "a category"


@dataclass(frozen=True, slots=True, kw_only=True)
class Syntax:
    """A text as it was read, before anything is known about its names. Makes itself only within the limits."""

    op: str
    at: int
    text: str = ""
    unit: str = ""
    parts: tuple["Syntax", ...] = ()
    size: int = 1
    depth: int = 1

    @classmethod
    def of(cls, op: str, *parts: "Syntax", at: int, text: str = "", unit: str = "") -> "Syntax":
        size = 1 + sum(part.size for part in parts)
        depth = 1 + max((part.depth for part in parts), default=0)
        if size > MOST_PARTS:
            raise ExpressionError(at, f"has more than {MOST_PARTS} parts; split it over several indicators")
        if depth > DEEPEST_EXPRESSION:
            raise ExpressionError(at, f"nests deeper than {DEEPEST_EXPRESSION} levels; flatten it")
        return cls(op=op, at=at, text=text, unit=unit, parts=parts, size=size, depth=depth)


# ---- what names mean --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A figure or a roster field as an expression sees it. `high` None: no bound is stated."""

    reference: str
    kind: Kind
    unit: str = ""
    low: Fraction = Fraction(0)
    high: Fraction | None = None
    places: int = 0
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """评价期: a period by name; both days lie in it."""

    code: str
    title: str
    first: datetime.date
    last: datetime.date
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Every name that an expression of one scheme may use. `most_rows` 0: the scheme has no roster."""

    figures: Mapping[str, Name]
    fields: Mapping[str, Name]
    windows: Mapping[str, Window]
    ambiguous: frozenset[str] = frozenset()
    roster_unit: str = ""
    most_rows: int = 0

    def units(self) -> tuple[str, ...]:
        """Return every unit that a number may have: one that nothing is measured in is a slip of the pen."""
        measured = [name.unit for name in (*self.figures.values(), *self.fields.values())]
        converted = [unit for scale in _SCALES for unit in scale]
        return tuple(dict.fromkeys(unit for unit in (*measured, self.roster_unit, DAYS, *converted) if unit))


# ---- the checked tree -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """Kind, unit and bounds of a node. Its value is a whole number ÷ (`fixed` × a divisor up to `divisor`)."""

    kind: Kind
    unit: Unit = NO_UNIT
    low: Fraction = Fraction(0)
    high: Fraction = Fraction(1)
    values: tuple[str, ...] = ()
    whole: int = 1
    fixed: int = 1
    divisor: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One part of a checked expression. `key` is its text without places: equal keys have equal values."""

    meaning: Meaning
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant(Node):
    value: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(Node):
    """A figure (`CODE`, `CODE@last`), or `sub_type`."""

    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterField(Node):
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Arithmetic(Node):
    """`op` is one of + - * /."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Extreme(Node):
    """`op` is min or max."""

    op: str
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditional(Node):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Compare(Node):
    """`op` is one of = != < <= > >=."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Logic(Node):
    """`op` is and, or, or not (of one part)."""

    op: str
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Among(Node):
    of: Node
    values: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Within(Node):
    of: Node
    first: Fraction
    last: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregate(Node):
    """`op` is count, sum or share over the rows that have all of `fields` and for which `where` holds."""

    op: str
    of: Node | None
    where: Node | None
    empty: Fraction
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """A checked expression with its text, the figures it uses and whether it looks at the roster."""

    text: str
    root: Node
    references: tuple[str, ...]
    fields: tuple[str, ...]
    uses_roster: bool

    @property
    def kind(self) -> Kind:
        return self.root.meaning.kind

    @property
    def unit(self) -> str:
        """The unit of the value in words; empty where it has none."""
        return unit_text(self.root.meaning.unit)


def unit_text(unit: Unit) -> str:
    """Return `千元/m²` for a unit; empty for none."""
    above = "·".join(name if power == 1 else f"{name}^{power}" for name, power in unit if power > 0)
    below = "·".join(name if power == -1 else f"{name}^{-power}" for name, power in unit if power < 0)
    return f"{above or '1'}/{below}" if below else above


def _times(left: Unit, right: Unit, sign: int) -> Unit:
    powers = dict(left)
    for name, power in right:
        powers[name] = powers.get(name, 0) + sign * power
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def _unit(name: str) -> Unit:
    return ((name, 1),) if name else NO_UNIT


# ---- checking ---------------------------------------------------------------------------------------------

_Facts = Mapping[str, tuple[Fraction | None, Fraction | None]]
"""What is known inside a branch: bounds by the key of a node."""

_FLIPPED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_NEGATED = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def check(
    syntax: Syntax, *, text: str, scope: Scope, wants: Kind = Kind.NUMBER, of_a_row: bool = False
) -> Expression:
    """Give names, kinds, units and bounds to what was read; raise ExpressionError for what can go wrong.

    `of_a_row`: it is about one row of the roster, so its names are roster fields first.
    """
    root = _Checker(scope=scope, in_roster=of_a_row).node(syntax, {})
    if root.meaning.kind is not wants:
        raise ExpressionError(
            syntax.at, f"gives {root.meaning.kind}, but {wants} is needed here; {_REMEDY_OF_KIND[wants]}"
        )
    nodes = list(_nodes(root))
    references = dict.fromkeys(node.reference for node in nodes if isinstance(node, Figure))
    references.pop(SUB_TYPE, None)
    return Expression(
        text=" ".join(text.split()),
        root=root,
        references=tuple(references),
        fields=tuple(dict.fromkeys(node.reference for node in nodes if isinstance(node, RosterField))),
        uses_roster=of_a_row or any(isinstance(node, Aggregate) for node in nodes),
    )


_REMEDY_OF_KIND = {
    Kind.NUMBER: "write a calculation, for example if … then 1 else 0",
    Kind.CONDITION: "compare it, for example with > 0",
    Kind.DATE: "write a date",
    Kind.CATEGORY: "write a category",
}


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for part in _parts(node):
        yield from _nodes(part)


def _parts(node: Node) -> tuple[Node, ...]:
    match node:
        case Arithmetic() | Compare():
            return (node.left, node.right)
        case Extreme() | Logic():
            return node.parts
        case Conditional():
            return (node.condition, node.then, node.otherwise)
        case Among() | Within():
            return (node.of,)
        case Aggregate():
            return tuple(part for part in (node.of, node.where) if part is not None)
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checker:
    scope: Scope
    in_roster: bool = False

    def node(self, syntax: Syntax, facts: _Facts) -> Node:
        rules: Mapping[str, Callable[[Syntax, _Facts], Node]] = {
            "number": self._constant,
            "date": self._date,
            "truth": self._truth,
            "text": self._text,
            "name": self._name,
            "+": self._sum,
            "-": self._sum,
            "*": self._product,
            "/": self._quotient,
            "negative": self._negative,
            "min": self._extreme,
            "max": self._extreme,
            "clamp": self._clamp,
            "convert": self._convert,
            "if": self._conditional,
            "compare": self._compare,
            "and": self._logic,
            "or": self._logic,
            "not": self._logic,
            "in": self._among,
            "within": self._within,
            "count": self._aggregate,
            "sum": self._aggregate,
            "share": self._aggregate,
        }
        found = rules[syntax.op](syntax, facts)
        low, high = facts.get(found.key, (None, None))
        meaning = found.meaning
        narrow_low = meaning.low if low is None else max(low, meaning.low)
        narrow_high = meaning.high if high is None else min(high, meaning.high)
        # Bounds that exclude one another mean a branch that is never taken; the wide ones stay true there.
        if narrow_low <= narrow_high and (narrow_low, narrow_high) != (meaning.low, meaning.high):
            found = replace(found, meaning=replace(meaning, low=narrow_low, high=narrow_high))
        return found

    def _number(self, syntax: Syntax, facts: _Facts) -> Node:
        return self._as_number(self.node(syntax, facts), syntax)

    def _as_number(self, found: Node, syntax: Syntax) -> Node:
        """Refuse what is no number. Takes what was checked already: checked again, each level would double the work."""
        if found.meaning.kind is not Kind.NUMBER:
            raise ExpressionError(
                syntax.at,
                f"{found.key} is {found.meaning.kind}, but a number is needed here; {_REMEDY_OF_KIND[Kind.NUMBER]}",
            )
        return found

    def _condition(self, syntax: Syntax, facts: _Facts) -> Node:
        found = self.node(syntax, facts)
        if found.meaning.kind is not Kind.CONDITION:
            raise ExpressionError(
                syntax.at,
                f"{found.key} is {found.meaning.kind}, but a condition is needed here; "
                f"{_REMEDY_OF_KIND[Kind.CONDITION]}",
            )
        return found

    # ---- leaves

    def _constant(self, syntax: Syntax, facts: _Facts) -> Node:
        value = Fraction(syntax.text)
        if syntax.unit == "%":
            return _constant(value / 100)
        if syntax.unit and syntax.unit not in (known := self.scope.units()):
            raise ExpressionError(
                syntax.at,
                f"'{syntax.unit[:40]}' is no unit of this scheme; write one of {', '.join(known)}, "
                "or the number in plain digits without one",
            )
        return _constant(value, unit=_unit(syntax.unit))

    def _date(self, syntax: Syntax, facts: _Facts) -> Node:
        try:
            day = datetime.date.fromisoformat(syntax.text)
        except ValueError as error:
            raise ExpressionError(
                syntax.at, f"{syntax.text} is no day of the calendar; write a date such as 2024-01-31"
            ) from error
        value = Fraction(day.toordinal())
        meaning = Meaning(kind=Kind.DATE, low=value, high=value)
        return Constant(meaning=meaning, key=syntax.text, value=value)

    def _truth(self, syntax: Syntax, facts: _Facts) -> Node:
        value = Fraction(syntax.text == "true")
        return Constant(meaning=Meaning(kind=Kind.CONDITION), key=syntax.text, value=value)

    def _text(self, syntax: Syntax, facts: _Facts) -> Node:
        raise ExpressionError(
            syntax.at,
            f"'{syntax.text}' stands alone; compare a category with it, for example 学历 = '{syntax.text}'",
        )

    def _name(self, syntax: Syntax, facts: _Facts) -> Node:
        text = syntax.text
        in_roster = self.in_roster and text in self.scope.fields
        name = self.scope.fields[text] if in_roster else self.scope.figures.get(text)
        if name is None:
            raise ExpressionError(syntax.at, self._unknown(text))
        if text in self.scope.ambiguous:
            raise ExpressionError(syntax.at, f"'{text}' names two figures; write the code of the one meant")
        if name.high is None:
            raise ExpressionError(
                syntax.at,
                f"'{text}' has no maximum, so it is not known how large the result can be; "
                f"give {name.reference} a maximum",
            )
        whole = max(abs(name.low), abs(name.high)) * 10**name.places
        meaning = Meaning(
            kind=name.kind,
            unit=_unit(name.unit),
            low=name.low,
            high=name.high,
            values=name.values,
            whole=_within_bits(ceil(whole), syntax.at),
            fixed=10**name.places,
        )
        if in_roster:
            return RosterField(meaning=meaning, key=f"row.{name.reference}", reference=name.reference)
        return Figure(meaning=meaning, key=name.reference, reference=name.reference)

    def _unknown(self, text: str) -> str:
        if text in self.scope.fields:
            return f"'{text}' is a field of the roster; use it inside count(…), sum(…) or share(…)"
        if text.endswith("@last") and text.removesuffix("@last") in self.scope.figures:
            code = self.scope.figures[text.removesuffix("@last")].reference
            return f"needs last year's value of '{code}', which has no last_year = true; add it there"
        known = [name for name in self.scope.figures if text[:2] in name][:3]
        hint = f"perhaps {', '.join(known)}" if known else "write the code of a [[figure]]"
        return f"'{text[:60]}' is no name that is known here; {hint}, or add a [[figure]]"

    # ---- arithmetic

    def _sum(self, syntax: Syntax, facts: _Facts) -> Node:
        left, right = (self.node(part, facts) for part in syntax.parts)
        if left.meaning.kind is right.meaning.kind is Kind.DATE and syntax.op == "-":
            one, two = left.meaning, right.meaning
            low, high = one.low - two.high, one.high - two.low
            whole = _within_bits(ceil(max(abs(low), abs(high))), syntax.at)
            days = Meaning(kind=Kind.NUMBER, unit=_unit(DAYS), low=low, high=high, whole=whole)
            return _arithmetic("-", left, right, days)
        left, right = self._as_number(left, syntax.parts[0]), self._as_number(right, syntax.parts[1])
        unit = _common_unit((left, right), syntax, "added" if syntax.op == "+" else "subtracted")
        one, two = left.meaning, right.meaning
        low, high = (
            (one.low + two.low, one.high + two.high)
            if syntax.op == "+"
            else (one.low - two.high, one.high - two.low)
        )
        fixed = lcm(one.fixed, two.fixed)
        divisor = one.divisor * two.divisor
        if divisor == 1:
            whole = ceil(max(abs(low), abs(high)) * fixed)
        else:
            whole = one.whole * (fixed // one.fixed) * two.divisor
            whole += two.whole * (fixed // two.fixed) * one.divisor
        return _arithmetic(
            syntax.op, left, right, _measured(unit, low, high, whole, fixed, divisor, at=syntax.at)
        )

    def _negative(self, syntax: Syntax, facts: _Facts) -> Node:
        of = self._number(syntax.parts[0], facts)
        meaning = replace(of.meaning, low=-of.meaning.high, high=-of.meaning.low)
        if isinstance(of, Constant):
            return Constant(meaning=meaning, key=f"-{of.key}", value=-of.value)
        return _arithmetic("-", _constant(Fraction(0), unit=meaning.unit), of, meaning)

    def _product(self, syntax: Syntax, facts: _Facts) -> Node:
        left, right = (self._number(part, facts) for part in syntax.parts)
        one, two = left.meaning, right.meaning
        corners = [a * b for a in (one.low, one.high) for b in (two.low, two.high)]
        meaning = _measured(
            _times(one.unit, two.unit, 1),
            min(corners),
            max(corners),
            one.whole * two.whole,
            one.fixed * two.fixed,
            one.divisor * two.divisor,
            at=syntax.at,
        )
        return _arithmetic("*", left, right, meaning)

    def _quotient(self, syntax: Syntax, facts: _Facts) -> Node:
        left, right = (self._number(part, facts) for part in syntax.parts)
        one, two = left.meaning, right.meaning
        if two.low <= 0 <= two.high:
            raise ExpressionError(
                syntax.parts[1].at,
                f"divides by {right.key}, which can be zero (it lies between {_plain(two.low)} and "
                f"{_plain(two.high)}); divide by max({right.key}, 1{_spaced(two.unit)}), "
                f"or write if {right.key} > 0 then … else …",
            )
        corners = [a / b for a in (one.low, one.high) for b in (two.low, two.high)]
        # A constant divisor is known: it belongs to the fixed denominator, not to the one that varies.
        known = abs(right.value.numerator) if isinstance(right, Constant) else None
        meaning = _measured(
            _times(one.unit, two.unit, -1),
            min(corners),
            max(corners),
            one.whole * two.fixed * two.divisor,
            one.fixed * (known or 1),
            one.divisor * (1 if known else two.whole),
            at=syntax.at,
        )
        return _arithmetic("/", left, right, meaning)

    def _extreme(self, syntax: Syntax, facts: _Facts) -> Node:
        return self._extreme_of(syntax, [self._number(part, facts) for part in syntax.parts], op=syntax.op)

    def _extreme_of(self, syntax: Syntax, parts: Sequence[Node], *, op: str) -> Node:
        if len(parts) < 2:
            raise ExpressionError(syntax.at, f"{op} compares at least two numbers; write {op}(a, b)")
        unit = _common_unit(parts, syntax, "compared")
        choose = min if op == "min" else max
        low = choose(part.meaning.low for part in parts)
        high = choose(part.meaning.high for part in parts)
        meaning = _one_of(parts, unit, low, high, at=syntax.at)
        key = f"{op}({', '.join(part.key for part in parts)})"
        return Extreme(meaning=meaning, key=key, op=op, parts=tuple(parts))

    def _clamp(self, syntax: Syntax, facts: _Facts) -> Node:
        if len(syntax.parts) != 3:
            raise ExpressionError(syntax.at, "clamp takes three numbers; write clamp(x, low, high)")
        of, low, high = (self._number(part, facts) for part in syntax.parts)
        if low.meaning.high > high.meaning.low:
            raise ExpressionError(
                syntax.at,
                f"clamps between {low.key} and {high.key}, which may be the wrong way round; swap them",
            )
        outer = replace(syntax, parts=(syntax.parts[0], syntax.parts[2]))
        below = self._extreme_of(outer, (of, high), op="min")
        return self._extreme_of(syntax, (below, low), op="max")

    def _convert(self, syntax: Syntax, facts: _Facts) -> Node:
        of = self._number(syntax.parts[0], facts)
        unit = of.meaning.unit
        scale = next((scale for scale in _SCALES if syntax.unit in scale), {})
        if len(unit) != 1 or unit[0][1] != 1 or unit[0][0] not in scale:
            into = ", ".join(name for name in scale) or "元, 千元, 万元, 亿元, m², 平方米, 千平方米, 万平方米"
            raise ExpressionError(
                syntax.at,
                f"cannot convert {unit_text(unit) or 'a number without a unit'} into {syntax.unit}; "
                f"these convert into one another: {into}",
            )
        factor = scale[unit[0][0]] / scale[syntax.unit]
        into_unit = _times(_unit(syntax.unit), unit, -1)
        right = _constant(factor, unit=into_unit)
        one, two = of.meaning, right.meaning
        meaning = _measured(
            _unit(syntax.unit),
            one.low * factor,
            one.high * factor,
            one.whole * two.whole,
            one.fixed * two.fixed,
            one.divisor,
            at=syntax.at,
        )
        return _arithmetic("*", of, right, meaning)

    def _conditional(self, syntax: Syntax, facts: _Facts) -> Node:
        condition = self._condition(syntax.parts[0], facts)
        then = self._number(syntax.parts[1], _joined(facts, _known(condition, true=True)))
        otherwise = self._number(syntax.parts[2], _joined(facts, _known(condition, true=False)))
        unit = _common_unit((then, otherwise), replace(syntax, parts=syntax.parts[1:]), "chosen between")
        low = min(then.meaning.low, otherwise.meaning.low)
        high = max(then.meaning.high, otherwise.meaning.high)
        return Conditional(
            meaning=_one_of((then, otherwise), unit, low, high, at=syntax.at),
            key=f"if {condition.key} then {then.key} else {otherwise.key}",
            condition=condition,
            then=then,
            otherwise=otherwise,
        )

    # ---- conditions

    def _compare(self, syntax: Syntax, facts: _Facts) -> Node:
        sides = syntax.parts
        for mine, other in (sides, sides[::-1]):
            if mine.op == "text":
                category = self.node(other, facts)
                if syntax.text not in ("=", "!="):
                    raise ExpressionError(syntax.at, f"a category has no {syntax.text}; write = or !=")
                found: Node = Among(
                    meaning=Meaning(kind=Kind.CONDITION),
                    key=f"{category.key} = '{mine.text}'",
                    of=category,
                    values=(_position(category, mine),),
                )
                return found if syntax.text == "=" else _negation(found)
        left, right = (self.node(part, facts) for part in sides)
        kinds = {left.meaning.kind, right.meaning.kind}
        if kinds not in ({Kind.NUMBER}, {Kind.DATE}):
            raise ExpressionError(
                syntax.at,
                f"compares {left.key}, {left.meaning.kind}, with {right.key}, {right.meaning.kind}; "
                "compare two numbers or two dates, a category with a text in '…', and use a condition as it is",
            )
        if kinds == {Kind.NUMBER}:
            _common_unit((left, right), syntax, "compared")
            _one_of((left, right), NO_UNIT, Fraction(0), Fraction(0), at=syntax.at)
        return Compare(
            meaning=Meaning(kind=Kind.CONDITION),
            key=f"{left.key} {syntax.text} {right.key}",
            op=syntax.text,
            left=left,
            right=right,
        )

    def _logic(self, syntax: Syntax, facts: _Facts) -> Node:
        parts: list[Node] = []
        for part in syntax.parts:
            parts.append(self._condition(part, facts))
            # The later part of an and is looked at only where the earlier ones hold; of an or, where they do not.
            if syntax.op in ("and", "or"):
                facts = _joined(facts, _known(parts[-1], true=syntax.op == "and"))
        if syntax.op == "not":
            return _negation(parts[0])
        key = "(" + f" {syntax.op} ".join(part.key for part in parts) + ")"
        return Logic(meaning=Meaning(kind=Kind.CONDITION), key=key, op=syntax.op, parts=tuple(parts))

    def _among(self, syntax: Syntax, facts: _Facts) -> Node:
        of = self.node(syntax.parts[0], facts)
        values = tuple(dict.fromkeys(_position(of, part) for part in syntax.parts[1:]))
        listed = ", ".join(f"'{part.text}'" for part in syntax.parts[1:])
        return Among(
            meaning=Meaning(kind=Kind.CONDITION), key=f"{of.key} in [{listed}]", of=of, values=values
        )

    def _within(self, syntax: Syntax, facts: _Facts) -> Node:
        of = self.node(syntax.parts[0], facts)
        if of.meaning.kind is not Kind.DATE:
            raise ExpressionError(
                syntax.parts[0].at,
                f"{of.key} is {of.meaning.kind}, but only a date lies within a window; name a date",
            )
        window = self.scope.windows.get(syntax.text)
        if window is None:
            listed = ", ".join(dict.fromkeys(w.code for w in self.scope.windows.values()))
            raise ExpressionError(
                syntax.at,
                f"'{syntax.text}' is no window; write one of {listed or 'none'}, or add a [[window]]",
            )
        return Within(
            meaning=Meaning(kind=Kind.CONDITION),
            key=f"{of.key} within {window.code}",
            of=of,
            first=Fraction(window.first.toordinal()),
            last=Fraction(window.last.toordinal()),
        )

    # ---- the roster

    def _aggregate(self, syntax: Syntax, facts: _Facts) -> Node:
        if self.in_roster:
            raise ExpressionError(
                syntax.at,
                f"{syntax.op} stands inside another aggregate; a row has no rows of its own: take it out",
            )
        if not self.scope.most_rows:
            raise ExpressionError(
                syntax.at, f"{syntax.op} looks at the roster, but the scheme has no [roster]; add one"
            )
        inside = _Checker(scope=self.scope, in_roster=True)
        where_syntax = next((part for part in syntax.parts if part.op == "where"), None)
        where = inside._condition(where_syntax.parts[0], facts) if where_syntax else None
        known = _joined(facts, _known(where, true=True)) if where else facts
        of_syntax = next((part for part in syntax.parts if part.op == "of"), None)
        of = inside._number(of_syntax.parts[0], known) if of_syntax else None
        rows = Fraction(self.scope.most_rows)
        empty = Fraction(0)
        if syntax.op == "count":
            meaning = Meaning(
                kind=Kind.NUMBER, unit=_unit(self.scope.roster_unit), high=rows, whole=self.scope.most_rows
            )
        elif syntax.op == "share":
            empty = Fraction(syntax.text) / (100 if syntax.unit == "%" else 1)
            if not 0 <= empty <= 1 or syntax.unit not in ("", "%"):
                raise ExpressionError(
                    syntax.at, "a share lies between 0 and 1; write such a number after else"
                )
            whole = _within_bits(max(empty.numerator, self.scope.most_rows * empty.denominator), syntax.at)
            meaning = Meaning(
                kind=Kind.NUMBER, whole=whole, fixed=empty.denominator, divisor=self.scope.most_rows
            )
        else:
            if of is None:
                raise AssertionError("the grammar gives sum what it adds")
            one = of.meaning
            if one.divisor != 1:
                raise ExpressionError(
                    syntax.at,
                    "sum adds quotients, whose exact total has no bounded denominator; divide after adding",
                )
            low, high = min(Fraction(0), one.low * rows), max(Fraction(0), one.high * rows)
            meaning = _measured(
                one.unit, low, high, one.whole * self.scope.most_rows, one.fixed, 1, at=syntax.at
            )
        fields = dict.fromkeys(
            node.reference
            for part in (of, where)
            if part is not None
            for node in _nodes(part)
            if isinstance(node, RosterField)
        )
        inner = " where ".join(part.key for part in (of, where) if part is not None)
        tail = f" else {_plain(empty)}" if syntax.op == "share" else ""
        return Aggregate(
            meaning=meaning,
            key=f"{syntax.op}({inner if of or not where else f'where {inner}'}{tail})",
            op=syntax.op,
            of=of,
            where=where,
            empty=empty,
            fields=tuple(fields),
        )


def _constant(value: Fraction, *, unit: Unit = NO_UNIT) -> Constant:
    meaning = Meaning(
        kind=Kind.NUMBER,
        unit=unit,
        low=value,
        high=value,
        whole=abs(value.numerator),
        fixed=value.denominator,
    )
    return Constant(meaning=meaning, key=f"{_plain(value)}{_spaced(unit)}", value=value)


def _arithmetic(op: str, left: Node, right: Node, meaning: Meaning) -> Node:
    return Arithmetic(meaning=meaning, key=f"({left.key} {op} {right.key})", op=op, left=left, right=right)


def _negation(of: Node) -> Node:
    return Logic(meaning=Meaning(kind=Kind.CONDITION), key=f"not {of.key}", op="not", parts=(of,))


def _spaced(unit: Unit) -> str:
    return f" {unit_text(unit)}" if unit else ""


def _plain(value: Fraction) -> str:
    return str(value)


def _within_bits(whole: int, at: int) -> int:
    if whole.bit_length() > LARGEST_BITS:
        raise ExpressionError(
            at,
            f"can need {whole.bit_length()} bits, more than the {LARGEST_BITS} within which every engine stays exact; "
            "lower the maximum or the places of its figures, or divide less often",
        )
    return whole


def _measured(  # noqa: PLR0917 - one call for each kind of arithmetic, all in the order of Meaning
    unit: Unit, low: Fraction, high: Fraction, whole: int, fixed: int, divisor: int, *, at: int
) -> Meaning:
    _within_bits(fixed * divisor, at)
    return Meaning(
        kind=Kind.NUMBER,
        unit=unit,
        low=low,
        high=high,
        whole=_within_bits(whole, at),
        fixed=fixed,
        divisor=divisor,
    )


def _one_of(parts: Sequence[Node], unit: Unit, low: Fraction, high: Fraction, *, at: int) -> Meaning:
    """The meaning of a value that is one of several; comparing two means multiplying across."""
    fixed = lcm(*(part.meaning.fixed for part in parts))
    for part in parts:
        for other in parts:
            if part is not other:
                across = part.meaning.whole * (fixed // part.meaning.fixed) * other.meaning.divisor
                _within_bits(across, at)
    whole = max(part.meaning.whole * (fixed // part.meaning.fixed) for part in parts)
    divisor = max(part.meaning.divisor for part in parts)
    return _measured(unit, low, high, whole, fixed, divisor, at=at)


def _common_unit(parts: Sequence[Node], syntax: Syntax, what: str) -> Unit:
    """Return the one unit of all parts. A bare 0 fits every unit: it means none of anything."""
    stated = [(part, at) for part, at in zip(parts, syntax.parts, strict=False) if not _is_zero(part)]
    if not stated:
        return next((part.meaning.unit for part in parts if part.meaning.unit), NO_UNIT)
    first, _ = stated[0]
    for part, at in stated[1:]:
        if part.meaning.unit != first.meaning.unit:
            raise ExpressionError(
                at.at,
                f"{first.key} is in {_named_unit(first.meaning.unit)} and {part.key} in "
                f"{_named_unit(part.meaning.unit)}; what is {what} has one unit: "
                f"{_unit_remedy(first.meaning.unit, part)}",
            )
    return first.meaning.unit


def _unit_remedy(unit: Unit, part: Node) -> str:
    other = part.meaning.unit
    for scale in _SCALES:
        if all(len(known) == 1 and known[0][0] in scale for known in (unit, other)):
            return f"write convert({part.key}, {unit[0][0]})"
    if isinstance(part, Constant) and not other:
        return f"write {part.key}{_spaced(unit)}"
    return "divide, or take another figure"


def _named_unit(unit: Unit) -> str:
    return unit_text(unit) or "no unit"


def _is_zero(part: Node) -> bool:
    return isinstance(part, Constant) and part.value == 0 and part.meaning.unit == NO_UNIT


def _position(category: Node, text: Syntax) -> Fraction:
    if category.meaning.kind is not Kind.CATEGORY:
        raise ExpressionError(
            text.at,
            f"{category.key} is {category.meaning.kind}, but '{text.text}' is a category's value; name a category",
        )
    values = category.meaning.values
    if text.text not in values:
        raise ExpressionError(
            text.at,
            f"'{text.text[:60]}' is no value of {category.key}; write one of {', '.join(values)}",
        )
    return Fraction(values.index(text.text) + 1)


def _known(condition: Node, *, true: bool) -> dict[str, tuple[Fraction | None, Fraction | None]]:
    """Return the bounds that follow where a condition holds (or does not)."""
    match condition:
        case Logic(op="not", parts=(of,)):
            return _known(of, true=not true)
        case Logic(op=op, parts=parts) if op == ("and" if true else "or"):
            facts: dict[str, tuple[Fraction | None, Fraction | None]] = {}
            for part in parts:
                facts = _joined(facts, _known(part, true=true))
            return facts
        case Compare(op=op, left=left, right=right):
            actual = op if true else _NEGATED[op]
            if isinstance(right, Constant):
                return _bound(left, actual, right.value)
            if isinstance(left, Constant):
                return _bound(right, _FLIPPED[actual], left.value)
    return {}


def _bound(node: Node, op: str, edge: Fraction) -> dict[str, tuple[Fraction | None, Fraction | None]]:
    meaning = node.meaning
    # On a grid (whole numbers, stated places) "above" means "from the next value on"; else only "from there on".
    grid = meaning.fixed if meaning.divisor == 1 else None
    above = Fraction(floor(edge * grid) + 1, grid) if grid else edge
    below = Fraction(ceil(edge * grid) - 1, grid) if grid else edge
    if op == "!=":
        op = ">" if edge == meaning.low else "<" if edge == meaning.high else op
    match op:
        case "=":
            return {node.key: (edge, edge)}
        case ">":
            return {node.key: (above, None)}
        case ">=":
            return {node.key: (edge, None)}
        case "<":
            return {node.key: (None, below)}
        case "<=":
            return {node.key: (None, edge)}
    return {}


def _joined(one: _Facts, two: _Facts) -> dict[str, tuple[Fraction | None, Fraction | None]]:
    joined = dict(one)
    for key, (low, high) in two.items():
        old_low, old_high = joined.get(key, (None, None))
        joined[key] = (
            max((bound for bound in (low, old_low) if bound is not None), default=None),
            min((bound for bound in (high, old_high) if bound is not None), default=None),
        )
    return joined


# ---- evaluating -------------------------------------------------------------------------------------------

Row = Mapping[str, Fraction]
"""One row of a roster: the value of each field that has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """What an expression is evaluated with: the figures that it uses, and the roster."""

    figures: Mapping[str, Fraction]
    roster: Sequence[Row] = ()


def number(expression: Expression, values: Values) -> Fraction:
    """Return the exact value of an expression that gives a number."""
    return _number(expression.root, values, {})


def holds(expression: Expression, values: Values) -> bool:
    """Say whether an expression that gives a condition holds."""
    return _holds(expression.root, values, {})


def holds_for(expression: Expression, values: Values, row: Row) -> bool:
    """Say whether a condition over roster fields holds for one row that has all of them."""
    return _holds(expression.root, values, row)


def _number(node: Node, values: Values, row: Row) -> Fraction:
    match node:
        case Constant(value=value):
            return value
        case Figure(reference=reference):
            return values.figures[reference]
        case RosterField(reference=reference):
            return row[reference]
        case Arithmetic(op=op, left=left, right=right):
            one, two = _number(left, values, row), _number(right, values, row)
            if op == "+":
                return one + two
            if op == "-":
                return one - two
            return one * two if op == "*" else one / two
        case Extreme(op=op, parts=parts):
            found = [_number(part, values, row) for part in parts]
            return min(found) if op == "min" else max(found)
        case Conditional(condition=condition, then=then, otherwise=otherwise):
            return _number(then if _holds(condition, values, row) else otherwise, values, row)
        case Aggregate():
            return _aggregated(node, values)
    raise AssertionError(f"{node.key} gives no number; check() lets no such tree through")


def _holds(node: Node, values: Values, row: Row) -> bool:
    match node:
        case Constant(value=value):
            return value != 0
        case Figure(reference=reference):
            return values.figures[reference] != 0
        case RosterField(reference=reference):
            return row[reference] != 0
        case Compare(op=op, left=left, right=right):
            return _compared(op, _number(left, values, row), _number(right, values, row))
        case Logic(op="not", parts=(of,)):
            return not _holds(of, values, row)
        case Logic(op="and", parts=parts):
            return all(_holds(part, values, row) for part in parts)
        case Logic(parts=parts):
            return any(_holds(part, values, row) for part in parts)
        case Among(of=of, values=among):
            return _number(of, values, row) in among
        case Within(of=of, first=first, last=last):
            return first <= _number(of, values, row) <= last
    raise AssertionError(f"{node.key} gives no condition; check() lets no such tree through")


def _compared(op: str, one: Fraction, two: Fraction) -> bool:
    match op:
        case "=":
            return one == two
        case "!=":
            return one != two
        case "<":
            return one < two
        case "<=":
            return one <= two
        case ">":
            return one > two
    return one >= two


def _aggregated(node: Aggregate, values: Values) -> Fraction:
    rows = [row for row in values.roster if all(name in row for name in node.fields)]
    where = node.where
    kept = [row for row in rows if where is None or _holds(where, values, row)]
    if node.op == "count":
        return Fraction(len(kept))
    if node.op == "share":
        return Fraction(len(kept), len(rows)) if rows else node.empty
    of = node.of
    if of is None:
        raise AssertionError("check() gives a sum what it adds")
    return sum((_number(of, values, row) for row in kept), Fraction(0))
