"""From a grade to its figures to their evidence: every number of a scorecard is the evaluator's, every link holds."""

import re
from fractions import Fraction
from html import unescape
from itertools import pairwise

import pytest
from django.urls import reverse

from hatchmark.db.models import Submission
from hatchmark.services import public
from hatchmark.web import words
from hatchmark.web.working import grouped


def text_of(response):
    assert response.status_code == 200
    return unescape(response.content.decode())


def scored(results):
    codes = public.institution_code_of("demo", results.year)
    return [(codes[row.key], row) for row in results.rows if row.score]


def address_of(code, row, language="zh"):
    return reverse(f"{language}:scorecard", args=["demo", code, 2025, row.key.kind])


@pytest.fixture
def demo(published):
    return published["demo-2025"]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("position", [0, 3, 20, 60])
def test_a_scorecard_shows_the_working_to_the_last_digit(client, demo, language, position):
    code, row = scored(demo)[position]
    document = next(
        item.working
        for item in public.institution("demo", code).history
        if item.key == row.key and item.working
    )
    page = text_of(client.get(address_of(code, row, language)))
    table = page.split('class="hm-table hm-ledger"')[1].split("</table>")[0]
    shown = re.findall(
        r'<tr class="hm-level-0"><th scope="row"><a href="#line-([a-z_0-9]+)".*?<td class="hm-num">([^<]+)</td>'
        r'<td class="hm-num">([^<]+)</td>',
        table,
    )
    lines = [line for group in document["groups"] for line in group["lines"]]
    caps = [Fraction(each["points"]) for each in document["adjustments"]]

    assert shown == [(line["code"], line["points"], line["full_marks"]) for line in lines]
    assert len(shown) > 10
    assert sum(Fraction(points) for _, points, _ in shown) + sum(caps) == Fraction(row.score)
    assert f"<strong>{row.score}</strong>" in page
    assert words.say(language, "mark_reconstruction") in page
    for line in lines:
        card = page.split(f'id="line-{line["code"]}"')[1].split("</article>")[0]
        assert line["words"] in card
        assert line["basis"] in card
        for figure in line["figures"]:
            assert figure["value"] is None or f"<strong>{grouped(figure['value'])}</strong>" in card
        assert card.count('href="#evidence"') == len(line["figures"])


def test_the_evidence_is_the_approved_submission_by_its_digest_and_files_are_said_not_to_be_published(
    client, demo
):
    code, row = scored(demo)[0]
    evidence = text_of(client.get(address_of(code, row))).split('id="evidence"')[1]
    approved = Submission.objects.get(
        entry__round__year=2025, entry__kind=row.key.kind, entry__serial=row.key.serial, state="approved"
    )

    assert approved.digest in evidence
    assert f"申报材料第{approved.version}版" in evidence
    assert "未公布" in evidence
    assert approved.signed_by not in evidence


def test_a_figure_that_a_spot_check_corrected_says_so_on_its_line_and_among_the_evidence(client, demo):
    found = 0
    for code, row in scored(demo):
        working = next(i.working for i in public.institution("demo", code).history if i.key == row.key)
        corrected = {
            figure["source"]
            for group in working["groups"]
            for line in group["lines"]
            for figure in line["figures"]
        } - {""}
        if corrected:
            found += 1
            page = text_of(client.get(address_of(code, row)))
            for source in corrected:
                assert f'已更正：<span lang="zh-Hans">{source}</span>' in page
                assert source in page.split('id="evidence"')[1]

    assert found > 0


def test_the_list_and_the_history_lead_to_the_scorecard_and_every_link_inside_it_holds(client, demo):
    code, row = scored(demo)[0]
    address = address_of(code, row)
    rows = text_of(client.get("/demo/2025/"))
    institution = text_of(client.get(f"/demo/institutions/{code}/"))
    page = text_of(client.get(address))
    ids = re.findall(r'\sid="([^"]+)"', page)

    assert f'<a href="{address}">{row.score}</a>' in rows
    assert f'<a href="{address}">{row.face_text}</a>' in institution
    assert f'id="working-2025-{row.key.kind}"' in institution
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= {*ids, "content"}
    for link in set(re.findall(r'href="(/schemes/[^"#]+)#([^"]+)"', page)):
        assert f'id="{link[1]}"' in text_of(client.get(link[0]))


@pytest.mark.parametrize(
    "address",
    [
        "/demo/institutions/demo-i01/2024/incubator/",
        "/demo/institutions/demo-i01/2025/makerspace/",
        "/nmg/institutions/nmg-i01/2021/incubator/",
        "/demo/institutions/nobody/2025/incubator/",
    ],
)
def test_where_no_working_is_public_there_is_no_scorecard(client, address):
    assert client.get(address).content == client.get("/nowhere/").content


def test_headings_of_a_scorecard_come_in_order(client, demo):
    code, row = scored(demo)[0]
    levels = [int(n) for n in re.findall(r"<h([1-6])[ >]", text_of(client.get(address_of(code, row))))]

    assert levels.count(1) == 1
    assert all(deeper <= before + 1 for before, deeper in pairwise(levels))
