"""Reads a web page: the article alone, without what the site puts around it. Nothing it refers to is fetched."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from hatchmark.documents.notice_files import limits
from hatchmark.documents.notice_files.blocks import Blocks
from hatchmark.documents.notice_files.encodings import decode
from hatchmark.documents.notice_files.grids import Grid
from hatchmark.documents.notice_files.heads import is_head
from hatchmark.documents.notice_files.limits import Unreadable, refused
from hatchmark.domain.folder_errors import FolderError
from hatchmark.domain.published_notices import NoticeDocument

_DECLARED = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([A-Za-z0-9_-]{2,20})""", re.IGNORECASE)
_XML_DECLARED = re.compile(
    rb"""^\s*<\?xml[^>]{0,100}encoding\s*=\s*["']([A-Za-z0-9_-]{2,20})""", re.IGNORECASE
)

_NEVER_SHOWN = frozenset({
    "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "canvas", "video", "audio", "map",
    "head", "meta", "link", "base", "select", "option", "button", "input", "textarea", "datalist", "dialog", "applet",
    "frame", "frameset", "noframes", "math", "img", "!--", "-comment", "-doctype",
})  # fmt: skip
_AROUND = frozenset({"nav", "footer", "aside", "menu"})
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main",
    "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    "ucapcontent", "ucaptitle", "caption",
})  # fmt: skip
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HIDING_RULE = re.compile(r"([^{}@]{1,200})\{[^{}]{0,2000}?display\s*:\s*none", re.IGNORECASE)
_SIMPLE_SELECTOR = re.compile(r"[a-zA-Z0-9]*[.#][\w-]+")
_MEDIA = re.compile(r"@[^{}]{0,300}\{(?:[^{}]{0,5000}\{[^{}]{0,5000}\}){0,500}[^{}]{0,5000}\}")
# Words in class and id by which sites name what stands around the article.
_AROUND_NAME = re.compile(
    r"(?:^|[\W_])(?:nav|navbar|navigation|menu|foot|footer|copyright|breadcrumb|crumbs?|location|position|dqwz|weizhi|share|"
    r"bdshare\w*|social|sidebar|side|related|recommend|hot|toolbar|tools?|tool-?bar|print|qrcode|ewm|pager|pagination|"
    r"pre-?next|prevnext|comment|comments|login|search|searchbar|banner|topbar|top-?nav|friend-?links?|yqlj|fontsize|"
    r"font-?size|zihao|noprint|no-print|accessib\w*|wza)(?:$|[\W_])",
    re.IGNORECASE,
)
# A line of nothing but such words is a tool of the page. Each piece is matched by itself: no pattern spans the line.
_CLUTTER_WORD = re.compile(
    r"打印(?:本页|此页)?|打|印|关闭(?:窗口|本页|此页)?|关|闭|字[体号](?:大小)?[:：]?|大|中|小|默认|返回(?:顶部|首页|列表)?|分享到?[:：]?|收藏(?:本页)?|"
    r"微信|微博|QQ(?:空间)?|我要纠错|(?:浏览|点击|阅读)(?:次数|量|数)?[:：]?\d*次?|\d+次?|次"
)
_CLUTTER_BEGINS = (
    "上一篇",
    "下一篇",
    "上一条",
    "下一条",
    "扫一扫",
    "相关文章",
    "相关阅读",
    "相关链接",
    "相关新闻",
)
_BETWEEN_WORDS = re.compile(r"[\s|｜丨/\\【】\[\]()（）<>《》·•、,，]+")
_LONGEST_CLUTTER = 80
_PAGE_FOOT = re.compile(
    r"版权所有|ICP备|公网安备|网站标识码|主办单位\s*[:：]|技术支持\s*[:：]|建议使用|分辨率|网站地图|Copyright|当前位置\s*[:：]|您(?:现在)?的?位置\s*[:：]|"
    r"您是第|访客|无障碍",
    re.IGNORECASE,
)
_META_LINE = re.compile(
    r"(?:发布|发文|成文|更新)?(?:时间|日期)\s*[:：].*(?:来源|作者|浏览|点击|字[体号]|阅读)"
    r"|(?:来源|作者)\s*[:：].*(?:浏览|点击|阅读|字[体号])"
)
_NESTING = re.compile(
    r"<(/?)(?:div|span|table|ul|ol|dl|font|b|strong|section|center|form|article|em|i|u|a|blockquote)\b", re.I
)
_DEEPEST_TAGS = 2_000
_PROSE_MARK = re.compile("[，。；：、]")
_TITLE_END = re.compile(r"(?:通知|公告|公示|通报|通告|名单|结果|决定|函|意见|情况|公布)[^一-鿿]{0,12}$")
_TITLE_PLACES = (
    "h1, h2, h3, ucaptitle, [class*=title], [class*=Title], [id*=title], [class*=biaoti], [class*=tit]"
)
_SITE_PARTS = re.compile(r"\s*[-_|｜–—>»]+\s*|\s{2,}")


def prepare(*, file: str) -> None:
    """Nothing has to be made ready."""


def read(raw: bytes, *, file: str, format: str) -> NoticeDocument:
    """Return the paragraphs and tables of the article on a page; raise FolderError where it shows no text."""
    declared = _DECLARED.search(raw[:8192]) or _XML_DECLARED.search(raw[:200])
    text = decode(raw, file=file, declared=declared[1].decode() if declared else None, lenient=True)
    _check_depth(text, file=file)
    page = LexborHTMLParser(text)
    root = page.body or page.root
    blocks = Blocks(file)
    if root is not None:
        _hide(page)
        outline = _Outline(file)
        outline.look(root)
        article = outline.article(root)
        title = _title_of(page, article, outline)
        _Writer(blocks, outline, title).write(article)
    return blocks.document(format=format)


def _check_depth(text: str, *, file: str) -> None:
    """Refuse what takes a parser time without end: tags that open and open. Real pages leave a few dozen unclosed."""
    depth = 0
    for tag in _NESTING.finditer(text):
        depth += -1 if tag[1] else 1
        if depth > _DEEPEST_TAGS:
            raise _too_deep(file)


def _too_deep(file: str) -> FolderError:
    return refused(
        file,
        Unreadable.TOO_DEEP,
        f"its elements lie more than {limits.DEEPEST} deep inside one another",
        "save the text of the page as .txt or .docx",
    )


# ---- what is not shown ---------------------------------------------------------------------------


def _hide(page: LexborHTMLParser) -> None:
    """Mark what the page's own style sheets hide, as far as one class or id says so."""
    sheets = " ".join(node.text() or "" for node in page.css("style"))[:200_000]
    selectors = {
        selector.strip()
        for rule in _HIDING_RULE.findall(_MEDIA.sub(" ", sheets))
        for selector in rule.split(",")
        if _SIMPLE_SELECTOR.fullmatch(selector.strip())
    }
    for selector in sorted(selectors)[:200]:
        for node in page.css(selector):
            node.attrs["hidden"] = "hidden"


def _is_shown(node: LexborNode) -> bool:
    attributes = node.attributes
    return not (
        node.tag in _NEVER_SHOWN
        or "hidden" in attributes
        or _HIDDEN_STYLE.search(attributes.get("style") or "")
    )


def _is_around(node: LexborNode) -> bool:
    """Whether an element is what a site puts around an article, by its tag or by how it is named."""
    if node.tag in _AROUND:
        return True
    if node.tag in ("body", "html", "table", "tbody", "tr", "td"):
        return False
    attributes = node.attributes
    return bool(_AROUND_NAME.search(f"{attributes.get('class') or ''} {attributes.get('id') or ''}"))


# ---- where the article lies ----------------------------------------------------------------------


@dataclass(slots=True)
class _Weight:
    """What stands below an element: characters of prose, characters of tables, and all that is no link."""

    prose: int = 0
    table: int = 0
    link: int = 0
    text: int = 0
    depth: int = 0

    def add(self, other: "_Weight") -> None:
        self.prose += other.prose
        self.table += other.table
        self.link += other.link
        self.text += other.text


@dataclass(slots=True)
class _Outline:
    """The weights of all elements of a page, and which of them are data tables."""

    file: str
    _weights: dict[int, _Weight] = field(default_factory=dict)
    _data_tables: set[int] = field(default_factory=set)
    _elements: int = 0

    def look(self, root: LexborNode) -> None:
        self._weigh(root, depth=0, in_link=False, in_table=False)

    def weight(self, node: LexborNode) -> _Weight:
        return self._weights.get(node.mem_id, _Weight())

    def is_data(self, table: LexborNode) -> bool:
        return table.mem_id in self._data_tables

    def _weigh(self, node: LexborNode, *, depth: int, in_link: bool, in_table: bool) -> _Weight:
        self._elements += 1
        if depth > limits.DEEPEST:
            raise _too_deep(self.file)
        if self._elements > limits.MOST_ELEMENTS:
            raise refused(
                self.file,
                Unreadable.TOO_MUCH,
                f"holds more than {limits.MOST_ELEMENTS} elements",
                "save the text of the page as .txt or .docx",
            )
        weight = _Weight()
        if node.tag == "table" and _is_data_table(node):
            self._data_tables.add(node.mem_id)
            in_table = True
        own: list[str] = []
        for child in node.iter(include_text=True):
            if child.tag == "-text":
                own.append(child.text_content or "")
            elif _is_shown(child):
                if child.tag in _BLOCKS:
                    self._count(weight, "".join(own), in_link=in_link, in_table=in_table)
                    own.clear()
                below = self._weigh(
                    child, depth=depth + 1, in_link=in_link or child.tag == "a", in_table=in_table
                )
                if child.tag not in _BLOCKS and child.tag != "a":
                    own.append("".join(_texts(child)))
                elif not _is_around(child):
                    weight.add(below)
        self._count(weight, "".join(own), in_link=in_link, in_table=in_table)
        self._weights[node.mem_id] = weight
        return weight

    @staticmethod
    def _count(weight: _Weight, text: str, *, in_link: bool, in_table: bool) -> None:
        length = len("".join(text.split()))
        if not length or _PAGE_FOOT.search(text):
            return
        weight.text += length
        if in_link:
            weight.link += length
        elif in_table:
            weight.table += length
        elif length >= 20 and _PROSE_MARK.search(text):
            weight.prose += length

    def article(self, root: LexborNode) -> LexborNode:
        """Return the innermost element with nearly all of the page's prose and nearly all of its tables."""
        node = root
        whole = self.weight(root)
        while True:
            inner = [
                child
                for child in node.iter()
                if child.tag in _BLOCKS
                and child.tag not in ("table", "p", "h1", "h2", "h3")
                and _is_shown(child)
                and self._holds_most(self.weight(child), whole)
            ]
            inner += [
                cell
                for child in node.iter()
                if child.tag == "table" and _is_shown(child) and not self.is_data(child)
                for cell in _layout_cells(child)
                if self._holds_most(self.weight(cell), whole)
            ]
            if not inner:
                return node
            node = inner[0]

    @staticmethod
    def _holds_most(part: _Weight, whole: _Weight) -> bool:
        if not whole.prose and not whole.table:
            return part.text - part.link > (whole.text - whole.link) * 0.9
        return part.prose * 100 >= whole.prose * 85 and part.table * 100 >= whole.table * 85


def _texts(node: LexborNode) -> Iterator[str]:
    for child in node.iter(include_text=True):
        if child.tag == "-text":
            yield child.text_content or ""
        elif _is_shown(child) and child.tag not in _BLOCKS:
            yield from _texts(child)


def _rows_of(table: LexborNode) -> Iterator[LexborNode]:
    for child in table.iter():
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in child.iter() if row.tag == "tr")


def _cells_of(row: LexborNode) -> Iterator[LexborNode]:
    return (cell for cell in row.iter() if cell.tag in ("td", "th"))


def _layout_cells(table: LexborNode) -> Iterator[LexborNode]:
    for row in _rows_of(table):
        yield from _cells_of(row)


def _is_data_table(table: LexborNode) -> bool:
    """Whether a table holds a grid of values; one that holds tables, or long texts side by side, lays out a page."""
    if any(inner.mem_id != table.mem_id and _is_grid(inner) for inner in table.css("table")):
        return False
    return _is_grid(table)


def _is_grid(table: LexborNode) -> bool:
    rows = list(_rows_of(table))
    widths = [sum(1 for _ in _cells_of(row)) for row in rows]
    widest = max(widths, default=0)
    if widest < 2:
        # A list of names under one another is a grid of one column; a frame around a text is none.
        return len(rows) >= 3 and all(len(_plain(row)) <= 80 for row in rows) and not table.css_first("a")
    if len(rows) < 2:
        return False
    if any(is_head([_plain(cell) for cell in _cells_of(row)]) for row in rows[:4]):
        return True
    long = sum(len(_plain(cell)) > 200 for row in rows[:10] for cell in _cells_of(row))
    return long == 0 and (widest >= 3 or len(rows) >= 3)


def _plain(node: LexborNode) -> str:
    return "".join((node.text(deep=True) or "").split())


# ---- the title -----------------------------------------------------------------------------------


def _title_of(page: LexborHTMLParser, article: LexborNode, outline: _Outline) -> str | None:
    """Return the title that stands over the article on the page, where the article does not begin with it."""
    begins = _plain(article)[:600]
    candidates: list[str] = []
    for node in page.css(_TITLE_PLACES):
        if _is_shown(node) and len(text := _line_of(node)) >= 8 and len(text) <= 120:
            candidates.append(text)
    for meta in page.css("meta"):
        name = (meta.attributes.get("name") or meta.attributes.get("property") or "").lower()
        if name in ("articletitle", "og:title", "title"):
            candidates.append((meta.attributes.get("content") or "").strip())
    head = page.css_first("title")
    named = (head.text() or "") if head is not None else ""
    candidates += [part.strip() for part in _SITE_PARTS.split(" ".join(named.split()))]
    for text in candidates:
        bare = "".join(text.split())
        if bare and bare in begins:
            return None
    own = [text for text in candidates if _TITLE_END.search(text.strip())]
    return own[0] if own else None


def _line_of(node: LexborNode) -> str:
    return " ".join((node.text(deep=True) or "").split())


# ---- the blocks ----------------------------------------------------------------------------------


class _Writer:
    """Writes an element as paragraphs and tables: what stands in a line together is one paragraph."""

    def __init__(self, blocks: Blocks, outline: _Outline, title: str | None) -> None:
        self._blocks = blocks
        self._outline = outline
        self._line: list[str] = []
        if title is not None:
            blocks.paragraph(title)

    def write(self, node: LexborNode) -> None:
        """Add all that an element shows."""
        self._children(node, preformatted=node.tag == "pre")
        self._end_line()

    def _children(self, node: LexborNode, *, preformatted: bool) -> None:
        ordered = node.tag == "ol"
        number = 0
        for child in node.iter(include_text=True):
            if child.tag == "-text":
                text = child.text_content or ""
                self._line.append(text if preformatted else text.replace("\n", "\r"))
            elif not _is_shown(child) or self._is_left_out(child):
                continue
            elif child.tag == "br":
                self._line.append("\n")
            elif child.tag == "table":
                self._end_line()
                self._table(child)
            elif child.tag in _BLOCKS:
                self._end_line()
                if ordered and child.tag == "li":
                    number += 1
                    self._line.append(f"{number}.")
                self._children(child, preformatted=preformatted or child.tag == "pre")
                self._end_line()
            else:
                self._children(child, preformatted=preformatted)

    def _is_left_out(self, node: LexborNode) -> bool:
        if not _is_around(node):
            return False
        weight = self._outline.weight(node)
        # A name alone condemns no text: what is mostly no link and holds whole sentences or a table stays.
        return node.tag in _AROUND or not (
            (weight.prose >= 60 or weight.table) and weight.link * 3 < weight.text
        )

    def _end_line(self) -> None:
        text = spaced("".join(self._line))
        self._line.clear()
        bare = text.strip()
        if bare and not (_is_clutter(bare) or _PAGE_FOOT.search(bare[:200]) or _META_LINE.search(bare[:300])):
            self._blocks.paragraph(text)

    def _table(self, table: LexborNode) -> None:
        if not self._outline.is_data(table):
            for child in table.iter():
                if child.tag == "caption":
                    self._children(child, preformatted=False)
                    self._end_line()
            for cell in _layout_cells(table):
                if _is_shown(cell):
                    self._children(cell, preformatted=False)
                    self._end_line()
            return
        caption = next((child for child in table.iter() if child.tag == "caption"), None)
        if caption is not None and _is_shown(caption):
            self._children(caption, preformatted=False)
            self._end_line()
        grid = Grid(self._blocks.file)
        for row in _rows_of(table):
            if not _is_shown(row):
                continue
            grid.begin_row()
            for cell in _cells_of(row):
                if _is_shown(cell):
                    across, down = _span(cell, "colspan"), _span(cell, "rowspan")
                    grid.cell(self._cell_text(cell), across=across, down=down)
        self._blocks.table(grid.rows())

    def _cell_text(self, cell: LexborNode) -> str:
        inside = Blocks(self._blocks.file)
        _Writer(inside, self._outline, None).write(cell)
        return inside.flat_text()


def _is_clutter(line: str) -> bool:
    """Whether a line offers to print, to close, to share: words of the page and not of its article."""
    if len(line) > _LONGEST_CLUTTER:
        return False
    words = [word for word in _BETWEEN_WORDS.split(line) if word]
    return line.startswith(_CLUTTER_BEGINS) or (
        bool(words) and all(map(_CLUTTER_WORD.fullmatch, words)) and not all(map(str.isdecimal, words))
    )


def _span(cell: LexborNode, name: str) -> int:
    digits = (cell.attributes.get(name) or "1").strip()
    return max(int(digits), 1) if digits.isdecimal() and len(digits) <= 4 else 1


_SOURCE_BREAK = re.compile(r"[ \t]*\r[ \t\r]*")
_SPACES = re.compile(r"[ \t]{2,}|\t")
_AT_BREAK = re.compile(r" *\n *")


def spaced(text: str) -> str:
    """Return text as a browser spaces it: `\\r` is a line end of the source, `\\n` one that is shown."""

    def source_break(found: re.Match[str]) -> str:
        before, after = text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
        # Between Chinese characters a line end of the source is nothing.
        return " " if before.isascii() and after.isascii() else ""

    collapsed = _SPACES.sub(" ", _SOURCE_BREAK.sub(source_break, text))
    return _AT_BREAK.sub("\n", collapsed).strip(" \n")
