"""Knows the first two sheets of a work-paper: the audit's facts, and how to fill the paper in."""

from __future__ import annotations

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from fcim_audit.auditfile.paper import HEADINGS, Column, Workpaper, cut
from fcim_audit.language import Text
from fcim_audit.renderers.sheet_look import lines_of
from fcim_audit.wording import clean

COVER, GUIDE = Text("封面", "Cover"), Text("填写说明", "Read me")
_LINE, _HIGHEST = 16, 405
_TITLE = Text("审核工作底稿", "Audit work-paper")
_SIGN = Text("审核员签名：                      日期：", "Signature:                      Date:")
_STEPS = (
    Text(
        "在“工作底稿”表中，深灰表头的列是事实，已锁定；绿色表头的列由审核员填写。改动、公式和删掉的列在导入时会被指出，不会被采用。",
        "On the sheet Work-paper, columns with dark headings are facts and locked; those with green headings are "
        "for you. Changed facts, formulas and removed columns are named on import and never taken over.",
    ),
    Text(
        "行可以筛选、排序、隐藏；删去的行不改变任何判断。要排序请先撤销工作表保护（没有密码）。不要复制整行。写得长时双击行号下边线可调整行高。",
        "Rows may be filtered, sorted and hidden; a removed row changes no judgement. To sort, take the sheet's "
        "protection away first (there is no password). Do not copy whole rows. For long notes "
        "double-click the lower edge of the row's number to fit its height.",
    ),
    Text(
        "判断：从下拉列表选。符合、改进机会、一般不符合、严重不符合都要有客观证据；未核实表示看过但不能下结论；"
        "还没看的请留空。",
        "Status: choose from the list. Conform, opportunity and both nonconformities need objective evidence; not "
        "verified says that you looked and can't conclude; leave empty what you have not looked at.",
    ),
    Text(
        "证据：一行一条。文件写 evidence 文件夹中的 文件#位置；访谈写“访谈：谁，说了什么”；现场看到的写“观察：”；"
        "纸面记录写“记录：”；采用工具的实测写“检查：编号”（编号在“实测”列）。口头陈述没有佐证、未来的承诺、"
        "空白表格不是客观证据。",
        "Evidence: one a line. A file: FILE#PLACE below the folder evidence; what you were told: 'interview: …'; what "
        "you saw: 'observation: …'; what you read on paper: 'record: …'; a figure of the tool: 'check: ID' (the ids "
        "stand in the column Measured). An unsupported claim, a promise and an empty form are no objective evidence.",
    ),
    Text(
        "理由：判断与工具建议不同、不适用、以及撤回已有判断（把“判断”清空）时必须填写。黄色单元格是还缺的。",
        "Reason: needed where you decide otherwise than the tool proposes, for not applicable, and to take back a "
        "judgement (empty its status). Yellow cells are still missing.",
    ),
    Text(
        "不适用须检查表允许，并由组长在“批准”列确认。",
        "Not applicable only where the checklist lets it, approved by the lead.",
    ),
    Text(
        "审核员：空着就是导入的人；改了别人的判断请写自己。时间：写成 2026-01-20 14:30，空着就取导入的时间。整改人日写整数。",
        "Auditor: empty means whoever imports; put yourself where you change what another judged. Time: write "
        "2026-01-20 14:30; empty means the time of the import. Days to correct: whole days.",
    ),
    Text(
        "存为 .xlsx，运行 fcim-audit workpaper import 文件 -C 审核文件夹：先显示每一处改动和问题，确认后才写入。",
        "Save as .xlsx and run fcim-audit workpaper import FILE -C AUDIT: it shows every change and problem first, "
        "and writes once you have agreed.",
    ),
)  # fmt: skip
_LEVELS = Text(
    "“成熟度”表：按条款选 L0（没有）、L1（开始）、L2（部分）、L3（已建立）、L4（有效运行）、L5（持续改进），并写明依据。",
    "Sheet Maturity: choose for each clause L0 (absent), L1 (begun), L2 (in part), L3 (established), L4 (effective), "
    "L5 (improving), and say on what grounds.",
)
_LEGEND = (
    (Column.CRITERION, Text("审核要求，用本检查表自己的话", "what is asked, in this checklist's own words")),
    (Column.QUESTION, Text("现场提问", "what to ask")),
    (Column.ASK_FOR, Text("请对方提供", "what to have shown")),
    (Column.SAMPLING, Text("抽多少、怎么抽", "how many, which")),
    (Column.PROPOSAL, Text("工具依据证据提出，由审核员决定", "proposed from evidence; you decide")),
    (Column.MEASURED, Text("检查编号和数值", "ids and figures of the checks")),
    (Column.PLACES, Text("例外在证据中的位置", "where in the evidence the exceptions stand")),
)  # fmt: skip


def write_cover(book: Workbook, paper: Workpaper) -> None:
    """Who is audited, by whom, against what, when; room for a signature."""
    sheet = book.add_worksheet(COVER.said(paper.lang))
    _plain(sheet, (22, 96))
    title = book.add_format({"bold": True, "font_size": 20, "font_color": "#1f4e79"})
    label = book.add_format(
        {"bold": True, "valign": "top", "border": 1, "border_color": "#c3ccd6", "bg_color": "#edf1f6"}
    )  # fmt: skip
    body = book.add_format(
        {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#c3ccd6"}
    )
    sheet.set_row(0, 40)
    sheet.write_string(0, 0, _TITLE.said(paper.lang), title)
    row = 1
    for row, (name, value) in enumerate(paper.facts, start=2):
        said = cut(clean(value), paper.lang)
        sheet.write_string(row, 0, name.said(paper.lang), label)
        sheet.write_string(row, 1, said, body)
        sheet.set_row(row, min(_LINE * lines_of(said, 96) + 4, _HIGHEST))
    sheet.write_string(row + 3, 0, _SIGN.said(paper.lang))
    sheet.protect("", {"format_columns": True, "format_rows": True})


def write_guide(book: Workbook, paper: Workpaper) -> None:
    """How to fill the paper in, and what the columns say."""
    sheet = book.add_worksheet(GUIDE.said(paper.lang))
    _plain(sheet, (22, 110))
    title = book.add_format({"bold": True, "font_size": 16, "font_color": "#1f4e79"})
    body = book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True, "valign": "top"})
    sheet.set_row(0, 32)
    sheet.write_string(0, 0, GUIDE.said(paper.lang), title)
    steps = _STEPS if len(paper.sheets) < 2 else (*_STEPS, _LEVELS)
    row = 0
    for row, step in enumerate(steps, start=1):
        said = f"{row}. {step.said(paper.lang)}"
        sheet.merge_range(row, 0, row, 1, said, body)
        sheet.set_row(row, _LINE * lines_of(said, 132) + 6)
    for row, (column, says) in enumerate(_LEGEND, start=row + 2):  # noqa: B020  # goes on below the steps
        sheet.write_string(row, 0, HEADINGS[column].said(paper.lang), bold)
        sheet.write_string(row, 1, says.said(paper.lang), body)
    sheet.protect("", {"format_columns": True, "format_rows": True})


def _plain(sheet: Worksheet, widths: tuple[int, ...]) -> None:
    for number, width in enumerate(widths):
        sheet.set_column(number, number, width)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
