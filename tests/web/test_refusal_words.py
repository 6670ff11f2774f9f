"""Whoever is refused reads why in the language of the page, and what to do instead: every reason has its words."""

import ast
import re
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from hatchmark import services
from hatchmark.domain.permissions import RULES, Actor, Against, Role, Ruling, Subject, may, refused
from hatchmark.domain.workflow import Stage
from hatchmark.services.refusals import NotAllowedError
from hatchmark.web import words
from hatchmark.web.problems import against, refusal

CLOSES = datetime(2025, 3, 31, 15, 59, 59, tzinfo=UTC)
HAN = re.compile(r"[一-鿿]")
LATIN = re.compile(r"[A-Za-z]{2,}")
SERVICES = Path(services.__file__).parent
FOLDERS_ALONE = {
    "certificates", "determination", "expert_reviews", "follow_up", "identity", "integrity", "letters",
    "notice_import", "objections", "past_rounds", "public_notice", "publication", "results", "revisions",
    "round_folder", "spot_checks", "templates",
}  # fmt: skip
"""Services that no page calls yet: folders and the command line speak English."""
BY_STATE = {"drafts", "evidence", "rosters", "submissions"}
"""Services of an institution's papers: their pages say by the state of the papers why nothing is saved."""
OF_THE_INSTALLER = {"accounts", "clock", "rounds"}
"""What only an installer or a damaged installation meets in these: `refused_otherwise` says whom to tell."""


def rulings() -> dict[Against, Ruling]:
    """Return a ruling for everything that may stand against an act, found by asking the table."""
    own = {"authority": "demo", "institution": "demo-i01", "channel": "示例市", "assigned_expert": "x"}
    subjects = [
        Subject(**{**own, **change})
        for change in (
            {}, {"approved": True}, {"institution": "other"}, {"channel": "示例盟"}, {"authority": "other"},
            {"assigned_expert": "y"}, {"conflict": "示例"}, {"first_person": "x"}, {"past": True},
            {"first_person": "y", "first_person_behind": "p"}, {"role_given": Role.AUDIT_ADMIN}, {"account": "x"},
            {"first_person": "y", "window_closes_at": CLOSES}, {"returned": True, "window_closes_at": CLOSES},
        )
    ]  # fmt: skip
    units = {Role.INSTITUTION: "demo-i01", Role.CHANNEL: "示例市"}
    found = {
        Against.REFUSED: refused(Against.REFUSED, "x"),
        Against.NOT_RETURNED: refused(Against.NOT_RETURNED, "x"),
    }
    moments = (None, CLOSES - timedelta(days=1), CLOSES + timedelta(days=1))
    for act, role in product([*RULES, "no_such_act"], Role):
        actor = Actor(
            code="x", name="示例", role=role, unit=units.get(role, ""), authority="demo", person="p"
        )
        for subject, stage, at in product(subjects, Stage, moments):
            ruling = may(actor, act, subject, stage=stage, at=at)
            if ruling.against is not None:
                found.setdefault(ruling.against, ruling)
    return found


@pytest.fixture(scope="module")
def found() -> dict[Against, Ruling]:
    return rulings()


@pytest.mark.parametrize("each", Against)
def test_what_stands_against_an_act_is_said_in_both_languages_and_not_by_its_code(found, each):
    ruling = found[each]
    zh, en = (refusal(language, NotAllowedError(ruling.reason, ruling)) for language in ("zh", "en"))

    assert not LATIN.search(zh)
    assert not HAN.search(re.sub("示例.", "", en))
    assert ruling.reason not in zh
    # What stands against it, and what to do.
    assert zh.count("。") + zh.count("：请") >= 2
    assert en.count(".") + en.count(";") + en.count(":") >= 3


def test_a_role_a_stage_and_a_moment_are_told_by_their_names():
    actor = Actor(code="x", name="示例", role=Role.CHANNEL, unit="示例市", authority="demo")
    subject = Subject(authority="demo", channel="示例市", window_closes_at=CLOSES)

    role = may(actor, "submit", subject, stage=Stage.SUBMISSION, at=CLOSES)
    stage = may(actor, "approve", subject, stage=Stage.EXPERT_REVIEW, at=CLOSES)
    late = may(actor, "approve", subject, stage=Stage.PRELIMINARY_REVIEW, at=CLOSES + timedelta(seconds=1))

    assert against("zh", role).startswith("“提交申报材料”由参评机构办理，您的角色是主管部门审核员。")
    assert against("zh", stage).startswith(
        "“初审通过”只能在以下环节办理：初审。本轮评价现在的环节是：专家评审。"
    )
    assert against("zh", late).startswith("办理时限已过（2025年3月31日（周一）23:59截止）。")


def codes_raised() -> dict[object, str]:
    """Return the code of each problem that the sources name, with the file that does."""
    found: dict[object, str] = {}
    for file in SERVICES.parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id == "faulty" and isinstance(node.args[0], ast.Constant):
                found[node.args[0].value] = file.name
            for keyword in node.keywords:
                if node.func.id == "Problem" and keyword.arg == "code":
                    found |= dict.fromkeys(_words_in(keyword.value), file.name)
    return found


def _words_in(code: ast.expr) -> list[object]:
    if isinstance(code, ast.IfExp):
        return [*_words_in(code.body), *_words_in(code.orelse)]
    return [code.value] if isinstance(code, ast.Constant) else []


def test_every_problem_that_a_form_can_meet_has_its_words():
    raised = codes_raised()

    assert len(raised) > 60
    assert {code: name for code, name in raised.items() if f"problem_{code}" not in words.TEXTS} == {}


def test_no_service_that_a_page_calls_refuses_without_a_code():
    bare = {
        file.stem: len(found)
        for file in SERVICES.glob("*.py")
        if file.stem not in FOLDERS_ALONE | BY_STATE | OF_THE_INSTALLER
        if (found := re.findall(r"raise (UnsoundError|RefusedError)\(", file.read_text("utf-8")))
    }

    assert bare == {}
