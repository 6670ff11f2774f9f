"""The addresses of pages, remembered. A list writes one in every row, and each is found anew by matching patterns."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import get_script_prefix, reverse

_MOST_REMEMBERED = 20_000


def address_of(language: str, route: str, *arguments: Any) -> str:
    """Return the address of a page of the site in a language. Raises NoReverseMatch where there is no such page."""
    return _address(settings.ROOT_URLCONF, get_script_prefix(), f"{language}:{route}", arguments)


@lru_cache(maxsize=_MOST_REMEMBERED)
def _address(_urls: str, _prefix: str, route: str, arguments: tuple[Any, ...]) -> str:
    # What it depends on beside its own arguments stands among them.
    return reverse(route, args=arguments)
