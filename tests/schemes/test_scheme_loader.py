"""The loader reads a scheme file from people: what it accepts, and how it refuses the rest."""

from fractions import Fraction
from importlib import resources
from pathlib import Path

import pytest

from hatchmark.domain.outcomes import Grade
from hatchmark.domain.scheme import Bands, FigureStatus, Part, Provenance, Ratio, Treatment
from hatchmark.schemes.loader import (
    BrokenRuleError,
    SchemeError,
    load_scheme,
    parse_scheme,
    shipped,
    shipped_codes,
)

TEXT = (resources.files("hatchmark.schemes") / "nmg" / "makerspace-2020.toml").read_text("utf-8")


def changed(old: str, new: str, text: str = TEXT) -> bytes:
    """Return the makerspace scheme with the first `old` replaced; fail where it is not there."""
    assert old in text
    return text.replace(old, new, 1).encode()


def message_of(raw: bytes) -> str:
    with pytest.raises(SchemeError) as caught:
        parse_scheme(raw, file="example.toml")
    return caught.value.problems[0]


def line_of(raw: bytes, wanted: str) -> int:
    return next(n for n, line in enumerate(raw.decode().split("\n"), start=1) if wanted in line)


# ---- what is read -----------------------------------------------------------------------------------------


def test_both_schemes_ship():
    codes = shipped_codes()
    assert {"nmg/incubator-2020", "nmg/makerspace-2020"} <= set(codes)
    assert codes == sorted(set(codes))


def test_a_file_is_read_into_exact_values():
    scheme = shipped("nmg/incubator-2020")
    indicator = next(found for found in scheme.indicators if found.code == "graduation_rate")
    assert indicator.formulas["comprehensive"] == indicator.formulas["professional"]
    formula = indicator.formulas["professional"]
    assert isinstance(formula, Ratio)
    assert (formula.full_at, formula.of, formula.to) == (
        Fraction(1, 5),
        ("graduates",),
        ("tenants", "graduates"),
    )
    assert (scheme.full_marks, scheme.bonus_cap, scheme.total_cap) == (10000, 1000, 11000)
    assert scheme.provenance is Provenance.RECONSTRUCTION
    assert [cut.grade for cut in scheme.grades] == list(Grade)
    growth = next(found for found in scheme.indicators if found.code == "income_growth")
    assert growth.missing == {FigureStatus.NOT_APPLICABLE: Treatment.FULL_POINTS}


def test_sub_types_have_formulas_of_their_own():
    scheme = shipped("nmg/incubator-2020")
    formulas = next(found for found in scheme.indicators if found.code == "tenant_count").formulas
    tops = {}
    for sub_type, formula in formulas.items():
        assert isinstance(formula, Bands)
        tops[sub_type] = formula.bands[-1].at_least
    assert tops == {"comprehensive": 50, "professional": 30}


def test_load_scheme_reads_a_file_from_a_folder(tmp_path: Path):
    path = tmp_path / "own.toml"
    path.write_bytes(changed('code = "nmg/makerspace-2020"', 'code = "own/makerspace"'))
    assert load_scheme(path).code == "own/makerspace"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_digest_is_that_of_the_content_and_not_of_the_layout(encoding, end):
    same = ("# another comment\n" + TEXT).replace("\n", end).encode(encoding)
    assert parse_scheme(same, file="x.toml").digest == shipped("nmg/makerspace-2020").digest


def test_another_number_is_another_digest():
    other = parse_scheme(changed('points_each = "0.35"', 'points_each = "0.36"'), file="x.toml")
    assert other.digest != shipped("nmg/makerspace-2020").digest


# ---- how it refuses ---------------------------------------------------------------------------------------


def test_an_unknown_code_lists_the_known_ones():
    with pytest.raises(
        SchemeError, match="no scheme 'nmg/accelerator' ships; write one of fuyang/incubator-2022, "
    ):
        shipped("nmg/accelerator")


@pytest.mark.parametrize(
    "code", ["../nmg/incubator-2020", "nmg/../nmg/incubator-2020", "nmg/incubator-2020.cases", ""]
)
def test_a_code_is_no_path(code):
    with pytest.raises(SchemeError, match="ships; write one of"):
        shipped(code)


def test_a_file_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(SchemeError, match=r"nowhere\.toml: No such file or directory; name a readable"):
        load_scheme(tmp_path / "nowhere.toml")


def test_a_folder_is_no_scheme(tmp_path: Path):
    with pytest.raises(SchemeError, match="Is a directory"):
        load_scheme(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'kind = "makerspace"',
            'kind = "makerspace"\nweight = "3"',
            "scheme.weight: no field of this name is known here; write one of authority, basis, bonus_cap, ",
        ),
        (
            'points_each = "0.35"',
            'points_each = "0.35", points_eech = "0.4"',
            "indicator 3.formula.points_eech: no field of this name is known here; write one of figures, ",
        ),
        (
            "[[veto]]",
            "[[vetos]]",
            "vetos: no field of this name is known here; write one of absence, consequence, ",
        ),
        (
            'show = "percent"',
            'show = "permille"',
            "formula.show: 'permille' is not known here; write one of percent, number",
        ),
        (
            'type = "linear"',
            'type = "quadratic"',
            "formula.type: 'quadratic' is not known here; write one of bands, linear, ",
        ),
        (
            "year = 2020",
            'year = "2020"',
            "scheme.year: must be a whole number without quotes, but is the text '2020'; write 1980 to 2200",
        ),
        (
            "year = 2020",
            "year = 20200",
            "scheme.year: is 20200, but must lie between 1980 and 2200; correct it",
        ),
        (
            "points_places = 2",
            "points_places = true",
            "scheme.points_places: must be a whole number without quotes",
        ),
        (
            'code = "area"',
            'code = "Area"',
            "figure 1.code: 'Area' is no code; write small letters, digits and _",
        ),
        (
            'maximum = "200000"',
            'maximum = "2e5"',
            "figure 1.maximum: '2e5' is not a plain number; write digits",
        ),
        (
            'maximum = "200000"',
            f'maximum = "{"9" * 31}"',
            "figure 1.maximum: a number of 31 characters is too long",
        ),
        ('maximum = "200000"', f"maximum = {'9' * 4000}", "is longer than 4000 characters; break it"),
        (
            'maximum = "200000"',
            f"maximum = {'9' * 3900}",
            "figure 1.maximum: a number of 41 characters is too long",
        ),
        (
            'full_marks = "25"',
            'full_marks = "25.001"',
            "group 1.full_marks: 25.001 points has more than two decimal places",
        ),
        (
            'full_marks = "25"',
            'full_marks = "-25"',
            "group 1.full_marks: is below zero; points are never negative",
        ),
        ('title = "场所面积"', 'title = "  "', "figure 1.title: is empty; write a text or remove the field"),
        (
            'title = "场所面积"',
            'title = "场\\u202e所"',
            "figure 1.title: holds a control character or an invisible one; remove it",
        ),
        (
            'title = "场所面积"',
            "title = 2020-01-01",
            "figure 1.title: holds 2020-01-01, a date or time, where none is used",
        ),
        (
            'title = "场所面积"',
            f'title = "{"长" * 2001}"',
            "figure 1.title: has 2001 characters; write at most 2000",
        ),
        (
            'figures = ["residents"]',
            "figures = []",
            "indicator 1.formula.figures: is an empty list; name at least one",
        ),
        (
            'figures = ["residents"]',
            'figures = "residents"',
            "indicator 1.formula.figures: must be a list of texts",
        ),
        (
            'figures = ["residents"]',
            'figures = ["residents", "residents"]',
            "names one code twice; name it once",
        ),
        ('unit = "m²"\n', "", "figure 1: field 'unit' is missing; give a text"),
        (', when_zero = "no_points" }', " }", "formula: field 'when_zero' is missing; give a text"),
        ('refused = "no_points"\n', "", "missing: field 'refused' is missing"),
        (
            'missing = { not_applicable = "full_points" }',
            "missing = { }",
            "missing: is empty; write one of absent, ",
        ),
        (
            'method = "mean"',
            'method = "mode"',
            "expert_rule.method: 'mode' is not known here; write one of mean, median, trimmed",
        ),
        (
            'formula = { type = "per_unit", figures = ["founders"], points_each = "0.35" }\n',
            "",
            "indicator 3.formula: formula and by_sub_type are both missing; give one of the two",
        ),
        ("[absence]", "[absent]", "example.toml:1: table 'absence' is missing; give it as [absence]"),
        ("[missing]", "[[missing]]", "missing: must be a table, but is a list; write [missing], once"),
    ],
)
def test_a_field_that_cannot_be_is_named_with_its_place_and_remedy(old, new, message):
    found = message_of(changed(old, new))
    assert found.startswith("example.toml")
    assert message in found


def test_variants_need_sub_types_to_be_variants_of():
    before, table, rest = TEXT.split("[[indicator]]", 2)
    head = table.split("formula = ", 1)[0]
    raw = f'{before}[[indicator]]{head}by_sub_type = {{}}\nbasis = "示例"\n[[indicator]]{rest}'.encode()
    assert "indicator 1.by_sub_type: the scheme has no sub_types; name them there" in message_of(raw)


@pytest.mark.parametrize(
    "table", ["scheme", "figure", "group", "indicator", "expert_item", "veto", "grade", "consequence"]
)
def test_every_table_needs_a_basis(table):
    head = f"[[{table}]]" if table != "scheme" else "[scheme]"
    before, after = TEXT.split(head, 1)
    start, end = after.split("\nbasis = ", 1)
    raw = (before + head + start + "\n" + end.split("\n", 1)[1]).encode()
    place = table if table == "scheme" else f"{table} 1"
    assert message_of(raw) == (
        f"example.toml:{line_of(raw, head)}: {place}: has no basis; "
        "name the clause or document it rests on, or write 重构：依据…"
    )


def test_an_empty_basis_is_none():
    raw = changed('basis = "重构：缺报', 'basis = " "\n#')
    assert "missing.basis: is empty; name the clause or document, or write 重构：依据…" in message_of(raw)


def test_a_message_names_the_line():
    raw = changed('grade_at_most = "unqualified"', 'grade_at_most = "worst"')
    assert message_of(raw).startswith(
        f"example.toml:{line_of(raw, 'worst')}: veto 1.grade_at_most: 'worst' is not known"
    )


def test_a_message_about_a_sub_type_names_the_line_of_its_formula():
    text = (resources.files("hatchmark.schemes") / "nmg" / "incubator-2020.toml").read_text("utf-8")
    raw = changed('points = "6" },\n] }\nprofessional', 'points = "5" },\n] }\nprofessional', text)
    with pytest.raises(BrokenRuleError) as caught:
        parse_scheme(raw, file="x.toml")
    assert caught.value.problems[0].startswith(
        f"x.toml:{line_of(raw, 'comprehensive = { type')}: indicator 5.by_sub_type.comprehensive: "
    )


def test_a_float_is_refused_since_it_is_not_exact():
    raw = changed('points_each = "0.35"', "points_each = 0.35")
    assert message_of(raw) == (
        f"example.toml:{line_of(raw, 'points_each = 0.35')}: 0.35 is a binary fraction, which is not exact; "
        'write it in quotes: "0.35"'
    )


@pytest.mark.parametrize("literal", ["inf", "-inf", "nan", "1e3"])
def test_other_floats_are_refused_too(literal):
    assert "is a binary fraction, which is not exact" in message_of(
        changed('points_each = "0.35"', f"points_each = {literal}")
    )


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "example.toml:1: table 'scheme' is missing; give it as [scheme]"),
        (
            b"[scheme",
            "example.toml:1:8: is not TOML: Expected ']' at the end of a table declaration; close [ with ]",
        ),
        (
            "[scheme]\ntitle = '众创'".encode("gb18030"),
            "example.toml:2: is not UTF-8 (byte 18); save it as UTF-8",
        ),
        (b"\n" + b"#" * 4001, "example.toml:2: the line is longer than 4000 characters; break it"),
        (
            b"# \n" * 90000,
            "example.toml:43691: here it becomes larger than 128 KB, which no scheme needs; make it smaller",
        ),
        (
            b"a = " + b"[" * 3000 + b"]" * 3000,
            "example.toml:1: the line is longer than 4000 characters; break it",
        ),
        (
            b"a = " + b"[\n" * 5000,
            "example.toml:9: nests deeper than 8 levels, or holds a number too long; flatten it",
        ),
        (b"\na = " + b"[" * 20 + b"]" * 20, "example.toml:2: a: nests deeper than 8 levels; flatten it"),
        (
            b"\n[" + b"a." * 1500 + b"a]",
            "example.toml:2: a name of so many parts nests deeper than 8 levels; flatten it",
        ),
        (
            b"a = [\n" + b"1,\n" * 8000 + b"]",
            "example.toml:8000: up to here more than 8000 of the signs = , . [ and { stand, which no scheme needs; "
            "shorten it",
        ),
    ],
    ids=[
        "empty",
        "broken",
        "gb18030",
        "long line",
        "large",
        "wide nest",
        "deep lines",
        "deep list",
        "deep key",
        "many signs",
    ],
)
def test_a_file_outside_the_limits_is_refused(raw, message):
    assert message in message_of(raw)


@pytest.mark.parametrize(
    ("line", "column", "sign"),
    [
        ("code = “x”", 8, "'“' is another sign than \""),
        ("code ＝ 'x'", 6, "'＝' is another sign than ="),
        ("sub_types = ['a'，'b']", 17, "'，' is another sign than ,"),
        ("【scheme】", 1, "'【' is another sign than ["),
    ],
)
def test_a_sign_of_a_chinese_keyboard_is_named(line, column, sign):
    assert message_of(f"# 示例\n{line}\n".encode()).startswith(f"example.toml:2:{column}: is not TOML: ")
    assert message_of(f"# 示例\n{line}\n".encode()).endswith(
        f"; {sign}: write it with the keyboard set to English"
    )


def test_a_large_file_is_not_read_to_its_end(tmp_path: Path):
    path = tmp_path / "large.toml"
    with path.open("wb") as stream:
        stream.truncate(10**10)  # sparse: takes no room on the disk
    with pytest.raises(SchemeError, match="becomes larger than 128 KB"):
        load_scheme(path)


def test_a_scheme_that_reads_but_breaks_a_rule_is_told_apart_from_bad_input():
    with pytest.raises(BrokenRuleError):
        parse_scheme(changed('full_marks = "25"', 'full_marks = "26"'), file="example.toml")
    with pytest.raises(SchemeError) as caught:
        parse_scheme(b"", file="example.toml")
    assert not isinstance(caught.value, BrokenRuleError)


def test_all_findings_are_told_at_once():
    raw = changed(
        'full_marks = "25"', 'full_marks = "26"', changed('bonus_cap = "10"', 'bonus_cap = "13"').decode()
    )
    with pytest.raises(BrokenRuleError) as caught:
        parse_scheme(raw, file="example.toml")
    assert len(caught.value.problems) == 3
    assert str(caught.value) == f"{caught.value.problems[0]} (and 2 more)"


def test_the_parts_of_the_2020_schemes_add_up_to_their_full_marks():
    # What else ships has nested groups, or marks by sub-type: `scheme check` holds those to their sums.
    for code in ("nmg/incubator-2020", "nmg/makerspace-2020"):
        scheme = shipped(code)
        parts = {
            part: sum(group.full_marks for group in scheme.groups if group.part is part) for part in Part
        }
        assert parts[Part.QUANTITATIVE] + parts[Part.QUALITATIVE] == scheme.full_marks == 10000
        assert scheme.code == code
