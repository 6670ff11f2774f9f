"""The process that reads one untrusted file: the file on standard input, its name in the words, JSON out.

Started by `reading`, never by a person. It imports what the format needs, gives up what reading does not need
(`confinement`), and only then looks at the bytes beyond those that tell the format. A module that does more with what
was read calls `main` with its own `answer_of`, and has imported what that needs.
"""

import importlib
import json
import os
import sys
from collections.abc import Callable
from typing import Any

from hatchmark.documents.notice_files import limits
from hatchmark.documents.notice_files.confinement import confine, limit_resources
from hatchmark.documents.notice_files.formats import format_of
from hatchmark.documents.notice_files.limits import NoticeFileError, Unreadable, refused
from hatchmark.domain.published_notices import DocumentParagraph, NoticeDocument

_MODULES = {
    "txt": "text_files",
    "docx": "docx_files",
    "doc": "doc_files",
    "pdf": "pdf_files",
    "html": "html_files",
    "xlsx": "workbooks",
    "xls": "workbooks",
}
_NO_MEMORY = (
    b'{"error": {"why": "too_much_memory", "problem": "needs more memory than reading a notice may take",'
)
_NO_MEMORY_END = b' "remedy": "give the notice and its annexes alone", "value": null, "row": null}}'


def document_as_json(document: NoticeDocument) -> dict[str, Any]:
    """Return what was read as a JSON object."""
    return {
        "format": document.format,
        "blocks": [
            block.text if isinstance(block, DocumentParagraph) else block.rows for block in document.blocks
        ],
    }


def main(answer_of: Callable[[NoticeDocument], dict[str, Any]] = document_as_json) -> int:
    """Read the file on standard input and print the answer to it as JSON, or why there is none."""
    file = sys.argv[1]
    limit_resources()
    try:
        # Half of a character that only a damaged file holds can be written nowhere: it becomes a question mark.
        answer = json.dumps(answer_of(_read(file)), ensure_ascii=False).encode("utf-8", "replace")
    except NoticeFileError as error:
        answer = json.dumps({"error": _error_as_json(error)}).encode()
    except MemoryError:
        answer = _NO_MEMORY + _NO_MEMORY_END
    except RecursionError:
        nested = refused(
            file, Unreadable.TOO_DEEP, "its parts lie too deep inside one another", "open it and save it anew"
        )
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


def _error_as_json(error: NoticeFileError) -> dict[str, Any]:
    return {
        "why": error.why.value,
        "problem": error.problem,
        "remedy": error.remedy,
        "value": error.value,
        "row": error.row,
    }


def _write(answer: bytes) -> None:
    view = memoryview(answer)
    while view:
        view = view[os.write(1, view) :]


if __name__ == "__main__":
    sys.exit(main())
