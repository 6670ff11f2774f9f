"""The working of a score as a page shows it: group → line → figures → formula → points, with clause and evidence.

The document comes from the evaluator and is shown, never computed again. How a line is scored is said by the scheme
that the document names, in the language of the page; what was computed stands in the evaluator's own words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from hatchmark.documents.scheme_words import SchemeWords
from hatchmark.services.public import SubmissionNote
from hatchmark.services.schemes import find_scheme
from hatchmark.web import charts, words
from hatchmark.web.schemes import part_anchor, scheme_address

_PARTS = ("quantitative", "qualitative", "bonus", "deduction")
_CAPS = ("bonus_cap", "total_cap", "total_floor")


@dataclass(frozen=True, slots=True)
class Title:
    """A title with the language it is in: without an English one, the Chinese one stands and says so."""

    text: str
    lang: str


@dataclass(frozen=True, slots=True)
class _Titles:
    english: Mapping[str, str]

    def of(self, name: str, chinese: str) -> Title:
        found = self.english.get(name)
        return Title(found, "en") if found else Title(chinese, "zh-Hans")

    def of_figure(self, figure: Mapping[str, Any]) -> Title:
        code, last_year, _ = figure["code"].partition("@")
        title = self.of(f"figure.{code}", figure["title"])
        if last_year and title.lang == "en":
            return Title(words.say("en", "last_year_of", figure=title.text), "en")
        return title


def line_anchor(code: str) -> str:
    """Return the name of a line inside the page of its scorecard."""
    return f"line-{code}"


def view_of(
    document: Mapping[str, Any],
    *,
    language: str,
    english: Mapping[str, str],
    submission: SubmissionNote | None,
) -> dict[str, Any]:
    """Return one working for the template. `english` holds the titles that its scheme gives for an English page."""
    scheme = document["scheme"]
    titles = _Titles(english if language == "en" else {})
    rules = _rules(document, language)
    groups = _in_order(document["groups"])
    leaves = [line for group in document["groups"] for line in group["lines"]]
    return {
        "scheme": titles.of("scheme", scheme["title"]),
        "scheme_code": scheme["code"],
        "scheme_address": scheme_address(scheme["code"], language=language) if rules else "",
        "scheme_digest": scheme["digest"],
        "note": scheme["provenance_note"] if scheme["provenance"] == "reconstruction" else "",
        "cause": document.get("cause", ""),
        "total": document["total"] or "",
        "full": scheme["full_marks"],
        "highest": words.say(language, "with_bonus", bonus=scheme["bonus_cap"], highest=scheme["total_cap"]),
        "sum": document["total_words"] if language == "zh" else _sum_in_english(document),
        "leaves": _leaves(document, leaves, language=language),
        "groups": [
            _group(
                group,
                level,
                language,
                titles,
                rules,
                sub_type=document["sub_type"],
                submission=submission,
            )
            for level, group in groups
        ],
        "adjustments": [
            {
                "title": _adjustment_title(each["code"], document["groups"], language, titles),
                "words": each["words"],
                "points": minus(each["points"]),
                "basis": each["basis"],
            }
            for each in document["adjustments"]
        ],
        "grade": _grade(document, language, titles),
        "unscored": document["unscored"],
        "submission": _submission(submission, language),
        "corrected": [
            {
                "title": titles.of_figure(figure),
                "value": value_text(language, figure["value"] or ""),
                "source": figure["source"],
            }
            for figure in {each["code"]: each for line in leaves for each in line["figures"]}.values()
            if figure["source"]
        ],
    }


def _rules(document: Mapping[str, Any], language: str) -> SchemeWords | None:
    """Return the words of the scheme that scored it; None where the one that ships is another by now."""
    used = document["scheme"]
    scheme = find_scheme(used["code"])
    return SchemeWords(scheme, language) if scheme and scheme.digest == used["digest"] else None


def _in_order(groups: Sequence[Mapping[str, Any]]) -> list[tuple[int, Mapping[str, Any]]]:
    """Return the groups with their depth, each before those that lie in it."""

    def under(parent: str, level: int) -> list[tuple[int, Mapping[str, Any]]]:
        found: list[tuple[int, Mapping[str, Any]]] = []
        for group in groups:
            if group.get("parent", "") == parent:
                found += [(level, group), *under(group["code"], level + 1)]
        return found

    return under("", 0)


def hundredths(text: str) -> int:
    """Read points with their two places exactly: `82.35` is 8235."""
    return int(text.replace(".", ""))


def points(hundredths_: int) -> str:
    """Write hundredths as points."""
    return f"{'−' if hundredths_ < 0 else ''}{abs(hundredths_) // 100}.{abs(hundredths_) % 100:02d}"


def minus(text: str) -> str:
    """Write points with a minus sign instead of a hyphen."""
    return text.replace("-", "−")


def _leaves(
    document: Mapping[str, Any], leaves: Sequence[Mapping[str, Any]], *, language: str
) -> dict[str, Any] | None:
    """Return the sum of all leaves, and what is taken from it; None where there is no total."""
    if document["total"] is None:
        return None
    total = sum(hundredths(line["points"]) for line in leaves)
    changes = sum(hundredths(each["points"]) for each in document["adjustments"])
    return {
        "sum": points(total),
        "words": words.say(
            language,
            "leaves_changed" if changes else "leaves_alone",
            n=len(leaves),
            sum=points(total),
            change=points(changes),
            total=minus(document["total"]),
        ),
    }


def _sum_in_english(document: Mapping[str, Any]) -> str:
    if document["total"] is None:
        return words.say("en", "no_total")
    terms = ""
    for part in _PARTS:
        found = [
            hundredths(group["points"])
            for group in document["groups"]
            if group["part"] == part and not group.get("parent")
        ]
        if found:
            sign = " − " if part == "deduction" else " + " if terms else ""
            terms += f"{sign}{words.say('en', f'part_{part}').lower()} {points(abs(sum(found)))}"
    more = "".join(_more(each) for each in document["adjustments"] if each["code"] in _CAPS)
    return f"Total = {terms}{more} = {document['total']}"


def _more(adjustment: Mapping[str, Any]) -> str:
    change = hundredths(adjustment["points"])
    title = words.say("en", f"cap_{adjustment['code']}").lower()
    return f" {'−' if change < 0 else '+'} {title} {points(abs(change))}"


def _adjustment_title(
    code: str, groups: Sequence[Mapping[str, Any]], language: str, titles: _Titles
) -> Title:
    lang = words.HTML_LANGUAGE[language]
    if code in _CAPS:
        return Title(words.say(language, f"cap_{code}"), lang)
    name = code.removeprefix("cap_")
    group = next(group for group in groups if group["code"] == name)
    return Title(
        words.say(language, "cap_of_group", group=titles.of(f"group.{name}", group["title"]).text), lang
    )


def _grade(document: Mapping[str, Any], language: str, titles: _Titles) -> dict[str, Any]:
    grade = document["grade"]
    said = grade["words"]
    if language == "en":
        name = words.say("en", grade["grade"]) if grade["grade"] else words.say("en", "no_grade")
        said = (
            words.say("en", "grade_reached", grade=name, at_least=grade["at_least"])
            if grade["at_least"]
            else words.say("en", "grade_given", grade=name)
        )
    vetoes = [
        {"title": titles.of(f"veto.{veto['code']}", veto["title"]), "basis": veto["basis"]}
        for veto in grade["vetoes"]
    ]
    return {"code": grade["grade"] or "", "words": said, "vetoes": vetoes, "basis": grade["basis"]}


def _group(
    group: Mapping[str, Any],
    level: int,
    language: str,
    titles: _Titles,
    rules: SchemeWords | None,
    *,
    sub_type: str | None,
    submission: SubmissionNote | None,
) -> dict[str, Any]:
    return {
        "title": titles.of(f"group.{group['code']}", group["title"]),
        "anchor": f"group-{group['code']}",
        "level": level,
        "part": words.say(language, f"part_{group['part']}"),
        "look": group["part"],
        "points": minus(group["points"]) if group["points"] else words.say(language, "unscored"),
        "full": group["full_marks"],
        "bar": _bar(group),
        "basis": group["basis"],
        "lines": [
            _line(line, group, language, titles, rules, sub_type=sub_type, submission=submission)
            for line in group["lines"]
        ],
    }


def _bar(part: Mapping[str, Any]) -> str:
    return charts.share(hundredths(part["points"] or "0.00"), hundredths(part["full_marks"]))


def _line(
    line: Mapping[str, Any],
    group: Mapping[str, Any],
    language: str,
    titles: _Titles,
    rules: SchemeWords | None,
    *,
    sub_type: str | None,
    submission: SubmissionNote | None,
) -> dict[str, Any]:
    return {
        "anchor": line_anchor(line["code"]),
        "title": titles.of(f"line.{line['code']}", line["title"]),
        "points": minus(line["points"]) if line["points"] else words.say(language, "unscored"),
        "full": line["full_marks"],
        "bar": _bar(line),
        "look": group["part"],
        "rule": _rule(line, rules, sub_type),
        "rule_address": f"{scheme_address(rules.scheme.code, language=language)}#{part_anchor(line['code'])}"
        if rules
        else "",
        "figures": [
            _figure(figure, language, titles, rules, submission=submission) for figure in line["figures"]
        ],
        "scores": words.say(language, "scores_joint").join(line["scores"]),
        "words": line["words"],
        "basis": line["basis"],
    }


def _rule(line: Mapping[str, Any], rules: SchemeWords | None, sub_type: str | None) -> str:
    """Say how a line is scored, by the formula that this entry was scored by."""
    if rules is None:
        return ""
    scheme = rules.scheme
    if line["type"] == "expert_item":
        rule = scheme.expert_rule
        return f"{rules.say('experts')}{rules.say('colon')}{rules.expert_rule(rule)}" if rule else ""
    indicator = next((each for each in scheme.indicators if each.code == line["code"]), None)
    return rules.indicator(indicator, sub_type=scheme.sub_type_of(sub_type)) if indicator else ""


def _figure(
    figure: Mapping[str, Any],
    language: str,
    titles: _Titles,
    rules: SchemeWords | None,
    *,
    submission: SubmissionNote | None,
) -> dict[str, Any]:
    reported = figure["value"] is not None
    return {
        "title": titles.of_figure(figure),
        "value": value_text(language, figure["value"])
        if reported
        else words.say(language, f"figure_{figure['status']}"),
        "reported": reported,
        "unit": figure["unit"] if reported else "",
        "source": _asked_source(figure, rules) or words.say(language, "source_not_stated"),
        "corrected": figure["source"],
        "evidence": words.say(language, "evidence_submission", n=submission.version)
        if submission
        else words.say(language, "evidence_none"),
    }


def _asked_source(figure: Mapping[str, Any], rules: SchemeWords | None) -> str:
    if rules is None:
        return ""
    asked = rules.scheme.asked.get(figure["code"])
    return rules.source_of(asked.figure) if asked else ""


def _submission(submission: SubmissionNote | None, language: str) -> dict[str, Any] | None:
    if submission is None:
        return None
    moment = timezone.localtime(submission.handed_in_at)
    return {
        "version": words.say(language, "evidence_submission", n=submission.version),
        "handed_in": f"{words.day(language, moment.date())} {moment:%H:%M}",
        "digest": submission.digest,
    }


def value_text(language: str, text: str) -> str:
    """Write a figure's value as people read it: yes or no in words, a number grouped, a day or a category as it is."""
    if text in ("true", "false"):
        return words.text(language, "entry_yes" if text == "true" else "entry_no")
    return grouped(text)


def grouped(number: str) -> str:
    """Write a number with a comma after every third digit: 1234567.5 is 1,234,567.5. Fractions stay as they are."""
    whole, point, rest = number.partition(".")
    if not whole.lstrip("-").isdigit():
        return number
    return f"{int(whole):,}{point}{rest}" if not whole.startswith("-0") else number
