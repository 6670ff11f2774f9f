"""Read a round folder into typed records, or say in one line what in it cannot be.

docs/reference/round-folder.md is the contract. Nothing in the folder is trusted: a file is read only where it
lies inside, within the limits of `tables`, and no text of it ever becomes a path.
"""

import hashlib
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from hatchmark.documents.tables import SUFFIXES, Table, TableRow, decode_text, read_limited, read_table
from hatchmark.domain.comparison import PublishedRow
from hatchmark.domain.conflicts import CONFLICT_TITLES
from hatchmark.domain.folder_errors import FolderError, FolderErrors, Place
from hatchmark.domain.outcomes import Decision, EntryKey, Grade, Mode, Outcome
from hatchmark.domain.permissions import Role
from hatchmark.domain.round_folder import (
    AssignmentRow,
    Basis,
    ChangeOf,
    ChannelType,
    DecisionRow,
    EnterpriseStatus,
    ExpertRow,
    ExpertScoreRow,
    FigureRow,
    Finding,
    FollowUpAct,
    FollowUpRow,
    IntegrityRow,
    IntegritySubject,
    KindSettings,
    ObjectionRow,
    ObjectionRuling,
    ObjectorType,
    Officer,
    PartialDate,
    PreliminaryReviewRow,
    RegisterChange,
    RegisterRow,
    ReviewAct,
    RosterRow,
    RoundDates,
    RoundFolder,
    RoundSettings,
    Severity,
    SpotCheckRow,
    SpotCheckSettings,
    SubmissionAct,
    SubmissionRow,
    problems,
    unknown_kind,
)
from hatchmark.domain.scheme import (
    HUNDREDTHS,
    FigureStatus,
    FigureValue,
    Scheme,
    Status,
    beyond_a_folder,
    exact_text,
    expert_score_problem,
    parse_number,
    validate_figures,
)
from hatchmark.domain.vocabulary import load_vocabulary, vocabulary_codes
from hatchmark.schemes.loader import SchemeError, shipped, shipped_codes

FORMAT = 1
LARGEST_SETTINGS = 256 * 1024
LONGEST_SETTING = 2_000
MOST_ERRORS = 20
MOST_HISTORY = 30
ROUND_FILE = "round.toml"
HISTORY = "history"
PUBLISHED = "published"

_CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,62}[A-Za-z0-9])?")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})", re.ASCII)
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[Ee][+-]?\d{1,3}", re.ASCII)
_SERIAL = re.compile(r"[1-9][0-9]{0,5}")
_COUNT = re.compile(r"[0-9]{1,12}")
_REGION = re.compile(r"[0-9]{6}")
_YEAR = re.compile(r"[0-9]{4}")

Choice = TypeVar("Choice", bound=StrEnum)
Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class TableForm:
    """The columns of one table of the folder, and the rounds that hold it."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    needed_in: tuple[str, ...] = ()
    allowed_in: tuple[str, ...] = ("past", "live")


def _live(*required: str, optional: tuple[str, ...] = ()) -> TableForm:
    return TableForm(required, optional, needed_in=("live",), allowed_in=("live",))


TABLES: Mapping[str, TableForm] = MappingProxyType({
    "register": TableForm(
        ("kind", "serial", "institution", "name", "operators_printed", "operators", "channel", "channel_type",
         "status"),
        ("aliases", "region", "level", "sub_type", "recognised_in"),
        needed_in=("past", "live"),
    ),
    "register_changes": TableForm(("institution", "what", "old", "new", "effective", "source")),
    "decisions": TableForm(
        ("kind", "serial", "mode", "grade", "outcome", "carried_from", "year", "as_kind", "reason", "note"),
        needed_in=("past",),
    ),
    "published": TableForm(("kind", "serial", "name", "operators", "channel", "face_text")),
    "figures": _live("kind", "serial", "figure", "unit", "status", "value", optional=("returned_value",)),
    "rosters": _live(
        "kind", "serial", "enterprise", "credit_code", "status", "founded_on", "entered_on", "graduated_on",
        "high_tech", "tech_sme", "financed", "valid_ip", "income", "staff",
    ),
    "submissions": _live("kind", "serial", "act", "at", "by"),
    "preliminary_reviews": _live("kind", "serial", "act", "at", "by", "fields", "opinion"),
    "experts": _live("expert", "name", "employer", "region", "specialty"),
    "assignments": _live("kind", "serial", "expert", "assigned_at", "conflict", "declared_at"),
    "expert_scores": _live("kind", "serial", "expert", "item", "score", "at"),
    "spot_checks": _live("kind", "serial", "at", "by", "finding", "figure", "found_value", "note"),
    "integrity": _live(
        "kind", "serial", "subject_type", "subject", "source", "severity", "found_at", "detail"
    ),
    "objections": _live(
        "kind", "serial", "objector", "objector_type", "contact", "lodged_at", "grounds", "ruling", "ruled_at",
        "by", "ruling_reason", "figure", "corrected_value",
    ),
    "follow_up": _live("kind", "serial", "act", "at", "by", "note"),
})  # fmt: skip
"""Every table of a round folder, by its name without ending. The reference page lists the same."""


# ---- the three ways in ------------------------------------------------------------------------------------


def read_round_folder(path: Path) -> RoundFolder:
    """Read and check a whole folder, its history too, without `published`.

    Raises FolderError (FolderErrors where there are several) for the first thing that cannot be.
    """
    collector = _Collector()
    folder = _read_round(_root_of(path), path, prefix="", collector=collector)
    collector.stop_if_any()
    assert folder is not None  # noqa: S101  (without an error there is a folder)
    collector.add_all(problems(folder))
    collector.stop_if_any()
    collector.add_all(_scheme_problems(folder))
    collector.stop_if_any()
    return folder


def read_published(path: Path) -> list[PublishedRow] | None:
    """Read what was really printed, or return None where the folder does not hold it."""
    root = _root_of(path)
    collector = _Collector()
    kinds: list[str] = []
    settings = _read_settings(root, path, prefix="", collector=collector)
    if settings is not None:
        kinds = [kind.code for kind in settings.kinds]
    table = _open_table(root, path, PUBLISHED, prefix="", collector=collector)
    rows = _records(table, _published_row, collector)
    collector.stop_if_any()
    if table is None:
        return None
    first: dict[EntryKey, int] = {}
    for place, row in rows:
        if error := unknown_kind(row.key, place, kinds):
            collector.add(error)
        elif first.setdefault(row.key, place.row) != place.row:
            collector.add(
                FolderError(
                    place,
                    column="serial",
                    value=str(row.key.serial),
                    problem=f"row {first[row.key]} is {row.key} already",
                    remedy="give each entry of a kind its own serial",
                )
            )
    collector.stop_if_any()
    return [row for _, row in rows]


def input_files(path: Path) -> list[tuple[str, str]]:
    """Return name (relative, with /) and SHA-256 of every file that a run reads, by name."""
    root = _root_of(path)
    found: list[tuple[str, str]] = []
    for folder, prefix in ((path, ""), *_history_folders(root, path)):
        for name in (ROUND_FILE, *(f"{table}{suffix}" for table in TABLES for suffix in SUFFIXES)):
            file = folder / name
            if file.exists() or file.is_symlink():
                _check_inside(root, file, Place(prefix + name))
                with file.open("rb") as stream:
                    found.append((prefix + name, hashlib.file_digest(stream, "sha256").hexdigest()))
    return sorted(found)


class _Collector:
    """Gathers errors so that one run of the command can name many, up to a limit."""

    def __init__(self) -> None:
        self._errors: list[FolderError] = []
        self._cut_off = False

    def add(self, error: FolderError) -> None:
        for each in error.errors:
            if len(self._errors) < MOST_ERRORS:
                self._errors.append(each)
            else:
                self._cut_off = True

    def add_all(self, errors: Iterable[FolderError]) -> None:
        for error in errors:
            self.add(error)

    def stop_if_any(self) -> None:
        if len(self._errors) == 1:
            raise self._errors[0]
        if self._errors:
            raise FolderErrors(self._errors, cut_off=self._cut_off)


# ---- files ------------------------------------------------------------------------------------------------


def _root_of(path: Path) -> Path:
    if not path.is_dir():
        raise FolderError(
            Place(path.name or str(path)),
            problem="is no folder",
            remedy="name a folder that holds a round.toml",
        )
    return path.resolve()


def _check_inside(root: Path, file: Path, place: Place) -> None:
    """Refuse what lies outside the folder, however it is linked to, and what is no ordinary file."""
    try:
        real = file.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise FolderError(
            place, problem="is a link that leads nowhere", remedy="put the file itself into the folder"
        ) from error
    if not real.is_relative_to(root):
        raise FolderError(
            place,
            value=f"→ {real.name}",
            problem="is a link out of the folder",
            remedy="put the file itself into the folder: a round folder is self-contained",
        )
    if not real.is_file():
        raise FolderError(place, problem="is no ordinary file", remedy="put an ordinary file in its place")


def _history_folders(root: Path, path: Path) -> Iterator[tuple[Path, str]]:
    history = path / HISTORY
    if not (history.exists() or history.is_symlink()):
        return
    _check_folder_inside(root, history, Place(HISTORY))
    entries = sorted(entry for entry in history.iterdir() if not entry.name.startswith("."))
    if len(entries) > MOST_HISTORY:
        raise FolderError(
            Place(HISTORY),
            value=f"{len(entries)} folders",
            problem=f"holds more than {MOST_HISTORY} earlier rounds",
            remedy="keep those that the round needs",
        )
    for entry in entries:
        place = Place(f"{HISTORY}/{entry.name}")
        if not _YEAR.fullmatch(entry.name):
            raise FolderError(
                place,
                value=entry.name,
                problem="history holds one folder a year, named by its four digits",
                remedy="rename it (for example history/2024) or move it away",
            )
        _check_folder_inside(root, entry, place)
        yield entry, f"{place.file}/"


def _check_folder_inside(root: Path, folder: Path, place: Place) -> None:
    if not folder.is_dir():
        raise FolderError(place, problem="is no folder", remedy="put a folder in its place, or remove it")
    if not folder.resolve().is_relative_to(root):
        raise FolderError(
            place,
            value=f"→ {folder.resolve().name}",
            problem="is a link out of the folder",
            remedy="put the folder itself there: a round folder is self-contained",
        )


def _check_names(path: Path, *, prefix: str, status: str, collector: _Collector) -> None:
    """Refuse tables nobody would read: a misspelt file is otherwise lost in silence."""
    for entry in sorted(path.iterdir()):
        if entry.name.startswith((".", "~$")) or entry.suffix.lower() not in (*SUFFIXES, ".xls", ".toml"):
            continue
        place = Place(prefix + entry.name)
        form = TABLES.get(entry.stem) if entry.suffix in SUFFIXES else None
        if entry.name == ROUND_FILE:
            continue
        if form is None:
            collector.add(
                FolderError(
                    place,
                    value=entry.name,
                    problem="is no file of a round folder",
                    remedy=f"name it one of {', '.join(TABLES)} with .csv or .xlsx, or move it away",
                )
            )
        elif status not in form.allowed_in:
            collector.add(
                FolderError(
                    place,
                    value=entry.name,
                    problem=f"belongs to a {form.allowed_in[0]} round, and this one is {status}",
                    remedy="move it away, or correct status in round.toml",
                )
            )


def _open_table(root: Path, path: Path, name: str, *, prefix: str, collector: _Collector) -> Table | None:
    """Read one table with its columns checked; None where there is none or it cannot be used."""
    files = [path / f"{name}{suffix}" for suffix in SUFFIXES]
    there = [file for file in files if file.exists() or file.is_symlink()]
    if not there:
        return None
    shown = prefix + there[0].name
    if len(there) > 1:
        collector.add(
            FolderError(
                Place(shown),
                value=f"{there[0].name}, {there[1].name}",
                problem="the same table is there twice",
                remedy="keep the .csv or the .xlsx",
            )
        )
        return None
    try:
        _check_inside(root, there[0], Place(shown))
        table = read_table(there[0], file=shown)
        _check_columns(table, TABLES[name])
    except FolderError as error:
        collector.add(error)
        return None
    return table


def _check_columns(table: Table, form: TableForm) -> None:
    errors = [
        FolderError(
            table.place(1),
            column=column,
            value=", ".join(table.header),
            problem=f"the column {column} is missing",
            remedy=f"add {column} to row 1, with its cells",
        )
        for column in form.required
        if column not in table.header
    ]
    known = (*form.required, *form.optional)
    errors += [
        FolderError(
            table.place(1),
            column=column,
            value=column,
            problem="is no column of this table",
            remedy=f"remove it; the columns are {', '.join(known)}",
        )
        for column in table.header
        if column not in known
    ]
    if errors:
        raise errors[0] if len(errors) == 1 else FolderErrors(errors)


# ---- round.toml -------------------------------------------------------------------------------------------


class _Keys:
    """One table of `round.toml`, read key by key; what nobody asked for is an error in the end."""

    def __init__(self, data: Mapping[str, Any], *, name: str, reader: "_SettingsReader") -> None:
        self._data = dict(data)
        self._name = name
        self._reader = reader

    def error(self, key: str, *, problem: str, remedy: str, value: object = None) -> FolderError:
        column = f"{self._name}.{key}" if self._name else key
        return FolderError(
            self._reader.place(column),
            column=re.sub(r"\[\d+\]", "", column),
            value=None if value is None else str(value),
            problem=problem,
            remedy=remedy,
        )

    def has(self, key: str) -> bool:
        return key in self._data

    def take(self, key: str, kind: type | tuple[type, ...], what: str, *, default: Any = ...) -> Any:
        """Return a value of the right type; `default` where the key may be missing."""
        if key not in self._data:
            if default is ...:
                raise self.error(key, problem="is missing", remedy=f"give {what}")
            return default
        value = self._data.pop(key)
        # A TOML true is a Python int as well; and a date without a time is none of the moments.
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.error(key, value=value, problem="is of the wrong kind", remedy=f"give {what}")
        return value

    def text(self, key: str, *, default: Any = ...) -> str:
        value = self.take(key, str, "a text in quotation marks", default=default)
        if len(value) > LONGEST_SETTING:
            raise self.error(
                key,
                value=value,
                problem=f"has {len(value)} characters, more than {LONGEST_SETTING}",
                remedy="shorten it",
            )
        if default is ... and not value.strip():
            raise self.error(
                key, value=value, problem="is empty", remedy="write what it is, or remove the line"
            )
        return str(value).strip()

    def code(self, key: str, *, default: Any = ...) -> str:
        value = self.text(key, default=default)
        if value and not _CODE.fullmatch(value):
            raise self.bad_code(key, value)
        return value

    def bad_code(self, key: str, value: str) -> FolderError:
        leads_out = ".." in value or "/" in value or "\\" in value
        return self.error(
            key,
            value=value,
            problem="is a path, and a folder names nothing outside itself"
            if leads_out
            else "has characters that a code cannot have",
            remedy="write a code of letters, digits and hyphens, without '..' or '/'",
        )

    def moment(self, key: str, *, default: Any = ...) -> datetime | None:
        value = self.take(key, datetime, "a moment such as 2025-03-03T09:00:00+08:00", default=default)
        if value is None:
            return None
        if value.tzinfo is None:
            raise self.error(
                key,
                value=value.isoformat(),
                problem="says no offset, so nobody knows which moment it is",
                remedy=f"write {value.isoformat()}+08:00 for the time in China",
            )
        assert isinstance(value, datetime)  # noqa: S101  (for the type checker: take() has seen to it)
        return value

    def choice(self, key: str, allowed: Iterable[str]) -> str:
        value = self.text(key)
        if value not in allowed:
            raise self.error(
                key, value=value, problem="is not known", remedy=f"write one of {', '.join(allowed)}"
            )
        return value

    def inner(self, key: str) -> "_Keys":
        name = f"{self._name}.{key}" if self._name else key
        data = self.take(key, dict, f"a table [{name}]")
        return _Keys(data, name=name, reader=self._reader)

    def inner_list(self, key: str) -> list["_Keys"]:
        data = self.take(key, list, f"tables [[{key}]]", default=[])
        if not all(isinstance(each, dict) for each in data):
            raise self.error(
                key, problem="holds something that is no table", remedy=f"write them as [[{key}]]"
            )
        return [_Keys(each, name=f"{key}[{index}]", reader=self._reader) for index, each in enumerate(data)]

    def place(self) -> Place:
        return self._reader.place(self._name)

    def finish(self) -> None:
        """Refuse the keys that are left: a misspelt one would be lost in silence."""
        for key, value in self._data.items():
            raise self.error(
                key,
                value=value if isinstance(value, str | int) else "…",
                problem="is no key that is known here",
                remedy="correct its spelling or remove it",
            )


@dataclass(slots=True)
class _SettingsReader:
    """Turns the text of `round.toml` into settings."""

    file: str
    lines: dict[str, int]

    def place(self, key: str) -> Place:
        """Return the line of a key, or of the table that should hold it."""
        while key:
            if key in self.lines:
                return Place(self.file, self.lines[key])
            key = key.rpartition(".")[0]
        return Place(self.file)

    def read(self, data: Mapping[str, Any]) -> RoundSettings:
        keys = _Keys(data, name="", reader=self)
        if (written := keys.take("format", int, f"format = {FORMAT}")) != FORMAT:
            raise keys.error(
                "format", value=written, problem="is a format that is not known", remedy=f"write {FORMAT}"
            )
        past = keys.choice("status", ("past", "live")) == "past"
        vocabulary = self._vocabulary(keys)
        settings = RoundSettings(
            authority=keys.text("authority"),
            authority_code=keys.code("authority_code"),
            year=self._year(keys),
            past=past,
            fictional=keys.take("fictional", bool, "true or false"),
            vocabulary=vocabulary,
            entered_at=keys.moment("entered_at") if past else keys.moment("entered_at", default=None),
            happened=keys.text("happened", default="") if past else "",
            addressees=self._addressees(keys),
            bases=self._bases(keys),
            kinds=self._kinds(keys, past=past, vocabulary=vocabulary),
            dates=None if past else self._dates(keys),
            public_notice_working_days=None if past else self._working_days(keys),
            spot_check=None if past else self._spot_check(keys),
            officers=() if past else self._officers(keys),
            file=self.file,
            lines=MappingProxyType(self.lines),
        )
        keys.finish()
        return settings

    def _vocabulary(self, keys: _Keys) -> str:
        code = keys.code("vocabulary")
        if code not in vocabulary_codes():
            raise keys.error(
                "vocabulary",
                value=code,
                problem="no vocabulary of this name ships",
                remedy=f"write one of {', '.join(vocabulary_codes())}",
            )
        return code

    def _year(self, keys: _Keys) -> int:
        year: int = keys.take("year", int, "the year of the round, four digits")
        if not 1980 <= year <= 2200:
            raise keys.error("year", value=year, problem="is no year of a round", remedy="write four digits")
        return year

    def _addressees(self, keys: _Keys) -> tuple[str, ...]:
        names = keys.take("addressees", list, "a list of texts", default=[])
        if not all(isinstance(name, str) and len(name) <= LONGEST_SETTING for name in names):
            raise keys.error("addressees", problem="is no list of short texts", remedy='write ["…", "…"]')
        return tuple(names)

    def _bases(self, keys: _Keys) -> tuple[Basis, ...]:
        bases = []
        for basis in keys.inner_list("bases"):
            bases.append(Basis(title=basis.text("title"), number=basis.text("number", default="")))
            basis.finish()
        return tuple(bases)

    def _kinds(self, keys: _Keys, *, past: bool, vocabulary: str) -> tuple[KindSettings, ...]:
        words = load_vocabulary(vocabulary).kinds
        kinds = []
        for kind in keys.inner_list("kind"):
            code = kind.code("code")
            if code not in words:
                raise kind.error(
                    "code",
                    value=code,
                    problem=f"the vocabulary {vocabulary} has no words for this kind",
                    remedy=f"write one of {', '.join(words)}",
                )
            scheme = "" if past else self._scheme(kind)
            kinds.append(KindSettings(code=code, scheme=scheme, place=kind.place()))
            kind.finish()
        if not kinds:
            raise keys.error("kind", problem="is missing", remedy="add a [[kind]] for each kind of the round")
        return tuple(kinds)

    def _scheme(self, kind: _Keys) -> str:
        code = kind.text("scheme")
        if not all(_CODE.fullmatch(part) for part in code.split("/")):
            raise kind.bad_code("scheme", code)
        if code not in shipped_codes():
            raise kind.error(
                "scheme",
                value=code,
                problem="no scheme of this name ships",
                remedy=f"write one of {', '.join(shipped_codes())}",
            )
        return code

    def _dates(self, keys: _Keys) -> RoundDates:
        dates = keys.inner("dates")
        moments: dict[str, Any] = {each.name: dates.moment(each.name) for each in fields(RoundDates)}
        dates.finish()
        return RoundDates(**moments)

    def _working_days(self, keys: _Keys) -> int:
        notice = keys.inner("public_notice")
        days: int = notice.take("working_days", int, "a number of working days, 1 or more")
        if not 1 <= days <= 60:
            raise notice.error("working_days", value=days, problem="is no window", remedy="write 1 to 60")
        notice.finish()
        return days

    def _spot_check(self, keys: _Keys) -> SpotCheckSettings:
        draw = keys.inner("spot_check")
        key, key_known_at, count = draw.text("key"), draw.moment("key_known_at"), draw.inner("count")
        draw.finish()
        assert key_known_at is not None  # noqa: S101  (without a default, moment() gives one or raises)
        counts: dict[str, int] = {}
        for kind in list(count._data):
            number = count.take(kind, int, "how many entries are drawn")
            if not 0 <= number <= 10_000:
                raise count.error(kind, value=number, problem="cannot be drawn", remedy="write 0 or more")
            counts[kind] = number
        return SpotCheckSettings(key=key, key_known_at=key_known_at, count=counts)

    def _officers(self, keys: _Keys) -> tuple[Officer, ...]:
        officers = []
        for officer in keys.inner_list("officer"):
            officers.append(
                Officer(
                    code=officer.code("code"),
                    name=officer.text("name"),
                    role=Role(officer.choice("role", [role.value for role in Role])),
                    unit=officer.text("unit", default=""),
                    place=officer.place(),
                )
            )
            officer.finish()
        return tuple(officers)


_TOML_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.-]+)\s*\]\]?\s*(?:#.*)?")
_TOML_KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")


def _lines_of(text: str) -> dict[str, int]:
    """Return where each key of a TOML text stands (`dates.call_at`, `kind[0].code`), for error messages."""
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _TOML_HEADER.fullmatch(line):
            table = header[2]
            if header[1] == "[[":
                index = counts[table] = counts.get(table, -1) + 1
                table = f"{table}[{index}]"
            lines.setdefault(table, number)
        elif key := _TOML_KEY.match(line):
            lines.setdefault(f"{table}.{key[1]}" if table else key[1], number)
    return lines


def _read_settings(root: Path, path: Path, *, prefix: str, collector: _Collector) -> RoundSettings | None:
    shown = prefix + ROUND_FILE
    file = path / ROUND_FILE
    try:
        if not (file.exists() or file.is_symlink()):
            raise FolderError(Place(shown), problem="the file is missing", remedy="add it to the folder")
        _check_inside(root, file, Place(shown))
        text = decode_text(read_limited(file, file=shown, limit=LARGEST_SETTINGS), file=shown)
        return _SettingsReader(shown, _lines_of(text)).read(_toml(text, shown))
    except FolderError as error:
        collector.add(error)
        return None


def _toml(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        words = str(error)
        line = re.search(r"at line (\d+)", words)
        number = int(line[1]) if line else 0
        rows = text.splitlines()
        raise FolderError(
            Place(file, number),
            value=rows[number - 1].strip() if 0 < number <= len(rows) else None,
            problem=f"is no TOML: {words if isinstance(error, ValueError) else 'it is nested too deeply'}",
            remedy="correct the line; texts stand in quotation marks, moments do not",
        ) from error


# ---- cells ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Cells:
    """One row, read cell by cell; each method raises FolderError that names the cell."""

    row: TableRow
    place: Place

    def error(self, column: str, *, problem: str, remedy: str) -> FolderError:
        return FolderError(self.place, column=column, value=self.text(column), problem=problem, remedy=remedy)

    def text(self, column: str) -> str:
        """Return the cell, empty where the optional column is not there."""
        return self.row.cells.get(column, "")

    def filled(self, column: str) -> str:
        if not self.text(column):
            raise self.error(column, problem="the cell is empty", remedy=f"give {column}")
        return self.text(column)

    def several(self, column: str) -> tuple[str, ...]:
        text = self.text(column)
        parts = tuple(part.strip() for part in text.split("|")) if text else ()
        if not all(parts):
            raise self.error(
                column, problem="has a | with nothing beside it", remedy="put | between two values only"
            )
        return parts

    def code(self, column: str) -> str:
        """Return a code that names something elsewhere; it may not have gone through a number."""
        code = self.filled(column)
        self.not_scientific(column)
        return code

    def not_scientific(self, column: str) -> None:
        if _SCIENTIFIC.fullmatch(self.text(column)):
            raise self.error(
                column,
                problem="was turned into scientific notation, so its digits are lost",
                remedy="format the column as text, then type the value again",
            )

    def key(self) -> EntryKey:
        kind, serial = self.filled("kind"), self.filled("serial")
        if not _SERIAL.fullmatch(serial):
            raise self.error(
                "serial",
                problem="is no serial, which counts 1, 2, 3 …",
                remedy="write a whole number from 1 on, in digits",
            )
        return EntryKey(kind, int(serial))

    def choice(self, column: str, choices: type[Choice]) -> Choice:
        text = self.filled(column)
        if text not in [each.value for each in choices]:
            raise self.error(column, problem="is not known here", remedy=f"write one of {', '.join(choices)}")
        return choices(text)

    def optional_choice(self, column: str, choices: type[Choice]) -> Choice | None:
        return self.choice(column, choices) if self.text(column) else None

    def moment(self, column: str) -> datetime:
        text = self.filled(column)
        try:
            if not _MOMENT.fullmatch(text):
                raise ValueError(text)
            return datetime.fromisoformat(text)
        except ValueError as error:
            raise self.error(
                column,
                problem="is no moment with its offset",
                remedy="write it as 2025-03-03T09:00:00+08:00",
            ) from error

    def optional_moment(self, column: str) -> datetime | None:
        return self.moment(column) if self.text(column) else None

    def partial_date(self, column: str) -> PartialDate | None:
        text = self.text(column)
        if not text:
            return None
        try:
            return PartialDate(text)
        except ValueError as error:
            raise self.error(
                column, problem="is no date that exists", remedy="write 2020, 2020-07 or 2020-07-15"
            ) from error

    def number(self, column: str) -> Fraction:
        text = self.filled(column)
        try:
            return parse_number(text)
        except ValueError as error:
            raise self.error(
                column,
                problem="is no plain number",
                remedy="write digits with at most one point, for example 1234.5, without letters, unit or commas",
            ) from error

    def amount(self, column: str) -> Fraction | None:
        """Return a number of zero or more."""
        if not self.text(column):
            return None
        number = self.number(column)
        if number < 0:
            raise self.error(column, problem="cannot be negative", remedy="write zero or more")
        return number

    def count(self, column: str) -> int | None:
        text = self.text(column)
        if not text:
            return None
        if not _COUNT.fullmatch(text):
            negative = text.startswith(("-", "−")) and _COUNT.fullmatch(text[1:])
            raise self.error(
                column,
                problem="is a count, and a count cannot be negative" if negative else "is no count",
                remedy="write a whole number of zero or more, in digits",
            )
        return int(text)

    def flag(self, column: str) -> bool | None:
        text = self.text(column)
        if text not in ("", "0", "1"):
            raise self.error(column, problem="is neither yes nor no", remedy="write 1 for yes, 0 for no")
        return None if not text else text == "1"

    def region(self) -> str | None:
        text = self.text("region")
        if text and not _REGION.fullmatch(text):
            raise self.error(
                "region",
                problem="is no code of GB/T 2260",
                remedy="write its six digits, or leave the cell empty where the place is not known",
            )
        return text or None

    def goes_with(self, column: str, *, condition: bool, why: str) -> None:
        """Refuse a cell that is filled though it does not belong, or empty though it does."""
        if bool(self.text(column)) != condition:
            raise self.error(
                column,
                problem=f"{why} the cell must be {'filled' if condition else 'empty'}",
                remedy=f"give {column}" if condition else "empty it, or correct the cell it belongs to",
            )


def _records(table: Table | None, make: Callable[[_Cells], Record], collector: _Collector) -> list[Record]:
    """Make a record of each row; a row that cannot be is noted and left out."""
    records: list[Record] = []
    for row in table.rows if table else ():
        try:
            records.append(make(_Cells(row, table.place(row.number))))  # type: ignore[union-attr]
        except FolderError as error:
            collector.add(error)
    return records


# ---- rows -------------------------------------------------------------------------------------------------


def _register_row(cells: _Cells) -> RegisterRow:
    operators = cells.several("operators")
    if not operators:
        raise cells.error("operators", problem="the cell is empty", remedy="name the operator")
    return RegisterRow(
        key=cells.key(),
        institution=cells.code("institution"),
        name=cells.filled("name"),
        aliases=cells.several("aliases"),
        operators_printed=cells.filled("operators_printed"),
        operators=operators,
        channel=cells.filled("channel"),
        channel_type=cells.choice("channel_type", ChannelType),
        region=cells.region(),
        level=cells.text("level") or None,
        status=cells.choice("status", Status),
        sub_type=cells.text("sub_type") or None,
        recognised_in=cells.partial_date("recognised_in"),
        place=cells.place,
    )


def _register_change(cells: _Cells) -> RegisterChange:
    what = cells.choice("what", ChangeOf)
    if what is not ChangeOf.NOTE:
        cells.filled("old")
    return RegisterChange(
        institution=cells.code("institution"),
        what=what,
        old=cells.text("old"),
        new=cells.filled("new"),
        effective=cells.partial_date("effective") or "",
        source=cells.text("source"),
        place=cells.place,
    )


def _decision_row(cells: _Cells) -> DecisionRow:
    carried_from = None
    if source := cells.text("carried_from"):
        try:
            carried_from = EntryKey.parse(source)
        except ValueError as error:
            raise cells.error(
                "carried_from", problem="names no entry", remedy="write kind:serial, for example incubator:5"
            ) from error
    year = cells.text("year")
    if year and not _YEAR.fullmatch(year):
        raise cells.error("year", problem="is no year", remedy="write its four digits")
    return DecisionRow(
        decision=Decision(
            key=cells.key(),
            mode=cells.choice("mode", Mode),
            outcome=cells.choice("outcome", Outcome),
            grade=cells.optional_choice("grade", Grade),
            carried_from=carried_from,
            year=int(year) if year else None,
            as_kind=cells.text("as_kind") or None,
            reason=cells.text("reason"),
            note=cells.text("note"),
        ),
        place=cells.place,
    )


def _published_row(cells: _Cells) -> tuple[Place, PublishedRow]:
    return cells.place, PublishedRow(
        key=cells.key(),
        name=cells.filled("name"),
        operators=cells.filled("operators"),
        channel=cells.filled("channel"),
        face_text=cells.filled("face_text"),
    )


def _figure_row(cells: _Cells) -> FigureRow:
    status = cells.choice("status", FigureStatus)
    reported = status is FigureStatus.REPORTED
    cells.goes_with("value", condition=reported, why=f"the status is {status}, so")
    return FigureRow(
        key=cells.key(),
        figure=cells.code("figure"),
        unit=cells.text("unit"),
        status=status,
        value=cells.number("value") if reported else None,
        returned_value=cells.number("returned_value") if cells.text("returned_value") else None,
        place=cells.place,
    )


def _roster_row(cells: _Cells) -> RosterRow:
    cells.not_scientific("credit_code")
    return RosterRow(
        key=cells.key(),
        enterprise=cells.filled("enterprise"),
        credit_code=cells.text("credit_code"),
        status=cells.choice("status", EnterpriseStatus),
        founded_on=cells.partial_date("founded_on"),
        entered_on=cells.partial_date("entered_on"),
        graduated_on=cells.partial_date("graduated_on"),
        high_tech=cells.flag("high_tech"),
        tech_sme=cells.flag("tech_sme"),
        financed=cells.flag("financed"),
        valid_ip=cells.count("valid_ip"),
        income=cells.amount("income"),
        staff=cells.count("staff"),
        place=cells.place,
    )


def _submission_row(cells: _Cells) -> SubmissionRow:
    return SubmissionRow(
        key=cells.key(),
        act=cells.choice("act", SubmissionAct),
        at=cells.moment("at"),
        by=cells.filled("by"),
        place=cells.place,
    )


def _preliminary_review_row(cells: _Cells) -> PreliminaryReviewRow:
    act = cells.choice("act", ReviewAct)
    cells.goes_with("fields", condition=act is ReviewAct.RETURN, why=f"the act is {act}, so")
    if act is not ReviewAct.APPROVE and not cells.text("opinion"):
        raise cells.error("opinion", problem=f"{act} needs its reason", remedy="write the opinion")
    return PreliminaryReviewRow(
        key=cells.key(),
        act=act,
        at=cells.moment("at"),
        by=cells.code("by"),
        fields=cells.several("fields"),
        opinion=cells.text("opinion"),
        place=cells.place,
    )


def _expert_row(cells: _Cells) -> ExpertRow:
    return ExpertRow(
        expert=cells.code("expert"),
        name=cells.filled("name"),
        employer=cells.filled("employer"),
        region=cells.region() or "",
        specialty=cells.text("specialty"),
        place=cells.place,
    )


def _assignment_row(cells: _Cells) -> AssignmentRow:
    conflict = cells.text("conflict")
    if conflict and conflict not in CONFLICT_TITLES:
        raise cells.error(
            "conflict",
            problem="is no kind of conflict",
            remedy=f"leave it empty, or write one of {', '.join(CONFLICT_TITLES)}",
        )
    return AssignmentRow(
        key=cells.key(),
        expert=cells.code("expert"),
        assigned_at=cells.moment("assigned_at"),
        conflict=conflict,
        declared_at=cells.optional_moment("declared_at"),
        place=cells.place,
    )


def _expert_score_row(cells: _Cells) -> ExpertScoreRow:
    score = cells.number("score")
    if score < 0:
        raise cells.error("score", problem="a score cannot be negative", remedy="write zero or more")
    if (score * HUNDREDTHS).denominator != 1:
        raise cells.error(
            "score", problem="has more than two decimal places", remedy="round it as the expert meant it"
        )
    return ExpertScoreRow(
        key=cells.key(),
        expert=cells.code("expert"),
        item=cells.code("item"),
        score=score,
        at=cells.moment("at"),
        place=cells.place,
    )


def _spot_check_row(cells: _Cells) -> SpotCheckRow:
    finding = cells.choice("finding", Finding)
    corrected = finding is Finding.CORRECTED
    for column in ("figure", "found_value"):
        cells.goes_with(column, condition=corrected, why=f"the finding is {finding}, so")
    by = cells.several("by")
    if not by:
        raise cells.error("by", problem="the cell is empty", remedy="give the inspectors' codes")
    return SpotCheckRow(
        key=cells.key(),
        at=cells.moment("at"),
        by=by,
        finding=finding,
        figure=cells.text("figure"),
        found_value=cells.number("found_value") if corrected else None,
        note=cells.text("note"),
        place=cells.place,
    )


def _integrity_row(cells: _Cells) -> IntegrityRow:
    return IntegrityRow(
        key=cells.key(),
        subject_type=cells.choice("subject_type", IntegritySubject),
        subject=cells.filled("subject"),
        source=cells.filled("source"),
        severity=cells.choice("severity", Severity),
        found_at=cells.moment("found_at"),
        detail=cells.text("detail"),
        place=cells.place,
    )


def _objection_row(cells: _Cells) -> ObjectionRow:
    objector_type = cells.choice("objector_type", ObjectorType)
    if objector_type is not ObjectorType.ANONYMOUS:
        cells.filled("objector")
    ruling = cells.choice("ruling", ObjectionRuling)
    figure = cells.text("figure")
    if figure and ruling is not ObjectionRuling.UPHELD:
        raise cells.error(
            "figure", problem="only an upheld objection corrects a figure", remedy="empty it, or write upheld"
        )
    cells.goes_with("corrected_value", condition=bool(figure), why="beside the column figure,")
    return ObjectionRow(
        key=cells.key(),
        objector=cells.text("objector"),
        objector_type=objector_type,
        contact=cells.text("contact"),
        lodged_at=cells.moment("lodged_at"),
        grounds=cells.filled("grounds"),
        ruling=ruling,
        ruled_at=cells.moment("ruled_at"),
        by=cells.code("by"),
        ruling_reason=cells.filled("ruling_reason"),
        figure=figure,
        corrected_value=cells.number("corrected_value") if figure else None,
        place=cells.place,
    )


def _follow_up_row(cells: _Cells) -> FollowUpRow:
    return FollowUpRow(
        key=cells.key(),
        act=cells.choice("act", FollowUpAct),
        at=cells.moment("at"),
        by=cells.filled("by"),
        note=cells.text("note"),
        place=cells.place,
    )


# ---- the folder -------------------------------------------------------------------------------------------


def _read_round(root: Path, path: Path, *, prefix: str, collector: _Collector) -> RoundFolder | None:
    settings = _read_settings(root, path, prefix=prefix, collector=collector)
    if settings is None:
        return None
    status = "past" if settings.past else "live"
    _check_names(path, prefix=prefix, status=status, collector=collector)

    def read(name: str, make: Callable[[_Cells], Record]) -> tuple[Record, ...]:
        form = TABLES[name]
        if status not in form.allowed_in:
            return ()
        there = any((path / f"{name}{suffix}").exists() for suffix in SUFFIXES)
        if not there and status in form.needed_in:
            collector.add(
                FolderError(
                    Place(f"{prefix}{name}.csv"),
                    problem=f"the file is missing, and a {status} round needs it",
                    remedy=f"add {name}.csv or {name}.xlsx with the columns {', '.join(form.required)}",
                )
            )
            return ()
        table = _open_table(root, path, name, prefix=prefix, collector=collector)
        return tuple(_records(table, make, collector))

    return RoundFolder(
        settings=settings,
        register=read("register", _register_row),
        changes=read("register_changes", _register_change),
        decision_rows=read("decisions", _decision_row),
        figures=read("figures", _figure_row),
        rosters=read("rosters", _roster_row),
        submissions=read("submissions", _submission_row),
        preliminary_reviews=read("preliminary_reviews", _preliminary_review_row),
        experts=read("experts", _expert_row),
        assignments=read("assignments", _assignment_row),
        expert_scores=read("expert_scores", _expert_score_row),
        spot_checks=read("spot_checks", _spot_check_row),
        integrity=read("integrity", _integrity_row),
        objections=read("objections", _objection_row),
        follow_up=read("follow_up", _follow_up_row),
        history=_read_history(root, path, prefix=prefix, collector=collector),
    )


def _read_history(root: Path, path: Path, *, prefix: str, collector: _Collector) -> tuple[RoundFolder, ...]:
    if prefix:
        history = path / HISTORY
        if history.exists() or history.is_symlink():
            collector.add(
                FolderError(
                    Place(prefix + HISTORY),
                    value=HISTORY,
                    problem="an earlier round has no history of its own",
                    remedy="put every year beside the others in history/",
                )
            )
        return ()
    earlier: list[RoundFolder] = []
    try:
        for folder, inner in _history_folders(root, path):
            found = _read_round(root, folder, prefix=inner, collector=collector)
            if found is None:
                continue
            if str(found.settings.year) != folder.name:
                collector.add(
                    FolderError(
                        found.settings.place_of("year"),
                        column="year",
                        value=str(found.settings.year),
                        problem=f"its folder is history/{folder.name}",
                        remedy="correct the year or the name of the folder",
                    )
                )
            earlier.append(found)
    except FolderError as error:
        collector.add(error)
    return tuple(earlier)


# ---- what only the scheme can tell ------------------------------------------------------------------------


def _scheme_problems(folder: RoundFolder) -> Iterator[FolderError]:
    if folder.settings.past:
        return
    schemes: dict[str, Scheme] = {}
    for kind in folder.settings.kinds:
        try:
            schemes[kind.code] = shipped(kind.scheme)
        except SchemeError as error:
            yield FolderError(
                kind.place,
                column="kind.scheme",
                value=kind.scheme,
                problem=f"the scheme cannot be used: {error}",
                remedy="correct the scheme, or name another",
            )
            return
        if schemes[kind.code].kind != kind.code:
            yield FolderError(
                kind.place,
                column="kind.scheme",
                value=kind.scheme,
                problem=f"scores the kind {schemes[kind.code].kind}, not {kind.code}",
                remedy="name a scheme of this kind",
            )
            return
        if beyond := beyond_a_folder(schemes[kind.code]):
            yield FolderError(
                kind.place,
                column="kind.scheme",
                value=kind.scheme,
                problem=f"the scheme has {beyond[0]}, which a round folder does not hold yet",
                remedy="name a scheme without it; the command score takes this one over a table",
            )
            return
    for row in folder.register:
        try:
            schemes[row.key.kind].sub_type_of(row.sub_type)
        except ValueError as error:
            problem, _, remedy = str(error).partition("; ")
            yield FolderError(
                row.place, column="sub_type", value=row.sub_type, problem=problem, remedy=remedy
            )
    yield from _figure_problems(folder, schemes)
    yield from _correction_problems(folder, schemes)
    for score in folder.expert_scores:
        scheme = schemes[score.key.kind]
        if against := expert_score_problem(scheme, item=score.item, score=score.score):
            problem, _, remedy = against.partition("; ")
            known = score.item in [item.code for item in scheme.expert_items]
            yield FolderError(
                score.place,
                column="score" if known else "item",
                value=exact_text(score.score) if known else score.item,
                problem=problem,
                remedy=remedy,
            )


def _figure_problems(folder: RoundFolder, schemes: Mapping[str, Scheme]) -> Iterator[FolderError]:
    of_entry: dict[EntryKey, dict[str, FigureRow]] = {}
    for row in folder.figures:
        of_entry.setdefault(row.key, {})[row.figure] = row
    handed_in = {row.key: row for row in folder.submissions if row.act is not SubmissionAct.WITHDRAW}
    for key, submission in handed_in.items():
        if key not in of_entry:
            yield FolderError(
                submission.place,
                column="serial",
                value=str(key.serial),
                problem=f"{key} handed in, and figures holds none of its figures",
                remedy=f"add the figures of {key}",
            )
    for key, rows in of_entry.items():
        values = {
            code: FigureValue(status=row.status, value=row.value, unit=row.unit) for code, row in rows.items()
        }
        for found in validate_figures(schemes[key.kind], values):
            # A figure that is not there has no row: the error points at the entry's first one.
            row = rows.get(found.figure) or next(iter(rows.values()))
            there = found.figure in rows
            unknown = found.figure not in schemes[key.kind].asked
            yield FolderError(
                row.place,
                column="figure" if unknown or not there else "unit" if found.value == row.unit else "value",
                value=found.figure if unknown or not there else found.value,
                problem=f"{key}: {found.message}",
                remedy=found.remedy,
            )


def _correction_problems(folder: RoundFolder, schemes: Mapping[str, Scheme]) -> Iterator[FolderError]:
    """Check each figure that was found to be otherwise as if it had been handed in."""
    corrected: list[tuple[EntryKey, str, Fraction | None, Place, str]] = [
        *((row.key, row.figure, row.found_value, row.place, "found_value") for row in folder.spot_checks),
        *(
            (row.key, row.figure, row.corrected_value, row.place, "corrected_value")
            for row in folder.objections
        ),
    ]
    for key, figure, value, place, column in corrected:
        if value is None:
            continue
        given = FigureValue(status=FigureStatus.REPORTED, value=value)
        for found in validate_figures(schemes[key.kind], {figure: given}):
            if found.figure == figure:
                unknown = figure not in schemes[key.kind].asked
                yield FolderError(
                    place,
                    column="figure" if unknown else column,
                    value=figure if unknown else found.value,
                    problem=found.message,
                    remedy=found.remedy,
                )
    for review in folder.preliminary_reviews:
        for figure in review.fields:
            if figure not in schemes[review.key.kind].asked:
                yield FolderError(
                    review.place,
                    column="fields",
                    value=figure,
                    problem=f"scheme {schemes[review.key.kind].code} asks for no such figure",
                    remedy=f"write one of {', '.join(schemes[review.key.kind].asked)}",
                )
