"""Who is who: an answer is kept with its author and the ledger, holds for one authority, and is not asked again."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from conftest_services import FIRST, INTEGRITY, PUBLIC, SECOND, officer_of

from hatchmark.db.models import Authority, IdentityDecision, LedgerEntry
from hatchmark.domain.deadlines import CHINA
from hatchmark.domain.identity import IdentityAnswer, key_of, propose_identities
from hatchmark.domain.identity import IdentityDecision as KeptDecision
from hatchmark.domain.ledger import verify
from hatchmark.domain.published_notices import (
    IdentityProposal,
    NoticeCell,
    NoticeColumn,
    NoticeRow,
    NoticeTable,
    ProposedLink,
    PublishedNotice,
)
from hatchmark.services.identity import decide_identity, decisions_of
from hatchmark.services.ledger import sealed_lines
from hatchmark.services.likeness import NameLikeness
from hatchmark.services.refusals import NotAllowedError, UnsoundError

AT = datetime(2025, 9, 1, 10, tzinfo=CHINA)
LATER = AT + timedelta(days=1)
KEY = key_of(ProposedLink.SAME_OPERATOR, ["示例梦源科技有限公司", "示例梦缘科技有限公司"])
PROPOSAL = IdentityProposal(
    what=ProposedLink.SAME_OPERATOR, rows=((0, 1), (1, 2)), reasons=("仅同音字不同：源／缘",), key=KEY
)


@pytest.fixture
def authority(db) -> Authority:
    return Authority.objects.create(code="demo", name="示例自治区科学技术厅")


def decide(authority: Authority, answer: str = "same", **changes: object) -> IdentityDecision:
    facts: dict[str, object] = {"proposal": PROPOSAL, "actor": FIRST, "at": AT}
    return decide_identity(authority=authority, answer=answer, **(facts | changes))  # type: ignore[arg-type]


def kept(answer: IdentityAnswer, **changes: object) -> KeptDecision:
    facts: dict[str, object] = {
        "key": KEY,
        "what": ProposedLink.SAME_OPERATOR,
        "answer": answer,
        "decided_by": FIRST.code,
        "decided_at": AT,
        "reason": "",
    }
    return KeptDecision(**(facts | changes))  # type: ignore[arg-type]


def test_an_answer_is_kept_with_what_the_person_was_shown_and_one_line_in_the_ledger(authority):
    decision = decide(authority, reason="营业执照一致")

    assert list(decisions_of(authority)) == [kept(IdentityAnswer.SAME, reason="营业执照一致")]
    assert (decision.version, decision.reasons) == (1, ["仅同音字不同：源／缘"])
    [line] = LedgerEntry.objects.all()
    assert (line.act, line.actor, line.round, line.details) == (
        "decide_identity",
        FIRST.code,
        None,
        {"key": KEY, "version": 1, "answer": "same", "reason": "营业执照一致"},
    )
    assert verify(sealed_lines()) is None


def test_another_answer_with_its_reason_holds_from_then_on_and_the_first_one_stays(authority):
    decide(authority, "different")

    decide(authority, "same", actor=SECOND, at=LATER, reason="名称已变更")

    assert list(decisions_of(authority)) == [
        kept(IdentityAnswer.SAME, decided_by=SECOND.code, decided_at=LATER, reason="名称已变更")
    ]
    assert list(IdentityDecision.objects.values_list("version", "answer", "decided_by")) == [
        (1, "different", FIRST.code),
        (2, "same", SECOND.code),
    ]
    assert LedgerEntry.objects.count() == 2


@pytest.mark.parametrize(
    ("answer", "changes", "message"),
    [
        ("maybe", {}, "'maybe' is no answer; write one of same, different"),
        ("same", {}, "answered 'same' already"),
        ("different", {}, "give the reason why it is now 'different'"),
        ("different", {"reason": "示" * 1001}, "the reason has 1001 characters"),
    ],
)
def test_an_unsound_answer_is_refused_and_leaves_nothing(authority, answer, changes, message):
    decide(authority, "same")

    with pytest.raises(UnsoundError, match=message):
        decide(authority, answer, **changes)

    assert list(decisions_of(authority)) == [kept(IdentityAnswer.SAME)]
    assert LedgerEntry.objects.count() == 1


def test_names_too_long_to_be_found_again_are_refused_before_they_are_stored(authority):
    long = IdentityProposal(
        what=ProposedLink.SAME_OPERATOR,
        rows=((0, 1), (0, 2)),
        reasons=("示例",),
        key=key_of(ProposedLink.SAME_OPERATOR, ["示例" * 300]),
    )

    with pytest.raises(UnsoundError, match="more than 600"):
        decide(authority, proposal=long)

    assert (IdentityDecision.objects.count(), LedgerEntry.objects.count()) == (0, 0)


@pytest.mark.parametrize("actor", [PUBLIC, INTEGRITY, officer_of("示例市")], ids=lambda actor: actor.role)
def test_the_department_alone_answers(authority, actor):
    with pytest.raises(NotAllowedError, match="decide_identity needs the role department"):
        decide(authority, actor=actor)

    assert (IdentityDecision.objects.count(), LedgerEntry.objects.count()) == (0, 0)


def test_an_answer_binds_the_authority_that_gave_it(authority):
    other = Authority.objects.create(code="other", name="示例省科学技术厅")
    decide(authority)

    assert list(decisions_of(other)) == []
    elsewhere = replace(FIRST, authority="other")
    assert decide(other, "different", actor=elsewhere).version == 1


def test_an_officer_decides_nothing_for_another_authority(authority):
    other = Authority.objects.create(code="other", name="示例省科学技术厅")

    with pytest.raises(NotAllowedError, match="acts under authority demo, not under other"):
        decide(other)


@pytest.mark.parametrize("answer", IdentityAnswer)
def test_what_was_answered_is_not_asked_again_whatever_the_answer(authority, answer):
    notice = two_rows("示例梦源科技有限公司", "示例梦缘科技有限公司")
    [proposal] = propose_identities(notice, likeness=NameLikeness(), decided=decisions_of(authority))
    decide(authority, answer, proposal=proposal)

    assert propose_identities(notice, likeness=NameLikeness(), decided=decisions_of(authority)) == ()
    # A third spelling is another question.
    third = two_rows("示例梦源科技有限公司", "示例梦圆科技有限公司")
    assert len(propose_identities(third, likeness=NameLikeness(), decided=decisions_of(authority))) == 1


def two_rows(*operators: str) -> PublishedNotice:
    rows = tuple(
        NoticeRow(
            number=number,
            serial=number,
            cells=tuple(
                NoticeCell(raw=text, text=text) for text in (f"示例{'甲乙'[number - 1]}空间", operator)
            ),
        )
        for number, operator in enumerate(operators, 1)
    )
    columns = (NoticeColumn.NAME, NoticeColumn.OPERATOR)
    table = NoticeTable(
        title="", label="附件", kind=None, columns=columns, heads=("名称", "运营机构"), rows=rows
    )
    return PublishedNotice(
        file="示例.txt",
        issuer=None,
        addressees=(),
        title="示例通知",
        year=None,
        document_number=None,
        issued_on=None,
        bases=(),
        stages=(),
        paragraphs=(),
        tables=(table,),
    )
