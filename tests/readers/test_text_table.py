"""Rows of text on their way into DuckDB: every cell arrives as it was, whatever characters it holds."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from fcim_audit.readers.text_table import load_rows


@pytest.mark.parametrize(
    "cell",
    [
        "a",
        "",
        " a ",
        "a,b",
        'say "a"',
        '"',
        "a\nb",
        "a\rb",
        "a\r\nb",
        "a\x1fb",
        "\x1f",
        "工单\u2028",
        "\\",
    ],
)
def test_a_cell_arrives_as_it_was(tmp_path: Path, cell: str) -> None:
    rows = [(1, ["x", "y"]), (2, [cell, "z"]), (3, ["z", cell])]
    with duckdb.connect() as connection:
        assert load_rows(connection, "t", rows, tmp_path) == 2
        assert connection.execute("SELECT * FROM t ORDER BY _row").fetchall() == [
            (1, 2, "x", "y"),
            (2, 2, cell, "z"),
            (3, 2, "z", cell),
        ]


def test_rows_of_different_lengths_say_how_many_cells_they_have(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        assert load_rows(connection, "t", [(1, []), (2, ["a"]), (7, ["b", "", "c"])], tmp_path) == 3
        assert connection.execute("SELECT * FROM t ORDER BY _row").fetchall() == [
            (1, 0, "", "", ""),
            (2, 1, "a", "", ""),
            (7, 3, "b", "", "c"),
        ]


def test_quoted_and_plain_rows_lie_in_one_table(tmp_path: Path) -> None:
    rows = [(number, [f"{number}", "a\nb" if number == 1500 else "a"]) for number in range(1, 3001)]
    with duckdb.connect() as connection:
        load_rows(connection, "t", rows, tmp_path)
        assert connection.execute(
            "SELECT count(*), sum(_row), sum(c0::INTEGER), count(*) FILTER (c1 = 'a') FROM t"
        ).fetchone() == (3000, 4501500, 4501500, 2999)
