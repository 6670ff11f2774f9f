"""Random rounds as hypothesis draws them, and the notice that the product writes of each. Everybody in them is 示例."""

from dataclasses import dataclass
from datetime import date

from hypothesis import strategies as st

from hatchmark.domain.notices import Basis, NoticeFacts, ResultNotice, build_notice
from hatchmark.domain.obligations import judged_grade
from hatchmark.domain.outcomes import Decision, EntryKey, Grade, Mode, Outcome, contradictions
from hatchmark.domain.results import Participant, build_results
from hatchmark.domain.vocabulary import load_vocabulary

KINDS = ("incubator", "makerspace")
YEAR = 2021
VOCABULARIES = ("nmg-2021", "nmg-2024")

# What real names hold, and what would mean something where it is not a name.
PIECES = (
    "甲", "乙丙", "创客", "众创空间", "孵化器", "孵化基地", "大学科技园", "A座", "B座", "⊕", "·", "+", "“印象”",
    "《创客中国》", "（几字湾众创空间）", "(包头)", "（内蒙古）", "3W", "360", "优秀", "不合格", "合计", "取消",
    "第2号", "二〇二一", "1号楼", "\uff11", "、", "-", "—", "/", "&", "<b>", "#", "*", "𠀀", "百家汇", "10家",
    "3家优秀", "其中", "，", "；", "。", "：", "）", "(", "附件1", "2022年", "|", "\u3000", "繁體創業園", "①", "…", " ",
    "Co., Ltd.",
)  # fmt: skip
CHANNELS = ("示例市", "示例盟", "示例大学", "高校", "科研院所", "直属单位", "满洲里", "示例旗", "呼和浩特市")
NOTES = ("以自治区级科技企业孵化器资格参加评价", "限期提交整改报告", "")

PLAIN = (
    {"grade": Grade.EXCELLENT},
    {"grade": Grade.GOOD},
    {"grade": Grade.QUALIFIED},
    {"grade": Grade.UNQUALIFIED},
    {"grade": Grade.UNQUALIFIED, "outcome": Outcome.PILOT_CANCELLED},
    {"outcome": Outcome.DISQUALIFIED},
    {"mode": Mode.ABSENT, "outcome": Outcome.ABSENT},
    {"mode": Mode.ABSENT, "outcome": Outcome.ABSENT, "grade": Grade.UNQUALIFIED},
)


@dataclass(frozen=True, kw_only=True, repr=False)
class Written:
    """A random round, and its notice."""

    decisions: dict[EntryKey, Decision]
    notice: ResultNotice

    def __repr__(self) -> str:
        """Tell a failing example by what the notice says; the rows of 300 would fill pages."""
        text = "\n".join(paragraph.text for paragraph in self.notice.paragraphs)
        rows = [" ".join(row.cells) for annex in self.notice.annexes for row in annex.rows]
        return f"{text[:4000]}\n" + "\n".join(rows[:40])


def names() -> st.SearchStrategy[str]:
    """Names of six and more characters, put together from what real names hold."""
    return st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map(
        lambda pieces: f"示例{''.join(pieces).strip()}空间"
    )


@st.composite
def decisions(draw: st.DrawFn, sizes: tuple[int, int], grades: frozenset[Grade]) -> dict[EntryKey, Decision]:
    """Decisions on so many entries of each kind, of every sort there is; carried ones never in a ring."""
    plain = [what for what in PLAIN if what.get("grade") is None or what["grade"] in grades]
    found: dict[EntryKey, Decision] = {}
    for kind, size in zip(KINDS, sizes, strict=True):
        # Rounds of one class and rounds of all: not every class in each of them.
        usual = draw(st.lists(st.sampled_from(plain), min_size=1, max_size=len(plain)))
        for serial in range(1, size + 1):
            key = EntryKey(kind, serial)
            what: dict[str, object]
            sort = draw(st.integers(0, 11))
            # Nobody is judged by an entry without a grade: no act lets such a decision through.
            judges = [other for other in found if judged_grade(other, found) is not None]
            if sort == 0 and judges:
                source = draw(st.sampled_from(judges))
                what = {"mode": Mode.CARRIED, "outcome": Outcome.CARRIED, "carried_from": source}
            elif sort == 1:
                what = {
                    "mode": Mode.DEFERRED,
                    "outcome": Outcome.DEFERRED,
                    "year": YEAR + draw(st.integers(1, 2)),
                    "as_kind": draw(st.sampled_from(KINDS)),
                }
            else:
                what = dict(draw(st.sampled_from(usual)))
            base = {"key": key, "mode": Mode.EVALUATED, "outcome": Outcome.GRADED}
            found[key] = Decision(**{**base, **what}, note=draw(st.sampled_from(NOTES)))  # type: ignore[arg-type]
            assert contradictions(found[key]) == []
    return found


def sizes() -> st.SearchStrategy[tuple[int, int]]:
    """How many incubators and makerspaces: mostly a few of both, sometimes none of one, one row, or 300."""
    few = st.integers(0, 9)
    return st.one_of(
        st.tuples(few, few),
        st.tuples(few, few),
        st.sampled_from([(0, 1), (1, 0), (0, 12), (12, 0), (1, 1)]),
    ).filter(any)


@st.composite
def rounds(draw: st.DrawFn, of: st.SearchStrategy[tuple[int, int]] | None = None) -> Written:
    """A round with its notice: real or fictional, past or published on a day, with scores or without."""
    vocabulary = load_vocabulary(draw(st.sampled_from(VOCABULARIES)))
    decided = draw(decisions(draw(of if of is not None else sizes()), frozenset(vocabulary.grades)))
    live, scored = draw(st.booleans()), draw(st.booleans())
    results = build_results(
        authority="示例自治区科学技术厅",
        year=YEAR,
        fictional=True,
        kinds=KINDS,
        participants={
            key: Participant(
                key=key,
                # The serial keeps two rows of one name apart: a name that stands twice has its own finding.
                name=f"{draw(names())}之{key.kind[0]}{key.serial}",
                aliases=(),
                operators_printed=f"{draw(names())}公司",
                operators=(),
                channel=draw(st.sampled_from(CHANNELS)),
                region=None,
            )
            for key in decided
        },
        decisions=decided,
        scores={key: f"{key.serial % 100}.{key.serial % 100:02}" for key in decided if key.serial % 3}
        if scored
        else {},
        vocabulary=vocabulary,
    )
    facts = NoticeFacts(
        past=not live,
        addressees=("各盟市科技局", "满洲里市工信和科技局", "各有关单位"),
        bases=draw(
            st.sampled_from(
                [
                    (),
                    (
                        Basis(title="示例绩效评价办法（试行）", number="示例发〔2020〕3号"),
                        Basis(title="示例管理办法", number=""),
                    ),
                ]
            )
        ),
        scores_shown=scored,
        issued_on=date(YEAR, 11, 3) if live else None,
        number="示例科发〔2021〕1号" if live else None,
    )
    return Written(decisions=decided, notice=build_notice(results, vocabulary, facts))
