"""Reads a scheme file and refuses one that breaks a rule, saying where, why and what to do about it.

A scheme file comes from people: it is read as data only, within limits of size, depth and length, and
nothing in it is ever executed. docs/reference/scheme-file.md lists every table and field.
"""

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from hatchmark.domain.outcomes import Grade, Outcome
from hatchmark.domain.results import canonical_json
from hatchmark.domain.scheme import (
    MISSING,
    AbsenceRule,
    Band,
    Bands,
    Condition,
    Consequence,
    ExpertItem,
    ExpertRule,
    Figure,
    FigureStatus,
    FigureType,
    Formula,
    GradeCut,
    Group,
    Growth,
    Indicator,
    Linear,
    MissingRule,
    Part,
    PerUnit,
    Provenance,
    Ratio,
    Relation,
    Rounding,
    Scheme,
    Show,
    Status,
    Treatment,
    Veto,
    as_hundredths,
    parse_number,
)
from hatchmark.schemes.checks import Problem, problems_of

LARGEST_FILE = 256 * 1024
LONGEST_LINE = 4000
DEEPEST_NESTING = 8
LONGEST_TEXT = 2000
MOST_PROBLEMS_SHOWN = 20

_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_SCHEME_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)*")
_REFERENCE = re.compile(r"[a-z][a-z0-9_]{0,39}(@last)?")

Choice = TypeVar("Choice", bound=StrEnum)


class SchemeError(ValueError):
    """A scheme file that cannot be used. `problems` holds every finding as one line of text."""

    def __init__(self, file: str, problems: tuple[str, ...]) -> None:
        self.file = file
        self.problems = problems
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(f"{problems[0]}{more}")


class BrokenRuleError(SchemeError):
    """The file reads as a scheme, but breaks a rule: for `scheme check` a finding, not bad input."""


def load_scheme(path: Path) -> Scheme:
    """Load and check one scheme file; raise SchemeError naming file, line, what, why and remedy."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise SchemeError(path.name, (f"{path.name}: {reason}; name a readable .toml file",)) from error
    return parse_scheme(raw, file=path.name)


def shipped_codes() -> list[str]:
    """Return the codes of the schemes that ship, in order."""
    folder = resources.files("hatchmark.schemes")
    return sorted(
        f"{authority.name}/{entry.name.removesuffix('.toml')}"
        for authority in folder.iterdir()
        if authority.is_dir()
        for entry in authority.iterdir()
        if entry.name.endswith(".toml") and not entry.name.endswith(".cases.toml")
    )


@cache
def shipped(code: str) -> Scheme:
    """Load a scheme that ships by its code, for example `nmg/incubator-2020`. Read once: it does not change."""
    return parse_scheme(shipped_bytes(code, ending=".toml"), file=f"{code}.toml")


def shipped_bytes(code: str, *, ending: str) -> bytes:
    """Return a file of a shipped scheme; raise SchemeError for a code that does not ship."""
    if code not in shipped_codes():
        listed = ", ".join(shipped_codes())
        raise SchemeError(code, (f"no scheme '{code}' ships; write one of {listed}",))
    authority, _, name = code.partition("/")
    return (resources.files("hatchmark.schemes") / authority / f"{name}{ending}").read_bytes()


def parse_scheme(raw: bytes, *, file: str) -> Scheme:
    """Make a scheme from the bytes of a file; `file` is how messages name it."""
    text, data = read_toml(raw, file=file)
    digest = hashlib.sha256(canonical_json(data).encode()).hexdigest()
    scheme = _scheme(Table(data, place="", source=Source(file=file, text=text)), digest=digest)
    if problems := problems_of(scheme):
        source = Source(file=file, text=text)
        raise BrokenRuleError(file, tuple(source.says(problem) for problem in problems[:MOST_PROBLEMS_SHOWN]))
    return scheme


def read_toml(raw: bytes, *, file: str) -> tuple[str, dict[str, Any]]:
    """Parse TOML from outside within limits: size, line length, depth, no floats, no dates."""
    source = Source(file=file, text="")
    if len(raw) > LARGEST_FILE:
        source.refuse("", f"is larger than {LARGEST_FILE // 1024} KB, which no scheme needs; make it smaller")
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        source.refuse("", f"is not UTF-8 (byte {error.start}); save it as UTF-8")
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > LONGEST_LINE:
            source.refuse("", f"line {number} is longer than {LONGEST_LINE} characters; break it")

    source = Source(file=file, text=text)

    def refuse_float(literal: str) -> NoReturn:
        line = next((n for n, line in enumerate(text.split("\n"), start=1) if literal in line), 0)
        raise SchemeError(
            file,
            (
                f"{file}:{line}: {literal[:40]} is a binary fraction, which is not exact; "
                f'write it in quotes: "{literal[:40]}"',
            ),
        )

    try:
        data = tomllib.loads(text, parse_float=refuse_float)
    except SchemeError:
        raise
    except tomllib.TOMLDecodeError as error:
        raise SchemeError(file, (f"{file}: is not TOML: {error}; correct it there",)) from error
    except (RecursionError, ValueError) as error:
        raise SchemeError(
            file, (f"{file}: nests too deep or holds a number too long; simplify it",)
        ) from error
    _refuse_deep_or_odd(data, source)
    return text, data


def _refuse_deep_or_odd(data: dict[str, Any], source: "Source") -> None:
    # Not recursive: the depth is what is being checked.
    waiting: list[tuple[Any, int, str]] = [(data, 0, "")]
    while waiting:
        value, depth, place = waiting.pop()
        if depth > DEEPEST_NESTING:
            source.refuse(place[:80], f"nests deeper than {DEEPEST_NESTING} levels; flatten it")
        if isinstance(value, dict):
            waiting.extend(
                (inner, depth + 1, f"{place}.{key}"[:200].lstrip(".")) for key, inner in value.items()
            )
        elif isinstance(value, list):
            waiting.extend((inner, depth + 1, place) for inner in value)
        elif not isinstance(value, str | int):
            source.refuse(
                place, f"holds {value}, a date or time, where none is used; write it in quotes or remove it"
            )


# ---- where things stand in the file -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    file: str
    text: str

    def refuse(self, place: str, what: str) -> NoReturn:
        raise SchemeError(self.file, (self.says(Problem(place=place, what=what)),))

    def says(self, problem: Problem) -> str:
        line = self.line_of(problem.place)
        where = f"{self.file}:{line}" if line else self.file
        return f"{where}: {problem.place}: {problem.what}" if problem.place else f"{where}: {problem.what}"

    def line_of(self, place: str) -> int:
        """Find the line of `indicator 3.formula` or `scheme.year`; 0 where it cannot be told.

        A field that stands inside an inline table is found by the line of the field that holds it.
        """
        match = re.match(r"([a-z_]+)(?: (\d+))?(?:\.([a-z_]+))?", place)
        if not match:
            return 0
        table, position, name = match.groups()
        header = re.compile(rf"\s*\[\[\s*{table}\s*\]\]" if position else rf"\s*\[\s*{table}\s*\]")
        found = 0
        wanted = int(position or 1)
        start = 0
        for number, line in enumerate(self.text.split("\n"), start=1):
            if start and re.match(r"\s*\[\[?\s*(?!\")", line) and not line.strip().startswith(f"[{table}."):
                break
            if start and name and re.match(rf"\s*(\[{table}\.)?{name}\b", line):
                return number
            if not start and header.match(line):
                found += 1
                if found == wanted:
                    start = number
        return start


@dataclass(slots=True)
class Table:
    """One TOML table that remembers which of its fields were read, so that the rest can be refused."""

    data: Mapping[str, Any]
    place: str
    source: Source

    _used: set[str] = field(default_factory=set)

    def refuse(self, name: str, what: str) -> NoReturn:
        self.source.refuse(f"{self.place}.{name}".strip("."), what)

    def has(self, name: str) -> bool:
        return name in self.data

    def raw(self, name: str, *, what: str) -> Any:
        self._used.add(name)
        if name not in self.data:
            self.source.refuse(self.place, f"field '{name}' is missing; give {what}")
        return self.data[name]

    def text(self, name: str, *, default: str | None = None) -> str:
        if default is not None and name not in self.data:
            return default
        value = self.raw(name, what="a text")
        if not isinstance(value, str):
            self.refuse(name, f"must be a text, but is {_kind_of(value)}; write it in quotes")
        if not value.strip():
            if name == "basis":
                self.refuse(name, "is empty; name the clause or document, or write 重构：依据…")
            self.refuse(name, "is empty; write a text or remove the field")
        if len(value) > LONGEST_TEXT:
            self.refuse(name, f"has {len(value)} characters; write at most {LONGEST_TEXT}")
        if any(unicodedata.category(sign) in ("Cc", "Cf") for sign in value):
            self.refuse(name, "holds a control character or an invisible one; remove it")
        return value

    def basis(self) -> str:
        if "basis" not in self.data:
            self.source.refuse(
                self.place, "has no basis; name the clause or document it rests on, or write 重构：依据…"
            )
        return self.text("basis")

    def code(self, name: str = "code") -> str:
        value = self.text(name)
        if not _CODE.fullmatch(value):
            self.refuse(name, f"'{value[:60]}' is no code; write small letters, digits and _, a letter first")
        return value

    def number(self, name: str, *, default: Fraction | None = None) -> Fraction:
        if default is not None and name not in self.data:
            return default
        value = self.raw(name, what='a number in quotes, for example "12.5"')
        if isinstance(value, bool) or not isinstance(value, str | int):
            self.refuse(name, f'must be a number, but is {_kind_of(value)}; write for example "12.5"')
        try:
            # bit_length first: turning a very long integer into text is itself slow.
            return parse_number(
                value if isinstance(value, str) else str(value if value.bit_length() < 100 else 10**40)
            )
        except ValueError as error:
            self.refuse(name, f"{error}")

    def points(self, name: str) -> int:
        try:
            points = as_hundredths(self.number(name))
        except SchemeError:
            raise
        except ValueError as error:
            self.refuse(name, f"{error}; points have at most two")
        if points < 0:
            self.refuse(name, "is below zero; points are never negative")
        return points

    def integer(self, name: str, *, lowest: int, highest: int, default: int | None = None) -> int:
        if default is not None and name not in self.data:
            return default
        value = self.raw(name, what="a whole number")
        if isinstance(value, bool) or not isinstance(value, int):
            self.refuse(name, f"must be a whole number without quotes, but is {_kind_of(value)}")
        if not lowest <= value <= highest:
            self.refuse(name, f"must lie between {lowest} and {highest}; correct it")
        return value

    def flag(self, name: str) -> bool:
        if name not in self.data:
            return False
        value = self.raw(name, what="true or false")
        if not isinstance(value, bool):
            self.refuse(name, f"must be true or false, but is {_kind_of(value)}")
        return value

    def choice(self, name: str, choices: type[Choice], *, default: Choice | None = None) -> Choice:
        if default is not None and name not in self.data:
            return default
        value = self.text(name)
        known = [member.value for member in choices]
        if value not in known:
            self.refuse(name, f"'{value[:60]}' is not known here; write one of {', '.join(known)}")
        return choices(value)

    def texts(self, name: str, *, pattern: re.Pattern[str], empty: bool = False) -> tuple[str, ...]:
        value = self.raw(name, what="a list of codes")
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            self.refuse(name, f'must be a list of texts, for example ["a", "b"], but is {_kind_of(value)}')
        if not value and not empty:
            self.refuse(name, "is an empty list; name at least one")
        for entry in value:
            if not pattern.fullmatch(entry):
                self.refuse(
                    name, f"'{entry[:60]}' is no code; write small letters, digits and _, a letter first"
                )
        if len(set(value)) != len(value):
            self.refuse(name, "names one code twice; name it once")
        return tuple(value)

    def table(self, name: str) -> "Table":
        value = self.raw(name, what="a table")
        if not isinstance(value, dict):
            self.refuse(name, f"must be a table, but is {_kind_of(value)}")
        return Table(value, place=f"{self.place}.{name}".strip("."), source=self.source)

    def tables(self, name: str, *, required: bool = True) -> Iterator["Table"]:
        if not required and name not in self.data:
            return
        value = self.raw(name, what=f"at least one [[{name}]]")
        if not isinstance(value, list) or not value or not all(isinstance(entry, dict) for entry in value):
            self.refuse(name, f"must be a list of tables; write [[{name}]] before each")
        for position, entry in enumerate(value, start=1):
            place = f"{self.place}.{name}" if self.place else name
            yield Table(entry, place=f"{place} {position}", source=self.source)

    def done(self) -> None:
        """Refuse what nobody asked for: a misspelt field must not be a rule that silently never holds."""
        for name in self.data:
            if name not in self._used:
                known = ", ".join(sorted(self._used))
                self.refuse(
                    name[:60], f"no field of this name is known here; write one of {known}, or remove it"
                )


def _kind_of(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, str):
        return f"the text '{value[:40]}'"
    if isinstance(value, int):
        return "a number"
    return "a table" if isinstance(value, dict) else "a list"


# ---- tables to values -------------------------------------------------------------------------------------


def _scheme(root: Table, *, digest: str) -> Scheme:
    head = root.table("scheme")
    code = head.text("code")
    if not _SCHEME_CODE.fullmatch(code) or len(code) > 100:
        head.refuse("code", f"'{code[:60]}' is no code of a scheme; write for example nmg/incubator-2020")
    sub_types = head.texts("sub_types", pattern=_CODE, empty=True)
    scheme = Scheme(
        code=code,
        title=head.text("title"),
        authority=head.text("authority"),
        kind=head.code("kind"),
        year=head.integer("year", lowest=1980, highest=2200),
        basis=head.basis(),
        provenance=head.choice("provenance", Provenance),
        provenance_note=head.text("provenance_note"),
        full_marks=head.points("full_marks"),
        bonus_cap=head.points("bonus_cap"),
        total_cap=head.points("total_cap"),
        points_places=head.integer("points_places", lowest=0, highest=2),
        rounding=head.choice("rounding", Rounding),
        sub_types=sub_types,
        sub_type_unstated=head.code("sub_type_unstated") if sub_types else "",
        missing=_missing_rule(root.table("missing")),
        figures=tuple(_figure(table) for table in root.tables("figure")),
        relations=tuple(_relation(table) for table in root.tables("relation", required=False)),
        groups=tuple(_group(table) for table in root.tables("group")),
        indicators=tuple(_indicator(table, sub_types) for table in root.tables("indicator")),
        expert_items=tuple(_expert_item(table) for table in root.tables("expert_item", required=False)),
        expert_rule=_expert_rule(root.table("expert_rule")) if root.has("expert_rule") else None,
        vetoes=tuple(_veto(table) for table in root.tables("veto", required=False)),
        grades=tuple(_grade(table) for table in root.tables("grade")),
        absence=_absence(root.table("absence")),
        consequences=tuple(_consequence(table) for table in root.tables("consequence", required=False)),
        digest=digest,
    )
    head.done()
    root.done()
    return scheme


def _missing_rule(table: Table) -> MissingRule:
    treatments = {status: table.choice(status.value, Treatment) for status in MISSING}
    rule = MissingRule(treatments=treatments, basis=table.basis())
    table.done()
    return rule


def _overrides(table: Table) -> Mapping[FigureStatus, Treatment]:
    if not table.has("missing"):
        return {}
    inner = table.table("missing")
    found = {status: inner.choice(status.value, Treatment) for status in MISSING if inner.has(status.value)}
    inner.done()
    if not found:
        table.refuse("missing", f"is empty; write one of {', '.join(MISSING)}, or remove it")
    return found


def _figure(table: Table) -> Figure:
    figure = Figure(
        code=table.code(),
        title=table.text("title"),
        unit=table.text("unit"),
        type=table.choice("type", FigureType),
        minimum=table.number("minimum"),
        maximum=table.number("maximum") if table.has("maximum") else None,
        last_year=table.flag("last_year"),
        missing=_overrides(table),
        basis=table.basis(),
    )
    table.done()
    return figure


def _relation(table: Table) -> Relation:
    relation = Relation(
        lower=table.texts("lower", pattern=_REFERENCE),
        upper=table.texts("upper", pattern=_REFERENCE),
        message=table.text("message"),
    )
    table.done()
    return relation


def _group(table: Table) -> Group:
    group = Group(
        code=table.code(),
        title=table.text("title"),
        part=table.choice("part", Part),
        full_marks=table.points("full_marks"),
        basis=table.basis(),
    )
    table.done()
    return group


def _indicator(table: Table, sub_types: tuple[str, ...]) -> Indicator:
    if table.has("formula") == table.has("by_sub_type"):
        table.refuse("formula", "give either formula or by_sub_type, one of the two")
    if table.has("formula"):
        formula = _formula(table.table("formula"))
        formulas = dict.fromkeys(sub_types or ("",), formula)
    else:
        variants = table.table("by_sub_type")
        if not sub_types:
            table.refuse("by_sub_type", "the scheme has no sub_types; name them there, or write one formula")
        formulas = {sub_type: _formula(variants.table(sub_type)) for sub_type in sub_types}
        variants.done()
    indicator = Indicator(
        code=table.code(),
        title=table.text("title"),
        group=table.code("group"),
        full_marks=table.points("full_marks"),
        formulas=formulas,
        missing=_overrides(table),
        basis=table.basis(),
    )
    table.done()
    return indicator


class _FormulaType(StrEnum):
    BANDS = "bands"
    LINEAR = "linear"
    RATIO = "ratio"
    PER_UNIT = "per_unit"
    GROWTH = "growth"


def _formula(table: Table) -> Formula:
    formula: Formula
    match table.choice("type", _FormulaType):
        case _FormulaType.BANDS:
            formula = Bands(figures=table.texts("figures", pattern=_REFERENCE), bands=_bands(table))
        case _FormulaType.LINEAR:
            formula = Linear(
                figures=table.texts("figures", pattern=_REFERENCE),
                start=table.number("from"),
                end=table.number("to"),
            )
        case _FormulaType.RATIO:
            formula = Ratio(
                of=table.texts("of", pattern=_REFERENCE),
                to=table.texts("to", pattern=_REFERENCE),
                per=table.number("per", default=Fraction(1)),
                full_at=table.number("full_at"),
                show=table.choice("show", Show, default=Show.NUMBER),
                unit=table.text("unit", default=""),
                when_zero=table.choice("when_zero", Treatment),
            )
        case _FormulaType.PER_UNIT:
            formula = PerUnit(
                figures=table.texts("figures", pattern=_REFERENCE), points_each=table.number("points_each")
            )
        case _FormulaType.GROWTH:
            formula = Growth(
                figure=table.code("figure"),
                bands=_bands(table),
                when_zero=table.choice("when_zero", Treatment),
            )
    table.done()
    return formula


def _bands(table: Table) -> tuple[Band, ...]:
    found = []
    for inner in table.tables("bands"):
        band = Band(
            at_least=inner.number("at_least"),
            points=inner.number("points"),
            below=inner.number("below") if inner.has("below") else None,
        )
        inner.done()
        found.append(band)
    return tuple(found)


def _expert_item(table: Table) -> ExpertItem:
    item = ExpertItem(
        code=table.code(),
        title=table.text("title"),
        group=table.code("group"),
        full_marks=table.points("full_marks"),
        basis=table.basis(),
    )
    table.done()
    return item


class _Method(StrEnum):
    MEAN = "mean"


def _expert_rule(table: Table) -> ExpertRule:
    table.choice("method", _Method)
    rule = ExpertRule(
        minimum=table.integer("minimum", lowest=1, highest=99),
        trim_from=table.integer("trim_from", lowest=3, highest=99) if table.has("trim_from") else None,
        basis=table.basis(),
    )
    table.done()
    return rule


def _veto(table: Table) -> Veto:
    veto = Veto(
        code=table.code(),
        title=table.text("title"),
        when=table.choice("when", Condition),
        grade_at_most=table.choice("grade_at_most", Grade),
        basis=table.basis(),
    )
    table.done()
    return veto


def _grade(table: Table) -> GradeCut:
    cut = GradeCut(
        grade=table.choice("grade", Grade),
        at_least=table.points("at_least"),
        below=table.points("below") if table.has("below") else None,
        basis=table.basis(),
    )
    table.done()
    return cut


def _absence(table: Table) -> AbsenceRule:
    # Without the field an absent entry gets no grade; the basis has to say so all the same.
    rule = AbsenceRule(
        grade=table.choice("grade", Grade) if table.has("grade") else None, basis=table.basis()
    )
    table.done()
    return rule


def _consequence(table: Table) -> Consequence:
    consequence = Consequence(
        code=table.code(),
        title=table.text("title"),
        status=table.choice("status", Status),
        grade=table.choice("grade", Grade),
        times_in_a_row=table.integer("times_in_a_row", lowest=1, highest=9),
        propose=table.choice("propose", Outcome),
        basis=table.basis(),
    )
    table.done()
    return consequence
