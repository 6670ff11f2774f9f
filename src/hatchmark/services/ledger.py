"""Every official act leaves one line in the hash chain, in the transaction that did it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from hatchmark.db.models import LedgerEntry, LedgerHead, Round
from hatchmark.domain.ledger import GENESIS, ChainBreak, LedgerLine, SealedLine, verify
from hatchmark.domain.permissions import Actor
from hatchmark.domain.results import canonical_json


def moment_text(moment: datetime) -> str:
    """Return a moment as the ledger writes it: ISO 8601 in the time of the department, whatever it came in."""
    return timezone.localtime(moment).isoformat()


def record(
    actor: Actor,
    act: str,
    *,
    subject: str,
    details: dict[str, Any],
    evaluation_round: Round | None,
    at: datetime | None,
    recorded_at: datetime | None = None,
) -> LedgerEntry:
    """Add a line to the chain. Must run inside the transaction of the act; raises RuntimeError outside one.

    `at` None means that nobody recorded the moment: the round's bound ("2021 or later") stands in its place.
    The line is recorded when a folder was entered, or else when the act happened.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(
            f"{act} was to be recorded outside a transaction; wrap the act in transaction.atomic"
        )
    head, _ = LedgerHead.objects.select_for_update().get_or_create(pk=1, defaults={"digest": GENESIS})
    entered_at = recorded_at or (evaluation_round.entered_at if evaluation_round else None) or at
    if entered_at is None:
        raise RuntimeError(f"{act} has neither a moment nor a moment of entry; give one of them")
    line = LedgerLine(
        sequence=head.sequence + 1,
        act=act,
        actor_role=actor.role.value,
        actor=actor.code,
        subject=subject,
        details=details,
        happened_at=moment_text(at) if at else None,
        happened_bound=(evaluation_round.happened_bound or None) if evaluation_round and at is None else None,
        recorded_at=moment_text(entered_at),
        previous=head.digest,
    )
    entry = LedgerEntry.objects.create(
        sequence=line.sequence,
        round=evaluation_round,
        act=line.act,
        actor=line.actor,
        actor_role=line.actor_role,
        subject=line.subject,
        details=line.details,
        happened_at=line.happened_at or "",
        happened_bound=line.happened_bound or "",
        recorded_at=line.recorded_at,
        previous=line.previous,
        digest=line.digest,
    )
    LedgerHead.objects.filter(pk=head.pk).update(sequence=line.sequence, digest=line.digest)
    return entry


def sealed_line_of(entry: LedgerEntry) -> SealedLine:
    """Return the pure line that a stored entry claims to be, with its stored digest: for verification and export."""
    line = LedgerLine(
        sequence=entry.sequence,
        act=entry.act,
        actor_role=entry.actor_role,
        actor=entry.actor,
        subject=entry.subject,
        details=entry.details,
        happened_at=entry.happened_at or None,
        happened_bound=entry.happened_bound or None,
        recorded_at=entry.recorded_at,
        previous=entry.previous,
    )
    return SealedLine(line=line, digest=entry.digest)


def sealed_lines() -> Iterator[SealedLine]:
    """Return the whole chain, first line first."""
    return map(sealed_line_of, LedgerEntry.objects.order_by("sequence").iterator())


def first_break() -> ChainBreak | None:
    """Recompute the whole chain, and hold its end against the head that was kept; None where it is whole."""
    head = LedgerHead.objects.filter(pk=1).first()
    return verify(sealed_lines(), expected_head=head.digest if head else None)


def ledger_jsonl() -> bytes:
    """Return the whole chain as the file `ledger.jsonl`: one canonical JSON object a line, its digest included."""
    return "".join(f"{canonical_json(sealed.as_document())}\n" for sealed in sealed_lines()).encode()
