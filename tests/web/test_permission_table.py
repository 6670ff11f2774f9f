"""The table that is printed is the table that rules."""

from pathlib import Path

import pytest
from django.test import Client

from hatchmark.domain.permissions import RULES, Role
from hatchmark.web.permissions import as_markdown

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "permissions.md"


def test_the_reference_is_made_from_the_table():
    assert PAGE.read_text("utf-8") == as_markdown(), "run: python tests/web/test_permission_table.py"


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_page_shows_every_act_and_by_role_those_of_the_role(db, language):
    site = Client()

    everything = site.get(f"{language}/permissions/").content.decode()
    of_experts = site.get(f"{language}/permissions/?role=expert").content.decode()

    assert all(f'id="{act}"' in everything for act in RULES)
    assert {act for act in RULES if f'id="{act}"' in of_experts} == {
        act for act, rule in RULES.items() if Role.EXPERT in rule.roles
    }


def test_a_role_that_is_none_shows_the_whole_table(db):
    assert f'id="{next(iter(RULES))}"' in Client().get("/permissions/?role=king").content.decode()


if __name__ == "__main__":
    PAGE.write_text(as_markdown(), "utf-8")
