"""Reads .txt: one cell a line behind a TAB, cells of a row on one line, tables drawn with | or set with spaces."""

import re
from collections.abc import Sequence

from hatchmark.documents.notice_files.blocks import Blocks
from hatchmark.documents.notice_files.encodings import decode
from hatchmark.documents.notice_files.heads import (
    head_position,
    is_head,
    is_head_word,
    is_serial,
    serial_number,
)
from hatchmark.documents.notice_files.lines import joined_lines
from hatchmark.domain.published_notices import NoticeDocument

_LINE_ENDS = re.compile(r"\r\n|[\n\r\f\x85\u2028\u2029]")
_DRAWN = re.compile(r"\s*[|｜│┃].*[|｜│┃]\s*")
_RULE = re.compile(r"\s*[-+=|:｜│┃─━┌┐└┘├┤┬┴┼╋\s]+")
_WIDEST = 12
"""A table that lost its tabs has no more columns than this."""
_BARS = re.compile(r"[|｜│┃]")
_GAP = re.compile(r"[ \u00a0]{2,}|\u3000+[ \u00a0\u3000]*|[ \u00a0]+\u3000+")
# A line that begins something of its own, although it stands directly under a cell.
_SECTION = re.compile(
    r"\s*(?:附\s*[件表录]|[（(]?[一二三四五六七八九十]{1,3}[)）、.．]|第[一二三四五六七八九十]+[章节条部]|注[:：]|备注[:：]|说明[:：])"
)


def prepare(*, file: str) -> None:
    """Nothing has to be made ready."""


def read(raw: bytes, *, file: str, format: str) -> NoticeDocument:
    """Return the paragraphs and tables of a text file; raise FolderError for bytes that are no text."""
    blocks = Blocks(file)
    read_lines(_LINE_ENDS.split(decode(raw, file=file)), blocks)
    return blocks.document(format=format)


def read_lines(lines: Sequence[str], blocks: Blocks) -> None:
    """Add the paragraphs and tables of a plain text, line by line."""
    at = 0
    prose: list[str] = []

    def end_prose() -> None:
        for paragraph in joined_lines(prose):
            blocks.paragraph(paragraph)
        prose.clear()

    while at < len(lines):
        for reader in (_cells_by_line, _rows_by_tabs, _drawn_table, _spaced_table, _bare_cells):
            found = reader(lines, at)
            if found is not None:
                end_prose()
                grid, at = found
                blocks.table(grid)
                break
        else:
            prose.append(lines[at])
            at += 1
    end_prose()


_Found = tuple[list[list[str]], int]
"""A grid, and the line after it."""


def _is_blank(line: str) -> bool:
    """Whether a line is empty; a lone TAB is an empty cell."""
    return not line.strip() and "\t" not in line


# ---- one cell a line, each behind a TAB ----------------------------------------------------------


def _is_cell(line: str) -> bool:
    return line.lstrip(" \u3000").startswith("\t") and len(line.strip().split("\t")) == 1


def _cells_by_line(lines: Sequence[str], at: int) -> _Found | None:
    """Return the table that begins here with a cell a line; None where none does."""
    groups, end = _groups_of_cells(lines, at)
    width = _width_of(groups)
    if width is None:
        return None
    grid: list[list[str]] = []
    for group in groups:
        if len(group) <= width:
            grid.append(group)
        else:
            grid.extend(_rows_of(group, width))
    return grid, end


def _groups_of_cells(lines: Sequence[str], at: int) -> tuple[list[list[str]], int]:
    """Return the cells from here on, in groups with empty lines between them, and the line after the last."""
    groups: list[list[str]] = []
    group: list[str] = []
    end = at
    while at < len(lines):
        line = lines[at]
        if _is_blank(line):
            if group:
                groups.append(group)
            group = []
        elif _is_cell(line):
            group.append(line.strip())
            end = at + 1
        elif group and not _SECTION.match(line) and "\t" not in line.strip():
            group[-1] += f"\n{line.strip()}"
            end = at + 1
        else:
            break
        at += 1
    if group:
        groups.append(group)
    return groups, end


def _width_of(groups: Sequence[Sequence[str]]) -> int | None:
    """Return the number of columns: the cells before the first serial, or those that most groups have."""
    cells = [cell for group in groups for cell in group]
    if len(cells) < 4:
        return None
    first = next((at for at, cell in enumerate(cells[:40]) if serial_number(cell) == 1), None)
    if first is not None and first >= 2:
        heads = [cell for cell in cells[:first] if cell]
        # A serial that stands in another column than the first has its head before it.
        before = next((at for at, cell in enumerate(heads) if is_head_word(cell)), None)
        if before is not None:
            return len(groups[0]) if is_head(groups[0]) and len(groups) > 1 else len(heads) - before
    sizes = [len(group) for group in groups if len(group) > 1]
    if len(sizes) < 2:
        return None
    common = max(set(sizes), key=sizes.count)
    return common if sizes.count(common) * 2 > len(sizes) else None


def _rows_of(group: Sequence[str], width: int) -> list[list[str]]:
    """Cut cells without empty lines between the rows: after so many cells, or before the serial that comes next."""
    rows: list[list[str]] = []
    row: list[str] = []
    due = 1
    for at, cell in enumerate(group):
        begins = serial_number(cell) == due and (len(row) >= width or _serial_follows(group, at, width, due))
        if row and (begins or len(row) >= width):
            rows.append(row)
            row = []
        if not row and serial_number(cell) is not None:
            due = (serial_number(cell) or 0) + 1
        row.append(cell)
    if row:
        rows.append(row)
    return rows


def _serial_follows(group: Sequence[str], at: int, width: int, due: int) -> bool:
    """Whether the serial after this one stands where it would if this were one: a row short of cells begins anew."""
    return at + width < len(group) and serial_number(group[at + width]) == due + 1


# ---- one cell a line, with nothing before it ------------------------------------------------------


def _bare_cells(lines: Sequence[str], at: int) -> _Found | None:
    """Return the table whose head begins here with 序号, one cell a line; None where the rows do not keep step.

    Pages that are copied as plain text lose their tables so. Only a head of known words, and serials that come
    again after as many lines as the head has, tell them from prose.
    """
    if lines[at].strip() not in ("序号", "编号"):
        return None
    cells, places = [], []
    for position in range(at, len(lines)):
        if text := lines[position].strip():
            cells.append(text)
            places.append(position)
    width = next((i for i, cell in enumerate(cells[:_WIDEST]) if serial_number(cell) == 1), 0)
    if width < 2 or not is_head(cells[:width]):
        return None
    rows = [cells[:width]]
    start = width
    while start + width <= len(cells) and serial_number(cells[start]) == len(rows):
        rows.append(cells[start : start + width])
        start += width
    return (rows, places[start - 1] + 1) if len(rows) > 2 else None


# ---- rows of cells with TABs between them --------------------------------------------------------


def _cells_of(line: str) -> list[str]:
    cells = [cell.strip() for cell in line.strip("\n\r ").split("\t")]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _rows_by_tabs(lines: Sequence[str], at: int) -> _Found | None:
    """Return the table whose rows are lines with TABs in them; None where none begins here."""
    first = _cells_of(lines[at])
    if len([cell for cell in first if cell]) < 2:
        return None
    width = len(first)
    if not (is_head(first) or (width >= 3 and _goes_on(lines, at, width))):
        return None
    grid: list[list[str]] = []
    blank = False
    while at < len(lines):
        line = lines[at]
        cells = _cells_of(line)
        if not cells:
            blank = not line.strip()
            at += 1
            continue
        if grid and not blank and _carries_on(grid[-1], cells, width):
            grid[-1] = [*grid[-1][:-1], f"{grid[-1][-1]}\n{cells[0]}".strip("\n"), *cells[1:]]
        elif len(cells) >= 2 or _stands_between(lines, at, width, cells[0]):
            grid.append(cells)
        else:
            break
        blank = False
        at += 1
    indented = all(row and not row[0] for row in grid if len(row) > 1)
    return [row[1:] if indented and len(row) > 1 else row for row in grid], at


def _goes_on(lines: Sequence[str], at: int, width: int) -> bool:
    following = [line for line in lines[at + 1 : at + 4] if line.strip()]
    return bool(following) and len(_cells_of(following[0])) == width


def _carries_on(row: Sequence[str], cells: Sequence[str], width: int) -> bool:
    """Whether a line is the rest of a row that a line break inside a cell cut in two."""
    return (
        len(row) < width
        and len(row) - 1 + len(cells) <= width
        and not is_serial(cells[0])
        and not _SECTION.match(cells[0])
        and (len(cells) > 1 or is_serial(row[0]) or is_head_word(row[0]))
        and not is_head(cells)
    )


def _stands_between(lines: Sequence[str], at: int, width: int, text: str) -> bool:
    """Whether a lone text stands between rows of one table, as the name of a group does, and no head follows it."""
    following = next((line for line in lines[at + 1 : at + 4] if line.strip()), "")
    cells = _cells_of(following)
    return len(cells) >= max(2, width - 1) and not is_head(cells) and len(text) <= 40 and "附件" not in text


# ---- tables drawn with bars ----------------------------------------------------------------------


def _drawn_table(lines: Sequence[str], at: int) -> _Found | None:
    """Return the table that is drawn with | here; a line whose first cell is empty carries on the row above it."""
    if not _DRAWN.fullmatch(lines[at]) and not _opens_drawing(lines, at):
        return None
    grid: list[list[str]] = []
    # Where rules part the rows, a line without a rule above it carries on the row; else one with an empty first cell.
    ruled = any(_is_rule(line) for line in lines[at + 3 : at + 8])
    new_row = True
    while at < len(lines):
        line = lines[at]
        if _is_rule(line):
            new_row = True
        elif _DRAWN.fullmatch(line):
            cells = [cell.strip() for cell in _BARS.split(line.strip())[1:-1]]
            rest = (
                grid
                and len(cells) == len(grid[-1])
                and (
                    not new_row if ruled else not cells[0] and any(cells) and not _counts_on(grid[-1], cells)
                )
            )
            if rest:
                grid[-1] = [f"{one}\n{other}".strip("\n") for one, other in zip(grid[-1], cells, strict=True)]
            else:
                grid.append(cells)
            new_row = False
        else:
            break
        at += 1
    return (grid, at) if len(grid) > 1 or (grid and len(grid[0]) > 1) else None


def _counts_on(row: Sequence[str], cells: Sequence[str]) -> bool:
    """Whether a line has a serial where the row above it has one: a row of its own, its first cell merged."""
    return any(
        serial_number(one) is not None and serial_number(other) is not None
        for one, other in zip(row, cells, strict=True)
    )


def _is_rule(line: str) -> bool:
    """Whether a line is drawn of dashes, with or without bars and corners; empty cells are none."""
    return _RULE.fullmatch(line) is not None and any(each in "-=_─━┼" for each in line)


def _opens_drawing(lines: Sequence[str], at: int) -> bool:
    """Whether this is the rule above a drawn table."""
    return _is_rule(lines[at]) and at + 1 < len(lines) and _DRAWN.fullmatch(lines[at + 1]) is not None


# ---- tables set with spaces ----------------------------------------------------------------------


def _spaced_table(lines: Sequence[str], at: int) -> _Found | None:
    """Return the table under a head whose known words stand apart by spaces; None where there is no such head."""
    heads = _spaced(lines[at])
    if len(heads) < 2 or not is_head(heads) or sum(map(is_head_word, heads)) * 3 < len(heads) * 2:
        return None
    width = len(heads)
    grid = [heads]
    start = at
    at += 1
    blank = 0
    while at < len(lines):
        cells = _spaced(lines[at])
        if not cells:
            blank += 1
            at += 1
            continue
        if len(cells) == width or (len(cells) >= 2 and is_serial(cells[0]) and len(cells) < width):
            grid.append(cells)
        elif (
            len(grid) > 1
            and not blank
            and not _SECTION.match(lines[at])
            and lines[at].startswith((" ", "\u3000"))
        ):
            grid[-1] = _with_rest(grid[-1], cells, lines[at - 1], lines[at])
        else:
            break
        blank = 0
        at += 1
    end = at
    return (grid, end) if len(grid) > 1 and head_position(grid) == 0 and end > start + 1 else None


def _spaced(line: str) -> list[str]:
    return [cell.strip() for cell in _GAP.split(line.strip()) if cell.strip()]


def _with_rest(row: list[str], cells: Sequence[str], above: str, line: str) -> list[str]:
    """Add the rest of broken cells to those that stand over them."""
    starts = [above.find(cell.split("\n")[-1]) for cell in row]
    row = list(row)
    for cell in cells:
        place = line.find(cell)
        column = max((at for at, start in enumerate(starts) if 0 <= start <= place + 1), default=len(row) - 1)
        row[column] = f"{row[column]}\n{cell}"
    return row
