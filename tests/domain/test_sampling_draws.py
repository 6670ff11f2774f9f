import hashlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatchmark.domain.sampling import DIGESTS, DrawStep, draw, frame_hash, key_of, select

# RFC 3797, section 6: the key, and digest, divisor and place of each of the sixteen draws printed there.
RFC_KEY = "9319./2.5.8.10.12./9.18.26.34.41.45./"
RFC_DRAWS = [
    ("990DD0A5692A029A98B5E01AA28F3459", 25, 17),
    ("3691E55CB63FCC37914430B2F70B5EC6", 24, 7),
    ("FE814EDF564C190AC1D25753979990FA", 23, 2),
    ("1863CCACEB568C31D7DDBDF1D4E91387", 22, 16),
    ("F4AB33DF4889F0AF29C513905BE1D758", 21, 25),
    ("13EAEB529F61ACFB9A29D0BA3A60DE4A", 20, 23),
    ("992DB77C382CA2BDB9727001F3CDCCD9", 19, 8),
    ("63AB4258ECA922976811C7F55C383CE7", 18, 24),
    ("DFBC5AC97CED01B3A6E348E3CC63F40D", 17, 19),
    ("31CB111C4A4EBE9287CEAE16FE51B909", 16, 13),
    ("07FA46C122F164C215BBC72793B189A3", 15, 22),
    ("AC52F8D75CCBE2E61AFEB3387637D501", 14, 5),
    ("53306F73E14FC0B2FBF434218D25948E", 13, 18),
    ("B5D1403501A81F9A47318BE7893B347C", 12, 9),
    ("85B10B356AA06663EF1B1B407765100A", 11, 1),
    ("3269E6CE559ABD57E2BA6AAB495EB9BD", 10, 4),
]


def test_the_key_of_the_worked_example_comes_out_of_its_sources():
    assert key_of([[9319], [2, 5, 12, 8, 10], [9, 18, 26, 34, 41, 45]]) == RFC_KEY


def test_the_worked_example_of_the_rfc_comes_out_to_the_letter():
    assert draw(size=25, key=RFC_KEY, count=16) == [
        DrawStep(order=order, digest=digest.lower(), remaining=remaining, position=position)
        for order, (digest, remaining, position) in enumerate(RFC_DRAWS, start=1)
    ]


def test_the_chosen_lines_come_in_the_order_of_the_draw():
    frame = [f"示例{number}" for number in range(1, 26)]

    assert select(frame, key=RFC_KEY, count=10) == [
        f"示例{number}" for number in (17, 7, 2, 16, 25, 23, 8, 24, 19, 13)
    ]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ([Decimal("10.50"), Decimal("9.0")], "9.10.5/"),
        ([Decimal("0.25")], "0.25/"),
        ([0], "0./"),
        ([Decimal("1E+3")], "1000./"),
        ([Decimal("007")], "7./"),
    ],
)
def test_numbers_of_a_key_are_written_without_needless_zeros(source: list[int | Decimal], text: str):
    assert key_of([source]) == text


@pytest.mark.parametrize("source", [[-1], [Decimal("NaN")], [Decimal("Infinity")], []])
def test_what_is_no_number_of_zero_and_more_makes_no_key(source: list[int | Decimal]):
    with pytest.raises(ValueError, match="cannot be part of a key"):
        key_of([source])


def test_the_hash_of_a_frame_is_that_of_the_published_list():
    assert (
        frame_hash(["incubator:1", "示例二"]) == hashlib.sha256("incubator:1\n示例二\n".encode()).hexdigest()
    )


def test_the_hash_of_a_frame_tells_its_order():
    assert frame_hash(["甲", "乙"]) != frame_hash(["乙", "甲"])


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (["甲", "甲"], "'甲' stands twice in the frame and would have two chances; strike line 2"),
        (["甲", ""], "line 2 of the frame is empty or holds a line break"),
        (["甲\n乙"], "line 1 of the frame is empty or holds a line break"),
    ],
)
def test_a_frame_that_gives_unequal_chances_is_refused(frame: list[str], message: str):
    with pytest.raises(ValueError, match=message):
        frame_hash(frame)
    with pytest.raises(ValueError, match=message):
        select(frame, key="1./", count=1)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"key": ""}, "a draw needs a key"),
        ({"count": 4}, "4 cannot be drawn of 3; draw 0 to 3"),
        ({"count": -1}, "-1 cannot be drawn of 3"),
        ({"digest": "crc32"}, "no digest 'crc32' for a draw; use one of: md5, sha256, sm3"),
    ],
)
def test_a_draw_that_cannot_be_is_refused(changed: dict[str, object], message: str):
    words = {"size": 3, "key": "1./", "count": 1, **changed}
    with pytest.raises(ValueError, match=message):
        draw(**words)  # type: ignore[arg-type]


def test_more_draws_than_the_counter_of_the_rfc_can_name_are_refused():
    with pytest.raises(ValueError, match="draws 65536 at most, not 65537"):
        draw(size=70000, key="1./", count=65537)


@pytest.mark.parametrize("digest", [name for name in DIGESTS if name in hashlib.algorithms_available])
def test_each_digest_is_the_hash_of_the_bracketed_key(digest: str):
    steps = draw(size=9, key="示例密钥", count=2, digest=digest)

    assert [step.digest for step in steps] == [
        hashlib.new(digest, bracket + "示例密钥".encode() + bracket).hexdigest()
        for bracket in (b"\0\0", b"\0\1")
    ]


@given(
    size=st.integers(0, 300),
    key=st.text(min_size=1, max_size=40).filter(lambda key: key.isprintable()),
    data=st.data(),
)
def test_a_draw_is_the_beginning_of_a_permutation(size: int, key: str, data: st.DataObject):
    count = data.draw(st.integers(0, size))

    drawn = [step.position for step in draw(size=size, key=key, count=count, digest="sha256")]
    everybody = [step.position for step in draw(size=size, key=key, count=size, digest="sha256")]

    assert sorted(everybody) == list(range(1, size + 1))
    assert drawn == everybody[:count]
