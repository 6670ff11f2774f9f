"""What do all papers of a round share: who issues them, when, on which bases, and how rows are counted in them?

The words come from a template (`templates`), the numbers from the rows, and both meet here: a template holds no
number, and a `Claim` holds the rows that it counts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hatchmark.domain.notices import (
    Annex,
    Basis,
    Claim,
    Paper,
    Paragraph,
    Quoted,
    Relation,
    Role,
    Sentence,
    bases_named,
    marks_of,
    procedures_of,
    refuse_false_dress,
)
from hatchmark.domain.obligations import Obligation, ObligedTo
from hatchmark.domain.outcomes import EntryKey, Grade, Outcome
from hatchmark.domain.results import RoundResults, Row
from hatchmark.domain.templates import Block, Template, Value, write
from hatchmark.domain.vocabulary import Vocabulary

TOP_GRADES = (Grade.EXCELLENT, Grade.GOOD, Grade.QUALIFIED, Grade.UNQUALIFIED)
_WITH_OWN_GRADE = (Outcome.GRADED, Outcome.PILOT_CANCELLED, Outcome.ABSENT)

DRAFT = "拟稿，未发文"
"""Printed on every page of a paper that nobody has issued: a preview, or a call before its round is opened."""

DUTY_LABELS = {
    ObligedTo.RECTIFY: "应当整改",
    ObligedTo.TAKE_PART_AGAIN: "再次或改期参加评价",
    ObligedTo.DEREGISTER: "办理注销手续",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFacts:
    """What a paper says beside its rows. `contact` are the lines of the authority's contacts.

    `past`: a round entered after the event. A real past round bears no day and no number. `draft`: nobody has
    issued the paper, and it says so on every page.
    """

    past: bool
    bases: tuple[Basis, ...] = ()
    bases_open_ended: bool = False
    addressees: tuple[str, ...] = ()
    issued_on: date | None = None
    number: str | None = None
    contact: Block = ()
    draft: bool = False


def make_paper(
    template: Template,
    values: Mapping[str, Value | Block],
    *,
    results: RoundResults,
    vocabulary: Vocabulary,
    facts: PaperFacts,
    addressees: Sequence[str] = (),
    annexes: tuple[Annex, ...] = (),
    closing: Sequence[Sentence] = (),
) -> Paper:
    """Fill the template with what every paper knows and with `values`, and dress it as a paper of the round.

    `closing` stands small under the text (the digest of what the paper was made from). Raises ValueError where
    the facts would dress up a paper that nobody issued.
    """
    refuse_false_dress(
        authority=results.authority,
        year=results.year,
        fictional=results.fictional,
        past=facts.past,
        issued_on=facts.issued_on,
        number=facts.number,
    )
    written = write(template, _common(results, vocabulary, facts) | dict(values))
    small = tuple(Paragraph(role=Role.SMALL, sentences=(sentence,)) for sentence in closing)
    return Paper(
        issuer=results.authority,
        title_lines=written.title_lines,
        number=facts.number,
        addressees=tuple(addressees),
        paragraphs=(*written.paragraphs, *small),
        annexes=annexes,
        issued_on=facts.issued_on,
        marks=(*marks_of(fictional=results.fictional, past=facts.past), *([DRAFT] if facts.draft else [])),
    )


def _common(results: RoundResults, vocabulary: Vocabulary, facts: PaperFacts) -> dict[str, Value | Block]:
    kinds = [kind for kind in results.kinds if results.rows_of(kind)] or list(results.kinds)
    return {
        "authority": (Quoted(text=results.authority),),
        "year": (str(results.year),),
        "next_year": (str(results.year + 1),),
        "procedures": (procedures_of(vocabulary, kinds),),
        "bases": (*bases_named(facts.bases), *(["等文件"] if facts.bases_open_ended else [])),
        "channel_word": (vocabulary.channel_word,),
        "contact": facts.contact,
    }


def counts_of_results(results: RoundResults) -> dict[str, Value | Block]:
    """Return `count:CLASS` and `count:KIND.CLASS` of the rows, each a claim that names the rows it counts."""
    found: dict[str, Value | Block] = {}
    for kind in (None, *results.kinds):
        rows = results.rows if kind is None else results.rows_of(kind)
        for name, of in _classes(rows).items():
            found |= counted(
                name, of, kind=kind, relation=Relation.TOTAL if name == "rows" else Relation.DISJOINT
            )
    return found


def counts_of_duties(results: RoundResults) -> dict[str, Value | Block]:
    """Return `count:DUTY` and `count:KIND.DUTY`, each a claim over the entries that owe it."""
    found: dict[str, Value | Block] = {}
    for kind in (None, *results.kinds):
        for act, label in DUTY_LABELS.items():
            of = owing(results.obligations, act, kind=kind)
            found |= counted(act.value, of, kind=kind, relation=Relation.CROSS_REFERENCE, label=label)
    return found


def owing(
    obligations: Iterable[Obligation], act: ObligedTo, *, kind: str | None = None
) -> tuple[EntryKey, ...]:
    """Return the entries that owe an act, each once; of one kind, or of all."""
    keys = [duty.key for duty in obligations if duty.act is act and kind in (None, duty.key.kind)]
    return tuple(dict.fromkeys(keys))


def counted(
    name: str, of: Iterable[EntryKey], *, kind: str | None, relation: Relation, label: str = ""
) -> dict[str, Value | Block]:
    """Return one count as the value of its field."""
    claim = Claim(kind=kind, label=label or name, outcome=name, relation=relation, of=tuple(of))
    return {f"count:{kind}.{name}" if kind else f"count:{name}": (claim,)}


def _classes(rows: Sequence[Row]) -> dict[str, list[EntryKey]]:
    graded = {
        grade.value: [row.key for row in rows if row.grade is grade and row.outcome in _WITH_OWN_GRADE]
        for grade in TOP_GRADES
    }
    outcomes = (
        Outcome.DISQUALIFIED,
        Outcome.PILOT_CANCELLED,
        Outcome.CARRIED,
        Outcome.DEFERRED,
        Outcome.ABSENT,
    )
    others = {outcome.value: [row.key for row in rows if row.outcome is outcome] for outcome in outcomes}
    return {"rows": [row.key for row in rows], **graded, **others}


def paragraph_of(sentences: Iterable[Sentence]) -> Value:
    """Return sentences as one line of a block."""
    return tuple(part for sentence in sentences for part in sentence.parts)


def digest_line(words: str, digest: str) -> Sentence:
    """Return the line that ties a paper to what it was made from."""
    return Sentence((f"{words}（SHA-256）：", Quoted(text=digest)))
