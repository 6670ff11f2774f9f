"""The import of the statistics return (火炬统计): choose a file, look at what it says of whom, keep it."""

from collections.abc import Mapping
from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from hatchmark.db.models import Round, StatisticsReturn
from hatchmark.domain.permissions import Actor, Role
from hatchmark.domain.statistics_returns import kinds_with_titles
from hatchmark.domain.workflow import Stage
from hatchmark.services import clock, statistics
from hatchmark.services.reach import entries_for, rounds_for
from hatchmark.services.refusals import RefusedError
from hatchmark.services.statistics import StatisticsPreview, UnusableReturnError
from hatchmark.services.vocabularies import vocabulary_of
from hatchmark.web import words
from hatchmark.web.accounts import actor_for
from hatchmark.web.addresses import address_of
from hatchmark.web.problems import refusal
from hatchmark.web.reviews import refused_text
from hatchmark.web.rows import kind_title
from hatchmark.web.work import back, show_work, tell

_SALT = "statistics return"
_HOUR = 3600
_NAMED = 20


@require_http_methods(["GET", "HEAD", "POST"])
def statistics_return(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """Take a file, show what it would keep, and keep it when asked a second time; nothing before that."""
    actor, now = actor_for(request), clock.now()
    evaluation_round = (
        rounds_for(actor, "import_statistics").filter(pk=pk).select_related("authority").first()
    )
    if evaluation_round is None:
        raise Http404
    error, status = "", 200
    preview: StatisticsPreview | None = None
    if request.method == "POST" and "keep" in request.POST:
        told = _unsealed(request.POST["keep"], evaluation_round, actor)
        if told is None:
            error, status = words.say(language, "statistics_stale"), 409
        else:
            try:
                n = statistics.import_statistics(
                    evaluation_round=evaluation_round,
                    lines={int(entry): figures for entry, figures in told["lines"].items()},
                    file=told["file"],
                    digest=told["digest"],
                    actor=actor,
                    at=now,
                )
            except RefusedError as refused:
                error, status = refused_text(language, refused), 409
            else:
                tell(request, words.say(language, "statistics_kept", n=n, file=told["file"]))
                return back(request, language, "statistics", pk)
    elif request.method == "POST":
        preview, error = _preview(request, language, evaluation_round, actor)
        status = 422 if error else 200
    context = _context(language, evaluation_round, actor, preview) | {
        "error": error,
        "chosen": request.POST.get("kind", ""),
    }
    return show_work(request, "web/work/statistics.html", language, context, status=status)


def _preview(
    request: HttpRequest, language: str, evaluation_round: Round, actor: Actor
) -> tuple[StatisticsPreview | None, str]:
    upload: Any = request.FILES.get("file")
    if upload is None:
        return None, words.say(language, "statistics_no_file")
    name = (upload.name or "")[:200]
    try:
        return statistics.preview_statistics(
            evaluation_round=evaluation_round,
            kind=request.POST.get("kind", ""),
            file=name,
            content=upload.read(),
            actor=actor,
        ), ""
    except RefusedError as refused:
        if isinstance(refused, UnusableReturnError):
            return None, words.say(language, f"statistics_fault_{refused.rule}", file=name)
        return None, words.say(
            language, "statistics_unreadable", file=name, reason=refusal(language, refused)
        )


def _context(
    language: str, evaluation_round: Round, actor: Actor, preview: StatisticsPreview | None
) -> dict[str, Any]:
    vocabulary = vocabulary_of(evaluation_round)
    own = entries_for(actor, "import_statistics").filter(round=evaluation_round)
    kept = StatisticsReturn.objects.filter(entry__in=own).select_related("entry")
    channel = actor.role is Role.CHANNEL
    return {
        "round": evaluation_round,
        "open": evaluation_round.stage in (Stage.SUBMISSION, Stage.PRELIMINARY_REVIEW),
        "up": address_of(language, "queue" if channel else "board", evaluation_round.pk),
        "up_label": words.say(language, "queue_short" if channel else "statistics_board"),
        "kinds": [
            {
                "code": each.kind,
                "title": kind_title(each.kind, language=language, vocabulary=vocabulary),
            }
            for each in evaluation_round.kinds.all()
            if each.scheme and each.kind in kinds_with_titles()
        ],
        "kept": [
            {
                "name": each.entry.name,
                "figures": len(each.figures),
                "file": each.file,
                "at": words.moment(language, each.imported_at),
            }
            for each in kept.order_by("entry__kind", "entry__serial")
        ],
        "total": own.count(),
        "preview": _view(language, preview, evaluation_round, actor) if preview else None,
    }


def _view(language: str, preview: StatisticsPreview, evaluation_round: Round, actor: Actor) -> dict[str, Any]:
    return {
        "file": preview.file,
        "head_row": preview.head_row,
        "matches": [
            {
                "row": match.line.row,
                "printed": match.line.name or match.line.code,
                "name": match.entry.name,
                "figures": len(match.line.figures),
                "bad": len(match.line.bad),
                "replaces": match.replaces,
            }
            for match in preview.matches
        ],
        "bad": [
            {
                "row": cell.row,
                "column": cell.column,
                "value": cell.value,
                "why": cell.zh if language == "zh" else cell.en,
            }
            for cell in preview.bad
        ],
        "strangers": [line.name or line.code for line in preview.strangers[:_NAMED]],
        "strangers_n": len(preview.strangers),
        "twice": [f"{line.row}: {line.name or line.code}" for line in preview.twice],
        "known": preview.known,
        "unknown": preview.unknown,
        "keep": _sealed(preview, evaluation_round, actor) if preview.can_be_kept else "",
    }


def _sealed(preview: StatisticsPreview, evaluation_round: Round, actor: Actor) -> str:
    """Return what was shown, signed: what is kept in the second step is what was looked at, and by whom."""
    return signing.dumps(
        {
            "round": evaluation_round.pk,
            "actor": actor.code,
            "file": preview.file,
            "digest": preview.digest,
            "lines": {str(match.entry.pk): dict(match.line.figures) for match in preview.matches},
        },
        salt=_SALT,
        compress=True,
    )


def _unsealed(text: str, evaluation_round: Round, actor: Actor) -> Mapping[str, Any] | None:
    try:
        told: dict[str, Any] = signing.loads(text, salt=_SALT, max_age=_HOUR)
    except signing.BadSignature:
        return None
    return told if (told["round"], told["actor"]) == (evaluation_round.pk, actor.code) else None
