"""The counts that a notice states: one sentence of the written language after another, and what is no count at all."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from notice_values import faces, notice, row, seed_claims, table
from test_notice_reading import seed_document
from test_notices_wording_and_counts import PAST, VOCABULARY, results_from, rounds

from hatchmark.domain.notice_claims import read_claims
from hatchmark.domain.notice_reading import even_out, read_notice
from hatchmark.domain.notices import Relation, ResultNotice, build_notice
from hatchmark.domain.outcomes import Decision, EntryKey
from hatchmark.domain.published_notices import (
    ClaimScope,
    DocumentBlock,
    DocumentParagraph,
    DocumentTable,
    NoticeClaim,
    NoticeDocument,
    NoticeTable,
)

BOTH = "关于公布2023年度科技企业孵化器和众创空间绩效评价结果的通知"


def claims_of(
    *paragraphs: str, title: str = BOTH, tables: Sequence[NoticeTable] = ()
) -> tuple[NoticeClaim, ...]:
    return read_claims(replace(notice(*tables, paragraphs=paragraphs), title=title, year=2023))


def counts(*paragraphs: str, title: str = BOTH) -> list[tuple[int, str | None, str, str]]:
    """Count, kind, label and outcome of each claim."""
    return [(c.count, c.kind, c.label, c.outcome) for c in claims_of(*paragraphs, title=title)]


def graded(kind: str | None, *numbers: int) -> list[tuple[int, str | None, str, str]]:
    grades = (("优秀", "excellent"), ("良好", "good"), ("合格", "qualified"), ("不合格", "unqualified"))
    return [(number, kind, *grade) for number, grade in zip(numbers, grades, strict=False)]


def lettered(kind: str, suffix: str, *numbers: int) -> list[tuple[int, str | None, str, str]]:
    outcomes = ("excellent", "good", "qualified", "unqualified")
    return [
        (number, kind, f"{letter}{suffix}", outcome)
        for number, letter, outcome in zip(numbers, "ABCD", outcomes, strict=False)
    ]


# ---- the seed ------------------------------------------------------------------------------------------


def test_every_count_of_the_2021_notice_is_read() -> None:
    def facts(claim: NoticeClaim) -> tuple[object, ...]:
        return (
            claim.count, claim.kind, claim.label, claim.outcome, claim.relation, claim.scope, claim.of_kind,
            claim.year, claim.joins_pilot,
        )  # fmt: skip

    read = read_claims(read_notice(seed_document()))

    assert [facts(claim) for claim in read] == [facts(claim) for claim in seed_claims()]
    subset, carried, deregistered = read[9], read[11], read[14]
    assert (subset.text, subset.within, subset.stated_overlap) == ("其中3家被取消试点培育资格", 8, True)
    # The notice does not say that these two are counted in the grades as well.
    assert (carried.text, carried.stated_overlap) == (
        "2家众创空间以科技企业孵化器评价结果作为众创空间考核结果",
        False,
    )
    assert (deregistered.within, deregistered.stated_overlap) == (10, True)


def test_a_claim_says_where_its_clause_stands() -> None:
    paragraph = "经评审，众创空间优秀3家，良好5家（名单附后）。"

    for claim in claims_of("特此说明。", paragraph):
        assert claim.paragraph == 1
        assert paragraph[claim.start : claim.end] == claim.text


# ---- number, kind and label in every order -------------------------------------------------------------


@pytest.mark.parametrize(
    "sentence",
    [
        "众创空间优秀3家、良好5家、合格10家、不合格2家。",
        "3家众创空间考核结果为优秀，5家众创空间考核结果为良好，10家众创空间为合格，2家众创空间被评为不合格。",
        "众创空间评价结果为：3家优秀、5家良好、10家合格、2家不合格。",
        "优秀众创空间3家、良好众创空间5家、合格众创空间10家、不合格众创空间2家。",
        "评为优秀的众创空间有3家，良好的5家，合格的10家，不合格的2家。",
        "众创空间：优秀，3家；良好，5家；合格，10家；不合格，2家。",
        "众创空间优秀（3家）、良好（5家）、合格（10家）、不合格（2家）。",
        "众创空间优秀、良好、合格、不合格分别为3家、5家、10家、2家。",
        "评价等次为优秀、良好、合格、不合格的众创空间依次为3、5、10和2家。",
        "分别有3家、5家、10家和2家众创空间获评优秀、良好、合格和不合格。",
        "众创空间优秀3家（占15%），良好5家（占25%），合格10家（占50%），不合格2家（占10%）。",
        "众创空间优秀三家、良好五家、合格十家、不合格两家。",
        "众创空间优秀3家良好5家合格10家不合格2家。",
        "“优秀”众创空间3家，“良好”众创空间5家，“合格”众创空间10家，“不合格”众创空间2家。",
        "评为优秀的众创空间3家，每家奖励30万元；良好5家，每家奖励10万元；合格10家；不合格2家，限期6个月整改。",
    ],
)
def test_one_meaning_in_many_wordings(sentence: str) -> None:
    assert counts(sentence) == graded("makerspace", 3, 5, 10, 2)


@pytest.mark.parametrize(
    ("sentence", "suffix"),
    [
        ("评定A类孵化器12家、B类8家、C类5家、D类1家。", "类"),
        ("孵化器考核A级12家，B级8家，C级5家，D级1家。", "级"),
        ("孵化器：A档（12家）、B档（8家）、C档（5家）、D档（1家）。", "档"),
        ("考核等次为A的孵化器有12家，为B的有8家，为C的有5家，为D的有1家。", ""),
        ("孵化器Ａ等12家，Ｂ等8家，Ｃ等5家，Ｄ等1家。", "等"),
    ],
)
def test_letters_are_grades(sentence: str, suffix: str) -> None:
    assert counts(even_out(sentence)) == lettered("incubator", suffix, 12, 8, 5, 1)


def test_a_letter_in_brackets_repeats_the_grade() -> None:
    assert counts("21家众创空间被评为优秀（A类），28家被评为良好（B类）。") == graded("makerspace", 21, 28)


def test_other_labels_keep_their_word() -> None:
    title = "关于公布2023年度众创空间评价结果的通知"

    assert counts(
        "获四星的3家，三星级4家，基本合格2家，限期整改1家，暂缓评价2家，自愿放弃1家。", title=title
    ) == [
        (3, "makerspace", "四星", "other"),
        (4, "makerspace", "三星级", "other"),
        (2, "makerspace", "基本合格", "other"),
        (1, "makerspace", "限期整改", "other"),
        (2, "makerspace", "暂缓评价", "deferred"),
        (1, "makerspace", "自愿放弃", "absent"),
    ]
    assert counts("9家获准通过，3家不通过。", title=title) == [
        (9, "makerspace", "通过", "qualified"),
        (3, "makerspace", "不通过", "unqualified"),
    ]


@pytest.mark.parametrize(
    ("sentence", "outcome"),
    [
        ("众创空间优良5家、合格9家。", "excellent"),
        ("众创空间优秀2家、优良5家、合格9家。", "good"),
        ("众创空间优秀2家、优良5家、良好9家。", "other"),
    ],
)
def test_the_place_of_a_middle_grade_depends_on_its_neighbours(sentence: str, outcome: str) -> None:
    assert [c.outcome for c in claims_of(sentence) if c.label == "优良"] == [outcome]


def test_those_failed_for_not_taking_part_are_unqualified() -> None:
    assert counts("有3家众创空间未提交材料，视为不合格。") == [(3, "makerspace", "不合格", "unqualified")]
    assert counts("未参评孵化器2家（按D级处理）。") == [(2, "incubator", "D级", "unqualified")]
    assert counts("15家众创空间未参加本次考核。") == [(15, "makerspace", "未参加", "absent")]


# ---- what lists share ----------------------------------------------------------------------------------


def test_the_end_of_a_list_states_the_result_of_all_of_it() -> None:
    assert counts("6家众创空间、4家孵化器和2家加速器为A级；8家众创空间、5家孵化器为B级。") == [
        (6, "makerspace", "A级", "excellent"),
        (4, "incubator", "A级", "excellent"),
        (2, "accelerator", "A级", "excellent"),
        (8, "makerspace", "B级", "good"),
        (5, "incubator", "B级", "good"),
    ]


def test_what_stands_before_a_list_holds_for_it() -> None:
    expected = [(3, "incubator", "优秀", "excellent"), (5, "makerspace", "优秀", "excellent")]

    assert counts("优秀等次：孵化器3家，众创空间5家。") == expected
    assert counts("获评优秀的有3家孵化器和5家众创空间。") == expected
    assert counts("孵化器、众创空间优秀分别为3家、5家。") == expected


def test_each_hands_out_one_number_to_all() -> None:
    assert counts("孵化器和众创空间各有2家被取消资格。") == [
        (2, "incubator", "取消", "disqualified"),
        (2, "makerspace", "取消", "disqualified"),
    ]
    assert counts("众创空间优秀、良好各3家。") == graded("makerspace", 3, 3)


def test_a_kind_once_named_goes_on_to_hold() -> None:
    assert counts("科技企业孵化器方面，两家优秀、三家良好；众创空间方面，三家优秀、五家良好。") == [
        *graded("incubator", 2, 3),
        *graded("makerspace", 3, 5),
    ]
    assert counts("一、大学科技园", "优秀1家，良好2家。", "二、星创天地", "优秀3家。") == [
        *graded("university_science_park", 1, 2),
        *graded("star_base", 3),
    ]


def test_words_for_all_kinds_name_none() -> None:
    assert counts("被取消资格的10家孵化载体办理注销手续。") == [(10, None, "取消", "disqualified")]
    assert counts("孵化器和众创空间共20家参加评价。") == [(20, None, "参评", "evaluated")]


def test_a_label_further_on_holds_where_no_other_count_stands_between() -> None:
    (claim,) = claims_of("示例甲众创空间、示例乙众创空间两个平台建设规范，成效明显，考核为优秀。")

    assert (claim.count, claim.label, claim.names) == (2, "优秀", ("示例甲众创空间", "示例乙众创空间"))
    assert counts("此次参加考核的众创空间16家，全部合格。") == [(16, "makerspace", "合格", "qualified")]


# ---- totals, parts, places, levels ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "sentence",
    [
        "共有45家众创空间参加评价。",
        "我厅对45家众创空间2023年度的运行绩效作了评价。",
        "纳入考核范围的众创空间共45家。",
        "45家众创空间参评，较上年增加3家。",
        "众创空间45家：优秀10家，合格35家。",
        "45家众创空间中，优秀10家，合格35家。",
        "众创空间优秀10家，合格35家，共45家。",
    ],
)
def test_totals_of_those_evaluated(sentence: str) -> None:
    totals = [c for c in claims_of(sentence) if c.relation is Relation.TOTAL]

    assert [(c.count, c.kind, c.outcome) for c in totals] == [(45, "makerspace", "evaluated")]


def test_parts_are_parts_of_the_count_before() -> None:
    read = claims_of("众创空间不合格17家（其中3家被取消试点培育资格），合格20家，其中优秀4家。")

    assert [(c.count, c.outcome, c.relation, c.within, c.stated_overlap) for c in read] == [
        (17, "unqualified", Relation.DISJOINT, None, False),
        (3, "pilot_cancelled", Relation.SUBSET, 0, True),
        (20, "qualified", Relation.DISJOINT, None, False),
        (4, "excellent", Relation.SUBSET, 2, True),
    ]


def test_a_part_may_be_of_a_count_named_by_its_number() -> None:
    read = claims_of("孵化器9家为合格，7家为不合格，7家中有2家因连续两次不合格，取消资格。")

    assert [(c.count, c.outcome, c.relation, c.within) for c in read] == [
        (9, "qualified", Relation.DISJOINT, None),
        (7, "unqualified", Relation.DISJOINT, None),
        (2, "disqualified", Relation.SUBSET, 1),
    ]


def test_places_have_a_share_each() -> None:
    read = claims_of("优良孵化器7家：示例甲市4家、示例乙市3家。不合格2家：示例甲市、示例乙市各1家。")

    assert [(c.count, c.label, c.scope, c.within) for c in read] == [
        (7, "优良", ClaimScope.ALL, None),
        (4, "优良", ClaimScope.PART, 0),
        (3, "优良", ClaimScope.PART, 0),
        (2, "不合格", ClaimScope.ALL, None),
        (1, "不合格", ClaimScope.PART, 3),
        (1, "不合格", ClaimScope.PART, 3),
    ]
    assert [c.scope for c in claims_of("全市38家、我省40家众创空间参评。")] == [
        ClaimScope.ALL,
        ClaimScope.ALL,
    ]


def test_levels_are_kept_where_they_tell_parts_apart() -> None:
    read = claims_of("孵化器优秀11家（国家级3家、省级8家），良好9家。")

    assert [(c.count, c.level, c.within) for c in read] == [
        (11, None, None),
        (3, "国家级", 0),
        (8, "省级", 0),
        (9, None, None),
    ]
    # One level for all says nothing that the tables would have to show.
    assert [c.level for c in claims_of("对33家省级众创空间开展评价，优秀3家。")] == [None, None]


def test_ten_national_and_seventy_five_provincial() -> None:
    read = claims_of("参评众创空间85家，其中10家国家级和75家省级。")

    assert [(c.count, c.level, c.relation) for c in read] == [
        (85, None, Relation.TOTAL),
        (10, "国家级", Relation.SUBSET),
        (75, "省级", Relation.SUBSET),
    ]


# ---- losses, carried results, deferrals, duties --------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "label"),
    [
        ("决定撤销9家市级众创空间资格。", "撤销"),
        ("取消9家众创空间省级众创空间称号。", "取消"),
        ("对连续两年不合格的9家众创空间予以注销。", "注销"),
        ("对连续两个年度评价为D级的众创空间，按规定取消省级众创空间资格，共9家。", "取消"),
        ("同意撤销示例甲众创空间、示例乙众创空间等9家众创空间备案。", "撤销"),
    ],
)
def test_a_loss_outdoes_its_ground(sentence: str, label: str) -> None:
    assert counts(sentence) == [(9, "makerspace", label, "disqualified")]


def test_what_is_cancelled_must_be_a_status() -> None:
    assert counts("对不合格的1家孵化器，取消其当年房租补贴。") == [(1, "incubator", "不合格", "unqualified")]


def test_a_later_sentence_says_a_count_again() -> None:
    read = claims_of(
        "众创空间优秀8家，不合格3家。", "对优秀的9家众创空间给予奖励，对上述3家众创空间加强指导。"
    )

    assert [(c.count, c.outcome, c.relation, c.within) for c in read] == [
        (8, "excellent", Relation.DISJOINT, None),
        (3, "unqualified", Relation.DISJOINT, None),
        (9, "excellent", Relation.CROSS_REFERENCE, 0),
        (3, "unqualified", Relation.CROSS_REFERENCE, None),
    ]


@pytest.mark.parametrize(("rows", "relation"), [(13, Relation.CROSS_REFERENCE), (15, Relation.DISJOINT)])
def test_the_sum_tells_whether_carried_results_are_counted_twice(rows: int, relation: Relation) -> None:
    sentence = "众创空间优秀5家、合格8家，2家众创空间以孵化器评价结果作为考核结果。"
    table = faces(("合格", rows))

    carried = claims_of(sentence, tables=[table])[-1]

    assert (carried.count, carried.outcome, carried.of_kind) == (2, "carried", "incubator")
    assert carried.relation is relation


def test_deferrals_and_duties_have_their_year_and_kind() -> None:
    deferred, duty = claims_of(
        "另外2家众创空间在2024年按科技企业孵化器参加评价。",
        "另有1家众创空间应当以孵化器参加2025年度绩效评价。",
    )

    assert (deferred.count, deferred.outcome, deferred.of_kind, deferred.year) == (
        2,
        "deferred",
        "incubator",
        2024,
    )
    assert (duty.count, duty.outcome, duty.relation, duty.year) == (
        1,
        "other",
        Relation.CROSS_REFERENCE,
        2025,
    )


# ---- no counts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sentence",
    [
        "依据《办法》第十二条第（三）款和内科〔2023〕3号等2个文件，经第3次会议研究。",
        "联系电话：0471-6320000，邮编010010，会议室在8楼。",
        "公示期5个工作日，自2023年3月1日至3月7日，一式3份。",
        "全省12个盟市科技局推荐，15名专家、3家第三方机构参加了评审。",
        "众创空间内在孵企业1276家，高新技术企业188家，创业团队640个，优秀企业30家。",
        "场地面积46万平方米，投入资金5.3亿元，带动就业1.8万人，占比23.5%。",
        "现场核查32家，专家组对12家众创空间进行了实地走访。",
        "全省现有科技企业孵化器130家，其中国家级32家。",
        "今年新认定众创空间6家，新增孵化器5家。",
        "2022年度考核为优秀的5家众创空间已完成整改，上年度不合格4家。",
        "优秀不超过参评总数的20%，最多不超过10家，每个县区推荐不少于2家。",
        "百余家众创空间、20多家孵化器和近30家加速器积极申报，每家众创空间均应报送材料。",
        "公示期内收到2家单位提出的异议。",
        "12家众创空间运营良好，优秀案例5个，优秀创业导师10名。",
        "本次评价没有1家众创空间不合格，无一家放弃。",
        "2家以上众创空间由同一主体运营的，可以合并参评。",
    ],
)
def test_look_alikes_are_no_claims(sentence: str) -> None:
    assert counts(sentence) == []


# ---- what we write ourselves ---------------------------------------------------------------------------


def test_our_own_sentences_are_read_fully() -> None:
    read = claims_of(
        "众创空间：优秀14家、良好10家、不合格16家（其中取消试点培育资格3家、未参加评价2家）、取消众创空间资格27家；"
        "另有2家以孵化器评价结果作为考核结果，其中良好1家、不合格1家，未计入前列各数；"
        "另有2家本年度不作评定，2024年以孵化器参加评价。以上各类互不重复，合计71家（14+10+16+27+2+2=71）。",
        "附件1第8—14号共7家科技企业孵化器，应当整改，并参加2024年度科技企业孵化器绩效评价。"
        "两类合计：应当整改21家，再次或改期参加评价20家。",
        "被取消资格的31家（附件1第15号科技企业孵化器1家；附件2第44、48、54—82号众创空间30家，其中试点培育3家），"
        "由主管部门办理注销手续，分别退出管理体系、评价体系和统计调查对象三项，每项退出单独登记。",
    )

    assert [(c.count, c.kind, c.outcome, c.relation, c.within) for c in read] == [
        (14, "makerspace", "excellent", Relation.DISJOINT, None),
        (10, "makerspace", "good", Relation.DISJOINT, None),
        (16, "makerspace", "unqualified", Relation.DISJOINT, None),
        (3, "makerspace", "pilot_cancelled", Relation.SUBSET, 2),
        (2, "makerspace", "absent", Relation.SUBSET, 2),
        (27, "makerspace", "disqualified", Relation.DISJOINT, None),
        (2, "makerspace", "carried", Relation.DISJOINT, None),
        (1, "makerspace", "good", Relation.SUBSET, 6),
        (1, "makerspace", "unqualified", Relation.SUBSET, 6),
        (2, "makerspace", "deferred", Relation.DISJOINT, None),
        (71, "makerspace", "evaluated", Relation.TOTAL, None),
        (7, "incubator", "other", Relation.CROSS_REFERENCE, None),
        (21, None, "other", Relation.CROSS_REFERENCE, None),
        (20, None, "other", Relation.CROSS_REFERENCE, None),
        (31, None, "disqualified", Relation.CROSS_REFERENCE, None),
        (1, "incubator", "disqualified", Relation.SUBSET, 14),
        (30, "makerspace", "disqualified", Relation.SUBSET, 14),
        (3, "makerspace", "pilot_cancelled", Relation.SUBSET, 16),
    ]
    assert read[16].joins_pilot


@pytest.mark.parametrize("serials", ["第5—7号", "第1、3、5号", "第1—2、5号", "第1号、第3号和第5号", "第5号"])
def test_each_kind_of_the_cancelled_is_part_of_their_sum_though_the_first_has_pilots_of_its_own(
    serials: str,
) -> None:
    read = claims_of(
        f"被取消资格的4家（附件1第1号科技企业孵化器1家，其中试点培育1家；附件2{serials}众创空间3家，其中试点培育3家），"
        "由主管部门办理注销手续。"
    )

    assert [(c.count, c.kind, c.outcome, c.within) for c in read] == [
        (4, None, "disqualified", None),
        (1, "incubator", "disqualified", 0),
        (1, "incubator", "pilot_cancelled", 1),
        (3, "makerspace", "disqualified", 0),
        (3, "makerspace", "pilot_cancelled", 3),
    ]


def test_a_name_that_reads_like_a_count_or_ends_a_sentence_is_a_name_where_the_tables_list_it() -> None:
    names = ("示例百家汇", "示例3家优秀众创空间", "示例。空间")
    listed = table([row(n, name, "不合格") for n, name in enumerate(names, 1)])
    text = "众创空间不合格3家。其中，附件第2号示例3家优秀众创空间：限期整改。附件第3号示例。空间、示例百家汇：整改。"

    assert [(c.count, c.outcome, c.text) for c in claims_of(text, tables=[listed])] == [
        (3, "unqualified", "众创空间不合格3家")
    ]
    assert [c.count for c in claims_of(text)] == [3, 3]


def as_document(paper: ResultNotice) -> NoticeDocument:
    """What a file of the notice holds: its lines in order, each annex with label, title and grid."""
    lines = [
        *paper.title_lines,
        f"{'，'.join(paper.addressees)}：",
        *(paragraph.text for paragraph in paper.paragraphs),
    ]
    blocks: list[DocumentBlock] = [DocumentParagraph(text=line) for line in lines]
    for annex in paper.annexes:
        blocks += [DocumentParagraph(text=annex.label), DocumentParagraph(text=annex.title)]
        blocks.append(DocumentTable(rows=(annex.heads, *(row.cells for row in annex.rows))))
    return NoticeDocument(file="示例.docx", format="docx", blocks=tuple(blocks))


@settings(max_examples=50, deadline=None)
@given(rounds())
def test_every_count_of_a_notice_we_write_is_read_back(decisions: dict[EntryKey, Decision]) -> None:
    paper = build_notice(results_from(decisions), VOCABULARY, PAST)

    read = read_notice(as_document(paper))

    assert [claim.count for claim in read_claims(read)] == [claim.count for claim in paper.claims]
    assert [len(table.rows) for table in read.tables] == [len(annex.rows) for annex in paper.annexes]
    assert read.title == paper.title


# ---- what other hands' notices showed ----------------------------------------------------------------------

ONE = "关于公布2023年度众创空间绩效评价结果的通知"
E_, G_, Q_, U_ = ("优秀", "excellent"), ("良好", "good"), ("合格", "qualified"), ("不合格", "unqualified")
TOTAL = ("参评", "evaluated")


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("示例大学大学科技园等4家大学科技园评为优秀。", [(4, "university_science_park", *E_)]),
        (
            "对经认定备案的22家省级孵化器、31家省级众创空间开展了年度评价。",
            [(22, "incubator", *TOTAL), (31, "makerspace", *TOTAL)],
        ),
        (
            "对16家省级孵化器，以及24家自愿参与评价的众创空间开展了评价。",
            [(16, "incubator", *TOTAL), (24, "makerspace", *TOTAL)],
        ),
        (
            "孵化器和众创空间获评优秀的分别有4家和6家，获评合格的各10家。",
            [
                (4, "incubator", *E_),
                (6, "makerspace", *E_),
                (10, "incubator", *Q_),
                (10, "makerspace", *Q_),
            ],
        ),
        (
            "优秀3家、良好5家（孵化器）；优秀2家、良好4家（众创空间）。",
            [
                (3, "incubator", *E_),
                (5, "incubator", *G_),
                (2, "makerspace", *E_),
                (4, "makerspace", *G_),
            ],
        ),
        (
            "评价等级为优秀、良好的孵化器依次为3家、5家，众创空间依次为4家、8家。",
            [
                (3, "incubator", *E_),
                (5, "incubator", *G_),
                (4, "makerspace", *E_),
                (8, "makerspace", *G_),
            ],
        ),
    ],
)
def test_lists_share_a_verb_a_kind_or_their_labels(sentence, wanted) -> None:
    assert counts(sentence) == wanted


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("优秀众创空间由上年的4家增加到6家，良好众创空间8家。", [(6, *E_), (8, *G_)]),
        ("1家未在规定时间内提交材料。", [(1, "未在规定时间内提交", "absent")]),
        ("2家提供虚假材料的众创空间撤销备案。", [(2, "撤销", "disqualified")]),
        ("6家连续两年考核不合格或放弃考核的众创空间被取消资格。", [(6, "取消", "disqualified")]),
        ("对未提交材料的3家按不合格处理。", [(3, *U_)]),
        (
            "保留48家众创空间备案资格，取消7家众创空间备案资格。",
            [(48, "保留", "qualified"), (7, "取消", "disqualified")],
        ),
        ("经复核，41家众创空间符合备案条件。", [(41, "符合备案条件", "qualified")]),
        ("一般众创空间20家，其中优秀4家。", [(20, *TOTAL), (4, *E_)]),
        ("25家众创空间参评，总体优秀率20%。", [(25, *TOTAL)]),
    ],
)
def test_clauses_of_makerspaces(sentence, wanted) -> None:
    assert counts(sentence, title=ONE) == [(number, "makerspace", *rest) for number, *rest in wanted]


@pytest.mark.parametrize(
    "sentence",
    [
        "示例空间是一家优秀的众创空间。",
        "确定示例产业发展有限公司等6家单位为省级众创空间。",
        "早在2019年就有60家众创空间被取消备案资格。",
        "截至目前，全省纳入统计的众创空间达848家。",
        "共有5家符合奖励条件。",
        "重点实验室评估优秀5家、良好12家。",
    ],
)
def test_more_look_alikes_are_no_claims(sentence) -> None:
    assert counts(sentence, title=ONE) == []


def test_a_notice_on_other_bodies_makes_no_claim() -> None:
    title = "关于发布2023年省重点实验室评估结果的通知"

    assert counts("52家省重点实验室中，7家为优秀，22家为良好，对不合格的2家不再列入。", title=title) == []
    assert counts("优秀、良好、合格分别为7家、22家、15家，优秀、良好各2家。", title=title) == []


def test_a_part_at_the_head_of_a_sentence_goes_into_the_class_before() -> None:
    claims = claims_of("共评选出56家A类孵化载体。其中国家级孵化器13家、省级众创空间43家。")

    assert [(c.count, c.kind, c.outcome, c.relation, c.within) for c in claims] == [
        (56, None, "excellent", Relation.DISJOINT, None),
        (13, "incubator", "excellent", Relation.SUBSET, 0),
        (43, "makerspace", "excellent", Relation.SUBSET, 0),
    ]


def test_a_part_is_of_the_total_of_its_own_kind() -> None:
    claims = claims_of(
        "12家孵化器、30家众创空间参加评价。其中示例园等3家孵化器、示例汇等7家众创空间被评为优秀。"
    )

    assert [(c.count, c.within) for c in claims] == [(12, None), (30, None), (3, 0), (7, 1)]


def test_places_without_their_suffix_are_places_beside_others() -> None:
    claims = claims_of("对61家众创空间进行了评价，其中兰州56家，临夏州、武威各2家，甘南州1家。", title=ONE)

    assert [(c.count, c.scope) for c in claims] == [
        (61, ClaimScope.ALL),
        *[(count, ClaimScope.PART) for count in (56, 2, 2, 1)],
    ]


def test_counts_added_up_later_are_a_total_of_their_class() -> None:
    claims = claims_of("对3家予以注销备案，对2家撤销备案，以上5家不再享受政策。", title=ONE)

    assert [(c.count, c.outcome, c.relation) for c in claims] == [
        (3, "disqualified", Relation.DISJOINT),
        (2, "disqualified", Relation.DISJOINT),
        (5, "disqualified", Relation.TOTAL),
    ]


def test_pilots_beside_their_kind_are_a_level() -> None:
    claims = claims_of("创客空间合格21家；创客空间试点合格3家。", title="关于创客空间考核结果的通知")

    assert [(c.count, c.level, c.relation) for c in claims] == [
        (21, None, Relation.DISJOINT),
        (3, "试点", Relation.DISJOINT),
    ]


def test_names_behind_a_colon_are_the_clauses_own() -> None:
    [claim] = claims_of("优秀（2家）：示例甲众创空间、示例乙众创空间；名单另发。", title=ONE)

    assert claim.names == ("示例甲众创空间", "示例乙众创空间")
