"""Which names, bodies and changes does a printed cell hold?

A name cell may end with a second name in brackets; an operator cell may name several bodies, a second
name of a body, or a change of operator with its year. Only what the cell itself says is read out of it:
names that look alike are never merged and misprints never repaired, since that needs a person or another key.
"""

import re
from dataclasses import dataclass

_OPENING = "（("
_CLOSING = "）)"

# A trailing bracket that qualifies the name before it instead of giving a second one: a legal form,
# a state, a part of a site.
_QUALIFIERS = frozenset({
    "集团", "有限合伙", "普通合伙", "特殊普通合伙", "个体工商户", "个人独资",
    "筹", "筹建", "试点", "试点培育", "综合", "综合型", "专业", "专业型", "总部", "本部",
})  # fmt: skip
_PLACE_OR_PART = re.compile(
    r"^(.{1,9}([省市盟旗县州]|(?<!园)(?<!示范)(?<!实验)区)|.{1,4}期|.{1,4}[座栋号楼层]|[A-Za-z0-9]+)$"
)
# 原 says that a former name follows, but not in 原创, 原点, 原野 …
_FORMER_NAME = re.compile(r"^(曾用名|原(?![创点野力子本生动乡石色味木料]))")
_CHANGE = re.compile(
    r"^(?P<year>\d{4})年((?P<month>\d{1,2})月)?((?P<day>\d{1,2})日)?(变更为|更名为|改为)(?P<new>.+)$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorAlias:
    """A second name of one operator."""

    operator: str
    alias: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorChange:
    """One operator after another. `effective` is a partial date: `2020`, `2020-07` or `2020-07-15`."""

    old: str
    new: str
    effective: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedOperators:
    """What an operator cell says. `operators` are those of the time when the cell was printed."""

    operators: tuple[str, ...]
    aliases: tuple[OperatorAlias, ...] = ()
    changes: tuple[OperatorChange, ...] = ()


def aliases_of(name: str) -> tuple[str, ...]:
    """Return the second names that stand in brackets at the end of a printed name, in printed order.

    Brackets inside a name (中科（包头）众创空间) belong to it; so does a trailing one that holds a legal
    form, a place, a part of a site or a former name.
    """
    aliases: list[str] = []
    rest = name.strip()
    while (parts := _without_trailing_bracket(rest)) is not None:
        rest, inside = parts
        if not _gives_a_second_name(inside):
            break
        aliases.append(inside)
    return tuple(reversed(aliases))


def operators_of(cell: str) -> PrintedOperators:
    """Read an operator cell: bodies joined by 、, their second names, and changes noted in brackets.

    An empty cell has no operator. Where 、 belongs to the name of one body, the reader must say so in the
    register: the cell alone does not tell.
    """
    operators: list[str] = []
    aliases: list[OperatorAlias] = []
    changes: list[OperatorChange] = []
    for body in _split_outside_brackets(cell.strip()):
        parts = _without_trailing_bracket(body)
        if parts is None:
            operators.append(body)
            continue
        before, inside = parts
        if change := _CHANGE.match(inside):
            new = change["new"].strip()
            changes.append(OperatorChange(old=before, new=new, effective=_partial_date(change)))
            operators.append(new)
        elif _gives_a_second_name(inside):
            aliases.append(OperatorAlias(operator=before, alias=inside))
            operators.append(before)
        else:
            operators.append(body)
    return PrintedOperators(operators=tuple(operators), aliases=tuple(aliases), changes=tuple(changes))


def _gives_a_second_name(inside: str) -> bool:
    return (
        inside not in _QUALIFIERS
        and not _PLACE_OR_PART.match(inside)
        and not _FORMER_NAME.match(inside)
        and not _CHANGE.match(inside)
    )


def _partial_date(change: re.Match[str]) -> str:
    parts = [change["year"]]
    parts += [f"{int(part):02d}" for part in (change["month"], change["day"]) if part]
    return "-".join(parts)


def _without_trailing_bracket(text: str) -> tuple[str, str] | None:
    """Split `甲（乙）` into 甲 and 乙; None where no bracket ends the text or nothing stands before it."""
    if not text or text[-1] not in _CLOSING:
        return None
    depth = 0
    for position in range(len(text) - 1, -1, -1):
        if text[position] in _CLOSING:
            depth += 1
        elif text[position] in _OPENING:
            depth -= 1
        if depth == 0:
            before, inside = text[:position].strip(), text[position + 1 : -1].strip()
            return (before, inside) if before and inside else None
    return None


def _split_outside_brackets(cell: str) -> list[str]:
    bodies = [""]
    depth = 0
    for character in cell:
        depth += (character in _OPENING) - (character in _CLOSING)
        if character == "、" and depth == 0:
            bodies.append("")
        else:
            bodies[-1] += character
    return [body.strip() for body in bodies if body.strip()]
