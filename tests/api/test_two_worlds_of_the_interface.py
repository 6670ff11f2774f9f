"""What is hidden is told by no operation either: to a program of whoever may not know, two worlds answer alike.

Every operation of the description is called by a token of each role, with keys that are there and plausible values for
what it takes; what writes is tried (`dry_run`). Status, headers and body are compared as those of pages are: see
tests/web/two_worlds.py.
"""

import json
import re
from collections.abc import Generator, Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from conftest_services import live_round_at, open_live_round
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from test_two_worlds_of_later_stages import LATER, facts_of, world_at
from two_worlds import (
    AFTER,
    CALL,
    FACTS,
    NOW,
    REVIEW,
    SUBMISSION,
    WHO,
    Answers,
    Fact,
    begin,
    count_from_one,
    headers_of,
    make_accounts,
    put,
    taken_back,
    tell_tales,
)

from hatchmark.db.models import Account, Round
from hatchmark.domain.permissions import RULES
from hatchmark.domain.token_scopes import TokenScope
from hatchmark.domain.workflow import Stage
from hatchmark.services import clock, tokens

__all__ = ["live_round_at", "world_at"]

LIKELY: dict[str, Any] = {
    "version": 1, "opinion": "示例意见", "reason": "示例原因", "explanation": "示例说明", "flag": "示例", "grant": True,
    "signed_by": "示例李某", "pledged": True, "seen": "1", "deadline": "submission_closes_at", "day": "2025-04-30",
    "code": "area", "value": "12", "what": "name", "old": "示例2号孵化器", "new": "示例新孵化器", "effective": "2025",
    "as_kind": "makerspace", "name": "示例.pdf", "size": 3, "figure": "area", "kind": "incubator", "year": 2026,
    "vocabulary": "nmg-2021", "public_notice_working_days": 5, "fields": ["area"], "entry": None, "note": "示例",
    "schemes": {"incubator": "nmg/incubator-2020"}, "deadlines": {"submission_closes_at": "2026-04-30"},
    "addressees": ["示例市科技局"], "bases": [], "left_out": [], "added": [], "changes": [
        {"code": "area", "value": "12", "status": "reported", "was_value": "", "was_status": "reported"}
    ], "rows": [{"enterprise": "示例企业", "status": "在孵"}],
}  # fmt: skip
FILES = {"letter": b"%PDF-1.4", "file": "名称,总面积\n示例2号孵化器,5".encode()}
BYTES = b"%PDF-1.4"


@pytest.fixture
def world(db, monkeypatch, tmp_path, settings) -> Iterator[Round]:
    """A round with three entries and an account of each role; its clock stands still."""
    settings.DATA = tmp_path
    monkeypatch.setattr(clock, "now", lambda: NOW)
    count_from_one()
    made = open_live_round()
    make_accounts(made)
    cache.clear()
    yield made
    cache.clear()


def without_chance(body: bytes) -> bytes:
    """Return an answer without the key that a file announced just now was given; keys that are there stay."""
    return re.sub(rb'("key": ?")(?!hiddenkey)[\w-]+"', rb'\1"', body)


class Programs:
    """Calls every operation as each account, and remembers which of them anybody was answered."""

    def __init__(self, world: Round) -> None:
        self._description = json.loads(Client().get("/api/v1/openapi.json").content)
        entries = list(world.entries.order_by("serial").values_list("pk", flat=True))
        self._keys = {"entry_id": entries, "round_id": [world.pk], "request_id": [1, 2]}
        self._likely = {**LIKELY, "entries": entries, "entry": entries[1]}
        self._seen = [f"{pk}:1" for pk in entries[:2]]
        self._tokens: dict[str, str] = {}
        for username, account in WHO.items():
            if account is not None and account[0] in RULES["make_token"].roles:
                self._tokens[username] = tokens.make_token(
                    account=Account.objects.get(username=username), name="示例程序", scopes=tuple(TokenScope),
                    valid_for=timedelta(days=9), at=clock.now(),
                )[1]  # fmt: skip
        self.answered: set[str] = set()

    @property
    def operations(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Yield method, path and description of each operation."""
        for path, methods in self._description["paths"].items():
            for method, operation in methods.items():
                yield method.upper(), path, operation

    def see(self, usernames: Sequence[str]) -> Answers:
        """Return what each account is answered by each operation on each key; what is done is taken back."""
        # Whoever has no token is nobody, the same for all of them.
        of_nobody = [] if all(each in self._tokens for each in usernames) else list(self.look("anybody", ()))
        return {
            (username, asked): answer
            for username in usernames
            for asked, answer in (self.look(username, ()) if username in self._tokens else of_nobody)
        }

    def look(self, username: str, first: Sequence[str]) -> Generator[tuple[str, object]]:
        """Yield what an account is answered by each operation, those named `first` before the others."""
        asked = [
            (method, filled, operation)
            for method, path, operation in self.operations
            for filled in self._filled(path)
        ]
        for method, path, operation in sorted(asked, key=lambda each: f"{each[0]} {each[1]}" not in first):
            with taken_back():
                answer = self._call(username, method, path, operation)
            yield f"{method} {path}", answer

    def _filled(self, path: str) -> list[str]:
        path = path.replace("{version}", "1").replace("{key}", "hiddenkey0123456789")
        for name, keys in self._keys.items():
            if f"{{{name}}}" in path:
                return [path.replace(f"{{{name}}}", str(key)) for key in keys]
        return [path]

    def _call(self, username: str, method: str, path: str, operation: dict[str, Any]) -> object:
        cache.clear()  # how often it was asked within the minute is another matter
        content, content_type = self._body(operation)
        query = (
            ""
            if method == "GET"
            else "dry_run=true&offset=0"
            if path.endswith("/content")
            else "dry_run=true"
        )
        token = self._tokens.get(username, "hm_nobody")
        response = Client(raise_request_exception=True).generic(
            method, path, content, content_type=content_type, QUERY_STRING=query,
            headers={"Authorization": f"Bearer {token}"},
        )  # fmt: skip
        body = b"".join(response.streaming_content) if response.streaming else response.content
        if response.status_code not in (401, 403, 404):
            self.answered.add(operation["operationId"])
        return (response.status_code, headers_of(response), without_chance(body))

    def _body(self, operation: dict[str, Any]) -> tuple[bytes, str]:
        kinds = operation.get("requestBody", {}).get("content", {})
        if "multipart/form-data" in kinds:
            wanted = self._schema(kinds["multipart/form-data"]["schema"])["properties"]
            fields: dict[str, Any] = {
                name: SimpleUploadedFile(f"示例.{'csv' if name == 'file' else 'pdf'}", FILES[name])
                if name in FILES
                else self._seen
                if name == "seen" and each.get("type") == "array"
                else str(LIKELY.get(name, "示例"))
                for name, each in wanted.items()
            }
            return encode_multipart(BOUNDARY, fields), MULTIPART_CONTENT
        if "application/json" in kinds:
            return json.dumps(self._value(kinds["application/json"]["schema"])).encode(), "application/json"
        return (BYTES, next(iter(kinds))) if kinds else (b"", "application/json")

    def _schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in schema:
            schema = self._description["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return schema

    def _value(self, schema: dict[str, Any]) -> Any:
        wanted = self._schema(schema).get("properties", {})
        return {name: self._likely.get(name, "示例") for name in wanted}


ON_PAGES_ALONE = {
    "an absence", "a message", "a token", "an account", "an invitation", "a mail that failed",
    "a proposed administrator", "a proposed change of scheme", "a decision that one person proposed",
}  # fmt: skip
"""Nothing of accounts, mail or the ledger is told by an operation: who may read of them does so on pages."""


def tales_of(world: Round, stage: Stage, facts: Sequence[Fact]) -> list[str]:
    programs = Programs(world)
    told = tell_tales(world, stage, programs.see, look=programs.look, facts=facts)
    return [each for each in told if each.partition(" shows to nobody")[0] not in ON_PAGES_ALONE]


@pytest.mark.parametrize("stage", [CALL, SUBMISSION, REVIEW, AFTER])
def test_no_operation_tells_what_is_hidden(world, stage):
    begin(world, stage)

    assert tales_of(world, stage, [fact for fact in FACTS if stage in fact.stages]) == []


@pytest.mark.parametrize("stage", LATER)
def test_no_operation_tells_what_experts_inspectors_and_officers_left(world_at, stage):
    world = world_at(stage, fictional=False)
    cache.clear()

    assert tales_of(world, stage, facts_of(stage, fictional=False)) == []


def test_every_operation_is_really_answered(world):
    """An operation that answers everybody with 404 would tell nothing whatever it leaked."""
    answered: set[str] = set()
    for stage in (SUBMISSION, REVIEW):
        with taken_back():
            begin(world, stage)
            put([fact for fact in FACTS if stage in fact.stages and not fact.alone], world, stage)
            programs = Programs(world)
            programs.see(["i2", "ch1", "dep"])
            answered |= programs.answered
    known = {operation["operationId"] for _, _, operation in programs.operations}

    assert sorted(known - answered) == []
