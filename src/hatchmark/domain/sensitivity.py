"""Who would have another grade if the rule were another one, or if an expert had judged otherwise?

Three questions, none of which changes anything: what follows in a scheme's document from setting single values
(`altered`), whose grade then changes (`grade_changes`), and how firmly each grade stands (`stabilities`).
"""

import copy
import json
import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from hatchmark.domain.grading import Standing
from hatchmark.domain.scheme import HUNDREDTHS, ExpertItem, Scheme, exact_text, parse_number, points_text
from hatchmark.domain.scoring import EntryInputs, Scorecard, graded_by_rank

Score = Callable[[Scheme, Mapping[str, EntryInputs]], Iterable[tuple[str, Scorecard]]]
"""An engine: it scores a whole table and gives a scorecard for each entry."""


# ---- setting values of a scheme ---------------------------------------------------------------------------


class PathError(ValueError):
    """A path that names no value of the scheme. The message says what, where and what to write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alteration:
    """One value of the scheme's document that is another one now. `follows`: from which setting; empty: set."""

    path: str
    old: str
    new: str
    follows: str = ""

    def as_document(self) -> dict[str, str | None]:
        """Return the alteration as a JSON-able object."""
        return {"path": self.path, "old": self.old, "new": self.new, "follows": self.follows or None}


def altered(
    document: Mapping[str, Any], settings: Sequence[tuple[str, str]]
) -> tuple[dict[str, Any], tuple[Alteration, ...]]:
    """Return the document of a scheme with values set by path, and everything that changed in it.

    A path names tables by their codes: `indicator.graduation_rate.full_marks`, `grade.excellent.at_least`,
    `scheme.bonus_cap`; what has no code by its number: `indicator.fund_size.formula.bands.2.at_least`.

    Full marks are re-added, so that setting one weight does not need four settings. After a setting of an
    indicator's or expert item's full marks, unless they were set too: the full marks of its groups become the sum
    of what is in them; the scheme's full marks become the sum of its groups, and the total cap moves by as much;
    the points of the indicator's bands, categories and shares keep their proportion to its full marks, rounded half
    up to hundredths. Grade cuts stay. Raises PathError for a path that names no value.
    """
    changed = copy.deepcopy(dict(document))
    alterations: list[Alteration] = []
    for path, value in settings:
        if path in [done.path for done in alterations]:
            raise PathError(f"--set {path}: is set twice; set it once")
        table, key, old = _find(changed, path)
        table[key] = _of_the_kind_of(old, value, path=path)
        alterations.append(Alteration(path=path, old=_text(old), new=value))
    alterations.extend(_re_added(document, changed, [path for path, _ in settings]))
    return changed, tuple(alterations)


def _find(document: dict[str, Any], path: str) -> tuple[Any, Any, Any]:
    """Return the table or list that holds the value of a path, the key in it, and the value."""
    words = path.split(".")
    here: Any = document
    for depth, word in enumerate(words):
        so_far = ".".join(words[:depth])
        keys = _keys(here)
        if word not in keys:
            where = f"'{so_far}'" if so_far else "the scheme"
            raise PathError(
                f"--set {path}: {where} has no '{word}'; write one of {', '.join(keys) or 'none'}"
            )
        key, inner = keys[word], here[keys[word]]
        if depth == len(words) - 1:
            if isinstance(inner, dict | list):
                raise PathError(
                    f"--set {path}: names a table, not a value; go on with one of {', '.join(_keys(inner))}"
                )
            return here, key, inner
        if not isinstance(inner, dict | list):
            raise PathError(
                f"--set {path}: '{so_far}.{word}' is a value and has nothing in it; end the path there"
            )
        here = inner
    raise PathError(f"--set {path}: is empty; write for example indicator.CODE.full_marks")


def _keys(container: Any) -> dict[str, Any]:
    """Return what can be written for each thing in a table or list: its field, its code or else its number."""
    if isinstance(container, dict):
        return {str(key): key for key in container}
    names = {}
    for position, entry in enumerate(container):
        name = None
        if isinstance(entry, dict):
            name = entry.get("code", entry.get("grade"))
        names[name if isinstance(name, str) and name not in names else str(position + 1)] = position
    return names


def _of_the_kind_of(old: Any, value: str, *, path: str) -> Any:
    if not value.isprintable() or not value.strip():
        raise PathError(f"--set {path}: the value is empty or cannot be printed; write PATH=VALUE")
    if isinstance(old, bool):
        if value not in ("true", "false"):
            raise PathError(f"--set {path}: '{value}' is neither true nor false; write one of them")
        return value == "true"
    if isinstance(old, int):
        if not re.fullmatch(r"-?[0-9]{1,18}", value):
            raise PathError(f"--set {path}: '{value}' is no whole number; write digits")
        return int(value)
    return value


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _marks_text(value) if isinstance(value, dict) else str(value)


# ---- what follows from a weight ---------------------------------------------------------------------------


def _re_added(old: Mapping[str, Any], new: dict[str, Any], paths: Sequence[str]) -> Iterator[Alteration]:
    """Re-add full marks after leaves were set; yield what that changed in `new`."""
    weights = [path for path in paths if re.match(r"(indicator|expert_item)\.[^.]+\.full_marks(\.|$)", path)]
    if not weights:
        return
    sub_types = new["scheme"].get("sub_types") or [""]
    because = ", ".join(weights)
    for path in weights:
        kind, code = path.split(".")[:2]
        if not any(
            other.startswith((f"{kind}.{code}.formula", f"{kind}.{code}.by_sub_type")) for other in paths
        ):
            yield from _scaled(_leaf(old, kind, code), _leaf(new, kind, code), sub_types, path=path)
    touched = {_leaf(new, *path.split(".")[:2]).get("group") for path in weights}
    groups = {group.get("code"): group for group in new["group"]}
    for group in _from_the_leaves_up(groups, touched):
        path = f"group.{group['code']}.full_marks"
        if any(other.startswith(path) for other in paths):
            continue
        yield from _set_marks(group, _inside(new, group["code"], sub_types), path=path, follows=because)
    yield from _set_scheme(new, sub_types, paths, because)


def _leaf(document: Mapping[str, Any], kind: str, code: str) -> dict[str, Any]:
    leaf: dict[str, Any] = document[kind][_keys(document[kind])[code]]
    return leaf


def _from_the_leaves_up(
    groups: Mapping[Any, dict[str, Any]], touched: Iterable[Any]
) -> Iterator[dict[str, Any]]:
    """Yield the groups of `touched` and those that these lie in, each after everything in it."""
    depths: dict[Any, int] = {}
    for code in touched:
        chain: list[Any] = []
        upward = code
        while upward in groups and upward not in chain:  # a circle is for the loader to refuse
            chain.append(upward)
            upward = groups[upward].get("parent")
        depths.update({each: len(chain) - n for n, each in enumerate(chain)})
    for code in sorted(depths, key=lambda code: -depths[code]):
        yield groups[code]


def _inside(document: Mapping[str, Any], code: str, sub_types: Sequence[str]) -> dict[str, Fraction] | None:
    """Return what is in a group by sub-type: its leaves, and its groups up to their caps."""
    parts = [
        part["full_marks"]
        for kind in ("indicator", "expert_item")
        for part in document.get(kind, [])
        if part.get("group") == code
    ]
    parts += [
        group.get("cap", group["full_marks"]) for group in document["group"] if group.get("parent") == code
    ]
    return _sum_of_marks(parts, sub_types)


def _sum_of_marks(parts: Sequence[Any], sub_types: Sequence[str]) -> dict[str, Fraction] | None:
    marks = [_marks(part, sub_types) for part in parts]
    known = [each for each in marks if each is not None]
    if len(known) != len(marks):
        return None
    return {sub_type: sum((each[sub_type] for each in known), Fraction(0)) for sub_type in sub_types}


def _marks(value: Any, sub_types: Sequence[str]) -> dict[str, Fraction] | None:
    """Read full marks by sub-type; None where they are none, which the loader will say better."""
    try:
        if isinstance(value, dict):
            return {sub_type: parse_number(str(value[sub_type])) for sub_type in sub_types}
        return dict.fromkeys(sub_types, parse_number(str(value)))
    except (ValueError, KeyError):
        return None


def _as_written(marks: Mapping[str, Fraction]) -> str | dict[str, str]:
    if len(set(marks.values())) == 1:
        return exact_text(next(iter(marks.values())))
    return {sub_type: exact_text(value) for sub_type, value in marks.items()}


def _marks_text(value: Mapping[str, Any]) -> str:
    return ", ".join(f"{key}: {inner}" for key, inner in value.items())


def _set_marks(
    table: dict[str, Any],
    marks: Mapping[str, Fraction] | None,
    *,
    path: str,
    follows: str,
    field: str = "full_marks",
) -> Iterator[Alteration]:
    if marks is None or _marks(table[field], list(marks)) == dict(marks):
        return
    old, table[field] = table[field], _as_written(marks)
    yield Alteration(path=path, old=_text(old), new=_text(table[field]), follows=follows)


def _set_scheme(
    new: dict[str, Any], sub_types: Sequence[str], paths: Sequence[str], because: str
) -> Iterator[Alteration]:
    head = new["scheme"]
    tops = [
        group.get("cap", group["full_marks"])
        for group in new["group"]
        if group.get("parent") is None and group.get("part") not in ("bonus", "deduction")
    ]
    total, before = _sum_of_marks(tops, sub_types), _marks(head["full_marks"], sub_types)
    if total is None or before is None or len(set(total.values())) > 1 or "scheme.full_marks" in paths:
        return
    moved = total[sub_types[0]] - before[sub_types[0]]
    yield from _set_marks(head, total, path="scheme.full_marks", follows=because)
    cap = _marks(head["total_cap"], sub_types)
    if cap is not None and "scheme.total_cap" not in paths:
        cap = {sub_type: value + moved for sub_type, value in cap.items()}
        yield from _set_marks(head, cap, path="scheme.total_cap", follows=because, field="total_cap")


def _scaled(
    old: Mapping[str, Any], new: dict[str, Any], sub_types: Sequence[str], *, path: str
) -> Iterator[Alteration]:
    """Keep the points of bands, categories and shares in proportion to the full marks."""
    before, after = _marks(old["full_marks"], sub_types), _marks(new["full_marks"], sub_types)
    if before is None or after is None:
        return
    ratios = {each: after[each] / before[each] for each in sub_types if before[each] > 0 and after[each] > 0}
    leaf = ".".join(path.split(".")[:2])
    if isinstance(new.get("formula"), dict) and len(set(ratios.values())) == 1:
        ratio = next(iter(ratios.values()))
        yield from _scaled_formula(new["formula"], ratio, path=f"{leaf}.formula", follows=path)
    variants = new.get("by_sub_type")
    for sub_type, ratio in ratios.items():
        if isinstance(variants, dict) and isinstance(variants.get(sub_type), dict):
            yield from _scaled_formula(
                variants[sub_type], ratio, path=f"{leaf}.by_sub_type.{sub_type}", follows=path
            )


def _scaled_formula(
    formula: dict[str, Any], ratio: Fraction, *, path: str, follows: str
) -> Iterator[Alteration]:
    for name in ("bands", "points", "shares"):
        steps = formula.get(name)
        for position, step in enumerate(steps if isinstance(steps, list) else [], start=1):
            points = _marks(step.get("points"), [""]) if isinstance(step, dict) else None
            if points is None:
                continue
            scaled = Fraction(math.floor(points[""] * ratio * HUNDREDTHS + Fraction(1, 2)), HUNDREDTHS)
            if scaled != points[""]:
                old, step["points"] = step["points"], exact_text(scaled)
                yield Alteration(
                    path=f"{path}.{name}.{position}.points", old=str(old), new=step["points"], follows=follows
                )


# ---- the document as a file -------------------------------------------------------------------------------


def toml_text(document: Mapping[str, Any]) -> str:
    """Return a scheme's document as TOML that reads back as the same document, one value a line."""
    lines: list[str] = []
    _table_lines(document, (), lines)
    return "\n".join(lines) + "\n"


def _table_lines(table: Mapping[str, Any], path: tuple[str, ...], lines: list[str]) -> None:
    # Values come before tables: after a header every value belongs to that header's table.
    inner = {key: value for key, value in table.items() if _is_table(value) or _is_tables(value)}
    lines.extend(f"{_key(key)} = {_value(value)}" for key, value in table.items() if key not in inner)
    for key, value in inner.items():
        name = ".".join(map(_key, (*path, key)))
        for each in value if isinstance(value, list) else [value]:
            lines.append(f"[[{name}]]" if isinstance(value, list) else f"[{name}]")
            _table_lines(each, (*path, key), lines)


def _is_table(value: Any) -> bool:
    return isinstance(value, dict)


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(entry, dict) for entry in value)


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _string(key)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[" + ",\n".join(_value(entry) for entry in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)} = {_value(entry)}" for key, entry in value.items()) + "}"
    return str(value) if isinstance(value, int) else _string(value)


def _string(text: str) -> str:
    # JSON's escapes are TOML's; DEL alone may stand as it is in JSON and not in TOML.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


# ---- whose grade changes ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came out for an entry: hundredths and the scheme's code of its grade, None where there is none."""

    total: int | None
    grade: str | None
    excluded: bool = False

    @classmethod
    def of(cls, card: Scorecard) -> "Verdict":
        """Take the verdict of a scorecard."""
        given = card.grade.given
        return cls(total=card.total, grade=given.name if given else None, excluded=card.grade.excluded)

    def as_document(self) -> dict[str, str | None]:
        """Return total and grade as a JSON-able object."""
        return {"total": None if self.total is None else points_text(self.total), "grade": self.grade}


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeChange:
    """An entry whose grade is another one."""

    id: str
    old: Verdict
    new: Verdict


def grade_changes(old: Mapping[str, Verdict], new: Mapping[str, Verdict]) -> tuple[GradeChange, ...]:
    """Return exactly the entries whose grade differs, in the order of `old`."""
    return tuple(
        GradeChange(id=key, old=old[key], new=new[key]) for key in old if old[key].grade != new[key].grade
    )


# ---- how firmly a grade stands ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One thing that could have been otherwise, and what would have come out. `what` is `leave_out_expert`, with
    the expert's number, or `plus_one` or `minus_one`, with the item's code."""

    what: str
    which: str
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Stability:
    """How firmly one entry's grade stands. Margins are hundredths: what is missing to the next better cut, and what
    may be lost before the next worse one; None where there is no such cut or no total."""

    id: str
    verdict: Verdict
    up: int | None
    down: int | None
    trials: tuple[Trial, ...]

    @property
    def flips(self) -> tuple[Trial, ...]:
        """The trials after which the grade is another one."""
        return tuple(trial for trial in self.trials if trial.verdict.grade != self.verdict.grade)

    def as_document(self) -> dict[str, Any]:
        """Return the finding as a JSON-able object; points are exact text."""
        return {
            "id": self.id,
            **self.verdict.as_document(),
            "up": None if self.up is None else points_text(self.up),
            "down": None if self.down is None else points_text(self.down),
            "stable": not self.flips,
            "flips": [
                {"what": trial.what, "which": trial.which, **trial.verdict.as_document()}
                for trial in self.flips
            ],
        }


def stabilities(
    scheme: Scheme,
    entries: Mapping[str, EntryInputs],
    experts: Mapping[str, Mapping[str, tuple[int, ...]]],
    *,
    score: Score,
) -> tuple[Stability, ...]:
    """Return how firmly each grade stands, in the order of `entries`.

    Tried are: without each expert's scores, and every item's scores one point higher and lower (0 to full marks).
    In each trial one entry is another and all others are as they were. Yet one pass tries them all: experts' scores
    move nobody else's points, and where the rank decides, each is ranked anew among the others' unmoved totals.
    """
    cards = dict(score(scheme, entries))
    ranked = sorted(card.total for card in cards.values() if _is_ranked(card) and card.total is not None)
    pending = sum(card.total is None and not card.grade.excluded for card in _taking_part(cards, entries))
    verdicts = {key: Verdict.of(card) for key, card in cards.items()}
    trials: dict[str, list[Trial]] = {key: [] for key in entries}
    for (what, which), varied in _trials(scheme, entries, experts).items():
        for key, tried in score(scheme, {**entries, **varied} if scheme.needs_table else varied):
            if key not in varied:
                continue
            card = tried
            if scheme.grades_by_rank:
                among = _without_one(ranked, cards[key])
                card = _graded_among(card, varied[key], among, pending=pending)
            trials[key].append(Trial(what=what, which=which, verdict=Verdict.of(card)))
    return tuple(
        Stability(
            id=key, verdict=verdicts[key], trials=tuple(trials[key]), **_margins(scheme, verdicts[key].total)
        )
        for key in entries
    )


def _is_ranked(card: Scorecard) -> bool:
    return card.total is not None and not card.grade.excluded


def _taking_part(cards: Mapping[str, Scorecard], entries: Mapping[str, EntryInputs]) -> Iterator[Scorecard]:
    return (card for key, card in cards.items() if not entries[key].facts.absent)


def _without_one(ranked: Sequence[int], card: Scorecard) -> list[int]:
    """Return the totals of the others: the ranked ones without this entry's own."""
    others = list(ranked)
    if _is_ranked(card) and card.total is not None:
        del others[bisect_left(others, card.total)]
    return others


def _graded_among(card: Scorecard, inputs: EntryInputs, others: Sequence[int], *, pending: int) -> Scorecard:
    """Return the scorecard of a changed entry with its grade among the totals of all others as they were."""
    if not _is_ranked(card) or card.total is None:
        return card
    above = len(others) - bisect_right(others, card.total)
    tied = len(others) - bisect_left(others, card.total) - above
    standing = Standing(rank=above + 1, tied=tied + 1, ranked=len(others) + 1, pending=pending)
    return graded_by_rank(card, inputs, standing=standing)


def _trials(
    scheme: Scheme, entries: Mapping[str, EntryInputs], experts: Mapping[str, Mapping[str, tuple[int, ...]]]
) -> dict[tuple[str, str], dict[str, EntryInputs]]:
    """Return, for each trial, the entries that it makes others."""
    trials: dict[tuple[str, str], dict[str, EntryInputs]] = {}
    numbers = sorted({number for items in experts.values() for given in items.values() for number in given})
    for number in numbers:
        trials["leave_out_expert", str(number)] = {
            key: replace(inputs, expert_scores=_without(number, inputs.expert_scores, experts[key]))
            for key, inputs in entries.items()
            if any(number in given for given in experts[key].values()) and not inputs.facts.absent
        }
    for item in scheme.expert_items:
        for what, step in (("plus_one", 1), ("minus_one", -1)):
            shifted = {key: _shifted(scheme, item, inputs, step) for key, inputs in entries.items()}
            trials[what, item.code] = {
                key: replace(inputs, expert_scores={**inputs.expert_scores, item.code: shifted[key]})
                for key, inputs in entries.items()
                if not inputs.facts.absent and shifted[key] != inputs.expert_scores.get(item.code, ())
            }
    return trials


def _shifted(scheme: Scheme, item: ExpertItem, inputs: EntryInputs, step: int) -> tuple[Fraction, ...]:
    """Return every score of an item one point higher or lower, within 0 and its full marks."""
    highest = Fraction(item.full_marks_for(scheme.sub_type_of(inputs.sub_type)), HUNDREDTHS)
    scores = inputs.expert_scores.get(item.code, ())
    return tuple(min(max(score + step, Fraction(0)), highest) for score in scores)


def _without(
    number: int, scores: Mapping[str, tuple[Fraction, ...]], experts: Mapping[str, tuple[int, ...]]
) -> dict[str, tuple[Fraction, ...]]:
    return {
        item: tuple(score for score, by in zip(given, experts[item], strict=True) if by != number)
        for item, given in scores.items()
    }


def _margins(scheme: Scheme, total: int | None) -> dict[str, int | None]:
    """Return the margins to the score cuts on both sides of a total."""
    cuts = [cut.at_least for cut in scheme.grades]
    if total is None:
        return {"up": None, "down": None}
    above, reached = [cut for cut in cuts if cut > total], [cut for cut in cuts if cut <= total]
    return {
        "up": min(above) - total if above else None,
        "down": total - max(reached) if reached and max(reached) > min(cuts) else None,
    }


# ---- rank -------------------------------------------------------------------------------------------------


def ranks(verdicts: Mapping[str, Verdict]) -> dict[str, int | None]:
    """Return the rank of each entry by its total: equal ones share a rank, and the next is skipped.

    None for an entry without a total, and for one that the scheme excludes.
    """
    totals = {key: None if verdict.excluded else verdict.total for key, verdict in verdicts.items()}
    first: dict[int, int] = {}
    ordered = sorted((total for total in totals.values() if total is not None), reverse=True)
    for position, total in enumerate(ordered, start=1):
        first.setdefault(total, position)
    return {key: None if total is None else first[total] for key, total in totals.items()}
