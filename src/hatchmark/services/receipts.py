"""回执: what a frozen version is confirmed by, found again by a code, answered to anybody without a figure."""

import hmac
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet

from hatchmark.db.models import Submission
from hatchmark.domain.entering import sections_of
from hatchmark.domain.notices import marks_of
from hatchmark.domain.permissions import Actor
from hatchmark.domain.receipts import (
    PLEDGE,
    PrintedForm,
    PrintedLine,
    Receipt,
    ReceiptState,
    read_receipt_code,
    receipt_code,
    state_of_version,
)
from hatchmark.domain.scheme import FigureStatus
from hatchmark.domain.vocabulary import load_vocabulary
from hatchmark.services.reach import entries_for
from hatchmark.services.rounds import scheme_of_entry

PATH = "receipts"
"""Where the site answers a code: PUBLIC_ADDRESS/receipts/CODE/."""

# A receipt of an invented round guards nothing, and its files are the same on every machine.
_FICTIONAL_SECRET = "示例".encode()

STATUS_PRINTED = {
    FigureStatus.ABSENT: "缺失",
    FigureStatus.NOT_APPLICABLE: "无此项",
    FigureStatus.REFUSED: "拒绝提供",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptView:
    """The answer to a code. `latest` is the number of the version that took its place, where one did."""

    state: ReceiptState
    code: str
    authority: str
    year: int
    fictional: bool
    kind: str
    kind_title: str
    institution: str
    version: int
    latest: int
    handed_in_at: datetime
    digest: str


def receipt_state(text: str) -> ReceiptView | None:
    """Return what has become of the receipt with this code, as anybody may ask; None for a code of none.

    The code is taken as people type it: in small letters, without hyphens, with O for 0.
    """
    read = read_receipt_code(text)
    if read is None:
        return None
    code, beginning = read
    for submission in _rows().filter(digest__startswith=beginning):
        if hmac.compare_digest(code_of(submission), code):
            return _view(submission, code)
    return None


def _view(submission: Submission, code: str) -> ReceiptView:
    entry = submission.entry
    evaluation_round = entry.round
    later = entry.submissions.filter(version__gt=submission.version).order_by("version").first()
    return ReceiptView(
        state=state_of_version(submission.state),
        code=code,
        authority=evaluation_round.authority.name,
        year=evaluation_round.year,
        fictional=evaluation_round.fictional,
        kind=entry.kind,
        kind_title=load_vocabulary(evaluation_round.vocabulary).kinds[entry.kind].title,
        institution=entry.name,
        version=submission.version,
        latest=later.version if later else submission.version,
        handed_in_at=submission.handed_in_at,
        digest=submission.digest,
    )


def code_of(submission: Submission) -> str:
    """Return the code of the receipt on a version; its entry's round and authority are looked at."""
    evaluation_round = submission.entry.round
    secret = _FICTIONAL_SECRET if evaluation_round.fictional else str(settings.SECRET_KEY).encode()
    stands_for = (
        f"{evaluation_round.authority.code}/{evaluation_round.year}/{submission.entry}/{submission.version}"
        f"@{submission.handed_in_at.timestamp():.0f}"
    )
    return receipt_code(secret, digest=submission.digest, stands_for=stands_for)


def version_of(pk: int, version: int, *, actor: Actor) -> Submission | None:
    """Return a frozen version that the actor may read; None where there is none, or it is not theirs to read."""
    entries = entries_for(actor, "read_submission").filter(pk=pk)
    found: Submission | None = _rows().filter(entry__in=entries, version=version).first()
    return found


def receipt_of(submission: Submission) -> Receipt:
    """Return the receipt on a version, ready to be set."""
    entry = submission.entry
    evaluation_round = entry.round
    code = code_of(submission)
    return Receipt(
        authority=evaluation_round.authority.name,
        year=evaluation_round.year,
        kind=load_vocabulary(evaluation_round.vocabulary).kinds[entry.kind].title,
        institution=entry.name,
        entry=str(entry),
        version=submission.version,
        handed_in_at=submission.handed_in_at,
        signed_by=submission.signed_by,
        figures=len(submission.figures),
        roster=len(submission.roster),
        evidence=len(submission.evidence),
        digest=submission.digest,
        code=code,
        address=f"{settings.PUBLIC_ADDRESS}/{PATH}/{code}/" if settings.PUBLIC_ADDRESS else None,
        marks=marks_of(fictional=evaluation_round.fictional, past=evaluation_round.past),
    )


def printed_form_of(submission: Submission) -> PrintedForm:
    """Return the printed form of a version, to be sealed."""
    scheme = scheme_of_entry(submission.entry)
    receipt = receipt_of(submission)
    sections = []
    for section in sections_of(scheme):
        lines = tuple(
            PrintedLine(
                title=scheme.asked[code].title,
                unit=scheme.asked[code].figure.unit,
                value=printed_value(submission.figures[code]),
            )
            for code in section.references
            if code in submission.figures
        )
        sections.append((section.title or "其他数据", lines))
    return PrintedForm(
        receipt=receipt,
        title=f"{receipt.year}年度{receipt.kind}评价申报表",
        sections=tuple(sections),
        evidence=tuple((each["name"], each["digest"]) for each in submission.evidence),
        pledge=PLEDGE,
    )


TRUTH_PRINTED = {"true": "是", "false": "否"}


def printed_value(figure: dict[str, str]) -> str:
    """Return what the printed form shows for a figure: its value with separators, or why there is none."""
    status = FigureStatus(figure["status"])
    if status is not FigureStatus.REPORTED:
        return STATUS_PRINTED[status]
    return TRUTH_PRINTED.get(figure["value"]) or _grouped(figure["value"])


def _grouped(number: str) -> str:
    whole, point, rest = number.partition(".")
    return f"{int(whole):,}{point}{rest}" if whole.isascii() and whole.isdigit() else number


def _rows() -> QuerySet[Submission]:
    return Submission.objects.select_related("entry__round__authority", "entry__qualification__institution")
