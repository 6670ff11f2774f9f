"""tests/conftest.py: HATCHMARK_FORBID_SKIPS turns what did not run into a failure."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).parents[1] / "conftest.py"

SKIPS = """
import pytest

def test_runs(): pass

@pytest.mark.skip(reason="no Chromium: apt-get install chromium")
def test_marked(): pass

def test_inside(): pytest.skip("no font")

@pytest.mark.xfail(reason="known", strict=True)
def test_known_failure(): assert False
"""

WHOLE_FILE = 'import pytest\npytest.skip("no server", allow_module_level=True)\n'


def outcomes(folder: Path, *, forbid: bool) -> tuple[int, str]:
    """Run pytest on the folder; its exit code and its last line without the time."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HATCHMARK_")}
    if forbid:
        environment["HATCHMARK_FORBID_SKIPS"] = "1"
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:django", "-p", "no:cacheprovider", "--rootdir=."]
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.strip().splitlines()[-1].rpartition(" in ")[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "conftest.py").write_bytes(CONFTEST.read_bytes())
    return tmp_path


def test_skips_stay_skips_where_they_are_allowed(folder: Path) -> None:
    (folder / "test_some.py").write_text(SKIPS)

    assert outcomes(folder, forbid=False) == (0, "1 passed, 2 skipped, 1 xfailed")


def test_skips_are_failures_where_they_are_forbidden(folder: Path) -> None:
    (folder / "test_some.py").write_text(SKIPS)

    assert outcomes(folder, forbid=True) == (1, "1 failed, 1 passed, 1 xfailed, 1 error")


def test_a_file_that_skips_itself_whole_is_an_error_where_skips_are_forbidden(folder: Path) -> None:
    (folder / "test_whole.py").write_text(WHOLE_FILE)

    assert outcomes(folder, forbid=True) == (2, "1 error")
