"""Templates: what an official may write, what is refused with its place, and that no number can be typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatchmark.domain.notices import Claim, Quoted, Relation, Role
from hatchmark.domain.outcomes import EntryKey
from hatchmark.domain.templates import (
    PAPERS,
    TemplateError,
    check_contact,
    parse,
    places_of,
    shipped_template,
    source_of,
    write,
)

KINDS = ("incubator", "makerspace")


def faults(source, paper="letter"):
    with pytest.raises(TemplateError) as caught:
        parse(paper, source, kinds=KINDS)
    return [(fault.line, fault.column, fault.problem) for fault in caught.value.faults]


def claim(name, number):
    of = tuple(EntryKey("incubator", serial) for serial in range(1, number + 1))
    return Claim(kind=None, label=name, outcome=name, relation=Relation.DISJOINT, of=of)


VALUES = {
    "authority": (Quoted(text="示例厅"),),
    "year": ("2025",),
    "channel": (Quoted(text="示例市"),),
    "count:rectify": (claim("rectify", 3),),
    "count:deregister": (claim("deregister", 0),),
    "contact": ((Quoted(text="联系人：示例甲"),), (Quoted(text="电话：示例电话3个"),)),
    "published": (),
}


def written(source, values=VALUES):
    return write(parse("letter", source, kinds=KINDS), values)


def lines(source):
    return [(paragraph.role, paragraph.text) for paragraph in written(source).paragraphs]


# ---- what can be written -----------------------------------------------------------------------------------


@pytest.mark.parametrize("paper", PAPERS)
def test_every_paper_has_a_default_that_passes_its_own_check(paper):
    source = shipped_template(f"default/{paper}.txt")

    assert source is not None
    assert parse(paper, source, kinds=KINDS).paper == paper


def test_a_title_headings_paragraphs_fields_and_signs():
    source = """关于{year}年度
后续工作的函

{authority}函告{channel}。{{不是字段}}
# 一、整改
{if:count:rectify}应当整改的{count:rectify}家。{end}
"""

    found = written(source)

    assert found.title_lines == ("关于2025年度", "后续工作的函")
    assert [(each.role, each.text) for each in found.paragraphs] == [
        (Role.BODY, "示例厅函告示例市。{不是字段}"),
        (Role.HEADING, "一、整改"),
        (Role.BODY, "应当整改的3家。"),
    ]
    assert [each.claims for each in found.paragraphs[2].sentences] == [(claim("rectify", 3),)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{if:count:deregister}有{else}无{end}", "无"),
        ("{if:count:rectify}有{else}无{end}", "有"),
        ("{if:published}有{else}无{end}", "无"),
        ("{if:contact}有{else}无{end}", "有"),
    ],
)
def test_a_condition_holds_where_its_field_says_something(text, expected):
    assert lines(f"函\n\n{text}") == [(Role.BODY, expected)]


def test_a_block_fills_lines_of_its_own_and_what_it_quotes_is_no_typed_number():
    assert lines("函\n\n前文。\n{if:contact}# 联系\n{contact}{end}\n后文。") == [
        (Role.BODY, "前文。"),
        (Role.HEADING, "联系"),
        (Role.BODY, "联系人：示例甲"),
        (Role.BODY, "电话：示例电话3个"),
        (Role.BODY, "后文。"),
    ]


def test_a_count_of_one_kind_names_the_kind():
    template = parse("letter", "函\n\n孵化器{count:incubator.rectify}家。", kinds=KINDS)

    found = write(template, {"count:incubator.rectify": (claim("rectify", 2),)})

    assert [each.text for each in found.paragraphs] == ["孵化器2家。"]


def test_windows_line_ends_and_a_byte_order_mark_change_nothing():
    assert lines("\ufeff函\r\n\r\n{authority}。\r\n") == [(Role.BODY, "示例厅。")]


# ---- what is refused, with its place -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("函\n\n甲{nobody}。", (3, 2, "{nobody} is no field of letter")),
        ("函\n\n甲{year.__class__}。", (3, 2, "{year.__class__} is no field of letter")),
        ("函\n\n甲{year!r:>10}。", (3, 2, "{year!r:>10} is no field of letter")),
        ("函\n\n{count:accelerator.rectify}家", (3, 1, "'accelerator' is no kind")),
        ("函\n\n甲{year", (3, 2, "'{' stands alone")),
        ("函\n\n甲}乙", (3, 2, "'}' stands alone")),
        ("函\n\n{if:year}甲", (3, 1, "the condition is never ended")),
        ("函\n\n{if:year}甲{if:channel}乙{end}", (3, 11, "a condition begins inside another")),
        ("函\n\n甲{end}", (3, 2, "{end} ends nothing")),
        ("函\n\n甲{else}乙", (3, 2, "{else} stands outside a condition, or twice in one")),
        (
            "函\n\n{if:year}甲{else}乙{else}丙{end}",
            (3, 18, "{else} stands outside a condition, or twice in one"),
        ),
        ("函\n\n见{contact}", (3, 2, "{contact} fills lines of its own")),
        ("函{contact}\n\n文", (1, 2, "{contact} fills lines of its own")),
        ("函", (1, 2, "the template has a title and no text")),
        ("", (1, 1, "the template has no title")),
    ],
)
def test_a_fault_is_told_with_line_and_column(source, expected):
    assert expected in faults(source)


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("共7家机构。", 2),
        ("共 7 家机构。", 3),
        ("共７家机构。", 2),
        ("共十七家机构。", 2),
        ("共两家机构。", 2),
        ("共7余家机构。", 2),
        ("收到异议3件。", 5),
        ("有12个机构。", 2),
        ("在2025年度评价中", 2),
    ],
)
def test_a_number_typed_where_a_count_or_year_stands_is_refused(text, column):
    [(line, at, problem)] = faults(f"函\n\n{text}")

    assert (line, at) == (3, column)
    assert problem.endswith("is a number typed where a count or a year stands")


@pytest.mark.parametrize(
    "text",
    ["{count:rectify}0家", "1{count:rectify}家", "十{count:rectify}家", "{if:year}1{end}{count:rectify}家"],
)
def test_a_digit_beside_a_field_would_change_its_number_and_is_refused(text):
    problems = [problem for _, _, problem in faults(f"函\n\n{text}")]

    assert "a number typed beside a field would be read as a part of it" in problems


@pytest.mark.parametrize("text", ["{if:year}3{end}家", "3{if:published}{end}家", "{if:year}甲{else}3{end}家"])
def test_a_number_put_together_across_a_condition_is_refused(text):
    assert [problem for _, _, problem in faults(f"函\n\n甲{text}乙")] == [
        "'3家' is a number typed where a count or a year stands"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "每家机构、各家机构、多家机构。",
        "第一家报送的机构。",
        "依据《示例办法》（示例发〔2020〕3号）第12条。",
        "请于15个工作日内报送，整改期为3个月。",
        "附件每一行都要核对。",
    ],
)
def test_words_that_count_no_rows_pass(text):
    assert [text for _, text in lines(f"函\n\n{text}")] == [text]


def test_the_window_of_the_public_notice_is_a_field_and_cannot_be_typed():
    assert faults("公示\n\n公示期5个工作日。", paper="public-notice") == [
        (3, 4, "'5个工作日' is a number typed where a count or a year stands")
    ]


def test_contacts_hold_no_field():
    with pytest.raises(TemplateError, match=r"contact.txt: line 2, column 4: a contact is plain text"):
        check_contact("联系人：示例甲\n电话：{year}")


# ---- laws --------------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        "{",
        "}",
        "{{",
        "}}",
        "{if:year}",
        "{else}",
        "{end}",
        "{year}",
        "{contact}",
        "{nobody}",
        "3",
        "家",
        "\n",
        "# ",
        "甲",
        "。",
    ]
)


@given(st.lists(PIECES, max_size=14).map("".join))
def test_any_text_is_either_refused_with_a_place_inside_it_or_written(body):
    source = f"函\n\n甲{body}"
    try:
        template = parse("letter", source, kinds=KINDS)
    except TemplateError as error:
        for fault in error.faults:
            line = source.split("\n")[fault.line - 1]
            assert 1 <= fault.column <= len(line) + 1
        return
    found = write(template, VALUES)
    text = "".join(each.text for each in found.paragraphs)
    assert "{if" not in text and "3家" not in text


@given(
    st.text(alphabet="0123456789０１２一二三十百", min_size=1, max_size=4), st.sampled_from("家个件户所名人")
)
def test_no_number_before_a_counting_word_passes(number, word):
    assert "typed" in faults(f"函\n\n共{number}{word}。")[0][2]


# ---- which template stands ---------------------------------------------------------------------------------


def test_an_own_template_of_the_year_stands_before_the_authority_s_and_before_the_default():
    own = {"demo/2025/letter.txt": "年", "demo/letter.txt": "厅"}

    def stands(year, texts):
        return source_of("letter", authority="demo", year=year, own=texts.get)

    assert stands(2025, own) == "年"
    assert stands(2026, own) == "厅"
    assert stands(2026, {}) == shipped_template("default/letter.txt")
    assert places_of("letter", authority="demo", year=2025) == (
        "demo/2025/letter.txt",
        "demo/letter.txt",
        "default/letter.txt",
    )


def test_contacts_have_no_default():
    assert source_of("contact", authority="nmg", year=2025) is None
    assert "示例" in source_of("contact", authority="demo", year=2025)
