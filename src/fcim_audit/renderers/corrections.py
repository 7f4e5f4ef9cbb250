"""Knows an inspection as a list to send back: which cells to mend, what was read, what was left out."""

from __future__ import annotations

from collections.abc import Iterator

import jinja2

from fcim_audit.checklist.shipped import shipped
from fcim_audit.evidence.holdings import CellProblem, FileReport, Holdings, SheetReport
from fcim_audit.evidence.kinds import KINDS
from fcim_audit.language import Lang, Text
from fcim_audit.renderers.plain_book import Sheets, Value
from fcim_audit.wording import clean

TEMPLATE = "inspection.html.j2"
Row = tuple[Value, ...]
_WITHHELD = Text("（个人信息，不显示）", "(personal, not shown)")
_WHOLE_ROW = Text("整行", "the whole row")
_REASONS = {
    "title": Text("表题", "title"),
    "blank": Text("空行", "blank"),
    "example": Text("示例行", "sample row"),
    "repeated_heading": Text("重复的标题行", "repeated heading"),
    "total": Text("合计行", "total"),
    "signature": Text("签字行", "signature"),
    "note": Text("备注行", "note"),
    "unparsed": Text("拆不开的行", "could not be taken apart"),
}
_TABLES = (
    (
        Text("请修改", "To mend"),
        (("文件", "File", 34), ("工作表", "Sheet", 16), ("单元格", "Cell", 9), ("标题", "Heading", 20),
         ("现在写的是", "It says", 26), ("问题", "Problem", 30), ("怎样改", "What to do", 38)),
    ),
    (
        Text("已读取", "Read"),
        (("文件", "File", 34), ("工作表", "Sheet", 16), ("编码", "Encoding", 10), ("标题行", "Heading row", 10),
         ("数据集", "Dataset", 22), ("数据行", "Rows", 9), ("不是数据的行", "Rows left out", 12),
         ("问题总数", "Problems in all", 12), ("说明", "Remarks", 60)),
    ),
    (
        Text("未计入的行", "Rows left out"),
        (("文件", "File", 34), ("工作表", "Sheet", 16), ("行", "Row", 9), ("原因", "Why", 26)),
    ),
)  # fmt: skip


def workbook(holdings: Holdings, lang: Lang) -> bytes:
    """The list as an .xlsx workbook of three sheets."""
    sheets = Sheets()
    for (name, columns), rows in zip(_TABLES, _rows(holdings, lang), strict=True):
        heads = [(zh if lang is Lang.ZH else en, width) for zh, en, width in columns]
        sheets.add(name.said(lang), heads, rows)
    return sheets.done()


def page(holdings: Holdings, lang: Lang) -> bytes:
    """The list as one self-contained HTML page."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(shipped("templates")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    tables = [
        {
            "name": name.said(lang),
            "heads": [zh if lang is Lang.ZH else en for zh, en, _ in columns],
            "rows": [[clean("" if cell is None else str(cell)) for cell in row] for row in rows],
        }
        for (name, columns), rows in zip(_TABLES, _rows(holdings, lang), strict=True)
    ]
    text = environment.get_template(TEMPLATE).render(tables=tables, zh=lang is Lang.ZH)
    return text.encode()


def _rows(holdings: Holdings, lang: Lang) -> tuple[list[Row], list[Row], list[Row]]:
    problems: list[Row] = []
    read: list[Row] = []
    left_out: list[Row] = []
    for file in holdings.files:
        if file.unreadable is not None:
            problems.append((file.file, None, None, None, None, file.unreadable.said(lang), None))
            read.append((file.file, *[None] * 7, file.unreadable.said(lang)))
        read += [_read(file, sheet, lang) for sheet in file.sheets]
        for sheet in file.sheets:
            problems += [_problem(file, sheet, problem, lang) for problem in sheet.problems]
            left_out += _left_out(file, sheet, lang)
    return problems, read, left_out


def _problem(file: FileReport, sheet: SheetReport, problem: CellProblem, lang: Lang) -> Row:
    what, todo = KINDS.get(problem.kind, (Text(problem.kind, problem.kind), Text("", "")))
    whole = not problem.heading and not problem.column
    said = problem.text if problem.text is not None or whole else _WITHHELD.said(lang)
    if problem.kind in {"blank_key", "formula_without_value"}:
        said = problem.text
    return (
        file.file, sheet.name, sheet.address(problem) or problem.row,
        problem.heading or problem.column or _WHOLE_ROW.said(lang), said,
        what.said(lang), todo.said(lang),
    )  # fmt: skip


def _read(file: FileReport, sheet: SheetReport, lang: Lang) -> Row:
    rows = "–".join(str(row) for row in (*sheet.header_rows[:1], *sheet.header_rows[1:][-1:]))
    left = sum(sheet.left_out_counts.values()) or len(sheet.left_out)
    notes = "\n".join(note.said(lang) for note in file.notes)
    return (
        file.file, sheet.name, file.encoding, rows, sheet.dataset, sheet.row_count, left,
        sheet.problem_count, notes,
    )  # fmt: skip


def _left_out(file: FileReport, sheet: SheetReport, lang: Lang) -> Iterator[Row]:
    for out in sheet.left_out:
        why = _REASONS.get(out.why)
        yield file.file, sheet.name, out.row, out.why if why is None else why.said(lang)
