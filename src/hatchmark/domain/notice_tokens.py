"""Into which words does a paragraph of a notice fall, as far as its counts are concerned?

A token is a number with its unit, a word that the data knows, a mark of punctuation or a stretch of other text.
Which of several meanings a word has (通过, 取消, a single letter) is decided here, by what stands next to it.
"""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from hatchmark.domain.notice_numbers import WrittenNumber, read_numbers
from hatchmark.domain.notice_words import ANY_KIND, NoticeWords, load_notice_words, one_of


class Role(StrEnum):
    """What a token does in a sentence. One word may have several roles."""

    COUNT = "count"
    NUMBER = "number"
    YEAR = "year"
    LABEL = "label"
    KIND = "kind"
    ANAPHOR = "anaphor"
    PART = "part"
    LEVEL = "level"
    PILOT = "pilot"
    DECOY = "decoy"
    FOREIGN = "foreign"
    ELSEWHERE = "elsewhere"
    EARLIER = "earlier"
    STEP = "step"
    TAKES_PART = "takes_part"
    EVALUATES = "evaluates"
    TOTAL = "total"
    SUBSET = "subset"
    REST = "rest"
    RESPECTIVELY = "respectively"
    EACH = "each"
    ALL = "all"
    GROUND = "ground"
    NEGATION = "negation"
    QUOTED = "quoted"
    LINK = "link"
    COMMA = "comma"
    LIST = "list"
    COLON = "colon"
    SEMICOLON = "semicolon"
    STOP = "stop"
    OPEN = "open"
    CLOSE = "close"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One token. `value` is the number of a count or year, `code` the outcome or kind of a word.

    `loose` marks a unit that counts other things too (个); `restated` a word that was widened beyond its own letters.
    """

    roles: frozenset[Role]
    start: int
    end: int
    text: str
    value: int = 0
    code: str = ""
    loose: bool = False

    def __contains__(self, role: Role) -> bool:
        return role in self.roles


_MARKS = {
    "，": Role.COMMA, ",": Role.COMMA, "、": Role.LIST, "：": Role.COLON, ":": Role.COLON, "；": Role.SEMICOLON,
    ";": Role.SEMICOLON, "。": Role.STOP, "！": Role.STOP, "？": Role.STOP, "!": Role.STOP, "?": Role.STOP,
    "\n": Role.STOP, "（": Role.OPEN, "(": Role.OPEN, "）": Role.CLOSE, ")": Role.CLOSE,
}  # fmt: skip
_QUOTES = {"“": "”", "「": "」", "『": "』", "‘": "’", '"': '"'}
_BOUNDARY = "，,、：:；;。！？!?（(）)\n"
_CONFORMS = re.compile(
    r"符合(?![^，。；、]*(?:奖励|补助|补贴|资助|申报|推荐|参评|晋级|支持))[^，。；、（）]{0,10}?(?:资格|条件|要求|标准)(?=[，。；]|$)"
)
_KEEPS = re.compile(r"保留(?=[^，。；、]{0,30}[家个][^，。；、]{0,16}(?:资格|备案|称号|认定))")
_YEAR_DIGITS = 4
_ONE_OF_MANY = ("是", "作为", "成为", "有这样", "打造", "又")
"""Before 一家 these describe one body and count none: 示例空间是一家优秀的孵化机构."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lexicon:
    """Every known word with its roles, and the first characters that any of them has."""

    words: dict[str, tuple[frozenset[Role], str]]
    longest: dict[str, int]


@functools.cache
def _lexicon() -> _Lexicon:
    words = load_notice_words()
    grammar = words.grammar
    roles: dict[str, set[Role]] = {}
    codes: dict[str, str] = {}

    def add(role: Role, *entries: str) -> None:
        for entry in entries:
            roles.setdefault(entry, set()).add(role)

    for table, role in (
        ("decoys", Role.DECOY),
        ("foreign", Role.DECOY),
        ("foreign", Role.FOREIGN),
        ("elsewhere", Role.ELSEWHERE),
        ("earlier", Role.EARLIER),
        ("steps", Role.STEP),
        ("takes_part", Role.TAKES_PART),
        ("evaluates", Role.EVALUATES),
        ("totals", Role.TOTAL),
        ("subset", Role.SUBSET),
        ("rest", Role.REST),
        ("respectively", Role.RESPECTIVELY),
        ("each", Role.EACH),
        ("all", Role.ALL),
        ("grounds", Role.GROUND),
        ("negations", Role.NEGATION),
        ("links", Role.LINK),
    ):
        add(role, *grammar[table]["words"])
    add(Role.ANAPHOR, *words.anaphors)
    add(Role.PART, *words.parts)
    add(Role.LEVEL, *words.levels)
    add(Role.PILOT, *words.pilot)
    add(Role.LABEL, *words.labels, *words.verdicts, *words.cancelling)
    for word, code in (*words.kinds.items(), *words.short_kinds.items()):
        add(Role.KIND, word)
        codes[word] = code
    for word in words.levels:
        for suffix in words.open_ended:
            add(Role.TEXT, word + suffix)
    codes |= {**words.labels, **words.verdicts}
    longest: dict[str, int] = {}
    for word in roles:
        longest[word[0]] = max(longest.get(word[0], 0), len(word))
    return _Lexicon(
        words={word: (frozenset(own), codes.get(word, "")) for word, own in roles.items()}, longest=longest
    )


@functools.cache
def _one_of_kinds() -> re.Pattern[str]:
    return re.compile(one_of(load_notice_words().kinds))


def tokens_of(text: str) -> tuple[Token, ...]:
    """Return the tokens of a paragraph in order; together they cover it."""
    return tuple(_with_bare_numbers(list(_with_text_joined(_Tokens(text).read(), text))))


def _with_bare_numbers(tokens: list[Token]) -> list[Token]:
    """Let one unit hold for a whole list: 分别为3、5、10家 and 家数分别为3、5、10 are three counts."""
    for at, token in enumerate(tokens):
        if Role.RESPECTIVELY not in token:
            continue
        run: list[int] = []
        position = at + 1
        while position < len(tokens) and (Role.COUNT in tokens[position] or Role.NUMBER in tokens[position]):
            run.append(position)
            if position + 1 >= len(tokens) or not (
                Role.LIST in tokens[position + 1] or Role.LINK in tokens[position + 1]
            ):
                break
            position += 2
        named = at > 0 and tokens[at - 1].text.endswith(("家数", "数量", "个数", "数"))
        if len(run) > 1 and (named or Role.COUNT in tokens[run[-1]]):
            for position in run:
                if tokens[position].value and tokens[position].text.isdecimal():
                    tokens[position] = replace(tokens[position], roles=frozenset({Role.COUNT}))
    return tokens


def _with_text_joined(tokens: Iterator[Token], text: str) -> Iterator[Token]:
    """Join neighbouring characters that mean nothing here into one token."""
    waiting: Token | None = None
    for token in tokens:
        if token.roles != {Role.TEXT}:
            if waiting is not None:
                yield waiting
            waiting = None
            yield token
        elif waiting is None:
            waiting = token
        else:
            waiting = replace(waiting, end=token.end, text=text[waiting.start : token.end])
    if waiting is not None:
        yield waiting


class _Tokens:
    """One reading of one paragraph."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words: NoticeWords = load_notice_words()
        self.numbers: dict[int, WrittenNumber] = {number.start: number for number in read_numbers(text)}

    def read(self) -> Iterator[Token]:
        at = 0
        while at < len(self.text):
            token = (
                self.mark(at)
                or self.title(at)
                or self.quoted(at)
                or self.number(at)
                or self.letter(at)
                or self.single(at)
                or self.absence(at)
                or self.conformity(at)
                or self.keeping(at)
                or self.word(at)
                or self.token(at, at + 1, Role.TEXT)
            )
            yield token
            at = token.end

    def token(self, start: int, end: int, *roles: Role, value: int = 0, code: str = "") -> Token:
        return Token(
            roles=frozenset(roles), start=start, end=end, text=self.text[start:end], value=value, code=code
        )

    def mark(self, at: int) -> Token | None:
        role = _MARKS.get(self.text[at])
        return self.token(at, at + 1, role) if role else None

    def title(self, at: int) -> Token | None:
        """《…》 is one piece of text, whatever it names."""
        if self.text[at] not in "《〈":
            return None
        end = self.text.find("》" if self.text[at] == "《" else "〉", at)
        return self.token(at, end + 1, Role.QUOTED) if end > at else None

    def quoted(self, at: int) -> Token | None:
        """“优秀” is the word itself; any other quotation is a name."""
        closing = _QUOTES.get(self.text[at])
        end = self.text.find(closing, at + 1) if closing else -1
        if end <= at or end - at > 60:
            return None
        inside = self.text[at + 1 : end]
        short = {**self.words.letters, **self.words.single}
        if inside in self.words.labels or inside in short:
            code = self.words.labels.get(inside) or short[inside]
            return Token(
                roles=frozenset({Role.LABEL}), start=at, end=end + 1, text=inside, value=0, code=code
            )
        return self.token(at, end + 1, Role.QUOTED)

    # ---- numbers ----------------------------------------------------------------------------------------------

    def number(self, at: int) -> Token | None:
        number = self.numbers.get(at)
        if number is None:
            return None
        if label := self._label_with_digit(at):
            return label
        rest = self.text[number.end :]
        is_arabic = self.text[at].isdigit() and self.text[at].isdecimal()
        if rest.startswith("年"):
            if number.value is not None and len(self.text[at : number.end]) == _YEAR_DIGITS:
                return self.token(at, number.end + 1, Role.YEAR, value=number.value)
            return self.token(at, number.end + 1, Role.NUMBER) if is_arabic else None
        measures = self.words.grammar["measures"]
        measure = re.match(one_of((*measures["words"], *measures["loose"])), rest)
        if measure is None:
            if not is_arabic:
                return None
            return self.token(at, number.end, Role.NUMBER, value=number.value or 0)
        end = number.end + measure.end()
        if number.value is None or self._is_no_count(at, number, end):
            return self.token(at, end, Role.NUMBER)
        loose = measure.group() in measures["loose"]
        if measure.group() == "所" and self.text[end : end + 1] in ("有", "属", "在", "谓"):
            return self.token(at, number.end, Role.NUMBER)
        token = self.token(at, end, Role.COUNT, value=number.value)
        return replace(token, loose=loose)

    def _label_with_digit(self, at: int) -> Token | None:
        """三星级, 3A级: a label that begins like a number."""
        for length in (3, 2):
            word = self.text[at : at + length]
            if word in self.words.labels and not (
                word == "一般" and _one_of_kinds().match(self.text, at + length)
            ):
                return self.token(at, at + length, Role.LABEL, code=self.words.labels[word])
        return None

    def _is_no_count(self, at: int, number: WrittenNumber, end: int) -> bool:
        """Whether the number is rounded, a bound, an ordinal or one of many (每一家)."""
        before, after = self.text[:at], self.text[end:]
        inexact = self.words.grammar["inexact"]
        return (
            re.search(rf"(?:{one_of(self.words.grammar['not_counted']['before'])})$", before) is not None
            or re.search(rf"(?:{one_of(inexact['before'])})$", before) is not None
            or (before.endswith(("数", "几", "上")) and self.text[at] in "十百千万")
            or (self.text[at] == "一" and number.end == at + 1 and before.endswith(_ONE_OF_MANY))
            or re.match(one_of(inexact["after_measure"]), after) is not None
            or after.startswith(("工作日", "月", "百分点", "人", "小时", "自然日", "方面"))
        )

    # ---- words ------------------------------------------------------------------------------------------------

    def letter(self, at: int) -> Token | None:
        """A, B, C, D as grades: with a suffix anywhere, alone only where a list, a count or a grade is beside."""
        letter = self.text[at]
        if letter not in self.words.letters or (
            at and self.text[at - 1].isascii() and self.text[at - 1].isalnum()
        ):
            return None
        suffix = re.match(one_of(self.words.letter_suffixes), self.text[at + 1 :])
        if suffix and self.text[at + 1] == "等" and self.text[at + 2 : at + 3] in ("四", "三", "五"):
            suffix = None
        end = at + 1 + (suffix.end() if suffix else 0)
        after = self.text[end : end + 1]
        if not suffix:
            if after.isascii() and after.isalnum() and not after.isdigit():
                return None
            if after == "座" or not (
                after == "" or after.isdigit() or after in _BOUNDARY + "和及与的为有共分各依"
            ):
                return None
        return self.token(at, end, Role.LABEL, code=self.words.letters[letter])

    def single(self, at: int) -> Token | None:
        """优5家、良8家、差1家: one character as a grade."""
        character = self.text[at]
        if character not in self.words.single:
            return None
        before, after = self.text[at - 1 : at], self.text[at + 1 :]
        starts = before not in ("创", "最", "更") and (before == "" or before in _BOUNDARY + "和及与为是获")
        counted = at + 1 in self.numbers and re.match(
            one_of(self.words.grammar["measures"]["words"]), self.text[self.numbers[at + 1].end :]
        )
        alone = (after == "" or after[0] in _BOUNDARY) and before in ("为", "是", "获")
        # 众创空间中10家: here 中 is no grade.
        if (
            (counted and character != "中" and before not in ("创", "最", "更"))
            or (starts and counted)
            or (starts and (alone or after.startswith(("等次", "、良", "、中", "、差"))))
        ):
            return self.token(at, at + 1, Role.LABEL, code=self.words.single[character])
        return None

    def word(self, at: int) -> Token | None:
        lexicon = _lexicon()
        for length in range(min(lexicon.longest.get(self.text[at], 0), len(self.text) - at), 0, -1):
            word = self.text[at : at + length]
            if word not in lexicon.words:
                continue
            roles, code = lexicon.words[word]
            if word in self.words.plain_labels and self.text[max(0, at - 2) : at] in self.words.plain_after:
                return self.token(at, at + length, Role.TEXT)
            if word in ("一般", "较好") and _one_of_kinds().match(self.text, at + length):
                return self.token(at, at + length, Role.TEXT)  # 一般众创空间: of no special sort
            if word in self.words.cancelling:
                return self.cancelling(at, word)
            if word in self.words.verdicts and not self._is_verdict(at, word):
                continue
            if word in self.words.short_kinds and self.text[at + length : at + length + 1] not in (
                "",
                *_BOUNDARY,
                *"和与及的",
            ):
                continue
            if Role.KIND in roles and self.words.no_kind_before.match(self.text, at + length):
                return self.token(at, at + length, Role.TEXT)
            if code == ANY_KIND and roles == {Role.KIND}:
                return self.token(at, at + length, Role.KIND, code=ANY_KIND)
            return self.token(at, at + length, *roles, code=code)
        return None

    def absence(self, at: int) -> Token | None:
        """未在规定时间内提交材料: who did not hand in or take part, whatever stands between."""
        match = self.words.absence.match(self.text, at)
        return self.token(at, match.end(), Role.LABEL, code="absent") if match else None

    def conformity(self, at: int) -> Token | None:
        """符合备案条件 at the end of a clause: passed."""
        if self.text[at] != "符" or self.text[max(0, at - 1) : at] in ("不", "未") or at == 0:
            return None
        match = _CONFORMS.match(self.text, at)
        return self.token(at, match.end(), Role.LABEL, code="qualified") if match else None

    def keeping(self, at: int) -> Token | None:
        """保留48家众创空间备案资格: who keeps a status passed."""
        match = _KEEPS.match(self.text, at)
        return self.token(at, at + 2, Role.LABEL, code="qualified") if match else None

    def _is_verdict(self, at: int, word: str) -> bool:
        end = at + len(word)
        after = self.text[end:]
        ends = (
            not after
            or after[0] in _BOUNDARY
            or after.startswith(("的", "者", *self.words.verdict_before))
            or end in self.numbers
        )
        if word != "通过" and word not in self.words.verdicts:
            return ends
        before = self.text[max(0, at - 6) : at]
        return ends and re.search(rf"(?:{one_of(self.words.verdict_not_after)})$", before) is None

    def cancelling(self, at: int, verb: str) -> Token:
        """取消…资格 is a result, with what is lost; 取消补贴 and 注销手续 are not."""
        end = at + len(verb)
        # A list of names may stand between: 撤销甲、乙、丙等3家众创空间备案.
        rest = re.split(r"[，,：:；;。！？!?\n]", self.text[end:], maxsplit=1)[0]
        if re.search(one_of(self.words.not_cancel_objects), re.split(r"[的、（(]|\d", rest, maxsplit=1)[0]):
            return self.token(at, end, Role.TEXT)
        pilot = re.match(rf".{{0,8}}?(?:{one_of(self.words.pilot)}).{{0,6}}?(?:资格|称号)", rest)
        if pilot and not re.search(one_of(self.words.kinds), pilot.group()):
            return self.token(at, end + pilot.end(), Role.LABEL, code="pilot_cancelled")
        is_result = (
            re.search(one_of(self.words.cancel_objects), rest) is not None
            or not rest
            or rest[0] in "的了、）)"
            or end in self.numbers
            or verb in ("摘牌", "除名")
        )
        code = "pilot_cancelled" if pilot else "disqualified"
        return self.token(at, end, Role.LABEL, code=code) if is_result else self.token(at, end, Role.TEXT)
