"""The process that reads one untrusted file: the file on standard input, its name in the words, JSON out.

Started by `reading`, never by a person. It imports what the format needs, gives up what reading does not need
(`confinement`), and only then looks at the bytes beyond those that tell the format.
"""

import importlib
import json
import os
import sys
from typing import Any

from hatchmark.documents.notice_files import limits
from hatchmark.documents.notice_files.confinement import confine, limit_resources
from hatchmark.documents.notice_files.formats import format_of
from hatchmark.documents.notice_files.limits import refused
from hatchmark.domain.published_notices import DocumentParagraph, NoticeDocument
from hatchmark.domain.round_folder import FolderError

_MODULES = {
    "txt": "text_files",
    "docx": "docx_files",
    "doc": "doc_files",
    "pdf": "pdf_files",
    "html": "html_files",
    "xlsx": "workbooks",
    "xls": "workbooks",
}
_NO_MEMORY = b'{"error": {"problem": "needs more memory than reading a notice may take", "remedy": "'
_NO_MEMORY_END = b'give the notice and its annexes alone", "value": null, "row": null}}'


def main() -> int:
    """Read the file on standard input and print its blocks, or why it cannot be read."""
    file = sys.argv[1]
    limit_resources()
    try:
        document = _read(file)
        answer = json.dumps(_as_json(document)).encode()
    except FolderError as error:
        answer = json.dumps({"error": _error_as_json(error)}).encode()
    except MemoryError:
        answer = _NO_MEMORY + _NO_MEMORY_END
    except RecursionError:
        nested = refused(file, "its parts lie too deep inside one another", "open it and save it anew")
        answer = json.dumps({"error": _error_as_json(nested)}).encode()
    _write(answer)
    return 0


def _read(file: str) -> NoticeDocument:
    size = os.fstat(0).st_size
    if size > limits.LARGEST_FILE:
        raise limits.too_large(file, size, limits.LARGEST_FILE)
    raw = _all_of(size)
    format_ = format_of(raw, file=file)
    if format_ in ("txt", "html") and size > limits.LARGEST_TEXT_FILE:
        raise limits.too_large(file, size, limits.LARGEST_TEXT_FILE)
    reader = importlib.import_module(f"hatchmark.documents.notice_files.{_MODULES[format_]}")
    program = reader.prepare(file=file)
    confine(program=program)
    document: NoticeDocument = reader.read(raw, file=file, format=format_)
    return document


def _all_of(size: int) -> bytes:
    parts: list[bytes] = []
    left = size
    while left > 0 and (part := os.read(0, min(left, 1 << 20))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _as_json(document: NoticeDocument) -> dict[str, Any]:
    return {
        "format": document.format,
        "blocks": [
            block.text if isinstance(block, DocumentParagraph) else block.rows for block in document.blocks
        ],
    }


def _error_as_json(error: FolderError) -> dict[str, Any]:
    return {"problem": error.problem, "remedy": error.remedy, "value": error.value, "row": error.row}


def _write(answer: bytes) -> None:
    view = memoryview(answer)
    while view:
        view = view[os.write(1, view) :]


if __name__ == "__main__":
    sys.exit(main())
