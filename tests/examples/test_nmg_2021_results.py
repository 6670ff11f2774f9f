"""The decisions of 2021 give the published table, and the obligations that the notice speaks of."""

import csv
import tomllib
from dataclasses import replace
from pathlib import Path

from hatchmark.domain.comparison import PublishedRow, compare
from hatchmark.domain.obligations import Obligation, ObligedTo
from hatchmark.domain.outcomes import Decision, EntryKey, Grade, Mode, Outcome, contradictions
from hatchmark.domain.results import Participant, RoundResults, build_results
from hatchmark.domain.vocabulary import load_vocabulary

FOLDER = Path(__file__).parents[2] / "examples" / "nmg-2021"


def read(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def key_of(row: dict[str, str]) -> EntryKey:
    return EntryKey(row["kind"], int(row["serial"]))


def decisions() -> dict[EntryKey, Decision]:
    return {
        key_of(row): Decision(
            key=key_of(row),
            mode=Mode(row["mode"]),
            outcome=Outcome(row["outcome"]),
            grade=Grade(row["grade"]) if row["grade"] else None,
            carried_from=EntryKey.parse(row["carried_from"]) if row["carried_from"] else None,
            year=int(row["year"]) if row["year"] else None,
            as_kind=row["as_kind"] or None,
            reason=row["reason"],
            note=row["note"],
        )
        for row in read("decisions.csv")
    }


def results() -> RoundResults:
    settings = tomllib.loads((FOLDER / "round.toml").read_text("utf-8"))
    participants = {
        key_of(row): Participant(
            key=key_of(row),
            name=row["name"],
            aliases=tuple(filter(None, row["aliases"].split("|"))),
            operators_printed=row["operators_printed"],
            operators=tuple(row["operators"].split("|")),
            channel=row["channel"],
            region=row["region"] or None,
        )
        for row in read("register.csv")
    }
    return build_results(
        authority=settings["authority"],
        year=settings["year"],
        fictional=settings["fictional"],
        kinds=[kind["code"] for kind in settings["kind"]],
        participants=participants,
        decisions=decisions(),
        scores={},
        vocabulary=load_vocabulary(settings["vocabulary"]),
    )


def published() -> list[PublishedRow]:
    return [
        PublishedRow(
            key=key_of(row),
            name=row["name"],
            operators=row["operators"],
            channel=row["channel"],
            face_text=row["face_text"],
        )
        for row in read("published.csv")
    ]


def test_every_decision_is_sound():
    assert {
        key: contradictions(decision) for key, decision in decisions().items() if contradictions(decision)
    } == {}


def test_a_hundred_of_a_hundred_rows_come_out_as_published():
    comparison = compare(published(), results())
    assert comparison.differences == ()
    assert comparison.summary == "100 of 100 rows as published"


def test_one_changed_face_text_is_named():
    rows = published()
    rows[29] = replace(rows[29], face_text="合格")

    comparison = compare(rows, results())

    assert comparison.summary == "99 of 100 rows as published"
    assert [str(difference) for difference in comparison.differences] == [
        "makerspace:15, face_text: published '合格', computed '良好'"
    ]


def test_the_grades_that_entries_are_judged_by_count_as_the_notice_says():
    assert results().effective_counts() == {
        "incubator": {"excellent": 3, "good": 3, "qualified": 1, "unqualified": 7},
        "makerspace": {"excellent": 14, "good": 11, "qualified": 14, "unqualified": 17},
    }


def test_each_row_counts_once_in_the_class_that_its_cell_prints():
    assert results().counts() == {
        "incubator": {"优秀": 3, "良好": 3, "合格": 1, "不合格": 7, "取消科技企业孵化器资格": 1},
        "makerspace": {
            "优秀": 14,
            "良好": 10,
            "合格": 14,
            "不合格": 13,
            "不合格，取消试点培育资格。": 3,
            "取消众创空间资格": 27,
            "2021年以孵化器参加评价，结果为良好。": 1,
            "2021年以孵化器参加评价，结果为不合格。": 1,
            "2022年以孵化器参加评价。": 2,
        },
    }
    assert [sum(count.values()) for count in results().counts().values()] == [15, 85]


UNQUALIFIED_MAKERSPACES = [*range(39, 44), *range(45, 48), *range(49, 54)]


def of(act: ObligedTo) -> list[Obligation]:
    return [obligation for obligation in results().obligations if obligation.act is act]


def test_who_takes_part_again_in_2022_and_as_what():
    assert [(str(o.key), o.year, o.as_kind) for o in of(ObligedTo.TAKE_PART_AGAIN)] == [
        *((f"incubator:{n}", 2022, "incubator") for n in range(8, 15)),
        *((f"makerspace:{n}", 2022, "makerspace") for n in UNQUALIFIED_MAKERSPACES),
        ("makerspace:83", 2022, "incubator"),
        ("makerspace:84", 2022, "incubator"),
        ("makerspace:85", 2022, "incubator"),
    ]


def test_who_rectifies():
    assert [str(o.key) for o in of(ObligedTo.RECTIFY)] == [
        *(f"incubator:{n}" for n in range(8, 15)),
        *(f"makerspace:{n}" for n in UNQUALIFIED_MAKERSPACES),
        "makerspace:83",
    ]


def test_who_is_deregistered_and_owes_nothing_more():
    leaving = [str(o.key) for o in of(ObligedTo.DEREGISTER)]
    assert leaving == ["incubator:15", *(f"makerspace:{n}" for n in [44, 48, *range(54, 82)])]
    staying = {str(o.key) for o in results().obligations if o.act is not ObligedTo.DEREGISTER}
    assert staying.isdisjoint(leaving)


def test_the_notes_of_the_obligations():
    assert {str(o.key): o.note for o in of(ObligedTo.TAKE_PART_AGAIN) if o.note} == {
        "incubator:9": "以自治区级科技企业孵化器资格参加评价",
        "makerspace:83": "随孵化器第8号整改并参加评价",
    }


def test_carried_rows_point_at_the_entry_that_was_judged():
    assert {
        str(row.key): (str(row.carried_from), row.grade) for row in results().rows if row.carried_from
    } == {
        "makerspace:82": ("incubator:5", Grade.GOOD),
        "makerspace:83": ("incubator:8", Grade.UNQUALIFIED),
    }
