"""The catalogue: two languages for every text, nothing used that is not in it, nothing in it that is unused."""

import ast
import re
from pathlib import Path

import pytest

from hatchmark import web
from hatchmark.domain.regions import load_regions
from hatchmark.web import words
from hatchmark.web.results import ResultClass

FOLDER = Path(web.__file__).parent
HAN = re.compile(r"[\u4e00-\u9fff]")

# Keys put together from a code of the domain: the prefix that the source holds.
PREFIXES = (
    "file_", "part_", "cap_", "status_", "level_", "sub_type_", "ended_", "system_", "duty_", "figure_", "kind_",
    "date_", "number_", "role_", "stage_", "task_", "todo_empty_", "moment_",
    "act_", "condition_", "scope_", "event_", "standing_", "mail_", "token_scope_",
    "unreadable_", "verdict_", "severity_", "relation_", "proposal_",
    "queue_standing_", "queue_flags_", "check_", "flag_severity_", "review_state_", "review_act_", "review_status_",
    "problem_", "beyond_", "against_", "field_", "weekday_",
    "board_", "column_", "sort_", "step_", "undone_", "next_", "effect_", "papers_", "register_", "pending_", "done_",
    "channel_type_", "ledger_object_", "request_", "ruling_", "hint_", "grants_", "ruled_",
    "paper_state_", "note_", "entry_", "known_", "open_", "review_", "reviewed_", "receipt_",
    "roster_closed_", "roster_fault_", "roster_file_", "roster_import_same", "roster_mark_", "roster_status_",
    "roster_tally_", "evi_closed_", "evi_fault_", "statistics_fault_",
)  # fmt: skip
FROM_CODES = {result.value for result in ResultClass} | {
    f"{page}_{part}"
    for page in ("not_found", "not_allowed", "bad_request", "server_error", "refused_form", "too_many")
    for part in ("title", "text")
}


def keys_used() -> set[str]:
    found: set[str] = set()
    for template in FOLDER.rglob("*.html"):
        found |= set(re.findall(r'{% say "([a-z_]+)"', template.read_text("utf-8")))
    for source in FOLDER.rglob("*.py"):
        if source.parent.name != "texts":
            tree = ast.parse(source.read_text("utf-8"))
            found |= {
                node.value
                for node in ast.walk(tree)
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            } & set(words.TEXTS)
    return found


@pytest.mark.parametrize("key", sorted(words.TEXTS))
def test_every_text_is_there_in_both_languages(key):
    text = words.TEXTS[key]

    assert text.en.strip()
    assert text.zh.strip()
    if key == "other_language":  # each language names the other in its own words
        return
    assert not HAN.search(text.en)
    assert HAN.search(text.zh) or not re.sub(r"\{[a-z_]+\}|[^A-Za-z]", "", text.zh)


def test_every_text_that_a_template_says_is_in_the_catalogue():
    said = {
        key
        for template in FOLDER.rglob("*.html")
        for key in re.findall(r'{% say "([a-z_]+)"', template.read_text("utf-8"))
    }

    assert len(said) > 50
    assert said <= set(words.TEXTS)


def test_no_text_is_left_that_nobody_says():
    unused = set(words.TEXTS) - keys_used() - FROM_CODES

    assert {key for key in unused if not key.startswith(PREFIXES)} == set()


def test_templates_and_sources_hold_no_chinese_of_their_own():
    templates = {
        file.name: found for file in FOLDER.rglob("*.html") if (found := HAN.findall(file.read_text("utf-8")))
    }

    assert templates == {}


def test_no_key_stands_in_two_catalogues():
    assert sum(len(catalogue) for catalogue in words.CATALOGUES) == len(words.TEXTS)


def test_a_text_that_is_not_there_is_an_error():
    with pytest.raises(KeyError):
        words.say("zh", "no_such_text")


def test_dates_are_written_as_their_readers_do():
    assert words.written("zh", 2025, 3, 3) == "2025年3月3日"
    assert words.written("en", 2025, 3, 3) == "3 March 2025"


def test_every_place_has_an_english_name():
    assert all(tile.title_en and not HAN.search(tile.title_en) for tile in load_regions().tiles)
