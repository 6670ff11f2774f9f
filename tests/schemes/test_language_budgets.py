"""Checking an expression takes work in proportion to its size: each part is checked once."""

import pytest

from hatchmark.domain import expressions
from hatchmark.domain.scheme import scope_of
from hatchmark.schemes.grammar import read_expression
from hatchmark.schemes.loader import shipped

TERMS = 30
SUMS = {
    "plus": " + ".join(["tenants"] * TERMS),
    "plus and minus": "tenants" + " - tenants + tenants" * (TERMS // 2),
    "nested to the right": "tenants - (" * 12 + "tenants" + ")" * 12,
}


@pytest.mark.parametrize("name", SUMS)
def test_a_sum_is_checked_part_by_part(name, monkeypatch):
    checked = []
    original = expressions._Checker.node

    def counted(self, syntax, facts):
        checked.append(syntax)
        return original(self, syntax, facts)

    monkeypatch.setattr(expressions._Checker, "node", counted)
    scheme = shipped("nmg/incubator-2020")
    scope = scope_of(figures=scheme.figures, roster=None, windows=(), sub_types=())
    text = SUMS[name]

    expressions.check(read_expression(text), text=text, scope=scope)

    names_and_operators = text.count("tenants") * 2 - 1
    assert names_and_operators <= len(checked) <= 2 * names_and_operators
