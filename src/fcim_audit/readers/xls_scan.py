"""Knows what an .xls workbook holds, by another reader than the one that gives its cells."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import xlrd
from xlrd.biffh import XLRDError
from xlrd.sheet import Sheet

from fcim_audit.language import Text
from fcim_audit.readers.base import Fault, Merge, Unreadable


@dataclass(frozen=True, slots=True)
class XlsSheet:
    """The rows of one sheet that hold values, its faults, merged ranges and hidden parts."""

    filled: frozenset[int]
    faults: tuple[Fault, ...]
    merged: tuple[Merge, ...]
    hidden_rows: tuple[int, ...]
    hidden_columns: tuple[int, ...]

    def unread(self, read: frozenset[int]) -> tuple[int, ...]:
        """Rows that hold a value and are not among those that were read."""
        return tuple(sorted(self.filled - read))


def scan_xls(path: Path) -> tuple[dict[str, XlsSheet], bool]:
    """Every worksheet, and whether days count from 1904; raises Unreadable for a damaged or protected file."""
    try:
        with xlrd.open_workbook(str(path), logfile=io.StringIO(), formatting_info=True) as book:
            return {sheet.name: _scanned(sheet) for sheet in book.sheets()}, book.datemode == 1
    except XLRDError as error:
        if "encrypted" in str(error):
            raise Unreadable(
                Text("文件有打开密码", "the file is protected by a password"),
                hint=Text("请去掉密码后另存", "save it without a password"),
            ) from error
        raise _damaged() from error
    except Exception as error:  # a damaged file makes it raise what it likes
        raise _damaged() from error


def _damaged() -> Unreadable:
    return Unreadable(
        Text("文件已损坏", "the file is damaged"),
        hint=Text("请用 Excel 或 WPS 另存后重试", "save it again in Excel or WPS"),
    )


def _scanned(sheet: Sheet) -> XlsSheet:
    filled = frozenset(row + 1 for row in range(sheet.nrows) if any(_says(sheet, row)))
    hidden = (row + 1 for row, info in sorted(sheet.rowinfo_map.items()) if info.hidden)
    merged = (
        Merge(top + 1, left, bottom, right - 1) for top, bottom, left, right in sheet.merged_cells
    )
    columns = (column for column, info in sorted(sheet.colinfo_map.items()) if info.hidden)
    return XlsSheet(
        filled,
        tuple(_faults(sheet)),
        tuple(merged),
        tuple(row for row in hidden if row in filled),
        tuple(column for column in columns if column < sheet.ncols),
    )


def _says(sheet: Sheet, row: int) -> Iterator[bool]:
    for kind, value in zip(sheet.row_types(row), sheet.row_values(row), strict=True):
        if kind == xlrd.XL_CELL_TEXT:
            yield bool(value.strip())
        else:
            yield kind in {xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE, xlrd.XL_CELL_BOOLEAN}


def _faults(sheet: Sheet) -> Iterator[Fault]:
    for row in range(sheet.nrows):
        for column, kind in enumerate(sheet.row_types(row)):
            if kind == xlrd.XL_CELL_ERROR:
                code = int(str(sheet.cell_value(row, column)))
                text = xlrd.error_text_from_code.get(code, "#ERROR!")
                yield Fault(row + 1, column, "error_value", text)
