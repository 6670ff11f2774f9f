"""An identity is tied and signs in, in a real browser: its policy of forms lets it go there and back."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.e2e

PASSWORD = "Demo-Hatchmark-1"


def test_an_identity_is_tied_and_signs_in(browser: Browser, site_with_identity_service: str, picture: Path):
    site = site_with_identity_service
    context = browser.new_context(locale="zh-CN", ignore_https_errors=True)
    page = context.new_page()
    page.goto(f"{site}/accounts/login/")
    page.get_by_label("用户名或邮箱").fill("dep-1")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.goto(f"{site}/accounts/identity/")
    page.screenshot(path=picture.with_stem(f"{picture.stem}-untied"))
    page.get_by_role("button", name="绑定 127.0.0.1 的身份").click()
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(f"{site}/accounts/identity/")
    expect(page.get_by_text("示例身份一")).to_be_visible()
    page.screenshot(path=picture.with_stem(f"{picture.stem}-tied"))

    context.clear_cookies()
    page.goto(f"{site}/accounts/login/")
    page.screenshot(path=picture)
    page.get_by_role("button", name="统一身份认证登录").click()

    expect(page).to_have_url(f"{site}/work/")
    expect(page.get_by_text("示例经办")).to_be_visible()
    context.close()
