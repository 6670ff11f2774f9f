"""Which grade follows from a total, from the vetoes and from absence?"""

from dataclasses import dataclass

from hatchmark.domain.outcomes import Grade
from hatchmark.domain.scheme import Condition, GradeCut, Scheme, Veto, points_text

GRADE_WORDS = {
    Grade.EXCELLENT: "优秀",
    Grade.GOOD: "良好",
    Grade.QUALIFIED: "合格",
    Grade.UNQUALIFIED: "不合格",
}
"""How the working names a grade. A notice takes the authority's own label from its vocabulary."""

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
class GradeProposal:
    """The proposed grade with its working. `cut` is the one that the total reached, before any veto."""

    grade: Grade | None
    cut: GradeCut | None
    vetoes: tuple[Veto, ...]
    words: str
    basis: tuple[str, ...]


def cut_reached(scheme: Scheme, total: int) -> GradeCut:
    """Return the highest cut that `total` (hundredths) reaches; a total below every cut is a ValueError."""
    for cut in scheme.grades:
        if total >= cut.at_least:
            return cut
    raise ValueError(f"scheme {scheme.code} has no grade for a total of {points_text(total)} points")


def propose_grade(scheme: Scheme, *, total: int | None, facts: Facts) -> GradeProposal:
    """Return the grade that the scheme's rules give. A total of None is one that could not be computed.

    A veto that leaves only the scheme's worst grade decides even without a total.
    """
    if facts.absent:
        grade = scheme.absence.grade
        result = f"按方案定为{GRADE_WORDS[grade]}" if grade else "按方案不评定等次"
        return GradeProposal(
            grade=grade, cut=None, vetoes=(), words=f"应参评而未参评，{result}", basis=(scheme.absence.basis,)
        )
    vetoes = tuple(veto for veto in scheme.vetoes if facts.holds(veto.when))
    ceiling = max((veto.grade_at_most for veto in vetoes), key=_WORST_LAST.index, default=None)
    because = "、".join(veto.title for veto in vetoes)
    bases = tuple(dict.fromkeys(veto.basis for veto in vetoes))
    if total is None:
        if ceiling is not None and ceiling is scheme.grades[-1].grade:
            words = f"总分未能得出；因{because}，一票否决，定为{GRADE_WORDS[ceiling]}"
            return GradeProposal(grade=ceiling, cut=None, vetoes=vetoes, words=words, basis=bases)
        return GradeProposal(
            grade=None, cut=None, vetoes=vetoes, words="总分未能得出，暂不能建议等次", basis=bases
        )
    cut = cut_reached(scheme, total)
    reached = _words_of_cut(scheme, cut, total)
    if ceiling is None or _WORST_LAST.index(ceiling) <= _WORST_LAST.index(cut.grade):
        also = f"；另有一票否决情形：{because}，等次不因此改变" if vetoes else ""
        return GradeProposal(
            grade=cut.grade, cut=cut, vetoes=vetoes, words=reached + also, basis=(cut.basis, *bases)
        )
    words = f"{reached}；因{because}，一票否决，定为{GRADE_WORDS[ceiling]}"
    return GradeProposal(grade=ceiling, cut=cut, vetoes=vetoes, words=words, basis=(cut.basis, *bases))


def _words_of_cut(scheme: Scheme, cut: GradeCut, total: int) -> str:
    position = scheme.grades.index(cut)
    name = GRADE_WORDS[cut.grade]
    if position == 0:
        return f"总分 {points_text(total)} 分，达到{name}线 {points_text(cut.at_least)} 分，为{name}"
    above = scheme.grades[position - 1]
    below_next = f"低于{GRADE_WORDS[above.grade]}线 {points_text(above.at_least)} 分"
    if position == len(scheme.grades) - 1:
        return f"总分 {points_text(total)} 分，{below_next}，为{name}"
    return (
        f"总分 {points_text(total)} 分，达到{name}线 {points_text(cut.at_least)} 分，{below_next}，为{name}"
    )
