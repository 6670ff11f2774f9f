"""Whatever is changed in a scheme or its cases: it loads, or is refused with file, line, what, why and what to write.

The files that ship are changed in every way in which a slip of the pen, or of a spreadsheet, changes a file.
"""

import re
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hatchmark.schemes.cases import parse_cases
from hatchmark.schemes.loader import SchemeError, parse_scheme, shipped, shipped_bytes, shipped_codes

SAID = re.compile(
    r"changed\.toml:(?P<line>[1-9]\d*)(?P<column>:[1-9]\d*)?: (?P<what>.+?); (?P<remedy>.+)", re.S
)
NO_REMEDY = ("correct it there",)
FILES = [(code, ending) for code in shipped_codes() for ending in (".toml", ".cases.toml")]

VALUES = (
    *("true", "7", "-1", "1.5", "2024-01-01", "07:32:00", "inf", "[]", "[[]]", "{ a = 1 }", "[{ a = 1 }]"),
    *('""', '" "', '"x"', '"-3"', '"0"', '"1e5"', '"１０"', '"99999999"', '"1.005"', '"=1+1"', '"收入 + 面积"'),
    *('"1 / 0"', '"count(("', '"tenants.real"', '"a\\u0000b"', '"not_a_thing"', f'"{"9" * 31}"', f'"{"字" * 2001}"'),
    *('["a", "a"]', "9" * 31, "9" * 3900, f'"{"9" * 3990}"'),
)  # fmt: skip
KEYS = ("x", "", "é", '"a b"', "__class__", "basis", "code", "a.b")
HEADERS = ("[x]", "[[x]]", "[scheme]", "[[scheme]]", "[[indicator]]", "[missing]", "[grade]", "[[case]]", "")
SIGNS = (
    *('"', "'", '"""', "[", "[[", "]", "{", "}", "=", ".", "\n", "#", "\\", "，"),
    *("\x00", "\x1b", "\ufeff", "\u202e"),
)


@cache
def text_of(code: str, ending: str) -> str:
    return shipped_bytes(code, ending=ending).decode()


@cache
def spots(code: str, ending: str, pattern: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(pattern, text_of(code, ending), re.M)]


VALUE = r'(?<== )("[^"\n]*"|\d+|\[\]|true|false)'
KEY = r"\b[a-z_]+(?= = )"
HEADER = r"^\[+[a-z_.]+\]+"
LINE = r"^.*\n"


@st.composite
def changes(draw):
    """Draw a file that ships with one thing changed in it: the file, its text, and where the change begins."""
    code, ending = draw(st.sampled_from(FILES))
    text = text_of(code, ending)
    way = draw(st.sampled_from(("value", "key", "header", "sign", "gone", "twice", "moved")))
    if way == "sign":
        first = draw(st.integers(0, len(text) - 1))
        last, new = first + draw(st.integers(0, 2)), draw(st.sampled_from(SIGNS))
    else:
        pattern = {"value": VALUE, "key": KEY, "header": HEADER}.get(way, LINE)
        found = spots(code, ending, pattern)
        first, last = found[draw(st.integers(0, len(found) - 1))]
        chosen = {"value": VALUES, "key": KEYS, "header": HEADERS}.get(way, ("",))
        new = draw(st.sampled_from(chosen))
        if way == "key":
            new = new or f"{text[first:last]}x"
        if way == "twice":
            new = text[first:last] * 2
        if way == "moved":
            return code, ending, text[:first] + text[last:] + text[first:last], first
    return code, ending, text[:first] + new + text[last:], first


def problems_of(code: str, ending: str, text: str) -> tuple[str, ...]:
    """Return what is told of a text; nothing where it loads."""
    try:
        if ending == ".toml":
            parse_scheme(text.encode("utf-8", "surrogatepass"), file="changed.toml")
        else:
            parse_cases(text.encode("utf-8", "surrogatepass"), file="changed.toml", scheme=shipped(code))
    except SchemeError as error:
        return error.problems
    return ()


@given(changes())
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_load_error_names_file_line_what_why_and_what_to_write(change):
    code, ending, text, _ = change

    for problem in problems_of(code, ending, text):
        told = SAID.fullmatch(problem)
        assert told, f"{code}{ending}: {problem}"
        assert int(told["line"]) <= text.count("\n") + 1, problem
        assert len(told["what"].split()) > 1, f"says too little: {problem}"
        assert told["remedy"] not in NO_REMEDY, f"does not say what to write: {problem}"
        assert len(told["remedy"].split()) > 1, f"does not say what to write: {problem}"


ONE_LINE = [
    (code, number)
    for code in shipped_codes()
    for number, line in enumerate(text_of(code, ".toml").split("\n"))
    if re.fullmatch(r'[a-z_]+ = ("[^"]*"|\d+)', line)
]


@pytest.mark.parametrize("value", ["true", "{ a = 1 }", "[{ a = 1 }]"])
@given(place=st.sampled_from(ONE_LINE))
@settings(max_examples=70, deadline=None)
def test_a_value_of_another_kind_is_told_on_its_own_line(value, place):
    code, number = place
    lines = text_of(code, ".toml").split("\n")
    name = lines[number].partition(" = ")[0]
    lines[number] = f"{name} = {value}"

    problems = problems_of(code, ".toml", "\n".join(lines))

    assert problems, f"{code}: {lines[number]} was taken"
    assert problems[0].startswith(f"changed.toml:{number + 1}: "), problems[0]
    assert name in problems[0].partition(": ")[2], problems[0]


@pytest.mark.parametrize(
    ("new", "place", "says"),
    [
        ('{ at_least = "x", points = "0" }', "bands 2.at_least", "'x' is not a plain number"),
        ('{ at_least = "10" }', "bands 2", "field 'points' is missing"),
        ('{ at_least = "10", points = true }', "bands 2.points", "must be a number"),
    ],
)
def test_a_row_of_a_list_is_told_on_its_own_line(new, place, says):
    lines = text_of("nmg/incubator-2020", ".toml").split("\n")
    first = next(
        n for n, line in enumerate(lines) if line.startswith('  { at_least = "') and "bands" in lines[n - 1]
    )
    lines[first + 1] = f"  {new},"

    (problem,) = problems_of("nmg/incubator-2020", ".toml", "\n".join(lines))

    assert problem.startswith(f"changed.toml:{first + 2}: ")
    assert f"{place}: {says}" in problem
