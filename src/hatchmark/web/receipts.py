"""查验回执: somebody holds a receipt in hand and asks whether it is genuine and its version still the latest."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from hatchmark.domain.receipts import ReceiptState, read_receipt_code
from hatchmark.services.receipts import receipt_state
from hatchmark.web import words
from hatchmark.web.addresses import address_of
from hatchmark.web.pages import show

LONGEST_SHOWN = 60
"""A typed code is shown again up to this length; a real one has 29 signs."""


@require_safe
def receipts(request: HttpRequest, language: str) -> HttpResponse:
    """Ask for a code; one that can be read leads to its answer, another is asked for again."""
    typed = request.GET.get("code", "")
    if read := read_receipt_code(typed):
        return HttpResponseRedirect(address_of(language, "receipt", read[0]))
    return _asked(request, language, typed=typed)


@require_safe
def receipt(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Answer a code without a figure: current, superseded or withdrawn. A code of no receipt is not found."""
    view = receipt_state(code)
    if view is None:
        return _asked(request, language, typed=code, status=404)
    moment = f"{words.moment(language, view.handed_in_at)}:{view.handed_in_at.second:02d}"
    kind = f"kind_{view.kind}"
    return show(
        request,
        "web/receipt.html",
        language,
        {
            "receipt": view,
            "current": view.state is ReceiptState.CURRENT,
            "heading": words.say(language, f"receipt_{view.state}"),
            "text": words.say(language, f"receipt_{view.state}_text", n=view.version, latest=view.latest),
            "handed_in": moment,
            "kind": view.kind_title
            if language == "zh"
            else words.say(language, kind)
            if kind in words.TEXTS
            else view.kind,
        },
    )


def _asked(request: HttpRequest, language: str, *, typed: str, status: int = 200) -> HttpResponse:
    return show(
        request,
        "web/receipts.html",
        language,
        {"typed": typed[:LONGEST_SHOWN], "unknown": bool(typed)},
        status=status,
    )
