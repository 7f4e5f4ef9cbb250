"""Rows of text on their way into DuckDB: every cell arrives as it was, whatever characters it holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from fcim_audit.language import Text
from fcim_audit.readers.base import Unreadable
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


def test_a_table_grows_in_length_and_width(tmp_path: Path) -> None:
    rows = [(row, ["a"] * (1 + row // 25_000)) for row in range(1, 60_001)]
    with duckdb.connect() as connection:
        assert load_rows(connection, "t", rows, tmp_path) == 3
        assert connection.execute(
            "SELECT c0, c1, c2, _cells, min(_row), max(_row), count(*) FROM t GROUP BY ALL ORDER BY 4"
        ).fetchall() == [
            ("a", "", "", 1, 1, 24_999, 24_999),
            ("a", "a", "", 2, 25_000, 49_999, 25_000),
            ("a", "a", "a", 3, 50_000, 60_000, 10_001),
        ]
    assert not list(tmp_path.iterdir())


def test_rows_without_a_cell_are_no_table(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        assert load_rows(connection, "t", [(1, []), (2, [])], tmp_path) == 0
        assert connection.execute("SELECT * FROM t").fetchall() == []


def test_what_ends_the_rows_ends_the_reading(tmp_path: Path) -> None:
    def rows() -> Iterator[tuple[int, list[str]]]:
        yield from ((row, ["a"]) for row in range(1, 30_001))
        raise Unreadable(Text("坏", "bad"))

    with duckdb.connect() as connection, pytest.raises(Unreadable, match="bad"):
        load_rows(connection, "t", rows(), tmp_path)
