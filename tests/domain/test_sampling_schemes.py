"""Samples: valid, the same for the same seed, and with everything in them that a scheme can meet."""

import itertools

import pytest
from example_schemes import PLAIN, WIDE

from hatchmark.domain.grading import Facts
from hatchmark.domain.sampling_schemes import Draws, SampleError, most_experts, sample_entries
from hatchmark.domain.scheme import (
    FigureStatus,
    expert_score_problem,
    validate_figures,
    validate_roster,
)
from hatchmark.engines.reference import score_table
from hatchmark.schemes.loader import parse_scheme, shipped, shipped_codes


def test_draws_are_sha256_to_the_letter():
    import hashlib

    digest = hashlib.sha256(b"name\n1").digest()

    assert Draws("name").below(1000) == int.from_bytes(digest, "big") % 1000


def test_draws_reach_every_value_and_no_other():
    draws = Draws("x")

    assert {draws.below(7) for _ in range(300)} == set(range(7))
    assert {draws.between(-1, 1) for _ in range(100)} == {-1, 0, 1}
    assert [draws.below(1) for _ in range(3)] == [0, 0, 0]
    assert max(draws.below(2**300) for _ in range(50)).bit_length() > 290


@pytest.fixture(params=[*shipped_codes(), "plain", "wide"])
def scheme(request):
    texts = {"plain": PLAIN, "wide": WIDE}
    if request.param in texts:
        return parse_scheme(texts[request.param].encode(), file=request.param)
    return shipped(request.param)


def test_every_sampled_entry_is_valid_and_can_be_scored(scheme):
    entries = {entry.id: entry.inputs for entry in sample_entries(scheme, rows=60, seed=7)}

    assert list(entries) == [f"示例{row:06d}" for row in range(1, 61)]
    for inputs in entries.values():
        assert validate_figures(scheme, inputs.figures) == []
        assert validate_roster(scheme, inputs.roster) == []
        assert inputs.facts == Facts()
        problems = [
            expert_score_problem(scheme, item=item, score=score)
            for item, scores in inputs.expert_scores.items()
            for score in scores
        ]
        assert set(problems) <= {None}
    totals = [card.total for _, card in score_table(scheme, entries)]
    assert len(set(totals)) > 20, "nearly all alike"


def test_the_same_seed_gives_the_same_entries_and_another_seed_others(scheme):
    def sample(rows: int, seed: int) -> list:
        return list(sample_entries(scheme, rows=rows, seed=seed))

    assert sample(20, 1) == sample(20, 1)
    assert sample(20, 1)[:5] == sample(5, 1)
    assert all(one != other for one, other in zip(sample(5, 1), sample(5, 2), strict=True))


def test_a_sample_meets_everything_that_a_scheme_can():
    scheme = shipped("nmg/incubator-2020")
    entries = [entry.inputs for entry in sample_entries(scheme, rows=400, seed=1)]

    statuses = {figure.status for inputs in entries for figure in inputs.figures.values()}
    experts = {len(scores) for inputs in entries for scores in inputs.expert_scores.values()}
    assert statuses == set(FigureStatus)
    assert {inputs.sub_type for inputs in entries} == {None, *scheme.sub_types}
    assert experts == {2, 3, 4, 5, 6}
    assert most_experts(scheme) == 6
    for reference, asked in scheme.asked.items():
        values = {inputs.figures[reference].value for inputs in entries}
        assert asked.figure.minimum in values, reference
    grades = {card.proposed_grade for _, card in score_table(scheme, dict(enumerate(entries)))}
    assert {cut.grade for cut in scheme.grades} <= grades


def test_rosters_are_drawn_with_dates_inside_and_outside_of_the_windows():
    scheme = parse_scheme(WIDE.encode(), file="wide")
    rows = list(
        itertools.chain.from_iterable(
            entry.inputs.roster for entry in sample_entries(scheme, rows=30, seed=1)
        )
    )

    (window,) = scheme.windows
    inside = {window.first.toordinal() <= row["entered"].value <= window.last.toordinal() for row in rows}
    assert inside == {True, False}
    assert {row["degree"].value if "degree" in row else None for row in rows} == {None, 1, 2, 3}


def test_relations_that_no_figures_can_keep_are_told():
    text = PLAIN.replace(
        'code = "firms"\ntitle = "在孵企业"\nunit = "家"\ntype = "integer"\nminimum = "0"\nmaximum = "1000"',
        'code = "firms"\ntitle = "在孵企业"\nunit = "家"\ntype = "integer"\nminimum = "0"\nmaximum = "5"',
    ).replace(
        'title = "毕业企业"\nunit = "家"\ntype = "integer"\nminimum = "0"',
        'title = "毕业企业"\nunit = "家"\ntype = "integer"\nminimum = "6"',
    )
    scheme = parse_scheme(text.encode(), file="odd")

    with pytest.raises(SampleError, match="no figures were found that keep graduates at or below firms"):
        list(sample_entries(scheme, rows=1, seed=1))
