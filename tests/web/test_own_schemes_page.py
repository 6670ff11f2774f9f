"""The page on which a department tries its scheme, keeps it, and finds it again where a round is opened."""

import html

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from test_department_pages import NEW, OPENING, at_a_moment, client_of, department, kept_in, text_of

from hatchmark.db.models import LedgerEntry, OwnScheme, Round
from hatchmark.domain.permissions import Role
from hatchmark.schemes.loader import LARGEST_FILE, shipped_bytes

__all__ = ["at_a_moment", "department"]

pytestmark = pytest.mark.django_db

PAGE = "/work/schemes/"
LIKE = "nmg/incubator-2020"
CONTENT = (
    shipped_bytes(LIKE, ending=".toml").decode().replace(f'code = "{LIKE}"', 'code = "demo/incubator-2026"')
)
CASES = shipped_bytes(LIKE, ending=".cases.toml").decode()


def send(site, act="try", *, page=PAGE, **fields):
    return site.post(page, {"act": act, **fields})


@pytest.mark.parametrize("address", [PAGE, f"/en{PAGE}"])
def test_a_scheme_is_tried_then_kept_and_is_public(department, address):
    # A browser sends the ends of lines in its own way.
    tried = send(department, page=address, content=CONTENT.replace("\n", "\r\n"), cases=CASES)
    shown = text_of(tried)
    assert tried.status_code == 200
    assert "demo/incubator-2026" in shown
    assert 'value="keep"' in shown
    # What was tried stands in the form again, to be changed or kept.
    assert (
        html.unescape(shown.partition('id="f-content"')[2].partition(">\n")[2].partition("</textarea>")[0])
        == CONTENT
    )
    assert not OwnScheme.objects.exists()

    kept = send(department, "keep", page=address, content=CONTENT.replace("\n", "\r\n"), cases=CASES)
    assert (kept.status_code, kept["Location"]) == (302, address)
    assert "demo/incubator-2026" in text_of(department.get(address))
    assert OwnScheme.objects.get().content == CONTENT
    assert LedgerEntry.objects.filter(act="keep_scheme", actor="dep-1").count() == 1

    public = client_of("i1", Role.INSTITUTION, unit="demo-i01")
    assert "孵化场地面积" in text_of(public.get("/schemes/demo/incubator-2026/"))
    assert public.get("/schemes/demo/incubator-2026/files/scheme.toml").content == CONTENT.encode()


def test_files_that_are_chosen_come_before_what_was_typed(department):
    files = {
        "content_file": SimpleUploadedFile("示例.toml", b"\xef\xbb\xbf" + CONTENT.encode()),
        "cases_file": SimpleUploadedFile("示例.cases.toml", CASES.encode()),
    }
    assert send(department, "keep", content="[scheme", cases="", **files).status_code == 302
    assert (OwnScheme.objects.get().content, OwnScheme.objects.get().cases) == (CONTENT, CASES)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"content": ""}, "请选择方案文件"),
        ({"content": "[scheme"}, "scheme.toml"),
        ({"content": CONTENT.replace("demo/", "nmg/")}, "属于其他部门"),
        (
            {"content_file": SimpleUploadedFile("示例.toml", "方案".encode("gb18030"))},
            "示例.toml不是 UTF-8 编码",
        ),
        ({"content_file": SimpleUploadedFile("示例.toml", b"#" * (LARGEST_FILE + 1))}, "示例.toml超过128 KB"),
        ({"content": CONTENT, "cases": CASES.replace('"100.00"', '"99.00"', 1)}, "算例不一致"),
    ],
)
@pytest.mark.parametrize("act", ["try", "keep"])
def test_what_cannot_be_is_said_and_nothing_is_kept(department, fields, said, act):
    for file in fields.values():
        if isinstance(file, SimpleUploadedFile):
            file.seek(0)
    answer = send(department, act, **fields)

    assert answer.status_code == 422
    assert said in text_of(answer)
    assert 'value="keep"' not in text_of(answer)
    assert not OwnScheme.objects.exists()


def test_every_limit_of_a_round_is_said_in_the_language_of_the_page(department):
    like = "huzhou/makerspace-2020"
    content = (
        shipped_bytes(like, ending=".toml")
        .decode()
        .replace(f'code = "{like}"', 'code = "demo/makerspace-2026"')
    )

    assert "方案有自定字段的企业名单，目前不能用于年度评价" in text_of(send(department, content=content))
    assert "The scheme has a roster of its own fields" in text_of(
        send(department, page=f"/en{PAGE}", content=content)
    )


def test_a_round_is_opened_with_it_and_asks_for_its_figures(department):
    own = CONTENT.replace("孵化场地面积", "示例自有场地面积")
    send(department, "keep", content=own)
    assert 'value="demo/incubator-2026"' in text_of(department.get("/work/rounds/open/"))

    opening = OPENING | {"scheme_incubator": "demo/incubator-2026"}
    shown = department.post("/work/rounds/open/", {**opening, **NEW, "do": "add"})
    department.post("/work/rounds/open/", {**kept_in(shown), "do": "open", "typed": "2026"})

    entry = Round.objects.get().entries.get()
    assert entry.round.kinds.get().scheme == "demo/incubator-2026"
    institution = client_of("i1", Role.INSTITUTION, unit=entry.qualification.institution.code)
    assert "示例自有场地面积" in text_of(institution.get(f"/work/submissions/{entry.pk}/"))


@pytest.mark.parametrize("role", [Role.CHANNEL, Role.INSTITUTION, Role.EXPERT, Role.SECURITY_ADMIN])
def test_nobody_else_finds_the_page(role):
    site = client_of("x", role, unit="示例市")

    assert site.get(PAGE).status_code == 404
    assert send(site, "keep", content=CONTENT).status_code == 404
    assert not OwnScheme.objects.exists()
