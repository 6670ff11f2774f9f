"""The same acts and pages on a real PostgreSQL: their tests pass there too, and a whole round gives the same bytes."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.postgres
_ELSEWHERE = (
    "clock",
    "likeness",
    "notice_check_in_child",
    "notice_import",
    "papers_of_a_round",
    "receipts",
    "written_notices_read_back",
)
"""What these are about is no matter of the database: reading and writing of files above all."""
_PAGES = ("submission", "review")


@pytest.mark.parametrize(
    "tests",
    [
        ("tests/services", *(f"--ignore=tests/services/test_{name}.py" for name in _ELSEWHERE)),
        ("tests/api/test_api_acts.py", *(f"tests/web/test_{name}_pages.py" for name in _PAGES)),
    ],
    ids=["services", "pages"],
)
def test_services_and_pages_pass_on_postgresql(postgres_url, tests):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *tests, "-q"],
        env={**os.environ, "DATABASE_URL": postgres_url},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert " passed" in done.stdout.splitlines()[-1]


@pytest.mark.parametrize("example", ["nmg-2021", "demo-2025"])
def test_a_whole_round_gives_the_same_files_as_on_sqlite(postgres_url, tmp_path, example):
    name = example.replace("-", "_")
    _create_database(postgres_url, name)
    own = urlunsplit(urlsplit(postgres_url)._replace(path=f"/{name}"))
    words = [sys.executable, "-m", "hatchmark", "run", str(ROOT / "examples" / example), "--out"]
    for out, more in (("sqlite", []), ("postgres", ["--database", own])):
        done = subprocess.run(
            [*words, str(tmp_path / out), *more], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr

    made = {out: _files_in(tmp_path / out) for out in ("sqlite", "postgres")}
    assert len(made["sqlite"]) >= 7
    assert made["postgres"] == made["sqlite"]


def _files_in(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def _create_database(url: str, name: str) -> None:
    import psycopg
    from psycopg import sql

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
