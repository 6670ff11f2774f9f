"""`hatchmark test`: every check of the project, one after the other, and a line on each at the end."""

import argparse
import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import hatchmark

_CHECKOUT = Path(hatchmark.__file__).resolve().parents[2]
_NEEDED = ("ruff", "mypy", "importlinter", "pytest")
# A file's tests share what they set up, so they stay together. In their own order, those of the database come before
# those of the browser, which leaves a loop of events behind in its process that Django refuses to work beside.
_WHOLE = ("-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadfile", "--no-loadscope-reorder")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One step: its words after the interpreter, and what its environment must say."""

    name: str
    words: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


def checks(*, pytest_words: Sequence[str] = ()) -> tuple[Check, ...]:
    """Return every step in order, the quickest to fail first."""
    return (
        Check(name="format", words=("-m", "ruff", "format", "--check", ".")),
        Check(name="lint", words=("-m", "ruff", "check", ".")),
        Check(name="types", words=("-m", "mypy")),
        Check(
            name="imports",
            words=("-c", "import sys, importlinter.cli as cli; sys.exit(cli.lint_imports_command())"),
        ),
        Check(
            name="migrations",
            words=("-m", "django", "makemigrations", "--check", "--dry-run"),
            environment={
                "DJANGO_SETTINGS_MODULE": "hatchmark.config.settings",
                "DATABASE_URL": "sqlite:///:memory:",
            },
        ),
        Check(name="tests", words=("-m", "pytest", *(pytest_words or _WHOLE))),
    )


def execute(args: argparse.Namespace) -> int:
    """Run every check, also after one has failed. 1: one failed; 2: this is no checkout with its tools."""
    if not (_CHECKOUT / "pyproject.toml").is_file() or not (_CHECKOUT / "tests").is_dir():
        return _unusable(
            f"{_CHECKOUT} is no checkout of the project; clone it and run ./hatchmark test there"
        )
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        return _unusable(
            f"not installed: {', '.join(missing)}; remove .venv and run ./hatchmark test, which installs them"
        )
    return run_checks(checks(pytest_words=args.pytest_words), folder=_CHECKOUT)


def _unusable(line: str) -> int:
    print(f"hatchmark test: {line}", file=sys.stderr)
    return 2


def run_checks(steps: Sequence[Check], *, folder: Path) -> int:
    """Run the steps in `folder` and print how each ended; 1 if one failed."""
    lines = []
    failed = False
    for step in steps:
        print(f"── {step.name}", flush=True)
        begun = time.monotonic()
        done = subprocess.run(  # noqa: S603  (our own words)
            [sys.executable, *step.words], cwd=folder, env={**os.environ, **step.environment}, check=False
        )
        failed |= done.returncode != 0
        verdict = "通过 passed" if done.returncode == 0 else f"未通过 FAILED ({done.returncode})"
        lines.append(f"{step.name:<12}{verdict:<24}{time.monotonic() - begun:7.1f} s")
    print("──", *lines, sep="\n")
    return 1 if failed else 0
