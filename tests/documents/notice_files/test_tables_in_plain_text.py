"""Tables of plain text that lost what parted their cells, or print a merged cell once."""

from hatchmark.documents.notice_files.reading import read_notice_bytes
from hatchmark.domain.published_notices import DocumentTable

ROWS = (("序号", "孵化器名称", "评估结果"), ("1", "示例甲孵化器", "优秀"), ("2", "示例乙孵化器", "合格"))


def tables(text: str) -> list[tuple[tuple[str, ...], ...]]:
    blocks = read_notice_bytes(text.encode(), file="notice.txt").blocks
    return [block.rows for block in blocks if isinstance(block, DocumentTable)]


def test_one_cell_a_line_without_tabs_is_a_table_where_serials_keep_step():
    text = "结果如下：\n\n" + "\n\n".join(cell for row in ROWS for cell in row) + "\n\n以上结果予以公布。\n"

    assert tables(text) == [ROWS]


def test_lines_that_do_not_keep_step_stay_prose():
    assert tables("序号\n孵化器名称\n评估结果\n1\n示例甲孵化器\n优秀\n合格\n2\n示例乙孵化器\n") == []


def test_a_merged_first_cell_does_not_join_the_rows_of_a_drawn_table():
    drawn = "| 结果 | 序号 | 名称 |\n| 优秀 | 1 | 示例甲孵化器 |\n|  | 2 | 示例乙孵化器 |\n"

    assert tables(drawn) == [
        (("结果", "序号", "名称"), ("优秀", "1", "示例甲孵化器"), ("", "2", "示例乙孵化器"))
    ]
