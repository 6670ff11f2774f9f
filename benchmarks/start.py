"""How long does a command take to start, beside Python alone? Prints seconds and ratios of one run.

.venv/bin/python benchmarks/start.py
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUNS = 15
COMMANDS = {
    "python alone": [sys.executable, "-c", "pass"],
    "python -m hatchmark --help": [sys.executable, "-P", "-m", "hatchmark", "--help"],
    "./hatchmark --help": [str(ROOT / "hatchmark"), "--help"],
}


def seconds(words: list[str]) -> float:
    """Return how long one call takes, from start to end."""
    begun = time.perf_counter()
    subprocess.run(words, check=True, capture_output=True)
    return time.perf_counter() - begun


def main() -> None:
    """Time the commands in turns, so that a busy moment of the machine meets all of them."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(RUNS):
        for name, words in COMMANDS.items():
            times[name].append(seconds(words))
    base = statistics.median(times["python alone"])
    for name, found in times.items():
        middle = statistics.median(found)
        print(
            f"{name:28} median {middle:.3f} s, least {min(found):.3f} s, {middle / base:5.1f} × python alone"
        )
    added = statistics.median(times["./hatchmark --help"]) - statistics.median(
        times["python -m hatchmark --help"]
    )
    print(f"the script adds {added * 1000:.0f} ms (limit 100)")


if __name__ == "__main__":
    main()
