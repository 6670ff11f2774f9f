"""A receipt is found by its code alone, says whether its version still counts, and tells no figure."""

from datetime import timedelta

import pytest
from conftest_services import AUTHORITY, DATES, institution_actor, officer_of

from hatchmark.db.models import Submission
from hatchmark.documents.pdf import printed_form_pdf, receipt_pdf
from hatchmark.domain.permissions import Actor, Role
from hatchmark.domain.receipts import ReceiptState
from hatchmark.domain.workflow import Stage
from hatchmark.services import receipts, submissions

AT = DATES["submission_closes_at"] - timedelta(days=2)


def text_of(pdf):
    import io
    import re

    import pdfplumber

    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        return [re.sub(r"[\s\u200b]", "", page.extract_text() or "") for page in opened.pages]


def frozen(live, serial=1, version=1):
    return receipts.version_of(
        live.entries[serial].pk, version, actor=institution_actor(live.entries[serial])
    )


def test_a_receipt_follows_its_version_through_superseding_and_withdrawal(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    live.submit(1, at=AT, area="4711")
    first = receipts.code_of(frozen(live))
    fresh = receipts.receipt_state(first)
    live.submit(1, at=AT, area="4712")
    second = receipts.code_of(frozen(live, version=2))
    submissions.withdraw(entry=live.entries[1], actor=institution_actor(live.entries[1]), at=AT)

    views = [receipts.receipt_state(code) for code in (first, second)]

    assert (fresh.state, fresh.version, fresh.latest) == (ReceiptState.CURRENT, 1, 1)
    assert [(view.state, view.version, view.latest) for view in views] == [
        (ReceiptState.SUPERSEDED, 1, 2),
        (ReceiptState.WITHDRAWN, 2, 2),
    ]
    assert (fresh.institution, fresh.digest) == ("示例1号孵化器", frozen(live).digest)
    assert "4711" not in repr(fresh)


def test_papers_alike_to_the_letter_have_receipts_of_their_own(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    for serial in (1, 2):
        live.submit(serial, at=AT)
    # Two entries that share even the digest, as two rounds could.
    Submission.objects.update(digest=frozen(live).digest)

    codes = {serial: receipts.code_of(frozen(live, serial)) for serial in (1, 2)}

    assert codes[1] != codes[2]
    assert [receipts.receipt_state(codes[n]).institution for n in (1, 2)] == [
        "示例1号孵化器",
        "示例2号孵化器",
    ]


def test_a_code_with_one_sign_changed_finds_nothing(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    live.submit(1, at=AT)
    code = receipts.code_of(frozen(live))

    # The signs that lead to the version are right; the keyed ones are not.
    altered = code[:-1] + ("0" if code[-1] != "0" else "1")

    assert receipts.receipt_state(code.lower()) is not None
    assert receipts.receipt_state(altered) is None
    assert receipts.receipt_state("nonsense") is None


def test_a_real_rounds_receipt_is_made_under_the_key_of_the_installation(live_round_at, settings):
    live = live_round_at(Stage.SUBMISSION)
    live.submit(1, at=AT)
    live.round.fictional = False
    live.round.save()
    one = receipts.code_of(frozen(live))
    settings.SECRET_KEY = "another"

    assert receipts.code_of(frozen(live)) != one


@pytest.mark.parametrize(
    ("actor", "reads"),
    [
        (officer_of("示例市"), True),
        (officer_of("示例盟"), False),
        (Actor(code="d", name="示例", role=Role.DEPARTMENT, unit="示例厅", authority=AUTHORITY), True),
        (Actor(code="i", name="示例", role=Role.INSTITUTION, unit="demo-i02", authority=AUTHORITY), False),
        (Actor(code="public", name="", role=Role.PUBLIC), False),
    ],
)
def test_a_version_is_read_by_whoever_works_on_it(live_round_at, actor, reads):
    live = live_round_at(Stage.SUBMISSION)
    live.submit(1, at=AT)

    assert (receipts.version_of(live.entries[1].pk, 1, actor=actor) is not None) == reads


def test_the_receipt_is_one_page_with_code_digest_and_the_mark_of_invented_data(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    live.submit(1, at=AT, area="4711")
    receipt = receipts.receipt_of(frozen(live))

    [page] = text_of(receipt_pdf(receipt, system_fonts=False))

    assert receipt.scanned == receipt.code
    for said in (receipt.code, receipt.digest, "第1版", "示例1号孵化器", "演示数据，非真实", "示例负责人"):
        assert said in page
    assert "4711" not in page


def test_the_qr_code_holds_the_address_where_the_site_is_known(live_round_at, settings):
    settings.PUBLIC_ADDRESS = "https://example.org"
    live = live_round_at(Stage.SUBMISSION)
    live.submit(1, at=AT)
    receipt = receipts.receipt_of(frozen(live))

    assert receipt.scanned == f"https://example.org/receipts/{receipt.code}/"


def test_every_page_of_the_printed_form_bears_digest_and_code(live_round_at):
    live = live_round_at(Stage.SUBMISSION)
    live.submit(1, at=AT, area="4711", fund="1234567.5")
    form = receipts.printed_form_of(frozen(live))

    pages = text_of(printed_form_pdf(form, system_fonts=False))

    assert len(pages) >= 2
    assert all(form.receipt.digest in page and form.receipt.code in page for page in pages)
    whole = "".join(pages)
    assert "4,711" in whole
    assert "1,234,567.5" in whole
    assert form.pledge in whole


def test_the_printed_form_says_why_a_figure_is_not_there():
    assert receipts.printed_value({"unit": "家", "status": "not_applicable", "value": ""}) == "无此项"
    assert receipts.printed_value({"unit": "家", "status": "reported", "value": "-1234"}) == "-1234"
