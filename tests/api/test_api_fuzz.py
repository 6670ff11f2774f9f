"""Whatever a program sends, as whoever, at whichever stage: the answer is one that the description declares."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from conftest_services import DATES, figures, institution_actor
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core import NOT_SET

from hatchmark.api.operations import PROBLEMS
from hatchmark.db.models import Draft, Round
from hatchmark.domain.permissions import RULES, Role
from hatchmark.services import clock, cross_checks, requests, submissions

ROLES = {"i1": Role.INSTITUTION, "ch": Role.CHANNEL, "dep": Role.DEPARTMENT}
OPEN_TO_IT, CLOSED_TO_IT = 10, 3
"""Cases of an operation, for a role that its act is open to, and for one that is refused whatever it sends."""
WORDS = ["示例说明", "", "\x00", "示例" * 600]


class _UndoneError(Exception):
    """Takes back what a case did."""


@contextmanager
def taken_back() -> Iterator[None]:
    """Do something, and leave the database as it was."""
    try:
        with transaction.atomic():
            yield
            raise _UndoneError
    except _UndoneError:
        pass


def begin(live: Round, stage: str) -> dict[str, list[Any]]:
    """Fill the round with papers, draft, request; return what a program could have read there, by field."""
    entries = {each.serial: each for each in live.entries.select_related("round__authority")}
    first, second, third = entries[1], entries[2], entries[3]
    asked = requests.ask_deferral(
        entry=third, as_kind="incubator", reason="示例", actor=institution_actor(third), at=clock.now()
    )
    submissions.submit(
        entry=first,
        figures=figures(),
        roster=[],
        signed_by="示例负责人",
        actor=institution_actor(first),
        at=clock.now(),
    )
    Draft.objects.create(entry=second, saved_at=clock.now(), saved_by="i2")
    if stage == "preliminary_review":
        Round.objects.update(stage=stage, version=live.version + 1)
        clock.set_demonstration_clock(DATES["submission_closes_at"] + timedelta(days=1))
        first.round.refresh_from_db()
        Draft.objects.filter(entry=first).delete()
    codes = sorted(figures())
    return {
        "entry_id": [first.pk, second.pk, third.pk],
        "round_id": [live.pk],
        "request_id": [asked.pk],
        "entry": [None, first.pk, second.pk],
        "entries": [[second.pk], [first.pk, second.pk], []],
        "version": [0, 1, 2, live.version, live.version + 1],
        "code": codes,
        "fields": [codes[:2], ["roster"], []],
        "flag": [each.flag.key for each in cross_checks.flag_states(first)],
        "deadline": ["submission_closes_at", "preliminary_review_closes_at"],
        "day": ["2025-04-10", "2025-04-15", "0001-01-01", "9999-12-31"],
        "as_kind": ["incubator", "makerspace"],
        "pledged": [True],
        "opinion": WORDS,
        "reason": WORDS,
        "explanation": WORDS,
        "signed_by": ["示例负责人"],
        "what": ["name", "operator", "site", "area"],
        "old": ["示例1号孵化器", "1e9", "12"],
        "new": ["示例新孵化器", "3200"],
        "effective": ["2025", "2024-13", "2025-01-05"],
        "income": ["1e400", "12.5", "-1", "9" * 300],
        "staff": ["12", "1.5"],
        "founded_on": ["2020", "2020-02-30", "0001"],
        "status": ["reported", "absent", "在孵", "tenant"],
        "value": ["0", "1e99", "∞", "12万", "9" * 1500],
    }


def made_likely(draw: Any, value: Any, known: dict[str, list[Any]], name: str = "") -> Any:
    """Put what there is into the place of some made-up values, so that cases come further than to a 404."""
    if name in known and known[name] and draw(st.booleans()):
        return draw(st.sampled_from(known[name]))
    if isinstance(value, dict):
        return {key: made_likely(draw, each, known, key) for key, each in value.items()}
    if isinstance(value, list):
        return [made_likely(draw, each, known) for each in value]
    return value


def ask(case: Any, token: str) -> Any:
    """Send a case as a program with a token would."""
    body = b"" if case.body is NOT_SET else case.body
    return Client().generic(
        case.method,
        case.formatted_path,
        body if isinstance(body, bytes) else json.dumps(body).encode(),
        content_type=case.media_type or "application/json",
        QUERY_STRING=urlencode(case.query or {}, doseq=True),
        headers={"Authorization": f"Bearer {token}"},
    )


def send_cases(operation: Any, *, role: Role, token: str, known: dict[str, list[Any]]) -> Counter[int]:
    """Send an operation cases that fit its description and cases that do not; return how often it answered what."""
    act, declared = operation.definition.raw["x-act"], set(operation.definition.raw["responses"])
    open_to_it = role in RULES[act].roles
    answered: Counter[int] = Counter()

    @settings(
        max_examples=OPEN_TO_IT if open_to_it else CLOSED_TO_IT,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
        | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
        st.data(),
    )
    def send(case, data):
        case.path_parameters = made_likely(data.draw, case.path_parameters, known)
        case.body = made_likely(data.draw, case.body, known)
        with taken_back():
            response = ask(case, token)
        answered[response.status_code] += 1
        assert str(response.status_code) in declared, (case.method, case.formatted_path, response.content)
        if response.status_code in PROBLEMS and response["Content-Type"].startswith("application/json"):
            assert set(response.json()) == {"code", "message", "faults"}
        assert open_to_it or response.status_code in (403, 404, 422)

    send()
    return answered


@pytest.mark.parametrize("stage", ["submission", "preliminary_review"])
@pytest.mark.parametrize("who", ROLES)
def test_whatever_is_sent_is_answered_by_a_status_that_is_declared(live, token_of, who, stage):
    known = begin(live, stage)
    description = Client().get("/api/v1/openapi.json").json()
    answered: Counter[int] = Counter()

    for found in schemathesis.openapi.from_dict(description).get_all_operations():
        cache.clear()
        answered += send_cases(found.ok(), role=ROLES[who], token=token_of(who), known=known)

    # They came as far as the acts themselves: some were done, some refused by a service.
    assert answered[200] > 20 and answered[422] > 20 and answered[404] > 20 and not answered[429], answered
