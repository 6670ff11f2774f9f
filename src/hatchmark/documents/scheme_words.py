"""What does each rule of a scheme say, in one sentence, in Chinese or in English?

The one place of these sentences: the pages of a scheme, its files and the working of a score say them alike. What
an author wrote (titles without an English one, units, clauses) stays as it was written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from hatchmark.domain.expression_words import ExpressionWords
from hatchmark.domain.expressions import Expression
from hatchmark.domain.outcomes import Grade, Outcome
from hatchmark.domain.scheme import (
    GRADE_WORDS,
    HUNDREDTHS,
    LAST_YEAR,
    MEASURED,
    MISSING,
    AskedFigure,
    Band,
    Bands,
    Better,
    ByCategory,
    Carried,
    CarriedEffect,
    Condition,
    Consequence,
    ExpertItem,
    ExpertMethod,
    ExpertRule,
    Figure,
    FigureSource,
    FigureStatus,
    FigureType,
    Formula,
    GradeCut,
    Group,
    Growth,
    Indicator,
    Linear,
    Measure,
    MinMax,
    Part,
    PerAmount,
    PerUnit,
    Provenance,
    RankShare,
    Ratio,
    RatioToMax,
    RatioToMean,
    Rounding,
    Scheme,
    Show,
    Status,
    Take,
    Threshold,
    Ties,
    TooFew,
    Treatment,
    Veto,
    VetoEffect,
    YesNo,
    exact_text,
)
from hatchmark.domain.scoring import PART_WORDS, STATUS_WORDS

CHINESE, ENGLISH = "zh", "en"

PROVENANCE_WORDS = {
    Provenance.OFFICIAL: "正式方案 official",
    Provenance.RECONSTRUCTION: "重构方案，非发文原文 a reconstruction, not the published text",
}

_OF_VALUES: tuple[tuple[StrEnum, tuple[str, str]], ...] = (
    *((status, (word, status.value.replace("_", " "))) for status, word in STATUS_WORDS.items()),
    (Treatment.NO_POINTS, ("不得分", "no points")),
    (Treatment.FULL_POINTS, ("得满分", "full marks")),
    (Treatment.UNSCORED, ("暂不计分，须先补正", "not scored until it is put right")),
    (Part.QUANTITATIVE, (PART_WORDS[Part.QUANTITATIVE], "Quantitative")),
    (Part.QUALITATIVE, (PART_WORDS[Part.QUALITATIVE], "Qualitative")),
    (Part.BONUS, (PART_WORDS[Part.BONUS], "Bonus")),
    (Part.DEDUCTION, (PART_WORDS[Part.DEDUCTION], "Deduction")),
    (FigureType.INTEGER, ("整数", "whole number")),
    (FigureType.DECIMAL, ("小数", "decimal")),
    (FigureType.BOOLEAN, ("是否", "yes or no")),
    (FigureType.DATE, ("日期", "date")),
    (FigureType.CATEGORY, ("类别", "category")),
    (FigureSource.TORCH_STATISTICS, ("火炬统计", "Torch statistics")),
    (FigureSource.SUMMARY_REPORT, ("总结报告", "summary report")),
    (FigureSource.SELF_REPORT, ("自行填报", "reported by the institution")),
    (FigureSource.OWN_SYSTEM, ("自有系统", "the department's own system")),
    (FigureSource.COMMITMENT_LETTER, ("承诺书", "letter of commitment")),
    (FigureSource.PROOF, ("证明材料", "supporting documents")),
    (TooFew.UNSCORED, ("不计分，须另请专家评审", "it is not scored, and another expert has to be asked")),
    (TooFew.NO_POINTS, ("不得分", "it gets no points")),
    (
        TooFew.MEAN,
        (
            "取已有评分的平均，没有评分的不计分",
            "the mean of those there are; without any it is not scored",
        ),
    ),
    (CarriedEffect.IS, ("直接定为", "the grade is ")),
    (CarriedEffect.AT_LEAST, ("不低于", "the grade is at least ")),
    (CarriedEffect.AT_MOST, ("不高于", "the grade is at most ")),
    (Condition.SEVERE_INTEGRITY, ("严重科研失信", "a severe breach of research integrity")),
    (Condition.FALSE_DATA, ("虚假材料或数据", "false papers or figures")),
    (Condition.STATISTICS_MISSING, ("未报送统计", "statistics not handed in")),
    (Condition.SAFETY_ACCIDENT, ("重大安全责任事故", "a grave safety accident")),
    (Condition.NOT_OPERATING, ("停止运营", "out of operation")),
    (Status.RECOGNISED, ("已认定", "A recognised institution")),
    (Status.PILOT, ("试点培育", "A pilot")),
    (Outcome.DISQUALIFIED, ("取消资格", "cancelling the qualification")),
    (Outcome.PILOT_CANCELLED, ("取消试点培育资格", "cancelling the pilot status")),
    (Measure.RE_EVALUATION, ("重新评价", "another evaluation")),
    (Rounding.HALF_UP, ("四舍五入", "rounded half up")),
    (Rounding.DOWN, ("舍去", "dropped")),
)
# Values of two enumerations can be the same word, and then they are equal.
_SINGLE = {(type(value), value.value): words for value, words in _OF_VALUES}
_GRADES_IN_ENGLISH = {
    Grade.EXCELLENT: "excellent",
    Grade.GOOD: "good",
    Grade.QUALIFIED: "qualified",
    Grade.UNQUALIFIED: "unqualified",
}
_KINDS = {"incubator": ("科技企业孵化器", "incubator"), "makerspace": ("众创空间", "makerspace")}
_SUB_TYPES = {"comprehensive": ("综合型", "comprehensive"), "professional": ("专业型", "specialised")}

_SENTENCES: Mapping[str, tuple[str, str]] = {
    "joint": ("；", "; "),
    "comma": ("，", ", "),
    "list": ("、", ", "),
    "colon": ("：", ": "),
    "marks": ("{n} 分", "{n} points"),
    "status": ("{status}：{treatment}", "{status}: {treatment}"),
    "in_brackets": ("（{words}）", " ({words})"),
    "last_year": ("上年{title}", "{title}, last year"),
    "full_marks": (
        "{full}（加分项最多计 {bonus}，总分最高 {highest}）",
        "{full} (bonus {bonus} at most, total {highest} at most)",
    ),
    "places": (
        "每项得分保留 {places} 位小数，以下{rounding}；合计不再取舍",
        "{places} decimal places for each item, {rounding} below them; sums are not rounded again",
    ),
    "sub_types": ("{listed}；未说明的按 {unstated}", "{listed}; where it is not stated: {unstated}"),
    "group": ("{part}{cap}", "{part}{cap}"),
    "cap": ("，最多计 {cap}", ", at most {cap} count"),
    "experts": ("专家评分", "scored by experts"),
    "deduction": ("扣分：{words}", "deduction: {words}"),
    "not_smaller": ("不小于", "at least"),
    "not_larger": ("不大于", "at most"),
    "not_earlier": ("不早于", "not before"),
    "not_later": ("不晚于", "not after"),
    "from": ("{kind}，{least} {minimum}", "{kind}, {least} {minimum}"),
    "to": ("，{most} {maximum}", ", {most} {maximum}"),
    "optional": ("可以空缺", "may be empty"),
    "required": ("必填", "required"),
    "roster": ("{title}（每{unit}一行，最多 {most} 行）", "{title} (one row per {unit}, at most {most} rows)"),
    "window": ("{first} 至 {last}", "{first} to {last}"),
    "median": ("取中位数", "the median counts"),
    "trimmed": (
        "去掉 {trim} 个最高分和 {trim} 个最低分后取平均",
        "the mean counts after leaving out the {trim} highest and the {trim} lowest",
    ),
    "mean_trimmed_from": (
        "{n} 份以上去掉一个最高分和一个最低分后取平均，不足 {n} 份直接取平均",
        "the mean counts; from {n} scores on, the highest and the lowest are left out first",
    ),
    "mean": ("取平均", "the mean counts"),
    "expert_rule": (
        "有效评分{how}；不足 {minimum} 份的{too_few}",
        "Of the valid scores {how}. With fewer than {minimum}: {too_few}",
    ),
    "cut": ("总分 {at_least}以上", "a total of {at_least} or more"),
    "cut_by_rank": (
        "，并且位次在前 {share} 以内（界线上同分的{ties}）",
        ", and a rank within the first {share} (equal totals at the edge: {ties})",
    ),
    "ties_in": ("都算在内", "all are in"),
    "ties_out": ("都不算在内", "all are out"),
    "counts_as": ("；计为{grade}", "; counts as {grade}"),
    "veto_figure": ("{when}（数据缺失时视为{missing}）", "{when} (with a figure missing: {missing})"),
    "holds": ("成立", "it holds"),
    "holds_not": ("不成立", "it does not hold"),
    "veto_cap": ("最高定为{grade}", "the grade is at most {grade}"),
    "veto_floor": ("定为{grade}", "the grade is {grade}"),
    "veto_exclusion": ("不评定等次，不列入位次", "no grade is given, and it is not ranked"),
    "absence_grade": ("定为{grade}", "the grade is {grade}"),
    "absence_listed": ("单独列出，不评定等次", "listed apart, without a grade"),
    "absence_nothing": ("不评定等次", "no grade is given"),
    "carried_when": ("{source}：{grade}", "{source}: {grade}"),
    "consequence_when": (
        "{status}单位，连续 {times} 次{grade}",
        "{status}; rounds in a row with the grade {grade}: {times}",
    ),
    "consequence": (
        "建议{proposal}{within}（只作建议，由人决定）",
        "{proposal}{within} is proposed (proposed only: people decide)",
    ),
    "within_months": ("（{n} 个月内）", " within {n} months"),
    # Formulas
    "cohort": ("全部参评单位", "all entries"),
    "cohort_of_sub_type": ("同类型参评单位", "the entries of its sub-type"),
    "growth": (
        "按{figure}比上年的增长率分档：{bands}；上年数为零时{when_zero}",
        "Growth of {figure} over last year, by bands: {bands}; where last year is zero: {when_zero}",
    ),
    "yes_no": (
        "{when}，符合的得满分 {full}，否则不得分",
        "the full {full} where this holds, else none: {when}",
    ),
    "bands": ("按{value}分档：{bands}", "{value}, by bands: {bands}"),
    "band": ("{at_least}以上 {points} 分", "{points} from {at_least} on"),
    "linear": (
        "{value}从 {start}起按比例计分，到 {end}得满分 {full}",
        "{value}: nothing up to {start}, the full {full} from {end} on, in proportion between them",
    ),
    "per_unit": ("{value}每{unit} {each} 分，最多 {full}", "{value}: {each} for each {unit}, at most {full}"),
    "one": ("一", "one"),
    "per_amount": (
        "{value}每 {amount} {each} 分，不足的部分不计，最多 {full}",
        "{value}: {each} for each whole {amount}, at most {full}",
    ),
    "per_amount_partial": (
        "{value}每 {amount} {each} 分，不足的部分按比例计，最多 {full}",
        "{value}: {each} for each {amount}, parts of it in proportion, at most {full}",
    ),
    "threshold": (
        "{value}不足 {start}不得分，达到得 {base} 分，以上每 {step}（不足的部分不计）加 {each} 分，最多 {full}",
        "{value}: nothing below {start}, {base} there, and {each} more for each whole {step} above it, "
        "at most {full}",
    ),
    "threshold_partial": (
        "{value}不足 {start}不得分，达到得 {base} 分，以上每 {step}（不足的部分按比例计）加 {each} 分，最多 {full}",
        "{value}: nothing below {start}, {base} there, and {each} more for each {step} above it, parts of it in "
        "proportion, at most {full}",
    ),
    "ratio_reached": (
        "按比例计分，达到 {line}得满分 {full}",
        "in proportion up to {line}, which gives the full {full}",
    ),
    "ratio": (
        "{of} ÷ {to}{factor}，{reached}；除数为零时{when_zero}",
        "{of} ÷ {to}{factor}: {reached}; where the divisor is zero: {when_zero}",
    ),
    "ratio_value": ("{value}，{reached}", "{value}: {reached}"),
    "category_point": ("{value} {points} 分", "{value} {points}"),
    "category": ("按{figure}：{points}", "By {figure}: {points}"),
    "category_roster": (
        "按名单的{field}{which}：{points}；{take}",
        "By {field} of the roster{which}: {points}; {take}",
    ),
    "category_where": ("（只计 {where}）", " (only rows where {where})"),
    "take_highest": ("取最高的一项", "the highest counts"),
    "take_sum": ("各行相加，最多 {full}", "rows are added up, at most {full}"),
    "min_max": (
        "{value}在{cohort}最低与最高之间的位置 × {full}（{order}）；全部相等时{when_equal}",
        "Where {value} lies between the lowest and the highest of {cohort} × {full} ({order}); where all are "
        "equal: {when_equal}",
    ),
    "lower_better": ("越低越好", "lower is better"),
    "higher_better": ("越高越好", "higher is better"),
    "ratio_to_mean": (
        "{value} ÷ {cohort}的平均值，按比例计分，达到 {line} 得满分 {full}；平均值为零时{when_zero}",
        "{value} ÷ mean of {cohort}: in proportion up to {line}, which gives the full {full}; where the mean "
        "is zero: {when_zero}",
    ),
    "ratio_to_max": (
        "{value} ÷ {cohort}的最高值 × {full}；最高值为零时{when_zero}",
        "{value} ÷ highest of {cohort} × {full}; where the highest is zero: {when_zero}",
    ),
    "rank_share": (
        "按{value}在{cohort}中{order}的位次：{steps}；数值相等的同一位次",
        "By the rank of {value} among {cohort}, {order}: {steps}; equal values share a rank",
    ),
    "share": ("前 {within} {points} 分", "first {within} {points}"),
    "low_first": ("从低到高", "from the lowest up"),
    "high_first": ("从高到低", "from the highest down"),
}  # fmt: skip


SchemePart = Group | Indicator | ExpertItem
"""What has full marks."""


def parts_of(scheme: Scheme) -> tuple[SchemePart, ...]:
    """Return everything of a scheme that has full marks: groups, indicators, expert items."""
    return (*scheme.groups, *scheme.indicators, *scheme.expert_items)


def marks_words(hundredths: int, language: str = CHINESE) -> str:
    """Return points without needless zeros: 400 is `4 分`, `4 points`."""
    return _say(language, "marks", n=exact_text(Fraction(hundredths, HUNDREDTHS)))


def _say(language: str, key: str, **parts: object) -> str:
    return _SENTENCES[key][language == ENGLISH].format_map(parts)


def percent_text(value: Fraction) -> str:
    """Return a share as an exact percentage."""
    return f"{exact_text(value * 100)}%"


@dataclass(frozen=True, slots=True)
class SchemeWords:
    """The sentences of one scheme in one language."""

    scheme: Scheme
    language: str = CHINESE
    _titles: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_titles", self.scheme.english if self.language == ENGLISH else {})

    def say(self, key: str, **parts: object) -> str:
        """Return a sentence with its parts put in."""
        return _say(self.language, key, **parts)

    def word(self, value: StrEnum) -> str:
        """Return the word for a value of an enumeration; the value itself where there is none."""
        return _SINGLE.get((type(value), value.value), (value.value, value.value))[self.language == ENGLISH]

    def marks(self, hundredths: int) -> str:
        """Return points without needless zeros."""
        return marks_words(hundredths, self.language)

    def _joint(self, parts: Sequence[str], by: str = "joint") -> str:
        return self.say(by).join(parts)

    # ---- titles -------------------------------------------------------------------------------------------

    @property
    def title(self) -> str:
        """The title of the scheme."""
        return self._titles.get("scheme", self.scheme.title)

    def title_of(self, part: SchemePart | Veto | Figure) -> str:
        """Return a title in the language, or as the author wrote it where the file gives no English one."""
        match part:
            case Group():
                name = f"group.{part.code}"
            case Veto():
                name = f"veto.{part.code}"
            case Figure():
                name = f"figure.{part.code}"
            case _:
                name = f"line.{part.code}"
        return self._titles.get(name, part.title)

    def title_of_asked(self, asked: AskedFigure) -> str:
        """Return the title of a column that is asked for, this year's or last year's."""
        english = self._titles.get(f"figure.{asked.figure.code}")
        if english is None:
            return asked.title
        return self.say("last_year", title=english) if asked.reference.endswith(LAST_YEAR) else english

    def kind(self) -> str:
        """Return what the kind of the scheme is called; its code where there is no word for it."""
        code = self.scheme.kind
        return _KINDS.get(code, (code, code))[self.language == ENGLISH]

    def sub_type(self, code: str) -> str:
        """Return what a sub-type is called."""
        return _SUB_TYPES.get(code, (code, code))[self.language == ENGLISH]

    def grade(self, cut: GradeCut) -> str:
        """Return what a grade is called: the scheme's own label, or the common word."""
        return cut.label or self.common_grade(cut.grade)

    def common_grade(self, grade: Grade) -> str:
        """Return the common word for a grade."""
        return GRADE_WORDS[grade] if self.language == CHINESE else _GRADES_IN_ENGLISH[grade]

    def grade_named(self, code: str, fallback: str) -> str:
        """Return what the grade with this code of the scheme's own is called."""
        return next((self.grade(cut) for cut in self.scheme.grades if cut.name == code), fallback)

    # ---- the scheme as a whole ----------------------------------------------------------------------------

    def full_marks(self) -> str:
        """Say how many points there are, and the caps of bonus and total."""
        scheme = self.scheme
        if scheme.total_cap == scheme.full_marks and not scheme.bonus_cap:
            return self.marks(scheme.full_marks)
        return self.say(
            "full_marks",
            full=self.marks(scheme.full_marks),
            bonus=self.marks(scheme.bonus_cap),
            highest=self.marks(scheme.total_cap),
        )

    def places(self) -> str:
        """Say how points are rounded."""
        return self.say("places", places=self.scheme.points_places, rounding=self.word(self.scheme.rounding))

    def missing_rule(self) -> str:
        """Say what a missing figure gives, with the clause."""
        rule = self.scheme.missing
        return f"{self.missing(rule.treatments)}{self.say('in_brackets', words=rule.basis)}"

    def sub_types(self) -> str:
        """Say which sub-types are told apart."""
        scheme = self.scheme
        listed = self._joint([self.sub_type(code) for code in scheme.sub_types], "list")
        return self.say("sub_types", listed=listed, unstated=self.sub_type(scheme.sub_type_unstated))

    def missing(self, treatments: Mapping[FigureStatus, Treatment]) -> str:
        """Say what a missing figure gives, by its status."""
        return self._joint(
            [
                self.say("status", status=self.word(status), treatment=self.word(treatments[status]))
                for status in MISSING
                if status in treatments
            ]
        )

    # ---- the tree -----------------------------------------------------------------------------------------

    def marks_by_sub_type(self, part: SchemePart) -> str:
        """Say the full marks of a part, by sub-type where they differ."""
        if not part.by_sub_type:
            return self.marks(part.full_marks)
        return self._joint(
            [
                f"{self.sub_type(code)} {self.marks(part.full_marks_for(code))}"
                for code in self.scheme.sub_types
            ]
        )

    def group(self, group: Group) -> str:
        """Say what a group is measured by, and its cap."""
        cap = "" if group.cap is None else self.say("cap", cap=self.marks(group.cap))
        return self.say("group", part=self.word(group.part), cap=cap)

    def indicator(self, indicator: Indicator, *, deduct: bool = False, sub_type: str | None = None) -> str:
        """Say how an indicator gives points, and what a missing figure gives.

        By sub-type where that differs, or for `sub_type` alone.
        """
        words = {
            code: self.formula(
                formula, full_marks=indicator.full_marks_for(code), by_sub_type=indicator.varies
            )
            for code, formula in indicator.formulas.items()
            if sub_type in (None, code)
        }
        if len(set(words.values())) == 1:
            said = next(iter(words.values()))
        else:
            said = self._joint(
                [f"{self.sub_type(code)}{self.say('colon')}{each}" for code, each in words.items()]
            )
        if missing := self.missing(indicator.missing):
            said += self.say("in_brackets", words=missing)
        return self.say("deduction", words=said) if deduct else said

    # ---- figures ------------------------------------------------------------------------------------------

    def range_of(self, figure: Figure) -> str:
        """Say which values a figure can have."""
        kind = self.word(figure.type)
        if figure.type is FigureType.CATEGORY:
            return f"{kind}{self.say('colon')}{self._joint(figure.values, 'list')}"
        if figure.type is FigureType.BOOLEAN:
            return kind
        measured = figure.type in MEASURED
        least, most = ("not_smaller", "not_larger") if measured else ("not_earlier", "not_later")
        bounds = self.say("from", kind=kind, least=self.say(least), minimum=figure.text_of(figure.minimum))
        if figure.maximum is None:
            return bounds
        return bounds + self.say("to", most=self.say(most), maximum=figure.text_of(figure.maximum))

    def source_of(self, figure: Figure) -> str:
        """Say where a figure comes from and what proves it; nothing where the scheme says nothing."""
        told = (self.word(figure.source) if figure.source else "", figure.evidence)
        return self._joint([word for word in told if word])

    def roster(self) -> str:
        """Say what a row of the roster is."""
        roster = self.scheme.roster
        if roster is None:
            return ""
        return self.say("roster", title=roster.title, unit=roster.unit, most=roster.most_rows)

    def sum_of(self, references: Sequence[str]) -> str:
        """Return figures added up."""
        return " + ".join(self.title_of_asked(self.scheme.asked[reference]) for reference in references)

    # ---- experts, grades, what follows --------------------------------------------------------------------

    def expert_rule(self, rule: ExpertRule) -> str:
        """Say how several scores become one, and what too few give."""
        match rule.method:
            case ExpertMethod.MEDIAN:
                how = self.say("median")
            case ExpertMethod.TRIMMED:
                how = self.say("trimmed", trim=rule.trim)
            case ExpertMethod.MEAN if rule.trim_from is not None:
                how = self.say("mean_trimmed_from", n=rule.trim_from)
            case ExpertMethod.MEAN:
                how = self.say("mean")
        return self.say("expert_rule", how=how, minimum=rule.minimum, too_few=self.word(rule.too_few))

    def cut(self, cut: GradeCut) -> str:
        """Say what a grade asks for."""
        words = self.say("cut", at_least=self.marks(cut.at_least))
        if cut.top_share is not None:
            ties = self.say("ties_in" if cut.ties is Ties.INCLUDE else "ties_out")
            words += self.say("cut_by_rank", share=percent_text(cut.top_share), ties=ties)
        common = self.common_grade(cut.grade)
        return words if cut.words == GRADE_WORDS[cut.grade] else words + self.say("counts_as", grade=common)

    def veto_condition(self, veto: Veto) -> str:
        """Say when a veto holds."""
        if veto.when_true is not None:
            missing = self.say("holds" if veto.holds_when_missing else "holds_not")
            return self.say("veto_figure", when=self._expression(veto.when_true), missing=missing)
        return self.word(veto.when) if veto.when is not None else ""

    def veto_effect(self, veto: Veto) -> str:
        """Say what a veto does to the grade."""
        match veto.effect:
            case VetoEffect.CAP:
                fallback = self.common_grade(veto.grade_at_most)
                return self.say("veto_cap", grade=self.grade_named(veto.grade_code, fallback))
            case VetoEffect.FLOOR:
                return self.say("veto_floor", grade=self.grade(self.scheme.grades[-1]))
            case VetoEffect.EXCLUSION:
                return self.say("veto_exclusion")

    def absence(self) -> str:
        """Say what an entry gets that was due and did not take part."""
        rule = self.scheme.absence
        if rule.grade is not None:
            grade = self.grade_named(rule.grade_code, self.common_grade(rule.grade))
            return self.say("absence_grade", grade=grade)
        return self.say("absence_listed" if rule.listed else "absence_nothing")

    def carried(self, rule: Carried) -> tuple[str, str]:
        """Say when a grade from elsewhere bears on this one, and how."""
        effect = f"{self.word(rule.effect)}{self.grade_named(rule.grade_code, rule.grade_code)}"
        return self.say("carried_when", source=rule.source, grade=rule.source_grade), effect

    def consequence(self, rule: Consequence) -> tuple[str, str]:
        """Say when a rule over the years proposes something, and what."""
        within = "" if rule.within_months is None else self.say("within_months", n=rule.within_months)
        return (
            self.say(
                "consequence_when",
                status=self.word(rule.status),
                times=rule.times_in_a_row,
                grade=self.common_grade(rule.grade),
            ),
            self.say("consequence", proposal=self.word(rule.propose), within=within),
        )

    # ---- formulas -----------------------------------------------------------------------------------------

    def formula(self, formula: Formula, *, full_marks: int, by_sub_type: bool = False) -> str:
        """Say in one sentence how a formula gives points; `by_sub_type`: each sub-type has a cohort of its own."""
        full = self.marks(full_marks)
        match formula:
            case Ratio():
                return self._ratio(formula, full)
            case Growth(figure=figure, bands=bands, when_zero=when_zero):
                return self.say(
                    "growth",
                    figure=self.title_of_asked(self.scheme.asked[figure]),
                    bands=self._bands(bands, unit="", percent=True),
                    when_zero=self.word(when_zero),
                )
            case YesNo(when=when):
                return self.say("yes_no", when=self._expression(when), full=full)
            case ByCategory():
                return self._category(formula, full)
            case MinMax() | RatioToMean() | RatioToMax() | RankShare():
                cohort = self.say("cohort_of_sub_type" if by_sub_type else "cohort")
                return self._cohort(formula, full, cohort)
        value, unit = self._value(formula), self._unit(formula)
        match formula:
            case Bands(bands=bands):
                return self.say("bands", value=value, bands=self._bands(bands, unit=unit, percent=False))
            case Linear(start=start, end=end):
                ends = {"start": f"{exact_text(start)}{unit}", "end": f"{exact_text(end)}{unit}"}
                return self.say("linear", value=value, full=full, **ends)
            case PerUnit(points_each=each):
                one = unit.strip() or self.say("one")
                return self.say("per_unit", value=value, unit=one, each=exact_text(each), full=full)
            case PerAmount(amount=amount, points_each=each, partial=partial):
                return self.say(
                    "per_amount_partial" if partial else "per_amount",
                    value=value,
                    amount=f"{exact_text(amount)}{unit}",
                    each=exact_text(each),
                    full=full,
                )
            case Threshold():
                return self.say(
                    "threshold_partial" if formula.partial else "threshold",
                    value=value,
                    start=f"{exact_text(formula.start)}{unit}",
                    base=exact_text(formula.base),
                    step=f"{exact_text(formula.step)}{unit}",
                    each=exact_text(formula.points_each),
                    full=full,
                )

    def _value(self, formula: Formula) -> str:
        value = getattr(formula, "value", None)
        if value is not None:
            return self._expressions.in_brackets(value)
        return self.sum_of(formula.references)

    @property
    def _expressions(self) -> ExpressionWords:
        return ExpressionWords(
            scheme=self.scheme,
            language=self.language,
            title_of=lambda reference: self.title_of_asked(self.scheme.asked[reference]),
            sub_type_of=self.sub_type,
        )

    def _expression(self, expression: Expression) -> str:
        return self._expressions.of(expression)

    def _unit(self, formula: Formula) -> str:
        value = getattr(formula, "value", None)
        unit = value.unit if value is not None else self.scheme.asked[formula.references[0]].figure.unit
        return f" {unit}" if unit else ""

    def _ratio(self, formula: Ratio, full: str) -> str:
        unit = f" {formula.unit}" if formula.unit else ""
        line = percent_text(formula.full_at) if formula.show is Show.PERCENT else exact_text(formula.full_at)
        reached = self.say("ratio_reached", line=f"{line}{unit}", full=full)
        if formula.value is not None:
            return self.say("ratio_value", value=self._expression(formula.value), reached=reached)
        return self.say(
            "ratio",
            of=self._bracketed(formula.of),
            to=self._bracketed(formula.to),
            factor="" if formula.per == 1 else f" × {exact_text(formula.per)}",
            reached=reached,
            when_zero=self.word(formula.when_zero),
        )

    def _bracketed(self, references: Sequence[str]) -> str:
        words = self.sum_of(references)
        if len(references) < 2:
            return words
        return f"（{words}）" if self.language == CHINESE else f"({words})"

    def _category(self, formula: ByCategory, full: str) -> str:
        points = self._joint(
            [
                self.say("category_point", value=value, points=exact_text(each))
                for value, each in formula.points.items()
            ],
            "comma",
        )
        if formula.figure:
            figure = self.title_of_asked(self.scheme.asked[formula.figure])
            return self.say("category", figure=figure, points=points)
        roster = self.scheme.roster
        titles = {each.figure.code: each.figure.title for each in (roster.fields if roster else ())}
        which = (
            "" if formula.where is None else self.say("category_where", where=self._expression(formula.where))
        )
        highest = formula.take is Take.HIGHEST
        take = self.say("take_highest") if highest else self.say("take_sum", full=full)
        return self.say("category_roster", field=titles[formula.field], which=which, points=points, take=take)

    def _cohort(self, formula: MinMax | RatioToMean | RatioToMax | RankShare, full: str, cohort: str) -> str:
        value, low = self._value(formula), getattr(formula, "better", None) is Better.LOW
        match formula:
            case MinMax(when_equal=when_equal):
                order = self.say("lower_better" if low else "higher_better")
                return self.say(
                    "min_max",
                    cohort=cohort,
                    value=value,
                    full=full,
                    order=order,
                    when_equal=self.word(when_equal),
                )
            case RatioToMean(full_at=full_at, when_zero=when_zero):
                return self.say(
                    "ratio_to_mean",
                    cohort=cohort,
                    value=value,
                    line=exact_text(full_at),
                    full=full,
                    when_zero=self.word(when_zero),
                )
            case RatioToMax(when_zero=when_zero):
                return self.say(
                    "ratio_to_max", cohort=cohort, value=value, full=full, when_zero=self.word(when_zero)
                )
            case RankShare(shares=shares):
                steps = [
                    self.say("share", within=percent_text(each.within), points=exact_text(each.points))
                    for each in shares
                ]
                order = self.say("low_first" if low else "high_first")
                return self.say(
                    "rank_share", cohort=cohort, value=value, order=order, steps=self._joint(steps, "comma")
                )

    def _bands(self, bands: Sequence[Band], *, unit: str, percent: bool) -> str:
        show = percent_text if percent else exact_text
        return self._joint(
            [
                self.say("band", at_least=f"{show(band.at_least)}{unit}", points=exact_text(band.points))
                for band in reversed(bands)
            ],
            "comma",
        )
