"""Reads a scheme file and refuses one that breaks a rule, saying where, why and what to do about it.

A scheme file comes from people: it is read as data only, within limits of size, depth and length, and
nothing in it is ever executed. docs/reference/scheme-file.md lists every table and field.
"""

import datetime
import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from hatchmark.domain.expressions import (
    SUB_TYPE,
    Constant,
    Expression,
    ExpressionError,
    Kind,
    Meaning,
    Scope,
    Window,
    check,
)
from hatchmark.domain.outcomes import Grade, Outcome
from hatchmark.domain.results import canonical_json
from hatchmark.domain.scheme import (
    MEASURED,
    MISSING,
    MOST_PLACES,
    MOST_ROWS,
    AbsenceRule,
    Band,
    Bands,
    Better,
    ByCategory,
    Carried,
    CarriedEffect,
    Condition,
    Consequence,
    ExpertItem,
    ExpertMethod,
    ExpertRule,
    Figure,
    FigureSource,
    FigureStatus,
    FigureType,
    Formula,
    GradeCut,
    Group,
    Growth,
    Indicator,
    Linear,
    Measure,
    MinMax,
    MissingRule,
    Part,
    PerAmount,
    PerUnit,
    Provenance,
    RankShare,
    Ratio,
    RatioToMax,
    RatioToMean,
    Relation,
    Roster,
    RosterField,
    Rounding,
    Scheme,
    ShareBand,
    Show,
    Status,
    Take,
    Threshold,
    Ties,
    TooFew,
    Treatment,
    Veto,
    VetoEffect,
    YesNo,
    as_hundredths,
    parse_date,
    parse_number,
    scope_of,
)
from hatchmark.schemes.checks import Problem, problems_of
from hatchmark.schemes.grammar import read_expression

LARGEST_FILE = 128 * 1024
LONGEST_LINE = 4000
DEEPEST_NESTING = 8
LONGEST_TEXT = 2000
MOST_TABLES = 2000
MOST_SIGNS = 8000
"""Signs =, comma, point, [ and { in one file: reading takes its time by them, not by the length of texts."""
MOST_SUB_TYPES = 20
MOST_EXPRESSIONS = 10_000
"""Characters of all expressions of one file together."""
MOST_VALUES = 60
LONGEST_VALUE = 30
MOST_PROBLEMS_SHOWN = 20

_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_SCHEME_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)*")
_REFERENCE = re.compile(r"[a-z][a-z0-9_]{0,39}(@last)?")
_NAME = re.compile(r"[A-Za-z_\u4e00-\u9fff][A-Za-z0-9_\u4e00-\u9fff²³]{0,39}")
_VALUE = re.compile(rf"[A-Za-z0-9_\u4e00-\u9fff][A-Za-z0-9_\u4e00-\u9fff +.-]{{0,{LONGEST_VALUE - 1}}}")
_UNIT = re.compile(r"[A-Za-z_\u4e00-\u9fff][A-Za-z0-9_\u4e00-\u9fff²³]{0,19}")
_KEYWORDS = frozenset(
    (
        *("if", "then", "else", "and", "or", "not", "in", "within", "where", "true", "false"),
        *("min", "max", "clamp", "convert", "count", "sum", "share", SUB_TYPE),
    )
)

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
    source = Source(file=file, text=text)
    reading = _Reading(source=source)
    scheme = _scheme(Table(data, place="", source=source), reading, digest=digest)
    if reading.problems:
        # What an expression means is not known, so nothing that rests on it can be checked yet.
        raise reading.broken()
    if problems := problems_of(scheme):
        raise BrokenRuleError(file, tuple(source.says(problem) for problem in problems[:MOST_PROBLEMS_SHOWN]))
    return scheme


def read_toml(raw: bytes, *, file: str) -> tuple[str, dict[str, Any]]:
    """Parse TOML from outside within limits: size, line length, depth, no floats, no dates."""

    def refuse(line: int, what: str) -> NoReturn:
        raise SchemeError(file, (f"{file}:{line}: {what}",))

    def refuse_float(literal: str) -> NoReturn:
        line = next((n for n, line in enumerate(text.split("\n"), start=1) if literal in line), 1)
        refuse(
            line,
            f'{literal[:40]} is a binary fraction, which is not exact; write it in quotes: "{literal[:40]}"',
        )

    if len(raw) > LARGEST_FILE:
        line = raw.count(b"\n", 0, LARGEST_FILE) + 1
        refuse(
            line,
            f"here it becomes larger than {LARGEST_FILE // 1024} KB, which no scheme needs; make it smaller",
        )
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        # utf-8-sig counts from behind its mark.
        start = error.start + (3 if raw.startswith(b"\xef\xbb\xbf") else 0)
        refuse(raw.count(b"\n", 0, start) + 1, f"is not UTF-8 (byte {start}); save it as UTF-8")
    for number, row in enumerate(text.split("\n"), start=1):
        if len(row) > LONGEST_LINE:
            refuse(number, f"the line is longer than {LONGEST_LINE} characters; break it")
    _refuse_what_reads_slowly(text, refuse)
    try:
        data = tomllib.loads(text, parse_float=refuse_float)
    except SchemeError:
        raise
    except tomllib.TOMLDecodeError as error:
        raise SchemeError(file, (_not_toml(str(error), file=file, text=text),)) from error
    except (RecursionError, ValueError) as error:
        line = _deepest_line(text)
        what = f"nests deeper than {DEEPEST_NESTING} levels, or holds a number too long; flatten it"
        raise SchemeError(file, (f"{file}:{line}: {what}",)) from error
    _refuse_deep_or_odd(data, Source(file=file, text=text))
    return text, data


_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'')
_DOTTED = re.compile(r"[\w-]+(?:[ \t]*\.[ \t]*[\w-]+)+")


def _refuse_what_reads_slowly(text: str, refuse: Callable[[int, str], NoReturn]) -> None:
    """Refuse before reading what would take long to read: a great many signs, and names of many parts."""
    many = sum(map(text.count, "=,.[{")) > MOST_SIGNS
    signs = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if many:
            signs += sum(map(line.count, "=,.[{"))
            if signs > MOST_SIGNS:
                refuse(
                    number,
                    f"up to here more than {MOST_SIGNS} of the signs = , . [ and {{ stand, which no scheme needs; "
                    "shorten it",
                )
        if line.count(".") > DEEPEST_NESTING:
            bare = _TEXT.sub("_", line).partition("#")[0]
            if any(name[0].count(".") > DEEPEST_NESTING for name in _DOTTED.finditer(bare)):
                refuse(
                    number, f"a name of so many parts nests deeper than {DEEPEST_NESTING} levels; flatten it"
                )


_TOML_REMEDIES = (
    ("overwrite a value", "a field of this name stands in the table already; keep one of the two"),
    (
        "twice",
        "a table of this name stands above already; write [[…]] where several may stand, else keep one",
    ),
    ("mutate immutable", "it was closed where it was written; write its fields there"),
    (
        "namespace",
        "a table of this name stands above already; write [[…]] where several may stand, else keep one",
    ),
    ("Unterminated", 'close the text with "'),
    ("Illegal character", "remove it, or close the text before it"),
    ("invalid character", "remove it, or close the text before it"),
    ("Expected '=' after a key", 'write NAME = "…", one field a line'),
    ("end of line", "write one field a line"),
    ("Unclosed", "close the bracket"),
    ("Invalid initial character", "begin the name of a field with a letter"),
    ("Invalid value", 'write a text or a number in quotes, for example "12.5"'),
    ("Invalid date", 'write a date in quotes, for example "2024-01-31"'),
    ("Expected newline", "write one field a line, and each text between one pair of quotes"),
    ("end of an array declaration", "close [[ with ]]"),
    ("end of a table declaration", "close [ with ]"),
    ("Unescaped", r"write \\ for a backslash"),
    ("Invalid statement", "write a field as NAME = VALUE, or a table as [NAME]"),
    ('Expected "\'"', "close the text with '"),
)
"""What the reader of TOML says (a part of it), and what there is to do."""


_WIDE_SIGNS = {
    **dict.fromkeys("“”„＂", '"'),
    **dict.fromkeys("‘’＇", "'"),
    **dict(zip("＝，［］【】｛｝＃．", "=,[][]{}#.", strict=True)),
}
"""Signs that a Chinese keyboard gives, and what is meant."""


def _not_toml(told: str, *, file: str, text: str) -> str:
    """Say what the reader of TOML found, with its line and column in the usual place and what to do."""
    what, _, place = told.partition(" (at ")
    found = re.match(r"line (\d+), column (\d+)", place)
    end = text.count("\n") + 1, len(text) - text.rfind("\n")
    line, column = map(int, found.groups()) if found else end
    row = text.split("\n")[line - 1]
    # The sign itself, or the one before it where the reader had already gone on.
    wide = next((sign for sign in row[max(column - 2, 0) : column] if sign in _WIDE_SIGNS), "")
    if wide:
        remedy = (
            f"'{wide}' is another sign than {_WIDE_SIGNS[wide]}: write it with the keyboard set to English"
        )
    else:
        remedy = next((remedy for part, remedy in _TOML_REMEDIES if part in what), "correct it there")
    return f"{file}:{line}:{column}: is not TOML: {what}; {remedy}"


def _deepest_line(text: str) -> int:
    """Return the first line in which more brackets are open than a scheme nests; nearly right is good enough here."""
    open_, longest = 0, (0, 1)
    for number, line in enumerate(text.split("\n"), start=1):
        inside = line.count("[") + line.count("{")
        longest = max(longest, (inside + line.count("."), -number))
        open_ += inside - line.count("]") - line.count("}")
        if open_ > DEEPEST_NESTING:
            return number
    return abs(longest[1])


def _refuse_deep_or_odd(data: dict[str, Any], source: "Source") -> None:
    # Not recursive: the depth is what is being checked.
    waiting: list[tuple[Any, int, str]] = [(data, 0, "")]
    tables = 0
    while waiting:
        value, depth, place = waiting.pop()
        if depth > DEEPEST_NESTING:
            source.refuse(place[:80], f"nests deeper than {DEEPEST_NESTING} levels; flatten it")
        if isinstance(value, dict):
            tables += 1
            if tables > MOST_TABLES:
                source.refuse(
                    place,
                    f"is one of more than {MOST_TABLES} tables, which no scheme needs; shorten the file",
                )
            waiting.extend(
                (inner, depth + 1, f"{place}.{key}"[:200].lstrip(".")) for key, inner in value.items()
            )
        elif isinstance(value, list):
            of_tables = any(isinstance(inner, dict) for inner in value)
            waiting.extend(
                (inner, depth + 1, f"{place} {number}"[:200] if of_tables else place)
                for number, inner in enumerate(value, start=1)
            )
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
        where = f"{self.file}:{line}"
        return f"{where}: {problem.place}: {problem.what}" if problem.place else f"{where}: {problem.what}"

    def says_in(self, place: str, text: str, error: ExpressionError) -> str:
        """Say what is wrong inside an expression, with the line and the column in the file."""
        line, column = self.line_of(place), 0
        start = sum(len(row) + 1 for row in self.text.split("\n")[: line - 1])
        found = self.text.find(text, start) if text else -1
        if found >= 0:
            place_in_file = found + min(error.at, len(text))
            line = self.text.count("\n", 0, place_in_file) + 1
            column = place_in_file - self.text.rfind("\n", 0, place_in_file)
        # Written with escapes, an expression does not stand in the file as it reads: the column is its own then.
        where = f"{self.file}:{line}:{column}" if column else f"{self.file}:{line}"
        own = "" if column else f"character {error.at + 1} "
        return f"{where}: {place}: {own}{error.what}"

    def line_of(self, place: str) -> int:
        """Find the line of `indicator 3.formula.bands 2` or `scheme.year`; 1 for what the file as a whole lacks.

        What stands inside an inline table is looked for behind the field that holds it; where it is not written as it
        reads, the line is that of what holds it.
        """
        parts = [_PLACE.fullmatch(part) for part in place.split(".")]
        if not place or parts[0] is None:
            return 1
        start, end = self._table(parts[0]["name"], int(parts[0]["nth"] or 0))
        at = start
        for part in parts[1:]:
            found = re.compile(rf"(?<![\w-]){re.escape(part['name'])}\b(?=[\]\s\"']*[=\]])") if part else None
            # The field grade of [[grade]] is not its header.
            behind = self.text.find("\n", at) if at == start and self.text[at : at + 1] == "[" else at
            match = found.search(self.text, behind, end) if found and behind >= 0 else None
            if part is None or match is None:
                break
            at = match.start()
            # A list of inline tables: each begins with a bracket.
            for _ in range(int(part["nth"] or 0)):
                at = max(at, self.text.find("{", at + 1, end))
        return self.text.count("\n", 0, at) + 1

    def _table(self, name: str, nth: int) -> tuple[int, int]:
        """Return where the nth table of a name (0: the only one) begins and ends; the whole text without it."""
        headers = _headers(self.text)
        wanted = [
            at for at, found in enumerate(headers) if found.name == name and found.is_of_many == bool(nth)
        ]
        if len(wanted) < max(nth, 1):
            plain = re.search(rf"^[ \t]*{re.escape(name)}\b", self.text, re.M)
            return (plain.start() if plain else 0), len(self.text)
        at = wanted[max(nth, 1) - 1]
        behind = (found.start for found in headers[at + 1 :] if not found.name.startswith(f"{name}."))
        return headers[at].start, next(behind, len(self.text))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    """Where a table begins; `is_of_many`: written in double brackets."""

    name: str
    start: int
    is_of_many: bool


@lru_cache(maxsize=4)
def _headers(text: str) -> tuple[_Header, ...]:
    found = re.finditer(r"^[ \t]*(\[\[?)[ \t]*([^\]\n]*)", text, re.M)
    return tuple(
        _Header(name=match[2].rstrip(), start=match.start(1), is_of_many=match[1] == "[[") for match in found
    )


_PLACE = re.compile(r"(?P<name>[^ .]+)(?: (?P<nth>\d+))?")


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
            told = f"field '{name}' is missing" if self.place else f"table '{name}' is missing"
            self.source.refuse(self.place, f"{told}; give {what}")
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
            self.refuse(
                name,
                f"must be a whole number without quotes, but is {_kind_of(value)}; write {lowest} to {highest}",
            )
        if not lowest <= value <= highest:
            told = value if value.bit_length() < 100 else "a number far too large"
            self.refuse(name, f"is {told}, but must lie between {lowest} and {highest}; correct it")
        return value

    def date(self, name: str) -> Fraction:
        text = self.text(name)
        try:
            return parse_date(text)
        except ValueError as error:
            self.refuse(name, f"{error}")

    def word(self, name: str) -> str:
        """Read a name that an expression can use."""
        value = self.text(name)
        if not _NAME.fullmatch(value) or value in _KEYWORDS:
            self.refuse(
                name, f"'{value[:60]}' cannot stand in an expression; write one word of letters, digits and _"
            )
        return value

    def unit(self, name: str = "unit") -> str:
        value = self.text(name)
        if not _UNIT.fullmatch(value) or value in _KEYWORDS:
            self.refuse(name, f"'{value[:40]}' is no unit; write one word, for example 千元, 家 or m²")
        return value

    def values(self, name: str = "values") -> tuple[str, ...]:
        value = self.raw(name, what="a list of texts")
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            self.refuse(
                name, f'must be a list of texts, but is {_kind_of(value)}; write for example ["本科", "硕士"]'
            )
        if not 2 <= len(value) <= MOST_VALUES or len(set(value)) != len(value):
            self.refuse(name, f"must name 2 to {MOST_VALUES} values, each once; correct the list")
        for entry in value:
            if not _VALUE.fullmatch(entry) or entry in [status.value for status in FigureStatus]:
                self.refuse(
                    name,
                    f"'{entry[:40]}' cannot be a value; write letters, digits, spaces, +, . and -, "
                    f"at most {LONGEST_VALUE}",
                )
        return tuple(value)

    def flag(self, name: str) -> bool:
        if name not in self.data:
            return False
        value = self.raw(name, what="true or false")
        if not isinstance(value, bool):
            self.refuse(name, f"must be true or false, but is {_kind_of(value)}; write one, without quotes")
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
        value = self.raw(name, what="a list of codes, [] for none" if empty else "a list of codes")
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            self.refuse(
                name, f'must be a list of texts, but is {_kind_of(value)}; write for example ["a", "b"]'
            )
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
        what = "a table, for example { … }" if self.place else f"it as [{name}]"
        value = self.raw(name, what=what)
        if not isinstance(value, dict):
            how = f"{name} = {{ … }}" if self.place else f"[{name}], once"
            self.refuse(name, f"must be a table, but is {_kind_of(value)}; write {how}")
        return Table(value, place=f"{self.place}.{name}".strip("."), source=self.source)

    def tables(self, name: str, *, required: bool = True) -> Iterator["Table"]:
        if not required and name not in self.data:
            return
        value = self.raw(name, what=f"at least one [[{name}]]")
        if not isinstance(value, list) or not value or not all(isinstance(entry, dict) for entry in value):
            how = f"{name} = [{{ … }}, …]" if self.place else f"[[{name}]] before each"
            self.refuse(name, f"must be a list of tables, but is {_kind_of(value)}; write {how}")
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


def _either(table: Table, one: str, other: str) -> str:
    found = "are both there" if table.has(one) else "are both missing"
    return f"{one} and {other} {found}; give one of the two"


def _kind_of(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, str):
        return f"the text '{value[:40]}'"
    if isinstance(value, int):
        return "a number"
    return "a table" if isinstance(value, dict) else "a list"


# ---- tables to values -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Reading:
    """What is known of a scheme while it is read: its names, its sub-types, and what is wrong with expressions."""

    source: Source
    scope: Scope = field(default_factory=lambda: Scope(figures={}, fields={}, windows={}))
    sub_types: tuple[str, ...] = ()
    sub_type_unstated: str = ""
    problems: list[tuple[str, str, ExpressionError]] = field(default_factory=list)
    characters: int = 0

    def expression(
        self, table: Table, name: str, *, wants: Kind = Kind.NUMBER, of_a_row: bool = False
    ) -> Expression:
        """Read one expression. What is wrong with it is noted, so that all of a file is told at once."""
        text = table.raw(name, what="an expression")
        if not isinstance(text, str) or not text.strip():
            table.refuse(name, f"must be an expression in quotes, but is {_kind_of(text)}; write one")
        self.characters += len(text)
        if self.characters > MOST_EXPRESSIONS:
            table.refuse(
                name, f"is one too many: all expressions together have {MOST_EXPRESSIONS} characters; shorten"
            )
        try:
            return check(read_expression(text), text=text, scope=self.scope, wants=wants, of_a_row=of_a_row)
        except ExpressionError as error:
            self.problems.append((f"{table.place}.{name}", text, error))
            if len(self.problems) == MOST_PROBLEMS_SHOWN:
                raise self.broken() from error
        nothing = Constant(meaning=Meaning(kind=wants), key="0", value=Fraction(0))
        return Expression(text=text, root=nothing, references=(), fields=(), uses_roster=False)

    def broken(self) -> "BrokenRuleError":
        """Return what is wrong with the expressions that were read so far."""
        told = tuple(self.source.says_in(*problem) for problem in self.problems)
        return BrokenRuleError(self.source.file, told)

    def full_marks(self, table: Table) -> tuple[int, Mapping[str, int]]:
        """Read full marks: one number, or one for each sub-type."""
        if not isinstance(table.data.get("full_marks"), dict):
            return table.points("full_marks"), {}
        inner = table.table("full_marks")
        if not self.sub_types:
            table.refuse(
                "full_marks", "differ by sub-type, but the scheme has no sub_types; write one number"
            )
        found = {sub_type: inner.points(sub_type) for sub_type in self.sub_types}
        inner.done()
        return found.get(self.sub_type_unstated, 0), found


def _scheme(root: Table, reading: _Reading, *, digest: str) -> Scheme:
    head = root.table("scheme")
    code = head.text("code")
    if not _SCHEME_CODE.fullmatch(code) or len(code) > 100:
        head.refuse("code", f"'{code[:60]}' is no code of a scheme; write for example nmg/incubator-2020")
    sub_types = head.texts("sub_types", pattern=_CODE, empty=True)
    if len(sub_types) > MOST_SUB_TYPES:
        head.refuse("sub_types", f"names {len(sub_types)} sub-types; name at most {MOST_SUB_TYPES}")
    reading.sub_types = sub_types
    reading.sub_type_unstated = head.code("sub_type_unstated") if sub_types else ""
    figures = tuple(_figure(table) for table in root.tables("figure"))
    roster = _roster(root)
    windows = tuple(_window(table) for table in root.tables("window", required=False))
    reading.scope = scope_of(figures=figures, roster=roster, windows=windows, sub_types=sub_types)
    grades = tuple(_grade(table) for table in root.tables("grade"))
    scheme = Scheme(
        code=code,
        title=head.text("title"),
        title_en=head.text("title_en", default=""),
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
        sub_type_unstated=reading.sub_type_unstated,
        missing=_missing_rule(root.table("missing")),
        figures=figures,
        relations=tuple(_relation(table) for table in root.tables("relation", required=False)),
        groups=tuple(_group(table, reading) for table in root.tables("group")),
        indicators=tuple(_indicator(table, reading) for table in root.tables("indicator")),
        expert_items=tuple(
            _expert_item(table, reading) for table in root.tables("expert_item", required=False)
        ),
        expert_rule=_expert_rule(root.table("expert_rule")) if root.has("expert_rule") else None,
        vetoes=tuple(_veto(table, reading, grades) for table in root.tables("veto", required=False)),
        grades=grades,
        absence=_absence(root.table("absence"), grades),
        consequences=tuple(_consequence(table) for table in root.tables("consequence", required=False)),
        digest=digest,
        roster=roster,
        windows=windows,
        carried=tuple(_carried(table, grades) for table in root.tables("carried", required=False)),
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
    figure = _value_of_type(
        table,
        last_year=table.flag("last_year"),
        missing=_overrides(table),
        source=table.choice("source", FigureSource) if table.has("source") else None,
        evidence=table.text("evidence", default=""),
    )
    table.done()
    return figure


def _value_of_type(table: Table, **more: Any) -> Figure:
    """Read what a figure and a roster field have in common."""
    kind = table.choice("type", FigureType)
    low, high, unit, places = Fraction(0), None, "", 0
    values: tuple[str, ...] = ()
    if kind in MEASURED:
        unit = table.unit()
        low = table.number("minimum")
        high = table.number("maximum") if table.has("maximum") else None
        if kind is FigureType.DECIMAL:
            places = table.integer("places", lowest=0, highest=MOST_PLACES, default=MOST_PLACES)
    elif kind is FigureType.DATE:
        low = table.date("minimum")
        high = table.date("maximum") if table.has("maximum") else None
    elif kind is FigureType.BOOLEAN:
        high = Fraction(1)
    else:
        values = table.values()
        low, high = Fraction(1), Fraction(len(values))
    code = table.code()
    if code in _KEYWORDS:
        table.refuse("code", f"'{code}' is a word of expressions; choose another code")
    figure = Figure(
        code=code,
        title=table.text("title"),
        title_en=table.text("title_en", default=""),
        name=table.word("name") if table.has("name") else "",
        unit=unit,
        type=kind,
        minimum=low,
        maximum=high,
        places=places,
        values=values,
        basis=table.basis(),
        **more,
    )
    # At once: the ranges of expressions are reckoned from these two.
    if high is not None and high < low:
        table.refuse(
            "maximum",
            f"of '{code}' is {figure.text_of(high)}, below the minimum {figure.text_of(low)}; swap or correct them",
        )
    return figure


def _roster(root: Table) -> Roster | None:
    fields = tuple(_roster_field(table) for table in root.tables("roster_field", required=False))
    if not root.has("roster"):
        if fields:
            root.source.refuse("roster_field 1", "is a column of no roster; add a [roster] table")
        return None
    table = root.table("roster")
    roster = Roster(
        title=table.text("title"),
        unit=table.unit(),
        most_rows=table.integer("most_rows", lowest=1, highest=MOST_ROWS),
        fields=fields,
        basis=table.basis(),
    )
    table.done()
    return roster


def _roster_field(table: Table) -> RosterField:
    found = RosterField(
        figure=_value_of_type(table, last_year=False, missing={}), optional=table.flag("optional")
    )
    table.done()
    return found


def _window(table: Table) -> Window:
    first, last = table.date("from"), table.date("to")
    window = Window(
        code=table.code(),
        title=table.word("title"),
        first=datetime.date.fromordinal(int(first)),
        last=datetime.date.fromordinal(int(last)),
        basis=table.basis(),
    )
    table.done()
    return window


def _relation(table: Table) -> Relation:
    relation = Relation(
        lower=table.texts("lower", pattern=_REFERENCE),
        upper=table.texts("upper", pattern=_REFERENCE),
        message=table.text("message"),
    )
    table.done()
    return relation


def _group(table: Table, reading: _Reading) -> Group:
    full_marks, by_sub_type = reading.full_marks(table)
    group = Group(
        code=table.code(),
        title=table.text("title"),
        title_en=table.text("title_en", default=""),
        part=table.choice("part", Part),
        full_marks=full_marks,
        by_sub_type=by_sub_type,
        parent=table.code("parent") if table.has("parent") else "",
        cap=table.points("cap") if table.has("cap") else None,
        basis=table.basis(),
    )
    table.done()
    return group


def _indicator(table: Table, reading: _Reading) -> Indicator:
    if table.has("formula") == table.has("by_sub_type"):
        table.refuse("formula", _either(table, "formula", "by_sub_type"))
    full_marks, marks = reading.full_marks(table)
    evaluated = tuple(sub_type for sub_type in reading.sub_types if marks.get(sub_type, 1))
    if table.has("formula"):
        formula = _formula(table.table("formula"), reading)
        formulas = dict.fromkeys(evaluated if reading.sub_types else ("",), formula)
    else:
        variants = table.table("by_sub_type")
        if not reading.sub_types:
            table.refuse("by_sub_type", "the scheme has no sub_types; name them there, or write one formula")
        formulas = {sub_type: _formula(variants.table(sub_type), reading) for sub_type in evaluated}
        variants.done()
    indicator = Indicator(
        code=table.code(),
        title=table.text("title"),
        title_en=table.text("title_en", default=""),
        group=table.code("group"),
        full_marks=full_marks,
        by_sub_type=marks,
        formulas=formulas,
        varies=table.has("by_sub_type"),
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
    PER_AMOUNT = "per_amount"
    THRESHOLD = "threshold"
    YES_NO = "yes_no"
    BY_CATEGORY = "by_category"
    MIN_MAX = "min_max"
    RATIO_TO_MEAN = "ratio_to_mean"
    RATIO_TO_MAX = "ratio_to_max"
    RANK_SHARE = "rank_share"


def _formula(table: Table, reading: _Reading) -> Formula:
    kind = table.choice("type", _FormulaType)
    formula: Formula
    match kind:
        case _FormulaType.RATIO:
            formula = _ratio(table, reading)
        case _FormulaType.GROWTH:
            formula = Growth(
                figure=table.code("figure"),
                bands=_bands(table),
                when_zero=table.choice("when_zero", Treatment),
            )
        case _FormulaType.YES_NO:
            formula = YesNo(when=reading.expression(table, "when", wants=Kind.CONDITION))
        case _FormulaType.BY_CATEGORY:
            formula = _by_category(table, reading)
        case _:
            figures, value = _measured(table, reading)
            formula = _of_one_number(kind, table, figures, value)
    table.done()
    return formula


def _measured(table: Table, reading: _Reading) -> tuple[tuple[str, ...], Expression | None]:
    """Read what a formula measures: figures that are summed, or an expression in their place."""
    if table.has("figures") and table.has("value"):
        table.refuse("value", "stands beside figures; give one of the two")
    if table.has("value"):
        return (), reading.expression(table, "value")
    return table.texts("figures", pattern=_REFERENCE), None


def _of_one_number(
    kind: _FormulaType, table: Table, figures: tuple[str, ...], value: Expression | None
) -> Formula:
    match kind:
        case _FormulaType.BANDS:
            return Bands(figures=figures, value=value, bands=_bands(table))
        case _FormulaType.LINEAR:
            return Linear(figures=figures, value=value, start=table.number("from"), end=table.number("to"))
        case _FormulaType.PER_UNIT:
            return PerUnit(figures=figures, value=value, points_each=table.number("points_each"))
        case _FormulaType.PER_AMOUNT:
            return PerAmount(
                figures=figures,
                value=value,
                amount=table.number("amount"),
                points_each=table.number("points_each"),
                partial=table.flag("partial"),
            )
        case _FormulaType.THRESHOLD:
            return Threshold(
                figures=figures,
                value=value,
                start=table.number("from"),
                base=table.number("base"),
                step=table.number("step"),
                points_each=table.number("points_each"),
                partial=table.flag("partial"),
            )
        case _FormulaType.MIN_MAX:
            return MinMax(
                figures=figures,
                value=value,
                better=table.choice("better", Better, default=Better.HIGH),
                when_equal=table.choice("when_equal", Treatment),
            )
        case _FormulaType.RATIO_TO_MEAN:
            return RatioToMean(
                figures=figures,
                value=value,
                full_at=table.number("full_at"),
                when_zero=table.choice("when_zero", Treatment),
            )
        case _FormulaType.RATIO_TO_MAX:
            return RatioToMax(figures=figures, value=value, when_zero=table.choice("when_zero", Treatment))
    return RankShare(
        figures=figures,
        value=value,
        better=table.choice("better", Better, default=Better.HIGH),
        shares=_shares(table),
    )


def _ratio(table: Table, reading: _Reading) -> Ratio:
    full_at = table.number("full_at")
    show = table.choice("show", Show, default=Show.NUMBER)
    unit = table.text("unit", default="")
    if table.has("value"):
        # An expression divides by nothing that can be zero, so nothing is said about a zero.
        return Ratio(
            value=reading.expression(table, "value"),
            full_at=full_at,
            show=show,
            unit=unit,
            when_zero=Treatment.UNSCORED,
        )
    return Ratio(
        of=table.texts("of", pattern=_REFERENCE),
        to=table.texts("to", pattern=_REFERENCE),
        per=table.number("per", default=Fraction(1)),
        full_at=full_at,
        show=show,
        unit=unit,
        when_zero=table.choice("when_zero", Treatment),
    )


def _by_category(table: Table, reading: _Reading) -> ByCategory:
    if table.has("figure") == table.has("field"):
        table.refuse("figure", _either(table, "figure", "field"))
    points: dict[str, Fraction] = {}
    for inner in table.tables("points"):
        value = inner.text("value")
        if value in points:
            inner.refuse("value", f"'{value[:40]}' stands here twice; give each value once")
        points[value] = inner.number("points")
        inner.done()
    if table.has("figure"):
        return ByCategory(figure=table.code("figure"), points=points)
    where = None
    if table.has("where"):
        where = reading.expression(table, "where", wants=Kind.CONDITION, of_a_row=True)
    return ByCategory(field=table.code("field"), take=table.choice("take", Take), where=where, points=points)


def _shares(table: Table) -> tuple[ShareBand, ...]:
    found = []
    for inner in table.tables("shares"):
        found.append(ShareBand(within=inner.number("within"), points=inner.number("points")))
        inner.done()
    return tuple(found)


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


def _expert_item(table: Table, reading: _Reading) -> ExpertItem:
    full_marks, by_sub_type = reading.full_marks(table)
    item = ExpertItem(
        code=table.code(),
        title=table.text("title"),
        title_en=table.text("title_en", default=""),
        group=table.code("group"),
        full_marks=full_marks,
        by_sub_type=by_sub_type,
        basis=table.basis(),
    )
    table.done()
    return item


def _expert_rule(table: Table) -> ExpertRule:
    method = table.choice("method", ExpertMethod)
    trims = method is ExpertMethod.MEAN and table.has("trim_from")
    rule = ExpertRule(
        method=method,
        minimum=table.integer("minimum", lowest=1, highest=99),
        trim_from=table.integer("trim_from", lowest=3, highest=99) if trims else None,
        trim=table.integer("trim", lowest=1, highest=9) if method is ExpertMethod.TRIMMED else 0,
        too_few=table.choice("too_few", TooFew, default=TooFew.UNSCORED),
        basis=table.basis(),
    )
    table.done()
    return rule


def _grade_named(table: Table, name: str, grades: tuple[GradeCut, ...]) -> tuple[Grade, str]:
    """Read the code of a grade: what it counts as, and the scheme's own code where it has one."""
    text = table.text(name)
    for cut in grades:
        if cut.name == text:
            return cut.grade, cut.code
    if any(cut.code for cut in grades):
        listed = ", ".join(cut.name for cut in grades)
        table.refuse(name, f"'{text[:60]}' is no grade of this scheme; write one of {listed}")
    return table.choice(name, Grade), ""


def _veto(table: Table, reading: _Reading, grades: tuple[GradeCut, ...]) -> Veto:
    if table.has("when") == table.has("when_true"):
        table.refuse("when", _either(table, "when", "when_true"))
    effect = table.choice("effect", VetoEffect, default=VetoEffect.CAP)
    by_figures = table.has("when_true")
    grade, code = grades[-1].grade, grades[-1].code
    if effect is VetoEffect.CAP:
        grade, code = _grade_named(table, "grade_at_most", grades)
    if by_figures and not table.has("holds_when_missing"):
        table.refuse(
            "when_true",
            "rests on figures; say with holds_when_missing = true or false what a missing one means",
        )
    veto = Veto(
        code=table.code(),
        title=table.text("title"),
        title_en=table.text("title_en", default=""),
        when=None if by_figures else table.choice("when", Condition),
        when_true=reading.expression(table, "when_true", wants=Kind.CONDITION) if by_figures else None,
        holds_when_missing=table.flag("holds_when_missing") if by_figures else False,
        grade_at_most=grade,
        grade_code=code,
        effect=effect,
        basis=table.basis(),
    )
    table.done()
    return veto


def _grade(table: Table) -> GradeCut:
    by_rank = table.has("top_share")
    cut = GradeCut(
        grade=table.choice("grade", Grade),
        at_least=0 if by_rank and not table.has("at_least") else table.points("at_least"),
        below=table.points("below") if table.has("below") else None,
        code=table.code() if table.has("code") else "",
        label=table.text("label") if table.has("label") else "",
        top_share=table.number("top_share") if by_rank else None,
        ties=table.choice("ties", Ties, default=Ties.INCLUDE) if by_rank else Ties.INCLUDE,
        basis=table.basis(),
    )
    table.done()
    return cut


class _Absent(StrEnum):
    GRADE = "grade"
    LIST = "list"
    NOTHING = "nothing"


def _absence(table: Table, grades: tuple[GradeCut, ...]) -> AbsenceRule:
    # Without the field an absent entry gets no grade; the basis has to say so all the same.
    treat = table.choice("treat", _Absent, default=_Absent.GRADE if table.has("grade") else _Absent.NOTHING)
    grade, code = None, ""
    if treat is _Absent.GRADE:
        grade, code = _grade_named(table, "grade", grades)
    rule = AbsenceRule(grade=grade, grade_code=code, listed=treat is _Absent.LIST, basis=table.basis())
    table.done()
    return rule


def _carried(table: Table, grades: tuple[GradeCut, ...]) -> Carried:
    grade, code = _grade_named(table, "grade", grades)
    rule = Carried(
        code=table.code(),
        title=table.text("title"),
        source=table.code("source"),
        source_grade=table.code("source_grade"),
        effect=table.choice("effect", CarriedEffect),
        grade_code=code or grade.value,
        basis=table.basis(),
    )
    table.done()
    return rule


def _consequence(table: Table) -> Consequence:
    again = table.data.get("propose") == Measure.RE_EVALUATION.value
    consequence = Consequence(
        code=table.code(),
        title=table.text("title"),
        status=table.choice("status", Status),
        grade=table.choice("grade", Grade),
        times_in_a_row=table.integer("times_in_a_row", lowest=1, highest=9),
        propose=table.choice("propose", Measure) if again else table.choice("propose", Outcome),
        within_months=table.integer("within_months", lowest=1, highest=60) if again else None,
        basis=table.basis(),
    )
    table.done()
    return consequence
