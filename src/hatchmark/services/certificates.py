"""结果证明: issued on published grades, found again by a code, withdrawn by two persons, never changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from hatchmark.db.models import Certificate as CertificateRow
from hatchmark.db.models import Round
from hatchmark.domain.certificates import (
    Certificate,
    State,
    build_certificate,
    certifiable,
    certificate_code,
    decision_digests,
    read_code,
    state_of,
)
from hatchmark.domain.outcomes import EntryKey
from hatchmark.domain.permissions import Actor, Subject
from hatchmark.services.ledger import record
from hatchmark.services.permissions import hold, require
from hatchmark.services.refusals import UnsoundError
from hatchmark.services.results import PublishedVersion, key_of, published_version, published_versions
from hatchmark.services.templates import keep_templates, template_for
from hatchmark.services.vocabularies import vocabulary_of

PATH = "certificates"
"""Where the site answers a code: PUBLIC_ADDRESS/certificates/CODE/."""

# A certificate of an invented round guards nothing, and its files are the same on every machine.
_FICTIONAL_SECRET = "示例".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateView:
    """The answer to a code. `since` and `reason` tell of a certificate that does not hold any more.

    `name` and `grade` (the printed label; `grade_code` its code) are what it attests; `latest_version` is the
    version of the notice that stands now.
    """

    state: State
    code: str
    authority_code: str
    authority: str
    year: int
    fictional: bool
    institution: str
    key: EntryKey
    kind_title: str
    name: str
    grade: str
    grade_code: str
    issued_at: datetime
    notice_version: int
    latest_version: int
    decision_digest: str
    since: datetime | None
    reason: str


@transaction.atomic
def issue_certificates(*, evaluation_round: Round, actor: Actor, at: datetime) -> list[CertificateRow]:
    """Issue a certificate on each published grade that has none, and return the new ones.

    One that was withdrawn is not issued again for the same decision. The ledger tells how many, of which
    version, and no code. Raises UnsoundError for a past round, for which no certificate is made.
    """
    hold(evaluation_round)
    require(actor, "issue_certificates", Subject(), evaluation_round=evaluation_round, at=at)
    if evaluation_round.past:
        raise UnsoundError(
            "no certificate is made for a past round: its department never issued one through us"
        )
    published = published_version(evaluation_round)
    templates = keep_templates(evaluation_round, ["certificate"])
    entries = {key_of(entry): entry for entry in evaluation_round.entries.all()}
    digests = decision_digests(published.results)
    known = set(
        CertificateRow.objects.filter(entry__round=evaluation_round).values_list("decision_digest", flat=True)
    )
    secret = _secret(evaluation_round)
    made = CertificateRow.objects.bulk_create(
        CertificateRow(
            entry=entries[row.key],
            notice_id=published.pk,
            code=certificate_code(secret, digests[row.key]),
            decision_digest=digests[row.key],
            issued_at=at,
        )
        for row in certifiable(published.results)
        if digests[row.key] not in known
    )
    if not made:
        raise UnsoundError(f"every grade of version {published.version.number} has its certificate already")
    record(
        actor,
        "issue_certificates",
        subject=f"round:{evaluation_round.year}",
        details={
            "version": published.version.number,
            "digest": published.version.digest,
            "certificates": len(made),
            "template": templates["certificate"],
        },
        evaluation_round=evaluation_round,
        at=at,
    )
    return made


@transaction.atomic
def ask_withdrawal(*, code: str, reason: str, actor: Actor, at: datetime) -> CertificateRow:
    """Ask that a certificate be withdrawn; a second person does it."""
    row = _row(code)
    evaluation_round = hold(row.entry.round)
    require(actor, "ask_certificate_withdrawal", Subject(), evaluation_round=evaluation_round, at=at)
    if not reason:
        raise UnsoundError("the withdrawal of a certificate needs its reason")
    if row.withdrawn_at is not None:
        raise UnsoundError(f"the certificate of {row.entry} was withdrawn already")
    row.withdrawal_reason, row.withdrawal_asked_by = reason, actor.code
    row.save(update_fields=["withdrawal_reason", "withdrawal_asked_by"])
    record(
        actor,
        "ask_certificate_withdrawal",
        subject=str(row.entry),
        details={"decision": row.decision_digest, "reason": reason},
        evaluation_round=evaluation_round,
        at=at,
    )
    return row


@transaction.atomic
def withdraw_certificate(*, code: str, actor: Actor, at: datetime) -> CertificateRow:
    """Withdraw the certificate for which another person asked it."""
    row = _row(code)
    evaluation_round = hold(row.entry.round)
    subject = Subject(first_person=row.withdrawal_asked_by)
    require(actor, "withdraw_certificate", subject, evaluation_round=evaluation_round, at=at)
    if row.withdrawn_at is not None:
        raise UnsoundError(f"the certificate of {row.entry} was withdrawn already")
    row.withdrawn_by, row.withdrawn_at = actor.code, at
    row.save(update_fields=["withdrawn_by", "withdrawn_at"])
    record(
        actor,
        "withdraw_certificate",
        subject=str(row.entry),
        details={
            "decision": row.decision_digest,
            "reason": row.withdrawal_reason,
            "asked_by": row.withdrawal_asked_by,
        },
        evaluation_round=evaluation_round,
        at=at,
    )
    return row


def certificate_state(code: str) -> CertificateView | None:
    """Return what has become of the certificate with this code, as anybody may ask; None for a code of none.

    The code is taken as people type it: in small letters, without hyphens, with O for 0.
    """
    read = read_code(code)
    row = _rows().filter(code=read).first() if read else None
    if row is None:
        return None
    evaluation_round = row.entry.round
    vocabulary = vocabulary_of(evaluation_round)
    versions = published_versions(evaluation_round)
    latest = versions[-1]
    own = next(version for version in versions if version.pk == row.notice_id)
    key = key_of(row.entry)
    [attested] = [each for each in own.results.rows if each.key == key]
    state = _state(row, latest)
    since, reason = _end(row, versions) if state is not State.VALID else (None, "")
    return CertificateView(
        state=state,
        code=row.code,
        authority_code=evaluation_round.authority.code,
        authority=evaluation_round.authority.name,
        year=evaluation_round.year,
        fictional=evaluation_round.fictional,
        institution=row.entry.qualification.institution.code,
        key=key,
        kind_title=vocabulary.kinds[key.kind].title,
        name=attested.name,
        grade=vocabulary.grades[attested.grade] if attested.grade else "",
        grade_code=attested.grade.value if attested.grade else "",
        issued_at=row.issued_at,
        notice_version=own.version.number,
        latest_version=latest.version.number,
        decision_digest=row.decision_digest,
        since=since,
        reason=reason,
    )


def certificates_of(evaluation_round: Round) -> dict[EntryKey, Certificate]:
    """Return the certificates that hold now, ready to be set, in the order of the annexes."""
    if not CertificateRow.objects.filter(entry__round=evaluation_round).exists():
        return {}
    latest = published_version(evaluation_round)
    digests = decision_digests(latest.results)
    held = {
        row.decision_digest: row for row in _rows().filter(entry__round=evaluation_round, withdrawn_at=None)
    }
    kept = [row.key for row in certifiable(latest.results) if digests[row.key] in held]
    return dict(_certificates(evaluation_round, [(key, held[digests[key]]) for key in kept]))


def read_certificate(*, code: str, actor: Actor, at: datetime) -> Certificate:
    """Return a certificate to its institution or to the department. Raises UnsoundError where it does not hold."""
    row = _row(code)
    evaluation_round = row.entry.round
    subject = Subject(institution=row.entry.qualification.institution.code)
    require(actor, "read_certificate", subject, evaluation_round=evaluation_round, at=at)
    if (state := _state(row, published_version(evaluation_round))) is not State.VALID:
        raise UnsoundError(f"the certificate of {row.entry} is {state}; it is not handed out any more")
    [(_, certificate)] = _certificates(evaluation_round, [(key_of(row.entry), row)])
    return certificate


def _certificates(
    evaluation_round: Round, rows: Iterable[tuple[EntryKey, CertificateRow]]
) -> list[tuple[EntryKey, Certificate]]:
    vocabulary = vocabulary_of(evaluation_round)
    template = template_for(evaluation_round, "certificate")
    versions = {version.pk: version for version in published_versions(evaluation_round)}
    return [
        (
            key,
            build_certificate(
                versions[row.notice_id].results,
                vocabulary,
                template,
                key=key,
                digest=row.decision_digest,
                code=row.code,
                address=f"{settings.PUBLIC_ADDRESS}/{PATH}/{row.code}/" if settings.PUBLIC_ADDRESS else None,
                notice_version=versions[row.notice_id].version.number,
                issued_on=timezone.localtime(row.issued_at).date(),
                past=evaluation_round.past,
            ),
        )
        for key, row in rows
    ]


def _state(row: CertificateRow, version: PublishedVersion) -> State:
    return state_of(
        digest=row.decision_digest,
        key=key_of(row.entry),
        withdrawn=row.withdrawn_at is not None,
        latest=version.results,
    )


def _end(row: CertificateRow, versions: list[PublishedVersion]) -> tuple[datetime | None, str]:
    """Return since when a certificate does not hold, and why: its withdrawal, or the version that ended it."""
    if row.withdrawn_at is not None:
        return row.withdrawn_at, row.withdrawal_reason
    ended = versions[-1]
    for version in reversed(versions):
        if version.pk == row.notice_id or _state(row, version) is State.VALID:
            break
        ended = version
    return ended.published_at, ended.reason


def _secret(evaluation_round: Round) -> bytes:
    return _FICTIONAL_SECRET if evaluation_round.fictional else str(settings.SECRET_KEY).encode()


def _rows() -> QuerySet[CertificateRow]:
    return CertificateRow.objects.select_related(
        "entry__round__authority", "entry__qualification__institution"
    )


def _row(code: str) -> CertificateRow:
    read = read_code(code)
    row: CertificateRow | None = _rows().filter(code=read).first() if read else None
    if row is None:
        raise UnsoundError(f"no certificate has the code '{code}'; type it as it is printed")
    return row
