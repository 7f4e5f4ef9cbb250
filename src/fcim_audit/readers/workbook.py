"""Knows workbooks: every sheet's cells as the text a person would type for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import python_calamine as calamine
from duckdb import DuckDBPyConnection

from fcim_audit.language import Text
from fcim_audit.readers.base import RawFile, RawSheet, Request, Runaway, Unreadable
from fcim_audit.readers.text_table import load_rows
from fcim_audit.readers.workbook_cells import SheetCells, SheetScan
from fcim_audit.readers.xlsx_scan import opened_xlsx, sheets_of

_LARGE = 8 * 1024 * 1024
"""A sheet of so many bytes takes long to read, and far longer than to look how far it goes."""
_AGAIN = Text("请用 Excel 或 WPS 另存后重试", "save it again in Excel or WPS")


class SheetBytes(Protocol):
    """A sheet's own bytes, unpacked, before they are counted."""

    @property
    def is_compact(self) -> bool:
        """Whether no cell lies so far away that reading the sheet could fill the memory."""
        ...

    @property
    def count(self) -> Callable[[], SheetScan]:
        """What counts it; raises Unreadable for impossible places."""
        ...


class SheetSource(Protocol):
    """Where a sheet's own bytes are."""

    @property
    def size(self) -> int:
        """How many bytes the sheet has unpacked."""
        ...

    @property
    def unpack(self) -> Callable[[], SheetBytes]:
        """What unpacks it; raises Unreadable where it is damaged."""
        ...


def read_xlsx(connection: DuckDBPyConnection, request: Request) -> RawFile:
    """Read an .xlsx workbook; what was read is held against the XML's own rows."""
    with opened_xlsx(request.path) as opened:
        own = sheets_of(opened, request.path.name)
        return _read(connection, request, "xlsx", own.sheets, own.date1904)


def read_xls(connection: DuckDBPyConnection, request: Request) -> RawFile:
    """Read an .xls (or .et) workbook; what was read is held against a second reader."""
    from fcim_audit.readers.xls_scan import scan_xls

    scans, date1904 = scan_xls(request.path)
    return _read(connection, request, "xls", _counted(scans), date1904)


def read_xlsb(connection: DuckDBPyConnection, request: Request) -> RawFile:
    """Read an .xlsb workbook; what was read is held against its own records."""
    from fcim_audit.readers.xlsb_scan import scan_xlsb

    scans, date1904 = scan_xlsb(request.path)
    return _read(connection, request, "xlsb", _counted(scans), date1904)


def read_ods(connection: DuckDBPyConnection, request: Request) -> RawFile:
    """Read an .ods workbook; what was read is held against the XML's own rows."""
    from fcim_audit.readers.ods_scan import scan_ods

    return _read(connection, request, "ods", _counted(scan_ods(request.path)), date1904=False)


@dataclass(frozen=True, slots=True)
class _Counted:
    """A sheet whose second count is done."""

    scan: SheetScan
    size: int = 0
    is_compact: bool = False

    def unpack(self) -> _Counted:
        return self

    def count(self) -> SheetScan:
        return self.scan


def _counted(scans: Mapping[str, SheetScan]) -> dict[str, SheetSource]:
    return {name: _Counted(scan) for name, scan in scans.items()}


def _read(
    connection: DuckDBPyConnection,
    request: Request,
    kind: str,
    own: Mapping[str, SheetSource],
    date1904: bool,
) -> RawFile:
    sheets: list[RawSheet] = []
    workbook = _opened(request.path)
    for number, metadata in enumerate(workbook.sheets_metadata):
        if metadata.name not in own:
            continue
        sheet, xml = _read_and_counted(workbook, metadata.name, own[metadata.name])
        table = f"{request.table}_{number}"
        reading = SheetCells(sheet, xml)
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
    workbook.close()  # where reading failed, a thread may still be at work on it
    if len(sheets) != len(own):
        raise Unreadable(
            Text(
                f"应有 {len(own)} 个工作表，读到 {len(sheets)} 个",
                "some of its sheets can't be read",
            )
        )
    return RawFile(kind, None, tuple(sheets), date1904)


def _read_and_counted(
    workbook: calamine.CalamineWorkbook, name: str, own: SheetSource
) -> tuple[calamine.CalamineSheet, SheetScan]:
    """A sheet's cells and its second count: both at a time if reading can't fill the memory.

    A large sheet is read from the start on: long before its last cell is read, its XML has told how
    far away they lie. Raises Runaway if that is too far.
    """
    reading = _started(workbook, name) if own.size > _LARGE else None
    is_safe = reading is None
    try:
        xml = own.unpack()
        is_safe = xml.is_compact
        if reading is None and is_safe:
            reading = _started(workbook, name)
        scan = xml.count()
    except Unreadable as error:
        if reading is not None and not is_safe:
            raise Runaway(error) from error
        raise
    return reading.result() if reading is not None else _rows_of(workbook, name), scan


def _started(workbook: calamine.CalamineWorkbook, name: str) -> Future[calamine.CalamineSheet]:
    """Reading that a thread does: it may be left alone, but can't be stopped."""
    pool = ThreadPoolExecutor(max_workers=1)
    reading = pool.submit(_rows_of, workbook, name)
    pool.shutdown(wait=False)
    return reading


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
