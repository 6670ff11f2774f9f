"""What time is it? The machine's clock; in the database of a demo, the demo's own, which lies in its invented year."""

from datetime import datetime

from django.utils import timezone

from hatchmark.db.models import Demonstration
from hatchmark.services.refusals import UnsoundError


def now() -> datetime:
    """Return the present moment. Shells ask it once and hand it on; no service asks for itself."""
    real = timezone.now()
    demonstration = Demonstration.objects.first()
    return real if demonstration is None else demonstration.shows + (real - demonstration.set_at)


def is_demonstration() -> bool:
    """Say whether this database was made by `demo`: its rounds and its accounts are invented."""
    return Demonstration.objects.exists()


def set_demonstration_clock(shows: datetime) -> None:
    """Set the clock of a demo. Raises UnsoundError in any other database, whose time nobody sets."""
    if not Demonstration.objects.update(shows=shows, set_at=timezone.now()):
        raise UnsoundError("only the database of a demo has a clock of its own")


def begin_demonstration(shows: datetime) -> None:
    """Make this database that of a demo, for good. `demo` alone calls it, on a database of its own."""
    if not Demonstration.objects.exists():
        Demonstration.objects.create(shows=shows, set_at=timezone.now())
