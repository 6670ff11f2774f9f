"""Small files of each type that is taken, and of some that only pretend to be. All of them are made here."""

import io
import zipfile

TYPES = "[Content_Types].xml"
MAIN = "application/vnd.openxmlformats-officedocument.{}.main+xml"
WORD = MAIN.format("wordprocessingml.document")
SHEET = MAIN.format("spreadsheetml.sheet")
MACRO = "application/vnd.ms-word.document.macroEnabled.main+xml"

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(40) + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
EXE = b"MZ" + bytes(80)


def zipped(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


def types_of(*content_types: str) -> bytes:
    overrides = "".join(
        f'<Override PartName="/p{n}" ContentType="{each}"/>' for n, each in enumerate(content_types)
    )
    return f'<?xml version="1.0"?><Types xmlns="urn:t">{overrides}</Types>'.encode()


def office(*content_types: str, **parts: bytes) -> bytes:
    return zipped(**{TYPES: types_of(*content_types), **parts})


DOCX = office(WORD)
XLSX = office(SHEET)
OFD = zipped(**{"OFD.xml": b"<OFD/>"})
