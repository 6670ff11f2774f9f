"""The 公示: its window to the last second, counted in working days, its contacts, and its numbers."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paper_samples import DECISIONS, FACTS, VOCABULARY, key, results_of, template, text_of

from hatchmark.domain.deadlines import CHINA, close_of_window
from hatchmark.domain.outcomes import Grade
from hatchmark.domain.public_notice import Window, build_public_notice
from hatchmark.domain.templates import parse

TEMPLATE = template("public-notice")
OPENED = date(2025, 9, 29)
WINDOW = Window(opens_on=OPENED, closes_at=close_of_window(OPENED, 5))


def notice(window=WINDOW, facts=FACTS, text=TEMPLATE):
    return build_public_notice(results_of(), VOCABULARY, facts, text, window=window, scores_shown=False)


def test_the_notice_says_window_ways_and_contacts():
    said = text_of(notice()).split("\n")

    assert said[0] == (
        "依据《示例办法》（示例发〔2020〕3号），示例自治区科学技术厅组织开展了2025年度科技企业孵化器绩效评价和"
        "众创空间绩效考核，拟定结果见附件，现予公示。"
    )
    # 1 to 8 October 2025 are holidays, 28 September and 11 October are worked: 29, 30, 9, 10, 11.
    assert said[5] == "公示自2025年9月29日起，至2025年10月11日23时59分59秒止，共5个工作日。"
    assert said[-4:-1] == ["四、联系方式", "联系人：示例甲", "联系电话：示例电话"]


@pytest.mark.parametrize("days", [1, 3, 5, 7, 10])
def test_the_number_of_working_days_is_counted_anew_from_the_window(days):
    assert Window(opens_on=OPENED, closes_at=close_of_window(OPENED, days)).working_days == days


def test_a_window_that_ends_early_says_so_itself():
    early = Window(opens_on=OPENED, closes_at=datetime(2025, 9, 30, 17, 30, tzinfo=CHINA))

    assert "至2025年9月30日17时30分00秒止，共2个工作日。" in text_of(notice(early))


def test_the_results_and_annexes_are_those_of_the_result_notice():
    paper = notice()

    assert (
        "科技企业孵化器：优秀1家、不合格1家、取消科技企业孵化器资格1家。以上各类互不重复，合计3家（1+1+1=3）。"
        in (text_of(paper))
    )
    assert [(annex.label, len(annex.rows)) for annex in paper.annexes] == [("附件1", 3), ("附件2", 5)]
    totals = {claim.kind: claim.count for claim in paper.claims if claim.relation == "total"}
    assert totals == {"incubator": 3, "makerspace": 5}


ORDINARY = [key("incubator", 1), key("incubator", 2), key("makerspace", 1), key("makerspace", 2)]


@given(st.lists(st.sampled_from(Grade), min_size=4, max_size=4))
def test_whatever_is_decided_every_number_is_that_of_the_rows(grades):
    given_to = dict(zip(ORDINARY, grades, strict=True))
    results = results_of(tuple(replace(each, grade=given_to.get(each.key, each.grade)) for each in DECISIONS))
    fields = [f"{kind}.{grade}" for kind in ("incubator", "makerspace") for grade in Grade]
    source = "公示\n\n" + "，".join(f"{field}:{{count:{field}}}" for field in fields) + "\n{list:results}"
    text = parse("public-notice", source, kinds=("incubator", "makerspace"))

    paper = build_public_notice(results, VOCABULARY, FACTS, text, window=WINDOW, scores_shown=False)

    said = dict(each.split(":") for each in paper.paragraphs[0].text.split("，"))
    # A carried row is judged by another and in no grade of its own kind.
    counted = Counter(
        f"{row.key.kind}.{row.grade}" for row in results.rows if row.carried_from is None and row.grade
    )
    assert said == {field: str(counted[field]) for field in fields}
    keys = {row.key for row in results.rows}
    assert all(set(claim.of) <= keys and len(set(claim.of)) == claim.count for claim in paper.claims)
    for paragraph, annex in zip(paper.paragraphs[1:3], paper.annexes, strict=True):
        [total] = re.findall(r"合计(\d+)家", paragraph.text)
        assert int(total) == len(annex.rows)


def test_counts_of_a_template_are_counts_of_the_rows():
    grades = ("excellent", "good", "qualified", "unqualified")
    names = ("rows", *grades, "disqualified", "pilot_cancelled", "carried", "deferred", "absent")
    text = parse(
        "public-notice",
        "公示\n\n"
        + "，".join(f"{name}{{count:{name}}}" for name in (*names, "makerspace.rows", "incubator.good")),
        kinds=("incubator", "makerspace"),
    )

    [line, _] = text_of(notice(text=text)).split("\n")

    assert line == (
        "rows8，excellent1，good1，qualified0，unqualified3，disqualified1，pilot_cancelled1，carried1，deferred1，"
        "absent0，makerspace.rows5，incubator.good0"
    )
