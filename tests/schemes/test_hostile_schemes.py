"""A thousand hostile scheme files are refused: in few steps, with place and remedy, without any side effect."""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from hostile_corpus import EACH, KINDS, expression, hostile
from scheme_builder import USE_ALL, one_indicator

from hatchmark.schemes.loader import SchemeError, parse_scheme, shipped_bytes, shipped_codes

MOST_STEPS = 400_000
"""Calls of functions while one file is read. The largest scheme that ships takes a fifth of them."""

CORPUS = [(name, seed) for name in KINDS for seed in range(EACH)]

_WATCHED: list[list[str]] = []
"""What is seen while a file is read; empty while none is. An audit hook stays for good."""
_FORBIDDEN = (
    "open", "exec", "compile", "import", "os.", "subprocess.", "socket.", "shutil.", "tempfile.", "ctypes.", "pickle.",
)  # fmt: skip


def _watch(event: str, args: tuple[object, ...]) -> None:
    if _WATCHED and event.startswith(_FORBIDDEN):
        _WATCHED[-1].append(f"{event} {args!r:.200}")


@contextmanager
def counted() -> Iterator[Callable[[], int]]:
    """Count the calls of functions, of Python and of C."""
    calls = 0

    def note(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield lambda: calls
    finally:
        sys.setprofile(before)


@pytest.fixture(scope="module")
def refusals() -> dict[tuple[str, int], tuple[SchemeError | None, int, list[str]]]:
    """Every file of the corpus with how it was refused, in how many steps, and what else it did."""
    assert parse_scheme(
        one_indicator('{ type = "per_unit", value = "tenants", points_each = "1" }').encode(), file="x"
    )
    sys.addaudithook(_watch)
    found = {}
    for name in KINDS:
        for seed in range(EACH):
            raw = hostile(name, seed)
            error = None
            seen: list[str] = []
            _WATCHED.append(seen)
            with counted() as steps:
                try:
                    parse_scheme(raw, file="hostile.toml")
                except SchemeError as refused:
                    error = refused
            _WATCHED.pop()
            found[name, seed] = (error, steps(), seen)
    return found


def test_there_are_a_thousand_and_more_of_twenty_two_kinds():
    assert (len(CORPUS), len(KINDS)) == (1100, 22)


@pytest.mark.parametrize("name", KINDS)
def test_every_hostile_scheme_is_refused_with_place_and_remedy(refusals, name):
    for seed in range(EACH):
        error, _, _ = refusals[name, seed]
        assert error is not None, f"{name} {seed} was accepted"
        for problem in error.problems:
            assert re.match(r"hostile\.toml:[1-9]\d*(:[1-9]\d*)?: .+; .+", problem, re.S), (
                f"{name} {seed}: {problem}"
            )
            assert len(problem) < 1500, f"{name} {seed} answers with {len(problem)} characters"


@pytest.mark.parametrize("name", KINDS)
def test_no_hostile_scheme_opens_runs_or_imports_anything(refusals, name):
    assert {seed: seen for seed in range(EACH) if (seen := refusals[name, seed][2])} == {}


def test_every_hostile_scheme_is_refused_in_few_steps(refusals):
    assert {key: steps for key, (_, steps, _) in refusals.items() if steps > MOST_STEPS} == {}


def test_a_sound_scheme_stays_far_within_the_steps():
    sizes = {code: shipped_bytes(code, ending=".toml") for code in shipped_codes()}
    for code, raw in sizes.items():
        with counted() as steps:
            parse_scheme(raw, file=code)
        assert 0 < steps() < MOST_STEPS / 4, code


def test_the_scheme_they_are_made_from_is_sound():
    assert parse_scheme(expression("tenants"), file="x.toml").indicators[0].code == "x"
    assert parse_scheme(one_indicator(USE_ALL).encode(), file="x.toml").indicators[0].code == "x"
