"""May this person do this act, to this object, at this stage and moment, and if not, why?

The one answer in the whole house: services enforce it, shells ask it before they show a button, and what a
list, a search, a count or a file may hold is asked of the same table (`scope_of`). Access is closed unless a row
of `RULES` opens it, and then only within the scope of the role: an institution reaches itself, a channel its own
institutions, an officer the own authority.
"""

from collections.abc import Callable, Iterable, Mapping
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


ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
"""系统管理员、安全管理员、审计管理员: apart from one another, and from the evaluation."""


class Scope(StrEnum):
    """How far a role reaches, whatever the act. The stored word; the printed table explains each."""

    EVERYTHING = "everything"
    AUTHORITY = "authority"
    CHANNEL = "channel"
    INSTITUTION = "institution"
    ASSIGNMENT = "assignment"


SCOPES = {
    Role.INSTITUTION: Scope.INSTITUTION,
    Role.CHANNEL: Scope.CHANNEL,
    Role.DEPARTMENT: Scope.AUTHORITY,
    Role.EXPERT: Scope.ASSIGNMENT,
    Role.INSPECTOR: Scope.AUTHORITY,
    Role.INTEGRITY: Scope.AUTHORITY,
    # What the public may do at all, anybody may do to anything that is public; administrators look after the
    # installation, which serves every authority in it.
    Role.PUBLIC: Scope.EVERYTHING,
    Role.SYSTEM_ADMIN: Scope.EVERYTHING,
    Role.SECURITY_ADMIN: Scope.EVERYTHING,
    Role.AUDIT_ADMIN: Scope.EVERYTHING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts. `authority` is the code of the authority acted under, `unit` the institution's code, the channel as
    printed, or an office's name. `person` is who stands behind the account, where accounts are told apart by it.
    """

    code: str
    name: str
    role: Role
    unit: str = ""
    authority: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The facts of the object that a decision may depend on. What does not apply stays at its default."""

    authority: str = ""
    past: bool = False
    institution: str = ""
    channel: str = ""
    assigned_expert: str = ""
    conflict: str = ""
    first_person: str = ""
    first_person_behind: str = ""
    returned: bool = False
    approved: bool = False
    flag_after_approval: bool = False
    figures_public: bool = False
    account: str = ""
    role_given: Role | None = None
    window_closes_at: datetime | None = None


class Against(StrEnum):
    """What stands against an act. A page says each in its language, with what to do instead: a test holds that."""

    NO_RULE = "no_rule"
    ROLE = "role"
    STAGE = "stage"
    AUTHORITY = "authority"
    INSTITUTION = "institution"
    CHANNEL = "channel"
    ASSIGNMENT = "assignment"
    CONFLICT = "conflict"
    NOBODY_FIRST = "nobody_first"
    SAME_ACCOUNT = "same_account"
    SAME_PERSON = "same_person"
    NO_MOMENT = "no_moment"
    TOO_LATE = "too_late"
    TOO_EARLY = "too_early"
    LOCKED = "locked"
    REFUSED = "refused"
    NOTHING_RETURNED = "nothing_returned"
    NOT_RETURNED = "not_returned"
    FIGURES_NOT_PUBLIC = "figures_not_public"
    LIVE_ROUND = "live_round"
    BY_TWO = "by_two"
    OWN_ACCOUNT = "own_account"


@dataclass(frozen=True, slots=True)
class Ruling:
    """The answer. It is true where the act is allowed; else `reason` says in English what stands against it.

    Pages say it by `against`, with `facts`: acts, roles, stages and moments as they are, never as text.
    """

    allowed: bool
    reason: str
    against: Against | None = None
    facts: Mapping[str, object] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Ruling(True, "")

Condition = Callable[[Actor, Subject, datetime | None], Ruling]
"""Answer whether a fact stands against the act."""


def refused(against: Against, reason: str, /, **facts: object) -> Ruling:
    """Return the ruling that something stands against the act."""
    return Ruling(False, reason, against, facts)


def _outside(actor: Actor, subject: Subject) -> Ruling:
    """Answer whether the object lies within the scope of the actor's role.

    Two empty codes are no match: a fact that nobody gave opens nothing.
    """
    scope = SCOPES[actor.role]
    if scope is Scope.EVERYTHING:
        return ALLOWED
    if not actor.authority or actor.authority != subject.authority:
        return refused(
            Against.AUTHORITY,
            f"{actor.code} acts under authority {actor.authority or '(none)'}, "
            f"not under {subject.authority or '(none)'}",
        )
    if scope is Scope.INSTITUTION and not (actor.unit and actor.unit == subject.institution):
        return refused(
            Against.INSTITUTION,
            f"{actor.code} acts for institution {actor.unit or '(none)'}, not for {subject.institution}",
        )
    if scope is Scope.CHANNEL and not (actor.unit and actor.unit == subject.channel):
        return refused(
            Against.CHANNEL,
            f"{actor.code} reviews for {actor.unit or '(none)'}; this institution belongs to {subject.channel}",
            own=actor.unit,
            channel=subject.channel,
        )
    if scope is Scope.ASSIGNMENT and not (actor.code and actor.code == subject.assigned_expert):
        return refused(Against.ASSIGNMENT, f"expert {actor.code} is not assigned to this entry")
    return ALLOWED


def _no_conflict(actor: Actor, subject: Subject, _at: datetime | None) -> Ruling:
    if not subject.conflict:
        return ALLOWED
    return refused(
        Against.CONFLICT, f"expert {actor.code} has a conflict with this entry: {subject.conflict}"
    )


def _second_person(actor: Actor, subject: Subject, _at: datetime | None) -> Ruling:
    if not subject.first_person:
        return refused(
            Against.NOBODY_FIRST,
            "nobody is on record as the first person; there is nothing that a second could confirm",
        )
    if actor.code == subject.first_person:
        return refused(
            Against.SAME_ACCOUNT, f"{actor.code} did the first half; a second person has to confirm"
        )
    if actor.person and actor.person == subject.first_person_behind:
        return refused(
            Against.SAME_PERSON,
            f"{actor.code} and {subject.first_person} are accounts of one person; a second person has to confirm",
            first=subject.first_person,
        )
    return ALLOWED


def _in_window(_actor: Actor, subject: Subject, at: datetime | None) -> Ruling:
    if at is None:
        # A past act whose moment nobody recorded cannot be held against a window; its entry says so.
        if subject.past:
            return ALLOWED
        return refused(Against.NO_MOMENT, "an act of a live round has its moment; give it")
    if subject.window_closes_at is None or at <= subject.window_closes_at:
        return ALLOWED
    return refused(
        Against.TOO_LATE,
        f"the window closed at {subject.window_closes_at.isoformat()}; this came at {at.isoformat()}",
        closed=subject.window_closes_at,
    )


def _window_over(_actor: Actor, subject: Subject, at: datetime | None) -> Ruling:
    if at is None or subject.window_closes_at is None or at >= subject.window_closes_at:
        return ALLOWED
    return refused(
        Against.TOO_EARLY,
        f"the window is open until {subject.window_closes_at.isoformat()}; nobody's last hours are cut off",
        closes=subject.window_closes_at,
    )


def _not_locked(_actor: Actor, subject: Subject, _at: datetime | None) -> Ruling:
    if not subject.approved:
        return ALLOWED
    return refused(Against.LOCKED, "the preliminary review approved this submission; approval locks it")


def _not_locked_but_late(actor: Actor, subject: Subject, at: datetime | None) -> Ruling:
    """A flag that came up after the approval wants the word of whoever approved; the papers stay locked."""
    if subject.flag_after_approval and actor.role is Role.CHANNEL:
        return ALLOWED
    return _not_locked(actor, subject, at)


def _returned(_actor: Actor, subject: Subject, _at: datetime | None) -> Ruling:
    return (
        ALLOWED
        if subject.returned
        else refused(Against.NOTHING_RETURNED, "nothing was returned for correction")
    )


def _figures_public(_actor: Actor, subject: Subject, _at: datetime | None) -> Ruling:
    if subject.figures_public:
        return ALLOWED
    return refused(
        Against.FIGURES_NOT_PUBLIC, "the figures of this round are not public, nor is what rests on them"
    )


def _past_round(_actor: Actor, subject: Subject, _at: datetime | None) -> Ruling:
    if subject.past:
        return ALLOWED
    return refused(Against.LIVE_ROUND, "acts of a live round are done one by one, not entered afterwards")


def _no_administrator(_actor: Actor, subject: Subject, _at: datetime | None) -> Ruling:
    if subject.role_given not in ADMINISTRATORS:
        return ALLOWED
    return refused(
        Against.BY_TWO, "an administrator is made by two persons: propose, and another administrator confirms"
    )


def _not_oneself(actor: Actor, subject: Subject, _at: datetime | None) -> Ruling:
    if actor.code != subject.account:
        return ALLOWED
    return refused(Against.OWN_ACCOUNT, f"{actor.code} cannot do this to the own account")


CONDITIONS: Mapping[Condition, str] = {
    _no_conflict: "no_conflict",
    _second_person: "second_person",
    _in_window: "in_window",
    _window_over: "window_over",
    _not_locked: "not_locked",
    _not_locked_but_late: "not_locked_but_late",
    _returned: "returned",
    _figures_public: "figures_public",
    _past_round: "past_round",
    _no_administrator: "no_administrator",
    _not_oneself: "not_oneself",
}
"""Every condition by the code under which the printed table explains it. A test holds that none is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Who may do an act, at which stages, under which conditions. No stages: at any, or where there is no round."""

    act: str
    roles: frozenset[Role]
    stages: frozenset[Stage] = frozenset()
    conditions: tuple[Condition, ...] = field(default=())


def _rule(act: str, roles: Role | Iterable[Role], *stages: Stage, when: tuple[Condition, ...] = ()) -> Rule:
    # A role is a text, and so iterable letter by letter.
    who = frozenset({roles} if isinstance(roles, Role) else roles)
    return Rule(act=act, roles=who, stages=frozenset(stages), conditions=when)


_SINCE_PUBLISHED = (Stage.PUBLISHED, Stage.FOLLOW_UP)
_SINCE_NOTICE = (Stage.PUBLIC_NOTICE, *_SINCE_PUBLISHED)
_CONDITIONS_OF_MOVES: Mapping[str, tuple[Condition, ...]] = {"close_submission": (_window_over,)}

_EVERYBODY = frozenset(Role)
_SIGNED_IN = _EVERYBODY - {Role.PUBLIC}
_HANDING_IN = (Stage.SUBMISSION, Stage.PRELIMINARY_REVIEW)
"""An institution hands in during the first; within an extension, or to correct what was returned, in the second."""

_TABLE = (
    # ---- the call, and the papers of an institution
    _rule("open_round", Role.DEPARTMENT),
    _rule("extend_deadline", Role.DEPARTMENT, *_HANDING_IN),
    _rule("send_reminders", Role.DEPARTMENT, *_HANDING_IN),
    _rule("save_draft", Role.INSTITUTION, *_HANDING_IN, when=(_not_locked, _in_window)),
    _rule("add_evidence", Role.INSTITUTION, *_HANDING_IN, when=(_not_locked, _in_window)),
    _rule("submit", Role.INSTITUTION, *_HANDING_IN, when=(_not_locked, _in_window)),
    _rule("withdraw", Role.INSTITUTION, *_HANDING_IN, when=(_not_locked, _in_window)),
    _rule("attach_scan", Role.INSTITUTION, *_HANDING_IN, when=(_not_locked,)),
    _rule("correct", Role.INSTITUTION, Stage.PRELIMINARY_REVIEW, when=(_not_locked, _returned, _in_window)),
    _rule("ask_deferral", Role.INSTITUTION, Stage.SUBMISSION, when=(_not_locked, _in_window)),
    _rule("rule_deferral", Role.DEPARTMENT, *_HANDING_IN, when=(_not_locked,)),
    _rule("ask_change", Role.INSTITUTION),
    _rule("rule_change", Role.DEPARTMENT),
    # ---- the preliminary review
    _rule("explain_flag", (Role.INSTITUTION, Role.CHANNEL), *_HANDING_IN, when=(_not_locked_but_late,)),
    _rule("import_statistics", (Role.CHANNEL, Role.DEPARTMENT), *_HANDING_IN),
    _rule("explain_absence", Role.CHANNEL, *_HANDING_IN, when=(_not_locked,)),
    _rule("approve", Role.CHANNEL, Stage.PRELIMINARY_REVIEW, when=(_not_locked, _in_window)),
    _rule("return_fields", Role.CHANNEL, Stage.PRELIMINARY_REVIEW, when=(_not_locked, _in_window)),
    _rule("refuse", Role.CHANNEL, Stage.PRELIMINARY_REVIEW, when=(_not_locked, _in_window)),
    # ---- experts, spot checks, integrity, determination
    _rule("list_experts", Role.DEPARTMENT, Stage.EXPERT_REVIEW),
    _rule("assign_expert", Role.DEPARTMENT, Stage.EXPERT_REVIEW, when=(_in_window,)),
    _rule("confirm_assignments", Role.DEPARTMENT, Stage.EXPERT_REVIEW, when=(_second_person,)),
    _rule("declare_conflict", Role.EXPERT, Stage.EXPERT_REVIEW),
    _rule("score", Role.EXPERT, Stage.EXPERT_REVIEW, when=(_no_conflict, _in_window)),
    _rule("commit_frame", Role.DEPARTMENT, Stage.SPOT_CHECK),
    _rule("draw_spot_checks", Role.DEPARTMENT, Stage.SPOT_CHECK),
    _rule("record_finding", Role.INSPECTOR, Stage.SPOT_CHECK, when=(_in_window,)),
    _rule("record_integrity_hit", Role.INTEGRITY, Stage.INTEGRITY_REVIEW, when=(_in_window,)),
    _rule("propose_decision", Role.DEPARTMENT, Stage.DETERMINATION),
    _rule("confirm_decision", Role.DEPARTMENT, Stage.DETERMINATION, when=(_second_person,)),
    # ---- the public notice, what is published, and what follows
    _rule("lodge_objection", Role.PUBLIC, Stage.PUBLIC_NOTICE, when=(_in_window,)),
    # An entry that was withheld is ruled on after the others were published; a correction then publishes it.
    _rule("rule_objection", Role.DEPARTMENT, *_SINCE_NOTICE),
    _rule("revise_decision", Role.DEPARTMENT, *_SINCE_NOTICE, when=(_second_person,)),
    _rule("propose_revision", Role.DEPARTMENT, *_SINCE_PUBLISHED),
    _rule("prepare_correction", Role.DEPARTMENT, *_SINCE_PUBLISHED),
    _rule("correct_publication", Role.DEPARTMENT, *_SINCE_PUBLISHED, when=(_second_person,)),
    _rule("send_letters", Role.DEPARTMENT, *_SINCE_PUBLISHED),
    _rule("read_letter", (Role.DEPARTMENT, Role.CHANNEL), *_SINCE_PUBLISHED),
    _rule("issue_certificates", Role.DEPARTMENT, *_SINCE_PUBLISHED),
    _rule("ask_certificate_withdrawal", Role.DEPARTMENT, *_SINCE_PUBLISHED),
    _rule("withdraw_certificate", Role.DEPARTMENT, *_SINCE_PUBLISHED, when=(_second_person,)),
    _rule("read_certificate", (Role.DEPARTMENT, Role.INSTITUTION), *_SINCE_PUBLISHED),
    _rule("hand_in_rectification", Role.INSTITUTION, Stage.FOLLOW_UP),
    _rule("accept_rectification", Role.CHANNEL, Stage.FOLLOW_UP),
    _rule("deregister", Role.CHANNEL, Stage.FOLLOW_UP),
    # Stores nothing; yet an answer would tell of figures, so that it may rest on published ones alone.
    _rule("ask_what_if", (Role.PUBLIC, Role.DEPARTMENT), *_SINCE_PUBLISHED, when=(_figures_public,)),
    # Who is who is asked of a notice, not of a round: it belongs to no stage.
    _rule("decide_identity", Role.DEPARTMENT),
    _rule("import_notice", Role.DEPARTMENT),
    # Past rounds: the department enters what was published. Whoever did the acts is not known.
    _rule("enter_past_act", Role.DEPARTMENT, *Stage, when=(_past_round,)),
    *(
        _rule(move.act, Role.DEPARTMENT, move.source, when=_CONDITIONS_OF_MOVES.get(move.act, ()))
        for move in TRANSITIONS
    ),
    # ---- reading. What is public is read by anybody; papers by whoever works on them, each within the own scope.
    _rule("read_public", _EVERYBODY),
    _rule("sign_in", _EVERYBODY),
    _rule("keep_own_account", _SIGNED_IN),
    _rule("read_own_work", _SIGNED_IN),
    _rule("make_token", (Role.INSTITUTION, Role.CHANNEL, Role.DEPARTMENT)),
    _rule("read_entry", (Role.INSTITUTION, Role.CHANNEL, Role.DEPARTMENT)),
    _rule("read_draft", Role.INSTITUTION),
    _rule("read_submission", (Role.INSTITUTION, Role.CHANNEL, Role.DEPARTMENT)),
    _rule("read_evidence", (Role.INSTITUTION, Role.CHANNEL, Role.DEPARTMENT)),
    _rule("read_flags", (Role.INSTITUTION, Role.CHANNEL, Role.DEPARTMENT)),
    _rule("read_queue", Role.CHANNEL),
    _rule("read_board", Role.DEPARTMENT),
    _rule("read_register", Role.DEPARTMENT),
    # ---- the installation: three administrators, none of whom can do the work of another
    _rule("read_accounts", Role.SECURITY_ADMIN),
    _rule("invite", Role.SECURITY_ADMIN, when=(_no_administrator,)),
    _rule("block_account", Role.SECURITY_ADMIN, when=(_not_oneself,)),
    _rule("unblock_account", Role.SECURITY_ADMIN, when=(_not_oneself,)),
    _rule("propose_administrator", Role.SECURITY_ADMIN),
    _rule("confirm_administrator", ADMINISTRATORS, when=(_second_person,)),
    _rule("keep_scheme", Role.DEPARTMENT),
    _rule("propose_scheme_change", Role.DEPARTMENT, Stage.CALL, Stage.SUBMISSION),
    _rule("confirm_scheme_change", Role.DEPARTMENT, Stage.CALL, Stage.SUBMISSION, when=(_second_person,)),
    # Takes back what nobody confirmed, at any stage: whoever proposed it may do so too.
    _rule("drop_scheme_change", Role.DEPARTMENT),
    _rule("read_jobs", Role.SYSTEM_ADMIN),
    _rule("retry_mail", Role.SYSTEM_ADMIN),
    _rule("read_ledger", Role.AUDIT_ADMIN),
)

RULES = {rule.act: rule for rule in _TABLE}


def scope_of(actor: Actor, act: str) -> Scope | None:
    """Return how far `actor` reaches in doing `act`; None where the role may not do it to anything at all.

    For lists, searches, counts and files: what they hold is narrowed by the scope before anything is looked at.
    """
    rule = RULES.get(act)
    if rule is None or actor.role not in rule.roles:
        return None
    scope = SCOPES[actor.role]
    if scope is Scope.EVERYTHING:
        return scope
    needs_unit = scope in (Scope.CHANNEL, Scope.INSTITUTION)
    return scope if actor.authority and (actor.unit or not needs_unit) else None


def may(actor: Actor, act: str, subject: Subject, *, stage: Stage | None, at: datetime | None) -> Ruling:
    """Answer whether `actor` may do `act` to `subject` at `stage` and moment `at`, with the reason if not.

    `stage` is None only for opening a round; `at` is None for a past act whose moment nobody recorded.
    """
    rule = RULES.get(act)
    if rule is None:
        return refused(Against.NO_RULE, f"no rule opens the act {act}")
    if actor.role not in rule.roles:
        return refused(
            Against.ROLE,
            f"{act} needs the role {' or '.join(sorted(rule.roles))}; {actor.code} is {actor.role}",
            act=act,
            roles=tuple(role for role in Role if role in rule.roles),
            role=actor.role,
        )
    if rule.stages and stage not in rule.stages:
        allowed = [each for each in Stage if each in rule.stages]
        return refused(
            Against.STAGE,
            f"{act} belongs to the stage {', '.join(allowed)}; the round is at {stage}",
            act=act,
            stages=tuple(allowed),
            stage=stage,
        )
    against = _outside(actor, subject)
    for condition in rule.conditions:
        if not against:
            break
        against = condition(actor, subject, at)
    return against
