"""Texts of the pages of an institution."""

from collections.abc import Mapping

from hatchmark.domain.receipts import PLEDGE
from hatchmark.web.texts import Text

TEXTS: Mapping[str, Text] = {
    "to_roster": Text("企业名单（{n}家）", "Roster of enterprises ({n})"),
    "to_evidence": Text("佐证材料（{n}个文件）", "Evidence ({n} files)"),
    "to_scan": Text("上传盖章扫描件", "Upload the sealed scan"),
    "flags_wait": Text(
        "有{n}条疑点等待说明，初审前可以先说明。",
        "{n} flags of the cross-checks want a word; say it before the review.",
    ),
    "flags_of_own": Text(
        "系统核对数据时发现的疑点。确属实情的请说明原因；填错的请更正后重新提交。",
        "What the checks found odd. Say why where it is so; where it is a mistake, mend it and hand in again.",
    ),
    "work_history": Text("历年材料", "All years"),
    # ---- where the papers of an entry stand
    "paper_state_nothing": Text("尚未申报", "nothing handed in"),
    "paper_state_draft": Text("草稿，未提交", "draft, not handed in"),
    "paper_state_submitted": Text("已提交，等待初审", "handed in, waiting for review"),
    "paper_state_returned": Text("已退回补正", "returned for correction"),
    "paper_state_approved": Text("初审已通过", "approved"),
    "paper_state_refused": Text("初审未通过", "refused"),
    "paper_state_withdrawn": Text("已撤回", "withdrawn"),
    "paper_state_superseded": Text("已被后一版取代", "superseded by a later version"),
    "paper_state_deferred": Text("已同意暂缓", "deferred"),
    "paper_state_absent": Text("未参加", "did not take part"),
    # ---- the form
    "submission_title": Text("{year}年度申报材料", "Submission of {year}"),
    "sub_sections": Text("填报内容", "Sections"),
    "section_other": Text("其他数据", "Other figures"),
    "section_wrong": Text("{n}项有误", "{n} to mend"),
    "sub_checks": Text("核对", "Checks"),
    "sub_help": Text("依据", "Basis"),
    "entry_reported": Text("填报", "reported"),
    "entry_not_applicable": Text("无此项", "not applicable"),
    "entry_absent": Text("缺失", "missing"),
    "entry_refused": Text("拒绝提供", "refused"),
    "entry_status": Text("填报状态", "status"),
    "entry_blank": Text("未填", "empty"),
    "entry_choose": Text("请选择", "choose"),
    "entry_yes": Text("是", "yes"),
    "entry_no": Text("否", "no"),
    "in_ten_thousands": Text("合{value}万元", "= {value} × 10,000 yuan"),
    "no_last_year": Text("没有上年数据", "no value of last year"),
    "no_last_year_at_all": Text(
        "没有上年数据：本机构上一年度没有在本系统中审核通过的材料，无法比较。",
        "No values of last year: nothing was approved here for this institution a year ago.",
    ),
    "last_year": Text("上年{value}{unit}", "last year {value} {unit}"),
    "than_last_year": Text("较上年{change}（{share}）", "{change} against last year ({share})"),
    "filled_of": Text("已填{n}项，共{total}项", "{n} of {total} filled in"),
    "checks_missing": Text("还有{n}项未填", "{n} still to fill in"),
    "checks_wrong": Text("须改正", "To mend"),
    "checks_relations": Text("数据之间有矛盾", "Figures that contradict one another"),
    "checks_odd": Text("请再核对", "Look again"),
    "checks_nothing": Text("已填的数据没有发现问题。", "Nothing stands against what is filled in."),
    "save_and_check": Text("保存并检查", "Save and check"),
    "to_score": Text("试算得分", "Preview the score"),
    "to_hand_in": Text("核对并提交", "Look over and hand in"),
    "to_withdraw": Text("撤回已提交的材料", "Withdraw what was handed in"),
    "see_version": Text("查看第{n}版", "See version {n}"),
    "see_latest": Text("查看最近提交的版本", "See the latest version"),
    "see_receipt": Text("查看回执", "See the receipt"),
    "version_n": Text("第{n}版", "version {n}"),
    "changed_since": Text(
        "第{n}版提交之后，您又改动了草稿。改动尚未提交；需要更新时，请重新核对并提交。",
        "The draft was changed after version {n} was handed in. Hand it in again if the change is to count.",
    ),
    "sub_list_comma": Text("、", ", "),
    "returned_title": Text("审核意见：退回补正", "Returned by the review"),
    "returned_fields": Text("需要补正的数据：", "Figures to correct:"),
    "entry_faults": Text("有{n}项需要改正，已按原样保存", "{n} to mend; they are kept as typed"),
    "draft_saved_at": Text("草稿已保存，{at}", "Draft saved, {at}"),
    "sub_not_saved": Text("没有保存", "Not saved"),
    "js_unsaved": Text("有改动尚未保存", "Changes not saved yet"),
    "js_saving": Text("正在保存…", "Saving…"),
    "js_lost": Text(
        "连接中断，内容已保留，正在重试。请不要关闭本页。",
        "The connection is lost. What you typed is kept here, and saving is tried again. Do not close this page.",
    ),
    "js_signed_out": Text(
        "登录已过期，内容已保留在本页。请在新窗口登录，登录后会自动保存。",
        "You are signed out. What you typed is kept here: sign in in another window, and it is saved.",
    ),
    "clash": Text(
        "此项已在另一窗口保存（{by}，{at}），与您填写的不同，请选择。",
        "Saved differently in another window ({by}, {at}). Choose one.",
    ),
    "clash_theirs": Text("已保存的值", "What is saved"),
    "clash_mine": Text("您填写的值", "What you typed"),
    "clash_take_theirs": Text("采用已保存的值", "Take what is saved"),
    "clash_keep_mine": Text("保留我填写的值", "Keep what I typed"),
    "use_proposal": Text("改为{proposal}", "Change to {proposal}"),
    # ---- remarks on a field
    "note_status": Text("没有这种填报状态，请重新选择。", "There is no such status; choose again."),
    "note_value_left": Text(
        "已选择没有数值的状态，所填的“{value}”不会提交。",
        "The status has no value: “{value}” is not handed in.",
    ),
    "note_blank": Text("还没有填写。", "Nothing is filled in yet."),
    "note_too_long": Text(
        "内容有{length}个字符，超过{most}个，没有存入草稿；请只填数字。",
        "{length} characters are more than {most}: not kept in the draft. Type the number alone.",
    ),
    "note_control": Text(
        "内容含有看不见的控制字符，没有存入草稿；请重新输入。",
        "It holds control characters that cannot be seen: not kept in the draft. Type it again.",
    ),
    "note_not_editable": Text("这一项现在不能修改。", "This cannot be changed now."),
    "note_unreadable": Text(
        "“{value}”不是数字；请只填数字，单位为{unit}，例如1234.5。",
        "“{value}” is no number; type digits alone, in {unit}, for example 1234.5.",
    ),
    "note_not_finite": Text(
        "“{value}”不是一个确定的数；没有数据时请选择“缺失”。",
        "“{value}” is no definite number; where there is none, choose “missing”.",
    ),
    "note_long_number": Text(
        "数字有{length}位，太长，不可能是真实数据；请核对。",
        "A number of {length} signs cannot be; look again.",
    ),
    "note_exponent": Text(
        "“{value}”用了科学记数法；请写出完整的数字，单位为{unit}。",
        "“{value}” has an exponent; write the number out, in {unit}.",
    ),
    "note_look_alike": Text(
        "“{value}”里混有像数字的字母或符号；请核对。",
        "“{value}” holds letters or signs that look like digits.",
    ),
    "note_full_width": Text(
        "“{value}”是全角字符或带有空格；请改用半角数字。",
        "“{value}” has wide characters or spaces; use plain digits.",
    ),
    "note_unit_written": Text("请只填数字，单位已定为{unit}。", "Type the number alone; its unit is {unit}."),
    "note_word_written": Text(
        "“{value}”用了“万”等字；请写出完整的数字，单位为{unit}。",
        "“{value}” uses a word for thousands; write the number out, in {unit}.",
    ),
    "note_which_unit": Text(
        "“{value}”可能指不同的金额；单位是{unit}，例如3万元应填30千元。请换算后填写数字。",
        "“{value}” may mean different amounts; the unit is {unit}. Convert it and type the number.",
    ),
    "note_other_unit": Text(
        "“{value}”的单位不是{unit}；请换算后只填数字。",
        "“{value}” is not in {unit}; convert it, type the number.",
    ),
    "note_no_boolean": Text("请选择“是”或“否”。", "Choose yes or no."),
    "note_no_date": Text(
        "不是日期；请写成2024-01-31的样子。", "It is no date; write for example 2024-01-31."
    ),
    "note_no_category": Text("请从选项中选择。", "Choose one of the options."),
    "note_not_of_type": Text("不在允许的范围内。", "It is not one of the values that can be."),
    "note_not_whole": Text("应为整数（{unit}）。", "It counts whole {unit}."),
    "note_too_many_places": Text("小数最多{places}位。", "At most {places} decimal places."),
    "note_below": Text("不能小于{limit}{unit}。", "It cannot be below {limit} {unit}."),
    "note_above": Text(
        "不能大于{limit}{unit}；请检查单位是否为{unit}。",
        "It cannot be above {limit} {unit}; look whether it is in {unit}.",
    ),
    "note_last_year_differs": Text(
        "与上年审核通过的{last}{unit}不同。", "It differs from {last} {unit}, which was approved last year."
    ),
    "note_fell_to_nothing": Text(
        "上年为{last}{unit}，今年为0；请核对。", "It was {last} {unit} last year and is 0 now; look again."
    ),
    "note_unit_slip": Text(
        "上年为{last}{unit}。所填数值像是以{typed_unit}为单位；单位应为{unit}，请核对。",
        "It was {last} {unit} last year. This looks like {typed_unit}; the unit is {unit}.",
    ),
    "note_far_from_last": Text(
        "与上年的{last}{unit}相差五倍以上；请核对。",
        "It is five times above or below last year's {last} {unit}.",
    ),
    "note_relation": Text(
        "{message}：现为{low}，大于{high}。", "{low} is above {high}, which it is a part of."
    ),
    "note_upload_unfinished": Text(
        "文件“{name}”没有传完；请继续上传，或删除它。",
        "The file “{name}” has not come in whole; go on, or remove it.",
    ),
    # ---- why something is refused
    "refused_title": Text("没有提交", "Not handed in"),
    "draft_outdated": Text(
        "草稿或环节在此期间已有变化（可能在另一窗口改动或提交过）。请重新核对后再操作。",
        "The draft or the stage has changed in between, perhaps in another window. Look again, then go on.",
    ),
    "refused_approved": Text(
        "材料已通过初审并锁定，不能再修改。", "The review approved these papers: they are locked."
    ),
    "refused_refused": Text(
        "材料初审未通过，不能再次提交。", "The review refused these papers: nothing can be handed in again."
    ),
    "closed_handed_in": Text(
        "申报已于{closed}截止，材料不能再修改。如需补正，主管部门会退回有关数据，并列入您的待办。",
        "Submission closed at {closed}; the papers can no longer be changed. If something has to be corrected, the "
        "channel returns it, and it stands among your tasks.",
    ),
    "refused_late": Text(
        "已过截止时间：{closed}截止，本次操作在{came}。",
        "Too late: the window closed at {closed}; this came at {came}.",
    ),
    "refused_early": Text("本轮评价尚未开始接收材料。", "This round does not take papers yet."),
    "refused_stage": Text(
        "本轮评价已进入“{stage}”环节，现在不能修改材料。",
        "The round is at the stage “{stage}”: nothing can be changed now.",
    ),
    "refused_unsound": Text(
        "材料还有不能提交的内容，请回到填报页改正。",
        "Something in the papers cannot be handed in; mend it in the form.",
    ),
    "draft_is_kept": Text("您的草稿已保留，内容没有丢失。", "Your draft is kept; nothing is lost."),
    "ask_your_channel": Text(
        "如有特殊情况，请联系{channel}，由其向主管科技厅申请延期。",
        "If there are special reasons, ask {channel}, which can ask the department for an extension.",
    ),
    "nothing_to_withdraw": Text("没有可以撤回的材料。", "There is nothing that could be withdrawn."),
    # ---- the preview of the score
    "score_title": Text("试算得分", "Preview of the score"),
    "score_hint": Text(
        "按草稿中的数据试算，只供参考，不保存，也不代表评价结果。未知的部分不计入。",
        "Computed from the figures of the draft, for you alone; nothing is stored, and it is no result.",
    ),
    "score_known": Text("已知部分得分", "Known so far"),
    "known_unfilled": Text("所用数据未填或有误", "its figures are not filled in, or cannot be read"),
    "known_experts": Text("由专家评分，现在未知", "given by experts, not known yet"),
    "known_cohort": Text("与其他机构比较得出，现在未知", "compared with others, not known yet"),
    "known_unscored": Text("按现有数据不能计分", "cannot be scored from these figures"),
    "open_unfilled": Text("数据未填或有误的项目，满分{points}分", "Not filled in: {points} points"),
    "open_experts": Text("专家评分，满分{points}分", "Given by experts: {points} points"),
    "open_cohort": Text("与其他机构比较的项目，满分{points}分", "Compared with others: {points} points"),
    "open_unscored": Text("不能计分的项目，满分{points}分", "Cannot be scored: {points} points"),
    "back_to_form": Text("返回填报", "Back to the form"),
    # ---- handing in
    "hand_in_title": Text("核对并提交", "Look over and hand in"),
    "hand_in_correction_title": Text("核对并提交补正", "Look over and hand in the correction"),
    "hand_in_faults": Text("还不能提交", "It cannot be handed in yet"),
    "blocking_title": Text("有{n}项须先改正", "{n} to mend first"),
    "blocking_text": Text("改正以下各项后才能提交：", "Mend these; then it can be handed in:"),
    "warnings_title": Text("有{n}项请再核对", "{n} to look at again"),
    "warnings_text": Text(
        "以下各项可以照常提交，但审核时会要求说明：",
        "These do not stand against it, but the review will ask about them:",
    ),
    "what_is_handed_in": Text("提交的内容", "What is handed in"),
    "sub_roster": Text("企业名单", "Roster"),
    "sub_roster_rows": Text("企业名单{n}行", "{n} rows of the roster"),
    "sub_evidence_list": Text("佐证材料", "Evidence"),
    "sub_no_evidence": Text("没有文件。", "No files."),
    "sub_file_name": Text("文件", "File"),
    "sub_file_size": Text("大小", "Size"),
    "sign_title": Text("承诺与提交", "Pledge and hand in"),
    "sub_signed_by": Text("填报负责人", "Who answers for it"),
    "signer_missing": Text("请填写填报负责人的姓名。", "Write the name of whoever answers for the papers."),
    "signer_impossible": Text(
        "姓名最多100个字符，不能含控制字符。",
        "A name has at most 100 characters, none of them a control character.",
    ),
    "pledge_missing": Text("请勾选承诺后再提交。", "Tick the pledge to hand in."),
    "pledge_words": Text(
        PLEDGE,
        "We pledge that the figures and the papers are true, exact and complete, and answer for it if not.",
    ),
    "hand_in_means": Text(
        "提交后形成不可修改的版本，并立即出具回执。截止时间之前可以撤回，或修改后再次提交。",
        "Handing in freezes a version and gives a receipt. Until the deadline it can be withdrawn or handed in anew.",
    ),
    "hand_in_now": Text("提交第{n}版", "Hand in version {n}"),
    "handed_in_told": Text("第{n}版已提交，回执如下。", "Version {n} is handed in; this is its receipt."),
    # ---- withdrawing
    "withdraw_title": Text("撤回已提交的材料", "Withdraw what was handed in"),
    "withdraw_means": Text(
        "撤回后，本机构视为尚未提交。该版本仍保留备查，内容可以继续修改；须在{due}之前再次提交。",
        "After that nothing counts as handed in. The version stays on record; hand in again before {due}.",
    ),
    "withdraw_now": Text("撤回第{n}版", "Withdraw version {n}"),
    "withdraw_not": Text("不撤回，返回", "Do not withdraw"),
    "withdrawn_told": Text("第{n}版已撤回。", "Version {n} is withdrawn."),
    # ---- frozen versions, and the receipt
    "frozen_title": Text("{year}年度申报材料 第{n}版", "Submission of {year}, version {n}"),
    "sub_version": Text("版本", "Version"),
    "sub_versions": Text("各版本", "Versions"),
    "sub_state": Text("状态", "State"),
    "sub_handed_in_at": Text("提交时间", "Handed in"),
    "sub_digest": Text("校验值（SHA-256）", "Digest (SHA-256)"),
    "sub_figures_title": Text("填报数据", "Figures"),
    "sub_roster_and_evidence": Text("企业名单与佐证材料", "Roster and evidence"),
    "reviewed_approve": Text("初审通过", "Approved"),
    "reviewed_return": Text("退回补正", "Returned"),
    "reviewed_refuse": Text("初审未通过", "Refused"),
    "sealed_form": Text("盖章扫描件", "Sealed form"),
    "sealed_form_how": Text(
        "需要盖章时：打印申报表，每页都印有本版的校验值；盖章后扫描，扫描件归入本版。",
        "Where a seal is asked for: print the form, whose pages bear the digest; seal and scan it.",
    ),
    "form_pdf": Text("下载申报表（PDF，打印盖章用）", "Form to print and seal (PDF)"),
    "receipt_title": Text("接收回执", "Receipt"),
    "receipt_code": Text("查验码", "Code"),
    "receipt_pdf": Text("下载回执（PDF）", "Receipt (PDF)"),
    "receipt_check": Text("公开查验页", "Public page of this receipt"),
    "history_title": Text("历年材料", "All years"),
    "history_empty": Text(
        "还没有参加过本系统中的年度评价。新的评价启动后，会列在这里。",
        "No round here has named this institution yet. Once one is called, it stands here.",
    ),
    "no_versions": Text("没有提交过材料。", "Nothing was handed in."),
    # ---- the public page of a receipt
    "receipts_title": Text("查验接收回执", "Check a receipt"),
    "receipts_hint": Text(
        "输入回执上的查验码，可知回执是否真实、所对应的版本是否仍为最新。",
        "Type the code of a receipt to learn whether it is genuine and its version still the latest.",
    ),
    "receipt_unknown": Text(
        "没有这个查验码的回执。请对照回执逐字核对；如仍查不到，该回执不是由本系统出具的。",
        "There is no receipt with this code. Compare it sign by sign; if it stays unknown, we did not issue it.",
    ),
    "receipt_current": Text("回执真实，版本有效", "Genuine, and the version counts"),
    "receipt_current_text": Text("第{n}版是目前有效的版本。", "Version {n} is the one that counts now."),
    "receipt_superseded": Text("回执真实，版本已被取代", "Genuine, and superseded"),
    "receipt_superseded_text": Text(
        "第{n}版已被第{latest}版取代。", "Version {n} was superseded by version {latest}."
    ),
    "receipt_withdrawn": Text("回执真实，版本已撤回", "Genuine, and withdrawn"),
    "receipt_withdrawn_text": Text("第{n}版已由机构撤回。", "Version {n} was withdrawn by the institution."),
    "receipt_about": Text("回执内容", "What it confirms"),
    "receipt_tells_no_figure": Text("查验页不显示任何填报数据。", "This page tells no figure."),
}
