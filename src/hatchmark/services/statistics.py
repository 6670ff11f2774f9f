"""火炬统计: read a statistics return, show whom it speaks of, and keep it to be held against the submissions."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from hatchmark.db.models import Entry, Round, StatisticsReturn
from hatchmark.documents.statistics_returns import read_statistics
from hatchmark.documents.tables import LARGEST_XLSX, SUFFIXES
from hatchmark.domain.folder_errors import FolderError
from hatchmark.domain.identity import evened
from hatchmark.domain.permissions import Actor, Subject
from hatchmark.domain.problems import Problem
from hatchmark.domain.results import digest_of
from hatchmark.domain.scheme import parse_number
from hatchmark.domain.statistics_returns import BadCell, ReturnLine, ReturnProblem, return_titles
from hatchmark.services.ledger import record
from hatchmark.services.permissions import hold, require
from hatchmark.services.reach import entries_for
from hatchmark.services.refusals import FaultyError, UnsoundError, faulty
from hatchmark.services.rounds import scheme_of


class UnusableReturnError(UnsoundError):
    """A file that is not even looked into as a return. `rule`: no_table (by its ending), or large."""

    def __init__(self, message: str, *, rule: str) -> None:
        super().__init__(message)
        self.rule = rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A line of the return and the entry that it speaks of. `replaces`: a return of it is there already."""

    entry: Entry
    line: ReturnLine
    replaces: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsPreview:
    """What an import would keep. Nothing is stored by making it. `strangers` are lines of nobody within reach."""

    file: str
    digest: str
    kind: str
    matches: Sequence[Match]
    strangers: Sequence[ReturnLine]
    twice: Sequence[ReturnLine]
    known: Sequence[str]
    unknown: Sequence[str]
    head_row: int

    @property
    def bad(self) -> list[BadCell]:
        """Every cell of a matched line that cannot be taken over."""
        return [cell for match in self.matches for cell in match.line.bad]

    @property
    def problems(self) -> list[Problem]:
        """Everything that keeps the file out, as one thing: each bad cell, and each line of somebody named before."""
        cells = [
            Problem(
                code="return_bad_cell",
                about=f"row {each.row}: {each.column}",
                text=f"'{each.value}': {each.en}",
                facts={
                    "row": each.row,
                    "column": each.column,
                    "value": each.value,
                    "zh": each.zh,
                    "en": each.en,
                },
            )
            for each in self.bad
        ]
        return cells + [
            Problem(
                code="return_named_twice",
                about=f"row {line.row}",
                text=f"{line.name or line.code} is named in a row above already; leave one of the two",
                facts={"row": line.row, "name": line.name or line.code},
            )
            for line in self.twice
        ]

    @property
    def can_be_kept(self) -> bool:
        """Whether an import would do anything, and nothing stands against it."""
        return bool(self.matches) and not self.problems


def preview_statistics(
    *, evaluation_round: Round, kind: str, file: str, content: bytes, actor: Actor
) -> StatisticsPreview:
    """Read a return and match its lines to the entries within the actor's reach.

    Raises UnsoundError with the fault, UnusableReturnError where it lies in the file.
    """
    _check_file(file, content)
    round_kind = evaluation_round.kinds.filter(kind=kind).exclude(scheme="").first()
    try:
        titles = return_titles(kind)
    except KeyError as error:
        raise faulty(
            "return_kind",
            f"{kind}: the statistics return of this kind cannot be read; choose another kind",
        ) from error
    if round_kind is None:
        raise faulty(
            "no_kind_of_round", f"{evaluation_round} evaluates no {kind}; choose a kind of this round"
        )
    try:
        read = read_statistics(content, file=file, scheme=scheme_of(round_kind), titles=titles)
    except ReturnProblem as error:
        raise faulty(f"return_{error.code}", f"{file}: {error}", **_listed(error.facts)) from error
    except FolderError as error:
        raise faulty("return_unreadable" if content else "return_empty", str(error)) from error
    entries = list(
        entries_for(actor, "import_statistics")
        .filter(round=evaluation_round, kind=kind)
        .select_related("qualification__institution", "statistics_return")
    )
    by_code = {entry.qualification.institution.code: entry for entry in entries}
    by_name: dict[str, list[Entry]] = {}
    for entry in entries:
        for name in {evened(each) for each in (entry.name, *entry.aliases)}:
            by_name.setdefault(name, []).append(entry)
    matches: list[Match] = []
    strangers, twice = [], []
    seen: set[int] = set()
    for line in read.lines:
        # A code decides; a name that two bear decides nothing.
        named = by_name.get(evened(line.name), [])
        found = by_code.get(line.code) or (named[0] if len(named) == 1 else None)
        if found is None:
            strangers.append(line)
        elif found.pk in seen:
            twice.append(line)
        else:
            seen.add(found.pk)
            matches.append(Match(entry=found, line=line, replaces=hasattr(found, "statistics_return")))
    return StatisticsPreview(
        file=file,
        digest=hashlib.sha256(content).hexdigest(),
        kind=kind,
        matches=matches,
        strangers=strangers,
        twice=twice,
        known=read.known,
        unknown=read.unknown,
        head_row=read.head_row,
    )


def _check_file(file: str, content: bytes) -> None:
    if not file.lower().endswith(SUFFIXES):
        raise UnusableReturnError(f"{file} is no table; send a {' or '.join(SUFFIXES)}", rule="no_table")
    if len(content) > LARGEST_XLSX:
        most = LARGEST_XLSX // (1024 * 1024)
        raise UnusableReturnError(f"{file} is above the {most} MB of a return; split it", rule="large")


def import_previewed(*, evaluation_round: Round, found: StatisticsPreview, actor: Actor, at: datetime) -> int:
    """Keep what a preview found. Raises FaultyError with every cell and line that keeps the file out."""
    if found.problems:
        raise FaultyError(found.problems)
    return import_statistics(
        evaluation_round=evaluation_round,
        lines={match.entry.pk: match.line.figures for match in found.matches},
        file=found.file,
        digest=found.digest,
        actor=actor,
        at=at,
    )


def _listed(facts: Mapping[str, object]) -> dict[str, object]:
    """Return facts as a sentence holds them: lists joined."""
    return {
        name: "、".join(map(str, value)) if isinstance(value, list) else value
        for name, value in facts.items()
    }


@transaction.atomic
def import_statistics(
    *,
    evaluation_round: Round,
    lines: Mapping[int, Mapping[str, str]],
    file: str,
    digest: str,
    actor: Actor,
    at: datetime,
) -> int:
    """Keep what a return says of entries, by primary key; a later return takes the place of an earlier one.

    Returns how many entries it speaks of. Raises NotAllowedError where one of them is out of reach: then none is kept.
    """
    hold(evaluation_round)
    if not lines:
        raise faulty("return_of_nobody", "the return speaks of nobody; nothing to import")
    entries = {
        entry.pk: entry
        for entry in Entry.objects.filter(round=evaluation_round, pk__in=list(lines)).select_related(
            "qualification__institution"
        )
    }
    if missing := sorted(set(lines) - set(entries)):
        raise faulty("return_stale", f"{evaluation_round} has no entry {missing[0]}; open the import again")
    kept = {}
    for pk, figures in lines.items():
        entry = entries[pk]
        subject = Subject(institution=entry.qualification.institution.code, channel=entry.channel)
        require(actor, "import_statistics", subject, evaluation_round=evaluation_round, at=at)
        for value in figures.values():
            parse_number(value)
        StatisticsReturn.objects.update_or_create(
            entry=entry,
            defaults={
                "round": evaluation_round,
                "figures": dict(figures),
                "file": file[:200],
                "digest": digest,
                "imported_by": actor.code,
                "imported_at": at,
            },
        )
        kept[str(entry)] = digest_of(dict(figures))
    record(
        actor,
        "import_statistics",
        subject=f"round:{evaluation_round.year}",
        details={"file": file, "digest": digest, "entries": kept},
        evaluation_round=evaluation_round,
        at=at,
    )
    return len(kept)
