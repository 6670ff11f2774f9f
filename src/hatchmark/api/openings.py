"""启动年度评价: what the next round would stand on, its whole due list with every reason, and then the act."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Schema
from pydantic import AfterValidator, Field

from hatchmark.api.given import Code, Reason, Typed
from hatchmark.api.operations import FaultOut, actor, doing, operation
from hatchmark.api.running import DueLineOut, due_line
from hatchmark.api.work import RoundOut, round_out
from hatchmark.domain.calls import LeftOut, Registered
from hatchmark.domain.notices import Basis
from hatchmark.domain.openings import DEADLINES, moment_of
from hatchmark.domain.vocabulary import vocabulary_codes
from hatchmark.services import clock, openings
from hatchmark.services.openings import MOST_ADDED, Addition, Opening, Preview

MOST_LEFT_OUT = 2_000
MOST_NAMED = 200


def _known_deadline(name: str) -> str:
    if name not in DEADLINES:
        raise ValueError(f"is no deadline of a call; name one of {', '.join(DEADLINES)}")
    return name


Deadline = Annotated[Code, AfterValidator(_known_deadline)]


# ---- what it would stand on -------------------------------------------------------------------------------


class SchemeOut(Schema):
    """A scheme. `beyond` says what of it a round cannot give; it is empty for one that can be chosen."""

    kind: str
    code: str
    title: str
    beyond: list[str]


class GroundOut(Schema):
    """What the next round would stand on: the year before it, its kinds, and what can be chosen.

    `channels` are those of the register, each with its type; `deadlines` what a call can name, in order.
    """

    year: int
    previous: int | None
    fictional: bool
    kinds: list[str]
    schemes: list[SchemeOut]
    channels: dict[str, str]
    vocabularies: list[str]
    deadlines: list[str]


@operation("GET", "/next-round", act="open_round", answer=GroundOut)
def next_round(request: HttpRequest) -> GroundOut:
    """What the next round of the authority would stand on. Refused until the round before is published."""
    ground = openings.ground_for(actor(request), at=clock.now())
    usable = [(scheme, ()) for kind in ground.kinds for scheme in ground.schemes[kind]]
    unusable = [(scheme, beyond) for scheme, beyond in ground.unusable if scheme.kind in ground.kinds]
    return GroundOut(
        year=ground.year,
        previous=ground.previous.year if ground.previous else None,
        fictional=ground.fictional,
        kinds=list(ground.kinds),
        schemes=[
            SchemeOut(kind=scheme.kind, code=scheme.code, title=scheme.title, beyond=list(beyond))
            for scheme, beyond in [*usable, *unusable]
        ],
        channels=dict(ground.channels),
        vocabularies=list(vocabulary_codes()),
        deadlines=list(DEADLINES),
    )


# ---- what would be opened ---------------------------------------------------------------------------------


class BasisIn(Schema):
    """A document that the call rests on, with its number where it has one."""

    title: Typed
    number: Typed = ""


class LeaveOutIn(Schema):
    """Whom to leave off the list, as which kind, and why."""

    institution: Code
    kind: Code
    reason: Reason


class AddIn(Schema):
    """Whom to add, and why. Without `institution` a new code is given; that of a known one gives it one more kind."""

    kind: Code
    institution: Code = ""
    name: Typed
    operators: Annotated[list[Typed], Field(max_length=20)]
    channel: Typed
    channel_type: Code = ""
    reason: Reason
    region: Code = ""
    level: Code = ""
    status: Code = "recognised"
    sub_type: Code = ""
    recognised_in: Code = ""


class OpeningIn(Schema):
    """The next round as it is wanted: a scheme for each kind, a day for each deadline, who is left out or added."""

    year: Annotated[int, Field(ge=1, le=9999)]
    vocabulary: Code
    schemes: dict[Code, Code]
    deadlines: dict[Deadline, date]
    public_notice_working_days: Annotated[int, Field(ge=0, le=1000)]
    addressees: Annotated[list[Typed], Field(max_length=MOST_NAMED)]
    bases: Annotated[list[BasisIn], Field(max_length=MOST_NAMED)]
    left_out: Annotated[list[LeaveOutIn], Field(max_length=MOST_LEFT_OUT, default_factory=list)]
    added: Annotated[list[AddIn], Field(max_length=MOST_ADDED, default_factory=list)]


class OpenIn(OpeningIn):
    """The same again, with the list as it was `seen`."""

    seen: Code


class NotDueOut(Schema):
    """Somebody of the register who is not on the list, and why; without a reason: the register let it go."""

    institution: str
    kind: str
    name: str
    reason: str


class PreviewOut(Schema):
    """What would be opened. `seen` names it; `problems` stand against it. Nothing is stored."""

    seen: str
    year: int
    deadlines: dict[str, datetime]
    due: list[DueLineOut]
    not_due: list[NotDueOut]
    problems: list[FaultOut]


def _opening(body: OpeningIn) -> Opening:
    return Opening(
        year=body.year,
        vocabulary=body.vocabulary,
        schemes=body.schemes,
        deadlines={name: moment_of(name, day) for name, day in body.deadlines.items()},
        public_notice_working_days=body.public_notice_working_days,
        addressees=tuple(each.strip() for each in body.addressees if each.strip()),
        bases=tuple(Basis(title=each.title.strip(), number=each.number.strip()) for each in body.bases),
        left_out={(each.institution, each.kind): each.reason for each in body.left_out},
        added=tuple(
            Addition(**{**each.model_dump(), "operators": tuple(each.operators)}) for each in body.added
        ),
    )


def _not_due(left: Iterable[Registered], left_out: Iterable[LeftOut]) -> list[NotDueOut]:
    gone = [
        NotDueOut(institution=each.institution, kind=each.kind, name=each.name, reason="") for each in left
    ]
    return gone + [
        NotDueOut(institution=each.institution, kind=each.kind, name=each.name, reason=each.reason)
        for each in left_out
    ]


def _preview_out(shown: Preview) -> PreviewOut:
    return PreviewOut(
        seen=shown.digest,
        year=shown.opening.year,
        deadlines=dict(shown.opening.deadlines),
        due=[due_line(line) for line in shown.due.lines],
        not_due=_not_due(shown.due.left, shown.due.left_out),
        problems=[FaultOut(where=each.about, code=each.code, message=each.text) for each in shown.problems],
    )


@operation("POST", "/next-round/preview", act="open_round", answer=PreviewOut, shows_only=True)
def preview_next_round(request: HttpRequest, body: OpeningIn) -> PreviewOut:
    """The whole due list of the next round with every reason, and what stands against opening it."""
    at = clock.now()
    ground = openings.ground_for(actor(request), at=at)
    return _preview_out(openings.preview(ground, _opening(body), at=at))


@operation("POST", "/next-round", act="open_round", answer=RoundOut)
def open_next_round(request: HttpRequest, body: OpenIn, dry_run: bool = False) -> RoundOut:
    """Open exactly the round that was previewed. Where register or results have changed since, nothing is opened."""
    who, at = actor(request), clock.now()
    return doing(
        lambda: round_out(openings.open_from_register(_opening(body), seen=body.seen, actor=who, at=at)),
        dry_run=dry_run,
    )
