"""Sets papers and certificates as PDF/A-2b. Values in, bytes out; nothing is fetched, nothing else is read."""

import json
import re
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any

import segno
import typst

from hatchmark.documents import fonts, layout
from hatchmark.documents.printable import code_point, printable
from hatchmark.domain.certificates import Certificate
from hatchmark.domain.deadlines import CHINA
from hatchmark.domain.notices import Annex, Paper, day_words
from hatchmark.domain.receipts import PrintedForm, Receipt

_ZERO_WIDTH_SPACE = "\u200b"
_LONG_WORD = re.compile(r"[!-~]{9,}")
_AFTER_SIGN = re.compile(r"(?<=[+=])(?=[0-9])")
_DIGEST_LENGTH = 64
_FONTS = {
    "body": fonts.BODY,
    "title": fonts.TITLE,
    "heading": fonts.HEADING,
    "page_number": fonts.PAGE_NUMBER,
    "digest": fonts.DIGEST,
}


def notice_pdf(notice: Paper, *, system_fonts: bool = True) -> bytes:
    """Return the PDF of a notice or any other paper. Same paper and same fonts, same bytes.

    Without `system_fonts` the shipped font sets everything, and the bytes are the same on every machine.
    """
    return _compiled("notice.typ", "notice", _data(notice), system_fonts=system_fonts)


def certificates_pdf(certificates: Sequence[Certificate], *, system_fonts: bool = True) -> bytes:
    """Return one PDF with a page for each certificate, in the order given. Raises ValueError for none at all."""
    if not certificates:
        raise ValueError("there is no certificate to set; issue them first")
    return _compiled(
        "certificate.typ", "certificates", _certificates(certificates), system_fonts=system_fonts
    )


def receipt_pdf(receipt: Receipt, *, system_fonts: bool = True) -> bytes:
    """Return the PDF of the receipt on a frozen version. Same receipt and same fonts, same bytes."""
    return _compiled("receipt.typ", "receipt", _receipt(receipt), system_fonts=system_fonts)


def printed_form_pdf(form: PrintedForm, *, system_fonts: bool = True) -> bytes:
    """Return the PDF of a form to be sealed; each page bears the digest of the version."""
    return _compiled("submission_form.typ", "form", _printed_form(form), system_fonts=system_fonts)


def _compiled(template: str, name: str, data: dict[str, Any], *, system_fonts: bool) -> bytes:
    with resources.as_file(resources.files("hatchmark.documents") / template) as path:
        return typst.compile(
            str(path),
            root=str(path.parent),
            font_paths=_fonts(system_fonts),
            sys_inputs={name: json.dumps(data, ensure_ascii=False)},
            format="pdf",
            pdf_standards=["a-2b"],
            timestamp=0,
        )


@cache
def _fonts(system_fonts: bool) -> typst.Fonts:
    # What the compiler has built in is left out: it holds no Chinese, and would differ from version to version.
    return typst.Fonts(
        include_system_fonts=system_fonts,
        include_embedded_fonts=False,
        font_paths=[str(fonts.wheel_font_file().parent)],
    )


def _data(notice: Paper) -> dict[str, Any]:
    # PDF/A demands a date in its metadata.
    day = notice.issued_on or layout.NO_DATE
    return {
        "title": _text(notice.title, "title"),
        "title_lines": [_text(line, "title") for line in notice.title_lines],
        "made_by": layout.MADE_BY,
        "metadata_date": {"year": day.year, "month": day.month, "day": day.day},
        "number": None if notice.number is None else _text(notice.number, "number"),
        "marks": [_text(mark, "mark") for mark in notice.marks],
        "addressees": _text(layout.addressee_line(notice), "addressees") or None,
        "paragraphs": [
            {"role": paragraph.role.value, "text": _flowing(layout.paragraph_text(paragraph))}
            for paragraph in notice.paragraphs
        ],
        "annex_list": [
            layout.annex_line_lead(position, notice) + _text(annex.title, "list of annexes")
            for position, annex in enumerate(notice.annexes)
        ],
        "signature": None
        if notice.issued_on is None
        else {"issuer": _text(notice.issuer, "issuer"), "day": day_words(notice.issued_on)},
        "annexes": [_annex(annex, notice) for annex in notice.annexes],
        "fonts": _FONTS,
    }


def _certificates(certificates: Sequence[Certificate]) -> dict[str, Any]:
    day = max(certificate.issued_on for certificate in certificates)
    first = certificates[0]
    return {
        "title": _text("".join(first.title_lines), "title"),
        "made_by": layout.MADE_BY,
        "metadata_date": {"year": day.year, "month": day.month, "day": day.day},
        "fonts": _FONTS,
        "pages": [_certificate(certificate) for certificate in certificates],
    }


def _certificate(certificate: Certificate) -> dict[str, Any]:
    where = f"certificate of {certificate.key}"
    return {
        "title_lines": [_text(line, where) for line in certificate.title_lines],
        "paragraphs": [_text(paragraph, where) for paragraph in certificate.paragraphs],
        "issuer": _text(certificate.issuer, where),
        "day": day_words(certificate.issued_on),
        "marks": [_text(mark, where) for mark in certificate.marks],
        "code": certificate.code,
        "address": certificate.address,
        "qr": _qr_svg(certificate.scanned),
        "version": certificate.notice_version,
        "digest": certificate.decision_digest,
    }


_RECEIPT = "申报材料接收回执"
_WATERMARK = "演示数据"


def _about(receipt: Receipt, title: str) -> dict[str, Any]:
    """Return what the receipt and the printed form share."""
    day = receipt.handed_in_at.astimezone(CHINA)
    return {
        "title": _text(title, "title"),
        "made_by": layout.MADE_BY,
        "metadata_date": {"year": day.year, "month": day.month, "day": day.day},
        "fonts": _FONTS,
        "marks": [_text(mark, "mark") for mark in receipt.marks],
        # Only an invented round bears a mark of its own on papers of a live one.
        "watermark": _WATERMARK if receipt.marks else None,
        "code": receipt.code,
        "address": receipt.address,
        "qr": _qr_svg(receipt.scanned),
        "digest": receipt.digest,
        "version": receipt.version,
    }


def _receipt(receipt: Receipt) -> dict[str, Any]:
    handed_in = receipt.handed_in_at.astimezone(CHINA)
    rows = [
        ("接收单位", receipt.authority),
        ("评价", f"{receipt.year}年度{receipt.kind}评价"),
        ("参评机构", receipt.institution),
        ("版本", f"第 {receipt.version} 版"),
        ("接收时间", f"{day_words(handed_in.date())} {handed_in:%H:%M:%S}"),
        ("填报负责人", receipt.signed_by),
        (
            "材料",
            f"填报数据 {receipt.figures} 项，企业名单 {receipt.roster} 行，佐证材料 {receipt.evidence} 个",
        ),
    ]
    return _about(receipt, _RECEIPT) | {
        "rows": [[head, _text(value, head)] for head, value in rows],
        "how": "凭查验码可在网上查验本回执是否真实、所对应的版本是否仍为最新；查验结果不显示填报数据。",
    }


def _printed_form(form: PrintedForm) -> dict[str, Any]:
    receipt = form.receipt
    handed_in = receipt.handed_in_at.astimezone(CHINA)
    rows = [
        ("参评机构", receipt.institution),
        ("接收单位", receipt.authority),
        ("提交时间", f"{day_words(handed_in.date())} {handed_in:%H:%M:%S}"),
    ]
    return _about(receipt, form.title) | {
        "rows": [[head, _text(value, head)] for head, value in rows],
        "sections": [
            {
                "title": _text(title, "section"),
                "lines": [
                    {
                        "title": _text(line.title, "figure"),
                        "unit": _text(line.unit, "unit"),
                        "value": _text(line.value, line.title),
                    }
                    for line in lines
                ],
            }
            for title, lines in form.sections
        ],
        "evidence": [[_text(name, "evidence"), _text(digest, "digest")] for name, digest in form.evidence],
        "pledge": _text(form.pledge, "pledge"),
        "signed_by": _text(receipt.signed_by, "signed_by"),
    }


def _qr_svg(text: str) -> str:
    """Draw a QR code as vectors: error correction M holds up to a scratch, the white border comes with it."""
    return str(segno.make_qr(text, error="m").svg_inline(border=4, dark="#000", light="#fff"))


def _annex(annex: Annex, notice: Paper) -> dict[str, Any]:
    return {
        "provenance": [_text(line, "provenance") for line in notice.provenance_of(annex)],
        "label": _text(annex.label, "annex"),
        "title": _text(annex.title, "annex"),
        "widths": layout.widths_mm(annex),
        "centred": [layout.is_centred(column) for column in annex.columns],
        "heads": [_text(head, "head") for head in annex.heads],
        "rows": [
            {
                "cells": [
                    _text(cell, f"{row.key} {head}")
                    for cell, head in zip(row.cells, annex.heads, strict=True)
                ],
                "breakable": layout.may_break(row),
            }
            for row in annex.rows
        ],
    }


def _text(text: str, where: str) -> str:
    return _LONG_WORD.sub(_breakable, _drawn(printable(text, where=where)))


def _flowing(text: str) -> str:
    """Return a text that has the whole width: a sum breaks between its numbers, a digest stays one word.

    Whoever copies a number or the digest out of the page must get it as it is.
    """
    drawn = _AFTER_SIGN.sub(_ZERO_WIDTH_SPACE, _drawn(text))
    longest = re.compile(f"[!-~]{{{_DIGEST_LENGTH + 1},}}")
    return longest.sub(_breakable, drawn)


def _drawn(text: str) -> str:
    """Return a text that the fonts can set: without shape, a character is named instead of becoming a box."""
    return "".join(c if fonts.has_shape(c) else code_point(c) for c in text)


def _breakable(word: re.Match[str]) -> str:
    """A long word without a place to break would run over its neighbour: it gets invisible places to break."""
    return _ZERO_WIDTH_SPACE.join(re.findall(".{1,4}", word.group()))
