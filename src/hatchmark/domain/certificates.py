"""What does a certificate attest, by which code is it found again, and does it still hold?

Its code is a number that nobody can guess, made from the decision under a key: whoever alters a word of the
decision makes another code. What is attested is what was published, so the answer to a code tells nothing else.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hatchmark.domain.notices import Quoted, marks_of, refuse_false_dress
from hatchmark.domain.outcomes import EntryKey, Outcome
from hatchmark.domain.results import RoundResults, Row, canonical_json
from hatchmark.domain.templates import Block, Template, Value, write
from hatchmark.domain.vocabulary import Vocabulary

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's 32 signs: none of I, L, O, U, so that a code can be read out and typed in again."""

CODE_LENGTH = 25
"""125 bits. With a million certificates a guess finds one with a chance of one in 4 × 10³¹."""

_GROUP = 5
_READ_AS = str.maketrans("OIL", "011", "- \t\u3000‐‑–—")


class State(StrEnum):
    """What has become of a certificate."""

    VALID = "valid"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """One certificate, ready to be set. `address` is where its code is answered, None where no site is named."""

    key: EntryKey
    issuer: str
    title_lines: tuple[str, ...]
    paragraphs: tuple[str, ...]
    code: str
    address: str | None
    decision_digest: str
    notice_version: int
    issued_on: date
    marks: tuple[str, ...]

    @property
    def scanned(self) -> str:
        """What the QR code holds: the address, or the code alone."""
        return self.address or self.code


def certifiable(results: RoundResults) -> tuple[Row, ...]:
    """Return the rows that a certificate can attest: graded by their own result."""
    return tuple(row for row in results.rows if row.outcome is Outcome.GRADED and row.grade is not None)


def decision_digest(results: RoundResults, key: EntryKey) -> str:
    """Return SHA-256 (hex) of what was decided on one entry: authority, year and its row, nothing of others.

    Raises KeyError where the results hold no such row.
    """
    document = results.as_document()
    for row in document["rows"]:
        if (row["kind"], row["serial"]) == (key.kind, key.serial):
            decided = {"authority": results.authority, "year": results.year, "row": row}
            return hashlib.sha256(canonical_json(decided).encode()).hexdigest()
    raise KeyError(f"{key} is no row of {results.authority} {results.year}")


def decision_digests(results: RoundResults) -> dict[EntryKey, str]:
    """Return the digest of each row; quicker than asking for one after the other."""
    return {
        EntryKey(row["kind"], row["serial"]): hashlib.sha256(
            canonical_json({"authority": results.authority, "year": results.year, "row": row}).encode()
        ).hexdigest()
        for row in results.as_document()["rows"]
    }


def certificate_code(secret: bytes, digest: str) -> str:
    """Return the code of the certificate on a decision: HMAC-SHA-256 of its digest under a secret, in five groups."""
    number = int.from_bytes(hmac.digest(secret, f"certificate:{digest}".encode(), "sha256"))
    signs = []
    for _ in range(CODE_LENGTH):
        number, sign = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[sign])
    return "-".join("".join(signs[at : at + _GROUP]) for at in range(0, CODE_LENGTH, _GROUP))


def read_code(text: str) -> str | None:
    """Return the code that somebody typed, as it is stored; None where the text can be no code."""
    signs = text.upper().translate(_READ_AS)
    if len(signs) != CODE_LENGTH or not set(signs) <= set(ALPHABET):
        return None
    return "-".join(signs[at : at + _GROUP] for at in range(0, CODE_LENGTH, _GROUP))


def state_of(*, digest: str, key: EntryKey, withdrawn: bool, latest: RoundResults) -> State:
    """Return what has become of a certificate on the decision `digest`, as the latest published results stand.

    Superseded: the decision is another one now. Withdrawn: by an act of its own, or because nothing of the
    entry is published any more that a certificate could attest.
    """
    if withdrawn or key not in {row.key for row in certifiable(latest)}:
        return State.WITHDRAWN
    return State.VALID if decision_digest(latest, key) == digest else State.SUPERSEDED


def build_certificate(
    results: RoundResults,
    vocabulary: Vocabulary,
    template: Template,
    *,
    key: EntryKey,
    digest: str,
    code: str,
    address: str | None,
    notice_version: int,
    issued_on: date,
    past: bool,
) -> Certificate:
    """Make the certificate of one entry. Pure.

    Raises ValueError for a real past round, whose authority issues none through us, and for an entry that a
    certificate cannot attest.
    """
    refuse_false_dress(
        authority=results.authority,
        year=results.year,
        fictional=results.fictional,
        past=past,
        issued_on=issued_on,
        number=None,
    )
    row = next((row for row in certifiable(results) if row.key == key), None)
    if row is None or row.grade is None:
        raise ValueError(f"{key} has no grade of its own; a certificate attests graded results alone")
    words = vocabulary.kinds[key.kind]
    values: Mapping[str, Value | Block] = {
        "authority": (Quoted(text=results.authority),),
        "year": (str(results.year),),
        "name": (Quoted(text=row.name),),
        "operators": (Quoted(text=row.operators_printed),),
        "kind": (words.title,),
        "procedure": (f"{words.title}{words.procedure}",),
        "grade": (vocabulary.grades[row.grade],),
    }
    written = write(template, values)
    return Certificate(
        key=key,
        issuer=results.authority,
        title_lines=written.title_lines,
        paragraphs=tuple(paragraph.text for paragraph in written.paragraphs),
        code=code,
        address=address,
        decision_digest=digest,
        notice_version=notice_version,
        issued_on=issued_on,
        marks=marks_of(fictional=results.fictional, past=past),
    )
