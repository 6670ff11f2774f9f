"""`hatchmark notice import FILE`: a published notice becomes a past round of the register, after a preview."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hatchmark.cli.database import configured_database
from hatchmark.documents.import_answers import read_import_answers
from hatchmark.documents.printable import shown
from hatchmark.domain.notice_import import ImportChangeOf

if TYPE_CHECKING:
    from hatchmark.services.notice_import import ImportPreview

GOOD, OPEN, UNUSABLE = 0, 1, 2

_WORDS = {
    ImportChangeOf.AUTHORITY: "主管部门",
    ImportChangeOf.ROUND: "年度",
    ImportChangeOf.WORDS: "用词",
    ImportChangeOf.INSTITUTION_CREATED: "新建机构",
    ImportChangeOf.INSTITUTION_MATCHED: "对应机构",
    ImportChangeOf.NAME_CHANGED: "更名",
    ImportChangeOf.ALIAS: "别名",
    ImportChangeOf.OPERATOR: "运营机构",
    ImportChangeOf.OPERATOR_CHANGED: "运营机构变更",
    ImportChangeOf.OPERATOR_ALIAS: "运营机构别名",
    ImportChangeOf.QUALIFICATION: "资格",
    ImportChangeOf.ENTRY: "参评记录",
    ImportChangeOf.CARRIED: "以他行结果为准",
    ImportChangeOf.OBLIGATION: "义务",
    ImportChangeOf.DEREGISTRATION: "注销",
    ImportChangeOf.NOTE: "附注",
    ImportChangeOf.IDENTITY: "认定",
    ImportChangeOf.LEFT_OUT: "应参评而未列",
}


def execute(args: argparse.Namespace) -> int:
    """Preview the import, or with --yes do it. 0: ready or done; 1: something is open; 2: it cannot be imported."""
    answers = read_import_answers(Path(args.decisions)) if args.decisions else ()
    with configured_database(args.database):
        from django.utils import timezone

        from hatchmark.services.notice_import import import_notice, preview_import
        from hatchmark.services.refusals import RefusedError
        from hatchmark.services.round_folder import recorder

        at = timezone.now().replace(microsecond=0)
        preview = preview_import(
            Path(args.file), authority_code=args.authority, year=args.year, answers=answers, at=at
        )
        if preview.plan.refusals:
            for refusal in preview.plan.refusals:
                line = f"{Path(args.file).name}: {refusal.message} {refusal.message_en}"
                print(f"hatchmark notice import: {shown(line)}", file=sys.stderr)
            return UNUSABLE
        imported = bool(args.yes and preview.ready)
        if imported:
            try:
                import_notice(
                    preview.check,
                    authority_code=args.authority,
                    year=args.year,
                    answers=answers,
                    actor=recorder(args.authority),
                    at=at,
                )
            except RefusedError as error:
                print(f"hatchmark notice import: {shown(str(error))}", file=sys.stderr)
                return UNUSABLE
    if args.json:
        print(
            json.dumps(document_of(preview, file=args.file, imported=imported), ensure_ascii=False, indent=1)
        )
    else:
        for line in _lines(preview, imported=imported):
            print(shown(line))
    return OPEN if preview.plan.questions else GOOD


def document_of(preview: "ImportPreview", *, file: str, imported: bool) -> dict[str, Any]:
    """Return the JSON object that `--json` prints; `file` is the word that named the notice."""
    notice, plan = preview.check.notice, preview.plan
    return {
        "file": file,
        "issuer": notice.issuer,
        "year": notice.year if plan.folder is None else plan.folder.settings.year,
        "document_number": notice.document_number,
        "verdict": preview.check.verdict.value,
        "digest": plan.digest,
        "imported": imported,
        "questions": [
            {
                "question": question.question.value,
                "subject": question.subject,
                "answers": list(question.answers),
                "message": question.message,
                "message_en": question.message_en,
                "reasons": list(question.reasons),
            }
            for question in plan.questions
        ],
        "changes": [
            {
                "what": change.what.value,
                "entry": change.entry or None,
                "institution": change.institution or None,
                "text": change.text,
            }
            for change in plan.changes
        ],
    }


def _lines(preview: "ImportPreview", *, imported: bool) -> Iterator[str]:
    notice, plan = preview.check.notice, preview.plan
    yield f"{notice.file}：{notice.title}"
    counts = Counter(change.what for change in plan.changes)
    yield "改动 changes：" + ("、".join(f"{_WORDS[what]} {n}" for what, n in counts.items()) or "无")
    for change in plan.changes:
        where = f" {change.entry or change.institution}" if change.entry or change.institution else ""
        yield f"  {_WORDS[change.what]} {change.what.value}{where}：{change.text}"
    if plan.questions:
        yield ""
        yield f"待人回答 questions：{len(plan.questions)}；答复写入 --decisions 的表：question,subject,answer,by,reason"
    for question in plan.questions:
        yield f"  {question.message}"
        for reason in question.reasons:
            yield f"    {reason}"
        yield f"    {question.question.value},{question.subject},{' / '.join(question.answers)},…,…"
    yield ""
    if imported:
        yield "已导入 imported"
    elif plan.questions:
        yield "未导入：有问题待人回答 not imported: questions are open"
    else:
        yield "未导入：这是预览，没有写入；加 --yes 即导入 not imported: a preview; add --yes to import"
