"""Knows how rows that had to be read in Python become a text table: by way of a numbered CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

from duckdb import DuckDBPyConnection

from fcim_audit.readers.base import cell_columns, literal, quoted

MAX_CELL = 16 * 1024 * 1024
CSV_OPTIONS = (
    "auto_detect = false, header = false, quote = '\"', escape = '\"', comment = '', "
    f"strict_mode = true, max_line_size = {2 * MAX_CELL}"
)

_BETWEEN = "\x1f"
"""The unit separator: next to no cell holds it, unlike a comma."""
_ROWS_AT_A_TIME = 1_000

NumberedRow = tuple[int, Sequence[str]]


def load_rows(
    connection: DuckDBPyConnection, table: str, rows: Iterable[NumberedRow], work: Path
) -> int:
    """Put numbered rows of text into a text table; returns its width. Rows may differ in length."""
    numbered = work / f"{table}.rows"
    width = 0
    remaining = iter(rows)
    with numbered.open("w", encoding="utf-8", newline="") as out:
        while some := list(islice(remaining, _ROWS_AT_A_TIME)):
            lengths = [len(cells) for _, cells in some]
            width = max(width, *lengths)
            out.write(_lines(some, lengths))
    if width == 0:
        create_empty(connection, table, 0)
        return 0
    names = ("_row", "_cells", *cell_columns(width))
    types = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    cells = ", ".join(f"coalesce({name}, '') AS {name}" for name in cell_columns(width))
    connection.execute(
        f"CREATE TABLE {quoted(table)} AS SELECT _row::BIGINT AS _row, _cells::INTEGER AS _cells, "
        f"{cells} FROM read_csv({literal(str(numbered))}, delim = {literal(_BETWEEN)}, "
        f"columns = {{{types}}}, null_padding = true, parallel = false, {CSV_OPTIONS})"
    )
    numbered.unlink()
    return width


def _lines(rows: Sequence[NumberedRow], lengths: Sequence[int]) -> str:
    """Rows as lines of CSV: plainly joined where no cell of them holds what has to be quoted."""
    lines = [f"{row}{_BETWEEN}{len(cells)}{_BETWEEN}{_BETWEEN.join(cells)}" for row, cells in rows]
    text = "\n".join(lines) + "\n"
    between = len(rows) + sum(lengths) + lengths.count(0)
    is_plain = text.count("\n") == len(rows) and text.count(_BETWEEN) == between
    return text if is_plain and '"' not in text and "\r" not in text else _quoted_lines(rows)


def _quoted_lines(rows: Iterable[NumberedRow]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=_BETWEEN, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([str(row), str(len(cells)), *cells] for row, cells in rows)
    return out.getvalue()


def create_empty(connection: DuckDBPyConnection, table: str, width: int) -> None:
    """A text table without rows."""
    cells = "".join(f", {name} VARCHAR" for name in cell_columns(width))
    connection.execute(f"CREATE TABLE {quoted(table)} (_row BIGINT, _cells INTEGER{cells})")
