"""Knows how rows that had to be read in Python become a text table: by way of a numbered CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from fcim_audit.language import Text
from fcim_audit.readers.base import Unreadable, cell_columns, literal, quoted

MAX_CELL = 16 * 1024 * 1024
MAX_LINE = 2 * MAX_CELL
MAX_COLUMNS = 2_000
"""How many columns may hold something: a table of more takes gigabytes, and is none."""
CSV_OPTIONS = (
    "auto_detect = false, header = false, quote = '\"', escape = '\"', comment = '', "
    f"strict_mode = true, max_line_size = {MAX_LINE}"
)

NumberedRow = tuple[int, Sequence[str]]


def load_rows(
    connection: DuckDBPyConnection, table: str, rows: Iterable[NumberedRow], work: Path
) -> int:
    """Put numbered rows of text into a text table; returns its width. Rows may differ in length."""
    numbered = work / f"{table}.rows"
    width = 0
    with numbered.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for number, cells in rows:
            kept = cells if len(cells) <= MAX_COLUMNS else _without_blank_end(number, cells)
            width = max(width, len(kept))
            writer.writerow([str(number), str(len(cells)), *kept])
    if width == 0:
        create_empty(connection, table, 0)
        return 0
    names = ("_row", "_cells", *cell_columns(width))
    types = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    cells = ", ".join(f"coalesce({name}, '') AS {name}" for name in cell_columns(width))
    try:
        connection.execute(
            f"CREATE TABLE {quoted(table)} AS SELECT _row::BIGINT AS _row, "
            f"_cells::INTEGER AS _cells, {cells} FROM read_csv({literal(str(numbered))}, "
            f"delim = ',', columns = {{{types}}}, null_padding = true, parallel = false, "
            f"{CSV_OPTIONS})"
        )
    except duckdb.InvalidInputException as error:
        raise Unreadable(
            Text(f"有一行超过 {MAX_LINE:,} 字节", f"a row has more than {MAX_LINE:,} bytes"),
            hint=Text("文件可能已损坏，请重新导出", "the file may be damaged; export it again"),
        ) from error
    numbered.unlink()
    return width


def _without_blank_end(row: int, cells: Sequence[str]) -> Sequence[str]:
    """The cells of a very wide row up to the last that holds something, if those are not too many."""
    end = next((index for index in range(len(cells), 1, -1) if cells[index - 1]), 1)
    if end > MAX_COLUMNS:
        raise Unreadable(
            Text(
                f"第 {row} 行有内容的列超过 {MAX_COLUMNS:,} 列",
                f"row {row} holds something in more than {MAX_COLUMNS:,} columns",
            ),
            hint=Text(
                "删去不属于表格的列后重新导出",
                "delete what is not of the table and export it again",
            ),
        )
    return cells[:end]


def create_empty(connection: DuckDBPyConnection, table: str, width: int) -> None:
    """A text table without rows."""
    cells = "".join(f", {name} VARCHAR" for name in cell_columns(width))
    connection.execute(f"CREATE TABLE {quoted(table)} (_row BIGINT, _cells INTEGER{cells})")
