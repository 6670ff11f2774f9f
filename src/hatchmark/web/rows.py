"""One row of a result as a page shows it, in the language of the page.

What is printed is Chinese and stays so: an English page puts the meaning of the code in front of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hatchmark.domain.outcomes import EntryKey, Grade
from hatchmark.domain.results import Row
from hatchmark.domain.vocabulary import Vocabulary
from hatchmark.web import words
from hatchmark.web.results import Judged, ResultClass, class_of


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """A row with its addresses. `label` is what the result cell says; `printed` the Chinese beside an English one."""

    anchor: str
    kind: str
    serial: int
    name: str
    address: str
    operators: str
    channel: str
    result: ResultClass
    label: str
    printed: str
    source: str
    score: str
    working: str


def anchor(key: EntryKey) -> str:
    """Return the name of a row inside its page."""
    return f"{key.kind}-{key.serial}"


def label_of(result: ResultClass, *, language: str, vocabulary: Vocabulary) -> str:
    """Return what a class of results is called: by the authority's own words, or in English."""
    if language == "zh":
        if result in (grade.value for grade in vocabulary.grades):
            return vocabulary.grades[Grade(result.value)]
        return words.say(
            language,
            result.value,
            cancel=vocabulary.cancel_verb,
            unqualified=vocabulary.grades.get(Grade.UNQUALIFIED, ""),
        )
    return words.say(language, result.value)


def kind_title(kind: str, *, language: str, vocabulary: Vocabulary) -> str:
    """Return what a kind is called. A kind that English has no words for keeps its code."""
    if language == "zh":
        return vocabulary.kinds[kind].title
    return words.say(language, f"kind_{kind}") if f"kind_{kind}" in words.TEXTS else kind


def cell_in_english(row: Judged) -> str:
    """Say in English what the result cell says, links and years aside, which stand in the printed words."""
    result = class_of(row)
    text = words.say("en", result.value)
    if result in (ResultClass.CARRIED, ResultClass.ABSENT) and row.grade is not None:
        return f"{text}: {words.say('en', row.grade.value).lower()}"
    return text


def view_of(
    row: Row,
    *,
    language: str,
    vocabulary: Vocabulary,
    address_of: Callable[[EntryKey], str],
    round_address: str,
    year: int,
) -> RowView:
    """Make the view of one row. The score links to its working on the institution's page."""
    address = address_of(row.key)
    return RowView(
        anchor=anchor(row.key),
        kind=kind_title(row.key.kind, language=language, vocabulary=vocabulary),
        serial=row.key.serial,
        name=row.name,
        address=address,
        operators=row.operators_printed,
        channel=row.channel,
        result=class_of(row),
        label=row.face_text if language == "zh" else cell_in_english(row),
        printed="" if language == "zh" else row.face_text,
        source=f"{round_address}#{anchor(row.carried_from)}" if row.carried_from else "",
        score=row.score or "",
        working=f"{address}{year}/{row.key.kind}/" if row.score else "",
    )


def heads(*, kind: str | None, language: str, vocabulary: Vocabulary) -> Mapping[str, str]:
    """Return the heads of the columns that the authority names itself; without a kind, of a mixed list."""
    result_word = vocabulary.kinds[kind].result_word if kind else ""
    return {
        "name": words.say(language, "name_column", column=vocabulary.kinds[kind].name_column)
        if kind
        else words.say(language, "mixed_name"),
        "channel": words.say(language, "channel_column", column=vocabulary.channel_column),
        "result": words.say(language, "result_column", word=result_word),
    }
