"""启动年度评价: settings first, then the whole due list with its reasons, and only then the act.

What was typed travels in the form itself: the pages work without JavaScript, and nothing is stored before the act.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_http_methods

from hatchmark.domain.deadlines import calendar_years
from hatchmark.domain.notices import Basis
from hatchmark.domain.openings import DEADLINES, NEEDED, moment_of
from hatchmark.domain.problems import Problem
from hatchmark.domain.round_folder import ChannelType
from hatchmark.domain.scheme import Status
from hatchmark.domain.vocabulary import Vocabulary, load_vocabulary, vocabulary_codes
from hatchmark.services import clock, openings
from hatchmark.services.openings import MOST_ADDED, Addition, Ground, Opening, Preview
from hatchmark.services.refusals import FaultyError, RefusedError
from hatchmark.web import words
from hatchmark.web.accounts import actor_for
from hatchmark.web.addresses import address_of
from hatchmark.web.problems import Fault, faults_of, refusal
from hatchmark.web.rounds import days_left, read_day, reasons_in
from hatchmark.web.rows import kind_title
from hatchmark.web.typed import number, typed
from hatchmark.web.work import back, show_work, tell

ADDED_FIELDS = (
    "kind", "institution", "name", "operators", "channel", "channel_type", "region", "level", "status", "sub_type",
    "recognised_in", "reason",
)  # fmt: skip
DEFAULT_WORKING_DAYS = 5
OFFERED_SUB_TYPES = ("comprehensive", "professional")
OFFERED_LEVELS = ("regional", "national")


@require_http_methods(["GET", "HEAD", "POST"])
def open_round(request: HttpRequest, language: str) -> HttpResponse:
    """Lead through the opening of the next round."""
    actor, now = actor_for(request), clock.now()
    try:
        ground = openings.ground_for(actor, at=now)
    except FaultyError as error:
        return show_work(
            request, "web/work/open_refused.html", language, {"why": refusal(language, error)}, status=409
        )
    form = _Form(request.POST if request.method == "POST" else _first(ground), ground, now)
    if request.method != "POST" or form.wants("edit"):
        return _settings_page(request, language, form, [])
    shown = openings.preview(ground, form.opening, at=now)
    titles = _titles(ground, form.opening, language)
    frame = [*form.problems, *(each for each in shown.problems if _is_frame(each))]
    if frame:
        return _settings_page(request, language, form, faults_of(language, frame, kinds=titles))
    # Asked for with the button of the last step alone; any other button only shows the list anew.
    kind, _, institution = form.text("leave").partition(" ")
    faults = [
        fault
        for fault in faults_of(language, shown.problems, kinds=titles)
        # Who has just been taken off gets its reason now: that is no mistake yet.
        if not institution or fault.about != f"out_{kind}_{institution}"
    ]
    if form.wants("open"):
        if form.text("typed") != str(ground.year):
            faults = [
                *faults,
                Fault(about="typed", text=words.say(language, "typed_wrong", year=ground.year)),
            ]
        if not faults:
            try:
                opened = openings.open_from_register(
                    form.opening, seen=form.text("seen"), actor=actor, at=now
                )
            except RefusedError as error:
                faults = [Fault(about="", text=refusal(language, error, kinds=titles))]
            else:
                tell(request, words.say(language, "opened", year=opened.year, n=opened.entries.count()))
                return back(request, language, "board", opened.pk)
    return _preview_page(request, language, form, shown, faults)


def _is_frame(problem: Problem) -> bool:
    return not problem.about.startswith(("out_", "add_")) and problem.code not in ("nobody_due", "sub_type")


def _first(ground: Ground) -> QueryDict:
    """Return the form as it is at first: what the round before said, as far as it can be said again.

    What no round said before is chosen by a person, however few there are to choose from.
    """
    data = QueryDict(mutable=True)
    previous = ground.previous
    settings = previous.settings if previous is not None else {}
    data["vocabulary"] = previous.vocabulary if previous is not None else ""
    data["notice_days"] = str(settings.get("public_notice_working_days") or DEFAULT_WORKING_DAYS)
    data["addressees"] = "\n".join(settings.get("addressees", ()))
    data["bases"] = "\n".join(
        f"{basis['title']} | {basis['number']}" if basis["number"] else basis["title"]
        for basis in settings.get("bases", ())
    )
    for kind, code in _schemes_before(ground).items():
        data[f"scheme_{kind}"] = code
    return data


def _schemes_before(ground: Ground) -> dict[str, str]:
    """Return by what each kind was scored a round ago, where that can be used again."""
    before = ground.previous.kinds.all() if ground.previous is not None else ()
    return {
        each.kind: each.scheme
        for each in before
        if each.scheme in {scheme.code for scheme in ground.schemes.get(each.kind, ())}
    }


def _scheme_note(language: str, ground: Ground, kind: str, chosen: str) -> str:
    """Say why a scheme is chosen already, or that there is no other: nobody need wonder."""
    if ground.previous is not None and chosen and chosen == _schemes_before(ground).get(kind):
        return words.say(language, "scheme_as_before", year=ground.previous.year)
    if len(ground.schemes[kind]) == 1:
        return words.text(language, "scheme_only_one")
    return ""


class _Form:
    """What was typed, and the opening that it asks for."""

    def __init__(self, data: QueryDict, ground: Ground, now: datetime) -> None:
        self.data = data
        self.ground = ground
        self.now = now
        self.problems: list[Problem] = []
        self.opening = self._opening()

    def text(self, name: str) -> str:
        return typed(self.data, name).strip()

    def wants(self, what: str) -> bool:
        return self.text("do") == what

    def lines(self, name: str) -> tuple[str, ...]:
        return tuple(line.strip() for line in self.text(name).splitlines() if line.strip())

    def _opening(self) -> Opening:
        return Opening(
            year=self.ground.year,
            vocabulary=self.text("vocabulary"),
            schemes={kind: code for kind in self.ground.kinds if (code := self.text(f"scheme_{kind}"))},
            deadlines=self._deadlines(),
            public_notice_working_days=number(self.text("notice_days")) or 0,
            addressees=self.lines("addressees"),
            bases=tuple(_basis(line) for line in self.lines("bases")),
            left_out=self._left_out(),
            added=self._added(),
        )

    def _deadlines(self) -> dict[str, datetime]:
        found = {}
        for name in DEADLINES:
            text = self.text(name)
            if not text:
                continue
            day = read_day(text)
            if day is None:
                self.problems.append(
                    Problem(code="no_day", about=name, text=f"{name}: '{text}' is no day; write 2026-03-31")
                )
            else:
                found[name] = moment_of(name, day)
        return found

    def _left_out(self) -> dict[tuple[str, str], str]:
        wanted = list(dict.fromkeys(self.data.getlist("out")))
        if (more := self.text("leave")) and more not in wanted:
            wanted.append(more)
        found = {}
        for each in wanted:
            kind, _, institution = each.partition(" ")
            if each != self.text("restore"):
                found[institution, kind] = self.text(f"out_{kind}_{institution}")
        return found

    def _added(self) -> tuple[Addition, ...]:
        count = min(number(self.text("add_n")) or 0, MOST_ADDED)
        added = [self._addition(f"add_{each}_") for each in range(count) if self.text("drop") != str(each)]
        if self.wants("add") and count < MOST_ADDED:
            added.append(self._addition("new_"))
        return tuple(added)

    def _addition(self, prefix: str) -> Addition:
        form = {name: self.text(prefix + name) for name in ADDED_FIELDS}
        operators = tuple(each.strip() for each in re.split("[、，,]", form.pop("operators")) if each.strip())
        return Addition(operators=operators, **form)


def _basis(line: str) -> Basis:
    title, _, number = line.replace("｜", "|").partition("|")
    return Basis(title=title.strip(), number=number.strip())


def _vocabulary(form: Opening) -> Vocabulary:
    code = form.vocabulary if form.vocabulary in vocabulary_codes() else vocabulary_codes()[0]
    return load_vocabulary(code)


def _titles(ground: Ground, opening: Opening, language: str) -> dict[str, str]:
    vocabulary = _vocabulary(opening)
    return {
        kind: kind_title(kind, language=language, vocabulary=vocabulary) if kind in vocabulary.kinds else kind
        for kind in ground.kinds
    }


# ---- the pages ---------------------------------------------------------------------------------------------


def _settings_page(request: HttpRequest, language: str, form: _Form, faults: list[Fault]) -> HttpResponse:
    ground, titles = form.ground, _titles(form.ground, form.opening, language)
    wrong = {fault.about for fault in faults}
    return show_work(
        request,
        "web/work/open_settings.html",
        language,
        {
            "year": ground.year,
            "previous": ground.previous,
            "faults": faults,
            "schemes": [
                {
                    "name": f"scheme_{kind}",
                    "label": titles[kind],
                    "wrong": f"scheme_{kind}" in wrong,
                    "note": _scheme_note(language, ground, kind, form.text(f"scheme_{kind}")),
                    "options": [
                        {
                            "value": scheme.code,
                            "label": scheme.title,
                            "chosen": form.text(f"scheme_{kind}") == scheme.code,
                        }
                        for scheme in ground.schemes[kind]
                    ],
                }
                for kind in ground.kinds
            ],
            "unusable": [
                {
                    "title": scheme.title,
                    "why": words.text(language, "kinds_listed").join(
                        words.beyond(language, each) for each in beyond
                    ),
                }
                for scheme, beyond in ground.unusable
                if scheme.kind in ground.kinds
            ],
            "deadlines": [
                {
                    "name": name,
                    "label": words.text(language, f"moment_{name}"),
                    "value": form.text(name),
                    "hour": f"{hour:%H:%M}",
                    "needed": name in NEEDED,
                    "wrong": name in wrong,
                }
                for name, hour in DEADLINES.items()
            ],
            "last_year": calendar_years()[-1],
            "today": form.now,
            "vocabularies": [
                {
                    "value": code,
                    "chosen": form.text("vocabulary") == code,
                    "label": load_vocabulary(code).source,
                }
                for code in vocabulary_codes()
            ],
            "form": {name: form.text(name) for name in ("vocabulary", "notice_days", "addressees", "bases")},
            "wrong": wrong,
            "kept": _kept_by_hand(form.opening),
        },
        status=422 if faults else 200,
    )


def _kept(form: _Form) -> list[tuple[str, str]]:
    """Return the settings as hidden fields of the list's form."""
    names = ["vocabulary", "notice_days", "addressees", "bases", *DEADLINES]
    names += [f"scheme_{kind}" for kind in form.ground.kinds]
    return [(name, form.text(name)) for name in names]


def _kept_by_hand(opening: Opening) -> list[tuple[str, str]]:
    """Return what was changed of the list by hand as hidden fields of the settings' form."""
    found = [("add_n", str(len(opening.added)))]
    for (institution, kind), reason in opening.left_out.items():
        found += [("out", f"{kind} {institution}"), (f"out_{kind}_{institution}", reason)]
    for place, each in enumerate(opening.added):
        found += [(f"add_{place}_{name}", _typed(each, name)) for name in ADDED_FIELDS]
    return found


def _typed(each: Addition, name: str) -> str:
    return "、".join(each.operators) if name == "operators" else str(getattr(each, name))


def _preview_page(
    request: HttpRequest, language: str, form: _Form, shown: Preview, faults: list[Fault]
) -> HttpResponse:
    ground, opening, due = form.ground, shown.opening, shown.due
    titles, vocabulary = _titles(ground, opening, language), _vocabulary(opening)
    by_field: dict[str, list[str]] = {}
    for fault in faults:
        by_field.setdefault(fault.about, []).append(fault.text)
    tables = [
        {
            "kind": kind,
            "title": titles[kind],
            "scheme": next(
                (each.title for each in ground.schemes[kind] if each.code == opening.schemes.get(kind)), ""
            ),
            "rows": [
                {
                    "serial": line.key.serial,
                    "name": line.name,
                    "operators": line.operators_printed,
                    "channel": line.channel,
                    "reason": reasons_in(language, line, vocabulary),
                    "owed": bool(line.owed),
                    "added": bool(line.added),
                    "value": f"{kind} {line.institution}",
                }
                for line in due.of(kind)
            ],
            "owed": sum(bool(line.owed) for line in due.of(kind)),
            "added": sum(bool(line.added) for line in due.of(kind)),
        }
        for kind in ground.kinds
        if kind in opening.schemes
    ]
    base_names = {(each.institution, each.kind): each.name for each in due.left_out}
    return show_work(
        request,
        "web/work/open_preview.html",
        language,
        {
            "year": ground.year,
            "fictional": ground.fictional,
            "faults": faults,
            "seen": shown.digest,
            "kept": _kept(form),
            "tables": tables,
            "total": len(due.lines),
            "channels": len({line.channel for line in due.lines}),
            "left": [{"kind": titles.get(each.kind, each.kind), "name": each.name} for each in due.left],
            "left_out": [
                {
                    "value": f"{kind} {institution}",
                    "field": f"out_{kind}_{institution}",
                    "kind": titles.get(kind, kind),
                    "name": base_names[institution, kind],
                    "reason": reason,
                    "wrong": by_field.get(f"out_{kind}_{institution}", []),
                }
                for (institution, kind), reason in opening.left_out.items()
                if (institution, kind) in base_names
            ],
            "added": [
                {
                    "number": place,
                    "kind": titles.get(each.kind, each.kind),
                    "name": each.name,
                    "institution": each.institution,
                    "reason": each.reason,
                    "channel": each.channel,
                    "fields": [(f"add_{place}_{name}", _typed(each, name)) for name in ADDED_FIELDS],
                    "wrong": by_field.get(f"add_{place}", []),
                }
                for place, each in enumerate(opening.added)
            ],
            "n_added": len(opening.added),
            "deadlines": [
                {
                    "label": words.text(language, f"moment_{name}"),
                    "at": words.moment(language, at),
                    "days": days_left(language, form.now, at),
                }
                for name, at in opening.deadlines.items()
            ],
            "options": _options(ground, titles, language),
            "can_open": not shown.problems,
            "typed_wrong": by_field.get("typed", []),
            "rounds_address": address_of(language, "rounds"),
        },
        status=422 if faults else 200,
    )


def _options(ground: Ground, titles: Mapping[str, str], language: str) -> dict[str, Any]:
    return {
        "kinds": list(titles.items()),
        "channels": sorted(ground.channels),
        "types": [
            (each.value, words.text(language, f"channel_type_{each}"))
            for each in ChannelType
            # What a past list left unsaid: whoever names a channel now knows what it is.
            if each is not ChannelType.NOT_STATED
        ],
        "statuses": [(each.value, words.text(language, f"status_{each}")) for each in Status],
        "levels": [(each, words.text(language, f"level_{each}")) for each in OFFERED_LEVELS],
        "sub_types": [(each, words.text(language, f"sub_type_{each}")) for each in OFFERED_SUB_TYPES],
    }
