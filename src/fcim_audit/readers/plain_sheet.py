"""Knows how a sheet of an .xlsx goes from the library into DuckDB with no Python value between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from duckdb import DuckDBPyConnection

from fcim_audit.readers.base import Fault, cell_columns, literal, quoted
from fcim_audit.readers.plain_columns import PlainColumn, Told, number_text, plain_columns, tell
from fcim_audit.readers.text_table import MAX_COLUMNS, create_empty
from fcim_audit.readers.workbook_scan import SheetXml

if TYPE_CHECKING:
    import fastexcel

_MOST_ERRORS = 50
_DECIMALS = 9
"""How many decimals the library writes at most."""
_DECIMAL = r"-?\d*\.\d+|.*e-\d+|-?0"
_BLANK, _DECIMALS_IN, _LONG_IN = 1, 2, 4
_DIGITS_LOST = r"-?\d{16,}|-?[\d.]+e\+\d+"


@dataclass(frozen=True, slots=True)
class PlainSheet:
    """A sheet as the library read it: a table, in each cell a text; its columns, counted from A as 0."""

    name: str
    visible: bool
    table: str
    height: int
    columns: Mapping[int, str]

    @property
    def width(self) -> int:
        """How many columns there are from A on."""
        return max(self.columns, default=-1) + 1

    def holds(self, fault: Fault) -> bool:
        """Whether a place lies among its cells."""
        return fault.row <= self.height and fault.column in self.columns


def open_plain(path: Path) -> fastexcel.ExcelReader | None:
    """A workbook; None where it can't be opened in this way."""
    import fastexcel

    try:
        return fastexcel.read_excel(path)
    except fastexcel.FastExcelError:
        return None


def read_plain(
    connection: DuckDBPyConnection, workbook: fastexcel.ExcelReader, name: str, table: str
) -> PlainSheet | None:
    """Put one sheet of a workbook into a table; None where that can't be done, or it is too wide."""
    import fastexcel

    try:
        cells = workbook.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
        columns = {info.absolute_index: info.name for info in cells.available_columns()}
    except fastexcel.FastExcelError:
        return None
    sheet = PlainSheet(name, cells.visible == "visible", table, cells.total_height, columns)
    if sheet.width > MAX_COLUMNS:
        return None
    if columns:
        connection.register("sheet", cells)
        connection.execute(f"CREATE TABLE {quoted(table)} AS SELECT * FROM sheet")
        connection.unregister("sheet")
    return sheet


def rounded_columns(xml: SheetXml) -> frozenset[int]:
    """The columns, counted from 0, in which the library would round a number."""
    found = plain_columns(xml.kinds or {})
    return frozenset(index for index, column in found.items() if _is_rounded(column, xml))


def _is_rounded(column: PlainColumn, xml: SheetXml) -> bool:
    return column.figures != [] and next(_rounded(column, xml), None) is not None


def _rounded(column: PlainColumn, xml: SheetXml) -> Iterator[tuple[int, float]]:
    """The numbers of a column that the library rounds, with their rows."""
    for row, said in xml.long_numbers(column.letters):
        number = float(said)
        if number != round(number, _DECIMALS):
            yield row, number


def load_plain(
    connection: DuckDBPyConnection,
    table: str,
    sheet: PlainSheet,
    xml: SheetXml,
    rounded: frozenset[int],
) -> list[Fault] | None:
    """Make a text table of a sheet; returns the numbers that lost digits, None where it can't be made.

    Numbers, moments and truth values get the texts that `workbook_cells` gives them: the library's
    own do not tell a day from its midnight. Which cells hold them, and errors, its XML says; `rounded`
    are the columns in which numbers are read again.
    """
    errors = [fault for fault in xml.faults if fault.text]
    if xml.kinds is None or len(errors) > _MOST_ERRORS or not all(map(sheet.holds, errors)):
        return None
    if not sheet.width:
        create_empty(connection, table, 0)
        return []
    columns = plain_columns(xml.kinds)
    told = {
        index: tell(connection, f"{table}_{index}", columns.get(index, PlainColumn()))
        for index in sheet.columns
    }
    _create(connection, table, sheet, told, errors)
    figures = {index: one for index, one in told.items() if one.figures is not None}
    looks = _looks(connection, table, figures)
    lacking = (index for index, look in looks.items() if look & _BLANK)
    if any(_lacks(connection, table, index, figures[index], xml) for index in lacking):
        connection.execute(f"DROP TABLE {quoted(table)}")
        return None
    inexact = [index for index, look in looks.items() if look & _DECIMALS_IN and index in rounded]
    for index in inexact:
        _put_exact(connection, table, index, figures[index], xml)
    long = [index for index, look in looks.items() if look & _LONG_IN]
    lost = (_digits_lost(connection, table, index, figures[index]) for index in long)
    return list(chain.from_iterable(lost))


def filled_rows(connection: DuckDBPyConnection, table: str, width: int) -> frozenset[int]:
    """The rows of a text table in which something stands."""
    if not width:
        return frozenset()
    blank = " AND ".join(f"{cell} = ''" for cell in cell_columns(width))
    name = quoted(table)
    rows = connection.execute(f"SELECT _row FROM {name} WHERE {blank}").fetchall()
    last = connection.execute(f"SELECT max(_row) FROM {name}").fetchone() or (0,)
    return frozenset(range(1, (last[0] or 0) + 1)).difference(row for (row,) in rows)


def _create(
    connection: DuckDBPyConnection,
    table: str,
    sheet: PlainSheet,
    told: Mapping[int, Told],
    errors: Sequence[Fault],
) -> None:
    """The text table, made of the library's table in its place: a view of it where all are texts."""
    texts = dict.fromkeys(cell_columns(sheet.width), "''")
    for index, name in sheet.columns.items():
        said = told[index].said(quoted(name))
        words = "".join(
            f" WHEN _row = {error.row} THEN {literal(error.text or '')}"
            for error in errors
            if error.column == index
        )
        texts[f"c{index}"] = f"coalesce({f'CASE{words} ELSE {said} END' if words else said}, '')"
    cells = "".join(f", {said} AS {cell}" for cell, said in texts.items())
    are_texts = not errors and all(one.are_texts for one in told.values())
    connection.execute(
        f"CREATE {'VIEW' if are_texts else 'TABLE'} {quoted(table)} AS "
        f"SELECT _row, {sheet.width}::INTEGER AS _cells{cells} "
        f"FROM (SELECT rowid + 1 AS _row, * FROM {quoted(sheet.table)})"
    )
    if not are_texts:
        connection.execute(f"DROP TABLE {quoted(sheet.table)}")


def _looks(
    connection: DuckDBPyConnection, table: str, figures: Mapping[int, Told]
) -> dict[int, int]:
    """What the figures of each column hold among others, as flags: what none has is sought in none."""
    flags = ", ".join(
        f"bit_or(CASE WHEN NOT {one.figures} THEN 0 WHEN {_blank(index)} THEN {_BLANK} "
        f"WHEN contains(c{index}, ':') THEN 0 WHEN {_is(index, _DECIMAL)} THEN {_DECIMALS_IN} "
        f"WHEN length(c{index}) > 4 AND {_is(index, _DIGITS_LOST)} THEN {_LONG_IN} ELSE 0 END)"
        for index, one in figures.items()
    )
    found = connection.execute(f"SELECT {flags} FROM {quoted(table)}").fetchall() if flags else []
    return {index: flag or 0 for row in found for index, flag in zip(figures, row, strict=True)}


def _is(index: int, pattern: str) -> str:
    return f"regexp_full_match(c{index}, {literal(pattern)})"


def _is_number(index: int, pattern: str) -> str:
    return f"CASE WHEN contains(c{index}, ':') THEN false ELSE {_is(index, pattern)} END"


def _blank(index: int) -> str:
    """SQL for a figure that the library gave nothing for, or a day of a far year: one that can't be a day."""
    cell = f"c{index}"
    signed = f"(starts_with({cell}, '+') OR starts_with({cell}, '-'))"
    return f"({cell} = '' OR ({signed} AND contains({cell}, ':')))"


def _lacks(
    connection: DuckDBPyConnection, table: str, index: int, told: Told, xml: SheetXml
) -> bool:
    """Whether the library gave nothing useful for a number of the column."""
    found = connection.execute(
        f"SELECT _row FROM {quoted(table)} WHERE {told.figures} AND {_blank(index)}"
    ).fetchall()
    filled = set(chain.from_iterable(told.column.figures))
    return any(row in filled and xml.value(row, told.column.letters) != b"" for (row,) in found)


def _put_exact(
    connection: DuckDBPyConnection, table: str, index: int, told: Told, xml: SheetXml
) -> None:
    """Put the numbers that the library rounded with all their digits."""
    rows, numbers = zip(*_rounded(told.column, xml), strict=True)
    exact = "SELECT unnest(?::BIGINT[]) AS place, unnest(?::DOUBLE[]) AS number"
    connection.execute(
        f"UPDATE {quoted(table)} SET c{index} = {number_text('number')} FROM ({exact}) AS exact "
        f"WHERE _row = place AND {told.figures} AND {_is_number(index, _DECIMAL)}",
        [list(rows), list(numbers)],
    )


def _digits_lost(connection: DuckDBPyConnection, table: str, index: int, told: Told) -> list[Fault]:
    found = connection.execute(
        f"SELECT _row, c{index} FROM {quoted(table)} WHERE {told.figures} "
        f"AND {_is_number(index, _DIGITS_LOST)} ORDER BY _row"
    ).fetchall()
    return [Fault(row, index, "digits_lost", text) for row, text in found]
