"""企业名单: what does a row of tenants and graduates say, what in it cannot be, and how do two lists differ?

A row that stands is kept as a *line*: a mapping of the columns below to exact text, whole numbers, booleans, or None
for "not given"; the same shape that a frozen submission holds. Nothing typed is altered in silence: a writing that can
only mean one thing (2024年5月24日, 1,900, full-width digits) is read, everything else is a fault of its cell.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from hatchmark.domain.credit_codes import fault_of
from hatchmark.domain.identity import evened
from hatchmark.domain.register import span_of
from hatchmark.domain.results import digest_of
from hatchmark.domain.round_folder import EnterpriseStatus
from hatchmark.domain.scheme import exact_text, parse_number

MOST_ROWS = 2_000
"""Rows of one roster. The largest incubators of the country house some hundreds."""

LONGEST_NAME = 200
LARGEST_COUNT = 1_000_000
LARGEST_AMOUNT = 1_000_000_000_000
"""千元. Above it somebody has typed yuan into the wrong file."""

EARLIEST_YEAR = 1900

EXAMPLE = "示例"
"""Stands in the first column of the example row of a template: such a row is no enterprise."""

SERIAL = "serial"
"""The first column of a template, for people to count by. It is not kept."""

Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. `head` is printed in files, with its unit; `note` says what belongs into it."""

    code: str
    head: str
    head_en: str
    note: str
    note_en: str
    unit: str = ""
    required: bool = False
    example: str = ""

    @property
    def title(self) -> str:
        """The head as a file prints it: with the unit, and a star where no row may leave it empty."""
        return f"{self.head}{f'（{self.unit}）' if self.unit else ''}{'*' if self.required else ''}"


COLUMNS = (
    Column(
        code="enterprise",
        head="企业名称",
        head_en="Enterprise",
        note_en="Full name as on the business licence; a team that is not registered yet writes the team's name",
        note="营业执照上的全称；尚未注册的团队写团队名称",
        required=True,
        example="示例某某科技有限公司",
    ),
    Column(
        code="credit_code",
        head="统一社会信用代码",
        head_en="Unified social credit code",
        note_en="18 signs, as on the licence; a team not registered yet leaves it and the founding date empty",
        note="18位，按营业执照填写；尚未注册的团队留空，成立日期也留空",
        example="91350100M000100Y43",
    ),
    Column(
        code="status",
        head="状态",
        head_en="Status",
        note_en="Tenant or graduate",
        note="在孵 或 毕业",
        required=True,
        example="在孵",
    ),
    Column(
        code="founded_on",
        head="成立日期",
        head_en="Founded on",
        note_en="As on the licence: 2024-05-24; 2024-05 where only the month is known",
        note="营业执照上的成立日期，写作 2024-05-24；只知年月的写 2024-05",
        example="2024-05-24",
    ),
    Column(
        code="entered_on",
        head="入驻日期",
        head_en="Entered on",
        note_en="Date of the tenancy agreement, written the same way",
        note="入驻协议上的日期，写作 2024-12-09",
        required=True,
        example="2024-12-09",
    ),
    Column(
        code="graduated_on",
        head="毕业日期",
        head_en="Graduated on",
        note_en="Required of a graduate; empty for a tenant",
        note="毕业企业必填，写作 2024-12-20；在孵企业留空",
        example="",
    ),
    Column(
        code="high_tech",
        head="高新技术企业",
        head_en="High-tech enterprise",
        note_en="Yes while the certificate is valid",
        note="是 或 否；证书在有效期内为“是”",
        example="否",
    ),
    Column(
        code="tech_sme",
        head="科技型中小企业",
        head_en="Technology SME",
        note_en="Yes if listed in the year evaluated",
        note="是 或 否；当年入库为“是”",
        example="是",
    ),
    Column(
        code="financed",
        head="获得投融资",
        head_en="Received funding",
        note_en="Yes if received in the year evaluated",
        note="是 或 否；评价年度内获得",
        example="否",
    ),
    Column(
        code="valid_ip",
        head="有效知识产权数",
        head_en="Valid IP rights",
        note_en="Number valid at the end of the year, a whole number; 0 where there are none",
        unit="件",
        note="年末有效的件数，整数；没有写 0",
        example="3",
    ),
    Column(
        code="income",
        head="营业收入",
        head_en="Revenue",
        note_en="Of the whole year evaluated, in thousand yuan; 0 where there was none",
        unit="千元",
        note="评价年度全年，单位千元：190万元写 1900；没有写 0",
        example="1900",
    ),
    Column(
        code="staff",
        head="从业人员",
        head_en="Staff",
        note_en="Number at the end of the year, a whole number",
        unit="人",
        note="年末人数，整数",
        example="17",
    ),
)
"""Every column of a roster, in the order of a template."""

CODES = tuple(column.code for column in COLUMNS)
_BY_CODE = {column.code: column for column in COLUMNS}

# What is counted anew each year: a list that is taken over from last year leaves it empty, so that nobody hands in
# last year's number by leaving it there.
YEARLY = frozenset({"financed", "valid_ip", "income", "staff"})

STATUS_WORDS = {EnterpriseStatus.TENANT: "在孵", EnterpriseStatus.GRADUATE: "毕业"}
FLAG_WORDS = {True: "是", False: "否"}

_STATUSES = {
    "在孵": EnterpriseStatus.TENANT,
    "在孵企业": EnterpriseStatus.TENANT,
    "tenant": EnterpriseStatus.TENANT,
    "毕业": EnterpriseStatus.GRADUATE,
    "毕业企业": EnterpriseStatus.GRADUATE,
    "graduate": EnterpriseStatus.GRADUATE,
}
_FLAGS = {
    **dict.fromkeys(("是", "有", "1", "y", "yes", "true", "√"), True),
    **dict.fromkeys(("否", "无", "0", "n", "no", "false", "×"), False),
}


# ---- one row ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What cannot be in one cell. `rule` is its code, `facts` what the words for it name."""

    column: str
    rule: str
    value: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowReading:
    """What a row says: its line where it stands, and else its faults. `number` is the caller's name for the row."""

    number: int
    cells: Mapping[str, str]
    line: Line | None
    faults: tuple[Fault, ...] = ()


class _UnreadableError(Exception):
    def __init__(self, rule: str, **facts: str) -> None:
        super().__init__(rule)
        self.rule = rule
        self.facts = facts


def read_row(cells: Mapping[str, str], *, today: date, number: int = 0) -> RowReading:
    """Read one row from what was typed into its columns; a column that is not there counts as empty.

    `today` is the last day that anything in the row can have happened on.
    """
    line: dict[str, Any] = {}
    faults: list[Fault] = []
    for column in COLUMNS:
        typed = cells.get(column.code, "")
        # A name stays as it was typed; numbers, dates and codes are read whatever the width of their characters.
        text = typed.strip() if column.code == "enterprise" else _plain(typed)
        try:
            line[column.code] = _READERS[column.code](_sound(text))
            if column.required and not text:
                raise _UnreadableError("missing")
        except _UnreadableError as error:
            faults.append(
                Fault(column=column.code, rule=error.rule, value=typed.strip()[:60], facts=error.facts)
            )
    bad = {fault.column for fault in faults}
    faults += [
        Fault(column=column, rule=rule, value=cells.get(column, "").strip()[:60], facts=facts)
        for column, rule, facts in _contradictions(line, today=today, without=bad)
    ]
    ordered = tuple(sorted(faults, key=lambda fault: CODES.index(fault.column)))
    return RowReading(number=number, cells=dict(cells), line=None if ordered else line, faults=ordered)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _sound(text: str) -> str:
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn") for sign in text):
        raise _UnreadableError("control")
    return text


def _name(text: str) -> str:
    if len(text) > LONGEST_NAME:
        raise _UnreadableError("long_name", length=str(len(text)), most=str(LONGEST_NAME))
    return text


def _code(text: str) -> str:
    code = re.sub(r"[\s-]", "", text).upper()
    if code and (fault := fault_of(code)):
        raise _UnreadableError(f"code_{fault}", length=str(len(code)))
    return code


def _status(text: str) -> str:
    if not text:
        return ""
    found = _STATUSES.get(text.casefold())
    if found is None:
        raise _UnreadableError("no_status")
    return found.value


_DATES = (
    re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?"),
    re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})月?"),
    re.compile(r"([0-9]{4})年?"),
    re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})"),
)
_MIDNIGHT = re.compile(r"[T ]00:00(:00)?$")


def _date(text: str) -> str | None:
    if not text:
        return None
    compact = _MIDNIGHT.sub("", text).replace(" ", "")
    for pattern in _DATES:
        if match := pattern.fullmatch(compact):
            year, *rest = match.groups()
            partial = "-".join((year, *(part.zfill(2) for part in rest)))
            try:
                first, _ = span_of(partial)
            except ValueError:
                raise _UnreadableError("no_such_day") from None
            if first.year < EARLIEST_YEAR:
                raise _UnreadableError("no_such_day")
            return partial
    raise _UnreadableError("no_date")


def _flag(text: str) -> bool | None:
    if not text:
        return None
    found = _FLAGS.get(text.casefold())
    if found is None:
        raise _UnreadableError("no_flag")
    return found


_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_WITH_WORDS = re.compile(r"-?[0-9][0-9,.]* *[^0-9,. \-]+")


def _number(text: str) -> Fraction | None:
    if not text:
        return None
    plain = text.replace(",", "") if _GROUPED.fullmatch(text) else text
    try:
        number = parse_number(plain)
    except ValueError:
        raise _UnreadableError("unit_written" if _WITH_WORDS.fullmatch(text) else "no_number") from None
    if number < 0:
        raise _UnreadableError("negative")
    return number


def _count(text: str) -> int | None:
    number = _number(text)
    if number is None:
        return None
    if number.denominator != 1:
        raise _UnreadableError("not_whole")
    if number > LARGEST_COUNT:
        raise _UnreadableError("too_large", most=str(LARGEST_COUNT))
    return int(number)


def _amount(text: str) -> str | None:
    number = _number(text)
    if number is None:
        return None
    if number > LARGEST_AMOUNT:
        raise _UnreadableError("too_large", most=str(LARGEST_AMOUNT))
    if (number * 100).denominator != 1:
        raise _UnreadableError("too_many_places")
    return exact_text(number)


_READERS: Mapping[str, Callable[[str], Any]] = {
    "enterprise": _name,
    "credit_code": _code,
    "status": _status,
    **dict.fromkeys(("founded_on", "entered_on", "graduated_on"), _date),
    **dict.fromkeys(("high_tech", "tech_sme", "financed"), _flag),
    **dict.fromkeys(("valid_ip", "staff"), _count),
    "income": _amount,
}


def _contradictions(
    line: Line, *, today: date, without: Iterable[str]
) -> Iterable[tuple[str, str, dict[str, str]]]:
    """Yield what a row's readable cells say against one another and against the calendar."""
    bad = set(without)
    if "credit_code" not in bad and not line["credit_code"] and line.get("founded_on"):
        yield "credit_code", "code_missing", {}
    steps = [
        (column, line[column])
        for column in ("founded_on", "entered_on", "graduated_on")
        if column not in bad and line.get(column)
    ]
    for column, day in steps:
        if span_of(day)[0] > today:
            yield column, "future", {"today": today.isoformat()}
    for index, (column, day) in enumerate(steps[1:], start=1):
        earlier = [(before, first) for before, first in steps[:index] if span_of(day)[1] < span_of(first)[0]]
        if earlier:
            before, first = earlier[-1]
            yield column, f"before_{before.removesuffix('_on')}", {"first": first}
    if "graduated_on" in bad or "status" in bad:
        return
    if line["status"] == EnterpriseStatus.GRADUATE and not line["graduated_on"]:
        yield "graduated_on", "graduate_undated", {}
    if line["status"] == EnterpriseStatus.TENANT and line["graduated_on"]:
        yield "graduated_on", "tenant_graduated", {}


def typed_cells(line: Line) -> dict[str, str]:
    """Return a line as it would be typed: the cells that `read_row` reads back to it."""
    cells = {}
    for code in CODES:
        value = line.get(code)
        if code == "status":
            cells[code] = STATUS_WORDS.get(EnterpriseStatus(value), "") if value else ""
        elif isinstance(value, bool):
            cells[code] = FLAG_WORDS[value]
        else:
            cells[code] = "" if value is None else str(value)
    return cells


# ---- a whole list -----------------------------------------------------------------------------------------


def identity_of(line: Line) -> str:
    """Return what tells an enterprise from another: its credit code, or its name where it gives none."""
    return str(line.get("credit_code") or evened(str(line.get("enterprise") or "")))


def read_rows(rows: Iterable[tuple[int, Mapping[str, str]]], *, today: date) -> tuple[RowReading, ...]:
    """Read the rows of a list, each by the number that its reader knows it by.

    A second row of one enterprise is a fault: the first is kept, every later one is told which that is.
    """
    readings: list[RowReading] = []
    first: dict[str, int] = {}
    for number, cells in rows:
        reading = read_row(cells, today=today, number=number)
        if reading.line is not None:
            again = first.setdefault(identity_of(reading.line), number)
            if again != number:
                column = "credit_code" if reading.line["credit_code"] else "enterprise"
                fault = Fault(
                    column=column, rule="duplicate", value=cells.get(column, ""), facts={"row": str(again)}
                )
                reading = RowReading(number=number, cells=reading.cells, line=None, faults=(fault,))
        readings.append(reading)
    return tuple(readings)


def row_digest(line: Line) -> str:
    """Return what names a line as it stands, so that whoever changes it changes what was shown."""
    return digest_of(dict(line))


def roster_digest(lines: Sequence[Line]) -> str:
    """Return what names a whole list as it stands."""
    return digest_of({"roster": [dict(line) for line in lines]})


@dataclass(frozen=True, slots=True)
class Altered:
    """One enterprise that both lists hold, with the columns in which they differ."""

    before: Line
    after: Line
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """How a list differs from another: what came, what went, what is otherwise, how many are the same."""

    added: tuple[Line, ...]
    altered: tuple[Altered, ...]
    removed: tuple[Line, ...]
    same: int

    @property
    def none(self) -> bool:
        """Whether the two lists say the same."""
        return not (self.added or self.altered or self.removed)


def changes_between(before: Sequence[Line], after: Sequence[Line]) -> Changes:
    """Compare two lists enterprise by enterprise; the order of rows is no difference."""
    old: dict[str, list[Line]] = {}
    for line in before:
        old.setdefault(identity_of(line), []).append(line)
    added: list[Line] = []
    altered: list[Altered] = []
    same = 0
    for line in after:
        known = old.get(identity_of(line))
        if not known:
            added.append(line)
            continue
        was = known.pop(0)
        columns = tuple(code for code in CODES if was.get(code) != line.get(code))
        if columns:
            altered.append(Altered(was, line, columns))
        else:
            same += 1
    left = {id(line) for lines in old.values() for line in lines}
    return Changes(
        added=tuple(added),
        altered=tuple(altered),
        removed=tuple(line for line in before if id(line) in left),
        same=same,
    )


def taken_over(lines: Iterable[Line]) -> list[Line]:
    """Return last year's list as this year's begins: its tenants, without what is counted anew each year."""
    return [
        {code: None if code in YEARLY else line.get(code) for code in CODES}
        for line in lines
        if line.get("status") == EnterpriseStatus.TENANT
    ]


# ---- what a list adds up to -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """A number that a list adds up to. `figures` are the codes of figures that say the same, where one is asked for."""

    code: str
    unit: str
    status: EnterpriseStatus
    any_of: tuple[str, ...] = ()
    summed: str = ""
    figures: tuple[str, ...] = ()

    def of(self, lines: Iterable[Line]) -> Fraction:
        """Return the number: rows of the status, those of them with a mark, or the sum of a column."""
        rows = [line for line in lines if line.get("status") == self.status]
        if self.summed:
            return sum((Fraction(line.get(self.summed) or 0) for line in rows), Fraction(0))
        return Fraction(sum(not self.any_of or any(line.get(code) for code in self.any_of) for line in rows))


_TENANT, _GRADUATE = EnterpriseStatus.TENANT, EnterpriseStatus.GRADUATE
TALLIES = (
    Tally(code="tenants", unit="家", status=_TENANT, figures=("tenants",)),
    Tally(code="graduates", unit="家", status=_GRADUATE, figures=("graduates", "moved_on")),
    Tally(code="tech", unit="家", status=_TENANT, any_of=("high_tech", "tech_sme"), figures=("firms_tech",)),
    Tally(code="financed", unit="家", status=_TENANT, any_of=("financed",), figures=("firms_financed",)),
    Tally(code="with_ip", unit="家", status=_TENANT, any_of=("valid_ip",), figures=("firms_ip",)),
    Tally(code="valid_ip", unit="件", status=_TENANT, summed="valid_ip", figures=("ip",)),
    Tally(code="income", unit="千元", status=_TENANT, summed="income", figures=("firms_income",)),
    Tally(code="staff", unit="人", status=_TENANT, summed="staff", figures=("jobs",)),
)
"""What people look at first. Whether a figure contradicts its roster is for the cross-checks to say."""


# ---- the head of a file -----------------------------------------------------------------------------------

LOOKED_THROUGH = 20
"""So many rows from the top the head is looked for in: people write titles above it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where a file has its columns: the row of the head and the place of each column, all from 0.

    `serial` is the place of the column that marks the example, or None. `missing` are required columns that are not
    there, `unknown` heads that nobody reads, `twice` places of heads that stand there a second time.
    """

    row: int
    places: Mapping[str, int]
    serial: int | None
    missing: tuple[str, ...]
    unknown: tuple[tuple[int, str], ...]
    twice: tuple[int, ...]


def find_head(rows: Sequence[Sequence[str]]) -> Head | None:
    """Return where the columns of a file are, or None where no row of its top names the enterprise and its status."""
    for number, row in enumerate(rows[:LOOKED_THROUGH]):
        named = [_HEADS.get(_head_text(text), "") for text in row]
        if {"enterprise", "status"} <= set(named) or len(set(named) - {""}) > len(COLUMNS) // 2:
            return _head(number, row, named)
    return None


def _head(number: int, row: Sequence[str], named: Sequence[str]) -> Head:
    places: dict[str, int] = {}
    twice: list[int] = []
    unknown: list[tuple[int, str]] = []
    for place, code in enumerate(named):
        if not code:
            if row[place].strip():
                unknown.append((place, row[place].strip()))
        elif code in places:
            twice.append(place)
        else:
            places[code] = place
    serial = places.pop(SERIAL, None)
    return Head(
        row=number,
        places=places,
        serial=serial,
        missing=tuple(column.code for column in COLUMNS if column.required and column.code not in places),
        unknown=tuple(unknown),
        twice=tuple(twice),
    )


def _head_text(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    return re.sub(r"\(.*?\)|[\s*_\-:]", "", plain).casefold()


_HEADS = {
    **{_head_text(column.head): column.code for column in COLUMNS},
    **{_head_text(column.code): column.code for column in COLUMNS},
    **{_head_text(other): code for other, code in {
        "序号": SERIAL, "单位名称": "enterprise", "企业（团队）名称": "enterprise", "企业": "enterprise",
        "信用代码": "credit_code", "社会信用代码": "credit_code", "孵化状态": "status", "注册日期": "founded_on",
        "成立时间": "founded_on", "入驻时间": "entered_on", "入孵日期": "entered_on", "入孵时间": "entered_on",
        "毕业时间": "graduated_on", "是否高新技术企业": "high_tech", "是否科技型中小企业": "tech_sme",
        "是否获得投融资": "financed", "有效知识产权": "valid_ip", "从业人员数": "staff", "从业人数": "staff",
    }.items()},
}  # fmt: skip


def is_example(row: Sequence[str], head: Head) -> bool:
    """Say whether a row of a file is the example that the template came with, unchanged."""
    return _is_marked(row, head) and all(
        _plain(row[place] if place < len(row) else "") == _plain(_BY_CODE[code].example)
        for code, place in head.places.items()
    )


def _is_marked(row: Sequence[str], head: Head) -> bool:
    return head.serial is not None and head.serial < len(row) and row[head.serial].strip() == EXAMPLE


def rows_below(
    rows: Sequence[Sequence[str]], head: Head
) -> tuple[list[tuple[int, dict[str, str]]], tuple[int, ...]]:
    """Return the filled rows below the head as (place from 0, cells), and where an example was written over.

    The example is left out. One that is still marked as such but says something else may be somebody's enterprise: it
    must not vanish.
    """
    found: list[tuple[int, dict[str, str]]] = []
    overwritten: list[int] = []
    for number, row in enumerate(rows[head.row + 1 :], start=head.row + 1):
        cells = {code: row[place] if place < len(row) else "" for code, place in head.places.items()}
        if not any(text.strip() for text in cells.values()):
            continue
        if _is_marked(row, head):
            if not is_example(row, head):
                overwritten.append(number)
            continue
        found.append((number, cells))
    return found, tuple(overwritten)


def counts_of(lines: Iterable[Line]) -> Mapping[str, int]:
    """Return how many lines there are of each status."""
    return Counter(str(line.get("status")) for line in lines)
