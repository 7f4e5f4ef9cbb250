"""Knows which cells of a plain sheet's columns are no texts, and the SQL for the text each gets instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from duckdb import DuckDBPyConnection

from fcim_audit.readers.base import quoted
from fcim_audit.readers.row_shapes import RowKinds
from fcim_audit.readers.workbook_scan import column_number

_FEW = 50
"""So many rows are listed in the query itself."""

Rows = list[Sequence[int]]


@dataclass(slots=True)
class PlainColumn:
    """One column: its letters, its rows by what their cells hold."""

    letters: bytes = b""
    figures: Rows = field(default_factory=list)
    texts: Rows = field(default_factory=list)
    truths: Rows = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Told:
    """SQL that tells a column's figures and truth values from its texts; None where it has none."""

    column: PlainColumn
    figures: str | None
    truths: str | None

    @property
    def are_texts(self) -> bool:
        """Whether no cell is anything else."""
        return self.figures is None and self.truths is None

    def said(self, cell: str) -> str:
        """SQL for what a cell says: its text, or the text that `workbook_cells` makes of its value."""
        said = cell
        if self.figures is not None:
            figure = (
                f"CASE WHEN contains({cell}, ' ') THEN {_moment(cell)} ELSE {_number(cell)} END"
            )
            said = f"CASE WHEN {self.figures} THEN {figure} ELSE {cell} END"
        if self.truths is not None:
            said = f"CASE WHEN {self.truths} THEN upper({cell}) ELSE {said} END"
        return said


def plain_columns(kinds: Mapping[RowKinds, Sequence[int]]) -> dict[int, PlainColumn]:
    """The columns of a sheet, counted from 0, that hold something."""
    found: dict[int, PlainColumn] = {}

    def column(letters: bytes) -> PlainColumn:
        return found.setdefault(column_number(letters) - 1, PlainColumn(letters))

    for row_kinds, rows in kinds.items():
        for letters in row_kinds.figures:
            column(letters).figures.append(rows)
        for letters in row_kinds.texts:
            column(letters).texts.append(rows)
        for letters in row_kinds.truths:
            column(letters).truths.append(rows)
    return found


def tell(connection: DuckDBPyConnection, table: str, column: PlainColumn) -> Told:
    """What tells the cells of a column apart; `table` is the name of tables that it may need for that."""
    figures = _told(connection, f"{table}_f", column.figures, column.texts + column.truths)
    truths = _told(connection, f"{table}_t", column.truths, column.texts + column.figures)
    return Told(column, figures, truths)


def _told(connection: DuckDBPyConnection, table: str, these: Rows, others: Rows) -> str | None:
    """SQL that tells these rows from the others; of any other row it may say either."""
    if not these:
        return None
    if not others:
        return "true"
    for rows, sign in ((others, "NOT IN"), (these, "IN")):
        if sum(map(len, rows)) <= _FEW:
            return f"_row {sign} ({', '.join(map(str, chain.from_iterable(rows)))})"
    connection.execute(
        f"CREATE TABLE {quoted(table)} AS SELECT unnest(?::BIGINT[]) AS _row",
        [list(chain.from_iterable(these))],
    )
    return f"_row IN (SELECT _row FROM {quoted(table)})"


def _moment(cell: str) -> str:
    """A moment as a person writes it: a time before the first day, a day at its midnight."""
    exact = f"CASE WHEN length({cell}) = 23 THEN {cell} || '000' ELSE {cell} END"
    return (
        f"CASE WHEN length({cell}) NOT IN (19, 23) OR substr({cell}, 5, 1) <> '-' THEN {cell} "
        f"WHEN {cell} < '1900' THEN substr({exact}, 12) "
        f"WHEN ends_with({cell}, ' 00:00:00') THEN substr({cell}, 1, 10) ELSE {exact} END"
    )


def _number(cell: str) -> str:
    """A number in the fewest digits: the library writes very small and large ones out in full."""
    return (
        f"CASE WHEN length({cell}) > 15 OR starts_with({cell}, '0.0000') OR starts_with({cell}, '-0') "
        f"THEN coalesce({number_text(f'try_cast({cell} AS DOUBLE)')}, {cell}) ELSE {cell} END"
    )


def number_text(number: str) -> str:
    """SQL for the text that `workbook_cells` gives a DOUBLE."""
    return (
        f"CASE WHEN trunc({number}) = {number} AND abs({number}) < 1e21 "
        f"THEN CAST(CAST({number} AS HUGEINT) AS VARCHAR) ELSE CAST({number} AS VARCHAR) END"
    )
