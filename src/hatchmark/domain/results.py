"""The published result of a round as one value: rows, counts, obligations, and the digest over all of it.

Notice, annexes, site and files are functions of this value, so that none can say what another does not.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hatchmark.domain.obligations import Obligation, ObligedTo, judged_grade, obligations_of
from hatchmark.domain.outcomes import Decision, EntryKey, Grade, Mode, Outcome
from hatchmark.domain.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """Who stands behind an entry, as it is printed and as the register knows it at the time of the round."""

    key: EntryKey
    name: str
    aliases: tuple[str, ...]
    operators_printed: str
    operators: tuple[str, ...]
    channel: str
    region: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of an annex. `grade` is the one the entry is judged by; `score` is exact text or None."""

    key: EntryKey
    name: str
    aliases: tuple[str, ...]
    operators_printed: str
    operators: tuple[str, ...]
    channel: str
    region: str | None
    mode: Mode
    grade: Grade | None
    outcome: Outcome
    carried_from: EntryKey | None
    face_text: str
    score: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundResults:
    """Everything a round made public. `kinds` is the order in which kinds are printed."""

    authority: str
    year: int
    fictional: bool
    kinds: tuple[str, ...]
    rows: tuple[Row, ...]
    obligations: tuple[Obligation, ...]

    def rows_of(self, kind: str) -> tuple[Row, ...]:
        """Return the rows of one annex in printed order."""
        return tuple(row for row in self.rows if row.key.kind == kind)

    def counts(self) -> dict[str, dict[str, int]]:
        """Count rows by what their cell prints: each row once, in the class its own cell prints.

        Classes come as an annex orders them: the grades from the best down, then what is no grade.
        """
        return {
            kind: dict(Counter(row.face_text for row in sorted(self.rows_of(kind), key=_class_order)))
            for kind in self.kinds
        }

    def effective_counts(self) -> dict[str, dict[str, int]]:
        """Count rows by the grade they are judged by; rows without a grade are not counted."""
        return {
            kind: {
                grade.value: n
                for grade in Grade
                if (n := sum(row.grade is grade for row in self.rows_of(kind)))
            }
            for kind in self.kinds
        }

    def as_document(self) -> dict[str, Any]:
        """Return the `results.json` document, its digest included."""
        document: dict[str, Any] = {
            "authority": self.authority,
            "year": self.year,
            "fictional": self.fictional,
            "rows": [_row_document(row) for row in self.rows],
            "counts": self.counts(),
            "effective_counts": self.effective_counts(),
            "obligations": [
                {
                    "kind": obligation.key.kind,
                    "serial": obligation.key.serial,
                    "act": obligation.act.value,
                    "year": obligation.year,
                    "as_kind": obligation.as_kind,
                    "note": obligation.note,
                }
                for obligation in self.obligations
            ],
        }
        document["digest"] = digest_of(document)
        return document

    @property
    def digest(self) -> str:
        """The digest that the document carries."""
        return str(self.as_document()["digest"])


def _class_order(row: Row) -> tuple[int, int]:
    grades, outcomes = tuple(Grade), tuple(Outcome)
    # An absent row with a grade is a 其中 of that grade; a carried one is a class of its own.
    of_a_grade = (
        row.outcome in (Outcome.GRADED, Outcome.PILOT_CANCELLED, Outcome.ABSENT) and row.grade is not None
    )
    grade = grades.index(row.grade) if row.grade is not None else len(grades)
    return (
        (grade, outcomes.index(row.outcome))
        if of_a_grade
        else (len(grades) + outcomes.index(row.outcome), grade)
    )


def _row_document(row: Row) -> dict[str, Any]:
    source = row.carried_from
    return {
        "kind": row.key.kind,
        "serial": row.key.serial,
        "name": row.name,
        "aliases": list(row.aliases),
        "operators_printed": row.operators_printed,
        "operators": list(row.operators),
        "channel": row.channel,
        "region": row.region,
        "mode": row.mode.value,
        "grade": row.grade.value if row.grade else None,
        "outcome": row.outcome.value,
        "carried_from": {"kind": source.kind, "serial": source.serial} if source else None,
        "face_text": row.face_text,
        "score": row.score,
    }


def canonical_json(document: object) -> str:
    """Return the one text of a JSON document: keys sorted, no spaces, characters as they are."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(document: Mapping[str, Any]) -> str:
    """Return SHA-256 (hex) of the document without its key `digest`, as canonical UTF-8 JSON."""
    rest = {key: value for key, value in document.items() if key != "digest"}
    return hashlib.sha256(canonical_json(rest).encode()).hexdigest()


_LAYOUT = re.compile(r"\s*[\r\n]+\s*")
_SPACES = re.compile(r"[ \t\u00a0\u3000]{2,}")


def printed_cell(text: str) -> str:
    """Return a cell without its layout: line breaks and runs of spaces are dropped, the letters stay.

    One single space inside a cell is content (`A B`) and stays.
    """
    return _SPACES.sub("", _LAYOUT.sub("", text)).strip()


def build_results(
    *,
    authority: str,
    year: int,
    fictional: bool,
    kinds: Sequence[str],
    participants: Mapping[EntryKey, Participant],
    decisions: Mapping[EntryKey, Decision],
    scores: Mapping[EntryKey, str],
    vocabulary: Vocabulary,
) -> RoundResults:
    """Make the public result of a round from its decisions. Pure: same input, same digest.

    `scores` holds the total of each scored entry as exact text ("82.35"); others are absent from it.
    Raises ValueError where a decision points nowhere or at itself.
    """
    order = {kind: position for position, kind in enumerate(kinds)}
    keys = sorted(decisions, key=lambda key: (order[key.kind], key.serial))
    ordered = {key: decisions[key] for key in keys}
    rows: list[Row] = []
    for key, decision in ordered.items():
        who = participants[key]
        grade = judged_grade(key, decisions)
        rows.append(
            Row(
                key=key,
                name=who.name,
                aliases=who.aliases,
                operators_printed=who.operators_printed,
                operators=who.operators,
                channel=who.channel,
                region=who.region,
                mode=decision.mode,
                grade=grade,
                outcome=decision.outcome,
                carried_from=decision.carried_from,
                face_text=vocabulary.face_text(
                    kind=key.kind,
                    outcome=decision.outcome,
                    grade=grade,
                    round_year=year,
                    source_kind=decision.carried_from.kind if decision.carried_from else None,
                    deferred_to=decision.year,
                    as_kind=decision.as_kind,
                ),
                score=scores.get(key),
            )
        )
    short = {kind: words.short for kind, words in vocabulary.kinds.items()}
    return RoundResults(
        authority=authority,
        year=year,
        fictional=fictional,
        kinds=tuple(kinds),
        rows=tuple(rows),
        obligations=tuple(obligations_of(ordered, round_year=year, kind_short=short)),
    )


def results_from_document(document: Mapping[str, Any]) -> RoundResults:
    """Read back what `RoundResults.as_document` wrote; raise ValueError where its digest is not that of its content."""
    if document["digest"] != digest_of(document):
        raise ValueError(
            f"the results of {document['year']} do not have the digest they carry, {document['digest']}: "
            "they were altered after publication"
        )
    return RoundResults(
        authority=document["authority"],
        year=document["year"],
        fictional=document["fictional"],
        # The object of counts has its keys sorted; the order of kinds is that of the rows.
        kinds=tuple(dict.fromkeys([*(row["kind"] for row in document["rows"]), *document["counts"]])),
        rows=tuple(_row_of(row) for row in document["rows"]),
        obligations=tuple(
            Obligation(
                key=EntryKey(each["kind"], each["serial"]),
                act=ObligedTo(each["act"]),
                year=each["year"],
                as_kind=each["as_kind"],
                note=each["note"],
            )
            for each in document["obligations"]
        ),
    )


def _row_of(row: Mapping[str, Any]) -> Row:
    source = row["carried_from"]
    return Row(
        key=EntryKey(row["kind"], row["serial"]),
        name=row["name"],
        aliases=tuple(row["aliases"]),
        operators_printed=row["operators_printed"],
        operators=tuple(row["operators"]),
        channel=row["channel"],
        region=row["region"],
        mode=Mode(row["mode"]),
        grade=Grade(row["grade"]) if row["grade"] else None,
        outcome=Outcome(row["outcome"]),
        carried_from=EntryKey(source["kind"], source["serial"]) if source else None,
        face_text=row["face_text"],
        score=row["score"],
    )
