"""Read a published notice and hold what it claims against its tables. Stores nothing, needs no database."""

from pathlib import Path

from hatchmark.documents.notice_files.characters import simplifier_of
from hatchmark.documents.notice_files.reading import read_notice_bytes, read_notice_file
from hatchmark.domain.identity import propose_identities
from hatchmark.domain.notice_claims import read_claims
from hatchmark.domain.notice_reading import read_notice
from hatchmark.domain.published_notices import NoticeCheck, NoticeDocument
from hatchmark.domain.reconciliation import check_of
from hatchmark.services.likeness import NameLikeness


def check_notice_file(path: Path) -> NoticeCheck:
    """Return all that comes of the notice in a file. Raises FolderError for a file that cannot be read as one."""
    return check_notice_document(read_notice_file(path))


def check_notice_bytes(raw: bytes, *, file: str) -> NoticeCheck:
    """Return all that comes of a notice that was handed over as bytes; `file` is its name. Nothing of it is kept."""
    return check_notice_document(read_notice_bytes(raw, file=file))


def check_notice_document(document: NoticeDocument) -> NoticeCheck:
    """Return all that comes of a notice whose file was read: the notice, its claims, findings, proposals, verdict."""
    notice = read_notice(document, simplify=simplifier_of(document))
    claims = read_claims(notice)
    return check_of(notice, claims, propose_identities(notice, likeness=NameLikeness()))
