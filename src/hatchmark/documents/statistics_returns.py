"""Reads a statistics return (火炬统计), .xlsx or .csv: one row for each institution, or the printed form of one.

Such files bear a title and merged cells above their table: the head is looked for in the first rows, and said. Two rows
that could be it, or none, are for a person to settle: a wrong head would give every figure another meaning.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hatchmark.documents.tables import Grid, SpoiltCell, read_grid
from hatchmark.domain.scheme import Scheme
from hatchmark.domain.statistics_returns import (
    FORM_LABELS,
    FORM_VALUES,
    BadCell,
    ReturnLine,
    ReturnProblem,
    ReturnTitles,
    StatisticsFile,
    compared,
    read_cell,
)

HEAD_WITHIN = 12
"""So many rows may stand above and with the head: titles, the year, who filled it in."""

_UNITS = ("计量单位", "单位")
_SPOILT = {
    "digits": "数字超过15位，末尾几位已丢失|lost its last digits",
    "time": "是时刻，不是数字|is a time of day",
    "error_value": "公式出错|holds an error of the spreadsheet",
    "formula": "公式没有计算结果，请在 Excel 或 WPS 中打开并保存|was never computed: open and save it in Excel or WPS",
    "merged": "是合并单元格，请取消合并并逐格填写|is merged: unmerge it and fill each cell",
    "long_cell": "文字过长|is too long",
    "unprintable": "含不可见字符|holds invisible characters",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """The row that was taken as the head. `columns` are its texts; `name` and `value` are None where it has none."""

    row: int
    columns: Sequence[str]
    form: bool
    name: int | None
    code: int | None
    value: int | None


def read_statistics(content: bytes, *, file: str, scheme: Scheme, titles: ReturnTitles) -> StatisticsFile:
    """Read a return. Cells that cannot be are told line by line.

    Raises FolderError where the file cannot be read, ReturnProblem where no row, or more than one, is its head.
    """
    grid = read_grid(content, file=file)
    head = _head_of(grid, titles)
    return _form(grid, head, scheme, titles) if head.form else _rows(grid, head, scheme, titles)


def _head_of(grid: Grid, titles: ReturnTitles) -> _Head:
    found = [
        head
        for number, cells in enumerate(grid[:HEAD_WITHIN], start=1)
        if (head := _as_head(number, [_text(cell) for cell in cells], titles)) is not None
    ]
    # Below the head of a form its own rows follow, and one of them names the institution as a head would.
    if found and found[0].form:
        found = [head for head in found if head.form]
    if len(found) == 1:
        return found[0]
    looked_for: dict[str, object] = {
        "names": sorted({*titles.names, *titles.codes}, key=lambda each: (len(each), each)),
        "figures": list(titles.figures)[:6],
        "label": FORM_LABELS[0],
        "value": FORM_VALUES[0],
        "within": min(HEAD_WITHIN, len(grid)),
    }
    if not found:
        raise ReturnProblem(
            "head_missing", "names no institution in a row that could be its head", looked_for
        )
    rows = [head.row for head in found]
    raise ReturnProblem(
        "head_twice", f"rows {', '.join(map(str, rows))} could each be its head", {**looked_for, "rows": rows}
    )


def _as_head(row: int, columns: Sequence[str], titles: ReturnTitles) -> _Head | None:
    plain = [compared(text) for text in columns]

    def first(known: frozenset[str] | tuple[str, ...]) -> int | None:
        return next((index for index, text in enumerate(plain) if text in known), None)

    label, value = first(FORM_LABELS), first(FORM_VALUES)
    if label is not None and value is not None:
        return _Head(row=row, columns=columns, form=True, name=label, code=None, value=value)
    name, code = first(titles.names), first(titles.codes)
    if (name is None and code is None) or not any(text in titles.figures for text in plain):
        return None
    return _Head(row=row, columns=columns, form=False, name=name, code=code, value=None)


def _text(cell: str | SpoiltCell) -> str:
    return (cell.text if isinstance(cell, SpoiltCell) else cell).strip()


def _cell(cells: Sequence[str | SpoiltCell], index: int | None) -> str | SpoiltCell:
    return cells[index] if index is not None and index < len(cells) else ""


class _Line:
    """Collects what is said of one institution, and every cell that cannot be."""

    def __init__(self, scheme: Scheme) -> None:
        self._scheme = scheme
        self.figures: dict[str, str] = {}
        self.bad: list[BadCell] = []

    def take(
        self, code: str, title: str, cell: str | SpoiltCell, *, row: int, column: str, unit: str = ""
    ) -> None:
        """Take one cell. An empty one says nothing; it is no zero."""
        text = _text(cell)
        if not text and not isinstance(cell, SpoiltCell):
            return
        try:
            if isinstance(cell, SpoiltCell):
                raise ValueError(_SPOILT[cell.rule])
            found = read_cell(self._scheme.asked[code].figure, title, text, unit=unit)
        except ValueError as error:
            zh, _, en = str(error).partition("|")
            self.bad.append(BadCell(row=row, column=column, value=text, zh=zh, en=en))
            return
        if self.figures.setdefault(code, found) != found:
            zh, en = "与表中另一处同一指标的数值不同", "differs from another cell of the same figure"
            self.bad.append(BadCell(row=row, column=column, value=text, zh=zh, en=en))

    def done(self, *, row: int, name: str, code: str) -> ReturnLine:
        """Return the line as it stands now."""
        return ReturnLine(row=row, name=name, code=code, figures=self.figures, bad=self.bad)


def _rows(grid: Grid, head: _Head, scheme: Scheme, titles: ReturnTitles) -> StatisticsFile:
    meant: dict[int, str] = {}
    for index, text in enumerate(head.columns):
        figure = titles.figures.get(compared(text))
        if figure is not None and figure in scheme.asked and index not in (head.name, head.code):
            meant[index] = figure
    lines = [
        _line(row, cells, head, meant, scheme)
        for row, cells in enumerate(grid[head.row :], start=head.row + 1)
        if any(map(_text, cells))
    ]
    used = {*meant, head.name, head.code}
    return StatisticsFile(
        lines=lines,
        known=[head.columns[index] for index in meant],
        unknown=[text for index, text in enumerate(head.columns) if text and index not in used],
        head_row=head.row,
    )


def _line(
    row: int, cells: Sequence[str | SpoiltCell], head: _Head, meant: Mapping[int, str], scheme: Scheme
) -> ReturnLine:
    line = _Line(scheme)
    for index, figure in meant.items():
        title = head.columns[index]
        line.take(figure, title, _cell(cells, index), row=row, column=title)
    return line.done(row=row, name=_text(_cell(cells, head.name)), code=_text(_cell(cells, head.code)))


def _form(grid: Grid, head: _Head, scheme: Scheme, titles: ReturnTitles) -> StatisticsFile:
    unit = next((index for index, text in enumerate(head.columns) if compared(text) in _UNITS), None)
    line = _Line(scheme)
    known, unknown = [], []
    name = code = ""
    for row, cells in enumerate(grid[head.row :], start=head.row + 1):
        title = _text(_cell(cells, head.name))
        value = _cell(cells, head.value)
        plain = compared(title)
        if plain in titles.names:
            name = name or _text(value)
        elif plain in titles.codes:
            code = code or _text(value)
        elif (figure := titles.figures.get(plain)) is not None and figure in scheme.asked:
            known.append(title)
            column = head.columns[head.value or 0]
            line.take(figure, title, value, row=row, column=column, unit=_text(_cell(cells, unit)))
        elif title:
            unknown.append(title)
    if not name and not code:
        raise ReturnProblem(
            "form_nameless",
            "is the form of one institution and does not name it",
            {"names": sorted(titles.names, key=lambda each: (len(each), each)), "row": head.row},
        )
    return StatisticsFile(
        lines=[line.done(row=head.row, name=name, code=code)],
        known=known,
        unknown=unknown,
        head_row=head.row,
    )
