"""Counts against rows: what agrees, what agrees once an overlap is resolved, what contradicts, what cannot be told."""

import ast
import dataclasses
import re
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from notice_values import (
    claim,
    faces,
    graded,
    notice,
    row,
    seed_claims,
    seed_notice,
    table,
)
from test_notices_wording_and_counts import PAST, VOCABULARY, results_from, rounds

from hatchmark.domain import reconciliation
from hatchmark.domain.notices import Column, Counted, Relation, ResultNotice, build_notice
from hatchmark.domain.published_notices import (
    ClaimScope,
    ListedAnnex,
    NoticeClaim,
    NoticeColumn,
    NoticeFinding,
    PublishedNotice,
    Severity,
    Verdict,
)
from hatchmark.domain.reconciliation import (
    EXPLAINING,
    UNCHECKED,
    check_of,
    reconcile,
    runs,
    tallies_of,
    verdict_of,
)

Found = tuple[str, tuple[int, ...], int | None, tuple[int, ...]]


def found(findings: Sequence[NoticeFinding], *severities: Severity) -> list[Found]:
    """Findings as (code, claims, table, rows), those of some severities alone where they are given."""
    return [
        (finding.code, finding.claims, finding.table, finding.rows)
        for finding in findings
        if not severities or finding.severity in severities
    ]


def grave(value: PublishedNotice, claims: Sequence[NoticeClaim]) -> list[Found]:
    return found(reconcile(value, claims), Severity.ERROR, Severity.WARNING)


def verdict(value: PublishedNotice, claims: Sequence[NoticeClaim]) -> Verdict:
    return verdict_of(claims, reconcile(value, claims))


# ---- the seed -------------------------------------------------------------------------------------------------


def test_the_seed_is_explained_and_every_finding_is_named():
    check = check_of(seed_notice(), seed_claims())

    assert check.verdict is Verdict.EXPLAINED
    assert found(check.findings) == [
        ("overlap_carried", (6,), 1, (82,)),
        ("overlap_carried", (8,), 1, (83,)),
        ("sum_exceeds_rows", (5, 6, 7, 8, 10, 11, 12), 1, (82, 83)),
        ("deregistered_with_pilots", (14,), 1, (44, 48, 54, *range(55, 82))),
        ("obligation_take_part_again", (), 0, (8, 9, 10, 11, 12, 13, 14)),
        ("obligation_take_part_again", (), 1, (*range(39, 44), 45, 46, 47, *range(49, 54), 83)),
        ("obligation_ends_with_deregistration", (), 1, (44, 48, 54)),
        ("channel_league_city", (), 0, tuple(range(1, 16))),
        (
            "channel_league_city",
            (),
            1,
            tuple(n for n in range(1, 86) if n not in (16, 18, 20, 30, 40, 53, 62, 76, 77)),
        ),
        ("channel_direct_city", (), 1, (40,)),
        ("channel_university", (), 1, (16, 18, 20)),
        ("channel_class_of_bodies", (), 1, (30, 53, 62, 76, 77)),
    ]
    assert [finding.message for finding in check.findings[:4]] == [
        "正文“11家众创空间考核结果为良好”计11家：附件2中列为“良好”的10家，另计入附件2第82行"
        "（以另一类别的评价结果为准，结果为此等次）共1家；正文未说明这1家已另行计数。",
        "正文“17家众创空间考核结果为不合格”计17家：附件2中列为“不合格”的16家，另计入附件2第83行"
        "（以另一类别的评价结果为准，结果为此等次）共1家；正文未说明这1家已另行计数。",
        "正文各项14＋11＋14＋17＋27＋2＋2＝87家，附件2实列85家，多出2家：附件2第82、83行在正文中计了两次。",
        "正文“30家众创空间(含试点培育)”所称30家＝取消资格27家＋取消试点培育资格3家（附件2第44、48、54行），与名单一致。",
    ]
    assert check.tallies[1]["良好"] == 10
    assert sum(check.tallies[1].values()) == 85


@pytest.mark.parametrize("at", range(15))
@pytest.mark.parametrize("by", [-1, 1])
def test_the_seed_with_any_one_number_changed_contradicts_itself_there(at, by):
    claims = seed_claims()
    claims[at] = dataclasses.replace(claims[at], count=claims[at].count + by)
    # 10 or 16 would be the rows without the carried one: then it is the other grade that cannot be explained.
    other_way = {(6, -1): 8, (8, -1): 6}

    findings = reconcile(seed_notice(), claims)

    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    assert verdict_of(claims, findings) is Verdict.CONTRADICTORY
    assert any(at in error.claims or other_way.get((at, by)) in error.claims for error in errors)


def test_the_seed_that_counts_the_carried_ones_once_is_consistent():
    claims = seed_claims()
    claims[6] = dataclasses.replace(claims[6], count=10)
    claims[8] = dataclasses.replace(claims[8], count=16)

    assert verdict(seed_notice(), claims) is Verdict.CONSISTENT
    assert grave(seed_notice(), claims) == []


def test_the_seed_that_says_that_the_carried_ones_are_counted_above_is_consistent():
    claims = seed_claims()
    claims[11] = dataclasses.replace(claims[11], stated_overlap=True)

    assert verdict(seed_notice(), claims) is Verdict.CONSISTENT
    assert grave(seed_notice(), claims) == []


# ---- rows that stand in two classes ---------------------------------------------------------------------------


CANCELLED_APART = faces(("优秀", 2), ("合格", 5), ("不合格", 3), ("取消资格", 4))


def test_a_failing_grade_that_takes_in_the_cancelled_unsaid_is_explained():
    cancelled = claim(4, "取消资格", "disqualified", text="对连续两年不合格的孵化器,按规定取消资格,共4家")
    claims = [*graded(2, 0, 5, 7), cancelled]

    assert grave(notice(CANCELLED_APART), claims) == [
        ("overlap_cancelled", (3,), 0, (11, 12, 13, 14)),
        ("sum_exceeds_rows", (0, 1, 2, 3, 4), 0, (11, 12, 13, 14)),
    ]
    assert verdict(notice(CANCELLED_APART), claims) is Verdict.EXPLAINED


@pytest.mark.parametrize("text", ["4家取消资格", "7家不合格,4家取消资格"])
def test_cancelled_ones_that_the_text_sets_beside_the_failing_ones_explain_nothing(text):
    claims = [*graded(2, 0, 5, 7), claim(4, "取消资格", "disqualified", text=text)]

    assert grave(notice(CANCELLED_APART), claims) == [("count_differs_from_rows", (3,), 0, (8, 9, 10))]


def test_the_same_is_consistent_where_the_text_says_that_they_are_part_of_it():
    claims = [
        *graded(2, 0, 5, 7),
        claim(4, "取消资格", "disqualified", relation=Relation.SUBSET, within=3, stated_overlap=True),
    ]

    assert grave(notice(CANCELLED_APART), claims) == []
    assert verdict(notice(CANCELLED_APART), claims) is Verdict.CONSISTENT


def test_an_overlap_is_all_rows_of_its_sort_or_none():
    # 3 + 2 of the 4 cancelled would be a coincidence.
    cancelled = claim(4, "取消资格", "disqualified", text="对不合格的取消资格4家")
    claims = [*graded(2, 0, 5, 5), cancelled]

    assert grave(notice(CANCELLED_APART), claims) == [
        ("count_differs_from_rows", (3,), 0, (8, 9, 10)),
    ]


def test_one_way_of_counting_holds_for_all_grades_of_a_kind():
    carried = faces(
        ("良好", 3), ("不合格", 4),
        ("2021年以孵化器参加评价，结果为良好。", 1), ("2021年以孵化器参加评价，结果为不合格。", 1),
    )  # fmt: skip
    cross = claim(2, "以孵化器结果", "carried", relation=Relation.CROSS_REFERENCE)

    both = [claim(4, "良好", "good"), claim(5, "不合格", "unqualified"), cross]
    one = [claim(4, "良好", "good"), claim(4, "不合格", "unqualified"), cross]

    assert verdict(notice(carried), both) is Verdict.EXPLAINED
    assert grave(notice(carried), one) == [("count_differs_from_rows", (0,), 0, (1, 2, 3))]


def test_a_carried_row_without_its_grade_takes_that_of_the_row_with_its_operator():
    incubators = table([row(1, "示例园", "良好", operator="示例研究院")], kind="incubator", label="附件1")
    spaces = [
        row(1, "示例空间", "良好", operator="示例公司"),
        row(2, "示例坊", "以孵化器评价结果为准", operator="示例研究院", outcome="carried"),
    ]
    cross = claim(1, "以孵化器结果", "carried", relation=Relation.CROSS_REFERENCE)
    claims = [claim(2, "良好", "good"), cross]

    with_source = notice(incubators, table(spaces, label="附件2"))
    without = notice(table(spaces, label="附件2"))

    assert found(reconcile(with_source, claims), Severity.WARNING) == [
        ("overlap_carried", (0,), 1, (2,)),
        ("sum_exceeds_rows", (0, 1), 1, (2,)),
    ]
    assert verdict(without, claims) is Verdict.CONTRADICTORY


def test_qualified_that_takes_in_the_better_ones_unsaid_is_explained_and_or_better_says_it():
    rows = notice(faces(("优秀", 4), ("合格", 15), ("不合格", 6)))
    total = claim(25, "参评", "evaluated", relation=Relation.TOTAL)
    unsaid = [
        claim(4, "优秀", "excellent"),
        claim(19, "合格", "qualified"),
        claim(6, "不合格", "unqualified"),
        total,
    ]
    said = [
        claim(19, "合格及以上", "qualified"),
        claim(4, "优秀", "excellent"),
        claim(6, "不合格", "unqualified"),
        total,
    ]

    assert grave(rows, unsaid) == [
        ("overlap_better_grade", (1,), 0, (1, 2, 3, 4)),
        ("sum_exceeds_rows", (0, 1, 2), 0, (1, 2, 3, 4)),
    ]
    assert verdict(rows, unsaid) is Verdict.EXPLAINED
    assert grave(rows, said) == []
    assert verdict(rows, said) is Verdict.CONSISTENT


def test_absent_ones_counted_as_failing_are_explained_by_their_rows():
    rows = notice(faces(("A", 6), ("D", 2), ("应评未评（未参加）", 5)))

    assert grave(rows, [claim(6, "A类", "excellent"), claim(7, "D类", "unqualified")]) == [
        ("overlap_absent", (1,), 0, (9, 10, 11, 12, 13))
    ]


PILOTS = faces(("不合格", 3), ("不合格，取消试点培育资格。", 2), ("取消众创空间资格", 4))


def test_pilots_stated_as_part_of_the_failing_ones_are_consistent_and_unstated_ones_counted_twice_are_not():
    cancelled = claim(4, "取消", "disqualified")
    stated = [
        claim(5, "不合格", "unqualified"),
        claim(2, "取消试点", "pilot_cancelled", relation=Relation.SUBSET, within=0, stated_overlap=True),
        cancelled,
    ]
    apart = [claim(3, "不合格", "unqualified"), claim(2, "取消试点", "pilot_cancelled"), cancelled]
    twice = [claim(5, "不合格", "unqualified"), claim(2, "取消试点", "pilot_cancelled"), cancelled]

    assert verdict(notice(PILOTS), stated) is Verdict.CONSISTENT
    assert verdict(notice(PILOTS), apart) is Verdict.CONSISTENT
    assert verdict(notice(PILOTS), twice) is Verdict.EXPLAINED
    assert ("sum_exceeds_rows", (0, 1, 2), 0, (4, 5)) in grave(notice(PILOTS), twice)


def test_a_deregistered_total_holds_pilots_where_it_says_so_is_explained_where_not_and_wrong_otherwise():
    def deregistered(count: int, *, joins_pilot: bool) -> NoticeClaim:
        return claim(
            count, "取消资格", "disqualified", relation=Relation.CROSS_REFERENCE, joins_pilot=joins_pilot
        )

    assert found(reconcile(notice(PILOTS), [deregistered(6, joins_pilot=True)]), Severity.INFO)[0] == (
        "deregistered_with_pilots", (0,), 0, (4, 5, 6, 7, 8, 9),
    )  # fmt: skip
    assert grave(notice(PILOTS), [deregistered(6, joins_pilot=False)]) == [
        ("pilots_counted_unsaid", (0,), 0, (4, 5))
    ]
    assert [found[0] for found in grave(notice(PILOTS), [deregistered(5, joins_pilot=True)])] == [
        "count_differs_from_rows"
    ]
    assert verdict(notice(PILOTS), [deregistered(4, joins_pilot=False)]) is Verdict.CONSISTENT


# ---- tables ---------------------------------------------------------------------------------------------------


def test_a_kind_spread_over_tables_is_added_up_and_kinds_in_one_table_are_kept_apart():
    spread = notice(
        faces(("优秀", 3), name="示例甲", label="附件1"), faces(("优秀", 2), name="示例乙", label="附件2")
    )
    mixed = notice(
        table(
            [
                row(1, face="优秀", kind="incubator"),
                *(row(n, face="优秀", kind="makerspace") for n in (2, 3)),
            ],
            kind=None,
        )
    )

    assert verdict(spread, [claim(5, "优秀", "excellent")]) is Verdict.CONSISTENT
    assert verdict(spread, [claim(3, "优秀", "excellent")]) is Verdict.CONTRADICTORY
    assert verdict(mixed, [*graded(1, kind="incubator"), *graded(2)]) is Verdict.CONSISTENT
    assert grave(mixed, [*graded(2, kind="incubator"), *graded(1)]) == [
        ("count_differs_from_rows", (0,), 0, (1,)),
        ("count_differs_from_rows", (1,), 0, (2, 3)),
    ]


def test_one_institution_in_two_tables_is_counted_once_with_all_that_they_say():
    every = table(
        [row(1, "示例甲", "优秀"), row(2, "示例乙", "不合格"), row(3, "示例丙", "不合格")], label="附件1"
    )
    cancelled = table([row(1, "示例丙", "取消资格")], label="附件2")
    claims = [
        claim(1, "优秀", "excellent"),
        claim(2, "不合格", "unqualified"),
        claim(1, "取消资格", "disqualified", relation=Relation.SUBSET, within=1),
    ]

    assert verdict(notice(every, cancelled), claims) is Verdict.CONSISTENT
    assert ("listed_in_two_tables", (), 0, (3,)) in found(reconcile(notice(every, cancelled), claims))


def test_a_list_of_some_classes_says_nothing_of_the_others():
    passed = notice(faces(("优秀", 3), ("合格", 7)))
    cancelled_alone = notice(faces(("撤销资格", 8)))
    claims = [
        claim(3, "优秀", "excellent"),
        claim(7, "合格", "qualified"),
        claim(4, "不合格", "unqualified"),
        claim(2, "撤销", "disqualified"),
    ]

    assert found(reconcile(passed, claims)) == [
        ("not_annexed", (2,), None, ()),
        ("not_annexed", (3,), None, ()),
    ]
    assert verdict(passed, claims) is Verdict.CONSISTENT
    # What is listed is still held against its count.
    assert found(reconcile(cancelled_alone, claims), Severity.ERROR) == [
        ("count_differs_from_rows", (3,), 0, tuple(range(1, 9)))
    ]
    assert verdict(cancelled_alone, [*claims[:3], claim(8, "撤销", "disqualified")]) is Verdict.CONSISTENT


@pytest.mark.parametrize("missing", [0, 1])
def test_a_class_that_is_missing_from_the_middle_or_the_top_was_not_left_out_by_choice(missing):
    counts = [("优秀", 3), ("良好", 4), ("合格", 7), ("不合格", 2)]
    rows = notice(faces(*(each for at, each in enumerate(counts) if at != missing)))

    assert [f[:2] for f in grave(rows, graded(3, 4, 7, 2))] == [("count_differs_from_rows", (missing,))]


def test_a_list_without_results_checks_totals_alone():
    names = notice(table([row(n) for n in range(1, 6)]))
    total = claim(5, "参评", "evaluated", relation=Relation.TOTAL)

    assert verdict(names, [total, claim(2, "优秀", "excellent")]) is Verdict.CONSISTENT
    assert found(reconcile(names, [total, claim(2, "优秀", "excellent")])) == [
        ("results_not_printed", (1,), None, ())
    ]
    assert grave(names, [dataclasses.replace(total, count=6)]) == [("total_differs_from_rows", (0,), 0, ())]


def test_labels_that_are_no_grades_are_compared_by_word():
    stars = notice(faces(("四星", 3), ("三星", 4)))
    rows = {"四星": (1, 2, 3), "三星": (4, 5, 6, 7)}

    assert verdict(stars, [claim(3, "四星级", "other"), claim(4, "三星", "other")]) is Verdict.CONSISTENT
    assert grave(stars, [claim(4, "四星", "other")]) == [("count_differs_from_rows", (0,), 0, rows["四星"])]
    assert found(reconcile(stars, [claim(1, "五星", "other"), claim(4, "三星", "other")]), Severity.INFO) == [
        ("rows_not_stated", (), 0, rows["四星"]),
        ("label_not_in_tables", (0,), None, ()),
    ]


def test_what_is_odd_in_a_table_by_itself_is_told_and_contradicts_only_where_results_do():
    odd = table(
        [
            row(1, "示例甲", "优秀", channel="示例市"),
            row(2, "示例乙", "优秀", serial=2),
            row(3, "示例乙", "优秀", serial=2),
            row(4, "示例丙", serial=4, outcome=None),
            row(5, "示例丁", "合格", serial=6),
        ]
    )
    clash = table([row(1, "示例甲", "优秀"), row(2, "示例甲", "不合格")])

    assert found(reconcile(notice(odd), []), Severity.WARNING) == [
        ("serial_twice", (), 0, (2, 3)),
        ("name_twice", (), 0, (2, 3)),
        ("row_without_result", (), 0, (4,)),
    ]
    assert found(reconcile(notice(clash), [])) == [("name_with_two_results", (), 0, (1, 2))]


def test_a_gap_in_the_serials_is_told_but_not_where_the_list_keeps_serials_of_a_longer_one():
    rows = [row(n, face="优秀", serial=serial) for n, serial in enumerate([1, 2, 3, 5, 6], 1)]
    kept = [row(n, face="优秀", serial=serial) for n, serial in enumerate([3, 40, 900_000_000], 1)]

    assert found(reconcile(notice(table(rows)), []))[0] == ("serial_missing", (), 0, ())
    assert found(reconcile(notice(table(kept)), [])) == []


def test_a_number_in_the_title_of_a_table_is_held_against_its_rows():
    assert found(reconcile(notice(faces(("优秀", 4), title="优秀众创空间名单（5家）")), [])) == [
        ("title_differs_from_rows", (), 0, ())
    ]
    assert found(reconcile(notice(faces(("优秀", 5), title="优秀众创空间名单（共5家）")), [])) == []


# ---- totals and parts -----------------------------------------------------------------------------------------


def total_of(count: int, kind: str | None = "makerspace") -> NoticeClaim:
    return claim(count, "参评", "evaluated", relation=Relation.TOTAL, kind=kind)


def test_without_tables_the_parts_are_held_against_the_total():
    classes = [*graded(3, 5, 7, 2), claim(1, "暂缓", "deferred")]

    assert verdict(notice(), [total_of(17), *classes]) is Verdict.CONSISTENT  # deferred ones took no part
    assert verdict(notice(), [total_of(18), *classes]) is Verdict.CONSISTENT
    assert grave(notice(), [total_of(19), *classes]) == [
        ("total_differs_from_parts", (0, 1, 2, 3, 4, 5), None, ())
    ]


def test_a_total_above_its_parts_tells_nothing_where_the_failing_ones_are_not_stated():
    claims = [total_of(20), *graded(3, 5, 7)]

    assert found(reconcile(notice(), claims)) == [
        ("rest_not_stated", (0,), None, ()),
        *(("no_table", (at,), None, ()) for at in (1, 2, 3)),
    ]
    assert verdict(notice(), claims) is Verdict.NOT_CHECKABLE
    assert verdict(notice(), [total_of(14), *graded(3, 5, 7)]) is Verdict.CONTRADICTORY


def test_a_total_below_its_parts_is_explained_by_a_cross_reference_and_by_no_plain_class():
    cross = claim(2, "以孵化器结果", "carried", relation=Relation.CROSS_REFERENCE)
    classes = [*graded(14, 11, 14, 17), claim(27, "取消", "disqualified", text="27家取消资格")]

    with_cross = [total_of(83), *classes, cross]
    without = [total_of(81), *classes]

    assert found(reconcile(notice(), with_cross), Severity.ERROR, Severity.WARNING) == [
        ("sum_exceeds_total", (0, 6), None, ())
    ]
    assert verdict(notice(), with_cross) is Verdict.EXPLAINED
    assert verdict(notice(), without) is Verdict.CONTRADICTORY


def test_a_total_may_leave_out_who_did_not_take_part_and_says_so_where_it_takes_them_in():
    rows = notice(faces(("优秀", 3), ("不合格", 4), ("未参加评价", 2)))

    assert verdict(rows, [total_of(7)]) is Verdict.CONSISTENT
    assert grave(rows, [total_of(9)]) == [("total_counts_otherwise", (0,), 0, (8, 9))]
    assert grave(rows, [total_of(8)]) == [("total_differs_from_rows", (0,), 0, ())]


def test_totals_over_kinds_and_parts_by_kind_add_up():
    kinds = [total_of(15, "incubator"), total_of(85)]
    grades = [claim(17, "优秀", "excellent", kind=None), *graded(3, kind="incubator")]

    assert verdict(notice(), [total_of(100, None), *kinds]) is Verdict.CONSISTENT
    assert grave(notice(), [total_of(101, None), *kinds]) == [
        ("parts_differ_from_whole", (0, 1, 2), None, ())
    ]
    assert verdict(notice(), [*grades, *graded(14)]) is Verdict.CONSISTENT
    assert grave(notice(), [*grades, *graded(13)]) == [("parts_differ_from_whole", (0, 1, 2), None, ())]


def test_levels_are_checked_where_the_rows_name_them_and_left_alone_where_they_do_not():
    leveled = table(
        [row(n, face="优秀", more=["国家级" if n < 3 else "省级"]) for n in range(1, 6)],
        more=[NoticeColumn.LEVEL],
    )
    claims = [
        claim(5, "优秀", "excellent"),
        claim(2, "优秀", "excellent", level="国家级", relation=Relation.SUBSET, within=0),
        claim(3, "优秀", "excellent", level="省级", relation=Relation.SUBSET, within=0),
    ]
    wrong = [claims[0], dataclasses.replace(claims[1], count=3), dataclasses.replace(claims[2], count=2)]

    assert verdict(notice(leveled), claims) is Verdict.CONSISTENT
    assert found(reconcile(notice(leveled), wrong), Severity.ERROR) == [
        ("count_differs_from_rows", (1,), 0, (1, 2)),
        ("count_differs_from_rows", (2,), 0, (3, 4, 5)),
    ]
    # The only level there is in the text divides nothing.
    assert (
        verdict(notice(faces(("优秀", 5))), [claim(5, "优秀", "excellent", level="省级")])
        is Verdict.CONSISTENT
    )


def part(count: int, text: str, start: int = 0) -> NoticeClaim:
    return dataclasses.replace(
        claim(
            count, "优秀", "excellent", scope=ClaimScope.PART, relation=Relation.SUBSET, within=0, text=text
        ),
        start=start,
        end=start + len(text),
    )


def test_each_city_is_checked_by_its_rows_also_where_one_clause_names_several():
    channels = ["示例甲市"] * 3 + ["示例乙市", "示例丙市"]
    rows = notice(table([row(n, face="优秀", channel=place) for n, place in enumerate(channels, 1)]))
    each = "示例乙市、示例丙市各1家"
    whole = claim(5, "优秀", "excellent")

    good = [whole, part(3, "示例甲市3家"), part(1, each, 20), part(1, each, 20)]
    bad = [whole, part(2, "示例甲市2家"), part(1, each, 20), part(1, each, 20)]

    assert verdict(rows, good) is Verdict.CONSISTENT
    assert found(reconcile(rows, bad), Severity.ERROR) == [("count_differs_from_rows", (1,), 0, (1, 2, 3))]
    assert found(reconcile(rows, [whole, part(9, "示例丁市9家")]), Severity.ERROR) == [
        ("subset_exceeds_whole", (1,), None, ())
    ]
    assert found(reconcile(rows, [whole, part(2, "我市2家")]), Severity.INFO) == [
        ("channel_league_city", (), 0, (1, 2, 3, 4, 5)),
        ("place_not_in_tables", (1,), None, ()),
    ]


def test_a_subset_larger_than_its_whole_contradicts_whatever_the_tables_hold():
    claims = [
        claim(4, "不合格", "unqualified"),
        claim(6, "取消", "disqualified", relation=Relation.SUBSET, within=0),
    ]

    assert grave(notice(), claims) == [("subset_exceeds_whole", (1,), None, ())]


# ---- said twice, said nowhere ---------------------------------------------------------------------------------


def test_one_thing_said_twice_with_two_numbers_contradicts_and_the_rows_say_which_is_wrong():
    again = claim(9, "优秀", "excellent", relation=Relation.CROSS_REFERENCE, text="对优秀的9家")
    claims = [claim(8, "优秀", "excellent"), again]

    assert grave(notice(), claims) == [("stated_twice_differently", (0, 1), None, ())]
    assert grave(notice(faces(("优秀", 8))), claims) == [
        ("count_differs_from_rows", (1,), 0, tuple(range(1, 9)))
    ]


def test_saying_one_number_twice_checks_nothing():
    claims = [claim(8, "优秀", "excellent"), claim(8, "优秀", "excellent", relation=Relation.CROSS_REFERENCE)]

    assert verdict(notice(), claims) is Verdict.NOT_CHECKABLE


def test_no_claim_is_not_checkable_and_rows_nobody_states_are_told():
    rows = notice(faces(("优秀", 2), ("合格", 3)))

    assert verdict(rows, []) is Verdict.NOT_CHECKABLE
    assert found(reconcile(rows, [claim(2, "优秀", "excellent")])) == [("rows_not_stated", (), 0, (3, 4, 5))]
    assert verdict(rows, [claim(2, "优秀", "excellent")]) is Verdict.CONSISTENT


def test_institutions_that_a_clause_names_are_looked_up():
    rows = notice(faces(("优秀", 1), ("取消资格", 2), name="示例"))

    def named(count: int, *names: str) -> list[NoticeClaim]:
        return [claim(count, "取消资格", "disqualified", names=names)]

    assert grave(rows, named(2, "示例2号", "示例3号")) == []
    assert grave(rows, named(2, "示例2号", "示例9号")) == [("named_not_in_tables", (0,), None, ())]
    assert grave(rows, named(2, "示例1号", "示例3号")) == [("named_with_other_result", (0,), 0, (1,))]
    assert [f[:2] for f in grave(rows, named(2, "示例1号", "示例2号", "示例3号"))] == [
        ("names_differ_from_count", (0,)),
        ("named_with_other_result", (0,)),
    ]


def test_the_year_of_a_deferral_is_that_of_its_rows():
    rows = notice(faces(("2022年以孵化器参加评价。", 2)))

    assert grave(rows, [claim(2, "暂缓", "deferred", year=2022)]) == []
    assert grave(rows, [claim(2, "暂缓", "deferred", year=2023)]) == [
        ("deferred_year_differs", (0,), 0, (1, 2))
    ]


def test_a_sum_of_what_was_listed_takes_in_all_of_it_and_is_of_the_kind_that_was_listed():
    spaces = faces(("优秀", 2), ("2022年以孵化器参加评价。", 1))
    incubators = faces(("优秀", 4), kind="incubator")
    said = [
        dataclasses.replace(claim(2, "优秀", "excellent"), start=0, end=4),
        dataclasses.replace(total_of(3, None), text="合计3家", start=5, end=9),
    ]

    assert verdict(notice(spaces, incubators), said) is Verdict.CONSISTENT
    assert grave(notice(spaces, incubators), [said[0], dataclasses.replace(said[1], count=4)]) == [
        ("total_differs_from_parts", (1,), None, ())
    ]


def test_who_is_to_take_part_another_time_is_no_total_of_those_who_did():
    duty = dataclasses.replace(total_of(1), text="再次参加评价1家")

    assert found(reconcile(notice(faces(("优秀", 2), ("不合格", 1))), [duty, *graded(2, 0, 0, 1)])) == [
        ("label_not_in_tables", (0,), None, ())
    ]


def test_absent_ones_that_are_graded_are_part_of_their_grade_and_the_others_a_class():
    rows = notice(faces(("不合格（未参加评价）", 2), ("不合格", 1), ("未参加评价", 3)))
    within = claim(2, "未参加", "absent", relation=Relation.SUBSET, within=0, stated_overlap=True)
    claims = [claim(3, "不合格", "unqualified"), within, claim(3, "未参加", "absent"), total_of(6)]

    assert grave(rows, claims) == []
    assert verdict(rows, claims) is Verdict.CONSISTENT
    assert grave(rows, [*claims[:2], claim(4, "未参加", "absent")]) == [
        ("count_differs_from_rows", (2,), 0, (4, 5, 6))
    ]


def test_deferred_ones_are_counted_by_the_year_and_kind_that_each_clause_names():
    rows = notice(faces(("2022年以孵化器参加评价。", 2), ("2023年以众创空间参加评价。", 1)))
    first = claim(2, "暂缓", "deferred", year=2022, of_kind="incubator")
    second = claim(1, "暂缓", "deferred", year=2023, of_kind="makerspace")

    assert verdict(rows, [first, second]) is Verdict.CONSISTENT
    assert grave(rows, [first, dataclasses.replace(second, count=2)]) == [
        ("count_differs_from_rows", (1,), 0, (3,))
    ]


# ---- laws -----------------------------------------------------------------------------------------------------

FACES = {
    "优秀": "excellent",
    "良好": "good",
    "合格": "qualified",
    "不合格": "unqualified",
    "取消众创空间资格": "disqualified",
    "2022年以孵化器参加评价。": "deferred",
}
CARRIED = ("2021年以孵化器参加评价，结果为良好。", "2021年以孵化器参加评价，结果为不合格。")
PILOT = "不合格，取消试点培育资格。"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Made:
    """A notice made from decisions, with the claims that tell the truth of it, and how many rows have which face."""

    notice: PublishedNotice
    claims: list[NoticeClaim]
    counts: dict[str, int]


@st.composite
def truthful(draw) -> Made:
    counts = {face: draw(st.integers(1, 9)) for face in (*FACES, PILOT, *CARRIED) if draw(st.booleans())}
    assume(counts)
    order = draw(st.permutations([face for face, count in counts.items() for _ in range(count)]))
    classes = {face: counts[face] for face in FACES if face in counts}
    if PILOT in counts:
        classes["不合格"] = classes.get("不合格", 0) + counts[PILOT]
    claims = [claim(count, face.strip("。"), FACES[face]) for face, count in classes.items()]
    if PILOT in counts:
        whole = list(classes).index("不合格")
        claims.append(
            claim(counts[PILOT], "取消试点", "pilot_cancelled", relation=Relation.SUBSET, within=whole,
                  stated_overlap=True)
        )  # fmt: skip
    if carried := sum(counts.get(face, 0) for face in CARRIED):
        claims.append(claim(carried, "以孵化器结果", "carried", stated_overlap=draw(st.booleans())))
    if draw(st.booleans()):
        took_part = len(order) - (counts.get("2022年以孵化器参加评价。", 0) if draw(st.booleans()) else 0)
        claims.append(total_of(took_part))
    split = draw(st.integers(0, len(order)))
    tables = [
        table([row(n, f"示例{side}{n}", face) for n, face in enumerate(rows, 1)], label=f"附件{side}")
        for side, rows in ((1, order[:split]), (2, order[split:]))
        if rows
    ]
    return Made(notice=notice(*tables), claims=claims, counts=counts)


@given(truthful())
@settings(max_examples=150, deadline=None)
def test_a_notice_that_tells_the_truth_is_consistent(made):
    findings = reconcile(made.notice, made.claims)

    assert [finding for finding in findings if finding.severity is Severity.ERROR] == []
    assert [finding.code for finding in findings if finding.code in EXPLAINING] == []
    assert verdict_of(made.claims, findings) is Verdict.CONSISTENT or not made.claims


def differences_that_rows_explain(made: Made, at: int) -> set[int]:
    """By how much a count may differ and still be explained: whole groups of rows that stand in two classes."""
    counts, code = made.counts, made.claims[at].outcome
    groups = {
        "unqualified": [counts.get(CARRIED[1], 0), -counts.get(PILOT, 0)],
        "good": [counts.get(CARRIED[0], 0)],
        "qualified": [counts.get("优秀", 0) + counts.get("良好", 0)],
        "disqualified": [counts.get(PILOT, 0)],
        "evaluated": [
            counts.get("2022年以孵化器参加评价。", 0), -counts.get("2022年以孵化器参加评价。", 0),
            -counts.get("取消众创空间资格", 0), -sum(counts.get(face, 0) for face in CARRIED),
        ],
    }.get(code, [])  # fmt: skip
    return {sum(chosen) for size in range(len(groups) + 1) for chosen in combinations(groups, size)}


@given(truthful(), st.data())
@settings(max_examples=200, deadline=None)
def test_one_changed_number_contradicts_at_its_claim(made, data):
    assume(made.claims)
    at = data.draw(st.integers(0, len(made.claims) - 1))
    by = data.draw(st.integers(-4, 4).filter(bool))
    assume(made.claims[at].count + by > 0)
    assume(by not in differences_that_rows_explain(made, at))
    # Above the rows, a total of a list that holds passing ones alone (or failing ones) may be right.
    listed = {"优秀", "良好", "合格"} & set(made.counts) and {"不合格", "取消众创空间资格", PILOT} & set(
        made.counts
    )
    assume(made.claims[at].outcome != "evaluated" or by < 0 or listed)
    claims = list(made.claims)
    claims[at] = dataclasses.replace(claims[at], count=claims[at].count + by)

    findings = reconcile(made.notice, claims)

    assert verdict_of(claims, findings) is Verdict.CONTRADICTORY
    assert any(f.severity is Severity.ERROR and at in f.claims for f in findings)


@given(truthful(), st.data())
@settings(max_examples=150, deadline=None)
def test_a_row_taken_out_contradicts_at_the_claim_that_counts_it(made, data):
    at, taken = data.draw(
        st.sampled_from([(at, each) for at, each in enumerate(made.notice.tables) for each in each.rows]).map(
            lambda found: found
        )
    )
    # A class that is gone altogether may have been left out by choice; that has its own tests.
    assume(made.counts[taken.label] > 1 and taken.outcome not in ("carried", "pilot_cancelled"))
    kept = [each for each in made.notice.tables[at].rows if each is not taken]
    tables = list(made.notice.tables)
    tables[at] = dataclasses.replace(tables[at], rows=tuple(kept))
    short = dataclasses.replace(made.notice, tables=tuple(each for each in tables if each.rows))
    [counting] = [n for n, each in enumerate(made.claims) if each.outcome == taken.outcome]
    assume(1 not in differences_that_rows_explain(made, counting))

    findings = reconcile(short, made.claims)

    assert verdict_of(made.claims, findings) is Verdict.CONTRADICTORY
    assert any(f.severity is Severity.ERROR and counting in f.claims for f in findings)


OUTCOMES = ("excellent", "good", "qualified", "unqualified", "disqualified", "pilot_cancelled", "carried", "deferred",
            "absent", "evaluated", "other")  # fmt: skip


@given(truthful(), st.data())
@settings(max_examples=150, deadline=None)
def test_whatever_is_claimed_no_claim_is_both_wrong_and_not_checkable_and_the_verdict_follows(made, data):
    size = data.draw(st.integers(1, 8))
    claims = [
        claim(
            data.draw(st.integers(0, 12)),
            data.draw(st.sampled_from(["优秀", "合格及以上", "不合格", "取消", "三星", "参评"])),
            data.draw(st.sampled_from(OUTCOMES)),
            kind=data.draw(st.sampled_from(["makerspace", "incubator", None])),
            relation=data.draw(st.sampled_from(Relation)),
            scope=data.draw(st.sampled_from(ClaimScope)),
            level=data.draw(st.sampled_from([None, "省级", "国家级"])),
            within=data.draw(st.sampled_from([None, *(n for n in range(size) if n != at)])),
            joins_pilot=data.draw(st.booleans()),
            stated_overlap=data.draw(st.booleans()),
        )
        for at in range(size)
    ]

    findings = reconcile(made.notice, claims)

    errors = {at for f in findings for at in f.claims if f.severity is Severity.ERROR}
    untold = {at for f in findings for at in f.claims if f.code in UNCHECKED}
    assert errors | untold <= set(range(size))
    assert errors & untold <= {at for f in findings for at in f.claims if f.code == "rest_not_stated"}
    expected = (
        Verdict.CONTRADICTORY
        if errors
        else Verdict.EXPLAINED
        if any(f.code in EXPLAINING for f in findings)
        else Verdict.NOT_CHECKABLE
        if untold == set(range(size))
        else Verdict.CONSISTENT
    )
    assert verdict_of(claims, findings) is expected


def test_a_claim_within_itself_or_within_none_there_is_refused():
    for within in (0, 1, -1):
        with pytest.raises(ValueError, match=f"claim 0 .* is within claim {within}, which is"):
            reconcile(notice(), [claim(1, "优秀", "excellent", relation=Relation.SUBSET, within=within)])


@given(truthful())
@settings(max_examples=60, deadline=None)
def test_every_finding_points_at_what_exists_and_speaks_both_languages(made):
    claims = [dataclasses.replace(each, count=each.count + at) for at, each in enumerate(made.claims)]

    for finding in reconcile(made.notice, claims):
        assert set(finding.claims) <= set(range(len(claims)))
        assert finding.message.endswith("。")
        assert finding.message_en.endswith(".")
        if finding.table is not None:
            numbers = {each.number for each in made.notice.tables[finding.table].rows}
            assert set(finding.rows) <= numbers
        else:
            assert finding.rows == ()


def as_read(paper: ResultNotice) -> tuple[PublishedNotice, list[NoticeClaim]]:
    """What the product writes, as a reader of its annexes and its own counts would have it."""
    tables = []
    for annex in paper.annexes:
        printed = [dict(zip(annex.columns, each.cells, strict=True)) for each in annex.rows]
        rows = [row(n, cells[Column.NAME], cells[Column.RESULT]) for n, cells in enumerate(printed, 1)]
        tables.append(table(rows, kind=annex.kind, label=annex.label))
    claims: list[NoticeClaim] = []
    for own in paper.claims:
        if own.counted is not Counted.ROWS:
            continue
        within = [
            at for at, each in enumerate(claims) if each.label == own.within and each.kind in (own.kind, None)
        ]
        way = re.match(r"(?:(\d{4})年)?以(孵化器|众创空间)", own.label)
        way = way if own.outcome in ("carried", "deferred") else None
        claims.append(
            claim(
                own.count,
                own.label,
                "disqualified" if own.outcome == "other" and own.label.endswith("资格") else own.outcome,
                kind=own.kind,
                relation=own.relation
                if within or own.relation is not Relation.SUBSET
                else Relation.CROSS_REFERENCE,
                within=within[-1] if within else None,
                stated_overlap=own.outcome == "carried" or bool(within),
                joins_pilot=own.outcome == "other" and own.label.endswith("资格"),
                year=int(way[1]) if way and way[1] else None,
                of_kind={"孵化器": "incubator", "众创空间": "makerspace"}[way[2]] if way else None,
            )
        )
    return notice(*tables), claims


def test_a_sum_of_the_cancelled_holds_the_pilots_that_a_part_of_it_holds():
    """4家（附件第1—4号4家，其中试点培育2家）: the first 4 says nothing of pilots, and is the same 4."""
    value = notice(faces(("取消众创空间资格", 2), ("不合格，取消试点培育资格。", 2)))
    claims = [
        claim(2, "不合格", "unqualified"),
        claim(
            2, "取消试点培育资格", "pilot_cancelled", relation=Relation.SUBSET, within=0, stated_overlap=True
        ),
        claim(2, "取消众创空间资格", "disqualified"),
        claim(4, "取消", "disqualified", relation=Relation.CROSS_REFERENCE, text="被取消资格的4家"),
        claim(4, "取消", "disqualified", relation=Relation.SUBSET, within=3, stated_overlap=True),
        claim(2, "试点培育", "pilot_cancelled", relation=Relation.SUBSET, within=4, stated_overlap=True),
    ]

    findings = reconcile(value, claims)

    assert [f.code for f in findings if f.severity is not Severity.INFO] == []
    assert verdict_of(claims, findings) is Verdict.CONSISTENT


def test_one_duty_of_two_groups_of_rows_is_not_one_count_said_twice():
    value = notice(faces(("不合格", 4)))
    graded_four = claim(4, "不合格", "unqualified")

    def duty(count: int, text: str) -> NoticeClaim:
        return claim(count, "应当整改", "other", relation=Relation.CROSS_REFERENCE, text=text)

    first, second = duty(1, "附件第2号1家应当整改"), duty(3, "附件第1、3、4号共3家应当整改")

    def errors(*duties: NoticeClaim) -> list[str]:
        found = reconcile(value, [graded_four, *duties])
        return [f.code for f in found if f.severity is Severity.ERROR]

    assert errors(first, second) == []
    assert errors(first, second, duty(4, "应当整改4家")) == []
    assert errors(first, second, duty(5, "应当整改5家")) == ["stated_twice_differently"]
    assert errors(first, duty(3, "附件第2号3家应当整改")) == ["stated_twice_differently"]


@given(rounds())
@settings(max_examples=100, deadline=None)
def test_what_the_product_writes_is_consistent_by_its_own_counts(decisions):
    value, claims = as_read(build_notice(results_from(decisions), VOCABULARY, PAST))

    findings = reconcile(value, claims)

    assert [
        (f.code, f.message) for f in findings if f.severity is Severity.ERROR or f.code in EXPLAINING
    ] == []
    assert verdict_of(claims, findings) is Verdict.CONSISTENT


def test_codes_that_explain_and_codes_that_cannot_tell_are_two_sets():
    assert frozenset() == EXPLAINING & UNCHECKED


def test_runs_of_rows_are_told_as_ranges():
    assert runs([5, 1, 2, 3, 9, 8]) == "1—3、5、8、9"


def test_the_work_stays_in_proportion_to_a_large_notice():
    # 20 classes would be 2 to the 20 ways if each were its own choice; the switches are few whatever the text says.
    rows = faces(*((face, 400) for face in (*FACES, PILOT, *CARRIED)))
    claims = [each for _ in range(20) for each in graded(400, 400, 400, 800)]

    assert verdict(notice(rows), claims) is Verdict.CONSISTENT
    assert tallies_of(notice(rows)) == (dict.fromkeys((*FACES, PILOT, *CARRIED), 400),)


# ---- the reference page ---------------------------------------------------------------------------------------


def codes_given() -> set[str]:
    """Every code that the module gives: first words of `tell`, of reasons, and of the overlaps."""
    tree = ast.parse(Path(reconciliation.__file__).read_text("utf-8"))
    words = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    told = set(EXPLAINING | UNCHECKED)
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "tell":
            told |= {node.value for node in ast.walk(call.args[0]) if isinstance(node, ast.Constant)}
    channels = {f"channel_{nature}" for nature in reconciliation._CHANNEL_WORDS}
    assert told - {"channel_"} <= words
    return (told - {"channel_"}) | channels


def test_the_reference_page_lists_every_code_and_no_other():
    page = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "notice-findings.md").read_text(
        "utf-8"
    )
    rows = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
    verdicts = {each.value for each in Verdict}

    assert {code for row in rows for code in re.findall(r"`(\w+)`", row)} - verdicts == codes_given()


def test_the_reference_page_marks_what_explains():
    page = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "notice-findings.md").read_text(
        "utf-8"
    )

    assert set(re.findall(r"^\| `(\w+)` \| warning, E \|", page, re.M)) == EXPLAINING


# ---- what other hands' notices showed ----------------------------------------------------------------------


def test_those_graded_for_their_absence_are_not_among_the_participants():
    classes = [*graded(3, 5, 7), claim(4, "不合格", "unqualified", text="应评未评4家，为不合格")]

    assert verdict(notice(), [total_of(15), *classes]) is Verdict.CONSISTENT
    assert verdict(notice(), [total_of(16), *classes]) is Verdict.CONTRADICTORY


def test_failing_ones_alone_leave_the_rest_of_a_total_unsaid():
    findings = reconcile(notice(), [total_of(116), claim(17, "不达标", "unqualified")])

    assert "rest_not_stated" in [finding.code for finding in findings]
    assert verdict_of([total_of(116)], findings) is not Verdict.CONTRADICTORY


def test_institutions_named_without_a_count_fill_a_total():
    value = notice(paragraphs=("示例甲众创空间、示例乙众创空间评为不合格，取消资格。",))
    classes = [total_of(17), *graded(3, 5, 7, 0)[:3]]

    assert verdict(value, classes) is Verdict.CONSISTENT


def test_a_name_with_another_grade_in_the_text_contradicts():
    table = faces(("优秀", 1), ("良好", 1))
    name = table.rows[1].cell(table, NoticeColumn.NAME)
    assert name is not None
    value = notice(table, paragraphs=(f"{name.text}评定为优秀。",))

    assert [(code, rows) for code, _, _, rows in grave(value, [])] == [("named_with_other_result", (2,))]


def test_passing_counts_every_passing_grade():
    passed = claim(12, "通过", "qualified", text="12家通过评价")
    parts = [
        claim(count, label, outcome, relation=Relation.SUBSET, within=1)
        for count, label, outcome in ((5, "A类", "excellent"), (7, "C类", "qualified"))
    ]

    assert grave(notice(), [total_of(12), passed, *parts]) == []


def test_annexes_that_are_listed_and_not_there_are_named():
    def annexes(*here: bool) -> tuple[ListedAnnex, ...]:
        return tuple(
            ListedAnnex(number=number, title=f"示例名单{number}", is_here=each)
            for number, each in enumerate(here, start=1)
        )

    def codes(*here: bool) -> list[tuple[str, Severity]]:
        value = dataclasses.replace(notice(), annexes=annexes(*here))
        return [(each.code, each.severity) for each in reconcile(value, []) if "annex" in each.code]

    assert codes(True, True) == []
    assert codes(True, False) == [("annex_missing", Severity.WARNING)]
    assert codes(False, False) == [("annexes_not_included", Severity.INFO)]


def test_parts_by_kind_and_level_that_fall_short_are_told():
    def part(count: int, kind: str, level: str) -> NoticeClaim:
        return claim(
            count, "参评", "evaluated", kind=kind, level=level, relation=Relation.SUBSET, within=0, text=level
        )

    parts = [part(13, "incubator", "国家级"), part(9, "incubator", "省级"), part(19, "makerspace", "省级")]

    assert [code for code, *_ in grave(notice(), [total_of(41, None), *parts])] == []
    assert [code for code, *_ in grave(notice(), [total_of(43, None), *parts])] == ["parts_fall_short"]
    assert "parts_differ_from_whole" in [code for code, *_ in grave(notice(), [total_of(40, None), *parts])]
