"""Reads the file of a notice in a process of its own; whichever way that ends badly, one clear error comes of it."""

import json
import os
import selectors
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, BinaryIO

from hatchmark.documents.notice_files import limits
from hatchmark.documents.notice_files.limits import refused
from hatchmark.domain.published_notices import (
    DocumentBlock,
    DocumentParagraph,
    DocumentTable,
    NoticeDocument,
)

_CHILD = "hatchmark.documents.notice_files.child"
_ALONE = "give the notice and its annexes alone, or save it as .docx or .txt"
_GIVE_A_FILE = "name the file of a notice"
# What the child needs to start; nothing of what this process knows besides.
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "ANTIWORDHOME", "SYSTEMROOT", "LD_LIBRARY_PATH")


def read_notice_file(path: Path) -> NoticeDocument:
    """Read a .txt, .docx, .doc, .pdf, .html, .xlsx or .xls by what it holds.

    Raises FolderError, with the file's name, for whatever cannot be read within the limits (`limits`).
    """
    try:
        # Without O_NONBLOCK a pipe that nobody writes to would be waited for.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise refused(path.name or str(path), f"cannot be read ({reason})", _GIVE_A_FILE) from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            what = "a folder" if stat.S_ISDIR(status.st_mode) else "no ordinary file"
            raise refused(path.name or str(path), f"is {what}", _GIVE_A_FILE)
        if status.st_size == 0:
            raise refused(path.name, "the file is empty", "give the file of the notice", value="0 bytes")
        if status.st_size > limits.LARGEST_FILE:
            raise limits.too_large(path.name, status.st_size, limits.LARGEST_FILE)
        return _read_in_child(descriptor, file=path.name)
    finally:
        os.close(descriptor)


def read_notice_bytes(raw: bytes, *, file: str) -> NoticeDocument:
    """Read a notice that was handed over as bytes; `file` is its name. Nothing of it is kept."""
    name = Path(file.replace("\\", "/")).name or "notice"
    if not raw:
        raise refused(name, "the file is empty", "give the file of the notice", value="0 bytes")
    if len(raw) > limits.LARGEST_FILE:
        raise limits.too_large(name, len(raw), limits.LARGEST_FILE)
    with _nameless_file() as stream:
        stream.write(raw)
        stream.seek(0)
        return _read_in_child(stream, file=name)


def _nameless_file() -> BinaryIO:
    """Return a file that has no name and is gone when it is closed, in memory where the system knows such a thing."""
    if hasattr(os, "memfd_create"):
        return open(os.memfd_create("notice"), "w+b", buffering=0)  # noqa: PTH123
    return tempfile.TemporaryFile(buffering=0)


def _read_in_child(stream: Any, *, file: str) -> NoticeDocument:
    # The child must be able to take the name for a word, whatever characters the file system allowed in it.
    name = "".join(each if each.isprintable() else "\ufffd" for each in file) or "notice"
    process = subprocess.Popen(  # noqa: S603 - this interpreter, and a module of this package
        [sys.executable, "-I", "-X", "utf8", "-m", _CHILD, name],
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
    return _document_of(answer, status=process.returncode, file=name)


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
                raise refused(file, "holds more text than a notice can", _ALONE)
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
    return refused(file, f"takes longer to read than the {limits.SECONDS} seconds that a notice may", _ALONE)


def _document_of(answer: bytes, *, status: int, file: str) -> NoticeDocument:
    if status == -signal.SIGXCPU or (status == -signal.SIGKILL and not answer):
        raise _too_slow(file)
    try:
        document = json.loads(answer)
        if "error" in document:
            error = document["error"]
            raise refused(
                file,
                str(error["problem"]),
                str(error["remedy"]),
                value=None if error["value"] is None else str(error["value"]),
                row=int(error["row"] or 0),
            )
        blocks = tuple(map(_block_of, document["blocks"]))
        format_ = str(document["format"])
    except (
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
        json.JSONDecodeError,
        UnicodeDecodeError,
    ) as error:
        raise refused(
            file,
            "is damaged or made to do harm: the process that read it "
            + (f"was ended by signal {-status}" if status < 0 else f"failed (status {status})"),
            "open it in the program that made it and save it anew",
        ) from error
    return NoticeDocument(file=file, format=format_, blocks=blocks)


def _block_of(block: Any) -> DocumentBlock:
    if isinstance(block, str):
        return DocumentParagraph(text=block)
    return DocumentTable(rows=tuple(tuple(str(cell) for cell in row) for row in block))
