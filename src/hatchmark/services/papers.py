"""The papers of a published round: its notice as a value, and every file that is made of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from hatchmark.db.models import Objection, Round, Scorecard
from hatchmark.documents.csv_files import document_json, results_csv, results_json
from hatchmark.documents.docx import notice_docx
from hatchmark.documents.pdf import notice_pdf
from hatchmark.documents.xlsx import annexes_xlsx
from hatchmark.domain.notices import (
    Basis,
    NoticeFacts,
    ProvenanceLine,
    PublicNoticeFacts,
    ResultNotice,
    Ruling,
    build_notice,
)
from hatchmark.domain.results import RoundResults
from hatchmark.domain.scheme import Scheme
from hatchmark.domain.vocabulary import load_vocabulary
from hatchmark.schemes.loader import shipped
from hatchmark.services.results import blocked_entries, key_of

MEDIA_TYPES = {
    "notice.docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "notice.pdf": "application/pdf",
    "annexes.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "results.csv": "text/csv; charset=utf-8",
    "results.json": "application/json",
    "working.json": "application/json",
}
"""The files of a published round, in the order in which they are offered. A past round has no working."""


def notice_of(evaluation_round: Round, results: RoundResults) -> ResultNotice:
    """Return the result notice of a round: content only, a pure function of what is recorded."""
    settings = evaluation_round.settings
    schemes = [shipped(kind.scheme) for kind in evaluation_round.kinds.exclude(scheme="")]
    latest = evaluation_round.result_notices.order_by("version").last()
    published_at = latest.published_at if latest else None
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
    )
    return build_notice(results, load_vocabulary(evaluation_round.vocabulary), facts)


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
    return [name for name in MEDIA_TYPES if scored or name != "working.json"]


def publication_files(evaluation_round: Round, results: RoundResults) -> dict[str, bytes]:
    """Return every file of a published round by its name."""
    vocabulary = load_vocabulary(evaluation_round.vocabulary)
    notice = notice_of(evaluation_round, results)
    files = {
        "notice.docx": notice_docx(notice),
        "notice.pdf": notice_pdf(notice),
        "annexes.xlsx": annexes_xlsx(notice, results),
        "results.csv": results_csv(results, vocabulary, marks=notice.marks),
        "results.json": results_json(results),
    }
    if workings := workings_of(evaluation_round, results):
        files["working.json"] = document_json(workings)
    return files
