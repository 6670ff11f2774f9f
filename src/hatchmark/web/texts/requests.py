"""Texts of requests: an institution asks, the department rules."""

from collections.abc import Mapping

from hatchmark.web.texts import Text

TEXTS: Mapping[str, Text] = {
    "request_deferral": Text("暂缓参评", "Deferral"),
    "request_name": Text("名称变更", "Change of name"),
    "request_operator": Text("运营机构变更", "Change of operator"),
    "request_site": Text("场地变更", "Change of site"),
    "request_area": Text("面积变更", "Change of area"),
    "requests_new": Text("提出申请", "Ask"),
    "requests_mine": Text("我的申请", "What was asked"),
    "requests_none": Text("还没有提出过申请。", "Nothing was asked yet."),
    "requests_rule": Text(
        "名称、运营机构、场地、面积变更，应在{months}个月内报告（{basis}）。",
        "A change of name, operator, site or area is reported within {months} months, by the cited rules.",
    ),
    "ask_deferral_of": Text("申请暂缓{year}年度评价", "Ask to be deferred in {year}"),
    "deferral_lead": Text(
        "获准后，{year}年度不参加评价，改为{next}年度参加。提交过材料的，须先撤回。",
        "If it is granted, you take part in {next} instead of {year}. Papers that were handed in have to be "
        "withdrawn first.",
    ),
    "deferral_handed_in": Text(
        "第{n}版材料已提交；撤回后才能申请暂缓。", "Version {n} is handed in; withdraw it before you ask."
    ),
    "deferral_to": Text("改为{year}年度参加", "take part in {year}"),
    "change_from_to": Text("由“{old}”变更为“{new}”", "from {old} to {new}"),
    "effective_since": Text("自{day}", "since {day}"),
    "field_as_kind": Text("{year}年度参评类别", "Kind to take part as in {year}"),
    "field_old": Text("原内容", "Before"),
    "field_new": Text("变更后", "After"),
    "field_effective": Text("变更时间", "Since when"),
    "field_ruling_reason": Text("答复理由", "Reason of the ruling"),
    "hint_name": Text("机构名称已变更的，报告新旧名称。", "Report the old and the new name."),
    "hint_operator": Text("运营机构已变更的，报告新旧运营机构。", "Report the old and the new operator."),
    "hint_site": Text("场地地址已变更的，报告新旧地址。", "Report the old and the new address."),
    "hint_area": Text(
        "同一场地面积增减超过{percent}%的，须申请；不超过的随年度数据填报。依据：{basis}",
        "A change of the area by more than {percent} % is asked for; a smaller one is reported with the yearly "
        "figures.",
    ),
    "ask_do": Text("提交申请", "Ask"),
    "asked": Text("{what}申请已提交，等待科技厅答复", "Asked: {what}. The department will rule on it"),
    "column_what": Text("事项", "About"),
    "column_change": Text("内容", "Content"),
    "column_asked": Text("申请时间", "Asked"),
    "column_ruling": Text("答复", "Ruling"),
    "ruling_open": Text("待答复", "waits"),
    "ruling_granted": Text("同意", "granted"),
    "ruling_refused": Text("不同意", "refused"),
    "ruling_all": Text("全部", "all"),
    "rulings_none": Text(
        "没有待答复的申请。机构提出申请后，会列在这里。",
        "No request waits. What institutions ask for stands here.",
    ),
    "rulings_no_match": Text("没有符合条件的申请。", "No request matches."),
    "grant_effect": Text("同意后", "What granting does"),
    "grants_deferral": Text(
        "该机构本年度不参加评价，综合评定建议为暂缓，{year}年度列入应评名单。",
        "It does not take part this year; it is proposed as deferred, and is due in {year}.",
    ),
    "grants_name": Text(
        "名册中“{old}”止于{effective}，改称“{new}”，来源记为{day}同意的变更申请。本年度名单不变，下一年度起用新名称。",
        "The register ends {old} in {effective} and goes on with {new}, granted on {day}. This year's list stays.",
    ),
    "grants_operator": Text(
        "名册中“{old}”的运营止于{effective}，此后由“{new}”运营，来源记为{day}同意的变更申请。本年度名单不变。",
        "In the register {old} ran it until {effective} and {new} since, granted on {day}. This year's list stays.",
    ),
    "grants_site": Text(
        "名册备注记载场地自{effective}由“{old}”变更为“{new}”。",
        "A note of the register says that the site changed from {old} to {new} in {effective}.",
    ),
    "grants_area": Text(
        "名册备注记载面积自{effective}由{old}平方米变更为{new}平方米。",
        "A note of the register says that the area changed from {old} to {new} m² in {effective}.",
    ),
    "ruling_grant": Text("同意", "Grant"),
    "ruling_refuse": Text("不同意", "Refuse"),
    "ruling_handed_in": Text(
        "该机构申请后又提交了第{n}版材料，撤回之前不能同意暂缓。",
        "It has handed in version {n} since; a deferral cannot be granted before that is withdrawn.",
    ),
    "ruled_granted": Text("已同意：{what}", "Granted: {what}"),
    "ruled_refused": Text("已答复不同意：{what}", "Refused: {what}"),
    "problem_change_missing": Text("{field}：请填写", "{field}: fill it in"),
    "problem_change_none": Text("{field}：与原内容相同", "{field}: that is what it is now"),
    "problem_change_to_come": Text(
        "{field}：{value}还没有到，变更发生后再报告",
        "{field}: {value} is still to come; report it when it has happened",
    ),
    "problem_no_partial_date": Text(
        "{field}：“{value}”无法识别，请写2020、2020-07或2020-07-15",
        "{field}: {value} is no date; write 2020, 2020-07 or 2020-07-15",
    ),
    "problem_no_area": Text(
        "{field}：“{value}”不是面积，请写平方米数，如3200或3200.5",
        "{field}: {value} is no area; write square metres, 3200 or 3200.5",
    ),
    "problem_area_within": Text(
        "{field}：增减不超过{percent}%，不须申请，随年度数据填报",
        "{field}: it changes by no more than {percent} %; report it with the yearly figures",
    ),
    "problem_old_unknown": Text(
        "{field}：名册现载为{held}，请选择其一", "{field}: the register holds {held}; choose one of them"
    ),
    "problem_asked_already": Text("同一事项已有申请待答复", "A request about this waits already"),
    "problem_deferred_already": Text("本年度已同意暂缓", "It is deferred already"),
    "problem_handed_in": Text(
        "第{version}版材料已提交，参加评价的不能暂缓；须先撤回",
        "Version {version} is handed in; withdraw it first",
    ),
    "problem_no_deferral": Text("这不是暂缓申请", "This asks for no deferral"),
    "problem_no_change": Text("这不是变更申请", "This reports no change"),
}
