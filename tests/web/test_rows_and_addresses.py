"""What pages remember: the addresses they write, and the rows of their lists. Neither may ever be another one's."""

import pytest
from django.template import Context, Template
from django.test import override_settings
from django.urls import NoReverseMatch, set_script_prefix

from hatchmark.web.addresses import address_of
from hatchmark.web.templatetags import site

ROW = {
    "place": "孵化器 1", "address": "/work/entries/1/", "name": "示例<b>1号</b>", "channel": "示例市",
    "standing": "submitted", "label": "已提交", "handed_in": "2025年3月3日", "version": 2,
    "next": "推荐单位", "due": "", "extended": False,
}  # fmt: skip


def written(language: str = "zh", **changes: object) -> str:
    template = Template('{% load site %}{% row "web/work/_board_row.html" of=row %}')
    return template.render(Context({"language": language, "row": ROW | changes, "secret": "示例秘密"}))


def test_a_row_is_written_once_and_a_changed_one_anew():
    site._row.cache_clear()
    first = written()

    assert written() == first
    assert site._row.cache_info().hits == 1
    assert "示例市" in first
    assert "另一示例市" in written(channel="另一示例市")
    assert "另一示例市" not in written()


def test_a_row_escapes_and_speaks_the_language_of_its_page():
    assert "示例&lt;b&gt;1号&lt;/b&gt;" in written()
    assert 'data-label="待办方"' in written()
    assert 'data-label="待办方"' not in written("en")


def test_while_pages_are_being_written_nothing_is_remembered():
    site._row.cache_clear()
    with override_settings(DEBUG=True):
        assert written() == written()
    assert site._row.cache_info().currsize == 0


def test_an_address_is_that_of_its_language_its_arguments_and_where_the_site_lies():
    assert address_of("zh", "board", 1) == "/work/rounds/1/"
    assert address_of("zh", "board", 2) == "/work/rounds/2/"
    assert address_of("en", "board", 1) == "/en/work/rounds/1/"
    set_script_prefix("/below/")
    try:
        assert address_of("zh", "board", 1) == "/below/work/rounds/1/"
    finally:
        set_script_prefix("/")
    assert address_of("zh", "board", 1) == "/work/rounds/1/"
    with pytest.raises(NoReverseMatch):
        address_of("zh", "no-such-page")
