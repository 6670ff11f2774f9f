"""Which counts of institutions does the text of a notice state: how many, of which kind, with which result?

A paragraph falls into tokens (`notice_tokens`), its sentences into *items*: what stands between two marks of
punctuation. Each number of institutions in an item becomes a claim once it is known what it counts. Label, kind,
place and level stand in the item itself, or come from its neighbours by the few rules of the written language: a
list shares one verb or one kind (甲、乙和丙为A级), what stands before a colon holds for what follows, 其中 and brackets
open a part of the count before, 分别 and 各 hand out numbers in order, and a kind once named goes on to hold. A number
for which no result can be found by these rules is no claim.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

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

GRADES = ("excellent", "good", "qualified", "unqualified")

EVALUATED = "参评"
"""Label of a total where the text has no word of its own for it."""


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
    claims = _related(notice, reader.drafts)
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


def _hide(paragraph: str, hidden: Mapping[str, str]) -> str:
    for name, plain in hidden.items():
        paragraph = paragraph.replace(name, plain)
    return paragraph


def _as_printed(claim: NoticeClaim, notice: PublishedNotice, hidden: Mapping[str, str]) -> NoticeClaim:
    """Return a claim in the words of the paragraph that it stands in, with the names as they are."""
    names = {plain: name for name, plain in hidden.items()}
    return replace(
        claim,
        text=notice.paragraphs[claim.paragraph][claim.start : claim.end],
        names=tuple(names.get(name, name) for name in claim.names),
    )


# ---- items ------------------------------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class _Item:
    """What stands between two marks of punctuation. `inner` are the sentences of its brackets that hold counts."""

    separator: Role | None
    tokens: list[Token] = field(default_factory=list)
    inner: list[list["_Item"]] = field(default_factory=list)
    aside: str = ""
    """Text of brackets without a count."""

    @property
    def start(self) -> int:
        return self.tokens[0].start if self.tokens else 0

    @property
    def end(self) -> int:
        return self.tokens[-1].end if self.tokens else 0

    @property
    def text(self) -> str:
        return "".join(token.text for token in self.tokens)

    @property
    def counts(self) -> list[Token]:
        return [token for token in self.tokens if Role.COUNT in token]

    def of(self, role: Role) -> list[Token]:
        return [token for token in self.tokens if role in token]

    def has(self, role: Role) -> bool:
        return any(role in token for token in self.tokens)

    def continues_list(self) -> bool:
        return self.separator in (Role.LIST, Role.LINK)


_SEPARATORS = (Role.COMMA, Role.LIST, Role.COLON, Role.SEMICOLON, Role.LINK)


def _sentences(tokens: Sequence[Token]) -> list[list[_Item]]:
    """Return the sentences of a paragraph as items, brackets folded into the item that they follow."""
    sentences: list[list[_Item]] = [[_Item(separator=None)]]
    at = 0
    while at < len(tokens):
        token = tokens[at]
        sentence = sentences[-1]
        if Role.OPEN in token:
            close = _closing(tokens, at)
            _fold(sentence[-1], tokens[at + 1 : close])
            at = close + 1
            continue
        if Role.STOP in token:
            sentences.append([_Item(separator=None)])
        elif Role.LINK in token:
            if _links_elements(sentence[-1], tokens, at):
                sentence.append(_Item(separator=Role.LINK))
            else:
                sentence[-1].tokens.append(replace(token, roles=frozenset({Role.TEXT})))
        elif separator := next((role for role in _SEPARATORS if role in token), None):
            sentence.append(_Item(separator=separator))
        elif Role.CLOSE not in token:
            sentence[-1].tokens.append(token)
        at += 1
    return [
        [piece for item in sentence if item.tokens or item.inner for piece in _one_count_each(item)]
        for sentence in sentences
    ]


def _closing(tokens: Sequence[Token], opening: int) -> int:
    depth = 0
    for at in range(opening, len(tokens)):
        depth += (Role.OPEN in tokens[at]) - (Role.CLOSE in tokens[at])
        if depth == 0:
            return at
    return len(tokens)


def _fold(item: _Item, inside: Sequence[Token]) -> None:
    """Take a bracket into the item: a bare number is part of it (优秀（5家）), a grade repeats it (优秀（A类）)."""
    counts = [token for token in inside if Role.COUNT in token]
    meaning = [token for token in inside if token.roles != {Role.TEXT}]
    bare = all(Role.COUNT in token or Role.TOTAL in token for token in meaning)
    if len(counts) == 1 and bare and len("".join(token.text for token in inside)) <= len(counts[0].text) + 3:
        item.tokens.append(counts[0])
    elif counts:
        item.inner += [sentence for sentence in _sentences(inside) if sentence]
    else:
        item.aside += "".join(token.text for token in inside)


def _links_elements(before: _Item, tokens: Sequence[Token], at: int) -> bool:
    """Whether 和 joins two elements of a list of counts, kinds, labels or places, and is not part of other words."""
    if not before.tokens:
        return False
    ahead: list[Token] = []
    for token in tokens[at + 1 :]:
        if any(role in token for role in (*_SEPARATORS, Role.STOP, Role.OPEN, Role.CLOSE)):
            break
        ahead.append(token)
    if not ahead:
        return False
    ends = before.tokens[-1]
    if Role.COUNT in ends or before.counts:
        return any(Role.COUNT in token for token in ahead)
    elements = (Role.LABEL, Role.KIND, Role.LEVEL)
    if any(role in ends for role in elements):
        return any(role in token for token in ahead[:3] for role in elements)
    has_count = any(Role.COUNT in token for token in ahead)
    return has_count and _is_place(ends.text) and Role.COUNT not in ahead[0]


def _one_count_each(item: _Item) -> list[_Item]:
    """Split an item that holds several counts (全部25家众创空间中3家优秀) into one for each."""
    counts = item.counts
    if len(counts) < 2:
        return [item]
    labels_first = item.has(Role.LABEL) and item.of(Role.LABEL)[0].start < counts[0].start
    # …孵化器4家获A类1家: what ends with a number has its labels before the numbers.
    label_leads = labels_first or Role.COUNT in item.tokens[-1]
    pieces: list[_Item] = []
    current = _Item(separator=item.separator)
    for token in item.tokens:
        holds_count = bool(current.counts)
        opens = Role.COUNT in token or (label_leads and Role.LABEL in token and holds_count)
        if opens and holds_count:
            carried_over: list[Token] = []
            while current.tokens and Role.COUNT not in current.tokens[-1] and _leads_in(current.tokens[-1]):
                carried_over.insert(0, current.tokens.pop())
            pieces.append(current)
            current = _Item(separator=Role.COMMA, tokens=carried_over)
        current.tokens.append(token)
    pieces.append(current)
    pieces[-1].inner, pieces[-1].aside = item.inner, item.aside
    return pieces


def _leads_in(token: Token) -> bool:
    return Role.TOTAL in token or Role.REST in token or Role.SUBSET in token


# ---- places ---------------------------------------------------------------------------------------------------

_PLACE = re.compile(
    r"[\u4e00-\u9fff]{1,14}(?:市|盟|州|县|区|旗|地区|大学|学院|研究院|直属单位|科研院所|高校|师范|地)$"
)
_WHOLE = re.compile(
    r"(?:全|我|本|各|该|此|整个|所在|辖)(?:省|市|区|盟|州|县|旗|自治区)$|自治区$|[园校社]区$|对象$|产地$|各地$|基地$|两地$"
)


# 甲市科技局推荐的5家: the share of the one that sent them in.
_REPORTED_BY = re.compile(
    r"(?<![全我本各该])(?:市|盟|州|县|区|旗|大学|学院)(?:科技局|科委|科学技术局|教科局|主管部门)?"
    r"(?:推荐|报送|归口管理|归口|所属|辖区内?)的?[^，。]{0,8}$"
)


def _is_place(text: str) -> bool:
    return bool(_PLACE.search(text)) and not _WHOLE.search(text)


def _is_partitive(item: _Item) -> bool:
    return re.search(r"(?:中|当中|之中|里)$", item.text) is not None


def _around(item: _Item) -> tuple[Token, list[Token], list[Token]]:
    """Return the count of an item and the tokens before and after it."""
    count = item.counts[0]
    before = [token for token in item.tokens if token.end <= count.start]
    return count, before, [token for token in item.tokens if token.start >= count.end]


_DUE_AGAIN = re.compile(r"(?:再次|重新|继续|改期)[^，。；]{0,8}?参加.*$")
_SEVERAL_KINDS = re.compile(
    r"(?:[两二三四]|各(?=.(?:载体|机构|平台)))[类种][\u4e00-\u9fff]{0,6}(?:[：，]|合计|共计|总计|共)?[^。；]{0,6}$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What a count came to, and the position of the last item that says so."""

    label: str
    outcome: str
    last: int
    relation: Relation = Relation.DISJOINT
    of_kind: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _CountedKind:
    """The kind of a count; `named` is the code of the word beside it, `spans` that it is of several or of any."""

    code: str | None
    named: str | None
    spans: bool


_EVALUATED = (EVALUATED, "evaluated")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Share:
    """One number that is handed out: to a label, a kind, a level or a place."""

    count: int
    result: tuple[str, str]
    kind: str | None
    level: str | None = None
    part: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Handed:
    """Numbers handed out in one clause, from the item `begin` to the item `end`."""

    begin: int
    end: int
    shares: list[_Share]


def _last_of_each(items: Sequence[_Item], role: Role) -> list[Token]:
    """Return the last token of a role in each item; empty where an item has none."""
    found = [item.of(role)[-1] for item in items if item.has(role)]
    return found if len(found) == len(items) else []


# ---- drafts -----------------------------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class _Draft:
    """A claim in the making. `kinds_spanned`: the text says that it is of several kinds or of any."""

    paragraph: int
    sentence: int
    start: int
    end: int
    text: str
    count: int
    label: str
    outcome: str
    kind: str | None
    spans_kinds: bool = False
    level: str | None = None
    scope: ClaimScope = ClaimScope.ALL
    relation: Relation = Relation.DISJOINT
    within: int | None = None
    of_kind: str | None = None
    year: int | None = None
    joins_pilot: bool = False
    stated_overlap: bool = False
    stated_disjoint: bool = False
    names: tuple[str, ...] = ()
    level_tells: bool = False
    """The level marks a part off (其中国家级3家), so it is kept however many levels the notice has."""

    def said_again(self, *, last: int) -> _Found:
        """Return the result of this claim for a later clause that repeats it."""
        return _Found(label=self.label, outcome=self.outcome, relation=Relation.CROSS_REFERENCE, last=last)


@dataclass(slots=True, kw_only=True)
class _State:
    """What holds for the next item of a sentence."""

    sentence: int
    label: tuple[str, str] | None = None
    label_is_open: bool = False
    bare_label: tuple[str, str] | None = None
    place: bool = False
    subset: bool = False
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
        self.drafts: list[_Draft] = []
        self.title_kind = self.words.kind_of(notice.title)
        self.topic = self.title_kind
        self.heading_kind: str | None = None
        self.number = 0
        self.text = ""
        self.sentence = 0
        self.tables: dict[str, NoticeTable] = {table.title: table for table in notice.tables if table.title}
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

    # ---- paragraphs and sentences -----------------------------------------------------------------------------

    def paragraph(self, number: int, text: str) -> None:
        self.number, self.text = number, text
        tokens = tokens_of(text)
        if self._is_heading(text, tokens):
            self._heading(text, tokens)
        elif self.heading_kind or self.title_kind:
            self.topic = self.heading_kind or self.title_kind
        for items in _sentences(tokens):
            if items:
                self.sentence += 1
                self._sentence(items, _State(sentence=self.sentence, anchor=self._last_total()))

    def _heading(self, text: str, tokens: Sequence[Token]) -> None:
        """Let a heading that names a kind hold for what follows, until one of another matter comes."""
        kinds = self.words.kinds_in(text)
        table = self.tables.get(text)
        kind = self.words.kind_of(text) or (table.kind if table and not kinds else None)
        states_result = any(Role.COUNT in token or Role.LABEL in token for token in tokens)
        if kinds or kind:
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

    def _sentence(self, items: list[_Item], state: _State) -> None:
        at = 0
        while at < len(items):
            item = items[at]
            if item.separator is Role.SEMICOLON:
                state.place, state.subset = False, state.base_label is not None
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

    def _is_other_round(self, item: _Item, state: _State) -> bool:
        """Whether what the item says is of another round: 上年度优秀5家; 2022年度评价中 in a notice of 2023."""
        lead = self.text[item.start : item.counts[0].start] if item.counts else item.text
        if any(word in lead for word in self.words.grammar["earlier"]["now"]):
            return False
        if item.separator is Role.SEMICOLON:
            state.other_round = False
        if any(
            Role.EARLIER in token
            for token in item.tokens
            if not item.counts or token.end <= item.counts[0].start
        ):
            return True
        year = self.notice.year
        if (
            year is not None
            and (match := self.other_round.search(lead)) is not None
            and int(match["year"]) < year
        ):
            ended = bool(item.counts) or re.search(r"(?:中|结果|时|里)$", item.text) is not None
            if ended and "连续" not in lead and not re.search(r"认定|备案|以来", match["between"]):
                return True
        return state.other_round and str(year) not in lead

    def _without_count(self, items: list[_Item], at: int, state: _State) -> None:
        item = items[at]
        if item.has(Role.SUBSET) and Role.SUBSET in item.tokens[0]:
            self._open_subset(state, opens_sentence=at == 0, after_semicolon=item.separator is Role.SEMICOLON)
        kinds = self._kinds_named(item)
        if kinds:
            joined = self._kinds_named(items[at - 1]) if at and item.continues_list() else []
            if len(kinds) > 1 or (set(joined) - set(kinds) and not items[at - 1].counts):
                self.topic, state.several_kinds = None, True
            elif self._is_topical(item):
                self.topic = None if kinds == [ANY_KIND] else kinds[0]
                state.several_kinds = kinds == [ANY_KIND]
        labels = self._labels(item)
        if labels:
            state.bare_label = self._label_of(labels[-1])
            state.label_is_open = True
            state.label = state.bare_label
        if labels and _is_partitive(item):
            state.subset = True
            state.anchor = self._last_of(state.label[1]) if state.label else None
        if self.evaluates.search(item.text):
            state.acts = True
        colon = at + 1 < len(items) and items[at + 1].separator is Role.COLON
        if colon and self._is_foreign_place(item.text):
            state.place = True
        if item.has(Role.TAKES_PART):
            state.takes_part = True
        for inner in item.inner:
            self._sentence(inner, replace(state, in_bracket=True))

    def _is_topical(self, item: _Item) -> bool:
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
        elif not opens_sentence and not state.in_bracket:
            state.anchor = None

    # ---- one count --------------------------------------------------------------------------------------------

    def _with_count(self, items: list[_Item], at: int, state: _State) -> int:
        """Read the count of an item (or the run of counts that it opens); return the position after it."""
        item = items[at]
        _, before, _ = _around(item)
        opens_subset = any(Role.SUBSET in token for token in before) and not any(
            Role.NEGATION in token for token in before
        )
        if opens_subset:
            self._open_subset(state, opens_sentence=at == 0, after_semicolon=item.separator is Role.SEMICOLON)
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
            position = len(self.drafts)
            self.drafts.append(draft)
            if _is_partitive(item) and draft.outcome != "evaluated":
                state.subset, state.anchor = True, position
            if not opens_subset and (draft.relation is not Relation.SUBSET or state.in_bracket):
                state.last_plain = position
        self._inner(item, state, position)
        return at + 1

    def _inner(self, item: _Item, state: _State, position: int | None) -> None:
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

    def _draft(self, items: list[_Item], at: int, state: _State, *, opens_subset: bool) -> _Draft | None:
        """Return the claim that the count of an item makes; None where it is of nothing evaluated in this round."""
        item = items[at]
        count, before, after = _around(item)
        if state.other_round or self._counts_something_else(before, after, count):
            kinds = self._kinds_named(item)
            speaks_of = state.other_round or state.acts or self._is_topical(item) if kinds else False
            if speaks_of and kinds[-1] != ANY_KIND:
                self.topic = kinds[-1]
            return None
        if self._refers_back(state, before, after, count):
            return None
        kind = self._kind(items, at, state)
        named = kind.named is not None
        found = self._result(items, at, state, named=named)
        if (again := self._said_before(items, at, found)) is not None:
            found = again.said_again(last=at)
            kind = kind if named else _CountedKind(code=again.kind, named=None, spans=again.spans_kinds)
        if found is None:
            if named and kind.named != ANY_KIND and not self._is_step(before, after):
                self.topic = kind.named
            return None
        own_level = self._level(before, after)
        self._now_holds(state, kind, own_level, found)
        level = own_level or state.level
        if found.outcome == "disqualified" and level in self.words.pilot and state.subset:
            found, level = replace(found, label=level or "", outcome="pilot_cancelled"), None
        part = self._part(item, before, state)
        state.place = state.place or part
        if state.subset and not opens_subset and self._ends_subset(item, found.outcome, state):
            state.subset = False
        is_share = part or bool(level and state.label_is_open)
        within = self._within(state, found, kind, is_share=is_share)
        relation = found.relation if within is None else Relation.SUBSET
        if within is not None and within == state.anchor and not named and not kind.spans:
            kind = replace(kind, code=self.drafts[within].kind)
        start, end = self._clause_start(items, at), items[found.last].end
        if self.text[end : end + 1] in ("）", ")") and re.search(r"[（(]", self.text[start:end]):
            end += 1
        following = "".join(other.text for other in items[at : at + 6])
        apart = one_of(self.words.grammar["overlap"]["not_counted_before"])
        return _Draft(
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

    def _clause_start(self, items: list[_Item], at: int) -> int:
        """Return where the clause of an item begins: before the serials that lead up to it (附件2第44、48、54—81号)."""
        while at > 0 and items[at].separator is Role.LIST and re.match(r"\d", items[at].text):
            if items[at - 1].counts or not items[at - 1].text[-1:].isdecimal():
                break
            at -= 1
        return items[at].start

    def _now_holds(self, state: _State, kind: _CountedKind, level: str | None, found: _Found) -> None:
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

    def _within(self, state: _State, found: _Found, kind: _CountedKind, *, is_share: bool) -> int | None:
        """Return the claim that a count is a part of; None for one that stands by itself."""
        if state.subset and state.anchor is not None:
            return None if found.relation is Relation.CROSS_REFERENCE else state.anchor
        if is_share and found.relation is not Relation.TOTAL:
            return self._whole_of(found.outcome, kind.code, state)
        return None

    # ---- the result of one count --------------------------------------------------------------------------------

    def _result(self, items: list[_Item], at: int, state: _State, *, named: bool) -> "_Found | None":
        """Return what a count came to: from its item, from the items around, or as a total of those evaluated."""
        item = items[at]
        count, before, after = _around(item)
        found = self._stated_result(items, at, state, named=named)
        if found is None and (due := _DUE_AGAIN.search(self.text[item.start : count.start])):
            return _Found(label=due.group(), outcome="other", relation=Relation.CROSS_REFERENCE, last=at)
        if found is None:
            total = self._is_evaluated(items, at, state, before, after, named=named)
            grounds = self._grounds(item)
            if grounds and not (total and self._takes_part_itself(before, after)):
                return self._found(grounds[-1], at)
            return (
                _Found(label=EVALUATED, outcome="evaluated", relation=Relation.TOTAL, last=at)
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

    def _stated_result(self, items: list[_Item], at: int, state: _State, *, named: bool) -> "_Found | None":
        """Return the result that the text states for a count, in the order in which one place outdoes another."""
        item = items[at]
        _, before, after = _around(item)
        tail = self._tail(items, at)
        last = self._last_label(before)
        if (last or named) and (joint := self._joint_label(items, at, before)):
            return _Found(label=joint, outcome="other", relation=Relation.TOTAL, last=at)
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
            return _Found(label=state.label[0], outcome=state.label[1], last=at)
        return self._from_neighbours(items, at, state, before, after)

    def _found(self, token: Token, last: int) -> "_Found":
        label, outcome = self._label_of(token)
        return _Found(label=label, outcome=outcome, last=last)

    # ---- what is counted --------------------------------------------------------------------------------------

    def _counts_something_else(self, before: list[Token], after: list[Token], count: Token) -> bool:
        """Whether the thing counted is no carrier, or the count is of a plan or a change."""
        noun = self._noun_after(after)
        if noun is not None and Role.DECOY in noun:
            return True
        if noun is None and before:
            nearest = next((token for token in reversed(before) if not self._is_filler(token)), None)
            if nearest is not None and Role.DECOY in nearest and Role.EVALUATES not in nearest:
                return True
        if count.loose and noun is None:
            nearest = next((token for token in reversed(before) if not self._is_filler(token)), None)
            roles = (Role.KIND, Role.LABEL, Role.ANAPHOR)
            follows = after[0].text if after else ""
            if nearest is None or not any(role in nearest for role in roles) or follows:
                return True
        ground = next((token.start for token in after if token.text == "因"), len(self.text))
        return any(Role.ELSEWHERE in token for token in (*before, *after) if token.start < ground)

    def _is_filler(self, token: Token) -> bool:
        return (
            Role.TOTAL in token
            or Role.EACH in token
            or (
                token.roles == {Role.TEXT}
                and re.fullmatch(r"(?:等次|等级|档次|级别|[为有达计是的了已数量名单总第至即：])*", token.text)
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
                return token
            if Role.LEVEL in token or Role.PART in token or Role.PILOT in token:
                continue
            if token.roles == {Role.TEXT} or Role.TAKES_PART in token or Role.LABEL in token:
                if re.match(r"为|获|被|因|在|未|由|达|是|均|以|按", token.text):
                    return None
                room -= len(token.text)
                if room < 0:
                    return None
                continue
            return None
        return None

    def _kinds_named(self, item: _Item) -> list[str]:
        return list(dict.fromkeys(token.code for token in item.of(Role.KIND)))

    def _kind(self, items: list[_Item], at: int, state: _State) -> "_CountedKind":
        """Return the kind that a count is of: named beside it, else the one that the text speaks of."""
        item = items[at]
        _, before, after = _around(item)
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

    def _kind_at_end_of_list(self, items: list[_Item], at: int) -> str | None:
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
        return found[-1] if found else None

    def _part(self, item: _Item, before: list[Token], state: _State) -> bool:
        """Whether the item speaks of one place or unit: 甲市5家, 甲市优秀5家."""
        if state.place and item.separator in (Role.COMMA, Role.LIST, Role.LINK) and self._first_label(before):
            return True
        lead = self.text[item.start : item.counts[0].start]
        if _REPORTED_BY.search(lead):
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
        """Whether a text ends with a place or unit that is not the issuer's own."""
        return _is_place(text) and not (self.notice.issuer or "").startswith(text.lstrip("对在"))

    def _names(self, items: list[_Item], at: int) -> tuple[str, ...]:
        """Return the institutions that a count follows by name: 示例甲众创空间、示例乙孵化器2家."""
        found: list[str] = []
        item = items[at]
        lead = self.text[item.start : item.counts[0].start]
        lead = re.sub(r"(?:等|共|这|计)+$", "", lead).strip()
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
        return tuple(name.strip("“”") for name in found) if len(found) > 1 else ()

    def _is_name(self, text: str) -> bool:
        kind = re.search(rf"(?:{one_of((*self.words.kinds, '园', '基地', '中心'))})[”]?$", text)
        return (
            kind is not None
            and kind.start() >= 2
            and not re.search(r"[省市区县]级$|的$|评价$|考核$", text[: kind.start()])
        )

    # ---- what it came to --------------------------------------------------------------------------------------

    def _label_of(self, token: Token) -> tuple[str, str]:
        return token.text.strip("“”"), token.code

    def _labels(self, item: _Item) -> list[Token]:
        return [token for token in item.of(Role.LABEL) if not self._is_aside(token, item.tokens)]

    def _is_aside(self, token: Token, tokens: Sequence[Token]) -> bool:
        """Whether a label is the ground of something (连续两年不合格), denied (未出现不合格) or part of a name."""
        lead = "".join(other.text for other in tokens if other.end <= token.start)
        if token.code in GRADES and self.ground.search(lead[-24:]):
            return True
        return self._is_denied(token, tokens)

    def _is_denied(self, token: Token, tokens: Sequence[Token]) -> bool:
        lead = "".join(other.text for other in tokens if other.end <= token.start)
        return (
            re.search(
                rf"(?:{one_of(self.words.grammar['negations']['words'])})(?:为|被|有|发现|任何)?$", lead
            )
            is not None
        )

    def _grounds(self, item: _Item) -> list[Token]:
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
        return labels[0] if labels else None

    def _tail(self, items: list[_Item], at: int) -> list[_Item]:
        """Return the items after a count that hold none, up to the next count or semicolon."""
        tail: list[_Item] = []
        for item in items[at + 1 :]:
            if item.counts or item.separator is Role.SEMICOLON or Role.SUBSET in item.tokens[0]:
                break
            tail.append(item)
        return tail

    def _special(self, item: _Item, after: list[Token], tail: list[_Item], at: int) -> _Found | None:
        """Read a result taken over from another kind, a deferral to another year, or a duty that is counted."""
        pieces = ["".join(token.text for token in after), *(other.text for other in tail)]
        for position, piece in enumerate(pieces):
            if match := self.carries.search(piece):
                return _Found(
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
            return _Found(
                label=piece[begins:],
                outcome="other" if due else "deferred",
                last=at + position,
                relation=Relation.CROSS_REFERENCE if due else Relation.DISJOINT,
                of_kind=source,
                year=year,
            )
        return None

    def _source_kind(self, word: str, item: _Item, after: list[Token]) -> str | None:
        """Return the kind whose result is taken over; 其孵化器 gives it in the next word."""
        code = self.words.kinds.get(word) or self.words.short_kinds.get(word)
        later = (token.code for token in after if Role.KIND in token and token.start > item.counts[0].end + 8)
        return code or next(later, None)

    def _graded_for_absence(self, after: list[Token], tail: list[_Item]) -> Token | None:
        """Return the failing grade that those who did not take part are given: 未提交材料，视为不合格."""
        words = (*after, *(token for other in tail for token in other.tokens))
        return next((token for token in words if Role.LABEL in token and token.code == "unqualified"), None)

    def _joint_label(self, items: list[_Item], at: int, before: list[Token]) -> str | None:
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

    def _said_before(self, items: list[_Item], at: int, found: _Found | None) -> _Draft | None:
        """Return the claim that 上述5家 points back to, where it has no result of its own."""
        count, before, _ = _around(items[at])
        lead = "".join(token.text for token in before)
        if not re.search(rf"(?:{one_of(self.words.grammar['again']['words'])})$", lead):
            return None
        said = "".join(other.text for other in [items[at], *self._tail(items, at)])
        in_others = re.search(one_of(self.words.grammar["overlap"]["counted_before"]), said) is not None
        if found is not None and found.outcome != "other" and not in_others:
            return None
        again = next((draft for draft in reversed(self.drafts) if draft.count == count.value), None)
        if again is not None and in_others:
            again.stated_overlap = True
        return again

    def _lost_after(self, tail: list[_Item]) -> tuple[Token, int] | None:
        """Return the loss of a status that follows its ground: 连续两年不合格的6家，取消资格."""
        for position, other in enumerate(tail):
            for label in self._labels(other):
                if label.code in ("disqualified", "pilot_cancelled"):
                    return label, position
        return None

    def _shared_ahead(self, items: list[_Item], at: int) -> Token | None:
        """Return the label that the end of a list states for all of it: 6家众创空间、4家孵化器为A级."""
        for item in items[at + 1 :]:
            if not item.continues_list() or not item.counts:
                return None
            _, before, after = _around(item)
            if self._last_label(before):
                return None
            if label := self._first_label(after):
                return label
        return None

    def _inherits(
        self, item: _Item, state: _State, before: list[Token], after: list[Token], *, named: bool
    ) -> bool:
        """Whether a count without a label goes by the one before it: A类孵化器12家、加速器3家; 优秀7家：甲市4家."""
        if state.label is None or not state.label_is_open or self._takes_part_itself(before, after):
            return False
        if before and before[-1].text.endswith(("以上", "上述")):
            return False
        distinguished = (
            named
            or self._level(before, after) is not None
            or any(_is_place(token.text) for token in before)
            or item.separator is Role.COLON
            or state.in_bracket
        )
        if state.subset or state.in_bracket or item.separator is Role.COLON:
            return True
        return distinguished and item.separator in (Role.LIST, Role.LINK, Role.COMMA)

    def _takes_part_itself(self, before: list[Token], after: list[Token]) -> bool:
        return any(Role.TAKES_PART in token for token in (*before, *after))

    def _from_neighbours(
        self, items: list[_Item], at: int, state: _State, before: list[Token], after: list[Token]
    ) -> _Found | None:
        """Find the label in the items around: 优秀，2家; 两个平台建设规范，考核为优秀; 均为合格."""
        item = items[at]
        bare = all(self._is_filler(token) for token in before) and not self._takes_part_itself(before, after)
        if state.bare_label is not None and bare and state.label is not None:
            if before and before[-1].text in ("以上", "上述"):
                return None
            state.label_is_open = True
            return _Found(label=state.bare_label[0], outcome=state.bare_label[1], last=at)
        acts = self.evaluates.search(item.text) is not None or self._takes_part_itself(before, after)
        for position, other in enumerate(self._tail(items, at), start=at + 1):
            labels = self._labels(other)
            if not labels:
                continue
            label = labels[0]
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
        strong = ("核查", "抽查", "走访", "调研", "考察", "抽取", "抽样", "督导", "约谈")
        roles = (Role.STEP, Role.EVALUATES, Role.TAKES_PART)
        nearest = next((token for token in reversed(before) if any(role in token for role in roles)), None)
        follows = "".join(token.text for token in after)
        acts_after = self.evaluates.search(follows) is not None or any(
            Role.TAKES_PART in token for token in after
        )
        if nearest is not None and Role.STEP in nearest and Role.TAKES_PART not in nearest:
            return nearest.text.endswith(strong) or not (
                acts_after or any(Role.EVALUATES in token for token in after)
            )
        if any(Role.STEP in token for token in after) and not acts_after:
            return nearest is None and not any(Role.EVALUATES in token for token in after)
        return False

    def _is_evaluated(
        self,
        items: list[_Item],
        at: int,
        state: _State,
        before: list[Token],
        after: list[Token],
        *,
        named: bool,
    ) -> bool:
        """Whether a count without a result is a total of those that were evaluated, or a part of one."""
        item = items[at]
        if self._is_step(before, after):
            return False
        here = (*before, *after)
        own = [draft for draft in self.drafts if draft.sentence == state.sentence]
        whole = state.anchor is not None and self.drafts[state.anchor].outcome == "evaluated"
        noun = named or self._noun_after(after) is not None or any(_is_place(token.text) for token in before)
        sums_up = any(Role.TOTAL in token for token in before) and (
            before[-1].text in ("合计", "总计", "共计", "总共", "合共")
            or (len(own) > 1 and own[-1].outcome != "evaluated")
        )
        return (
            any(Role.TAKES_PART in token or Role.EVALUATES in token for token in here)
            or (_is_partitive(item) and (named or self._parts_follow(items, at)))
            or self._list_takes_part(items, at)
            or sums_up
            or self._parts_follow(items, at)
            or ((state.subset or state.in_bracket) and whole)
            or ((state.acts or state.takes_part) and noun)
            or (item.continues_list() and whole and noun and bool(own) and own[-1].outcome == "evaluated")
        )

    def _list_takes_part(self, items: list[_Item], at: int) -> bool:
        """Whether the end of a list says that all of it took part: 15家孵化器、22家众创空间参加评价."""
        for item in items[at + 1 :]:
            if not item.counts and item.has(Role.ALL) and item.has(Role.TAKES_PART):
                return True
            if not item.continues_list() or not item.counts or item.has(Role.LABEL):
                return False
            if item.has(Role.TAKES_PART) or _is_partitive(item):
                return True
        return False

    def _parts_follow(self, items: list[_Item], at: int) -> bool:
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
            if _is_partitive(items[at]) and self._takes_part_itself(before, after):
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

    def _ends_subset(self, item: _Item, outcome: str, state: _State) -> bool:
        """Whether an item steps out of 其中: 优秀14家，其中国家级3家，良好10家."""
        if state.in_bracket or state.anchor is None:
            return False
        whole = self.drafts[state.anchor]
        if item.has(Role.REST):
            return True
        if whole.outcome in GRADES and outcome in (*GRADES, "carried", "deferred"):
            return item.separator is not Role.LIST and outcome != whole.outcome
        return outcome == "carried" and whole.outcome != "evaluated"

    def _whole_of(self, outcome: str, kind: str | None, state: _State) -> int | None:
        """Return the claim, in this sentence or the one before, of the whole that a place's or level's share is of."""
        for position in range(len(self.drafts) - 1, -1, -1):
            draft = self.drafts[position]
            if draft.sentence < state.sentence - 1:
                return None
            is_whole = draft.scope is ClaimScope.ALL and not draft.level
            if draft.outcome == outcome and is_whole and draft.kind == kind:
                return position
        return None

    # ---- numbers handed out in order --------------------------------------------------------------------------

    def _hands_out_after(self, items: list[_Item], at: int) -> bool:
        """Whether 分别 stands at the end of a run of bare counts: 4家、11家、2家分别获评优秀、合格、不合格."""
        for item in items[at + 1 :]:
            if not item.continues_list() or not item.counts:
                return False
            if item.has(Role.RESPECTIVELY):
                return True
            if item.has(Role.LABEL):
                return False
        return False

    def _respectively(self, items: list[_Item], at: int, state: _State) -> int | None:
        """Read 优秀、良好、合格分别为3家、5家、10家, and the same the other way round; None for no such list."""
        run = self._run_of_counts(items, at)
        for position in run:
            count, _, after = _around(items[position])
            if self._counts_something_else([], after, count):
                return None
        handed = (
            self._to_elements(items, run, state)
            or self._to_places(items, run, state)
            or self._to_kinds_before(items, run, state)
            or self._to_labels_after(items, run)
        )
        if handed is None:
            return None
        self._hand_out(items, handed, state)
        return handed.end + 1

    def _run_of_counts(self, items: list[_Item], at: int) -> list[int]:
        run = [at]
        for position in range(at + 1, len(items)):
            item = items[position]
            if not item.counts or item.separator not in (Role.LIST, Role.LINK, Role.COMMA):
                break
            _, before, _ = _around(item)
            if any(role in token for token in before for role in (Role.LABEL, Role.KIND, Role.SUBSET)):
                break
            run.append(position)
        return run

    def _to_elements(self, items: list[_Item], run: list[int], state: _State) -> "_Handed | None":
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
        return _Handed(begin=begin, end=run[-1], shares=shares)

    def _elements_before(self, items: list[_Item], at: int, role: Role) -> tuple[list[Token], int]:
        """Return the list elements of one role that lead up to an item, its own among them, and where they begin."""
        _, before, _ = _around(items[at])
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

    def _to_places(self, items: list[_Item], run: list[int], state: _State) -> "_Handed | None":
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

    def _to_kinds_before(self, items: list[_Item], run: list[int], state: _State) -> "_Handed | None":
        """Hand numbers out to the kinds just counted: …孵化器25家、众创空间40家，优秀分别为5家和8家."""
        kinds = self._kinds_just_counted(state, len(run))
        tokens = [token for position in run for token in items[position].tokens]
        labels = [token for token in tokens if Role.LABEL in token and not self._is_aside(token, tokens)]
        if not kinds or not labels:
            return None
        shares = [
            _Share(
                count=items[position].counts[0].value,
                result=self._label_of(labels[0]),
                kind=kind,
                part=state.place,
            )
            for kind, position in zip(kinds, run, strict=True)
        ]
        return _Handed(begin=run[0], end=run[-1], shares=shares)

    def _kinds_just_counted(self, state: _State, number: int) -> list[str]:
        """Return the kinds of the counts just read in this sentence, where each is of another kind."""
        own = [draft.kind for draft in self.drafts[-number:] if draft.sentence == state.sentence]
        kinds = [kind for kind in own if kind]
        return kinds if len(set(kinds)) == number > 1 else []

    def _to_labels_after(self, items: list[_Item], run: list[int]) -> "_Handed | None":
        """Hand out labels to the numbers before them: 分别有5家、8家孵化器被评为优秀、良好."""
        _, _, after = _around(items[run[-1]])
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

    def _each(self, items: list[_Item], at: int, state: _State) -> int | None:
        """Read 甲市、乙市各1家; 优秀、良好各3家; 众创空间、孵化器各2家; None where 各 hands out nothing."""
        item = items[at]
        count, before, after = _around(item)
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
        elif all(self._is_foreign_place(re.sub(r"各$", "", self._lead_text(other, count))) for other in run):
            shares = [_Share(count=count.value, result=result, kind=self.topic, part=True) for _ in run]
        if not shares:
            return None
        if own is not None:
            state.label, state.label_is_open = self._label_of(own), own.start < count.start
        self._hand_out(items, _Handed(begin=begin, end=at, shares=shares), state)
        return at + 1

    def _lead_text(self, item: _Item, count: Token) -> str:
        return "".join(
            token.text
            for token in item.tokens
            if token.end <= count.start and Role.EACH not in token and Role.SUBSET not in token
        )

    def _hand_out(self, items: list[_Item], handed: "_Handed", state: _State) -> None:
        """Make a claim of each share; all of them stand in one clause."""
        start, end = items[handed.begin].start, items[handed.end].end
        for share in handed.shares:
            label, outcome = share.result
            within = state.anchor if state.subset else None
            if share.part and not state.subset:
                within = self._whole_of(outcome, share.kind, state)
            relation = Relation.TOTAL if outcome == "evaluated" else Relation.DISJOINT
            self.drafts.append(
                _Draft(
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


# ---- claims and one another ---------------------------------------------------------------------------------------


def _related(notice: PublishedNotice, drafts: list[_Draft]) -> tuple[NoticeClaim, ...]:
    """Return the claims, with all that only the whole notice tells about each."""
    for draft in drafts:
        if draft.outcome == "pilot_cancelled" and draft.within is not None:
            whole = drafts[draft.within]
            if whole.outcome == "disqualified":
                whole.joins_pilot = whole.stated_overlap = True
    _top_grade(notice, drafts)
    _levels(drafts)
    _said_again(drafts)
    _taken_over(notice, drafts)
    return tuple(
        NoticeClaim(
            text=draft.text,
            paragraph=draft.paragraph,
            start=draft.start,
            end=draft.end,
            kind=draft.kind,
            label=draft.label,
            outcome=draft.outcome,
            count=draft.count,
            relation=draft.relation,
            scope=draft.scope,
            level=draft.level,
            within=draft.within,
            of_kind=draft.of_kind,
            year=draft.year,
            joins_pilot=draft.joins_pilot,
            stated_overlap=draft.stated_overlap,
            names=draft.names,
        )
        for draft in drafts
    )


def _top_grade(notice: PublishedNotice, drafts: Iterable[_Draft]) -> None:
    """优良 is the top grade unless 优秀 stands beside it; between 优秀 and 良好 it is neither."""
    drafts = list(drafts)
    labels = {draft.label for draft in drafts} | {row.label for table in notice.tables for row in table.rows}
    outcome = between_outcome(label for label in labels if label)
    for draft in drafts:
        if draft.label == "优良":
            draft.outcome = outcome


def between_outcome(labels: Iterable[str]) -> str:
    """Return the outcome code of 优良 in a notice that uses the labels given."""
    used = set(labels)
    if "优秀" in used:
        return "other" if "良好" in used else "good"
    return "excellent"


def _levels(drafts: Iterable[_Draft]) -> None:
    """Drop levels that tell nothing apart: where a kind is evaluated at one level only, each count is of all of it."""
    drafts = list(drafts)
    told_apart: dict[tuple[str | None, str], set[str | None]] = {}
    for draft in drafts:
        told_apart.setdefault((draft.kind, draft.outcome), set()).add(draft.level)
    pilot = load_notice_words().pilot
    for draft in drafts:
        if draft.level is None:
            continue
        if draft.level_tells and draft.within is None:
            continue
        if draft.relation is Relation.SUBSET and draft.within is not None:
            whole = drafts[draft.within]
            siblings = {d.level for d in drafts if d.within == draft.within and d.kind == draft.kind}
            if whole.kind == draft.kind or len(siblings) > 1:
                continue
        levels = told_apart[draft.kind, draft.outcome]
        if len(levels - {None}) < 2 and not (draft.level in pilot and len(levels) > 1):
            draft.level = None


def _said_again(drafts: list[_Draft]) -> None:
    """Mark a count that a later sentence says again: it adds nothing to those before."""
    for at, draft in enumerate(drafts):
        if draft.relation is not Relation.DISJOINT or draft.outcome == "carried":
            continue
        for position, earlier in enumerate(drafts[:at]):
            if earlier.sentence == draft.sentence or earlier.scope is not draft.scope:
                continue
            if earlier.scope is ClaimScope.PART or earlier.level != draft.level:
                continue
            same_label = earlier.outcome == draft.outcome and (
                draft.outcome != "other" or earlier.label == draft.label
            )
            if same_label and (earlier.kind == draft.kind or draft.kind is None or earlier.kind is None):
                draft.relation = Relation.CROSS_REFERENCE
                if earlier.kind == draft.kind:
                    draft.within = position
                break


def _taken_over(notice: PublishedNotice, drafts: list[_Draft]) -> None:
    """Tell whether results taken over from another kind stand in the counts of the grades as well.

    The text rarely says; the sum does: with a total stated, or the rows of the table, it fits one way only. Where it
    fits neither or both, a count said to be apart (另有, 未计入) is taken as apart.
    """
    for at, draft in enumerate(drafts):
        if draft.outcome != "carried":
            continue
        if draft.stated_disjoint:
            draft.relation = Relation.DISJOINT
            continue
        others = [
            other
            for other in drafts
            if other is not draft
            and other.kind == draft.kind
            and other.scope is ClaimScope.ALL
            and other.level is None
            and other.outcome not in ("evaluated", "other_total")
            and (
                other.relation is Relation.DISJOINT
                or (
                    other.relation is Relation.SUBSET
                    and other.within is not None
                    and drafts[other.within].outcome == "evaluated"
                )
            )
        ]
        without = sum(other.count for other in others)
        totals = [
            d.count
            for d in drafts
            if d.kind == draft.kind and d.relation is Relation.TOTAL and d.level is None
        ]
        rows = sum((row.kind or table.kind) == draft.kind for table in notice.tables for row in table.rows)
        wholes = [*totals[:1], *([rows] if rows else [])]
        apart = next(
            (fits for whole in wholes if (fits := _fits(without, draft.count, whole)) is not None),
            re.match(one_of(load_notice_words().grammar["rest"]["words"]), draft.text) is not None,
        )
        draft.relation = Relation.DISJOINT if apart else Relation.CROSS_REFERENCE
        if draft.relation is Relation.DISJOINT and draft.within == at:
            draft.within = None


def _fits(without: int, count: int, whole: int) -> bool | None:
    if without + count == whole:
        return True
    return False if without == whole else None
