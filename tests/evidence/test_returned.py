"""A workbook that comes back is read cell by cell, and a hostile one is refused."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
import pytest

from fcim_audit.errors import AuditError
from fcim_audit.evidence.reader_process import ReaderProcess
from fcim_audit.evidence.returned import (
    MAX_ROWS,
    CellKind,
    CellsJob,
    ReturnedCell,
    ReturnedRow,
    ReturnedSheet,
    cells_of,
    tell_cells,
)
from fcim_audit.readers.base import Unreadable

INLINE = b't="inlineStr"><is><t>a</t></is></c>'


def book(file: Path, *rows: tuple[object, ...]) -> Path:
    """A workbook with these rows on its one sheet."""
    made = openpyxl.Workbook()
    for row in rows:
        made.worksheets[0].append(list(row))
    made.save(file)
    return file


def repacked(file: Path, member: str, old: bytes, new: bytes) -> Path:
    """The workbook with a part altered."""
    out = file.with_name("altered.xlsx")
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, data.replace(old, new) if name == member else data)
    return out


def test_every_kind_of_cell_is_told_apart(tmp_path: Path) -> None:
    file = book(
        tmp_path / "a.xlsx",
        (),
        ("007", 7, 1.5, dt.datetime(2026, 1, 20, 9, 5), True, "=1+1", None, "#REF!"),
    )
    with ReaderProcess() as reader:
        (sheet,) = cells_of(reader, file)
    kinds = ["text", "number", "number", "date", "bool", "formula", "error"]
    texts = ["007", "7", "1.5", "2026-01-20 09:05", "True", "=1+1", "#REF!"]
    found = tuple(
        ReturnedCell(column=column, kind=CellKind(kind), text=text)
        for column, kind, text in zip([1, 2, 3, 4, 5, 6, 8], kinds, texts, strict=True)
    )
    row = sheet.rows[-1].row
    assert sheet == ReturnedSheet(name="Sheet", rows=(ReturnedRow(row=row, cells=found),))


def test_a_dimension_that_lies_hides_nothing(tmp_path: Path) -> None:
    file = book(tmp_path / "a.xlsx", ("a", "b"), ("c", "d"))
    sheet = "xl/worksheets/sheet1.xml"
    altered = repacked(file, sheet, b'<dimension ref="A1:B2"', b'<dimension ref="A1:A1"')
    with ReaderProcess() as reader:
        (read,) = cells_of(reader, altered)
    assert [[cell.text for cell in row.cells] for row in read.rows] == [["a", "b"], ["c", "d"]]


@pytest.mark.parametrize(
    ("member", "old", "new"),
    [
        ("xl/worksheets/sheet1.xml", b"<worksheet", b"<!DOCTYPE x><worksheet"),
        ("xl/worksheets/sheet1.xml", b"</sheetData>", b"<sheetData>"),
        ("xl/worksheets/sheet1.xml", INLINE, b't="s"><v>99</v></c>'),
        ("xl/worksheets/sheet1.xml", INLINE, b't="n"><v>x</v></c>'),
        ("xl/workbook.xml", b"<sheets>", b"<sheets><sheet name='B' sheetId='9' r:id='rId99'/>"),
        ("xl/styles.xml", b"<", b""),
    ],
    ids=["doctype", "broken xml", "no such text", "no number", "no such sheet", "broken styles"],
)
def test_a_damaged_workbook_is_refused(tmp_path: Path, member: str, old: bytes, new: bytes) -> None:
    altered = repacked(book(tmp_path / "a.xlsx", ("a",)), member, old, new)
    with pytest.raises(Unreadable):
        tell_cells(CellsJob(path=altered, out=tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_more_rows_than_any_paper_has_are_refused(tmp_path: Path) -> None:
    file = book(tmp_path / "a.xlsx", *[("x",)] * (MAX_ROWS + 1))
    with pytest.raises(Unreadable, match="is larger than any work-paper"):
        tell_cells(CellsJob(path=file, out=tmp_path / "out"))


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    file = book(tmp_path / "a.xlsx", ("a",))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("xl/media/bomb.bin", b"\0" * 50_000_000)
    with ReaderProcess() as reader, pytest.raises(AuditError, match="compressed beyond reason"):
        cells_of(reader, file)
