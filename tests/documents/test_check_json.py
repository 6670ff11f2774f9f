"""The JSON of a check: a proposal names the table of its first row, and where they differ the table of each."""

import dataclasses

from hatchmark.documents.check_json import document_of
from hatchmark.domain.published_notices import IdentityProposal, ProposedLink
from hatchmark.services.notice_check import check_notice_bytes

NOTICE = """示例省科学技术厅关于公布2024年度科技企业孵化器绩效评价结果的通知
2家科技企业孵化器评价结果为优秀。
附件1
2024年度科技企业孵化器绩效评价结果
序号\t名称\t运营机构\t地区\t评价结果
1\t示例甲孵化器\t示例甲有限公司\t示例市\t优秀
2\t示例乙孵化器\t示例乙有限公司\t示例市\t优秀
"""


def proposal(*rows: tuple[int, int]) -> IdentityProposal:
    return IdentityProposal(
        what=ProposedLink.SAME_OPERATOR, rows=rows, reasons=("示例理由",), key="example-key"
    )


def test_a_proposal_names_its_table_and_each_where_there_are_several():
    check = check_notice_bytes(NOTICE.encode(), file="notice.txt")
    asked = dataclasses.replace(check, proposals=(proposal((1, 78), (1, 79)), proposal((0, 8), (1, 83))))

    assert document_of(asked, file="notice.txt")["proposals"] == [
        {"table": 1, "rows": [78, 79], "what": "same_operator", "reasons": ["示例理由"]},
        {"table": 0, "tables": [0, 1], "rows": [8, 83], "what": "same_operator", "reasons": ["示例理由"]},
    ]
