"""Writes one notice as files of every format, the way offices and websites write them."""

import io
import shutil
import subprocess
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path

import docx
import pytest
import typst
import xlsxwriter
from docx.enum.text import WD_BREAK
from seed_notice import (
    ANNEX_LIST,
    ANNEX_TITLES,
    LABELS,
    PARAGRAPHS,
    SALUTATION,
    SIGNATURE,
    TITLE,
    as_text,
    grid_of,
)

from hatchmark.documents.fonts import wheel_font_file


def as_docx() -> bytes:
    """Return the notice as Word keeps it: the title broken by a line break, serials and cells as plain text."""
    document = docx.Document()
    title = document.add_paragraph()
    title.add_run(TITLE[0]).add_break(WD_BREAK.LINE)
    title.add_run(TITLE[1])
    for text in (SALUTATION, *PARAGRAPHS, *ANNEX_LIST, "", SIGNATURE):
        document.add_paragraph(text)
    for annex in range(2):
        document.add_page_break()
        document.add_paragraph(LABELS[annex])
        document.add_paragraph(ANNEX_TITLES[annex])
        grid = grid_of(annex)
        table = document.add_table(rows=len(grid), cols=5, style="Table Grid")
        for row, cells in zip(table.rows, grid, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


TYPST = """
#set page(paper: "a4", numbering: "— 1 —", header: [示例运行标题 内部资料])
#set text(font: "Noto Sans CJK SC", size: 16pt, lang: "zh")
#set par(first-line-indent: (amount: 2em, all: true))
#let grid-of(grid) = {
  show table: set text(size: 12pt)
  show table: set par(first-line-indent: 0em)
  table(columns: (auto, 1fr, 1fr, auto, 5em), STROKE, table.header(repeat: true, ..grid.first()), ..grid.slice(1).flatten())
}
#let notice = json(bytes(sys.inputs.notice))
#align(center, text(size: 22pt, notice.title.join(linebreak())))
#par(first-line-indent: 0em, notice.salutation)
#for text in notice.paragraphs { par(text) }
#for text in notice.annexes { par(text) }
#align(right, notice.signature)
#for annex in notice.tables {
  pagebreak()
  par(first-line-indent: 0em, annex.label)
  align(center, annex.title)
  grid-of(annex.grid)
}
"""  # noqa: E501


def as_pdf(*, ruled: bool = True) -> bytes:
    """Return the notice as typst sets it: running head, page numbers, table heads repeated on every page."""
    import json

    notice = {
        "title": TITLE,
        "salutation": SALUTATION,
        "paragraphs": PARAGRAPHS,
        "annexes": ANNEX_LIST,
        "signature": SIGNATURE,
        "tables": [
            {"label": LABELS[annex], "title": ANNEX_TITLES[annex], "grid": grid_of(annex)}
            for annex in range(2)
        ],
    }
    source = TYPST.replace("STROKE", "stroke: 0.5pt" if ruled else "stroke: none")
    return typst.compile(
        source.encode(),
        font_paths=[str(wheel_font_file().parent)],
        sys_inputs={"notice": json.dumps(notice, ensure_ascii=False)},
        format="pdf",
    )


CLUTTER_BEFORE = """
<div class="top"><a href="/login">登录</a><a href="/en">English</a><form><input name="q" value="共有99家众创空间"><button>搜索</button></form></div>
<div class="nav-main"><ul><li><a href="/">首页</a></li><li><a href="/zwgk">政务公开</a></li><li><a href="/bsfw">办事服务</a></li></ul></div>
<div class="crumbs">当前位置：<a href="/">首页</a> &gt; <a href="/tzgg">通知公告</a> &gt; 正文</div>
<script>document.write("<p>另有50家众创空间被取消资格。</p>")</script>
<style>.secret { display: none } p { margin: 0 }</style>
<p class="secret">此段不显示：40家众创空间考核结果为优秀，敬请留意。</p>
<p style="display:none">此段也不显示：30家众创空间考核结果为优秀，敬请留意。</p>
"""  # noqa: E501
CLUTTER_AFTER = """
<div class="share-box"><span>分享到：</span><a href="#">微信</a><a href="#">微博</a></div>
<p><a href="javascript:window.print()">打印本页</a> | <a href="javascript:window.close()">关闭窗口</a></p>
<div class="related"><h4>相关文章</h4><ul><li><a href="/1">关于公布2020年度20家众创空间考核结果的通知</a></li><li><a href="/2">21家孵化器获评优秀</a></li></ul></div>
<div class="footer"><p>主办单位：示例网站　网站标识码：1500000000　示ICP备00000000号</p><p>版权所有，未经许可不得转载，共有12家单位参与建设。</p></div>
"""  # noqa: E501


def as_html(*, charset: str = "utf-8") -> bytes:
    """Return the notice as the page of a site: menus, scripts, hidden texts and a foot around it."""

    def cell(text: str) -> str:
        return "<br/>".join(f"<span>{escape(line)}</span>" for line in text.split("\n"))

    tables = "".join(
        f'<p>{LABELS[annex]}</p><p align="center"><b>{ANNEX_TITLES[annex]}</b></p><table border="1"><tbody>'
        + "\n".join(
            "<tr>" + "".join(f"<td><p>{cell(text)}</p></td>\n" for text in row) + "</tr>"
            for row in grid_of(annex)
        )
        + "</tbody></table>"
        for annex in range(2)
    )
    text = "".join(f"<p>&nbsp;&nbsp;&nbsp;&nbsp;{escape(each)}</p>\n" for each in PARAGRAPHS)
    page = (
        f'<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}">'
        f"<title>{''.join(TITLE)}_示例网站</title></head><body>{CLUTTER_BEFORE}"
        f'<table width="1000"><tr><td><div class="article"><h1>{TITLE[0]}<br>{TITLE[1]}</h1>'
        '<div class="info">发布时间：2022-01-05　来源：示例　浏览次数：1234　字体：[大 中 小]</div>'
        f'<div id="zoom"><p>{SALUTATION}</p>{text}<p>　　{ANNEX_LIST[0]}<br>　　　　　{ANNEX_LIST[1]}</p>'
        f'<p style="text-align:right">{SIGNATURE}</p>{tables}</div></div></td></tr></table>{CLUTTER_AFTER}</body></html>'  # noqa: E501
    )
    return page.encode(charset)


def as_xlsx() -> bytes:
    """Return the notice as a workbook: its text in merged cells of the first sheet, an annex on each of two more."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_numbers": False})
    sheet = book.add_worksheet("通知")
    texts = ("\n".join(TITLE), SALUTATION, *PARAGRAPHS, *ANNEX_LIST, SIGNATURE)
    for row, text in enumerate(texts):
        sheet.merge_range(row * 2, 0, row * 2, 4, text)
    for annex in range(2):
        sheet = book.add_worksheet(LABELS[annex])
        sheet.write(0, 0, LABELS[annex])
        sheet.merge_range(1, 0, 1, 4, ANNEX_TITLES[annex])
        for row, cells in enumerate(grid_of(annex), start=2):
            for column, text in enumerate(cells):
                if column == 0 and text.isdecimal():
                    sheet.write_number(row, column, int(text))
                else:
                    sheet.write_string(row, column, text)
    book.close()
    return stream.getvalue()


def converted(raw: bytes, *, ending: str, to: str, folder: Path) -> bytes:
    """Return a file as LibreOffice saves it in another format; skip the test where it is not installed."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    source = folder / f"source.{ending}"
    source.write_bytes(raw)
    subprocess.run(
        [
            office,
            f"-env:UserInstallation=file://{folder}/office",
            "--headless",
            "--convert-to",
            to,
            "--outdir",
            str(folder / "out"),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return (folder / "out" / f"source.{to}").read_bytes()


WRITTEN: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "docx": ("docx", as_docx),
    "pdf": ("pdf", as_pdf),
    "html": ("html", as_html),
    "html in GBK": ("htm", lambda: as_html(charset="gb18030")),
    "xlsx": ("xlsx", as_xlsx),
    "txt": ("txt", lambda: as_text().encode()),
    "txt with a mark": ("txt", lambda: as_text().encode("utf-8-sig")),
    "txt in GB18030": ("txt", lambda: as_text().encode("gb18030")),
    "txt in UTF-16": ("txt", lambda: as_text().encode("utf-16")),
    "txt in UTF-16 without a mark": ("txt", lambda: as_text().encode("utf-16-le")),
    "txt with CRLF": ("txt", lambda: as_text().replace("\n", "\r\n").encode()),
}
"""Every way of writing the notice that needs no other program: its ending, and what makes the bytes."""

CONVERTED = {
    "doc": ("docx", as_docx, "doc"),
    "xls": ("xlsx", as_xlsx, "xls"),
    "pdf by LibreOffice": ("docx", as_docx, "pdf"),
    "docx by LibreOffice": ("docx", as_docx, "docx"),
}
