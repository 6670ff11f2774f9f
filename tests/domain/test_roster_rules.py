"""A row of a roster: what it says, what in it cannot be, and how two lists differ."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatchmark.domain.credit_codes import check_character
from hatchmark.domain.rosters import (
    CODES,
    COLUMNS,
    EXAMPLE,
    TALLIES,
    changes_between,
    find_head,
    read_row,
    read_rows,
    roster_digest,
    rows_below,
    taken_over,
    typed_cells,
)

TODAY = date(2025, 4, 1)
CODE = "91350100M000100Y43"
TENANT = {
    "enterprise": "示例甲科技（集团）有限公司",
    "credit_code": CODE,
    "status": "在孵",
    "founded_on": "2024-05-24",
    "entered_on": "2024-12-09",
    "high_tech": "否",
    "valid_ip": "3",
    "income": "1900",
    "staff": "17",
}
GRADUATE = {**TENANT, "status": "毕业", "graduated_on": "2024-12-20"}


def code_of(number: int) -> str:
    body = f"91150100{number:09d}"
    return body + check_character(body)


def line_of(**changes: str):
    reading = read_row({**TENANT, **changes}, today=TODAY)
    assert reading.faults == ()
    return reading.line


def faults_of(**changes: str) -> list[tuple[str, str]]:
    reading = read_row({**TENANT, **changes}, today=TODAY)
    assert (reading.line is None) == bool(reading.faults)
    return [(fault.column, fault.rule) for fault in reading.faults]


def test_a_row_is_read_to_the_line_that_a_submission_holds():
    assert line_of() == {
        "enterprise": "示例甲科技（集团）有限公司",
        "credit_code": CODE,
        "status": "tenant",
        "founded_on": "2024-05-24",
        "entered_on": "2024-12-09",
        "graduated_on": None,
        "high_tech": False,
        "tech_sme": None,
        "financed": None,
        "valid_ip": 3,
        "income": "1900",
        "staff": 17,
    }


@pytest.mark.parametrize(
    ("column", "typed", "kept"),
    [
        ("credit_code", f" {CODE.lower()[:4]} {CODE[4:]} ", CODE),
        ("status", "graduate", "graduate"),
        ("entered_on", "2024/12/9", "2024-12-09"),
        ("entered_on", "2024年12月9日", "2024-12-09"),
        ("entered_on", "2024.12.09", "2024-12-09"),
        ("entered_on", "20241209", "2024-12-09"),
        ("entered_on", "2024-12-09T00:00:00", "2024-12-09"),
        ("entered_on", "2024年12月", "2024-12"),
        ("entered_on", "２０２４－１２－０９", "2024-12-09"),
        ("high_tech", "是", True),
        ("high_tech", "TRUE", True),
        ("high_tech", "0", False),
        ("high_tech", "", None),
        ("valid_ip", "0", 0),
        ("valid_ip", "", None),
        ("staff", "１７", 17),
        ("staff", "17.0", 17),
        ("income", "1,900.50", "1900.5"),
        ("income", "0", "0"),
    ],
)
def test_a_writing_that_means_one_thing_is_read(column, typed, kept):
    more = {"graduated_on": "2024-12-20"} if kept == "graduate" else {}

    assert line_of(**{column: typed}, **more)[column] == kept


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"enterprise": " "}, [("enterprise", "missing")]),
        ({"enterprise": "示" * 201}, [("enterprise", "long_name")]),
        ({"enterprise": "示例\u202e甲"}, [("enterprise", "control")]),
        ({"credit_code": CODE[:-1]}, [("credit_code", "code_length")]),
        ({"credit_code": CODE[:-1] + "4"}, [("credit_code", "code_check")]),
        ({"credit_code": "91I50100M000100Y43"}, [("credit_code", "code_character")]),
        ({"credit_code": ""}, [("credit_code", "code_missing")]),
        ({"status": ""}, [("status", "missing")]),
        ({"status": "退出"}, [("status", "no_status")]),
        ({"entered_on": ""}, [("entered_on", "missing")]),
        ({"entered_on": "去年"}, [("entered_on", "no_date")]),
        ({"entered_on": "2024-02-30"}, [("entered_on", "no_such_day")]),
        ({"founded_on": "0024-05-24"}, [("founded_on", "no_such_day")]),
        ({"entered_on": "2025-04-02"}, [("entered_on", "future")]),
        ({"entered_on": "2024-05-23"}, [("entered_on", "before_founded")]),
        ({"status": "毕业"}, [("graduated_on", "graduate_undated")]),
        ({"graduated_on": "2025-01-02"}, [("graduated_on", "tenant_graduated")]),
        (
            {"status": "毕业", "graduated_on": "2024-12-01"},
            [("graduated_on", "before_entered")],
        ),
        ({"high_tech": "大概"}, [("high_tech", "no_flag")]),
        ({"valid_ip": "2.5"}, [("valid_ip", "not_whole")]),
        ({"valid_ip": "-1"}, [("valid_ip", "negative")]),
        ({"valid_ip": "三"}, [("valid_ip", "no_number")]),
        ({"staff": "1000001"}, [("staff", "too_large")]),
        ({"income": "190万元"}, [("income", "unit_written")]),
        ({"income": "1900.555"}, [("income", "too_many_places")]),
        ({"income": "1e3"}, [("income", "no_number")]),
        ({"income": "=1+1"}, [("income", "no_number")]),
        (
            {"credit_code": "1", "entered_on": "x", "income": "y"},
            [("credit_code", "code_length"), ("entered_on", "no_date"), ("income", "no_number")],
        ),
    ],
)
def test_what_cannot_be_is_told_of_its_cell(changes, faults):
    assert faults_of(**changes) == faults


def test_a_team_that_is_not_registered_has_neither_code_nor_founding_date():
    assert line_of(credit_code="", founded_on="")["credit_code"] == ""


def test_a_date_known_to_the_month_contradicts_only_what_it_rules_out():
    assert faults_of(founded_on="2024-05", entered_on="2024-05-01") == []
    assert faults_of(founded_on="2024-05", entered_on="2024-04-30") == [("entered_on", "before_founded")]


def test_a_second_row_of_one_enterprise_is_told_which_the_first_is():
    team = {**TENANT, "credit_code": "", "founded_on": ""}
    rows = [(2, TENANT), (3, team), (4, {**GRADUATE, "enterprise": "另一个名字"}), (5, team)]

    readings = read_rows(rows, today=TODAY)

    assert [reading.line is None for reading in readings] == [False, False, True, True]
    assert [(fault.column, fault.rule, fault.facts) for reading in readings for fault in reading.faults] == [
        ("credit_code", "duplicate", {"row": "2"}),
        ("enterprise", "duplicate", {"row": "3"}),
    ]


day = st.dates(date(1990, 1, 1), TODAY).map(date.isoformat)


@given(
    st.fixed_dictionaries(
        {
            "enterprise": st.text("示例甲乙科技（）有限公司ABC12", min_size=1),
            "status": st.just("在孵"),
            "entered_on": day,
            "high_tech": st.sampled_from(["是", "否", ""]),
            "valid_ip": st.integers(0, 999).map(str),
            "income": st.decimals(0, 10**9, places=2).map(str),
            "staff": st.integers(0, 9999).map(str),
        }
    )
)
def test_a_line_reads_back_to_itself(cells):
    line = read_row(cells, today=TODAY).line

    assert line is not None
    assert read_row(typed_cells(line), today=TODAY).line == line


# ---- two lists --------------------------------------------------------------------------------------------


def roster(*numbers: int, **changes: str):
    return [line_of(enterprise=f"示例{n}号", credit_code=code_of(n), **changes) for n in numbers]


def test_two_lists_are_compared_enterprise_by_enterprise_whatever_their_order():
    before = roster(1, 2, 3)
    [changed] = roster(2, income="2000")

    changes = changes_between(before, [changed, *roster(4), *roster(1)])

    assert [line["enterprise"] for line in changes.added] == ["示例4号"]
    assert [(each.after["enterprise"], each.columns) for each in changes.altered] == [
        ("示例2号", ("income",))
    ]
    assert [line["enterprise"] for line in changes.removed] == ["示例3号"]
    assert changes.same == 1


def test_the_same_list_is_no_change():
    assert changes_between(roster(1, 2), roster(2, 1)).none


def test_a_list_is_named_by_what_it_says_and_in_which_order():
    assert roster_digest(roster(1, 2)) == roster_digest(roster(1, 2))
    assert roster_digest(roster(1, 2)) != roster_digest(roster(2, 1))


def test_last_years_tenants_are_taken_over_without_what_is_counted_anew():
    graduate = read_row(GRADUATE, today=TODAY).line
    [taken] = taken_over([*roster(1), graduate])

    assert taken["enterprise"] == "示例1号"
    assert taken["high_tech"] is False
    assert {code: taken[code] for code in ("financed", "valid_ip", "income", "staff")} == dict.fromkeys(
        ("financed", "valid_ip", "income", "staff")
    )


def test_what_a_list_adds_up_to_is_exact():
    lines = [
        *roster(1, income="0.10", tech_sme="是"),
        *roster(2, income="0.20", financed="是", valid_ip="0"),
        read_row({**GRADUATE, "credit_code": code_of(9), "income": "5"}, today=TODAY).line,
    ]

    assert {tally.code: tally.of(lines) for tally in TALLIES} == {
        "tenants": 2,
        "graduates": 1,
        "tech": 1,
        "financed": 1,
        "with_ip": 1,
        "valid_ip": 3,
        "income": Fraction(3, 10),
        "staff": 34,
    }


# ---- the head of a file -----------------------------------------------------------------------------------

HEAD = ["序号", *(column.title for column in COLUMNS)]
EXAMPLE_ROW = [EXAMPLE, *(column.example for column in COLUMNS)]


def test_the_head_is_found_below_a_title_and_whatever_the_order_of_its_columns():
    head = find_head([["某某孵化器名单"], [], ["状态", "备注", "企 业 名 称*", "营业收入(千元)"]])

    assert head is not None
    assert head.row == 2
    assert head.places == {"status": 0, "enterprise": 2, "income": 3}
    assert head.unknown == ((1, "备注"),)
    assert head.missing == ("entered_on",)


def test_codes_are_heads_too():
    head = find_head([list(CODES)])

    assert head is not None
    assert head.places == {code: place for place, code in enumerate(CODES)}


def test_a_file_without_a_head_has_none():
    assert find_head([["甲", "乙"], ["1", "2"]]) is None


def test_the_example_is_no_enterprise_and_one_that_was_written_over_is_told():
    changed = [EXAMPLE, *(TENANT.get(code, "") for code in CODES)]
    head = find_head([HEAD])
    assert head is not None

    rows, overwritten = rows_below([HEAD, EXAMPLE_ROW, [], changed, ["1", *changed[1:]]], head)

    assert [number for number, _ in rows] == [4]
    assert overwritten == (3,)


def test_the_example_itself_can_be_read():
    cells = {column.code: column.example for column in COLUMNS}

    assert read_row(cells, today=TODAY).faults == ()
