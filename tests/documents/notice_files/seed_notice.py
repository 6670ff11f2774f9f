"""The 2021 notice of the example, as published: its narrative here, its two annexes from the example's own rows.

`SLIPS` puts back what the printed file has and the rows do not: broken cells, stray spaces.
"""

import csv
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[3] / "examples" / "nmg-2021"

TITLE = ("关于公布2021年度自治区科技企业孵化器和", "众创空间绩效评价（考核）结果的通知")
SALUTATION = "各盟市科技局，满洲里市工信和科技局，二连浩特市教育科技局，各有关单位："
PARAGRAPHS = (
    "为推动自治区科技企业孵化器和众创空间高质量发展，完善孵化服务体系，提高孵化服务水平，根据《关于促进民营经济高质量发展若干措施》"
    "（内党发〔2018〕23号)、《内蒙古自治区科技企业孵化器绩效评价办法（试行）》（内科发成字〔2020〕3号）和《内蒙古自治区众创空间管理办法（试行）》"
    "（内科发成字〔2020〕2号）等文件要求，自治区科技厅按批次组织开展了2021年度科技企业孵化器绩效评价和众创空间绩效评价（考核）工作。"
    "通过各参评机构材料申报、盟市科技局等主管部门初审、专家评审、现场抽查、科研诚信审查和公示等规定程序，3家科技企业孵化器评价结果为优秀，"
    "3家科技企业孵化器评价结果为良好，1家科技企业孵化器评价结果为合格，7家科技企业孵化器评价结果为不合格,1家被取消科技企业孵化器资格；"
    "14家众创空间考核结果为优秀，11家众创空间考核结果为良好，14家众创空间考核结果为合格，17家众创空间考核结果为不合格"
    "（其中3家被取消试点培育资格），27家被取消众创空间资格，2家众创空间以科技企业孵化器评价结果作为众创空间考核结果，"
    "另外2家众创空间在2022年按科技企业孵化器参加评价。",
    "希望被评价（考核）为优秀和良好的科技企业孵化器和众创空间再接再厉，再创佳绩。被评价不合格的科技企业孵化器和众创空间必须加强整改，"
    "在2022年继续参加绩效评价考核（其中呼伦贝尔森龙源科技企业孵化器有限责任公司在2022年以自治区级科技企业孵化器资格参加评价）。"
    "各科技企业孵化器和众创空间要认真总结经验，加强自身建设，提升服务能力，完善创新创业生态系统，为现代化经济体系建设提供有效支撑。",
    "各盟市科技局、各有关高校等主管部门要进一步加强规范管理，进一步加强对科技企业孵化器和众创空间的监管、指导和支持；"
    "对被取消资格的1家科技企业孵化和30家众创空间（含试点培育）要及时办理注销手续，今后不再将其纳入科技企业孵化器和众创空间的管理体系、"
    "绩效评价（考核）体系和统计调查对象。",
)
ANNEX_LIST = ("附件：1.2021年度科技企业孵化器绩效评价结果汇总表", "2.2021年度众创空间绩效考核结果汇总表")
SIGNATURE = "内蒙古自治区科学技术厅"
LABELS = ("附件1", "附件2")
ANNEX_TITLES = ("2021年度科技企业孵化器绩效评价结果汇总表", "2021年度众创空间绩效考核结果汇总表")
HEADS = (
    ("序号", "孵化器名称", "运营机构名称", "地区", "评价\n结果"),
    ("序号", "众创空间名称", "运营机构名称", "地区", "考核\n结果"),
)
KINDS = ("incubator", "makerspace")

# (annex, serial, column): the cell as the printed file has it, where that differs from the example's row.
SLIPS = {
    (0, 4, 1): "和林格尔云计算大数据创客中心  ",
    (0, 5, 1): "浙江大学包头工业技术研究院  ",
    (0, 5, 2): "浙江大学包头工业技术\n研究院",
    (0, 8, 1): "苏尼特左旗丝梦源孵化器商务\n有限责任公司",
    (0, 12, 2): "中国共产主义青年团\n扎兰屯市委员会",
    (0, 14, 2): "赤峰市众人合创网络      科技有限公司",
}


def rows_of(annex: int) -> list[tuple[str, ...]]:
    """Return the rows of an annex as the printed file has them: text of five cells, line breaks as \\n."""
    with (FOLDER / "published.csv").open(encoding="utf-8", newline="") as file:
        published = [row for row in csv.DictReader(file) if row["kind"] == KINDS[annex]]
    rows = []
    for row in published:
        cells = [row["serial"], row["name"], row["operators"], row["channel"], row["face_text"]]
        for column, cell in enumerate(cells):
            cells[column] = SLIPS.get((annex, int(row["serial"]), column), cell)
        rows.append(tuple(cells))
    return rows


def grid_of(annex: int) -> list[tuple[str, ...]]:
    """Return an annex with its head."""
    return [HEADS[annex], *rows_of(annex)]


def as_text() -> str:
    """Return the notice as the published .txt has it: a cell a line behind a TAB, an empty row under one head."""
    lines = [f" {TITLE[0]}", TITLE[1], "", SALUTATION, *PARAGRAPHS, *ANNEX_LIST, "", "", "", "", SIGNATURE]
    for annex, (label, title) in enumerate(zip((" 附件1 ", "附件2        "), ANNEX_TITLES, strict=True)):
        lines += [label, f"{'    ' if annex == 0 else '  '}{title}"]
        for row in [HEADS[annex], *([("",) * 5] if annex == 1 else []), *rows_of(annex)]:
            lines += [f"\t{cell}" for cell in row] + [""]
        lines += ["", ""]
    return "\n".join(lines) + "\n"
