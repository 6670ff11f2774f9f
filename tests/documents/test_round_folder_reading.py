"""A valid folder reads into the same records however its files were saved."""

import hashlib
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path

import pytest
from folder_builder import live_source, past_source

from hatchmark.documents.round_folder import input_files, read_published, read_round_folder
from hatchmark.domain.comparison import PublishedRow
from hatchmark.domain.folder_errors import FolderError, Place
from hatchmark.domain.outcomes import Decision, EntryKey, Mode, Outcome
from hatchmark.domain.round_folder import ChannelType, ExpertScoreRow, PartialDate, RegisterRow
from hatchmark.domain.scheme import Status

CHINA = timezone(timedelta(hours=8))


def test_a_register_row_is_typed_and_knows_its_place(tmp_path: Path) -> None:
    folder = read_round_folder(live_source().write(tmp_path / "round"))

    assert folder.register[2] == RegisterRow(
        key=EntryKey("makerspace", 1),
        institution="demo-m1",
        name="示例makerspace·1号（示例别名⊕）",
        aliases=("示例别名⊕",),
        operators_printed="示例甲公司、示例乙局",
        operators=("示例甲公司", "示例乙局"),
        channel="示例包头市",
        channel_type=ChannelType.LEAGUE_CITY,
        region="150200",
        level=None,
        status=Status.RECOGNISED,
        sub_type=None,
        recognised_in=PartialDate("2020-07"),
    )
    assert folder.register[2].place == Place("register.csv", 4)
    assert folder.history[0].register[0].place == Place("history/2024/register.csv", 2)


def test_scores_and_moments_are_exact(tmp_path: Path) -> None:
    folder = read_round_folder(live_source().write(tmp_path / "round"))

    first = folder.expert_scores[0]
    assert first == ExpertScoreRow(
        key=EntryKey("incubator", 1),
        expert="ex-1",
        item=first.item,
        score=Fraction(3, 2),
        at=datetime(2025, 5, 7, 15, 30, 52, tzinfo=CHINA),
    )
    assert first.hundredths == 150
    assert folder.rosters[0].income == Fraction("3200.25")
    assert folder.rosters[0].financed is None
    assert folder.settings.spot_check is not None
    assert folder.settings.spot_check.count == {"incubator": 1, "makerspace": 0}


def test_decisions_are_those_of_the_domain(tmp_path: Path) -> None:
    folder = read_round_folder(live_source().write(tmp_path / "round"))

    assert folder.decisions == (
        Decision(
            key=EntryKey("makerspace", 2),
            mode=Mode.CARRIED,
            outcome=Outcome.CARRIED,
            carried_from=EntryKey("incubator", 1),
            reason="示例理由",
        ),
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_the_encoding_makes_no_difference(tmp_path: Path, encoding: str) -> None:
    plain = read_round_folder(live_source().write(tmp_path / "plain"))

    assert read_round_folder(live_source().write(tmp_path / "other", encoding=encoding)) == plain


def test_utf16_of_the_other_byte_order_makes_no_difference(tmp_path: Path) -> None:
    plain = read_round_folder(live_source().write(tmp_path / "plain"))
    other = live_source().write(tmp_path / "other")
    for file in other.glob("*.csv"):
        file.write_bytes(b"\xfe\xff" + file.read_text("utf-8").encode("utf-16-be"))

    assert read_round_folder(other) == plain


def test_xlsx_makes_no_difference(tmp_path: Path) -> None:
    plain = read_round_folder(live_source().write(tmp_path / "plain"))
    sheets = read_round_folder(live_source().write(tmp_path / "sheets", xlsx=True))

    assert sheets == plain
    assert sheets.register[2].place == Place("register.xlsx", 4)


def test_the_order_of_columns_and_white_space_make_no_difference(tmp_path: Path) -> None:
    plain = read_round_folder(past_source().write(tmp_path / "plain"))
    source = past_source()
    source.tables["register"] = [
        {column: f" {cell}\t" for column, cell in reversed(row.items())} for row in source.tables["register"]
    ]

    assert read_round_folder(source.write(tmp_path / "shuffled")) == plain


def test_published_is_read_by_its_own_call_only(tmp_path: Path) -> None:
    source = past_source()
    path = source.write(tmp_path / "round")
    without = read_round_folder(path)
    assert read_published(path) is None

    (path / "published.csv").write_text(
        "kind,serial,name,operators,channel,face_text\nincubator,1,示例,示例公司,示例市,良好\n", "utf-8"
    )

    assert read_round_folder(path) == without
    assert read_published(path) == [
        PublishedRow(
            key=EntryKey("incubator", 1),
            name="示例",
            operators="示例公司",
            channel="示例市",
            face_text="良好",
        )
    ]


def test_published_names_each_entry_once(tmp_path: Path) -> None:
    path = past_source().write(tmp_path / "round")
    row = "incubator,1,示例,示例公司,示例市,良好\n"
    (path / "published.csv").write_text(f"kind,serial,name,operators,channel,face_text\n{row}{row}", "utf-8")

    with pytest.raises(
        FolderError, match=r"^published.csv, row 3, column serial, value '1': row 2 is incubator:1"
    ):
        read_published(path)


def test_input_files_are_those_that_are_read(tmp_path: Path) -> None:
    path = past_source().write(tmp_path / "round")
    (path / "README.md").write_text("a note", "utf-8")

    names = ["decisions.csv", "register.csv", "round.toml"]
    assert input_files(path) == [
        (name, hashlib.sha256((path / name).read_bytes()).hexdigest()) for name in names
    ]


def test_input_files_name_those_of_the_history(tmp_path: Path) -> None:
    path = live_source().write(tmp_path / "round")

    names = [name for name, _ in input_files(path)]
    assert names[5:9] == [
        "follow_up.csv",
        "history/2024/decisions.csv",
        "history/2024/register.csv",
        "history/2024/round.toml",
    ]
    assert len(names) == 14 + 1 + 3


def test_a_link_inside_the_folder_is_followed(tmp_path: Path) -> None:
    path = past_source().write(tmp_path / "round")
    plain = read_round_folder(path)
    (path / "papers").mkdir()
    (path / "register.csv").rename(path / "papers" / "first")
    (path / "register.csv").symlink_to(path / "papers" / "first")

    assert read_round_folder(path) == plain


@pytest.mark.parametrize("name", ["nmg-2021", "demo-2025"])
def test_the_examples_can_be_read(name: str) -> None:
    folder = read_round_folder(Path(__file__).parents[2] / "examples" / name)

    assert [sum(row.key.kind == kind for row in folder.register) for kind in ("incubator", "makerspace")] == [
        15,
        85,
    ]
