"""Say what in a form cannot stand, and why an act was refused, in the language of the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from hatchmark.domain.openings import DEADLINES
from hatchmark.domain.permissions import Role, Ruling
from hatchmark.domain.problems import Problem
from hatchmark.domain.scheme import Beyond
from hatchmark.domain.workflow import Stage
from hatchmark.services.refusals import FaultyError, NotAllowedError, OutdatedError, RefusedError
from hatchmark.web import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A problem as a page shows it: in the list on top, and beside the field that `about` names."""

    about: str
    text: str


def faults_of(
    language: str, problems: Sequence[Problem], *, kinds: Mapping[str, str] | None = None
) -> list[Fault]:
    """Put problems into words. `kinds` are the titles of kinds by their code."""
    return [Fault(about=each.about, text=_said(language, each, kinds or {})) for each in problems]


def _said(language: str, problem: Problem, kinds: Mapping[str, str]) -> str:
    facts = {name: _shown(language, value, kinds) for name, value in problem.facts.items()}
    about = f"moment_{problem.about}" if problem.about in DEADLINES else f"field_{problem.about}"
    field = words.text(language, about) if about in words.TEXTS else ""
    return words.say(language, f"problem_{problem.code}", **{"field": field, **facts})


def _shown(language: str, value: object, kinds: Mapping[str, str]) -> object:
    if isinstance(value, tuple):
        return words.text(language, "sub_list_comma").join(
            str(_shown(language, each, kinds)) for each in value
        )
    if isinstance(value, Role):
        return words.say(language, f"role_{value}")
    if isinstance(value, Beyond):
        return words.beyond(language, value)
    if isinstance(value, Stage):
        return words.say(language, f"stage_{value}")
    if value is None:
        return "—"
    if isinstance(value, datetime):
        return words.moment(language, value)
    if isinstance(value, date):
        return f"{words.day(language, value)}{words.say(language, 'weekday_in', weekday=weekday(language, value))}"
    if isinstance(value, str) and value in kinds:
        return kinds[value]
    if isinstance(value, str) and (value in DEADLINES or value == "call_at"):
        return words.text(language, f"moment_{value}")
    return value


def weekday(language: str, day: date) -> str:
    """Name the day of the week."""
    return words.text(language, f"weekday_{day.weekday()}")


def refusal(language: str, error: RefusedError, *, kinds: Mapping[str, str] | None = None) -> str:
    """Say why an act was not done."""
    if isinstance(error, FaultyError):
        said = [fault.text for fault in faults_of(language, error.problems, kinds=kinds)]
        return words.text(language, "problems_joint").join(said)
    if isinstance(error, OutdatedError):
        return words.text(language, "refused_outdated")
    if isinstance(error, NotAllowedError) and error.ruling is not None:
        return words.say(language, "refused_not_allowed", reason=against(language, error.ruling))
    return words.say(language, "refused_otherwise", reason=error)


def against(language: str, ruling: Ruling) -> str:
    """Say what the permission table holds against an act, and what to do instead."""
    if ruling.against is None:
        return ruling.reason
    facts = {name: _shown(language, value, {}) for name, value in ruling.facts.items()}
    if "act" in ruling.facts:
        facts["act"] = words.say(language, f"act_{ruling.facts['act']}")
    return words.say(language, f"against_{ruling.against}", **facts)
