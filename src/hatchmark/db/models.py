"""What is recorded: the register, the rounds, the papers of every act, and the ledger.

Points are integers (hundredths), figures are exact text, moments are aware. A partial date
("2020", "2020-07") is text, since a moment nobody recorded must not turn into 1 January. Words of
the domain (`Grade`, `Outcome`, `Stage`, …) are stored as they are.
"""

from django.db import models
from django.db.models import Q

from hatchmark.domain.identity import IdentityAnswer
from hatchmark.domain.outcomes import Grade, Mode, Outcome
from hatchmark.domain.published_notices import ProposedLink
from hatchmark.domain.workflow import Stage

GRADE_OR_NONE = Q(grade__isnull=True) | Q(grade__in=[grade.value for grade in Grade])


class Authority(models.Model):
    """主管部门 that runs rounds and keeps a register."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class Institution(models.Model):
    """参评机构 as such, apart from who runs it, who supervises it and where it stands."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="institutions")
    code = models.CharField(max_length=60)
    fictional = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "code"], name="institution_code_once")]

    def __str__(self) -> str:
        return self.code


class InstitutionName(models.Model):
    """A name with the rounds in which it was printed; `since` empty: from before the first round known."""

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=200)
    aliases = models.JSONField(default=list)
    since = models.CharField(max_length=10, blank=True)
    until = models.CharField(max_length=10, blank=True)
    source = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["since", "pk"]

    def __str__(self) -> str:
        return self.name


class Operator(models.Model):
    """运营机构: a body that runs an institution. One operator may run several."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="operators")
    name = models.CharField(max_length=200)
    aliases = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "name"], name="operator_name_once")]

    def __str__(self) -> str:
        return self.name


class OperatorTenure(models.Model):
    """Who ran an institution from when to when; both ends partial dates, empty where unknown or open."""

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="tenures")
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="tenures")
    since = models.CharField(max_length=10, blank=True)
    until = models.CharField(max_length=10, blank=True)
    source = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "operator", "since"], name="tenure_once"),
        ]

    def __str__(self) -> str:
        return f"{self.institution} · {self.operator} {self.since}–{self.until}"


class RegisterNote(models.Model):
    """What a reader noticed about an institution's names, in words; it merges and repairs nothing."""

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="register_notes")
    text = models.CharField(max_length=1000)
    source = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["institution", "text"], name="register_note_once")]

    def __str__(self) -> str:
        return self.text


class Qualification(models.Model):
    """资格: one kind of qualification (or pilot status) of one institution, with its channel and place."""

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="qualifications")
    kind = models.CharField(max_length=40)
    level = models.CharField(max_length=40, blank=True)
    sub_type = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=20)
    recognised_in = models.CharField(max_length=10, blank=True)
    channel = models.CharField(max_length=100)
    channel_type = models.CharField(max_length=40)
    region = models.CharField(max_length=12, blank=True)
    in_management = models.BooleanField(default=True)
    in_evaluation = models.BooleanField(default=True)
    in_statistics = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution", "kind"], name="qualification_once"),
            models.CheckConstraint(
                condition=Q(status__in=["recognised", "pilot"]), name="qualification_status"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution} · {self.kind}"


class QualificationEvent(models.Model):
    """What happened to a qualification: cancelled, restored by a correction, or a switch turned off.

    `happened_at` empty and `happened_bound` set: the moment was never published, only its bound is known.
    """

    qualification = models.ForeignKey(Qualification, on_delete=models.CASCADE, related_name="events")
    event = models.CharField(max_length=40)
    happened_at = models.DateTimeField(null=True)
    happened_bound = models.CharField(max_length=60, blank=True)
    round = models.ForeignKey("Round", on_delete=models.CASCADE, related_name="qualification_events")
    reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            # A cancellation can be lifted and pronounced again; a switch turns off once.
            models.UniqueConstraint(
                fields=["qualification", "event"],
                condition=Q(event__startswith="leave_"),
                name="qualification_switch_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.qualification}: {self.event}"


class Round(models.Model):
    """年度评价. `version` rises with every change of stage: two officers, one button, one effect.

    `entered_at` is set for a round kept in a folder: its acts were recorded then, whenever they happened.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="rounds")
    year = models.PositiveSmallIntegerField()
    past = models.BooleanField()
    fictional = models.BooleanField()
    stage = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    vocabulary = models.CharField(max_length=60)
    settings = models.JSONField()
    entered_at = models.DateTimeField(null=True)
    happened_bound = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "year"], name="round_once"),
            models.CheckConstraint(
                condition=Q(stage__in=[stage.value for stage in Stage]), name="round_stage"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.authority} {self.year}"


class RoundKind(models.Model):
    """A kind evaluated in a round, and the scheme it is scored by (none in a past round)."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="kinds")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=40)
    scheme = models.CharField(max_length=100, blank=True)
    scheme_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["round", "kind"], name="round_kind_once")]

    def __str__(self) -> str:
        return f"{self.round}: {self.kind}"


class Entry(models.Model):
    """参评记录: one qualification in one round, with what the annex prints for it."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="entries")
    qualification = models.ForeignKey(Qualification, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=40)
    serial = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    aliases = models.JSONField(default=list)
    operators_printed = models.CharField(max_length=400)
    operators = models.JSONField(default=list)
    channel = models.CharField(max_length=100)
    region = models.CharField(max_length=12, blank=True)
    sub_type = models.CharField(max_length=40, blank=True)
    pilot = models.BooleanField()
    due_reasons = models.JSONField(default=list)

    class Meta:
        ordering = ["kind", "serial"]
        constraints = [
            models.UniqueConstraint(fields=["round", "kind", "serial"], name="entry_serial_once"),
            models.UniqueConstraint(fields=["round", "qualification"], name="entry_qualification_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.serial}"


class Submission(models.Model):
    """申报材料: one frozen version of what an institution handed in. A correction is a new version."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="submissions")
    version = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=20)
    handed_in_at = models.DateTimeField()
    signed_by = models.CharField(max_length=200)
    figures = models.JSONField()
    roster = models.JSONField()
    evidence = models.JSONField(default=list)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "version"], name="submission_version_once"),
            models.CheckConstraint(
                condition=Q(
                    state__in=["submitted", "returned", "approved", "refused", "withdrawn", "superseded"]
                ),
                name="submission_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry} v{self.version}"


class Draft(models.Model):
    """草稿: what an institution has typed so far, as typed. `version` rises with every save: of two tabs that save
    over each other the second is told. It is no submission, and nobody but the institution sees it.
    """

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, related_name="draft")
    figures = models.JSONField(default=dict)
    roster = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=60)

    def __str__(self) -> str:
        return f"{self.entry} draft {self.version}"


class Evidence(models.Model):
    """佐证材料: one file, kept under its digest. It arrives in pieces; `digest` is empty until the last has come.

    `figure` is what it proves; empty for the entry as a whole. `purpose` tells evidence from the sealed scan of a
    printed form, which belongs to one version of the submission. A file that a submission names is never removed.
    """

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="evidence")
    key = models.CharField(max_length=40, unique=True)
    purpose = models.CharField(max_length=20, default="evidence")
    figure = models.CharField(max_length=80, blank=True)
    submission = models.ForeignKey(Submission, null=True, on_delete=models.CASCADE, related_name="scans")
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    media_type = models.CharField(max_length=100, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    uploaded_by = models.CharField(max_length=60)
    uploaded_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=["evidence", "sealed_form"]), name="evidence_purpose"
            ),
            models.CheckConstraint(condition=Q(received__lte=models.F("size")), name="evidence_received"),
        ]

    def __str__(self) -> str:
        return self.name


class Extension(models.Model):
    """延期: a later end of one window, for one entry or, without one, for the whole round."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="extensions")
    entry = models.ForeignKey(Entry, null=True, on_delete=models.CASCADE, related_name="extensions")
    deadline = models.CharField(max_length=40)
    until = models.DateTimeField()
    reason = models.CharField(max_length=1000)
    granted_by = models.CharField(max_length=60)
    granted_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.entry or self.round}: {self.deadline} until {self.until}"


class Absence(models.Model):
    """未参加的说明: why an entry that was due handed nothing in, in the words of its channel. The last one holds."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="absences")
    reason = models.CharField(max_length=1000)
    explained_by = models.CharField(max_length=60)
    explained_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.entry}: {self.reason}"


class Request(models.Model):
    """申请: an institution asks for a deferral or reports a change; the department rules, with its reason.

    `what`: deferral, name, operator, site or area. `old` and `new` are what changes, in words, and `effective` since
    when; a deferral has the year in `effective` and the kind as which the institution takes part then in `new`.
    """

    qualification = models.ForeignKey(Qualification, on_delete=models.CASCADE, related_name="requests")
    entry = models.ForeignKey(Entry, null=True, on_delete=models.CASCADE, related_name="requests")
    what = models.CharField(max_length=20)
    old = models.CharField(max_length=400, blank=True)
    new = models.CharField(max_length=400)
    effective = models.CharField(max_length=10, blank=True)
    reason = models.CharField(max_length=1000)
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    ruling = models.CharField(max_length=20, blank=True)
    ruling_reason = models.CharField(max_length=1000, blank=True)
    ruled_by = models.CharField(max_length=60, blank=True)
    ruled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(what__in=["deferral", "name", "operator", "site", "area"]), name="request_what"
            ),
            models.CheckConstraint(condition=Q(ruling__in=["", "granted", "refused"]), name="request_ruling"),
            models.UniqueConstraint(
                fields=["qualification", "what"], condition=Q(ruling=""), name="request_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.qualification}: {self.what}"


class FlagExplanation(models.Model):
    """What was said to a flag of the cross-checks. The flags themselves are computed from the submission."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="flag_explanations")
    flag = models.CharField(max_length=200)
    explanation = models.CharField(max_length=1000)
    explained_by = models.CharField(max_length=60)
    role = models.CharField(max_length=20)
    explained_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.submission}: {self.flag}"


class StatisticsReturn(models.Model):
    """火炬统计: what an institution reported to the statistics, imported to be held against its submission."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="statistics")
    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, related_name="statistics_return")
    figures = models.JSONField()
    file = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    imported_by = models.CharField(max_length=60)
    imported_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.entry}: {self.file}"


class Message(models.Model):
    """消息: something that needs somebody, shown in the application and sent by mail where there is an address."""

    account = models.ForeignKey("db.Account", on_delete=models.CASCADE, related_name="messages")
    round = models.ForeignKey(Round, null=True, on_delete=models.CASCADE, related_name="messages")
    event = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    text = models.CharField(max_length=2000)
    link = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mail = models.CharField(max_length=10)
    mail_sent_at = models.DateTimeField(null=True)
    mail_problem = models.CharField(max_length=400, blank=True)
    mail_tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(mail__in=["none", "waiting", "sent", "failed"]), name="message_mail"
            )
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.title}"


class OwnScheme(models.Model):
    """评价方案 that a department has put in, as it was written. It never changes: another one has another code."""

    code = models.CharField(max_length=100, unique=True)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="own_schemes")
    content = models.TextField()
    cases = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    added_by = models.CharField(max_length=60)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class ApiToken(models.Model):
    """A key for programs, with scopes that are a part of what its account may do. Only its digest is kept."""

    account = models.ForeignKey("db.Account", on_delete=models.CASCADE, related_name="api_tokens")
    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=100)
    scopes = models.JSONField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.account}: {self.name}"


class PreliminaryReview(models.Model):
    """初审: one act of a channel officer on one version of a submission."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="reviews")
    act = models.CharField(max_length=20)
    at = models.DateTimeField()
    by = models.CharField(max_length=60)
    fields = models.JSONField(default=list)
    opinion = models.CharField(max_length=2000, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.submission}: {self.act}"


class Expert(models.Model):
    """专家 of a round's list. Names never appear in what is published."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="experts")
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=100)
    employer = models.CharField(max_length=200)
    region = models.CharField(max_length=12, blank=True)
    specialty = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "code"], name="expert_code_once")]

    def __str__(self) -> str:
        return self.code


class Assignment(models.Model):
    """An expert and a file. A conflict leaves the row and takes away its effect."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="assignments")
    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="assignments")
    assigned_at = models.DateTimeField()
    assigned_by = models.CharField(max_length=60)
    confirmed_by = models.CharField(max_length=60, blank=True)
    conflict = models.CharField(max_length=40, blank=True)
    conflict_source = models.CharField(max_length=20, blank=True)
    declared_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["entry", "expert"], name="assignment_once")]

    def __str__(self) -> str:
        return f"{self.entry} · {self.expert}"


class ScoreSheet(models.Model):
    """评分表: an expert's points, in hundredths by item, and the version of the submission they judge."""

    assignment = models.OneToOneField(Assignment, on_delete=models.CASCADE, related_name="sheet")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="sheets")
    scores = models.JSONField()
    signed_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.assignment)


class SpotCheckDraw(models.Model):
    """现场抽查 draw of one kind: the frame's hash is recorded before the key is known."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="draws")
    kind = models.CharField(max_length=40)
    frame = models.JSONField()
    frame_hash = models.CharField(max_length=64)
    count = models.PositiveSmallIntegerField()
    committed_at = models.DateTimeField()
    key = models.CharField(max_length=400, blank=True)
    key_known_at = models.DateTimeField(null=True)
    chosen = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "kind"], name="draw_once")]

    def __str__(self) -> str:
        return f"{self.round}: {self.kind}"


class SpotCheck(models.Model):
    """现场抽查 of one drawn entry by two inspectors; one row a finding."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="spot_checks")
    at = models.DateTimeField()
    inspectors = models.JSONField()
    finding = models.CharField(max_length=20)
    figure = models.CharField(max_length=80, blank=True)
    found_value = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.entry}: {self.finding}"


class IntegrityHit(models.Model):
    """科研诚信审查: a hit on an institution, an operator or a person, with its source."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="integrity_hits")
    subject_type = models.CharField(max_length=20)
    subject = models.CharField(max_length=200)
    source = models.CharField(max_length=400)
    severity = models.CharField(max_length=20)
    found_at = models.DateTimeField()
    detail = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.entry}: {self.severity}"


class Scorecard(models.Model):
    """得分及其计算过程. A later version supersedes, never overwrites; `cause` says what made it."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="scorecards")
    version = models.PositiveSmallIntegerField()
    document = models.JSONField()
    total = models.IntegerField(null=True)
    grade = models.CharField(max_length=20, null=True)  # null: no grade; "" would be a word
    made_at = models.DateTimeField()
    cause = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "version"], name="scorecard_version_once"),
            models.CheckConstraint(condition=GRADE_OR_NONE, name="scorecard_grade"),
        ]

    def __str__(self) -> str:
        return f"{self.entry} v{self.version}"


class Proposal(models.Model):
    """What the scheme's consequence rules propose for an entry. They propose; people decide."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="proposals")
    outcome = models.CharField(max_length=20)
    clause = models.CharField(max_length=400)
    words = models.CharField(max_length=1000)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["entry", "outcome"], name="proposal_once")]

    def __str__(self) -> str:
        return f"{self.entry}: {self.outcome}"


class Decision(models.Model):
    """综合评定 of an entry by two persons. A later version supersedes the earlier, which stays readable."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="decisions")
    version = models.PositiveSmallIntegerField()
    mode = models.CharField(max_length=20)
    outcome = models.CharField(max_length=20)
    grade = models.CharField(max_length=20, null=True)  # null: no grade; "" would be a word
    carried_from = models.ForeignKey(Entry, null=True, on_delete=models.PROTECT, related_name="carried_to")
    year = models.PositiveSmallIntegerField(null=True)
    as_kind = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    deviates = models.BooleanField(default=False)
    proposed_by = models.CharField(max_length=60, blank=True)
    confirmed_by = models.CharField(max_length=60, blank=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "version"], name="decision_version_once"),
            models.CheckConstraint(condition=GRADE_OR_NONE, name="decision_grade"),
            models.CheckConstraint(condition=Q(mode__in=[mode.value for mode in Mode]), name="decision_mode"),
            models.CheckConstraint(
                condition=Q(outcome__in=[outcome.value for outcome in Outcome]), name="decision_outcome"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry}: {self.outcome}"


class PublicNotice(models.Model):
    """公示 of the proposed list, open to the last second of its window."""

    round = models.OneToOneField(Round, on_delete=models.CASCADE, related_name="public_notice")
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    document = models.TextField()
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.round}"


class Objection(models.Model):
    """异议: blocks publication of its own institution's result until it is settled, and nothing else.

    `applied_at`: when the figure that an upheld one corrected was scored and decided on anew.
    """

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="objections")
    objector = models.CharField(max_length=200, blank=True)
    objector_type = models.CharField(max_length=20)
    contact = models.CharField(max_length=200, blank=True)
    lodged_at = models.DateTimeField()
    grounds = models.CharField(max_length=2000)
    ruling = models.CharField(max_length=20, blank=True)
    ruled_at = models.DateTimeField(null=True)
    ruled_by = models.CharField(max_length=60, blank=True)
    ruling_reason = models.CharField(max_length=2000, blank=True)
    figure = models.CharField(max_length=80, blank=True)
    corrected_value = models.CharField(max_length=60, blank=True)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.entry}: {self.ruling or 'open'}"


class ResultNotice(models.Model):
    """结果通知: the published document. A correction is a new version that supersedes; the old one stays."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="result_notices")
    version = models.PositiveSmallIntegerField()
    document = models.TextField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(fields=["round", "version"], name="result_notice_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.round} v{self.version}"


class PreparedCorrection(models.Model):
    """更正 of what was published, as one person prepared it; `notice` is what a second person made of it."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="prepared_corrections")
    reason = models.CharField(max_length=1000)
    digest = models.CharField(max_length=64)
    prepared_by = models.CharField(max_length=60)
    prepared_at = models.DateTimeField()
    notice = models.OneToOneField(
        ResultNotice, null=True, on_delete=models.PROTECT, related_name="prepared_correction"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round"], condition=Q(notice=None), name="prepared_correction_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.round}: {self.reason}"


class Obligation(models.Model):
    """What an entry owes after the notice: rectify, take part again, deregister."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="obligations")
    act = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField(null=True)
    as_kind = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    handed_in_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["entry", "act"], name="obligation_once")]

    def __str__(self) -> str:
        return f"{self.entry}: {self.act}"


class IdentityDecision(models.Model):
    """What a person answered to the question whether rows of a notice are one body. The last version holds.

    `key` names the question, so that it is not asked again; `reasons` are what the person was shown.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="identity_decisions")
    key = models.CharField(max_length=600)
    version = models.PositiveIntegerField()
    what = models.CharField(max_length=20)
    answer = models.CharField(max_length=20)
    reasons = models.JSONField(default=list)
    reason = models.CharField(max_length=1000, blank=True)
    decided_by = models.CharField(max_length=60)
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "key", "version"], name="identity_decision_version_once"
            ),
            models.CheckConstraint(
                condition=Q(answer__in=[answer.value for answer in IdentityAnswer]),
                name="identity_decision_answer",
            ),
            models.CheckConstraint(
                condition=Q(what__in=[link.value for link in ProposedLink]), name="identity_decision_what"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.answer}"


class LedgerHead(models.Model):
    """The end of the chain: one row, locked while a line is added, so that no two lines share a place."""

    sequence = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.sequence} {self.digest}"


class LedgerEntry(models.Model):
    """存证日志: one line for one official act, chained to the line before by its hash."""

    sequence = models.PositiveBigIntegerField(unique=True)
    round = models.ForeignKey(Round, null=True, on_delete=models.PROTECT, related_name="ledger")
    act = models.CharField(max_length=60)
    actor = models.CharField(max_length=60)
    actor_role = models.CharField(max_length=20)
    subject = models.CharField(max_length=200)
    details = models.JSONField()
    happened_at = models.CharField(max_length=40, blank=True)
    happened_bound = models.CharField(max_length=60, blank=True)
    recorded_at = models.CharField(max_length=40)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["sequence"]

    def __str__(self) -> str:
        return f"{self.sequence} {self.act}"


class Certificate(models.Model):
    """结果证明 of one entry, on the decision of one published version. `code` is what its QR code holds.

    A certificate is never changed: what becomes of it is read from the versions since, or it is withdrawn by an
    act of two persons.
    """

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="certificates")
    notice = models.ForeignKey(ResultNotice, on_delete=models.PROTECT, related_name="certificates")
    code = models.CharField(max_length=40, unique=True)
    decision_digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    withdrawal_reason = models.CharField(max_length=1000, blank=True)
    withdrawal_asked_by = models.CharField(max_length=60, blank=True)
    withdrawn_by = models.CharField(max_length=60, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "decision_digest"], name="certificate_decision_once")
        ]

    def __str__(self) -> str:
        return f"{self.entry}: {self.code}"


# Django looks for rows in this module alone.
from hatchmark.db.accounts import Account as Account  # noqa: E402, PLC0414
from hatchmark.db.accounts import Demonstration as Demonstration  # noqa: E402, PLC0414
from hatchmark.db.accounts import Invitation as Invitation  # noqa: E402, PLC0414
from hatchmark.db.accounts import PendingAct as PendingAct  # noqa: E402, PLC0414
