"""更正: the versions of a notice that was corrected, and each correction, as pages and files."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from hatchmark.domain.notices import Paper, Role
from hatchmark.services.public import NotPublishedError
from hatchmark.services.versions import KeptVersion, kept_document, kept_versions, version_numbers
from hatchmark.web import words
from hatchmark.web.addresses import address_of
from hatchmark.web.pages import attachment, show

FORMATS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "ofd": "application/ofd",
}


def links_of(language: str, authority: str, year: int) -> list[dict[str, str]]:
    """Return where each version and each correction of a notice stands; empty where nothing was corrected."""
    numbers = version_numbers(authority, year)
    if len(numbers) == 1:
        return []
    found = []
    for number in numbers:
        if number > 1:
            found.append(
                {
                    "address": address_of(language, "correction", authority, year, number),
                    "label": words.say(language, "correction_title_of", n=number - 1, by=number),
                }
            )
        found.append(
            {
                "address": address_of(language, "version", authority, year, number),
                "label": words.say(language, "version_title", n=number),
            }
        )
    return found


@require_safe
def version(request: HttpRequest, language: str, authority: str, year: int, number: int) -> HttpResponse:
    """One version of a notice: the one that stands, or one that says what took its place."""
    kept = _kept(authority, year, number)
    return _paper(
        request,
        language,
        kept,
        kept.notice,
        place=(authority, year),
        title=words.say(language, "version_title", n=number),
        files=f"notice-v{number}" if kept.superseded_by is not None else "",
    )


@require_safe
def correction(request: HttpRequest, language: str, authority: str, year: int, number: int) -> HttpResponse:
    """The correction by which a version took the place of the one before it."""
    kept = _kept(authority, year, number)
    if kept.correction is None:
        raise Http404
    return _paper(
        request,
        language,
        kept,
        kept.correction,
        place=(authority, year),
        title=words.say(language, "correction_title_of", n=number - 1, by=number),
        files=f"correction-{number}",
    )


@require_safe
def file(request: HttpRequest, language: str, authority: str, year: int, name: str) -> HttpResponse:
    """A correction or a superseded notice as a file."""
    try:
        content = kept_document(authority, year, name)
    except NotPublishedError:
        raise Http404 from None
    return attachment(content, FORMATS[name.rpartition(".")[2]], f"{authority}-{year}-{name}")


def _kept(authority: str, year: int, number: int) -> KeptVersion:
    try:
        kept = kept_versions(authority, year)
    except NotPublishedError:
        raise Http404 from None
    if not 1 <= number <= len(kept):
        raise Http404
    return kept[number - 1]


def _paper(
    request: HttpRequest,
    language: str,
    kept: KeptVersion,
    paper: Paper,
    *,
    place: tuple[str, int],
    title: str,
    files: str,
) -> HttpResponse:
    authority, year = place
    context: dict[str, Any] = {
        "title": title,
        "year": year,
        "paper": paper,
        "addressees": "，".join(paper.addressees),
        "paragraphs": [
            {"heading": each.role is Role.HEADING, "text": each.text} for each in paper.paragraphs
        ],
        "signed_on": words.day("zh", paper.issued_on) if paper.issued_on else "",
        "superseded": paper is kept.notice and kept.superseded_by is not None,
        "superseding_address": address_of(language, "correction", authority, year, kept.superseded_by.number)
        if kept.superseded_by
        else "",
        "round_address": address_of(language, "round", authority, year),
        "links": links_of(language, authority, year),
        "files": [
            {
                "address": address_of(language, "version-file", authority, year, f"{files}.{ending}"),
                "label": ending.upper(),
            }
            for ending in (FORMATS if files else ())
        ],
        "digest": kept.version.digest,
    }
    return show(request, "web/version.html", language, context)
