"""Knows the first sheet of a collection template: how to fill it in, what it proves, how to declare it."""

from __future__ import annotations

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from fcim_audit.datasets import EXAMPLE_ROW, Dataset
from fcim_audit.language import Lang, Text
from fcim_audit.renderers.collection_sheets import Collection
from fcim_audit.renderers.column_words import heading, is_demanded
from fcim_audit.renderers.sheet_look import HEADING_LOOKS, Look, lines_of
from fcim_audit.wording import clean

WIDTHS = (30, 24, 36, 62, 32)
LINE_HEIGHT, HIGHEST = 15, 400
_CELL = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#b8c2cf"}
_TITLE = Text("证据收集表", "Evidence collection template")
_STEPS = (
    Text(
        "每张工作表是一类记录，一行一条。表头的文字请勿改动，列的次序可以调整；指向表头可看到该列的含义、格式和例子。",
        "Each sheet is one kind of record, one record a row. Leave the headings as they are (their order is free); "
        "point at a heading to see what it means, its format and an example.",
    ),
    Text(
        f"每张表第 2 行是虚构的示例（灰色斜体，首格以“{EXAMPLE_ROW.zh}”开头），请覆盖或删除。"
        f"任何带有“{EXAMPLE_ROW.zh}”的行都不算证据，读取时会排除并列出（原因 example）；覆盖时请连同这个标记一起去掉。",
        f"Row 2 of each sheet is a fictional sample (grey italics, its first cell begins with {EXAMPLE_ROW.en}): "
        "overwrite or delete it. A row with that mark is never evidence; it is left out and listed "
        "(reason: example). When you overwrite the row, take the mark away too.",
    ),
    Text(
        "带 * 的列（深色、中蓝色）必须有。没有数据的可选列请整列删去：留着空列等于说“没有发生或没有记录”。",
        "Columns with * (dark and medium blue) must be there. Delete optional columns for which you have no data: "
        "an empty column says that nothing happened or was recorded.",
    ),
    Text(
        "用不到的工作表请删去，并删去 bundle.yaml 中对应的一条：只剩表头的工作表等于说“没有这类记录”。",
        "Delete the sheets that you don't use, and their entries in bundle.yaml: a sheet with nothing but headings "
        "says that there are no such records.",
    ),
    Text(
        "橙色底线的列含个人信息，可用代号代替；同一人在各表中始终用同一代号。",
        "Columns with an orange line hold personal data; pseudonyms will do: one person, one pseudonym, on every sheet.",
    ),
    Text(
        "日期写 2025-03-01，时间写 2025-03-01 09:30，时长写 1.5h 或 90分钟。空单元格就是没有；“-”“/”也算空。"
        "请如实填写：下拉列表都不合适时写实际情况，由审核员判断。",
        "Write dates as 2025-03-01, times as 2025-03-01 09:30, lengths of time as 1.5h or 90min. An empty cell says "
        "nothing; so do - and /. Write what is true: if no word of a list fits, use your own; the auditor decides.",
    ),
    Text(
        "存为 .xlsx，与 bundle.yaml 放在同一文件夹；先运行 fcim-audit inspect 文件夹 核对每一行，再运行 fcim-audit evaluate 文件夹。",
        "Save as .xlsx beside bundle.yaml; run fcim-audit inspect FOLDER to see every row accounted for, "
        "then fcim-audit evaluate FOLDER.",
    ),
)
_LEGEND = (
    (Look.KEY, Text("主键*", "Key*")),
    (Look.REQUIRED, Text("必需*", "Required*")),
    (Look.OPTIONAL, Text("可选", "Optional")),
    (Look.OPTIONAL_PERSONAL, Text("个人信息", "Personal data")),
)
_COLUMNS = (
    Text("工作表", "Sheet"),
    Text("数据集", "Dataset"),
    Text("记录来自", "Where the records come from"),
    Text("可证明的要求", "Evidence for the requirements"),
    Text("必须有的列", "Columns that must be there"),
)
_BUNDLE = Text(
    "bundle.yaml 中的证据条目（不需要 columns，表头已能识别；只留用到的）",
    "Entries for bundle.yaml (no columns: the headings are known; keep those you use)",
)


def write_guide(book: Workbook, sheet: Worksheet, collection: Collection) -> None:
    """Write the whole sheet."""
    for number, width in enumerate(WIDTHS):
        sheet.set_column(number, number, width)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    row = _write_steps(book, sheet, collection.lang)
    row = _write_list(book, sheet, row + 1, collection)
    _write_entries(book, sheet, row + 1, collection)


def _write_steps(book: Workbook, sheet: Worksheet, lang: Lang) -> int:
    title = book.add_format({"bold": True, "font_size": 18, "font_color": "#1f4e79"})
    sheet.write_string(0, 0, _TITLE.said(lang), title)
    sheet.set_row(0, 30)
    body = book.add_format({"text_wrap": True, "valign": "top"})
    row = 0
    for row, step in enumerate(_STEPS, start=1):
        told = f"{row}. {step.said(lang)}"
        sheet.merge_range(row, 0, row, len(WIDTHS) - 1, told, body)
        sheet.set_row(row, LINE_HEIGHT * lines_of(told, sum(WIDTHS)) + 3)
    row += 2
    sheet.set_row(row, 22)
    for number, (look, label) in enumerate(_LEGEND):
        shape = book.add_format({**HEADING_LOOKS[look], "align": "center"})
        sheet.write_string(row, number, label.said(lang), shape)
    return row + 1


def _write_list(book: Workbook, sheet: Worksheet, row: int, collection: Collection) -> int:
    head = book.add_format(HEADING_LOOKS[Look.KEY])
    body = book.add_format(_CELL)
    link = book.add_format({**_CELL, "font_color": "#1f4e79", "underline": 1})
    sheet.set_row(row, 22)
    for number, title in enumerate(_COLUMNS):
        sheet.write_string(row, number, title.said(collection.lang), head)
    for dataset, name in zip(collection.datasets, collection.sheets, strict=True):
        row += 1
        cells = _of_dataset(dataset, collection)
        place = name.replace("'", "''")
        sheet.write_url(row, 0, f"internal:'{place}'!A1", link, name)
        for number, cell in enumerate(cells, start=1):
            sheet.write_string(row, number, clean(cell), body)
        lines = max(
            lines_of(cell, width) for cell, width in zip((name, *cells), WIDTHS, strict=True)
        )
        sheet.set_row(row, min(LINE_HEIGHT * lines + 3, HIGHEST))
    return row + 1


def _of_dataset(dataset: Dataset, collection: Collection) -> tuple[str, str, str, str]:
    lang, titles = collection.lang, collection.requirements
    proves = [
        f"{id_} {titles[id_].said(lang)}" if id_ in titles else id_ for id_ in dataset.evidence_for
    ]
    demanded = [heading(column, lang) for column in dataset.columns if is_demanded(column)]
    return (
        dataset.name,
        dataset.systems.said(lang),
        Text("；", "; ").said(lang).join(proves) or "—",
        Text("、", ", ").said(lang).join(demanded) or "—",
    )


def _write_entries(book: Workbook, sheet: Worksheet, row: int, collection: Collection) -> None:
    bold = book.add_format({"bold": True, "font_color": "#1f4e79", "font_size": 12})
    code = book.add_format({"font_name": "Consolas", "font_size": 10, "num_format": "@"})
    sheet.write_string(row, 0, _BUNDLE.said(collection.lang), bold)
    for number, line in enumerate(collection.entries, start=row + 1):
        sheet.write_string(number, 0, clean(line), code)
