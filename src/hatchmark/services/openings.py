"""Open a round in the browser: from a scheme for each kind and the register, without a folder.

What is shown before anything is stored (`preview`) is what is opened: its digest comes back with the act, and where
the register has changed in between, the act is refused. The act itself is `rounds.open_round`, as for a folder.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from hatchmark.db.models import Authority, Institution, InstitutionName, Qualification, Round
from hatchmark.domain.calls import DueLine, DueList, Registered, as_chosen
from hatchmark.domain.notices import Basis
from hatchmark.domain.openings import deadline_problems
from hatchmark.domain.outcomes import EntryKey
from hatchmark.domain.permissions import Actor, Subject
from hatchmark.domain.problems import Problem
from hatchmark.domain.regions import load_regions
from hatchmark.domain.results import digest_of
from hatchmark.domain.round_folder import ChannelType, PartialDate, RegisterRow
from hatchmark.domain.scheme import Beyond, Scheme, Status, beyond_a_round
from hatchmark.domain.vocabulary import load_vocabulary, vocabulary_codes
from hatchmark.services import clock
from hatchmark.services.calls import DUE, due_after, kept_duty, reasons_of, registered_after
from hatchmark.services.ledger import moment_text
from hatchmark.services.permissions import require
from hatchmark.services.refusals import FaultyError, OutdatedError
from hatchmark.services.rounds import open_round
from hatchmark.services.schemes import all_schemes, find_scheme, scheme_named
from hatchmark.services.templates import check_templates_of, keep_templates

MOST_WORKING_DAYS = 60
MOST_ADDED = 60
LONGEST_REASON = 400
_LONGEST = {"name": 200, "channel": 100, "level": 40, "sub_type": 40}
_LONGEST_OPERATORS = 400
"""What the register and an entry hold of each at most."""

_CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,58}[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a new round would stand on. `previous` is None where the authority has held none.

    `kinds` are those of the round before; `schemes` holds the usable ones by kind, `unusable` why others are not;
    `channels` maps each channel of the register to its type.
    """

    authority: Authority
    previous: Round | None
    year: int
    fictional: bool
    kinds: tuple[str, ...]
    schemes: Mapping[str, tuple[Scheme, ...]]
    unusable: tuple[tuple[Scheme, tuple[Beyond, ...]], ...]
    channels: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """Somebody whom neither register nor duty puts on the list, with the typed reason.

    An empty `institution` asks for a code; that of a known institution gives it one more kind. The type of a channel
    that the register knows is taken from there.
    """

    kind: str
    institution: str
    name: str
    operators: tuple[str, ...]
    channel: str
    channel_type: str
    reason: str
    region: str = ""
    level: str = ""
    status: str = "recognised"
    sub_type: str = ""
    recognised_in: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What an officer wants of a new round. `left_out` maps (institution, kind) to the typed reason."""

    year: int
    vocabulary: str
    schemes: Mapping[str, str]
    deadlines: Mapping[str, datetime]
    public_notice_working_days: int
    addressees: tuple[str, ...] = ()
    bases: tuple[Basis, ...] = ()
    left_out: Mapping[tuple[str, str], str] = field(default_factory=dict)
    added: tuple[Addition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What would be opened: the due list with every reason, what stands against it, and its digest.

    `opening` is what was asked for, with the codes that new institutions get, and the types of known channels.
    """

    opening: Opening
    due: DueList
    problems: tuple[Problem, ...]
    digest: str


def ground_for(actor: Actor, *, at: datetime) -> Ground:
    """Return what a new round of the actor's authority would stand on.

    Raises NotAllowedError, or FaultyError where the round before is not published yet.
    """
    require(actor, "open_round", Subject(authority=actor.authority), evaluation_round=None, at=at)
    authority = Authority.objects.get(code=actor.authority)
    previous = authority.rounds.order_by("-year").first()
    if previous is not None and not previous.result_notices.exists():
        raise FaultyError(
            [
                Problem(
                    code="not_published",
                    text=f"the round {previous.year} is at {previous.stage}; the next one follows from its results: "
                    "publish it first",
                    facts={"year": previous.year},
                )
            ]
        )
    schemes = all_schemes()
    usable = [scheme for scheme in schemes if not beyond_a_round(scheme)]
    kinds = (
        [kind.kind for kind in previous.kinds.all()]
        if previous is not None
        else list(dict.fromkeys(scheme.kind for scheme in usable))
    )
    return Ground(
        authority=authority,
        previous=previous,
        year=previous.year + 1 if previous is not None else timezone.localtime(at).year,
        fictional=previous.fictional if previous is not None else clock.is_demonstration(),
        kinds=tuple(kinds),
        schemes={kind: tuple(scheme for scheme in usable if scheme.kind == kind) for kind in kinds},
        unusable=tuple((scheme, tuple(beyond)) for scheme in schemes if (beyond := beyond_a_round(scheme))),
        channels=dict(
            Qualification.objects.filter(institution__authority=authority)
            .order_by("channel")
            .values_list("channel", "channel_type")
            .distinct()
        ),
    )


def derived(ground: Ground) -> DueList:
    """Return the due list as register and earlier results alone give it."""
    if ground.previous is None:
        return DueList(year=ground.year, lines=(), left=())
    return due_after(ground.previous, kinds=ground.kinds)


def preview(ground: Ground, opening: Opening, *, at: datetime) -> Preview:
    """Return what would be opened now. Nothing is stored."""
    opening = _completed(ground, opening)
    problems = [
        *_frame_problems(ground, opening),
        *_scheme_problems(ground, opening),
        *deadline_problems(at, opening.deadlines),
    ]
    base = derived(ground)
    added, wrong = _additions(ground, opening, base)
    left_out, refused = _left_out(opening, base)
    problems += [*wrong, *refused]
    due = as_chosen(base, left_out=left_out, added=added)
    problems += _due_problems(ground, opening, due)
    return Preview(opening=opening, due=due, problems=tuple(problems), digest=_digest(ground, opening, due))


@transaction.atomic
def open_from_register(opening: Opening, *, seen: str, actor: Actor, at: datetime) -> Round:
    """Open the round that a preview showed; `seen` is the digest of that preview.

    Raises FaultyError with everything that stands against it, and OutdatedError where register or results have
    changed since the preview.
    """
    if actor.authority:
        # Held first: two officers who open one round read the same ground, and the second finds it taken.
        Authority.objects.select_for_update().filter(code=actor.authority).first()
    ground = ground_for(actor, at=at)
    if opening.year != ground.year:
        raise OutdatedError(f"the round {opening.year} is there already; open the list of rounds again")
    shown = preview(ground, opening, at=at)
    if shown.problems:
        raise FaultyError(shown.problems)
    if shown.digest != seen:
        raise OutdatedError(
            "register or results have changed since this list was shown; look through the list again"
        )
    opening, due = shown.opening, shown.due
    check_templates_of(ground.authority.code, opening.year, kinds=load_vocabulary(opening.vocabulary).kinds)
    opened = open_round(
        authority_code=ground.authority.code,
        authority_name=ground.authority.name,
        year=opening.year,
        past=False,
        fictional=ground.fictional,
        vocabulary=opening.vocabulary,
        settings=_settings(ground, opening, due, at=at),
        schemes={kind: opening.schemes[kind] for kind in ground.kinds if kind in opening.schemes},
        register=_new_rows(ground, opening),
        changes=[],
        entered_at=None,
        happened_bound="",
        actor=actor,
        at=at,
        due=due,
    )
    if ground.previous is not None:
        keep_templates(opened, ["call"], of=ground.previous)
    return opened


def _settings(ground: Ground, opening: Opening, due: DueList, *, at: datetime) -> dict[str, object]:
    previous = ground.previous
    return {
        "addressees": list(opening.addressees),
        "bases": [{"title": basis.title, "number": basis.number} for basis in opening.bases],
        "dates": {
            "call_at": moment_text(at),
            **{name: moment_text(moment) for name, moment in opening.deadlines.items()},
        },
        "public_notice_working_days": opening.public_notice_working_days,
        DUE: {
            "called_at": moment_text(at),
            "after": None
            if previous is None
            else {"year": previous.year, "version": previous.result_notices.latest("version").version},
            "owed": [kept_duty(duty) for line in due.lines for duty in line.owed],
            "left": [
                {"institution": each.institution, "kind": each.kind, "name": each.name} for each in due.left
            ],
            "left_out": [
                {"institution": each.institution, "kind": each.kind, "name": each.name, "reason": each.reason}
                for each in due.left_out
            ],
        },
    }


def _digest(ground: Ground, opening: Opening, due: DueList) -> str:
    return digest_of(
        {
            "year": opening.year,
            "after": ground.previous.result_notices.latest("version").digest if ground.previous else "",
            "vocabulary": opening.vocabulary,
            "schemes": {
                kind: scheme.digest
                for kind, code in opening.schemes.items()
                if (scheme := find_scheme(code)) is not None
            },
            "deadlines": {name: moment_text(at) for name, at in opening.deadlines.items()},
            "lines": [
                [
                    str(line.key),
                    line.institution,
                    line.name,
                    line.operators_printed,
                    line.channel,
                    *reasons_of(line),
                ]
                for line in due.lines
            ],
            "left_out": [[each.institution, each.kind, each.reason] for each in due.left_out],
            "added": [asdict(each) for each in opening.added],
            "notice_days": opening.public_notice_working_days,
            "addressees": opening.addressees,
            "bases": [[basis.title, basis.number] for basis in opening.bases],
        }
    )


# ---- what stands against it --------------------------------------------------------------------------------


def _frame_problems(ground: Ground, opening: Opening) -> list[Problem]:
    found = []
    if opening.vocabulary not in vocabulary_codes():
        found.append(
            Problem(
                code="no_vocabulary",
                about="vocabulary",
                text=f"vocabulary: there is no '{opening.vocabulary}'; choose one of {', '.join(vocabulary_codes())}",
            )
        )
    if not 1 <= opening.public_notice_working_days <= MOST_WORKING_DAYS:
        found.append(
            Problem(
                code="notice_days",
                about="public_notice_working_days",
                text=f"public_notice_working_days: write 1 to {MOST_WORKING_DAYS}",
                facts={"most": MOST_WORKING_DAYS},
            )
        )
    if not opening.addressees:
        found.append(
            Problem(
                code="no_addressees", about="addressees", text="addressees: name whom the call is sent to"
            )
        )
    if not opening.bases:
        found.append(
            Problem(code="no_bases", about="bases", text="bases: name at least one document that it rests on")
        )
    return found


def scheme_problems(kind: str, code: str, vocabulary: str, *, about: str) -> list[Problem]:
    """Return why a kind cannot be evaluated by a scheme in a round, in the words of a vocabulary."""
    scheme = find_scheme(code)
    if scheme is None or scheme.kind != kind:
        return [
            Problem(
                code="no_scheme",
                about=about,
                text=f"{kind}: '{code}' is no scheme of this kind; choose one that is listed",
                facts={"kind": kind},
            )
        ]
    if beyond := beyond_a_round(scheme):
        return [
            Problem(
                code="scheme_beyond",
                about=about,
                text=f"{kind}: the scheme {code} has {', '.join(beyond)}, which a round cannot give yet; "
                "choose another",
                facts={"title": scheme.title, "kind": kind},
            )
        ]
    if vocabulary not in vocabulary_codes():
        return []
    words = load_vocabulary(vocabulary)
    if kind not in words.kinds or any(cut.grade not in words.grades for cut in scheme.grades):
        return [
            Problem(
                code="scheme_words",
                about=about,
                text=f"{kind}: the vocabulary {vocabulary} has no words for this kind, or not for every grade of "
                f"{code}; choose another vocabulary or scheme",
                facts={"vocabulary": vocabulary, "kind": kind, "title": scheme.title},
            )
        ]
    return []


def _scheme_problems(ground: Ground, opening: Opening) -> list[Problem]:
    wanted = {kind: opening.schemes.get(kind, "") for kind in ground.kinds}
    if ground.previous is None:
        # Whoever begins has no kind that must go on: those without a scheme are not evaluated.
        wanted = {kind: code for kind, code in wanted.items() if code}
        if not wanted:
            return [Problem(code="no_kind", about="", text="choose a scheme for at least one kind")]
    beyond = [
        Problem(
            code="kind_beyond",
            about=f"scheme_{kind}",
            text=f"'{kind}' is no kind of this round, which evaluates {', '.join(ground.kinds)}; leave it out",
            facts={"kind": kind},
        )
        for kind in opening.schemes
        if kind not in ground.kinds
    ]
    return beyond + [
        problem
        for kind, code in wanted.items()
        for problem in scheme_problems(kind, code, opening.vocabulary, about=f"scheme_{kind}")
    ]


def _due_problems(ground: Ground, opening: Opening, due: DueList) -> list[Problem]:
    found = []
    for kind, code in opening.schemes.items():
        if kind not in ground.kinds or scheme_problems(kind, code, opening.vocabulary, about=""):
            continue
        if not due.of(kind):
            found.append(
                Problem(
                    code="nobody_due",
                    about=f"scheme_{kind}",
                    text=f"{kind}: nobody is due; add whom to evaluate",
                    facts={"kind": kind},
                )
            )
        found += _sub_type_problems(ground, opening, due, scheme_named(code))
    return found


def _sub_type_problems(ground: Ground, opening: Opening, due: DueList, scheme: Scheme) -> Iterable[Problem]:
    stated = {
        (code, kind): sub_type
        for code, kind, sub_type in Qualification.objects.filter(
            institution__authority=ground.authority
        ).values_list("institution__code", "kind", "sub_type")
    } | {(each.institution, each.kind): each.sub_type for each in opening.added}
    for line in due.of(scheme.kind):
        sub_type = stated.get((line.institution, line.held), "")
        try:
            scheme.sub_type_of(sub_type or None)
        except ValueError as error:
            yield Problem(
                code="sub_type",
                about=f"scheme_{scheme.kind}",
                text=f"{line.name}: {error}",
                facts={"name": line.name, "sub_type": sub_type, "title": scheme.title},
            )


def _left_out(opening: Opening, base: DueList) -> tuple[dict[tuple[str, str], str], list[Problem]]:
    """Return what can be left out, and why the rest cannot: it stays on the list that is shown."""
    there = {(line.institution, line.key.kind): line for line in base.lines}
    kept: dict[tuple[str, str], str] = {}
    found = []
    for who, reason in opening.left_out.items():
        institution, kind = who
        about = f"out_{kind}_{institution}"
        if who not in there:
            continue
        if there[who].owed:
            found.append(
                Problem(
                    code="owed_stays",
                    about=about,
                    text=f"{there[who].name}: an earlier result obliges it to take part; it can ask for a deferral, "
                    "and cannot be left out",
                    facts={"name": there[who].name},
                )
            )
        elif not reason.strip():
            found.append(
                Problem(
                    code="out_without_reason",
                    about=about,
                    text=f"{there[who].name}: is left out without a reason; write it",
                    facts={"name": there[who].name},
                )
            )
            # Shown as left out all the same, so that the missing reason can be typed where it belongs.
            kept[who] = "—"
        elif len(reason) > LONGEST_REASON:
            found.append(
                Problem(
                    code="out_too_long",
                    about=about,
                    text=f"{there[who].name}: the reason has more than {LONGEST_REASON} characters; shorten it",
                    facts={"name": there[who].name, "most": LONGEST_REASON},
                )
            )
            kept[who] = "—"
        else:
            kept[who] = reason
    return kept, found


# ---- whom an officer adds ----------------------------------------------------------------------------------


def _completed(ground: Ground, opening: Opening) -> Opening:
    """Give each new institution a code that nobody has, and each channel that the register knows its type."""
    taken = set(Institution.objects.filter(authority=ground.authority).values_list("code", flat=True))
    taken |= {each.institution for each in opening.added}
    added = []
    for each in opening.added:
        code = each.institution.strip()
        if not code:
            stem = f"{ground.authority.code}-{each.kind[:1] or 'x'}"
            number = 1
            while f"{stem}{number:02}" in taken:
                number += 1
            code = f"{stem}{number:02}"
            taken.add(code)
        channel_type = ground.channels.get(each.channel.strip()) or each.channel_type
        added.append(replace(each, institution=code, channel_type=channel_type))
    return replace(opening, added=tuple(added))


def _additions(ground: Ground, opening: Opening, base: DueList) -> tuple[list[DueLine], list[Problem]]:
    """Return the lines that can be added, and why the others cannot."""
    listed = {(line.institution, line.key.kind) for line in base.lines}
    held = {(each.institution, each.kind): each for each in _registered(ground)}
    names: dict[str, set[str]] = {}
    for name, code in InstitutionName.objects.filter(
        institution__authority=ground.authority, until=""
    ).values_list("name", "institution__code"):
        names.setdefault(name, set()).add(code)
    lines: list[DueLine] = []
    found: list[Problem] = []
    for number, each in enumerate(opening.added):
        who = (each.institution, each.kind)
        wrong = _addition_problems(ground, opening, each, about=f"add_{number}")
        if who in listed:
            wrong.append(
                _about(number, "added_twice", each, "is on the list already; take this line off again")
            )
        elif who in held:
            wrong.append(
                _about(number, "added_inactive", each, "has left the register of this kind, and is not due")
            )
        elif each.institution not in (bearers := names.get(each.name.strip(), {each.institution})):
            known = ", ".join(sorted(bearers))
            text = f"bears the name of {known}; give that code, if it is the same body, or else tell the two apart"
            wrong.append(_about(number, "added_name", each, text, known=known))
        found += wrong
        if wrong:
            continue
        listed.add(who)
        lines.append(
            DueLine(
                key=EntryKey(each.kind, 1),
                institution=each.institution,
                name=each.name.strip(),
                operators_printed="、".join(each.operators),
                operators=each.operators,
                channel=each.channel.strip(),
                registered=False,
                owed=(),
                held=each.kind,
                added=each.reason.strip(),
            )
        )
    return lines, found


def _registered(ground: Ground) -> list[Registered]:
    return [] if ground.previous is None else registered_after(ground.previous)


def _about(number: int, code: str, each: Addition, text: str, **facts: object) -> Problem:
    name = each.name or each.institution
    return Problem(code=code, about=f"add_{number}", text=f"{name}: {text}", facts={"name": name, **facts})


def _addition_problems(ground: Ground, opening: Opening, each: Addition, *, about: str) -> list[Problem]:
    number = int(about.removeprefix("add_"))
    found = []
    for name, value in (
        ("name", each.name),
        ("operators", "".join(each.operators)),
        ("channel", each.channel),
        ("reason", each.reason),
    ):
        if not value.strip():
            found.append(_about(number, f"added_without_{name}", each, f"has no {name}; fill it in"))
    if each.kind not in ground.kinds or not opening.schemes.get(each.kind):
        found.append(_about(number, "added_kind", each, f"'{each.kind}' is no kind of this round"))
    if not _CODE.fullmatch(each.institution):
        found.append(
            _about(
                number, "added_code", each, f"'{each.institution}' is no code: letters, digits and hyphens"
            )
        )
    if each.channel_type not in tuple(ChannelType):
        found.append(_about(number, "added_channel_type", each, "say what sort of body its channel is"))
    if each.status not in tuple(Status):
        found.append(_about(number, "added_status", each, "is either recognised or a pilot"))
    if each.region and not _is_region(each.region):
        found.append(
            _about(
                number, "added_region", each, f"'{each.region}' is no place of GB/T 2260", region=each.region
            )
        )
    if each.recognised_in and not _is_date(each.recognised_in):
        found.append(
            _about(
                number,
                "added_date",
                each,
                f"'{each.recognised_in}' is no date; write 2020, 2020-07 or 2020-07-15",
                value=each.recognised_in,
            )
        )
    if (
        any(len(getattr(each, name)) > most for name, most in _LONGEST.items())
        or len("、".join(each.operators)) > _LONGEST_OPERATORS
        or len(each.reason) > LONGEST_REASON
    ):
        found.append(_about(number, "added_long", each, "has a text that is too long"))
    return found


def _is_region(code: str) -> bool:
    try:
        load_regions().region_of(code)
    except LookupError:
        return False
    return True


def _is_date(text: str) -> bool:
    try:
        PartialDate(text)
    except ValueError:
        return False
    return True


def _new_rows(ground: Ground, opening: Opening) -> list[RegisterRow]:
    """Return the rows that the register does not hold yet, with the other rows of those institutions.

    The others stand beside them, since what is no longer printed of an institution is taken to have ended.
    """
    codes = {each.institution for each in opening.added}
    qualifications = {
        (each.institution.code, each.kind): each
        for each in Qualification.objects.filter(
            institution__authority=ground.authority, institution__code__in=codes
        ).select_related("institution")
    }
    rows = [
        _known_row(each, qualifications[each.institution, each.kind])
        for each in _registered(ground)
        if (each.institution, each.kind) in qualifications
    ]
    return rows + [
        RegisterRow(
            key=EntryKey(each.kind, 1),
            institution=each.institution,
            name=each.name.strip(),
            operators_printed="、".join(each.operators),
            operators=each.operators,
            channel=each.channel.strip(),
            channel_type=ChannelType(each.channel_type),
            region=each.region or None,
            level=each.level or None,
            status=Status(each.status),
            sub_type=each.sub_type or None,
            recognised_in=PartialDate(each.recognised_in) if each.recognised_in else None,
        )
        for each in opening.added
    ]


def _known_row(each: Registered, qualification: Qualification) -> RegisterRow:
    return RegisterRow(
        key=EntryKey(each.kind, 1),
        institution=each.institution,
        name=each.name,
        aliases=each.aliases,
        operators_printed=each.operators_printed,
        operators=each.operators,
        channel=qualification.channel,
        channel_type=ChannelType(qualification.channel_type),
        region=qualification.region or None,
        level=qualification.level or None,
        status=Status(qualification.status),
        sub_type=qualification.sub_type or None,
        recognised_in=PartialDate(qualification.recognised_in) if qualification.recognised_in else None,
    )
