"""Which rows of a notice may be one institution or share an operator, and what body does a channel's name mean?

Likeness proposes and never decides: nothing is merged here, a person answers, and what was answered is not asked
again. A pair is proposed only for a reason that can be told in words: the same body printed twice, a difference of
legal form, place word or abbreviation, characters that sound or look alike, a name that takes in the other one, or a
result that the notice itself says was taken over. One differing character that is none of these (淘商, 惠商) is
another name, however alike the rest.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import combinations
from typing import Protocol

from hatchmark.domain.names import aliases_of, operators_of
from hatchmark.domain.published_notices import (
    IdentityProposal,
    NoticeColumn,
    NoticeRow,
    NoticeTable,
    ProposedLink,
    PublishedNotice,
)
from hatchmark.domain.regions import RegionTable, load_regions


@dataclass(frozen=True, slots=True, kw_only=True)
class LikePair:
    """Two names by their positions in a list, `first` < `second`, and how alike they are by characters, 0 to 1000."""

    first: int
    second: int
    per_mille: int


class Likeness(Protocol):
    """What finds names that are alike. It compares strings and knows nothing of institutions."""

    def pairs_of(self, names: Sequence[str], *, at_least: int) -> Iterable[LikePair]:
        """Return the pairs of different names that are alike to `at_least` per mille, or sound the same as a whole."""
        ...

    def sounds_alike(self, one: str, other: str) -> bool:
        """Whether two characters can be read the same, tones aside."""
        ...


class IdentityAnswer(StrEnum):
    """What a person said about a proposal."""

    SAME = "same"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityDecision:
    """One answer to one proposal, kept by its key. `reason` may be empty: it is then not stated."""

    key: str
    what: ProposedLink
    answer: IdentityAnswer
    decided_by: str
    decided_at: datetime
    reason: str = ""


# ---- names as they are compared -------------------------------------------------------------------------------

_WIDTHS: dict[int, int | str] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    ord("【"): "[", ord("】"): "]", ord("“"): '"', ord("”"): '"', ord("·"): "·", ord("•"): "·",
}  # fmt: skip

_LEGAL_FORM = re.compile(
    r"(股份有限责任公司|股份有限公司|有限责任公司|集团有限公司|有限公司|责任公司|分公司|总公司|公司|\(集团\)|集团)"
)
_PLACE_WORD = re.compile(
    r"(?<=[\u4e00-\u9fff])(自治区|自治州|自治县|自治旗|[省市盟州县旗区])(?=[\u4e00-\u9fff]{2})"
)
_SHORT_FORMS = (
    ("工程技术研究院", "研究院"), ("工程技术研究所", "研究院"), ("科学研究院", "研究院"), ("科学研究所", "研究院"),
    ("研究所", "研究院"), ("管理委员会", "管委会"), ("科技企业孵化器", "孵化器"), ("科学技术", "科技"),
    ("大学科技园", "科技园"), ("固体废弃物", "固废"), ("职业技术学院", "职院"), ("生产力促进中心", "生促中心"),
)  # fmt: skip
_NO_BODY = frozenset({"", "无", "/", "\\", "-", "—", "——", "--", "同上", "暂无"})
# What tells two parts of one house apart: letters, numbers, 座 期 号 楼.
_PART_MARK = re.compile(r"[0-9a-z一二三四五六七八九十甲乙丙丁东南西北]")
_LOOK_ALIKE = frozenset(
    frozenset(pair)
    for group in (
        "己已巳", "未末", "土士", "日曰", "人入", "大太", "干千于", "治冶", "天夫", "田由甲申", "木本", "晴睛",
        "侯候", "戊戌戍", "今令", "折拆", "徽微", "料科", "拓柘", "玉王", "元无", "部郎", "壮状", "阳阴",
    )
    for pair in combinations(group, 2)
)  # fmt: skip

_SHORTEST = 4
"""Names of fewer characters are too short for likeness to mean anything."""

_ALIKE = 850
_ALIKE_WITH_RESULT = 800
_MOST_DIFFERENT = 3


def evened(text: str) -> str:
    """Return a name as it is compared: brackets and letters of one width, no spaces, no closing stop."""
    return re.sub(r"\s+", "", text.translate(_WIDTHS)).rstrip("。.;").casefold()


@dataclass(frozen=True, slots=True)
class _Folding:
    """One way in which two writings of one name may differ, with the words for it."""

    word: str
    word_en: str
    pattern: re.Pattern[str] | None = None
    replacements: tuple[tuple[str, str], ...] = ()

    def of(self, text: str) -> str:
        if self.pattern is not None:
            return self.pattern.sub("", text)
        for long, short in self.replacements:
            text = text.replace(long, short)
        return text


_FOLDINGS = (
    _Folding("仅括号、标点写法不同", "they differ in brackets and punctuation only", re.compile(r"[^\w+⊕]|_")),
    _Folding("仅公司形式不同（有限责任公司、有限公司等）", "they differ in the legal form only", _LEGAL_FORM),
    _Folding("仅地名中的省、市、盟、旗、县、区等字有无不同", "they differ in words like 市 only", _PLACE_WORD),
    _Folding("仅全称、简称不同（如研究所、研究院）", "they differ in a long and a short form only",
             replacements=_SHORT_FORMS),
)  # fmt: skip


def folded(name: str) -> str:
    """Return a name without what two writings of it may differ in: brackets, legal form, place words, long forms."""
    text = evened(name)
    for folding in _FOLDINGS:
        text = folding.of(text)
    return text


def _writing_differences(one: str, other: str) -> list[_Folding]:
    """Return in which ways two names of one folded form are written differently."""
    one, other = evened(one), evened(other)
    found: list[_Folding] = []
    for folding in _FOLDINGS:
        if one == other:
            break
        before = (one, other)
        one, other = folding.of(one), folding.of(other)
        # A folding counts where it brings the two nearer: it may touch both without telling them apart.
        if abs(len(before[0]) - len(before[1])) != abs(len(one) - len(other)) or one == other:
            found.append(folding)
    return found


# ---- mentions ---------------------------------------------------------------------------------------------------


class _Part(StrEnum):
    NAME = "name"
    ALIAS = "alias"
    OPERATOR = "operator"


_PART_WORDS = {_Part.NAME: "名称", _Part.ALIAS: "别名", _Part.OPERATOR: "运营机构"}
_PART_WORDS_EN = {_Part.NAME: "name", _Part.ALIAS: "second name", _Part.OPERATOR: "operator"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mention:
    """One name in one row. `place` is the table's position and the row's number."""

    place: tuple[int, int]
    part: _Part
    text: str
    evened: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Difference:
    """How two names differ, in words; `anywhere`: it is worth asking though the channels are not the same."""

    word: str
    word_en: str
    anywhere: bool


@dataclass(slots=True, kw_only=True)
class _Proposal:
    """A proposal being made: reasons are added while the pairs are looked at."""

    names: set[str] = field(default_factory=set)
    reasons: dict[str, str] = field(default_factory=dict)


_Rows = tuple[tuple[int, int], ...]


def propose_identities(
    notice: PublishedNotice, *, likeness: Likeness, decided: Collection[IdentityDecision] = ()
) -> tuple[IdentityProposal, ...]:
    """Return which rows, in one table or in two, may be one institution or share an operator, in order of the rows.

    Nothing is merged: each proposal names its rows and lists its reasons in words. What a person decided before, the
    same or different, is not proposed again; the decision is found by the proposal's key.
    """
    finder = _Finder(notice, likeness)
    finder.find()
    answered = {decision.key for decision in decided}
    return tuple(proposal for proposal in finder.proposals() if proposal.key not in answered)


def key_of(what: ProposedLink, names: Iterable[str]) -> str:
    """Return the key of a proposal: what it says and the names it is about, however they were spaced or ordered."""
    return f"{what}:{'|'.join(sorted({evened(name) for name in names}))}"


class _Finder:
    """Looks for rows of one notice that may belong together."""

    def __init__(self, notice: PublishedNotice, likeness: Likeness) -> None:
        self.notice = notice
        self.likeness = likeness
        self.rows: dict[tuple[int, int], tuple[NoticeTable, NoticeRow]] = {
            (at, row.number): (table, row) for at, table in enumerate(notice.tables) for row in table.rows
        }
        self.mentions = [m for place, (table, row) in self.rows.items() for m in _mentions(place, table, row)]
        self.made: dict[tuple[ProposedLink, _Rows], _Proposal] = {}

    def find(self) -> None:
        by_form: dict[str, list[_Mention]] = defaultdict(list)
        for mention in self.mentions:
            by_form[folded(mention.text)].append(mention)
        for form, mentions in by_form.items():
            self._same_form(form, mentions)
        forms = [form for form in by_form if len(form) >= _SHORTEST]
        for pair in self.likeness.pairs_of(forms, at_least=_ALIKE_WITH_RESULT):
            one, other = forms[pair.first], forms[pair.second]
            self._alike(one, other, pair.per_mille, by_form)

    def proposals(self) -> list[IdentityProposal]:
        found: list[IdentityProposal] = []
        for (what, rows), made in sorted(self.made.items(), key=lambda item: (item[0][1], item[0][0])):
            found.append(
                IdentityProposal(
                    what=what,
                    rows=rows,
                    reasons=tuple(made.reasons),
                    reasons_en=tuple(made.reasons.values()),
                    key=key_of(what, made.names),
                )
            )
        return found

    # ---- the same body printed twice ------------------------------------------------------------------------

    def _same_form(self, form: str, mentions: Sequence[_Mention]) -> None:
        operators = [m for m in mentions if m.part is _Part.OPERATOR]
        named = [m for m in mentions if m.part is not _Part.OPERATOR]
        if len({m.place for m in named}) > 1:
            self._propose_written(ProposedLink.SAME_INSTITUTION, named)
        if len({m.place for m in operators}) > 1:
            self._propose_written(ProposedLink.SAME_OPERATOR, operators)
        elif operators and len({m.place for m in mentions}) > 1 and len(form) >= _SHORTEST:
            self._propose_written(ProposedLink.SAME_OPERATOR, mentions)

    def _propose_written(self, what: ProposedLink, mentions: Sequence[_Mention]) -> None:
        rows = tuple(sorted({m.place for m in mentions}))
        writings = sorted({m.evened for m in mentions})
        made = self.made.setdefault((what, rows), _Proposal())
        made.names.update(writings)
        first = mentions[0]
        words = "、".join(dict.fromkeys(_PART_WORDS[m.part] for m in mentions))
        words_en = " and ".join(dict.fromkeys(_PART_WORDS_EN[m.part] for m in mentions))
        if len(writings) == 1:
            made.reasons[f"{words}同为“{first.text}”"] = f"the {words_en} is “{first.text}” in each row"
        else:
            listed = "、".join(f"“{text}”" for text in dict.fromkeys(m.text for m in mentions))
            made.reasons[f"{words}{listed}相近"] = f"the {words_en}: {listed} are alike"
            for folding in _writing_differences(writings[0], writings[1]):
                made.reasons[folding.word] = folding.word_en
        self._add_evidence(made, rows)

    # ---- names that are alike -------------------------------------------------------------------------------------

    def _alike(self, one: str, other: str, per_mille: int, by_form: dict[str, list[_Mention]]) -> None:
        """Propose the rows of two forms where the difference can be told in words."""
        told = self._told(one, other) or self._told(by_form[one][0].evened, by_form[other][0].evened)
        for what, left_out in (
            (ProposedLink.SAME_INSTITUTION, _Part.OPERATOR),
            (ProposedLink.SAME_OPERATOR, _Part.ALIAS),
        ):
            first = [mention for mention in by_form[one] if mention.part is not left_out]
            second = [mention for mention in by_form[other] if mention.part is not left_out]
            if what is ProposedLink.SAME_OPERATOR and _Part.OPERATOR not in {
                m.part for m in (*first, *second)
            }:
                continue
            rows = tuple(sorted({mention.place for mention in (*first, *second)}))
            if not first or not second or len(rows) < 2:
                continue
            self._propose_alike(what, rows, (first, second), told, per_mille)

    def _propose_alike(
        self,
        what: ProposedLink,
        rows: _Rows,
        mentions: tuple[Sequence[_Mention], Sequence[_Mention]],
        told: Sequence[_Difference],
        per_mille: int,
    ) -> None:
        near = self._near(*mentions)
        result = len(rows) == 2 and near and self._taken_over(*rows) is not None
        if not result and not any(near or difference.anywhere for difference in told):
            return
        # Rows that belong together for a better reason gain nothing from a mere resemblance of other cells.
        if not told and any((link, rows) in self.made for link in ProposedLink):
            return
        if not told and per_mille < _ALIKE_WITH_RESULT:
            return
        # Operators are named before names: it is they that a shared operator is about.
        first, second = (max(each, key=lambda m: m.part is _Part.OPERATOR) for each in mentions)
        if first.place > second.place:
            first, second = second, first
        made = self.made.setdefault((what, rows), _Proposal())
        made.names.update((first.evened, second.evened))
        words, words_en = _PART_WORDS[first.part], f"{_PART_WORDS_EN[first.part]}s"
        if first.part is not second.part:
            words = f"{words}与{_PART_WORDS[second.part]}"
            words_en = f"{_PART_WORDS_EN[first.part]} and {_PART_WORDS_EN[second.part]}"
        made.reasons[f"{words}“{first.text}”与“{second.text}”相近"] = (
            f"the {words_en} “{first.text}” and “{second.text}” are alike"
        )
        made.reasons.update((difference.word, difference.word_en) for difference in told)
        self._add_evidence(made, rows)

    def _near(self, first: Sequence[_Mention], second: Sequence[_Mention]) -> bool:
        """Whether two bodies have a channel in common, as far as the rows print one."""
        one, other = (
            {evened(_text(*self.rows[mention.place], NoticeColumn.CHANNEL)) for mention in each}
            for each in (first, second)
        )
        return not one - {""} or not other - {""} or bool(one & other)

    def _told(self, one: str, other: str) -> list[_Difference]:
        """Say how two names differ; empty where the difference makes them two names."""
        if len(one) == len(other):
            pairs = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
            if not 0 < len(pairs) <= min(_MOST_DIFFERENT, len(one) // 3):
                return []
            sound = [pair for pair in pairs if self.likeness.sounds_alike(*pair)]
            look = [pair for pair in pairs if pair not in sound and frozenset(pair) in _LOOK_ALIKE]
            if len(sound) + len(look) < len(pairs):
                return []
            told: list[_Difference] = []
            for alike, word, word_en in ((sound, "同音", "sound alike"), (look, "形近", "look alike")):
                if alike:
                    listed = "、".join(f"{a}／{b}" for a, b in alike)
                    told.append(
                        _Difference(
                            word=f"仅{word}字不同：{listed}",
                            word_en=f"they differ in characters that {word_en}: {listed}",
                            anywhere=True,
                        )
                    )
            return told
        short, long = sorted((one, other), key=len)
        extra = _left_over(short, long)
        if extra is None or len(extra) > _MOST_DIFFERENT or _PART_MARK.search(extra):
            return []
        if 2000 * len(short) < _ALIKE * (len(short) + len(long)):
            return []
        return [
            _Difference(
                word=f"一个名称比另一个多“{extra}”字",
                word_en=f"one name has “{extra}” more than the other",
                anywhere=False,
            )
        ]

    # ---- evidence ---------------------------------------------------------------------------------------------------

    def _add_evidence(self, made: _Proposal, rows: _Rows) -> None:
        """Add what else the rows say: a result taken over from the other, one channel, one kind or two."""
        if len(rows) != 2:
            return
        if told := self._taken_over(*rows):
            made.reasons[told[0]] = told[1]
        channels = {evened(_text(*self.rows[place], NoticeColumn.CHANNEL)) for place in rows}
        if len(channels) == 1 and (channel := _text(*self.rows[rows[0]], NoticeColumn.CHANNEL)):
            made.reasons[f"主管渠道同为“{channel}”"] = f"the channel is “{channel}” in each row"

    def _taken_over(self, one: tuple[int, int], other: tuple[int, int]) -> tuple[str, str] | None:
        """Say that one row prints another kind's result and the other row, of that kind, has it."""
        for carried, source in ((one, other), (other, one)):
            table, row = self.rows[carried]
            source_table, source_row = self.rows[source]
            if row.outcome != "carried" or not source_row.label or source_row.outcome == "carried":
                continue
            if (row.kind or table.kind) == (source_row.kind or source_table.kind):
                continue
            printed = _text(table, row, NoticeColumn.RESULT) or row.label or ""
            if _states(printed, source_row.label):
                where, where_en = self._row_words(carried), self._row_words_en(carried)
                printed = printed.rstrip("。")
                return (
                    f"{where}结果栏写明“{printed}”，{self._row_words(source)}结果即为“{source_row.label}”",
                    f"{where_en} prints “{printed}”, and {self._row_words_en(source)} is “{source_row.label}”",
                )
        return None

    def _row_words(self, place: tuple[int, int]) -> str:
        at, number = place
        return f"{self.notice.tables[at].label or f'第{at + 1}张表'}第{number}行"

    def _row_words_en(self, place: tuple[int, int]) -> str:
        return f"table {place[0] + 1} row {place[1]}"


def _mentions(place: tuple[int, int], table: NoticeTable, row: NoticeRow) -> list[_Mention]:
    found: list[tuple[_Part, str]] = []
    if name := _text(table, row, NoticeColumn.NAME):
        aliases = aliases_of(name)
        plain = name
        for alias in reversed(aliases):
            plain = re.sub(rf"\s*[（(]\s*{re.escape(alias)}\s*[）)]\s*$", "", plain)
        found += [(_Part.NAME, plain), *((_Part.ALIAS, alias) for alias in aliases)]
    if cell := _text(table, row, NoticeColumn.OPERATOR):
        printed = operators_of(cell)
        bodies = (
            *printed.operators,
            *(alias.alias for alias in printed.aliases),
            *(change.old for change in printed.changes),
        )
        found += [(_Part.OPERATOR, body) for body in bodies]
    return [
        _Mention(place=place, part=part, text=text, evened=evened(text))
        for part, text in dict.fromkeys(found)
        if evened(text) not in _NO_BODY
    ]


def _text(table: NoticeTable, row: NoticeRow, column: NoticeColumn) -> str:
    cell = row.cell(table, column)
    return cell.text.strip() if cell else ""


def _states(printed: str, label: str) -> bool:
    """Whether a cell states a label as a word of its own: 不合格 does not state 合格."""
    return re.search(rf"(?<![不未]){re.escape(label)}", printed) is not None


def _left_over(short: str, long: str) -> str | None:
    """Return the one piece that a longer text has more than a shorter one; None where more than one is."""
    start = 0
    while start < len(short) and short[start] == long[start]:
        start += 1
    end = len(long) - len(short) + start
    return long[start:end] if short[start:] == long[end:] else None


# ---- channels ------------------------------------------------------------------------------------------------


class ChannelNature(StrEnum):
    """What body a value of the column 地区 means: it names who recommends and supervises, not where a row stands."""

    LEAGUE_CITY = "league_city"
    DIRECT_CITY = "direct_city"
    COUNTY = "county"
    UNIVERSITY = "university"
    RESEARCH_INSTITUTE = "research_institute"
    CLASS_OF_BODIES = "class_of_bodies"
    UNKNOWN = "unknown"


_CLASS_OF_BODIES = re.compile(
    r"^(各|有关|其他|其它|中央|国家|省|市|区|自治区|厅|局|委|部|驻)*(属|直属|直|本|管|级|本级)?"
    r"(高校|高等院校|高等学校|大专院校|院校|科研院所|科研机构|院所|单位|事业单位|企业|企事业单位|部门|国企|央企|机构)$"
    r"|^(省|市|区|自治区|州|盟)(直|本级|属|直属)$|^(其他|其它|直属|直管)$"
)
_UNIVERSITY = re.compile(r".+(大学|学院|高等专科学校|职业技术学校|党校)$")
_INSTITUTE = re.compile(r".+(研究院|研究所|科学院|设计院)$")
_PREFECTURE = re.compile(r"^.{2,10}(市|盟|自治州|州|地区)$")
_COUNTY = re.compile(r"^.{1,14}(区|县|旗|镇|乡|街道|开发区|高新区|新区|园区|管委会|工委)$")
_ALL_PREFECTURES = re.compile(r"各(设区|地级|盟|地)?(以上)?(盟)?(市|州|地市|市州|市地)")
_BUREAU = re.compile(r"(局|委|厅|委员会|办公室)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedChannel:
    """One value of the column 地区: what body it means, and why it is taken for one, in words.

    `region` is the GB/T 2260 code of the place that it names, None where it names none or the code is not known.
    """

    value: str
    nature: ChannelNature
    reason: str
    reason_en: str
    region: str | None = None


def read_channel(
    value: str, *, regions: RegionTable | None = None, addressees: Sequence[str] = ()
) -> PrintedChannel:
    """Return what a printed channel is, with the reason.

    `regions` are the leagues and cities of the province, where they are known; without them a name that ends in
    市, 盟, 州 or 地区 is taken for one. A city that the notice addresses by its own name, beside all cities together
    (各盟市科技局，满洲里市工信和科技局), reports directly.
    """
    text = evened(value)

    def channel(
        nature: ChannelNature, reason: str, reason_en: str, region: str | None = None
    ) -> PrintedChannel:
        return PrintedChannel(value=value, nature=nature, reason=reason, reason_en=reason_en, region=region)

    if not text:
        return channel(ChannelNature.UNKNOWN, "空白", "it is blank")
    for tile in regions.regions if regions is not None else ():
        if text in (tile.title, tile.short):
            listed = regions.title if regions is not None else ""
            return channel(
                ChannelNature.LEAGUE_CITY,
                f"列于{listed}盟市名录",
                f"it is on the list of leagues and cities of {listed}",
                tile.code,
            )
    if _CLASS_OF_BODIES.match(text):
        return channel(
            ChannelNature.CLASS_OF_BODIES, "是统称，不是一个单位的名称", "no body bears that name by itself"
        )
    # 科学院 ends in 学院 and is none.
    if _INSTITUTE.match(text):
        return channel(
            ChannelNature.RESEARCH_INSTITUTE,
            "名称以研究院、研究所等结尾",
            "its name ends in 研究院, 研究所 or the like",
        )
    if _UNIVERSITY.match(text):
        return channel(
            ChannelNature.UNIVERSITY, "名称以大学、学院等结尾", "its name ends in 大学, 学院 or the like"
        )
    short = text.removesuffix("市")
    counties = regions.counties if regions is not None else ()
    region = next((county.code for county in counties if text in (county.title, county.short)), None)
    by_name = [a for a in map(evened, addressees) if a.startswith(short) and _BUREAU.search(a)]
    if len(short) > 1 and by_name:
        if any(_ALL_PREFECTURES.search(addressee) for addressee in addressees):
            return channel(
                ChannelNature.DIRECT_CITY,
                f"通知在各盟市之外单独主送“{by_name[0]}”",
                f"the notice addresses {by_name[0]} by itself, beside all leagues and cities",
                region,
            )
        return channel(
            ChannelNature.LEAGUE_CITY, f"通知主送“{by_name[0]}”", f"the notice addresses {by_name[0]}", region
        )
    if _PREFECTURE.match(text):
        # Of a province whose cities are known, one that is not among them is a city of county rank.
        if regions is None:
            return channel(
                ChannelNature.LEAGUE_CITY, "名称以市、盟、州或地区结尾", "its name ends in 市, 盟, 州 or 地区"
            )
        return channel(
            ChannelNature.COUNTY,
            f"不在{regions.title}盟市名录中，是县级的市",
            f"it is not among the leagues and cities of {regions.title}: a city of county rank",
            region,
        )
    if _COUNTY.match(text):
        return channel(
            ChannelNature.COUNTY,
            "名称为县、区、旗或园区",
            "its name is that of a county, district, banner or zone",
            region,
        )
    return channel(ChannelNature.UNKNOWN, "看不出是何种单位", "what body it means cannot be told")


def channels_of(notice: PublishedNotice, table: NoticeTable) -> dict[str, PrintedChannel]:
    """Return each value of a table's column 地区 with what it is, in printed order; empty cells are left out.

    The shipped list of leagues and cities counts where the table names one of them or the issuer is of that province.
    """
    values = dict.fromkeys(text for row in table.rows if (text := _text(table, row, NoticeColumn.CHANNEL)))
    shipped = load_regions()
    known = {form for tile in shipped.regions for form in (tile.title, tile.short)}
    own = bool(values.keys() & known) or (notice.issuer or "").startswith(shipped.title)
    return {
        value: read_channel(value, regions=shipped if own else None, addressees=notice.addressees)
        for value in values
    }
