"""Files kept under the digest of their content, in the folder `files` of HATCHMARK_DATA.

A file is there whole or not at all, and never changes: its name is what it holds. Whether anybody may read it is for
the act that names its digest in the ledger.
"""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from django.conf import settings

_DIGEST = re.compile(r"[0-9a-f]{64}")
_KEY = re.compile(r"[0-9a-f]{32}")
_PUT_BACK: ContextVar[list[Callable[[], None]] | None] = ContextVar("put_back", default=None)
"""While an act is tried: what puts the disk back, the last change last. None while acts are done."""


@contextmanager
def tried() -> Iterator[None]:
    """Leave the disk as it was, whatever is done meanwhile: nothing is kept or thrown away, what was written is undone.

    Goes inside the transaction that is rolled back, whose locks keep others from what is put back.
    """
    put_back: list[Callable[[], None]] = []
    token = _PUT_BACK.set(put_back)
    try:
        yield
    finally:
        _PUT_BACK.reset(token)
        for undo in reversed(put_back):
            undo()


def _is_tried() -> bool:
    return _PUT_BACK.get() is not None


def digest_of_content(content: bytes) -> str:
    """Return the SHA-256 under which a content is kept."""
    return hashlib.sha256(content).hexdigest()


def keep_file(content: bytes) -> str:
    """Keep the content and return its SHA-256. What is there already is left as it is."""
    digest = digest_of_content(content)
    path = _path(digest)
    if path.exists() or _is_tried():
        return digest
    path.parent.mkdir(parents=True, exist_ok=True)
    # Another name first: whoever looks meanwhile, or after a loss of power, finds no half of a file.
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return digest


def kept_file(digest: str) -> bytes | None:
    """Return what is kept under a digest, or None; raise ValueError for what is no digest."""
    path = _path(digest)
    return path.read_bytes() if path.is_file() else None


# ---- a file that comes in pieces --------------------------------------------------------------------------


def free_bytes() -> int:
    """Return how much room there is where files are kept."""
    folder = Path(settings.DATA)
    folder.mkdir(parents=True, exist_ok=True)
    return shutil.disk_usage(folder).free


def part_path(key: str) -> Path:
    """Return where what has come of an upload lies until all of it is there; raise ValueError for what is no key."""
    if not _KEY.fullmatch(key):
        raise ValueError(f"'{key[:80]}' is no key of an upload")
    return Path(settings.DATA) / "uploads" / f"{key}.part"


def write_part(key: str, *, offset: int, content: bytes) -> None:
    """Write a piece at its place. What lay behind it is cut off: it belongs to a piece that never was counted."""
    path = part_path(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    if (put_back := _PUT_BACK.get()) is not None:
        before = path.stat().st_size if path.exists() else None
        # What lies behind `offset` never was counted: no more than that is cut off and not put back.
        put_back.append(lambda: _cut_back(path, min(before, offset) if before is not None else None))
    handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.truncate(offset)
        stream.seek(offset)
        stream.write(content)


def _cut_back(path: Path, length: int | None) -> None:
    if length is None:
        path.unlink(missing_ok=True)
    else:
        os.truncate(path, length)


def read_part(key: str, *, offset: int, length: int) -> bytes:
    """Return what lies at a place of an upload that is not finished; less where less is there."""
    try:
        with part_path(key).open("rb") as stream:
            stream.seek(offset)
            return stream.read(length)
    except FileNotFoundError:
        return b""


def settle_part(key: str) -> str:
    """Make sure that an upload lies on the disk, and return the SHA-256 of what can be read back from there."""
    with part_path(key).open("rb") as stream:
        os.fsync(stream.fileno())
        return hashlib.file_digest(stream, "sha256").hexdigest()


def keep_part(key: str, digest: str) -> None:
    """Keep an upload under its digest; its part stays until `drop_part`. What is there already is left as it is."""
    if _is_tried():
        return
    source, path = part_path(key), kept_path(digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        return
    try:
        # A second name for the same file: whatever breaks off between this and the commit, the part is still there.
        os.link(source, path)
    except FileExistsError:
        return
    except OSError:
        # A file system without second names.
        handle, name = tempfile.mkstemp(dir=path.parent)
        os.close(handle)
        shutil.copyfile(source, name)
        Path(name).replace(path)


def drop_part(key: str) -> None:
    """Throw away what came of an upload; nothing happens where nothing came."""
    path = part_path(key)
    if not _is_tried():
        path.unlink(missing_ok=True)


def drop_kept(digest: str) -> None:
    """Throw away a kept file. Whoever calls has made sure that nobody names it."""
    path = kept_path(digest)
    if not _is_tried():
        path.unlink(missing_ok=True)


def kept_path(digest: str) -> Path:
    """Return where a file is kept; raise ValueError for what is no digest."""
    return _path(digest)


def _path(digest: str) -> Path:
    if not _DIGEST.fullmatch(digest):
        raise ValueError(f"'{digest[:80]}' is no SHA-256 in hexadecimal")
    return Path(settings.DATA) / "files" / digest[:2] / digest
