"""The addresses of the interface: every operation is declared in the modules that are loaded here."""

from django.urls import URLPattern, path

from hatchmark.api import (  # noqa: F401  (they declare their operations)
    evidence,
    openings,
    papers,
    reviews,
    running,
    statistics,
    work,
)
from hatchmark.api.operations import PREFIX, api


def patterns() -> list[URLPattern]:
    """Return the addresses of the operations and of the description; `api-root` is where they begin, and no page."""
    found, _, _ = api.urls
    kept = [each for each in found if isinstance(each, URLPattern) and (each.name or "").startswith(PREFIX)]
    described = next(each for each in found if isinstance(each, URLPattern) and each.name == "openapi-json")
    return [*kept, path("openapi.json", described.callback, name=f"{PREFIX}description")]
