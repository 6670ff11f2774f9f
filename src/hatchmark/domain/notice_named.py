"""Which institutions does the text of a notice name with a result of their own, and how many without counting them?

A notice may print a count and an example (甲众创空间等5家为优秀), a count and every name, or names alone
(乙、丙为不合格). Names that stand in the tables are known to the letter; any other is taken for one only where
it ends as carriers' names do and nothing but 、和及 parts it from the next.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from hatchmark.domain.notice_tokens import Role, Token, tokens_of
from hatchmark.domain.notice_words import load_notice_words, one_of
from hatchmark.domain.published_notices import PublishedNotice


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedResult:
    """One institution that the text names with a result: paragraph, the clause it stands in, label and outcome code."""

    paragraph: int
    clause: str
    name: str
    label: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedAlone:
    """A clause that gives institutions a result by name and states no count. `names` is how many it names."""

    paragraph: int
    clause: str
    names: int
    outcome: str


# 优秀等次的单位有, 良好：, 评为合格的3家单位是: what may stand between a label and the names under it.
_HEADS_NAMES = re.compile(
    r"(?:等次|等级|档次|类)?的?(?:单位|机构|载体|平台|众创空间|孵化器|科技企业孵化器)?(?:\d+家)?(?:分别)?"
    r"(?:[：有是]|为|包括)+.{0,400}"
)
_PREFIX = 4


class NameIndex:
    """Names that are looked for in texts; where several begin at one place, the longest counts."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_prefix: dict[str, list[str]] = defaultdict(list)
        for name in sorted(set(names), key=len, reverse=True):
            if len(name) >= _PREFIX:
                self._by_prefix[name[:_PREFIX]].append(name)

    def __bool__(self) -> bool:
        return bool(self._by_prefix)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return where names stand in a text, in order, none inside another."""
        found: list[tuple[int, int]] = []
        at = 0
        while at <= len(text) - _PREFIX:
            names = self._by_prefix.get(text[at : at + _PREFIX], ())
            name = next((name for name in names if text.startswith(name, at)), None)
            if name is not None:
                found.append((at, at + len(name)))
            at += len(name) if name else 1
        return found


_CLAUSE = re.compile(r"[^。；;！？!?\n]+")
_SMALLEST_NAME = 4


def read_named_results(notice: PublishedNotice, names: Collection[str]) -> tuple[NamedResult, ...]:
    """Return every one of `names` that a clause of the text gives a result to, in reading order.

    The result is the next one after the name that a verb leads to (评为, 结果为 …), or the bracket right after it; else
    the one that heads the list (优秀：甲、乙; 评为优秀的有甲、乙). Clauses on other rounds give none.
    """
    known = NameIndex(name for name in names if len(name) >= _SMALLEST_NAME)
    if not known:
        return ()
    found: list[NamedResult] = []
    for number, paragraph in enumerate(notice.paragraphs):
        for clause in _CLAUSE.finditer(paragraph):
            text = clause.group()
            places = known.spans(text)
            if not places or _speaks_of_another_round(text, notice.year):
                continue
            tokens = tokens_of(text)
            for place in places:
                label = _result_of(text, tokens, *place, places)
                if label is not None:
                    found.append(
                        NamedResult(
                            paragraph=number,
                            clause=text,
                            name=text[slice(*place)],
                            label=label.text,
                            outcome=label.code,
                        )
                    )
    return tuple(found)


@cache
def _leads_to_result() -> re.Pattern[str]:
    return re.compile(
        r"(?:为|获|获评|评|评定|评价|考核|考评|评估|列为|定为|获得|达到|均|结果|等次|等级|档次|结论|被)(?:了|：|“)?$"
    )


def _speaks_of_another_round(text: str, year: int | None) -> bool:
    earlier = one_of(load_notice_words().grammar["earlier"]["words"])
    if re.search(earlier, text):
        return True
    years = {int(each) for each in re.findall(r"(?<!\d)(20\d\d)年", text)}
    return year is not None and any(each != year for each in years)


def _result_of(
    text: str, tokens: Sequence[Token], start: int, end: int, places: Sequence[tuple[int, int]]
) -> Token | None:
    """Return the label that a clause gives to the name from `start` to `end`."""
    labels = [token for token in tokens if Role.LABEL in token and not _is_in_name(token, places)]
    counts = [token for token in tokens if Role.COUNT in token]
    after = [token for token in labels if token.start >= end]
    for label in after:
        between = text[end : label.start]
        if re.fullmatch(r"[（(]", between):
            return label
        if sum(count.start >= end and count.end <= label.start for count in counts) > 1:
            return None
        if any(_is_result(text, token) for token in after if token.start < label.start):
            break
        if _is_result(text, label) and not re.search(r"由[^，、]*$", between):
            return label
        break
    before = [token for token in labels if token.end <= start]
    if before and not after:
        label = before[-1]
        between = text[label.end : start]
        if _HEADS_NAMES.fullmatch(between) and not re.search(r"[，。](?!.*、)", between):
            return label
    return None


def _is_result(text: str, label: Token) -> bool:
    """Whether a verb leads to a label, or the label is a loss of status that ends the clause."""
    lead = text[max(0, label.start - 8) : label.start]
    if re.search(r"(?:连续|曾|原|由|若|如|凡)[^，]{0,6}$", lead):
        return False
    return _leads_to_result().search(lead) is not None


def _is_in_name(token: Token, places: Sequence[tuple[int, int]]) -> bool:
    return any(start <= token.start < end for start, end in places)


# ---- names alone --------------------------------------------------------------------------------------------------


@cache
def _name_ends() -> re.Pattern[str]:
    """A name, and what follows it."""
    ends = one_of(
        (
            *load_notice_words().kinds,
            *("空间", "孵化园", "创业园", "科技园", "产业园", "基地", "中心", "工场", "工坊", "咖啡", "公司"),
            *("学院", "创客汇", "平台", "社区", "小镇", "港湾"),
        )
    )
    return re.compile(rf"(?P<name>“[^”]{{2,40}}”|.{{2,40}}?(?:{ends}))(?P<rest>.{{0,24}})")


def _names_at_head(text: str) -> list[str]:
    """Return the names that a clause begins with, parted by 、和及与; empty where anything else stands there."""
    pieces = re.split("[、和及与]", text)
    matches = [_name_ends().fullmatch(piece) for piece in pieces]
    names = [match["name"] for match in matches if match is not None]
    whole = all(match is not None and not match["rest"] for match in matches[:-1])
    last = matches[-1]
    if len(names) < len(pieces) or not whole or last is None or "等" in last["rest"]:
        return []
    return names


def read_named_alone(notice: PublishedNotice) -> tuple[NamedAlone, ...]:
    """Return the clauses that give institutions a result by name and count none of them."""
    return tuple(_named_alone(notice))


def _named_alone(notice: PublishedNotice) -> Iterator[NamedAlone]:
    for number, paragraph in enumerate(notice.paragraphs):
        for clause in _CLAUSE.finditer(paragraph):
            text = re.sub(
                r"^(?:（?[一二三四五六七八九十\d]{1,3}[）、.．]|此外，|另外，|其中，?)", "", clause.group()
            )
            if _speaks_of_another_round(text, notice.year):
                continue
            for part in re.split("，", text):
                tokens = tokens_of(part)
                if any(Role.COUNT in token or Role.NUMBER in token for token in tokens):
                    break
                label = next((token for token in tokens if Role.LABEL in token), None)
                if label is None or not _is_result(part, label):
                    continue
                names = _names_at_head(part[: label.start])
                if not names or names[0][0] in "各等对凡若" or any(map(_is_general, names)):
                    break
                yield NamedAlone(
                    paragraph=number, clause=clause.group(), names=len(names), outcome=label.code
                )
                break


def _is_general(name: str) -> bool:
    """Whether a word names carriers in general (省级众创空间, 参评的孵化器) and no single one."""
    words = load_notice_words()
    rest = re.sub(one_of((*words.kinds, *words.levels, *words.parts, *words.pilot)), "", name)
    return len(rest) < 2 or re.search(r"的$|^(?:各|全|我|本|该|上述|参评|凡|对)", rest) is not None
