"""The call for the next round: who is due and why, who is not, and that each stands on the list once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paper_samples import FACTS, KINDS, VOCABULARY, key, results_of, template, text_of

from hatchmark.domain.calls import DueLine, Owed, Registered, as_chosen, build_call, due_list, reason_words

CALL = template("call")


def registered(institution, kind="incubator", *, active=True):
    return Registered(
        institution=institution,
        kind=kind,
        name=f"示例{institution}",
        operators_printed=f"示例{institution}公司",
        channel="示例市",
        active=active,
    )


def owed(institution, who, *, as_kind=None, judged_by=None, failed=True, year=2026):
    return Owed(
        institution=institution,
        name=f"示例{institution}",
        key=who,
        from_year=2025,
        year=year,
        as_kind=as_kind or who.kind,
        judged_by=judged_by or institution,
        failed=failed,
    )


REGISTER = (
    registered("甲"),
    registered("乙"),
    registered("丙", active=False),
    registered("丁", "makerspace"),
    registered("戊", "makerspace"),
    registered("己", "makerspace"),
    registered("庚", "makerspace", active=False),
)
OWED = (
    owed("乙", key("incubator", 2)),
    owed("丁", key("makerspace", 2)),
    # 戊 was judged by 乙 and takes part through it; 己 was deferred and comes as an incubator.
    owed("戊", key("makerspace", 4), as_kind="incubator", judged_by="乙"),
    owed("己", key("makerspace", 5), as_kind="incubator", failed=False),
    # 庚 left the register: what it owed before binds nobody any more.
    owed("庚", key("makerspace", 6)),
    owed("甲", key("incubator", 1), year=2027),
)


def due():
    return due_list(REGISTER, OWED, kinds=KINDS, year=2026)


def test_each_line_has_its_reasons():
    found = [
        (str(line.key), line.institution, line.registered, reason_words(line, VOCABULARY))
        for line in due().lines
    ]

    assert found == [
        ("incubator:1", "甲", True, "在册资格"),
        (
            "incubator:2",
            "乙",
            True,
            "在册资格；2025年度孵化器第2号不合格，整改后再次参加；"
            "2025年度众创空间第4号（示例戊）不合格，整改后再次参加（以孵化器）",
        ),
        ("incubator:3", "己", False, "2025年度众创空间第5号改为2026年度参加（以孵化器）"),
        ("makerspace:1", "丁", True, "在册资格；2025年度众创空间第2号不合格，整改后再次参加"),
    ]
    assert [(each.institution, each.kind) for each in due().left] == [
        ("丙", "incubator"),
        ("庚", "makerspace"),
    ]


def test_the_call_counts_its_own_lists_and_prints_every_line():
    paper = build_call(results_of(), VOCABULARY, FACTS, CALL, due=due())

    assert paper.title_lines == ("关于开展2026年度", "科技企业孵化器绩效评价和众创空间绩效考核", "工作的通知")
    said = text_of(paper)
    assert "科技企业孵化器绩效评价：列入名单3家（附件1），其中按往年结果应当参加2家。" in said
    assert "众创空间绩效考核：列入名单1家（附件2），其中按往年结果应当参加1家。" in said
    assert "资格已经取消、或者已经退出评价体系的2家，不再列入名单。" in said
    assert [(annex.title, [row.cells for row in annex.rows]) for annex in paper.annexes] == [
        (
            "2026年度科技企业孵化器绩效评价参评名单",
            [
                (
                    str(line.key.serial),
                    line.name,
                    line.operators_printed,
                    line.channel,
                    reason_words(line, VOCABULARY),
                )
                for line in due().of("incubator")
            ],
        ),
        (
            "2026年度众创空间绩效考核参评名单",
            [
                (
                    "1",
                    "示例丁",
                    "示例丁公司",
                    "示例市",
                    "在册资格；2025年度众创空间第2号不合格，整改后再次参加",
                )
            ],
        ),
    ]


def test_a_duty_of_somebody_outside_the_register_is_told_and_a_list_of_another_year_refused():
    with pytest.raises(
        ValueError, match=r"makerspace:9 of 2025 must take part in 2026 and is in no register"
    ):
        due_list(REGISTER, [owed("无名", key("makerspace", 9))], kinds=KINDS, year=2026)
    later = due_list(REGISTER, (), kinds=KINDS, year=2027)
    with pytest.raises(ValueError, match="a due list of 2027 is not that of the round after 2025"):
        build_call(results_of(), VOCABULARY, FACTS, CALL, due=later)


@given(
    st.lists(st.booleans(), min_size=6, max_size=6),
    st.lists(st.tuples(st.integers(0, 5), st.sampled_from(KINDS), st.booleans()), max_size=8),
)
def test_whoever_is_active_or_obliged_stands_on_the_list_and_nobody_twice(active, duties):
    register = [registered(f"机构{n}", KINDS[n % 2], active=flag) for n, flag in enumerate(active)]
    obligations = [
        owed(f"机构{n}", key(KINDS[n % 2], n + 1), as_kind=as_kind, failed=failed)
        for n, as_kind, failed in duties
    ]

    found = due_list(register, obligations, kinds=KINDS, year=2026)

    places = [(line.institution, line.key.kind) for line in found.lines]
    assert len(places) == len(set(places))
    standing = {each.institution for each in register if each.active}
    # Active: due as its own kind or as the one it owes. Not active: not due at all.
    assert {institution for institution, _ in places} == standing
    for duty in obligations:
        if duty.institution in standing:
            assert (duty.institution, duty.as_kind) in places
    assert all(line.registered or line.owed for line in found.lines)
    for kind in KINDS:
        assert [line.key.serial for line in found.of(kind)] == list(range(1, len(found.of(kind)) + 1))


# ---- what an officer changes of it -------------------------------------------------------------------------


def added(institution, *, kind="incubator", reason="2025年新认定"):
    return DueLine(
        key=key(kind, 1),
        institution=institution,
        name=f"示例{institution}",
        operators_printed=f"示例{institution}公司",
        channel="示例市",
        registered=False,
        owed=(),
        held=kind,
        added=reason,
    )


def test_lines_are_left_out_and_added_and_the_serials_are_given_anew():
    chosen = as_chosen(due(), left_out={("甲", "incubator"): "批次"}, added=[added("辛")])

    assert [(str(line.key), line.institution) for line in chosen.of("incubator")] == [
        ("incubator:1", "乙"),
        ("incubator:2", "己"),
        ("incubator:3", "辛"),
    ]
    assert [line.institution for line in chosen.of("makerspace")] == [
        line.institution for line in due().of("makerspace")
    ]
    assert [(each.institution, each.kind, each.reason) for each in chosen.left_out] == [
        ("甲", "incubator", "批次")
    ]
    assert reason_words(chosen.of("incubator")[-1], VOCABULARY) == "补列：2025年新认定"


@pytest.mark.parametrize(
    ("left_out", "new", "says"),
    [
        ({("乙", "incubator"): "批次"}, [], "an earlier result obliges 乙 to take part as incubator"),
        ({("甲", "incubator"): " "}, [], "甲 as incubator is left out without a reason"),
        ({("丙", "incubator"): "批次"}, [], "丙 as incubator is not on the list"),
        ({}, [added("甲")], "甲 as incubator is on the list already"),
        ({}, [added("辛"), added("辛")], "辛 as incubator is on the list already"),
        ({}, [added("辛", reason="")], "辛 as incubator is added without a reason"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(left_out, new, says):
    with pytest.raises(ValueError, match=says):
        as_chosen(due(), left_out=left_out, added=new)


@given(st.sets(st.sampled_from([(line.institution, line.key.kind) for line in due().lines if not line.owed])))
def test_whoever_is_not_left_out_stays_and_serials_run_from_one(names):
    chosen = as_chosen(due(), left_out=dict.fromkeys(names, "批次"), added=[])

    everybody = {(line.institution, line.key.kind) for line in due().lines}
    assert {(line.institution, line.key.kind) for line in chosen.lines} == everybody - names
    for kind in KINDS:
        assert [line.key.serial for line in chosen.of(kind)] == list(range(1, len(chosen.of(kind)) + 1))
