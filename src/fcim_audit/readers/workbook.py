"""Knows workbooks: every sheet's cells as the text a person would type for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

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
    PlainSheet,
    filled_rows,
    load_plain,
    open_plain,
    read_plain,
    rounded_columns,
)
from fcim_audit.readers.text_table import load_rows
from fcim_audit.readers.workbook_cells import SheetCells, SheetScan, demand_read
from fcim_audit.readers.workbook_scan import Far, SheetXml, nothing
from fcim_audit.readers.xlsx_scan import opened_xlsx, sheets_of

if TYPE_CHECKING:
    import fastexcel

Found = TypeVar("Found")
Read = TypeVar("Read")


class SheetBytes(Protocol):
    """A sheet's own bytes before they are counted."""

    @property
    def is_large(self) -> bool:
        """Whether it is worth its while to read the sheet before it is counted."""
        ...

    @property
    def is_plain(self) -> bool:
        """Whether the library's own texts may be taken for its cells."""
        ...

    def count(self, far: Far = nothing) -> SheetScan:
        """Its second count; raises Unreadable for impossible places.

        `far` is called as soon as a cell is seen that lies too far away, before that is raised.
        """
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
    is_large: bool = False
    is_plain: bool = False

    def count(self, far: Far = nothing) -> SheetScan:
        return self.scan


def _counted(scans: Mapping[str, SheetScan]) -> dict[str, SheetBytes]:
    return {name: _Counted(scan) for name, scan in scans.items()}


def _read(
    connection: DuckDBPyConnection,
    request: Request,
    kind: str,
    own: Mapping[str, SheetBytes],
    date1904: bool,
) -> RawFile:
    sheets: list[RawSheet] = []
    workbook = _Workbook(request.path)
    with ThreadPoolExecutor(max_workers=1) as beside:
        for number, (name, sheet) in enumerate(own.items()):
            table = f"{request.table}_{number}"
            if request.sheet is not None and not fnmatchcase(name, request.sheet):
                if name in workbook.visible:
                    sheets.append(RawSheet(name, table, 0, workbook.visible[name]))
                continue
            loaded = _Reading(connection, request, beside, workbook, table, name).loaded(sheet)
            if loaded is None:
                continue
            faults = tuple(sorted(loaded.faults, key=lambda fault: (fault.row, fault.column)))
            xml = loaded.xml
            sheets.append(
                RawSheet(
                    name, table, loaded.width, loaded.visible, faults=faults,
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


@dataclass
class _Workbook:
    """A workbook as each of the two libraries opens it, when it is first needed."""

    path: Path

    @cached_property
    def plain(self) -> fastexcel.ExcelReader | None:
        """By the library that gives texts."""
        return open_plain(self.path)

    @cached_property
    def values(self) -> calamine.CalamineWorkbook:
        """By the library that gives values; raises Unreadable."""
        return _opened(self.path)

    @cached_property
    def visible(self) -> dict[str, bool]:
        """The sheets that the library of values knows, and whether a person sees each."""
        seen = calamine.SheetVisibleEnum.Visible
        return {sheet.name: sheet.visible == seen for sheet in self.values.sheets_metadata}


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A sheet that lies in its table: how wide it is, its second count, the faults of its cells."""

    width: int
    visible: bool
    xml: SheetScan
    faults: Sequence[Fault]


@dataclass(frozen=True, slots=True)
class _Reading:
    """One sheet on its way into its table; `beside`: the thread that reads it while it is counted."""

    connection: DuckDBPyConnection
    request: Request
    beside: ThreadPoolExecutor
    workbook: _Workbook
    table: str
    name: str

    def loaded(self, own: SheetBytes) -> _Loaded | None:
        """Read and count the sheet; None if the library does not know it."""
        if own.is_plain:
            # Never closed here: the thread may still write by it when counting has refused the sheet.
            cursor = self.connection.cursor()
            count = partial(_with_rounded, own)
            (xml, rounded), sheet = self._both(own, count, partial(self._plain, cursor))
            loaded = self._plainly(sheet, xml, rounded) if sheet is not None else None
            return loaded or self._by_value(self._cells(), xml)
        counted, cells = self._both(own, own.count, self._cells)
        return self._by_value(cells, counted)

    def _both(
        self, own: SheetBytes, count: Callable[[Far], Found], read: Callable[[], Read]
    ) -> tuple[Found, Read]:
        """Count the sheet and read it: at a time if it is large and the process may be given up.

        A sheet whose cells lie far apart fills the memory when it is read, and nothing can stop a
        thread that reads one. Counting tells, so small sheets are counted first.
        """
        abandon = self.request.abandon
        if abandon is None or not own.is_large:
            return count(nothing), read()
        reading = self.beside.submit(read)

        def far() -> None:
            if not reading.done():
                abandon()

        try:
            counted = count(far)
        except Unreadable:
            far()
            raise
        return counted, reading.result()

    def _plain(self, cursor: DuckDBPyConnection) -> PlainSheet | None:
        workbook = self.workbook.plain
        if workbook is None:
            return None
        return read_plain(cursor, workbook, self.name, f"{self.table}_read")

    def _plainly(self, sheet: PlainSheet, xml: SheetXml, rounded: frozenset[int]) -> _Loaded | None:
        """The table made of the library's own texts; None if the sheet is not so plain."""
        faults = load_plain(self.connection, self.table, sheet, xml, rounded)
        if faults is None:
            self.connection.execute(f"DROP TABLE IF EXISTS {quoted(sheet.table)}")
            return None
        demand_read(self.name, xml, filled_rows(self.connection, self.table, sheet.width))
        return _Loaded(sheet.width, sheet.visible, xml, [*xml.faults, *faults])

    def _by_value(self, sheet: calamine.CalamineSheet | None, xml: SheetScan) -> _Loaded | None:
        if sheet is None:
            return None
        cells = SheetCells(sheet, xml)
        width = load_rows(self.connection, self.table, cells.rows(), self.request.work)
        demand_read(self.name, xml, cells.filled)
        return _Loaded(width, self.workbook.visible[self.name], xml, cells.faults)

    def _cells(self) -> calamine.CalamineSheet | None:
        if self.name not in self.workbook.visible:
            return None
        try:
            return self.workbook.values.get_sheet_by_name(self.name)
        except (calamine.CalamineError, OSError) as error:
            raise Unreadable(
                Text(f"工作表 {self.name} 无法读取", f"the sheet {self.name} can't be read"),
                hint=SAVE_AGAIN,
            ) from error


def _with_rounded(own: SheetBytes, far: Far) -> tuple[SheetXml, frozenset[int]]:
    """The count of a plain sheet, and the columns in which the library would round a number."""
    xml = own.count(far)
    assert isinstance(xml, SheetXml)
    return xml, rounded_columns(xml)


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
