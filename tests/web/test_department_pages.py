"""The pages of the department, through the browser's door: who sees them, what they say, what they refuse."""

import html
import io
import re
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from python_calamine import CalamineWorkbook

from hatchmark.db.models import (
    Account,
    Authority,
    Draft,
    Entry,
    Extension,
    LedgerEntry,
    PendingAct,
    Request,
    ResultNotice,
    Round,
)
from hatchmark.domain.deadlines import CHINA
from hatchmark.domain.outcomes import EntryKey
from hatchmark.domain.permissions import Actor, Role
from hatchmark.domain.round_folder import ChannelType, RegisterRow
from hatchmark.domain.scheme import Status
from hatchmark.services import clock, requests, rounds

pytestmark = pytest.mark.django_db

CALL_AT = datetime(2026, 3, 2, 9, tzinfo=CHINA)
NOW = datetime(2026, 3, 10, 10, tzinfo=CHINA)
DATES = {
    "call_at": CALL_AT,
    "submission_closes_at": datetime(2026, 3, 31, 23, 59, 59, tzinfo=CHINA),
    "preliminary_review_closes_at": datetime(2026, 4, 17, 18, tzinfo=CHINA),
}
OFFICER = Actor(code="dep-1", name="示例甲", role=Role.DEPARTMENT, authority="demo")


@pytest.fixture(autouse=True)
def at_a_moment(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


def row(serial: int, *, channel: str = "示例市", kind: str = "incubator") -> RegisterRow:
    return RegisterRow(
        key=EntryKey(kind, serial),
        institution=f"demo-{kind[0]}{serial:02}",
        name=f"示例{serial}号孵化器",
        operators_printed=f"示例{serial}号运营有限公司",
        operators=(f"示例{serial}号运营有限公司",),
        channel=channel,
        channel_type=ChannelType.LEAGUE_CITY,
        region="150100",
        status=Status.RECOGNISED,
    )


def make_round(count: int = 3, *, code: str = "demo", submission: bool = True) -> Round:
    officer = Actor(code="dep-0", name="示例", role=Role.DEPARTMENT, authority=code)
    opened = rounds.open_round(
        authority_code=code, authority_name=f"示例{code}科学技术厅", year=2026, past=False, fictional=True,
        vocabulary="nmg-2021",
        settings={
            "addressees": ["各示例市科技局"],
            "bases": [{"title": "示例办法", "number": ""}],
            "dates": {name: at.isoformat() for name, at in DATES.items()},
        },
        schemes={"incubator": "nmg/incubator-2020"},
        register=[row(n, channel="示例盟" if n == 2 else "示例市") for n in range(1, count + 1)],
        changes=[], entered_at=None, happened_bound="", actor=officer, at=CALL_AT,
    )  # fmt: skip
    if submission:
        rounds.close_stage(evaluation_round=opened, actor=officer, at=CALL_AT)
    return opened


def client_of(username: str, role: Role, *, unit: str = "", code: str = "demo") -> Client:
    authority, _ = Authority.objects.get_or_create(code=code, defaults={"name": f"示例{code}科学技术厅"})
    account = Account.objects.create(
        username=username, name="示例", role=role.value, unit=unit, made_at=NOW,
        authority=None if role.endswith("_admin") else authority,
        password=make_password(None), password_set_at=NOW,
    )  # fmt: skip
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def department():
    return client_of("dep-1", Role.DEPARTMENT)


def text_of(response) -> str:
    return response.content.decode()


def paths_of(opened: Round, entry: Entry) -> list[str]:
    return [
        "/work/rounds/", "/work/rounds/open/", f"/work/rounds/{opened.pk}/", f"/work/rounds/{opened.pk}/entries.xlsx",
        f"/work/rounds/{opened.pk}/move-on/", f"/work/rounds/{opened.pk}/due/", f"/work/rounds/{opened.pk}/deadlines/",
        f"/work/rounds/{opened.pk}/scheme/", "/work/rulings/", "/work/register/", "/work/register/register.xlsx",
        f"/work/register/{entry.qualification_id}/",
    ]  # fmt: skip


# ---- who sees what -----------------------------------------------------------------------------------------


def test_the_pages_are_for_the_department_and_are_not_there_for_anybody_else(department):
    opened = make_round()
    entry = opened.entries.first()
    others = [
        client_of("demo-i01", Role.INSTITUTION, unit="demo-i01"),
        client_of("ch-1", Role.CHANNEL, unit="示例市"),
        client_of("sec-1", Role.SECURITY_ADMIN),
    ]
    for path in paths_of(opened, entry):
        assert department.get(path).status_code == (409 if path.endswith("/open/") else 200), path
        assert {other.get(path).status_code for other in others} == {404}, path
        assert Client().get(path).status_code == 302, path


def test_a_department_sees_nothing_of_another_authority(department):
    make_round()
    other = make_round(code="other")
    theirs = other.entries.first()
    asked = Request.objects.create(
        qualification=theirs.qualification, what="name", old="示例甲", new="示例乙", effective="2025", reason="示例",
        asked_by="demo-i01", asked_at=NOW,
    )  # fmt: skip
    pending = PendingAct.objects.create(
        act="change_scheme", subject="scheme:other", facts={"kind": "incubator", "from": "", "to": ""}, reason="示例",
        authority=other.authority, round=other, proposed_by="x", proposed_at=NOW,
    )  # fmt: skip

    hidden = [path for path in paths_of(other, theirs) if str(other.pk) in path or str(theirs.pk) in path]
    hidden = [path for path in hidden if path.count("/") > 3]
    assert len(hidden) > 5
    for path in [
        *hidden,
        f"/work/entries/{theirs.pk}/",
        f"/work/rulings/{asked.pk}/",
        f"/work/pending/{pending.pk}/",
    ]:
        assert department.get(path).status_code == 404, path
        assert department.post(path).status_code in (404, 405), path
    assert "示例乙" not in text_of(department.get("/work/rulings/?state=all"))


@pytest.mark.parametrize("unit", ["示例市", "示例盟"])
def test_a_channel_reads_its_own_entries_alone(unit):
    opened = make_round()
    client = client_of("ch-1", Role.CHANNEL, unit=unit)

    seen = {
        entry.channel
        for entry in opened.entries.all()
        if client.get(f"/work/entries/{entry.pk}/").status_code == 200
    }

    assert seen == {unit}


def test_a_draft_changes_nothing_that_the_department_sees(department):
    opened = make_round()
    entry = opened.entries.get(serial=1)
    paths = [*paths_of(opened, entry), f"/work/entries/{entry.pk}/"]

    def seen() -> list[tuple[int, bytes]]:
        answers = [department.get(path) for path in paths]
        # The token of a form is new in every answer.
        return [
            (each.status_code, re.sub(rb'(?<=csrfmiddlewaretoken" value=")\w+', b"", each.content))
            for each in answers
        ]

    before = seen()
    Draft.objects.create(entry=entry, figures={"x": {"value": "1"}}, saved_at=NOW, saved_by="demo-i01")

    assert seen() == before


# ---- lists -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/work/rounds/{}/",
        "/work/rounds/{}/due/",
        "/work/rounds/{}/entries.xlsx",
        "/work/rounds/{}/deadlines/",
    ],
)
def test_a_list_asks_the_database_as_often_for_thirty_rows_as_for_one(
    department, path, django_assert_max_num_queries
):
    one, thirty = make_round(1), make_round(30, code="other")
    client = client_of("dep-9", Role.DEPARTMENT, code="other")
    counts = []
    for each, who in ((one, department), (thirty, client)):
        who.get(path.format(each.pk))
        with django_assert_max_num_queries(30) as asked:
            assert who.get(path.format(each.pk)).status_code == 200
        counts.append(len(asked.captured_queries))

    assert counts[0] == counts[1]
    assert counts[1] <= 9


@pytest.mark.parametrize("path", ["/work/rulings/", "/work/register/"])
def test_requests_and_the_register_too(path, department, django_assert_max_num_queries):
    make_round(1)
    opened = make_round(30, code="other")
    client = client_of("dep-9", Role.DEPARTMENT, code="other")
    for code in ("demo", "other"):
        for entry in Entry.objects.filter(round__authority__code=code):
            Request.objects.create(
                qualification=entry.qualification, what="area", old="3000", new="4000", effective="2025",
                reason="示例", asked_by="x", asked_at=NOW,
            )  # fmt: skip
    counts = []
    for who in (department, client):
        who.get(path)
        with django_assert_max_num_queries(30) as asked:
            who.get(path)
        counts.append(len(asked.captured_queries))

    assert counts[0] == counts[1]
    assert opened.entries.count() == 30


def test_a_board_is_searched_filtered_sorted_and_turned(department):
    opened = make_round(60)
    board = f"/work/rounds/{opened.pk}/"

    first, second = text_of(department.get(board)), text_of(department.get(f"{board}?page=2"))
    assert ("示例50号孵化器" in first, "示例51号孵化器" in first) == (True, False)
    assert ("示例50号孵化器" in second, "示例51号孵化器" in second) == (False, True)
    found = text_of(department.get(f"{board}?q=２号"))
    assert "共6家" in found  # 2, 12, 22, 32, 42, 52: full-width digits are digits
    assert "共1家" in text_of(department.get(f"{board}?channel=示例盟"))
    assert "共0家" in text_of(department.get(f"{board}?standing=approved"))
    for odd in (
        "?page=999999",
        "?page=x",
        "?sort=nothing",
        "?standing=nothing",
        "?q=%00%1f",
        f"?q={'长' * 500}",
    ):
        assert department.get(board + odd).status_code == 200


def test_the_excel_list_holds_what_was_asked_for_and_no_formula(department):
    opened = make_round(60)
    entry = opened.entries.get(serial=2)
    Entry.objects.filter(pk=entry.pk).update(name='=HYPERLINK("http://x")')

    response = department.get(f"/work/rounds/{opened.pk}/entries.xlsx?channel=示例盟")

    rows = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0).to_python()
    assert rows[1][0] == "演示数据，非真实"
    assert [str(cell) for cell in rows[3][:4]] == ["序号", "类别", "机构名称", "运营机构"]
    assert [row[2] for row in rows[4:]] == ['=HYPERLINK("http://x")']
    assert response["Content-Disposition"].startswith("attachment")


# ---- acts --------------------------------------------------------------------------------------------------


def test_the_board_says_why_the_stage_cannot_be_left_yet(department):
    opened = make_round()

    page = text_of(department.get(f"/work/rounds/{opened.pk}/"))
    moving = text_of(department.get(f"/work/rounds/{opened.pk}/move-on/"))

    for text in (page, moving):
        assert "申报窗口开放至2026年3月31日（周二）23:59，截止前不能进入初审。" in text
        assert 'name="typed"' not in text


def move(client: Client, opened: Round, **typed: object):
    data = {"version": opened.version, "typed": "2026"}
    return client.post(f"/work/rounds/{opened.pk}/move-on/", data | typed)


def test_moving_on_wants_the_year_typed(department):
    opened = make_round(submission=False)

    refused = move(department, opened, typed="2025")
    assert (refused.status_code, Round.objects.get().stage) == (422, "call")
    assert move(department, opened).status_code == 302
    assert Round.objects.get().stage == "submission"


def test_of_two_officers_with_one_button_the_second_is_told(department):
    opened = make_round(submission=False)
    second = client_of("dep-2", Role.DEPARTMENT)
    move(department, opened)

    answer = second.post(
        f"/work/rounds/{opened.pk}/move-on/", {"version": opened.version, "typed": "2026"}, follow=True,
    )  # fmt: skip

    assert "内容已被他人更新" in text_of(answer)
    assert Round.objects.get().stage == "submission"
    assert LedgerEntry.objects.filter(act="open_submission").count() == 1


def extend(client: Client, opened: Round, **typed: str):
    data = {"entry": "all", "deadline": "submission_closes_at", "until": "2026-04-08", "reason": "系统停机"}
    return client.post(f"/work/rounds/{opened.pk}/deadlines/", data | typed)


def test_more_time_is_given_and_shown(department):
    opened = make_round()
    entry = opened.entries.get(serial=1)

    answer = extend(department, opened, entry=str(entry.pk))

    assert answer.status_code == 302
    assert Extension.objects.get().until == datetime(2026, 4, 8, 23, 59, 59, tzinfo=CHINA)
    page = text_of(department.get(answer["Location"]))
    assert "示例1号孵化器：期限延至2026年4月8日（周三）23:59" in page
    assert "已延期" in text_of(department.get(f"/work/entries/{entry.pk}/"))


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"until": "2026-04-05"}, "延至：2026年4月5日（周日）不是工作日，下一个工作日是2026年4月7日（周二）"),
        ({"until": "2027-04-08"}, "延至：2027年的放假安排未收录"),
        ({"until": "2026-03-30"}, "延期须更晚"),
        ({"until": "2026-04-20"}, "须早于初审截止"),
        ({"until": "08.04.2026"}, "延至：不是日期"),
        ({"until": ""}, "延至：不是日期"),
        ({"reason": " "}, "请填写理由"),
        ({"entry": ""}, "请选择机构或全部机构"),
        ({"entry": "999999"}, "请选择机构或全部机构"),
        ({"entry": "1 OR 1=1"}, "请选择机构或全部机构"),
        ({"entry": "²"}, "请选择机构或全部机构"),
        ({"entry": "9" * 40}, "请选择机构或全部机构"),
        ({"reason": "\x00\x07"}, "请填写理由"),
        ({"deadline": "published_at"}, "该期限不能延长"),
    ],
)
def test_a_bad_extension_is_said_beside_what_was_typed_and_keeps_it(department, typed, says):
    opened = make_round()

    answer = extend(department, opened, **({"reason": "示例停机"} | typed))

    assert answer.status_code == 422
    assert says in text_of(answer)
    assert typed.get("reason", "示例停机").strip("\x00\x07") in text_of(answer)
    assert not Extension.objects.exists()


def test_an_extension_is_not_given_to_an_entry_of_another_authority(department):
    opened, other = make_round(), make_round(code="other")

    assert extend(department, opened, entry=str(other.entries.first().pk)).status_code == 422
    assert not Extension.objects.exists()


# ---- opening -----------------------------------------------------------------------------------------------

OPENING = {
    "vocabulary": "nmg-2021", "notice_days": "5", "addressees": "各示例市科技局", "bases": "示例办法 | 示例1号",
    "scheme_incubator": "nmg/incubator-2020", "submission_closes_at": "2026-03-31",
    "preliminary_review_closes_at": "2026-04-17", "add_n": "0",
}  # fmt: skip
NEW = {
    "new_kind": "incubator",
    "new_name": "示例新孵化器", "new_operators": "示例甲公司，示例乙公司",
    "new_channel": "示例市", "new_channel_type": "league_city", "new_status": "recognised",
    "new_reason": "2025年新认定",
}  # fmt: skip


def seen_in(response) -> str:
    return text_of(response).partition('name="seen" value="')[2].partition('"')[0]


def kept_in(response) -> dict[str, str]:
    """Return the hidden fields of a page, as the next form sends them."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text_of(response))
    return {name: html.unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def test_in_a_first_round_nothing_is_chosen_by_itself_and_later_it_says_why(department):
    first = text_of(department.get("/work/rounds/open/"))
    schemes = re.findall(r'<select[^>]*name="(?:scheme_[a-z]+|vocabulary)".*?</select>', first)

    assert len(schemes) >= 3
    assert [each for each in schemes if " selected" in each] == []
    assert "目前只有这一个可用的方案" in first
    refused = department.post("/work/rounds/open/", {**OPENING, "vocabulary": "", "do": "preview"})
    assert (refused.status_code, "请选择" in text_of(refused)) == (422, True)

    opened = make_round()
    ResultNotice.objects.create(round=opened, version=1, document={}, digest="a" * 64)
    later = text_of(department.get("/work/rounds/open/"))

    assert f"沿用{opened.year}年度的方案，可以改选。" in later
    assert '<option value="nmg/incubator-2020" selected>' in later


def test_a_round_is_opened_in_the_browser_after_its_list_was_seen(department):
    shown = department.post("/work/rounds/open/", {**OPENING, **NEW, "do": "add"})
    assert (shown.status_code, Round.objects.count()) == (200, 0)
    assert "补列：2025年新认定" in text_of(shown)
    for each in set(ChannelType) - {ChannelType.NOT_STATED}:
        assert f'<option value="{each}">' in text_of(shown)

    done = department.post("/work/rounds/open/", {**kept_in(shown), "do": "open", "typed": "2026"})

    opened = Round.objects.get()
    assert done["Location"] == f"/work/rounds/{opened.pk}/"
    [entry] = opened.entries.all()
    assert (entry.name, entry.operators, entry.due_reasons) == (
        "示例新孵化器", ["示例甲公司", "示例乙公司"], ["added:2025年新认定"]
    )  # fmt: skip
    assert opened.settings["bases"] == [{"title": "示例办法", "number": "示例1号"}]
    assert opened.settings["dates"]["submission_closes_at"] == "2026-03-31T23:59:59+08:00"


def test_without_the_year_typed_or_with_another_list_nothing_is_opened(department):
    shown = department.post("/work/rounds/open/", {**OPENING, **NEW, "do": "add"})
    kept = kept_in(shown)

    assert department.post("/work/rounds/open/", {**kept, "do": "open", "typed": ""}).status_code == 422
    other = department.post("/work/rounds/open/", {**kept, "seen": "0" * 64, "do": "open", "typed": "2026"})
    assert other.status_code == 422
    assert "内容已被他人更新" in text_of(other)
    assert not Round.objects.exists()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (
            {"submission_closes_at": "2026-10-03"},
            "2026年10月3日（周六）不是工作日，下一个工作日是2026年10月8日（周四）",
        ),
        ({"submission_closes_at": "2027-03-31"}, "申报截止：2027年的放假安排未收录（已有2024至2026年）"),
        ({"submission_closes_at": "31.3.2026"}, "申报截止：不是日期"),
        ({"submission_closes_at": ""}, "申报截止：请选择日期"),
        ({"submission_closes_at": "2026-03-09"}, "申报截止：须晚于启动通知"),
        ({"preliminary_review_closes_at": "2026-03-30"}, "初审截止：须晚于申报截止"),
        ({"notice_days": "０"}, "公示工作日数：填1至60"),
        ({"notice_days": "five"}, "公示工作日数：填1至60"),
        ({"scheme_incubator": "../x"}, "科技企业孵化器：请选择该类别的方案"),
        ({"scheme_incubator": "national/incubator-2019"}, "目前不能用于年度评价"),
        ({"vocabulary": "x"}, "用语：请选择"),
        ({"bases": "\n \n"}, "依据文件：至少填一个文件"),
    ],
)
def test_bad_settings_are_said_and_what_was_typed_stays(department, changes, says):
    answer = department.post("/work/rounds/open/", {**OPENING, **changes, "do": "preview"})

    assert answer.status_code == 422
    assert says in text_of(answer)
    assert "各示例市科技局" in text_of(answer)
    assert not Round.objects.exists()


def test_the_next_round_waits_for_the_results_and_the_page_says_so(department):
    make_round()

    answer = department.get("/work/rounds/open/")

    assert answer.status_code == 409
    assert "2026年度结果尚未公布" in text_of(answer)
    assert "2026年度结果公布后即可启动" in text_of(department.get("/work/rounds/"))


def test_english_pages_are_complete(department):
    opened = make_round()
    for path in paths_of(opened, opened.entries.first()):
        if not path.endswith(("xlsx", "open/")):
            page = text_of(department.get(f"/en{path}"))
            assert '<html lang="en">' in page


# ---- requests ----------------------------------------------------------------------------------------------


def test_an_institution_asks_and_the_department_rules(department):
    opened = make_round()
    entry = opened.entries.get(serial=1)
    institution = client_of("demo-i01", Role.INSTITUTION, unit="demo-i01")
    wrong = institution.post(f"/work/deferrals/{entry.pk}/", {"as_kind": "incubator", "reason": ""})
    assert (wrong.status_code, "请填写理由" in text_of(wrong)) == (422, True)

    institution.post(f"/work/deferrals/{entry.pk}/", {"as_kind": "incubator", "reason": "场地搬迁"})
    asked = Request.objects.get()
    assert "待答复" in text_of(institution.get("/work/requests/"))
    assert "1件申请待答复" in text_of(department.get("/work/"))
    assert "改为2027年度参加" in text_of(department.get(f"/work/rulings/{asked.pk}/"))
    assert department.post(f"/work/rulings/{asked.pk}/", {"do": "grant", "reason": ""}).status_code == 422
    department.post(f"/work/rulings/{asked.pk}/", {"do": "grant", "reason": "情况属实"})

    assert Request.objects.get().ruling == "granted"
    assert "情况属实" in text_of(institution.get("/work/requests/"))
    assert "同意暂缓" in text_of(department.get(f"/work/rounds/{opened.pk}/?standing=deferred"))


def test_an_institution_sees_and_asks_for_itself_alone():
    opened = make_round()
    mine, other = opened.entries.get(serial=1), opened.entries.get(serial=2)
    actor = Actor(code="demo-i02", name="示例", role=Role.INSTITUTION, unit="demo-i02", authority="demo")
    requests.ask_deferral(entry=other, as_kind="incubator", reason="他家的秘密理由", actor=actor, at=NOW)
    institution = client_of("demo-i01", Role.INSTITUTION, unit="demo-i01")

    assert "他家的秘密理由" not in text_of(institution.get("/work/requests/"))
    assert institution.get(f"/work/deferrals/{other.pk}/").status_code == 404
    assert institution.get(f"/work/requests/{other.qualification_id}/name/").status_code == 404
    assert institution.get(f"/work/entries/{other.pk}/").status_code == 404
    assert institution.get(f"/work/requests/{mine.qualification_id}/name/").status_code == 200
    assert institution.get(f"/work/requests/{mine.qualification_id}/colour/").status_code == 404
    assert institution.get(f"/work/rulings/{Request.objects.get().pk}/").status_code == 404


def test_a_change_is_refused_beside_the_field_that_is_wrong():
    opened = make_round()
    entry = opened.entries.get(serial=1)
    institution = client_of("demo-i01", Role.INSTITUTION, unit="demo-i01")

    answer = institution.post(
        f"/work/requests/{entry.qualification_id}/area/",
        {"old": "3000", "new": "3500", "effective": "2026/2", "reason": "扩建"},
    )

    assert answer.status_code == 422
    for says in ("变更后：增减不超过20%", "变更时间：“2026/2”无法识别"):
        assert says in text_of(answer)
    assert not Request.objects.exists()


# ---- an act of two persons ---------------------------------------------------------------------------------


def proposed_change(opened: Round) -> PendingAct:
    kind = opened.kinds.get()
    return PendingAct.objects.create(
        act="change_scheme", subject="scheme:demo:2026:incubator", reason="示例理由", authority=opened.authority,
        facts={
            "kind": "incubator", "from": kind.scheme, "from_digest": kind.scheme_digest,
            "to": "recheck/incubator-2020", "to_digest": "",
        },
        round=opened, proposed_by="dep-1", proposed_at=NOW,
    )  # fmt: skip


def test_a_proposed_change_of_scheme_is_shown_to_both_and_confirmed_by_none_where_it_cannot_be(department):
    opened = make_round()
    pending = proposed_change(opened)
    second = client_of("dep-2", Role.DEPARTMENT)
    page = f"/work/pending/{pending.pk}/"

    assert ("撤回" in text_of(department.get(page)), "由您提出" in text_of(department.get(page))) == (
        True,
        True,
    )
    assert "dep-1提出的操作等待第二人确认" in text_of(second.get("/work/"))
    shown = text_of(second.get(page))
    assert ("目前不能用于年度评价" in shown, 'value="confirm"' in shown) == (True, False)
    # The button is not there; the request is refused all the same.
    for who in (department, second):
        answer = who.post(page, {"do": "confirm"}, follow=True)
        assert 'class="hm-told-error"' in text_of(answer)
    assert PendingAct.objects.get().state == "proposed"
    assert opened.kinds.get().scheme == "nmg/incubator-2020"

    second.post(page, {"do": "drop"})
    assert (PendingAct.objects.get().state, PendingAct.objects.get().decided_by) == ("refused", "dep-2")


# ---- the register ------------------------------------------------------------------------------------------


def test_the_register_is_shown_as_of_a_day(department):
    opened = make_round()
    Round.objects.filter(pk=opened.pk).update(year=2026)
    entry = opened.entries.get(serial=1)
    entry.qualification.events.create(event="disqualified", round=opened, happened_at=NOW - timedelta(days=1))

    today = text_of(department.get("/work/register/?state=disqualified"))
    before = text_of(department.get("/work/register/?state=disqualified&on=2026-03-01"))
    bad = department.get("/work/register/?on=2026-13-01")

    assert ("示例1号孵化器" in today, "示例1号孵化器" in before) == (True, False)
    assert (bad.status_code, "日期无法识别" in text_of(bad)) == (422, True)
