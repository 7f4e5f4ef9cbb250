"""What is said of an export as a whole: cut off, empty columns, rows of another time, gaps."""

from __future__ import annotations

from pathlib import Path

import pytest

from fcim_audit.evidence.quality import is_cut_off
from tests.evidence.gathering import gathered

ENTRY = "  - {file: a.csv, dataset: tickets}\n"


@pytest.mark.parametrize(
    ("rows", "cut_off"),
    [(10_000, True), (65_535, True), (1_048_575, True), (9_999, False), (500, False), (0, False)],
)
def test_a_round_number_of_rows_looks_cut_off(rows: int, cut_off: bool) -> None:
    assert is_cut_off(rows) is cut_off


def test_an_export_that_may_be_cut_off_says_so(tmp_path: Path) -> None:
    text = "工单编号,创建时间\n" + "".join(f"T{n},2025-03-01\n" for n in range(1000, 2000))
    assert [note.en for note in gathered(tmp_path, {"a.csv": text}, ENTRY).file.notes] == [
        "exactly 1,000 rows of data: the export may be cut off; check the total in the system"
    ]


def test_an_empty_column_says_so(tmp_path: Path) -> None:
    text = "工单编号,创建时间,评分,状态\nT1,2025-03-01,,\nT2,2025-03-02,/,已关闭\n"
    assert [note.en for note in gathered(tmp_path, {"a.csv": text}, ENTRY).file.notes] == [
        "columns without a single value: Score"
    ]


def _notes(folder: Path, *ids: str) -> list[str]:
    text = "工单编号,创建时间\n" + "".join(f"{id_},2025-03-01\n" for id_ in ids)
    return [note.en for note in gathered(folder, {"a.csv": text}, ENTRY).file.notes]


@pytest.mark.parametrize(
    "ids",
    [
        pytest.param(["110101199001011000", "320102198512123000"], id="18-digits"),
        pytest.param([f"62220212345678{n}0" for n in range(1, 7)], id="16-digits"),
        pytest.param(
            ["110101199001011000", "320102198512123000", "11010119900101123X", "A1"], id="some-kept"
        ),
    ],
)
def test_long_numbers_that_end_in_zeros_have_probably_lost_digits(
    tmp_path: Path, ids: list[str]
) -> None:
    (note,) = _notes(tmp_path, *ids)
    assert note.startswith("Ticket: of ")
    assert "digits were probably lost in Excel" in note


@pytest.mark.parametrize(
    "ids",
    [
        pytest.param(["110101199001011000", "320102198512123001"], id="one-is-whole"),
        pytest.param(["110101199001011000"], id="one-alone"),
        pytest.param(["110101199001011000"] * 5, id="one-repeated"),
        pytest.param(
            ["6222021234567100", *[f"62220212345671{n}" for n in range(11, 30)]],
            id="16-digits-others",
        ),
        pytest.param([f"1000000000{n}000" for n in range(10, 30)], id="15-digits"),
        pytest.param(["GD2025030100001000", "GD2025030100002000"], id="not-only-digits"),
    ],
)
def test_long_numbers_that_may_be_whole_say_nothing(tmp_path: Path, ids: list[str]) -> None:
    assert not any("lost in Excel" in note for note in _notes(tmp_path, *ids))


def test_rows_outside_the_period_are_counted(tmp_path: Path) -> None:
    text = "工单编号,创建时间\nT1,2024-12-31 23:59:59\nT2,2025-01-01\nT3,2025-12-31 23:59\nT4,2026-01-01\n"
    assert [note.en for note in gathered(tmp_path, {"a.csv": text}, ENTRY).file.notes] == [
        "by Created, rows before the period 2025-01-01 – 2025-12-31: 1, after it: 1"
    ]


def test_numbers_that_running_ids_leave_out_are_named(tmp_path: Path) -> None:
    ids = [f"GD-{n:03d}" for n in range(1, 21) if n not in {7, 13}] + ["X9", "X1"]
    text = "工单编号,创建时间\n" + "".join(f"{id_},2025-03-01\n" for id_ in ids)
    assert [note.en for note in gathered(tmp_path, {"a.csv": text}, ENTRY).table.notes] == [
        "running ids leave out 2: GD-007, GD-013"
    ]


def test_ids_that_are_no_sequence_leave_nothing_out(tmp_path: Path) -> None:
    text = "工单编号,创建时间\n" + "".join(f"T{n * n},2025-03-01\n" for n in range(10, 32))
    assert gathered(tmp_path, {"a.csv": text}, ENTRY).table.notes == ()


def test_a_value_leads_to_its_cell(tmp_path: Path) -> None:
    text = "备注,创建时间,工单编号\nx,3月1日,T1\n"
    sheet = gathered(tmp_path, {"a.csv": text}, ENTRY).sheet
    assert [sheet.letter(heading) for heading in sheet.columns.values()] == ["C", "B"]
    assert [sheet.address(problem) for problem in sheet.problems] == ["B2"]
