"""查验证明: each state in both languages, codes as people type them, and nothing else under these addresses."""

from datetime import timedelta
from html import unescape

import conftest_services
import pytest
from conftest_services import DATES, FIRST, SECOND
from django.test import Client

from hatchmark.domain.outcomes import Decision, EntryKey, Grade, Mode, Outcome
from hatchmark.domain.workflow import Stage
from hatchmark.services import certificates, publication, revisions

live_round_at = conftest_services.live_round_at
PUBLISHED = DATES["published_at"]
LATER = PUBLISHED + timedelta(days=3)
UNKNOWN = "AAAAA-AAAAA-AAAAA-AAAAA-AAAAA"


@pytest.fixture
def live(live_round_at):
    return live_round_at(Stage.PUBLISHED)


@pytest.fixture
def codes(live):
    made = certificates.issue_certificates(evaluation_round=live.round, actor=FIRST, at=PUBLISHED)
    return {row.entry.serial: row.code for row in made}


def text_of(response, status=200):
    assert response.status_code == status
    return unescape(response.content.decode())


def test_a_valid_certificate_says_what_it_attests(live, codes):
    page = text_of(Client().get(f"/certificates/{codes[1]}/"))

    for said in (
        "证明有效",
        "示例1号孵化器",
        "科技企业孵化器",
        "不合格",
        "示例自治区科学技术厅",
        "2025年7月14日",
    ):
        assert said in page
    assert '<a href="/demo/institutions/demo-i01/" lang="zh-Hans">示例1号孵化器</a>' in page
    assert "演示数据，非真实" in page
    assert "示例2号" not in page


def test_the_english_page_keeps_the_printed_words(live, codes):
    page = text_of(Client().get(f"/en/certificates/{codes[1]}/"))

    assert "This certificate holds" in page and '<html lang="en">' in page
    assert 'Unqualified <small lang="zh-Hans">不合格</small>' in page
    assert f'href="/certificates/{codes[1]}/"' in page, "the page in the other language"


def test_a_corrected_result_supersedes_its_certificate(live, codes):
    decision = Decision(
        key=EntryKey("incubator", 1),
        mode=Mode.EVALUATED,
        outcome=Outcome.GRADED,
        grade=Grade.GOOD,
        reason="示例差错",
    )
    revisions.propose_revision(entry=live.entries[1], decision=decision, actor=FIRST, at=LATER)
    revisions.confirm_revision(entry=live.entries[1], actor=SECOND, at=LATER)
    publication.prepare_correction(evaluation_round=live.round, reason="录入差错", actor=FIRST, at=LATER)
    publication.correct_publication(evaluation_round=live.round, actor=SECOND, at=LATER)

    page = text_of(Client().get(f"/certificates/{codes[1]}/"))

    assert "证明已被取代" in page and "证明有效" not in page
    assert "2025年7月17日更正了所证明的结果，请以2025年度结果通知第2版为准。" in page
    assert '理由： <span lang="zh-Hans">录入差错</span>' in page
    assert "证明有效" in text_of(Client().get(f"/certificates/{codes[2]}/"))


def test_a_withdrawn_certificate_says_since_when(live, codes):
    certificates.ask_withdrawal(code=codes[1], reason="示例理由", actor=FIRST, at=LATER)
    certificates.withdraw_certificate(code=codes[1], actor=SECOND, at=LATER)

    page = text_of(Client().get(f"/certificates/{codes[1]}/"))
    english = text_of(Client().get(f"/en/certificates/{codes[1]}/"))

    assert "证明已撤回" in page and "自2025年7月17日起不再有效。" in page and "示例理由" in page
    assert "It holds no longer since 17 July 2025." in english


@pytest.mark.parametrize("typed", [str.lower, lambda code: code.replace("-", " "), lambda code: f"  {code} "])
def test_a_typed_code_leads_to_its_answer(live, codes, typed):
    response = Client().get("/certificates/", {"code": typed(codes[1])})

    assert (response.status_code, response["Location"]) == (302, f"/certificates/{codes[1]}/")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/certificates/?code=ABC", 200),
        (f"/certificates/{UNKNOWN}/", 404),
        ("/certificates/%3Cscript%3Ealert(1)/", 404),
        (f"/certificates/?code={'A' * 1000}", 200),
    ],
)
def test_what_is_no_code_is_asked_for_again_and_escaped(live, codes, address, status):
    response = Client().get(address)

    page = text_of(response, status)
    assert "没有这个查验码的证明" in page
    assert b"<script" not in response.content
    assert f'value="{"A" * 61}' not in page
    assert [code for code in codes.values() if code in page] == []


def test_without_a_code_the_page_asks_and_complains_of_nothing(db):
    page = text_of(Client().get("/certificates/"))

    assert 'name="code"' in page and "没有这个查验码" not in page
    assert Client().post("/certificates/").status_code == 405
