import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatchmark.domain.ledger import GENESIS, ChainBreak, LedgerLine, SealedLine, seal, sealed_line_of, verify


def chain(length: int) -> list[SealedLine]:
    lines: list[SealedLine] = []
    for sequence in range(1, length + 1):
        lines.append(
            seal(
                LedgerLine(
                    sequence=sequence,
                    act="score",
                    actor_role="expert",
                    actor=f"示例专家{sequence}",
                    subject=f"incubator:{sequence}",
                    details={"scores": {"item": 100 * sequence}, "note": None},
                    happened_at="2025-03-03T09:00:00+08:00",
                    happened_bound=None,
                    recorded_at="2025-03-03T09:00:00+08:00",
                    previous=lines[-1].digest if lines else GENESIS,
                )
            )
        )
    return lines


def test_the_digest_is_sha256_over_the_sorted_json_without_spaces():
    line = LedgerLine(
        sequence=1,
        act="publish",
        actor_role="department",
        actor="dep-1",
        subject="round:2021",
        details={"b": 1, "a": "甲"},
        happened_at=None,
        happened_bound="2021 or later",
        recorded_at="2026-11-24T20:00:00+08:00",
        previous=GENESIS,
    )
    text = (
        '{"act":"publish","actor":"dep-1","actor_role":"department","details":{"a":"甲","b":1},"happened_at":null,'
        '"happened_bound":"2021 or later","previous":"'
        + "0"
        * 64
        + '","recorded_at":"2026-11-24T20:00:00+08:00",'
        '"sequence":1,"subject":"round:2021"}'
    )
    assert line.digest == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("length", [0, 1, 5])
def test_a_chain_that_nobody_touched_is_whole(length: int):
    lines = chain(length)
    head = lines[-1].digest if lines else GENESIS
    assert verify(lines) is None
    assert verify(lines, expected_head=head) is None


lengths_and_places = st.integers(1, 12).flatmap(
    lambda length: st.tuples(st.just(length), st.integers(1, length))
)

OTHER: dict[str, Any] = {
    "act": "publish",
    "actor_role": "department",
    "actor": "示例甲",
    "subject": "incubator:99",
    "details": {"scores": {"item": 1}, "note": None},
    "happened_at": None,
    "happened_bound": "2021 or later",
    "recorded_at": "2025-03-04T09:00:00+08:00",
}


@given(where=lengths_and_places, field=st.sampled_from(sorted(OTHER)))
def test_an_altered_line_is_found_at_its_place(where: tuple[int, int], field: str):
    length, place = where
    lines = chain(length)
    altered = replace(lines[place - 1].line, **{field: OTHER[field]})
    lines[place - 1] = replace(lines[place - 1], line=altered)

    assert verify(lines) == ChainBreak(
        position=place, reason=f"line {place} was altered: its digest is not that of its content"
    )


@given(where=lengths_and_places)
def test_an_altered_line_with_a_new_digest_breaks_the_next_one_or_the_head(where: tuple[int, int]):
    length, place = where
    lines = chain(length)
    head = lines[-1].digest
    lines[place - 1] = seal(replace(lines[place - 1].line, subject="incubator:99"))

    found = verify(lines, expected_head=head)

    assert found is not None
    assert found.position == place + 1


@given(where=lengths_and_places)
def test_a_deleted_line_is_found_at_its_place(where: tuple[int, int]):
    length, place = where
    lines = chain(length + 1)
    del lines[place - 1]

    assert verify(lines) == ChainBreak(
        position=place,
        reason=f"line {place} bears the number {place + 1}: a line was taken out, put in or moved",
    )


@given(where=lengths_and_places)
def test_a_line_that_was_put_in_is_found_at_its_place(where: tuple[int, int]):
    length, place = where
    lines = chain(length)
    stranger = seal(replace(lines[place - 1].line, subject="incubator:99", previous="f" * 64))
    lines.insert(place - 1, stranger)

    found = verify(lines)

    assert found is not None
    assert found.position == place


@given(where=lengths_and_places)
def test_a_line_that_was_put_in_with_the_right_number_and_digests_is_found_behind_it(where: tuple[int, int]):
    length, place = where
    lines = chain(length)
    lines.insert(place - 1, seal(replace(lines[place - 1].line, subject="incubator:99")))

    found = verify(lines)

    assert found is not None
    assert found.position == place + 1


@given(length=st.integers(2, 12), data=st.data())
def test_lines_that_changed_places_are_found_at_the_first_of_them(length: int, data: st.DataObject):
    first = data.draw(st.integers(1, length - 1))
    second = data.draw(st.integers(first + 1, length))
    lines = chain(length)
    lines[first - 1], lines[second - 1] = lines[second - 1], lines[first - 1]

    found = verify(lines)

    assert found is not None
    assert found.position == first


@given(where=lengths_and_places)
def test_a_cut_tail_shows_against_the_kept_head_only(where: tuple[int, int]):
    length, place = where
    lines = chain(length)
    head = lines[-1].digest
    cut = lines[: place - 1]

    assert verify(cut) is None
    found = verify(cut, expected_head=head)
    assert found is not None
    assert found.position == place


def test_a_line_is_the_same_after_json():
    sealed = chain(2)[1]
    assert sealed_line_of(json.loads(json.dumps(sealed.as_document()))) == sealed


def test_details_hash_as_a_database_gives_them_back():
    line = chain(1)[0].line
    python = replace(line, details={"chosen": ("incubator:1",), "by_serial": {10: "甲", 9: "乙"}})
    stored = replace(line, details=json.loads(json.dumps(dict(python.details))))
    assert python.digest == stored.digest


@pytest.mark.parametrize("details", [{"score": 82.35}, {"scores": {"item": [1, 0.5]}}])
def test_a_float_is_refused(details: dict[str, object]):
    with pytest.raises(TypeError, match="write it as an integer or as exact text"):
        replace(chain(1)[0].line, details=details).digest  # noqa: B018


def test_a_float_in_a_stored_line_is_a_break():
    lines = chain(2)
    lines[1] = replace(lines[1], line=replace(lines[1].line, details={"score": 0.5}))
    found = verify(lines)
    assert found is not None
    assert found.position == 2


@pytest.mark.parametrize(
    ("change", "named"), [({"digest": None}, "digest"), ({"act": None}, "act"), ({"colour": "red"}, "colour")]
)
def test_a_document_with_other_fields_is_no_ledger_line(change: dict[str, str | None], named: str):
    document = chain(1)[0].as_document()
    for field, value in change.items():
        if value is None:
            del document[field]
        else:
            document[field] = value
    with pytest.raises(ValueError, match=f"see to {named}"):
        sealed_line_of(document)
