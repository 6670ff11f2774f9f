"""How long does a whole round take, and where does the time go? Prints seconds and ratios of one run.

.venv/bin/python benchmarks/rounds.py
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STAGES = ("submission", "preliminary_review", "expert_review", "spot_check", "determination", "published")


def seconds(example: str, *words: str) -> float:
    """Return how long `hatchmark run` takes on an example, files and all."""
    with tempfile.TemporaryDirectory() as out:
        begun = time.perf_counter()
        subprocess.run(
            [
                sys.executable,
                "-m",
                "hatchmark",
                "run",
                str(ROOT / "examples" / example),
                "--out",
                out,
                *words,
            ],
            check=True,
            capture_output=True,
        )
        return time.perf_counter() - begun


def main() -> None:
    """Run both examples whole, and the live one up to each stage."""
    past = seconds("nmg-2021")
    live = seconds("demo-2025")
    print(f"nmg-2021  {past:5.1f} s")
    print(f"demo-2025 {live:5.1f} s (limit 20), {live / past:.1f} × nmg-2021")
    for stage in STAGES:
        until = seconds("demo-2025", "--until", stage)
        print(f"  until {stage:20} {until:5.1f} s, {until / live:4.0%} of the whole")


if __name__ == "__main__":
    main()
