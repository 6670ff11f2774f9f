"""When does a window of a round end, for everybody or for one entry? As called, or later where that was granted."""

from collections.abc import Iterable
from datetime import datetime

from hatchmark.db.models import Entry, Extension, Round


def deadline(evaluation_round: Round, name: str) -> datetime | None:
    """Return when a window, by its name in `round.toml`, ends for everybody; None where the round names none."""
    return granted_in([evaluation_round.pk]).to_all(evaluation_round, name)


def deadline_of(entry: Entry, name: str) -> datetime | None:
    """Return when a window ends for one entry: what was granted to it alone counts too."""
    return granted_in([entry.round_id]).to_one(entry, name)


class Granted:
    """Every extension of some rounds, read at once: what a list asks of each of its entries needs no query more."""

    def __init__(self, rows: Iterable[tuple[int, int | None, str, datetime]]) -> None:
        self._latest: dict[tuple[int, int | None, str], datetime] = {}
        self._alone: set[int] = set()
        for evaluation_round, entry, name, until in rows:
            key = (evaluation_round, entry, name)
            self._latest[key] = max(until, self._latest.get(key, until))
            if entry is not None:
                self._alone.add(entry)
        self._for_everybody: dict[tuple[int, str], datetime | None] = {}

    def to_all(self, evaluation_round: Round, name: str) -> datetime | None:
        """Return when a window of a round ends for everybody; None where the round names none."""
        key = (evaluation_round.pk, name)
        if key not in self._for_everybody:
            granted = self._latest.get((evaluation_round.pk, None, name))
            self._for_everybody[key] = later(called(evaluation_round, name), granted)
        return self._for_everybody[key]

    def to_one(self, entry: Entry, name: str) -> datetime | None:
        """Return when a window ends for one entry: what was granted to it alone counts too."""
        return later(self.to_all(entry.round, name), self._latest.get((entry.round_id, entry.pk, name)))

    def has_own(self, entry: Entry) -> bool:
        """Say whether something was granted to this entry alone."""
        return entry.pk in self._alone


def granted_in(rounds: Iterable[int]) -> Granted:
    """Return what was granted in rounds, by their keys, with one query."""
    rows = Extension.objects.filter(round__in=rounds).order_by()
    return Granted(rows.values_list("round_id", "entry_id", "deadline", "until"))


def called(evaluation_round: Round, name: str) -> datetime | None:
    """Return a deadline as the call named it."""
    text = evaluation_round.settings.get("dates", {}).get(name)
    return datetime.fromisoformat(text) if text else None


def later(first: datetime | None, second: datetime | None) -> datetime | None:
    """Return the later of two moments, either of which may not be there."""
    return max(filter(None, (first, second)), default=None)
