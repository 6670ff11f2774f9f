"""By which code is a receipt found again, what does it attest, and does the version it is for still count?

The code carries forty bits of the digest of what was handed in, by which it is found, and eighty-five made from the
whole under a key, which nobody can guess. The answer to a code tells no figure.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hatchmark.domain.certificates import ALPHABET, CODE_LENGTH, read_code
from hatchmark.domain.results import canonical_json

_FOUND_BY = 8
"""Signs of the code that are the beginning of the digest."""
_BITS = 5
_GROUP = 5

FOUND_BY_HEX = _FOUND_BY * _BITS // 4


PLEDGE = "本单位承诺：所填数据和所附材料真实、准确、完整，如有不实，愿承担相应责任。"
"""What is signed when papers are handed in: on the page, and on the form that is sealed."""


class ReceiptState(StrEnum):
    """What has become of the version that a receipt is for."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """回执 of one frozen version, ready to be set. `address` is where its code is answered, None without a site.

    `signed_by` is who answered for it; `figures`, `roster` and `evidence` count what it holds.
    """

    authority: str
    year: int
    kind: str
    institution: str
    entry: str
    version: int
    handed_in_at: datetime
    signed_by: str
    figures: int
    roster: int
    evidence: int
    digest: str
    code: str
    address: str | None
    marks: tuple[str, ...]

    @property
    def scanned(self) -> str:
        """What the QR code holds: the address, or the code alone."""
        return self.address or self.code


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedLine:
    """One figure of a printed form: its title and unit, and its value or the word for why there is none."""

    title: str
    unit: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedForm:
    """申报表 of one frozen version, to be printed, sealed and scanned. Its digest stands on every page."""

    receipt: Receipt
    title: str
    sections: tuple[tuple[str, tuple[PrintedLine, ...]], ...]
    evidence: tuple[tuple[str, str], ...]
    pledge: str


def receipt_code(secret: bytes, *, digest: str, stands_for: str) -> str:
    """Return the code of the receipt on a version; `stands_for` tells versions apart whose digests could be alike.

    `digest` is SHA-256 in hex. Raises ValueError for a text that is none.
    """
    if len(digest) != 64:
        raise ValueError(f"a digest has 64 hexadecimal signs, not {len(digest)}")
    found_by = int(digest[:FOUND_BY_HEX], 16)
    sealed = canonical_json({"receipt": stands_for, "digest": digest})
    keyed = int.from_bytes(hmac.digest(secret, sealed.encode(), "sha256"))
    signs = _signs(found_by, _FOUND_BY) + _signs(keyed, CODE_LENGTH - _FOUND_BY)
    return "-".join(signs[at : at + _GROUP] for at in range(0, CODE_LENGTH, _GROUP))


def _signs(number: int, count: int) -> str:
    """Write the lowest bits of a number in the signs of a code, the highest first."""
    return "".join(ALPHABET[number >> _BITS * at & 31] for at in reversed(range(count)))


def read_receipt_code(text: str) -> tuple[str, str] | None:
    """Return a typed code as it is printed, and the beginning of the digest it is found by; None for no code."""
    code = read_code(text)
    if code is None:
        return None
    number = 0
    for sign in code.replace("-", "")[:_FOUND_BY]:
        number = number << _BITS | ALPHABET.index(sign)
    return code, f"{number:0{FOUND_BY_HEX}x}"


def state_of_version(state: str) -> ReceiptState:
    """Return what a receipt says of a version by its stored state. What a review made of it is not told."""
    if state in (ReceiptState.SUPERSEDED, ReceiptState.WITHDRAWN):
        return ReceiptState(state)
    return ReceiptState.CURRENT
