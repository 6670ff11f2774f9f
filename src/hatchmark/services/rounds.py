"""Open a round from the register, with its due list, and move it from stage to stage."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, Subquery

from hatchmark.db.models import (
    Authority,
    Decision,
    Entry,
    Obligation,
    Qualification,
    Round,
    RoundKind,
    Submission,
)
from hatchmark.domain.calls import DueList
from hatchmark.domain.handing_in import Standing
from hatchmark.domain.permissions import Actor, Role, Subject
from hatchmark.domain.round_folder import RegisterChange, RegisterRow
from hatchmark.domain.scheme import Scheme
from hatchmark.domain.workflow import WITH_A_DOCUMENT, Stage, transition_from
from hatchmark.services.calls import reasons_of
from hatchmark.services.cross_checks import flag_states_of, late_flags_of, open_flags
from hatchmark.services.deadlines import deadline
from hatchmark.services.handing_in import Papers, papers_of
from hatchmark.services.ledger import record
from hatchmark.services.messages import tell_of_opening
from hatchmark.services.permissions import hold, require
from hatchmark.services.refusals import OutdatedError, UnsoundError, faulty
from hatchmark.services.register import enter_in_register
from hatchmark.services.schemes import scheme_named


@transaction.atomic
def open_round(
    *,
    authority_code: str,
    authority_name: str,
    year: int,
    past: bool,
    fictional: bool,
    vocabulary: str,
    settings: Mapping[str, Any],
    schemes: Mapping[str, str],
    register: Sequence[RegisterRow],
    changes: Sequence[RegisterChange],
    entered_at: datetime | None,
    happened_bound: str,
    actor: Actor,
    at: datetime | None,
    due: DueList | None = None,
) -> Round:
    """Call the round: enter its register rows and derive the due list, with the reason for each line.

    `schemes` maps each kind, in printed order, to its scheme ("" in a past round). `settings` holds what
    the notice quotes: dates, bases, addressees. Raises UnsoundError where last year's obligations name
    somebody whom the list of a live round leaves out; whom a past round left out is told in its ledger line.

    A folder brings the whole list as its `register`, and only its reasons are derived. With `due` the list itself
    was derived from the register; then `register` holds just the rows that are new there.
    """
    require(actor, "open_round", Subject(authority=authority_code), evaluation_round=None, at=at)
    authority, _ = Authority.objects.get_or_create(code=authority_code, defaults={"name": authority_name})
    # Held, so that of two officers who open one round the second is told instead of failing.
    Authority.objects.select_for_update().get(pk=authority.pk)
    if authority.rounds.filter(year=year).exists():
        raise faulty(
            "round_there",
            f"{authority_name} already has a round {year}; start with a fresh database to run it anew",
            year=year,
        )
    evaluation_round = Round.objects.create(
        authority=authority,
        year=year,
        past=past,
        fictional=fictional,
        stage=Stage.CALL.value,
        vocabulary=vocabulary,
        settings=dict(settings),
        entered_at=entered_at,
        happened_bound=happened_bound,
    )
    for position, (kind, scheme) in enumerate(schemes.items()):
        RoundKind.objects.create(
            round=evaluation_round,
            position=position,
            kind=kind,
            scheme=scheme,
            scheme_digest=scheme_named(scheme).digest if scheme else "",
        )
    qualifications = enter_in_register(evaluation_round, register, changes)
    left_out: list[str] = []
    if due is None:
        duties = _duties_into(evaluation_round)
        Entry.objects.bulk_create(
            _entry(evaluation_round, row, qualifications[row.key.kind, row.institution], duties)
            for row in register
        )
        left_out = _left_out(evaluation_round, duties)
        if left_out and not past:
            raise faulty(
                "obliged_left_out",
                f"earlier rounds oblige {', '.join(left_out)} to take part in {year}; list them",
                names=", ".join(left_out)[:400],
                year=year,
            )
    else:
        Entry.objects.bulk_create(_entries_of(evaluation_round, due))
    record(
        actor,
        "open_round",
        subject=f"round:{year}",
        details={
            "due": {kind: evaluation_round.entries.filter(kind=kind).count() for kind in schemes},
            "schemes": {kind.kind: kind.scheme_digest for kind in evaluation_round.kinds.all()},
            **(by_hand_in(due) if due else {}),
            # What is over cannot be mended by a longer list.
            **({"left_out": left_out} if left_out else {}),
        },
        evaluation_round=evaluation_round,
        at=at,
    )
    return evaluation_round


def _entry(
    evaluation_round: Round,
    row: RegisterRow,
    qualification: Qualification,
    duties: Mapping[tuple[str, str], list[str]],
) -> Entry:
    return Entry(
        round=evaluation_round,
        qualification=qualification,
        kind=row.key.kind,
        serial=row.key.serial,
        name=row.name,
        aliases=list(row.aliases),
        operators_printed=row.operators_printed,
        operators=list(row.operators),
        channel=row.channel,
        region=row.region or "",
        sub_type=row.sub_type or "",
        pilot=row.status == "pilot",
        due_reasons=["register", *duties.get((row.institution, row.key.kind), [])],
    )


def _entries_of(evaluation_round: Round, due: DueList) -> Iterator[Entry]:
    held = {
        (each.institution.code, each.kind): each
        for each in Qualification.objects.filter(
            institution__authority=evaluation_round.authority
        ).select_related("institution")
    }
    used: set[int] = set()
    for line in due.lines:
        qualification = held[line.institution, line.held]
        if qualification.pk in used:
            raise UnsoundError(
                f"{line.institution} stands on the list twice as {line.held}; leave one line out"
            )
        used.add(qualification.pk)
        yield Entry(
            round=evaluation_round,
            qualification=qualification,
            kind=line.key.kind,
            serial=line.key.serial,
            name=line.name,
            aliases=list(line.aliases),
            operators_printed=line.operators_printed,
            operators=list(line.operators),
            channel=line.channel,
            region=qualification.region,
            sub_type=qualification.sub_type,
            pilot=qualification.status == "pilot",
            due_reasons=reasons_of(line),
        )


def by_hand_in(due: DueList) -> dict[str, dict[str, str]]:
    """Return what an officer changed of a derived due list, each with the typed reason: for the ledger."""
    return {
        "left_out": {f"{each.kind} {each.institution}": each.reason for each in due.left_out},
        "added": {f"{line.key.kind} {line.institution}": line.added for line in due.lines if line.added},
    }


def _duties_into(evaluation_round: Round) -> dict[tuple[str, str], list[str]]:
    """Return why earlier rounds oblige whom to take part now: (institution, as kind) → reasons."""
    owed = Obligation.objects.filter(
        entry__round__authority=evaluation_round.authority, act="take_part_again", year=evaluation_round.year
    ).select_related("entry__round", "entry__qualification__institution")
    duties: dict[tuple[str, str], list[str]] = {}
    for duty in owed.order_by("pk"):
        who = (duty.entry.qualification.institution.code, duty.as_kind)
        duties.setdefault(who, []).append(f"take_part_again:{duty.entry.round.year}:{duty.entry}")
    return duties


def _left_out(evaluation_round: Round, duties: Mapping[tuple[str, str], list[str]]) -> list[str]:
    """Return whom earlier rounds oblige to take part now and this one does not list, in words."""
    listed = {
        (entry.qualification.institution.code, entry.kind)
        for entry in evaluation_round.entries.select_related("qualification__institution")
    }
    # A carried institution may owe its duty through the one that judged it, which is then on the list.
    institutions = {institution for institution, _ in listed}
    missing = sorted(who for who in duties if who not in listed and who[0] not in institutions)
    return [f"{institution} as {kind}" for institution, kind in missing]


def scheme_of(kind: RoundKind) -> Scheme:
    """Return the scheme a kind is scored by; raise UnsoundError where its file changed since the call."""
    scheme = scheme_named(kind.scheme)
    if scheme.digest != kind.scheme_digest:
        raise faulty(
            "scheme_changed",
            f"scheme {kind.scheme} is not the one the round was called with ({kind.scheme_digest[:12]}…); "
            "restore that file: a scheme in use does not change",
            scheme=kind.scheme,
        )
    return scheme


def scheme_of_entry(entry: Entry) -> Scheme:
    """Return the scheme that an entry of a live round is scored by."""
    return scheme_of(entry.round.kinds.get(kind=entry.kind))


def move_on(evaluation_round: Round, *, act: str, actor: Actor, at: datetime | None, **details: Any) -> None:
    """Take the round to its next stage and record it. The caller has asked for permission.

    Raises OutdatedError where somebody else moved the round in between.
    """
    transition = transition_from(Stage(evaluation_round.stage))
    if transition.act != act:
        raise faulty(
            "stage_moved",
            f"the round is at {evaluation_round.stage}; the act that leaves it is {transition.act}",
            stage=Stage(evaluation_round.stage),
        )
    moved = Round.objects.filter(
        pk=evaluation_round.pk, stage=evaluation_round.stage, version=evaluation_round.version
    ).update(stage=transition.target.value, version=F("version") + 1)
    if not moved:  # two officers, one button: the second must not do it again
        raise OutdatedError(f"{evaluation_round} has left the stage {evaluation_round.stage}; open it again")
    evaluation_round.refresh_from_db(fields=["stage", "version"])
    record(
        actor,
        act,
        subject=f"round:{evaluation_round.year}",
        details={"from": transition.source.value, "to": transition.target.value, **details},
        evaluation_round=evaluation_round,
        at=at,
    )


@transaction.atomic
def close_stage(*, evaluation_round: Round, actor: Actor, at: datetime) -> None:
    """End the present stage of a live round and begin the next, unless something of it is left undone.

    The stages that end with a document end by the act that issues it, and not by this one.
    """
    hold(evaluation_round)
    act = transition_from(Stage(evaluation_round.stage)).act
    subject = Subject(window_closes_at=deadline(evaluation_round, "submission_closes_at"))
    require(actor, act, subject, evaluation_round=evaluation_round, at=at)
    if act in WITH_A_DOCUMENT:
        raise faulty(
            "stage_by_document",
            f"{act} issues a document; do that act, which then closes the stage",
            stage=Stage(evaluation_round.stage),
        )
    if undone := undone_of(evaluation_round, at=at):
        raise faulty("stage_undone", f"{act}: {'; '.join(undone)}", n=len(undone))
    move_on(evaluation_round, act=act, actor=actor, at=at)
    if act == "open_submission":
        closes_at = deadline(evaluation_round, "submission_closes_at")
        tell_of_opening(evaluation_round, closes_at=closes_at, at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """One thing that a stage still waits for. `what` is its code; `text` says it in English, with its entry."""

    what: str
    text: str
    entry: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


def undone_of(evaluation_round: Round, *, at: datetime) -> list[str]:
    """Return what the present stage still waits for, in words; empty when it can be left."""
    return [each.text for each in blocking(evaluation_round, at=at)]


def blocking(
    evaluation_round: Round, *, at: datetime, papers: Sequence[Papers] | None = None
) -> list[Undone]:
    """Return what the present stage still waits for; empty when it can be left.

    `papers` are those of all its entries, where they were read already.
    """
    entries = evaluation_round.entries
    match Stage(evaluation_round.stage):
        case Stage.PRELIMINARY_REVIEW:
            if papers is None:
                papers = papers_of(evaluation_round.entries.all(), at=at, of=evaluation_round)
            return _unsettled(evaluation_round, papers) + _unruled(papers)
        case Stage.EXPERT_REVIEW:
            drafts = entries.filter(assignments__confirmed_by="", assignments__isnull=False).distinct()
            unconfirmed = [
                _undone("unconfirmed", str(entry), "has an assignment that no second official confirmed")
                for entry in drafts
            ]
            return unconfirmed or _too_few_scores(evaluation_round)
        case Stage.SPOT_CHECK:
            undrawn = [draw.kind for draw in evaluation_round.draws.order_by("kind") if not draw.chosen]
            if undrawn:
                return [
                    Undone(
                        what="undrawn",
                        text=f"the frame of {kind} is fixed and nothing was drawn from it",
                        facts={"kind": kind},
                    )
                    for kind in undrawn
                ]
            chosen = {name for draw in evaluation_round.draws.all() for name in draw.chosen}
            checked = {str(entry) for entry in entries.filter(spot_checks__isnull=False).distinct()}
            return [
                _undone("unchecked", name, "was drawn and has no finding")
                for name in sorted(chosen - checked)
            ]
        case Stage.DETERMINATION:
            open_ones = entries.annotate(
                latest=Subquery(
                    Decision.objects.filter(entry=OuterRef("pk"))
                    .order_by("-version")
                    .values("confirmed_by")[:1]
                )
            ).filter(Q(latest=None) | Q(latest=""))
            return [
                _undone("undecided", str(entry), "has no decision that two persons made")
                for entry in open_ones
            ]
        case _:
            return []


def _undone(what: str, entry: str, text: str, **facts: object) -> Undone:
    return Undone(what=what, entry=entry, text=f"{entry} {text}", facts=facts)


def _unsettled(evaluation_round: Round, listed: Sequence[Papers]) -> list[Undone]:
    """Tell whose papers somebody still has to act on. A folder is asked for no word about absences or flags."""
    found = []
    asked_about_flags = evaluation_round.entered_at is None
    states = flag_states_of(evaluation_round) if asked_about_flags else {}
    late = late_flags_of(listed, states)
    for papers in listed:
        entry = str(papers.entry)
        if n := late.get(papers.entry.pk, 0):
            text = f"is approved, and {n} flags that came up since have no explanation"
            found.append(_undone("late_flags", entry, text, n=n))
        if papers.next is None:
            continue
        if papers.standing is Standing.SUBMITTED:
            unexplained = len(open_flags(states.get(papers.entry.pk, ())))
            if unexplained:
                text = f"waits for its preliminary review, and {unexplained} of its flags have no explanation"
                found.append(_undone("unreviewed_flags", entry, text, n=unexplained))
            else:
                found.append(_undone("unreviewed", entry, "waits for its preliminary review"))
        elif evaluation_round.entered_at is not None:
            continue
        elif papers.next is Role.INSTITUTION:
            text = f"may still hand in, until {papers.closes_at:%Y-%m-%d %H:%M}"
            found.append(_undone("may_hand_in", entry, text, until=papers.closes_at))
        else:
            text = "handed in nothing, and its channel has not said why"
            found.append(_undone("absence_unexplained", entry, text))
    return found


def _unruled(listed: Sequence[Papers]) -> list[Undone]:
    return [
        _undone("deferral_unruled", str(each.entry), "has asked to be deferred, and nobody has ruled on it")
        for each in listed
        if each.asks_deferral
    ]


def _too_few_scores(evaluation_round: Round) -> list[Undone]:
    """Tell who needs another expert, while one can still be assigned: later nothing could be scored."""
    found: list[Undone] = []
    counts = Q(assignments__conflict="", assignments__sheet__isnull=False) & ~Q(assignments__confirmed_by="")
    for kind in evaluation_round.kinds.all():
        rule = scheme_of(kind).expert_rule
        if rule is None:
            continue
        judged = evaluation_round.entries.filter(
            kind=kind.kind,
            pk__in=Submission.objects.filter(entry__round=evaluation_round, state="approved").values("entry"),
        ).annotate(sheets=Count("assignments", filter=counts))
        found += [
            _undone(
                "too_few_scores",
                str(entry),
                f"has {entry.sheets} valid score sheets of {rule.minimum}; assign another expert",
                n=entry.sheets,
                least=rule.minimum,
            )
            for entry in judged.filter(sheets__lt=rule.minimum)
        ]
    return found
