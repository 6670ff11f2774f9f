"""Every command of both READMEs works as printed (those that serve, and the checks themselves, are run elsewhere)."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
READMES = ("README.md", "README.zh.md")
NOT_HERE = {
    "./hatchmark demo",
    "./hatchmark demo --until submission --fresh",
    "./hatchmark test",
    "HATCHMARK_DEMO=true ./hatchmark serve",
}


def commands_of(name: str) -> list[str]:
    lines = (ROOT / name).read_text("utf-8").splitlines()
    return [line.strip() for line in lines if line.startswith("    ") and "./hatchmark" in line]


def test_both_languages_name_the_same_commands():
    english, chinese = map(commands_of, READMES)

    assert english == chinese
    assert len(english) >= 8
    assert set(english) >= NOT_HERE


def test_the_commands_work_in_the_order_in_which_they_stand(tmp_path):
    # A folder that looks like the checkout, so that what the commands write does not end in it.
    for name in ("hatchmark", "examples", "src"):
        (tmp_path / name).symlink_to(ROOT / name)
    if not (ROOT / ".venv" / "hatchmark-base").is_dir():
        pytest.skip("the launcher has not installed this checkout; run ./hatchmark --help once")
    environment = {**os.environ, "HATCHMARK_DATA": str(tmp_path / "data")}
    prefix = ["./hatchmark demo --no-serve"]  # named in the text, needed by `register as-of`

    for command in [*prefix, *(each for each in commands_of("README.md") if each not in NOT_HERE)]:
        done = subprocess.run(
            ["sh", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-500:]}\n{done.stderr[-2000:]}"
        assert done.stdout, command
