"""Make a past round out of a published notice: first a preview that stores nothing, then all of it in one transaction.

The plan is `domain.notice_import`; what it makes is performed by the acts that a folder of a past round goes through.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from hatchmark.db.models import Authority, LedgerEntry, Obligation, Round
from hatchmark.domain.folder_errors import FolderError
from hatchmark.domain.notice_import import (
    BadAnswerError,
    ImportAnswer,
    ImportPlan,
    KnownRegister,
    plan_import,
)
from hatchmark.domain.permissions import Actor, Role, Subject
from hatchmark.domain.published_notices import NoticeCheck
from hatchmark.services.identity import decide_identity, decisions_of
from hatchmark.services.ledger import record
from hatchmark.services.likeness import NameLikeness
from hatchmark.services.notice_check import check_notice_file
from hatchmark.services.permissions import require
from hatchmark.services.refusals import UnsoundError
from hatchmark.services.register import known_institutions
from hatchmark.services.round_folder import perform

IMPORT = "import_notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPreview:
    """A notice as it was read and checked, and what its import would do."""

    check: NoticeCheck
    plan: ImportPlan

    @property
    def ready(self) -> bool:
        """Whether nothing stands against the import."""
        return self.plan.folder is not None


def preview_import(
    path: Path,
    *,
    authority_code: str,
    year: int | None = None,
    answers: Sequence[ImportAnswer] = (),
    at: datetime,
) -> ImportPreview:
    """Return what the import of a notice would change. Stores nothing.

    Raises FolderError for a file that cannot be read as a notice, and for an answer that answers nothing.
    """
    return preview_of(
        check_notice_file(path), authority_code=authority_code, year=year, answers=answers, at=at
    )


def preview_of(
    check: NoticeCheck,
    *,
    authority_code: str,
    year: int | None = None,
    answers: Sequence[ImportAnswer] = (),
    at: datetime,
) -> ImportPreview:
    """Return what the import of a notice that was read and checked would change. Stores nothing."""
    try:
        plan = plan_import(
            check,
            known_register(authority_code),
            likeness=NameLikeness(),
            year=year,
            answers=answers,
            entered_at=at,
        )
    except BadAnswerError as error:
        answer = error.answer
        raise FolderError(
            answer.place,
            column="answer",
            value=answer.answer,
            problem=f"is no answer to the question {answer.question} of '{answer.subject}'",
            remedy=error.remedy,
        ) from error
    return ImportPreview(check=check, plan=plan)


def known_register(authority_code: str) -> KnownRegister:
    """Return what the register holds of an authority, as a plan needs it; empty for one that is not known."""
    authority = Authority.objects.filter(code=authority_code).first()
    if authority is None:
        return KnownRegister(authority_code=authority_code)
    lines = LedgerEntry.objects.filter(act=IMPORT, round__authority=authority).order_by("sequence")
    owed = Obligation.objects.filter(entry__round__authority=authority, act="take_part_again").select_related(
        "entry__qualification__institution"
    )
    return KnownRegister(
        authority_code=authority_code,
        name=authority.name,
        years=tuple(authority.rounds.order_by("year").values_list("year", flat=True)),
        institutions=known_institutions(authority_code),
        decisions=tuple(decisions_of(authority)),
        duties=tuple(
            (duty.entry.qualification.institution.code, duty.as_kind, duty.year)
            for duty in owed.order_by("pk")
            if duty.year is not None
        ),
        imported={line.details["digest"]: line.details["year"] for line in lines},
    )


@transaction.atomic
def import_notice(
    check: NoticeCheck,
    *,
    authority_code: str,
    year: int | None = None,
    answers: Sequence[ImportAnswer] = (),
    actor: Actor,
    at: datetime,
) -> Round:
    """Enter a notice as a past round: the answers on who is who, the round with all that follows, a line on the import.

    All or nothing. Planned anew here, so that what was imported or answered since a preview counts. Raises
    NotAllowedError, UnsoundError where something is open or stands against it, FolderError for a bad answer.
    """
    require(actor, IMPORT, Subject(authority=authority_code), evaluation_round=None, at=at)
    preview = preview_of(check, authority_code=authority_code, year=year, answers=answers, at=at)
    plan = preview.plan
    if plan.folder is None:
        first = plan.refusals[0].message_en if plan.refusals else plan.questions[0].message_en
        more = len(plan.refusals) + len(plan.questions) - 1
        raise UnsoundError(
            f"{check.notice.file} is not imported: {first}" + (f" (and {more} more)" if more else "")
        )
    authority, _ = Authority.objects.get_or_create(
        code=authority_code, defaults={"name": plan.folder.settings.authority}
    )
    for proposal, answer in plan.identity_answers:
        decide_identity(
            authority=authority,
            proposal=proposal,
            answer=answer.answer,
            reason=answer.reason,
            # The officer who decided, by the word of the file, as in the folder of a past round.
            actor=Actor(code=answer.by, name=answer.by, role=Role.DEPARTMENT, authority=authority_code),
            at=at,
        )
    evaluation_round = perform(plan.folder, progress=lambda *_: None)
    notice = check.notice
    record(
        actor,
        IMPORT,
        subject=f"round:{evaluation_round.year}",
        details={
            "digest": plan.digest,
            "year": evaluation_round.year,
            "file": notice.file,
            "title": notice.title,
            "document_number": notice.document_number,
            "issued_on": notice.issued_on,
            "verdict": check.verdict.value,
            "answers": [
                {
                    "question": answer.question.value,
                    "subject": answer.subject,
                    "answer": answer.answer,
                    "by": answer.by,
                    "reason": answer.reason,
                }
                for answer in answers
            ],
        },
        evaluation_round=evaluation_round,
        at=at,
    )
    return evaluation_round
