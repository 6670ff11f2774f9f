"""核对通知: somebody drops the file of a notice and sees beside its text what does not agree.

Nothing of it is kept: the file stays in memory, a child process reads it (services/notice_check.py), and the answer to
the request is all that comes of it. There is no token against forged requests (CSRF): a token keeps another site from
acting in the name of who is signed in, and here nobody is, nothing is changed, and nothing is answered to anybody but
the sender. What another site could do is let its readers' browsers do work here; browsers say where a form comes from,
and that is refused.
"""

import base64
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from hatchmark.documents.check_json import document_of
from hatchmark.documents.notice_files.doc_files import can_be_read as doc_can_be_read
from hatchmark.documents.notice_files.limits import NoticeFileError, Unreadable
from hatchmark.documents.printable import shown
from hatchmark.domain.notice_words import ANY_KIND, load_notice_words
from hatchmark.domain.published_notices import ClaimScope, IdentityProposal, NoticeCheck
from hatchmark.services.notice_check import check_notice_bytes
from hatchmark.web import notice_marks, words
from hatchmark.web.addresses import address_of
from hatchmark.web.load import RateLimit, Slots, visitor_of
from hatchmark.web.notice_marks import Found, MarkedClaim, Part, cut
from hatchmark.web.pages import attachment, show

MEGABYTE = 1024 * 1024
MOST_READ_AND_DROPPED = 64 * MEGABYTE
"""A request up to this size is read to its end before it is refused: a browser shows no answer while it is sending."""

MOST_CHARACTERS_PASTED = 500_000
LARGEST_JSON_IN_PAGE = 1 * MEGABYTE
CHECKS_AT_ONCE = 2
"""Of the four threads that serve the site: two are left for those who read."""

BUSY_SECONDS = 15
CHECKS_PER_VISITOR, PER_SECONDS = 30, 600

_slots = Slots(CHECKS_AT_ONCE)
_rate = RateLimit(CHECKS_PER_VISITOR, seconds=PER_SECONDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why a form was not answered: `field` names its field, empty for the form as a whole."""

    field: str
    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a visitor sent: the bytes of a file or of a pasted text, and its name."""

    raw: bytes
    name: str


@csrf_exempt  # changes nothing, in nobody's name
@require_http_methods(["GET", "HEAD", "POST"])
def check_a_notice(request: HttpRequest, language: str) -> HttpResponse:
    """Ask for a notice; answer one that was sent with what was found in it."""
    if request.method != "POST":
        return _form(request, language)
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return _refused(request, language, "check_from_elsewhere", status=403)
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if length > MOST_READ_AND_DROPPED:
        return _refused(request, language, "check_too_large", status=413, field="file")
    with _slots.one() as taken:
        if not taken:
            return _refused(request, language, "check_busy", status=503, wait=BUSY_SECONDS)
        if wait := _rate.wait_of(visitor_of(request), now=time.monotonic()):
            minutes = -(-wait // 60)
            return _refused(request, language, "check_too_often", status=429, wait=wait, n=minutes)
        return _answered(request, language)


def _answered(request: HttpRequest, language: str) -> HttpResponse:
    try:
        text = request.POST.get("text", "")
        sent = _sent(request, text, language)
    except RequestDataTooBig:
        return _refused(request, language, "check_text_too_long", status=413, field="text")
    if isinstance(sent, HttpResponse):
        return sent
    try:
        check = check_notice_bytes(sent.raw, file=sent.name)
    except NoticeFileError as error:
        fault = Fault(
            field="text" if text.strip() else "file",
            text=words.say(language, f"unreadable_{error.why}", file=shown(sent.name)),
            detail=": ".join(filter(None, (error.value, error.problem))),
        )
        status = 413 if error.why is Unreadable.TOO_LARGE else 422
        return _form(request, language, fault=fault, text=text, status=status)
    except OSError:
        # No process could be started: the machine is as full as our own slots can be.
        return _refused(request, language, "check_busy", status=503, wait=BUSY_SECONDS)
    document = json.dumps(document_of(check, file=sent.name), ensure_ascii=False, indent=1).encode()
    if request.POST.get("as") == "json":
        answer = attachment(document, "application/json; charset=utf-8", "notice-check.json")
    else:
        context = _result(check, sent.name, document, language=language)
        answer = show(request, "web/notice_check.html", language, context)
    answer["Cache-Control"] = "no-store"
    return answer


def _sent(request: HttpRequest, text: str, language: str) -> Sent | HttpResponse:
    """Return what was sent, or the answer to a form that cannot be followed."""
    uploaded = request.FILES.get("file")
    if (
        uploaded is None
        and int(request.META.get("CONTENT_LENGTH") or 0) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE
    ):
        # Where a request is larger than what is held in memory, its file was read past and dropped.
        return _refused(request, language, "check_too_large", status=413, field="file")
    has_text = bool(text.strip())
    if isinstance(uploaded, UploadedFile) and has_text:
        return _refused(request, language, "check_both", status=422, field="text", text=text)
    if isinstance(uploaded, UploadedFile):
        return Sent(raw=uploaded.read(), name=uploaded.name or words.say(language, "check_nameless"))
    if not has_text:
        return _refused(request, language, "check_nothing", status=422, field="file")
    if len(text) > MOST_CHARACTERS_PASTED:
        return _refused(request, language, "check_text_too_long", status=413, field="text")
    return Sent(raw=text.encode("utf-8", "replace"), name=words.say(language, "check_pasted_name"))


# ---- the form ------------------------------------------------------------------------------------------------


def _form(
    request: HttpRequest, language: str, *, fault: Fault | None = None, text: str = "", status: int = 200
) -> HttpResponse:
    endings = [".docx", *([".doc"] if doc_can_be_read() else []), ".pdf", ".html", ".xlsx", ".xls", ".txt"]
    context = {
        "here": address_of(language, "check-a-notice"),
        "endings": words.say(language, "check_endings_joint").join(endings),
        "accept": ",".join([*endings, ".htm"]),
        "most_bytes": _most_bytes(),
        "most_megabytes": _most_bytes() // MEGABYTE,
        "most_characters": MOST_CHARACTERS_PASTED,
        "fault": fault,
        "text": text,
    }
    answer = show(request, "web/notice_check_form.html", language, context, status=status)
    if request.method == "POST":
        answer["Cache-Control"] = "no-store"
    return answer


def _most_bytes() -> int:
    # What surrounds a file in a request has to fit beside it.
    return settings.FILE_UPLOAD_MAX_MEMORY_SIZE - MEGABYTE


def _refused(
    request: HttpRequest,
    language: str,
    key: str,
    *,
    status: int,
    field: str = "",
    text: str = "",
    wait: int = 0,
    **parts: object,
) -> HttpResponse:
    said = words.say(
        language, key, most=_most_bytes() // MEGABYTE, most_characters=MOST_CHARACTERS_PASTED, **parts
    )
    answer = _form(request, language, fault=Fault(field=field, text=said), text=text, status=status)
    if wait:
        answer["Retry-After"] = str(wait)
    return answer


# ---- what was found ------------------------------------------------------------------------------------------


def _result(check: NoticeCheck, file: str, document: bytes, *, language: str) -> dict[str, Any]:
    notice = check.notice
    findings = notice_marks.findings_of(check)
    listed = findings[: notice_marks.MOST_FINDINGS]
    claims = notice_marks.claims_of(check, listed)
    told = claims[: notice_marks.MOST_CLAIMS]
    tables = notice_marks.tables_of(check, listed)
    on_page = {(table.number, row.number) for table in tables for row in table.rows}
    paragraphs, left_out = _paragraphs(notice.paragraphs, told)
    return {
        "file": shown(file),
        "here": address_of(language, "check-a-notice"),
        "title": shown(cut(notice.title, notice_marks.LONGEST_CLAUSE)),
        "issuer": shown(cut(notice.issuer or "", notice_marks.LONGEST_CLAUSE)),
        "document_number": shown(cut(notice.document_number or "", notice_marks.LONGEST_CLAUSE)),
        "year": notice.year,
        "issued_on": notice.issued_on,
        "addressees": cut("、".join(notice.addressees), notice_marks.LONGEST_SENTENCE),
        "verdict": check.verdict.value,
        "verdict_word": words.say(language, f"verdict_{check.verdict}"),
        "verdict_meaning": words.say(language, f"verdict_{check.verdict}_meaning"),
        "counts": [
            {"severity": severity, "n": n, "word": words.say(language, f"severity_{severity}")}
            for severity in ("error", "warning", "info")
            if (n := sum(found.finding.severity == severity for found in findings))
        ],
        "findings": [_finding(found, check, on_page, len(told), language=language) for found in listed],
        "findings_left_out": len(findings) - len(listed),
        "paragraphs": paragraphs,
        "characters_left_out": left_out,
        "claims": [_claim(each, language=language) for each in told],
        "claims_left_out": len(claims) - len(told),
        "tables": tables,
        "proposals": [
            _proposal(each, check, on_page, language=language)
            for each in check.proposals[: notice_marks.MOST_PROPOSALS]
        ],
        "proposals_left_out": max(0, len(check.proposals) - notice_marks.MOST_PROPOSALS),
        "json_bytes": len(document),
        # The file again, without asking the server again: it has kept nothing to ask for.
        "json_address": "data:application/json;base64," + base64.b64encode(document).decode()
        if len(document) <= LARGEST_JSON_IN_PAGE
        else "",
    }


def _paragraphs(
    paragraphs: Sequence[str], claims: Sequence[MarkedClaim]
) -> tuple[list[tuple[Part, ...]], int]:
    """Return the paragraphs that a page holds, in parts, and how many characters are left out."""
    by_paragraph: dict[int, list[MarkedClaim]] = {}
    for each in claims:
        by_paragraph.setdefault(each.claim.paragraph, []).append(each)
    found: list[tuple[Part, ...]] = []
    left, left_out = notice_marks.MOST_CHARACTERS, 0
    for at, paragraph in enumerate(paragraphs):
        if len(paragraph) > left:
            left_out += len(paragraph)
            continue
        left -= len(paragraph)
        found.append(notice_marks.parts_of(paragraph, by_paragraph.get(at, ())))
    return found, left_out


def _finding(
    found: Found, check: NoticeCheck, on_page: set[tuple[int, int]], n_claims: int, *, language: str
) -> dict[str, Any]:
    finding = found.finding
    places = [
        {"address": f"#c{at + 1}", "label": words.say(language, "check_place_in_text", n=at + 1)}
        for at in finding.claims
        if at < n_claims
    ]
    if finding.table is not None:
        places += _rows(finding.table, finding.rows, check, on_page, language=language)
    return {
        "number": found.number,
        "severity": finding.severity.value,
        "word": words.say(language, f"severity_{finding.severity}"),
        "code": finding.code,
        "message": shown(
            cut(
                finding.message if language == "zh" else finding.message_en,
                notice_marks.LONGEST_SENTENCE,
            )
        ),
        "places": places[: notice_marks.MOST_LINKS],
        "places_left_out": max(0, len(places) - notice_marks.MOST_LINKS),
    }


def _rows(
    table: int,
    rows: Sequence[int],
    check: NoticeCheck,
    on_page: set[tuple[int, int]],
    *,
    language: str,
) -> Iterator[dict[str, str]]:
    """Yield a link to each stretch of rows; to the table for a finding that names none."""
    name = _table_name(table, check, language=language)
    if not rows:
        yield {"address": f"#t{table + 1}", "label": name}
    for first, last in notice_marks.stretches(rows):
        key = "check_place_row" if first == last else "check_place_rows"
        there = (table + 1, first) in on_page
        yield {
            "address": f"#t{table + 1}r{first}" if there else f"#t{table + 1}",
            "label": words.say(language, key, table=name, first=first, last=last),
        }


def _table_name(table: int, check: NoticeCheck, *, language: str) -> str:
    label = check.notice.tables[table].label
    if language == "zh" and 0 < len(label) <= 10:
        return label
    return words.say(language, "check_table", n=table + 1)


def _claim(marked: MarkedClaim, *, language: str) -> dict[str, Any]:
    claim = marked.claim
    how = [words.say(language, f"relation_{claim.relation}")]
    if claim.scope is ClaimScope.PART:
        how.append(words.say(language, "relation_part"))
    return {
        "number": marked.number,
        "text": cut(claim.text, notice_marks.LONGEST_CLAUSE),
        "kind": _kind(claim.kind, language),
        "label": cut(claim.label, notice_marks.LONGEST_CLAUSE),
        "count": claim.count,
        "how": words.say(language, "check_how_joint").join(how),
        "severity": marked.severity,
        "findings": marked.findings[: notice_marks.MOST_LINKS],
    }


def _kind(kind: str | None, language: str) -> str:
    if kind is None or kind == ANY_KIND:
        return words.say(language, "check_any_kind")
    if language == "zh":
        return _kind_titles().get(kind, kind)
    key = f"kind_{kind}"
    return words.say(language, key) if key in words.TEXTS else kind.replace("_", " ")


@cache
def _kind_titles() -> Mapping[str, str]:
    titles: dict[str, str] = {}
    for word, code in load_notice_words().kinds.items():
        titles.setdefault(code, word)
    return titles


def _proposal(
    proposal: IdentityProposal, check: NoticeCheck, on_page: set[tuple[int, int]], *, language: str
) -> dict[str, Any]:
    reasons = proposal.reasons if language == "zh" or not proposal.reasons_en else proposal.reasons_en
    rows = [
        next(_rows(table, (row,), check, on_page, language=language))
        for table, row in proposal.rows[: notice_marks.MOST_LINKS]
    ]
    return {
        "what": words.say(language, f"proposal_{proposal.what}"),
        "rows": rows,
        "rows_left_out": max(0, len(proposal.rows) - notice_marks.MOST_LINKS),
        "reasons": [
            shown(cut(reason, notice_marks.LONGEST_SENTENCE))
            for reason in reasons[: notice_marks.MOST_REASONS]
        ],
    }
