"""How the queue of a channel is looked through: standings, flags, names, order, pages; on the server, all of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hatchmark.db.models import Entry
from hatchmark.domain.handing_in import Standing
from hatchmark.domain.permissions import Role
from hatchmark.services.queues import Line
from hatchmark.web.paging import query_of, read_page, read_word
from hatchmark.web.results import folded

ROWS_A_PAGE = 50
WITH_FLAGS = ("open", "explained", "none")
"""What can be asked of flags: some want a word, all have one, there are none."""

_ORDER_OF_STANDINGS = (
    Standing.SUBMITTED,
    Standing.RETURNED,
    Standing.NOTHING,
    Standing.DRAFT,
    Standing.ABSENT,
    Standing.DEFERRED,
    Standing.REFUSED,
    Standing.APPROVED,
)


SORTS = {
    "serial": lambda line: (line.entry.kind, line.entry.serial),
    "name": lambda line: line.entry.name,
    "standing": lambda line: _ORDER_OF_STANDINGS.index(line.papers.standing),
    "flags": lambda line: (-line.open, -line.flags),
    "handed_in": lambda line: (
        line.papers.handed_in_at is None,
        line.papers.handed_in_at.timestamp() if line.papers.handed_in_at else 0,
    ),
}
"""By what the queue can be ordered; a word in front of it turns the order round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """What an officer asked for. An empty text asks nothing of that kind."""

    q: str = ""
    kind: str = ""
    standing: str = ""
    flags: str = ""
    sort: str = ""
    page: int = 1

    @classmethod
    def read(cls, parameters: Mapping[str, str]) -> "QueueFilter":
        """Read the address. What cannot be asked for is not asked; a page that is no number is the first."""

        def one_of(name: str, known: Sequence[str]) -> str:
            return parameters.get(name, "") if parameters.get(name, "") in known else ""

        return cls(
            q=read_word(parameters.get("q", "")),
            kind=parameters.get("kind", "")[:40],
            standing=one_of("standing", list(Standing)),
            flags=one_of("flags", WITH_FLAGS),
            sort=one_of("sort", [*SORTS, *(f"-{name}" for name in SORTS)]),
            page=read_page(parameters.get("page", "")),
        )

    @property
    def narrows(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.q or self.kind or self.standing or self.flags)

    def address(self, **changes: str | int) -> str:
        """Return the query part of the address of this filter with `changes`; the page starts anew."""
        changed = replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]
        words = {name: getattr(changed, name) for name in ("q", "kind", "standing", "flags", "sort")}
        return query_of(words, page=changed.page)

    def apply(self, lines: Sequence[Line]) -> list[Line]:
        """Return the lines that are asked for, in the order that is asked for."""
        wanted = [folded(word) for word in self.q.split()]
        found = [
            line
            for line in lines
            if (not self.kind or line.entry.kind == self.kind)
            and (not self.standing or line.papers.standing == self.standing)
            and (not self.flags or _flagged(line) == self.flags)
            and all(any(word in folded(text) for text in _texts(line.entry)) for word in wanted)
        ]
        name = self.sort.removeprefix("-") or "serial"
        # Sorted twice: within equals the order of the list stays, whichever way the other one turns.
        found.sort(key=SORTS["serial"])
        found.sort(key=SORTS[name], reverse=self.sort.startswith("-"))
        return found


def _flagged(line: Line) -> str:
    if not line.flags:
        return "none" if line.papers.version else ""
    return "open" if line.open else "explained"


def _texts(entry: Entry) -> list[str]:
    return [entry.name, *entry.aliases, entry.operators_printed, *entry.operators]


def counts_of(lines: Sequence[Line]) -> dict[Standing, int]:
    """Return how many stand where, in the order in which they are worked on."""
    counts = Counter(line.papers.standing for line in lines)
    return {standing: counts[standing] for standing in _ORDER_OF_STANDINGS if counts[standing]}


def has_late_flags(line: Line) -> bool:
    """Whether a flag came up after the approval, and nobody has said a word to it."""
    return line.papers.standing is Standing.APPROVED and line.open > 0


def waits_for_word(line: Line) -> bool:
    """Whether nothing came, and the channel has to say why."""
    return line.papers.standing in (Standing.NOTHING, Standing.DRAFT) and line.papers.next is Role.CHANNEL
