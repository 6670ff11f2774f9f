"""A scheme as an official reads it: as text, as a page (.html) and as a workbook (.xlsx).

The content is made once (`scheme_page`): sections of rows under heads, provenance before everything else. The
three forms only set it. The .html is one file that loads nothing; the .xlsx holds values and no formula.
"""

import html
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

import xlsxwriter

from hatchmark.documents import layout
from hatchmark.documents.csv_files import FORMULA_STARTS
from hatchmark.documents.printable import shown
from hatchmark.domain.outcomes import Outcome
from hatchmark.domain.scheme import (
    GRADE_WORDS,
    HUNDREDTHS,
    MEASURED,
    MISSING,
    Band,
    Bands,
    Better,
    ByCategory,
    CarriedEffect,
    Condition,
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
from hatchmark.domain.scoring import STATUS_WORDS

PROVENANCE_WORDS = {
    Provenance.OFFICIAL: "正式方案 official",
    Provenance.RECONSTRUCTION: "重构方案，非发文原文 a reconstruction, not the published text",
}
_TREATMENTS = {
    Treatment.NO_POINTS: "不得分",
    Treatment.FULL_POINTS: "得满分",
    Treatment.UNSCORED: "暂不计分，须先补正",
}
_PARTS = {
    Part.QUANTITATIVE: "定量评价",
    Part.QUALITATIVE: "定性评价",
    Part.BONUS: "加分项",
    Part.DEDUCTION: "扣分项",
}
_TYPES = {
    FigureType.INTEGER: "整数",
    FigureType.DECIMAL: "小数",
    FigureType.BOOLEAN: "是否",
    FigureType.DATE: "日期",
    FigureType.CATEGORY: "类别",
}
_SOURCES = {
    FigureSource.TORCH_STATISTICS: "火炬统计",
    FigureSource.SUMMARY_REPORT: "总结报告",
    FigureSource.SELF_REPORT: "自行填报",
    FigureSource.OWN_SYSTEM: "自有系统",
    FigureSource.COMMITMENT_LETTER: "承诺书",
    FigureSource.PROOF: "证明材料",
}
_TOO_FEW = {
    TooFew.UNSCORED: "不计分，须另请专家评审",
    TooFew.NO_POINTS: "不得分",
    TooFew.MEAN: "取已有评分的平均，没有评分的不计分",
}
_CARRIED = {
    CarriedEffect.IS: "直接定为",
    CarriedEffect.AT_LEAST: "不低于",
    CarriedEffect.AT_MOST: "不高于",
}
_CONDITIONS = {
    Condition.SEVERE_INTEGRITY: "严重科研失信",
    Condition.FALSE_DATA: "虚假材料或数据",
    Condition.STATISTICS_MISSING: "未报送统计",
    Condition.SAFETY_ACCIDENT: "重大安全责任事故",
    Condition.NOT_OPERATING: "停止运营",
}
_STATUSES = {Status.RECOGNISED: "已认定", Status.PILOT: "试点培育"}
_PROPOSALS = {
    Outcome.DISQUALIFIED: "取消资格",
    Outcome.PILOT_CANCELLED: "取消试点培育资格",
    Measure.RE_EVALUATION: "重新评价",
}
_ROUNDINGS = {Rounding.HALF_UP: "四舍五入", Rounding.DOWN: "舍去"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRow:
    """One row. `level` 0 is a leaf of nothing, 1 lies in the 0 above it, and so on; `strong`: it heads others."""

    cells: tuple[str, ...]
    level: int = 0
    strong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One table of the page."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[PageRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemePage:
    """A scheme in words. `provenance` comes before everything else, wherever it is shown."""

    title: str
    provenance: tuple[str, ...]
    sections: tuple[Section, ...]


def scheme_page(scheme: Scheme) -> SchemePage:
    """Return the whole scheme in words. Nothing that decides a grade is left out."""
    sections = (
        _head(scheme),
        _tree(scheme),
        _figures(scheme),
        _roster(scheme),
        _windows(scheme),
        _relations(scheme),
        _expert_rule(scheme),
        _grades(scheme),
        _vetoes(scheme),
        _absence(scheme),
        _carried(scheme),
        _consequences(scheme),
    )
    return SchemePage(
        title=scheme.title,
        provenance=(
            f"来源 provenance：{PROVENANCE_WORDS[scheme.provenance]}",
            scheme.provenance_note,
        ),
        sections=tuple(section for section in sections if section.rows),
    )


# ---- sections ---------------------------------------------------------------------------------------------


def _section(title: str, heads: str, rows: Sequence[Sequence[str]]) -> Section:
    return Section(
        title=title, heads=tuple(heads.split("|")), rows=tuple(PageRow(cells=tuple(row)) for row in rows)
    )


def _head(scheme: Scheme) -> Section:
    rows = [
        ("代码", scheme.code),
        ("发布机关", scheme.authority),
        ("类别", scheme.kind),
        ("年度", str(scheme.year)),
        ("依据", scheme.basis),
        (
            "满分",
            f"{marks_words(scheme.full_marks)}（加分项最多计 {marks_words(scheme.bonus_cap)}，"
            f"总分最高 {marks_words(scheme.total_cap)}）",
        ),
        (
            "小数",
            f"每项得分保留 {scheme.points_places} 位小数，以下{_ROUNDINGS[scheme.rounding]}；合计不再取舍",
        ),
        ("数据缺失", f"{_missing_words(scheme.missing.treatments)}（{scheme.missing.basis}）"),
    ]
    if scheme.sub_types:
        rows.append(("分类", f"{'、'.join(scheme.sub_types)}；未说明的按 {scheme.sub_type_unstated}"))
    rows.append(("校验值", f"SHA-256 {scheme.digest}"))
    return _section("方案 scheme", "项目|内容", rows)


def _tree(scheme: Scheme) -> Section:
    rows = [row for group in scheme.groups if not group.parent for row in _group_rows(scheme, group, 0)]
    return Section(
        title="指标 indicators", heads=("指标", "代码", "满分", "计分办法", "依据"), rows=tuple(rows)
    )


def _group_rows(scheme: Scheme, group: Group, level: int) -> Iterator[PageRow]:
    cap = "" if group.cap is None else f"，最多计 {marks_words(group.cap)}"
    yield PageRow(
        cells=(
            group.title,
            group.code,
            _marks_by_sub_type(scheme, group),
            f"{_PARTS[group.part]}{cap}",
            group.basis,
        ),
        level=level,
        strong=True,
    )
    for indicator in scheme.indicators:
        if indicator.group == group.code:
            cells = (
                indicator.title,
                indicator.code,
                _marks_by_sub_type(scheme, indicator),
                _indicator_words(scheme, indicator, deduct=group.part is Part.DEDUCTION),
                indicator.basis,
            )
            yield PageRow(cells=cells, level=level + 1)
    for item in scheme.expert_items:
        if item.group == group.code:
            marks = _marks_by_sub_type(scheme, item)
            cells = (item.title, item.code, marks, "专家评分", item.basis)
            yield PageRow(cells=cells, level=level + 1)
    for inner in scheme.groups:
        if inner.parent == group.code:
            yield from _group_rows(scheme, inner, level + 1)


def _marks_by_sub_type(scheme: Scheme, part: Group | Indicator | ExpertItem) -> str:
    if not part.by_sub_type:
        return marks_words(part.full_marks)
    return "；".join(
        f"{sub_type} {marks_words(part.full_marks_for(sub_type))}" for sub_type in scheme.sub_types
    )


def _figures(scheme: Scheme) -> Section:
    rows = [
        (
            asked.title,
            reference,
            asked.figure.unit,
            _range_words(asked.figure),
            _missing_words(asked.figure.missing),
            _source_words(asked.figure),
            asked.figure.basis,
        )
        for reference, asked in scheme.asked.items()
    ]
    return _section("填报数据 figures", "数据|代码|单位|取值|缺失时|来源|依据", rows)


def _range_words(figure: Figure) -> str:
    kind = _TYPES[figure.type]
    if figure.type is FigureType.CATEGORY:
        return f"{kind}：{'、'.join(figure.values)}"
    if figure.type is FigureType.BOOLEAN:
        return kind
    least, most = ("不小于", "不大于") if figure.type in MEASURED else ("不早于", "不晚于")
    bounds = f"{kind}，{least} {figure.text_of(figure.minimum)}"
    return bounds if figure.maximum is None else f"{bounds}，{most} {figure.text_of(figure.maximum)}"


def _source_words(figure: Figure) -> str:
    told = (_SOURCES[figure.source] if figure.source else "", figure.evidence)
    return "；".join(word for word in told if word)


def _roster(scheme: Scheme) -> Section:
    roster = scheme.roster
    if roster is None:
        return _section("名单 roster", "名单|内容", ())
    rows = [
        (
            field.figure.title,
            field.figure.code,
            field.figure.unit,
            _range_words(field.figure),
            "可以空缺" if field.optional else "必填",
            field.figure.basis,
        )
        for field in roster.fields
    ]
    title = f"名单 roster：{roster.title}（每{roster.unit}一行，最多 {roster.most_rows} 行）"
    return _section(title, "栏目|代码|单位|取值|空缺|依据", rows)


def _windows(scheme: Scheme) -> Section:
    rows = [
        (window.title, window.code, f"{window.first.isoformat()} 至 {window.last.isoformat()}", window.basis)
        for window in scheme.windows
    ]
    return _section("期间 windows", "期间|代码|起止（含首尾两日）|依据", rows)


def _relations(scheme: Scheme) -> Section:
    rows = [
        (f"{_sum(scheme, relation.lower)} ≤ {_sum(scheme, relation.upper)}", relation.message)
        for relation in scheme.relations
    ]
    return _section("校核关系 relations", "关系|说明", rows)


def _expert_rule(scheme: Scheme) -> Section:
    rule = scheme.expert_rule
    rows = [] if rule is None else [(_expert_words(rule), rule.basis)]
    return _section("专家评分 expert scores", "规则|依据", rows)


def _expert_words(rule: ExpertRule) -> str:
    match rule.method:
        case ExpertMethod.MEDIAN:
            how = "取中位数"
        case ExpertMethod.TRIMMED:
            how = f"去掉 {rule.trim} 个最高分和 {rule.trim} 个最低分后取平均"
        case ExpertMethod.MEAN if rule.trim_from is not None:
            how = f"{rule.trim_from} 份以上去掉一个最高分和一个最低分后取平均，不足 {rule.trim_from} 份直接取平均"
        case ExpertMethod.MEAN:
            how = "取平均"
    return f"有效评分{how}；不足 {rule.minimum} 份的{_TOO_FEW[rule.too_few]}"


def _grades(scheme: Scheme) -> Section:
    rows = [(cut.words, cut.name, _cut_words(cut), cut.basis) for cut in scheme.grades]
    return _section("等次 grades", "等次|代码|条件|依据", rows)


def _cut_words(cut: GradeCut) -> str:
    words = f"总分 {marks_words(cut.at_least)}以上"
    if cut.top_share is not None:
        ties = "都算在内" if cut.ties is Ties.INCLUDE else "都不算在内"
        words += f"，并且位次在前 {_percent(cut.top_share)} 以内（界线上同分的{ties}）"
    return words if cut.words == GRADE_WORDS[cut.grade] else f"{words}；计为{GRADE_WORDS[cut.grade]}"


def _grade_title(scheme: Scheme, code: str, fallback: str) -> str:
    return next((cut.words for cut in scheme.grades if cut.name == code), fallback)


def _vetoes(scheme: Scheme) -> Section:
    rows = [
        (veto.title, veto.code, _veto_condition(veto), _veto_effect(scheme, veto), veto.basis)
        for veto in scheme.vetoes
    ]
    return _section("一票否决 vetoes", "情形|代码|条件|后果|依据", rows)


def _veto_condition(veto: Veto) -> str:
    if veto.when_true is not None:
        missing = "成立" if veto.holds_when_missing else "不成立"
        return f"{veto.when_true.text}（数据缺失时视为{missing}）"
    return _CONDITIONS[veto.when] if veto.when is not None else ""


def _veto_effect(scheme: Scheme, veto: Veto) -> str:
    match veto.effect:
        case VetoEffect.CAP:
            return f"最高定为{_grade_title(scheme, veto.grade_code, GRADE_WORDS[veto.grade_at_most])}"
        case VetoEffect.FLOOR:
            return f"定为{scheme.grades[-1].words}"
        case VetoEffect.EXCLUSION:
            return "不评定等次，不列入位次"


def _absence(scheme: Scheme) -> Section:
    rule = scheme.absence
    if rule.grade is not None:
        words = f"定为{_grade_title(scheme, rule.grade_code, GRADE_WORDS[rule.grade])}"
    else:
        words = "单独列出，不评定等次" if rule.listed else "不评定等次"
    return _section("未参评 absence", "应参评而未参评|依据", [(words, rule.basis)])


def _carried(scheme: Scheme) -> Section:
    rows = [
        (
            rule.title,
            rule.code,
            f"{rule.source}：{rule.source_grade}",
            f"{_CARRIED[rule.effect]}{_grade_title(scheme, rule.grade_code, rule.grade_code)}",
            rule.basis,
        )
        for rule in scheme.carried
    ]
    return _section("其他评价结果 carried", "规则|代码|条件|后果|依据", rows)


def _consequences(scheme: Scheme) -> Section:
    rows = []
    for rule in scheme.consequences:
        within = "" if rule.within_months is None else f"（{rule.within_months} 个月内）"
        rows.append(
            (
                rule.title,
                rule.code,
                f"{_STATUSES[rule.status]}单位，连续 {rule.times_in_a_row} 次{GRADE_WORDS[rule.grade]}",
                f"建议{_PROPOSALS.get(rule.propose, rule.propose.value)}{within}（只作建议，由人决定）",
                rule.basis,
            )
        )
    return _section("后果 consequences", "规则|代码|条件|建议|依据", rows)


# ---- words ------------------------------------------------------------------------------------------------


def marks_words(hundredths: int) -> str:
    """Return points without needless zeros: 400 is `4 分`."""
    return f"{exact_text(Fraction(hundredths, HUNDREDTHS))} 分"


def _missing_words(treatments: Mapping[FigureStatus, Treatment]) -> str:
    return "；".join(
        f"{STATUS_WORDS[status]}：{_TREATMENTS[treatments[status]]}"
        for status in MISSING
        if status in treatments
    )


def _indicator_words(scheme: Scheme, indicator: Indicator, *, deduct: bool) -> str:
    words = {
        sub_type: formula_words(scheme, formula, full_marks=indicator.full_marks_for(sub_type))
        for sub_type, formula in indicator.formulas.items()
    }
    if len(set(words.values())) == 1:
        said = next(iter(words.values()))
    else:
        said = "；".join(f"{sub_type}：{each}" for sub_type, each in words.items())
    missing = _missing_words(indicator.missing)
    return f"{'扣分：' if deduct else ''}{said}{f'（{missing}）' if missing else ''}"


def formula_words(scheme: Scheme, formula: Formula, *, full_marks: int) -> str:
    """Say in one sentence how a formula gives points."""
    full = marks_words(full_marks)
    match formula:
        case Ratio():
            return _ratio_words(scheme, formula, full)
        case Growth(figure=figure, bands=bands, when_zero=when_zero):
            return (
                f"按{scheme.asked[figure].title}比上年的增长率分档：{_bands_words(bands, unit='', percent=True)}；"
                f"上年数为零时{_TREATMENTS[when_zero]}"
            )
        case YesNo(when=when):
            return f"{when.text} 成立的得满分 {full}，不成立的不得分"
        case ByCategory():
            return _category_words(scheme, formula, full)
        case MinMax() | RatioToMean() | RatioToMax() | RankShare():
            return _cohort_words(scheme, formula, full)
    value = _value_words(scheme, formula)
    unit = _unit_of(scheme, formula)
    match formula:
        case Bands(bands=bands):
            return f"按{value}分档：{_bands_words(bands, unit=unit, percent=False)}"
        case Linear(start=start, end=end):
            return f"{value}从 {exact_text(start)}{unit}起按比例计分，到 {exact_text(end)}{unit}得满分 {full}"
        case PerUnit(points_each=each):
            return f"{value}每{unit.strip() or '一'} {exact_text(each)} 分，最多 {full}"
        case PerAmount(amount=amount, points_each=each, partial=partial):
            rest = "，不足的部分按比例计" if partial else "，不足的部分不计"
            return f"{value}每 {exact_text(amount)}{unit} {exact_text(each)} 分{rest}，最多 {full}"
        case Threshold(start=start, base=base, step=step, points_each=each, partial=partial):
            rest = "（不足的部分按比例计）" if partial else "（不足的部分不计）"
            return (
                f"{value}不足 {exact_text(start)}{unit}不得分，达到得 {exact_text(base)} 分，"
                f"以上每 {exact_text(step)}{unit}{rest}加 {exact_text(each)} 分，最多 {full}"
            )


def _value_words(scheme: Scheme, formula: Formula) -> str:
    value = getattr(formula, "value", None)
    return f"（{value.text}）" if value is not None else _sum(scheme, formula.references)


def _unit_of(scheme: Scheme, formula: Formula) -> str:
    value = getattr(formula, "value", None)
    unit = value.unit if value is not None else scheme.asked[formula.references[0]].figure.unit
    return f" {unit}" if unit else ""


def _ratio_words(scheme: Scheme, formula: Ratio, full: str) -> str:
    unit = f" {formula.unit}" if formula.unit else ""
    line = _percent(formula.full_at) if formula.show is Show.PERCENT else exact_text(formula.full_at)
    reached = f"按比例计分，达到 {line}{unit}得满分 {full}"
    if formula.value is not None:
        return f"{formula.value.text}，{reached}"
    factor = "" if formula.per == 1 else f" × {exact_text(formula.per)}"
    return (
        f"{_bracketed(scheme, formula.of)} ÷ {_bracketed(scheme, formula.to)}{factor}，{reached}；"
        f"除数为零时{_TREATMENTS[formula.when_zero]}"
    )


def _category_words(scheme: Scheme, formula: ByCategory, full: str) -> str:
    points = "，".join(f"{value} {exact_text(each)} 分" for value, each in formula.points.items())
    if formula.figure:
        return f"按{scheme.asked[formula.figure].title}：{points}"
    titles = {
        field.figure.code: field.figure.title for field in (scheme.roster.fields if scheme.roster else ())
    }
    which = f"（只计 {formula.where.text}）" if formula.where is not None else ""
    take = "取最高的一项" if formula.take is Take.HIGHEST else f"各行相加，最多 {full}"
    return f"按名单的{titles[formula.field]}{which}：{points}；{take}"


def _cohort_words(scheme: Scheme, formula: MinMax | RatioToMean | RatioToMax | RankShare, full: str) -> str:
    value, low = _value_words(scheme, formula), getattr(formula, "better", None) is Better.LOW
    match formula:
        case MinMax(when_equal=when_equal):
            order = "越低越好" if low else "越高越好"
            return (
                f"{value}在全部参评单位最低与最高之间的位置 × {full}（{order}）；"
                f"全部相等时{_TREATMENTS[when_equal]}"
            )
        case RatioToMean(full_at=full_at, when_zero=when_zero):
            return (
                f"{value} ÷ 全部参评单位的平均值，按比例计分，达到 {exact_text(full_at)} 得满分 {full}；"
                f"平均值为零时{_TREATMENTS[when_zero]}"
            )
        case RatioToMax(when_zero=when_zero):
            return f"{value} ÷ 全部参评单位的最高值 × {full}；最高值为零时{_TREATMENTS[when_zero]}"
        case RankShare(shares=shares):
            steps = "，".join(
                f"前 {_percent(share.within)} {exact_text(share.points)} 分" for share in shares
            )
            order = "从低到高" if low else "从高到低"
            return f"按{value}在全部参评单位中{order}的位次：{steps}；数值相等的同一位次"


def _bands_words(bands: Sequence[Band], *, unit: str, percent: bool) -> str:
    show = _percent if percent else exact_text
    return "，".join(
        f"{show(band.at_least)}{unit}以上 {exact_text(band.points)} 分" for band in reversed(bands)
    )


def _percent(value: Fraction) -> str:
    return f"{exact_text(value * 100)}%"


def _sum(scheme: Scheme, references: Sequence[str]) -> str:
    return " + ".join(scheme.asked[reference].title for reference in references)


def _bracketed(scheme: Scheme, references: Sequence[str]) -> str:
    words = _sum(scheme, references)
    return f"（{words}）" if len(references) > 1 else words


# ---- the three forms --------------------------------------------------------------------------------------


def scheme_text(page: SchemePage) -> str:
    """Return the page as text for a terminal: one thing a line, what lies in another one indented under it."""
    lines = [*page.provenance, "", page.title]
    for section in page.sections:
        lines += ["", f"── {section.title}"]
        for row in section.rows:
            lines.extend(_row_lines(row, section.heads))
    return "\n".join(shown(line) for line in lines) + "\n"


def _row_lines(row: PageRow, heads: Sequence[str]) -> Iterator[str]:
    indent = "  " * row.level
    if len(heads) == 2:
        yield f"{indent}{row.cells[0]}：{row.cells[1]}"
        return
    code, rest = row.cells[1], list(zip(heads, row.cells, strict=True))[2:]
    yield f"{indent}{'■' if row.strong else '·'} {row.cells[0]} [{code}]"
    for head, cell in rest:
        if cell:
            yield f"{indent}    {head}：{cell}"


_STYLE = """
body { font-family: serif; line-height: 1.6; margin: 2em auto; max-width: 70em; padding: 0 1em; color: #1a1a1a; }
h1 { font-size: 1.5em; }
.provenance { border: 2px solid #8a1c1c; padding: .5em 1em; }
table { border-collapse: collapse; width: 100%; margin: 1.5em 0; }
caption { font-weight: bold; text-align: left; padding: .4em 0; }
th, td { border: 1px solid #666; padding: .3em .6em; text-align: left; vertical-align: top; }
thead th, .strong th, .strong td { background: #e8eef4; }
tbody th { font-weight: normal; } .strong th { font-weight: bold; }
.level1 th { padding-left: 1.8em; } .level2 th { padding-left: 3em; } .level3 th { padding-left: 4.2em; }
@media print { body { max-width: none; margin: 0; } thead { display: table-header-group; } }
"""


def scheme_html(page: SchemePage) -> bytes:
    """Return the page as one .html file that loads nothing and runs nothing."""
    parts = [
        "<!DOCTYPE html>",
        '<html lang="zh-Hans">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{_escaped(page.title)}</title>",
        f"<style>{_STYLE}</style>",
        "</head>",
        "<body>",
        '<div class="provenance" role="note">',
        *(f"<p>{_escaped(line)}</p>" for line in page.provenance),
        "</div>",
        f"<h1>{_escaped(page.title)}</h1>",
    ]
    for section in page.sections:
        parts += ["<table>", f"<caption>{_escaped(section.title)}</caption>", "<thead><tr>"]
        parts += [f'<th scope="col">{_escaped(head)}</th>' for head in section.heads]
        parts += ["</tr></thead>", "<tbody>"]
        parts += [_html_row(row) for row in section.rows]
        parts += ["</tbody>", "</table>"]
    parts += ["</body>", "</html>", ""]
    return "\n".join(parts).encode()


def _html_row(row: PageRow) -> str:
    names = [f"level{row.level}", *(["strong"] if row.strong else [])]
    first, *rest = row.cells
    cells = f'<th scope="row">{_escaped(first)}</th>' + "".join(f"<td>{_escaped(cell)}</td>" for cell in rest)
    return f'<tr class="{" ".join(names)}">{cells}</tr>'


def _escaped(text: str) -> str:
    return html.escape(shown(text))


_WIDTHS = {
    "代码": 18,
    "满分": 10,
    "单位": 10,
    "依据": 50,
    "计分办法": 70,
    "内容": 90,
    "关系": 60,
    "说明": 60,
    "规则": 60,
}


def scheme_xlsx(page: SchemePage) -> bytes:
    """Return the page as a workbook: a sheet a section, provenance on top of each. Same scheme, same bytes."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream,
        {
            "in_memory": True,  # also what keeps the time of day out of the file
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    day = layout.NO_DATE
    book.set_properties(
        {
            "title": shown(page.title),
            "author": layout.MADE_BY,
            "comments": shown("；".join(page.provenance))[:255],
            "created": datetime(day.year, day.month, day.day),  # noqa: DTZ001 - the library takes it as UTC
        }
    )
    pen = _Pen(book)
    for section in page.sections:
        _sheet(pen, page, section)
    book.close()
    return stream.getvalue()


class _Pen:
    """Writes text as text, whatever it begins with; formats are made once."""

    def __init__(self, book: Any) -> None:
        self.book = book
        base = {"font_name": "宋体", "font_size": 11, "valign": "top", "text_wrap": True}
        cell = {**base, "border": 1}
        forms: dict[str, dict[str, object]] = {
            "title": {**base, "font_size": 14, "bold": True, "text_wrap": False},
            "note": {**base, "text_wrap": False, "font_color": "#8A1C1C"},
            "head": {**cell, "bold": True, "bg_color": "#E8EEF4"},
            "strong": {**cell, "bold": True, "bg_color": "#F4F7FA"},
            **{f"level{level}": {**cell, "indent": level} for level in range(8)},
        }
        self._forms = {
            name: (book.add_format(form), book.add_format({**form, "quote_prefix": True}))
            for name, form in forms.items()
        }

    def text(self, sheet: Any, row: int, column: int, text: str, form: str) -> None:
        """Write one cell of text."""
        plain, quoted = self._forms[form]
        said = shown(text)
        sheet.write_string(row, column, said, quoted if said.startswith(FORMULA_STARTS) else plain)


def _sheet(pen: _Pen, page: SchemePage, section: Section) -> None:
    sheet = pen.book.add_worksheet(section.title.partition(" ")[0])
    pen.text(sheet, 0, 0, page.title, "title")
    for number, note in enumerate(page.provenance, start=1):
        pen.text(sheet, number, 0, note, "note")
    top = len(page.provenance) + 1
    for column, head in enumerate(section.heads):
        sheet.set_column(column, column, _WIDTHS.get(head, 34))
        pen.text(sheet, top, column, head, "head")
    for number, line in enumerate(section.rows, start=top + 1):
        for column, cell in enumerate(line.cells):
            form = "strong" if line.strong else f"level{min(line.level, 7) if column == 0 else 0}"
            pen.text(sheet, number, column, cell, form)
    sheet.freeze_panes(top + 1, 0)
    sheet.repeat_rows(top)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
