"""How long does it take to refuse a scheme file that means harm? Prints the times for each kind of the test corpus.

    .venv/bin/python benchmarks/hostile_schemes.py

The 1,100 files are those of tests/schemes/hostile_corpus.py, which the tests hold to be refused with a place and a
remedy, without side effect and within budgets of steps. Each is read five times and its best time counts; the limit is
50 ms for each. Beside them stands the time of the largest scheme that ships, which is sound.
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from hatchmark.schemes.loader import SchemeError, parse_scheme, shipped_bytes, shipped_codes

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "schemes"))

LIMIT_MS = 50
RUNS = 5


def milliseconds(read: Callable[[], object]) -> float:
    """Return the best of a few times, in milliseconds."""
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        read()
        times.append(time.perf_counter() - begun)
    return min(times) * 1000


def refused(raw: bytes) -> str:
    """Return what is told of a file; raise AssertionError where it is taken."""
    try:
        parse_scheme(raw, file="hostile.toml")
    except SchemeError as error:
        return error.problems[0]
    raise AssertionError("a hostile scheme was taken")


def main() -> None:
    """Time every file, and print a line for each kind."""
    from hostile_corpus import EACH, KINDS, hostile

    largest = max((shipped_bytes(code, ending=".toml") for code in shipped_codes()), key=len)
    sound = milliseconds(lambda: parse_scheme(largest, file="sound.toml"))
    print(f"a sound scheme of {len(largest) / 1024:.0f} KB: {sound:.1f} ms")
    slowest: list[tuple[float, str]] = []
    for name in KINDS:
        files = [hostile(name, seed) for seed in range(EACH)]
        times = [milliseconds(lambda raw=raw: refused(raw)) for raw in files]  # type: ignore[misc]
        slowest.append((max(times), name))
        size = max(map(len, files)) / 1024
        print(
            f"{name:30} {EACH} files, up to {size:5,.0f} KB: median {statistics.median(times):5.1f} ms, "
            f"slowest {max(times):5.1f} ms"
        )
    worst, name = max(slowest)
    print(
        f"the slowest of all: {worst:.1f} ms ({name}), {worst / sound:.2f} × a sound scheme, limit {LIMIT_MS} ms: "
        f"{'within it' if worst < LIMIT_MS else 'BEYOND IT'}"
    )


if __name__ == "__main__":
    main()
