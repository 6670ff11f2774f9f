"""Which words do published notices use for results, kinds, levels and for the grammar of counts?

The words are data (`domain/data/notice_words`): they differ by authority and year, and a new one needs no code.
"""

import functools
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

ANY_KIND = "carrier"
"""Code of words that mean all kinds at once (孵化载体): a claim with one of them states no kind."""

_CLOSING = "。.；;，,：:、"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeWords:
    """The words, as the readers need them.

    `labels` are result words of a sentence with their outcome codes, `cell_labels` more of them that only a cell or
    a heading may mean so; `kinds` maps a word to the code of its kind (ANY_KIND for all of them); `grammar` and
    `layout` hold the other lists by table and key.
    """

    labels: Mapping[str, str]
    verdicts: Mapping[str, str]
    cell_labels: Mapping[str, str]
    letters: Mapping[str, str]
    single: Mapping[str, str]
    plain_after: tuple[str, ...]
    plain_labels: tuple[str, ...]
    letter_suffixes: tuple[str, ...]
    verdict_before: tuple[str, ...]
    verdict_not_after: tuple[str, ...]
    cancelling: tuple[str, ...]
    cancel_objects: tuple[str, ...]
    not_cancel_objects: tuple[str, ...]
    pilot: tuple[str, ...]
    kinds: Mapping[str, str]
    short_kinds: Mapping[str, str]
    no_kind_before: re.Pattern[str]
    """What makes the kind word right before it part of another word: 孵化器|协会."""
    absence: re.Pattern[str]
    """Not taking part in words of its own: 未在规定时间内提交."""
    anaphors: tuple[str, ...]
    parts: tuple[str, ...]
    levels: tuple[str, ...]
    open_ended: tuple[str, ...]
    places: frozenset[str]
    """Short names of prefectures, printed without 市, 州 or 盟."""
    provinces: tuple[str, ...]
    grammar: Mapping[str, Mapping[str, tuple[str, ...]]]
    layout: Mapping[str, Mapping[str, tuple[str, ...]]]

    def kind_of(self, text: str) -> str | None:
        """Return the one kind that a title, a heading or a cell names; None where it names none, all or several."""
        codes = self.kinds_in(text)
        return next(iter(codes)) if len(codes) == 1 and ANY_KIND not in codes else None

    def kinds_in(self, text: str) -> tuple[str, ...]:
        """Return the codes of the kinds that a text names, each once, in order; the longest word counts."""
        return tuple(dict.fromkeys(self.kinds[match.group()] for match in _kind_pattern().finditer(text)))


def _file(name: str) -> dict[str, Any]:
    folder = resources.files("hatchmark.domain") / "data" / "notice_words"
    return tomllib.loads((folder / f"{name}.toml").read_text("utf-8"))


def _lists(tables: Mapping[str, Mapping[str, list[str]]]) -> dict[str, dict[str, tuple[str, ...]]]:
    return {
        table: {key: tuple(dict.fromkeys(words)) for key, words in lists.items()}
        for table, lists in tables.items()
    }


@functools.cache
def load_notice_words() -> NoticeWords:
    """Return the words that ship with the product."""
    labels, kinds, levels, places = _file("labels"), _file("kinds"), _file("levels"), _file("places")
    by_label = {word: outcome for outcome, words in labels["grades"].items() for word in words}
    # Where 优秀 or 良好 stands beside it, the reader gives 优良 another code.
    by_label |= dict.fromkeys(labels["between"]["words"], "excellent")
    stars = [
        f"{digit}{suffix}" for digit in labels["stars"]["digits"] for suffix in labels["stars"]["suffixes"]
    ]
    by_label |= dict.fromkeys([*labels["other"]["words"], *stars], "other")
    by_label |= dict.fromkeys(labels["deferred"]["words"], "deferred")
    by_label |= dict.fromkeys(labels["absent"]["words"], "absent")
    letters = {letter: outcome for outcome, letter in labels["letters"].items()}
    suffixes = tuple(labels["letter_suffixes"]["words"])
    single = {word: outcome for outcome, words in labels["single"].items() for word in words}
    by_label |= {f"{letter}{suffix}": outcome for letter, outcome in letters.items() for suffix in suffixes}
    return NoticeWords(
        labels=by_label,
        verdicts={word: outcome for outcome, words in labels["verdicts"].items() for word in words},
        cell_labels={word: outcome for outcome, words in labels["cells"].items() for word in words},
        letters=letters,
        single=single,
        plain_after=tuple(labels["plain_after"]["words"]),
        plain_labels=tuple(labels["plain_after"]["labels"]),
        letter_suffixes=suffixes,
        verdict_before=tuple(labels["verdict_before"]["words"]),
        verdict_not_after=tuple(labels["verdict_not_after"]["words"]),
        cancelling=tuple(labels["cancelled"]["verbs"]),
        cancel_objects=tuple(labels["cancelled"]["objects"]),
        not_cancel_objects=tuple(labels["cancelled"]["not_objects"]),
        pilot=tuple(labels["pilot"]["words"]),
        kinds={word: code for code, words in kinds["kinds"].items() for word in words}
        | dict.fromkeys(kinds["any"]["words"], ANY_KIND),
        short_kinds={word: code for code, words in kinds["short"].items() for word in words},
        no_kind_before=re.compile(one_of(kinds["not_before"]["words"])),
        absence=re.compile(
            rf"(?:{one_of(labels['absence']['negations'])})(?!{one_of(labels['absence']['not_after'])})"
            rf"[^，。；：、（）\d]{{0,12}}?(?:{one_of(labels['absence']['acts'])})"
        ),
        anaphors=tuple(kinds["anaphors"]["words"]),
        parts=tuple(kinds["parts"]["words"]),
        levels=tuple(dict.fromkeys(levels["levels"]["words"])),
        open_ended=tuple(levels["open_ended"]["suffixes"]),
        places=frozenset(places["short"]["words"]),
        provinces=tuple(places["provinces"]["words"]),
        grammar=_lists(_file("grammar")),
        layout=_lists(_file("layout")),
    )


def one_of(words: Iterable[str]) -> str:
    """Return a pattern that matches the longest of some words."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


@functools.cache
def _kind_pattern() -> re.Pattern[str]:
    return re.compile(one_of(load_notice_words().kinds))


# ---- what a cell or a heading states --------------------------------------------------------------------------


@functools.cache
def _cell_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = load_notice_words()
    known = {**words.labels, **words.verdicts, **words.cell_labels}
    letter = rf"(?<![A-Za-z0-9])[{''.join(words.letters)}](?![A-Za-z0-9+])"
    return re.compile(one_of(known) + "|" + letter), re.compile(one_of(words.cancelling))


def result_of(text: str) -> tuple[str, str] | None:
    """Return the label and outcome code that a result cell states; None for a blank or a wordless one (—, 无).

    The label is the cell without its closing stop, in the notice's own words. What takes a status away (取消资格)
    is the outcome even where a grade stands beside it, and so is a result taken over from another kind; those
    graded 不合格 or D for not taking part are unqualified. A text without a known word is `other`.
    """
    label = text.strip().rstrip(_CLOSING).strip()
    if not label or not re.search(r"\w", label) or label == "无":
        return None
    return label, _outcome_of_cell(label)


def _outcome_of_cell(text: str) -> str:
    words = load_notice_words()
    known, cancelling = _cell_patterns()
    if text in words.single:
        return words.single[text]
    if cancelling.search(text) and not re.search(one_of(words.not_cancel_objects), text):
        return "pilot_cancelled" if re.search(one_of(words.pilot), text) else "disqualified"
    if _taken_over(text):
        return "carried"
    found = [outcome_of_word(match.group()) for match in known.finditer(text)]
    grades = [outcome for outcome in found if outcome in ("excellent", "good", "qualified", "unqualified")]
    if grades:
        return grades[0]
    if re.search(r"(?:20\d\d年|次年|下一?年度?|明年).{0,14}参加", text):
        return "deferred"
    if words.absence.search(text):
        return "absent"
    return next((outcome for outcome in found if outcome != "other"), "other")


def outcome_of_word(word: str) -> str:
    """Return the outcome code of one label word; `other` for an unknown one."""
    words = load_notice_words()
    for known in (words.labels, words.verdicts, words.cell_labels, words.letters, words.single):
        if word in known:
            return known[word]
    return "other"


@functools.cache
def _taken_over_pattern() -> re.Pattern[str]:
    words = load_notice_words()
    carried = words.grammar["carried"]
    kind = one_of((*words.kinds, *words.short_kinds, *carried["other_kind"]))
    result = one_of(carried["result"])
    return re.compile(
        rf"(?:{one_of(carried['by'])})[^，。；、]{{0,12}}?(?:{kind})[^。；、]{{0,10}}?(?:{result})"
        rf"|(?:{one_of(carried['by'])})[^，。；、]{{0,6}}?(?:{kind})参加[^。；、]{{0,6}}?，?(?:{result})为"
    )


def _taken_over(text: str) -> bool:
    return _taken_over_pattern().search(text) is not None


def heading_result(text: str) -> tuple[str, str] | None:
    """Return the label word and outcome that a heading over rows states (一、优秀（5家）; A级众创空间); None for none.

    Several grades in one heading (优秀、良好名单; 合格以上) state none for each row.
    """
    words = load_notice_words()
    known, cancelling = _cell_patterns()
    if match := cancelling.search(text):
        if re.search(one_of(words.not_cancel_objects), text):
            return None
        pilot = re.search(one_of(words.pilot), text)
        return match.group(), "pilot_cancelled" if pilot else "disqualified"
    found = [match.group() for match in known.finditer(text) if match.group() not in ("备案", "认定", "保留")]
    outcomes = {outcome_of_word(word) for word in found}
    if not found or len(outcomes) > 1 or found[0] in _several_grades():
        return None
    return found[0], outcomes.pop()


@functools.cache
def _several_grades() -> frozenset[str]:
    return frozenset(word for word in load_notice_words().labels if "以上" in word)
