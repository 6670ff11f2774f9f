"""A folder that cannot be is refused in one line: file, row, column, value, why, remedy."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from folder_builder import FolderSource, live_source, past_source, xlsx_bytes
from xlsx_builder import sheet_xml, text_cell, workbook

from hatchmark.documents.round_folder import MOST_ERRORS, read_round_folder
from hatchmark.domain.folder_errors import FolderError, FolderErrors, shown
from hatchmark.schemes.loader import shipped_codes

Spoil = Callable[[FolderSource], object]


At = tuple[str, int | None, str | None, str | None]
"""File, row, column and value that an error names."""


@dataclass(frozen=True)
class Bad:
    """One way to spoil a valid folder, where the error must point, and what it must say behind that."""

    name: str
    spoil: Spoil
    at: At
    says: str
    past: bool = False

    @property
    def line(self) -> str:
        """The whole line that the error must be."""
        words = zip(("", "row ", "column ", "value "), self.at, strict=True)
        where = [
            f"{word}{shown(value) if word == 'value ' else value}"
            for word, value in words
            if value is not None
        ]
        return f"{', '.join(where)}: {self.says}"


def cell(table: str, row: int, column: str, value: str) -> Spoil:
    return lambda source: source.tables[table][row].__setitem__(column, value)


def toml(old: str, new: str) -> Spoil:
    def spoil(source: FolderSource) -> None:
        assert source.toml.count(old) == 1
        source.toml = source.toml.replace(old, new)

    return spoil


def file(name: str, raw: bytes) -> Spoil:
    """Put raw bytes in the place of a table."""

    def spoil(source: FolderSource) -> None:
        source.tables.pop(name.partition(".")[0])
        source.files[name] = raw

    return spoil


def without_column(source: FolderSource) -> None:
    for row in source.tables["register"]:
        del row["channel_type"]


def pointing_at_each_other(source: FolderSource) -> None:
    for row, other in ((2, "makerspace:2"), (3, "makerspace:1")):
        source.tables["decisions"][row].update(
            mode="carried", outcome="carried", grade="", carried_from=other, reason="not stated"
        )


EXPERTS = ("expert", "name", "employer", "region", "specialty")
HEADER = '<row r="1">' + "".join(
    text_cell(f"{letter}1", name) for letter, name in zip("ABCDE", EXPERTS, strict=True)
)
HEADER += "</row>"


def expert_sheet(row: str, after: str = "") -> bytes:
    return workbook(sheet_xml(f'{HEADER}<row r="2">{text_cell("A2", "ex-1")}{row}</row>', after))


THE_TWENTY = [
    Bad(
        "missing file",
        lambda source: source.tables.pop("expert_scores"),
        ("expert_scores.csv", None, None, None),
        "the file is missing, and a live round needs it; add expert_scores.csv or "
        "expert_scores.xlsx with the columns kind, serial, expert, item, score, at",
    ),
    Bad(
        "missing column",
        without_column,
        (
            "register.csv",
            1,
            "channel_type",
            "kind, serial, institution, name, aliases, operators_printed, operators, channel, region, level, status, "
            "sub_type, recognised_in",
        ),
        "the column channel_type is missing; add channel_type to row 1, with its cells",
    ),
    Bad(
        "letters in a number",
        cell("figures", 0, "value", "12000m"),
        ("figures.csv", 2, "value", "12000m"),
        "is no plain number; write digits with at most one point, for example 1234.5, without "
        "letters, unit or commas",
    ),
    Bad(
        "letters in a serial",
        cell("register", 1, "serial", "2a"),
        ("register.csv", 3, "serial", "2a"),
        "is no serial, which counts 1, 2, 3 …; write a whole number from 1 on, in digits",
    ),
    Bad(
        "negative count",
        cell("rosters", 1, "staff", "-8"),
        ("rosters.csv", 3, "staff", "-8"),
        "is a count, and a count cannot be negative; write a whole number of zero or more, in digits",
    ),
    Bad(
        "negative figure",
        cell("figures", 1, "value", "-1"),
        ("figures.csv", 3, "value", "-1"),
        "incubator:1: 'area_firms' (在孵企业使用面积) cannot be below 0, but is -1; correct it, "
        "or set its status: absent, not_applicable, refused",
    ),
    Bad(
        "unknown kind",
        cell("submissions", 0, "kind", "accelerator"),
        ("submissions.csv", 2, "kind", "accelerator"),
        "round.toml declares no such kind; write one of incubator, makerspace, or add a [[kind]] "
        "to round.toml",
    ),
    Bad(
        "unknown kind in round.toml",
        toml('code = "makerspace"', 'code = "nursery"'),
        ("round.toml", 16, "kind.code", "nursery"),
        "the vocabulary nmg-2021 has no words for this kind; write one of incubator, makerspace",
    ),
    Bad(
        "unknown scheme",
        toml('"nmg/incubator-2020"', '"nmg/incubator-1999"'),
        ("round.toml", 13, "kind.scheme", "nmg/incubator-1999"),
        f"no scheme of this name ships; write one of {', '.join(shipped_codes())}",
    ),
    Bad(
        "duplicate serial",
        cell("register", 1, "serial", "1"),
        ("register.csv", 3, "serial", "1"),
        "row 2 is incubator:1 already; give each entry of a kind its own serial",
    ),
    Bad(
        "two carried entries pointing at each other",
        pointing_at_each_other,
        ("decisions.csv", 4, "carried_from", "makerspace:2"),
        "makerspace:1 → makerspace:2 → makerspace:1: carried entries point at each other, so "
        "none of them is judged; let one of them be evaluated itself",
        past=True,
    ),
    Bad(
        "carried from nothing",
        cell("decisions", 0, "carried_from", "incubator:9"),
        ("decisions.csv", 2, "carried_from", "incubator:9"),
        "makerspace:2 is carried from an entry that the register does not list; name an entry of "
        "this round as kind:serial",
    ),
    Bad(
        "date order broken",
        toml("spot_check_closes_at = 2025-06-20", "spot_check_closes_at = 2025-05-20"),
        ("round.toml", 24, "dates.spot_check_closes_at", "2025-05-20T18:00:00+08:00"),
        "comes before expert_review_closes_at, which is 2025-05-23T18:00:00+08:00; correct one "
        "of the two: spot_check_closes_at cannot be earlier than expert_review_closes_at",
    ),
    Bad(
        "score before the assignment",
        cell("expert_scores", 0, "at", "2025-04-27T10:00:00+08:00"),
        ("expert_scores.csv", 2, "at", "2025-04-27T10:00:00+08:00"),
        "comes before the assignment, which is 2025-04-28T10:00:00+08:00; correct one of the two moments",
    ),
    Bad(
        "score above the maximum",
        cell("expert_scores", 0, "score", "99"),
        ("expert_scores.csv", 2, "score", "99"),
        "the score 99 of 'exp_cases' (孵化案例) must lie between 0 and 3; correct it",
    ),
    Bad(
        "expert not on the list",
        cell("assignments", 0, "expert", "ex-9"),
        ("assignments.csv", 2, "expert", "ex-9"),
        "experts lists no such expert; correct the code, or add the expert to experts (and 10 more)",
    ),
    Bad(
        "bytes of no accepted encoding",
        file("experts.csv", b"expert,name,employer,region,specialty\nex-1,\x80\xff,a,,b\n"),
        ("experts.csv", 2, None, "bytes 80 at 43"),
        "these bytes are a character neither in UTF-8 nor in GB18030; save it as 'CSV UTF-8' in Excel or WPS",
    ),
    Bad(
        "merged cells",
        file(
            "experts.xlsx",
            expert_sheet(
                text_cell("B2", "示例"), '<mergeCells count="1"><mergeCell ref="B2:C2"/></mergeCells>'
            ),
        ),
        ("experts.xlsx", 2, "name", "B2:C2"),
        "these cells are merged, so that most of them are empty; unmerge them and fill each cell",
    ),
    Bad(
        "a cell holding #REF!",
        file("experts.xlsx", expert_sheet('<c r="B2" t="e"><f>#REF!</f><v>#REF!</v></c>')),
        ("experts.xlsx", 2, "name", "#REF!"),
        "the spreadsheet could not compute this cell; mend its formula, or type the value",
    ),
    Bad(
        "a formula without a stored value",
        file("experts.xlsx", expert_sheet('<c r="B2"><f>A1&amp;A2</f><v></v></c>')),
        ("experts.xlsx", 2, "name", "a formula"),
        "holds a formula without its stored value: no spreadsheet program ever computed it; open "
        "the file in Excel or WPS and save it, or type the value itself",
    ),
    Bad(
        "empty file",
        file("experts.csv", b""),
        ("experts.csv", 1, None, "0 bytes"),
        "the file is empty; write its header and rows into it",
    ),
    Bad(
        "a name of 60,000 characters",
        cell("register", 0, "name", "示" * 60_000),
        ("register.csv", 2, "name", "示" * 60_000),
        "the cell has 60000 characters, more than 2000; shorten it; look whether a quotation mark is missing",
    ),
    Bad(
        "a scheme with a path in it",
        toml('"nmg/incubator-2020"', '"../incubator-2020"'),
        ("round.toml", 13, "kind.scheme", "../incubator-2020"),
        "is a path, and a folder names nothing outside itself; write a code of letters, digits "
        "and hyphens, without '..' or '/'",
    ),
    Bad(
        "a vocabulary with a path in it",
        toml('"nmg-2021"', '"../nmg-2021"'),
        ("round.toml", 7, "vocabulary", "../nmg-2021"),
        "is a path, and a folder names nothing outside itself; write a code of letters, digits "
        "and hyphens, without '..' or '/'",
    ),
    Bad(
        "zip bomb named .xlsx",
        file("experts.xlsx", workbook(sheet_xml(""), more={"xl/media/zeros": bytes(120 * 1024 * 1024)})),
        ("experts.xlsx", None, None, "125829831 bytes unpacked"),
        "would unpack to more than 100 MB; open it in Excel or WPS and save it again as .xlsx, "
        "or give a .csv",
    ),
]


@pytest.mark.parametrize("bad", THE_TWENTY, ids=lambda bad: bad.name)
def test_a_bad_folder_says_where_and_what_to_do(tmp_path: Path, bad: Bad) -> None:
    source = past_source() if bad.past else live_source()
    bad.spoil(source)

    with pytest.raises(FolderError) as caught:
        read_round_folder(source.write(tmp_path / "round"))

    error = caught.value
    assert str(error) == bad.line
    assert (error.file, error.row, error.column, error.value) == bad.at


MORE = [
    pytest.param(cell("expert_scores", 0, "item", "luck"), ("expert_scores.csv", 2, "item", "luck"), id="unknown item"),
    pytest.param(cell("figures", 0, "figure", "luck"), ("figures.csv", 2, "figure", "luck"), id="unknown figure"),
    pytest.param(cell("figures", 0, "unit", "亩"), ("figures.csv", 2, "unit", "亩"), id="another unit"),
    pytest.param(
        cell("figures", 0, "value", "99999999"), ("figures.csv", 2, "value", "99999999"), id="figure above its range"
    ),
    pytest.param(cell("figures", 0, "status", "absent"), ("figures.csv", 2, "value", "12000.5"), id="value of absent"),
    pytest.param(
        cell("spot_checks", 0, "found_value", "-5"), ("spot_checks.csv", 2, "found_value", "-5"), id="found below range"
    ),
    pytest.param(
        cell("rosters", 0, "credit_code", "9.19900E+17"),
        ("rosters.csv", 2, "credit_code", "9.19900E+17"), id="scientific notation",
    ),
    pytest.param(
        cell("rosters", 0, "entered_on", "2019-06"), ("rosters.csv", 2, "entered_on", "2019-06"), id="entered too early"
    ),
    pytest.param(
        cell("preliminary_reviews", 1, "by", "ch-7"), ("preliminary_reviews.csv", 3, "by", "ch-7"), id="unknown officer"
    ),
    pytest.param(
        cell("preliminary_reviews", 0, "at", "2025-04-24 11:19"),
        ("preliminary_reviews.csv", 2, "at", "2025-04-24 11:19"), id="moment without offset",
    ),
    pytest.param(cell("register", 3, "serial", "3"), ("register.csv", 5, "serial", "3"), id="serial gap"),
    pytest.param(
        cell("decisions", 0, "carried_from", ""), ("decisions.csv", 2, "outcome", "carried"), id="carried by nothing"
    ),
    pytest.param(cell("decisions", 0, "reason", ""), ("decisions.csv", 2, "reason", ""), id="no reason"),
    pytest.param(
        cell("follow_up", 0, "at", "2025-08-01T00:00:00+08:00"),
        ("follow_up.csv", 2, "at", "2025-08-01T00:00:00+08:00"), id="follow-up before publication",
    ),
    pytest.param(
        lambda source: source.tables["expert_scores"].append(dict(source.tables["expert_scores"][0])),
        ("expert_scores.csv", 27, "item", "exp_cases"), id="score given twice",
    ),
    pytest.param(
        lambda source: source.tables["assignments"].pop(2),
        ("expert_scores.csv", 22, "expert", "ex-1"), id="score without assignment",
    ),
    pytest.param(
        toml("working_days = 5", "working_days = 30"),
        ("round.toml", 28, "dates.published_at", "2025-08-15T10:00:00+08:00"), id="published in the window",
    ),
    pytest.param(
        toml("call_at = 2025-03-03T09:00:00+08:00", "call_at = 2025-03-03T09:00:00"),
        ("round.toml", 20, "dates.call_at", "2025-03-03T09:00:00"), id="date without offset",
    ),
    pytest.param(
        toml("fictional = true", "fictional = true\nfictitious = true"),
        ("round.toml", 7, "fictitious", "True"), id="unknown key",
    ),
    pytest.param(toml("year = 2025", "year = "), ("round.toml", 4, None, "year ="), id="no TOML"),
    pytest.param(
        lambda source: source.files.__setitem__("figure.csv", b"kind"),
        ("figure.csv", None, None, "figure.csv"), id="misspelt file",
    ),
    pytest.param(
        lambda source: source.files.__setitem__("register.xlsx", xlsx_bytes([["kind"]])),
        ("register.csv", None, None, "register.csv, register.xlsx"), id="one table twice",
    ),
    pytest.param(
        lambda source: source.history["2024"].tables["decisions"].pop(1),
        ("history/2024/register.csv", 3, "serial", "2"), id="past entry without decision",
    ),
    pytest.param(
        lambda source: source.history.__setitem__("2023", past_source()),
        ("history/2023/round.toml", 4, "year", "2024"), id="year of another folder",
    ),
    pytest.param(
        lambda source: source.history["2024"].history.__setitem__("2023", past_source()),
        ("history/2024/history", None, None, "history"), id="history in history",
    ),
    pytest.param(
        lambda source: source.history.__setitem__("2023..", past_source()),
        ("history/2023..", None, None, "2023.."), id="history folder with dots",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "at"), MORE)
def test_what_else_is_refused(tmp_path: Path, spoil: Spoil, at: At) -> None:
    source = live_source()
    spoil(source)

    with pytest.raises(FolderError) as caught:
        read_round_folder(source.write(tmp_path / "round"))

    error = caught.value
    assert (error.file, error.row, error.column, error.value) == at, str(error)
    assert error.remedy


def test_hidden_and_unrelated_files_are_let_be(tmp_path: Path) -> None:
    path = live_source().write(tmp_path / "round")
    plain = read_round_folder(path)
    past_source().write(path / "history" / ".2023")
    for name in ("README.md", "~$register.xlsx", ".DS_Store"):
        (path / name).write_text("a note", "utf-8")

    assert read_round_folder(path) == plain


def test_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match=r"^nowhere: is no folder; name a folder that holds a round.toml$"):
        read_round_folder(tmp_path / "nowhere")


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    path = live_source().write(tmp_path / "round")
    (path / "register.csv").rename(tmp_path / "elsewhere.csv")
    (path / "register.csv").symlink_to("../elsewhere.csv")

    with pytest.raises(
        FolderError, match=r"^register.csv, value '→ elsewhere.csv': is a link out of the folder; "
    ):
        read_round_folder(path)


def test_a_history_that_links_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    path = live_source().write(tmp_path / "round")
    (path / "history" / "2024").rename(tmp_path / "elsewhere")
    (path / "history" / "2024").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(
        FolderError, match=r"^history/2024, value '→ elsewhere': is a link out of the folder; "
    ):
        read_round_folder(path)


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    path = live_source().write(tmp_path / "round")
    (path / "register.csv").unlink()
    os.mkfifo(path / "register.csv")

    with pytest.raises(FolderError, match=r"^register.csv: is no ordinary file; "):
        read_round_folder(path)


def test_several_errors_are_kept_and_the_first_speaks(tmp_path: Path) -> None:
    source = live_source()
    source.tables["register"][0]["region"] = "包头"
    source.tables["register"][2]["status"] = "recognized"

    with pytest.raises(FolderErrors) as caught:
        read_round_folder(source.write(tmp_path / "round"))

    assert [(each.row, each.column, each.value) for each in caught.value.errors] == [
        (2, "region", "包头"),
        (4, "status", "recognized"),
    ]
    assert str(caught.value) == f"{caught.value.errors[0]} (and 1 more)"


def test_errors_are_kept_up_to_a_limit(tmp_path: Path) -> None:
    source = live_source()
    for row in source.tables["figures"]:
        row["value"] = "many"

    with pytest.raises(FolderErrors) as caught:
        read_round_folder(source.write(tmp_path / "round"))

    assert len(source.tables["figures"]) > MOST_ERRORS
    assert len(caught.value.errors) == MOST_ERRORS
    assert str(caught.value).endswith(f"(and at least {MOST_ERRORS - 1} more)")


def test_an_error_is_one_line_whatever_the_value_holds(tmp_path: Path) -> None:
    source = live_source()
    source.tables["register"][0]["status"] = "re\ncog\u202enised"

    with pytest.raises(FolderError) as caught:
        read_round_folder(source.write(tmp_path / "round"))

    assert str(caught.value) == (
        "register.csv, row 2, column status, value 're\\u000acog\\u202enised': is not known here; "
        "write one of recognised, pilot"
    )
    assert caught.value.as_document() == {
        "file": "register.csv",
        "row": 2,
        "column": "status",
        "value": "re\ncog\u202enised",
        "problem": "is not known here",
        "remedy": "write one of recognised, pilot",
    }
