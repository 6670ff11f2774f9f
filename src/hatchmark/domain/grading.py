"""Which grade follows from a total, the rank, vetoes, a grade from elsewhere and absence?"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from hatchmark.domain.outcomes import Grade
from hatchmark.domain.scheme import (
    GRADE_WORDS,
    Carried,
    CarriedEffect,
    Condition,
    GradeCut,
    Scheme,
    Ties,
    Veto,
    VetoEffect,
    exact_text,
    points_text,
)

__all__ = [
    "GRADE_WORDS",
    "Facts",
    "GradeProposal",
    "Standing",
    "absence_cut",
    "ceiling_of",
    "cut_reached",
    "propose_grade",
]

_WORST_LAST = tuple(Grade)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What reviews found out about an entry, beside its figures."""

    absent: bool = False
    severe_integrity: bool = False
    false_data: bool = False
    statistics_missing: bool = False
    safety_accident: bool = False
    not_operating: bool = False

    def holds(self, condition: Condition) -> bool:
        """Say whether a condition that a veto may rest on was found."""
        return bool(getattr(self, condition.value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """位次 of an entry among the `ranked` entries of its table: `tied` of them, itself included, share `rank`.

    `pending` entries take part, but have no total yet: when they get one, ranks can change.
    """

    rank: int
    tied: int
    ranked: int
    pending: int = 0

    def share(self, ties: Ties) -> Fraction:
        """Return the share of the ranked entries that it closes; equal totals share it."""
        place = self.rank if ties is Ties.INCLUDE else self.rank + self.tied - 1
        return Fraction(place, self.ranked)


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeProposal:
    """The proposed grade with its working. `cut` is the one that the total reached, before any veto.

    `given` is the cut of the proposed grade, with the scheme's own code and label; None where there is no grade.
    """

    grade: Grade | None
    cut: GradeCut | None
    vetoes: tuple[Veto, ...]
    words: str
    basis: tuple[str, ...]
    given: GradeCut | None = None
    standing: Standing | None = None
    carried: tuple[Carried, ...] = ()
    needs_table: bool = False
    excluded: bool = False

    @property
    def label(self) -> str | None:
        """The scheme's own label of the proposed grade."""
        return self.given.words if self.given else None


def cut_reached(scheme: Scheme, total: int, standing: Standing | None = None) -> GradeCut | None:
    """Return the highest cut that `total` (hundredths) reaches; None where only the rank among a table can tell.

    A total below every cut is a ValueError.
    """
    for cut in scheme.grades:
        if total < cut.at_least:
            continue
        if cut.top_share is None:
            return cut
        if standing is None:
            return None
        if standing.share(cut.ties) <= cut.top_share:
            return cut
    raise ValueError(f"scheme {scheme.code} has no grade for a total of {points_text(total)} points")


def propose_grade(
    scheme: Scheme,
    *,
    total: int | None,
    facts: Facts,
    standing: Standing | None = None,
    held: frozenset[str] = frozenset(),
    elsewhere: Mapping[str, str] | None = None,
) -> GradeProposal:
    """Return the grade that the scheme's rules give. A total of None is one that could not be computed.

    `held` names the vetoes on figures that hold; `elsewhere` holds the grade of another kind or level by its
    source. A veto that leaves only the scheme's worst grade decides even without a total.
    """
    if facts.absent:
        return _of_absence(scheme)
    vetoes = tuple(
        veto
        for veto in scheme.vetoes
        if veto.code in held or (veto.when is not None and facts.holds(veto.when))
    )
    because = "、".join(veto.title for veto in vetoes)
    bases = tuple(dict.fromkeys(veto.basis for veto in vetoes))
    if any(veto.effect is VetoEffect.EXCLUSION for veto in vetoes):
        words = f"因{because}，按方案不予评定等次，不列入位次"
        return GradeProposal(grade=None, cut=None, vetoes=vetoes, words=words, basis=bases, excluded=True)
    ceiling = max((ceiling_of(scheme, veto) for veto in vetoes), default=None)
    carried = tuple(
        rule for rule in scheme.carried if (elsewhere or {}).get(rule.source) == rule.source_grade
    )
    carried_bases = tuple(dict.fromkeys(rule.basis for rule in carried))
    cut = None if total is None else cut_reached(scheme, total, standing)
    position, reached = _own(scheme, total, cut, standing, carried)
    if position is None:
        worst = len(scheme.grades) - 1
        if ceiling == worst:
            given = scheme.grades[worst]
            start = "总分未能得出；" if total is None else ""
            words = f"{start}因{because}，一票否决，定为{given.words}"
            return GradeProposal(
                grade=given.grade, cut=None, vetoes=vetoes, words=words, basis=bases, given=given
            )
        return GradeProposal(
            grade=None,
            cut=None,
            vetoes=vetoes,
            words=reached,
            basis=bases,
            needs_table=total is not None,
        )
    own_bases = (cut.basis,) if cut else ()
    words = reached
    given = scheme.grades[position]
    if ceiling is not None and ceiling > position:
        given = scheme.grades[ceiling]
        words = f"{reached}；因{because}，一票否决，定为{given.words}"
    elif vetoes:
        words = f"{reached}；另有一票否决情形：{because}，等次不因此改变"
    return GradeProposal(
        grade=given.grade,
        cut=cut,
        vetoes=vetoes,
        words=words,
        basis=(*own_bases, *carried_bases, *bases),
        given=given,
        standing=standing,
        carried=carried,
    )


def _of_absence(scheme: Scheme) -> GradeProposal:
    rule = scheme.absence
    given = absence_cut(scheme)
    if rule.grade is not None:
        result = f"按方案定为{given.words if given else GRADE_WORDS[rule.grade]}"
    else:
        result = "按方案单独列出，不评定等次" if rule.listed else "按方案不评定等次"
    return GradeProposal(
        grade=rule.grade,
        cut=None,
        vetoes=(),
        words=f"应参评而未参评，{result}",
        basis=(rule.basis,),
        given=given,
    )


def absence_cut(scheme: Scheme) -> GradeCut | None:
    """Return the grade of an entry that was due and did not take part; None where it gets none."""
    rule = scheme.absence
    if rule.grade is None:
        return None
    for cut in scheme.grades:
        if cut.name == rule.grade_code if rule.grade_code else cut.grade is rule.grade:
            return cut
    return None


def ceiling_of(scheme: Scheme, veto: Veto) -> int:
    """Return the position of the best grade that a veto leaves."""
    worst = len(scheme.grades) - 1
    if veto.effect is VetoEffect.FLOOR:
        return worst
    at_most = _WORST_LAST.index(veto.grade_at_most)
    return next(
        (
            position
            for position, cut in enumerate(scheme.grades)
            if (cut.name == veto.grade_code if veto.grade_code else _WORST_LAST.index(cut.grade) >= at_most)
        ),
        worst,
    )


def _own(
    scheme: Scheme,
    total: int | None,
    cut: GradeCut | None,
    standing: Standing | None,
    carried: tuple[Carried, ...],
) -> tuple[int | None, str]:
    """Return the position of the grade before vetoes, with its words; None where it cannot be told."""
    names = [known.name for known in scheme.grades]
    for rule in carried:
        if rule.effect is CarriedEffect.IS:
            target = names.index(rule.grade_code)
            return target, f"按“{rule.title}”，直接定为{scheme.grades[target].words}"
    if total is None:
        return None, "总分未能得出，暂不能建议等次"
    if cut is None:
        return (
            None,
            f"总分 {points_text(total)} 分；等次须按位次确定，须与全部参评单位一并计算（整表），单独不能建议",
        )
    position, words = scheme.grades.index(cut), _words_of_cut(scheme, cut, total, standing)
    for rule in carried:
        target = names.index(rule.grade_code)
        moved = min(position, target) if rule.effect is CarriedEffect.AT_LEAST else max(position, target)
        if moved != position:
            position = moved
            words += f"；按“{rule.title}”，定为{scheme.grades[position].words}"
    return position, words


def _words_of_cut(scheme: Scheme, cut: GradeCut, total: int, standing: Standing | None) -> str:
    position = scheme.grades.index(cut)
    name = cut.words
    if scheme.grades_by_rank:
        return _words_by_rank(scheme, cut, total, standing)
    if position == 0:
        return f"总分 {points_text(total)} 分，达到{name}线 {points_text(cut.at_least)} 分，为{name}"
    above = scheme.grades[position - 1]
    below_next = f"低于{above.words}线 {points_text(above.at_least)} 分"
    if position == len(scheme.grades) - 1:
        return f"总分 {points_text(total)} 分，{below_next}，为{name}"
    return (
        f"总分 {points_text(total)} 分，达到{name}线 {points_text(cut.at_least)} 分，{below_next}，为{name}"
    )


def _words_by_rank(scheme: Scheme, cut: GradeCut, total: int, standing: Standing | None) -> str:
    told = [f"总分 {points_text(total)} 分"]
    if standing is not None:
        tied = f"，{standing.tied} 家同分" if standing.tied > 1 else ""
        pending = f"，另有 {standing.pending} 家未计分" if standing.pending else ""
        told.append(f"位次第 {standing.rank}（{standing.ranked} 家{tied}{pending}）")
    for better in scheme.grades[: scheme.grades.index(cut)]:
        if total < better.at_least:
            told.append(f"低于{better.words}线 {points_text(better.at_least)} 分")
        elif better.top_share is not None:
            told.append(f"未进入{better.words}所限的前 {exact_text(better.top_share * 100)}%")
    if cut.at_least:
        told.append(f"达到{cut.words}线 {points_text(cut.at_least)} 分")
    if cut.top_share is not None:
        told.append(f"在前 {exact_text(cut.top_share * 100)}% 以内")
    return f"{'，'.join(told)}，为{cut.words}"
