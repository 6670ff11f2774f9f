"""Letters to channels: own institutions alone, every duty of them, and numbers that are those of the rows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paper_samples import (
    CITY,
    DECISIONS,
    FACTS,
    FOLLOW_UP,
    LEAGUE,
    UNIVERSITY,
    VOCABULARY,
    key,
    name_of,
    results_of,
    template,
    text_of,
)

from hatchmark.domain.letters import build_letter, channels_with_duties
from hatchmark.domain.notices import Claim
from hatchmark.domain.obligations import ObligedTo

LETTER = template("letter")


def letter(channel, results=None):
    return build_letter(
        results or results_of(), VOCABULARY, FACTS, LETTER, channel=channel, follow_up=FOLLOW_UP
    )


def everything(paper) -> str:
    cells = [cell for annex in paper.annexes for row in annex.rows for cell in row.cells]
    return "\n".join([*paper.title_lines, *paper.addressees, text_of(paper), *cells])


def test_a_letter_says_what_its_channel_must_see_to():
    paper = letter(CITY)

    assert paper.title_lines == (
        "关于做好2025年度",
        "科技企业孵化器绩效评价和众创空间绩效考核",
        "后续工作的函",
    )
    assert (paper.addressees, paper.issued_on, paper.marks) == (
        (CITY,),
        FACTS.issued_on,
        ("演示数据，非真实",),
    )
    assert text_of(paper).split("\n")[:-1] == [
        "示例自治区科学技术厅已于2025年8月15日公布2025年度科技企业孵化器绩效评价和众创空间绩效考核结果。"
        "现将你单位所属机构的后续工作函告如下。",
        "整改和再次参加评价",
        "应当整改的1家，应当再次或改期参加评价的2家，参评年度、参评资格见附件1。"
        "请督促整改，对整改情况进行审核，并组织其按时参加评价。",
        "办理注销手续",
        "应当办理注销手续的1家，名单见附件2。退出管理体系、退出评价体系、退出统计调查对象各办一次、"
        "各登记一次；全部办结后，该机构的注销手续方为完成。",
        "以上工作请于2025年12月19日前完成，并将办理情况逐项登记。",
        "联系人：示例甲",
        "联系电话：示例电话",
    ]


def test_duties_name_year_and_qualification_and_deregistration_its_three_switches():
    city, league = letter(CITY), letter(LEAGUE)

    assert [(annex.label, [row.cells for row in annex.rows]) for annex in city.annexes] == [
        (
            "附件1",
            [
                (
                    "2",
                    "众创空间",
                    name_of(key("makerspace", 2)),
                    "不合格",
                    "整改、参加评价",
                    "2026",
                    "众创空间",
                    "",
                ),
                (
                    "5",
                    "众创空间",
                    name_of(key("makerspace", 5)),
                    "2026年以孵化器参加评价。",
                    "参加评价",
                    "2026",
                    "科技企业孵化器",
                    "",
                ),
            ],
        ),
        (
            "附件2",
            [
                (
                    "3",
                    "孵化器",
                    name_of(key("incubator", 3)),
                    "取消科技企业孵化器资格",
                    "待办理",
                    "待办理",
                    "待办理",
                )
            ],
        ),
    ]
    assert city.annexes[1].heads[-3:] == ("退出管理体系", "退出评价体系", "退出统计调查对象")
    assert [row.cells[4:] for row in league.annexes[0].rows] == [
        ("整改、参加评价", "2026", "科技企业孵化器", "以区级资格参加"),
        ("整改、参加评价", "2026", "科技企业孵化器", "随孵化器第2号整改并参加评价"),
    ]


def test_a_single_annex_bears_no_number():
    only_failed = tuple(each for each in DECISIONS if each.key == key("makerspace", 2))

    paper = letter(CITY, results_of(only_failed))

    assert [annex.label for annex in paper.annexes] == ["附件"]
    assert "见附件。" in text_of(paper) and "注销" not in text_of(paper)


@pytest.mark.parametrize("channel", [CITY, LEAGUE])
def test_nobody_sees_what_is_not_theirs(channel):
    results = results_of()
    others = [row for row in results.rows if row.channel != channel]
    own = [row for row in results.rows if row.channel == channel and row.grade is None]

    said = everything(letter(channel, results))

    assert len(others) >= 3
    assert [row.name for row in others if row.name in said] == []
    assert all(row.name in said for row in own)
    assert {CITY, LEAGUE, UNIVERSITY} & set(said.split()) == {channel}


def test_a_channel_without_duties_gets_no_letter_and_one_without_institutions_cannot():
    results = results_of()

    assert channels_with_duties(results) == [LEAGUE, CITY]
    with pytest.raises(ValueError, match=r"no institution of the round 2025 belongs to '示例旗'"):
        letter("示例旗", results)


@given(st.lists(st.sampled_from([CITY, LEAGUE, UNIVERSITY]), min_size=8, max_size=8))
def test_the_letters_together_hold_every_duty_once_and_every_number_is_that_of_its_rows(channels):
    results = results_of(
        channels={each.key: channel for each, channel in zip(DECISIONS, channels, strict=True)}
    )

    letters = {channel: letter(channel, results) for channel in channels_with_duties(results)}

    listed = [row.key for paper in letters.values() for annex in paper.annexes for row in annex.rows]
    assert sorted(listed) == sorted({duty.key for duty in results.obligations})
    by_channel = {row.key: row.channel for row in results.rows}
    for channel, paper in letters.items():
        said = {claim.outcome: claim.count for claim in paper.claims}
        for act in ObligedTo:
            owed = {
                duty.key
                for duty in results.obligations
                if duty.act is act and by_channel[duty.key] == channel
            }
            assert said.get(act.value, 0) == len(owed)
        for sentence in paper.sentences:
            assert sentence.text == "".join(
                str(part.count) if isinstance(part, Claim) else str(part) for part in sentence.parts
            )
