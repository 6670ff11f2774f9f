"""A thousand hostile scheme files of twenty kinds, made from a seed each: for the tests and for the benchmark."""

import random
from collections.abc import Callable

from scheme_builder import FIGURES, ROSTER, USE_ALL, group, indicator, one_indicator, scheme_text

from hatchmark.schemes.loader import LARGEST_FILE, LONGEST_LINE, MOST_EXPRESSIONS, MOST_TABLES

EACH = 50
"""Files of each kind."""

Maker = Callable[[random.Random], bytes]
KINDS: dict[str, Maker] = {}


def kind(maker: Maker) -> Maker:
    KINDS[maker.__name__] = maker
    return maker


def expression(text: str) -> bytes:
    """Return a sound scheme but for one expression, which a TOML string can hold."""
    return one_indicator(f'{{ type = "per_unit", value = """{text}""", points_each = "1" }}').encode()


def replaced(draw: random.Random, pairs: list[tuple[str, str]], text: str | None = None) -> bytes:
    old, new = draw.choice(pairs)
    base = text or one_indicator(USE_ALL, figures=FIGURES)
    assert old in base
    return base.replace(old, new, 1).encode("utf-8", "surrogatepass")


def word(draw: random.Random, length: int = 6) -> str:
    return "".join(draw.choice("abcdefghijklmnopqrstuvwxyz_") for _ in range(length))


@kind
def attribute_access(draw):
    chain = ".".join(
        draw.choice(["__class__", "__mro__", "__globals__", "__subclasses__", "func", word(draw)])
        for _ in range(draw.randint(1, 8))
    )
    return expression(f"{draw.choice(['tenants', '收入', '()', '1'])}.{chain}")


@kind
def calls_of_python(draw):
    name = draw.choice(
        ["eval", "exec", "open", "__import__", "getattr", "compile", "globals", "print", "input"]
    )
    return expression(f"{name}({draw.choice(['1', 'tenants', chr(39) + word(draw) + chr(39), ''])})")


@kind
def python_and_shell_syntax(draw):
    trick = draw.choice(
        ["lambda: 1", "[x for x in tenants]", "{{1}}", "tenants if 1 else 2", "(y := 1)", "import os", "1; import os",
         "`id`", "$(id)", "f'{tenants}'", "tenants or __import__('os')", "not", "yield 1", "*tenants", "@tenants",
         "{0.__class__}", "%s % tenants", "tenants[0]", "tenants()", "0x10", "1_000", "1e9", "1j", "~1", "1 << 900"]
    )  # fmt: skip
    return expression(f"{trick} + {word(draw)}" if draw.random() < 0.5 else trick)


@kind
def powers(draw):
    base, top = draw.randint(2, 99), draw.randint(10, 10**9)
    return expression(draw.choice([f"{base} ** {top}", f"{base}^{top}", f"tenants ** {top} ** {top}"]))


@kind
def huge_numbers_in_expressions(draw):
    digits = "9" * draw.randint(31, 900)
    return expression(draw.choice([digits, f"tenants * {digits}", f"0.{digits}", f"tenants / {digits}"]))


@kind
def huge_numbers_in_fields(draw):
    digits = "9" * draw.randint(31, 3900)
    return replaced(
        draw,
        [
            ('maximum = "10000"', f'maximum = "{digits}"'),
            ('maximum = "10000"', f"maximum = {digits}"),
            ('maximum = "10000"', f"maximum = 0x{digits}"),
            ("year = 2024", f"year = {digits}"),
            ("places = 2", f"places = {digits}"),
            ('points_each = "1"', f'points_each = "{digits}"'),
        ][: draw.randint(1, 6)],
        one_indicator('{ type = "per_unit", figures = ["tenants"], points_each = "1" }'),
    )


@kind
def products_beyond_exact_integers(draw):
    return expression(" * ".join(draw.choice(["收入", "income", "area"]) for _ in range(draw.randint(6, 60))))


@kind
def deep_nesting(draw):
    depth = draw.randint(66, 300)
    return expression(
        draw.choice(
            [
                "(" * depth + "1" + ")" * depth,
                "-" * depth + "1",
                "(" * depth,
                "max(1," * depth + "1" + ")" * depth,
                "1" + "+1" * depth,
                "1" + "*tenants" * min(depth, 110),
            ]
        )
    )


@kind
def long_expressions(draw):
    length = draw.randint(1001, 3800)
    return expression(
        draw.choice(["a" * length, "1+" * (length // 2) + "1", "1" + " " * length, "'" + "字" * length + "'"])
    )


@kind
def many_expressions(draw):
    body = group("main", '"10"') + group("rest", '"1"', part="bonus")
    long = "tenants" + " " * (draw.randint(900, 990))
    body += "".join(
        indicator(f"x{n}", f'{{ type = "per_unit", value = "{long}", points_each = "1" }}')
        for n in range(MOST_EXPRESSIONS // 900 + 2)
    )
    return scheme_text(body=body).encode()


@kind
def giant_files(draw):
    filler = draw.choice(["# 示例\n", "\n", " ", "x = 1\n", "[[figure]]\n", "a.b.c.d.e = 1\n"])
    times = LARGEST_FILE // len(filler.encode()) + draw.randint(1, 1000)
    return one_indicator(USE_ALL).encode() + filler.encode() * times


@kind
def long_lines_and_many_tables(draw):
    if draw.random() < 0.5:
        return (one_indicator(USE_ALL) + f"# {'x' * (LONGEST_LINE + draw.randint(0, 5000))}").encode()
    table = draw.choice(["[[figure]]\n", "[[indicator]]\n", "[[veto]]\n", "[[a]]\n"])
    return (one_indicator(USE_ALL) + table * (MOST_TABLES + draw.randint(1, 2000))).encode()


@kind
def rings_of_groups(draw):
    length = draw.randint(1, 40)
    names = [f"g{n}" for n in range(length)]
    body = "".join(
        group(name, '"10"', more=f'parent = "{names[(n + 1) % length]}"') for n, name in enumerate(names)
    )
    return scheme_text(body=body + indicator("x", USE_ALL, inside="g0")).encode()


@kind
def sql_in_names(draw):
    attack = draw.choice(
        [
            f"{word(draw)}'); DROP TABLE scores--",
            'a\\" OR 1=1 --',
            "a; SELECT 1",
            "a/**/b",
            "a`b",
            "a''b",
            "0 UNION ALL",
        ]
    )
    return replaced(
        draw,
        [
            ('code = "tenants"', f'code = "{attack}"'),
            ('name = "收入"', f'name = "{attack}"'),
            ('unit = "家"', f'unit = "{attack}"'),
            ('values = ["本科", "硕士", "博士"]', f'values = ["本科", "{attack}"]'),
            ('code = "degree"', f'code = "{attack}"'),
            ('title = "评价期"', f'title = "{attack}"'),
            ("sub_types = []", f'sub_types = ["{attack}"]'),
            ('kind = "incubator"', f'kind = "{attack}"'),
            ('code = "example/everything-2024"', f'code = "{attack}"'),
            ("income >= 0", f"income >= {attack}"),
        ],
        one_indicator(USE_ALL, figures=FIGURES + ROSTER),
    )


@kind
def toml_tricks(draw):
    base = one_indicator(USE_ALL)
    tricks = [
        base + "\n[scheme]\ncode = 'again'\n",
        base.replace("year = 2024", "year = 2024\nyear = 2025"),
        base.replace(
            'maximum = "10000"', f"maximum = {draw.choice(['1.5', 'inf', '-inf', 'nan', '1e999', '1e-400'])}"
        ),
        base.replace(
            "year = 2024", f"year = {draw.choice(['2024-01-01', '07:32:00', '1979-05-27T07:32:00Z'])}"
        ),
        base + "\n[a" + ".a" * draw.randint(10, 1900) + "]\n",
        base + "\n" + "a." * draw.randint(10, 1900) + "b = 1\n",
        base + "\nx = " + "[" * draw.randint(10, 3900),
        base + "\nx = " + "[\n" * draw.randint(2000, 60_000),
        base + "\nx = " + "{ a = " * draw.randint(10, 600),
        base + '\nx = """' + word(draw),
        base.replace("示例局", "示例\\u202e局"),
        base.replace("示例局", "示例\\u0000局"),
        base.replace("示例局", "示\ufeff例"),
        base.replace("year = 2024", "'year' = 2024\n\"ye\\u0061r\" = 2025"),
        base.replace('code = "tenants"', "code = true"),
        base.replace('code = "tenants"', 'code = ["tenants"]'),
        base.replace("[missing]", "[missing.absent]"),
        base.replace("[[figure]]", "[figure]", 1),
    ]
    return draw.choice(tricks).encode()


@kind
def broken_bytes(draw):
    base = bytearray(one_indicator(USE_ALL).encode())
    at = draw.randrange(200, len(base) - 200)
    base[at:at] = draw.choice(
        [b"\xff", b"\xc0\x80", b"\x00", b"\x1b[2J", b"\xed\xa0\x80", b"\x07", b"\xf8\x88"]
    )
    return bytes(base)


@kind
def long_texts_against_patterns(draw):
    many = draw.randint(100, 1900)
    text = draw.choice(
        ["a" * many + "!", "a-" * (many // 2) + "!", "a/" * (many // 2), "_" * many, "0" * many + "x"]
    )
    return replaced(
        draw,
        [
            ('code = "tenants"', f'code = "{text}"'),
            ('code = "example/everything-2024"', f'code = "{text}"'),
            ('maximum = "10000"', f'maximum = "{text}"'),
            ('name = "收入"', f'name = "{text}"'),
            ('unit = "家"', f'unit = "{text}"'),
            ("sub_types = []", f'sub_types = ["{text}"]'),
        ],
    )


@kind
def letters_that_look_alike(draw):
    sign = draw.choice("ｔаеоτ\u200b\u202e\u2066＿１（）＋×÷−“”’；")
    place = draw.randint(0, 7)
    name = "tenants"
    return expression(f"{name[:place]}{sign}{name[place:]} + {word(draw)}")


@kind
def units_and_zeros(draw):
    one, two = draw.sample(["tenants", "income", "area"], 2)
    return expression(
        draw.choice(
            [
                f"{one} + {two}",
                f"{one} / {two}",
                f"max({one}, {two})",
                f"if {one} > {two} then 1 else 0",
                f"1 / ({one} - {one})",
                f"{one} / ({two} * 0)",
                f"if {two} >= 0 then {one} / {two} else 0",
                "1 / 0",
                f"{one} - {draw.randint(1, 99)} 万元",
                f"{one} = '{word(draw)}'",
            ]
        )
    )


@kind
def fields_that_nobody_asked_for(draw):
    name = draw.choice(
        ["exec", "include", "__class__", "on_load", "import", "python", "command", "extends", word(draw)]
    )
    value = draw.choice(["/etc/passwd", "import os", "http://example.org/x.toml", "$(id)", "../../x"])
    return replaced(
        draw,
        [
            ("year = 2024", f'year = 2024\n{name} = "{value}"'),
            ('type = "integer"', f'type = "integer"\n{name} = "{value}"'),
            ('type = "yes_no"', f'type = "yes_no", {name} = "{value}"'),
            ("\n[missing]", f'\n[{name}]\na = "{value}"\n\n[missing]'),
        ],
    )


@kind
def large_files_within_the_size(draw):
    """Return a file as large as files may be, of what takes long to read."""
    lines = draw.choice(
        [
            "[[a]]\n",
            "[t{n}]\n",
            "k{n}=1\n",
            'k{n}="a"\n',
            "k{n}=2024-01-01T00:00:00Z\n",
            "x{n}=[" + "1," * 900 + "]\n",
            "x{n}=[" + "{{}}," * 900 + "]\n",
            "x{n}=[" + "[]," * 900 + "]\n",
            "a." * 900 + "k{n}=1\n",
            "[" + "a." * 900 + "k{n}]\n",
            "x{n}={{" + "a." * 900 + "k=1}}\n",
            "a.b.c.d.e.f.g.k{n}=1\n",
            "x{n}=" + "{{a=" * 7 + "1" + "}}" * 7 + "\n",
            "# {n}\n",
            "\n",
            " " * 3000 + "\n",
            'x{n}="' + "字" * 600 + '"\n',
            'x{n}="' + "\\t" * 1500 + '"\n',
        ]
    )
    written, size = [], 0
    most = LARGEST_FILE - draw.randint(0, 5000) - 4000
    while size < most:
        written.append(lines.format(n=len(written)))
        size += len(written[-1].encode())
    return "".join(written).encode()


@kind
def large_schemes_that_are_nearly_sound(draw):
    """Return a scheme of hundreds of tables, which is wrong at its end, in a ring, or everywhere."""
    many = draw.randint(100, 330)
    ring = [group(f"g{n}", '"10"', more=f'parent = "g{(n + 1) % many}"') for n in range(many)]
    wrong = draw.choice(["q", "tenants + income", "1 / tenants", "tenants ** 9", "tenants.x"])
    chosen = draw.choice(["ring", "wrong", "long", "figures"])
    formula = '{{ type = "per_unit", value = "{}", points_each = "1" }}'
    body = group("main", '"10"')
    match chosen:
        case "ring":
            body = "".join(ring) + indicator("x", USE_ALL, inside="g0")
        case "wrong":
            body += "".join(indicator(f"x{n}", formula.format(wrong)) for n in range(many))
        case "long":
            sum_of = " + ".join(["tenants"] * 100)
            body += "".join(indicator(f"x{n}", formula.format(sum_of)) for n in range(9))
        case _:
            figure = FIGURES.split("[[figure]]")[3]
            more = "".join(
                "[[figure]]" + figure.replace('"area"', f'"f{n}"').replace("面积", f"面积{n}")
                for n in range(many)
            )
            return scheme_text(body=body + indicator("x", USE_ALL), figures=FIGURES + more).encode()
    return scheme_text(body=body).encode()


def hostile(name: str, seed: int) -> bytes:
    """Return one file of a kind; the same seed gives the same bytes."""
    return KINDS[name](random.Random(f"{name} {seed}"))  # noqa: S311 - reproducible, not secret
