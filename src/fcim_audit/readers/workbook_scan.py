"""Knows what the XML of an .xlsx sheet says, apart from the library that reads it: the second count."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from fcim_audit.language import Text
from fcim_audit.readers.base import Fault, Merge, Unreadable
from fcim_audit.readers.row_shapes import CELL_TYPE, RowKinds, Shapes, Walk, row_kinds, windows

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384
MAX_AREA = 50_000_000
MAX_MERGED = 100_000
_MAX_UNUSUAL = 1_000
_P = rb"(?:\w+:)?"
_ROW = re.compile(rb"<row([\s/][^>]*)?>")
_PREFIXED_ROW = re.compile(rb"<" + _P + rb"row([\s/][^>]*)?>")
_CELL_BEGINS = re.compile(rb"<" + _P + rb"c\b")
_PLACE = re.compile(rb"<" + _P + rb"""c\b[^>]*?\br\s*=\s*["']([^"']*)""")
_COLUMN_LETTERS = re.compile(rb"[A-Z]{1,4}")
_CELL = re.compile(rb"<" + _P + rb"c\b([^>]*?)(?:/>|>(.*?)</" + _P + rb"c>)", re.DOTALL)
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,4})(\d{1,8})["']""")
_ROW_NUMBER = re.compile(rb"""\br\s*=\s*["'](\d{1,8})["']""")
_VALUE = re.compile(rb"<" + _P + rb"v\b[^>]*>([^<]*)<")
_NUMBER = re.compile(rb"[-+]?(?:\d+\.?\d*|\.\d+)(?:[Ee][-+]?\d+)?")
_TEXT = re.compile(rb"<" + _P + rb"t\b[^>]*>([^<]*)<")
_FORMULA = re.compile(rb"<" + _P + rb"f[\s/>]")
_DOUBTFUL = (b't="e"', b"t='e'", b"f>", b"<f", b":f ")
_MERGE = re.compile(
    rb"<" + _P + rb"""mergeCell\b[^>]*?\bref=["']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})["']"""
)
_COLUMN = re.compile(rb"<" + _P + rb"col\b([^>]*)>")
_HIDDEN = re.compile(rb"""\bhidden=["'](?:1|true)["']""")
_FIRST = re.compile(rb"""\bmin=["'](\d{1,5})["']""")
_LAST = re.compile(rb"""\bmax=["'](\d{1,5})["']""")
_SHARED = re.compile(rb"<" + _P + rb"si\b[^>]*?(?:/>|>(.*?)</" + _P + rb"si>)", re.DOTALL)

Far = Callable[[], None]
"""What is done as soon as a cell is seen that lies too far away, while rows are still counted."""


@dataclass(slots=True)
class SheetXml:
    """The rows of a sheet that hold values, and the cells whose value is an error or missing.

    `kinds`: the rows by what their cells hold, None unless that is known of each. `unusual`: the rows
    that had to be looked at one by one.
    """

    shared: bytes = b""
    data: bytes = b""
    unusual: list[int] = field(default_factory=list)
    bodies: dict[int, bytes] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    width: int = 0
    merged: tuple[Merge, ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    kinds: Mapping[RowKinds, Sequence[int]] | None = None

    def unread(self, read: frozenset[int]) -> tuple[int, ...]:
        """Rows that hold a value in the XML and none in what was read: must be none."""
        doubtful = sorted(set(self.bodies) - read - {fault.row for fault in self.faults})
        blank = _blank_strings(self.shared) if doubtful else frozenset()
        return tuple(row for row in doubtful if _says_something(self.bodies[row], blank))

    def value(self, row: int, letters: bytes) -> bytes | None:
        """What a cell's XML says as its value; None where that is not found."""
        body = self.bodies.get(row, b"")
        start = body.find(b'r="%s%d"' % (letters, row))
        opened = body.find(b">", start)
        if start < 0 or body[opened - 1 : opened] == b"/":
            return None
        found = _VALUE.search(body, opened, max(body.find(b"</c>", opened), opened))
        return found[1] if found else None

    def long_numbers(self, letters: bytes) -> Iterator[tuple[int, bytes]]:
        """The numbers of a column, with their rows, that have ten decimals or more, or a power of ten below one."""
        usual = (
            rb'<c r="%s(\d+)"[^>]*>(?:<f[^<]*(?:</f>)?)?<v>([^<]*(?:\.\d{10}|[Ee]-)[^<]*)<'
            % letters
        )
        found = ((int(cell[1]), cell[2].strip()) for cell in re.finditer(usual, self.data))
        walked = ((row, self.value(row, letters) or b"") for row in self.unusual)
        for row, value in chain(found, walked):
            if _NUMBER.fullmatch(value):
                yield row, value


def nothing() -> None:
    """Far cells wait until all rows are counted."""


def scan(data: bytes, name: str, shared: bytes = b"", far: Far = nothing) -> SheetXml:
    """Walk one sheet's XML; raises Unreadable for impossible places or a far too sparse sheet.

    `far` is called as soon as it is seen that the sheet is too sparse.
    """
    found = SheetXml(shared, data)
    walk = _Walk(found, name, far)
    first = data.find(b"<row")
    if first < 0 or b":row" in data[:first]:
        walk.one_by_one(data, 0)
    else:
        walk.by_shape(data, first)
    found.width = walk.width
    if found.width > MAX_COLUMN:
        raise _impossible(name, max(found.bodies))
    last = max(found.bodies, default=0)
    demand_area(name, last, found.width)
    found.merged = tuple(_merged(data[data.rfind(b"sheetData") :], last, found.width))
    found.hidden_rows = tuple(walk.hidden)
    found.hidden_columns = tuple(_hidden_columns(data, found.width))
    found.kinds = {kinds: rows for kinds, rows in walk.kinds.items() if kinds is not None}
    if walk.kinds.get(None):
        found.kinds = None
    return found


@dataclass(slots=True)
class _Walk:
    """The rows of one sheet, gone through once: columns with values, hidden rows beside the rest.

    `unplaced`: how many cells a row has whose cells do not all say their places.
    """

    found: SheetXml
    name: str
    far: Far
    letters: set[bytes] = field(default_factory=set)
    unplaced: int = 1
    hidden: list[int] = field(default_factory=list)
    kinds: dict[RowKinds | None, list[int]] = field(default_factory=dict)

    def by_shape(self, data: bytes, first: int) -> None:
        """Rows of the usual kind many at a time, the others one by one."""
        shapes = Shapes(self.letters, self.kinds)
        last = 0
        for window in windows(data, first):
            for row, content in shapes.rows(window, last, MAX_ROW):
                if isinstance(content, Walk):
                    last = self.one_by_one(content.data, last)
                    continue
                if row <= last:
                    raise _impossible_row(self.name, row)
                last = row
                if content:
                    self.found.bodies[row] = content
            self._look_how_far(last)

    def one_by_one(self, data: bytes, last: int) -> int:
        """Rows that come after `last`; the number of the last of them."""
        row = last
        for row, attributes, body in _rows(data, self.name, last):
            is_doubtful = any(mark in body for mark in _DOUBTFUL)
            if not is_doubtful and not _may_hold(body):
                continue
            self.found.bodies[row] = body
            self.found.unusual.append(row)
            self.kinds.setdefault(self._kinds_of(body), []).append(row)
            self._take_columns(body, row)
            if is_doubtful:
                self.found.faults.extend(_faults(row, body))
            if b"hidden" in attributes and _HIDDEN.search(attributes):
                self.hidden.append(row)
        self._look_how_far(row)
        return row

    @property
    def width(self) -> int:
        """The last column that a value may stand in, counted from 1."""
        return max(self.unplaced, *map(column_number, self.letters), 1)

    def _take_columns(self, body: bytes, row: int) -> None:
        """Note the columns of a row's cells; each must say the row that it stands in, or no place."""
        places = _PLACE.findall(body)
        number = b"%d" % row
        columns = {place[: -len(number)] for place in places if place.endswith(number)}
        if not all(map(_COLUMN_LETTERS.fullmatch, columns)) or len(columns) < len(set(places)):
            raise _impossible(self.name, row)
        cells = len(_CELL_BEGINS.findall(body))
        if cells > len(places):
            self.unplaced = max(self.unplaced, cells)
        if not columns <= self.letters:
            self.letters |= columns
            self._look_how_far(row)

    def _look_how_far(self, row: int) -> None:
        if row * self.width > MAX_AREA:
            self.far()

    def _kinds_of(self, body: bytes) -> RowKinds | None:
        """What the cells of an unusual row hold; of many such rows nothing is known."""
        if len(self.found.unusual) > _MAX_UNUSUAL:
            return None
        cells = [(_REFERENCE.search(said), said) for said, holds in _CELL.findall(body) if holds]
        if not all(reference for reference, _ in cells):
            return None
        return row_kinds((reference[1], said) for reference, said in cells if reference)


def demand_area(name: str, last: int, width: int) -> None:
    """Refuse a sheet whose cells lie so far apart that reading it would fill the memory."""
    if last * width > MAX_AREA:
        raise Unreadable(
            Text(
                f"工作表 {name} 的范围 {last} 行 × {width} 列，过大",
                f"sheet {name} spans {last} rows by {width} columns: too large",
            ),
            hint=Text("删去远处的零散单元格后另存", "delete stray cells far away and save again"),
        )


def _merged(data: bytes, last: int, width: int) -> Iterator[Merge]:
    """The merged ranges, as far as there are cells."""
    for number, (left, top, right, bottom) in enumerate(_MERGE.findall(data)):
        if number >= MAX_MERGED:
            return
        yield Merge(
            int(top),
            column_number(left) - 1,
            min(int(bottom), last),
            min(column_number(right), width) - 1,
        )


def _hidden_columns(data: bytes, width: int) -> Iterator[int]:
    for attributes in _COLUMN.findall(data[: data.find(b"sheetData")]):
        first, last = _FIRST.search(attributes), _LAST.search(attributes)
        if first and last and _HIDDEN.search(attributes):
            yield from range(int(first[1]) - 1, min(int(last[1]), width))


def _may_hold(body: bytes) -> bool:
    """Whether a row may hold a value: spelled out, for it is asked of every row."""
    return b"v>" in body or b"<v " in body or b"is>" in body or b"<is " in body


def _rows(data: bytes, name: str, last: int) -> Iterator[tuple[int, bytes, bytes]]:
    """Number, attributes and content of each row, in order, all after the row `last`."""
    tags = (_PREFIXED_ROW if b":row" in data else _ROW).finditer(data)
    start, attributes = -1, b""
    for match in tags:
        if start >= 0:
            yield last, attributes, data[start : match.start()]
        attributes = match[1] or b""
        declared = _ROW_NUMBER.search(attributes)
        row = int(declared[1]) if declared else last + 1
        if row > MAX_ROW or row <= last:
            raise _impossible_row(name, row)
        last = row
        start = -1 if attributes.endswith(b"/") else match.end()
    if start >= 0:
        yield last, attributes, data[start:]


def _impossible_row(name: str, row: int) -> Unreadable:
    return Unreadable(
        Text(
            f"工作表 {name} 的行号 {row} 不合理",
            f"the row number {row} in sheet {name} makes no sense",
        )
    )


def _impossible(name: str, row: int) -> Unreadable:
    return Unreadable(
        Text(
            f"工作表 {name} 第 {row} 行的单元格位置不合理",
            f"a cell in row {row} of sheet {name} has an impossible place",
        )
    )


def _faults(row: int, body: bytes) -> Iterator[Fault]:
    column = 0
    for attributes, content in _CELL.findall(body):
        reference = _REFERENCE.search(attributes)
        column = column_number(reference[1]) if reference else column + 1
        kind = CELL_TYPE.search(attributes)
        value = _VALUE.search(content)
        if kind and kind[1] == b"e":
            text = value[1].decode("utf-8", "replace") if value else ""
            yield Fault(row, column - 1, "error_value", text)
        elif _FORMULA.search(content) and not _has_result(kind, value):
            yield Fault(row, column - 1, "formula_without_value")


def _has_result(kind: re.Match[bytes] | None, value: re.Match[bytes] | None) -> bool:
    if value is None:
        return False
    return bool(value[1].strip()) or (kind is not None and kind[1] == b"str")


def _says_something(body: bytes, blank: frozenset[int]) -> bool:
    for attributes, content in _CELL.findall(body):
        kind = CELL_TYPE.search(attributes)
        value = _VALUE.search(content)
        text = value[1].strip() if value else b""
        if kind and kind[1] == b"inlineStr":
            text = b"".join(_TEXT.findall(content)).strip()
        if kind and kind[1] == b"s" and text.isdigit() and int(text) in blank:
            continue
        if text:
            return True
    return False


def _blank_strings(shared: bytes) -> frozenset[int]:
    return frozenset(
        index
        for index, item in enumerate(_SHARED.findall(shared))
        if not any(text.strip() for text in _TEXT.findall(item))
    )


def column_number(letters: bytes) -> int:
    """`A` is 1, `AA` is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
