"""What follows from setting a value of a scheme, whose grade changes, and how firmly each one stands."""

import tomllib
from dataclasses import replace
from fractions import Fraction

import pytest
from example_schemes import PLAIN, WIDE

from hatchmark.domain.sampling_schemes import sample_entries
from hatchmark.domain.scheme import HUNDREDTHS, Scheme
from hatchmark.domain.scoring import EntryInputs
from hatchmark.domain.sensitivity import (
    Alteration,
    GradeChange,
    PathError,
    Trial,
    Verdict,
    altered,
    grade_changes,
    ranks,
    stabilities,
    toml_text,
)
from hatchmark.engines.reference import score_table
from hatchmark.schemes.loader import parse_scheme, shipped, shipped_bytes, shipped_codes

PLAIN_DOCUMENT = tomllib.loads(PLAIN)


def loaded(document: dict) -> Scheme:
    return parse_scheme(toml_text(document).encode(), file="changed")


# ---- the document as a file


@pytest.mark.parametrize("text", [PLAIN, WIDE], ids=["plain", "wide"])
def test_a_document_written_as_toml_is_the_same_scheme(text):
    assert loaded(tomllib.loads(text)) == parse_scheme(text.encode(), file="changed")


@pytest.mark.parametrize("code", shipped_codes())
def test_every_shipped_scheme_survives_being_written_as_toml(code):
    document = tomllib.loads(shipped_bytes(code, ending=".toml").decode())

    assert tomllib.loads(toml_text(document)) == document
    assert loaded(document) == shipped(code)


def test_every_kind_of_text_and_key_survives():
    document = {
        "head": {
            "quote": 'a "b" \\ c',
            "lines": "a\nb\tc",
            "odd": "\x7f\x01 é 孵衡 🐣",
            "中 文": "key",
            "n": -3,
        },
        "empty": [],
        "flags": [True, False, 1],
        "tables": [{"a": "1", "inner": {"deep": [{"x": "y"}, {}]}}, {}],
        "mixed": [["a", {"b": "c"}], "d"],
    }

    assert tomllib.loads(toml_text(document)) == document


# ---- setting values


@pytest.mark.parametrize(
    ("path", "value", "old"),
    [
        ("grade.excellent.at_least", "90", "85"),
        ("scheme.bonus_cap", "4", "5"),
        ("expert_rule.minimum", "3", "2"),
        ("indicator.rate.formula.full_at", "0.25", "0.2"),
        ("indicator.size.by_sub_type.professional.bands.2.at_least", "12", "10"),
        ("missing.absent", "unscored", "no_points"),
        ("figure.income.last_year", "true", "true"),
        ("scheme.sub_types.1", "other", "comprehensive"),
        ("relation.1.message", "另一说明", "毕业企业不能多于在孵企业"),
    ],
)
def test_a_value_is_found_by_codes_and_numbers_and_nothing_else_changes(path, value, old):
    changed, alterations = altered(PLAIN_DOCUMENT, [(path, value)])

    assert alterations == (Alteration(path=path, old=old, new=value),)
    back, _ = altered(changed, [(path, old)])
    assert back == PLAIN_DOCUMENT == tomllib.loads(PLAIN)


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (
            "indicator.sise.full_marks",
            "8",
            "'indicator' has no 'sise'; write one of size, rate, growth, prize_points",
        ),
        ("grade.A.at_least", "8", "'grade' has no 'A'; write one of excellent, good, unqualified"),
        ("indikator.size.full_marks", "8", "the scheme has no 'indikator'; write one of scheme, missing, "),
        ("indicator.size", "8", "names a table, not a value; go on with one of code, title, "),
        ("scheme.year.x", "8", "'scheme.year' is a value and has nothing in it; end the path there"),
        ("scheme.year", "20x5", "'20x5' is no whole number; write digits"),
        ("figure.income.last_year", "yes", "'yes' is neither true nor false; write one of them"),
        ("scheme.title", "", "the value is empty or cannot be printed"),
        ("scheme.title", "a\x1b[2J", "the value is empty or cannot be printed"),
        ("indicator.rate.formula.full_at.__class__", "1", "is a value and has nothing in it"),
        ("", "1", "the scheme has no ''"),
    ],
)
def test_a_path_that_names_no_value_is_told_what_there_is(path, value, says):
    with pytest.raises(PathError) as refused:
        altered(PLAIN_DOCUMENT, [(path, value)])

    assert str(refused.value).startswith(f"--set {path}: ")
    assert says in str(refused.value)


def test_one_path_cannot_be_set_twice():
    with pytest.raises(PathError, match="is set twice; set it once"):
        altered(PLAIN_DOCUMENT, [("scheme.bonus_cap", "4"), ("scheme.bonus_cap", "3")])


# ---- full marks re-add


def test_a_weight_moves_its_bands_its_group_the_scheme_and_the_total_cap():
    changed, alterations = altered(PLAIN_DOCUMENT, [("indicator.size.full_marks", "25")])

    because = "indicator.size.full_marks"
    assert alterations == (
        Alteration(path="indicator.size.full_marks", old="20", new="25"),
        *(
            Alteration(
                path=f"indicator.size.by_sub_type.{sub_type}.bands.{band}.points",
                old=old,
                new=new,
                follows=because,
            )
            for sub_type in ("comprehensive", "professional")
            for band, old, new in ((2, "10", "12.5"), (3, "20", "25"))
        ),
        Alteration(path="group.numbers.full_marks", old="60", new="65", follows=because),
        Alteration(path="scheme.full_marks", old="100", new="105", follows=because),
        Alteration(path="scheme.total_cap", old="100", new="105", follows=because),
    )
    scheme = loaded(changed)
    assert (scheme.full_marks, scheme.total_cap) == (10500, 10500)
    assert [cut.at_least for cut in scheme.grades] == [8500, 7000, 0]


def test_two_weights_that_balance_leave_the_sums_alone():
    settings = [("expert_item.service.full_marks", "28"), ("expert_item.features.full_marks", "12")]

    changed, alterations = altered(PLAIN_DOCUMENT, settings)

    assert [(each.path, each.new) for each in alterations] == settings
    assert loaded(changed).full_marks == 10000


def test_what_is_set_by_hand_does_not_follow():
    settings = [
        ("indicator.rate.full_marks", "25"),
        ("expert_item.service.full_marks", "25"),
        ("group.numbers.full_marks", "64"),
    ]

    changed, alterations = altered(PLAIN_DOCUMENT, settings)

    assert [each.path for each in alterations if each.follows] == [
        "group.opinion.full_marks",
        "scheme.full_marks",
        "scheme.total_cap",
    ]
    with pytest.raises(ValueError, match=r"of 'numbers' is 64\.00, but .* add up to 65\.00"):
        loaded(changed)


def test_a_bonus_weight_moves_no_full_marks_of_the_scheme():
    changed, alterations = altered(PLAIN_DOCUMENT, [("indicator.prize_points.full_marks", "8")])

    assert [each.path for each in alterations] == [
        "indicator.prize_points.full_marks",
        "group.bonus.full_marks",
    ]
    assert loaded(changed).full_marks == 10000


def test_points_that_do_not_divide_are_rounded_half_up_and_the_best_gives_full_marks():
    settings = [("indicator.size.full_marks", "3.33"), ("indicator.rate.full_marks", "36.67")]

    changed, _ = altered(PLAIN_DOCUMENT, settings)

    bands = changed["indicator"][0]["by_sub_type"]["professional"]["bands"]
    assert [band["points"] for band in bands] == ["0", "1.67", "3.33"]
    loaded(changed)


def test_an_inner_group_moves_the_group_it_lies_in():
    changed, alterations = altered(tomllib.loads(WIDE), [("indicator.opening.full_marks", "12")])

    assert [(each.path, each.old, each.new) for each in alterations] == [
        ("indicator.opening.full_marks", "10", "12"),
        ("group.inner.full_marks", "30", "32"),
        ("group.numbers.full_marks", "70", "72"),
        ("scheme.full_marks", "100", "102"),
        ("scheme.total_cap", "100", "102"),
    ]
    assert loaded(changed).full_marks == 10200


@pytest.mark.parametrize("code", shipped_codes())
def test_any_one_weight_of_a_shipped_scheme_can_be_doubled(code):
    document = tomllib.loads(shipped_bytes(code, ending=".toml").decode())
    leaves = [("indicator", each) for each in document["indicator"]]
    leaves += [("expert_item", each) for each in document.get("expert_item", [])]
    tried = 0
    for kind, leaf in leaves:
        if isinstance(leaf["full_marks"], str):
            value = str(2 * int(leaf["full_marks"]))
            changed, _ = altered(document, [(f"{kind}.{leaf['code']}.full_marks", value)])
            try:
                assert loaded(changed).digest != shipped(code).digest
            except ValueError as error:  # what must stay in step with a weight and is not known to follow
                assert "full marks" in str(error) or "full_marks" in str(error), error
                continue
            tried += 1
    assert tried >= len(leaves) // 2


# ---- whose grade changes


def test_exactly_the_entries_whose_grade_differs_are_listed():
    old = {
        "a": Verdict(total=8500, grade="excellent"),
        "b": Verdict(total=8400, grade="good"),
        "c": Verdict(total=None, grade=None),
        "d": Verdict(total=10, grade="unqualified"),
    }
    new = {
        "a": Verdict(total=8400, grade="good"),
        "b": Verdict(total=8300, grade="good"),
        "c": Verdict(total=0, grade="unqualified"),
        "d": Verdict(total=10, grade="unqualified"),
    }

    assert grade_changes(old, new) == (
        GradeChange(id="a", old=old["a"], new=new["a"]),
        GradeChange(id="c", old=old["c"], new=new["c"]),
    )


def test_equal_totals_share_a_rank_and_the_next_is_skipped():
    totals = {"a": 50, "b": 70, "c": None, "d": 70, "e": 90, "f": 50, "g": 10}
    table = {key: Verdict(total=total, grade="good") for key, total in totals.items()}
    table["x"] = Verdict(total=99, grade=None, excluded=True)

    assert ranks(table) == {"a": 4, "b": 2, "c": None, "d": 2, "e": 1, "f": 4, "g": 6, "x": None}


# ---- how firmly a grade stands


def brute_force(scheme: Scheme, entries: dict, key: str, experts: int) -> list[Trial]:
    """Try everything for one entry by scoring the whole table anew each time."""

    def tried(inputs: EntryInputs) -> Verdict:
        return Verdict.of(dict(score_table(scheme, {**entries, key: inputs}))[key])

    inputs = entries[key]
    found = []
    for number in range(1, experts + 1):
        without = {
            item: scores[: number - 1] + scores[number:] for item, scores in inputs.expert_scores.items()
        }
        if without != inputs.expert_scores:
            verdict = tried(replace(inputs, expert_scores=without))
            found.append(Trial(what="leave_out_expert", which=str(number), verdict=verdict))
    for item in scheme.expert_items:
        most = Fraction(item.full_marks_for(scheme.sub_type_of(inputs.sub_type)), HUNDREDTHS)
        for what, step in (("plus_one", 1), ("minus_one", -1)):
            scores = inputs.expert_scores[item.code]
            moved = tuple(sorted((Fraction(0), score + step, most))[1] for score in scores)
            if moved != scores:
                verdict = tried(replace(inputs, expert_scores={**inputs.expert_scores, item.code: moved}))
                found.append(Trial(what=what, which=item.code, verdict=verdict))
    return found


@pytest.mark.parametrize("text", [PLAIN, WIDE], ids=["alone", "by rank among the table"])
def test_stability_is_what_scoring_each_trial_anew_gives(text):
    scheme = parse_scheme(text.encode(), file="scheme")
    entries = {entry.id: entry.inputs for entry in sample_entries(scheme, rows=25, seed=3)}
    experts = {
        key: {item: tuple(range(1, len(scores) + 1)) for item, scores in inputs.expert_scores.items()}
        for key, inputs in entries.items()
    }

    found = stabilities(scheme, entries, experts, score=score_table)

    assert [each.id for each in found] == list(entries)
    for each in found:
        assert list(each.trials) == brute_force(scheme, entries, each.id, 9)
        assert each.flips == tuple(t for t in each.trials if t.verdict.grade != each.verdict.grade)
    assert any(each.flips for each in found), "a sample in which nothing flips shows nothing"
    assert any(not each.flips for each in found)


def test_margins_are_to_the_cuts_on_both_sides():
    scheme = parse_scheme(PLAIN.encode(), file="plain")
    entries = {entry.id: entry.inputs for entry in sample_entries(scheme, rows=60, seed=1)}

    found = stabilities(scheme, entries, {key: {} for key in entries}, score=score_table)

    expected = []
    for each in found:
        total = each.verdict.total
        if total is None:
            expected.append((None, None))
        elif total >= 8500:
            expected.append((None, total - 8500))
        elif total >= 7000:
            expected.append((8500 - total, total - 7000))
        else:
            expected.append((7000 - total, None))
    assert [(each.up, each.down) for each in found] == expected
    assert len({(up is None, down is None) for up, down in expected}) >= 3
