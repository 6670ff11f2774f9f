"""The site in a browser: nothing overflows, nothing is a box, nothing needs a script, paper holds all of it."""

import io
import logging
import re
import unicodedata
from pathlib import Path

import pdfplumber
import pytest
from playwright.sync_api import Browser, Page, expect

WIDTHS = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
PAGES = {
    "home": "/",
    "found": "/?q=包头",
    "round-real": "/nmg/2021/",
    "round-demo": "/demo/2025/",
    "filtered": "/nmg/2021/?kind=makerspace&result=unqualified",
    "empty": "/nmg/2021/?q=没有这一家",
    "notice-real": "/nmg/2021/notice/",
    "notice-demo": "/demo/2025/notice/",
    "institution-real": "/nmg/institutions/nmg-m81/",
    "institution-demo": "/demo/institutions/demo-i07/",
    "schemes": "/schemes/",
    "scheme": "/schemes/nmg/incubator-2020/",
    "scheme-nested": "/schemes/recheck/incubator-2020/",
    "scorecard": "/demo/institutions/demo-i07/2025/incubator/",
    "what-if": "/demo/2025/what-if/makerspace/?grade.excellent.at_least=88&indicator.site_area.full_marks=8",
    "english": "/en/demo/2025/",
    "english-scheme": "/en/schemes/nmg/makerspace-2020/",
    "english-scorecard": "/en/demo/institutions/demo-i07/2025/incubator/",
    "english-what-if": "/en/demo/2025/what-if/makerspace/?grade.excellent.at_least=88",
    "english-institution": "/en/demo/institutions/demo-i07/",
    "check-a-notice": "/check-a-notice/",
    "english-check-a-notice": "/en/check-a-notice/",
    "missing": "/nowhere/",
}

# Characters of the seed that fonts like to lack.
SPECIAL = "⊕·《》“”、（）〔〕①孵"


def too_wide(page: Page) -> list[str]:
    """Return what reaches out of the window to the right."""
    found: list[str] = page.evaluate(
        """() => {
            const edge = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= edge) return [];
            return [...document.querySelectorAll('body *')]
                .filter(e => e.getBoundingClientRect().right > edge + 1)
                .map(e => e.tagName + '.' + e.className);
        }"""
    )
    return found


@pytest.fixture(params=sorted(WIDTHS))
def window(request: pytest.FixtureRequest, browser: Browser) -> Page:
    context = browser.new_context(viewport=WIDTHS[request.param], locale="zh-CN")
    request.addfinalizer(context.close)
    return context.new_page()


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_fits_its_window_and_breaks_no_policy(window: Page, site: str, name: str, picture: Path):
    said: list[str] = []
    window.on("console", lambda message: said.append(message.text))
    window.on("requestfailed", lambda request: said.append(f"failed: {request.url}"))

    window.goto(site + PAGES[name])
    window.screenshot(path=picture, full_page=True)

    assert too_wide(window) == []
    assert [text for text in said if "404 (Not Found)" not in text or name != "missing"] == []
    assert {re.sub(r"^(https?://[^/]+).*", r"\1", url) for url in requested(window)} == {site}


def requested(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        "() => [location.href, ...performance.getEntriesByType('resource').map(e => e.name)]"
    )
    return found


def test_no_character_is_drawn_as_a_box(browser: Browser, site: str):
    page = browser.new_page()
    page.goto(f"{site}/nmg/2021/")
    # A box is drawn alike for every character that no font holds; so a known hole in Unicode is measured too.
    # Each is drawn with the fonts that the page itself uses.
    drawn = page.evaluate(
        """(characters) => {
            const font = '32px ' + getComputedStyle(document.body).fontFamily;
            const draw = (character) => {
                const canvas = document.createElement('canvas');
                canvas.width = canvas.height = 48;
                const ink = canvas.getContext('2d');
                ink.font = font;
                ink.fillText(character, 4, 36);
                return canvas.toDataURL();
            };
            return [draw('\\u{10FFFE}'), draw(' '), ...[...characters].map(draw)];
        }""",
        SPECIAL,
    )
    page.close()
    box, blank, characters = drawn[0], drawn[1], drawn[2:]

    assert box != blank, "a missing character must be visible as one, or this test sees nothing"
    assert [SPECIAL[place] for place, each in enumerate(characters) if each in (box, blank)] == []


def test_every_step_of_a_visit_works_without_javascript(browser: Browser, site: str):
    context = browser.new_context(java_script_enabled=False, viewport=WIDTHS["phone"], locale="zh-CN")
    page = context.new_page()

    page.goto(site)
    page.get_by_role("searchbox").fill("丝梦")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("heading", name="的查询结果：2条")).to_be_visible()

    page.get_by_role("link", name="首页").or_(page.locator(".hm-brand")).first.click()
    page.goto(f"{site}/demo/2025/")
    page.get_by_label("类别", exact=True).select_option("incubator")
    page.get_by_label("结果", exact=True).select_option("good")
    page.get_by_role("button", name="筛选").click()
    expect(page.get_by_text("共100家。")).to_contain_text("符合条件的")
    assert page.url.startswith(f"{site}/demo/2025/?")

    page.locator(".hm-rows tbody th a").first.click()
    page.get_by_role("link", name="逐项查看评分过程").first.click()
    expect(page.get_by_role("heading", name="总分是怎样得出的")).to_be_visible()

    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    context.close()


def test_three_clicks_lead_from_a_grade_to_its_evidence(browser: Browser, site: str):
    context = browser.new_context(java_script_enabled=False, viewport=WIDTHS["phone"], locale="zh-CN")
    page = context.new_page()
    page.goto(f"{site}/demo/institutions/demo-i07/")
    grade = page.locator("#history td.hm-c-result a").first

    grade.click()
    expect(page.get_by_role("heading", name="总分是怎样得出的")).to_be_visible()
    page.locator(".hm-ledger").get_by_role("link", name="在孵企业使用面积占比").click()
    line = page.locator("#line-site_use")
    expect(line).to_be_in_viewport()
    for word in ("计分办法", "计算", "依据", "来源", "佐证"):
        expect(line.get_by_text(word, exact=True).first).to_be_attached()
    line.get_by_role("link", name="申报材料第1版").first.click()

    evidence = page.locator("#evidence")
    expect(evidence).to_be_in_viewport()
    expect(evidence.locator("code")).to_have_text(re.compile("^[0-9a-f]{64}$"))
    context.close()


def test_the_what_if_page_changes_a_cut_and_shows_who_moved(browser: Browser, site: str):
    context = browser.new_context(java_script_enabled=False, viewport=WIDTHS["desk"], locale="zh-CN")
    page = context.new_page()
    page.goto(f"{site}/demo/2025/")
    page.get_by_role("link", name="方案试算：众创空间").click()

    page.get_by_label("优秀分数线").fill("75")
    page.get_by_role("button", name="试算").click()
    expect(page.get_by_role("alert")).to_contain_text("分数线须由高到低")
    expect(page.get_by_label("优秀分数线")).to_have_value("75")
    expect(page.get_by_label("优秀分数线")).to_be_focused()

    page.get_by_label("优秀分数线").fill("88")
    page.get_by_role("button", name="试算").click()
    expect(page.get_by_text("4家的等次会变")).to_be_visible()
    moved = page.locator(".hm-changes tbody tr")
    expect(moved).to_have_count(4)
    expect(moved.first).to_contain_text("优秀")
    expect(moved.first).to_contain_text("良好")

    there = page.url
    page.goto("about:blank")
    page.goto(there)
    expect(page.get_by_text("4家的等次会变")).to_be_visible()
    context.close()


def test_a_row_is_a_card_on_a_phone_and_a_table_row_on_a_desk(browser: Browser, site: str):
    heights = {}
    for name, size in WIDTHS.items():
        page = browser.new_page(viewport=size)
        page.goto(f"{site}/nmg/2021/")
        cells = page.locator("#makerspace-81 > *")
        tops = [cells.nth(place).bounding_box()["y"] for place in range(cells.count())]
        heights[name] = len(set(tops))
        page.close()

    assert heights["desk"] == 1
    assert heights["phone"] >= 4


@pytest.mark.parametrize("name", ["round-real", "notice-real", "scorecard"])
def test_on_paper_everything_is_there_and_the_frame_of_the_site_is_not(
    browser: Browser, site: str, name: str, picture: Path
):
    page = browser.new_page(locale="zh-CN")
    page.goto(site + PAGES[name])
    title = page.locator("h1").inner_text().split("\n")[0].strip()
    names = page.locator(".hm-rows tbody th").all_inner_texts()
    printed = page.pdf(prefer_css_page_size=True)
    page.emulate_media(media="print")
    page.screenshot(path=picture, full_page=True)
    page.close()

    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns of each font of Chromium's, harmlessly
    with pdfplumber.open(io.BytesIO(printed)) as paper:
        pages = [sheet.extract_text() or "" for sheet in paper.pages]
    # A PDF may name a character by its radical of the same shape (⽰ for 示): one letter to a reader.
    pages = [unicodedata.normalize("NFKC", sheet) for sheet in pages]
    text = re.sub(r"\s+", "", "".join(pages))

    assert re.sub(r"\s+", "", title) in text
    assert "English" not in text
    assert "清除条件" not in text
    mark = "演示数据，非真实" if name == "scorecard" else "据公开结果重新编排，非原文，不具公文效力"
    mark = unicodedata.normalize("NFKC", mark)
    assert [mark in re.sub(r"\s+", "", sheet) for sheet in pages] == [True] * len(pages)
    assert len(pages) > 1
    if name == "round-real":
        assert len(names) == 100
        assert all("序号" in sheet for sheet in pages[1:-1]), "the head of the table stands on every sheet"
        assert "结果数据摘要" in text
    if name == "scorecard":
        assert text.count("计分办法") >= 20, "every line is printed with its rule"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "name", ["home", "round-demo", "institution-demo", "scheme", "scorecard", "what-if", "missing"]
)
def test_text_stands_out_from_its_ground(browser: Browser, site: str, scheme: str, name: str, picture: Path):
    context = browser.new_context(viewport=WIDTHS["desk"], color_scheme=scheme, locale="zh-CN")
    page = context.new_page()
    page.goto(site + PAGES[name])
    page.screenshot(path=picture, full_page=True)

    weak = page.evaluate(
        """() => {
            const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
            const rgb = (colour) => {
                canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
                return [...canvas.getImageData(0, 0, 1, 1).data];
            };
            const light = ([r, g, b]) => {
                const [x, y, z] = [r, g, b].map(v => v / 255)
                    .map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
                return .2126 * x + .7152 * y + .0722 * z;
            };
            const ground = (e) => {
                for (; e; e = e.parentElement) {
                    const c = rgb(getComputedStyle(e).backgroundColor);
                    if (c[3] === 255) return c;
                }
                return [255, 255, 255, 255];
            };
            const found = [];
            const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            while (walk.nextNode()) {
                const e = walk.currentNode.parentElement;
                if (!walk.currentNode.data.trim() || !e.checkVisibility() || e.closest('svg')) continue;
                if (e.closest('[aria-hidden=true]')) continue;
                const [a, b] = [light(rgb(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
                if ((a + .05) / (b + .05) < 4.5) found.push(e.className + ': ' + walk.currentNode.data.trim());
            }
            return [...new Set(found)];
        }"""
    )
    context.close()

    assert weak == []


def test_the_site_stands_on_its_own_stylesheet_alone(browser: Browser, site: str, picture: Path):
    page = browser.new_page(viewport=WIDTHS["phone"])
    page.route("**/vendor/**", lambda route: route.abort())

    page.goto(f"{site}/demo/2025/")
    page.screenshot(path=picture, full_page=True)

    assert too_wide(page) == []
    assert (
        page.locator(".hm-button").first.evaluate("e => getComputedStyle(e).backgroundColor")
        == "rgb(31, 78, 140)"
    )
    page.close()
