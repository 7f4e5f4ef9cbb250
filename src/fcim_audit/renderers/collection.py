"""Knows the workbook that an organisation fills in: a sheet for each dataset, read without mapping."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from fcim_audit.datasets import EXAMPLE_ROW, Column, ColumnType, Dataset
from fcim_audit.language import Lang, Text
from fcim_audit.renderers.collection_guide import write_guide
from fcim_audit.renderers.collection_sheets import GUIDE, LISTS, Collection
from fcim_audit.renderers.column_words import heading, is_demanded, note, offered, word_for
from fcim_audit.renderers.sample_values import Value, sample_row
from fcim_audit.renderers.sheet_look import HEADING_LOOKS, NUMBER_FORMATS, Look, look_of, wide
from fcim_audit.wording import clean

LONGEST_LIST = 255
LAST_ROW = 1_048_575
NARROWEST, WIDEST = 12, 34
_LARGEST = 10**12
_WIDE_CELLS = {ColumnType.DATE: 13, ColumnType.DATETIME: 18}


def render(collection: Collection) -> bytes:
    """The workbook."""
    out = io.BytesIO()
    book = Workbook(
        out, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    )
    book.set_properties({"title": "fcim-audit", "created": dt.datetime(2000, 1, 1, tzinfo=dt.UTC)})
    write_guide(book, book.add_worksheet(GUIDE.said(collection.lang)), collection)
    sheets = [book.add_worksheet(name) for name in collection.sheets]
    filling = _Filling(book, collection.lang)
    for dataset, sheet in zip(collection.datasets, sheets, strict=True):
        filling.fill(dataset, sheet)
    book.close()
    return out.getvalue()


class _Filling:
    """A workbook under way: its formats, and the hidden sheet of long lists if one is needed."""

    def __init__(self, book: Workbook, lang: Lang) -> None:
        self._book = book
        self._lang = lang
        self._formats: dict[tuple[tuple[str, object], ...], Format] = {}
        self._lists: Worksheet | None = None
        self._listed = 0

    def fill(self, dataset: Dataset, sheet: Worksheet) -> None:
        """Headings with their notes, the sample row, and what each column may hold."""
        values = sample_row(dataset, self._lang)
        for number, (column, value) in enumerate(zip(dataset.columns, values, strict=True)):
            shown = self._shown(column, value)
            self._heading(sheet, number, column, _plain(shown))
            if number == 0:
                shown = f"{EXAMPLE_ROW.said(self._lang)} {_plain(shown)}"
            width = max(wide(shown) + 2, wide(heading(column, self._lang)) + 5)
            width = max(width, _WIDE_CELLS.get(column.type, NARROWEST))
            body = self._format({"num_format": NUMBER_FORMATS[column.type], "valign": "top"})
            sheet.set_column(number, number, min(width, WIDEST), body)
            self._sample(sheet, number, column, shown)
            self._validate(sheet, number, column)
        sheet.set_row(0, 34)
        sheet.set_row(1, 20)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, LAST_ROW, len(dataset.columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_tab_color(HEADING_LOOKS[Look.KEY]["bg_color"])

    def _format(self, properties: Mapping[str, object]) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(dict(properties))
        return self._formats[key]

    def _heading(self, sheet: Worksheet, number: int, column: Column, example: str) -> None:
        look = self._format(
            HEADING_LOOKS[look_of(column.key, is_demanded(column), column.personal)]
        )
        sheet.write_string(0, number, clean(heading(column, self._lang)), look)
        said = clean(note(column, self._lang, example))
        lines = sum(-(-wide(line) // 40) for line in said.split("\n"))
        sheet.write_comment(
            0, number, said,
            {"author": "fcim-audit", "width": 280, "height": 20 + 17 * lines, "font_size": 9},
        )  # fmt: skip

    def _shown(self, column: Column, value: Value) -> Value:
        if column.type is ColumnType.ENUM and value is not None:
            return word_for(column, str(value), self._lang)
        return value

    def _sample(self, sheet: Worksheet, number: int, column: Column, value: Value) -> None:
        look = self._format(
            {"italic": True, "font_color": "#7f7f7f", "valign": "vcenter",
             "align": "left", "num_format": NUMBER_FORMATS[column.type]}
        )  # fmt: skip
        if value is None:
            sheet.write_blank(1, number, None, look)
        elif isinstance(value, str):
            sheet.write_string(1, number, clean(value), look)
        elif isinstance(value, dt.date):
            sheet.write_datetime(1, number, value, look)
        else:
            sheet.write_number(1, number, value, look)

    def _validate(self, sheet: Worksheet, number: int, column: Column) -> None:
        allowed = self._allowed(column)
        if not allowed:
            return
        advice = {
            "error_type": "warning",
            "error_title": Text("请核对", "Please check").said(self._lang),
            "error_message": _ADVICE[column.type].said(self._lang),
        }
        sheet.data_validation(1, number, LAST_ROW, number, {**allowed, **advice})

    def _allowed(self, column: Column) -> dict[str, object]:
        match column.type:
            case ColumnType.ENUM | ColumnType.BOOL:
                return {"validate": "list", "source": self._source(offered(column, self._lang))}
            case ColumnType.INT | ColumnType.NUMBER:
                kind = "integer" if column.type is ColumnType.INT else "decimal"
                return {"validate": kind, "criteria": "between",
                        "minimum": -_LARGEST, "maximum": _LARGEST}  # fmt: skip
            case ColumnType.DATE | ColumnType.DATETIME:
                return {"validate": "date", "criteria": "between",
                        "minimum": dt.date(1970, 1, 1), "maximum": dt.date(2200, 12, 31)}  # fmt: skip
            case ColumnType.TEXT | ColumnType.DURATION:
                return {}

    def _source(self, words: Sequence[str]) -> list[str] | str:
        """The words themselves, or where they stand if they are too long for a list or hold commas."""
        if len(",".join(words)) <= LONGEST_LIST and not any("," in word for word in words):
            return list(words)
        if self._lists is None:
            self._lists = self._book.add_worksheet(LISTS)
            self._lists.hide()
        for row, word in enumerate(words):
            self._lists.write_string(row, self._listed, clean(word))
        letters = xl_col_to_name(self._listed)
        self._listed += 1
        return f"={LISTS}!${letters}$1:${letters}${len(words)}"


def _plain(value: Value) -> str:
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return "" if value is None else str(value)


_ADVICE = {
    ColumnType.INT: Text("这里应是整数。仍要保留吗？", "This should be a whole number. Keep it?"),
    ColumnType.NUMBER: Text("这里应是数字。仍要保留吗？", "This should be a number. Keep it?"),
    ColumnType.DATE: Text(
        "这里应是日期，如 2025-03-01。仍要保留吗？",
        "This should be a date, as 2025-03-01. Keep it?",
    ),
    ColumnType.DATETIME: Text(
        "这里应是日期和时间，如 2025-03-01 09:30。仍要保留吗？",
        "This should be a date and time, as 2025-03-01 09:30. Keep it?",
    ),
    ColumnType.BOOL: Text("请选“是”或“否”。仍要保留吗？", "Choose yes or no. Keep it?"),
    ColumnType.ENUM: Text(
        "不在下拉列表中的说法可能读不懂，不会被当作符合。都不合适时请如实填写。仍要保留吗？",
        "A word that is not in the list may not be understood and never counts as met. "
        "If none of the list fits, write what is true. Keep it?",
    ),
}
"""A cell is never forced: what is true goes before what fits."""
