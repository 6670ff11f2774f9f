"""The figures, rosters and scores of examples/demo-2025 could be those of real institutions, and are of none."""

import csv
import re
from collections import Counter, defaultdict
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from hatchmark.domain.conflicts import computed_conflict
from hatchmark.domain.deadlines import is_working_day
from hatchmark.domain.scheme import FigureValue, Scheme, read_figure, validate_figures
from hatchmark.schemes.loader import shipped

EXAMPLES = Path(__file__).parents[2] / "examples"
FOLDER = EXAMPLES / "demo-2025"
SCHEMES = {"incubator": "nmg/incubator-2020", "makerspace": "nmg/makerspace-2020"}

LOADED = {kind: shipped(code) for kind, code in SCHEMES.items()}

Row = dict[str, str]


def rows(path: str, *, folder: Path = FOLDER) -> list[Row]:
    with (folder / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def key(row: Row) -> str:
    return f"{row['kind']}:{row['serial']}"


def scheme_of(entry: str) -> Scheme:
    return LOADED[entry.partition(":")[0]]


def by_entry(path: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows(path):
        found[key(row)].append(row)
    return dict(found)


REGISTER = {key(row): row for row in rows("register.csv")}
FIGURES = by_entry("figures.csv")
ROSTERS = by_entry("rosters.csv")


def figure_values(entry: str) -> dict[str, FigureValue]:
    return {row["figure"]: read_figure(status=row["status"], value=row["value"]) for row in FIGURES[entry]}


def numbers(entry: str) -> dict[str, Fraction]:
    return {row["figure"]: Fraction(row["value"]) for row in FIGURES[entry] if row["status"] == "reported"}


def of_kind(kind: str) -> list[str]:
    found = [entry for entry in FIGURES if entry.startswith(kind)]
    assert len(found) > 10
    return found


# ---- figures ----------------------------------------------------------------------------------------------


def test_every_submission_answers_every_figure_of_its_scheme_in_its_unit_and_none_breaks_a_relation():
    assert len(FIGURES) == 95
    for entry, answers in FIGURES.items():
        asked = {
            code: figure.unit
            for figure in scheme_of(entry).figures
            for code in ([figure.code, f"{figure.code}@last"] if figure.last_year else [figure.code])
        }
        assert {row["figure"]: row["unit"] for row in answers} == asked
        assert validate_figures(scheme_of(entry), figure_values(entry)) == []


def test_all_four_states_of_a_figure_occur_and_only_a_reported_one_has_a_value():
    answers = rows("figures.csv")

    assert {row["status"] for row in answers} == {"reported", "absent", "not_applicable", "refused"}
    assert all((row["status"] == "reported") == bool(row["value"]) for row in answers)


def test_last_years_value_is_not_applicable_exactly_for_those_who_had_no_2024_round():
    before = {row["institution"] for row in rows("history/2024/register.csv")}
    new = {entry for entry in FIGURES if REGISTER[entry]["institution"] not in before}
    without = {
        entry
        for entry, answers in FIGURES.items()
        if any(row["figure"].endswith("@last") and row["status"] == "not_applicable" for row in answers)
    }

    assert len(new) > 5
    assert without == new


def test_an_incubators_figures_agree_with_its_roster():
    for entry in of_kind("incubator"):
        tenants = [row for row in ROSTERS[entry] if row["status"] == "tenant"]
        graduates = [row for row in ROSTERS[entry] if row["status"] == "graduate"]
        reported = numbers(entry)

        assert reported["tenants"] == len(tenants) > 0
        assert reported["graduates"] == len(graduates) <= reported["graduates_total"]
        assert reported["firms_financed"] == sum(row["financed"] == "1" for row in tenants)
        assert reported["firms_ip"] == sum(int(row["valid_ip"]) > 0 for row in tenants)
        assert reported["firms_tech"] == sum("1" in (row["high_tech"], row["tech_sme"]) for row in tenants)
        assert reported["firms_income"] == sum(int(row["income"]) for row in tenants)


def test_a_makerspaces_figures_agree_with_its_roster_of_enterprises():
    for entry in of_kind("makerspace"):
        tenants = [row for row in ROSTERS[entry] if row["status"] == "tenant"]
        graduates = [row for row in ROSTERS[entry] if row["status"] == "graduate"]
        reported = numbers(entry)

        assert len(tenants) <= reported["residents"]
        assert reported["new_firms"] == sum(row["founded_on"].startswith("2024") for row in tenants)
        assert reported["firms_financed"] == sum(row["financed"] == "1" for row in tenants)
        assert reported["ip"] == sum(int(row["valid_ip"]) for row in tenants)
        assert reported["jobs"] == sum(int(row["staff"]) for row in tenants)
        assert reported["moved_on"] == len(graduates)


def test_areas_are_square_metres_and_money_is_thousands_of_yuan():
    for entry in of_kind("incubator"):
        reported = numbers(entry)
        assert 2_000 < reported["area"] < 40_000
        assert 500 <= reported["income"] <= 15_000
        assert reported["fund"] <= 10_000
        assert 100 < reported["area"] / reported["tenants"] < 900
    for entry in of_kind("makerspace"):
        reported = numbers(entry)
        assert 150 < reported["area"] < 1_000
        assert 50 <= reported.get("income", Fraction(50)) <= 3_000


def test_what_was_returned_had_been_wrong_and_only_returned_figures_differ_from_the_first_version():
    differing = {(key(row), row["figure"]) for row in rows("figures.csv") if row["returned_value"]}
    returned = {
        (key(row), figure)
        for row in rows("preliminary_reviews.csv")
        if row["act"] == "return"
        for figure in row["fields"].split("|")
    }

    assert len(returned) >= 7
    assert differing == returned
    assert not [
        row for row in rows("figures.csv") if row["returned_value"] and row["returned_value"] == row["value"]
    ]


# ---- rosters ----------------------------------------------------------------------------------------------


def test_every_enterprise_stands_on_one_roster_with_a_name_of_its_own():
    names = Counter(row["enterprise"] for row in rows("rosters.csv"))

    assert 1_000 < len(names) < 4_000
    assert set(names.values()) == {1}


def valid_credit_code(code: str) -> bool:
    """Check both check characters of a unified social credit code (GB 32100-2015, GB 11714-1997)."""
    body = [int(letter, 36) for letter in code[8:16]]
    rest = -sum(value * weight for value, weight in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(letters.index(letter) * 3**place for place, letter in enumerate(code[:17]))
    return code[16] == ("X" if rest == 10 else str(rest)) and (total + letters.index(code[17])) % 31 == 0


def test_the_check_of_credit_codes_tells_a_right_one_from_wrong_ones():
    assert valid_credit_code("91350100M000100Y43")
    assert not valid_credit_code("91350100M000100Y44")
    assert not valid_credit_code("91350100M000100Y53")


def test_credit_codes_are_of_valid_form_unique_and_of_a_region_that_does_not_exist():
    codes = [row["credit_code"] for row in rows("rosters.csv")]

    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"91990000[0-9]{8}[0-9X][0-9A-HJ-NP-RTUWXY]", code) for code in codes)
    assert all(valid_credit_code(code) for code in codes)


def test_enterprises_are_founded_enter_and_graduate_in_that_order_before_the_round():
    for row in rows("rosters.csv"):
        founded, entered = date.fromisoformat(row["founded_on"]), date.fromisoformat(row["entered_on"])
        assert founded <= entered <= date(2024, 12, 31)
        if row["status"] == "graduate":
            assert entered < date.fromisoformat(row["graduated_on"])
            assert row["graduated_on"].startswith("2024")
        else:
            assert row["graduated_on"] == ""


# ---- experts ----------------------------------------------------------------------------------------------


def test_nine_experts_judge_three_to_five_a_file_and_nobody_their_own_house():
    employers = {row["expert"]: row["employer"] for row in rows("experts.csv")}
    groups = by_entry("assignments.csv")

    assert len(employers) == 9
    for entry, group in groups.items():
        who = REGISTER[entry]
        valid = [row["expert"] for row in group if not row["conflict"]]
        assert 3 <= len(valid) <= 5
        assert len({row["expert"] for row in group}) == len(group)
        for row in group:
            conflict = computed_conflict(
                employer=employers[row["expert"]],
                institution=who["name"],
                operators=who["operators"].split("|"),
                channel=who["channel"],
            )
            assert conflict is None
    # There is a house of one's own to keep away from: three experts work where somebody takes part.
    barred = {
        expert
        for expert, employer in employers.items()
        for who in REGISTER.values()
        if computed_conflict(
            employer=employer,
            institution=who["name"],
            operators=who["operators"].split("|"),
            channel=who["channel"],
        )
    }
    assert len(barred) == 3


def test_whoever_declared_a_conflict_has_no_score_and_was_replaced_afterwards():
    groups = by_entry("assignments.csv")
    sheets = {(key(row), row["expert"]) for row in rows("expert_scores.csv")}
    declared = [row for row in rows("assignments.csv") if row["conflict"]]

    assert len(declared) == 6
    for row in declared:
        replacements = [each for each in groups[key(row)] if each["assigned_at"] > row["declared_at"]]
        assert (key(row), row["expert"]) not in sheets
        assert len(replacements) == 1
    assert {(key(row), row["expert"]) for row in rows("assignments.csv") if not row["conflict"]} == sheets


def test_one_file_fell_under_three_valid_scores_after_the_others_had_scored_and_got_another_expert():
    sheets = defaultdict(set)
    for row in rows("expert_scores.csv"):
        sheets[key(row)].add((row["at"], row["expert"]))
    fallen = [
        key(row)
        for row in rows("assignments.csv")
        if row["conflict"] and sum(at < row["declared_at"] for at, _ in sheets[key(row)]) == 2
    ]

    assert len(fallen) == 1
    assert len(sheets[fallen[0]]) == 3


def test_scores_are_steps_of_half_a_point_within_the_full_marks_and_cover_every_item():
    sheets: dict[tuple[str, str], dict[str, Fraction]] = defaultdict(dict)
    for row in rows("expert_scores.csv"):
        sheets[key(row), row["expert"]][row["item"]] = Fraction(row["score"])

    for (entry, _), scores in sheets.items():
        full = {item.code: item.full_marks for item in scheme_of(entry).expert_items}
        assert scores.keys() == full.keys()
        assert all(0 <= score * 100 <= full[item] and score * 2 % 1 == 0 for item, score in scores.items())
    assert len({score for scores in sheets.values() for score in scores.values()}) > 5


# ---- moments ----------------------------------------------------------------------------------------------

MOMENTS = {
    "submissions.csv": "at",
    "preliminary_reviews.csv": "at",
    "expert_scores.csv": "at",
    "assignments.csv": "assigned_at",
    "spot_checks.csv": "at",
    "integrity.csv": "found_at",
    "objections.csv": "ruled_at",
    "follow_up.csv": "at",
}


@pytest.mark.parametrize(("path", "column"), MOMENTS.items())
def test_everybody_works_on_working_days_in_office_hours_but_for_the_last_minutes_of_the_window(
    path: str, column: str
):
    moments = [datetime.fromisoformat(row[column]) for row in rows(path)]
    late = [at for at in moments if at.hour >= 18]

    assert moments
    assert all(is_working_day(at.date()) and at.hour >= 9 for at in moments)
    if path == "submissions.csv":
        assert len(late) >= 3
        assert all(at.isoformat() >= "2025-04-03T23:50:00+08:00" for at in late)
    else:
        assert late == []


# ---- fiction ----------------------------------------------------------------------------------------------

NAMED = {
    "register.csv": ("name", "operators_printed", "channel"),
    "history/2024/register.csv": ("name", "operators_printed", "channel"),
    "rosters.csv": ("enterprise",),
    "experts.csv": ("name", "employer"),
    "integrity.csv": ("subject", "source"),
    "objections.csv": ("objector",),
    "submissions.csv": ("by",),
}


@pytest.mark.parametrize(("path", "columns"), NAMED.items())
def test_every_name_says_that_it_is_an_example(path: str, columns: tuple[str, ...]):
    for row in rows(path):
        for column in columns:
            assert "示例" in row[column]


def test_each_operator_and_each_second_name_says_so_for_itself():
    bodies = [
        body
        for row in [*rows("register.csv"), *rows("history/2024/register.csv")]
        for body in [*row["operators"].split("|"), *filter(None, row["aliases"].split("|"))]
    ]

    assert len(bodies) > 190
    assert all("示例" in body for body in bodies)


def test_no_institution_of_the_real_round_hides_behind_the_word():
    def names(folder: Path, path: str) -> set[str]:
        return {
            name.replace("示例", "")
            for row in rows(path, folder=folder)
            for name in [row["name"], *row["operators"].split("|"), *row["aliases"].split("|")]
            if name
        }

    real = names(EXAMPLES / "nmg-2021", "register.csv")
    invented = names(FOLDER, "register.csv") | names(FOLDER, "history/2024/register.csv")

    assert len(real) > 150
    assert {name for name in invented if any(name in other for other in real)} == set()


def test_objectors_leave_a_contact_that_leads_to_nobody():
    contacts = [row["contact"] for row in rows("objections.csv")]

    assert len(contacts) == 2
    assert all(contact.endswith("@example.invalid") for contact in contacts)
