"""The papers of a round: its notice as a value, every file that is made of it, and the papers beside it."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import count, pairwise
from typing import Any

from django.utils import timezone

from hatchmark.db.models import Objection, Round, Scorecard
from hatchmark.documents.csv_files import document_json, results_csv, results_json
from hatchmark.documents.docx import notice_docx
from hatchmark.documents.ofd import paper_ofd
from hatchmark.documents.pdf import certificates_pdf, notice_pdf
from hatchmark.documents.xlsx import annexes_xlsx
from hatchmark.domain.certificates import Certificate
from hatchmark.domain.notices import (
    Basis,
    NoticeFacts,
    Paper,
    ProvenanceLine,
    PublicNoticeFacts,
    ResultNotice,
    Ruling,
    build_notice,
)
from hatchmark.domain.results import RoundResults
from hatchmark.domain.scheme import Scheme
from hatchmark.services.calls import call_after
from hatchmark.services.certificates import certificates_of
from hatchmark.services.letters import letters_of
from hatchmark.services.public_notice import public_notice_paper
from hatchmark.services.publication import correction_of
from hatchmark.services.results import blocked_entries, key_of, named_versions, published_versions
from hatchmark.services.schemes import scheme_named
from hatchmark.services.vocabularies import vocabulary_of

WORKING = "working.json"
MEDIA_TYPES = {
    "notice.docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "notice.pdf": "application/pdf",
    "annexes.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "results.csv": "text/csv; charset=utf-8",
    "results.json": "application/json",
    WORKING: "application/json",
}
"""The files of a published round, in the order in which they are offered. A past round has no working."""


def notice_of(evaluation_round: Round, results: RoundResults, *, version: int | None = None) -> ResultNotice:
    """Return the result notice of a round: content only, a pure function of what is recorded.

    `version` names an earlier one of its versions, which then says on each page what took its place.
    """
    settings = evaluation_round.settings
    schemes = [scheme_named(kind.scheme) for kind in evaluation_round.kinds.exclude(scheme="")]
    versions = named_versions(evaluation_round)
    # Before publication there is no version: a draft names none.
    number = version if version is not None else max(versions, default=0)
    row = evaluation_round.result_notices.filter(version=number).first()
    published_at = row.published_at if row else None
    facts = NoticeFacts(
        past=evaluation_round.past,
        addressees=tuple(settings["addressees"]),
        bases=tuple(Basis(title=basis["title"], number=basis["number"]) for basis in settings["bases"]),
        bases_open_ended=evaluation_round.past,
        scores_shown=any(row.score is not None for row in results.rows),
        provenance=tuple(provenance_line(scheme) for scheme in schemes if scheme.is_reconstruction),
        public_notice=_public_notice_facts(evaluation_round, at=published_at),
        # As it stood when this version was published: what was settled since is for the next one.
        withheld=tuple(sorted(blocked_entries(evaluation_round, at=published_at))),
        issued_on=timezone.localtime(published_at).date()
        if published_at and evaluation_round.fictional
        else None,
        supersedes=versions.get(number - 1),
        superseded_by=versions.get(number + 1),
    )
    return build_notice(results, vocabulary_of(evaluation_round), facts)


def provenance_line(scheme: Scheme) -> ProvenanceLine:
    """Return what must stand wherever scores of a reconstructed scheme stand."""
    return ProvenanceLine(kind=scheme.kind, text=f"得分所依据的《{scheme.title}》：{scheme.provenance_note}")


def _public_notice_facts(evaluation_round: Round, *, at: datetime | None) -> PublicNoticeFacts | None:
    notice = getattr(evaluation_round, "public_notice", None)
    if notice is None:
        return None
    lodged = Objection.objects.filter(entry__round=evaluation_round).select_related("entry")
    objections = [
        (key_of(objection.entry), _ruling(objection, at=at))
        for objection in lodged.order_by("entry__kind", "entry__serial", "pk")
    ]
    return PublicNoticeFacts(
        opened_on=timezone.localtime(notice.opened_at).date(),
        closed_on=timezone.localtime(notice.closes_at).date(),
        objections=tuple(objections),
    )


def _ruling(objection: Objection, *, at: datetime | None) -> Ruling:
    if objection.ruled_at is None or (at is not None and objection.ruled_at > at):
        return Ruling.PENDING
    return Ruling(objection.ruling)


def workings_of(evaluation_round: Round, results: RoundResults) -> Mapping[str, Any]:
    """Return the working behind every published grade, by entry: of a withheld entry, nothing.

    A scorecard that is younger than the published version belongs to the next one.
    """
    cards = Scorecard.objects.filter(entry__round=evaluation_round)
    latest = evaluation_round.result_notices.order_by("version").last()
    if latest is not None and latest.published_at is not None:
        cards = cards.filter(made_at__lte=latest.published_at)
    shown = {row.key for row in results.rows}
    return {
        str(key_of(card.entry)): card.document | {"cause": card.cause}
        for card in cards.select_related("entry").order_by("entry__kind", "entry__serial", "version")
        if key_of(card.entry) in shown
    }


def file_names(evaluation_round: Round) -> list[str]:
    """Return the names of the files that `publication_files` makes, without making them."""
    scored = evaluation_round.entries.filter(scorecards__isnull=False).exists()
    return [name for name in MEDIA_TYPES if scored or name != WORKING]


def publication_files(evaluation_round: Round, results: RoundResults) -> dict[str, bytes]:
    """Return every file of a published round by its name."""
    vocabulary = vocabulary_of(evaluation_round)
    notice = notice_of(evaluation_round, results)
    files = {
        "notice.docx": notice_docx(notice),
        "notice.pdf": notice_pdf(notice),
        "annexes.xlsx": annexes_xlsx(notice, results),
        "results.csv": results_csv(results, vocabulary, marks=notice.marks),
        "results.json": results_json(results),
    }
    if workings := workings_of(evaluation_round, results):
        files[WORKING] = document_json(workings)
    return files


# ---- the papers beside the notice -------------------------------------------------------------------------


def round_papers(evaluation_round: Round) -> dict[str, bytes]:
    """Return the papers beside the notice, by file name, as far as the round has got; none of a past round.

    A department sent the letters of a past round itself: to make some afterwards would invent papers of it.
    """
    if evaluation_round.past:
        return {}
    files: dict[str, bytes] = {}
    if (shown := public_notice_paper(evaluation_round)) is not None:
        files |= _formats("public-notice", shown)
    versions = published_versions(evaluation_round)
    if not versions:
        return files
    files["notice.ofd"] = paper_ofd(notice_of(evaluation_round, versions[-1].results))
    letters = letters_of(evaluation_round)
    for name, channel in _file_names(letters).items():
        files |= _formats(f"letters/{name}", letters[channel])
    files |= _formats(f"call-{evaluation_round.year + 1}", call_after(evaluation_round))
    by_kind: dict[str, list[Certificate]] = {}
    for key, certificate in certificates_of(evaluation_round).items():
        by_kind.setdefault(key.kind, []).append(certificate)
    # One file a kind, with a page each: a file each would take the compiler to start a hundred times.
    for kind, certificates in by_kind.items():
        files[f"certificates/{kind}.pdf"] = certificates_pdf(certificates)
    return files | correction_files(evaluation_round)


def correction_files(evaluation_round: Round) -> dict[str, bytes]:
    """Return each correction, and each superseded notice as it stands now: marked, and kept."""
    files: dict[str, bytes] = {}
    for earlier, later in pairwise(published_versions(evaluation_round)):
        number = earlier.version.number
        files |= _formats(
            f"correction-{later.version.number}", correction_of(evaluation_round, later.version.number)
        )
        files |= _formats(f"notice-v{number}", notice_of(evaluation_round, earlier.results, version=number))
    return files


def _formats(name: str, paper: Paper) -> dict[str, bytes]:
    return {
        f"{name}.docx": notice_docx(paper),
        f"{name}.pdf": notice_pdf(paper),
        f"{name}.ofd": paper_ofd(paper),
    }


_NO_FILE_NAME = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')


def _file_names(channels: Iterable[str]) -> dict[str, str]:
    """Return a file name for each channel, without its ending: a channel's name is data, and may hold a slash."""
    found: dict[str, str] = {}
    for channel in channels:
        plain = _NO_FILE_NAME.sub("_", channel).strip(". ")[:60] or "_"
        # Two names that differ in such a sign, or in capitals alone, would share a file.
        taken = {name.casefold() for name in found}
        name = next(
            each
            for number in count(1)
            if (each := plain if number == 1 else f"{plain}-{number}").casefold() not in taken
        )
        found[name] = channel
    return found
