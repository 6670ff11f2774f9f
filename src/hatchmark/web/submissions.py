"""The pages of an institution: its submission, from the first figure to the receipt."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hatchmark.db.models import Submission
from hatchmark.documents.pdf import printed_form_pdf, receipt_pdf
from hatchmark.domain.entering import YUAN, Note, Reading, Section, Typed, read_form, sections_of
from hatchmark.domain.permissions import Actor, Subject, may
from hatchmark.domain.receipts import PLEDGE
from hatchmark.domain.scheme import (
    LAST_YEAR,
    MEASURED,
    AskedFigure,
    FigureStatus,
    FigureType,
    Scheme,
    exact_text,
)
from hatchmark.domain.workflow import Stage
from hatchmark.services import clock, cross_checks, drafts, evidence, receipts, submissions
from hatchmark.services.drafts import Change, Field, OpenPapers
from hatchmark.services.handing_in import papers_of
from hatchmark.services.previews import Known, preview_of
from hatchmark.services.reach import entries_for
from hatchmark.services.refusals import NotAllowedError, OutdatedError, RefusedError
from hatchmark.services.rosters import ROSTER
from hatchmark.services.rounds import scheme_of_entry
from hatchmark.web import words
from hatchmark.web.accounts import actor_for
from hatchmark.web.addresses import address_of
from hatchmark.web.flags import flag_views
from hatchmark.web.pages import attachment
from hatchmark.web.work import back, show_work, tell, time_left
from hatchmark.web.working import Title, grouped, points, view_of

_STATUSES = (
    FigureStatus.REPORTED,
    FigureStatus.NOT_APPLICABLE,
    FigureStatus.ABSENT,
    FigureStatus.REFUSED,
)
_BLANK = "blank"


# ---- one field, as the page shows it ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLine:
    """A remark in words, with the text that is proposed instead."""

    words: str
    blocks: bool
    proposal: str = ""
    chinese: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """What another window saved into a field while something else was typed here."""

    words: str
    theirs: str
    mine: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldLine:
    """One field of the form. `was` is what is stored: what is typed is saved only where that still stands."""

    code: str
    anchor: str
    title: Title
    unit: str
    help: str
    kind: str
    choices: tuple[tuple[str, str], ...]
    statuses: tuple[tuple[str, str], ...]
    typed: Typed
    was: Typed
    editable: bool
    shown: str
    beside: tuple[str, ...]
    notes: tuple[NoteLine, ...]
    clash: Clash | None = None
    first_wrong: bool = False

    @property
    def wrong(self) -> bool:
        """Whether something stands against handing it in, or a choice is to be made."""
        return self.clash is not None or any(note.blocks for note in self.notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionLine:
    """One section of the form with how far it is."""

    code: str
    title: Title
    fields: tuple[FieldLine, ...]
    filled: int
    wrong: int

    @property
    def total(self) -> int:
        """How many fields it has."""
        return len(self.fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Everything the form shows: what is stored, what was typed just now, and what is to be said of both."""

    papers: OpenPapers
    language: str
    fields: Mapping[str, Field]
    typed: Mapping[str, Typed]
    last: Mapping[str, Fraction]
    readings: Mapping[str, Reading]
    relations: tuple[Note, ...]
    clashes: Mapping[str, Field] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)

    def line(self, code: str) -> FieldLine:
        """Return one field as the page shows it."""
        asked = self.papers.scheme.asked[code]
        stored, typed = self.fields[code].typed, self.typed[code]
        notes = tuple(
            note_line(self.language, asked, note) for note in self.readings[code].notes if note.rule != _BLANK
        )
        if (rule := self.refused.get(code)) and rule not in {note.rule for note in self.readings[code].notes}:
            notes = (*notes, note_line(self.language, asked, Note(figure=code, rule=rule, blocks=True)))
        clash = self.clashes.get(code)
        return FieldLine(
            code=code,
            anchor=anchor_of(code),
            title=title_of(self.papers.scheme, code, self.language),
            unit=asked.figure.unit,
            help=asked.figure.basis,
            kind="choice" if _choices(asked, self.language) else "text",
            choices=_choices(asked, self.language),
            statuses=tuple(
                (status.value, words.say(self.language, f"entry_{status}"))
                for status in _statuses(self.papers.scheme, asked)
            ),
            typed=typed,
            was=stored,
            editable=code in self.papers.editable,
            shown=shown(self.language, asked, typed),
            beside=tuple(_beside(self.language, asked, self.readings[code], self.last)),
            notes=notes,
            clash=None
            if clash is None
            else Clash(
                words=words.say(
                    self.language,
                    "clash",
                    by=clash.by,
                    at=_second(self.language, clash.at) if clash.at else "",
                ),
                theirs=shown(self.language, asked, clash.typed),
                mine=shown(self.language, asked, typed),
            ),
        )


def anchor_of(code: str) -> str:
    """Return the name of a field inside the page."""
    return f"f-{code.replace(LAST_YEAR, '-last')}"


def title_of(scheme: Scheme, code: str, language: str) -> Title:
    """Return the title of a figure in the language of the page, or the Chinese one that says so."""
    asked = scheme.asked[code]
    if language == "en" and asked.figure.title_en:
        if code.endswith(LAST_YEAR):
            return Title(words.say("en", "last_year_of", figure=asked.figure.title_en), "en")
        return Title(asked.figure.title_en, "en")
    return Title(asked.title, "zh-Hans")


def note_line(language: str, asked: AskedFigure | None, note: Note) -> NoteLine:
    """Put a remark into words. What the scheme's author wrote about a relation stays in Chinese."""
    facts = {
        name: grouped(value) if name in ("value", "last", "limit", "low", "high") else value
        for name, value in note.facts.items()
    }
    unit = asked.figure.unit if asked else ""
    if note.rule == "unit_slip":
        facts["typed_unit"] = facts.pop("unit")
    chinese = facts.pop("message", "")
    return NoteLine(
        words=words.say(
            language,
            f"note_{note.rule}",
            **{"unit": unit, "proposal": grouped(note.proposal), "message": chinese, **facts},
        ),
        blocks=note.blocks,
        proposal=note.proposal,
        chinese=chinese,
    )


def _statuses(scheme: Scheme, asked: AskedFigure) -> Iterable[FigureStatus]:
    known = {**scheme.missing.treatments, **asked.figure.missing}
    return (status for status in _STATUSES if status is FigureStatus.REPORTED or status in known)


def _choices(asked: AskedFigure, language: str) -> tuple[tuple[str, str], ...]:
    if asked.figure.type is FigureType.BOOLEAN:
        return (("true", words.say(language, "entry_yes")), ("false", words.say(language, "entry_no")))
    if asked.figure.type is FigureType.CATEGORY:
        return tuple((value, value) for value in asked.figure.values)
    return ()


def shown(language: str, asked: AskedFigure, typed: Typed) -> str:
    """Return a field as text: its value with its unit, the word for why there is none, or that it is empty."""
    if typed.status != FigureStatus.REPORTED:
        known = typed.status in [status.value for status in FigureStatus]
        return words.say(language, f"entry_{typed.status}") if known else typed.status[:40]
    if typed.is_blank:
        return words.say(language, "entry_blank")
    value = dict(_choices(asked, language)).get(typed.value, grouped(typed.value))
    return f"{value[:80]} {asked.figure.unit}".strip()


def _beside(
    language: str, asked: AskedFigure, reading: Reading, last: Mapping[str, Fraction]
) -> Iterable[str]:
    """Yield what stands beside a field: its amount in 万元, last year's value, and the difference."""
    figure = asked.figure
    value = reading.value.value if reading.value else None
    measured = figure.type in MEASURED
    if value is not None and measured and figure.unit in YUAN and figure.unit != "万元":
        yield words.say(language, "in_ten_thousands", value=_ten_thousands(value, figure.unit))
    if asked.reference.endswith(LAST_YEAR):
        return
    before = last.get(asked.reference)
    if before is None:
        # Where there is no year before at all, the head of the form says so once.
        if last:
            yield words.say(language, "no_last_year")
        return
    yield words.say(language, "last_year", value=grouped(figure.text_of(before)), unit=figure.unit)
    if value is None or not measured or value == before:
        return
    sign = "+" if value > before else "−"
    change = f"{sign}{grouped(exact_text(abs(value - before)))}"
    share = f"{sign}{_tenths(abs(value - before) * 100 / before)}%" if before else ""
    yield (
        words.say(language, "than_last_year", change=change, share=share)
        .replace("（）", "")
        .replace(" ()", "")
    )


def _ten_thousands(value: Fraction, unit: str) -> str:
    return grouped(exact_text(value * YUAN[unit] / YUAN["万元"]))


def _tenths(value: Fraction) -> str:
    tenths = (value * 10 + Fraction(1, 2)).__floor__()
    return f"{tenths // 10}.{tenths % 10}"


def _second(language: str, at: datetime) -> str:
    return f"{words.moment(language, at)}:{at.second:02d}"


# ---- the form ---------------------------------------------------------------------------------------------


def _open(request: HttpRequest, pk: int, *, actor: Actor, at: datetime) -> OpenPapers:
    papers = drafts.open_papers(pk, actor=actor, at=at)
    if papers is None:
        raise Http404
    return papers


def _form(
    papers: OpenPapers,
    language: str,
    *,
    fields: Mapping[str, Field] | None = None,
    typed: Mapping[str, Typed] | None = None,
    clashes: Mapping[str, Field] | None = None,
    refused: Mapping[str, str] | None = None,
) -> Form:
    stored = drafts.fields_of(papers) if fields is None else fields
    now = {code: each.typed for code, each in stored.items()} | dict(typed or {})
    last = drafts.last_year_of(papers.entry, papers.scheme)
    readings, relations = read_form(papers.scheme, now, last=last)
    return Form(
        papers=papers,
        language=language,
        fields=stored,
        typed=now,
        last=last,
        readings=readings,
        relations=relations,
        clashes=clashes or {},
        refused=refused or {},
    )


def _sections(form: Form) -> list[SectionLine]:
    return [_section(form, section) for section in sections_of(form.papers.scheme)]


def _section(form: Form, section: Section) -> SectionLine:
    lines = tuple(form.line(code) for code in section.references)
    return SectionLine(
        code=section.code,
        title=_section_title(form.language, section),
        fields=lines,
        filled=sum(not line.typed.is_blank for line in lines),
        wrong=sum(line.wrong for line in lines),
    )


def _section_title(language: str, section: Section) -> Title:
    if not section.title:
        return Title(words.say(language, "section_other"), words.HTML_LANGUAGE[language])
    if language == "en" and section.title_en:
        return Title(section.title_en, "en")
    return Title(section.title, "zh-Hans")


def _checks(form: Form, sections: Sequence[SectionLine]) -> dict[str, Any]:
    """Return what the side of the form says: how much is filled, what cannot be, what only looks wrong."""
    lines = [line for section in sections for line in section.fields]
    return {
        "language": form.language,
        "filled": sum(section.filled for section in sections),
        "total": sum(section.total for section in sections),
        "wrong": [
            {
                "anchor": line.anchor,
                "title": line.title,
                "notes": [note for note in line.notes if note.blocks],
                "clash": line.clash,
            }
            for line in lines
            if line.wrong
        ],
        "missing": [line for line in lines if line.typed.is_blank and line.editable and not line.wrong],
        "odd": [
            {
                "anchor": line.anchor,
                "title": line.title,
                "notes": [note for note in line.notes if not note.blocks],
            }
            for line in lines
            if any(not note.blocks for note in line.notes)
        ],
        "relations": [
            {"anchor": anchor_of(note.figure), "note": note_line(form.language, None, note)}
            for note in form.relations
        ],
    }


@require_http_methods(["GET", "HEAD", "POST"])
def submission(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """The form of one entry: fill in, save and check, without a script too."""
    actor, at = actor_for(request), clock.now()
    papers = _open(request, pk, actor=actor, at=at)
    if request.method != "POST":
        return _show_form(request, language, papers, _form(papers, language), at=at)
    changes, typed = _posted(papers, request.POST, language)
    try:
        saved = drafts.save_draft(papers=papers, changes=changes, actor=actor, at=at)
    except RefusedError as error:
        form = _form(papers, language, typed=typed)
        return _show_form(request, language, papers, form, at=at, why=why(language, papers, error, at=at))
    kept = {code: each for code, each in typed.items() if code in saved.conflicts or code in saved.refused}
    form = _form(
        papers, language, fields=saved.fields, typed=kept, clashes=saved.conflicts, refused=saved.refused
    )
    if any(form.line(code).wrong for code in papers.scheme.asked):
        return _show_form(request, language, papers, form, at=at, saved=saved, status=422)
    tell(request, words.say(language, "draft_saved_at", at=_second(language, at)))
    return back(request, language, "submission", pk)


@require_POST
def save(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """Save the fields that changed while somebody types; answer with what is to be said of them. For the script."""
    actor, at = actor_for(request), clock.now()
    papers = _open(request, pk, actor=actor, at=at)
    changes, typed = _posted(papers, request.POST, language)
    try:
        saved = drafts.save_draft(papers=papers, changes=changes, actor=actor, at=at)
    except RefusedError as error:
        return JsonResponse({"refused": why(language, papers, error, at=at)}, status=409)
    kept = {code: each for code, each in typed.items() if code in saved.conflicts or code in saved.refused}
    form = _form(
        papers, language, fields=saved.fields, typed=kept, clashes=saved.conflicts, refused=saved.refused
    )
    sections = _sections(form)
    lines = {line.code: line for section in sections for line in section.fields}
    return JsonResponse(
        {
            "said": words.say(language, "draft_saved_at", at=_second(language, at)),
            "fields": {
                code: {
                    "notes": render_to_string(
                        "web/work/_entry_notes.html", {"field": lines[code], "language": language}
                    ),
                    "wrong": lines[code].wrong,
                    "status": saved.fields[code].typed.status,
                    "value": saved.fields[code].typed.value,
                    "kept": code not in saved.conflicts and code not in saved.refused,
                }
                for code in typed
            },
            "parts": _parts(form, sections, papers, saved),
        }
    )


_PARTS = ("standing", "changed", "faults", "checks", "sections")
"""What of the page a save may change: the id of each part, which its template bears too."""


def _parts(
    form: Form, sections: Sequence[SectionLine], papers: OpenPapers, saved: drafts.Saved
) -> dict[str, str]:
    """Return each part anew. The page puts them where they stand and decides nothing by itself."""
    context = {
        **_checks(form, sections),
        **_standing(papers, form.language, drafted=saved.version > 0),
        "sections": sections,
    }
    return {part: render_to_string(f"web/work/_entry_{part}.html", context) for part in _PARTS}


def _posted(papers: OpenPapers, posted: QueryDict, language: str) -> tuple[list[Change], dict[str, Typed]]:
    """Read the fields that a form sent: what was typed into each, and the changes among them.

    `take` names a field whose stored value is taken instead, `use` one whose proposed reading is.
    """
    changes: list[Change] = []
    typed: dict[str, Typed] = {}
    taken, used = posted.get("take", ""), posted.get("use", "")
    for code in papers.scheme.asked:
        if f"value.{code}" not in posted and f"status.{code}" not in posted:
            continue
        was = Typed(
            status=posted.get(f"was.status.{code}", FigureStatus.REPORTED.value),
            value=posted.get(f"was.value.{code}", ""),
        )
        now = Typed(
            status=posted.get(f"status.{code}", FigureStatus.REPORTED.value),
            value=posted.get(f"value.{code}", ""),
        )
        if code == taken:
            now = was
        if code == used:
            now = _proposed(papers, code, now)
        typed[code] = now
        if now != was:
            changes.append(
                Change(
                    code=code,
                    status=now.status,
                    value=now.value,
                    was_status=was.status,
                    was_value=was.value,
                )
            )
    return changes, typed


def _proposed(papers: OpenPapers, code: str, typed: Typed) -> Typed:
    last = drafts.last_year_of(papers.entry, papers.scheme)
    readings, _ = read_form(papers.scheme, {code: typed}, last=last)
    proposal = next((note.proposal for note in readings[code].notes if note.proposal), "")
    return Typed(status=typed.status, value=proposal) if proposal else typed


def why(language: str, papers: OpenPapers, error: RefusedError, *, at: datetime) -> str:
    """Say in the language of the page why nothing was saved or handed in; the draft is kept whatever it is."""
    stage = papers.entry.round.stage
    if isinstance(error, OutdatedError):
        return words.say(language, "draft_outdated")
    if papers.latest_state == "approved":
        return words.say(language, "refused_approved")
    if papers.latest_state == "refused":
        return words.say(language, "refused_refused")
    if papers.closes_at is not None and at > papers.closes_at:
        return words.say(
            language,
            "refused_late",
            closed=_second(language, papers.closes_at),
            came=_second(language, at),
        )
    if stage == Stage.CALL:
        return words.say(language, "refused_early")
    if isinstance(error, NotAllowedError):
        return words.say(language, "refused_stage", stage=words.say(language, f"stage_{stage}"))
    return words.say(language, "refused_unsound")


def _show_form(
    request: HttpRequest,
    language: str,
    papers: OpenPapers,
    form: Form,
    *,
    at: datetime,
    saved: drafts.Saved | None = None,
    why: str = "",
    status: int = 200,
) -> HttpResponse:
    sections = _sections(form)
    checks = _checks(form, sections)
    draft = papers.draft
    state = papers.latest_state
    latest = papers.entry.submissions.last() if state else None
    saved_at = saved.at if saved and saved.saved else draft.saved_at if draft else None
    return show_work(
        request,
        "web/work/submission.html",
        language,
        {
            **_about(papers, language, at=at),
            **checks,
            **_standing(papers, language, drafted=bool(draft or (saved and saved.version))),
            "sections": sections,
            "why": why,
            "show_faults": status == 422,
            "first_wrong": next((each["anchor"] for each in checks["wrong"]), ""),
            "saved": words.say(language, "draft_saved_at", at=_second(language, saved_at))
            if saved_at
            else "",
            "editable": bool(papers.editable),
            "without_last_year": not form.last,
            "closed": "" if papers.editable else _closed(language, papers, at=at),
            "latest": latest,
            "latest_address": _address(language, "submission-version", papers, latest.version)
            if latest
            else "",
            "receipt_address": _address(language, "submission-receipt", papers, latest.version)
            if latest
            else "",
            "may_withdraw": state == "submitted" and _may(papers, "withdraw", actor_for(request), at=at),
            "roster_address": _address(language, "roster", papers),
            "evidence_address": _address(language, "evidence", papers),
            "roster_rows": len(drafts.roster_of(papers)),
            "evidence_files": len(evidence.listed(papers.entry)),
            "open_flags": _open_flags(papers, actor_for(request), at=at) if latest else 0,
            "roster_returned": papers.returned is not None and ROSTER in papers.returned.fields,
            "opinion": papers.returned.opinion if papers.returned else "",
            "returned": [
                {"anchor": anchor_of(code), "title": title_of(papers.scheme, code, language)}
                for code in (papers.returned.fields if papers.returned else ())
                if code in papers.scheme.asked
            ],
        },
        status=409 if why else status,
    )


def _may(papers: OpenPapers, act: str, actor: Actor, *, at: datetime) -> bool:
    subject = drafts.subject_of(papers.entry, state=papers.latest_state, closes_at=papers.closes_at)
    return bool(may(actor, act, subject, stage=Stage(papers.entry.round.stage), at=at))


def _open_flags(papers: OpenPapers, actor: Actor, *, at: datetime) -> int:
    """Return how many flags of the version that counts this actor can still say a word to."""
    if papers.latest_state not in ("submitted", "returned") or not _may(papers, "explain_flag", actor, at=at):
        return 0
    return len(cross_checks.open_flags(cross_checks.flag_states(papers.entry)))


def _closed(language: str, papers: OpenPapers, *, at: datetime) -> str:
    """Say why the form cannot be filled in now; that papers wait for their review is no fault of anybody."""
    if papers.latest_state == "submitted" and papers.closes_at is not None and at > papers.closes_at:
        return words.say(language, "closed_handed_in", closed=words.moment(language, papers.closes_at))
    return why(language, papers, NotAllowedError(papers.ruling.reason, papers.ruling), at=at)


def _address(language: str, route: str, papers: OpenPapers, *more: Any) -> str:
    return address_of(language, route, papers.entry.pk, *more)


def _about(papers: OpenPapers, language: str, *, at: datetime) -> dict[str, Any]:
    """Return what the head of every page of an entry shows."""
    entry = papers.entry
    open_now = bool(papers.editable) and papers.closes_at is not None
    return {
        "entry": entry,
        "year": entry.round.year,
        "kind": kind_title(language, entry.kind),
        "fictional": entry.round.fictional,
        **_standing(papers, language, drafted=papers.draft is not None),
        "due": words.moment(language, papers.closes_at) if papers.closes_at else "",
        "left": time_left(language, papers.closes_at, now=at) if open_now and papers.closes_at else "",
        "page_address": _address(language, "submission", papers),
        "save_address": _address(language, "submission-save", papers),
        "score_address": _address(language, "submission-score", papers),
        "hand_in_address": _address(language, "submission-hand-in", papers),
        "withdraw_address": _address(language, "submission-withdraw", papers),
    }


def _standing(papers: OpenPapers, language: str, *, drafted: bool) -> dict[str, Any]:
    """Return how far the papers are: nothing, a draft, a version handed in, and whether a draft goes beyond it."""
    state = papers.latest_state
    standing = "nothing" if state in ("", "withdrawn", "superseded") else state
    if standing == "nothing" and drafted:
        standing = "draft"
    version = 0
    if standing not in ("nothing", "draft"):
        version = papers.entry.submissions.values_list("version", flat=True).latest("version")
    return {
        "standing": standing,
        "standing_words": words.say(language, f"paper_state_{standing}"),
        "standing_version": version,
        "changed_since": version if drafted and state == "submitted" else 0,
    }


def kind_title(language: str, kind: str) -> str:
    """Return the word for a kind; a kind that the catalogue does not know keeps its code."""
    key = f"kind_{kind}"
    return words.say(language, key) if key in words.TEXTS else kind


# ---- the preview of the score -----------------------------------------------------------------------------


@require_safe
def score(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """What the draft would get by its figures, line by line; what cannot be known yet is named. Nothing is stored."""
    actor, at = actor_for(request), clock.now()
    papers = _open(request, pk, actor=actor, at=at)
    form = _form(papers, language)
    preview = preview_of(papers, form.readings)
    card = view_of(preview.document, language=language, english=papers.scheme.english, submission=None)
    groups = [
        {
            **group,
            "known": [each for each in group["lines"] if _known(preview.lines, each) is Known.SCORED],
            "unknown": [
                {**each, "why": words.say(language, f"known_{_known(preview.lines, each)}")}
                for each in group["lines"]
                if _known(preview.lines, each) is not Known.SCORED
            ],
        }
        for group in card["groups"]
    ]
    return show_work(
        request,
        "web/work/score_preview.html",
        language,
        {
            **_about(papers, language, at=at),
            "card": card,
            "groups": groups,
            "points": points(preview.points),
            "full": points(preview.full),
            "open": [
                words.say(language, f"open_{known}", points=points(full))
                for known, full in preview.open.items()
            ],
        },
    )


def _known(lines: Mapping[str, Known], line: Mapping[str, Any]) -> Known:
    return lines[line["anchor"].removeprefix("line-")]


# ---- handing in -------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """Look at everything once more, answer for it by name, and hand it in; the receipt comes back."""
    actor, at = actor_for(request), clock.now()
    papers = _open(request, pk, actor=actor, at=at)
    if request.method != "POST":
        return _show_hand_in(request, language, papers, at=at)
    name, pledged = request.POST.get("signed_by", ""), request.POST.get("pledge") == "yes"
    faults = {}
    try:
        submissions.signer(name)
    except RefusedError:
        faults["signed_by"] = words.say(
            language, "signer_missing" if not name.strip() else "signer_impossible"
        )
    if not pledged:
        faults["pledge"] = words.say(language, "pledge_missing")
    if faults:
        return _show_hand_in(request, language, papers, at=at, name=name, pledged=pledged, faults=faults)
    try:
        done = submissions.hand_in(
            entry=papers.entry,
            seen=request.POST.get("seen", ""),
            signed_by=name,
            actor=actor,
            at=at,
        )
    except RefusedError as error:
        return _show_refused(request, language, papers, why(language, papers, error, at=at), at=at)
    tell(request, words.say(language, "handed_in_told", n=done.version))
    return back(request, language, "submission-receipt", pk, done.version)


def _show_hand_in(
    request: HttpRequest,
    language: str,
    papers: OpenPapers,
    *,
    at: datetime,
    name: str = "",
    pledged: bool = False,
    faults: Mapping[str, str] | None = None,
) -> HttpResponse:
    if not papers.editable:
        return _show_refused(request, language, papers, _closed(language, papers, at=at), at=at)
    contents = drafts.contents_of(papers, last=drafts.last_year_of(papers.entry, papers.scheme))
    return show_work(
        request,
        "web/work/hand_in.html",
        language,
        {
            **_about(papers, language, at=at),
            "contents": contents,
            "sections": _listed(papers.scheme, contents.figures, language),
            "blocking": _problems(papers.scheme, contents.blocking, language),
            "warnings": _problems(papers.scheme, contents.warnings, language),
            "correcting": bool(papers.returned),
            "version": int(contents.seen.partition("-")[0]),
            "pledge": words.say(language, "pledge_words"),
            "pledge_printed": "" if language == "zh" else PLEDGE,
            "name": name,
            "pledged": pledged,
            "faults": faults or {},
        },
        status=422 if faults else 200,
    )


def _problems(scheme: Scheme, notes: Iterable[Note], language: str) -> list[dict[str, Any]]:
    return [
        {
            "anchor": anchor_of(note.figure) if note.figure in scheme.asked else "",
            "title": title_of(scheme, note.figure, language) if note.figure in scheme.asked else None,
            "note": note_line(language, scheme.asked.get(note.figure), note),
        }
        for note in notes
    ]


def _listed(scheme: Scheme, figures: Mapping[str, Mapping[str, str]], language: str) -> list[dict[str, Any]]:
    """Return what is handed in, or was, section by section."""
    return [
        {
            "title": _section_title(language, section),
            "rows": [
                {
                    "title": title_of(scheme, code, language),
                    "value": shown(
                        language,
                        scheme.asked[code],
                        Typed(status=figures[code]["status"], value=figures[code]["value"]),
                    ),
                    "beside": _amount(language, figures[code]),
                }
                for code in section.references
                if code in figures
            ],
        }
        for section in sections_of(scheme)
    ]


def _amount(language: str, figure: Mapping[str, str]) -> str:
    unit, value = figure["unit"], figure["value"]
    if unit not in YUAN or unit == "万元" or not value:
        return ""
    return words.say(language, "in_ten_thousands", value=_ten_thousands(Fraction(value), unit))


def _show_refused(
    request: HttpRequest, language: str, papers: OpenPapers, why: str, *, at: datetime
) -> HttpResponse:
    latest = papers.entry.submissions.last()
    return show_work(
        request,
        "web/work/submission_refused.html",
        language,
        {
            **_about(papers, language, at=at),
            "why": why,
            "drafted": papers.draft is not None,
            "latest_address": _address(language, "submission-version", papers, latest.version)
            if latest
            else "",
        },
        status=409,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """Take back the version that was handed in: a page that says what that means, then the act."""
    actor, at = actor_for(request), clock.now()
    papers = _open(request, pk, actor=actor, at=at)
    if papers.latest_state != "submitted" or not _may(papers, "withdraw", actor, at=at):
        told = (
            words.say(language, "nothing_to_withdraw")
            if papers.latest_state in ("", "withdrawn")
            else _closed(language, papers, at=at)
        )
        return _show_refused(request, language, papers, told, at=at)
    latest = papers.entry.submissions.latest("version")
    if request.method != "POST":
        return show_work(
            request,
            "web/work/withdraw.html",
            language,
            {
                **_about(papers, language, at=at),
                "version": latest.version,
                "handed_in": _second(language, latest.handed_in_at),
                "digest": latest.digest,
            },
        )
    try:
        submissions.withdraw(entry=papers.entry, actor=actor, at=at)
    except RefusedError as error:
        return _show_refused(request, language, papers, why(language, papers, error, at=at), at=at)
    tell(request, words.say(language, "withdrawn_told", n=latest.version))
    return back(request, language, "submission", pk)


# ---- frozen versions --------------------------------------------------------------------------------------


def _version(request: HttpRequest, pk: int, version: int) -> Any:
    found = receipts.version_of(pk, version, actor=actor_for(request))
    if found is None:
        raise Http404
    return found


@require_safe
def version(request: HttpRequest, language: str, pk: int, version: int) -> HttpResponse:
    """One frozen version, to be read and printed. Nobody changes it."""
    actor, at = actor_for(request), clock.now()
    frozen = _version(request, pk, version)
    entry = frozen.entry
    scheme = scheme_of_entry(entry)
    reviews = list(frozen.reviews.order_by("pk"))
    return show_work(
        request,
        "web/work/submission_version.html",
        language,
        {
            **_frozen(frozen, language),
            "sections": _listed(scheme, frozen.figures, language),
            "reviews": [
                {
                    "what": words.say(language, f"reviewed_{each.act}"),
                    "at": words.moment(language, each.at),
                    "opinion": each.opinion,
                    "fields": [
                        title_of(scheme, code, language) for code in each.fields if code in scheme.asked
                    ],
                }
                for each in reviews
            ],
            "files": [
                {**named, "address": address_of(language, "evidence-file", entry.pk, row.key)}
                for named, row in evidence.files_of_version(frozen)
            ],
            "scans": [
                {
                    "name": row.name,
                    "size": row.size,
                    "digest": row.digest,
                    "address": address_of(language, "evidence-file", entry.pk, row.key),
                }
                for row in evidence.scans_of(frozen)
            ],
            **_what_is_open(frozen, language, actor=actor, at=at),
        },
    )


def _what_is_open(frozen: Submission, language: str, *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return what can still be done to a frozen version: the flags that it raised, and its sealed scan."""
    entry = frozen.entry
    subject = Subject(
        authority=entry.round.authority.code,
        institution=entry.qualification.institution.code,
        channel=entry.channel,
        approved=frozen.state == "approved",
    )
    stage = Stage(entry.round.stage)
    counts = frozen.state not in ("superseded", "withdrawn")
    states = cross_checks.flag_states(entry) if counts else []
    return {
        "flags": flag_views(language, states, actor, entry, {}),
        "can_explain": bool(may(actor, "explain_flag", subject, stage=stage, at=at)),
        "can_explain_again": True,
        "may_scan": counts and bool(may(actor, "attach_scan", subject, stage=stage, at=at)),
        "scan_address": address_of(language, "scan", entry.pk, frozen.version),
    }


def _frozen(frozen: Any, language: str) -> dict[str, Any]:
    entry = frozen.entry
    args = [entry.pk, frozen.version]
    return {
        "entry": entry,
        "year": entry.round.year,
        "kind": kind_title(language, entry.kind),
        "fictional": entry.round.fictional,
        "frozen": frozen,
        "state_words": words.say(language, f"paper_state_{frozen.state}"),
        "handed_in": _second(language, frozen.handed_in_at),
        "code": receipts.code_of(frozen),
        "version_address": address_of(language, "submission-version", *args),
        "receipt_address": address_of(language, "submission-receipt", *args),
        "receipt_pdf": address_of(language, "submission-receipt-pdf", *args),
        "form_pdf": address_of(language, "submission-form-pdf", *args),
        "check_address": address_of(language, "receipt", receipts.code_of(frozen)),
        "page_address": address_of(language, "submission", entry.pk),
    }


@require_safe
def receipt(request: HttpRequest, language: str, pk: int, version: int) -> HttpResponse:
    """The receipt on one version."""
    frozen = _version(request, pk, version)
    return show_work(request, "web/work/receipt.html", language, _frozen(frozen, language))


@require_safe
def receipt_file(request: HttpRequest, language: str, pk: int, version: int) -> HttpResponse:
    """The receipt as a PDF."""
    frozen = _version(request, pk, version)
    return _pdf(receipt_pdf(receipts.receipt_of(frozen)), f"receipt-{pk}-{version}.pdf")


@require_safe
def form_file(request: HttpRequest, language: str, pk: int, version: int) -> HttpResponse:
    """The form of a version as a PDF, to be printed and sealed."""
    frozen = _version(request, pk, version)
    return _pdf(printed_form_pdf(receipts.printed_form_of(frozen)), f"form-{pk}-{version}.pdf")


def _pdf(content: bytes, name: str) -> HttpResponse:
    return attachment(content, "application/pdf", name, private=True)


@require_safe
def history(request: HttpRequest, language: str) -> HttpResponse:
    """Everything the institution ever handed in here, the latest year first; each version with its receipt."""
    actor, at = actor_for(request), clock.now()
    entries = entries_for(actor, "read_draft").order_by("-round__year", "kind", "serial")
    rows = [
        {
            "entry": papers.entry,
            "kind": kind_title(language, papers.entry.kind),
            "state": words.say(language, f"paper_state_{papers.standing}"),
            "address": address_of(language, "submission", papers.entry.pk),
            "versions": [
                {
                    "number": each.version,
                    "state": words.say(language, f"paper_state_{each.state}"),
                    "handed_in": _second(language, each.handed_in_at),
                    "signed_by": each.signed_by,
                    "address": address_of(language, "submission-version", papers.entry.pk, each.version),
                    "receipt": address_of(language, "submission-receipt", papers.entry.pk, each.version),
                }
                for each in papers.entry.submissions.all()
            ],
        }
        for papers in papers_of(entries.prefetch_related("submissions"), at=at)
    ]
    return show_work(request, "web/work/history.html", language, {"rows": rows})
