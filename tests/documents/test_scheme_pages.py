"""A scheme in words: nothing that decides a grade is left out, provenance comes first, and nothing runs."""

import io
import re
from html.parser import HTMLParser

import openpyxl
import pytest
from example_schemes import PLAIN, plain, wide

from hatchmark.documents import scheme_words
from hatchmark.documents.scheme_pages import scheme_html, scheme_page, scheme_text, scheme_xlsx
from hatchmark.domain.outcomes import Outcome
from hatchmark.domain.scheme import FigureStatus, Scheme
from hatchmark.schemes.loader import parse_scheme, shipped, shipped_codes


class Reader(HTMLParser):
    """Collects the tags with their attributes, and the text of each cell in order."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.cells: list[str] = []
        self.text: list[str] = []
        self._in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in ("td", "th"):
            self._in_cell = True
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._in_cell = False

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self._in_cell:
            self.cells[-1] += data


def read_html(raw: bytes) -> Reader:
    reader = Reader()
    reader.feed(raw.decode())
    reader.close()
    return reader


@pytest.fixture(params=[*shipped_codes(), "plain", "wide"])
def scheme(request: pytest.FixtureRequest) -> Scheme:
    return {"plain": plain, "wide": wide}.get(request.param, lambda: shipped(request.param))()


def test_every_form_holds_every_cell_of_the_page(scheme):
    page = scheme_page(scheme)
    expected = [
        cell
        for section in page.sections
        for cells in (section.heads, *(row.cells for row in section.rows))
        for cell in cells
    ]

    assert read_html(scheme_html(page)).cells == expected
    book = openpyxl.load_workbook(io.BytesIO(scheme_xlsx(page)))
    top = len(page.provenance) + 2
    sheets = [
        [cell or "" for row in sheet.iter_rows(min_row=top, values_only=True) for cell in row]
        for sheet in book.worksheets
    ]
    assert [cell for sheet in sheets for cell in sheet] == expected
    said = scheme_text(page)
    cells = {cell for section in page.sections for row in section.rows for cell in row.cells}
    assert {cell for cell in cells if cell not in said} == set()


def test_everything_that_decides_is_in_the_page(scheme):
    cells = {cell for section in scheme_page(scheme).sections for row in section.rows for cell in row.cells}
    named = {
        *scheme.asked,
        *(each.code for each in (*scheme.groups, *scheme.indicators, *scheme.expert_items, *scheme.vetoes)),
        *(cut.name for cut in scheme.grades),
        *(each.code for each in (*scheme.windows, *scheme.carried, *scheme.consequences)),
        *(field.figure.code for field in (scheme.roster.fields if scheme.roster else ())),
        *(each.basis for each in (*scheme.groups, *scheme.indicators, *scheme.expert_items, *scheme.grades)),
    }

    assert named - cells == set()


def test_provenance_stands_before_everything_else(scheme):
    page = scheme_page(scheme)

    assert page.provenance[0].startswith("来源 provenance：")
    assert page.provenance[1] == scheme.provenance_note
    assert scheme_text(page).startswith(f"{page.provenance[0]}\n{page.provenance[1]}\n")
    raw = scheme_html(page).decode()
    assert raw.index(page.provenance[0]) < raw.index("<h1>")
    for sheet in openpyxl.load_workbook(io.BytesIO(scheme_xlsx(page))).worksheets:
        assert [sheet.cell(row, 1).value for row in (2, 3)] == list(page.provenance)


def test_formulas_are_said_in_words():
    rows = {row.cells[1]: row.cells[3] for row in scheme_page(plain()).sections[1].rows}

    assert rows["rate"] == "毕业企业 ÷ 在孵企业，按比例计分，达到 20%得满分 20 分；除数为零时不得分"
    assert rows["size"] == (
        "综合型：按在孵企业分档：40 家以上 20 分，20 家以上 10 分，0 家以上 0 分；"
        "专业型：按在孵企业分档：20 家以上 20 分，10 家以上 10 分，0 家以上 0 分"
    )
    assert rows["growth"] == "按总收入比上年的增长率分档：10%以上 20 分，-100%以上 0 分；上年数为零时不得分"
    assert rows["prize_points"] == "奖项每项 2 分，最多 6 分"
    assert rows["service"] == "专家评分"


def test_wider_formulas_are_said_in_words():
    rows = {row.cells[1]: row for row in scheme_page(wide()).sections[1].rows}

    assert [(code, row.level, row.strong) for code, row in rows.items()][:3] == [
        ("numbers", 0, True),
        ("activity", 1, False),
        ("newcomers", 1, False),
    ]
    assert (rows["inner"].level, rows["space"].level) == (1, 2)
    words = {code: row.cells[3] for code, row in rows.items()}
    assert words["space"] == "面积在全部参评单位最低与最高之间的位置 × 20 分（越高越好）；全部相等时得满分"
    assert words["opening"] == "对外开放为是 且 成立日期 < 2020-01-01，符合的得满分 10 分，否则不得分"
    assert words["activity"] == (
        "按活动在全部参评单位中从高到低的位次：前 30% 20 分，前 100% 5 分；数值相等的同一位次"
    )
    assert words["newcomers"] == (
        "按在孵企业名单中“入驻日期在评价期内 且 学历为硕士或博士”的家数分档："
        "3 家以上 10 分，1 家以上 4 分，0 家以上 0 分"
    )
    assert words["level_points"] == "按级别：国家级 10 分，自治区级 6 分"


def test_the_page_loads_nothing_and_runs_nothing():
    reader = read_html(scheme_html(scheme_page(shipped("nmg/incubator-2020"))))

    assert {tag for tag, _ in reader.tags} == {
        "html", "head", "meta", "title", "style", "body", "div", "p", "h1", "table", "caption", "thead",
        "tbody", "tr", "th", "td",
    }  # fmt: skip
    names = {name for _, attributes in reader.tags for name in attributes}
    assert names == {"lang", "charset", "name", "content", "class", "role", "scope"}


def test_what_an_author_writes_stays_text():
    nasty = '<script>alert(1)</script>&amp;"'
    raw = PLAIN.replace('title = "规模"', f"title = '{nasty}'").replace('title = "特色"', 'title = "=1+1"')
    page = scheme_page(parse_scheme(raw.encode(), file="nasty"))

    reader = read_html(scheme_html(page))
    assert nasty in reader.cells
    assert "script" not in {tag for tag, _ in reader.tags}
    book = openpyxl.load_workbook(io.BytesIO(scheme_xlsx(page)))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.quotePrefix for cell in cells if cell.value == "=1+1"] == [True]


def test_the_same_scheme_gives_the_same_bytes():
    page = scheme_page(wide())

    assert scheme_xlsx(page) == scheme_xlsx(page)
    assert scheme_html(page) == scheme_html(page)


# ---- two languages ------------------------------------------------------------------------------------------


def test_every_sentence_has_the_same_parts_in_both_languages_and_its_own_words():
    for key, (chinese, english) in scheme_words._SENTENCES.items():
        parts = [set(re.findall(r"\{([a-z_]+)\}", said)) for said in (chinese, english)]
        assert parts[0] == parts[1], key
        assert not re.search(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]", english), key
    for value, (_, english) in scheme_words._OF_VALUES:
        assert not re.search(r"[\u4e00-\u9fff]", english), value


def test_every_value_that_a_scheme_can_hold_has_its_words():
    kinds = {type(value) for value, _ in scheme_words._OF_VALUES}
    said = set(scheme_words._SINGLE)
    partly = {FigureStatus, Outcome}  # graded, carried, deferred and absent are proposed by no rule

    assert {(kind, each.value) for kind in kinds - partly for each in kind} - said == set()


def test_an_english_page_holds_the_same_rows_with_the_same_codes(scheme):
    chinese, english = scheme_page(scheme), scheme_page(scheme, language="en")

    assert [
        (section.code, len(section.heads), [(row.code, row.level, row.strong) for row in section.rows])
        for section in english.sections
    ] == [
        (section.code, len(section.heads), [(row.code, row.level, row.strong) for row in section.rows])
        for section in chinese.sections
    ]
    heads = {head for section in english.sections for head in section.heads}
    assert not any(re.search(r"[\u4e00-\u9fff]", head) for head in heads)


def test_a_scheme_with_english_titles_is_said_in_english_but_for_what_its_author_wrote():
    rows = {
        row.code: row.cells
        for row in scheme_page(shipped("nmg/incubator-2020"), language="en").sections[1].rows
    }

    assert rows["site_area"][3] == (
        "Incubation floor area: nothing up to 1000 m², the full 4 points from 8000 m² on, in proportion between them"
    )
    assert rows["basics"][:4] == ("Basics", "basics", "15 points", "Quantitative")


def test_every_sheet_prints_the_whole_provenance_and_no_wider_than_its_table():
    page = scheme_page(shipped("nmg/incubator-2024"))
    book = openpyxl.load_workbook(io.BytesIO(scheme_xlsx(page)))

    for section, sheet in zip(page.sections, book.worksheets, strict=True):
        top = len(page.provenance) + 2
        last = "ABCDEFGH"[len(section.heads) - 1]
        assert sheet.print_area == f"'{sheet.title}'!$A$1:${last}${top + len(section.rows)}"
        # A note of several hundred signs is not one line high.
        assert sheet.row_dimensions[3].height > 60
        if len(section.heads) > 1:
            assert f"A3:{last}3" in sheet.merged_cells
