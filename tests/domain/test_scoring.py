"""Scoring one entry: each formula, missing figures, experts, caps, and the working in words."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest

from hatchmark.domain.grading import Facts
from hatchmark.domain.outcomes import Grade
from hatchmark.domain.scheme import (
    AbsenceRule,
    Band,
    Bands,
    ExpertItem,
    ExpertRule,
    Figure,
    FigureStatus,
    FigureType,
    FigureValue,
    Formula,
    GradeCut,
    Group,
    Growth,
    Indicator,
    Linear,
    MissingRule,
    Part,
    PerUnit,
    Provenance,
    Ratio,
    Rounding,
    Scheme,
    Show,
    Treatment,
    read_figure,
)
from hatchmark.domain.scoring import LineScore, combine_expert_scores, rounded, score_entry


def a_figure(code: str, title: str, unit: str, *, last_year: bool = False, **more: Treatment) -> Figure:
    return Figure(
        code=code,
        title=title,
        unit=unit,
        type=FigureType.DECIMAL,
        minimum=Fraction(0),
        maximum=None,
        last_year=last_year,
        missing={FigureStatus(status): treatment for status, treatment in more.items()},
        basis="示例",
    )


def a_scheme(
    formula: Formula,
    *,
    full_marks: int = 600,
    missing: Mapping[FigureStatus, Treatment] | None = None,
    figures: tuple[Figure, ...] = (),
    rounding: Rounding = Rounding.HALF_UP,
    points_places: int = 2,
) -> Scheme:
    """A scheme of one indicator `x` of 6 points, and one bonus indicator of 3 points with a cap of 2."""
    none = dict.fromkeys(
        (FigureStatus.ABSENT, FigureStatus.NOT_APPLICABLE, FigureStatus.REFUSED), Treatment.NO_POINTS
    )
    return Scheme(
        code="example",
        title="示例方案",
        authority="示例厅",
        kind="incubator",
        year=2025,
        basis="示例〔2025〕1号",
        provenance=Provenance.RECONSTRUCTION,
        provenance_note="示例",
        full_marks=full_marks,
        bonus_cap=200,
        total_cap=full_marks + 100,
        points_places=points_places,
        rounding=rounding,
        sub_types=(),
        sub_type_unstated="",
        missing=MissingRule(treatments=none, basis="示例第九条"),
        figures=figures
        or (
            a_figure("tenants", "在孵企业", "家"),
            a_figure("graduates", "当年毕业企业", "家"),
            a_figure("income", "总收入", "千元", last_year=True),
            a_figure("honours", "荣誉", "项"),
        ),
        relations=(),
        groups=(
            Group(
                code="main",
                title="主要指标",
                part=Part.QUANTITATIVE,
                full_marks=full_marks,
                basis="示例第一条",
            ),
            Group(code="extra", title="加分", part=Part.BONUS, full_marks=300, basis="示例第二条"),
        ),
        indicators=(
            Indicator(
                code="x",
                title="指标",
                group="main",
                full_marks=full_marks,
                formulas={"": formula},
                missing=missing or {},
                basis="示例第三条",
            ),
            Indicator(
                code="honours",
                title="荣誉",
                group="extra",
                full_marks=300,
                formulas={"": PerUnit(figures=("honours",), points_each=Fraction(1))},
                missing={},
                basis="示例第四条",
            ),
        ),
        expert_items=(),
        expert_rule=None,
        vetoes=(),
        grades=(
            GradeCut(grade=Grade.QUALIFIED, at_least=360, below=None, basis="示例第五条"),
            GradeCut(grade=Grade.UNQUALIFIED, at_least=0, below=360, basis="示例第五条"),
        ),
        absence=AbsenceRule(grade=Grade.UNQUALIFIED, basis="示例第六条"),
        consequences=(),
        digest="0" * 64,
    )


def values(**texts: str) -> dict[str, FigureValue]:
    """Figures by code, `last` standing for income@last; a word that is no number is a status."""
    given = {"tenants": "48", "graduates": "6", "income": "1100", "last": "1000", "honours": "0", **texts}
    return {
        "income@last" if code == "last" else code: read_figure(
            status="reported" if text[0].isdigit() else text, value=text if text[0].isdigit() else ""
        )
        for code, text in given.items()
    }


def line_of(scheme: Scheme, **texts: str) -> LineScore:
    return next(score_entry(scheme, figures=values(**texts), expert_scores={}).leaves())


def points_of(scheme: Scheme, **texts: str) -> int | None:
    return line_of(scheme, **texts).points


def bands(*pairs: tuple[str, str]) -> tuple[Band, ...]:
    return tuple(Band(at_least=Fraction(at_least), points=Fraction(points)) for at_least, points in pairs)


RATIO = Ratio(
    of=("graduates",),
    to=("tenants", "graduates"),
    per=Fraction(1),
    full_at=Fraction(1, 5),
    show=Show.PERCENT,
    unit="",
    when_zero=Treatment.NO_POINTS,
)
BANDS = Bands(figures=("tenants",), bands=bands(("0", "0"), ("10", "2.5"), ("50", "6")))
LINEAR = Linear(figures=("tenants",), start=Fraction(10), end=Fraction(40))
PER_UNIT = PerUnit(figures=("tenants",), points_each=Fraction("0.25"))
GROWTH = Growth(
    figure="income", bands=bands(("-1", "0"), ("0", "3"), ("0.1", "6")), when_zero=Treatment.FULL_POINTS
)


# ---- formulas ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "texts", "points"),
    [
        (RATIO, {}, 333),  # 6 × (6/54) ÷ 0.2 = 3.333…
        (RATIO, {"graduates": "12"}, 600),  # exactly on the line
        (RATIO, {"graduates": "48"}, 600),  # above it: never more than full
        (RATIO, {"graduates": "0"}, 0),
        (BANDS, {"tenants": "9.99"}, 0),
        (BANDS, {"tenants": "10"}, 250),
        (BANDS, {"tenants": "49"}, 250),
        (BANDS, {"tenants": "5000"}, 600),
        (LINEAR, {"tenants": "3"}, 0),
        (LINEAR, {"tenants": "10"}, 0),
        (LINEAR, {"tenants": "25"}, 300),
        (LINEAR, {"tenants": "40"}, 600),
        (LINEAR, {"tenants": "99"}, 600),
        (PER_UNIT, {"tenants": "7"}, 175),
        (PER_UNIT, {"tenants": "24"}, 600),
        (PER_UNIT, {"tenants": "25"}, 600),
        (GROWTH, {}, 600),
        (GROWTH, {"income": "1099.99"}, 300),
        (GROWTH, {"income": "999.99"}, 0),
        (GROWTH, {"income": "0"}, 0),
    ],
)
def test_points_of_a_formula(formula, texts, points):
    assert points_of(a_scheme(formula), **texts) == points


def test_a_linear_formula_may_fall():
    falling = replace(LINEAR, start=Fraction(40), end=Fraction(10))
    assert [points_of(a_scheme(falling), tenants=tenants) for tenants in ("50", "40", "25", "10", "0")] == [
        0,
        0,
        300,
        600,
        600,
    ]


@pytest.mark.parametrize(
    ("treatment", "points"),
    [(Treatment.NO_POINTS, 0), (Treatment.FULL_POINTS, 600), (Treatment.UNSCORED, None)],
)
def test_a_zero_denominator_follows_the_rule_that_the_scheme_states(treatment, points):
    ratio = replace(RATIO, when_zero=treatment)
    growth = replace(GROWTH, when_zero=treatment)
    assert points_of(a_scheme(ratio), tenants="0", graduates="0") == points
    assert points_of(a_scheme(growth), last="0") == points


def test_half_a_hundredth_goes_up():
    # 6 × 1/48 ÷ 1 = 0.125
    ratio = replace(RATIO, of=("graduates",), to=("tenants",), full_at=Fraction(1))
    assert points_of(a_scheme(ratio), graduates="1") == 13
    assert points_of(a_scheme(ratio, rounding=Rounding.DOWN), graduates="1") == 12
    assert points_of(a_scheme(ratio, points_places=1), graduates="1") == 10
    assert points_of(a_scheme(ratio, points_places=0), graduates="4") == 100  # 0.5 goes up to 1


def test_just_under_half_a_hundredth_goes_down():
    scheme = a_scheme(RATIO)
    assert rounded(Fraction(125, 1000) - Fraction(1, 10**25), scheme=scheme) == 12
    assert rounded(Fraction(125, 1000), scheme=scheme) == 13


# ---- missing figures --------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["absent", "not_applicable", "refused"])
def test_a_missing_figure_follows_the_schemes_rule(status):
    assert points_of(a_scheme(BANDS), tenants=status) == 0


def test_the_figures_own_rule_goes_before_the_schemes_and_the_indicators_before_both():
    figures = (
        a_figure("tenants", "在孵企业", "家", absent=Treatment.FULL_POINTS, refused=Treatment.FULL_POINTS),
        *a_scheme(BANDS).figures[1:],
    )
    scheme = a_scheme(BANDS, figures=figures, missing={FigureStatus.REFUSED: Treatment.UNSCORED})
    found = {status: points_of(scheme, tenants=status) for status in ("absent", "not_applicable", "refused")}
    assert found == {"absent": 600, "not_applicable": 0, "refused": None}


def test_of_several_missing_figures_the_gravest_rule_counts():
    rules = {FigureStatus.NOT_APPLICABLE: Treatment.FULL_POINTS, FigureStatus.REFUSED: Treatment.UNSCORED}
    scheme = a_scheme(RATIO, missing=rules)
    assert points_of(scheme, tenants="not_applicable") == 600
    assert points_of(scheme, tenants="not_applicable", graduates="absent") == 0
    assert points_of(scheme, tenants="not_applicable", graduates="refused") is None


def test_an_unscored_line_leaves_no_total_and_no_grade_and_says_why():
    scheme = a_scheme(BANDS, missing={FigureStatus.ABSENT: Treatment.UNSCORED})
    card = score_entry(scheme, figures=values(tenants="absent"), expert_scores={})
    assert (card.total, card.total_text, card.proposed_grade) == (None, None, None)
    assert card.unscored == ("指标：在孵企业未填报，按方案规定暂不计分，须先补正",)
    assert [group.points for group in card.groups] == [None, 0]


def test_a_figure_that_is_simply_not_there_is_refused():
    figures = values()
    del figures["tenants"]
    with pytest.raises(
        ValueError, match="figure 'tenants' is not there, but indicator 'x' of example needs it"
    ):
        score_entry(a_scheme(BANDS), figures=figures, expert_scores={})


# ---- experts ----------------------------------------------------------------------------------------------

RULE = ExpertRule(minimum=3, trim_from=5, basis="示例第七条")


@pytest.mark.parametrize(
    ("scores", "combined"),
    [
        ([], None),
        (["3", "3"], None),
        (["1", "2", "3"], "2"),
        (["0", "1", "2", "3"], "1.5"),
        (["0", "1", "2", "2", "3"], "5/3"),
        (["3", "3", "3", "0", "0"], "2"),
        (["3", "3", "3", "3", "3", "0"], "3"),
    ],
)
def test_expert_scores_combine_by_the_rule(scores, combined):
    found = combine_expert_scores([Fraction(score) for score in scores], rule=RULE)
    assert found == (None if combined is None else Fraction(combined))


def test_a_rule_without_trimming_takes_the_plain_mean_of_any_number():
    scores = [Fraction(score) for score in (0, 3, 3, 3, 3, 3)]
    assert combine_expert_scores(scores, rule=replace(RULE, trim_from=None)) == Fraction(5, 2)


def with_item(scheme: Scheme) -> Scheme:
    item = ExpertItem(code="case", title="孵化案例", group="judged", full_marks=300, basis="示例第八条")
    group = Group(code="judged", title="专家评审", part=Part.QUALITATIVE, full_marks=300, basis="示例第八条")
    return replace(
        scheme,
        groups=(*scheme.groups, group),
        expert_items=(item,),
        expert_rule=RULE,
        full_marks=900,
        total_cap=1100,
    )


def test_the_working_of_an_item_shows_every_score_and_what_was_left_out():
    scheme = with_item(a_scheme(BANDS))
    scores = {"case": tuple(Fraction(score) for score in ("0", "2", "2.5", "2.6", "3"))}
    line = list(score_entry(scheme, figures=values(), expert_scores=scores).leaves())[-1]
    assert (line.points, line.value, line.basis) == (237, Fraction(71, 30), "示例第八条；示例第七条")
    assert line.words == (
        "孵化案例：有效评分 5 份（0、2、2.5、2.6、3），去掉一个最高分和一个最低分后取平均，"
        "得（2 + 2.5 + 2.6）÷ 3 ≈ 2.37 分"
    )


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        (
            {"case": (Fraction(3), Fraction(2))},
            "孵化案例：有效评分 2 份（3、2），不足 3 份，不计分，须另请专家评审",
        ),
        ({}, "孵化案例：没有有效评分，不足 3 份，不计分，须另请专家评审"),
    ],
)
def test_too_few_experts_leave_the_item_unscored(scores, words):
    card = score_entry(with_item(a_scheme(BANDS)), figures=values(), expert_scores=scores)
    assert (card.total, card.unscored) == (None, (words,))


@pytest.mark.parametrize(
    ("scores", "message"),
    [
        ({"case": (Fraction(4),) * 3}, "the score 4 of 'case'"),
        ({"other": (Fraction(1),) * 3}, "no expert item 'other'"),
    ],
)
def test_an_impossible_expert_score_is_refused(scores, message):
    with pytest.raises(ValueError, match=message):
        score_entry(with_item(a_scheme(BANDS)), figures=values(), expert_scores=scores)


# ---- the working in words ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "texts", "words"),
    [
        (
            RATIO,
            {},
            "指标 = 当年毕业企业 6 家 ÷（在孵企业 48 家 + 当年毕业企业 6 家） ≈ 11.11%，满分线 20%，"
            "得 6 × 11.11% ÷ 20% ≈ 3.33 分（按精确值 1/9 计算）",
        ),
        (
            RATIO,
            {"tenants": "45", "graduates": "5"},
            "指标 = 当年毕业企业 5 家 ÷（在孵企业 45 家 + 当年毕业企业 5 家） = 10%，满分线 20%，"
            "得 6 × 10% ÷ 20% = 3.00 分",
        ),
        (
            RATIO,
            {"graduates": "12"},
            "指标 = 当年毕业企业 12 家 ÷（在孵企业 48 家 + 当年毕业企业 12 家） = 20%，"
            "满分线 20%，已达满分线，得 6.00 分",
        ),
        (
            RATIO,
            {"tenants": "0", "graduates": "0"},
            "指标 = 当年毕业企业 0 家 ÷（在孵企业 0 家 + 当年毕业企业 0 家），"
            "除数为零，不能计算，按方案规定不得分",
        ),
        (BANDS, {}, "指标：在孵企业 48 家，属于“10 家以上、不足 50 家”一档，得 2.50 分"),
        (BANDS, {"tenants": "50"}, "指标：在孵企业 50 家，属于“50 家以上”一档，得 6.00 分"),
        (
            LINEAR,
            {"tenants": "17"},
            "指标：在孵企业 17 家，10 家至 40 家之间按比例计分，满分 6 分，"
            "得 6 ×（17 − 10）÷（40 − 10） = 1.40 分",
        ),
        (
            LINEAR,
            {"tenants": "2"},
            "指标：在孵企业 2 家，10 家至 40 家之间按比例计分，满分 6 分，未越过起点，得 0.00 分",
        ),
        (PER_UNIT, {"tenants": "7"}, "指标：在孵企业 7 家，每家 0.25 分，最多 6 分，得 7 × 0.25 = 1.75 分"),
        (
            PER_UNIT,
            {"tenants": "30"},
            "指标：在孵企业 30 家，每家 0.25 分，最多 6 分，30 × 0.25 = 7.50 分，超过上限，得 6.00 分",
        ),
        (
            GROWTH,
            {},
            "指标 = （总收入 1100 千元 − 上年总收入 1000 千元）÷ 上年总收入 1000 千元 = 10%，"
            "属于“10%以上”一档，得 6.00 分",
        ),
        (BANDS, {"tenants": "refused"}, "指标：在孵企业拒报，按方案规定不得分"),
    ],
)
def test_the_working_reads_as_a_sentence(formula, texts, words):
    assert line_of(a_scheme(formula), **texts).words == words


def test_a_value_just_beside_a_deciding_line_is_printed_on_its_own_side():
    almost = line_of(a_scheme(GROWTH), income="1099999", last="1000000")
    assert almost.value_text == "9.9999%"
    assert "属于“0%以上、不足 10%”一档" in almost.words
    ratio = replace(RATIO, to=("tenants",))
    assert line_of(a_scheme(ratio), graduates="19999", tenants="100000").value_text == "19.999%"


def test_a_corrected_figure_says_by_whom():
    figures = values() | {"tenants": read_figure(status="reported", value="40", source="现场抽查核定")}
    line = next(score_entry(a_scheme(BANDS), figures=figures, expert_scores={}).leaves())
    assert line.words.startswith("指标：在孵企业 40 家（现场抽查核定），")
    assert line.figures[0].source == "现场抽查核定"


def test_a_missing_figure_rests_on_the_rule_for_missing_ones_too():
    assert line_of(a_scheme(BANDS), tenants="absent").basis == "示例第三条；示例第九条"
    assert line_of(a_scheme(BANDS)).basis == "示例第三条"


# ---- caps, total, document --------------------------------------------------------------------------------


def test_a_cap_is_a_line_of_the_working():
    card = score_entry(a_scheme(BANDS), figures=values(tenants="50", honours="3"), expert_scores={})
    assert [(adjustment.code, adjustment.points) for adjustment in card.adjustments] == [
        ("bonus_cap", -100),
        ("total_cap", -100),
    ]
    assert card.total_words == (
        "总分 = 定量评价 6.00 + 加分项 3.00 − 加分超限扣减 1.00 − 总分超限扣减 1.00 = 7.00 分"
    )
    assert card.total_text == "7.00"


def test_the_document_holds_the_whole_working_of_a_line():
    document = score_entry(a_scheme(RATIO), figures=values(), expert_scores={}).as_document()
    assert document["groups"][0]["lines"] == [
        {
            "code": "x",
            "title": "指标",
            "type": "indicator",
            "full_marks": "6.00",
            "formula": {
                "type": "ratio",
                "of": ["graduates"],
                "to": ["tenants", "graduates"],
                "per": "1",
                "full_at": "0.2",
                "show": "percent",
                "unit": "",
                "when_zero": "no_points",
            },
            "figures": [
                {
                    "code": "graduates",
                    "title": "当年毕业企业",
                    "unit": "家",
                    "status": "reported",
                    "value": "6",
                    "source": "",
                },
                {
                    "code": "tenants",
                    "title": "在孵企业",
                    "unit": "家",
                    "status": "reported",
                    "value": "48",
                    "source": "",
                },
            ],
            "scores": [],
            "value": "1/9",
            "value_text": "≈ 11.11%",
            "points": "3.33",
            "words": "指标 = 当年毕业企业 6 家 ÷（在孵企业 48 家 + 当年毕业企业 6 家） ≈ 11.11%，满分线 20%，"
            "得 6 × 11.11% ÷ 20% ≈ 3.33 分（按精确值 1/9 计算）",
            "basis": "示例第三条",
        }
    ]
    assert document["total"] == "3.33"
    assert document["scheme"]["provenance"] == "reconstruction"
    assert document["grade"] == {
        "grade": "unqualified",
        "at_least": "0.00",
        "vetoes": [],
        "words": "总分 3.33 分，低于合格线 3.60 分，为不合格",
        "basis": ["示例第五条"],
    }


def test_an_absent_entry_is_not_scored():
    card = score_entry(a_scheme(BANDS), figures={}, expert_scores={}, facts=Facts(absent=True))
    assert (card.groups, card.total, card.unscored, card.proposed_grade) == ((), None, (), Grade.UNQUALIFIED)
    assert card.as_document()["total_words"] == "未参评，不计分"
