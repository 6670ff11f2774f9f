"""异议: anyone with a name or a seal may object inside the window; the department rules, with its reason."""

from datetime import datetime

from django.db import transaction

from hatchmark.db.models import Entry, Objection, PublicNotice
from hatchmark.domain.permissions import Actor, Subject
from hatchmark.domain.round_folder import ObjectionRuling, ObjectorType
from hatchmark.services.ledger import record
from hatchmark.services.permissions import hold, require
from hatchmark.services.refusals import UnsoundError
from hatchmark.services.submissions import check_correction


@transaction.atomic
def lodge_objection(
    *,
    entry: Entry,
    objector: str,
    objector_type: str,
    contact: str,
    grounds: str,
    actor: Actor,
    at: datetime,
) -> Objection:
    """Lodge an objection. An anonymous one is recorded too, and can only be ruled not admitted."""
    evaluation_round = hold(entry.round)
    notice = PublicNotice.objects.filter(round=evaluation_round).first()
    subject = Subject(past=evaluation_round.past, window_closes_at=notice.closes_at if notice else None)
    require(actor, "lodge_objection", subject, evaluation_round=evaluation_round, at=at)
    if objector_type not in list(ObjectorType):
        raise UnsoundError(
            f"{entry}: '{objector_type}' is no objector; write one of {', '.join(ObjectorType)}"
        )
    if not grounds:
        raise UnsoundError(f"{entry}: an objection states its grounds; write them")
    objection = Objection.objects.create(
        entry=entry,
        objector=objector,
        objector_type=objector_type,
        contact=contact,
        lodged_at=at,
        grounds=grounds,
    )
    # Who objects is nobody's business but the officers': the ledger, which is published, names the kind alone.
    record(
        actor,
        "lodge_objection",
        subject=str(entry),
        details={"objection": objection_number(objection), "objector_type": objector_type},
        evaluation_round=evaluation_round,
        at=at,
    )
    return objection


@transaction.atomic
def rule_objection(
    *,
    objection: Objection,
    ruling: str,
    reason: str,
    figure: str = "",
    corrected_value: str = "",
    actor: Actor,
    at: datetime,
) -> None:
    """Rule on an objection once. An upheld one may correct a figure, which `determination.rescore` then uses."""
    entry = objection.entry
    hold(entry.round)
    objection.refresh_from_db(fields=["ruling"])
    require(actor, "rule_objection", Subject(past=entry.round.past), evaluation_round=entry.round, at=at)
    if ruling not in list(ObjectionRuling):
        raise UnsoundError(f"'{ruling}' is no ruling; write one of {', '.join(ObjectionRuling)}")
    if objection.ruling:
        raise UnsoundError(f"{entry}: this objection was ruled {objection.ruling} already")
    if not reason:
        raise UnsoundError(f"{entry}: a ruling needs its reason")
    nameless = objection.objector_type == "anonymous" or not objection.objector
    if ruling != "not_admitted" and (nameless or not objection.contact):
        raise UnsoundError(f"{entry}: an objection without name and contact is recorded and not admitted")
    if figure and ruling != "upheld":
        raise UnsoundError(f"{entry}: only an upheld objection corrects a figure")
    if figure:
        check_correction(entry, figure=figure, value=corrected_value)
    objection.ruling = ruling
    objection.ruled_at = at
    objection.ruled_by = actor.code
    objection.ruling_reason = reason
    objection.figure = figure
    objection.corrected_value = corrected_value
    objection.save()
    record(
        actor,
        "rule_objection",
        subject=str(entry),
        details={
            "objection": objection_number(objection),
            "ruling": ruling,
            "reason": reason,
            "figure": figure,
            "corrected_value": corrected_value,
        },
        evaluation_round=entry.round,
        at=at,
    )


def objection_number(objection: Objection) -> int:
    """Return the place of an objection among those of its round, from 1, in order of arrival."""
    return Objection.objects.filter(entry__round=objection.entry.round, pk__lte=objection.pk).count()
