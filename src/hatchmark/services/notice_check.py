"""Read a published notice and hold what it claims against its tables. Stores nothing, needs no database.

The whole of it happens in a child process with limits on time and memory: not only may the file be made to do harm, its
text may be worded so that working through its claims and names would take hours.
"""

from pathlib import Path

from hatchmark.documents.notice_files.characters import simplifier_of
from hatchmark.documents.notice_files.reading import answer_on_bytes, answer_on_file
from hatchmark.domain.identity import propose_identities
from hatchmark.domain.notice_claims import read_claims
from hatchmark.domain.notice_reading import read_notice
from hatchmark.domain.published_notices import NoticeCheck, NoticeDocument
from hatchmark.domain.reconciliation import check_of
from hatchmark.services.likeness import NameLikeness
from hatchmark.services.notice_answer import check_from

_CHILD = "hatchmark.services.notice_child"


def check_notice_file(path: Path) -> NoticeCheck:
    """Return all that comes of the notice in a file. Raises FolderError for a file that cannot be read as one."""
    return answer_on_file(path, module=_CHILD, take=check_from)


def check_notice_bytes(raw: bytes, *, file: str) -> NoticeCheck:
    """Return all that comes of a notice that was handed over as bytes; `file` is its name. Nothing of it is kept."""
    return answer_on_bytes(raw, file=file, module=_CHILD, take=check_from)


def check_notice_document(document: NoticeDocument) -> NoticeCheck:
    """Return all that comes of a notice whose file was read: the notice, its claims, findings, proposals, verdict.

    In this process and without limits: for a document that somebody vouches for.
    """
    notice = read_notice(document, simplify=simplifier_of(document))
    claims = read_claims(notice)
    return check_of(notice, claims, propose_identities(notice, likeness=NameLikeness()))
