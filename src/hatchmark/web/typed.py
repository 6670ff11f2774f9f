"""What somebody typed into a form, as it may be kept: without the characters that nobody can see or print."""

from collections.abc import Mapping

_KEPT = "\n\t"


def typed(data: Mapping[str, str], name: str, default: str = "") -> str:
    """Return a field as it was typed, but for control characters, which no database and no document takes alike."""
    text = str(data.get(name, default)).replace("\r\n", "\n")
    return "".join(each for each in text if each.isprintable() or each in _KEPT)


def number(text: str) -> int | None:
    """Read a whole number of up to nine digits as a form sends it; None for anything else."""
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else None
