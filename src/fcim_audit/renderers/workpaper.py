"""Knows how a work-paper looks as an Excel workbook: locked facts, cells to fill in, lists to choose from."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from fcim_audit.auditfile.paper import (
    DIGESTS,
    HEADINGS,
    LEVELS,
    LONGEST_LINE,
    META,
    SHEET_COLUMNS,
    SHEET_NAMES,
    TO_FILL,
    CellValue,
    Column,
    PaperRow,
    PaperSheet,
    Workpaper,
)
from fcim_audit.language import Text
from fcim_audit.model import Status
from fcim_audit.renderers.sheet_look import lines_of
from fcim_audit.renderers.workpaper_guide import write_cover, write_guide
from fcim_audit.wording import STATUS_WORDS, clean

LISTS = "_lists"
LINE_HEIGHT, LOWEST, HIGHEST = 13.5, 58, 405
A3, A4 = 8, 9
ROOMY = 32
WIDTHS = {
    Column.CHAPTER: 8, Column.CLAUSE: 10, Column.ID: 8, Column.TITLE: 13, Column.CRITERION: 25,
    Column.QUESTION: 23, Column.ASK_FOR: 20, Column.SAMPLING: 22, Column.PROPOSAL: 10,
    Column.BASIS: 13, Column.MEASURED: 27, Column.PLACES: 18, Column.STATUS: 11, Column.LEVEL: 10,
    Column.NOTE: 28, Column.EVIDENCE: 26, Column.REASON: 17, Column.AUDITOR: 10, Column.TIME: 16,
    Column.APPROVED: 12, Column.EFFORT: 8,
}  # fmt: skip
_FACT = {"font_size": 9, "bg_color": "#f4f6f9", "font_color": "#26313d"}
_OPEN = {"font_size": 10, "locked": False, "bg_color": "#ffffff", "num_format": "@"}
_CELL = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#c3ccd6"}
_HEAD = {
    "bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "border_color": "#8fa0b3",
}  # fmt: skip
_FACT_HEAD = {**_HEAD, "bg_color": "#44546a", "font_color": "#ffffff"}
_OPEN_HEAD = {**_HEAD, "bg_color": "#2e7d4f", "font_color": "#ffffff"}
_COLOURS = {
    Status.CONFORM: "#cfeedb", Status.OFI: "#f8efc4", Status.MINOR: "#fbdcbf",
    Status.MAJOR: "#f6c9cb", Status.NOT_VERIFIED: "#e7e9ed", Status.NOT_APPLICABLE: "#e7e9ed",
}  # fmt: skip
_CONCLUDED = (Status.CONFORM, Status.OFI, Status.MINOR, Status.MAJOR)
_ALLOWED = {
    "autofilter": True, "sort": True, "format_cells": True, "format_columns": True,
    "format_rows": True, "select_locked_cells": True, "select_unlocked_cells": True,
}  # fmt: skip
_WRONG = Text("请核对", "Please check")
_CHOOSE = Text("请从列表中选择。", "Choose from the list.")
_WHEN = Text(
    "请写成 2026-01-20 14:30；空着就取导入的时间。",
    "Write it as 2026-01-20 14:30; empty: the time of the import.",
)
_DAYS = Text("请写整数人日。", "Write whole days.")
_LENGTH = Text(
    f"最多 {LONGEST_LINE} 个字符，再长请放进证据文件。",
    f"At most {LONGEST_LINE} characters; put more into a file of evidence.",
)


def render(paper: Workpaper) -> bytes:
    """The workbook; the same paper gives the same bytes."""
    out = io.BytesIO()
    book = Workbook(
        out, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    )
    book.set_properties({"title": "fcim-audit", "created": paper.created})
    write_cover(book, paper)
    write_guide(book, paper)
    drawing = _Drawing(book, paper)
    for number, sheet in enumerate(paper.sheets):
        drawing.draw(sheet, first=number == 0)
    drawing.lists()
    _write_meta(book, paper)
    book.close()
    return out.getvalue()


class _Drawing:
    """A workbook under way: its formats, made once each."""

    def __init__(self, book: Workbook, paper: Workpaper) -> None:
        self._book = book
        self._paper = paper
        self._formats: dict[tuple[tuple[str, object], ...], Format] = {}

    def draw(self, paper_sheet: PaperSheet, *, first: bool) -> None:
        """One sheet: headings, rows, drop-downs, colours, protection, print setup."""
        columns = SHEET_COLUMNS[paper_sheet.kind]
        sheet = self._book.add_worksheet(self._said(SHEET_NAMES[paper_sheet.kind]))
        self._headings(sheet, columns)
        for number, row in enumerate(paper_sheet.rows, start=1):
            self._row(sheet, number, columns, row)
        last = max(1, len(paper_sheet.rows))
        for number, column in enumerate(columns):
            if column in TO_FILL:
                self._validate(sheet, number, column, last)
        self._colour(sheet, columns, last)
        beside = Column.TITLE if Column.TITLE in columns else Column.CLAUSE
        sheet.freeze_panes(1, columns.index(beside) + 1)
        sheet.autofilter(0, 0, last, len(columns) - 1)
        sheet.protect("", _ALLOWED)
        sheet.set_tab_color("#2e7d4f")
        self._print_setup(sheet, A3 if Column.STATUS in columns else A4)
        if first:
            sheet.activate()

    def lists(self) -> None:
        """The hidden sheet with the words of the drop-downs of people."""
        sheet = self._book.add_worksheet(LISTS)
        for number, words in enumerate((self._paper.team, self._paper.leads)):
            for row, word in enumerate(words):
                sheet.write_string(row, number, word)
        sheet.hide()

    def _said(self, text: Text) -> str:
        return text.said(self._paper.lang)

    def _format(self, properties: Mapping[str, object]) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(dict(properties))
        return self._formats[key]

    def _headings(self, sheet: Worksheet, columns: Sequence[Column]) -> None:
        for number, column in enumerate(columns):
            look = _OPEN_HEAD if column in TO_FILL else _FACT_HEAD
            hidden = {"hidden": True} if column is Column.KEY else {}
            sheet.set_column(number, number, _width(column, columns), None, hidden)
            sheet.write_string(0, number, self._said(HEADINGS[column]), self._format(look))
        sheet.set_row(0, 36)

    def _row(self, sheet: Worksheet, number: int, columns: Sequence[Column], row: PaperRow) -> None:
        """High enough for its facts and a few lines of notes: not every program fits rows by itself."""
        lines = 1
        for place, column in enumerate(columns):
            value = row.cells.get(column)
            self._write(sheet, number, place, value, self._format(_look(column)))
            if isinstance(value, str) and column is not Column.KEY:
                small = 1.0 if column in TO_FILL else 1.12
                lines = max(lines, lines_of(value, round(_width(column, columns) * small)))
        lowest = LOWEST if Column.STATUS in columns else LINE_HEIGHT * 2
        sheet.set_row(number, max(lowest, min(LINE_HEIGHT * lines + 4, HIGHEST)))

    def _write(
        self, sheet: Worksheet, row: int, column: int, value: CellValue, look: Format
    ) -> None:
        if value is None:
            sheet.write_blank(row, column, None, look)
        elif isinstance(value, dt.datetime):
            sheet.write_datetime(row, column, value, look)
        elif isinstance(value, int):
            sheet.write_number(row, column, value, look)
        else:
            sheet.write_string(row, column, value, look)

    def _validate(self, sheet: Worksheet, number: int, column: Column, last: int) -> None:
        allowed, advice = self._allowed(column)
        sheet.data_validation(
            1, number, last, number,
            {**allowed, "error_type": "stop", "error_title": self._said(_WRONG),
             "error_message": self._said(advice)},
        )  # fmt: skip

    def _allowed(self, column: Column) -> tuple[dict[str, object], Text]:
        if column is Column.STATUS:
            words = [self._said(word) for word in STATUS_WORDS.values()]
            return {"validate": "list", "source": words}, _CHOOSE
        if column is Column.LEVEL:
            return {"validate": "list", "source": list(LEVELS)}, _CHOOSE
        if column in {Column.AUDITOR, Column.APPROVED}:
            words = list(self._paper.leads if column is Column.APPROVED else self._paper.team)
            letter = xl_col_to_name(1 if column is Column.APPROVED else 0)
            source = f"={LISTS}!${letter}$1:${letter}${len(words)}"
            return {"validate": "list", "source": source}, _CHOOSE
        if column is Column.TIME:
            early, late = dt.date(2000, 1, 1), dt.date(2200, 12, 31)
            return {
                "validate": "date",
                "criteria": "between",
                "minimum": early,
                "maximum": late,
            }, _WHEN
        if column is Column.EFFORT:
            return {
                "validate": "integer",
                "criteria": "between",
                "minimum": 0,
                "maximum": 10_000,
            }, _DAYS
        longest = LONGEST_LINE if column is not Column.EVIDENCE else 8 * LONGEST_LINE
        return {"validate": "length", "criteria": "<=", "value": longest}, _LENGTH

    def _colour(self, sheet: Worksheet, columns: Sequence[Column], last: int) -> None:
        """Statuses in their colours, and what is still missing in yellow, wherever a row is sorted to."""
        for column in (Column.PROPOSAL, Column.STATUS):
            if column not in columns:
                continue
            place = columns.index(column)
            for status, colour in _COLOURS.items():
                sheet.conditional_format(
                    1, place, last, place,
                    {"type": "cell", "criteria": "==", "value": f'"{self._said(STATUS_WORDS[status])}"',
                     "format": self._format({"bg_color": colour})},
                )  # fmt: skip
        if Column.STATUS not in columns:
            return
        letters = {column: xl_col_to_name(columns.index(column)) for column in columns}
        for column, missing in self._missing(letters).items():
            place = columns.index(column)
            sheet.conditional_format(
                1, place, last, place,
                {"type": "formula", "criteria": missing, "format": self._format({"bg_color": "#fff29b"})},
            )  # fmt: skip

    def _missing(self, letter: Mapping[Column, str]) -> dict[Column, str]:
        """When an empty cell is owed: evidence, the reason of an override, who approves an exclusion."""
        status, proposal = f"${letter[Column.STATUS]}2", f"${letter[Column.PROPOSAL]}2"
        word = {s: f'"{self._said(text)}"' for s, text in STATUS_WORDS.items()}
        concluded = ",".join(f"{status}={word[s]}" for s in _CONCLUDED)
        proposed = ",".join(f"{proposal}={word[s]}" for s in _CONCLUDED)
        excluded = f"{status}={word[Status.NOT_APPLICABLE]}"
        override = f'AND({status}<>"",{status}<>{proposal},OR({proposed}))'
        return {
            Column.EVIDENCE: f'=AND(${letter[Column.EVIDENCE]}2="",OR({concluded}))',
            Column.REASON: f'=AND(${letter[Column.REASON]}2="",OR({excluded},{override}))',
            Column.APPROVED: f'=AND(${letter[Column.APPROVED]}2="",{excluded})',
        }

    def _print_setup(self, sheet: Worksheet, paper: int) -> None:
        audit = clean(self._paper.meta["audit"])
        sheet.set_landscape()
        sheet.set_paper(paper)
        sheet.set_margins(left=0.25, right=0.25, top=0.6, bottom=0.5)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_header(f"&L&A&R{audit}")
        sheet.set_footer("&C&P / &N")


def _width(column: Column, columns: Sequence[Column]) -> int:
    """A sheet of few columns has room for its clauses and notes."""
    if Column.STATUS not in columns and column in {Column.CLAUSE, Column.NOTE}:
        return ROOMY if column is Column.CLAUSE else 2 * ROOMY
    return WIDTHS.get(column, 10)


def _look(column: Column) -> dict[str, object]:
    if column not in TO_FILL:
        bold = {"bold": True} if column in {Column.ID, Column.TITLE} else {}
        return {**_CELL, **_FACT, **bold, "num_format": "@"}
    if column is Column.TIME:
        return {**_CELL, **_OPEN, "num_format": "yyyy-mm-dd hh:mm", "align": "left"}
    return {**_CELL, **_OPEN, **({"num_format": "0"} if column is Column.EFFORT else {})}


def _write_meta(book: Workbook, paper: Workpaper) -> None:
    """The hidden sheet by which an import knows what was written: names, then a line for each row."""
    sheet = book.add_worksheet(META)
    row = 0
    for name, value in paper.meta.items():
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, clean(value))
        row += 1
    sheet.write_string(row, 0, DIGESTS)
    for row, cells in enumerate(paper.digests, start=row + 1):  # noqa: B020  # goes on below the names
        for number, text in enumerate(cells):
            sheet.write_string(row, number, text)
    sheet.hide()
