"""What is the object of a line of the ledger, in words?

The ledger keeps codes, which never change their meaning: `incubator:3` of a round, `account:dep-1`. A page says whom or
what they name; where a name can be looked up, it stands beside.
"""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_

from django.db.models import Q

from hatchmark.db.models import Entry, InstitutionName, LedgerEntry
from hatchmark.domain.permissions import Role
from hatchmark.web import words
from hatchmark.web.submissions import kind_title

NUMBERED = ("invitation", "token", "message")
MOST_ENTRIES = 50
"""A search by the name of an institution looks for so many entries; whoever means one types more of its name."""

_IDENTITY = " identity "


def objects_of(language: str, lines: Sequence[LedgerEntry]) -> dict[int, str]:
    """Return the object of each line in words, by its number in the chain."""
    entries = _entry_names(lines)
    institutions = _institution_names(lines)
    return {line.sequence: _object(language, line, entries, institutions) for line in lines}


def _object(
    language: str,
    line: LedgerEntry,
    entries: Mapping[tuple[int | None, str], str],
    institutions: Mapping[str, str],
) -> str:
    sort, _, rest = line.subject.partition(":")
    if _IDENTITY in line.subject:
        return words.say(language, "ledger_object_identity")
    if sort == "account":
        return words.say(language, "ledger_object_account", code=rest)
    if sort in NUMBERED:
        return words.say(language, f"ledger_object_{sort}", n=rest)
    if sort == "administrator":
        role, _, name = rest.partition(":")
        title = words.say(language, f"role_{role}") if role in set(Role) else role
        return words.say(language, "ledger_object_administrator", role=title, name=name)
    if sort == "round":
        return words.say(language, "ledger_object_round", year=rest)
    if sort == "kind":
        return words.say(language, "ledger_object_kind", kind=kind_title(language, rest))
    if sort == "own-scheme":
        return words.say(language, "ledger_object_own_scheme", code=rest)
    if sort == "scheme":
        _, year, kind = [*rest.split(":"), "", ""][:3]
        return words.say(language, "ledger_object_scheme", year=year, kind=kind_title(language, kind))
    if sort == "institution":
        return words.say(language, "ledger_object_institution", name=institutions.get(rest, rest))
    name = entries.get((line.round_id, line.subject), "")
    if line.round is None or not name:
        return line.subject
    return words.say(
        language,
        "ledger_object_entry",
        year=line.round.year,
        kind=kind_title(language, sort),
        serial=rest,
        name=name,
    )


def _entry_names(lines: Sequence[LedgerEntry]) -> dict[tuple[int | None, str], str]:
    rounds = {line.round_id for line in lines if line.round_id is not None}
    serials = {int(rest) for line in lines if (rest := line.subject.rpartition(":")[2]).isdecimal()}
    found = Entry.objects.filter(round__in=rounds, serial__in=serials) if rounds and serials else []
    return {(entry.round_id, str(entry)): entry.name for entry in found}


def _institution_names(lines: Sequence[LedgerEntry]) -> dict[str, str]:
    codes = {line.subject.partition(":")[2] for line in lines if line.subject.startswith("institution:")}
    if not codes:
        return {}
    found: dict[str, set[str]] = {}
    for name in InstitutionName.objects.filter(institution__code__in=codes, until="").select_related(
        "institution"
    ):
        found.setdefault(name.institution.code, set()).add(name.name)
    # Two authorities may use one code: then the line does not say whom it names.
    return {code: names.pop() for code, names in found.items() if len(names) == 1}


def lines_about(language: str, query: str) -> Q:
    """Return the lines that a search means: by the code that they keep, or by the words that the page shows."""
    acts = [
        key.removeprefix("act_")
        for key, text in words.TEXTS.items()
        if key.startswith("act_") and query.lower() in (text.zh if language == "zh" else text.en).lower()
    ]
    named = Entry.objects.filter(name__icontains=query)[:MOST_ENTRIES]
    about = [Q(round=entry.round_id, subject=str(entry)) for entry in named]
    kept = Q(act__icontains=query) | Q(actor__icontains=query) | Q(subject__icontains=query)
    return reduce(or_, about, kept | Q(act__in=acts))
