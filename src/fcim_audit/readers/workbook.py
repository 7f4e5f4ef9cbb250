"""Knows workbooks: every sheet's cells as the text a person would type for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import python_calamine as calamine
from duckdb import DuckDBPyConnection

from fcim_audit.language import Text
from fcim_audit.readers.base import (
    SAVE_AGAIN,
    Fault,
    RawFile,
    RawSheet,
    Request,
    Unreadable,
    quoted,
)
from fcim_audit.readers.plain_sheet import (
    filled_rows,
    load_plain,
    open_plain,
    read_plain,
    rounded_columns,
)
from fcim_audit.readers.text_table import load_rows
from fcim_audit.readers.workbook_cells import SheetCells, SheetScan, demand_read
from fcim_audit.readers.xlsx_scan import XlsxSheet, opened_xlsx, sheets_of

if TYPE_CHECKING:
    import fastexcel


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
    with ThreadPoolExecutor(max_workers=1) as beside:
        opening = beside.submit(_opened, request.path)
        plain = beside.submit(open_plain, request.path) if kind == "xlsx" else None
        for number, (name, unpacked) in enumerate(own.items()):
            sheet = unpacked()
            workbook = opening.result()
            states = {metadata.name: metadata.visible for metadata in workbook.sheets_metadata}
            if name not in states:
                continue
            table = f"{request.table}_{number}"
            loaded = _Reading(connection, request, beside, workbook, plain, table, name).loaded(
                sheet
            )
            faults = tuple(sorted(loaded.faults, key=lambda fault: (fault.row, fault.column)))
            xml = loaded.xml
            sheets.append(
                RawSheet(
                    name, table, loaded.width,
                    states[name] == calamine.SheetVisibleEnum.Visible, faults=faults,
                    merged=xml.merged, hidden_rows=xml.hidden_rows,
                    hidden_columns=xml.hidden_columns,
                )
            )  # fmt: skip
        opening.result().close()
    if len(sheets) != len(own):
        raise Unreadable(
            Text(
                f"应有 {len(own)} 个工作表，读到 {len(sheets)} 个",
                "some of its sheets can't be read",
            )
        )
    return RawFile(kind, None, tuple(sheets), date1904)


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A sheet that lies in its table: how wide it is, its second count, the faults of its cells."""

    width: int
    xml: SheetScan
    faults: Sequence[Fault]


@dataclass(frozen=True, slots=True)
class _Reading:
    """One sheet on its way into its table; `beside`: the thread that reads it while it is counted."""

    connection: DuckDBPyConnection
    request: Request
    beside: ThreadPoolExecutor
    workbook: calamine.CalamineWorkbook
    plain: Future[fastexcel.ExcelReader | None] | None
    table: str
    name: str

    def loaded(self, own: SheetBytes) -> _Loaded:
        """Read and count the sheet; both at a time if reading can't fill the memory."""
        plain = self.plain.result() if self.plain is not None else None
        if isinstance(own, XlsxSheet) and own.is_compact and own.is_plain and plain is not None:
            return self._plain(own, plain)
        if not own.is_compact:
            xml = own.count()
            return self._by_value(self._cells(), xml)
        reading = self.beside.submit(self._cells)
        xml = own.count()
        return self._by_value(reading.result(), xml)

    def _plain(self, own: XlsxSheet, workbook: fastexcel.ExcelReader) -> _Loaded:
        """The table made of the library's own texts; value by value if the sheet is not so plain."""
        # Never closed here: the thread may still write by it when counting has refused the sheet.
        cursor = self.connection.cursor()
        read_table = f"{self.table}_read"
        reading = self.beside.submit(read_plain, cursor, workbook, self.name, read_table)
        xml = own.count()
        rounded = rounded_columns(xml)
        sheet = reading.result()
        faults = None
        if sheet is not None:
            faults = load_plain(self.connection, self.table, sheet, xml, rounded)
        if sheet is None or faults is None:
            self.connection.execute(f"DROP TABLE IF EXISTS {quoted(read_table)}")
            return self._by_value(self._cells(), xml)
        demand_read(self.name, xml, filled_rows(self.connection, self.table, sheet.width))
        return _Loaded(sheet.width, xml, [*xml.faults, *faults])

    def _by_value(self, sheet: calamine.CalamineSheet, xml: SheetScan) -> _Loaded:
        cells = SheetCells(sheet, xml)
        width = load_rows(self.connection, self.table, cells.rows(), self.request.work)
        demand_read(self.name, xml, cells.filled)
        return _Loaded(width, xml, cells.faults)

    def _cells(self) -> calamine.CalamineSheet:
        try:
            return self.workbook.get_sheet_by_name(self.name)
        except (calamine.CalamineError, OSError) as error:
            raise Unreadable(
                Text(f"工作表 {self.name} 无法读取", f"the sheet {self.name} can't be read"),
                hint=SAVE_AGAIN,
            ) from error


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
