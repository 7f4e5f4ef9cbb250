"""Workbooks: cells as a person sees them, true row numbers, errors told, bombs refused."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from fcim_audit.readers.base import Fault
from tests.readers.reading import read, refusal


def _book(path: Path, cells: Mapping[str, Any], *, hidden: bool = False) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for place, value in cells.items():
        sheet[place] = value
    if hidden:
        book.create_sheet("其他")
        sheet.sheet_state = "hidden"
    book.save(path)
    return path


def _edited(path: Path, member: str, old: bytes, new: bytes) -> Path:
    edited = path.with_suffix(".edited.xlsx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(edited, "w") as out:
        for info in source.infolist():
            data = source.read(info)
            assert info.filename != member or old in data
            out.writestr(info.filename, data.replace(old, new) if info.filename == member else data)
    return edited


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (7, "7"),
        (7.0, "7"),
        (0.95, "0.95"),
        (-1.5, "-1.5"),
        ("007", "007"),
        (True, "TRUE"),
        (False, "FALSE"),
        (dt.datetime.fromisoformat("2025-03-01 09:05"), "2025-03-01 09:05:00"),
        (dt.date(2025, 3, 1), "2025-03-01"),
        (dt.time(9, 5), "09:05:00"),
        (dt.timedelta(hours=30), "30:00:00"),
        ("第一行\n第二行", "第一行\n第二行"),
    ],
)
def test_a_cell_reads_as_a_person_sees_it(tmp_path: Path, value: object, text: str) -> None:
    assert read(tmp_path, _book(tmp_path / "x.xlsx", {"A1": value})).rows == [(1, [text])]


def test_rows_and_columns_keep_their_numbers(tmp_path: Path) -> None:
    seen = read(tmp_path, _book(tmp_path / "x.xlsx", {"B3": "编号", "C5": "x"}))
    assert seen.rows == [
        (1, ["", "", ""]),
        (2, ["", "", ""]),
        (3, ["", "编号", ""]),
        (4, ["", "", ""]),
        (5, ["", "", "x"]),
    ]


def test_error_cells_keep_their_text_and_are_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["B1"], sheet["A2"] = "编号", "误差", "M-1"
    sheet["B2"].value, sheet["B2"].data_type = "#DIV/0!", "e"
    book.save(tmp_path / "x.xlsx")
    seen = read(tmp_path, tmp_path / "x.xlsx")
    assert seen.rows == [(1, ["编号", "误差"]), (2, ["M-1", "#DIV/0!"])]
    assert seen.file.sheets[0].faults == (Fault(2, 1, "error_value", "#DIV/0!"),)


def test_an_error_below_the_last_value_is_not_lost(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "编号"
    sheet["A3"].value, sheet["A3"].data_type = "#REF!", "e"
    book.save(tmp_path / "x.xlsx")
    assert read(tmp_path, tmp_path / "x.xlsx").rows[-1] == (3, ["#REF!"])


def test_a_formula_without_value_is_told(tmp_path: Path) -> None:
    seen = read(tmp_path, _book(tmp_path / "x.xlsx", {"A1": "n", "A2": "=1+1"}))
    assert seen.file.sheets[0].faults == (Fault(2, 0, "formula_without_value"),)


def test_a_formula_with_a_value_is_read(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "x.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_formula("A1", "=1+1", None, 2)
        sheet.write_formula("A2", '=""', None, "gone")
        sheet.write_string("A3", "x")
    part = "xl/worksheets/sheet1.xml"
    seen = read(tmp_path, _edited(tmp_path / "x.xlsx", part, b"<v>gone</v>", b"<v></v>"))
    assert seen.rows == [(1, ["2"]), (2, [""]), (3, ["x"])]
    assert seen.file.sheets[0].faults == ()


def test_a_hidden_sheet_is_read_and_said(tmp_path: Path) -> None:
    seen = read(tmp_path, _book(tmp_path / "x.xlsx", {"A1": "x"}, hidden=True))
    assert [(s.name, s.visible) for s in seen.file.sheets] == [("Sheet", False), ("其他", True)]


def test_a_number_that_lost_digits_is_told(tmp_path: Path) -> None:
    seen = read(tmp_path, _book(tmp_path / "x.xlsx", {"A1": 1234567890123456789}))
    assert [fault.kind for fault in seen.file.sheets[0].faults] == ["digits_lost"]


def test_blank_shared_strings_are_no_missing_rows(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "x.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_string("A1", "x")
        sheet.write_string("A3", "  ")
    assert read(tmp_path, tmp_path / "x.xlsx").rows[0] == (1, ["x"])


def test_two_cells_at_the_far_corners_are_refused(tmp_path: Path) -> None:
    book = _book(tmp_path / "x.xlsx", {"A1": "a", "XFD1048576": "b"})
    assert refusal(tmp_path, book) == "sheet Sheet spans 1048576 rows by 16384 columns: too large"


def test_a_doctype_is_refused(tmp_path: Path) -> None:
    book = _book(tmp_path / "x.xlsx", {"A1": "a"})
    hostile = _edited(
        book, "xl/workbook.xml", b"<workbook", b"<!DOCTYPE w [<!ENTITY a 'b'>]><workbook"
    )
    assert refusal(tmp_path, hostile) == "xl/workbook.xml holds a DOCTYPE: refused"


def test_a_row_number_outside_the_grid_is_refused(tmp_path: Path) -> None:
    book = _book(tmp_path / "x.xlsx", {"A1": "a"})
    hostile = _edited(book, "xl/worksheets/sheet1.xml", b'<row r="1"', b'<row r="99999999"')
    assert refusal(tmp_path, hostile) == "the row number 99999999 in sheet Sheet makes no sense"


def test_a_missing_sheet_part_is_refused(tmp_path: Path) -> None:
    book = _book(tmp_path / "x.xlsx", {"A1": "a"})
    hostile = _edited(book, "xl/_rels/workbook.xml.rels", b"sheet1.xml", b"sheet9.xml")
    assert refusal(tmp_path, hostile) == "the content of sheet Sheet is missing"


def test_case_colliding_members_are_refused(tmp_path: Path) -> None:
    book = _book(tmp_path / "x.xlsx", {"A1": "a"})
    with zipfile.ZipFile(book, "a") as opened:
        opened.writestr("xl/Worksheets/sheet1.xml", b"<worksheet/>")
    assert refusal(tmp_path, book) == "xl/Worksheets/sheet1.xml: the name stands twice"


def test_a_lying_dimension_loses_no_row(tmp_path: Path) -> None:
    book = _book(tmp_path / "x.xlsx", {f"A{row}": row for row in range(1, 200)})
    lying = _edited(book, "xl/worksheets/sheet1.xml", b'ref="A1:A199"', b'ref="A1:A1"')
    assert len(read(tmp_path, lying).rows) == 199


def test_a_utf_16_part_is_refused(tmp_path: Path) -> None:
    book = _book(tmp_path / "x.xlsx", {"A1": "a"})
    with zipfile.ZipFile(book) as opened:
        xml = opened.read("xl/worksheets/sheet1.xml")
    hostile = _edited(book, "xl/worksheets/sheet1.xml", xml, xml.decode().encode("utf-16"))
    assert refusal(tmp_path, hostile) == "xl/worksheets/sheet1.xml is not UTF-8"


def test_another_namespace_does_not_read_as_no_rows(tmp_path: Path) -> None:
    book = _book(tmp_path / "x.xlsx", {"A1": "a", "A2": "b"})
    other = _edited(
        book, "xl/worksheets/sheet1.xml", b"schemas.openxmlformats.org/spreadsheetml/2006", b"x.y/z"
    )
    assert read(tmp_path, other).rows == [(1, ["a"]), (2, ["b"])]
