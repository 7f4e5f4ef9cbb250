"""Knows what the records of an .xlsb workbook say, apart from the library that reads its cells.

Records and their fields: [MS-XLSB] 2.1.4 and 2.4.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from fcim_audit.language import Text
from fcim_audit.readers.base import Fault, Merge, Unreadable
from fcim_audit.readers.workbook_parts import BROKEN, checked, part, related
from fcim_audit.readers.workbook_scan import MAX_COLUMN, MAX_MERGED, MAX_ROW, demand_area

_ROW, _COLUMN, _MERGE, _SHEET, _STRING, _BOOK = 0, 60, 176, 156, 19, 153
_CELLS = range(1, 12)
_BLANK, _INLINE, _SHARED, _TEXT_RESULT = 1, 6, 7, 8
_ERRORS = frozenset({3, 11})
_STRINGS = "xl/sharedStrings.bin"
_ERROR_TEXTS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
    0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA",
}  # fmt: skip


@dataclass(slots=True)
class XlsbSheet:
    """The rows of one sheet that hold values, its faults, merged ranges and hidden parts."""

    filled: set[int] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    ranges: list[Merge] = field(default_factory=list)
    concealed: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    width: int = 0

    @property
    def merged(self) -> tuple[Merge, ...]:
        """Merged ranges, as far as there are cells."""
        last = max(self.filled, default=0)
        return tuple(
            Merge(m.top, m.left, min(m.bottom, last), min(m.right, self.width - 1))
            for m in self.ranges
        )

    @property
    def hidden_rows(self) -> tuple[int, ...]:
        """Rows with values that a person does not see."""
        return tuple(row for row in self.concealed if row in self.filled)

    @property
    def hidden_columns(self) -> tuple[int, ...]:
        """Columns that a person does not see, from 0."""
        return tuple(column for column in self.columns if column < self.width)

    def unread(self, read: frozenset[int]) -> tuple[int, ...]:
        """Rows that hold a value and are not among those that were read."""
        return tuple(sorted(self.filled - read - {fault.row for fault in self.faults}))


def scan_xlsb(path: Path) -> tuple[dict[str, XlsbSheet], bool]:
    """Every worksheet, and whether days count from 1904; raises Unreadable for a damaged file or impossible places."""
    try:
        with zipfile.ZipFile(path) as opened:
            checked(opened)
            names = {info.filename for info in opened.infolist()}
            blank = _blank_strings(part(opened, _STRINGS)) if _STRINGS in names else frozenset()
            book = part(opened, "xl/workbook.bin")
            members = related(opened, "xl/_rels/workbook.bin.rels", _sheets(book))
            sheets = {n: _scanned(part(opened, m), n, blank) for n, m in members.items()}
            return sheets, any(kind == _BOOK and body[0] & 1 for kind, body in _records(book))
    except (*BROKEN, struct.error, IndexError, UnicodeDecodeError) as error:
        raise Unreadable(
            Text("文件已损坏", "the file is damaged"),
            hint=Text("请用 Excel 或 WPS 另存后重试", "save it again in Excel or WPS"),
        ) from error


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(data):
        kind, at = data[at], at + 1
        if kind & 0x80:
            kind, at = (kind & 0x7F) | (data[at] & 0x7F) << 7, at + 1
        length = 0
        for shift in range(0, 28, 7):
            byte, at = data[at], at + 1
            length |= (byte & 0x7F) << shift
            if not byte & 0x80:
                break
        if at + length > len(data):
            raise IndexError
        yield kind, data[at : at + length]
        at += length


def _text(data: bytes, at: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<I", data, at)
    end = at + 4 + 2 * length
    return data[at + 4 : end].decode("utf-16-le"), end


def _sheets(data: bytes) -> Iterator[tuple[str, str]]:
    for kind, body in _records(data):
        if kind == _SHEET:
            identifier, end = _text(body, 8)
            yield _text(body, end)[0], identifier


def _blank_strings(data: bytes) -> frozenset[int]:
    texts = (_text(body, 1)[0] for kind, body in _records(data) if kind == _STRING)
    return frozenset(index for index, text in enumerate(texts) if not text.strip())


def _scanned(data: bytes, name: str, blank: frozenset[int]) -> XlsbSheet:
    found = XlsbSheet()
    row = 0
    for kind, body in _records(data):
        if kind == _ROW:
            row = struct.unpack_from("<I", body)[0] + 1
            if row > MAX_ROW:
                raise _impossible(name, row)
            if body[11] & 0x10:
                found.concealed.append(row)
        elif kind in _CELLS:
            _take(found, name, row, kind, body, blank)
        else:
            _note(found, kind, body)
    demand_area(name, max(found.filled, default=0), found.width)
    return found


def _note(found: XlsbSheet, kind: int, body: bytes) -> None:
    if kind == _COLUMN and struct.unpack_from("<H", body, 16)[0] & 1:
        first, last = struct.unpack_from("<II", body)
        found.columns.extend(range(first, min(last + 1, MAX_COLUMN)))
    elif kind == _MERGE and len(found.ranges) < MAX_MERGED:
        top, bottom, left, right = struct.unpack_from("<IIII", body)
        found.ranges.append(Merge(top + 1, left, bottom + 1, right))


def _take(
    found: XlsbSheet, name: str, row: int, kind: int, body: bytes, blank: frozenset[int]
) -> None:
    (column,) = struct.unpack_from("<I", body)
    if column >= MAX_COLUMN or not row:
        raise _impossible(name, row)
    if kind in _ERRORS:
        found.faults.append(Fault(row, column, "error_value", _ERROR_TEXTS.get(body[8], "#ERROR!")))
    elif not _says(kind, body, blank):
        return
    found.filled.add(row)
    found.width = max(found.width, column + 1)


def _says(kind: int, body: bytes, blank: frozenset[int]) -> bool:
    if kind == _SHARED:
        return struct.unpack_from("<I", body, 8)[0] not in blank
    if kind in {_INLINE, _TEXT_RESULT}:
        return bool(_text(body, 8)[0].strip())
    return kind != _BLANK


def _impossible(name: str, row: int) -> Unreadable:
    return Unreadable(
        Text(
            f"工作表 {name} 第 {row} 行的单元格位置不合理",
            f"a cell in row {row} of sheet {name} has an impossible place",
        )
    )
