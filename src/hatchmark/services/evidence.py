"""佐证材料: a file comes in, whole or in pieces, is looked at, digested and kept; it is read, and removed.

A file that is there is kept under the SHA-256 of its content, once, however many rows name it. A file that a version
handed in names is never removed. What anybody but the institution sees of an entry's files is what a version names.
"""

import errno
import logging
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, Protocol

from django.db import transaction
from django.db.models import Count, QuerySet, Sum, TextField
from django.db.models.functions import Cast

from hatchmark.db.models import Entry, Evidence, LedgerEntry, Submission
from hatchmark.documents.media_types import BEGINNING, may_be, media_type_of
from hatchmark.domain.evidence import (
    LIMITS,
    Limits,
    Purpose,
    UnusableFileError,
    announced_type,
    check_room,
    kept_name,
)
from hatchmark.domain.permissions import Actor, Against, Role, Ruling, may, refused
from hatchmark.domain.workflow import Stage
from hatchmark.services import kept_files
from hatchmark.services.handing_in import Papers, papers_of, subject_of
from hatchmark.services.ledger import record
from hatchmark.services.permissions import hold, require
from hatchmark.services.reach import entries_for
from hatchmark.services.refusals import OutdatedError, UnsoundError
from hatchmark.services.rounds import scheme_of_entry

_LOG = logging.getLogger(__name__)

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
_ACTS = {Purpose.EVIDENCE: "add_evidence", Purpose.SEALED_FORM: "attach_scan"}
_READ_AT_ONCE = 64 * 1024
_OWN_ACTS = frozenset({"add_evidence", "attach_scan", "remove_evidence"})


class FileRefusedError(UnsoundError):
    """A file was not taken. `rule` is its code, `facts` what the words for it name."""

    def __init__(self, message: str, *, rule: str, facts: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.rule = rule
        self.facts = dict(facts or {})


class WrongOffsetError(OutdatedError):
    """A piece does not follow on what has come: `received` bytes are there, the next one begins there.

    `differs`: the piece is one that came already, and its content was another then.
    """

    def __init__(self, message: str, *, received: int, differs: bool = False) -> None:
        super().__init__(message)
        self.received = received
        self.differs = differs


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenEvidence:
    """The files of one entry as an actor sees them. `ruling` says whether files may be added or removed now.

    `named` are the digests that versions handed in name: those files stay.
    """

    papers: Papers
    files: Sequence[Evidence]
    named: frozenset[str]
    ruling: Ruling

    @property
    def entry(self) -> Entry:
        """The entry."""
        return self.papers.entry

    @property
    def size(self) -> int:
        """How many bytes its files have, those that are still coming included."""
        return sum(file.size for file in self.files)


# ---- reading ----------------------------------------------------------------------------------------------


def open_evidence(pk: int, *, actor: Actor, at: datetime) -> OpenEvidence | None:
    """Return the files of an entry that the actor may see; None where there is no entry for them."""
    found = papers_of(entries_for(actor, "read_evidence").filter(pk=pk), at=at)
    if not found:
        return None
    [papers] = found
    named = named_digests(papers.entry)
    files = [
        file
        for file in _live(papers.entry.evidence.filter(purpose=Purpose.EVIDENCE))
        if actor.role is Role.INSTITUTION or file.digest in named
    ]
    ruling = may(actor, "add_evidence", subject_of(papers), stage=Stage(papers.entry.round.stage), at=at)
    if ruling and papers.standing == "refused":
        ruling = refused(
            Against.REFUSED, "the preliminary review refused this submission; nothing can be handed in again"
        )
    return OpenEvidence(papers=papers, files=files, named=named, ruling=ruling)


def file_for(pk: int, key: str, *, actor: Actor) -> Evidence | None:
    """Return a file of an entry that the actor may see, finished or not; None where there is none for them."""
    entries = entries_for(actor, "read_evidence").filter(pk=pk)
    rows = _live(Evidence.objects.filter(entry__in=entries, key=key))
    file = rows.select_related("entry__round__authority", "entry__qualification__institution").first()
    if file is None or actor.role is Role.INSTITUTION:
        return file
    shown = file.digest and (file.purpose == Purpose.SEALED_FORM or file.digest in named_digests(file.entry))
    return file if shown else None


class FileGoneError(UnsoundError):
    """A file came in whole and is recorded, and is not where files are kept: somebody has to restore it."""


def open_file(file: Evidence) -> BinaryIO:
    """Open the content of a finished file. Raises UnsoundError where it is not finished, FileGoneError where gone."""
    if not file.digest:
        raise UnsoundError(f"{file.name} has come in only to {file.received} of {file.size} bytes")
    try:
        return kept_files.kept_path(file.digest).open("rb")
    except FileNotFoundError as error:
        _LOG.error(
            "the file %s of %s is not where files are kept; restore it from the backup",
            file.digest,
            file.entry,
        )
        raise FileGoneError(
            f"{file.name} is not where files are kept; restore {file.digest} from the backup"
        ) from error


def listed(entry: Entry) -> list[dict[str, Any]]:
    """Return the evidence that a version names: every file that has come in whole, in the order of uploading."""
    return [
        {
            "name": file.name,
            "digest": file.digest,
            "size": file.size,
            "figure": file.figure,
            "media_type": file.media_type,
        }
        for file in _live(entry.evidence.filter(purpose=Purpose.EVIDENCE)).exclude(digest="")
    ]


def files_of_version(submission: Submission) -> list[tuple[Mapping[str, Any], Evidence]]:
    """Return the evidence that one version names, as it names it, each with the row that it is read through."""
    by_digest: dict[str, Evidence] = {}
    for file in _live(submission.entry.evidence.filter(purpose=Purpose.EVIDENCE)):
        by_digest.setdefault(file.digest, file)
    return [
        (named, by_digest[named["digest"]]) for named in submission.evidence if named["digest"] in by_digest
    ]


def scans_of(submission: Submission) -> list[Evidence]:
    """Return the scans of the sealed form of one version, the first that was attached first."""
    return list(_live(submission.scans.all()).exclude(digest=""))


def unfinished(entry: Entry) -> list[Evidence]:
    """Return the evidence of which not all has come: nothing is handed in until it has, or is given up."""
    return list(_live(entry.evidence.filter(purpose=Purpose.EVIDENCE, digest="")))


def named_digests(entry: Entry) -> frozenset[str]:
    """Return the digests of the files that any version of the entry names, whatever became of that version."""
    versions = entry.submissions.values_list("evidence", flat=True)
    return frozenset(file["digest"] for evidence in versions for file in evidence)


def _live(files: QuerySet[Evidence]) -> QuerySet[Evidence]:
    return files.filter(removed_at=None)


# ---- a file comes in --------------------------------------------------------------------------------------


def begin_upload(
    *,
    papers: Papers,
    name: str,
    size: int,
    actor: Actor,
    at: datetime,
    figure: str = "",
    submission: Submission | None = None,
    go_on: bool = True,
    limits: Limits = LIMITS,
) -> Evidence:
    """Announce a file of `size` bytes: evidence, or with `submission` the scan of the sealed form of that version.

    One that this account announced before and never finished is gone on with (`go_on`). Raises FileRefusedError for a
    name, a size or a figure that cannot be, and where there is no room.
    """
    entry = papers.entry
    purpose = Purpose.SEALED_FORM if submission else Purpose.EVIDENCE
    # Whoever may add nothing throws nothing away either.
    _require(papers, purpose, actor=actor, at=at)
    clean_interrupted(entry, at=at, limits=limits)
    with transaction.atomic():
        hold(entry.round)
        _require(papers, purpose, actor=actor, at=at)
        with _told_of(name):
            kept = kept_name(name)
            announced_type(kept, purpose)
        if figure and figure not in scheme_of_entry(entry).asked:
            raise FileRefusedError(
                f"{entry}: '{figure[:60]}' is no figure that is asked for; choose one of the form, or none",
                rule="figure",
            )
        again = _live(entry.evidence.filter(digest="")).filter(
            name=kept,
            size=size,
            figure=figure,
            purpose=purpose,
            submission=submission,
            uploaded_by=actor.code,
        )
        if go_on and (found := again.first()) is not None:
            return found
        held = _live(entry.evidence.all()).aggregate(size=Sum("size", default=0), files=Count("pk"))
        with _told_of(kept):
            check_room(
                size=size,
                kept=held["size"],
                files=held["files"],
                free=kept_files.free_bytes(),
                limits=limits,
            )
        return Evidence.objects.create(
            entry=entry,
            key=secrets.token_hex(16),
            purpose=purpose,
            figure=figure,
            submission=submission,
            name=kept,
            size=size,
            uploaded_by=actor.code,
            uploaded_at=at,
        )


class Sent(Protocol):
    """What a piece is read from: a request, as the server gives it."""

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes; nothing at the end."""


def read_piece(sent: Sent, *, length: str, limits: Limits = LIMITS) -> bytes:
    """Return a piece that says how long it is (`length`), read a little at a time.

    Raises FileRefusedError where it does not say so or is too large (`piece`), or where it breaks off (`broken_off`).
    """
    if not (length.isascii() and length.isdigit() and len(length) < 12) or int(length) > limits.chunk:
        raise FileRefusedError(
            f"a piece says its Content-Length, and has at most {limits.chunk} bytes; send a smaller one",
            rule="piece",
        )
    content = bytearray()
    try:
        while len(content) < int(length):
            read = sent.read(min(_READ_AT_ONCE, int(length) - len(content)))
            if not read:
                break
            content += read
    except OSError:
        # What a server raises when the connection is gone is an OSError of its own.
        content.clear()
    if len(content) < int(length):
        raise FileRefusedError("the piece broke off; send it again", rule="broken_off")
    return bytes(content)


def receive(
    *, papers: Papers, file: Evidence, offset: int, content: bytes, actor: Actor, at: datetime
) -> Evidence:
    """Take one piece of a file; with the last one it is looked at, digested and kept.

    A piece that came before is taken as the retry that it is. Raises WrongOffsetError where a piece does not follow on
    what is there, FileRefusedError where the content is not what the name announces (the upload is thrown away then)
    or the disk is full (it is not).
    """
    purpose = Purpose(file.purpose)
    tells = len(content) >= min(BEGINNING, file.size)
    if (
        offset == file.received == 0
        and tells
        and not may_be(content[:BEGINNING], announced_type(file.name, purpose))
    ):
        # Told at the first piece: nobody waits for 200 MB to hear it.
        _require(papers, purpose, actor=actor, at=at)
        _discard(file)
        raise _content_refused(file, "content")
    with transaction.atomic():
        # One piece at a time, and none once all of them have come: what is kept is never written to.
        now = Evidence.objects.select_for_update().get(pk=file.pk)
        file.received, file.digest, file.removed_at = now.received, now.digest, now.removed_at
        _require(papers, purpose, actor=actor, at=at)
        if now.removed_at is not None:
            raise OutdatedError(f"{file.name} was removed meanwhile")
        if offset + len(content) <= now.received and content:
            _check_same(now, offset, content)
        elif offset != now.received or offset + len(content) > now.size or not content:
            raise WrongOffsetError(
                f"{now.name}: {now.received} of {now.size} bytes are there; send the piece that begins there",
                received=now.received,
            )
        else:
            with _told_of_disk(file.name):
                kept_files.write_part(now.key, offset=offset, content=content)
            file.received, file.uploaded_at = offset + len(content), at
            Evidence.objects.filter(pk=now.pk).update(received=file.received, uploaded_at=at)
    if file.received == file.size and not file.digest:
        return _finish(papers, file, actor=actor, at=at)
    return file


def take_whole(
    *,
    papers: Papers,
    name: str,
    size: int,
    pieces: Iterable[bytes],
    actor: Actor,
    at: datetime,
    figure: str = "",
    submission: Submission | None = None,
    limits: Limits = LIMITS,
) -> Evidence:
    """Take a file that comes in one request. Raises what `begin_upload` and `receive` raise."""
    if size > limits.form:
        raise FileRefusedError(
            f"{name[:60]} has {size} bytes, above the {limits.form} of one form; send it in pieces",
            rule="form_size",
            facts={"most": f"{limits.form // (1024 * 1024)} MB"},
        )
    file = begin_upload(
        papers=papers,
        name=name,
        size=size,
        actor=actor,
        at=at,
        figure=figure,
        submission=submission,
        go_on=False,
        limits=limits,
    )
    offset = 0
    for piece in pieces:
        if piece:
            file = receive(papers=papers, file=file, offset=offset, content=piece, actor=actor, at=at)
            offset += len(piece)
    if not file.digest:
        _discard(file)
        raise FileRefusedError(
            f"{name[:60]} broke off after {offset} of {size} bytes; send it again", rule="broken_off"
        )
    return file


def _check_same(now: Evidence, offset: int, content: bytes) -> None:
    if now.digest:
        with open_file(now) as stream:
            stream.seek(offset)
            there = stream.read(len(content))
    else:
        there = kept_files.read_part(now.key, offset=offset, length=len(content))
    if there != content:
        raise WrongOffsetError(
            f"{now.name}: what was sent for bytes from {offset} is not what came before; it is another file",
            received=now.received,
            differs=True,
        )


def _finish(papers: Papers, file: Evidence, *, actor: Actor, at: datetime) -> Evidence:
    """Look at a file of which everything has come, and keep it. Whoever comes second finds it done."""
    try:
        try:
            with kept_files.part_path(file.key).open("rb") as stream:
                media_type = media_type_of(stream)
            if media_type != announced_type(file.name, Purpose(file.purpose)):
                raise UnusableFileError("content")
        except UnusableFileError as error:
            _discard(file)
            raise _content_refused(file, error.rule) from error
        digest = kept_files.settle_part(file.key)
    except FileNotFoundError:
        file.refresh_from_db()
        if file.digest:
            return file
        raise
    with transaction.atomic():
        hold(papers.entry.round)
        if not Evidence.objects.filter(pk=file.pk, digest="", removed_at=None).exists():
            file.refresh_from_db()
            return file
        facts = {"digest": digest, "size": file.size, "figure": file.figure}
        if file.submission is not None:
            facts = {"digest": digest, "size": file.size, "version": file.submission.version}
        # Before the file is kept, since lines of the ledger are written one at a time: nobody throws the same content
        # away between the look for it and the row that names it.
        record(
            actor,
            _ACTS[Purpose(file.purpose)],
            subject=str(papers.entry),
            details=facts,
            evaluation_round=papers.entry.round,
            at=at,
        )
        with _told_of_disk(file.name):
            kept_files.keep_part(file.key, digest)
        Evidence.objects.filter(pk=file.pk).update(digest=digest, media_type=media_type)
    kept_files.drop_part(file.key)
    file.digest, file.media_type = digest, media_type
    return file


def _content_refused(file: Evidence, rule: str) -> FileRefusedError:
    told = "is not what the ending of its name says" if rule == "content" else str(UnusableFileError(rule))
    return FileRefusedError(
        f"{file.name} {told}; open it, save it anew as {file.name.rpartition('.')[2]}, and upload that",
        rule=rule,
        facts={"name": file.name, "ending": file.name.rpartition(".")[2]},
    )


# ---- assigning and removing -------------------------------------------------------------------------------


@transaction.atomic
def assign(*, papers: Papers, file: Evidence, figure: str, actor: Actor, at: datetime) -> None:
    """Say which figure a file proves, or none: the entry as a whole. What a version names of it stays as it was."""
    _require(papers, Purpose.EVIDENCE, actor=actor, at=at)
    if file.purpose != Purpose.EVIDENCE:
        raise FileRefusedError(
            f"{file.name} is the scan of a sealed form, which proves no figure; assign evidence",
            rule="figure",
        )
    if figure and figure not in scheme_of_entry(papers.entry).asked:
        raise FileRefusedError(
            f"'{figure[:60]}' is no figure that is asked for; choose one of the form, or none", rule="figure"
        )
    Evidence.objects.filter(pk=file.pk, removed_at=None).update(figure=figure)


def remove(*, papers: Papers, file: Evidence, actor: Actor, at: datetime) -> None:
    """Remove a file that no version names, or what has come of one; its content goes once no other row needs it.

    Removing it again does nothing. Raises FileRefusedError for a file that was handed in with a version.
    """
    with transaction.atomic():
        hold(papers.entry.round)
        _require(papers, Purpose(file.purpose), actor=actor, at=at)
        now = Evidence.objects.select_for_update().get(pk=file.pk)
        if now.removed_at is not None:
            return
        if not now.digest:
            Evidence.objects.filter(pk=now.pk).delete()
        else:
            _remove_kept(papers, now, actor=actor, at=at)
    if not now.digest:
        kept_files.drop_part(now.key)


def _remove_kept(papers: Papers, now: Evidence, *, actor: Actor, at: datetime) -> None:
    twins = _live(Evidence.objects.filter(digest=now.digest)).exclude(pk=now.pk)
    if now.digest in named_digests(papers.entry) and not twins.filter(entry=papers.entry).exists():
        raise FileRefusedError(
            f"{now.name} was handed in with a version of {papers.entry}; what was handed in is kept",
            rule="named",
            facts={"name": now.name},
        )
    record(
        actor,
        "remove_evidence",
        subject=str(papers.entry),
        details={"digest": now.digest, "size": now.size, "figure": now.figure},
        evaluation_round=papers.entry.round,
        at=at,
    )
    Evidence.objects.filter(pk=now.pk).update(removed_at=at)
    if not twins.exists() and not _named_elsewhere(now.digest):
        kept_files.drop_kept(now.digest)


def _named_elsewhere(digest: str) -> bool:
    """Say whether an act names a kept file that is no evidence: a letter, a return."""
    lines = LedgerEntry.objects.exclude(act__in=_OWN_ACTS)
    return lines.annotate(told=Cast("details", TextField())).filter(told__contains=digest).exists()


def clean_interrupted(entry: Entry, *, at: datetime, limits: Limits = LIMITS) -> int:
    """Throw away what came of uploads to which nothing was added for a week; return how many there were."""
    old = list(entry.evidence.filter(digest="", uploaded_at__lt=at - limits.forgotten_after))
    for file in old:
        _discard(file)
    return len(old)


def _discard(file: Evidence) -> None:
    if Evidence.objects.filter(pk=file.pk, digest="").delete()[0]:
        kept_files.drop_part(file.key)


# ---- what all of them ask ---------------------------------------------------------------------------------


def papers_for(pk: int, *, actor: Actor, at: datetime) -> Papers | None:
    """Return the papers of an entry that the actor adds files to, as far as scope goes; None where there is none."""
    found = papers_of(entries_for(actor, "add_evidence").filter(pk=pk), at=at)
    return found[0] if found else None


def may_attach(papers: Papers, *, actor: Actor, at: datetime) -> Ruling:
    """Say whether the actor may attach or remove scans of a sealed form now."""
    stage = Stage(papers.entry.round.stage)
    ruling = may(actor, "attach_scan", subject_of(papers), stage=stage, at=at)
    if ruling and papers.standing == "refused":
        return refused(Against.REFUSED, "the preliminary review refused this submission")
    return ruling


def version_for(pk: int, version: int, *, actor: Actor) -> Submission | None:
    """Return a version whose sealed form the actor may attach; None where there is none for them."""
    entries = entries_for(actor, "attach_scan").filter(pk=pk)
    return Submission.objects.filter(entry__in=entries, version=version).first()


def _require(papers: Papers, purpose: Purpose, *, actor: Actor, at: datetime) -> None:
    entry = papers.entry
    require(actor, _ACTS[purpose], subject_of(papers), evaluation_round=entry.round, at=at)
    if papers.standing == "refused":
        raise UnsoundError(
            f"{entry}: the preliminary review refused this submission; nothing can be handed in again"
        )


@contextmanager
def _told_of(name: str) -> Iterator[None]:
    """Turn what the domain says of a file into a refusal that names it."""
    try:
        yield
    except UnusableFileError as error:
        facts = {"name": name[:60], **error.facts}
        raise FileRefusedError(f"{name[:60]}: {error}", rule=error.rule, facts=facts) from error


@contextmanager
def _told_of_disk(name: str) -> Iterator[None]:
    """Turn a full disk into a refusal; any other fault of the disk stays one of the machine."""
    try:
        yield
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        raise FileRefusedError(
            f"{name}: the disk of this installation is full; tell its system administrator, and go on later",
            rule="disk",
        ) from error
