"""What would a published notice put into the register as a past round, and what must a person answer first?

The plan names every change and makes a `RoundFolder`, the value that a folder of a past round gives, so that an import
runs through the same acts as `run`. Names are the same where they are written the same; likeness only asks. What the
notice does not say (a reason, a day, a level) stays unknown; what it says in words the register has no place for is
refused and not bent.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from hatchmark.domain.folder_errors import Place
from hatchmark.domain.identity import (
    ChannelNature,
    IdentityAnswer,
    IdentityDecision,
    Likeness,
    PrintedChannel,
    channels_of,
    evened,
    key_of,
    propose_identities,
)
from hatchmark.domain.names import aliases_of, operators_of
from hatchmark.domain.notice_vocabulary import PrintedResult, face_text_by, read_vocabulary
from hatchmark.domain.notice_words import load_notice_words, one_of
from hatchmark.domain.notices import FICTIONAL_WORD
from hatchmark.domain.obligations import ObligedTo, judged_grade, obligations_of
from hatchmark.domain.outcomes import NOT_STATED, Decision, EntryKey, Grade, Mode, Outcome, contradictions
from hatchmark.domain.published_notices import (
    IdentityProposal,
    NoticeCell,
    NoticeCheck,
    NoticeColumn,
    NoticeRow,
    NoticeTable,
    ProposedLink,
    PublishedNotice,
    Severity,
    Verdict,
)
from hatchmark.domain.results import canonical_json, printed_cell
from hatchmark.domain.round_folder import (
    Basis,
    ChangeOf,
    ChannelType,
    DecisionRow,
    KindSettings,
    PartialDate,
    RegisterChange,
    RegisterRow,
    RoundFolder,
    RoundSettings,
    problems,
)
from hatchmark.domain.scheme import Status
from hatchmark.domain.vocabulary import Vocabulary, load_vocabulary, vocabulary_codes

_LONGEST = {"name": 200, "operators": 400, "channel": 100}

# ---- what is known and answered -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownQualification:
    """One qualification as the register holds it. Empty where it is not stated."""

    kind: str
    status: Status
    channel: str
    channel_type: str
    region: str
    level: str
    sub_type: str
    recognised_in: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownInstitution:
    """One institution of the register: every name and operator it ever had, the present ones first."""

    code: str
    names: tuple[str, ...]
    operators: tuple[str, ...]
    present_names: tuple[str, ...]
    present_operators: tuple[str, ...]
    qualifications: tuple[KnownQualification, ...]

    def qualification(self, kind: str) -> KnownQualification | None:
        """Return the qualification of a kind, None where it has none."""
        return next((each for each in self.qualifications if each.kind == kind), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRegister:
    """What the register holds of one authority. `name` is None where the authority is not known yet."""

    authority_code: str
    name: str | None = None
    years: tuple[int, ...] = ()
    institutions: tuple[KnownInstitution, ...] = ()
    decisions: tuple[IdentityDecision, ...] = ()
    duties: tuple[tuple[str, str, int], ...] = ()
    """Whom earlier rounds oblige to take part: (institution, as kind, year)."""
    imported: Mapping[str, int] = field(default_factory=dict)
    """The digests of notices that were imported before, with the year of their rounds."""


class QuestionOf(StrEnum):
    """What a person may be asked before an import."""

    SAME_INSTITUTION = "same_institution"
    SAME_OPERATOR = "same_operator"
    INSTITUTION = "institution"
    CARRIED_FROM = "carried_from"
    DEFERRED = "deferred"
    CHANNEL = "channel"
    LABEL = "label"
    KIND = "kind"
    ISSUER = "issuer"
    SERIALS = "serials"
    CONTRADICTION = "contradiction"
    DUTIES = "duties"


ACCEPT = "accept"
NEW = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportAnswer:
    """One answer of a person: to which question, about what, and who gave it. `reason` may be empty."""

    question: QuestionOf
    subject: str
    answer: str
    by: str
    reason: str = ""
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion:
    """One thing that a person must answer. `subject` and `answers` are what to write into the file of decisions."""

    question: QuestionOf
    subject: str
    answers: tuple[str, ...]
    message: str
    message_en: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a notice cannot be imported at all, and what to do instead."""

    code: str
    message: str
    message_en: str


class ImportChangeOf(StrEnum):
    """What an import changes."""

    AUTHORITY = "authority"
    ROUND = "round"
    WORDS = "words"
    INSTITUTION_CREATED = "institution_created"
    INSTITUTION_MATCHED = "institution_matched"
    NAME_CHANGED = "name_changed"
    ALIAS = "alias"
    OPERATOR = "operator"
    OPERATOR_CHANGED = "operator_changed"
    OPERATOR_ALIAS = "operator_alias"
    QUALIFICATION = "qualification"
    ENTRY = "entry"
    CARRIED = "carried"
    OBLIGATION = "obligation"
    DEREGISTRATION = "deregistration"
    NOTE = "note"
    IDENTITY = "identity"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportChange:
    """One change of the register. `entry` and `institution` are empty where it is about neither."""

    what: ImportChangeOf
    text: str
    entry: str = ""
    institution: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """All that an import would do. `folder` is there where nothing stands against it."""

    digest: str
    changes: tuple[ImportChange, ...]
    questions: tuple[OpenQuestion, ...]
    refusals: tuple[Refusal, ...]
    identity_answers: tuple[tuple[IdentityProposal, ImportAnswer], ...]
    folder: RoundFolder | None


def content_digest(notice: PublishedNotice) -> str:
    """Return the SHA-256 (hex) of what a notice says: the same for one notice in whatever format it is kept."""
    document = {
        "title": notice.title,
        "issuer": notice.issuer,
        "paragraphs": list(notice.paragraphs),
        "tables": [[[cell.text for cell in row.cells] for row in table.rows] for table in notice.tables],
    }
    return hashlib.sha256(canonical_json(document).encode()).hexdigest()


def plan_import(
    check: NoticeCheck,
    register: KnownRegister,
    *,
    likeness: Likeness,
    year: int | None = None,
    answers: Sequence[ImportAnswer] = (),
    entered_at: datetime,
) -> ImportPlan:
    """Return what an import would change, what a person must answer before it, and what stands against it.

    Pure. What is open is asked at once, as far as no answer is needed to ask it: by whom a carried row is judged waits
    for who is who. Entries, duties and deregistrations are told once nothing is open. `year` is the person's word
    where the notice states none. Raises BadAnswerError where an answer answers nothing that is asked.
    """
    planner = _Planner(check, register, likeness=likeness, year=year, answers=answers, entered_at=entered_at)
    return planner.plan()


# ---- the rows as they will stand ------------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class _Entry:
    """One row of the notice on its way into the register."""

    place: tuple[int, int]
    table: NoticeTable
    row: NoticeRow
    kind: str
    serial: int
    name: str
    operators_printed: str
    channel: str
    face_text: str
    code: str = ""
    matched: KnownInstitution | None = None
    why: str = ""
    operators: tuple[str, ...] = ()
    decision: Decision | None = None

    @property
    def key(self) -> EntryKey:
        return EntryKey(self.kind, self.serial)

    @property
    def where(self) -> str:
        label = self.table.label or self.table.title or "附表"
        return f"{label}第{self.row.serial or self.row.number}号"


_PARTICIPATE_AS = r"(?:在(?:\d{4})年)?(?P<note>以[^，。；（）]{2,30}资格(?:参加|参评)[^，。；（）]{0,12})"
_OWN_CLAUSE = r"：(?P<note>[^。]+)。"
_JUDGED_THROUGH = re.compile(r"^随\S{1,12}?第\d+号整改并参加评价(?:；|$)")
_RECTIFY = re.compile(r"整改")
_AGAIN = re.compile(
    r"(?:继续|再次|重新|仍须|仍需).{0,8}(?:参加|参评|接受|申报)|(?:次年|下一?年度?|明年|20\d\d年).{0,12}(?:参加|参评)"
    r"|参加20\d\d年度"
)
_CODE_LETTERS = {"incubator": "i", "makerspace": "m"}
_LEVELS = {"国家级": "national", "自治区级": "regional"}
_CLASS_TYPES = (
    (re.compile(r"高校|院校|高等学校"), ChannelType.UNIVERSITY),
    (re.compile(r"科研|院所"), ChannelType.RESEARCH_INSTITUTE),
    (re.compile(r"直|本级|属"), ChannelType.AFFILIATED_UNIT),
)
_CHANNEL_TYPES = {
    ChannelNature.LEAGUE_CITY: ChannelType.LEAGUE_CITY,
    ChannelNature.DIRECT_CITY: ChannelType.DIRECT_CITY,
    ChannelNature.COUNTY: ChannelType.COUNTY,
    ChannelNature.UNIVERSITY: ChannelType.UNIVERSITY,
    ChannelNature.RESEARCH_INSTITUTE: ChannelType.RESEARCH_INSTITUTE,
}
_GRADES = {grade.value: grade for grade in Grade}


class _Planner:
    """Plans the import of one notice."""

    def __init__(
        self,
        check: NoticeCheck,
        register: KnownRegister,
        *,
        likeness: Likeness,
        year: int | None,
        answers: Sequence[ImportAnswer],
        entered_at: datetime,
    ) -> None:
        self.check = check
        self.notice = check.notice
        self.register = register
        self.likeness = likeness
        self.asked_year = year
        self.entered_at = entered_at
        self.answers = {(answer.question, answer.subject): answer for answer in answers}
        self.used: set[tuple[QuestionOf, str]] = set()
        self.questions: list[OpenQuestion] = []
        self.refusals: list[Refusal] = []
        self.changes: list[ImportChange] = []
        self.register_changes: list[RegisterChange] = []
        self.identity_answers: list[tuple[IdentityProposal, ImportAnswer]] = []
        self.kept: dict[str, IdentityAnswer] = {each.key: each.answer for each in register.decisions}
        self.linked: list[tuple[IdentityProposal, IdentityAnswer]] = []
        self.undecided: list[IdentityProposal] = []
        self.entries: list[_Entry] = []
        self.known = {institution.code: institution for institution in register.institutions}
        self.words = load_notice_words()
        self.year = self._year()
        self.authority = self._authority()
        self.channels: dict[str, tuple[ChannelType, str | None]] = {}

    # ---- asking -----------------------------------------------------------------------------------------------

    def ask(
        self,
        question: QuestionOf,
        subject: str,
        message: str,
        message_en: str,
        *answers: str,
        reasons: Sequence[str] = (),
    ) -> ImportAnswer | None:
        """Return a person's answer; without one the question stays open."""
        answer = self.answers.get((question, subject))
        if answer is not None:
            self.used.add((question, subject))
            return answer
        if all((each.question, each.subject) != (question, subject) for each in self.questions):
            self.questions.append(
                OpenQuestion(
                    question=question,
                    subject=subject,
                    answers=answers,
                    message=message,
                    message_en=message_en,
                    reasons=tuple(reasons),
                )
            )
        return None

    def accepted(self, question: QuestionOf, subject: str, message: str, message_en: str) -> bool:
        """Whether a person accepts something as it is."""
        answer = self.ask(question, subject, message, message_en, ACCEPT)
        if answer is None:
            return False
        if answer.answer != ACCEPT:
            raise _bad(answer, f"write {ACCEPT}, or leave the row out")
        return True

    def refuse(self, code: str, message: str, message_en: str) -> None:
        self.refusals.append(Refusal(code=code, message=message, message_en=message_en))

    def change(
        self, what: ImportChangeOf, text: str, entry: _Entry | None = None, institution: str = ""
    ) -> None:
        self.changes.append(
            ImportChange(
                what=what,
                text=text,
                entry=str(entry.key) if entry else "",
                institution=entry.code if entry else institution,
            )
        )

    # ---- the whole --------------------------------------------------------------------------------------------

    def plan(self) -> ImportPlan:
        digest = content_digest(self.notice)
        self._check_notice(digest)
        folder: RoundFolder | None = None
        if not self.refusals or self.notice.tables:
            self._read_rows()
        if self.entries:
            self._identify()
            self._read_channels()
            self._decide()
            self._check_duties()
            folder = self._folder()
        unused = [answer for key, answer in self.answers.items() if key not in self.used]
        if unused and not self.refusals:
            raise _bad(
                unused[0],
                "this notice asks no such question; correct question and subject, or remove the row",
            )
        stands_against = bool(self.questions or self.refusals)
        return ImportPlan(
            digest=digest,
            changes=tuple(self.changes),
            questions=tuple(self.questions),
            refusals=tuple(self.refusals),
            identity_answers=tuple(self.identity_answers),
            folder=None if stands_against else folder,
        )

    def _year(self) -> int:
        stated = self.notice.year
        if stated is not None and self.asked_year not in (None, stated):
            self.refuse(
                "year_differs",
                f"通知是{stated}年度的，--year 给的是{self.asked_year}；请去掉 --year",
                f"the notice is of {stated}, and --year says {self.asked_year}; leave --year out",
            )
        year = stated or self.asked_year
        if year is None:
            self.refuse(
                "year_not_stated",
                "通知没有写明年度；请用 --year 给出",
                "the notice states no year; give it with --year",
            )
        return year or 0

    def _authority(self) -> str:
        issuer, known = self.notice.issuer, self.register.name
        if issuer is not None and known is not None and evened(issuer) != evened(known):
            self.refuse(
                "issuer_differs",
                f"通知由“{issuer}”发出，而 {self.register.authority_code} 在名册中是“{known}”；请核对 --authority",
                f"the notice is by {issuer}, and {self.register.authority_code} is {known}; check --authority",
            )
        if known or issuer:
            return known or issuer or ""
        answer = self.ask(
            QuestionOf.ISSUER,
            "",
            "通知没有写明发文机关",
            "the notice does not say who issued it",
            "发文机关全称",
        )
        return answer.answer if answer else ""

    def _check_notice(self, digest: str) -> None:
        before = self.register.imported.get(digest)
        if before is not None:
            self.refuse(
                "imported_before",
                f"这份通知已经作为{before}年度导入过，不能再次导入",
                f"this notice was imported before, as the round {before}; it is not imported twice",
            )
        elif self.year in self.register.years:
            self.refuse(
                "round_exists",
                f"名册中已有{self.year}年度，不能再导入一份；如需更正，请走更正程序",
                f"the register holds a round {self.year} already; correct it by a correction, or use another database",
            )
        elif self.register.years and self.year and self.year < max(self.register.years):
            self.refuse(
                "later_round_exists",
                f"名册中已有{max(self.register.years)}年度；各年度须由早到晚依次导入",
                f"the register holds the later round {max(self.register.years)}; enter rounds from the oldest on",
            )
        if not self.notice.tables:
            self.refuse(
                "no_tables",
                "通知中没有读到名单表格，没有可以导入的机构；请连同附件一起给出",
                "the notice holds no table of institutions, so there is nothing to import; give it with its annexes",
            )
        if self.check.verdict is Verdict.CONTRADICTORY:
            wrong = [finding for finding in self.check.findings if finding.severity is Severity.ERROR]
            self.accepted(
                QuestionOf.CONTRADICTION,
                "",
                f"通知自相矛盾：{wrong[0].message}" + (f"（共{len(wrong)}处）" if len(wrong) > 1 else ""),
                f"the notice contradicts itself: {wrong[0].message_en} Accept, to import its tables as they are.",
            )

    # ---- rows --------------------------------------------------------------------------------------------------

    def _read_rows(self) -> None:
        of_kind: dict[str, list[_Entry]] = defaultdict(list)
        for at, table in enumerate(self.notice.tables):
            for row in table.rows:
                kind = row.kind or table.kind or self._asked_kind(at, table)
                if kind is None:
                    continue
                entry = self._entry(at, table, row, kind)
                if entry is not None:
                    of_kind[kind].append(entry)
        for kind, entries in of_kind.items():
            self._number(kind, entries)
            self.entries += entries

    def _asked_kind(self, at: int, table: NoticeTable) -> str | None:
        answer = self.ask(
            QuestionOf.KIND,
            str(at + 1),
            f"表{at + 1}（{table.title or table.label or '无题'}）没有写明是哪一类机构",
            f"table {at + 1} does not say of which kind its institutions are",
            *dict.fromkeys(self.words.kinds.values()),
        )
        if answer is not None and answer.answer not in self.words.kinds.values():
            raise _bad(answer, "name a kind by its code, as incubator")
        return answer.answer if answer else None

    def _entry(self, at: int, table: NoticeTable, row: NoticeRow, kind: str) -> _Entry | None:
        def printed(column: NoticeColumn) -> str:
            cell = row.cell(table, column)
            return printed_cell(cell.raw) if cell else ""

        entry = _Entry(
            place=(at, row.number),
            table=table,
            row=row,
            kind=kind,
            serial=row.number,
            name=printed(NoticeColumn.NAME),
            operators_printed=printed(NoticeColumn.OPERATOR),
            channel=printed(NoticeColumn.CHANNEL),
            face_text=printed(NoticeColumn.RESULT) or row.label or "",
        )
        for what, text in (
            ("name", entry.name),
            ("operators", entry.operators_printed),
            ("channel", entry.channel),
        ):
            if len(text) > _LONGEST[what]:
                self.refuse(
                    "too_long",
                    f"{entry.where}的一格有{len(text)}个字，名册最多{_LONGEST[what]}个：{text[:20]}…",
                    f"a cell of {entry.where} has {len(text)} characters; the register holds {_LONGEST[what]}",
                )
                return None
        if not entry.name:
            self.refuse("no_name", f"{entry.where}没有名称", f"{entry.where} prints no name")
            return None
        if row.label is None:
            self.refuse(
                "no_result",
                f"{entry.where}“{entry.name}”没有印出结果，无从导入",
                f"{entry.where} ({entry.name}) prints no result, so there is none to import",
            )
            return None
        return entry

    def _number(self, kind: str, entries: Sequence[_Entry]) -> None:
        """Give the entries of a kind their printed serials, or number them through where those start anew."""
        printed = [entry.row.serial for entry in entries]
        whole = list(range(1, len(entries) + 1))
        if printed == whole:
            return
        if sorted(serial for serial in printed if serial is not None) == whole:
            for entry in entries:
                entry.serial = entry.row.serial or 0
            return
        for entry, serial in zip(entries, whole, strict=True):
            entry.serial = serial
        by_table: dict[int, list[int | None]] = defaultdict(list)
        for entry in entries:
            by_table[entry.place[0]].append(entry.row.serial)
        # Each list of a grade with serials of its own, or none printed at all: the order of the print decides.
        if all(
            serials == list(range(1, len(serials) + 1)) or set(serials) == {None}
            for serials in by_table.values()
        ):
            return
        self.accepted(
            QuestionOf.SERIALS,
            kind,
            f"{kind}的序号有缺漏或重复，可能缺行；如确认名单完整，将按印出的顺序重新编号",
            f"the serials of {kind} have a gap or a double, so a row may be missing; accept, to number them as printed",
        )

    # ---- who is who --------------------------------------------------------------------------------------------

    def _identify(self) -> None:
        combined, known_at = _with_register(self.notice, self.register)
        by_place = {entry.place: entry for entry in self.entries}
        proposals = propose_identities(combined, likeness=self.likeness)
        for proposal in proposals:
            if _is_exact(proposal) and proposal.key in self.kept:
                self.linked.append((proposal, self.kept[proposal.key]))
        self._match_exactly()
        for proposal in proposals:
            entries = [by_place[place] for place in proposal.rows if place in by_place]
            codes = [known_at[place] for place in proposal.rows if place in known_at]
            if not entries or self._is_settled(proposal, entries, codes):
                continue
            self._settle(proposal, entries, codes)
        self._follow_answers(by_place, known_at)
        self._ask_about_new_names()
        self._name_institutions()
        self._read_operators()

    def _match_exactly(self) -> None:
        """Match entries to institutions of the register by the very name, where channel or operator is the same too."""
        for entry in self.entries:
            given = self.answers.get((QuestionOf.INSTITUTION, str(entry.key)))
            if given is not None:
                self.used.add((given.question, given.subject))
                if given.answer != NEW and given.answer not in self.known:
                    raise _bad(
                        given, f"the register of {self.register.authority_code} knows no such institution"
                    )
                entry.matched = self.known.get(given.answer)
                entry.why = f"经{given.by}认定" + (f"：{given.reason}" if given.reason else "")
                continue
            own = {evened(entry.name), evened(_plain(entry.name))}
            found = [
                institution
                for institution in self.register.institutions
                if institution.qualification(entry.kind) is not None
                and own
                & {form for name in institution.names for form in (evened(name), evened(_plain(name)))}
            ]
            if len(found) > 1:
                listed = "、".join(institution.code for institution in found)
                self.ask(
                    QuestionOf.INSTITUTION,
                    str(entry.key),
                    f"{entry.where}“{entry.name}”：名册中有几家同名（{listed}）",
                    f"{entry.where} ({entry.name}): the register knows several of that name ({listed})",
                    *(institution.code for institution in found),
                    NEW,
                )
            elif (
                found
                and self._is_beside(entry, found[0])
                and self.kept.get(key_of(ProposedLink.SAME_INSTITUTION, [_plain(entry.name)]))
                is not IdentityAnswer.DIFFERENT
            ):
                entry.matched, entry.why = found[0], "名称相同"

    def _is_beside(self, entry: _Entry, institution: KnownInstitution) -> bool:
        """Whether one name also has one channel or one operator: two 创客空间 of two cities are two."""
        known = institution.qualification(entry.kind)
        operators = {evened(name) for name in institution.operators}
        printed = operators_of(entry.operators_printed)
        own = {evened(name) for name in (*printed.operators, *(change.old for change in printed.changes))}
        if known is not None and entry.channel and evened(known.channel) == evened(entry.channel):
            return True
        return bool(operators & own) or (not entry.channel and not own)

    def _is_settled(
        self, proposal: IdentityProposal, entries: Sequence[_Entry], codes: Sequence[str]
    ) -> bool:
        """Whether nothing is left to ask: what is written the same is one body, and what is matched is matched."""
        exact = _is_exact(proposal)
        if proposal.what is ProposedLink.SAME_OPERATOR:
            return exact
        places = {entry.matched.code if entry.matched else f"row {entry.place}" for entry in entries} | set(
            codes
        )
        if len(places) == 1:
            return True
        # What a person says of one row by name goes before what likeness asks about it.
        return all((QuestionOf.INSTITUTION, str(entry.key)) in self.used for entry in entries) and bool(codes)

    def _settle(self, proposal: IdentityProposal, entries: Sequence[_Entry], codes: Sequence[str]) -> None:
        subject = "|".join([*(str(entry.key) for entry in entries), *dict.fromkeys(codes)])
        question = QuestionOf(proposal.what.value)
        given = self.answers.get((question, subject))
        if given is not None:
            if given.answer not in list(IdentityAnswer):
                raise _bad(given, f"write one of {', '.join(IdentityAnswer)}")
            self.used.add((question, subject))
            self.linked.append((proposal, IdentityAnswer(given.answer)))
            if self.kept.get(proposal.key) != given.answer:
                self.identity_answers.append((proposal, given))
                self._note_identity(proposal, given, entries)
            return
        if proposal.key in self.kept:
            if not _is_exact(proposal):
                self.linked.append((proposal, self.kept[proposal.key]))
            return
        self.undecided.append(proposal)
        names = "、".join(f"{entry.where}“{entry.name}”" for entry in entries)
        known = "".join(f"、名册中的{code}“{self.known[code].names[0]}”" for code in dict.fromkeys(codes))
        what = "同一机构" if proposal.what is ProposedLink.SAME_INSTITUTION else "同一运营机构"
        self.ask(
            question,
            subject,
            f"{names}{known}是否{what}？",
            f"are {subject} {proposal.what.value.replace('_', ' ').replace('same', 'one')}?",
            *IdentityAnswer,
            reasons=proposal.reasons,
        )

    def _note_identity(
        self, proposal: IdentityProposal, given: ImportAnswer, entries: Sequence[_Entry]
    ) -> None:
        what = "机构" if proposal.what is ProposedLink.SAME_INSTITUTION else "运营机构"
        is_same = "是" if given.answer == IdentityAnswer.SAME else "不是"
        text = f"{'；'.join(proposal.reasons)}；经{given.by}认定，{is_same}同一{what}"
        text += f"：{given.reason}" if given.reason else ""
        self.change(ImportChangeOf.IDENTITY, f"{'、'.join(entry.where for entry in entries)}：{text}")
        for entry in entries:
            self._note(entry, text, "、".join(each.where for each in entries))

    def _note(self, entry: _Entry, text: str, source: str) -> None:
        # The code of the institution is not known yet; the entry is, and the place stands for it until then.
        self.register_changes.append(
            RegisterChange(
                institution=str(entry.key), what=ChangeOf.NOTE, old="", new=text[:1000], source=source[:400]
            )
        )

    def _follow_answers(
        self, by_place: Mapping[tuple[int, int], _Entry], known_at: Mapping[tuple[int, int], str]
    ) -> None:
        """Let what a person said link entries with the register and with one another."""
        for proposal, answer in self.linked:
            if proposal.what is not ProposedLink.SAME_INSTITUTION or answer is not IdentityAnswer.SAME:
                continue
            entries = [by_place[place] for place in proposal.rows if place in by_place]
            codes = list(dict.fromkeys(known_at[place] for place in proposal.rows if place in known_at))
            codes = codes or [entry.matched.code for entry in entries if entry.matched]
            for entry in entries:
                if entry.matched is None and codes:
                    entry.matched, entry.why = self.known[codes[0]], "经人认定为同一机构"
                elif not codes:
                    entry.code = entry.code or entries[0].code or f"={entries[0].key}"

    def _ask_about_new_names(self) -> None:
        """Ask whether a new name with a known operator is a rename, where its institution is not listed by itself."""
        listed = {entry.matched.code for entry in self.entries if entry.matched}
        for entry in self.entries:
            if entry.matched or (QuestionOf.INSTITUTION, str(entry.key)) in self.used:
                continue
            own = {evened(name) for name in operators_of(entry.operators_printed).operators}
            found = [
                institution
                for institution in self.register.institutions
                if institution.code not in listed
                and institution.qualification(entry.kind) is not None
                and own & {evened(name) for name in institution.present_operators}
            ]
            if found:
                names = "、".join(f"{each.code}“{each.names[0]}”" for each in found)
                self.ask(
                    QuestionOf.INSTITUTION,
                    str(entry.key),
                    f"{entry.where}“{entry.name}”是新名称；是否即名册中的{names}更名？",
                    f"{entry.where} ({entry.name}) is a new name; is it {names} renamed?",
                    *(each.code for each in found),
                    NEW,
                    reasons=["运营机构相同，名册中的机构本通知未以原名列出"],
                )

    def _name_institutions(self) -> None:
        taken = set(self.known)
        shared: dict[str, str] = {}
        for entry in self.entries:
            if entry.matched is not None:
                entry.code = entry.matched.code
                continue
            group = entry.code
            if group in shared:
                entry.code, entry.why = shared[group], "经人认定为同一机构"
                continue
            letters = _CODE_LETTERS.get(entry.kind, f"{entry.kind.replace('_', '-')}-")
            code = f"{self.register.authority_code}-{letters}{entry.serial:02}"
            if code in taken:
                code = f"{self.register.authority_code}-{self.year}-{letters}{entry.serial:02}"
            taken.add(code)
            entry.code = code
            if group:
                shared[group] = code
        seen: dict[tuple[str, str], _Entry] = {}
        for entry in self.entries:
            twin = seen.setdefault((entry.kind, entry.code), entry)
            if twin is not entry:
                self.refuse(
                    "institution_twice",
                    f"{twin.where}“{twin.name}”与{entry.where}“{entry.name}”同为{entry.code}，一轮中同一类别只能有一行",
                    f"{twin.where} and {entry.where} are both {entry.code}; one kind lists it once in a round",
                )
        self.register_changes = [
            replace(change, institution=code)
            for change in self.register_changes
            for code in [next(entry.code for entry in self.entries if str(entry.key) == change.institution)]
        ]
        for entry in self.entries:
            self._tell_institution(entry)

    def _tell_institution(self, entry: _Entry) -> None:
        if entry.matched is None:
            why = f"（{entry.why}）" if entry.why else ""
            self.change(ImportChangeOf.INSTITUTION_CREATED, f"新建机构{entry.code}“{entry.name}”{why}", entry)
        else:
            self.change(
                ImportChangeOf.INSTITUTION_MATCHED,
                f"{entry.where}“{entry.name}”即名册中的{entry.code}（{entry.why}）",
                entry,
            )
            same = next((name for name in entry.matched.names if evened(name) == evened(entry.name)), None)
            if same is not None:
                entry.name = same  # another width of brackets is no other name
            if entry.name not in entry.matched.present_names:
                old = entry.matched.names[0]
                self.change(
                    ImportChangeOf.NAME_CHANGED, f"名称由“{old}”变为“{entry.name}”（{self.year}年起）", entry
                )
                self.register_changes.append(
                    RegisterChange(
                        institution=entry.code,
                        what=ChangeOf.NAME,
                        old=old,
                        new=entry.name,
                        source=entry.where,
                    )
                )
        for alias in aliases_of(entry.name):
            self.change(ImportChangeOf.ALIAS, f"别名“{alias}”", entry)

    def _read_operators(self) -> None:
        known = {evened(name): name for each in self.register.institutions for name in each.operators}
        same = {
            evened(name): found[0]
            for proposal, answer in self.linked
            if proposal.what is ProposedLink.SAME_OPERATOR and answer is IdentityAnswer.SAME
            for names in [_names_of(proposal)]
            if (found := [known[name] for name in names if name in known])
            for name in names
            if name not in known
        }

        def registered(name: str) -> str:
            return known.get(evened(name)) or same.get(evened(name)) or name

        for entry in self.entries:
            printed = operators_of(entry.operators_printed)
            entry.operators = tuple(dict.fromkeys(registered(name) for name in printed.operators))
            for operator in entry.operators:
                self.change(ImportChangeOf.OPERATOR, f"运营机构“{operator}”", entry)
            source = f"{entry.where}运营机构栏括注"
            for alias in printed.aliases:
                self.change(
                    ImportChangeOf.OPERATOR_ALIAS, f"运营机构“{alias.operator}”又名“{alias.alias}”", entry
                )
                self.register_changes.append(
                    RegisterChange(
                        institution=entry.code,
                        what=ChangeOf.OPERATOR_ALIAS,
                        old=registered(alias.operator),
                        new=alias.alias,
                        source=source,
                    )
                )
            for change in printed.changes:
                self.change(
                    ImportChangeOf.OPERATOR_CHANGED,
                    f"运营机构{change.effective}年由“{change.old}”变更为“{change.new}”（{source}）",
                    entry,
                )
                self.register_changes.append(
                    RegisterChange(
                        institution=entry.code,
                        what=ChangeOf.OPERATOR,
                        old=registered(change.old),
                        new=registered(change.new),
                        effective=PartialDate(change.effective),
                        source=source,
                    )
                )
            if entry.matched is not None:
                before = [name for name in entry.matched.present_operators if name not in entry.operators]
                stated = {registered(change.old) for change in printed.changes}
                for name in before:
                    if name not in stated:
                        self.change(
                            ImportChangeOf.OPERATOR_CHANGED, f"“{name}”至{self.year}年不再是运营机构", entry
                        )

    # ---- channels -----------------------------------------------------------------------------------------------

    def _read_channels(self) -> None:
        read: dict[str, PrintedChannel] = {}
        for table in self.notice.tables:
            for value, found in channels_of(self.notice, table).items():
                read.setdefault(value, found)
        for entry in self.entries:
            if entry.channel in self.channels:
                continue
            cell = entry.row.cell(entry.table, NoticeColumn.CHANNEL)
            channel = read.get(cell.text.strip()) if cell else None
            if channel is None:
                self.channels[entry.channel] = (ChannelType.NOT_STATED, None)
                continue
            type_ = _CHANNEL_TYPES.get(channel.nature)
            if channel.nature is ChannelNature.CLASS_OF_BODIES:
                type_ = next(
                    (each for pattern, each in _CLASS_TYPES if pattern.search(evened(entry.channel))), None
                )
            if type_ is None:
                answer = self.ask(
                    QuestionOf.CHANNEL,
                    entry.channel,
                    f"地区栏的“{entry.channel}”是何种主管渠道？",
                    f"what sort of channel is “{entry.channel}”?",
                    *(each.value for each in ChannelType if each is not ChannelType.NOT_STATED),
                    reasons=[channel.reason],
                )
                self.channels[entry.channel] = (
                    _channel_answered(answer) if answer else (ChannelType.NOT_STATED, None)
                )
                continue
            self.channels[entry.channel] = (type_, channel.region)

    # ---- results ------------------------------------------------------------------------------------------------

    def _decide(self) -> None:
        for entry in self.entries:
            entry.decision = self._decision(entry)
        decided = {entry.key: entry.decision for entry in self.entries if entry.decision is not None}
        for entry in self.entries:
            if entry.decision is not None and entry.decision.mode is Mode.CARRIED:
                entry.decision = self._carried(entry, decided)

    def _decision(self, entry: _Entry) -> Decision | None:
        outcome = entry.row.outcome or "other"
        label = entry.row.label or ""
        if outcome == "other":
            answer = self.ask(
                QuestionOf.LABEL,
                label,
                f"结果“{label}”相当于哪一种？名册只有四个等次",
                f"what is the result “{label}”? The register knows four grades",
                *_GRADES,
                Outcome.DISQUALIFIED.value,
                Outcome.ABSENT.value,
            )
            if answer is None:
                return None
            if answer.answer not in (*_GRADES, Outcome.DISQUALIFIED.value, Outcome.ABSENT.value):
                raise _bad(answer, f"write one of {', '.join(_GRADES)}, disqualified, absent")
            outcome = answer.answer
        absent = (
            re.search(one_of(w for w, code in self.words.labels.items() if code == "absent"), label)
            is not None
        )
        note = self._special_clause(entry)
        grade = _GRADES.get(outcome)
        facts: dict[str, object]
        match outcome:
            case _ if grade is not None and absent:
                facts = {"mode": Mode.ABSENT, "outcome": Outcome.ABSENT, "grade": grade}
            case _ if grade is not None:
                facts = {"mode": Mode.EVALUATED, "outcome": Outcome.GRADED, "grade": grade}
            case "disqualified":
                facts = {"mode": Mode.ABSENT if absent else Mode.EVALUATED, "outcome": Outcome.DISQUALIFIED}
            case "pilot_cancelled":
                failed = [w for w, code in self.words.labels.items() if code == "unqualified" and w in label]
                if not failed:
                    self.refuse(
                        "pilot_without_grade",
                        f"{entry.where}只写“{label}”，没有等次；名册中取消试点培育资格须与不合格并列",
                        f"{entry.where} cancels a pilot without a grade; the register keeps that beside 不合格 only",
                    )
                    return None
                facts = {
                    "mode": Mode.EVALUATED,
                    "outcome": Outcome.PILOT_CANCELLED,
                    "grade": Grade.UNQUALIFIED,
                }
            case "carried":
                # The source is found when all are read; until then it stands for itself.
                facts = {"mode": Mode.CARRIED, "outcome": Outcome.CARRIED, "carried_from": entry.key}
            case "deferred":
                when = self._deferred_to(entry, label)
                if when is None:
                    return None
                facts = {
                    "mode": Mode.DEFERRED,
                    "outcome": Outcome.DEFERRED,
                    "year": when[0],
                    "as_kind": when[1],
                }
            case _:
                facts = {"mode": Mode.ABSENT, "outcome": Outcome.ABSENT}
        reason = "" if facts["outcome"] is Outcome.GRADED else NOT_STATED
        decision = Decision(key=entry.key, reason=reason, note=note, **facts)  # type: ignore[arg-type]
        assert not contradictions(decision)  # noqa: S101 - each case above is sound by itself
        return decision

    def _kinds_in(self, text: str) -> list[str]:
        words = {**self.words.kinds, **self.words.short_kinds}
        return [words[match.group()] for match in re.finditer(one_of(words), text)]

    def _deferred_to(self, entry: _Entry, label: str) -> tuple[int, str] | None:
        """Return when and as what a deferred entry takes part: by its cell, or by the one clause that counts such."""
        year = next(
            (int(found) for found in re.findall(r"(20\d\d)年", label) if int(found) > self.year), None
        )
        kinds = self._kinds_in(label)
        claims = [c for c in self.check.claims if c.outcome == "deferred" and c.kind in (None, entry.kind)]
        if len({(claim.year, claim.of_kind) for claim in claims}) == 1:
            year = year or claims[0].year
            kinds = kinds or [claims[0].of_kind or entry.kind]
        if year is not None and year > self.year:
            return year, kinds[-1] if kinds else entry.kind
        answer = self.ask(
            QuestionOf.DEFERRED,
            str(entry.key),
            f"{entry.where}“{entry.name}”印“{label}”，没有写明何年、以何种类别参加评价",
            f"{entry.where} prints “{label}” and not when, and as what, it takes part",
            f"{self.year + 1}|{entry.kind}",
        )
        if answer is None:
            return None
        match = re.fullmatch(r"(\d{4})\|(\w+)", answer.answer)
        if match is None or int(match[1]) <= self.year or match[2] not in self.words.kinds.values():
            raise _bad(answer, f"write a later year and a kind, as {self.year + 1}|{entry.kind}")
        return int(match[1]), match[2]

    def _carried(self, entry: _Entry, decided: Mapping[EntryKey, Decision]) -> Decision | None:
        assert entry.decision is not None  # noqa: S101 - the caller has asked
        judges = {key: decision for key, decision in decided.items() if decision.grade is not None}
        source, why = self._source_of(entry, judges)
        if source is None:
            waiting = any(entry.place in proposal.rows for proposal in self.undecided)
            if waiting:
                return None
            answer = self.ask(
                QuestionOf.CARRIED_FROM,
                str(entry.key),
                f"{entry.where}“{entry.name}”以哪一行的结果为准？通知没有写明",
                f"by which entry is {entry.where} judged? The notice does not say",
                "incubator:1",
            )
            if answer is None:
                return None
            try:
                source = EntryKey.parse(answer.answer)
            except ValueError as error:
                raise _bad(answer, str(error)) from error
            if source not in judges:
                raise _bad(answer, "this notice gives that entry no grade; name one that bears a grade")
            why = f"经{answer.by}认定"
        other = next(each for each in self.entries if each.key == source)
        text = f"以{other.where}（{source}）的结果为本行结果：{why}"
        self.change(ImportChangeOf.CARRIED, f"{entry.where}{text}", entry)
        self.register_changes.append(
            RegisterChange(
                institution=entry.code,
                what=ChangeOf.NOTE,
                old="",
                new=f"{text}；原文未写明号数",
                source=f"{other.where}、{entry.where}",
            )
        )
        return replace(entry.decision, carried_from=source)

    def _source_of(self, entry: _Entry, judges: Mapping[EntryKey, Decision]) -> tuple[EntryKey | None, str]:
        """Return by which entry a carried one is judged, where a written name or a person's word leaves one alone."""
        label = entry.row.label or ""
        kinds = set(self._kinds_in(label)) - ({entry.kind} if len(set(self._kinds_in(label))) > 1 else set())
        stated = {
            code
            for word, code in self.words.labels.items()
            if code in _GRADES and re.search(rf"(?<![不未]){re.escape(word)}", label)
        }
        own = {
            evened(name)
            for name in (entry.name, _plain(entry.name), *operators_of(entry.operators_printed).operators)
        }
        linked = {
            place
            for proposal, answer in self.linked
            if answer is IdentityAnswer.SAME and entry.place in proposal.rows
            for place in proposal.rows
        }
        found: list[tuple[EntryKey, str]] = []
        for other in self.entries:
            decision = judges.get(other.key)
            if decision is None or other.key == entry.key or (kinds and other.kind not in kinds):
                continue
            if stated and decision.grade is not None and decision.grade.value not in stated:
                continue
            theirs = {
                evened(name)
                for name in (other.name, _plain(other.name), *operators_of(other.operators_printed).operators)
            }
            if own & theirs:
                found.append((other.key, "运营机构（或名称）写法相同，结果相符"))
            elif other.place in linked:
                found.append((other.key, "经人认定为同一机构或同一运营机构，结果相符"))
        return found[0] if len(found) == 1 else (None, "")

    def _special_clause(self, entry: _Entry) -> str:
        """Return the clause that the text adds for one institution by name (以…资格参加评价), empty for none."""
        cell = entry.row.cell(entry.table, NoticeColumn.NAME)
        name = re.escape(cell.text if cell else entry.name)
        for paragraph in self.notice.paragraphs:
            if match := re.search(rf"{name}{_PARTICIPATE_AS}", paragraph):
                return match["note"]
            if match := re.search(rf"第{entry.serial}号{name}{_OWN_CLAUSE}", paragraph):
                return _JUDGED_THROUGH.sub("", match["note"])
        return ""

    # ---- the folder ---------------------------------------------------------------------------------------------

    def _folder(self) -> RoundFolder | None:
        if any(entry.decision is None for entry in self.entries):
            return None
        decisions = {entry.key: entry.decision for entry in self.entries if entry.decision is not None}
        results = [
            PrintedResult(
                decision=decisions[e.key], grade=judged_grade(e.key, decisions), face_text=e.face_text
            )
            for e in self.entries
        ]
        words = self._words(results)
        if words is None:
            return None
        kinds = list(dict.fromkeys(entry.kind for entry in self.entries))
        # Whoever is deferred to another kind needs its words, though the round lists none of it.
        kinds += [d.as_kind for d in decisions.values() if d.as_kind and d.as_kind not in kinds]
        kinds = list(dict.fromkeys(kinds))
        self._tell_round(words, decisions)
        shipped = words.code in vocabulary_codes() and load_vocabulary(words.code) == words
        folder = RoundFolder(
            settings=RoundSettings(
                authority=self.authority,
                authority_code=self.register.authority_code,
                year=self.year,
                past=True,
                fictional=FICTIONAL_WORD in self.authority,
                vocabulary=words.code,
                words=None if shipped else words,
                entered_at=self.entered_at,
                happened=f"{self.year} or later",
                addressees=self.notice.addressees,
                bases=tuple(Basis(title=basis.title, number=basis.number) for basis in self.notice.bases),
                kinds=tuple(KindSettings(code=kind) for kind in kinds),
                file=self.notice.file,
            ),
            register=tuple(self._register_row(entry) for entry in self.entries),
            changes=tuple(self.register_changes),
            decision_rows=tuple(
                DecisionRow(decision=decisions[entry.key], place=Place(self.notice.file))
                for entry in self.entries
            ),
        )
        for error in problems(folder):
            self.refuse("folder", str(error), str(error))
        return folder

    def _words(self, results: Sequence[PrintedResult]) -> Vocabulary | None:
        """Return the shipped words of authority and year where they print each cell as it was, else the own ones."""
        code = f"{self.register.authority_code}-{self.year}"
        candidates = [load_vocabulary(code)] if code in vocabulary_codes() else []
        candidates.append(read_vocabulary(self.notice, results, code=code, year=self.year))
        missed: list[PrintedResult] = []
        for words in candidates:
            missed = [r for r in results if face_text_by(words, r, year=self.year) != r.face_text]
            if not missed:
                source = "随附的" if words is not candidates[-1] else "通知自己的"
                labels = "、".join(words.grades.values())
                self.change(ImportChangeOf.WORDS, f"用词取自{source}{words.code}：等次为{labels or '无'}")
                return words
        by_key = {entry.key: entry for entry in self.entries}
        listed = "、".join(f"{by_key[r.key].where}“{r.face_text}”" for r in missed[:5])
        self.refuse(
            "labels_differ",
            f"同一结果印了几种写法，名册无法照印：{listed}" + ("等" if len(missed) > 5 else ""),
            f"one result is printed in several ways, which the register could not print again: {listed}",
        )
        return None

    def _register_row(self, entry: _Entry) -> RegisterRow:
        assert entry.decision is not None  # noqa: S101 - a folder is made of decided entries alone
        type_, region = self.channels[entry.channel]
        known = entry.matched.qualification(entry.kind) if entry.matched else None
        if known is not None and not entry.channel:
            type_, region = ChannelType(known.channel_type), known.region or None
        return RegisterRow(
            key=entry.key,
            institution=entry.code,
            name=entry.name,
            aliases=aliases_of(entry.name),
            operators_printed=entry.operators_printed,
            operators=entry.operators,
            channel=entry.channel or (known.channel if known else ""),
            channel_type=type_,
            region=region,
            # What the notice does not say stays as the register knows it.
            level=self._level(entry) or (known.level if known else "") or None,
            status=self._status(entry, known),
            sub_type=(known.sub_type or None) if known else None,
            recognised_in=PartialDate(known.recognised_in) if known and known.recognised_in else None,
            place=Place(self.notice.file),
        )

    def _level(self, entry: _Entry) -> str:
        cell = entry.row.cell(entry.table, NoticeColumn.LEVEL)
        text = cell.text.strip() if cell else ""
        return "" if text in self.words.pilot else _LEVELS.get(text, text)[:40]

    def _status(self, entry: _Entry, known: KnownQualification | None) -> Status:
        assert entry.decision is not None  # noqa: S101 - a folder is made of decided entries alone
        cell = entry.row.cell(entry.table, NoticeColumn.LEVEL)
        pilot = entry.decision.outcome is Outcome.PILOT_CANCELLED or (
            cell and cell.text.strip() in self.words.pilot
        )
        if pilot:
            return Status.PILOT
        return known.status if known is not None else Status.RECOGNISED

    # ---- telling ------------------------------------------------------------------------------------------------

    def _tell_round(self, words: Vocabulary, decisions: Mapping[EntryKey, Decision]) -> None:
        if self.register.name is None:
            self.change(
                ImportChangeOf.AUTHORITY, f"新建主管部门{self.register.authority_code}“{self.authority}”"
            )
        self.change(ImportChangeOf.ROUND, f"新建{self.year}年度，已结束，{len(self.entries)}行")
        for entry in self.entries:
            type_, region = self.channels[entry.channel]
            known = entry.matched.qualification(entry.kind) if entry.matched else None
            title = words.kinds[entry.kind].title
            pilot = "试点培育" if self._status(entry, known) is Status.PILOT else "资格"
            where = f"，地区{region}" if region else "，地区未载明"
            channel = f"“{entry.channel}”（{type_.value}）" if entry.channel else "未载明"
            self.change(ImportChangeOf.QUALIFICATION, f"{title}{pilot}，主管渠道{channel}{where}", entry)
            self.change(ImportChangeOf.ENTRY, f"{entry.where}：{entry.face_text}", entry)
            if entry.decision is not None and entry.decision.note:
                self.change(ImportChangeOf.NOTE, f"附注：{entry.decision.note}", entry)
        self._tell_duties(words, decisions)
        listed = {(entry.code, entry.kind) for entry in self.entries}
        codes = {entry.code for entry in self.entries}
        for code, kind, year in self.register.duties:
            if year == self.year and (code, kind) not in listed and code not in codes:
                self.change(
                    ImportChangeOf.LEFT_OUT,
                    f"此前的年度要求{code}在{year}年参加评价（{kind}），本通知未列",
                    institution=code,
                )

    def _tell_duties(self, words: Vocabulary, decisions: Mapping[EntryKey, Decision]) -> None:
        by_key = {entry.key: entry for entry in self.entries}
        short = {kind: each.short for kind, each in words.kinds.items()}
        owed = obligations_of(decisions, round_year=self.year, kind_short=short)
        for duty in owed:
            entry = by_key[duty.key]
            match duty.act:
                case ObligedTo.RECTIFY:
                    self.change(ImportChangeOf.OBLIGATION, f"须整改（{duty.year}年）", entry)
                case ObligedTo.TAKE_PART_AGAIN:
                    kind = words.kinds[duty.as_kind or entry.kind].title
                    self.change(ImportChangeOf.OBLIGATION, f"须参加{duty.year}年度{kind}评价", entry)
                case ObligedTo.DEREGISTER:
                    self.change(
                        ImportChangeOf.DEREGISTRATION,
                        "须注销：退出管理体系、评价体系、统计调查对象三项；是否已办、何日办理，通知未载明，三项开关不动",
                        entry,
                    )

    def _check_duties(self) -> None:
        """Ask before the register binds somebody by a rule of its own that the text does not state."""
        graded = [entry.decision for entry in self.entries if entry.decision is not None]
        count = sum(
            decision.grade is Grade.UNQUALIFIED and decision.outcome is not Outcome.PILOT_CANCELLED
            for decision in graded
        )
        if not count:
            return
        failing = one_of(
            {entry.row.label or "" for entry in self.entries if entry.row.outcome == "unqualified"}
            | {"不合格"}
        )
        sentences = [
            sentence
            for paragraph in self.notice.paragraphs
            for sentence in re.split(r"[。；]", paragraph)
            if _RECTIFY.search(sentence) or (_AGAIN.search(sentence) and re.search(failing, sentence))
        ]
        again = [sentence for sentence in sentences if _AGAIN.search(sentence)]
        stated = bool(again) and any(map(_RECTIFY.search, sentences))
        years = {int(year) for sentence in again for year in re.findall(r"(20\d\d)年", sentence)}
        later = {year for year in years if year > self.year}
        if later and self.year + 1 not in later:
            self.refuse(
                "duty_year_differs",
                f"通知要求在{min(later)}年再次参加评价，名册按次年（{self.year + 1}年）登记",
                f"the text obliges for {min(later)}; the register binds for the year after, {self.year + 1}",
            )
        elif not stated:
            self.accepted(
                QuestionOf.DUTIES,
                "",
                f"通知没有写明不合格的既须整改又须再次参加评价；导入后{count}行将按此登记为{self.year + 1}年的义务",
                f"the text does not oblige the unqualified both to rectify and to take part again; the register would "
                f"bind {count} of them for {self.year + 1}",
            )


# ---- small parts ------------------------------------------------------------------------------------------------


def _bad(answer: ImportAnswer, remedy: str) -> ValueError:
    return BadAnswerError(answer, remedy)


class BadAnswerError(ValueError):
    """An answer that cannot be used."""

    def __init__(self, answer: ImportAnswer, remedy: str) -> None:
        self.answer = answer
        self.remedy = remedy
        super().__init__(
            f"the answer '{answer.answer}' to {answer.question} of '{answer.subject}' cannot be used: {remedy}"
        )


def _channel_answered(answer: ImportAnswer) -> tuple[ChannelType, str | None]:
    type_, _, region = answer.answer.partition("|")
    if type_ not in list(ChannelType) or (region and not re.fullmatch(r"[0-9]{6}", region)):
        raise _bad(answer, f"write one of {', '.join(ChannelType)}, and a place as in league_city|150100")
    return ChannelType(type_), region or None


def _plain(name: str) -> str:
    """Return a name without the second names in brackets at its end."""
    for alias in reversed(aliases_of(name)):
        name = re.sub(rf"\s*[（(]\s*{re.escape(alias)}\s*[）)]\s*$", "", name)
    return name


def _names_of(proposal: IdentityProposal) -> list[str]:
    return proposal.key.partition(":")[2].split("|")


def _is_exact(proposal: IdentityProposal) -> bool:
    """Whether the rows of a proposal write one name, and not two that are alike."""
    return len(_names_of(proposal)) == 1


def _with_register(
    notice: PublishedNotice, register: KnownRegister
) -> tuple[PublishedNotice, dict[tuple[int, int], str]]:
    """Return the notice with what the register knows as one more table, and the code behind each of its rows."""
    columns = (NoticeColumn.NAME, NoticeColumn.OPERATOR, NoticeColumn.CHANNEL)
    at = len(notice.tables)
    rows: list[NoticeRow] = []
    codes: dict[tuple[int, int], str] = {}
    for institution in register.institutions:
        for name in dict.fromkeys(institution.names):
            for qualification in institution.qualifications:
                texts = (name, "、".join(institution.operators), qualification.channel)
                rows.append(
                    NoticeRow(
                        number=len(rows) + 1,
                        serial=None,
                        cells=tuple(NoticeCell(raw=text, text=text) for text in texts),
                        kind=qualification.kind,
                    )
                )
                codes[at, len(rows)] = institution.code
    if not rows:
        return notice, {}
    table = NoticeTable(
        title="名册",
        label="名册",
        kind=None,
        columns=columns,
        heads=("名称", "运营机构", "地区"),
        rows=tuple(rows),
    )
    return replace(notice, tables=(*notice.tables, table)), codes
