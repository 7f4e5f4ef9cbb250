"""Knows workbooks: every sheet's cells as the text a person would type for them."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import python_calamine as calamine
from duckdb import DuckDBPyConnection

from fcim_audit.language import Text
from fcim_audit.readers.base import Fault, Merge, RawFile, RawSheet, Request, Unreadable
from fcim_audit.readers.text_table import NumberedRow, load_rows
from fcim_audit.readers.workbook_parts import BROKEN, checked, part, sheet_parts
from fcim_audit.readers.workbook_scan import SheetXml, scan

Value = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta
_DIGITS_KEPT = 10**15
_DATE_1904 = re.compile(rb"""<(?:\w+:)?workbookPr\b[^>]*\bdate1904\s*=\s*["'](?:1|true)["']""")
_SHARED = "xl/sharedStrings.xml"
_AGAIN = Text("请用 Excel 或 WPS 另存后重试", "save it again in Excel or WPS")


class SheetScan(Protocol):
    """What a sheet's own bytes say, apart from the library that reads its cells."""

    @property
    def faults(self) -> Sequence[Fault]:
        """Cells whose value is an error, or a formula without its result."""
        ...

    @property
    def merged(self) -> tuple[Merge, ...]:
        """Merged ranges."""
        ...

    @property
    def hidden_rows(self) -> tuple[int, ...]:
        """Rows with values that a person does not see."""
        ...

    @property
    def hidden_columns(self) -> tuple[int, ...]:
        """Columns that a person does not see, from 0."""
        ...

    def unread(self, read: frozenset[int]) -> tuple[int, ...]:
        """Rows that hold a value and are not among those that were read."""
        ...


def read_xlsx(connection: DuckDBPyConnection, request: Request) -> RawFile:
    """Read an .xlsx workbook; what was read is held against the XML's own rows."""
    return _read(connection, request, "xlsx", *_scanned_xlsx(request.path))


def read_xls(connection: DuckDBPyConnection, request: Request) -> RawFile:
    """Read an .xls (or .et) workbook; what was read is held against a second reader."""
    from fcim_audit.readers.xls_scan import scan_xls

    return _read(connection, request, "xls", *scan_xls(request.path))


def read_xlsb(connection: DuckDBPyConnection, request: Request) -> RawFile:
    """Read an .xlsb workbook; what was read is held against its own records."""
    from fcim_audit.readers.xlsb_scan import scan_xlsb

    return _read(connection, request, "xlsb", *scan_xlsb(request.path))


def read_ods(connection: DuckDBPyConnection, request: Request) -> RawFile:
    """Read an .ods workbook; what was read is held against the XML's own rows."""
    from fcim_audit.readers.ods_scan import scan_ods

    return _read(connection, request, "ods", scan_ods(request.path), date1904=False)


def _read(
    connection: DuckDBPyConnection,
    request: Request,
    kind: str,
    scans: Mapping[str, SheetScan],
    date1904: bool,
) -> RawFile:
    sheets: list[RawSheet] = []
    with _opened(request.path) as workbook:
        for number, metadata in enumerate(workbook.sheets_metadata):
            xml = scans.get(metadata.name)
            if xml is None:
                continue
            sheet = _rows_of(workbook, metadata.name)
            table = f"{request.table}_{number}"
            reading = _Reading(sheet, xml)
            width = load_rows(connection, table, reading.rows(), request.work)
            reading.check(metadata.name)
            faults = tuple(sorted(reading.faults, key=lambda fault: (fault.row, fault.column)))
            sheets.append(
                RawSheet(
                    metadata.name, table, width,
                    metadata.visible == calamine.SheetVisibleEnum.Visible, faults=faults,
                    merged=xml.merged, hidden_rows=xml.hidden_rows,
                    hidden_columns=xml.hidden_columns,
                )
            )  # fmt: skip
    if len(sheets) != len(scans):
        raise Unreadable(
            Text(
                f"应有 {len(scans)} 个工作表，读到 {len(sheets)} 个",
                "some of its sheets can't be read",
            )
        )
    return RawFile(kind, None, tuple(sheets), date1904)


def _scanned_xlsx(path: Path) -> tuple[dict[str, SheetXml], bool]:
    try:
        with zipfile.ZipFile(path) as opened:
            checked(opened)
            names = {info.filename for info in opened.infolist()}
            shared = part(opened, _SHARED) if _SHARED in names else b""
            date1904 = _DATE_1904.search(part(opened, "xl/workbook.xml")) is not None
            scans = {n: scan(part(opened, m), n, shared) for n, m in sheet_parts(opened).items()}
    except BROKEN as error:
        raise Unreadable(Text("文件已损坏", "the file is damaged"), hint=_AGAIN) from error
    if not scans:
        raise Unreadable(Text("文件里没有工作表", "the file holds no sheet"), hint=_AGAIN)
    return scans, date1904


def _opened(path: Path) -> calamine.CalamineWorkbook:
    try:
        return calamine.load_workbook(path)
    except calamine.PasswordError as error:
        raise Unreadable(
            Text("文件有打开密码", "the file is protected by a password"),
            hint=Text("请去掉密码后另存", "save it without a password"),
        ) from error
    except (calamine.CalamineError, OSError) as error:
        raise Unreadable(
            Text("工作簿无法读取", "the workbook can't be read"), hint=_AGAIN
        ) from error


def _rows_of(workbook: calamine.CalamineWorkbook, name: str) -> calamine.CalamineSheet:
    try:
        return workbook.get_sheet_by_name(name)
    except (calamine.CalamineError, OSError) as error:
        raise Unreadable(
            Text(f"工作表 {name} 无法读取", f"the sheet {name} can't be read"), hint=_AGAIN
        ) from error


class _Reading:
    """One sheet being read: notes which rows held something, and cells that lost digits."""

    def __init__(self, sheet: calamine.CalamineSheet, xml: SheetScan) -> None:
        self._sheet = sheet
        self._xml = xml
        self._filled: set[int] = set()
        self.faults: list[Fault] = list(xml.faults)

    def rows(self) -> Iterator[NumberedRow]:
        errors: dict[int, list[Fault]] = {}
        for fault in self._xml.faults:
            errors.setdefault(fault.row, []).append(fault)
        left = [""] * (self._sheet.start[1] if self._sheet.start else 0)
        number = 0
        for number, values in enumerate(self._sheet.iter_rows(), start=1):
            cells = left + [value if type(value) is str else _text(value) for value in values]
            if any(cells):
                self._filled.add(number)
                if float in set(map(type, values)):
                    self._note_long_numbers(number, len(left), values)
            yield number, _with_errors(cells, errors.pop(number, ()))
        for row in sorted(errors):
            yield from ((blank, ()) for blank in range(number + 1, row))
            number = row
            yield row, _with_errors([], errors[row])

    def _note_long_numbers(self, row: int, left: int, values: Sequence[Value]) -> None:
        self.faults.extend(
            Fault(row, left + index, "digits_lost", _text(value))
            for index, value in enumerate(values)
            if type(value) is float and abs(value) >= _DIGITS_KEPT
        )

    def check(self, name: str) -> None:
        unread = self._xml.unread(frozenset(self._filled))
        if unread:
            raise Unreadable(
                Text(
                    f"工作表 {name}：{len(unread)} 行有内容却没读出来（首个是第 {unread[0]} 行）",
                    f"sheet {name}: {len(unread)} rows hold values that were not read, "
                    f"the first is row {unread[0]}",
                ),
                hint=_AGAIN,
            )


def _with_errors(cells: list[str], faults: Sequence[Fault]) -> list[str]:
    for fault in faults:
        cells.extend([""] * (fault.column + 1 - len(cells)))
        if fault.text:
            cells[fault.column] = fault.text
    return cells


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e21 else repr(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, dt.timedelta):
        return _clock(value)
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def _clock(value: dt.timedelta) -> str:
    """A length of time as a spreadsheet shows it: `30:00:00`."""
    sign = "-" if value < dt.timedelta(0) else ""
    seconds, micro = divmod(abs(value) // dt.timedelta(microseconds=1), 1_000_000)
    fraction = f".{micro:06d}" if micro else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{fraction}"
