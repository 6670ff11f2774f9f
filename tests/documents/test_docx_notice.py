"""notice.docx, read back: the content is the notice, the form is GB/T 9704-2012, the bytes repeat."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from notice_samples import HOSTILE, LIVE, VOCABULARY, hostile_round, live_round, past_round, results_of

from hatchmark.documents.docx import notice_docx
from hatchmark.domain.notices import FICTIONAL, NOT_THE_ORIGINAL, build_notice


def opened(notice):
    return docx.Document(io.BytesIO(notice_docx(notice)))


def texts(document):
    return [paragraph.text for paragraph in document.paragraphs if paragraph.text]


def rows_of(table):
    return [tuple(cell.text for cell in row.cells) for row in table.rows]


def test_the_text_is_the_notice_line_by_line():
    notice, _ = past_round()

    assert texts(opened(notice)) == [
        *notice.title_lines,
        "各盟市科技局，各有关单位：",
        *(paragraph.text for paragraph in notice.paragraphs),
        "附件：1. 2025年度科技企业孵化器绩效评价结果汇总表",
        "2. 2025年度众创空间绩效考核结果汇总表",
        "附件1",
        "2025年度科技企业孵化器绩效评价结果汇总表",
        "附件2",
        "2025年度众创空间绩效考核结果汇总表",
    ]


def test_a_dated_notice_has_its_number_its_issuer_and_its_day():
    notice, _ = live_round()

    said = texts(opened(notice))

    assert said[0] == "示例科发〔2025〕1号"
    assert said[said.index("附件1") - 2 : said.index("附件1")] == ["示例自治区科学技术厅", "2025年11月3日"]
    for word in ("孵化器", "众创空间"):  # in the text, and above its own annex
        assert said.count(f"{word}评价方案系重构，不是主管部门发布的方案。") == 2


def test_both_annexes_are_whole_and_to_the_letter():
    notice, _ = past_round()

    tables = opened(notice).tables

    assert [rows_of(table) for table in tables] == [
        [annex.heads, *(row.cells for row in annex.rows)] for annex in notice.annexes
    ]
    assert [len(table.rows) for table in tables] == [16, 86]


@pytest.mark.parametrize(("round_of", "mark"), [(past_round, NOT_THE_ORIGINAL), (live_round, FICTIONAL)])
def test_the_mark_stands_in_the_header_of_odd_and_of_even_pages(round_of, mark):
    document = opened(round_of()[0])

    (section,) = document.sections
    assert document.settings.odd_and_even_pages_header_footer is True
    assert [h.paragraphs[0].text for h in (section.header, section.even_page_header)] == [mark, mark]


def test_page_and_type_are_those_of_the_standard():
    document = opened(past_round()[0])

    (section,) = document.sections
    measures = [section.page_width, section.page_height, section.top_margin, section.bottom_margin]
    measures += [section.left_margin, section.right_margin]
    # A file holds twentieths of a point: within 0.02 mm.
    assert [round(length / Mm(1), 1) for length in measures] == [210, 297, 37, 35, 28, 26]
    grid = section._sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")
    normal = document.styles["Normal"]
    assert (normal.font.size, normal.paragraph_format.line_spacing) == (Pt(16), Pt(28))
    assert normal.element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    title = document.paragraphs[0].runs[0]
    assert (title.font.size, title._r.rPr.rFonts.get(qn("w:eastAsia"))) == (Pt(22), "方正小标宋简体")


@pytest.mark.parametrize(("footer", "align"), [("footer", "right"), ("even_page_footer", "left")])
def test_the_page_number_is_a_field_between_dashes_on_the_outer_side(footer, align):
    (section,) = opened(past_round()[0]).sections

    paragraph = getattr(section, footer).paragraphs[0]

    assert paragraph.text == "— 1 —"
    assert [field.text for field in paragraph._p.iter(qn("w:instrText"))] == [" PAGE "]
    assert paragraph._p.pPr.find(qn("w:jc")).get(qn("w:val")) == align
    run = paragraph.runs[0]
    assert (run.font.size, run._r.rPr.rFonts.get(qn("w:eastAsia"))) == (Pt(14), "宋体")


def test_heads_repeat_rows_hold_together_and_annexes_begin_a_page():
    notice, _ = past_round()
    document = opened(notice)

    for table in document.tables:
        marks = [[child.tag for child in row._tr.trPr] for row in table.rows]
        assert marks[0] == [qn("w:cantSplit"), qn("w:tblHeader")]
        assert set(map(tuple, marks[1:])) == {(qn("w:cantSplit"),)}
    broken_before = [p.text for p in document.paragraphs if p.paragraph_format.page_break_before]
    assert broken_before == ["附件1", "附件2"]


def test_hostile_names_are_text_and_nothing_else():
    notice, _ = hostile_round()

    document = opened(notice)

    names = [row[1] for row in rows_of(document.tables[0])[1:]]
    expected = [
        name.replace("\t", "〔U+0009〕").replace("\x07", "〔U+0007〕").replace("\u202e", "〔U+202E〕")
        for name in HOSTILE
    ]
    assert names == expected
    fields = [field.text for field in document.element.iter(qn("w:instrText"))]
    assert fields == []


def test_a_row_higher_than_a_page_may_break():
    notice, _ = hostile_round()

    (table,) = opened(notice).tables

    together = [bool(len(row._tr.xpath("./w:trPr/w:cantSplit"))) for row in table.rows[1:]]
    assert together == [len(name) <= 150 for name in HOSTILE]


def test_a_name_that_no_page_holds_is_refused_by_name():
    notice, _ = live_round()
    annex = notice.annexes[0]
    long = replace(annex.rows[0], cells=("1", "长" * 1001, *annex.rows[0].cells[2:]))

    with pytest.raises(ValueError, match=r"incubator:1 孵化器名称: 长+… has 1001 characters.*at most 1000"):
        notice_docx(replace(notice, annexes=(replace(annex, rows=(long,)),)))


def test_two_builds_give_the_same_bytes_without_a_clock():
    notice, _ = past_round()

    first = notice_docx(notice)

    assert notice_docx(notice) == first
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {part.date_time for part in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert package.namelist()[0] == "[Content_Types].xml"
    properties = opened(notice).core_properties
    # The notice has no day; the file says so with the day zero of its format.
    assert properties.created == properties.modified == datetime(1980, 1, 1, tzinfo=UTC)


def test_a_large_round_is_set_though_its_list_of_serials_is_longer_than_a_cell():
    names = tuple(f"示例孵化器之{n}号" for n in range(1, 801))
    results = results_of({"incubator": names}, fictional=True, scored=True)
    notice = build_notice(results, VOCABULARY, LIVE)
    assert max(len(paragraph.text) for paragraph in notice.paragraphs) > 1000

    document = opened(notice)

    assert [row[1] for row in rows_of(document.tables[0])[1:]] == list(names)


def test_digits_are_not_marked_as_chinese_or_a_line_would_break_inside_a_number():
    normal = opened(past_round()[0]).styles["Normal"].element.rPr.find(qn("w:lang"))

    assert normal.get(qn("w:val")) == "en-US"
    assert normal.get(qn("w:eastAsia")) == "zh-CN"


def test_a_signature_never_stands_on_a_page_alone():
    notice = live_round()[0]
    paragraphs = opened(notice).paragraphs
    issuer = next(n for n, each in enumerate(paragraphs) if each.text == notice.issuer)
    digest = next(n for n, each in enumerate(paragraphs) if notice.digest in each.text)

    assert digest < issuer
    assert all(each.paragraph_format.keep_with_next for each in paragraphs[digest : issuer + 1])
