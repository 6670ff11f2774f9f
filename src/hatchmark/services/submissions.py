"""Submit, correct, withdraw: what an institution hands in is frozen, and every version is kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from hatchmark.db.models import Draft, Entry, Submission
from hatchmark.domain.entering import unwritable
from hatchmark.domain.permissions import Actor, Subject
from hatchmark.domain.problems import Problem
from hatchmark.domain.results import digest_of
from hatchmark.domain.scheme import FigureValue, Scheme, read_figure, validate_figures
from hatchmark.services import drafts
from hatchmark.services.deadlines import deadline_of
from hatchmark.services.evidence import listed
from hatchmark.services.ledger import record
from hatchmark.services.messages import tell_of_entry
from hatchmark.services.permissions import hold, require
from hatchmark.services.refusals import FaultyError, OutdatedError, UnsoundError
from hatchmark.services.rosters import ROSTER
from hatchmark.services.rounds import scheme_of_entry

LONGEST_NAME = 100
"""Characters of the name of whoever answers for the papers."""

Figures = Mapping[str, Mapping[str, str]]
Roster = Sequence[Mapping[str, Any]]


def _subject(entry: Entry, *, closes_at: datetime | None) -> Subject:
    latest = entry.submissions.last()
    return Subject(
        past=entry.round.past,
        institution=entry.qualification.institution.code,
        channel=entry.channel,
        returned=latest is not None and latest.state == "returned",
        approved=latest is not None and latest.state == "approved",
        window_closes_at=closes_at,
    )


def _values(entry: Entry, scheme: Scheme, figures: Figures) -> dict[str, FigureValue]:
    values = {}
    for code, figure in figures.items():
        try:
            values[code] = read_figure(
                status=figure["status"],
                value=figure["value"],
                unit=figure["unit"],
                figure=scheme.asked[code].figure if code in scheme.asked else None,
            )
        except ValueError as error:
            raise UnsoundError(f"{entry}: '{code}': {error}") from error
    return values


def _check_complete(entry: Entry, figures: Figures) -> None:
    # A figure too many, too few or unreadable cannot be scored. One that contradicts another can be handed in:
    # the channel returns it.
    scheme = scheme_of_entry(entry)
    asked = scheme.asked
    _values(entry, scheme, figures)
    if missing := [code for code in asked if code not in figures]:
        raise UnsoundError(f"{entry}: {', '.join(missing)} not there; give each its value or its status")
    if unknown := [code for code in figures if code not in asked]:
        raise UnsoundError(f"{entry}: {', '.join(unknown)} not asked for; leave them out")


def unsound_in(entry: Entry, submission: Submission) -> list[Problem]:
    """Return what in the figures of a submission cannot be, or contradicts itself; nothing that is said mends that."""
    scheme = scheme_of_entry(entry)
    return [
        Problem(
            code="figures_contradict" if each.rule == "relation" else "figure_cannot_be",
            text=f"{entry}: {each.message}; {each.remedy}",
            facts={
                "name": entry.name,
                "figure": scheme.asked[each.figure].title if each.figure in scheme.asked else each.figure,
                "value": each.value,
                **each.facts,
            },
        )
        for each in validate_figures(scheme, _values(entry, scheme, submission.figures))
    ]


def check_sound(entry: Entry, submission: Submission) -> None:
    """Raise FaultyError where the figures of a submission cannot be, or contradict one another."""
    if found := unsound_in(entry, submission):
        raise FaultyError(found)


def check_correction(entry: Entry, *, figure: str, value: str) -> None:
    """Raise UnsoundError where a figure of the approved submission cannot be corrected to `value`."""
    submission = entry.submissions.filter(state="approved").last()
    if submission is None:
        raise UnsoundError(f"{entry} has no approved submission whose figures could be corrected")
    if figure not in submission.figures:
        raise UnsoundError(f"{entry}: '{figure}' is no figure of its submission; name one it holds")
    unit = submission.figures[figure]["unit"]
    scheme = scheme_of_entry(entry)
    values = _values(entry, scheme, {figure: {"status": "reported", "value": value, "unit": unit}})
    found = [each for each in validate_figures(scheme, values) if each.figure == figure]
    if found:
        raise UnsoundError(f"{entry}: {found[0].message}; {found[0].remedy}")


def _freeze(entry: Entry, *, figures: Figures, roster: Roster, signed_by: str, at: datetime) -> Submission:
    _check_complete(entry, figures)
    version = entry.submissions.count() + 1
    content = {
        "entry": str(entry),
        "version": version,
        "figures": {code: dict(figure) for code, figure in figures.items()},
        "roster": [dict(row) for row in roster],
        "evidence": listed(entry),
        "signed_by": signed_by,
    }
    return Submission.objects.create(
        entry=entry,
        version=version,
        state="submitted",
        handed_in_at=at,
        signed_by=signed_by,
        figures=content["figures"],
        roster=content["roster"],
        evidence=content["evidence"],
        digest=digest_of(content),
    )


def _record(actor: Actor, act: str, submission: Submission, *, at: datetime, **more: Any) -> None:
    entry = submission.entry
    record(
        actor,
        act,
        subject=str(entry),
        details={"version": submission.version, "digest": submission.digest, **more},
        evaluation_round=entry.round,
        at=at,
    )


@transaction.atomic
def submit(
    *, entry: Entry, figures: Figures, roster: Roster, signed_by: str, actor: Actor, at: datetime
) -> Submission:
    """Hand in a version. A later one inside the window supersedes it; the earlier stays readable.

    The digest over the frozen content is the receipt.
    """
    hold(entry.round)
    closes_at = deadline_of(entry, "submission_closes_at")
    require(actor, "submit", _subject(entry, closes_at=closes_at), evaluation_round=entry.round, at=at)
    latest = entry.submissions.last()
    if latest is not None and latest.state in ("returned", "refused"):
        # Within an extension too: what was not returned stays as the channel saw it.
        raise UnsoundError(
            f"{entry}: version {latest.version} was {latest.state} by the preliminary review; "
            + (
                "correct what was returned"
                if latest.state == "returned"
                else "nothing can be handed in again"
            )
        )
    if entry.requests.filter(what="deferral", ruling="granted").exists():
        raise UnsoundError(f"{entry} was deferred at its own request; it hands in when its year comes")
    entry.submissions.filter(state="submitted").update(state="superseded")
    submission = _freeze(entry, figures=figures, roster=roster, signed_by=signed_by, at=at)
    _record(actor, "submit", submission, at=at)
    tell_of_entry("submitted", entry, at=at, version=submission.version)
    return submission


@transaction.atomic
def withdraw(*, entry: Entry, actor: Actor, at: datetime) -> Submission:
    """Take back the latest version while the window is open; it stays stored, and no longer counts."""
    hold(entry.round)
    closes_at = deadline_of(entry, "submission_closes_at")
    require(actor, "withdraw", _subject(entry, closes_at=closes_at), evaluation_round=entry.round, at=at)
    submission = entry.submissions.filter(state="submitted").last()
    if submission is None:
        raise UnsoundError(f"{entry} has handed in nothing that could be withdrawn")
    submission.state = "withdrawn"
    submission.save(update_fields=["state"])
    _record(actor, "withdraw", submission, at=at)
    tell_of_entry("withdrawn", entry, at=at, version=submission.version)
    return submission


@transaction.atomic
def correct(
    *,
    entry: Entry,
    figures: Figures,
    signed_by: str,
    actor: Actor,
    at: datetime,
    roster: Roster | None = None,
) -> Submission:
    """Hand in a returned submission again: what was named may differ, everything else stays as it was.

    Without `roster` it stays. Raises UnsoundError where something is changed that was not returned.
    """
    hold(entry.round)
    closes_at = deadline_of(entry, "preliminary_review_closes_at")
    require(actor, "correct", _subject(entry, closes_at=closes_at), evaluation_round=entry.round, at=at)
    returned = entry.submissions.filter(state="returned").latest("version")
    review = returned.reviews.filter(act="return").latest("pk")
    changed = sorted(
        code
        for code in set(returned.figures) | set(figures)
        if returned.figures.get(code) != (dict(figures[code]) if code in figures else None)
    )
    rows = returned.roster if roster is None else [dict(row) for row in roster]
    if rows != returned.roster:
        changed.append(ROSTER)
    if beyond := [code for code in changed if code not in review.fields]:
        raise UnsoundError(
            f"{entry}: only {', '.join(review.fields)} were returned; {', '.join(beyond)} must stay"
        )
    returned.state = "superseded"
    returned.save(update_fields=["state"])
    submission = _freeze(entry, figures=figures, roster=rows, signed_by=signed_by, at=at)
    _record(actor, "correct", submission, at=at, changed=changed)
    tell_of_entry("submitted", entry, at=at, version=submission.version)
    return submission


# ---- from a draft -----------------------------------------------------------------------------------------


@transaction.atomic
def hand_in(*, entry: Entry, seen: str, signed_by: str, actor: Actor, at: datetime) -> Submission:
    """Freeze the draft as the signer saw it: the first version, a later one, or the correction of what was returned.

    `seen` names what the page showed (`drafts.Contents.seen`). Handing in the same again, as after a lost answer, gives
    the version that is there already. Raises OutdatedError where the draft has changed since, UnsoundError where
    something in it stands against handing in.
    """
    hold(entry.round)
    if (again := _handed_in_as(entry, seen)) is not None:
        require(
            actor, "read_submission", _subject(entry, closes_at=None), evaluation_round=entry.round, at=at
        )
        return again
    papers = drafts.open_papers(entry.pk, actor=actor, at=at)
    if papers is None:
        raise UnsoundError(f"{actor.code} has no entry {entry}")
    # First, so that whoever comes too late hears that, and not of what is missing.
    act = "correct" if papers.returned else "submit"
    require(actor, act, _subject(entry, closes_at=papers.closes_at), evaluation_round=entry.round, at=at)
    contents = drafts.contents_of(papers, last={})
    if contents.seen != seen:
        raise OutdatedError(f"the draft of {entry} has changed since it was shown; look at it again and sign")
    if contents.blocking:
        named = ", ".join(dict.fromkeys(note.figure or note.rule for note in contents.blocking))
        raise UnsoundError(f"{entry}: {named} cannot be handed in as it stands; mend it in the form")
    signed_by = signer(signed_by)
    if papers.returned:
        submission = correct(
            entry=entry,
            figures=contents.figures,
            roster=contents.roster,
            signed_by=signed_by,
            actor=actor,
            at=at,
        )
    else:
        submission = submit(
            entry=entry,
            figures=contents.figures,
            roster=contents.roster,
            signed_by=signed_by,
            actor=actor,
            at=at,
        )
    if (
        papers.draft
        and not Draft.objects.filter(pk=papers.draft.pk, version=papers.draft.version).delete()[0]
    ):
        # Saved between the two: the version would lack what was typed last.
        raise OutdatedError(f"the draft of {entry} has changed since it was shown; look at it again and sign")
    return submission


def signer(name: str) -> str:
    """Return the name of whoever answers for the papers; raise UnsoundError where it can be nobody's."""
    name = " ".join(name.split())
    if not name:
        raise UnsoundError("somebody answers for what is handed in; write the name")
    if len(name) > LONGEST_NAME or unwritable(name):
        raise UnsoundError(f"a name has at most {LONGEST_NAME} characters, and no control characters")
    return name


def _handed_in_as(entry: Entry, seen: str) -> Submission | None:
    number, _, _digest = seen.partition("-")
    if not number.isascii() or not number.isdigit() or len(number) > 4:
        return None
    found: Submission | None = entry.submissions.filter(version=int(number)).first()
    if found is None:
        return None
    named = drafts.seen_digest(
        entry, version=found.version, figures=found.figures, roster=found.roster, evidence=found.evidence
    )
    return found if named == seen else None
