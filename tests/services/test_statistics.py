"""火炬统计: a file of many rows or the form of one, matched within reach, bad cells told, kept when asked."""

import io
from decimal import Decimal

import pytest
import xlsxwriter
from conftest_services import DATES, FIRST, institution_actor, officer_of

from hatchmark.db.models import LedgerEntry, StatisticsReturn
from hatchmark.documents.score_tables import table_xlsx
from hatchmark.domain.cross_checks import Check
from hatchmark.domain.permissions import Actor, Role
from hatchmark.domain.statistics_returns import kinds_with_titles, return_titles
from hatchmark.domain.workflow import Stage
from hatchmark.schemes.loader import shipped
from hatchmark.services import cross_checks
from hatchmark.services.refusals import FaultyError, NotAllowedError, UnsoundError
from hatchmark.services.statistics import import_statistics, preview_statistics

AT = DATES["preliminary_review_closes_at"]
OFFICER = officer_of("示例市")


def csv(*rows: str) -> bytes:
    return "\n".join(rows).encode()


def preview(live, content: bytes, *, actor=OFFICER, file="年报.csv", kind="incubator"):
    return preview_statistics(evaluation_round=live.round, kind=kind, file=file, content=content, actor=actor)


def keep(live, found, *, actor=OFFICER) -> int:
    return import_statistics(
        evaluation_round=live.round,
        lines={match.entry.pk: match.line.figures for match in found.matches},
        file=found.file,
        digest=found.digest,
        actor=actor,
        at=AT,
    )


MANY = csv(
    "孵化器名称,使用面积,孵化器使用总面积（平方米）,总收入（万元）,在孵企业总数（个）",
    '示例1号孵化器,1,"12,000",34.5,12',
    "示例 3 号孵化器,1,9000,20,8",
    "别处孵化器,1,1,1,1",
)


def test_a_file_of_many_rows_speaks_of_own_institutions_alone(live_round_at):
    live = live_round_at(Stage.PRELIMINARY_REVIEW)

    found = preview(live, MANY)

    assert [(match.entry.serial, dict(match.line.figures)) for match in found.matches] == [
        (1, {"area": "12000", "income": "345", "tenants": "12"})
    ]
    # Another channel's institution and one that is not there are told alike.
    assert [line.name for line in found.strangers] == ["示例 3 号孵化器", "别处孵化器"]
    assert (found.unknown, found.can_be_kept) == (["使用面积"], True)
    assert StatisticsReturn.objects.count() == 0
    assert [match.entry.serial for match in preview(live, MANY, actor=FIRST).matches] == [1, 3]


def test_the_form_of_one_institution_is_read_by_its_titles_and_units(live_round_at):
    live = live_round_at(Stage.PRELIMINARY_REVIEW)
    form = table_xlsx(
        ["指标名称", "计量单位", "代码", "数量"],
        [
            ["孵化器名称", "", "", "示例2号孵化器"],
            ["总面积", "平方米", "E00", "8000.5"],
            ["总收入", "元", "B00", "3450000"],
            ["在孵企业数", "个", "", Decimal(12)],
            ["附注", "", "", "无"],
        ],
        file="综合情况表.xlsx",
    )

    [match] = preview(live, form, file="综合情况表.xlsx").matches

    assert match.entry.serial == 2
    assert match.line.figures == {"area": "8000.5", "income": "3450", "tenants": "12"}


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("总面积", "约八千", "不是数字"),
        ("总面积", "-5", "不能为负数"),
        ("在孵企业数", "7.5", "应为整数"),
        ("总收入（亿元）", "1", "单位“亿元”无法换算为千元"),
    ],
)
def test_a_bad_cell_is_named_and_keeps_the_whole_file_out(live_round_at, column, value, why):
    live = live_round_at(Stage.PRELIMINARY_REVIEW)

    found = preview(live, csv(f"名称,{column},创业导师", f"示例1号孵化器,{value},4", "示例2号孵化器,,4"))

    assert [(cell.row, cell.column, cell.value, cell.zh) for cell in found.bad] == [(2, column, value, why)]
    assert not found.can_be_kept


def test_an_institution_that_is_there_twice_keeps_the_file_out(live_round_at):
    live = live_round_at(Stage.PRELIMINARY_REVIEW)
    found = preview(live, csv("名称,机构编号,总面积", "示例1号孵化器,,5", "别名,demo-i01,6"))

    assert ([line.row for line in found.twice], found.can_be_kept) == ([3], False)


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("x.csv", csv("面积,收入", "1,2"), "names no institution"),
        ("x.csv", csv("指标名称,数量", "总面积,5"), "does not name it"),
        ("x.xlsx", b"PK\x03\x04 broken", "x.xlsx"),
        ("x.csv", b"", "the file is empty"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(live_round_at, file, content, said):
    live = live_round_at(Stage.PRELIMINARY_REVIEW)

    with pytest.raises(UnsoundError, match=said):
        preview(live, content, file=file)
    with pytest.raises(UnsoundError, match="choose another kind"):
        preview(live, MANY, kind="accelerator")


TITLED = [
    ["2024年度科技企业孵化器统计年报", "", "", ""],
    ["填报单位：示例市科技局", "", "", ""],
    ["", "", "", ""],
    ["序号", "孵化器名称", "总面积（平方米）", "在孵企业数"],
    ["1", "示例1号孵化器", "12000", "12"],
]


def table(rows: list[list[str]]) -> bytes:
    """Return an .xlsx whose first row is merged over the table, as the title of a return is."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        sheet.merge_range(0, 0, 0, 3, rows[0][0])
    return target.getvalue()


@pytest.mark.parametrize("file", ["年报.xlsx", "年报.csv"])
def test_the_head_is_found_below_titles_and_merged_cells(live_round_at, file):
    live = live_round_at(Stage.PRELIMINARY_REVIEW)
    content = table(TITLED) if file.endswith("xlsx") else csv(*(",".join(row) for row in TITLED))

    found = preview(live, content, file=file)

    assert found.head_row == 4
    assert [(match.line.row, dict(match.line.figures)) for match in found.matches] == [
        (5, {"area": "12000", "tenants": "12"})
    ]
    assert (found.known, found.unknown) == (["总面积（平方米）", "在孵企业数"], ["序号"])


def test_the_head_of_a_form_is_found_below_its_title(live_round_at):
    live = live_round_at(Stage.PRELIMINARY_REVIEW)

    found = preview(
        live,
        csv("孵化器综合情况表,,", "指标名称,计量单位,数量", "孵化器名称,,示例1号孵化器", "总面积,平方米,8"),
    )

    assert found.head_row == 2
    assert [(match.entry.serial, dict(match.line.figures)) for match in found.matches] == [(1, {"area": "8"})]


def test_a_merged_figure_is_a_bad_cell_and_no_figure(live_round_at):
    live = live_round_at(Stage.PRELIMINARY_REVIEW)
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["名称", "总面积", "在孵企业数"])
        sheet.write_row(1, 0, ["示例1号孵化器"])
        sheet.merge_range(1, 1, 1, 2, "12")

    found = preview(live, target.getvalue(), file="年报.xlsx")

    assert [(cell.row, cell.column, cell.value) for cell in found.bad] == [(2, "总面积", "12")]
    assert "合并单元格" in found.bad[0].zh
    assert not found.can_be_kept


@pytest.mark.parametrize(
    ("rows", "code", "facts"),
    [
        (
            ["名称,总面积", "示例1号孵化器,1", "名称,总面积", "示例2号孵化器,2"],
            "return_head_twice",
            {"rows": "1、3"},
        ),
        (["示例市,2024", "示例1号孵化器,1"], "return_head_missing", {"within": 2, "label": "指标名称"}),
        (["名称,备注", "示例1号孵化器,1"], "return_head_missing", {"value": "数量"}),
        ([*(["标题"] * 12), "名称,总面积", "示例1号孵化器,1"], "return_head_missing", {"within": 12}),
        (["指标名称,数量", "总面积,5"], "return_form_nameless", {"row": 1}),
    ],
)
def test_no_head_or_two_is_an_error_that_says_what_was_looked_for(live_round_at, rows, code, facts):
    live = live_round_at(Stage.PRELIMINARY_REVIEW)

    with pytest.raises(FaultyError) as error:
        preview(live, csv(*rows))

    [problem] = error.value.problems
    assert problem.code == code
    assert {name: problem.facts[name] for name in facts} == facts


def test_what_is_kept_is_held_against_the_submission_and_a_later_one_takes_its_place(live_round_at):
    live = live_round_at(Stage.PRELIMINARY_REVIEW)
    assert keep(live, preview(live, csv("名称,总面积", "示例1号孵化器,12000"))) == 1

    found = [each.flag for each in cross_checks.flag_states(live.entries[1])]
    assert (Check.STATISTICS, ("area",)) in [(flag.check, flag.figures) for flag in found]

    keep(live, preview(live, csv("名称,总面积", "示例1号孵化器,0")))
    found = [each.flag.check for each in cross_checks.flag_states(live.entries[1])]
    assert Check.STATISTICS not in found
    assert (
        StatisticsReturn.objects.count(),
        LedgerEntry.objects.filter(act="import_statistics").count(),
    ) == (1, 2)


def test_nobody_keeps_the_return_of_anothers_institution(live_round_at):
    live = live_round_at(Stage.PRELIMINARY_REVIEW)
    all_of_them = preview(live, MANY, actor=FIRST)
    other = Actor(code="x", name="", role=Role.DEPARTMENT, authority="other")

    for actor in (OFFICER, institution_actor(live.entries[1]), other):
        with pytest.raises(NotAllowedError):
            keep(live, all_of_them, actor=actor)
    assert StatisticsReturn.objects.count() == 0

    assert keep(live, all_of_them, actor=FIRST) == 2


@pytest.mark.parametrize("kind", kinds_with_titles())
def test_titles_lead_to_figures_that_a_scheme_asks_for(kind):
    asked = shipped(f"nmg/{kind}-2020").asked

    assert set(return_titles(kind).figures.values()) <= set(asked)
