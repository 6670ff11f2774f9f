"""The settings of papers: where codes are answered, and where own templates lie."""

import pytest

from hatchmark.config.environment import BadSettingError, read


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("", ""),
        ("https://pingjia.example", "https://pingjia.example"),
        ("https://pingjia.example/hatchmark/", "https://pingjia.example/hatchmark"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
    ],
)
def test_the_public_address_is_taken_without_its_last_slash(text, address):
    assert read({"PUBLIC_ADDRESS": text})["PUBLIC_ADDRESS"] == address


@pytest.mark.parametrize(
    "text",
    [
        "pingjia.example",
        "ftp://pingjia.example",
        "https://",
        "https://user@pingjia.example",
        "https://pingjia.example/?q=1",
        "https://pingjia.example/#part",
        "https://pingjia.example:99999",
        "https://评价.example",
        "https://pingjia.example/a b",
        "javascript:alert(1)",
    ],
)
def test_an_address_that_a_code_cannot_bear_is_refused(text):
    with pytest.raises(BadSettingError, match="PUBLIC_ADDRESS cannot be"):
        read({"PUBLIC_ADDRESS": text})


def test_the_folder_of_templates_is_none_unless_it_is_named(tmp_path):
    assert read({})["HATCHMARK_TEMPLATES"] is None
    assert read({"HATCHMARK_TEMPLATES": str(tmp_path)})["HATCHMARK_TEMPLATES"] == tmp_path
