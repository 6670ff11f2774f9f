"""The answers to an import: a small table, every fault told with row, column and remedy."""

import pytest

from hatchmark.documents.import_answers import read_import_answers
from hatchmark.domain.folder_errors import FolderError
from hatchmark.domain.notice_import import ImportAnswer, QuestionOf

HEAD = "question,subject,answer,by,reason\n"


def written(tmp_path, text: str):
    file = tmp_path / "decisions.csv"
    file.write_text(text, "utf-8-sig")
    return file


def test_answers_are_read_row_by_row_with_who_gave_them(tmp_path):
    file = written(
        tmp_path, HEAD + "same_operator,incubator:8|makerspace:83,same,示例甲,同盟\nduties,,accept,示例乙,\n"
    )

    assert read_import_answers(file) == (
        ImportAnswer(
            question=QuestionOf.SAME_OPERATOR,
            subject="incubator:8|makerspace:83",
            answer="same",
            by="示例甲",
            reason="同盟",
        ),
        ImportAnswer(question=QuestionOf.DUTIES, subject="", answer="accept", by="示例乙"),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("question,subject,answer\nduties,,accept\n", "row 1, column by: is missing"),
        ("question,subject,answer,by,why\n", "row 1, column why: is no column of a file of decisions"),
        (
            HEAD + "who,,same,示例甲,\n",
            "row 2, column question, value 'who': is no question that an import asks",
        ),
        (HEAD + "duties,,,示例甲,\n", "row 2, column answer, value '': is empty; write the answer"),
        (HEAD + "duties,,accept,,\n", "row 2, column by, value '': is empty; write who decided it"),
        (HEAD + f"duties,,accept,{'示' * 61},\n", "has more than 60 characters"),
        (
            HEAD + "duties,,accept,示例甲,\nduties,,accept,示例乙,\n",
            "row 3, column subject, value '': row 2 answers this already; keep one of the two rows",
        ),
    ],
)
def test_a_faulty_row_is_told_with_its_place(tmp_path, text, message):
    with pytest.raises(FolderError) as error:
        read_import_answers(written(tmp_path, text))

    assert str(error.value).startswith("decisions.csv, ")
    assert message in str(error.value)
