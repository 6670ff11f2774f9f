"""Reads the text of an expression into `Syntax`, by the grammar in grammar.lark.

The parser is LALR: it takes one step for each token and cannot run away. What it reads is data for
`hatchmark.domain.expressions`; nothing is ever executed.
"""

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from hatchmark.domain.expressions import (
    DEEPEST_EXPRESSION,
    LONGEST_EXPRESSION,
    LONGEST_LITERAL,
    ExpressionError,
    Syntax,
)

if TYPE_CHECKING:
    from lark import Lark, Token

_HINTS = {
    "（": "write ( with the keyboard set to English",
    "）": "write ) with the keyboard set to English",
    "，": "write , with the keyboard set to English",
    "÷": "write /",
    "×": "write *",
    "≥": "write >=",
    "≤": "write <=",
    "≠": "write !=",
    "^": "there are no powers; multiply",
    ".": "nothing has attributes; write one name",
    '"': "write texts in single quotes",
    "&": "write and",
    "|": "write or",
    "!": "write not, or !=",
    "；": "one expression is enough; remove it",
    ";": "one expression is enough; remove it",
}
_WHAT_STANDS_HERE = "write a calculation of figures, for example 毕业企业 / max(在孵企业, 1 家)"


def read_expression(text: str) -> Syntax:
    """Return what an expression says; raise ExpressionError with the place for one that cannot be read."""
    from lark.exceptions import (  # noqa: PLC0415 - a scheme without expressions need not wait for lark
        UnexpectedCharacters,
        UnexpectedToken,
        VisitError,
    )

    if len(text) > LONGEST_EXPRESSION:
        raise ExpressionError(
            0, f"has {len(text)} characters; write at most {LONGEST_EXPRESSION}, over several indicators"
        )
    _refuse_deep_brackets(text)
    try:
        tree = _parser().parse(text)
    except UnexpectedCharacters as error:
        place = error.pos_in_stream or 0
        sign = text[place]
        hint = _HINTS.get(sign, "remove it, or see the list of what may stand in an expression")
        raise ExpressionError(place, f"'{sign}' has no meaning here; {hint}") from error
    except UnexpectedToken as error:
        token = error.token
        if token.type == "$END":
            raise ExpressionError(len(text), f"ends too early; {_WHAT_STANDS_HERE}") from error
        at = token.start_pos or 0
        hint = "there are no powers; multiply" if text[at - 1 : at + 1] == "**" else _WHAT_STANDS_HERE
        raise ExpressionError(at, f"'{str(token)[:40]}' cannot stand here; {hint}") from error
    except VisitError as error:
        if isinstance(error.orig_exc, ExpressionError):
            raise error.orig_exc from error
        raise
    if not isinstance(tree, Syntax):
        raise AssertionError("the transformer turns a whole text into Syntax")
    return tree


def _refuse_deep_brackets(text: str) -> None:
    depth = 0
    for at, sign in enumerate(text):
        depth += (sign in "([") - (sign in ")]")
        if depth > DEEPEST_EXPRESSION:
            raise ExpressionError(at, f"nests deeper than {DEEPEST_EXPRESSION} brackets; flatten it")


@cache
def _parser() -> "Lark":
    from lark import Lark, Transformer  # noqa: PLC0415 - see read_expression

    class Reader(Transformer[Any, Syntax]):
        """Builds Syntax while parsing, bottom up: no recursion, and limits hold before the tree is whole."""

        def start(self, children: list[Any]) -> Syntax:
            return _syntax(children[0])

        def conditional(self, children: list[Any]) -> Syntax:
            return Syntax.of("if", *_parts(children), at=_at(children))

        def disjunction(self, children: list[Any]) -> Syntax:
            return Syntax.of("or", *_parts(children), at=_at(children))

        def conjunction(self, children: list[Any]) -> Syntax:
            return Syntax.of("and", *_parts(children), at=_at(children))

        def negation(self, children: list[Any]) -> Syntax:
            return Syntax.of("not", *_parts(children), at=_at(children))

        def comparison(self, children: list[Any]) -> Syntax:
            return Syntax.of("compare", children[0], children[2], at=_at(children[1:]), text=str(children[1]))

        def among(self, children: list[Any]) -> Syntax:
            return Syntax.of("in", *_parts(children), at=_at(children[1:]))

        def within(self, children: list[Any]) -> Syntax:
            return Syntax.of("within", children[0], at=_at(children[2:]), text=str(children[2]))

        def addition(self, children: list[Any]) -> Syntax:
            return Syntax.of(str(children[1]), children[0], children[2], at=_at(children[1:]))

        multiplication = addition

        def minus(self, children: list[Any]) -> Syntax:
            return Syntax.of("negative", children[1], at=_at(children))

        def number(self, children: list[Any]) -> Syntax:
            digits, unit = children
            if len(digits) > LONGEST_LITERAL:
                raise ExpressionError(
                    digits.start_pos,
                    f"a number of {len(digits)} characters is too long; write at most {LONGEST_LITERAL}",
                )
            return Syntax.of("number", at=digits.start_pos, text=str(digits), unit=str(unit) if unit else "")

        def date(self, children: list[Any]) -> Syntax:
            return Syntax.of("date", at=_at(children), text=str(children[0]))

        def truth(self, children: list[Any]) -> Syntax:
            return Syntax.of("truth", at=_at(children), text=str(children[0]))

        def text(self, children: list[Any]) -> Syntax:
            return Syntax.of("text", at=_at(children), text=str(children[0])[1:-1])

        def name(self, children: list[Any]) -> Syntax:
            word, last = children
            return Syntax.of("name", at=word.start_pos, text=f"{word}{last or ''}")

        def call(self, children: list[Any]) -> Syntax:
            return Syntax.of(str(children[0]), *_parts(children), at=_at(children))

        def convert(self, children: list[Any]) -> Syntax:
            return Syntax.of("convert", children[1], at=_at(children), unit=str(children[2]))

        def where(self, children: list[Any]) -> Syntax:
            return Syntax.of("where", children[1], at=_at(children))

        def count(self, children: list[Any]) -> Syntax:
            return Syntax.of("count", *_parts(children), at=_at(children))

        def total(self, children: list[Any]) -> Syntax:
            of = Syntax.of("of", children[1], at=children[1].at)
            return Syntax.of("sum", of, *_parts(children[2:]), at=_at(children))

        def share(self, children: list[Any]) -> Syntax:
            empty = children[3]
            return Syntax.of("share", children[1], at=_at(children), text=empty.text, unit=empty.unit)

    grammar = (resources.files("hatchmark.schemes") / "grammar.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", lexer="contextual", transformer=Reader(), maybe_placeholders=True)


def _parts(children: "list[Syntax | Token | None]") -> list[Syntax]:
    return [child for child in children if isinstance(child, Syntax)]


def _at(children: "list[Syntax | Token]") -> int:
    first = children[0]
    return first.at if isinstance(first, Syntax) else first.start_pos or 0


def _syntax(child: object) -> Syntax:
    if not isinstance(child, Syntax):
        raise AssertionError("every rule of the grammar gives Syntax")
    return child
