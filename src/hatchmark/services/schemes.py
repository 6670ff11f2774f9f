"""评价方案 by their codes: those that ship, and those that a department has put in. A code means one scheme for ever.

A department tries a file as often as it likes, which stores nothing. What it keeps is public from then on, since rounds
are called with it, and is never changed: what was scored by it can be scored again.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db import IntegrityError, transaction

from hatchmark.db.models import Authority, OwnScheme
from hatchmark.domain.permissions import Actor, Subject
from hatchmark.domain.problems import Problem
from hatchmark.domain.scheme import Scheme, beyond_a_round
from hatchmark.schemes.cases import check_cases, parse_cases
from hatchmark.schemes.loader import SchemeError, parse_scheme, shipped, shipped_bytes, shipped_codes
from hatchmark.services.ledger import record
from hatchmark.services.permissions import require
from hatchmark.services.refusals import FaultyError

MOST_PROBLEMS = 50
"""So many findings of one file are told; whoever has mended them asks again."""

MOST_ENTRIES = 1_000
"""So many entries of worked cases are scored while somebody waits, those that make up their tables among them."""

_CODE = re.compile(r"[a-z0-9-]{1,40}/[a-z0-9-]{1,60}")
"""What the address of a scheme's page has room for. A file may hold longer codes, which no page could be found by."""


def scheme_codes() -> list[str]:
    """Return the code of every scheme there is: what ships, then what departments put in."""
    return [*shipped_codes(), *OwnScheme.objects.values_list("code", flat=True)]


def all_schemes() -> list[Scheme]:
    """Return every scheme there is, in the order of `scheme_codes`; one question."""
    own = OwnScheme.objects.values_list("content", "code")
    return [*(shipped(code) for code in shipped_codes()), *(_parsed(*each) for each in own)]


def scheme_named(code: str) -> Scheme:
    """Return a scheme by its code. Raises SchemeError for a code that none has."""
    return shipped(code) if code in _shipping() else _parsed(_own(code).content, code)


def find_scheme(code: str) -> Scheme | None:
    """Return a scheme by its code; None for a code that none has."""
    try:
        return scheme_named(code)
    except SchemeError:
        return None


def scheme_source(code: str) -> bytes:
    """Return the file of a scheme as its authors wrote it. Raises SchemeError for a code that none has."""
    if code in _shipping():
        return shipped_bytes(code, ending=".toml")
    return _own(code).content.encode()


@lru_cache(maxsize=1)
def _shipping() -> frozenset[str]:
    return frozenset(shipped_codes())


def _own(code: str) -> OwnScheme:
    found = OwnScheme.objects.filter(code=code).first()
    if found is None:
        raise SchemeError(code, (f"no scheme has the code '{code}'",))
    return found


@lru_cache(maxsize=64)
def _parsed(content: str, code: str) -> Scheme:
    return parse_scheme(content.encode(), file=f"{code}.toml")


# ---- trying and keeping one -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedScheme:
    """What was found in a file. `scheme` is there where it reads; `problems` is what stands against keeping it."""

    scheme: Scheme | None
    cases: int
    problems: tuple[Problem, ...]


def try_scheme(*, content: str, cases: str, actor: Actor, at: datetime) -> TriedScheme:
    """Read a scheme and work its cases. Nothing is stored. Raises NotAllowedError for whoever may not keep one."""
    authority = _authority(actor, at=at)
    try:
        scheme = parse_scheme(content.encode(), file="scheme.toml")
    except SchemeError as error:
        return TriedScheme(scheme=None, cases=0, problems=_lines("scheme_line", error.problems))
    problems = [*_about_code(scheme, authority), *_about_rounds(scheme)]
    worked = 0
    if cases.strip():
        try:
            read = parse_cases(cases.encode(), file="scheme.cases.toml", scheme=scheme)
        except SchemeError as error:
            problems += _lines("scheme_line", error.problems)
        else:
            worked = len(read)
            # A case may begin with the table of another: a small file can ask for a great many entries.
            if (entries := sum(1 + len(case.others) for case in read)) > MOST_ENTRIES:
                problems.append(_too_many(entries))
            else:
                problems += _lines("scheme_case", [str(each) for each in check_cases(scheme, read)])
    return TriedScheme(scheme=scheme, cases=worked, problems=tuple(problems))


@transaction.atomic
def keep_scheme(*, content: str, cases: str, actor: Actor, at: datetime) -> OwnScheme:
    """Keep a scheme of the actor's authority for its rounds. Raises FaultyError with what stands against it."""
    tried = try_scheme(content=content, cases=cases, actor=actor, at=at)
    if tried.scheme is None or tried.problems:
        raise FaultyError(tried.problems)
    try:
        with transaction.atomic():
            kept = OwnScheme.objects.create(
                code=tried.scheme.code,
                authority=_authority(actor, at=at),
                content=content,
                cases=cases,
                digest=tried.scheme.digest,
                added_by=actor.code,
                added_at=at,
            )
    except IntegrityError as error:
        raise FaultyError([_taken(tried.scheme.code)]) from error
    record(
        actor,
        "keep_scheme",
        subject=f"own-scheme:{kept.code}",
        details={"digest": kept.digest, "kind": tried.scheme.kind, "cases": tried.cases},
        evaluation_round=None,
        at=at,
    )
    return kept


def prefix_of(authority_code: str) -> str:
    """Return what the codes of an authority's schemes begin with: codes of schemes have small letters only."""
    return f"{authority_code.lower()}/"


def own_schemes(actor: Actor, *, at: datetime) -> list[tuple[OwnScheme, Scheme]]:
    """Return what the actor's authority has put in, the latest first."""
    kept = _authority(actor, at=at).own_schemes.order_by("-added_at", "code")
    return [(each, _parsed(each.content, each.code)) for each in kept]


def _authority(actor: Actor, *, at: datetime) -> Authority:
    require(actor, "keep_scheme", Subject(authority=actor.authority), evaluation_round=None, at=at)
    return Authority.objects.get(code=actor.authority)


def _lines(code: str, lines: Sequence[str]) -> tuple[Problem, ...]:
    return tuple(Problem(code=code, text=line, facts={"line": line}) for line in lines[:MOST_PROBLEMS])


def _about_code(scheme: Scheme, authority: Authority) -> list[Problem]:
    wanted = f"{prefix_of(authority.code)}{scheme.kind}-{scheme.year}"
    facts = {"code": scheme.code, "wanted": wanted}
    if not _CODE.fullmatch(scheme.code):
        text = f"'{scheme.code}' has no page: write the authority and at most 60 characters, such as {wanted}"
        return [Problem(code="scheme_code", text=text, facts=facts)]
    if not scheme.code.startswith(prefix_of(authority.code)):
        text = f"'{scheme.code}' is the code of another authority; write one of the own, such as {wanted}"
        return [Problem(code="scheme_code_foreign", text=text, facts=facts)]
    if scheme.code in scheme_codes():
        return [_taken(scheme.code)]
    return []


def _too_many(entries: int) -> Problem:
    text = (
        f"the cases hold {entries} entries to work out, above the {MOST_ENTRIES} worked here; leave some out"
    )
    return Problem(code="scheme_cases_many", text=text, facts={"n": entries, "most": MOST_ENTRIES})


def _taken(code: str) -> Problem:
    text = f"a scheme with the code {code} is kept already, and never changes; give this one another code"
    return Problem(code="scheme_code_taken", text=text, facts={"code": code})


def _about_rounds(scheme: Scheme) -> list[Problem]:
    return [
        Problem(
            code="scheme_has_beyond",
            text=f"the scheme has {each}, which a round cannot give yet; leave it out",
            facts={"what": each},
        )
        for each in beyond_a_round(scheme)
    ]
