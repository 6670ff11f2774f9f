"""Who may sign in, who was asked to, which act waits for a second person, and whether this database is a demo.

Part of the one Django app: `db/models.py` brings these in.
"""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from hatchmark.domain.permissions import ADMINISTRATORS, Role

HOLDERS = [role.value for role in Role if role is not Role.PUBLIC]


class Accounts(BaseUserManager["Account"]):
    """Finds an account by what somebody types to sign in; its authority comes along, since every act needs it."""

    def get_queryset(self) -> models.QuerySet["Account"]:
        """Return all accounts."""
        return super().get_queryset().select_related("authority")

    def get_by_natural_key(self, username: str | None) -> "Account":
        """Return the account of a username, whatever its case."""
        return self.get(username__iexact=username)


class Account(AbstractBaseUser):
    """账号: one role, in one unit, under one authority. Administrators of the installation have no authority.

    `person` stands for who is behind it: two accounts with the same one are never two persons. Empty: the account
    itself. An account is blocked and never deleted, since what it did stays on record.
    """

    username = models.CharField(max_length=60, unique=True)
    email = models.EmailField(blank=True)
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=20)
    authority = models.ForeignKey(
        "db.Authority", null=True, on_delete=models.PROTECT, related_name="accounts"
    )
    unit = models.CharField(max_length=200, blank=True)
    person = models.CharField(max_length=100, blank=True)
    is_active = models.BooleanField(default=True)
    demo = models.BooleanField(default=False)
    made_by = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField()
    password_set_at = models.DateTimeField(null=True)

    objects = Accounts()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    class Meta:
        ordering = ["username"]
        constraints = [
            models.UniqueConstraint(Lower("username"), name="account_username_once"),
            models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="account_email_once"),
            models.CheckConstraint(condition=Q(role__in=HOLDERS), name="account_role"),
            models.CheckConstraint(
                condition=Q(authority__isnull=False)
                | Q(role__in=sorted(role.value for role in ADMINISTRATORS)),
                name="account_authority",
            ),
        ]

    def __str__(self) -> str:
        return self.username


class Invitation(models.Model):
    """邀请: a role offered to somebody, taken up once by whoever holds the code. Only its digest is kept."""

    code_digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=100)
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=20)
    authority = models.ForeignKey(
        "db.Authority", null=True, on_delete=models.PROTECT, related_name="invitations"
    )
    unit = models.CharField(max_length=200, blank=True)
    person = models.CharField(max_length=100, blank=True)
    invited_by = models.CharField(max_length=60)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    account = models.OneToOneField(Account, null=True, on_delete=models.PROTECT, related_name="invitation")

    class Meta:
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=Q(role__in=HOLDERS), name="invitation_role")]

    def __str__(self) -> str:
        return f"{self.name} ({self.role})"


class PendingAct(models.Model):
    """An act that two persons do: proposed by one, done when another confirms it. `facts` is what it will do."""

    act = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    facts = models.JSONField()
    reason = models.CharField(max_length=1000)
    authority = models.ForeignKey(
        "db.Authority", null=True, on_delete=models.PROTECT, related_name="pending_acts"
    )
    round = models.ForeignKey("db.Round", null=True, on_delete=models.PROTECT, related_name="pending_acts")
    proposed_by = models.CharField(max_length=60)
    proposed_by_person = models.CharField(max_length=100, blank=True)
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=20, default="proposed")
    decided_by = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "confirmed", "refused"]), name="pending_act_state"
            ),
            models.UniqueConstraint(
                fields=["act", "subject"], condition=Q(state="proposed"), name="pending_act_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.subject}"


class Demonstration(models.Model):
    """There is one row in a database made by `demo`, and none in any other: invented rounds, and a clock of their own.

    `shows` is what the clock of the demo showed when the machine's showed `set_at`; both go on at the same pace.
    """

    shows = models.DateTimeField()
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.shows} at {self.set_at}"
