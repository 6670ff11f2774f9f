"""Has anything in the log of official acts been changed, taken out, put in or moved since it was written?

Each line carries the digest of the line before it. Whoever kept the last digest can show that nothing
before it was touched, and nothing after it cut off.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from hatchmark.domain.results import canonical_json

GENESIS = "0" * 64
"""What the first line names as the digest before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """One official act.

    `happened_at` None means that nobody recorded the moment; then `happened_bound` may say what is known of
    it ("2021 or later"). Moments are ISO 8601 text with an offset, so that no clock rewrites them.
    """

    sequence: int
    act: str
    actor_role: str
    actor: str
    subject: str
    details: Mapping[str, Any]
    happened_at: str | None
    happened_bound: str | None
    recorded_at: str
    previous: str

    def as_document(self) -> dict[str, Any]:
        """Return the line as the JSON object that is hashed, all its fields and no other.

        Raises TypeError for a float in `details`: a database may give it back in other digits, and the chain
        would break.
        """
        document = {field.name: getattr(self, field.name) for field in fields(self)}
        document["details"] = dict(self.details)
        _refuse_floats(document["details"], where=f"details of {self.act}")
        # Through JSON once: a tuple or a number as key must hash as what a database will give back.
        plain: dict[str, Any] = json.loads(json.dumps(document, ensure_ascii=False))
        return plain

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over the canonical JSON of the line."""
        return hashlib.sha256(canonical_json(self.as_document()).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedLine:
    """A line together with the digest that was stored for it."""

    line: LedgerLine
    digest: str

    def as_document(self) -> dict[str, Any]:
        """Return the JSON object of one line of `ledger.jsonl`."""
        return {**self.line.as_document(), "digest": self.digest}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainBreak:
    """Where a chain is first broken (lines count from 1) and why."""

    position: int
    reason: str


def seal(line: LedgerLine) -> SealedLine:
    """Return the line with its digest."""
    return SealedLine(line=line, digest=line.digest)


def sealed_line_of(document: Mapping[str, Any]) -> SealedLine:
    """Read one object of `ledger.jsonl`; raise ValueError where a field is missing or unknown."""
    names = {field.name for field in fields(LedgerLine)}
    found = set(document) - {"digest"}
    if found != names or "digest" not in document:
        wrong = sorted((names | {"digest"}) ^ set(document))
        raise ValueError(
            f"a ledger line has exactly {', '.join(sorted(names))} and digest; see to {', '.join(wrong)}"
        )
    return SealedLine(line=LedgerLine(**{name: document[name] for name in names}), digest=document["digest"])


def verify(lines: Iterable[SealedLine], *, expected_head: str | None = None) -> ChainBreak | None:
    """Return the first break of a chain, or None where it is whole.

    `expected_head` is a digest of the last line that was kept elsewhere: only with it does a cut tail show,
    and a chain that somebody computed anew from the altered line on.
    """
    previous = GENESIS
    position = 0
    for position, sealed in enumerate(lines, start=1):
        line = sealed.line
        if line.sequence != position:
            return ChainBreak(
                position=position,
                reason=f"line {position} bears the number {line.sequence}: "
                "a line was taken out, put in or moved",
            )
        if line.previous != previous:
            return ChainBreak(
                position=position,
                reason=f"line {position} does not follow the line before it: its 'previous' is another",
            )
        try:
            digest = line.digest
        except TypeError as error:
            return ChainBreak(
                position=position, reason=f"line {position} was not written by this log: {error}"
            )
        if digest != sealed.digest:
            return ChainBreak(
                position=position,
                reason=f"line {position} was altered: its digest is not that of its content",
            )
        previous = digest
    if expected_head is not None and previous != expected_head:
        return ChainBreak(
            position=position + 1,
            reason=f"the chain ends after line {position} with another digest than the one kept: "
            "lines are missing after it, or the chain was computed anew",
        )
    return None


def _refuse_floats(value: object, *, where: str) -> None:
    if isinstance(value, float):
        raise TypeError(f"{where} hold the float {value!r}; write it as an integer or as exact text")
    if isinstance(value, Mapping):
        for key, item in value.items():
            _refuse_floats(item, where=f"{where}, {key},")
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_floats(item, where=where)
