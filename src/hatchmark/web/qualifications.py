"""名册: the register as of any day, searched and filtered; and one qualification with its history."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from hatchmark.db.models import Qualification
from hatchmark.documents.list_sheets import ListSheet, list_xlsx
from hatchmark.services import clock
from hatchmark.services.register import Standing, as_of
from hatchmark.web import words
from hatchmark.web.accounts import actor_for
from hatchmark.web.addresses import address_of
from hatchmark.web.pages import attachment
from hatchmark.web.paging import Asked, page_of
from hatchmark.web.register import region_title
from hatchmark.web.results import folded
from hatchmark.web.rounds import XLSX, read_day
from hatchmark.web.work import show_work

STATES = ("active", "disqualified", "pilot_cancelled")


def _kind(code: str, language: str) -> str:
    return words.text(language, f"kind_{code}") if f"kind_{code}" in words.TEXTS else code


class _Register:
    """The register as an address asks for it."""

    def __init__(self, request: HttpRequest, language: str) -> None:
        self.language = language
        self.actor = actor_for(request)
        self.asked = Asked.read(request.GET, ("q", "kind", "channel", "state", "on"))
        self.today = timezone.localtime(clock.now()).date()
        self.day = read_day(self.asked["on"]) if self.asked["on"] else self.today
        self.all = as_of(self.day or self.today, authority_code=self.actor.authority)

    def chosen(self) -> list[Standing]:
        """Return the lines that are asked for."""
        asked = self.asked
        wanted = [folded(word) for word in asked["q"].split()]
        return [
            each
            for each in self.all
            if (not asked["kind"] or each.kind == asked["kind"])
            and (not asked["channel"] or each.channel == asked["channel"])
            and (not asked["state"] or each.state == asked["state"])
            and all(
                word in folded(" ".join((*each.names, *each.operators, each.institution))) for word in wanted
            )
        ]

    def row(self, each: Standing) -> dict[str, Any]:
        """Return a line as the page shows it."""
        say = words.say
        return {
            "institution": each.institution,
            "kind": _kind(each.kind, self.language),
            "name": "、".join(each.names) or each.institution,
            "operators": "、".join(each.operators),
            "channel": each.channel,
            "region": region_title(each.region, language=self.language) if each.region else "",
            "status": say(self.language, f"status_{each.status}"),
            "state": say(self.language, f"register_{each.state}"),
            "ended": each.state != "active",
            "certain": each.certain,
            "unsure": "" if each.certain else say(self.language, "register_unsure"),
        }


@require_safe
def register(request: HttpRequest, language: str) -> HttpResponse:
    """The register of the authority as of a day."""
    found = _Register(request, language)
    keys = {
        (code, kind): pk
        for pk, code, kind in Qualification.objects.filter(
            institution__authority__code=found.actor.authority
        ).values_list("pk", "institution__code", "kind")
    }
    page = page_of(found.asked, found.chosen())
    page["rows"] = [
        found.row(each)
        | {"address": address_of(language, "qualification", keys[each.institution, each.kind])}
        for each in page["rows"]
    ]
    options = {
        "kind": [(each, _kind(each, language)) for each in dict.fromkeys(line.kind for line in found.all)],
        "channel": [(each, each) for each in sorted({line.channel for line in found.all})],
        "state": [(each, words.say(language, f"register_{each}")) for each in STATES],
    }
    day = found.day or found.today
    return show_work(
        request,
        "web/work/register.html",
        language,
        {
            "page": page,
            "asked": found.asked,
            "day": words.day(language, day),
            "on": day.isoformat(),
            "bad_day": found.day is None,
            "fields": [
                {
                    "name": name,
                    "label": words.say(language, f"column_{name}"),
                    "options": [
                        {"value": value, "label": label, "chosen": found.asked[name] == value}
                        for value, label in choices
                    ],
                }
                for name, choices in options.items()
            ],
            "xlsx": address_of(language, "register-xlsx") + found.asked.address(),
        },
        status=422 if found.day is None else 200,
    )


@require_safe
def register_xlsx(request: HttpRequest, language: str) -> HttpResponse:
    """The lines that the address asks for, all of them, as a workbook."""
    found = _Register(request, language)
    heads = (
        ("institution", 14), ("kind", 16), ("name", 36), ("operators", 36), ("channel", 18), ("region", 14),
        ("status", 12), ("state", 20), ("unsure", 20),
    )  # fmt: skip
    day = found.day or found.today
    content = ListSheet(
        title=words.say(language, "register_title", day=words.day(language, day)),
        notes=(),
        heads=tuple((words.say(language, f"column_{name}"), width) for name, width in heads),
        rows=tuple([str(found.row(each)[name]) for name, _ in heads] for each in found.chosen()),
    )
    return attachment(list_xlsx(content), XLSX, f"{found.actor.authority}-register-{day:%Y%m%d}.xlsx")


@require_safe
def qualification(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """One qualification: names and operators with their time and source, what ended it, its years, its requests."""
    found = get_object_or_404(
        Qualification.objects.select_related("institution__authority"),
        pk=pk,
        institution__authority__code=actor_for(request).authority,
    )
    institution = found.institution
    names = list(institution.names.all())
    return show_work(
        request,
        "web/work/qualification.html",
        language,
        {
            "title": names[-1].name if names else institution.code,
            "found": found,
            "kind": _kind(found.kind, language),
            "status": words.say(language, f"status_{found.status}"),
            "level": words.text(language, f"level_{found.level}")
            if f"level_{found.level}" in words.TEXTS
            else found.level,
            "region": region_title(found.region, language=language) if found.region else "",
            "names": [_period(each, each.name, language) for each in names],
            "operators": [
                _period(each, each.operator.name, language)
                for each in institution.tenures.select_related("operator")
            ],
            "notes": list(institution.register_notes.all()),
            "events": [
                {
                    "what": words.text(language, f"register_{each.event}")
                    if f"register_{each.event}" in words.TEXTS
                    else each.event,
                    "at": words.day(language, timezone.localtime(each.happened_at))
                    if each.happened_at
                    else each.happened_bound,
                    "reason": each.reason,
                }
                for each in found.events.all()
            ],
            "switches": [
                {"label": words.text(language, f"system_{name}"), "on": getattr(found, f"in_{name}")}
                for name in ("management", "evaluation", "statistics")
            ],
            "years": [
                {
                    "year": each.round.year,
                    "name": each.name,
                    "serial": each.serial,
                    "kind": _kind(each.kind, language),
                }
                for each in found.entries.select_related("round").order_by("-round__year")
            ],
            "requests": [
                {
                    "what": words.say(language, f"request_{each.what}"),
                    "ruling": words.say(language, f"ruling_{each.ruling or 'open'}"),
                    "address": address_of(language, "ruling", each.pk),
                    "effective": each.effective,
                }
                for each in found.requests.all()
            ],
        },
    )


def _period(each: Any, value: str, language: str) -> dict[str, str]:
    return {
        "value": value,
        "since": each.since or words.text(language, "period_start_unknown"),
        "until": each.until or words.text(language, "period_open"),
        "source": each.source,
    }
