"""Flags of the cross-checks as pages show them: to the channel that reviews, and to the institution itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hatchmark.db.models import Entry
from hatchmark.domain.cross_checks import Severity
from hatchmark.domain.permissions import Actor
from hatchmark.services.cross_checks import FlagState
from hatchmark.services.reach import entries_for
from hatchmark.web import words


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagView:
    """A flag as the page shows it."""

    number: int
    key: str
    check: str
    severity: Severity
    severity_label: str
    text: str
    figures: Sequence[str]
    others: Sequence[str]
    word: str
    by: str
    at: str
    open: bool
    typed: str


def flag_views(
    language: str, states: Sequence[FlagState], actor: Actor, entry: Entry, typed: Mapping[str, Any]
) -> list[FlagView]:
    """Return the flags of an entry, those that want a word first, the grave before the slight."""
    order = list(Severity)
    others = {name for state in states for name in state.flag.others}
    names: dict[str, str] = {}
    if others:
        # Whose other entries these are is for whoever reaches them as well; a channel is not told of another's.
        within = entries_for(actor, "read_flags").filter(round=entry.round)
        names = {str(each): each.name for each in within if str(each) in others}
    ordered = sorted(states, key=lambda state: (not state.is_open, order.index(state.flag.severity)))
    return [
        FlagView(
            number=number,
            key=state.flag.key,
            check=words.say(language, f"check_{state.flag.check}"),
            severity=state.flag.severity,
            severity_label=words.say(language, f"flag_severity_{state.flag.severity}"),
            text=state.flag.zh if language == "zh" else state.flag.en,
            figures=state.flag.figures,
            others=[names[name] for name in state.flag.others if name in names],
            word=state.word.explanation if state.word else "",
            by=words.say(language, f"role_{state.word.role}") if state.word else "",
            at=words.moment(language, state.word.explained_at) if state.word else "",
            open=state.is_open,
            typed=typed.get("explanation", "") if typed.get("flag") == state.flag.key else "",
        )
        for number, state in enumerate(ordered, start=1)
    ]
