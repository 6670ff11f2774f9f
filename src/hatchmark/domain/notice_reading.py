"""What does a document hold as a notice: who says it to whom, on what basis, in which words, with which tables?

Everything is read by position and form: the title by its ending, the salutation by its colon, the signature by its
place, a column by its head. What cannot be told stays None or empty. Raw cells are kept beside the evened ones, a
gap in the serials stays a gap, and no name is mended.
"""

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from hatchmark.domain.notice_drafts import between_outcome
from hatchmark.domain.notice_numbers import chinese_value
from hatchmark.domain.notice_tokens import Role, tokens_of
from hatchmark.domain.notice_words import heading_result, load_notice_words, one_of, result_of
from hatchmark.domain.published_notices import (
    CitedBasis,
    DocumentParagraph,
    DocumentTable,
    ListedAnnex,
    NoticeCell,
    NoticeColumn,
    NoticeDocument,
    NoticeRow,
    NoticeTable,
    PublishedNotice,
)


def identity(text: str) -> str:
    """Return the text as it is: for readers without a converter to simplified characters."""
    return text


def read_notice(document: NoticeDocument, *, simplify: Callable[[str], str] = identity) -> PublishedNotice:
    """Return the notice that a document holds. `simplify` turns traditional characters into simplified ones.

    Never fails: a document without a title, a narrative or a table gives a notice without it.
    """
    return _Reading(document, simplify).notice()


# ---- evening out ----------------------------------------------------------------------------------------------

_FULL_STOPS = {",": "，", ";": "；", ":": "：", "(": "（", ")": "）", "?": "？", "!": "！"}
_KEPT_WIDE = frozenset("，。；：（）！？、《》〈〉〔〕【】「」『』“”‘’—…～·")
_SPACES = re.compile(r"[\s\u3000\u00a0\u200b-\u200f\u2060\ufeff]+")
_CJK = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’—…·"


def even_out(text: str, simplify: Callable[[str], str] = identity) -> str:
    """Return a text with half-width digits and letters, full-width Chinese punctuation and no stray spaces.

    A space stays only between two words of Latin letters or digits; a line break is a space. A comma between
    digits (1,234) stays as it is.
    """
    text = "".join(
        character if character in _KEPT_WIDE else unicodedata.normalize("NFKC", character)
        for character in text
    )
    text = _SPACES.sub(" ", text).strip()
    text = re.sub(rf"(?<=[{_CJK}]) | (?=[{_CJK}])", "", text)
    text = re.sub(r"(?<=\d) (?=[年月日家个所])", "", text)
    # One mark that becomes Chinese makes the next one so: 主体(物业): has its colon behind a bracket.
    for _ in range(2):
        text = re.sub(
            rf"(?<=[{_CJK}])[,;:()?!]|[,;:()?!](?=[{_CJK}])", lambda match: _FULL_STOPS[match.group()], text
        )
    if text.count("(") != text.count(")"):
        text = text.replace("(", "（").replace(")", "）")
    return simplify(text)


# ---- lines ----------------------------------------------------------------------------------------------------

_CHINESE_NUMBER = "一二三四五六七八九十"
_ENUMERATED = re.compile(
    rf"^(?:第?[{_CHINESE_NUMBER}]+[、.．]|（[{_CHINESE_NUMBER}]+）|\([{_CHINESE_NUMBER}]+\)|[（(]?\d{{1,2}}[）)、.．](?!\d))"
)
_LISTED = re.compile(r"^[（(]?(?P<serial>\d{1,4})[）)、.．]\s*(?P<name>\S.*)$")
_ENDS_SENTENCE = re.compile(r"[。！？；]$")
_HAS_STOP = re.compile(r"[。；！？]")
_NUMBER_OF_DOCUMENT = re.compile(
    r"(?:^[（(]?|文号[：:]?|字号[：:]?)(?P<number>[\u4e00-\u9fff]{2,20}字第\d{3,12}号|[\u4e00-\u9fffA-Za-z]{1,20}[〔\[（(【]\s?(?:19|20)\d{2}\s?[〕\]）)】]\s?第?\d{1,5}号)[）)]?(?:签发人.*|(?:19|20)\d{2}年\d{1,2}月\d{1,2}日)?$"
)
_DAY = re.compile(
    r"(?P<year>(?:19|20)\d{2}|[〇○零一二三四五六七八九]{4})年(?P<month>\d{1,2}|[一二三四五六七八九十]{1,2})月"
    r"(?P<day>\d{1,2}|[一二三四五六七八九十廿卅]{1,3})日"
)
_YEAR_DIGITS = r"(?:19|20)\d{2}|[二一][〇○零九][〇○零一二三四五六七八九]{2}"
_ISO_DAY = re.compile(r"(?P<year>(?:19|20)\d{2})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})")
_TITLE_LINES = 5
_TITLE_SEARCH = 12


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of text, evened out."""

    text: str


_Block = _Line | DocumentTable


@dataclass(slots=True, kw_only=True)
class _Captions:
    """What stands above the next table: label and title of the annex, and the headings inside it."""

    label: str = ""
    title: str = ""
    section: str = ""
    section_kind: str | None = None


class _Reading:
    """One document being read."""

    def __init__(self, document: NoticeDocument, simplify: Callable[[str], str]) -> None:
        self.document = document
        self.simplify = simplify
        self.words = load_notice_words()
        self.layout = self.words.layout
        issuer = one_of(self.layout["issuers"]["suffixes"])
        self.is_issuer = re.compile(rf"^[\u4e00-\u9fff、]{{2,30}}(?:{issuer})$")
        self.title = ""
        self.number: str | None = None
        self.day: str | None = None
        self.addressees: tuple[str, ...] = ()
        self.red_head: str | None = None
        self.signature: str | None = None
        self.paragraphs: list[str] = []
        self.tables: list[NoticeTable] = []
        self.captions = _Captions()
        self.annex_titles: list[str] = []
        self.opened: list[tuple[str, str]] = []
        self.annexes_end = len(document.blocks)
        self.blocks = self._lines()

    def _is_record(self, table: DocumentTable) -> bool:
        """Take what the record sheet of a web page says (发文字号, 发布机构, 成文日期); False for any other table."""
        cells = [even_out(cell, self.simplify).rstrip("：") for row in table.rows for cell in row]
        known = self.layout["record"]
        if not any(cell in known["marks"] for cell in cells):
            return False
        for name, value in itertools.pairwise(cells):
            if name in known["number"] and _NUMBER_OF_DOCUMENT.search(value):
                self.number = value
            elif name in known["issuer"] and self.is_issuer.match(value):
                self.red_head = value
        return True

    def _lines(self) -> list[_Block]:
        """Return the blocks with paragraphs broken into lines and lines that end in the middle of a clause joined."""
        blocks: list[_Block] = []
        for block in self.document.blocks:
            if isinstance(block, DocumentTable):
                if not self._is_record(block):
                    blocks.append(block)
                continue
            for text in self._pieces(block):
                last = blocks[-1] if blocks else None
                if isinstance(last, _Line) and _is_unfinished(last.text) and not self._starts_new(text):
                    blocks[-1] = _Line(last.text + text)
                else:
                    blocks.append(_Line(text))
        return blocks

    def _pieces(self, paragraph: DocumentParagraph) -> Iterable[str]:
        for line in paragraph.text.split("\n"):
            if text := even_out(line, self.simplify):
                yield text

    def _starts_new(self, text: str) -> bool:
        return bool(_ENUMERATED.match(text)) or text.startswith(("附件", "附："))

    # ---- the notice -------------------------------------------------------------------------------------------

    def notice(self) -> PublishedNotice:
        start = self._head()
        self._body(start)
        self.tables = _with_top_grade(self.tables)
        return PublishedNotice(
            file=self.document.file,
            issuer=self._issuer(),
            addressees=self.addressees,
            title=self.title,
            year=self._year(),
            document_number=self.number,
            issued_on=self.day,
            bases=_bases(self.paragraphs),
            stages=self._stages(),
            paragraphs=tuple(self.paragraphs),
            tables=tuple(self.tables),
            annexes=tuple(self._annexes()),
        )

    def _annexes(self) -> Iterable[ListedAnnex]:
        """Return the annexes that the text lists. One is here where a line opens it by its number or its title."""
        titles = [re.sub(r"\.(?:docx?|xlsx?|pdf|wps|et|zip|rar)$", "", title) for title in self.annex_titles]
        listed = [title for title in titles if title]
        numbers = {int(found[0]) for label, _ in self.opened if (found := re.findall(r"\d+", label))}
        numbers |= {
            chinese_value(label[-1]) or 0 for label, _ in self.opened if label[-1:] in _CHINESE_NUMBER
        }
        here = {_plain_title(title) for _, title in self.opened} | {
            _plain_title(table.title) for table in self.tables
        }
        texts = {
            _plain_title(block.text) for block in self.blocks[self.annexes_end :] if isinstance(block, _Line)
        }
        bare = any(not re.search(r"[\d一二三四五六七八九十]", label) for label, _ in self.opened)
        for number, title in enumerate(listed, start=1):
            plain = _plain_title(title)
            yield ListedAnnex(
                number=number,
                title=title,
                is_here=number in numbers
                or plain in here | texts
                or (len(listed) == 1 and (bare or bool(self.tables))),
            )

    # ---- head -------------------------------------------------------------------------------------------------

    def _head(self) -> int:
        """Read red head, title, document number and salutation; return the position where the narrative begins."""
        first, last = self._find_title()
        for at, block in enumerate(self.blocks[:first]):
            if isinstance(block, _Line):
                self._front_line(block.text, at)
        if last > first:
            self.title = "".join(block.text for block in self.blocks[first:last] if isinstance(block, _Line))
            bracket = re.search(r"（([^（）]+号)）$", self.title)
            if bracket and (number := _NUMBER_OF_DOCUMENT.search(bracket[1])):
                self.number, self.title = number["number"], self.title[: bracket.start()]
            if self._has_count(self.title):
                self.paragraphs.append(self.title)
        at = last
        while at < len(self.blocks):
            block = self.blocks[at]
            if not isinstance(block, _Line):
                return at
            if self._front_line(block.text, at):
                at += 1
            elif self._is_salutation(block.text):
                self.addressees = _addressees(block.text)
                return at + 1
            else:
                return at
        return at

    def _front_line(self, text: str, at: int) -> bool:
        """Take a line that belongs before the narrative; False for one that does not."""
        if match := _NUMBER_OF_DOCUMENT.search(text):
            self.number = self.number or match["number"].replace(" ", "")
            return True
        if text.endswith("文件") and self.is_issuer.match(text.removesuffix("文件")):
            self.red_head = text.removesuffix("文件")
            return True
        if self.is_issuer.match(text) and len(text) <= 30:
            self.red_head = self.red_head or text
            return True
        if self._is_contact(text) or _full_day(text):
            return True
        return re.fullmatch(r"(?:19|20)\d{2}年第\d+号|第\d+号", text) is not None

    def _find_title(self) -> tuple[int, int]:
        """Return where the title begins and ends (exclusive); (0, 0) where there is none.

        A title says 关于…的通知, else it ends with such a word, else it is the first line that is nothing else.
        """
        lines = list(itertools.takewhile(lambda block: isinstance(block, _Line), self.blocks[:_TITLE_SEARCH]))
        texts = [block.text for block in lines if isinstance(block, _Line)]
        ends = one_of(self.layout["titles"]["ends"])
        for pattern in (
            rf"关于.+(?:{ends})(?:（.{{1,30}}）)?$",
            r"(?:评|考|复核|认定).*(?:通知|公告|通报|公示|通告)$",
        ):
            for at, text in enumerate(texts):
                if (self._front_probe(text) and not self.is_issuer.match(text)) or text.endswith("："):
                    continue
                end = self._title_end(texts, at, re.compile(pattern))
                if end is None:
                    continue
                if end > at + 1 and self.is_issuer.match(text):
                    self.red_head = text
                    return at + 1, end
                return at, end
        for at, text in enumerate(texts):
            if re.search(r"[。；：]$", text) or len(text) > 80:
                break
            if not self._front_probe(text) and (len(text) >= 5 or text in self.layout["titles"]["ends"]):
                return at, at + 1
        return 0, 0

    def _title_end(self, texts: Sequence[str], at: int, pattern: re.Pattern[str]) -> int | None:
        """Return where a title that begins at a line ends, however it is broken over lines."""
        joined = ""
        for end in range(at, min(at + _TITLE_LINES, len(texts))):
            text = texts[end]
            broken_off = end > at and (_NUMBER_OF_DOCUMENT.search(text) or self._is_contact(text))
            if re.search(r"[。；：:]", text) or broken_off:
                return None
            joined += text
            following = texts[end + 1] if end + 1 < len(texts) else ""
            goes_on = re.match(r"^的?(?:通知|公告|通报|公示|通告|函)$", following)
            if pattern.search(joined) and not goes_on:
                return end + 1
        return None

    def _front_probe(self, text: str) -> bool:
        return bool(
            _NUMBER_OF_DOCUMENT.search(text)
            or self.is_issuer.match(text)
            or (text.endswith("文件") and self.is_issuer.match(text.removesuffix("文件")))
            or self._is_contact(text)
            or _full_day(text)
            or re.search(r"(?:19|20)\d{2}年第\d+号$", text)
        )

    def _is_salutation(self, text: str) -> bool:
        if not text.endswith("：") or _HAS_STOP.search(text) or len(text) > 200:
            return False
        if text.startswith(self.layout["salutation"]["begins"]):
            return re.search(r"如下：$|为：$", text) is None
        issuers = one_of(self.layout["issuers"]["suffixes"])
        return re.search(
            rf"(?:{issuers}|单位|机构|高校|企业|孵化器|众创空间|院所)：$", text
        ) is not None and not re.search(r"\d", text)

    def _is_contact(self, text: str) -> bool:
        plain = text.lstrip("（(")
        return plain.startswith(self.layout["signature_lines"]["begins"]) or text.startswith(
            self.layout["signature_lines"]["begins"]
        )

    # ---- body -------------------------------------------------------------------------------------------------

    def _body(self, start: int) -> None:
        at = start
        while at < len(self.blocks):
            block = self.blocks[at]
            if isinstance(block, DocumentTable):
                self._table(block)
                at += 1
                continue
            at = self._line(at, block.text)

    def _line(self, at: int, text: str) -> int:
        """Take one line of the body and return the position after what it belongs to."""
        if self._is_annex_list(at, text):
            self.annexes_end = self._after_annex_list(at)
            self._list_annexes(at)
            return self.annexes_end
        if label := self._annex_label(text):
            self._open_annex(*label)
            return at + 1
        if self._is_signature(at, text):
            return at + 1
        if self._is_contact(text) or text.startswith("注："):
            return at + 1
        if (end := self._list_end(at)) > at:
            self._list(at, end)
            return end
        if self._stands_over_rows(at, text):
            self._caption(text)
            return at + 1
        self.paragraphs.append(text)
        if not _HAS_STOP.search(text) and len(text) <= 60 and _ENUMERATED.match(text):
            self.captions.section, self.captions.section_kind = text, self.words.kind_of(text)
        return at + 1

    def _annex_label(self, text: str) -> tuple[str, str] | None:
        """Return label and title of a line that opens an annex: 附件1, 附件2 孵化器评价结果, 表一 …."""
        match = re.match(
            rf"^(?P<label>(?:附件|附表|附录|附|表)(?:[{_CHINESE_NUMBER}]{{1,3}}|\d{{1,2}})?)(?P<colon>[：:.、]?)\s*(?P<title>.*)$",
            text,
        )
        if match is None or _HAS_STOP.search(text) or len(text) > 80:
            return None
        if match["label"] in ("附", "表") and (match["title"] or not match["colon"]):
            return None
        if match["label"] == "表" or (match["title"] and match["title"][0] in "为见中所的列格"):
            return None
        return match["label"], match["title"]

    def _is_annex_list(self, at: int, text: str) -> bool:
        """Whether a line names the annexes at the end of the text: 附件：1.…, or 附件：… before the signature."""
        if not re.match(r"^(?:附件|附表|附)[：:]\s*\S", text):
            return False
        following = self.blocks[at + 1] if at + 1 < len(self.blocks) else None
        return not isinstance(following, DocumentTable)

    def _after_annex_list(self, at: int) -> int:
        at += 1
        while at < len(self.blocks):
            block = self.blocks[at]
            if not isinstance(block, _Line) or not re.match(r"^\d{1,2}[.．、]\s*\S", block.text):
                break
            if _HAS_STOP.search(block.text):
                break
            at += 1
        return at

    def _list_annexes(self, at: int) -> None:
        """Take the titles of the annexes that are listed from a line on: 附件：1.甲, 2.乙; 附件：甲."""
        lines = [block.text for block in self.blocks[at : self.annexes_end] if isinstance(block, _Line)]
        first = re.sub(r"^(?:附件|附表|附)[：:]\s*", "", lines[0])
        for line in (first, *lines[1:]):
            pieces = re.split(r"(?:^|(?<=[\u4e00-\u9fff）》]))\s*\d{1,2}[.．、]\s*", line)
            self.annex_titles += [piece.strip("《》；;。 ") for piece in pieces if piece.strip("《》；;。 ")]

    def _open_annex(self, label: str, title: str) -> None:
        self.opened.append((label, title))
        self.captions = _Captions(label=label, title=title)
        if self._has_count(title):
            self.paragraphs.append(title)

    def _is_signature(self, at: int, text: str) -> bool:
        """Take the issuer's name and the day where they stand alone in a line."""
        if (number := _NUMBER_OF_DOCUMENT.search(text)) and len(text) <= 40:
            self.number = self.number or number["number"]
            return True
        if day := _full_day(text):
            self.day = day if self.day is None or not self.tables else self.day
            return True
        bare = re.sub(r"（[^（）]{1,6}）$", "", text)
        following = self.blocks[at + 1] if at + 1 < len(self.blocks) else None
        dated = isinstance(following, _Line) and _full_day(following.text) is not None
        unsigned = re.fullmatch(r"[\u4e00-\u9fff]{4,24}", bare) is not None and not _ENUMERATED.match(bare)
        carrier = self.words.kinds_in(bare) and not re.search(
            r"(?:[局厅委部署会]|办公室|小组|政府|联盟)$", bare
        )
        if (self.is_issuer.match(bare) and not carrier) or (
            dated and unsigned and not self.words.kinds_in(bare)
        ):
            self.signature = self.signature or bare
            return True
        match = _DAY.search(text)
        if match and match.end() == len(text) and self.is_issuer.match(text[: match.start()]):
            self.signature, self.day = text[: match.start()], _full_day(match.group())
            return True
        return False

    def _stands_over_rows(self, at: int, text: str) -> bool:
        """Whether a line without a stop is a heading over a table or list, with nothing but headings between."""
        opens_rows = text.endswith("：") and len(text) <= 30 and heading_result(text) is not None
        if _HAS_STOP.search(text) or len(text) > 80 or (text.endswith(("：", "，")) and not opens_rows):
            return False
        for later in range(at + 1, min(at + 4, len(self.blocks))):
            block = self.blocks[later]
            if isinstance(block, DocumentTable):
                return True
            if self._list_end(later) > later:
                return True
            if _HAS_STOP.search(block.text) or self._annex_label(block.text) or len(block.text) > 60:
                return False
            if self._is_contact(block.text) or _full_day(block.text) or self.is_issuer.match(block.text):
                return False
        return bool(self.captions.label and not self.captions.title)

    def _caption(self, text: str) -> None:
        """Take a heading over rows: the title of the annex, or one inside it (一、优秀（5家）)."""
        inside = _ENUMERATED.match(text) is not None or (
            (heading_result(text) is not None or self.captions.section) and bool(self.captions.title)
        )
        if inside or heading_result(text) is not None:
            self.captions.section, self.captions.section_kind = text, self.words.kind_of(text)
        elif re.fullmatch(r"（.*）", text):
            return
        else:
            title = self.captions.title
            if title and not self.captions.section and not self._has_own_rows():
                text = title + text
            self.captions = _Captions(
                label=self.captions.label if not self._has_own_rows() else "", title=text
            )
        if self._has_count(text) or inside:
            self.paragraphs.append(text)

    def _has_own_rows(self) -> bool:
        """Whether the annex that is open has had a table already."""
        return (
            bool(self.tables)
            and self.tables[-1].label == self.captions.label
            and bool(self.tables[-1].title)
            and (self.tables[-1].title in (self.captions.title, self.captions.section))
        )

    def _has_count(self, text: str) -> bool:
        return any(Role.COUNT in token for token in tokens_of(text))

    # ---- lists ------------------------------------------------------------------------------------------------

    def _names_below(self, at: int) -> tuple[list[str], int]:
        """Return the names that stand without serials under a heading, a line each or parted by 、, and where they end.

        Only under a heading that states a result and only where each piece looks like a name: prose is never a list.
        """
        over = self.blocks[at - 1] if at else None
        if not isinstance(over, _Line) or heading_result(over.text) is None or len(over.text) > 40:
            return [], at
        if _HAS_STOP.search(over.text.rstrip("。；")):
            return [], at
        names: list[str] = []
        end = at
        while end < len(self.blocks):
            block = self.blocks[end]
            if not isinstance(block, _Line) or _ENUMERATED.match(block.text):
                break
            pieces = [piece.strip("“”") for piece in re.split("[、；;]", block.text.rstrip("。；;，"))]
            if not all(self._is_bare_name(piece) for piece in pieces):
                break
            if names and len(pieces) > 1:
                break
            names += pieces
            end += 1
            if len(pieces) > 1:
                break
        wanted = [token.value for token in tokens_of(over.text) if Role.COUNT in token]
        return (names, end) if len(names) > 1 or wanted == [len(names)] else ([], at)

    def _is_bare_name(self, text: str) -> bool:
        if not 4 <= len(text) <= 40 or re.search(r"[。，：:！？]|^附件|^各|[等的]$", text):
            return False
        if self.is_issuer.match(text) and not self.words.kinds_in(text):
            return False
        ends = re.search(rf"(?:{_NAME_ENDS})(?:（[^（）]+）)?$", text)
        return ends is not None and ends.start() >= 2 and not self._has_count(text)

    def _list_end(self, at: int) -> int:
        """Return the position after a list of institutions (1.甲众创空间 …) that begins here; `at` for none."""
        if (bare := self._names_below(at)[1]) > at:
            return bare
        end = at
        serial = 0
        names = 0
        while end < len(self.blocks):
            block = self.blocks[end]
            if not isinstance(block, _Line) or _HAS_STOP.search(block.text.rstrip("。；;")):
                break
            match = _LISTED.match(block.text)
            if match is None or int(match["serial"]) <= serial or self._has_count(match["name"]):
                break
            if serial == 0 and int(match["serial"]) != 1:
                break
            serial = int(match["serial"])
            names += bool(re.search(_NAME_WORDS, match["name"])) and len(match["name"]) <= 50
            end += 1
        rows = end - at
        if rows == 0 or names * 2 <= rows:
            return at
        over = self.blocks[at - 1] if at else None
        heading = over.text if isinstance(over, _Line) else ""
        named = (
            heading_result(heading) is not None or re.search(r"名单|如下|（\d+[家个]）", heading) is not None
        )
        return end if rows > 1 or named else at

    def _list(self, at: int, end: int) -> None:
        over = self.blocks[at - 1] if at else None
        heading = over.text if isinstance(over, _Line) and heading_result(over.text) is not None else ""
        heading = heading or self.captions.section or self.captions.title
        if not heading and self.paragraphs:
            heading = self.paragraphs[-1]
        items = [
            match
            for block in self.blocks[at:end]
            if isinstance(block, _Line) and (match := _LISTED.match(block.text))
        ]
        texts = [(item["serial"], item["name"].rstrip("。；;，")) for item in items]
        if not texts:
            bare = tuple((name,) for name in self._names_below(at)[0])
            self._table(DocumentTable(rows=bare), heading=heading, names_only=True)
            return
        results = [_TRAILING_RESULT.search(name) for _, name in texts]
        places = [
            re.match(r"^(?P<name>.+?)（(?P<place>[^（）]{2,12}[省市盟州区县旗地])）$", name)
            for _, name in texts
        ]
        heads: tuple[str, ...]
        if all(results):
            heads = ("序号", "名称", "结果")
            rows = [(serial, m[1], m[2]) for (serial, _), m in zip(texts, results, strict=True) if m]
        elif all(places):
            heads = ("序号", "名称", "地区")
            rows = [
                (serial, m["name"], m["place"]) for (serial, _), m in zip(texts, places, strict=True) if m
            ]
        else:
            heads = ("序号", "名称")
            rows = [(serial, name) for serial, name in texts]  # type: ignore[misc]
        self._table(DocumentTable(rows=(heads, *rows)), heading=heading)

    # ---- tables -----------------------------------------------------------------------------------------------

    def _table(self, grid: DocumentTable, heading: str | None = None, *, names_only: bool = False) -> None:
        title = heading if heading is not None else self.captions.section or self.captions.title
        over = (title, self.captions.title, self.captions.section)
        kind = next((found for text in (title, *over) if text and (found := self.words.kind_of(text))), None)
        several = not kind and any(len(self.words.kinds_in(text)) > 1 for text in over if text)
        grid_read = _Grid(
            rows=[
                [NoticeCell(raw=cell, text=even_out(cell, self.simplify)) for cell in row]
                for row in grid.rows
            ],
            title=title,
            label=self.captions.label,
            kind=kind,
            fallback=None if several else self.words.kind_of(self.title),
            year=self._year_in(self.title),
            names_only=names_only,
            outer=self.captions.title,
        )
        table = grid_read.table()
        if table is None:
            return
        self.tables.append(table)
        counted = [text for text in grid_read.sections if self._has_count(text)]
        if counted and table.kind != self.words.kind_of(self.title) and table.title not in self.paragraphs:
            # Else the headings inside the table would not tell which kind they count.
            self.paragraphs.append(table.title)
        self.paragraphs += counted

    # ---- facts ------------------------------------------------------------------------------------------------

    def _issuer(self) -> str | None:
        """Return who issues it: the signature, else the title, else the head; in a report, whom it names as source."""
        suffixes = one_of(self.layout["issuers"]["suffixes"])
        body = r"[\u4e00-\u9fff、]{2,30}?"
        begins = re.match(rf"^({body})关于", self.title) or re.match(
            rf"^({body}(?:{suffixes}))(?:公告|通告|通知|公示)$", self.title
        )
        in_title = begins[1] if begins and self.is_issuer.match(begins[1]) else None
        # 省科技厅 in a title is short for the name in the head.
        full = in_title if in_title and len(in_title) > 4 else None
        if issuer := self.signature or full or self.red_head or in_title:
            # The office that sends it out speaks for the department.
            department = issuer.removesuffix("办公室")
            return department if self.is_issuer.match(department) else issuer
        name = rf"(?P<issuer>[\u4e00-\u9fff]{{4,16}}?(?:{suffixes}))"
        says = re.compile(
            rf"(?:来源[：:]|从|据|向){name}(?=获悉|了解|消息|反映|提出|[ 　）)\d]|[\u4e00-\u9fff]{{2,9}}处|$)"
        )
        answers = re.compile(rf"由{name}[\u4e00-\u9fff]{{0,8}}负责解释")
        acts = re.compile(
            rf"(?:^|[，。”]){name}(?=组织|对|开展|委托|会同|决定|按照|依据|完成|现将|发布|公布|[相有]关负责人)"
        )
        lines = [block.text for block in self.blocks if isinstance(block, _Line)]
        grids = [block for block in self.document.blocks if isinstance(block, DocumentTable)]
        lines += [cell for grid in grids for cell in grid.rows[-1]]  # notes may stand under the rows
        found = [
            match
            for text in lines
            for match in (says.search(text), acts.search(text), answers.search(text))
            if match
        ]
        if not found:
            return self._short_issuer(lines)
        # 科技部会同教育部, 受科技部委托: the first of several, without the word that leads up to it.
        issuer = re.sub(r"^(?:记者)?[从据向受由经]|^实名向", "", found[0]["issuer"])
        return re.split(r"会同|联合|委托|(?<=[部厅局委])[与和、]", issuer)[0]

    def _short_issuer(self, lines: Sequence[str]) -> str | None:
        """Return the issuer where the text says 市科技局 only and the title begins with the city's name."""
        suffixes = one_of(word for word in self.layout["issuers"]["suffixes"] if len(word) > 2)
        place = re.match(r"^[\u4e00-\u9fff]{1,9}?(?P<unit>[省市区县州盟旗])", self.title)
        if place is None or place.group().startswith("关于"):
            return None
        says = re.compile(rf"(?:来源[：:]|^|[，。由])(?P<issuer>{place['unit']}(?:{suffixes}))")
        for text in lines:
            if match := says.search(text):
                return place.group() + match["issuer"][1:]
        return None

    def _year(self) -> int | None:
        """Return the year that the evaluation is of: from the title, else the text, else the number or the day."""
        if year := self._year_in(self.title):
            return year
        evaluates = one_of(self.words.grammar["evaluates"]["words"])
        for pattern in (
            rf"({_YEAR_DIGITS})年度?(?:(?!认定的|备案的|获批的|批准的|以来)[^，。；]){{0,16}}?(?:{evaluates})",
            rf"({_YEAR_DIGITS})年度",
        ):
            for text in self.paragraphs:
                if match := re.search(pattern, re.sub(r"《[^》]*》|（[^）]*号[^）]*）", "", text)):
                    return _number_of(match[1])
        for table in self.tables:
            if year := self._year_in(table.title):
                return year
        if self.number and (match := re.search(r"(?:19|20)\d{2}", self.number)):
            return int(match.group())
        return int(self.day[:4]) if self.day else None

    def _year_in(self, title: str) -> int | None:
        match = re.search(rf"({_YEAR_DIGITS})年度", title) or re.search(rf"({_YEAR_DIGITS})年", title)
        return _number_of(match[1]) if match else None

    def _stages(self) -> tuple[str, ...]:
        """Return the stages of the procedure in the order in which one clause of the text names them."""
        pattern = re.compile(one_of(self.layout["stages"]["words"]))
        best: list[str] = []
        for paragraph in self.paragraphs:
            for sentence in re.split(r"[。；]", paragraph):
                plain = re.sub(r"《[^》]*》", "", sentence)
                last = max((m.end() for m in re.finditer(r"程序|环节|步骤|流程", plain)), default=0)
                clause = plain[:last] if last else plain
                found = [match.group() for match in pattern.finditer(clause)]
                if len(set(found)) > len(best) and len(set(found)) > 1:
                    best = list(dict.fromkeys(found))
        return tuple(best)


# 示例甲众创空间优秀, 示例乙众创空间（A类）: a list of names with the result after each.
_TRAILING_RESULT = re.compile(
    r"^(.{4,}?)[：:，,（(—-]{0,2}(优秀|良好|基本合格|不合格|合格|优良|[A-D][类级档等]|[一二三四五]星级?|不通过|通过)[)）]?$"
)
_NAME_ENDS = (
    "孵化器|众创空间|创客空间|空间|孵化园|孵化基地|创业园|科技园|产业园|园区|基地|中心|工场|工坊|咖啡|公司|学院|大学|研究院|平台|创客汇|众创汇|加速器|星创天地|社区|小镇|"
    "创客营|梦工厂|创谷|创港|大厦"
)
_NAME_WORDS = re.compile(
    r"孵化|众创|创客|空间|加速器|科技园|星创|基地|中心|公司|学院|大学|研究院|平台|园区|工场|工坊|咖啡|创业园|产业园|汇$|园$|港$|谷$"
)


def _is_unfinished(text: str) -> bool:
    return (
        text.endswith(("，", "、"))
        or text.count("（") > text.count("）")
        or text.count("《") > text.count("》")
    )


def _plain_title(title: str) -> str:
    return re.sub(r"[《》（）()\s]", "", title)


def _full_day(text: str) -> str | None:
    """Return the day that a line consists of, as YYYY-MM-DD; None for any other line."""
    match = _DAY.fullmatch(text.strip("（）()")) or _ISO_DAY.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day = (_number_of(match[part]) for part in ("year", "month", "day"))
    return f"{year:04d}-{month:02d}-{day:02d}"


def _number_of(text: str) -> int:
    return int(text) if text.isdecimal() else chinese_value(text) or 0


def _addressees(text: str) -> tuple[str, ...]:
    """Return the bodies of a salutation. Where commas part them, 、 belongs to a name: 各市、县（市、区）科技局."""
    plain = text.rstrip("：")
    marks = "，；" if re.search("[，；]", _without_brackets(plain)) else "、"
    if marks == "、":
        ends = re.compile(r"(?:局|厅|委|会|部|院|所|单位|机构|高校|企业|孵化器|空间|中心|学校|园区)$")
        pieces = _split(plain, marks)
        return tuple(pieces) if all(ends.search(piece) for piece in pieces) else (plain,)
    return tuple(_split(plain, marks))


def _without_brackets(text: str) -> str:
    return re.sub(r"（[^（）]*）", "", text)


def _split(text: str, marks: str) -> list[str]:
    pieces, depth = [""], 0
    for character in text:
        depth += (character == "（") - (character == "）")
        if character in marks and depth == 0:
            pieces.append("")
        else:
            pieces[-1] += character
    return [piece for piece in pieces if piece]


_CITED = re.compile(
    r"《(?P<title>[^《》]+(?:《[^《》]*》[^《》]*|〈[^〉]*〉[^《》]*)*)》(?:[（(](?P<number>[^（）()]*?\d+号))?"
)


def _bases(paragraphs: Iterable[str]) -> tuple[CitedBasis, ...]:
    """Return the documents that the text rests on: named after 根据, 依据, 按照 …, or with their number."""
    found: dict[str, CitedBasis] = {}
    for paragraph in paragraphs:
        for sentence in paragraph.split("。"):
            rests = re.search(r"根据|依据|按照|依照|遵照|按《", sentence) is not None
            for match in _CITED.finditer(sentence):
                number = (match["number"] or "").replace(" ", "")
                is_short = len(match["title"]) <= 4
                if (rests or number) and not is_short and match["title"] not in found:
                    found[match["title"]] = CitedBasis(title=match["title"], number=number)
    return tuple(found.values())


# ---- a grid -----------------------------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class _Grid:
    """One grid of evened cells, with what stands over it."""

    rows: list[list[NoticeCell]]
    title: str
    label: str
    kind: str | None
    fallback: str | None
    year: int | None
    columns: tuple[NoticeColumn, ...] = field(default=())
    heads: tuple[str, ...] = field(default=())
    outer: str = ""
    """The title of the annex, where a heading inside it stands over the grid."""
    names_only: bool = False
    """Whether the grid is a list of names without serials: no head, no headings inside."""
    sections: list[str] = field(default_factory=list)
    """Headings inside the table: rows that are one cell over all columns."""

    def table(self) -> NoticeTable | None:
        """Return the table, None for a grid without any data row."""
        words = load_notice_words()
        filled = [row for row in self.rows if any(cell.text for cell in row)]
        head = next((at for at, row in enumerate(filled[:4]) if _is_head(row)), None)
        if (turned := self._turned(filled)) is not None:
            return turned
        over = filled[: head or 0]
        data = filled[head + 1 :] if head is not None else filled
        for row in over:
            text = next((cell.text for cell in row if cell.text), "")
            self.title = self.title or text
            self.kind = self.kind or words.kind_of(text)
        self.heads = tuple(cell.text for cell in filled[head]) if head is not None else ()
        if self.names_only:
            head, over, data = None, [], filled
        self.columns = self._columns(data) if head is not None else _guessed_columns(data)
        self.heads = self.heads or ("",) * len(self.columns)
        self.kind = self.kind or self._kind_of_heads() or self.fallback
        rows = self._rows(data)
        if not rows:
            return None
        return NoticeTable(
            title=self.title,
            label=self.label,
            kind=self.kind
            if NoticeColumn.KIND not in self.columns or len({r.kind for r in rows}) == 1
            else None,
            columns=self.columns,
            heads=self.heads,
            rows=tuple(rows),
        )

    def _turned(self, filled: Sequence[Sequence[NoticeCell]]) -> NoticeTable | None:
        """Return a table whose columns are the grades (优秀 | 良好 | 合格) with one row for each name; else None."""
        at = next((at for at, row in enumerate(filled[:4]) if _grades_over(row) is not None), None)
        if at is None:
            return None
        grades = _grades_over(filled[at]) or {}
        rows: list[NoticeRow] = []
        for column, (label, outcome) in grades.items():
            for cells in filled[at + 1 :]:
                cell = cells[column] if column < len(cells) else None
                if cell is None or not re.search(r"[\u4e00-\u9fff]", cell.text) or _adds_up([cell.text]):
                    continue
                rows.append(
                    NoticeRow(
                        number=len(rows) + 1,
                        serial=None,
                        cells=(cell,),
                        kind=self.kind or self.fallback,
                        label=label,
                        outcome=outcome,
                    )
                )
        if not rows:
            return None
        return NoticeTable(
            title=self.title,
            label=self.label,
            kind=self.kind or self.fallback,
            columns=(NoticeColumn.NAME,),
            heads=("",),
            rows=tuple(rows),
        )

    def _kind_of_heads(self) -> str | None:
        for head, column in zip(self.heads, self.columns, strict=True):
            if column is NoticeColumn.NAME and (kind := load_notice_words().kind_of(head)):
                return kind
        return None

    def _columns(self, data: Sequence[Sequence[NoticeCell]]) -> tuple[NoticeColumn, ...]:
        columns = [_column_of(head) for head in self.heads]
        width = max((len(row) for row in data), default=0)
        columns += [NoticeColumn.OTHER] * (width - len(columns))
        self.heads = (*self.heads, *[""] * (len(columns) - len(self.heads)))
        self._one_result(columns)
        if NoticeColumn.RESULT not in columns:
            for at, column in enumerate(columns):
                wordy = column in (
                    NoticeColumn.KIND,
                    NoticeColumn.LEVEL,
                    NoticeColumn.OTHER,
                    NoticeColumn.NOTE,
                )
                if wordy and _holds_results([row[at].text for row in data if at < len(row)]):
                    columns[at] = NoticeColumn.RESULT
                    break
        names = [at for at, column in enumerate(columns) if column is NoticeColumn.NAME]
        for at in names[1:]:
            columns[at] = (
                NoticeColumn.OPERATOR if NoticeColumn.OPERATOR not in columns else NoticeColumn.OTHER
            )
        if not names:
            free = [
                at for at, column in enumerate(columns) if column is NoticeColumn.OTHER and self.heads[at]
            ]
            if free:
                columns[free[0]] = NoticeColumn.NAME
            elif NoticeColumn.OPERATOR in columns:
                columns[columns.index(NoticeColumn.OPERATOR)] = NoticeColumn.NAME
        return tuple(columns)

    def _one_result(self, columns: list[NoticeColumn]) -> None:
        """Keep one column of results: that of the notice's year, else the last."""
        results = [at for at, column in enumerate(columns) if column is NoticeColumn.RESULT]
        if len(results) < 2:
            return
        chosen = next((at for at in results if self.year and str(self.year) in self.heads[at]), results[-1])
        for at in results:
            if at != chosen:
                columns[at] = NoticeColumn.OTHER

    def _rows(self, data: Sequence[Sequence[NoticeCell]]) -> list[NoticeRow]:
        words = load_notice_words()
        has_result = NoticeColumn.RESULT in self.columns
        section = None if has_result else heading_result(self.title) or heading_result(self.outer)
        section_kind: str | None = None
        rows: list[NoticeRow] = []
        for cells in data:
            texts = [cell.text for cell in cells]
            if _is_head(cells) or _adds_up(texts):
                continue
            heading = None if self.names_only else _section_of(texts, len(self.columns))
            if heading is not None:
                self.sections.append(heading)
                if (found := heading_result(heading)) is not None:
                    section = found
                if kind := words.kind_of(heading):
                    section_kind = kind
                continue
            row = self._row(len(rows) + 1, cells, section, section_kind)
            if row is not None:
                rows.append(row)
        return _filled_down(rows, self.columns)

    def _row(
        self,
        number: int,
        cells: Sequence[NoticeCell],
        section: tuple[str, str] | None,
        section_kind: str | None,
    ) -> NoticeRow | None:
        padded = [*cells, *[NoticeCell(raw="", text="")] * (len(self.columns) - len(cells))]
        by_column = {column: cell.text for column, cell in zip(self.columns, padded, strict=False)}
        serial = by_column.get(NoticeColumn.SERIAL, "")
        if not by_column.get(NoticeColumn.NAME) and not serial:
            return None
        result = result_of(by_column.get(NoticeColumn.RESULT, "")) or section
        note = by_column.get(NoticeColumn.NOTE, "")
        if (
            result is not None
            and (noted := result_of(note))
            and noted[1] in ("disqualified", "pilot_cancelled")
        ):
            result = (result[0], noted[1])
        kind = load_notice_words().kind_of(by_column.get(NoticeColumn.KIND, "")) or section_kind or self.kind
        return NoticeRow(
            number=number,
            serial=_serial(serial),
            cells=tuple(padded),
            kind=kind,
            label=result[0] if result else None,
            outcome=result[1] if result else None,
        )


def _serial(text: str) -> int | None:
    text = re.sub(r"\.0$", "", text.strip("第号.、"))
    if text.isdecimal():
        # A longer one is no serial, and one of thousands of digits is no number that can be read.
        return int(text) if len(text) <= 9 else None
    return chinese_value(text) if text and all(c in "一二三四五六七八九十百零〇" for c in text) else None


def _plain_head(head: str) -> str:
    return re.sub(r"[（(].*?[）)]|\s", "", head)


def _column_of(head: str) -> NoticeColumn:
    """Return what stands under a head: by the whole of it, then by its end, then by what it holds."""
    lists = load_notice_words().layout["columns"]
    head = _plain_head(head)
    if not head:
        return NoticeColumn.OTHER
    bare = head.removesuffix("名称")
    for column, words in lists.items():
        if head in words or (bare and bare in words and column != "serial"):
            return NoticeColumn(column)
    for column, words in lists.items():
        if column != "serial" and (head.endswith(tuple(w for w in words if len(w) > 1))):
            return NoticeColumn(column)
    for column, words in lists.items():
        if column != "serial" and any(len(word) > 1 and word in head for word in words):
            return NoticeColumn(column)
    return NoticeColumn.NAME if head.endswith("名称") else NoticeColumn.OTHER


def _is_head(row: Sequence[NoticeCell]) -> bool:
    texts = [_plain_head(cell.text) for cell in row if cell.text]
    known = {word for words in load_notice_words().layout["columns"].values() for word in words}
    exact = sum(text in known or text.removesuffix("名称") in known for text in texts)
    if any(text in ("序号", "编号") for text in texts):
        return len(texts) > 1
    return (
        len(texts) > 1 and exact * 2 >= len(texts) and not any(re.fullmatch(r"\d+", text) for text in texts)
    )


def _grades_over(row: Sequence[NoticeCell]) -> dict[int, tuple[str, str]] | None:
    """Return the grades that heads of columns are, by column; None for a row that is no head of such a table."""
    found: dict[int, tuple[str, str]] = {}
    for at, cell in enumerate(row):
        head = _plain_head(cell.text)
        if not head or head in ("序号", "编号", "序"):
            continue
        result = heading_result(head) if len(head) <= 8 and not cell.text[-1:].isdigit() else None
        if result is None or re.search(r"家数|数量|个数|结果|等次", head):
            return None
        found[at] = result
    return found if len({label for label, _ in found.values()}) == len(found) > 1 else None


def _guessed_columns(data: Sequence[Sequence[NoticeCell]]) -> tuple[NoticeColumn, ...]:
    """Return the columns of a grid without heads: serials, then names, and results where a column holds such words."""
    width = max((len(row) for row in data), default=0)
    columns = [NoticeColumn.OTHER] * width
    for at in range(width):
        texts = [row[at].text for row in data if at < len(row)]
        if at == 0 and sum(_serial(text) is not None for text in texts) * 2 > len(texts):
            columns[at] = NoticeColumn.SERIAL
        elif _holds_results(texts):
            columns[at] = NoticeColumn.RESULT
        elif NoticeColumn.NAME not in columns:
            columns[at] = NoticeColumn.NAME
    return tuple(columns)


def _holds_results(texts: Sequence[str]) -> bool:
    """Whether most filled cells of a column are short result words."""
    filled = [text for text in texts if text]
    known = [found for text in filled if len(text) <= 16 and (found := result_of(text)) and _is_known(found)]
    return bool(filled) and len(known) * 10 >= len(filled) * 8


def _is_known(found: tuple[str, str]) -> bool:
    return found[1] != "other" or found[0] in load_notice_words().labels


def _adds_up(texts: Sequence[str]) -> bool:
    words = load_notice_words().layout["not_rows"]["words"]
    first = next((text for text in texts if text), "")
    return first.rstrip("：:") in words or first.startswith(("注：", "注:", "备注：", "说明："))


def _section_of(texts: Sequence[str], width: int) -> str | None:
    """Return the text of a row that is one merged cell over several columns; None for a row of data."""
    filled = [text for text in texts if text]
    if not filled or width < 2 or filled[0].isdecimal():
        return None
    if len(set(filled)) == 1 and (len(filled) == 1 or len(filled) > 2):
        return filled[0]
    return None


def _filled_down(rows: list[NoticeRow], columns: tuple[NoticeColumn, ...]) -> list[NoticeRow]:
    """Let a merged result cell, printed once at the top of its rows, hold for the rows beneath it.

    Only where each result is printed exactly once and the first row has one: then no row can have been left blank.
    """
    printed = [row.outcome and row.label for row in rows]
    labels = [label for label in printed if label]
    merged = (
        NoticeColumn.RESULT in columns
        and bool(labels)
        and printed[0] is not None
        and len(set(labels)) == len(labels)
        and len(rows) >= 2 * len(labels)
        and max(Counter(labels).values()) == 1
    )
    if not merged:
        return rows
    filled: list[NoticeRow] = []
    for row in rows:
        above = filled[-1] if filled else row
        filled.append(row if row.label else replace(row, label=above.label, outcome=above.outcome))
    return filled


def _with_top_grade(tables: Sequence[NoticeTable]) -> list[NoticeTable]:
    """Give 优良 its code by the grades that stand beside it in the tables."""
    labels = {row.label for table in tables for row in table.rows if row.label}
    if "优良" not in labels:
        return list(tables)
    outcome = between_outcome(labels)
    return [
        replace(
            table,
            rows=tuple(replace(row, outcome=outcome) if row.label == "优良" else row for row in table.rows),
        )
        for table in tables
    ]
