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
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from media_samples import PDF
from schemathesis import GenerationMode
from schemathesis.core import NOT_SET

from hatchmark.api.operations import PROBLEMS
from hatchmark.db.models import Account, Authority, Draft, Entry, Evidence, Round
from hatchmark.domain.permissions import RULES, Role
from hatchmark.services import clock, cross_checks, evidence, requests, submissions
from hatchmark.services.handing_in import Papers

ROLES = {"i1": Role.INSTITUTION, "ch": Role.CHANNEL, "dep": Role.DEPARTMENT}
OPEN_TO_IT, CLOSED_TO_IT = 10, 3
"""Cases of an operation, for a role that its act is open to, and for one that is refused whatever it sends."""
FILES = {"letter": "示例推荐函.pdf", "file": "示例年报.csv"}
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


def papers(entry: Entry) -> Papers:
    found = evidence.papers_for(entry.pk, actor=institution_actor(entry), at=clock.now())
    assert found is not None
    return found


def upload(entry: Entry, name: str) -> Evidence:
    actor = institution_actor(entry)
    return evidence.begin_upload(papers=papers(entry), name=name, size=len(PDF), actor=actor, at=clock.now())


def begin(live: Round, stage: str) -> dict[str, list[Any]]:
    """Fill the round with papers, draft, request; return what a program could have read there, by field."""
    entries = {each.serial: each for each in live.entries.select_related("round__authority")}
    first, second, third = entries[1], entries[2], entries[3]
    codes = sorted(figures())
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
    finished, coming = (upload(first, name) for name in ("示例.pdf", "示例（未完）.pdf"))
    evidence.receive(
        papers=papers(first),
        file=finished,
        offset=0,
        content=PDF,
        actor=institution_actor(first),
        at=clock.now(),
    )
    if stage == "preliminary_review":
        Round.objects.update(stage=stage, version=live.version + 1)
        clock.set_demonstration_clock(DATES["submission_closes_at"] + timedelta(days=1))
        first.round.refresh_from_db()
        Draft.objects.filter(entry=first).delete()
    return {
        "entry_id": [first.pk, second.pk, third.pk],
        "round_id": [live.pk],
        "request_id": [asked.pk],
        "key": [finished.key, coming.key],
        "offset": [0, 0, 1, len(PDF)],
        "body": [PDF, PDF[:5], PDF + PDF],
        "seen": [f"{first.pk}:1", f"{second.pk}:1", [f"{first.pk}:1"], [f"{first.pk}:2"]],
        "letter": [PDF],
        "file": [
            "名称,总面积\n示例1号孵化器,5".encode(),
            "名称,总面积\n示例1号孵化器,约".encode(),
            b"PK\x03\x04",
        ],
        "kind": ["incubator", "makerspace"],
        "name": ["示例.pdf", "示例.exe", "示例"],
        "size": [0, len(PDF), 2**31],
        "figure": ["", "area", codes[0]],
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


def is_file(case: Any) -> bool:
    """Say whether the body is the bytes of a file, and no object with fields."""
    return case.media_type == "application/octet-stream"


def encoded(case: Any) -> tuple[bytes, str]:
    """Return a body as it is sent, and its type: bytes as they are, a form with its files, or JSON."""
    body = b"" if case.body is NOT_SET else case.body
    # What schemathesis makes up for a file is a text that knows its bytes.
    body = getattr(body, "data", body)
    if case.media_type == "multipart/form-data" and isinstance(body, dict):
        fields = {name: as_field(name, each) for name, each in body.items()}
        return encode_multipart(BOUNDARY, fields), MULTIPART_CONTENT
    if isinstance(body, bytes):
        return body, case.media_type or "application/json"
    return json.dumps(body).encode(), case.media_type or "application/json"


def as_field(name: str, value: Any) -> Any:
    """Return a field of a form as a client sends it; what is a file in the description goes as one."""
    if name in FILES:
        content = getattr(value, "data", value)
        return SimpleUploadedFile(
            FILES[name], content if isinstance(content, bytes) else str(content).encode(errors="replace")
        )
    if isinstance(value, list):
        return [str(each) for each in value]
    return "" if value is None else str(value)


def ask(case: Any, token: str) -> Any:
    """Send a case as a program with a token would."""
    content, content_type = encoded(case)
    return Client().generic(
        case.method,
        case.formatted_path,
        content,
        content_type=content_type,
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
        case.query = made_likely(data.draw, case.query, known)
        case.body = made_likely(data.draw, case.body, known, "body" if is_file(case) else "")
        with taken_back():
            response = ask(case, token)
            if response.streaming:
                # A file that stays open until it is read to its end.
                assert b"".join(response.streaming_content)
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


def test_whatever_is_sent_to_open_a_first_round_is_answered_by_a_status_that_is_declared(live, token_of):
    """A round can be opened where none is running: here by the department of an authority that has held none."""
    fresh = Authority.objects.create(code="fresh", name="示例新厅")
    token = token_of("dep")
    Account.objects.filter(username="dep").update(authority=fresh)
    known = {
        "year": [2025],
        "vocabulary": ["nmg-2021"],
        "schemes": [{"incubator": "nmg/incubator-2020"}, {"made_up": "nmg/incubator-2020"}],
        "deadlines": [
            {"submission_closes_at": "2025-04-30", "preliminary_review_closes_at": "2025-05-30"},
            {"submission_closes_at": "0001-01-01", "preliminary_review_closes_at": "9999-12-31"},
        ],
        "public_notice_working_days": [5],
        "addressees": [["各示例市科技局"]],
        "bases": [[{"title": "示例办法"}]],
        "left_out": [[]],
        "kind": ["incubator"],
        "institution": ["", "示", "demo-i01"],
        "operators": [["示例公司"], ["示" * 400] * 2],
        "channel": ["示例市", "示" * 101],
        "channel_type": ["league_city"],
        "status": ["recognised", "pilot"],
        "region": ["", "150100"],
        "level": ["", "x" * 41],
        "sub_type": [""],
        "recognised_in": ["", "2020-07", "0000"],
        "reason": ["示例", "示" * 401],
    }
    answered: Counter[int] = Counter()

    for found in schemathesis.openapi.from_dict(
        Client().get("/api/v1/openapi.json").json()
    ).get_all_operations():
        if "/next-round" in found.ok().path:
            cache.clear()
            answered += send_cases(found.ok(), role=Role.DEPARTMENT, token=token, known=known)

    assert answered[200] > 5 and answered[422] > 5, answered
