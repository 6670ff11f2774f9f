"""A small live round that goes through the services, stage by stage. Everybody in it is 示例."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from hatchmark.db.models import Entry, Expert, Round
from hatchmark.domain.deadlines import CHINA
from hatchmark.domain.outcomes import EntryKey
from hatchmark.domain.permissions import Actor, Role
from hatchmark.domain.round_folder import ChannelType, RegisterRow
from hatchmark.domain.scheme import Status
from hatchmark.domain.workflow import STAGES, Stage
from hatchmark.schemes.loader import shipped
from hatchmark.services import (
    cross_checks,
    determination,
    expert_reviews,
    preliminary_reviews,
    public_notice,
    publication,
    rounds,
    spot_checks,
    submissions,
)

SCHEME = "nmg/incubator-2020"
AUTHORITY = "demo"
CALL_AT = datetime(2025, 3, 3, 9, tzinfo=CHINA)
DATES = {
    "call_at": CALL_AT,
    "submission_closes_at": datetime(2025, 3, 31, 23, 59, 59, tzinfo=CHINA),
    "preliminary_review_closes_at": datetime(2025, 4, 18, 18, tzinfo=CHINA),
    "expert_review_closes_at": datetime(2025, 5, 16, 18, tzinfo=CHINA),
    "spot_check_closes_at": datetime(2025, 6, 6, 18, tzinfo=CHINA),
    "integrity_review_closes_at": datetime(2025, 6, 20, 18, tzinfo=CHINA),
    "determined_at": datetime(2025, 6, 27, 10, tzinfo=CHINA),
    "public_notice_at": datetime(2025, 7, 1, 9, tzinfo=CHINA),
    "published_at": datetime(2025, 7, 14, 9, tzinfo=CHINA),
    "follow_up_closes_at": datetime(2025, 12, 19, 18, tzinfo=CHINA),
}
FIRST = Actor(code="dep-1", name="示例甲", role=Role.DEPARTMENT, unit="示例厅", authority=AUTHORITY)
SECOND = Actor(code="dep-2", name="示例乙", role=Role.DEPARTMENT, unit="示例厅", authority=AUTHORITY)
INSPECTOR = Actor(code="insp-1", name="示例丙", role=Role.INSPECTOR, unit="示例厅", authority=AUTHORITY)
INTEGRITY = Actor(code="int-1", name="示例丁", role=Role.INTEGRITY, unit="示例办", authority=AUTHORITY)
PUBLIC = Actor(code="public", name="示例公民", role=Role.PUBLIC)


def officer_of(channel: str) -> Actor:
    return Actor(
        code=f"officer-{channel}", name="示例戊", role=Role.CHANNEL, unit=channel, authority=AUTHORITY
    )


def institution_actor(entry: Entry) -> Actor:
    code = entry.qualification.institution.code
    return Actor(code=code, name=entry.name, role=Role.INSTITUTION, unit=code, authority=AUTHORITY)


def expert_actor(expert: Expert) -> Actor:
    return Actor(
        code=expert.code, name=expert.name, role=Role.EXPERT, unit=expert.employer, authority=AUTHORITY
    )


def figures(**values: str) -> dict[str, dict[str, str]]:
    """Every figure of the scheme, `0` unless named otherwise."""
    return {
        code: {"unit": asked.figure.unit, "status": "reported", "value": values.get(code, "0")}
        for code, asked in shipped(SCHEME).asked.items()
    }


def register_row(serial: int, channel: str, **changes: object) -> RegisterRow:
    facts: dict[str, object] = {
        "key": EntryKey("incubator", serial),
        "institution": f"demo-i{serial:02}",
        "name": f"示例{serial}号孵化器",
        "operators_printed": f"示例{serial}号运营有限公司",
        "operators": (f"示例{serial}号运营有限公司",),
        "channel": channel,
        "channel_type": ChannelType.LEAGUE_CITY,
        "region": "150100",
        "status": Status.RECOGNISED,
    }
    return RegisterRow(**(facts | changes))  # type: ignore[arg-type]


def open_live_round(*, register=None, year: int = 2025, schemes=None) -> Round:
    rows = register or [register_row(1, "示例市"), register_row(2, "示例市"), register_row(3, "示例盟")]
    return rounds.open_round(
        authority_code="demo",
        authority_name="示例自治区科学技术厅",
        year=year,
        past=False,
        fictional=True,
        vocabulary="nmg-2021",
        settings={
            "addressees": ["各示例市科技局"],
            "bases": [{"title": "示例办法", "number": ""}],
            "dates": {name: at.isoformat() for name, at in DATES.items()},
        },
        schemes=schemes or {"incubator": SCHEME},
        register=rows,
        changes=[],
        entered_at=None,
        happened_bound="",
        actor=FIRST,
        at=CALL_AT,
    )


@dataclass
class LiveRound:
    """A live round at some stage, with its entries by serial."""

    round: Round
    entries: dict[int, Entry]
    experts: list[Expert]

    def reload(self) -> None:
        self.round.refresh_from_db()
        found = self.round.entries.select_related("round__authority", "qualification__institution")
        self.entries = {entry.serial: entry for entry in found}

    def submit(self, serial: int, *, at: datetime = DATES["submission_closes_at"], **values: str):
        entry = self.entries[serial]
        return submissions.submit(
            entry=entry,
            figures=figures(**values),
            roster=[],
            signed_by="示例负责人",
            actor=institution_actor(entry),
            at=at,
        )

    def explain_flags(self, serial: int) -> None:
        """Say a word to every flag that wants one: the figures of this round are zeros, which it asks about."""
        entry = self.entries[serial]
        for flag in cross_checks.open_flags(cross_checks.flag_states(entry)):
            cross_checks.explain_flag(
                entry=entry,
                flag=flag.key,
                explanation="示例说明",
                actor=officer_of(entry.channel),
                at=DATES["preliminary_review_closes_at"],
            )

    def approve(self, serial: int):
        self.explain_flags(serial)
        entry = self.entries[serial]
        return preliminary_reviews.approve(
            entry=entry,
            opinion="同意",
            actor=officer_of(entry.channel),
            at=DATES["preliminary_review_closes_at"],
        )

    def assign(self, serial: int, expert: Expert):
        assignment = expert_reviews.assign_expert(
            entry=self.entries[serial], expert=expert, actor=FIRST, at=DATES["preliminary_review_closes_at"]
        )
        expert_reviews.confirm_assignments(
            evaluation_round=self.round, actor=SECOND, at=DATES["preliminary_review_closes_at"]
        )
        assignment.refresh_from_db()
        return assignment

    def score(self, assignment, hundredths: int = 200):
        items = [item.code for item in shipped(SCHEME).expert_items]
        return expert_reviews.score(
            assignment=assignment,
            scores=dict.fromkeys(items, hundredths),
            actor=expert_actor(assignment.expert),
            at=DATES["expert_review_closes_at"],
        )

    def close_stage(self, name: str) -> None:
        rounds.close_stage(evaluation_round=self.round, actor=FIRST, at=DATES[name])
        self.reload()


def do_stage(live: LiveRound, stage: Stage) -> None:
    """Do everything that a stage asks for, and leave it."""
    match stage:
        case Stage.CALL:
            live.close_stage("call_at")
        case Stage.SUBMISSION:
            for serial in live.entries:
                live.submit(serial)
            live.close_stage("submission_closes_at")
        case Stage.PRELIMINARY_REVIEW:
            for serial in live.entries:
                live.approve(serial)
            live.close_stage("preliminary_review_closes_at")
        case Stage.EXPERT_REVIEW:
            for serial in live.entries:
                for expert in live.experts[:3]:
                    live.score(live.assign(serial, expert))
            live.close_stage("expert_review_closes_at")
        case Stage.SPOT_CHECK:
            draw = spot_checks.commit_frame(
                evaluation_round=live.round,
                kind="incubator",
                count=1,
                actor=FIRST,
                at=DATES["expert_review_closes_at"],
            )
            key_known_at = DATES["expert_review_closes_at"] + timedelta(days=1)
            [drawn] = spot_checks.draw_spot_checks(
                draw=draw, key="1.2.3./", key_known_at=key_known_at, actor=FIRST, at=key_known_at
            )
            spot_checks.record_finding(
                entry=live.entries[int(drawn.split(":")[1])],
                inspectors=["insp-1", "insp-2"],
                finding="confirmed",
                figure="",
                found_value="",
                note="",
                actor=INSPECTOR,
                at=DATES["spot_check_closes_at"],
            )
            live.close_stage("spot_check_closes_at")
        case Stage.INTEGRITY_REVIEW:
            live.close_stage("integrity_review_closes_at")
        case Stage.DETERMINATION:
            at = DATES["determined_at"]
            determination.score_round(evaluation_round=live.round, without=frozenset(), actor=FIRST, at=at)
            for entry in live.entries.values():
                determination.propose_decision(entry=entry, human=None, actor=FIRST, at=at)
            determination.confirm_decisions(evaluation_round=live.round, actor=SECOND, at=at)
            public_notice.give_public_notice(
                evaluation_round=live.round, working_days=5, actor=FIRST, at=DATES["public_notice_at"]
            )
        case Stage.PUBLIC_NOTICE:
            publication.publish(evaluation_round=live.round, actor=FIRST, at=DATES["published_at"])
        case Stage.PUBLISHED:
            live.close_stage("published_at")
        case Stage.FOLLOW_UP:
            raise ValueError("nothing follows the last stage")
    live.reload()


@pytest.fixture
def live_round_at(db):
    """Return a function that opens a small live round and takes it to the beginning of a stage."""

    def make(stage: Stage, *, register=None) -> LiveRound:
        evaluation_round = open_live_round(register=register)
        experts = [
            Expert.objects.create(
                round=evaluation_round, code=f"expert-{n}", name=f"示例专家{n}", employer=f"示例{n}大学"
            )
            for n in range(1, 6)
        ]
        live = LiveRound(round=evaluation_round, entries={}, experts=experts)
        live.reload()
        for each in STAGES[: STAGES.index(stage)]:
            do_stage(live, each)
        return live

    return make
