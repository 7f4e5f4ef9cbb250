"""Knows a sheet's cells as texts: those that a person would type for what a library read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Protocol, cast

import python_calamine as calamine

from fcim_audit.language import Text
from fcim_audit.readers.base import SAVE_AGAIN, Fault, Merge, Unreadable
from fcim_audit.readers.text_table import NumberedRow

Value = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta
_DIGITS_KEPT = 10**15
_TEXT_ALONE = {str}


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
        number = 0
        for number, values in enumerate(self._sheet.iter_rows(), start=1):
            cells = self._texts(number, len(left), values)
            if left:
                cells = left + cells
            if number in errors:
                cells = _with_errors(cells, errors.pop(number))
            yield number, cells
        for row in sorted(errors):
            yield from ((blank, ()) for blank in range(number + 1, row))
            number = row
            yield row, _with_errors([], errors[row])

    def _texts(self, row: int, left: int, values: list[Value]) -> list[str]:
        """The cells of one row as texts; most rows hold nothing else."""
        kinds = set(map(type, values))
        cells = cast(list[str], values)
        if not kinds <= _TEXT_ALONE:
            cells = [value if type(value) is str else _text(value) for value in values]
        if any(cells):
            self._filled.add(row)
            if float in kinds:
                self._note_long_numbers(row, left, values)
        return cells

    def _note_long_numbers(self, row: int, left: int, values: Sequence[Value]) -> None:
        self.faults.extend(
            Fault(row, left + index, "digits_lost", _text(value))
            for index, value in enumerate(values)
            if type(value) is float and abs(value) >= _DIGITS_KEPT
        )

    def check(self, name: str) -> None:
        """Raise Unreadable if the sheet's own bytes have rows with values that were not read."""
        unread = self._xml.unread(frozenset(self._filled))
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


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e21 else repr(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, dt.timedelta):
        return _clock(value)
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def _clock(value: dt.timedelta) -> str:
    """A length of time as a spreadsheet shows it: `30:00:00`."""
    sign = "-" if value < dt.timedelta(0) else ""
    seconds, micro = divmod(abs(value) // dt.timedelta(microseconds=1), 1_000_000)
    fraction = f".{micro:06d}" if micro else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{fraction}"
