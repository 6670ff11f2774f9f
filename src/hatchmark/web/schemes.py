"""评价方案: the list of schemes, the page of each, and its files. The sentences come from `documents.scheme_words`."""

import re
from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from hatchmark.documents.scheme_pages import Section, scheme_page
from hatchmark.documents.scheme_words import SchemePart, SchemeWords, parts_of
from hatchmark.domain.scheme import ExpertItem, Group, Indicator, Scheme
from hatchmark.services import public
from hatchmark.web import charts, words
from hatchmark.web.addresses import address_of
from hatchmark.web.pages import attachment, show
from hatchmark.web.rows import kind_title

_CODE_COLUMN = 1


@require_safe
def schemes(request: HttpRequest, language: str) -> HttpResponse:
    """Every scheme that ships, those of published rounds first."""
    listed = public.schemes()
    groups = [
        {
            "title": words.say(language, key),
            "id": key.replace("_", "-"),
            "schemes": [_card(each, language) for each in listed if bool(each.uses) is used],
        }
        for key, used in (("schemes_used", True), ("schemes_other", False))
    ]
    return show(
        request, "web/schemes.html", language, {"groups": [group for group in groups if group["schemes"]]}
    )


@require_safe
def scheme(request: HttpRequest, language: str, authority: str, name: str) -> HttpResponse:
    """One scheme in words: what is asked, how it is scored, which grade follows, and on what basis."""
    try:
        listed = public.scheme(f"{authority}/{name}")
    except public.NotPublishedError:
        raise Http404 from None
    page = scheme_page(listed.scheme, language=language)
    return show(
        request,
        "web/scheme.html",
        language,
        {
            **_card(listed, language),
            "pictures": pictures(listed.scheme, language=language),
            "sections": [_section(section, listed.scheme, language=language) for section in page.sections],
            "files": [
                {
                    "address": address_of(language, "scheme-file", authority, name, file),
                    "ending": file.rpartition(".")[2].upper(),
                    "label": words.say(language, f"file_{file.replace('.', '_')}"),
                    "text": words.say(language, f"file_{file.replace('.', '_')}_text"),
                }
                for file in public.SCHEME_FILES
            ],
        },
    )


@require_safe
def scheme_file(request: HttpRequest, language: str, authority: str, name: str, file: str) -> HttpResponse:
    """A file of a scheme, in the language of the site it was asked from."""
    try:
        content = public.scheme_file(f"{authority}/{name}", file, language=language)
    except public.NotPublishedError:
        raise Http404 from None
    ending = file.rpartition(".")[2]
    return attachment(content, public.SCHEME_FILES[file], f"{authority}-{name}.{ending}")


def scheme_address(code: str, *, language: str) -> str:
    """Return the address of a scheme's page."""
    return address_of(language, "scheme", *code.split("/"))


def part_anchor(code: str) -> str:
    """Return the name of an indicator, item or group inside its scheme's page."""
    return f"indicators-{code}"


def summary_of(scheme_: Scheme, language: str) -> dict[str, Any]:
    """Return what a scheme is, on one line: what for, for how many points, and into which grades."""
    said = SchemeWords(scheme_, language)
    key = f"kind_{scheme_.kind}"
    return {
        "title": said.title,
        "kind": words.say(language, key) if key in words.TEXTS else scheme_.kind,
        "full": said.full_marks(),
        "n_parts": len(scheme_.indicators) + len(scheme_.expert_items),
        "grades": words.say(language, "grades_joint").join(said.grade(cut) for cut in scheme_.grades),
    }


def _card(listed: public.ListedScheme, language: str) -> dict[str, Any]:
    scheme_ = listed.scheme
    return {
        **summary_of(scheme_, language),
        "code": scheme_.code,
        "address": scheme_address(scheme_.code, language=language),
        "authority": scheme_.authority,
        "year": scheme_.year,
        "basis": scheme_.basis,
        "reconstruction": scheme_.is_reconstruction,
        "provenance_note": scheme_.provenance_note,
        "scheme_digest": scheme_.digest,
        "uses": [
            {
                "title": words.say(
                    language,
                    "scheme_use",
                    year=use.year,
                    kind=kind_title(use.kind, language=language, vocabulary=use.vocabulary),
                ),
                "authority": use.authority,
                "fictional": use.fictional,
                "address": address_of(language, "round", use.authority_code, use.year),
                "what_if": address_of(language, "what-if", use.authority_code, use.year, use.kind)
                if use.figures_public
                else "",
            }
            for use in listed.uses
        ],
    }


# ---- sections ---------------------------------------------------------------------------------------------


def _section(section: Section, scheme_: Scheme, *, language: str) -> dict[str, Any]:
    """Return one table of the page. A code stands small under the name it belongs to, not in a column of its own."""
    coded = bool(section.rows[0].code)
    heads = [head for n, head in enumerate(section.heads) if not (coded and n == _CODE_COLUMN)]
    full = _heaviest(scheme_)
    marks = {part.code: part for part in parts_of(scheme_)}
    rows = []
    for row in section.rows:
        first, *rest = (cell for n, cell in enumerate(row.cells) if not (coded and n == _CODE_COLUMN))
        rows.append(
            {
                "anchor": f"{section.code}-{row.code.replace('@', '-')}" if row.code else "",
                "code": row.code,
                "level": min(row.level, 4),
                "strong": row.strong,
                "title": first,
                "cells": [{"head": head, "text": text} for head, text in zip(heads[1:], rest, strict=True)],
                "bar": _weight_bar(marks[row.code], scheme_, full) if section.code == "indicators" else None,
            }
        )
    return {
        "code": section.code,
        "name": section.name,
        "short": re.split("[：:]", section.name)[0],
        "heads": heads,
        "rows": rows,
        "weighted": section.code == "indicators",
    }


def _heaviest(scheme_: Scheme) -> int:
    """Return the full marks of the heaviest leaf in hundredths: the longest bar of the tree."""
    leaves = [part for part in parts_of(scheme_) if not isinstance(part, Group)]
    return max(leaf.full_marks_for(each) for leaf in leaves for each in (scheme_.sub_types or ("",)))


def _weight_bar(part: SchemePart, scheme_: Scheme, longest: int) -> dict[str, str] | None:
    if isinstance(part, Group):
        return None
    marks = max(part.full_marks_for(each) for each in (scheme_.sub_types or ("",)))
    groups = {group.code: group for group in scheme_.groups}
    return {"width": charts.share(marks, longest), "part": groups[part.group].part.value}


# ---- the picture ------------------------------------------------------------------------------------------


def pictures(scheme_: Scheme, *, language: str) -> list[dict[str, Any]]:
    """Return the weights as pictures: one, or one for each sub-type where they differ."""
    said = SchemeWords(scheme_, language)
    differ = any(part.by_sub_type for part in parts_of(scheme_))
    found = []
    for sub_type in scheme_.sub_types if differ else ("",):
        tops = [_node(scheme_, group, sub_type, said) for group in scheme_.groups if not group.parent]
        drawing = charts.icicle([node for node in tops if node.marks])
        found.append(
            {
                "sub_type": said.sub_type(sub_type) if sub_type else "",
                "drawing": drawing,
                "legend": [
                    {"title": node.title, "marks": said.marks(node.marks), "look": node.look, "shade": n % 2}
                    for n, node in enumerate(node for node in tops if node.marks)
                ],
                "spoken": _spoken(tops, sub_type, said, language),
            }
        )
    return found


def _spoken(tops: Sequence[charts.Node], sub_type: str, said: SchemeWords, language: str) -> str:
    parts = words.say(language, "grades_joint").join(
        f"{node.title} {said.marks(node.marks)}" for node in tops if node.marks
    )
    if not sub_type:
        return words.say(language, "weights_of_all", parts=parts)
    return words.say(language, "weights_of", sub_type=said.sub_type(sub_type), parts=parts)


def _node(scheme_: Scheme, group: Group, sub_type: str, said: SchemeWords) -> charts.Node:
    leaves: Sequence[Indicator | ExpertItem] = (*scheme_.indicators, *scheme_.expert_items)
    inner = [
        *(
            charts.Node(title=said.title_of(leaf), marks=leaf.full_marks_for(sub_type), look=group.part.value)
            for leaf in leaves
            if leaf.group == group.code and leaf.full_marks_for(sub_type)
        ),
        *(
            _node(scheme_, child, sub_type, said)
            for child in scheme_.groups
            if child.parent == group.code and child.full_marks_for(sub_type)
        ),
    ]
    return charts.Node(
        title=said.title_of(group),
        marks=group.full_marks_for(sub_type),
        look=group.part.value,
        inner=tuple(inner),
    )
