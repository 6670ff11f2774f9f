"""Who is due in the next round, and why is each of them?

A line stands on the list because the register holds an active qualification, because an earlier result obliges
its bearer to take part again or as another kind, or for both. Whoever left the register or its evaluation is not
due, whatever was owed before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hatchmark.domain.notices import Annex, AnnexRow, Claim, Column, Paper, Relation
from hatchmark.domain.outcomes import EntryKey, Grade
from hatchmark.domain.papers import PaperFacts, counted, digest_line, make_paper
from hatchmark.domain.results import RoundResults
from hatchmark.domain.templates import Block, Template, Value
from hatchmark.domain.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """One qualification as the register holds it now. `active`: neither ended nor taken out of evaluation."""

    institution: str
    kind: str
    name: str
    operators_printed: str
    channel: str
    active: bool
    aliases: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A duty to take part in `year` as `as_kind`, from the entry `key` of the round `from_year`.

    `judged_by` is the institution whose result judged it (itself, where it was judged itself): a carried entry
    takes part through that one. `failed`: it owes this for a failure, not because it was deferred.
    """

    institution: str
    name: str
    key: EntryKey
    from_year: int
    year: int
    as_kind: str
    judged_by: str
    failed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DueLine:
    """One line of the due list. `registered`: the register alone would put it there; `owed`: its duties.

    `held` is the kind that the register holds it as, which a duty can differ from. `added` is why an officer put it
    there whom neither register nor duty would; empty for the others.
    """

    key: EntryKey
    institution: str
    name: str
    operators_printed: str
    channel: str
    registered: bool
    owed: tuple[Owed, ...]
    held: str = ""
    aliases: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()
    added: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A line that an officer took off the list, and why."""

    institution: str
    kind: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DueList:
    """Who is due in `year`; which qualifications of the register are not, since they left, or were left out."""

    year: int
    lines: tuple[DueLine, ...]
    left: tuple[Registered, ...]
    left_out: tuple[LeftOut, ...] = ()

    def of(self, kind: str) -> tuple[DueLine, ...]:
        """Return the lines of one kind."""
        return tuple(line for line in self.lines if line.key.kind == kind)


def due_list(
    register: Sequence[Registered], owed: Sequence[Owed], *, kinds: Sequence[str], year: int
) -> DueList:
    """Derive the due list of a year, in the order of the register; each line once, with all its reasons.

    Raises ValueError for a duty of somebody whom the register does not hold.
    """
    by_institution: dict[str, list[Registered]] = {}
    for each in register:
        by_institution.setdefault(each.institution, []).append(each)
    reasons: dict[tuple[str, str], list[Owed]] = {}
    elsewhere: set[tuple[str, str]] = set()
    for duty in owed:
        if duty.year != year:
            continue
        if duty.institution not in by_institution:
            raise ValueError(f"{duty.key} of {duty.from_year} must take part in {year} and is in no register")
        own = [each for each in by_institution[duty.institution] if each.kind == duty.key.kind]
        if not any(each.active for each in own):
            continue
        # Who takes part as another kind does not take part as its own kind too.
        if duty.as_kind != duty.key.kind:
            elsewhere.add((duty.institution, duty.key.kind))
        through = duty.judged_by if duty.judged_by in by_institution else duty.institution
        reasons.setdefault((through, duty.as_kind), []).append(duty)
    lines: list[DueLine] = []
    for kind in kinds:
        due: list[tuple[Registered, bool]] = []
        for each in register:
            active = each.active and (each.institution, kind) not in elsewhere
            if each.kind == kind and (active or (each.institution, kind) in reasons):
                due.append((each, active))
        # Whoever is to take part as a kind that it is not registered as comes after them.
        listed = {bearer.institution for bearer, _ in due}
        for institution, own in by_institution.items():
            if (institution, kind) in reasons and institution not in listed:
                due.append((next((each for each in own if each.active), own[0]), False))
        for serial, (bearer, active) in enumerate(due, start=1):
            lines.append(
                DueLine(
                    key=EntryKey(kind, serial),
                    institution=bearer.institution,
                    name=bearer.name,
                    operators_printed=bearer.operators_printed,
                    channel=bearer.channel,
                    registered=active,
                    owed=tuple(reasons.get((bearer.institution, kind), ())),
                    held=bearer.kind,
                    aliases=bearer.aliases,
                    operators=bearer.operators,
                )
            )
    return DueList(year=year, lines=tuple(lines), left=tuple(each for each in register if not each.active))


def as_chosen(due: DueList, *, left_out: Mapping[tuple[str, str], str], added: Sequence[DueLine]) -> DueList:
    """Return the list as an officer wants it: without some lines, with others behind those of their kind.

    `left_out` maps (institution, kind) to the reason. Serials are given anew. Raises ValueError where the choice
    names no line, leaves out one that an earlier result obliges, adds one that is there, or gives no reason.
    """
    there = {(line.institution, line.key.kind): line for line in due.lines}
    for who, reason in left_out.items():
        if who not in there:
            raise ValueError(f"{who[0]} as {who[1]} is not on the list; it cannot be left out")
        if there[who].owed:
            raise ValueError(
                f"an earlier result obliges {who[0]} to take part as {who[1]}; it cannot be left out"
            )
        if not reason.strip():
            raise ValueError(f"{who[0]} as {who[1]} is left out without a reason; write it")
    seen = set(there)
    for line in added:
        who = (line.institution, line.key.kind)
        if who in seen:
            raise ValueError(f"{who[0]} as {who[1]} is on the list already; it cannot be added")
        if not line.added.strip():
            raise ValueError(f"{who[0]} as {who[1]} is added without a reason; write it")
        seen.add(who)
    kept = [line for who, line in there.items() if who not in left_out]
    kinds = dict.fromkeys([line.key.kind for line in due.lines] + [line.key.kind for line in added])
    return DueList(
        year=due.year,
        lines=tuple(
            replace(line, key=EntryKey(kind, serial))
            for kind in kinds
            for serial, line in enumerate(
                (each for each in [*kept, *added] if each.key.kind == kind), start=1
            )
        ),
        left=due.left,
        left_out=tuple(
            LeftOut(institution=who[0], kind=who[1], name=there[who].name, reason=reason.strip())
            for who, reason in left_out.items()
        ),
    )


def reason_words(line: DueLine, vocabulary: Vocabulary) -> str:
    """Return why a line stands on the list, in words: 在册资格；2024年度众创空间第3号不合格，整改后再次参加."""
    words = ["在册资格"] if line.registered else []
    for duty in line.owed:
        entry = f"{duty.from_year}年度{vocabulary.kinds[duty.key.kind].short}第{duty.key.serial}号"
        # Whoever takes part through another is named on that one's line: it has none of its own.
        entry += f"（{duty.name}）" if duty.name != line.name else ""
        failed = vocabulary.grades[Grade.UNQUALIFIED]
        why = f"{failed}，整改后再次参加" if duty.failed else f"改为{duty.year}年度参加"
        manner = f"（以{vocabulary.kinds[duty.as_kind].short}）" if duty.as_kind != duty.key.kind else ""
        words.append(f"{entry}{why}{manner}")
    if line.added:
        words.append(f"补列：{line.added}")
    return "；".join(words)


def build_call(
    results: RoundResults,
    vocabulary: Vocabulary,
    facts: PaperFacts,
    template: Template,
    *,
    due: DueList,
) -> Paper:
    """Make the call of the round after `results`, with its due list as annexes. Pure.

    Raises ValueError where the due list is of another year.
    """
    if due.year != results.year + 1:
        raise ValueError(f"a due list of {due.year} is not that of the round after {results.year}")
    kinds = [kind for kind in results.kinds if due.of(kind)]
    labels = {
        kind: f"附件{number}" if len(kinds) > 1 else "附件" for number, kind in enumerate(kinds, start=1)
    }
    left: dict[str, list[EntryKey]] = {kind: [] for kind in results.kinds}
    for each in due.left:
        if each.kind in left:
            left[each.kind].append(EntryKey(each.kind, len(left[each.kind]) + 1))
    return make_paper(
        template,
        _counts(due, left, results.kinds)
        | {"list:due": tuple(_of_kind(due, kind, labels[kind], vocabulary) for kind in kinds)},
        results=results,
        vocabulary=vocabulary,
        facts=facts,
        addressees=facts.addressees,
        annexes=tuple(_annex(due, kind, labels[kind], vocabulary) for kind in kinds),
        closing=[
            digest_line(f"参评名单由名册和{results.year}年度结果数据生成。结果数据的校验值", results.digest)
        ],
    )


def _counts(
    due: DueList, left: Mapping[str, Sequence[EntryKey]], kinds: Sequence[str]
) -> dict[str, Value | Block]:
    found: dict[str, Value | Block] = {}
    for kind in (None, *kinds):
        lines = due.lines if kind is None else due.of(kind)
        gone = [key for own in left.values() for key in own] if kind is None else left[kind]
        found |= counted("due", [line.key for line in lines], kind=kind, relation=Relation.TOTAL)
        owed = [line.key for line in lines if line.owed]
        found |= counted("owed", owed, kind=kind, relation=Relation.SUBSET)
        found |= counted("left", gone, kind=kind, relation=Relation.DISJOINT)
    return found


def _of_kind(due: DueList, kind: str, label: str, vocabulary: Vocabulary) -> Value:
    words = vocabulary.kinds[kind]
    lines = due.of(kind)
    total = Claim(
        kind=kind,
        label=f"应当参加{words.procedure}",
        outcome="evaluated",
        relation=Relation.TOTAL,
        of=tuple(line.key for line in lines),
    )
    owed = tuple(line.key for line in lines if line.owed)
    if not owed:
        return (f"{words.title}{words.procedure}：列入名单", total, f"{words.unit}（{label}）。")
    part = Claim(
        kind=kind,
        label="按往年结果应当参加",
        outcome="other",
        relation=Relation.SUBSET,
        of=owed,
        within=total.label,
    )
    return (
        f"{words.title}{words.procedure}：列入名单",
        total,
        f"{words.unit}（{label}），其中按往年结果应当参加",
        part,
        f"{words.unit}。",
    )


def _annex(due: DueList, kind: str, label: str, vocabulary: Vocabulary) -> Annex:
    words = vocabulary.kinds[kind]
    return Annex(
        label=label,
        kind=kind,
        kind_title=words.title,
        title=f"{due.year}年度{words.title}{words.procedure}参评名单",
        columns=(Column.SERIAL, Column.NAME, Column.OPERATORS, Column.CHANNEL, Column.REASON),
        heads=("序号", words.name_column, "运营机构名称", vocabulary.channel_column, "列入理由"),
        rows=tuple(
            AnnexRow(
                key=line.key,
                cells=(
                    str(line.key.serial),
                    line.name,
                    line.operators_printed,
                    line.channel,
                    reason_words(line, vocabulary),
                ),
            )
            for line in due.of(kind)
        ),
    )
