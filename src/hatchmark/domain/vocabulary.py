"""Which words does this authority use this year for a grade, an outcome and a kind?

Labels are data (`domain/data/vocabularies`), since they change with the authority and the year:
取消 in 2021 is 撤销 in 2024, four grades are three.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from typing import Any

from hatchmark.domain.outcomes import Grade, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class KindWords:
    """How one kind is called, and the heads of its annex."""

    code: str
    title: str
    short: str
    unit: str
    result_word: str
    procedure: str
    name_column: str
    annex_title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The words of one authority in one year."""

    code: str
    source: str
    channel_word: str
    channel_column: str
    cancel_verb: str
    grades: Mapping[Grade, str]
    face_texts: Mapping[str, str]
    kinds: Mapping[str, KindWords]

    def as_document(self) -> dict[str, Any]:
        """Return the words as a JSON object: what `vocabulary_from` reads, and the file of a shipped one holds."""
        document = asdict(self)
        document["grades"] = {grade.value: label for grade, label in self.grades.items()}
        for words in document["kinds"].values():
            del words["code"]
        return document

    def face_text(
        self,
        *,
        kind: str,
        outcome: Outcome,
        grade: Grade | None,
        round_year: int,
        source_kind: str | None = None,
        deferred_to: int | None = None,
        as_kind: str | None = None,
    ) -> str:
        """Return what the result cell prints. `grade` of a carried row is the one it is judged by."""
        pattern = outcome.value
        if outcome is Outcome.ABSENT and grade is None:
            pattern = "absent_without_grade"
        return self.face_texts[pattern].format(
            grade=self.grades[grade] if grade else "",
            kind=self.kinds[kind].title,
            source_kind=self.kinds[source_kind].short if source_kind else "",
            as_kind=self.kinds[as_kind].short if as_kind else "",
            year=deferred_to if outcome is Outcome.DEFERRED else round_year,
        )


def vocabulary_codes() -> list[str]:
    """Return the codes of the vocabularies that ship, in order."""
    folder = resources.files("hatchmark.domain") / "data" / "vocabularies"
    return sorted(
        entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")
    )


@cache
def load_vocabulary(code: str) -> Vocabulary:
    """Load a shipped vocabulary; raise KeyError with the known codes if there is none of that name."""
    if code not in vocabulary_codes():
        raise KeyError(f"no vocabulary '{code}'; there are: {', '.join(vocabulary_codes())}")
    text = (resources.files("hatchmark.domain") / "data" / "vocabularies" / f"{code}.toml").read_text("utf-8")
    return vocabulary_from(tomllib.loads(text))


def vocabulary_from(data: Mapping[str, Any]) -> Vocabulary:
    """Return the vocabulary that a file or a document holds."""
    return Vocabulary(
        code=data["code"],
        source=data["source"],
        channel_word=data["channel_word"],
        channel_column=data["channel_column"],
        cancel_verb=data["cancel_verb"],
        grades={Grade(grade): label for grade, label in data["grades"].items()},
        face_texts=dict(data["face_texts"]),
        kinds={kind: KindWords(code=kind, **words) for kind, words in data["kinds"].items()},
    )
