"""Knows how a workbook of plain tables looks: the same on every sheet, and text stays text."""

from __future__ import annotations

import datetime as dt
import io
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from fcim_audit.model import Status
from fcim_audit.renderers.row_sheet import Cell, RowSheet
from fcim_audit.wording import clean

LONGEST = 32_000
"""UTF-16 units of a cell's text; a spreadsheet takes 32,767."""
MOST_ROWS = 1_048_575
"""Rows of a sheet below its headings."""
_DAY_0 = dt.date(1899, 12, 30)
"""Spreadsheets count days from here."""
FIRST_WIDE = "\u2e80"
LINE_HEIGHT, _WIDE_LINE = 15, 18
LINE = "#b8c2cf"
COLOURS: Mapping[Status, str] = {
    Status.MAJOR: "#f6c9cb",
    Status.MINOR: "#fbdcbf",
    Status.OFI: "#f8efc4",
    Status.CONFORM: "#cfeedb",
}
_CELL = {"text_wrap": True, "valign": "top", "border": 1, "border_color": LINE}
_A4, _MARGIN = 9, 0.4
_PAGE_WIDTH = 250
"""Characters that are legible on one printed page; a wider table goes on beside."""
_MOST_OF_FOOTER = 60


@dataclass(frozen=True, slots=True)
class Marked:
    """A text whose cell has the colour of a status."""

    text: str
    status: Status | None


@dataclass(frozen=True, slots=True)
class Number:
    """A figure with its number format, such as `0.00 %`."""

    value: float
    shape: str


Value = str | int | float | dt.date | Marked | Number | None
Row = Sequence[Value]
Columns = Sequence[tuple[str, int]]
"""Headings and their widths."""


class Sheets:
    """A workbook under way: headings, widths, frozen panes, filters and pages the same on every sheet.

    Rows go to files in a folder that ends with the workbook, so that memory does not grow with them.
    """

    def __init__(self, footer: str = "", most_rows: int = MOST_ROWS) -> None:
        self._out = io.BytesIO()
        self._folder = tempfile.TemporaryDirectory(prefix="fcim-", ignore_cleanup_errors=True)
        self.book = Workbook(
            self._out,
            {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True,
             "tmpdir": self._folder.name},
        )  # fmt: skip
        made = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
        self.book.set_properties({"title": "fcim-audit", "created": made})
        self.cut = 0
        self._footer = clean(footer)[:_MOST_OF_FOOTER].replace("&", "&&").replace("\n", " ")
        self._most_rows = most_rows
        self._head = self.book.add_format({**_CELL, "bold": True, "bg_color": "#e4e9f0"})
        self._formats: dict[tuple[Status | None, str], int] = {}

    def add(self, name: str, columns: Columns, rows: Iterable[Row]) -> int:
        """One sheet, and further ones where the rows don't fit; returns how many rows there are."""
        left, number, total = iter(rows), 0, 0
        while True:
            number += 1
            some = islice(left, self._most_rows)
            total += self._table(name if number == 1 else f"{name} ({number})", columns, some)
            following = next(left, None)
            if following is None:
                return total
            left = chain([following], left)

    def sheet(self, name: str) -> RowSheet:
        """An empty sheet with the pages of all others."""
        sheet: RowSheet = self.book.add_worksheet(name, worksheet_class=RowSheet)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(_MARGIN, _MARGIN, _MARGIN, 0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L{self._footer}&C&A&R&P / &N")
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        return sheet

    def write(self, sheet: Worksheet, row: int, column: int, value: Value, shape: Format) -> None:
        """One cell of a sheet that is no table; a text never becomes a formula, a link or mark-up."""
        plain, _ = self._cell(value)
        if plain is None:
            sheet.write_blank(row, column, None, shape)
        elif not isinstance(plain, str):
            sheet.write_number(row, column, plain, shape)
        elif plain.startswith("<r>") and plain.endswith("</r>"):
            # xlsxwriter takes this for its own mark-up and would not escape it
            sheet.write_rich_string(row, column, plain[:1], shape, plain[1:], shape)
        else:
            sheet.write_string(row, column, plain, shape)

    def done(self) -> bytes:
        """The workbook."""
        with self._folder:
            self.book.close()
        return self._out.getvalue()

    def _table(self, name: str, columns: Columns, rows: Iterator[Row]) -> int:
        sheet = self.sheet(name)
        widths = [width for _, width in columns]
        for number, width in enumerate(widths):
            sheet.set_column(number, number, width)
        sheet.set_row(0, height_of(columns))
        for number, (heading, _) in enumerate(columns):
            self.write(sheet, 0, number, heading, self._head)
        sheet.begin(len(columns))
        for values in rows:
            sheet.append(map(self._cell, values), _height(values, widths))
        count = sheet.end()
        sheet.fit_to_pages(-(-sum(widths) // _PAGE_WIDTH), 0)
        sheet.repeat_columns(0)
        sheet.repeat_rows(0)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(count, 1), len(columns) - 1)
        return count

    def _cell(self, value: Value) -> Cell:
        """A value and the number of its format."""
        if isinstance(value, str):
            return self._text(value) or None, self._number(None, "")
        if isinstance(value, Marked):
            return self._text(value.text), self._number(value.status, "")
        if isinstance(value, Number):
            return value.value, self._number(None, value.shape)
        if isinstance(value, dt.date):
            return (value - _DAY_0).days, self._number(None, "yyyy-mm-dd")
        return value, self._number(None, "")

    def _text(self, value: str) -> str:
        """A text without control characters that fits into a cell."""
        text = clean(value)
        if 2 * len(text) <= LONGEST:
            return text
        units = text.encode("utf-16-le")
        if len(units) <= 2 * LONGEST:
            return text
        self.cut += 1
        return f"{units[: 2 * LONGEST].decode('utf-16-le', errors='ignore')} …[{len(text)}]"

    def _number(self, status: Status | None, shape: str) -> int:
        """The number of a cell's format."""
        made = self._formats.get((status, shape))
        if made is None:
            colour = (
                {} if status is None or status not in COLOURS else {"bg_color": COLOURS[status]}
            )
            numbers = {"num_format": shape} if shape else {}
            look = self.book.add_format({**_CELL, **colour, **numbers})
            made = self._formats[status, shape] = int(look._get_xf_index())
        return made


def lines_in(text: str, width: int) -> int:
    """How many lines a text takes in a cell of this width; Chinese characters are two wide, letters narrower
    than the digits that widths are counted in."""
    fits = max(1, round(width * 1.1) - 1)
    if 2 * len(text) <= fits and "\n" not in text:
        return 1
    return sum(max(1, -(-_wide(line) // fits)) for line in text.split("\n"))


def _wide(line: str) -> int:
    return len(line) if line.isascii() else len(line) + sum(map(FIRST_WIDE.__le__, line))


def height_of(texts: Iterable[tuple[str, int]]) -> int:
    """How high, in points, a row is that holds texts in cells of such widths; Chinese lines are higher."""
    most = LINE_HEIGHT
    for text, width in texts:
        lines = lines_in(text, width)
        most = max(most, lines * (LINE_HEIGHT if lines == 1 or text.isascii() else _WIDE_LINE))
    return most


def _height(values: Sequence[Value], widths: Sequence[int]) -> int | None:
    """The height of a row; None where every text is on one line."""
    high: list[tuple[str, int]] = []
    for value, width in zip(values, widths, strict=True):
        text = value.text if isinstance(value, Marked) else value
        if isinstance(text, str) and (2 * len(text) >= width or "\n" in text):
            high.append((text, width))
    height = height_of(high) if high else LINE_HEIGHT
    return None if height == LINE_HEIGHT else height
