"""What the pages show of the two examples: as published, complete, in two languages, and nothing hidden."""

import csv
import io
import json
import re
from html import unescape

import pytest
from django.urls import reverse

from hatchmark.domain.outcomes import EntryKey, Outcome
from hatchmark.web.results import class_of

PAST = "据公开结果重新编排，非原文，不具公文效力"
FICTIONAL = "演示数据，非真实"


def text_of(response):
    assert response.status_code == 200
    return unescape(response.content.decode())


def rows_of(page):
    """Return (anchor, name, operators, 地区, result) of every row that a page lists."""
    found = []
    for anchor, row in re.findall(r'<tr id="([a-z]+-\d+)">(.*?)</tr>', page, flags=re.S):
        name, operators, channel = (
            re.search(rf'class="hm-c-{column}".*?>([^<>]+)</(?:a|span)>', row, flags=re.S)[1]
            for column in ("name", "operator", "channel")
        )
        result = re.search(r"</svg><span>([^<]+)", row)[1].strip()
        found.append((anchor, name, operators, channel, result))
    return found


def expected(rows):
    return [
        (f"{row.key.kind}-{row.key.serial}", row.name, row.operators_printed, row.channel, row.face_text)
        for row in rows
    ]


@pytest.fixture
def nmg(published):
    return published["nmg-2021"]


@pytest.fixture
def demo(published):
    return published["demo-2025"]


# ---- first page --------------------------------------------------------------------------------------------


def test_the_first_page_lists_every_published_round_with_its_mark(client):
    page = text_of(client.get("/"))

    assert "内蒙古自治区科学技术厅" in page
    assert "示例自治区科学技术厅" in page
    assert page.count(PAST) >= 1
    assert page.count(FICTIONAL) >= 1
    assert '<html lang="zh-Hans">' in page


def test_the_search_goes_through_all_rounds_by_name_alias_and_operator(client, nmg):
    for words, serial in (("几字湾", 3), ("青少年社会服务中心", 81)):
        page = text_of(client.get("/", {"q": words}))
        assert f"makerspace-{serial}" in [row[0] for row in rows_of(page)]


def test_a_found_row_says_its_kind_and_whether_it_is_made_up_and_no_bare_score(client, demo):
    row = next(row for row in demo.rows if row.score and row.key.kind == "makerspace")
    found = text_of(client.get("/", {"q": row.name})).split('id="found"')[1].split('id="rounds"')[0]

    assert '<small class="hm-kind" lang="zh-Hans">众创空间</small>' in found
    assert f'<span class="hm-flag">{FICTIONAL}</span>' in found
    assert row.score not in found


def test_a_search_without_result_says_so_and_escapes_what_was_asked(client):
    response = client.get("/", {"q": "<script>alert(1)</script>"})

    assert b"<script" not in response.content
    assert "没有名称、别称或运营机构含“<script>alert(1)</script>”的机构" in text_of(response)


# ---- a round -----------------------------------------------------------------------------------------------


def test_the_list_shows_every_row_as_printed_in_printed_order(client, nmg):
    assert rows_of(text_of(client.get("/nmg/2021/"))) == expected(nmg.rows)


def test_the_english_list_shows_the_printed_words_beside_their_meaning(client, nmg):
    page = text_of(client.get("/en/nmg/2021/"))

    assert '<html lang="en">' in page
    assert [row[:4] for row in rows_of(page)] == [row[:4] for row in expected(nmg.rows)]
    assert "Qualification cancelled" in page
    assert page.count('<small lang="zh-Hans">取消众创空间资格</small>') == 27


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ({"kind": "incubator"}, lambda row: row.key.kind == "incubator"),
        ({"result": "disqualified"}, lambda row: row.outcome is Outcome.DISQUALIFIED),
        (
            {"kind": "makerspace", "result": "good"},
            lambda row: row.key.kind == "makerspace" and row.face_text == "良好",
        ),
        ({"channel": "直属单位"}, lambda row: row.channel == "直属单位"),
        ({"region": "none"}, lambda row: row.region is None),
        ({"region": "150700"}, lambda row: (row.region or "").startswith("1507")),
        ({"q": "儒尚"}, lambda row: "儒尚" in row.operators_printed),
    ],
)
def test_a_filter_shows_its_rows_and_only_them(client, nmg, address, wanted):
    rows = [row for row in nmg.rows if wanted(row)]
    page = text_of(client.get("/nmg/2021/", address))

    assert rows
    assert rows_of(page) == expected(rows)
    assert f"符合条件的{len(rows)}家，共100家。" in page


def test_an_unknown_value_leaves_an_empty_list_that_says_why(client):
    page = text_of(client.get("/nmg/2021/", {"kind": "accelerator", "region": "x<y"}))

    assert rows_of(page) == []
    assert "筛选条件“类别”没有“accelerator”这个值。" in page
    assert "筛选条件“地区”没有“x<y”这个值。" in page
    assert "没有符合条件的机构。" in page


def test_a_search_of_any_length_is_cut_and_says_so(client):
    page = text_of(client.get("/nmg/2021/", {"q": "孵" * 60_000}))

    assert "查询词过长，只用了前100个字。" in page
    assert "孵" * 101 not in page


def test_the_bars_and_their_table_count_what_the_results_count(client, nmg):
    page = text_of(client.get("/nmg/2021/"))
    printed = re.findall(r"</svg></span> ([^<]+)</th><td class=\"hm-num\">(\d+)</td>", page)
    spoken = re.findall(r'role="img" aria-label="([^"]+)"', page)

    assert sorted((text.strip(), int(count)) for text, count in printed) == sorted(
        (text, count) for kind in nmg.kinds for text, count in nmg.counts()[kind].items()
    )
    assert spoken == [
        "优秀3家、良好3家、合格1家、不合格7家、取消资格1家",
        "优秀14家、良好10家、合格14家、不合格13家、不合格，取消试点培育资格3家、取消资格27家、"
        "以其他类别的结果为准2家、以后年度参加评价2家",
    ]
    assert "科技企业孵化器15家，最多的是不合格（7家）；众创空间85家，最多的是取消资格（27家）" in page


@pytest.mark.parametrize(("code", "year", "name"), [("nmg", 2021, "nmg-2021"), ("demo", 2025, "demo-2025")])
def test_the_tiles_add_up_to_the_list(client, published, code, year, name):
    results = published[name]
    page = text_of(client.get(first_address(client, results)))
    tiles = [int(count) for count in re.findall(r'class="hm-tile-count">(\d+)<', page)]
    totals = re.search(r"<tfoot><tr><th scope=\"row\">合计</th>((?:<td class=\"hm-num\">\d+</td>){3})", page)[
        1
    ]

    assert len(tiles) == 13
    assert sum(tiles) == len(results.rows)
    assert [int(count) for count in re.findall(r">(\d+)<", totals)] == [
        *(len(results.rows_of(kind)) for kind in results.kinds),
        len(results.rows),
    ]


def test_a_city_that_reports_directly_is_counted_where_it_lies_and_the_page_says_so(client, nmg):
    page = text_of(client.get("/nmg/2021/"))

    assert '<span lang="zh-Hans">满洲里</span>在名单中单列，此处计入呼伦贝尔市。' in page
    assert ("非盟市", "8") in re.findall(
        r'hm-tile-name">([^<]+)</span>\s*<span class="hm-tile-count">(\d+)', page
    )


def first_address(client, results):
    """Return the address of a round's page as the first page gives it."""
    from hatchmark.services import public

    round_ = next(
        each
        for each in public.published_rounds()
        if (each.authority, each.year) == (results.authority, results.year)
    )
    return reverse("zh:round", args=[round_.authority_code, round_.year])


def test_scores_stand_with_the_word_that_their_scheme_is_a_reconstruction(client, nmg, demo):
    scored = text_of(client.get(first_address(client, demo)))

    assert re.findall(r'hm-score"[^>]*>(?:<a[^>]*>)?([0-9.]+|<span class="hm-none">—</span>)', scored) == [
        row.score or '<span class="hm-none">—</span>' for row in demo.rows
    ]
    assert scored.count("评分办法为重构") == len(demo.kinds)
    assert FICTIONAL in scored
    unscored = text_of(client.get("/nmg/2021/"))
    assert "hm-score" not in unscored
    assert "评分办法为重构" not in unscored
    assert PAST in unscored


def test_the_rows_of_a_filter_come_as_a_table(client, nmg):
    response = client.get("/nmg/2021/rows.csv", {"result": "carried"})
    text = response.content.decode("utf-8")
    lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))

    assert text.startswith("\ufeff")
    assert lines[0] == ["类别", "序号", "机构名称", "运营机构", "地区", "结果", "得分"]
    assert [line[1:6] for line in lines[1:]] == [
        [str(row.key.serial), row.name, row.operators_printed, row.channel, row.face_text]
        for row in nmg.rows
        if row.outcome is Outcome.CARRIED
    ]
    assert len(lines) == 3


@pytest.mark.parametrize(
    ("cell", "written"),
    [("=1+1", "'=1+1"), ("+8", "'+8"), ("-8", "'-8"), ("@x", "'@x"), ("a=b", "a=b"), ("", "")],
)
def test_a_cell_that_a_spreadsheet_would_run_is_made_inert(cell, written):
    from hatchmark.web.views import inert

    assert inert(cell) == written


def test_a_page_asks_the_database_no_more_for_many_rows_than_for_one(client):
    client.get("/nmg/2021/")  # fills what is kept between requests

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        assert len(rows_of(text_of(client.get("/nmg/2021/", {"q": "几字湾"})))) == 1
    with CaptureQueriesContext(connection) as many:
        # Not as it was asked before: that page is kept.
        assert len(rows_of(text_of(client.get("/nmg/2021/", {"q": ""})))) == 100

    assert len(one) == len(many)


# ---- an institution ----------------------------------------------------------------------------------------


def test_every_row_leads_to_its_institution(client, nmg):
    page = text_of(client.get("/nmg/2021/"))
    addresses = re.findall(r'href="(/nmg/institutions/[^/]+/)"', page)

    assert len(addresses) == 100
    for address, row in list(zip(addresses, nmg.rows, strict=True))[::20]:
        own = text_of(client.get(address))
        assert f'<h1 class="hm-official" lang="zh-Hans">{row.name}</h1>' in own
        assert row.face_text in own
        assert PAST in own


def test_a_change_of_operator_keeps_its_year(client, nmg):
    page = institution_page(client, nmg, EntryKey("makerspace", 81))

    assert "锡林郭勒盟青创汇投资咨询有限公司" in page
    assert "锡林郭勒盟青少年社会服务中心" in page
    assert "2020年" in page


def test_a_cancelled_qualification_says_what_is_known_of_its_leaving_and_no_more(client, nmg):
    page = institution_page(client, nmg, EntryKey("makerspace", 81))

    assert "已取消资格（时间未公布，2021年或以后）" in page
    assert page.count("尚无退出记录") == 3
    assert "在列" not in page


def test_a_score_that_an_objection_changed_says_so(client, demo):
    from hatchmark.db.models import Entry

    changed = Entry.objects.filter(round__year=demo.year, objections__ruling="upheld")
    keys = [EntryKey(entry.kind, entry.serial) for entry in changed]

    assert len(keys) == 1
    assert [
        row.key for row in demo.rows if "本次得分为重新计算" in institution_page(client, demo, row.key)
    ] == keys


def test_a_carried_row_leads_to_the_row_that_it_is_judged_by(client, nmg):
    page = institution_page(client, nmg, EntryKey("makerspace", 82))

    assert "2021年以孵化器参加评价，结果为良好。" in page
    assert 'href="/nmg/2021/#incubator-5"' in page


def test_what_an_institution_owes_stands_on_its_page(client, nmg):
    page = institution_page(client, nmg, EntryKey("incubator", 9))

    assert "加强整改" in page
    assert "2022年参加科技企业孵化器评价" in page
    assert "以自治区级科技企业孵化器资格" in page


def institution_page(client, results, key, language="zh"):
    from hatchmark.services import public

    round_ = next(each for each in public.published_rounds() if each.authority == results.authority)
    code = public.institution_code_of(round_.authority_code, results.year)[key]
    return text_of(client.get(reverse(f"{language}:institution", args=[round_.authority_code, code])))


def test_a_real_institution_has_no_score_and_no_working(client, nmg):
    page = institution_page(client, nmg, EntryKey("incubator", 1))

    assert "hm-working" not in page
    assert "得分" not in page


# ---- a notice ----------------------------------------------------------------------------------------------


def test_the_notice_prints_its_counts_and_each_leads_to_exactly_its_rows(client, nmg):
    page = text_of(client.get("/nmg/2021/notice/"))
    counts = re.findall(r'<a href="(/nmg/2021/[^"#]*)#list">(\d+)</a>', page)

    assert PAST in page
    assert nmg.digest in page
    assert len(counts) > 10
    for address, count in dict(counts).items():
        assert len(rows_of(text_of(client.get(address)))) == int(count)
    assert rows_of(page) == expected(nmg.rows)


def test_the_notice_of_a_real_past_round_bears_no_date_and_no_number(client, nmg):
    page = text_of(client.get("/nmg/2021/notice/"))
    paper = page.split('<article class="hm-paper"')[1].split("</article>")[0]

    assert re.findall(r"\d{4}年\d{1,2}月\d{1,2}日", paper) == []
    assert "hm-number" not in paper


# ---- files, and what is not there --------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["notice.docx", "notice.pdf", "annexes.xlsx", "results.csv", "results.json"])
def test_a_file_is_handed_out_as_what_it_is(client, nmg, name):
    response = client.get(f"/nmg/2021/files/{name}")

    assert response.status_code == 200
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert len(response.content) > 1000
    if name == "results.json":
        assert json.loads(response.content)["digest"] == nmg.digest


def test_the_files_offered_are_the_files_there_are(client, published):
    for results in published.values():
        page = text_of(client.get(first_address(client, results)))
        offered = re.findall(r'href="(/[a-z]+/\d+/files/[^"]+)"', page)
        assert len(offered) in (5, 6)
        assert {client.get(address).status_code for address in offered} == {200}


def test_hidden_and_absent_look_the_same(client, nmg):
    from hatchmark.db.models import Institution, Round

    # Something that could be shown: a round that is not published, and an institution of it.
    shown = Round.objects.get(authority__code="nmg", year=2021)
    Round.objects.create(
        authority=shown.authority, year=2022, past=True, fictional=False, stage=shown.stage,
        vocabulary=shown.vocabulary, settings=shown.settings,
    )  # fmt: skip
    Institution.objects.create(authority=shown.authority, code="nmg-hidden", fictional=False)

    answers = {
        client.get(address).content
        for address in (
            "/nmg/2022/",
            "/nmg/2022/notice/",
            "/nmg/2022/rows.csv",
            "/nmg/2022/files/results.json",
            "/nmg/institutions/nmg-hidden/",
            "/nmg/2019/",
            "/nmg/institutions/nobody/",
            "/nmg/2021/files/ledger.jsonl",
            "/nmg/2021/files/..%2Fsecret_key",
            "/nowhere/",
        )
    }

    assert len(answers) == 1
    assert "没有找到这个页面" in answers.pop().decode()


def test_an_error_page_speaks_the_language_of_its_address(client):
    chinese, english = client.get("/nowhere/"), client.get("/en/nowhere/")

    assert '<html lang="zh-Hans">' in chinese.content.decode()
    assert '<html lang="en">' in english.content.decode()
    assert "There is no such page" in english.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/?q=%E5%8C%85%E5%A4%B4",
        "/nmg/2021/?kind=incubator&q=%26",
        "/nmg/2021/notice/",
        "/nmg/institutions/nmg-i01/",
        "/schemes/nmg/incubator-2020/",
        "/demo/institutions/demo-i01/2025/incubator/",
        "/demo/2025/what-if/incubator/?grade.good.at_least=72",
    ],
)
def test_the_language_switch_stays_on_the_page(client, address):
    from urllib.parse import urlsplit

    page = text_of(client.get(address))
    there = re.search(r'class="hm-language" href="([^"]+)"', page)[1]
    back = re.search(r'class="hm-language" href="([^"]+)"', text_of(client.get(there)))[1]

    assert there.startswith("/en/")
    assert urlsplit(back).path == urlsplit(address).path
    assert client.get(back).content == client.get(address).content


def test_every_page_in_english_has_no_chinese_outside_what_is_marked_as_such(client, nmg):
    for address in ("/en/", "/en/nmg/2021/", "/en/nmg/institutions/nmg-i01/", "/en/nowhere/"):
        page = unescape(client.get(address).content.decode())
        body = page.split("<body")[1]
        # Cut every element that says it is Chinese; titles and options hold names, which are Chinese.
        body = re.sub(r'<(\w+)[^>]*\slang="zh-Hans"[^>]*>.*?</\1>', "", body, flags=re.S)
        body = re.sub(r"<option.*?</option>|<tbody>.*?</tbody>|href=\"[^\"]*\"", "", body, flags=re.S)
        assert re.findall(r"[\u4e00-\u9fff]+", body) == [], address


def test_results_have_a_shape_and_a_word(client, nmg):
    page = text_of(client.get("/nmg/2021/"))
    shapes = set(re.findall(r'<use href="#(g-[a-z_]+)"', page))

    assert shapes == {f"g-{class_of(row).value}" for row in nmg.rows}
    assert shapes <= set(re.findall(r'<symbol id="(g-[a-z_]+)"', page))


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize(
    ("address", "mark"),
    [
        ("/nmg/2021/", "据公开结果重新编排，非原文，不具公文效力"),
        ("/nmg/2021/notice/", "据公开结果重新编排，非原文，不具公文效力"),
        ("/nmg/institutions/nmg-i01/", "据公开结果重新编排，非原文，不具公文效力"),
        ("/demo/2025/", "演示数据，非真实"),
        ("/demo/2025/notice/", "演示数据，非真实"),
        ("/demo/institutions/demo-i01/", "演示数据，非真实"),
        ("/demo/institutions/demo-i01/2025/incubator/", "演示数据，非真实"),
        ("/demo/2025/what-if/incubator/", "演示数据，非真实"),
    ],
)
def test_every_page_of_a_round_prints_its_mark_to_the_letter_in_either_language(
    client, language, address, mark
):
    assert client.get(f"{language}{address}").content.decode().count(mark) == 1


def test_the_english_pictures_call_no_minority_most(client):
    page = client.get("/en/nmg/2021/").content.decode()

    assert "Incubators: 15, the largest group unqualified (7)" in page
    assert "most of them" not in page
