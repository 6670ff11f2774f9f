"""The reference engine scores a whole table, each entry by itself."""

from dataclasses import replace

import pytest

from hatchmark.domain.outcomes import EntryKey
from hatchmark.domain.scheme import Scheme, read_figure
from hatchmark.domain.scoring import EntryInputs
from hatchmark.engines.reference import score_table
from hatchmark.schemes.cases import shipped_cases
from hatchmark.schemes.loader import shipped


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return shipped("nmg/incubator-2020")


@pytest.fixture(scope="module")
def table(scheme: Scheme) -> dict[EntryKey, EntryInputs]:
    cases = shipped_cases(scheme.code, scheme=scheme)
    return {EntryKey("incubator", serial): case.inputs for serial, case in enumerate(cases, start=1)}


def test_a_table_is_scored_in_its_order_as_the_cases_say(scheme, table):
    expected = [case.expected.get("total") for case in shipped_cases(scheme.code, scheme=scheme)]
    scored = list(score_table(scheme, table))
    assert [key for key, _ in scored] == list(table)
    told = [
        (card.total_text or "none", total) for (_, card), total in zip(scored, expected, strict=True) if total
    ]
    assert len(told) > 10
    assert [found for found, _ in told] == [total for _, total in told]


def test_one_entrys_figures_change_no_other_entrys_working(scheme, table):
    key = EntryKey("incubator", 3)
    figures = {**table[key].figures, "tenants": read_figure(status="reported", value="9999")}
    changed = {**table, key: replace(table[key], figures=figures)}
    before = {key: card.as_document() for key, card in score_table(scheme, table)}
    after = {key: card.as_document() for key, card in score_table(scheme, changed)}
    assert [entry for entry in table if before[entry] != after[entry]] == [key]


def test_the_order_of_the_table_changes_nothing(scheme, table):
    forward = {key: card.as_document() for key, card in score_table(scheme, table)}
    backward = {key: card.as_document() for key, card in score_table(scheme, dict(reversed(table.items())))}
    assert forward == backward


def test_an_entry_that_cannot_be_scored_is_named(scheme, table):
    broken = {EntryKey("incubator", 7): EntryInputs(figures={}, expert_scores={})}
    with pytest.raises(ValueError, match="entry incubator:7: figure 'area' is not there"):
        list(score_table(scheme, broken))
