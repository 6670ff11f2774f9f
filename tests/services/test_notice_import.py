"""A published notice becomes a past round: the same register as its folder gives, nothing merged by likeness alone."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from conftest_services import FIRST, INTEGRITY, PUBLIC
from django.apps import apps
from django.db import transaction
from seed_notice import as_text

from hatchmark.db.models import (
    Decision,
    Entry,
    IdentityDecision,
    Institution,
    LedgerEntry,
    Obligation,
    Operator,
    OperatorTenure,
    Qualification,
    QualificationEvent,
    RegisterNote,
    ResultNotice,
    Round,
)
from hatchmark.documents.round_folder import read_round_folder
from hatchmark.domain.deadlines import CHINA
from hatchmark.domain.folder_errors import FolderError
from hatchmark.domain.ledger import verify
from hatchmark.domain.notice_import import ImportAnswer, ImportChangeOf, QuestionOf
from hatchmark.domain.notice_reading import even_out
from hatchmark.domain.published_notices import (
    DocumentParagraph,
    DocumentTable,
    NoticeCheck,
    NoticeDocument,
    Verdict,
)
from hatchmark.services.ledger import sealed_lines
from hatchmark.services.notice_check import check_notice_bytes, check_notice_document, check_notice_file
from hatchmark.services.notice_import import ImportPreview, import_notice, preview_of
from hatchmark.services.papers import publication_files
from hatchmark.services.refusals import NotAllowedError, UnsoundError
from hatchmark.services.register import as_of
from hatchmark.services.results import published_version
from hatchmark.services.round_folder import perform

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "nmg-2021"
CORPUS = ROOT / "tests" / "notice_corpus"
AT = datetime(2026, 11, 24, 20, tzinfo=CHINA)
LATER = datetime(2026, 11, 25, 20, tzinfo=CHINA)

SAME_OPERATOR = ImportAnswer(
    question=QuestionOf.SAME_OPERATOR,
    subject="incubator:8|makerspace:83",
    answer="same",
    by="示例甲",
    reason="同盟，结果相符",
)
"""What the folder of the example states by hand: makerspace 83 is judged by incubator 8."""


@pytest.fixture(scope="module")
def seed() -> NoticeCheck:
    return check_notice_bytes(as_text().encode(), file="notice.txt")


def answer(question: str, subject: str, said: str, reason: str = "") -> ImportAnswer:
    return ImportAnswer(
        question=QuestionOf(question), subject=subject, answer=said, by="示例甲", reason=reason
    )


def preview(check: NoticeCheck, *answers: ImportAnswer, code: str = "nmg", **facts: Any) -> ImportPreview:
    return preview_of(check, authority_code=code, answers=answers, at=AT, **facts)


def imported(check: NoticeCheck, *answers: ImportAnswer, code: str = "nmg", **facts: Any) -> Round:
    facts = {"actor": replace(FIRST, authority=code), "at": AT} | facts
    return import_notice(check, authority_code=code, answers=answers, **facts)


def asked(plan: ImportPreview) -> list[tuple[str, str]]:
    return [(question.question.value, question.subject) for question in plan.plan.questions]


def refused(plan: ImportPreview) -> list[str]:
    return [refusal.code for refusal in plan.plan.refusals]


# ---- the register that comes of it ----------------------------------------------------------------------------


def rows_of(model: Any, *fields: str) -> list[dict[str, Any]]:
    return sorted(model.objects.values(*fields), key=str)


def register_state() -> dict[str, Any]:
    """Everything that a round leaves in the register and its history, by names and not by keys of the database."""
    of = "institution__code"
    entry = ("entry__kind", "entry__serial")
    return {
        "institutions": rows_of(Institution, "authority__code", "authority__name", "code", "fictional"),
        "names": rows_of(apps.get_model("db", "InstitutionName"), of, "name", "aliases", "since", "until", "source"),
        "operators": rows_of(Operator, "name", "aliases"),
        "tenures": rows_of(OperatorTenure, of, "operator__name", "since", "until", "source"),
        "qualifications": rows_of(
            Qualification, of, "kind", "level", "sub_type", "status", "recognised_in", "channel", "channel_type",
            "region", "in_management", "in_evaluation", "in_statistics",
        ),
        "events": rows_of(
            QualificationEvent, "qualification__institution__code", "qualification__kind", "event", "happened_at",
            "happened_bound", "round__year", "reason",
        ),
        "rounds": rows_of(
            Round, "year", "past", "fictional", "stage", "vocabulary", "settings", "entered_at", "happened_bound"
        ),
        "kinds": rows_of(apps.get_model("db", "RoundKind"), "position", "kind", "scheme"),
        "entries": rows_of(
            Entry, "kind", "serial", "qualification__institution__code", "name", "aliases", "operators_printed",
            "operators", "channel", "region", "sub_type", "pilot", "due_reasons",
        ),
        "decisions": rows_of(
            Decision, *entry, "version", "mode", "outcome", "grade", "carried_from__kind", "carried_from__serial",
            "year", "as_kind", "reason", "note", "proposed_by", "confirmed_by", "confirmed_at",
        ),
        "obligations": rows_of(Obligation, *entry, "act", "year", "as_kind", "note", "handed_in_at", "done_at"),
        "published": rows_of(ResultNotice, "version", "document", "digest", "published_at", "reason"),
        "as of": {
            day.isoformat(): [standing.as_document() for standing in as_of(day)]
            for day in (date(2019, 6, 1), date(2020, 6, 1), date(2021, 12, 31), date(2022, 1, 1), date(2030, 1, 1))
        },
    }  # fmt: skip


def state_after(act: Any) -> dict[str, Any]:
    """What an act leaves, taken back afterwards."""
    with transaction.atomic():
        act()
        found = register_state() | {
            "notes": set(RegisterNote.objects.values_list("institution__code", "text")),
            "acts": list(LedgerEntry.objects.order_by("sequence").values_list("act", flat=True)),
        }
        transaction.set_rollback(True)
    return found


@pytest.mark.django_db
def test_importing_the_seed_gives_the_register_of_the_example(seed):
    example = state_after(lambda: perform(read_round_folder(EXAMPLE), progress=lambda *_: None))
    own = state_after(lambda: imported(seed, SAME_OPERATOR))

    # Three things differ, since the notice does not say them or says them itself:
    # 1. the notes of whoever read the notice for the example (names that are alike, likely misprints) are a person's;
    #    the import notes what a person answered, and by whom a carried row is judged.
    by_hand, noted = example.pop("notes"), own.pop("notes")
    folder = read_round_folder(EXAMPLE)
    assert by_hand == {(change.institution, change.new) for change in folder.changes if change.what == "note"}
    assert by_hand & noted == set()
    assert {code for code, _ in noted} == {"nmg-i08", "nmg-m82", "nmg-m83"}
    # 2. the ledger tells that it was an import, and who said that two spellings are one operator.
    assert [act for act in own.pop("acts") if act not in ("decide_identity", "import_notice")] == example.pop(
        "acts"
    )
    # 3. nothing else.
    assert own == example


@pytest.mark.django_db
@pytest.mark.parametrize("file", ["notice.docx", "notice.pdf"])
def test_the_notice_that_we_write_gives_the_same_register_when_it_is_imported(file):
    written: dict[str, bytes] = {}

    def perform_and_write() -> None:
        evaluation_round = perform(read_round_folder(EXAMPLE), progress=lambda *_: None)
        written.update(publication_files(evaluation_round, published_version(evaluation_round).results))

    example = state_after(perform_and_write)
    own = state_after(lambda: imported(check_notice_bytes(written[file], file=file), SAME_OPERATOR))

    # The notes and the acts of an import differ as above.
    assert {what: rows for what, rows in own.items() if what not in ("notes", "acts")} == {
        what: rows for what, rows in example.items() if what not in ("notes", "acts")
    }


@pytest.mark.django_db
def test_what_the_import_of_the_seed_leaves_behind_is_told_before_it_is_done(seed):
    told = preview(seed, SAME_OPERATOR).plan.changes
    imported(seed, SAME_OPERATOR)

    def entries(what: ImportChangeOf) -> list[str]:
        return [change.entry for change in told if change.what is what]

    assert len(entries(ImportChangeOf.INSTITUTION_CREATED)) == Institution.objects.count() == 100
    assert len(entries(ImportChangeOf.QUALIFICATION)) == Qualification.objects.count() == 100
    assert len(entries(ImportChangeOf.ENTRY)) == Entry.objects.count() == 100
    assert len(entries(ImportChangeOf.OBLIGATION)) == Obligation.objects.exclude(act="deregister").count()
    assert len(entries(ImportChangeOf.DEREGISTRATION)) == QualificationEvent.objects.count() == 31
    assert entries(ImportChangeOf.OPERATOR_CHANGED) == ["makerspace:81"]
    assert entries(ImportChangeOf.OPERATOR_ALIAS) == ["makerspace:30"]
    assert entries(ImportChangeOf.CARRIED) == ["makerspace:82", "makerspace:83"]
    assert [c.text for c in told if c.what is ImportChangeOf.NOTE] == [
        "附注：以自治区级科技企业孵化器资格参加评价"
    ]
    assert len(entries(ImportChangeOf.ALIAS)) == sum(len(entry.aliases) for entry in Entry.objects.all()) == 6
    assert verify(sealed_lines()) is None


@pytest.mark.django_db
def test_likeness_alone_links_nothing_and_a_preview_stores_nothing(seed):
    shown = preview(seed)

    assert asked(shown) == [("same_operator", "incubator:8|makerspace:83")]
    assert "仅同音字不同：旗／期、源／缘" in shown.plan.questions[0].reasons
    assert shown.plan.questions[0].answers == ("same", "different")
    with pytest.raises(UnsoundError, match=r"notice\.txt is not imported: are incubator:8"):
        imported(seed)
    assert {
        model.__name__ for model in apps.get_app_config("db").get_models() if model.objects.exists()
    } == set()


@pytest.mark.django_db
def test_two_spellings_that_a_person_calls_two_leave_the_carried_row_to_be_answered(seed):
    different = answer("same_operator", "incubator:8|makerspace:83", "different")

    assert asked(preview(seed, different)) == [("carried_from", "makerspace:83")]
    assert preview(seed, different, answer("carried_from", "makerspace:83", "incubator:8")).ready
    with pytest.raises(FolderError, match="gives that entry no grade"):
        preview(seed, different, answer("carried_from", "makerspace:83", "incubator:15"))


@pytest.mark.django_db
def test_the_answer_is_kept_with_its_author_and_the_import_has_a_line_of_its_own(seed):
    imported(seed, SAME_OPERATOR)

    [kept] = IdentityDecision.objects.all()
    assert (kept.answer, kept.decided_by, kept.reason) == ("same", "示例甲", "同盟，结果相符")
    line = LedgerEntry.objects.get(act="import_notice")
    assert (line.actor, line.details["title"], line.details["verdict"]) == (
        FIRST.code,
        "关于公布2021年度自治区科技企业孵化器和众创空间绩效评价（考核）结果的通知",
        "explained",
    )
    assert line.details["answers"] == [
        {
            "question": "same_operator",
            "subject": "incubator:8|makerspace:83",
            "answer": "same",
            "by": "示例甲",
            "reason": "同盟，结果相符",
        }
    ]


# ---- what is refused ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_second_import_is_refused_whatever_the_format_and_so_is_another_notice_of_the_year(seed):
    imported(seed, SAME_OPERATOR)
    again = check_notice_bytes(as_text().encode("gb18030"), file="通知.txt")
    other = check_notice_bytes(as_text().replace("再接再厉", "继续努力").encode(), file="notice.txt")
    earlier = check_notice_bytes(as_text().replace("2021年", "2020年").encode(), file="notice.txt")
    before = register_state()

    assert refused(preview(again)) == ["imported_before"]
    assert refused(preview(other)) == ["round_exists"]
    assert "later_round_exists" in refused(preview(earlier))
    with pytest.raises(UnsoundError, match="imported before, as the round 2021"):
        imported(again, SAME_OPERATOR, at=LATER)
    assert register_state() == before


@pytest.mark.django_db
@pytest.mark.parametrize("actor", [PUBLIC, INTEGRITY], ids=lambda actor: actor.role)
def test_the_department_alone_imports(seed, actor):
    with pytest.raises(NotAllowedError, match="import_notice needs the role department"):
        imported(seed, SAME_OPERATOR, actor=actor)

    assert (Round.objects.count(), LedgerEntry.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_an_import_that_fails_on_the_way_leaves_nothing(seed, monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise UnsoundError("示例")

    monkeypatch.setattr("hatchmark.services.round_folder.publication.publish", fail)

    with pytest.raises(FolderError, match="示例"):
        imported(seed, SAME_OPERATOR)

    assert {
        model.__name__ for model in apps.get_app_config("db").get_models() if model.objects.exists()
    } == set()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "message"),
    [
        (answer("same_operator", "incubator:8|makerspace:83", "maybe"), "write one of same, different"),
        (answer("same_operator", "incubator:1|makerspace:2", "same"), "asks no such question"),
        (answer("channel", "包头市", "league_city"), "asks no such question"),
        (answer("institution", "incubator:1", "nmg-i99"), "knows no such institution"),
    ],
)
def test_an_answer_that_answers_nothing_is_an_error(seed, given, message):
    with pytest.raises(FolderError, match=message):
        preview(seed, given)


@pytest.mark.django_db
def test_year_and_issuer_are_not_overruled_by_the_words_of_the_command(seed):
    imported(seed, SAME_OPERATOR)
    of_another = check_notice_bytes(
        as_text()
        .replace("2021年", "2022年")
        .replace("内蒙古自治区科学技术厅", "示例自治区科学技术厅")
        .encode(),
        file="notice.txt",
    )

    assert "year_differs" in refused(preview(seed, year=2020))
    assert "issuer_differs" in refused(preview(of_another))


# ---- a register that knows earlier rounds ---------------------------------------------------------------------------

Row = tuple[str, str, str, str]
"""Name, operator, channel, result."""

YEAR_2021: Sequence[Row] = (
    ("示例青云众创空间", "示例青云科技有限公司", "示例甲市", "优秀"),
    ("示例百川众创空间", "示例百川源科技有限公司", "示例甲市", "不合格"),
    ("示例创客空间", "示例甲市创业有限公司", "示例甲市", "合格"),
    ("示例河套众创空间", "示例河套有限责任公司", "示例乙市", "合格"),
    ("示例远山众创空间", "示例远山有限公司", "示例乙市", "不合格"),
)


def notice(year: int, rows: Sequence[Row], *, said: str = "") -> NoticeCheck:
    """A notice of so many makerspaces that counts them truly and obliges those that failed."""
    counts = {label: sum(row[3] == label for row in rows) for label in dict.fromkeys(row[3] for row in rows)}
    text = "、".join(f"{n}家众创空间考核结果为{label}" for label, n in counts.items())
    duty = f"考核不合格的众创空间应当整改，并在{year + 1}年继续参加考核。"
    document = NoticeDocument(
        file="notice.txt",
        format="txt",
        blocks=(
            DocumentParagraph(text=f"关于公布{year}年度众创空间绩效考核结果的通知"),
            DocumentParagraph(text="各市科技局："),
            DocumentParagraph(text=f"经评审，{text}。{said or duty}"),
            DocumentParagraph(text="示例自治区科学技术厅"),
            DocumentParagraph(text="附件"),
            DocumentParagraph(text=f"{year}年度众创空间绩效考核结果汇总表"),
            DocumentTable(
                rows=(
                    ("序号", "众创空间名称", "运营机构名称", "地区", "考核结果"),
                    *((str(serial), *row) for serial, row in enumerate(rows, start=1)),
                )
            ),
        ),
    )
    return check_notice_document(document)


def codes(year: int) -> dict[str, str]:
    """The institution behind each row of a round, by the printed name."""
    entries = Entry.objects.filter(round__year=year).select_related("qualification__institution")
    return {entry.name: entry.qualification.institution.code for entry in entries}


@pytest.fixture
def known(db) -> Mapping[str, str]:
    imported(notice(2021, YEAR_2021), code="demo")
    return codes(2021)


def test_institutions_of_earlier_rounds_are_linked_by_the_very_name(known):
    rows = (
        YEAR_2021[1],
        YEAR_2021[0],
        ("示例新众创空间", "示例新有限公司", "示例甲市", "合格"),
        YEAR_2021[4],
    )

    assert preview(notice(2022, rows), code="demo").ready
    imported(notice(2022, rows), code="demo", at=LATER)

    assert codes(2022) == {
        "示例百川众创空间": known["示例百川众创空间"],
        "示例青云众创空间": known["示例青云众创空间"],
        "示例新众创空间": "demo-2022-m03",
        "示例远山众创空间": known["示例远山众创空间"],
    }
    due = Entry.objects.get(round__year=2022, name="示例百川众创空间").due_reasons
    assert due == ["register", "take_part_again:2021:makerspace:2"]


def test_one_name_in_another_city_is_asked_about_and_another_name_of_one_operator_too(known):
    elsewhere = ("示例创客空间", "示例丙市投资有限公司", "示例丙市", "合格")
    check = notice(2022, [elsewhere, *YEAR_2021[1::3]])

    assert asked(preview(check, code="demo")) == [
        ("same_institution", f"makerspace:1|{known['示例创客空间']}")
    ]
    subject = f"makerspace:1|{known['示例创客空间']}"
    assert preview(check, answer("same_institution", subject, "same"), code="demo").ready
    imported(check, answer("same_institution", subject, "different"), code="demo", at=LATER)
    assert codes(2022)["示例创客空间"] == "demo-2022-m01"
    # Of two of one name, only a person can say which a third row is.
    third = notice(2023, [("示例创客空间", "示例丁市有限公司", "示例丁市", "合格"), *YEAR_2021[1::3]])
    assert asked(preview(third, code="demo"))[0] == ("institution", "makerspace:1")


def test_a_new_name_of_a_known_operator_is_linked_by_a_persons_word_alone_and_the_old_name_ends(known):
    renamed = ("示例北斗创客中心", "示例河套有限责任公司", "示例乙市", "优秀")
    check = notice(2022, [renamed, *YEAR_2021[1::3]])
    code = known["示例河套众创空间"]

    assert [(q.question, q.subject, q.answers) for q in preview(check, code="demo").plan.questions] == [
        ("institution", "makerspace:1", (code, "new"))
    ]
    assert preview(check, answer("institution", "makerspace:1", "new"), code="demo").ready
    imported(check, answer("institution", "makerspace:1", code), code="demo", at=LATER)

    names = apps.get_model("db", "InstitutionName").objects.filter(institution__code=code)
    assert list(names.order_by("pk").values_list("name", "since", "until")) == [
        ("示例河套众创空间", "", "2022"),
        ("示例北斗创客中心", "2022", ""),
    ]


def test_an_operator_that_sounds_alike_is_one_by_a_kept_answer_and_is_not_asked_about_again(known):
    misprinted = ("示例百川众创空间", "示例百川原科技有限公司", "示例甲市", "合格")
    subject = f"makerspace:1|{known['示例百川众创空间']}"
    check = notice(2022, [misprinted, YEAR_2021[4]])

    assert asked(preview(check, code="demo")) == [("same_operator", subject)]
    imported(check, answer("same_operator", subject, "same", "误植"), code="demo", at=LATER)

    entry = Entry.objects.get(round__year=2022, serial=1)
    assert (entry.operators_printed, entry.operators) == (
        "示例百川原科技有限公司",
        ["示例百川源科技有限公司"],
    )
    assert OperatorTenure.objects.filter(institution__code=known["示例百川众创空间"]).count() == 1
    assert preview(notice(2023, [misprinted, YEAR_2021[4]]), code="demo").ready


def test_an_operator_that_changed_is_told_and_the_old_one_ends(known):
    changed = ("示例青云众创空间", "示例凌霄控股有限公司", "示例甲市", "合格")
    check = notice(2022, [changed, *YEAR_2021[1::3]])

    told = [
        c.text for c in preview(check, code="demo").plan.changes if c.what is ImportChangeOf.OPERATOR_CHANGED
    ]
    imported(check, code="demo", at=LATER)

    assert told == ["“示例青云科技有限公司”至2022年不再是运营机构"]
    tenures = OperatorTenure.objects.filter(institution__code=known["示例青云众创空间"])
    assert list(tenures.order_by("pk").values_list("operator__name", "since", "until")) == [
        ("示例青云科技有限公司", "", "2022"),
        ("示例凌霄控股有限公司", "2022", ""),
    ]


def test_whom_the_year_before_obliged_and_the_notice_leaves_out_is_told_and_stops_nothing(known):
    check = notice(2022, [YEAR_2021[0], YEAR_2021[4]])

    left = [
        c.institution for c in preview(check, code="demo").plan.changes if c.what is ImportChangeOf.LEFT_OUT
    ]
    imported(check, code="demo", at=LATER)

    assert left == [known["示例百川众创空间"]]
    opened = LedgerEntry.objects.filter(act="open_round").last()
    assert opened is not None
    assert opened.details["left_out"] == [f"{known['示例百川众创空间']} as makerspace"]


def test_what_a_notice_does_not_say_stays_as_the_register_knows_it(known):
    Qualification.objects.filter(institution__code=known["示例青云众创空间"]).update(
        level="regional", status="pilot", recognised_in="2019"
    )
    imported(notice(2022, [YEAR_2021[0], *YEAR_2021[1::3]]), code="demo", at=LATER)

    qualification = Qualification.objects.get(institution__code=known["示例青云众创空间"])
    assert (qualification.level, qualification.status, qualification.recognised_in) == (
        "regional",
        "pilot",
        "2019",
    )


def test_a_duty_that_the_text_does_not_state_binds_nobody_without_a_persons_word(db):
    silent = notice(2021, YEAR_2021, said="特此通知。")
    elsewhen = notice(2021, YEAR_2021, said="考核不合格的众创空间应当整改，并在2023年继续参加考核。")

    assert asked(preview(silent, code="demo")) == [("duties", "")]
    assert preview(silent, answer("duties", "", "accept"), code="demo").ready
    assert refused(preview(elsewhen, code="demo")) == ["duty_year_differs"]


# ---- notices of other styles ----------------------------------------------------------------------------------------

OPEN = {
    "dev/d01_four_classes.txt": ["duties"],
    "dev/d02_respectively.txt": ["contradiction", "duties"],
    "dev/d03_stars.txt": ["label", "duties"],
    "dev/d04_no_counts.txt": [],
    "dev/d08_lists_three_kinds.txt": [],
    "dev/d09_chinese_numerals_carried.txt": ["carried_from"],
    "dev/d11_subset_stated.txt": ["duties"],
    "dev/d24_only_passed.txt": [],
    "dev/d30_five_grades.txt": ["label"],
    "dev/d62_table_only.txt": [],
    "dev/d70_with_pilots.txt": ["duties"],
}
NOT_IMPORTABLE = {
    "dev/d15_news_item.txt": "no_tables",
    "dev/d25_names_in_text.txt": "no_tables",
    "dev/d61_revoked_of_both_kinds.txt": "no_result",
    "dev/d22_deferred_and_given_up.txt": "duty_year_differs",
}


@pytest.mark.django_db
@pytest.mark.parametrize("file", OPEN)
def test_a_notice_of_another_style_asks_what_it_leaves_open(file):
    shown = preview(check_notice_file(CORPUS / file), code="demo")

    assert refused(shown) == []
    assert list(dict.fromkeys(question for question, _ in asked(shown))) == OPEN[file]


@pytest.mark.django_db
@pytest.mark.parametrize("file", NOT_IMPORTABLE)
def test_what_is_no_round_is_refused_with_the_reason(file):
    shown = preview(check_notice_file(CORPUS / file), code="demo")

    assert set(refused(shown)) == {NOT_IMPORTABLE[file]}
    assert all(refusal.message and refusal.message_en for refusal in shown.plan.refusals)


ANSWERED = {
    "dev/d01_four_classes.txt": [answer("duties", "", "accept")],
    "dev/d02_respectively.txt": [answer("contradiction", "", "accept"), answer("duties", "", "accept")],
    "dev/d04_no_counts.txt": [],
    "dev/d08_lists_three_kinds.txt": [],
    "dev/d09_chinese_numerals_carried.txt": [
        answer("carried_from", "makerspace:14", "incubator:3"),
        answer("carried_from", "makerspace:15", "incubator:6"),
    ],
    "dev/d11_subset_stated.txt": [answer("duties", "", "accept")],
    "dev/d24_only_passed.txt": [],
    "dev/d62_table_only.txt": [],
    "dev/d70_with_pilots.txt": [answer("duties", "", "accept")],
}


@pytest.mark.django_db
@pytest.mark.parametrize("file", ANSWERED)
def test_a_notice_of_another_style_comes_into_the_register_in_its_own_words(file):
    check = check_notice_file(CORPUS / file)

    evaluation_round = imported(check, *ANSWERED[file], code="demo")

    rows = published_version(evaluation_round).results.rows
    printed = [row for table in check.notice.tables for row in table.rows]
    # The kinds of a round come one after another, each in the order of the print.
    kinds = list(dict.fromkeys(row.key.kind for row in rows))
    printed.sort(key=lambda row: kinds.index(row.kind or ""))
    assert [even_out(row.face_text).rstrip("。") for row in rows] == [row.label for row in printed]
    # And what we write of it says the same, and does not contradict itself.
    files = publication_files(evaluation_round, published_version(evaluation_round).results)
    again = check_notice_bytes(files["notice.docx"], file="notice.docx")
    assert again.verdict is Verdict.CONSISTENT, [finding.message for finding in again.findings]
    assert sum(len(table.rows) for table in again.notice.tables) == len(rows)
