"""The workbook: text stays text, nothing is cut without a word."""

from __future__ import annotations

import io
import subprocess
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart._chart import ChartBase
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from fcim_audit.renderers.xlsx import render
from tests.renderers.held import with_audit
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
    tables = book.worksheets[2:]
    assert [sheet.freeze_panes for sheet in tables] == ["B2"] * 10
    assert all(sheet.auto_filter.ref for sheet in tables)


def test_pages_are_a4_landscape_with_headings_and_ids_repeated(book: Workbook) -> None:
    sheet = book["例外"]
    setup = sheet.page_setup
    assert (setup.paperSize, setup.orientation, setup.fitToHeight) == (9, "landscape", 0)  # fmt: skip
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$1:$1", "$A:$A")


def test_the_same_report_is_the_same_bytes() -> None:
    assert render(report()) == render(report())


def test_the_sheets_of_a_bundle_are_told_in_order(book: Workbook) -> None:
    assert book.sheetnames == [
        "封面", "图表", "要求", "不符合项", "指标", "月份与场所", "检查", "例外", "数据来源", "证据",
        "条款说明", "说明",
    ]  # fmt: skip


def test_the_cover_tells_verdict_tiles_and_what_each_sheet_holds(book: Workbook) -> None:
    told = [[cell for cell in row if cell is not None] for row in book["封面"].values]
    assert any(str(row[0]).startswith("尚不能下结论：") for row in told if row)
    assert ["不符合项", "已核实的要求", "证据缺口", "未判断与不适用"] in told
    assert ["1", "1/167", "1", "166"] in told
    assert ["检查表", "服务业全周期智慧化管控认证检查表 (draft-征求意见稿)"] in told
    assert ["例外", 6, "每处例外：文件、工作表、行、原文"] in told


def test_the_cover_leads_to_every_sheet(book: Workbook) -> None:
    links = [cell.hyperlink.location for row in book["封面"] for cell in row if cell.hyperlink]
    assert links == [f"'{name}'!A1" for name in book.sheetnames[2:]]


def test_a_proposed_finding_has_its_reason_and_checks(book: Workbook) -> None:
    (row,) = book["不符合项"].iter_rows(min_row=2, values_only=True)
    assert row[:2] == ("6.3-d", "严重不符合")
    assert row[5:] == ("6.3-d.response 1/3 = 33.33 % (≥ 100 %)", 6)


def test_a_check_has_its_figure_in_parts(book: Workbook) -> None:
    (row,) = [r for r in book["检查"].values if r[0] == "6.3-d.response"]
    assert row[4:13] == ("不通过", "33.33 %", "≥ 100 %", 1, 3, 3, "全部记录", None, 6)


def test_a_share_is_a_number_that_sheets_can_sort(book: Workbook) -> None:
    (row,) = [r for r in book["指标"].iter_rows() if r[0].value == "6.3-d"]
    assert (row[2].value, row[2].number_format, row[6].value) == (1 / 3, "0.00%", "未达标")


def test_an_unread_file_stands_in_the_evidence_register_with_its_hash(book: Workbook) -> None:
    (row,) = book["证据"].iter_rows(min_row=2, values_only=True)
    assert row[:3] == (SCRIPT, "0" * 64, 1)
    assert row[11] == r"bell\x07 nul\x00 escape\x1b[2J"


def test_a_cut_text_is_said_among_the_remarks(book: Workbook) -> None:
    (row,) = [row for row in book["说明"].values if row[0] == "截断"]
    assert str(row[2]).startswith("3 个单元格的文字过长而被截断")


def test_three_charts_are_native_and_hold_their_figures(book: Workbook) -> None:
    charts = charts_of(book["图表"])
    assert [(type(chart).__name__, len(chart.series)) for chart in charts] == [
        ("BarChart", 6), ("BarChart", 2), ("BarChart", 1),
    ]  # fmt: skip
    measured = charts[1].series[0].val.numRef
    assert measured.f == "图表!$B$23:$B$30"
    assert [point.v for point in measured.numCache.pt] == [100 / 3]


def test_a_text_that_looks_like_the_writers_own_markup_is_a_text() -> None:
    hostile = "<r><t>a</r>"
    told = report()
    named = told.organisation.model_copy(update={"name": hostile})
    made = openpyxl.load_workbook(io.BytesIO(render(replace(told, organisation=named))))
    assert [row[1] for row in made["封面"].values if row[0] == "受审核方"] == [hostile]


def test_exceptions_that_the_result_does_not_list_are_counted() -> None:
    told = report()
    (r,) = [r for r in told.requirements if r.id == "6.3-d"]
    more = replace(r, outcomes=(replace(r.outcomes[0], exception_count=9),))
    judgement = replace(told.judgement, requirements=(more,))
    made = openpyxl.load_workbook(io.BytesIO(render(replace(told, judgement=judgement))))
    assert column(made, "例外", 5)[-1] == "另有 3 处，结果中未列出"


@pytest.mark.office
def test_libreoffice_opens_and_saves_it_without_loss(tmp_path: Path) -> None:
    (tmp_path / "b.xlsx").write_bytes(render(with_audit(report())))
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation={(tmp_path / 'lo').as_uri()}",
         "--convert-to", "xlsx", "--outdir", str(tmp_path / "saved"), str(tmp_path / "b.xlsx")],
        capture_output=True, timeout=180, check=True,
    )  # fmt: skip
    ours, saved = (openpyxl.load_workbook(tmp_path / name) for name in ("b.xlsx", "saved/b.xlsx"))
    assert saved.sheetnames == ours.sheetnames
    assert [told(sheet) for sheet in saved] == [told(sheet) for sheet in ours]
    assert [len(charts_of(sheet)) for sheet in saved] == [len(charts_of(sheet)) for sheet in ours]
    assert [sheet.auto_filter.ref for sheet in saved] == [sheet.auto_filter.ref for sheet in ours]


def charts_of(sheet: object) -> list[ChartBase]:
    assert isinstance(sheet, Worksheet)
    return list(sheet._charts)  # type: ignore[attr-defined]  # openpyxl gives no other way


def told(sheet: Worksheet) -> list[tuple[str, object]]:
    """Every cell; LibreOffice keeps fifteen digits."""
    return [
        (cell.coordinate, round(cell.value, 9) if isinstance(cell.value, float) else cell.value)
        for row in sheet.iter_rows()
        for cell in row
        if cell.value not in {None, ""}
    ]
