"""Knows how a workbook of plain tables looks: the same on every sheet, and text stays text."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from fcim_audit.model import Status
from fcim_audit.wording import clean

LONGEST = 32_000
LINE_HEIGHT, HIGHEST = 15, 400
FIRST_WIDE = "\u2e80"
_COLOURS = {
    Status.MAJOR: "#f6c9cb",
    Status.MINOR: "#fbdcbf",
    Status.OFI: "#f8efc4",
    Status.CONFORM: "#cfeedb",
}
Value = str | int | float | None


class Sheets:
    """A workbook under way: headings, widths, frozen panes and filters the same on every sheet."""

    def __init__(self) -> None:
        self._out = io.BytesIO()
        book = Workbook(
            self._out, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
        )
        made = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
        book.set_properties({"title": "fcim-audit", "created": made})
        self._book = book
        self._head = book.add_format(
            {"bold": True, "bg_color": "#e4e9f0", "border": 1, "text_wrap": True, "valign": "top"}
        )
        self._body = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
        self._colours = {
            status: book.add_format(
                {"text_wrap": True, "valign": "top", "border": 1, "bg_color": colour}
            )
            for status, colour in _COLOURS.items()
        }

    def add(
        self,
        name: str,
        columns: Sequence[tuple[str, int]],
        rows: Iterable[tuple[Status | None, Sequence[Value]]],
    ) -> None:
        """One sheet: columns as (heading, width); a row's status colours it."""
        sheet = self._book.add_worksheet(name)
        for number, (heading, width) in enumerate(columns):
            sheet.set_column(number, number, width)
            sheet.write_string(0, number, heading, self._head)
        last = 0
        for last, (status, values) in enumerate(rows, start=1):
            shape = self._colours.get(status, self._body) if status is not None else self._body
            for number, value in enumerate(values):
                _write(sheet, last, number, value, shape)
            sheet.set_row(last, _height(values, [width for _, width in columns]))
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)

    def done(self) -> bytes:
        """The workbook."""
        self._book.close()
        return self._out.getvalue()


def _height(values: Sequence[Value], widths: Sequence[int]) -> float:
    """High enough for the text with the most lines; Chinese characters are two wide."""
    lines = 1
    for value, width in zip(values, widths, strict=True):
        if isinstance(value, str):
            shown = [sum(1 + (c >= FIRST_WIDE) for c in line) for line in value.split("\n")]
            lines = max(lines, sum(max(1, -(-n // max(1, width - 1))) for n in shown))
    return min(LINE_HEIGHT * lines, HIGHEST)


def _write(sheet: object, row: int, column: int, value: Value, shape: Format) -> None:
    if value is None:
        sheet.write_blank(row, column, None, shape)  # type: ignore[attr-defined]  # untyped library
    elif isinstance(value, str):
        text = clean(value)
        if len(text) > LONGEST:
            text = f"{text[:LONGEST]} …[{len(text)}]"
        sheet.write_string(row, column, text, shape)  # type: ignore[attr-defined]  # untyped library
    else:
        sheet.write_number(row, column, value, shape)  # type: ignore[attr-defined]  # untyped library
