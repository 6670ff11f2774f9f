"""A scheme as an official reads it: as text, as a page (.html) and as a workbook (.xlsx).

The content is made once (`scheme_page`): sections of rows under heads, provenance before everything else. The
forms only set it, the site's page too. The .html is one file that loads nothing; the .xlsx holds values and no
formula. The sentences are those of `scheme_words`.
"""

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hatchmark.documents.csv_files import FORMULA_STARTS
from hatchmark.documents.printable import shown
from hatchmark.documents.scheme_words import CHINESE, ENGLISH, PROVENANCE_WORDS, SchemeWords
from hatchmark.documents.workbooks import new_workbook
from hatchmark.domain.scheme import ExpertItem, Group, Indicator, Part, Scheme

_NAMES = {
    "scheme": ("方案", "Scheme"),
    "indicators": ("指标", "Indicators"),
    "figures": ("填报数据", "Figures"),
    "roster": ("名单", "Roster"),
    "windows": ("期间", "Windows"),
    "relations": ("校核关系", "Relations"),
    "experts": ("专家评分", "Expert scores"),
    "grades": ("等次", "Grades"),
    "vetoes": ("一票否决", "Vetoes"),
    "absence": ("未参评", "Absence"),
    "carried": ("其他评价结果", "Carried"),
    "consequences": ("后果", "Consequences"),
}
_HEADS = {
    "项目": "Item",
    "内容": "Content",
    "指标": "Indicator",
    "代码": "Code",
    "满分": "Full marks",
    "计分办法": "How it is scored",
    "依据": "Clause",
    "数据": "Figure",
    "单位": "Unit",
    "取值": "Values",
    "缺失时": "Where missing",
    "来源": "Source",
    "栏目": "Column",
    "空缺": "Empty",
    "期间": "Window",
    "起止（含首尾两日）": "From and to (both days included)",
    "关系": "Relation",
    "说明": "Meaning",
    "规则": "Rule",
    "等次": "Grade",
    "条件": "Condition",
    "情形": "Case",
    "后果": "Effect",
    "建议": "Proposal",
    "应参评而未参评": "Due and did not take part",
    "发布机关": "Authority",
    "类别": "Kind",
    "年度": "Year",
    "小数": "Rounding",
    "数据缺失": "Missing figures",
    "分类": "Sub-types",
    "校验值": "Digest",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRow:
    """One row. `level` 0 is a leaf of nothing, 1 lies in the 0 above it, and so on; `strong`: it heads others.

    `code` names what the row is about; empty where the rule has no code.
    """

    cells: tuple[str, ...]
    level: int = 0
    strong: bool = False
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One table of the page. `name` is its title in one language; `title` the whole of it, as files print it."""

    code: str
    name: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[PageRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemePage:
    """A scheme in words. `provenance` comes before everything else, wherever it is shown."""

    title: str
    language: str
    provenance: tuple[str, ...]
    sections: tuple[Section, ...]


def scheme_page(scheme: Scheme, *, language: str = CHINESE) -> SchemePage:
    """Return the whole scheme in words. Nothing that decides a grade is left out."""
    words = SchemeWords(scheme, language)
    sections = (
        _head(words),
        _tree(words),
        _figures(words),
        _roster(words),
        _windows(words),
        _relations(words),
        _expert_rule(words),
        _grades(words),
        _vetoes(words),
        _absence(words),
        _carried(words),
        _consequences(words),
    )
    return SchemePage(
        title=words.title,
        language=language,
        provenance=(
            f"来源 provenance：{PROVENANCE_WORDS[scheme.provenance]}",
            scheme.provenance_note,
        ),
        sections=tuple(section for section in sections if section.rows),
    )


# ---- sections ---------------------------------------------------------------------------------------------


def _section(words: SchemeWords, code: str, heads: str, rows: Sequence[Sequence[str]]) -> Section:
    """Make a table without levels. Where its second column is a code, that names the row."""
    columns = heads.split("|")
    coded = "代码" in columns
    return _made(
        words,
        code,
        columns,
        [PageRow(cells=tuple(row), code=row[columns.index("代码")] if coded else "") for row in rows],
    )


def _made(words: SchemeWords, code: str, columns: Sequence[str], rows: Sequence[PageRow]) -> Section:
    chinese, english = _NAMES[code]
    more = f"：{words.roster()}" if code == "roster" and words.scheme.roster else ""
    if words.language == ENGLISH:
        name = title = f"{english}{more.replace('：', ': ', 1)}"
    else:
        name, title = f"{chinese}{more}", f"{chinese} {_IN_TITLES.get(code, code)}{more}"
    heads = [_HEADS[column] if words.language == ENGLISH else column for column in columns]
    return Section(code=code, name=name, title=title, heads=tuple(heads), rows=tuple(rows))


_IN_TITLES = {"experts": "expert scores"}


def _item(words: SchemeWords, name: str) -> str:
    return _HEADS[name] if words.language == ENGLISH else name


def _head(words: SchemeWords) -> Section:
    scheme = words.scheme
    rows = [
        ("代码", scheme.code),
        ("发布机关", scheme.authority),
        ("类别", words.kind()),
        ("年度", str(scheme.year)),
        ("依据", scheme.basis),
        ("满分", words.full_marks()),
        ("小数", words.places()),
        ("数据缺失", words.missing_rule()),
    ]
    if scheme.sub_types:
        rows.append(("分类", words.sub_types()))
    rows.append(("校验值", f"SHA-256 {scheme.digest}"))
    return _section(words, "scheme", "项目|内容", [(_item(words, name), said) for name, said in rows])


def _tree(words: SchemeWords) -> Section:
    rows = [row for group in words.scheme.groups if not group.parent for row in _group_rows(words, group, 0)]
    return _made(words, "indicators", ["指标", "代码", "满分", "计分办法", "依据"], rows)


def _group_rows(words: SchemeWords, group: Group, level: int) -> Iterator[PageRow]:
    scheme = words.scheme
    yield PageRow(
        cells=(
            words.title_of(group),
            group.code,
            words.marks_by_sub_type(group),
            words.group(group),
            group.basis,
        ),
        level=level,
        strong=True,
        code=group.code,
    )
    deduct = group.part is Part.DEDUCTION
    leaves: list[tuple[Indicator | ExpertItem, str]] = [
        *(
            (each, words.indicator(each, deduct=deduct))
            for each in scheme.indicators
            if each.group == group.code
        ),
        *((each, words.say("experts")) for each in scheme.expert_items if each.group == group.code),
    ]
    for leaf, how in leaves:
        cells = (words.title_of(leaf), leaf.code, words.marks_by_sub_type(leaf), how, leaf.basis)
        yield PageRow(cells=cells, level=level + 1, code=leaf.code)
    for inner in scheme.groups:
        if inner.parent == group.code:
            yield from _group_rows(words, inner, level + 1)


def _figures(words: SchemeWords) -> Section:
    rows = [
        (
            words.title_of_asked(asked),
            reference,
            asked.figure.unit,
            words.range_of(asked.figure),
            words.missing(asked.figure.missing),
            words.source_of(asked.figure),
            asked.figure.basis,
        )
        for reference, asked in words.scheme.asked.items()
    ]
    return _section(words, "figures", "数据|代码|单位|取值|缺失时|来源|依据", rows)


def _roster(words: SchemeWords) -> Section:
    roster = words.scheme.roster
    rows = [
        (
            field.figure.title,
            field.figure.code,
            field.figure.unit,
            words.range_of(field.figure),
            words.say("optional" if field.optional else "required"),
            field.figure.basis,
        )
        for field in (roster.fields if roster else ())
    ]
    return _section(words, "roster", "栏目|代码|单位|取值|空缺|依据", rows)


def _windows(words: SchemeWords) -> Section:
    rows = [
        (
            window.title,
            window.code,
            words.say("window", first=window.first.isoformat(), last=window.last.isoformat()),
            window.basis,
        )
        for window in words.scheme.windows
    ]
    return _section(words, "windows", "期间|代码|起止（含首尾两日）|依据", rows)


def _relations(words: SchemeWords) -> Section:
    rows = [
        (f"{words.sum_of(relation.lower)} ≤ {words.sum_of(relation.upper)}", relation.message)
        for relation in words.scheme.relations
    ]
    return _section(words, "relations", "关系|说明", rows)


def _expert_rule(words: SchemeWords) -> Section:
    rule = words.scheme.expert_rule
    rows = [] if rule is None else [(words.expert_rule(rule), rule.basis)]
    return _section(words, "experts", "规则|依据", rows)


def _grades(words: SchemeWords) -> Section:
    rows = [(words.grade(cut), cut.name, words.cut(cut), cut.basis) for cut in words.scheme.grades]
    return _section(words, "grades", "等次|代码|条件|依据", rows)


def _vetoes(words: SchemeWords) -> Section:
    rows = [
        (words.title_of(veto), veto.code, words.veto_condition(veto), words.veto_effect(veto), veto.basis)
        for veto in words.scheme.vetoes
    ]
    return _section(words, "vetoes", "情形|代码|条件|后果|依据", rows)


def _absence(words: SchemeWords) -> Section:
    return _section(words, "absence", "应参评而未参评|依据", [(words.absence(), words.scheme.absence.basis)])


def _carried(words: SchemeWords) -> Section:
    rows = [(rule.title, rule.code, *words.carried(rule), rule.basis) for rule in words.scheme.carried]
    return _section(words, "carried", "规则|代码|条件|后果|依据", rows)


def _consequences(words: SchemeWords) -> Section:
    rows = [
        (rule.title, rule.code, *words.consequence(rule), rule.basis) for rule in words.scheme.consequences
    ]
    return _section(words, "consequences", "规则|代码|条件|建议|依据", rows)


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
th, td { border: 1px solid #666; padding: .3em .6em; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
thead th, .strong th, .strong td { background: #e8eef4; }
tbody th { font-weight: normal; min-width: 7em; } .strong th { font-weight: bold; }
.level1 th { padding-left: 1.8em; } .level2 th { padding-left: 3em; } .level3 th { padding-left: 4.2em; }
@media screen and (max-width: 48em) {
  table { display: block; overflow-x: auto; } tbody td { min-width: 5em; } td:nth-of-type(n+2) { min-width: 14em; }
}
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
    "满分": 12,
    "单位": 10,
    "依据": 40,
    "计分办法": 60,
    "内容": 90,
    "关系": 60,
    "说明": 60,
    "规则": 60,
}


_LINE_HEIGHT = 16
"""Points of one line of text of 11 points."""


def scheme_xlsx(page: SchemePage) -> bytes:
    """Return the page as a workbook: a sheet a section, provenance on top of each. Same scheme, same bytes."""
    stream, book = new_workbook(title=shown(page.title), comments=shown("；".join(page.provenance)))
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
            "note": {**base, "font_color": "#8A1C1C"},
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

    def across(self, sheet: Any, row: int, widths: Sequence[int], text: str, form: str) -> None:
        """Write one text over columns of these widths, in a row as high as it needs: a printed page shows all of it."""
        plain, _ = self._forms[form]
        if len(widths) > 1:
            sheet.merge_range(row, 0, row, len(widths) - 1, "", plain)
        self.text(sheet, row, 0, text, form)
        sheet.set_row(row, _LINE_HEIGHT * _lines_of(text, sum(widths)))


def _lines_of(text: str, width: int) -> int:
    """Return how many lines a text takes in a column: a Chinese sign is as wide as two digits, by which widths go."""
    signs = sum(1 + (ord(sign) > _LAST_NARROW_SIGN) for sign in text)
    return max(1, -(-signs // max(width - 2, 1)))


_LAST_NARROW_SIGN = 0x2E7F


def _sheet(pen: _Pen, page: SchemePage, section: Section) -> None:
    sheet = pen.book.add_worksheet(section.title.partition(" ")[0])
    pen.text(sheet, 0, 0, page.title, "title")
    widths = [_WIDTHS.get(head, 30) for head in section.heads]
    for number, note in enumerate(page.provenance, start=1):
        pen.across(sheet, number, widths, note, "note")
    top = len(page.provenance) + 1
    for column, head in enumerate(section.heads):
        sheet.set_column(column, column, widths[column])
        pen.text(sheet, top, column, head, "head")
    for number, line in enumerate(section.rows, start=top + 1):
        for column, cell in enumerate(line.cells):
            form = "strong" if line.strong else f"level{min(line.level, 7) if column == 0 else 0}"
            pen.text(sheet, number, column, cell, form)
        # Not every program fits rows to wrapped text by itself when it opens a file.
        lines = max(_lines_of(cell, width) for cell, width in zip(line.cells, widths, strict=True))
        sheet.set_row(number, _LINE_HEIGHT * lines)
    sheet.freeze_panes(top + 1, 0)
    sheet.repeat_rows(top)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.print_area(0, 0, top + len(section.rows), len(widths) - 1)
    sheet.fit_to_pages(1, 0)
