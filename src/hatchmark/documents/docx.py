"""Sets a paper with its annexes as .docx after GB/T 9704-2012. Values in, bytes out."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import docx
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from hatchmark.documents import layout
from hatchmark.documents.printable import printable
from hatchmark.domain.notices import Annex, Paper, Paragraph, Role, day_words

# The fonts that the standard names. They are named in the file and never shipped: Word and WPS have them.
BODY_FONT = "仿宋_GB2312"
TITLE_FONT = "方正小标宋简体"
HEADING_FONT = "黑体"
PAGE_NUMBER_FONT = "宋体"

BODY_PT = 16
LINE_PT = 28
_CELL_PT = 12
_CELL_LINE_PT = 17

# 28 characters a line: LibreOffice and Word get there by drawing each run a quarter point closer, on a
# grid of lines alone. A grid of lines and characters would put each 16 pt glyph into two cells.
_LINE_PITCH_TWIPS = 579
_CHARACTER_SPACING_TWIPS = -5

_ZIP_MOMENT = (1980, 1, 1, 0, 0, 0)


def notice_docx(notice: Paper) -> bytes:
    """Return the .docx of a notice or any other paper. Same paper, same bytes: no clock and no random id is in it."""
    document = docx.Document()
    _set_styles(document)
    _set_properties(document, notice)
    _set_page(document.sections[0], notice)
    document.settings.odd_and_even_pages_header_footer = True

    if notice.number is not None:
        _paragraph(document, _text(notice.number, "number"), align=WD_ALIGN_PARAGRAPH.CENTER)
        _paragraph(document, "")
    for line in notice.title_lines:
        _title(document, _text(line, "title"), points=22)
    _paragraph(document, "")
    if addressees := layout.addressee_line(notice):
        _paragraph(document, addressees)
    for paragraph in notice.paragraphs:
        _body(document, paragraph)
    _annex_list(document, notice)
    if notice.issued_on is not None:
        _signature(document, _text(notice.issuer, "issuer"), day_words(notice.issued_on))
    for annex in notice.annexes:
        _annex(document, annex, notice)
    _drop_thumbnail(document)
    stream = io.BytesIO()
    document.save(stream)
    return _without_clock(stream.getvalue())


# ---- page --------------------------------------------------------------------------------------------


def _set_styles(document: Any) -> None:
    normal = document.styles["Normal"]
    normal.font.size = Pt(BODY_PT)
    _set_fonts(normal.element.get_or_add_rPr(), BODY_FONT)
    # Marked as simplified Chinese: else commas are drawn in the middle of their square, as in Taiwan.
    # Digits and Latin letters are not: LibreOffice breaks a line inside a number that is marked as Chinese.
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")
    normal.element.get_or_add_rPr().append(language)
    form = normal.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    form.line_spacing = Pt(LINE_PT)
    # A line left alone is moved by Word together with its neighbour, and the page then has 21 lines.
    form.widow_control = False
    # Word widens the gap between Chinese and digits by itself, and 28 characters no longer fit.
    for name in ("w:autoSpaceDE", "w:autoSpaceDN"):
        _switch_off(normal.element.get_or_add_pPr(), name)
    document.settings.element.find(qn("w:themeFontLang")).set(qn("w:eastAsia"), "zh-CN")
    for name in ("Header", "Footer"):
        style = document.styles[name]
        style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE


def _switch_off(properties: Any, name: str) -> None:
    switch = OxmlElement(name)
    switch.set(qn("w:val"), "0")
    # The schema fixes the order inside w:pPr: these stand before spacing.
    after = (
        "w:autoSpaceDN",
        "w:bidi",
        "w:adjustRightInd",
        "w:snapToGrid",
        "w:spacing",
        "w:ind",
        "w:jc",
        "w:outlineLvl",
    )
    properties.insert_element_before(switch, *after[after.index(name) + 1 if name in after else 0 :], "w:rPr")


def _off_grid(paragraph: Any, *, points: float) -> None:
    """Give a paragraph its own line height: on the grid, every line would be as high as one of the body."""
    paragraph.paragraph_format.line_spacing = Pt(points)
    _switch_off(paragraph._p.get_or_add_pPr(), "w:snapToGrid")


def _set_fonts(properties: Any, font: str) -> None:
    fonts = properties.get_or_add_rFonts()
    for attribute in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(attribute), font)
    # Without the hint Word sets “” · — from a Latin font, half as wide as the Chinese around them.
    fonts.set(qn("w:hint"), "eastAsia")
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)


def _set_properties(document: Any, notice: Paper) -> None:
    day = notice.issued_on or layout.NO_DATE
    properties = document.core_properties
    properties.title = printable(notice.title, where="title")
    properties.author = properties.last_modified_by = layout.MADE_BY
    properties.comments = "；".join(notice.marks)
    properties.language = "zh-CN"
    properties.revision = 1
    properties.created = properties.modified = datetime(day.year, day.month, day.day, tzinfo=UTC)


def _set_page(section: Any, notice: Paper) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(20), Mm(25)
    properties = section._sectPr
    for grid in properties.findall(qn("w:docGrid")):
        properties.remove(grid)
    grid = OxmlElement("w:docGrid")
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(_LINE_PITCH_TWIPS))
    properties.append(grid)
    marks = "  ".join(_text(mark, "mark") for mark in notice.marks)
    for header in (section.header, section.even_page_header):
        paragraph = header.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if marks:
            _run(paragraph, marks, font=HEADING_FONT, points=10.5)
    _page_number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
    _page_number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)


def _page_number(paragraph: Any, align: WD_ALIGN_PARAGRAPH) -> None:
    """— 1 — on the outer side, one character in from the edge of the text."""
    paragraph.alignment = align
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(14)
    _run(paragraph, "— ", font=PAGE_NUMBER_FONT, points=14)
    for kind, text in (("begin", None), (None, " PAGE "), ("separate", None), (None, "1"), ("end", None)):
        run = _run(paragraph, "", font=PAGE_NUMBER_FONT, points=14)
        if kind is not None:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        else:
            element = OxmlElement("w:instrText" if text != "1" else "w:t")
            element.set(qn("xml:space"), "preserve")
            element.text = text
            run._r.append(element)
    _run(paragraph, " —", font=PAGE_NUMBER_FONT, points=14)


# ---- text --------------------------------------------------------------------------------------------


def _text(text: str, where: str) -> str:
    return printable(text, where=where)


def _run(paragraph: Any, text: str, *, font: str = BODY_FONT, points: float = BODY_PT) -> Any:
    run = paragraph.add_run(text)
    run.font.size = Pt(points)
    properties = run._r.get_or_add_rPr()
    _set_fonts(properties, font)
    if points == BODY_PT:
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), str(_CHARACTER_SPACING_TWIPS))
        # The schema fixes the order inside w:rPr: spacing stands before sz.
        properties.insert_element_before(spacing, "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:lang")
    return run


def _paragraph(
    document: Any,
    text: str,
    *,
    align: WD_ALIGN_PARAGRAPH | None = None,
    font: str = BODY_FONT,
    points: float = BODY_PT,
) -> Any:
    paragraph = document.add_paragraph()
    paragraph.alignment = align
    if text:
        _run(paragraph, text, font=font, points=points)
    return paragraph


def _title(document: Any, text: str, *, points: float, space_after: float = 0) -> None:
    paragraph = _paragraph(document, text, align=WD_ALIGN_PARAGRAPH.CENTER, font=TITLE_FONT, points=points)
    _off_grid(paragraph, points=points + 10)
    paragraph.paragraph_format.space_after = Pt(space_after)
    paragraph.paragraph_format.keep_with_next = True


def _indent(paragraph: Any, *, characters: int) -> None:
    """Indent the first line by characters, so that it stays right in whatever font the reader has."""
    indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLineChars"), str(characters * 100))
    indent.set(qn("w:firstLine"), str(characters * BODY_PT * 20))


def _body(document: Any, content: Paragraph) -> None:
    text = layout.paragraph_text(content)
    if content.role is Role.SMALL:
        # What ends the text goes on to the page of the signature: a signature never stands on a page alone.
        _small(document, text).paragraph_format.keep_with_next = True
        return
    heading = content.role is Role.HEADING
    paragraph = _paragraph(
        document,
        text,
        align=WD_ALIGN_PARAGRAPH.LEFT if heading else WD_ALIGN_PARAGRAPH.JUSTIFY,
        font=HEADING_FONT if heading else BODY_FONT,
    )
    paragraph.paragraph_format.keep_with_next = heading
    if heading:
        level = OxmlElement("w:outlineLvl")
        level.set(qn("w:val"), "0")
        paragraph._p.get_or_add_pPr().append(level)
    _indent(paragraph, characters=2)


def _small(document: Any, text: str) -> Any:
    paragraph = _paragraph(document, text, align=WD_ALIGN_PARAGRAPH.LEFT, points=_CELL_PT)
    _off_grid(paragraph, points=_CELL_LINE_PT)
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(6)
    return paragraph


def _annex_list(document: Any, notice: Paper) -> None:
    if notice.annexes:
        _paragraph(document, "").paragraph_format.keep_with_next = notice.issued_on is not None
    for position, annex in enumerate(notice.annexes):
        lead = "附件：" if position == 0 else ""
        title = layout.annex_line_lead(position, notice) + _text(annex.title, "list of annexes")
        paragraph = _paragraph(document, f"{lead}{title}")
        # Titles hang under one another: two characters in, three for the word 附件：, one for the number.
        form = paragraph.paragraph_format
        form.keep_with_next = notice.issued_on is not None
        form.left_indent = Pt(BODY_PT * 6)
        form.first_line_indent = Pt(-BODY_PT * (4 if position == 0 else 1))


def _signature(document: Any, issuer: str, day: str) -> None:
    for _ in range(2):
        _paragraph(document, "").paragraph_format.keep_with_next = True
    for text in (issuer, day):
        paragraph = _paragraph(document, text, align=WD_ALIGN_PARAGRAPH.RIGHT)
        paragraph.paragraph_format.right_indent = Pt(BODY_PT * 4)
        paragraph.paragraph_format.keep_with_next = text == issuer


# ---- annexes -----------------------------------------------------------------------------------------


def _annex(document: Any, annex: Annex, notice: Paper) -> None:
    label = _paragraph(document, _text(annex.label, "annex"), font=HEADING_FONT)
    label.paragraph_format.page_break_before = True
    _title(document, _text(annex.title, "annex"), points=18, space_after=10)
    for line in notice.provenance_of(annex):
        _small(document, _text(line, "provenance"))
    widths = [Mm(width) for width in layout.widths_mm(annex)]
    table = document.add_table(rows=0, cols=len(widths))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    _set_margins(table)
    centred = [layout.is_centred(column) for column in annex.columns]
    heads = [_text(head, "head") for head in annex.heads]
    _row(table, heads, widths, [True] * len(heads), font=HEADING_FONT, head=True)
    if annex.rows:
        _row(table, heads, widths, centred, font=BODY_FONT)
        pattern = table._tbl.tr_lst[-1]
        table._tbl.remove(pattern)
    for row in annex.rows:
        cells = [_text(cell, f"{row.key} {head}") for cell, head in zip(row.cells, annex.heads, strict=True)]
        table._tbl.append(_filled(pattern, cells, whole=not layout.may_break(row)))


def _filled(pattern: Any, texts: Sequence[str], *, whole: bool) -> Any:
    """Copy a row and fill it. Building each row anew takes ten times as long."""
    row = deepcopy(pattern)
    for cell, text in zip(row.tc_lst, texts, strict=True):
        cell.p_lst[0].r_lst[0].text = text
    if not whole:
        properties = row.trPr
        properties.remove(properties.find(qn("w:cantSplit")))
    return row


def _set_margins(table: Any) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side, twips in (("top", 50), ("left", 60), ("bottom", 50), ("right", 60)):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(twips))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    # The schema wants tblLook last.
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    if look is not None:
        look.addprevious(margins)
    else:
        table._tbl.tblPr.append(margins)


def _row(
    table: Any,
    texts: Sequence[str],
    widths: Sequence[Any],
    centred: Iterable[bool],
    *,
    font: str,
    head: bool = False,
) -> None:
    row = table.add_row()
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if head:
        properties.append(OxmlElement("w:tblHeader"))
    for cell, text, width, in_middle in zip(row.cells, texts, widths, centred, strict=True):
        cell.width = width
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        paragraph = cell.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if in_middle else WD_ALIGN_PARAGRAPH.LEFT
        _off_grid(paragraph, points=_CELL_LINE_PT)
        _run(paragraph, text, font=font, points=_CELL_PT)


def _drop_thumbnail(document: Any) -> None:
    """Leave out the picture of an empty page that the template brings along."""
    relations = document.part.package.rels
    for key in [key for key, relation in relations.items() if relation.reltype.endswith("/thumbnail")]:
        del relations[key]


# ---- bytes -------------------------------------------------------------------------------------------


def _without_clock(package: bytes) -> bytes:
    """Pack the parts again, in order of name and with one date for all: zip files carry the time of day."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as source,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        # Readers expect the list of content types first.
        names = sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            part = zipfile.ZipInfo(name, date_time=_ZIP_MOMENT)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.create_system = 0  # else it says which system wrote it
            part.external_attr = 0
            target.writestr(part, source.read(name), compresslevel=9)
    return packed.getvalue()
