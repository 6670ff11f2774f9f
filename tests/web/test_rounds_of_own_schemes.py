"""A round by a department's own scheme: yes and no, categories and days, groups in groups, and points taken off.

From the form of an institution to the published working, on the pages and in the papers.
"""

import re
from datetime import timedelta
from pathlib import Path

import pdfplumber
import pytest
from conftest_services import (
    CALL_AT,
    DATES,
    FIRST,
    LiveRound,
    do_stage,
    expert_actor,
    institution_actor,
    officer_of,
    open_live_round,
)
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hatchmark.db.models import Account, Authority, Draft, Expert
from hatchmark.domain.permissions import Role
from hatchmark.domain.workflow import Stage
from hatchmark.services import (
    clock,
    cross_checks,
    expert_reviews,
    preliminary_reviews,
    public,
    rounds,
    schemes,
    submissions,
)
from hatchmark.services.refusals import UnsoundError

CODE = "demo/incubator-2026"
CONTENT = (Path(__file__).parents[1] / "services" / "own_scheme.toml").read_text("utf-8")
TYPED = {
    "area": "8000", "tenants": "30", "has_platform": "true", "has_platform@last": "true", "site_nature": "长期租赁",
    "opened_on": "2020-05-01", "statistics_late": "1",
}  # fmt: skip
KNOWN = "60.00"
"""20 of the area, 10 of the site, 10 and 10 of the years, 15 of the tenants, and 5 off: worked by hand."""


@pytest.fixture
def live(db, monkeypatch) -> LiveRound:
    """A round that takes papers, called with the scheme that its department has put in."""
    monkeypatch.setattr(clock, "now", lambda: CALL_AT + timedelta(days=3))
    Authority.objects.create(code="demo", name="示例自治区科学技术厅")
    schemes.keep_scheme(content=CONTENT, cases="", actor=FIRST, at=CALL_AT)
    opened = open_live_round(schemes={"incubator": CODE})
    experts = [
        Expert.objects.create(round=opened, code=f"expert-{n}", name=f"示例专家{n}", employer=f"示例{n}大学")
        for n in range(1, 4)
    ]
    made = LiveRound(round=opened, entries={}, experts=experts)
    made.reload()
    made.close_stage("call_at")
    return made


def client_of(live: LiveRound, role: Role, unit: str) -> Client:
    account, _ = Account.objects.get_or_create(
        username=f"x-{role}", defaults={
            "name": "示例", "role": role.value, "unit": unit, "made_at": CALL_AT, "authority": live.round.authority,
            "demo": True,
        },
    )  # fmt: skip
    site = Client()
    site.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return site


def text_of(response) -> str:
    return response.content.decode()


def pdf_text(response, tmp_path: Path) -> str:
    file = tmp_path / "paper.pdf"
    file.write_bytes(response.content)
    with pdfplumber.open(file) as pdf:
        return "".join(page.extract_text() for page in pdf.pages).replace("\n", "").replace(" ", "")


def fill_in(site: Client, entry, **changes: str) -> None:
    page = f"/work/submissions/{entry.pk}/"
    typed = TYPED | changes
    draft = Draft.objects.filter(entry=entry).first()
    fields = {f"value.{code}": value for code, value in typed.items()}
    fields |= {f"status.{code}": "reported" for code in typed}
    fields |= {f"was.value.{code}": "" for code in typed} | {
        f"was.status.{code}": "reported" for code in typed
    }
    saved = site.post(f"{page}save/", fields | {"version": str(draft.version if draft else 0)})
    assert saved.status_code in (200, 302), text_of(saved)[:500]


def figures_of() -> dict[str, dict[str, str]]:
    asked = schemes.scheme_named(CODE).asked
    return {
        code: {"unit": asked[code].figure.unit, "status": "reported", "value": value}
        for code, value in TYPED.items()
    }


def test_the_form_offers_what_can_be_chosen_and_the_preview_works_it_out(live):
    entry = live.entries[1]
    site = client_of(live, Role.INSTITUTION, "demo-i01")
    form = text_of(site.get(f"/work/submissions/{entry.pk}/"))
    for option in ('<option value="true"', '<option value="false"', '<option value="长期租赁"'):
        assert option in form

    fill_in(site, entry)
    score = text_of(site.get(f"/work/submissions/{entry.pk}/score/"))

    assert KNOWN in score
    assert score.index("场地") < score.index("运营") < score.index("成效")


@pytest.mark.parametrize(
    ("code", "typed"),
    [("has_platform", "也许"), ("site_nature", "借用"), ("opened_on", "去年"), ("opened_on", "1970-01-01")],
)
def test_what_is_none_of_them_blocks_handing_in_and_is_kept_as_typed(live, code, typed):
    entry = live.entries[1]
    site = client_of(live, Role.INSTITUTION, "demo-i01")
    fill_in(site, entry, **{code: typed})

    assert Draft.objects.get(entry=entry).figures[code]["value"] == typed
    assert "有1项须先改正" in text_of(site.get(f"/work/submissions/{entry.pk}/hand-in/"))
    figures = figures_of()
    figures[code]["value"] = typed
    if typed != "1970-01-01":  # a day that cannot be read, against one that cannot be
        with pytest.raises(UnsoundError, match=code):
            submissions.submit(
                entry=entry, figures=figures, roster=[], signed_by="示例李某",
                actor=institution_actor(entry), at=CALL_AT + timedelta(days=3),
            )  # fmt: skip


def test_papers_review_and_results_say_it_as_people_do(live, tmp_path, monkeypatch):
    for entry in live.entries.values():
        submissions.submit(
            entry=entry, figures=figures_of(), roster=[], signed_by="示例李某", actor=institution_actor(entry),
            at=DATES["submission_closes_at"],
        )  # fmt: skip
    entry = live.entries[1]
    site = client_of(live, Role.INSTITUTION, "demo-i01")
    version = f"/work/submissions/{entry.pk}/versions/1/"
    assert "是" in text_of(site.get(version))
    printed = pdf_text(site.get(f"{version}form.pdf"), tmp_path)
    assert "有无公共技术服务平台是" in printed
    assert "场地性质长期租赁" in printed
    assert "开始运营日期2020-05-01" in printed
    live.close_stage("submission_closes_at")
    entry = live.entries[1]

    monkeypatch.setattr(clock, "now", lambda: DATES["submission_closes_at"] + timedelta(days=1))
    officer = client_of(live, Role.CHANNEL, "示例市")
    review = text_of(officer.get(f"/work/reviews/{entry.pk}/"))
    for said in ("长期租赁", "2020-05-01", ">是<", "8,000"):
        assert said in review
    preliminary_reviews.return_fields(
        entry=entry, fields=["site_nature"], opinion="示例意见", actor=officer_of("示例市"),
        at=DATES["submission_closes_at"] + timedelta(days=1),
    )  # fmt: skip
    submissions.correct(
        entry=entry, figures=figures_of() | {"site_nature": figures_of()["site_nature"] | {"value": "自有"}},
        roster=[], signed_by="示例李某", actor=institution_actor(entry),
        at=DATES["submission_closes_at"] + timedelta(days=2),
    )  # fmt: skip
    assert "自有" in text_of(officer.get(f"/work/reviews/{entry.pk}/"))
    decide(live)

    total = {row.key.serial: row.score for row in public.published_results("demo", 2025)[1].rows}
    # Five more for the site that was corrected, and the experts' eight.
    assert {serial: str(score) for serial, score in total.items()} == {1: "73.00", 2: "68.00", 3: "68.00"}
    working = text_of(Client().get("/demo/institutions/demo-i01/2025/incubator/"))
    for said in ("自有", "2020-05-01", "场地", "运营", "扣分项", "73.00"):
        assert said in working
    assert "true" not in re.sub(r"<[^>]*>", " ", working)
    assert Client().get("/demo/2025/what-if/incubator/").status_code == 200
    assert Client().get(f"/schemes/{CODE}/").status_code == 200


def decide(live: LiveRound) -> None:
    """Take the round from the preliminary review to its publication."""
    live.reload()
    for serial in live.entries:
        live.approve(serial)
    live.close_stage("preliminary_review_closes_at")
    for serial in live.entries:
        for expert in live.experts:
            expert_reviews.score(
                assignment=live.assign(serial, expert), scores={"exp_service": 800}, actor=expert_actor(expert),
                at=DATES["expert_review_closes_at"],
            )  # fmt: skip
    live.close_stage("expert_review_closes_at")
    for stage in (Stage.SPOT_CHECK, Stage.INTEGRITY_REVIEW, Stage.DETERMINATION, Stage.PUBLIC_NOTICE):
        do_stage(live, stage)


def test_cross_checks_leave_alone_what_is_no_number(live):
    submissions.submit(
        entry=live.entries[1], figures=figures_of(), roster=[], signed_by="示例李某",
        actor=institution_actor(live.entries[1]), at=CALL_AT + timedelta(days=3),
    )  # fmt: skip
    about = {code for state in cross_checks.flag_states(live.entries[1]) for code in state.flag.figures}

    assert about.isdisjoint({"has_platform", "has_platform@last", "site_nature", "opened_on"})
    assert rounds.scheme_of_entry(live.entries[1]).code == CODE


def test_a_list_asks_as_often_for_two_as_for_one(live):
    def hand_in(serial: int) -> None:
        submissions.submit(
            entry=live.entries[serial], figures=figures_of(), roster=[], signed_by="示例李某",
            actor=institution_actor(live.entries[serial]), at=CALL_AT + timedelta(days=3),
        )  # fmt: skip

    def asked(site: Client, page: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert site.get(page).status_code == 200
        return len(captured)

    officer = client_of(live, Role.CHANNEL, "示例市")
    page = f"/work/queue/{live.round.pk}/"
    officer.get(page)
    hand_in(1)
    before = asked(officer, page)
    hand_in(2)

    assert asked(officer, page) == before
