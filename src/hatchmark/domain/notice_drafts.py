"""How do the counts of one notice stand to one another: which is a part, said again, or of a level that tells nothing?

A draft is a count as its sentence gives it. What only the whole notice tells is worked out once all of them are read.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from hatchmark.domain.notice_words import load_notice_words, one_of
from hatchmark.domain.notices import Relation
from hatchmark.domain.published_notices import ClaimScope, NoticeClaim, PublishedNotice

GRADES = ("excellent", "good", "qualified", "unqualified")

FOREIGN = "foreign"
"""Stands for the kind where the text speaks of bodies that are no carriers: their counts are no claims."""

EVALUATED = "参评"
"""Label of a total where the text has no word of its own for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a count came to, and the position of the last item that says so."""

    label: str
    outcome: str
    last: int
    relation: Relation = Relation.DISJOINT
    of_kind: str | None = None
    year: int | None = None
    of_ground: bool = False
    """The grade is named as the ground of something that is not said in words that are known."""


# ---- drafts -----------------------------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class Draft:
    """A claim in the making. `kinds_spanned`: the text says that it is of several kinds or of any."""

    paragraph: int
    sentence: int
    start: int
    end: int
    text: str
    count: int
    label: str
    outcome: str
    kind: str | None
    spans_kinds: bool = False
    level: str | None = None
    scope: ClaimScope = ClaimScope.ALL
    relation: Relation = Relation.DISJOINT
    within: int | None = None
    of_kind: str | None = None
    year: int | None = None
    joins_pilot: bool = False
    stated_overlap: bool = False
    stated_disjoint: bool = False
    names: tuple[str, ...] = ()
    level_tells: bool = False
    """The level marks a part off (其中国家级3家), so it is kept however many levels the notice has."""

    def said_again(self, *, last: int) -> Found:
        """Return the result of this claim for a later clause that repeats it; several added up stay a total."""
        total = self.relation is Relation.TOTAL and self.outcome != "evaluated"
        relation = Relation.TOTAL if total else Relation.CROSS_REFERENCE
        return Found(label=self.label, outcome=self.outcome, relation=relation, last=last)


# ---- claims and one another ---------------------------------------------------------------------------------------


def related(notice: PublishedNotice, drafts: list[Draft]) -> tuple[NoticeClaim, ...]:
    """Return the claims, with all that only the whole notice tells about each."""
    for draft in drafts:
        if draft.outcome == "pilot_cancelled" and draft.within is not None:
            whole = drafts[draft.within]
            if whole.outcome == "disqualified":
                whole.joins_pilot = whole.stated_overlap = True
    _top_grade(notice, drafts)
    _levels(drafts)
    _said_again(drafts)
    _taken_over(notice, drafts)
    return tuple(
        NoticeClaim(
            text=draft.text,
            paragraph=draft.paragraph,
            start=draft.start,
            end=draft.end,
            kind=draft.kind,
            label=draft.label,
            outcome=draft.outcome,
            count=draft.count,
            relation=draft.relation,
            scope=draft.scope,
            level=draft.level,
            within=draft.within,
            of_kind=draft.of_kind,
            year=draft.year,
            joins_pilot=draft.joins_pilot,
            stated_overlap=draft.stated_overlap,
            names=draft.names,
        )
        for draft in drafts
    )


def _top_grade(notice: PublishedNotice, drafts: Iterable[Draft]) -> None:
    """优良 is the top grade unless 优秀 stands beside it; between 优秀 and 良好 it is neither."""
    drafts = list(drafts)
    labels = {draft.label for draft in drafts} | {row.label for table in notice.tables for row in table.rows}
    outcome = between_outcome(label for label in labels if label)
    for draft in drafts:
        if draft.label == "优良":
            draft.outcome = outcome


def between_outcome(labels: Iterable[str]) -> str:
    """Return the outcome code of 优良 in a notice that uses the labels given."""
    used = set(labels)
    if "优秀" in used:
        return "other" if "良好" in used else "good"
    return "excellent"


def _levels(drafts: Iterable[Draft]) -> None:
    """Drop levels that tell nothing apart: where a kind is evaluated at one level only, each count is of all of it."""
    drafts = list(drafts)
    named = [draft.level for draft in drafts]
    told_apart: dict[tuple[str | None, str], set[str | None]] = {}
    for draft in drafts:
        told_apart.setdefault((draft.kind, draft.outcome), set()).add(draft.level)
    pilot = load_notice_words().pilot
    for draft in drafts:
        if draft.level is None:
            continue
        if draft.level_tells and draft.within is None:
            continue
        if draft.relation is Relation.SUBSET and draft.within is not None:
            siblings = {d.level for d in drafts if d.within == draft.within and d.kind == draft.kind}
            if draft.level_tells or len(siblings - {None}) > 1:
                continue
        levels = told_apart[draft.kind, draft.outcome]
        if len(levels - {None}) < 2 and not (draft.level in pilot and len(levels) > 1):
            draft.level = None
    for draft in drafts:
        # 71家市级众创空间，其中44家市级众创空间合格: a level that the whole has as well marks nothing off.
        whole = draft.within
        if whole is not None and drafts[whole].level is None and draft.level == named[whole]:
            draft.level = None


def _said_again(drafts: list[Draft]) -> None:
    """Mark a count that a later sentence says again: it adds nothing to those before."""
    for at, draft in enumerate(drafts):
        if draft.relation is not Relation.DISJOINT or draft.outcome == "carried":
            continue
        for position, earlier in enumerate(drafts[:at]):
            if earlier.sentence == draft.sentence or earlier.scope is not draft.scope:
                continue
            if earlier.scope is ClaimScope.PART or earlier.level != draft.level:
                continue
            same_label = earlier.outcome == draft.outcome and (
                draft.outcome != "other" or earlier.label == draft.label
            )
            if same_label and (earlier.kind == draft.kind or draft.kind is None or earlier.kind is None):
                draft.relation = Relation.CROSS_REFERENCE
                if earlier.kind == draft.kind:
                    draft.within = position
                break


def _taken_over(notice: PublishedNotice, drafts: list[Draft]) -> None:
    """Tell whether results taken over from another kind stand in the counts of the grades as well.

    The text rarely says; the sum does: with a total stated, or the rows of the table, it fits one way only. Where it
    fits neither or both, a count said to be apart (另有, 未计入) is taken as apart.
    """
    for at, draft in enumerate(drafts):
        if draft.outcome != "carried":
            continue
        if draft.stated_disjoint:
            draft.relation = Relation.DISJOINT
            continue
        others = [
            other
            for other in drafts
            if other is not draft
            and other.kind == draft.kind
            and other.scope is ClaimScope.ALL
            and other.level is None
            and other.outcome not in ("evaluated", "other_total")
            and (
                other.relation is Relation.DISJOINT
                or (
                    other.relation is Relation.SUBSET
                    and other.within is not None
                    and drafts[other.within].outcome == "evaluated"
                )
            )
        ]
        without = sum(other.count for other in others)
        totals = [
            d.count
            for d in drafts
            if d.kind == draft.kind and d.relation is Relation.TOTAL and d.level is None
        ]
        rows = sum((row.kind or table.kind) == draft.kind for table in notice.tables for row in table.rows)
        wholes = [*totals[:1], *([rows] if rows else [])]
        apart = next(
            (fits for whole in wholes if (fits := _fits(without, draft.count, whole)) is not None),
            re.match(one_of(load_notice_words().grammar["rest"]["words"]), draft.text) is not None,
        )
        draft.relation = Relation.DISJOINT if apart else Relation.CROSS_REFERENCE
        if draft.relation is Relation.DISJOINT and draft.within == at:
            draft.within = None


def _fits(without: int, count: int, whole: int) -> bool | None:
    if without + count == whole:
        return True
    return False if without == whole else None
