"""Reads .pdf: text in reading order, ruled tables, tables whose columns stand clear of one another without rules.

A .pdf knows neither paragraphs nor tables, only marks on pages. Page numbers and running heads are told by where and
how often they stand, paragraphs by lines that fill the measure, and a table that goes on over the page is one table.
Actions, links, forms and attachments are not looked at.
"""

import io
import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from statistics import median
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from hatchmark.documents.notice_files import limits
from hatchmark.documents.notice_files.blocks import Blocks
from hatchmark.documents.notice_files.heads import head_position, is_head, is_head_word
from hatchmark.documents.notice_files.limits import Unreadable, refused
from hatchmark.documents.notice_files.lines import together, width_of
from hatchmark.domain.folder_errors import FolderError
from hatchmark.domain.published_notices import NoticeDocument

_PAGE_NUMBER = re.compile(
    r"[-—–－―─·•\s]*(?:第\s*)?[0-9０-９]{1,4}(?:\s*[/／]\s*[0-9]{1,4})?(?:\s*页)?(?:\s*[,，/]?\s*共\s*[0-9]{1,4}\s*页)?[-—–－―─·•\s]*"
)
_MARGIN = 0.12
"""Share of a page's height, above and below, in which running heads and page numbers stand."""

_REPEATED = 3
_FULL_MEASURE = 0.6
"""Of the page's width: a line that ends before it was not broken because it was full."""

_CLEAR_GAP = 0.7
"""Of a character: a wider gap may part columns. Justified text stays below it."""
_UNKNOWN_GLYPH = re.compile(r"\(cid:\d+\)")
_DIGITS = re.compile(r"\d+")
_BEGINS = re.compile(
    r"(?:附\s*[件表录]\s*\d*\s*[:：]?|[（(]?[一二三四五六七八九十]{1,3}[)）、.．]|第[一二三四五六七八九十]+[章节条部]|\d{1,2}[.．、]\s*[^\d\s])"
)
_UNBREAKABLE = re.compile(r"[（(《〈“‘〔【\[]*(?:[A-Za-z0-9.,%+-]{1,16}|.)[，。；：、）)》〉”’〕】\]！？]*")
_TABLES = {
    "vertical_strategy": "lines",
    "horizontal_strategy": "lines",
    "snap_tolerance": 3,
    "intersection_tolerance": 4,
}
_SCANNED = (
    "holds pictures of pages and no text",
    "give the file it was scanned from, or run a text recognition (OCR) over it",
)


def prepare(*, file: str) -> None:
    """Keep pdfminer's complaints about each odd object off the error stream."""
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)


def read(raw: bytes, *, file: str, format: str) -> NoticeDocument:
    """Return the paragraphs and tables of all pages, top to bottom; raise FolderError for a scan or a damaged file."""
    blocks = Blocks(file)
    try:
        with pdfplumber.open(io.BytesIO(raw)) as pdf:
            _check_pages(pdf, file=file)
            pages = [_page_of(page, file=file) for page in pdf.pages]
    except (FolderError, MemoryError, RecursionError):
        raise
    except PDFPasswordIncorrect as error:
        raise refused(
            file, Unreadable.PASSWORD, "is protected by a password", "save it without a password"
        ) from error
    except PdfminerException as error:
        if error.args and isinstance(error.args[0], PDFPasswordIncorrect):
            raise refused(
                file, Unreadable.PASSWORD, "is protected by a password", "save it without a password"
            ) from error
        raise _damaged(file, error) from error
    except Exception as error:
        # pdfminer meets damaged objects with whatever exception they happen to cause.
        raise _damaged(file, error) from error
    _refuse_scan(pages, file=file)
    _drop_running_lines(pages)
    _write(pages, blocks)
    return blocks.document(format=format)


def _damaged(file: str, error: Exception) -> FolderError:
    reason = " ".join(str(error).split())[:100] or type(error).__name__
    return refused(
        file,
        Unreadable.DAMAGED,
        f"is damaged: it cannot be read as a .pdf ({reason})",
        "fetch it again, or save it as .docx",
    )


def _check_pages(pdf: Any, *, file: str) -> None:
    count = len(pdf.pages)
    if count > limits.MOST_PAGES:
        raise refused(
            file,
            Unreadable.TOO_MUCH,
            f"has more than the {limits.MOST_PAGES} pages that are read",
            "give the notice and its annexes alone",
            value=f"{count} pages",
        )
    if not count:
        raise refused(file, Unreadable.DAMAGED, "has no page", "fetch it again, or save it as .docx")


# ---- one page ------------------------------------------------------------------------------------


_Span = tuple[float, float]
"""Where something begins and ends across the page."""


@dataclass(slots=True)
class _Line:
    """One line of text: where it stands, and its pieces with clear gaps between them."""

    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    pieces: list["_Piece"]

    @property
    def text(self) -> str:
        return " ".join(piece.text for piece in self.pieces)


@dataclass(slots=True)
class _Piece:
    x0: float
    x1: float
    text: str


@dataclass(slots=True)
class _Table:
    """One ruled table of a page."""

    top: float
    bottom: float
    edges: tuple[float, ...]
    rows: list[list[str]]
    columns: list[_Span] | None = None
    """Where the columns of a table without rules stand."""


@dataclass(slots=True)
class _Page:
    width: float
    height: float
    lines: list[_Line]
    tables: list[_Table]
    has_pictures: bool
    characters: int
    unknown: int
    content: list["_Line | _Table"] = field(default_factory=list)


def _page_of(page: Any, *, file: str) -> _Page:
    characters = page.chars
    marks = len(characters) + len(page.rects) + len(page.lines) + len(page.curves)
    if marks > limits.MOST_MARKS_ON_A_PAGE:
        raise refused(
            file,
            Unreadable.TOO_MUCH,
            f"page {page.page_number} holds more than {limits.MOST_MARKS_ON_A_PAGE} characters and lines",
            "give the notice and its annexes alone",
            value=f"{marks} marks",
        )
    upright = page.filter(_is_shown).dedupe_chars(tolerance=1)
    tables: list[_Table] = []
    boxes: list[tuple[float, float, float, float]] = []
    if page.rects or page.lines or page.curves:
        for found in upright.find_tables(_TABLES):
            table = _table_of(found)
            if table is not None:
                tables.append(table)
                boxes.append(found.bbox)
    outside = [char for char in upright.chars if not _within(char, boxes)]
    result = _Page(
        width=float(page.width),
        height=float(page.height),
        lines=_lines_of(outside),
        tables=tables,
        has_pictures=bool(page.images),
        characters=len(characters),
        unknown=sum(bool(_UNKNOWN_GLYPH.search(char["text"])) for char in characters),
    )
    page.close()
    return result


def _is_shown(mark: dict[str, Any]) -> bool:
    """Whether a mark stands upright; a watermark across the page does not."""
    return mark["object_type"] != "char" or bool(mark.get("upright", True))


def _within(char: dict[str, Any], boxes: Iterable[tuple[float, float, float, float]]) -> bool:
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in boxes)


def _table_of(found: Any) -> _Table | None:
    """Return a ruled table; None for a box around a text or an underline under a letterhead."""
    rows = found.rows
    columns = sorted({round(cell[0]) for row in rows for cell in row.cells if cell is not None})
    edges = _distinct(columns)
    if len(rows) < 2 and len(edges) < 3:
        return None
    grid = _laid_out(found, edges)
    if not any(any(row) for row in grid) or len(edges) < 2:
        return None
    return _Table(top=found.bbox[1], bottom=found.bbox[3], edges=edges, rows=grid)


def _distinct(positions: Sequence[float]) -> tuple[float, ...]:
    kept: list[float] = []
    for each in positions:
        if not kept or each - kept[-1] > 3:
            kept.append(each)
    return tuple(kept)


def _laid_out(found: Any, edges: Sequence[float]) -> list[list[str]]:
    """Return the cells by row and column; one that spans rows is repeated in each of them."""
    tops = _distinct(sorted({round(cell[1]) for cell in found.cells}))
    texts = dict.fromkeys(found.cells, "")
    by_cell: dict[Any, list[dict[str, Any]]] = {cell: [] for cell in found.cells}
    index = _CellIndex(found.cells)
    for char in found.page.chars:
        cell = index.at((char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2)
        if cell is not None:
            by_cell[cell].append(char)
    for cell, chars in by_cell.items():
        texts[cell] = "\n".join(line.text for line in _lines_of(chars))
    grid = [["" for _ in edges] for _ in tops]
    for cell in found.cells:
        left, top, _, bottom = cell
        column = max((at for at, edge in enumerate(edges) if edge <= left + 3), default=0)
        for at, line in enumerate(tops):
            if top - 3 <= line < bottom - 3:
                grid[at][column] = texts[cell]
    return grid


class _CellIndex:
    """Finds the cell at a place without asking each of them."""

    _STRIP = 20

    def __init__(self, cells: Iterable[Any]) -> None:
        self._strips: dict[int, list[Any]] = {}
        for cell in cells:
            for strip in range(int(cell[1] // self._STRIP), int(cell[3] // self._STRIP) + 1):
                self._strips.setdefault(strip, []).append(cell)

    def at(self, x: float, y: float) -> Any | None:
        """Return the cell at a place."""
        for cell in self._strips.get(int(y // self._STRIP), ()):
            if cell[0] <= x <= cell[2] and cell[1] <= y <= cell[3]:
                return cell
        return None


# ---- lines ---------------------------------------------------------------------------------------


def _lines_of(chars: Iterable[dict[str, Any]]) -> list[_Line]:
    """Return the lines of some characters, top to bottom, each cut where its gaps are wider than a character."""
    lines: list[list[dict[str, Any]]] = []
    for char in sorted(chars, key=lambda each: ((each["top"] + each["bottom"]) / 2, each["x0"])):
        middle = (char["top"] + char["bottom"]) / 2
        if lines:
            last = lines[-1]
            height = max(char["size"], last[0]["size"])
            if abs(middle - (last[-1]["top"] + last[-1]["bottom"]) / 2) <= height * 0.45:
                last.append(char)
                continue
        lines.append([char])
    return [
        line for each in lines if (line := _line_of(sorted(each, key=lambda char: char["x0"]))) is not None
    ]


def _line_of(chars: Sequence[dict[str, Any]]) -> _Line | None:
    shown = [char for char in chars if char["text"].strip()]
    if not shown:
        return None
    size = median(char["size"] for char in shown)
    pieces: list[_Piece] = []
    spaces = 0
    for char in chars:
        text = char["text"]
        if not text.strip():
            spaces += 2 if text == "\u3000" else 1
            continue
        gap = char["x0"] - pieces[-1].x1 if pieces else 0
        if pieces and gap <= size * _CLEAR_GAP and spaces < 4:
            parted = spaces and gap > size * 0.15 and (_is_word(pieces[-1].text[-1:]) or _is_word(text[:1]))
            pieces[-1].text += f" {text}" if parted else text
            pieces[-1].x1 = max(pieces[-1].x1, char["x1"])
        else:
            pieces.append(_Piece(char["x0"], char["x1"], text))
        spaces = 0
    return _Line(
        x0=shown[0]["x0"],
        x1=max(char["x1"] for char in shown),
        top=min(char["top"] for char in shown),
        bottom=max(char["bottom"] for char in shown),
        size=size,
        pieces=pieces,
    )


def _is_word(character: str) -> bool:
    return character.isascii() and character.isalpha()


# ---- what is on every page -----------------------------------------------------------------------


def _refuse_scan(pages: Sequence[_Page], *, file: str) -> None:
    characters = sum(page.characters for page in pages)
    unknown = sum(page.unknown for page in pages)
    pictures = sum(page.has_pictures for page in pages)
    if characters < 20 * max(len(pages), 1) and pictures * 2 >= len(pages) and pictures:
        raise refused(file, Unreadable.SCAN, *_SCANNED)
    if unknown * 5 > characters and characters:
        raise refused(
            file,
            Unreadable.SCAN,
            "does not say which characters its fonts show, so that no text can be read from it",
            "give the file it was made from, or run a text recognition (OCR) over it",
        )


def _drop_running_lines(pages: Sequence[_Page]) -> None:
    """Take page numbers off, and lines that stand at the same place in the margin of several pages."""
    seen = Counter(
        key for page in pages for key in {_running_key(line, page) for line in page.lines} if key is not None
    )
    for page in pages:
        page.lines = [
            line
            for line in page.lines
            if not (
                (key := _running_key(line, page)) is not None
                and (seen[key] >= _REPEATED or _PAGE_NUMBER.fullmatch(line.text))
            )
        ]


def _running_key(line: _Line, page: _Page) -> tuple[str, int] | None:
    in_margin = line.bottom < page.height * _MARGIN or line.top > page.height * (1 - _MARGIN)
    if not in_margin:
        return None
    return _DIGITS.sub("0", line.text), round(line.top / 4)


# ---- from pages to blocks ------------------------------------------------------------------------


def _write(pages: Sequence[_Page], blocks: Blocks) -> None:
    pending: _Table | None = None
    prose: list[tuple[_Line, _Page]] = []
    for page in pages:
        content: list[_Line | _Table] = sorted([*page.lines, *page.tables], key=lambda each: each.top)
        open_columns = pending.columns if pending is not None and not prose else None
        for item in _with_unruled_tables(content, open_columns):
            if isinstance(item, _Table):
                _write_prose(prose, blocks)
                pending = _joined(pending, item, blocks)
            else:
                if pending is not None:
                    blocks.table(pending.rows)
                    pending = None
                prose.append((item, page))
    if pending is not None:
        blocks.table(pending.rows)
    _write_prose(prose, blocks)


def _joined(before: _Table | None, table: _Table, blocks: Blocks) -> _Table:
    """Return the table before with this one added where it goes on over the page; else write it, and return this."""
    if before is None:
        return table
    rows = table.rows
    head = head_position(before.rows)
    repeated = head is not None and rows and _same(before.rows[head], rows[0])
    if len(before.edges) != len(table.edges) or (is_head(rows[0]) and not repeated):
        blocks.table(before.rows)
        return table
    if repeated:
        rows = rows[1:]
    if rows and before.rows and _is_rest_of_row(rows[0], head is not None):
        last = before.rows[-1]
        before.rows[-1] = [f"{one}\n{other}".strip("\n") for one, other in zip(last, rows[0], strict=True)]
        rows = rows[1:]
    before.rows.extend(rows)
    before.bottom = table.bottom
    return before


def _same(one: Sequence[str], other: Sequence[str]) -> bool:
    return ["".join(cell.split()) for cell in one] == ["".join(cell.split()) for cell in other]


def _is_rest_of_row(row: Sequence[str], has_head: bool) -> bool:
    """Whether the first row of a page is what did not fit on the page before: a few cells, and no serial."""
    filled = sum(bool(cell) for cell in row)
    return has_head and not row[0] and 0 < filled < max(len(row) - 1, 2)


def _write_prose(prose: list[tuple[_Line, _Page]], blocks: Blocks) -> None:
    """Write lines as paragraphs: a line that fills the measure goes on in the next, unless that one is indented."""
    if not prose:
        return
    left, right = _measure(prose)
    paragraph = ""
    previous: _Line | None = None
    for line, page in prose:
        goes_on = (
            previous is not None
            and previous.x1 + _chunk(line) >= right - previous.size * 1.1
            and previous.x1 >= page.width * _FULL_MEASURE
            and line.x0 <= left + line.size * 0.9
            and abs(line.size - previous.size) < 1.5
            and not _BEGINS.match(line.text)
        ) or (previous is not None and _is_broken_title(previous, line, page))
        if goes_on:
            paragraph = together(paragraph, line.text)
        else:
            blocks.paragraph(paragraph)
            paragraph = line.text
        previous = line
    blocks.paragraph(paragraph)
    prose.clear()


def _chunk(line: _Line) -> float:
    """Return how much room the beginning of a line takes that no line end may cut: a number, an opening bracket."""
    found = _UNBREAKABLE.match(line.text)
    return width_of(found[0]) * line.size / 2 if found is not None else 0


def _is_broken_title(previous: _Line, line: _Line, page: _Page) -> bool:
    """Whether two lines are one title: large, both centred, the one right under the other."""

    def centred(each: _Line) -> bool:
        return abs((each.x0 + each.x1) / 2 - page.width / 2) < each.size

    return (
        previous.size >= 17.5
        and abs(line.size - previous.size) < 0.6
        and centred(previous)
        and centred(line)
        and 0 < line.top - previous.top < line.size * 2.6
    )


def _measure(prose: Sequence[tuple[_Line, _Page]]) -> tuple[float, float]:
    """Return where most lines begin, and where the longest end."""
    lefts = Counter(round(line.x0) for line, _ in prose)
    left = min(position for position, count in lefts.items() if count >= max(lefts.values()) / 3)
    return left, max(line.x1 for line, _ in prose)


# ---- tables without rules ------------------------------------------------------------------------


def _with_unruled_tables(
    content: Sequence[_Line | _Table], open_columns: list[_Span] | None
) -> Iterator[_Line | _Table]:
    """Yield what is on a page, lines under a head of known words made a table where their columns stand clear.

    `open_columns` are those of a table that the page before ended with: it goes on where lines stand in them.
    """
    at = 0
    while at < len(content):
        item = content[at]
        if isinstance(item, _Line):
            lines = list(takewhile(lambda each: isinstance(each, _Line), content[at:]))
            taken, table = _unruled([line for line in lines if isinstance(line, _Line)], open_columns)
            open_columns = None
            if table is not None:
                yield table
                at += taken
                continue
        yield item
        at += 1


def _unruled(lines: Sequence[_Line], open_columns: list[_Span] | None) -> tuple[int, _Table | None]:
    """Return how many lines the table that begins here takes, and the table; none where its columns are not clear."""
    first = lines[0]
    heads = [piece.text for piece in first.pieces]
    has_head = is_head(heads) and sum(map(is_head_word, heads)) * 3 >= len(heads) * 2
    if not has_head and (open_columns is None or not _stands_in(first, open_columns)):
        return 0, None
    width = len(heads) if has_head else len(open_columns or ())
    taken = 1
    full = [first]
    while taken < len(lines):
        line = lines[taken]
        if len(line.pieces) >= max(2, width - 1):
            full.append(line)
        elif not _fits(line, full) or line.top - lines[taken - 1].bottom > first.size * 2.5:
            break
        taken += 1
    if has_head:
        columns = _columns([line for line in full if len(line.pieces) == width])
        if len(full) < 3 or len(columns) != width:
            return 0, None
    else:
        columns = list(open_columns or ())
        taken = sum(1 for _ in takewhile(lambda line: _stands_in(line, columns), lines[:taken]))
    rows = _rows_in(columns, lines[:taken], has_head=has_head)
    edges = tuple(left for left, _ in columns)
    return taken, _Table(
        top=first.top, bottom=lines[taken - 1].bottom, edges=edges, rows=rows, columns=columns
    )


def _rows_in(columns: list[_Span], lines: Sequence[_Line], *, has_head: bool) -> list[list[str]]:
    """Return the rows that lines form: each has a line with a serial, and the lines nearer to it than to another."""
    rows: list[list[list[str]]] = []
    leading: list[list[str]] = []
    for at, line in enumerate(lines):
        cells = ["" for _ in columns]
        for piece in line.pieces:
            middle = (piece.x0 + piece.x1) / 2
            column = min(range(len(columns)), key=lambda each: _distance(columns[each], middle))
            cells[column] = f"{cells[column]} {piece.text}".strip()
        above = line.top - lines[at - 1].bottom if at else 0
        below = lines[at + 1].top - line.bottom if at + 1 < len(lines) else None
        if cells[0] or not rows:
            rows.append([*leading, cells])
            leading = []
        elif below is not None and below < above - line.size * 0.15 and not (has_head and len(rows) == 1):
            leading.append(cells)
        else:
            rows[-1].append(cells)
    if leading:
        rows[-1].extend(leading)
    return [
        ["\n".join(filter(None, (cells[column] for cells in row))) for column in range(len(columns))]
        for row in rows
    ]


def _stands_in(line: _Line, columns: list[_Span]) -> bool:
    """Whether every piece of a line stands within one column, and none over two."""
    for piece in line.pieces:
        over = sum(piece.x0 < right and left < piece.x1 for left, right in columns)
        if over != 1:
            return False
    return True


def _fits(line: _Line, rows: Sequence[_Line]) -> bool:
    """Whether each piece of a line stands under one piece of a row above, as the rest of a broken cell does."""
    above = [piece for row in rows[-3:] for piece in row.pieces]
    return not _BEGINS.match(line.text) and all(
        any(piece.x0 < other.x1 and other.x0 < piece.x1 for other in above)
        and sum(piece.x0 < other.x1 and other.x0 < piece.x1 for other in rows[-1].pieces) <= 1
        for piece in line.pieces
    )


def _columns(rows: Sequence[_Line]) -> list[_Span]:
    """Return the stretches that the cells of full rows cover together: one a column, where columns are clear."""
    spans = sorted((piece.x0, piece.x1) for row in rows for piece in row.pieces)
    columns: list[_Span] = []
    for left, right in spans:
        if columns and left <= columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], right))
        else:
            columns.append((left, right))
    return columns


def _distance(column: _Span, middle: float) -> float:
    left, right = column
    return 0 if left <= middle <= right else min(abs(left - middle), abs(right - middle))
