"""The cross-checks, one by one: what each raises, about what, and what it leaves alone."""

from dataclasses import replace
from fractions import Fraction

import pytest

from hatchmark.domain.credit_codes import check_character
from hatchmark.domain.cross_check_rules import check_rules, kinds_with_rules
from hatchmark.domain.cross_checks import (
    Check,
    EntryPapers,
    RosterLine,
    Severity,
    claims_of,
    flags_between,
    own_flags,
    read_figures,
    read_line,
)
from hatchmark.domain.scheme import FigureStatus, FigureValue
from hatchmark.schemes.loader import shipped

SCHEME = shipped("nmg/incubator-2020")
RULES = check_rules("incubator")
YEAR = 2024


def code(number: int) -> str:
    body = f"91990000{number:09d}"
    return body + check_character(body)


def tenant(number: int, **changes) -> RosterLine:
    facts = {
        "enterprise": f"示例{number}号科技有限公司",
        "credit_code": code(number),
        "status": "tenant",
        "founded_on": "2023-02-10",
        "entered_on": "2023-06-01",
        "income": Fraction(1000),
        "staff": 10,
        "high_tech": False,
        "tech_sme": False,
        "financed": False,
        "valid_ip": 0,
    }
    return RosterLine(**(facts | changes))


def reported(**values: str | int) -> dict[str, FigureValue]:
    return {
        code.replace("__", "@"): FigureValue(status=FigureStatus.REPORTED, value=Fraction(value))
        for code, value in values.items()
    }


SOUND = {
    "area": 10000,
    "area_firms": 6000,
    "area_public": 1000,
    "staff": 12,
    "staff_professional": 10,
    "fund": 5000,
    "tenants": 10,
    "graduates": 0,
    "graduates_total": 30,
    "firms_financed": 0,
    "firms_ip": 0,
    "firms_tech": 0,
    "firms_income": 10000,
    "firms_income__last": 9500,
    "mentors": 4,
    "platforms": 2,
    "events": 12,
    "income": 3000,
    "income_service": 900,
}


def papers(*, roster=None, last=None, statistics=None, **changes) -> EntryPapers:
    return EntryPapers(
        entry="incubator:1",
        year=YEAR,
        figures=reported(**(SOUND | changes)),
        roster=[tenant(number) for number in range(1, 11)] if roster is None else roster,
        last=last,
        statistics=statistics,
    )


def raised(given: EntryPapers) -> list[tuple[Check, tuple[str, ...]]]:
    return [(flag.check, flag.figures or flag.rows) for flag in own_flags(SCHEME, RULES, given)]


def last_year(**changes) -> dict[str, FigureValue]:
    return reported(**({"area": 9900, "fund": 5100, "mentors": 4, "events": 11, "income": 2900} | changes))


# ---- nothing to ask -------------------------------------------------------------------------------------------


def test_papers_that_fit_raise_nothing():
    assert raised(papers()) == []
    assert (
        raised(papers(last=last_year(), statistics={"area": Fraction(10000), "income": Fraction(3000)})) == []
    )


def test_a_missing_figure_is_no_zero_and_asked_about_only_where_it_was_there_a_year_ago():
    given = papers(last=last_year(mentors=0))
    figures = dict(given.figures)
    for code_ in ("mentors", "events", "platforms"):
        figures[code_] = FigureValue(status=FigureStatus.ABSENT)

    assert raised(replace(given, figures=figures)) == [(Check.MISSING, ("events",))]


# ---- size -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("income", "guess"),
    [(2900000, "疑以元为单位填报"), (290, "疑以万元或更大单位填报"), (29000, "疑两年所用单位不同")],
)
def test_an_amount_in_another_unit_is_told_from_last_year(income, guess):
    [flag] = [
        each
        for each in own_flags(SCHEME, RULES, papers(last=last_year(), income=income, income_service=80))
        if each.check is Check.UNIT
    ]

    assert flag.figures == ("income",)
    assert guess in flag.zh
    assert flag.severity is Severity.WARNING


def test_a_slipped_point_is_told_and_not_asked_about_again_as_a_jump():
    assert raised(papers(last=last_year(), events=110)) == [(Check.DECIMAL, ("events",))]
    assert raised(papers(last=last_year(), area=99000)) == [(Check.DECIMAL, ("area",))]


def test_the_roster_tells_of_a_unit_without_a_year_before():
    assert raised(papers(firms_income=10000000)) == [(Check.UNIT, ("firms_income",))]


def test_two_years_of_one_paper_in_different_units_are_both_named():
    given = papers(firms_income__last=9500000, roster=[tenant(n, income=None) for n in range(1, 11)])

    assert raised(given) == [(Check.UNIT, ("firms_income", "firms_income@last"))]


def test_a_ratio_that_cannot_be_is_told_where_nothing_else_is_known():
    assert raised(papers(income=3000000, income_service=900)) == [(Check.UNIT, ("income", "area"))]


# ---- logic, growth, last year ---------------------------------------------------------------------------------


def test_a_part_above_its_whole_is_an_error_that_quotes_the_scheme():
    [flag] = own_flags(SCHEME, RULES, papers(income_service=3100))

    assert (flag.check, flag.severity, flag.figures) == (
        Check.LOGIC,
        Severity.ERROR,
        ("income_service", "income"),
    )
    assert "综合服务收入不能大于孵化器总收入" in flag.zh


def test_a_jump_is_asked_about_and_a_small_difference_of_small_numbers_is_not():
    assert raised(papers(last=last_year(), events=40)) == [(Check.YEAR_ON_YEAR, ("events",))]
    assert raised(papers(last=last_year(mentors=1), mentors=5)) == []
    assert raised(papers(last=last_year(), area=17500)) == [(Check.YEAR_ON_YEAR, ("area",))]


def test_what_is_stated_as_last_years_is_held_against_what_was_handed_in_then():
    assert raised(papers(last=last_year(firms_income=9000))) == [(Check.LAST_YEAR, ("firms_income@last",))]


def test_zero_where_something_has_to_be_is_asked_about():
    assert (Check.ZERO, ("staff",)) in raised(papers(staff=0, staff_professional=0))


def test_last_years_figures_handed_in_again_are_asked_about_once():
    same = {name: value for name, value in SOUND.items() if not name.endswith("__last")}
    found = raised(papers(last=reported(**same), firms_income__last=10000))

    assert [check for check, _ in found] == [Check.COPIED]


# ---- the statistics return ------------------------------------------------------------------------------------


def test_a_difference_from_the_statistics_is_told_field_by_field():
    told = {
        "area": Fraction(10000),
        "staff": Fraction(15),
        "income": Fraction(3020),
        "nobody_asks": Fraction(1),
    }

    assert raised(papers(statistics=told)) == [(Check.STATISTICS, ("staff",))]


# ---- the roster -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "figure"),
    [
        ({"tenants": 11}, "tenants"),
        ({"graduates": 2}, "graduates"),
        ({"firms_financed": 3}, "firms_financed"),
        ({"firms_ip": 1}, "firms_ip"),
        ({"firms_tech": 1}, "firms_tech"),
    ],
)
def test_figures_that_count_the_roster_count_the_roster(changes, figure):
    assert raised(papers(**changes)) == [(Check.ROSTER_COUNT, (figure,))]


def test_an_income_that_the_roster_does_not_add_up_to_is_asked_about():
    assert raised(papers(firms_income=11500)) == [(Check.ROSTER_SUM, ("firms_income",))]
    assert raised(papers(firms_income=10050)) == []


@pytest.mark.parametrize(
    ("changes", "check"),
    [
        ({"credit_code": ""}, Check.CREDIT_CODE),
        ({"credit_code": code(3)[:-1] + ("0" if code(3)[-1] != "0" else "1")}, Check.CREDIT_CODE),
        ({"credit_code": code(1)}, Check.DUPLICATE_ROW),
        ({"enterprise": "示例 1 号科技有限公司"}, Check.DUPLICATE_ROW),
        ({"graduated_on": "2024-05-01"}, Check.TENANT_AND_GRADUATE),
        ({"entered_on": "2023-01-05"}, Check.IMPOSSIBLE_DATE),
        ({"entered_on": "2025-01-05"}, Check.IMPOSSIBLE_DATE),
        ({"founded_on": "2018", "entered_on": "2018"}, Check.LONG_STAY),
        ({"founded_on": "2020-01-01", "entered_on": "2020-03-01"}, Check.LONG_STAY),
        ({"founded_on": "2019-01-01", "entered_on": "2022-03-01"}, Check.LATE_ENTRY),
        ({"income": Fraction(300000)}, Check.UNIT),
    ],
)
def test_a_row_that_cannot_be_is_named_by_its_place(changes, check):
    rows = [tenant(number) for number in range(1, 11)]
    rows[2] = tenant(3, **changes)
    found = own_flags(SCHEME, RULES, papers(roster=rows, firms_income=sum(row.income for row in rows)))

    assert [(flag.check, flag.rows) for flag in found if flag.rows] == [(check, (3,))]


def test_a_stay_in_its_fifth_year_and_a_late_entry_want_no_word():
    rows = [tenant(1, founded_on="2018-01-01", entered_on="2020-06-01")]
    found = [each for each in own_flags(SCHEME, RULES, papers(roster=rows)) if each.rows]

    assert [(flag.check, flag.needs_a_word) for flag in found] == [
        (Check.LONG_STAY, False),
        (Check.LATE_ENTRY, False),
    ]


def test_dates_known_to_the_year_alone_contradict_nothing_within_it():
    rows = [tenant(number) for number in range(1, 11)]
    rows[0] = tenant(1, founded_on="2023-05-01", entered_on="2023")

    assert raised(papers(roster=rows)) == []


# ---- keys -----------------------------------------------------------------------------------------------------


def test_a_key_stays_through_recomputation_and_changes_with_the_facts():
    [first] = own_flags(SCHEME, RULES, papers(tenants=11))
    [again] = own_flags(SCHEME, RULES, papers(tenants=11, mentors=5))
    [other] = own_flags(SCHEME, RULES, papers(tenants=12))

    assert first.key == again.key
    assert first.key != other.key
    assert len(first.key) <= 200


# ---- between entries ------------------------------------------------------------------------------------------


def claimed(entry: str, given: EntryPapers, *operators: str):
    return claims_of(replace(given, entry=entry), operators=operators, rules=RULES)


def test_one_enterprise_in_two_rosters_is_told_to_both_without_a_name():
    other = [*(tenant(number) for number in range(21, 30)), tenant(3)]
    found = flags_between(
        [
            claimed("incubator:1", papers(), "甲"),
            claimed("incubator:2", papers(roster=other, mentors=5), "乙"),
        ],
        RULES,
    )

    assert {
        entry: [(flag.check, flag.rows, flag.others) for flag in flags] for entry, flags in found.items()
    } == {
        "incubator:1": [(Check.SHARED_ENTERPRISE, (3,), ("incubator:2",))],
        "incubator:2": [(Check.SHARED_ENTERPRISE, (10,), ("incubator:1",))],
    }
    assert all("incubator" not in flag.zh and "乙" not in flag.zh for flag in found["incubator:1"])


def test_who_graduated_from_one_and_is_a_tenant_of_the_other_wants_no_word():
    left = tenant(3, status="graduate", graduated_on="2024-05-01")
    found = flags_between(
        [claimed("makerspace:1", papers(roster=[left]), "甲"), claimed("incubator:2", papers(), "乙")], RULES
    )

    assert [flag.severity for flags in found.values() for flag in flags] == [Severity.INFO, Severity.INFO]


def test_two_qualifications_of_one_operator_may_not_use_the_same_data():
    others = papers(roster=[tenant(number) for number in range(21, 31)])
    same = flags_between(
        [claimed("incubator:1", papers(), "甲"), claimed("makerspace:2", others, "甲")], RULES
    )
    strangers = flags_between(
        [claimed("incubator:1", papers(), "甲"), claimed("makerspace:2", others, "乙")], RULES
    )
    rosters = flags_between(
        [claimed("incubator:1", papers(), "甲"), claimed("makerspace:2", papers(**dict.fromkeys(
            ("area", "area_firms", "area_public", "staff", "fund", "income", "income_service", "firms_income",
             "firms_income__last", "graduates_total", "mentors", "events"), 77)), "甲 ")],
        RULES,
    )  # fmt: skip

    assert [flag.check for flag in same["makerspace:2"]] == [Check.SAME_DATA]
    assert same["makerspace:2"][0].figures
    assert strangers == {}
    assert [(flag.check, len(flag.rows)) for flag in rosters["incubator:1"]] == [(Check.SAME_DATA, 10)]


# ---- reading, data --------------------------------------------------------------------------------------------


def test_what_is_stored_and_cannot_be_read_counts_as_not_given():
    row = read_line(
        {"enterprise": "示例", "credit_code": "91 ", "founded_on": "gestern", "income": "x", "staff": 3}
    )

    assert (row.status, row.credit_code, row.founded_on, row.income, row.staff) == (
        "tenant",
        "91",
        None,
        None,
        3,
    )
    assert read_figures({"area": {"status": "reported", "value": "1.2.3"}}) == {}


@pytest.mark.parametrize("kind", kinds_with_rules())
def test_the_rules_of_a_kind_name_figures_that_a_shipped_scheme_asks_for(kind):
    rules = check_rules(kind)
    asked = {
        figure.code
        for scheme in ("nmg/incubator-2020", "nmg/makerspace-2020", "national/incubator-2019")
        for figure in shipped(scheme).figures
    }
    named = {
        *rules.growth_of, *rules.positive,
        *(code for rule in rules.pairs for code in (*rule.lower, *rule.upper)),
        *(code for rule in rules.ratios for code in (rule.of, rule.to)),
        *(rule.figure for rule in (*rules.counts, *rules.sums)),
    }  # fmt: skip

    assert named <= asked
    assert rules.growth.at_least < 1 < rules.growth.at_most


def test_a_kind_without_a_file_has_the_general_rules():
    assert check_rules("accelerator").counts == ()
    assert check_rules("accelerator").powers == RULES.powers
