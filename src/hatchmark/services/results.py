"""The result of a round, built from the decisions that stand: the one value that every shell shows."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from hatchmark.db.models import Decision as DecisionRow
from hatchmark.db.models import Entry, Objection, ResultNotice, Round
from hatchmark.domain.notices import Version
from hatchmark.domain.obligations import carried_chain_end
from hatchmark.domain.outcomes import Decision, EntryKey, Grade, Mode, Outcome
from hatchmark.domain.results import Participant, RoundResults, build_results, results_from_document
from hatchmark.domain.scheme import points_text
from hatchmark.services.refusals import UnsoundError
from hatchmark.services.vocabularies import vocabulary_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedVersion:
    """One published version: what it is called, what it published, why it was made, and its row's key."""

    pk: int
    version: Version
    published_at: datetime | None
    reason: str
    results: RoundResults


def published_versions(evaluation_round: Round) -> list[PublishedVersion]:
    """Return every version that was published of a round, the first one first; empty before publication."""
    return [
        PublishedVersion(
            pk=row.pk,
            version=_version(row),
            published_at=row.published_at,
            reason=row.reason,
            results=results_from_document(json.loads(row.document)),
        )
        for row in evaluation_round.result_notices.order_by("version")
    ]


def named_versions(evaluation_round: Round) -> dict[int, Version]:
    """Return how each published version is named in another one, by its number."""
    return {row.version: _version(row) for row in evaluation_round.result_notices.defer("document")}


def _version(row: ResultNotice) -> Version:
    day = timezone.localtime(row.published_at).date() if row.published_at else None
    return Version(number=row.version, day=day, digest=row.digest)


def published_version(evaluation_round: Round, number: int | None = None) -> PublishedVersion:
    """Return one version by its number, or the latest. Raises UnsoundError where there is none."""
    versions = published_versions(evaluation_round)
    wanted = [each for each in versions if number in (None, each.version.number)]
    if not wanted:
        which = "nothing" if number is None else f"no version {number}"
        raise UnsoundError(f"{which} of {evaluation_round} was published; publish it first")
    return wanted[-1]


def key_of(entry: Entry) -> EntryKey:
    """Return the name of a stored entry."""
    return EntryKey(entry.kind, entry.serial)


def decision_of(row: DecisionRow) -> Decision:
    """Return the value of a stored decision."""
    return Decision(
        key=key_of(row.entry),
        mode=Mode(row.mode),
        outcome=Outcome(row.outcome),
        grade=Grade(row.grade) if row.grade else None,
        carried_from=key_of(row.carried_from) if row.carried_from else None,
        year=row.year,
        as_kind=row.as_kind or None,
        reason=row.reason,
        note=row.note,
    )


def decisions_of(evaluation_round: Round) -> dict[EntryKey, Decision]:
    """Return the decision that stands for each entry: the latest confirmed version."""
    rows = (
        DecisionRow.objects.filter(entry__round=evaluation_round)
        .exclude(confirmed_by="")
        .select_related("entry", "carried_from")
        .order_by("entry__kind", "entry__serial", "version")
    )
    return {decision.key: decision for decision in map(decision_of, rows)}


def settled(objection: Objection, *, at: datetime | None = None) -> bool:
    """Say whether an objection was settled at a moment (None: now): ruled on, and what it corrected decided on."""
    corrects = objection.ruling == "upheld" and objection.figure != ""
    settled_at = objection.applied_at if corrects else objection.ruled_at
    return settled_at is not None and (at is None or settled_at <= at)


def blocked_entries(evaluation_round: Round, *, at: datetime | None = None) -> frozenset[EntryKey]:
    """Return the entries with an objection not settled at a moment (None: now), and those judged by one of them."""
    objections = Objection.objects.filter(entry__round=evaluation_round).select_related("entry")
    blocked = {key_of(objection.entry) for objection in objections if not settled(objection, at=at)}
    decisions = decisions_of(evaluation_round)
    return frozenset(
        key for key in decisions if key in blocked or carried_chain_end(key, decisions) in blocked
    )


def results_of(evaluation_round: Round, *, without: Iterable[EntryKey] = ()) -> RoundResults:
    """Build the results from the decisions that stand, leaving out the entries in `without`."""
    left_out = frozenset(without)
    decisions = {key: value for key, value in decisions_of(evaluation_round).items() if key not in left_out}
    entries = {key_of(entry): entry for entry in evaluation_round.entries.all()}
    participants = {
        key: Participant(
            key=key,
            name=entry.name,
            aliases=tuple(entry.aliases),
            operators_printed=entry.operators_printed,
            operators=tuple(entry.operators),
            channel=entry.channel,
            region=entry.region or None,
        )
        for key, entry in entries.items()
    }
    return build_results(
        authority=evaluation_round.authority.name,
        year=evaluation_round.year,
        fictional=evaluation_round.fictional,
        kinds=[kind.kind for kind in evaluation_round.kinds.all()],
        participants=participants,
        decisions=decisions,
        scores=scores_of(evaluation_round),
        vocabulary=vocabulary_of(evaluation_round),
    )


def scores_of(evaluation_round: Round) -> dict[EntryKey, str]:
    """Return the total of every entry that has one, as exact text, by its latest scorecard."""
    cards = (
        evaluation_round.entries.filter(scorecards__total__isnull=False)
        .order_by("kind", "serial", "scorecards__version")
        .values_list("kind", "serial", "scorecards__total")
    )
    return {EntryKey(kind, serial): points_text(total) for kind, serial, total in cards if total is not None}
