"""Every event can be written from the facts that it is told with, and is cut to what is kept of it."""

import pytest

from hatchmark.domain.messages import EVENTS, LONGEST_TEXT, LONGEST_TITLE, written

FACTS = {
    "year": 2025,
    "name": "示例孵化器",
    "kind": "孵化器",
    "due": "2025年4月3日23:59",
    "n": 3,
    "version": 2,
    "fields": "总收入",
    "opinion": "请核对单位",
    "reason": "示例理由",
    "what": "暂缓",
    "ruling": "同意",
    "note": "",
}


@pytest.mark.parametrize("code", EVENTS)
def test_an_event_is_written_from_its_facts(code):
    title, text = written(EVENTS[code], FACTS)

    assert "{" not in title + text
    assert title
    assert text.endswith(("。", "核对单位", "示例理由"))


def test_a_fact_that_is_missing_is_an_error_and_no_gap():
    with pytest.raises(KeyError):
        written(EVENTS["returned"], {"name": "示例孵化器"})


def test_a_long_opinion_is_cut_to_what_is_kept():
    title, text = written(EVENTS["refused"], FACTS | {"opinion": "长" * 5000, "year": "9" * 400})

    assert (len(title), len(text)) == (LONGEST_TITLE, LONGEST_TEXT)
