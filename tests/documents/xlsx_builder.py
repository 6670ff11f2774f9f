"""Workbooks that no spreadsheet program would write, made part by part."""

import io
import struct
import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"

WORKBOOK = (
    f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
    '<sheets><sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>'
)
RELATIONS = (
    f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
)


def sheet_xml(cells: str, after: str = "") -> str:
    """Return a sheet around `<row>` elements, with what follows the cells."""
    return f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData>{after}</worksheet>'


def text_cell(reference: str, text: str) -> str:
    """Return a cell that holds its own text."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def workbook(sheet: str, *, strings: str = "", more: dict[str, bytes] | None = None) -> bytes:
    """Zip a workbook of one sheet; `more` adds or replaces parts."""
    parts = {
        "xl/workbook.xml": WORKBOOK.encode(),
        "xl/_rels/workbook.xml.rels": RELATIONS.encode(),
        "xl/worksheets/sheet1.xml": sheet.encode(),
        **({"xl/sharedStrings.xml": strings.encode()} if strings else {}),
        **(more or {}),
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def claiming_size(raw: bytes, name: str, size: int) -> bytes:
    """Return the zip with the unpacked size of one entry replaced, in its header and in the directory."""
    spoilt = bytearray(raw)
    for signature, size_at, name_at in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
        at = raw.find(signature)
        while at >= 0:
            if raw[at + name_at : at + name_at + len(name)] == name.encode():
                spoilt[at + size_at : at + size_at + 4] = struct.pack("<I", size)
            at = raw.find(signature, at + 4)
    return bytes(spoilt)
