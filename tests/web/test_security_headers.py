"""Every answer carries the policy: pages, errors, redirects, downloads, static files. No template breaks it."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.checks import run_checks
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path

from hatchmark import web
from hatchmark.config import urls
from hatchmark.web.security import ROUTES, routes_have_rows

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


def assert_guarded(response, status):
    assert response.status_code == status
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/en/",
        "/?q=空间",
        "/nmg/2021/",
        "/en/nmg/2021/",
        "/nmg/2021/notice/",
        "/nmg/2021/rows.csv",
        "/nmg/2021/files/results.json",
        "/nmg/2021/files/notice.pdf",
        "/nmg/institutions/nmg-i01/",
        "/check-a-notice/",
    ],
)
def test_a_page_and_a_file_carry_the_headers(client, address):
    assert_guarded(client.get(address), 200)


@pytest.mark.parametrize("address", ["/nowhere/", "/en/nowhere/", "/nmg/1999/", "/static/web/nothing.css"])
def test_what_is_not_there_carries_the_headers(client, address):
    assert_guarded(client.get(address), 404)


def test_a_refused_method_carries_the_headers(client):
    assert_guarded(client.post("/"), 405)


@pytest.mark.parametrize(("address", "language"), [("/", "zh-Hans"), ("/en/nmg/2021/", "en")])
def test_a_refused_method_is_answered_by_a_page_and_says_what_is_allowed(client, address, language):
    response = client.post(address)

    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
    assert f'<html lang="{language}">' in response.content.decode()


def test_a_redirect_carries_the_headers(client):
    assert_guarded(client.get("/nmg/2021"), 301)


def test_a_wrong_host_carries_the_headers(client):
    response = client.get("/", headers={"host": "evil.example"})

    assert_guarded(response, 400)
    assert 'lang="zh-Hans"' in response.content.decode()


def test_a_failure_carries_the_headers_and_tells_nothing(client, monkeypatch, caplog):
    def fails():
        raise RuntimeError("geheim")

    monkeypatch.setattr("hatchmark.services.public.published_rounds", fails)

    response = client.get("/")

    assert_guarded(response, 500)
    assert "系统出错了" in response.content.decode()
    assert "geheim" not in response.content.decode()
    assert "geheim" in caplog.text


@pytest.mark.parametrize("name", ["web/hatchmark.css", "web/favicon.svg"])
def test_a_static_file_carries_the_headers(client, name):
    response = client.get(f"/static/{name}")

    assert_guarded(response, 200)
    assert b"".join(response.streaming_content) == Path(finders.find(name)).read_bytes()


def test_hsts_is_said_only_where_it_is_set_and_only_over_https(client):
    assert "Strict-Transport-Security" not in client.get("/", secure=True).headers
    with override_settings(SECURE_HSTS_SECONDS=60):
        assert client.get("/", secure=True).headers["Strict-Transport-Security"] == "max-age=60"
        assert "Strict-Transport-Security" not in client.get("/").headers


# ---- the table of readers ----------------------------------------------------------------------------------


class WithAnUnlistedRoute:
    urlpatterns = (*urls.urlpatterns, path("hidden/", lambda request: HttpResponse("secret"), name="hidden"))
    handler404 = urls.handler404


class WithANamelessRoute:
    urlpatterns = (*urls.urlpatterns, path("hidden/", lambda request: HttpResponse("secret")))
    handler404 = urls.handler404


@pytest.mark.parametrize("routes", [WithAnUnlistedRoute, WithANamelessRoute])
def test_a_route_without_a_row_stops_the_start_and_is_not_answered(routes):
    with override_settings(ROOT_URLCONF=routes):
        assert [message.id for message in run_checks() if message.id == "hatchmark.E001"] == [
            "hatchmark.E001"
        ]
        response = Client().get("/hidden/")

    assert response.status_code == 404
    assert b"secret" not in response.content


def test_every_route_of_the_site_has_a_row_and_every_row_a_route():
    from django.urls import get_resolver

    from hatchmark.web.security import routes

    assert routes_have_rows() == []
    assert {name for _, name in routes(get_resolver()) if not name.startswith("api-")} == set(ROUTES)


# ---- templates ---------------------------------------------------------------------------------------------

# A script of our own, from a file of its own, may add to a page that works without it; nothing is written in a page.
OWN_SCRIPT = re.compile(r'<script src="{% asset "web/[a-z]+\.js" %}" defer></script>')
FORBIDDEN = re.compile(
    r"<style|<script|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|\|\s*safe|autoescape off",
    re.I,
)
TEMPLATES = sorted(Path(web.__file__).parent.rglob("*.html"))


def test_there_are_templates():
    assert len(TEMPLATES) >= 10


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.name)
def test_a_template_holds_no_inline_style_no_script_and_escapes_everything(template):
    assert FORBIDDEN.findall(OWN_SCRIPT.sub("", template.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    "line",
    [
        '<p style="x">',
        "<script>",
        "<a onclick='x'>",
        "{{ x|safe }}",
        "<svg STYLE = 'x'>",
        '<script src="//elsewhere/x.js" defer></script>',
        '<script src="{% asset "web/x.js" %}" defer>1</script>',
    ],
)
def test_the_scan_of_templates_would_find_it(line):
    assert FORBIDDEN.findall(OWN_SCRIPT.sub("", line))


def test_the_scripts_make_no_markup_and_fetch_nothing():
    for name in ("web/drop.js",):
        own = Path(finders.find(name)).read_text("utf-8")
        assert (
            re.findall(
                r"innerHTML|outerHTML|insertAdjacent|document\.write|eval|Function\(|fetch|XMLHttp|import|\.style",
                own,
            )
            == []
        )


def test_the_stylesheet_fetches_nothing():
    own = Path(finders.find("web/hatchmark.css")).read_text("utf-8")

    assert re.findall(r"url\(|@import", own) == []
