"""A document becomes a notice: head, narrative and tables are told apart, and nothing is mended."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest
from notice_values import EXAMPLES

from hatchmark.domain.notice_reading import even_out, read_notice
from hatchmark.domain.published_notices import (
    CitedBasis,
    DocumentBlock,
    DocumentParagraph,
    DocumentTable,
    NoticeColumn,
    NoticeDocument,
    PublishedNotice,
)

C = NoticeColumn

SEED_TEXT = """ 关于公布2021年度自治区科技企业孵化器和
众创空间绩效评价（考核）结果的通知
各盟市科技局，满洲里市工信和科技局，二连浩特市教育科技局，各有关单位：
为推动自治区科技企业孵化器和众创空间高质量发展，根据《关于促进民营经济高质量发展若干措施》（内党发〔2018〕23号)、\
《内蒙古自治区科技企业孵化器绩效评价办法（试行）》（内科发成字〔2020〕3号）和《内蒙古自治区众创空间管理办法（试行）》\
（内科发成字〔2020〕2号）等文件要求，自治区科技厅按批次组织开展了2021年度科技企业孵化器绩效评价和众创空间绩效评价\
（考核）工作。通过各参评机构材料申报、盟市科技局等主管部门初审、专家评审、现场抽查、科研诚信审查和公示等规定程序，\
3家科技企业孵化器评价结果为优秀，3家科技企业孵化器评价结果为良好，1家科技企业孵化器评价结果为合格，7家科技企业孵化器\
评价结果为不合格,1家被取消科技企业孵化器资格；14家众创空间考核结果为优秀，11家众创空间考核结果为良好，14家众创空间\
考核结果为合格，17家众创空间考核结果为不合格（其中3家被取消试点培育资格），27家被取消众创空间资格，2家众创空间以科技\
企业孵化器评价结果作为众创空间考核结果，另外2家众创空间在2022年按科技企业孵化器参加评价。
被评价不合格的科技企业孵化器和众创空间必须加强整改，在2022年继续参加绩效评价考核（其中呼伦贝尔森龙源科技企业孵化器\
有限责任公司在2022年以自治区级科技企业孵化器资格参加评价）。
对被取消资格的1家科技企业孵化和30家众创空间（含试点培育）要及时办理注销手续，今后不再将其纳入科技企业孵化器和众创空间\
的管理体系、绩效评价（考核）体系和统计调查对象。
附件：1.2021年度科技企业孵化器绩效评价结果汇总表
2.2021年度众创空间绩效考核结果汇总表
内蒙古自治区科学技术厅"""


def seed_document() -> NoticeDocument:
    """The notice of 2021 as a document: its text as printed, its tables from the published rows of the example."""
    blocks: list[DocumentBlock] = [DocumentParagraph(text=line) for line in SEED_TEXT.split("\n")]
    by_kind: dict[str, list[tuple[str, ...]]] = {"incubator": [], "makerspace": []}
    with (EXAMPLES / "nmg-2021" / "published.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            by_kind[row["kind"]].append(
                (row["serial"], row["name"], row["operators"], row["channel"], row["face_text"])
            )
    heads = {"incubator": ("孵化器名称", "评价\n结果"), "makerspace": ("众创空间名称", "考核\n结果")}
    titles = {
        "incubator": "    2021年度科技企业孵化器绩效评价结果汇总表",
        "makerspace": "2021年度众创空间绩效考核结果汇总表",
    }
    for number, (kind, rows) in enumerate(by_kind.items(), 1):
        blocks += [DocumentParagraph(text=f" 附件{number} "), DocumentParagraph(text=titles[kind])]
        name, result = heads[kind]
        empty = (("",) * 5,) if kind == "makerspace" else ()
        blocks.append(DocumentTable(rows=(("序号", name, "运营机构名称", "地区", result), *empty, *rows)))
    return NoticeDocument(file="seed.txt", format="txt", blocks=tuple(blocks))


def document(*blocks: str | tuple[tuple[str, ...], ...]) -> NoticeDocument:
    return NoticeDocument(
        file="示例.docx",
        format="docx",
        blocks=tuple(
            DocumentParagraph(text=block) if isinstance(block, str) else DocumentTable(rows=block)
            for block in blocks
        ),
    )


def read(*blocks: str | tuple[tuple[str, ...], ...]) -> PublishedNotice:
    return read_notice(document(*blocks))


# ---- the seed -----------------------------------------------------------------------------------------------------


def test_the_2021_notice_is_read_whole() -> None:
    notice = read_notice(seed_document())

    assert notice.issuer == "内蒙古自治区科学技术厅"
    assert notice.title == "关于公布2021年度自治区科技企业孵化器和众创空间绩效评价（考核）结果的通知"
    assert notice.addressees == ("各盟市科技局", "满洲里市工信和科技局", "二连浩特市教育科技局", "各有关单位")
    assert (notice.year, notice.document_number, notice.issued_on) == (2021, None, None)
    assert notice.bases == (
        CitedBasis(title="关于促进民营经济高质量发展若干措施", number="内党发〔2018〕23号"),
        CitedBasis(title="内蒙古自治区科技企业孵化器绩效评价办法（试行）", number="内科发成字〔2020〕3号"),
        CitedBasis(title="内蒙古自治区众创空间管理办法（试行）", number="内科发成字〔2020〕2号"),
    )
    assert notice.stages == ("材料申报", "初审", "专家评审", "现场抽查", "科研诚信审查", "公示")
    assert [paragraph[:4] for paragraph in notice.paragraphs] == ["为推动自", "被评价不", "对被取消"]


def test_the_tables_of_the_2021_notice_have_kinds_columns_and_results() -> None:
    incubators, makerspaces = read_notice(seed_document()).tables

    columns = (C.SERIAL, C.NAME, C.OPERATOR, C.CHANNEL, C.RESULT)
    assert (incubators.label, incubators.kind, incubators.columns) == ("附件1", "incubator", columns)
    assert (makerspaces.label, makerspaces.kind, makerspaces.columns) == ("附件2", "makerspace", columns)
    assert incubators.title == "2021年度科技企业孵化器绩效评价结果汇总表"
    assert [row.serial for row in makerspaces.rows] == list(range(1, 86))
    assert Counter(row.outcome for row in makerspaces.rows) == {
        "excellent": 14, "good": 10, "qualified": 14, "unqualified": 13, "pilot_cancelled": 3,
        "disqualified": 27, "carried": 2, "deferred": 2,
    }  # fmt: skip
    carried = makerspaces.rows[81]
    assert (carried.label, carried.outcome) == ("2021年以孵化器参加评价，结果为良好", "carried")
    assert makerspaces.heads[-1] == "考核结果"


def test_the_seed_file_itself_gives_the_same_narrative() -> None:
    """The file as the department published it, one cell a line behind a tab, where it lies beside the checkout."""
    files = sorted((Path(__file__).resolve().parents[3] / "shared" / "seeds").glob("*.txt"))
    if not files:
        pytest.skip("the published file lies beside the working copy only")
    blocks: list[DocumentBlock] = []
    cells: list[str] = []
    for line in [*files[0].read_text("utf-8").split("\n"), "end"]:
        if line.startswith("\t"):
            cells.append(line.strip("\t"))
        elif cells and line.strip() and not re.match(r"\s*附件|end", line):
            cells[-1] += "\n" + line
        elif line.strip():
            if cells:
                rows = tuple(tuple(cells[at : at + 5]) for at in range(0, len(cells), 5))
                blocks.append(DocumentTable(rows=rows))
                cells = []
            blocks.append(DocumentParagraph(text=line))

    notice = read_notice(NoticeDocument(file=files[0].name, format="txt", blocks=tuple(blocks[:-1])))

    own = read_notice(seed_document())
    assert (notice.title, notice.addressees, notice.bases) == (own.title, own.addressees, own.bases)
    assert [[row.label for row in table.rows] for table in notice.tables] == [
        [row.label for row in table.rows] for table in own.tables
    ]
    name = notice.tables[0].rows[7].cell(notice.tables[0], C.NAME)
    assert name is not None
    assert (name.raw, name.text) == (
        "苏尼特左旗丝梦源孵化器商务\n有限责任公司",
        "苏尼特左旗丝梦源孵化器商务有限责任公司",
    )


# ---- evening out --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "evened"),
    [
        ("２０２３年度，Ａ级１２家", "2023年度，A级12家"),
        ("优秀 3 家,良好5家;合格1家", "优秀3家，良好5家；合格1家"),
        ("（内党发〔2018〕23号)", "（内党发〔2018〕23号）"),
        ("网络      科技有限\n公司", "网络科技有限公司"),
        ("Hello  World 空间", "Hello World空间"),
        ("资金1,234万元", "资金1,234万元"),
        ("《办法》（试行）", "《办法》（试行）"),
        ("示例⊕牧勒·创客\u200b部落", "示例⊕牧勒·创客部落"),
    ],
)
def test_widths_and_spaces_are_evened_out(raw: str, evened: str) -> None:
    assert even_out(raw) == evened


def test_traditional_characters_are_simplified_by_the_converter_given() -> None:
    pairs = str.maketrans("眾創間結過關於評價", "众创间结过关于评价")

    notice = read_notice(
        document("關於2022年度眾創空間評價的通告", (("序號", "眾創空間", "結果"), ("1", "示例甲", "通過"))),
        simplify=lambda text: text.translate(pairs),
    )

    assert notice.title == "关于2022年度众创空间评价的通告"
    assert notice.tables[0].rows[0].outcome == "qualified"
    assert notice.tables[0].rows[0].cells[2].raw == "通過"


# ---- head ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "title", "issuer", "number"),
    [
        (
            ("示例省科学技术厅文件", "示例科发〔2023〕12号", "示例省科学技术厅关于公布2022年度众创空间评价结果的通知"),
            "示例省科学技术厅关于公布2022年度众创空间评价结果的通知",
            "示例省科学技术厅",
            "示例科发〔2023〕12号",
        ),
        (
            ("示例市科技局", "关于公布2022年度孵化器", "绩效评价结果的通知", "示例科字[2023]5号"),
            "关于公布2022年度孵化器绩效评价结果的通知",
            "示例市科技局",
            "示例科字[2023]5号",
        ),
        (
            ("2022年度示例省孵化器", "和众创空间绩效评价结果公告", "（示例科〔2023〕9 号）"),
            "2022年度示例省孵化器和众创空间绩效评价结果公告",
            None,
            "示例科〔2023〕9号",
        ),
        (("公告", "2023年第9号"), "公告", None, None),
    ],
)  # fmt: skip
def test_title_issuer_and_number_are_found_in_any_order(
    lines: tuple[str, ...], title: str, issuer: str | None, number: str | None
) -> None:
    notice = read(*lines, "各有关单位：", "现予公布2022年度结果。")

    assert (notice.title, notice.issuer, notice.document_number) == (title, issuer, number)
    assert notice.paragraphs == ("现予公布2022年度结果。",)


@pytest.mark.parametrize(
    ("signature", "issuer", "day"),
    [
        (("示例市科学技术局", "2023年3月5日"), "示例市科学技术局", "2023-03-05"),
        (("示例市科学技术局（代章）", "二〇二三年十一月二十日"), "示例市科学技术局", "2023-11-20"),
        (("示例市科学技术局2023年3月5日",), "示例市科学技术局", "2023-03-05"),
        (("示例省科学技术厅办公室", "2023-03-05"), "示例省科学技术厅", "2023-03-05"),
        ((), None, None),
    ],
)
def test_signature_and_day_are_read_and_kept_out(
    signature: tuple[str, ...], issuer: str | None, day: str | None
) -> None:
    notice = read("关于众创空间评价结果的通知", "优秀3家。", *signature)

    assert (notice.issuer, notice.issued_on, notice.paragraphs) == (issuer, day, ("优秀3家。",))


def test_what_is_not_stated_is_none() -> None:
    notice = read("优秀3家。")

    assert (notice.issuer, notice.title, notice.year, notice.document_number) == (None, "", None, None)
    assert (notice.addressees, notice.bases, notice.stages, notice.tables) == ((), (), (), ())


@pytest.mark.parametrize(
    ("blocks", "year"),
    [
        (("关于2023年公布2022年度评价结果的通知",), 2022),
        (("关于评价结果的通知", "在2021年度考核中，优秀3家。"), 2021),
        (("关于评价结果的通知", "示例科〔2018〕3号", "优秀3家。"), 2018),
        (("关于二〇二二年度评价结果的通知",), 2022),
    ],
)
def test_the_year_is_that_of_the_evaluation(blocks: tuple[str, ...], year: int) -> None:
    assert read(*blocks).year == year


def test_salutations_keep_brackets_and_lists_within_a_name_together() -> None:
    assert read("关于评价的通知", "各市、县（市、区）科技局：", "好。").addressees == (
        "各市、县（市、区）科技局",
    )
    assert read("关于评价的通知", "各市（含示例甲市、示例乙市）科技局，有关单位：", "好。").addressees == (
        "各市（含示例甲市、示例乙市）科技局",
        "有关单位",
    )


def test_contacts_and_the_list_of_annexes_are_no_narrative() -> None:
    notice = read(
        "关于众创空间评价结果的通知", "优秀3家。", "联系人：示例某，电话：010-3家", "附件：1.甲名单（5家）",
        "2.乙名单（7家）",
        "示例市科技局",
    )  # fmt: skip

    assert notice.paragraphs == ("优秀3家。",)


def test_a_headline_that_states_a_count_is_narrative_too() -> None:
    assert read("示例市11家孵化载体获评优秀", "本市表现突出。").paragraphs == (
        "示例市11家孵化载体获评优秀",
        "本市表现突出。",
    )


# ---- tables --------------------------------------------------------------------------------------------------------


def test_columns_are_known_by_their_heads() -> None:
    heads = (
        "序号",
        "载体名称",
        "类型",
        "级别",
        "运营主体",
        "推荐单位",
        "综合得分",
        "2022年度评价等次",
        "备注",
    )
    row = ("1", "示例甲", "众创空间", "省级", "示例公司", "示例市", "95.5", "优秀", "")

    (table,) = read("关于公布2022年度载体评价结果的通知", (heads, row)).tables

    assert table.columns == (
        C.SERIAL,
        C.NAME,
        C.KIND,
        C.LEVEL,
        C.OPERATOR,
        C.CHANNEL,
        C.SCORE,
        C.RESULT,
        C.NOTE,
    )
    assert table.rows[0].kind == "makerspace"


def test_a_table_of_several_kinds_has_none_and_its_rows_have_theirs() -> None:
    rows = (
        ("序号", "名称", "类别", "结果"),
        ("1", "示例甲", "众创空间", "A"),
        ("2", "示例乙", "科技企业孵化器", "D"),
    )

    (table,) = read("关于公布2022年度载体评价结果的通知", rows).tables

    assert table.kind is None
    assert [(row.kind, row.label, row.outcome) for row in table.rows] == [
        ("makerspace", "A", "excellent"),
        ("incubator", "D", "unqualified"),
    ]


def test_empty_rows_sums_and_repeated_heads_are_no_rows_and_gaps_stay() -> None:
    heads = ("序号", "众创空间名称", "结果")
    rows = (
        heads,
        ("", "", ""),
        ("1", "示例甲", "优秀"),
        ("3", "示例乙", "合格"),
        heads,
        ("4", "示例丙", ""),
        ("合计", "3", ""),
    )

    (table,) = read("关于评价的通知", rows).tables

    assert [(row.number, row.serial, row.label) for row in table.rows] == [
        (1, 1, "优秀"),
        (2, 3, "合格"),
        (3, 4, None),
    ]


@pytest.mark.parametrize("section", [("优秀（2家）", "", ""), ("优秀（2家）",) * 3])
def test_a_row_over_all_columns_states_the_result_of_the_rows_beneath(section: tuple[str, ...]) -> None:
    rows = (
        ("序号", "名称", "单位"),
        section,
        ("1", "示例甲", "x"),
        ("2", "示例乙", "x"),
        ("良好", "", ""),
        ("3", "示例丙", "x"),
    )

    (table,) = read("关于2022年度孵化器评价结果的通知", rows).tables

    assert [(row.label, row.outcome) for row in table.rows] == [("优秀", "excellent")] * 2 + [
        ("良好", "good")
    ]


def test_headings_over_tables_state_result_and_kind_and_stay_in_the_narrative() -> None:
    grid = (("序号", "名称"), ("1", "示例甲"), ("2", "示例乙"))

    notice = read(
        "关于2022年度评价结果的公告", "公告如下。", "一、A级众创空间（2家）", grid, "二、B级孵化器", grid
    )

    assert [(table.kind, table.rows[0].label, table.rows[1].outcome) for table in notice.tables] == [
        ("makerspace", "A级", "excellent"),
        ("incubator", "B级", "good"),
    ]
    assert notice.paragraphs == ("公告如下。", "一、A级众创空间（2家）", "二、B级孵化器")


def test_the_title_of_an_annex_states_the_result_where_no_column_does() -> None:
    rows = (("序号", "众创空间名称", "运营主体"), ("1", "示例甲", "x"))

    (table,) = read("关于撤销资格的通知", "决定如下。", "附件1", "撤销市级众创空间资格名单", rows).tables

    assert (table.label, table.title) == ("附件1", "撤销市级众创空间资格名单")
    assert (table.rows[0].label, table.rows[0].outcome) == ("撤销", "disqualified")


def test_numbered_lists_of_institutions_are_tables() -> None:
    notice = read(
        "关于2022年度众创空间考核结果的公告", "公告如下：", "优秀（2家）",
        "1.示例甲众创空间（示例市）", "2.示例乙众创空间（示例市）",
        "合格（1家）", "1、示例丙众创空间",
    )  # fmt: skip

    first, second = notice.tables
    assert first.columns == (C.SERIAL, C.NAME, C.CHANNEL)
    assert [[cell.text for cell in row.cells] for row in first.rows] == [
        ["1", "示例甲众创空间", "示例市"],
        ["2", "示例乙众创空间", "示例市"],
    ]
    assert [row.label for row in (*first.rows, *second.rows)] == ["优秀", "优秀", "合格"]
    assert notice.paragraphs == ("公告如下：", "优秀（2家）", "合格（1家）")


def test_numbered_demands_are_no_table() -> None:
    notice = read("关于评价的通知", "要求如下：", "1.加强管理", "2.优秀3家要发挥作用", "3.按时报送数据")

    assert notice.tables == ()
    assert len(notice.paragraphs) == 4


def test_a_merged_result_cell_holds_for_the_rows_beneath_it() -> None:
    results = ("优秀", "", "", "合格", "", "")
    rows = tuple((str(n), f"示例{n}", result) for n, result in enumerate(results, 1))

    (table,) = read("关于评价的通知", (("序号", "名称", "结果"), *rows)).tables

    assert [row.label for row in table.rows] == ["优秀"] * 3 + ["合格"] * 3


def test_a_grade_given_twice_leaves_blank_results_blank() -> None:
    rows = tuple((str(n), f"示例{n}", result) for n, result in enumerate(("优秀", "", "优秀", "合格"), 1))

    (table,) = read("关于评价的通知", (("序号", "名称", "结果"), *rows)).tables

    assert [row.label for row in table.rows] == ["优秀", None, "优秀", "合格"]


@pytest.mark.parametrize(
    ("cell", "outcome"),
    [
        ("优秀（A类）", "excellent"),
        ("B", "good"),
        ("通过", "qualified"),
        ("不合格（未参加评价）", "unqualified"),
        ("D（未参评）", "unqualified"),
        ("不合格，取消试点培育资格。", "pilot_cancelled"),
        ("取消众创空间资格", "disqualified"),
        ("以孵化器评价结果为准（良好）", "carried"),
        ("2022年以孵化器参加评价。", "deferred"),
        ("应评未评", "absent"),
        ("四星", "other"),
        ("基本合格", "other"),
        ("—", None),
    ],
)
def test_a_result_cell_states_an_outcome(cell: str, outcome: str | None) -> None:
    rows = (("序号", "众创空间名称", "评价结果"), ("1", "示例甲", cell))

    (table,) = read("关于2021年度众创空间评价结果的通知", rows).tables

    assert table.rows[0].outcome == outcome


def test_tables_alone_are_read() -> None:
    notice = read((("1", "示例甲众创空间", "优秀"), ("2", "示例乙众创空间", "合格")))

    assert notice.paragraphs == ()
    assert notice.tables[0].columns == (C.SERIAL, C.NAME, C.RESULT)
    assert [row.label for row in notice.tables[0].rows] == ["优秀", "合格"]


# ---- what other hands' notices showed ----------------------------------------------------------------------


def read_lines(*texts: str, rows: list[list[str]] | None = None) -> PublishedNotice:
    blocks: list[DocumentBlock] = [DocumentParagraph(text=text) for text in texts]
    if rows is not None:
        blocks.append(DocumentTable(rows=tuple(tuple(row) for row in rows)))
    return read_notice(NoticeDocument(file="x.txt", format="txt", blocks=tuple(blocks)))


def test_a_colon_behind_a_bracket_is_a_chinese_one():
    assert even_out("各运营主体(物业):") == "各运营主体（物业）："


def test_names_under_a_heading_are_a_list_with_its_result():
    notice = read_lines(
        "关于众创空间考核结果的通知",
        "一、优秀众创空间（2家）",
        "示例甲众创空间、示例乙众创空间。",
        "二、合格众创空间（2家）",
        "示例丙众创空间",
        "示例丁创客汇",
    )

    assert [(table.title, [row.label for row in table.rows]) for table in notice.tables] == [
        ("一、优秀众创空间（2家）", ["优秀", "优秀"]),
        ("二、合格众创空间（2家）", ["合格", "合格"]),
    ]
    assert [row.serial for table in notice.tables for row in table.rows] == [None] * 4


def test_grades_may_head_the_columns():
    rows = [["序号", "优秀", "良好"], ["1", "示例甲众创空间", "示例丙众创空间"], ["2", "", "示例丁众创空间"]]
    [table] = read_lines("关于众创空间考核结果的通知", rows=rows).tables

    assert [(row.cells[0].text, row.outcome) for row in table.rows] == [
        ("示例甲众创空间", "excellent"),
        ("示例丙众创空间", "good"),
        ("示例丁众创空间", "good"),
    ]


def test_the_annexes_that_the_text_lists_are_known():
    notice = read_lines(
        "关于孵化器考核结果的通知",
        "附件：1.孵化器考核结果.docx",
        "2.未参加考核的孵化器名单",
        "附件1",
        "孵化器考核结果",
        rows=[["序号", "孵化器名称", "考核结果"], ["1", "示例甲孵化器", "优秀"]],
    )

    assert [(annex.number, annex.title, annex.is_here) for annex in notice.annexes] == [
        (1, "孵化器考核结果", True),
        (2, "未参加考核的孵化器名单", False),
    ]


def test_the_year_is_not_that_of_a_recognition():
    assert read_lines("对2015年认定的103家省级众创空间进行考核评估。").year is None


@pytest.mark.parametrize(
    ("line", "issuer"),
    [
        ("受示例省科技厅与示例省教育厅委托，开展评价。", "示例省科技厅"),
        ("示例省科技厅会同示例省教育厅组织评价。", "示例省科技厅"),
        ("来源：示例省科学技术厅成果处", "示例省科学技术厅"),
        ("本表由示例市科技局高新科负责解释。", "示例市科技局"),
    ],
)
def test_a_report_names_who_evaluates(line, issuer):
    assert read_lines("孵化器评价放榜啦", line).issuer == issuer
