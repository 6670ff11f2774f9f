"""A corrected notice on the site: both versions kept, each page says which stands, the correction between them."""

import io
from datetime import timedelta
from html import unescape

import conftest_services
import docx
import pytest
from conftest_services import DATES, FIRST, SECOND
from django.test import Client

from hatchmark.domain.outcomes import Decision, EntryKey, Grade, Mode, Outcome
from hatchmark.domain.workflow import Stage
from hatchmark.services import publication, revisions

live_round_at = conftest_services.live_round_at
LATER = DATES["published_at"] + timedelta(days=3)
SUPERSEDED = "本版已由第2版（2025年7月17日公布）更正取代"


@pytest.fixture
def published(live_round_at):
    return live_round_at(Stage.PUBLISHED)


@pytest.fixture
def corrected(published):
    decision = Decision(
        key=EntryKey("incubator", 1),
        mode=Mode.EVALUATED,
        outcome=Outcome.GRADED,
        grade=Grade.GOOD,
        reason="示例差错",
    )
    revisions.propose_revision(entry=published.entries[1], decision=decision, actor=FIRST, at=LATER)
    revisions.confirm_revision(entry=published.entries[1], actor=SECOND, at=LATER)
    publication.prepare_correction(evaluation_round=published.round, reason="录入差错", actor=FIRST, at=LATER)
    publication.correct_publication(evaluation_round=published.round, actor=SECOND, at=LATER)


def text_of(address):
    response = Client().get(address)
    assert response.status_code == 200, address
    return unescape(response.content.decode())


def test_the_superseded_page_says_so_and_leads_to_what_was_corrected(corrected):
    old = text_of("/demo/2025/notice/1/")

    assert SUPERSEDED in old and "演示数据，非真实" in old
    assert '<a href="/demo/2025/corrections/2/">看更正了什么</a>' in old
    assert "科技企业孵化器：不合格3家。" in old


def test_the_version_that_stands_names_the_one_it_corrects_and_bears_no_such_mark(corrected):
    new, notice = text_of("/demo/2025/notice/2/"), text_of("/demo/2025/notice/")

    for page in (new, notice):
        assert "本通知更正并取代此前公布的第1版（2025年7月14日公布）；原版本保留备查。" in page
        assert "更正取代" not in page
        for address in ("/demo/2025/notice/1/", "/demo/2025/corrections/2/", "/demo/2025/notice/2/"):
            assert f'href="{address}"' in page


def test_the_correction_says_row_by_row_what_was_wrong_and_right(corrected):
    page = text_of("/demo/2025/corrections/2/")

    assert "第1版（2025年7月14日公布）有误" in page and "更正的理由：录入差错。" in page
    assert "<td>评价结果</td><td>不合格</td><td>良好</td>" in page
    assert "更正通知（第2版取代第1版）" in page
    assert "Correction (version 2 takes the place of version 1)" in text_of("/en/demo/2025/corrections/2/")


@pytest.mark.parametrize("ending", ["docx", "pdf", "ofd"])
def test_the_files_of_both_are_there(corrected, ending):
    starts = {"docx": b"PK", "ofd": b"PK", "pdf": b"%PDF"}[ending]
    for name in ("correction-2", "notice-v1"):
        response = Client().get(f"/demo/2025/versions/{name}.{ending}")
        assert response.status_code == 200 and response.content.startswith(starts)
        assert response["Content-Disposition"] == f'attachment; filename="demo-2025-{name}.{ending}"'


def test_the_file_of_the_superseded_notice_bears_its_mark(corrected):
    response = Client().get("/demo/2025/versions/notice-v1.docx")

    document = docx.Document(io.BytesIO(response.content))
    assert document.sections[0].header.paragraphs[0].text == f"演示数据，非真实  {SUPERSEDED}"


@pytest.mark.parametrize(
    "address",
    [
        "/demo/2025/notice/0/",
        "/demo/2025/notice/3/",
        f"/demo/2025/notice/{'9' * 40}/",
        "/demo/2025/corrections/1/",
        "/demo/2025/corrections/3/",
        "/demo/2025/versions/notice-v2.pdf",
        "/demo/2025/versions/notice.pdf",
        "/demo/2024/notice/1/",
        "/nobody/2025/corrections/2/",
    ],
)
def test_what_is_not_there_is_not_found(corrected, address):
    assert Client().get(address).status_code == 404


def test_a_notice_that_was_never_corrected_tells_of_no_versions(published):
    page = text_of("/demo/2025/notice/")

    assert "各版本和更正通知" not in page
    assert SUPERSEDED not in text_of("/demo/2025/notice/1/")
    assert Client().get("/demo/2025/corrections/2/").status_code == 404


def test_before_publication_there_is_nothing(live_round_at):
    live_round_at(Stage.PUBLIC_NOTICE)

    assert Client().get("/demo/2025/notice/1/").status_code == 404
