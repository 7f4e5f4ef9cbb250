"""Knows a sheet's cells as texts: those that a person would type for what a library read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Protocol, cast

import python_calamine as calamine

from fcim_audit.language import Text
from fcim_audit.readers.base import SAVE_AGAIN, Fault, Merge, Unreadable
from fcim_audit.readers.text_table import NumberedRow

Value = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta
_DIGITS_KEPT = 10**15
_ROWS_AT_A_TIME = 1_000
_TEXT_ALONE = {str}
_AS_STR = {str, int, dt.date, dt.time, dt.datetime}
"""Kinds of values that Python's own text says as it should."""


class SheetScan(Protocol):
    """What a sheet's own bytes say, apart from the library that reads its cells."""

    @property
    def faults(self) -> Sequence[Fault]:
        """Cells whose value is an error, or a formula without its result."""
        ...

    @property
    def merged(self) -> tuple[Merge, ...]:
        """Merged ranges."""
        ...

    @property
    def hidden_rows(self) -> tuple[int, ...]:
        """Rows with values that a person does not see."""
        ...

    @property
    def hidden_columns(self) -> tuple[int, ...]:
        """Columns that a person does not see, from 0."""
        ...

    def unread(self, read: frozenset[int]) -> tuple[int, ...]:
        """Rows that hold a value and are not among those that were read."""
        ...


class SheetCells:
    """One sheet being read: notes which rows held something, and cells that lost digits."""

    def __init__(self, sheet: calamine.CalamineSheet, xml: SheetScan) -> None:
        self._sheet = sheet
        self._xml = xml
        self._filled: set[int] = set()
        self.faults: list[Fault] = list(xml.faults)

    def rows(self) -> Iterator[NumberedRow]:
        """Each row from the first on, with its texts; an error value in place of nothing."""
        errors: dict[int, list[Fault]] = {}
        for fault in self._xml.faults:
            errors.setdefault(fault.row, []).append(fault)
        left = [""] * (self._sheet.start[1] if self._sheet.start else 0)
        after = 1
        values = self._sheet.iter_rows()
        while some := list(islice(values, _ROWS_AT_A_TIME)):
            numbered = enumerate(self._texts(after, len(left), some), start=after)
            after += len(some)
            if left or errors:
                for row, cells in numbered:
                    yield row, _with_errors([*left, *cells], errors.pop(row, ()))
            else:
                yield from numbered
        for row in sorted(errors):
            yield from ((blank, ()) for blank in range(after, row))
            after = row + 1
            yield row, _with_errors([], errors[row])

    def _texts(self, first: int, left: int, rows: Sequence[list[Value]]) -> Sequence[Sequence[str]]:
        """Rows of values as texts, column by column: most columns hold one kind of value."""
        if set(map(type, chain.from_iterable(rows))) <= _TEXT_ALONE:
            texts = cast(Sequence[Sequence[str]], rows)
        else:
            columns = enumerate(zip(*rows, strict=True), start=left)
            told = [self._column(first, column, values) for column, values in columns]
            texts = list(zip(*told, strict=True))
        self._filled.update(row for row, cells in enumerate(texts, start=first) if any(cells))
        return texts

    def _column(self, first: int, column: int, values: tuple[Value, ...]) -> Iterable[str]:
        kinds = set(map(type, values))
        if kinds <= _AS_STR:
            return map(str, values)
        if float in kinds:
            self.faults.extend(
                Fault(row, column, "digits_lost", text_of(value))
                for row, value in enumerate(values, start=first)
                if type(value) is float and abs(value) >= _DIGITS_KEPT
            )
        return map(text_of, values)

    @property
    def filled(self) -> frozenset[int]:
        """The rows in which something stood."""
        return frozenset(self._filled)


def demand_read(name: str, xml: SheetScan, read: frozenset[int]) -> None:
    """Raise Unreadable if a sheet's own bytes have rows with values that were not read."""
    unread = xml.unread(read)
    if unread:
        raise Unreadable(
            Text(
                f"工作表 {name}：{len(unread)} 行有内容却没读出来（首个是第 {unread[0]} 行）",
                f"sheet {name}: {len(unread)} rows hold values that were not read, "
                f"the first is row {unread[0]}",
            ),
            hint=SAVE_AGAIN,
        )


def _with_errors(cells: list[str], faults: Sequence[Fault]) -> list[str]:
    for fault in faults:
        cells.extend([""] * (fault.column + 1 - len(cells)))
        if fault.text:
            cells[fault.column] = fault.text
    return cells


def text_of(value: Value) -> str:
    """The text that a person would type for a value."""
    if type(value) is str:
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e21 else repr(value)
    return _clock(value) if isinstance(value, dt.timedelta) else str(value)


def _clock(value: dt.timedelta) -> str:
    """A length of time as a spreadsheet shows it: `30:00:00`."""
    sign = "-" if value < dt.timedelta(0) else ""
    seconds, micro = divmod(abs(value) // dt.timedelta(microseconds=1), 1_000_000)
    fraction = f".{micro:06d}" if micro else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{fraction}"
