"""Reads a person's answers to the questions that the import of a notice asks: a small .csv or .xlsx."""

from pathlib import Path

from hatchmark.documents.tables import Table, TableRow, read_table
from hatchmark.domain.folder_errors import FolderError
from hatchmark.domain.notice_import import ImportAnswer, QuestionOf

_NEEDED = ("question", "subject", "answer", "by")
_KNOWN = (*_NEEDED, "reason")
_LONGEST = {"subject": 400, "answer": 200, "by": 60, "reason": 1000}


def read_import_answers(path: Path) -> tuple[ImportAnswer, ...]:
    """Return the answers of a table with the columns question, subject, answer, by and, if wanted, reason.

    Raises FolderError for a column, question or cell that cannot be, and for a question that is answered twice.
    """
    table = read_table(path, file=path.name)
    for column in table.header:
        if column not in _KNOWN:
            raise FolderError(
                table.place(1),
                column=column,
                problem="is no column of a file of decisions",
                remedy=f"keep {', '.join(_KNOWN)}",
            )
    for column in _NEEDED:
        if column not in table.header:
            raise FolderError(
                table.place(1),
                column=column,
                problem="is missing",
                remedy=f"a file of decisions has the columns {', '.join(_KNOWN)}",
            )
    answers: dict[tuple[QuestionOf, str], ImportAnswer] = {}
    for row in table.rows:
        answer = _answer(table, row)
        before = answers.setdefault((answer.question, answer.subject), answer)
        if before is not answer:
            raise FolderError(
                answer.place,
                column="subject",
                value=answer.subject,
                problem=f"row {before.place.row} answers this already",
                remedy="keep one of the two rows",
            )
    return tuple(answers.values())


def _answer(table: Table, row: TableRow) -> ImportAnswer:
    place = table.place(row.number)
    cells = {column: row.cells.get(column, "") for column in _KNOWN}
    if cells["question"] not in list(QuestionOf):
        raise FolderError(
            place,
            column="question",
            value=cells["question"],
            problem="is no question that an import asks",
            remedy=f"write one of {', '.join(QuestionOf)}",
        )
    for column in ("answer", "by"):
        if not cells[column]:
            raise FolderError(
                place,
                column=column,
                value="",
                problem="is empty",
                remedy="write the answer" if column == "answer" else "write who decided it",
            )
    for column, longest in _LONGEST.items():
        if len(cells[column]) > longest:
            raise FolderError(
                place,
                column=column,
                value=cells[column],
                problem=f"has more than {longest} characters",
                remedy="shorten it",
            )
    return ImportAnswer(
        question=QuestionOf(cells["question"]),
        subject=cells["subject"],
        answer=cells["answer"],
        by=cells["by"],
        reason=cells["reason"],
        place=place,
    )
