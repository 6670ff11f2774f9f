"""The pages of a roster, without a script: the list, a row, the template, a file that is checked before it is saved."""

import html
import io
import re
from datetime import timedelta

import openpyxl
import pytest
from conftest_services import AUTHORITY, DATES, live_round_at
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hatchmark.db.models import Account, Authority, Draft
from hatchmark.domain.credit_codes import check_character
from hatchmark.domain.rosters import COLUMNS, read_row
from hatchmark.domain.workflow import Stage
from hatchmark.services import clock, rosters

__all__ = ["live_round_at"]

AT = DATES["submission_closes_at"] - timedelta(days=2)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def code_of(number: int) -> str:
    body = f"91150100{number:09d}"
    return body + check_character(body)


def cells_of(number: int, **changes: str) -> dict[str, str]:
    return {
        "enterprise": f"示例{number}号有限公司",
        "credit_code": code_of(number),
        "status": "在孵",
        "founded_on": "2024-05-24",
        "entered_on": "2024-12-09",
        "income": "1900",
    } | changes


def line_of(number: int, **changes: str):
    return dict(read_row(cells_of(number, **changes), today=rosters.today(AT)).line or {})


def visitor(role="institution", unit="demo-i01"):
    account = Account.objects.create(
        username=f"{role}-{unit}"[:60],
        name="示例张某",
        role=role,
        unit=unit,
        authority=Authority.objects.get(code=AUTHORITY),
        made_at=AT,
        password_set_at=AT,
    )
    browser = Client(raise_request_exception=False)
    browser.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


@pytest.fixture
def live(live_round_at, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)
    return live_round_at(Stage.SUBMISSION)


@pytest.fixture
def institution(live):
    return visitor()


def page(live, more="", serial=1):
    return f"/work/submissions/{live.entries[serial].pk}/roster/{more}"


def stored(live, *lines, serial=1):
    Draft.objects.update_or_create(
        entry=live.entries[serial], defaults={"roster": list(lines), "saved_at": AT, "saved_by": "x"}
    )


def roster(live):
    draft = Draft.objects.filter(entry=live.entries[1]).first()
    return draft.roster if draft else None


def body(response):
    return html.unescape(response.content.decode())


def field(response, name):
    return html.unescape(re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())[1])


def book_of(*rows: dict[str, str]) -> bytes:
    book = openpyxl.Workbook()
    book.active.append([column.title for column in COLUMNS])
    for row in rows:
        book.active.append([row.get(column.code, "") for column in COLUMNS])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def send(browser, live, content: bytes, name="名单.xlsx"):
    return browser.post(page(live, "import/"), {"file": SimpleUploadedFile(name, content)})


# ---- the list ---------------------------------------------------------------------------------------------


def test_an_empty_list_says_what_to_do_next(live, institution):
    response = institution.get(page(live))

    assert response.status_code == 200
    assert "名单里还没有企业" in body(response)
    assert page(live, "new/") in body(response)


def test_the_list_shows_fifty_rows_a_page_and_finds_by_name_code_and_status(live, institution):
    stored(live, *(line_of(n) for n in range(1, 61)), line_of(99, status="毕业", graduated_on="2024-12-20"))

    def names(query):
        return re.findall(
            r"示例\d+号有限公司</span> <small", institution.get(page(live, query)).content.decode()
        )

    assert [len(names(query)) for query in ("", "?page=2", "?page=99", "?page=x")] == [50, 11, 11, 50]
    assert names("?q=示例7号") == ["示例7号有限公司</span> <small"]
    assert len(names(f"?q={code_of(8)}")) == 1
    assert len(names("?status=graduate")) == 1
    assert "没有符合条件的企业" in body(institution.get(page(live, "?q=没有")))


def test_the_list_asks_the_database_as_often_for_one_row_as_for_thirty(live, institution):
    institution.get(page(live))  # the first page of a session stores it
    asked = []
    for count in (1, 30):
        stored(live, *(line_of(n) for n in range(count)))
        with CaptureQueriesContext(connection) as queries:
            assert institution.get(page(live)).status_code == 200
        asked.append(len(queries))

    assert asked[0] == asked[1] <= 12


def test_a_row_that_cannot_be_is_marked_in_the_list(live, institution):
    stored(live, line_of(1) | {"credit_code": "91150100000000001X"})

    assert "校验位不符" in body(institution.get(page(live)))


def test_the_list_says_where_it_differs_from_the_form(live, institution):
    stored(live, line_of(1), line_of(2))
    Draft.objects.update(figures={"tenants": {"status": "reported", "value": "3"}})

    shown = re.sub(r"<[^>]+>|\s+", " ", body(institution.get(page(live))))
    assert re.search(r"在孵企业 +家 +2 +3 +≠ +不一致", shown)


# ---- one row ----------------------------------------------------------------------------------------------


def test_a_row_is_added_changed_and_removed_by_hand(live, institution):
    assert institution.post(page(live, "new/"), cells_of(1)).status_code == 302
    assert roster(live) == [line_of(1)]

    link = re.search(r'href="([^"]*/roster/rows/[^"]+)"', institution.get(page(live)).content.decode())[1]
    form = institution.get(link)
    assert f'value="{code_of(1)}"' in body(form)
    was = field(form, "was")
    assert institution.post(link, cells_of(1, income="5") | {"was": was}).status_code == 302
    assert roster(live) == [line_of(1, income="5")]

    assert institution.get(link).status_code == 302, "a row that is no longer so leads back to the list"
    link = re.search(r'href="([^"]*/roster/rows/[^"]+)"', institution.get(page(live)).content.decode())[1]
    was = field(institution.get(link), "was")
    institution.post(link, {"was": was, "remove": "yes"})
    assert roster(live) == []


def test_a_bad_row_comes_back_as_it_was_typed_with_each_fault_beside_its_field(live, institution):
    response = institution.post(page(live, "new/"), cells_of(1, credit_code="123", entered_on="去年"))

    assert response.status_code == 422
    shown = body(response)
    assert 'value="去年"' in shown
    assert 'value="123"' in shown
    assert shown.count("统一社会信用代码应为18位，这里是3位") == 2
    assert re.search(r'id="credit_code"[^>]*aria-invalid="true" autofocus', shown)
    assert roster(live) is None


def test_of_two_windows_with_one_row_the_second_sees_both_and_may_insist(live, institution):
    stored(live, line_of(1))
    link = re.search(r'href="([^"]*/roster/rows/[^"]+)"', institution.get(page(live)).content.decode())[1]
    was = field(institution.get(link), "was")
    institution.post(link, cells_of(1, income="5") | {"was": was})

    second = institution.post(link, cells_of(1, income="6") | {"was": was})

    assert second.status_code == 409
    assert "已在别的窗口被修改" in body(second)
    assert re.search(r"<dd>5 ", body(second))
    assert 'value="6"' in body(second)
    assert roster(live) == [line_of(1, income="5")]
    institution.post(link, cells_of(1, income="6") | {"was": field(second, "was")})
    assert roster(live) == [line_of(1, income="6")]


def test_after_the_deadline_nothing_is_saved_and_the_page_says_why(live, institution, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: DATES["submission_closes_at"] + timedelta(seconds=1))

    response = institution.post(page(live, "new/"), cells_of(1))

    assert response.status_code == 409
    assert "申报已于2025年3月31日（周一）23:59截止" in body(response)
    assert roster(live) is None
    assert "新增企业" not in body(institution.get(page(live)))
    assert send(institution, live, book_of(cells_of(1))).status_code == 409


# ---- the template, and a file -----------------------------------------------------------------------------


def test_the_template_is_a_workbook_and_nothing_that_a_browser_shows(live, institution):
    stored(live, line_of(1))

    response = institution.get(page(live, "template.xlsx?with=present"))

    assert response.headers["Content-Type"] == XLSX
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).worksheets[0]
    assert [sheet["A2"].value, sheet["B3"].value, sheet["C3"].value] == [
        "示例",
        "示例1号有限公司",
        code_of(1),
    ]


def test_a_file_with_three_bad_cells_comes_back_marked_and_saves_nothing(live, institution):
    bad = book_of(
        cells_of(1),
        cells_of(2, credit_code=code_of(2)[:-1]),
        cells_of(3, entered_on="去年", income="190万元"),
    )

    response = send(institution, live, bad)

    assert response.status_code == 422
    assert "文件里有3处需要改正，什么都没有保存" in body(response)
    assert re.findall(r'<th scope="row">([A-Z]+\d+)</th>', response.content.decode()) == ["B3", "E4", "K4"]
    marked = institution.post(page(live, "import/"), {"marked": "yes", "carried": field(response, "carried")})
    assert marked.headers["Content-Type"] == XLSX
    sheet = openpyxl.load_workbook(io.BytesIO(marked.content)).worksheets[0]
    comments = {cell.coordinate: cell.comment.text[:6] for row in sheet for cell in row if cell.comment}
    assert comments == {"B3": "统一社会信用", "E4": "不是日期。请", "K4": "请只填数字，"}
    assert sheet["B4"].value == code_of(3)
    assert roster(live) is None


def test_a_good_file_shows_what_changes_before_anything_is_saved(live, institution):
    stored(live, line_of(1), line_of(2), line_of(3))

    preview = send(institution, live, book_of(cells_of(1), cells_of(2, income="7"), cells_of(4)))

    assert preview.status_code == 200
    counts = re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", preview.content.decode())
    assert counts == [("新增", "1"), ("修改", "1"), ("移出", "1"), ("不变", "1")]
    assert [line["enterprise"] for line in roster(live)] == [
        "示例1号有限公司",
        "示例2号有限公司",
        "示例3号有限公司",
    ]

    confirmed = institution.post(
        page(live, "import/"), {"confirm": "yes", "carried": field(preview, "carried")}
    )

    assert confirmed.status_code == 302
    assert roster(live) == [line_of(1), line_of(2, income="7"), line_of(4)]
    assert "已导入：新增1家，修改1家，移出1家" in body(institution.get(page(live)))


def test_a_list_that_changed_between_preview_and_confirming_is_shown_anew(live, institution):
    preview = send(institution, live, book_of(cells_of(1)))
    stored(live, line_of(5))

    response = institution.post(
        page(live, "import/"), {"confirm": "yes", "carried": field(preview, "carried")}
    )

    assert response.status_code == 409
    assert "本次没有保存" in body(response)
    assert roster(live) == [line_of(5)]
    institution.post(page(live, "import/"), {"confirm": "yes", "carried": field(response, "carried")})
    assert roster(live) == [line_of(1)]


def test_what_a_page_carries_is_for_this_entry_and_this_account(live, institution):
    preview = send(institution, live, book_of(cells_of(1)))
    carried = field(preview, "carried")
    other = visitor(unit="demo-i02")

    for browser, serial, value in ((institution, 1, carried[:-1]), (other, 2, carried), (institution, 1, "")):
        response = browser.post(page(live, "import/", serial), {"confirm": "yes", "carried": value})
        assert response.status_code == 422
        assert "请重新上传文件" in body(response)

    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.doc", b"x", "只读 .xlsx 和 .csv"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 .xls"),
        ("a.xlsx", b"PK\x03\x04", "文件打不开"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_what_to_do(live, institution, name, content, told):
    response = send(institution, live, content, name)

    assert response.status_code == 422
    assert told in body(response)


def test_no_file_is_told_too(live, institution):
    assert "请先选择文件" in body(institution.post(page(live, "import/"), {}))


# ---- who --------------------------------------------------------------------------------------------------

ADDRESSES = ("", "new/", "rows/abc/", "template.xlsx", "import/")


@pytest.mark.parametrize(
    ("role", "unit"),
    [("institution", "demo-i02"), ("channel", "示例市"), ("channel", "示例盟"), ("department", "示例厅")],
)
def test_a_list_is_there_for_its_institution_alone(live, role, unit):
    stored(live, line_of(1))
    browser = visitor(role, unit)
    nothing = "/work/submissions/999999/roster/"

    for more in ADDRESSES:
        hidden, absent = browser.get(page(live, more)), browser.get(nothing + more)
        assert (hidden.status_code, absent.status_code) == (404, 404)
        assert hidden.content == absent.content
    assert browser.post(page(live, "new/"), cells_of(2)).status_code == 404
    assert send(browser, live, book_of(cells_of(2))).status_code == 404
    assert roster(live) == [line_of(1)]


def test_whoever_is_not_signed_in_is_asked_to(live):
    for more in ADDRESSES:
        assert Client().get(page(live, more)).status_code == 302


def test_a_name_with_markup_in_it_is_text(live, institution):
    stored(live, line_of(1) | {"enterprise": "<script>alert(1)</script>"})

    assert b"<script>alert" not in institution.get(page(live)).content


def test_the_pages_are_there_in_english(live, institution):
    stored(live, line_of(1))

    for more in ("", "new/", "import/"):
        response = institution.get("/en" + page(live, more))
        assert response.status_code == 200
    assert "Tenants" in body(institution.get("/en" + page(live)))
