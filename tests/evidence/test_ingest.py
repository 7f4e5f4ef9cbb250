"""From files to tables: what is mapped, left out, not understood, and where it stands."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import re
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from fcim_audit.evidence.holdings import Part
from fcim_audit.evidence.inspection import inspection
from fcim_audit.model import Coverage
from tests.evidence.gathering import gathered

ENTRY = "  - {file: a.csv, dataset: tickets}\n"
CSV = "工单编号,创建时间,状态\nT1,2025-03-01 09:00:00,已关闭\nT2,2025/3/2 10:00,处理中\n"


def workbook(**sheets: list[list[object]]) -> bytes:
    """The bytes of a workbook with these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def moment(*parts: int) -> dt.datetime:
    """A moment without a zone, as the tables hold it."""
    return dt.datetime(*parts)  # type: ignore[arg-type]


def test_headings_are_matched_by_alias(tmp_path: Path) -> None:
    found = gathered(tmp_path, {"a.csv": CSV}, ENTRY)
    assert found.rows("ticket_id, created_at, status, _place, _bad") == [
        ("T1", moment(2025, 3, 1, 9), "closed", 2, ""),
        ("T2", moment(2025, 3, 2, 10), "open", 3, ""),
    ]
    assert found.table.provided == {"ticket_id", "created_at", "status"}
    assert found.table.coverage is Coverage.POPULATION


def test_csv_and_workbook_say_the_same(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["工单编号", "创建时间", "评分"],
        ["T1", dt.date(2025, 3, 1), 98.5],
        ["合计", None, 98.5],
    ]
    (tmp_path / "x").mkdir()
    book = gathered(
        tmp_path / "x", {"a.xlsx": workbook(一=rows)}, "  - {file: a.xlsx, dataset: tickets}\n"
    )
    text = "工单编号,创建时间,评分\nT1,2025-03-01,98.5\n合计,,98.5\n"
    csv = gathered(tmp_path, {"a.csv": text}, ENTRY)
    assert book.rows("*") == csv.rows("*")
    assert book.left_out() == csv.left_out() == [(3, "total")]


def test_rows_that_are_not_data_are_left_out_and_said(tmp_path: Path) -> None:
    text = (
        "客户反馈工单台账,,\n编号：QR-07-02,版本：A/1,填表人：张三\n,,\n"
        "工单编号,创建时间,状态\nT1,2025-03-01,已关闭\n,,\n工单编号,创建时间,状态\n"
        "T2,2025-03-02,处理中\n本页合计,2,\n编制：张三,审核：李四,批准：王五\n备注：含历史数据,,\n"
    )
    found = gathered(tmp_path, {"a.csv": text}, ENTRY)
    assert found.rows("ticket_id") == [("T1",), ("T2",)]
    assert found.left_out() == [
        (1, "title"),
        (2, "title"),
        (3, "blank"),
        (6, "blank"),
        (7, "repeated_heading"),
        (9, "total"),
        (10, "signature"),
        (11, "note"),
    ]
    assert found.sheet.metadata == {"编号": "QR-07-02", "版本": "A/1"}
    assert found.sheet.header_rows == (4,)


@pytest.mark.parametrize(
    "row",
    [
        pytest.param("【示例行】T0,2025-03-01,已关闭", id="in-chinese"),
        pytest.param("[EXAMPLE ROW]T0,2025-03-01,closed", id="in-english"),
        pytest.param("T0,2025-03-01,【示例行】已关闭", id="columns-moved"),
        pytest.param("【示例行】合计,2025-03-01,已关闭", id="before-any-other-reason"),
    ],
)
def test_the_sample_row_of_a_template_is_no_evidence(tmp_path: Path, row: str) -> None:
    text = f"工单编号,创建时间,状态\n{row}\nT1,2025-03-02,已关闭\n"
    found = gathered(tmp_path, {"a.csv": text}, ENTRY)
    assert found.rows("ticket_id") == [("T1",)]
    assert found.left_out() == [(2, "example")]


def test_a_row_that_only_speaks_of_examples_stays(tmp_path: Path) -> None:
    text = "工单编号,创建时间,处理人\n示例,2025-03-01,见【示例行】\nEXAMPLE,2025-03-02,x\n"
    assert gathered(tmp_path, {"a.csv": text}, ENTRY).table.rows == 2


def test_a_sheet_is_told_once_however_many_entries_share_its_file(tmp_path: Path) -> None:
    book = workbook(
        说明=[["请逐行填写"]],
        一月=[["工单编号", "创建时间"], ["T1", "2025-01-05"]],
        二月=[["工单编号", "创建时间"], ["T2", "2025-02-05"]],
    )
    found = gathered(
        tmp_path,
        {"a.xlsx": book},
        "  - {file: a.xlsx, sheet: 一月, dataset: tickets}\n"
        "  - {file: a.xlsx, sheet: 二月, dataset: tickets}\n",
    )
    assert [[(s.name, s.dataset) for s in f.sheets] for f in found.holdings.files] == [
        [("说明", None), ("一月", "tickets")],
        [("二月", "tickets")],
    ]


def test_a_data_row_that_looks_like_a_signature_stays(tmp_path: Path) -> None:
    text = "工单编号,创建时间,状态\n审核：流程改进,2025-03-01,已关闭\n"
    assert gathered(tmp_path, {"a.csv": text}, ENTRY).table.rows == 1


def test_what_is_not_understood_is_placed_and_marked(tmp_path: Path) -> None:
    text = (
        "工单编号,创建时间,状态,处理人,评分\nT1,2025-02-30,已关闭,张三,98\n"
        ",2025-03-01,说不清,李四,≥95\nT3,01/02/2025,处理中,#N/A,\n"
    )
    found = gathered(tmp_path, {"a.csv": text}, ENTRY)
    assert found.problems() == [
        (2, "创建时间", "no_such_day", "2025-02-30"),
        (3, "评分", "comparison", "≥95"),
        (3, "状态", "unknown_value", "说不清"),
        (3, "工单编号", "blank_key", None),
        (4, "创建时间", "day_order", "01/02/2025"),
        (4, "处理人", "error_value", None),
    ]
    assert found.sheet.problem_count == 6
    assert found.rows("_bad") == [
        (",created_at,",),
        (",ticket_id,status,score,",),
        (",created_at,handler,",),
    ]
    assert found.sheet.empty_cells == {"ticket_id": 1, "score": 1}


def test_problems_are_counted_in_full_and_listed_in_part(tmp_path: Path) -> None:
    lines = "".join(f"T{n},never\n" for n in range(120))
    found = gathered(tmp_path, {"a.csv": "工单编号,创建时间\n" + lines}, ENTRY)
    assert found.sheet.problem_count == 120
    assert len(found.sheet.problems) == 50
    assert found.table.rows == 120


def test_a_ragged_row_is_kept_and_marked_whole(tmp_path: Path) -> None:
    text = "工单编号,创建时间,状态\nT1,2025-03-01\nT2,2025-03-02,处理中,多\nT3,2025-03-03,处理中\n"
    found = gathered(tmp_path, {"a.csv": text}, ENTRY)
    assert found.rows("ticket_id, _bad") == [
        ("T1", ",ticket_id,created_at,status,"),
        ("T2", ",ticket_id,created_at,status,"),
        ("T3", ""),
    ]
    assert found.problems() == [(2, "", "ragged_row", "2"), (3, "", "ragged_row", "4")]
    assert found.sheet.problem_count == 2


def test_an_error_in_a_column_nobody_asked_for_is_said(tmp_path: Path) -> None:
    found = gathered(tmp_path, {"a.csv": "工单编号,创建时间,误差\nT1,2025-03-01,#DIV/0!\n"}, ENTRY)
    assert found.problems() == [(2, "误差", "error_value", "#DIV/0!")]
    assert found.rows("_bad") == [("",)]


def test_a_formula_without_value_in_a_mapped_column_marks_the_cell(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["工单编号", "创建时间", "评分"],
        ["T1", "2025-03-01", "=1/0"],
    ]
    found = gathered(
        tmp_path, {"a.xlsx": workbook(一=rows)}, "  - {file: a.xlsx, dataset: tickets}\n"
    )
    assert found.problems() == [(2, "评分", "formula_without_value", None)]
    assert found.rows("score, _bad") == [(None, ",score,")]


def test_declared_columns_and_words_come_first(tmp_path: Path) -> None:
    text = "单号,创建时间,提交时间,进度\nT1,2025-03-01,2025-03-02,完结\n"
    entry = (
        "  - file: a.csv\n    dataset: tickets\n"
        "    columns: {ticket_id: 单号, created_at: 提交时间, status: 进度}\n"
        "    values: {status: {完结: closed}}\n"
    )
    found = gathered(tmp_path, {"a.csv": text}, entry)
    assert found.rows("ticket_id, created_at, status") == [("T1", moment(2025, 3, 2), "closed")]


def test_special_names_give_a_row_its_place(tmp_path: Path) -> None:
    entry = (
        "  - file: logs/*.csv\n    dataset: tickets\n"
        "    columns: {ticket_id: _stem, created_at: 时间, handler: _file, score: _row}\n"
    )
    found = gathered(
        tmp_path,
        {"logs/S1.csv": "时间\n2025-03-01\n", "logs/S2.csv": "时间\n2025-03-02\n"},
        entry,
    )
    assert found.rows("ticket_id, handler, score, _place") == [
        ("S1", "logs/S1.csv", Decimal(2), 2),
        ("S2", "logs/S2.csv", Decimal(2), (1 << 40) + 2),
    ]
    assert found.holdings.part((1 << 40) + 2) == (Part("logs/S2.csv", None), 2)


def test_a_unit_in_the_heading_counts(tmp_path: Path) -> None:
    text = "工单编号,创建时间,响应时长（分钟）\nT1,2025-03-01,90\n"
    assert gathered(tmp_path, {"a.csv": text}, ENTRY).rows("taken") == [(5_400_000_000,)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("工单编号,状态\nT1,已关闭\n", "the required column Created (created_at) is missing"),
        (
            "工单编号,工单号,创建时间\n1,2,2025-03-01\n",
            "the headings 工单编号, 工单号 both look like",
        ),
        ("甲,乙\n1,2\n", "no heading row was found"),
        ("", "the file is empty (0 bytes)"),
        ('工单编号,创建时间\n"T1,2\n', "a quote opened in line 2 never closes"),
    ],
)
def test_an_unusable_file_says_why_and_has_no_rows(tmp_path: Path, text: str, why: str) -> None:
    found = gathered(tmp_path, {"a.csv": text}, ENTRY)
    assert why in found.why
    assert found.holdings.unreadable == {"tickets": ("a.csv",)}
    assert found.table.rows == 0


def test_a_declared_heading_that_is_absent_lists_those_there_are(tmp_path: Path) -> None:
    found = gathered(
        tmp_path, {"a.csv": CSV}, "  - {file: a.csv, dataset: tickets, columns: {handler: 谁}}\n"
    )
    assert 'there is no heading "谁" (handler)' in found.why
    assert "工单编号, 创建时间, 状态" in found.why


def test_one_broken_file_does_not_stop_the_others(tmp_path: Path) -> None:
    found = gathered(
        tmp_path,
        {"1.csv": "<html>", "2.csv": CSV},
        "  - {file: '*.csv', dataset: tickets}\n",
    )
    assert found.table.rows == 2
    assert found.table.unreadable_files == ("1.csv",)


def test_sheets_with_the_headings_are_united_and_the_others_told(tmp_path: Path) -> None:
    book = workbook(
        封面=[["某公司工单"]],
        一月=[["工单编号", "创建时间"], ["T1", "2025-01-05"]],
        二月=[["创建时间", "工单编号"], ["2025-02-05", "T2"]],
    )
    found = gathered(tmp_path, {"a.xlsx": book}, "  - {file: a.xlsx, dataset: tickets}\n")
    assert found.rows("ticket_id, _place >> 40") == [("T1", 0), ("T2", 1)]
    assert [(s.name, s.dataset) for s in found.file.sheets] == [
        ("封面", None),
        ("一月", "tickets"),
        ("二月", "tickets"),
    ]
    assert found.file.notes[0].en.startswith("the sheet 封面 has no heading row")


def test_a_sheet_glob_chooses_sheets(tmp_path: Path) -> None:
    book = workbook(
        工单1=[["工单编号", "创建时间"], ["T1", "2025-01-05"]],
        旧=[["工单编号", "创建时间"], ["T0", "2024-01-05"]],
    )
    entry = "  - {file: a.xlsx, sheet: 工单*, dataset: tickets}\n"
    assert gathered(tmp_path, {"a.xlsx": book}, entry).rows("ticket_id") == [("T1",)]


def test_sheets_that_are_not_chosen_are_named_and_not_read(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(
            workbook(工单=[["工单编号", "创建时间"], ["T1", "2025-01-05"]], 远=[["x"]], 隐=[["y"]])
        )
    )
    book["远"]["XFD1048576"] = "a cell so far away that the sheet would not be read"
    book["隐"].sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    entry = "  - {file: a.xlsx, sheet: 工单, dataset: tickets}\n"
    found = gathered(tmp_path, {"a.xlsx": out.getvalue()}, entry)
    assert found.rows("ticket_id") == [("T1",)]
    assert [(s.name, s.dataset, s.visible) for s in found.file.sheets] == [
        ("工单", "tickets", True),
        ("远", None, True),
        ("隐", None, False),
    ]


def test_an_empty_chosen_sheet_is_told_as_empty(tmp_path: Path) -> None:
    book = workbook(一=[], 二=[["工单编号", "创建时间"], ["T1", "2025-01-05"]])
    found = gathered(
        tmp_path, {"a.xlsx": book}, "  - {file: a.xlsx, sheet: 一, dataset: tickets}\n"
    )
    assert found.why.startswith("there is nothing in sheet 一")


def test_a_sheet_glob_that_matches_nothing_names_the_sheets(tmp_path: Path) -> None:
    book = workbook(一=[["工单编号", "创建时间"]], 二=[["x"]])
    found = gathered(
        tmp_path, {"a.xlsx": book}, "  - {file: a.xlsx, sheet: 三, dataset: tickets}\n"
    )
    assert found.why == "no sheet is called 三. the sheets in the file: 一, 二"


def test_header_only_is_no_rows_and_no_problem(tmp_path: Path) -> None:
    found = gathered(tmp_path, {"a.csv": "工单编号,创建时间\n"}, ENTRY)
    assert (found.why, found.table.rows, found.sheet.row_count) == ("was read", 0, 0)


def test_a_declared_heading_row_is_taken(tmp_path: Path) -> None:
    text = "工单编号,创建时间\n工单编号,创建时间\nT1,2025-03-01\n"
    entry = "  - {file: a.csv, dataset: tickets, read: {header_row: 2}}\n"
    found = gathered(tmp_path, {"a.csv": text}, entry)
    assert (found.sheet.header_rows, found.left_out()) == ((2,), [(1, "title")])


def test_byte_identical_files_count_once(tmp_path: Path) -> None:
    found = gathered(
        tmp_path, {"1.csv": CSV, "2.csv": CSV}, "  - {file: '*.csv', dataset: tickets}\n"
    )
    assert found.table.rows == 2
    assert [n.en for f in found.holdings.files for n in f.notes] == [
        "is the same as 1.csv byte for byte; not counted again"
    ]


def test_identical_rows_count_once_and_are_told(tmp_path: Path) -> None:
    text = "工单编号,创建时间\nT1,2025-03-01\nT1,2025-03-01\n"
    found = gathered(tmp_path, {"a.csv": text}, ENTRY)
    assert found.table.rows == 1
    assert found.rows("ticket_id") == [("T1",)]
    assert [note.en for note in found.table.notes] == [
        "rows that repeat an earlier one in every cell count once; left out: 1 (a.csv:3)"
    ]


def test_rows_that_look_alike_but_were_not_understood_are_not_dropped(tmp_path: Path) -> None:
    text = "工单编号,创建时间,评分\nT1,2025-03-01,≥9\nT1,2025-03-01,约9\n"
    found = gathered(tmp_path, {"a.csv": text}, ENTRY)
    assert found.table.rows == 2
    assert [p[2] for p in found.problems()] == [
        "comparison",
        "approximate",
        "conflicting_duplicate",
        "conflicting_duplicate",
    ]


def test_conflicting_rows_are_problems(tmp_path: Path) -> None:
    text = "工单编号,创建时间\nT1,2025-03-01\nT1,2025-03-02\n"
    found = gathered(tmp_path, {"a.csv": text}, ENTRY)
    assert found.problems() == [
        (2, "工单编号", "conflicting_duplicate", "T1"),
        (3, "工单编号", "conflicting_duplicate", "T1"),
    ]


def test_entries_of_one_dataset_claim_no_more_than_the_weakest(tmp_path: Path) -> None:
    found = gathered(
        tmp_path,
        {"1.csv": CSV, "2.csv": "工单编号,创建时间\nT3,2025-03-03\n"},
        "  - {file: 1.csv, dataset: tickets}\n"
        "  - {file: 2.csv, dataset: tickets, coverage: judgement_sample}\n",
    )
    assert found.table.rows == 3
    assert found.table.coverage is Coverage.JUDGEMENT_SAMPLE
    assert found.table.provided == {"ticket_id", "created_at"}
    assert found.table.remarks[0].en == (
        "the column status is not in every file (not in 2.csv); it counts as not provided"
    )


def test_a_second_run_reads_nothing_again(tmp_path: Path) -> None:
    first = gathered(tmp_path, {"a.csv": CSV}, ENTRY)
    (path, _), *_ = first.table.parquet
    before = path.stat().st_mtime_ns
    second = gathered(tmp_path, {"a.csv": CSV}, ENTRY)
    assert second.holdings == first.holdings
    assert path.stat().st_mtime_ns == before
    assert sorted(p.name for p in (tmp_path / "cache").glob(".work-*")) == []


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "1").mkdir()
    (tmp_path / "2").mkdir()
    one = gathered(tmp_path / "1", {"a.csv": CSV}, ENTRY)
    two = gathered(tmp_path / "2", {"a.csv": CSV}, ENTRY)
    folder, other = one.table.parquet[0][0].parent, two.table.parquet[0][0].parent
    assert folder.name == other.name
    assert (folder / "manifest.json").read_bytes() == (other / "manifest.json").read_bytes()
    assert one.rows("*") == two.rows("*")


def test_a_unit_that_needs_too_much_memory_is_unreadable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FCIM_READER_MEMORY", str(64 * 1024 * 1024))
    found = gathered(tmp_path, {"a.csv": CSV}, ENTRY)
    assert re.search("ended unexpectedly|more memory than allowed", found.why)
    assert found.holdings.unreadable == {"tickets": ("a.csv",)}
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_child_that_hangs_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FCIM_READER_SECONDS", "0.01")
    found = gathered(tmp_path, {"a.csv": CSV}, ENTRY)
    assert found.why == (
        "reading took more than 0.01 s and was stopped (FCIM_READER_SECONDS sets the limit)"
    )


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_the_cache_is_private(tmp_path: Path) -> None:
    gathered(tmp_path, {"a.csv": CSV}, ENTRY)
    assert (tmp_path / "cache").stat().st_mode & 0o777 == 0o700


def test_inspection_shows_raw_text_when_asked(tmp_path: Path) -> None:
    found = gathered(tmp_path, {"a.csv": CSV}, ENTRY)
    document = inspection(found.holdings, rows=1)
    assert document["schema"] == "fcim-audit/inspection/1"
    files = document["files"]
    assert isinstance(files, list)
    sheet = files[0]["sheets"][0]
    assert (files[0]["kind"], files[0]["encoding"]) == ("csv", "utf-8")
    assert (sheet["header_rows"], sheet["row_count"]) == ([1], 2)
    assert sheet["rows"] == [
        {"row": 2, "cells": {"工单编号": "T1", "创建时间": "2025-03-01 09:00:00", "状态": "已关闭"}}
    ]


def test_inspection_repeats_no_rows_unasked(tmp_path: Path) -> None:
    found = gathered(tmp_path, {"a.csv": CSV}, ENTRY)
    assert "2025-03-01 09:00:00" not in json.dumps(inspection(found.holdings))
