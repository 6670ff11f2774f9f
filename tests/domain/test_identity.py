"""Who may be who: few proposals, each with its reasons in words, and nothing asked twice. Nothing is merged."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import combinations

import pytest
from notice_values import notice, row, seed_notice, table

from hatchmark.domain.identity import (
    ChannelNature,
    IdentityAnswer,
    IdentityDecision,
    evened,
    folded,
    key_of,
    propose_identities,
    read_channel,
)
from hatchmark.domain.published_notices import IdentityProposal, NoticeRow, ProposedLink, PublishedNotice
from hatchmark.domain.regions import load_regions
from hatchmark.services.likeness import NameLikeness

INSTITUTION, OPERATOR = ProposedLink.SAME_INSTITUTION, ProposedLink.SAME_OPERATOR


def proposed(
    value: PublishedNotice, decided: Sequence[IdentityDecision] = ()
) -> tuple[IdentityProposal, ...]:
    return propose_identities(value, likeness=NameLikeness(), decided=decided)


def links(value: PublishedNotice) -> list[tuple[ProposedLink, tuple[tuple[int, int], ...]]]:
    return [(each.what, each.rows) for each in proposed(value)]


def two(one: str, other: str, *, channels: tuple[str, str] = ("示例市", "示例市")) -> PublishedNotice:
    """Two rows with different names and these operators."""
    return notice(
        table(
            [
                row(1, "示例晨曦空间", operator=one, channel=channels[0]),
                row(2, "示例扬帆工场", operator=other, channel=channels[1]),
            ]
        )
    )


# ---- the seed -------------------------------------------------------------------------------------------------


def test_the_seed_gives_three_proposals_and_none_of_its_look_alikes():
    assert [(each.what, each.rows, each.reasons) for each in proposed(seed_notice())] == [
        (
            OPERATOR,
            ((0, 5), (1, 82)),
            (
                "运营机构同为“浙江大学包头工业技术研究院”",
                "附件2第82行结果栏写明“2021年以孵化器参加评价，结果为良好”，附件1第5行结果即为“良好”",
                "主管渠道同为“包头市”",
            ),
        ),
        (
            OPERATOR,
            ((0, 8), (1, 83)),
            (
                "运营机构“苏尼特左旗丝梦源孵化器商务有限责任公司”与“苏尼特左期丝梦缘孵化器商务有限责任公司”相近",
                "仅同音字不同：旗／期、源／缘",
                "附件2第83行结果栏写明“2021年以孵化器参加评价，结果为不合格”，附件1第8行结果即为“不合格”",
                "主管渠道同为“锡林郭勒盟”",
            ),
        ),
        (OPERATOR, ((1, 78), (1, 79)), ("运营机构同为“内蒙古儒尚科技发展有限公司”", "主管渠道同为“乌海市”")),
    ]


def test_each_reason_is_given_in_english_too():
    for each in proposed(seed_notice()):
        assert len(each.reasons_en) == len(each.reasons) > 0
    assert (
        proposed(seed_notice())[1].reasons_en[1]
        == "they differ in characters that sound alike: 旗／期、源／缘"
    )


# ---- differences that make a proposal -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("示例晨光科技有限责任公司", "示例晨光科技有限公司", "仅公司形式不同（有限责任公司、有限公司等）"),
        ("示例晨光科技股份有限公司", "示例晨光科技有限公司", "仅公司形式不同（有限责任公司、有限公司等）"),
        ("示例（蒙）晨光科技公司", "示例蒙晨光科技公司", "仅括号、标点写法不同"),
        ("示例川市东胜区晨光商会", "示例川东胜晨光商会", "仅地名中的省、市、盟、旗、县、区等字有无不同"),
        ("示例晨光材料研究所", "示例晨光材料研究院", "仅全称、简称不同（如研究所、研究院）"),
        ("示例晨光园管理委员会", "示例晨光园管委会", "仅全称、简称不同（如研究所、研究院）"),
        ("示例梦源商务中心", "示例梦缘商务中心", "仅同音字不同：源／缘"),
        ("示例未来商务中心", "示例末来商务中心", "仅形近字不同：未／末"),
        ("示例晨光电子商务园", "示例晨光众创电子商务园", "一个名称比另一个多“众创”字"),
    ],
)
def test_two_writings_are_proposed_with_how_they_differ(one, other, reason):
    [proposal] = proposed(two(one, other))

    assert (proposal.what, proposal.rows) == (OPERATOR, ((0, 1), (0, 2)))
    assert proposal.reasons == (
        proposal.reasons[0],
        reason,
        "主管渠道同为“示例市”",
    )
    assert one in proposal.reasons[0]
    assert other in proposal.reasons[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "示例淘商网络服务有限公司",
            "示例惠商网络服务有限公司",
        ),  # one character that neither sounds nor looks alike
        ("示例锦溪科技股份有限公司", "示例云猫科技股份有限公司"),
        ("示例万达孵化器A座", "示例万达企业孵化器B座"),
        ("示例创业园物业中心A座", "示例创业园物业中心B座"),
        ("示例晨光创业园一期", "示例晨光创业园二期"),
        ("示例晨光创业园物业", "示例晨光创业园二期物业"),
        ("示例市创业投资管理有限公司", "示例市创新投资管理有限公司"),
        ("示例园", "示例圆"),  # too short to mean anything
        ("无", "无"),
        ("—", "—"),
        ("", ""),
    ],
)
def test_look_alikes_of_different_bodies_are_not_proposed(one, other):
    assert proposed(two(one, other)) == ()


def test_a_name_that_takes_in_another_is_asked_within_one_channel_a_sound_alike_anywhere():
    longer = ("示例晨光电子商务园", "示例晨光众创电子商务园")
    sounding = ("示例梦源商务中心", "示例梦缘商务中心")
    apart = ("示例甲市", "示例乙市")

    assert links(two(*longer, channels=apart)) == []
    assert links(two(*longer, channels=("示例甲市", ""))) == [(OPERATOR, ((0, 1), (0, 2)))]
    assert links(two(*sounding, channels=apart)) == [(OPERATOR, ((0, 1), (0, 2)))]


# ---- rows and cells -------------------------------------------------------------------------------------------


def test_rows_of_one_operator_are_one_proposal_whatever_else_their_cells_name():
    rows = [
        row(1, "示例甲空间", operator="示例晨光科技有限公司"),
        row(2, "示例乙工场", operator="示例就业局、示例晨光科技有限公司"),
        row(3, "示例丙基地", operator="示例晨光科技有限公司（2020年变更为示例青年服务中心）"),
        row(4, "示例丁社区", operator="示例东方科技有限公司"),
    ]

    assert links(notice(table(rows))) == [(OPERATOR, ((0, 1), (0, 2), (0, 3)))]


def test_one_name_in_two_tables_and_a_second_name_in_brackets_propose_one_institution():
    first = table([row(1, "示例晨光工场（示例朝阳众创空间）", operator="示例甲公司")], label="附件1")
    second = table([row(1, "示例朝阳众创空间", operator="示例乙集团")], label="附件2")

    [proposal] = proposed(notice(first, second))

    assert (proposal.what, proposal.rows) == (INSTITUTION, ((0, 1), (1, 1)))
    assert proposal.reasons == ("别名、名称同为“示例朝阳众创空间”",)


def test_an_institution_that_runs_another_row_is_proposed_once():
    rows = [
        row(1, "示例晨光科技园有限公司", operator="示例晨光科技园有限公司"),
        row(2, "示例扬帆空间", operator="示例晨光科技园有限公司"),
    ]

    assert links(notice(table(rows))) == [(OPERATOR, ((0, 1), (0, 2)))]


def carried(result: str, *, channel: str = "示例市") -> PublishedNotice:
    """An institute graded 良好 and a space, called nearly so, that prints a result taken over."""
    source = row(1, "示例大学工业技术研究院", "良好", operator="示例甲公司", channel="示例市")
    face = f"2021年以孵化器参加评价，结果为{result}。"
    taken = row(1, "示例大学工业技术研究院空间站", face, channel=channel)
    return notice(
        table([source], kind="incubator", label="附件1"), table([taken], kind="makerspace", label="附件2")
    )


def test_a_result_taken_over_is_evidence_where_the_other_row_of_its_channel_has_it():
    [proposal] = proposed(carried("良好"))

    assert (proposal.what, proposal.rows) == (INSTITUTION, ((0, 1), (1, 1)))
    assert proposal.reasons[-2:] == (
        "附件2第1行结果栏写明“2021年以孵化器参加评价，结果为良好”，附件1第1行结果即为“良好”",
        "主管渠道同为“示例市”",
    )


def test_a_name_that_is_no_more_than_alike_is_evidence_of_nothing():
    # 空间站 takes the other name in, which is asked within one channel; 创业空间 is more than a name may have more.
    other = notice(
        table([row(1, "示例大学工业技术研究院", "良好", channel="示例市")], kind="incubator"),
        table([row(1, "示例大学工业技术研究院创业空间", "优秀", channel="示例市")]),
    )

    assert proposed(other) == proposed(carried("优秀", channel="示例盟")) == ()


def test_a_failing_result_is_not_read_as_the_passing_word_inside_it():
    value = notice(
        table([row(1, "示例大学工业技术研究院", "合格", channel="示例市")], kind="incubator"),
        table(
            [
                row(
                    1,
                    "示例大学工业技术研究院孵化空间",
                    "2021年以孵化器参加评价，结果为不合格。",
                    channel="示例市",
                )
            ]
        ),
    )

    assert proposed(value) == ()


# ---- decisions ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", IdentityAnswer)
def test_what_a_person_answered_is_not_asked_again_and_other_questions_stay(answer):
    every = proposed(seed_notice())
    decision = IdentityDecision(
        key=every[1].key,
        what=every[1].what,
        answer=answer,
        decided_by="dep-1",
        decided_at=datetime(2025, 9, 1, tzinfo=UTC),
    )

    assert proposed(seed_notice(), [decision]) == (every[0], every[2])


def test_a_key_names_the_link_and_the_names_whatever_their_order_and_spacing():
    assert key_of(OPERATOR, ["示例 甲（蒙）", "示例乙"]) == key_of(OPERATOR, ["示例乙", "示例甲(蒙)"])
    assert key_of(OPERATOR, ["示例甲"]) != key_of(INSTITUTION, ["示例甲"])
    assert len({each.key for each in proposed(seed_notice())}) == 3


def test_names_are_compared_evened_out_and_folded():
    assert evened(" 示例（Ａ）　科技 。") == "示例(a)科技"
    assert folded("示例川市晨光（集团）有限责任公司") == folded("示例川晨光集团股份有限公司") == "示例川晨光"


# ---- size -----------------------------------------------------------------------------------------------------


def test_2000_rows_of_different_bodies_are_quick_and_propose_nothing():
    characters = (
        "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨露结为霜金生丽水玉出昆冈"
    )
    stems = ["".join(chosen) for chosen in combinations(characters, 3)][::8][:2000]
    rows: list[NoticeRow] = [
        row(n, f"示例{stem}众创空间", operator=f"示例{stem[::-1]}创业服务有限公司", channel="示例市")
        for n, stem in enumerate(stems, 1)
    ]
    likeness = NameLikeness()

    found = propose_identities(notice(table(rows)), likeness=likeness)

    assert len(rows) == 2000
    assert likeness.compared <= 60 * 4000
    # Stems that share two of three characters and sound alike in the third may be asked; no more than a few are.
    assert len(found) <= 40
    assert all("同音" in each.reasons[1] for each in found)


# ---- channels -------------------------------------------------------------------------------------------------

ADDRESSEES = ("各盟市科技局", "满洲里市工信和科技局", "二连浩特市教育科技局", "各有关单位")


@pytest.mark.parametrize(
    ("value", "nature"),
    [
        ("呼和浩特市", ChannelNature.LEAGUE_CITY),
        ("包头", ChannelNature.LEAGUE_CITY),
        ("阿拉善盟", ChannelNature.LEAGUE_CITY),
        ("满洲里", ChannelNature.DIRECT_CITY),
        ("二连浩特市", ChannelNature.DIRECT_CITY),
        ("内蒙古师范大学", ChannelNature.UNIVERSITY),
        ("示例职业技术学院", ChannelNature.UNIVERSITY),
        ("示例省农业科学院", ChannelNature.RESEARCH_INSTITUTE),
        ("科研院所", ChannelNature.CLASS_OF_BODIES),
        ("直属单位", ChannelNature.CLASS_OF_BODIES),
        ("高校", ChannelNature.CLASS_OF_BODIES),
        ("区直单位", ChannelNature.CLASS_OF_BODIES),
        ("省属企业", ChannelNature.CLASS_OF_BODIES),
        ("示例县", ChannelNature.COUNTY),
        ("示例高新区", ChannelNature.COUNTY),
        ("额尔古纳市", ChannelNature.COUNTY),  # a city, and none of the leagues and cities of its region
        ("示例", ChannelNature.UNKNOWN),
        ("", ChannelNature.UNKNOWN),
    ],
)
def test_the_nature_of_a_channel_is_read_from_its_name_the_regions_and_whom_the_notice_addresses(
    value, nature
):
    assert read_channel(value, regions=load_regions(), addressees=ADDRESSEES).nature is nature


def test_without_regions_a_city_is_known_by_its_form_and_an_addressee_by_name_is_a_city_like_the_others():
    assert read_channel("示例合市").nature is ChannelNature.LEAGUE_CITY
    assert (
        read_channel("示例合", addressees=["示例合市科技局", "示例芜市科技局"]).nature
        is ChannelNature.LEAGUE_CITY
    )
    assert read_channel("示例合").nature is ChannelNature.UNKNOWN


def test_a_channel_tells_its_reason_and_the_code_of_the_place_that_it_names():
    def read(value: str) -> tuple[str, str | None]:
        channel = read_channel(value, regions=load_regions(), addressees=ADDRESSEES)
        return channel.reason, channel.region

    assert read("包头") == ("列于内蒙古自治区盟市名录", "150200")
    assert read("满洲里") == ("通知在各盟市之外单独主送“满洲里市工信和科技局”", "150781")
    assert read("额尔古纳市") == ("不在内蒙古自治区盟市名录中，是县级的市", None)
    assert read("高校") == ("是统称，不是一个单位的名称", None)
    assert read("示例") == ("看不出是何种单位", None)
