"""查验证明: somebody holds a certificate in hand and asks whether it still holds."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from hatchmark.domain.certificates import State, read_code
from hatchmark.services.certificates import CertificateView, certificate_state
from hatchmark.web import words
from hatchmark.web.addresses import address_of
from hatchmark.web.pages import show

LONGEST_SHOWN = 60
"""A typed code is shown again up to this length; the longest real one has 29 signs."""

_STATES = {
    State.VALID: ("certificate_valid", "certificate_valid_text"),
    State.SUPERSEDED: ("certificate_superseded", "certificate_superseded_text"),
    State.WITHDRAWN: ("certificate_withdrawn", "certificate_withdrawn_text"),
}


@require_safe
def certificates(request: HttpRequest, language: str) -> HttpResponse:
    """Ask for a code; one that can be read leads to its answer, another is asked for again."""
    typed = request.GET.get("code", "")
    if code := read_code(typed):
        return HttpResponseRedirect(address_of(language, "certificate", code))
    return _asked(request, language, typed=typed)


@require_safe
def certificate(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Answer a code: valid, superseded or withdrawn. A code of no certificate is asked for again, as not found."""
    view = certificate_state(code)
    if view is None:
        return _asked(request, language, typed=code, status=404)
    heading, text = _STATES[view.state]
    return show(
        request,
        "web/certificate.html",
        language,
        {
            "certificate": view,
            "valid": view.state is State.VALID,
            "heading": words.say(language, heading),
            "text": words.say(
                language, text, since=_day(language, view.since), version=view.latest_version, year=view.year
            ),
            "kind": _kind(language, view),
            "grade": view.grade if language == "zh" else words.say(language, view.grade_code),
            "issued_on": _day(language, view.issued_at),
            "round_address": address_of(language, "round", view.authority_code, view.year),
            "institution_address": address_of(language, "institution", view.authority_code, view.institution),
        },
    )


def _asked(request: HttpRequest, language: str, *, typed: str, status: int = 200) -> HttpResponse:
    return show(
        request,
        "web/certificates.html",
        language,
        {"typed": typed[:LONGEST_SHOWN], "unknown": bool(typed)},
        status=status,
    )


def _day(language: str, moment: datetime | None) -> str:
    return words.day(language, timezone.localtime(moment).date()) if moment else ""


def _kind(language: str, view: CertificateView) -> str:
    if language == "zh":
        return view.kind_title
    key = f"kind_{view.key.kind}"
    return words.say(language, key) if key in words.TEXTS else view.key.kind
