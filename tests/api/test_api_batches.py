"""Many approvals under one letter, the statistics return, a roster from a file: tried, then done, all or nothing."""

import io
import json
import zipfile

import pytest
from conftest_services import DATES
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from media_samples import HTML, PDF
from test_api_acts import REVIEWING_AT, begin_review, everything, explain_flags, submit
from test_api_uploads import on_disk

from hatchmark.db.models import Draft, LedgerEntry, Round, StatisticsReturn, Submission
from hatchmark.documents.scans import LARGEST_SCAN
from hatchmark.documents.score_tables import table_xlsx
from hatchmark.domain.token_scopes import TokenScope
from hatchmark.services import clock
from hatchmark.services.preliminary_reviews import MOST_TOGETHER, letter_of

LETTER = ("示例推荐函.pdf", PDF)


@pytest.fixture
def reviewing(live, call):
    """Entries 1 and 2 wait for approval with nothing in its way, entry 3 with flags that nobody explained."""
    begin_review(live, 1, 2, 3)
    for serial in (1, 2):
        explain_flags(live, serial)
    for who in ("ch", "ch2", "i1", "dep"):
        call(who, "GET", "/me")
    return live


@pytest.fixture
def approve(reviewing, call, send_form):
    """Approve what the queue of an account shows, or what is named."""

    def do(who="ch", *, seen=None, letter=LETTER, opinion="同意上报", more="", **options):
        if seen is None:
            _, queue = call(who, "GET", f"/rounds/{reviewing.pk}/queue")
            seen = [each["seen"] for each in queue["lines"] if each["seen"]]
        fields = {"seen": seen, "opinion": opinion, **({"letter": letter} if letter else {})}
        return send_form(who, f"/rounds/{reviewing.pk}/approvals{more}", fields, **options)

    return do


def states(live):
    return [each.state for each in Submission.objects.filter(entry__round=live).order_by("entry__serial")]


# ---- approvals --------------------------------------------------------------------------------------------


def test_the_queue_names_what_can_be_approved_together_and_why_the_rest_waits(reviewing, call):
    _, queue = call("ch", "GET", f"/rounds/{reviewing.pk}/queue")
    _, other = call("ch2", "GET", f"/rounds/{reviewing.pk}/queue")

    first, second, third = reviewing.entries.order_by("serial")
    assert (queue["total"], [each["seen"] for each in queue["lines"]]) == (
        2,
        [f"{first.pk}:1", f"{second.pk}:1"],
    )
    [line] = other["lines"]
    assert (line["entry"], line["standing"], line["seen"]) == (third.pk, "submitted", "")
    assert line["open"] == line["flags"] > 0
    assert call("i1", "GET", f"/rounds/{reviewing.pk}/queue")[0] == 403


def test_several_are_approved_under_one_letter_tried_first_without_a_trace(reviewing, approve, tmp_path):
    before = everything(), on_disk(tmp_path)

    tried = approve(more="?dry_run=true")
    assert (tried[0], everything(), on_disk(tmp_path)) == (200, *before)
    done = approve()

    assert (done[0], [each["state"] for each in done[1]]) == (200, ["approved", "approved"])
    assert {**done[1][0], "at": ""} == {**tried[1][0], "at": ""}
    assert states(reviewing) == ["approved", "approved", "submitted"]
    notes = {letter_of(each).digest for each in reviewing.entries.filter(serial__in=(1, 2))}
    assert {f"files/{digest[:2]}/{digest}": PDF for digest in notes} == on_disk(tmp_path)
    assert [line.act for line in LedgerEntry.objects.order_by("-pk")[:2]] == ["approve", "approve"]
    # Sent again, as after a lost answer: the acts are done, and nothing is done twice.
    again = approve(seen=[f"{each['entry']}:1" for each in done[1]])
    assert (again[0], "approval locks it" in again[1]["message"]) == (403, True)


def test_one_that_cannot_be_keeps_all_of_them_and_the_letter_out(reviewing, approve, tmp_path):
    first, second, third = reviewing.entries.order_by("serial")
    before = everything(), on_disk(tmp_path)
    good = f"{first.pk}:1"

    refused = {
        "another version": approve(seen=[good, f"{second.pk}:2"]),
        "of another channel": approve(seen=[good, f"{third.pk}:1"]),
        "not there": approve(seen=[good, "999999:1"]),
        "flags without a word": approve("ch2", seen=[f"{third.pk}:1"]),
        "no pair": approve(seen=[good, "1"]),
        "nobody": approve(seen=[]),
        "too many": approve(seen=[f"{each}:1" for each in range(1, MOST_TOGETHER + 2)]),
        "no letter": approve(letter=None),
        "no scan": approve(letter=("推荐函.pdf", HTML)),
        "an empty letter": approve(letter=("推荐函.pdf", b"")),
        "no opinion": approve(opinion=" "),
        "a long opinion": approve(opinion="示" * 2001),
    }

    assert {what: status for what, (status, _) in refused.items()} == {
        **dict.fromkeys(refused, 422),
        "another version": 409,
        "of another channel": 404,
        "not there": 404,
    }
    assert all(answer["message"] for _, answer in refused.values())
    assert (everything(), on_disk(tmp_path)) == before


def test_a_letter_that_is_too_large_is_told_so_and_not_that_it_is_missing(approve):
    scanned = approve(letter=("推荐函.pdf", PDF + bytes(LARGEST_SCAN)))
    dropped = approve(letter=("推荐函.pdf", PDF + bytes(LARGEST_SCAN + 2 * 1024 * 1024)))

    assert (scanned[0], "above the 20 MB" in scanned[1]["message"]) == (422, True)
    assert (dropped[0], dropped[1]["code"]) == (422, "too_big")


def test_nobody_else_approves_nor_at_another_stage(reviewing, approve, tmp_path):
    seen = [f"{each.pk}:1" for each in reviewing.entries.filter(serial__in=(1, 2))]
    for scope in set(TokenScope) - {TokenScope.REVIEW}:
        assert approve(seen=seen, scopes=(scope.value,))[0] == 403
    for who, status in (("ch2", 404), ("i1", 403), ("dep", 403)):
        assert approve(who, seen=seen)[0] == status
    clock.set_demonstration_clock(DATES["expert_review_closes_at"])
    assert approve(seen=seen)[0] == 403
    Round.objects.update(stage="expert_review")
    assert approve(seen=seen)[0] == 403

    assert (states(reviewing), on_disk(tmp_path)) == (["submitted"] * 3, {})


def test_a_form_that_cannot_be_read_is_refused_in_words(reviewing, send):
    path = f"/rounds/{reviewing.pk}/approvals"
    fields = {f"x{number}": "" for number in range(1_001)}
    files = {f"f{number}": SimpleUploadedFile("x.pdf", PDF) for number in range(101)}
    bodies = [
        (b"", MULTIPART_CONTENT),
        (b"--BoUnDaRyStRiNg\r\nnonsense", MULTIPART_CONTENT),
        (b"x", "multipart/form-data"),
        (b"x", "multipart/form-data; boundary=\xff".encode("latin-1").decode("latin-1")),
        (json.dumps({"seen": ["1:1"]}), "application/json"),
        (encode_multipart(BOUNDARY, fields), MULTIPART_CONTENT),
        (encode_multipart(BOUNDARY, files), MULTIPART_CONTENT),
        (encode_multipart(BOUNDARY, {"opinion": "x" * 3_000_000}), MULTIPART_CONTENT),
        ("&".join(f"seen={n}" for n in range(1_001)), "application/x-www-form-urlencoded"),
    ]

    answers = [send("ch", "POST", path, content, kind) for content, kind in bodies]

    assert [each.status_code for each in answers] == [422] * len(bodies)
    assert all(each.json()["message"] for each in answers)


# ---- the statistics return --------------------------------------------------------------------------------


HEADS = ["孵化器名称", "孵化器使用总面积（平方米）", "总收入（万元）", "说明"]


def sheet(*rows):
    return "火炬统计.xlsx", table_xlsx(HEADS, rows, file="火炬统计.xlsx")


@pytest.fixture
def bring(live, call, send_form):
    for who in ("ch", "dep", "i1"):
        call(who, "GET", "/me")

    def do(file, who="ch", *, kind="incubator", more="", **options):
        fields = {"kind": kind, "file": file} if file else {"kind": kind}
        return send_form(who, f"/rounds/{live.pk}/statistics{more}", fields, **options)

    return do


def test_a_return_is_previewed_by_trying_and_then_kept(live, call, bring, tmp_path):
    file = sheet(["示例1号孵化器", "12,000", "34.5", ""], ["示例3号孵化器", "1", "2", ""])
    before = everything()

    tried = bring(file, more="?dry_run=true")
    assert (tried[0], everything(), StatisticsReturn.objects.count()) == (200, before, 0)
    done = bring(file)

    first = live.entries.get(serial=1)
    assert done == tried
    assert done[1]["kept"] == [
        {
            "row": 2,
            "printed": "示例1号孵化器",
            "entry": first.pk,
            "name": first.name,
            "figures": {"area": "12000", "income": "345"},
            "replaces": False,
        }
    ]
    assert (done[1]["strangers"], done[1]["strangers_total"]) == (["示例3号孵化器"], 1)
    assert done[1]["unknown"] == ["说明"]
    assert LedgerEntry.objects.last().act == "import_statistics"
    assert bring(file)[1]["kept"][0]["replaces"]
    assert len(bring(file, "dep")[1]["kept"]) == 2
    assert [each["name"] for each in call("ch", "GET", f"/rounds/{live.pk}/statistics")[1]] == [first.name]
    assert len(call("dep", "GET", f"/rounds/{live.pk}/statistics")[1]) == 2
    assert on_disk(tmp_path) == {}


def test_every_cell_that_cannot_be_is_named_and_keeps_the_file_out(bring):
    status, answer = bring(
        sheet(
            ["示例1号孵化器", "约八千", "-5", ""],
            ["示例2号孵化器", "1", "", ""],
            ["示例2号孵化器", "2", "", ""],
        )
    )

    assert status == 422
    assert [(each["where"], each["code"]) for each in answer["faults"]] == [
        ("row 2: 孵化器使用总面积（平方米）", "return_bad_cell"),
        ("row 2: 总收入（万元）", "return_bad_cell"),
        ("row 4", "return_named_twice"),
    ]
    assert "'约八千'" in answer["message"]
    assert not StatisticsReturn.objects.exists()


def bomb():
    """Return a workbook of a few kilobytes that unpacks to far more than is read of one."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (120 * 1024 * 1024))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("file", "kind", "said"),
    [
        (("年报.xls", b"x"), "incubator", "年报.xls is no table"),
        (("年报.xlsx", HTML), "incubator", "年报.xlsx"),
        (("年报.xlsx", bomb()), "incubator", "年报.xlsx"),
        (("年报.csv", "面积\n1".encode()), "incubator", "names no institution"),
        (("年报.csv", b"x" * (10 * 1024 * 1024 + 1)), "incubator", "above the 10 MB"),
        (sheet(["别处孵化器", "1", "2", ""]), "incubator", "speaks of nobody"),
        (sheet(["示例1号孵化器", "1", "2", ""]), "made_up", "choose another kind"),
        (sheet(["示例1号孵化器", "1", "2", ""]), "makerspace", "evaluates no makerspace"),
        (None, "incubator", "file"),
    ],
    ids=[
        "xls",
        "a web page",
        "a bomb",
        "no head",
        "large",
        "strangers",
        "no kind",
        "another kind",
        "nothing",
    ],
)
def test_a_return_that_cannot_be_read_says_why(bring, file, kind, said):
    before = everything()

    status, answer = bring(file, kind=kind)

    assert (status, said in answer["message"]) == (422, True), answer
    assert (everything(), StatisticsReturn.objects.count()) == (before, 0)


def test_a_return_is_nothing_for_institutions_other_tokens_or_later_stages(live, bring):
    file = sheet(["示例1号孵化器", "1", "2", ""])

    assert bring(file, "i1")[0] == 403
    for scope in ("read", "hand_in"):
        assert bring(file, scopes=(scope,))[0] == 403
    submit(live, 1)
    Round.objects.update(stage="expert_review")
    clock.set_demonstration_clock(REVIEWING_AT)
    assert bring(file)[0] == 403
    assert not StatisticsReturn.objects.exists()


# ---- a roster from a file ---------------------------------------------------------------------------------


ROSTER_HEADS = ["企业名称", "状态", "入驻日期", "从业人员（人）", "备注"]


def roster_file(*rows):
    return "示例名单.xlsx", table_xlsx(ROSTER_HEADS, rows, file="示例名单.xlsx")


def test_a_roster_comes_from_a_file_and_says_what_changes(live, call, send, send_form):
    path = f"/entries/{live.entries.get(serial=1).pk}/roster"
    seen = call("i1", "GET", path)[1]["seen"]
    file = roster_file(["示例企业甲", "在孵", "2024-05", "12", ""], ["示例企业乙", "在孵", "2024-06", "", ""])

    tried = send_form("i1", f"{path}?dry_run=true", {"seen": seen, "file": file})
    assert (tried[0], Draft.objects.count()) == (200, 0)
    done = send_form("i1", path, {"seen": seen, "file": file})

    assert done == tried
    assert (done[1]["added"], done[1]["same"], done[1]["unknown"]) == (
        ["示例企业甲", "示例企业乙"],
        0,
        ["备注"],
    )
    assert done[1]["roster"] == call("i1", "GET", path)[1]
    # What was seen is gone.
    assert (
        send_form("i1", path, {"seen": seen, "file": roster_file(["示例企业丙", "在孵", "2024-05", "", ""])})[
            0
        ]
        == 409
    )
    # The template as it is filled comes back, and says the same.
    filled = send("i1", "GET", f"{path}/template")
    again = send_form("i1", path, {"seen": done[1]["roster"]["seen"], "file": ("名单.xlsx", filled.content)})
    assert (again[0], again[1]["same"], again[1]["roster"]) == (200, 2, done[1]["roster"])


def test_every_cell_of_a_roster_that_cannot_be_is_named_as_a_spreadsheet_does(live, call, send_form):
    path = f"/entries/{live.entries.get(serial=1).pk}/roster"
    seen = call("i1", "GET", path)[1]["seen"]

    status, answer = send_form(
        "i1", path, {"seen": seen, "file": roster_file(["示例企业甲", "在孵", "2024-05", "十二", ""])}
    )
    refused = [
        send_form("i1", path, {"seen": seen, "file": each})
        for each in (("名单.pdf", PDF), ("名单.xlsx", HTML), ("名单.xlsx", bomb()), ("名单.csv", b""))
    ]

    [fault] = answer["faults"]
    assert (status, fault["where"].split()[1], fault["code"]) == (422, "staff", "no_number")
    assert [each[0] for each in refused] == [422] * 4
    assert send_form("i2", path, {"seen": seen, "file": roster_file()})[0] == 404
    assert send_form("ch", path, {"seen": seen, "file": roster_file()})[0] == 403
    assert not Draft.objects.exists()
