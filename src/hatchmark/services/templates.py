"""Which template stands for a paper of a round, and what would an official's own one say?

An installation keeps its own templates in the folder HATCHMARK_TEMPLATES, laid out as those that ship:
AUTHORITY/YEAR/PAPER.txt before AUTHORITY/PAPER.txt before default/PAPER.txt. When a paper is issued its template is
kept with the round: whoever edits the file afterwards changes the next round, never a paper that was issued.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from hatchmark.db.models import Round
from hatchmark.domain import templates
from hatchmark.domain.notices import Basis
from hatchmark.domain.papers import PaperFacts
from hatchmark.domain.templates import CONTACT, PAPERS, Template, TemplateError, TemplateFault
from hatchmark.services.refusals import UnsoundError
from hatchmark.services.vocabularies import vocabulary_of

KEPT = "templates"
"""The key of a round's settings under which the templates of its issued papers are kept."""


class UnusableTemplateError(UnsoundError):
    """A template has faults, or is no text. The message names the file, and each fault with line and column."""


def check_template(paper: str, source: str, *, kinds: Iterable[str]) -> tuple[TemplateFault, ...]:
    """Return every fault of a template, each with line and column; none where it can be used.

    `paper` is a name of `PAPERS`, or `contact`. Raises KeyError for any other.
    """
    try:
        if paper == CONTACT:
            templates.check_contact(source)
        else:
            templates.parse(paper, source, kinds=tuple(kinds))
    except TemplateError as error:
        return error.faults
    return ()


def check_templates_of(authority: str, year: int, *, kinds: Iterable[str]) -> None:
    """Check every template that stands for an authority and a year, before an act needs one.

    Raises UnusableTemplateError with the faults of the first that has any.
    """
    known = tuple(kinds)
    for paper in (*PAPERS, CONTACT):
        source = templates.source_of(paper, authority=authority, year=year, own=own_template) or ""
        if faults := check_template(paper, source, kinds=known):
            raise UnusableTemplateError(str(TemplateError(f"{paper}.txt", faults)))


def template_for(evaluation_round: Round, paper: str, *, source: str | None = None) -> Template:
    """Return the template of a paper of a round: the kept one, or else the one that stands now.

    `source` takes its place for a preview. Raises UnusableTemplateError, with line and column, for faults.
    """
    text = source if source is not None else _source(evaluation_round, paper)
    kinds = vocabulary_of(evaluation_round).kinds
    try:
        return templates.parse(paper, text or "", kinds=tuple(kinds))
    except TemplateError as error:
        raise UnusableTemplateError(str(error)) from error


def keep_templates(
    evaluation_round: Round, papers: Iterable[str], *, of: Round | None = None
) -> dict[str, str]:
    """Keep the templates of papers with the round, and return the digest of each. One that is kept stays.

    `of` is the round whose templates stand for them, where it is another: a call is a paper of the year before.
    Runs inside the transaction of the act that issues them. Raises UnusableTemplateError for one that has faults.
    """
    kept: dict[str, str] = dict(evaluation_round.settings.get(KEPT, {}))
    wanted = tuple(papers)
    source = evaluation_round if of is None else of
    for paper in wanted:
        template_for(source, paper)
        kept[paper] = kept.get(paper) or _source(source, paper) or ""
    # Whom to ask is never a matter of the year before.
    kept[CONTACT] = _source(evaluation_round, CONTACT) or ""
    evaluation_round.settings = evaluation_round.settings | {KEPT: kept}
    Round.objects.filter(pk=evaluation_round.pk).update(settings=evaluation_round.settings)
    return {paper: hashlib.sha256(kept[paper].encode()).hexdigest() for paper in wanted}


def facts_of(evaluation_round: Round, *, issued_at: datetime | None) -> PaperFacts:
    """Return what every paper of a round says beside its rows. A past round's papers bear no day.

    Of a live round, a paper without a moment is a draft.
    """
    stored = evaluation_round.settings
    return PaperFacts(
        past=evaluation_round.past,
        bases=tuple(Basis(title=basis["title"], number=basis["number"]) for basis in stored["bases"]),
        bases_open_ended=evaluation_round.past,
        addressees=tuple(stored["addressees"]),
        issued_on=timezone.localtime(issued_at).date() if issued_at and not evaluation_round.past else None,
        draft=issued_at is None and not evaluation_round.past,
        contact=templates.contact_lines(_source(evaluation_round, CONTACT) or ""),
    )


def _source(evaluation_round: Round, paper: str) -> str | None:
    kept: str | None = evaluation_round.settings.get(KEPT, {}).get(paper)
    if kept is not None:
        return kept
    return templates.source_of(
        paper, authority=evaluation_round.authority.code, year=evaluation_round.year, own=own_template
    )


def own_template(place: str) -> str | None:
    """Return a template of the installation's folder by its place, or None.

    A place is made of an authority's code, a year and a paper's name: it cannot lead out of the folder. Raises
    UnusableTemplateError where the file is no text.
    """
    folder: Path | None = settings.HATCHMARK_TEMPLATES
    if folder is None:
        return None
    file = folder / place
    try:
        return file.read_text("utf-8-sig") if file.is_file() else None
    except (UnicodeDecodeError, OSError) as error:
        raise UnusableTemplateError(
            f"{place} in HATCHMARK_TEMPLATES cannot be read ({error}); save it as UTF-8 text"
        ) from error
