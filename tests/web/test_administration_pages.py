"""The pages of the three administrators: each sees its own, and what two have to do one cannot."""

import re

import pytest
from django.test import Client
from test_signing_in import PASSWORD, make_account

from hatchmark.db.models import Account, Authority, Invitation, LedgerEntry, Message, PendingAct
from hatchmark.domain.permissions import ADMINISTRATORS, Role
from hatchmark.web.ledger_objects import objects_of

PAGES = {
    "/work/accounts/": Role.SECURITY_ADMIN,
    "/work/mail/": Role.SYSTEM_ADMIN,
    "/work/ledger/": Role.AUDIT_ADMIN,
    "/work/ledger/check/": Role.AUDIT_ADMIN,
    "/work/ledger/ledger.jsonl": Role.AUDIT_ADMIN,
}


@pytest.fixture
def everybody(db) -> dict[Role, Client]:
    Authority.objects.create(code="demo", name="示例厅")
    clients = {}
    for role in Role:
        clients[role] = Client(raise_request_exception=False)
        if role is not Role.PUBLIC:
            clients[role].force_login(
                make_account(f"{role}-1", role, unit="demo-i01" if role is Role.INSTITUTION else "示例"),
                backend="allauth.account.auth_backends.AuthenticationBackend",
            )
    return clients


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("role", Role)
def test_a_page_is_there_for_its_role_and_for_no_other(everybody, address, role):
    response = everybody[role].get(address)

    if role is PAGES[address]:
        assert response.status_code == 200
    elif role is Role.PUBLIC:
        assert response["Location"].startswith("/accounts/login/?next=")
    else:
        assert response.status_code == 404
        assert response.content == everybody[role].get("/work/nothing-like-this/").content


def test_an_invitation_is_shown_once_taken_up_and_then_void(everybody):
    page = everybody[Role.SECURITY_ADMIN].post(
        "/work/accounts/invite/",
        {
            "role": "channel",
            "name": "示例乙",
            "unit": "示例市",
            "authority": "demo",
            "email": "",
            "person": "",
        },
    )
    address = re.search(r"http://testserver(/work/invitations/[^<]+)", page.content.decode())[1]
    assert address not in everybody[Role.SECURITY_ADMIN].get("/work/accounts/").content.decode()
    guest = Client(raise_request_exception=False)
    assert "示例乙" in guest.get(address).content.decode()

    wrong = guest.post(address, {"username": "yi.02", "password": PASSWORD, "again": "other"})
    assert wrong.status_code == 422
    assert 'value="yi.02"' in wrong.content.decode()
    done = guest.post(address, {"username": "yi.02", "password": PASSWORD, "again": PASSWORD})

    assert done["Location"] == "/work/"
    assert guest.get("/work/").status_code == 200
    used, made_up = guest.get(address), guest.get("/work/invitations/made-up/")
    assert (used.status_code, made_up.status_code) == (404, 404)
    assert used.content.decode().count("邀请无效") == made_up.content.decode().count("邀请无效") > 0


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"role": "institution", "unit": "demo-i99"}, "名册中没有机构demo-i99"),
        ({"role": "audit_admin", "unit": ""}, "管理员须由两人增设"),
        ({"role": "nonsense", "unit": ""}, "请从列出的角色中选择一个"),
        ({"role": "channel", "unit": ""}, "须代表一个单位"),
    ],
)
def test_a_bad_invitation_is_told_and_nothing_typed_is_lost(everybody, typed, said):
    page = everybody[Role.SECURITY_ADMIN].post(
        "/work/accounts/invite/",
        {"name": "示例丙<b>", "authority": "demo", "email": "", "person": "", **typed},
    )

    assert page.status_code == 422
    text = page.content.decode()
    assert said in text
    assert 'value="示例丙&lt;b&gt;"' in text
    assert Invitation.objects.count() == 0


def test_an_account_is_blocked_with_a_reason_and_out_at_once(everybody):
    department = Account.objects.get(role="department")
    assert everybody[Role.DEPARTMENT].get("/work/").status_code == 200
    page = f"/work/accounts/{department.pk}/"

    assert everybody[Role.SECURITY_ADMIN].post(page, {"reason": ""}).status_code == 422
    assert everybody[Role.SECURITY_ADMIN].post(page, {"reason": "离职"}).status_code == 302

    assert everybody[Role.DEPARTMENT].get("/work/").status_code == 302
    assert LedgerEntry.objects.last().act == "block_account"


def test_two_administrators_make_a_third_and_one_cannot(everybody):
    security, audit = everybody[Role.SECURITY_ADMIN], everybody[Role.AUDIT_ADMIN]
    typed = {"role": "system_admin", "name": "示例新人", "email": "", "person": "", "reason": "增补"}
    assert security.post("/work/administrators/", typed).status_code == 302
    pending = PendingAct.objects.get()
    decide = f"/work/administrators/{pending.pk}/decide/"
    assert "示例新人" in audit.get("/work/administrators/").content.decode()

    alone = security.post(decide, {"decision": "confirm"})
    assert alone.status_code == 422
    assert "前一步是您办理的，须由另一人确认" in alone.content.decode()
    both = audit.post(decide, {"decision": "confirm"})

    assert "/work/invitations/" in both.content.decode()
    assert PendingAct.objects.get().state == "confirmed"


def test_only_the_security_administrator_proposes(everybody):
    typed = {"role": "system_admin", "name": "示例新人", "email": "", "person": "", "reason": "增补"}

    refused = everybody[Role.AUDIT_ADMIN].post("/work/administrators/", typed)

    assert refused.status_code == 422
    assert PendingAct.objects.count() == 0


def test_the_ledger_is_searched_paged_and_verified(everybody):
    audit = everybody[Role.AUDIT_ADMIN]
    everybody[Role.SECURITY_ADMIN].post(
        f"/work/accounts/{Account.objects.get(role='expert').pk}/", {"reason": "示例理由"}
    )

    for query in ("block", "停用", "expert-1"):
        found = audit.get(f"/work/ledger/?q={query}").content.decode()
        assert ("停用账号" in found, "示例理由" in found, "账号 expert-1" in found) == (True, True, True)
    assert "停用账号" not in audit.get("/work/ledger/?q=nothing-like-this").content.decode()
    assert "核验通过" in audit.get("/work/ledger/check/").content.decode()
    LedgerEntry.objects.filter(act="block_account").update(details={"reason": "改过"})
    assert "核验未通过" in audit.get("/work/ledger/check/").content.decode()


@pytest.mark.parametrize(
    ("subject", "zh", "en"),
    [
        ("account:dep-1", "账号 dep-1", "Account dep-1"),
        ("invitation:7", "第7号邀请", "Invitation 7"),
        ("token:7", "第7号接口令牌", "Token 7"),
        ("message:7", "第7号消息", "Message 7"),
        (
            "administrator:audit_admin:示例",
            "增设审计管理员：示例",
            "A further administrator (Audit administrator): 示例",
        ),
        ("round:2025", "2025年度评价", "Round 2025"),
        ("kind:incubator", "科技企业孵化器（全部参评机构）", "Incubators, all of a round"),
        ("scheme:demo:2025:makerspace", "2025年度众创空间评价方案", "Makerspaces: scheme of 2025"),
        ("institution:demo-i01", "机构：demo-i01", "Institution: demo-i01"),
        ("demo identity 0123456789abcdef", "名册中机构的认定", "Who is who in the register"),
        ("makerspace:7", "makerspace:7", "makerspace:7"),
    ],
)
def test_what_a_line_of_the_ledger_is_about_is_said_in_words(db, subject, zh, en):
    line = LedgerEntry(sequence=1, act="sign_in", actor="dep-1", actor_role="department", subject=subject)

    assert [objects_of(language, [line])[1] for language in ("zh", "en")] == [zh, en]


def test_mail_that_failed_stands_in_the_to_do_and_is_sent_again(
    everybody, django_capture_on_commit_callbacks, settings
):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    account = Account.objects.get(role="channel")
    message = Message.objects.create(
        account=account, event="submitted", title="示例", text="示例", made_at=account.made_at, mail="failed",
        mail_problem="SMTPException: <script>", mail_tries=1,
    )  # fmt: skip
    system = everybody[Role.SYSTEM_ADMIN]
    assert "1封邮件发送失败" in system.get("/work/").content.decode()
    assert "SMTPException: &lt;script&gt;" in system.get("/work/mail/?state=failed").content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        system.post(f"/work/mail/{message.pk}/retry/")

    assert Message.objects.get().mail == "sent"


def test_a_list_asks_the_database_as_often_for_many_as_for_one(everybody, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    security = everybody[Role.SECURITY_ADMIN]
    security.get("/work/accounts/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        security.get("/work/accounts/")
    for number in range(40):
        make_account(f"more-{number}", "channel", unit="示例市")

    with django_assert_num_queries(len(few)):
        security.get("/work/accounts/")


def test_no_administrator_reaches_the_evaluation(everybody):
    for role in ADMINISTRATORS:
        for address in (
            "/work/submissions/1/",
            "/work/queue/1/",
            "/work/rounds/1/",
            "/work/rounds/1/reminders/",
        ):
            assert everybody[role].get(address).status_code == 404


@pytest.mark.parametrize("language", ["", "/en"])
def test_messages_are_read_by_their_account_alone(everybody, language):
    account = Account.objects.get(role="channel")
    Message.objects.create(
        account=account, event="submitted", title="示例标题", text="示例", made_at=account.made_at, mail="none",
        link="queue:999",
    )  # fmt: skip

    page = everybody[Role.CHANNEL].get(f"{language}/work/messages/").content.decode()
    assert "示例标题" in page
    assert "示例标题" not in everybody[Role.DEPARTMENT].get(f"{language}/work/messages/").content.decode()
    everybody[Role.DEPARTMENT].post("/work/messages/read/")
    assert Message.objects.filter(read_at=None).count() == 1
    everybody[Role.CHANNEL].post("/work/messages/read/")

    assert Message.objects.filter(read_at=None).count() == 0


def test_the_navigation_counts_what_was_not_read_and_is_silent_where_all_was(everybody):
    account = Account.objects.get(role="channel")
    for title in ("示例一", "示例二"):
        Message.objects.create(
            account=account, event="submitted", title=title, text="示例", made_at=account.made_at, mail="none"
        )

    counted = re.compile(r'<span class="hm-branch-count">(\d+)')
    assert counted.findall(everybody[Role.CHANNEL].get("/work/").content.decode()) == ["2"]
    assert counted.findall(everybody[Role.DEPARTMENT].get("/work/").content.decode()) == []
    everybody[Role.CHANNEL].post("/work/messages/read/")
    assert counted.findall(everybody[Role.CHANNEL].get("/work/").content.decode()) == []


def test_every_page_of_the_navigation_leads_back_to_the_to_do_page(everybody):
    page = everybody[Role.SECURITY_ADMIN].get("/work/accounts/").content.decode()

    crumbs = re.search(r'<nav class="hm-crumbs"[^>]*>(.*?)</nav>', page)[1]
    assert crumbs == '<a href="/work/">待办</a><span aria-current="page">账号</span>'
    assert "hm-crumbs" not in everybody[Role.SECURITY_ADMIN].get("/work/").content.decode()
