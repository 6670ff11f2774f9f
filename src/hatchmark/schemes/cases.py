"""Does a scheme give what its author worked out by hand? Worked cases are data beside the scheme.

`X.cases.toml` belongs to `X.toml`. A case states inputs and what must come out; `based_on` starts from the
inputs of an earlier case, so that a case shows only what it is about.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from hatchmark.domain.consequences import propose
from hatchmark.domain.grading import Facts
from hatchmark.domain.outcomes import Grade
from hatchmark.domain.scheme import (
    MISSING,
    Condition,
    Figure,
    FigureStatus,
    FigureValue,
    RosterRow,
    Scheme,
    Status,
    parse_number,
    points_text,
    read_figure,
    validate_figures,
    validate_roster,
)
from hatchmark.domain.scoring import EntryInputs, Scorecard, score_entry, score_together
from hatchmark.schemes.loader import LARGEST_FILE, SchemeError, Source, Table, read_toml, shipped_bytes

EVERY_ITEM = "every_item"
_STATUS_WORDS = tuple(status.value for status in MISSING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One worked case: what goes in, and what the author says comes out. `others` make up the table with it."""

    name: str
    inputs: EntryInputs
    status: Status
    history: Mapping[int, Grade]
    expected: Mapping[str, Any]
    others: tuple[EntryInputs, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFailure:
    """One thing that came out otherwise than the case says."""

    case: str
    what: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"case '{self.case}': {self.what} should be {self.expected}, but is {self.found}"


def load_cases(path: Path, *, scheme: Scheme) -> list[Case]:
    """Read the worked cases of a scheme; raise SchemeError for a file that cannot be used."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise SchemeError(path.name, (f"{path.name}: {reason}; name a readable .cases.toml file",)) from error
    return parse_cases(raw, file=path.name, scheme=scheme)


def shipped_cases(code: str, *, scheme: Scheme) -> list[Case]:
    """Read the worked cases of a scheme that ships."""
    return parse_cases(shipped_bytes(code, ending=".cases.toml"), file=f"{code}.cases.toml", scheme=scheme)


def check_cases(scheme: Scheme, cases: Sequence[Case] | None = None) -> list[CaseFailure]:
    """Work every case and return what comes out otherwise; without `cases`, the shipped ones."""
    chosen = shipped_cases(scheme.code, scheme=scheme) if cases is None else cases
    return [failure for case in chosen for failure in check_case(scheme, case)]


def check_case(scheme: Scheme, case: Case) -> list[CaseFailure]:
    """Work one case and return what comes out otherwise than it says."""
    problems = [] if case.inputs.facts.absent else validate_figures(scheme, case.inputs.figures)
    problems += validate_roster(scheme, case.inputs.roster)
    if problems:
        return [
            CaseFailure(case=case.name, what=problem.figure, expected=problem.remedy, found=problem.message)
            for problem in problems
        ]
    card = _card(scheme, case)
    found = _found(scheme, case, card)
    return [
        CaseFailure(case=case.name, what=what, expected=repr(expected), found=repr(found.get(what)))
        for what, expected in case.expected.items()
        if found.get(what) != expected
    ]


def _card(scheme: Scheme, case: Case) -> Scorecard:
    inputs = case.inputs
    if case.others:
        return dict(score_together(scheme, dict(enumerate((inputs, *case.others)))))[0]
    # An entry without others is one alone, not a table of one: what needs the table says so.
    return score_entry(
        scheme,
        figures=inputs.figures,
        expert_scores=inputs.expert_scores,
        sub_type=inputs.sub_type,
        facts=inputs.facts,
        roster=inputs.roster,
        elsewhere=inputs.elsewhere,
    )


def _found(scheme: Scheme, case: Case, card: Scorecard) -> dict[str, Any]:
    proposals = propose(
        scheme, history=case.history, year=_YEAR_OF_CASES, status=case.status, grade=card.proposed_grade
    )
    found: dict[str, Any] = {
        "total": card.total_text or "none",
        "grade": card.proposed_grade.value if card.proposed_grade else "none",
        "label": card.grade.label or "none",
        "unscored": [line.code for line in card.leaves() if line.points is None],
        "proposals": [proposal.outcome.value for proposal in proposals],
    }
    for line in card.leaves():
        found[f"points.{line.code}"] = "none" if line.points is None else points_text(line.points)
    for adjustment in card.adjustments:
        found[f"adjustments.{adjustment.code}"] = points_text(adjustment.points)
    return found


_YEAR_OF_CASES = 9999
"""The year that a case is worked in: later than every year a history may name."""


# ---- reading ----------------------------------------------------------------------------------------------


def parse_cases(raw: bytes, *, file: str, scheme: Scheme) -> list[Case]:
    """Make cases from the bytes of a file; `file` is how messages name it."""
    text, data = read_toml(raw, file=file)
    root = Table(data, place="", source=Source(file=file, text=text))
    cases: dict[str, Case] = {}
    for table in root.tables("case"):
        case = _case(table, cases, scheme)
        if case.name in cases:
            table.refuse("name", f"'{case.name}' is already the name of a case; give each its own")
        cases[case.name] = case
    root.done()
    return list(cases.values())


def _case(table: Table, earlier: Mapping[str, Case], scheme: Scheme) -> Case:
    name = table.text("name")
    base: EntryInputs | None = None
    if table.has("based_on"):
        other = table.text("based_on")
        if other not in earlier:
            table.refuse(
                "based_on", f"'{other}' is no earlier case; write one of {', '.join(earlier) or 'none'}"
            )
        base = earlier[other].inputs
    sub_type = base.sub_type if base else None
    if table.has("sub_type"):
        sub_type = table.text("sub_type")
    case = Case(
        name=name,
        inputs=EntryInputs(
            figures={**(base.figures if base else {}), **_figures(table, scheme)},
            expert_scores={**(base.expert_scores if base else {}), **_expert_scores(table, scheme)},
            sub_type=sub_type,
            facts=_facts(table),
            roster=_roster(table, scheme) if table.has("roster") else base.roster if base else (),
            elsewhere=_elsewhere(table),
        ),
        others=_others(table, earlier),
        status=table.choice("status", Status, default=Status.RECOGNISED),
        history=_history(table),
        expected=_expected(table.table("expect"), scheme),
    )
    table.done()
    return case


def _figures(table: Table, scheme: Scheme) -> dict[str, FigureValue]:
    if not table.has("figures"):
        return {}
    inner = table.table("figures")
    asked = scheme.asked
    return {
        reference: _value(inner, reference, asked[reference].figure if reference in asked else None)
        for reference in inner.data
    }


def _value(table: Table, name: str, figure: Figure | None) -> FigureValue:
    text = table.text(name)
    status = text if text in _STATUS_WORDS else FigureStatus.REPORTED.value
    try:
        return read_figure(
            status=status, value="" if status != FigureStatus.REPORTED else text, figure=figure
        )
    except ValueError as error:
        table.refuse(name, f"{error}; a missing one is written {', '.join(_STATUS_WORDS)}")


def _roster(table: Table, scheme: Scheme) -> tuple[RosterRow, ...]:
    if table.raw("roster", what="a list of rows") == []:
        return ()
    fields = {known.figure.code: known.figure for known in (scheme.roster.fields if scheme.roster else ())}
    return tuple(
        {name: _value(row, name, fields.get(name)) for name in row.data} for row in table.tables("roster")
    )


def _others(table: Table, earlier: Mapping[str, Case]) -> tuple[EntryInputs, ...]:
    if not table.has("others"):
        return ()
    value = table.raw("others", what="a list of names of cases")
    if not isinstance(value, list) or not all(isinstance(name, str) and name in earlier for name in value):
        table.refuse(
            "others",
            f"must be a list of names of earlier cases; write some of {', '.join(earlier) or 'none'}",
        )
    return tuple(earlier[name].inputs for name in value)


def _elsewhere(table: Table) -> dict[str, str]:
    if not table.has("carried"):
        return {}
    inner = table.table("carried")
    return {source: inner.text(source) for source in inner.data}


def _expert_scores(table: Table, scheme: Scheme) -> dict[str, tuple[Fraction, ...]]:
    if not table.has("experts"):
        return {}
    inner = table.table("experts")
    items = [item.code for item in scheme.expert_items]
    found: dict[str, tuple[Fraction, ...]] = {}
    for name in (EVERY_ITEM, *items):
        if inner.has(name):
            scores = _scores(inner, name)
            found |= dict.fromkeys(items, scores) if name == EVERY_ITEM else {name: scores}
    inner.done()
    return found


def _scores(table: Table, name: str) -> tuple[Fraction, ...]:
    value = table.raw(name, what="a list of scores")
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        table.refuse(name, 'must be a list of numbers in quotes; write for example ["2.5", "3"]')
    try:
        return tuple(parse_number(entry) for entry in value)
    except ValueError as error:
        table.refuse(name, f"{error}")


def _facts(table: Table) -> Facts:
    if not table.has("facts"):
        return Facts()
    known = ("absent", *(condition.value for condition in Condition))
    value = table.raw("facts", what="a list of facts")
    if not isinstance(value, list) or not value or not all(entry in known for entry in value):
        table.refuse("facts", f"must be a list of facts; write some of {', '.join(known)}")
    return Facts(**dict.fromkeys(value, True))


def _history(table: Table) -> dict[int, Grade]:
    if not table.has("history"):
        return {}
    inner = table.table("history")
    found = {}
    for year in inner.data:
        if not (year.isascii() and year.isdigit() and len(year) == 4):
            inner.refuse(year, "is no year; write four digits")
        found[int(year)] = inner.choice(year, Grade)
    return found


def _expected(table: Table, scheme: Scheme) -> dict[str, Any]:
    expected: dict[str, Any] = {}
    for name in ("total", "grade", "label"):
        if table.has(name):
            expected[name] = table.text(name)
    for name in ("unscored", "proposals"):
        if table.has(name):
            value = table.raw(name, what="a list of codes")
            if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
                table.refuse(name, "must be a list of codes; it may be empty")
            expected[name] = value
    leaves = {indicator.code for indicator in scheme.indicators} | {item.code for item in scheme.expert_items}
    for name in ("points", "adjustments"):
        if table.has(name):
            inner = table.table(name)
            for code in inner.data:
                if name == "points" and code not in leaves:
                    inner.refuse(code, "is no indicator and no expert item of the scheme; correct the code")
                expected[f"{name}.{code}"] = inner.text(code)
            inner.done()
    table.done()
    if not expected:
        table.source.refuse(table.place, "expects nothing, so it cannot fail; say what must come out")
    return expected
