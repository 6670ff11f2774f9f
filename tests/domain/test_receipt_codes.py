"""The code of a receipt: found by the digest, made under a key, read as people type it."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatchmark.domain.receipts import (
    FOUND_BY_HEX,
    ReceiptState,
    read_receipt_code,
    receipt_code,
    state_of_version,
)

SECRET = "示例".encode()
DIGEST = hashlib.sha256(b"a version").hexdigest()


@given(st.binary(min_size=1, max_size=20), st.text(max_size=20))
def test_a_code_leads_back_to_its_digest(content, stands_for):
    digest = hashlib.sha256(content).hexdigest()
    code = receipt_code(SECRET, digest=digest, stands_for=stands_for)

    assert read_receipt_code(code.lower().replace("-", " ")) == (code, digest[:FOUND_BY_HEX])


def test_whoever_lacks_the_key_makes_another_code():
    own = receipt_code(SECRET, digest=DIGEST, stands_for="demo/2025/incubator:1/1")
    others = {
        receipt_code(b"another", digest=DIGEST, stands_for="demo/2025/incubator:1/1"),
        receipt_code(SECRET, digest=DIGEST, stands_for="demo/2024/incubator:1/1"),
        receipt_code(SECRET, digest=DIGEST, stands_for="demo/2025/incubator:1/2"),
    }

    assert len(others | {own}) == 4
    # The beginning tells of the digest alone: it is how a code is found.
    assert {code[:9] for code in others} == {own[:9]}


@pytest.mark.parametrize("text", ["", "12345", "A" * 26, "十" * 25])
def test_what_can_be_no_code_is_none(text):
    assert read_receipt_code(text) is None


def test_a_digest_is_needed_whole():
    with pytest.raises(ValueError, match="64 hexadecimal signs"):
        receipt_code(SECRET, digest="abc", stands_for="")


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("submitted", "current"),
        ("returned", "current"),
        ("approved", "current"),
        ("refused", "current"),
        ("superseded", "superseded"),
        ("withdrawn", "withdrawn"),
    ],
)
def test_a_receipt_tells_nothing_of_the_review(state, told):
    assert state_of_version(state) is ReceiptState(told)
