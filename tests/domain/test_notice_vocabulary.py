"""The words of a notice are read out of its own cells, and give each cell back."""

import pytest
from notice_values import notice, row, table

from hatchmark.domain.notice_vocabulary import PrintedResult, face_text_by, read_vocabulary
from hatchmark.domain.outcomes import Decision, EntryKey, Grade, Mode, Outcome
from hatchmark.domain.vocabulary import load_vocabulary, vocabulary_codes, vocabulary_from


def printed(
    serial: int, face: str, grade: Grade | None = None, kind: str = "makerspace", **facts
) -> PrintedResult:
    # A carried decision holds no grade of its own.
    own = None if "carried_from" in facts else grade
    facts = {"mode": Mode.EVALUATED, "outcome": Outcome.GRADED, "grade": own} | facts
    return PrintedResult(decision=Decision(key=EntryKey(kind, serial), **facts), grade=grade, face_text=face)


JUDGE = EntryKey("incubator", 1)
CARRIED = {"mode": Mode.CARRIED, "outcome": Outcome.CARRIED, "carried_from": JUDGE}
DEFERRED = {"mode": Mode.DEFERRED, "outcome": Outcome.DEFERRED, "year": 2022, "as_kind": "incubator"}
OUT = {"outcome": Outcome.DISQUALIFIED}


def read(*results: PrintedResult):
    rows = [row(result.key.serial, face=result.face_text) for result in results]
    return read_vocabulary(notice(table(rows)), results, code="demo-2021", year=2021)


@pytest.mark.parametrize(
    "results",
    [
        [printed(1, "优秀（A类）", Grade.EXCELLENT), printed(2, "不合格（D类）", Grade.UNQUALIFIED)],
        [printed(1, "{优}", Grade.EXCELLENT), printed(2, "撤销{备案}资格", **OUT)],
        [
            printed(1, "取消科技企业孵化器资格", kind="incubator", **OUT),
            printed(1, "取消众创空间资格", **OUT),
        ],
        [
            printed(1, "良好", Grade.GOOD, kind="incubator"),
            printed(1, "以孵化器评价结果为准（良好）", Grade.GOOD, **CARRIED),
            printed(2, "2022年以孵化器参加评价。", **DEFERRED),
        ],
        [
            printed(1, "D", Grade.UNQUALIFIED),
            printed(2, "D，取消试点资格", Grade.UNQUALIFIED, outcome=Outcome.PILOT_CANCELLED),
            printed(3, "D（未参评）", Grade.UNQUALIFIED, mode=Mode.ABSENT, outcome=Outcome.ABSENT),
            printed(4, "应评未评", mode=Mode.ABSENT, outcome=Outcome.ABSENT),
        ],
    ],
    ids=["letters", "braces", "kinds", "carried and deferred", "statuses"],
)
def test_every_cell_that_the_words_were_read_from_is_given_back(results):
    words = read(*results)

    assert [face_text_by(words, result, year=2021) for result in results] == [
        each.face_text for each in results
    ]
    assert vocabulary_from(words.as_document()) == words


def test_of_one_result_in_two_writings_the_frequent_one_is_taken_and_the_other_is_not_given_back():
    results = [printed(1, "撤销资格", **OUT), printed(2, "撤销资格", **OUT), printed(3, "予以撤销", **OUT)]

    assert [face_text_by(read(*results), each, year=2021) for each in results] == ["撤销资格"] * 3


def test_a_vocabulary_without_a_grade_or_a_kind_prints_nothing_for_it():
    words = load_vocabulary("nmg-2024")

    assert face_text_by(words, printed(1, "良好", Grade.GOOD), year=2024) is None
    assert face_text_by(words, printed(1, "优秀", Grade.EXCELLENT, kind="accelerator"), year=2024) is None
    assert face_text_by(words, printed(1, "优秀", Grade.EXCELLENT), year=2024) == "优秀"


@pytest.mark.parametrize("code", vocabulary_codes())
def test_a_vocabulary_is_the_same_after_it_was_kept_with_a_round(code):
    assert vocabulary_from(load_vocabulary(code).as_document()) == load_vocabulary(code)
