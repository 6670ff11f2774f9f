"""Why an act was not done, and what to do instead: by what stands against it, and by what cannot be in a form."""

from collections.abc import Mapping

from hatchmark.web.texts import Text

TEXTS: Mapping[str, Text] = {
    # ---- what the permission table holds against an act
    "against_no_rule": Text(
        "系统没有开放这项操作。请回到待办，从那里办理。",
        "This is open to nobody. Go back to your to-do list and begin there.",
    ),
    "against_role": Text(
        "“{act}”由{roles}办理，您的角色是{role}。请转请有权的人员办理，或换用相应的账号登录。",
        "“{act}” is done by: {roles}; your role is: {role}. Ask somebody who may, or sign in with that account.",
    ),
    "against_stage": Text(
        "“{act}”只能在以下环节办理：{stages}。本轮评价现在的环节是：{stage}。请在待办中查看现在可以办理的事项。",
        "“{act}” belongs to the stage: {stages}; the round is at: {stage}. Your to-do list says what can be done now.",
    ),
    "against_authority": Text(
        "该事项属于另一主管厅局，您的账号不能办理。请核对登录的账号。",
        "This belongs to another department than your account. Look which account you signed in with.",
    ),
    "against_institution": Text(
        "该材料属于另一机构，您的账号不能办理。请换用该机构的账号登录。",
        "These papers are another institution's. Sign in with the account of that institution.",
    ),
    "against_channel": Text(
        "该机构归口{channel}，不归口{own}。归口有误的，请联系科技厅更正名册。",
        "This institution belongs to {channel}, not to {own}. If that is wrong, the department mends the register.",
    ),
    "against_assignment": Text(
        "该材料没有分配给您。请联系科技厅。", "This was not assigned to you. Ask the department."
    ),
    "against_conflict": Text(
        "您与该机构有利益冲突，须回避。请联系科技厅另行分配。",
        "You have a conflict with this institution. Ask the department to assign another expert.",
    ),
    "against_nobody_first": Text(
        "没有第一人的办理记录，没有可以确认的事项。请先由一人提出。",
        "Nobody did the first half yet, so nothing can be confirmed. One person has to propose it first.",
    ),
    "against_same_account": Text(
        "前一步是您办理的，须由另一人确认。请转请同事用自己的账号办理。",
        "You did the first half; a second person has to confirm. Ask a colleague, with an account of their own.",
    ),
    "against_same_person": Text(
        "您与账号 {first} 是同一人，须由另一人确认。请转请同事用自己的账号办理。",
        "You and {first} are one person; a second has to confirm. Ask a colleague, with an account of their own.",
    ),
    "against_no_moment": Text(
        "缺少办理时间，无法判断是否在时限内。请重新打开页面再办理。",
        "The moment is missing, so nobody can say whether this is in time. Open the page again.",
    ),
    "against_too_late": Text(
        "办理时限已过（{closed}截止）。确需办理的，请向科技厅申请延期。",
        "The window closed ({closed}). If it has to be done all the same, ask the department for more time.",
    ),
    "against_too_early": Text(
        "时限到{closes}为止，此前不能提前截止。请到时再办理。",
        "The window is open until {closes} and is not cut short. Come back then.",
    ),
    "against_locked": Text(
        "初审已通过，材料已锁定，不能再改动。材料确有错误的，请联系科技厅。",
        "Approval locked these papers; nothing changes in them any more. If they are wrong, tell the department.",
    ),
    "against_refused": Text(
        "初审未通过，不能再提交。有疑问的，请联系主管部门。",
        "The preliminary review refused these papers; nothing can be handed in again. Ask your channel.",
    ),
    "against_nothing_returned": Text(
        "材料没有被退回，没有可以补正的内容。需要更新的，请在截止前重新提交。",
        "Nothing was returned for correction. To change something, hand in again before submission closes.",
    ),
    "against_not_returned": Text(
        "这部分没有被退回，不能改动。需要一并改动的，请联系主管部门。",
        "This part was not returned and cannot be changed. If it has to be, ask your channel.",
    ),
    "against_figures_not_public": Text(
        "该年度数据没有公开，以其为依据的内容也不能查看。请查看已公布的结果。",
        "The figures of this round are not public, nor is what rests on them. See its results instead.",
    ),
    "against_live_round": Text(
        "进行中的评价须逐项办理，不能事后补录。请到年度评价页办理。",
        "Acts of a live round are done one by one and not entered afterwards. Do it on the page of the round.",
    ),
    "against_by_two": Text(
        "管理员须由两人增设：请到三员管理页提出，由另一管理员确认。",
        "An administrator is made by two: propose it on the page of administrators, and another one confirms.",
    ),
    "against_own_account": Text(
        "不能对自己的账号办理。请转请另一位安全管理员。",
        "This cannot be done to the own account. Ask another security administrator.",
    ),
    # ---- the preliminary review
    "problem_nothing_to_review": Text(
        "{name}：没有等待初审的材料，请重新打开核对",
        "{name}: nothing waits for review; open it again and look",
    ),
    "problem_opinion_long": Text(
        "意见有{n}字，请缩短到{most}字以内", "The opinion has {n} characters; shorten it to {most}"
    ),
    "problem_no_figure_of_it": Text(
        "材料中没有这些数据：{codes}，请重新勾选", "These are no figures of the papers: {codes}; choose again"
    ),
    "problem_nobody_chosen": Text("没有选择机构，请先勾选", "Nobody was chosen; tick whom to approve"),
    "problem_too_many_chosen": Text(
        "一次选中{n}家，超过一份推荐函的{most}家；请分批办理",
        "{n} were chosen, above the {most} of one letter; choose fewer",
    ),
    "problem_no_opinion": Text("请填写推荐函中的初审意见", "Write the opinion of the letter"),
    "problem_letter_unusable": Text(
        "“{file}”不能用作推荐函：请上传盖章件的扫描件，PDF、JPEG 或 PNG，不超过{most} MB",
        "“{file}” is no sealed letter: give its scan as PDF, JPEG or PNG of at most {most} MB",
    ),
    "problem_return_names_nothing": Text("请至少勾选一项要补正的内容", "Tick at least one thing to correct"),
    "problem_refusal_without_reason": Text("请填写不予通过的理由", "Say why it is refused"),
    "problem_flags_unexplained": Text(
        "{name}：还有{n}条疑点没有说明，请逐条说明，或退回有关数据",
        "{name}: {n} flags have no explanation; explain each, or return the figures",
    ),
    "problem_explanation_empty": Text("请填写说明", "Write the explanation"),
    "problem_explanation_long": Text(
        "说明有{n}字，请缩短到{most}字以内", "The explanation has {n} characters; shorten it to {most}"
    ),
    "problem_absence_empty": Text("请填写未参加的原因", "Say why it did not take part"),
    "problem_reason_long": Text(
        "原因有{n}字，请缩短到{most}字以内", "The reason has {n} characters; shorten it to {most}"
    ),
    "problem_not_absent": Text(
        "{name}已提交材料，不必说明未参加的原因", "{name} handed in; there is no absence to explain"
    ),
    "problem_may_still_hand_in": Text(
        "{name}可以提交到{until}，请在此之后再说明原因",
        "{name} may hand in until {until}; explain its absence after that",
    ),
    # ---- the statistics return
    "problem_return_kind": Text(
        "该类别没有火炬统计表，请选择其他类别", "There is no return of this kind; choose another"
    ),
    "problem_return_empty": Text(
        "文件是空的，请检查后重新上传", "The file is empty; look at it and upload again"
    ),
    "problem_return_unreadable": Text(
        "打不开，或者过大、已损坏。请用 Excel 或 WPS 打开，另存为 .xlsx 后重新上传",
        "It cannot be opened, is too large or is damaged. Open it in Excel or WPS, save it as .xlsx and upload again",
    ),
    "problem_return_head_missing": Text(
        "前{within}行中没有找到表头。汇总表的表头须在同一行中既有机构名称或编号（{names}之一），"
        "又有指标（如{figures}）；一家机构的综合情况表，表头须有“{label}”和“{value}”两列。请补上后重新上传",
        "No head was found in the first {within} rows. Looked for: one row with the institution ({names}) and a figure "
        "(such as {figures}); or, for the form of one institution, the columns {label} and {value}. Put it right and "
        "upload again",
    ),
    "problem_return_head_twice": Text(
        "第{rows}行都可能是表头，无法判断以哪一行为准。请只保留一行表头（须有{names}之一和指标，"
        "或“{label}”和“{value}”两列）后重新上传",
        "Rows {rows} could each be the head. Keep one of them (one of {names} and figures, or {label} and {value}), "
        "then upload again",
    ),
    "problem_return_form_nameless": Text(
        "第{row}行起是一家机构的综合情况表，但没有机构名称。请加一行{names}之一，在旁边填写名称",
        "From row {row} this is the form of one institution and does not name it. Add a row with one of {names}",
    ),
    "problem_return_bad_cell": Text(
        "第{row}行“{column}”填的是“{value}”：{zh}", "Row {row}, {column}, holds '{value}': {en}"
    ),
    "problem_return_named_twice": Text(
        "第{row}行的{name}在前面的行中已经出现，请只保留一行",
        "Row {row}: {name} stands in a row above; leave one of the two",
    ),
    "problem_return_of_nobody": Text(
        "表中没有您可以导入的机构，没有保存",
        "The return speaks of nobody that you can import for; nothing was kept",
    ),
    "problem_return_stale": Text(
        "名单已变动，没有保存，请重新上传预览", "The list has changed; nothing was kept. Upload it again"
    ),
    # ---- the round
    "problem_nobody_to_remind": Text(
        "没有需要提醒的机构，请重新打开名单", "Nobody is left to be reminded; open the list again"
    ),
    "problem_too_many_at_once": Text(
        "一次最多{most}家，现选{n}家，请分批办理",
        "At most {most} at once; these are {n}. Choose a part of them",
    ),
    "problem_round_there": Text(
        "{year}年度评价已经启动，请在年度评价页打开", "The round of {year} is there already; open it"
    ),
    "problem_obliged_left_out": Text(
        "以下机构按往年结果应参加{year}年度评价，请列入：{names}",
        "Earlier rounds oblige these to take part in {year}; list them: {names}",
    ),
    "problem_scheme_changed": Text(
        "评价方案 {scheme} 的文件与启动时不一致，请系统管理员恢复原文件：使用中的方案不得改动",
        "The file of the scheme {scheme} is not the one that the round began with; have it restored",
    ),
    "problem_stage_moved": Text(
        "本轮评价已进入“{stage}”环节，请重新打开核对",
        "The round is at {stage} already; open it again and look",
    ),
    "problem_stage_by_document": Text(
        "“{stage}”环节以印发文件结束，请办理该文件", "The stage {stage} ends with its document; issue that"
    ),
    "problem_stage_undone": Text(
        "还有{n}项未完成，办完后再进入下一环节", "{n} things are still to be done before the next stage"
    ),
    # ---- the register
    "problem_old_name_gone": Text(
        "名册现在不载名称“{name}”，请由机构重新申请",
        "“{name}” is not borne now; the change has to be asked for anew",
    ),
    "problem_name_there": Text("名册已载名称“{name}”，不必变更", "“{name}” is borne already"),
    "problem_old_operator_gone": Text(
        "名册现在不载运营机构“{name}”，请由机构重新申请",
        "“{name}” does not run it now; the change has to be asked for anew",
    ),
    "problem_operator_there": Text("名册已载运营机构“{name}”，不必变更", "“{name}” runs it already"),
}
