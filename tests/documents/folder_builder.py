"""Small valid round folders, live and past, for tests to spoil in one place."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import xlsxwriter

from hatchmark.documents.round_folder import TABLES
from hatchmark.schemes.loader import shipped

Row = dict[str, str]

SCHEMES = {"incubator": "nmg/incubator-2020", "makerspace": "nmg/makerspace-2020"}
ENTRIES = (("incubator", "1"), ("incubator", "2"), ("makerspace", "1"), ("makerspace", "2"))
JUDGED = ENTRIES[:3]
"""makerspace:2 is carried from incubator:1 and hands nothing in."""

LIVE_TOML = """\
format = 1
authority = "示例自治区科学技术厅"
authority_code = "demo"
year = 2025
status = "live"
fictional = true
vocabulary = "nmg-2021"
addressees = ["示例各盟市科技局"]
bases = [{ title = "示例评价办法", number = "示例科发〔2020〕3号" }]

[[kind]]
code = "incubator"
scheme = "nmg/incubator-2020"

[[kind]]
code = "makerspace"
scheme = "nmg/makerspace-2020"

[dates]
call_at = 2025-03-03T09:00:00+08:00
submission_closes_at = 2025-04-03T23:59:59+08:00
preliminary_review_closes_at = 2025-04-25T18:00:00+08:00
expert_review_closes_at = 2025-05-23T18:00:00+08:00
spot_check_closes_at = 2025-06-20T18:00:00+08:00
integrity_review_closes_at = 2025-07-04T18:00:00+08:00
determined_at = 2025-07-16T10:00:00+08:00
public_notice_at = 2025-07-21T09:00:00+08:00
published_at = 2025-08-15T10:00:00+08:00
follow_up_closes_at = 2025-12-19T18:00:00+08:00

[public_notice]
working_days = 5

[spot_check]
key = "1./2./"
key_known_at = 2025-05-26T15:00:00+08:00
count = { incubator = 1, makerspace = 0 }

[[officer]]
code = "dep-1"
name = "示例甲"
role = "department"

[[officer]]
code = "dep-2"
name = "示例乙"
role = "department"

[[officer]]
code = "int-1"
name = "示例丙"
role = "integrity"

[[officer]]
code = "ins-1"
name = "示例丁"
role = "inspector"

[[officer]]
code = "ch-1"
name = "示例戊"
role = "channel"
unit = "示例包头市"
"""

PAST_TOML = """\
format = 1
authority = "示例自治区科学技术厅"
authority_code = "demo"
year = 2024
status = "past"
fictional = true
entered_at = 2025-01-05T10:00:00+08:00
happened = "2024 or later"
vocabulary = "nmg-2021"

[[kind]]
code = "incubator"

[[kind]]
code = "makerspace"
"""


@dataclass
class FolderSource:
    """A folder before it is written. Tests change `toml`, `tables` (text cells) or `files` (raw bytes)."""

    toml: str
    tables: dict[str, list[Row]]
    files: dict[str, bytes] = field(default_factory=dict)
    history: dict[str, "FolderSource"] = field(default_factory=dict)

    def write(self, path: Path, *, encoding: str = "utf-8", xlsx: bool = False) -> Path:
        """Write it all; `files` replace what they name, a file that is None in effect is deleted by the test."""
        path.mkdir(parents=True, exist_ok=True)
        (path / "round.toml").write_bytes(self.toml.encode(encoding))
        for name, rows in self.tables.items():
            columns = list(rows[0]) if rows else list(TABLES[name].required)
            if xlsx:
                (path / f"{name}.xlsx").write_bytes(xlsx_bytes([columns, *([*row.values()] for row in rows)]))
            else:
                (path / f"{name}.csv").write_bytes(csv_text(columns, rows).encode(encoding))
        for name, raw in self.files.items():
            (path / name).write_bytes(raw)
        for year, earlier in self.history.items():
            earlier.write(path / "history" / year, encoding=encoding, xlsx=xlsx)
        return path


def csv_text(columns: list[str], rows: list[Row]) -> str:
    """Return rows as Excel writes a .csv."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([row[column] for column in columns] for row in rows)
    return text.getvalue()


def xlsx_bytes(records: list[list[str]]) -> bytes:
    """Return an .xlsx whose short whole numbers are number cells, as people's spreadsheets have them."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        for number, record in enumerate(records):
            for column, text in enumerate(record):
                if text.isascii() and text.isdigit() and len(text) < 10 and not text.startswith("0"):
                    sheet.write_number(number, column, int(text))
                elif text:
                    sheet.write_string(number, column, text)
    return target.getvalue()


def _key(entry: tuple[str, str]) -> Row:
    return {"kind": entry[0], "serial": entry[1]}


def _register(entry: tuple[str, str]) -> Row:
    kind, serial = entry
    return {
        **_key(entry),
        "institution": f"demo-{kind[0]}{serial}",
        "name": f"示例{kind}·{serial}号（示例别名⊕）",
        "aliases": "示例别名⊕",
        "operators_printed": "示例甲公司、示例乙局",
        "operators": "示例甲公司|示例乙局",
        "channel": "示例包头市",
        "channel_type": "league_city",
        "region": "150200",
        "level": "",
        "status": "recognised",
        "sub_type": "",
        "recognised_in": "2020-07",
    }


def _figures(entry: tuple[str, str]) -> list[Row]:
    scheme = shipped(SCHEMES[entry[0]])
    return [
        {
            **_key(entry),
            "figure": reference,
            "unit": asked.figure.unit,
            "status": "reported",
            "value": "12000.5" if reference == "area" else "0",
        }
        for reference, asked in scheme.asked.items()
    ]


def _scores(entry: tuple[str, str]) -> list[Row]:
    scheme = shipped(SCHEMES[entry[0]])
    return [
        {
            **_key(entry),
            "expert": "ex-1",
            "item": item.code,
            "score": "1.5",
            "at": "2025-05-07T15:30:52+08:00",
        }
        for item in scheme.expert_items
    ]


def _decision(entry: tuple[str, str], **cells: str) -> Row:
    blank = dict.fromkeys(TABLES["decisions"].required, "")
    return {**blank, **_key(entry), "mode": "evaluated", "grade": "good", "outcome": "graded", **cells}


def past_source() -> FolderSource:
    """Return a past round of four entries, one of them carried."""
    carried = {"mode": "carried", "grade": "", "outcome": "carried", "carried_from": "incubator:1"}
    return FolderSource(
        toml=PAST_TOML,
        tables={
            "register": [_register(entry) for entry in ENTRIES],
            "decisions": [
                *(_decision(entry) for entry in JUDGED),
                _decision(ENTRIES[3], **carried, reason="not stated"),
            ],
        },
    )


def live_source() -> FolderSource:
    """Return a live round with every act in it, and the past round behind it."""
    signed: Mapping[str, str] = {"by": "示例签字人"}
    carried = {"mode": "carried", "grade": "", "outcome": "carried", "carried_from": "incubator:1"}
    return FolderSource(
        toml=LIVE_TOML,
        tables={
            "register": [_register(entry) for entry in ENTRIES],
            "register_changes": [
                {
                    "institution": "demo-i1",
                    "what": "operator",
                    "old": "示例旧公司",
                    "new": "示例甲公司",
                    "effective": "2020",
                    "source": "",
                }
            ],
            "decisions": [_decision(ENTRIES[3], **carried, reason="示例理由")],
            "figures": [row for entry in JUDGED for row in _figures(entry)],
            "rosters": [
                {
                    **_key(entry),
                    "enterprise": "示例企业",
                    "credit_code": "91990000000001003M",
                    "status": "graduate",
                    "founded_on": "2020-05-15",
                    "entered_on": "2020-06",
                    "graduated_on": "2024",
                    "high_tech": "1",
                    "tech_sme": "0",
                    "financed": "",
                    "valid_ip": "3",
                    "income": "3200.25",
                    "staff": "8",
                }
                for entry in JUDGED
            ],
            "submissions": [
                {**_key(entry), "act": "submit", "at": "2025-04-01T09:46:45+08:00", **signed}
                for entry in JUDGED
            ],
            "preliminary_reviews": [
                {
                    **_key(entry),
                    "act": "approve",
                    "at": "2025-04-24T11:19:42+08:00",
                    "by": "ch-1",
                    "fields": "",
                    "opinion": "同意",
                }
                for entry in JUDGED
            ],
            "experts": [
                {
                    "expert": "ex-1",
                    "name": "示例专家",
                    "employer": "示例大学",
                    "region": "",
                    "specialty": "新材料",
                }
            ],
            "assignments": [
                {
                    **_key(entry),
                    "expert": "ex-1",
                    "assigned_at": "2025-04-28T10:00:00+08:00",
                    "conflict": "",
                    "declared_at": "",
                }
                for entry in JUDGED
            ],
            "expert_scores": [row for entry in JUDGED for row in _scores(entry)],
            "spot_checks": [
                {
                    **_key(ENTRIES[0]),
                    "at": "2025-05-30T10:54:30+08:00",
                    "by": "ins-1",
                    "finding": "corrected",
                    "figure": "area",
                    "found_value": "11000",
                    "note": "",
                }
            ],
            "integrity": [
                {
                    **_key(ENTRIES[1]),
                    "subject_type": "operator",
                    "subject": "示例甲公司",
                    "source": "示例数据库",
                    "severity": "minor",
                    "found_at": "2025-06-27T11:22:03+08:00",
                    "detail": "",
                }
            ],
            "objections": [
                {
                    **_key(ENTRIES[2]),
                    "objector": "示例某",
                    "objector_type": "person",
                    "contact": "",
                    "lodged_at": "2025-07-24T16:51:40+08:00",
                    "grounds": "示例事由",
                    "ruling": "rejected",
                    "ruled_at": "2025-08-06T10:15:00+08:00",
                    "by": "dep-1",
                    "ruling_reason": "示例理由",
                    "figure": "",
                    "corrected_value": "",
                }
            ],
            "follow_up": [
                {
                    **_key(ENTRIES[0]),
                    "act": "hand_in_rectification",
                    "at": "2025-09-10T09:03:12+08:00",
                    "by": "示例签字人",
                    "note": "",
                }
            ],
        },
        history={"2024": past_source()},
    )
