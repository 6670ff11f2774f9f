"""统一社会信用代码: the standard's own example, and what a slip of one character does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatchmark.domain.credit_codes import check_character, fault_of

CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
STANDARD = "91350100M000100Y43"


def test_the_example_of_the_standard_is_a_code():
    assert fault_of(STANDARD) == ""
    assert check_character(STANDARD[:-1]) == "3"


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("", "length"),
        (STANDARD[:-1], "length"),
        (STANDARD + "0", "length"),
        (STANDARD.lower(), "character"),
        ("91350100I000100Y43", "character"),
        ("91A50100M000100Y43", "digits"),
        ("91350100M000100Y44", "check"),
        ("91350100M000010Y43", "check"),
    ],
)
def test_what_can_be_no_code_is_told_why(code, fault):
    assert fault_of(code) == fault


@given(
    body=st.tuples(
        st.text(CHARACTERS, min_size=2, max_size=2),
        st.text("0123456789", min_size=6, max_size=6),
        st.text(CHARACTERS, min_size=9, max_size=9),
    ).map("".join),
    place=st.integers(0, 16),
    other=st.sampled_from(CHARACTERS),
)
def test_one_wrong_character_never_passes(body, place, other):
    code = body + check_character(body)
    spoilt = code[:place] + other + code[place + 1 :]

    assert fault_of(code) == ""
    assert (fault_of(spoilt) == "") == (spoilt == code)


@pytest.mark.parametrize("body", ["", "9135", "91350100I000100Y4", STANDARD])
def test_a_body_that_is_none_is_refused(body):
    with pytest.raises(ValueError, match="is no body of a credit code"):
        check_character(body)
