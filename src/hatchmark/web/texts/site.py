"""Texts of the public site."""

from collections.abc import Mapping

from hatchmark.web.texts import Text

TEXTS: Mapping[str, Text] = {
    # Frame
    "site": Text("孵衡", "Hatchmark"),
    "brand": Text("孵衡", "Hatchmark"),
    "site_long": Text(
        "科技企业孵化器、众创空间绩效评价结果公开",
        "Published evaluations of technology incubators and makerspaces",
    ),
    "skip": Text("跳到正文", "Skip to content"),
    "other_language": Text("English", "中文"),
    "footer": Text(
        "孵衡（Hatchmark）是开放源代码软件，页面由公布的决定直接生成；下载文件与页面同出一源。",
        "Hatchmark is open-source software. Pages and files are both generated from the published decisions.",
    ),
    "home": Text("首页", "Home"),
    "crumbs": Text("当前位置", "You are here"),
    "on_this_page": Text("本页内容", "On this page"),
    "digest": Text("结果数据摘要（SHA-256）", "Digest of the results (SHA-256)"),
    # Marks
    "mark_past": Text(
        "据公开结果重新编排，非原文，不具公文效力",
        "Rearranged from published results; not the original, without official force.",
    ),
    "mark_past_text": Text(
        "过程材料未公开，本站不推测；各环节时间仅知为：{happened}。",
        "The papers of the procedure were never published; nothing is inferred here. Its dates: {happened}.",
    ),
    "mark_fictional": Text("演示数据，非真实", "Demonstration data, not real"),
    "mark_fictional_text": Text(
        "机构、主管部门、人员、数据和结果均为虚构。",
        "Institutions, authorities, people, figures and results are all made up.",
    ),
    "mark_reconstruction": Text("评分办法为重构", "The scoring scheme is a reconstruction"),
    "mark_reconstruction_text": Text(
        "分值、公式和分数线未公布，由本项目拟定，不得作为主管部门的规定引用。",
        "The authority never published weights, formulas and cuts. They were put together for this project and "
        "must not be quoted as its rules. What is documented and what is not, in Chinese:",
    ),
    # First page
    "home_title": Text("绩效评价结果查询", "Evaluation results"),
    "home_lead": Text(
        "在这里查询科技企业孵化器、众创空间年度绩效评价的结果：每家机构得了什么等次、依据什么、今后要做什么。",
        "Look up the yearly evaluation of technology business incubators and makerspaces: which grade an "
        "institution received, what it rests on, and what follows from it.",
    ),
    "search": Text("查询", "Search"),
    "search_label": Text("机构名称或运营机构", "Institution or operator"),
    "search_hint": Text("名称、别称或运营机构", "Name, alias or operator (in Chinese)"),
    "found_title": Text("“{query}”的查询结果：{n}条", "Results for “{query}”: {n}"),
    "found_none": Text(
        "没有名称、别称或运营机构含“{query}”的机构。可少写几个字再查，例如只写字号。",
        "No institution has “{query}” in its name, alias or operator. Try fewer characters.",
    ),
    "more_rows": Text("还有{n}条，到该年度页面查看", "{n} more on the page of that year"),
    "rounds": Text("年度评价", "Rounds"),
    "no_rounds": Text(
        "还没有公布任何年度的结果。公布后会列在这里。",
        "No round has been published yet. It will be listed here.",
    ),
    "to_results": Text("查看结果", "Results"),
    "to_notice": Text("结果通知", "Notice"),
    "home_check": Text("手里有一份结果通知？", "A result notice in hand?"),
    "home_check_text": Text(
        "核对它的正文与附件名单是否对得上，任何部门的都可以，不留存。",
        "See whether its text agrees with its own lists. Any authority's will do; nothing is kept.",
    ),
    "about": Text("如何保证可信", "Why these results can be checked"),
    "promise_count": Text("数字对得上", "Numbers that agree"),
    "promise_count_text": Text(
        "通知中的每个数字都由名单逐行数出：每一行只计一次，计入本行所印的结果。",
        "Every number in a notice is counted from the list: each row once, in the class that its own cell prints.",
    ),
    "promise_working": Text("等次说得清", "Grades that are explained"),
    "promise_working_text": Text(
        "凡公开得分的年度，机构页面列出每项得分的数据、公式和条款，逐项相加即为总分。",
        "Where scores are public, an institution's page shows figure, formula and clause of each; they add up.",
    ),
    "promise_data": Text("数据可复核", "Data to check"),
    "promise_data_text": Text(
        "结果可下载为表格和数据文件，文件带有摘要，任何人都可以重新计算。",
        "Results can be downloaded as tables and data with a digest, so that anyone can recompute them.",
    ),
    # A round
    "year_of": Text("{year}年度", "{year}"),
    "round_title": Text("{year}年度{kinds}绩效评价结果", "{year} evaluation results: {kinds}"),
    "kinds_joint": Text("和", " and "),
    "published_on": Text("{day}公布", "published {day}"),
    "list": Text("结果名单", "List of results"),
    "counts": Text("结果统计", "Counts"),
    "places": Text("地区分布", "Places"),
    "files": Text("文件下载", "Downloads"),
    "kind": Text("类别", "Kind"),
    "result": Text("结果", "Result"),
    "all": Text("全部", "All"),
    "filter": Text("筛选", "Filter"),
    "clear": Text("清除条件", "Clear"),
    "n_rows": Text("{n}家", "{n}"),
    "summary_all": Text("共{total}家。", "{total} in all."),
    "summary_some": Text("符合条件的{n}家，共{total}家。", "{n} of {total} match."),
    "csv_of_these": Text("下载这些行（CSV）", "Download these rows (CSV)"),
    "empty_list": Text("没有符合条件的机构。", "No institution matches."),
    "show_all": Text("显示全部", "Show all"),
    "unknown_value": Text(
        "筛选条件“{field}”没有“{value}”这个值。", "The filter “{field}” has no value “{value}”."
    ),
    "too_long": Text("查询词过长，只用了前{n}个字。", "The search was cut to its first {n} characters."),
    "region_filter": Text("仅列出：{place}。", "Only: {place}."),
    "serial": Text("序号", "No."),
    "operators": Text("运营机构", "Operator"),
    "name_column": Text("{column}", "Institution"),
    "mixed_name": Text("机构名称", "Institution"),
    "channel_column": Text("{column}", "Supervised by"),
    "channel_filter": Text("{word}", "Supervised by"),
    "result_column": Text("{word}结果", "Result"),
    "score": Text("得分", "Score"),
    "see_source": Text("查看", "see it"),
    "pages": Text("分页", "Pages"),
    "previous": Text("上一页", "Previous"),
    "next": Text("下一页", "Next"),
    "page_of": Text("第{n}页，共{of}页", "Page {n} of {of}"),
    # Pictures
    "legend": Text("图例", "Legend"),
    "as_table": Text("以表格显示", "Show as a table"),
    "number": Text("家数", "Number"),
    "sum": Text("合计", "Total"),
    "place": Text("地区", "Place"),
    "finding_one": Text(
        "{kind}{total}家，最多的是{result}（{n}家）", "{kind}: {total}, the largest group {result} ({n})"
    ),
    "finding_tied": Text(
        "{kind}{total}家，{result}并列最多（各{n}家）",
        "{kind}: {total}, the largest groups {result} ({n} each)",
    ),
    "finding_joint": Text("；", "; "),
    "results_joint": Text("、", " and "),
    "finding_none": Text("没有可统计的行", "Nothing to count"),
    "places_one": Text(
        "{place}最多，{n}家；{used}个盟市有参评机构",
        "{place} has the most, {n}; institutions from {used} leagues and cities",
    ),
    "places_tied": Text(
        "{place}并列最多，各{n}家；{used}个盟市有参评机构",
        "{place} have the most, {n} each; institutions from {used} leagues and cities",
    ),
    "places_empty": Text("各盟市均无参评机构", "No league or city has an institution in this list"),
    "places_note": Text(
        "方格按大致方位排列，不是地图；点击方格筛选名单。各格之和等于名单总数。",
        "Tiles stand roughly where the places lie; this is no map. A tile filters the list; all add up to it.",
    ),
    "place_by_itself": Text(
        "{place}在名单中单列，此处计入{parent}。",
        "{place} stands by itself in the list and is counted under {parent} here.",
    ),
    "places_caption": Text("各盟市参评机构家数", "Institutions by league and city"),
    "elsewhere_short": Text("非盟市主管", "Other"),
    "bar_part": Text("{result}{n}家", "{result} {n}"),
    # Results
    "excellent": Text("优秀", "Excellent"),
    "good": Text("良好", "Good"),
    "qualified": Text("合格", "Qualified"),
    "unqualified": Text("不合格", "Unqualified"),
    "pilot_cancelled": Text("{unqualified}，{cancel}试点培育资格", "Unqualified, pilot status cancelled"),
    "disqualified": Text("{cancel}资格", "Qualification cancelled"),
    "carried": Text("以其他类别的结果为准", "Judged by another entry's result"),
    "deferred": Text("以后年度参加评价", "Deferred to a later year"),
    "absent": Text("未参加评价", "Did not take part"),
    # Kinds
    "kind_incubator": Text("科技企业孵化器", "Incubators"),
    "kind_makerspace": Text("众创空间", "Makerspaces"),
    # An institution
    "facts": Text("基本信息", "Facts"),
    "aliases": Text("别称", "Also called"),
    "earlier_names": Text("曾用名", "Earlier names"),
    "authority": Text("组织单位", "Evaluated by"),
    "region": Text("所在盟市", "League or city"),
    "region_unknown": Text("名单未载明", "not stated in the list"),
    "qualifications": Text("资格", "Qualifications"),
    "register_notes": Text("登记备注", "Notes of the register"),
    "source_of": Text("来源：{source}", "Source: {source}"),
    "from_to": Text("{since}至{until}", "{since} to {until}"),
    "from": Text("{since}起", "since {since}"),
    "to": Text("至{until}", "until {until}"),
    "date_1": Text("{year}年", "{year}"),
    "date_2": Text("{year}年{month}月", "{month_name} {year}"),
    "bound_or_later": Text("{year}年或以后", "{year} or later"),
    "facts_joint": Text("，", ", "),
    "status_recognised": Text("已认定", "recognised"),
    "status_pilot": Text("试点培育", "pilot"),
    "level_regional": Text("自治区级", "regional"),
    "level_national": Text("国家级", "national"),
    "sub_type_comprehensive": Text("综合型", "comprehensive"),
    "sub_type_professional": Text("专业型", "specialised"),
    "ended_disqualified": Text("已{cancel}资格", "Qualification cancelled"),
    "ended_pilot_cancelled": Text("已{cancel}试点培育资格", "Pilot status cancelled"),
    "ended_on": Text("（{day}）", " ({day})"),
    "ended_bound": Text("（时间未公布，{bound}）", " (day not published; {bound})"),
    "system_management": Text("管理体系", "Management"),
    "system_evaluation": Text("绩效评价体系", "Evaluation"),
    "system_statistics": Text("统计调查对象", "Statistics"),
    "switch_on": Text("在列", "listed"),
    "last_year_of": Text("上年{figure}", "{figure}, last year"),
    "with_bonus": Text(
        "（加分最多 {bonus}，总分最高 {highest}）", "(bonus {bonus} at most, total {highest} at most)"
    ),
    "switch_not_stated": Text("未载明", "not stated"),
    "switch_due": Text("尚无退出记录", "no record of leaving"),
    "switch_off": Text("已退出", "left"),
    "history": Text("历年结果", "Results by year"),
    "year": Text("年度", "Year"),
    "serial_of": Text("第{n}号", "No. {n}"),
    "named_then": Text("当时名称：{name}", "Then called {name}"),
    "duties": Text("后续义务", "What follows"),
    "no_duties": Text("无", "none"),
    "duty_rectify": Text("加强整改", "Rectify"),
    "duty_take_part_again": Text("{year}年参加{kind}评价", "Take part again in {year} ({kind})"),
    "duty_deregister": Text(
        "办理注销手续，退出管理体系、绩效评价体系和统计调查对象",
        "Deregister: leave management, evaluation and statistics",
    ),
    "duty_done": Text("已完成", "done"),
    # The working of a score
    "workings": Text("得分是怎样算出来的", "How the score came about"),
    "working_of": Text("{year}年度{kind}评分过程", "Working of {year}: {kind}"),
    "scored_anew": Text("本次得分为重新计算。{cause}", "Scored anew. {cause}"),
    "scheme_used": Text("评分办法", "Scheme"),
    "total": Text("总分", "Total"),
    "item": Text("指标", "Item"),
    "points_column": Text("得分", "Points"),
    "full_marks": Text("满分", "Out of"),
    "figures_used": Text("数据", "Figures"),
    "formula": Text("计算", "Calculation"),
    "expert_scores": Text("专家评分", "Expert scores"),
    "clause": Text("依据", "Clause"),
    "grade_rule": Text("等次", "Grade"),
    "unscored": Text("未计分", "not scored"),
    "no_total": Text("未能得出总分", "There is no total."),
    "no_grade": Text("暂无等次", "no grade"),
    "grade_reached": Text("{grade}：达到{at_least}分", "{grade}: the total reaches its cut of {at_least}."),
    "grade_given": Text("{grade}", "{grade}, by rule and not by the total."),
    "part_quantitative": Text("定量评价", "Quantitative"),
    "part_qualitative": Text("定性评价", "Qualitative"),
    "part_deduction": Text("扣分项", "Deduction"),
    "part_bonus": Text("加分项", "Bonus"),
    "cap_bonus_cap": Text("加分超限扣减", "Above the cap of the bonus"),
    "cap_total_floor": Text("总分不低于零补足", "Made up to zero"),
    "cap_of_group": Text("{group}超限调整", "Cap of {group}"),
    "cap_total_cap": Text("总分超限扣减", "Above the cap of the total"),
    "figure_absent": Text("未填报", "not reported"),
    "figure_not_applicable": Text("不适用", "not applicable"),
    "figure_refused": Text("拒报", "refused"),
    "scores_joint": Text("、", ", "),
    "to_working": Text("逐项查看评分过程", "See the score item by item"),
    "see_working": Text("评分过程", "working"),
    "made_of": Text("总分是怎样得出的", "How this total was made"),
    "line_by_line": Text("逐项说明", "Item by item"),
    "evidence_title": Text("数据来源和佐证材料", "Sources and evidence"),
    "leaves_alone": Text(
        "{n}项得分相加为{sum}，即总分{total}。", "The {n} items add up to {sum}, which is the total."
    ),
    "leaves_changed": Text(
        "{n}项得分相加为{sum}，按上限调整{change}，总分{total}。",
        "The {n} items add up to {sum}; caps change that by {change}; the total is {total}.",
    ),
    "published_result": Text("公布的结果", "Published result"),
    "proposed_grade": Text("按方案应得等次", "Grade by the scheme"),
    "share_of_full": Text("得分占满分", "Share of full marks"),
    "rule_of_line": Text("计分办法", "How it is scored"),
    "rule_in_scheme": Text("在评价方案中查看", "In the scheme"),
    "back_to_table": Text("回到总表", "Back to the table"),
    "value": Text("数值", "Value"),
    "figure": Text("数据", "Figure"),
    "source": Text("来源", "Source"),
    "evidence": Text("佐证", "Evidence"),
    "source_not_stated": Text("方案未载明", "not stated in the scheme"),
    "corrected_by": Text("已更正：{source}", "corrected: {source}"),
    "evidence_submission": Text("申报材料第{n}版", "submission, version {n}"),
    "evidence_none": Text("未公布", "not published"),
    "evidence_text": Text(
        "评分所用数据取自下列经初审通过的申报材料。材料一经提交即冻结，内容改动一处，校验值就会不同。",
        "The figures of this score were taken from the submission below, as it was approved. It is frozen: "
        "whatever is "
        "changed in it changes its digest.",
    ),
    "evidence_handed_in": Text("提交时间", "Handed in"),
    "evidence_digest": Text("材料校验值（SHA-256）", "Digest of the submission (SHA-256)"),
    "evidence_files": Text("佐证材料文件", "Evidence files"),
    "evidence_files_text": Text("未公布", "not published"),
    "evidence_corrections": Text("更正", "Corrections"),
    "evidence_no_corrections": Text("没有更正", "none"),
    "expert_note": Text(
        "专家评分按分值列出，不公布专家姓名。", "Scores stand without the names of the experts."
    ),
    # Schemes
    "branch_results": Text("评价结果", "Results"),
    "branch_schemes": Text("评价方案", "Schemes"),
    "branches": Text("栏目", "Sections of the site"),
    "schemes_title": Text("评价方案", "Evaluation schemes"),
    "schemes_lead": Text(
        "每份方案写明考核哪些指标、每项怎样计分、多少分是什么等次、依据哪一条规定；可以查看，也可以下载。",
        "A scheme says what is measured, how each item is scored, which grade follows, and on which clause. "
        "Read them "
        "here, or download them.",
    ),
    "schemes_used": Text("已公布的年度评价使用的方案", "Used by published rounds"),
    "schemes_other": Text("其他方案", "Other schemes"),
    "scheme_use": Text("{year}年度{kind}", "{year}: {kind}"),
    "scheme_used_in": Text("使用本方案的评价", "Rounds that used it"),
    "scheme_not_used": Text("本站还没有公布使用本方案的评价。", "No round published here has used it."),
    "scheme_items": Text("{n}项指标", "{n} items"),
    "grades_joint": Text("、", ", "),
    "scheme_code": Text("方案代码", "Code"),
    "scheme_digest": Text("方案校验值（SHA-256）", "Digest of the scheme (SHA-256)"),
    "mark_official": Text("正式方案", "An official scheme"),
    "weights": Text("分值构成", "Weights"),
    "weights_text": Text(
        "上排为各组，下排为组内各项，宽度即分值；逐项分值见下表。",
        "Groups above, their items below, each as wide as its marks. The table further down has every number.",
    ),
    "weights_of": Text("{sub_type}的分值构成：{parts}", "Weights, {sub_type}: {parts}"),
    "weights_of_all": Text("分值构成：{parts}", "Weights: {parts}"),
    "file_scheme_toml": Text("方案文件", "The scheme as a file"),
    "file_scheme_toml_text": Text("文本，可用于重新计算", "text, for computing anew"),
    "file_scheme_xlsx": Text("方案工作簿", "The scheme as a workbook"),
    "file_scheme_xlsx_text": Text("电子表格，供审阅", "spreadsheet, for review"),
    "file_scheme_html": Text("方案网页", "The scheme as a page"),
    "file_scheme_html_text": Text("单个文件，可存档、打印", "one file, to keep and to print"),
    # What if
    "what_if_title": Text("方案试算", "What if"),
    "what_if_of": Text("方案试算：{kind}", "What if: {kind}"),
    "what_if_lead": Text(
        "改动评价方案中的分值、分数线或计分参数，看谁的等次会变。",
        "Change weights, cuts or numbers of formulas, and see whose grade would be another one.",
    ),
    "what_if_rests": Text(
        "只用本站已公布的{n}家的数据和专家评分计算，不改动任何结果，不保存任何内容。取消资格等由人作出的决定不参与试算。",
        "Computed from the published figures and expert scores of {n} institutions alone. Nothing is changed and "
        "nothing is stored. Decisions that people took, such as cancellations, are left out.",
    ),
    "what_if_left_out": Text(
        "另有{n}家没有按本方案评分，不在试算之内。",
        "{n} more were not scored by this scheme and are not in it.",
    ),
    "what_if_answer": Text("试算结果", "What would come out"),
    "what_if_some": Text("{n}家的等次会变", "Institutions whose grade would change: {n}"),
    "what_if_none": Text("没有一家的等次会变", "No grade would change"),
    "what_if_up_down": Text("上升{up}家，下降{down}家。", "Up: {up}, down: {down}."),
    "what_if_moved": Text("{n}家的总分有变化。", "Totals that would change: {n}."),
    "what_if_changes": Text("等次变化的单位", "Whose grade would change"),
    "what_if_only_total": Text("总分变化、等次不变的单位（{n}家）", "Another total, the same grade: {n}"),
    "what_if_counts": Text("各等次家数", "Institutions by grade"),
    "what_if_set": Text("试算的改动", "What was changed"),
    "what_if_follows": Text("随之调整", "follows"),
    "what_if_link": Text("转发本页地址，即可重现这次试算：", "This link shows the same again:"),
    "what_if_command": Text("命令行中的同一试算：", "The same at the command line:"),
    "what_if_form": Text("改动方案", "Change the scheme"),
    "what_if_form_hint": Text(
        "各栏先填有现值，改动要试的几处即可；分组和方案的满分随其中各项自动相加。",
        "Every field holds the present number. Change those you want to try; full marks of groups and of the whole "
        "are added up anew.",
    ),
    "what_if_cuts": Text("等次分数线", "Cuts of the grades"),
    "what_if_caps": Text("加分和总分上限", "Caps of bonus and total"),
    "what_if_run": Text("试算", "Compute"),
    "what_if_reset": Text("恢复现值", "Back to the present numbers"),
    "what_if_hidden": Text(
        "这一年度的填报数据没有公布。试算的结果会透露数据，因此只对数据已公布的年度开放。",
        "The figures of this round are not published. An answer would tell of them, so that this page is "
        "open only for "
        "rounds whose figures are public.",
    ),
    "what_if_not_reproduced": Text(
        "仅凭已公布的数据不能重新得出已公布的得分，试算没有可靠的起点。",
        "The published figures alone do not give the published scores, so that there is nothing to compare with.",
    ),
    "what_if_too_many_entries": Text(
        "这一类别有{n}家，超出网页试算的范围。请下载数据，用命令 hatchmark whatif 试算。",
        "There are {n} institutions, more than a page works through. Download the data and use hatchmark whatif.",
    ),
    "what_if_back": Text("回到{year}年度结果", "Back to the results of {year}"),
    "what_if_before": Text("现在", "Now"),
    "what_if_after": Text("改后", "Then"),
    "what_if_difference": Text("增减", "Change"),
    "what_if_old_total": Text("现总分", "Total now"),
    "what_if_new_total": Text("改后总分", "Total then"),
    "what_if_old_grade": Text("现等次", "Grade now"),
    "what_if_new_grade": Text("改后等次", "Grade then"),
    "what_if_present": Text("现值 {value}", "now {value}"),
    "what_if_number": Text("改动项", "Number"),
    "number_at_least": Text("分数线", "from"),
    "number_top_share": Text("位次比例（0.2即前20%）", "share of ranks (0.2 is the first 20%)"),
    "number_full_marks": Text("满分", "full marks"),
    "number_cap": Text("最多计分", "most that counts"),
    "number_bonus_cap": Text("加分上限", "Cap of the bonus"),
    "number_total_cap": Text("总分上限", "Cap of the total"),
    "number_scheme_full_marks": Text("方案满分", "Full marks of the scheme"),
    "number_scheme_total_cap": Text("总分上限", "Cap of the total"),
    "number_from": Text("起点", "starts at"),
    "number_to": Text("满分线", "full at"),
    "number_full_at": Text("满分线（比率写小数，0.75即75%）", "full at (shares as decimals: 0.75 is 75%)"),
    "number_per": Text("换算倍数", "factor"),
    "number_points_each": Text("每一单位得分", "points for each"),
    "number_amount": Text("每多少计一次", "amount that counts once"),
    "number_base": Text("达到起点得分", "points at the start"),
    "number_step": Text("每加多少计一次", "step that counts once"),
    "number_step_at_least": Text("第{n}档起点", "step {n} from"),
    "number_step_points": Text("第{n}档得分", "step {n}, points"),
    "number_step_within": Text("第{n}档位次比例", "step {n}, share of ranks"),
    "number_step_value": Text("第{n}档数值", "step {n}, number"),
    "faults_title": Text("有{n}处需要改正，改正后再试算", "To put right before this can be computed: {n}"),
    "fault_number": Text(
        "请写一个数，例如 85 或 0.75（现值 {present}）。",
        "Write a number, for example 85 or 0.75 (now {present}).",
    ),
    "fault_negative": Text("不能小于零。", "It cannot be below zero."),
    "fault_places": Text("分值最多两位小数。", "Points have at most two decimal places."),
    "fault_zero": Text(
        "满分不能为零；不考核这一项，须另拟方案。",
        "Full marks cannot be zero; a scheme without this item is another scheme.",
    ),
    "fault_experts": Text(
        "已有专家给出 {highest} 分，满分不能低于它。",
        "An expert gave {highest}; the full marks cannot be below that.",
    ),
    "fault_cuts": Text(
        "分数线须由高到低：较高等次 {better}，较低等次 {worse}。",
        "Cuts must fall from grade to grade, but the better one is {better} and the next {worse}.",
    ),
    "fault_steps": Text(
        "各档须由低到高，但前一档 {lower}，后一档 {upper}。",
        "Steps must rise, but one is {lower} and the next {upper}.",
    ),
    "fault_scheme": Text("这样改动后，方案自相矛盾，不能计算。", "With this the scheme contradicts itself."),
    "fault_detail": Text("检查程序的说明：{detail}", "The check says: {detail}"),
    "fault_unknown": Text(
        "地址中的“{name}”不是本方案可以改动的数值，已略去。",
        "The address sets “{name}”, which is no number of this scheme that can be changed; it was left out.",
    ),
    "fault_too_many": Text(
        "一次改动了{n}处，{entries}家最多一次试算{most}处。请减少改动，或用命令 hatchmark whatif。",
        "{n} changes at once; for {entries} institutions at most {most} are computed here. Change fewer, or use "
        "hatchmark whatif.",
    ),
    # A notice
    "notice_title": Text("结果通知", "Result notice"),
    "notice_hint": Text(
        "通知中带下划点线的数字可以点开，查看它所计的各行。",
        "The notice is a Chinese document and stands here as it is. A dotted number leads to the rows it counts.",
    ),
    # Versions of a notice that was corrected
    "versions": Text("各版本和更正通知", "Versions and corrections"),
    "version_title": Text("结果通知第{n}版", "Result notice, version {n}"),
    "version_superseded": Text(
        "本版已被取代，保留备查。", "This version is superseded and kept for the record."
    ),
    "version_why": Text("看更正了什么", "What was corrected"),
    "correction_title_of": Text(
        "更正通知（第{by}版取代第{n}版）", "Correction (version {by} takes the place of version {n})"
    ),
    # Certificates
    "branch_certificates": Text("查验证明", "Certificates"),
    "certificate_title": Text("查验结果证明", "Check a certificate"),
    "certificate_hint": Text(
        "结果证明左下方印有查验码，共25位，字母不分大小写，横线可以不写。",
        "The code stands at the lower left of the certificate: 25 signs, in capitals or not, with hyphens or "
        "without.",
    ),
    "certificate_code": Text("查验码", "Code"),
    "certificate_ask": Text("查验", "Check"),
    "certificate_unknown": Text(
        "没有这个查验码的证明。请对照证明再输一遍；仍查不到的，这份证明不是本站所载机关出具的。",
        "There is no certificate with this code. Compare it with the paper and type it again; if there is "
        "still none, "
        "the paper was not issued by an authority on this site.",
    ),
    "certificate_valid": Text("证明有效", "This certificate holds"),
    "certificate_valid_text": Text(
        "所证明的内容与现行结果通知第{version}版一致。",
        "What it attests is what version {version} of the result notice says, which stands now.",
    ),
    "certificate_superseded": Text("证明已被取代", "This certificate is superseded"),
    "certificate_superseded_text": Text(
        "{since}更正了所证明的结果，请以{year}年度结果通知第{version}版为准。",
        "The result was corrected on {since}; version {version} of the result notice of {year} stands now.",
    ),
    "certificate_withdrawn": Text("证明已撤回", "This certificate is withdrawn"),
    "certificate_withdrawn_text": Text("自{since}起不再有效。", "It holds no longer since {since}."),
    "certificate_reason": Text("理由：", "Reason:"),
    "certificate_attests": Text("所证明的内容", "What it attests"),
    "certificate_institution": Text("机构", "Institution"),
    "certificate_grade": Text("等次", "Grade"),
    "certificate_issued": Text("出具日期", "Issued on"),
    "certificate_version": Text("依据的结果通知版本", "Version of the notice it rests on"),
    "certificate_digest": Text("所依据决定的校验值（SHA-256）", "Digest of the decision (SHA-256)"),
    # Checking a notice
    "branch_check": Text("核对通知", "Check a notice"),
    "check_title": Text("核对一份结果通知", "Check a result notice"),
    "check_lead": Text(
        "放上一份已公布的评价、考核结果通知，看正文中的家数与附件名单是否对得上：哪一句、哪一行、差在哪里。任何部门的通知都可以。",
        "Give a published notice of evaluation results, of any authority, and see whether the numbers in its "
        "text agree "
        "with its own lists: which clause, which row, and by how much.",
    ),
    "check_file": Text("选择通知文件，或把文件拖到这里", "Choose the file of the notice, or drop it here"),
    "check_formats": Text(
        "可用{endings}，不超过{most} MB（文本和网页不超过10 MB）。正文和附件名单请放在同一个文件里。",
        "{endings}, up to {most} MB (texts and web pages up to 10 MB). Text and lists have to be in one file.",
    ),
    "check_endings_joint": Text("、", ", "),
    "check_paste": Text("没有文件？粘贴文字", "No file? Paste its text"),
    "check_text": Text("通知全文，连同附件名单", "The whole notice with its lists"),
    "check_text_hint": Text(
        "从网页或文档中全选、复制，再粘贴到这里；表格粘贴后各列之间须有制表符或空格。",
        "Select all of a page or document, copy it, and paste it here. Columns of a table need tabs or "
        "spaces between.",
    ),
    "check_go": Text("核对", "Check"),
    "check_go_json": Text("只要核对数据（JSON）", "Only the data (JSON)"),
    "check_working": Text("正在核对，一般几秒钟……", "Checking; this takes some seconds…"),
    "check_fault": Text("没有核对成", "Not checked"),
    "check_what": Text("核对什么，留下什么", "What is checked, and what is kept"),
    "check_what_counts": Text("数与名单", "Numbers and lists"),
    "check_what_counts_text": Text(
        "正文中的每个家数都与名单逐行核对；同一家在正文中被数了两次的，也说得出是哪一家。",
        "Every count of the text is held against the rows of the lists. Where a row is counted twice, it says which.",
    ),
    "check_what_names": Text("名称", "Names"),
    "check_what_names_text": Text(
        "名称相近的两行可能是同一家：只提出来并说明理由，由人认定，从不自行合并。",
        "Two rows with names alike may be one institution. That is proposed with its reasons; people decide.",
    ),
    "check_what_kept": Text("什么都不留", "Nothing is kept"),
    "check_what_kept_text": Text(
        "文件只在内存中读，读完即弃：不存盘，不入库，内容不进日志，不用账号，不设 Cookie，也不打开文件里的链接和脚本。",
        "The file is read in memory and dropped: not on disk, in no database, nothing of it in a log; no account, no "
        "cookie. Links and "
        "scripts in it are not followed.",
    ),
    "check_nothing": Text(
        "请先选择文件，或粘贴通知的文字。", "Choose a file first, or paste the text of the notice."
    ),
    "check_both": Text(
        "文件和文字只能核对一样：请清空文字，或不选文件。文字仍在下面，没有丢失。",
        "One of both can be checked: clear the text, or choose no file. The text is still here.",
    ),
    "check_nameless": Text("未命名", "unnamed"),
    "check_pasted_name": Text("粘贴的文字", "pasted text"),
    "check_too_large": Text(
        "文件超过{most} MB，没有读取。请另存一份不带图片的，或只保留通知和名单。",
        "The file is larger than {most} MB and was not read. Save the notice without pictures, or the notice "
        "and its lists "
        "alone.",
    ),
    "check_text_too_long": Text(
        "粘贴的文字太长（最多{most_characters}字），没有核对。请存成文件再选择。",
        "The pasted text is too long (at most {most_characters} characters) and was not checked. Save it as a file.",
    ),
    "check_busy": Text(
        "此刻核对的人较多，请过十几秒再试。文件没有保存，需要重新选择。",
        "Others are having notices checked. Try again in some seconds; the file was not kept and has to be "
        "chosen again.",
    ),
    "check_too_often": Text(
        "这个网络地址核对得太频繁，请过{n}分钟再试。大批通知可用命令 hatchmark notice check 核对。",
        "Too many checks came from this network address. Try again in {n} min, or use the command hatchmark "
        "notice check.",
    ),
    "check_from_elsewhere": Text(
        "这次提交来自别的网站，没有读取。请在本页选择文件。",
        "This was sent from the page of another site and was not read. Choose the file here.",
    ),
    "unreadable_empty": Text(
        "“{file}”是空的。请选择通知的文件。", "{file} is empty. Give the file of the notice."
    ),
    "unreadable_no_file": Text("“{file}”不是可以读的文件。", "{file} is no file that can be read."),
    "unreadable_too_large": Text(
        "“{file}”太大，没有读取。请另存一份不带图片的，或只保留通知和名单。",
        "{file} is too large and was not read. Save the notice and its lists alone, without pictures.",
    ),
    "unreadable_too_much": Text(
        "“{file}”的页数、行数或字数远远超过一份通知，没有读完。请只保留通知和名单。",
        "{file} holds more pages, rows or text than a notice does. Keep the notice and its lists alone.",
    ),
    "unreadable_too_deep": Text(
        "“{file}”的内部结构层层嵌套，不像正常的文档。请打开后另存为 .docx 或 .txt。",
        "The parts of {file} lie too deep inside one another. Open it and save it as .docx or .txt.",
    ),
    "unreadable_too_slow": Text(
        "“{file}”在10秒内没有读完、核完，已经停止。请只保留通知和名单，或另存为 .docx、.txt。",
        "{file} could not be read and checked within 10 seconds and was given up. Keep the notice and its "
        "lists alone, or "
        "save it as .docx or .txt.",
    ),
    "unreadable_too_much_memory": Text(
        "“{file}”读起来需要的内存超过上限，已经停止。请只保留通知和名单。",
        "Reading {file} takes more memory than it may. Keep the notice and its lists alone.",
    ),
    "unreadable_bomb": Text(
        "“{file}”解压后大得不合常理，像是有意构造的，没有读取。",
        "{file} unpacks to more than any document, as files made to do harm do. It was not read.",
    ),
    "unreadable_harmful": Text(
        "“{file}”含有正常文档没有的声明，像是有意构造的，没有读取。请打开后另存。",
        "{file} declares what no ordinary document does, as attacks do. It was not read. Open it and save it anew.",
    ),
    "unreadable_damaged": Text(
        "“{file}”已损坏，读不出内容。请重新下载，或用 Word、WPS 打开后另存。",
        "{file} is damaged. Fetch it again, or open it in Word or WPS and save it anew.",
    ),
    "unreadable_password": Text(
        "“{file}”设有密码。请另存一份不带密码的。", "{file} has a password. Save it without one."
    ),
    "unreadable_scan": Text(
        "“{file}”是扫描件或读不出文字的版式文件。请用原来的电子文件，或先做文字识别（OCR）。",
        "{file} holds pictures of pages, or fonts that say no characters. Give the file it was made from, or "
        "run a text "
        "recognition (OCR) over it.",
    ),
    "unreadable_no_text": Text(
        "“{file}”里没有文字。请选择通知本身的文件。",
        "{file} holds no text. Give the file of the notice itself.",
    ),
    "unreadable_no_notice": Text(
        "“{file}”不是文档（例如是图片、压缩包或程序）。请选择通知的文件；在压缩包里的，先解压。",
        "{file} is no document, but a picture, an archive or a program, say. Give the file of the notice; "
        "unpack it first.",
    ),
    "unreadable_other_format": Text(
        "“{file}”的格式读不了（例如 RTF、OFD、ODT、MHT）。请打开后另存为 .docx 或 .pdf。",
        "{file} is in a format that is not read (RTF, OFD, ODT, MHT, say). Open it and save it as .docx or .pdf.",
    ),
    "unreadable_no_antiword": Text(
        "“{file}”是旧的 .doc 格式，本站读不了。请用 Word 或 WPS 打开后另存为 .docx。",
        "{file} is an old .doc, which this site cannot read. Open it in Word or WPS and save it as .docx.",
    ),
    "verdict_consistent": Text("文表一致", "Text and lists agree"),
    "verdict_consistent_meaning": Text(
        "正文中能核对的每个数，都与名单所列相符。",
        "Every number of the text that can be checked is what the lists show.",
    ),
    "verdict_explained": Text("有差异，可以解释", "Differences that can be explained"),
    "verdict_explained_meaning": Text(
        "照字面看，有的数与名单不符；弄清正文怎样计数之后能对上。下面说明是哪几处、怎样对上，正文本身没有说明。",
        "As worded, some numbers differ from the lists. They agree once it is seen how the text counts, "
        "which it does not "
        "say. Below: where, and how.",
    ),
    "verdict_contradictory": Text("自相矛盾", "It contradicts itself"),
    "verdict_contradictory_meaning": Text(
        "至少有一处，正文与名单（或正文前后）怎样计数都对不上。标为“错误”的各条说明在哪里、差多少。",
        "At least once, text and lists (or two places of the text) cannot be made to agree, however one "
        "counts. What is "
        "marked as an error says where, and by how much.",
    ),
    "verdict_not_checkable": Text("无从核对", "Nothing could be checked"),
    "verdict_not_checkable_meaning": Text(
        "没有找到可以与名单核对的家数。通知可能没有写明家数，名单可能在另外的文件里，也可能是本站没有读懂。这不等于没有问题。",
        "No number was found that could be held against a list. The notice may state none, its lists may be "
        "in another file, "
        "or it was not understood. That does not mean that it is right.",
    ),
    "severity_error": Text("错误", "Error"),
    "severity_warning": Text("注意", "Warning"),
    "severity_info": Text("说明", "Note"),
    "relation_disjoint": Text("分列", "a class"),
    "relation_subset": Text("其中", "part of another"),
    "relation_cross_reference": Text("再次提及", "pointed at again"),
    "relation_total": Text("合计", "a total"),
    "relation_part": Text("一地或一单位", "one place or unit"),
    "proposal_same_institution": Text("可能是同一机构", "May be one institution"),
    "proposal_same_operator": Text("可能是同一运营机构", "May share an operator"),
    "check_year": Text("{year}年度", "for {year}"),
    "check_findings": Text("核对发现", "Findings"),
    "check_finding_n": Text("第{n}条发现", "Finding {n}"),
    "check_no_findings": Text("没有发现。", "Nothing was found."),
    "check_notice_text": Text("通知正文", "Text of the notice"),
    "check_marks_hint": Text(
        "标出的是正文中的各数，编号与“正文中的各数”一栏相同；点编号看相关的发现。标题、称谓、落款以外的文字按原文排列，只统一了空格和全半角。",
        "Marked are the counts of the text, numbered as in the list of numbers below; a number leads to what "
        "was found. The "
        "text is the notice's own, with spaces and widths evened out.",
    ),
    "check_no_claims": Text("正文中没有找到家数。", "No count was found in the text."),
    "check_mark": Text("正文第{n}处", "Number {n} of the text"),
    "check_mark_found": Text("正文第{n}处，有发现", "Number {n} of the text, with a finding"),
    "check_place_in_text": Text("正文第{n}处", "text, number {n}"),
    "check_place_row": Text("{table}第{first}行", "{table}, row {first}"),
    "check_place_rows": Text("{table}第{first}—{last}行", "{table}, rows {first}–{last}"),
    "check_table": Text("表{n}", "Table {n}"),
    "check_claims": Text("正文中的各数", "Numbers of the text"),
    "check_claim_n": Text("编号", "No."),
    "check_claim_text": Text("原文", "Clause"),
    "check_claim_count": Text("家数", "Count"),
    "check_claim_how": Text("怎样计", "How it counts"),
    "check_how_joint": Text("·", ", "),
    "check_any_kind": Text("各类", "any"),
    "check_n_rows": Text("{n}行", "{n}"),
    "check_tally": Text("名单所列，按结果", "What the list shows, by result"),
    "check_tally_rows": Text("行数", "Rows"),
    "check_proposals": Text("待人认定", "For a person to decide"),
    "check_proposals_hint": Text(
        "名称或运营机构相近、可能是同一家的行。只是提示，不影响上面的核对。",
        "Rows that may be one institution or share an operator. They are hints, and change nothing above.",
    ),
    "check_kept_nothing": Text("文件已经丢弃，没有保存。", "The file was dropped; nothing was kept."),
    "check_json": Text("下载核对数据（JSON）", "Download this check (JSON)"),
    "check_json_large": Text(
        "核对数据较大，请在表单中选“只要核对数据（JSON）”。",
        "The data of this check are large; ask for “Only the data (JSON)” in the form.",
    ),
    "check_another": Text("再核对一份", "Check another notice"),
    "check_places_more": Text("另有{n}处", "{n} more"),
    "check_findings_more": Text("另有{n}条发现，见核对数据（JSON）。", "{n} more findings are in the JSON."),
    "check_claims_more": Text("另有{n}个数，见核对数据（JSON）。", "{n} more numbers are in the JSON."),
    "check_proposals_more": Text("另有{n}条，见核对数据（JSON）。", "{n} more are in the JSON."),
    "check_labels_more": Text("另有{n}种结果。", "{n} more kinds of result."),
    "check_rows_hidden": Text(
        "名单太长，这里略去{n}行；与发现有关的行优先列出。",
        "The list is long: {n} rows are left out here, those with findings last of all.",
    ),
    "check_text_more": Text("正文太长，略去{n}字。", "The text is long: {n} characters are left out."),
    # Files
    "file_notice_docx": Text("结果通知", "Notice"),
    "file_notice_docx_text": Text("文档，含全部附件", "document with its annexes"),
    "file_notice_pdf": Text("结果通知", "Notice"),
    "file_notice_pdf_text": Text("版式文件，可打印", "for print"),
    "file_annexes_xlsx": Text("结果汇总表", "Annexes"),
    "file_annexes_xlsx_text": Text("电子表格，每个附件一张表", "spreadsheet, one sheet an annex"),
    "file_results_csv": Text("全部结果", "All results"),
    "file_results_csv_text": Text("表格数据，UTF-8", "table, UTF-8"),
    "file_results_json": Text("结果数据", "Results as data"),
    "file_results_json_text": Text("含统计、后续义务和摘要", "with counts, obligations and digest"),
    "file_working_json": Text("评分过程", "Working of the scores"),
    "file_working_json_text": Text("每项得分的数据、公式和条款", "figure, formula and clause of every score"),
    # Errors
    "not_found_title": Text("没有找到这个页面", "There is no such page"),
    "not_found_text": Text(
        "地址可能写错了，或者该内容没有公布。可以回到首页，按名称查询。",
        "The address may be mistyped, or what it names is not published. Search by name from the first page.",
    ),
    "not_allowed_title": Text("这个地址只供查看", "This address can only be read"),
    "not_allowed_text": Text(
        "本站不接收这里提交的内容，什么也没有保存。请回到首页重新查询。",
        "Nothing can be sent here, and nothing was saved. Start again from the first page.",
    ),
    "bad_request_title": Text("请求无法识别", "The request cannot be read"),
    "bad_request_text": Text(
        "浏览器发来的内容不完整或不合规。请回到首页重新查询。",
        "What the browser sent is incomplete or not allowed. Start again from the first page.",
    ),
    "server_error_title": Text("系统出错了", "Something went wrong here"),
    "server_error_text": Text(
        "不是您的操作有误。请过几分钟再试；如仍出错，请告知主管部门。",
        "It was nothing you did. Try again in a few minutes; if it stays so, tell the authority.",
    ),
    "back_home": Text("返回首页", "Back to the first page"),
}
