"""notice.pdf, read back: PDF/A-2b, every row whole, Chinese on every page, and no name is ever run."""

import io
import re
from dataclasses import replace

import pdfplumber
import pytest
from notice_samples import (
    HOSTILE,
    LIVE,
    PRINTED_GLYPHS,
    VOCABULARY,
    hostile_round,
    live_round,
    past_round,
    results_of,
)

from hatchmark.documents.fonts import has_shape, wheel_font_file
from hatchmark.documents.pdf import notice_pdf
from hatchmark.domain.notices import FICTIONAL, NOT_THE_ORIGINAL, build_notice

CHINESE = re.compile("[\u4e00-\u9fff]")


def opened(notice, *, system_fonts=False):
    # The shipped font alone, so that a test says the same on every machine; one test below asks the machine.
    return pdfplumber.open(io.BytesIO(notice_pdf(notice, system_fonts=system_fonts)))


def plain(text):
    """Drop what the layout adds: line breaks, spaces, invisible places to break."""
    return re.sub(r"[\s\u200b]", "", text or "")


def rows_of(document):
    """Read every table; a row that goes on over a page is not asked for here."""
    return [
        tuple(plain(cell) for cell in row)
        for page in document.pages
        for table in page.extract_tables()
        for row in table
    ]


@pytest.fixture(scope="module")
def past():
    notice, _ = past_round()
    with opened(notice) as document:
        yield notice, document


def test_every_page_is_a4_prints_chinese_the_mark_and_its_number(past):
    _, document = past

    for number, page in enumerate(document.pages, start=1):
        text = page.extract_text()
        assert (round(page.width), round(page.height)) == (595, 842)
        assert len(CHINESE.findall(text.replace(NOT_THE_ORIGINAL, ""))) > 50
        assert text.splitlines()[0] == NOT_THE_ORIGINAL
        assert text.splitlines()[-1] == f"— {number} —"


def test_page_numbers_stand_on_the_outer_side(past):
    _, document = past

    middles = [page.chars[-1]["x0"] > page.width / 2 for page in document.pages]

    assert middles == [number % 2 == 1 for number in range(1, len(middles) + 1)]


def test_both_annexes_are_whole_with_their_heads_on_every_page(past):
    notice, document = past

    rows = rows_of(document)

    heads = {annex.heads for annex in notice.annexes}
    body = [row for row in rows if row not in heads]
    assert body == [row.cells for annex in notice.annexes for row in annex.rows]
    assert len(body) == 100
    pages_with_table = [page for page in document.pages if page.extract_tables()]
    assert len(rows) - len(body) == len(pages_with_table) > 2


def test_the_text_is_the_notice(past):
    notice, document = past

    text = plain("".join(page.extract_text() for page in document.pages))
    text = text.replace(NOT_THE_ORIGINAL, "")
    text = re.sub(r"—\d+—(?=[^\d])", "", text)

    for paragraph in notice.paragraphs:
        assert plain(paragraph.text) in text


def test_the_glyphs_of_the_real_round_have_shapes_in_the_font_that_is_always_there():
    assert [c for name in PRINTED_GLYPHS for c in name if not has_shape(c)] == []
    assert not has_shape("😀")


@pytest.mark.parametrize("system_fonts", [False, True])
def test_fonts_are_embedded_and_the_file_says_pdf_a_2b(system_fonts):
    notice, _ = live_round()

    with opened(notice, system_fonts=system_fonts) as document:
        faces = {char["fontname"] for page in document.pages for char in page.chars}
        assert faces
        assert all(re.match(r"[A-Z]{6}\+", face) for face in faces)
        files = [
            descriptor
            for reference in document.doc.xrefs[0].get_objids()
            if isinstance(descriptor := document.doc.getobj(reference), dict)
            and getattr(descriptor.get("Type"), "name", "") == "FontDescriptor"
        ]
        assert files
        assert all("FontFile2" in descriptor or "FontFile3" in descriptor for descriptor in files)
        metadata = document.doc.catalog["Metadata"].resolve().get_data().decode()
    assert re.search(r"pdfaid:part[=>\"]+2", metadata)
    assert re.search(r"pdfaid:conformance[=>\"]+B", metadata)


def test_without_fonts_of_the_machine_the_shipped_one_sets_everything():
    notice, _ = live_round()

    with opened(notice) as document:
        faces = {char["fontname"].partition("+")[2] for page in document.pages for char in page.chars}

    assert faces == {"NotoSansCJKsc-Regular"}
    assert wheel_font_file().is_file()


def test_hostile_names_are_printed_and_not_run():
    notice, _ = hostile_round()
    short = [name for name in HOSTILE if len(name) < 200]

    with opened(notice) as document:
        printed = {row[1] for row in rows_of(document)}
        whole = plain("".join(page.extract_text() for page in document.pages))

    named = [
        plain("".join(c if has_shape(c) and c not in "\t\x07\u202e" else f"〔U+{ord(c):04X}〕" for c in name))
        for name in short
    ]
    assert [name for name in named if name not in printed] == []
    assert "root:" not in whole
    assert whole.count("长") >= 998


def test_a_long_word_stays_in_its_column():
    notice, _ = hostile_round()

    with opened(notice) as document:
        cells = [
            (char["x0"], char["x1"])
            for page in document.pages
            if page.extract_tables()
            for char in page.chars
            if char["text"] == "a" and char["size"] == pytest.approx(12)
        ]
        edges = sorted({round(line["x0"]) for line in document.pages[-1].lines + document.pages[-1].rects})

    assert len(cells) >= 300
    # Left edge of the name column, right edge of the operators column.
    left, right = edges[1], edges[3]
    assert all(left <= x0 and x1 <= right for x0, x1 in cells)


def test_the_mark_and_the_scheme_note_of_a_fictional_round():
    notice, _ = live_round()

    with opened(notice) as document:
        pages = [page.extract_text() for page in document.pages]

    assert all(page.splitlines()[0] == FICTIONAL for page in pages)
    assert [
        page.count("评价方案系重构，不是主管部门发布的方案。")
        for page in pages
        if "附件1\n" in page or "附件2\n" in page
    ] == [1, 1]


def test_an_undated_notice_prints_no_day_and_a_dated_one_its_own(past):
    _, document = past
    dated, _ = live_round()

    undated_text = plain("".join(page.extract_text() for page in document.pages))
    with opened(dated) as live:
        dated_text = plain("".join(page.extract_text() for page in live.pages))

    assert re.findall(r"\d+年\d+月\d+日", undated_text) == []
    assert re.findall(r"\d+年\d+月\d+日", dated_text) == ["2025年11月3日"]


@pytest.mark.parametrize("system_fonts", [False, True])
def test_two_builds_give_the_same_bytes(system_fonts):
    notice, _ = live_round()

    assert notice_pdf(notice, system_fonts=system_fonts) == notice_pdf(notice, system_fonts=system_fonts)


def test_a_name_that_no_page_holds_is_refused_by_name():
    notice, _ = live_round()
    annex = notice.annexes[0]
    long = replace(annex.rows[0], cells=("1", "长" * 1001, *annex.rows[0].cells[2:]))

    with pytest.raises(ValueError, match=r"incubator:1 孵化器名称: 长+… has 1001 characters.*at most 1000"):
        notice_pdf(replace(notice, annexes=(replace(annex, rows=(long,)),)))


def test_a_large_round_is_set_though_its_list_of_serials_is_longer_than_a_cell():
    names = tuple(f"示例孵化器之{n}号" for n in range(1, 801))
    results = results_of({"incubator": names}, fictional=True, scored=True)
    notice = build_notice(results, VOCABULARY, LIVE)
    assert max(len(paragraph.text) for paragraph in notice.paragraphs) > 1000

    with opened(notice) as document:
        last = document.pages[-1].extract_tables()[-1][-1]

    assert tuple(map(plain, last)) == notice.annexes[0].rows[-1].cells


def test_a_number_and_the_digest_can_be_copied_as_they_are(past):
    notice, document = past
    text = "\n".join(page.extract_text() for page in document.pages)

    assert notice.digest in text
    assert not re.search("[0-9]\u200b[0-9]", text)


def test_a_signature_never_stands_on_a_page_alone():
    notice, _ = live_round()
    with opened(notice) as document:
        page = next(page for page in document.pages if "2025年" in plain(page.extract_text())[-40:])

    assert notice.digest in page.extract_text()
