"""Which schemes a round can use, and that a folder which names another is refused before anything is scored."""

import pytest

from hatchmark.domain.scheme import beyond_a_round
from hatchmark.schemes.loader import shipped


@pytest.mark.parametrize("code", ["nmg/incubator-2020", "nmg/makerspace-2020"])
def test_a_scheme_of_plain_figures_is_for_rounds(code):
    assert beyond_a_round(shipped(code)) == []


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("fuyang/incubator-2022", "a formula or grade that needs the whole table"),
        ("huzhou/makerspace-2020", "a roster of its own fields"),
    ],
)
def test_what_a_round_cannot_give_is_said(code, says):
    assert says in beyond_a_round(shipped(code))
