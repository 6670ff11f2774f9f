"""Which counts of institutions does the text of a notice state: how many, of which kind, with which result?

A paragraph falls into tokens (`notice_tokens`), its sentences into *items*: what stands between two marks of
punctuation. Each number of institutions in an item becomes a claim once it is known what it counts. Label, kind,
place and level stand in the item itself, or come from its neighbours by the few rules of the written language: a
list shares one verb or one kind (甲、乙和丙为A级), what stands before a colon holds for what follows, 其中 and brackets
open a part of the count before, 分别 and 各 hand out numbers in order, and a kind once named goes on to hold. A number
for which no result can be found by these rules is no claim.
"""

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hatchmark.domain.notice_drafts import EVALUATED, FOREIGN, GRADES, Draft, Found, related
from hatchmark.domain.notice_items import Item, around, is_partitive, is_place, place_at_end, sentences_of
from hatchmark.domain.notice_named import NameIndex
from hatchmark.domain.notice_tokens import Role, Token, tokens_of
from hatchmark.domain.notice_words import ANY_KIND, load_notice_words, one_of
from hatchmark.domain.notices import Relation
from hatchmark.domain.published_notices import (
    ClaimScope,
    NoticeClaim,
    NoticeColumn,
    NoticeTable,
    PublishedNotice,
)


def read_claims(notice: PublishedNotice) -> tuple[NoticeClaim, ...]:
    """Return every count that the narrative states, in reading order.

    Pure: the tables are consulted only for the names in them (of places, and of institutions that would read as a
    count: 百家汇, 3家店), for the kind of a table that stands under a heading, and to tell whether results taken over
    from another kind are counted in the grades as well.
    """
    hidden = _hidden_names(notice)
    paragraphs = tuple(_hide(paragraph, hidden) for paragraph in notice.paragraphs)
    reader = _Reader(replace(notice, paragraphs=paragraphs))
    for number, paragraph in enumerate(paragraphs):
        reader.paragraph(number, paragraph)
    claims = related(notice, reader.drafts)
    return (
        tuple(_as_printed(claim, notice, hidden) for claim in claims)
        if paragraphs != notice.paragraphs
        else claims
    )


# ---- names that would read as something else ------------------------------------------------------------------------

_SHORTEST_NAME = 4
"""A name of fewer characters may stand in a sentence without being meant."""

_BREAKS_A_SENTENCE = re.compile(r"[。；;，,：:！!？?（）()]")


def _hidden_names(notice: PublishedNotice) -> dict[str, str]:
    """Return the names in the tables that hold a count or a mark of punctuation, longest first, with what is read
    in their place: as long, and nothing but a name."""
    found: dict[str, str] = {}
    for table in notice.tables:
        for row in table.rows:
            cell = row.cell(table, NoticeColumn.NAME)
            name = cell.text if cell else ""
            if len(name) < _SHORTEST_NAME or name in found:
                continue
            plain = list(name)
            for token in tokens_of(name):
                if Role.COUNT in token:
                    plain[token.start : token.end] = "某" * (token.end - token.start)
            hidden = _BREAKS_A_SENTENCE.sub("·", "".join(plain))
            if hidden != name:
                found[name] = hidden
    return dict(sorted(found.items(), key=lambda item: -len(item[0])))


_SERIALS = re.compile(r"第[0-9]+号?(?:[—–~～至到、，和及-]第?[0-9]+号?)+")
"""Numbers of rows: 附件2第44、48、54—81号. What divides them divides no sentence."""


def _hide(paragraph: str, hidden: Mapping[str, str]) -> str:
    for name, plain in hidden.items():
        paragraph = paragraph.replace(name, plain)
    return _SERIALS.sub(lambda found: re.sub("[、，和及]", "·", found[0]), paragraph)


def _as_printed(claim: NoticeClaim, notice: PublishedNotice, hidden: Mapping[str, str]) -> NoticeClaim:
    """Return a claim in the words of the paragraph that it stands in, with the names as they are."""
    names = {plain: name for name, plain in hidden.items()}
    return replace(
        claim,
        text=notice.paragraphs[claim.paragraph][claim.start : claim.end],
        names=tuple(names.get(name, name) for name in claim.names),
    )


# 甲市科技局推荐的5家: the share of the one that sent them in.
_REPORTED_BY = re.compile(
    r"(?<![全我本各该])(?:市|盟|州|县|区|旗|大学|学院)(?:科技局|科委|科学技术局|教科局|主管部门)?"
    r"(?:推荐|报送|归口管理|归口|所属|辖区内?)的?[^，。]{0,8}$"
)


_DUE_AGAIN = re.compile(r"(?:再次|重新|继续|改期)[^，。；]{0,8}?参加.*$")
_SEVERAL_KINDS = re.compile(
    r"(?:[两二三四]|各(?=.(?:载体|机构|平台)))[类种][\u4e00-\u9fff]{0,6}(?:[：，]|合计|共计|总计|共)?[^。；]{0,6}$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _CountedKind:
    """The kind of a count; `named` is the code of the word beside it, `spans` that it is of several or of any."""

    code: str | None
    named: str | None
    spans: bool


_FOR_ALL = ("载体", "平台", "机构")
_SHORTEST_NAME = 5
_EVALUATED = (EVALUATED, "evaluated")
_DIVIDES = re.compile(
    r"(?:从|按)(?:[^，]{0,6}(?:区域|地区|地域|级别|层级|类型|类别|分布|结构|所在地)[^，]{0,4})(?:看|来看|分|划分|统计)?$"
)
"""从区域分布看, 按级别分: what follows divides the total."""

_RATE = re.compile(r"率|比例|占比|比率")
"""优秀率20%: a share, not the result of what was counted before it."""

_COMES_TO = re.compile(r"(?:增加|增长|上升|提高|提升|扩大|减少|下降|降低|增|升|降|减)(?:到|至|为)了?$")
"""由上年的4家增加到6家: the number behind it is this round's."""

_OTHER_PLACES = re.compile(
    r"(?:其他|其余|其它)(?:地区|各地|市|州|盟|县|区|市州|盟市|区县|县区|县市|城市|地市)(?:共|合计)?$"
)

_STRONG_STEPS = ("核查", "抽查", "走访", "调研", "考察", "抽取", "抽样", "督导", "约谈")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Share:
    """One number that is handed out: to a label, a kind, a level or a place."""

    count: int
    result: tuple[str, str]
    kind: str | None
    level: str | None = None
    part: bool = False
    within: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Handed:
    """Numbers handed out in one clause, from the item `begin` to the item `end`."""

    begin: int
    end: int
    shares: list[_Share]


def _last_of_each(items: Sequence[Item], role: Role) -> list[Token]:
    """Return the last token of a role in each item; empty where an item has none."""
    found = [item.of(role)[-1] for item in items if item.has(role)]
    return found if len(found) == len(items) else []


@dataclass(slots=True, kw_only=True)
class _State:
    """What holds for the next item of a sentence."""

    sentence: int
    label: tuple[str, str] | None = None
    label_is_open: bool = False
    bare_label: tuple[str, str] | None = None
    place: bool = False
    subset: bool = False
    subset_opened: bool = False
    list_level: str | None = None
    handed_labels: tuple[tuple[str, str], ...] = ()
    """The labels that the last list of numbers was handed out to, in order."""
    """其中 stood by itself: the next count is the first of the part."""
    anchor: int | None = None
    acts: bool = False
    takes_part: bool = False
    several_kinds: bool = False
    in_bracket: bool = False
    other_round: bool = False
    level_heads: int = 0
    each_kinds: tuple[str, ...] = ()
    base_label: tuple[str, str] | None = None
    """The label of the count whose bracket this is: a semicolon goes back to it."""
    base_anchor: int | None = None
    """That count itself: 4家（甲类1家，其中试点1家；乙类3家) has both kinds in the 4."""
    last_plain: int | None = None
    """The last count that was not opened by 其中: a further 其中 goes into it."""
    level: str | None = None
    """The level that holds: of the count whose bracket this is, or of the kind that heads the clause."""


class _Reader:
    """Reads the paragraphs of one notice in order."""

    def __init__(self, notice: PublishedNotice) -> None:
        self.notice = notice
        self.words = load_notice_words()
        self.drafts: list[Draft] = []
        self.title_kind = self.words.kind_of(notice.title)
        if self._is_of_others(notice):
            self.title_kind = FOREIGN
        self.topic = self.title_kind
        self.heading_kind: str | None = None
        # A notice that makes new carriers reviews those that apply: nobody is evaluated in it.
        self.recognises = (
            re.search(r"认定|备案|命名|入选|授牌", notice.title) is not None
            and re.search(
                rf"{one_of(self.words.grammar['evaluates']['words'])}|绩效|结果|调整|取消|撤销", notice.title
            )
            is None
        )
        self.number = 0
        self.text = ""
        self.kinds_counted: set[str] = set()
        self.totals_said: set[tuple[str | None, int]] = set()
        self.of_all: set[str] = set()
        """Words by which a total over several kinds was counted."""
        self.undecided: Draft | None = None
        self.loose = False
        """Whether the last claim counted with a unit that counts other things too (3个孵化器)."""
        self.sentence = 0
        self.tables: dict[str, NoticeTable] = {table.title: table for table in notice.tables if table.title}
        self.listed = frozenset(
            cell.text
            for table in notice.tables
            for row in table.rows
            if (cell := row.cell(table, NoticeColumn.NAME)) is not None and cell.text
        )
        general = re.compile(f"(?:{one_of((*self.words.kinds, *self.words.levels, *self.words.parts))})+")
        long = [name for name in self.listed if len(name) >= _SHORTEST_NAME and not general.fullmatch(name)]
        self.of_tables = NameIndex(long)
        grammar = self.words.grammar
        carried = grammar["carried"]
        kinds = one_of((*self.words.kinds, *self.words.short_kinds, *carried["other_kind"]))
        self.carries = re.compile(
            rf"(?:{one_of(carried['by'])})(?:其|本年度|上述|同一主体)?[^，。；]{{0,10}}?(?P<kind>{kinds})"
            rf"[^，。；]{{0,12}}?(?:{one_of(carried['result'])})"
        )
        evaluates = one_of(grammar["evaluates"]["words"])
        as_kind = rf"(?:按|以|作为|转为|转入)(?P<kind>[^，。；]{{0,8}}?(?:{kinds}))"
        year = r"(?P<year>20\d\d|次|明|下一?)年度?"
        takes_part = r"(?:参加|参与|接受|纳入|进行|列入)"
        self.defers = (
            re.compile(
                rf"{year}.{{0,6}}?(?:{as_kind}[^，。；]{{0,6}}?)?{takes_part}[^，。；]{{0,20}}?(?:{evaluates})"
            ),
            re.compile(
                rf"(?:{as_kind})?[^，。；]{{0,4}}?{takes_part}{year}[^，。；]{{0,20}}?(?:{evaluates})"
            ),
        )
        self.evaluates = re.compile(
            r"(?:开展|进行|组织|实施|完成|作|做|确定|公布|发布)(?:了|对)?.{0,30}?"
            rf"(?:{one_of(grammar['evaluates']['words'])})"
        )
        self.ground = re.compile(
            rf"(?:{one_of(grammar['grounds']['repeats'])}|20\d\d年[^，。；]*20\d\d年|连续[^，。；]{{0,8}}?[年次届]度?|因|由于|鉴于)[^，。；]*$"
        )
        self.other_round = re.compile(
            rf"(?P<year>20\d\d)年度?(?P<between>[^，。；]{{0,6}}?)(?:{one_of(grammar['evaluates']['words'])})"
        )
        self.obliged = re.compile(r"应当|应于|应在|必须|须|继续|重新|再次|改期|督促|责令|要求|请")

    def _is_of_others(self, notice: PublishedNotice) -> bool:
        """Whether a notice evaluates other bodies only (laboratories, research centres): no word of it is a carrier."""
        foreign = re.compile(one_of(self.words.grammar["foreign"]["words"]))
        if self.words.kinds_in(notice.title):
            return False
        if not foreign.search(notice.title) and not any(map(foreign.search, notice.paragraphs)):
            return False
        return not any(
            self.words.kinds_in(text) for text in (*notice.paragraphs, *(t.title for t in notice.tables))
        )

    # ---- paragraphs and sentences -----------------------------------------------------------------------------

    def paragraph(self, number: int, text: str) -> None:
        self.number, self.text = number, text
        tokens = self._with_names_whole(tokens_of(text))
        if self._is_heading(text, tokens):
            self._heading(text, tokens)
        elif self.heading_kind or self.title_kind:
            self.topic = self.heading_kind or self.title_kind
        for items in sentences_of(tokens):
            if items:
                self.sentence += 1
                state = _State(sentence=self.sentence, anchor=self._last_total())
                self._take_undecided(items, state)
                self._sentence(items, state)

    def _with_names_whole(self, tokens: Sequence[Token]) -> Sequence[Token]:
        """Let no word inside a name that the tables list mean anything: 示例创新孵化基地 is one body, not a kind."""
        inside = {at for span in self.of_tables.spans(self.text) for at in range(*span)}
        plain = frozenset({Role.TEXT})
        return [
            replace(token, roles=plain, code="")
            if token.start in inside and token.end - 1 in inside
            else token
            for token in tokens
        ]

    def _heading(self, text: str, tokens: Sequence[Token]) -> None:
        """Let a heading that names a kind hold for what follows, until one of another matter comes."""
        kinds = self.words.kinds_in(text)
        table = self.tables.get(text)
        kind = self.words.kind_of(text) or (table.kind if table and not kinds else None)
        states_result = any(Role.COUNT in token or Role.LABEL in token for token in tokens)
        foreign = any(Role.FOREIGN in token for token in tokens)
        if foreign and not kinds:
            self.heading_kind = self.topic = FOREIGN
        elif kinds or kind:
            self.heading_kind = self.topic = kind
        elif not states_result and not text.endswith("："):
            self.heading_kind = None
            self.topic = self.title_kind or self.topic

    def _is_heading(self, text: str, tokens: Sequence[Token]) -> bool:
        return len(text) <= 40 and not any(
            role in token for token in tokens for role in (Role.STOP, Role.SEMICOLON)
        )

    def _last_of(self, outcome: str) -> int | None:
        for at in range(len(self.drafts) - 1, -1, -1):
            if self.drafts[at].outcome == outcome and self.drafts[at].scope is ClaimScope.ALL:
                return at
        return None

    def _last_total(self) -> int | None:
        return self._last_of("evaluated")

    def _kind_behind(self, items: list[Item], at: int) -> str | None:
        """Return the kind that a bracket gives to the whole list before it: 优秀3家、良好5家（孵化器）."""
        end = at
        while end + 1 < len(items) and items[end + 1].separator is not Role.SEMICOLON:
            end += 1
        aside = items[end].aside
        if not aside or not items[end].counts or any(item.has(Role.KIND) for item in items[at : end + 1]):
            return None
        kind = self.words.kind_of(aside)
        rest = re.sub(one_of((*self.words.kinds, *self.words.levels, "类")), "", aside)
        return kind if kind and not rest else None

    def _sentence(self, items: list[Item], state: _State) -> None:
        at = 0
        while at < len(items):
            item = items[at]
            if (at == 0 or item.separator is Role.SEMICOLON) and (kind := self._kind_behind(items, at)):
                self.topic = kind
            if item.separator is Role.SEMICOLON:
                goes_on = state.base_label is not None or self._divides_on(item, state)
                state.place, state.subset = False, goes_on
                state.label, state.bare_label = state.base_label, None
                state.label_is_open = state.base_label is not None
                if state.base_anchor is not None:
                    state.anchor = state.base_anchor
                state.several_kinds = False
                state.level_heads = 0
                if not state.in_bracket:
                    state.level = None
            state.other_round = self._is_other_round(item, state)
            if not item.counts:
                self._without_count(items, at, state)
                at += 1
                continue
            at = self._with_count(items, at, state)

    def _divides_on(self, item: Item, state: _State) -> bool:
        """Whether 其中：优秀3家；良好8家；… goes on behind a semicolon: the parts do not yet exceed the whole."""
        if not state.subset or state.anchor is None or state.in_bracket or not item.counts:
            return False
        if item.has(Role.TAKES_PART):
            return False
        whole = self.drafts[state.anchor]
        parts = [draft for draft in self.drafts[state.anchor + 1 :] if draft.within == state.anchor]
        if whole.outcome != "evaluated" and whole.label not in self.words.verdicts:
            return False
        if not parts or any(part.outcome == "evaluated" for part in parts) or item.has(Role.KIND):
            return whole.label in self.words.verdicts and bool(parts)
        return sum(part.count for part in parts) + item.counts[0].value <= whole.count

    def _is_other_round(self, item: Item, state: _State) -> bool:
        """Whether what the item says is of another round: 上年度优秀5家; 2022年度评价中 in a notice of 2023."""
        lead = self.text[item.start : item.counts[0].start] if item.counts else item.text
        if item.counts and self._comes_to(item.counts[0]):
            state.other_round = False
            return False
        if any(word in lead for word in self.words.grammar["earlier"]["now"]):
            return False
        if item.separator is Role.SEMICOLON:
            state.other_round = False
        counted = item.counts
        ends = counted[0].start if counted else len(self.text)
        if any(Role.EARLIER in token for token in item.tokens if token.end <= ends):
            return True
        year = self.notice.year
        if item.counts and (past := re.search(r"(20\d\d)年度?(?:[就曾已共]|即已)*有?$", lead)):
            return year is not None and int(past[1]) < year
        if (
            year is not None
            and (match := self.other_round.search(lead)) is not None
            and int(match["year"]) < year
        ):
            ended = bool(item.counts) or re.search(r"(?:中|结果|时|里)$", item.text) is not None
            if ended and "连续" not in lead and not re.search(r"认定|备案|以来", match["between"]):
                return True
        return state.other_round and str(year) not in lead

    def _without_count(self, items: list[Item], at: int, state: _State) -> None:
        item = items[at]
        if item.has(Role.SUBSET) and Role.SUBSET in item.tokens[0]:
            self._open_subset(state, opens_sentence=at == 0, after_semicolon=item.separator is Role.SEMICOLON)
            state.subset_opened = True
        self._take_topic(items, at, state)
        labels = self._labels(item)
        if labels:
            state.bare_label = self._label_of(labels[-1])
            state.label_is_open = True
            state.label = state.bare_label
        if labels and is_partitive(item):
            state.subset = True
            state.anchor = self._last_of(state.label[1]) if state.label else None
        if self.evaluates.search(item.text):
            state.acts = True
        if _DIVIDES.search(item.text) and (total := self._last_total()) is not None:
            state.subset, state.anchor, state.subset_opened = True, total, True
        colon = at + 1 < len(items) and items[at + 1].separator is Role.COLON
        if colon and self._is_foreign_place(item.text):
            state.place = True
        if item.has(Role.TAKES_PART):
            state.takes_part = True
        for inner in item.inner:
            self._sentence(inner, replace(state, in_bracket=True))

    def _take_topic(self, items: list[Item], at: int, state: _State) -> None:
        """Let the kind that an item without a count is about hold for what follows."""
        item = items[at]
        kinds = self._kinds_named(item)
        if kinds and item.aside:
            kinds = list(dict.fromkeys((*kinds, *self.words.kinds_in(item.aside))))
        if kinds:
            joined = self._kinds_named(items[at - 1]) if at and item.continues_list() else []
            if len(kinds) > 1 or (set(joined) - set(kinds) and not items[at - 1].counts):
                self.topic, state.several_kinds = None, True
            elif self._is_topical(item):
                self.topic = None if kinds == [ANY_KIND] else kinds[0]
                state.several_kinds = kinds == [ANY_KIND]
        elif item.has(Role.FOREIGN) and self._is_about_others(item):
            self.topic = FOREIGN
        elif self._speaks_of_all(item.of(Role.ANAPHOR)):
            self.topic, state.several_kinds = None, True

    def _speaks_of_all(self, anaphors: Sequence[Token]) -> bool:
        """Whether a word points back to a total over several kinds: 平台, after 全市科创孵化平台39家.

        Without such a total 载体 or 平台 still speaks of all where several kinds were counted under no heading.
        """
        several = len(self.kinds_counted) > 1
        words = set(_FOR_ALL) if several and not (self.heading_kind or self.title_kind) else self.of_all
        return any(token.text.endswith(tuple(words)) for token in anaphors) if words else False

    def _is_about_others(self, item: Item) -> bool:
        """Whether an item turns to bodies that are no carriers: 重点实验室方面; 对工程技术研究中心进行了评估."""
        at = item.of(Role.FOREIGN)[0]
        return at.start - item.start <= 4 or item.has(Role.EVALUATES) or item.has(Role.TAKES_PART)

    def _is_topical(self, item: Item) -> bool:
        """Whether the item is about the kind that it names: 科技企业孵化器方面; 开展了众创空间考评."""
        kind = item.of(Role.KIND)[0]
        if re.search(r"(?:以|按|按照|作为|转为|随|视同)$", self.text[item.start : kind.start]):
            return False
        before = [
            t
            for t in item.tokens
            if t.end <= kind.start and not (Role.LEVEL in t or Role.YEAR in t or Role.PART in t)
        ]
        return (
            not before
            or item.has(Role.EVALUATES)
            or item.has(Role.TAKES_PART)
            or len("".join(token.text for token in before)) <= 4
        )

    def _open_subset(self, state: _State, *, opens_sentence: bool, after_semicolon: bool) -> None:
        """Take what follows as part of the last count; 其中 at the head of a sentence goes back to the total before."""
        state.subset = True
        own = [at for at, draft in enumerate(self.drafts) if draft.sentence == state.sentence]
        totals = [at for at in own if self.drafts[at].outcome == "evaluated"]
        if after_semicolon and totals:
            state.anchor = totals[0]
        elif state.last_plain is not None:
            state.anchor = state.last_plain
        elif own:
            whole = [at for at in own if self.drafts[at].relation is not Relation.SUBSET]
            state.anchor = (whole or own)[-1]
        elif opens_sentence and not state.in_bracket:
            self._open_subset_of_sentence_before(state)
        elif not opens_sentence and not state.in_bracket:
            state.anchor = None

    def _open_subset_of_sentence_before(self, state: _State) -> None:
        """Let 其中 at the head of a sentence go into the one class that the sentence before counts, if it is one."""
        before = [
            at
            for at, draft in enumerate(self.drafts)
            if draft.sentence == state.sentence - 1
            and draft.paragraph == self.number
            and draft.relation is not Relation.SUBSET
        ]
        if len(before) == 1 and self.drafts[before[0]].outcome != "evaluated":
            whole = self.drafts[before[0]]
            state.anchor = before[0]
            state.label, state.label_is_open = (whole.label, whole.outcome), True

    # ---- one count --------------------------------------------------------------------------------------------

    def _with_count(self, items: list[Item], at: int, state: _State) -> int:
        """Read the count of an item (or the run of counts that it opens); return the position after it."""
        item = items[at]
        _, before, _ = around(item)
        opens_subset = any(Role.SUBSET in token for token in before) and not any(
            Role.NEGATION in token for token in before
        )
        if opens_subset:
            self._open_subset(state, opens_sentence=at == 0, after_semicolon=item.separator is Role.SEMICOLON)
        opens_subset, state.subset_opened = opens_subset or state.subset_opened, False
        # 各有8家、12家 hands out in order as 分别 does.
        each = bool(before) and Role.EACH in before[-1] and len(self._run_of_counts(items, at)) > 1
        hands_out = each or item.has(Role.RESPECTIVELY) or self._hands_out_after(items, at)
        if hands_out and (end := self._respectively(items, at, state)) is not None:
            return end
        if before and Role.EACH in before[-1] and (end := self._each(items, at, state)) is not None:
            return end
        draft = self._draft(items, at, state, opens_subset=opens_subset)
        position: int | None = None
        if draft is not None:
            self.loose = item.counts[0].loose
            if draft.kind is not None:
                self.kinds_counted.add(draft.kind)
                if draft.outcome == "evaluated" and draft.scope is ClaimScope.ALL:
                    self.totals_said.add((draft.kind, draft.count))
            elif draft.outcome == "evaluated":
                self.of_all |= {word for word in _FOR_ALL if any(word in token.text for token in item.tokens)}
            position = len(self.drafts)
            self.drafts.append(draft)
            if is_partitive(item) and draft.outcome != "evaluated":
                state.subset, state.anchor = True, position
            if not opens_subset and (draft.relation is not Relation.SUBSET or state.in_bracket):
                state.last_plain = position
        self._inner(item, state, position)
        return at + 1

    def _inner(self, item: Item, state: _State, position: int | None) -> None:
        """Read what stands in brackets after a count, and what they say about it without a count."""
        if position is not None:
            whole = self.drafts[position]
            if re.search(rf"(?:含|包括).{{0,4}}?(?:{one_of(self.words.pilot)})", item.aside):
                whole.joins_pilot = whole.stated_overlap = True
        for inner in item.inner:
            own = _State(sentence=state.sentence, in_bracket=True, anchor=state.anchor, acts=state.acts)
            if position is not None:
                whole = self.drafts[position]
                own.anchor, own.subset = position, True
                own.place = whole.scope is ClaimScope.PART
                if whole.outcome != "evaluated":
                    own.label, own.label_is_open = (whole.label, whole.outcome), True
                    own.base_label, own.base_anchor = own.label, position
                else:
                    own.takes_part, own.level = True, whole.level
            topic = self.topic
            self._sentence(inner, own)
            self.topic = topic

    def _draft(self, items: list[Item], at: int, state: _State, *, opens_subset: bool) -> Draft | None:
        """Return the claim that the count of an item makes; None where it is of nothing evaluated in this round."""
        item = items[at]
        count, before, after = around(item)
        if state.other_round or self._counts_something_else(before, after, count):
            self._pass_over(item, before, state)
            return None
        if self._refers_back(state, before, after, count):
            return None
        kind = self._kind(items, at, state)
        if kind.code == FOREIGN:
            return None
        named = kind.named is not None
        found = self._result(items, at, state, named=named)
        if (again := self._said_before(items, at, found)) is not None:
            found = again.said_again(last=at)
            kind = kind if named else _CountedKind(code=again.kind, named=None, spans=again.spans_kinds)
        if found is None and named:
            found = self._total_again(at, count.value, kind)
        if found is None:
            self._keep_for_parts(items, at, kind, state, named=named)
            if named and kind.named != ANY_KIND and not self._is_step(before, after):
                self.topic = kind.named
            return None
        own_level = self._level(before, after)
        self._now_holds(state, kind, own_level, found)
        level = self._level_of_list(item, own_level, found, state)
        if found.outcome == "disqualified" and level in self.words.pilot and state.subset:
            found, level = replace(found, label=level or "", outcome="pilot_cancelled"), None
        part = self._part(item, before, state)
        state.place = state.place or part
        if state.subset and not opens_subset and self._ends_subset(item, found.outcome, state):
            state.subset = False
        told = own_level is not None and own_level not in self.words.pilot
        is_share = part or (told and state.label_is_open)
        within = self._within(state, found, kind, is_share=is_share)
        if found.of_ground and within is None:
            within = self._whole_of(found.outcome, kind.code, state, anywhere=True)
        relation = found.relation if within is None else Relation.SUBSET
        if within is not None and within == state.anchor and not named and not kind.spans:
            kind = replace(kind, code=self.drafts[within].kind)
        start, end = self._clause(items, at, found.last)
        following = "".join(other.text for other in items[at : at + 6])
        apart = one_of(self.words.grammar["overlap"]["not_counted_before"])
        return Draft(
            paragraph=self.number,
            sentence=state.sentence,
            start=start,
            end=end,
            text=self.text[start:end],
            count=count.value,
            label=found.label,
            outcome=found.outcome,
            kind=None if kind.spans else kind.code,
            spans_kinds=kind.spans,
            level=level,
            scope=ClaimScope.PART if part or state.place else ClaimScope.ALL,
            relation=relation,
            within=within,
            of_kind=found.of_kind,
            year=found.year,
            stated_overlap=relation is Relation.SUBSET,
            stated_disjoint=re.search(apart, following) is not None,
            names=self._names(items, at),
            level_tells=own_level is not None and state.subset,
        )

    def _total_again(self, at: int, count: int, kind: _CountedKind) -> Found | None:
        """Return the total that a count with its kind says again without saying so: 考核期内，28家孵化器共 …."""
        if (kind.code, count) not in self.totals_said:
            return None
        return Found(label=EVALUATED, outcome="evaluated", relation=Relation.TOTAL, last=at)

    def _keep_for_parts(
        self, items: list[Item], at: int, kind: _CountedKind, state: _State, *, named: bool
    ) -> None:
        """Remember a count without a result: where the next sentence divides it by 其中, it is a total."""
        if not named or kind.spans or at != len(items) - 1 or state.in_bracket:
            return
        start, end = self._clause(items, at, at)
        self.undecided = Draft(
            paragraph=self.number,
            sentence=state.sentence,
            start=start,
            end=end,
            text=self.text[start:end],
            count=items[at].counts[0].value,
            label=EVALUATED,
            outcome="evaluated",
            kind=kind.code,
            relation=Relation.TOTAL,
        )

    def _take_undecided(self, items: list[Item], state: _State) -> None:
        """Make a total of the count at the end of the sentence before, where 其中 and grades follow."""
        kept, self.undecided = self.undecided, None
        if kept is None or kept.sentence != state.sentence - 1 or kept.paragraph != self.number:
            return
        counted = [item for item in items if item.counts]
        if not counted or Role.SUBSET not in items[0].tokens[0] or not self._labels(counted[0]):
            return
        if sum(item.counts[0].value for item in counted) <= kept.count:
            self.drafts.append(kept)
            state.anchor = len(self.drafts) - 1

    def _pass_over(self, item: Item, before: list[Token], state: _State) -> None:
        """Take from a count that is no claim what it says about those that follow: kind and label."""
        kinds = self._kinds_named(item)
        if state.other_round and (label := self._last_label(before)):
            state.label, state.label_is_open = self._label_of(label), True
            state.bare_label = state.label
        if item.has(Role.FOREIGN) and not kinds:
            self.topic = FOREIGN
        speaks_of = state.other_round or state.acts or self._is_topical(item) if kinds else False
        if speaks_of and kinds[-1] != ANY_KIND:
            self.topic = kinds[-1]

    def _level_of_list(self, item: Item, own_level: str | None, found: Found, state: _State) -> str | None:
        """Return the level of a count: its own, that of the list it continues (省级4家优秀、9家良好), or what holds."""
        if own_level is None and item.continues_list() and found.outcome != "evaluated":
            return state.list_level or state.level
        state.list_level = own_level
        return own_level or state.level

    def _clause(self, items: list[Item], at: int, last: int) -> tuple[int, int]:
        """Return where the clause of a claim begins and ends; a bracket that it opens is closed in it."""
        start, end = items[at].start, items[last].end
        if self.text[end : end + 1] in ("）", ")") and re.search(r"[（(]", self.text[start:end]):
            end += 1
        return start, end

    def _now_holds(self, state: _State, kind: _CountedKind, level: str | None, found: Found) -> None:
        """Let kind and level of a claim hold for what follows it."""
        state.bare_label = None
        if kind.named is None:
            return
        self.topic = None if kind.named == ANY_KIND else kind.named
        state.several_kinds = kind.named == ANY_KIND
        if not state.in_bracket and not state.subset:
            # 综合孵化器优秀2家、良好5家: the level goes with its kind, but two levels in one list hold for neither.
            state.level_heads += level is not None and found.outcome == "evaluated"
            state.level = level if state.level_heads < 2 else None

    def _within(self, state: _State, found: Found, kind: _CountedKind, *, is_share: bool) -> int | None:
        """Return the claim that a count is a part of; None for one that stands by itself."""
        if state.subset and state.anchor is not None:
            if found.relation is Relation.CROSS_REFERENCE:
                return None
            return self._of_kind(state.anchor, kind.code if kind.named else None)
        if is_share and found.relation is not Relation.TOTAL:
            return self._whole_of(found.outcome, kind.code, state)
        return None

    def _of_kind(self, anchor: int, kind: str | None) -> int | None:
        """Return the whole for a part of a kind: that beside the anchor where it is of another; None where none is."""
        whole = self.drafts[anchor]
        if kind is None or whole.kind in (None, kind) or kind == "professional_makerspace":
            return anchor
        for position in range(anchor, -1, -1):
            draft = self.drafts[position]
            if draft.sentence != whole.sentence:
                return None
            if draft.kind == kind and draft.outcome == whole.outcome:
                return position
        return None

    # ---- the result of one count --------------------------------------------------------------------------------

    def _result(self, items: list[Item], at: int, state: _State, *, named: bool) -> "Found | None":
        """Return what a count came to: from its item, from the items around, or as a total of those evaluated."""
        item = items[at]
        count, before, after = around(item)
        found = self._stated_result(items, at, state, named=named)
        if found is None and (due := _DUE_AGAIN.search(self.text[item.start : count.start])):
            return Found(label=due.group(), outcome="other", relation=Relation.CROSS_REFERENCE, last=at)
        if found is None:
            total = self._is_evaluated(items, at, state, before, after, named=named)
            grounds = self._grounds(item)
            if grounds and not (total and self._takes_part_itself(before, after)):
                # Nothing follows from the ground: they are a part of those that it graded.
                return replace(self._found(grounds[-1], at), of_ground=True)
            return (
                Found(label=EVALUATED, outcome="evaluated", relation=Relation.TOTAL, last=at)
                if total
                else None
            )
        if found.outcome == "absent":
            graded = self._graded_for_absence([*after, *tokens_of(item.aside)], self._tail(items, at))
            return found if graded is None else self._found(graded, found.last)
        if found.label == "应当整改":
            return replace(found, relation=Relation.CROSS_REFERENCE)
        # 合格以上 counts several grades at once.
        return replace(found, relation=Relation.TOTAL) if "以上" in found.label else found

    def _stated_result(self, items: list[Item], at: int, state: _State, *, named: bool) -> "Found | None":
        """Return the result that the text states for a count, in the order in which one place outdoes another."""
        item = items[at]
        _, before, after = around(item)
        tail = self._tail(items, at)
        last = self._last_label(before)
        if (last or named) and (joint := self._joint_label(items, at, before)):
            return Found(label=joint, outcome="other", relation=Relation.TOTAL, last=at)
        if last is not None:
            state.label, state.label_is_open = self._label_of(last), True
            return self._found(last, at)
        if special := self._special(item, after, tail, at):
            state.label_is_open = False
            return special
        if (own := self._first_label(after)) is not None:
            state.label, state.label_is_open = self._label_of(own), False
            return self._found(own, at)
        if (shared := self._shared_ahead(items, at)) is not None:
            return self._found(shared, at)
        if (item.has(Role.LABEL) or state.subset) and (lost := self._lost_after(tail)) is not None:
            return self._found(lost[0], at + 1 + lost[1])
        if state.label is not None and self._inherits(item, state, before, after, named=named):
            return Found(label=state.label[0], outcome=state.label[1], last=at)
        if (found := self._of_whole(at, state, before, after, named=named)) is not None:
            return found
        return self._from_neighbours(items, at, state, before, after)

    def _of_whole(
        self, at: int, state: _State, before: list[Token], after: list[Token], *, named: bool
    ) -> "Found | None":
        """Return the result of the whole for a part of it by kind or level: 11家被撤销，其中孵化器4家."""
        if not state.subset or state.anchor is None or self._takes_part_itself(before, after):
            return None
        whole = self.drafts[state.anchor]
        if whole.outcome == "evaluated" or not (named or self._level(before, after) is not None):
            return None
        return Found(label=whole.label, outcome=whole.outcome, last=at)

    def _found(self, token: Token, last: int) -> "Found":
        label, outcome = self._label_of(token)
        return Found(label=label, outcome=outcome, last=last)

    # ---- what is counted --------------------------------------------------------------------------------------

    def _counts_something_else(self, before: list[Token], after: list[Token], count: Token) -> bool:
        """Whether the thing counted is no carrier, or the count is of a plan or a change."""
        noun = self._noun_after(after)
        if noun is not None and Role.DECOY in noun:
            return True
        if noun is None and before:
            nearest = next((token for token in reversed(before) if not self._is_filler(token)), None)
            attributive = nearest is not None and self.text[nearest.end : nearest.end + 1] == "的"
            graded = attributive and self._last_label(before) is not None  # 未提交材料的3家
            if (
                nearest is not None
                and Role.DECOY in nearest
                and Role.EVALUATES not in nearest
                and not graded
                and not _OTHER_PLACES.search(self.text[before[0].start : count.start])
            ):
                return True
            if any(Role.FOREIGN in token for token in before) and not any(
                Role.KIND in token for token in before
            ):
                return True
        if count.loose and noun is None:
            nearest = next((token for token in reversed(before) if not self._is_filler(token)), None)
            roles = (Role.KIND, Role.LABEL, Role.ANAPHOR)
            follows = after[0].text if after else ""
            if self.loose and re.match("[为获被]", follows) and self._first_label(after):
                return False  # 甲园等3个孵化器为A档，乙园等4个为B档
            if nearest is None or not any(role in nearest for role in roles) or follows:
                return True
        if self._comes_to(count):
            return False
        ground = next((token.start for token in after if token.text == "因"), len(self.text))
        # 28家孵化器共新增入孵企业503家: what grew is the next number.
        next_noun = next((t.start for t in after if Role.DECOY in t and Role.FOREIGN not in t), -1)
        return any(
            Role.ELSEWHERE in token and not (token.start >= count.end and token.start < next_noun)
            for token in (*before, *after)
            if token.start < ground
        )

    def _comes_to(self, count: Token) -> bool:
        return _COMES_TO.search(self.text[max(0, count.start - 8) : count.start]) is not None

    def _is_filler(self, token: Token) -> bool:
        return (
            Role.TOTAL in token
            or Role.EACH in token
            or (
                token.roles == {Role.TEXT}
                and re.fullmatch(
                    r"(?:等次|等级|档次|级别|[为有达计是的了已数量名单总第至即：等])*", token.text
                )
                is not None
            )
        )

    def _noun_after(self, after: list[Token]) -> Token | None:
        """Return the noun that a count stands before: 12家[省级][专业型]众创空间."""
        room = 8
        for token in after:
            if any(role in token for role in (Role.KIND, Role.ANAPHOR)):
                return token
            if Role.DECOY in token and Role.EVALUATES not in token:
                if self.text[token.end : token.end + 1] == "的" and len(after) > 2:
                    room = 8  # 2家提供虚假材料的众创空间
                    continue
                return token
            if Role.LEVEL in token or Role.PART in token or Role.PILOT in token:
                continue
            if token.roles == {Role.TEXT} or Role.TAKES_PART in token or Role.LABEL in token:
                if re.match(
                    r"为|获|被|因|在|未|由|达|是|均|以|按|自|从|将|应|须|要|可|经|已|与|向|于", token.text
                ):
                    return None
                room -= len(token.text)
                if room < 0:
                    return None
                continue
            return None
        return None

    def _kinds_named(self, item: Item) -> list[str]:
        return list(dict.fromkeys(token.code for token in item.of(Role.KIND)))

    def _kind(self, items: list[Item], at: int, state: _State) -> "_CountedKind":
        """Return the kind that a count is of: named beside it, else the one that the text speaks of."""
        item = items[at]
        _, before, after = around(item)
        noun = self._noun_after(after)
        own: Token | None = noun if noun is not None and Role.KIND in noun else None
        named_before = [token for token in before if Role.KIND in token]
        if own is None and named_before:
            own = named_before[-1]
            joined = at > 0 and item.continues_list() and not items[at - 1].counts and not state.in_bracket
            beside = self._kinds_named(items[at - 1]) if joined else []
            if len({token.code for token in named_before} | set(beside)) > 1 and Role.EACH not in before[-1]:
                return _CountedKind(code=None, named=ANY_KIND, spans=True)
        if own is None and noun is None:
            own = self._kind_further_on(after)
        if own is None and self._speaks_of_all(item.of(Role.ANAPHOR)):
            return _CountedKind(code=None, named=ANY_KIND, spans=True)
        if own is not None:
            several = own.code == ANY_KIND
            return _CountedKind(code=None if several else own.code, named=own.code, spans=several)
        lead = self.text[max(0, item.start - 8) : item.counts[0].start]
        if _SEVERAL_KINDS.search(lead):
            state.several_kinds = True
            self.topic = None
        parts = {code for inner in item.inner for piece in inner for code in self._kinds_named(piece)}
        if any(Role.TOTAL in token for token in before):
            # 众创空间优秀3家，孵化器优秀2家，共5家: the sum is of both.
            own_counts = [draft for draft in self.drafts if draft.sentence == state.sentence]
            if sum(draft.count for draft in own_counts) == item.counts[0].value:
                parts |= {draft.kind or "" for draft in own_counts}
        if len(parts) > 1 or state.several_kinds:
            return _CountedKind(code=None, named=None, spans=True)
        return _CountedKind(code=self.topic or self._kind_at_end_of_list(items, at), named=None, spans=False)

    def _kind_further_on(self, after: list[Token]) -> Token | None:
        """Return a kind later in the item (2家被取消众创空间资格), not one by whose evaluation others go."""
        later = [token for token in after if Role.KIND in token]
        if not later or self.carries.search("".join(token.text for token in after)):
            return None
        return None if re.search(r"(?:以|按|作为|转为)$", self.text[: later[0].start]) else later[0]

    def _kind_at_end_of_list(self, items: list[Item], at: int) -> str | None:
        """Return the kind that the end of a list names for all of it: 12家优秀、18家良好众创空间."""
        for item in items[at + 1 :]:
            if not item.continues_list() or not item.counts:
                return None
            if kinds := self._kinds_named(item):
                return kinds[0] if len(kinds) == 1 and kinds[0] != ANY_KIND else None
        return None

    def _level(self, before: list[Token], after: list[Token]) -> str | None:
        found: list[str] = []
        count_seen = [*before[-6:], *after[:3]]
        for token in count_seen:
            if Role.LEVEL in token or Role.PART in token:
                found.append(token.text.rstrip("的"))
        if not found and self._is_pilot(before, after):
            found.append("试点")
        return found[-1] if found else None

    def _is_pilot(self, before: list[Token], after: list[Token]) -> bool:
        """Whether a count is of pilots by the word beside their kind: 创客空间试点3家, 3家众创空间试点."""
        for tokens in (before, after):
            for kind, pilot in itertools.pairwise(tokens):
                if Role.KIND in kind and Role.PILOT in pilot:
                    return True
        return False

    def _part(self, item: Item, before: list[Token], state: _State) -> bool:
        """Whether the item speaks of one place or unit: 甲市5家, 甲市优秀5家."""
        lead = self.text[item.start : item.counts[0].start]
        if "位于" in lead or _OTHER_PLACES.search(lead):
            return True
        if re.search(r"等(?:共|这|地的)?$", lead):
            return False  # 示例大学科技园等4家: an example, not where they are
        if state.place and item.separator in (Role.COMMA, Role.LIST, Role.LINK) and self._first_label(before):
            return True
        if (reported := _REPORTED_BY.search(lead)) and self._is_foreign_place(lead[: reported.start() + 1]):
            return True
        bare = re.sub(rf"^(?:{one_of(self.words.grammar['subset']['words'])})|(?:共|有|为|共有)+$", "", lead)
        if not any(Role.KIND in token or Role.LABEL in token for token in before) and self._is_foreign_place(
            bare
        ):
            return True
        for position, token in enumerate(before):
            if token.roles != {Role.TEXT} and Role.REST not in token:
                continue
            text = re.sub(r"(?:共|有|为|现|分别|辖区内|辖区)+$", "", token.text)
            follows = before[position + 1] if position + 1 < len(before) else None
            if follows is not None and not any(
                role in follows
                for role in (
                    Role.COUNT,
                    Role.KIND,
                    Role.LEVEL,
                    Role.LABEL,
                    Role.TOTAL,
                    Role.TAKES_PART,
                    Role.PART,
                    Role.EACH,
                )
            ):
                continue
            if self._is_foreign_place(text):
                return True
        return False

    def _is_foreign_place(self, text: str) -> bool:
        """Whether a text ends with a place or unit that is not the issuer's or the title's own."""
        if not is_place(text):
            return False
        own = (self.notice.issuer or "", self.notice.title)
        return not any(text.lstrip("对在") in each or place_at_end(text) in each for each in own)

    def _names(self, items: list[Item], at: int) -> tuple[str, ...]:
        """Return the institutions that a count follows by name: 示例甲众创空间、示例乙孵化器2家."""
        found: list[str] = []
        item = items[at]
        lead = self.text[item.start : item.counts[0].start]
        lead = re.sub(r"(?:等|共|这|计|（)+$", "", lead).strip()
        if item.separator is Role.LIST and self._is_name(lead):
            found.append(lead)
            for other in reversed(items[:at]):
                text = self.text[other.start : other.end]
                text = text[text.rfind("，") + 1 :].strip("“”")
                if other.counts or not self._is_name(text):
                    break
                found.insert(0, re.sub(r"^(?:取消|撤销|确定|同意|将|对|其中|经.{0,10}?，)", "", text))
                if other.separator is not Role.LIST:
                    break
        if not found and items[at + 1 : at + 2] and items[at + 1].separator is Role.COLON:
            # 优秀（3家）：甲、乙、丙
            for other in items[at + 1 :]:
                if found and not other.continues_list():
                    break
                text = self.text[other.start : other.end].strip("“”")
                if other.counts or not self._is_name(text):
                    return ()  # not a list of names alone: how many it names is not known
                found.append(text)
        return tuple(name.strip("“”") for name in found) if len(found) > 1 else ()

    def _is_name(self, text: str) -> bool:
        if text.strip("“”") in self.listed:
            return True
        kind = re.search(rf"(?:{one_of((*self.words.kinds, '园', '基地', '中心'))})[”]?$", text)
        return (
            kind is not None
            and kind.start() >= 2
            and not re.search(r"[省市区县]级$|的$|评价$|考核$", text[: kind.start()])
        )

    # ---- what it came to --------------------------------------------------------------------------------------

    def _label_of(self, token: Token) -> tuple[str, str]:
        return token.text.strip("“”"), token.code

    def _labels(self, item: Item) -> list[Token]:
        return [token for token in item.of(Role.LABEL) if not self._is_aside(token, item.tokens)]

    def _is_aside(self, token: Token, tokens: Sequence[Token]) -> bool:
        """Whether a label is the ground of something (连续两年不合格), denied (未出现不合格) or part of a name."""
        lead = "".join(other.text for other in tokens if other.end <= token.start)
        if token.code in GRADES and self.ground.search(lead[-24:]):
            return True
        if _RATE.match(self.text, token.end) and any(Role.COUNT in other for other in tokens):
            return not any(Role.COUNT in other and other.start > token.end for other in tokens)
        return self._is_denied(token, tokens)

    def _is_denied(self, token: Token, tokens: Sequence[Token]) -> bool:
        lead = "".join(other.text for other in tokens if other.end <= token.start)
        return (
            re.search(
                rf"(?:{one_of(self.words.grammar['negations']['words'])})(?:为|被|有|发现|任何)?$", lead
            )
            is not None
        )

    def _grounds(self, item: Item) -> list[Token]:
        """Return the grades that an item names as grounds: where nothing follows from them, they are counted."""
        return [
            token
            for token in item.of(Role.LABEL)
            if self._is_aside(token, item.tokens) and not self._is_denied(token, item.tokens)
        ]

    def _last_label(self, before: list[Token]) -> Token | None:
        labels = [token for token in before if Role.LABEL in token and not self._is_aside(token, before)]
        return labels[-1] if labels else None

    def _first_label(self, after: list[Token]) -> Token | None:
        """Return the label that follows a count; what takes a status away wins over the grade that is its ground."""
        labels = [token for token in after if Role.LABEL in token and not self._is_aside(token, after)]
        lost = next((token for token in labels if token.code in ("disqualified", "pilot_cancelled")), None)
        return lost or (labels[0] if labels else None)

    def _tail(self, items: list[Item], at: int) -> list[Item]:
        """Return the items after a count that hold none, up to the next count or semicolon."""
        tail: list[Item] = []
        for item in items[at + 1 :]:
            if item.counts or item.separator is Role.SEMICOLON or Role.SUBSET in item.tokens[0]:
                break
            tail.append(item)
        return tail

    def _special(self, item: Item, after: list[Token], tail: list[Item], at: int) -> Found | None:
        """Read a result taken over from another kind, a deferral to another year, or a duty that is counted."""
        pieces = ["".join(token.text for token in after), *(other.text for other in tail)]
        for position, piece in enumerate(pieces):
            if match := self.carries.search(piece):
                return Found(
                    label=piece[match.start() :],
                    outcome="carried",
                    last=at + position,
                    relation=Relation.CROSS_REFERENCE,
                    of_kind=self._source_kind(match["kind"], item, after),
                )
        for position, piece in enumerate(pieces):
            match = next((match for pattern in self.defers if (match := pattern.search(piece))), None)
            if match is None:
                continue
            year = int(match["year"]) if match["year"].isdigit() else None
            if year is not None and self.notice.year is not None and year <= self.notice.year:
                continue
            kinds = self.words.kinds_in(match["kind"] or "")
            source = kinds[0] if kinds and kinds[0] != ANY_KIND else None
            words = [*after, *(token for other in tail[:position] for token in other.tokens)]
            if stated := next((token for token in words if Role.LABEL in token), None):
                if stated.code not in ("deferred", "absent"):
                    return None
                return replace(self._found(stated, at + position), of_kind=source, year=year)
            begins = match.start() - (piece[match.start() - 1 : match.start()] == "在")
            due = self.obliged.search("".join(pieces[:position]) + piece[: match.end()]) is not None
            return Found(
                label=piece[begins:],
                outcome="other" if due else "deferred",
                last=at + position,
                relation=Relation.CROSS_REFERENCE if due else Relation.DISJOINT,
                of_kind=source,
                year=year,
            )
        return None

    def _source_kind(self, word: str, item: Item, after: list[Token]) -> str | None:
        """Return the kind whose result is taken over; 其孵化器 gives it in the next word."""
        code = self.words.kinds.get(word) or self.words.short_kinds.get(word)
        later = (token.code for token in after if Role.KIND in token and token.start > item.counts[0].end + 8)
        return code or next(later, None)

    def _graded_for_absence(self, after: list[Token], tail: list[Item]) -> Token | None:
        """Return the failing grade that those who did not take part are given: 未提交材料，视为不合格."""
        words = (*after, *(token for other in tail for token in other.tokens))
        return next((token for token in words if Role.LABEL in token and token.code == "unqualified"), None)

    def _joint_label(self, items: list[Item], at: int, before: list[Token]) -> str | None:
        """Return the labels that one number counts together: 优秀、良好的孵化器共8家."""
        if not any(Role.TOTAL in token for token in before) or not items[at].continues_list():
            return None
        labels = [token for token in before if Role.LABEL in token]
        for item in reversed(items[:at]):
            if item.counts or not self._labels(item):
                break
            labels = [*self._labels(item), *labels]
            if not item.continues_list():
                break
        words = list(dict.fromkeys(token.text for token in labels))
        return "、".join(words) if len(words) > 1 else None

    def _said_before(self, items: list[Item], at: int, found: Found | None) -> Draft | None:
        """Return the claim that 上述5家 points back to, where it has no result of its own."""
        count, before, _ = around(items[at])
        lead = "".join(token.text for token in before)
        if not re.search(rf"(?:{one_of(self.words.grammar['again']['words'])})$", lead):
            return None
        said = "".join(other.text for other in [items[at], *self._tail(items, at)])
        in_others = re.search(one_of(self.words.grammar["overlap"]["counted_before"]), said) is not None
        if found is not None and found.outcome != "other" and not in_others:
            return None
        again = next((draft for draft in reversed(self.drafts) if draft.count == count.value), None)
        if again is None or (found is None and again.outcome == "evaluated"):
            again = self._sum_of_last(count.value) or again
        if again is not None and in_others:
            again.stated_overlap = True
        return again

    def _sum_of_last(self, count: int) -> Draft | None:
        """Return what the counts just read of one outcome come to together: 注销3家、撤销2家，以上5家."""
        total = 0
        for position in range(len(self.drafts) - 1, -1, -1):
            draft = self.drafts[position]
            if draft.outcome != self.drafts[-1].outcome or draft.kind != self.drafts[-1].kind:
                return None
            total += draft.count
            if total > count:
                return None
            if total == count and position < len(self.drafts) - 1:
                labels = dict.fromkeys(each.label for each in self.drafts[position:])
                return replace(draft, label="、".join(labels), relation=Relation.TOTAL)
        return None

    def _lost_after(self, tail: list[Item]) -> tuple[Token, int] | None:
        """Return the loss of a status that follows its ground: 连续两年不合格的6家，取消资格."""
        for position, other in enumerate(tail):
            for label in self._labels(other):
                if label.code in ("disqualified", "pilot_cancelled"):
                    return label, position
        return None

    def _shared_ahead(self, items: list[Item], at: int) -> Token | None:
        """Return the label that the end of a list states for all of it: 6家众创空间、4家孵化器为A级."""
        for item in items[at + 1 :]:
            if not item.continues_list() or not item.counts:
                return None
            _, before, after = around(item)
            if self._last_label(before):
                return None
            if label := self._first_label(after):
                return label
        return None

    def _inherits(
        self, item: Item, state: _State, before: list[Token], after: list[Token], *, named: bool
    ) -> bool:
        """Whether a count without a label goes by the one before it: A类孵化器12家、加速器3家; 优秀7家：甲市4家."""
        if state.label is None or not state.label_is_open or self._takes_part_itself(before, after):
            return False
        if before and before[-1].text.endswith(("以上", "上述")):
            return False
        if self._comes_to(item.counts[0]):
            return True
        distinguished = (
            named
            or self._level(before, after) is not None
            or any(is_place(token.text) for token in before)
            or item.separator is Role.COLON
            or state.in_bracket
        )
        if state.subset or state.in_bracket or item.separator is Role.COLON:
            return True
        return distinguished and item.separator in (Role.LIST, Role.LINK, Role.COMMA)

    def _takes_part_itself(self, before: list[Token], after: list[Token]) -> bool:
        return any(Role.TAKES_PART in token for token in (*before, *after))

    def _from_neighbours(
        self, items: list[Item], at: int, state: _State, before: list[Token], after: list[Token]
    ) -> Found | None:
        """Find the label in the items around: 优秀，2家; 两个平台建设规范，考核为优秀; 均为合格."""
        item = items[at]
        bare = all(self._is_filler(token) for token in before) and not self._takes_part_itself(before, after)
        if state.bare_label is not None and bare and state.label is not None:
            if before and before[-1].text in ("以上", "上述"):
                return None
            state.label_is_open = True
            return Found(label=state.bare_label[0], outcome=state.bare_label[1], last=at)
        acts = self.evaluates.search(item.text) is not None or self._takes_part_itself(before, after)
        for position, other in enumerate(self._tail(items, at), start=at + 1):
            labels = self._labels(other)
            if not labels:
                continue
            label = labels[0]
            if _RATE.match(self.text, label.end):
                return None
            lead = self.text[other.start : label.start]
            attributive = self.text[label.end : label.end + 1] == "的" and label.code != "disqualified"
            if attributive or re.match(r"对|凡|若|如|请", lead):
                return None
            everyone = any(Role.ALL in token for token in other.tokens if token.end <= label.start)
            if acts and not (everyone and label.code in GRADES):
                return None
            return self._found(label, position)
        return None

    def _is_step(self, before: list[Token], after: list[Token]) -> bool:
        """Whether the nearest verb is a step of the procedure or speaks of the register, not of the evaluation."""
        roles = (Role.STEP, Role.EVALUATES, Role.TAKES_PART)
        nearest = next((token for token in reversed(before) if any(role in token for role in roles)), None)
        follows = "".join(token.text for token in after)
        acts_after = self.evaluates.search(follows) is not None or any(
            Role.TAKES_PART in token for token in after
        )
        if nearest is not None and Role.STEP in nearest and Role.TAKES_PART not in nearest:
            return nearest.text.endswith(_STRONG_STEPS) or not (
                acts_after or any(Role.EVALUATES in token for token in after)
            )
        if any(Role.STEP in token for token in after) and not acts_after:
            return nearest is None and not any(Role.EVALUATES in token for token in after)
        return False

    def _is_evaluated(
        self,
        items: list[Item],
        at: int,
        state: _State,
        before: list[Token],
        after: list[Token],
        *,
        named: bool,
    ) -> bool:
        """Whether a count without a result is a total of those that were evaluated, or a part of one."""
        item = items[at]
        strong = any(token.text.endswith(_STRONG_STEPS) for token in (*before, *after) if Role.STEP in token)
        if not strong and not self.recognises and self._list_takes_part(items, at):
            return True
        if self._is_step(before, after) or self._is_recognised(items, at) or self.recognises:
            return False
        here = (*before, *after)
        own = [draft for draft in self.drafts if draft.sentence == state.sentence]
        whole = state.anchor is not None and self.drafts[state.anchor].outcome == "evaluated"
        noun = named or self._noun_after(after) is not None or any(is_place(token.text) for token in before)
        sums_up = any(Role.TOTAL in token for token in before) and (
            before[-1].text in ("合计", "总计", "共计", "总共", "合共")
            or (len(own) > 1 and own[-1].outcome != "evaluated")
        )
        return (
            any(Role.TAKES_PART in token or Role.EVALUATES in token for token in here)
            or (is_partitive(item) and (named or self._parts_follow(items, at)))
            or sums_up
            or self._parts_follow(items, at)
            or ((state.subset or state.in_bracket) and whole)
            or ((state.acts or state.takes_part) and noun)
            or (item.continues_list() and noun and bool(own) and own[-1].outcome == "evaluated")
            # 共评价载体120家，孵化器50家，众创空间70家: kinds behind a total over kinds divide it.
            or (
                named
                and any(draft.outcome == "evaluated" and draft.kind is None for draft in own)
                and all(draft.outcome == "evaluated" for draft in own)
            )
        )

    def _list_takes_part(self, items: list[Item], at: int) -> bool:
        """Whether the end of a list says that all of it took part: 15家孵化器、22家众创空间参加评价."""
        for item in items[at + 1 :]:
            if not item.counts and item.has(Role.ALL) and item.has(Role.TAKES_PART):
                return True
            if not item.continues_list() or not item.counts or item.has(Role.LABEL):
                return False
            if item.has(Role.TAKES_PART) or is_partitive(item) or self.evaluates.search(item.text):
                return True
        return False

    def _is_recognised(self, items: list[Item], at: int) -> bool:
        """Whether a count is of those that become carriers: 确定示例公司等6家单位为省级孵化器."""
        _, _, after = around(items[at])
        makes = False
        for token in after:
            if Role.KIND in token and makes:
                return True
            if Role.LABEL in token or Role.EVALUATES in token:
                return False
            makes = makes or (token.roles == {Role.TEXT} and re.search(r"[为入]$", token.text) is not None)
        return False

    def _parts_follow(self, items: list[Item], at: int) -> bool:
        """Whether the next counts are grades of this one: 孵化器12家：优秀3家，良好4家."""
        nexts = [*(inner[0] for inner in items[at].inner if inner), *items[at + 1 :]]
        for item in nexts:
            if item.separator is Role.SEMICOLON:
                return False
            if not item.counts:
                if any(Role.SUBSET in token for token in item.tokens):
                    return True
                continue
            count = item.counts[0]
            before = [token for token in item.tokens if token.end <= count.start]
            after = [token for token in item.tokens if token.start >= count.end]
            if any(Role.KIND in token for token in item.tokens) and not any(Role.SUBSET in t for t in before):
                return False
            if self._counts_something_else(before, after, count):
                return False
            if is_partitive(items[at]) and self._takes_part_itself(before, after):
                return True
            return self._last_label(before) is not None or self._first_label(after) is not None
        return False

    # ---- parts and wholes -------------------------------------------------------------------------------------

    def _refers_back(self, state: _State, before: list[Token], after: list[Token], count: Token) -> bool:
        """Whether a count only points to one just stated (…7家为不合格，7家中有2家…); what follows is part of it."""
        follows = "".join(token.text for token in after)
        if not re.search(r"(?:中|里|之中)$", follows) and not re.match(r"中|里", follows):
            return False
        if self._last_label(before) is None and not any(Role.KIND in token for token in (*before, *after)):
            for position in range(len(self.drafts) - 1, -1, -1):
                draft = self.drafts[position]
                if draft.sentence < state.sentence - 1:
                    break
                if draft.count == count.value and draft.scope is ClaimScope.ALL:
                    state.subset, state.anchor = True, position
                    return True
        return False

    def _ends_subset(self, item: Item, outcome: str, state: _State) -> bool:
        """Whether an item steps out of 其中: 优秀14家，其中国家级3家，良好10家."""
        if state.in_bracket or state.anchor is None:
            return False
        whole = self.drafts[state.anchor]
        if item.has(Role.REST):
            return True
        if whole.outcome in GRADES and outcome in (*GRADES, "carried", "deferred"):
            return item.separator is not Role.LIST and outcome != whole.outcome
        return outcome == "carried" and whole.outcome != "evaluated"

    def _whole_of(
        self, outcome: str, kind: str | None, state: _State, *, anywhere: bool = False
    ) -> int | None:
        """Return the claim, in this sentence or the one before, of the whole that a place's or level's share is of."""
        for position in range(len(self.drafts) - 1, -1, -1):
            draft = self.drafts[position]
            if draft.sentence < state.sentence - 1 and not anywhere:
                return None
            is_whole = draft.scope is ClaimScope.ALL and not draft.level
            if draft.outcome == outcome and is_whole and draft.kind == kind:
                return position
        return None

    # ---- numbers handed out in order --------------------------------------------------------------------------

    def _hands_out_after(self, items: list[Item], at: int) -> bool:
        """Whether 分别 stands at the end of a run of bare counts: 4家、11家、2家分别获评优秀、合格、不合格."""
        for item in items[at + 1 :]:
            if not item.continues_list() or not item.counts:
                return False
            if item.has(Role.RESPECTIVELY):
                return True
            if item.has(Role.LABEL):
                return False
        return False

    def _respectively(self, items: list[Item], at: int, state: _State) -> int | None:
        """Read 优秀、良好、合格分别为3家、5家、10家, and the same the other way round; None for no such list."""
        run = self._run_of_counts(items, at)
        for position in run:
            count, _, after = around(items[position])
            if self._counts_something_else([], after, count):
                return None
        handed = (
            self._to_elements(items, run, state)
            or self._to_labels_again(items, run, state)
            or self._to_places(items, run, state)
            or self._to_kinds_before(items, run, state)
            or self._to_labels_after(items, run)
        )
        if handed is None:
            return None
        self._hand_out(items, handed, state)
        return handed.end + 1

    def _run_of_counts(self, items: list[Item], at: int) -> list[int]:
        run = [at]
        for position in range(at + 1, len(items)):
            item = items[position]
            if not item.counts or item.separator not in (Role.LIST, Role.LINK, Role.COMMA):
                break
            _, before, _ = around(item)
            ends = (Role.LABEL, Role.KIND, Role.SUBSET, Role.REST, Role.TOTAL)
            if any(role in token for token in before for role in ends):
                break
            run.append(position)
        return run

    def _to_elements(self, items: list[Item], run: list[int], state: _State) -> "_Handed | None":
        """Hand numbers out to the labels, kinds or levels listed before them."""
        for role in (Role.LABEL, Role.KIND, Role.LEVEL):
            elements, begin = self._elements_before(items, run[0], role)
            if len(elements) >= len(run) > 1:
                break
        else:
            return None
        elements = elements[-len(run) :]
        whole = [token for position in range(begin, run[-1] + 1) for token in items[position].tokens]
        shared = [token for token in whole if Role.LABEL in token and not self._is_aside(token, whole)]
        kinds = [token for token in whole if Role.KIND in token]
        if role is not Role.KIND and kinds:
            self.topic = None if kinds[0].code == ANY_KIND else kinds[0].code
        result = self._label_of(shared[0]) if shared else state.label if state.label_is_open else None
        shares = [
            _Share(
                count=items[position].counts[0].value,
                result=self._label_of(element) if role is Role.LABEL else result or _EVALUATED,
                kind=self.topic
                if role is not Role.KIND
                else None
                if element.code == ANY_KIND
                else element.code,
                level=element.text if role is Role.LEVEL else None,
                part=state.place,
            )
            for element, position in zip(elements, run, strict=True)
        ]
        if role is Role.LABEL:
            state.handed_labels = tuple(self._label_of(element) for element in elements)
        return _Handed(begin=begin, end=run[-1], shares=shares)

    def _to_labels_again(self, items: list[Item], run: list[int], state: _State) -> "_Handed | None":
        """Hand the labels of the list before out once more: …的孵化器依次为3家、5家，众创空间依次为4家、8家."""
        kinds = self._kinds_named(items[run[0]])
        if len(state.handed_labels) != len(run) or len(run) < 2 or len(kinds) != 1:
            return None
        self.topic = None if kinds[0] == ANY_KIND else kinds[0]
        shares = [
            _Share(count=items[position].counts[0].value, result=label, kind=self.topic, part=state.place)
            for label, position in zip(state.handed_labels, run, strict=True)
        ]
        return _Handed(begin=run[0], end=run[-1], shares=shares)

    def _elements_before(self, items: list[Item], at: int, role: Role) -> tuple[list[Token], int]:
        """Return the list elements of one role that lead up to an item, its own among them, and where they begin."""
        _, before, _ = around(items[at])
        found = [token for token in before if role in token]
        found = found if role is Role.LABEL else found[-1:]
        begin = at
        for position in range(at - 1, -1, -1):
            other = items[position]
            if other.counts or not other.has(role):
                break
            if items[position + 1].continues_list():
                found = [*other.of(role)[-1:], *found]
            elif position + 1 == at:
                found = [*other.of(role), *found]
            else:
                break
            begin = position
        return found, begin

    def _to_places(self, items: list[Item], run: list[int], state: _State) -> "_Handed | None":
        """Hand numbers out to the places listed before them: 甲市、乙市优秀数分别为3家、2家."""
        begin = run[0] - len(run) + 1
        if begin < 0 or len(run) < 2 or any(item.counts for item in items[begin : run[0]]):
            return None
        listed = items[begin : run[0] + 1]
        if not all(item.continues_list() for item in listed[1:]):
            return None
        ends = re.compile(r"的|优|良|合|不|[A-D]|参|分别|评|考")
        if not all(
            self._is_foreign_place(ends.split(self.text[item.start : item.end])[0]) for item in listed
        ):
            return None
        tokens = [token for position in range(begin, run[-1] + 1) for token in items[position].tokens]
        labels = [token for token in tokens if Role.LABEL in token]
        result = self._label_of(labels[0]) if labels else state.label if state.label_is_open else None
        if result is None and not (
            state.acts or state.takes_part or any(Role.TAKES_PART in t for t in tokens)
        ):
            return None
        shares = [
            _Share(
                count=items[position].counts[0].value, result=result or _EVALUATED, kind=self.topic, part=True
            )
            for position in run
        ]
        return _Handed(begin=begin, end=run[-1], shares=shares)

    def _to_kinds_before(self, items: list[Item], run: list[int], state: _State) -> "_Handed | None":
        """Hand numbers out to the kinds just counted: …孵化器25家、众创空间40家，优秀分别为5家和8家."""
        before = self._just_counted(state, len(run))
        tokens = [token for position in run for token in items[position].tokens]
        labels = [token for token in tokens if Role.LABEL in token and not self._is_aside(token, tokens)]
        if not before or not labels:
            return None
        shares = [
            _Share(
                count=items[position].counts[0].value,
                result=self._label_of(labels[0]),
                kind=self.drafts[whole].kind,
                level=self.drafts[whole].level,
                part=state.place or self.drafts[whole].scope is ClaimScope.PART,
                within=whole if self.drafts[whole].outcome == "evaluated" else None,
            )
            for whole, position in zip(before, run, strict=True)
        ]
        return _Handed(begin=run[0], end=run[-1], shares=shares)

    def _just_counted(self, state: _State, number: int) -> list[int]:
        """Return the claims just made in this sentence, where each is of another kind, level or place."""
        own = [
            at
            for at in range(max(0, len(self.drafts) - number), len(self.drafts))
            if self.drafts[at].sentence == state.sentence
        ]
        told_apart = {(self.drafts[at].kind, self.drafts[at].level) for at in own}
        return own if len(told_apart) == number == len(own) > 1 else []

    def _to_labels_after(self, items: list[Item], run: list[int]) -> "_Handed | None":
        """Hand out labels to the numbers before them: 分别有5家、8家孵化器被评为优秀、良好."""
        _, _, after = around(items[run[-1]])
        labels = [token for token in after if Role.LABEL in token]
        end = run[-1]
        for position in range(run[-1] + 1, len(items)):
            item = items[position]
            if item.counts or not item.continues_list() or not item.has(Role.LABEL):
                break
            labels += item.of(Role.LABEL)
            end = position
        if len(labels) < len(run) or len(run) < 2:
            return None
        kinds = [code for position in run for code in self._kinds_named(items[position])]
        if kinds:
            self.topic = None if kinds[0] == ANY_KIND else kinds[0]
        shares = [
            _Share(count=items[position].counts[0].value, result=self._label_of(label), kind=self.topic)
            for label, position in zip(labels, run, strict=False)
        ]
        return _Handed(begin=run[0], end=end, shares=shares)

    def _each(self, items: list[Item], at: int, state: _State) -> int | None:
        """Read 甲市、乙市各1家; 优秀、良好各3家; 众创空间、孵化器各2家; None where 各 hands out nothing."""
        item = items[at]
        count, before, after = around(item)
        begin = at
        while begin > 0 and not items[begin - 1].counts and items[begin].continues_list():
            begin -= 1
        run = items[begin : at + 1]
        own = self._last_label(before) or self._first_label(after)
        result = self._label_of(own) if own else state.label if state.label_is_open else None
        if result is None:
            listed = [label for other in run for label in self._labels(other)]
            result = self._label_of(listed[0]) if listed else None
        whole = state.anchor is not None and self.drafts[state.anchor].outcome == "evaluated"
        if result is None and (state.acts or state.takes_part or whole or self._parts_follow(items, at)):
            result = _EVALUATED
        shares: list[_Share] = []
        if len(run) == 1:
            # 孵化器、众创空间各5家，良好各8家
            shares = [
                _Share(count=count.value, result=result, kind=kind) for kind in state.each_kinds if result
            ]
        elif (labels := _last_of_each(run, Role.LABEL)) and len({token.text for token in labels}) == len(run):
            shares = [
                _Share(count=count.value, result=self._label_of(token), kind=self.topic, part=state.place)
                for token in labels
            ]
        elif result is None:
            return None
        elif (kinds := _last_of_each(run, Role.KIND)) and len({token.code for token in kinds}) == len(run):
            codes = [None if token.code == ANY_KIND else token.code for token in kinds]
            state.each_kinds = tuple(code for code in codes if code)
            shares = [_Share(count=count.value, result=result, kind=code, part=state.place) for code in codes]
        elif self._are_places([re.sub(r"各$", "", self._lead_text(other, count)) for other in run], state):
            shares = [_Share(count=count.value, result=result, kind=self.topic, part=True) for _ in run]
        if not shares:
            return None
        if own is not None:
            state.label, state.label_is_open = self._label_of(own), own.start < count.start
        self._hand_out(items, _Handed(begin=begin, end=at, shares=shares), state)
        return at + 1

    def _are_places(self, texts: Sequence[str], state: _State) -> bool:
        """Whether all elements of a list are places; one that is known vouches for short ones beside it."""
        known = [self._is_foreign_place(text) for text in texts]
        short = all(re.fullmatch(r"[\u4e00-\u9fff]{2,6}", text) for text in texts)
        return all(known) or (short and (any(known) or state.place))

    def _lead_text(self, item: Item, count: Token) -> str:
        return "".join(
            token.text
            for token in item.tokens
            if token.end <= count.start and Role.EACH not in token and Role.SUBSET not in token
        )

    def _hand_out(self, items: list[Item], handed: "_Handed", state: _State) -> None:
        """Make a claim of each share; all of them stand in one clause."""
        start, end = items[handed.begin].start, items[handed.end].end
        kinds = [share.kind for share in handed.shares if share.kind]
        if len(set(kinds)) == len(kinds) == len(handed.shares) > 1:
            state.each_kinds = tuple(kinds)
        for share in handed.shares:
            if share.kind == FOREIGN:
                continue
            label, outcome = share.result
            within = share.within if share.within is not None else state.anchor if state.subset else None
            if share.part and not state.subset:
                within = self._whole_of(outcome, share.kind, state)
            relation = Relation.TOTAL if outcome == "evaluated" else Relation.DISJOINT
            self.drafts.append(
                Draft(
                    paragraph=self.number,
                    sentence=state.sentence,
                    start=start,
                    end=end,
                    text=self.text[start:end],
                    count=share.count,
                    label=label,
                    outcome=outcome,
                    kind=share.kind,
                    level=share.level,
                    scope=ClaimScope.PART if share.part else ClaimScope.ALL,
                    relation=relation if within is None else Relation.SUBSET,
                    within=within,
                    stated_overlap=within is not None,
                )
            )
