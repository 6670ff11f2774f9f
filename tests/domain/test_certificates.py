"""Certificates: what they attest, their code, and what becomes of them when a decision changes."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paper_samples import DECISIONS, VOCABULARY, key, results_of, template

from hatchmark.domain.certificates import (
    ALPHABET,
    State,
    build_certificate,
    certifiable,
    certificate_code,
    decision_digest,
    decision_digests,
    read_code,
    state_of,
)
from hatchmark.domain.outcomes import Grade, Outcome
from hatchmark.domain.results import results_from_document

TEMPLATE = template("certificate")
FIRST = key("incubator", 1)
RESULTS = results_of()
DIGEST = decision_digest(RESULTS, FIRST)
CODE = certificate_code(b"secret", DIGEST)


def certificate(who=FIRST, results=RESULTS, **changes):
    facts = {
        "digest": DIGEST,
        "code": CODE,
        "address": None,
        "notice_version": 1,
        "issued_on": date(2025, 8, 15),
        "past": False,
    }
    return build_certificate(results, VOCABULARY, TEMPLATE, key=who, **(facts | changes))


def changed(who, **what):
    return results_of(tuple(replace(each, **what) if each.key == who else each for each in DECISIONS))


def test_a_certificate_says_who_when_and_which_grade():
    found = certificate(address="https://pingjia.example/certificates/X/")

    assert (found.title_lines, found.paragraphs) == (
        ("科技企业孵化器绩效评价结果证明",),
        (
            "示例孵化器1号（运营机构：示例孵化器1号运营公司）参加示例自治区科学技术厅组织的2025年度"
            "科技企业孵化器绩效评价，评定等次为优秀。",
            "特此证明。",
        ),
    )
    assert (found.scanned, certificate().scanned) == ("https://pingjia.example/certificates/X/", CODE)
    assert found.marks == ("演示数据，非真实",)


def test_graded_rows_alone_can_be_attested():
    assert [str(row.key) for row in certifiable(RESULTS)] == [
        "incubator:1",
        "incubator:2",
        "makerspace:1",
        "makerspace:2",
    ]
    for who in ("incubator:3", "makerspace:3", "makerspace:4", "makerspace:5"):
        with pytest.raises(ValueError, match=f"{who} has no grade of its own"):
            certificate(key(who.split(":")[0], int(who[-1])))


def test_no_certificate_is_made_for_a_real_past_round():
    with pytest.raises(ValueError, match="re-made from what was published"):
        certificate(results=results_of(fictional=False), past=True)


def test_the_digest_is_that_of_the_decision_and_of_nothing_else():
    other = changed(key("makerspace", 2), grade=Grade.GOOD)
    own = changed(FIRST, grade=Grade.GOOD)

    assert decision_digest(other, FIRST) == DIGEST
    assert decision_digest(own, FIRST) != DIGEST
    assert decision_digest(replace(RESULTS, year=2026), FIRST) != DIGEST
    assert decision_digests(RESULTS) == {row.key: decision_digest(RESULTS, row.key) for row in RESULTS.rows}
    assert decision_digest(results_from_document(RESULTS.as_document()), FIRST) == DIGEST
    with pytest.raises(KeyError, match="incubator:9 is no row"):
        decision_digest(RESULTS, key("incubator", 9))


def test_a_code_depends_on_the_secret_and_on_every_sign_of_the_digest():
    others = [certificate_code(b"other", DIGEST), certificate_code(b"secret", DIGEST[:-1] + "x")]

    assert len(CODE.replace("-", "")) == 25 and set(CODE) <= {*ALPHABET, "-"}
    assert CODE not in others and len(set(others)) == 2


@given(st.binary(min_size=1, max_size=8), st.text("0123456789abcdef", min_size=64, max_size=64))
def test_a_code_is_read_however_it_is_typed(secret, digest):
    code = certificate_code(secret, digest)

    typed = [
        code.lower(),
        code.replace("-", ""),
        code.replace("-", " "),
        code.replace("0", "O").replace("1", "l"),
        code.replace("1", "i"),
    ]
    assert {read_code(each) for each in typed} == {code}


@pytest.mark.parametrize(
    "text", ["", CODE[:-1], CODE + "A", CODE[:-1] + "U", CODE[:-1] + "中", "'; drop", "A" * 9999]
)
def test_what_can_be_no_code_is_none(text):
    assert read_code(text) is None


@pytest.mark.parametrize(
    ("latest", "withdrawn", "state"),
    [
        (RESULTS, False, State.VALID),
        (RESULTS, True, State.WITHDRAWN),
        (changed(key("makerspace", 2), grade=Grade.GOOD), False, State.VALID),
        (changed(FIRST, grade=Grade.GOOD), False, State.SUPERSEDED),
        (changed(FIRST, grade=None, outcome=Outcome.DISQUALIFIED), False, State.WITHDRAWN),
        (results_of(DECISIONS[1:]), False, State.WITHDRAWN),
    ],
)
def test_what_becomes_of_a_certificate(latest, withdrawn, state):
    assert state_of(digest=DIGEST, key=FIRST, withdrawn=withdrawn, latest=latest) is state
