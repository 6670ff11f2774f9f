"""`hatchmark notice check`: what does a published notice claim, and do its own tables agree?"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from hatchmark.documents.check_json import document_of
from hatchmark.documents.notice_files.lines import width_of
from hatchmark.documents.printable import shown
from hatchmark.domain.folder_errors import FolderError
from hatchmark.domain.notice_words import ANY_KIND, load_notice_words
from hatchmark.domain.notices import Relation
from hatchmark.domain.published_notices import (
    ClaimScope,
    NoticeCheck,
    NoticeClaim,
    NoticeFinding,
    ProposedLink,
    Severity,
    Verdict,
)
from hatchmark.domain.reconciliation import runs
from hatchmark.services.notice_check import check_notice_file

GOOD, CONTRADICTORY, UNREADABLE = 0, 1, 2

_VERDICTS = {
    Verdict.CONSISTENT: "文表一致",
    Verdict.EXPLAINED: "有差异，可以解释",
    Verdict.CONTRADICTORY: "自相矛盾",
    Verdict.NOT_CHECKABLE: "无从核对",
}
_SEVERITIES = {Severity.ERROR: "错误", Severity.WARNING: "注意", Severity.INFO: "说明"}
_RELATIONS = {
    Relation.DISJOINT: "",
    Relation.SUBSET: "其中",
    Relation.CROSS_REFERENCE: "再次提及",
    Relation.TOTAL: "合计",
}
_LINKS = {
    ProposedLink.SAME_INSTITUTION: "可能是同一机构",
    ProposedLink.SAME_OPERATOR: "可能是同一运营机构",
}
_NOT_STATED = "未载明"


def execute(args: argparse.Namespace) -> int:
    """Check notices. 0: no contradiction; 1: at least one; 2: at least one file cannot be read, the others are told."""
    checks: list[tuple[str, NoticeCheck]] = []
    code = GOOD
    for word in args.files:
        try:
            checks.append((word, check_notice_file(Path(word))))
        except FolderError as error:
            print(f"hatchmark notice check: {shown(str(error))}", file=sys.stderr)
            code = UNREADABLE
    if any(check.verdict is Verdict.CONTRADICTORY for _, check in checks):
        code = max(code, CONTRADICTORY)
    if args.json:
        documents = [document_of(check, file=word) for word, check in checks]
        if documents or len(args.files) > 1:
            answer = documents if len(args.files) > 1 else documents[0]
            print(json.dumps(answer, ensure_ascii=False, indent=1))
        return code
    for position, (word, check) in enumerate(checks):
        if position:
            print()
        for line in _lines(check, file=word):
            print(shown(line))
    return code


# ---- text ----------------------------------------------------------------------------------------


def _lines(check: NoticeCheck, *, file: str) -> Iterator[str]:
    notice = check.notice
    yield f"{file}：{_VERDICTS[check.verdict]} {check.verdict.value}"
    yield f"标题：{notice.title or _NOT_STATED}"
    year = f"{notice.year}年度" if notice.year is not None else _NOT_STATED
    yield (
        f"发文机关：{notice.issuer or _NOT_STATED}  年度：{year}  文号：{notice.document_number or _NOT_STATED}  "
        f"日期：{notice.issued_on or _NOT_STATED}"
    )
    yield ""
    yield f"发现 findings：{len(check.findings) or '无'}"
    for finding in check.findings:
        yield f"  {_SEVERITIES[finding.severity]} {finding.code}：{finding.message}"
        if rests_on := _rests_on(check, finding):
            yield f"    {rests_on}"
    yield ""
    yield f"正文中的各数 claims：{len(check.claims) or '无'}"
    yield from _claim_lines(check.claims)
    yield ""
    yield f"表格 tables：{len(notice.tables) or '无'}"
    for number, (table, tally) in enumerate(zip(notice.tables, check.tallies, strict=True), start=1):
        title = f"{table.title or '（无题）'}（{_kind_title(table.kind)}）"
        yield f"  {number}. {title}：{len(table.rows)}行{_counted(tally)}"
    if check.proposals:
        yield ""
        yield f"待人认定 proposals：{len(check.proposals)}"
    for proposal in check.proposals:
        places = "、".join(f"表{table + 1}第{row}行" for table, row in proposal.rows)
        yield f"  {_LINKS[proposal.what]} {proposal.what.value}：{places}"
        for reason in proposal.reasons:
            yield f"    {reason}"


def _rests_on(check: NoticeCheck, finding: NoticeFinding) -> str:
    """Return the claims and rows that a finding rests on, in words."""
    parts = []
    if finding.claims:
        parts.append(f"正文第{runs(at + 1 for at in finding.claims)}数")
    if finding.table is not None:
        title = check.notice.tables[finding.table].label
        rows = f"第{runs(finding.rows)}行" if finding.rows else ""
        parts.append(f"表{finding.table + 1}{f'（{title}）' if title else ''}{rows}")
    return "依据：" + "；".join(parts) if parts else ""


def _claim_lines(claims: Sequence[NoticeClaim]) -> Iterator[str]:
    rows = [
        (
            f"{number}.",
            _kind_title(claim.kind),
            claim.label,
            str(claim.count),
            "·".join(
                filter(None, [_RELATIONS[claim.relation], "部分" if claim.scope is ClaimScope.PART else ""])
            ),
        )
        for number, claim in enumerate(claims, start=1)
    ]
    widths = [max((width_of(row[column]) for row in rows), default=0) for column in range(5)]
    for row, claim in zip(rows, claims, strict=True):
        cells = (f"{cell}{' ' * (width - width_of(cell))}" for cell, width in zip(row, widths, strict=True))
        yield f"  {'  '.join(cells)}  {claim.text}"


def _counted(tally: Mapping[str, int]) -> str:
    return " = " + " + ".join(f"{label} {count}" for label, count in tally.items()) if tally else "，无结果栏"


@cache
def _kind_titles() -> Mapping[str, str]:
    titles: dict[str, str] = {}
    for word, code in load_notice_words().kinds.items():
        titles.setdefault(code, word)
    return titles


def _kind_title(kind: str | None) -> str:
    if kind is None or kind == ANY_KIND:
        return "各类"
    return _kind_titles().get(kind, kind)
