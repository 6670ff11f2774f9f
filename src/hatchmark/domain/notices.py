"""What does the result notice say, and do its numbers agree with its own annexes?

The notice is typed content: sentences whose every count is a `Claim` that names the rows it counts, so a
number cannot be typed, only computed. Documents and pages set this value and add nothing to it. The other
papers of a round (公示, letters, call, correction) are a `Paper` as well.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hatchmark.domain.obligations import Obligation, ObligedTo
from hatchmark.domain.outcomes import EntryKey, Grade, Outcome
from hatchmark.domain.results import RoundResults, Row
from hatchmark.domain.vocabulary import Vocabulary

NOT_THE_ORIGINAL = "据公开结果重新编排，非原文，不具公文效力"
"""Printed on every page made for a real round of the past."""

FICTIONAL = "演示数据，非真实"
"""Printed on every page made for an invented round."""

FICTIONAL_WORD = "示例"

NO_SCORE = "—"
"""What a row without a score prints: it was not scored in this round, and a zero would lie."""


class Relation(StrEnum):
    """How a count stands to the others, in the words of `notice check`."""

    DISJOINT = "disjoint"
    SUBSET = "subset"
    CROSS_REFERENCE = "cross_reference"
    TOTAL = "total"


class Counted(StrEnum):
    """What a claim counts."""

    ROWS = "rows"
    OBJECTIONS = "objections"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One printed count. `of` are the things counted; `kind` is None where it spans kinds.

    `within` is the label of the claim that a subset belongs to, empty for the others.
    """

    kind: str | None
    label: str
    outcome: str
    relation: Relation
    of: tuple[EntryKey, ...]
    within: str = ""
    counted: Counted = Counted.ROWS

    @property
    def count(self) -> int:
        """The number that is printed."""
        return len(self.of)

    def __str__(self) -> str:
        return str(self.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Serials:
    """Printed serials of some rows of one annex: 第39—43、45号."""

    keys: tuple[EntryKey, ...]

    def __str__(self) -> str:
        runs: list[list[int]] = []
        for serial in sorted(key.serial for key in self.keys):
            if runs and serial == runs[-1][1] + 1:
                runs[-1][1] = serial
            else:
                runs.append([serial, serial])
        # Two neighbours read better listed than as a range.
        texts = [_run_text(first, last) for first, last in runs]
        return f"第{'、'.join(texts)}号"


def _run_text(first: int, last: int) -> str:
    if first == last:
        return str(first)
    return f"{first}、{last}" if last == first + 1 else f"{first}—{last}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """Words that come from the data: a name, a title, a note. Whatever digits they hold are not the notice's."""

    text: str

    def __str__(self) -> str:
        return self.text


Part = str | Claim | Serials | Quoted


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, full stop included."""

    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The sentence as printed."""
        return "".join(map(str, self.parts))

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The counts of the sentence, in printed order."""
        return tuple(part for part in self.parts if isinstance(part, Claim))


class Role(StrEnum):
    """How a paragraph is set."""

    HEADING = "heading"
    BODY = "body"
    SMALL = "small"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One paragraph of the notice."""

    role: Role
    sentences: tuple[Sentence, ...]

    @property
    def text(self) -> str:
        """The paragraph as printed."""
        return "".join(sentence.text for sentence in self.sentences)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnexRow:
    """One row of an annex: a cell under each head. `key` names the entry; in a due list, the line itself."""

    key: EntryKey
    cells: tuple[str, ...]


class Column(StrEnum):
    """What stands in a column of an annex; its printed head is the authority's word."""

    SERIAL = "serial"
    NAME = "name"
    OPERATORS = "operators"
    CHANNEL = "channel"
    SCORE = "score"
    RESULT = "result"
    KIND = "kind"
    DUTY = "duty"
    YEAR = "year"
    QUALIFICATION = "qualification"
    LEAVE_MANAGEMENT = "leave_management"
    LEAVE_EVALUATION = "leave_evaluation"
    LEAVE_STATISTICS = "leave_statistics"
    REASON = "reason"
    NOTE = "note"
    MATTER = "matter"
    WAS = "was"
    NOW = "now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Annex:
    """One annex. `label` is 附件 where there is one annex only, else 附件1, 附件2.

    An annex of results holds all rows of one kind; `kind` and `kind_title` are empty where kinds are mixed.
    """

    label: str
    kind: str
    kind_title: str
    title: str
    columns: tuple[Column, ...]
    heads: tuple[str, ...]
    rows: tuple[AnnexRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """A legal basis: title without 《》, number as printed, empty where it has none."""

    title: str
    number: str


class Ruling(StrEnum):
    """What became of an objection."""

    UPHELD = "upheld"
    REJECTED = "rejected"
    NOT_ADMITTED = "not_admitted"
    PENDING = "pending"


RULING_WORDS = {
    Ruling.UPHELD: "成立",
    Ruling.REJECTED: "不成立",
    Ruling.NOT_ADMITTED: "不予受理",
    Ruling.PENDING: "尚未裁定",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicNoticeFacts:
    """The 公示 that came before: its first and last day, and each objection with its ruling."""

    opened_on: date
    closed_on: date
    objections: tuple[tuple[EntryKey, Ruling], ...]


STAGES_STATED = ("材料申报", "初审", "专家评审", "现场抽查", "科研诚信审查", "公示")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenanceLine:
    """What must stand wherever the scores of a kind stand: where its scheme comes from."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A published version of a result notice, by which another one names it. `day` is None where nobody knows it."""

    number: int
    day: date | None
    digest: str

    @property
    def words(self) -> str:
        """第1版（2025年7月14日公布）."""
        return f"第{self.number}版" + (f"（{day_words(self.day)}公布）" if self.day else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFacts:
    """What the notice says beside the results.

    `past`: a round entered after the event from what was published. `provenance`: lines that must stand
    wherever the scores stand (a reconstructed scheme). `withheld`: entries whose objection is not ruled on.
    `supersedes` is the version that this notice corrects; `superseded_by` the one that corrects it.
    """

    past: bool
    addressees: tuple[str, ...]
    bases: tuple[Basis, ...]
    stages: tuple[str, ...] = STAGES_STATED
    bases_open_ended: bool = False
    scores_shown: bool = False
    provenance: tuple[ProvenanceLine, ...] = ()
    public_notice: PublicNoticeFacts | None = None
    withheld: tuple[EntryKey, ...] = ()
    issued_on: date | None = None
    number: str | None = None
    supersedes: Version | None = None
    superseded_by: Version | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One official paper, ready to be set. Issuer and day stand at its end only where it has a day.

    `marks` stand on every page, `provenance` above the annex whose scores it is about.
    """

    issuer: str
    title_lines: tuple[str, ...]
    number: str | None = None
    addressees: tuple[str, ...] = ()
    paragraphs: tuple[Paragraph, ...]
    annexes: tuple[Annex, ...] = ()
    issued_on: date | None = None
    marks: tuple[str, ...] = ()
    provenance: tuple[ProvenanceLine, ...] = ()

    @property
    def title(self) -> str:
        """The title in one line."""
        return "".join(self.title_lines)

    def provenance_of(self, annex: Annex) -> tuple[str, ...]:
        """Return the lines that stand above the scores of one annex."""
        return tuple(line.text for line in self.provenance if line.kind == annex.kind)

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Every sentence of the paper."""
        return tuple(sentence for paragraph in self.paragraphs for sentence in paragraph.sentences)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Every count of the paper once, in printed order; a count printed twice is one claim."""
        return tuple(dict.fromkeys(claim for sentence in self.sentences for claim in sentence.claims))


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultNotice(Paper):
    """结果通知 with its annexes: the paper whose every count is held against the results."""

    year: int
    counting_rule: tuple[str, ...]
    digest: str


class SelfContradictionError(ValueError):
    """The notice would say a number that its own rows do not bear out. It is not made."""


def build_notice(results: RoundResults, vocabulary: Vocabulary, facts: NoticeFacts) -> ResultNotice:
    """Make the notice from the results. Pure: same input, same notice.

    Raises ValueError where `facts` would dress up a notice that nobody issued, and SelfContradictionError
    where a count and the rows disagree.
    """
    refuse_false_dress(
        authority=results.authority,
        year=results.year,
        fictional=results.fictional,
        past=facts.past,
        issued_on=facts.issued_on,
        number=facts.number,
    )
    writer = _writer(results, vocabulary, facts)
    notice = ResultNotice(
        issuer=results.authority,
        year=results.year,
        title_lines=writer.title_lines(),
        number=facts.number,
        addressees=facts.addressees,
        paragraphs=writer.paragraphs(),
        annexes=result_annexes(results, vocabulary, scores_shown=facts.scores_shown),
        issued_on=facts.issued_on,
        marks=marks_of(fictional=results.fictional, past=facts.past, superseded_by=facts.superseded_by),
        provenance=facts.provenance if facts.scores_shown else (),
        counting_rule=writer.counting_rule(),
        digest=results.digest,
    )
    if found := self_check(notice, results):
        raise SelfContradictionError("; ".join(found))
    return notice


def marks_of(*, fictional: bool, past: bool, superseded_by: Version | None = None) -> tuple[str, ...]:
    """Return what every page of a round must print: nothing only where the authority itself issues it.

    A notice that was corrected since is kept, and each of its pages names what took its place.
    """
    origin = (FICTIONAL,) if fictional else (NOT_THE_ORIGINAL,) if past else ()
    return (*origin, f"本版已由{superseded_by.words}更正取代") if superseded_by else origin


def result_annexes(results: RoundResults, vocabulary: Vocabulary, *, scores_shown: bool) -> tuple[Annex, ...]:
    """Return an annex for each kind that has rows, as the result notice prints them."""
    return tuple(
        _annex(results, vocabulary, kind, label, scores_shown=scores_shown)
        for kind, label in annex_labels(results).items()
    )


def annex_labels(results: RoundResults) -> dict[str, str]:
    """Return the label of the annex of each kind that has rows, in printed order."""
    kinds = [kind for kind in results.kinds if results.rows_of(kind)]
    return {kind: f"附件{number}" if len(kinds) > 1 else "附件" for number, kind in enumerate(kinds, start=1)}


def procedures_of(vocabulary: Vocabulary, kinds: Iterable[str]) -> str:
    """科技企业孵化器绩效评价和众创空间绩效考核."""
    words = [vocabulary.kinds[kind] for kind in kinds]
    return _listed([f"{word.title}{word.procedure}" for word in words], last="和")


def sentences_on_results(results: RoundResults, vocabulary: Vocabulary) -> dict[str, tuple[Sentence, ...]]:
    """Return, for each kind that has rows, the sentences that count its results, as in the result notice."""
    writer = _writer(results, vocabulary, NoticeFacts(past=False, addressees=(), bases=()))
    return {kind: tuple(writer.result_of(kind)) for kind in writer.kinds}


def _writer(results: RoundResults, vocabulary: Vocabulary, facts: NoticeFacts) -> "_Writer":
    labels = annex_labels(results)
    return _Writer(results=results, vocabulary=vocabulary, facts=facts, kinds=tuple(labels), labels=labels)


def refuse_false_dress(
    *, authority: str, year: int, fictional: bool, past: bool, issued_on: date | None, number: str | None
) -> None:
    """Raise ValueError where a paper would bear a day or a number that its authority never gave it."""
    if past and not fictional and (issued_on is not None or number is not None):
        raise ValueError(
            f"the notice of {authority} for {year} is re-made from what was published: "
            "it bears no date and no document number; leave both empty"
        )
    if fictional and number is not None and FICTIONAL_WORD not in number:
        raise ValueError(
            f"'{number}' could be taken for the number of a real document; a fictional one holds {FICTIONAL_WORD}"
        )


def _annex(
    results: RoundResults, vocabulary: Vocabulary, kind: str, label: str, *, scores_shown: bool
) -> Annex:
    words = vocabulary.kinds[kind]
    heads = {
        Column.SERIAL: "序号",
        Column.NAME: words.name_column,
        Column.OPERATORS: "运营机构名称",
        Column.CHANNEL: vocabulary.channel_column,
        Column.SCORE: "得分",
        Column.RESULT: f"{words.result_word}结果",
    }
    if not scores_shown:
        del heads[Column.SCORE]
    return Annex(
        label=label,
        kind=kind,
        kind_title=words.title,
        title=words.annex_title.format(year=results.year),
        columns=tuple(heads),
        heads=tuple(heads.values()),
        rows=tuple(
            AnnexRow(key=row.key, cells=tuple(_cell(row, column) for column in heads))
            for row in results.rows_of(kind)
        ),
    )


def _cell(row: Row, column: Column) -> str:
    return {
        Column.SERIAL: str(row.key.serial),
        Column.NAME: row.name,
        Column.OPERATORS: row.operators_printed,
        Column.CHANNEL: row.channel,
        Column.SCORE: NO_SCORE if row.score is None else row.score,
        Column.RESULT: row.face_text,
    }[column]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Writer:
    """Writes the sentences of one notice."""

    results: RoundResults
    vocabulary: Vocabulary
    facts: NoticeFacts
    kinds: tuple[str, ...]
    labels: Mapping[str, str]

    def title_lines(self) -> tuple[str, ...]:
        """Break the title between kinds only: a title broken inside a word reads badly."""
        lines = [procedures_of(self.vocabulary, [kind]) for kind in self.kinds] or ["评价"]
        for position in range(1, len(lines)):
            if position == len(lines) - 1:
                lines[position] = f"和{lines[position]}"
            else:
                lines[position - 1] += "、"
        lines[0] = f"{self.results.year}年度{lines[0]}"
        lines[-1] += "结果通知"
        return tuple(lines)

    def paragraphs(self) -> tuple[Paragraph, ...]:
        found = [
            _body(*self._opening()),
            _heading("一、评定结果"),
            *(_body(*self.result_of(kind)) for kind in self.kinds),
        ]
        if self.facts.withheld:
            found.append(_body(self._withheld()))
        found += [
            _heading("二、后续工作"),
            _body(*self._follow_up()),
        ]
        if clauses := self._special_clauses():
            found.append(_body(*clauses))
        if deregistered := self._deregistered():
            found.append(_body(deregistered))
        found.append(_heading("三、计数规则和说明"))
        found.append(_body(*(Sentence((sentence,)) for sentence in self.counting_rule())))
        if self.facts.scores_shown:
            found += [_body(Sentence((Quoted(text=line.text),))) for line in self.facts.provenance]
        digest = Sentence(
            ("本通知和附件由结果数据生成。结果数据的校验值（SHA-256）：", Quoted(text=self.results.digest))
        )
        found.append(Paragraph(role=Role.SMALL, sentences=(digest,)))
        if (corrected := self.facts.supersedes) is not None:
            before = Sentence(("被更正版本的校验值（SHA-256）：", Quoted(text=corrected.digest)))
            found.append(Paragraph(role=Role.SMALL, sentences=(before,)))
        return tuple(found)

    # ---- what was done -----------------------------------------------------------------------------

    def _opening(self) -> list[Sentence]:
        bases: list[Part] = [*bases_named(self.facts.bases)]
        if bases:
            bases = ["依据", *bases, "等文件，" if self.facts.bases_open_ended else "，"]
        sentences = [
            Sentence(
                (
                    *bases,
                    Quoted(text=self.results.authority),
                    f"开展了{self.results.year}年度{procedures_of(self.vocabulary, self.kinds)}。",
                )
            )
        ]
        if self.facts.stages:
            stages = _listed([f"{stage}" for stage in self.facts.stages], last="和")
            sentences.append(Sentence((f"{stages}等环节已经完成，现将结果和后续工作通知如下。",)))
        if self.facts.public_notice is not None:
            sentences.append(self._public_notice(self.facts.public_notice))
        if (corrected := self.facts.supersedes) is not None:
            words = Quoted(text=corrected.words)
            sentences.append(Sentence(("本通知更正并取代此前公布的", words, "；原版本保留备查。")))
        return sentences

    def _public_notice(self, shown: PublicNoticeFacts) -> Sentence:
        window = f"公示期为{day_words(shown.opened_on)}至{day_words(shown.closed_on)}"
        if not shown.objections:
            return Sentence((f"{window}，未收到异议。",))
        every = tuple(key for key, _ in shown.objections)
        parts: list[Part] = [
            f"{window}，收到异议",
            Claim(
                kind=None,
                label="异议",
                outcome="other",
                relation=Relation.TOTAL,
                of=every,
                counted=Counted.OBJECTIONS,
            ),
            "件，其中",
        ]
        for ruling, word in RULING_WORDS.items():
            of = tuple(key for key, ruled in shown.objections if ruled is ruling)
            if of:
                claim = Claim(
                    kind=None,
                    label=f"异议{word}",
                    outcome="other",
                    relation=Relation.SUBSET,
                    of=of,
                    within="异议",
                    counted=Counted.OBJECTIONS,
                )
                parts += [word, claim, "件", "、"]
        parts[-1] = "。"
        return Sentence(tuple(parts))

    # ---- the results -------------------------------------------------------------------------------

    def result_of(self, kind: str) -> list[Sentence]:
        """Return the sentence on the classes of one kind, and the one that adds them up."""
        words = self.vocabulary.kinds[kind]
        unit = words.unit
        rows = self.results.rows_of(kind)
        classes: list[Claim] = []
        parts: list[Part] = []
        for label, outcome, of, subsets in self._plain_classes(kind, rows):
            claim = _rows_claim(kind, label, outcome, Relation.DISJOINT, of)
            classes.append(claim)
            parts += ["、" if parts else f"{words.title}：", label, claim, unit]
            if subsets:
                parts.append("（其中")
                for position, (name, inner_outcome, inner) in enumerate(subsets):
                    inner_claim = _rows_claim(kind, name, inner_outcome, Relation.SUBSET, inner, within=label)
                    parts += ["、" if position else "", name, inner_claim, unit]
                parts.append("）")
        for label, of in self._carried_classes(rows):
            claim = _rows_claim(kind, label, "carried", Relation.DISJOINT, of)
            classes.append(claim)
            parts += ["；" if parts else f"{words.title}：", "另有", claim, f"{unit}{label}，其中"]
            for position, (name, outcome, inner) in enumerate(self._breakdown(of)):
                inner_claim = _rows_claim(kind, name, outcome, Relation.SUBSET, inner, within=label)
                parts += ["、" if position else "", name, inner_claim, unit]
            parts.append("，未计入前列各数")
        for face, of in _by_face(rows, Outcome.DEFERRED):
            claim = _rows_claim(kind, face, "deferred", Relation.DISJOINT, of)
            classes.append(claim)
            parts += ["；" if parts else f"{words.title}：", "另有", claim, f"{unit}本年度不作评定，", face]
        parts.append("。")
        total = _rows_claim(kind, words.title, "evaluated", Relation.TOTAL, tuple(row.key for row in rows))
        sum_of: list[Part] = []
        for claim in classes:
            sum_of += ["+" if sum_of else "", claim]
        addition: list[Part] = ["（", *sum_of, "=", total, "）"] if len(classes) > 1 else []
        return [
            Sentence(tuple(parts)),
            Sentence(("以上各类互不重复，合计", total, unit, *addition, "。")),
        ]

    def _plain_classes(
        self, kind: str, rows: Sequence[Row]
    ) -> Iterable[tuple[str, str, tuple[EntryKey, ...], list[tuple[str, str, tuple[EntryKey, ...]]]]]:
        """Yield label, outcome, rows and 其中 of each grade, then of each outcome that stands without one."""
        pilot, absent = self._pilot_words(kind), self._absent_words(kind)
        with_grade = (Outcome.GRADED, Outcome.PILOT_CANCELLED, Outcome.ABSENT)
        for grade in Grade:
            own = [row for row in rows if row.grade is grade and row.outcome in with_grade]
            if own:
                subsets = [
                    (label, outcome.value, keys)
                    for outcome, label in ((Outcome.PILOT_CANCELLED, pilot), (Outcome.ABSENT, absent))
                    if (keys := _keys(row for row in own if row.outcome is outcome))
                ]
                yield self.vocabulary.grades[grade], grade.value, _keys(own), subsets
        cancelled = self.vocabulary.face_text(
            kind=kind, outcome=Outcome.DISQUALIFIED, grade=None, round_year=self.results.year
        )
        for outcome, label in (
            (Outcome.DISQUALIFIED, cancelled),
            (Outcome.PILOT_CANCELLED, pilot),
            (Outcome.ABSENT, absent),
        ):
            keys = _keys(
                row
                for row in rows
                if row.outcome is outcome and (row.grade is None or outcome is Outcome.DISQUALIFIED)
            )
            if keys:
                yield label, outcome.value, keys, []

    def _carried_classes(self, rows: Sequence[Row]) -> list[tuple[str, tuple[EntryKey, ...]]]:
        by_source: dict[str, list[EntryKey]] = {}
        for row in rows:
            if row.outcome is Outcome.CARRIED and row.carried_from is not None:
                own = self.vocabulary.kinds[row.key.kind].result_word
                source = self.vocabulary.kinds[row.carried_from.kind]
                label = f"以{source.short}{source.result_word}结果作为{own}结果"
                by_source.setdefault(label, []).append(row.key)
        return [(label, tuple(keys)) for label, keys in by_source.items()]

    def _breakdown(self, of: Sequence[EntryKey]) -> list[tuple[str, str, tuple[EntryKey, ...]]]:
        rows = {row.key: row for row in self.results.rows}
        graded = [
            (self.vocabulary.grades[grade], grade.value, keys)
            for grade in Grade
            if (keys := tuple(key for key in of if rows[key].grade is grade))
        ]
        without = tuple(key for key in of if rows[key].grade is None)
        return [*graded, ("没有等次", "other", without)] if without else graded

    def _pilot_words(self, kind: str) -> str:
        """取消试点培育资格, out of the pattern of the cell that prints it after the grade."""
        pattern = self.vocabulary.face_texts[Outcome.PILOT_CANCELLED.value]
        return pattern.format(grade="", kind=self.vocabulary.kinds[kind].title).strip("，。")

    def _absent_words(self, kind: str) -> str:
        return self.vocabulary.face_text(
            kind=kind, outcome=Outcome.ABSENT, grade=None, round_year=self.results.year
        ).strip("，。")

    def _withheld(self) -> Sentence:
        claim = Claim(
            kind=None,
            label="暂不公布",
            outcome="other",
            relation=Relation.DISJOINT,
            of=self.facts.withheld,
            counted=Counted.WITHHELD,
        )
        return Sentence(("另有", claim, "家因异议尚未办结，结果暂不公布，不在附件中。"))

    # ---- what follows ------------------------------------------------------------------------------

    def _follow_up(self) -> list[Sentence]:
        sentences: list[Sentence] = []
        duties = _duties(self.results.obligations)
        for kind in self.kinds:
            groups: dict[tuple[bool, int | None, str | None], list[EntryKey]] = {}
            for key, acts in duties.items():
                rectify, again = acts.get(ObligedTo.RECTIFY), acts.get(ObligedTo.TAKE_PART_AGAIN)
                if key.kind != kind or not (rectify or again):
                    continue
                group = (rectify is not None, again.year if again else None, again.as_kind if again else None)
                groups.setdefault(group, []).append(key)
            for (rectify_too, year, as_kind), keys in groups.items():
                sentences.append(
                    self._duty_of(kind, keys, rectify_too=rectify_too, year=year, as_kind=as_kind)
                )
        if not sentences:
            return [Sentence(("本年度没有须整改或再次参加评价的机构。",))]
        totals: list[Part] = []
        for act, label in (
            (ObligedTo.RECTIFY, "应当整改"),
            (ObligedTo.TAKE_PART_AGAIN, "再次或改期参加评价"),
        ):
            of = tuple(key for key, acts in duties.items() if act in acts)
            if of:
                claim = Claim(
                    kind=None, label=label, outcome="other", relation=Relation.CROSS_REFERENCE, of=of
                )
                totals += [
                    "，" if totals else "两类合计：" if len(self.kinds) == 2 else "合计：",
                    label,
                    claim,
                    "家",
                ]
        return [*sentences, Sentence((*totals, "。"))]

    def _duty_of(
        self, kind: str, keys: Sequence[EntryKey], *, rectify_too: bool, year: int | None, as_kind: str | None
    ) -> Sentence:
        words = self.vocabulary.kinds[kind]
        demands = ["整改"] if rectify_too else []
        if as_kind is not None:
            target = self.vocabulary.kinds[as_kind]
            manner = f"以{target.short}" if as_kind != kind else ""
            demands.append(f"{manner}参加{year}年度{target.title}{target.procedure}")
        claim = Claim(
            kind=kind,
            label="、".join(demands),
            outcome="other",
            relation=Relation.CROSS_REFERENCE,
            of=tuple(keys),
        )
        return Sentence(
            (
                self.labels[kind],
                Serials(keys=tuple(keys)),
                "共" if len(keys) > 1 else "",
                claim,
                f"{words.unit}{words.title}，应当{'，并'.join(demands)}。",
            )
        )

    def _special_clauses(self) -> list[Sentence]:
        names = {row.key: row.name for row in self.results.rows}
        notes: dict[tuple[EntryKey, str], None] = {}
        for obligation in self.results.obligations:
            if obligation.note:
                notes[obligation.key, obligation.note] = None
        return [
            Sentence(
                (
                    "其中，" if position == 0 else "",
                    self.labels[key.kind],
                    Serials(keys=(key,)),
                    Quoted(text=names[key]),
                    "：",
                    Quoted(text=note.rstrip("。")),
                    "。",
                )
            )
            for position, (key, note) in enumerate(notes)
        ]

    def _deregistered(self) -> Sentence | None:
        keys = [duty.key for duty in self.results.obligations if duty.act is ObligedTo.DEREGISTER]
        if not keys:
            return None
        outcomes = {row.key: row.outcome for row in self.results.rows}
        label = f"{self.vocabulary.cancel_verb}资格"
        total = Claim(
            kind=None, label=label, outcome="other", relation=Relation.CROSS_REFERENCE, of=tuple(keys)
        )
        parts: list[Part] = [f"被{label}的", total, "家（"]
        for kind in self.kinds:
            own = tuple(key for key in keys if key.kind == kind)
            if not own:
                continue
            words = self.vocabulary.kinds[kind]
            claim = _rows_claim(kind, label, "other", Relation.CROSS_REFERENCE, own)
            parts += [self.labels[kind], Serials(keys=own), words.title, claim, words.unit]
            pilots = tuple(key for key in own if outcomes[key] is Outcome.PILOT_CANCELLED)
            if pilots:
                inner = _rows_claim(
                    kind, "试点培育", "pilot_cancelled", Relation.CROSS_REFERENCE, pilots, within=label
                )
                parts += ["，其中试点培育", inner, words.unit]
            parts.append("；")
        parts[-1] = (
            f"），由{self.vocabulary.channel_word}办理注销手续，分别退出管理体系、评价体系和统计调查对象三项，"
            "每项退出单独登记。"
        )
        return Sentence(tuple(parts))

    # ---- how it was counted ------------------------------------------------------------------------

    def counting_rule(self) -> tuple[str, ...]:
        """Return the rule by which the counts were made, in the words that are printed."""
        # An authority whose notice prints no such grade has no word for it either.
        failed = self.vocabulary.grades.get(Grade.UNQUALIFIED)
        beside = f"同时取消试点培育资格的、未参加而评为{failed}的，是{failed}的其中数，不另计。"
        return (
            "附件每一行计数一次，计入该行结果栏所印的类别。",
            "以另一类评定结果作为本类结果的，单列一类并列明其中各等次，不计入本类各等次。",
            *([beside] if failed else []),
            f"{self.vocabulary.cancel_verb}资格的没有等次，单列一类；本年度不作评定的，单列一类。",
            "后续工作所列各数是对同一批行的再次引用，不与评定结果各数相加。",
        )


# ---- the check ---------------------------------------------------------------------------------------

# A term (15个工作日, 3个月) counts no rows.
_TYPED_COUNT = re.compile(r"\d+\s*(?:[家件]|个(?!工作日|自然日|日|月|季度))")


def typed_counts(sentences: Iterable[Sentence]) -> list[str]:
    """Return, in words, every number that somebody typed where a count stands; empty when none was."""
    return [
        f"'{part}' is a number typed into a sentence; a count is computed from rows"
        for sentence in sentences
        for part in sentence.parts
        if isinstance(part, str) and _TYPED_COUNT.search(part)
    ]


def self_check(notice: ResultNotice, results: RoundResults) -> list[str]:
    """Return every way in which the notice and the results disagree, in words; empty when it is sound.

    Independent of the writer: the classes are held against the counts by printed cell, so a row that is in
    no class, in two, or in the wrong one is found.
    """
    found = typed_counts(notice.sentences)
    faces = {row.key: row.face_text for row in results.rows}
    for claim in notice.claims:
        if claim.counted is Counted.ROWS:
            found += _check_claim(claim, faces)
    by_kind = {
        kind: [c for c in notice.claims if c.kind == kind and c.counted is Counted.ROWS]
        for kind in results.kinds
    }
    for kind, own in by_kind.items():
        found += _check_kind(kind, own, results)
    for duty in ObligedTo:
        found += _check_duties(duty, notice, results)
    shown = {row.key: row.cells for annex in notice.annexes for row in annex.rows}
    for row in results.rows:
        cells = shown.pop(row.key, None)
        if cells is None:
            found.append(f"{row.key} is a result and stands in no annex")
        elif (cells[0], cells[1], cells[-1]) != (str(row.key.serial), row.name, row.face_text):
            found.append(f"{row.key} prints {cells}, which is not its result")
    found += [f"{key} stands in an annex and is no result" for key in shown]
    return found


def _check_claim(claim: Claim, faces: Mapping[EntryKey, str]) -> list[str]:
    found = [f"'{claim.label}' counts {key}, which is no row" for key in claim.of if key not in faces]
    if len(set(claim.of)) != len(claim.of):
        found.append(f"'{claim.label}' counts a row twice")
    if claim.kind is not None:
        found += [
            f"'{claim.label}' of {claim.kind} counts {key}" for key in claim.of if key.kind != claim.kind
        ]
    return found


def _check_kind(kind: str, claims: Sequence[Claim], results: RoundResults) -> list[str]:
    found: list[str] = []
    rows = results.rows_of(kind)
    classes = [claim for claim in claims if claim.relation is Relation.DISJOINT]
    times = Counter(key for claim in classes for key in claim.of)
    found += [f"{row.key} is counted {times[row.key]} times, not once" for row in rows if times[row.key] != 1]
    if sum(claim.count for claim in classes) != len(rows):
        found.append(
            f"the classes of {kind} add up to {sum(c.count for c in classes)}, not to {len(rows)} rows"
        )
    found += [
        f"the total of {kind} says {claim.count}, and there are {len(rows)} rows"
        for claim in claims
        if claim.relation is Relation.TOTAL and claim.count != len(rows)
    ]
    faces = {row.key: row.face_text for row in rows}
    counts = results.counts()[kind]
    for claim in classes:
        # What a cell prints decides the class: all rows with one text are in one class, whole.
        printed = {faces[key] for key in claim.of if key in faces}
        if claim.count != sum(counts[text] for text in printed):
            found.append(
                f"'{claim.label}' of {kind} counts {claim.count} of the rows that print {sorted(printed)}"
            )
    by_label = {claim.label: claim for claim in classes}
    for claim in claims:
        if claim.relation is Relation.SUBSET and not (
            claim.within in by_label and set(claim.of) <= set(by_label[claim.within].of)
        ):
            found.append(f"'{claim.label}' of {kind} is no part of '{claim.within}'")
    return found


def _check_duties(act: ObligedTo, notice: ResultNotice, results: RoundResults) -> list[str]:
    owed = {duty.key for duty in results.obligations if duty.act is act}
    labels = {ObligedTo.RECTIFY: "应当整改", ObligedTo.TAKE_PART_AGAIN: "再次或改期参加评价"}
    totals = [
        claim
        for claim in notice.claims
        if claim.kind is None
        and claim.relation is Relation.CROSS_REFERENCE
        and (claim.label == labels[act] if act in labels else claim.label not in labels.values())
    ]
    said = {key for claim in totals for key in claim.of}
    return [] if said == owed else [f"{act} is owed by {len(owed)} entries, and the notice says {len(said)}"]


# ---- small parts -------------------------------------------------------------------------------------


def _rows_claim(
    kind: str, label: str, outcome: str, relation: Relation, of: tuple[EntryKey, ...], *, within: str = ""
) -> Claim:
    return Claim(kind=kind, label=label, outcome=outcome, relation=relation, of=of, within=within)


def bases_named(bases: Sequence[Basis]) -> tuple[Part, ...]:
    """《示例办法》（示例发〔2020〕3号）、《…》: the bases as parts of a sentence."""
    parts: list[Part] = []
    for basis in bases:
        parts += ["、"] if parts else []
        parts.append(Quoted(text=f"《{basis.title}》"))
        if basis.number:
            parts.append(Quoted(text=f"（{basis.number}）"))
    return tuple(parts)


def _keys(rows: Iterable[Row]) -> tuple[EntryKey, ...]:
    return tuple(row.key for row in rows)


def _by_face(rows: Sequence[Row], outcome: Outcome) -> list[tuple[str, tuple[EntryKey, ...]]]:
    groups: dict[str, list[EntryKey]] = {}
    for row in rows:
        if row.outcome is outcome:
            groups.setdefault(row.face_text.rstrip("。"), []).append(row.key)
    return [(face, tuple(keys)) for face, keys in groups.items()]


def _duties(obligations: Sequence[Obligation]) -> dict[EntryKey, dict[ObligedTo, Obligation]]:
    duties: dict[EntryKey, dict[ObligedTo, Obligation]] = {}
    for obligation in obligations:
        duties.setdefault(obligation.key, {})[obligation.act] = obligation
    return duties


def _body(*sentences: Sentence) -> Paragraph:
    return Paragraph(role=Role.BODY, sentences=sentences)


def _heading(text: str) -> Paragraph:
    return Paragraph(role=Role.HEADING, sentences=(Sentence((text,)),))


def _listed(words: Sequence[str], *, last: str) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{'、'.join(words[:-1])}{last}{words[-1]}"


def day_words(day: date) -> str:
    """2025年11月3日, as official documents write it."""
    return f"{day.year}年{day.month}月{day.day}日"
