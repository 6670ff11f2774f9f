"""What time is it? The machine's clock; in the database of a demo, the demo's own, which lies in its invented year."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from hatchmark.db.models import Demonstration
from hatchmark.services.refusals import UnsoundError


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the clock showed, and whether it is a demo's."""

    at: datetime
    demonstration: bool


_kept: ContextVar[list[_Reading] | None] = ContextVar("kept", default=None)
"""A request's own reading, once it was asked for. None: outside of one, where each question is a new one."""


_remembers = False
_is_none = False
"""Whether this process found that its database is no demo's, and may rely on it."""


def serve_one_database() -> None:
    """Let this process ask only until it has found no demo: a demo is one from its first hour or never.

    For a server, which would ask with every request. A process that meets several databases must not.
    """
    global _remembers  # noqa: PLW0603 - of the process, as its database is
    _remembers = True


@contextmanager
def one_moment() -> Iterator[None]:
    """Whatever is asked inside happens at one moment: that of the first question, however long the answer takes.

    Whoever sends a form in the last second is not late because the database was busy.
    """
    token = _kept.set([])
    try:
        yield
    finally:
        _kept.reset(token)


def now() -> datetime:
    """Return the present moment. Shells ask it and hand it on; no service asks for itself."""
    return _reading().at


def is_demonstration() -> bool:
    """Say whether this database was made by `demo`: its rounds and its accounts are invented."""
    return _reading().demonstration


def _reading() -> _Reading:
    kept = _kept.get()
    if kept:
        return kept[0]
    global _is_none  # noqa: PLW0603
    real = timezone.now()
    row = None if _is_none else Demonstration.objects.first()
    _is_none = _remembers and row is None
    reading = _Reading(real if row is None else row.shows + (real - row.set_at), row is not None)
    if kept is not None:
        kept.append(reading)
    return reading


def set_demonstration_clock(shows: datetime) -> None:
    """Set the clock of a demo. Raises UnsoundError in any other database, whose time nobody sets."""
    if not Demonstration.objects.update(shows=shows, set_at=timezone.now()):
        raise UnsoundError("only the database of a demo has a clock of its own")
    if kept := _kept.get():
        kept.clear()


def begin_demonstration(shows: datetime) -> None:
    """Make this database that of a demo, for good. `demo` alone calls it, on a database of its own."""
    global _is_none  # noqa: PLW0603
    _is_none = False
    if not Demonstration.objects.exists():
        Demonstration.objects.create(shows=shows, set_at=timezone.now())
