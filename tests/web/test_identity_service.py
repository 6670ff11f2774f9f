"""Signing in by an identity service: it opens the account that its holder tied to it, and makes none."""

import ssl
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPSConnection
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal import auth as totp
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.utils import timezone
from identity_provider import Provider, running

from hatchmark.config.environment import read
from hatchmark.db.models import Account, Authority, LedgerEntry

PASSWORD = "Shanhai-2025"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    with running(tmp_path_factory.mktemp("identity")) as provider:
        yield provider


@pytest.fixture
def provider(service: Provider, settings, monkeypatch) -> Provider:
    service.next_identity, service.broken = "示例身份一", ""
    service.asked.clear()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(service.certificate))
    settings.OIDC = read({"OIDC": service.setting})["OIDC"]
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {**settings.SOCIALACCOUNT_PROVIDERS["openid_connect"], "APPS": [settings.OIDC]}
    }
    return service


@pytest.fixture
def account(db) -> Account:
    authority = Authority.objects.create(code="demo", name="示例厅")
    made = Account(
        username="chen.wei", name="示例陈某", role="department", authority=authority, made_at=timezone.now(),
        password_set_at=timezone.now(),
    )  # fmt: skip
    made.set_password(PASSWORD)
    made.save()
    return made


@pytest.fixture
def site(db) -> Client:
    return Client(raise_request_exception=False)


def sign_in_by_password(site: Client) -> None:
    assert site.post("/accounts/login/", {"login": "chen.wei", "password": PASSWORD}).status_code == 302


def go_there_and_back(site: Client, provider: Provider, *, query: str = ""):
    """Press the button, be signed in (or not) at the service, and come back: return the answer of the site."""
    sent = site.post(f"/accounts/oidc/identity/login/{query}")
    assert sent.status_code == 302, sent.content.decode()
    return site.get(back_from(provider, sent["Location"]))


def back_from(provider: Provider, address: str) -> str:
    there = urlsplit(address)
    trusted = ssl.create_default_context(cafile=str(provider.certificate))
    with closing(HTTPSConnection(there.netloc, context=trusted)) as connection:
        connection.request("GET", f"{there.path}?{there.query}")
        answer = connection.getresponse()
        answer.read()
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def tie(site: Client, provider: Provider) -> None:
    sign_in_by_password(site)
    # Whoever finds a screen unlocked cannot tie an identity of his own: the password is asked for once more.
    asked = go_there_and_back(site, provider, query="?process=connect")
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert not SocialAccount.objects.exists()
    tied = site.post(asked["Location"], {"password": PASSWORD}, follow=True)
    assert tied.redirect_chain[-1][0] == "/accounts/identity/"


def test_the_holder_ties_an_identity_and_signs_in_with_it(site, provider, account):
    tie(site, provider)
    site.post("/accounts/logout/")

    signed_in = go_there_and_back(site, provider)

    assert (signed_in.status_code, signed_in["Location"]) == (302, "/work/")
    assert "示例陈某" in site.get("/work/").content.decode()
    acts = [(line.act, line.actor, line.details) for line in LedgerEntry.objects.order_by("pk")]
    assert acts == [
        ("sign_in", "chen.wei", {"method": "password"}),
        ("tie_identity", "chen.wei", {"identity": "示例身份一"}),
        ("sign_in", "chen.wei", {"method": "socialaccount"}),
    ]
    # A proof of its own for each round trip, so that a code that is caught on its way opens nothing.
    assert {asked["code_challenge_method"] for asked in provider.asked} == {"S256"}
    assert len({asked["code_challenge"] for asked in provider.asked}) == 2


def test_after_signing_in_one_is_where_one_wanted_to_be(site, provider, account):
    tie(site, provider)
    site.post("/accounts/logout/")
    page = site.get("/accounts/login/?next=/work/messages/").content.decode()

    assert 'action="/accounts/oidc/identity/login/?next=/work/messages/"' in page
    back = go_there_and_back(site, provider, query="?next=/work/messages/")
    assert back["Location"] == "/work/messages/"


def test_an_identity_that_nobody_tied_opens_nothing_and_makes_no_account(site, provider, account):
    answer = go_there_and_back(site, provider)

    assert "该身份尚未绑定账号" in answer.content.decode()
    assert (Account.objects.count(), SocialAccount.objects.count()) == (1, 0)
    assert site.get("/work/").status_code == 302
    assert not LedgerEntry.objects.exists()


def test_an_identity_with_the_mail_address_of_an_account_does_not_open_it(site, provider, account):
    account.email = "示例身份一"
    account.save()

    go_there_and_back(site, provider)

    assert site.get("/work/").status_code == 302


def test_the_second_factor_is_asked_for_all_the_same(site, provider, account):
    tie(site, provider)
    totp.TOTP.activate(account, totp.generate_totp_secret())
    site.post("/accounts/logout/")

    answer = go_there_and_back(site, provider)

    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    assert site.get("/work/").status_code == 302


def test_a_blocked_account_stays_closed(site, provider, account):
    tie(site, provider)
    site.post("/accounts/logout/")
    Account.objects.update(is_active=False)

    go_there_and_back(site, provider)

    assert site.get("/work/").status_code == 302


def test_an_identity_is_tied_to_one_account_alone(site, provider, account):
    tie(site, provider)
    other = Account(
        username="li.na", name="示例李某", role="department", authority=account.authority, made_at=timezone.now(),
        password_set_at=timezone.now(),
    )  # fmt: skip
    other.set_password(PASSWORD)
    other.save()
    second = Client()
    second.post("/accounts/login/", {"login": "li.na", "password": PASSWORD})

    go_there_and_back(second, provider, query="?process=connect")

    assert SocialAccount.objects.get().user == account


def test_untying_closes_the_way_in(site, provider, account):
    tie(site, provider)
    page = site.get("/accounts/identity/").content.decode()
    assert "示例身份一" in page

    site.post("/accounts/identity/", {"account": SocialAccount.objects.get().pk})
    site.post("/accounts/logout/")
    answer = go_there_and_back(site, provider)

    assert "该身份尚未绑定账号" in answer.content.decode()
    assert LedgerEntry.objects.filter(act="untie_identity", details={"identity": "示例身份一"}).exists()


def test_whoever_stops_at_the_service_reads_that_nothing_happened(site, provider, account):
    provider.next_identity = None

    answer = go_there_and_back(site, provider)
    page = site.get(answer["Location"]) if answer.status_code == 302 else answer

    assert "已取消统一身份认证" in page.content.decode()


@pytest.mark.parametrize("broken", ["configuration", "empty"])
def test_a_service_that_is_away_is_said_to_be_and_nothing_else_breaks(site, provider, account, broken):
    provider.broken = broken

    answer = site.post("/accounts/oidc/identity/login/")

    assert answer.status_code == 502
    assert "统一身份认证没有完成" in answer.content.decode()
    sign_in_by_password(site)


def test_a_service_that_refuses_the_code_signs_nobody_in(site, provider, account):
    provider.broken = "token"

    answer = go_there_and_back(site, provider)

    assert "统一身份认证没有完成" in answer.content.decode()
    assert site.get("/work/").status_code == 302


def test_an_answer_that_this_browser_did_not_ask_for_signs_nobody_in(site, provider, account):
    tie(site, provider)
    sent = Client().post("/accounts/oidc/identity/login/")
    stranger = Client(raise_request_exception=False)

    answer = stranger.get(back_from(provider, sent["Location"]))

    assert answer.status_code < 500
    assert stranger.get("/work/").status_code == 302


def test_the_sign_in_page_may_lead_to_the_service_and_to_nothing_else(site, provider):
    page = site.get("/accounts/login/")

    host = provider.address.removesuffix("/realm")
    assert f"form-action 'self' {host};" in page["Content-Security-Policy"]
    assert "统一身份认证登录（127.0.0.1）" in page.content.decode()


def test_without_a_service_there_is_no_button_and_no_way(site, db):
    page = site.get("/accounts/login/")

    assert "统一身份认证" not in page.content.decode()
    assert "form-action 'self';" in page["Content-Security-Policy"]
    assert site.post("/accounts/oidc/identity/login/").status_code == 404
