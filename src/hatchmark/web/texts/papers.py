"""Texts of the roster and of the evidence."""

from collections.abc import Mapping

from hatchmark.web.texts import Text

TEXTS: Mapping[str, Text] = {
    # ---- the list
    "roster_title": Text("在孵和毕业企业名单", "Roster of tenants and graduates"),
    "roster_of": Text("{year}年度申报", "submission of {year}"),
    "roster_add": Text("新增企业", "Add an enterprise"),
    "roster_to_import": Text("从Excel导入", "Import from Excel"),
    "roster_template_filled": Text("下载现有名单（Excel）", "Download this list (Excel)"),
    "roster_template_blank": Text("下载空白模板", "Download an empty template"),
    "roster_template_last": Text(
        "下载填好上年在孵企业的模板", "Download a template with last year's tenants"
    ),
    "roster_search": Text("名称或信用代码", "Name or credit code"),
    "roster_every_status": Text("全部状态", "Any status"),
    "roster_status_tenant": Text("在孵", "Tenant"),
    "roster_status_graduate": Text("毕业", "Graduate"),
    "roster_filter_go": Text("查询", "Search"),
    "roster_filter_clear": Text("清除条件", "Clear"),
    "roster_found": Text("共{n}家", "{n} enterprises"),
    "roster_found_of": Text("符合条件的{n}家，名单共{total}家", "{n} found of {total}"),
    "roster_pages": Text("分页", "Pages"),
    "roster_page": Text("第{number}页，共{last}页", "Page {number} of {last}"),
    "roster_page_back": Text("上一页", "Previous"),
    "roster_page_on": Text("下一页", "Next"),
    "roster_empty": Text(
        "名单里还没有企业。可以逐家新增，也可以下载模板，在Excel里填好后一次导入。",
        "There is no enterprise on the list yet. Add them one by one, or download the template, fill it in Excel and "
        "import it.",
    ),
    "roster_empty_found": Text(
        "没有符合条件的企业。换一个词，或清除条件。", "None is found. Try another word, or clear the filter."
    ),
    "roster_mend": Text("修改", "Edit"),
    "roster_dates": Text("日期", "Dates"),
    "roster_marks": Text("资质", "Marks"),
    "roster_founded": Text("成立", "founded"),
    "roster_entered": Text("入驻", "entered"),
    "roster_graduated": Text("毕业", "graduated"),
    "roster_mark_high_tech": Text("高企", "high-tech"),
    "roster_mark_tech_sme": Text("科技型中小企业", "tech SME"),
    "roster_mark_financed": Text("投融资", "funded"),
    "roster_name": Text("企业名称", "Enterprise"),
    "roster_status": Text("状态", "Status"),
    "roster_ip": Text("知识产权（件）", "IP rights"),
    "roster_income": Text("营业收入（千元）", "Revenue (1,000 yuan)"),
    "roster_staff": Text("从业人员", "Staff"),
    "roster_number": Text("序号", "No."),
    "roster_tallies": Text("名单合计与填报数据", "What the list adds up to, and the form"),
    "roster_tally": Text("项目", "What"),
    "roster_tally_list": Text("名单", "List"),
    "roster_tally_after": Text("导入后", "After"),
    "roster_tally_typed": Text("填报", "Form"),
    "roster_tally_none": Text("表中没有此项", "not asked for"),
    "roster_tally_blank": Text("未填", "empty"),
    "roster_tally_same": Text("一致", "equal"),
    "roster_tally_differs": Text("不一致", "differs"),
    "roster_tally_tenants": Text("在孵企业", "Tenants"),
    "roster_tally_graduates": Text("毕业企业", "Graduates"),
    "roster_tally_tech": Text("高新技术和科技型中小企业", "High-tech enterprises and technology SMEs"),
    "roster_tally_financed": Text("获得投融资的企业", "Enterprises that received funding"),
    "roster_tally_with_ip": Text("拥有有效知识产权的企业", "Enterprises with valid IP rights"),
    "roster_tally_valid_ip": Text("有效知识产权数", "Valid IP rights"),
    "roster_tally_income": Text("在孵企业营业收入", "Revenue of the tenants"),
    "roster_tally_staff": Text("在孵企业从业人员", "Staff of the tenants"),
    "roster_closed_approved": Text(
        "初审已通过，材料已锁定，名单不能再改。", "The review approved this submission, which locks the list."
    ),
    "roster_closed_late": Text(
        "申报已于{closed}截止，名单不能再改。确有原因的，请联系主管部门申请延期。",
        "Submission closed on {closed}; the list can no longer be changed. With good reason, ask for an extension.",
    ),
    "roster_closed_early": Text("申报还没有开始，名单现在不能改。", "Submission has not begun yet."),
    "roster_closed_stage": Text("申报环节已结束，名单不能再改。", "The stage of submission is over."),
    "roster_closed_refused": Text(
        "初审未通过，不能再次提交，名单不能再改。",
        "The review refused this submission; it cannot be handed in again.",
    ),
    "roster_closed_returned": Text(
        "退回补正的内容不包括企业名单，名单保持提交时的样子。",
        "The list is not among what was returned; it stays as it was handed in.",
    ),
    # ---- one row
    "roster_row_new": Text("新增企业", "Add an enterprise"),
    "roster_row_change": Text("修改企业", "Edit an enterprise"),
    "roster_row_save": Text("保存", "Save"),
    "roster_row_again": Text("保存并继续新增", "Save and add another"),
    "roster_row_back": Text("返回名单", "Back to the list"),
    "roster_row_saved": Text("已保存：{name}", "Saved: {name}"),
    "roster_row_removed": Text("已从名单移出：{name}", "Removed from the list: {name}"),
    "roster_row_remove": Text("从名单移出", "Remove from the list"),
    "roster_row_remove_how": Text(
        "只从草稿的名单里移出这一家；已提交的版本不变。",
        "It is removed from the list of the draft alone; versions handed in stay as they are.",
    ),
    "roster_row_gone": Text(
        "这一行已在别的窗口被修改或移出。下面是现在的名单。",
        "That row was changed or removed in another window. This is the list as it stands.",
    ),
    "roster_row_clash": Text(
        "这一行已在别的窗口被修改，您填写的内容没有保存，仍在下面。核对后再次保存，将以您填写的为准。",
        "This row was changed in another window. What you typed was not saved and stands below; save again to put it "
        "in its place.",
    ),
    "roster_row_clash_now": Text("现在名单里的内容", "What the list holds now"),
    "roster_row_clash_gone": Text(
        "这一行已在别的窗口被移出。您填写的内容没有保存，仍在下面；再次保存将作为新的一行加入。",
        "This row was removed in another window. What you typed was not saved and stands below; save again to add it "
        "as a new row.",
    ),
    "roster_choose": Text("请选择", "choose"),
    "roster_not_given": Text("未填", "not given"),
    "roster_yes": Text("是", "yes"),
    "roster_no": Text("否", "no"),
    "roster_required": Text("必填", "required"),
    "roster_faults": Text("有{n}处需要改正", "{n} to mend"),
    "roster_not_saved": Text("没有保存", "Not saved"),
    "roster_refused_outdated": Text(
        "名单刚才在别的窗口被修改，本次没有保存。请核对后再试。",
        "The list was changed in another window just now; nothing was saved. Look again and try once more.",
    ),
    "roster_refused_full": Text(
        "名单最多{most}行，本次没有保存。", "A list has at most {most} rows; nothing was saved."
    ),
    # ---- import
    "roster_import_title": Text("从Excel导入企业名单", "Import the roster from Excel"),
    "roster_import_how": Text(
        "下载模板填好后在这里上传。先逐格检查，再列出会改变什么，确认之后才保存。",
        "Fill in the template and upload it here. Every cell is checked, what would change is shown, and nothing is "
        "saved before you confirm.",
    ),
    "roster_import_replaces": Text(
        "导入以文件为准：文件里没有的企业会从名单移出。",
        "The file replaces the list: whoever is not in it is removed.",
    ),
    "roster_import_file": Text("选择文件（.xlsx 或 .csv，最大10 MB）", "File (.xlsx or .csv, at most 10 MB)"),
    "roster_import_read": Text("上传并检查", "Upload and check"),
    "roster_import_faults": Text(
        "文件里有{n}处需要改正，什么都没有保存", "{n} cells to mend; nothing was saved"
    ),
    "roster_import_marked_how": Text(
        "下载标注好的表格：有问题的格子标红并带批注。改好后存盘，再上传一次。",
        "Download the marked sheet: every bad cell is red and has a comment. Mend them, save, and upload it again.",
    ),
    "roster_import_marked": Text("下载标注好的表格", "Download the marked sheet"),
    "roster_import_more": Text("另有{n}处，见标注好的表格。", "{n} more stand in the marked sheet."),
    "roster_import_cell": Text("单元格", "Cell"),
    "roster_import_value": Text("内容", "Content"),
    "roster_import_fault": Text("问题与改法", "What is wrong, and what to do"),
    "roster_import_preview": Text("核对导入的变化", "What the import changes"),
    "roster_import_nothing_yet": Text("以下内容尚未保存。", "Nothing of this is saved yet."),
    "roster_import_same_all": Text(
        "文件与现有名单一致，没有变化。", "The file says what the list says; nothing changes."
    ),
    "roster_import_added": Text("新增", "Added"),
    "roster_import_altered": Text("修改", "Changed"),
    "roster_import_removed": Text("移出", "Removed"),
    "roster_import_same": Text("不变", "The same"),
    "roster_import_column": Text("项目", "Column"),
    "roster_import_was": Text("原来", "Was"),
    "roster_import_now": Text("改为", "Becomes"),
    "roster_import_and_more": Text("另有{n}家，未逐一列出。", "{n} more are not listed."),
    "roster_import_unknown": Text(
        "以下各列不在模板中，没有读取：{heads}",
        "These columns are not of the template and were not read: {heads}",
    ),
    "roster_import_confirm": Text("确认保存，名单改为{n}家", "Save: the list becomes {n} enterprises"),
    "roster_import_cancel": Text("不保存，返回名单", "Do not save; back to the list"),
    "roster_import_done": Text(
        "已导入：新增{added}家，修改{altered}家，移出{removed}家。",
        "Imported: {added} added, {altered} changed, {removed} removed.",
    ),
    "roster_import_outdated": Text(
        "核对期间名单已在别的窗口被修改，本次没有保存。下面按现在的名单重新列出变化，请再核对。",
        "The list was changed in another window meanwhile; nothing was saved. Below is what would change now.",
    ),
    "roster_import_expired": Text(
        "页面已过期，或内容不完整，什么都没有保存。请重新上传文件。",
        "The page is too old, or not whole. Nothing was saved; upload the file again.",
    ),
    "roster_import_no_file": Text("请先选择文件。", "Choose a file first."),
    "roster_import_too_much": Text(
        "表格里的文字太多，无法逐格标注。请删去与名单无关的内容再上传。",
        "The sheet holds too much text to be marked cell by cell. Delete what is no roster and upload it again.",
    ),
    "roster_file_ending": Text(
        "只读 .xlsx 和 .csv。请在Excel或WPS中另存为 .xlsx。",
        "Only .xlsx and .csv are read. Save it as .xlsx in Excel or WPS.",
    ),
    "roster_file_empty": Text(
        "文件是空的。请选择填好的表格。", "The file is empty. Choose the one you filled in."
    ),
    "roster_file_large": Text(
        "文件超过10 MB。请删去图片和无关的工作表再上传。",
        "The file is above 10 MB. Delete pictures and other sheets, and upload it again.",
    ),
    "roster_file_old": Text(
        "这是旧版 .xls，或设了打开密码。请在Excel或WPS中去掉密码，另存为 .xlsx。",
        "It is an old .xls, or has a password. Remove the password and save it as .xlsx in Excel or WPS.",
    ),
    "roster_file_other": Text(
        "文件打不开，可能已损坏。请在Excel或WPS中打开，另存为 .xlsx 再上传。",
        "The file cannot be opened; it may be damaged. Open it in Excel or WPS, save it as .xlsx, and upload that.",
    ),
    # ---- what is wrong with a cell
    "roster_fault_missing": Text("必填，不能留空。", "It must not be empty."),
    "roster_fault_control": Text(
        "含有看不见的字符，请重新输入。", "It holds characters that cannot be seen; type it again."
    ),
    "roster_fault_long_name": Text(
        "有{length}个字，超过{most}个，请写营业执照上的名称。",
        "{length} characters are more than {most}; write the name on the licence.",
    ),
    "roster_fault_code_length": Text(
        "统一社会信用代码应为18位，这里是{length}位。请按营业执照核对。",
        "A credit code has 18 characters, this one {length}. Look at the licence.",
    ),
    "roster_fault_code_character": Text(
        "含有信用代码不用的字符（没有字母 I、O、S、V、Z）。请按营业执照核对。",
        "It holds a character that no credit code has (there is no I, O, S, V, Z). Look at the licence.",
    ),
    "roster_fault_code_digits": Text(
        "信用代码第3至8位应为数字（行政区划码）。请按营业执照核对。",
        "Characters 3 to 8 of a credit code are digits. Look at the licence.",
    ),
    "roster_fault_code_check": Text(
        "校验位不符，代码有误（常见是抄错一位）。请按营业执照逐位核对。",
        "The check character does not fit: one character is probably wrong. Compare it with the licence.",
    ),
    "roster_fault_code_missing": Text(
        "已填成立日期的企业必须填写信用代码；尚未注册的团队，两项都留空。",
        "An enterprise with a founding date has a credit code; a team not registered yet leaves both empty.",
    ),
    "roster_fault_no_status": Text("请填“在孵”或“毕业”。", "Write tenant or graduate."),
    "roster_fault_no_date": Text(
        "不是日期。请写成 2024-05-24；只知年月的写 2024-05。",
        "It is no date. Write 2024-05-24, or 2024-05 where only the month is known.",
    ),
    "roster_fault_no_such_day": Text("没有这一天，请核对年月日。", "There is no such day; look at it again."),
    "roster_fault_future": Text("日期在今天（{today}）之后，请核对。", "The date is after today ({today})."),
    "roster_fault_before_founded": Text(
        "早于成立日期{first}，请核对这两个日期。", "It is before the founding date {first}; look at both."
    ),
    "roster_fault_before_entered": Text(
        "早于入驻日期{first}，请核对这两个日期。", "It is before the date of entry {first}; look at both."
    ),
    "roster_fault_graduate_undated": Text(
        "毕业企业必须填写毕业日期。", "A graduate has a date of graduation."
    ),
    "roster_fault_tenant_graduated": Text(
        "在孵企业没有毕业日期：请清空，或把状态改为“毕业”。",
        "A tenant has not graduated: empty it, or set the status to graduate.",
    ),
    "roster_fault_no_flag": Text("请填“是”或“否”。", "Write yes or no."),
    "roster_fault_no_number": Text("不是数字，请只填数字。", "It is no number; write digits alone."),
    "roster_fault_unit_written": Text(
        "请只填数字，不写单位；营业收入的单位是千元，190万元写 1900。",
        "Write the number alone, without its unit; revenue is in thousand yuan.",
    ),
    "roster_fault_negative": Text("不能小于0，请核对。", "It cannot be below 0."),
    "roster_fault_not_whole": Text("应为整数。", "It must be a whole number."),
    "roster_fault_too_large": Text(
        "大于{most}，不可能是真实数据，请核对单位。", "It is above {most}; look at the unit."
    ),
    "roster_fault_too_many_places": Text("小数最多两位。", "At most two decimal places."),
    "roster_fault_duplicate": Text(
        "与第{row}行是同一家企业，请只留一行。", "Row {row} is the same enterprise; keep one of them."
    ),
    "roster_fault_digits": Text(
        "这一格存成了数字，Excel只保留15位，末几位已丢失。请先把单元格设为文本，再重新输入。",
        "It is kept as a number, and Excel kept 15 digits of it: the last are lost. Format the cell as text, then type "
        "it again.",
    ),
    "roster_fault_time": Text(
        "这一格存成了时间。请设为文本，再重新输入。",
        "It is kept as a time of day. Format it as text, then type it again.",
    ),
    "roster_fault_error_value": Text(
        "公式出错。请直接填写数值。", "The spreadsheet could not compute it. Type the value itself."
    ),
    "roster_fault_formula": Text(
        "公式没有计算结果。请直接填写数值。", "The formula was never computed. Type the value itself."
    ),
    "roster_fault_merged": Text(
        "从这一格起的单元格是合并的。请取消合并，每格分别填写。",
        "Cells are merged from here. Unmerge and fill each.",
    ),
    "roster_fault_long_cell": Text(
        "内容超过2000字，请缩短。", "It has more than 2,000 characters; shorten it."
    ),
    "roster_fault_unprintable": Text(
        "含有乱码或控制字符，请重新输入。", "It holds lost or control characters; type it again."
    ),
    "roster_fault_no_head": Text(
        "前20行里找不到表头（至少要有“企业名称”和“状态”两列）。请用下载的模板填写。",
        "No head is found in the first 20 rows (name and status at least). Fill in the template.",
    ),
    "roster_fault_column_missing": Text(
        "缺少“{head}”一列。请用下载的模板填写。", "The column {head} is missing. Fill in the template."
    ),
    "roster_fault_column_twice": Text("这一列重复了，请只留一列。", "This column is there twice; keep one."),
    "roster_fault_example_changed": Text(
        "这一行标着“示例”，内容却改过。是真实企业的，请清空“示例”二字；不是的，请删去整行。",
        "This row is marked as the example, but was changed. If it is an enterprise, empty the mark; else delete it.",
    ),
    "roster_fault_too_many_rows": Text(
        "名单最多{most}行，从这一行起超出。", "A list has at most {most} rows; this one is beyond."
    ),
    "roster_fault_no_rows": Text("表头下面没有任何企业。", "There is no enterprise below the head."),
    # ---- evidence
    "evi_title": Text("佐证材料", "Evidence"),
    "evi_gone_title": Text("暂时取不到这份文件", "This file cannot be read now"),
    "evi_gone": Text(
        "{name}上传完整、记录完好，但在服务器存放文件的地方没有找到。请把下面的文件摘要告诉系统管理员，由管理员从备份中恢复；不必重新上传。",
        "{name} came in whole and its record is intact, but it is not where the server keeps its files. Please give "
        "the digest below to the system administrator, who restores it from the backup; there is no need "
        "to upload it again.",
    ),
    "evi_gone_digest": Text("文件摘要（SHA-256）", "Digest of the file (SHA-256)"),
    "evi_add": Text("上传文件", "Upload files"),
    "evi_how": Text(
        "可传 {endings}；每个文件最大{file}，每次填报共{entry}、{files}个文件。按内容识别类型，与扩展名不符的不收。",
        "Takes {endings}; at most {file} a file, {entry} and {files} files in all. The type is told by the content; a "
        "file that is not what its name says is refused.",
    ),
    "evi_how_form": Text(
        "浏览器未启用脚本时，一次上传一个文件，最大{form}。",
        "Without scripts, one file at a time, at most {form}.",
    ),
    "evi_file": Text("选择文件", "Files"),
    "evi_figure": Text("证明哪一项数据", "Which figure it proves"),
    "evi_figure_none": Text("整份材料（不限某一项）", "The submission as a whole"),
    "evi_send": Text("上传", "Upload"),
    "evi_list": Text("已上传的文件", "Files"),
    "evi_used": Text(
        "{n}个文件，共{size}；上限{entry}、{files}个",
        "{n} files, {size} in all; at most {entry}, {files} files",
    ),
    "evi_empty": Text(
        "还没有佐证材料。上传审计报告、证书、协议等，证明填报的数据。",
        "There is no evidence yet. Upload reports, certificates and agreements that prove the figures.",
    ),
    "evi_empty_seen": Text(
        "提交的版本没有附佐证材料；机构尚未提交的文件不在这里显示。",
        "No version names any evidence; files that were not handed in are not shown here.",
    ),
    "evi_name": Text("文件名", "Name"),
    "evi_size": Text("大小", "Size"),
    "evi_uploaded": Text("上传时间", "Uploaded"),
    "evi_digest": Text("摘要（SHA-256）", "Digest (SHA-256)"),
    "evi_state": Text("状态", "State"),
    "evi_state_named": Text("已随版本提交", "handed in with a version"),
    "evi_state_new": Text("尚未提交", "not handed in yet"),
    "evi_state_part": Text("未传完：{received}，共{size}", "unfinished: {received} of {size}"),
    "evi_go_on_how": Text(
        "在上面再次选择同一个文件并上传，会从断开的地方接着传。",
        "Choose the same file above once more: it goes on where it broke off.",
    ),
    "evi_act": Text("操作", "Acts"),
    "evi_download": Text("下载", "Download"),
    "evi_remove": Text("删除", "Remove"),
    "evi_abandon": Text("放弃", "Give up"),
    "evi_assign": Text("改归属", "Assign"),
    "evi_assigned": Text("已修改归属：{name}", "Assigned: {name}"),
    "evi_uploaded_done": Text("已上传：{name}", "Uploaded: {name}"),
    "evi_removed": Text("已删除：{name}", "Removed: {name}"),
    "evi_file_title": Text("文件", "File"),
    "evi_change": Text("改归属或删除", "Assign or remove"),
    "evi_not_done": Text("没有执行", "Not done"),
    "evi_remove_sure": Text(
        "删除后不能恢复，文件内容也会从服务器移除。",
        "It cannot be brought back; its content is removed from the server too.",
    ),
    "evi_remove_back": Text("不删除，返回", "Keep it; back"),
    "evi_not_saved": Text("没有上传", "Not uploaded"),
    "evi_closed": Text("现在不能增删文件：{why}", "Files can neither be added nor removed now: {why}"),
    "evi_closed_approved": Text(
        "初审已通过，材料已锁定。", "The review approved this submission, which locks it."
    ),
    "evi_closed_late": Text("已于{closed}截止。", "It closed on {closed}."),
    "evi_closed_early": Text("申报还没有开始。", "Submission has not begun yet."),
    "evi_closed_stage": Text("申报环节已结束。", "The stage of submission is over."),
    "evi_closed_refused": Text("初审未通过，不能再次提交。", "The review refused this submission."),
    "evi_wait": Text("等待上传", "Waiting"),
    "evi_sending": Text("正在上传", "Uploading"),
    "evi_checking": Text("正在检查", "Checking"),
    "evi_retry": Text("连接中断，正在重试…", "The connection is lost; trying again…"),
    "evi_done": Text("完成", "Done"),
    "evi_failed": Text("失败", "Failed"),
    "evi_differs": Text(
        "同名同样大小的另一个文件还没传完。请先在列表里放弃它，再上传这一个。",
        "Another file of this name and size is unfinished. Give that one up in the list first.",
    ),
    "evi_signed_out": Text(
        "登录已过期。请在新窗口登录，然后再次选择同一个文件，会接着传。",
        "You are signed out. Sign in in another window and choose the same file again: it goes on.",
    ),
    "evi_fault_name": Text(
        "文件名无法识别，请改一个有扩展名的名称。", "The name cannot be read; give it one with an ending."
    ),
    "evi_fault_ending": Text(
        "不收 .{ending} 文件；可传 {allowed}。", "A .{ending} is not taken; {allowed} are."
    ),
    "evi_fault_figure": Text("没有这一项数据，请重新选择。", "There is no such figure; choose again."),
    "evi_fault_empty": Text("文件是空的。", "The file is empty."),
    "evi_fault_too_large": Text(
        "文件有{size}，超过{most}。请压缩图片或拆分后再传。", "{size} is above {most}. Compress or split it."
    ),
    "evi_fault_too_many": Text(
        "已有{most}个文件，不能再加。请合并或删除一些。",
        "There are {most} files already. Merge or remove some.",
    ),
    "evi_fault_quota": Text(
        "已用{kept}，再加{size}会超过{most}。请删除不需要的文件，或压缩后再传。",
        "{kept} are used; {size} more would be above {most}. Remove what is not needed, or compress it.",
    ),
    "evi_fault_disk": Text(
        "服务器存储空间不足，文件没有保存。请联系系统管理员；已传的部分保留，可稍后继续。",
        "The server has no room left. Tell the system administrator; what has come is kept, go on later.",
    ),
    "evi_fault_content": Text(
        "“{name}”的内容不是真正的 {ending} 文件，没有保存。请用原来的软件打开，另存为 {ending} 再传。",
        "The content of “{name}” is no {ending}; it was not kept. Open it, save it as {ending}, and upload that.",
    ),
    "evi_fault_macro": Text(
        "“{name}”含有宏或控件，没有保存。请另存为不带宏的 {ending} 或PDF再传。",
        "“{name}” holds a macro or a control; it was not kept. Save it as {ending} without, or as PDF.",
    ),
    "evi_fault_damaged": Text(
        "“{name}”已损坏，打不开，没有保存。请重新另存后再传。",
        "“{name}” is damaged and was not kept. Save it anew and upload that.",
    ),
    "evi_fault_form_size": Text(
        "这种方式一次最大{most}。请启用浏览器脚本，较大的文件会分段上传。",
        "This way takes at most {most}. Enable scripts: larger files are sent in pieces.",
    ),
    "evi_fault_broken_off": Text(
        "上传中断，文件没有保存，请重传。", "It broke off and was not kept; send it again."
    ),
    "evi_fault_named": Text(
        "“{name}”已随某一版本提交，须保留，不能删除。", "“{name}” was handed in with a version; it is kept."
    ),
    "evi_fault_no_file": Text("请先选择文件。", "Choose a file first."),
    "evi_refused_outdated": Text(
        "文件状态刚才有变化，请刷新页面后再试。", "The file changed just now; load the page again."
    ),
    # ---- the scan of the sealed form
    "evi_scan_title": Text("上传盖章扫描件", "Attach the sealed form"),
    "evi_scan_how": Text(
        "打印第{n}版申报表，盖章后扫描上传。打印件上的摘要应与下面一致；扫描件只属于这一版。",
        "Print the form of version {n}, seal it, scan it, and upload it here. The digest in print must be the one "
        "below; the scan belongs to this version alone.",
    ),
    "evi_scan_list": Text("已上传的扫描件", "Scans"),
    "evi_scan_empty": Text("还没有扫描件。", "There is no scan yet."),
    "evi_scan_digest": Text("第{n}版的摘要", "Digest of version {n}"),
}
