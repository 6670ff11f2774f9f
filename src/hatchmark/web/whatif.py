"""试算 page: whose grade changes if a weight, a cut or a formula were another? Parse, ask the service, show.

What is asked stands in the address (PATH=VALUE, as `hatchmark whatif --set` has it), so that it can be sent to
somebody. The form comes by POST, since it has a field for every number, and is answered with that address. Nothing
is stored either way.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from hatchmark.documents.scheme_words import SchemeWords, parts_of
from hatchmark.domain.outcomes import EntryKey
from hatchmark.domain.scheme import HUNDREDTHS, Scheme, exact_text, parse_number, points_text
from hatchmark.domain.sensitivity import PathError, Verdict
from hatchmark.schemes.loader import SchemeError, read_toml
from hatchmark.services import public, whatif
from hatchmark.services.refusals import NotAllowedError
from hatchmark.web import words
from hatchmark.web.addresses import address_of
from hatchmark.web.pages import show
from hatchmark.web.rows import kind_title
from hatchmark.web.schemes import scheme_address
from hatchmark.web.working import minus

MOST_FAULTS_SHOWN = 10
_OWNER = r"(?:formula\.|by_sub_type\.(?P<sub_type>[^.]+)\.)"
_STEP = re.compile(_OWNER + r"(?:bands|shares|points)\.(?P<n>[0-9]+)\.(?P<key>[a-z_]+)")
_VALUE = re.compile(_OWNER + r"(?P<key>[a-z_]+)")
_MARKS = ("full_marks", "points", "base", "points_each", "cap", "bonus_cap", "total_cap")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with what was written. `path` names its field; empty: no field of the form."""

    path: str
    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a reader wrote, by path: only what differs from the scheme. `unknown` are names that no field has."""

    values: Mapping[str, str]
    unknown: tuple[str, ...]

    @classmethod
    def read(cls, parameters: Mapping[str, str], settable: Sequence[whatif.Settable]) -> "Asked":
        """Read a form or an address; an empty field and one with the present value set nothing."""
        present = {each.path: each.value for each in settable}
        values = {path: _clean(parameters[path]) for path in present if path in parameters}
        return cls(
            values={
                path: value for path, value in values.items() if value and not _same(value, present[path])
            },
            unknown=tuple(name[:80] for name in parameters if name not in present)[:MOST_FAULTS_SHOWN],
        )

    @property
    def settings(self) -> tuple[tuple[str, str], ...]:
        """The settings as the command line takes them."""
        return tuple(self.values.items())


def _clean(text: str) -> str:
    """Return what a person meant: full-width digits as digits, without spaces and commas between thousands."""
    folded = unicodedata.normalize("NFKC", text[:200]).replace("。", ".").replace("−", "-")
    printable = "".join(character for character in folded if character.isprintable())
    joined = "".join(printable.split())
    return re.sub(r",(?=[0-9]{3}(?:[,.]|$))", "", joined)[: whatif.LONGEST_VALUE + 1]


def _same(value: str, present: str) -> bool:
    return whatif.is_number(value) and parse_number(value) == parse_number(present)


# ---- the page ---------------------------------------------------------------------------------------------


@csrf_exempt  # changes nothing, in nobody's name
@require_http_methods(["GET", "HEAD", "POST"])
def what_if(request: HttpRequest, language: str, authority: str, year: int, kind: str) -> HttpResponse:
    """Show the form; with settings in the address, what would follow from them."""
    try:
        table = public.what_if_table(authority, year, kind)
    except public.NotPublishedError:
        raise Http404 from None
    except NotAllowedError:
        return _refusal(request, language, authority, year, "what_if_hidden", status=403)
    except whatif.NotReproducedError:
        return _refusal(request, language, authority, year, "what_if_not_reproduced", status=409)
    except whatif.TooMuchError as error:
        return _refusal(
            request, language, authority, year, "what_if_too_many_entries", status=422, n=error.entries
        )
    asked = Asked.read(request.POST if request.method == "POST" else request.GET, table.settable)
    faults = list(_faults(asked, table, language))
    if request.method == "POST" and len(asked.values) <= whatif.MOST_CHANGES:
        # See Other: what was posted is now asked by the address alone, whatever is wrong with it.
        address = address_of(language, "what-if", authority, year, kind)
        return HttpResponse(status=303, headers={"Location": f"{address}{_query(asked)}"})
    answer = None
    if asked.values and not faults:
        try:
            answer = _answer(table, asked.settings)
        except whatif.TooMuchError:
            faults.append(_too_many(asked, table, language))
        except SchemeError as error:
            faults.extend(_of_the_scheme(error, asked, table, language))
        except (PathError, ValueError) as error:
            faults.append(Fault(path="", text=words.say(language, "fault_scheme"), detail=str(error)))
    return show(
        request,
        "web/whatif.html",
        language,
        _context(table, asked, faults, answer, language=language),
        status=422 if faults else 200,
    )


def _query(asked: Asked) -> str:
    return f"?{urlencode(asked.settings)}#result" if asked.values else ""


def _refusal(
    request: HttpRequest, language: str, authority: str, year: int, key: str, *, status: int, **parts: object
) -> HttpResponse:
    """Say why there is no what-if for this round: that the round is published is no secret."""
    context = {
        "heading": words.say(language, "what_if_title"),
        "text": words.say(language, key, **parts),
        "round_address": address_of(language, "round", authority, year),
        "year": year,
    }
    return show(request, "web/whatif_refused.html", language, context, status=status)


def _answer(table: public.WhatIfTable, settings: tuple[tuple[str, str], ...]) -> whatif.WhatIf:
    key = (table.round.authority_code, table.round.year, table.kind, table.round.digest, table.scheme.digest)
    return _answered(_Question(key=key, settings=settings, table=table))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """A question, equal to another one by its key and settings: the same link is not computed twice."""

    key: tuple[object, ...]
    settings: tuple[tuple[str, str], ...]
    table: public.WhatIfTable

    def __hash__(self) -> int:
        return hash((self.key, self.settings))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Question) and (self.key, self.settings) == (other.key, other.settings)


@lru_cache(maxsize=32)
def _answered(question: _Question) -> whatif.WhatIf:
    table = question.table
    return whatif.what_if(
        table.raw,
        name=table.scheme.code,
        scheme=table.scheme,
        entries=table.entries,
        settings=question.settings,
        old=table.verdicts,
    )


# ---- what is wrong ----------------------------------------------------------------------------------------


def _too_many(asked: Asked, table: public.WhatIfTable, language: str) -> Fault:
    return Fault(
        path="",
        text=words.say(
            language,
            "fault_too_many",
            n=len(asked.values),
            most=min(whatif.MOST_CHANGES, whatif.MOST_WORK // max(len(table.entries), 1)),
            entries=len(table.entries),
        ),
    )


def _faults(asked: Asked, table: public.WhatIfTable, language: str) -> Iterator[Fault]:
    """Yield what is wrong with single values, and with cuts and steps that must rise or fall."""
    for name in asked.unknown:
        yield Fault(path="", text=words.say(language, "fault_unknown", name=name))
    try:
        whatif.check_budget(entries=len(table.entries), changes=len(asked.values))
    except whatif.TooMuchError:
        yield _too_many(asked, table, language)
    highest = whatif.highest_scores(table.entries)
    known = {each.path: each for each in table.settable}
    wrong = set()
    for path, value in asked.values.items():
        if fault := _fault_of(known[path], value, highest, language):
            wrong.add(path)
            yield Fault(path=path, text=fault)
    numbers = {
        each.path: parse_number(asked.values.get(each.path, each.value))
        for each in table.settable
        if each.path not in wrong
    }
    yield from _out_of_order(asked, table, numbers, language)


def _fault_of(field: whatif.Settable, value: str, highest: Mapping[str, Fraction], language: str) -> str:
    if len(value) > whatif.LONGEST_VALUE or not whatif.is_number(value):
        return words.say(language, "fault_number", present=field.value)
    number, last = parse_number(value), field.name.rpartition(".")[2]
    # Growth begins below zero; nothing else does.
    if number < 0 and (last != "at_least" or field.table == "grade"):
        return words.say(language, "fault_negative")
    if _is_points(field) and (number * HUNDREDTHS).denominator != 1:
        return words.say(language, "fault_places")
    if last != "full_marks":
        return ""
    if number == 0:
        return words.say(language, "fault_zero")
    if field.table == "expert_item" and number < highest.get(field.code, 0):
        return words.say(language, "fault_experts", highest=exact_text(highest[field.code]))
    return ""


def _is_points(field: whatif.Settable) -> bool:
    last = field.name.rpartition(".")[2]
    return last in _MARKS or (field.table == "grade" and last == "at_least")


def _out_of_order(
    asked: Asked, table: public.WhatIfTable, numbers: Mapping[str, Fraction], language: str
) -> Iterator[Fault]:
    """Yield the changed cuts that are not below the next better one, and changed steps that do not rise."""
    cuts = [f"grade.{cut.name}.at_least" for cut in table.scheme.grades[:-1]]
    steps: dict[str, list[str]] = {}
    for each in table.settable:
        if match := re.fullmatch(r"(.+\.bands)\.[0-9]+\.(at_least|points)", each.path):
            steps.setdefault(f"{match[1]} {match[2]}", []).append(each.path)
    for better, worse in pairwise(cuts):
        if numbers.get(better, 1) <= numbers.get(worse, 0) and {better, worse} <= set(numbers):
            changed = worse if worse in asked.values else better
            if changed in asked.values:
                yield Fault(
                    path=changed,
                    text=words.say(
                        language,
                        "fault_cuts",
                        better=exact_text(numbers[better]),
                        worse=exact_text(numbers[worse]),
                    ),
                )
    for paths in steps.values():
        for lower, upper in pairwise(paths):
            changed = upper if upper in asked.values else lower
            if (
                {lower, upper} <= set(numbers)
                and changed in asked.values
                and numbers[lower] >= numbers[upper]
            ):
                yield Fault(
                    path=changed,
                    text=words.say(
                        language,
                        "fault_steps",
                        lower=exact_text(numbers[lower]),
                        upper=exact_text(numbers[upper]),
                    ),
                )


def _of_the_scheme(
    error: SchemeError, asked: Asked, table: public.WhatIfTable, language: str
) -> Iterator[Fault]:
    """Yield what the checks of a scheme found, each at the field that it speaks of, where one was changed."""
    _, document = read_toml(table.raw, file=table.scheme.code)
    for problem in error.problems[:MOST_FAULTS_SHOWN]:
        said = problem.removeprefix("with these settings: ")
        place, _, message = said.partition(": ")
        yield Fault(
            path=_field_at(place, asked, document),
            text=words.say(language, "fault_scheme"),
            detail=message or said,
        )


def _field_at(place: str, asked: Asked, document: Mapping[str, Any]) -> str:
    """Return the changed field that a place such as `indicator 3.formula.bands 2.points` speaks of, if any."""
    match = re.match(r"(?P<table>[a-z_]+)(?: (?P<n>[0-9]+))?(?:\.(?P<rest>.+))?$", place)
    if not match:
        return ""
    table, rest = match["table"], (match["rest"] or "").replace(" ", ".")
    if match["n"]:
        entries = document.get(table, [])
        position = int(match["n"]) - 1
        if position >= len(entries):
            return ""
        entry = entries[position]
        start = f"{table}.{entry.get('code', entry.get('grade'))}."
    else:
        start = f"{table}."
    if f"{start}{rest}" in asked.values:
        return f"{start}{rest}"
    return next((path for path in asked.values if path.startswith(start)), "")


# ---- what is shown ----------------------------------------------------------------------------------------


def _context(
    table: public.WhatIfTable,
    asked: Asked,
    faults: Sequence[Fault],
    answer: whatif.WhatIf | None,
    *,
    language: str,
) -> dict[str, Any]:
    said = SchemeWords(table.scheme, language)
    title = kind_title(table.kind, language=language, vocabulary=table.vocabulary)
    arguments = [table.round.authority_code, table.round.year]
    here = address_of(language, "what-if", *arguments, table.kind)
    labels = {each.path: _label(each, said, language) for each in table.settable}
    fields = _fields(table, asked, faults, said, labels, language=language)
    at_fields = [field for group in fields for item in group["items"] for field in item["fields"]]
    first = next((field["id"] for field in at_fields if field["faults"]), "")
    return {
        "round": table.round,
        "kind": title,
        "heading": words.say(language, "what_if_of", kind=title),
        "round_address": address_of(language, "round", *arguments),
        "round_title": words.say(language, "year_of", year=table.round.year),
        "scheme_title": said.title,
        "scheme_address": scheme_address(table.scheme.code, language=language),
        "note": table.scheme.provenance_note if table.scheme.is_reconstruction else "",
        "n": len(table.entries),
        "left_out": len(table.results.rows_of(table.kind)) - len(table.entries),
        "here": here,
        "groups": fields,
        "first_fault": first,
        "faults": [
            {
                "text": fault.text,
                "detail": fault.detail,
                "label": labels.get(fault.path, ""),
                "field": _field_id(fault.path) if fault.path in labels else "",
            }
            for fault in faults
        ],
        "answer": _answer_view(answer, table, said, labels, language=language) if answer else None,
        "link": f"{here}{_query(asked).partition('#')[0]}" if answer else "",
        "command": _command(table.scheme, asked) if answer else "",
    }


def _command(scheme: Scheme, asked: Asked) -> str:
    settings = " ".join(f"--set {path}={value}" for path, value in asked.settings)
    return f"hatchmark whatif --scheme {scheme.code} --data TABLE {settings}"


def _field_id(path: str) -> str:
    return f"set-{path.replace('.', '-')}"


def _label(field: whatif.Settable, said: SchemeWords, language: str) -> str:
    """Return what a number is called, with what it belongs to."""
    scheme = said.scheme
    name = _name(field, said, language)
    if field.table == "scheme":
        return name
    if field.table == "grade":
        cut = scheme.cut_named(field.code)
        return f"{said.grade(cut)} {name}" if language == "en" else f"{said.grade(cut)}{name}"
    part = next(part for part in parts_of(scheme) if part.code == field.code)
    return f"{said.title_of(part)}{said.say('colon')}{name}"


def _name(field: whatif.Settable, said: SchemeWords, language: str) -> str:
    """Return what a number is called inside what it belongs to."""
    if match := _STEP.fullmatch(field.name):
        key = match["key"] if match["key"] in ("at_least", "points", "within") else "value"
        name = words.say(language, f"number_step_{key}", n=match["n"])
        return _with_sub_type(name, match["sub_type"], said)
    if match := _VALUE.fullmatch(field.name):
        key = f"number_{match['key']}"
        name = words.say(language, key) if key in words.TEXTS else match["key"]
        return _with_sub_type(name, match["sub_type"], said)
    if field.name.startswith("full_marks."):
        return _with_sub_type(words.say(language, "number_full_marks"), field.name.partition(".")[2], said)
    key = f"number_{field.name}"
    if key in words.TEXTS:
        return words.say(language, key)
    return field.name.rpartition(".")[2]  # the points of a category bear its own word


def _with_sub_type(name: str, sub_type: str | None, said: SchemeWords) -> str:
    return f"{said.sub_type(sub_type)} · {name}" if sub_type else name


def _fields(
    table: public.WhatIfTable,
    asked: Asked,
    faults: Sequence[Fault],
    said: SchemeWords,
    labels: Mapping[str, str],
    *,
    language: str,
) -> list[dict[str, Any]]:
    """Return the form: cuts and caps first, then the groups of the scheme, each with its parts and their numbers."""
    scheme = table.scheme
    by_owner: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for each in table.settable:
        by_owner.setdefault((each.table, each.code), []).append(
            {
                "id": _field_id(each.path),
                "path": each.path,
                "label": _name(each, said, language),
                "whole_label": labels[each.path],
                "present": each.value,
                "value": asked.values.get(each.path, each.value),
                "changed": each.path in asked.values,
                "faults": [fault for fault in faults if fault.path == each.path],
            }
        )
    cuts = [
        {**field, "label": field["whole_label"]}
        for cut in scheme.grades
        for field in by_owner.get(("grade", cut.name), [])
    ]
    found: list[dict[str, Any]] = [
        {
            "id": "cuts",
            "title": words.say(language, "what_if_cuts"),
            "items": [{"title": "", "rule": "", "fields": cuts}],
            "always": True,
        },
        {
            "id": "caps",
            "title": words.say(language, "what_if_caps"),
            "items": [{"title": "", "rule": "", "fields": by_owner.get(("scheme", ""), [])}],
            "always": True,
        },
    ]
    for group in scheme.groups:
        items = [{"title": "", "rule": "", "fields": by_owner.get(("group", group.code), [])}]
        items += [
            {
                "title": said.title_of(each),
                "rule": said.indicator(each),
                "fields": by_owner.get(("indicator", each.code), []),
            }
            for each in scheme.indicators
            if each.group == group.code
        ]
        items += [
            {
                "title": said.title_of(item),
                "rule": said.say("experts"),
                "fields": by_owner.get(("expert_item", item.code), []),
            }
            for item in scheme.expert_items
            if item.group == group.code
        ]
        found.append(
            {
                "id": f"group-{group.code}",
                "title": said.title_of(group),
                "marks": said.marks_by_sub_type(group),
                "items": [item for item in items if item["fields"]],
                "always": False,
            }
        )
    for each_group in found:
        fields = [field for item in each_group["items"] for field in item["fields"]]
        each_group["open"] = any(field["changed"] or field["faults"] for field in fields)
    return [group for group in found if any(item["fields"] for item in group["items"])]


def _answer_view(
    answer: whatif.WhatIf,
    table: public.WhatIfTable,
    said: SchemeWords,
    labels: Mapping[str, str],
    *,
    language: str,
) -> dict[str, Any]:
    changes, moved = answer.changes, answer.moved
    rows = {str(row.key): row for row in table.results.rows}
    codes = public.institution_code_of(table.round.authority_code, table.round.year)
    new_words = SchemeWords(answer.changed, language)

    def line(key: str, old: Verdict, new: Verdict) -> dict[str, Any]:
        difference = "" if old.total is None or new.total is None else new.total - old.total
        entry = EntryKey.parse(key)
        of = table.round
        address = address_of(language, "scorecard", of.authority_code, codes[entry], of.year, table.kind)
        return {
            "name": rows[key].name,
            "serial": entry.serial,
            "address": address,
            "old": _grade(said, old, language),
            "new": _grade(new_words, new, language),
            "old_total": "—" if old.total is None else points_text(old.total),
            "new_total": "—" if new.total is None else points_text(new.total),
            "difference": _signed(difference) if isinstance(difference, int) else "—",
            "better": _position(answer.scheme, new) < _position(answer.scheme, old),
        }

    counts_old, counts_new = whatif.counts_of(answer.old), whatif.counts_of(answer.new)
    grades = [*(cut.name for cut in answer.scheme.grades), "none"]
    changed_keys = {change.id for change in changes}
    lines = [line(change.id, change.old, change.new) for change in changes]
    return {
        "heading": words.say(language, "what_if_some" if changes else "what_if_none", n=len(changes)),
        "alterations": [
            {
                "label": labels.get(each.path, "") or _other_label(each.path, said, language),
                "path": each.path,
                "old": each.old,
                "new": each.new,
                "follows": bool(each.follows),
            }
            for each in answer.alterations
        ],
        "set": sum(not each.follows for each in answer.alterations),
        "lines": lines,
        "up": sum(each["better"] for each in lines),
        "down": sum(not each["better"] for each in lines),
        "moved": [
            line(change.id, change.old, change.new) for change in moved if change.id not in changed_keys
        ],
        "n_moved": len(moved),
        "counts": [
            {
                **_grade(said, Verdict(total=None, grade=None if grade == "none" else grade), language),
                "old": counts_old.get(grade, 0),
                "new": counts_new.get(grade, 0),
                "difference": _signed_count(counts_new.get(grade, 0) - counts_old.get(grade, 0)),
            }
            for grade in grades
            if counts_old.get(grade) or counts_new.get(grade)
        ],
        "total": len(answer.old),
    }


def _position(scheme: Scheme, verdict: Verdict) -> int:
    names = [cut.name for cut in scheme.grades]
    return names.index(verdict.grade) if verdict.grade in names else len(names)


def _grade(said: SchemeWords, verdict: Verdict, language: str) -> dict[str, str]:
    if verdict.grade is None:
        return {"label": words.say(language, "no_grade"), "result": ""}
    cut = said.scheme.cut_named(verdict.grade)
    label = said.grade(cut)
    return {"label": label[:1].upper() + label[1:], "result": cut.grade.value}


def _signed(difference: int) -> str:
    return f"+{points_text(difference)}" if difference > 0 else minus(points_text(difference))


def _signed_count(difference: int) -> str:
    return f"+{difference}" if difference > 0 else minus(str(difference))


def _other_label(path: str, said: SchemeWords, language: str) -> str:
    """Return what a number that only follows is called: full marks of a group or of the whole."""
    table, _, rest = path.partition(".")
    if table == "scheme":
        return words.say(language, f"number_scheme_{rest}")
    code, _, name = rest.partition(".")
    return _label(whatif.Settable(path=path, table=table, code=code, name=name, value=""), said, language)
