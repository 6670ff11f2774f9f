"""下一年度的通知: who is due next year, derived from the register and from what earlier results oblige to."""

from hatchmark.db.models import Entry, Obligation, Qualification, Round
from hatchmark.domain.calls import DueList, Owed, Registered, build_call, due_list
from hatchmark.domain.notices import Paper
from hatchmark.domain.obligations import carried_chain_end
from hatchmark.domain.outcomes import Decision, EntryKey, Mode
from hatchmark.domain.register import ENDS_QUALIFICATION, RESTORES_QUALIFICATION
from hatchmark.services.results import decisions_of, key_of, published_version
from hatchmark.services.templates import facts_of, template_for
from hatchmark.services.vocabularies import vocabulary_of


def due_after(evaluation_round: Round) -> DueList:
    """Return who is due in the year after a round, as register and obligations stand now.

    Raises UnsoundError for a round that is not published.
    """
    results = published_version(evaluation_round).results
    year = evaluation_round.year + 1
    return due_list(
        _register(evaluation_round), _owed(evaluation_round, year), kinds=results.kinds, year=year
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


def _register(evaluation_round: Round) -> list[Registered]:
    """Return every qualification of the authority, as its latest entry prints it, in the order of the annexes."""
    positions = {kind.kind: kind.position for kind in evaluation_round.kinds.all()}
    latest: dict[int, Entry] = {}
    entries = Entry.objects.filter(
        round__authority=evaluation_round.authority, round__year__lte=evaluation_round.year
    ).order_by("round__year")
    for entry in entries:
        latest[entry.qualification_id] = entry
    qualifications = (
        Qualification.objects.filter(pk__in=latest).select_related("institution").prefetch_related("events")
    )

    def place(qualification: Qualification) -> tuple[int, bool, int, int]:
        entry = latest[qualification.pk]
        earlier = entry.round_id != evaluation_round.pk
        return (positions.get(qualification.kind, len(positions)), earlier, entry.serial, qualification.pk)

    return [
        Registered(
            institution=each.institution.code,
            kind=each.kind,
            name=latest[each.pk].name,
            operators_printed=latest[each.pk].operators_printed,
            channel=latest[each.pk].channel,
            active=each.in_evaluation and not _ended(each),
        )
        for each in sorted(qualifications, key=place)
    ]


def _ended(qualification: Qualification) -> bool:
    ended = False
    for event in qualification.events.all():
        if event.event in ENDS_QUALIFICATION:
            ended = True
        elif event.event == RESTORES_QUALIFICATION:
            ended = False
    return ended


def _owed(evaluation_round: Round, year: int) -> list[Owed]:
    duties = (
        Obligation.objects.filter(
            entry__round__authority=evaluation_round.authority, act="take_part_again", year=year
        )
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
