"""The working of a score as a page shows it: group → indicator → figures → formula → points, with its clause.

The document comes from the evaluator and is shown, never computed again. Its words are Chinese; for an
English page the same formula is said in English from its parameters, with the Chinese words beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hatchmark.web import words

_PARTS = ("quantitative", "qualitative", "bonus")
_SAID_IN_ENGLISH = ("bands", "linear", "ratio", "per_unit", "growth")


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


def view_of(
    document: Mapping[str, Any],
    *,
    year: int,
    kind: str,
    anchor: str,
    language: str,
    english: Mapping[str, str],
) -> dict[str, Any]:
    """Return one working for the template. `english` holds the titles that its scheme gives for an English page."""
    scheme = document["scheme"]
    titles = _Titles(english if language == "en" else {})
    groups = [_group(group, language, titles) for group in document["groups"]]
    return {
        "anchor": anchor,
        "title": words.say(language, "working_of", year=year, kind=kind),
        "scheme": titles.of("scheme", scheme["title"]),
        "scheme_digest": scheme["digest"],
        "note": scheme["provenance_note"] if scheme["provenance"] == "reconstruction" else "",
        "cause": document.get("cause", ""),
        "total": document["total"] or "",
        "full": scheme["full_marks"],
        "highest": words.say(language, "with_bonus", bonus=scheme["bonus_cap"], highest=scheme["total_cap"]),
        "sum": document["total_words"] if language == "zh" else _sum_in_english(document),
        "groups": groups,
        "adjustments": [
            {
                "title": words.say(language, f"cap_{each['code']}"),
                "words": each["words"],
                "points": each["points"].replace("-", "−"),
                "basis": each["basis"],
            }
            for each in document["adjustments"]
        ],
        "grade": _grade(document, language, titles),
        "unscored": document["unscored"],
    }


def hundredths(text: str) -> int:
    """Read points with their two places exactly: `82.35` is 8235."""
    return int(text.replace(".", ""))


def points(hundredths_: int) -> str:
    """Write hundredths as points."""
    return f"{'−' if hundredths_ < 0 else ''}{abs(hundredths_) // 100}.{abs(hundredths_) % 100:02d}"


def _sum_in_english(document: Mapping[str, Any]) -> str:
    if document["total"] is None:
        return words.say("en", "no_total")
    terms = []
    for part in _PARTS:
        found = [hundredths(group["points"]) for group in document["groups"] if group["part"] == part]
        if found:
            terms.append(f"{words.say('en', f'part_{part}').lower()} {points(sum(found))}")
    less = "".join(_less(each) for each in document["adjustments"])
    return f"Total = {' + '.join(terms)}{less} = {document['total']}"


def _less(adjustment: Mapping[str, Any]) -> str:
    title = words.say("en", f"cap_{adjustment['code']}").lower()
    return f" − {title} {points(-hundredths(adjustment['points']))}"


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
    return {"words": said, "vetoes": vetoes, "basis": grade["basis"]}


def _group(group: Mapping[str, Any], language: str, titles: _Titles) -> dict[str, Any]:
    return {
        "title": titles.of(f"group.{group['code']}", group["title"]),
        "part": words.say(language, f"part_{group['part']}"),
        "points": group["points"] or words.say(language, "unscored"),
        "full": group["full_marks"],
        "basis": group["basis"],
        "lines": [_line(line, language, titles) for line in group["lines"]],
    }


def _line(line: Mapping[str, Any], language: str, titles: _Titles) -> dict[str, Any]:
    return {
        "title": titles.of(f"line.{line['code']}", line["title"]),
        "points": line["points"] or words.say(language, "unscored"),
        "full": line["full_marks"],
        "figures": [
            {
                "title": titles.of_figure(figure),
                "value": grouped(figure["value"])
                if figure["value"] is not None
                else words.say(language, f"figure_{figure['status']}"),
                "unit": figure["unit"] if figure["value"] is not None else "",
                "source": figure["source"],
            }
            for figure in line["figures"]
        ],
        "scores": words.say(language, "scores_joint").join(line["scores"]),
        "words": line["words"],
        "english": _in_english(line, titles) if language == "en" else "",
        "basis": line["basis"],
    }


def grouped(number: str) -> str:
    """Write a number with a comma after every third digit: 1234567.5 is 1,234,567.5. Fractions stay as they are."""
    whole, point, rest = number.partition(".")
    if not whole.lstrip("-").isdigit():
        return number
    return f"{int(whole):,}{point}{rest}" if not whole.startswith("-0") else number


def _in_english(line: Mapping[str, Any], titles: _Titles) -> str:
    formula = line["formula"]
    if formula is None:
        return words.say("en", "formula_experts", n=len(line["scores"]))
    if "value" in formula or formula["type"] not in _SAID_IN_ENGLISH:
        return ""  # the Chinese words stand alone: better than half a formula
    names = {figure["code"]: titles.of_figure(figure).text for figure in line["figures"]}
    kind = formula["type"]
    if kind == "bands":
        said = f"{_sum(formula['figures'], names)}: {_bands(formula['bands'])}"
    elif kind == "linear":
        said = words.say(
            "en",
            "formula_linear",
            figures=_sum(formula["figures"], names),
            start=formula["from"],
            end=formula["to"],
            full=line["full_marks"],
        )
    elif kind == "ratio":
        said = words.say(
            "en",
            "formula_ratio",
            of=_sum(formula["of"], names),
            to=_sum(formula["to"], names),
            per=f" × {formula['per']}" if formula["per"] != "1" else "",
            full_at=formula["full_at"],
            full=line["full_marks"],
        )
    elif kind == "per_unit":
        said = words.say(
            "en",
            "formula_per_unit",
            figures=_sum(formula["figures"], names),
            each=formula["points_each"],
            full=line["full_marks"],
        )
    else:
        said = words.say(
            "en", "formula_growth", figure=names[formula["figure"]], bands=_bands(formula["bands"])
        )
    return said


def _sum(codes: Sequence[str], names: Mapping[str, str]) -> str:
    return " + ".join(names[code] for code in codes)


def _bands(bands: Sequence[Mapping[str, str]]) -> str:
    return "; ".join(
        words.say("en", "formula_band", at_least=band["at_least"], points=band["points"]) for band in bands
    )
