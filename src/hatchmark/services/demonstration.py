"""What a database made by `demo` has besides its rounds: accounts to sign in with, and a clock in the invented year."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction

from hatchmark.db.models import Account, Round
from hatchmark.domain.permissions import ADMINISTRATORS, Role
from hatchmark.domain.round_folder import Officer
from hatchmark.domain.workflow import Stage
from hatchmark.services import clock

PASSWORD = "Demo-Hatchmark-1"  # noqa: S105 - told to everybody on the login page of a demo, and good nowhere else
ADMINS = {
    Role.SYSTEM_ADMIN: ("sys-1", "示例系统管理员"),
    Role.SECURITY_ADMIN: ("sec-1", "示例安全管理员"),
    Role.AUDIT_ADMIN: ("aud-1", "示例审计管理员"),
}
WINDOWS = {
    Stage.CALL: "call_at",
    Stage.SUBMISSION: "submission_closes_at",
    Stage.PRELIMINARY_REVIEW: "preliminary_review_closes_at",
    Stage.EXPERT_REVIEW: "expert_review_closes_at",
    Stage.SPOT_CHECK: "spot_check_closes_at",
    Stage.INTEGRITY_REVIEW: "integrity_review_closes_at",
    Stage.DETERMINATION: "determined_at",
    Stage.PUBLIC_NOTICE: "public_notice_at",
    Stage.PUBLISHED: "published_at",
    Stage.FOLLOW_UP: "follow_up_closes_at",
}
BEFORE_THE_END = timedelta(days=3)
HALF_DONE = frozenset({Stage.SUBMISSION, Stage.PRELIMINARY_REVIEW})
"""The stages that a demo shows half done: some days before they end, with what was done by then."""


@transaction.atomic
def make_demonstration(*, evaluation_round: Round, officers: Sequence[Officer]) -> None:
    """Give a demo's database its accounts, and a clock that shows the stage at which its round stands.

    From here on the round is live: what a folder does not hold (a word about an absence) is asked for.
    """
    dates = evaluation_round.settings["dates"]
    at = moment_shown(
        {name: datetime.fromisoformat(text) for name, text in dates.items()}, Stage(evaluation_round.stage)
    )
    clock.begin_demonstration(at)
    Round.objects.filter(pk=evaluation_round.pk).update(entered_at=None)
    # One hash for all of them: the password is no secret, and hashing a hundred takes half a minute.
    password = make_password(PASSWORD)

    def account(username: str, name: str, role: Role, unit: str = "") -> Account:
        return Account(
            username=username,
            name=name,
            role=role.value,
            unit=unit,
            authority=None if role in ADMINISTRATORS else evaluation_round.authority,
            demo=True,
            made_by="demo",
            made_at=at,
            password=password,
            password_set_at=at,
        )

    made = [account(username, name, role) for role, (username, name) in ADMINS.items()]
    made += [
        account(officer.code, officer.name, officer.role, officer.unit)
        for officer in sorted(officers, key=lambda officer: list(Role).index(officer.role))
    ]
    seen: set[str] = set()
    for entry in evaluation_round.entries.select_related("qualification__institution").order_by(
        "kind", "serial"
    ):
        code = entry.qualification.institution.code
        if code not in seen:
            seen.add(code)
            made.append(account(code, entry.name, Role.INSTITUTION, code))
    Account.objects.bulk_create(made)


def moment_shown(dates: Mapping[str, datetime], stage: Stage) -> datetime:
    """Return what the clock of a demo begins with: some days before the stage ends that people work in, or its end."""
    end = dates[WINDOWS[stage]]
    return end - BEFORE_THE_END if stage in HALF_DONE else end


def moments() -> list[tuple[str, datetime]]:
    """Return the moments of the demo's rounds that are worth a look, by their names in `round.toml`."""
    evaluation_round = (
        Round.objects.filter(past=False, authority__accounts__demo=True).order_by("-year").first()
    )
    dates = evaluation_round.settings.get("dates", {}) if evaluation_round else {}
    return [(name, datetime.fromisoformat(text)) for name, text in dates.items()]
