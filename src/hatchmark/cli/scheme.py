"""`hatchmark scheme check`: does a scheme hold together, and does it give what its worked cases say?"""

import argparse
import sys
from pathlib import Path

from hatchmark.domain.scheme import Scheme
from hatchmark.schemes.cases import check_cases, load_cases
from hatchmark.schemes.loader import BrokenRuleError, SchemeError, load_scheme


def execute(args: argparse.Namespace) -> int:
    """Check every file and return the highest code: 0 sound, 1 a rule is broken, 2 unreadable."""
    return max(_check(Path(file)) for file in args.files)


def _check(file: Path) -> int:
    try:
        scheme = load_scheme(file)
    except BrokenRuleError as error:
        for problem in error.problems:
            print(problem)
        return 1
    except SchemeError as error:
        print(f"hatchmark scheme check: {error}", file=sys.stderr)
        return 2
    return _check_cases(file, scheme)


def _check_cases(file: Path, scheme: Scheme) -> int:
    cases_file = file.with_suffix(".cases.toml")
    if not cases_file.exists():
        print(f"{file}: OK, no worked cases beside it ({cases_file.name})")
        return 0
    try:
        cases = load_cases(cases_file, scheme=scheme)
    except SchemeError as error:
        print(f"hatchmark scheme check: {error}", file=sys.stderr)
        return 2
    failures = check_cases(scheme, cases)
    for failure in failures:
        print(f"{cases_file}: {failure}")
    if failures:
        return 1
    print(f"{file}: OK, {len(cases)} worked cases")
    return 0
