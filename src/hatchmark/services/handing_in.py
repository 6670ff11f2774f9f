"""The entries of a round with where their papers stand, for lists: two queries, however many there are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet

from hatchmark.db.models import Absence, Entry, Round, Submission
from hatchmark.domain.handing_in import Standing, standing_of, whose_turn
from hatchmark.domain.permissions import Role, Subject
from hatchmark.services.deadlines import Granted, granted_in

NOT_COUNTING = ("superseded", "withdrawn")
COUNTS = ~Q(state__in=NOT_COUNTING)
"""The versions of a submission that count: the others stay readable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """One entry in a list. `closes_at` is when its own window for handing in, or for correcting, ends.

    `asks_deferral`: it has asked to be deferred, and nobody has ruled on it. `next` is who acts next, and `due_at` by
    when: within the own window, or before the preliminary review closes.
    """

    entry: Entry
    standing: Standing
    version: int
    handed_in_at: datetime | None
    digest: str
    closes_at: datetime | None
    extended: bool
    asks_deferral: bool
    next: Role | None
    due_at: datetime | None


def latest_submission(entry: Entry) -> Submission | None:
    """Return the version that counts, or None."""
    return entry.submissions.filter(COUNTS).last()


def papers_of(
    entries: QuerySet[Entry],
    *,
    at: datetime,
    of: Round | None = None,
    granted: Granted | None = None,
    institutions: bool = True,
) -> Sequence[Papers]:
    """Return the entries with the standing of their papers, in the order given. Entries of one or several rounds.

    `of` is the round that all of them belong to, and `granted` what was granted in it, where they were read already:
    they are not read again. Without `institutions`, whose entry it is, is not read beside it: `subject_of` then asks
    once for each.
    """
    if entries.query.is_sliced:
        raise ValueError(
            "an entry may be several rows here, of which a slice would lose some; slice what comes back"
        )
    beside = [] if of else ["round__authority"]
    if institutions:
        beside.append("qualification__institution")
    if beside:
        entries = entries.select_related(*beside)
    annotated: list[Any] = list(
        entries.annotate(
            counting=FilteredRelation("submissions", condition=~Q(submissions__state__in=NOT_COUNTING)),
            **{
                f"latest_{name}": F(f"counting__{name}")
                for name in ("state", "version", "handed_in_at", "digest")
            },
            draft_key=F("draft__pk"),
            deferring=FilteredRelation(
                "requests", condition=Q(requests__what="deferral") & ~Q(requests__ruling="refused")
            ),
            deferral=F("deferring__ruling"),
            is_absent=Exists(Absence.objects.filter(entry=OuterRef("pk"))),
        )
    )
    # Joined, an entry comes once for each version that counts and each request that was not refused: together they
    # are one entry. Of versions the last holds, and there is one at most.
    rows: dict[int, list[Any]] = {}
    for entry in annotated:
        rows.setdefault(entry.pk, []).append(entry)
    if granted is None:
        granted = granted_in({entry.round_id for entry in annotated})
    found = []
    for several in rows.values():
        entry = max(several, key=lambda each: each.latest_version or 0)
        if of is not None:
            entry.round = of
        found.append(_papers(entry, {each.deferral for each in several}, granted, at=at))
    return found


def _papers(entry: Any, deferrals: Collection[str | None], granted: Granted, *, at: datetime) -> Papers:
    # An Entry with what `papers_of` annotated, and the rulings on its requests to be deferred; "": none yet.
    standing = standing_of(
        submission=entry.latest_state or "",
        drafted=entry.draft_key is not None,
        deferred="granted" in deferrals,
        absence_explained=entry.is_absent,
    )
    submission_ends = granted.to_one(entry, "submission_closes_at")
    review_ends = granted.to_one(entry, "preliminary_review_closes_at")
    closes_at = review_ends if standing is Standing.RETURNED else submission_ends
    turn = whose_turn(standing, window_open=closes_at is None or at <= closes_at)
    return Papers(
        entry=entry,
        standing=standing,
        version=entry.latest_version or 0,
        handed_in_at=entry.latest_handed_in_at,
        digest=entry.latest_digest or "",
        closes_at=closes_at,
        extended=granted.has_own(entry),
        asks_deferral="" in deferrals,
        next=turn,
        due_at=closes_at if turn is Role.INSTITUTION else review_ends if turn else None,
    )


def subject_of(papers: Papers) -> Subject:
    """Return the facts about an entry that acts on its papers depend on."""
    entry = papers.entry
    return Subject(
        authority=entry.round.authority.code,
        past=entry.round.past,
        institution=entry.qualification.institution.code,
        channel=entry.channel,
        returned=papers.standing is Standing.RETURNED,
        approved=papers.standing is Standing.APPROVED,
        window_closes_at=papers.closes_at,
    )
