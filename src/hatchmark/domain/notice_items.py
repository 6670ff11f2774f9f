"""Into which sentences and clauses does a paragraph of a notice fall, and which of its words are places?

An *item* is what stands between two marks of punctuation. Brackets are folded into the item that they follow, an item
with several numbers is cut into one for each, and 一、 or （二） at the head of a sentence belongs to none.
"""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from hatchmark.domain.notice_tokens import Role, Token
from hatchmark.domain.notice_words import load_notice_words

# ---- items ------------------------------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class Item:
    """What stands between two marks of punctuation. `inner` are the sentences of its brackets that hold counts."""

    separator: Role | None
    tokens: list[Token] = field(default_factory=list)
    inner: list[list["Item"]] = field(default_factory=list)
    aside: str = ""
    """Text of brackets without a count."""
    scanned: int = 0
    """So many of its tokens are known to be no counts."""

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

    def holds_count(self) -> bool:
        """Whether it has a count so far; asked again and again while it grows, it looks at each token once."""
        while self.scanned < len(self.tokens):
            if Role.COUNT in self.tokens[self.scanned]:
                return True
            self.scanned += 1
        return False

    def of(self, role: Role) -> list[Token]:
        return [token for token in self.tokens if role in token]

    def has(self, role: Role) -> bool:
        return any(role in token for token in self.tokens)

    def continues_list(self) -> bool:
        return self.separator in (Role.LIST, Role.LINK)


_SEPARATORS = (Role.COMMA, Role.LIST, Role.COLON, Role.SEMICOLON, Role.LINK)


def sentences_of(tokens: Sequence[Token]) -> list[list[Item]]:
    """Return the sentences of a paragraph as items, brackets folded into the item that they follow."""
    sentences: list[list[Item]] = [[Item(separator=None)]]
    at = _after_enumerator(tokens, 0)
    while at < len(tokens):
        token = tokens[at]
        sentence = sentences[-1]
        if Role.OPEN in token:
            close = _closing(tokens, at)
            _fold(sentence[-1], tokens[at + 1 : close])
            at = close + 1
            continue
        if Role.STOP in token:
            sentences.append([Item(separator=None)])
            at = _after_enumerator(tokens, at + 1)
            continue
        if Role.LINK in token:
            if not sentence[-1].tokens and sentence[-1].separator is Role.COMMA and token.text != "并":
                sentence[-1].separator = Role.LINK  # 甲10家，以及乙5家
            elif _links_elements(sentence[-1], tokens, at):
                sentence.append(Item(separator=Role.LINK))
            else:
                sentence[-1].tokens.append(replace(token, roles=frozenset({Role.TEXT})))
        elif separator := next((role for role in _SEPARATORS if role in token), None):
            sentence.append(Item(separator=separator))
        elif Role.CLOSE not in token:
            sentence[-1].tokens.append(token)
        at += 1
    return [
        [piece for item in sentence if item.tokens or item.inner for piece in _one_count_each(item)]
        for sentence in sentences
    ]


_ENUMERATOR = re.compile(r"第?[一二三四五六七八九十]{1,3}|\d{1,2}")


def _after_enumerator(tokens: Sequence[Token], at: int) -> int:
    """Return the position after 一、 or （二） at the head of a sentence: it is no element of a list."""
    if at + 1 < len(tokens) and _ENUMERATOR.fullmatch(tokens[at].text) and Role.LIST in tokens[at + 1]:
        return at + 2
    if (
        at + 2 < len(tokens)
        and Role.OPEN in tokens[at]
        and _ENUMERATOR.fullmatch(tokens[at + 1].text)
        and Role.CLOSE in tokens[at + 2]
    ):
        return at + 3
    return at


def _closing(tokens: Sequence[Token], opening: int) -> int:
    depth = 0
    for at in range(opening, len(tokens)):
        depth += (Role.OPEN in tokens[at]) - (Role.CLOSE in tokens[at])
        if depth == 0:
            return at
    return len(tokens)


def _fold(item: Item, inside: Sequence[Token]) -> None:
    """Take a bracket into the item: a bare number is part of it (优秀（5家）), a grade repeats it (优秀（A类）)."""
    counts = [token for token in inside if Role.COUNT in token]
    meaning = [token for token in inside if token.roles != {Role.TEXT}]
    bare = all(Role.COUNT in token or Role.TOTAL in token for token in meaning)
    if len(counts) == 1 and bare and len("".join(token.text for token in inside)) <= len(counts[0].text) + 3:
        item.tokens.append(counts[0])
    elif counts:
        item.inner += [sentence for sentence in sentences_of(inside) if sentence]
    else:
        item.aside += "".join(token.text for token in inside)


def _links_elements(before: Item, tokens: Sequence[Token], at: int) -> bool:
    """Whether 和 joins two elements of a list of counts, kinds, labels or places, and is not part of other words."""
    if not before.tokens:
        return False
    ahead: list[Token] = []
    for position in range(at + 1, len(tokens)):
        if any(role in tokens[position] for role in (*_SEPARATORS, Role.STOP, Role.OPEN, Role.CLOSE)):
            break
        ahead.append(tokens[position])
    if not ahead:
        return False
    ends = before.tokens[-1]
    if Role.COUNT in ends or before.holds_count():
        return any(Role.COUNT in token for token in ahead)
    elements = (Role.LABEL, Role.KIND, Role.LEVEL)
    if any(role in ends for role in elements):
        return any(role in token for token in ahead[:3] for role in elements)
    has_count = any(Role.COUNT in token for token in ahead)
    return has_count and is_place(ends.text) and Role.COUNT not in ahead[0]


def _one_count_each(item: Item) -> list[Item]:
    """Split an item that holds several counts (全部25家众创空间中3家优秀) into one for each."""
    counts = item.counts
    if len(counts) < 2:
        return [item]
    labels_first = item.has(Role.LABEL) and item.of(Role.LABEL)[0].start < counts[0].start
    # …孵化器4家获A类1家: what ends with a number has its labels before the numbers.
    label_leads = labels_first or Role.COUNT in item.tokens[-1]
    pieces: list[Item] = []
    current = Item(separator=item.separator)
    for token in item.tokens:
        holds_count = bool(current.counts)
        opens = Role.COUNT in token or (label_leads and Role.LABEL in token and holds_count)
        if opens and holds_count:
            carried_over: list[Token] = []
            while current.tokens and Role.COUNT not in current.tokens[-1] and _leads_in(current.tokens[-1]):
                carried_over.insert(0, current.tokens.pop())
            pieces.append(current)
            current = Item(separator=Role.COMMA, tokens=carried_over)
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
    r"(?:全|我|本|各|该|此|整个|所在|辖|的|对|^)(?:省|市|区|盟|州|县|旗|自治区)$|自治区$|[园校社]区$|对象$|产地$|各地$|基地$|两地$"
)


def is_place(text: str) -> bool:
    if bool(_PLACE.search(text)) and not _WHOLE.search(text):
        return True
    return text in _short_places() or (text[:1] in ("对", "在") and text[1:] in _short_places())


@functools.cache
def _short_places() -> frozenset[str]:
    return load_notice_words().places


def place_at_end(text: str) -> str:
    """Return the last few characters of a text that ends with a place: enough to tell its name."""
    return text[-4:] if len(text) > 3 else text


def is_partitive(item: Item) -> bool:
    return re.search(r"(?:中|当中|之中|里)$", item.text) is not None


def around(item: Item) -> tuple[Token, list[Token], list[Token]]:
    """Return the count of an item and the tokens before and after it."""
    count = item.counts[0]
    before = [token for token in item.tokens if token.end <= count.start]
    return count, before, [token for token in item.tokens if token.start >= count.end]
