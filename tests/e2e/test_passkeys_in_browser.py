"""A passkey is made and signs in, in a real browser with an authenticator of its own."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.e2e

PASSWORD = "Demo-Hatchmark-1"


def test_a_passkey_is_made_and_signs_in_without_a_password(browser: Browser, site_at_submission: str):
    # A passkey belongs to a name; an address of numbers is none.
    site = f"http://localhost:{urlsplit(site_at_submission).port}"
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    authenticator = context.new_cdp_session(page)
    authenticator.send("WebAuthn.enable")
    authenticator.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    page.goto(f"{site}/accounts/login/")
    page.get_by_label("用户名或邮箱").fill("aud-1")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.goto(f"{site}/accounts/2fa/webauthn/add/")
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.locator("input[name=name]").fill("示例通行密钥")
    page.locator("input[type=checkbox]").check()
    page.locator("#mfa_webauthn_add").click()
    expect(page).to_have_url(f"{site}/accounts/2fa/recovery-codes/")

    context.clear_cookies()
    page.goto(f"{site}/accounts/login/")
    page.get_by_role("button", name="使用通行密钥登录").click()

    expect(page).to_have_url(f"{site}/work/")
    expect(page.get_by_text("示例审计管理员")).to_be_visible()
    context.close()
