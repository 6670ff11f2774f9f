"""The pages of the public site: read the address, ask the services, show. Nothing is decided here."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from hatchmark.domain.outcomes import EntryKey
from hatchmark.domain.results import RoundResults, Row
from hatchmark.domain.vocabulary import Vocabulary
from hatchmark.services import public
from hatchmark.services.papers import MEDIA_TYPES
from hatchmark.web import charts, notices, places, register, versions, words
from hatchmark.web.addresses import address_of
from hatchmark.web.pages import attachment, show
from hatchmark.web.paging import LONGEST_WORD
from hatchmark.web.results import NO_REGION, Filter, Page, ResultClass, class_of
from hatchmark.web.rows import heads, kind_title, label_of, view_of

FOUND_ON_FIRST_PAGE = 20


def _round_address(language: str, round_: public.PublishedRound, name: str = "round") -> str:
    return address_of(language, name, round_.authority_code, round_.year)


def _addresses(language: str, round_: public.PublishedRound) -> Callable[[EntryKey], str]:
    """Return how an entry's institution is addressed, asked once for a whole page."""
    codes = public.institution_code_of(round_.authority_code, round_.year)

    def of_institution(key: EntryKey) -> str:
        return address_of(language, "institution", round_.authority_code, codes[key])

    return of_institution


def _title(language: str, results: RoundResults, vocabulary: Vocabulary) -> str:
    kinds = [kind_title(kind, language=language, vocabulary=vocabulary) for kind in results.kinds]
    return words.say(
        language, "round_title", year=results.year, kinds=words.say(language, "kinds_joint").join(kinds)
    )


def _published(authority: str, year: int) -> tuple[public.PublishedRound, RoundResults, Vocabulary]:
    try:
        return public.published_results(authority, year)
    except public.NotPublishedError:
        raise Http404 from None


def _files(language: str, round_: public.PublishedRound, names: Sequence[str]) -> list[dict[str, str]]:
    return [
        {
            "address": address_of(language, "document", round_.authority_code, round_.year, name),
            "ending": name.rpartition(".")[2].upper(),
            "label": words.say(language, f"file_{name.replace('.', '_')}"),
            "text": words.say(language, f"file_{name.replace('.', '_')}_text"),
        }
        for name in names
    ]


def _documents_of(round_: public.PublishedRound) -> list[str]:
    """Return the names of the files of a round, in the order in which they are offered."""
    there = public.document_names(round_.authority_code, round_.year)
    return [name for name in MEDIA_TYPES if name in there]


# ---- first page -------------------------------------------------------------------------------------------


@require_safe
def home(request: HttpRequest, language: str) -> HttpResponse:
    """The rounds, and a search through all of them."""
    wanted = Filter(q=Filter.read(request.GET).q)
    cards, found, legend = [], [], set[ResultClass]()
    first_vocabulary: Vocabulary | None = None
    for listed in public.published_rounds():
        round_, results, vocabulary = _published(listed.authority_code, listed.year)
        first_vocabulary = first_vocabulary or vocabulary
        legend.update(map(class_of, results.rows))
        address, title = _round_address(language, round_), _title(language, results, vocabulary)
        cards.append(
            {
                "round": round_,
                "title": title,
                "address": address,
                "notice": _round_address(language, round_, "notice"),
                "bars": _bars(results.rows, results, vocabulary, language=language, address=address),
                "files": _files(language, round_, ["results.csv"]),
            }
        )
        if wanted.q and (rows_found := wanted.apply(results.rows, region_of={})):
            addresses = _addresses(language, round_)
            found.append(
                {
                    "title": title,
                    "address": address + wanted.address(),
                    "total": len(rows_found),
                    "more": max(0, len(rows_found) - FOUND_ON_FIRST_PAGE),
                    "fictional": round_.fictional,
                    "words": heads(kind=None, language=language, vocabulary=vocabulary),
                    "rows": [
                        view_of(
                            row,
                            language=language,
                            vocabulary=vocabulary,
                            address_of=addresses,
                            round_address=address,
                            year=round_.year,
                        )
                        for row in rows_found[:FOUND_ON_FIRST_PAGE]
                    ],
                }
            )
    return show(
        request,
        "web/home.html",
        language,
        {
            "query": wanted.q,
            "found": found,
            "found_total": sum(group["total"] for group in found),
            "cards": cards,
            "legend": _legend(legend, first_vocabulary, language=language),
        },
    )


# ---- a round ----------------------------------------------------------------------------------------------


@require_safe
def round_page(request: HttpRequest, language: str, authority: str, year: int) -> HttpResponse:
    """The results of a round: list, counts, places, files."""
    round_, results, vocabulary = _published(authority, year)
    wanted = Filter.read(request.GET)
    table = places.table_for(results.rows)
    region_of = places.roll_up(results.rows, table)
    matching = wanted.apply(results.rows, region_of=region_of)
    page = Page.of(matching, wanted.page)
    address = _round_address(language, round_)
    fields = _fields(wanted, results, vocabulary, language=language)
    context = {
        "round": round_,
        "title": _title(language, results, vocabulary),
        "published_on": words.day(language, timezone.localtime(round_.published_at).date())
        if round_.published_at
        else "",
        "happened": register.bound(round_.happened_bound, language),
        "scheme_notes": scheme_notes(round_),
        "what_ifs": _what_ifs(round_, results, vocabulary, language=language),
        "address": address,
        "notice": _round_address(language, round_, "notice"),
        "filter": wanted,
        "fields": fields,
        "problems": _problems(wanted, fields, request.GET, table, language=language),
        "summary": words.say(
            language,
            "summary_some" if wanted.narrows else "summary_all",
            n=page.total,
            total=len(results.rows),
        ),
        "page": page,
        "previous_page": wanted.address(page=page.number - 1) if page.number > 1 else "",
        "next_page": wanted.address(page=page.number + 1) if page.number < page.last else "",
        "rows_address": _round_address(language, round_, "rows") + wanted.address().rstrip("?"),
        "tables": _tables(page, matching, round_, results, vocabulary, language=language),
        "files": _files(language, round_, _documents_of(round_)),
        "digest": results.digest,
        # The pictures show the whole round, whatever the list is narrowed to: their tables sum to it.
        **_counts(results, vocabulary, language=language, address=address),
        **_places(results, vocabulary, table, wanted, language=language, address=address),
    }
    return show(request, "web/round.html", language, context)


def _what_ifs(
    round_: public.PublishedRound, results: RoundResults, vocabulary: Vocabulary, *, language: str
) -> list[dict[str, str]]:
    """Return where the schemes of a round can be tried with other numbers: only where its figures are public."""
    return [
        {
            "address": address_of(language, "what-if", round_.authority_code, round_.year, kind),
            "title": words.say(
                language, "what_if_of", kind=kind_title(kind, language=language, vocabulary=vocabulary)
            ),
        }
        for kind in results.kinds
        if round_.figures_public
        and kind in round_.schemes
        and any(row.score for row in results.rows_of(kind))
    ]


def scheme_notes(round_: public.PublishedRound) -> list[public.SchemeNote]:
    """Return the schemes that are reconstructions: each page that shows a score by them says so."""
    return [
        scheme
        for kind in round_.kinds
        if (scheme := round_.schemes.get(kind)) and scheme.provenance == "reconstruction"
    ]


def _tables(
    page: Page,
    matching: Sequence[Row],
    round_: public.PublishedRound,
    results: RoundResults,
    vocabulary: Vocabulary,
    *,
    language: str,
) -> list[dict[str, Any]]:
    addresses = _addresses(language, round_)
    found = []
    for kind in results.kinds:
        shown = [row for row in page.rows if row.key.kind == kind]
        if shown:
            found.append(
                {
                    "caption": kind_title(kind, language=language, vocabulary=vocabulary),
                    "total": sum(row.key.kind == kind for row in matching),
                    "scores": any(row.score for row in results.rows_of(kind)),
                    "words": heads(kind=kind, language=language, vocabulary=vocabulary),
                    "rows": [
                        view_of(
                            row,
                            language=language,
                            vocabulary=vocabulary,
                            address_of=addresses,
                            round_address=_round_address(language, round_),
                            year=round_.year,
                        )
                        for row in shown
                    ],
                }
            )
    return found


def _fields(
    wanted: Filter, results: RoundResults, vocabulary: Vocabulary, *, language: str
) -> list[dict[str, Any]]:
    """Return the fields to choose from, each with what there is in this round and how often."""
    present = [result for result in ResultClass if any(class_of(row) is result for row in results.rows)]
    channels = list(dict.fromkeys(row.channel for row in results.rows))
    choices = {
        "kind": [
            (kind, kind_title(kind, language=language, vocabulary=vocabulary), len(results.rows_of(kind)))
            for kind in results.kinds
        ],
        "result": [
            (
                result.value,
                label_of(result, language=language, vocabulary=vocabulary),
                sum(class_of(row) is result for row in results.rows),
            )
            for result in present
        ],
        "channel": [
            (channel, channel, sum(row.channel == channel for row in results.rows)) for channel in channels
        ],
    }
    labels = {
        "kind": words.say(language, "kind"),
        "result": words.say(language, "result"),
        "channel": words.say(language, "channel_filter", word=vocabulary.channel_word),
    }
    return [
        {
            "name": name,
            "label": labels[name],
            "options": [
                {"value": value, "label": label, "count": count, "chosen": value == getattr(wanted, name)}
                for value, label, count in options
            ],
        }
        for name, options in choices.items()
    ]


def _problems(
    wanted: Filter,
    fields: Sequence[Mapping[str, Any]],
    parameters: Mapping[str, str],
    table: Any,
    *,
    language: str,
) -> list[str]:
    """Say what of the address could not be followed, or narrows the list without a field that shows it."""
    found = []
    if len(parameters.get("q", "").strip()) > LONGEST_WORD:
        found.append(words.say(language, "too_long", n=LONGEST_WORD))
    for field in fields:
        value = getattr(wanted, field["name"])
        if value and not any(option["chosen"] for option in field["options"]):
            found.append(words.say(language, "unknown_value", field=field["label"], value=value))
    if wanted.region:
        tiles = {tile.code or NO_REGION: tile for tile in table.tiles} if table else {}
        if wanted.region in tiles:
            tile = tiles[wanted.region]
            found.append(
                words.say(language, "region_filter", place=tile.title if language == "zh" else tile.title_en)
            )
        else:
            found.append(
                words.say(language, "unknown_value", field=words.say(language, "place"), value=wanted.region)
            )
    return found


def _legend(
    results: set[ResultClass], vocabulary: Vocabulary | None, *, language: str
) -> list[dict[str, str]]:
    if vocabulary is None:
        return []
    return [
        {"result": result.value, "label": label_of(result, language=language, vocabulary=vocabulary)}
        for result in ResultClass
        if result in results
    ]


def _bars(
    rows_shown: Sequence[Row], results: RoundResults, vocabulary: Vocabulary, *, language: str, address: str
) -> list[dict[str, Any]]:
    """Return a bar a kind, each as long as the drawing: shares are compared, numbers are printed."""
    bars = []
    for kind in results.kinds:
        rows_of_kind = [row for row in rows_shown if row.key.kind == kind]
        drawing = charts.bar((class_of(row) for row in rows_of_kind), longest=max(len(rows_of_kind), 1))
        labels = {
            part.result: label_of(part.result, language=language, vocabulary=vocabulary)
            for part in drawing.segments
        }
        bars.append(
            {
                "title": kind_title(kind, language=language, vocabulary=vocabulary),
                "address": f"{address}{Filter(kind=kind).address()}#list",
                "drawing": drawing,
                "labels": labels,
                "spoken": words.say(language, "results_joint").join(
                    words.say(language, "bar_part", result=labels[part.result], n=part.count)
                    for part in drawing.segments
                ),
            }
        )
    return bars


def _counts(results: RoundResults, vocabulary: Vocabulary, *, language: str, address: str) -> dict[str, Any]:
    findings = []
    for kind in results.kinds:
        rows_of_kind = results.rows_of(kind)
        most, n = charts.largest([class_of(row) for row in rows_of_kind])
        if most:
            findings.append(
                words.say(
                    language,
                    "finding_tied" if len(most) > 1 else "finding_one",
                    kind=kind_title(kind, language=language, vocabulary=vocabulary),
                    total=len(rows_of_kind),
                    result=words.say(language, "results_joint").join(
                        words.inside(language, label_of(result, language=language, vocabulary=vocabulary))
                        for result in most
                    ),
                    n=n,
                )
            )
    joint = words.say(language, "finding_joint")
    return {
        "counts_title": joint.join(findings) or words.say(language, "finding_none"),
        "bars": _bars(results.rows, results, vocabulary, language=language, address=address),
        "legend": _legend(set(map(class_of, results.rows)), vocabulary, language=language),
        "count_tables": [
            _count_table(kind, results, vocabulary, language=language) for kind in results.kinds
        ],
    }


def _count_table(
    kind: str, results: RoundResults, vocabulary: Vocabulary, *, language: str
) -> dict[str, Any]:
    """Return the counts by printed text: the same that the notice and results.json hold."""
    counts = results.counts()[kind]
    classes = {row.face_text: class_of(row) for row in results.rows_of(kind)}
    order = list(ResultClass)
    return {
        "title": kind_title(kind, language=language, vocabulary=vocabulary),
        "head": heads(kind=kind, language=language, vocabulary=vocabulary)["result"],
        "lines": [
            {"result": classes[text].value, "label": text, "count": counts[text]}
            for text in sorted(counts, key=lambda text: order.index(classes[text]))
        ],
        "total": sum(counts.values()),
    }


def _places(
    results: RoundResults,
    vocabulary: Vocabulary,
    table: Any,
    wanted: Filter,
    *,
    language: str,
    address: str,
) -> dict[str, Any]:
    if table is None:
        return {"tiles": []}
    tiles = places.tiles(results.rows, kinds=results.kinds, table=table, language=language)
    regions = [tile for tile in tiles if not tile.elsewhere]
    most = max(tile.total for tile in regions)
    first = [tile.name for tile in regions if tile.total == most]
    if most:
        title = words.say(
            language,
            "places_tied" if len(first) > 1 else "places_one",
            place=words.say(language, "results_joint").join(first),
            n=most,
            used=sum(tile.total > 0 for tile in regions),
        )
    else:
        title = words.say(language, "places_empty")
    return {
        "places_title": title,
        "tiles": [
            {
                "tile": tile,
                "address": address + Filter(region=tile.code).address(),
                "chosen": tile.code == wanted.region,
            }
            for tile in tiles
        ],
        "place_kinds": [kind_title(kind, language=language, vocabulary=vocabulary) for kind in results.kinds],
        "place_totals": [
            *(sum(tile.by_kind[position] for tile in tiles) for position in range(len(results.kinds))),
            sum(tile.total for tile in tiles),
        ],
        "place_notes": [
            {"place": printed, "parent": tile.title if language == "zh" else tile.title_en}
            for printed, tile in places.counted_elsewhere(results.rows, table)
        ],
    }


@require_safe
def rows(request: HttpRequest, language: str, authority: str, year: int) -> HttpResponse:
    """The rows that a filter leaves, as a table for a spreadsheet. Cells that would run there are made inert."""
    round_, results, vocabulary = _published(authority, year)
    wanted = Filter.read(request.GET)
    region_of = places.roll_up(results.rows, places.table_for(results.rows))
    text = io.StringIO()
    # A spreadsheet takes a file without this mark for the local code page, and Chinese falls apart.
    text.write("\ufeff")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(
        [
            words.say(language, "kind"),
            words.say(language, "serial"),
            words.say(language, "mixed_name"),
            words.say(language, "operators"),
            words.say(language, "channel_column", column=vocabulary.channel_column),
            words.say(language, "result"),
            words.say(language, "score"),
        ]
    )
    for row in wanted.apply(results.rows, region_of=region_of):
        cells = (
            kind_title(row.key.kind, language=language, vocabulary=vocabulary),
            str(row.key.serial),
            row.name,
            row.operators_printed,
            row.channel,
            row.face_text,
            row.score or "",
        )
        writer.writerow([inert(cell) for cell in cells])
    name = f"{round_.authority_code}-{round_.year}-rows.csv"
    return attachment(text.getvalue(), "text/csv; charset=utf-8", name)


def inert(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


@require_safe
def document(request: HttpRequest, language: str, authority: str, year: int, name: str) -> HttpResponse:
    """One file of a round, as it was published."""
    try:
        content = public.document(authority, year, name)
    except public.NotPublishedError:
        raise Http404 from None
    return attachment(content, MEDIA_TYPES[name], f"{authority}-{year}-{name}")


# ---- an institution, a notice -----------------------------------------------------------------------------


@require_safe
def institution(request: HttpRequest, language: str, authority: str, code: str) -> HttpResponse:
    """What the register and the rounds say about one institution."""
    try:
        found = public.institution(authority, code)
    except public.NotPublishedError:
        raise Http404 from None
    return show(request, "web/institution.html", language, register.page_of(found, language=language))


@require_safe
def scorecard(
    request: HttpRequest, language: str, authority: str, code: str, *, year: int, kind: str
) -> HttpResponse:
    """How one score came about: total, groups, lines, and of each line its figures, formula, clause, evidence."""
    try:
        found = public.institution(authority, code)
    except public.NotPublishedError:
        raise Http404 from None
    page = register.scorecard_of(found, year=year, kind=kind, language=language)
    if page is None:
        raise Http404
    return show(request, "web/scorecard.html", language, page)


@require_safe
def notice(request: HttpRequest, language: str, authority: str, year: int) -> HttpResponse:
    """The result notice, as a page: the same content as its files."""
    round_, results, vocabulary = _published(authority, year)
    document_ = public.published_notice(authority, year)
    address = _round_address(language, round_)
    every_row = Page.of(results.rows, 1, rows_a_page=max(len(results.rows), 1))
    return show(
        request,
        "web/notice.html",
        language,
        {
            "round": round_,
            "document": document_,
            "addressees": "，".join(document_.addressees),
            "paragraphs": notices.paragraphs_of(document_, results, address=address),
            "annexes": [
                {**table, "caption": f"{annex.label}　{annex.title}", "printed": True}
                for annex, table in zip(
                    document_.annexes,
                    _tables(every_row, results.rows, round_, results, vocabulary, language=language),
                    strict=True,
                )
            ],
            # The date of a Chinese document is written as such on either page.
            "signed_on": words.day("zh", document_.issued_on) if document_.issued_on else "",
            "address": address,
            "scheme_notes": scheme_notes(round_),
            "files": _files(language, round_, _documents_of(round_)),
            "links": versions.links_of(language, authority, year),
            "digest": results.digest,
        },
    )
