"""Who is in the queue of a channel, and what stands between each and its approval?"""

from dataclasses import dataclass
from datetime import datetime

from hatchmark.db.models import Entry, Round
from hatchmark.domain.handing_in import Standing
from hatchmark.domain.permissions import Actor
from hatchmark.services.cross_checks import flag_states_of
from hatchmark.services.handing_in import Papers, papers_of
from hatchmark.services.reach import entries_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry of the queue. `flags` counts those that ask for a word, `open` those that have none yet."""

    papers: Papers
    flags: int
    open: int

    @property
    def entry(self) -> Entry:
        """The entry."""
        return self.papers.entry

    @property
    def can_be_approved(self) -> bool:
        """Whether nothing but the officer stands between it and its approval."""
        return self.papers.standing is Standing.SUBMITTED and not self.open


def queue_of(actor: Actor, evaluation_round: Round, *, at: datetime) -> list[Line]:
    """Return the whole queue of an officer in a round: own institutions alone, whatever is asked for afterwards."""
    entries = entries_for(actor, "read_queue").filter(round=evaluation_round).order_by("kind", "serial")
    papers = papers_of(entries, at=at, of=evaluation_round)
    states = flag_states_of(evaluation_round, [each.entry.pk for each in papers])
    return [
        Line(
            papers=each,
            flags=sum(state.flag.needs_a_word for state in states.get(each.entry.pk, ())),
            open=sum(state.is_open for state in states.get(each.entry.pk, ())),
        )
        for each in papers
    ]
