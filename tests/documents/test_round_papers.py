"""Letters, 公示, call, correction and certificates as .docx and .pdf, read back by other libraries."""

import io
import re
from dataclasses import replace
from datetime import date

import docx
import pdfplumber
import pytest
import segno
from notice_samples import HOSTILE, VOCABULARY, results_of

from hatchmark.documents.docx import notice_docx
from hatchmark.documents.fonts import has_shape
from hatchmark.documents.layout import TEXT_WIDTH_MM, widths_mm
from hatchmark.documents.pdf import certificates_pdf, notice_pdf
from hatchmark.domain.calls import Registered, build_call, due_list
from hatchmark.domain.certificates import build_certificate, certificate_code, decision_digest
from hatchmark.domain.corrections import build_correction
from hatchmark.domain.deadlines import close_of_window
from hatchmark.domain.letters import FollowUp, build_letter
from hatchmark.domain.notices import Basis, Version
from hatchmark.domain.outcomes import EntryKey
from hatchmark.domain.papers import PaperFacts
from hatchmark.domain.public_notice import Window, build_public_notice
from hatchmark.domain.templates import contact_lines, parse, shipped_template

ISSUED = date(2025, 8, 15)
FACTS = PaperFacts(
    past=False,
    bases=(Basis(title="示例办法", number="示例发〔2020〕3号"),),
    addressees=("各示例市科技局",),
    issued_on=ISSUED,
    contact=contact_lines("联系人：示例甲\n联系电话：示例电话"),
)
NAMES = {
    "incubator": ("示例孵化器甲", "示例孵化器乙", "示例孵化器丙"),
    "makerspace": tuple(f"示例空间{n}" for n in range(9)),
}
RESULTS = results_of(NAMES, fictional=True, scored=True)


def template(paper):
    return parse(paper, shipped_template(f"default/{paper}.txt"), kinds=tuple(VOCABULARY.kinds))


def letter(results=RESULTS):
    return build_letter(
        results,
        VOCABULARY,
        FACTS,
        template("letter"),
        channel="示例市",
        follow_up=FollowUp(published_on=ISSUED, closes_on=date(2025, 12, 19)),
    )


def public_notice():
    opened = date(2025, 7, 21)
    return build_public_notice(
        RESULTS,
        VOCABULARY,
        FACTS,
        template("public-notice"),
        window=Window(opens_on=opened, closes_at=close_of_window(opened, 5)),
        scores_shown=True,
    )


def call():
    register = [
        Registered(
            institution=row.name,
            kind=row.key.kind,
            name=row.name,
            operators_printed=row.operators_printed,
            channel=row.channel,
            active=True,
        )
        for row in RESULTS.rows
    ]
    due = due_list(register, (), kinds=RESULTS.kinds, year=2026)
    facts = replace(FACTS, issued_on=None, draft=True)
    return build_call(RESULTS, VOCABULARY, facts, template("call"), due=due)


def correction():
    changed = replace(RESULTS.rows[0], operators_printed="示例新运营公司")
    now = replace(RESULTS, rows=(changed, *RESULTS.rows[1:]))
    return build_correction(
        RESULTS,
        now,
        VOCABULARY,
        FACTS,
        template("correction"),
        was=Version(number=1, day=ISSUED, digest=RESULTS.digest),
        now=Version(number=2, day=date(2025, 9, 1), digest=now.digest),
        reason="示例理由",
    )


PAPERS = {"letter": letter, "public-notice": public_notice, "call": call, "correction": correction}


def plain(text):
    return re.sub(r"[\s\u200b]", "", text or "")


@pytest.fixture(scope="module", params=PAPERS)
def paper(request):
    return PAPERS[request.param]()


def test_the_pdf_holds_every_sentence_every_row_and_the_marks_on_each_page(paper):
    with pdfplumber.open(io.BytesIO(notice_pdf(paper, system_fonts=False))) as document:
        pages = [page.extract_text() for page in document.pages]
        rows = [
            tuple(map(plain, row))
            for page in document.pages
            for table in page.extract_tables()
            for row in table
        ]

    assert {page.splitlines()[0] for page in pages} == {"  ".join(paper.marks).replace("  ", " ")}
    whole = plain("".join("".join(page.splitlines()[1:-1]) for page in pages))
    for paragraph in paper.paragraphs:
        assert plain(paragraph.text) in whole
    heads = {tuple(map(plain, annex.heads)) for annex in paper.annexes}
    assert [row for row in rows if row not in heads] == [
        tuple(map(plain, row.cells)) for annex in paper.annexes for row in annex.rows
    ]
    assert sum(len(annex.rows) for annex in paper.annexes) > 0


def test_the_docx_holds_the_same_in_the_same_order(paper):
    document = docx.Document(io.BytesIO(notice_docx(paper)))

    texts = [paragraph.text for paragraph in document.paragraphs if paragraph.text]
    expected = [*paper.title_lines, *(f"{'，'.join(paper.addressees)}：" for _ in paper.addressees[:1])]
    expected += [paragraph.text for paragraph in paper.paragraphs]
    assert texts[: len(expected)] == expected
    assert [
        (
            [cell.text for cell in table.rows[0].cells],
            [tuple(cell.text for cell in row.cells) for row in table.rows[1:]],
        )
        for table in document.tables
    ] == [(list(annex.heads), [row.cells for row in annex.rows]) for annex in paper.annexes]
    assert document.sections[0].header.paragraphs[0].text == "  ".join(paper.marks)


def test_a_paper_bears_day_and_issuer_only_where_it_was_issued(paper):
    texts = [each.text for each in docx.Document(io.BytesIO(notice_docx(paper))).paragraphs if each.text]
    with pdfplumber.open(io.BytesIO(notice_pdf(paper, system_fonts=False))) as document:
        printed = plain("".join(page.extract_text() for page in document.pages))

    issued = paper.issued_on is not None
    assert issued == ("拟稿，未发文" not in paper.marks)
    signed = [texts[at : at + 2] for at, text in enumerate(texts) if text == paper.issuer]
    assert signed == ([[paper.issuer, "2025年8月15日"]] if issued else [])
    assert (f"{plain(paper.issuer)}2025年8月15日" in printed) == issued


def test_the_columns_of_every_annex_fill_the_text(paper):
    assert {sum(widths_mm(annex)) for annex in paper.annexes} == {TEXT_WIDTH_MM}
    assert min(min(widths_mm(annex)) for annex in paper.annexes) >= 10


def test_no_word_runs_over_the_edge_of_the_page(paper):
    with pdfplumber.open(io.BytesIO(notice_pdf(paper, system_fonts=False))) as document:
        right = max(char["x1"] for page in document.pages for char in page.chars)

    # The empty half of a comma or a bracket at the end of a line may hang over the edge of the text.
    assert right <= (210 - 26) / 25.4 * 72 + 16 / 2 + 0.1


def test_a_paper_without_addressees_has_no_empty_line_for_them():
    paper = replace(public_notice(), addressees=())

    texts = [each.text for each in docx.Document(io.BytesIO(notice_docx(paper))).paragraphs if each.text]
    with pdfplumber.open(io.BytesIO(notice_pdf(paper, system_fonts=False))) as document:
        first = plain(document.pages[0].extract_text())

    assert texts[3].startswith("依据《示例办法》")
    assert "结果的公示依据《示例办法》" in first


def test_hostile_names_in_a_letter_are_printed_and_not_run():
    short = tuple(name for name in HOSTILE if len(name) < 200)
    results = results_of({"incubator": short, "makerspace": ()}, fictional=True, scored=True)
    paper = letter(results)

    with pdfplumber.open(io.BytesIO(notice_pdf(paper, system_fonts=False))) as document:
        printed = {
            plain(row[2]) for page in document.pages for table in page.extract_tables() for row in table
        }
        whole = plain("".join(page.extract_text() for page in document.pages))

    named = {
        plain("".join(c if has_shape(c) and c not in "\t\x07\u202e" else f"〔U+{ord(c):04X}〕" for c in name))
        for name in short[2::3]
    }
    assert named and named <= printed
    assert "root:" not in whole


def test_two_builds_give_the_same_bytes(paper):
    assert notice_pdf(paper) == notice_pdf(paper)
    assert notice_docx(paper) == notice_docx(paper)


# ---- certificates ------------------------------------------------------------------------------------------


def certificate(serial, *, address=None):
    who = EntryKey("incubator", serial)
    digest = decision_digest(RESULTS, who)
    code = certificate_code(b"secret", digest)
    return build_certificate(
        RESULTS,
        VOCABULARY,
        template("certificate"),
        key=who,
        digest=digest,
        code=code,
        address=f"{address}/certificates/{code}/" if address else None,
        notice_version=1,
        issued_on=ISSUED,
        past=False,
    )


def qr_code_on(page, *, size):
    """Read the QR code off the page as a reader does: dark or light at the middle of each of its modules."""
    assert page.images == [], "the code is drawn, not a picture"
    resolution = 300
    picture = page.to_image(resolution=resolution).original.convert("L")
    # Nothing else is dark at the left end of the lower half, between the frame and the lines of text.
    [code] = [word for word in page.extract_words() if word["text"].startswith("查验码")]
    box = [each / 72 * resolution for each in (30 / 25.4 * 72, page.height / 2, code["x0"] - 2, page.height)]
    digest = next(word for word in page.extract_words() if word["text"].startswith("决定校验值"))
    box[3] = (digest["top"] - 1) / 72 * resolution
    part = picture.crop(tuple(map(round, box)))
    left, top, right, bottom = part.point(lambda value: 255 if value < 128 else 0).getbbox()
    across, down = (right - left) / size, (bottom - top) / size
    return [
        [
            int(part.getpixel((left + int((x + 0.5) * across), top + int((y + 0.5) * down))) < 128)
            for x in range(size)
        ]
        for y in range(size)
    ]


@pytest.mark.parametrize("address", [None, "https://pingjia.example"])
def test_a_page_prints_its_code_and_a_qr_code_that_holds_the_address_or_the_code(address):
    made = certificate(1, address=address)

    with pdfplumber.open(io.BytesIO(certificates_pdf([made], system_fonts=False))) as document:
        [page] = document.pages
        text = plain(page.extract_text())
        expected = [[int(module) for module in row] for row in segno.make_qr(made.scanned, error="m").matrix]
        read = qr_code_on(page, size=len(expected))

    assert plain(made.paragraphs[0]) in text
    assert f"查验码{made.code}" in text
    assert plain(made.decision_digest) in text and "演示数据，非真实" in text
    assert (f"https://pingjia.example/certificates/{made.code}/" in text) == (address is not None)
    assert read == expected


def test_certificates_are_one_page_each_in_the_order_given_and_the_same_bytes_again():
    made = [certificate(serial) for serial in (3, 1, 2)]

    first = certificates_pdf(made, system_fonts=False)

    with pdfplumber.open(io.BytesIO(first)) as document:
        pages = [plain(page.extract_text()) for page in document.pages]
    assert [name for page in pages for name in NAMES["incubator"] if f"{name}（运营机构" in page] == [
        NAMES["incubator"][at - 1] for at in (3, 1, 2)
    ]
    assert len(pages) == 3
    assert certificates_pdf(made, system_fonts=False) == first


def test_no_certificate_at_all_is_told():
    with pytest.raises(ValueError, match="there is no certificate to set"):
        certificates_pdf([])
