"""Knows how rows that had to be read in Python become a text table: by way of a numbered CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count, islice
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

_BETWEEN = "\x1f"
"""The unit separator: next to no cell holds it, unlike a comma."""
_ROWS_AT_A_TIME = 1_000
_ROWS_A_PIECE = 20_000

NumberedRow = tuple[int, Sequence[str]]


def load_rows(
    connection: DuckDBPyConnection, table: str, rows: Iterable[NumberedRow], work: Path
) -> int:
    """Put numbered rows of text into a text table; returns its width. Rows may differ in length.

    DuckDB takes in some thousand rows while the next are made.
    """
    growing = _Growing(connection.cursor(), table)
    with ThreadPoolExecutor(max_workers=1) as pool:
        taking: Future[None] | None = None
        for piece in _pieces(rows, work / table):
            if taking is not None:
                taking.result()
            taking = pool.submit(growing.take, piece)
        if taking is not None:
            taking.result()
    if growing.width == 0:
        connection.execute(f"DROP TABLE IF EXISTS {quoted(table)}")
        create_empty(connection, table, 0)
    return growing.width


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some of the rows as a numbered CSV; `width`: how many cells the longest of them has."""

    path: Path
    width: int


def _pieces(rows: Iterable[NumberedRow], path: Path) -> Iterator[_Piece]:
    remaining = iter(rows)
    for number in count():
        piece = path.with_name(f"{path.name}.{number}.rows")
        width = _write_some(remaining, piece)
        if width is None:
            piece.unlink()
            return
        yield _Piece(piece, width)


def _write_some(remaining: Iterator[NumberedRow], path: Path) -> int | None:
    """Write the next thousands of rows; the cells of the longest, None if there was no row."""
    width = None
    with path.open("w", encoding="utf-8", newline="") as out:
        for _ in range(_ROWS_A_PIECE // _ROWS_AT_A_TIME):
            some = list(islice(remaining, _ROWS_AT_A_TIME))
            if not some:
                break
            if max(len(cells) for _, cells in some) > MAX_COLUMNS:
                some = [(row, _without_blank_end(row, cells)) for row, cells in some]
            lengths = [len(cells) for _, cells in some]
            width = max(width or 0, *lengths)
            out.write(_lines(some, lengths))
    return width


@dataclass(slots=True)
class _Growing:
    """A text table that grows by pieces, in width too: shorter rows hold nothing in later columns."""

    connection: DuckDBPyConnection
    table: str
    width: int = 0
    _columns: int = 0

    def take(self, piece: _Piece) -> None:
        """Add the rows of a piece and remove its file; raises Unreadable for an endless row."""
        read = max(piece.width, 1)
        self._widen(read)
        self.width = max(self.width, piece.width)
        columns = ("_row", "_cells", *cell_columns(read))
        types = ", ".join(f"{literal(column)}: 'VARCHAR'" for column in columns)
        cells = [f"coalesce({cell}, '')" for cell in cell_columns(read)]
        cells += ["''"] * (self._columns - read)
        try:
            self.connection.execute(
                f"INSERT INTO {quoted(self.table)} SELECT _row::BIGINT, _cells::INTEGER, "
                f"{', '.join(cells)} FROM read_csv({literal(str(piece.path))}, "
                f"delim = {literal(_BETWEEN)}, columns = {{{types}}}, null_padding = true, "
                f"parallel = false, {CSV_OPTIONS})"
            )
        except duckdb.InvalidInputException as error:
            raise Unreadable(
                Text(f"有一行超过 {MAX_LINE:,} 字节", f"a row has more than {MAX_LINE:,} bytes"),
                hint=Text("文件可能已损坏，请重新导出", "the file may be damaged; export it again"),
            ) from error
        piece.path.unlink()

    def _widen(self, columns: int) -> None:
        if not self._columns:
            create_empty(self.connection, self.table, columns)
        else:
            for cell in cell_columns(columns)[self._columns :]:
                self.connection.execute(
                    f"ALTER TABLE {quoted(self.table)} ADD COLUMN {cell} VARCHAR DEFAULT ''"
                )
        self._columns = max(self._columns, columns)


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


def _without_blank_end(row: int, cells: Sequence[str]) -> Sequence[str]:
    """The cells of a row, of a very wide one up to the last that holds something, if those are not too many."""
    if len(cells) <= MAX_COLUMNS:
        return cells
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
