"""Knows workbooks: every sheet's cells as the text a person would type for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

import python_calamine as calamine
from duckdb import DuckDBPyConnection

from fcim_audit.language import Text
from fcim_audit.readers.base import SAVE_AGAIN, RawFile, RawSheet, Request, Unreadable
from fcim_audit.readers.text_table import load_rows
from fcim_audit.readers.workbook_cells import SheetCells, SheetScan
from fcim_audit.readers.xlsx_scan import opened_xlsx, sheets_of


class SheetBytes(Protocol):
    """A sheet's own bytes before they are counted."""

    @property
    def is_compact(self) -> bool:
        """Whether the sheet may be read before it is counted."""
        ...

    @property
    def count(self) -> Callable[[], SheetScan]:
        """What counts it; raises Unreadable for impossible places."""
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
    is_compact: bool = False

    def count(self) -> SheetScan:
        return self.scan


def _counted(scans: Mapping[str, SheetScan]) -> dict[str, Callable[[], SheetBytes]]:
    return {name: partial(_Counted, scan) for name, scan in scans.items()}


def _read(
    connection: DuckDBPyConnection,
    request: Request,
    kind: str,
    own: Mapping[str, Callable[[], SheetBytes]],
    date1904: bool,
) -> RawFile:
    sheets: list[RawSheet] = []
    with _opened(request.path) as workbook:
        for number, metadata in enumerate(workbook.sheets_metadata):
            if metadata.name not in own:
                continue
            sheet, xml = _read_and_counted(workbook, metadata.name, own[metadata.name]())
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
    if len(sheets) != len(own):
        raise Unreadable(
            Text(
                f"应有 {len(own)} 个工作表，读到 {len(sheets)} 个",
                "some of its sheets can't be read",
            )
        )
    return RawFile(kind, None, tuple(sheets), date1904)


def _read_and_counted(
    workbook: calamine.CalamineWorkbook, name: str, own: SheetBytes
) -> tuple[calamine.CalamineSheet, SheetScan]:
    """A sheet's cells and its second count: both at a time if reading can't fill the memory."""
    if not own.is_compact:
        scan = own.count()
        return _rows_of(workbook, name), scan
    with ThreadPoolExecutor(max_workers=1) as pool:
        reading = pool.submit(_rows_of, workbook, name)
        scan = own.count()
        return reading.result(), scan


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
            Text("工作簿无法读取", "the workbook can't be read"), hint=SAVE_AGAIN
        ) from error


def _rows_of(workbook: calamine.CalamineWorkbook, name: str) -> calamine.CalamineSheet:
    try:
        return workbook.get_sheet_by_name(name)
    except (calamine.CalamineError, OSError) as error:
        raise Unreadable(
            Text(f"工作表 {name} 无法读取", f"the sheet {name} can't be read"), hint=SAVE_AGAIN
        ) from error
