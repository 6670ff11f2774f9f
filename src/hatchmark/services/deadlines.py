"""When does a window of a round end, for everybody or for one entry? As called, or later where that was granted."""

from datetime import datetime

from django.db.models import Max, Q

from hatchmark.db.models import Entry, Extension, Round


def deadline(evaluation_round: Round, name: str) -> datetime | None:
    """Return when a window, by its name in `round.toml`, ends for everybody; None where the round names none."""
    return later(called(evaluation_round, name), _granted(Q(entry=None), evaluation_round, name))


def deadline_of(entry: Entry, name: str) -> datetime | None:
    """Return when a window ends for one entry: what was granted to it alone counts too."""
    return later(called(entry.round, name), _granted(Q(entry=None) | Q(entry=entry), entry.round, name))


def called(evaluation_round: Round, name: str) -> datetime | None:
    """Return a deadline as the call named it."""
    text = evaluation_round.settings.get("dates", {}).get(name)
    return datetime.fromisoformat(text) if text else None


def later(first: datetime | None, second: datetime | None) -> datetime | None:
    """Return the later of two moments, either of which may not be there."""
    return max(filter(None, (first, second)), default=None)


def _granted(whose: Q, evaluation_round: Round, name: str) -> datetime | None:
    rows = Extension.objects.filter(whose, round=evaluation_round, deadline=name)
    latest: datetime | None = rows.aggregate(latest=Max("until"))["latest"]
    return latest
