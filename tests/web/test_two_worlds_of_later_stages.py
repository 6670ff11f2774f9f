"""Two worlds from the expert review to the follow-up: what experts, inspectors and officers leave is told to nobody.

No page shows a score sheet, a finding or a proposal yet; until the results are published, nothing of them may show, and
afterwards nothing but what was published, also to whoever works on the round. Of a real round not even the figures
behind a published result are anybody's but those who work on them. See two_worlds.py.
"""

import dataclasses
from collections.abc import Generator, Sequence
from datetime import timedelta

import pytest
from asking_pages import Pages, addresses
from conftest_services import DATES, FIRST, PUBLIC, SCHEME, SECOND, live_round_at
from two_worlds import FACTS, OWN, WHO, Answers, Fact, count_from_one, make_accounts, tell_tales

from hatchmark.db.models import (
    Assignment,
    Entry,
    IntegrityHit,
    Objection,
    PreparedCorrection,
    Proposal,
    Round,
    ScoreSheet,
    SpotCheck,
)
from hatchmark.domain.outcomes import Decision, EntryKey, Grade, Mode, Outcome
from hatchmark.domain.workflow import STAGES, Stage
from hatchmark.schemes.loader import shipped
from hatchmark.services import clock, objections, public, publication, revisions, versions

__all__ = ["live_round_at"]

LATER = STAGES[STAGES.index(Stage.EXPERT_REVIEW) :]
PUBLISHED = LATER[LATER.index(Stage.PUBLISHED) :]
AFTER_ALL = DATES["published_at"] + timedelta(days=3)
NOBODY: frozenset[str] = frozenset()


def since(stage: Stage) -> tuple[Stage, ...]:
    return STAGES[STAGES.index(stage) :]


def score_otherwise(entry: Entry) -> object:
    """Let the experts have given other points."""
    scores = {item.code: 77 for item in shipped(SCHEME).expert_items}
    return ScoreSheet.objects.filter(assignment__entry=entry).update(scores=scores)


def declare_conflict(entry: Entry) -> object:
    """Let one more expert have been asked, who told of a conflict: the sheets of the others are enough."""
    return Assignment.objects.create(
        entry=entry, expert=entry.round.experts.last(), assigned_at=clock.now(), assigned_by="dep",
        confirmed_by="dep-2", conflict="示例隐藏关系", conflict_source="declared", declared_at=clock.now(),
    )  # fmt: skip


def object_otherwise(entry: Entry) -> object:
    """Let somebody else have objected, and for another reason; that there was an objection is public."""
    return Objection.objects.filter(entry=entry).update(
        objector="示例隐藏人", contact="示例隐藏电话", grounds="示例隐藏理由", ruling_reason="示例隐藏裁定"
    )


def propose_otherwise(entry: Entry) -> object:
    """Let one official have proposed another decision; no second one has confirmed it."""
    decision = Decision(
        key=EntryKey("incubator", entry.serial), mode=Mode.EVALUATED, outcome=Outcome.DISQUALIFIED,
        reason="示例隐藏差错",
    )  # fmt: skip
    return revisions.propose_revision(entry=entry, decision=decision, actor=FIRST, at=AFTER_ALL)


def hand_in_otherwise(entry: Entry) -> object:
    """Let the figures behind the result have been others: in the papers, and in the working that is kept of them."""
    card = entry.scorecards.last()
    submission = entry.submissions.last()
    figures = {**submission.figures, "area": {**submission.figures["area"], "value": "98765"}}
    entry.submissions.filter(pk=submission.pk).update(figures=figures)
    text = dict(card.document, note="示例隐藏")
    return entry.scorecards.filter(pk=card.pk).update(document=text)


LATER_FACTS = [
    Fact("points of an expert", score_otherwise, NOBODY, since(Stage.EXPERT_REVIEW)),
    Fact("a conflict", declare_conflict, NOBODY, since(Stage.EXPERT_REVIEW)),
    Fact(
        "a finding",
        lambda entry: SpotCheck.objects.create(
            entry=entry, at=clock.now(), inspectors=["insp-1", "insp-2"], finding="corrected", figure="area",
            found_value="1", note="示例隐藏发现",
        ),
        NOBODY,
        since(Stage.SPOT_CHECK),
    ),
    Fact(
        "an integrity hit",
        lambda entry: IntegrityHit.objects.create(
            entry=entry, subject_type="operator", subject="示例隐藏公司", source="示例隐藏来源", severity="severe",
            found_at=clock.now(), detail="示例隐藏",
        ),
        NOBODY,
        since(Stage.INTEGRITY_REVIEW),
    ),
    Fact(
        "a proposal",
        lambda entry: Proposal.objects.create(
            entry=entry, outcome="cancelled", clause="示例隐藏条款", words="示例隐藏建议"
        ),
        NOBODY,
        since(Stage.DETERMINATION),
    ),
    Fact("another objector", object_otherwise, NOBODY, PUBLISHED),
    Fact("a decision that one person proposed", propose_otherwise, frozenset({"aud"}), PUBLISHED),
    Fact(
        "a correction that one person prepared",
        lambda entry: PreparedCorrection.objects.create(
            round=entry.round, reason="示例隐藏更正", digest="e" * 64, prepared_by="dep-1", prepared_at=AFTER_ALL
        ),
        NOBODY,
        PUBLISHED,
    ),
]  # fmt: skip
SAID_BEFORE = (
    "a draft", "a statistics return", "a file", "an extension", "an absence", "a request", "a message", "a token",
    "an account", "an invitation",
)  # fmt: skip
"""What was hidden before is hidden still: facts of the earlier stages that can be there at any later one."""


def facts_of(stage: Stage, *, fictional: bool) -> list[Fact]:
    earlier = [dataclasses.replace(fact, stages=LATER) for fact in FACTS if fact.name in SAID_BEFORE]
    assert len(earlier) == len(SAID_BEFORE)
    # Of a fictional round the figures are public, and with them whoever reads the working.
    hidden = [Fact("the figures behind a result", hand_in_otherwise, OWN, PUBLISHED)] if not fictional else []
    return [fact for fact in (*earlier, *LATER_FACTS, *hidden) if stage in fact.stages]


def forget() -> None:
    """What is kept in memory was made in the other world: a server that starts anew knows nothing of it."""
    for kept in (public._scored, public._files, versions._files):
        kept.cache_clear()


class AfterARestart(Pages):
    """Asks a server that has nothing in its memory."""

    def see(self, usernames: Sequence[str]) -> Answers:
        forget()
        return super().see(usernames)

    def look(self, username: str, first: Sequence[str]) -> Generator[tuple[str, object]]:
        forget()
        return super().look(username, first)


@pytest.fixture
def world_at(live_round_at, monkeypatch, tmp_path, settings):
    """Return a function that makes a round at a stage, its clock after everything that was done in it."""
    settings.DATA = tmp_path
    monkeypatch.setattr(clock, "now", lambda: AFTER_ALL)

    def make(stage: Stage, *, fictional: bool = True) -> Round:
        count_from_one()
        before = stage in PUBLISHED
        live = live_round_at(Stage.PUBLIC_NOTICE if before else stage)
        if stage is Stage.EXPERT_REVIEW:
            for serial in live.entries:
                for expert in live.experts[:3]:
                    live.score(live.assign(serial, expert))
        if before:
            lodged = objections.lodge_objection(
                entry=live.entries[2], objector="示例公民", objector_type="person", contact="示例电话",
                grounds="示例理由", actor=PUBLIC, at=DATES["public_notice_at"],
            )  # fmt: skip
            objections.rule_objection(
                objection=lodged, ruling="rejected", reason="示例裁定", figure="", corrected_value="", actor=FIRST,
                at=DATES["public_notice_at"],
            )  # fmt: skip
            publication.publish(evaluation_round=live.round, actor=FIRST, at=DATES["published_at"])
            correct_the_third(live)
        if stage is Stage.FOLLOW_UP:
            live.close_stage("published_at")
        Round.objects.update(fictional=fictional)
        live.round.refresh_from_db()
        make_accounts(live.round)
        return live.round

    yield make
    forget()


def correct_the_third(live) -> None:
    """Publish a correction, so that there are two versions to ask for."""
    live.reload()
    decision = Decision(
        key=EntryKey("incubator", 3), mode=Mode.EVALUATED, outcome=Outcome.GRADED, grade=Grade.EXCELLENT,
        reason="示例差错",
    )  # fmt: skip
    revisions.propose_revision(entry=live.entries[3], decision=decision, actor=FIRST, at=AFTER_ALL)
    revisions.confirm_revision(entry=live.entries[3], actor=SECOND, at=AFTER_ALL)
    publication.prepare_correction(evaluation_round=live.round, reason="录入差错", actor=FIRST, at=AFTER_ALL)
    publication.correct_publication(evaluation_round=live.round, actor=SECOND, at=AFTER_ALL)


@pytest.mark.parametrize(
    ("stage", "fictional"),
    [*((stage, True) for stage in LATER), (Stage.PUBLISHED, False)],
)
def test_what_is_hidden_shows_nowhere_to_whom_it_is_hidden(world_at, stage, fictional):
    world = world_at(stage, fictional=fictional)
    pages = AfterARestart(world, send_forms=True)
    facts = facts_of(stage, fictional=fictional)

    assert tell_tales(world, stage, pages.see, look=pages.look, facts=facts) == []


def test_every_route_of_what_is_public_is_really_answered(world_at):
    world = world_at(Stage.PUBLISHED)
    pages = AfterARestart(world, send_forms=False)
    pages.seek(["anybody"])
    of_the_public = {name for name, path in addresses(world) if path.startswith("demo/")}

    assert len(of_the_public) == 10
    assert sorted(of_the_public - pages.answered) == []


def test_what_is_public_is_public_to_everybody_alike(world_at):
    """Whoever has signed in reads the same results as a citizen, but for the line that says who has."""
    world = world_at(Stage.PUBLISHED)
    of_files = frozenset({"document", "version-file", "rows"})
    files = {path for name, path in addresses(world) if name in of_files}
    pages = AfterARestart(world, send_forms=False, of=of_files)
    answers = pages.see(list(WHO))

    for file in files:
        bodies = {answers[username, f"GET /{file}"][2] for username in WHO}  # type: ignore[index]
        assert len(bodies) == 1, file
