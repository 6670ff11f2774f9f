"""Laws that hold for every entry: sums, bounds, monotony, independence, trimming."""

import json
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hatchmark.domain.scheme import (
    AskedFigure,
    Bands,
    FigureStatus,
    FigureType,
    FigureValue,
    Growth,
    Indicator,
    Linear,
    PerUnit,
    Scheme,
    beyond_a_round,
    points_text,
)
from hatchmark.domain.scoring import Scorecard, combine_expert_scores, score_entry
from hatchmark.schemes.loader import shipped, shipped_codes

# The laws of schemes that one entry alone can be scored by. Rosters, ranks, nested and deducting groups have
# tests of their own (tests/schemes): there a group is more than the sum of its lines, and a grade needs the table.
SCHEMES = [scheme for code in shipped_codes() if not beyond_a_round(scheme := shipped(code))]
# A whole entry is many draws, and the machine may be busy: neither is a finding about the rules.
LAW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def a_value(asked: AskedFigure) -> st.SearchStrategy[FigureValue]:
    """Small and large values within the figure's bounds, and each way to be missing."""
    figure = asked.figure
    assert figure.maximum is not None
    top = int(figure.maximum)
    whole = st.one_of(st.integers(0, min(60, top)), st.integers(0, top)).map(Fraction)
    parts = st.builds(Fraction, st.integers(0, top * 100), st.just(100))
    number = whole if figure.type is FigureType.INTEGER else st.one_of(whole, parts)
    reported = number.map(lambda value: FigureValue(status=FigureStatus.REPORTED, value=value))
    missing = st.sampled_from([FigureStatus.ABSENT, FigureStatus.NOT_APPLICABLE, FigureStatus.REFUSED])
    return st.one_of(reported, reported, reported, missing.map(lambda status: FigureValue(status=status)))


@st.composite
def entries(draw: st.DrawFn, *, scheme: Scheme, fewest: int = 3) -> dict[str, object]:
    figures = {reference: draw(a_value(asked)) for reference, asked in scheme.asked.items()}
    scores = {
        item.code: tuple(
            Fraction(draw(st.integers(0, item.full_marks)), 100) for _ in range(draw(st.integers(fewest, 6)))
        )
        for item in scheme.expert_items
    }
    sub_type = draw(st.sampled_from((*scheme.sub_types, None)))
    return {"figures": figures, "expert_scores": scores, "sub_type": sub_type}


def score(scheme: Scheme, entry: dict[str, object]) -> Scorecard:
    return score_entry(scheme, **entry)  # type: ignore[arg-type]


@LAW
@given(st.data())
@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.code)
def test_the_leaves_of_the_document_add_up_to_its_total_to_the_last_digit(scheme, data):
    document = json.loads(json.dumps(score(scheme, data.draw(entries(scheme=scheme))).as_document()))
    lines = [line for group in document["groups"] for line in group["lines"]]
    leaves = sum(Fraction(line["points"]) for line in lines)
    caps = sum(Fraction(adjustment["points"]) for adjustment in document["adjustments"])
    assert len(lines) == len(scheme.indicators) + len(scheme.expert_items)
    assert points_text(int((leaves + caps) * 100)) == document["total"]
    for group in document["groups"]:
        assert Fraction(group["points"]) == sum(Fraction(line["points"]) for line in group["lines"])


@LAW
@given(st.data())
@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.code)
def test_points_lie_between_nothing_and_the_full_marks(scheme, data):
    card = score(scheme, data.draw(entries(scheme=scheme)))
    assert [line.code for line in card.leaves() if not 0 <= line.points <= line.full_marks] == []
    assert 0 <= card.total <= scheme.total_cap
    assert card.proposed_grade is not None


@LAW
@given(st.data())
@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.code)
def test_a_total_is_missing_exactly_when_something_is_unscored(scheme, data):
    card = score(scheme, data.draw(entries(scheme=scheme, fewest=1)))
    too_few = [line.words for line in card.leaves() if line.formula is None and len(line.scores) < 3]
    assert list(card.unscored) == too_few
    assert (card.total is None) == bool(too_few)


def rising(indicator: Indicator) -> bool:
    """Every formula of these types gives more for more, as the shipped schemes use them."""
    return all(
        isinstance(formula, Bands | Linear | PerUnit | Growth) for formula in indicator.formulas.values()
    )


@LAW
@given(st.data())
@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.code)
def test_more_never_gives_fewer_points_where_the_formula_rises(scheme, data):
    entry = data.draw(entries(scheme=scheme))
    indicator = data.draw(st.sampled_from([found for found in scheme.indicators if rising(found)]))
    reference = next(iter(indicator.formulas.values())).references[0]
    bound = int(scheme.asked[reference].figure.maximum or 0)
    count = st.one_of(st.integers(0, min(bound, 60)), st.integers(0, bound))
    fewer, more = sorted(data.draw(st.tuples(count, count)))

    def points_for(count: int) -> int:
        value = FigureValue(status=FigureStatus.REPORTED, value=Fraction(count))
        figures = {**entry["figures"], reference: value}
        card = score(scheme, {**entry, "figures": figures})
        return next(line.points for line in card.leaves() if line.code == indicator.code)

    assert points_for(fewer) <= points_for(more)


@LAW
@given(st.data())
@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.code)
def test_one_figure_moves_only_the_lines_that_name_it(scheme, data):
    entry = data.draw(entries(scheme=scheme))
    reference = data.draw(st.sampled_from(list(scheme.asked)))
    figures = {**entry["figures"], reference: data.draw(a_value(scheme.asked[reference]))}
    before = {line.code: line for line in score(scheme, entry).leaves()}
    after = {line.code: line for line in score(scheme, {**entry, "figures": figures}).leaves()}
    moved = {code for code in before if before[code] != after[code]}
    named = {code for code, line in before.items() if reference in [use.reference for use in line.figures]}
    assert moved <= named


SCORES = st.lists(st.integers(0, 300).map(lambda points: Fraction(points, 100)), min_size=3, max_size=9)


@LAW
@given(SCORES)
def test_the_combined_score_lies_within_the_scores_and_ignores_their_order(scores):
    rule = SCHEMES[0].expert_rule
    assert rule is not None
    combined = combine_expert_scores(scores, rule=rule)
    assert combined is not None
    assert min(scores) <= combined <= max(scores)
    assert (
        combined
        == combine_expert_scores(scores[::-1], rule=rule)
        == combine_expert_scores(sorted(scores), rule=rule)
    )


@given(
    st.lists(st.integers(0, 300).map(lambda points: Fraction(points, 100)), min_size=5, max_size=9), st.data()
)
def test_from_five_scores_on_one_expert_alone_cannot_leave_the_range_of_the_others(scores, data):
    rule = SCHEMES[0].expert_rule
    assert rule is not None
    *others, _ = scores
    extreme = data.draw(st.sampled_from([Fraction(0), Fraction(3)]))
    combined = combine_expert_scores([*others, extreme], rule=rule)
    assert combined is not None
    assert min(others) <= combined <= max(others)
