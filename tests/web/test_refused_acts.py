"""An act that is refused changes nothing: whoever may not do it posts to every page that does something."""

import re

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern
from test_two_worlds import WHO, begin, world  # noqa: F401 - the world is a fixture

from hatchmark.db.models import Account
from hatchmark.domain.permissions import RULES, Role
from hatchmark.web import urls
from hatchmark.web.security import CLOSED, ROUTES

NOT_RECORDED = {"Session"}


def rows() -> dict[str, list[dict[str, object]]]:
    """Return everything that the database holds, but for who is signed in."""
    return {
        model.__name__: list(model._default_manager.order_by("pk").values())
        for model in apps.get_models()
        if model.__name__ not in NOT_RECORDED
    }


def acting_routes() -> list[tuple[str, str]]:
    found = []
    for pattern in urls.patterns:
        assert isinstance(pattern, URLPattern)
        act = ROUTES.get(pattern.name or "", CLOSED)
        path = str(pattern.pattern)
        if act in RULES and path.startswith("work/") and Role.PUBLIC not in RULES[act].roles:
            found.append((act, path))
    return found


@pytest.mark.parametrize("stage", ["submission", "preliminary_review"])
def test_whoever_may_not_changes_nothing_by_any_page(world, stage):  # noqa: F811
    entry = begin(world, stage)
    sites = {}
    for username, account in WHO.items():
        sites[username] = Client(raise_request_exception=True)
        if account is not None:
            sites[username].force_login(
                Account.objects.get(username=username),
                backend="allauth.account.auth_backends.AuthenticationBackend",
            )
            sites[username].get("/work/")  # so that what a first page keeps is there already
    before = rows()
    refused = 0
    for act, path in acting_routes():
        filled = path.replace("<int:pk>", str(entry.pk)).replace("<int:version>", "1")
        filled = re.sub(r"<int:\w+>", "1", re.sub(r"<(str|slug|code):\w+>", "name", filled))
        for username, account in WHO.items():
            role = Role.PUBLIC if account is None else account[0]
            if role in RULES[act].roles:
                continue
            answer = sites[username].post(
                f"/{filled}", {"reason": "示例", "opinion": "示例", "confirm": "on"}
            )
            assert answer.status_code == (302 if account is None else 404), (act, filled, username)
            refused += 1

    assert refused > 300
    assert rows() == before
