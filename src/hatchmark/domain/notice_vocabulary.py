"""Which words does a notice use for its grades, outcomes and kinds, so that its round prints what it printed?

Labels belong to the authority and the year. A notice that no shipped vocabulary fits is the source of its own: each
cell is taken apart into a pattern, and a pattern is kept where it gives back every cell that it was made from.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hatchmark.domain.notice_words import load_notice_words
from hatchmark.domain.outcomes import Decision, EntryKey, Grade, Outcome
from hatchmark.domain.published_notices import NoticeColumn, NoticeTable, PublishedNotice
from hatchmark.domain.vocabulary import KindWords, Vocabulary

_FACES = {
    "graded": "{grade}",
    "disqualified": "CANCEL{kind}资格",
    "pilot_cancelled": "{grade}，CANCEL试点培育资格",
    "carried": "{year}年以{source_kind}参加评价，结果为{grade}",
    "deferred": "{year}年以{as_kind}参加评价",
    "absent": "{grade}（未参加评价）",
    "absent_without_grade": "未参加评价",
}
"""What a cell prints where the notice has no such row. CANCEL is the notice's verb."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedResult:
    """What one cell printed and what it was read as. `grade` is the one that the entry is judged by."""

    decision: Decision
    grade: Grade | None
    face_text: str

    @property
    def key(self) -> EntryKey:
        return self.decision.key


def face_text_by(vocabulary: Vocabulary, result: PrintedResult, *, year: int) -> str | None:
    """Return what a vocabulary prints for a result; None where it lacks the grade, the outcome or the kind."""
    decision = result.decision
    kinds = {
        decision.key.kind,
        decision.as_kind,
        decision.carried_from.kind if decision.carried_from else None,
    }
    if not kinds - {None} <= vocabulary.kinds.keys():
        return None
    if result.grade is not None and result.grade not in vocabulary.grades:
        return None
    return vocabulary.face_text(
        kind=decision.key.kind,
        outcome=decision.outcome,
        grade=result.grade,
        round_year=year,
        source_kind=decision.carried_from.kind if decision.carried_from else None,
        deferred_to=decision.year,
        as_kind=decision.as_kind,
    )


def read_vocabulary(
    notice: PublishedNotice, results: Sequence[PrintedResult], *, code: str, year: int
) -> Vocabulary:
    """Return the words of a notice. Where one thing is printed in two ways, the more frequent one is taken."""
    kinds = _kinds(notice, results, year=year)
    grades = _grades(results)
    cancelled = [
        verb
        for result in results
        for verb in load_notice_words().cancelling
        if result.decision.outcome in (Outcome.DISQUALIFIED, Outcome.PILOT_CANCELLED)
        and verb in result.face_text
    ]
    verb = Counter(cancelled).most_common(1)[0][0] if cancelled else "取消"
    faces = {name: pattern.replace("CANCEL", verb) for name, pattern in _FACES.items()}
    printed: dict[str, Counter[str]] = {}
    for result in results:
        name = _pattern_name(result)
        if name != "graded":
            printed.setdefault(name, Counter())[_pattern_of(result, grades, kinds, year=year)] += 1
    faces |= {name: counts.most_common(1)[0][0] for name, counts in printed.items()}
    heads = [
        head
        for table in notice.tables
        for head, column in zip(table.heads, table.columns, strict=True)
        if column is NoticeColumn.CHANNEL and head
    ]
    return Vocabulary(
        code=code,
        source=notice.title,
        channel_word="主管部门",
        channel_column=heads[0] if heads else "地区",
        cancel_verb=verb,
        grades=grades,
        face_texts=faces,
        kinds=kinds,
    )


def _pattern_name(result: PrintedResult) -> str:
    outcome = result.decision.outcome
    return "absent_without_grade" if outcome is Outcome.ABSENT and result.grade is None else outcome.value


def _grades(results: Sequence[PrintedResult]) -> dict[Grade, str]:
    found: dict[Grade, Counter[str]] = {}
    for result in results:
        if result.decision.outcome is Outcome.GRADED and result.grade is not None:
            found.setdefault(result.grade, Counter())[result.face_text] += 1
    labels = load_notice_words().labels
    for grade in Grade:
        # A grade that stands beside a status alone (不合格，取消资格) is printed in no cell by itself.
        if grade not in found and any(result.grade is grade for result in results):
            own = Counter(
                word
                for result in results
                if result.grade is grade
                for word, code in labels.items()
                if code == grade.value and word in result.face_text
            )
            found[grade] = Counter({max(own, key=len): 1}) if own else Counter()
    return {grade: found[grade].most_common(1)[0][0] for grade in Grade if found.get(grade)}


def _pattern_of(
    result: PrintedResult, grades: Mapping[Grade, str], kinds: Mapping[str, KindWords], *, year: int
) -> str:
    decision = result.decision
    text = _escaped(result.face_text)
    if result.grade is not None and decision.outcome is not Outcome.DISQUALIFIED and result.grade in grades:
        text = text.replace(_escaped(grades[result.grade]), "{grade}", 1)
    own = kinds[decision.key.kind]
    if decision.carried_from is not None:
        return _with_kind(text, kinds[decision.carried_from.kind], "source_kind").replace(
            f"{year}年", "{year}年"
        )
    if decision.outcome is Outcome.DEFERRED and decision.as_kind is not None:
        text = _with_kind(text, kinds[decision.as_kind], "as_kind")
        return text.replace(f"{decision.year}年", "{year}年")
    return text.replace(own.title, "{kind}", 1)


def _with_kind(text: str, words: KindWords, name: str) -> str:
    return text.replace(words.short, f"{{{name}}}", 1)


def _escaped(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


# ---- kinds ------------------------------------------------------------------------------------------------------


def _kinds(notice: PublishedNotice, results: Sequence[PrintedResult], *, year: int) -> dict[str, KindWords]:
    wanted: dict[str, list[str]] = {}
    for result in results:
        decision = result.decision
        source = decision.carried_from
        for kind in (decision.key.kind, decision.as_kind, source.kind if source else None):
            if kind is not None:
                wanted.setdefault(kind, []).append(result.face_text)
    return {kind: _kind(notice, kind, faces, year=year) for kind, faces in wanted.items()}


def _kind(notice: PublishedNotice, kind: str, faces: Sequence[str], *, year: int) -> KindWords:
    words = [word for word, code in load_notice_words().kinds.items() if code == kind] or [kind]
    tables = [table for table in notice.tables if table.kind == kind]
    title = (
        _most_said(words, [notice.title, *notice.paragraphs, *(table.title for table in tables)]) or words[0]
    )
    cancelled = _most_said(words, [face for face in faces if "资格" in face])
    title = cancelled or title
    # In a cell the short word stands (以孵化器参加评价); the longest that every such cell holds.
    cells = [face for face in faces if any(word in face for word in words)]
    short = next(
        (
            word
            for word in sorted(words, key=len, reverse=True)
            if cells and all(word in face for face in cells)
        ),
        title,
    )
    result_head = _head(tables, NoticeColumn.RESULT)
    result_word = next(
        (word for word in ("考核", "评价", "评估", "考评", "复核") if word in result_head), "评价"
    )
    [annex] = {table.title for table in tables} if len({table.title for table in tables}) == 1 else {""}
    return KindWords(
        code=kind,
        title=title,
        short=short,
        unit="家",
        result_word=result_word,
        procedure=f"绩效{result_word}",
        name_column=_head(tables, NoticeColumn.NAME) or f"{title}名称",
        annex_title=_escaped(annex).replace(str(year), "{year}")
        if annex
        else f"{{year}}年度{title}绩效{result_word}结果汇总表",
    )


def _most_said(words: Sequence[str], texts: Sequence[str]) -> str | None:
    """Return the longest of some words that a text holds; the longest one names the kind in full."""
    said = [word for word in words if any(word in text for text in texts)]
    return max(said, key=len) if said else None


def _head(tables: Sequence[NoticeTable], column: NoticeColumn) -> str:
    for table in tables:
        for head, each in zip(table.heads, table.columns, strict=True):
            if each is column and head:
                return head
    return ""
