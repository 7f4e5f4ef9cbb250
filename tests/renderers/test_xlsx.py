"""The workbook: text stays text, nothing is cut without a word."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from fcim_audit.renderers.xlsx import render
from tests.renderers.told import FORMULA, SCRIPT, report


@pytest.fixture(scope="module")
def book() -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(render(report())))


def column(book: Workbook, sheet: str, number: int) -> list[object]:
    return [row[number] for row in book[sheet].iter_rows(min_row=2, values_only=True)]


def test_no_cell_is_a_formula(book: Workbook) -> None:
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []


def test_hostile_text_arrives_as_text(book: Workbook) -> None:
    keys = column(book, "例外", 4)
    assert keys[:2] == [FORMULA, SCRIPT]


def test_a_long_text_is_cut_and_says_how_long_it_was(book: Workbook) -> None:
    assert str(column(book, "例外", 4)[4]).endswith("…[40000]")


def test_every_requirement_has_a_row(book: Workbook) -> None:
    assert len(column(book, "要求", 0)) == 167


def test_an_exception_stands_beside_its_cells_as_they_were(book: Workbook) -> None:
    (first, *_) = column(book, "例外", 8)
    assert first == f"B2 {FORMULA} = {FORMULA}\nC2 备注"


def test_a_figure_stands_beside_what_it_was_made_of(book: Workbook) -> None:
    assert [cell.value for cell in book["数据来源"][2]] == [
        "6.3-d.response", "feedback_tickets", f"{FORMULA}.xlsx", SCRIPT, "A1:C4", 3, 1,
        r"value = B bell\x07 nul\x00 escape\x1b[2J, made = C 甲", "1" * 64,
    ]  # fmt: skip


def test_panes_and_filters_are_set(book: Workbook) -> None:
    assert [sheet.freeze_panes for sheet in book] == ["B2"] * 7
    assert all(sheet.auto_filter.ref for sheet in book)


def test_the_same_report_is_the_same_bytes() -> None:
    assert render(report()) == render(report())


@pytest.mark.office
def test_libreoffice_opens_it(tmp_path: Path) -> None:
    (tmp_path / "b.xlsx").write_bytes(render(report()))
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation={(tmp_path / 'lo').as_uri()}",
         "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,2",
         "--outdir", str(tmp_path), str(tmp_path / "b.xlsx")],
        capture_output=True, timeout=180, check=True,
    )  # fmt: skip
    (made,) = tmp_path.glob("*.csv")
    assert "6.3-d" in made.read_text(encoding="utf-8")
