"""Files kept under the digest of their content, in the folder `files` of HATCHMARK_DATA.

A file is there whole or not at all, and never changes: its name is what it holds. Whether anybody may read it is for
the act that names its digest in the ledger.
"""

import hashlib
import os
import re
import tempfile
from pathlib import Path

from django.conf import settings

_DIGEST = re.compile(r"[0-9a-f]{64}")


def keep_file(content: bytes) -> str:
    """Keep the content and return its SHA-256. What is there already is left as it is."""
    digest = hashlib.sha256(content).hexdigest()
    path = _path(digest)
    if path.exists():
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


def _path(digest: str) -> Path:
    if not _DIGEST.fullmatch(digest):
        raise ValueError(f"'{digest[:80]}' is no SHA-256 in hexadecimal")
    return Path(settings.DATA) / "files" / digest[:2] / digest
