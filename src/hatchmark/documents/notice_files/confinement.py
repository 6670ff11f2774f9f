"""Takes from the process that reads an untrusted file what reading does not need: memory, time, network, writing.

The limits of the operating system hold whatever happens; the audit hook, which nothing in the process can take off
again, turns an attempt to open a connection, write a file or start a program into an error.
"""

import contextlib
import ctypes
import os
import resource
import sys
from typing import Any

from hatchmark.documents.notice_files import limits

_NEW_USER_NAMESPACE, _NEW_NETWORK_NAMESPACE = 0x10000000, 0x40000000
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_REFUSED = (
    "socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.startfile", "pty.",
    "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown",
    "os.utime", "os.setxattr", "os.removexattr", "os.putenv", "shutil.", "tempfile.", "urllib.", "http.", "ftplib.",
    "smtplib.", "webbrowser.", "ctypes.dlopen", "sqlite3.",
)  # fmt: skip


class ConfinedError(PermissionError):
    """Reading a file tried to do what reading a file never needs."""


def limit_resources() -> None:
    """Bound memory and processor time of this process and all that it starts, and forbid it to write a file."""
    for what, most in (
        (resource.RLIMIT_AS, limits.MEMORY),
        (resource.RLIMIT_CPU, limits.SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
        # macOS knows the limit on memory and refuses to set it: time is bounded there all the same.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (wanted, wanted))


def confine(*, program: str | None = None) -> None:
    """Take network, writing and the starting of programs from this process for good; `program` alone may be started.

    Everything that has to be imported must have been imported before.
    """
    _leave_the_network()
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            _, mode, flags = arguments
            writes = (isinstance(flags, int) and flags & _WRITING) or (
                isinstance(mode, str) and set(mode) & set("wax+")
            )
            if writes:
                raise ConfinedError("a file was to be written")
        elif event.startswith(_REFUSED) and not (
            program is not None
            and event in ("subprocess.Popen", "os.posix_spawn")
            and arguments[0] == program
        ):
            raise ConfinedError(f"{event} was tried")

    sys.addaudithook(refuse)


def _leave_the_network() -> None:
    """Move into a network namespace without any device, where the kernel lets an ordinary process do so."""
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).unshare(_NEW_USER_NAMESPACE | _NEW_NETWORK_NAMESPACE)
