"""How well are the notices of this corpus read? README.md says what is expected of each.

Claims are matched one to one: same count, kind, relation and scope, the same label or outcome, and a clause that
overlaps the anchor. Run as a script it prints the numbers; for `held_out` the texts stay covered unless asked for.
"""

import argparse
import re
import sys
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import opencc

from hatchmark.domain.published_notices import NoticeCheck, NoticeClaim, NoticeFinding, Severity

CORPUS = Path(__file__).resolve().parent
SETS = ("dev", "held_out")
SUFFIXES = (".txt", ".html")

# A word for any carrier names no kind.
GENERIC_KINDS = frozenset({"", "carrier"})


@cache
def _to_simplified() -> Callable[[str], str]:
    return opencc.OpenCC("t2s").convert


def even(text: str) -> str:
    """Text without spaces and line breaks, half-width, simplified: what two spellings of one clause share."""
    return _to_simplified()(re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)))


def _readings(value: Any) -> frozenset[str]:
    return frozenset(value) if isinstance(value, list) else frozenset({value})


def _kind(code: str | None) -> str:
    return "" if code is None or code in GENERIC_KINDS else code


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedClaim:
    """One count that the notice states; where two readings are right, a set holds both."""

    anchor: str
    kinds: frozenset[str]
    label: str
    outcomes: frozenset[str]
    count: int
    relations: frozenset[str]
    scopes: frozenset[str]

    def __str__(self) -> str:
        def words(values: Iterable[str]) -> str:
            return "|".join(sorted(values)) or "-"

        kinds = words(kind or "none" for kind in self.kinds)
        return (
            f"{self.count} {kinds} {self.label} ({words(self.outcomes)}), "
            f"{words(self.relations)}, {words(self.scopes)} at '{self.anchor}'"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A contradiction that was put in: `claims` are positions among the expected ones."""

    what: str
    claims: frozenset[int]
    stated: int | None
    counted: int | None
    codes: frozenset[str] = frozenset()
    """Codes of findings that tell of it, where it is no matter of two numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedTable:
    """What an annex really holds."""

    kind: str
    rows: int
    outcomes: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A notice and what is expected of it."""

    path: Path
    shows: str
    issuer: str | None
    year: int | None
    document_number: str | None
    verdicts: frozenset[str]
    claims: tuple[ExpectedClaim, ...]
    tables: tuple[ExpectedTable, ...]
    planted: tuple[Planted, ...]

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.path.stem

    @property
    def text(self) -> str:
        """The file as it stands."""
        return self.path.read_text(encoding="utf-8")


def read_case(path: Path) -> Case:
    """Return the case whose notice is `path`."""
    with path.with_name(f"{path.stem}.expected.toml").open("rb") as file:
        table = tomllib.load(file)
    return Case(
        path=path,
        shows=table["shows"],
        issuer=table.get("issuer"),
        year=table.get("year"),
        document_number=table.get("document_number"),
        verdicts=_readings(table["verdict"]),
        claims=tuple(
            ExpectedClaim(
                anchor=claim["anchor"],
                kinds=frozenset(map(_kind, _readings(claim["kind"]))),
                label=claim["label"],
                outcomes=_readings(claim["outcome"]),
                count=claim["count"],
                relations=_readings(claim["relation"]),
                scopes=_readings(claim["scope"]),
            )
            for claim in table.get("claims", ())
        ),
        tables=tuple(
            ExpectedTable(kind=annex["kind"], rows=annex["rows"], outcomes=annex["outcomes"])
            for annex in table.get("tables", ())
        ),
        planted=tuple(
            Planted(
                what=planted["what"],
                claims=frozenset(planted.get("claims", ())),
                stated=planted.get("stated"),
                counted=planted.get("counted"),
                codes=frozenset(planted.get("codes", ())),
            )
            for planted in table.get("planted", ())
        ),
    )


def cases_of(name: str) -> tuple[Case, ...]:
    """Return the cases of `dev` or `held_out`, by file name."""
    paths = sorted(path for path in (CORPUS / name).iterdir() if path.suffix in SUFFIXES)
    return tuple(map(read_case, paths))


# ---- one notice -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseScore:
    """What became of one notice."""

    case: Case
    found: int
    """Claims of the reader's, right or wrong."""
    missed: tuple[ExpectedClaim, ...]
    surplus: tuple[NoticeClaim, ...]
    planted_missed: tuple[Planted, ...]
    false_errors: tuple[NoticeFinding, ...]
    verdict: str
    head: tuple[str, ...]
    """What of issuer, year and document number was read wrongly."""

    @property
    def matched(self) -> int:
        """Claims that were expected and found."""
        return len(self.case.claims) - len(self.missed)

    @property
    def is_right(self) -> bool:
        """Whether everything was as expected."""
        return not (
            self.missed
            or self.surplus
            or self.planted_missed
            or self.false_errors
            or self.head
            or self.verdict not in self.case.verdicts
        )


def _stands_at(check: NoticeCheck, claim: NoticeClaim, anchor: str) -> bool:
    """Whether the claim's clause overlaps the anchor."""
    wanted = even(anchor)
    clause = even(claim.text)
    if wanted in clause:
        return True
    paragraphs = check.notice.paragraphs
    if not 0 <= claim.paragraph < len(paragraphs):
        return False
    paragraph = paragraphs[claim.paragraph]
    whole = even(paragraph)
    start, end = len(even(paragraph[: claim.start])), len(even(paragraph[: claim.end]))
    at = whole.find(wanted)
    while at >= 0:
        if start < at + len(wanted) and at < end:
            return True
        at = whole.find(wanted, at + 1)
    return False


def _agrees(check: NoticeCheck, expected: ExpectedClaim, claim: NoticeClaim) -> bool:
    return (
        claim.count == expected.count
        and _kind(claim.kind) in expected.kinds
        and (claim.label == expected.label or claim.outcome in expected.outcomes)
        and str(claim.relation) in expected.relations
        and str(claim.scope) in expected.scopes
        and _stands_at(check, claim, expected.anchor)
    )


def _pairing(edges: Sequence[Sequence[int]]) -> dict[int, int]:
    """Return a largest one-to-one pairing right → left, given for each left what it may be paired with."""
    paired: dict[int, int] = {}

    def place(left: int, tried: set[int]) -> bool:
        for right in edges[left]:
            if right in tried:
                continue
            tried.add(right)
            if right not in paired or place(paired[right], tried):
                paired[right] = left
                return True
        return False

    for left in range(len(edges)):
        place(left, set())
    return paired


def _concerns(planted: Planted, finding: NoticeFinding, expected_of: Mapping[int, frozenset[int]]) -> bool:
    """Whether a finding is about a planted contradiction: by the claims it rests on, or by both numbers it names."""
    if planted.codes:
        return finding.code in planted.codes
    if any(planted.claims & expected_of[claim] for claim in finding.claims if claim in expected_of):
        return True
    numbers = set(map(int, re.findall(r"\d+", finding.message)))
    return (
        planted.stated is not None
        and planted.counted is not None
        and {planted.stated, planted.counted} <= numbers
    )


def score_case(case: Case, check: NoticeCheck) -> CaseScore:
    """Hold what was read against what was expected."""
    edges = [
        [at for at, claim in enumerate(check.claims) if _agrees(check, expected, claim)]
        for expected in case.claims
    ]
    paired = _pairing(edges)
    matched = frozenset(paired.values())
    expected_of = {
        at: frozenset(
            position
            for position, expected in enumerate(case.claims)
            if expected.count == claim.count and _stands_at(check, claim, expected.anchor)
        )
        for at, claim in enumerate(check.claims)
    }
    errors = [finding for finding in check.findings if finding.severity == Severity.ERROR]
    return CaseScore(
        case=case,
        found=len(check.claims),
        missed=tuple(claim for at, claim in enumerate(case.claims) if at not in matched),
        surplus=tuple(claim for at, claim in enumerate(check.claims) if at not in paired),
        planted_missed=tuple(
            planted
            for planted in case.planted
            if not any(_concerns(planted, finding, expected_of) for finding in errors)
        ),
        false_errors=tuple(
            finding
            for finding in errors
            if not any(_concerns(planted, finding, expected_of) for planted in case.planted)
        ),
        verdict=str(check.verdict),
        head=tuple(_head_misses(case, check)),
    )


def _head_misses(case: Case, check: NoticeCheck) -> Iterable[str]:
    notice = check.notice
    for name, wanted, got in (
        ("issuer", case.issuer, notice.issuer),
        ("year", case.year, notice.year),
        ("document number", case.document_number, notice.document_number),
    ):
        as_read = even(got) if isinstance(got, str) else got
        as_wanted = even(wanted) if isinstance(wanted, str) else wanted
        if as_read != as_wanted:
            yield f"{name}: {wanted} expected, {got} read"


# ---- a set ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SetScore:
    """What became of a set of notices."""

    cases: tuple[CaseScore, ...]

    @property
    def matched(self) -> int:
        """Claims expected and found."""
        return sum(case.matched for case in self.cases)

    @property
    def precision(self) -> Fraction:
        """Share of the claims found that were expected; 1 where none was found."""
        found = sum(case.found for case in self.cases)
        return Fraction(self.matched, found) if found else Fraction(1)

    @property
    def recall(self) -> Fraction:
        """Share of the claims expected that were found."""
        return Fraction(self.matched, sum(len(case.case.claims) for case in self.cases))

    @property
    def planted_missed(self) -> int:
        """Contradictions put in and not found."""
        return sum(len(case.planted_missed) for case in self.cases)

    @property
    def false_errors(self) -> int:
        """Errors found where none was put in."""
        return sum(len(case.false_errors) for case in self.cases)

    @property
    def wrong_verdicts(self) -> tuple[CaseScore, ...]:
        """Notices with another verdict than expected."""
        return tuple(case for case in self.cases if case.verdict not in case.case.verdicts)


def score_set(name: str, read: Callable[[Path], NoticeCheck]) -> SetScore:
    """Read every notice of a set and score it."""
    return SetScore(cases=tuple(score_case(case, read(case.path)) for case in cases_of(name)))


def numbers_of(score: SetScore) -> str:
    """The numbers of a set, one a line, no text of any notice."""
    found = sum(case.found for case in score.cases)
    expected = sum(len(case.case.claims) for case in score.cases)
    planted = sum(len(case.case.planted) for case in score.cases)
    lines = [
        f"notices          {len(score.cases)}, all right in {sum(case.is_right for case in score.cases)}",
        f"precision        {_share(score.precision)}  {score.matched} of {found} claims found",
        f"recall           {_share(score.recall)}  {score.matched} of {expected} claims expected",
        f"contradictions   {planted - score.planted_missed} of {planted} found, {score.false_errors} false errors",
        f"verdicts         {len(score.cases) - len(score.wrong_verdicts)} of {len(score.cases)} right",
        f"heads            {sum(not case.head for case in score.cases)} of {len(score.cases)} right",
    ]
    return "\n".join(lines)


def _share(share: Fraction) -> str:
    # Cut off, not rounded: 0.9799 must not print as 0.980.
    return f"{int(share * 1000) / 1000:.3f}"


def misses_of(score: SetScore) -> str:
    """Everything that was not as expected, notice by notice."""
    lines: list[str] = []
    for case in score.cases:
        if case.is_right:
            continue
        lines += ["", f"{case.case.path.parent.name}/{case.case.path.name}: {case.case.shows}"]
        lines += [f"  missed   {claim}" for claim in case.missed]
        lines += [
            f"  surplus  {claim.count} {claim.kind or 'none'} {claim.label} ({claim.outcome}), "
            f"{claim.relation}, {claim.scope} in '{claim.text}'"
            for claim in case.surplus
        ]
        lines += [f"  not seen {planted.what}" for planted in case.planted_missed]
        lines += [f"  false    {finding.code}: {finding.message}" for finding in case.false_errors]
        if case.verdict not in case.case.verdicts:
            lines.append(f"  verdict  {'|'.join(sorted(case.case.verdicts))} expected, {case.verdict} given")
        lines += [f"  head     {miss}" for miss in case.head]
    return "\n".join(lines)


def main(words: Sequence[str] | None = None) -> int:
    """Print a set's score."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("set", choices=SETS)
    parser.add_argument("--misses", action="store_true", help="print every miss, with the notice's words")
    arguments = parser.parse_args(words)
    from hatchmark.services.notice_check import check_notice_file

    score = score_set(arguments.set, lambda path: check_notice_file(path))  # noqa: PLW0108
    sys.stdout.write(numbers_of(score) + "\n")
    if arguments.misses:
        sys.stdout.write(misses_of(score) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
