"""The result notice: what it says, and that no count in it can leave its rows."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatchmark.domain.notices import (
    FICTIONAL,
    NOT_THE_ORIGINAL,
    Basis,
    NoticeFacts,
    Paragraph,
    ProvenanceLine,
    PublicNoticeFacts,
    Relation,
    ResultNotice,
    Role,
    Ruling,
    SelfContradictionError,
    Sentence,
    Serials,
    build_notice,
    self_check,
)
from hatchmark.domain.outcomes import Decision, EntryKey, Grade, Mode, Outcome, contradictions
from hatchmark.domain.results import Participant, RoundResults, build_results
from hatchmark.domain.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary("nmg-2021")
PAST = NoticeFacts(
    past=True,
    addressees=("各盟市科技局", "各有关单位"),
    bases=(
        Basis(title="绩效评价办法（试行）", number="示例发〔2020〕3号"),
        Basis(title="管理办法", number=""),
    ),
)
LIVE = replace(PAST, past=False, issued_on=date(2021, 11, 3), number="示例科发〔2021〕1号")


def results_from(
    decisions: Mapping[EntryKey, Decision],
    *,
    fictional: bool = False,
    scores: Mapping[EntryKey, str] | None = None,
) -> RoundResults:
    return build_results(
        authority="示例自治区科学技术厅",
        year=2021,
        fictional=fictional,
        kinds=("incubator", "makerspace"),
        participants={
            key: Participant(
                key=key,
                name=f"示例{key.kind}{key.serial}",
                aliases=(),
                operators_printed=f"示例公司{key.serial}",
                operators=(f"示例公司{key.serial}",),
                channel="示例市",
                region=None,
            )
            for key in decisions
        },
        decisions=decisions,
        scores=scores or {},
        vocabulary=VOCABULARY,
    )


def decided(kind: str, *runs: tuple[int, dict[str, object]]) -> dict[EntryKey, Decision]:
    """Number entries of one kind through, run by run."""
    found: dict[EntryKey, Decision] = {}
    for times, what in runs:
        for _ in range(times):
            key = EntryKey(kind, len(found) + 1)
            found[key] = Decision(**{"key": key, "mode": Mode.EVALUATED, "outcome": Outcome.GRADED, **what})
    return found


EXCELLENT, GOOD = {"grade": Grade.EXCELLENT}, {"grade": Grade.GOOD}
QUALIFIED, FAILED = {"grade": Grade.QUALIFIED}, {"grade": Grade.UNQUALIFIED}
PILOT = {"grade": Grade.UNQUALIFIED, "outcome": Outcome.PILOT_CANCELLED}
OUT = {"outcome": Outcome.DISQUALIFIED}
DEFERRED = {"mode": Mode.DEFERRED, "outcome": Outcome.DEFERRED, "year": 2022, "as_kind": "incubator"}
ABSENT = {"mode": Mode.ABSENT, "outcome": Outcome.ABSENT}


def carried(serial: int) -> dict[str, object]:
    return {
        "mode": Mode.CARRIED,
        "outcome": Outcome.CARRIED,
        "carried_from": EntryKey("incubator", serial),
    }


def the_2021_pattern() -> dict[EntryKey, Decision]:
    """The shape of the round of 2021: same classes, same numbers, same serials; nobody's names."""
    incubators = decided("incubator", (3, EXCELLENT), (3, GOOD), (1, QUALIFIED), (7, FAILED), (1, OUT))
    ninth = EntryKey("incubator", 9)
    incubators[ninth] = replace(incubators[ninth], note="以自治区级科技企业孵化器资格参加评价。")
    return incubators | decided(
        "makerspace",
        (14, EXCELLENT),
        (10, GOOD),
        (14, QUALIFIED),
        (5, FAILED),
        (1, PILOT),
        (3, FAILED),
        (1, PILOT),
        (5, FAILED),
        (1, PILOT),
        (27, OUT),
        (1, carried(5)),
        (1, carried(8)),
        (2, DEFERRED),
    )


def lines(notice: ResultNotice) -> list[str]:
    return [paragraph.text for paragraph in notice.paragraphs]


def test_the_notice_of_2021_says_this_and_nothing_else():
    results = results_from(the_2021_pattern())

    notice = build_notice(results, VOCABULARY, PAST)

    assert notice.title_lines == ("2021年度科技企业孵化器绩效评价", "和众创空间绩效考核结果通知")
    assert lines(notice) == [
        "依据《绩效评价办法（试行）》（示例发〔2020〕3号）、《管理办法》，示例自治区科学技术厅开展了2021年度"
        "科技企业孵化器绩效评价和众创空间绩效考核。"
        "材料申报、初审、专家评审、现场抽查、科研诚信审查和公示等环节已经完成，现将结果和后续工作通知如下。",
        "一、评定结果",
        "科技企业孵化器：优秀3家、良好3家、合格1家、不合格7家、取消科技企业孵化器资格1家。"
        "以上各类互不重复，合计15家（3+3+1+7+1=15）。",
        "众创空间：优秀14家、良好10家、合格14家、不合格16家（其中取消试点培育资格3家）、取消众创空间资格27家；"
        "另有2家以孵化器评价结果作为考核结果，其中良好1家、不合格1家，未计入前列各数；"
        "另有2家本年度不作评定，2022年以孵化器参加评价。"
        "以上各类互不重复，合计85家（14+10+14+16+27+2+2=85）。",
        "二、后续工作",
        "附件1第8—14号共7家科技企业孵化器，应当整改，并参加2022年度科技企业孵化器绩效评价。"
        "附件2第39—43、45—47、49—53号共13家众创空间，应当整改，并参加2022年度众创空间绩效考核。"
        "附件2第83号1家众创空间，应当整改，并以孵化器参加2022年度科技企业孵化器绩效评价。"
        "附件2第84、85号共2家众创空间，应当以孵化器参加2022年度科技企业孵化器绩效评价。"
        "两类合计：应当整改21家，再次或改期参加评价23家。",
        "其中，附件1第9号示例incubator9：以自治区级科技企业孵化器资格参加评价。"
        "附件2第83号示例makerspace83：随孵化器第8号整改并参加评价。",
        "被取消资格的31家（附件1第15号科技企业孵化器1家；附件2第44、48、54—81号众创空间30家，其中试点培育3家），"
        "由主管部门办理注销手续，分别退出管理体系、评价体系和统计调查对象三项，每项退出单独登记。",
        "三、计数规则和说明",
        "附件每一行计数一次，计入该行结果栏所印的类别。"
        "以另一类评定结果作为本类结果的，单列一类并列明其中各等次，不计入本类各等次。"
        "同时取消试点培育资格的、未参加而评为不合格的，是不合格的其中数，不另计。"
        "取消资格的没有等次，单列一类；本年度不作评定的，单列一类。"
        "后续工作所列各数是对同一批行的再次引用，不与评定结果各数相加。",
        f"本通知和附件由结果数据生成。结果数据的校验值（SHA-256）：{results.digest}",
    ]


def test_every_class_of_2021_is_a_claim_with_its_relation():
    notice = build_notice(results_from(the_2021_pattern()), VOCABULARY, PAST)

    makerspaces = [
        (claim.label, claim.outcome, claim.count, claim.relation.value, claim.within)
        for claim in notice.claims
        if claim.kind == "makerspace" and claim.relation is not Relation.CROSS_REFERENCE
    ]

    through = "以孵化器评价结果作为考核结果"
    assert makerspaces == [
        ("优秀", "excellent", 14, "disjoint", ""),
        ("良好", "good", 10, "disjoint", ""),
        ("合格", "qualified", 14, "disjoint", ""),
        ("不合格", "unqualified", 16, "disjoint", ""),
        ("取消试点培育资格", "pilot_cancelled", 3, "subset", "不合格"),
        ("取消众创空间资格", "disqualified", 27, "disjoint", ""),
        (through, "carried", 2, "disjoint", ""),
        ("良好", "good", 1, "subset", through),
        ("不合格", "unqualified", 1, "subset", through),
        ("2022年以孵化器参加评价", "deferred", 2, "disjoint", ""),
        ("众创空间", "evaluated", 85, "total", ""),
    ]


def test_an_annex_prints_the_rows_and_the_words_of_the_authority():
    notice = build_notice(results_from(decided("makerspace", (1, GOOD), (1, PILOT))), VOCABULARY, PAST)

    (annex,) = notice.annexes

    assert (annex.label, annex.title) == ("附件", "2021年度众创空间绩效考核结果汇总表")
    assert annex.heads == ("序号", "众创空间名称", "运营机构名称", "地区", "考核结果")
    assert [row.cells for row in annex.rows] == [
        ("1", "示例makerspace1", "示例公司1", "示例市", "良好"),
        ("2", "示例makerspace2", "示例公司2", "示例市", "不合格，取消试点培育资格。"),
    ]


def test_scores_are_printed_with_their_provenance_or_not_at_all():
    decisions = decided("incubator", (1, GOOD), (1, OUT))
    results = results_from(decisions, scores={EntryKey("incubator", 1): "82.35"})
    line = "评价方案系重构。"
    given = (
        ProvenanceLine(kind="incubator", text=line),
        ProvenanceLine(kind="makerspace", text="另一方案。"),
    )

    shown = build_notice(results, VOCABULARY, replace(PAST, scores_shown=True, provenance=given))
    silent = build_notice(results, VOCABULARY, replace(PAST, provenance=given))

    assert [row.cells[-2:] for row in shown.annexes[0].rows] == [
        ("82.35", "良好"),
        ("—", "取消科技企业孵化器资格"),
    ]
    assert shown.provenance_of(shown.annexes[0]) == (line,)
    assert line in lines(shown)
    assert silent.annexes[0].heads == ("序号", "孵化器名称", "运营机构名称", "地区", "评价结果")
    assert silent.provenance == ()
    assert line not in lines(silent)


def test_an_absent_one_that_fails_is_part_of_the_failed_and_one_without_grade_is_a_class():
    decisions = decided("incubator", (2, FAILED), (1, {**ABSENT, **FAILED}), (1, ABSENT))

    notice = build_notice(results_from(decisions), VOCABULARY, PAST)

    assert lines(notice)[2] == (
        "科技企业孵化器：不合格3家（其中未参加评价1家）、未参加评价1家。以上各类互不重复，合计4家（3+1=4）。"
    )


def test_a_round_without_failures_asks_nothing_of_anybody():
    notice = build_notice(results_from(decided("incubator", (2, GOOD))), VOCABULARY, PAST)

    assert lines(notice)[2:5] == [
        "科技企业孵化器：良好2家。以上各类互不重复，合计2家。",
        "二、后续工作",
        "本年度没有须整改或再次参加评价的机构。",
    ]


@pytest.mark.parametrize(
    ("objections", "said"),
    [
        ((), "公示期为2021年10月9日至2021年10月15日，未收到异议。"),
        (
            (Ruling.UPHELD, Ruling.REJECTED, Ruling.REJECTED),
            "公示期为2021年10月9日至2021年10月15日，收到异议3件，其中成立1件、不成立2件。",
        ),
    ],
)
def test_the_public_notice_is_told_with_what_came_of_it(objections, said):
    key = EntryKey("incubator", 1)
    shown = PublicNoticeFacts(
        opened_on=date(2021, 10, 9),
        closed_on=date(2021, 10, 15),
        objections=tuple((key, ruling) for ruling in objections),
    )

    notice = build_notice(
        results_from(decided("incubator", (1, GOOD))), VOCABULARY, replace(PAST, public_notice=shown)
    )

    assert notice.paragraphs[0].sentences[-1].text == said


def test_a_withheld_entry_is_named_as_a_number_outside_the_sum():
    facts = replace(LIVE, withheld=(EntryKey("incubator", 2),))

    notice = build_notice(results_from(decided("incubator", (1, GOOD)), fictional=True), VOCABULARY, facts)

    assert lines(notice)[2:4] == [
        "科技企业孵化器：良好1家。以上各类互不重复，合计1家。",
        "另有1家因异议尚未办结，结果暂不公布，不在附件中。",
    ]


@pytest.mark.parametrize(
    ("fictional", "facts", "marks"),
    [
        (False, PAST, (NOT_THE_ORIGINAL,)),
        (True, PAST, (FICTIONAL,)),
        (True, LIVE, (FICTIONAL,)),
        (False, LIVE, ()),
    ],
)
def test_the_marks_follow_from_what_the_round_is(fictional, facts, marks):
    results = results_from(decided("incubator", (1, GOOD)), fictional=fictional)

    assert build_notice(results, VOCABULARY, facts).marks == marks


@pytest.mark.parametrize("dress", [{"issued_on": date(2021, 11, 3)}, {"number": "示例发〔2021〕1号"}])
def test_a_real_past_notice_is_never_given_a_date_or_a_number(dress):
    with pytest.raises(ValueError, match="no date and no document number"):
        build_notice(results_from(decided("incubator", (1, GOOD))), VOCABULARY, replace(PAST, **dress))


def test_a_fictional_number_must_be_seen_to_be_one():
    results = results_from(decided("incubator", (1, GOOD)), fictional=True)

    with pytest.raises(ValueError, match="could be taken for the number of a real document"):
        build_notice(results, VOCABULARY, replace(LIVE, number="科发〔2021〕1号"))


def test_serials_are_ranges_from_three_on():
    keys = tuple(EntryKey("makerspace", serial) for serial in (1, 2, 4, 6, 7, 8, 10))

    assert str(Serials(keys=keys)) == "第1、2、4、6—8、10号"


# ---- the notice checks itself ------------------------------------------------------------------------


def with_body(notice: ResultNotice, change) -> ResultNotice:
    """Change every sentence of a notice, as a careless hand would."""
    return replace(
        notice,
        paragraphs=tuple(
            Paragraph(role=paragraph.role, sentences=tuple(map(change, paragraph.sentences)))
            for paragraph in notice.paragraphs
        ),
    )


def less_one(label: str):
    def change(sentence: Sentence) -> Sentence:
        return Sentence(
            tuple(
                replace(part, of=part.of[1:]) if getattr(part, "label", None) == label else part
                for part in sentence.parts
            )
        )

    return change


def test_a_row_left_out_of_its_class_is_found():
    results = results_from(decided("incubator", (3, GOOD), (1, FAILED)))

    found = self_check(with_body(build_notice(results, VOCABULARY, PAST), less_one("良好")), results)

    assert found == [
        "incubator:1 is counted 0 times, not once",
        "the classes of incubator add up to 3, not to 4 rows",
        "'良好' of incubator counts 2 of the rows that print ['良好']",
    ]


def test_a_wrong_total_is_found():
    results = results_from(decided("incubator", (2, GOOD)))

    found = self_check(
        with_body(build_notice(results, VOCABULARY, PAST), less_one("科技企业孵化器")), results
    )

    assert found == ["the total of incubator says 1, and there are 2 rows"]


def test_a_duty_that_is_not_said_is_found():
    results = results_from(decided("incubator", (2, FAILED)))

    found = self_check(with_body(build_notice(results, VOCABULARY, PAST), less_one("应当整改")), results)

    assert found == ["rectify is owed by 2 entries, and the notice says 1"]


def test_a_number_typed_by_hand_is_found():
    results = results_from(decided("incubator", (2, GOOD)))
    notice = build_notice(results, VOCABULARY, PAST)
    typed = Paragraph(role=Role.BODY, sentences=(Sentence(("良好3家。",)),))

    found = self_check(replace(notice, paragraphs=(*notice.paragraphs, typed)), results)

    assert found == ["'良好3家。' is a number typed into a sentence; a count is computed from rows"]


def test_an_annex_that_differs_from_the_results_is_found():
    results = results_from(decided("incubator", (2, GOOD)))
    notice = build_notice(results, VOCABULARY, PAST)
    (annex,) = notice.annexes
    better = replace(annex.rows[0], cells=(*annex.rows[0].cells[:-1], "优秀"))

    found = self_check(replace(notice, annexes=(replace(annex, rows=(better,)),)), results)

    assert found == [
        "incubator:1 prints ('1', '示例incubator1', '示例公司1', '示例市', '优秀'), which is not its result",
        "incubator:2 is a result and stands in no annex",
    ]


def test_a_notice_that_contradicts_itself_is_not_made(monkeypatch):
    results = results_from(decided("incubator", (2, GOOD)))
    monkeypatch.setattr("hatchmark.domain.notices._keys", lambda rows: tuple(row.key for row in rows)[1:])

    with pytest.raises(SelfContradictionError, match="incubator:1 is counted 0 times"):
        build_notice(results, VOCABULARY, PAST)


# ---- the law -----------------------------------------------------------------------------------------

PLAIN = [EXCELLENT, GOOD, QUALIFIED, FAILED, PILOT, OUT, ABSENT, {**ABSENT, **FAILED}]


@st.composite
def rounds(draw) -> dict[EntryKey, Decision]:
    keys = [EntryKey("incubator", n + 1) for n in range(draw(st.integers(0, 12)))]
    keys += [EntryKey("makerspace", n + 1) for n in range(draw(st.integers(0 if keys else 1, 12)))]
    decisions: dict[EntryKey, Decision] = {}
    for key in keys:
        kinds = ["plain", "plain", "deferred", *(["carried"] if decisions else [])]
        what: dict[str, object]
        match draw(st.sampled_from(kinds)):
            case "plain":
                what = draw(st.sampled_from(PLAIN))
            case "deferred":
                what = {
                    **DEFERRED,
                    "year": draw(st.sampled_from([2022, 2023])),
                    "as_kind": draw(st.sampled_from(["incubator", "makerspace"])),
                }
            case _:
                # From an earlier entry of any kind: chains occur, circles cannot.
                what = {
                    "mode": Mode.CARRIED,
                    "outcome": Outcome.CARRIED,
                    "carried_from": draw(st.sampled_from(list(decisions))),
                }
        base = {"key": key, "mode": Mode.EVALUATED, "outcome": Outcome.GRADED}
        decisions[key] = Decision(**{**base, **what})
        assert contradictions(decisions[key]) == []
    return decisions


@given(rounds())
def test_the_printed_classes_add_up_to_the_rows_whatever_was_decided(decisions):
    results = results_from(decisions)

    notice = build_notice(results, VOCABULARY, PAST)

    sums = re.findall(r"以上各类互不重复，合计(\d+)家(?:（([\d+]+)=(\d+)）)?。", "".join(lines(notice)))
    kinds = [kind for kind in results.kinds if results.rows_of(kind)]
    assert [int(total) for total, _, _ in sums] == [len(results.rows_of(kind)) for kind in kinds]
    for total, addends, equals in sums:
        assert not addends or sum(map(int, addends.split("+"))) == int(equals) == int(total)
    classes = [key for claim in notice.claims if claim.relation is Relation.DISJOINT for key in claim.of]
    assert sorted(classes) == sorted(decisions)
    assert self_check(notice, results) == []


@given(rounds())
def test_the_parts_of_a_carried_class_add_up_to_it(decisions):
    notice = build_notice(results_from(decisions), VOCABULARY, PAST)

    for claim in notice.claims:
        if claim.outcome == "carried":
            parts = [
                key
                for part in notice.claims
                if (part.kind, part.within) == (claim.kind, claim.label)
                for key in part.of
            ]
            assert sorted(parts) == sorted(claim.of)
