"""Who is drawn for a spot check, so that anyone can redo the draw?

RFC 3797: the frame (the numbered list of those who can be drawn) is fixed first and its hash made public;
the key comes from sources that nobody could know then; each draw is a digest of key and counter, taken
modulo the number of those left. With `md5` this is the RFC to the letter; other digests change nothing else.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

DIGESTS = ("md5", "sha256", "sm3")

_MOST_DRAWS = 2**16  # the RFC's counter has two bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawStep:
    """One draw with its working: digest (hex) modulo `remaining`, counted among those not yet drawn."""

    order: int
    digest: str
    remaining: int
    position: int


def key_of(sources: Iterable[Iterable[int | Decimal]]) -> str:
    """Return the key string of the RFC (section 4) from sources of one or more non-negative numbers each.

    The numbers of a source are ordered from the smallest; each is written with its decimal point and
    without needless zeros; a source ends with `/`. `[[9319], [2, 5, 12, 8, 10]]` gives `9319./2.5.8.10.12./`.
    """
    parts = []
    for source in sources:
        numbers = sorted(Decimal(number) for number in source)
        if not numbers:
            raise ValueError("a source without numbers cannot be part of a key; leave it out or wait for it")
        parts.append("".join(_number_text(number) for number in numbers) + "/")
    return "".join(parts)


def _number_text(number: Decimal) -> str:
    if not number.is_finite() or number < 0:
        raise ValueError(f"{number} cannot be part of a key: RFC 3797 takes numbers of zero and more")
    whole, _, fraction = f"{number:f}".partition(".")
    return f"{whole}.{fraction.rstrip('0')}"


def frame_hash(frame: Sequence[str]) -> str:
    """Return SHA-256 (hex) over the lines of the frame in order, each ended by a line feed, as UTF-8.

    It is what `sha256sum` gives for the published list, so that nobody needs this program to check it.
    """
    _check_frame(frame)
    return hashlib.sha256("".join(f"{line}\n" for line in frame).encode()).hexdigest()


def draw(*, size: int, key: str, count: int, digest: str = "md5") -> list[DrawStep]:
    """Draw `count` of `size` numbered places, in order of draw; `position` counts from 1."""
    if not key:
        raise ValueError("a draw needs a key; without one everybody could have known the result before")
    if digest not in DIGESTS:
        raise ValueError(f"no digest '{digest}' for a draw; use one of: {', '.join(DIGESTS)}")
    if not 0 <= count <= size:
        raise ValueError(f"{count} cannot be drawn of {size}; draw 0 to {size}")
    if count > _MOST_DRAWS:
        raise ValueError(f"RFC 3797 draws {_MOST_DRAWS} at most, not {count}; split the frame")
    left = list(range(1, size + 1))
    steps: list[DrawStep] = []
    for counter in range(count):
        bracket = counter.to_bytes(2, "big")
        value = _digest(digest, bracket + key.encode() + bracket)
        remaining = len(left)
        position = left.pop(int.from_bytes(value, "big") % remaining)
        steps.append(DrawStep(order=counter + 1, digest=value.hex(), remaining=remaining, position=position))
    return steps


def select(frame: Sequence[str], *, key: str, count: int, digest: str = "md5") -> list[str]:
    """Return the drawn lines of the frame in order of draw."""
    _check_frame(frame)
    return [frame[step.position - 1] for step in draw(size=len(frame), key=key, count=count, digest=digest)]


def _digest(name: str, data: bytes) -> bytes:
    try:
        # Not for secrecy: the draw needs a mixing function that everybody has.
        return hashlib.new(name, data, usedforsecurity=False).digest()
    except ValueError as error:
        raise ValueError(f"this Python has no {name}; draw with sha256 or md5") from error


def _check_frame(frame: Sequence[str]) -> None:
    seen: set[str] = set()
    for number, line in enumerate(frame, start=1):
        if not line or "\n" in line or "\r" in line:
            raise ValueError(f"line {number} of the frame is empty or holds a line break; give each one line")
        if line in seen:
            raise ValueError(
                f"'{line}' stands twice in the frame and would have two chances; strike line {number}"
            )
        seen.add(line)
