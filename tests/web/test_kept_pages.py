"""Published results are answered from memory, and never as they were before something was published."""

from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hatchmark.db.models import ResultNotice, Round
from hatchmark.web import kept_pages
from hatchmark.web.kept_pages import KeptPages

PAGE = "/nmg/2021/"


@pytest.mark.parametrize("address", [PAGE, "/en/nmg/2021/", "/nmg/2021/?kind=incubator", "/nmg/2021/notice/"])
@pytest.mark.parametrize("packed", ["", "gzip"])
def test_the_second_answer_is_the_first_and_asks_one_question(client, address, packed):
    first = client.get(address, headers={"Accept-Encoding": packed})
    with CaptureQueriesContext(connection) as captured:
        second = client.get(address, headers={"Accept-Encoding": packed})

    assert (second.status_code, second.content, dict(second.headers)) == (
        200,
        first.content,
        dict(first.headers),
    )
    assert len(captured) == 1
    assert second.has_header("Content-Encoding") is bool(packed)


def publish_again() -> None:
    evaluation_round = Round.objects.get(authority__code="nmg", year=2021)
    latest = evaluation_round.result_notices.order_by("-version").first()
    ResultNotice.objects.create(
        round=evaluation_round, version=latest.version + 1, document=latest.document, digest=latest.digest,
        reason="示例更正",
    )  # fmt: skip


def move_on() -> None:
    Round.objects.filter(authority__code="nmg").update(version=99)


@pytest.mark.parametrize("change", [publish_again, move_on])
def test_what_was_published_since_or_moved_is_made_anew(client, monkeypatch, change):
    client.get(PAGE)
    made = []
    monkeypatch.setattr(
        "hatchmark.web.views.show", lambda *args, **more: made.append(1) or HttpResponse("anew")
    )
    assert client.get(PAGE).content != b"anew"

    change()

    assert client.get(PAGE).content == b"anew"
    assert made == [1]


def test_large_type_has_its_own_pages(client):
    usual = client.get(PAGE).content
    client.cookies["large_type"] = "on"

    assert client.get(PAGE).content != usual


def test_a_page_of_the_public_is_switched_to_large_type_and_back_and_never_mixed_up(client):
    usual = client.get(PAGE).content.decode()
    address = "/large-type/?next=%2Fnmg%2F2021%2F"
    assert f'action="{address}"' in usual

    switched = client.post(address, {"to": "on"})
    large = client.get(PAGE)

    assert (switched.status_code, switched["Location"]) == (302, PAGE)
    assert 'class="hm hm-large"' in large.content.decode()
    assert "Cookie" in large["Vary"]
    assert 'class="hm hm-large"' in client.get(PAGE).content.decode()
    assert 'class="hm hm-large"' not in Client().get(PAGE).content.decode()
    client.post(address, {"to": "off"})
    assert client.get(PAGE).content.decode() == usual


@pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_the_switch_leads_to_no_foreign_page(client, db, there):
    query = urlencode({"next": there})

    assert client.post(f"/large-type/?{query}", {"to": "on"})["Location"] == "/"
    assert client.post(f"/en/large-type/?{query}", {"to": "on"})["Location"] == "/en/"


def test_the_switch_stands_on_every_page_and_sets_no_cookie_by_itself(client, db):
    for address in ("/", "/en/", "/permissions/", "/accounts/login/", "/no-such-page/"):
        page = client.get(address)

        assert 'action="/large-type/?next=' in page.content.decode().replace("/en/", "/")
        assert "csrftoken" not in page.cookies or address.startswith("/accounts/")


def test_whoever_has_the_page_is_told_so(client):
    tag = client.get(PAGE)["ETag"]

    again = client.get(PAGE, headers={"If-None-Match": tag})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert "Content-Security-Policy" in again.headers


def test_a_wrong_host_is_refused_before_what_is_kept(client):
    client.get(PAGE)

    assert client.get(PAGE, headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("address", ["/", "/nmg/1999/", "/nmg/institutions/nmg-i01/", "/accounts/login/"])
def test_nothing_else_is_kept(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as first:
        client.get(address)
    with CaptureQueriesContext(connection) as second:
        client.get(address)

    assert len(first) == len(second)


def test_the_memory_is_bounded(db, monkeypatch):
    monkeypatch.setattr(kept_pages, "MOST_PAGES", 3)
    made = []

    def make(request: HttpRequest) -> HttpResponse:
        made.append(request.META["QUERY_STRING"])
        return HttpResponse("示例")

    pages = KeptPages(make)
    requests = [Client().get(PAGE, {"page": number}).wsgi_request for number in range(5)]
    for request in [*requests, requests[-1], requests[0]]:
        pages(request)

    assert made == [f"page={number}" for number in (0, 1, 2, 3, 4, 0)]
    assert len(pages._pages) == 3
