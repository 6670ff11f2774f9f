"""Sets a paper as OFD (GB/T 33190-2016), the fixed-layout format of Chinese offices. Values in, bytes out.

A small writer of its own: text as text, with each character's place, and the lines of tables. Fonts are named and
not embedded; a reader takes its own for them, and what it measures does not move the characters.
"""

import hashlib
import io
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from xml.sax.saxutils import escape, quoteattr

from hatchmark.documents import layout
from hatchmark.documents.printable import printable
from hatchmark.domain.notices import Annex, AnnexRow, Paper, Paragraph, Role, day_words

# All measures are whole hundredths of a millimetre: no rounding differs from machine to machine.
_PAGE_WIDTH, _PAGE_HEIGHT = 21000, 29700
_LEFT, _TOP, _BOTTOM = 2800, 3700, 3500
_WIDTH = layout.TEXT_WIDTH_MM * 100
_HEIGHT = _PAGE_HEIGHT - _TOP - _BOTTOM
_HEADER_Y, _FOOTER_Y = 2300, _PAGE_HEIGHT - 2400

BODY, HEADING, TITLE, NUMBER = "仿宋_GB2312", "黑体", "方正小标宋简体", "宋体"
_FONTS = (BODY, HEADING, TITLE, NUMBER)


def _points(number: int) -> int:
    return number * 12700 // 360


_BODY_LINE, _SMALL_LINE = _points(28), _points(17)
_BODY_SIZE, _SMALL_SIZE, _TITLE_SIZE, _ANNEX_SIZE = map(_points, (16, 12, 22, 18))
_CELL_PAD_X, _CELL_PAD_Y = 106, 100

_NOT_FIRST = frozenset("。，、；：！？）〕》」』”’…—·,.;:!?)]}%")
_NOT_LAST = frozenset("（〔《「『“‘([{")


@dataclass(frozen=True, slots=True)
class _Text:
    """One line of text: where its baseline begins, from the left and the top of its block."""

    text: str
    x: int
    y: int
    size: int
    font: str
    pitch: int


@dataclass(frozen=True, slots=True)
class _Rule:
    """One straight line of a table, inside its block."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class _Block:
    """What stays together on a page. `page_before`: it begins one; `head`: what stands above it on a new page.

    `with_next`: it is never the last on its page, as a heading is.
    """

    height: int
    texts: tuple[_Text, ...]
    rules: tuple[_Rule, ...] = ()
    page_before: bool = False
    with_next: bool = False
    head: "_Block | None" = None


def paper_ofd(paper: Paper) -> bytes:
    """Return the .ofd of a paper with its annexes. Same paper, same bytes: no clock and no random id is in it."""
    pages = list(_pages(_blocks(paper)))
    marks = "  ".join(printable(mark, where="mark") for mark in paper.marks)
    contents = [_page_xml(page, number, marks) for number, page in enumerate(pages, start=1)]
    digest = hashlib.sha256("".join(contents).encode()).hexdigest()[:32]
    day = paper.issued_on or layout.NO_DATE
    files = {
        "OFD.xml": _OFD.format(
            id=digest,
            title=escape(printable(paper.title, where="title")),
            author=escape(layout.MADE_BY),
            day=day.isoformat(),
            subject=escape("；".join(paper.marks)),
        ),
        "Doc_0/Document.xml": _DOCUMENT.format(
            most=_most_used(contents),
            box=_box(0, 0, _PAGE_WIDTH, _PAGE_HEIGHT),
            pages="".join(
                f'<ofd:Page ID="{_page_id(number)}" BaseLoc="Pages/Page_{number - 1}/Content.xml"/>'
                for number in range(1, len(pages) + 1)
            ),
        ),
        "Doc_0/PublicRes.xml": _RESOURCES.format(
            fonts="".join(
                f"<ofd:Font ID={quoteattr(str(place))} FontName={quoteattr(name)} FamilyName={quoteattr(name)}"
                ' Charset="unicode"/>'
                for place, name in enumerate(_FONTS, start=1)
            )
        ),
    }
    for number, content in enumerate(contents, start=1):
        files[f"Doc_0/Pages/Page_{number - 1}/Content.xml"] = content
    return _packed(files)


# ---- what lies on the pages --------------------------------------------------------------------------


def _blocks(paper: Paper) -> Iterator[_Block]:
    if paper.number is not None:
        yield from _lines(printable(paper.number, where="number"), align="centre", after=_BODY_LINE)
    for line in paper.title_lines:
        yield from _lines(
            printable(line, where="title"), align="centre", size=_TITLE_SIZE, font=TITLE, line=_points(32)
        )
    yield _Block(_points(24), ())
    if addressees := layout.addressee_line(paper):
        yield from _lines(addressees)
    *before, last = paper.paragraphs or (None,)
    for paragraph in before:
        if paragraph is not None:
            yield from _paragraph(paragraph)
    # A signature never stands on a page alone: the last lines of the text go with it.
    ending = [*(_paragraph(last) if last is not None else ()), *_annex_list(paper), *_signature(paper)]
    if paper.issued_on is not None:
        yield from _together(ending)
    else:
        yield from ending
    for annex in paper.annexes:
        yield from _annex(annex, paper)


def _paragraph(paragraph: Paragraph) -> Iterator[_Block]:
    text = layout.paragraph_text(paragraph)
    if paragraph.role is Role.SMALL:
        yield _Block(_points(6), ())
        yield from _lines(text, size=_SMALL_SIZE, line=_SMALL_LINE)
        return
    heading = paragraph.role is Role.HEADING
    for block in _lines(text, indent=2, font=HEADING if heading else BODY):
        yield replace(block, with_next=heading)


def _annex_list(paper: Paper) -> Iterator[_Block]:
    if paper.annexes:
        yield _Block(_BODY_LINE, ())
    for position, annex in enumerate(paper.annexes):
        lead = "附件：" if position == 0 else "　　　"
        title = layout.annex_line_lead(position, paper) + printable(annex.title, where="list of annexes")
        yield from _lines(f"{lead}{title}", indent=2)


def _signature(paper: Paper) -> Iterator[_Block]:
    if paper.issued_on is None:
        return
    yield _Block(2 * _BODY_LINE, ())
    for text in (printable(paper.issuer, where="issuer"), day_words(paper.issued_on)):
        yield from _lines(text, align="right")


def _annex(annex: Annex, paper: Paper) -> Iterator[_Block]:
    label, *rest = _lines(printable(annex.label, where="annex"), font=HEADING, after=_points(10))
    yield _Block(label.height, label.texts, page_before=True)
    yield from rest
    yield from _lines(
        printable(annex.title, where="annex"), align="centre", size=_ANNEX_SIZE, font=TITLE, line=_points(28)
    )
    yield _Block(_points(8), ())
    for line in paper.provenance_of(annex):
        yield from _lines(printable(line, where="provenance"), size=_SMALL_SIZE, line=_SMALL_LINE)
    widths = [width * 100 for width in layout.widths_mm(annex)]
    head = _row(annex.heads, widths, [True] * len(widths), font=HEADING)
    yield head
    centred = [layout.is_centred(column) for column in annex.columns]
    for row in annex.rows:
        yield from _table_row(row, annex, widths, centred, head)


def _table_row(
    row: AnnexRow, annex: Annex, widths: Sequence[int], centred: Sequence[bool], head: _Block
) -> Iterator[_Block]:
    cells = [
        printable(cell, where=f"{row.key} {name}") for cell, name in zip(row.cells, annex.heads, strict=True)
    ]
    wrapped = [_in_cell(cell, width) for cell, width in zip(cells, widths, strict=True)]
    # A row higher than a page goes on over it: a part for each page.
    most = (_HEIGHT - head.height - 2 * _CELL_PAD_Y) // _SMALL_LINE
    longest = max(len(lines) for lines in wrapped)
    for begin in range(0, longest, most):
        part = [lines[begin : begin + most] for lines in wrapped]
        block = _row_of(part, widths, centred, font=BODY)
        yield _Block(block.height, block.texts, block.rules, head=head)


def _row(cells: Sequence[str], widths: Sequence[int], centred: Sequence[bool], *, font: str) -> _Block:
    wrapped = [
        _in_cell(printable(cell, where="head"), width) for cell, width in zip(cells, widths, strict=True)
    ]
    return _row_of(wrapped, widths, centred, font=font)


def _in_cell(text: str, width: int) -> list[str]:
    return _wrapped(text, width - 2 * _CELL_PAD_X, _SMALL_SIZE, hang=False)


def _row_of(
    wrapped: Sequence[Sequence[str]], widths: Sequence[int], centred: Sequence[bool], *, font: str
) -> _Block:
    height = max(1, *(len(lines) for lines in wrapped)) * _SMALL_LINE + 2 * _CELL_PAD_Y
    texts: list[_Text] = []
    rules = [_Rule(0, 0, sum(widths), 0), _Rule(0, height, sum(widths), 0), _Rule(0, 0, 0, height)]
    x = 0
    for lines, width, in_middle in zip(wrapped, widths, centred, strict=True):
        y = (height - len(lines) * _SMALL_LINE) // 2
        for line in lines:
            free = width - 2 * _CELL_PAD_X - _measured(line, _SMALL_SIZE)
            at = x + _CELL_PAD_X + (max(free, 0) // 2 if in_middle else 0)
            texts.append(
                _Text(line, at, y + _baseline(_SMALL_LINE, _SMALL_SIZE), _SMALL_SIZE, font, _SMALL_SIZE)
            )
            y += _SMALL_LINE
        x += width
        rules.append(_Rule(x, 0, 0, height))
    return _Block(height, tuple(texts), tuple(rules))


def _together(blocks: Iterable[_Block]) -> Iterator[_Block]:
    """Join blocks to one that no page break parts, as long as a page holds it."""
    parts = list(blocks)
    height = sum(block.height for block in parts)
    if height > _HEIGHT:
        yield from parts
        return
    texts: list[_Text] = []
    y = 0
    for block in parts:
        texts += [
            _Text(each.text, each.x, y + each.y, each.size, each.font, each.pitch) for each in block.texts
        ]
        y += block.height
    yield _Block(height, tuple(texts))


# ---- lines -------------------------------------------------------------------------------------------


def _lines(
    text: str,
    *,
    align: str = "left",
    indent: int = 0,
    size: int = _BODY_SIZE,
    font: str = BODY,
    line: int = _BODY_LINE,
    after: int = 0,
) -> Iterator[_Block]:
    """Break a text into lines, each a block of its own. `indent` is in characters, of the first line."""
    pitch = _WIDTH // 28 if size == _BODY_SIZE else size
    broken = _wrapped(text, _WIDTH, pitch, indent=indent * pitch)
    for position, each in enumerate(broken):
        free = _WIDTH - _measured(each, pitch)
        x = {
            "left": indent * pitch if position == 0 else 0,
            "centre": max(free, 0) // 2,
            "right": max(free - 4 * pitch, 0),
        }[align]
        block = _Text(each, x, _baseline(line, size), size, font, pitch)
        yield _Block(line + (after if position == len(broken) - 1 else 0), (block,))


def _baseline(line: int, size: int) -> int:
    """Return how far under the top of a line its baseline lies: the character stands in the middle of it."""
    return (line - size) // 2 + size * 88 // 100


def _wrapped(text: str, width: int, pitch: int, *, indent: int = 0, hang: bool = True) -> list[str]:
    """Break a text where Chinese may be broken: not in a number, not before a comma, not after an opening sign.

    `hang`: a comma that does not fit stands over the edge, as in print; in a cell the character before it goes
    down with it, and the commas that stand between.
    """
    lines: list[str] = []
    current, room = "", width - indent
    for word in _words(text, width, pitch):
        closes = word in _NOT_FIRST
        if not current or _measured(current + word, pitch) <= room or (closes and hang):
            current += word
            continue
        carried = ""
        while closes and len(current) > 1 and (not carried or carried[0] in _NOT_FIRST):
            current, carried = current[:-1], current[-1] + carried
        while len(current) > 1 and current[-1] in _NOT_LAST:
            current, carried = current[:-1], current[-1] + carried
        lines.append(current)
        current, room = carried + word, width
    return [*lines, current] if current or not lines else lines


def _words(text: str, width: int, pitch: int) -> Iterator[str]:
    """Yield what is never broken: a Chinese character, or a run of narrow ones that fits a line."""
    run = ""
    for character in text:
        if _is_wide(character):
            if run:
                yield run
                run = ""
            yield character
        else:
            if run and (_measured(run + character, pitch) > width or run[-1] in "+=" or character == " "):
                yield run
                run = ""
            run += character
    if run:
        yield run


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WFA"


def _measured(text: str, pitch: int) -> int:
    return sum(pitch if _is_wide(character) else pitch // 2 for character in text)


# ---- pages and XML -----------------------------------------------------------------------------------


def _pages(blocks: Iterable[_Block]) -> Iterator[list[tuple[int, _Block]]]:
    """Lay the blocks on pages: each with how far under the top of the text it stands."""
    page: list[tuple[int, _Block]] = []
    y = 0
    every = list(blocks)
    for block, following in zip_longest(every, every[1:]):
        needed = block.height + (following.height if block.with_next and following is not None else 0)
        if page and (block.page_before or y + min(needed, _HEIGHT) > _HEIGHT):
            yield page
            page, y = [], 0
            if block.head is not None:
                page.append((0, block.head))
                y = block.head.height
        page.append((y, block))
        y += block.height
    if page:
        yield page


def _page_id(number: int) -> int:
    return len(_FONTS) + number * 1_000_000


def _page_xml(page: Sequence[tuple[int, _Block]], number: int, marks: str) -> str:
    texts = [
        _Text(each.text, _LEFT + each.x, _TOP + y + each.y, each.size, each.font, each.pitch)
        for y, block in page
        for each in block.texts
    ]
    small = _points(10)
    if marks:
        x = _LEFT + max(_WIDTH - _measured(marks, small), 0) // 2
        texts.insert(0, _Text(marks, x, _HEADER_Y, small, HEADING, small))
    foot, size = f"— {number} —", _points(14)
    side = _WIDTH - _measured(foot, size) - size if number % 2 else size
    texts.append(_Text(foot, _LEFT + side, _FOOTER_Y, size, NUMBER, size))
    rules = [
        _Rule(_LEFT + each.x, _TOP + y + each.y, each.width, each.height)
        for y, block in page
        for each in block.rules
    ]
    first = _page_id(number) + 2
    objects = [_text_xml(each, first + place) for place, each in enumerate(texts)]
    objects += [_rule_xml(each, first + len(texts) + place) for place, each in enumerate(rules)]
    return _PAGE.format(
        box=_box(0, 0, _PAGE_WIDTH, _PAGE_HEIGHT), layer=_page_id(number) + 1, objects="".join(objects)
    )


def _text_xml(text: _Text, unit: int) -> str:
    advances = [text.pitch if _is_wide(character) else text.pitch // 2 for character in text.text]
    ascent = text.size * 88 // 100
    deltas = f' DeltaX="{" ".join(map(_mm, advances[:-1]))}"' if len(advances) > 1 else ""
    return (
        f'<ofd:TextObject ID="{unit}" Boundary="{_box(text.x, text.y - ascent, sum(advances), text.size)}"'
        f' Font="{_FONTS.index(text.font) + 1}" Size="{_mm(text.size)}">'
        f'<ofd:TextCode X="0" Y="{_mm(ascent)}"{deltas}>{escape(text.text)}</ofd:TextCode></ofd:TextObject>'
    )


def _rule_xml(rule: _Rule, unit: int) -> str:
    width, height = max(rule.width, 18), max(rule.height, 18)
    return (
        f'<ofd:PathObject ID="{unit}" Boundary="{_box(rule.x, rule.y, width, height)}" LineWidth="0.18">'
        f"<ofd:AbbreviatedData>M 0 0 L {_mm(rule.width)} {_mm(rule.height)}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def _mm(hundredths: int) -> str:
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02}".rstrip("0").rstrip(".")


def _box(x: int, y: int, width: int, height: int) -> str:
    return " ".join(map(_mm, (x, y, width, height)))


def _most_used(contents: Sequence[str]) -> int:
    """Return a number that no object's id goes beyond."""
    return _page_id(len(contents) + 1)


_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_OFD = (
    f'{_HEAD}<ofd:OFD {_SPACE} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo>'
    "<ofd:DocID>{id}</ofd:DocID><ofd:Title>{title}</ofd:Title><ofd:Author>{author}</ofd:Author>"
    "<ofd:Subject>{subject}</ofd:Subject><ofd:CreationDate>{day}</ofd:CreationDate><ofd:Creator>Hatchmark</ofd:Creator>"
    "</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
)
_DOCUMENT = (
    f"{_HEAD}<ofd:Document {_SPACE}><ofd:CommonData><ofd:MaxUnitID>{{most}}</ofd:MaxUnitID>"
    "<ofd:PageArea><ofd:PhysicalBox>{box}</ofd:PhysicalBox></ofd:PageArea>"
    "<ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData><ofd:Pages>{pages}</ofd:Pages></ofd:Document>"
)
_RESOURCES = f'{_HEAD}<ofd:Res {_SPACE} BaseLoc="Res"><ofd:Fonts>{{fonts}}</ofd:Fonts></ofd:Res>'
_PAGE = (
    f"{_HEAD}<ofd:Page {_SPACE}><ofd:Area><ofd:PhysicalBox>{{box}}</ofd:PhysicalBox></ofd:Area>"
    '<ofd:Content><ofd:Layer ID="{layer}" Type="Body">{objects}</ofd:Layer></ofd:Content></ofd:Page>'
)


def _packed(files: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            part = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            part.compress_type = zipfile.ZIP_DEFLATED
            part.create_system = 0  # else it says which system wrote it
            package.writestr(part, content.encode(), compresslevel=9)
    return stream.getvalue()
