"""Which format is a file in, by what it holds? Its ending decides only where the bytes leave it open."""

import io
import re
import zipfile
import zlib

from hatchmark.documents.notice_files.encodings import utf16_without_mark
from hatchmark.documents.notice_files.limits import SAVE_AS_DOCX, Unreadable, refused

FORMATS = ("txt", "docx", "doc", "pdf", "html", "xlsx", "xls")
_GIVE = "give a .txt, .docx, .doc, .pdf, .html, .xlsx or .xls"

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOOKED_AT = 64 * 1024
_HTML = re.compile(
    rb"<\s*(?:!doctype\s+html|html|head|body|meta|table|div|p|style|script|title)[\s>/]", re.IGNORECASE
)
_BINARY = re.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f]")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM", b"RIFF")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")


def format_of(raw: bytes, *, file: str) -> str:
    """Return one of FORMATS; raise FolderError for a file in none of them, naming what it is where that is plain."""
    ending = file.rpartition(".")[2].lower() if "." in file else ""
    if not raw.strip(b"\0 \t\r\n"):
        raise refused(
            file,
            Unreadable.EMPTY,
            "the file is empty",
            "give the file of the notice",
            value=f"{len(raw)} bytes",
        )
    if raw.startswith((_ZIP, _EMPTY_ZIP)):
        return _in_zip(raw, file=file)
    if raw.startswith(_OLE):
        return _in_ole(raw, file=file)
    if b"%PDF-" in raw[:1024]:
        return "pdf"
    start = raw[:_LOOKED_AT]
    if start.lstrip().startswith(b"{\\rtf"):
        raise refused(
            file, Unreadable.OTHER_FORMAT, "is in Rich Text Format, whatever its ending says", SAVE_AS_DOCX
        )
    for starts, what in ((_PICTURES, "a picture"), (_ARCHIVES, "a packed archive")):
        if raw.startswith(starts):
            raise refused(file, Unreadable.NO_NOTICE, f"is {what}, and no text can be read from it", _GIVE)
    if start.lstrip()[:200].lower().startswith((b"mime-version:", b"from: <saved by")):
        raise refused(
            file,
            Unreadable.OTHER_FORMAT,
            "is a web archive (.mht)",
            "open it in a browser and save the page as .html",
        )
    if _looks_like_html(start) or (ending in ("html", "htm", "xhtml") and b"<" in start):
        return "html"
    if _is_text(raw):
        return "txt"
    raise refused(
        file,
        Unreadable.NO_NOTICE,
        "is no notice that can be read: its bytes are no text",
        _GIVE,
        value=f"bytes {raw[:4].hex(' ')}",
    )


def _in_zip(raw: bytes, *, file: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            names = {info.filename.lstrip("/").lower() for info in archive.infolist()}
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, OSError) as error:
        raise damaged_zip(file, error) from error
    if any(name.startswith("word/") for name in names):
        return "docx"
    if "xl/workbook.xml" in names or any(name.startswith("xl/") for name in names):
        return "xlsx"
    if "ofd.xml" in names:
        raise refused(
            file,
            Unreadable.OTHER_FORMAT,
            "is an OFD document",
            "open it in an OFD reader and save it as .pdf",
        )
    if "content.xml" in names and "mimetype" in names:
        raise refused(file, Unreadable.OTHER_FORMAT, "is an OpenDocument file", "save it as .docx or .xlsx")
    raise refused(
        file,
        Unreadable.NO_NOTICE,
        "is a packed archive and no document",
        "unpack it, and give the notice inside it",
    )


def damaged_zip(file: str, error: Exception) -> Exception:
    """Return the error for a document whose zip cannot be unpacked."""
    return refused(
        file,
        Unreadable.DAMAGED,
        f"is damaged: its zip cannot be unpacked ({str(error) or type(error).__name__})",
        "fetch it again, or open it in Word, Excel or WPS and save it anew",
    )


def _in_ole(raw: bytes, *, file: str) -> str:
    def names(stream: str) -> bool:
        return stream.encode("utf-16-le") + b"\0\0" in raw

    if names("EncryptedPackage"):
        raise refused(file, Unreadable.PASSWORD, "is protected by a password", "save it without a password")
    if names("WordDocument"):
        return "doc"
    if names("Workbook") or names("Book"):
        return "xls"
    raise refused(
        file,
        Unreadable.NO_NOTICE,
        "is an old Office file that holds neither a Word document nor a workbook",
        f"{SAVE_AS_DOCX} or .xlsx",
    )


def _looks_like_html(start: bytes) -> bool:
    if start.startswith(_UTF16_MARKS):
        start = start.replace(b"\0", b"")
    found = _HTML.search(start[:4096])
    return found is not None and (
        not start[: found.start()].strip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
        or start.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")
    )


def _is_text(raw: bytes) -> bool:
    if raw.startswith(_UTF16_MARKS):
        return True
    return _BINARY.search(raw[:_LOOKED_AT]) is None or utf16_without_mark(raw) is not None
