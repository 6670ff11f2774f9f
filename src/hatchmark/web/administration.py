"""The pages of the three administrators: accounts (security), mail and jobs (system), the ledger (audit)."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hatchmark.db.models import Account, Authority, Invitation, LedgerEntry, Message, PendingAct
from hatchmark.domain.permissions import ADMINISTRATORS, Role
from hatchmark.services import accounts as service
from hatchmark.services import clock
from hatchmark.services.ledger import first_break, ledger_jsonl
from hatchmark.services.messages import retry_mail
from hatchmark.services.refusals import RefusedError
from hatchmark.web import words
from hatchmark.web.accounts import actor_for
from hatchmark.web.addresses import address_of
from hatchmark.web.ledger_objects import lines_about, objects_of
from hatchmark.web.pages import attachment
from hatchmark.web.paging import Asked, page_of
from hatchmark.web.problems import refusal
from hatchmark.web.work import back, show_work, tell, tell_refused

ADMINS = [role for role in Role if role in ADMINISTRATORS]
OTHERS = [role for role in Role if role not in ADMINISTRATORS and role is not Role.PUBLIC]


# ---- accounts: the security administrator ------------------------------------------------------------------


@require_safe
def accounts(request: HttpRequest, language: str) -> HttpResponse:
    """List every account, by name, unit or role; and the invitations that nobody has taken up."""
    return _accounts(request, language)


def _accounts(
    request: HttpRequest,
    language: str,
    *,
    typed: dict[str, str] | None = None,
    problem: str = "",
    told: str = "",
) -> HttpResponse:
    asked = Asked.read(request.GET, ("q", "role"))
    query, role = asked["q"], asked["role"]
    found = Account.objects.all()
    if query:
        found = (
            found.filter(username__icontains=query)
            | found.filter(name__icontains=query)
            | found.filter(unit__icontains=query)
        )
    if role in set(Role):
        found = found.filter(role=role)
    page = page_of(asked, found)
    now = clock.now()
    waiting = Invitation.objects.filter(account=None, revoked_at=None, expires_at__gte=now)
    return show_work(
        request,
        "web/work/accounts.html",
        language,
        {
            "page": page,
            "rows": [
                {
                    "account": account,
                    "role": words.say(language, f"role_{account.role}"),
                    "authority": account.authority.name if account.authority else "",
                    "last": words.moment(language, account.last_login) if account.last_login else "",
                }
                for account in page["rows"]
            ],
            "query": query,
            "asked_role": role,
            "roles": [(each.value, words.say(language, f"role_{each}")) for each in (*ADMINS, *OTHERS)],
            "roles_to_invite": [(each.value, words.say(language, f"role_{each}")) for each in OTHERS],
            "authorities": Authority.objects.order_by("name"),
            "waiting": [
                {
                    "pk": each.pk,
                    "name": each.name,
                    "role": words.say(language, f"role_{each.role}"),
                    "unit": each.unit,
                    "until": words.moment(language, each.expires_at),
                }
                for each in waiting
            ],
            "typed": typed or {},
            "problem": problem,
            "told": told,
        },
        status=422 if problem else 200,
    )


@require_POST
def invite(request: HttpRequest, language: str) -> HttpResponse:
    """Offer a post; show the address of the invitation once."""
    typed = {
        name: request.POST.get(name, "").strip()
        for name in ("role", "name", "email", "unit", "authority", "person")
    }
    try:
        post = _post(typed)
        _, code = service.invite(post=post, actor=actor_for(request), at=clock.now())
    except RefusedError as error:
        return _accounts(request, language, typed=typed, problem=refusal(language, error))
    return _accounts(request, language, told=_address(request, language, code))


def _post(typed: dict[str, str]) -> service.Post:
    role = Role(typed["role"]) if typed["role"] in set(Role) else Role.PUBLIC
    return service.Post(
        role=role,
        name=typed["name"][:100],
        email=typed["email"][:254],
        unit=typed["unit"][:200],
        authority=Authority.objects.filter(code=typed.get("authority", "")).first(),
        person=typed["person"][:100],
    )


def _address(request: HttpRequest, language: str, code: str) -> str:
    return request.build_absolute_uri(address_of(language, "invitation", code))


@require_POST
def revoke_invitation(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """Make an invitation worthless."""
    return _done(
        request,
        language,
        "accounts",
        lambda: service.revoke_invitation(
            invitation=get_object_or_404(Invitation, pk=pk), actor=actor_for(request), at=clock.now()
        ),
        "invitation_revoked",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """Show one account; block it or open it again, with the reason."""
    shown = get_object_or_404(Account, pk=pk)
    reason, problem = request.POST.get("reason", "").strip(), ""
    if request.method == "POST":
        act = service.block_account if shown.is_active else service.unblock_account
        try:
            act(account=shown, reason=reason[:1000], actor=actor_for(request), at=clock.now())
        except RefusedError as error:
            problem = refusal(language, error)
        else:
            tell(request, words.say(language, "account_open" if shown.is_active else "account_blocked"))
            return back(request, language, "account", pk)
    return show_work(
        request,
        "web/work/account.html",
        language,
        {
            "shown": shown,
            "role": words.say(language, f"role_{shown.role}"),
            "made": words.moment(language, shown.made_at),
            "last": words.moment(language, shown.last_login) if shown.last_login else "",
            "reason": reason,
            "problem": problem,
            "itself": shown.pk == request.user.pk,
        },
        status=422 if problem else 200,
    )


# ---- administrators: made by two of them -------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def administrators(request: HttpRequest, language: str) -> HttpResponse:
    """List the administrators and what waits for a second one; the security administrator proposes a new one."""
    actor = actor_for(request)
    typed = {
        name: request.POST.get(name, "").strip() for name in ("role", "name", "email", "person", "reason")
    }
    problem = ""
    if request.method == "POST":
        try:
            service.propose_administrator(
                post=_post(typed | {"unit": ""}), reason=typed["reason"][:1000], actor=actor, at=clock.now()
            )
        except RefusedError as error:
            problem = refusal(language, error)
        else:
            tell(request, words.say(language, "administrator_proposed"))
            return back(request, language, "administrators")
    return _administrators(request, language, typed=typed, problem=problem)


def _administrators(
    request: HttpRequest,
    language: str,
    *,
    typed: dict[str, str] | None = None,
    problem: str = "",
    told: str = "",
) -> HttpResponse:
    actor = actor_for(request)
    pending = PendingAct.objects.filter(act="make_administrator").order_by("-pk")
    return show_work(
        request,
        "web/work/administrators.html",
        language,
        {
            "administrators": [
                {"account": each, "role": words.say(language, f"role_{each.role}")}
                for each in Account.objects.filter(role__in=[role.value for role in ADMINS])
            ],
            "pending": [
                {
                    "pk": each.pk,
                    "name": each.facts["name"],
                    "role": words.say(language, f"role_{each.facts['role']}"),
                    "reason": each.reason,
                    "by": each.proposed_by,
                    "at": words.moment(language, each.proposed_at),
                    "mine": each.proposed_by == actor.code,
                }
                for each in pending.filter(state="proposed")
            ],
            "may_propose": actor.role is Role.SECURITY_ADMIN,
            "roles": [(role.value, words.say(language, f"role_{role}")) for role in ADMINS],
            "typed": typed or {},
            "problem": problem,
            "told": told,
        },
        status=422 if problem else 200,
    )


@require_POST
def decide_administrator(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """Confirm or refuse what another proposed; confirmed, the address of the invitation is shown once."""
    pending = get_object_or_404(PendingAct, pk=pk, act="make_administrator")
    try:
        made = service.decide_administrator(
            pending=pending,
            confirm=request.POST.get("decision") == "confirm",
            actor=actor_for(request),
            at=clock.now(),
        )
    except RefusedError as error:
        return _administrators(request, language, problem=refusal(language, error))
    if made is None:
        tell(request, words.say(language, "administrator_refused"))
        return back(request, language, "administrators")
    return _administrators(request, language, told=_address(request, language, made[1]))


# ---- mail and jobs: the system administrator ---------------------------------------------------------------


@require_safe
def mail(request: HttpRequest, language: str) -> HttpResponse:
    """Show what was sent, what waits, and what failed with the mail server's answer."""
    asked = Asked.read(request.GET, ("state",))
    state = asked["state"]
    sent = _mails().select_related("account")
    counts = {each: sent.filter(mail=each).count() for each in ("waiting", "sent", "failed")}
    page = page_of(asked, sent.filter(mail=state) if state in counts else sent)
    return show_work(
        request,
        "web/work/mail.html",
        language,
        {
            "page": page,
            "counts": [(each, words.say(language, f"mail_{each}"), counts[each]) for each in counts],
            "state": state,
            "rows": [
                {
                    "pk": message.pk,
                    "to": message.account.username,
                    "event": words.say(language, f"event_{message.event}"),
                    "at": words.moment(language, message.made_at),
                    "state": message.mail,
                    "state_name": words.say(language, f"mail_{message.mail}"),
                    "problem": message.mail_problem,
                    "tries": message.mail_tries,
                }
                for message in page["rows"]
            ],
        },
    )


@require_POST
def retry(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """Send a failed mail again."""
    return _done(
        request,
        language,
        "mail",
        lambda: retry_mail(
            message=get_object_or_404(_mails(), pk=pk), actor=actor_for(request), at=clock.now()
        ),
        "mail_again",
    )


def _mails() -> QuerySet[Message]:
    """Return the messages that a mail went out for; that there are others is no matter of the system administrator."""
    return Message.objects.exclude(mail="none")


# ---- the ledger: the audit administrator -------------------------------------------------------------------


@require_safe
def ledger(request: HttpRequest, language: str) -> HttpResponse:
    """List the lines of the ledger, the newest first, by act, actor or object."""
    asked = Asked.read(request.GET, ("q",))
    query = asked["q"]
    lines = LedgerEntry.objects.select_related("round").order_by("-sequence")
    if query:
        lines = lines.filter(lines_about(language, query))
    page = page_of(asked, lines)
    shown = list(page["rows"])
    objects = objects_of(language, shown)
    return show_work(
        request,
        "web/work/ledger.html",
        language,
        {
            "page": page,
            "query": query,
            "lines": [_line(language, line, objects[line.sequence]) for line in shown],
        },
    )


def _line(language: str, line: LedgerEntry, about: str) -> dict[str, Any]:
    key = f"act_{line.act}"
    return {
        "sequence": line.sequence,
        "act": words.say(language, key) if key in words.TEXTS else line.act,
        "code": line.act,
        "actor": line.actor,
        "role": words.say(language, f"role_{line.actor_role}"),
        "object": about,
        "subject": line.subject,
        "at": line.happened_at[:19].replace("T", " ") or line.happened_bound,
        "digest": line.digest,
        "details": sorted(line.details.items()),
    }


@require_safe
def ledger_check(request: HttpRequest, language: str) -> HttpResponse:
    """Recompute the whole chain, and say whether it is whole or at which line it breaks."""
    return show_work(
        request,
        "web/work/ledger_check.html",
        language,
        {"problem": first_break(), "count": LedgerEntry.objects.count()},
    )


@require_safe
def ledger_file(request: HttpRequest, language: str) -> HttpResponse:
    """The whole chain as ledger.jsonl."""
    return attachment(ledger_jsonl(), "application/x-ndjson", "ledger.jsonl")


def _done(request: HttpRequest, language: str, route: str, act: Any, said: str) -> HttpResponse:
    try:
        act()
    except RefusedError as error:
        tell_refused(request, language, error)
    else:
        tell(request, words.say(language, said))
    return back(request, language, route)
