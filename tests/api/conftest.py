"""The interface over a small live round: accounts of each role, and a token of each."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

sys.path.insert(0, str(Path(__file__).parents[1] / "services"))

from conftest_services import CALL_AT, DATES, open_live_round

from hatchmark.db.models import Account, Round
from hatchmark.domain.permissions import Role
from hatchmark.domain.token_scopes import TokenScope
from hatchmark.services import clock, tokens

Call = Callable[..., tuple[int, object]]


@pytest.fixture(autouse=True)
def _quick_passwords() -> Iterator[None]:
    """A password is hashed slowly on purpose; that is not what these tests are about."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture
def live(db, settings, tmp_path) -> Round:
    """A round in its submission stage, with the demo's clock inside the window and a disk of its own."""
    settings.DATA = tmp_path
    evaluation_round = open_live_round()
    Round.objects.update(stage="submission")
    evaluation_round.refresh_from_db()
    clock.begin_demonstration(CALL_AT + timedelta(days=1))
    assert clock.now() < DATES["submission_closes_at"]
    return evaluation_round


def make_account(live: Round, username: str, role: Role, unit: str = "") -> Account:
    return Account.objects.create(
        username=username, name="示例", role=role.value, unit=unit, authority=live.authority, made_at=CALL_AT
    )


@pytest.fixture
def token_of(live: Round) -> Callable[..., str]:
    """Return a token of an account (`i1`, `i2`, `ch`, `ch2`, `dep`), with all scopes unless told otherwise."""
    accounts = {
        "i1": make_account(live, "i1", Role.INSTITUTION, "demo-i01"),
        "i2": make_account(live, "i2", Role.INSTITUTION, "demo-i02"),
        "ch": make_account(live, "ch", Role.CHANNEL, "示例市"),
        "ch2": make_account(live, "ch2", Role.CHANNEL, "示例盟"),
        "dep": make_account(live, "dep", Role.DEPARTMENT, "示例厅"),
    }
    texts: dict[tuple[str, tuple[str, ...]], str] = {}

    def do(who: str, scopes: tuple[str, ...] = tuple(TokenScope)) -> str:
        if (who, scopes) not in texts:
            texts[who, scopes] = tokens.make_token(
                account=accounts[who],
                name="示例程序",
                scopes=scopes,
                valid_for=timedelta(days=300),
                at=clock.now(),
            )[1]
        return texts[who, scopes]

    return do


@pytest.fixture
def send(token_of: Callable[..., str]) -> Callable[..., Any]:
    """Send a body as it is, as an account, with all scopes unless told otherwise; return the response."""

    def do(
        who: str,
        method: str,
        path: str,
        content: bytes | str = b"",
        content_type: str = "application/octet-stream",
        *,
        scopes: tuple[str, ...] = tuple(TokenScope),
        **headers: str,
    ):
        return Client(raise_request_exception=False).generic(
            method,
            f"/api/v1{path}",
            content,
            content_type=content_type,
            headers={"Authorization": f"Bearer {token_of(who, scopes)}", **headers},
        )

    return do


@pytest.fixture
def send_form(send: Callable[..., Any]) -> Call:
    """Send a form, its files among its fields as (name, content)."""

    def do(who: str, path: str, fields: Mapping[str, Any], **more: Any):
        parts = {
            name: SimpleUploadedFile(*each) if isinstance(each, tuple) else each
            for name, each in fields.items()
        }
        response = send(who, "POST", path, encode_multipart(BOUNDARY, parts), MULTIPART_CONTENT, **more)
        return response.status_code, response.json()

    return do


@pytest.fixture
def call(send: Callable[..., Any]) -> Call:
    """Call an operation as an account, with all scopes unless told otherwise."""

    def do(
        who: str, method: str, path: str, body: object = None, *, scopes: tuple[str, ...] = tuple(TokenScope)
    ):
        content = "" if body is None else json.dumps(body)
        response = send(who, method, path, content, "application/json", scopes=scopes)
        return response.status_code, response.json()

    return do
