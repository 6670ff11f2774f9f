"""The worked cases hold the numbers of the new schemes: one that is changed makes a case come out otherwise."""

from importlib import resources

import pytest

from hatchmark.schemes.cases import check_cases, parse_cases
from hatchmark.schemes.loader import parse_scheme

NMG = "nmg/incubator-2024"
NATIONAL = "national/incubator-2019"
FUYANG = "fuyang/incubator-2022"
HUZHOU = "huzhou/makerspace-2020"
RECHECK = "recheck/incubator-2020"


def file_of(code: str, ending: str) -> str:
    return (resources.files("hatchmark.schemes") / f"{code}{ending}").read_text("utf-8")


def failures(code: str, old: str, new: str) -> list[str]:
    """Work the cases of a scheme in which `old` is `new`."""
    text = file_of(code, ".toml")
    assert old in text
    scheme = parse_scheme(text.replace(old, new).encode(), file="x.toml")
    cases = parse_cases(file_of(code, ".cases.toml").encode(), file="x.cases.toml", scheme=scheme)
    return [str(failure) for failure in check_cases(scheme, cases)]


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        # nmg 2024: window, thresholds, cuts
        (NMG, 'to = "2023-12-31"', 'to = "2024-01-01"'),
        (NMG, 'from = "2021-01-01"', 'from = "2021-01-02"'),
        (NMG, ">= 70%", "> 70%"),
        (NMG, ">= 70%", ">= 66%"),
        (NMG, 'at_least = "85"', 'at_least = "84.99"'),
        (NMG, 'at_least = "85"', 'at_least = "85.01"'),
        (NMG, 'bonus_cap = "10"', 'bonus_cap = "12"'),
        (NMG, 'trim = 1\nminimum = 3\ntoo_few = "unscored"', 'trim = 1\nminimum = 3\ntoo_few = "mean"'),
        # the national structure: who is compared with whom, and how
        (NATIONAL, 'full_at = "1.5"', 'full_at = "1.4"'),
        (NATIONAL, 'when_equal = "full_points"', 'when_equal = "no_points"'),
        (NATIONAL, '{ within = "0.6", points = "2" }', '{ within = "0.49", points = "2" }'),
        (NATIONAL, 'at_least = "65"', 'at_least = "64.99"'),
        (NATIONAL, 'at_least = "65"', 'at_least = "65.01"'),
        (NATIONAL, 'grade_at_most = "c"', 'grade_at_most = "b"'),
        (NATIONAL, 'too_few = "mean"', 'too_few = "unscored"'),
        (NATIONAL, "times_in_a_row = 2", "times_in_a_row = 1"),
        # score and rank
        (FUYANG, 'top_share = "0.2"', 'top_share = "0.19"'),
        (FUYANG, 'top_share = "0.2"', 'top_share = "0.23"'),
        (FUYANG, 'ties = "include"', 'ties = "exclude"'),
        (FUYANG, 'at_least = "80"', 'at_least = "79.99"'),
        (FUYANG, 'at_least = "80"', 'at_least = "80.01"'),
        (FUYANG, 'effect = "exclusion"', 'effect = "floor"'),
        (FUYANG, 'effect = "cap"\ngrade_at_most = "qualified"', 'effect = "floor"'),
        (FUYANG, 'effect = "is"', 'effect = "at_most"'),
        (FUYANG, "holds_when_missing = false", "holds_when_missing = true"),
        (FUYANG, 'method = "median"', 'method = "mean"'),
        # the makerspace card
        (HUZHOU, 'from = "50"', 'from = "49"'),
        (HUZHOU, 'from = "50"', 'from = "51"'),
        (HUZHOU, 'from = "0.6"', 'from = "0.58"'),
        (HUZHOU, 'from = "0.6"', 'from = "0.61"'),
        (HUZHOU, 'points_each = "0.1" }', 'points_each = "0.1", partial = true }'),
        (HUZHOU, 'amount = "30"', 'amount = "29"'),
        (HUZHOU, 'amount = "3"', 'amount = "2.9"'),
        (HUZHOU, "协办活动 / 2", "协办活动"),
        (HUZHOU, 'where = "是否全职"', 'where = "not 是否全职"'),
        (HUZHOU, 'rounding = "half_up"', 'rounding = "down"'),
        (HUZHOU, '{ value = "大专", points = "0.5" }', '{ value = "大专", points = "1" }'),
        # minimum thresholds
        (RECHECK, "else 15 家", "else 14 家"),
        (RECHECK, "else 15 家", "else 16 家"),
        (RECHECK, "then 10 家", "then 11 家"),
        (RECHECK, "else 5000 m²", "else 5001 m²"),
        (RECHECK, "then 3000 m²", "then 2999 m²"),
        (RECHECK, "then 3000 m²", "then 3001 m²"),
        (RECHECK, 'from = "2018-01-01"', 'from = "2017-12-31"'),
        (RECHECK, 'to = "2019-12-31"', 'to = "2019-12-30"'),
        (RECHECK, " and 投资额 > 0", ""),
        (RECHECK, "<= 2016-12-31", "<= 2017-01-01"),
        (RECHECK, "holds_when_missing = true", "holds_when_missing = false"),
        (RECHECK, 'part = "deduction"\nfull_marks = "10"', 'part = "bonus"\nfull_marks = "10"'),
        (RECHECK, 'at_least = "60"', 'at_least = "61"'),
    ],
)  # fmt: skip
def test_a_number_that_is_changed_is_found_by_a_case(code, old, new):
    assert failures(code, old, new)


@pytest.mark.parametrize("code", [NMG, NATIONAL, FUYANG, HUZHOU, RECHECK])
def test_unchanged_there_is_nothing_to_find(code):
    assert failures(code, "year = ", "year = ") == []
