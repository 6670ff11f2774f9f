"""What a file is, is told by its content: nothing passes for what its name says."""

import io

import pytest
from docx import Document
from media_samples import (
    DOCX,
    EXE,
    HTML,
    JPEG,
    MACRO,
    OFD,
    PDF,
    PNG,
    SHEET,
    SVG,
    TYPES,
    WORD,
    XLSX,
    office,
    types_of,
    zipped,
)

from hatchmark.documents import media_types
from hatchmark.documents.media_types import may_be, media_type_of
from hatchmark.documents.roster_sheets import RosterSheet, template_xlsx
from hatchmark.domain import evidence
from hatchmark.domain.evidence import UnusableFileError


def refused(content: bytes) -> str:
    with pytest.raises(UnusableFileError) as caught:
        media_type_of(io.BytesIO(content))
    return caught.value.rule


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PDF, evidence.PDF),
        (JPEG, evidence.JPEG),
        (PNG, evidence.PNG),
        (DOCX, evidence.DOCX),
        (XLSX, evidence.XLSX),
        (OFD, evidence.OFD),
    ],
)
def test_each_type_is_known_by_its_content(content, media_type):
    assert media_type_of(io.BytesIO(content)) == media_type
    assert may_be(content[:16], media_type)


def test_what_the_libraries_write_is_known():
    stream = io.BytesIO()
    Document().save(stream)

    assert media_type_of(stream) == evidence.DOCX
    assert media_type_of(io.BytesIO(template_xlsx(RosterSheet(title="示例")))) == evidence.XLSX


@pytest.mark.parametrize("content", [b"", HTML, SVG, EXE, b" %PDF-1.7", b"%PD", zipped(**{"a.exe": EXE})])
def test_anything_else_is_nothing_that_is_taken(content):
    assert refused(content) == "content"


@pytest.mark.parametrize(
    "content",
    [
        office(MACRO),
        office(WORD, "application/vnd.ms-office.vbaProject"),
        office(WORD, **{"word__vbaProject.bin": b"x"}),
        office(SHEET, **{"xl__macrosheets__sheet1.xml": b"x"}),
        office(WORD, **{"word__activeX__activeX1.xml": b"x"}),
    ],
)
def test_a_macro_is_found_wherever_it_hides(content):
    assert refused(content) == "macro"


@pytest.mark.parametrize(
    "content",
    [
        DOCX[:-10],
        b"PK\x03\x04" + bytes(200),
        zipped(**{TYPES: b"<Types"}),
        zipped(**{TYPES: b"<!DOCTYPE t [<!ENTITY e 'x'>]>" + types_of(WORD)}),
        zipped(**{TYPES: types_of(WORD) + b" " * media_types.LARGEST_TYPES}),
    ],
)
def test_a_zip_that_cannot_be_looked_into_is_damaged(content):
    assert refused(content) == "damaged"


def test_a_zip_of_very_many_entries_is_not_even_listed():
    many = zipped(**{f"e{n}": b"" for n in range(media_types.MOST_ENTRIES + 1)})

    assert refused(many) == "damaged"


def test_a_file_that_is_two_types_at_once_is_neither():
    assert refused(office(WORD, SHEET)) == "content"


def test_a_beginning_tells_what_a_file_cannot_be():
    assert not may_be(HTML[:16], evidence.PDF)
    assert not may_be(PDF[:16], evidence.PNG)
    assert not may_be(PDF[:16], evidence.DOCX)
    assert not may_be(b"", evidence.PDF)
