"""The what-if page: the domain's answers, from published figures alone, within bounds, storing nothing."""

import re
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hatchmark.db.models import LedgerEntry, Round, Scorecard, Submission
from hatchmark.domain.scheme import points_text
from hatchmark.services import public, whatif
from hatchmark.services.refusals import NotAllowedError

ADDRESS = "/demo/2025/what-if/makerspace/"


def text_of(response, status=200):
    assert response.status_code == status
    return unescape(response.content.decode())


def answer_of(*settings, kind="makerspace"):
    table = public.what_if_table("demo", 2025, kind)
    return table, whatif.what_if(
        table.raw,
        name=table.scheme.code,
        scheme=table.scheme,
        entries=table.entries,
        settings=settings,
        old=table.verdicts,
    )


def changes_shown(page):
    """Return (serial, old grade, new grade, old total, new total) of every row whose grade would change."""
    part = page.split('class="hm-table hm-cards hm-changes"')[1].split("</table>")[0]
    found = []
    for row in re.findall(r"<tr>(.*?)</tr>", part.split("<tbody>")[1], flags=re.S):
        serial = int(re.search(r"第(\d+)号", row)[1])
        grades = re.findall(r"</svg><span>([^<]+)</span>", row)
        totals = re.findall(r'class="hm-num"[^>]*>([0-9.]+)</td>', row)
        found.append((serial, *grades, *totals[:2]))
    return found


@pytest.mark.parametrize("kind", ["incubator", "makerspace"])
def test_published_workings_alone_give_every_published_total_and_grade(published, client, kind):
    table = public.what_if_table("demo", 2025, kind)
    scores = {str(row.key): row.score for row in published["demo-2025"].rows_of(kind) if row.score}

    assert whatif.verdicts_of(table.scheme, table.entries) == table.verdicts
    assert scores == {
        key: points_text(table.verdicts[key].total) for key in scores if table.verdicts[key].total is not None
    }
    assert len(table.entries) > 10


@pytest.mark.parametrize(
    "settings",
    [
        (("grade.excellent.at_least", "88"),),
        (("indicator.site_area.full_marks", "8"), ("grade.good.at_least", "72")),
        (("indicator.founder_count.formula.points_each", "0.5"),),
    ],
)
def test_the_page_shows_exactly_who_changes_and_how_many_there_are_of_each_grade(client, settings):
    page = text_of(client.get(ADDRESS, dict(settings)))
    table, answer = answer_of(*settings)
    words = {cut.name: cut.words for cut in table.scheme.grades}

    assert len(answer.changes) > 0
    assert changes_shown(page) == [
        (
            int(change.id.partition(":")[2]),
            words[change.old.grade],
            words[change.new.grade],
            points_text(change.old.total),
            points_text(change.new.total),
        )
        for change in answer.changes
    ]
    counts = page.split('class="hm-table hm-counts"')[1].split("</table>")[0]
    old, new = whatif.counts_of(answer.old), whatif.counts_of(answer.new)
    assert re.findall(
        r'</svg><span>([^<]+)</span></th><td class="hm-num">(\d+)</td><td class="hm-num">(\d+)</td>', counts
    ) == [
        (words[cut.name], str(old.get(cut.name, 0)), str(new.get(cut.name, 0))) for cut in table.scheme.grades
    ]
    assert f"{len(answer.moved)}家的总分有变化" in page


def test_the_form_is_answered_with_the_address_of_what_was_changed_and_nothing_else(client):
    form = {each.path: each.value for each in public.what_if_table("demo", 2025, "makerspace").settable}
    changed = {"grade.excellent.at_least": "８８．５ ", "indicator.site_area.full_marks": "abc"}
    response = client.post(ADDRESS, form | changed)
    there = urlsplit(response["Location"])

    assert response.status_code == 303
    assert there.path == ADDRESS
    assert dict(parse_qsl(there.query)) == {
        "grade.excellent.at_least": "88.5",
        "indicator.site_area.full_marks": "abc",
    }
    assert client.post(ADDRESS, form)["Location"] == ADDRESS


def test_nothing_is_stored_and_no_hidden_row_is_asked_for(client):
    client.get(ADDRESS)
    before = (LedgerEntry.objects.count(), Scorecard.objects.count())
    with CaptureQueriesContext(connection) as queries:
        text_of(client.get(ADDRESS, {"grade.excellent.at_least": "81"}))

    assert (LedgerEntry.objects.count(), Scorecard.objects.count()) == before
    assert len(queries) > 0
    for query in queries:
        assert query["sql"].startswith("SELECT")
        assert not re.search(r'FROM "db_(submission|scoresheet|integrityhit|expert)"', query["sql"])


def test_a_figure_that_was_never_published_has_no_part_in_the_answer(client):
    public._scored.cache_clear()
    settings = (("indicator.site_area.full_marks", "9"),)
    _, before = answer_of(*settings)
    Submission.objects.filter(entry__round__year=2025).update(figures={})
    public._scored.cache_clear()
    _, after = answer_of(*settings)

    assert before.new == after.new


def test_a_round_whose_figures_are_not_public_is_refused(client):
    page = text_of(client.get("/nmg/2021/what-if/incubator/"), status=403)

    assert "这一年度的填报数据没有公布" in page
    assert 'href="/nmg/2021/"' in page
    with pytest.raises(NotAllowedError, match="not public"):
        public.what_if_table("nmg", 2021, "incubator")
    # To be sure that it is the figures that close it: the same round is refused when it is no fiction.
    public._scored.cache_clear()
    Round.objects.filter(authority__code="demo", year=2025).update(fictional=False)
    text_of(client.get(ADDRESS), status=403)
    Round.objects.filter(authority__code="demo", year=2025).update(fictional=True)
    public._scored.cache_clear()
    assert client.get("/demo/2025/what-if/nothing/").status_code == 404


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("grade.excellent.at_least", "abc", "请写一个数"),
        ("grade.excellent.at_least", "-5", "不能小于零"),
        ("grade.excellent.at_least", "75", "分数线须由高到低"),
        ("grade.excellent.at_least", "85.555", "最多两位小数"),
        ("grade.excellent.at_least", "9" * 60, "请写一个数"),
        ("indicator.site_area.full_marks", "0", "满分不能为零"),
        ("indicator.resident_count.formula.bands.3.at_least", "0", "各档须由低到高"),
        ("expert_item.exp_cases.full_marks", "1", "已有专家给出 3.5 分"),
        ("scheme.bonus_cap", "99", "方案自相矛盾"),
        ("scheme.total_cap", "50", "方案自相矛盾"),
    ],
)
def test_a_wrong_number_is_told_beside_its_field_and_nothing_written_is_lost(client, path, value, said):
    page = text_of(
        client.get(ADDRESS, {path: value, "indicator.founder_count.full_marks": "3.5"}), status=422
    )
    name = path.replace(".", "-")
    field = page.split(f'id="set-{name}"')[1].split("</div>\n</div>")[0]

    assert f'name="{path}"' in field
    assert 'aria-invalid="true"' in field
    assert f'id="set-{name}-fault"' in field
    assert said in field
    assert f'value="{value[:21]}"' in field
    assert 'name="indicator.founder_count.full_marks" type="text"' in page
    assert 'value="3.5"' in page
    assert f'<li><a href="#set-{name}">' in page
    assert 'id="result"' not in page


def test_what_no_field_has_is_named_and_not_followed(client):
    page = text_of(client.get(ADDRESS, {"scheme.title": "x", "grade.good.at_least": "70"}), status=422)

    assert "“scheme.title”不是本方案可以改动的数值" in page
    assert 'id="result"' not in page


def test_more_changes_than_the_budget_are_not_computed_and_the_form_keeps_them(client, monkeypatch):
    table = public.what_if_table("demo", 2025, "makerspace")
    fields = [each for each in table.settable if each.name == "full_marks"][: whatif.MOST_CHANGES + 1]
    form = {each.path: str(int(each.value) + 1) for each in fields}
    assert len(form) == whatif.MOST_CHANGES + 1
    monkeypatch.setattr(whatif, "verdicts_of", lambda *_: pytest.fail("beyond the budget nothing is scored"))

    for response in (client.post(ADDRESS, form), client.get(ADDRESS, form)):
        page = text_of(response, status=422)
        assert f"一次改动了{len(form)}处" in page
        assert all(f'value="{value}"' in page for value in form.values())


@pytest.mark.parametrize(
    ("entries", "changes", "fits"),
    [
        (whatif.MOST_ENTRIES, whatif.MOST_WORK // whatif.MOST_ENTRIES, True),
        (whatif.MOST_ENTRIES + 1, 0, False),
        (whatif.MOST_ENTRIES, whatif.MOST_CHANGES, False),
        (1, whatif.MOST_CHANGES, True),
        (1, whatif.MOST_CHANGES + 1, False),
    ],
)
def test_the_budget_bounds_entries_changes_and_both(entries, changes, fits):
    if fits:
        whatif.check_budget(entries=entries, changes=changes)
    else:
        with pytest.raises(whatif.TooMuchError, match="hatchmark whatif"):
            whatif.check_budget(entries=entries, changes=changes)


def test_a_kind_larger_than_the_budget_has_a_page_that_says_so(client, monkeypatch):
    public._scored.cache_clear()
    monkeypatch.setattr(whatif, "MOST_ENTRIES", 10)

    page = text_of(client.get(ADDRESS), status=422)

    assert "这一类别有81家，超出网页试算的范围" in page
    public._scored.cache_clear()


def test_workings_that_do_not_give_what_was_published_are_no_start(client, monkeypatch):
    public._scored.cache_clear()
    monkeypatch.setattr(whatif, "verdicts_of", lambda *_: {})

    assert "没有可靠的起点" in text_of(client.get(ADDRESS), status=409)
    public._scored.cache_clear()


@pytest.mark.parametrize("kind", ["incubator", "makerspace"])
def test_every_field_of_the_form_names_a_number_that_can_be_set(client, kind):
    table = public.what_if_table("demo", 2025, kind)
    page = text_of(client.get(f"/en/demo/2025/what-if/{kind}/"))
    fields = re.findall(
        r'<input class="[^"]*" id="([^"]+)" name="([^"]+)" type="text"[^>]* value="([^"]*)"', page
    )

    assert [(name, value) for _, name, value in fields] == [
        (each.path, each.value)
        for each in sorted(table.settable, key=lambda each: names(page).index(each.path))
    ]
    assert len({each for each, _, _ in fields}) == len(fields) == len(table.settable)
    assert all(f'<label for="{each}">' in page for each, _, _ in fields)
    for each in table.settable:
        changed, alterations = whatif.changed_scheme(
            table.raw, name=table.scheme.code, settings=[(each.path, each.value)]
        )
        assert alterations[0].path == each.path
        assert changed.grades == table.scheme.grades


def names(page):
    return re.findall(r' name="([^"]+)" type="text"', page)


@pytest.mark.parametrize(
    "address", [ADDRESS, f"{ADDRESS}?grade.good.at_least=70", f"{ADDRESS}?scheme.bonus_cap=x"]
)
def test_the_english_page_has_no_chinese_outside_what_is_marked_as_such(client, address):
    response = client.get(f"/en{address}")
    body = unescape(response.content.decode()).split("<body")[1]
    body = re.sub(r'<(\w+)[^>]*\slang="zh-Hans"[^>]*>.*?</\1>', "", body, flags=re.S)

    assert re.findall(r"[\u4e00-\u9fff]+", body) == []


def test_queries_do_not_grow_with_rows(client):
    counts = []
    for kind in ("incubator", "makerspace"):
        address = f"/demo/2025/what-if/{kind}/"
        client.get(address, {"grade.excellent.at_least": "84"})
        with CaptureQueriesContext(connection) as queries:
            client.get(address, {"grade.excellent.at_least": "84"})
        counts.append(len(queries))

    assert counts[0] == counts[1]
