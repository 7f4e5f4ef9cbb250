"""Knows how rows that had to be read in Python become a text table: by way of a numbered CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from duckdb import DuckDBPyConnection

from fcim_audit.readers.base import cell_columns, literal, quoted

MAX_CELL = 16 * 1024 * 1024
CSV_OPTIONS = (
    "auto_detect = false, header = false, quote = '\"', escape = '\"', comment = '', "
    f"strict_mode = true, max_line_size = {2 * MAX_CELL}"
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
            width = max(width, len(cells))
            writer.writerow([str(number), str(len(cells)), *cells])
    if width == 0:
        create_empty(connection, table, 0)
        return 0
    names = ("_row", "_cells", *cell_columns(width))
    types = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    cells = ", ".join(f"coalesce({name}, '') AS {name}" for name in cell_columns(width))
    connection.execute(
        f"CREATE TABLE {quoted(table)} AS SELECT _row::BIGINT AS _row, _cells::INTEGER AS _cells, "
        f"{cells} FROM read_csv({literal(str(numbered))}, delim = ',', columns = {{{types}}}, "
        f"null_padding = true, parallel = false, {CSV_OPTIONS})"
    )
    numbered.unlink()
    return width


def create_empty(connection: DuckDBPyConnection, table: str, width: int) -> None:
    """A text table without rows."""
    cells = "".join(f", {name} VARCHAR" for name in cell_columns(width))
    connection.execute(f"CREATE TABLE {quoted(table)} (_row BIGINT, _cells INTEGER{cells})")
