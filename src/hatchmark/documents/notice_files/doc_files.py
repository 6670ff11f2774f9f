"""Reads an old Word .doc through antiword, where that is installed, within the limits of the reading process."""

import re
import shutil
import subprocess

from hatchmark.documents.notice_files import limits
from hatchmark.documents.notice_files.blocks import Blocks
from hatchmark.documents.notice_files.limits import SAVE_AS_DOCX, Unreadable, refused
from hatchmark.documents.notice_files.numerals import numeral
from hatchmark.documents.notice_files.packages import Element, tree_of
from hatchmark.domain.published_notices import NoticeDocument

_DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]*>")
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_FOLD = re.compile(r"\s*\n\s*")


def can_be_read() -> bool:
    """Whether the program that reads a .doc is installed here."""
    return shutil.which("antiword") is not None


def prepare(*, file: str) -> str:
    """Return the program; raise FolderError where it is not installed."""
    program = shutil.which("antiword")
    if program is None:
        raise refused(
            file,
            Unreadable.NO_ANTIWORD,
            "is an old Word .doc, which is read by the program antiword, and that is not installed",
            f"{SAVE_AS_DOCX}, or install antiword (apt install antiword)",
        )
    return program


def read(raw: bytes, *, file: str, format: str) -> NoticeDocument:
    """Return the paragraphs and tables of a .doc. Standard input is the file: antiword seeks in it."""
    program = prepare(file=file)
    try:
        answer = subprocess.run(  # noqa: S603 - the program that was found, and the open file
            [program, "-x", "db", "-m", "UTF-8.txt", "/dev/stdin"],
            capture_output=True,
            timeout=limits.SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _unreadable(file, str(error)) from error
    if answer.returncode or not answer.stdout.strip():
        said = " ".join(answer.stderr.decode(errors="replace").split())
        raise _unreadable(file, said.replace("/dev/stdin", file)[:200] or f"status {answer.returncode}")
    cleaned = _NOT_TEXT.sub(b"", _DOCTYPE.sub(b"", answer.stdout, count=1))
    # antiword writes bytes that it could not convert as they are.
    book = tree_of(cleaned.decode("utf-8", errors="replace").encode(), file=file)
    blocks = Blocks(file)
    _write(book, blocks)
    return blocks.document(format=format)


def _unreadable(file: str, why: str) -> Exception:
    return refused(file, Unreadable.DAMAGED, f"is no .doc that antiword can read ({why})", SAVE_AS_DOCX)


def _write(element: Element, blocks: Blocks) -> None:
    for child in element.elements():
        if child.name == "informaltable":
            blocks.table(_rows_of(child))
        elif child.name in ("para", "title"):
            blocks.paragraph(_text_of(child))
            _write(child, blocks)
        elif child.name == "orderedlist":
            for number, item in enumerate(
                (each for each in child.elements() if each.name == "listitem"), start=1
            ):
                inside = Blocks(blocks.file)
                _write(item, inside)
                blocks.paragraph(
                    f"{numeral(number, child.attributes.get('numeration', ''))}.{inside.flat_text()}"
                )
        elif child.name not in ("bookinfo", "emphasis", "superscript", "subscript"):
            _write(child, blocks)


def _rows_of(element: Element) -> list[list[str]]:
    if element.name == "row":
        return [[_text_of(entry) for entry in element.elements() if entry.name == "entry"]]
    return [row for child in element.elements() for row in _rows_of(child)]


def _text_of(element: Element) -> str:
    """Return the text, its lines as antiword sets them: it puts each piece on a line of its own."""
    pieces: list[str] = []
    for child in element.children:
        if isinstance(child, str):
            pieces.append(child)
        elif child.name in ("emphasis", "superscript", "subscript", "para"):
            pieces.append(_text_of(child))
    return _FOLD.sub("\n", "".join(pieces)).strip("\n")
