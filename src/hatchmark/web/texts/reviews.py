"""Texts of the pages of a channel."""

from collections.abc import Mapping

from hatchmark.web.texts import Text

TEXTS: Mapping[str, Text] = {
    "work_queue": Text("初审", "Preliminary review"),
    # ---- the queue
    "queue_title": Text("{year}年度初审", "Preliminary review {year}"),
    "queue_short": Text("初审名单", "The queue"),
    "queues_empty": Text(
        "目前没有您负责初审的年度评价。主管部门启动年度评价后，本单位的参评机构会列在这里。",
        "No round has institutions of yours. Once the department calls one, they stand here.",
    ),
    "queue_stage": Text("当前环节：{stage}", "The round is at: {stage}"),
    "queue_counts": Text("按状态查看", "By standing"),
    "queue_all": Text("全部 {n}", "All {n}"),
    "queue_missing": Text(
        "还有{n}家未交齐，最近的截止时间是{due}（{left}）。",
        "{n} have still to hand in; the first window closes on {due} ({left}).",
    ),
    "queue_missing_undated": Text("还有{n}家未交齐。", "{n} have still to hand in."),
    "queue_absent": Text(
        "{n}家逾期未提交，请逐家说明原因。", "{n} handed in nothing in time; say why, one by one."
    ),
    "queue_absent_show": Text("查看未提交的机构", "Show those who handed in nothing"),
    "queue_open_flags": Text(
        "{n}家有疑点未说明，说明或退回后才能通过。",
        "{n} have flags without an explanation; they are explained or returned before they can be approved.",
    ),
    "queue_open_flags_show": Text("查看有疑点的机构", "Show those with flags"),
    "queue_not_yet": Text(
        "申报尚未截止，初审从申报截止后开始；现在可以查看材料、说明疑点。",
        "Submission is still open, and the review begins after it; papers can be read and flags explained now.",
    ),
    "queue_search": Text("机构名称或运营机构", "Name of institution or operator"),
    "queue_standing": Text("状态", "Standing"),
    "queue_flags": Text("疑点", "Flags"),
    "queue_kind": Text("类别", "Kind"),
    "queue_any": Text("不限", "Any"),
    "queue_go": Text("查询", "Search"),
    "queue_reset": Text("清除条件", "Clear"),
    "queue_found": Text("{total}家机构中的{n}家", "{n} of {total} institutions"),
    "queue_excel": Text("导出 Excel", "Excel"),
    "queue_statistics": Text("导入火炬统计", "Import the statistics return"),
    "queue_name": Text("机构", "Institution"),
    "queue_handed_in": Text("提交时间", "Handed in"),
    "queue_version": Text("版本", "Version"),
    "queue_due": Text("截止", "Due"),
    "queue_flags_count": Text("疑点数", "Flags"),
    "queue_flags_open": Text("未说明", "Without explanation"),
    "queue_flags_some": Text("{n}条，{open}条未说明", "{n}, {open} without explanation"),
    "queue_flags_said": Text("{n}条，均已说明", "{n}, all explained"),
    "queue_flags_late": Text("通过后新出现，请说明", "Came up after the approval: explain"),
    "queue_late_flags": Text(
        "{n}家已通过的机构出现新疑点，须由您说明后初审才能结束。",
        "New flags on {n} approved submissions: the review cannot end before you have explained them.",
    ),
    "queue_flags_zero": Text("无", "None"),
    "queue_extended": Text("已延期", "Extended"),
    "queue_asks_why": Text("请说明未参加原因", "Say why it did not take part"),
    "queue_choose": Text("选择{name}", "Choose {name}"),
    "queue_choose_all": Text("选", "Pick"),
    "queue_choose_hint": Text(
        "勾选没有未说明疑点的机构，可一并通过；下一页会列出名单并要求上传盖章推荐函。",
        "Tick institutions without open flags to approve them together; the next page lists them and asks for "
        "the sealed letter.",
    ),
    "queue_approve_chosen": Text("通过所选机构…", "Approve those chosen…"),
    "queue_empty": Text("没有符合条件的机构。", "Nobody matches."),
    "queue_page": Text("第{page}页，共{last}页", "Page {page} of {last}"),
    "queue_previous": Text("上一页", "Previous"),
    "queue_next": Text("下一页", "Next"),
    "queue_standing_nothing": Text("未填报", "Nothing yet"),
    "queue_standing_draft": Text("填报中，未提交", "Drafting, not handed in"),
    "queue_standing_submitted": Text("待初审", "Waiting for review"),
    "queue_standing_returned": Text("已退回补正", "Returned for correction"),
    "queue_standing_approved": Text("初审通过", "Approved"),
    "queue_standing_refused": Text("初审未通过", "Refused"),
    "queue_standing_deferred": Text("已同意暂缓", "Deferred"),
    "queue_standing_absent": Text("未参加，已说明", "Did not take part, explained"),
    "queue_flags_explained": Text("均已说明", "All explained"),
    "queue_flags_none": Text("无疑点", "None"),
    # ---- one entry
    "review_crumb": Text("返回初审名单", "Back to the queue"),
    "review_next_approve": Text(
        "材料待初审，请在{due}前办理（{left}）。",
        "Waiting for your review, due {due} ({left}).",
    ),
    "review_next_flags": Text(
        "有{n}条疑点尚未说明：请逐条说明，或退回有关数据。说明后才能通过。",
        "{n} flags have no explanation: explain each, or return the figures. Then it can be approved.",
    ),
    "review_next_later": Text(
        "申报尚未截止，机构仍可修改；初审从申报截止后开始。",
        "Submission is still open and the institution may change it; the review begins after it.",
    ),
    "review_next_returned": Text(
        "已退回，等待机构在{due}前补正（{left}）。",
        "Returned; the institution corrects it until {due} ({left}).",
    ),
    "review_next_waiting": Text(
        "机构尚未提交，截止时间{due}（{left}）。", "Not handed in yet; due {due} ({left})."
    ),
    "review_next_locked": Text("初审已通过，材料已锁定。", "Approved; the papers are locked."),
    "review_next_late_flags": Text(
        "通过之后出现{n}条新疑点（例如另一机构申报了同一企业），请逐条说明；材料仍然锁定，通过仍然有效。",
        "{n} flags came up after the approval (another institution claiming the same enterprise, say): explain each. "
        "The papers stay locked and the approval stands.",
    ),
    "review_late_flags_closed": Text(
        "另有{n}条疑点在通过之后出现，没有说明。",
        "{n} flags came up after the approval and have no explanation.",
    ),
    "review_to_flags": Text("查看疑点", "See the flags"),
    "review_next_refused": Text("初审未通过，该机构不进入后续评价。", "Refused; it takes no further part."),
    "review_next_absent": Text("逾期未提交，请说明原因。", "Nothing was handed in in time; say why."),
    "review_next_deferred": Text("已同意暂缓参加。", "Its deferral was granted."),
    "review_next_explained": Text("未参加，原因已说明。", "It did not take part; the reason is on record."),
    "review_old_version": Text(
        "这是第{n}版，不是现在有效的版本；只供查看。",
        "This is version {n}, which does not count now; to be read only.",
    ),
    "review_operator": Text("运营机构", "Operator"),
    "review_version_of": Text("第{n}版，{at}提交，签署：{by}", "Version {n}, handed in {at}, signed by {by}"),
    "review_digest": Text("材料摘要 SHA-256", "Digest of the papers, SHA-256"),
    "review_flags": Text("疑点核对", "Flags"),
    "review_flags_none": Text(
        "系统核对未发现疑点：数据之间、与上年、与企业名单、与火炬统计均无明显不符。",
        "No flags: figures, last year, roster and statistics return fit one another.",
    ),
    "review_flag_others": Text("涉及：", "Concerns: "),
    "review_flag_word": Text("{by}说明（{at}）：", "{by} explained ({at}): "),
    "review_flag_explain": Text("情况说明", "Explanation"),
    "review_flag_explain_again": Text("补充或更改说明", "Add to or change the explanation"),
    "review_flag_save": Text("保存说明", "Keep the explanation"),
    "review_figures": Text("填报数据", "Figures"),
    "review_figure": Text("数据", "Figure"),
    "review_this_year": Text("本次", "This year"),
    "review_last_year": Text("上年", "Last year"),
    "review_difference": Text("差额", "Difference"),
    "review_statistics": Text("火炬统计", "Statistics"),
    "review_flag_column": Text("疑点", "Flags"),
    "review_flag_number": Text("第{n}条", "No. {n}"),
    "review_stated_last": Text("上年：{title}", "Last year: {title}"),
    "review_status_absent": Text("缺报", "absent"),
    "review_status_not_applicable": Text("不适用", "not applicable"),
    "review_status_refused": Text("拒报", "refused"),
    "review_status_reported": Text("无法读取", "unreadable"),
    "review_return_tick": Text("退回", "Return"),
    "review_return_tick_of": Text("退回{title}", "Return {title}"),
    "review_roster": Text("企业名单", "Roster"),
    "review_roster_none": Text("未提交企业名单。", "There is no roster."),
    "review_roster_tenants": Text("在孵企业", "Tenants"),
    "review_roster_graduates": Text("毕业企业", "Graduates"),
    "review_roster_tech": Text("科技型中小企业和高企", "Technology SMEs and high-tech"),
    "review_roster_financed": Text("获投融资", "Financed"),
    "review_roster_ip": Text("有有效知识产权", "With valid IP"),
    "review_roster_income": Text("在孵企业收入合计（千元）", "Income of tenants (thousand yuan)"),
    "review_roster_staff": Text("在孵企业从业人员合计", "Staff of tenants"),
    "review_roster_open": Text(
        "查看名单（{n}家，{marked}家有疑点）", "Show the roster ({n}, {marked} with flags)"
    ),
    "review_roster_return": Text("退回企业名单", "Return the roster"),
    "review_roster_name": Text("企业", "Enterprise"),
    "review_roster_status": Text("状态", "Status"),
    "review_roster_is_tenant": Text("在孵", "Tenant"),
    "review_roster_is_graduate": Text("毕业", "Graduate"),
    "review_roster_founded": Text("成立", "Founded"),
    "review_roster_entered": Text("入驻", "Entered"),
    "review_roster_left": Text("毕业时间", "Graduated"),
    "review_roster_row_income": Text("收入（千元）", "Income (thousand yuan)"),
    "review_roster_row_staff": Text("人员", "Staff"),
    "review_roster_flagged": Text("有疑点", "flagged"),
    "review_evidence": Text("佐证材料", "Evidence"),
    "review_evidence_none": Text("没有上传佐证材料。", "No evidence was uploaded."),
    "review_evidence_name": Text("文件", "File"),
    "review_evidence_for": Text("证明", "Proves"),
    "review_evidence_whole": Text("全部材料", "The papers as a whole"),
    "review_evidence_sealed": Text("盖章扫描件", "Sealed scan"),
    "review_evidence_size": Text("大小", "Size"),
    "review_versions": Text("版本与初审记录", "Versions and reviews"),
    "review_version_number": Text("第{n}版", "Version {n}"),
    "review_version_look": Text("查看", "Look"),
    "review_version_here": Text("正在查看", "Shown here"),
    "review_state_submitted": Text("待初审", "waiting"),
    "review_state_returned": Text("已退回", "returned"),
    "review_state_approved": Text("已通过", "approved"),
    "review_state_refused": Text("未通过", "refused"),
    "review_state_withdrawn": Text("已撤回", "withdrawn"),
    "review_state_superseded": Text("已被新版替代", "superseded"),
    "review_returned_fields": Text("退回项目：{fields}", "Returned: {fields}"),
    "review_act_approve": Text("通过", "approved"),
    "review_act_return": Text("退回", "returned"),
    "review_act_refuse": Text("不予通过", "refused"),
    "review_letter": Text("盖章推荐函", "Sealed letter"),
    "review_do": Text("办理初审", "Decide"),
    "review_approve": Text("通过", "Approve"),
    "review_approve_text": Text(
        "通过后材料锁定，机构不能再修改。",
        "Approval locks the papers; the institution can change nothing more.",
    ),
    "review_opinion": Text("初审意见", "Opinion"),
    "review_opinion_default": Text(
        "材料齐全，数据与佐证一致，同意上报", "Papers complete and in agreement; recommended"
    ),
    "review_unsound_figures": Text(
        "填报数据自相矛盾，不能通过；说明不能代替改正，请退回有关数据：",
        "The figures contradict themselves and cannot be approved; no explanation mends that. Return them:",
    ),
    "problem_figures_contradict": Text(
        "{name}：{message}（现为{low}，大于{high}）", "{name}: {low} is above {high}, which it is a part of"
    ),
    "problem_figure_cannot_be": Text(
        "{name}：{figure}不可能为“{value}”", "{name}: {figure} cannot be “{value}”"
    ),
    "review_return": Text("退回补正", "Return for correction"),
    "review_return_text": Text(
        "在上面的数据旁勾选要退回的项目；机构只能修改勾选的项目，须在{due}前补正（{left}）。",
        "Tick what to return beside the figures above; only that can then be changed, until {due} ({left}).",
    ),
    "review_return_message": Text("退回原因（机构会看到）", "Message to the institution"),
    "review_return_needs_fields": Text(
        "请先在数据旁勾选要退回的项目，再点退回。", "Tick what to return beside the figures, then return."
    ),
    "review_return_needs_message": Text(
        "请写明退回原因，机构据此补正。", "Write what has to be corrected; the institution goes by it."
    ),
    "review_refuse": Text("不予通过…", "Refuse…"),
    "review_refuse_text": Text(
        "不予通过的机构不再参加本年度评价，须在单独页面写明理由。",
        "Who is refused takes no further part this year; a page of its own asks for the reason.",
    ),
    "review_absence": Text("未参加的说明", "Why it did not take part"),
    "review_absence_reason": Text("原因", "Reason"),
    "review_absence_save": Text("保存原因", "Keep the reason"),
    "review_absence_said": Text("已说明：{reason}", "On record: {reason}"),
    "review_outdated": Text(
        "未办理：材料或环节在您打开页面后有变化。下面是现在的情况，请核对后重新办理。",
        "Nothing was done: the papers or the stage changed since you opened the page. This is how it stands now.",
    ),
    "review_unsound": Text("未办理：{reason}", "Nothing was done: {reason}"),
    "review_approved": Text("已通过：{name}", "Approved: {name}"),
    "review_returned": Text("已退回{name}的{n}项数据", "Returned {n} items to {name}"),
    "review_refused": Text("已不予通过：{name}", "Refused: {name}"),
    "flag_explained": Text("说明已保存", "The explanation was kept"),
    "absence_explained": Text("已说明{name}未参加的原因", "The reason for the absence of {name} was kept"),
    # ---- refusing
    "refusal_title": Text("不予通过：{name}", "Refuse: {name}"),
    "refusal_effect": Text(
        "该机构将不再参加本年度评价，按未参加处理；此决定记入存证日志，不能自行撤销。",
        "It takes no further part in this year's evaluation and counts as one that did not take part. The decision "
        "goes into the ledger, and you cannot take it back.",
    ),
    "refusal_whom": Text("涉及1家机构", "One institution is affected"),
    "refusal_reason": Text("理由", "Reason"),
    "refusal_name": Text("为避免误操作，请输入机构全称：{name}", "To be sure, type the full name: {name}"),
    "refusal_name_label": Text("机构全称", "Full name"),
    "refusal_do": Text("确认不予通过", "Refuse"),
    "refusal_back": Text("不办理，返回", "Back, do nothing"),
    "refusal_needs_reason": Text("请写明理由。", "Give the reason."),
    "refusal_needs_name": Text(
        "输入的名称与机构全称不一致，请重新输入。", "The name is not the full name; type it again."
    ),
    "refusal_not_now": Text(
        "现在不能办理：该机构没有待初审的材料。", "Not now: nothing of it waits for review."
    ),
    # ---- many at once
    "batch_title": Text("批量通过", "Approve together"),
    "batch_whom": Text("将通过以下{n}家机构", "These {n} institutions will be approved"),
    "batch_effect": Text(
        "通过后材料锁定，机构不能再修改。每家各记一条存证日志；有一家不能通过时，全部不办理。",
        "Approval locks the papers. Each has its own line in the ledger; where one cannot be approved, none is.",
    ),
    "batch_left_out": Text(
        "以下机构不在其中：材料有变化，或仍有未说明的疑点。返回名单可重新选择。",
        "These are not among them: their papers changed, or flags have no explanation. Go back to choose again.",
    ),
    "batch_none": Text(
        "没有选中可以通过的机构，请返回名单勾选。", "Nobody was chosen who can be approved; go back and tick."
    ),
    "batch_letter": Text(
        "盖章推荐函扫描件（PDF、JPEG 或 PNG，不超过{most} MB）",
        "Scan of the sealed letter (PDF, JPEG or PNG, at most {most} MB)",
    ),
    "batch_needs_letter": Text("请上传盖章推荐函的扫描件。", "Upload the scan of the sealed letter."),
    "batch_letter_large": Text(
        "文件太大，请降低扫描分辨率后重新上传。", "The file is too large; scan it with a lower resolution."
    ),
    "batch_needs_opinion": Text("请填写初审意见。", "Write the opinion."),
    "batch_changed": Text(
        "未办理：名单在您打开页面后有变化。下面是现在可以通过的机构，请核对后重新办理。",
        "Nothing was done: the list changed since you opened it. These can be approved now; look and confirm again.",
    ),
    "batch_do": Text("确认通过{n}家", "Approve {n}"),
    "batch_done": Text("已通过{n}家机构", "{n} approved"),
    # ---- statistics
    "statistics_title": Text("导入火炬统计", "Import the statistics return"),
    "statistics_lead": Text(
        "上传火炬统计年报表：可以是一行一家机构的汇总表，也可以是一家机构的综合情况表（含“指标名称”“数量”两列）。"
        "表头上方可以有标题行。先预览，确认后才保存，用于与申报数据逐项核对。",
        "Upload the annual return: one row for each institution, or the form of one institution with its columns of "
        "titles and values. Title rows may stand above the head. It is shown first, and kept only when "
        "confirmed, to be held against the figures.",
    ),
    "statistics_kind": Text("类别", "Kind"),
    "statistics_file": Text("文件（.xlsx 或 .csv）", "File (.xlsx or .csv)"),
    "statistics_preview": Text("预览", "Preview"),
    "statistics_board": Text("年度评价", "The round"),
    "statistics_closed": Text(
        "只在申报和初审环节导入；现在只能查看已导入的数据。",
        "Returns are imported during submission and preliminary review; now they can only be read.",
    ),
    "statistics_no_file": Text("请选择文件。", "Choose a file."),
    "statistics_fault_no_table": Text(
        "“{file}”不是 .xlsx 或 .csv 文件，请另存为其中一种后上传。",
        "“{file}” is no .xlsx or .csv; save it as one.",
    ),
    "statistics_fault_large": Text("“{file}”太大，请分成几个文件上传。", "“{file}” is too large; split it."),
    "statistics_unreadable": Text("{file}：{reason}", "{file}: {reason}"),
    "statistics_stale": Text(
        "预览已过期或与您无关，没有保存；请重新上传。",
        "The preview is too old or not yours; nothing was kept. Upload again.",
    ),
    "statistics_kept": Text(
        "已保存{n}家机构的火炬统计数据（{file}）", "Kept the return of {n} institutions ({file})"
    ),
    "statistics_preview_of": Text("预览：{file}", "Preview: {file}"),
    "statistics_head_row": Text(
        "以第{n}行为表头，从下一行起读取数据。",
        "Row {n} was taken as the head; data are read from the next row on.",
    ),
    "statistics_matches": Text("对应到{n}家机构", "{n} institutions found"),
    "statistics_row": Text("行", "Row"),
    "statistics_printed": Text("表中名称", "As printed"),
    "statistics_found": Text("对应机构", "Institution"),
    "statistics_figures": Text("可核对数据", "Figures"),
    "statistics_note": Text("说明", "Note"),
    "statistics_replaces": Text("将替换已有数据", "Replaces what is there"),
    "statistics_bad_row": Text("{n}个单元格有误", "{n} bad cells"),
    "statistics_bad": Text(
        "有{n}个单元格有误，改正后重新上传；现在没有保存任何数据",
        "{n} cells cannot be; mend them. Nothing was kept",
    ),
    "statistics_column": Text("列", "Column"),
    "statistics_value": Text("内容", "Value"),
    "statistics_why": Text("问题", "Why"),
    "statistics_strangers": Text(
        "{n}行不属于本次您可导入的机构，不会保存：",
        "{n} rows speak of nobody that you can import for, and are left out: ",
    ),
    "statistics_twice": Text(
        "以下行与前面的行是同一机构，请删去重复行后重新上传：",
        "These rows repeat an institution; remove them: ",
    ),
    "statistics_known": Text("读取的列：", "Columns read: "),
    "statistics_unknown": Text("未使用的列：", "Columns left aside: "),
    "statistics_keep": Text("确认保存{n}家", "Keep {n}"),
    "statistics_nothing": Text("没有可以保存的数据。", "There is nothing to keep."),
    "statistics_there": Text("已导入{n}家，共{total}家", "Imported for {n} of {total}"),
    "statistics_there_none": Text(
        "还没有导入火炬统计。导入后，申报数据会与它逐项核对。",
        "No return was imported yet. Once there, the figures are held against it one by one.",
    ),
    "statistics_at": Text("导入时间", "Imported"),
    # ---- what flags are called
    "check_unit": Text("单位", "Unit"),
    "check_decimal": Text("小数点", "Decimal point"),
    "check_logic": Text("逻辑关系", "Logic"),
    "check_year_on_year": Text("同比变动", "Year on year"),
    "check_last_year": Text("上年数", "Last year's value"),
    "check_roster_count": Text("名单户数", "Roster count"),
    "check_roster_sum": Text("名单合计", "Roster sum"),
    "check_credit_code": Text("信用代码", "Credit code"),
    "check_shared_enterprise": Text("企业重复申报", "Enterprise listed twice"),
    "check_duplicate_row": Text("名单重复行", "Row twice"),
    "check_tenant_and_graduate": Text("毕业仍在孵", "Graduate as tenant"),
    "check_impossible_date": Text("日期", "Dates"),
    "check_long_stay": Text("在孵时间", "Length of stay"),
    "check_late_entry": Text("入驻时间", "Age on entry"),
    "check_same_data": Text("数据重复使用", "Data used twice"),
    "check_statistics": Text("火炬统计", "Statistics return"),
    "check_missing": Text("缺报", "Missing"),
    "check_zero": Text("零值", "Zero"),
    "check_copied": Text("沿用上年", "Copied"),
    "flag_severity_error": Text("不符", "Cannot be"),
    "flag_severity_warning": Text("存疑", "In doubt"),
    "flag_severity_info": Text("提示", "Note"),
}
