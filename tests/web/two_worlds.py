"""Two databases that differ in one hidden fact: the facts, who may know of each, and how answers are compared.

Whoever asks (pages, the interface for programs) says how an account sees a world; `tell_tales` puts facts into it, and
returns what an account was answered differently that may not know of them.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta

from conftest_services import CALL_AT, SCHEME, figures, institution_actor, officer_of
from django.db import connection, transaction

from hatchmark.db.models import (
    Absence,
    Account,
    ApiToken,
    Draft,
    Entry,
    Evidence,
    Extension,
    Invitation,
    Message,
    PendingAct,
    Request,
    Round,
    StatisticsReturn,
)
from hatchmark.domain.permissions import Actor, Role
from hatchmark.domain.workflow import Stage
from hatchmark.services import accounts, clock, cross_checks, kept_files, preliminary_reviews, submissions

NOW = CALL_AT + timedelta(days=3)
WHO = {
    "anybody": None,
    "i1": (Role.INSTITUTION, "demo-i01"),
    "i2": (Role.INSTITUTION, "demo-i02"),
    "ch1": (Role.CHANNEL, "示例市"),
    "ch2": (Role.CHANNEL, "示例盟"),
    "dep": (Role.DEPARTMENT, "示例厅"),
    "expert": (Role.EXPERT, "示例大学"),
    "sec": (Role.SECURITY_ADMIN, ""),
    "sys": (Role.SYSTEM_ADMIN, ""),
    "aud": (Role.AUDIT_ADMIN, ""),
}
CALL, SUBMISSION, REVIEW, AFTER = (
    Stage.CALL, Stage.SUBMISSION, Stage.PRELIMINARY_REVIEW, Stage.EXPERT_REVIEW,
)  # fmt: skip
EVERY = (CALL, SUBMISSION, REVIEW, AFTER)
Answers = dict[tuple[str, str], object]
See = Callable[[Sequence[str]], Answers]
Look = Callable[[str, Sequence[str]], Generator[tuple[str, object]]]
"""Yields each address and what an account is answered there, those that are named before the others."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something about entry 2 (institution demo-i02, channel 示例市), who may know of it, and when it can be.

    `alone`: it cannot be beside another fact that stands alone.
    """

    name: str
    put: Callable[[Entry], object]
    known_to: frozenset[str]
    stages: tuple[Stage, ...] = EVERY
    alone: bool = False


def submit(entry: Entry) -> None:
    submissions.submit(
        entry=entry,
        figures=figures(area="12345"),
        roster=[],
        signed_by="示例隐藏人",
        actor=institution_actor(entry),
        at=NOW,
    )


def return_figure(entry: Entry) -> None:
    preliminary_reviews.return_fields(
        entry=entry, fields=["area"], opinion="示例隐藏意见", actor=officer_of("示例市"), at=NOW
    )


def refuse(entry: Entry) -> None:
    preliminary_reviews.refuse(entry=entry, opinion="示例隐藏理由", actor=officer_of("示例市"), at=NOW)


def approve(entry: Entry) -> None:
    for flag in cross_checks.open_flags(cross_checks.flag_states(entry)):
        cross_checks.explain_flag(
            entry=entry, flag=flag.key, explanation="示例隐藏说明", actor=officer_of("示例市"), at=NOW
        )
    preliminary_reviews.approve(entry=entry, opinion="示例隐藏意见", actor=officer_of("示例市"), at=NOW)


def explain(entry: Entry) -> None:
    # Of a flag that is really raised: a word to any other is shown to nobody, its own institution included.
    flag = cross_checks.open_flags(cross_checks.flag_states(entry))[0]
    cross_checks.explain_flag(
        entry=entry, flag=flag.key, explanation="示例隐藏说明", actor=institution_actor(entry), at=NOW
    )


def actor_named(username: str) -> Actor:
    return accounts.actor_of(Account.objects.get(username=username))


def evidence(entry: Entry) -> None:
    content = "示例隐藏内容".encode()
    digest = hashlib.sha256(content).hexdigest()
    kept = kept_files.kept_path(digest)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(content)
    Evidence.objects.create(
        entry=entry, key="hiddenkey0123456789", name="示例隐藏.pdf", size=len(content), received=len(content),
        media_type="application/pdf", digest=digest, uploaded_by="i2", uploaded_at=NOW,
    )  # fmt: skip


OWN = frozenset({"i2", "ch1", "dep"})
FACTS = [
    Fact(
        "a draft",
        lambda entry: Draft.objects.create(
            entry=entry, figures={"area": {"status": "reported", "value": "98765", "unit": "m²"}}, version=1,
            saved_at=NOW, saved_by="i2",
        ),
        # That a draft is there is no secret to whoever has to see that papers come in: what is in it is.
        OWN,
        (SUBMISSION, REVIEW, AFTER),
    ),
    Fact("a submission", submit, OWN | {"aud"}, (SUBMISSION,), alone=True),
    Fact("a returned figure", return_figure, OWN | {"aud"}, (REVIEW, AFTER), alone=True),
    Fact("a refusal", refuse, OWN | {"aud"}, (REVIEW, AFTER), alone=True),
    Fact("an approval", approve, OWN | {"aud"}, (REVIEW, AFTER), alone=True),
    Fact("an explained flag", explain, OWN | {"aud"}, (REVIEW, AFTER), alone=True),
    Fact(
        "a statistics return",
        lambda entry: StatisticsReturn.objects.create(
            round=entry.round, entry=entry, figures={"area": "54321"}, file="示例隐藏.xlsx", digest="d" * 64,
            imported_by="ch1", imported_at=NOW,
        ),
        OWN,
        (REVIEW, AFTER),
    ),
    Fact("a file", evidence, OWN, (SUBMISSION, REVIEW, AFTER)),
    Fact(
        "an extension",
        lambda entry: Extension.objects.create(
            round=entry.round, entry=entry, deadline="submission_closes_at", until=NOW + timedelta(days=99),
            reason="示例隐藏原因", granted_by="dep", granted_at=NOW,
        ),
        OWN,
    ),
    Fact(
        "an absence",
        lambda entry: Absence.objects.create(
            entry=entry, reason="示例隐藏缺席", explained_by="ch1", explained_at=NOW
        ),
        OWN,
    ),
    Fact(
        "a request",
        lambda entry: Request.objects.create(
            qualification=entry.qualification, entry=entry, what="deferral", new="2026", reason="示例隐藏申请",
            asked_by="i2", asked_at=NOW,
        ),
        frozenset({"i2", "dep", "ch1"}),
    ),
    Fact(
        "a message",
        lambda entry: Message.objects.create(
            account=Account.objects.get(username="i2"), event="approved", title="示例隐藏消息", text="示例",
            made_at=NOW, mail="none",
        ),
        frozenset({"i2"}),
    ),
    Fact(
        "a token",
        lambda entry: ApiToken.objects.create(
            account=Account.objects.get(username="i2"), digest="b" * 64, name="示例隐藏令牌", scopes=["read"],
            made_at=NOW, expires_at=clock.now() + timedelta(days=1),
        ),
        frozenset({"i2"}),
    ),
    Fact(
        "an account",
        lambda entry: Account.objects.create(
            username="hidden.account", name="示例隐藏账号", role="channel", unit="示例市",
            authority=entry.round.authority, made_at=NOW,
        ),
        frozenset({"sec"}),
    ),
    Fact(
        "an invitation",
        lambda entry: Invitation.objects.create(
            code_digest="c" * 64, name="示例隐藏邀请", role="channel", authority=entry.round.authority, unit="示例市",
            invited_by="sec", invited_at=NOW, expires_at=clock.now() + timedelta(days=1),
        ),
        frozenset({"sec"}),
    ),
    Fact(
        "a mail that failed",
        lambda entry: Message.objects.create(
            account=Account.objects.get(username="i2"), event="approved", title="示例隐藏邮件", text="示例",
            made_at=NOW, mail="failed", mail_problem="示例",
        ),
        # Whose mail fails and why is the system administrator's; what it says is not.
        frozenset({"i2", "sys"}),
        (SUBMISSION,),
    ),
    Fact(
        "a proposed administrator",
        lambda entry: accounts.propose_administrator(
            post=accounts.Post(role=Role.AUDIT_ADMIN, name="示例隐藏人", email="", person="示例"),
            reason="示例隐藏理由", actor=actor_named("sec"), at=NOW,
        ),
        # Any other administrator may confirm it.
        frozenset({"sec", "sys", "aud"}),
        (SUBMISSION,),
    ),
    Fact(
        "a proposed change of scheme",
        lambda entry: PendingAct.objects.create(
            act="change_scheme", subject="scheme:demo:2025:incubator", reason="示例隐藏理由", round=entry.round,
            authority=entry.round.authority, proposed_by="dep", proposed_at=NOW,
            facts={
                "kind": "incubator", "from": SCHEME, "from_digest": "a" * 64, "to": "nmg/incubator-2024",
                "to_digest": "b" * 64,
            },
        ),
        frozenset({"dep"}),
        (SUBMISSION,),
    ),
]  # fmt: skip
"""Channel 示例市 sees what its institutions sent; the audit administrator the ledger's lines, and no papers."""


def make_accounts(world: Round) -> None:
    for username, account in WHO.items():
        if account is not None:
            role, unit = account
            Account.objects.create(
                username=username, name=f"示例{username}", role=role.value, unit=unit, made_at=CALL_AT, demo=True,
                authority=None if role.endswith("_admin") else world.authority,
            )  # fmt: skip


def begin(world: Round, stage: Stage) -> Entry:
    """Bring the round to a stage; from the preliminary review on, entry 2 has handed in."""
    Round.objects.update(stage=SUBMISSION)
    if stage in (REVIEW, AFTER):
        submit(entry_of(world))
    Round.objects.update(stage=stage)
    world.refresh_from_db()
    return entry_of(world)


def entry_of(world: Round) -> Entry:
    return Entry.objects.select_related("round__authority", "qualification__institution").get(
        round=world, serial=2
    )


def count_from_one() -> None:
    """Let the first row of every table have the key 1, whatever tests before this one committed and removed.

    Addresses are asked with the keys that hidden rows will have, which have to be known before they are there.
    """
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sqlite_sequence")


@contextmanager
def taken_back() -> Iterator[None]:
    """Do something, and leave the database as it was."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


def put(facts: Sequence[Fact], world: Round, stage: Stage) -> None:
    """Make facts true. What the reviewers did was done at their stage, whichever it is now."""
    for fact in facts:
        acted = AFTER is stage and REVIEW in fact.stages
        Round.objects.update(stage=REVIEW if acted else stage)
        assert fact.put(entry_of(world)) != 0, f"{fact.name} changed no row: it is not there"
    Round.objects.update(stage=stage)


def together(facts: Sequence[Fact]) -> list[list[Fact]]:
    """Return the facts as sets that can all be true: what may stand beside anything, with one of the others each."""
    beside = [fact for fact in facts if not fact.alone]
    others = [fact for fact in facts if fact.alone]
    return [[*beside, *others[:1]], *([other] for other in others[1:])]


def tell_tales(world: Round, stage: Stage, see: See, *, look: Look, facts: Sequence[Fact]) -> list[str]:
    """Return what differs for whom it may not, in words; and each fact that shows to nobody of those who may know.

    Those to whom the same facts are hidden are asked together, with all of these facts in the world at once: an
    answer that does not change then changes with none of them. `look` asks a part of what `see` asks, enough to find a
    fact where it may be seen; what told of one fact often tells of the next, and is asked first.
    """
    found = []
    without = see(list(WHO))
    alike: dict[frozenset[str], list[str]] = defaultdict(list)
    for username in WHO:
        alike[frozenset(fact.name for fact in facts if username not in fact.known_to)].append(username)
    for names, usernames in alike.items():
        for some in together([fact for fact in facts if fact.name in names]):
            with taken_back():
                put(some, world, stage)
                found += _differing(see(usernames), without, some)
    telling: list[str] = []
    for fact in facts:
        with taken_back():
            put([fact], world, stage)
            if fact.known_to and not _shows(fact, look, without, telling):
                found.append(f"{fact.name} shows to nobody: it may not be there at all")
    return found


def _shows(fact: Fact, look: Look, without: Mapping[tuple[str, str], object], telling: list[str]) -> bool:
    # One of those who may know is enough, and most facts show to the institution or its department.
    for username in sorted(fact.known_to, reverse=True):
        with closing(look(username, telling)) as answers:
            for address, answer in answers:
                if answer != without[username, address]:
                    telling.insert(0, address)
                    return True
    return False


def _differing(
    answers: Answers, without: Mapping[tuple[str, str], object], facts: Sequence[Fact]
) -> list[str]:
    names = ", ".join(fact.name for fact in facts)
    return [
        f"{username} is told of [{names}] by {address}"
        for (username, address), answer in answers.items()
        if answer != without[username, address]
    ]


# Those of the body, which is compared itself with its tokens taken out; and the hour of the clock on the wall.
OF_THE_MOMENT = frozenset({"Content-Length", "ETag", "Expires"})


def headers_of(response) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, text) for name, text in response.headers.items() if name not in OF_THE_MOMENT))


def without_tokens(body: bytes) -> bytes:
    return re.sub(rb'(name="csrfmiddlewaretoken" value=")[^"]+', rb"\1", body)
