"""What the public may read: published rounds, their rows, their documents, and an institution's history.

Everything here is filtered at its source: a round that is not published, or an institution without a
published entry, does not exist for these functions.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Count, Max, Sum

from hatchmark.db.models import Entry, Institution, Qualification, Round, RoundKind
from hatchmark.db.models import ResultNotice as ResultNoticeRow
from hatchmark.documents.scheme_pages import scheme_html, scheme_page, scheme_xlsx
from hatchmark.domain.notices import ResultNotice
from hatchmark.domain.outcomes import EntryKey, Grade, Outcome
from hatchmark.domain.permissions import Actor, Role, Subject
from hatchmark.domain.register import ENDS_QUALIFICATION, RESTORES_QUALIFICATION
from hatchmark.domain.results import RoundResults, results_from_document
from hatchmark.domain.scheme import Scheme
from hatchmark.domain.scoring import EntryInputs
from hatchmark.domain.sensitivity import Verdict
from hatchmark.domain.vocabulary import Vocabulary
from hatchmark.services import whatif
from hatchmark.services.papers import WORKING, file_names, notice_of, publication_files, workings_of
from hatchmark.services.permissions import require
from hatchmark.services.results import key_of
from hatchmark.services.rounds import scheme_of
from hatchmark.services.schemes import all_schemes, scheme_codes, scheme_named, scheme_source
from hatchmark.services.vocabularies import vocabulary_of

ANYBODY = Actor(code="public", name="", role=Role.PUBLIC)
"""Whoever reads the site: nobody signs in there."""
SCHEME_FILES = {
    "scheme.toml": "text/plain; charset=utf-8",
    "scheme.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "scheme.html": "text/html; charset=utf-8",
}
"""The files of a scheme, in the order in which they are offered."""


class NotPublishedError(LookupError):
    """There is nothing public under this address: not published and not existing look the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeNote:
    """Which scheme a kind was scored by, and whether it is the authority's own or a reconstruction."""

    code: str
    title: str
    provenance: str
    provenance_note: str
    english: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedRound:
    """A round as the public sees it. Moments are None where nobody recorded them."""

    authority_code: str
    authority: str
    year: int
    past: bool
    fictional: bool
    figures_public: bool
    kinds: tuple[str, ...]
    schemes: Mapping[str, SchemeNote]
    published_at: datetime | None
    happened_bound: str
    notice_opened_at: datetime | None
    notice_closed_at: datetime | None
    objections: int
    version: int
    digest: str
    entries: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamePeriod:
    """A name or operator and when it held (partial dates, empty where open or unknown)."""

    name: str
    aliases: tuple[str, ...]
    since: str
    until: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QualificationView:
    """One qualification with its three switches and what ended it; `ended_bound` where no day is known."""

    kind: str
    level: str
    status: str
    sub_type: str
    in_management: bool
    in_evaluation: bool
    in_statistics: bool
    ended_by: str
    ended_at: datetime | None
    ended_bound: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeUse:
    """A published round whose entries of one kind were scored by a scheme, and whether its figures are public."""

    authority_code: str
    authority: str
    year: int
    kind: str
    fictional: bool
    figures_public: bool
    vocabulary: Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedScheme:
    """A scheme that ships, and the published rounds that used it, the latest first."""

    scheme: Scheme
    uses: tuple[SchemeUse, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionNote:
    """The frozen submission that figures were taken from. Its evidence files are not published."""

    version: int
    handed_in_at: datetime
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryItem:
    """What one round said of the institution."""

    year: int
    key: EntryKey
    name: str
    face_text: str
    grade: Grade | None
    outcome: Outcome
    score: str | None
    carried_from: EntryKey | None
    obligations: tuple[tuple[str, int | None, str | None, str, bool], ...]
    working: Mapping[str, Any] | None
    submission: SubmissionNote | None
    past: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionView:
    """An institution's page: names, operators, place, qualifications, history with workings, notes."""

    authority_code: str
    authority: str
    code: str
    fictional: bool
    names: tuple[NamePeriod, ...]
    operators: tuple[NamePeriod, ...]
    channel: str
    region: str | None
    qualifications: tuple[QualificationView, ...]
    history: tuple[HistoryItem, ...]
    notes: tuple[str, ...]

    @property
    def systems_known(self) -> bool:
        """Whether a round told which systems it stands in. A past one, entered from its print, tells of nobody."""
        return any(not item.past for item in self.history)

    @property
    def name(self) -> str:
        """The name it bears now."""
        return self.names[-1].name


def published_rounds() -> list[PublishedRound]:
    """Return every published round, the latest year first, real ones before fictional ones."""
    rounds = (
        Round.objects.filter(result_notices__isnull=False)
        .distinct()
        .order_by("fictional", "-year", "authority__code")
    )
    return [_view(evaluation_round) for evaluation_round in rounds.select_related("authority")]


def state_of_publication() -> tuple[int, ...]:
    """Return numbers that change with every publication, correction and move of a published round; one question."""
    found = Round.objects.filter(result_notices__isnull=False).aggregate(
        notices=Count("result_notices"), latest=Max("result_notices__pk"), moves=Sum("version")
    )
    return tuple(number or 0 for number in found.values())


def published_results(authority_code: str, year: int) -> tuple[PublishedRound, RoundResults, Vocabulary]:
    """Return one published round with exactly what was published. Raises NotPublishedError."""
    evaluation_round = _published(authority_code, year)
    notice = _latest(evaluation_round)
    return (
        _view(evaluation_round),
        _results(notice.digest, notice.document),
        vocabulary_of(evaluation_round),
    )


def institution_code_of(authority_code: str, year: int) -> dict[EntryKey, str]:
    """Return the institution behind each entry of a published round."""
    entries = _published(authority_code, year).entries.select_related("qualification__institution")
    return {key_of(entry): entry.qualification.institution.code for entry in entries}


def institution(authority_code: str, code: str) -> InstitutionView:
    """Return an institution's public page. Raises NotPublishedError where no published round names it."""
    found = (
        Institution.objects.select_related("authority")
        .filter(authority__code=authority_code, code=code)
        .first()
    )
    entries = (
        Entry.objects.filter(qualification__institution=found, round__result_notices__isnull=False)
        .select_related("round", "qualification")
        .prefetch_related("obligations", "submissions")
        .distinct()
        .order_by("-round__year", "kind")
        if found
        else None
    )
    if found is None or entries is None:
        raise NotPublishedError(f"{authority_code}/{code}")
    history = [item for entry in entries if (item := _history_item(entry)) is not None]
    if not history:
        raise NotPublishedError(f"{authority_code}/{code}")
    qualifications = list(found.qualifications.prefetch_related("events").order_by("kind"))
    return InstitutionView(
        authority_code=authority_code,
        authority=found.authority.name,
        code=code,
        fictional=found.fictional,
        names=tuple(
            NamePeriod(
                name=name.name,
                aliases=tuple(name.aliases),
                since=name.since,
                until=name.until,
                source=name.source,
            )
            for name in found.names.all()
        ),
        operators=tuple(
            NamePeriod(
                name=tenure.operator.name,
                aliases=tuple(tenure.operator.aliases),
                since=tenure.since,
                until=tenure.until,
                source=tenure.source,
            )
            for tenure in found.tenures.select_related("operator")
        ),
        channel=qualifications[0].channel,
        region=qualifications[0].region or None,
        qualifications=tuple(_qualification(each) for each in qualifications),
        history=tuple(history),
        notes=tuple(note.text for note in found.register_notes.order_by("pk")),
    )


def document(authority_code: str, year: int, name: str) -> bytes:
    """Return a file of a published round by its name. Raises NotPublishedError for any other name."""
    evaluation_round = _published(authority_code, year)
    files = _files(evaluation_round.pk, _latest(evaluation_round).digest)
    if name not in files or name not in _offered(evaluation_round):
        raise NotPublishedError(f"{authority_code}/{year}/{name}")
    return files[name]


def document_names(authority_code: str, year: int) -> list[str]:
    """Return the names of the files a published round offers, without making them."""
    return _offered(_published(authority_code, year))


def _offered(evaluation_round: Round) -> list[str]:
    # The working holds the figures: it is as public as they are.
    return [
        name for name in file_names(evaluation_round) if name != WORKING or _figures_public(evaluation_round)
    ]


def published_notice(authority_code: str, year: int) -> ResultNotice:
    """Return the typed notice of a published round, for the page that shows it."""
    evaluation_round = _published(authority_code, year)
    notice = _latest(evaluation_round)
    return notice_of(evaluation_round, _results(notice.digest, notice.document))


# ---- schemes ----------------------------------------------------------------------------------------------


def schemes() -> list[ListedScheme]:
    """Return every scheme that ships: those of published rounds first, each group in the order of their codes."""
    uses: dict[str, list[SchemeUse]] = {}
    kinds = (
        RoundKind.objects.filter(round__result_notices__isnull=False)
        .exclude(scheme="")
        .select_related("round__authority")
        .order_by("-round__year", "position")
        .distinct()
    )
    for kind in kinds:
        uses.setdefault(kind.scheme, []).append(
            SchemeUse(
                authority_code=kind.round.authority.code,
                authority=kind.round.authority.name,
                year=kind.round.year,
                kind=kind.kind,
                fictional=kind.round.fictional,
                figures_public=_figures_public(kind.round),
                vocabulary=vocabulary_of(kind.round),
            )
        )
    listed = [ListedScheme(scheme=scheme, uses=tuple(uses.get(scheme.code, ()))) for scheme in all_schemes()]
    return sorted(listed, key=lambda each: not each.uses)


def scheme(code: str) -> ListedScheme:
    """Return one scheme with its uses. Raises NotPublishedError for a code that does not ship."""
    for listed in schemes():
        if listed.scheme.code == code:
            return listed
    raise NotPublishedError(code)


def scheme_file(code: str, name: str, *, language: str) -> bytes:
    """Return a file of a scheme by its name, in a language; the .toml is the file as its authors wrote it."""
    if code not in scheme_codes() or name not in SCHEME_FILES:
        raise NotPublishedError(f"{code}/{name}")
    if name == "scheme.toml":
        return scheme_source(code)
    page = scheme_page(scheme_named(code), language=language)
    return scheme_xlsx(page) if name == "scheme.xlsx" else scheme_html(page)


# ---- what if ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIfTable:
    """The entries of one kind of a published round as their workings show them. By `str(EntryKey)`, in order."""

    round: PublishedRound
    results: RoundResults
    vocabulary: Vocabulary
    kind: str
    scheme: Scheme
    entries: Mapping[str, EntryInputs]
    verdicts: Mapping[str, Verdict]
    settable: tuple[whatif.Settable, ...]

    @property
    def raw(self) -> bytes:
        """The bytes of the scheme's file."""
        return scheme_source(self.scheme.code)


def what_if_table(authority_code: str, year: int, kind: str) -> WhatIfTable:
    """Return what a what-if question may rest on: only what the site already shows.

    Raises NotPublishedError for what is not there, NotAllowedError where the figures are not public, TooMuchError for
    more entries than a page works through, NotReproducedError where the published figures alone do not give the
    published totals and grades.
    """
    evaluation_round = _published(authority_code, year)
    notice = _latest(evaluation_round)
    results = _results(notice.digest, notice.document)
    if kind not in results.kinds:
        raise NotPublishedError(f"{authority_code}/{year}/{kind}")
    scored = _scored(evaluation_round.pk, notice.digest, kind)
    require(
        ANYBODY,
        "ask_what_if",
        Subject(past=evaluation_round.past, figures_public=scored is not None),
        evaluation_round=evaluation_round,
        at=None,
    )
    if scored is None:  # the rule above has refused it
        raise NotPublishedError(f"{authority_code}/{year}/{kind}")
    return WhatIfTable(
        round=_view(evaluation_round),
        results=results,
        vocabulary=vocabulary_of(evaluation_round),
        kind=kind,
        scheme=scored.scheme,
        entries=scored.entries,
        verdicts=scored.verdicts,
        settable=whatif.settable_numbers(scheme_source(scored.scheme.code), name=scored.scheme.code),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scored:
    scheme: Scheme
    entries: Mapping[str, EntryInputs]
    verdicts: Mapping[str, Verdict]


@lru_cache(maxsize=8)
def _scored(round_pk: int, digest: str, kind: str) -> _Scored | None:
    """Read back one kind of a published version, and hold it against what was published."""
    evaluation_round = Round.objects.get(pk=round_pk)
    results = _results(digest, _latest(evaluation_round).document)
    workings = _public_workings(evaluation_round, results)
    of_kind = {key: workings[key] for row in results.rows_of(kind) if (key := str(row.key)) in workings}
    if not of_kind:
        return None
    whatif.check_budget(entries=len(of_kind), changes=0)
    used = scheme_of(evaluation_round.kinds.get(kind=kind))
    entries = {key: whatif.inputs_of(used, document) for key, document in of_kind.items()}
    verdicts = {key: whatif.published_verdict(used, document) for key, document in of_kind.items()}
    if whatif.verdicts_of(used, entries) != verdicts:
        raise whatif.NotReproducedError(
            f"{used.code}: the published figures alone do not give what was published"
        )
    return _Scored(scheme=used, entries=entries, verdicts=verdicts)


def _published(authority_code: str, year: int) -> Round:
    evaluation_round = (
        Round.objects.filter(authority__code=authority_code, year=year, result_notices__isnull=False)
        .select_related("authority")
        .distinct()
        .first()
    )
    if evaluation_round is None:
        raise NotPublishedError(f"{authority_code}/{year}")
    return evaluation_round


def _latest(evaluation_round: Round) -> ResultNoticeRow:
    return evaluation_round.result_notices.latest("version")


@lru_cache(maxsize=32)
def _results(digest: str, text: str) -> RoundResults:
    # The digest is checked once for each text read; it is the cache's key together with the text itself.
    results = results_from_document(json.loads(text))
    if results.digest != digest:
        raise ValueError(f"the stored results do not have the digest {digest} they were published under")
    return results


@lru_cache(maxsize=8)
def _files(round_pk: int, _digest: str) -> dict[str, bytes]:
    evaluation_round = Round.objects.select_related("authority").get(pk=round_pk)
    notice = _latest(evaluation_round)
    return publication_files(evaluation_round, _results(notice.digest, notice.document))


def _view(evaluation_round: Round) -> PublishedRound:
    notice = _latest(evaluation_round)
    public_notice = getattr(evaluation_round, "public_notice", None)
    results = _results(notice.digest, notice.document)
    return PublishedRound(
        authority_code=evaluation_round.authority.code,
        authority=evaluation_round.authority.name,
        year=evaluation_round.year,
        past=evaluation_round.past,
        fictional=evaluation_round.fictional,
        figures_public=_figures_public(evaluation_round),
        kinds=results.kinds,
        schemes={kind.kind: scheme_note(kind.scheme) for kind in evaluation_round.kinds.exclude(scheme="")},
        published_at=notice.published_at,
        happened_bound=evaluation_round.happened_bound,
        notice_opened_at=public_notice.opened_at if public_notice else None,
        notice_closed_at=public_notice.closes_at if public_notice else None,
        objections=evaluation_round.entries.filter(objections__isnull=False).count(),
        version=notice.version,
        digest=notice.digest,
        entries={kind: len(results.rows_of(kind)) for kind in results.kinds},
    )


def scheme_note(code: str) -> SchemeNote:
    """Return what is said of a scheme wherever its scores are shown."""
    scheme = scheme_named(code)
    return SchemeNote(
        code=scheme.code,
        title=scheme.title,
        provenance=scheme.provenance.value,
        provenance_note=scheme.provenance_note,
        english=scheme.english,
    )


def _history_item(entry: Entry) -> HistoryItem | None:
    notice = _latest(entry.round)
    results = _results(notice.digest, notice.document)
    row = next((row for row in results.rows if row.key == key_of(entry)), None)
    if row is None:  # withheld: an objection is open, and nothing of it is public
        return None
    working = _public_workings(entry.round, results).get(str(row.key))
    duties = {duty.act: duty.done_at is not None for duty in entry.obligations.all()}
    return HistoryItem(
        year=entry.round.year,
        key=row.key,
        name=row.name,
        face_text=row.face_text,
        grade=row.grade,
        outcome=row.outcome,
        score=row.score,
        carried_from=row.carried_from,
        obligations=tuple(
            (each.act.value, each.year, each.as_kind, each.note, duties.get(each.act.value, False))
            for each in results.obligations
            if each.key == row.key
        ),
        working=working,
        submission=_submission(entry) if working else None,
        past=entry.round.past,
    )


def _public_workings(evaluation_round: Round, results: RoundResults) -> Mapping[str, Any]:
    """Return the workings that anybody may see, by entry: those of fictional rounds, of real ones none."""
    return workings_of(evaluation_round, results) if _figures_public(evaluation_round) else {}


def _figures_public(evaluation_round: Round) -> bool:
    return evaluation_round.fictional


def _submission(entry: Entry) -> SubmissionNote | None:
    approved = [each for each in entry.submissions.all() if each.state == "approved"]
    if not approved:
        return None
    last = approved[-1]
    return SubmissionNote(version=last.version, handed_in_at=last.handed_in_at, digest=last.digest)


def _qualification(qualification: Qualification) -> QualificationView:
    ended = None
    for event in qualification.events.all():
        if event.event in ENDS_QUALIFICATION:
            ended = event
        elif event.event == RESTORES_QUALIFICATION:
            ended = None
    return QualificationView(
        kind=qualification.kind,
        level=qualification.level,
        status=qualification.status,
        sub_type=qualification.sub_type,
        in_management=qualification.in_management,
        in_evaluation=qualification.in_evaluation,
        in_statistics=qualification.in_statistics,
        ended_by=ended.event if ended else "",
        ended_at=ended.happened_at if ended else None,
        ended_bound=ended.happened_bound if ended else "",
    )
