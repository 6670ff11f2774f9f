"""The pages of schemes: everything that decides is there, in two languages, with its weights and its files."""

import io
import re
from fractions import Fraction
from html import unescape

import openpyxl
import pytest

from hatchmark.documents.scheme_pages import scheme_html, scheme_page
from hatchmark.domain.scheme import HUNDREDTHS, exact_text
from hatchmark.schemes.loader import shipped, shipped_bytes, shipped_codes
from hatchmark.web import charts, schemes

RECONSTRUCTION = "评分办法为重构"


def text_of(response):
    assert response.status_code == 200
    return unescape(response.content.decode())


def plain(response):
    """Return the letters of a page: tags are cut before what was escaped becomes a letter again."""
    assert response.status_code == 200
    return re.sub(r"\s+", "", unescape(re.sub(r"<[^>]+>", "", response.content.decode())))


def test_the_list_names_every_scheme_once_and_those_of_published_rounds_first(client):
    page = text_of(client.get("/schemes/"))
    found = re.findall(r'<h3><a href="/schemes/([a-z0-9/-]+)/">', page)

    assert sorted(found) == shipped_codes()
    assert found[:2] == ["nmg/incubator-2020", "nmg/makerspace-2020"]
    used, other = page.split('id="schemes-other"')
    assert used.count('href="/demo/2025/"') == 2
    assert 'href="/demo/2025/"' not in other
    reconstructions = [code for code in shipped_codes() if shipped(code).is_reconstruction]
    assert page.count(RECONSTRUCTION) == len(reconstructions) > 0


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("code", shipped_codes())
def test_a_page_holds_every_cell_of_the_scheme_in_words(client, code, language):
    prefix = "/en" if language == "en" else ""
    page = plain(client.get(f"{prefix}/schemes/{code}/"))
    sections = scheme_page(shipped(code), language=language).sections
    cells = {cell for section in sections for row in section.rows for cell in row.cells}

    assert len(cells) > 100
    assert {cell for cell in cells if re.sub(r"\s+", "", cell) not in page} == set()


@pytest.mark.parametrize("code", shipped_codes())
def test_a_reconstruction_says_so_before_anything_else(client, code):
    scheme = shipped(code)
    page = text_of(client.get(f"/schemes/{code}/"))

    assert (page.index(RECONSTRUCTION) < page.index('id="weights"')) is scheme.is_reconstruction
    assert scheme.provenance_note in page


@pytest.mark.parametrize("code", shipped_codes())
def test_the_picture_of_weights_is_as_wide_as_the_full_marks(code):
    scheme = shipped(code)
    differ = any(part.by_sub_type for part in (*scheme.groups, *scheme.indicators, *scheme.expert_items))
    pictures = schemes.pictures(scheme, language="zh")

    assert len(pictures) == (len(scheme.sub_types) if differ else 1)
    for picture, sub_type in zip(pictures, scheme.sub_types if differ else ("",), strict=True):
        tops = [group for group in scheme.groups if not group.parent and group.full_marks_for(sub_type)]
        first_row = [block for block in picture["drawing"].blocks if block.y == 0]
        assert [(block.title, block.marks) for block in first_row] == [
            (group.title, exact_text(Fraction(group.full_marks_for(sub_type), HUNDREDTHS))) for group in tops
        ]
        leaves = [
            part for part in (*scheme.indicators, *scheme.expert_items) if part.full_marks_for(sub_type)
        ]
        bottom = [
            each for each in picture["drawing"].blocks if each.y + each.height == picture["drawing"].height
        ]
        assert sorted(block.title for block in bottom) == sorted(leaf.title for leaf in leaves)


def test_an_icicle_lays_a_tree_out_exactly():
    leaf = charts.Node(title="叶", marks=100, look="bonus")
    tree = charts.Node(
        title="组",
        marks=300,
        look="quantitative",
        inner=(leaf, charts.Node(title="另", marks=200, look="bonus")),
    )
    drawing = charts.icicle([tree, leaf])

    assert [(block.title, block.x, block.width, block.y, block.height) for block in drawing.blocks] == [
        ("组", "0.00%", "75.00%", 0, charts.LEVEL),
        ("叶", "0.00%", "25.00%", charts.LEVEL, charts.LEVEL),
        ("另", "25.00%", "50.00%", charts.LEVEL, charts.LEVEL),
        ("叶", "75.00%", "25.00%", 0, 2 * charts.LEVEL),
    ]
    assert charts.icicle([]).blocks == ()


def test_the_files_of_a_scheme_are_those_that_the_command_writes(client):
    code = "nmg/incubator-2020"
    page = text_of(client.get(f"/schemes/{code}/"))
    names = re.findall(rf'href="/schemes/{code}/files/([a-z.]+)"', page)
    got = {name: client.get(f"/schemes/{code}/files/{name}") for name in names}

    assert names == ["scheme.toml", "scheme.xlsx", "scheme.html"]
    assert got["scheme.toml"].content == shipped_bytes(code, ending=".toml")
    assert got["scheme.toml"]["Content-Type"] == "text/plain; charset=utf-8"
    assert got["scheme.html"].content == scheme_html(scheme_page(shipped(code)))
    assert len(openpyxl.load_workbook(io.BytesIO(got["scheme.xlsx"].content)).worksheets) > 5
    for name, response in got.items():
        ending = name.rpartition(".")[2]
        assert response["Content-Disposition"] == f'attachment; filename="nmg-incubator-2020.{ending}"'


@pytest.mark.parametrize(
    "address",
    [
        "/schemes/nmg/no-such/",
        "/schemes/nmg/incubator-2020.cases/",
        "/schemes/nmg/incubator-2020/files/scheme.cases.toml",
        "/schemes/nmg/..%2Fincubator-2020/",
        "/schemes/",
    ],
)
def test_only_schemes_that_ship_have_a_page(client, address):
    assert client.get(address).status_code == (200 if address == "/schemes/" else 404)


def test_the_list_asks_the_database_twice_however_many_rounds_used_a_scheme(client):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from hatchmark.db.models import RoundKind

    client.get("/schemes/")
    with CaptureQueriesContext(
        connection,
    ) as first:
        client.get("/schemes/")
    added = RoundKind.objects.filter(scheme="", round__result_notices__isnull=False)
    assert added.update(scheme="fuyang/incubator-2022") >= 2
    with CaptureQueriesContext(connection) as second:
        page = client.get("/schemes/")

    assert page.content.decode().split('id="schemes-other"')[0].count('href="/nmg/2021/"') == 2
    # Which rounds used them, and which ones departments put in.
    assert len(second) == len(first) == 2
