"""A real browser before the real site: `hatchmark demo` in a folder of its own, Debian's Chromium before it."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from identity_provider import running

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "test-results"
INSTALL = "apt-get install -y chromium fonts-noto-cjk"


def _missing() -> str:
    """Return what is missing on this machine, in words; nothing where the tests can run."""
    if not shutil.which("chromium"):
        return f"no Chromium here: {INSTALL}"
    fonts = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True, check=False).stdout
    return "" if fonts.strip() else f"no Chinese font here: {INSTALL}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    own = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in own:
        item.add_marker(pytest.mark.e2e)
    # Where skips are forbidden, tests/conftest.py makes a failure of each of these.
    if missing := _missing() if own else "":
        for item in own:
            item.add_marker(pytest.mark.skip(reason=missing))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium, and nothing that looks for a network: only what is on this machine is asked."""
    return {
        **browser_type_launch_args,
        "executable_path": shutil.which("chromium"),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@contextmanager
def _served(data: Path, *words: str, **environment: str) -> Iterator[str]:
    """The address of a site that runs as a visitor would start it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = data / "log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "hatchmark", *words, "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, "HATCHMARK_DATA": str(data), **environment},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_for(address, process, log)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=20)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demo whose round is published."""
    with _served(tmp_path_factory.mktemp("demo"), "demo") as address:
        yield address


@pytest.fixture(scope="session")
def site_at_submission(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demo whose round takes papers."""
    with _served(tmp_path_factory.mktemp("demo-submission"), "demo", "--until", "submission") as address:
        yield address


@contextmanager
def _served_before_any_round(data: Path, **environment: str) -> Iterator[str]:
    """The address of a site at which no round was held yet: an authority, and who may sign in."""
    data.mkdir()
    environment = {"HATCHMARK_DEMO": "true", **environment}
    subprocess.run(
        [sys.executable, str(Path(__file__).with_name("begin_before_any_round.py"))],
        cwd=ROOT,
        env={**os.environ, "HATCHMARK_DATA": str(data), **environment},
        check=True,
    )
    with _served(data, "serve", **environment) as address:
        yield address


@pytest.fixture
def site_before_any_round(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A site at which no round was held yet, and its database."""
    data = tmp_path / "data"
    with _served_before_any_round(data) as address:
        [database] = data.glob("*.sqlite3")
        yield address, database


@pytest.fixture
def site_with_identity_service(tmp_path: Path) -> Iterator[str]:
    """A site that signs in by an identity service too, as an administrator would set it up."""
    with running(tmp_path) as provider:
        environment = {"OIDC": provider.setting, "REQUESTS_CA_BUNDLE": str(provider.certificate)}
        with _served_before_any_round(tmp_path / "data", **environment) as address:
            yield address


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        if process.poll() is not None:
            pytest.fail(f"the demo ended with {process.returncode}: {log.read_text('utf-8')}")
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - the address of our own server
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.25)
    pytest.fail(f"the demo did not answer in two minutes: {log.read_text('utf-8')}")


@pytest.fixture(scope="session")
def site_at_review(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demo whose papers are reviewed by the channels."""
    with _served(tmp_path_factory.mktemp("demo-review"), "demo", "--until", "preliminary_review") as address:
        yield address


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Path:
    """Where a test leaves its picture, for a person to look at."""
    PICTURES.mkdir(exist_ok=True)
    return PICTURES / f"{re.sub(r'[^A-Za-z0-9]+', '-', request.node.name).strip('-')}.png"
