"""Why has an entry the score it has: the leaves of every working add up to it, each with its clause and its figures.

Held for every scheme that ships and for drawn ones, on tables with ties, zeros, missing values and exact half-ways.
"""

import json
import tempfile
from fractions import Fraction
from pathlib import Path

import pytest
from corpora import corpora, write_corpus
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from synthetic_schemes.random_schemes import schemes

from hatchmark.documents.score_tables import read_score_table
from hatchmark.domain.scheme import ByCategory, Scheme, expressions_of
from hatchmark.engines.reference import score_table
from hatchmark.schemes.loader import shipped, shipped_codes

LAW = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


def documents(scheme: Scheme, data) -> list[dict]:
    """The workings of a drawn table, as `explain --json` writes them."""
    with tempfile.TemporaryDirectory() as folder:
        table, roster = write_corpus(data.draw(corpora(scheme)), Path(folder))
        entries = read_score_table(table, scheme=scheme, roster=roster).entries
        return [
            json.loads(json.dumps(card.as_document(), ensure_ascii=False))
            for _, card in score_table(scheme, entries)
        ]


def assert_explained(scheme: Scheme, document: dict) -> None:
    leaves = [line for group in document["groups"] for line in group["lines"]]
    adjustments = document["adjustments"]
    scored = [line["points"] for line in leaves]
    if document["total"] is not None:
        assert None not in scored
        added = sum(map(Fraction, scored)) + sum(Fraction(each["points"]) for each in adjustments)
        assert added == Fraction(document["total"])
    for line in leaves:
        assert line["basis"].strip()
        assert line["words"].strip()
        assert line["figures"] or line["type"] == "expert_item" or rests_on_no_figure(scheme, line), line[
            "words"
        ]
        for figure in line["figures"]:
            assert (figure["value"] is None) == (figure["status"] != "reported")
    assert all(each["basis"].strip() and each["words"].strip() for each in adjustments)


def rests_on_no_figure(scheme: Scheme, line: dict) -> bool:
    """Say whether a line rests on the roster, which its words then name, or on nothing at all."""
    (indicator,) = (each for each in scheme.indicators if each.code == line["code"])
    formulas = indicator.formulas.values()
    of_roster = [formula for formula in formulas if any(each.uses_roster for each in expressions_of(formula))]
    of_roster += [formula for formula in formulas if isinstance(formula, ByCategory) and formula.field]
    if of_roster:
        assert scheme.roster is not None
        return scheme.roster.title in line["words"]
    # Not evaluated for its sub-type.
    return line["full_marks"] == "0.00"


@pytest.mark.parametrize("code", shipped_codes())
@LAW
@given(data=st.data())
def test_the_leaves_of_a_shipped_scheme_add_up_with_clause_and_figure(code, data):
    scheme = shipped(code)
    for document in documents(scheme, data):
        assert_explained(scheme, document)


@settings(LAW, max_examples=60)
@given(data=st.data())
def test_the_leaves_of_any_scheme_add_up_with_clause_and_figure(data):
    scheme = data.draw(schemes())
    for document in documents(scheme, data):
        assert_explained(scheme, document)
