"""草稿: what an institution is typing, saved field by field, so that two windows never overwrite each other.

A draft is no official act: saving it leaves no line in the ledger, and nobody but the institution sees it. What is
stored is what was typed, readable or not; what it says is read anew each time (`domain/entering.py`).
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, OuterRef, QuerySet, Subquery

from hatchmark.db.models import (
    Draft,
    Entry,
    Evidence,
    PreliminaryReview,
    Submission,
)
from hatchmark.domain.entering import (
    Note,
    Reading,
    Typed,
    blocking,
    read_form,
    unwritable,
)
from hatchmark.domain.permissions import Actor, Against, Ruling, Subject, may, refused
from hatchmark.domain.results import digest_of
from hatchmark.domain.scheme import FigureStatus, Scheme
from hatchmark.domain.workflow import Stage
from hatchmark.services.deadlines import granted_in
from hatchmark.services.evidence import listed
from hatchmark.services.permissions import require
from hatchmark.services.reach import entries_for
from hatchmark.services.refusals import NotAllowedError, OutdatedError, UnsoundError
from hatchmark.services.rosters import ROSTER
from hatchmark.services.schemes import scheme_named

TRIES = 20
"""A save that another one overtook is made again on what is there now; so often in one breath nobody is overtaken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field as it was typed, and what the window showed before: saved only where that still stands."""

    code: str
    status: str
    value: str
    was_status: str
    was_value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field as it is stored, with who saved it and when; both empty where it comes from a version handed in."""

    typed: Typed
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPapers:
    """The papers of one entry as its institution works on them.

    `latest` is the last version of whatever state, `returned` the review that returned it, `editable` the figures that
    may be changed now; `ruling` says why none may.
    """

    entry: Entry
    scheme: Scheme
    draft: Draft | None
    latest_state: str
    returned: PreliminaryReview | None
    closes_at: datetime | None
    editable: tuple[str, ...]
    ruling: Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What became of a save. `refused` names the fields that were not stored, by the rule against each."""

    version: int
    at: datetime
    saved: tuple[str, ...] = ()
    conflicts: Mapping[str, Field] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Field] = field(default_factory=dict)


def open_papers(pk: int, *, actor: Actor, at: datetime) -> OpenPapers | None:
    """Return the papers of an entry for its institution; None where it has no such entry. Two queries, or three."""
    entry = _rows(entries_for(actor, "read_draft").filter(pk=pk)).first()
    return None if entry is None else _papers(entry, actor=actor, at=at)


def _rows(entries: QuerySet[Entry]) -> QuerySet[Any]:
    latest = Submission.objects.filter(entry=OuterRef("pk")).order_by("-version")
    beside = ("round__authority", "qualification__institution", "draft")
    # Joined rather than asked by itself for each of its columns; an entry's kind is one of its round.
    of_kind = entries.filter(round__kinds__kind=F("kind"))
    return of_kind.select_related(*beside).annotate(
        latest_state=Subquery(latest.values("state")[:1]),
        scheme_code=F("round__kinds__scheme"),
        scheme_digest=F("round__kinds__scheme_digest"),
    )


def _papers(entry: Any, *, actor: Actor, at: datetime) -> OpenPapers:
    # An Entry with what `_rows` annotated.
    scheme = scheme_named(entry.scheme_code)
    if scheme.digest != entry.scheme_digest:
        raise UnsoundError(
            f"scheme {entry.scheme_code} is not the one the round was called with; restore that file"
        )
    state = entry.latest_state or ""
    returned = None
    if state == "returned":
        returned = (
            PreliminaryReview.objects.filter(submission__entry=entry, act="return")
            .select_related("submission")
            .latest("pk")
        )
    name = "preliminary_review_closes_at" if returned else "submission_closes_at"
    closes_at = granted_in([entry.round_id]).to_one(entry, name)
    ruling = may(
        actor,
        "correct" if returned else "save_draft",
        subject_of(entry, state=state, closes_at=closes_at),
        stage=Stage(entry.round.stage),
        at=at,
    )
    if ruling and state == "refused":
        ruling = refused(
            Against.REFUSED, "the preliminary review refused this submission; nothing can be handed in again"
        )
    asked = tuple(scheme.asked)
    editable = tuple(code for code in asked if not returned or code in returned.fields)
    return OpenPapers(
        entry=entry,
        scheme=scheme,
        draft=getattr(entry, "draft", None),
        latest_state=state,
        returned=returned,
        closes_at=closes_at,
        editable=editable if ruling else (),
        ruling=ruling,
    )


def subject_of(entry: Entry, *, state: str, closes_at: datetime | None) -> Subject:
    """Return the facts about an entry that its institution's acts depend on; `state` is its latest version's."""
    return Subject(
        authority=entry.round.authority.code,
        past=entry.round.past,
        institution=entry.qualification.institution.code,
        channel=entry.channel,
        returned=state == "returned",
        approved=state == "approved",
        window_closes_at=closes_at,
    )


# ---- what stands in the fields ----------------------------------------------------------------------------


def fields_of(papers: OpenPapers) -> dict[str, Field]:
    """Return every field that is asked for, as it stands: from the draft, else from the last version handed in.

    What was not returned stands as it was handed in, whatever a draft may hold.
    """
    stored = _stored(papers.draft.figures) if papers.draft else {}
    if any(code not in stored for code in papers.scheme.asked):
        stored = {**_base(papers), **stored}
    if papers.returned:
        frozen = _stored(papers.returned.submission.figures)
        stored = {
            code: stored.get(code, Field(typed=Typed()))
            if code in papers.returned.fields
            else frozen.get(code, Field(typed=Typed()))
            for code in papers.scheme.asked
        }
    return {code: stored.get(code, Field(typed=Typed())) for code in papers.scheme.asked}


def _base(papers: OpenPapers) -> dict[str, Field]:
    if not papers.latest_state:
        return {}
    latest = papers.entry.submissions.last()
    return _stored(latest.figures) if latest else {}


def _stored(figures: Mapping[str, Any]) -> dict[str, Field]:
    return {
        code: Field(
            typed=Typed(status=each["status"], value=each["value"]),
            by=each.get("by", ""),
            at=datetime.fromisoformat(each["at"]) if each.get("at") else None,
        )
        for code, each in figures.items()
    }


def _document(fields: Mapping[str, Field]) -> dict[str, dict[str, str]]:
    return {
        code: {
            "status": each.typed.status,
            "value": each.typed.value,
            **({"by": each.by} if each.by else {}),
            **({"at": each.at.isoformat()} if each.at else {}),
        }
        for code, each in fields.items()
    }


# ---- saving -----------------------------------------------------------------------------------------------


def save_draft(*, papers: OpenPapers, changes: Iterable[Change], actor: Actor, at: datetime) -> Saved:
    """Save each changed field whose stored value is still the one that the window showed.

    A field that was changed elsewhere in between is a conflict: it stays as it is there, and comes back with what
    stands. Nothing is refused for being unreadable; only what cannot be kept at all is (`unwritable`), and what may
    not be changed now (`not_editable`). Raises NotAllowedError where nothing may be saved any more.
    """
    entry = papers.entry
    require(
        actor,
        "save_draft",
        subject_of(entry, state=papers.latest_state, closes_at=papers.closes_at),
        evaluation_round=entry.round,
        at=at,
    )
    if not papers.ruling:
        raise NotAllowedError(papers.ruling.reason, papers.ruling)
    listed = list(changes)
    draft = papers.draft
    fields = fields_of(papers)
    for _ in range(TRIES):
        saved = _merged(papers, fields, listed, draft=draft, actor=actor, at=at)
        if not saved.saved or _written(entry, saved, draft=draft, actor=actor):
            return saved
        draft = Draft.objects.filter(entry=entry).first()
        if draft is None:
            # Handed in or withdrawn in between: what was typed belongs to a version that is closed now.
            raise OutdatedError(f"the draft of {entry} was handed in elsewhere; open it again")
        fields = {**fields, **_stored(draft.figures)}
    raise OutdatedError(f"the draft of {entry} changes faster than this could be saved; try again")


def _merged(
    papers: OpenPapers,
    fields: Mapping[str, Field],
    changes: Sequence[Change],
    *,
    draft: Draft | None,
    actor: Actor,
    at: datetime,
) -> Saved:
    after = dict(fields)
    saved: list[str] = []
    conflicts: dict[str, Field] = {}
    refused: dict[str, str] = {}
    for change in changes:
        if change.code not in papers.editable:
            refused[change.code] = "not_editable"
        elif rule := unwritable(change.value):
            refused[change.code] = rule
        elif change.status not in [status.value for status in FigureStatus]:
            refused[change.code] = "status"
        else:
            stands = fields[change.code].typed
            typed = Typed(status=change.status, value=change.value)
            if stands == typed:
                # A retry after a lost answer, or two windows that agree.
                continue
            if stands != Typed(status=change.was_status, value=change.was_value):
                conflicts[change.code] = fields[change.code]
                continue
            after[change.code] = Field(typed=typed, by=actor.name or actor.code, at=at)
            saved.append(change.code)
    number = draft.version if draft else 0
    return Saved(
        version=number + 1 if saved else number,
        at=at,
        saved=tuple(saved),
        conflicts=conflicts,
        refused=refused,
        fields=after,
    )


def _written(entry: Entry, saved: Saved, *, draft: Draft | None, actor: Actor) -> bool:
    """Store the fields unless another save came first."""
    now = {
        "figures": _document(saved.fields),
        "version": saved.version,
        "saved_at": saved.at,
        "saved_by": actor.code,
    }
    if draft is not None:
        return bool(Draft.objects.filter(pk=draft.pk, version=draft.version).update(**now))
    return _began(entry, **now) is not None


def _began(entry: Entry, **facts: Any) -> Draft | None:
    """Begin a draft on the last version handed in; None where another window began it first."""
    latest = entry.submissions.last()
    try:
        with transaction.atomic():
            return Draft.objects.create(entry=entry, roster=latest.roster if latest else [], **facts)
    except IntegrityError:
        return None


def draft_to_change(papers: OpenPapers, *, actor: Actor, at: datetime) -> Draft:
    """Return the draft of these papers, begun on the last version handed in where there is none: for its roster."""
    facts = {"figures": _document(fields_of(papers)), "saved_at": at, "saved_by": actor.code}
    return papers.draft or _began(papers.entry, **facts) or Draft.objects.get(entry=papers.entry)


# ---- what would be handed in ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What handing in now would freeze. `seen` names it: whoever signs, signs what the page showed.

    `blocking` stands against it, `warnings` do not.
    """

    figures: Mapping[str, Mapping[str, str]]
    roster: Sequence[Mapping[str, Any]]
    evidence: Sequence[Mapping[str, Any]]
    seen: str
    readings: Mapping[str, Reading]
    relations: tuple[Note, ...]
    blocking: tuple[Note, ...]
    warnings: tuple[Note, ...]


def contents_of(papers: OpenPapers, *, last: Mapping[str, Fraction]) -> Contents:
    """Return what handing in these papers now would freeze."""
    fields = fields_of(papers)
    readings, relations = read_form(
        papers.scheme, {code: each.typed for code, each in fields.items()}, last=last
    )
    figures = {code: _frozen(papers.scheme, code, reading) for code, reading in readings.items()}
    unfinished = [
        Note(figure=file.figure, rule="upload_unfinished", blocks=True, facts={"name": file.name})
        for file in files_of(papers.entry)
        if not file.digest
    ]
    evidence = listed(papers.entry)
    if papers.returned:
        frozen = papers.returned.submission
        # Word for word: a figure that was not returned is not written anew either.
        figures |= {code: each for code, each in frozen.figures.items() if code not in papers.returned.fields}
    roster = roster_of(papers)
    version = papers.entry.submissions.count() + 1
    return Contents(
        figures=figures,
        roster=roster,
        evidence=evidence,
        seen=seen_digest(papers.entry, version=version, figures=figures, roster=roster, evidence=evidence),
        readings=readings,
        relations=relations,
        blocking=(*blocking(readings), *unfinished),
        warnings=(
            *(note for reading in readings.values() for note in reading.notes if not note.blocks),
            *relations,
        ),
    )


def roster_of(papers: OpenPapers) -> Sequence[Mapping[str, Any]]:
    """Return the roster that handing in now would freeze.

    It is returned for correction as a whole; where it was not, it stays as it was handed in.
    """
    if papers.returned and (papers.draft is None or ROSTER not in papers.returned.fields):
        frozen: Sequence[Mapping[str, Any]] = papers.returned.submission.roster
        return frozen
    return papers.draft.roster if papers.draft else _last_roster(papers)


def _frozen(scheme: Scheme, code: str, reading: Reading) -> dict[str, str]:
    figure = scheme.asked[code].figure
    if reading.value is None:  # it blocks, so that this is never stored
        return {"unit": figure.unit, "status": FigureStatus.REPORTED.value, "value": ""}
    value = reading.value.value
    return {
        "unit": figure.unit,
        "status": reading.value.status.value,
        "value": "" if value is None else figure.text_of(value),
    }


def _last_roster(papers: OpenPapers) -> Sequence[Mapping[str, Any]]:
    latest = papers.entry.submissions.last() if papers.latest_state else None
    return latest.roster if latest else []


def seen_digest(
    entry: Entry,
    *,
    version: int,
    figures: Mapping[str, Any],
    roster: Sequence[Any],
    evidence: Sequence[Any],
) -> str:
    """Return what names a version before anybody signed it: its number and SHA-256 of all but the signature."""
    content = {
        "entry": str(entry),
        "version": version,
        "figures": {code: dict(each) for code, each in figures.items()},
        "roster": [dict(row) for row in roster],
        "evidence": [dict(file) for file in evidence],
    }
    return f"{version}-{digest_of(content)}"


def files_of(entry: Entry) -> QuerySet[Evidence]:
    """Return the evidence of an entry that was not removed, finished or not."""
    return entry.evidence.filter(purpose="evidence", removed_at=None)


def last_year_of(entry: Entry, scheme: Scheme) -> dict[str, Fraction]:
    """Return what was approved for the same qualification a year ago, by figure; empty where nothing was.

    A figure counts only where it was reported in the unit that is asked for now.
    """
    figures = (
        Submission.objects.filter(
            entry__qualification=entry.qualification_id,
            entry__round__authority=entry.round.authority_id,
            entry__round__year=entry.round.year - 1,
            state="approved",
        )
        .order_by("-version")
        .values_list("figures", flat=True)
        .first()
    )
    found: dict[str, Fraction] = {}
    for code, each in figures.items() if figures else ():
        asked = scheme.asked.get(code)
        if asked is None or each["status"] != FigureStatus.REPORTED or each["unit"] != asked.figure.unit:
            continue
        # What the scheme called differently then (a category that is gone) cannot be held against this year's.
        with suppress(ValueError):
            found[code] = asked.figure.parse(each["value"])
    return found
