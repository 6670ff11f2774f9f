"""Papers as OFD, read back by a reader that is not ours: text, places, tables, and bytes."""

import io
import itertools
import re
import xml.etree.ElementTree as ET
import zipfile

import ofdkit
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from notice_samples import HOSTILE, LIVE, VOCABULARY, hostile_round, live_round, past_round, results_of

from hatchmark.documents.layout import paragraph_text
from hatchmark.documents.ofd import paper_ofd
from hatchmark.documents.printable import shown
from hatchmark.domain.notices import NOT_THE_ORIGINAL, build_notice

NAMESPACE = "{http://www.ofdspec.org/2016}"
NOT_FIRST, NOT_LAST = "。，、；：）》”", "（《“"


def pages_of(data):
    with ofdkit.open(data) as document:
        return [page.runs for page in document.pages]


def body_of(runs):
    """Drop the mark at the top and the number at the foot of a page."""
    return [run for run in runs if 30 < run.y < 262]


def plain(text):
    return re.sub(r"\s", "", text)


def contents_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        return {name: package.read(name).decode() for name in package.namelist()}


@pytest.fixture(scope="module")
def past():
    notice, _ = past_round()
    return notice, paper_ofd(notice)


def test_the_text_of_the_notice_is_read_back_in_its_order(past):
    notice, data = past

    read = "".join(plain(run.text) for runs in pages_of(data) for run in body_of(runs))

    expected = [*notice.title_lines, "，".join(notice.addressees) + "："]
    expected += [paragraph_text(paragraph) for paragraph in notice.paragraphs]
    assert read.startswith("".join(map(plain, expected)))
    annexes = [cell for annex in notice.annexes for row in annex.rows for cell in row.cells]
    assert len(annexes) == 500
    assert [cell for cell in annexes if plain(cell) not in read] == []


def test_every_row_of_both_annexes_stands_on_one_line_in_its_columns(past):
    notice, data = past
    lines = []
    for runs in pages_of(data):
        cells = [run for run in body_of(runs) if run.size < 5]
        lines += [run.text for run in sorted(cells, key=lambda run: (run.y, run.x)) if run.text.isdigit()]

    assert lines == [row.cells[0] for annex in notice.annexes for row in annex.rows]


def test_each_page_bears_the_mark_and_its_number_on_the_outer_side(past):
    _, data = past

    pages = pages_of(data)

    assert len(pages) > 5
    for number, runs in enumerate(pages, start=1):
        first, last = min(runs, key=lambda run: run.y), max(runs, key=lambda run: run.y)
        assert (first.text, last.text) == (NOT_THE_ORIGINAL, f"— {number} —")
        assert (last.x > 105) == (number % 2 == 1)


def test_nothing_lies_outside_the_text_but_a_hanging_sign(past):
    _, data = past

    for runs in pages_of(data):
        for run in body_of(runs):
            hanging = len(run.text) - len(run.text.rstrip(NOT_FIRST))
            assert run.x >= 27.99
            # The reader takes the last character for as wide as it is high.
            assert run.x + run.width - hanging * run.size <= 184.1


def test_a_heading_is_never_the_last_line_of_a_page():
    for extra in range(12):
        names = {"incubator": tuple(f"示例孵化器{n}" for n in range(3 + 7 * extra)), "makerspace": ()}
        notice = build_notice(results_of(names, fictional=True, scored=True), VOCABULARY, LIVE)
        headings = {paragraph.text for paragraph in notice.paragraphs if paragraph.role == "heading"}

        last = [
            max(body, key=lambda run: run.y).text
            for runs in pages_of(paper_ofd(notice))
            if (body := body_of(runs))
        ]

        assert headings and not headings & set(last)


def test_the_signature_goes_with_the_last_lines_of_the_text():
    notice, _ = live_round()

    [page] = [
        runs for runs in pages_of(paper_ofd(notice)) if any(run.text == "2025年11月3日" for run in runs)
    ]

    assert notice.digest in "".join(run.text for run in page)
    assert [run.text for run in page if run.text == notice.issuer] == [notice.issuer]


def test_the_package_is_well_formed_and_every_object_has_a_number_of_its_own(past):
    notice, data = past
    files = contents_of(data)
    trees = {name: ET.fromstring(text) for name, text in files.items()}  # noqa: S314 - our own bytes

    ids = [int(each.get("ID")) for tree in trees.values() for each in tree.iter() if each.get("ID")]
    assert len(ids) == len(set(ids)) > 500
    most = trees["Doc_0/Document.xml"].find(f".//{NAMESPACE}MaxUnitID")
    assert int(most.text) >= max(ids)
    fonts = {each.get("ID") for each in trees["Doc_0/PublicRes.xml"].iter(f"{NAMESPACE}Font")}
    objects = [each for tree in trees.values() for each in tree.iter(f"{NAMESPACE}TextObject")]
    assert {each.get("Font") for each in objects} <= fonts
    for each in objects:
        code = each.find(f"{NAMESPACE}TextCode")
        assert len((code.get("DeltaX") or "").split()) == len(code.text) - 1
    with ofdkit.open(data) as document:
        assert (document.info.title, document.info.creation_date) == (notice.title, "1980-01-01")


def test_hostile_names_are_text_and_nothing_else():
    notice, _ = hostile_round()

    data = paper_ofd(notice)

    read = "".join(plain(run.text) for runs in pages_of(data) for run in runs)
    short = [name for name in HOSTILE if len(name) < 30]
    assert [name for name in short if plain(shown(name)) not in read] == []
    assert read.count("长") >= 998 and read.count("a" * 8) > 10
    names = set().union(*(re.findall(r"<(ofd:\w+)", text) for text in contents_of(data).values()))
    assert not any("w:" in name for name in names) and "ofd:Action" not in names


def test_two_builds_give_the_same_bytes(past):
    notice, data = past

    assert paper_ofd(notice) == data


TEXT = st.text(alphabet="示例机构，。（）《》、12 ab", min_size=1, max_size=120)


@example("1、1、、例例、、")
@settings(max_examples=40, deadline=None)
@given(TEXT)
def test_whatever_a_name_holds_no_line_begins_or_ends_with_a_wrong_sign_and_no_letter_is_lost(name):
    assume(not re.search(r"[\u3001-\u301f\uff00-\uffef]{3}", name))  # no line can hold a run of signs
    cell = re.sub(r"\s+", " ", f"示{name}例").strip()
    notice = build_notice(
        results_of({"incubator": (cell,), "makerspace": ()}, fictional=True, scored=True), VOCABULARY, LIVE
    )

    runs = [run for page in pages_of(paper_ofd(notice)) for run in body_of(page) if run.size < 5]

    # Cells lie one after the other: the serial, then the lines of the name, at one x.
    lines = [run.text for run in runs if 40 < run.x < 40.2]
    printed = "".join(lines).removeprefix("孵化器名称")
    assert plain(printed) == plain(cell)
    body = [line for line in lines if line != "孵化器名称"]
    for before, after in itertools.pairwise(body):
        wrong = after[0] in NOT_FIRST and before[-1] not in NOT_FIRST
        assert not wrong, (before, after)
        assert before[-1] not in NOT_LAST or set(before) <= set(NOT_LAST), (before, after)
