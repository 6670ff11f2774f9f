"""Notices to set: one shaped like a real round, and one whose names try to break out of the document."""

from dataclasses import replace
from datetime import date

from hatchmark.domain.notices import Basis, NoticeFacts, ProvenanceLine, ResultNotice, build_notice
from hatchmark.domain.outcomes import Decision, EntryKey, Grade, Mode, Outcome
from hatchmark.domain.results import Participant, RoundResults, build_results
from hatchmark.domain.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary("nmg-2021")
KINDS = ("incubator", "makerspace")

PAST = NoticeFacts(
    past=True,
    addressees=("各盟市科技局", "各有关单位"),
    bases=(Basis(title="绩效评价办法（试行）", number="示例发〔2020〕3号"),),
)
LIVE = replace(
    PAST,
    past=False,
    issued_on=date(2025, 11, 3),
    number="示例科发〔2025〕1号",
    scores_shown=True,
    provenance=tuple(
        ProvenanceLine(kind=kind, text=f"{word}评价方案系重构，不是主管部门发布的方案。")
        for kind, word in (("incubator", "孵化器"), ("makerspace", "众创空间"))
    ),
)

# Glyphs that the real round prints, in names of nobody.
PRINTED_GLYPHS = (
    "示例“印象”专业众创空间",
    "《示例创客》创业雷达",
    "示例牧勒·非遗手工创客部落（示例空间）",
    "示例互联网+型创新示范区",
    "示例⊕北斗芯（内蒙古）科技有限公司",
    "示例万达企业孵化器B座",
)

HOSTILE = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1,1)",
    "\t=1+1",
    '#read("/etc/passwd")',
    '#include "notice.typ"',
    "*粗* _斜_ `码`",
    "$x^2$",
    "反斜\\线\\",
    "<w:p>&amp;</w:p>",
    "https://example.org/",
    "]#panic()[",
    "示例笑脸😀与𠀀字",
    "响\x07铃\u202e倒写",
    "示例" + "长" * 998,
    "a" * 300,
)


def results_of(
    names: dict[str, tuple[str, ...]],
    *,
    fictional: bool,
    scored: bool,
    authority: str = "示例自治区科学技术厅",
) -> RoundResults:
    """Grade entries of these names, the first good and every third failed."""
    decisions: dict[EntryKey, Decision] = {}
    participants: dict[EntryKey, Participant] = {}
    for kind, own in names.items():
        for serial, name in enumerate(own, start=1):
            key = EntryKey(kind, serial)
            grade = Grade.UNQUALIFIED if serial % 3 == 0 else Grade.GOOD
            decisions[key] = Decision(key=key, mode=Mode.EVALUATED, outcome=Outcome.GRADED, grade=grade)
            participants[key] = Participant(
                key=key,
                name=name,
                aliases=(),
                operators_printed=f"{name[:80]}运营",
                operators=(name,),
                channel="示例市",
                region="150100",
            )
    return build_results(
        authority=authority,
        year=2025,
        fictional=fictional,
        kinds=KINDS,
        participants=participants,
        decisions=decisions,
        scores={key: f"{90 - key.serial % 40}.{key.serial % 100:02d}" for key in decisions} if scored else {},
        vocabulary=VOCABULARY,
    )


def past_round() -> tuple[ResultNotice, RoundResults]:
    """15 incubators and 85 makerspaces, real in kind: marked as not the original, undated, without scores."""
    makerspaces = (*PRINTED_GLYPHS, *(f"示例众创空间之{n}（创新创业孵化示范基地）" for n in range(79)))
    names = {"incubator": tuple(f"示例孵化器{n}号" for n in range(15)), "makerspace": makerspaces}
    results = results_of(names, fictional=False, scored=False)
    return build_notice(results, VOCABULARY, PAST), results


def live_round() -> tuple[ResultNotice, RoundResults]:
    """A small fictional round: dated, numbered, scored by a reconstructed scheme."""
    names = {"incubator": ("示例孵化器甲", "示例孵化器乙", "示例孵化器丙"), "makerspace": PRINTED_GLYPHS}
    results = results_of(names, fictional=True, scored=True)
    return build_notice(results, VOCABULARY, LIVE), results


def hostile_round() -> tuple[ResultNotice, RoundResults]:
    """Names as somebody would enter them to make the document do something."""
    results = results_of({"incubator": HOSTILE}, fictional=True, scored=True)
    return build_notice(results, VOCABULARY, LIVE), results
