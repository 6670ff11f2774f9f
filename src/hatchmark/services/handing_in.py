"""The entries of a round with where their papers stand, for lists: one query, however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from hatchmark.db.models import Absence, Draft, Entry, Extension, Request, Round, Submission
from hatchmark.domain.handing_in import Standing, standing_of, whose_turn
from hatchmark.domain.permissions import Role, Subject
from hatchmark.services.deadlines import called, later

COUNTS = ~Q(state__in=["superseded", "withdrawn"])
"""The versions of a submission that count: the others stay readable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """One entry in a list. `closes_at` is when its own window for handing in, or for correcting, ends.

    `next` is who acts next, and `due_at` by when: within the own window, or before the preliminary review closes.
    """

    entry: Entry
    standing: Standing
    version: int
    handed_in_at: datetime | None
    digest: str
    closes_at: datetime | None
    extended: bool
    next: Role | None
    due_at: datetime | None


def latest_submission(entry: Entry) -> Submission | None:
    """Return the version that counts, or None."""
    return entry.submissions.filter(COUNTS).last()


def papers_of(entries: QuerySet[Entry], *, at: datetime, of: Round | None = None) -> Sequence[Papers]:
    """Return the entries with the standing of their papers, in the order given. Entries of one or several rounds.

    `of` is the round that all of them belong to, where it was read already: it is not read again with each of them.
    """
    counted = Submission.objects.filter(COUNTS, entry=OuterRef("pk")).order_by("-version")
    granted = Extension.objects.filter(round=OuterRef("round")).filter(
        Q(entry=OuterRef("pk")) | Q(entry=None)
    )
    beside = ("qualification__institution",) if of else ("round__authority", "qualification__institution")
    rows = entries.select_related(*beside).annotate(
        sub_state=Subquery(counted.values("state")[:1]),
        sub_version=Subquery(counted.values("version")[:1]),
        sub_at=Subquery(counted.values("handed_in_at")[:1]),
        sub_digest=Subquery(counted.values("digest")[:1]),
        has_draft=Exists(Draft.objects.filter(entry=OuterRef("pk"))),
        is_deferred=Exists(Request.objects.filter(entry=OuterRef("pk"), what="deferral", ruling="granted")),
        is_absent=Exists(Absence.objects.filter(entry=OuterRef("pk"))),
        submission_until=_latest(granted, "submission_closes_at"),
        review_until=_latest(granted, "preliminary_review_closes_at"),
        own_extension=Exists(Extension.objects.filter(entry=OuterRef("pk"))),
    )
    found = []
    for entry in rows:
        if of is not None:
            entry.round = of
        found.append(_papers(entry, at=at))
    return found


def _latest(granted: QuerySet[Extension], deadline: str) -> Subquery:
    of_it = granted.filter(deadline=deadline).order_by(F("until").desc())
    return Subquery(of_it.values("until")[:1])


def _papers(entry: Any, *, at: datetime) -> Papers:
    # An Entry with what `papers_of` annotated.
    standing = standing_of(
        submission=entry.sub_state or "",
        drafted=entry.has_draft,
        deferred=entry.is_deferred,
        absence_explained=entry.is_absent,
    )
    submission_ends = later(called(entry.round, "submission_closes_at"), entry.submission_until)
    review_ends = later(called(entry.round, "preliminary_review_closes_at"), entry.review_until)
    closes_at = review_ends if standing is Standing.RETURNED else submission_ends
    turn = whose_turn(standing, window_open=closes_at is None or at <= closes_at)
    return Papers(
        entry=entry,
        standing=standing,
        version=entry.sub_version or 0,
        handed_in_at=entry.sub_at,
        digest=entry.sub_digest or "",
        closes_at=closes_at,
        extended=entry.own_extension,
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
