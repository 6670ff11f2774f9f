"""延期: give one entry, or all of a round, more time to hand in or to review. It holds as soon as it is granted."""

from datetime import date, datetime

from django.db import transaction

from hatchmark.db.models import Entry, Extension, Round
from hatchmark.domain.deadlines import CHINA
from hatchmark.domain.openings import DEADLINES, NEEDED, day_problem
from hatchmark.domain.permissions import Actor, Subject
from hatchmark.domain.problems import Problem
from hatchmark.domain.workflow import Stage
from hatchmark.services.deadlines import called, deadline, deadline_of
from hatchmark.services.ledger import moment_text, record
from hatchmark.services.messages import moment_in_words, tell_of_entry
from hatchmark.services.permissions import hold, require
from hatchmark.services.refusals import FaultyError

EXTENDABLE = NEEDED
"""The windows that can be made longer: those of whoever hands in, and of whoever reviews it."""
FOLLOWING = {
    "submission_closes_at": "preliminary_review_closes_at",
    "preliminary_review_closes_at": "expert_review_closes_at",
}
"""What comes after each, and must not be overtaken."""
LONGEST_REASON = 1000


def extended_to(evaluation_round: Round, name: str, day: date) -> datetime:
    """Return the moment on a day at which a deadline falls: at the time of day at which the call let it fall."""
    first = called(evaluation_round, name)
    at = first.astimezone(CHINA).timetz() if first else DEADLINES[name]
    return datetime.combine(day, at, tzinfo=CHINA)


def extension_problems(
    evaluation_round: Round, entry: Entry | None, *, name: str, until: datetime, reason: str, at: datetime
) -> list[Problem]:
    """Return what stands against more time; empty when it can be granted."""
    if name not in EXTENDABLE:
        return [
            Problem(code="no_window", about="deadline", text=f"'{name}' is no window that can be made longer")
        ]

    def end(of: str) -> datetime | None:
        return deadline(evaluation_round, of) if entry is None else deadline_of(entry, of)

    found: list[Problem] = []
    present, following = end(name), end(FOLLOWING[name])
    if problem := day_problem(until.astimezone(CHINA).date(), about="until"):
        found.append(problem)
    elif until <= at:
        found.append(
            Problem(
                code="until_past",
                about="until",
                text=f"until: {until.isoformat()} is over; choose a later day",
            )
        )
    elif present is not None and until <= present:
        found.append(
            Problem(
                code="until_earlier",
                about="until",
                text=f"until: the window is open until {present.isoformat()} as it is; an extension ends later",
                facts={"present": present},
            )
        )
    elif following is not None and until >= following:
        found.append(
            Problem(
                code="until_beyond",
                about="until",
                text=f"until: {FOLLOWING[name]} falls on {following.isoformat()}; extend that first",
                facts={"following": following, "window": FOLLOWING[name]},
            )
        )
    if entry is None and name == "submission_closes_at" and evaluation_round.stage != Stage.SUBMISSION:
        found.append(
            Problem(
                code="stage_left",
                about="entry",
                text="submission is closed for the round; give the time to single entries",
            )
        )
    if not reason.strip():
        found.append(Problem(code="no_reason", about="reason", text="reason: say why"))
    elif len(reason) > LONGEST_REASON:
        found.append(
            Problem(
                code="too_long",
                about="reason",
                text=f"reason: {len(reason)} characters; {LONGEST_REASON} are the most",
                facts={"n": len(reason), "most": LONGEST_REASON},
            )
        )
    return found


@transaction.atomic
def extend_deadline(
    *,
    evaluation_round: Round,
    entry: Entry | None,
    name: str,
    until: datetime,
    reason: str,
    actor: Actor,
    at: datetime,
) -> Extension:
    """Make a window longer for one entry, or for all of the round. Raises FaultyError where it cannot be."""
    hold(evaluation_round)
    require(actor, "extend_deadline", Subject(), evaluation_round=evaluation_round, at=at)
    if entry is not None and entry.round_id != evaluation_round.pk:
        raise FaultyError(
            [Problem(code="no_entry", about="entry", text=f"{entry} is no entry of this round")]
        )
    if problems := extension_problems(evaluation_round, entry, name=name, until=until, reason=reason, at=at):
        raise FaultyError(problems)
    before = deadline(evaluation_round, name) if entry is None else deadline_of(entry, name)
    extension = Extension.objects.create(
        round=evaluation_round,
        entry=entry,
        deadline=name,
        until=until,
        reason=reason.strip(),
        granted_by=actor.code,
        granted_at=at,
    )
    record(
        actor,
        "extend_deadline",
        subject=str(entry) if entry is not None else f"round:{evaluation_round.year}",
        details={
            "deadline": name,
            "from": moment_text(before) if before else None,
            "until": moment_text(until),
            "reason": extension.reason,
        },
        evaluation_round=evaluation_round,
        at=at,
    )
    told = (
        [entry]
        if entry is not None
        else evaluation_round.entries.select_related("qualification__institution")
    )
    for each in told:
        tell_of_entry("extended", each, at=at, due=moment_in_words(until), reason=extension.reason)
    return extension
