"""Files through the interface: in pieces that can be gone on with, by the same checks as on the page, tried or done."""

import hashlib
import io
import zipfile
from datetime import timedelta

import pytest
from conftest_services import DATES, figures, institution_actor
from django.test import Client
from media_samples import DOCX, HTML, PDF, PNG, SHEET, TYPES, types_of

from hatchmark.db.models import Evidence, LedgerEntry, PreliminaryReview, Round, Submission
from hatchmark.domain.evidence import LIMITS
from hatchmark.domain.token_scopes import TokenScope
from hatchmark.services import clock, evidence, submissions

LONG = PDF + bytes(range(256)) * 40
PIECE = 4_000


class Desk:
    """An institution whose program uploads."""

    def __init__(self, live, call, send, who="i1", serial=1):
        self.call, self.send_raw, self.who = call, send, who
        self.entry = live.entries.select_related("round__authority", "qualification__institution").get(
            serial=serial
        )
        self.files = f"/entries/{self.entry.pk}/evidence"

    def ask(self, method, path="", body=None, **more):
        return self.call(self.who, method, f"{self.files}{path}", body, **more)

    def begin(self, content=LONG, name="报告.pdf", figure="", dry_run=False):
        path = "?dry_run=true" if dry_run else ""
        return self.ask("POST", path, {"name": name, "size": len(content), "figure": figure})

    def put(self, key, offset, content, *, who="", more="", **headers):
        path = f"{self.files}/{key}/content?offset={offset}{more}"
        response = self.send_raw(who or self.who, "PUT", path, content, **headers)
        return response.status_code, response.json()

    def upload(self, content=LONG, **more):
        status, begun = self.begin(content, **more)
        assert status == 200, begun
        for offset in range(0, len(content), PIECE):
            status, answer = self.put(begun["key"], offset, content[offset : offset + PIECE])
        return status, answer

    def hand_in(self) -> Submission:
        submission = submissions.submit(
            entry=self.entry,
            figures=figures(),
            roster=[],
            signed_by="示例负责人",
            actor=institution_actor(self.entry),
            at=clock.now(),
        )
        Submission.objects.filter(pk=submission.pk).update(evidence=evidence.listed(self.entry))
        return submission


@pytest.fixture
def desk(live, call, send) -> Desk:
    made = Desk(live, call, send)
    made.ask("GET")  # a token leaves a line in the ledger when it is made: that is before
    return made


def on_disk(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def everything(folder):
    kept = (Evidence, LedgerEntry, PreliminaryReview, Submission)
    return {each.__name__: list(each.objects.order_by("pk").values()) for each in kept}, on_disk(folder)


# ---- a file comes in --------------------------------------------------------------------------------------


def test_a_file_goes_up_in_pieces_says_how_far_it_is_and_is_read_back(desk, send, tmp_path):
    _, begun = desk.begin(figure="area")
    assert (begun["name"], begun["size"], begun["received"], begun["digest"]) == (
        "报告.pdf",
        len(LONG),
        0,
        "",
    )
    assert desk.put(begun["key"], 0, LONG[:PIECE])[1]["received"] == PIECE

    # The program lost what it knew: it announces the file again, and asks how far it is.
    _, again = desk.begin(figure="area")
    assert (again["key"], again["received"]) == (begun["key"], PIECE)
    assert desk.ask("GET", f"/{again['key']}")[1] == again
    for offset in range(PIECE, len(LONG), PIECE):
        status, done = desk.put(again["key"], offset, LONG[offset : offset + PIECE])

    assert (status, done["received"], done["digest"]) == (200, len(LONG), hashlib.sha256(LONG).hexdigest())
    assert desk.ask("GET")[1] == [done]
    read = send("i1", "GET", f"{desk.files}/{done['key']}/content")
    assert b"".join(read.streaming_content) == LONG
    assert (read["Content-Type"], read["Content-Disposition"].split(";")[0]) == (
        "application/pdf",
        "attachment",
    )
    assert LedgerEntry.objects.last().act == "add_evidence"
    assert list(on_disk(tmp_path)) == [f"files/{done['digest'][:2]}/{done['digest']}"]


def test_the_same_piece_twice_does_no_harm(desk):
    key = desk.begin()[1]["key"]
    for offset in range(0, len(LONG), PIECE):
        first, second = (desk.put(key, offset, LONG[offset : offset + PIECE]) for _ in range(2))
        assert (first[0], second) == (200, first)

    assert Evidence.objects.get().digest == hashlib.sha256(LONG).hexdigest()


@pytest.mark.parametrize(
    ("offset", "content"),
    [(PIECE + 1, b"x"), (2**53, b"x"), (PIECE, bytes(len(LONG))), (PIECE - 1, b"xx")],
    ids=["a gap", "far beyond", "above the declared size", "half of it came before"],
)
def test_a_piece_that_does_not_follow_is_told_where_the_next_begins(desk, send, tmp_path, offset, content):
    key = desk.begin()[1]["key"]
    desk.put(key, 0, LONG[:PIECE])
    before = everything(tmp_path)

    response = send("i1", "PUT", f"{desk.files}/{key}/content?offset={offset}", content)

    answer = response.json()
    assert (response.status_code, answer["code"], response["Upload-Offset"]) == (
        409,
        "wrong_offset",
        str(PIECE),
    )
    assert [(each["where"], each["code"]) for each in answer["faults"]] == [("offset", "not_next")]
    assert f"{PIECE} of {len(LONG)} bytes are there" in answer["message"]
    assert everything(tmp_path) == before


def test_a_piece_of_another_file_is_told_apart_from_a_retry(desk):
    key = desk.begin()[1]["key"]
    desk.put(key, 0, LONG[:PIECE])

    status, answer = desk.put(key, 0, LONG[: PIECE - 1] + b"!")

    assert (status, answer["faults"][0]["code"]) == (409, "differs")


def test_a_piece_says_its_length_is_small_enough_and_comes_whole(desk, send, token_of, tmp_path):
    key = desk.begin(bytes(LIMITS.chunk + 1))[1]["key"]
    before = everything(tmp_path)

    large = desk.put(key, 0, PDF + bytes(LIMITS.chunk))
    address = f"/api/v1{desk.files}/{key}/content?offset=0"
    headers = {"Authorization": f"Bearer {token_of('i1')}"}
    unsaid = Client().put(address, b"", headers=headers)
    broken = Client().put(
        address,
        PDF,
        headers=headers,
        **{"wsgi.input": io.BytesIO(PDF), "CONTENT_LENGTH": str(len(PDF) + 5)},
    )

    assert (large[0], large[1]["faults"][0]["code"]) == (422, "piece")
    assert (unsaid.status_code, unsaid.json()["faults"][0]["code"]) == (422, "piece")
    assert (broken.status_code, broken.json()["faults"][0]["code"]) == (422, "broken_off")
    assert everything(tmp_path) == before
    for offset in ("", "-1", "x", "1e3", str(2**60)):
        refused = send("i1", "PUT", f"{desk.files}/{key}/content?offset={offset}", PDF)
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid")


@pytest.mark.parametrize(
    ("name", "size", "rule"),
    [
        ("报告.exe", 10, "ending"),
        ("报告", 10, "name"),
        ("报告.pdf", 0, "empty"),
        ("报告.pdf", LIMITS.file + 1, "too_large"),
        ("报告.pdf", 2**53, "too_large"),
    ],
)
def test_what_cannot_be_taken_is_refused_before_a_byte_of_it_comes(desk, tmp_path, name, size, rule):
    before = everything(tmp_path)

    status, answer = desk.ask("POST", "", {"name": name, "size": size})

    assert (status, answer["code"], answer["faults"][0]["code"]) == (422, "refused", rule)
    assert everything(tmp_path) == before


def test_the_budget_of_the_entry_is_that_of_the_page(desk):
    for number in range(LIMITS.entry // LIMITS.file):
        assert desk.ask("POST", "", {"name": f"{number}.pdf", "size": LIMITS.file})[0] == 200

    status, answer = desk.ask("POST", "", {"name": "再来.pdf", "size": LIMITS.file})

    assert (status, answer["faults"][0]["code"]) == (422, "quota")
    assert "remove a file" in answer["message"]


def bomb() -> bytes:
    """Return a docx whose list of types is 64 MB of nothing."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(TYPES, bytes(64 * 1024 * 1024))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("网页.pdf", HTML + bytes(100), "content"),
        ("图片.pdf", PNG, "content"),
        ("压缩包.docx", bomb(), "damaged"),
        ("半个.docx", DOCX[:-30], "damaged"),
    ],
    ids=["a web page", "a picture", "a bomb", "half a zip"],
)
def test_what_is_not_what_its_name_says_is_thrown_away(desk, tmp_path, name, content, rule):
    before = everything(tmp_path)
    _, begun = desk.begin(content, name=name)

    for offset in range(0, len(content), LIMITS.chunk):
        status, answer = desk.put(begun["key"], offset, content[offset : offset + LIMITS.chunk])

    assert (status, answer["faults"][0]["code"]) == (422, rule)
    assert everything(tmp_path) == before
    assert desk.ask("GET", f"/{begun['key']}")[0] == 404


def test_a_sheet_that_calls_itself_a_text_is_found_with_its_last_piece(desk, tmp_path):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(TYPES, types_of(SHEET))
        archive.writestr("xl/data.bin", bytes(range(256)) * 40)
    content = stream.getvalue()
    before = everything(tmp_path)

    status, answer = desk.upload(content, name="文字.docx")

    assert (status, answer["faults"][0]["code"], everything(tmp_path)) == (422, "content", before)


# ---- tried ------------------------------------------------------------------------------------------------


def test_every_step_is_tried_without_a_trace_in_rows_or_on_the_disk(desk, tmp_path):
    tried = "&dry_run=true"
    before = everything(tmp_path)
    assert desk.begin(dry_run=True)[0] == 200
    assert everything(tmp_path) == before

    key = desk.begin()[1]["key"]
    for offset in range(0, len(LONG), PIECE):
        before, piece = everything(tmp_path), LONG[offset : offset + PIECE]
        trial = desk.put(key, offset, piece, more=tried)
        assert everything(tmp_path) == before
        done = desk.put(key, offset, piece)
        assert (trial[0], trial[1]["received"], trial[1]["digest"]) == (
            200,
            done[1]["received"],
            done[1]["digest"],
        )

    before = everything(tmp_path)
    assert desk.ask("PATCH", f"/{key}?dry_run=true", {"figure": "area"})[1]["figure"] == "area"
    assert desk.ask("DELETE", f"/{key}?dry_run=true")[0] == 200
    assert everything(tmp_path) == before
    assert desk.ask("PATCH", f"/{key}", {"figure": "area"})[1] == desk.ask("GET", f"/{key}")[1]
    assert desk.ask("DELETE", f"/{key}")[0] == 200
    assert (desk.ask("GET")[1], on_disk(tmp_path)) == ([], {})


def test_what_a_trial_refuses_is_not_thrown_away(desk, tmp_path):
    key = desk.begin(HTML + bytes(100), name="网页.pdf")[1]["key"]
    before = everything(tmp_path)

    assert desk.put(key, 0, HTML + bytes(100), more="&dry_run=true")[0] == 422

    assert everything(tmp_path) == before
    assert desk.put(key, 0, HTML + bytes(100))[0] == 422
    assert not Evidence.objects.exists()


def test_a_trial_throws_no_old_upload_away(desk, tmp_path):
    desk.put(desk.begin()[1]["key"], 0, LONG[:PIECE])
    Evidence.objects.update(uploaded_at=clock.now() - LIMITS.forgotten_after - timedelta(days=1))
    before = everything(tmp_path)

    assert desk.begin(name="另一个.pdf", dry_run=True)[0] == 200

    assert everything(tmp_path) == before


def test_what_lay_behind_the_pieces_that_count_is_no_matter_of_a_trial(desk, tmp_path):
    key = desk.begin()[1]["key"]
    desk.put(key, 0, LONG[:PIECE])
    part = tmp_path / "uploads" / f"{key}.part"
    part.write_bytes(LONG[:PIECE] + b"never counted")

    desk.put(key, PIECE, LONG[PIECE : PIECE + 10], more="&dry_run=true")

    assert part.read_bytes() == LONG[:PIECE]
    assert desk.put(key, PIECE, LONG[PIECE : 2 * PIECE])[0] == 200


# ---- whose files, and when --------------------------------------------------------------------------------


def test_the_key_of_another_institution_opens_nothing(live, desk, call, send, tmp_path):
    other = Desk(live, call, send, who="i2", serial=2)
    key = desk.begin()[1]["key"]
    own = other.begin()[1]["key"]
    before = everything(tmp_path)

    for files, foreign in ((desk.files, key), (other.files, key), (desk.files, own)):
        path = f"{files}/{foreign}"
        assert call("i2", "GET", path)[0] == 404
        assert send("i2", "PUT", f"{path}/content?offset=0", PDF).status_code == 404
        assert send("i2", "GET", f"{path}/content").status_code == 404
        assert call("i2", "PATCH", path, {"figure": ""})[0] == 404
        assert call("i2", "DELETE", path)[0] == 404
    assert call("i2", "POST", desk.files, {"name": "报告.pdf", "size": 5})[0] == 404

    assert everything(tmp_path) == before


def test_roles_and_tokens_that_may_not_upload_are_told_so(desk, call, send):
    key = desk.upload()[1]["key"]
    writes = [
        ("POST", desk.files, {"name": "报告.pdf", "size": 5}),
        ("PATCH", f"{desk.files}/{key}", {"figure": "area"}),
        ("DELETE", f"{desk.files}/{key}", None),
    ]

    for method, path, body in writes:
        for who in ("ch", "ch2", "dep"):
            assert call(who, method, path, body)[0] == 403
        for scope in set(TokenScope) - {TokenScope.HAND_IN}:
            status, answer = call("i1", method, path, body, scopes=(scope.value,))
            assert (status, "no scope for add_evidence" in answer["message"]) == (403, True)
    refused = send("i1", "PUT", f"{desk.files}/{key}/content?offset=0", PDF, scopes=("read",))
    assert refused.status_code == 403
    # Handed in by nobody yet: seen by its institution alone.
    for who in ("ch", "dep", "ch2"):
        assert send(who, "GET", f"{desk.files}/{key}/content").status_code == 404
    assert Evidence.objects.get().figure == ""


def test_what_a_version_names_is_read_by_channel_and_department_and_stays(desk, call, send):
    key = desk.upload()[1]["key"]
    desk.hand_in()

    for who in ("ch", "dep"):
        assert [each["named"] for each in call(who, "GET", desk.files)[1]] == [True]
        read = send(who, "GET", f"{desk.files}/{key}/content")
        assert b"".join(read.streaming_content) == LONG
    assert send("ch2", "GET", f"{desk.files}/{key}/content").status_code == 404
    status, answer = desk.ask("DELETE", f"/{key}")
    assert (status, answer["faults"][0]["code"]) == (422, "named")


def test_what_has_not_come_whole_is_not_read(desk, send):
    key = desk.begin()[1]["key"]

    refused = send("i1", "GET", f"{desk.files}/{key}/content")

    assert (refused.status_code, "only to 0 of" in refused.json()["message"]) == (422, True)


def test_after_the_window_nothing_is_added_assigned_or_removed(desk, tmp_path):
    finished = desk.upload()[1]["key"]
    coming = desk.begin(name="另一个.pdf")[1]["key"]
    clock.set_demonstration_clock(DATES["submission_closes_at"] + timedelta(days=1))
    before = everything(tmp_path)

    refused = [
        desk.begin(name="迟到.pdf"),
        desk.put(coming, 0, LONG[:PIECE]),
        desk.put(coming, 0, LONG[:PIECE], more="&dry_run=true"),
        desk.ask("PATCH", f"/{finished}", {"figure": "area"}),
        desk.ask("DELETE", f"/{finished}"),
    ]
    Round.objects.update(stage="expert_review")
    refused += [desk.put(coming, 0, LONG[:PIECE]), desk.ask("DELETE", f"/{coming}")]

    assert [status for status, _ in refused] == [403] * len(refused)
    assert all(answer["message"] for _, answer in refused)
    Round.objects.update(stage="submission")
    assert everything(tmp_path) == before


def test_a_figure_that_nobody_asks_for_is_named(desk):
    key = desk.upload()[1]["key"]

    for answer in (desk.begin(figure="made_up"), desk.ask("PATCH", f"/{key}", {"figure": "made_up"})):
        assert (answer[0], answer[1]["faults"][0]["where"]) == (422, "figure")
        assert "'made_up' is no figure" in answer[1]["message"]


# ---- the scan of the sealed form --------------------------------------------------------------------------


def test_a_scan_belongs_to_one_version_is_seen_by_all_of_the_entry_and_proves_no_figure(desk, call, tmp_path):
    desk.hand_in()
    scans = f"/entries/{desk.entry.pk}/submissions/1/scans"
    body = {"name": "盖章表.pdf", "size": len(PDF)}
    before = everything(tmp_path)
    assert call("i1", "POST", f"{scans}?dry_run=true", body)[0] == 200
    assert everything(tmp_path) == before

    _, begun = call("i1", "POST", scans, body)
    status, done = desk.put(begun["key"], 0, PDF)

    assert (status, done["version"], done["digest"]) == (200, 1, hashlib.sha256(PDF).hexdigest())
    assert LedgerEntry.objects.last().act == "attach_scan"
    for who in ("i1", "ch", "dep"):
        assert call(who, "GET", scans) == (200, [done])
    assert call("ch2", "GET", scans)[0] == 404
    assert desk.ask("GET")[1] == []
    assert desk.ask("PATCH", f"/{done['key']}", {"figure": "area"})[0] == 422
    assert call("i1", "POST", scans, {**body, "name": "表.docx"})[1]["faults"][0]["code"] == "ending"
    for path in ("submissions/2/scans", f"submissions/{10**30}/scans"):
        assert call("i1", "POST", f"/entries/{desk.entry.pk}/{path}", body)[0] == 404
        assert call("i1", "GET", f"/entries/{desk.entry.pk}/{path}")[0] == 404
    for who in ("i2", "ch", "dep"):
        assert call(who, "POST", scans, body)[0] == (404 if who == "i2" else 403)
    Submission.objects.update(state="approved")
    assert call("i1", "POST", scans, {**body, "name": "再次.pdf"})[0] == 403
