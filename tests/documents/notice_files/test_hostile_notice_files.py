"""Files made to do harm, or spoilt, or not what they say: each ends in one clear error or in the right answer.

Nothing here is timed. What bounds the work are sizes and counts, and the tests hold the readers to those.
"""

import io
import os
import re
import zipfile
import zlib

import pytest
from notice_writers import as_docx, as_xlsx
from seed_notice import as_text

from hatchmark.documents.notice_files import limits
from hatchmark.documents.notice_files.reading import read_notice_bytes, read_notice_file
from hatchmark.domain.folder_errors import FolderError
from hatchmark.domain.published_notices import DocumentParagraph, DocumentTable


def refused(raw: bytes, file: str) -> str:
    """Read a file that must be refused; return the one line that says why."""
    with pytest.raises(FolderError) as caught:
        read_notice_bytes(raw, file=file)
    line = str(caught.value)
    assert line.startswith(file)
    assert ";" in line, "the line says what to do"
    assert "\n" not in line
    return line


def packed(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def with_part(raw: bytes, part: str, content: bytes) -> bytes:
    """Return a zip with one part replaced or added."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return packed({**parts, part: content})


WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word_document(body: str, *, before: str = "") -> bytes:
    xml = f'<?xml version="1.0" encoding="UTF-8"?>{before}<w:document {WORD}><w:body>{body}</w:body></w:document>'
    return with_part(as_docx(), "word/document.xml", xml.encode())


def pdf_of(pages: int, *, content: bytes = b"", filters: bytes = b"") -> bytes:
    """Return a .pdf of pages that share one stream of content."""
    kids = b" ".join(b"%d 0 R" % (5 + at) for at in range(pages))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), filters, content),
        *[
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>/Contents 4 0 R>>"
            for _ in range(pages)
        ],
    ]
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, os.SEEK_END)
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start))
    return out.getvalue()


# ---- too much ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "raw", "part"),
    [("n.docx", as_docx, "word/document.xml"), ("n.xlsx", as_xlsx, "xl/worksheets/sheet1.xml")],
)
def test_a_zip_bomb_is_told_by_what_it_unpacks_to(file, raw, part):
    bomb = with_part(raw(), part, b"<a>" + b" " * (30 * 1024 * 1024) + b"</a>")

    assert len(bomb) < 1024 * 1024
    assert "zip bomb" in refused(bomb, file)


def test_a_zip_that_lies_about_its_sizes_is_counted_while_it_unpacks():
    bomb = with_part(as_docx(), "word/document.xml", b"<a>" + b" " * (30 * 1024 * 1024) + b"</a>")
    lying = bomb.replace((30 * 1024 * 1024 + 7).to_bytes(4, "little"), (100).to_bytes(4, "little"))

    assert lying != bomb
    assert re.search("zip bomb|damaged", refused(lying, "n.docx"))


def test_a_zip_of_too_many_entries_is_refused():
    parts = {f"word/{number}.xml": b"" for number in range(limits.MOST_ENTRIES + 1)}

    assert f"more than {limits.MOST_ENTRIES} entries" in refused(packed(parts), "n.docx")


def test_two_thousand_pages_are_refused_by_their_number():
    line = refused(pdf_of(2000, content=b"BT /F 12 Tf 72 700 Td (page) Tj ET"), "n.pdf")

    assert "2000 pages" in line
    assert f"more than the {limits.MOST_PAGES} pages" in line


def test_as_many_pages_as_are_read_are_read():
    raw = pdf_of(limits.MOST_PAGES, content=b"BT /F 12 Tf 72 400 Td (one page of many) Tj ET")
    blocks = read_notice_bytes(raw, file="n.pdf").blocks

    assert blocks == (DocumentParagraph(text="one page of many"),) * limits.MOST_PAGES


def test_a_stream_of_a_pdf_that_unpacks_beyond_memory_is_refused():
    bomb = zlib.compress(zlib.compress(b" " * (800 * 1024 * 1024), 9), 9)
    line = refused(pdf_of(1, content=bomb, filters=b"/Filter[/FlateDecode/FlateDecode]"), "n.pdf")

    assert re.search("memory|longer|damaged", line)


@pytest.mark.parametrize("file", ["n.txt", "n.html"])
def test_a_table_of_fifty_megabytes_is_refused_by_its_size(file):
    row = "<tr><td>1</td></tr>" if file == "n.html" else "1\t示例众创空间\t优秀\n"
    raw = ("<table>" if file == "n.html" else "序号\t名称\t结果\n").encode() + row.encode() * (
        50 * 1024 * 1024 // len(row.encode())
    )

    assert len(raw) > limits.LARGEST_FILE
    assert f"{limits.LARGEST_FILE // 1024 // 1024} MB" in refused(raw, file)


@pytest.mark.parametrize("rows", [limits.MOST_ROWS - 1, limits.MOST_ROWS])
def test_rows_are_read_up_to_their_limit(rows):
    text = "序号\t众创空间名称\t结果\n" + "".join(f"{n}\t示例空间\t优秀\n" for n in range(1, rows + 1))
    if rows + 1 <= limits.MOST_ROWS:
        [table] = read_notice_bytes(text.encode(), file="n.txt").blocks
        assert isinstance(table, DocumentTable)
        assert len(table.rows) == rows + 1
    else:
        assert f"more than {limits.MOST_ROWS} rows" in refused(text.encode(), "n.txt")


def test_a_cell_that_claims_to_span_the_world_spans_what_is_there():
    page = (
        "<table><tr><td>序号</td><td>名称</td><td>结果</td></tr>"
        "<tr><td>1</td><td colspan=9999 rowspan=9999>示例空间</td><td>优秀</td></tr></table>"
    )
    [table] = read_notice_bytes(page.encode(), file="n.html").blocks

    assert isinstance(table, DocumentTable)
    assert len(table.rows) == 2


def test_sheets_with_cells_far_apart_are_refused():
    xml = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
        "</sheetData></worksheet>"
    )

    assert re.search(
        "rows|far from|memory",
        refused(with_part(as_xlsx(), "xl/worksheets/sheet2.xml", xml.encode()), "n.xlsx"),
    )


# ---- nothing is expanded, followed or carried out -----------------------------------------------------------


LAUGHS = (
    '<!DOCTYPE a [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + "]>"
)


def test_entities_are_not_expanded():
    line = refused(word_document("<w:p><w:r><w:t>&a9;</w:t></w:r></w:p>", before=LAUGHS), "n.docx")

    assert "document type" in line


def test_an_entity_that_names_a_file_is_not_read(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("示例秘密")
    before = f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    line = refused(word_document("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", before=before), "n.docx")

    assert "document type" in line


def test_scripts_of_a_page_are_neither_run_nor_read():
    page = (
        "<html><head><script>document.title='优秀9家'</script></head><body onload=\"alert('优秀8家')\">"
        "<p>示例市科技局对众创空间进行了考核，结果为优秀2家。</p><noscript>优秀7家</noscript>"
        "<script>document.write('<p>优秀6家，良好5家。</p>')</script><img src='http://192.0.2.1/x.png' onerror='x()'>"
        "<iframe src='http://192.0.2.1/'></iframe></body></html>"
    )

    assert read_notice_bytes(page.encode(), file="n.html").blocks == (
        DocumentParagraph(text="示例市科技局对众创空间进行了考核，结果为优秀2家。"),
    )


def test_what_a_word_document_links_to_outside_is_not_followed():
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" TargetMode="External" Target="http://192.0.2.1/footnotes.xml" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"/></Relationships>'
    )
    raw = with_part(
        word_document('<w:p><w:r><w:t>示例</w:t><w:footnoteReference w:id="1"/></w:r></w:p>'),
        "word/_rels/document.xml.rels",
        relations.encode(),
    )

    assert read_notice_bytes(raw, file="n.docx").blocks == (DocumentParagraph(text="示例"),)


@pytest.mark.parametrize("levels", [limits.DEEPEST * 2])
def test_elements_too_deep_inside_one_another_are_refused(levels):
    assert "deep inside" in refused(b"<div>" * levels + "示例，示例。".encode(), "n.html")
    deep = "<w:sdt>" * levels + "</w:sdt>" * levels
    assert "deep inside" in refused(word_document(deep), "n.docx")


# ---- spoilt, or not what it says ------------------------------------------------------------------------------


@pytest.mark.parametrize(("file", "make"), [("n.docx", as_docx), ("n.xlsx", as_xlsx)])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_a_truncated_zip_is_damaged(file, make, share):
    raw = make()

    assert "damaged" in refused(raw[: int(len(raw) * share)], file)


def test_a_broken_doc_names_the_program_that_gave_up_or_says_what_to_install():
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "WordDocument".encode("utf-16-le") + bytes(4000)

    assert re.search("antiword.*save it as .docx", refused(ole, "n.doc"))


def test_a_doc_without_antiword_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "WordDocument".encode("utf-16-le") + bytes(4000)

    assert re.search(
        r"not installed; open it in Word or WPS and save it as \.docx, or install", refused(ole, "n.doc")
    )


@pytest.mark.parametrize("ending", ["txt", "doc", "pdf", "html", "xls", "bin", ""])
def test_a_wrong_ending_does_not_matter_where_the_content_is_plain(ending):
    right = read_notice_bytes(as_docx(), file="n.docx")
    wrong = read_notice_bytes(as_docx(), file=f"n.{ending}")

    assert (wrong.format, wrong.blocks) == (right.format, right.blocks)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "a picture"),
        (b"{\\rtf1 x}", "Rich Text"),
        (b"Rar!\x1a\x07\x00" + bytes(30), "archive"),
        (bytes(range(256)) * 20, "no text"),
        (b"\x00" * 500, "empty"),
        (b"  \r\n \t\n", "empty"),
        (b"%PDF-1.7\n" + b"garbage " * 100, "damaged"),
        (packed({"a.txt": b"x"}), "archive"),
        (packed({"OFD.xml": b"x"}), "OFD"),
        (b"<html><body><script>1</script></body></html>", "no text"),
    ],
    ids=["picture", "rtf", "rar", "binary", "nul", "blank", "pdf", "zip", "ofd", "page without text"],
)
def test_what_is_no_notice_is_named(raw, says):
    assert says in refused(raw, "n.docx")


def test_a_scan_is_told_from_a_text(tmp_path):
    picture = b"\x80" * 100
    page = b"q 500 0 0 700 40 60 cm BI /W 10 /H 10 /BPC 8 /CS /G ID " + picture + b" EI Q"

    assert re.search("pictures.*OCR", refused(pdf_of(2, content=page), "n.pdf"))


# ---- what is no file ---------------------------------------------------------------------------------------------


def test_folders_pipes_and_nothing_at_all_are_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "empty.txt").touch()
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    said = {}
    for name in ("", "pipe.txt", "empty.txt", "loop.txt", "absent.txt"):
        with pytest.raises(FolderError) as caught:
            read_notice_file(tmp_path / name)
        said[name] = caught.value.problem

    assert said == {
        "": "is a folder",
        "pipe.txt": "is no ordinary file",
        "empty.txt": "the file is empty",
        "loop.txt": "cannot be read (Too many levels of symbolic links)",
        "absent.txt": "cannot be read (No such file or directory)",
    }


def test_a_link_to_a_notice_is_read(tmp_path):
    (tmp_path / "notice.txt").write_text(as_text(), "utf-8")
    (tmp_path / "link.txt").symlink_to(tmp_path / "notice.txt")

    assert read_notice_file(tmp_path / "link.txt").blocks == read_notice_file(tmp_path / "notice.txt").blocks


@pytest.mark.parametrize("name", ["通知 （终稿）.txt", "-x.txt", "a\nb.txt", "--help"])
def test_any_name_of_a_file_will_do(tmp_path, name):
    (tmp_path / name).write_text("示例市科技局：3家优秀。", "utf-8")
    document = read_notice_file(tmp_path / name)

    assert document.blocks == (DocumentParagraph(text="示例市科技局：3家优秀。"),)
