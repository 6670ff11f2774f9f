"""What the interface shows: each account its own, by a token that is good for it."""

from datetime import timedelta

import pytest
from conftest_services import CALL_AT, DATES
from django.test import Client

from hatchmark.db.models import Account, ApiToken, LedgerEntry
from hatchmark.services import clock, tokens
from hatchmark.services.refusals import NotAllowedError, UnsoundError


def test_a_token_tells_who_it_stands_for(call):
    assert call("i1", "GET", "/me", scopes=("read",)) == (
        200,
        {
            "username": "i1",
            "name": "示例",
            "role": "institution",
            "unit": "demo-i01",
            "authority": "demo",
            "scopes": ["read"],
        },
    )


@pytest.mark.parametrize(
    ("who", "serials"), [("i1", [1]), ("i2", [2]), ("ch", [1, 2]), ("ch2", [3]), ("dep", [1, 2, 3])]
)
def test_each_sees_its_own_entries_in_list_count_and_alone(call, live, who, serials):
    _, page = call(who, "GET", "/entries")

    assert [each["serial"] for each in page["entries"]] == serials
    assert page["total"] == len(serials)
    for entry in live.entries.all():
        status, answer = call(who, "GET", f"/entries/{entry.pk}")
        assert status == (200 if entry.serial in serials else 404)
        if status == 404:
            assert answer == call(who, "GET", "/entries/999999")[1]


@pytest.mark.parametrize(
    "header", [None, "Bearer", "Bearer hm_made-up", "Basic aTE6", f"Bearer {'x' * 5000}"]
)
def test_without_a_good_token_nothing_is_answered(call, header):
    response = Client().get("/api/v1/entries", headers={"Authorization": header} if header else {})

    assert response.status_code == 401


def test_a_session_of_the_pages_opens_nothing_here(call):
    site = Client()
    site.force_login(
        Account.objects.get(username="dep"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )

    assert site.get("/api/v1/entries").status_code == 401


def test_a_scope_that_is_missing_is_named(call):
    status, answer = call("i1", "GET", "/entries", scopes=("hand_in",))

    assert (status, answer["code"]) == (403, "not_allowed")
    assert "no scope for read_entry" in answer["message"]


def test_a_token_ends_by_time_by_its_holder_and_with_its_account(live, call):
    account = Account.objects.get(username="i1")
    at = clock.now()
    token, text = tokens.make_token(
        account=account, name="示例", scopes=["read"], valid_for=timedelta(days=1), at=at
    )
    assert tokens.bearer_of(text, at=at) is not None
    assert tokens.bearer_of(text, at=at + timedelta(days=1)) is None
    Account.objects.filter(pk=account.pk).update(is_active=False)
    assert tokens.bearer_of(text, at=at) is None
    Account.objects.filter(pk=account.pk).update(is_active=True)

    tokens.revoke_token(token=token, account=account, at=at)

    assert tokens.bearer_of(text, at=at) is None
    assert text not in str(list(ApiToken.objects.values()))
    assert list(LedgerEntry.objects.values_list("act", flat=True))[-2:] == ["make_token", "revoke_token"]


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"name": " "}, "a name"),
        ({"scopes": []}, "needs a scope"),
        ({"scopes": ["read", "everything"]}, "everything is no scope"),
        ({"valid_for": timedelta(0)}, "1 to 365 days"),
        ({"valid_for": timedelta(days=366)}, "1 to 365 days"),
    ],
)
def test_a_token_that_cannot_be_is_refused(live, call, facts, said):
    given = {"name": "示例", "scopes": ["read"], "valid_for": timedelta(days=1)} | facts

    with pytest.raises(UnsoundError, match=said):
        tokens.make_token(account=Account.objects.get(username="i1"), at=CALL_AT, **given)


def test_administrators_have_no_tokens(db):
    admin = Account.objects.create(username="aud", name="示例", role="audit_admin", made_at=CALL_AT)

    with pytest.raises(NotAllowedError):
        tokens.make_token(
            account=admin, name="示例", scopes=["read"], valid_for=timedelta(days=1), at=CALL_AT
        )


def test_the_rounds_and_tasks_of_an_institution(call, live):
    _, rounds = call("i1", "GET", "/rounds")
    _, tasks = call("i1", "GET", "/tasks")

    assert [(each["year"], each["stage"]) for each in rounds] == [(2025, "submission")]
    assert rounds[0]["closes"]["submission_closes_at"] == DATES["submission_closes_at"].isoformat()
    assert [(each["what"], each["waiting"]) for each in tasks] == [("nothing_mine", False)]


def test_the_list_asks_the_database_as_often_for_three_as_for_one(call, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    call("i1", "GET", "/entries"), call("dep", "GET", "/entries")
    with CaptureQueriesContext(connection) as one:
        call("i1", "GET", "/entries")

    with django_assert_num_queries(len(one)):
        call("dep", "GET", "/entries")


def test_the_description_names_the_act_of_every_operation(db):
    description = Client().get("/api/v1/openapi.json").json()

    operations = [each for path in description["paths"].values() for each in path.values()]
    assert len(operations) >= 6
    assert all(each["x-act"] for each in operations)
    assert all({"401", "403", "404", "409", "422", "429"} <= set(each["responses"]) for each in operations)
