"""Uploads and downloads: in pieces with the script, whole without it, read as attachments, by the policy alone."""

import hashlib
import html
import io
import json
import logging
import re
from datetime import timedelta

import pytest
from conftest_services import AUTHORITY, DATES, live_round_at
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hatchmark.db.models import Account, Authority, Evidence, Submission
from hatchmark.domain.evidence import LIMITS
from hatchmark.domain.workflow import Stage
from hatchmark.services import clock, evidence, kept_files

__all__ = ["live_round_at"]

AT = DATES["submission_closes_at"] - timedelta(days=2)
PDF = b"%PDF-1.7\n%%EOF\n"
LONG = PDF + bytes(range(256)) * 40
HTML = b"<!DOCTYPE html><script>alert(1)</script>"


def visitor(role="institution", unit="demo-i01", **options):
    account = Account.objects.create(
        username=f"{role}-{unit}"[:60],
        name="示例张某",
        role=role,
        unit=unit,
        authority=Authority.objects.get(code=AUTHORITY),
        made_at=AT,
        password_set_at=AT,
    )
    browser = Client(raise_request_exception=False, **options)
    browser.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


@pytest.fixture
def live(live_round_at, monkeypatch, settings, tmp_path):
    settings.DATA = tmp_path
    monkeypatch.setattr(clock, "now", lambda: AT)
    return live_round_at(Stage.SUBMISSION)


@pytest.fixture
def institution(live):
    return visitor()


def page(live, more="", serial=1):
    return f"/work/submissions/{live.entries[serial].pk}/evidence/{more}"


def body(response):
    return html.unescape(response.content.decode())


def begin(browser, live, name="报告.pdf", size=None, **more):
    facts = {"name": name, "size": len(LONG) if size is None else size, **more}
    return browser.post(page(live, "upload/"), facts, headers={"Accept": "application/json"})


def put(browser, address, offset, content, **headers):
    return browser.put(
        address,
        content,
        content_type="application/octet-stream",
        headers={"Upload-Offset": str(offset), "Accept": "application/json", **headers},
    )


def send(browser, live, content=PDF, name="报告.pdf", **more):
    return browser.post(page(live, "upload/"), {"file": SimpleUploadedFile(name, content), **more})


def uploaded(browser, live, content=PDF, name="报告.pdf") -> Evidence:
    assert send(browser, live, content, name).status_code == 302
    return Evidence.objects.latest("pk")


def hand_in(live, serial=1) -> Submission:
    submission = live.submit(serial, at=AT)
    Submission.objects.filter(pk=submission.pk).update(evidence=evidence.listed(live.entries[serial]))
    return submission


def status_of(browser, address) -> int:
    """Ask for a file, read it to its end, and say how that went."""
    response = browser.get(address)
    if response.streaming:
        assert b"".join(response.streaming_content)
    return response.status_code


# ---- in pieces --------------------------------------------------------------------------------------------


def test_a_file_goes_up_in_pieces_and_says_how_far_it_is(live, institution):
    begun = begin(institution, live, figure="tenants")
    assert begun.status_code == 201
    address = begun.json()["address"]

    first = put(institution, address, 0, LONG[:6000])
    assert institution.get(address).json() == {"received": 6000, "size": len(LONG), "finished": False}
    last = put(institution, address, 6000, LONG[6000:])

    assert first.json() == {"received": 6000, "size": len(LONG), "finished": False}
    assert last.json() == {"received": len(LONG), "size": len(LONG), "finished": True}
    [file] = evidence.listed(live.entries[1])
    assert (file["digest"], file["figure"]) == (hashlib.sha256(LONG).hexdigest(), "tenants")


def test_after_a_break_the_same_file_goes_on_where_it_was(live, institution):
    address = begin(institution, live).json()["address"]
    put(institution, address, 0, LONG[:6000])

    again = begin(institution, live).json()

    assert (again["address"], again["received"]) == (address, 6000)
    assert put(institution, address, 0, LONG[:6000]).json()["received"] == 6000, "a retry is no harm"
    assert put(institution, address, 6000, LONG[6000:]).json()["finished"]


def test_a_piece_at_the_wrong_place_is_told_the_right_one(live, institution):
    address = begin(institution, live).json()["address"]
    put(institution, address, 0, LONG[:6000])

    wrong = put(institution, address, 7000, LONG[7000:8000])
    other = put(institution, address, 0, PDF + bytes(100))

    assert (wrong.status_code, wrong.json()["received"], wrong.json()["differs"]) == (409, 6000, False)
    assert (other.status_code, other.json()["differs"]) == (409, True)


@pytest.mark.parametrize("offset", ["", "-1", "x", "1.5", "9" * 20])
def test_a_piece_without_a_place_is_refused(live, institution, offset):
    address = begin(institution, live).json()["address"]

    assert put(institution, address, offset, LONG[:10]).status_code == 400


def test_a_piece_that_is_too_large_or_broke_off_is_not_taken(live, institution):
    address = begin(institution, live, size=LIMITS.file).json()["address"]

    assert put(institution, address, 0, PDF + bytes(LIMITS.chunk)).status_code == 413
    broken = institution.put(
        address,
        PDF,
        content_type="application/octet-stream",
        headers={"Upload-Offset": "0"},
        **{"wsgi.input": io.BytesIO(PDF), "CONTENT_LENGTH": str(len(PDF) + 5)},
    )
    assert broken.status_code == 400
    assert institution.get(address).json()["received"] == 0


@pytest.mark.parametrize(
    ("name", "size", "told"),
    [
        ("a.html", 10, "不收 .html 文件；可传 pdf, jpg"),
        ("a.pdf", LIMITS.file + 1, "超过200 MB"),
        ("a.pdf", 0, "文件是空的"),
        ("", 10, "文件名无法识别"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_before_a_byte_of_it_comes(
    live, institution, name, size, told
):
    response = begin(institution, live, name=name, size=size)

    assert response.status_code == 422
    assert told in response.json()["refused"]
    assert not Evidence.objects.exists()


def test_a_web_page_that_calls_itself_a_pdf_is_thrown_away_with_its_first_piece(live, institution):
    address = begin(institution, live, size=len(HTML)).json()["address"]

    response = put(institution, address, 0, HTML)

    assert response.status_code == 422
    assert "“报告.pdf”的内容不是真正的 pdf 文件" in response.json()["refused"]
    assert institution.get(address).status_code == 404


def test_a_full_disk_is_its_own_answer(live, institution, monkeypatch):
    monkeypatch.setattr(kept_files, "free_bytes", lambda: 0)

    response = begin(institution, live)

    assert response.status_code == 507
    assert "服务器存储空间不足" in response.json()["refused"]


def test_a_piece_after_the_deadline_is_refused(live, institution, monkeypatch):
    address = begin(institution, live).json()["address"]
    monkeypatch.setattr(clock, "now", lambda: DATES["submission_closes_at"] + timedelta(seconds=1))

    response = put(institution, address, 0, LONG[:100])

    assert response.status_code == 409
    assert "截止" in response.json()["refused"]


def test_a_piece_needs_the_token_of_the_page(live):
    browser = visitor(enforce_csrf_checks=True)
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', browser.get(page(live)).content.decode())[1]
    begun = browser.post(
        page(live, "upload/"),
        {"name": "a.pdf", "size": len(PDF)},
        headers={"Accept": "application/json", "X-CSRFToken": token},
    )
    address = begun.json()["address"]

    assert put(browser, address, 0, PDF).status_code == 403
    assert put(browser, address, 0, PDF, **{"X-CSRFToken": token}).json()["finished"]


# ---- whole, without a script ------------------------------------------------------------------------------


def test_a_form_takes_one_file_whole(live, institution):
    response = send(institution, live, figure="tenants")

    assert response.status_code == 302
    assert [(file["name"], file["figure"]) for file in evidence.listed(live.entries[1])] == [
        ("报告.pdf", "tenants")
    ]
    shown = body(institution.get(page(live)))
    assert "已上传：报告.pdf" in shown
    assert "尚未提交" in shown


@pytest.mark.parametrize(
    "sent",
    [
        (HTML, "a.pdf", "不是真正的 pdf 文件"),
        (b"MZ", "a.exe", "不收 .exe 文件"),
        (b"", "a.pdf", "文件是空的"),
    ],
)
def test_a_form_with_a_bad_file_says_why_and_keeps_nothing(live, institution, sent, tmp_path):
    content, name, told = sent
    response = send(institution, live, content, name)

    assert response.status_code == 422
    assert told in body(response)
    assert not Evidence.objects.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_form_without_a_file_says_so(live, institution):
    assert "请先选择文件" in body(institution.post(page(live, "upload/"), {}))


# ---- reading ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../x/证书.pdf", "证书.pdf"),
        ('a"b.pdf', 'a"b.pdf'),
        ("证书\u202efdp.exe.pdf", "证书fdp.exe.pdf"),
        ("<b>.pdf", "<b>.pdf"),
    ],
)
def test_a_file_is_read_as_an_attachment_and_nothing_else(live, institution, name, kept):
    begun = begin(institution, live, name=name, size=len(PDF)).json()
    put(institution, begun["address"], 0, PDF)
    file = Evidence.objects.get()

    response = institution.get(page(live, f"{file.key}/file"))

    assert file.name == kept
    assert b"".join(response.streaming_content) == PDF
    disposition = response.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename")
    assert "\u202e" not in disposition
    assert "/x/" not in disposition
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert response.headers["Cache-Control"] == "private, no-store"
    assert b"<b>" not in institution.get(page(live)).content


def test_a_file_that_is_gone_from_the_disk_is_said_to_be_with_its_digest(live, institution, caplog):
    file = uploaded(institution, live, PDF)
    kept_files.kept_path(file.digest).unlink()

    with caplog.at_level(logging.ERROR, logger="hatchmark.services.evidence"):
        response = institution.get(page(live, f"{file.key}/file"))

    said = response.content.decode()
    assert response.status_code == 503
    assert "Content-Disposition" not in response.headers
    assert "不必重新上传" in said
    assert file.digest in said
    [told] = [line.getMessage() for line in caplog.records if line.name == "hatchmark.services.evidence"]
    assert file.digest in told
    english = institution.get(f"/en{page(live, f'{file.key}/file')}").content.decode()
    assert "no need to upload it again" in english


def test_a_large_file_is_not_packed_again_on_its_way(live, institution):
    file = uploaded(institution, live, LONG)

    response = institution.get(page(live, f"{file.key}/file"), headers={"Accept-Encoding": "gzip"})

    assert b"".join(response.streaming_content) == LONG
    assert response.headers["Content-Length"] == str(len(LONG))


def test_others_read_what_a_version_names_and_nothing_else(live, institution):
    channel, department = visitor("channel", "示例市"), visitor("department", "示例厅")
    file = uploaded(institution, live)

    def answers(browser) -> tuple[int, int, bool]:
        listing = browser.get(page(live))
        return (
            listing.status_code,
            status_of(browser, page(live, f"{file.key}/file")),
            "报告.pdf" in body(listing),
        )

    assert [answers(each) for each in (channel, department)] == [(200, 404, False)] * 2
    hand_in(live)
    assert [answers(each) for each in (channel, department)] == [(200, 200, True)] * 2


@pytest.mark.parametrize(
    ("role", "unit"), [("institution", "demo-i02"), ("channel", "示例盟"), ("expert", "示例大学")]
)
def test_whoever_has_no_part_in_an_entry_finds_nothing_there(live, institution, role, unit):
    file = uploaded(institution, live)
    submission = hand_in(live)
    browser = visitor(role, unit)
    scan = f"/work/submissions/{live.entries[1].pk}/versions/{submission.version}/scan/"
    addresses = [
        page(live),
        scan,
        *(page(live, f"{file.key}/{end}") for end in ("file", "content", "remove/")),
    ]

    for address in addresses:
        absent = browser.get(address.replace(f"/{live.entries[1].pk}/", "/999999/"))
        hidden = browser.get(address)
        assert (address, hidden.status_code, absent.status_code) == (address, 404, 404)
        assert hidden.content == absent.content
    assert send(browser, live).status_code == 404
    assert begin(browser, live).status_code == 404
    assert put(browser, page(live, f"{file.key}/content"), 0, PDF).status_code == 404
    assert browser.post(page(live, f"{file.key}/remove/"), {"remove": "yes"}).status_code == 404
    assert Evidence.objects.get().removed_at is None


def test_a_file_of_another_entry_is_not_reached_through_the_own_one(live, institution):
    file = uploaded(institution, live)
    other = visitor(unit="demo-i02")

    for end in ("file", "content", "remove/"):
        assert other.get(page(live, f"{file.key}/{end}", serial=2)).status_code == 404


def test_a_channel_cannot_add_or_remove(live, institution):
    file = uploaded(institution, live)
    hand_in(live)
    channel = visitor("channel", "示例市")

    assert send(channel, live).status_code == 404
    assert channel.post(page(live, f"{file.key}/remove/"), {"remove": "yes"}).status_code == 404
    assert "上传文件" not in body(channel.get(page(live)))


def test_the_list_asks_the_database_as_often_for_one_file_as_for_thirty(live, institution):
    asked = []
    for count in (1, 30):
        for number in range(Evidence.objects.count(), count):
            uploaded(institution, live, name=f"{number}.pdf")
        institution.get(page(live))  # the message of the upload is shown once
        with CaptureQueriesContext(connection) as queries:
            assert institution.get(page(live)).status_code == 200
        asked.append(len(queries))

    assert asked[0] == asked[1] <= 12


# ---- assigning, removing, the sealed form -----------------------------------------------------------------


def test_a_file_is_assigned_and_removed_on_its_page(live, institution, tmp_path):
    file = uploaded(institution, live)
    address = page(live, f"{file.key}/remove/")
    assert institution.get(address).status_code == 200

    institution.post(address, {"assign": "yes", "figure": "tenants"})
    file.refresh_from_db()
    assert file.figure == "tenants"
    institution.post(address, {"remove": "yes"})

    assert evidence.listed(live.entries[1]) == []
    assert list(tmp_path.glob("files/*/*")) == []
    assert institution.get(page(live, f"{file.key}/file")).status_code == 404


def test_a_file_that_was_handed_in_cannot_be_removed(live, institution):
    file = uploaded(institution, live)
    hand_in(live)
    address = page(live, f"{file.key}/remove/")

    response = institution.post(address, {"remove": "yes"})

    assert response.status_code == 422
    assert "须保留" in body(response)
    assert 'name="remove"' not in body(institution.get(address))
    assert status_of(institution, page(live, f"{file.key}/file")) == 200


def test_two_rows_of_one_file_are_one_on_the_disk(live, institution, tmp_path):
    uploaded(institution, live, name="甲.pdf")
    uploaded(institution, live, name="乙.pdf")

    assert len(evidence.listed(live.entries[1])) == 2
    [path] = tmp_path.glob("files/*/*")
    assert path.name == hashlib.sha256(PDF).hexdigest()


def test_an_unfinished_upload_is_shown_and_can_be_given_up(live, institution):
    address = begin(institution, live).json()["address"]
    put(institution, address, 0, LONG[:6000])
    file = Evidence.objects.get()

    assert "未传完：0.1 MB，共0.1 MB" in body(institution.get(page(live)))
    assert institution.get(page(live, f"{file.key}/file")).status_code == 404
    institution.post(page(live, f"{file.key}/remove/"), {"remove": "yes"})
    assert not Evidence.objects.exists()


def test_a_scan_is_tied_to_its_version(live, institution):
    submission = hand_in(live)
    address = f"/work/submissions/{live.entries[1].pk}/versions/1/scan/"
    assert submission.digest in body(institution.get(address))

    sent = institution.post(
        page(live, "upload/"), {"file": SimpleUploadedFile("盖章.pdf", PDF), "version": "1"}
    )

    assert (sent.status_code, sent.headers["Location"]) == (302, address)
    scan = Evidence.objects.get()
    assert (scan.submission_id, scan.purpose) == (submission.pk, "sealed_form")
    assert "盖章.pdf" in body(institution.get(address))
    assert evidence.listed(live.entries[1]) == []
    channel = visitor("channel", "示例市")
    assert status_of(channel, page(live, f"{scan.key}/file")) == 200
    assert channel.get(address).status_code == 404


def test_a_scan_of_a_version_that_is_not_there_or_no_paper_is_refused(live, institution):
    hand_in(live)
    address = f"/work/submissions/{live.entries[1].pk}/versions/2/scan/"

    assert institution.get(address).status_code == 404
    assert send(institution, live, version="2").status_code == 404
    refused = send(institution, live, b"PK\x03\x04", "a.docx", version="1")
    assert refused.status_code == 422
    assert "不收 .docx 文件；可传 pdf, jpg, jpeg, png" in body(refused)


def test_answers_to_the_script_are_json_in_the_language_of_the_page(live, institution):
    response = institution.post(
        "/en" + page(live, "upload/"),
        {"name": "a.exe", "size": "5"},
        headers={"Accept": "application/json"},
    )

    assert json.loads(response.content) == {
        "refused": "A .exe is not taken; pdf, jpg, jpeg, png, docx, xlsx, ofd are."
    }
