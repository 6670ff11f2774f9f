"""Signing in: who is it that asks, and what the framework of accounts is told to do our way."""

import logging
import time
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.signals import password_changed, password_reset, password_set
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.signals import social_account_added, social_account_removed
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from requests import RequestException

from hatchmark.db.models import Account
from hatchmark.domain.accounts import password_is_old
from hatchmark.domain.permissions import Actor, Role
from hatchmark.services import accounts, clock
from hatchmark.web.language import language_of
from hatchmark.web.load import visitor_of
from hatchmark.web.pages import show

OF_THE_INTERFACE = "api-"
"""Routes of the interface for programs: each of its operations names its act itself, or cannot be declared."""

_LOG = logging.getLogger(__name__)

ANYBODY = Actor(code="public", name="", role=Role.PUBLIC)


def actor_for(request: HttpRequest) -> Actor:
    """Return who asks: the account that is signed in, or anybody."""
    return accounts.actor_of(request.user) if isinstance(request.user, Account) else ANYBODY


def account_for(request: HttpRequest) -> Account:
    """Return the account that is signed in; raise Http404 where nobody is, as for a page that is not there."""
    if not isinstance(request.user, Account):
        raise Http404
    return request.user


def name_of(account: Account) -> str:
    """Return what an account is called on pages and in mail."""
    return account.name


def locked_out(
    request: HttpRequest, credentials: Any = None, *args: object, **kwargs: object
) -> HttpResponse:
    """Answer whoever failed too often. The page says the same whether the account is there or not."""
    return show(request, "web/locked_out.html", language_of(request), {}, status=429)


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up; an account comes from an invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return whom the limits count: behind a proxy it is not the proxy, or a whole province shares one limit."""
        return visitor_of(request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead to the to-do page, in the language that was chosen."""
        return "/en/work/" if language_of(request) == "en" else "/work/"

    def add_message(self, request: HttpRequest, level: int, *args: object, **kwargs: object) -> None:
        """Say nothing of signing in and out: the page that follows shows it."""
        template = kwargs.get("message_template") or (args[0] if args else "")
        if template not in ("account/messages/logged_in.txt", "account/messages/logged_out.txt"):
            super().add_message(request, level, *args, **kwargs)


class OutsideAccounts(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """An identity service tells who somebody is; it makes no account. It is tied to one by its holder, signed in."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:
        """No."""
        return False


def _signed_in(sender: object, request: HttpRequest | None, user: Account, **_: object) -> None:
    if request is None:  # a test that signs in without a page
        return
    methods = request.session.get("account_authentication_methods", [])
    named = "+".join(sorted({str(each.get("method", "")) for each in methods})) or "password"
    accounts.note_sign_in(account=user, method=named, at=clock.now())


def _password_new(sender: object, request: HttpRequest, user: Account, **_: object) -> None:
    accounts.note_password_change(account=user, at=clock.now())


def _tied(sender: object, request: HttpRequest, sociallogin: Any, **_: object) -> None:
    accounts.note_identity(
        account=sociallogin.user, identity=sociallogin.account.uid, tied=True, at=clock.now()
    )


def _untied(sender: object, request: HttpRequest, socialaccount: Any, **_: object) -> None:
    accounts.note_identity(account=socialaccount.user, identity=socialaccount.uid, tied=False, at=clock.now())


def listen() -> None:
    """Hear from the framework of accounts what happened there: it calls no service of ours."""
    social_account_added.connect(_tied, dispatch_uid="hatchmark.tied")
    social_account_removed.connect(_untied, dispatch_uid="hatchmark.untied")
    user_logged_in.connect(_signed_in, dispatch_uid="hatchmark.signed_in")
    for signal in (password_changed, password_reset, password_set):
        signal.connect(_password_new, dispatch_uid="hatchmark.password_new")


class AnswersForIdentityService:
    """Say so where the identity service is away, or answers what no such service may: it is not our fault alone."""

    ROUTES = frozenset({"openid_connect_login", "openid_connect_callback"})
    # What is not there of what it must describe, and what is no JSON or of another kind, ends as one of these.
    FAULTS = (RequestException, KeyError, TypeError, AttributeError)

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer on the two routes that ask it; whatever else fails goes on."""
        match = request.resolver_match
        if match is None or match.url_name not in self.ROUTES or not isinstance(exception, self.FAULTS):
            return None
        _LOG.error("the identity service did not answer as it should", exc_info=exception)
        return render(request, "socialaccount/authentication_error.html", status=502)


class KeepsAccountRules:
    """Sign out whoever is idle, and ask for a new password where the old one is too old."""

    TOUCHED = "touched"
    EVERY = 60
    WITH_AN_OLD_PASSWORD = frozenset({"account_change_password", "account_logout", "account_reauthenticate"})

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponseBase | None:
        """Keep the session of whoever works; the page itself may be any that needs an account."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not isinstance(request.user, Account):
            return None
        seconds = int(time.time())
        # Once a minute is enough: a write for each request would be felt.
        if seconds - request.session.get(self.TOUCHED, 0) >= self.EVERY:
            request.session[self.TOUCHED] = seconds
        name = (request.resolver_match.url_name or "") if request.resolver_match else ""
        if (
            name.startswith(OF_THE_INTERFACE)
            or name in self.WITH_AN_OLD_PASSWORD
            or request.user.demo
            or not request.user.has_usable_password()
            or not password_is_old(request.user.password_set_at, at=clock.now())
        ):
            return None
        return HttpResponseRedirect(reverse("account_change_password"))
