"""How much does a page cost, beside an empty view on the same server?

    .venv/bin/python benchmarks/web.py [--requests N]

Makes a demo stopped at its submission stage in a folder of its own, serves it with granian as `serve` does, and asks
for the main pages from one process: requests a second, the time below which 95 of 100 answers came, and the server's
processor time for each request, read from the kernel. Then 16 institutions save their drafts at once on SQLite, and
every status is counted. Ratios of one run say something, milliseconds of one machine little.
"""

import argparse
import gzip
import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

HERE = Path(__file__).resolve().parent
PASSWORD = "Demo-Hatchmark-1"  # the demo's, told on its login page
WRITERS = 16
SAVES_EACH = 20
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=300)
    requests = parser.parse_args().requests
    with tempfile.TemporaryDirectory(prefix="hatchmark-bench-") as folder:
        environment = {
            **os.environ,
            "HATCHMARK_DATA": folder,
            "HATCHMARK_DEMO": "true",
            "DJANGO_SETTINGS_MODULE": "web_bench_settings",
            "PYTHONPATH": str(HERE),
        }
        subprocess.run(
            [sys.executable, "-m", "hatchmark", "demo", "--until", "submission", "--no-serve"],
            env={**environment, "DJANGO_SETTINGS_MODULE": "hatchmark.config.settings"},
            check=True,
            stdout=subprocess.DEVNULL,
        )
        with served(environment) as (port, server):
            measure(port, server, requests)
            write_at_once(port)


@contextmanager
def served(environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Serve the demo on a free port; give the port and the server's process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "granian",
            *words,
            "--blocking-threads",
            "4",
            "--no-access-log",
            "hatchmark.config.wsgi:application",
        ],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(100):
            try:
                Visitor(port).get("/empty/")
                break
            except OSError:
                time.sleep(0.2)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


class Visitor:
    """One browser: a connection that stays open, and its cookies."""

    def __init__(self, port: int, *, headers: Mapping[str, str] | None = None) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}
        self.headers = headers or {}

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """Send one request; return status and body."""
        # A browser says so, too.
        headers = {
            **self.headers,
            "Accept-Encoding": "gzip",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        body = None
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["X-CSRFToken"] = self.cookies.get("csrftoken", "")
            body = urlencode(form)
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        body_sent = response.read()
        if response.getheader("Content-Encoding") == "gzip":
            body_sent = gzip.decompress(body_sent)
        text = body_sent.decode("utf-8", "replace")
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                found = re.match(r"([^=]+)=([^;]*)", value)
                if found:
                    self.cookies[found[1]] = found[2]
        return response.status, text

    def get(self, path: str) -> tuple[int, str]:
        """Ask for a page."""
        return self.ask("GET", path)

    def sign_in(self, username: str) -> None:
        """Sign in as an account of the demo."""
        self.get("/accounts/login/")
        status, _ = self.ask("POST", "/accounts/login/", {"login": username, "password": PASSWORD})
        assert status == 302, f"{username} could not sign in: {status}"


def processor_time(pid: int) -> float:
    """Return the seconds of processor that a process and its children have used."""
    total = 0.0
    for each in [pid, *children_of(pid)]:
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / TICKS
    return total


def children_of(pid: int) -> list[int]:
    """Return every process below one."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += [int(child), *children_of(int(child))]
    return found


def first_address(visitor: Visitor, page: str, pattern: str) -> str:
    """Return the first address on a page that fits."""
    _, text = visitor.get(page)
    found = re.search(f'href="({pattern})"', text)
    assert found, f"{page} leads to no {pattern}"
    return found[1]


def measure(port: int, server: int, requests: int) -> None:
    """Print one line for each page."""
    anybody, institution, channel, department = (Visitor(port) for _ in range(4))
    institution.sign_in("demo-i01")
    channel.sign_in("ch-01")
    department.sign_in("dep-1")
    submission = first_address(institution, "/work/", "/work/submissions/[0-9]+/")
    board = first_address(department, "/work/", "/work/rounds/[0-9]+/")
    queue = first_address(channel, "/work/", "/work/queue/[0-9]+/")
    save = saving(institution, submission)
    pages = [
        ("empty view", lambda: anybody.get("/empty/")),
        ("public results page", lambda: anybody.get("/nmg/2021/")),
        ("to-do of an institution", lambda: institution.get("/work/")),
        ("submission form", lambda: institution.get(submission)),
        ("form save", save),
        ("queue of a channel", lambda: channel.get(queue)),
        ("board, 50 rows", lambda: department.get(board)),
    ]
    print(f"{'page':28}{'requests/s':>12}{'p95 ms':>10}{'CPU ms':>10}{'× empty':>10}")
    empty = 0.0
    for name, ask in pages:
        for _ in range(10):
            ask()
        times, before, begun = [], processor_time(server), time.perf_counter()
        for _ in range(requests):
            start = time.perf_counter()
            status, _ = ask()
            times.append(time.perf_counter() - start)
            assert status == 200, f"{name}: {status}"
        spent = time.perf_counter() - begun
        each = (processor_time(server) - before) / requests
        empty = empty or each
        p95 = statistics.quantiles(times, n=20)[18]
        print(f"{name:28}{requests / spent:12.0f}{p95 * 1000:10.1f}{each * 1000:10.1f}{each / empty:10.1f}")


def saving(visitor: Visitor, submission: str) -> Callable[[], tuple[int, str]]:
    """Return what saves one field of a draft, another value each time."""
    _, page = visitor.get(submission)
    codes = re.findall(r'name="value\.([^"]+)"', page)
    assert codes, f"{submission} has no field to save"
    code = codes[0]
    found = re.search(rf'name="was\.value\.{re.escape(code)}"[^>]*value="([^"]*)"', page)
    was, number = (found[1] if found else ""), 0

    def save() -> tuple[int, str]:
        nonlocal was, number
        number += 1
        value = str(1000 + number)
        form = {f"value.{code}": value, f"status.{code}": "reported", f"was.value.{code}": was}
        answer = visitor.ask("POST", f"{submission}save/", form | {f"was.status.{code}": "reported"})
        was = value
        return answer

    return save


def write_at_once(port: int) -> None:
    """Let 16 institutions save their drafts at once, and count the answers."""
    counted: Counter[int] = Counter()
    lock = threading.Lock()

    def write(number: int) -> None:
        visitor = Visitor(port)
        visitor.sign_in(f"demo-m{number:02}")
        save = saving(visitor, first_address(visitor, "/work/", "/work/submissions/[0-9]+/"))
        for _ in range(SAVES_EACH):
            status, _ = save()
            with lock:
                counted[status] += 1

    threads = [threading.Thread(target=write, args=(number,)) for number in range(1, WRITERS + 1)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = time.perf_counter() - begun
    print(
        f"{WRITERS} writers at once on SQLite: {sum(counted.values()) / spent:.0f} saves/s, statuses {dict(counted)}"
    )


if __name__ == "__main__":
    main()
