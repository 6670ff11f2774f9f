"""核对通知: what the page shows of a notice, what it refuses, what it lets nobody do, and that it keeps nothing."""

import io
import json
import logging
import os
import re
import shutil
import sys
import threading
import zipfile
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from hatchmark.documents.check_json import document_of
from hatchmark.documents.notice_files.limits import Unreadable
from hatchmark.domain.notices import Relation
from hatchmark.domain.published_notices import (
    NoticeCheck,
    NoticeClaim,
    NoticeFinding,
    NoticeTable,
    PublishedNotice,
    Severity,
    Verdict,
)
from hatchmark.services.notice_check import check_notice_bytes
from hatchmark.web import notice_check, notice_marks, words
from hatchmark.web.load import RateLimit, Slots, visitor_of

sys.path.insert(0, str(Path(__file__).parents[1] / "documents" / "notice_files"))
try:
    import notice_writers
    from seed_notice import as_text
finally:
    sys.path.pop(0)

ADDRESS = "/check-a-notice/"
HAN = re.compile(r"[\u4e00-\u9fff]")
HEAD = "关于公布2024年度众创空间考核结果的通知\n\n示例市科技局：\n\n"
LIST = (
    "附件\n\n序号\t众创空间名称\t考核结果\n"
    + "1\t示例甲众创空间\t优秀\n2\t示例乙众创空间\t优秀\n3\t示例丙众创空间\t合格\n"
)
CONSISTENT = f"{HEAD}经考核，2家众创空间考核结果为优秀，1家众创空间考核结果为合格。\n\n{LIST}"
CONTRADICTORY = f"{HEAD}经考核，3家众创空间考核结果为优秀，1家众创空间考核结果为合格。\n\n{LIST}"


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """Nobody has come before."""
    monkeypatch.setattr(notice_check, "_slots", Slots(notice_check.CHECKS_AT_ONCE))
    monkeypatch.setattr(notice_check, "_rate", RateLimit(30, seconds=600))


@pytest.fixture
def visitor() -> Client:
    """A visitor to a site that needs no database for this page."""
    return Client(raise_request_exception=True)


def sent(visitor, raw, name="通知.txt", address=ADDRESS, **more):
    raw = raw.encode() if isinstance(raw, str) else raw
    return visitor.post(address, {"file": SimpleUploadedFile(name, raw), **more})


def page_of(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def text_of(html):
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


def verdict_of(page):
    return re.search(r'class="hm-verdict hm-verdict-([a-z_]+)"', page)[1]


def findings_of(page):
    """Return (severity, code, addresses of its places) of every finding, in the order of the page."""
    return [
        (severity, code, re.findall(r'<a href="(#[^"]+)">', rest))
        for severity, code, rest in re.findall(
            r'<li class="hm-finding hm-finding-([a-z]+)".*?<code>([a-z_]+)</code>(.*?)</li>', page, re.S
        )
    ]


def marks_of(page):
    """Return (severity, text, numbers with where they lead) of every mark."""
    return [
        (severity, unescape(text), re.findall(r'id="(c\d+)" href="(#[^"]+)"', numbers))
        for severity, text, numbers in re.findall(
            r'<mark class="hm-claim hm-claim-([a-z]+)">([^<]*)(.*?)</mark>', page, re.S
        )
    ]


def marked_rows_of(page):
    """Return the address of every row that an error or a warning rests on, with its text."""
    return {
        row: text_of(cells)
        for row, cells in re.findall(
            r'<tr id="(t\d+r\d+)" class="hm-row-(?:error|warning)">(.*?)</tr>', page, re.S
        )
    }


# ---- the form ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("address", "language"), [(ADDRESS, "zh-Hans"), (f"/en{ADDRESS}", "en")])
def test_the_form_asks_for_a_file_or_a_text_and_says_what_is_kept(visitor, address, language):
    page = page_of(visitor.get(address))

    assert f'<html lang="{language}">' in page
    assert re.search(r'<input [^>]*name="file" type="file"', page)
    assert '<textarea class="form-control hm-input" id="text" name="text"' in page
    assert ".docx" in page and "20 MB" in page
    said = (
        "不存盘，不入库，内容不进日志"
        if language == "zh-Hans"
        else "not on disk, in no database, nothing of it in a log"
    )
    assert said in page
    assert page.count("<script") == 1 and re.search(
        r'<script src="/static/web/drop\.js\?v=[0-9a-f]{12}" defer>', page
    )


def test_the_page_is_reached_from_the_first_page_the_navigation_and_the_foot(client):
    page = page_of(client.get("/"))

    for part in (r"<nav class=\"hm-branches\".*?</nav>", "<aside .*?</aside>", "<footer.*?</footer>"):
        assert f'href="{ADDRESS}"' in re.search(part, page, re.S)[0]
    assert f'href="/en{ADDRESS}"' in page_of(client.get("/en/"))


def test_no_authority_can_be_called_like_the_page(visitor, db):
    assert visitor.get("/check-a-notice/2021/").status_code == 404


# ---- what is shown -------------------------------------------------------------------------------------------


def test_the_seed_is_explained_with_its_marks_and_its_two_rows(visitor):
    page = page_of(sent(visitor, as_text(), "2021.txt"))

    assert verdict_of(page) == "explained"
    assert "有差异，可以解释" in page
    assert findings_of(page)[:3] == [
        ("warning", "overlap_carried", ["#c7", "#t2r82"]),
        ("warning", "overlap_carried", ["#c9", "#t2r83"]),
        ("warning", "sum_exceeds_rows", ["#c6", "#c7", "#c8", "#c9", "#c11", "#c12", "#c13", "#t2r82"]),
    ]
    marks = marks_of(page)
    assert len(marks) == 15
    assert ("warning", "11家众创空间考核结果为良好", [("c7", "#f1")]) in marks
    assert ("warning", "17家众创空间考核结果为不合格", [("c9", "#f2")]) in marks
    assert ("none", "3家科技企业孵化器评价结果为优秀", [("c1", "#n1")]) in marks
    assert ("info", "30家众创空间（含试点培育）要及时办理注销手续", [("c15", "#f4")]) in marks
    rows = marked_rows_of(page)
    assert list(rows) == ["t2r82", "t2r83"]
    assert (
        rows["t2r82"].startswith("82 浙江大学包头工业技术研究院众创空间".replace(" ", ""))
        or "浙江大学" in rows["t2r82"]
    )
    assert "丝梦缘" in rows["t2r83"]
    assert page.count('<tr id="t1r') == 15 and page.count('<tr id="t2r') == 85


def test_the_text_with_its_marks_is_the_text_of_the_notice(visitor):
    check = check_notice_bytes(as_text().encode(), file="n.txt")
    page = page_of(sent(visitor, as_text()))
    paper = re.search(r'<article class="hm-paper hm-checked".*?</article>', page, re.S)[0]
    without_numbers = re.sub(r'<a class="hm-claim-n".*?</a>', "", paper, flags=re.S)
    shown = [
        unescape(re.sub("<[^>]+>", "", each)) for each in re.findall("<p>(.*?)</p>", without_numbers, re.S)
    ]

    assert shown == list(check.notice.paragraphs)


def test_every_place_that_a_finding_leads_to_is_on_the_page_once(visitor):
    page = page_of(sent(visitor, as_text()))
    there = re.findall(r' id="([^"]+)"', page)
    led_to = set(re.findall(r'href="#([^"]+)"', page)) - {"content"}

    assert len(there) == len(set(there))
    assert len(led_to) > 20
    assert led_to <= set(there)


def test_counts_by_result_are_shown_for_each_table(visitor):
    page = page_of(sent(visitor, as_text()))
    tallies = [
        re.findall(r'<th scope="row" lang="zh-Hans">([^<]+)</th><td class="hm-num">(\d+)</td>', table)
        for table in re.findall(r'<table class="hm-table hm-small hm-tally">.*?</table>', page, re.S)
    ]

    assert tallies[0] == [
        ("优秀", "3"),
        ("良好", "3"),
        ("合格", "1"),
        ("不合格", "7"),
        ("取消科技企业孵化器资格", "1"),
    ]
    assert sum(int(n) for _, n in tallies[1]) == 85


def test_proposals_stand_with_their_reasons(visitor):
    page = page_of(sent(visitor, as_text()))
    part = re.search(r'<ol class="hm-proposals">.*?</ol>', page, re.S)[0]

    assert part.count("可能是同一运营机构") == 3
    assert "仅同音字不同：旗／期、源／缘" in part
    assert '<a href="#t1r8">附件1第8行</a><a href="#t2r83">附件2第83行</a>' in part


def test_a_notice_that_agrees_says_so(visitor):
    page = page_of(sent(visitor, CONSISTENT))

    assert verdict_of(page) == "consistent"
    assert "没有发现。" in page
    assert [(text, numbers) for _, text, numbers in marks_of(page)] == [
        ("2家众创空间考核结果为优秀", [("c1", "#n1")]),
        ("1家众创空间考核结果为合格", [("c2", "#n2")]),
    ]
    assert marked_rows_of(page) == {}


def test_a_contradiction_is_an_error_at_its_words(visitor):
    page = page_of(sent(visitor, CONTRADICTORY))

    assert verdict_of(page) == "contradictory"
    severity, code, places = findings_of(page)[0]
    assert (severity, code, places[0]) == ("error", "count_differs_from_rows", "#c1")
    assert marks_of(page)[0] == ("error", "3家众创空间考核结果为优秀", [("c1", "#f1")])
    assert '<use href="#g-error"/>' in page and "错误" in page, "a shape and a word, not a colour alone"


def test_a_notice_without_a_list_is_not_checkable_and_never_called_right(visitor):
    page = page_of(sent(visitor, HEAD + "3家众创空间考核结果为优秀。\n"))

    assert verdict_of(page) == "not_checkable"
    assert "这不等于没有问题" in page


def test_counts_that_share_one_clause_share_one_mark(visitor):
    text = f"{HEAD}众创空间考核结果为优秀、合格的分别为2家、1家。\n\n{LIST}"
    marks = marks_of(page_of(sent(visitor, text)))

    assert [numbers for _, _, numbers in marks] == [[("c1", "#n1"), ("c2", "#n2")]]


def test_a_pasted_text_is_read_like_a_file(visitor):
    page = page_of(visitor.post(ADDRESS, {"text": CONTRADICTORY.replace("\n", "\r\n")}))

    assert verdict_of(page) == "contradictory"
    assert "粘贴的文字" in page


def test_the_english_page_is_complete(visitor):
    page = page_of(sent(visitor, as_text(), "seed.txt", address=f"/en{ADDRESS}"))
    plain = re.sub(r'<([a-z0-9]+)[^>]*lang="zh-Hans"[^>]*>.*?</\1>', "", page.split("<main")[1], flags=re.S)

    assert (
        "Differences that can be explained" in plain and "they differ in characters that sound alike" in plain
    )
    assert HAN.findall(re.sub(r"<[^>]+>", "", plain)) == []


@pytest.mark.parametrize("name", sorted(notice_writers.WRITTEN))
def test_every_format_gives_the_same_page(visitor, name):
    ending, make = notice_writers.WRITTEN[name]
    page = page_of(sent(visitor, make(), f"n.{ending}"))

    assert verdict_of(page) == "explained"
    assert list(marked_rows_of(page)) == ["t2r82", "t2r83"]


@pytest.mark.skipif(
    shutil.which("antiword") is None, reason="antiword is not installed: apt-get install antiword"
)
def test_an_old_doc_is_read_where_antiword_is(visitor, tmp_path):
    raw = notice_writers.converted(notice_writers.as_docx(), ending="docx", to="doc", folder=tmp_path)

    assert verdict_of(page_of(sent(visitor, raw, "n.doc"))) == "explained"


def test_where_antiword_is_missing_doc_is_not_offered_and_its_error_says_what_to_do(
    visitor, monkeypatch, tmp_path
):
    monkeypatch.setenv("PATH", str(tmp_path))
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "WordDocument".encode("utf-16-le") + bytes(4000)

    assert ".doc、" not in page_of(visitor.get(ADDRESS))
    assert "另存为 .docx" in page_of(sent(visitor, ole, "n.doc"), status=422)


# ---- JSON ----------------------------------------------------------------------------------------------------


def test_the_json_is_that_of_the_command(visitor):
    response = sent(visitor, as_text(), "2021.txt", **{"as": "json"})

    assert response["Content-Disposition"] == 'attachment; filename="notice-check.json"'
    assert response["Content-Type"] == "application/json; charset=utf-8"
    assert json.loads(response.content) == document_of(
        check_notice_bytes(as_text().encode(), file="2021.txt"), file="2021.txt"
    )


def test_the_page_carries_its_json_so_that_nothing_has_to_be_kept(visitor):
    import base64

    page = page_of(sent(visitor, as_text(), "2021.txt"))
    [data] = re.findall(r'<a href="data:application/json;base64,([^"]+)" download="notice-check.json">', page)

    assert base64.b64decode(data) == sent(visitor, as_text(), "2021.txt", **{"as": "json"}).content


# ---- what is refused -----------------------------------------------------------------------------------------


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<a>" + b" " * (30 * 1024 * 1024) + b"</a>")
        archive.writestr("[Content_Types].xml", b"<Types/>")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("sent_file", "status", "why"),
    [
        (("bomb.docx", bomb()), 422, Unreadable.BOMB),
        (("broken.docx", notice_writers.as_docx()[:3000]), 422, Unreadable.DAMAGED),
        (("empty.txt", b"  \n"), 422, Unreadable.EMPTY),
        (("zero.txt", b""), 422, Unreadable.EMPTY),
        (("picture.docx", b"\x89PNG\r\n\x1a\n" + bytes(100)), 422, Unreadable.NO_NOTICE),
        (("program.txt", bytes(range(256)) * 20), 422, Unreadable.NO_NOTICE),
        (("n.rtf", b"{\\rtf1 x}"), 422, Unreadable.OTHER_FORMAT),
        (("script.html", b"<html><body><script>1</script></body></html>"), 422, Unreadable.NO_TEXT),
        (("long.txt", b"a" * (11 * 1024 * 1024)), 413, Unreadable.TOO_LARGE),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_file_that_cannot_be_read_is_refused_beside_its_field(visitor, sent_file, status, why, language):
    name, raw = sent_file
    address = ADDRESS if language == "zh" else f"/en{ADDRESS}"
    page = page_of(sent(visitor, raw, name, address=address), status)
    [fault] = re.findall(r'<p class="hm-fault" id="fault" role="alert">(.*?)</p>', page, re.S)

    assert text_of(fault).startswith(words.say(language, f"unreadable_{why}", file=name))
    assert 'aria-describedby="file-hint fault" aria-invalid="true" autofocus' in page


@pytest.mark.parametrize("why", Unreadable)
def test_every_reason_has_words(why):
    assert words.say("zh", f"unreadable_{why}", file="x.docx").startswith("“x.docx”")


def test_a_wrong_ending_does_no_harm(visitor):
    assert verdict_of(page_of(sent(visitor, notice_writers.as_docx(), "通知.pdf"))) == "explained"


def test_nothing_sent_is_told_at_the_field(visitor):
    assert "请先选择文件" in page_of(visitor.post(ADDRESS, {"text": " \n"}), 422)
    assert "请先选择文件" in page_of(visitor.post(ADDRESS, {}), 422)


def test_a_file_and_a_text_are_one_too_many_and_the_text_is_not_lost(visitor):
    page = page_of(sent(visitor, CONSISTENT, text="<b>示例</b>"), 422)

    assert "只能核对一样" in page
    assert "&lt;b&gt;示例&lt;/b&gt;</textarea>" in page


@pytest.mark.parametrize("size", [21 * 1024 * 1024, 50 * 1024 * 1024])
def test_a_file_that_is_too_large_is_read_past_and_refused(visitor, monkeypatch, size):
    def read(*_: object, **__: object) -> None:
        raise AssertionError("it was read")

    monkeypatch.setattr(notice_check, "check_notice_bytes", read)
    page = page_of(sent(visitor, b"a" * size, "n.txt"), 413)

    assert "文件超过20 MB，没有读取" in page


def test_a_request_beyond_all_measure_is_refused_by_its_head(visitor):
    class NotToBeRead(io.BytesIO):
        def read(self, *_: object) -> bytes:
            raise AssertionError("its body was read")

    response = visitor.generic(
        "POST",
        ADDRESS,
        b"",
        "multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(10**10),
        **{"wsgi.input": NotToBeRead()},
    )

    assert "文件超过20 MB" in page_of(response, 413)


@pytest.mark.parametrize("characters", [notice_check.MOST_CHARACTERS_PASTED + 1, 1_000_000])
def test_a_pasted_text_that_is_too_long_is_refused(visitor, characters):
    assert "粘贴的文字太长" in page_of(visitor.post(ADDRESS, {"text": "示" * characters}), 413)


@pytest.mark.parametrize("body", [b"", b"--x\r\nnonsense", b"\xff" * 100])
def test_a_request_that_is_no_form_is_answered(body):
    response = Client(raise_request_exception=False).generic(
        "POST", ADDRESS, body, "multipart/form-data; boundary=x"
    )

    assert response.status_code in (400, 422)


def test_a_form_on_another_site_is_refused(visitor):
    there = {"file": SimpleUploadedFile("n.txt", CONSISTENT.encode())}
    page = page_of(visitor.post(ADDRESS, there, headers={"sec-fetch-site": "cross-site"}), 403)

    assert "来自别的网站" in page and "hm-verdict" not in page
    again = {"file": SimpleUploadedFile("n.txt", CONSISTENT.encode())}
    assert visitor.post(ADDRESS, again, headers={"sec-fetch-site": "same-origin"}).status_code == 200


# ---- what comes from the file is text ------------------------------------------------------------------------

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&"


def test_what_a_notice_says_is_never_markup(visitor):
    notice = (
        f"关于公布2024年度众创空间{EVIL}考核结果的通知\n\n示例市科技局{EVIL}：\n\n"
        f"经考核{EVIL}，3家众创空间考核结果为优秀{EVIL}。\n\n附件{EVIL}\n\n"
        f"序号\t众创空间名称{EVIL}\t考核结果\n1\t示例甲{EVIL}\t优秀{EVIL}\n2\t示例甲{EVIL}\t优秀\n3\t示例丙\t{EVIL}\n"
    )
    for address in (ADDRESS, f"/en{ADDRESS}"):
        page = page_of(sent(visitor, notice, f"{EVIL}.txt".replace("/", "")))
        main = page.split("<main")[1]
        assert "<script" not in main and "<img" not in main
        assert "alert(1)" in main, "it is shown, as text"
        assert "onerror=alert(1)&gt;" in main
        assert address


def test_scripts_of_a_page_are_not_shown_at_all(visitor):
    html = (
        "<html><body onload='x()'><h1>关于公布2024年度众创空间考核结果的通知</h1><p>示例市科技局：</p>"
        "<script>document.write('geheim')</script><p>3家众创空间考核结果为优秀。</p><img src='http://192.0.2.1/a'>"
        "</body></html>"
    )
    page = page_of(sent(visitor, html, "n.html"))

    assert "3家众创空间考核结果为优秀" in page
    assert "geheim" not in page and "192.0.2.1" not in page


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a\u202etxt.exe.txt", "x" * 400 + ".txt", "<b>.txt", "..."]
)
def test_any_name_of_a_file_is_only_text(visitor, name):
    page = page_of(sent(visitor, CONSISTENT, name))

    assert "<b>" not in page and "\u202e" not in page and "etc/passwd" not in page


# ---- how much is shown ---------------------------------------------------------------------------------------


def made_check(*, rows=1, cells=3, claims=0, findings=0, cell="示例", labels=1):
    text = "三家优秀，" * claims
    notice = PublishedNotice(
        file="n.txt", issuer=None, addressees=(), title="示例", year=None, document_number=None, issued_on=None,
        bases=(), stages=(), paragraphs=(text,) if claims else (),
        tables=(made_table(rows, cells, cell),),
    )  # fmt: skip
    return NoticeCheck(
        notice=notice,
        claims=tuple(
            NoticeClaim(
                text="三家优秀", paragraph=0, start=5 * at, end=5 * at + 4, kind=None, label="优秀",
                outcome="excellent", count=3, relation=Relation.DISJOINT,
            )
            for at in range(claims)
        ),
        findings=tuple(
            NoticeFinding(
                code="x", severity=Severity.INFO, message="示例", message_en="example", table=0, rows=(rows - at,)
            )
            for at in range(findings)
        ),
        proposals=(),
        verdict=Verdict.CONSISTENT,
        tallies=({f"示例{at}": 1 for at in range(labels)},),
    )  # fmt: skip


def made_table(rows, cells, cell):
    from hatchmark.domain.published_notices import NoticeCell, NoticeColumn, NoticeRow

    return NoticeTable(
        title="示例", label="附件", kind=None, columns=(NoticeColumn.OTHER,) * cells, heads=("名" * 5000,) * cells,
        rows=tuple(
            NoticeRow(number=at, serial=at, cells=(NoticeCell(raw=cell, text=cell),) * cells)
            for at in range(1, rows + 1)
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (made_check(rows=notice_marks.MOST_ROWS + 5, findings=3), f"这里略去{notice_marks.MOST_ROWS + 2}行"),
        (made_check(rows=3, findings=notice_marks.MOST_FINDINGS + 7), "另有7条发现"),
        (made_check(claims=notice_marks.MOST_CLAIMS + 4), "另有4个数"),
        (made_check(labels=notice_marks.MOST_LABELS + 2), "另有2种结果"),
        (made_check(rows=300, cells=200), "这里略去300行"),
    ],
    ids=["rows", "findings", "claims", "labels", "cells"],
)
def test_what_a_page_does_not_hold_is_counted_and_said(visitor, monkeypatch, made, said):
    monkeypatch.setattr(notice_check, "check_notice_bytes", lambda *_, **__: made)
    page = page_of(sent(visitor, CONSISTENT))

    assert said in page
    assert len(page) < 4 * 1024 * 1024


def test_rows_with_findings_stay_where_a_list_is_too_long(visitor, monkeypatch):
    made = made_check(rows=notice_marks.MOST_ROWS + 5, findings=3)
    monkeypatch.setattr(notice_check, "check_notice_bytes", lambda *_, **__: made)
    page = page_of(sent(visitor, CONSISTENT))

    assert re.findall(r'<tr id="(t1r\d+)"', page) == [f"t1r{notice_marks.MOST_ROWS + at}" for at in (3, 4, 5)]


def test_a_list_of_twenty_thousand_labels_and_a_long_text_make_no_endless_page(visitor, monkeypatch):
    made = made_check(rows=2000, cells=10, cell="示" * 20_000)
    monkeypatch.setattr(notice_check, "check_notice_bytes", lambda *_, **__: made)
    page = page_of(sent(visitor, CONSISTENT))

    assert "示" * (notice_marks.LONGEST_CELL + 1) not in page
    assert "名" * (notice_marks.LONGEST_HEAD + 1) not in page


# ---- how often, and how many at once -------------------------------------------------------------------------


def test_a_visitor_who_comes_too_often_is_told_when_to_come_again(visitor, monkeypatch):
    monkeypatch.setattr(notice_check, "_rate", RateLimit(2, seconds=600))
    answers = [visitor.post(ADDRESS, {"text": CONSISTENT}).status_code for _ in range(2)]
    refused = visitor.post(ADDRESS, {"text": CONSISTENT})

    assert answers == [200, 200]
    assert "请过11分钟再试" in page_of(refused, 429) or "请过10分钟再试" in page_of(refused, 429)
    assert 1 <= int(refused["Retry-After"]) <= 601
    assert visitor.get(ADDRESS).status_code == 200, "reading is not counted"
    assert Client(REMOTE_ADDR="192.0.2.9").post(ADDRESS, {"text": CONSISTENT}).status_code == 200


@pytest.mark.parametrize(
    ("trusted", "first", "second", "same"),
    [
        (False, {"REMOTE_ADDR": "192.0.2.1", "HTTP_X_FORWARDED_FOR": "1.1.1.1"},
                {"REMOTE_ADDR": "192.0.2.1", "HTTP_X_FORWARDED_FOR": "2.2.2.2"}, True),
        (True, {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "192.0.2.1"},
               {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "192.0.2.2"}, False),
        (True, {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "1.1.1.1, 192.0.2.1"},
               {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "2.2.2.2, 192.0.2.1"}, True),
        (False, {"REMOTE_ADDR": "2001:db8::1"}, {"REMOTE_ADDR": "2001:db8::ffff:2"}, True),
        (False, {"REMOTE_ADDR": "2001:db8::1"}, {"REMOTE_ADDR": "2001:db8:0:1::1"}, False),
        (False, {"REMOTE_ADDR": "::ffff:192.0.2.1"}, {"REMOTE_ADDR": "192.0.2.1"}, True),
    ],
    ids=["header not trusted", "header trusted", "only what the proxy wrote", "one network", "two", "mapped"],
)  # fmt: skip
def test_visitors_are_told_apart_by_their_address(settings, trusted, first, second, same):
    rf = RequestFactory()
    settings.FORWARDED_FOR_HEADER = trusted

    assert (visitor_of(rf.get("/", **first)) == visitor_of(rf.get("/", **second))) is same


def test_old_visits_are_forgotten_and_so_are_visitors_beyond_a_number():
    rate = RateLimit(1, seconds=60, remembered=2)

    assert rate.wait_of("a", now=0) == 0
    assert rate.wait_of("a", now=30) == 31
    assert rate.wait_of("a", now=61) == 0
    assert [rate.wait_of(each, now=62) for each in ("b", "c", "a")] == [0, 0, 0]
    assert len(rate._seen) == 2


def test_whoever_comes_while_all_slots_are_taken_is_told_to_come_again(visitor, monkeypatch):
    begun, go_on = threading.Semaphore(0), threading.Event()

    def slow(raw, *, file):
        begun.release()
        go_on.wait(30)
        return check_notice_bytes(raw, file=file)

    monkeypatch.setattr(notice_check, "check_notice_bytes", slow)
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(sent(Client(), CONSISTENT).status_code))
        for _ in range(notice_check.CHECKS_AT_ONCE)
    ]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert begun.acquire(timeout=30)
    busy = sent(visitor, CONSISTENT)
    go_on.set()
    for thread in threads:
        thread.join()

    assert "请过十几秒再试" in page_of(busy, 503)
    assert busy["Retry-After"] == str(notice_check.BUSY_SECONDS)
    assert answers == [200] * notice_check.CHECKS_AT_ONCE
    assert sent(visitor, CONSISTENT).status_code == 200, "a slot that was given back is free"


def test_a_slot_comes_back_after_an_error(visitor, monkeypatch):
    monkeypatch.setattr(notice_check, "_slots", Slots(1))
    for _ in range(2):
        assert sent(visitor, b"", "n.txt").status_code == 422


# ---- nothing is kept -----------------------------------------------------------------------------------------


@pytest.fixture
def temporary(monkeypatch, tmp_path):
    """The folder for temporary files, empty."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    return tmp_path


@pytest.mark.django_db
@pytest.mark.parametrize(
    "padding", [0, 3_000_000], ids=["small", "more than Django holds in memory by itself"]
)
def test_nothing_of_a_notice_touches_disk_database_or_log(temporary, caplog, capfd, monkeypatch, padding):
    """Looked at: files opened for writing, the temporary folder, statements to the database, lines of the log."""
    # The site's own handler may hold a stream that another test's capture has closed since; what it then prints is a
    # traceback through this file, and no line of the log.
    monkeypatch.setattr(logging, "raiseExceptions", False)
    visitor, written = Client(), []

    def listen(event, arguments):
        if event == "open" and listening:
            path, mode, flags = arguments
            if (isinstance(mode, str) and set(mode) & set("wax+")) or (
                isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            ):
                written.append(path)

    listening = True
    sys.addaudithook(listen)
    secret = (
        "<h1>关于公布2024年度众创空间考核结果的通知</h1><p>示例秘密市科技局：</p>"
        f"<p>经考核，3家众创空间考核结果为优秀。</p><!--{'x' * padding}-->"
    )
    with caplog.at_level(logging.DEBUG), CaptureQueriesContext(connection) as queries:
        answers = [
            sent(visitor, secret, "秘密.html"),
            sent(visitor, secret, "秘密.html", **{"as": "json"}),
            sent(visitor, b"\x89PNG" + secret.encode(), "秘密.png"),
        ]
    listening = False

    assert [answer.status_code for answer in answers] == [200, 200, 422]
    assert (len(secret.encode()) > 2_621_440) is bool(padding)
    assert list(temporary.iterdir()) == []
    # By a number: the nameless file in memory that the child reads.
    assert {path for path in written if not isinstance(path, int) and "__pycache__" not in str(path)} <= {
        os.devnull
    }
    assert len(queries) == 0
    said = caplog.text + "".join(capfd.readouterr())
    assert "秘密" not in said and "示例" not in said
    assert [answer.cookies for answer in answers] == [{}, {}, {}]
    assert all(answer["Cache-Control"] == "no-store" for answer in answers)


def test_uploads_are_held_in_memory_for_the_whole_site():
    assert settings.FILE_UPLOAD_HANDLERS == ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
