"""A scheme that reads well but does not hold together is refused, finding by finding."""

from importlib import resources

import pytest

from hatchmark.schemes.loader import BrokenRuleError, parse_scheme

TEXT = (resources.files("hatchmark.schemes") / "nmg" / "incubator-2020.toml").read_text("utf-8")


def findings(*changes: tuple[str, str]) -> list[str]:
    """Return the findings on the incubator scheme after changes, without file and line."""
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    with pytest.raises(BrokenRuleError) as caught:
        parse_scheme(text.encode(), file="x.toml")
    return [problem.split(": ", 1)[1] for problem in caught.value.problems]


def indicator(code: str, old: str, new: str) -> tuple[str, str]:
    """Return a change of the one indicator's table."""
    table = TEXT.split(f'[[indicator]]\ncode = "{code}"', 1)[1].split("\n[[", 1)[0]
    assert old in table
    return table, table.replace(old, new, 1)


# ---- weights ----------------------------------------------------------------------------------------------


def test_indicators_must_add_up_to_their_group():
    # site_area: 3 instead of 4
    assert findings(indicator("site_area", 'full_marks = "4"', 'full_marks = "3"')) == [
        "group 1.full_marks: of 'basics' is 15.00, but its indicators and items add up to 14.00; make them agree"
    ]


def test_groups_must_add_up_to_the_full_marks():
    assert findings(
        ('full_marks = "100"', 'full_marks = "105"'), ('total_cap = "110"', 'total_cap = "115"')
    ) == ["scheme.full_marks: is 105.00, but the groups without bonus add up to 100.00; make them agree"]


def test_the_bonus_cap_must_be_reachable():
    assert findings(('bonus_cap = "10"', 'bonus_cap = "12.5"')) == [
        "scheme.bonus_cap: is 12.50, but the bonus groups give at most 12.00; lower it"
    ]


@pytest.mark.parametrize("cap", ["99.99", "110.01"])
def test_the_total_cap_must_lie_where_totals_end(cap):
    [finding] = findings(('total_cap = "110"', f'total_cap = "{cap}"'))
    assert finding.startswith(f"scheme.total_cap: is {cap}, but must lie between full_marks 100.00 and ")


def test_a_group_of_nothing_does_not_add_up():
    extra = '[[group]]\ncode = "empty"\ntitle = "空"\npart = "bonus"\nfull_marks = "1"\nbasis = "示例"\n\n[[indicator]]'
    assert findings(("[[indicator]]", extra)) == [
        "group 2.full_marks: of 'empty' is 1.00, but its indicators and items add up to 0.00; make them agree"
    ]


# ---- bands ------------------------------------------------------------------------------------------------

FUND = "indicator 4.formula: of 'fund_size' "


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        (
            'at_least = "3000"',
            'at_least = "500"',
            "has bands that must rise, but 1000, 500 does not; order them from the lowest at_least up",
        ),
        (
            'at_least = "3000"',
            'at_least = "1000"',
            "has bands that must rise, but 1000, 1000 does not; order them from the lowest at_least up",
        ),
        (
            '{ at_least = "0", points = "0" },\n',
            "",
            'leaves a gap below its first band 1000: the lowest value is 0; begin with at_least = "0"',
        ),
        (
            'at_least = "0", points = "0"',
            'at_least = "0", below = "900", points = "0"',
            "has a gap between below 900 and at_least 1000; make them equal, or leave below out",
        ),
        (
            'at_least = "0", points = "0"',
            'at_least = "0", below = "1500", points = "0"',
            "has an overlap between below 1500 and at_least 1000; make them equal, or leave below out",
        ),
        (
            'at_least = "5000", points = "3"',
            'at_least = "5000", below = "9000", points = "3"',
            "ends at below 9000, so larger values have no band; remove it there",
        ),
        ('points = "2"', 'points = "4"', "gives 4 points in a band; write 0 to 3"),
        ('points = "2"', 'points = "-1"', "gives -1 points in a band; write 0 to 3"),
        (
            'points = "2"',
            'points = "2.005"',
            "gives 2.005 points in a band; points have at most two decimal places",
        ),
        ('points = "3"', 'points = "2.5"', "never gives the full marks 3; let the best band give them"),
    ],
)
def test_bands_leave_no_gap_no_overlap_and_reach_the_full_marks(old, new, finding):
    assert FUND + finding in findings(indicator("fund_size", old, new))


def test_bands_whose_edges_meet_are_sound():
    table, sound = indicator(
        "fund_size", 'at_least = "0", points = "0"', 'at_least = "0", below = "1000", points = "0"'
    )
    assert parse_scheme(TEXT.replace(table, sound).encode(), file="x.toml").indicators[3].code == "fund_size"


def test_growth_bands_begin_at_a_loss_of_everything():
    assert findings(indicator("income_growth", 'at_least = "-1"', 'at_least = "-0.5"')) == [
        "indicator 11.formula: of 'income_growth' leaves a gap below its first band -0.5: the lowest value is -1; "
        'begin with at_least = "-1"'
    ]


def test_the_bands_of_each_sub_type_are_checked():
    assert findings(indicator("tenant_count", '{ at_least = "30", points = "6" },', "")) == [
        "indicator 5.by_sub_type.professional: of 'tenant_count' never gives the full marks 6; "
        "let the best band give them"
    ]


# ---- other formulas ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "old", "new", "finding"),
    [
        (
            "site_area",
            'to = "8000"',
            'to = "1000"',
            "goes from 1000 to the same value; from and to must differ",
        ),
        (
            "event_count",
            'points_each = "0.25"',
            'points_each = "0"',
            "gives 0 points each; write more than 0",
        ),
        ("ip_share", 'full_at = "0.3"', 'full_at = "0"', "needs per and full_at above 0; correct them"),
        (
            "ip_share",
            'to = ["tenants"]',
            'to = ["tenants", "area"]',
            "adds m² and 家; figures that are summed have one unit",
        ),
        (
            "ip_share",
            'to = ["tenants"]',
            'to = ["tenents"]',
            "names the figure 'tenents', which is not there; add a [[figure]] or correct the code",
        ),
        (
            "ip_share",
            'to = ["tenants"]',
            'to = ["tenants@last"]',
            "needs 'tenants@last', but figure 'tenants' has no last_year = true; add it there",
        ),
    ],
)
def test_a_formula_that_cannot_work_is_named(code, old, new, finding):
    assert [found.partition(f"of '{code}' ")[2] for found in findings(indicator(code, old, new))] == [finding]


def test_what_divides_may_not_be_negative():
    income = TEXT.split('code = "income_service"', 1)[1].split("\n[[", 1)[0]
    change = (income, income.replace('minimum = "0"', 'minimum = "-5"'))
    assert findings(change) == [
        "indicator 15.formula: of 'service_income_share' divides, and 'income_service' may be negative; "
        "set its minimum to 0, or use another formula"
    ]


# ---- figures and relations --------------------------------------------------------------------------------

UNUSED = '[[figure]]\ncode = "spare"\ntitle = "示例"\nunit = "家"\ntype = "integer"\nminimum = "0"\nbasis = "示例"\n\n'


def test_nobody_reports_a_number_in_vain():
    assert findings(("[[figure]]", UNUSED + "[[figure]]")) == [
        "figure 1.code: 'spare' is asked for, but no indicator and no relation uses it; "
        "use it or remove it: nobody reports a number in vain"
    ]


def test_last_years_value_is_asked_for_only_where_it_is_used():
    assert findings(('unit = "家"\ntype = "integer"', 'unit = "家"\nlast_year = true\ntype = "integer"')) == [
        "figure 7.last_year: 'tenants@last' is asked for, but nothing uses it; remove last_year"
    ]


def test_the_bounds_of_a_figure_must_fit_it():
    staff = TEXT.split('code = "staff"', 1)[1].split("\n[[", 1)[0]
    assert findings((staff, staff.replace('maximum = "10000"', 'maximum = "0.5"'))) == [
        "figure 4.maximum: of 'staff' is 0.5, but the figure is an integer; write a whole number, or type decimal",
    ]


def test_a_relation_names_known_figures():
    assert findings(('lower = ["graduates"]', 'lower = ["graduated"]')) == [
        "relation 3.lower: names the figure 'graduated', which is not there; add a [[figure]] or correct the code"
    ]


def test_codes_are_unique_and_items_share_the_space_of_indicators():
    assert findings(('code = "exp_cases"', 'code = "site_area"')) == [
        "expert_item 1.code: 'site_area' is already the code of indicator 1; give each its own"
    ]
    found = findings(('code = "graduates_total"', 'code = "graduates"'))
    assert found[0] == "figure 9.code: 'graduates' is already the code of figure 8; give each its own"


# ---- groups, experts --------------------------------------------------------------------------------------


def test_an_indicator_belongs_to_a_group_that_is_there():
    assert findings(indicator("site_area", 'group = "basics"', 'group = "basic"'))[-1] == (
        "indicator 1.group: 'basic' is no group; write one of basics, efficiency, service, qualitative, bonus"
    )


def test_an_expert_item_is_not_put_among_quantities():
    found = findings(('group = "qualitative"', 'group = "basics"'))
    assert (
        found[-1]
        == "expert_item 1.group: 'basics' is a quantitative group; put it in a qualitative or bonus group"
    )


def test_expert_items_need_a_rule_and_a_rule_needs_items():
    rule = "[expert_rule]" + TEXT.split("[expert_rule]", 1)[1].split("\n# ----", 1)[0]
    assert findings((rule, "")) == [
        "expert_item 1: is scored by experts, but there is no [expert_rule]; add how scores combine"
    ]


def test_trimming_begins_at_the_minimum_or_above():
    assert findings(("trim_from = 5", "trim_from = 3"), ("minimum = 3\n", "minimum = 4\n")) == [
        "expert_rule.trim_from: is 3, below the minimum 4, so it says more than it does; "
        "raise it to the minimum or above"
    ]


# ---- grades, vetoes, consequences -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        (
            [('at_least = "75"', 'at_least = "85"')],
            "grade 2.at_least: cuts overlap: 'good' from 85.00 is not below 'excellent' from 85.00; lower it",
        ),
        (
            [('at_least = "75"', 'at_least = "75"\nbelow = "84"')],
            "grade 2.below: a gap between 'good' below 84.00 and 'excellent' from 85.00; "
            "make them equal, or leave below out",
        ),
        (
            [('at_least = "75"', 'at_least = "75"\nbelow = "86"')],
            "grade 2.below: an overlap between 'good' below 86.00 and 'excellent' from 85.00; "
            "make them equal, or leave below out",
        ),
        (
            [('at_least = "85"', 'at_least = "85"\nbelow = "110"')],
            "grade 1.below: the best grade must reach the highest total; remove below from it",
        ),
        (
            [('at_least = "85"', 'at_least = "111"')],
            "grade 1.at_least: is 111.00, above total_cap 110.00, so nobody can reach it; lower it",
        ),
        (
            [('grade = "unqualified"\nat_least = "0"', 'grade = "unqualified"\nat_least = "1"')],
            'grade 4.at_least: leaves a gap: totals below 1.00 have no grade; let the worst grade begin at "0"',
        ),
        (
            [
                ('grade = "good"', 'grade = "qualified"'),
                ('grade = "qualified"\nat_least = "60"', 'grade = "good"\nat_least = "60"'),
            ],
            "grade 3.grade: 'good' is better than 'qualified' above it; order grades from the best down",
        ),
        (
            [('propose = "disqualified"', 'propose = "graded"')],
            "consequence 1.propose: 'graded' cannot be proposed by a rule; "
            "write one of disqualified, pilot_cancelled, re_evaluation",
        ),
    ],
)
def test_grades_and_what_hangs_on_them_hold_together(changes, finding):
    assert findings(*changes) == [finding]


def test_a_grade_that_the_scheme_does_not_give_is_named_wherever_it_stands():
    good = "[[grade]]\n" + 'grade = "good"' + TEXT.split('grade = "good"', 1)[1].split("\n[[", 1)[0]
    found = findings(
        (good, ""),
        ('grade_at_most = "unqualified"', 'grade_at_most = "good"'),
        ('[absence]\ngrade = "unqualified"', '[absence]\ngrade = "good"'),
        ('status = "pilot"\ngrade = "unqualified"', 'status = "pilot"\ngrade = "good"'),
    )
    listed = "'good' is no grade of this scheme; write one of excellent, qualified, unqualified"
    assert found == [
        f"veto 1.grade_at_most: {listed}",
        f"absence.grade: {listed}",
        f"consequence 2.grade: {listed}",
    ]
