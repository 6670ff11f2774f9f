"""What the templates of the site say and draw: words of the catalogue, addresses of files, glyphs."""

import hashlib
import re
from collections.abc import Hashable, Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import Context
from django.template.loader import get_template
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from hatchmark.web import words
from hatchmark.web.addresses import address_of

register = template.Library()


@register.simple_tag(takes_context=True)
def say(context: Context, key: str, **parts: Any) -> str:
    """Write a text of the catalogue in the language of the page; what is put into it is escaped."""
    text = words.text(context["language"], key)
    return format_html(text, **parts) if parts else text


@register.simple_tag(takes_context=True)
def printed(context: Context, key: str) -> str:
    """Write a text as the documents print it, in Chinese, on a page of another language; else nothing."""
    if context["language"] == "zh":
        return ""
    return format_html(' <span lang="zh-Hans">{}</span>', words.text("zh", key))


@register.simple_tag(takes_context=True)
def address(context: Context, name: str) -> str:
    """Return the address of a page of the site in the language of this one."""
    return address_of(context["language"], name)


@register.simple_tag
def demo_accounts() -> list[dict[str, Any]]:
    """Return the accounts that a demo can be tried with; nothing elsewhere."""
    from hatchmark.web.demo import accounts_to_try  # noqa: PLC0415 - needs the loaded apps

    return accounts_to_try()


@register.simple_tag
def identity_service() -> dict[str, str] | None:
    """Return the identity service that is set: how it is called, and the addresses that lead to it; else nothing."""
    if not settings.OIDC:
        return None
    login = reverse("openid_connect_login", args=[settings.OIDC["provider_id"]])
    return {"name": settings.OIDC["name"], "login": login, "tie": f"{login}?process=connect"}


@register.simple_tag(takes_context=True)
def words_of_block(context: Context, name: str) -> str:
    """Write once more what a page put into a block: a page of a framework says its title there and nowhere else."""
    block = context.render_context[BLOCK_CONTEXT_KEY].get_block(name)
    return block.render(context) if block else ""


@register.filter
def chinese(text: str) -> SafeString:
    """Mark printed Chinese inside a text of another language, for readers of screens and chooser of fonts."""
    return format_html('<span lang="zh-Hans">{}</span>', text)


_CHINESE = re.compile(r"[\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]+")


@register.simple_tag(takes_context=True)
def mixed(context: Context, text: str) -> str:
    """Write a text that an author may have mixed; on a page of another language its Chinese is marked as such."""
    if context["language"] == "zh" or not _CHINESE.search(text):
        return text
    parts: list[SafeString] = []
    end = 0
    for found in _CHINESE.finditer(text):
        parts += [format_html("{}", text[end : found.start()]), chinese(found[0])]
        end = found.end()
    return format_html_join("", "{}", ((part,) for part in (*parts, format_html("{}", text[end:]))))


@register.simple_tag
def asset(name: str) -> str:
    """Return the address of an own or vendored file, with its digest: a changed file is fetched anew."""
    return f"{static(name)}?v={_version(name)}" if settings.DEBUG else _asset(name)


@cache
def _asset(name: str) -> str:
    return f"{static(name)}?v={_version(name)}"


def _version(name: str) -> str:
    found = finders.find(name)
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:12] if isinstance(found, str) else ""


@register.simple_tag
def has_asset(name: str) -> bool:
    """Whether a file is there: what comes from npm may not have been built on this machine."""
    return finders.find(name) is not None


@register.simple_tag
def glyph(result: str) -> SafeString:
    """Draw the shape of a result. The word stands beside it, so that it is silent to a screen reader."""
    return format_html(
        '<svg class="hm-glyph hm-is-{}" width="16" height="16" aria-hidden="true"><use href="#g-{}"/></svg>',
        result,
        result,
    )


MOST_ROWS_REMEMBERED = 4096
"""Of lists, in each process: a row takes a kilobyte or two."""


@register.simple_tag(takes_context=True)
def row(context: Context, template: str, of: Mapping[str, Hashable], **beside: Hashable) -> str:
    """Write one row of a list by a template that sees `of`, the language of the page and `beside`, and nothing else.

    So a row depends on what it shows alone, and is remembered by it: of a list that is looked at again, what did not
    change in between is not written again.
    """
    write = _row.__wrapped__ if settings.DEBUG else _row
    return write(template, context["language"], tuple(of.items()), tuple(beside.items()))


@lru_cache(maxsize=MOST_ROWS_REMEMBERED)
def _row(
    template: str,
    language: str,
    of: tuple[tuple[str, Hashable], ...],
    beside: tuple[tuple[str, Hashable], ...],
) -> str:
    return get_template(template).render({**dict(beside), "language": language, "of": dict(of)})


_NOUGHT = SafeString('<td class="hm-num"><span class="hm-none">0</span></td>')


@register.simple_tag
def counted(cells: Iterable[dict[str, Any]]) -> SafeString:
    """Write the cells of a row of counts, each a link to what it counts; nought is dim and leads nowhere.

    Of a department's channels there are hundreds of such cells, which a loop of the template would take longer for
    than for the rest of the page.
    """
    return format_html_join("", "{}", ((_cell(cell["n"], cell["address"]),) for cell in cells))


def _cell(n: int, address: str) -> SafeString:
    return format_html('<td class="hm-num"><a href="{}">{}</a></td>', address, n) if n else _NOUGHT


@register.filter
def dictitem(mapping: dict[str, Any], key: str) -> Any:
    """Look a key up."""
    return mapping[key]
