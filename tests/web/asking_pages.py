"""Asks for every page and file of the site and sends every form, as any account: for comparing two worlds.

What differs by chance (tokens of forms, session cookies) is taken out of the answers, and nothing else is.
"""

import re
from collections.abc import Generator, Iterator, Sequence
from http.cookies import SimpleCookie

from conftest_services import SCHEME
from django.test import Client
from django.urls import URLPattern
from two_worlds import WHO, Answers, headers_of, taken_back, without_tokens

from hatchmark.db.models import Account, Qualification, Round
from hatchmark.services import public
from hatchmark.web import urls

# What a form could hold, all of it at once: a page takes what it knows.
FORM = {
    "opinion": "示例意见", "reason": "示例原因", "explanation": "示例说明", "fields": "area", "signed_by": "示例李某",
    "pledge": "yes", "seen": "1", "version": "1", "grant": "yes", "day": "2025-04-30", "confirm": "yes",
    "value.area": "12", "status.area": "reported", "was.value.area": "", "was.status.area": "reported",
    "name": "示例.pdf", "size": "3", "note": "示例", "title": "示例", "old": "示例", "new": "示例", "effective": "2025",
    "as_kind": "makerspace", "code": "示例", "username": "demo-x", "role": "channel", "unit": "示例市",
    "deadline": "submission_closes_at",
    "enterprise": "示例企业", "scopes": "read", "days": "30", "flag": "示例",
}  # fmt: skip
INSTITUTIONS = ["demo-i01", "demo-i02"]
LATEST_VERSION = "2"
ALL: frozenset[str] = frozenset()
NO_FORM = frozenset({"demo-clock", "check-a-notice"})
"""The clock of a demonstration belongs to all who try it; the check of a notice counts how often it is asked."""


def keys_of(name: str, world: Round) -> list[int]:
    """Return the keys that a route of this name is asked with, those of hidden rows among them."""
    if name in ("account", "token-revoke", "mail-retry", "pending", "ruling", "decide-administrator"):
        # Rows that there may be: a hidden one has the next key, and nobody may be told that it is taken.
        return sorted({*Account.objects.values_list("pk", flat=True)[:3], 1, 2, Account.objects.count() + 1})
    if name in ("ask-change", "qualification"):
        return list(Qualification.objects.values_list("pk", flat=True))
    if name.startswith(
        ("board", "queue", "batch", "statistics", "reminders", "move", "due", "call", "dead", "sch")
    ):
        return [world.pk]
    return list(world.entries.order_by("serial").values_list("pk", flat=True))


def addresses(world: Round) -> Iterator[tuple[str, str]]:
    """Yield the name and every address of each route of the pages, without the language."""
    for pattern in urls.patterns:
        assert isinstance(pattern, URLPattern)
        path, name = str(pattern.pattern), pattern.name or ""
        if "<authority:" in path or "<code:authority>" in path:
            yield from ((name, filled) for filled in published_addresses(path, name, world))
            continue
        for pk in keys_of(name, world) if "<int:pk>" in path else [0]:
            filled = path.replace("<int:pk>", str(pk)).replace("<int:version>", "1")
            filled = re.sub(r"<int:\w+>", "1", filled)
            filled = re.sub(r"<(str|code|slug):(key|code)>", "hiddenkey0123456789", filled)
            filled = re.sub(r"<\w+:ending>", "docx", filled)
            filled = re.sub(r"<\w+:what>", "name", filled)
            yield name, re.sub(r"<\w+:\w+>", "x", filled)
    yield from (
        ("todo", "work/?page=2"),
        ("accounts", "work/accounts/?q=hidden"),
        ("ledger", "work/ledger/?q=submit"),
        ("messages", "work/messages/?page=1"),
    )


def published_addresses(path: str, name: str, world: Round) -> Iterator[str]:
    """Yield the addresses of a route of what is public: of the round in this world, published or not yet."""
    path = path.replace("<code:authority>/<code:name>", SCHEME)
    path = path.replace("<authority:authority>", world.authority.code).replace("<year:year>", str(world.year))
    path = path.replace("<code:kind>", "incubator").replace("<int:number>", LATEST_VERSION)
    try:
        files = public.document_names(world.authority.code, world.year)
    except public.NotPublishedError:
        files = ["results.json"]
    for code in {"institution": INSTITUTIONS, "scorecard": INSTITUTIONS}.get(name, [""]):
        filled = path.replace("<str:code>", code)
        # The working is asked for also where it is not offered.
        for file in {"document": [*files, "working.json"], "scheme-file": ["scheme.html"]}.get(
            name, ["correction-2.docx"]
        ):
            yield filled.replace("<str:name>", file).replace("<str:file>", file)


class Pages:
    """Asks for pages, and remembers which routes anybody was answered."""

    def __init__(
        self, world: Round, *, language: str = "", send_forms: bool, of: frozenset[str] = ALL
    ) -> None:
        """Ask for every route, or for those named in `of`."""
        self._asked = [each for each in dict.fromkeys(addresses(world)) if not of or each[0] in of]
        self._language = language
        self._send_forms = send_forms
        self.answered: set[str] = set()

    def look(self, username: str, first: Sequence[str]) -> Generator[tuple[str, object]]:
        """Yield what an account is answered at each address, those named `first` before the others; no forms."""
        return self._answers(username, first, send_forms=False)

    def see(self, usernames: Sequence[str]) -> Answers:
        """Return what each account is answered at each address, and to each form."""
        return {
            (username, address): answer
            for username in usernames
            for address, answer in self._answers(username, (), send_forms=self._send_forms)
        }

    def seek(self, usernames: Sequence[str]) -> None:
        """Ask each account only for what nobody was answered yet."""
        for username in usernames:
            self._asked = [(name, path) for name, path in self._asked if name not in self.answered]
            self.see([username])

    def _answers(
        self, username: str, first: Sequence[str], *, send_forms: bool
    ) -> Generator[tuple[str, object]]:
        # Whoever signs in leaves a line in the ledger, which is no matter of the next.
        with taken_back():
            site = Client(raise_request_exception=True)
            if WHO[username] is not None:
                site.force_login(
                    Account.objects.get(username=username),
                    backend="allauth.account.auth_backends.AuthenticationBackend",
                )
            asked = [(name, f"/{self._language}{path}") for name, path in self._asked]
            for name, address in sorted(asked, key=lambda each: f"GET {each[1]}" not in first):
                yield f"GET {address}", self._shown(site.get(address), name)
                if send_forms and name not in NO_FORM:
                    yield f"POST {address}", self._sent(site, address, name)

    def _sent(self, site: Client, address: str, name: str) -> object:
        """Send a form and follow where it leads, for what is said there; the world stays as it was."""
        cookies = SimpleCookie(site.cookies.output(header=""))
        with taken_back():
            response = site.post(address, FORM)
            shown = self._shown(response, name)
            led_to = response.headers.get("Location", "")
            if led_to and "/accounts/login/" not in led_to:
                shown = (shown, self._shown(site.get(led_to), name))
        site.cookies = cookies
        return shown

    def _shown(self, response, name: str) -> object:
        # What cannot be done as it was asked (409, 422) is told by whoever may do it, and by nobody else.
        if response.status_code not in (404, 405) and "/accounts/login/" not in response.headers.get(
            "Location", ""
        ):
            self.answered.add(name)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        return (response.status_code, headers_of(response), without_tokens(body))
