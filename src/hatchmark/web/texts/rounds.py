"""Texts of the pages of the department: rounds, the board, the due list, deadlines, opening, the register."""

from collections.abc import Mapping

from hatchmark.web.texts import Text

TEXTS: Mapping[str, Text] = {
    "work_rounds": Text("年度评价", "Rounds"),
    "work_requests": Text("申请", "Requests"),
    "work_register": Text("名册", "Register"),
    "kinds_listed": Text("、", ", "),
    "choose": Text("请选择", "Choose"),
    "cancel": Text("取消", "Cancel"),
    "needed": Text("必填", "required"),
    "not_stated": Text("未注明", "not stated"),
    "sort_by": Text("排序", "Sort by"),
    "sort_serial": Text("序号", "Serial"),
    "sort_name": Text("机构名称", "Name"),
    "sort_channel": Text("主管部门", "Channel"),
    "sort_standing": Text("进度", "Progress"),
    "sort_closes": Text("截止时间", "Deadline"),
    "as_of_day": Text("截至日期", "As of"),
    "found_rows": Text("共{n}家", "{n} entries"),
    "found_requests": Text("共{n}件", "{n} requests"),
    "xlsx_of_these": Text("导出Excel", "Export to Excel"),
    "as_it_stood": Text("数据截至{moment}", "As of {moment}"),
    # ---- columns and fields
    "column_year": Text("年度", "Year"),
    "column_kind": Text("类别", "Kind"),
    "column_stage": Text("环节", "Stage"),
    "column_see": Text("查看", "See"),
    "column_serial": Text("序号", "No."),
    "column_name": Text("机构名称", "Name"),
    "column_operators": Text("运营机构", "Operator"),
    "column_channel": Text("主管部门", "Channel"),
    "column_standing": Text("进度", "Progress"),
    "column_version": Text("版本", "Version"),
    "column_handed_in": Text("提交时间", "Handed in"),
    "column_closes": Text("截止时间", "Closes"),
    "column_next": Text("待办方", "Whose turn"),
    "column_line": Text("序", "Line"),
    "column_act": Text("事项", "Act"),
    "column_by": Text("办理人", "By"),
    "column_at": Text("时间", "When"),
    "column_n": Text("家数", "Number"),
    "column_reason": Text("理由", "Reason"),
    "column_deadline": Text("期限", "Deadline"),
    "column_called": Text("启动时公布", "As called"),
    "column_extended": Text("延至", "Extended to"),
    "column_left": Text("剩余", "Left"),
    "column_until": Text("至", "Until"),
    "column_since": Text("自", "Since"),
    "column_source": Text("来源", "Source"),
    "column_signed": Text("签字人", "Signed by"),
    "column_review": Text("初审", "Review"),
    "column_figure": Text("指标", "Figure"),
    "column_this_year": Text("本年", "This year"),
    "column_last_year": Text("上年", "Last year"),
    "column_unit": Text("单位", "Unit"),
    "column_scheme": Text("评价方案", "Scheme"),
    "column_due": Text("应评", "Due"),
    "column_owed": Text("往年结果要求", "Obliged"),
    "column_added": Text("补列", "Added"),
    "column_region": Text("所在盟市", "Place"),
    "column_status": Text("资格", "Status"),
    "column_level": Text("级别", "Level"),
    "column_sub_type": Text("类型", "Sub-type"),
    "column_recognised": Text("认定时间", "Recognised"),
    "column_institution": Text("机构编码", "Institution code"),
    "column_state": Text("状态", "State"),
    "column_unsure": Text("备注", "Note"),
    "column_handed_in_n": Text("已提交家数", "Have handed in"),
    "field_entry": Text("对象", "For whom"),
    "field_deadline": Text("期限", "Which deadline"),
    "field_until": Text("延至", "Until"),
    "field_reason": Text("理由", "Reason"),
    "field_vocabulary": Text("用语", "Vocabulary"),
    "field_bases": Text("依据文件", "Bases"),
    "field_addressees": Text("主送单位", "Addressees"),
    "field_public_notice_working_days": Text("公示工作日数", "Working days of the public notice"),
    "field_scheme": Text("改用的方案", "New scheme"),
    # ---- the list of rounds
    "open_next": Text("启动{year}年度评价", "Open the round {year}"),
    "next_waits": Text(
        "{next}年度评价依据{year}年度结果生成名单，{year}年度结果公布后即可启动。",
        "The round {next} follows from the results of {year}; it can be opened once those are published.",
    ),
    "past_round": Text("往年结果（已录入）", "Past round, entered"),
    "to_board": Text("进度", "Board"),
    "no_rounds_yet": Text(
        "还没有年度评价。启动第一个年度评价后，会列在这里。",
        "There is no round yet. The first one that you open stands here.",
    ),
    # ---- the board
    "board_title": Text("{year}年度评价进度", "Round {year}"),
    "steps": Text("环节", "Stages"),
    "step_done": Text("（已完成）", "(done)"),
    "step_now": Text("（进行中）", "(now)"),
    "step_todo": Text("（未开始）", "(to come)"),
    "step_blocked": Text("（进行中，尚有未完成事项）", "(now, something is undone)"),
    "now_at": Text("当前环节：{stage}", "Now: {stage}"),
    "board_blocking_title": Text(
        "进入下一环节前，还有{n}项未完成", "{n} things to be done before the next stage"
    ),
    "blocking_more": Text("查看其余{n}项", "See {n} more"),
    "undone_unreviewed": Text("材料待初审", "waits for its review"),
    "undone_unreviewed_flags": Text(
        "材料待初审，{n}条疑点未说明", "waits for its review; {n} flags unexplained"
    ),
    "undone_late_flags": Text(
        "初审已通过，此后新出现的{n}条疑点未说明", "approved; {n} flags that came up since are unexplained"
    ),
    "undone_may_hand_in": Text("可在{until}前提交", "may hand in until {until}"),
    "undone_absence_unexplained": Text(
        "未提交，主管部门未说明原因", "handed in nothing; its channel has not said why"
    ),
    "undone_deferral_unruled": Text("暂缓申请未答复", "asked to be deferred; nobody has ruled"),
    "undone_unconfirmed": Text("专家分配未经第二人确认", "has an assignment that nobody confirmed"),
    "undone_too_few_scores": Text(
        "有效评分{n}份，不足{least}份", "has {n} valid score sheets of {least}; assign another expert"
    ),
    "undone_undrawn": Text(
        "{kind}：抽样框已固定，尚未抽取", "{kind}: the frame is fixed and nothing was drawn"
    ),
    "undone_unchecked": Text("已抽中，无抽查结论", "was drawn and has no finding"),
    "undone_undecided": Text("尚无两人作出的决定", "has no decision of two persons"),
    "next_move": Text("进入{target}", "Go on to {target}"),
    "next_none": Text("已是最后环节", "This is the last stage"),
    "next_blocked": Text("未完成事项办结后，可进入{target}。", "When these are done: {target}."),
    "next_window": Text(
        "申报窗口开放至{moment}，截止前不能进入{target}。",
        "Submission is open until {moment}; nobody's last hours are cut off. Then: {target}.",
    ),
    "next_give_public_notice": Text("本环节以发出公示结束。", "This stage ends with the public notice."),
    "next_publish": Text("本环节以公布结果结束。", "This stage ends with the publication."),
    "round_pages": Text("本年度评价的页面", "Pages of this round"),
    "board_counts": Text("进度统计", "Counts"),
    "counts_by_kind": Text("按类别", "By kind"),
    "counts_by_channel": Text("按主管部门（{n}个）", "By channel ({n})"),
    "board_list": Text("参评机构", "Entries"),
    "board_nothing": Text("未提交", "Nothing handed in"),
    "board_submitted": Text("已提交，待初审", "Handed in"),
    "board_returned": Text("退回补正", "Returned"),
    "board_approved": Text("初审通过", "Approved"),
    "board_refused": Text("初审未通过", "Refused"),
    "board_deferred": Text("同意暂缓", "Deferred"),
    "board_absent": Text("未参加", "Absent"),
    "board_schemes": Text("评价方案", "Schemes"),
    "is_extended": Text("已延期", "extended"),
    "ledger_of_round": Text("办理记录", "What was done"),
    "ledger_note": Text("最近30条。每一条都在存证日志中。", "The latest 30. Each is a line of the ledger."),
    "done_open_round": Text("启动年度评价", "Round opened"),
    "done_open_submission": Text("开始申报", "Submission opened"),
    "done_close_submission": Text("申报截止，转入初审", "Submission closed"),
    "done_close_preliminary_review": Text("初审结束", "Preliminary review closed"),
    "done_close_expert_review": Text("专家评审结束", "Expert review closed"),
    "done_close_spot_check": Text("现场抽查结束", "Spot checks closed"),
    "done_close_integrity_review": Text("诚信审查结束", "Integrity review closed"),
    "done_give_public_notice": Text("发出公示", "Public notice given"),
    "done_publish": Text("公布结果", "Published"),
    "done_begin_follow_up": Text("转入后续管理", "Follow-up begun"),
    "done_submit": Text("提交材料", "Handed in"),
    "done_withdraw": Text("撤回材料", "Withdrawn"),
    "done_correct": Text("补正材料", "Corrected"),
    "done_approve": Text("初审通过", "Approved"),
    "done_return_fields": Text("退回补正", "Returned"),
    "done_refuse": Text("初审不通过", "Refused"),
    "done_ask_deferral": Text("申请暂缓", "Deferral asked for"),
    "done_rule_deferral": Text("答复暂缓申请", "Deferral ruled on"),
    "done_extend_deadline": Text("延长期限", "Deadline extended"),
    "done_explain_absence": Text("说明未参加原因", "Absence explained"),
    "done_propose_scheme_change": Text("提出变更评价方案", "Change of scheme proposed"),
    "done_confirm_scheme_change": Text("确认变更评价方案", "Change of scheme confirmed"),
    "done_drop_scheme_change": Text("不变更评价方案", "Change of scheme dropped"),
    "done_attach_scan": Text("上传盖章扫描件", "Sealed scan attached"),
    # ---- moving on
    "move_on_title": Text("进入下一环节", "To the next stage"),
    "affected": Text("影响范围", "What it affects"),
    "affected_entries": Text("本年度{n}家机构", "{n} entries of this round"),
    "effect_open_submission": Text(
        "机构可以填报并提交材料，直到申报截止时间。名单不再变动。",
        "Institutions can fill in and hand in until submission closes. The list stays as it is.",
    ),
    "effect_close_submission": Text(
        "除已获延期的机构外，不再接收材料；主管部门开始初审。",
        "Nothing is taken any more, but from those with an extension; the channels begin their review.",
    ),
    "effect_close_preliminary_review": Text(
        "初审结论不再变动；初审通过的机构进入专家评审。",
        "Reviews stay as they are; whoever was approved goes on to the experts.",
    ),
    "effect_close_expert_review": Text("专家评分不再变动。", "Scores of experts stay as they are."),
    "effect_close_spot_check": Text("抽查结论不再变动。", "Findings stay as they are."),
    "effect_close_integrity_review": Text("诚信审查结论不再变动。", "Hits stay as they are."),
    "effect_give_public_notice": Text("发出公示。", "The public notice is given."),
    "effect_publish": Text("公布结果。", "The result is published."),
    "effect_begin_follow_up": Text("转入整改、注销等后续管理。", "Rectification and deregistration begin."),
    "typed_label": Text(
        "此操作不能撤销。请输入年度 {year} 确认", "This cannot be undone. Type the year, {year}, to confirm"
    ),
    "typed_wrong": Text("请输入 {year}", "Type {year}"),
    "moved_on": Text("已进入{stage}", "Now: {stage}"),
    "back_to_board": Text("返回进度页", "Back to the board"),
    # ---- the due list
    "due_title": Text("应评名单", "Due list"),
    "due_owed": Text("往年结果要求{n}家", "{n} obliged"),
    "due_added": Text("补列{n}家", "{n} added"),
    "call_as": Text("启动通知（{ending}）", "Call ({ending})"),
    "reason_register": Text("在册资格", "registered"),
    "reason_failed": Text(
        "{year}年度{kind}第{serial}号不合格，再次参加",
        "failed in {year} ({kind}, no. {serial}) and takes part again",
    ),
    "reason_deferred": Text(
        "{year}年度{kind}第{serial}号改为本年度参加", "deferred to this year in {year} ({kind}, no. {serial})"
    ),
    "reason_as": Text("（以{kind}）", " (as: {kind})"),
    "reason_added": Text("补列：{reason}", "added: {reason}"),
    "left_out_title": Text("不列入名单（{n}家）", "Left out ({n})"),
    "left_out_reason": Text("不列入的理由", "Why it is left out"),
    "left_out_restore": Text("恢复列入", "Put back"),
    "left_out_do": Text("不列入", "Leave out"),
    "left_title": Text("已不在评价范围（{n}家）", "No longer in the evaluation ({n})"),
    "left_note": Text(
        "资格已取消或已退出评价体系，往年的要求也不再适用。",
        "Their qualification ended or left the evaluation; what they owed before no longer binds.",
    ),
    # ---- deadlines
    "deadlines_title": Text("期限与延期", "Deadlines and extensions"),
    "deadlines_only": Text("期限", "Deadlines"),
    "working_days": Text("{n}个工作日", "{n} working days"),
    "no_calendar_short": Text("当年放假安排未公布", "holidays of that year are not known"),
    "left_over": Text("已过", "over"),
    "extend_title": Text("延长期限", "Give more time"),
    "extend_do": Text("延长期限", "Extend"),
    "extend_this": Text("为该机构延长期限", "Give it more time"),
    "until_hint": Text(
        "须为工作日，晚于现在的期限。批准后立即生效，当天的截止时刻与启动时相同。",
        "A working day after the present end. It holds at once, to the same time of day as called.",
    ),
    "extend_not_now": Text(
        "当前为{stage}环节。材料申报和初审期间可以延期。",
        "Now: {stage}. Time can be given during submission and preliminary review.",
    ),
    "everybody_of_round": Text("本年度全部机构", "Everybody in the round"),
    "extended": Text("{who}：期限延至{moment}", "{who}: extended to {moment}"),
    "granted_title": Text("已批准的延期", "Granted"),
    "granted_none": Text("没有延期。", "No extension was granted."),
    # ---- one entry
    "versions_title": Text("提交的材料", "What was handed in"),
    "versions_none": Text("还没有提交材料。", "Nothing was handed in."),
    "figures_title": Text("填报数据（第{n}版）", "Figures (version {n})"),
    "papers_submitted": Text("已提交", "handed in"),
    "papers_returned": Text("已退回", "returned"),
    "papers_approved": Text("初审通过", "approved"),
    "papers_refused": Text("初审未通过", "refused"),
    "papers_withdrawn": Text("已撤回", "withdrawn"),
    "papers_superseded": Text("已被新版本取代", "superseded"),
    # ---- opening
    "open_title": Text("启动年度评价", "Open a round"),
    "open_of": Text("启动{year}年度评价", "Open the round {year}"),
    "open_lead": Text(
        "名单由名册和{year}年度及以前的结果生成。以下内容沿用{year}年度，请核对修改。",
        "The list comes from the register and the results of {year} and before. What stands here is that of {year}.",
    ),
    "open_lead_first": Text(
        "这是第一个年度评价，名册还是空的，参评机构在下一步逐家补列。",
        "This is the first round and the register is empty: whom to evaluate is added in the next step.",
    ),
    "open_step_settings": Text("1 方案与期限", "1 Schemes and deadlines"),
    "open_step_list": Text("2 核对名单并启动", "2 Look through the list, and open"),
    "open_schemes": Text("评价方案", "Schemes"),
    "open_unusable": Text(
        "另有{n}个方案目前不能用于年度评价", "{n} more schemes cannot be used in a round yet"
    ),
    "open_own_schemes": Text("存入本部门的评价方案", "Put in a scheme of the department"),
    "own_schemes_title": Text("本部门的评价方案", "Schemes of the department"),
    "own_schemes_lead": Text(
        "把本部门的评价办法写成方案文件，先检查，再存入。检查不保存任何内容，可以反复进行；存入后即公开，不能修改，"
        "启动年度评价时可以选用。",
        "Write the rules of the department as a scheme, try it, then keep it. Trying stores nothing and can be done as "
        "often as needed. What is kept is public, never changes, and can be chosen when a round is opened.",
    ),
    "own_schemes_kept": Text("已存入", "Kept"),
    "own_schemes_none": Text(
        "还没有存入方案。可以从公开的方案下载一份文件，改成本部门的规定后在上面检查。",
        "None yet. Download the file of a public scheme, change it to the department's rules, and try it above.",
    ),
    "own_scheme_content": Text("方案文件（.toml）", "Scheme (.toml)"),
    "own_scheme_content_file": Text("选择方案文件", "Choose the file of the scheme"),
    "own_scheme_content_hint": Text(
        "选择文件，或直接粘贴、修改文字。编号以“{own}”开头。可参考：",
        "Choose the file, or paste and change its text. Its code begins with {own}. Examples:",
    ),
    "own_scheme_cases_text": Text("算例（.cases.toml，可不填）", "Worked cases (.cases.toml, optional)"),
    "own_scheme_cases_file": Text("选择算例文件", "Choose the file of the cases"),
    "own_scheme_cases_hint": Text(
        "手工算好的例子：填报数据和应得的分数、等次。检查时逐一重算，不一致的列出来。",
        "Examples worked by hand: figures, and the points and grade they must give. Each is worked again.",
    ),
    "own_scheme_try": Text("检查", "Try"),
    "own_scheme_keep": Text("存入并公开", "Keep and publish"),
    "own_scheme_keep_hint": Text(
        "存入后不能修改；要改须另起编号。", "It never changes then; another has another code."
    ),
    "own_scheme_kept": Text("方案{code}已存入，启动年度评价时可以选用", "{code} is kept; a round can use it"),
    "own_scheme_tried": Text("检查结果", "What was found"),
    "own_scheme_fine": Text("没有发现问题，可以存入。", "Nothing stands against it; it can be kept."),
    "own_scheme_title": Text("名称", "Title"),
    "own_scheme_marks": Text("满分", "Full marks"),
    "own_scheme_parts": Text("指标", "Indicators"),
    "own_scheme_counts": Text(
        "{parts}项指标，{figures}项填报数据", "{parts} indicators of {figures} figures"
    ),
    "own_scheme_grades": Text("等次", "Grades"),
    "own_scheme_cases": Text("算例", "Worked cases"),
    "own_scheme_cases_n": Text("{n}个", "{n}"),
    "own_scheme_no_cases": Text(
        "没有算例。建议至少写两个，存入前可以看出公式是否写错。",
        "None. Two at least are advised: they show whether a formula says what was meant.",
    ),
    "own_scheme_added": Text("存入时间", "Kept at"),
    "own_scheme_empty": Text("请选择方案文件，或粘贴文字", "Choose the file of a scheme, or paste its text"),
    "own_scheme_large": Text(
        "{file}超过{most} KB，不是方案文件", "{file} is above {most} KB, which no scheme needs"
    ),
    "own_scheme_encoding": Text(
        "{file}不是 UTF-8 编码，请用记事本另存为 UTF-8 后重新选择",
        "{file} is not in UTF-8; save it as UTF-8 and choose it again",
    ),
    "beyond_roster": Text("有自定字段的企业名单", "a roster of its own fields"),
    "beyond_carried": Text("沿用其他结果的等次", "grades carried from elsewhere"),
    "beyond_table": Text("按全表排名计分", "a score or grade that needs the whole table"),
    "beyond_consequence": Text("有年度评价以外的后果", "a consequence that is no outcome of a round"),
    "open_deadlines": Text("期限", "Deadlines"),
    "open_deadlines_hint": Text(
        "期限须为工作日（含调休上班日），依次在后。放假安排已公布至{last}年。未定的以后环节可以留空。",
        "Working days (makeup days among them), one after the other. Holidays are known up to {last}. Later ones may "
        "stay empty.",
    ),
    "open_words": Text("用语与通知", "Words and the call"),
    "bases_hint": Text(
        "每行一个文件，文号写在竖线后：办法名称 | 文号",
        "One document a line, its number behind a bar: title | number",
    ),
    "addressees_hint": Text("每行一个单位", "One a line"),
    "open_to_list": Text("生成名单", "Make the list"),
    "open_nothing_stored": Text(
        "到下一步确认前不保存任何内容。", "Nothing is stored before you confirm in the next step."
    ),
    "open_preview_title": Text("{year}年度应评名单（未启动）", "Due list of {year} (not opened yet)"),
    "open_refresh": Text("刷新名单", "Show the list anew"),
    "open_summary": Text("汇总", "Summary"),
    "open_total": Text(
        "家机构应评，涉及{channels}个主管部门", "institutions are due, of {channels} channels"
    ),
    "open_edit": Text("修改方案与期限", "Change schemes and deadlines"),
    "open_nobody": Text("没有应评机构，请在下面补列。", "Nobody is due. Add whom to evaluate below."),
    "open_go": Text("启动{year}年度评价", "Open the round {year}"),
    "open_effect": Text(
        "启动后，{year}年度{n}家机构的名单固定，生成启动通知；之后可以开始申报。",
        "The list of {n} institutions of {year} is then fixed and the call is made; submission can begin after that.",
    ),
    "open_cannot": Text(
        "改正上面列出的问题后可以启动。", "It can be opened when what is listed above is put right."
    ),
    "open_cancel": Text("放弃", "Leave it"),
    "opened": Text(
        "已启动{year}年度评价，{n}家机构列入名单", "The round {year} is open, with {n} institutions"
    ),
    "added_title": Text("补列（{n}家）", "Added ({n})"),
    "added_drop": Text("取消补列", "Take off"),
    "new_title": Text("补列一家机构", "Add an institution"),
    "new_hint": Text(
        "用于新认定、批次调整等名册尚未反映的情况。补列的机构在启动时进入名册。",
        "For who was recognised lately or comes by its batch. It enters the register when the round is opened.",
    ),
    "new_channel_type": Text("主管部门类型", "Sort of channel"),
    "new_channel_type_hint": Text("名册已有的主管部门不用填", "not for a channel that the register knows"),
    "operators_hint": Text("多个用顿号或逗号隔开", "several with a comma between them"),
    "region_hint": Text("六位行政区划代码，可不填", "six digits, may stay empty"),
    "partial_hint": Text("如 2025、2025-07 或 2025-07-15", "2025, 2025-07 or 2025-07-15"),
    "institution_hint": Text("已在册的填其编码，新机构不用填", "of one in the register; empty for a new one"),
    "new_do": Text("补列", "Add"),
    "channel_type_league_city": Text("盟市科技局", "League or city bureau"),
    "channel_type_direct_city": Text("直报城市", "Directly reporting city"),
    "channel_type_county": Text("旗县区或园区", "County, district, banner or zone"),
    "channel_type_university": Text("高校", "University"),
    "channel_type_research_institute": Text("科研院所", "Research institute"),
    "channel_type_affiliated_unit": Text("直属单位", "Directly affiliated unit"),
    # ---- changing a scheme
    "scheme_change_title": Text("变更评价方案", "Change a scheme"),
    "scheme_change_lead": Text(
        "须由另一位经办人确认。有机构提交材料后，该类方案不能再变更。",
        "Another official has to confirm. Once an institution of the kind has handed in, its scheme stays.",
    ),
    "scheme_waiting": Text("已有一项变更等待确认。", "A change waits for confirmation."),
    "scheme_no_other": Text("没有其他可用的方案", "no other scheme can be used"),
    "scheme_propose": Text("提交另一人确认", "Propose"),
    "scheme_proposed": Text("已提出，等待另一位经办人确认", "Proposed; another official has to confirm"),
    "scheme_changed": Text("评价方案已变更", "The scheme was changed"),
    "scheme_kept": Text("评价方案不变更", "The scheme stays as it is"),
    "pending_title": Text("待确认：变更评价方案", "To confirm: change of scheme"),
    "pending_link": Text("待确认的方案变更", "Change of scheme to confirm"),
    "pending_old": Text("现行方案", "Present scheme"),
    "pending_new": Text("改用方案", "New scheme"),
    "pending_by": Text("提出人", "Proposed by"),
    "pending_effect": Text(
        "{entries}家机构改按新方案填报。已提交{handed_in}家。草稿{drafts}份原样保留，新方案不要求的数据提交时不再带上。",
        "{entries} institutions fill in by the new scheme. {handed_in} have handed in. {drafts} drafts stay as they "
        "were typed; what the new scheme does not ask for is not handed in with them.",
    ),
    "pending_confirm": Text("确认变更", "Confirm"),
    "pending_drop": Text("不同意", "Refuse"),
    "pending_take_back": Text("撤回", "Take back"),
    "pending_proposed": Text("待确认", "waits"),
    "pending_confirmed": Text("已确认", "confirmed"),
    "pending_refused": Text("未变更", "dropped"),
    "pending_own": Text(
        "由您提出，须另一位经办人确认。", "You proposed it; another official has to confirm."
    ),
    "pending_one_person": Text(
        "您与提出人的账号属于同一人，须另一人确认。",
        "Your account and the proposer's are one person's; another has to confirm.",
    ),
    "pending_too_late": Text("当前为{stage}环节，方案不能再变更。", "Now: {stage}. The scheme stays."),
    # ---- the register
    "register_title": Text("名册（截至{day}）", "Register as of {day}"),
    "register_active": Text("在册", "active"),
    "register_disqualified": Text("资格已取消", "disqualified"),
    "register_pilot_cancelled": Text("试点已取消", "pilot cancelled"),
    "register_restored": Text("资格已恢复", "restored"),
    "register_leave_management": Text("退出管理体系", "left the management"),
    "register_leave_evaluation": Text("退出评价体系", "left the evaluation"),
    "register_leave_statistics": Text("退出统计调查", "left the statistics"),
    "register_unsure": Text("日期不详", "date not known to the day"),
    "register_bad_day": Text("日期无法识别，按{day}显示", "That is no day; this is {day}"),
    "register_none": Text("没有符合条件的机构。", "No institution matches."),
    "register_systems": Text("三个体系", "Systems"),
    "register_events": Text("资格变动", "What happened"),
    "register_years": Text("历年参评", "Rounds"),
    "register_now": Text("名册现载", "In the register now"),
    "period_start_unknown": Text("不详", "not known"),
    "period_open": Text("至今", "now"),
    "scheme_as_before": Text("沿用{year}年度的方案，可以改选。", "As in {year}; another can be chosen."),
    "scheme_only_one": Text(
        "该类别目前只有这一个可用的方案，请核对后选择；不评价该类别的，不选。",
        "The only one for this kind so far: look at it, then choose it; leave it where the kind is not evaluated.",
    ),
    # ---- what cannot be
    "form_faults": Text("有{n}处需要改正", "{n} to put right"),
    "problems_joint": Text("；", "; "),
    "refused_outdated": Text(
        "未办理：内容已被他人更新，请重新打开后核对。",
        "Not done: somebody else has changed it. Open it again and look.",
    ),
    "refused_not_allowed": Text("未办理：{reason}", "Not done: {reason}"),
    "refused_otherwise": Text(
        "未办理。请重新打开页面再试；仍不能办理的，请把下面的原文告知系统管理员：{reason}",
        "Not done. Open the page again and try once more; if it fails again, tell a system administrator: {reason}",
    ),
    "weekday_0": Text("周一", "Monday"),
    "weekday_1": Text("周二", "Tuesday"),
    "weekday_2": Text("周三", "Wednesday"),
    "weekday_3": Text("周四", "Thursday"),
    "weekday_4": Text("周五", "Friday"),
    "weekday_5": Text("周六", "Saturday"),
    "weekday_6": Text("周日", "Sunday"),
    "weekday_in": Text("（{weekday}）", " ({weekday})"),
    "problem_no_calendar": Text(
        "{field}：{year}年的放假安排未收录（已有{first}至{last}年），工作日无法确定。请改用已知年份的日期，或补充"
        "国务院办公厅{year}年放假通知",
        "{field}: the holidays of {year} are not known ({first} to {last} are). Choose a day of a known year, or add "
        "the State Council's holiday notice for {year}",
    ),
    "problem_free_day": Text(
        "{field}：{day}不是工作日，下一个工作日是{next}",
        "{field}: {day} is no working day; the next one is {next}",
    ),
    "problem_deadline_missing": Text("{field}：请选择日期", "{field}: choose a day"),
    "problem_deadline_order": Text(
        "{field}：须晚于{earlier}（{before}）", "{field}: must come after {earlier} ({before})"
    ),
    "problem_no_day": Text(
        "{field}：不是日期，请按2026-03-31的格式填写", "{field}: that is no day; write 2026-03-31"
    ),
    "problem_no_vocabulary": Text("{field}：请选择", "{field}: choose one"),
    "problem_notice_days": Text("{field}：填1至{most}", "{field}: 1 to {most}"),
    "problem_no_addressees": Text("{field}：至少填一个单位", "{field}: name at least one"),
    "problem_no_bases": Text("{field}：至少填一个文件", "{field}: name at least one document"),
    "problem_not_published": Text(
        "{year}年度结果尚未公布，下一年度名单依据其结果生成，公布后再启动。",
        "The results of {year} are not published yet; the next list follows from them. Publish them first.",
    ),
    "problem_no_kind": Text("至少为一个类别选择方案", "Choose a scheme for at least one kind"),
    "problem_no_scheme": Text("{kind}：请选择该类别的方案", "{kind}: choose a scheme of this kind"),
    "problem_kind_beyond": Text("本年度评价不含类别“{kind}”", "{kind}: no kind of this round"),
    "problem_scheme_line": Text("文件有误（说明为英文）：{line}", "{line}"),
    "problem_scheme_case": Text("算例不一致：{line}", "A case comes out otherwise: {line}"),
    "problem_scheme_cases_many": Text(
        "算例共要计算{n}家，超过{most}家，请减少", "The cases hold {n} entries, above {most}; leave some out"
    ),
    "problem_scheme_code": Text(
        "编号“{code}”不能用：请写成“部门/名称”，名称不超过60个字符，如{wanted}",
        "'{code}' has no page: write the authority and at most 60 characters, such as {wanted}",
    ),
    "problem_scheme_code_foreign": Text(
        "编号“{code}”属于其他部门，请改为本部门的编号，如{wanted}",
        "'{code}' is a code of another authority; write one of the own, such as {wanted}",
    ),
    "problem_scheme_code_taken": Text(
        "已有编号为“{code}”的方案，存入的方案不能修改，请另起编号",
        "There is a scheme with the code {code}, which never changes; give this one another",
    ),
    "problem_scheme_has_beyond": Text(
        "方案{what}，目前不能用于年度评价，请改写",
        "The scheme has {what}, which a round cannot give yet; leave it out",
    ),
    "problem_scheme_beyond": Text(
        "{kind}：“{title}”目前不能用于年度评价，请选择其他方案",
        "{kind}: this scheme cannot be used in a round yet; choose another ({title})",
    ),
    "problem_scheme_words": Text(
        "{kind}：用语{vocabulary}没有该类别或“{title}”所需等次的名称，请改用其他用语或方案",
        "{kind}: the vocabulary {vocabulary} lacks this kind or a grade of the scheme; choose another ({title})",
    ),
    "problem_nobody_due": Text("{kind}：没有应评机构，请补列", "{kind}: nobody is due; add whom to evaluate"),
    "problem_sub_type": Text(
        "{name}：名册类型“{sub_type}”不在“{title}”的类型之内",
        "{name}: the scheme does not know its sub-type {sub_type} ({title})",
    ),
    "problem_owed_stays": Text(
        "{name}：往年结果要求其参加，不能不列入；确有困难的，由其申请暂缓",
        "{name}: an earlier result obliges it; it cannot be left out, but may ask for a deferral",
    ),
    "problem_out_without_reason": Text("{name}：请填写不列入的理由", "{name}: say why it is left out"),
    "problem_out_too_long": Text(
        "{name}：理由过长，最多{most}字", "{name}: the reason is too long; {most} characters"
    ),
    "problem_added_twice": Text(
        "{name}：已在名单中，请取消补列", "{name}: is on the list already; take it off"
    ),
    "problem_added_inactive": Text(
        "{name}：该类资格已取消或已退出评价，不能补列",
        "{name}: has left the register of this kind and is not due",
    ),
    "problem_added_name": Text(
        "{name}：与名册中{known}同名；是同一机构的，填写该编码，否则请区分名称",
        "{name}: bears the name of {known}; give that code if it is the same body, or else tell the two apart",
    ),
    "problem_added_without_name": Text("补列：请填写机构名称", "Added: give its name"),
    "problem_added_without_operators": Text("{name}：请填写运营机构", "{name}: give its operator"),
    "problem_added_without_channel": Text("{name}：请填写主管部门", "{name}: give its channel"),
    "problem_added_without_reason": Text("{name}：请填写补列的理由", "{name}: say why it is added"),
    "problem_added_kind": Text("{name}：请选择本年度的类别", "{name}: choose a kind of this round"),
    "problem_added_code": Text(
        "{name}：机构编码只用字母、数字和连字符", "{name}: a code has letters, digits and hyphens"
    ),
    "problem_added_channel_type": Text(
        "{name}：请选择主管部门类型", "{name}: say what sort of body its channel is"
    ),
    "problem_added_status": Text("{name}：请选择资格", "{name}: choose its status"),
    "problem_added_region": Text("{name}：行政区划代码{region}不存在", "{name}: {region} is no place code"),
    "problem_added_date": Text(
        "{name}：认定时间“{value}”无法识别，请写2020、2020-07或2020-07-15",
        "{name}: {value} is no date; write 2020, 2020-07 or 2020-07-15",
    ),
    "problem_added_long": Text("{name}：有一项文字过长", "{name}: one of its texts is too long"),
    "problem_no_window": Text("{field}：该期限不能延长", "{field}: this one cannot be extended"),
    "problem_no_entry": Text("{field}：请选择机构或全部机构", "{field}: choose an institution, or everybody"),
    "problem_until_past": Text("{field}：所选日期已过", "{field}: that day is over"),
    "problem_until_earlier": Text(
        "{field}：现在的期限是{present}，延期须更晚", "{field}: it ends on {present} as it is"
    ),
    "problem_until_beyond": Text(
        "{field}：须早于{window}（{following}）；确需更晚的，先延长后一期限",
        "{field}: must come before {window} ({following}); extend that first",
    ),
    "problem_stage_left": Text(
        "申报已截止，不能为全部机构延长，可为单家机构延长",
        "Submission is closed for the round; give the time to single entries",
    ),
    "problem_no_reason": Text("请填写理由", "Say why"),
    "problem_too_long": Text("{field}：{n}字，最多{most}字", "{field}: {n} characters; {most} are the most"),
    "problem_no_kind_of_round": Text("请选择本年度的类别", "Choose a kind of this round"),
    "problem_same_scheme": Text("{field}：就是现行方案", "{field}: that is the present one"),
    "problem_handed_in_under": Text(
        "已有{n}家机构按现行方案提交材料，方案不能变更",
        "{n} institutions have handed in under the present scheme; it stays",
    ),
    "problem_proposed_already": Text("该类别已有一项变更等待确认", "A change for this kind waits already"),
    "problem_no_scheme_change": Text("这不是方案变更", "This is no change of a scheme"),
}
