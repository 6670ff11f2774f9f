"""Papers of a live round through the services: kept templates, letters, corrections, certificates."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from conftest_services import (
    DATES,
    FIRST,
    INSPECTOR,
    SECOND,
    institution_actor,
    officer_of,
    open_live_round,
    register_row,
)

from hatchmark.db.models import Certificate, LedgerEntry
from hatchmark.domain.certificates import State
from hatchmark.domain.notices import FICTIONAL
from hatchmark.domain.outcomes import Decision, EntryKey, Grade, Mode, Outcome
from hatchmark.domain.papers import DRAFT
from hatchmark.domain.workflow import Stage
from hatchmark.services import (
    calls,
    certificates,
    letters,
    papers,
    past_rounds,
    public_notice,
    publication,
    revisions,
    rounds,
    templates,
)
from hatchmark.services.refusals import NotAllowedError, UnsoundError
from hatchmark.services.results import published_version, published_versions

PUBLISHED = DATES["published_at"]
LATER = PUBLISHED + timedelta(days=3)


@pytest.fixture
def own_templates(tmp_path, settings):
    """Return a function that writes one of the installation's own templates."""
    settings.HATCHMARK_TEMPLATES = tmp_path

    def write(place, text):
        file = tmp_path / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    return write


def revise(live, serial, *, grade, outcome=Outcome.GRADED, at=LATER, correct=True):
    """Let two persons revise a decision and publish the correction."""
    decision = Decision(
        key=EntryKey("incubator", serial),
        mode=Mode.EVALUATED,
        outcome=outcome,
        grade=grade,
        reason="示例差错",
    )
    entry = live.entries[serial]
    revisions.propose_revision(entry=entry, decision=decision, actor=FIRST, at=at)
    revisions.confirm_revision(entry=entry, actor=SECOND, at=at)
    if correct:
        publication.prepare_correction(evaluation_round=live.round, reason="录入差错", actor=FIRST, at=at)
        publication.correct_publication(evaluation_round=live.round, actor=SECOND, at=at)


def text_of(paper):
    return "\n".join(paragraph.text for paragraph in paper.paragraphs)


def acts():
    return list(LedgerEntry.objects.order_by("sequence").values_list("act", flat=True))


# ---- templates ---------------------------------------------------------------------------------------------


def test_an_issued_paper_keeps_the_template_that_it_was_issued_by(live_round_at, own_templates):
    own_templates("demo/2025/public-notice.txt", "示例公示\n\n共{count:rows}家，至{closes}止。")
    live = live_round_at(Stage.PUBLIC_NOTICE)
    before = public_notice.public_notice_paper(live.round)

    own_templates("demo/2025/public-notice.txt", "另一个公示\n\n共{count:rows}家，改过了。")
    live.reload()

    assert text_of(before).split("\n")[0] == "共3家，至2025年7月7日23时59分59秒止。"
    assert public_notice.public_notice_paper(live.round) == before
    line = LedgerEntry.objects.get(act="give_public_notice")
    kept = "示例公示\n\n共{count:rows}家，至{closes}止。"
    assert line.details["template"] == hashlib.sha256(kept.encode()).hexdigest()


def test_a_template_with_faults_stops_the_act_and_leaves_nothing(live_round_at, own_templates):
    own_templates("demo/public-notice.txt", "示例公示\n\n共7家。")

    with pytest.raises(UnsoundError, match=r"public-notice.txt: line 3, column 2: '7家' is a number typed"):
        live_round_at(Stage.PUBLIC_NOTICE)

    assert "give_public_notice" not in acts()


def test_a_template_that_is_no_text_is_told_by_its_place(live_round_at, tmp_path, settings):
    settings.HATCHMARK_TEMPLATES = tmp_path
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "letter.txt").write_bytes("函\n\n甲".encode("gb18030"))
    live = live_round_at(Stage.PUBLISHED)

    with pytest.raises(UnsoundError, match=r"demo/letter\.txt in HATCHMARK_TEMPLATES cannot be read"):
        letters.send_letters(evaluation_round=live.round, actor=FIRST, at=PUBLISHED)


def test_a_preview_shows_a_new_template_on_the_data_of_the_round_and_stores_nothing(live_round_at):
    live = live_round_at(Stage.PUBLISHED)
    before = acts()

    shown = letters.preview_letter(live.round, "示例市", source="新函\n\n整改{count:rectify}家。")

    assert (shown.title_lines, text_of(shown).split("\n")[0]) == (("新函",), "整改2家。")
    assert shown.marks == (FICTIONAL, DRAFT)
    assert shown.issued_on is None
    assert acts() == before
    live.round.refresh_from_db()
    assert "letter" not in live.round.settings["templates"]


def test_faults_of_a_template_are_told_before_it_is_used():
    [fault] = templates.check_template("letter", "函\n\n共十七家", kinds=["incubator"])

    assert str(fault) == (
        "line 3, column 2: '十七家' is a number typed where a count or a year stands; "
        "write a field ({count:rows}, {year}, {working_days}), or word it without a number"
    )
    assert templates.check_template("contact", "联系人：示例甲", kinds=[]) == ()
    [contact] = templates.check_template("contact", "{year}", kinds=[])
    assert str(contact).startswith("line 1, column 1: a contact is plain text")


# ---- 公示 --------------------------------------------------------------------------------------------------


def test_the_public_notice_says_its_window_and_before_it_there_is_none(live_round_at):
    live = live_round_at(Stage.PUBLIC_NOTICE)

    said = text_of(public_notice.public_notice_paper(live.round))

    assert "公示自2025年7月1日起，至2025年7月7日23时59分59秒止，共5个工作日。" in said
    assert "联系电话：示例电话（演示数据，不能拨打）" in said
    assert sorted(papers.round_papers(live.round)) == [
        "public-notice.docx",
        "public-notice.ofd",
        "public-notice.pdf",
    ]


# ---- letters -----------------------------------------------------------------------------------------------


def test_each_channel_reads_its_own_letter_and_the_department_every_one(live_round_at):
    live = live_round_at(Stage.PUBLISHED)

    sent = letters.send_letters(evaluation_round=live.round, actor=FIRST, at=PUBLISHED)

    assert sent == ["示例市", "示例盟"]

    def read(channel, actor):
        return letters.read_letter(evaluation_round=live.round, channel=channel, actor=actor, at=LATER)

    own = read("示例市", officer_of("示例市"))
    assert [row.cells[2] for annex in own.annexes for row in annex.rows] == ["示例1号孵化器", "示例2号孵化器"]
    assert "示例3号孵化器" not in text_of(own)
    assert read("示例盟", FIRST).addressees == ("示例盟",)
    with pytest.raises(NotAllowedError, match="this institution belongs to 示例盟"):
        read("示例盟", officer_of("示例市"))
    with pytest.raises(NotAllowedError, match="read_letter needs the role"):
        read("示例市", institution_actor(live.entries[1]))
    with pytest.raises(UnsoundError, match="no letter was sent to 示例旗"):
        read("示例旗", FIRST)
    assert LedgerEntry.objects.get(act="send_letters").details["channels"] == ["示例市", "示例盟"]


def test_letters_are_sent_by_the_department_and_stay_as_they_were_sent(live_round_at):
    live = live_round_at(Stage.PUBLISHED)
    with pytest.raises(NotAllowedError, match="send_letters needs the role department"):
        letters.send_letters(evaluation_round=live.round, actor=INSPECTOR, at=PUBLISHED)
    assert letters.letters_of(live.round) == {}
    letters.send_letters(evaluation_round=live.round, actor=FIRST, at=PUBLISHED)
    before = letters.letters_of(live.round)

    revise(live, 1, grade=Grade.GOOD)

    assert letters.letters_of(live.round) == before
    letters.send_letters(evaluation_round=live.round, actor=FIRST, at=LATER)
    after = letters.letters_of(live.round)
    assert [len(paper.annexes[0].rows) for paper in (before["示例市"], after["示例市"])] == [2, 1]


# ---- the call ----------------------------------------------------------------------------------------------


def test_the_call_is_a_draft_with_a_reason_for_each_line(live_round_at):
    live = live_round_at(Stage.PUBLISHED)
    revise(live, 3, grade=None, outcome=Outcome.DISQUALIFIED)
    revise(live, 2, grade=Grade.GOOD, at=LATER + timedelta(days=1))

    paper = calls.call_after(live.round)

    assert (paper.marks, paper.issued_on) == ((FICTIONAL, DRAFT), None)
    assert [row.cells for row in paper.annexes[0].rows] == [
        (
            "1",
            "示例1号孵化器",
            "示例1号运营有限公司",
            "示例市",
            "在册资格；2025年度孵化器第1号不合格，整改后再次参加",
        ),
        ("2", "示例2号孵化器", "示例2号运营有限公司", "示例市", "在册资格"),
    ]
    assert "资格已经取消、或者已经退出评价体系的1家，不再列入名单。" in text_of(paper)


def test_the_due_list_is_the_one_that_opening_the_next_round_demands(live_round_at):
    live = live_round_at(Stage.FOLLOW_UP)
    due = calls.due_after(live.round)

    opened = open_live_round(year=2026)

    assert [(line.institution, len(line.owed)) for line in due.lines] == [
        (entry.qualification.institution.code, len(entry.due_reasons) - 1)
        for entry in opened.entries.select_related("qualification__institution").order_by("serial")
    ]
    assert sum(len(line.owed) for line in due.lines) == 3


def test_nothing_is_called_before_publication(live_round_at):
    live = live_round_at(Stage.PUBLIC_NOTICE)

    with pytest.raises(UnsoundError, match=r"nothing of .* was published"):
        calls.call_after(live.round)


# ---- corrections -------------------------------------------------------------------------------------------


def test_a_revision_needs_a_reason_a_second_person_and_a_change(live_round_at):
    live = live_round_at(Stage.PUBLISHED)
    entry = live.entries[1]
    decision = Decision(
        key=EntryKey("incubator", 1),
        mode=Mode.EVALUATED,
        outcome=Outcome.GRADED,
        grade=Grade.GOOD,
        reason="示例",
    )

    def propose(**changes):
        return revisions.propose_revision(
            entry=entry, decision=replace(decision, **changes), actor=FIRST, at=LATER
        )

    with pytest.raises(UnsoundError, match="needs its reason"):
        propose(reason="")
    with pytest.raises(UnsoundError, match="says the same"):
        propose(grade=Grade.UNQUALIFIED)
    with pytest.raises(UnsoundError, match="outcome graded needs a grade"):
        propose(grade=None)
    with pytest.raises(UnsoundError, match="this decision is about incubator:2"):
        propose(key=EntryKey("incubator", 2))
    with pytest.raises(UnsoundError, match="which is no entry of this round"):
        propose(mode=Mode.CARRIED, outcome=Outcome.CARRIED, grade=None, carried_from=EntryKey("incubator", 9))
    with pytest.raises(NotAllowedError, match="nobody is on record as the first person"):
        revisions.confirm_revision(entry=entry, actor=SECOND, at=LATER)
    propose()
    with pytest.raises(NotAllowedError, match="a second person has to confirm"):
        revisions.confirm_revision(entry=entry, actor=FIRST, at=LATER)
    before = published_version(live.round)
    revisions.confirm_revision(entry=entry, actor=SECOND, at=LATER)

    assert published_version(live.round) == before, "what was published changes by its correction alone"
    assert acts()[-2:] == ["propose_revision", "revise_decision"]


def test_both_notices_are_kept_and_each_names_the_other(live_round_at):
    live = live_round_at(Stage.PUBLISHED)
    first_files = papers.publication_files(live.round, published_version(live.round).results)
    revise(live, 1, grade=Grade.GOOD)
    one, two = published_versions(live.round)

    old = papers.notice_of(live.round, one.results, version=1)
    new = papers.notice_of(live.round, two.results)
    correction = publication.correction_of(live.round, 2)

    assert old.marks == (FICTIONAL, "本版已由第2版（2025年7月17日公布）更正取代")
    assert new.marks == (FICTIONAL,)
    assert "本通知更正并取代此前公布的第1版（2025年7月14日公布）；原版本保留备查。" in text_of(new)
    assert text_of(new).endswith(f"被更正版本的校验值（SHA-256）：{one.version.digest}")
    assert "第1版（2025年7月14日公布）有误" in text_of(correction)
    assert [row.cells[3:] for row in correction.annexes[0].rows] == [
        ("评价结果", "不合格", "良好"),
        ("后续工作", "整改、以孵化器参加2026年度评价", "无"),
    ]
    assert sorted(papers.correction_files(live.round)) == [
        f"{name}.{ending}" for name in ("correction-2", "notice-v1") for ending in ("docx", "ofd", "pdf")
    ]
    assert papers.correction_files(live.round)["notice-v1.docx"] != first_files["notice.docx"]


def test_a_prepared_correction_is_shown_to_the_second_person_before_it_is_published(live_round_at):
    live = live_round_at(Stage.PUBLISHED)
    revise(live, 1, grade=Grade.GOOD, correct=False)
    publication.prepare_correction(evaluation_round=live.round, reason="录入差错", actor=FIRST, at=LATER)

    shown = publication.preview_correction(live.round)

    assert DRAFT in shown.marks
    publication.correct_publication(evaluation_round=live.round, actor=SECOND, at=LATER)
    published = publication.correction_of(live.round, 2)
    assert shown.annexes == published.annexes
    with pytest.raises(UnsoundError, match="no correction waits"):
        publication.preview_correction(live.round)
    with pytest.raises(UnsoundError, match="corrects nothing"):
        publication.correction_of(live.round, 1)
    with pytest.raises(UnsoundError, match="no version 3"):
        publication.correction_of(live.round, 3)


# ---- certificates ------------------------------------------------------------------------------------------


@pytest.fixture
def certified(live_round_at):
    live = live_round_at(Stage.PUBLISHED)
    made = certificates.issue_certificates(evaluation_round=live.round, actor=FIRST, at=PUBLISHED)
    return live, {row.entry.serial: row.code for row in made}


def test_a_certificate_answers_to_its_code_however_it_is_typed(certified):
    _, codes = certified

    view = certificates.certificate_state(codes[1])

    assert certificates.certificate_state(codes[1].lower().replace("-", " ")) == view
    assert (view.state, view.name, view.kind_title, view.grade) == (
        State.VALID,
        "示例1号孵化器",
        "科技企业孵化器",
        "不合格",
    )
    assert (view.authority, view.year, view.institution, str(view.key)) == (
        "示例自治区科学技术厅",
        2025,
        "demo-i01",
        "incubator:1",
    )
    assert (view.issued_at, view.notice_version, view.latest_version, view.since, view.reason) == (
        PUBLISHED,
        1,
        1,
        None,
        "",
    )
    assert certificates.certificate_state("AAAAA-AAAAA-AAAAA-AAAAA-AAAAA") is None
    assert certificates.certificate_state("") is None


def test_a_correction_supersedes_one_certificate_and_leaves_the_others(certified):
    live, codes = certified

    revise(live, 1, grade=Grade.GOOD)

    view = certificates.certificate_state(codes[1])
    assert (view.state, view.grade, view.since, view.reason, view.latest_version) == (
        State.SUPERSEDED,
        "不合格",
        LATER,
        "录入差错",
        2,
    )
    assert certificates.certificate_state(codes[2]).state is State.VALID
    [again] = certificates.issue_certificates(evaluation_round=live.round, actor=FIRST, at=LATER)
    assert (certificates.certificate_state(again.code).state, again.entry.serial) == (State.VALID, 1)
    assert [made.code for made in certificates.certificates_of(live.round).values()] == [
        again.code,
        codes[2],
        codes[3],
    ]


def test_the_end_of_a_qualification_withdraws_its_certificate(certified):
    live, codes = certified

    revise(live, 3, grade=None, outcome=Outcome.DISQUALIFIED)

    view = certificates.certificate_state(codes[3])
    assert (view.state, view.since, view.reason) == (State.WITHDRAWN, LATER, "录入差错")


def test_a_certificate_is_withdrawn_by_two_persons_and_not_issued_again(certified):
    live, codes = certified
    with pytest.raises(NotAllowedError, match="nobody is on record as the first person"):
        certificates.withdraw_certificate(code=codes[1], actor=SECOND, at=LATER)
    with pytest.raises(UnsoundError, match="needs its reason"):
        certificates.ask_withdrawal(code=codes[1], reason="", actor=FIRST, at=LATER)
    certificates.ask_withdrawal(code=codes[1], reason="示例理由", actor=FIRST, at=LATER)
    assert certificates.certificate_state(codes[1]).state is State.VALID
    with pytest.raises(NotAllowedError, match="a second person has to confirm"):
        certificates.withdraw_certificate(code=codes[1], actor=FIRST, at=LATER)

    certificates.withdraw_certificate(code=codes[1], actor=SECOND, at=LATER)

    view = certificates.certificate_state(codes[1])
    assert (view.state, view.since, view.reason) == (State.WITHDRAWN, LATER, "示例理由")
    with pytest.raises(UnsoundError, match="was withdrawn already"):
        certificates.withdraw_certificate(code=codes[1], actor=SECOND, at=LATER)
    with pytest.raises(UnsoundError, match="was withdrawn already"):
        certificates.ask_withdrawal(code=codes[1], reason="示例", actor=FIRST, at=LATER)
    with pytest.raises(UnsoundError, match="has its certificate already"):
        certificates.issue_certificates(evaluation_round=live.round, actor=FIRST, at=LATER)
    assert [str(key) for key in certificates.certificates_of(live.round)] == ["incubator:2", "incubator:3"]


def test_no_code_stands_in_the_ledger(certified):
    _, codes = certified
    certificates.ask_withdrawal(code=codes[1], reason="示例", actor=FIRST, at=LATER)
    certificates.withdraw_certificate(code=codes[1], actor=SECOND, at=LATER)

    written = json.dumps(list(LedgerEntry.objects.values()), default=str, ensure_ascii=False)

    assert len(codes) == 3
    assert [code for code in codes.values() if code in written] == []


def test_the_institution_and_the_department_read_a_certificate_and_nobody_else(certified, settings):
    live, codes = certified
    settings.PUBLIC_ADDRESS = "https://pingjia.example"

    def read(actor):
        return certificates.read_certificate(code=codes[1], actor=actor, at=LATER)

    assert (
        read(institution_actor(live.entries[1])).address
        == f"https://pingjia.example/certificates/{codes[1]}/"
    )
    assert read(FIRST).key == EntryKey("incubator", 1)
    with pytest.raises(NotAllowedError, match="acts for institution demo-i02, not for demo-i01"):
        read(institution_actor(live.entries[2]))
    settings.PUBLIC_ADDRESS = ""
    assert (read(FIRST).address, read(FIRST).scanned) == (None, codes[1])
    revise(live, 1, grade=Grade.GOOD)
    with pytest.raises(UnsoundError, match="is superseded; it is not handed out any more"):
        read(FIRST)
    with pytest.raises(UnsoundError, match="no certificate has the code"):
        certificates.read_certificate(code="X", actor=FIRST, at=LATER)


def test_the_code_of_a_real_round_depends_on_the_key_of_the_installation(live_round_at, settings):
    live = live_round_at(Stage.PUBLISHED)
    live.round.fictional = False
    live.round.save()
    found = []
    for key in ("a" * 50, "b" * 50):
        settings.SECRET_KEY = key
        made = certificates.issue_certificates(evaluation_round=live.round, actor=FIRST, at=PUBLISHED)
        found.append({row.code for row in made})
        Certificate.objects.all().delete()

    assert (len(found[0]), found[0] & found[1]) == (3, set())


def test_no_letter_call_or_certificate_is_made_of_a_past_round(db):
    evaluation_round = rounds.open_round(
        authority_code="demo",
        authority_name="示例自治区科学技术厅",
        year=2024,
        past=True,
        fictional=True,
        vocabulary="nmg-2021",
        settings={"addressees": [], "bases": [], "dates": {}},
        schemes={"incubator": ""},
        register=[register_row(1, "示例市")],
        changes=[],
        entered_at=PUBLISHED,
        happened_bound="2024 or later",
        actor=FIRST,
        at=None,
    )
    while evaluation_round.stage != Stage.DETERMINATION:
        past_rounds.enter_past_stage(evaluation_round=evaluation_round, actor=FIRST, at=None)
    failed = Decision(
        key=EntryKey("incubator", 1), mode=Mode.EVALUATED, outcome=Outcome.GRADED, grade=Grade.UNQUALIFIED
    )
    entry = evaluation_round.entries.get()
    entry.round = evaluation_round
    past_rounds.enter_past_decision(entry=entry, decision=failed, actor=FIRST, at=None)
    past_rounds.enter_past_stage(evaluation_round=evaluation_round, actor=FIRST, at=None)
    publication.publish(evaluation_round=evaluation_round, actor=FIRST, at=None)

    with pytest.raises(UnsoundError, match="the letters of a past round are its department's own"):
        letters.send_letters(evaluation_round=evaluation_round, actor=FIRST, at=PUBLISHED)
    with pytest.raises(UnsoundError, match="no certificate is made for a past round"):
        certificates.issue_certificates(evaluation_round=evaluation_round, actor=FIRST, at=PUBLISHED)
    assert papers.round_papers(evaluation_round) == {}
