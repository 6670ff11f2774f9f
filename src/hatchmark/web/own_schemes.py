"""The schemes of a department: tried as often as it likes, kept once, and never changed."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from hatchmark.schemes.loader import LARGEST_FILE
from hatchmark.services import clock, schemes
from hatchmark.services.refusals import FaultyError, RefusedError
from hatchmark.web import words
from hatchmark.web.accounts import actor_for
from hatchmark.web.problems import Fault, faults_of, refusal
from hatchmark.web.schemes import scheme_address, summary_of
from hatchmark.web.work import back, show_work, tell

FIELDS = ("content", "cases")


@require_http_methods(["GET", "HEAD", "POST"])
def own_schemes(request: HttpRequest, language: str) -> HttpResponse:
    """List the schemes of the own authority; try one, and keep it."""
    actor, at = actor_for(request), clock.now()
    faults: list[Fault] = []
    tried = None
    texts = dict.fromkeys(FIELDS, "")
    if request.method == "POST":
        texts, faults = _texts(request, language)
        if not faults:
            try:
                if request.POST.get("act") == "keep":
                    kept = schemes.keep_scheme(**texts, actor=actor, at=at)
                    tell(request, words.say(language, "own_scheme_kept", code=kept.code))
                    return back(request, language, "own-schemes")
                tried = schemes.try_scheme(**texts, actor=actor, at=at)
                faults = faults_of(language, tried.problems)
            except FaultyError as error:
                faults = faults_of(language, error.problems)
            except RefusedError as error:
                faults = [Fault(about="", text=refusal(language, error))]
    return show_work(
        request,
        "web/work/own_schemes.html",
        language,
        {
            "kept": [
                {
                    **summary_of(scheme, language),
                    "code": each.code,
                    "digest": each.digest,
                    "by": each.added_by,
                    "at": words.moment(language, each.added_at),
                    "address": scheme_address(each.code, language=language),
                }
                for each, scheme in schemes.own_schemes(actor, at=at)
            ],
            "texts": texts,
            "faults": faults,
            "tried": {
                **summary_of(tried.scheme, language),
                "code": tried.scheme.code,
                "cases": tried.cases,
                "n_figures": len(tried.scheme.asked),
            }
            if tried is not None and tried.scheme is not None
            else None,
            "may_keep": tried is not None and not faults,
            "own": schemes.prefix_of(actor.authority),
        },
        status=422 if faults else 200,
    )


def _texts(request: HttpRequest, language: str) -> tuple[dict[str, str], list[Fault]]:
    """Return what was typed, or stands in the files chosen, which come before it; and what cannot be read."""
    texts, faults = {}, []
    for name in FIELDS:
        # A browser sends other ends of line than were typed.
        texts[name] = request.POST.get(name, "").replace("\r\n", "\n")
        file = request.FILES.get(f"{name}_file")
        if file is None or file.size is None:
            continue
        if file.size > LARGEST_FILE:
            said = words.say(language, "own_scheme_large", file=file.name, most=LARGEST_FILE // 1024)
            faults.append(Fault(about=name, text=said))
            continue
        try:
            texts[name] = file.read().decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError:
            said = words.say(language, "own_scheme_encoding", file=file.name)
            faults.append(Fault(about=name, text=said))
    if not faults and not texts["content"].strip():
        faults.append(Fault(about="content", text=words.text(language, "own_scheme_empty")))
    return texts, faults
