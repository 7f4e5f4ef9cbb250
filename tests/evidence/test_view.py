"""Views: one SELECT over the united text, its doubts carried to what is made of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evidence.gathering import gathered, mistakes

LOG = (
    "number,state,opened,closed\n"
    "T1,New,01-03-2025 09:00,?\nT1,Closed,01-03-2025 09:00,02-03-2025 10:00\n"
    "T2,New,03-03-2025 09:00,?\n"
)


def entry(sql: str, read: str = '{null_values: ["?"], datetime: "%d-%m-%Y %H:%M"}') -> str:
    """One entry with a view."""
    return f"  - file: '*.csv'\n    dataset: tickets\n    read: {read}\n    view: {sql}\n"


GROUPED = (
    "SELECT number AS ticket_id, min(opened) AS created_at, max(closed) AS closed_at "
    "FROM source GROUP BY number"
)


def test_rows_are_grouped_and_keep_the_first_place(tmp_path: Path) -> None:
    found = gathered(tmp_path, {"a.csv": LOG}, entry(GROUPED))
    assert found.rows("ticket_id, created_at::VARCHAR, closed_at::VARCHAR, _place, _bad") == [
        ("T1", "2025-03-01 09:00:00", "2025-03-02 10:00:00", 2, ""),
        ("T2", "2025-03-03 09:00:00", None, 4, ""),
    ]
    assert found.sheet.columns["created_at"] == "MIN(opened)"
    assert found.table.provided == {"ticket_id", "created_at", "closed_at"}


def test_a_cell_that_is_not_understood_marks_its_group(tmp_path: Path) -> None:
    text = LOG + "T2,Closed,soon,04-03-2025 10:00\n"
    found = gathered(tmp_path, {"a.csv": text}, entry(GROUPED))
    assert found.rows("ticket_id, _bad") == [("T1", ""), ("T2", ",created_at,")]
    assert found.problems() == [(5, "opened", "not_a_datetime", "soon")]
    assert found.sheet.problem_count == 1


def test_a_row_that_a_filter_cannot_judge_stays_and_is_marked(tmp_path: Path) -> None:
    sql = (
        "SELECT number AS ticket_id, opened AS created_at FROM source "
        "WHERE closed > '2025-03-01 00:00:00'"
    )
    text = (
        "number,opened,closed\nT1,01-03-2025 09:00,02-03-2025 09:00\n"
        "T2,01-03-2025 09:00,someday\nT3,01-02-2025 09:00,02-02-2025 09:00\n"
        "T4,01-02-2025 09:00,02-02-2025 09:00\n"
    )
    found = gathered(tmp_path, {"a.csv": text}, entry(sql))
    assert found.rows("ticket_id, _bad") == [("T1", ""), ("T2", ",ticket_id,created_at,")]


def test_a_view_runs_over_all_files(tmp_path: Path) -> None:
    sql = (
        "SELECT number AS ticket_id, min(opened) AS created_at, count(*) AS score, "
        "min(_stem) AS handler FROM source GROUP BY number"
    )
    found = gathered(
        tmp_path,
        {"1.csv": LOG, "2.csv": "opened,number\n05-03-2025 09:00,T2\n"},
        entry(sql),
    )
    assert found.rows("ticket_id, score::INTEGER, handler, _place") == [
        ("T1", 2, "1", 2),
        ("T2", 2, "1", 4),
    ]


def test_a_file_without_the_headings_of_the_view_is_unreadable(tmp_path: Path) -> None:
    found = gathered(tmp_path, {"1.csv": "number,opened\nT1,x\n", "2.csv": LOG}, entry(GROUPED))
    assert found.table.unreadable_files == ("1.csv",)
    assert found.table.rows == 2
    assert "headings that the view uses are missing: closed" in found.why


def test_explicit_types_are_used(tmp_path: Path) -> None:
    sql = "SELECT id AS ticket_id, max(at) AS created_at, max(n) AS score FROM source GROUP BY id"
    text = "id,at,n\nT1,2025-03-01,9\nT1,2025-03-02,10\nT1,2025-03-03,x\n"
    found = gathered(tmp_path, {"a.csv": text}, entry(sql, "{types: {n: int}}"))
    assert found.rows("score::INTEGER, _bad") == [(10, ",score,")]
    assert found.problems() == [(4, "n", "not_an_integer", "x")]


def test_what_a_view_makes_is_cleaned_like_any_cell(tmp_path: Path) -> None:
    sql = "SELECT id AS ticket_id, at AS created_at, state AS status FROM source"
    text = "id,at,state\nT1,2025年3月1日,已办结\nT2,soon,谁知道\n"
    found = gathered(tmp_path, {"a.csv": text}, entry(sql, "{}"))
    assert found.rows("ticket_id, created_at::VARCHAR, status, _bad") == [
        ("T1", "2025-03-01 00:00:00", "closed", ""),
        ("T2", None, None, ",created_at,status,"),
    ]
    assert found.sheet.problem_count == 2


def test_elapsed_gives_a_duration(tmp_path: Path) -> None:
    sql = (
        "SELECT number AS ticket_id, min(opened) AS created_at, "
        "elapsed(min(opened), max(closed)) AS taken FROM source GROUP BY number"
    )
    found = gathered(tmp_path, {"a.csv": LOG}, entry(sql))
    assert found.rows("ticket_id, taken") == [("T1", 25 * 3600 * 1_000_000), ("T2", None)]


def test_personal_text_of_the_source_is_not_repeated(tmp_path: Path) -> None:
    sql = "SELECT id AS ticket_id, at AS created_at, who AS handler FROM source"
    found = gathered(tmp_path, {"a.csv": "id,at,who\nT1,2025-03-01,#REF!\n"}, entry(sql, "{}"))
    assert found.problems() == [(2, "who", "error_value", None)]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT number AS ticket_id, min(opened) + 'x' AS created_at FROM source GROUP BY number",
        "SELECT number AS ticket_id, opened AS created_at FROM source GROUP BY number",
    ],
)
def test_a_view_that_cannot_run_is_a_mistake_of_the_bundle(tmp_path: Path, sql: str) -> None:
    told = mistakes(tmp_path, entry(sql), {"a.csv": LOG})
    assert "bundle.yaml:" in told
    assert "the view can't run" in told
