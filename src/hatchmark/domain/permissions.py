"""May this person do this act, to this object, at this stage and moment, and if not, why?

The one answer in the whole house: services enforce it and shells ask it before they show a button.
Access is closed unless a row of `RULES` opens it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from hatchmark.domain.workflow import TRANSITIONS, Stage


class Role(StrEnum):
    """Who somebody is in a round. The three administrators hold no act of the evaluation itself."""

    INSTITUTION = "institution"
    CHANNEL = "channel"
    DEPARTMENT = "department"
    EXPERT = "expert"
    INSPECTOR = "inspector"
    INTEGRITY = "integrity"
    PUBLIC = "public"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts. `unit` is the institution's code, the channel as printed, or an office's name."""

    code: str
    name: str
    role: Role
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The facts of the object that a decision may depend on. What does not apply stays at its default."""

    past: bool = False
    institution: str = ""
    channel: str = ""
    assigned_expert: str = ""
    conflict: str = ""
    first_person: str = ""
    returned: bool = False
    approved: bool = False
    figures_public: bool = False
    window_closes_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """The answer, with its reason in words. It is true where the act is allowed."""

    allowed: bool
    reason: str

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Ruling(True, "")

Condition = Callable[[Actor, Subject, datetime | None], str]
"""Return what stands against the act, or an empty string."""


def _own_institution(actor: Actor, subject: Subject, _at: datetime | None) -> str:
    # Two empty codes are no match: a fact that nobody gave opens nothing.
    if actor.unit and actor.unit == subject.institution:
        return ""
    return f"{actor.code} acts for institution {actor.unit or '(none)'}, not for {subject.institution}"


def _own_channel(actor: Actor, subject: Subject, _at: datetime | None) -> str:
    if actor.unit and actor.unit == subject.channel:
        return ""
    return f"{actor.code} reviews for {actor.unit or '(none)'}; this institution belongs to {subject.channel}"


def _own_assignment(actor: Actor, subject: Subject, _at: datetime | None) -> str:
    if actor.code and actor.code == subject.assigned_expert:
        return ""
    return f"expert {actor.code} is not assigned to this entry"


def _no_conflict(actor: Actor, subject: Subject, _at: datetime | None) -> str:
    return (
        f"expert {actor.code} has a conflict with this entry: {subject.conflict}" if subject.conflict else ""
    )


def _second_person(actor: Actor, subject: Subject, _at: datetime | None) -> str:
    if not subject.first_person:
        return "nobody is on record as the first person; there is nothing that a second could confirm"
    if actor.code != subject.first_person:
        return ""
    return f"{actor.code} did the first half; a second person has to confirm"


def _in_window(_actor: Actor, subject: Subject, at: datetime | None) -> str:
    if at is None:
        # A past act whose moment nobody recorded cannot be held against a window; its entry says so.
        return "" if subject.past else "an act of a live round has its moment; give it"
    if subject.window_closes_at is None or at <= subject.window_closes_at:
        return ""
    return f"the window closed at {subject.window_closes_at.isoformat()}; this came at {at.isoformat()}"


def _not_locked(_actor: Actor, subject: Subject, _at: datetime | None) -> str:
    return "the preliminary review approved this submission; approval locks it" if subject.approved else ""


def _returned(_actor: Actor, subject: Subject, _at: datetime | None) -> str:
    return "" if subject.returned else "nothing was returned for correction"


def _figures_public(_actor: Actor, subject: Subject, _at: datetime | None) -> str:
    return (
        ""
        if subject.figures_public
        else "the figures of this round are not public, nor is what rests on them"
    )


def _own_unless_department(actor: Actor, subject: Subject, at: datetime | None) -> str:
    """The department sees every paper of its round; a channel and an institution see their own alone."""
    if actor.role is Role.DEPARTMENT:
        return ""
    own = _own_channel if actor.role is Role.CHANNEL else _own_institution
    return own(actor, subject, at)


def _past_round(_actor: Actor, subject: Subject, _at: datetime | None) -> str:
    return "" if subject.past else "acts of a live round are done one by one, not entered afterwards"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Who may do an act, at which stages, under which conditions. No stages: before the round has one."""

    act: str
    roles: frozenset[Role]
    stages: frozenset[Stage] = frozenset()
    conditions: tuple[Condition, ...] = field(default=())


def _rule(act: str, role: Role, *stages: Stage, when: tuple[Condition, ...] = ()) -> Rule:
    return Rule(act=act, roles=frozenset({role}), stages=frozenset(stages), conditions=when)


_SINCE_NOTICE = (Stage.PUBLIC_NOTICE, Stage.PUBLISHED, Stage.FOLLOW_UP)

_TABLE = (
    _rule("open_round", Role.DEPARTMENT),
    _rule("submit", Role.INSTITUTION, Stage.SUBMISSION, when=(_own_institution, _in_window)),
    _rule("withdraw", Role.INSTITUTION, Stage.SUBMISSION, when=(_own_institution, _not_locked, _in_window)),
    _rule(
        "correct",
        Role.INSTITUTION,
        Stage.PRELIMINARY_REVIEW,
        when=(_own_institution, _not_locked, _returned, _in_window),
    ),
    _rule("approve", Role.CHANNEL, Stage.PRELIMINARY_REVIEW, when=(_own_channel, _not_locked, _in_window)),
    _rule(
        "return_fields", Role.CHANNEL, Stage.PRELIMINARY_REVIEW, when=(_own_channel, _not_locked, _in_window)
    ),
    _rule("refuse", Role.CHANNEL, Stage.PRELIMINARY_REVIEW, when=(_own_channel, _not_locked, _in_window)),
    _rule("list_experts", Role.DEPARTMENT, Stage.EXPERT_REVIEW),
    _rule("assign_expert", Role.DEPARTMENT, Stage.EXPERT_REVIEW, when=(_in_window,)),
    _rule("confirm_assignments", Role.DEPARTMENT, Stage.EXPERT_REVIEW, when=(_second_person,)),
    _rule("declare_conflict", Role.EXPERT, Stage.EXPERT_REVIEW, when=(_own_assignment,)),
    _rule("score", Role.EXPERT, Stage.EXPERT_REVIEW, when=(_own_assignment, _no_conflict, _in_window)),
    _rule("commit_frame", Role.DEPARTMENT, Stage.SPOT_CHECK),
    _rule("draw_spot_checks", Role.DEPARTMENT, Stage.SPOT_CHECK),
    _rule("record_finding", Role.INSPECTOR, Stage.SPOT_CHECK, when=(_in_window,)),
    _rule("record_integrity_hit", Role.INTEGRITY, Stage.INTEGRITY_REVIEW, when=(_in_window,)),
    _rule("propose_decision", Role.DEPARTMENT, Stage.DETERMINATION),
    _rule("confirm_decision", Role.DEPARTMENT, Stage.DETERMINATION, when=(_second_person,)),
    _rule("lodge_objection", Role.PUBLIC, Stage.PUBLIC_NOTICE, when=(_in_window,)),
    # An entry that was withheld is ruled on after the others were published; a correction then publishes it.
    _rule("rule_objection", Role.DEPARTMENT, *_SINCE_NOTICE),
    _rule("revise_decision", Role.DEPARTMENT, *_SINCE_NOTICE, when=(_second_person,)),
    _rule("propose_revision", Role.DEPARTMENT, Stage.PUBLISHED, Stage.FOLLOW_UP),
    _rule("prepare_correction", Role.DEPARTMENT, Stage.PUBLISHED, Stage.FOLLOW_UP),
    _rule("correct_publication", Role.DEPARTMENT, Stage.PUBLISHED, Stage.FOLLOW_UP, when=(_second_person,)),
    _rule("send_letters", Role.DEPARTMENT, Stage.PUBLISHED, Stage.FOLLOW_UP),
    Rule(
        act="read_letter",
        roles=frozenset({Role.DEPARTMENT, Role.CHANNEL}),
        stages=frozenset({Stage.PUBLISHED, Stage.FOLLOW_UP}),
        conditions=(_own_unless_department,),
    ),
    _rule("issue_certificates", Role.DEPARTMENT, Stage.PUBLISHED, Stage.FOLLOW_UP),
    _rule("ask_certificate_withdrawal", Role.DEPARTMENT, Stage.PUBLISHED, Stage.FOLLOW_UP),
    _rule("withdraw_certificate", Role.DEPARTMENT, Stage.PUBLISHED, Stage.FOLLOW_UP, when=(_second_person,)),
    Rule(
        act="read_certificate",
        roles=frozenset({Role.DEPARTMENT, Role.INSTITUTION}),
        stages=frozenset({Stage.PUBLISHED, Stage.FOLLOW_UP}),
        conditions=(_own_unless_department,),
    ),
    _rule("hand_in_rectification", Role.INSTITUTION, Stage.FOLLOW_UP, when=(_own_institution,)),
    _rule("accept_rectification", Role.CHANNEL, Stage.FOLLOW_UP, when=(_own_channel,)),
    _rule("deregister", Role.CHANNEL, Stage.FOLLOW_UP, when=(_own_channel,)),
    # Stores nothing; yet an answer would tell of figures, so that it may rest on published ones alone.
    Rule(
        act="ask_what_if",
        roles=frozenset({Role.PUBLIC, Role.DEPARTMENT}),
        stages=frozenset({Stage.PUBLISHED, Stage.FOLLOW_UP}),
        conditions=(_figures_public,),
    ),
    # Who is who is asked of a notice, not of a round: it belongs to no stage.
    _rule("decide_identity", Role.DEPARTMENT),
    _rule("import_notice", Role.DEPARTMENT),
    # Past rounds: the department enters what was published. Whoever did the acts is not known.
    Rule(
        act="enter_past_act",
        roles=frozenset({Role.DEPARTMENT}),
        stages=frozenset(Stage),
        conditions=(_past_round,),
    ),
    *(_rule(move.act, Role.DEPARTMENT, move.source) for move in TRANSITIONS),
)

RULES = {rule.act: rule for rule in _TABLE}


def may(actor: Actor, act: str, subject: Subject, *, stage: Stage | None, at: datetime | None) -> Ruling:
    """Answer whether `actor` may do `act` to `subject` at `stage` and moment `at`, with the reason if not.

    `stage` is None only for opening a round; `at` is None for a past act whose moment nobody recorded.
    """
    rule = RULES.get(act)
    if rule is None:
        return Ruling(False, f"no rule opens the act {act}")
    if actor.role not in rule.roles:
        return Ruling(
            False, f"{act} needs the role {' or '.join(sorted(rule.roles))}; {actor.code} is {actor.role}"
        )
    if rule.stages and stage not in rule.stages:
        allowed = ", ".join(each for each in Stage if each in rule.stages)
        return Ruling(False, f"{act} belongs to the stage {allowed}; the round is at {stage}")
    for condition in rule.conditions:
        if against := condition(actor, subject, at):
            return Ruling(False, against)
    return ALLOWED
