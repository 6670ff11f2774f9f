"""What is a file, told by its content and never by its name: PDF, JPEG, PNG, docx, xlsx, OFD, or nothing that is taken.

A web page, a picture with a script in it, a program or an archive is none of these, whatever it is called; nor is an
Office file with a macro. What is looked at is bounded: the first bytes, and of a zip its directory and list of types.
"""

import io
import zipfile
import zlib
from typing import BinaryIO
from xml.parsers import expat

from hatchmark.domain.evidence import DOCX, JPEG, OFD, PDF, PNG, XLSX, UnusableFileError

BEGINNING = 16
"""So many bytes say which of the types it can be at all."""

MOST_ENTRIES = 20_000
LARGEST_DIRECTORY = 8 * 1024 * 1024
LARGEST_TYPES = 1024 * 1024

_ZIP = b"PK\x03\x04"
_MAGIC = {b"%PDF-": PDF, b"\xff\xd8\xff": JPEG, b"\x89PNG\r\n\x1a\n": PNG}
_MAIN = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": DOCX,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": XLSX,
}
_TYPES = "[Content_Types].xml"
_OFD_ROOT = "OFD.xml"
_END = b"PK\x05\x06"
_END_SIZE = 22
_LONGEST_COMMENT = 65_535
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


def may_be(beginning: bytes, media_type: str) -> bool:
    """Say whether a file with this beginning can be of the type: at the first piece of an upload, not at its last."""
    if media_type in (DOCX, XLSX, OFD):
        return beginning.startswith(_ZIP)
    return any(beginning.startswith(magic) for magic, kind in _MAGIC.items() if kind == media_type)


def media_type_of(stream: BinaryIO) -> str:
    """Return the media type of a seekable file; raise UnusableFileError for one that is not taken.

    Rules: `content` (of no type that is taken), `macro`, `damaged` (a zip that cannot be looked into).
    """
    stream.seek(0)
    beginning = stream.read(BEGINNING)
    for magic, media_type in _MAGIC.items():
        if beginning.startswith(magic):
            return media_type
    if beginning.startswith(_ZIP):
        return _zipped(stream)
    raise UnusableFileError("content")


def _zipped(stream: BinaryIO) -> str:
    try:
        _check_directory(stream)
        with zipfile.ZipFile(stream) as archive:
            names = [entry.filename for entry in archive.infolist()]
            if any(_is_macro(name) for name in names):
                raise UnusableFileError("macro")
            if _TYPES in names:
                return _office_type(_types_in(archive))
            if _OFD_ROOT in names:
                return OFD
    except UnusableFileError:
        raise
    except _DAMAGED as error:
        raise UnusableFileError("damaged") from error
    raise UnusableFileError("content")


def _check_directory(stream: BinaryIO) -> None:
    """Refuse a zip whose directory alone is larger than that of any paper, before anything builds it."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - _LONGEST_COMMENT - _END_SIZE))
    tail = stream.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_SIZE:
        raise UnusableFileError("damaged")
    entries = int.from_bytes(tail[at + 10 : at + 12], "little")
    directory = int.from_bytes(tail[at + 12 : at + 16], "little")
    if entries > MOST_ENTRIES or directory > LARGEST_DIRECTORY:
        raise UnusableFileError("damaged")


def _is_macro(name: str) -> bool:
    lower = name.lower().replace("\\", "/")
    return lower.endswith("vbaproject.bin") or "/activex/" in lower or "/macrosheets/" in lower


def _types_in(archive: zipfile.ZipFile) -> list[str]:
    with archive.open(_TYPES) as part:
        raw = part.read(LARGEST_TYPES + 1)
    if len(raw) > LARGEST_TYPES:
        raise UnusableFileError("damaged")
    found: list[str] = []

    def element(_name: str, attributes: dict[str, str]) -> None:
        found.append(attributes.get("ContentType", ""))

    def refuse(*_: object) -> None:
        raise UnusableFileError("damaged")

    parser = expat.ParserCreate()
    parser.StartElementHandler = element
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(raw, True)
    except expat.ExpatError as error:
        raise UnusableFileError("damaged") from error
    return found


def _office_type(types: list[str]) -> str:
    if any("macro" in each.lower() or "vba" in each.lower() for each in types):
        raise UnusableFileError("macro")
    found = {_MAIN[each] for each in types if each in _MAIN}
    if len(found) != 1:
        raise UnusableFileError("content")
    return found.pop()
