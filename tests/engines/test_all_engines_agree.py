"""One scheme, one table, any engine: the same bytes. Reference, DuckDB, PostgreSQL and Spark, on tables that hurt."""

import tempfile
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import pytest
from conformance import assert_reference_is_as_told, assert_same_tables, merged, reference
from corpora import Corpus, TextTable, adversarial, corpora, interest_of, write_corpus
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from scheme_builder_for_engines import judged_scheme, measured_scheme, scheme_of_all
from synthetic_schemes.random_schemes import schemes
from test_duckdb_engine import FORMULAS, RULES, VALUES

from hatchmark.domain.folder_errors import FolderError
from hatchmark.domain.scheme import Rounding
from hatchmark.engines.duckdb import score_file
from hatchmark.schemes.loader import SchemeError, shipped, shipped_codes

on_spark = pytest.mark.spark
on_postgresql = pytest.mark.postgres
MANY_CORPORA, ROWS = 20, 400
MANY_SCHEMES, LARGEST_SCHEMES = 40, 3


@pytest.fixture
def of_tables(postgresql):
    """The engines that are quick enough for every example: DuckDB and PostgreSQL."""
    from postgres_engine import score_on_postgresql

    return {"duckdb": score_file, "postgresql": partial(score_on_postgresql, postgresql)}


@pytest.fixture
def of_all(spark, of_tables):
    from hatchmark.engines import spark as engine

    return {**of_tables, "spark": partial(engine.score_file, session=spark)}


def in_a_folder(check, *arguments, **words):
    with tempfile.TemporaryDirectory() as folder:
        return check(Path(folder), *arguments, **words)


def any_corpora(scheme, *, odd=False):
    """Small tables that hypothesis can make smaller, and larger ones in which everything comes up at once."""
    larger = st.integers(0, 10**6).map(lambda seed: adversarial(scheme, rows=60, seed=seed, odd=odd))
    return st.one_of(corpora(scheme, odd=odd), larger)


def drawn(strategy, count):
    """Draw so many examples, the same in every run: Spark is too slow for new ones, and for shrinking them."""
    found = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def keep(example):
        found.append(example)

    keep()
    return found


MERGED = {}


def many_in_one(scheme):
    """One table of many drawn ones, and of rows in which everything comes up."""
    if scheme.digest not in MERGED:
        many = [*drawn(corpora(scheme), MANY_CORPORA), adversarial(scheme, rows=ROWS, seed=1)]
        MERGED[scheme.digest] = merged(scheme, many)
    return MERGED[scheme.digest]


@cache
def largest_schemes():
    found = {scheme.digest: scheme for scheme in drawn(schemes(), MANY_SCHEMES)}
    by_size = sorted(found.values(), key=lambda scheme: len(scheme.asked) + len(scheme.indicators))
    return by_size[-LARGEST_SCHEMES:]


# ---- what the tables hold


@pytest.mark.parametrize("code", shipped_codes())
def test_the_tables_hold_what_engines_differ_by(code):
    scheme = shipped(code)
    found = many_in_one(scheme)
    header, rows = found.table.header, found.table.rows
    cells = {name: {row[at] for row in rows} for at, name in enumerate(header)}

    for name, asked in scheme.asked.items():
        # Every way to be missing, zero or the least, and the largest value allowed.
        assert cells[f"{name}@status"] == {"", "absent", "not_applicable", "refused"}
        edges = [asked.figure.minimum, asked.figure.maximum]
        assert {asked.figure.text_of(edge) for edge in edges if edge is not None} <= cells[name]
    for indicator in interest_of(scheme).halves:
        assert any(cases for (code_, _), cases in interest_of(scheme).cases.items() if code_ == indicator)
    without_id = [row[1:] for row in rows]
    assert len(set(without_id)) < len(without_id)
    for item in scheme.expert_items:
        assert {name for name in header if name.startswith(f"{item.code}@")} >= {
            f"{item.code}@{number}" for number in (1, 2, 3)
        }
    if scheme.roster:
        assert len(found.roster.rows) > 100


def test_shipped_schemes_round_points_that_lie_half_way():
    assert [code for code in shipped_codes() if interest_of(shipped(code)).halves]
    assert [code for code in shipped_codes() if any("@last" in name for name in shipped(code).asked)]


@pytest.mark.parametrize("code", shipped_codes())
def test_an_engine_that_rounds_otherwise_is_found_out(tmp_path, code):
    other = {Rounding.HALF_UP: Rounding.DOWN, Rounding.DOWN: Rounding.HALF_UP}

    def engine(scheme, **files):
        reference(replace(scheme, rounding=other[scheme.rounding]), **files)

    with pytest.raises(AssertionError, match="other differs from the reference"):
        assert_same_tables(tmp_path, shipped(code), many_in_one(shipped(code)), {"other": engine})


# ---- the property


@on_postgresql
@pytest.mark.parametrize("code", shipped_codes())
def test_a_shipped_scheme_gives_the_same_table(of_tables, code):
    scheme = shipped(code)

    @settings(max_examples=10)
    @given(any_corpora(scheme, odd=True), st.sampled_from([".csv", ".csv", ".parquet"]))
    def agree(corpus, ending):
        assert in_a_folder(assert_same_tables, scheme, corpus, of_tables, ending=ending)

    agree()


@on_postgresql
def test_any_scheme_gives_the_same_table(of_tables):
    held = []

    @settings(max_examples=40)
    @given(schemes(), st.data())
    def agree(scheme, data):
        corpus = data.draw(any_corpora(scheme, odd=data.draw(st.booleans())))
        held.append(in_a_folder(assert_same_tables, scheme, corpus, of_tables))

    agree()
    # Most schemes fit, or little was compared.
    assert sum(held) > len(held) / 2


@settings(max_examples=40)
@given(schemes(), st.data())
def test_the_reference_gives_what_a_second_reading_of_the_rules_gives(scheme, data):
    in_a_folder(assert_reference_is_as_told, scheme, data.draw(any_corpora(scheme)))


@on_spark
@on_postgresql
@pytest.mark.parametrize("code", shipped_codes())
def test_a_shipped_scheme_gives_the_same_table_on_spark(of_all, tmp_path, code):
    scheme = shipped(code)

    assert assert_same_tables(tmp_path, scheme, many_in_one(scheme), of_all, ending=".parquet")


@on_spark
@on_postgresql
@pytest.mark.parametrize("number", range(LARGEST_SCHEMES))
def test_a_random_scheme_gives_the_same_table_on_spark(of_all, tmp_path, number):
    scheme = largest_schemes()[number]

    assert assert_same_tables(tmp_path, scheme, many_in_one(scheme), of_all)


# ---- every formula, and the largest values


def crossed(values):
    """Every pair of values, this year's with last year's, and every way in which one of them is missing."""
    rows = [(a, "", a_last, "", b, "") for a in values for b in values for a_last in (b, values[-1])]
    for status in ("absent", "not_applicable", "refused"):
        rows += [
            ("", status, "3", "", "3", ""),
            ("3", "", "", status, "3", ""),
            ("3", "", "3", "", "", status),
        ]
    header = ("id", "a", "a@status", "a@last", "a@last@status", "b", "b@status")
    numbered = tuple((f"e{number}", *row) for number, row in enumerate(rows))
    return Corpus(table=TextTable(header=header, rows=numbered), roster=None)


@on_spark
@on_postgresql
@pytest.mark.parametrize(("places", "rounding"), [(2, "half_up"), (1, "down")])
def test_every_formula_gives_the_same_points(of_all, tmp_path, places, rounding):
    scheme = scheme_of_all(FORMULAS.values(), maximum=1_000_000, places=places, rounding=rounding)

    assert assert_same_tables(tmp_path, scheme, crossed(VALUES), of_all)


def held(folder, formula, *, maximum, corpus):
    """Whether 128 bits hold one formula on a table, by what DuckDB says of it."""
    data, _ = write_corpus(corpus, folder)
    try:
        score_file(scheme_of_all([formula], maximum=maximum), data=data, out=folder / "out.csv")
    except (FolderError, SchemeError) as error:
        assert "every engine" in str(error)
        return False
    return True


@on_spark
@on_postgresql
@pytest.mark.parametrize("digits", [9, 16])
def test_the_largest_values_give_the_same_points(of_all, tmp_path, digits):
    maximum = 10**digits
    values = ("0", "0.01", "3.33", str(maximum // 2), f"{maximum // 3}.33", f"{maximum - 1}.99", str(maximum))
    table = crossed(values)
    formulas = [each for each in FORMULAS.values() if held(tmp_path, each, maximum=maximum, corpus=table)]

    assert len(formulas) > len(FORMULAS) / 2
    assert assert_same_tables(tmp_path, scheme_of_all(formulas, maximum=maximum), table, of_all)


@on_spark
@on_postgresql
def test_a_figure_without_maximum_may_have_thirty_digits(of_all, tmp_path):
    scheme = measured_scheme('{ type = "per_unit", figures = ["a"], points_each = "0.001" }', maximum=None)
    values = ("1000000000.01", "1" + "0" * 20, "9" * 30, "1234.5")
    rows = tuple((f"e{number}", value, "0") for number, value in enumerate(values))
    table = TextTable(header=("id", "a", "b"), rows=rows)

    assert assert_same_tables(tmp_path, scheme, Corpus(table=table, roster=None), of_all)


@on_spark
@on_postgresql
def test_what_128_bits_cannot_hold_is_refused_by_all_in_the_same_words(of_all, tmp_path):
    formula = '{ type = "ratio", of = ["a"], to = ["b"], full_at = "0.3", when_zero = "no_points" }'
    table = TextTable(header=("id", "a", "b"), rows=(("甲", "9" * 30, "1"),))
    scheme = measured_scheme(formula, maximum=None)

    assert not assert_same_tables(tmp_path, scheme, Corpus(table=table, roster=None), of_all)


@on_spark
@on_postgresql
@pytest.mark.parametrize("rule", ["median", "trimmed twice"])
def test_several_experts_give_the_same_mean(of_all, tmp_path, rule):
    scheme = judged_scheme(RULES[rule])

    assert assert_same_tables(tmp_path, scheme, adversarial(scheme, rows=ROWS, seed=3, odd=True), of_all)
