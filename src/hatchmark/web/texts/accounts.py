"""Texts of signing in and of accounts."""

from collections.abc import Mapping

from hatchmark.web.texts import Text

TEXTS: Mapping[str, Text] = {
    "login_name": Text("用户名或邮箱", "Username or e-mail"),
    "login_password": Text("密码", "Password"),
    "login_passkey": Text("使用通行密钥登录", "Sign in with a passkey"),
    "login_identity": Text("统一身份认证登录（{name}）", "Sign in with the identity service ({name})"),
    "identity_title": Text("统一身份认证", "Identity service"),
    "identity_tied": Text(
        "本账号已绑定以下身份，可用其登录：", "These identities are tied to this account and sign in to it:"
    ),
    "identity_none": Text(
        "本账号尚未绑定统一身份认证。绑定后，可不输入本系统密码直接登录。",
        "No identity is tied to this account. Once one is, it signs in without the password of this system.",
    ),
    "identity_tie": Text("绑定 {name} 的身份", "Tie an identity of {name}"),
    "identity_untie": Text("解除绑定", "Untie"),
    "identity_unknown_title": Text("该身份尚未绑定账号", "This identity is tied to no account"),
    "identity_unknown": Text(
        "统一身份认证已经通过，但该身份没有绑定本系统的账号，所以没有登录。请先用用户名和密码登录，再在“统一身份认证”页绑定；"
        "还没有账号的，请联系安全管理员发出邀请。",
        "The identity service knows you, but this identity is tied to no account here, so nobody was signed in. Sign "
        "in with username and password and tie it on the page “Identity service”; without an account, ask the security "
        "administrator for an invitation.",
    ),
    "identity_failed_title": Text("统一身份认证没有完成", "The identity service did not answer as it should"),
    "identity_failed": Text(
        "没有登录，也没有改动任何内容。请稍后重试，或用用户名和密码登录；一直不行的，请告知系统管理员。",
        "Nobody was signed in and nothing was changed. Try again later, or sign in with username and password; if it "
        "goes on, tell the system administrator.",
    ),
    "identity_cancelled_title": Text("已取消统一身份认证", "Signing in was cancelled"),
    "identity_cancelled": Text(
        "您在统一身份认证处取消了登录，没有改动任何内容。",
        "You stopped at the identity service; nothing was changed.",
    ),
    "identity_back": Text("返回登录页", "Back to the sign-in page"),
    "login_forgotten": Text("忘记密码", "Forgotten password"),
    "login_invited": Text(
        "账号由安全管理员发出邀请后开通，不能自行注册。收到邀请的，请打开邀请中的链接。",
        "Accounts are opened by an invitation of the security administrator; nobody can sign up. If you were invited, "
        "open the link in the invitation.",
    ),
    "demo_clock_set": Text("调整演示时间", "Set the time of the demo"),
    "demo_clock_title": Text("演示时间", "The time of the demo"),
    "demo_clock_hint": Text(
        "演示数据在{now}。拨到另一时刻，可以看到截止前后有什么不同；不改变任何材料。",
        "The demonstration is at {now}. Set it to another moment to see what differs before and after a deadline; "
        "it changes no papers.",
    ),
    "demo_clock_moment": Text("日期和时间", "Date and time"),
    "demo_clock_go": Text("拨到这一时刻", "Set"),
    "demo_clock_wrong": Text("请按 2025-04-03T23:59 的格式填写。", "Write it like 2025-04-03T23:59."),
    "demo_clock_of_round": Text("本轮评价的关键时刻", "Moments of the round"),
    "moment_call_at": Text("启动通知", "Call"),
    "moment_submission_closes_at": Text("申报截止", "Submission closes"),
    "moment_preliminary_review_closes_at": Text("初审截止", "Preliminary review closes"),
    "moment_expert_review_closes_at": Text("专家评审截止", "Expert review closes"),
    "moment_spot_check_closes_at": Text("现场抽查截止", "Spot checks close"),
    "moment_integrity_review_closes_at": Text("诚信审查截止", "Integrity review closes"),
    "moment_determined_at": Text("综合评定", "Determination"),
    "moment_public_notice_at": Text("公示", "Public notice"),
    "moment_published_at": Text("公布", "Publication"),
    "moment_follow_up_closes_at": Text("后续管理截止", "Follow-up closes"),
    "locked_out_title": Text("登录已暂停", "Signing in is paused"),
    "locked_out_text": Text(
        "连续多次登录失败，为保护账号已暂停登录30分钟。请稍后再试，或联系安全管理员。",
        "Too many attempts failed. To protect the account, signing in is paused for 30 minutes. Try again later, or "
        "ask the security administrator.",
    ),
    "too_many_title": Text("请求过于频繁", "Too many requests"),
    "too_many_text": Text(
        "短时间内的请求过多，刚才的操作没有执行。请等待一分钟后重试；多人共用同一网络出口时也会出现，与账号无关。",
        "Too many requests came within a short time; nothing was done. Wait a minute and try again. It can also happen "
        "where many people share one way out of their network, and has nothing to do with the account.",
    ),
    "refused_form_title": Text("页面已过期", "This page is out of date"),
    "refused_form_text": Text(
        "登录可能已超时，刚才的操作没有执行。请返回上一页，重新登录后再提交。",
        "You may have been signed out; nothing was done. Go back, sign in again and send the form once more.",
    ),
    "demo_accounts": Text("演示账号", "Accounts of the demo"),
    "demo_accounts_hint": Text(
        "以下账号只在演示数据库中存在，密码均为 {password}。",
        "These exist in the demo alone; the password of each is {password}.",
    ),
    "demo_accounts_more": Text("另有{n}个", "{n} more"),
}
