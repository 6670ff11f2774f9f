"""Which stages does a round pass, in which order, and which act moves it on?

The table is the workflow: an official can read it, and a test walks it.
"""

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """环节 of a round, in order. The stored word; labels belong to the shells."""

    CALL = "call"
    SUBMISSION = "submission"
    PRELIMINARY_REVIEW = "preliminary_review"
    EXPERT_REVIEW = "expert_review"
    SPOT_CHECK = "spot_check"
    INTEGRITY_REVIEW = "integrity_review"
    DETERMINATION = "determination"
    PUBLIC_NOTICE = "public_notice"
    PUBLISHED = "published"
    FOLLOW_UP = "follow_up"


STAGES = tuple(Stage)


@dataclass(frozen=True, slots=True)
class Transition:
    """The act that takes a round from one stage to the next."""

    act: str
    source: Stage
    target: Stage


TRANSITIONS = (
    Transition("open_submission", Stage.CALL, Stage.SUBMISSION),
    Transition("close_submission", Stage.SUBMISSION, Stage.PRELIMINARY_REVIEW),
    Transition("close_preliminary_review", Stage.PRELIMINARY_REVIEW, Stage.EXPERT_REVIEW),
    Transition("close_expert_review", Stage.EXPERT_REVIEW, Stage.SPOT_CHECK),
    Transition("close_spot_check", Stage.SPOT_CHECK, Stage.INTEGRITY_REVIEW),
    Transition("close_integrity_review", Stage.INTEGRITY_REVIEW, Stage.DETERMINATION),
    Transition("give_public_notice", Stage.DETERMINATION, Stage.PUBLIC_NOTICE),
    Transition("publish", Stage.PUBLIC_NOTICE, Stage.PUBLISHED),
    Transition("begin_follow_up", Stage.PUBLISHED, Stage.FOLLOW_UP),
)


WITH_A_DOCUMENT = frozenset({"give_public_notice", "publish"})
"""The acts that move a round by what they issue: closing the stage alone would leave it without its document."""


def transition_from(stage: Stage) -> Transition:
    """Return the one transition that leaves `stage`; raise ValueError at the last one."""
    for transition in TRANSITIONS:
        if transition.source is stage:
            return transition
    raise ValueError(f"no act leaves the stage {stage}: it is the last one")


def reached(stage: Stage, until: Stage) -> bool:
    """Say whether `stage` lies at or before `until`."""
    return STAGES.index(stage) <= STAGES.index(until)
