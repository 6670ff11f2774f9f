"""Texts that every signed-in page has."""

from collections.abc import Mapping

from hatchmark.web.texts import Text

TEXTS: Mapping[str, Text] = {
    "sign_in": Text("登录", "Sign in"),
    "sign_out": Text("退出登录", "Sign out"),
    "own_account": Text("账号与安全", "Account and security"),
    "own_second_factor": Text("双因素认证", "Second factor"),
    "own_password": Text("修改密码", "Password"),
    "work_pages": Text("工作页面", "Pages of your work"),
    "work_todo": Text("待办", "To do"),
    "large_type_on": Text("关怀版（大字）", "Large type"),
    "large_type_off": Text("标准字号", "Normal type"),
    "demo_clock": Text("演示环境，时间为 {moment}", "Demonstration; its time is {moment}"),
    "role_institution": Text("参评机构", "Institution"),
    "role_channel": Text("主管部门审核员", "Channel officer"),
    "role_department": Text("科技厅经办人", "Department officer"),
    "role_expert": Text("评审专家", "Expert"),
    "role_inspector": Text("检查员", "Inspector"),
    "role_integrity": Text("科研诚信专员", "Integrity officer"),
    "role_public": Text("公众", "Public"),
    "role_system_admin": Text("系统管理员", "System administrator"),
    "role_security_admin": Text("安全管理员", "Security administrator"),
    "role_audit_admin": Text("审计管理员", "Audit administrator"),
    "todo_title": Text("待办事项", "To do"),
    "todo_owed": Text("需要您办理", "Waiting for you"),
    "todo_waiting": Text("在办，等待他人", "Waiting for others"),
    "todo_due": Text("截止 {moment}", "Due {moment}"),
    "todo_empty_evaluation": Text(
        "目前没有需要您办理的事项。有新的年度评价启动，或有材料退回、待审时，会列在这里。",
        "Nothing is waiting for you. Once a round is called, or papers are returned or wait, it stands here.",
    ),
    "todo_empty_administration": Text(
        "目前没有需要您办理的事项。需要第二人确认的操作、发送失败的邮件会列在这里。",
        "Nothing is waiting for you. Acts that need a second person, and mail that failed, stand here.",
    ),
    "task_go": Text("去办理", "Go"),
    "task_look": Text("查看", "Look"),
    "left_days": Text("还剩{n}天", "{n} days left"),
    "left_hours": Text("还剩{n}小时", "{n} hours left"),
    "left_minutes": Text("还剩{n}分钟", "{n} minutes left"),
    "left_moments": Text("不足两分钟", "Less than two minutes"),
    "left_none": Text("已过截止时间", "Overdue"),
    "stage_call": Text("启动", "call"),
    "stage_submission": Text("材料申报", "submission"),
    "stage_preliminary_review": Text("初审", "preliminary review"),
    "stage_expert_review": Text("专家评审", "expert review"),
    "stage_spot_check": Text("现场抽查", "spot checks"),
    "stage_integrity_review": Text("科研诚信审查", "integrity review"),
    "stage_determination": Text("综合评定", "determination"),
    "stage_public_notice": Text("公示", "public notice"),
    "stage_published": Text("公布", "published"),
    "stage_follow_up": Text("后续管理", "follow-up"),
    "task_nothing_mine": Text("填报{year}年度申报材料：{name}", "Fill in the submission of {year}: {name}"),
    "task_draft_mine": Text(
        "草稿未提交，继续填报{year}年度申报材料：{name}", "Finish and hand in your draft of {year}: {name}"
    ),
    "task_returned_mine": Text(
        "材料被退回，补正{year}年度申报材料：{name}", "Correct what was returned, {year}: {name}"
    ),
    "task_nothing_seen": Text("{year}年度：{name}，尚未申报", "{year}: {name}, nothing handed in"),
    "task_draft_seen": Text("{year}年度：{name}，草稿未提交", "{year}: {name}, draft not handed in"),
    "task_submitted_seen": Text(
        "{year}年度：{name}，已提交，等待初审", "{year}: {name}, handed in, waiting for review"
    ),
    "task_returned_seen": Text("{year}年度：{name}，已退回补正", "{year}: {name}, returned for correction"),
    "task_approved_seen": Text("{year}年度：{name}，初审已通过", "{year}: {name}, approved"),
    "task_refused_seen": Text("{year}年度：{name}，初审未通过", "{year}: {name}, refused"),
    "task_deferred_seen": Text("{year}年度：{name}，已同意暂缓", "{year}: {name}, deferred"),
    "task_absent_seen": Text("{year}年度：{name}，未参加", "{year}: {name}, did not take part"),
    "task_review": Text("{year}年度：{n}家机构的材料待初审", "{year}: {n} submissions to review"),
    "task_review_later": Text(
        "{year}年度：{n}家机构已提交，申报截止后开始初审",
        "{year}: {n} handed in; the review begins when submission has closed",
    ),
    "task_explain_absences": Text(
        "{year}年度：{n}家机构未提交，请说明原因", "{year}: {n} handed in nothing; say why"
    ),
    "task_explain_late_flags": Text(
        "{year}年度：{n}家已通过的机构出现新疑点，待说明",
        "{year}: new flags on {n} approved submissions to explain",
    ),
    "task_nothing_to_review": Text("{year}年度：没有待审材料", "{year}: nothing to review"),
    "task_round_waits": Text(
        "{year}年度评价：{stage}，还有{n}项未完成", "Round {year}: {stage}, {n} things to be done by others"
    ),
    "task_round_ready": Text(
        "{year}年度评价：{stage}，可以进入下一环节", "Round {year}: {stage}, can move on"
    ),
    "task_rule_requests": Text("{n}件申请待答复", "{n} requests wait for a ruling"),
    "task_confirm_act": Text(
        "{by}提出的操作等待第二人确认", "An act proposed by {by} waits for a second person"
    ),
    "task_confirm_administrator": Text(
        "{by}提名的管理员等待第二人确认", "An administrator proposed by {by} waits for a second person"
    ),
    "task_mail_failed": Text("{n}封邮件发送失败", "{n} mails failed"),
}
