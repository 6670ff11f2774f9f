"""Flags of a round: computed from what was handed in, never stored; what was said to them is.

A list of a thousand entries must not read a thousand rosters: what an entry alone shows is remembered by the digests of
what it was computed from, and read anew only where one of them changed. So a memory can be cold, but never wrong.
"""

from collections import OrderedDict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from threading import Lock
from typing import Generic, TypeVar

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery

from hatchmark.db.models import Entry, FlagExplanation, Round, RoundKind, StatisticsReturn, Submission
from hatchmark.domain.cross_check_rules import check_rules
from hatchmark.domain.cross_checks import (
    Claims,
    EntryPapers,
    Flag,
    claims_of,
    flags_between,
    own_flags,
    read_figures,
    read_line,
)
from hatchmark.domain.handing_in import Standing
from hatchmark.domain.permissions import Actor, Subject
from hatchmark.domain.scheme import Scheme, parse_number
from hatchmark.services.handing_in import COUNTS, Papers, latest_submission
from hatchmark.services.ledger import record
from hatchmark.services.permissions import hold, require
from hatchmark.services.refusals import OutdatedError, faulty
from hatchmark.services.schemes import scheme_named

LONGEST_EXPLANATION = 1000
_MOST_ENTRIES_REMEMBERED = 5_000
_MOST_ROUNDS_REMEMBERED = 50
_ANY_KIND = ""
"""Between entries the general rules alone are asked."""

Value = TypeVar("Value")


class _Memory(Generic[Value]):
    """What was computed, by the digests it was computed from; the oldest is forgotten first. Safe among threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> Value | None:
        with self._lock:
            return self._kept.get(key)

    def put(self, key: Hashable, value: Value) -> Value:
        with self._lock:
            self._kept[key] = value
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return value


_own = _Memory[tuple[tuple[Flag, ...], Claims]](_MOST_ENTRIES_REMEMBERED)
_between = _Memory[Mapping[str, tuple[Flag, ...]]](_MOST_ROUNDS_REMEMBERED)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagState:
    """A flag, and the last word that was said to it; None: nobody has said one."""

    flag: Flag
    word: FlagExplanation | None

    @property
    def is_open(self) -> bool:
        """Whether the preliminary review waits for a word about it."""
        return self.word is None and self.flag.needs_a_word


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """One entry of a round with what its flags are computed from."""

    entry: int
    name: str
    kind: str
    qualification: int
    operators: tuple[str, ...]
    submission: int
    digest: str
    scheme: str
    told: tuple[str, ...]
    """Digest and moment of its statistics return; empty: none was imported."""


def flags_of_round(evaluation_round: Round) -> Mapping[int, tuple[Flag, ...]]:
    """Return the flags of every entry that handed something in, by its primary key."""
    handed_in, before = _sources(evaluation_round)
    sources = [each for each in handed_in if each.scheme]
    schemes = {
        kind: scheme_named(code) for kind, code in {each.kind: each.scheme for each in sources}.items()
    }
    keys = {
        each.entry: (
            evaluation_round.year,
            schemes[each.kind].digest,
            each.name,
            each.digest,
            each.operators,
            before[each.qualification].digest if each.qualification in before else "",
            each.told,
        )
        for each in sources
    }
    missing = [each for each in sources if _own.get(keys[each.entry]) is None]
    fresh = _compute(missing, evaluation_round, schemes, before)
    own: dict[int, tuple[tuple[Flag, ...], Claims]] = {}
    for each in sources:
        known = fresh.get(each.entry) or _own.get(keys[each.entry])
        if known is None:  # forgotten between the two looks, in a round larger than the memory
            known = _compute([each], evaluation_round, schemes, before)[each.entry]
        own[each.entry] = _own.put(keys[each.entry], known)
    round_key = (evaluation_round.pk, *sorted((each.name, each.digest, each.operators) for each in sources))
    between = _between.get(round_key)
    if between is None:
        claims = [claimed for _, claimed in own.values()]
        between = _between.put(round_key, flags_between(claims, check_rules(_ANY_KIND)))
    return {each.entry: (*own[each.entry][0], *between.get(each.name, ())) for each in sources}


def _sources(evaluation_round: Round) -> tuple[Sequence[_Source], Mapping[int, _Source]]:
    """Return what counts in the round, in the order of its list, and what did a year ago, by qualification."""
    rows = (
        Submission.objects.filter(
            COUNTS,
            entry__round__authority=evaluation_round.authority_id,
            entry__round__year__in=(evaluation_round.year, evaluation_round.year - 1),
        )
        .order_by("entry__kind", "entry__serial", "version")
        .annotate(
            scheme=Subquery(
                RoundKind.objects.filter(round=OuterRef("entry__round"), kind=OuterRef("entry__kind")).values(
                    "scheme"
                )[:1]
            )
        )
        .values_list(
            "entry__round",
            "entry",
            "entry__kind",
            "entry__serial",
            "entry__qualification",
            "entry__operators",
            "entry__qualification__institution__code",
            "pk",
            "digest",
            "scheme",
            "entry__statistics_return__digest",
            "entry__statistics_return__imported_at",
        )
    )
    now, before = {}, {}
    for (
        of, entry, kind, serial, qualification, operators, institution, pk, digest, scheme, told, told_at,
    ) in rows:  # fmt: skip
        # Of several versions that count, the last.
        source = _Source(
            entry=entry,
            name=f"{kind}:{serial}",
            kind=kind,
            qualification=qualification,
            operators=(*operators, institution),
            submission=pk,
            digest=digest,
            scheme=scheme or "",
            told=(told, told_at.isoformat()) if told_at is not None else (),
        )
        if of == evaluation_round.pk:
            now[entry] = source
        else:
            before[qualification] = source
    return list(now.values()), before


def _compute(
    sources: Sequence[_Source],
    evaluation_round: Round,
    schemes: Mapping[str, Scheme],
    before: Mapping[int, _Source],
) -> dict[int, tuple[tuple[Flag, ...], Claims]]:
    if not sources:
        return {}
    wanted = [each.submission for each in sources]
    wanted += [before[each.qualification].submission for each in sources if each.qualification in before]
    papers = {
        pk: (figures, roster)
        for pk, figures, roster in Submission.objects.filter(pk__in=wanted).values_list(
            "pk", "figures", "roster"
        )
    }
    told = dict(
        StatisticsReturn.objects.filter(entry__in=[each.entry for each in sources if each.told]).values_list(
            "entry", "figures"
        )
    )
    found = {}
    for each in sources:
        figures, roster = papers[each.submission]
        last = papers.get(before[each.qualification].submission) if each.qualification in before else None
        entry_papers = EntryPapers(
            entry=each.name,
            year=evaluation_round.year - 1,
            figures=read_figures(figures),
            roster=[read_line(row) for row in roster],
            last=read_figures(last[0]) if last else None,
            statistics=_numbers(told[each.entry]) if each.entry in told else None,
        )
        rules = check_rules(each.kind)
        found[each.entry] = (
            own_flags(schemes[each.kind], rules, entry_papers),
            claims_of(entry_papers, operators=each.operators, rules=check_rules(_ANY_KIND)),
        )
    return found


def _numbers(figures: Mapping[str, str]) -> dict[str, Fraction]:
    return {code: parse_number(value) for code, value in figures.items()}


def last_year_of(entry: Entry) -> Submission | None:
    """Return what the same qualification handed in a year ago, as it counted in the end."""
    return (
        Submission.objects.filter(
            COUNTS,
            entry__qualification=entry.qualification_id,
            entry__round__authority=entry.round.authority_id,
            entry__round__year=entry.round.year - 1,
        )
        .order_by("version")
        .last()
    )


# ---- flags with what was said to them -------------------------------------------------------------------------


def flag_states_of(
    evaluation_round: Round, entries: Collection[int] | None = None
) -> Mapping[int, Sequence[FlagState]]:
    """Return the flags of entries, by primary key, with the word said to each; of the whole round without `entries`.

    A word holds for the flag it was said to, through every later version: a flag of the same key rests on the same
    facts.
    """
    flags = flags_of_round(evaluation_round)
    wanted = Q(submission__entry__round=evaluation_round)
    if entries is not None:
        flags = {entry: flags[entry] for entry in entries if entry in flags}
        wanted &= Q(submission__entry__in=list(flags))
    words = {
        (word.submission.entry_id, word.flag): word
        for word in FlagExplanation.objects.filter(wanted)
        .select_related("submission")
        .defer("submission__figures", "submission__roster", "submission__evidence")
    }
    return {
        entry: [FlagState(flag=flag, word=words.get((entry, flag.key))) for flag in each]
        for entry, each in flags.items()
    }


def flag_states(entry: Entry) -> Sequence[FlagState]:
    """Return the flags of one entry with what was said to them."""
    return flag_states_of(entry.round, [entry.pk]).get(entry.pk, [])


def open_flags(states: Iterable[FlagState]) -> list[Flag]:
    """Return the flags that still want a word."""
    return [state.flag for state in states if state.is_open]


def late_flags_of(
    papers: Iterable[Papers], states: Mapping[int, Sequence[FlagState]] | None = None
) -> Mapping[int, int]:
    """Return how many flags came up after the approval, by the primary key of each entry that has some.

    Approval waits until every flag has a word; so what has none on an approved entry was raised by what others handed
    in later, or by a statistics return. A folder is asked for no word. `states` are those of the flags of all of them,
    where they were computed already.
    """
    approved = [
        each.entry
        for each in papers
        if each.standing is Standing.APPROVED and each.entry.round.entered_at is None
    ]
    found: dict[int, int] = {}
    for evaluation_round in {entry.round_id: entry.round for entry in approved}.values():
        own = [entry.pk for entry in approved if entry.round_id == evaluation_round.pk]
        of_these = states if states is not None else flag_states_of(evaluation_round, own)
        for entry in own:
            if n := len(open_flags(of_these.get(entry, ()))):
                found[entry] = n
    return found


def check_explained(entry: Entry) -> None:
    """Raise UnsoundError where a flag of a live round has no word. A folder holds no words about flags."""
    if entry.round.entered_at is not None:
        return
    if unexplained := open_flags(flag_states(entry)):
        raise faulty(
            "flags_unexplained",
            f"{entry}: {len(unexplained)} flags have no explanation ({', '.join(flag.check for flag in unexplained)}); "
            "explain each, or return the figures",
            name=entry.name,
            n=len(unexplained),
        )


@transaction.atomic
def explain_flag(*, entry: Entry, flag: str, explanation: str, actor: Actor, at: datetime) -> FlagExplanation:
    """Say a word to a flag, by its key. The last one holds; the earlier stay on record.

    Raises OutdatedError where the papers changed and the flag is no longer raised.
    """
    hold(entry.round)
    submission = latest_submission(entry)
    states = flag_states(entry)
    subject = Subject(
        past=entry.round.past,
        institution=entry.qualification.institution.code,
        channel=entry.channel,
        approved=submission is not None and submission.state == "approved",
        # Approval waited for a word to each flag there was: one without a word came up since.
        flag_after_approval=any(state.is_open and state.flag.key == flag for state in states),
    )
    require(actor, "explain_flag", subject, evaluation_round=entry.round, at=at)
    explanation = explanation.strip()
    if not explanation:
        raise faulty("explanation_empty", f"{entry}: an explanation says something; write it")
    if len(explanation) > LONGEST_EXPLANATION:
        raise faulty(
            "explanation_long",
            f"{entry}: the explanation has {len(explanation)} signs; shorten it to {LONGEST_EXPLANATION}",
            n=len(explanation),
            most=LONGEST_EXPLANATION,
        )
    if submission is None or flag not in {state.flag.key for state in states}:
        raise OutdatedError(
            f"{entry}: this flag is no longer raised, since the papers changed; open the entry again"
        )
    word = FlagExplanation.objects.create(
        submission=submission,
        flag=flag,
        explanation=explanation,
        explained_by=actor.code,
        role=actor.role.value,
        explained_at=at,
    )
    record(
        actor,
        "explain_flag",
        subject=str(entry),
        details={"version": submission.version, "flag": flag, "explanation": explanation},
        evaluation_round=entry.round,
        at=at,
    )
    return word
