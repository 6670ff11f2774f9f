"""Reads a statistics return (火炬统计), .xlsx or .csv: one row for each institution, or the printed form of one."""

from collections.abc import Mapping

from hatchmark.documents.tables import Table, TableRow, parse_csv, parse_xlsx
from hatchmark.domain.folder_errors import FolderError
from hatchmark.domain.scheme import Scheme
from hatchmark.domain.statistics_returns import (
    FORM_LABELS,
    FORM_VALUES,
    BadCell,
    ReturnLine,
    ReturnTitles,
    StatisticsFile,
    compared,
    read_cell,
)

_UNITS = ("计量单位", "单位")


def read_statistics(content: bytes, *, file: str, scheme: Scheme, titles: ReturnTitles) -> StatisticsFile:
    """Read a return. Cells that cannot be are told line by line; raises FolderError where the file cannot be read."""
    table = parse_csv(content, file=file) if file.lower().endswith(".csv") else parse_xlsx(content, file=file)
    heads = {compared(head): head for head in table.header}
    label = next((heads[each] for each in FORM_LABELS if each in heads), None)
    value = next((heads[each] for each in FORM_VALUES if each in heads), None)
    if label is not None and value is not None:
        return _form(table, label, value, scheme, titles)
    name = next((heads[each] for each in heads if each in titles.names), None)
    code = next((heads[each] for each in heads if each in titles.codes), None)
    if name is None and code is None:
        raise FolderError(
            table.place(1),
            value=", ".join(table.header[:8]),
            problem="names no institution in its first row",
            remedy=f"give a column {', '.join(sorted(titles.names))}, or {', '.join(sorted(titles.codes))}; "
            f"or the form of one institution with the columns {FORM_LABELS[0]} and {FORM_VALUES[0]}",
        )
    meant = {
        head: titles.figures[compared(head)]
        for head in table.header
        if head not in (name, code) and titles.figures.get(compared(head)) in scheme.asked
    }
    lines = [_line(row, name, code, meant, scheme) for row in table.rows]
    unknown = [head for head in table.header if head not in meant and head not in (name, code)]
    return StatisticsFile(lines=lines, known=list(meant), unknown=unknown)


class _Line:
    """Collects what is said of one institution, and every cell that cannot be."""

    def __init__(self, scheme: Scheme) -> None:
        self._scheme = scheme
        self.figures: dict[str, str] = {}
        self.bad: list[BadCell] = []

    def take(self, code: str, title: str, text: str, *, row: int, column: str, unit: str = "") -> None:
        """Take one cell. An empty one says nothing; it is no zero."""
        if not text:
            return
        try:
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


def _line(
    row: TableRow, name: str | None, code: str | None, meant: Mapping[str, str], scheme: Scheme
) -> ReturnLine:
    line = _Line(scheme)
    for head, figure in meant.items():
        line.take(figure, head, row.cells[head], row=row.number, column=head)
    return line.done(
        row=row.number, name=row.cells[name] if name else "", code=row.cells[code] if code else ""
    )


def _form(table: Table, label: str, value: str, scheme: Scheme, titles: ReturnTitles) -> StatisticsFile:
    unit = next((head for head in table.header if compared(head) in _UNITS), None)
    line = _Line(scheme)
    known, unknown = [], []
    name = code = ""
    for row in table.rows:
        title = row.cells[label]
        plain = compared(title)
        if plain in titles.names:
            name = name or row.cells[value]
        elif plain in titles.codes:
            code = code or row.cells[value]
        elif (figure := titles.figures.get(plain)) is not None and figure in scheme.asked:
            known.append(title)
            given = row.cells[unit] if unit else ""
            line.take(figure, title, row.cells[value], row=row.number, column=value, unit=given)
        else:
            unknown.append(title)
    if not name and not code:
        raise FolderError(
            table.place(1),
            problem="is the form of one institution and does not name it",
            remedy=f"write a row {', '.join(sorted(titles.names))} with the name beside it",
        )
    return StatisticsFile(lines=[line.done(row=1, name=name, code=code)], known=known, unknown=unknown)
