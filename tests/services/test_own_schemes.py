"""A department puts in a scheme of its own: tried without a trace, kept once, and used by a round as any other."""

import pytest
from conftest_services import CALL_AT, FIRST, SCHEME, open_live_round
from django.db import IntegrityError
from django.test import Client

from hatchmark.db.models import LedgerEntry, OwnScheme, RoundKind
from hatchmark.domain.permissions import Actor, Role
from hatchmark.domain.scheme import beyond_a_round
from hatchmark.schemes.loader import SchemeError, shipped, shipped_bytes
from hatchmark.services import public, schemes
from hatchmark.services.refusals import FaultyError, NotAllowedError
from hatchmark.services.rounds import scheme_of

CODE = "demo/incubator-2026"


def text_of(code: str = CODE, like: str = SCHEME) -> str:
    """A scheme that ships, under a code of the department's own."""
    return shipped_bytes(like, ending=".toml").decode().replace(f'code = "{like}"', f'code = "{code}"')


def cases_of(like: str = SCHEME) -> str:
    return shipped_bytes(like, ending=".cases.toml").decode()


@pytest.fixture
def authority(db):
    return open_live_round().authority


def keep(content: str, cases: str = "") -> OwnScheme:
    return schemes.keep_scheme(content=content, cases=cases, actor=FIRST, at=CALL_AT)


def codes_against(content: str, cases: str = "") -> list[str]:
    with pytest.raises(FaultyError) as refused:
        keep(content, cases)
    assert not OwnScheme.objects.exists()
    return sorted({problem.code for problem in refused.value.problems})


def test_a_scheme_is_tried_without_a_trace_and_kept_as_it_was_written(authority):
    lines = LedgerEntry.objects.count()
    tried = schemes.try_scheme(content=text_of(), cases=cases_of(), actor=FIRST, at=CALL_AT)
    assert (tried.problems, tried.cases > 1, LedgerEntry.objects.count()) == ((), True, lines)

    kept = keep(text_of(), cases_of())

    assert CODE in schemes.scheme_codes()
    assert schemes.scheme_source(CODE) == text_of().encode()
    assert schemes.scheme_named(CODE).digest == kept.digest != shipped(SCHEME).digest
    line = LedgerEntry.objects.latest("sequence")
    assert (line.act, line.subject, line.details["digest"]) == (
        "keep_scheme",
        f"own-scheme:{CODE}",
        kept.digest,
    )
    # What rounds are called with is public from then on.
    assert public.scheme(CODE).scheme.code == CODE
    assert public.scheme_file(CODE, "scheme.toml", language="zh") == text_of().encode()


def test_a_round_is_called_and_scored_by_it(authority):
    keep(text_of())
    called = open_live_round(year=2026, schemes={"incubator": CODE})
    kind = RoundKind.objects.get(round=called)

    assert scheme_of(kind).code == CODE
    # It is not what it was any more: the round stops rather than to score by something else.
    OwnScheme.objects.filter(code=CODE).update(
        content=text_of().replace('full_marks = "100"', 'full_marks  = "100"')
    )
    assert scheme_of(kind).code == CODE
    OwnScheme.objects.filter(code=CODE).update(content=text_of().replace("场地", "场 地"))
    with pytest.raises(FaultyError, match="is not the one the round was called with"):
        scheme_of(kind)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("[scheme", ["scheme_line"]),
        (text_of("demo/Incubator 2026"), ["scheme_line"]),
        (text_of("nmg/incubator-2026"), ["scheme_code_foreign"]),
        (text_of("other/incubator-2026"), ["scheme_code_foreign"]),
        # A page could not be found by these: the list of schemes would have nowhere to lead to.
        (text_of(f"demo/{'x' * 61}"), ["scheme_code"]),
        (text_of("demo/incubator/2026"), ["scheme_code"]),
        (text_of("incubator-2026"), ["scheme_code"]),
        (text_of("demo/huzhou", "huzhou/makerspace-2020"), ["scheme_has_beyond"]),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_kept(authority, content, found):
    assert codes_against(content) == found


def test_everything_that_a_round_cannot_give_is_told_at_once(authority):
    content = text_of("demo/huzhou", "huzhou/makerspace-2020")
    tried = schemes.try_scheme(content=content, cases="", actor=FIRST, at=CALL_AT)

    assert tried.scheme is not None
    assert [problem.facts["what"] for problem in tried.problems] == beyond_a_round(tried.scheme) != []


@pytest.mark.parametrize("code", [f"demo/{'x' * 60}", "demo/1"])
def test_whatever_is_kept_has_its_page(authority, code):
    keep(text_of(code))
    site = Client()

    assert f"/schemes/{code}/" in site.get("/schemes/").content.decode()
    assert site.get(f"/schemes/{code}/").status_code == 200


def test_an_authority_of_capital_letters_has_schemes_too(authority):
    type(authority).objects.filter(pk=authority.pk).update(code="Demo")
    actor = Actor(code="dep-1", name="示例", role=Role.DEPARTMENT, unit="示例厅", authority="Demo")

    assert schemes.keep_scheme(content=text_of(), cases="", actor=actor, at=CALL_AT).code == CODE


def test_a_case_that_comes_out_otherwise_keeps_the_scheme_out(authority):
    wrong = cases_of().replace('total = "100.00"', 'total = "99.00"', 1)

    assert codes_against(text_of(), wrong) == ["scheme_case"]
    assert codes_against(text_of(), "[[case") == ["scheme_line"]


def test_cases_that_would_take_long_to_work_are_not_begun(authority, monkeypatch):
    first = cases_of().split("[[case]]")[1]
    name = first.partition('name = "')[2].partition('"')[0]
    many = ",\n".join([f'"{name}"'] * schemes.MOST_ENTRIES)
    large = f'[[case]]{first}[[case]]\nname = "示例"\nbased_on = "{name}"\nothers = [{many}]\n'
    large += "[case.expect]\nunscored = []\n"
    monkeypatch.setattr(schemes, "check_cases", lambda *_: pytest.fail("nothing is worked"))

    assert codes_against(text_of(), large) == ["scheme_cases_many"]


def test_a_code_means_one_scheme_for_ever(authority, monkeypatch):
    keep(text_of())
    other = text_of().replace("场地", "场 地")
    with pytest.raises(FaultyError) as refused:
        keep(other)
    assert [problem.code for problem in refused.value.problems] == ["scheme_code_taken"]

    # Two officials at the same moment: the second one is told.
    monkeypatch.setattr(schemes, "scheme_codes", list)
    with pytest.raises(FaultyError) as refused:
        keep(other)
    assert [problem.code for problem in refused.value.problems] == ["scheme_code_taken"]
    assert isinstance(refused.value.__cause__, IntegrityError)
    assert OwnScheme.objects.get().content == text_of()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DEPARTMENT])
def test_nobody_else_tries_or_keeps_one(authority, role):
    actor = Actor(code="x", name="示例", role=role, unit="示例市", authority="demo")
    for act in (schemes.try_scheme, schemes.keep_scheme):
        with pytest.raises(NotAllowedError):
            act(content=text_of(), cases="", actor=actor, at=CALL_AT)


def test_a_code_that_nobody_has_is_an_error(authority):
    with pytest.raises(SchemeError, match="no scheme has the code"):
        schemes.scheme_named("demo/none")
    with pytest.raises(SchemeError, match="no scheme has the code"):
        schemes.scheme_source("demo/none")
