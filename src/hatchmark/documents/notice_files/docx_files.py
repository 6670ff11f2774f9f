"""Reads .docx as it is shown: body order, tables with merged cells, text boxes, list numbers; deleted text is left out.

The parts are read as XML within bounds. Nothing outside the package is followed, and no field or macro is carried out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from hatchmark.documents.notice_files.blocks import Blocks
from hatchmark.documents.notice_files.grids import Grid
from hatchmark.documents.notice_files.limits import Unreadable, refused
from hatchmark.documents.notice_files.numerals import numeral
from hatchmark.documents.notice_files.packages import Element, Package, tree_of
from hatchmark.domain.published_notices import NoticeDocument

_LOOKS = frozenset({
    "sectPr", "tblPr", "tblGrid", "rFonts", "sz", "szCs", "color", "lang", "spacing", "ind", "jc", "tabs", "pBdr",
    "shd",     "tcW", "tcBorders", "vAlign", "b", "bCs", "i", "iCs", "u", "kern", "instrText", "delText", "proofErr",
    "bookmarkStart", "bookmarkEnd", "lastRenderedPageBreak", "blip", "fldData", "binData",
})  # fmt: skip
_THROUGH = frozenset({
    "ins", "moveTo", "hyperlink", "smartTag", "sdt", "sdtContent", "customXml", "fldSimple", "dir", "bdo", "ruby",
    "rubyBase", "body", "document",
})  # fmt: skip
_OFF = ("0", "false", "off", "none")
_MOST_COPIED_LEVELS = 9


def prepare(*, file: str) -> None:
    """Nothing has to be made ready."""


def read(raw: bytes, *, file: str, format: str) -> NoticeDocument:
    """Return the paragraphs and tables of a .docx in body order, its footnotes after them."""
    package = Package(raw, file=file)
    main = package.related("", "officeDocument") or "word/document.xml"
    reader = _Reader(file, _Numbering.of(package, main))
    document = tree_of(package.read(main), file=file, without=_LOOKS)
    body = document.first("body")
    if body is None:
        raise refused(
            file,
            Unreadable.DAMAGED,
            "is no Word document: it has no body",
            "open it in Word or WPS and save it anew",
        )
    blocks = Blocks(file)
    reader.write(body, blocks)
    for kind in ("footnotes", "endnotes"):
        part = package.related(main, kind)
        if part is not None and reader.notes_named:
            for note in tree_of(package.read(part), file=file, without=_LOOKS).elements():
                if (kind, note.attributes.get("id", "")) in reader.notes_named:
                    reader.write(note, blocks)
    return blocks.document(format=format)


# ---- the numbers of lists ------------------------------------------------------------------------


@dataclass(slots=True)
class _Level:
    format: str = "decimal"
    text: str = ""
    start: int = 1


@dataclass(slots=True)
class _Numbering:
    """The lists of a document and how far each has counted."""

    _levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    _abstract: dict[str, str] = field(default_factory=dict)
    _starts: dict[tuple[str, int], int] = field(default_factory=dict)
    _styles: dict[str, tuple[str | None, int | None, str | None]] = field(default_factory=dict)
    _counts: dict[tuple[str, int], int] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def of(cls, package: Package, main: str) -> "_Numbering":
        """Read the lists and the styles that number paragraphs."""
        found = cls()
        numbering = package.related(main, "numbering")
        if numbering is not None:
            found._read_lists(
                tree_of(package.read(numbering), file=package.file, without=frozenset({"rPr", "pPr"}))
            )
        styles = package.related(main, "styles")
        if styles is not None:
            found._read_styles(tree_of(package.read(styles), file=package.file, without=_LOOKS | {"rPr"}))
        return found

    def _read_lists(self, root: Element) -> None:
        for element in root.elements():
            if element.name == "abstractNum":
                levels = {}
                for level in element.elements():
                    if level.name == "lvl" and (at := _number(level.attributes.get("ilvl"))) is not None:
                        levels[at] = _Level(
                            level.value("numFmt") or "decimal",
                            level.value("lvlText") or "",
                            _number(level.value("start")) or (0 if level.value("start") == "0" else 1),
                        )
                self._levels[element.attributes.get("abstractNumId", "")] = levels
            elif element.name == "num":
                list_id = element.attributes.get("numId", "")
                self._abstract[list_id] = element.value("abstractNumId") or ""
                for override in element.elements():
                    at = _number(override.attributes.get("ilvl"))
                    start = _number(override.value("startOverride"))
                    if override.name == "lvlOverride" and at is not None and start is not None:
                        self._starts[list_id, at] = start

    def _read_styles(self, root: Element) -> None:
        for style in root.elements():
            if style.name == "style":
                settings = style.first("pPr")
                list_ = settings.first("numPr") if settings is not None else None
                self._styles[style.attributes.get("styleId", "")] = (
                    list_.value("numId") if list_ is not None else None,
                    _number(list_.value("ilvl")) if list_ is not None else None,
                    style.value("basedOn"),
                )

    def label(self, settings: Element | None) -> str:
        """Count a paragraph in its list and return the number that is shown before it; empty for none."""
        list_id, at = self._list_of(settings)
        levels = self._levels.get(self._abstract.get(list_id or "", ""), {})
        level = levels.get(at)
        if list_id is None or list_id == "0" or level is None:
            return ""
        # Lists of one definition count on together, unless one of them says where it starts.
        list_ = self._abstract[list_id]
        if (list_id, at) in self._starts and (list_id, at) not in self._begun:
            self._counts[list_, at] = self._starts[list_id, at] - 1
        self._begun.add((list_id, at))
        self._counts[list_, at] = self._counts.get((list_, at), level.start - 1) + 1
        for deeper in [key for key in self._counts if key[0] == list_ and key[1] > at]:
            del self._counts[deeper]
        if level.format in ("bullet", "none"):
            return ""
        text = level.text
        for each in range(_MOST_COPIED_LEVELS):
            if f"%{each + 1}" in text:
                shown = levels.get(each, _Level())
                count = self._counts.get((list_, each), shown.start)
                text = text.replace(f"%{each + 1}", numeral(count, shown.format))
        return text

    def _list_of(self, settings: Element | None) -> tuple[str | None, int]:
        if settings is None:
            return None, 0
        list_ = settings.first("numPr")
        list_id = list_.value("numId") if list_ is not None else None
        at = _number(list_.value("ilvl")) if list_ is not None else None
        style = settings.value("pStyle")
        for _ in range(_MOST_COPIED_LEVELS):
            if style is None or (list_id is not None and at is not None):
                break
            of_style, level, style = self._styles.get(style, (None, None, None))
            list_id = of_style if list_id is None else list_id
            at = level if at is None else at
        return list_id, at or 0


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() and len(text) <= 6 else None


# ---- the body ------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Reader:
    """Writes the elements of a body, a cell, a text box or a note as blocks."""

    file: str
    numbering: _Numbering
    notes_named: set[tuple[str, str]] = field(default_factory=set)
    _hanging: str = ""
    """The text of a paragraph whose end was deleted: it goes on in the next."""

    def write(self, container: Element, blocks: Blocks) -> None:
        """Add what an element holds, in order."""
        for element in container.elements():
            if element.name == "p":
                self._paragraph(element, blocks)
            elif element.name == "tbl":
                self._table(element, blocks)
            elif element.name == "AlternateContent":
                self.write(_alternative(element), blocks)
            elif element.name in _THROUGH:
                self.write(element, blocks)

    def _paragraph(self, paragraph: Element, blocks: Blocks) -> None:
        settings = paragraph.first("pPr")
        pieces: list[str] = []
        boxes: list[Element] = []
        self._runs(paragraph, pieces, boxes)
        text = self._hanging + "".join(pieces)
        self._hanging = ""
        marks = settings.first("rPr") if settings is not None else None
        if marks is not None and (marks.first("del") is not None or marks.first("moveFrom") is not None):
            self._hanging = text
            text = ""
        # An empty paragraph shows its number too: a column of serials is often a list without any text.
        blocks.paragraph(f"{self.numbering.label(settings)}{text}")
        for box in boxes:
            self.write(box, blocks)

    def _runs(self, element: Element, pieces: list[str], boxes: list[Element]) -> None:
        for child in element.elements():
            name = child.name
            if name == "t":
                pieces.extend(each for each in child.children if isinstance(each, str))
            elif name == "r":
                if not _is_hidden(child):
                    self._runs(child, pieces, boxes)
            elif name in ("tab", "ptab"):
                pieces.append("\t")
            elif name in ("br", "cr"):
                pieces.append("\n")
            elif name == "noBreakHyphen":
                pieces.append("-")
            elif name in ("footnoteReference", "endnoteReference"):
                self.notes_named.add((f"{name[:-9]}s", child.attributes.get("id", "")))
            elif name == "AlternateContent":
                self._runs(_alternative(child), pieces, boxes)
            elif name == "txbxContent":
                boxes.append(child)
            elif name in _THROUGH or name in _DRAWING:
                self._runs(child, pieces, boxes)

    def _table(self, table: Element, blocks: Blocks) -> None:
        rows = [row for row in _through(table, "tr") if not _is_deleted_row(row)]
        cells = [cell for row in rows for cell in _through(row, "tc")]
        if len(cells) == 1 or any(_is_grid(inner) for cell in cells for inner in _through(cell, "tbl")):
            # A frame around a text, or a table that only places other tables on the page.
            for cell in cells:
                self.write(cell, blocks)
            return
        grid = Grid(self.file)
        above: dict[int, str] = {}
        for row in rows:
            grid.begin_row()
            settings = row.first("trPr")
            column = (_number(settings.value("gridBefore")) or 0) if settings is not None else 0
            for _ in range(column):
                grid.cell("")
            for cell in _through(row, "tc"):
                column = self._cell(cell, column, above, grid)
        blocks.table(grid.rows())

    def _cell(self, cell: Element, column: int, above: dict[int, str], grid: Grid) -> int:
        """Put one cell into the grid and return the column after it."""
        settings = cell.first("tcPr")
        across = (_number(settings.value("gridSpan")) or 1) if settings is not None else 1
        merge = settings.first("vMerge") if settings is not None else None
        if settings is not None and settings.value("hMerge") == "continue":
            text = ""
        elif merge is not None and merge.attributes.get("val", "continue") != "restart":
            text = above.get(column, "")
        else:
            inside = Blocks(self.file)
            self.write(cell, inside)
            text = inside.flat_text()
            above[column] = text
        grid.cell(text, across=across)
        return column + across


_DRAWING = frozenset({
    "drawing", "inline", "anchor", "graphic", "graphicData", "wsp", "txbx", "pict", "shape", "rect", "roundrect",
    "textbox",     "group", "wgp", "grpSp", "wpc", "object", "oval", "line",
})  # fmt: skip


def _alternative(element: Element) -> Element:
    """Return the first of several ways of drawing one thing: the others show the same again."""
    return element.first("Choice") or element.first("Fallback") or element


def _through(element: Element, name: str) -> Iterator[Element]:
    """Yield the elements of a name below, through those that only wrap them; not those inside one another."""
    for child in element.elements():
        if child.name == name:
            yield child
        elif child.name in _THROUGH:
            yield from _through(child, name)


def _is_grid(table: Element) -> bool:
    rows = list(_through(table, "tr"))
    return len(rows) > 1 and max(sum(1 for _ in _through(row, "tc")) for row in rows) > 1


def _is_hidden(run: Element) -> bool:
    settings = run.first("rPr")
    hidden = settings.first("vanish") if settings is not None else None
    return hidden is not None and hidden.attributes.get("val", "1") not in _OFF


def _is_deleted_row(row: Element) -> bool:
    settings = row.first("trPr")
    return settings is not None and settings.first("del") is not None
