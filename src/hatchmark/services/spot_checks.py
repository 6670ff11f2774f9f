"""现场抽查: commit to the frame, draw when the key is known, record what two inspectors found."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from hatchmark.db.models import Entry, Round, SpotCheck, SpotCheckDraw
from hatchmark.domain.outcomes import EntryKey
from hatchmark.domain.permissions import Actor, Subject
from hatchmark.domain.round_folder import Finding
from hatchmark.domain.sampling import frame_hash, select
from hatchmark.services.deadlines import deadline
from hatchmark.services.ledger import moment_text, record
from hatchmark.services.permissions import hold, require
from hatchmark.services.refusals import UnsoundError
from hatchmark.services.submissions import check_correction


@transaction.atomic
def commit_frame(
    *, evaluation_round: Round, kind: str, count: int, actor: Actor, at: datetime
) -> SpotCheckDraw:
    """Fix who can be drawn, and record the hash of that list before anybody can know the key.

    The frame is every entry of the kind with an approved submission, by serial.
    """
    hold(evaluation_round)
    require(
        actor, "commit_frame", Subject(past=evaluation_round.past), evaluation_round=evaluation_round, at=at
    )
    if evaluation_round.draws.filter(kind=kind).exists():
        raise UnsoundError(f"the frame of {kind} is fixed already; it is fixed once")
    if count < 1:
        raise UnsoundError(f"{count} of {kind} are to be drawn; draw at least one, or fix no frame")
    entries = evaluation_round.entries.filter(kind=kind, submissions__state="approved").order_by("serial")
    frame = [str(EntryKey(entry.kind, entry.serial)) for entry in entries]
    if count > len(frame):
        raise UnsoundError(
            f"{count} of {kind} are to be drawn, but only {len(frame)} have an approved submission"
        )
    draw = SpotCheckDraw.objects.create(
        round=evaluation_round,
        kind=kind,
        frame=frame,
        frame_hash=frame_hash(frame),
        count=count,
        committed_at=at,
    )
    record(
        actor,
        "commit_frame",
        subject=f"kind:{kind}",
        details={"frame_hash": draw.frame_hash, "size": len(frame), "count": count},
        evaluation_round=evaluation_round,
        at=at,
    )
    return draw


@transaction.atomic
def draw_spot_checks(
    *, draw: SpotCheckDraw, key: str, key_known_at: datetime, actor: Actor, at: datetime
) -> list[str]:
    """Draw by RFC 3797 with a key that was not known when the frame was committed; return the entries in order."""
    evaluation_round = hold(draw.round)
    draw.refresh_from_db(fields=["key", "key_known_at", "chosen"])
    require(
        actor,
        "draw_spot_checks",
        Subject(past=evaluation_round.past),
        evaluation_round=evaluation_round,
        at=at,
    )
    if key_known_at <= draw.committed_at:
        raise UnsoundError(
            f"the key was known at {key_known_at.isoformat()}, before the frame was committed at "
            f"{draw.committed_at.isoformat()}; take a key that becomes known later"
        )
    if key_known_at > at:
        raise UnsoundError(
            f"the key becomes known at {key_known_at.isoformat()}, after this draw at {at.isoformat()}; "
            "draw when everybody knows it"
        )
    if draw.chosen:
        raise UnsoundError(f"{draw} was drawn already; a second draw would choose its result")
    draw.key = key
    draw.key_known_at = key_known_at
    draw.chosen = select(draw.frame, key=key, count=draw.count)
    draw.save(update_fields=["key", "key_known_at", "chosen"])
    record(
        actor,
        "draw_spot_checks",
        subject=f"kind:{draw.kind}",
        details={
            "key": key,
            "key_known_at": moment_text(key_known_at),
            "digest": "md5",
            "frame_hash": draw.frame_hash,
            "frame": draw.frame,
            "chosen": draw.chosen,
        },
        evaluation_round=evaluation_round,
        at=at,
    )
    return list(draw.chosen)


@transaction.atomic
def record_finding(
    *,
    entry: Entry,
    inspectors: Sequence[str],
    finding: str,
    figure: str,
    found_value: str,
    note: str,
    actor: Actor,
    at: datetime,
) -> SpotCheck:
    """Record one finding of a drawn entry, by two inspectors of whom the actor is one."""
    hold(entry.round)
    closes_at = deadline(entry.round, "spot_check_closes_at")
    require(
        actor,
        "record_finding",
        Subject(past=entry.round.past, window_closes_at=closes_at),
        evaluation_round=entry.round,
        at=at,
    )
    if len(set(inspectors)) < 2 or actor.code not in inspectors:
        raise UnsoundError(f"{entry}: a finding needs two inspectors, the one who records it among them")
    if finding not in list(Finding):
        raise UnsoundError(f"{entry}: '{finding}' is no finding; write one of {', '.join(Finding)}")
    if (finding == Finding.CORRECTED) != bool(figure):
        raise UnsoundError(f"{entry}: a corrected finding names its figure, and only it does")
    if figure:
        check_correction(entry, figure=figure, value=found_value)
    drawn = SpotCheckDraw.objects.filter(round=entry.round, kind=entry.kind).first()
    if drawn is None or str(entry) not in drawn.chosen:
        raise UnsoundError(f"{entry} was not drawn; findings are recorded for drawn entries only")
    check = SpotCheck.objects.create(
        entry=entry,
        at=at,
        inspectors=list(inspectors),
        finding=finding,
        figure=figure,
        found_value=found_value,
        note=note,
    )
    record(
        actor,
        "record_finding",
        subject=str(entry),
        details={
            "inspectors": list(inspectors),
            "finding": finding,
            "figure": figure,
            "found_value": found_value,
            "note": note,
        },
        evaluation_round=entry.round,
        at=at,
    )
    return check
