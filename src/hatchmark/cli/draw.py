"""`hatchmark draw`: the chosen lines of a pool, in the order in which they were drawn."""

import argparse
import sys
from pathlib import Path

from hatchmark.domain.sampling import select


class _UnusablePoolError(ValueError):
    """The pool file cannot be used. The message says why and what to do."""


def execute(args: argparse.Namespace) -> int:
    """Print the drawn lines. 2: the pool cannot be read, or the draw cannot be made from it."""
    try:
        pool = _read_pool(Path(args.pool))
        drawn = select(pool, key=args.key, count=args.count, digest=args.digest)
    except ValueError as error:
        print(f"hatchmark draw: {args.pool}: {error}", file=sys.stderr)
        return 2
    for line in drawn:
        print(line)
    return 0


def _read_pool(file: Path) -> list[str]:
    """Return the lines. Only line feeds end one: a list that others number must have the numbers they see."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise _UnusablePoolError(f"{reason}; name a text file with one item a line") from error
    except UnicodeDecodeError as error:
        raise _UnusablePoolError(f"byte {error.start + 1} is not UTF-8; save the list as UTF-8") from error
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    return lines[:-1] if lines[-1] == "" else lines
