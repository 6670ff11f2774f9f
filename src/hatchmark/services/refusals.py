"""Why an official act was not done. Nothing was changed and nothing recorded when one of these is raised."""

from collections.abc import Sequence

from hatchmark.domain.permissions import Ruling
from hatchmark.domain.problems import Problem


class RefusedError(Exception):
    """An act was refused; the message says what stands against it and what to do."""


class NotAllowedError(RefusedError):
    """The permission function said no: `ruling` holds what stands against the act, which a page says by its code."""

    def __init__(self, reason: str, ruling: Ruling | None = None) -> None:
        self.ruling = ruling
        super().__init__(reason)


class OutdatedError(RefusedError):
    """Somebody else changed the object in between; it has to be opened again."""


class UnsoundError(RefusedError):
    """The papers contradict themselves or one another."""


class FaultyError(UnsoundError):
    """What somebody filled in cannot stand. A page says each of `problems` beside its field, in its language."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problem.text for problem in self.problems))


def faulty(code: str, text: str, /, **facts: object) -> FaultyError:
    """Return the refusal of one thing that cannot stand: `text` says it in English, a page by its `code`."""
    return FaultyError([Problem(code=code, text=text, facts=facts)])
