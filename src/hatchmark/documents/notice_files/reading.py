"""Works on the file of a notice in a process of its own; whichever way that ends badly, one clear error comes of it.

`read_notice_file` and `read_notice_bytes` have a child read the file. `answer_on_file` and `answer_on_bytes` have one
do more with it, within the same limits: what reading lets through may still be made to keep a program busy for hours.
"""

import json
import os
import selectors
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from hatchmark.documents.notice_files import limits
from hatchmark.documents.notice_files.limits import Unreadable, refused
from hatchmark.domain.folder_errors import FolderError
from hatchmark.domain.published_notices import (
    DocumentBlock,
    DocumentParagraph,
    DocumentTable,
    NoticeDocument,
)

Taken = TypeVar("Taken")
Take = Callable[[Mapping[str, Any], str], Taken]
"""Makes a value of what a child answered and of the file's name; any error in it means that the answer is none."""

_CHILD = "hatchmark.documents.notice_files.child"
_ALONE = "give the notice and its annexes alone, or save it as .docx or .txt"
_GIVE_A_FILE = "name the file of a notice"
# What the child needs to start; nothing of what this process knows besides.
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "ANTIWORDHOME", "SYSTEMROOT", "LD_LIBRARY_PATH")


def read_notice_file(path: Path) -> NoticeDocument:
    """Read a .txt, .docx, .doc, .pdf, .html, .xlsx or .xls by what it holds.

    Raises FolderError, with the file's name, for whatever cannot be read within the limits (`limits`).
    """
    return answer_on_file(path, module=_CHILD, take=_document_of)


def read_notice_bytes(raw: bytes, *, file: str) -> NoticeDocument:
    """Read a notice that was handed over as bytes; `file` is its name. Nothing of it is kept."""
    return answer_on_bytes(raw, file=file, module=_CHILD, take=_document_of)


def answer_on_file(path: Path, *, module: str, take: Take[Taken]) -> Taken:
    """Return what `take` makes of the answer of the child `module`, which calls `child.main`, to the file at `path`.

    Raises FolderError as `read_notice_file` does.
    """
    try:
        # Without O_NONBLOCK a pipe that nobody writes to would be waited for.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise refused(
            path.name or str(path), Unreadable.NO_FILE, f"cannot be read ({reason})", _GIVE_A_FILE
        ) from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            what = "a folder" if stat.S_ISDIR(status.st_mode) else "no ordinary file"
            raise refused(path.name or str(path), Unreadable.NO_FILE, f"is {what}", _GIVE_A_FILE)
        if status.st_size == 0:
            raise refused(
                path.name,
                Unreadable.EMPTY,
                "the file is empty",
                "give the file of the notice",
                value="0 bytes",
            )
        if status.st_size > limits.LARGEST_FILE:
            raise limits.too_large(path.name, status.st_size, limits.LARGEST_FILE)
        return _answered(descriptor, file=path.name, module=module, take=take)
    finally:
        os.close(descriptor)


def answer_on_bytes(raw: bytes, *, file: str, module: str, take: Take[Taken]) -> Taken:
    """Return what `take` makes of the child's answer to a file handed over as bytes, as `answer_on_file` does."""
    name = Path(file.replace("\\", "/")).name or "notice"
    if not raw:
        raise refused(
            name, Unreadable.EMPTY, "the file is empty", "give the file of the notice", value="0 bytes"
        )
    if len(raw) > limits.LARGEST_FILE:
        raise limits.too_large(name, len(raw), limits.LARGEST_FILE)
    with _nameless_file() as stream:
        stream.write(raw)
        stream.seek(0)
        return _answered(stream, file=name, module=module, take=take)


def _nameless_file() -> BinaryIO:
    """Return a file that has no name and is gone when it is closed, in memory where the system knows such a thing."""
    if hasattr(os, "memfd_create"):
        return open(os.memfd_create("notice"), "w+b", buffering=0)  # noqa: PTH123
    return tempfile.TemporaryFile(buffering=0)


def _answered(stream: Any, *, file: str, module: str, take: Take[Taken]) -> Taken:
    # The child must be able to take the name for a word, whatever characters the file system allowed in it.
    name = "".join(each if each.isprintable() else "\ufffd" for each in file) or "notice"
    process = subprocess.Popen(  # noqa: S603 - this interpreter, and a module of this project
        [sys.executable, "-I", "-X", "utf8", "-m", module, name],
        stdin=stream,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/" if os.name == "posix" else None,
        env={key: os.environ[key] for key in _PASSED_ON if key in os.environ},
        start_new_session=True,
    )
    try:
        answer = _answer_of(process, file=name)
    finally:
        _end(process)
    return _taken(answer, status=process.returncode, file=name, take=take)


def _answer_of(process: "subprocess.Popen[bytes]", *, file: str) -> bytes:
    """Return all that the child prints; raise FolderError when it takes too long or prints too much."""
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    deadline = time.monotonic() + limits.SECONDS
    parts: list[bytes] = []
    length = 0
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while True:
            left = deadline - time.monotonic()
            if left <= 0 or not selector.select(left):
                raise _too_slow(file)
            part = os.read(process.stdout.fileno(), 1 << 20)
            if not part:
                break
            parts.append(part)
            length += len(part)
            if length > limits.LARGEST_OUTPUT:
                raise refused(file, Unreadable.TOO_MUCH, "holds more text than a notice can", _ALONE)
    try:
        process.wait(max(deadline - time.monotonic(), 0.1))
    except subprocess.TimeoutExpired:
        raise _too_slow(file) from None
    return b"".join(parts)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the child, and whatever it started, if it still runs."""
    if process.poll() is None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _too_slow(file: str) -> Exception:
    return refused(
        file,
        Unreadable.TOO_SLOW,
        f"takes longer to read than the {limits.SECONDS} seconds that a notice may",
        _ALONE,
    )


def _taken(answer: bytes, *, status: int, file: str, take: Take[Taken]) -> Taken:
    if status == -signal.SIGXCPU or (status == -signal.SIGKILL and not answer):
        raise _too_slow(file)
    try:
        found = json.loads(answer)
        if "error" in found:
            error = found["error"]
            raise refused(
                file,
                Unreadable(error["why"]),
                str(error["problem"]),
                str(error["remedy"]),
                value=None if error["value"] is None else str(error["value"]),
                row=int(error["row"] or 0),
            )
        return take(found, file)
    except FolderError:
        raise
    except (KeyError, TypeError, AttributeError, RecursionError, ValueError) as error:
        raise refused(
            file,
            Unreadable.DAMAGED,
            "is damaged or made to do harm: the process that read it "
            + (f"was ended by signal {-status}" if status < 0 else f"failed (status {status})"),
            "open it in the program that made it and save it anew",
        ) from error


def _document_of(found: Mapping[str, Any], file: str) -> NoticeDocument:
    return NoticeDocument(
        file=file, format=str(found["format"]), blocks=tuple(map(_block_of, found["blocks"]))
    )


def _block_of(block: Any) -> DocumentBlock:
    if isinstance(block, str):
        return DocumentParagraph(text=block)
    return DocumentTable(rows=tuple(tuple(str(cell) for cell in row) for row in block))
