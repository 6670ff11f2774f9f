"""Do the counts that a notice states agree with its own tables and with one another, and if not, what explains it?

Every claim is held against the rows of its kind, level and place. Some rows stand in two classes at once: a row judged
by another kind's result, a failing row whose status is cancelled too, an excellent row among the qualified. Whether
a notice counts such rows once or twice is its *way of counting*: one for the whole kind, all such rows or none.
The few ways that the text and the tables allow are tried, and the one that leaves the fewest counts unexplained,
then the one nearest to the wording, is taken. Nothing else explains a difference: a remainder is an error. A class
that no table lists is not checkable, never zero.
"""

import bisect
import dataclasses
import functools
import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hatchmark.domain.identity import ChannelNature, channels_of, evened
from hatchmark.domain.names import aliases_of
from hatchmark.domain.notice_named import read_named_alone, read_named_results
from hatchmark.domain.notice_words import load_notice_words
from hatchmark.domain.notices import Relation
from hatchmark.domain.published_notices import (
    ClaimScope,
    IdentityProposal,
    NoticeCheck,
    NoticeClaim,
    NoticeColumn,
    NoticeFinding,
    NoticeRow,
    NoticeTable,
    PublishedNotice,
    Severity,
    Verdict,
)

GRADES = ("excellent", "good", "qualified", "unqualified")
"""Outcome codes that are grades, from the best to the worst."""

STATUSES = ("disqualified", "pilot_cancelled", "absent")
"""Outcome codes that may stand beside a grade, or in place of one."""

_BETTER = ("excellent", "good")
_PASSING = frozenset({"excellent", "good", "qualified"})
_SCALE = (*GRADES, "disqualified")
_NOT_TAKING_PART = frozenset({"absent", "deferred"})

EXPLAINING = frozenset({
    "overlap_carried", "overlap_cancelled", "overlap_absent", "overlap_better_grade", "left_out_of_grade",
    "sum_exceeds_rows", "sum_exceeds_total", "total_counts_otherwise", "pilots_counted_unsaid",
})  # fmt: skip
"""Codes of findings that say how numbers agree after all: with one of them a notice is explained, not consistent."""

UNCHECKED = frozenset({
    "no_table", "not_annexed", "label_not_in_tables", "level_not_in_tables", "place_not_in_tables",
    "results_not_printed", "nothing_to_compare", "rest_not_stated",
})  # fmt: skip
"""Codes of findings that say why a claim could not be checked."""


def check_of(
    notice: PublishedNotice, claims: Sequence[NoticeClaim], proposals: Sequence[IdentityProposal] = ()
) -> NoticeCheck:
    """Return all that comes of one notice: its findings and verdict, beside the claims and proposals given."""
    findings = reconcile(notice, claims)
    return NoticeCheck(
        notice=notice,
        claims=tuple(claims),
        findings=findings,
        proposals=tuple(proposals),
        verdict=verdict_of(claims, findings),
        tallies=tallies_of(notice),
    )


def verdict_of(claims: Sequence[NoticeClaim], findings: Iterable[NoticeFinding]) -> Verdict:
    """Return what the findings come to: an error contradicts; an explanation explains; else what was checked agrees."""
    found = tuple(findings)
    if any(finding.severity is Severity.ERROR for finding in found):
        return Verdict.CONTRADICTORY
    if any(finding.code in EXPLAINING for finding in found):
        return Verdict.EXPLAINED
    unchecked = {claim for finding in found if finding.code in UNCHECKED for claim in finding.claims}
    return Verdict.NOT_CHECKABLE if len(unchecked) == len(claims) else Verdict.CONSISTENT


def tallies_of(notice: PublishedNotice) -> tuple[Mapping[str, int], ...]:
    """Return, for each table, the number of its rows by label, in printed order; rows without a label are left out."""
    return tuple(dict(Counter(row.label for row in table.rows if row.label)) for table in notice.tables)


def reconcile(notice: PublishedNotice, claims: Sequence[NoticeClaim]) -> tuple[NoticeFinding, ...]:
    """Hold the claims against the tables and against one another; return what was found, gravest first.

    Claims and tables are named by their positions, rows by `NoticeRow.number`. Findings of equal severity keep the
    order of the claims they speak of.
    """
    found = _Reconciliation(notice, tuple(claims)).run()
    order = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
    return tuple(sorted(found, key=lambda finding: order[finding.severity]))


# ---- rows as they count ---------------------------------------------------------------------------------------


@dataclass(eq=False, kw_only=True)
class _Entry:
    """One institution as the tables list it: the rows that print it, and all that its result cells say.

    `at` are (table, row number) pairs. `grade` is the printed one; `carried_grade` the grade of the other entry
    that a carried row is judged by. Nothing changes once all tables are read.
    """

    at: list[tuple[int, int]]
    names: set[str]
    operator: str
    kind: str | None
    grade: str | None = None
    statuses: set[str] = field(default_factory=set)
    carried: bool = False
    carried_grade: str | None = None
    deferred: bool = False
    others: set[str] = field(default_factory=set)
    labels: set[str] = field(default_factory=set)
    level: str | None = None
    place: str = ""
    years: set[int] = field(default_factory=set)
    other_kinds: set[str] = field(default_factory=set)

    @functools.cached_property
    def codes(self) -> set[str]:
        found = set(self.statuses)
        if self.grade:
            found.add(self.grade)
        for has, code in ((self.carried, "carried"), (self.deferred, "deferred"), (self.others, "other")):
            if has:
                found.add(code)
        return found


_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})年")
_COUNT_IN_TITLE = re.compile(r"[((]共?(\d+)[家个所][))]")


def _grade_in(text: str, lexicon: Mapping[str, str]) -> str | None:
    """Return the grade that a result cell prints; the longest label counts (不合格 over 合格), the last of several."""
    taken = [False] * len(text)
    found: list[tuple[int, str]] = []
    for label in sorted(lexicon, key=len, reverse=True):
        pattern = re.escape(label)
        if label.isascii():
            pattern = rf"(?<![A-Za-z0-9]){pattern}(?![A-Za-z0-9])"
        for match in re.finditer(pattern, text):
            if not any(taken[match.start() : match.end()]):
                taken[match.start() : match.end()] = [True] * (match.end() - match.start())
                found.append((match.start(), lexicon[label]))
    return max(found)[1] if found else None


def _same_label(one: str, other: str) -> bool:
    one, other = (re.sub(r"(等次|等级|级|类|档)$", "", evened(label)) for label in (one, other))
    return one in other or other in one


Switch = tuple[str, str]
"""One choice in the way of counting: a status (or `carried`, `better`) and how its rows come by the grade."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """A switch with what it costs to take it each way: 0 as worded, 1 explained, None not allowed."""

    switch: Switch
    out: int | None
    in_: int | None


class _Reconciliation:
    """One notice being held against itself."""

    def __init__(self, notice: PublishedNotice, claims: tuple[NoticeClaim, ...]) -> None:
        self.notice = notice
        self.claims = claims
        self.found: list[NoticeFinding] = []
        self.checked: set[int] = set()
        self.wrong: set[int] = set()
        self.unchecked: set[int] = set()
        self.gaps: set[int] = set()
        words = load_notice_words()
        self.lexicon = {label: code for label, code in words.labels.items() if code in GRADES}
        self.cancelling = _any_of(words.cancelling)
        self.pilot = _any_of(words.pilot)
        self.absent = _any_of(label for label, code in words.labels.items() if code == "absent")
        for label, outcome in (
            *((claim.label, claim.outcome) for claim in claims),
            *((row.label, row.outcome) for table in notice.tables for row in table.rows),
        ):
            if label and outcome in GRADES and len(label) <= 4:
                self.lexicon[label] = outcome  # the notice's own use goes first
        self.claim_kinds = {claim.kind for claim in claims if claim.kind}
        self.levels = {claim.level for claim in claims if claim.level}
        self.named_alone = read_named_alone(notice)
        self.entries = self._entries()
        for at, claim in enumerate(claims):
            if claim.within is not None and (claim.within == at or not 0 <= claim.within < len(claims)):
                raise ValueError(
                    f"claim {at} (“{claim.text}”) is within claim {claim.within}, which is "
                    f"{'itself' if claim.within == at else f'not among the {len(claims)} claims'}; "
                    "give the position of another claim, or None"
                )
        self.claims = self._with_kind([self._with_outcome(claim) for claim in claims])
        self.claims = tuple(self._without_idle_level(claim) for claim in self.claims)
        self.claims = tuple(self._with_nearest_whole(at) for at in range(len(claims)))
        self.claims = tuple(self._with_pilots(at) for at in range(len(claims)))
        self.sentence_ends: dict[int, list[int]] = {}
        self.keys: dict[int, tuple[object, ...]] = {}
        self.alike: dict[tuple[object, ...], list[int]] = defaultdict(list)
        self.split: frozenset[int] = frozenset()
        self.by_place: dict[int, str | None] = {}
        self.ways: dict[str | None, dict[Switch, bool]] = {}
        self.scopes: dict[tuple[str | None, str | None, str | None], list[_Entry]] = {}
        self.sorts: dict[tuple[str | None, str | None, str | None], list[tuple[_Entry, int]]] = {}
        self.kinds: dict[str | None, list[_Entry]] = {None: self.entries}

    def _with_outcome(self, claim: NoticeClaim) -> NoticeClaim:
        """Read 合格及以上 as a count from that grade upwards, and who is to take part another time as a duty."""
        if claim.outcome == "evaluated" and _ANOTHER_TIME.search(claim.text):
            return dataclasses.replace(claim, outcome="other", label=claim.text)
        if claim.outcome in ("other", "evaluated") and "以上" in claim.label:
            reached = _grade_in(claim.label, self.lexicon)
            return dataclasses.replace(claim, outcome=reached) if reached else claim
        if claim.outcome == "qualified" and claim.label in load_notice_words().verdicts:
            graded = [
                other
                for other in self.claims
                if other.outcome in _PASSING and other.label != claim.label and other.kind == claim.kind
            ]
            if graded:  # 通过 beside grades counts all of them
                return dataclasses.replace(claim, label=f"{claim.label}{_ALL_GRADES}")
        return claim

    def _with_kind(self, claims: Sequence[NoticeClaim]) -> tuple[NoticeClaim, ...]:
        """Give a claim that names no kind the only one that text and tables know."""
        claims = [self._with_kind_beside(claim, claims) for claim in claims]
        kinds = self.claim_kinds | {entry.kind for entry in self.entries if entry.kind}
        if len(kinds) != 1:
            return tuple(claims)
        [kind] = kinds
        return tuple(dataclasses.replace(claim, kind=claim.kind or kind) for claim in claims)

    def _with_kind_beside(self, claim: NoticeClaim, claims: Sequence[NoticeClaim]) -> NoticeClaim:
        """Give a total that names no kind (合计85家) the only one of the classes that its sentences count before it."""
        if claim.kind is not None or claim.outcome != "evaluated":
            return claim
        before = {
            other.kind
            for other in claims
            if other.kind
            and other.paragraph == claim.paragraph
            and other.start < claim.start
            and other.outcome not in ("carried", "deferred")  # those name the kind they go by as well
        }
        return dataclasses.replace(claim, kind=before.pop()) if len(before) == 1 else claim

    def _with_nearest_whole(self, at: int) -> NoticeClaim:
        """Let 其中试点培育3家, where it names no kind, belong to the count of the cancelled right before it."""
        claim = self.claims[at]
        if (
            claim.kind
            or claim.outcome != "pilot_cancelled"
            or claim.relation is not Relation.SUBSET
            or at == 0
        ):
            return claim
        before = self.claims[at - 1]
        if before.kind and before.outcome == "disqualified" and before.paragraph == claim.paragraph:
            return dataclasses.replace(claim, kind=before.kind, within=at - 1)
        return claim

    def _with_pilots(self, at: int) -> NoticeClaim:
        """Mark a count of the cancelled that says by a part of it (其中试点培育3家) that pilots are in it."""
        claim = self.claims[at]
        if claim.outcome != "disqualified" or claim.joins_pilot:
            return claim
        holding = {
            part.within
            for part in self.claims
            if part.outcome == "pilot_cancelled" and part.relation is Relation.SUBSET
        }
        # What holds a part that holds pilots holds them too: 4家（附件1第2—4、6号4家，其中试点培育2家）.
        holding |= {
            part.within
            for number, part in enumerate(self.claims)
            if part.outcome == "disqualified" and part.relation is Relation.SUBSET
            if part.joins_pilot or number in holding
        }
        # A count over all kinds takes in what those of each kind beside it take in.
        beside = claim.kind is None and any(
            whole is not None
            and self.claims[whole].outcome == "disqualified"
            and self.claims[whole].paragraph == claim.paragraph
            for whole in holding
        )
        return dataclasses.replace(claim, joins_pilot=True) if at in holding or beside else claim

    def _without_idle_level(self, claim: NoticeClaim) -> NoticeClaim:
        """Drop a level that divides nothing: 省级以上, or the only one that text and rows of a kind know."""
        if claim.level is None:
            return claim
        levels = {other.level for other in self.claims if other.level and other.kind == claim.kind}
        if claim.level in load_notice_words().pilot:
            return claim  # pilots beside the others
        rows = [entry for entry in self.entries if claim.kind in (None, entry.kind)]
        if claim.relation is Relation.SUBSET:
            return claim  # the level marks the part off
        if claim.level.endswith("以上") or (
            len(levels) == 1 and all(entry.level is None or claim.level in entry.level for entry in rows)
        ):
            return dataclasses.replace(claim, level=None)
        return claim

    # ---- findings ---------------------------------------------------------------------------------------------

    def tell(
        self,
        code: str,
        severity: Severity,
        message: str,
        message_en: str,
        *,
        claims: Iterable[int] = (),
        entries: Iterable[_Entry] = (),
        table: int | None = None,
        rows: Iterable[int] = (),
    ) -> None:
        """Add a finding. Rows of several tables cannot stand in one: the table of most of them is named."""
        places = [place for entry in entries for place in entry.at[:1]]
        if table is None and places:
            table = Counter(at for at, _ in places).most_common(1)[0][0]
        numbers = (*rows, *sorted(number for at, number in places if at == table))
        claims = tuple(claims)
        self.found.append(
            NoticeFinding(
                code=code,
                severity=severity,
                message=message,
                message_en=message_en,
                claims=claims,
                table=table,
                rows=tuple(numbers),
            )
        )
        if severity is Severity.ERROR:
            self.wrong.update(claims)
        if code in UNCHECKED:
            self.unchecked.update(claims)

    def table_name(self, at: int) -> str:
        table = self.notice.tables[at]
        return table.label or (f"《{table.title}》" if table.title else f"第{at + 1}张表")

    def table_name_en(self, at: int) -> str:
        table = self.notice.tables[at]
        return f"table {at + 1}" + (f" ({table.label})" if table.label else "")

    def rows_words(self, entries: Iterable[_Entry]) -> str:
        """附件2第82、83行: every row of some entries, table by table."""
        return "、".join(f"{self.table_name(at)}第{runs(numbers)}行" for at, numbers in _by_table(entries))

    def rows_words_en(self, entries: Iterable[_Entry]) -> str:
        return ", ".join(f"{self.table_name_en(at)} row {runs(n, '–', ', ')}" for at, n in _by_table(entries))

    # ---- reading the tables -----------------------------------------------------------------------------------

    def _entries(self) -> list[_Entry]:
        """Return what the tables list, each institution once: a row said again in another table adds to the first."""
        found: list[_Entry] = []
        known: dict[tuple[str | None, str], list[tuple[_Entry, int, NoticeRow]]] = defaultdict(list)
        for at, table in enumerate(self.notice.tables):
            here: list[tuple[tuple[str | None, str], _Entry, NoticeRow]] = []
            for row in table.rows:
                entry = self._entry(at, table, row)
                name = _cell(table, row, NoticeColumn.NAME)
                key = (entry.kind, evened(name))
                same = [each for each in known[key] if self._is_same(each, table, row)] if name else []
                if same and self._merge(same[0][0], entry):
                    continue
                found.append(entry)
                if name:
                    here.append((key, entry, row))
            for key, entry, row in here:
                known[key].append((entry, at, row))
        self._carried_grades(found)
        return found

    def _is_same(self, known: tuple[_Entry, int, NoticeRow], table: NoticeTable, row: NoticeRow) -> bool:
        """Whether two rows of one kind and name, in two tables, say nothing that tells them apart."""
        _, at, other = known
        first = self.notice.tables[at]
        for column in (NoticeColumn.OPERATOR, NoticeColumn.CHANNEL):
            one, two = _cell(first, other, column), _cell(table, row, column)
            if one and two and evened(one) != evened(two):
                return False
        return True

    def _merge(self, first: _Entry, again: _Entry) -> bool:
        """Add what a second row says of one institution; False where the two cannot both hold."""
        if first.grade and again.grade and first.grade != again.grade:
            return False
        first.at += again.at
        first.names |= again.names
        first.grade = first.grade or again.grade
        first.statuses |= again.statuses
        first.others |= again.others
        first.labels |= again.labels
        first.carried, first.deferred = first.carried or again.carried, first.deferred or again.deferred
        first.carried_grade = first.carried_grade or again.carried_grade
        first.level, first.place = first.level or again.level, first.place or again.place
        first.years |= again.years
        first.other_kinds |= again.other_kinds
        return True

    def _entry(self, at: int, table: NoticeTable, row: NoticeRow) -> _Entry:
        text = _cell(table, row, NoticeColumn.RESULT)
        name = _cell(table, row, NoticeColumn.NAME)
        entry = _Entry(
            at=[(at, row.number)],
            names={evened(name), *map(evened, aliases_of(name))} if name else set(),
            operator=evened(_cell(table, row, NoticeColumn.OPERATOR)),
            kind=row.kind or table.kind,
            level=self._level(table, row),
            place=_cell(table, row, NoticeColumn.CHANNEL),
            years={int(year) for year in _YEAR.findall(text)},
        )
        if row.label:
            entry.labels.add(row.label)
        if row.outcome in GRADES:
            entry.grade = row.outcome
            entry.statuses = self._statuses_in(text)
        elif row.outcome in STATUSES:
            entry.statuses = {row.outcome}
            entry.grade = _grade_in(text, self.lexicon)
        elif row.outcome == "carried":
            entry.carried = True
            entry.other_kinds = set(load_notice_words().kinds_in(text))
            entry.carried_grade = _grade_in(text, self.lexicon)
        elif row.outcome == "deferred":
            entry.deferred = True
            entry.other_kinds = set(load_notice_words().kinds_in(text))
        elif row.outcome:
            entry.others.add(row.label or row.outcome)
        return entry

    def _statuses_in(self, text: str) -> set[str]:
        """Return the statuses that a result cell prints beside a grade."""
        found: set[str] = set()
        if self.cancelling.search(text):
            found.add("pilot_cancelled" if self.pilot.search(text) else "disqualified")
        if self.absent.search(text):
            found.add("absent")
        return found

    def _level(self, table: NoticeTable, row: NoticeRow) -> str | None:
        if level := _cell(table, row, NoticeColumn.LEVEL):
            return level
        named = [level for level in self.levels if level in table.title]
        return named[0] if len(named) == 1 else None

    def _carried_grades(self, entries: Sequence[_Entry]) -> None:
        """Find the grade of carried rows that print none: that of the one row of another kind with their operator."""
        bodies: dict[str, list[_Entry]] = defaultdict(list)
        for entry in entries:
            if entry.grade and not entry.carried:
                for body in entry.names | {entry.operator} - {""}:
                    bodies[body].append(entry)
        for entry in entries:
            if not entry.carried or entry.carried_grade:
                continue
            own = entry.names | {entry.operator}
            sources = {source for body in own for source in bodies[body] if source.kind != entry.kind}
            if len(sources) == 1:
                entry.carried_grade = sources.pop().grade

    # ---- which rows a claim speaks of -------------------------------------------------------------------------

    def of_kind(self, kind: str | None) -> list[_Entry]:
        """Rows of a kind; every row for None. Tables that name no kind are of the only kind there is in the text."""
        if kind not in self.kinds:
            own = [entry for entry in self.entries if entry.kind == kind]
            if not own and self.claim_kinds == {kind}:
                own = [entry for entry in self.entries if entry.kind is None]
            self.kinds[kind] = own
        return self.kinds[kind]

    def scope(self, at: int) -> list[_Entry]:
        """Rows of the kind, level and place that a claim speaks of, whatever their result."""
        claim = self.claims[at]
        key = (claim.kind, claim.level, self.by_place.get(at))
        if key not in self.scopes:
            self.scopes[key] = self._scope(at)
        return self.scopes[key]

    def _scope(self, at: int) -> list[_Entry]:
        claim = self.claims[at]
        rows = self.of_kind(claim.kind)
        if claim.level:
            rows = [entry for entry in rows if entry.level and claim.level in entry.level]
        if place := self.by_place.get(at):
            rows = [entry for entry in rows if _same_place(entry.place, place)]
        return rows

    def counted(self, at: int, way: Mapping[Switch, bool]) -> list[_Entry]:
        """Rows that a claim counts, in one way of counting."""
        claim = self.claims[at]
        rows = self.scope(at)
        if claim.within is not None and claim.relation is Relation.SUBSET:
            whole = self.claims[claim.within]
            if whole.outcome == "carried" and claim.outcome in GRADES:
                whole_rows = self.counted(claim.within, way)
                return [entry for entry in whole_rows if entry.carried_grade == claim.outcome]
        code = claim.outcome
        if _or_better(claim):
            reached = GRADES[: GRADES.index(code) + 1]
            return [entry for entry in rows if any(_has_grade(entry, grade, way) for grade in reached)]
        if code in GRADES:
            return [entry for entry in rows if _has_grade(entry, code, way)]
        if code == "disqualified" and claim.joins_pilot:
            return [entry for entry in rows if entry.statuses & {"disqualified", "pilot_cancelled"}]
        if code == "evaluated":
            return rows
        if code == "other":
            return [entry for entry in rows if any(_same_label(label, claim.label) for label in entry.others)]
        rows = [entry for entry in rows if code in entry.codes]
        if self._two_sorts(claim.kind, code) and claim.relation in (Relation.SUBSET, Relation.DISJOINT):
            graded = claim.relation is Relation.SUBSET
            rows = [entry for entry in rows if (entry.grade is not None) is graded]
        if code in ("carried", "deferred") and self._several_ways(claim):
            rows = [
                entry
                for entry in rows
                if (not claim.year or not entry.years or claim.year in entry.years)
                and (not claim.of_kind or not entry.other_kinds or claim.of_kind in entry.other_kinds)
            ]
        if code in ("deferred", "disqualified", "absent") and self._labels_tell_apart(at):
            rows = [e for e in rows if any(_same_label(label, claim.label) for label in e.labels)]
        return rows

    def _several_ways(self, claim: NoticeClaim) -> bool:
        """Whether a text counts the carried or deferred ones by their year or by the kind they go by."""
        ways = {
            (other.year if claim.outcome == "deferred" else None, other.of_kind)
            for other in self.claims
            if (other.kind, other.outcome) == (claim.kind, claim.outcome)
        }
        return len(ways) > 1

    def _two_sorts(self, kind: str | None, status: str) -> bool:
        """Whether a text counts the graded ones of a status within their grade, and the others apart."""
        own = [claim for claim in self.claims if claim.kind == kind and claim.outcome == status]
        return (
            status in STATUSES
            and any(claim.relation is Relation.DISJOINT for claim in own)
            and any(self._within_grade(claim) for claim in own)
        )

    def _labels_tell_apart(self, at: int) -> bool:
        """Whether the text uses several words for one outcome (取消, 撤销) and the tables do too."""
        claim = self.claims[at]
        words = {c.label for c in self.claims if (c.kind, c.outcome) == (claim.kind, claim.outcome)}
        printed = {label for e in self.scope(at) if claim.outcome in e.codes for label in e.labels}
        return len(words) > 1 and all(
            sum(_same_label(word, label) for label in printed) == 1 for word in words
        ) and len(printed) > 1  # fmt: skip

    # ---- the run ----------------------------------------------------------------------------------------------

    def run(self) -> list[NoticeFinding]:
        self._check_tables()
        self._find_places()
        self._subsets_fit()
        for kind in dict.fromkeys(claim.kind for claim in self.claims):
            self._choose_way(kind)
        for at in range(len(self.claims)):
            self._check_against_rows(at)
        self._check_totals()
        self._check_parts()
        self._check_repeated()
        self._check_sums()
        self._rows_nobody_states()
        self._names_exist()
        self._obligations()
        self._channels()
        self._annexes()
        for at, claim in enumerate(self.claims):
            if at in self.checked | self.wrong | self.unchecked:
                continue
            code, message, message_en = self._reason_unchecked(at) or (
                "nothing_to_compare",
                f"正文“{claim.text}”所称{claim.count}家，本通知中没有可以与之核对的数，无法核对。",
                f"The notice holds nothing that the count {claim.count} of “{claim.text}” can be held against.",
            )
            self.tell(code, Severity.INFO, message, message_en, claims=[at])
        return self.found

    # ---- tables by themselves ---------------------------------------------------------------------------------

    def _check_tables(self) -> None:
        for at, table in enumerate(self.notice.tables):
            self._check_serials(at, table)
            self._check_names(at, table)
            empty = [row.number for row in table.rows if row.outcome is None and row.label is None]
            if empty and len(empty) < len(table.rows) and NoticeColumn.RESULT in table.columns:
                self.tell(
                    "row_without_result",
                    Severity.WARNING,
                    f"{self.table_name(at)}第{runs(empty)}行没有写明结果，未计入任何等次。",
                    f"{self.table_name_en(at)} row {runs(empty, '–', ', ')} states no known result; it is in no count.",
                    table=at,
                    rows=empty,
                )
            stated = _COUNT_IN_TITLE.search(evened(table.title))
            if stated and int(stated[1]) != len(table.rows):
                self.tell(
                    "title_differs_from_rows",
                    Severity.ERROR,
                    f"{self.table_name(at)}标题称{stated[1]}家，表内列有{len(table.rows)}行。",
                    f"The title of {self.table_name_en(at)} states {stated[1]}; the table has {len(table.rows)} rows.",
                    table=at,
                )
        self._check_names_over_tables()

    def _check_serials(self, at: int, table: NoticeTable) -> None:
        numbers = [(row.serial, row.number) for row in table.rows if row.serial is not None]
        # A serial that begins again at 1 heads another list in the same table: each list is looked at by itself.
        lists: list[list[tuple[int, int]]] = []
        for serial, number in numbers:
            if serial == 1 or not lists:
                lists.append([])
            lists[-1].append((serial, number))
        for each in lists:
            times = Counter(serial for serial, _ in each)
            if twice := sorted(serial for serial, n in times.items() if n > 1):
                rows = [number for serial, number in each if serial in twice]
                self.tell(
                    "serial_twice",
                    Severity.WARNING,
                    f"{self.table_name(at)}序号{runs(twice)}重复出现（第{runs(rows)}行）。",
                    f"{self.table_name_en(at)} uses serial {runs(twice, '–', ', ')} more than once.",
                    table=at,
                    rows=rows,
                )
            serials = sorted(times)
            span = range(serials[0], serials[-1] + 1)
            # Serials that an authority keeps from a longer list are no gaps: most of the span must be there.
            if (len(span) - len(serials)) * 4 > len(serials):
                continue
            if missing := [serial for serial in span if serial not in times]:
                self.gaps.add(at)
                self.tell(
                    "serial_missing",
                    Severity.WARNING,
                    f"{self.table_name(at)}缺少序号{runs(missing)}。",
                    f"{self.table_name_en(at)} has no serial {runs(missing, '–', ', ')}.",
                    table=at,
                )

    def _check_names(self, at: int, table: NoticeTable) -> None:
        by_name: dict[str, list[NoticeRow]] = defaultdict(list)
        for row in table.rows:
            if name := evened(_cell(table, row, NoticeColumn.NAME)):
                by_name[name].append(row)
        for rows in by_name.values():
            if len(rows) == 1:
                continue
            name = _cell(table, rows[0], NoticeColumn.NAME)
            numbers = [row.number for row in rows]
            outcomes = {row.outcome for row in rows}
            apart = any(
                len({evened(_cell(table, row, column)) for row in rows}) > 1
                for column in (NoticeColumn.OPERATOR, NoticeColumn.CHANNEL, NoticeColumn.LEVEL)
            ) or len({row.kind for row in rows}) > 1  # fmt: skip
            contradicts = not apart and len(outcomes & set(GRADES)) > 1
            self.tell(
                "name_with_two_results" if contradicts else "name_twice",
                Severity.ERROR if contradicts else Severity.WARNING,
                f"{self.table_name(at)}中“{name}”出现{len(rows)}次（第{runs(numbers)}行）"
                + ("，结果互相矛盾。" if contradicts else "，请核实是否为同一机构。"),
                f"{self.table_name_en(at)} lists “{name}” {len(rows)} times (row {runs(numbers, '–', ', ')})"
                + (
                    ", with results that exclude one another."
                    if contradicts
                    else "; check whether it is one body."
                ),
                table=at,
                rows=numbers,
            )

    def _check_names_over_tables(self) -> None:
        for entry in self.entries:
            if len({at for at, _ in entry.at}) > 1:
                self.tell(
                    "listed_in_two_tables",
                    Severity.INFO,
                    f"{self.rows_words_all(entry)}为同一机构，核对时只计一次。",
                    f"{self.rows_words_en_all(entry)} list one institution; it is counted once.",
                    table=entry.at[0][0],
                    rows=[entry.at[0][1]],
                )
        first: dict[tuple[str | None, frozenset[str], str, str], _Entry] = {}
        for entry in self.entries:
            at, number = entry.at[0]
            if not entry.names:
                continue
            key = (entry.kind, frozenset(entry.names), entry.operator, evened(entry.place))
            other = first.setdefault(key, entry)
            if other is not entry and other.at[0][0] != at and other.grade and entry.grade:
                self.tell(
                    "name_with_two_results",
                    Severity.ERROR,
                    f"{self.rows_words([other])}与{self.rows_words([entry])}为同一机构，结果互相矛盾。",
                    f"{self.rows_words_en([other])} and {self.rows_words_en([entry])} list one institution "
                    "with results that exclude one another.",
                    table=at,
                    rows=[number],
                )

    def rows_words_all(self, entry: _Entry) -> str:
        return "、".join(f"{self.table_name(at)}第{number}行" for at, number in entry.at)

    def rows_words_en_all(self, entry: _Entry) -> str:
        return ", ".join(f"{self.table_name_en(at)} row {number}" for at, number in entry.at)

    # ---- places -----------------------------------------------------------------------------------------------

    def _find_places(self) -> None:
        """Give each claim of a part the place it speaks of, by the values that the tables print for channels."""
        printed = {entry.place for entry in self.entries if entry.place}
        forms = sorted(
            {form: place for place in sorted(printed) for form in _forms_of_place(place)}.items(),
            key=lambda item: -len(item[0]),
        )
        spans: Counter[tuple[int, int, int]] = Counter()
        for at, claim in enumerate(self.claims):
            if claim.scope is not ClaimScope.PART:
                continue
            span = (claim.paragraph, claim.start, claim.end)
            self.by_place[at] = self._place_of(claim, forms, nth=spans[span])
            spans[span] += 1

    def _place_of(self, claim: NoticeClaim, forms: Sequence[tuple[str, str]], *, nth: int) -> str | None:
        alike = sum(
            (other.paragraph, other.start, other.end) == (claim.paragraph, claim.start, claim.end)
            for other in self.claims
        )
        in_text = _places_in(claim.text, forms)
        if alike > 1 and len(in_text) >= alike:
            return in_text[nth]  # 甲市、乙市、丙市各1家: three claims of one clause
        for form, place in forms:
            if form in claim.text and re.search(
                rf"{re.escape(form)}[^\d、,，;；。]{{0,8}}{claim.count}(?!\d)", claim.text
            ):
                return place
        if len(in_text) == 1:
            return in_text[0]
        if claim.paragraph < len(self.notice.paragraphs):
            before = self.notice.paragraphs[claim.paragraph][: claim.end]
            sentence = re.split(r"[。;；]", before.rstrip("。;；"))[-1]
            if found := _places_in(sentence, forms):
                return found[-1]
        return None

    # ---- the way of counting ----------------------------------------------------------------------------------

    def _choose_way(self, kind: str | None) -> None:
        """Choose how the claims of one kind count rows that stand in two classes."""
        choices = self._choices(kind)
        # Rows that say the same count the same in every way: one of each, with their number, is enough.
        graded = [
            (claim, self._sorts(at))
            for at, claim in enumerate(self.claims)
            if claim.kind == kind
            and claim.outcome in GRADES
            and not self._within(claim, "carried")
            and not _or_better(claim)
            and self._reason_unchecked(at) is None
        ]
        worded = {choice.switch: choice.out is None or choice.out > 0 for choice in choices}
        best: tuple[int, int, dict[Switch, bool]] | None = None
        options = [
            [(taken, cost) for taken, cost in ((False, choice.out), (True, choice.in_)) if cost is not None]
            for choice in choices
        ]
        for taken in itertools.product(*options):
            way = {choice.switch: on for choice, (on, _) in zip(choices, taken, strict=True)}
            missed = sum(
                sum(n for entry, n in alike if _has_grade(entry, claim.outcome, way)) != claim.count
                for claim, alike in graded
            )
            cost = sum(cost for _, cost in taken)
            if best is None or (missed, cost) < best[:2]:
                best = (missed, cost, way)
        self.ways[kind] = best[2] if best else worded

    def _sorts(self, at: int) -> list[tuple[_Entry, int]]:
        claim = self.claims[at]
        key = (claim.kind, claim.level, self.by_place.get(at))
        if key not in self.sorts:
            self.sorts[key] = _alike(self.scope(at))
        return self.sorts[key]

    def _choices(self, kind: str | None) -> list[_Choice]:
        """Return the switches that the rows of a kind offer, with what the text makes of each way."""
        rows = self.of_kind(kind)
        claims = [claim for claim in self.claims if claim.kind == kind]
        found: list[_Choice] = []
        for status in STATUSES:
            own = [claim for claim in claims if claim.outcome == status and not claim.joins_pilot]
            within = any(self._within_grade(claim) for claim in own)
            stated = any(claim.stated_overlap for claim in own)
            separate = any(claim.relation is Relation.DISJOINT for claim in own)
            if any(status in entry.statuses and entry.grade for entry in rows):
                out, in_ = (None, 0) if within else (0, 0) if stated else (0, 1) if separate else (1, 0)
                found.append(_Choice(switch=(status, "printed"), out=out, in_=in_))
            if any(status in entry.statuses and not entry.grade for entry in rows):
                # Whoever did not take part fails by many rules; a cancelled one only where the text speaks of
                # the failing ones as it cancels.
                first = [claim for claim in own if claim.relation is Relation.DISJOINT] or own
                unsaid = 1 if status == "absent" or any(map(self._cancels_failing, first)) else None
                if self._two_sorts(kind, status):
                    taken: tuple[int | None, int | None] = (0, unsaid)
                else:
                    taken = (None, 0) if within else (0, 0) if stated else (0, unsaid)
                found.append(_Choice(switch=(status, "implied"), out=taken[0], in_=taken[1]))
        if any(entry.carried and entry.carried_grade for entry in rows):
            own = [claim for claim in claims if claim.outcome == "carried"]
            within = any(self._within_grade(claim) for claim in own)
            stated = any(claim.stated_overlap for claim in own)
            out, in_ = (None, 0) if within else (0, 0) if stated else (0, 1)
            found.append(_Choice(switch=("carried", ""), out=out, in_=in_))
        better = [claim for claim in claims if claim.outcome in _BETTER]
        if better and any(entry.grade in _BETTER for entry in rows):
            within = any(self._within(claim, "qualified") for claim in better)
            found.append(_Choice(switch=("better", ""), out=None if within else 0, in_=0 if within else 1))
        return found

    def _cancels_failing(self, claim: NoticeClaim) -> bool:
        """Whether a clause takes those that it cancels from the failing ones: 对连续两年不合格的，取消资格，共4家.

        A count between the two words ends the reach of the first: 7家不合格，1家取消资格 are two classes.
        """
        if claim.relation is not Relation.DISJOINT:
            return True
        text = claim.text
        if claim.end and claim.paragraph < len(self.notice.paragraphs):
            before = self.notice.paragraphs[claim.paragraph][: claim.end]
            text = re.split(r"[。;；]", before.rstrip("。;；"))[-1]
        cancelling = [match.start() for match in self.cancelling.finditer(text)]
        if not cancelling:
            return False
        text = text[: cancelling[-1]]
        ends = [
            text.rfind(label) + len(label)
            for label, grade in self.lexicon.items()
            if grade == "unqualified" and label in text
        ]
        return bool(ends) and not re.search(r"[\d一二三四五六七八九十百两]+[家个所]", text[max(ends) :])

    def _within(self, claim: NoticeClaim, outcome: str) -> bool:
        return (
            claim.relation is Relation.SUBSET
            and claim.within is not None
            and self.claims[claim.within].outcome == outcome
            and not _or_better(self.claims[claim.within])
        )

    def _within_grade(self, claim: NoticeClaim) -> bool:
        return any(self._within(claim, grade) for grade in GRADES)

    def way_of(self, at: int) -> dict[Switch, bool]:
        return self.ways.get(self.claims[at].kind, {})

    def worded_way(self, at: int) -> dict[Switch, bool]:
        """The way of counting as the text words it: where it allows both, the one that was taken."""
        taken = self.way_of(at)
        worded: dict[Switch, bool] = {}
        for choice in self._choices(self.claims[at].kind):
            free = choice.out == 0 and choice.in_ == 0
            worded[choice.switch] = taken[choice.switch] if free else choice.in_ == 0
        return worded

    # ---- claims against rows ----------------------------------------------------------------------------------

    def _reason_unchecked(self, at: int) -> tuple[str, str, str] | None:
        """Say why the tables cannot show what a claim counts: code, Chinese and English; None where they can."""
        claim = self.claims[at]
        rows = self.of_kind(claim.kind)
        said, said_en = (
            f"正文“{claim.text}”所称{claim.count}家，",
            f"The count {claim.count} of “{claim.text}” ",
        )
        if not rows:
            return (
                "no_table",
                said + "本通知没有列出该类机构的表，无法与名单核对。",
                said_en + "cannot be held against a list: no table of the notice lists such institutions.",
            )
        if claim.level and any(entry.level is None for entry in rows):
            return (
                "level_not_in_tables",
                said + f"名单没有逐家写明级别，无法核对“{claim.level}”的数量。",
                said_en + f"cannot be checked: the tables do not give the level ({claim.level}) of each row.",
            )
        if claim.scope is ClaimScope.PART and self.by_place.get(at) is None:
            return (
                "place_not_in_tables",
                said + "是部分地区或单位的数量，名单没有可以对应的一栏，无法核对。",
                said_en
                + "is one place's or unit's share; the tables name no place that it could be held against.",
            )
        if claim.outcome != "evaluated" and not any(entry.codes for entry in rows):
            return (
                "results_not_printed",
                said + "名单没有写明各家的结果，无法核对。",
                said_en + "cannot be checked: the tables do not print the results.",
            )
        if claim.outcome == "evaluated" or claim.count == 0:
            return None
        if claim.outcome == "other" and not self.counted(at, {}):
            return (
                "label_not_in_tables",
                said + f"名单中没有结果为“{claim.label}”的一类，无法核对。",
                said_en + f"cannot be checked: no table has a class “{claim.label}”.",
            )
        if claim.outcome != "other" and self._not_annexed(at, rows):
            return (
                "not_annexed",
                said + f"名单没有列出“{claim.label}”一类，无法核对（不等于没有）。",
                said_en
                + f"cannot be checked: the tables do not list the class “{claim.label}”; that is not zero.",
            )
        return None

    def _not_annexed(self, at: int, rows: Sequence[_Entry]) -> bool:
        """Whether no row has the outcome of a claim because the tables list chosen classes only.

        Lists are cut at an end of the scale: the passed ones are printed, or the failing ones alone. A class missing
        from the middle, or one that a gap in the serials points at, was not left out by choice.
        """
        claim = self.claims[at]
        code = claim.outcome
        if claim.relation is Relation.SUBSET and claim.within is not None:
            # A subset of rows that carry no such mark at all: the tables print the grade and not the status,
            # or who passed and not with which grade.
            marked = any(code in entry.codes for entry in rows)
            holding = self.claims[claim.within]
            only_passed = _or_better(holding) and all(entry.codes <= {holding.outcome} for entry in rows)
            return not marked and (code in STATUSES or only_passed)
        present = {entry.grade for entry in rows} | {entry.carried_grade for entry in rows if entry.carried}
        shown = set().union(*(entry.codes for entry in rows))
        if code in shown or (code in present and code in GRADES):
            return False
        if claim.joins_pilot and "pilot_cancelled" in shown:
            return False
        if code == "unqualified" and claim.count == sum(bool(e.statuses) and not e.grade for e in rows):
            return False  # the failing ones may all stand under their status: the way of counting decides
        if code not in _SCALE:
            return True
        if claim.relation is Relation.DISJOINT and any(
            at in self.gaps for entry in rows for at, _ in entry.at
        ):
            return False
        whole = [
            c.count for c in self.claims if (c.kind, c.outcome) == (claim.kind, "evaluated") and not c.level
        ]
        if code in GRADES and len(rows) in whole:
            return False
        places = [_SCALE.index(each) for each in shown if each in _SCALE]
        if not places:
            return True
        place = _SCALE.index(code)
        failing_only = min(places) >= _SCALE.index("unqualified")
        return place > max(places) or (failing_only and place < min(places))

    def _check_against_rows(self, at: int) -> None:
        claim = self.claims[at]
        if claim.outcome == "evaluated" or at in self.wrong or self._is_unnamed_part(claim):
            return
        if self._reason_unchecked(at) is not None:
            return
        rows = self.counted(at, self.way_of(at))
        if claim.relation is Relation.SUBSET and claim.within is not None:
            rows = self._inside(claim.within, rows)
        if len(rows) == claim.count:
            self.checked.add(at)
            self._explain(at, rows)
            return
        if self._counts_otherwise(at, rows):
            self.checked.add(at)
            return
        siblings = [
            other
            for other in self._of_same_key(at)
            if self.claims[other].relation in (Relation.DISJOINT, Relation.SUBSET)
            and self.claims[other].within == claim.within
        ]
        counts = [self.claims[other].count for other in siblings]
        if len(siblings) > 1 and at in siblings and sum(counts) == len(rows) and len(rows) not in counts:
            self.checked.add(at)  # two batches of one class, each counted by itself
            return
        if len(siblings) > 1 and max(counts) == len(rows) == sum(counts) - max(counts):
            self.checked.add(at)  # 不合格4家，未提交材料3家按不合格处理，不合格共7家
            return
        # Where another sentence states the number that the rows bear out, the reader should know that, too.
        right = [
            other for other in self._of_same_key(at) if other != at and self.claims[other].count == len(rows)
        ]
        again, again_en = "", ""
        if right:
            again = f"正文另一处“{self.claims[right[0]].text}”与名单一致。"
            again_en = f" Elsewhere the text agrees with the tables: “{self.claims[right[0]].text}”."
        where = self._where(rows) or self._where(self.scope(at)) or "名单"
        where_en = self._where_en(rows) or self._where_en(self.scope(at)) or "the tables"
        self.tell(
            "count_differs_from_rows",
            Severity.ERROR,
            f"正文“{claim.text}”称“{claim.label}”{claim.count}家，{where}中列为此项的有{len(rows)}家，"
            f"{_difference(claim.count, len(rows))}。{again}",
            f"“{claim.text}” states {claim.count} for “{claim.label}”; {where_en} has {len(rows)} such rows.{again_en}",
            claims=[at],
            entries=rows,
        )

    def _inside(self, whole: int, rows: Sequence[_Entry]) -> list[_Entry]:
        """Rows that the whole counts as well."""
        if self.claims[whole].outcome == "evaluated" or self._reason_unchecked(whole) is not None:
            return list(rows)
        counted = set(self.counted(whole, self.way_of(whole)))
        return [entry for entry in rows if entry in counted]

    def _where(self, rows: Sequence[_Entry]) -> str:
        tables = sorted({at for entry in rows for at, _ in entry.at[:1]})
        return "、".join(self.table_name(at) for at in tables)

    def _where_en(self, rows: Sequence[_Entry]) -> str:
        tables = sorted({at for entry in rows for at, _ in entry.at[:1]})
        return ", ".join(self.table_name_en(at) for at in tables)

    def _explain(self, at: int, rows: Sequence[_Entry]) -> None:
        """Say by which rows a count agrees, where it does not as worded; name what 含试点 takes in; check the year."""
        claim = self.claims[at]
        if claim.outcome in GRADES:
            self._explain_grade(at, rows)
        if claim.outcome == "disqualified" and claim.joins_pilot:
            pilots = [entry for entry in rows if "disqualified" not in entry.statuses]
            own = [entry for entry in rows if "disqualified" in entry.statuses]
            if pilots:
                self._tell_pilots(at, own, pilots, stated=True)
        if claim.outcome == "deferred" and claim.year:
            other = [entry for entry in rows if entry.years and claim.year not in entry.years]
            if other:
                years = "、".join(
                    str(year) for year in sorted(set().union(*(entry.years for entry in other)))
                )
                self.tell(
                    "deferred_year_differs",
                    Severity.ERROR,
                    f"正文“{claim.text}”称{claim.year}年参加评价，{self.rows_words(other)}写的是{years}年。",
                    f"“{claim.text}” defers to {claim.year}; {self.rows_words_en(other)} says {years}.",
                    claims=[at],
                    entries=other,
                )

    def _explain_grade(self, at: int, rows: Sequence[_Entry]) -> None:
        claim = self.claims[at]
        worded = self.counted(at, self.worded_way(at))
        if claim.relation is Relation.SUBSET and claim.within is not None:
            worded = self._inside(claim.within, worded)
        in_words, in_rows = set(worded), set(rows)
        extra = [entry for entry in rows if entry not in in_words]
        for code, why, why_en, belongs in _OVERLAPS:
            taken = [entry for entry in extra if belongs(entry, claim.outcome)]
            extra = [entry for entry in extra if entry not in taken]
            if taken:
                also = any(
                    other.kind == claim.kind
                    and other.outcome != claim.outcome
                    and set(self.counted(o, {})) & set(taken)
                    for o, other in enumerate(self.claims)
                    if other.outcome != "evaluated"
                )
                unsaid = f"正文未说明这{len(taken)}家已另行计数" if also else "正文未说明"
                unsaid_en = "the text does not say that these are counted elsewhere, too"
                unsaid_en = unsaid_en if also else "the text does not say so"
                self.tell(
                    code,
                    Severity.WARNING,
                    f"正文“{claim.text}”计{claim.count}家：{self._where(worded) or '名单'}中列为“{claim.label}”的"
                    f"{len(worded)}家，另计入{self.rows_words(taken)}（{why}）共{len(taken)}家；{unsaid}。",
                    f"“{claim.text}” counts {claim.count}: {len(worded)} rows printed as “{claim.label}” and "
                    f"{self.rows_words_en(taken)} ({why_en}); {unsaid_en}.",
                    claims=[at],
                    entries=taken,
                )
        left = [entry for entry in worded if entry not in in_rows]
        if left:
            self.tell(
                "left_out_of_grade",
                Severity.WARNING,
                f"正文“{claim.text}”计{claim.count}家，未计入{self.rows_words(left)}："
                f"其结果栏同时写有“{claim.label}”；正文未说明。",
                f"“{claim.text}” counts {claim.count} and leaves out {self.rows_words_en(left)}, which print "
                f"“{claim.label}” as well; the text does not say so.",
                claims=[at],
                entries=left,
            )

    def _rest_of_sentence(self, at: int) -> str:
        claim = self.claims[at]
        if claim.end and claim.paragraph < len(self.notice.paragraphs):
            return re.split(r"[。]", self.notice.paragraphs[claim.paragraph][claim.start :])[0]
        return claim.text

    def _tell_pilots(
        self, at: int, cancelled: Sequence[_Entry], pilots: Sequence[_Entry], *, stated: bool
    ) -> None:
        claim = self.claims[at]
        made_of = f"所称{claim.count}家＝取消资格{len(cancelled)}家＋取消试点培育资格{len(pilots)}家"
        made_of_en = f"{len(cancelled)} cancelled qualifications and {len(pilots)} cancelled pilots"
        end, end_en = ("，与名单一致", ", as the tables list them") if stated else (
            "；正文未说明含试点培育", "; the text does not say that pilots are in it"
        )  # fmt: skip
        self.tell(
            "deregistered_with_pilots" if stated else "pilots_counted_unsaid",
            Severity.INFO if stated else Severity.WARNING,
            f"正文“{claim.text}”{made_of}（{self.rows_words(pilots)}）{end}。",
            f"The {claim.count} of “{claim.text}” are {made_of_en} ({self.rows_words_en(pilots)}){end_en}.",
            claims=[at],
            entries=[*cancelled, *pilots] if stated else pilots,
        )

    def _counts_otherwise(self, at: int, rows: Sequence[_Entry]) -> bool:
        """Try the two other readings there are: pilots among the cancelled, and duties that end with deregistration."""
        claim = self.claims[at]
        scope = self.scope(at)
        # A part of a count with pilots (30家，其中众创空间28家) may hold pilots itself.
        of_pilots = claim.within is not None and self.claims[claim.within].joins_pilot
        part = claim.relation is Relation.SUBSET
        if claim.outcome == "disqualified" and not claim.joins_pilot and (of_pilots or not part):
            pilots = [
                e for e in scope if "pilot_cancelled" in e.statuses and "disqualified" not in e.statuses
            ]
            if pilots and claim.count == len(rows) + len(pilots):
                said = self.pilot.search(self._rest_of_sentence(at)) is not None
                self._tell_pilots(at, rows, pilots, stated=said or (part and of_pilots))
                return True
        if claim.outcome == "unqualified" and claim.relation is Relation.CROSS_REFERENCE:
            bound = [e for e in rows if not e.statuses & {"disqualified", "pilot_cancelled"}]
            return claim.count == len(bound)
        return False

    # ---- totals -----------------------------------------------------------------------------------------------

    def _check_totals(self) -> None:
        totals = [at for at, claim in enumerate(self.claims) if claim.outcome == "evaluated"]
        self.split = self._split_totals(totals)
        self._check_totals_over_kinds(totals)
        for at in totals:
            if at in self.wrong or at in self.split or self._total_against_rows(at):
                continue
            self._total_against_classes(at)

    def _split_totals(self, totals: Sequence[int]) -> frozenset[int]:
        """Totals of one kind side by side in a sentence divide it (省级12家，以及省外8家): none is of all."""
        groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
        for at in totals:
            claim = self.claims[at]
            if claim.scope is ClaimScope.ALL and claim.level is None and claim.relation is Relation.TOTAL:
                groups[claim.kind, claim.paragraph, self._sentence_of(claim)].append(at)
        found: set[int] = set()
        for (kind, *_), members in groups.items():
            counts = [self.claims[at].count for at in members]
            rows = len(self.of_kind(kind))  # type: ignore[arg-type]
            if len(set(counts)) < 2 or rows in counts or not self._side_by_side(members):
                continue
            found.update(members)
            classes = self._classes(kind)  # type: ignore[arg-type]
            if sum(counts) in (rows, sum(self.claims[c].count for c in classes)):
                self.checked.update(members)
        return frozenset(found)

    def _side_by_side(self, members: Sequence[int]) -> bool:
        """Whether nothing but a mark or 和, 以及 stands between claims."""
        claims = [self.claims[at] for at in members]
        if not 0 <= claims[0].paragraph < len(self.notice.paragraphs):
            return False
        text = self.notice.paragraphs[claims[0].paragraph]
        return all(
            re.fullmatch(r"[，、]?(?:以及|及|和|与)?", text[one.end : other.start]) is not None
            for one, other in itertools.pairwise(claims)
        )

    def _check_totals_over_kinds(self, totals: Sequence[int]) -> None:
        """Hold totals by kind against classes that are counted over all kinds: 孵化器10家、众创空间19家，优秀4家 …."""
        whole = [
            at for at in totals if self.claims[at].scope is ClaimScope.ALL and self.claims[at].level is None
        ]
        by_kind = {self.claims[at].kind: at for at in reversed(whole)}
        classes = self._classes(None)
        if None in by_kind or len(by_kind) < 2 or len(classes) < 2 or self.entries:
            return
        if any(self._classes(kind) for kind in by_kind):
            return
        count = sum(self.claims[at].count for at in by_kind.values())
        total = sum(self.claims[at].count for at in classes)
        codes = {self.claims[at].outcome for at in classes}
        if count == total or self._sum_reading(count, classes) is not None:
            self.checked.update((*by_kind.values(), *classes))
        elif total > count or (codes & _PASSING and codes & {"unqualified", "disqualified"}):
            added = "＋".join(str(self.claims[at].count) for at in classes)
            parts = "＋".join(str(self.claims[at].count) for at in sorted(by_kind.values()))
            self.tell(
                "total_differs_from_parts",
                Severity.ERROR,
                f"正文各类别参评{parts}＝{count}家，而各项结果{added}＝{total}家，{_difference(count, total)}。",
                f"The kinds add up to {count} evaluated; their results add up to {total}.",
                claims=[*sorted(by_kind.values()), *classes],
            )

    def _sentence_of(self, claim: NoticeClaim) -> int:
        """Return how many sentences of its paragraph end before a claim."""
        if not 0 <= claim.paragraph < len(self.notice.paragraphs):
            return 0
        if claim.paragraph not in self.sentence_ends:
            text = self.notice.paragraphs[claim.paragraph]
            self.sentence_ends[claim.paragraph] = [match.start() for match in re.finditer("。", text)]
        return bisect.bisect_left(self.sentence_ends[claim.paragraph], claim.start)

    def _classes(self, kind: str | None) -> list[int]:
        """Positions of the claims that divide the rows of a kind into classes, each class once."""
        found: dict[tuple[object, ...], int] = {}
        failing_pilots = any(
            claim.kind == kind and claim.outcome == "pilot_cancelled" and self._within_grade(claim)
            for claim in self.claims
        )
        for at, claim in enumerate(self.claims):
            if claim.joins_pilot and failing_pilots:
                continue  # its pilots are counted under their grade: it divides nothing
            if claim.kind != kind or claim.outcome == "evaluated" or claim.scope is ClaimScope.PART:
                continue
            if _or_better(claim) or self._is_no_class(at):
                continue
            of_total = (
                claim.relation is Relation.SUBSET
                and claim.within is not None
                and (
                    self.claims[claim.within].outcome == "evaluated" or _or_better(self.claims[claim.within])
                )
            )
            carried = claim.outcome == "carried" and claim.relation is Relation.CROSS_REFERENCE
            if claim.relation is Relation.DISJOINT or of_total or carried:
                found.setdefault(self._key(at), at)
        whole = {self.claims[at].outcome for at in found.values() if self.claims[at].level is None}
        return [
            at
            for at in found.values()
            if self.claims[at].level is None or self.claims[at].outcome not in whole
        ]

    def _is_no_class(self, at: int) -> bool:
        """Whether a label that is no grade is none of a table's either: a duty (应当整改), not a class of rows."""
        claim = self.claims[at]
        return claim.outcome == "other" and bool(self.of_kind(claim.kind)) and not self.counted(at, {})

    def _total_against_rows(self, at: int) -> bool:
        """Hold a total against the rows; False where the rows cannot decide it."""
        claim = self.claims[at]
        if self._reason_unchecked(at) is not None:
            return False
        rows = self.scope(at)
        classes = self._classes(claim.kind) if not claim.level and at not in self.by_place else []
        beyond = sum(self.claims[c].count for c in classes if self._is_not_annexed(c))
        away = {entry for entry in rows if entry.deferred or "absent" in entry.statuses}
        carried = {entry for entry in rows if entry.carried}
        cancelled = {entry for entry in rows if "disqualified" in entry.statuses and not entry.grade}
        # 合计 adds up whatever was listed before; 参评 would leave out who did not take part.
        all_stated = (
            sum(self.claims[c].count for c in classes) == claim.count
            or _ADDING.search(claim.text) is not None
        )
        # 应参加28家 takes in who stayed away, and so does a total with 其中…放弃.
        all_stated = all_stated or _DUE.search(claim.text) is not None
        all_stated = all_stated or any(
            part.within == at and part.outcome in _NOT_TAKING_PART for part in self.claims
        )
        readings: tuple[tuple[set[_Entry], int], ...] = (
            (set(), 0 if not away or all_stated else 1),
            (away, 0),
            (away | carried, 0),
            (cancelled, 1),
            (away | cancelled, 1),
            *self._without_graded_absent(classes, rows),
        )
        agreeing = [
            (cost, left)
            for left, cost in readings
            if claim.count in (len(rows) - len(left), len(rows) - len(left) + beyond)
        ]
        if agreeing:
            cost, left = min(agreeing, key=lambda each: each[0])
            self.checked.add(at)
            if cost:
                self._tell_total_reading(at, rows, left)
            return True
        if claim.count > len(rows) and not self._lists_all(rows):
            return False
        where, where_en = self._where(rows), self._where_en(rows)
        self.tell(
            "total_differs_from_rows",
            Severity.ERROR,
            f"正文“{claim.text}”称共{claim.count}家，{where}实列{len(rows)}家，{_difference(claim.count, len(rows))}。",
            f"“{claim.text}” states {claim.count} in all; {where_en} lists {len(rows)}.",
            claims=[at],
            table=rows[0].at[0][0],
        )
        return True

    def _without_graded_absent(
        self, classes: Sequence[int], rows: Sequence[_Entry]
    ) -> Iterable[tuple[set[_Entry], int]]:
        """Leave out the failing rows of those that failed by not taking part, as the text counts them."""
        absent = sum(self.claims[c].count for c in classes if self._is_graded_absent(c))
        failing = [entry for entry in rows if entry.grade == "unqualified"]
        if 0 < absent <= len(failing):
            yield set(failing[len(failing) - absent :]), 0

    def _stands_before(self, one: int, other: int) -> bool:
        first, then = self.claims[one], self.claims[other]
        return (first.paragraph, first.start) < (then.paragraph, then.start)

    def _is_graded_absent(self, at: int) -> bool:
        """Whether a claim counts those graded as failing because they did not take part: 应评未评47家，为D类."""
        claim = self.claims[at]
        return claim.outcome == "unqualified" and self.absent.search(claim.text) is not None

    def _tell_total_reading(self, at: int, rows: Sequence[_Entry], left: Collection[_Entry]) -> None:
        claim = self.claims[at]
        out = [entry for entry in rows if entry in left]
        if out:
            detail = f"＝名单{len(rows)}家，减去取消资格或未参加的{len(out)}家（{self.rows_words(out)}）"
            detail_en = f"are the {len(rows)} rows less {len(out)} cancelled or not taking part"
        else:
            out = [entry for entry in rows if entry.deferred or "absent" in entry.statuses]
            detail = f"包括本年度未参加评价的{len(out)}家（{self.rows_words(out)}）"
            detail_en = f"take in {len(out)} that did not take part ({self.rows_words_en(out)})"
        self.tell(
            "total_counts_otherwise",
            Severity.WARNING,
            f"正文“{claim.text}”所称{claim.count}家{detail}；正文未说明。",
            f"The {claim.count} of “{claim.text}” {detail_en}; the text does not say so.",
            claims=[at],
            entries=out,
        )

    def _is_not_annexed(self, at: int) -> bool:
        reason = self._reason_unchecked(at)
        return reason is not None and reason[0] == "not_annexed"

    def _lists_all(self, rows: Sequence[_Entry]) -> bool:
        """Whether rows look like everybody who took part: passing and failing ones, or names without results."""
        codes = set().union(*(entry.codes for entry in rows)) if rows else set()
        return not codes or bool(codes & _PASSING and codes & {"unqualified", "disqualified"})

    def _total_against_classes(self, at: int) -> None:
        claim = self.claims[at]
        if claim.scope is ClaimScope.PART or claim.level:
            return
        if claim.kind is None and self._total_over_kinds(at):
            return
        classes = self._classes(claim.kind)
        if claim.kind is None and not classes:
            classes = [c for kind in sorted(self.claim_kinds) for c in self._classes(kind)]
        if not classes:
            return
        if _ADDING.search(claim.text):
            # 合计 adds up what stands before it; what comes after (另有2家) is not in it.
            ahead = [c for c in classes if self._stands_before(c, at)]
            classes = ahead if len(ahead) > 1 else classes
        reading = self._sum_reading(claim.count, classes)
        total = sum(self.claims[c].count for c in classes)
        if reading is not None:
            cost, left = reading
            self.checked.update((at, *classes))
            if cost:
                words = "、".join(f"“{self.claims[c].text}”" for c in left)
                self.tell(
                    "sum_exceeds_total",
                    Severity.WARNING,
                    f"正文各项合计{total}家，多于“{claim.text}”所称{claim.count}家；{words}与其他各项重复，"
                    "不重复计数则一致，正文未说明。",
                    f"The counts add up to {total}, more than the {claim.count} of “{claim.text}”; they agree when "
                    f"{words} is counted once, which the text does not say.",
                    claims=[at, *left],
                )
            return
        codes = {self.claims[c].outcome for c in classes}
        before = all(
            self.claims[c].paragraph == claim.paragraph and self.claims[c].start < claim.start
            for c in classes
        )
        adds_up = _ADDING.match(claim.text) and before
        named = self._named_alone(claim)
        if 0 < claim.count - total <= named:
            self.checked.update((at, *classes))
            return
        whole_scale = codes & _PASSING and codes & {"unqualified", "disqualified"}
        if total < claim.count and not adds_up and (not whole_scale or self._lists_absent_elsewhere()):
            self._tell_rest(at, total)
            return
        right = all(c in self.checked for c in classes)
        added = "＋".join(str(self.claims[c].count) for c in classes)
        self.tell(
            "total_differs_from_parts",
            Severity.ERROR,
            f"正文“{claim.text}”称共{claim.count}家，而各项{added}＝{total}家，{_difference(claim.count, total)}。",
            f"“{claim.text}” states {claim.count} in all; the parts add up to {total}.",
            claims=[at] if right else [at, *classes],
        )

    def _named_alone(self, claim: NoticeClaim) -> int:
        """Return how many institutions the text gives a result to by name, outside every count."""
        return sum(each.names for each in self.named_alone if claim.outcome == "evaluated")

    def _lists_absent_elsewhere(self) -> bool:
        """Whether an annex that is not here lists those that did not take part: the text need not count them."""
        return any(self.absent.search(annex.title) for annex in self.notice.annexes if not annex.is_here)

    def _tell_rest(self, at: int, total: int) -> None:
        claim = self.claims[at]
        self.tell(
            "rest_not_stated",
            Severity.INFO,
            f"正文“{claim.text}”称共{claim.count}家，已列明各项合计{total}家，其余{claim.count - total}家的结果"
            "正文未写，无法核对。",
            f"“{claim.text}” states {claim.count} in all, the classes named add up to {total}; the results "
            f"of the other {claim.count - total} are not stated.",
            claims=[at],
        )

    def _total_over_kinds(self, at: int) -> bool:
        claim = self.claims[at]
        parts = {
            other.kind: position
            for position, other in enumerate(self.claims)
            if other.outcome == "evaluated"
            and other.kind
            and other.scope is ClaimScope.ALL
            and not other.level
        }
        if len(parts) < 2:
            return False
        self._hold_parts(at, list(parts.values()), exhaustive=True)
        return claim.count >= 0

    def _sum_reading(self, total: int, classes: Sequence[int]) -> tuple[int, list[int]] | None:
        """Find classes that a total may leave out so that the rest adds up to it; None where there are none."""
        groups: dict[str, tuple[int, list[int]]] = {}
        codes = {self.claims[c].outcome for c in classes}
        for c in classes:
            claim = self.claims[c]
            code = claim.outcome
            excused = code == "other" and re.search(r"免|缓", claim.label) is not None
            if code in _NOT_TAKING_PART or excused or self._is_graded_absent(c):
                code, cost = f"{code} absent", 0
            elif code in ("carried", "disqualified", "pilot_cancelled"):
                cost = 0 if claim.stated_overlap or self._stands_apart(c, classes) else 1
            elif code in _BETTER and "qualified" in codes:
                code, cost = "better", 1
            else:
                continue
            groups.setdefault(code, (cost, []))[1].append(c)
        best: tuple[int, list[int]] | None = None
        whole = sum(self.claims[c].count for c in classes)
        for taken in itertools.product((False, True), repeat=len(groups)):
            chosen = [group for group, on in zip(groups.values(), taken, strict=True) if on]
            left = [c for _, positions in chosen for c in positions]
            cost = sum(cost for cost, _ in chosen)
            if whole - sum(self.claims[c].count for c in left) == total and (best is None or cost < best[0]):
                best = (cost, left)
        return best

    def _stands_apart(self, at: int, classes: Sequence[int]) -> bool:
        """Whether cancelled ones are told of in a sentence of their own, after one that counts the whole scale."""
        claim = self.claims[at]
        own = (claim.paragraph, self._sentence_of(claim))
        graded = [c for c in classes if self.claims[c].outcome in GRADES]
        codes = {self.claims[c].outcome for c in graded}
        return (
            claim.outcome == "disqualified"
            and bool(codes & _PASSING)
            and "unqualified" in codes
            and all(
                (self.claims[c].paragraph, self._sentence_of(self.claims[c])) < own and c < at for c in graded
            )
        )

    # ---- parts of one class -----------------------------------------------------------------------------------

    def _check_parts(self) -> None:
        """Hold counts over all kinds, levels or places against those of each kind, level or place."""
        for at, claim in enumerate(self.claims):
            if claim.scope is ClaimScope.PART or claim.level:
                continue
            same = [
                other
                for other, part in enumerate(self.claims)
                if other != at
                and part.outcome == claim.outcome
                and (part.outcome != "other" or _same_label(part.label, claim.label))
                and part.joins_pilot == claim.joins_pilot
            ]
            own = [o for o in same if self.claims[o].kind == claim.kind]
            places = [o for o in own if self.claims[o].scope is ClaimScope.PART and self._nearest(o, at)]
            levels = [o for o in own if self.claims[o].level and self.claims[o].scope is ClaimScope.ALL]
            if len(places) > 1:
                self._hold_parts(at, places, exhaustive=False)
            self._check_division(at)
            if len({self.claims[o].level for o in levels}) == len(levels) > 1:
                listed = all(self.claims[o].relation is Relation.DISJOINT for o in levels)
                self._hold_parts(at, levels, exhaustive=listed)
            if claim.kind is None and claim.outcome != "evaluated":
                kinds = [o for o in same if self._is_part_by_kind(o)]
                if len({self.claims[o].kind for o in kinds}) == len(kinds) > 1:
                    self._hold_parts(at, kinds, exhaustive=True)

    def _check_division(self, whole: int) -> None:
        """Hold a count over kinds against its parts by kind and level together: 省级孵化器9家、国家级众创空间4家 …."""
        parts = [
            at
            for at, part in enumerate(self.claims)
            if part.within == whole
            and part.relation is Relation.SUBSET
            and part.outcome == self.claims[whole].outcome
            and part.scope is ClaimScope.ALL
        ]
        told_apart = {(self.claims[at].kind, self.claims[at].level) for at in parts}
        by_level = {self.claims[at].level for at in parts} - {None}
        by_kind = {self.claims[at].kind for at in parts}
        if not by_level or len(by_kind) < 2 or len(told_apart) != len(parts):
            return
        claim, total = self.claims[whole], sum(self.claims[at].count for at in parts)
        one_level = len(by_level) == 1 and len(by_kind) == len(parts)
        if total >= claim.count or one_level:
            self._hold_parts(whole, parts, exhaustive=True)
            return
        self.checked.update(parts)
        added = "＋".join(str(self.claims[at].count) for at in parts)
        self.tell(
            "parts_fall_short",
            Severity.WARNING,
            f"正文“{claim.text}”称{claim.count}家，按类别和级别列出的{added}＝{total}家，"
            f"其余{claim.count - total}家没有列出。",
            f"“{claim.text}” states {claim.count}; the parts by kind and level add up to {total}.",
            claims=[whole, *parts],
        )

    def _nearest(self, part: int, whole: int) -> bool:
        """Whether a place's share belongs to this count and not to a later one of the same class."""
        key = self._key(whole)
        before = [at for at in range(part) if self._key(at) == key]
        return (before[-1] if before else whole) == whole

    def _is_part_by_kind(self, at: int) -> bool:
        claim = self.claims[at]
        return claim.kind is not None and claim.scope is ClaimScope.ALL and not claim.level

    def _hold_parts(self, whole: int, parts: Sequence[int], *, exhaustive: bool) -> None:
        claim = self.claims[whole]
        total = sum(self.claims[part].count for part in parts)
        if total == claim.count:
            self.checked.update((whole, *parts))
            return
        decided = self.checked | self.wrong
        if whole in decided and all(part in decided for part in parts):
            return
        if total > claim.count or exhaustive:
            added = "＋".join(str(self.claims[part].count) for part in parts)
            self.tell(
                "parts_differ_from_whole",
                Severity.ERROR,
                f"正文“{claim.text}”称{claim.count}家，而各部分{added}＝{total}家，{_difference(claim.count, total)}。",
                f"“{claim.text}” states {claim.count}; its parts add up to {total}.",
                claims=[whole, *parts],
            )

    def _subsets_fit(self) -> None:
        for at, claim in enumerate(self.claims):
            if claim.relation is not Relation.SUBSET or claim.within is None:
                continue
            whole = self.claims[claim.within]
            if claim.count > whole.count:
                self.tell(
                    "subset_exceeds_whole",
                    Severity.ERROR,
                    f"正文“{claim.text}”称其中{claim.count}家，多于其所属的“{whole.text}”{whole.count}家。",
                    f"“{claim.text}” states {claim.count} as a part of “{whole.text}”, which is only {whole.count}.",
                    claims=[at],
                )

    # ---- said twice -------------------------------------------------------------------------------------------

    def _of_same_key(self, at: int) -> list[int]:
        """Positions of the claims that count the same thing, the claim's own among them."""
        if not self.alike:
            for each in range(len(self.claims)):
                self.alike[self._key(each)].append(each)
        return self.alike[self._key(at)]

    def _key(self, at: int) -> tuple[object, ...]:
        """What a claim counts: two claims of one key count the same thing. Asked for once the places are known."""
        if at not in self.keys:
            self.keys[at] = self._make_key(at)
        return self.keys[at]

    def _make_key(self, at: int) -> tuple[object, ...]:
        claim = self.claims[at]
        # What a part belongs to stands before it; anything else would go round in a circle.
        earlier = claim.within is not None and claim.within < at
        whole = claim.within if claim.relation is Relation.SUBSET and earlier else None
        of_class = (
            whole is not None
            and self.claims[whole].outcome not in ("evaluated", claim.outcome)
            and not _or_better(self.claims[whole])
        )
        return (
            claim.kind,
            claim.outcome,
            _or_better(claim),
            re.sub(r"(等次|等级|级|类|档)$", "", claim.label) if claim.outcome == "other" else "",
            claim.level,
            claim.scope,
            self.by_place.get(at, at if claim.scope is ClaimScope.PART else None),
            claim.joins_pilot,
            claim.year if claim.outcome == "deferred" else None,
            claim.of_kind if claim.outcome in ("carried", "deferred") else None,
            # Several classes added up (以上6家), and a part of one class that nothing else tells apart.
            claim.relation is Relation.TOTAL and claim.outcome != "evaluated",
            self._is_unnamed_part(claim),
            # A share of a class (良好 among the carried ones) is no count of the grade.
            self._key(whole)
            if whole is not None
            and of_class
            and (claim.outcome not in STATUSES or self._two_sorts(claim.kind, claim.outcome))
            else None,
        )

    def _is_unnamed_part(self, claim: NoticeClaim) -> bool:
        """Whether a claim is a part of one class of its own kind and level: some of the failing ones."""
        if claim.relation is not Relation.SUBSET or claim.within is None or claim.scope is ClaimScope.PART:
            return False
        whole = self.claims[claim.within]
        return (whole.outcome, whole.kind, whole.level) == (claim.outcome, claim.kind, claim.level)

    def _counts_by_sentence(self, members: Sequence[int]) -> list[set[int]]:
        """Return what each sentence says of one thing: its count, or several that it lists and their sum."""
        sentences: dict[tuple[int, int], list[NoticeClaim]] = defaultdict(list)
        for at in members:
            claim = self.claims[at]
            sentences[claim.paragraph, self._sentence_of(claim)].append(claim)
        found: list[set[int]] = []
        for claims in sentences.values():
            counts = [claim.count for claim in claims]
            side_by_side = {(claim.relation, claim.within) for claim in claims}
            if len(claims) > 1 and side_by_side <= {
                (relation, claims[0].within) for relation in (Relation.DISJOINT, Relation.SUBSET)
            }:
                found.append({*counts, sum(counts)})
            else:
                found += [{count} for count in counts]
        return found

    def _speak_of_places(self, members: Sequence[int]) -> bool:
        """Whether a report tells of one province's share and of the whole country: 湖北7家优秀 … 全国290家优秀.

        Only where it is no notice of an authority's own: that speaks of its own place, named or not.
        """
        if self.notice.document_number or re.search(r"(?:通知|公告|公示|通报|通告|函)$", self.notice.title):
            return False
        words = load_notice_words()
        place = re.compile(rf"{_any_of(words.provinces).pattern}|我[省市区县]|本[省市区县]")
        named: set[bool] = set()
        for at in members:
            claim = self.claims[at]
            if not 0 <= claim.paragraph < len(self.notice.paragraphs):
                return False
            text = self.notice.paragraphs[claim.paragraph][: claim.end]
            named.add(place.search(re.split(r"[。；]", text)[-1]) is not None)
        return len(named) > 1

    def _check_repeated(self) -> None:
        groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
        for at in range(len(self.claims)):
            groups[self._key(at)].append(at)
        for members in groups.values():
            counts = {self.claims[at].count for at in members}
            if len(counts) == 1 or all(at in self.checked | self.wrong for at in members):
                continue
            if self._is_unnamed_part(self.claims[members[0]]) or self.split >= set(members):
                continue
            said = self._counts_by_sentence(members)
            listed = any(len(each) > 1 for each in said)
            if (listed and set.intersection(*said)) or self._speak_of_places(members):
                continue
            first = self.claims[members[0]]
            other = next(self.claims[at] for at in members if self.claims[at].count != first.count)
            if self._differ_by_status(first, other) or self._differ_by_status(other, first):
                continue
            if first.outcome == "other" and (self._are_parts(members) or self._name_other_rows(members)):
                continue
            self.tell(
                "stated_twice_differently",
                Severity.ERROR,
                f"同一事项正文前后不一：“{first.text}”称{first.count}家，“{other.text}”称{other.count}家。",
                f"One thing is counted twice with two numbers: {first.count} in “{first.text}”, "
                f"{other.count} in “{other.text}”.",
                claims=members,
            )
        self._check_joined_pilots()

    def _name_other_rows(self, members: Sequence[int]) -> bool:
        """Whether duties name rows of their own, and what is said without rows is their sum.

        第2号1家应当整改, 第4—6号3家应当整改, 合计4家应当整改.
        """
        found = [(self.claims[at].count, _SERIALS_NAMED.search(self.claims[at].text)) for at in members]
        named = [(count, match.group()) for count, match in found if match]
        total = sum(count for count, _ in named)
        apart = len({serials for _, serials in named}) == len(named) > 0
        return apart and all(match or count == total for count, match in found)

    def _are_parts(self, members: Sequence[int]) -> bool:
        """Whether counts that no table can tell of may be shares of the first: a duty of some, later of fewer."""
        first = self.claims[members[0]]
        return all(
            self.claims[at].count == first.count
            or (self.claims[at].relation is Relation.CROSS_REFERENCE and self.claims[at].count < first.count)
            for at in members
        )

    def _differ_by_status(self, more: NoticeClaim, less: NoticeClaim) -> bool:
        """Whether a count and its repetition differ by the cancelled of the same kind, as the text counts them."""
        if Relation.CROSS_REFERENCE not in (more.relation, less.relation):
            return False
        by = {"unqualified": ("pilot_cancelled", "disqualified"), "disqualified": ("pilot_cancelled",)}
        return any(
            more.count - less.count == claim.count
            for claim in self.claims
            if claim.kind == more.kind and claim.outcome in by.get(more.outcome, ())
        )

    def _check_joined_pilots(self) -> None:
        """Where no table decides: cancelled with pilots must be the cancelled and the pilots that the text counts."""
        for at, claim in enumerate(self.claims):
            if not claim.joins_pilot or claim.outcome != "disqualified" or at in self.checked | self.wrong:
                continue
            own = {
                c.outcome: c.count
                for c in reversed(self.claims)
                if c.kind == claim.kind and not c.joins_pilot
            }
            if not {"disqualified", "pilot_cancelled"} <= own.keys():
                continue
            total = own["disqualified"] + own["pilot_cancelled"]
            if total == claim.count:
                self.checked.add(at)
                continue
            self.tell(
                "deregistered_differs",
                Severity.ERROR,
                f"正文“{claim.text}”称含试点共{claim.count}家，而取消资格{own['disqualified']}家＋取消试点培育资格"
                f"{own['pilot_cancelled']}家＝{total}家。",
                f"“{claim.text}” states {claim.count} with pilots; the text counts {own['disqualified']} cancelled and "
                f"{own['pilot_cancelled']} pilots, {total} in all.",
                claims=[at],
            )

    # ---- the whole kind ---------------------------------------------------------------------------------------

    def _check_sums(self) -> None:
        """Say where the classes of a kind add up to more than the rows that they count, and which rows count twice."""
        for kind in dict.fromkeys(claim.kind for claim in self.claims):
            classes = [
                c
                for c in self._classes(kind)
                if not self.claims[c].stated_overlap and not self.claims[c].level
            ]
            if not classes or any(c not in self.checked for c in classes):
                continue
            times: Counter[_Entry] = Counter()
            rows = self.of_kind(kind)
            for c in classes:
                times.update(self.counted(c, self.way_of(c)))
            total = sum(self.claims[c].count for c in classes)
            twice = [entry for entry in rows if times[entry] > 1]
            if not twice or total <= len(times):
                continue
            added = "＋".join(str(self.claims[c].count) for c in classes)
            self.tell(
                "sum_exceeds_rows",
                Severity.WARNING,
                f"正文各项{added}＝{total}家，{self._where(rows)}实列{len(times)}家，"
                f"多出{total - len(times)}家：{self.rows_words(twice)}在正文中计了两次。",
                f"The counts add up to {total}, the tables list {len(times)}: {self.rows_words_en(twice)} "
                f"{'is' if len(twice) == 1 else 'are'} counted twice in the text.",
                claims=classes,
                entries=twice,
            )

    def _rows_nobody_states(self) -> None:
        for kind in dict.fromkeys(entry.kind for entry in self.entries):
            claims = [
                c
                for c in self.claims
                if c.kind in (kind, None) or (self.claim_kinds == {c.kind} and kind is None)
            ]
            if not any(c.outcome != "evaluated" for c in claims):
                continue
            stated = {c.outcome for c in claims}
            by_label: dict[str, list[_Entry]] = defaultdict(list)
            for entry in self.of_kind(kind) if kind else [e for e in self.entries if e.kind is None]:
                codes = entry.codes | ({entry.carried_grade} if entry.carried_grade else set())
                if "other" in codes and not any(
                    _same_label(label, c.label) for label in entry.others for c in claims
                ):
                    codes.discard("other")
                if not codes & stated and entry.labels:
                    by_label["、".join(sorted(entry.labels))].append(entry)
            for label, entries in by_label.items():
                self.tell(
                    "rows_not_stated",
                    Severity.INFO,
                    f"{self.rows_words(entries)}结果为“{label}”，共{len(entries)}家，正文没有写出这一数量。",
                    f"{self.rows_words_en(entries)}: {len(entries)} are “{label}”; the text does not state it.",
                    entries=entries,
                )

    def _named_results(self, by_name: Mapping[str, Sequence[_Entry]]) -> set[tuple[str, str]]:
        """Hold the results that the text gives by name to institutions of the tables against their rows.

        Return the names and outcomes that differ.
        """
        printed = {_cell(table, row, NoticeColumn.NAME) for table in self.notice.tables for row in table.rows}
        told: set[tuple[str, str]] = set()
        for named in read_named_results(self.notice, printed - {""}):
            entries = by_name.get(evened(named.name), ())
            if named.outcome not in GRADES or not entries or (named.name, named.outcome) in told:
                continue
            grades = {grade for e in entries for grade in (e.grade, e.carried_grade) if grade}
            better = named.outcome == "qualified" and grades & set(_BETTER)
            if not grades or named.outcome in grades or better or any(e.statuses for e in entries):
                continue
            told.add((named.name, named.outcome))
            at = next(
                (
                    position
                    for position, claim in enumerate(self.claims)
                    if claim.paragraph == named.paragraph
                    and claim.outcome == named.outcome
                    and named.name in claim.names
                ),
                None,
            )
            self.tell(
                "named_with_other_result",
                Severity.ERROR,
                f"正文“{named.clause}”点名“{named.name}”为“{named.label}”，{self.rows_words(entries)}的结果与此不同。",
                f"The text names “{named.name}” as “{named.label}”; {self.rows_words_en(entries)} differs.",
                claims=[] if at is None else [at],
                entries=entries,
            )
        return told

    def _names_all(self, claim: NoticeClaim) -> bool:
        """Whether a clause must name all that it counts: more names than the count, or a list behind a colon."""
        return len(claim.names) > claim.count or claim.names[0] not in claim.text

    def _names_exist(self) -> None:
        """Hold the institutions that a clause names against the tables."""
        by_name: dict[str, list[_Entry]] = defaultdict(list)
        for entry in self.entries:
            for name in entry.names:
                by_name[name].append(entry)
        told = self._named_results(by_name)
        for at, claim in enumerate(self.claims):
            if not claim.names:
                continue
            if len(claim.names) != claim.count and "等" not in claim.text:
                self.tell(
                    "names_differ_from_count",
                    Severity.ERROR if self._names_all(claim) else Severity.WARNING,
                    f"正文“{claim.text}”称{claim.count}家，而点名的有{len(claim.names)}家。",
                    f"“{claim.text}” states {claim.count} and names {len(claim.names)}.",
                    claims=[at],
                )
            if not self.of_kind(claim.kind):
                continue
            for name in claim.names:
                entries = by_name.get(evened(name), [])
                if not entries:
                    self.tell(
                        "named_not_in_tables",
                        Severity.WARNING,
                        f"正文“{claim.text}”点名的“{name}”不在名单中。",
                        f"“{name}”, which the text names, is in no table.",
                        claims=[at],
                    )
                elif (
                    at in self.checked
                    and (name, claim.outcome) not in told
                    and claim.outcome in (*GRADES, *STATUSES)
                    and not set(entries) & set(self.counted(at, self.way_of(at)))
                ):
                    self.tell(
                        "named_with_other_result",
                        Severity.ERROR,
                        f"正文“{claim.text}”点名“{name}”为“{claim.label}”，{self.rows_words(entries)}的结果与此不同。",
                        f"The text names “{name}” as “{claim.label}”; {self.rows_words_en(entries)} differs.",
                        claims=[at],
                        entries=entries,
                    )

    # ---- duties -----------------------------------------------------------------------------------------------

    def _obligations(self) -> None:
        """Name who has to take part again by the text's own words: nobody who is deregistered."""
        sentence = self._sentence_on_taking_part_again()
        if sentence is None:
            return
        years = [int(year) for year in _YEAR.findall(sentence)]
        when, when_en = (f"在{years[-1]}年", f" in {years[-1]}") if years else ("", "")
        for at in range(len(self.notice.tables)):
            failing = [
                entry
                for entry in self.entries
                if entry.at[0][0] == at and "unqualified" in (entry.grade, entry.carried_grade)
            ]
            gone = [entry for entry in failing if entry.statuses & {"disqualified", "pilot_cancelled"}]
            due = [entry for entry in failing if entry not in gone]
            carried = [entry for entry in due if entry.carried]
            through = f"（其中{self.rows_words(carried)}通过其参评的类别）" if carried else ""
            through_en = (
                f" ({self.rows_words_en(carried)} by way of the kind it was judged as)" if carried else ""
            )
            if due:
                self.tell(
                    "obligation_take_part_again",
                    Severity.INFO,
                    f"按正文要求，评为不合格的须{when}再次参加评价：{self.rows_words(due)}，共{len(due)}家{through}。",
                    f"By the text, those graded unqualified take part again{when_en}: {self.rows_words_en(due)}, "
                    f"{len(due)} in all{through_en}.",
                    entries=due,
                )
            if gone:
                self.tell(
                    "obligation_ends_with_deregistration",
                    Severity.INFO,
                    f"{self.rows_words(gone)}评为不合格同时被取消资格，共{len(gone)}家，注销后不再有参评义务，"
                    "不在再次参评之列；正文未单独说明。",
                    f"{self.rows_words_en(gone)}: unqualified and cancelled, {len(gone)} in all; deregistered, they "
                    "have no duty to take part, which the text does not say by itself.",
                    entries=gone,
                )

    def _sentence_on_taking_part_again(self) -> str | None:
        failing = [
            label for label, grade in self.lexicon.items() if grade == "unqualified" and len(label) > 1
        ]
        for paragraph in self.notice.paragraphs:
            for sentence in re.split(r"[。;；]", paragraph):
                if any(label in sentence for label in failing) and _AGAIN.search(sentence):
                    return sentence
        return None

    # ---- annexes ----------------------------------------------------------------------------------------------

    def _annexes(self) -> None:
        """Name the annexes that the text lists and the file does not hold, where it holds others."""
        missing = [annex for annex in self.notice.annexes if not annex.is_here]
        if not missing:
            return
        listed = "、".join(f"附件{annex.number}《{annex.title}》" for annex in missing)
        listed_en = ", ".join(f"annex {annex.number} ({annex.title})" for annex in missing)
        some = len(missing) < len(self.notice.annexes)
        self.tell(
            "annex_missing" if some else "annexes_not_included",
            Severity.WARNING if some else Severity.INFO,
            f"正文列有{listed}，文件中没有。",
            f"The text lists {listed_en}, which the file does not hold.",
        )

    # ---- channels ---------------------------------------------------------------------------------------------

    def _channels(self) -> None:
        """Say of each value of the column 地区 what it is and why: a body that is no place tells no place."""
        for at, table in enumerate(self.notice.tables):
            channels = channels_of(self.notice, table)
            # A column that names no place at all is no column of places: nothing in it is out of the way.
            if not {channel.nature for channel in channels.values()} & _PLACES:
                continue
            printed = [(row.number, _cell(table, row, NoticeColumn.CHANNEL)) for row in table.rows]
            by_reason: dict[tuple[ChannelNature, str, str], list[str]] = defaultdict(list)
            for value, channel in channels.items():
                by_reason[channel.nature, channel.reason, channel.reason_en].append(value)
            order = list(_CHANNEL_WORDS)
            for (nature, reason, reason_en), values in sorted(
                by_reason.items(), key=lambda item: order.index(item[0][0])
            ):
                word, word_en = _CHANNEL_WORDS[nature]
                numbers = [number for number, value in printed if value in values]
                self.tell(
                    f"channel_{nature}",
                    Severity.INFO,
                    f"{self.table_name(at)}第{runs(numbers)}行该栏填“{'、'.join(values)}”，{word}（{reason}）。",
                    f"{self.table_name_en(at)} row {runs(numbers, '–', ', ')}: the channel is {', '.join(values)}, "
                    f"{word_en} ({reason_en}).",
                    table=at,
                    rows=numbers,
                )


# ---- small readings -------------------------------------------------------------------------------------------

_AGAIN = re.compile(
    r"(继续|再次|重新|仍须|仍需).{0,8}(参加|参评|接受|申报)|(次年|下一?年度?|明年).{0,8}(参加|参评|评价|考核)"
)

_ALL_GRADES = "（含各合格等次）"
"""Put behind 通过 in a notice that has grades as well: so many passed with any of them."""

_SERIALS_NAMED = re.compile(r"第[\d、，—–-]+号")
_ADDING = re.compile(r"(合计|共计|总计|总共)")
_DUE = re.compile(r"应(参|评|考|当参|接受|纳入)")
_ANOTHER_TIME = re.compile(r"(再次|重新|改期|次年|下一?年度?|明年).{0,8}(参加|参评|评价|考核|评估)")

_PLACES = frozenset({ChannelNature.LEAGUE_CITY, ChannelNature.DIRECT_CITY, ChannelNature.COUNTY})
_CHANNEL_WORDS = {
    ChannelNature.LEAGUE_CITY: ("为盟市", "a league or city"),
    ChannelNature.COUNTY: ("为旗县区或园区", "a county, district, banner or zone"),
    ChannelNature.DIRECT_CITY: ("为直接报送的市，不是盟市", "a city that reports directly"),
    ChannelNature.UNIVERSITY: (
        "为高校，是主管渠道而非所在地",
        "a university: who supervises, not where it stands",
    ),
    ChannelNature.RESEARCH_INSTITUTE: (
        "为科研院所，是主管渠道而非所在地",
        "a research institute: who supervises, not where it stands",
    ),
    ChannelNature.CLASS_OF_BODIES: (
        "为一类单位的统称，是主管渠道而非所在地",
        "a class of bodies: who supervises, not where it stands",
    ),
    ChannelNature.UNKNOWN: ("不知所指", "not known to be any of these"),
}

_OVERLAPS: tuple[tuple[str, str, str, Callable[[_Entry, str], bool]], ...] = (
    (
        "overlap_carried",
        "以另一类别的评价结果为准，结果为此等次",
        "judged by another kind's result, which is this grade",
        lambda entry, _code: entry.carried,
    ),
    (
        "overlap_absent",
        "未参加评价",
        "did not take part",
        lambda entry, _code: "absent" in entry.statuses,
    ),
    (
        "overlap_cancelled",
        "已取消资格，另成一类",
        "cancelled, a class of its own",
        lambda entry, _code: bool(entry.statuses),
    ),
    (
        "overlap_better_grade",
        "等次高于此等次",
        "of a better grade",
        lambda entry, code: entry.grade is not None and entry.grade != code,
    ),
)


def _has_grade(entry: _Entry, code: str, way: Mapping[Switch, bool]) -> bool:
    """Whether an entry counts under a grade in one way of counting."""
    if entry.grade == code:
        return all(way.get((status, "printed"), True) for status in entry.statuses)
    if entry.grade is not None:
        return code == "qualified" and entry.grade in _BETTER and way.get(("better", ""), False)
    if entry.carried:
        return entry.carried_grade == code and way.get(("carried", ""), False)
    return code == "unqualified" and any(way.get((status, "implied"), False) for status in entry.statuses)


def _or_better(claim: NoticeClaim) -> bool:
    """Whether a count takes in the better grades by its own words: 合格及以上."""
    return claim.outcome in GRADES and ("以上" in claim.label or claim.label.endswith(_ALL_GRADES))


def _alike(entries: Iterable[_Entry]) -> list[tuple[_Entry, int]]:
    """Return one entry of each sort, as far as grades are concerned, with how many there are."""
    sorts: dict[tuple[object, ...], tuple[_Entry, int]] = {}
    for entry in entries:
        key = (entry.grade, frozenset(entry.statuses), entry.carried, entry.carried_grade)
        first, n = sorts.get(key, (entry, 0))
        sorts[key] = (first, n + 1)
    return list(sorts.values())


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))


def _cell(table: NoticeTable, row: NoticeRow, column: NoticeColumn) -> str:
    cell = row.cell(table, column)
    return cell.text if cell else ""


def _forms_of_place(place: str) -> tuple[str, ...]:
    short = re.sub(r"(自治州|地区|市|盟|州|县|区|旗)$", "", place)
    return (place, short) if len(short) > 1 else (place,)


def _same_place(one: str, other: str) -> bool:
    return bool(set(_forms_of_place(evened(one))) & set(_forms_of_place(evened(other))))


def _places_in(text: str, forms: Sequence[tuple[str, str]]) -> list[str]:
    """Return the places that a text names, in its order; a longer form hides the shorter ones inside it."""
    taken = [False] * len(text)
    found: list[tuple[int, str]] = []
    for form, place in forms:
        if form not in text:
            continue
        for match in re.finditer(re.escape(form), text):
            if not any(taken[match.start() : match.end()]):
                taken[match.start() : match.end()] = [True] * len(form)
                found.append((match.start(), place))
    return [place for _, place in sorted(found)]


def _by_table(entries: Iterable[_Entry]) -> list[tuple[int, list[int]]]:
    tables: dict[int, list[int]] = defaultdict(list)
    for entry in entries:
        at, number = entry.at[0]
        tables[at].append(number)
    return [(at, sorted(numbers)) for at, numbers in sorted(tables.items())]


def _difference(stated: int, counted: int) -> str:
    return f"正文多{stated - counted}家" if stated > counted else f"正文少{counted - stated}家"


def runs(numbers: Iterable[int], dash: str = "—", comma: str = "、") -> str:
    """Return numbers as text, runs of three and more as a range: 39—43、45."""
    found: list[list[int]] = []
    for number in sorted(set(numbers)):
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    return comma.join(
        comma.join(map(str, run)) if len(run) < 3 else f"{run[0]}{dash}{run[-1]}" for run in found
    )
