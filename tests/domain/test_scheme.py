"""The scheme's values: exact numbers, figures and what cannot be among them."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hatchmark.domain.scheme import (
    FigureProblem,
    FigureStatus,
    FigureValue,
    Scheme,
    as_hundredths,
    exact_text,
    expert_score_problem,
    parse_number,
    points_text,
    read_figure,
    validate_figures,
)
from hatchmark.schemes.cases import shipped_cases
from hatchmark.schemes.loader import shipped


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return shipped("nmg/incubator-2020")


@pytest.fixture
def figures(scheme: Scheme) -> dict[str, FigureValue]:
    """Figures that nothing is wrong with: those of the first worked case."""
    return dict(shipped_cases(scheme.code, scheme=scheme)[0].inputs.figures)


def reported(value: str, **more: str) -> FigureValue:
    return read_figure(status="reported", value=value, **more)


# ---- numbers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", Fraction(0)), ("12.50", Fraction(25, 2)), ("-3", Fraction(-3)), ("007", Fraction(7))],
)
def test_parse_number_is_exact(text, value):
    assert parse_number(text) == value


@pytest.mark.parametrize(
    "text", ["", " 1", "1,000", "1e5", "+1", "１２", "1.", ".5", "0x10", "1_000", "NaN", "1/3"]
)
def test_parse_number_refuses_what_is_no_plain_number(text):
    with pytest.raises(ValueError, match="is not a plain number; write digits"):
        parse_number(text)


def test_parse_number_refuses_a_number_that_is_too_long():
    with pytest.raises(ValueError, match="31 characters is too long; write at most 30"):
        parse_number("1" * 31)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(3, 4), "0.75"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(1, 9), "1/9"),
        (Fraction(120000), "120000"),
        (Fraction(1, 1000), "0.001"),
        (Fraction(0), "0"),
    ],
)
def test_exact_text_loses_nothing(value, text):
    assert exact_text(value) == text


@settings(deadline=None)
@given(st.fractions())
def test_exact_text_reads_back_as_the_same_value(value):
    assert Fraction(exact_text(value)) == value


@settings(deadline=None)
@given(st.integers(min_value=-(10**9), max_value=10**9))
def test_points_text_reads_back_as_the_same_hundredths(points):
    assert as_hundredths(Fraction(points_text(points))) == points


def test_as_hundredths_refuses_a_third_place():
    with pytest.raises(ValueError, match=r"0\.125 points has more than two decimal places"):
        as_hundredths(Fraction(1, 8))


# ---- one figure -------------------------------------------------------------------------------------------


def test_a_missing_figure_is_a_value_of_its_own_and_not_zero():
    assert read_figure(status="refused", value="") == FigureValue(status=FigureStatus.REFUSED, value=None)
    assert read_figure(status="refused", value="") != reported("0")


@pytest.mark.parametrize(
    ("status", "value", "message"),
    [
        ("reported", "", "a reported figure needs a value"),
        ("absent", "0", "status absent has no value, but '0' stands there"),
        ("unknown", "1", "'unknown' is no status of a figure; write one of reported, absent"),
        ("reported", "twelve", "'twelve' is not a plain number"),
    ],
)
def test_read_figure_says_what_cannot_be(status, value, message):
    with pytest.raises(ValueError, match=message):
        read_figure(status=status, value=value)


def test_a_figure_value_cannot_be_reported_and_empty():
    with pytest.raises(ValueError, match="do not go together"):
        FigureValue(status=FigureStatus.REPORTED)


# ---- the figures of an entry ------------------------------------------------------------------------------


def test_sound_figures_have_no_problem(scheme, figures):
    assert validate_figures(scheme, figures) == []


def test_an_unknown_figure_is_named(scheme, figures):
    figures["tennants"] = reported("3")
    [problem] = validate_figures(scheme, figures)
    assert (problem.figure, problem.value) == ("tennants", "3")
    assert problem.message == "scheme nmg/incubator-2020 asks for no figure 'tennants'"


def test_a_figure_without_last_year_has_none(scheme, figures):
    figures["tenants@last"] = reported("3")
    assert [problem.figure for problem in validate_figures(scheme, figures)] == ["tenants@last"]


def test_a_missing_row_is_asked_for_with_its_title_and_unit(scheme, figures):
    del figures["firms_income@last"]
    assert validate_figures(scheme, figures) == [
        FigureProblem(
            figure="firms_income@last",
            value="",
            message="'firms_income@last' (上年在孵企业总收入) is not there",
            remedy="give its value in 千元, or its status: absent, not_applicable, refused",
        )
    ]


@pytest.mark.parametrize(
    ("figure", "value", "message"),
    [
        ("tenants", reported("48.5"), "'tenants' (在孵企业) counts whole 家, so 48.5 cannot be"),
        ("tenants", reported("-1"), "'tenants' (在孵企业) cannot be below 0, but is -1"),
        ("tenants", reported("10001"), "'tenants' (在孵企业) cannot be above 10000 家, but is 10001"),
        (
            "income",
            reported("10000", unit="万元"),
            "'income' (孵化器总收入) is measured in 千元, not in 万元",
        ),
    ],
)
def test_a_value_that_cannot_be_is_named(scheme, figures, figure, value, message):
    figures[figure] = value
    assert [problem.message for problem in validate_figures(scheme, figures)] == [message]


def test_a_broken_relation_is_named_in_the_words_of_the_scheme(scheme, figures):
    figures["graduates"], figures["graduates_total"] = reported("41"), reported("40")
    assert validate_figures(scheme, figures) == [
        FigureProblem(
            figure="graduates",
            value="41",
            message="graduates is 41, above graduates_total, which is 40: 当年毕业企业不能多于累计毕业企业",
            remedy="correct one of graduates, graduates_total",
        )
    ]


def test_a_relation_sums_its_sides(scheme, figures):
    figures |= {"area": reported("100"), "area_firms": reported("60"), "area_public": reported("40")}
    assert validate_figures(scheme, figures) == []
    figures["area_public"] = reported("40.01")
    assert [problem.value for problem in validate_figures(scheme, figures)] == ["100.01"]


def test_a_relation_says_nothing_about_missing_figures(scheme, figures):
    figures["graduates"], figures["graduates_total"] = reported("41"), read_figure(status="absent", value="")
    assert validate_figures(scheme, figures) == []


# ---- expert scores ----------------------------------------------------------------------------------------


def test_an_expert_score_within_its_item_is_sound(scheme):
    assert [
        expert_score_problem(scheme, item="exp_cases", score=Fraction(score)) for score in ("0", "2.75", "3")
    ] == [
        None,
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("item", "score", "message"),
    [
        (
            "exp_cases",
            "3.01",
            "the score 3.01 of 'exp_cases' (孵化案例) must lie between 0 and 3; correct it",
        ),
        ("exp_cases", "-1", "the score -1 of 'exp_cases' (孵化案例) must lie between 0 and 3; correct it"),
        (
            "exp_cases",
            "2.555",
            "the score 2.555 of 'exp_cases' (孵化案例) has more than 2 decimal places; "
            "round it as the expert meant it",
        ),
    ],
)
def test_an_expert_score_that_cannot_be_is_named(scheme, item, score, message):
    assert expert_score_problem(scheme, item=item, score=Fraction(score)) == message


def test_a_score_of_an_unknown_item_is_named(scheme):
    message = expert_score_problem(scheme, item="tenants", score=Fraction(1))
    assert message is not None
    assert message.startswith(
        "scheme nmg/incubator-2020 has no expert item 'tenants'; write one of exp_cases, "
    )


# ---- sub-types --------------------------------------------------------------------------------------------


def test_an_unstated_sub_type_is_the_one_the_scheme_names(scheme):
    assert [scheme.sub_type_of(stated) for stated in (None, "", "professional")] == [
        "comprehensive",
        "comprehensive",
        "professional",
    ]


def test_an_unknown_sub_type_is_refused(scheme):
    with pytest.raises(
        ValueError, match="knows no sub_type 'general'; write one of comprehensive, professional"
    ):
        scheme.sub_type_of("general")


def test_a_scheme_without_sub_types_scores_all_alike():
    assert shipped("nmg/makerspace-2020").sub_type_of("professional") == ""
