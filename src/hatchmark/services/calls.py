"""下一年度的通知: who is due next year, derived from the register and from what earlier results oblige to."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Prefetch

from hatchmark.db.models import Authority, Entry, Obligation, OperatorTenure, Qualification, Round
from hatchmark.domain.calls import DueLine, DueList, LeftOut, Owed, Registered, build_call, due_list
from hatchmark.domain.notices import Paper
from hatchmark.domain.obligations import carried_chain_end
from hatchmark.domain.outcomes import Decision, EntryKey, Mode
from hatchmark.domain.register import ENDS_QUALIFICATION, RESTORES_QUALIFICATION
from hatchmark.services.results import decisions_of, key_of, published_version
from hatchmark.services.templates import facts_of, template_for
from hatchmark.services.vocabularies import vocabulary_of

DUE = "due"
"""The key of a round's settings under which it keeps what its due list was derived from."""
REGISTER = "register"
ADDED = "added:"


def due_after(evaluation_round: Round, *, kinds: Sequence[str] | None = None) -> DueList:
    """Return who is due in the year after a round, as register and obligations stand now.

    `kinds` are those of the next round, in the order of its annexes; the kinds of this round, where none are named.
    Raises UnsoundError for a round that is not published.
    """
    results = published_version(evaluation_round).results
    year = evaluation_round.year + 1
    return due_list(
        registered_after(evaluation_round),
        owed_in(evaluation_round.authority, year),
        kinds=results.kinds if kinds is None else kinds,
        year=year,
    )


def call_after(evaluation_round: Round, *, source: str | None = None) -> Paper:
    """Return the call for the year after a published round, as register and obligations stand now.

    It is a draft, and says so, until the next round is opened: `open_round` is the act, and holds its own list
    against the same obligations. `source` takes the place of the template that stands, for a preview.
    """
    return build_call(
        published_version(evaluation_round).results,
        vocabulary_of(evaluation_round),
        facts_of(evaluation_round, issued_at=None),
        template_for(evaluation_round, "call", source=source),
        due=due_after(evaluation_round),
    )


def issued_call(evaluation_round: Round) -> Paper | None:
    """Return the call by which a round was opened from the register, as it was issued; None for any other round."""
    kept = evaluation_round.settings.get(DUE)
    if not kept or kept["after"] is None:
        return None
    earlier = evaluation_round.authority.rounds.get(year=kept["after"]["year"])
    return build_call(
        published_version(earlier, kept["after"]["version"]).results,
        vocabulary_of(evaluation_round),
        facts_of(evaluation_round, issued_at=datetime.fromisoformat(kept["called_at"])),
        template_for(evaluation_round, "call"),
        due=due_of(evaluation_round),
    )


def due_of(evaluation_round: Round) -> DueList:
    """Return the due list of an opened round as it was when it was called, with the reason for each line."""
    year = evaluation_round.year
    kept = evaluation_round.settings.get(DUE)
    # As it was when the round was called: a result that is corrected later changes no list that was issued.
    duties = (
        owed_in(evaluation_round.authority, year)
        if kept is None
        else [_duty_of(each, year) for each in kept["owed"]]
    )
    owed = {reason_code(duty): duty for duty in duties}
    kept = kept or {}
    positions = {kind.kind: kind.position for kind in evaluation_round.kinds.all()}
    entries = evaluation_round.entries.select_related("qualification__institution")
    return DueList(
        year=year,
        lines=tuple(
            _line_of(entry, owed)
            for entry in sorted(entries, key=lambda each: (positions[each.kind], each.serial))
        ),
        left=tuple(
            Registered(**each, operators_printed="", channel="", active=False)
            for each in kept.get("left", ())
        ),
        left_out=tuple(LeftOut(**each) for each in kept.get("left_out", ())),
    )


def _line_of(entry: Entry, owed: Mapping[str, Owed]) -> DueLine:
    return DueLine(
        key=key_of(entry),
        institution=entry.qualification.institution.code,
        name=entry.name,
        operators_printed=entry.operators_printed,
        channel=entry.channel,
        registered=REGISTER in entry.due_reasons,
        owed=tuple(owed[reason] for reason in entry.due_reasons if reason in owed),
        held=entry.qualification.kind,
        aliases=tuple(entry.aliases),
        operators=tuple(entry.operators),
        added="；".join(
            reason.removeprefix(ADDED) for reason in entry.due_reasons if reason.startswith(ADDED)
        ),
    )


def reason_code(duty: Owed) -> str:
    """Return how an entry keeps that it is due for a duty."""
    return f"take_part_again:{duty.from_year}:{duty.key}"


def kept_duty(duty: Owed) -> dict[str, str | int | bool]:
    """Return a duty as the settings of a round keep it."""
    return {
        "institution": duty.institution,
        "name": duty.name,
        "entry": str(duty.key),
        "from_year": duty.from_year,
        "as_kind": duty.as_kind,
        "judged_by": duty.judged_by,
        "failed": duty.failed,
    }


def _duty_of(kept: Mapping[str, Any], year: int) -> Owed:
    named = {name: value for name, value in kept.items() if name != "entry"}
    return Owed(**named, key=EntryKey.parse(kept["entry"]), year=year)


def reasons_of(line: DueLine) -> list[str]:
    """Return why a line stands on the list, as its entry keeps it."""
    return [
        *([REGISTER] if line.registered else []),
        *(reason_code(duty) for duty in line.owed),
        *([f"{ADDED}{line.added}"] if line.added else []),
    ]


def registered_after(evaluation_round: Round) -> list[Registered]:
    """Return every qualification of the authority as the register holds it now, in the order of the annexes.

    A name or operator stands as the latest entry prints it, as long as it holds: one that changed since is taken
    from the register.
    """
    positions = {kind.kind: kind.position for kind in evaluation_round.kinds.all()}
    latest: dict[int, Entry] = {}
    entries = Entry.objects.filter(
        round__authority=evaluation_round.authority, round__year__lte=evaluation_round.year
    ).order_by("round__year")
    for entry in entries:
        latest[entry.qualification_id] = entry
    qualifications = (
        Qualification.objects.filter(pk__in=latest)
        .select_related("institution")
        .prefetch_related(
            "events",
            "institution__names",
            Prefetch("institution__tenures", OperatorTenure.objects.select_related("operator")),
        )
    )

    def place(qualification: Qualification) -> tuple[int, bool, int, int]:
        entry = latest[qualification.pk]
        earlier = entry.round_id != evaluation_round.pk
        return (positions.get(qualification.kind, len(positions)), earlier, entry.serial, qualification.pk)

    return [_registered(each, latest[each.pk]) for each in sorted(qualifications, key=place)]


def _registered(qualification: Qualification, entry: Entry) -> Registered:
    institution = qualification.institution
    held = [each for each in institution.names.all() if not each.until]
    name = next((each for each in held if each.name == entry.name), None)
    renamed = name is None and bool(held)
    run_by = [each.operator.name for each in institution.tenures.all() if not each.until]
    handed_over = bool(run_by) and not set(entry.operators) <= set(run_by)
    return Registered(
        institution=institution.code,
        kind=qualification.kind,
        name=held[-1].name if renamed else entry.name,
        aliases=tuple(held[-1].aliases if renamed else entry.aliases),
        operators_printed="、".join(run_by) if handed_over else entry.operators_printed,
        operators=tuple(run_by if handed_over else entry.operators),
        channel=qualification.channel,
        active=qualification.in_evaluation and not _ended(qualification),
    )


def _ended(qualification: Qualification) -> bool:
    ended = False
    for event in qualification.events.all():
        if event.event in ENDS_QUALIFICATION:
            ended = True
        elif event.event == RESTORES_QUALIFICATION:
            ended = False
    return ended


def owed_in(authority: Authority, year: int) -> list[Owed]:
    """Return who is obliged by an earlier result to take part in a year, the earliest result first."""
    duties = (
        Obligation.objects.filter(entry__round__authority=authority, act="take_part_again", year=year)
        .select_related("entry__round", "entry__qualification__institution")
        .order_by("entry__round__year", "pk")
    )
    decisions: dict[int, dict[EntryKey, Decision]] = {}
    institutions: dict[int, dict[EntryKey, str]] = {}
    found = []
    for duty in duties:
        earlier = duty.entry.round
        if earlier.pk not in decisions:
            decisions[earlier.pk] = decisions_of(earlier)
            entries = earlier.entries.select_related("qualification__institution")
            institutions[earlier.pk] = {
                key_of(entry): entry.qualification.institution.code for entry in entries
            }
        key = key_of(duty.entry)
        judge = carried_chain_end(key, decisions[earlier.pk])
        found.append(
            Owed(
                institution=institutions[earlier.pk][key],
                name=duty.entry.name,
                key=key,
                from_year=earlier.year,
                year=year,
                as_kind=duty.as_kind,
                judged_by=institutions[earlier.pk][judge],
                failed=decisions[earlier.pk][key].mode is not Mode.DEFERRED,
            )
        )
    return found
