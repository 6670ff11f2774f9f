"""试算: whose grade changes if a weight, a cut or a formula were another? Nothing is stored, and nothing is asked of a
database: a scheme's file, what entries are scored by, and the settings come in as values.

For the site the inputs are read back from the published working of each entry (`inputs_of`), so that no figure can
bear on an answer that is not public already.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from hatchmark.domain.grading import Facts
from hatchmark.domain.scheme import FigureValue, Scheme, parse_number, read_figure
from hatchmark.domain.scoring import EntryInputs
from hatchmark.domain.sensitivity import (
    Alteration,
    GradeChange,
    Verdict,
    altered,
    grade_changes,
    toml_text,
)
from hatchmark.engines.reference import score_table
from hatchmark.schemes.loader import SchemeError, parse_scheme, read_toml

MOST_ENTRIES = 400
"""Entries that a page scores anew while its reader waits: some 5 ms each."""
MOST_CHANGES = 20
"""Values that one question can set."""
MOST_WORK = 4_000
"""Entries times changes of one question: both may be large, but not at once."""
LONGEST_VALUE = 20


class TooMuchError(ValueError):
    """More entries or changes than a page works through. `entries` and `changes` say how many there are."""

    def __init__(self, *, entries: int, changes: int) -> None:
        self.entries, self.changes = entries, changes
        super().__init__(
            f"{changes} changes over {entries} entries is more than a page works through "
            f"(at most {MOST_ENTRIES} entries, {MOST_CHANGES} changes, {MOST_WORK} of both); use hatchmark whatif"
        )


class NotReproducedError(ValueError):
    """What was published does not follow from the published figures alone, so that no comparison can rest on them."""


def check_budget(*, entries: int, changes: int) -> None:
    """Raise TooMuchError where a question is more than a page works through."""
    if entries > MOST_ENTRIES or changes > MOST_CHANGES or entries * changes > MOST_WORK:
        raise TooMuchError(entries=entries, changes=changes)


# ---- the scheme as it would be ----------------------------------------------------------------------------


def changed_scheme(
    raw: bytes, *, name: str, settings: Sequence[tuple[str, str]]
) -> tuple[Scheme, tuple[Alteration, ...]]:
    """Return the scheme of a file with values set by path, and everything that changed in it.

    Raises PathError for a path that names no value, SchemeError where the changed scheme breaks a rule; its lines
    are left out, since they are those of a text that nobody has seen.
    """
    _, document = read_toml(raw, file=name)
    changed, alterations = altered(document, settings)
    try:
        return parse_scheme(toml_text(changed).encode(), file="changed scheme"), alterations
    except SchemeError as error:
        problems = tuple(re.sub(r"^changed scheme(:[0-9]+)*: ", "", problem) for problem in error.problems)
        raise SchemeError(name, tuple(f"with these settings: {problem}" for problem in problems)) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Settable:
    """A number of a scheme that can be set. `table` and `code` name what it belongs to, `name` its place in that."""

    path: str
    table: str
    code: str
    name: str
    value: str


_CAPS = ("bonus_cap", "total_cap")
_CODED = ("indicator", "expert_item", "group")


def settable_numbers(raw: bytes, *, name: str) -> tuple[Settable, ...]:
    """Return the numbers of a scheme that a reader would try others for, in the order of the file.

    These are the cuts but the lowest, the full marks of indicators and expert items, caps, and every number of a
    formula. The full marks of groups and of the whole follow from these and are not among them.
    """
    _, document = read_toml(raw, file=name)
    found = [
        Settable(path=f"scheme.{cap}", table="scheme", code="", name=cap, value=str(document["scheme"][cap]))
        for cap in _CAPS
    ]
    for cut in document["grade"][:-1]:
        code = cut.get("code", cut["grade"])
        found += [
            Settable(path=f"grade.{code}.{key}", table="grade", code=code, name=key, value=cut[key])
            for key in ("at_least", "top_share")
            if key in cut
        ]
    for table in _CODED:
        keys = ("cap",) if table == "group" else ("full_marks", "formula", "by_sub_type")
        for each in document.get(table, []):
            for key in keys:
                if key in each:
                    where = f"{table}.{each['code']}.{key}"
                    found += [
                        Settable(
                            path=path,
                            table=table,
                            code=each["code"],
                            name=path.removeprefix(f"{table}.{each['code']}."),
                            value=value,
                        )
                        for path, value in _numbers(each[key], where)
                    ]
    return tuple(found)


def _numbers(value: Any, path: str) -> list[tuple[str, str]]:
    """Return every number under a value with its path."""
    if isinstance(value, dict):
        # The values of categories are names, and an expression is no number even where it looks like one.
        named = {key: inner for key, inner in value.items() if key != "value"}
        return [pair for key, inner in named.items() for pair in _numbers(inner, f"{path}.{key}")]
    if isinstance(value, list):
        # A list of steps is named by number; a list of figures holds no number.
        return [pair for n, inner in enumerate(value, start=1) for pair in _numbers(inner, f"{path}.{n}")]
    # Where the next band begins follows from that band, and the lowest one holds everything below it.
    fixed = path.endswith((".below", ".bands.1.at_least"))
    if isinstance(value, str) and is_number(value) and not fixed:
        return [(path, value)]
    return []


def is_number(text: str) -> bool:
    """Say whether a text is a plain number as a scheme writes one."""
    try:
        parse_number(text)
    except ValueError:
        return False
    return True


# ---- entries as they were published -----------------------------------------------------------------------


def inputs_of(scheme: Scheme, document: Mapping[str, Any]) -> EntryInputs:
    """Read back what an entry was scored by from its published working, and nothing else.

    A figure that no line of the working shows is not among it.
    """
    figures: dict[str, FigureValue] = {}
    scores: dict[str, tuple[Fraction, ...]] = {}
    for line in (line for group in document["groups"] for line in group["lines"]):
        for figure in line["figures"]:
            figures[figure["code"]] = read_figure(
                status=figure["status"],
                value=figure["value"] or "",
                unit=figure["unit"],
                source=figure["source"],
                figure=scheme.asked[figure["code"]].figure,
            )
        if line["type"] == "expert_item":
            scores[line["code"]] = tuple(Fraction(score) for score in line["scores"])
    held = {veto["code"] for veto in document["grade"]["vetoes"]}
    found = {veto.when.value: True for veto in scheme.vetoes if veto.code in held and veto.when is not None}
    return EntryInputs(
        figures=figures,
        expert_scores=scores,
        sub_type=document["sub_type"],
        facts=Facts(absent=not document["groups"], **found),
    )


def published_verdict(scheme: Scheme, document: Mapping[str, Any]) -> Verdict:
    """Return the verdict that a published working holds."""
    grade, total = document["grade"], document["total"]
    name = grade.get("code") or grade["grade"]
    excluded = any(
        veto.effect.value == "exclusion" and veto.code in {held["code"] for held in grade["vetoes"]}
        for veto in scheme.vetoes
    )
    return Verdict(
        total=None if total is None else int(total.replace(".", "")), grade=name, excluded=excluded
    )


def highest_scores(entries: Mapping[str, EntryInputs]) -> dict[str, Fraction]:
    """Return the highest score that experts gave, by item: its full marks cannot be set below it."""
    highest: dict[str, Fraction] = {}
    for inputs in entries.values():
        for item, scores in inputs.expert_scores.items():
            highest[item] = max((highest.get(item, Fraction(0)), *scores))
    return highest


# ---- the answer -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """What would be otherwise. Verdicts are by entry, in the order of the entries; every entry is in both."""

    scheme: Scheme
    changed: Scheme
    alterations: tuple[Alteration, ...]
    old: Mapping[str, Verdict]
    new: Mapping[str, Verdict]

    @property
    def changes(self) -> tuple[GradeChange, ...]:
        """The entries whose grade is another one."""
        return grade_changes(self.old, self.new)

    @property
    def moved(self) -> tuple[GradeChange, ...]:
        """The entries whose total is another one."""
        return tuple(
            GradeChange(id=key, old=self.old[key], new=self.new[key])
            for key in self.old
            if self.old[key].total != self.new[key].total
        )


def counts_of(verdicts: Mapping[str, Verdict]) -> dict[str, int]:
    """Count entries by grade; `none` is without one."""
    counts = Counter(verdict.grade or "none" for verdict in verdicts.values())
    return dict(sorted(counts.items()))


def verdicts_of(scheme: Scheme, entries: Mapping[str, EntryInputs]) -> dict[str, Verdict]:
    """Score a whole table by the reference engine."""
    return {key: Verdict.of(card) for key, card in score_table(scheme, entries)}


def what_if(
    raw: bytes,
    *,
    name: str,
    scheme: Scheme,
    entries: Mapping[str, EntryInputs],
    settings: Sequence[tuple[str, str]],
    old: Mapping[str, Verdict],
) -> WhatIf:
    """Return what would come out for `entries` if the settings held; `old` is what came out as the scheme is.

    Raises TooMuchError beyond the budget before anything is computed, PathError and SchemeError for settings that
    cannot be, ValueError for a full mark below a score that an expert gave.
    """
    check_budget(entries=len(entries), changes=len(settings))
    changed, alterations = changed_scheme(raw, name=name, settings=settings)
    return WhatIf(
        scheme=scheme,
        changed=changed,
        alterations=alterations,
        old=old,
        new=verdicts_of(changed, entries),
    )
