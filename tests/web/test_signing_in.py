"""Signing in: what opens the door, what keeps it shut, and what a stranger learns in front of it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from hatchmark.db.models import Account, Authority, LedgerEntry
from hatchmark.domain.accounts import FAILURES_BEFORE_LOCK, IDLE, PASSWORD_AGE

PASSWORD = "Shanhai-2025"
LOGIN = "/accounts/login/"


@pytest.fixture
def site(db) -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture(autouse=True)
def _nobody_came_before() -> Iterator[None]:
    """What one test asked must not be counted against the next."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def account(db) -> Account:
    return make_account("chen.wei", "department")


def make_account(username: str, role: str, **changes: object) -> Account:
    authority, _ = Authority.objects.get_or_create(code="demo", defaults={"name": "示例厅"})
    made = Account(
        username=username,
        email=f"{username}@example.invalid",
        name="示例陈某",
        role=role,
        authority=None if role.endswith("_admin") else authority,
        made_at=timezone.now(),
        password_set_at=timezone.now(),
        **changes,
    )
    made.set_password(PASSWORD)
    made.save()
    return made


def sign_in(site: Client, login: str = "chen.wei", password: str = PASSWORD, **more: str):
    return site.post(LOGIN, {"login": login, "password": password, **more})


def test_behind_a_proxy_everybody_has_a_limit_of_their_own(site, account, settings):
    settings.FORWARDED_FOR_HEADER = True
    settings.AXES_ENABLED = False  # the lock-out of an account is another limit

    def tries(address: str) -> int:
        form = {"login": "nobody", "password": PASSWORD}
        return site.post(LOGIN, form, headers={"X-Forwarded-For": f"192.0.2.9, {address}"}).status_code

    from_one = [tries("198.51.100.1") for _ in range(40)]
    page = site.post(LOGIN, {"login": "x", "password": "x"}, headers={"X-Forwarded-For": "198.51.100.1"})

    assert from_one[0] == 200
    assert from_one[-1] == page.status_code == 429
    assert tries("198.51.100.2") == 200


def test_too_many_tries_are_told_in_words(site, db, settings):
    settings.AXES_ENABLED = False
    for _ in range(40):
        page = site.post(LOGIN, {"login": "nobody", "password": PASSWORD})

    assert page.status_code == 429
    assert "请等待一分钟后重试" in page.content.decode()


@pytest.mark.parametrize("login", ["chen.wei", "CHEN.WEI", "chen.wei@example.invalid"])
def test_the_right_password_opens_by_username_or_email_and_is_recorded(site, account, login):
    response = sign_in(site, login)

    assert (response.status_code, response["Location"]) == (302, "/work/")
    assert site.get("/work/").status_code == 200
    line = LedgerEntry.objects.get()
    assert (line.act, line.actor, line.details) == ("sign_in", "chen.wei", {"method": "password"})


def test_whoever_is_not_signed_in_is_led_to_the_login_and_back(site, account):
    first = site.get("/work/messages/")

    assert first["Location"] == "/accounts/login/?next=/work/messages/"
    assert sign_in(site, next="/work/messages/")["Location"] == "/work/messages/"


def test_nobody_is_led_to_another_site(site, account):
    assert sign_in(site, next="https://evil.example/")["Location"] == "/work/"


def test_a_wrong_password_and_a_wrong_name_are_answered_alike(site, account):
    known, unknown = sign_in(site, password="wrong"), sign_in(site, "nobody.at.all", "wrong")

    assert known.status_code == unknown.status_code == 200
    strip = [
        page.content.decode().replace(name, "")
        for page, name in ((known, "chen.wei"), (unknown, "nobody.at.all"))
    ]
    assert without_tokens(strip[0]) == without_tokens(strip[1])
    assert "用户名" in strip[0]


def without_tokens(page: str) -> str:
    import re

    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)


def test_a_password_reset_tells_nobody_whether_an_address_is_known(site, account):
    known = site.post("/accounts/password/reset/", {"email": "chen.wei@example.invalid"})
    unknown = site.post("/accounts/password/reset/", {"email": "nobody@example.invalid"})

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_an_account_is_locked_after_failures_even_for_the_right_password(site, account):
    for _ in range(FAILURES_BEFORE_LOCK):
        last = sign_in(site, password="wrong")
    assert last.status_code == 429

    locked = sign_in(site)

    assert locked.status_code == 429
    assert "登录已暂停" in locked.content.decode()
    assert site.get("/work/").status_code == 302
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(hours=1))
    assert sign_in(site).status_code == 302


def test_a_blocked_account_does_not_open(site):
    make_account("blocked", "department", is_active=False)

    response = sign_in(site, "blocked")

    assert site.get("/work/").status_code == 302
    assert response.status_code in (200, 302)
    assert not LedgerEntry.objects.exists()


def test_an_old_password_has_to_be_changed_before_anything_else(site, account):
    Account.objects.update(password_set_at=timezone.now() - PASSWORD_AGE - timedelta(days=1))
    sign_in(site)

    assert site.get("/work/")["Location"] == "/accounts/password/change/"
    changed = site.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": "Caoyuan-2026", "password2": "Caoyuan-2026"},
    )
    assert changed.status_code == 302
    assert site.get("/work/").status_code == 200
    assert LedgerEntry.objects.last().act == "change_password"


@pytest.mark.parametrize("password", ["short-1A", "abcdefghijkl", "Chen.wei-2025"])
def test_a_new_password_that_breaks_the_rule_is_refused(site, account, password):
    sign_in(site)

    page = site.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": password, "password2": password}
    )

    assert page.status_code == 200
    assert "密码" in page.content.decode()
    assert Account.objects.get().check_password(PASSWORD)


def test_an_idle_session_ends(site, account):
    from django.contrib.sessions.models import Session

    sign_in(site)
    site.get("/work/")
    [session] = Session.objects.all()
    assert session.expire_date <= timezone.now() + IDLE

    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    assert site.get("/work/").status_code == 302


@pytest.mark.parametrize(
    "address",
    ["/accounts/signup/", "/accounts/email/", "/accounts/identity/signup/", "/accounts/password/set/"],
)
def test_nobody_signs_up(site, account, address):
    assert site.get(address).status_code == 404
    sign_in(site)
    assert site.get(address).status_code == 404


def test_a_form_without_its_token_does_nothing_and_says_how_to_go_on(account):
    site = Client(enforce_csrf_checks=True, raise_request_exception=False)

    response = sign_in(site)

    assert response.status_code == 403
    assert "页面已过期" in response.content.decode()


def test_the_public_site_sets_no_cookie(site, account):
    for address in ("/", "/en/", "/permissions/", "/certificates/"):
        response = site.get(address)
        assert response.status_code == 200
        assert response.cookies == {}


def test_cookies_go_over_https_alone_and_no_script_reads_them(site, account):
    cookies = sign_in(site).cookies

    assert {
        name: (bool(each["secure"]), bool(each["httponly"]), each["samesite"])
        for name, each in cookies.items()
    } == {
        "sessionid": (True, True, "Lax"),
        "csrftoken": (True, True, "Lax"),
    }


def test_a_second_factor_is_asked_for_where_one_is_set(site, account):
    import base64
    import hashlib
    import hmac
    import struct
    import time

    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    secret = generate_totp_secret()
    TOTP.activate(account, secret)
    response = sign_in(site)
    assert response["Location"].startswith("/accounts/2fa/authenticate/")
    assert site.get("/work/").status_code == 302

    # RFC 6238, from its text: the test does not trust the code that it tests.
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    offset = digest[-1] & 15
    code = f"{(struct.unpack('>I', digest[offset : offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"
    assert site.post("/accounts/2fa/authenticate/", {"code": code})["Location"] == "/work/"

    assert site.get("/work/").status_code == 200
    assert LedgerEntry.objects.last().details == {"method": "mfa+password"}


@pytest.mark.parametrize(
    ("address", "language"), [("/accounts/login/", "zh-Hans"), ("/accounts/login/?language=en", "en")]
)
def test_the_login_speaks_the_language_that_was_chosen(site, account, address, language):
    page = site.get(address).content.decode()

    assert f'<html lang="{language}">' in page
    assert ("Sign in" in page) is (language == "en")


def test_demo_accounts_stand_on_the_login_page_of_a_demo_alone(site, account):
    from hatchmark.services import clock

    make_account("demo-i01", "institution", unit="demo-i01", demo=True)
    assert "demo-i01" not in site.get(LOGIN).content.decode()

    clock.begin_demonstration(timezone.now())

    assert "demo-i01" in site.get(LOGIN).content.decode()
