"""Knows how a table's rows go into a sheet one after the other, three times as fast as cell by cell.

xlsxwriter spends most of its time between its calls for a cell and the cell's XML. Here a row is one
call. A test holds the XML against what xlsxwriter itself writes for the same cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.sax.saxutils import escape

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

HIGHEST = 400
Cell = tuple[str | float | None, int]
"""Text that holds no control character, or a figure, and the number of its format."""
_ESCAPED = re.compile("(_x[0-9a-fA-F]{4}_)")


class RowSheet(Worksheet):  # type: ignore[misc]  # the library has no types
    """A sheet of a workbook in constant memory, to which rows are added below the headings."""

    def begin(self, columns: int) -> None:
        """The headings are written; what follows are rows of so many cells."""
        self._write_single_row(1)
        self._letters = [xl_col_to_name(number) for number in range(columns)]
        self._rows = 1

    def append(self, cells: Iterable[Cell], height: int | None) -> None:
        """One row, so many points high; None: as high as one line."""
        self._rows += 1
        row = self._rows
        told = [
            _cell(f"{letter}{row}", value, shape)
            for letter, (value, shape) in zip(self._letters, cells, strict=True)
        ]
        high = "" if height is None else f' ht="{min(height, HIGHEST)}" customHeight="1"'
        self.row_data_fh.write(f'<row r="{row}"{high}>{"".join(told)}</row>')

    def end(self) -> int:
        """Returns how many rows were added."""
        self._check_dimensions(self._rows - 1, len(self._letters) - 1)
        return self._rows - 1


def _cell(address: str, value: str | float | None, shape: int) -> str:
    if value is None:
        return f'<c r="{address}" s="{shape}"/>'
    if isinstance(value, str):
        return f'<c r="{address}" s="{shape}" t="inlineStr"><is>{_text(value)}</is></c>'
    return f'<c r="{address}" s="{shape}"><v>{value:.16G}</v></c>'


def _text(text: str) -> str:
    if "_x" in text:
        text = _ESCAPED.sub(r"_x005F\1", text)
    keep = ' xml:space="preserve"' if text[:1].isspace() or text[-1:].isspace() else ""
    return f"<t{keep}>{escape(text)}</t>"
