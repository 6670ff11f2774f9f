"""Notices and claims as values, for tests: the seed's own from its published rows, and made-up ones (示例)."""

import csv
import re
from collections.abc import Sequence
from pathlib import Path

from hatchmark.domain.notices import Relation
from hatchmark.domain.published_notices import (
    ClaimScope,
    NoticeCell,
    NoticeClaim,
    NoticeColumn,
    NoticeRow,
    NoticeTable,
    PublishedNotice,
)

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
COLUMNS = (
    NoticeColumn.SERIAL,
    NoticeColumn.NAME,
    NoticeColumn.OPERATOR,
    NoticeColumn.CHANNEL,
    NoticeColumn.RESULT,
)

RESULTS = (
    (re.compile(r"^\d{4}年以.+参加评价，结果为"), "carried"),
    (re.compile(r"^\d{4}年以.+参加评价。?$"), "deferred"),
    (re.compile(r"取消试点培育资格"), "pilot_cancelled"),
    (re.compile(r"(取消|撤销).*资格"), "disqualified"),
    (re.compile(r"未参加"), "absent"),
    (re.compile(r"^优秀|^A"), "excellent"),
    (re.compile(r"^良好|^B"), "good"),
    (re.compile(r"^合格|^C"), "qualified"),
    (re.compile(r"^不合格|^D"), "unqualified"),
)


def outcome_of(face: str) -> str | None:
    return next((outcome for pattern, outcome in RESULTS if pattern.search(face)), None)


def row(
    number: int,
    name: str = "",
    face: str = "",
    *,
    operator: str = "",
    channel: str = "",
    serial: int | None = None,
    outcome: str | None = None,
    kind: str | None = None,
    more: Sequence[str] = (),
) -> NoticeRow:
    texts = (str(serial or number), name or f"示例{number}号", operator, channel, face, *more)
    return NoticeRow(
        number=number,
        serial=serial or number,
        cells=tuple(NoticeCell(raw=text, text=text) for text in texts),
        kind=kind,
        label=face or None,
        outcome=outcome or outcome_of(face) or ("other" if face else None),
    )


def table(
    rows: Sequence[NoticeRow],
    *,
    kind: str | None = "makerspace",
    label: str = "附件",
    title: str = "",
    more: Sequence[NoticeColumn] = (),
) -> NoticeTable:
    columns = (*COLUMNS, *more)
    return NoticeTable(
        title=title,
        label=label,
        kind=kind,
        columns=columns,
        heads=tuple(column.value for column in columns),
        rows=tuple(rows),
    )


def faces(
    *counts: tuple[str, int], kind: str = "makerspace", name: str = "示例", **facts: object
) -> NoticeTable:
    """A table of so many rows with each result, numbered from 1."""
    printed = [face for face, count in counts for _ in range(count)]
    return table([row(n, f"{name}{n}号", face) for n, face in enumerate(printed, 1)], kind=kind, **facts)  # type: ignore[arg-type]


def notice(
    *tables: NoticeTable, paragraphs: Sequence[str] = (), addressees: Sequence[str] = ()
) -> PublishedNotice:
    return PublishedNotice(
        file="示例.txt",
        issuer="示例自治区科学技术厅",
        addressees=tuple(addressees),
        title="示例通知",
        year=2021,
        document_number=None,
        issued_on=None,
        bases=(),
        stages=(),
        paragraphs=tuple(paragraphs),
        tables=tables,
    )


def claim(
    count: int,
    label: str,
    outcome: str,
    *,
    kind: str | None = "makerspace",
    relation: Relation = Relation.DISJOINT,
    text: str = "",
    scope: ClaimScope = ClaimScope.ALL,
    **facts: object,
) -> NoticeClaim:
    return NoticeClaim(
        text=text or f"{label}{count}家",
        paragraph=0,
        start=0,
        end=0,
        kind=kind,
        label=label,
        outcome=outcome,
        count=count,
        relation=relation,
        scope=scope,
        **facts,  # type: ignore[arg-type]
    )


GRADES = {"优秀": "excellent", "良好": "good", "合格": "qualified", "不合格": "unqualified"}


def graded(*counts: int, kind: str | None = "makerspace", **facts: object) -> list[NoticeClaim]:
    """Claims on 优秀, 良好, 合格, 不合格 in that order."""
    return [
        claim(count, label, outcome, kind=kind, **facts)  # type: ignore[arg-type]
        for (label, outcome), count in zip(GRADES.items(), counts, strict=False)
    ]


# ---- the seed -------------------------------------------------------------------------------------------------

SEED_PARAGRAPHS = (
    "3家科技企业孵化器评价结果为优秀,3家科技企业孵化器评价结果为良好,1家科技企业孵化器评价结果为合格,"
    "7家科技企业孵化器评价结果为不合格,1家被取消科技企业孵化器资格;14家众创空间考核结果为优秀,"
    "11家众创空间考核结果为良好,14家众创空间考核结果为合格,17家众创空间考核结果为不合格(其中3家被取消试点培育资格),"
    "27家被取消众创空间资格,2家众创空间以科技企业孵化器评价结果作为众创空间考核结果,"
    "另外2家众创空间在2022年按科技企业孵化器参加评价。",
    "被评价不合格的科技企业孵化器和众创空间必须加强整改,在2022年继续参加绩效评价考核。",
    "对被取消资格的1家科技企业孵化和30家众创空间(含试点培育)要及时办理注销手续。",
)


def seed_notice() -> PublishedNotice:
    by_kind: dict[str, list[NoticeRow]] = {"incubator": [], "makerspace": []}
    with (EXAMPLES / "nmg-2021" / "published.csv").open(encoding="utf-8-sig", newline="") as file:
        for printed in csv.DictReader(file):
            number = int(printed["serial"])
            by_kind[printed["kind"]].append(
                row(
                    number,
                    printed["name"],
                    printed["face_text"],
                    operator=printed["operators"],
                    channel=printed["channel"],
                )
            )
    tables = [table(rows, kind=kind, label=f"附件{at}") for at, (kind, rows) in enumerate(by_kind.items(), 1)]
    assert [len(each.rows) for each in tables] == [15, 85]
    return notice(
        *tables,
        paragraphs=SEED_PARAGRAPHS,
        addressees=("各盟市科技局", "满洲里市工信和科技局", "二连浩特市教育科技局", "各有关单位"),
    )


def seed_claims() -> list[NoticeClaim]:
    incubator = graded(3, 3, 1, 7, kind="incubator")
    cross = Relation.CROSS_REFERENCE
    return [
        *incubator,
        claim(1, "取消", "disqualified", kind="incubator", text="1家被取消科技企业孵化器资格"),
        claim(14, "优秀", "excellent", text="14家众创空间考核结果为优秀"),
        claim(11, "良好", "good", text="11家众创空间考核结果为良好"),
        claim(14, "合格", "qualified", text="14家众创空间考核结果为合格"),
        claim(17, "不合格", "unqualified", text="17家众创空间考核结果为不合格"),
        claim(
            3,
            "取消试点培育资格",
            "pilot_cancelled",
            relation=Relation.SUBSET,
            within=8,
            stated_overlap=True,
            text="其中3家被取消试点培育资格",
        ),
        claim(27, "取消", "disqualified", text="27家被取消众创空间资格"),
        claim(
            2,
            "以科技企业孵化器评价结果作为众创空间考核结果",
            "carried",
            relation=cross,
            of_kind="incubator",
            text="2家众创空间以科技企业孵化器评价结果作为众创空间考核结果",
        ),
        claim(
            2,
            "在2022年按科技企业孵化器参加评价",
            "deferred",
            of_kind="incubator",
            year=2022,
            text="另外2家众创空间在2022年按科技企业孵化器参加评价",
        ),
        claim(
            1, "取消", "disqualified", kind="incubator", relation=cross, text="被取消资格的1家科技企业孵化"
        ),
        claim(
            30,
            "取消",
            "disqualified",
            relation=cross,
            joins_pilot=True,
            stated_overlap=True,
            text="30家众创空间(含试点培育)",
        ),
    ]
