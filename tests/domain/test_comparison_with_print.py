from dataclasses import replace

import pytest

from hatchmark.domain.comparison import Comparison, Difference, DifferenceKind, PublishedRow, compare
from hatchmark.domain.outcomes import Decision, EntryKey, Grade, Mode, Outcome
from hatchmark.domain.results import Participant, RoundResults, build_results
from hatchmark.domain.vocabulary import load_vocabulary

KEYS = [EntryKey("incubator", 1), EntryKey("makerspace", 1), EntryKey("makerspace", 2)]


def results() -> RoundResults:
    return build_results(
        authority="示例科学技术厅",
        year=2021,
        fictional=True,
        kinds=["incubator", "makerspace"],
        participants={
            key: Participant(
                key=key,
                name=f"示例{key}",
                aliases=(),
                operators_printed="示例公司、示例学校",
                operators=("示例公司", "示例学校"),
                channel="示例市",
                region=None,
            )
            for key in KEYS
        },
        decisions={
            key: Decision(key=key, mode=Mode.EVALUATED, outcome=Outcome.GRADED, grade=Grade.GOOD)
            for key in KEYS
        },
        scores={},
        vocabulary=load_vocabulary("nmg-2021"),
    )


def published() -> list[PublishedRow]:
    return [
        PublishedRow(
            key=key, name=f"示例{key}", operators="示例公司、示例学校", channel="示例市", face_text="良好"
        )
        for key in KEYS
    ]


def test_what_is_computed_as_printed_has_no_difference():
    comparison = compare(published(), results())
    assert comparison == Comparison(same=3, total=3, differences=())
    assert comparison.summary == "3 of 3 rows as published"


@pytest.mark.parametrize(
    ("column", "computed"),
    [
        ("name", "示例makerspace:1"),
        ("operators", "示例公司、示例学校"),
        ("channel", "示例市"),
        ("face_text", "良好"),
    ],
)
def test_a_cell_that_differs_is_named(column: str, computed: str):
    rows = published()
    rows[1] = replace(rows[1], **{column: "示例别的"})

    comparison = compare(rows, results())

    assert comparison == Comparison(
        same=2,
        total=3,
        differences=(
            Difference(
                kind=DifferenceKind.DIFFERENT,
                key=KEYS[1],
                column=column,
                published="示例别的",
                computed=computed,
            ),
        ),
    )
    assert comparison.summary == "2 of 3 rows as published"
    assert (
        str(comparison.differences[0])
        == f"makerspace:1, {column}: published '示例别的', computed '{computed}'"
    )


def test_one_row_with_two_differences_counts_once():
    rows = published()
    rows[0] = replace(rows[0], channel="示例盟", face_text="合格")

    comparison = compare(rows, results())

    assert comparison.same == 2
    assert [difference.column for difference in comparison.differences] == ["channel", "face_text"]


def test_line_breaks_and_runs_of_spaces_are_layout():
    rows = published()
    rows[0] = replace(rows[0], name="示例\nincubator:1  ", operators="示例公司、示例    学校")
    assert compare(rows, results()) == Comparison(same=3, total=3, differences=())


def test_a_full_stop_is_no_layout():
    rows = published()
    rows[2] = replace(rows[2], face_text="良好。")
    assert [str(difference) for difference in compare(rows, results()).differences] == [
        "makerspace:2, face_text: published '良好。', computed '良好'"
    ]


def test_rows_on_one_side_only_are_named_and_counted():
    rows = published()
    rows[1] = replace(rows[1], key=EntryKey("makerspace", 7))

    comparison = compare(rows, results())

    assert comparison.summary == "2 of 4 rows as published"
    assert [str(difference) for difference in comparison.differences] == [
        "makerspace:1: computed as '示例makerspace:1', but not published",
        "makerspace:7: published as '示例makerspace:1', but not computed",
    ]
    assert [difference.kind for difference in comparison.differences] == [
        DifferenceKind.EXTRA,
        DifferenceKind.MISSING,
    ]


def test_a_kind_that_was_not_computed_is_named_last():
    stranger = replace(published()[0], key=EntryKey("accelerator", 1))
    comparison = compare([stranger, *published()], results())
    assert [difference.key for difference in comparison.differences] == [EntryKey("accelerator", 1)]


def test_an_entry_printed_twice_is_refused():
    with pytest.raises(ValueError, match="hold incubator:1 twice"):
        compare([*published(), published()[0]], results())
