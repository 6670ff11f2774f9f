"""佐证材料: which files may be handed in, how large, how many, and under which name is one kept?

What a file *is* is told by its content (`documents/media_types.py`); here stands what it may be.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

_MB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Sizes in bytes. `entry` bounds what one entry keeps in all, `free` what the disk must still hold afterwards.

    `chunk` is the largest piece of one request, `form` the largest file that a plain form takes. An upload that
    nothing was added to for `forgotten_after` is thrown away.
    """

    file: int = 200 * _MB
    entry: int = 2 * 1024 * _MB
    files: int = 200
    chunk: int = 4 * _MB
    form: int = 20 * _MB
    free: int = 256 * _MB
    forgotten_after: timedelta = timedelta(days=7)


LIMITS = Limits()


class Purpose(StrEnum):
    """What a file is for. Stored words."""

    EVIDENCE = "evidence"
    SEALED_FORM = "sealed_form"


OFFICE = "application/vnd.openxmlformats-officedocument"
PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
DOCX = f"{OFFICE}.wordprocessingml.document"
XLSX = f"{OFFICE}.spreadsheetml.sheet"
OFD = "application/ofd"

ENDINGS: Mapping[str, str] = {
    "pdf": PDF,
    "jpg": JPEG,
    "jpeg": JPEG,
    "png": PNG,
    "docx": DOCX,
    "xlsx": XLSX,
    "ofd": OFD,
}
"""The media type that each ending of a name stands for. A file whose content is of another type is refused."""

ALLOWED: Mapping[Purpose, frozenset[str]] = {
    Purpose.EVIDENCE: frozenset(ENDINGS.values()),
    # A scan of the sealed form is a picture of paper.
    Purpose.SEALED_FORM: frozenset({PDF, JPEG, PNG}),
}

LONGEST_NAME = 150


_SAID: Mapping[str, str] = {
    "name": "is no name of a file; give one with an ending, like 报告.pdf",
    "ending": "files with the ending '{ending}' are not taken; give one of {allowed}",
    "empty": "has no bytes; say how many it has",
    "too_large": "has {size}, above the {most} of one file; make it smaller or split it",
    "too_many": "is one more than the {most} files that an entry holds; remove one",
    "quota": "has {size}, and of {most} of this entry {kept} are kept already; remove a file",
    "disk": "finds no room on this installation; tell its system administrator, and go on later",
    "content": "is of no type that is taken",
    "macro": "holds a macro or a control, which nobody reviews",
    "damaged": "is damaged: it cannot be looked into",
}


class UnusableFileError(ValueError):
    """A file that cannot be taken. `rule` is its code, `facts` what the words for it name."""

    def __init__(self, rule: str, **facts: str) -> None:
        self.rule = rule
        self.facts = facts
        super().__init__(_SAID[rule].format(**facts))


def kept_name(name: str) -> str:
    """Return the name under which a file is kept: its own, without a path and without what cannot be seen.

    Raises UnusableFileError where nothing of it is left.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    seen = "".join(
        sign if sign == " " or unicodedata.category(sign)[0] not in "CZ" else " " for sign in _visible(last)
    )
    stem, point, ending = " ".join(seen.split()).strip(". ").rpartition(".")
    if not (point and stem.strip(". ") and len(ending) <= 20):
        raise UnusableFileError("name", name=seen.strip()[:60])
    return f"{stem.strip()[: LONGEST_NAME - len(ending) - 1]}.{ending}"


def _visible(text: str) -> str:
    # Signs that turn the direction of text, or have no width, vanish; any other that cannot be seen is a gap.
    return "".join(sign for sign in text if unicodedata.category(sign) not in ("Cf", "Cs"))


def announced_type(name: str, purpose: Purpose) -> str:
    """Return the media type that a kept name announces; raise UnusableFileError for one that is not taken."""
    ending = name.rpartition(".")[2].lower()
    found = ENDINGS.get(ending, "")
    if found not in ALLOWED[purpose]:
        raise UnusableFileError("ending", ending=ending[:20], allowed=endings_for(purpose))
    return found


def endings_for(purpose: Purpose) -> str:
    """Return the endings that are taken, as a sentence lists them."""
    return ", ".join(ending for ending, kind in ENDINGS.items() if kind in ALLOWED[purpose])


def check_room(*, size: int, kept: int, files: int, free: int, limits: Limits = LIMITS) -> None:
    """Raise UnusableFileError where a file of `size` bytes has no room.

    `kept` and `files` are what the entry keeps already, `free` what is free on the disk; bytes.
    """
    if size <= 0:
        raise UnusableFileError("empty")
    if size > limits.file:
        raise UnusableFileError("too_large", size=megabytes(size), most=megabytes(limits.file))
    if files >= limits.files:
        raise UnusableFileError("too_many", most=str(limits.files))
    if kept + size > limits.entry:
        raise UnusableFileError(
            "quota", size=megabytes(size), kept=megabytes(kept), most=megabytes(limits.entry)
        )
    if free < size + limits.free:
        raise UnusableFileError("disk")


def megabytes(size: int) -> str:
    """Write a size: one place below ten MB, whole MB above, GB where it is whole; what is not nothing is never 0."""
    if size >= 1024 * _MB and size % (1024 * _MB) == 0:
        return f"{size // (1024 * _MB)} GB"
    tenths = (size * 10 + _MB - 1) // _MB
    return f"{tenths // 10}.{tenths % 10} MB" if tenths < 100 else f"{(size + _MB // 2) // _MB} MB"
