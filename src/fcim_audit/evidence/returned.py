"""Knows how a workbook that comes back is read cell by cell, formulas seen as such, by the child."""

from __future__ import annotations

import datetime as dt
import tempfile
import zipfile
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from fcim_audit.errors import AuditError
from fcim_audit.evidence.reader_process import ReaderProcess
from fcim_audit.language import Text
from fcim_audit.readers.base import Unreadable
from fcim_audit.readers.workbook_parts import BROKEN, checked, sheet_parts
from fcim_audit.yaml_source import Strict

if TYPE_CHECKING:
    from openpyxl.cell import Cell, MergedCell

MAX_BYTES = 20_000_000
MAX_UNPACKED = 200_000_000
MAX_ROWS, MAX_COLUMNS, MAX_SHEETS = 5_000, 200, 50
_HALF_A_MINUTE = dt.timedelta(seconds=30)
_AGAIN = Text("请用 Excel 或 WPS 另存为 .xlsx 后重试", "save it again as .xlsx in Excel or WPS")
_DAMAGED = (*BROKEN, KeyError, IndexError, TypeError, AttributeError, SyntaxError)
"""What a damaged workbook makes the library raise; of XML it is a SyntaxError."""


class CellKind(StrEnum):
    """What a cell holds; a formula is never its result."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    BOOL = "bool"
    ERROR = "error"
    FORMULA = "formula"


class ReturnedCell(Strict):
    """A cell that is not empty; a date's text is `2026-01-20 14:30`."""

    column: int
    kind: CellKind
    text: str


class ReturnedRow(Strict):
    """A row by its number in the sheet, with its cells that are not empty."""

    row: int
    cells: tuple[ReturnedCell, ...]


class ReturnedSheet(Strict):
    """A sheet with its rows that are not empty."""

    name: str
    rows: tuple[ReturnedRow, ...]


_TYPE = TypeAdapter(tuple[ReturnedSheet, ...])


class CellsJob(Strict):
    """One workbook, and where its cells go."""

    path: Path
    out: Path


def tell_cells(job: CellsJob) -> None:
    """In the child: write every cell of the workbook; raises Unreadable."""
    try:
        with zipfile.ZipFile(job.path) as opened:
            checked(opened)
            sheet_parts(opened)
            _demand_bounded(opened)
        sheets = tuple(_sheets(job.path))
    except Unreadable:
        raise
    except _DAMAGED as error:
        raise Unreadable(
            Text("不是完好的 .xlsx 工作簿", "is no sound .xlsx workbook"), hint=_AGAIN
        ) from error
    job.out.write_bytes(_TYPE.dump_json(sheets))


def cells_of(reader: ReaderProcess, path: Path) -> tuple[ReturnedSheet, ...]:
    """Every cell of a workbook; raises AuditError for what can't be read."""
    _demand_file(path)
    with tempfile.TemporaryDirectory(prefix="fcim-returned-") as folder:
        out = Path(folder) / "cells.json"
        job = CellsJob(path=path.resolve(), out=out)
        try:
            verdict = reader.ask("cells", job.model_dump_json())
        except AuditError as lost:
            raise AuditError(lost.problem, str(path), lost.hint) from None
        mistakes = verdict.get("mistakes")
        if isinstance(mistakes, list):
            hint = mistakes[0]["hint"]
            raise AuditError(
                Text(**mistakes[0]["problem"]), str(path), None if hint is None else Text(**hint)
            )
        return told_cells(out)


def told_cells(out: Path) -> tuple[ReturnedSheet, ...]:
    """What the child wrote."""
    return _TYPE.validate_json(out.read_bytes())


def _demand_file(path: Path) -> None:
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        raise AuditError(Text("文件不存在", "there is no such file"), str(path)) from None
    except OSError as error:
        raise AuditError(
            Text(f"无法读取：{error.strerror}", f"can't be read: {error.strerror}"), str(path)
        ) from error
    if not path.is_file() or path.suffix.lower() != ".xlsx":
        raise AuditError(Text("不是 .xlsx 文件", "is no .xlsx file"), str(path), _AGAIN)
    if size > MAX_BYTES:
        raise AuditError(_too_large(), str(path))


def _too_large() -> Text:
    return Text("比任何工作底稿都大", "is larger than any work-paper")


def _demand_bounded(opened: zipfile.ZipFile) -> None:
    if sum(info.file_size for info in opened.infolist()) > MAX_UNPACKED:
        raise Unreadable(_too_large())


def _sheets(path: Path) -> Iterator[ReturnedSheet]:
    import openpyxl
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

    book = openpyxl.load_workbook(path, read_only=True, data_only=False, keep_links=False)
    try:
        if len(book.sheetnames) > MAX_SHEETS:
            raise Unreadable(_too_large())
        for sheet in book.worksheets:
            if isinstance(sheet, ReadOnlyWorksheet):
                sheet.reset_dimensions()
                yield ReturnedSheet(name=str(sheet.title), rows=tuple(_rows(sheet.iter_rows())))
    finally:
        book.close()


def _rows(rows: Iterator[tuple[Cell | MergedCell, ...]]) -> Iterator[ReturnedRow]:
    told = 0
    for number, cells in enumerate(rows, start=1):
        found = tuple(_cells(cells))
        if not found:
            continue
        told += 1
        if told > MAX_ROWS or found[-1].column > MAX_COLUMNS:
            raise Unreadable(_too_large())
        yield ReturnedRow(row=number, cells=found)


def _cells(cells: tuple[Cell | MergedCell, ...]) -> Iterator[ReturnedCell]:
    for column, cell in enumerate(cells, start=1):
        value = cell.value
        if value is None or value == "":
            continue
        kind = _KINDS.get(str(cell.data_type), CellKind.TEXT)
        yield ReturnedCell(column=column, kind=kind, text=_text(value))


def _text(value: object) -> str:
    if isinstance(value, dt.datetime):
        return f"{value.replace(tzinfo=None) + _HALF_A_MINUTE:%Y-%m-%d %H:%M}"
    if isinstance(value, dt.date):
        return f"{value:%Y-%m-%d} 00:00"
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        return str(int(value))
    return str(getattr(value, "text", value))


_KINDS = {
    "s": CellKind.TEXT, "n": CellKind.NUMBER, "d": CellKind.DATE, "b": CellKind.BOOL,
    "e": CellKind.ERROR, "f": CellKind.FORMULA,
}  # fmt: skip
