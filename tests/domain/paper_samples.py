"""Rounds and facts that the papers of a round are made of, in tests. Everybody in them is 示例."""

from dataclasses import replace
from datetime import date

from hatchmark.domain.letters import FollowUp
from hatchmark.domain.notices import Basis
from hatchmark.domain.outcomes import Decision, EntryKey, Grade, Mode, Outcome
from hatchmark.domain.papers import PaperFacts
from hatchmark.domain.results import Participant, RoundResults, build_results
from hatchmark.domain.templates import contact_lines, parse, shipped_template
from hatchmark.domain.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary("nmg-2021")
KINDS = ("incubator", "makerspace")
CITY, LEAGUE, UNIVERSITY = "示例市", "示例盟", "示例大学"

FACTS = PaperFacts(
    past=False,
    bases=(Basis(title="示例办法", number="示例发〔2020〕3号"),),
    addressees=("各示例市科技局",),
    issued_on=date(2025, 8, 15),
    contact=contact_lines("联系人：示例甲\n联系电话：示例电话"),
)
FOLLOW_UP = FollowUp(published_on=date(2025, 8, 15), closes_on=date(2025, 12, 19))


def key(kind: str, serial: int) -> EntryKey:
    return EntryKey(kind, serial)


def graded(kind: str, serial: int, grade: Grade, **more: object) -> Decision:
    decision = Decision(key=key(kind, serial), mode=Mode.EVALUATED, outcome=Outcome.GRADED, grade=grade)
    return replace(decision, **more)


DECISIONS = (
    graded("incubator", 1, Grade.EXCELLENT),
    graded("incubator", 2, Grade.UNQUALIFIED, note="以区级资格参加"),
    Decision(key=key("incubator", 3), mode=Mode.EVALUATED, outcome=Outcome.DISQUALIFIED, reason="示例理由"),
    graded("makerspace", 1, Grade.GOOD),
    graded("makerspace", 2, Grade.UNQUALIFIED),
    Decision(
        key=key("makerspace", 3),
        mode=Mode.EVALUATED,
        outcome=Outcome.PILOT_CANCELLED,
        grade=Grade.UNQUALIFIED,
        reason="示例理由",
    ),
    Decision(
        key=key("makerspace", 4),
        mode=Mode.CARRIED,
        outcome=Outcome.CARRIED,
        carried_from=key("incubator", 2),
        reason="示例理由",
    ),
    Decision(
        key=key("makerspace", 5),
        mode=Mode.DEFERRED,
        outcome=Outcome.DEFERRED,
        year=2026,
        as_kind="incubator",
        reason="示例理由",
    ),
)
CHANNELS = {
    key("incubator", 1): CITY,
    key("incubator", 2): LEAGUE,
    key("incubator", 3): CITY,
    key("makerspace", 1): UNIVERSITY,
    key("makerspace", 2): CITY,
    key("makerspace", 3): LEAGUE,
    key("makerspace", 4): LEAGUE,
    key("makerspace", 5): CITY,
}


def name_of(who: EntryKey) -> str:
    return f"示例{VOCABULARY.kinds[who.kind].short}{who.serial}号"


def results_of(
    decisions: tuple[Decision, ...] = DECISIONS,
    *,
    fictional: bool = True,
    channels: dict[EntryKey, str] | None = None,
    scores: dict[EntryKey, str] | None = None,
) -> RoundResults:
    where = channels or CHANNELS
    return build_results(
        authority="示例自治区科学技术厅",
        year=2025,
        fictional=fictional,
        kinds=KINDS,
        participants={
            each.key: Participant(
                key=each.key,
                name=name_of(each.key),
                aliases=(),
                operators_printed=f"{name_of(each.key)}运营公司",
                operators=(f"{name_of(each.key)}运营公司",),
                channel=where.get(each.key, CITY),
                region=None,
            )
            for each in decisions
        },
        decisions={each.key: each for each in decisions},
        scores=scores or {},
        vocabulary=VOCABULARY,
    )


def template(paper: str):
    source = shipped_template(f"default/{paper}.txt")
    assert source is not None
    return parse(paper, source, kinds=KINDS)


def text_of(paper) -> str:
    return "\n".join(paragraph.text for paragraph in paper.paragraphs)
