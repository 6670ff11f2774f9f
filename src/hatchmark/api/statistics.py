"""The import of the statistics return (火炬统计): tried, it is the preview; done, it keeps what the preview showed."""

from datetime import datetime

from django.http import HttpRequest
from ninja import File, Form, Schema
from ninja.files import UploadedFile

from hatchmark.api.given import MOST_ROWS, Code
from hatchmark.api.operations import actor, doing, operation
from hatchmark.api.work import round_of
from hatchmark.db.models import StatisticsReturn
from hatchmark.services import clock, statistics
from hatchmark.services.reach import entries_for
from hatchmark.services.statistics import Match, StatisticsPreview


class ReturnOut(Schema):
    """What is kept of a return for one entry: exact text in our units, by figure."""

    entry: int
    name: str
    figures: dict[str, str]
    file: str
    digest: str
    imported_at: datetime


class MatchOut(Schema):
    """A line of a file and the entry that it speaks of. `replaces`: a return of it was there already."""

    row: int
    printed: str
    entry: int
    name: str
    figures: dict[str, str]
    replaces: bool


class ImportOut(Schema):
    """What a file says of whom. `strangers` are lines of nobody within reach (the first 200 of `strangers_total`),
    `unknown` titles that mean no figure.
    """

    file: str
    digest: str
    kept: list[MatchOut]
    strangers: list[str]
    strangers_total: int
    known: list[str]
    unknown: list[str]


class ReturnIn(Schema):
    """The kind whose institutions the file speaks of."""

    kind: Code


@operation("GET", "/rounds/{int:round_id}/statistics", act="import_statistics", answer=list[ReturnOut])
def statistics_returns(request: HttpRequest, round_id: int) -> list[ReturnOut]:
    """What is kept of the entries within one's reach, by kind and serial."""
    found = round_of(request, round_id, "import_statistics")
    own = entries_for(actor(request), "import_statistics").filter(round=found)
    kept = StatisticsReturn.objects.filter(entry__in=own).select_related("entry")
    return [
        ReturnOut(
            entry=each.entry_id,
            name=each.entry.name,
            figures=each.figures,
            file=each.file,
            digest=each.digest,
            imported_at=each.imported_at,
        )
        for each in kept.order_by("entry__kind", "entry__serial")
    ]


@operation("POST", "/rounds/{int:round_id}/statistics", act="import_statistics", answer=ImportOut)
def import_statistics(
    request: HttpRequest,
    round_id: int,
    body: ReturnIn = Form(...),  # type: ignore[type-arg]  # noqa: B008
    file: UploadedFile = File(...),  # type: ignore[type-arg]  # noqa: B008
    dry_run: bool = False,
) -> ImportOut:
    """Keep what a return (.xlsx or .csv, at most 10 MB) says; a cell that cannot be keeps the whole file out."""
    who, at = actor(request), clock.now()
    evaluation_round = round_of(request, round_id, "import_statistics")
    found = statistics.preview_statistics(
        evaluation_round=evaluation_round,
        kind=body.kind,
        file=(file.name or "")[:200],
        content=file.read(),
        actor=who,
    )
    doing(
        lambda: statistics.import_previewed(evaluation_round=evaluation_round, found=found, actor=who, at=at),
        dry_run=dry_run,
    )
    return _out(found)


def _out(found: StatisticsPreview) -> ImportOut:
    return ImportOut(
        file=found.file,
        digest=found.digest,
        kept=[_match(each) for each in found.matches],
        strangers=[line.name or line.code for line in found.strangers[:MOST_ROWS]],
        strangers_total=len(found.strangers),
        known=list(found.known),
        unknown=list(found.unknown),
    )


def _match(match: Match) -> MatchOut:
    return MatchOut(
        row=match.line.row,
        printed=match.line.name or match.line.code,
        entry=match.entry.pk,
        name=match.entry.name,
        figures=dict(match.line.figures),
        replaces=match.replaces,
    )
