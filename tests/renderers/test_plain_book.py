"""A workbook of plain tables: rows as the library itself would write them, on as many sheets as they need."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
import python_calamine as calamine
import xlsxwriter

from fcim_audit.model import Status
from fcim_audit.renderers.plain_book import Marked, Number, Sheets, Value, lines_in

COLUMNS = [("A", 20), ("B", 20)]
TEXTS = [
    "plain", " kept ", "a & b <c> \"d\" 'e'", "_x0041_", "二行\n文字", "=1+1", "+1", "@x", "tab\tstop",
    "<r><t>a</r>", "\U00020000", "'quoted",
]  # fmt: skip


def made(rows: list[list[Value]], most_rows: int = 100) -> bytes:
    sheets = Sheets(most_rows=most_rows)
    sheets.add("S", COLUMNS, rows)
    return sheets.done()


def read(data: bytes) -> list[list[object]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [list(row) for row in book["S"].iter_rows(min_row=2, values_only=True)]


def rows_in(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        text = archive.read("xl/worksheets/sheet1.xml").decode()
    return text[text.index('<row r="2"') : text.index("</sheetData>")]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_arrives_as_it_is(text: str) -> None:
    book = calamine.load_workbook(io.BytesIO(made([[text, 1]])))
    assert book.get_sheet_by_name("S").to_python()[1:] == [[text, 1]]


def test_an_empty_text_is_an_empty_cell() -> None:
    assert read(made([["", 1]])) == [[None, 1]]


def test_a_row_is_the_same_xml_as_the_library_writes_cell_by_cell(tmp_path: Path) -> None:
    rows: list[list[Value]] = [
        [text, n] for n, text in enumerate(TEXTS) if not text.startswith("<r>")
    ]
    file = tmp_path / "b.xlsx"
    book = xlsxwriter.Workbook(
        str(file), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet("S")
    look = book.add_format({"italic": True})
    sheet.write_string(0, 0, "A", look)
    for number, (text, value) in enumerate(rows, start=1):
        if lines_in(str(text), 20) > 1:
            sheet.set_row(number, 36)
        sheet.write_string(number, 0, str(text), look)
        sheet.write_number(number, 1, value, look)
    book.close()
    assert rows_in(made(rows)) == rows_in(file.read_bytes())


def test_a_control_character_is_shown() -> None:
    assert read(made([["bell\x07", "turned\u202e"]])) == [[r"bell\x07", r"turned\x202e"]]


@pytest.mark.parametrize(
    ("text", "kept"), [("长" * 32_000, 32_000), ("\U00020000" * 16_000, 16_000)]
)
def test_a_text_that_just_fits_is_whole(text: str, kept: int) -> None:
    ((told, _),) = read(made([[text, 1]]))
    assert len(str(told)) == kept


@pytest.mark.parametrize(
    ("text", "kept"), [("长" * 32_001, 32_000), ("\U00020000" * 16_001, 16_000)]
)
def test_a_text_that_is_too_long_by_one_is_cut_and_says_its_length(text: str, kept: int) -> None:
    sheets = Sheets()
    sheets.add("S", COLUMNS, [[text, 1]])
    ((told, _),) = read(sheets.done())
    assert (told, sheets.cut) == (f"{text[:kept]} …[{len(text)}]", 1)


def test_rows_that_fit_are_on_one_sheet() -> None:
    book = openpyxl.load_workbook(io.BytesIO(made([["a", 1], ["b", 2]], most_rows=2)))
    assert book.sheetnames == ["S"]


def test_rows_that_do_not_fit_go_on_with_their_headings_on_a_further_sheet() -> None:
    sheets = Sheets(most_rows=2)
    assert sheets.add("S", COLUMNS, [["a", 1], ["b", 2], ["c", 3]]) == 3
    book = openpyxl.load_workbook(io.BytesIO(sheets.done()))
    assert [list(row) for row in book["S (2)"].values] == [["A", "B"], ["c", 3]]
    assert book["S (2)"].auto_filter.ref == "A1:B2"


def test_a_table_without_rows_has_its_headings() -> None:
    book = openpyxl.load_workbook(io.BytesIO(made([])))
    assert [list(row) for row in book["S"].values] == [["A", "B"]]


def test_days_and_shares_are_values_that_a_sheet_can_sort() -> None:
    book = openpyxl.load_workbook(io.BytesIO(made([[dt.date(2026, 2, 28), Number(0.5, "0.00%")]])))
    day, share = book["S"][2]
    assert (day.value, day.number_format) == (dt.datetime(2026, 2, 28), "yyyy-mm-dd")
    assert (share.value, share.number_format) == (0.5, "0.00%")


def test_only_the_cell_of_a_status_has_its_colour() -> None:
    book = openpyxl.load_workbook(io.BytesIO(made([[Marked("m", Status.MAJOR), "plain"]])))
    marked, plain = book["S"][2]
    assert (marked.fill.fgColor.rgb, plain.fill.fill_type) == ("FFF6C9CB", None)


def test_a_chinese_text_takes_twice_the_room() -> None:
    assert (lines_in("a" * 20, 20), lines_in("长" * 20, 20), lines_in("a\nb", 20)) == (1, 2, 2)


def test_a_footer_holds_no_code_of_the_organisation_s_name() -> None:
    sheets = Sheets(footer='A&B &"Courier"')
    sheets.add("S", COLUMNS, [])
    with zipfile.ZipFile(io.BytesIO(sheets.done())) as archive:
        text = archive.read("xl/worksheets/sheet1.xml").decode()
    assert '&amp;LA&amp;&amp;B &amp;&amp;"Courier"&amp;C' in text
