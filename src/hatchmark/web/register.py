"""The page of one institution: what the register holds of it, and what each published round said."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from hatchmark.domain.regions import load_regions
from hatchmark.domain.vocabulary import Vocabulary
from hatchmark.services import public
from hatchmark.web import words, working
from hatchmark.web.addresses import address_of
from hatchmark.web.results import class_of
from hatchmark.web.rows import anchor, cell_in_english, kind_title

SWITCHES = ("management", "evaluation", "statistics")


def page_of(found: public.InstitutionView, *, language: str) -> dict[str, Any]:
    """Return what the page shows. Every year speaks the words of its own round."""
    years = {item.year: public.published_results(found.authority_code, item.year) for item in found.history}
    vocabularies = {year: vocabulary for year, (_round, _results, vocabulary) in years.items()}
    latest = vocabularies[max(vocabularies)]
    current = found.names[-1]
    return {
        "institution": found,
        "title": found.name,
        "aliases": current.aliases,
        "earlier_names": [_period(each, language) for each in found.names[:-1]],
        "operators": [_period(each, language) for each in found.operators],
        "channel_word": words.say(language, "channel_filter", word=latest.channel_word),
        "region": region_title(found.region, language=language),
        "past": all(item.past for item in found.history),
        "qualifications": [_qualification(each, found, latest, language) for each in found.qualifications],
        "history": [
            _history(item, found, vocabularies[item.year], language=language) for item in found.history
        ],
        "scored": any(item.score for item in found.history),
        "workings": [
            {
                **_card(item, found, language=language),
                "title": words.say(
                    language,
                    "working_of",
                    year=item.year,
                    kind=kind_title(item.key.kind, language=language, vocabulary=vocabularies[item.year]),
                ),
                # The name that links to the working had when it stood here in full.
                "anchor": f"working-{item.year}-{item.key.kind}",
                "address": scorecard_address(item, found, language=language),
            }
            for item in found.history
            if item.working
        ],
    }


def scorecard_address(item: public.HistoryItem, found: public.InstitutionView, *, language: str) -> str:
    """Return the address of the page that shows how a score came about."""
    return address_of(language, "scorecard", found.authority_code, found.code, item.year, item.key.kind)


def _card(item: public.HistoryItem, found: public.InstitutionView, *, language: str) -> dict[str, Any]:
    """Return the working of one line of the history; of a line without one, nothing."""
    if item.working is None:
        return {}
    return working.view_of(
        item.working,
        language=language,
        english=public.scheme_note(item.working["scheme"]["code"]).english,
        submission=item.submission,
    )


def scorecard_of(
    found: public.InstitutionView, *, year: int, kind: str, language: str
) -> dict[str, Any] | None:
    """Return the page of one score; None where that year and kind show no working."""
    item = next((each for each in found.history if each.year == year and each.key.kind == kind), None)
    if item is None or item.working is None:
        return None
    vocabulary = public.published_results(found.authority_code, year)[2]
    return {
        "institution": found,
        "title": item.name,
        "card": _card(item, found, language=language),
        "item": _history(item, found, vocabulary, language=language),
        "institution_address": address_of(language, "institution", found.authority_code, found.code),
        "heading": words.say(
            language,
            "working_of",
            year=year,
            kind=kind_title(kind, language=language, vocabulary=vocabulary),
        ),
        "what_if": address_of(language, "what-if", found.authority_code, year, kind),
    }


def region_title(code: str | None, *, language: str) -> str:
    """Return the league or city that a place lies in; the code itself where the table does not hold it."""
    if not code:
        return ""
    try:
        tile = load_regions().region_of(code)
    except LookupError:
        return code
    return tile.title if language == "zh" else tile.title_en


def bound(text: str, language: str) -> str:
    """Say in the page's language what is known of a moment that nobody recorded."""
    if match := re.fullmatch(r"([0-9]{4}) or later", text):
        return words.say(language, "bound_or_later", year=match[1])
    return text


def partial_date(text: str, language: str) -> str:
    """Write a date of which perhaps only the year or the month is known."""
    parts = [int(part) for part in text.split("-")] if re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", text) else []
    if not parts:
        return text
    if len(parts) == 3:
        return words.written(language, *parts)
    month = parts[-1]
    return words.say(
        language, f"date_{len(parts)}", year=parts[0], month=month, month_name=words.month_name(month)
    )


def _period(each: public.NamePeriod, language: str) -> dict[str, Any]:
    since, until = partial_date(each.since, language), partial_date(each.until, language)
    if since and until:
        when = words.say(language, "from_to", since=since, until=until)
    elif since:
        when = words.say(language, "from", since=since)
    elif until:
        when = words.say(language, "to", until=until)
    else:
        when = ""
    return {"name": each.name, "aliases": each.aliases, "when": when, "source": each.source}


def _coded(prefix: str, code: str, language: str) -> str:
    key = f"{prefix}_{code}"
    return words.say(language, key) if key in words.TEXTS else code


def _switch(*, on: bool, ended: bool, known: bool) -> str:
    if not on:
        return "switch_off"
    # A cancelled one should have left; where nobody recorded it, that is all that is known.
    if ended:
        return "switch_due"
    return "switch_on" if known else "switch_not_stated"


def _qualification(
    each: public.QualificationView, found: public.InstitutionView, vocabulary: Vocabulary, language: str
) -> dict[str, Any]:
    facts = [
        _coded("status", each.status, language),
        *([_coded("level", each.level, language)] if each.level else []),
        *([_coded("sub_type", each.sub_type, language)] if each.sub_type else []),
    ]
    ended = ""
    if each.ended_by:
        ended = words.say(language, f"ended_{each.ended_by}", cancel=vocabulary.cancel_verb)
        if each.ended_at:
            ended += words.say(
                language, "ended_on", day=words.day(language, timezone.localtime(each.ended_at).date())
            )
        elif each.ended_bound:
            ended += words.say(language, "ended_bound", bound=bound(each.ended_bound, language))
    kinds = vocabulary.kinds
    return {
        "kind": kind_title(each.kind, language=language, vocabulary=vocabulary)
        if each.kind in kinds
        else each.kind,
        "facts": words.say(language, "facts_joint").join(facts),
        "ended": ended,
        "switches": [
            {
                "label": words.say(language, f"system_{name}"),
                "on": (on := bool(getattr(each, f"in_{name}"))),
                "state": words.say(language, _switch(on=on, ended=bool(ended), known=found.systems_known)),
            }
            for name in SWITCHES
        ],
    }


def _history(
    item: public.HistoryItem, found: public.InstitutionView, vocabulary: Vocabulary, *, language: str
) -> dict[str, Any]:
    round_address = address_of(language, "round", found.authority_code, item.year)
    return {
        "year": words.say(language, "year_of", year=item.year),
        "round": f"{round_address}#{anchor(item.key)}",
        "kind": kind_title(item.key.kind, language=language, vocabulary=vocabulary),
        "serial": item.key.serial,
        "name": item.name if item.name != found.name else "",
        "result": class_of(item).value,
        "label": item.face_text if language == "zh" else cell_in_english(item),
        "printed": "" if language == "zh" else item.face_text,
        "source": f"{round_address}#{anchor(item.carried_from)}" if item.carried_from else "",
        "score": item.score or "",
        "working": scorecard_address(item, found, language=language) if item.working else "",
        "obligations": [_obligation(each, vocabulary, language=language) for each in item.obligations],
    }


def _obligation(
    each: tuple[str, int | None, str | None, str, bool], vocabulary: Vocabulary, *, language: str
) -> Mapping[str, Any]:
    act, year, as_kind, note, done = each
    kind = ""
    if as_kind and as_kind in vocabulary.kinds:
        kind = kind_title(as_kind, language=language, vocabulary=vocabulary)
    return {
        "text": words.say(language, f"duty_{act}", year=year or "", kind=kind),
        "note": note,
        "state": words.say(language, "duty_done") if done else "",
    }
