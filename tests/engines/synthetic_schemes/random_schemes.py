"""Makes random scheme files that load: every formula type, group, cap, sub-type, veto, cut and rule may come up.

A scheme is drawn as the text of a file and loaded as one, so that a failing example can be kept as a file.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from hypothesis import strategies as st

from hatchmark.domain.scheme import Scheme, exact_text
from hatchmark.schemes.loader import parse_scheme

BASIS = "示例"
TREATMENTS = ("no_points", "full_points", "unscored")
STATUSES = ("absent", "not_applicable", "refused")
GRADES = ("excellent", "good", "qualified", "unqualified")
FACTS = ("severe_integrity", "false_data", "statistics_missing", "safety_accident", "not_operating")
DEGREES = ("本科", "硕士", "博士")
LEVELS = ("A", "B+", "丙 级")
MARKS = ("1", "2", "2.5", "3", "5", "10", "0.5", "7.25", "33.33")
NUMBERS = ("1", "2", "3", "5", "10", "0.5", "0.3", "7", "100", "0.25")
EACH = ("0.1", "0.3", "0.75", "1", "2", "0.125", "0.0375", "1.005")
ALIKE = (
    "linear",
    "ratio",
    "per_unit",
    "per_amount",
    "threshold",
    "yes_no",
    "min_max",
    "ratio_to_mean",
    "ratio_to_max",
)
"""Formula types that fit any full marks."""
OF_ONE_MARK = ("bands", "growth", "by_category", "by_row", "rank_share")
COUNTS, MONEY = ("firms", "staff"), ("income", "capital")


@dataclass(frozen=True, slots=True, kw_only=True)
class Formulation:
    """An expression. `low` says whether it may be below zero, `divides` that it is made for ratios."""

    text: str
    negative: bool = False
    sub_types: bool = False


CALCULATIONS = (
    Formulation(text="staff / max(firms, 1 家)"),
    Formulation(text="staff - firms", negative=True),
    Formulation(text="-change", negative=True),
    Formulation(text="if area > 0 then income / area else 0"),
    Formulation(text="convert(income, 元) / max(area, 1 m²)"),
    Formulation(text="min(staff, firms, 30 家)"),
    Formulation(text="clamp(income, 10 千元, 500 千元)"),
    Formulation(text="share(where degree in ['硕士', '博士'] else 0.5)"),
    Formulation(text="count(where entered within period and degree != '本科')"),
    Formulation(text="count()"),
    Formulation(text="sum(pay where degree != '本科') / max(staff, 1 家)"),
    Formulation(text="sum(if pay > income then pay else 0)"),
    Formulation(text="max(staff - staff@last, 0) / max(staff@last, 1 家)"),
    Formulation(text="(staff - staff@last) / max(staff@last, 1 家)", negative=True),
    Formulation(
        text="if licensed and level = 'A' then 2 * staff / (firms + 1 家) else staff / (firms + 1 家)"
    ),
    Formulation(text="founded - 1999-12-31", negative=True),
    Formulation(text="if sub_type = 'professional' then staff else 2 * staff", sub_types=True),
    Formulation(text="75% * staff + firms / 3"),
)
CONDITIONS = (
    Formulation(text="licensed"),
    Formulation(text="level in ['A', '丙 级']"),
    Formulation(text="founded within period or not licensed"),
    Formulation(text="staff >= 2 * firms and income > 100 千元"),
    Formulation(text="count(where degree = '博士') >= 2 人"),
    Formulation(text="founded >= 2020-02-29"),
    Formulation(text="staff / max(firms, 1 家) > 50%"),
    Formulation(text="sub_type = 'professional' or staff < 5 家", sub_types=True),
)
WHERES = ("", "entered within period", "pay > 10 千元 or degree = '博士'", "staff > 2 家 and pay >= 0.5 千元")


@st.composite
def scheme_texts(draw: st.DrawFn) -> str:
    """Draw the text of a scheme file."""
    return _Maker(draw=draw).text()


def schemes() -> st.SearchStrategy[Scheme]:
    """Draw a scheme that was loaded from such a text."""
    return scheme_texts().map(lambda text: parse_scheme(text.encode(), file="random.toml"))


Fields = dict[str, object]


def _toml(value: object) -> str:
    if isinstance(value, Fraction):
        return f'"{exact_text(value)}"'
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {_toml(inner)}" for name, inner in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(inner) for inner in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def _table(header: str, fields: Fields) -> str:
    lines = [f"{name} = {_toml(value)}" for name, value in fields.items() if value is not None]
    return "\n".join([header, *lines, f'basis = "{BASIS}"', ""])


@dataclass(slots=True, kw_only=True)
class _Maker:
    """Draws a scheme from its leaves up, so that all full marks agree."""

    draw: st.DrawFn
    sub_types: tuple[str, ...] = ()
    used: set[str] = field(default_factory=set)
    """Figures (`CODE`, `CODE@last`) and roster fields that something rests on."""
    in_expressions: set[str] = field(default_factory=set)
    roster: bool = False
    tables: list[str] = field(default_factory=list)
    leaves: int = 0
    places: int = 2

    # ---- drawing

    def one_of(self, choices: Sequence[str]) -> str:
        return self.draw(st.sampled_from(list(choices)))

    def maybe(self) -> bool:
        return self.draw(st.booleans())

    def rarely(self) -> bool:
        return self.draw(st.integers(0, 4)) == 4

    def between(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))

    def mark(self, choices: Sequence[str]) -> str:
        return self.one_of([mark for mark in choices if (Fraction(mark) * 10**self.places).denominator == 1])

    def rising(self, choices: Sequence[str], most: int) -> list[str]:
        chosen = self.draw(st.lists(st.sampled_from(list(choices)), max_size=most, unique=True))
        return sorted(chosen, key=Fraction)

    # ---- the whole file

    def text(self) -> str:
        if self.maybe():
            self.sub_types = ("comprehensive", "professional")
        # Full marks have no more places than points: 2.5 rounded up to a whole point would be more than can be had.
        self.places, rounding = self.between(0, 2), self.one_of(("half_up", "down"))
        quantitative = self.group("quantitative", depth=0, capped=False)
        # One more line makes the full marks of all sub-types alike, and uses figures as the first one does.
        most = max(quantitative.values())
        rest = {sub_type: most + 1 - points for sub_type, points in quantitative.items()}
        self.leaf("quantitative", rest, kinds=("linear", "per_unit", "yes_no"))
        self.tables.append(self.group_table("quantitative", "quantitative", dict.fromkeys(rest, most + 1)))
        full = most + 1
        if self.maybe():
            full += self.item_group("qualitative")
            self.expert_rule()
        bonus = Fraction(0)
        if self.maybe():
            bonus = max(self.group("bonus", depth=1, capped=True, close=True).values())
        if self.maybe():
            self.group("deduction", depth=1, capped=True, close=True)
        bonus_cap = bonus * self.between(0, 2) / 2
        total_cap = full + bonus_cap * self.between(0, 2) / 2
        bonus_cap, total_cap = _two_places(bonus_cap), _two_places(total_cap)
        grades = self.grades(total_cap)
        self.rules(grades)
        head: Fields = {
            "code": "example/random-2024",
            "title": "示例方案",
            "authority": "示例局",
            "kind": "incubator",
            "year": 2024,
            "provenance": "reconstruction",
            "provenance_note": "示例，不是任何地方的规定",
            "full_marks": full,
            "bonus_cap": bonus_cap,
            "total_cap": total_cap,
            "points_places": self.places,
            "rounding": rounding,
            "sub_types": self.sub_types,
            "sub_type_unstated": self.one_of(self.sub_types) if self.sub_types else None,
        }
        missing = {status: self.one_of(TREATMENTS) for status in STATUSES}
        return "\n".join(
            [_table("[scheme]", head), _table("[missing]", dict(missing)), *self.asked(), *self.tables]
        )

    def marks(self, points: dict[str, Fraction]) -> object:
        if len(set(points.values())) == 1 and not (self.sub_types and self.rarely()):
            return next(iter(points.values()))
        return points

    def same(self, points: Fraction) -> dict[str, Fraction]:
        return dict.fromkeys(self.sub_types or ("",), points)

    # ---- groups and leaves

    def group(self, code: str, *, depth: int, capped: bool, close: bool = False) -> dict[str, Fraction]:
        """Draw what lies in a group, and return what it can give; with `close` its own table too."""
        part = code.partition("_")[0]
        inside = self.same(Fraction(0))
        for _ in range(self.between(1, 4 if depth == 0 else 2)):
            points = self.leaf(code)
            inside = {sub_type: inside[sub_type] + points[sub_type] for sub_type in inside}
        if depth < 3 and self.maybe():
            inner = self.group(f"{code}_{depth}", depth=depth + 1, capped=True, close=True)
            inside = {sub_type: inside[sub_type] + inner[sub_type] for sub_type in inside}
        cap = None
        if capped and self.maybe():
            cap = max(_two_places(min(inside.values()) * self.between(1, 4) / 4), Fraction(0)) or None
        if close:
            self.tables.append(self.group_table(code, part, inside, cap=cap))
        return {sub_type: min(points, cap or points) for sub_type, points in inside.items()}

    def group_table(
        self, code: str, part: str, inside: dict[str, Fraction], *, cap: Fraction | None = None
    ) -> str:
        parent = code.rpartition("_")[0] or None
        full = self.marks(inside)
        fields: Fields = {"code": code, "title": f"组{code}", "part": part, "full_marks": full}
        return _table("[[group]]", {**fields, "parent": parent, "cap": cap})

    def leaf(
        self,
        group: str,
        full: dict[str, Fraction] | None = None,
        *,
        kinds: Sequence[str] = (*ALIKE, *OF_ONE_MARK),
    ) -> dict[str, Fraction]:
        """Draw an indicator of any formula, and return its full marks by sub-type."""
        self.leaves += 1
        points = full or self.same(Fraction(self.mark(MARKS)))
        if full is None and self.sub_types and self.maybe():
            other = self.mark(("0", *MARKS))
            points = {"comprehensive": points["comprehensive"], "professional": Fraction(other)}
        evaluated = {sub_type: marks for sub_type, marks in points.items() if marks}
        fields: Fields = {
            "code": f"line{self.leaves}",
            "title": f"指标{self.leaves}",
            "group": group,
            "full_marks": self.marks(points),
            "missing": self.overrides(),
        }
        if self.sub_types and self.maybe():
            fields["by_sub_type"] = {
                sub_type: self.formula(self.one_of(kinds), marks) for sub_type, marks in evaluated.items()
            }
        elif len(set(evaluated.values())) == 1:
            fields["formula"] = self.formula(self.one_of(kinds), next(iter(evaluated.values())))
        else:
            alike = [kind for kind in kinds if kind in ALIKE]
            fields["formula"] = self.formula(self.one_of(alike), min(evaluated.values()))
        self.tables.append(_table("[[indicator]]", fields))
        return points

    def overrides(self) -> object:
        if not self.rarely():
            return None
        return {self.one_of(STATUSES): self.one_of(TREATMENTS)}

    def item_group(self, code: str) -> Fraction:
        total = Fraction(0)
        for number in range(1, self.between(1, 3) + 1):
            full = Fraction(self.mark(("1", "2.5", "3", "5")))
            total += full
            points = self.same(full)
            fields: Fields = {
                "code": f"item{number}",
                "title": f"专家{number}",
                "group": code,
                "full_marks": self.marks(points),
            }
            self.tables.append(_table("[[expert_item]]", fields))
        self.tables.append(self.group_table(code, code, self.same(total)))
        return total

    def expert_rule(self) -> None:
        method = self.one_of(("mean", "median", "trimmed"))
        fields: Fields = {"method": method, "minimum": self.between(1, 3)}
        if method == "trimmed":
            fields |= {"trim": self.between(1, 2)}
            fields["minimum"] = self.between(2 * int(str(fields["trim"])) + 1, 5)
        elif method == "mean" and self.maybe():
            fields["trim_from"] = self.between(3, 5)
        if self.maybe():
            fields["too_few"] = self.one_of(("unscored", "no_points", "mean"))
        self.tables.append(_table("[expert_rule]", fields))

    # ---- formulas

    def formula(self, kind: str, full: Fraction) -> Fields:
        made: dict[str, Callable[[Fraction], Fields]] = {
            "bands": self.bands,
            "linear": self.linear,
            "ratio": self.ratio,
            "per_unit": self.per_unit,
            "per_amount": self.per_amount,
            "threshold": self.threshold,
            "growth": self.growth,
            "yes_no": self.yes_no,
            "by_category": self.by_category,
            "by_row": self.by_row,
            "min_max": self.min_max,
            "ratio_to_mean": self.ratio_to_mean,
            "ratio_to_max": self.ratio_to_max,
            "rank_share": self.rank_share,
        }
        return {"type": "by_category" if kind == "by_row" else kind, **made[kind](full)}

    def measured(self, *, negative: bool = True) -> Fields:
        """Figures that are summed, or an expression."""
        if self.maybe():
            return {"value": self.expression(CALCULATIONS, negative=negative)}
        return {"figures": self.figures(negative=negative)}

    def figures(self, *, negative: bool) -> list[str]:
        sets = [
            ["staff"],
            ["firms"],
            ["staff", "firms"],
            ["income"],
            ["capital"],
            ["income", "capital"],
            ["area"],
        ]
        sets += [["staff@last"], ["staff", "staff@last"], ["income@last"]]
        sets += [["change"], ["change", "staff"]] if negative else []
        chosen = self.draw(st.sampled_from(sets))
        self.used.update(chosen)
        return chosen

    def expression(self, choices: Sequence[Formulation], *, negative: bool = True) -> str:
        fitting = [
            each
            for each in choices
            if (negative or not each.negative) and (self.sub_types or not each.sub_types)
        ]
        text = self.draw(st.sampled_from(fitting)).text
        self.note(text)
        return text

    def note(self, text: str) -> None:
        """Remember what an expression uses."""
        names = ("staff", "firms", "change", "income", "area", "licensed", "founded", "level")
        known = [name for name in names if name in text.replace(f"{name}@last", "") or name in text]
        self.used.update(name for name in known if name in text.replace(f"{name}@last", ""))
        self.used.update(f"{name}@last" for name in known if f"{name}@last" in text)
        self.in_expressions.update(known)
        fields = [name for name in ("degree", "entered", "pay") if name in text]
        self.used.update(fields)
        self.roster = self.roster or bool(fields) or "count()" in text

    def bands(self, full: Fraction) -> Fields:
        measured = self.measured()
        first = "-1000000000"
        if "figures" in measured:
            low = sum(Fraction(LOWEST[name.removesuffix("@last")]) for name in self.listed(measured))
            first = exact_text(low)
        edges = [edge for edge in self.rising(NUMBERS, 3) if Fraction(edge) > Fraction(first)]
        return {**measured, "bands": self.steps([first, *edges], full)}

    @staticmethod
    def listed(measured: Fields) -> list[str]:
        names = measured["figures"]
        assert isinstance(names, list)
        return names

    def steps(self, edges: Sequence[str], full: Fraction) -> list[Fields]:
        """Bands at these edges; one of them, not always the last, gives the full marks."""
        points = [_two_places(full * self.between(0, 4) / 4) for _ in edges]
        points[self.between(0, len(edges) - 1) if self.rarely() else -1] = full
        return [{"at_least": edge, "points": given} for edge, given in zip(edges, points, strict=True)]

    def linear(self, full: Fraction) -> Fields:
        start, end = self.draw(
            st.lists(st.sampled_from(("0", "-10", *NUMBERS)), min_size=2, max_size=2, unique=True)
        )
        return {**self.measured(), "from": start, "to": end}

    def ratio(self, full: Fraction) -> Fields:
        full_at = self.one_of((*NUMBERS, "0.8"))
        if self.maybe():
            return {"value": self.expression(CALCULATIONS), "full_at": full_at}
        of, to = self.figures(negative=False), self.figures(negative=False)
        fields: Fields = {"of": of, "to": to, "full_at": full_at, "when_zero": self.one_of(TREATMENTS)}
        return {**fields, "per": self.one_of(("1000", "0.5", "3"))} if self.maybe() else fields

    def per_unit(self, full: Fraction) -> Fields:
        return {**self.measured(), "points_each": self.one_of(EACH)}

    def per_amount(self, full: Fraction) -> Fields:
        each = {"amount": self.one_of(NUMBERS), "points_each": self.one_of(EACH)}
        return {**self.measured(), **each, **({"partial": True} if self.maybe() else {})}

    def threshold(self, full: Fraction) -> Fields:
        return {
            **self.measured(),
            "from": self.one_of(("0", "-10", *NUMBERS)),
            "base": full * self.between(0, 4) / 4,
            "step": self.one_of(NUMBERS),
            "points_each": self.one_of(EACH),
            **({"partial": True} if self.maybe() else {}),
        }

    def growth(self, full: Fraction) -> Fields:
        figure = self.one_of(("staff", "income"))
        self.used.update((figure, f"{figure}@last"))
        edges = self.rising(("-0.5", "0", "0.1", "0.3", "0.25", "1"), 3)
        return {
            "figure": figure,
            "bands": self.steps(["-1", *edges], full),
            "when_zero": self.one_of(TREATMENTS),
        }

    def yes_no(self, full: Fraction) -> Fields:
        return {"when": self.expression(CONDITIONS)}

    def by_category(self, full: Fraction) -> Fields:
        self.used.add("level")
        return {"figure": "level", "points": self.by_value(LEVELS, full)}

    def by_row(self, full: Fraction) -> Fields:
        self.used.add("degree")
        self.roster = True
        where = self.one_of(WHERES)
        self.note(where)
        fields: Fields = {"field": "degree", "take": self.one_of(("highest", "sum"))}
        return {**fields, "points": self.by_value(DEGREES, full), **({"where": where} if where else {})}

    def by_value(self, values: Sequence[str], full: Fraction) -> list[Fields]:
        points = [full * self.between(0, 8) / 8 for _ in values]
        points[self.between(0, len(values) - 1)] = full
        return [{"value": value, "points": given} for value, given in zip(values, points, strict=True)]

    def min_max(self, full: Fraction) -> Fields:
        better = {"better": self.one_of(("low", "high"))} if self.maybe() else {}
        return {**self.measured(), **better, "when_equal": self.one_of(TREATMENTS)}

    def ratio_to_mean(self, full: Fraction) -> Fields:
        full_at = self.one_of(("1", "1.2", "2", "0.5"))
        return {**self.measured(negative=False), "full_at": full_at, "when_zero": self.one_of(TREATMENTS)}

    def ratio_to_max(self, full: Fraction) -> Fields:
        return {**self.measured(negative=False), "when_zero": self.one_of(TREATMENTS)}

    def rank_share(self, full: Fraction) -> Fields:
        better = {"better": self.one_of(("low", "high"))} if self.maybe() else {}
        shares = [*self.rising(("0.1", "0.2", "0.25", "0.5", "0.75"), 3), "1"]
        points = [_two_places(full * self.between(0, 4) / 4) for _ in shares[1:]]
        points = [full, *sorted(points, reverse=True)]
        bands = [{"within": share, "points": given} for share, given in zip(shares, points, strict=True)]
        return {**self.measured(), **better, "shares": bands}

    # ---- grades and what bears on them

    def grades(self, total_cap: Fraction) -> list[str]:
        """Draw the grades from the best down, and return their codes."""
        own = self.maybe()
        count = self.between(2, 6 if own else 4)
        counts_as = [GRADES[number * 4 // count] for number in range(count)] if own else list(GRADES[:count])
        codes = [f"g{number}" for number in range(1, count + 1)] if own else counts_as
        by_rank = self.between(0, count - 1) if self.maybe() else 0
        shares = sorted(Fraction(self.between(1, 19), 20) for _ in range(by_rank))
        steps = sorted((self.between(1, 20) for _ in range(count - 1)), reverse=True)
        cuts = [_two_places(total_cap * step / 20) for step in steps]
        # Every worse grade asks for less: by a hundredth where the draw gave the same.
        for number in range(1, len(cuts)):
            cuts[number] = min(cuts[number], cuts[number - 1] - Fraction(1, 100))
        for number, code in enumerate(codes):
            last = number == count - 1
            fields: Fields = {
                "grade": counts_as[number],
                "code": code if own else None,
                "label": f"等次{number + 1}" if own else None,
                "at_least": Fraction(0) if last else max(cuts[number], Fraction(count - 1 - number, 100)),
            }
            if number < by_rank:
                fields |= {"top_share": shares[number], "ties": self.one_of(("include", "exclude"))}
            self.tables.append(_table("[[grade]]", fields))
        return codes

    def rules(self, grades: Sequence[str]) -> None:
        absence: Fields = {"treat": self.one_of(("list", "nothing", "grade"))}
        if absence["treat"] == "grade":
            absence["grade"] = self.one_of(grades)
        self.tables.append(_table("[absence]", absence))
        for number in range(1, self.between(0, 3) + 1):
            effect = self.one_of(("cap", "floor", "exclusion"))
            fields: Fields = {"code": f"veto{number}", "title": f"否决{number}", "effect": effect}
            if effect == "cap":
                fields["grade_at_most"] = self.one_of(grades)
            if self.maybe():
                fields["when"] = self.one_of(FACTS)
            else:
                fields |= {"when_true": self.expression(CONDITIONS), "holds_when_missing": self.maybe()}
            self.tables.append(_table("[[veto]]", fields))
        for number in range(1, self.between(0, 3) + 1):
            carried: Fields = {
                "code": f"carried{number}",
                "title": f"参照{number}",
                "source": self.one_of(("national", "city")),
                "source_grade": self.one_of(("excellent", "failed")),
                "effect": self.one_of(("is", "at_least", "at_most")),
                "grade": self.one_of(grades),
            }
            self.tables.append(_table("[[carried]]", carried))

    # ---- what is asked for

    def asked(self) -> list[str]:
        """The tables of the figures and roster fields that came up; a figure in an expression has a maximum."""
        tables = []
        for code, kind in FIGURES.items():
            if code not in self.used and f"{code}@last" not in self.used:
                continue
            fields: Fields = {"code": code, "title": f"填报{code}", **kind}
            if code in LARGEST:
                fields |= {"minimum": LOWEST[code]}
                if code in self.in_expressions or self.maybe():
                    fields["maximum"] = self.one_of(LARGEST[code])
            if f"{code}@last" in self.used:
                fields["last_year"] = True
                self.used.add(code)
                if not self.is_read(code):
                    self.relate(code)
            tables.append(_table("[[figure]]", {**fields, "missing": self.overrides()}))
        if self.roster:
            rows = self.draw(st.sampled_from((3, 40, 500)))
            tables.append(_table("[roster]", {"title": "名单", "unit": "人", "most_rows": rows}))
            tables.append(
                _table(
                    "[[window]]",
                    {"code": "period", "title": "评价期", "from": "2020-02-29", "to": "2020-12-31"},
                )
            )
            for code, kind in FIELDS.items():
                if code in self.used:
                    optional = {"optional": True} if self.maybe() else {}
                    tables.append(
                        _table("[[roster_field]]", {"code": code, "title": code, **kind, **optional})
                    )
        elif any("within period" in table for table in self.tables):
            tables.append(
                _table(
                    "[[window]]",
                    {"code": "period", "title": "评价期", "from": "2020-02-29", "to": "2020-12-31"},
                )
            )
        return tables

    def is_read(self, code: str) -> bool:
        return any(f'"{code}"' in table or f"{code} " in table for table in self.tables)

    def relate(self, code: str) -> None:
        """Hold this year's figure against last year's, so that it is not asked for in vain."""
        self.tables.append(
            f'[[relation]]\nlower = ["{code}"]\nupper = ["{code}", "{code}@last"]\nmessage = "示例"\n'
        )


def _two_places(value: Fraction) -> Fraction:
    return Fraction(int(value * 100), 100)


FIGURES: dict[str, Fields] = {
    "staff": {"unit": "家", "type": "integer"},
    "firms": {"unit": "家", "type": "integer"},
    "change": {"unit": "家", "type": "integer"},
    "income": {"unit": "千元", "type": "decimal", "places": 2},
    "capital": {"unit": "千元", "type": "decimal", "places": 4},
    "area": {"unit": "m²", "type": "decimal", "places": 1},
    "licensed": {"type": "boolean"},
    "founded": {"type": "date", "minimum": "1990-01-01", "maximum": "2030-12-31"},
    "level": {"type": "category", "values": list(LEVELS)},
}
LOWEST = {"staff": "0", "firms": "0", "change": "-50", "income": "0", "capital": "0", "area": "0"}
LARGEST = {
    "staff": ("10", "1000", "1000000"),
    "firms": ("10", "1000", "1000000"),
    "change": ("50",),
    "income": ("100", "100000000"),
    "capital": ("100000000",),
    "area": ("100", "1000000"),
}
FIELDS: dict[str, Fields] = {
    "degree": {"type": "category", "values": list(DEGREES)},
    "entered": {"type": "date", "minimum": "1990-01-01", "maximum": "2030-12-31"},
    "pay": {"unit": "千元", "type": "decimal", "places": 2, "minimum": "0", "maximum": "1000"},
}
