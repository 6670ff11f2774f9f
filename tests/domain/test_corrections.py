"""The correction: every difference and nothing else, and which notice takes the place of which."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paper_samples import DECISIONS, FACTS, VOCABULARY, key, name_of, results_of, template, text_of

from hatchmark.domain.corrections import Matter, build_correction, changes_between
from hatchmark.domain.notices import NOT_THE_ORIGINAL, Version
from hatchmark.domain.outcomes import Grade

CORRECTION = template("correction")
SPACE = key("makerspace", 2)


def with_grade(who, grade):
    return tuple(replace(each, grade=grade) if each.key == who else each for each in DECISIONS)


OLD = results_of(scores={SPACE: "58.00"})
NEW = results_of(with_grade(SPACE, Grade.GOOD), scores={SPACE: "78.50"})


def version(number, results, day=date(2025, 8, 15)):
    return Version(number=number, day=day, digest=results.digest)


def correction(old=OLD, new=NEW, facts=FACTS, reason="示例理由"):
    return build_correction(
        old,
        new,
        VOCABULARY,
        facts,
        CORRECTION,
        was=version(1, old),
        now=version(2, new, date(2025, 9, 1)),
        reason=reason,
    )


def test_a_correction_says_row_by_row_what_was_wrong_and_what_is_right():
    found = [
        (change.key, change.matter, change.was, change.now)
        for change in changes_between(OLD, NEW, VOCABULARY)
    ]

    assert found == [
        (SPACE, Matter.SCORE, "58.00", "78.50"),
        (SPACE, Matter.RESULT, "不合格", "良好"),
        (SPACE, Matter.DUTIES, "整改、以众创空间参加2026年度评价", "无"),
    ]
    assert [row.cells for row in correction().annexes[0].rows] == [
        ("2", "众创空间", name_of(SPACE), "得分", "58.00", "78.50"),
        ("2", "众创空间", name_of(SPACE), "考核结果", "不合格", "良好"),
        ("2", "众创空间", name_of(SPACE), "后续工作", "整改、以众创空间参加2026年度评价", "无"),
    ]


def test_it_names_the_notice_that_it_corrects_by_version_day_and_digest():
    said = text_of(correction())

    assert (
        "结果通知第1版（2025年8月15日公布）有误，现予更正。更正后的结果通知为第2版（2025年9月1日公布），"
        "自公布之日起取代前者；前者保留备查，并注明已被取代。" in said
    )
    assert said.split("\n")[-2:] == [
        f"被更正的第1版结果数据的校验值（SHA-256）：{OLD.digest}",
        f"更正后的第2版结果数据的校验值（SHA-256）：{NEW.digest}",
    ]
    assert "更正的理由：示例理由。" in said
    assert "更正1家的公布内容。逐项对照见附件。" in said
    assert (
        f"附件2第2号{name_of(SPACE)}：得分原为“58.00”，更正为“78.50”；考核结果原为“不合格”，更正为“良好”；"
        "后续工作原为“整改、以众创空间参加2026年度评价”，更正为“无”。" in said
    )
    assert "众创空间：良好2家、不合格1家" in said


def test_a_row_that_was_withheld_is_published_and_one_that_is_blocked_is_taken_down():
    fewer = results_of(tuple(each for each in DECISIONS if each.key != key("makerspace", 1)))
    whole = results_of()

    added, removed = correction(fewer, whole), correction(whole, fewer)

    assert "新增公布1家的结果。" in text_of(added) and "撤下" not in text_of(added)
    assert "撤下1家的结果。" in text_of(removed) and "新增" not in text_of(removed)
    assert [row.cells[3:] for row in added.annexes[0].rows] == [("考核结果", "未公布", "良好")]
    assert [row.cells[3:] for row in removed.annexes[0].rows] == [("考核结果", "良好", "未公布")]


def test_the_correction_of_a_real_past_round_is_marked_and_bears_no_day():
    old, new = results_of(fictional=False), results_of(with_grade(SPACE, Grade.GOOD), fictional=False)

    paper = correction(old, new, facts=replace(FACTS, past=True, issued_on=None))

    assert (paper.marks, paper.issued_on) == ((NOT_THE_ORIGINAL,), None)
    with pytest.raises(ValueError, match="bears no date and no document number"):
        correction(old, new, facts=replace(FACTS, past=True))


def test_what_cannot_be_corrected_is_refused():
    with pytest.raises(ValueError, match="nothing differs between the versions 1 and 2"):
        correction(OLD, OLD)
    with pytest.raises(ValueError, match="are two rounds"):
        correction(OLD, replace(NEW, year=2026))
    with pytest.raises(ValueError, match="number or digest is another"):
        build_correction(
            OLD,
            NEW,
            VOCABULARY,
            FACTS,
            CORRECTION,
            was=version(1, NEW),
            now=version(2, NEW),
            reason="",
        )


GRADES = st.lists(st.sampled_from(Grade), min_size=4, max_size=4)
ORDINARY = [key("incubator", 1), key("incubator", 2), key("makerspace", 1), key("makerspace", 2)]


@given(GRADES, GRADES)
def test_the_rows_of_a_correction_are_those_that_differ(before, after):
    def graded_as(grades):
        given_to = dict(zip(ORDINARY, grades, strict=True))
        return results_of(tuple(replace(d, grade=given_to.get(d.key, d.grade)) for d in DECISIONS))

    old, new = graded_as(before), graded_as(after)
    differing = {
        row.key
        for row, other in zip(old.rows, new.rows, strict=True)
        if row != other
        or [d for d in old.obligations if d.key == row.key]
        != [d for d in new.obligations if d.key == row.key]
    }
    changes = changes_between(old, new, VOCABULARY)

    assert {change.key for change in changes} == differing
    assert all(change.was != change.now for change in changes)
    if changes:
        paper = correction(old, new)
        assert {row.key for row in paper.annexes[0].rows} == differing
        assert {c.label: c.count for c in paper.claims if c.outcome == "changed"} == {
            "changed": len(differing)
        }
