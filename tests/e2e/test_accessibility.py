"""No page keeps anybody out: not whom axe speaks for, nor who works by keyboard, in large type or on paper.

The pages are found as people find them: from the first page of each role along its links, one of each kind.
"""

import io
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pdfplumber
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from hatchmark.services.demonstration import PASSWORD

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
GRAVE = ("critical", "serious")
FILES = re.compile(r"\.[a-z]{2,5}$|/(file|content)$")
SIGNED_IN = {
    "submission": ("demo-i01", "demo-i02", "ch-01", "dep-1", "sec-1", "sys-1", "aud-1"),
    "review": ("demo-i01", "demo-m15", "ch-01", "dep-1"),
}
ENTRANCE = (
    "/accounts/login/",
    "/accounts/login/?language=en",
    "/accounts/password/reset/",
    "/work/invitations/no-such-invitation/",
    "/permissions/",
    "/receipts/",
    "/receipts/HM-0000-0000-0000/",
    "/en/permissions/",
)

pytestmark = pytest.mark.skipif(not AXE.is_file(), reason="no axe-core here: npm ci in frontend/")


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser into which axe can be put past the policy of the pages, which allows no foreign script."""
    made = browser.new_context(viewport=DESK, locale="zh-CN", bypass_csp=True)
    yield made
    made.close()


def sign_in(page: Page, site: str, username: str) -> None:
    page.goto(f"{site}/accounts/login/")
    page.fill("#id_login", username)
    page.fill("#id_password", PASSWORD)
    page.locator("form:has(#id_login) button[type=submit]").click()
    page.wait_for_url(re.compile("/work/"))


def barriers(page: Page) -> list[str]:
    """Return what keeps people out of the page that is open, at a desk and on a phone: rule, place, reason."""
    found = []
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text("utf-8"))
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        assert result["passes"], "axe has looked at something"
        found += [
            f"{page.url} {size['width']} {violation['id']}: {node['target']} {node['failureSummary']}"
            for violation in result["violations"]
            if violation["impact"] in GRAVE
            for node in violation["nodes"]
        ]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append(f"{page.url} {size['width']} is wider than its window")
    page.set_viewport_size(DESK)
    # Where a page says where one is, it names it: an address there is a name that was forgotten.
    for name in page.locator("[aria-current=page]").all_inner_texts():
        if name.strip().startswith("/") or not name.strip():
            found.append(f"{page.url} calls itself '{name}'")
    return found


def walk(page: Page, site: str, first: str, below: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Look at a page of each kind that links lead to from the first. Return the kinds seen, and all barriers."""
    waiting, seen, found = [first], [], []
    while waiting:
        address = waiting.pop(0)
        kind = re.sub(r"\d+", "#", address.partition("?")[0])
        if kind in seen or FILES.search(kind) or "logout" in kind:
            continue
        seen.append(kind)
        answer = page.goto(site + address)
        assert answer is not None
        assert answer.status == 200, address
        found += barriers(page)
        links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")
        waiting += [link.partition("#")[0] for link in links if link.startswith(below)]
    return seen, found


@pytest.mark.parametrize(
    ("stage", "username"), [(stage, name) for stage, names in SIGNED_IN.items() for name in names]
)
def test_nothing_on_the_pages_of_a_role_keeps_anybody_out(
    context: BrowserContext, request: pytest.FixtureRequest, stage: str, username: str
):
    site = request.getfixturevalue(f"site_at_{stage}")
    page = context.new_page()
    sign_in(page, site, username)

    seen, found = walk(page, site, "/work/", ("/work/", "/accounts/"))

    assert found == []
    assert len(seen) > 8, seen
    assert "/work/messages/" in seen


def test_nothing_on_the_public_pages_keeps_anybody_out(context: BrowserContext, site: str):
    page = context.new_page()

    seen, found = walk(page, site, "/", ("/",))
    for address in ENTRANCE:
        page.goto(site + address)
        found += barriers(page)

    assert found == []
    for kind in (
        "/demo/#/",
        "/demo/institutions/demo-i#/",
        "/schemes/",
        "/certificates/",
        "/check-a-notice/",
    ):
        assert kind in seen
    assert any(kind.startswith("/en/") for kind in seen)


@pytest.mark.parametrize(
    ("username", "address", "fill"),
    [
        ("ch-01", "/work/queue/", {}),
        ("sec-1", "/work/accounts/", {"email": "kein", "name": ""}),
        ("dep-1", "/work/rounds/", {}),
    ],
)
def test_in_english_and_in_large_type_nothing_keeps_anybody_out(
    context: BrowserContext, site_at_review: str, username: str, address: str, fill: dict[str, str]
):
    page = context.new_page()
    sign_in(page, site_at_review, username)
    context.add_cookies([{"name": "large_type", "value": "on", "url": site_at_review}])

    found = []
    for where in ("/work/", address, "/en/work/", f"/en{address}"):
        page.goto(site_at_review + where)
        found += barriers(page)

    assert found == []


def test_large_type_makes_text_and_targets_a_quarter_larger(context: BrowserContext, site_at_review: str):
    page = context.new_page()
    sign_in(page, site_at_review, "ch-01")
    page.locator("a:has-text('初审')").first.click()
    page.get_by_role("link", name="示例").first.click()
    parts = {
        "h1": "fontSize",
        ".hm-table td": "fontSize",
        ".hm-table thead th": "fontSize",
        "textarea": "fontSize",
        "button.hm-button": "minHeight",
        ".hm-foot p": "fontSize",
    }

    def sizes() -> list[float]:
        return [
            page.locator(f"main {part}" if part != ".hm-foot p" else part).first.evaluate(
                "(element, name) => parseFloat(getComputedStyle(element)[name])", name
            )
            for part, name in parts.items()
        ]

    before, here = sizes(), page.url
    page.get_by_role("button", name="关怀版").click()
    page.goto(here)

    assert sizes() == pytest.approx([1.25 * size for size in before])
    page.goto(site_at_review)
    expect(page.locator("body")).to_have_class(re.compile("hm-large"))


def tab_to(page: Page, target: Locator, *, most: int = 150) -> None:
    """Press the tab key until the target has the focus; one cannot get there by keyboard alone otherwise."""
    for _ in range(most):
        if target.evaluate("element => element === document.activeElement"):
            assert target.evaluate("element => element.matches(':focus-visible')"), "one sees where one is"
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{most} times the tab key did not lead to {target}")


def test_a_review_is_worked_by_keyboard_alone_from_the_queue_to_the_approval(
    context: BrowserContext, site_at_review: str, tmp_path: Path
):
    page = context.new_page()
    sign_in(page, site_at_review, "ch-08")
    # What the national statistics say of one institution makes a flag that wants a word.
    page.locator(".hm-task a").first.click()
    row = page.locator("tr:has(.hm-standing-submitted)").first
    name, kind = row.locator("th a").inner_text(), row.locator("th .hm-kind").inner_text()
    queue = page.url
    row.locator("th a").click()
    figure = page.locator(".hm-compare tbody tr").first
    title = figure.locator("th").inner_text().split()[0]
    value = figure.locator("td").first.inner_text().replace(",", "")
    table = tmp_path / "statistics.csv"
    table.write_text(f"机构名称,{title}\n{name},{float(value) * 3:.0f}\n", "utf-8")
    page.goto(queue)
    page.get_by_role("link", name="导入火炬统计").click()
    page.get_by_label("类别").select_option(label=kind)
    page.get_by_label("文件").set_input_files(table)
    page.get_by_role("button", name="预览").click()
    page.locator("button:has-text('1家')").click()

    page.goto(queue)
    tab_to(page, page.get_by_role("link", name=name, exact=True))
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(name)
    expect(page.get_by_role("button", name="通过", exact=True)).to_be_disabled()
    while page.locator(".hm-flag-open .hm-flag-form").count():
        tab_to(page, page.locator(".hm-flag-open textarea").first)
        page.keyboard.type("统计口径不同，已与统计年报核对")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator(".hm-told")).to_be_visible()

    tab_to(page, page.get_by_role("button", name="通过", exact=True))
    page.keyboard.press("Enter")

    expect(page.locator(".hm-next .hm-standing, .hm-told").first).to_contain_text("通过")
    page.goto(f"{queue}?standing=approved")
    expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()


def test_the_board_is_worked_by_keyboard_alone(context: BrowserContext, site_at_review: str):
    page = context.new_page()
    sign_in(page, site_at_review, "dep-1")
    tab_to(page, page.locator("a.hm-skip"), most=3)
    page.keyboard.press("Enter")
    tab_to(page, page.locator("main .hm-task a").first, most=5)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(re.compile("评价进度"))

    tab_to(page, page.locator(".hm-filter input[type=search], .hm-filter input[name=q]").first)
    page.keyboard.type("青禾")
    page.keyboard.press("Enter")
    expect(page.locator(".hm-list tbody tr")).to_have_count(1)
    tab_to(page, page.locator(".hm-list tbody th a"))
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("青禾")


@pytest.mark.parametrize(
    ("username", "address", "there"),
    [
        ("ch-01", "/work/queue/", "示例算力数据创客中心"),
        ("dep-1", "/work/rounds/", "示例算力数据创客中心"),
        ("demo-i01", "/work/history/", "回执"),
    ],
)
def test_on_paper_a_page_is_its_matter_without_what_one_would_press(
    context: BrowserContext, site_at_review: str, username: str, address: str, there: str
):
    page = context.new_page()
    sign_in(page, site_at_review, username)
    page.goto(site_at_review + address)
    for link in {"/work/rounds/": [".hm-table tbody th a"], "/work/history/": ["td a"]}.get(address, []):
        page.locator(link).first.click()
    title = page.locator("h1").inner_text()

    page.emulate_media(media="print")
    seen = page.locator("button, input, select, textarea, .hm-button, nav, .hm-strip, .hm-top").evaluate_all(
        "all => all.filter(e => e.checkVisibility() && e.type !== 'hidden').map(e => e.outerHTML.slice(0, 80))"
    )
    with pdfplumber.open(io.BytesIO(page.pdf(format="A4"))) as paper:
        text = "".join("".join((sheet.extract_text() or "").split()) for sheet in paper.pages)
    text = unicodedata.normalize("NFKC", text)

    assert seen == []
    assert unicodedata.normalize("NFKC", "".join(title.split())) in text
    assert there in text
