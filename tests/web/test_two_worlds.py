"""Two databases that differ in one hidden fact answer alike, to the byte, wherever the fact is hidden.

For each fact: everybody asks for every page and file that can be asked for, in a world without the fact and in one with
it.
Whoever may not know it gets the same status, headers and body; somebody who may gets another one, so that the fact is
really there. What differs by chance (tokens of forms, session cookies) is taken out, and nothing else is.
"""

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern

sys.path.insert(0, str(Path(__file__).parents[1] / "services"))

from conftest_services import CALL_AT, figures, institution_actor, officer_of, open_live_round

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
    Request,
    Round,
    StatisticsReturn,
)
from hatchmark.domain.permissions import Role
from hatchmark.services import clock, cross_checks, preliminary_reviews, submissions
from hatchmark.web import urls

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


@dataclass(frozen=True, slots=True)
class Fact:
    """Something about entry 2 (institution demo-i02, channel 示例市), and who may know of it."""

    name: str
    put: Callable[[Entry], object]
    known_to: frozenset[str]
    stage: str = "submission"


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


def evidence(entry: Entry) -> None:
    Evidence.objects.create(
        entry=entry, key="hiddenkey0123456789", name="示例隐藏.pdf", size=3, received=3, media_type="application/pdf",
        digest="a" * 64, uploaded_by="i2", uploaded_at=NOW,
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
    ),
    Fact("a submission", submit, OWN | {"aud"}),
    Fact("a returned figure", return_figure, OWN | {"aud"}, "preliminary_review"),
    Fact("a refusal", refuse, OWN | {"aud"}, "preliminary_review"),
    Fact("an approval", approve, OWN | {"aud"}, "preliminary_review"),
    Fact("an explained flag", explain, OWN | {"aud"}, "preliminary_review"),
    Fact(
        "a statistics return",
        lambda entry: StatisticsReturn.objects.create(
            round=entry.round, entry=entry, figures={"area": "54321"}, file="示例隐藏.xlsx", digest="d" * 64,
            imported_by="ch1", imported_at=NOW,
        ),
        OWN,
        "preliminary_review",
    ),
    Fact("a file", evidence, OWN),
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
            made_at=NOW, expires_at=NOW + timedelta(days=1),
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
            invited_by="sec", invited_at=NOW, expires_at=NOW + timedelta(days=1),
        ),
        frozenset({"sec"}),
    ),
]  # fmt: skip
"""Channel 示例市 sees what its institutions sent; the audit administrator the ledger's lines, and no papers."""


@pytest.fixture
def world(db, monkeypatch, tmp_path, settings) -> Round:
    """A round with three entries, of which the second has handed in; its clock stands still."""
    settings.HATCHMARK_DATA = tmp_path
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return open_live_round()


def begin(world: Round, stage: str) -> Entry:
    for username, account in WHO.items():
        if account is not None:
            role, unit = account
            Account.objects.create(
                username=username, name=f"示例{username}", role=role.value, unit=unit, made_at=CALL_AT, demo=True,
                authority=None if role.endswith("_admin") else world.authority,
            )  # fmt: skip
    Round.objects.update(stage="submission")
    world.refresh_from_db()
    entry = world.entries.select_related("round__authority", "qualification__institution").get(serial=2)
    if stage == "preliminary_review":
        submit(entry)
        Round.objects.update(stage=stage)
        entry = Entry.objects.select_related("round__authority", "qualification__institution").get(
            pk=entry.pk
        )
    return entry


def addresses(world: Round) -> Iterator[str]:
    """Yield every address of the pages in Chinese, with the keys of this world in it."""
    entries = list(world.entries.order_by("serial").values_list("pk", flat=True))
    keys = sorted({*entries, world.pk})
    for pattern in urls.patterns:
        assert isinstance(pattern, URLPattern)
        path = str(pattern.pattern)
        if "<authority:" in path or "<code:authority>" in path:
            continue  # what is published: no round here is
        numbers = keys if "<int:pk>" in path else [0]
        for pk in numbers:
            filled = path.replace("<int:pk>", str(pk)).replace("<int:version>", "1")
            filled = re.sub(r"<int:\w+>", "1", filled)
            filled = re.sub(r"<(str|code):(key|code)>", "hiddenkey0123456789", filled)
            filled = re.sub(r"<\w+:ending>", "docx", filled)
            filled = re.sub(r"<\w+:what>", "name", filled)
            filled = re.sub(r"<\w+:\w+>", "x", filled)
            yield "/" + filled
    yield from (
        "/work/?page=2",
        "/work/accounts/?q=hidden",
        "/work/ledger/?q=submit",
        "/work/messages/?page=1",
    )


def seen(world: Round, asked: list[str]) -> dict[tuple[str, str], tuple[int, object, bytes]]:
    """Return what each account is answered at each address."""
    found = {}
    for username, account in WHO.items():
        site = Client(raise_request_exception=True)
        if account is not None:
            site.force_login(
                Account.objects.get(username=username),
                backend="allauth.account.auth_backends.AuthenticationBackend",
            )
        for address in asked:
            response = site.get(address)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            found[username, address] = (response.status_code, headers_of(response), without_tokens(body))
    return found


def headers_of(response) -> tuple[tuple[str, str], ...]:
    kept = {name: value for name, value in response.headers.items() if name not in ("Content-Length", "ETag")}
    return tuple(sorted(kept.items()))


def without_tokens(body: bytes) -> bytes:
    return re.sub(rb'(name="csrfmiddlewaretoken" value=")[^"]+', rb"\1", body)


_worlds_without: dict[tuple[str, tuple[str, ...]], dict] = {}


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.name.replace(" ", "-"))
def test_a_hidden_fact_shows_nowhere_to_whom_it_is_hidden(world, fact):
    entry = begin(world, fact.stage)
    asked = list(dict.fromkeys(addresses(world)))

    def with_fact() -> dict:
        point = transaction.savepoint()
        fact.put(entry)
        found = seen(world, asked)
        transaction.savepoint_rollback(point)
        return found

    with_it = with_fact()
    # The world without it is the same for every fact of a stage, down to its keys; it is asked once.
    known = (fact.stage, tuple(asked))
    if known not in _worlds_without:
        _worlds_without[known] = seen(world, asked)
    without = _worlds_without[known]

    differing = {key for key in without if without[key] != with_it[key]}
    told = {username for username, _ in differing}
    assert told - fact.known_to == set(), sorted(key for key in differing if key[0] not in fact.known_to)
    assert told & fact.known_to, "the fact is seen by nobody: it may not be there at all"
