"""The last evening of a submission: hundreds of institutions type, save and hand in at the same time.

    .venv/bin/python benchmarks/last_evening.py [--institutions 500] [--seconds 120]

Makes a round of so many fictional institutions in a folder of its own and serves it by `hatchmark serve` on SQLite.
Each of them, at a moment of its own, signs in, opens its form, saves every figure by itself as the page does while one
types, and hands in. Printed are the answers by their status, how long they took, and what is in the database
afterwards beside what was answered: a save that was answered 200 and is not there, or a version without its line in the
ledger, ends the run with an error. Server and visitors share one machine: times say little, what was lost says all.
"""

import argparse
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path
from statistics import quantiles

from web import PASSWORD, Visitor

CALLED, NOW, CLOSES = (
    datetime.fromisoformat(f"{day}+08:00")
    for day in ("2025-03-03T09:00:00", "2025-03-31T23:50:00", "2025-03-31T23:59:59")
)
SCHEME = "nmg/incubator-2020"
CHANNELS = 20


def main() -> None:
    """Make the round, let everybody come, and look at what was kept."""
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    words.add_argument("--institutions", type=int, default=500)
    words.add_argument("--seconds", type=float, default=120, help="within which everybody begins")
    words.add_argument("--prepare", action="store_true", help=argparse.SUPPRESS)
    words.add_argument("--count", action="store_true", help=argparse.SUPPRESS)
    args = words.parse_args()
    if args.prepare:
        prepare(args.institutions)
        return
    if args.count:
        count()
        return
    with tempfile.TemporaryDirectory(prefix="hatchmark-evening-") as folder:
        environment = {
            **os.environ,
            "HATCHMARK_DATA": folder,
            "HATCHMARK_DEMO": "true",
            # Everybody comes from a machine of their own: the limits count them apart.
            "FORWARDED_FOR_HEADER": "true",
        }
        own = [sys.executable, __file__, "--institutions", str(args.institutions)]
        subprocess.run([*own, "--prepare"], env=environment, check=True)
        evening = Evening()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        with (Path(folder) / "log").open("w") as log:
            server = subprocess.Popen(
                [sys.executable, "-m", "hatchmark", "serve", "--port", str(port)],
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
            try:
                wait_for(port)
                evening.pass_with(args.institutions, port, args.seconds)
            finally:
                server.terminate()
                server.wait()
        evening.tell()
        kept = subprocess.run(
            [*own, "--count"], env=environment, check=True, stdout=subprocess.PIPE, text=True
        )
        evening.compare(kept.stdout)


def typed_by(number: int) -> str:
    """Return what an institution types into every field: small enough for each of them, and not what all type."""
    return str(number % 7 + 1)


def wait_for(port: int) -> None:
    """Wait until the server answers."""
    for _ in range(300):
        try:
            Visitor(port).get("/")
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("the server did not come up")


class Evening:
    """What everybody was answered."""

    def __init__(self) -> None:
        self.statuses: dict[str, Counter[int]] = defaultdict(Counter)
        self.times: dict[str, list[float]] = defaultdict(list)
        self.handed_in = 0
        self._lock = threading.Lock()

    def pass_with(self, institutions: int, port: int, seconds: float) -> None:
        """Let everybody come within so many seconds, and wait until the last has gone."""
        draws = random.Random(20250331)  # noqa: S311 - when they come, nothing secret
        threads = [
            threading.Thread(target=self._institution, args=(number, port, draws.uniform(0, seconds)))
            for number in range(1, institutions + 1)
        ]
        begun = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print(f"{institutions} institutions in {time.perf_counter() - begun:.0f} s")

    def _institution(self, number: int, port: int, comes_after: float) -> None:
        time.sleep(comes_after)
        visitor = Visitor(port, headers={"X-Forwarded-For": f"10.0.{number // 250}.{number % 250 + 1}"})
        ask = self._asking(visitor)
        ask("sign-in page", "GET", "/accounts/login/")
        if (
            ask("sign in", "POST", "/accounts/login/", {"login": f"i{number}", "password": PASSWORD})[0]
            != 302
        ):
            return
        _, todo = ask("to-do", "GET", "/work/")
        form = re.findall(r'href="(/work/submissions/[0-9]+/)"', todo)[0]
        _, page = ask("form", "GET", form)
        for code in dict.fromkeys(re.findall(r'name="value\.([^"]+)"', page)):
            value = {f"value.{code}": typed_by(number), f"status.{code}": "reported"}
            was = {f"was.value.{code}": "", f"was.status.{code}": "reported"}
            ask("save a figure", "POST", f"{form}save/", value | was)
        _, sheet = ask("what is handed in", "GET", f"{form}hand-in/")
        seen = re.findall(r'name="seen" value="([^"]+)"', sheet)
        pledge = {"seen": seen[0] if seen else "", "signed_by": "示例负责人", "pledge": "yes"}
        status, _ = ask("hand in", "POST", f"{form}hand-in/", pledge)
        with self._lock:
            self.handed_in += status == 302

    def _asking(self, visitor: Visitor):  # type: ignore[no-untyped-def]
        def ask(what: str, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
            begun = time.perf_counter()
            status, text = visitor.ask(method, path, form)
            taken = time.perf_counter() - begun
            with self._lock:
                self.statuses[what][status] += 1
                self.times[what].append(taken)
            return status, text

        return ask

    def tell(self) -> None:
        """Print what was answered."""
        for what, statuses in self.statuses.items():
            half, late = (quantiles(self.times[what], n=20)[at] for at in (9, 18))
            print(
                f"  {what:18} {dict(statuses)!s:28} median {half * 1000:6.0f} ms, p95 {late * 1000:6.0f} ms"
            )

    def compare(self, kept: str) -> None:
        """Print what was kept; end with an error where it is not what was answered."""
        saved = self.statuses["save a figure"][200]
        told = (str(saved), str(self.handed_in), str(self.handed_in), "whole")
        figures, versions, lines, ledger = kept.split()
        print(
            f"  kept: {figures} of {saved} figures, {versions} versions and {lines} lines of the ledger "
            f"of {self.handed_in} handed in; the ledger is {ledger}"
        )
        if (figures, versions, lines, ledger) != told:
            raise SystemExit("what was kept is not what was answered")


# ---- the database: children of this program, which load Django ----------------------------------------------


def prepare(institutions: int) -> None:
    """Make the round and its accounts."""
    from hatchmark.cli.database import demo_database

    with demo_database(fresh=True):
        from django.contrib.auth.hashers import make_password

        from hatchmark.db.models import Account, Authority, Round
        from hatchmark.domain.outcomes import EntryKey
        from hatchmark.domain.permissions import Actor, Role
        from hatchmark.domain.round_folder import ChannelType, RegisterRow
        from hatchmark.domain.scheme import Status
        from hatchmark.services import clock, rounds

        clock.begin_demonstration(NOW)
        numbers = range(1, institutions + 1)
        rounds.open_round(
            authority_code="demo",
            authority_name="示例自治区科学技术厅",
            year=2025,
            past=False,
            fictional=True,
            vocabulary="nmg-2021",
            settings={
                "addressees": ["各示例市科技局"],
                "bases": [{"title": "示例办法", "number": ""}],
                "dates": {"call_at": CALLED.isoformat(), "submission_closes_at": CLOSES.isoformat()},
            },
            schemes={"incubator": SCHEME},
            register=[
                RegisterRow(
                    key=EntryKey("incubator", number),
                    institution=f"i{number}",
                    name=f"示例{number}号孵化器",
                    operators_printed=f"示例{number}号运营有限公司",
                    operators=(f"示例{number}号运营有限公司",),
                    channel=f"示例{number % CHANNELS}市",
                    channel_type=ChannelType.LEAGUE_CITY,
                    region="150100",
                    status=Status.RECOGNISED,
                )
                for number in numbers
            ],
            changes=[],
            entered_at=None,
            happened_bound="",
            actor=Actor(code="dep-1", name="示例", role=Role.DEPARTMENT, unit="示例厅", authority="demo"),
            at=CALLED,
        )
        Round.objects.update(stage="submission")
        password, authority = make_password(PASSWORD), Authority.objects.get()
        Account.objects.bulk_create(
            Account(
                username=f"i{number}", name=f"示例{number}号孵化器", role="institution", unit=f"i{number}",
                authority=authority, demo=True, made_at=NOW, password=password, password_set_at=NOW,
            )
            for number in numbers
        )  # fmt: skip


def count() -> None:
    """Print the figures that are kept as they were typed, the versions, their ledger lines, and how the ledger is."""
    from hatchmark.cli.database import demo_database

    with demo_database(fresh=False):
        from hatchmark.db.models import Draft, LedgerEntry, Submission
        from hatchmark.services.ledger import first_break

        # What was handed in stands in its version; a draft that was not is still one.
        papers = {each.entry.serial: each.figures for each in Draft.objects.select_related("entry")}
        papers |= {each.entry.serial: each.figures for each in Submission.objects.select_related("entry")}
        typed = sum(
            each.get("value") == typed_by(serial)
            for serial, figures in papers.items()
            for each in figures.values()
        )
        lines = LedgerEntry.objects.filter(act="submit").count()
        print(typed, Submission.objects.count(), lines, "broken" if first_break() else "whole")


if __name__ == "__main__":
    main()
