"""Which act does each route belong to, who may do it, and which headers does every answer carry?

Access is closed unless a row of `ROUTES` names an act that the permission table opens to the role: a route without a
row stops the start (`routes_have_rows`), and where it starts all the same it is answered as not found. Whoever is
signed in and may not reach a page is answered as if it were not there; whoever is not is asked to sign in.
"""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.checks import CheckMessage, Error
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.urls import URLPattern, URLResolver, get_resolver

from hatchmark.domain.permissions import RULES, Role, scope_of
from hatchmark.web.accounts import OF_THE_INTERFACE, actor_for
from hatchmark.web.errors import not_allowed

GetResponse = Callable[[HttpRequest], HttpResponseBase]

CLOSED = ""
"""A route of a framework that nobody uses here: it is answered as not found."""

ROUTES: dict[str, str] = {
    # ---- the public site
    **dict.fromkeys(
        (
            "home", "round", "rows", "notice", "institution", "document", "scorecard", "schemes", "scheme",
            "scheme-file", "version", "correction", "version-file", "certificates", "certificate", "check-a-notice",
            "receipts", "receipt",
        ),
        "read_public",
    ),
    "what-if": "ask_what_if",
    "permissions": "read_public",
    "large-type": "read_public",
    "invitation": "sign_in",
    # ---- signing in, and the own account
    **dict.fromkeys(
        (
            "account_login", "account_inactive", "account_reset_password", "account_reset_password_done",
            "account_reset_password_from_key", "account_reset_password_from_key_done", "mfa_authenticate",
            "mfa_login_webauthn", "openid_connect_login", "openid_connect_callback",
            "socialaccount_login_cancelled", "socialaccount_login_error",
        ),
        "sign_in",
    ),
    **dict.fromkeys(
        (
            "account_logout", "account_reauthenticate", "account_change_password", "mfa_index",
            "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes", "mfa_download_recovery_codes", "mfa_list_webauthn",
            "mfa_add_webauthn", "mfa_remove_webauthn", "mfa_edit_webauthn", "mfa_reauthenticate_webauthn",
            "socialaccount_connections",
        ),
        "keep_own_account",
    ),
    # Accounts come from invitations, their addresses too; one sets a password by the link alone.
    **dict.fromkeys(
        (
            "account_signup", "account_email", "account_email_verification_sent", "account_confirm_email",
            "account_set_password", "socialaccount_signup", "account_confirm_login_code",
            "account_request_reauthentication_code", "account_confirm_reauthentication_code",
        ),
        CLOSED,
    ),
    # ---- work
    "todo": "read_own_work",
    **dict.fromkeys(("queues", "queue", "queue-file", "review"), "read_queue"),
    "approve": "approve",
    "batch-approval": "approve",
    "return-fields": "return_fields",
    "refuse": "refuse",
    "explain-flag": "explain_flag",
    "explain-absence": "explain_absence",
    "letter": "read_submission",
    "statistics": "import_statistics",
    "messages": "read_own_work",
    "messages-read": "read_own_work",
    "tokens": "make_token",
    "token-revoke": "make_token",
    "reminders": "send_reminders",
    "accounts": "read_accounts",
    "invite": "invite",
    "revoke-invitation": "invite",
    "account": "read_accounts",
    **dict.fromkeys(("rounds", "board", "board-xlsx", "move-on", "due", "call-file"), "read_board"),
    "open-round": "open_round",
    "deadlines": "extend_deadline",
    "scheme-change": "propose_scheme_change",
    "own-schemes": "keep_scheme",
    **dict.fromkeys(("submission", "submission-score", "history"), "read_draft"),
    "submission-save": "save_draft",
    "submission-hand-in": "submit",
    "submission-withdraw": "withdraw",
    **dict.fromkeys(
        ("submission-version", "submission-receipt", "submission-receipt-pdf", "submission-form-pdf"),
        "read_submission",
    ),
    **dict.fromkeys(("roster", "roster-template"), "read_draft"),
    **dict.fromkeys(("roster-new", "roster-row", "roster-import"), "save_draft"),
    **dict.fromkeys(("evidence", "evidence-file"), "read_evidence"),
    **dict.fromkeys(("evidence-upload", "evidence-chunk", "evidence-remove"), "add_evidence"),
    "scan": "attach_scan",
    "pending": "confirm_scheme_change",
    "entry": "read_submission",
    **dict.fromkeys(("requests", "ask-change"), "ask_change"),
    "ask-deferral": "ask_deferral",
    **dict.fromkeys(("rulings", "ruling"), "rule_change"),
    **dict.fromkeys(("register", "register-xlsx", "qualification"), "read_register"),
    "administrators": "confirm_administrator",
    "decide-administrator": "confirm_administrator",
    "mail": "read_jobs",
    "mail-retry": "retry_mail",
    "ledger": "read_ledger",
    "ledger-check": "read_ledger",
    "ledger-file": "read_ledger",
    "demo-clock": "sign_in",
}  # fmt: skip

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def content_security_policy() -> str:
    """Return what a page may load and where its forms may lead.

    No inline script, no inline style, nothing from elsewhere. `data:` is for the arrows of Tabler's form fields, which
    its stylesheet holds as data; an image can run nothing. Where an identity service is set, the sign-in page leads to
    it: a browser asks for leave to be sent on from a form as well.
    """
    form_action = "'self'"
    if settings.OIDC:
        service = urlsplit(settings.OIDC["settings"]["server_url"])
        form_action = f"'self' {service.scheme}://{service.netloc}"
    return "; ".join(
        (
            "default-src 'none'",
            "style-src 'self'",
            "script-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            f"form-action {form_action}",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


class SecurityHeaders:
    """Put the headers on every answer: pages, errors, files, and what a middleware answers by itself."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.headers = {"Content-Security-Policy": content_security_policy(), **HEADERS}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in self.headers.items():
            response[name] = value
        if settings.SECURE_HSTS_SECONDS and request.is_secure():
            response["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
        return response


class RoutePolicy:
    """Answer a route without a row as if it were not there."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        return not_allowed(request, response) if isinstance(response, HttpResponseNotAllowed) else response

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponseBase | None:
        """Refuse what no row opens to whoever asks."""
        match = request.resolver_match
        name = (match.url_name or "") if match else ""
        if name.startswith(OF_THE_INTERFACE):
            return None
        act = ROUTES.get(name, CLOSED)
        if act not in RULES:
            raise Http404
        if Role.PUBLIC in RULES[act].roles:
            return None
        actor = actor_for(request)
        if scope_of(actor, act) is not None:
            return None
        if actor.role is Role.PUBLIC:
            return redirect_to_login(request.get_full_path())
        raise Http404


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield every route under the resolver as (address pattern, name); the name is empty where it has none."""
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield address, entry.name or ""
        else:
            yield from routes(entry, address)


def routes_have_rows(app_configs: Any = None, **_: Any) -> list[CheckMessage]:
    """Django check: every route has a row, and the row names an act of the permission table or closes the route."""
    return [
        Error(
            f"the route '/{address}' (name '{name}') has no row that says which act it belongs to",
            hint="add its name to ROUTES in web/security.py, with an act of domain/permissions.py",
            id="hatchmark.E001",
        )
        for address, name in routes(get_resolver())
        if not name.startswith(OF_THE_INTERFACE)
        if name not in ROUTES or not (ROUTES[name] == CLOSED or ROUTES[name] in RULES)
    ]
