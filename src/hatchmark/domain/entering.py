"""What did somebody mean by what was typed into a field, what cannot be, and what only looks wrong?

Nothing typed is altered here: a reading that is safe is proposed, and whoever typed decides. A note that blocks stands
against handing in; any other only warns. The shells have the words for each rule.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from hatchmark.domain.scheme import (
    LAST_YEAR,
    LONGEST_NUMBER,
    MEASURED,
    AskedFigure,
    Figure,
    FigureStatus,
    FigureType,
    FigureValue,
    Scheme,
    broken_relations,
    exact_text,
    parse_number,
    problems_of_figure,
)

LONGEST_KEPT = 2000
"""So many characters of a field are kept in a draft. No figure needs them; whoever pasted a page finds it again."""

YUAN = {"元": 1, "千元": 1_000, "万元": 10_000, "亿元": 100_000_000}
"""Units of amounts, in yuan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A field as it stands: the status chosen, and the text as it was typed."""

    status: str = FigureStatus.REPORTED.value
    value: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing has been said yet: no value, and no word that there is none."""
        return self.status == FigureStatus.REPORTED and not self.value.strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A remark on a field. `rule` is its code, `facts` what it says of this value, `proposal` what to type instead."""

    figure: str
    rule: str
    blocks: bool
    facts: Mapping[str, str] = field(default_factory=dict)
    proposal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a field says: its value where it can be read, and the remarks on it."""

    value: FigureValue | None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Fields that stand together in the form: those that the indicators of one group are computed from."""

    code: str
    title: str
    title_en: str
    references: tuple[str, ...]


def sections_of(scheme: Scheme) -> tuple[Section, ...]:
    """Return the sections of the form, in the order of the scheme. Every figure that is asked for stands in one.

    A figure of several groups stands in the first; one that no indicator uses stands beside those that it is held
    against, or in a last section without a title.
    """
    home: dict[str, str] = {}
    for group in scheme.groups:
        for indicator in (each for each in scheme.indicators if each.group == group.code):
            for formula in indicator.formulas.values():
                for reference in formula.references:
                    home.setdefault(reference, group.code)
    for reference in scheme.asked:
        # This year and the year before stand together.
        code = reference.removesuffix(LAST_YEAR)
        twin = code + LAST_YEAR if reference == code else code
        if reference not in home and twin in home:
            home[reference] = home[twin]
    for relation in scheme.relations:
        members = (*relation.lower, *relation.upper)
        beside = next((home[member] for member in members if member in home), "")
        for member in members:
            if beside:
                home.setdefault(member, beside)
    sections = [
        Section(
            code=group.code,
            title=group.title,
            title_en=group.title_en,
            references=tuple(each for each in scheme.asked if home.get(each) == group.code),
        )
        for group in scheme.groups
    ]
    rest = tuple(each for each in scheme.asked if each not in home)
    return (
        *(section for section in sections if section.references),
        *([Section(code="other", title="", title_en="", references=rest)] if rest else []),
    )


# ---- reading one field ------------------------------------------------------------------------------------

_SPACES = re.compile(r"[\s\u200b\ufeff]+")
_GROUPED = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_ALL_DIGITS = re.compile(r"[-0-9.,]+")
_EXPONENT = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)[eE]([+-]?[0-9]{1,2})")
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity|∞)", re.IGNORECASE)
_DAY = re.compile(r"([0-9]{4})[年/.-]([0-9]{1,2})[月/.-]([0-9]{1,2})日?")
_WITH_WORDS = re.compile(r"(-?[0-9][0-9,]*(?:\.[0-9]+)?)(十|百|千|万|亿)?([^0-9十百千万亿][^0-9]*)?")
_LOOK_ALIKE = str.maketrans("OoQlI|〇。−–—", "000111" + "0.---")
_WORDS = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_SCALES = 12
"""An exponent is read up to this one: no figure of an institution has more digits."""


def unwritable(text: str) -> str:
    """Return why a text cannot even be kept (`too_long`, `control`), or an empty string."""
    if len(text) > LONGEST_KEPT:
        return "too_long"
    # What no database and no font takes: control characters, and halves of a character.
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\t\r\n" for sign in text):
        return "control"
    return ""


def read_typed(asked: AskedFigure, typed: Typed, *, last: Fraction | None = None) -> Reading:
    """Read one field. `last` is the same figure a year ago, where it is known."""
    if typed.status != FigureStatus.REPORTED:
        if typed.status not in [status.value for status in FigureStatus]:
            return Reading(value=None, notes=(Note(figure=asked.reference, rule="status", blocks=True),))
        value = FigureValue(status=FigureStatus(typed.status), unit=asked.figure.unit)
        left = typed.value.strip()
        notes = (
            (Note(figure=asked.reference, rule="value_left", blocks=False, facts={"value": left[:40]}),)
            if left
            else ()
        )
        return Reading(value=value, notes=notes)
    if typed.is_blank:
        return Reading(value=None, notes=(Note(figure=asked.reference, rule="blank", blocks=True),))
    if rule := unwritable(typed.value):
        facts = {"length": str(len(typed.value)), "most": str(LONGEST_KEPT)}
        return Reading(value=None, notes=(Note(figure=asked.reference, rule=rule, blocks=True, facts=facts),))
    number = _plain(asked.figure, typed.value)
    if number is None:
        return Reading(value=None, notes=(_unreadable(asked, typed.value),))
    given = FigureValue(status=FigureStatus.REPORTED, value=number, unit=asked.figure.unit)
    found = [
        Note(figure=asked.reference, rule=problem.rule, blocks=True, facts=problem.facts)
        for problem in problems_of_figure(asked, given)
    ]
    odd = [] if found or last is None else list(_beside_last(asked, number, last))
    return Reading(value=given, notes=(*found, *odd))


def _plain(figure: Figure, text: str) -> Fraction | None:
    stripped = text.strip()
    if figure.type in MEASURED and _GROUPED.fullmatch(stripped):
        stripped = stripped.replace(",", "")
    try:
        return figure.parse(stripped)
    except ValueError:
        return None


def _unreadable(asked: AskedFigure, text: str) -> Note:
    """Say why a text is no value, and propose the value that it can only mean."""
    rule, proposal = "unreadable", ""
    figure = asked.figure
    if figure.type not in MEASURED:
        meant = _day_in(text) if figure.type is FigureType.DATE else ""
        if meant and _plain(figure, meant) is None:
            meant = ""
        return Note(figure=asked.reference, rule=f"no_{figure.type}", blocks=True, proposal=meant)
    compact = _SPACES.sub("", unicodedata.normalize("NFKC", text))
    if _NOT_FINITE.fullmatch(compact):
        rule = "not_finite"
    elif len(compact) > LONGEST_NUMBER:
        rule = "long_number" if _ALL_DIGITS.fullmatch(compact) else "unreadable"
    elif exponent := _EXPONENT.fullmatch(compact):
        rule = "exponent"
        if abs(int(exponent[2])) <= _SCALES:
            proposal = exact_text(Fraction(exponent[1]) * Fraction(10) ** int(exponent[2]))
    else:
        rule, proposal = _mended(figure, compact)
    if proposal and _plain(figure, proposal) is None:
        proposal = ""
    facts = {"value": text.strip()[:40], "length": str(len(compact))}
    return Note(figure=asked.reference, rule=rule, blocks=True, facts=facts, proposal=proposal)


def _day_in(text: str) -> str:
    """Return a day that is written as people write it, as a file does; an empty string for anything else."""
    found = _DAY.fullmatch(_SPACES.sub("", unicodedata.normalize("NFKC", text)))
    return f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}" if found else ""


def _mended(figure: Figure, compact: str) -> tuple[str, str]:
    mended = compact.translate(_LOOK_ALIKE)
    if (number := _number_in(mended)) is not None:
        return ("look_alike" if mended != compact else "full_width"), exact_text(number)
    with_words = _WITH_WORDS.fullmatch(compact)
    if with_words is None or (number := _number_in(with_words[1])) is None:
        return "unreadable", ""
    word, unit = with_words[2] or "", with_words[3] or ""
    own = unicodedata.normalize("NFKC", figure.unit)
    # 千元, 万元 and 亿元 are units of their own; a bare 万 before an amount in 千元 may mean either.
    written = word + unit if word + unit in YUAN else unit
    if written in YUAN and figure.unit in YUAN:
        factor = Fraction(YUAN[written], YUAN[figure.unit])
        if written == unit and word:
            factor *= _WORDS[word]
        return "unit_written", exact_text(number * factor)
    if unit and unit != own:
        return "other_unit", ""
    if word and figure.unit in YUAN:
        return "which_unit", ""
    return ("word_written" if word else "unit_written"), exact_text(number * _WORDS.get(word, 1))


def _number_in(text: str) -> Fraction | None:
    plain = text.replace(",", "") if _GROUPED.fullmatch(text) else text
    try:
        return parse_number(plain)
    except ValueError:
        return None


# ---- what looks wrong -------------------------------------------------------------------------------------

_FAR = 5
_NEAR = Fraction(5, 4)
_SMALL = 20
"""Counts below this jump from year to year without anything being wrong."""


def _beside_last(asked: AskedFigure, value: Fraction, last: Fraction) -> Iterator[Note]:
    facts = {"value": exact_text(value), "last": exact_text(last)}
    if asked.reference.endswith(LAST_YEAR):
        if value != last:
            yield Note(
                figure=asked.reference,
                rule="last_year_differs",
                blocks=False,
                facts=facts,
                proposal=asked.figure.text_of(last),
            )
        return
    if asked.figure.type not in MEASURED or last <= 0 or max(value, last) < _SMALL:
        return
    if value == 0:
        yield Note(figure=asked.reference, rule="fell_to_nothing", blocks=False, facts=facts)
        return
    if value < 0:
        return
    for unit, factor in _other_units(asked.figure.unit):
        meant = value * factor
        if last / _NEAR <= meant <= last * _NEAR:
            yield Note(
                figure=asked.reference,
                rule="unit_slip",
                blocks=False,
                facts=facts | {"unit": unit},
                proposal=exact_text(meant),
            )
            return
    if value >= last * _FAR or value * _FAR <= last:
        yield Note(figure=asked.reference, rule="far_from_last", blocks=False, facts=facts)


def _other_units(unit: str) -> Iterator[tuple[str, Fraction]]:
    """Yield what an amount would have been multiplied by, had it been typed in another unit."""
    if unit in YUAN:
        yield from ((other, Fraction(YUAN[other], YUAN[unit])) for other in YUAN if other != unit)


def read_form(
    scheme: Scheme, typed: Mapping[str, Typed], *, last: Mapping[str, Fraction]
) -> tuple[dict[str, Reading], tuple[Note, ...]]:
    """Read every field that is asked for; return the readings, and the relations between them that do not hold.

    `last` is what was approved a year ago, by the code of the figure. Without it the year before is taken from the
    form itself, where the scheme asks for it.
    """
    readings: dict[str, Reading] = {}
    for reference, asked in scheme.asked.items():
        before = last.get(reference.removesuffix(LAST_YEAR))
        twin = reference + LAST_YEAR
        if before is None and twin in scheme.asked:
            before = _plain(asked.figure, typed.get(twin, Typed()).value)
        readings[reference] = read_typed(asked, typed.get(reference, Typed()), last=before)
    values = {
        reference: reading.value for reference, reading in readings.items() if reading.value is not None
    }
    return readings, tuple(
        Note(figure=problem.figure, rule=problem.rule, blocks=False, facts=problem.facts)
        for problem in broken_relations(scheme, values)
    )


def blocking(readings: Mapping[str, Reading]) -> Sequence[Note]:
    """Return what stands against handing in, in the order of the form."""
    return [note for reading in readings.values() for note in reading.notes if note.blocks]
